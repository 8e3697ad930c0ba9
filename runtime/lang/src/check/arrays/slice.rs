//! The rules for `s![..]`: which numbers it takes and how many axes are left.

use super::{ArrayOp, Part};
use crate::ast::{self, ExprKind, SliceArg};
use crate::check::function::{Check, Checker, Expect};
use crate::check::tree::{Expr, Kind, Pattern, PatternKind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

impl<'a> Checker<'_, 'a> {
    /// `a.slice(s![..])`, as a view of this mutability.
    pub(super) fn slice(
        &mut self,
        view: Expr,
        (element, ndim): (Ty, u8),
        mutable: bool,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let [
            ast::Expr {
                kind: ExprKind::Slice(list),
                span: place,
            },
        ] = args
        else {
            self.expressions(args);
            return self.fail(
                Diagnostic::new("E0308", span, "`slice` takes what the macro `s!` makes")
                    .help("write `a.slice(s![1.., 0])`"),
            );
        };
        let mut operands = vec![view];
        let mut parts = Vec::new();
        let mut left = 0_u8;
        for arg in list {
            match arg {
                SliceArg::Index(e) => {
                    operands.push(self.slice_number(e, None));
                    parts.push(Part::Signed);
                }
                SliceArg::Range {
                    start: None,
                    end: None,
                    step: None,
                    inclusive: false,
                    ..
                } => {
                    parts.push(Part::All);
                    left = left.saturating_add(1);
                }
                SliceArg::Range {
                    start,
                    end,
                    inclusive,
                    step,
                    ..
                } => {
                    let common = self.table.fresh(VarKind::General);
                    for bound in start.iter().chain(end) {
                        operands.push(self.slice_number(bound, Some(&common)));
                    }
                    if let Some(step) = step {
                        let value = self.expr(step, &Expect::Cast(Ty::Scalar(Scalar::Isize)));
                        self.checks.push(Check::Cast(
                            value.ty.clone(),
                            Ty::Scalar(Scalar::Isize),
                            step.span,
                        ));
                        operands.push(value);
                    }
                    parts.push(Part::Range {
                        start: start.is_some(),
                        end: end.is_some(),
                        inclusive: *inclusive,
                        step: step.is_some(),
                    });
                    left = left.saturating_add(1);
                }
            }
        }
        if parts.len() != usize::from(ndim) {
            return self.fail(
                Diagnostic::new(
                    "E0277",
                    *place,
                    format!(
                        "an array of {ndim} dimension{} is sliced by {ndim} entr{}, found {}",
                        if ndim == 1 { "" } else { "s" },
                        if ndim == 1 { "y" } else { "ies" },
                        parts.len()
                    ),
                )
                .help("write `..` for an axis that stays whole"),
            );
        }
        Expr {
            ty: Ty::View {
                element: Box::new(element),
                ndim: left,
                mutable,
            },
            span,
            kind: Kind::Array(ArrayOp::Slice(parts), operands),
        }
    }

    /// An index or bound: `usize`, `isize` or `i32`; both bounds of a range have one type.
    fn slice_number(&mut self, e: &'a ast::Expr, common: Option<&Ty>) -> Expr {
        let value = match common {
            Some(ty) => self.demand(e, ty),
            None => self.expr(e, &Expect::Nothing),
        };
        self.checks
            .push(Check::SliceNumber(value.ty.clone(), value.span));
        value
    }

    /// Reports an index or bound of another type, once it is known.
    pub(crate) fn check_slice_number(&mut self, ty: &Ty, span: Span) {
        let ty = self.table.resolve(ty);
        match ty {
            Ty::Scalar(Scalar::Usize | Scalar::Isize | Scalar::I32) | Ty::Error | Ty::Never => {}
            Ty::Var(_) => {
                self.ambiguous(span, "this index");
            }
            other => {
                let shown = self.show(&other);
                self.report(
                    Diagnostic::new(
                        "E0277",
                        span,
                        format!("the trait bound `SliceInfoElem: From<{shown}>` is not satisfied"),
                    )
                    .label("expected `usize`, `isize` or `i32`")
                    .help("convert it: `i as isize`"),
                );
            }
        }
    }

    /// Whether rustc does not know the number of a view's axes at this point: an index of
    /// `s![..]` is a literal whose type is not decided, so its trait is not selected yet.
    fn unsettled(&mut self, view: &Expr) -> bool {
        match &view.kind {
            Kind::Local(local) => self.unsettled.contains(local),
            Kind::Array(ArrayOp::Slice(parts), operands) => {
                let mut next = 1;
                for part in parts {
                    if let (Part::Signed, Some(index)) = (part, operands.get(next))
                        && let Ty::Var(v) = self.known(&index.ty)
                        && self.table.kind(v) == VarKind::Integer
                    {
                        return true;
                    }
                    next += part.operands();
                }
                operands.first().is_some_and(|view| self.unsettled(view))
            }
            Kind::Array(ArrayOp::As | ArrayOp::Reversed, operands) => {
                operands.first().is_some_and(|view| self.unsettled(view))
            }
            _ => false,
        }
    }

    /// Remembers a variable that is bound to such a view.
    pub(crate) fn note_unsettled(&mut self, pattern: &Pattern, init: Option<&Expr>) {
        if let (PatternKind::Binding(local, None), Some(init)) = (&pattern.kind, init)
            && self.unsettled(init)
        {
            self.unsettled.push(*local);
        }
    }

    /// Refuses an index of literals into such a view, as rustc does, which cannot tell
    /// then of which type the literals are.
    pub(crate) fn unsettled_index(
        &mut self,
        view: &Expr,
        index: &'a ast::Expr,
        span: Span,
    ) -> bool {
        if !literal(index) || !self.unsettled(view) {
            return false;
        }
        self.report(
            Diagnostic::new(
                "E0277",
                span,
                "the type of this index cannot be inferred",
            )
            .label("the number of axes depends on the type of a literal in `s![..]`")
            .help("give the literals in `s![..]` a type, like `0_usize` or `-1_isize`, or the index a suffix: `a[0_usize]`"),
        );
        true
    }
}

/// Whether the expression is made of integer literals without a type.
fn literal(e: &ast::Expr) -> bool {
    match &e.kind {
        ExprKind::Int(_, suffix) => suffix.is_none(),
        ExprKind::Binary(_, _, a, b) => literal(a) && literal(b),
        ExprKind::Unary(_, a) => literal(a),
        ExprKind::Array(list) | ExprKind::Tuple(list) => {
            !list.is_empty() && list.iter().all(literal)
        }
        _ => false,
    }
}
