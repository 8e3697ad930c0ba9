//! The rules for places and plain assignments, of one value or of a tuple's members. Compound
//! assignments are in `operators.rs`.

use crate::ast::{self, ExprKind};
use crate::check::function::{Checker, Expect};
use crate::check::tree::{Block, Expr, Kind, LocalIndex, Pattern, PatternKind, Statement};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};

impl<'a> Checker<'_, 'a> {
    /// The operand of a dereference or the left side of an assignment: the one place where
    /// a mutable reference to an element may stand.
    pub(crate) fn place(&mut self, e: &'a ast::Expr) -> Expr {
        match &e.kind {
            ExprKind::Path(path) => self.path(path, e.span),
            ExprKind::Unary(ast::UnaryOp::Deref, inner) => {
                self.unary(ast::UnaryOp::Deref, inner, e.span, &Expect::Nothing)
            }
            _ => self.expr(e, &Expect::Nothing),
        }
    }

    pub(super) fn assign(
        &mut self,
        place: &'a ast::Expr,
        value: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        if let ExprKind::Tuple(_) = &place.kind {
            return self.destructure(place, value, span);
        }
        if let ExprKind::Struct { .. } = &place.kind {
            return self.fail(
                Diagnostic::new(
                    "B0305",
                    place.span,
                    "a struct on the left side of an assignment is not supported",
                )
                .help("take it apart with `let` and assign the parts"),
            );
        }
        let target = self.place(place);
        let value = self.demand(value, &target.ty);
        if !self.assignable(&target) {
            return self.error(span);
        }
        Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::Assign(Box::new(target), Box::new(value)),
        }
    }

    /// Demands that an expression is a place: a variable, a member of one, an element, or
    /// what a reference to an element points to. Whether it may be written is decided with
    /// the flow of the body.
    pub(crate) fn assignable(&mut self, target: &Expr) -> bool {
        let mut e = target;
        if let Kind::Member(inner, _) = &target.kind
            && !matches!(
                inner.kind,
                Kind::Local(_)
                    | Kind::Index(..)
                    | Kind::Element(..)
                    | Kind::Member(..)
                    | Kind::Error
            )
        {
            self.report(
                Diagnostic::new("B0804", target.span, "assignment to a member of a value")
                    .label("the value is dropped at once")
                    .help("assign to a member of a variable"),
            );
            return false;
        }
        loop {
            match &e.kind {
                Kind::Error => return false,
                Kind::Global(number) => {
                    let name = self.session.statics[*number].ast.name.clone();
                    let message = format!("cannot assign to immutable static item `{}`", name.name);
                    self.report(
                        Diagnostic::new("E0594", target.span, message)
                            .label("cannot assign")
                            .related(name.span, "this static")
                            .help(
                                "the host gives it its value before a call; return the new value",
                            ),
                    );
                    return false;
                }
                Kind::Local(_) => return true,
                Kind::Index(..) => return true,
                Kind::Member(inner, _) | Kind::Element(inner, _) => e = inner,
                _ => break,
            }
        }
        self.report(
            Diagnostic::new("E0070", target.span, "invalid left-hand side of assignment")
                .label("cannot assign to this expression"),
        );
        false
    }

    /// `(a, b) = value`: the members go to new variables first, then to their places in
    /// order, as rustc does it.
    fn destructure(&mut self, place: &'a ast::Expr, value: &'a ast::Expr, span: Span) -> Expr {
        let value = self.expr(value, &Expect::Nothing);
        let mut places = Vec::new();
        let pattern = self.assignee(place, &mut places);
        self.coerce(&value, &pattern.ty);
        let mut statements = vec![Statement::Let(pattern, Some(value))];
        for (place, local) in places {
            let target = self.place(place);
            let member = Expr {
                ty: self.locals[local].ty.clone(),
                span: place.span,
                kind: Kind::Local(local),
            };
            self.coerce(&member, &target.ty);
            if self.assignable(&target) {
                statements.push(Statement::Expr(Expr {
                    ty: Ty::UNIT,
                    span: place.span,
                    kind: Kind::Assign(Box::new(target), Box::new(member)),
                }));
            }
        }
        Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::Block(
                None,
                Block {
                    statements,
                    value: None,
                },
            ),
        }
    }

    /// The left side of such an assignment as a pattern of new variables.
    fn assignee(
        &mut self,
        place: &'a ast::Expr,
        places: &mut Vec<(&'a ast::Expr, LocalIndex)>,
    ) -> Pattern {
        let span = place.span;
        if let ExprKind::Tuple(members) = &place.kind {
            let list: Vec<Pattern> = members
                .iter()
                .map(|member| self.assignee(member, places))
                .collect();
            return Pattern {
                ty: Ty::Tuple(list.iter().map(|p| p.ty.clone()).collect()),
                span,
                kind: PatternKind::Tuple(list),
            };
        }
        let ty = self.table.fresh(VarKind::General);
        let local = self.new_local("", span, ty.clone(), false);
        places.push((place, local));
        Pattern {
            ty,
            span,
            kind: PatternKind::Binding(local, None),
        }
    }
}
