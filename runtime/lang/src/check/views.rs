//! The rules for array views: indexing, their methods, and what a `for` loop goes through
//! (views and ranges). The types are ndarray's; only what stands here is known of them.

use crate::ast::{self, ExprKind};
use crate::check::calls::supplied;
use crate::check::function::{Check, Checker, Expect};
use crate::check::tree::{Expr, Iter, Kind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Order;

/// The methods of views.
pub(crate) const METHODS: &[&str] = &[
    "dim", "is_empty", "iter", "iter_mut", "len", "len_of", "ncols", "ndim", "nrows", "shape",
];

impl<'a> Checker<'_, 'a> {
    pub(crate) fn index(&mut self, view: &'a ast::Expr, index: &'a ast::Expr, span: Span) -> Expr {
        if let ExprKind::Method {
            receiver,
            method,
            args,
            ..
        } = &view.kind
            && method.name == "shape"
            && args.is_empty()
        {
            let value = self.place(receiver);
            let peeled = self.peeled(&value.ty);
            if let Some((_, ndim)) = super::arrays::array_parts(&peeled) {
                return self.axis(value, ndim, index, span);
            }
        }
        let value = self.place(view);
        let ty = self.peeled(&value.ty);
        let (element, ndim) = match ty {
            Ty::View { element, ndim, .. } | Ty::Owned { element, ndim } => (*element, ndim),
            Ty::Array(element, _) => return self.element(value, *element, index, span),
            Ty::Error => {
                self.index_hint(index);
                return self.error(span);
            }
            Ty::Var(v) if !matches!(self.table.kind(v), VarKind::Integer | VarKind::Float) => {
                self.index_hint(index);
                return self.ambiguous(value.span, "the indexed value");
            }
            other => {
                self.index_hint(index);
                let shown = self.show(&other);
                let error = Diagnostic::new(
                    "E0608",
                    span,
                    format!("cannot index into a value of type `{shown}`"),
                );
                let error = if matches!(other, Ty::Tuple(_)) {
                    error.help("members of tuples are written `t.0`")
                } else {
                    error.label("not an array view")
                };
                return self.fail(error);
            }
        };
        if self.unsettled_index(&value, index, span) {
            return self.error(span);
        }
        let Some(index) = self.indices(index, ndim) else {
            return Expr {
                ty: element,
                span,
                kind: Kind::Error,
            };
        };
        Expr {
            ty: element,
            span,
            kind: Kind::Index(Box::new(value), index),
        }
    }

    fn index_hint(&mut self, index: &'a ast::Expr) {
        match &index.kind {
            ExprKind::Array(list) | ExprKind::Tuple(list) => {
                for e in list {
                    self.expr(e, &Expect::Nothing);
                }
            }
            _ => {
                self.expr(index, &Expect::Nothing);
            }
        }
    }

    /// The index of each axis; `None` after an error.
    pub(crate) fn indices(&mut self, index: &'a ast::Expr, ndim: u8) -> Option<Vec<Expr>> {
        let wanted = usize::from(ndim);
        let list = match &index.kind {
            ExprKind::Array(list) => list.as_slice(),
            ExprKind::Tuple(list) if wanted != 1 => list.as_slice(),
            _ if wanted == 1 => return Some(vec![self.subscript(index)?]),
            _ => return self.tuple_index(index, wanted),
        };
        if list.len() != wanted {
            for e in list {
                self.expr(e, &Expect::Nothing);
            }
            self.wrong_count(index.span, wanted, list.len());
            return None;
        }
        let mut all = Some(Vec::new());
        for e in list {
            match (self.subscript(e), &mut all) {
                (Some(e), Some(all)) => all.push(e),
                _ => all = None,
            }
        }
        all
    }

    fn wrong_count(&mut self, span: Span, wanted: usize, found: usize) {
        let form = match wanted {
            0 => "a[()]".to_string(),
            1 => "a[i]".to_string(),
            n => format!(
                "a[[{}]]",
                ["i", "j", "k", "l", "m", "n"][..n.min(6)].join(", ")
            ),
        };
        self.report(
            Diagnostic::new(
                "E0277",
                span,
                format!(
                    "an array view of {wanted} dimension{} is indexed by {wanted} number{}, found {found}",
                    if wanted == 1 { "" } else { "s" },
                    if wanted == 1 { "" } else { "s" },
                ),
            )
            .help(format!("write `{form}`")),
        );
    }

    /// `a[p]` where `p` is a variable that holds a tuple.
    fn tuple_index(&mut self, index: &'a ast::Expr, wanted: usize) -> Option<Vec<Expr>> {
        let value = self.expr(index, &Expect::Nothing);
        let members = match self.known(&value.ty) {
            Ty::Tuple(members) if members.len() == wanted => members,
            Ty::Tuple(members) => {
                self.wrong_count(index.span, wanted, members.len());
                return None;
            }
            Ty::Error => return None,
            _ => {
                self.wrong_count(index.span, wanted, 1);
                return None;
            }
        };
        let Kind::Local(local) = value.kind else {
            self.report(
                Diagnostic::new("B0240", index.span, "this form of index is not supported")
                    .help("write the numbers in brackets: `a[[i, j]]`"),
            );
            return None;
        };
        let ty = value.ty;
        let mut list = Vec::new();
        for (n, member) in members.into_iter().enumerate() {
            let e = Expr {
                ty: member,
                span: index.span,
                kind: Kind::Member(
                    Box::new(Expr {
                        ty: ty.clone(),
                        span: index.span,
                        kind: Kind::Local(local),
                    }),
                    n as u32,
                ),
            };
            list.push(self.as_subscript(e)?);
        }
        Some(list)
    }

    fn subscript(&mut self, e: &'a ast::Expr) -> Option<Expr> {
        let value = self.expr(e, &Expect::Has(Ty::USIZE));
        self.as_subscript(value)
    }

    fn as_subscript(&mut self, value: Expr) -> Option<Expr> {
        if self.agrees(&value.ty, &Ty::USIZE) {
            return (self.known(&value.ty) != Ty::Error).then_some(value);
        }
        let shown = self.show(&value.ty);
        let help = match self.known(&value.ty) {
            Ty::Ref(..) => "dereference it: `*i`",
            _ => "convert it: `i as usize`",
        };
        self.report(
            Diagnostic::new(
                "E0277",
                value.span,
                format!("array views are indexed by `usize`, found `{shown}`"),
            )
            .label("expected `usize`")
            .help(help),
        );
        None
    }

    /// The length of axis `index`, written as an expression.
    fn axis(&mut self, view: Expr, ndim: u8, index: &'a ast::Expr, span: Span) -> Expr {
        let Some(index) = self.subscript(index) else {
            return Expr {
                ty: Ty::USIZE,
                span,
                kind: Kind::Error,
            };
        };
        let kind = match index.kind {
            Kind::Int(axis) if axis < u128::from(ndim) => Kind::Dim(Box::new(view), axis as u8),
            Kind::Int(axis) => {
                return self.fail(
                    Diagnostic::new(
                        "B0241",
                        span,
                        format!("axis {axis} does not exist: the view has {ndim} dimensions"),
                    )
                    .help("axes are counted from 0"),
                );
            }
            _ => Kind::DimAt(Box::new(view), Box::new(index)),
        };
        Expr {
            ty: Ty::USIZE,
            span,
            kind,
        }
    }

    pub(crate) fn view_method(
        &mut self,
        view: Expr,
        ty: Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let Some((element, ndim)) = super::arrays::array_parts(&ty) else {
            return self.error(span);
        };
        if method.name == "mapv_inplace" {
            let element = element.clone();
            return self.mapv_inplace(view, (element, ndim), args, span);
        }
        let usize_ = |kind| Expr {
            ty: Ty::USIZE,
            span,
            kind,
        };
        let name = method.name.as_str();
        if name == "len_of" {
            if let [arg] = args
                && let ExprKind::Call(callee, inner) = &arg.kind
                && let ExprKind::Path(path) = &callee.kind
                && path.segments.last().is_some_and(|s| s.name == "Axis")
                && let [axis] = inner.as_slice()
            {
                return self.axis(view, ndim, axis, span);
            }
            return self.fail(
                Diagnostic::new("E0308", span, "`len_of` takes an axis")
                    .help("write `a.len_of(Axis(0))`, or `a.shape()[0]`"),
            );
        }
        if METHODS.contains(&name) && !args.is_empty() {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.fail(Diagnostic::new(
                "E0061",
                span,
                supplied(&format!("method `{name}`"), 0, args.len()),
            ));
        }
        match name {
            "len" => usize_(Kind::Len(Box::new(view))),
            "is_empty" => Expr {
                ty: Ty::BOOL,
                span,
                kind: Kind::Binary(
                    ast::BinaryOp::Eq,
                    Box::new(usize_(Kind::Len(Box::new(view)))),
                    Box::new(usize_(Kind::Int(0))),
                ),
            },
            "ndim" => usize_(Kind::Int(u128::from(ndim))),
            "nrows" if ndim == 2 => usize_(Kind::Dim(Box::new(view), 0)),
            "ncols" if ndim == 2 => usize_(Kind::Dim(Box::new(view), 1)),
            "dim" if ndim == 1 => usize_(Kind::Dim(Box::new(view), 0)),
            "dim" => {
                let Kind::Local(local) = view.kind else {
                    return self.fail(
                        Diagnostic::new("B0242", span, "`dim` needs a variable")
                            .help("bind the view by `let` first"),
                    );
                };
                let axes: Vec<Expr> = (0..ndim)
                    .map(|axis| {
                        let again = Expr {
                            ty: view.ty.clone(),
                            span: view.span,
                            kind: Kind::Local(local),
                        };
                        usize_(Kind::Dim(Box::new(again), axis))
                    })
                    .collect();
                Expr {
                    ty: Ty::Tuple(vec![Ty::USIZE; usize::from(ndim)]),
                    span,
                    kind: Kind::Tuple(axes),
                }
            }
            "shape" => self.fail(
                Diagnostic::new("B0243", span, "`shape()` is only possible with an index")
                    .help("write `a.shape()[0]`, or `a.dim()`"),
            ),
            "iter" | "iter_mut" => self.fail(
                Diagnostic::new("B0244", span, format!("`{name}()` must be used up at once")).help(
                    "write `for &x in a.iter() { .. }` or `a.iter().sum::<f64>()`, for example",
                ),
            ),
            "nrows" | "ncols" => self.fail(
                Diagnostic::new(
                    "E0599",
                    method.span,
                    format!("`{name}` exists on views of 2 dimensions, this one has {ndim}"),
                )
                .help("write `a.shape()[0]`, or `a.len()`"),
            ),
            _ => self.array_view_method(view, &ty, method, args, span),
        }
    }

    // What `for` goes through.

    /// What is iterated and the type of its items.
    pub(crate) fn iterated(&mut self, iter: &'a ast::Expr) -> (Iter, Ty) {
        if let Some(done) = self.iterated_chain(iter) {
            return done;
        }
        let mut adapters: Vec<(&'a ast::Ident, &'a [ast::Expr], Span)> = Vec::new();
        let mut base = iter;
        while let ExprKind::Method {
            receiver,
            method,
            args,
            ..
        } = &base.kind
            && matches!(method.name.as_str(), "rev" | "step_by")
        {
            adapters.push((method, args, base.span));
            base = receiver;
        }
        adapters.reverse();
        if let ExprKind::Call(callee, args) = &base.kind
            && let ExprKind::Path(path) = &callee.kind
            && let [name] = path.segments.as_slice()
            && name.name == "prange"
            && self.name("prange").is_none()
        {
            if !path.type_args.is_empty() {
                self.report(
                    Diagnostic::new("B0802", base.span, "`prange` with type arguments")
                        .help("leave them out: `prange(a..b)`"),
                );
            }
            if let [arg] = args.as_slice()
                && let ExprKind::Range {
                    start,
                    end,
                    inclusive,
                } = &arg.kind
            {
                let bounds = (start.as_deref(), end.as_deref(), *inclusive);
                return self.range(bounds, &adapters, Some(base.span), arg.span);
            }
            self.report(
                Diagnostic::new("B0245", base.span, "`prange` takes one range")
                    .help("write `prange(0..n)`; `.rev()` and `.step_by(k)` go on the result"),
            );
            return (Iter::Error, Ty::Error);
        }
        if let ExprKind::Range {
            start,
            end,
            inclusive,
        } = &base.kind
        {
            let bounds = (start.as_deref(), end.as_deref(), *inclusive);
            return self.range(bounds, &adapters, None, base.span);
        }
        (Iter::Error, Ty::Error)
    }

    fn range(
        &mut self,
        (start, end, inclusive): (Option<&'a ast::Expr>, Option<&'a ast::Expr>, bool),
        adapters: &[(&'a ast::Ident, &'a [ast::Expr], Span)],
        parallel: Option<Span>,
        span: Span,
    ) -> (Iter, Ty) {
        let element = self.table.fresh(VarKind::General);
        let start_value = start.map(|e| self.demand(e, &element));
        let end_value = end.map(|e| self.demand(e, &element));
        self.checks.push(Check::Step(element.clone(), span));
        let mut step = None;
        let mut order = Order::Forward;
        let mut reversed = false;
        for (method, args, _) in adapters {
            if method.name == "rev" {
                if reversed {
                    self.report(
                        Diagnostic::new("B0247", method.span, "`rev` stands twice on this range")
                            .help("leave both out"),
                    );
                }
                if !args.is_empty() {
                    self.report(Diagnostic::new(
                        "E0061",
                        method.span,
                        "method `rev` takes 0 arguments",
                    ));
                }
                reversed = true;
                order = if step.is_some() {
                    Order::StepThenReverse
                } else {
                    Order::ReverseThenStep
                };
            } else {
                if step.is_some() {
                    self.report(
                        Diagnostic::new(
                            "B0247",
                            method.span,
                            "`step_by` stands twice on this range",
                        )
                        .help("multiply the steps"),
                    );
                }
                match args {
                    [arg] => step = Some((Box::new(self.demand(arg, &Ty::USIZE)), method.span)),
                    _ => self.report(Diagnostic::new(
                        "E0061",
                        method.span,
                        "method `step_by` takes 1 argument",
                    )),
                }
            }
        }
        match (start_value, end_value) {
            (Some(start), Some(end)) => (
                Iter::Range {
                    start: Box::new(start),
                    end: Box::new(end),
                    inclusive,
                    step,
                    order,
                    parallel,
                },
                element,
            ),
            _ => {
                self.report(
                    Diagnostic::new("B0248", span, "the range of a `for` loop needs both bounds")
                        .help("write `a..b`; a loop without an end is `loop { .. }`"),
                );
                (Iter::Error, element)
            }
        }
    }
}
