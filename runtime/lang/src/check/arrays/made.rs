//! Arrays made element by element: `Array2::from_shape_fn(shape, |(i, j)| ..)`,
//! `std::array::from_fn(|i| ..)`, `[a, b].map(|x| ..)`, `a.mapv_inplace(|x| ..)`. Each becomes a
//! loop of the typed tree that calls the closure. Invariant: the elements are made in C order.

use super::ArrayOp;
use crate::ast;
use crate::check::calls::supplied;
use crate::check::function::{Check, Checker, Expect};
use crate::check::tree::{
    Block, Closure, Expr, For, Iter, Kind, LocalIndex, Pattern, PatternKind, Statement,
};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Order;

fn made(ty: Ty, span: Span, kind: Kind) -> Expr {
    Expr { ty, span, kind }
}

fn binding(local: LocalIndex, ty: Ty, span: Span) -> Pattern {
    Pattern {
        ty,
        span,
        kind: PatternKind::Binding(local, None),
    }
}

impl<'a> Checker<'_, 'a> {
    /// A value in a new variable; the expression reads it.
    fn in_variable(&mut self, value: Expr, out: &mut Vec<Statement>) -> (LocalIndex, Ty) {
        let (ty, span) = (value.ty.clone(), value.span);
        let local = self.new_local("", span, ty.clone(), true);
        out.push(Statement::Let(
            binding(local, ty.clone(), span),
            Some(value),
        ));
        (local, ty)
    }

    /// A closure in a new variable.
    fn in_hand(
        &mut self,
        closure: Closure,
        span: Span,
        out: &mut Vec<Statement>,
    ) -> (Expr, Ty, bool) {
        let (number, result) = (closure.number, closure.result.clone());
        let value = made(Ty::Closure(number), span, Kind::Closure(Box::new(closure)));
        let (local, ty) = self.in_variable(value, out);
        let callee = made(ty, span, Kind::Local(local));
        (callee, result, self.closure_changes(number))
    }

    /// Loops over all indices below `ends`, around an assignment.
    fn loops_over(
        &mut self,
        ends: Vec<Expr>,
        span: Span,
        body: impl FnOnce(&[LocalIndex]) -> Expr,
    ) -> Expr {
        let list = ends.iter();
        let locals: Vec<LocalIndex> = list
            .map(|end| self.new_local("", end.span, Ty::USIZE, false))
            .collect();
        let mut inner = body(&locals);
        for (local, end) in locals.into_iter().zip(ends).rev() {
            let id = self.loops;
            self.loops += 1;
            let looped = For {
                id,
                pattern: binding(local, Ty::USIZE, span),
                iter: Iter::Range {
                    start: Box::new(made(Ty::USIZE, span, Kind::Int(0))),
                    end: Box::new(end),
                    inclusive: false,
                    step: None,
                    order: Order::Forward,
                    parallel: None,
                },
                body: Block {
                    statements: vec![Statement::Expr(inner)],
                    value: None,
                },
            };
            inner = made(Ty::UNIT, span, Kind::For(Box::new(looped)));
        }
        inner
    }

    fn block_of(&self, statements: Vec<Statement>, value: Expr) -> Expr {
        let (ty, span) = (value.ty.clone(), value.span);
        let block = Block {
            statements,
            value: Some(Box::new(value)),
        };
        made(ty, span, Kind::Block(None, block))
    }

    /// The elements `f(index)` of a new local array.
    pub(super) fn shape_fn(
        &mut self,
        (element, ndim): (Ty, u8),
        lengths: Vec<Expr>,
        f: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let index = match ndim {
            1 => Ty::USIZE,
            n => Ty::Tuple(vec![Ty::USIZE; usize::from(n)]),
        };
        let closure = self.closure(f, std::slice::from_ref(&index), Some(&element));
        let what = "from_shape_fn".to_string();
        self.checks
            .push(Check::ArrayElement(element.clone(), false, what, span));
        let ty = Ty::Owned {
            element: Box::new(element.clone()),
            ndim,
        };
        let mut statements = Vec::new();
        let new = Kind::Array(ArrayOp::Allocate(super::Fill::Zero), lengths);
        let (array, _) = self.in_variable(made(ty.clone(), span, new), &mut statements);
        let (callee, _, changes) = self.in_hand(closure, f.span, &mut statements);
        let whole = || made(ty.clone(), span, Kind::Local(array));
        let ends = (0..ndim)
            .map(|axis| made(Ty::USIZE, span, Kind::Dim(Box::new(whole()), axis)))
            .collect();
        let filled = self.loops_over(ends, span, |locals| {
            let list = || -> Vec<Expr> {
                let each = locals.iter();
                each.map(|l| made(Ty::USIZE, span, Kind::Local(*l)))
                    .collect()
            };
            let mut args = list();
            if ndim != 1 {
                args = vec![made(index, span, Kind::Tuple(args))];
            }
            let value = Kind::CallClosure(Box::new(callee), args, changes);
            let value = made(element.clone(), span, value);
            let place = made(
                element.clone(),
                span,
                Kind::Index(Box::new(whole()), list()),
            );
            made(
                Ty::UNIT,
                span,
                Kind::Assign(Box::new(place), Box::new(value)),
            )
        });
        statements.push(Statement::Expr(filled));
        self.block_of(statements, whole())
    }

    /// `a.mapv_inplace(|x| ..)` of a view or local array.
    pub(crate) fn mapv_inplace(
        &mut self,
        view: Expr,
        (element, ndim): (Ty, u8),
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let [f] = args else {
            self.expressions(args);
            return self.fail(Diagnostic::new(
                "E0061",
                span,
                supplied("method `mapv_inplace`", 1, args.len()),
            ));
        };
        self.demand_mutable(&view, span);
        let closure = self.closure(f, std::slice::from_ref(&element), Some(&element));
        let ty = Ty::View {
            element: Box::new(element.clone()),
            ndim,
            mutable: true,
        };
        let mut statements = Vec::new();
        // A part that was just made is the variable's own.
        let view = match &view.kind {
            Kind::Array(ArrayOp::Slice(_), _) => view,
            _ => made(ty.clone(), span, Kind::Array(ArrayOp::As, vec![view])),
        };
        let (array, _) = self.in_variable(view, &mut statements);
        let (callee, _, changes) = self.in_hand(closure, f.span, &mut statements);
        let whole = || made(ty.clone(), span, Kind::Local(array));
        let ends = (0..ndim)
            .map(|axis| made(Ty::USIZE, span, Kind::Dim(Box::new(whole()), axis)))
            .collect();
        let changed = self.loops_over(ends, span, |locals| {
            let place = || {
                let each = locals.iter();
                let index = each.map(|l| made(Ty::USIZE, span, Kind::Local(*l)));
                let kind = Kind::Index(Box::new(whole()), index.collect());
                made(element.clone(), span, kind)
            };
            let value = Kind::CallClosure(Box::new(callee), vec![place()], changes);
            let value = made(element.clone(), span, value);
            made(
                Ty::UNIT,
                span,
                Kind::Assign(Box::new(place()), Box::new(value)),
            )
        });
        statements.push(Statement::Expr(changed));
        let unit = made(Ty::UNIT, span, Kind::Tuple(Vec::new()));
        self.block_of(statements, unit)
    }

    /// The elements `f(x)` for each element of an array of a fixed length, or `f(i)` for each
    /// index.
    fn fixed_of(
        &mut self,
        source: Option<(Expr, Ty)>,
        (result, n): (Ty, u32),
        f: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let param = source.as_ref().map_or(Ty::USIZE, |(_, ty)| ty.clone());
        let closure = self.closure(f, std::slice::from_ref(&param), Some(&result));
        let known = self.table.resolve(&result);
        let shown = self.show(&known);
        if let Some(error) = super::refused_array(&known, n, &shown, span) {
            return self.fail(error);
        }
        self.checks.push(Check::Elements(result.clone(), n, span));
        let mut statements = Vec::new();
        let source = source.map(|(array, _)| self.in_variable(array, &mut statements));
        let ty = Ty::Array(Box::new(result.clone()), n);
        let first = made(result.clone(), span, Kind::Default);
        let new = Kind::Array(ArrayOp::Repeat, vec![first]);
        let (array, _) = self.in_variable(made(ty.clone(), span, new), &mut statements);
        let (callee, _, changes) = self.in_hand(closure, f.span, &mut statements);
        let end = made(Ty::USIZE, span, Kind::Int(u128::from(n)));
        let filled = self.loops_over(vec![end], span, |locals| {
            let index = || made(Ty::USIZE, span, Kind::Local(locals[0]));
            let arg = match source {
                Some((local, ty)) => {
                    let whole = made(ty, span, Kind::Local(local));
                    let kind = Kind::Element(Box::new(whole), Box::new(index()));
                    let element = made(param.clone(), span, kind);
                    made(param, span, Kind::Clone(Box::new(element)))
                }
                None => index(),
            };
            let value = Kind::CallClosure(Box::new(callee), vec![arg], changes);
            let value = made(result.clone(), span, value);
            let whole = made(ty.clone(), span, Kind::Local(array));
            let place = Kind::Element(Box::new(whole), Box::new(index()));
            let place = made(result, span, place);
            made(
                Ty::UNIT,
                span,
                Kind::Assign(Box::new(place), Box::new(value)),
            )
        });
        statements.push(Statement::Expr(filled));
        self.block_of(statements, made(ty, span, Kind::Local(array)))
    }

    /// `[a, b].map(|x| ..)`.
    pub(super) fn array_map(
        &mut self,
        array: Expr,
        (element, n): (Ty, u32),
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let [f] = args else {
            self.expressions(args);
            return self.fail(Diagnostic::new(
                "E0061",
                span,
                supplied("method `map`", 1, args.len()),
            ));
        };
        let result = self.table.fresh(VarKind::General);
        let array = Expr {
            ty: Ty::Array(Box::new(element.clone()), n),
            ..array
        };
        self.fixed_of(Some((array, element)), (result, n), f, span)
    }

    /// `std::array::from_fn(|i| ..)`, whose length the expected type gives; `None` for other
    /// paths.
    pub(crate) fn array_from_fn(
        &mut self,
        callee: &'a ast::Expr,
        args: &'a [ast::Expr],
        span: Span,
        expect: &Expect,
    ) -> Option<Expr> {
        let ast::ExprKind::Path(path) = &callee.kind else {
            return None;
        };
        let names: Vec<&str> = path.segments.iter().map(|s| s.name.as_str()).collect();
        let (["std" | "core", "array", "from_fn"], [f]) = (names.as_slice(), args) else {
            return None;
        };
        let wanted = match expect {
            Expect::Has(ty) => self.known(ty),
            _ => Ty::Error,
        };
        let Ty::Array(element, n) = wanted else {
            self.expressions(args);
            let message = "the length of this array is not known here";
            return Some(
                self.fail(
                    Diagnostic::new("B0626", span, message)
                        .help("give it a type: `let a: [f64; 4] = std::array::from_fn(|i| ..);`"),
                ),
            );
        };
        Some(self.fixed_of(None, (*element, n), f, span))
    }
}
