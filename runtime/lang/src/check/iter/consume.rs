//! What ends an iterator: sums, folds, searches, and `for` loops. Types that std leaves to the
//! context (`sum`) wait until the whole body is known.

use super::source::is_iterator;
use super::{Chain, ChainKind};
use crate::ast::{self, ExprKind};
use crate::check::function::{Checker, Expect};
use crate::check::session::contains_view;
use crate::check::tree::{Closure, Expr, Iter, Kind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;
use crate::suggest;

/// An iterator and what ends it.
#[derive(Debug)]
pub(crate) struct Consume {
    pub(crate) chain: Chain,
    pub(crate) how: How,
    /// The first value of `fold`, the number of `nth`.
    pub(crate) argument: Option<Expr>,
    pub(crate) closure: Option<Closure>,
    /// The place of the method's name.
    pub(crate) name: Span,
}

/// What ends an iterator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum How {
    Sum,
    Product,
    Fold,
    Reduce,
    Min,
    Max,
    MinBy(Compare),
    MaxBy(Compare),
    MinByKey,
    MaxByKey,
    Any,
    All,
    Count,
    Position,
    Rposition,
    Find,
    FindMap,
    Last,
    Nth,
    ForEach,
}

/// How the two values that a comparison gives are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Compare {
    /// `a.total_cmp(b)`.
    Total,
    /// `a.partial_cmp(b).unwrap()`.
    Partial,
    /// `a.cmp(b)`.
    Order,
    /// By any closure, which gives an `Ordering` itself.
    Any,
}

/// What waits for the types of the whole body.
#[derive(Debug)]
pub(crate) enum Waiting {
    /// The items of a sum or product, its result.
    Sum(Ty, Ty, Span, bool),
    /// What must be `Ord`.
    Ord(Ty, Span, bool),
}

/// The methods that use an iterator up.
const CONSUMERS: &[&str] = &[
    "all",
    "any",
    "count",
    "find",
    "find_map",
    "fold",
    "for_each",
    "last",
    "max",
    "max_by",
    "max_by_key",
    "min",
    "min_by",
    "min_by_key",
    "nth",
    "position",
    "product",
    "reduce",
    "sum",
];

impl Consume {
    /// Calls `f` on every direct subexpression.
    pub(crate) fn each(&self, f: &mut dyn FnMut(&Expr)) {
        self.chain.each(f);
        self.argument.iter().for_each(&mut *f);
        self.closure.iter().for_each(|c| f(&c.body));
    }
}

impl<'a> Checker<'_, 'a> {
    /// A method of an iterator; `None` where the receiver is none.
    pub(crate) fn consumed(
        &mut self,
        receiver: &'a ast::Expr,
        method: &'a ast::Ident,
        type_args: &'a [ast::TypeExpr],
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let name = method.name.as_str();
        let expect = std::mem::take(&mut self.closures.expected);
        if !is_iterator(receiver)
            || (name == "contains" && matches!(receiver.kind, ExprKind::Range { .. }))
        {
            return None;
        }
        let chain = self.iterator(receiver);
        if super::adapter::ADAPTERS.contains(&name) {
            // The iterator would be a value.
            self.checked_args(args);
            return Some(self.fail(no_value(span)));
        }
        if chain.producer {
            self.report(
                Diagnostic::new(
                    "E0599",
                    method.span,
                    format!("no method named `{name}` found: this is not an iterator yet"),
                )
                .help(format!("write `.into_iter().{name}(..)`")),
            );
        }
        if !type_args.is_empty() && CONSUMERS.contains(&name) && !matches!(name, "sum" | "product")
        {
            self.report(
                Diagnostic::new(
                    "E0107",
                    method.span,
                    format!("method `{name}` takes no type arguments here"),
                )
                .help("remove them"),
            );
        }
        Some(self.end(chain, method, type_args, args, (span, &expect)))
    }

    fn end(
        &mut self,
        chain: Chain,
        method: &'a ast::Ident,
        type_args: &'a [ast::TypeExpr],
        args: &'a [ast::Expr],
        (span, expect): (Span, &Expect),
    ) -> Expr {
        let name = method.name.as_str();
        let item = chain.item.clone();
        let option = |ty: &Ty| Ty::Option(Box::new(ty.clone()));
        let by_value = std::slice::from_ref(&item);
        let mut argument = None;
        let mut closure = None;
        let (how, ty) = match (name, args) {
            ("sum" | "product", []) => {
                let result = match type_args {
                    [ty] => self.written(ty),
                    _ => self.table.fresh(VarKind::General),
                };
                self.closures.waiting.push(Waiting::Sum(
                    item.clone(),
                    result.clone(),
                    method.span,
                    name == "sum",
                ));
                self.settle(false);
                let how = if name == "sum" {
                    How::Sum
                } else {
                    How::Product
                };
                (how, result)
            }
            ("fold", [init, f]) => {
                // As in rustc: what is expected of the result is expected of the first value.
                let hint = match expect {
                    Expect::Has(_) => expect,
                    _ => &Expect::Nothing,
                };
                let init = self.expr(init, hint);
                let ty = init.ty.clone();
                closure = Some(self.closure(f, &[ty.clone(), item.clone()], Some(&ty)));
                argument = Some(init);
                (How::Fold, ty)
            }
            ("reduce", [f]) => {
                closure = Some(self.closure(f, &[item.clone(), item.clone()], Some(&item)));
                (How::Reduce, option(&item))
            }
            ("min" | "max", []) => {
                self.closures
                    .waiting
                    .push(Waiting::Ord(item.clone(), method.span, name == "min"));
                let how = if name == "min" { How::Min } else { How::Max };
                (how, option(&item))
            }
            ("min_by" | "max_by", [f]) => {
                let (made, compare) = self.comparing(f, &item);
                closure = Some(made);
                let how = match name {
                    "min_by" => How::MinBy(compare),
                    _ => How::MaxBy(compare),
                };
                (how, option(&item))
            }
            ("min_by_key" | "max_by_key", [f]) => {
                let made = self.closure(f, &[item.clone().reference(false)], None);
                self.closures.waiting.push(Waiting::Ord(
                    made.result.clone(),
                    method.span,
                    name == "min_by_key",
                ));
                closure = Some(made);
                let how = if name == "min_by_key" {
                    How::MinByKey
                } else {
                    How::MaxByKey
                };
                (how, option(&item))
            }
            ("any" | "all", [f]) => {
                closure = Some(self.closure(f, by_value, Some(&Ty::BOOL)));
                (if name == "any" { How::Any } else { How::All }, Ty::BOOL)
            }
            ("count", []) => (How::Count, Ty::USIZE),
            ("len", []) if chain.exact => (How::Count, Ty::USIZE),
            ("position", [f]) => {
                closure = Some(self.closure(f, by_value, Some(&Ty::BOOL)));
                (How::Position, option(&Ty::USIZE))
            }
            ("rposition", [f]) if chain.exact && chain.double => {
                closure = Some(self.closure(f, by_value, Some(&Ty::BOOL)));
                (How::Rposition, option(&Ty::USIZE))
            }
            ("find", [f]) => {
                let params = [item.clone().reference(false)];
                closure = Some(self.closure(f, &params, Some(&Ty::BOOL)));
                (How::Find, option(&item))
            }
            ("find_map", [f]) => {
                let wanted = option(&self.table.fresh(VarKind::General));
                closure = Some(self.closure(f, by_value, Some(&wanted)));
                (How::FindMap, wanted)
            }
            ("last", []) => (How::Last, option(&item)),
            ("nth", [n]) => {
                argument = Some(self.demand(n, &Ty::USIZE));
                (How::Nth, option(&item))
            }
            ("for_each", [f]) => {
                closure = Some(self.closure(f, by_value, Some(&Ty::UNIT)));
                (How::ForEach, Ty::UNIT)
            }
            _ => {
                self.checked_args(args);
                return self.no_consumer(method, args.len(), span);
            }
        };
        if let Some(closure) = &closure {
            self.elements_bound(closure);
        }
        let keeps = matches!(
            how,
            How::Reduce
                | How::Min
                | How::Max
                | How::MinBy(_)
                | How::MaxBy(_)
                | How::MinByKey
                | How::MaxByKey
                | How::Find
                | How::Last
                | How::Nth
        );
        let resolved = self.table.resolve(&item);
        if keeps && (contains_view(&resolved) || has_mutable(&resolved)) {
            return self.fail(
                Diagnostic::new(
                    "B0613",
                    span,
                    format!("`{name}` cannot give a view or a mutable reference"),
                )
                .help("use `position` and take the part by its index"),
            );
        }
        Expr {
            ty,
            span,
            kind: Kind::Consume(Box::new(Consume {
                chain,
                how,
                argument,
                closure,
                name: method.span,
            })),
        }
    }

    fn no_consumer(&mut self, method: &ast::Ident, args: usize, span: Span) -> Expr {
        let name = method.name.as_str();
        let help = match name {
            "collect" | "unzip" | "partition" => {
                "make a local array and write to its elements in a `for` loop"
            }
            "try_fold" | "try_for_each" => "write a `for` loop with `return` or `break`",
            "next" | "next_back" | "peek" => "write a `for` loop",
            "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "cmp" | "partial_cmp" => {
                "write `a.iter().zip(b.iter()).all(|(x, y)| x == y)`"
            }
            "rposition" | "len" => {
                "it needs an iterator with an exact length and two ends, which `filter` and the like do not give"
            }
            _ if CONSUMERS.contains(&name) => {
                return self.fail(Diagnostic::new(
                    "E0061",
                    span,
                    format!("method `{name}` takes another number of arguments than {args}"),
                ));
            }
            other => {
                let known = CONSUMERS.iter().chain(super::adapter::ADAPTERS).copied();
                if let Some(near) = suggest::nearest(other, known) {
                    let message = format!("no method named `{other}` found for this iterator");
                    return self.fail(
                        Diagnostic::new("E0599", method.span, message)
                            .label("method not found")
                            .help(format!("there is `{near}`")),
                    );
                }
                "write a `for` loop"
            }
        };
        self.fail(
            Diagnostic::new(
                "B0614",
                method.span,
                format!("`{name}` on an iterator is not in the kernel language"),
            )
            .help(help),
        )
    }

    /// The comparison of `min_by` and `max_by`, as a closure that gives both values.
    fn comparing(&mut self, f: &'a ast::Expr, item: &Ty) -> (Closure, Compare) {
        let params = [item.clone().reference(false), item.clone().reference(false)];
        let mut compare = None;
        let pair = self.table.fresh(VarKind::General);
        let closure = self.lambda_with(f, Some(&params), Some(&pair), &mut |c, body| {
            let (outer, inner) = match &body.kind {
                ExprKind::Method {
                    receiver,
                    method,
                    args,
                    ..
                } if method.name == "unwrap" && args.is_empty() => (true, &**receiver),
                _ => (false, body),
            };
            let ExprKind::Method {
                receiver,
                method,
                args,
                ..
            } = &inner.kind
            else {
                return None;
            };
            let found = match (method.name.as_str(), outer) {
                ("total_cmp", false) => Compare::Total,
                ("partial_cmp", true) => Compare::Partial,
                ("cmp", false) => Compare::Order,
                _ => return None,
            };
            let [arg] = args.as_slice() else {
                return None;
            };
            let left = c.place(receiver);
            let right = c.expr(arg, &Expect::Nothing);
            let (a, b) = (c.peeled(&left.ty), c.peeled(&right.ty));
            if !c.table.unify(&a, &b) {
                c.mismatch(&right, &a.reference(false));
            }
            let fits = match c.known(&left.ty) {
                Ty::Error => true,
                _ => match (c.peeled(&left.ty), found) {
                    (Ty::Scalar(s), Compare::Total) => s.is_float(),
                    (Ty::Scalar(s), Compare::Order) => !s.is_float(),
                    (Ty::Scalar(_) | Ty::Error, _) => true,
                    (Ty::Param(_), Compare::Partial) => true,
                    _ => false,
                },
            };
            if !fits {
                let shown = c.show(&left.ty);
                c.report(
                    Diagnostic::new(
                        "E0599",
                        method.span,
                        format!("no method named `{}` found for type `{shown}`", method.name),
                    )
                    .help("floats have `total_cmp`, integers `cmp`"),
                );
            }
            compare = Some(found);
            let (a, b) = (c.peeled(&left.ty), c.peeled(&right.ty));
            Some(Expr {
                ty: Ty::Tuple(vec![a, b]),
                span: body.span,
                kind: Kind::Tuple(vec![left, right]),
            })
        });
        if compare.is_none() {
            let ordering = self.ordering_type();
            self.coerce(&closure.body, &ordering);
        }
        (closure, compare.unwrap_or(Compare::Any))
    }

    /// Decides what has waited for types; with `last` reports what is still not known.
    pub(crate) fn settle(&mut self, last: bool) {
        for n in 0..self.closures.waiting.len() {
            match &self.closures.waiting[n] {
                Waiting::Sum(item, result, ..) if !last => {
                    let (item, result) = (item.clone(), result.clone());
                    let item = self.peeled(&item);
                    if let (Ty::Var(_), Ty::Scalar(_)) = (&item, self.known(&result)) {
                        self.table.unify(&item, &result);
                    }
                }
                Waiting::Sum(item, result, span, sum) => {
                    let (item, result) = (item.clone(), result.clone());
                    let (span, sum) = (*span, *sum);
                    self.check_sum(&item, &result, span, sum);
                }
                Waiting::Ord(ty, span, least) if last => {
                    let (ty, span, least) = (ty.clone(), *span, *least);
                    self.check_order(&ty, span, least);
                }
                Waiting::Ord(..) => {}
            }
        }
        if last {
            self.closures.waiting.clear();
        }
    }

    fn check_sum(&mut self, item: &Ty, result: &Ty, span: Span, sum: bool) {
        let name = if sum { "sum" } else { "product" };
        let (item, result) = (self.table.resolve(item), self.table.resolve(result));
        let inner = match &item {
            Ty::Ref(_, inner) => (**inner).clone(),
            other => other.clone(),
        };
        match &result {
            Ty::Error => {}
            _ if matches!(inner, Ty::Error) => {}
            Ty::Var(_) => self.report(
                Diagnostic::new("E0283", span, "type annotations needed")
                    .label(format!("the type of the {name} is not known"))
                    .help(format!("write it: `.{name}::<f64>()`")),
            ),
            Ty::Scalar(s) if *s != Scalar::Bool && inner == result => {}
            _ => {
                let (what, shown) = (self.show(&result), self.show(&item));
                let error = Diagnostic::new(
                    "E0277",
                    span,
                    format!(
                        "a value of type `{what}` cannot be made by the {name} of an iterator over `{shown}`"
                    ),
                );
                let help = match (&result, sum) {
                    (Ty::Param(_), true) => format!("write `.fold({what}::zero(), |s, x| s + x)`"),
                    (Ty::Param(_), false) => format!("write `.fold({what}::one(), |p, x| p * x)`"),
                    _ => format!("convert the items first: `.map(|x| x as {what})`"),
                };
                self.report(error.help(help));
            }
        }
    }

    fn check_order(&mut self, ty: &Ty, span: Span, least: bool) {
        let mut inner = self.table.resolve(ty);
        while let Ty::Ref(_, behind) = inner {
            inner = *behind;
        }
        let shown = self.show(&inner);
        let refused = Diagnostic::new(
            "E0277",
            span,
            format!("the trait bound `{shown}: Ord` is not satisfied"),
        );
        match &inner {
            Ty::Error => {}
            Ty::Scalar(s) if !s.is_float() => {}
            Ty::Param(n)
                if self
                    .params
                    .get(usize::from(*n))
                    .is_some_and(|p| p.bounds.integer) => {}
            Ty::Var(_) => {
                self.ambiguous(span, "the items");
            }
            Ty::Scalar(_) => {
                let help = if least {
                    format!(
                        "write `.fold({shown}::INFINITY, |a, &b| a.min(b))`, or `.min_by(|a, b| a.total_cmp(b))`"
                    )
                } else {
                    format!(
                        "write `.fold({shown}::NEG_INFINITY, |a, &b| a.max(b))`, or `.max_by(|a, b| a.total_cmp(b))`"
                    )
                };
                self.report(refused.label("floats have no total order").help(help));
            }
            _ => self.report(refused.help("compare numbers")),
        }
    }

    /// What a `for` loop goes through, where it is more than a range or the elements of a
    /// view.
    pub(crate) fn iterated_chain(&mut self, iter: &'a ast::Expr) -> Option<(Iter, Ty)> {
        let mut base = iter;
        let (mut reversed, mut stepped) = (0, 0);
        while let ExprKind::Method {
            receiver, method, ..
        } = &base.kind
            && matches!(method.name.as_str(), "rev" | "step_by")
        {
            *(if method.name == "rev" {
                &mut reversed
            } else {
                &mut stepped
            }) += 1;
            base = receiver;
        }
        match &base.kind {
            ExprKind::Range { start, end, .. }
                if reversed <= 1 && stepped <= 1 && (start.is_none() || end.is_some()) =>
            {
                return None;
            }
            ExprKind::Call(callee, _)
                if matches!(&callee.kind, ExprKind::Path(path)
                    if matches!(path.segments.as_slice(), [name] if name.name == "prange")
                        && self.name("prange").is_none()) =>
            {
                return None;
            }
            _ => {}
        }
        let chain = self.chain(iter);
        let item = chain.item.clone();
        let iter = match chain.kind {
            ChainKind::Error => Iter::Error,
            ChainKind::Elements(view)
                if matches!(self.peeled(&view.ty), Ty::View { .. } | Ty::Owned { .. }) =>
            {
                let mutable = matches!(item, Ty::Ref(true, _));
                Iter::Elements(view, mutable)
            }
            kind => Iter::Chain(Box::new(Chain {
                item: item.clone(),
                kind,
                ..chain
            })),
        };
        Some((iter, item))
    }

    /// Reports the names of a `for` loop's pattern that cannot stand for elements.
    pub(crate) fn loop_pattern(&mut self, iter: &Iter, pattern: &crate::check::tree::Pattern) {
        if matches!(iter, Iter::Chain(_)) && self.binds_hidden(pattern) {
            self.hidden_element(pattern.span);
        }
    }
}

fn no_value(span: Span) -> Diagnostic {
    Diagnostic::new("B0612", span, "an iterator is no value of its own here").help(
        "consume it at once: `.sum::<f64>()`, `.fold(..)`, `for x in ..`; an array is filled by a `for` loop",
    )
}

fn has_mutable(ty: &Ty) -> bool {
    match ty {
        Ty::Ref(mutable, inner) => *mutable || has_mutable(inner),
        Ty::Tuple(list) => list.iter().any(has_mutable),
        Ty::Option(inner) => has_mutable(inner),
        _ => false,
    }
}
