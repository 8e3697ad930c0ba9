//! The rules for expressions other than operators, calls, views and patterns: literals,
//! blocks, branches, loops, jumps, assignments. Follows rustc's order of checking, because
//! method calls need types that earlier expressions have decided.

use crate::ast::{self, ExprKind};
use crate::check::function::{Check, Checker, Expect, Frame, Merge, Name};
use crate::check::session::Item;
use crate::check::tree::{Arm, Block, Expr, For, Iter, Kind, PatternKind, Statement};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

impl<'a> Checker<'_, 'a> {
    /// Checks an expression.
    pub(crate) fn expr(&mut self, e: &'a ast::Expr, expect: &Expect) -> Expr {
        let checked = self.deeper(e.span, |c| c.expr_kind(e, expect));
        if self.table.shallow(&checked.ty) == Ty::Never {
            self.diverges = true;
        }
        checked
    }

    /// Checks an expression that must have this type.
    pub(crate) fn demand(&mut self, e: &'a ast::Expr, ty: &Ty) -> Expr {
        let checked = self.expr(e, &Expect::Has(ty.clone()));
        self.coerce(&checked, ty);
        checked
    }

    fn expr_kind(&mut self, e: &'a ast::Expr, expect: &Expect) -> Expr {
        let span = e.span;
        let made = |ty, kind| Expr { ty, span, kind };
        match &e.kind {
            ExprKind::Int(value, suffix) => {
                let hint = match expect {
                    Expect::Has(ty) | Expect::Cast(ty) => Some(self.table.shallow(ty)),
                    Expect::Nothing => None,
                };
                let ty = match (suffix, hint) {
                    (Some(suffix), _) => Ty::Scalar(*suffix),
                    (None, Some(Ty::Scalar(s))) if s.is_integer() => Ty::Scalar(s),
                    _ => self.table.fresh(VarKind::Integer),
                };
                made(ty, Kind::Int(*value))
            }
            ExprKind::Float(digits, suffix) => {
                let hint = match expect {
                    Expect::Has(ty) | Expect::Cast(ty) => Some(self.table.shallow(ty)),
                    Expect::Nothing => None,
                };
                let ty = match (suffix, hint) {
                    (Some(suffix), _) => Ty::Scalar(*suffix),
                    (None, Some(Ty::Scalar(s))) if s.is_float() => Ty::Scalar(s),
                    _ => self.table.fresh(VarKind::Float),
                };
                made(ty, Kind::Float(digits.clone()))
            }
            ExprKind::Bool(value) => made(Ty::BOOL, Kind::Bool(*value)),
            ExprKind::Path(path) => {
                let found = self.path(path, span);
                if let Ty::Ref(true, inner) = self.table.shallow(&found.ty)
                    && !matches!(self.table.shallow(&inner), Ty::View { .. } | Ty::Error)
                {
                    return self.fail(
                        Diagnostic::new(
                            "B0220",
                            span,
                            "a mutable reference to an element can only be dereferenced",
                        )
                        .help("write `*x` to read or assign the element"),
                    );
                }
                found
            }
            ExprKind::Unary(op, inner) => self.unary(*op, inner, span, expect),
            ExprKind::Reference { mutable, inner } => self.reference(*mutable, inner, span, expect),
            ExprKind::Binary(op, op_span, lhs, rhs) => {
                self.binary(*op, *op_span, lhs, rhs, span)
            }
            ExprKind::Assign(place, value) => self.assign(place, value, span),
            ExprKind::CompoundAssign(op, op_span, place, value) => {
                self.compound(*op, *op_span, place, value, span)
            }
            ExprKind::Cast(inner, written) => {
                let ty = self.written(written);
                let value = self.expr(inner, &Expect::Cast(ty.clone()));
                self.checks
                    .push(Check::Cast(value.ty.clone(), ty.clone(), span));
                made(ty, Kind::Cast(Box::new(value)))
            }
            ExprKind::Call(callee, args) => self.call(callee, args, span),
            ExprKind::Method {
                receiver,
                method,
                type_args,
                args,
            } => self.method(receiver, method, type_args, args, span),
            ExprKind::Member(inner, n) => self.member(inner, *n, span),
            ExprKind::Field(inner, name) => self.field(inner, name, span),
            ExprKind::Index(view, index) => self.index(view, index, span),
            ExprKind::Tuple(members) => {
                let expected = match expect {
                    Expect::Has(ty) => self.table.shallow(ty),
                    _ => Ty::Error,
                };
                let mut list = Vec::new();
                for (n, member) in members.iter().enumerate() {
                    let hint = match &expected {
                        Ty::Tuple(types) => types.get(n).cloned(),
                        _ => None,
                    };
                    list.push(match hint {
                        Some(ty) => {
                            let e = self.expr(member, &Expect::Has(ty.clone()));
                            // As rustc does: a member coerces where it can.
                            if self.table.shallow(&e.ty) != Ty::Never || types_known(&ty) {
                                self.coerce(&e, &ty);
                            }
                            Expr { ty: if e.ty == Ty::Never { ty } else { e.ty.clone() }, ..e }
                        }
                        None => self.expr(member, &Expect::Nothing),
                    });
                }
                let ty = Ty::Tuple(list.iter().map(|m| m.ty.clone()).collect());
                made(ty, Kind::Tuple(list))
            }
            ExprKind::Array(members) => {
                for member in members {
                    self.expr(member, &Expect::Nothing);
                }
                self.fail(
                    Diagnostic::new("B0221", span, "arrays are only possible as an index")
                        .help("use a tuple, or pass the values as an `ArrayView1`"),
                )
            }
            ExprKind::Block(None, block) => {
                let (block, ty) = self.block(block, expect);
                made(ty, Kind::Block(None, block))
            }
            ExprKind::Block(Some(label), block) => self.labelled(label, block, span, expect),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.conditional(condition, then, otherwise.as_deref(), span, expect),
            ExprKind::While {
                label,
                condition,
                body,
            } => self.while_loop(label.as_ref(), condition, body, span),
            ExprKind::Loop { label, body } => self.endless(label.as_ref(), body, span, expect),
            ExprKind::For {
                label,
                pattern,
                iter,
                body,
            } => self.for_loop(label.as_ref(), pattern, iter, body, span),
            ExprKind::Match { scrutinee, arms } => self.match_(scrutinee, arms, span, expect),
            ExprKind::Break(label, value) => self.break_(label.as_ref(), value.as_deref(), span),
            ExprKind::Continue(label) => self.continue_(label.as_ref(), span),
            ExprKind::Return(value) => self.return_(value.as_deref(), span),
            ExprKind::Range { start, end, .. } => {
                for bound in start.iter().chain(end) {
                    self.expr(bound, &Expect::Nothing);
                }
                self.fail(
                    Diagnostic::new("B0222", span, "a range is only possible in a `for` loop")
                        .help("write it after `in`, or use `(a..b).contains(&x)`"),
                )
            }
            ExprKind::Panic(text) => made(Ty::Never, Kind::Panic(text.clone())),
            ExprKind::Assert(condition, text) => {
                let condition = self.demand(condition, &Ty::BOOL);
                made(
                    Ty::UNIT,
                    Kind::Assert(Box::new(condition), text.clone()),
                )
            }
            ExprKind::AssertEqual(equal, a, b, text) => {
                let op = if *equal {
                    ast::BinaryOp::Eq
                } else {
                    ast::BinaryOp::Ne
                };
                let e = self.binary(op, span, a, b, span);
                match e.kind {
                    Kind::Binary(_, a, b) => made(
                        Ty::UNIT,
                        Kind::AssertEqual(*equal, a, b, text.clone()),
                    ),
                    _ => self.error(span),
                }
            }
            ExprKind::DebugAssert(parts) => {
                let diverges = self.diverges;
                let mut list = Vec::new();
                match parts.as_slice() {
                    [condition] => list.push(self.demand(condition, &Ty::BOOL)),
                    [a, b] => list.push(self.binary(ast::BinaryOp::Eq, span, a, b, span)),
                    parts => {
                        for part in parts {
                            list.push(self.expr(part, &Expect::Nothing));
                        }
                    }
                }
                self.diverges = diverges;
                made(Ty::UNIT, Kind::Dropped(list))
            }
        }
    }

    /// A block and its type.
    pub(crate) fn block(&mut self, block: &'a ast::Block, expect: &Expect) -> (Block, Ty) {
        self.open(Some(&block.items));
        let outer = std::mem::replace(&mut self.diverges, false);
        let mut statements = Vec::new();
        for statement in &block.statements {
            statements.push(self.statement(statement));
        }
        let value = block.value.as_ref().map(|value| self.expr(value, expect));
        let ty = match &value {
            Some(value) => value.ty.clone(),
            None if self.diverges => Ty::Never,
            None => Ty::UNIT,
        };
        self.diverges |= outer;
        self.close();
        (
            Block {
                statements,
                value: value.map(Box::new),
            },
            ty,
        )
    }

    fn statement(&mut self, statement: &'a ast::Statement) -> Statement {
        match statement {
            ast::Statement::Let { pattern, ty, init } => {
                let written = ty.as_ref().map(|ty| self.written(ty));
                let (ty, init) = match (written, init) {
                    (Some(ty), Some(init)) => {
                        let init = self.demand(init, &ty);
                        (ty, Some(init))
                    }
                    (None, Some(init)) => {
                        let init = self.expr(init, &Expect::Nothing);
                        let mut ty = init.ty.clone();
                        if self.table.shallow(&ty) == Ty::Never {
                            ty = self.table.fresh(VarKind::Diverging);
                        }
                        (ty, Some(init))
                    }
                    (Some(ty), None) => (ty, None),
                    (None, None) => (self.table.fresh(VarKind::General), None),
                };
                let checked = self.pattern(pattern, &ty);
                self.irrefutable(&checked, "local binding");
                if init.is_none() {
                    match checked.kind {
                        PatternKind::Binding(local, None) => self.locals[local].deferred = true,
                        PatternKind::Wildcard => {}
                        _ => self.report(
                            Diagnostic::new(
                                "B0223",
                                pattern.span,
                                "a pattern of several parts needs a value at once",
                            )
                            .help("declare each variable by its own `let`"),
                        ),
                    }
                }
                Statement::Let(checked, init)
            }
            ast::Statement::Expr(e, true) => Statement::Expr(self.expr(e, &Expect::Nothing)),
            ast::Statement::Expr(e, false) => {
                let checked = self.expr(e, &Expect::Has(Ty::UNIT));
                self.coerce(&checked, &Ty::UNIT);
                Statement::Expr(checked)
            }
        }
    }

    fn conditional(
        &mut self,
        condition: &'a ast::Expr,
        then: &'a ast::Block,
        otherwise: Option<&'a ast::Expr>,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let condition = self.demand(condition, &Ty::BOOL);
        let before = std::mem::replace(&mut self.diverges, false);
        let Some(otherwise) = otherwise else {
            let (block, ty) = self.block(then, &Expect::Has(Ty::UNIT));
            self.diverges = before;
            if !self.agrees(&ty, &Ty::UNIT) {
                let place = then.value.as_ref().map_or(then.span, |v| v.span);
                let found = self.show(&ty);
                self.report(
                    Diagnostic::new("E0317", span, "`if` may be missing an `else` clause")
                        .label(format!("expected `{found}`, found `()`"))
                        .related(place, format!("this has type `{found}`"))
                        .help("without `else` an `if` has the type `()`"),
                );
            }
            return Expr {
                ty: Ty::UNIT,
                span,
                kind: Kind::If(Box::new(condition), block, None),
            };
        };
        let mut merge = self.merge(expect);
        let branch = self.branch(&merge);
        let (block, ty) = self.block(then, &branch);
        let after_then = std::mem::replace(&mut self.diverges, false);
        let place = then.value.as_ref().map_or(then.span, |v| v.span);
        let first = Expr {
            ty,
            span: place,
            kind: Kind::Error,
        };
        self.join(&mut merge, &first, "`if` and `else`");
        let otherwise = self.expr(otherwise, &branch);
        let shown = Expr {
            ty: otherwise.ty.clone(),
            span: tail_span(&otherwise),
            kind: Kind::Error,
        };
        self.join(&mut merge, &shown, "`if` and `else`");
        self.diverges = before || (after_then && self.diverges);
        Expr {
            ty: merge.ty,
            span,
            kind: Kind::If(Box::new(condition), block, Some(Box::new(otherwise))),
        }
    }

    // Loops.

    fn frame(&mut self, label: Option<&ast::Ident>, block: bool, merge: Option<Merge>) -> u32 {
        let id = self.loops;
        self.loops += 1;
        self.frames.push(Frame {
            label: label.map(|l| l.name.clone()),
            id,
            block,
            merge,
            broken: false,
        });
        id
    }

    fn while_loop(
        &mut self,
        label: Option<&ast::Ident>,
        condition: &'a ast::Expr,
        body: &'a ast::Block,
        span: Span,
    ) -> Expr {
        let id = self.frame(label, false, None);
        let condition = self.demand(condition, &Ty::BOOL);
        let before = self.diverges;
        let body = self.unit_body(body);
        self.diverges = before;
        self.frames.pop();
        Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::While(id, Box::new(condition), body),
        }
    }

    fn unit_body(&mut self, body: &'a ast::Block) -> Block {
        let (block, ty) = self.block(body, &Expect::Has(Ty::UNIT));
        let value = Expr {
            ty,
            span: body.value.as_ref().map_or(body.span, |v| v.span),
            kind: Kind::Error,
        };
        self.coerce(&value, &Ty::UNIT);
        block
    }

    fn endless(
        &mut self,
        label: Option<&ast::Ident>,
        body: &'a ast::Block,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let merge = self.merge(expect);
        let id = self.frame(label, false, Some(merge));
        let before = self.diverges;
        let body = self.unit_body(body);
        self.diverges = before;
        let ty = self.leave();
        Expr {
            ty,
            span,
            kind: Kind::Loop(id, body),
        }
    }

    /// Ends a frame whose `break`s have values; its type.
    fn leave(&mut self) -> Ty {
        match self.frames.pop() {
            Some(Frame {
                merge: Some(merge),
                broken: true,
                ..
            }) => {
                if merge.ty == Ty::Never {
                    // Only values of type `!` reached it.
                    merge.expected.unwrap_or(Ty::Never)
                } else {
                    merge.ty
                }
            }
            _ => Ty::Never,
        }
    }

    fn labelled(
        &mut self,
        label: &ast::Ident,
        block: &'a ast::Block,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let merge = self.merge(expect);
        let branch = self.branch(&merge);
        let id = self.frame(Some(label), true, Some(merge));
        let before = self.diverges;
        let (block, ty) = self.block(block, &branch);
        self.diverges = before;
        let place = block.value.as_ref().map_or(span, |v| v.span);
        if let Some(mut frame) = self.frames.pop() {
            if let (Some(merge), true) = (&mut frame.merge, ty != Ty::Never) {
                let value = Expr {
                    ty,
                    span: place,
                    kind: Kind::Error,
                };
                self.join(merge, &value, "the block and its `break`");
                frame.broken = true;
            }
            self.frames.push(frame);
        }
        let ty = self.leave();
        Expr {
            ty,
            span,
            kind: Kind::Block(Some(id), block),
        }
    }

    fn for_loop(
        &mut self,
        label: Option<&ast::Ident>,
        pattern: &'a ast::Pattern,
        iter: &'a ast::Expr,
        body: &'a ast::Block,
        span: Span,
    ) -> Expr {
        let (iter, item) = self.iterated(iter);
        let id = self.frame(label, false, None);
        let before = self.diverges;
        self.open(None);
        let checked = self.pattern(pattern, &item);
        self.irrefutable(&checked, "`for` loop binding");
        if let Iter::Elements(_, true) = iter
            && !matches!(
                checked.kind,
                PatternKind::Binding(_, None) | PatternKind::Wildcard
            )
        {
            self.report(
                Diagnostic::new(
                    "B0224",
                    pattern.span,
                    "the elements of `iter_mut` are bound by a plain name",
                )
                .help("write `for x in a.iter_mut() { *x = .. }`"),
            );
        }
        let body = self.unit_body(body);
        self.close();
        self.diverges = before;
        self.frames.pop();
        Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::For(Box::new(For {
                id,
                pattern: checked,
                iter,
                body,
            })),
        }
    }

    fn match_(
        &mut self,
        scrutinee: &'a ast::Expr,
        arms: &'a [ast::Arm],
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let scrutinee = self.expr(scrutinee, &Expect::Nothing);
        let ty = scrutinee.ty.clone();
        let before = std::mem::replace(&mut self.diverges, false);
        let mut merge = self.merge(expect);
        let branch = self.branch(&merge);
        let mut checked = Vec::new();
        // rustc checks all patterns first: they may decide the scrutinee's type.
        let mut patterns = Vec::new();
        for arm in arms {
            self.open(None);
            let pattern = self.pattern(&arm.pattern, &ty);
            self.close();
            patterns.push(pattern);
        }
        let mut all_diverge = true;
        for (arm, pattern) in arms.iter().zip(patterns) {
            self.open(None);
            let mut bound = Vec::new();
            pattern.bindings(&mut |local| bound.push(local));
            for local in bound {
                self.bind(local);
            }
            self.diverges = false;
            let guard = arm
                .guard
                .as_ref()
                .map(|guard| self.demand(guard, &Ty::BOOL));
            self.diverges = false;
            let body = self.expr(&arm.body, &branch);
            all_diverge &= self.diverges;
            let shown = Expr {
                ty: body.ty.clone(),
                span: tail_span(&body),
                kind: Kind::Error,
            };
            self.join(&mut merge, &shown, "`match` arms");
            self.close();
            checked.push(Arm {
                pattern,
                guard,
                body,
            });
        }
        self.diverges = before || all_diverge;
        Expr {
            ty: merge.ty,
            span,
            kind: Kind::Match(Box::new(scrutinee), checked),
        }
    }

    // Jumps.

    fn target(&mut self, label: Option<&ast::Ident>, span: Span, what: &str) -> Option<usize> {
        match label {
            Some(label) => {
                let found = self
                    .frames
                    .iter()
                    .rposition(|f| f.label.as_deref() == Some(label.name.as_str()));
                if found.is_none() {
                    let names: Vec<&str> = self
                        .frames
                        .iter()
                        .filter_map(|f| f.label.as_deref())
                        .collect();
                    let near = suggest::nearest(&label.name, names.iter().copied());
                    let mut error = Diagnostic::new(
                        "E0426",
                        label.span,
                        format!("use of undeclared label `'{}`", label.name),
                    );
                    if let Some(near) = near {
                        error = error.help(format!("there is a label `'{near}`"));
                    }
                    self.report(error);
                }
                found
            }
            None => {
                let found = self.frames.iter().rposition(|f| !f.block);
                if found.is_none() {
                    let error = Diagnostic::new(
                        "E0268",
                        span,
                        format!("`{what}` outside of a loop"),
                    )
                    .label("no loop encloses this");
                    self.report(error);
                }
                found
            }
        }
    }

    fn break_(
        &mut self,
        label: Option<&ast::Ident>,
        value: Option<&'a ast::Expr>,
        span: Span,
    ) -> Expr {
        let target = self.target(label, span, "break");
        let expect = match target.map(|n| &self.frames[n].merge) {
            Some(Some(merge)) => self.branch(merge),
            _ => Expect::Nothing,
        };
        let value = value.map(|value| self.expr(value, &expect));
        let Some(target) = target else {
            return self.error(span);
        };
        let id = self.frames[target].id;
        match (self.frames[target].merge.take(), &value) {
            (None, None) => {}
            (None, Some(value)) => {
                self.report(
                    Diagnostic::new(
                        "E0571",
                        value.span,
                        "`break` with value from a `while` or `for` loop",
                    )
                    .label("only `loop` and labelled blocks have values")
                    .help("assign a variable before `break`"),
                );
            }
            (Some(mut merge), value) => {
                let unit = Expr {
                    ty: Ty::UNIT,
                    span,
                    kind: Kind::Error,
                };
                let value = value.as_ref().unwrap_or(&unit);
                let never = self.table.shallow(&value.ty) == Ty::Never;
                self.join(&mut merge, value, "`break` values");
                let frame = &mut self.frames[target];
                frame.merge = Some(merge);
                frame.broken |= !never;
            }
        }
        Expr {
            ty: Ty::Never,
            span,
            kind: Kind::Break(id, value.map(Box::new)),
        }
    }

    fn continue_(&mut self, label: Option<&ast::Ident>, span: Span) -> Expr {
        let Some(target) = self.target(label, span, "continue") else {
            return self.error(span);
        };
        if self.frames[target].block {
            return self.fail(
                Diagnostic::new("E0696", span, "`continue` pointing to a labelled block")
                    .label("labelled blocks cannot be continued"),
            );
        }
        Expr {
            ty: Ty::Never,
            span,
            kind: Kind::Continue(self.frames[target].id),
        }
    }

    fn return_(&mut self, value: Option<&'a ast::Expr>, span: Span) -> Expr {
        if self.constant {
            return self.fail(Diagnostic::new(
                "E0572",
                span,
                "`return` outside of a function",
            ));
        }
        let result = self.result.clone();
        let value = match value {
            Some(value) => Some(self.demand(value, &result)),
            None => {
                if !self.agrees(&Ty::UNIT, &result) {
                    let shown = self.show(&result);
                    self.report(
                        Diagnostic::new("E0069", span, "`return;` in a function with a result")
                            .label(format!("expected a value of type `{shown}`")),
                    );
                }
                None
            }
        };
        Expr {
            ty: Ty::Never,
            span,
            kind: Kind::Return(value.map(Box::new)),
        }
    }

    // Places.

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

    fn assign(&mut self, place: &'a ast::Expr, value: &'a ast::Expr, span: Span) -> Expr {
        if let ExprKind::Path(path) = &place.kind
            && path.segments.len() == 1
            && path.segments[0].name == "_"
        {
            let value = self.expr(value, &Expect::Nothing);
            return Expr {
                ty: Ty::UNIT,
                span,
                kind: Kind::Block(
                    None,
                    Block {
                        statements: vec![Statement::Expr(value)],
                        value: None,
                    },
                ),
            };
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
        loop {
            match &e.kind {
                Kind::Error => return false,
                Kind::Local(_) => return true,
                Kind::Index(..) => return true,
                Kind::Member(inner, _) => e = inner,
                _ => break,
            }
        }
        let error = if matches!(target.kind, Kind::Tuple(_)) {
            Diagnostic::new(
                "B0225",
                target.span,
                "assignment to several variables at once is not supported",
            )
            .help("assign them one after the other")
        } else {
            Diagnostic::new("E0070", target.span, "invalid left-hand side of assignment")
                .label("cannot assign to this expression")
        };
        self.report(error);
        false
    }

    fn member(&mut self, inner: &'a ast::Expr, n: u32, span: Span) -> Expr {
        let value = self.expr(inner, &Expect::Nothing);
        let ty = self.peeled(&value.ty);
        match &ty {
            Ty::Tuple(members) => match members.get(n as usize) {
                Some(member) => Expr {
                    ty: member.clone(),
                    span,
                    kind: Kind::Member(Box::new(value), n),
                },
                None => {
                    let shown = self.show(&ty);
                    self.fail(
                        Diagnostic::new(
                            "E0609",
                            span,
                            format!("no field `{n}` on type `{shown}`"),
                        )
                        .label(format!("the tuple has {} members", members.len())),
                    )
                }
            },
            Ty::Error => self.error(span),
            Ty::Var(v) if !matches!(self.table.kind(*v), VarKind::Integer | VarKind::Float) => {
                self.ambiguous(value.span, "this expression")
            }
            _ => {
                let shown = self.show(&ty);
                self.fail(
                    Diagnostic::new("E0610", span, format!("no field `{n}` on type `{shown}`"))
                        .label("only tuples have numbered members"),
                )
            }
        }
    }

    fn field(&mut self, inner: &'a ast::Expr, name: &ast::Ident, span: Span) -> Expr {
        let value = self.expr(inner, &Expect::Nothing);
        let ty = self.peeled(&value.ty);
        if ty == Ty::Error {
            return self.error(span);
        }
        let shown = self.show(&ty);
        if self.has_method(&ty, &name.name) {
            return self.fail(
                Diagnostic::new(
                    "E0615",
                    name.span,
                    format!("attempted to take value of method `{}` on type `{shown}`", name.name),
                )
                .help(format!("call it: `.{}()`", name.name)),
            );
        }
        self.fail(
            Diagnostic::new(
                "E0609",
                name.span,
                format!("no field `{}` on type `{shown}`", name.name),
            )
            .help("numbers and array views have no fields"),
        )
    }

    /// A path as a value.
    pub(crate) fn path(&mut self, path: &'a ast::Path, span: Span) -> Expr {
        if let [name] = path.segments.as_slice() {
            return match self.name(&name.name) {
                Some(Name::Local(local)) => Expr {
                    ty: self.locals[local].ty.clone(),
                    span,
                    kind: Kind::Local(local),
                },
                Some(Name::Item(Item::Const(constant))) => Expr {
                    ty: self.session.consts[constant].ty.clone(),
                    span,
                    kind: Kind::Const(constant),
                },
                Some(Name::Item(Item::Imported(scalar, entry))) => {
                    let own = Ty::Scalar(scalar);
                    Expr {
                        ty: crate::check::methods::constants::ty(&own, entry),
                        span,
                        kind: Kind::Associated(entry, own),
                    }
                }
                Some(Name::Item(Item::Function(_))) => self.fail(
                    Diagnostic::new("B0226", span, "a function is not a value")
                        .help(format!("call it: `{}(..)`", name.name)),
                ),
                Some(Name::Item(Item::Refused)) => self.error(span),
                Some(Name::Item(Item::Module(_))) => self.fail(Diagnostic::new(
                    "E0423",
                    span,
                    format!("expected value, found module `{}`", name.name),
                )),
                None => {
                    let near = suggest::nearest(&name.name, self.names()).map(str::to_string);
                    let mut error = Diagnostic::new(
                        "E0425",
                        name.span,
                        format!("cannot find value `{}` in this scope", name.name),
                    )
                    .label("not found");
                    if let Some(near) = near {
                        error = error.help(format!("there is `{near}`"));
                    }
                    self.fail(error)
                }
            };
        }
        self.qualified(path, span)
    }
}

fn types_known(ty: &Ty) -> bool {
    !matches!(ty, Ty::Var(_))
}

/// Where an expression's value is written: the last expression of a block.
fn tail_span(e: &Expr) -> Span {
    match &e.kind {
        Kind::Block(_, Block { value: Some(v), .. }) => tail_span(v),
        _ => e.span,
    }
}
