//! The sources of iterators: ranges, the elements and parts of views and arrays, `repeat` and
//! its like. Whether an expression is an iterator at all is read off its form: a chain of
//! methods that begins at a source.

use super::{Chain, ChainKind};
use crate::ast::{self, ExprKind};
use crate::check::calls::supplied;
use crate::check::function::{Check, Checker, Expect, Name};
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// The methods that make an iterator of a value.
const SOURCES: &[&str] = &[
    "iter",
    "iter_mut",
    "into_iter",
    "rows",
    "rows_mut",
    "columns",
    "columns_mut",
    "outer_iter",
    "outer_iter_mut",
    "axis_iter",
    "axis_iter_mut",
    "indexed_iter",
    "windows",
    "lanes",
];

/// The functions of `std::iter`.
const FUNCTIONS: &[&str] = &["repeat", "once", "zip", "successors", "from_fn", "empty"];

/// Whether the path means this function of `std::iter`.
fn function_of_iter(path: &ast::Path) -> Option<&str> {
    let names: Vec<&str> = path.segments.iter().map(|s| s.name.as_str()).collect();
    match names.as_slice() {
        ["std" | "core", "iter", name] | ["iter", name] if FUNCTIONS.contains(name) => Some(name),
        _ => None,
    }
}

/// Whether the expression is an iterator by its form.
pub(crate) fn is_iterator(e: &ast::Expr) -> bool {
    let mut e = e;
    loop {
        match &e.kind {
            ExprKind::Range { .. } => return true,
            ExprKind::Call(callee, _) => {
                return match &callee.kind {
                    ExprKind::Path(path) => {
                        function_of_iter(path).is_some()
                            || matches!(path.segments.as_slice(), [name] if name.name == "prange")
                    }
                    _ => false,
                };
            }
            ExprKind::Method {
                receiver, method, ..
            } => {
                let name = method.name.as_str();
                if SOURCES.contains(&name) {
                    return true;
                }
                if !super::adapter::ADAPTERS.contains(&name) {
                    return false;
                }
                e = receiver;
            }
            _ => return false,
        }
    }
}

impl<'a> Checker<'_, 'a> {
    pub(super) fn no_chain(&self, span: Span) -> Chain {
        Chain {
            item: Ty::Error,
            span,
            kind: ChainKind::Error,
            exact: true,
            double: true,
            producer: false,
        }
    }

    pub(super) fn fail_chain(&mut self, error: Diagnostic) -> Chain {
        let span = error.span;
        self.report(error);
        self.no_chain(span)
    }

    pub(super) fn checked_args(&mut self, args: &'a [ast::Expr]) {
        for arg in args {
            if !matches!(arg.kind, ExprKind::Closure { .. }) {
                self.expr(arg, &Expect::Nothing);
            }
        }
    }

    /// What can stand where `IntoIterator` is wanted: an iterator, a view, an array, or a
    /// reference to one.
    pub(crate) fn chain(&mut self, e: &'a ast::Expr) -> Chain {
        if is_iterator(e) {
            return self.iterator(e);
        }
        let value = match &e.kind {
            ExprKind::Path(path) if path.segments.len() == 1 => {
                match self.name(&path.segments[0].name) {
                    Some(Name::Local(_)) => self.place(e),
                    _ => self.expr(e, &Expect::Nothing),
                }
            }
            _ => self.expr(e, &Expect::Nothing),
        };
        self.collection(value, None, e.span)
    }

    /// An expression that is an iterator by its form.
    pub(super) fn iterator(&mut self, e: &'a ast::Expr) -> Chain {
        let span = e.span;
        match &e.kind {
            ExprKind::Range {
                start,
                end,
                inclusive,
            } => self.range_chain(start.as_deref(), end.as_deref(), *inclusive, span),
            ExprKind::Call(callee, args) => match &callee.kind {
                ExprKind::Path(path) => match function_of_iter(path) {
                    Some(name) => self.iter_function(name, args, span),
                    None => {
                        self.checked_args_of_prange(args);
                        self.fail_chain(
                            Diagnostic::new(
                                "B0601",
                                span,
                                "a parallel range is only possible in a `for` loop",
                            )
                            .help("write `for i in prange(0..n) { s += ..; }`: the loop reduces"),
                        )
                    }
                },
                _ => self.no_chain(span),
            },
            ExprKind::Method {
                receiver,
                method,
                type_args,
                args,
            } => {
                if !type_args.is_empty() {
                    self.report(Diagnostic::new(
                        "E0107",
                        method.span,
                        format!("method `{}` takes no type arguments here", method.name),
                    ));
                }
                if SOURCES.contains(&method.name.as_str()) && !is_iterator(receiver) {
                    self.source(receiver, method, args, span)
                } else {
                    self.adapter(receiver, method, args, span)
                }
            }
            _ => self.no_chain(span),
        }
    }

    fn checked_args_of_prange(&mut self, args: &'a [ast::Expr]) {
        for arg in args {
            if !matches!(arg.kind, ExprKind::Range { .. }) {
                self.expr(arg, &Expect::Nothing);
            }
        }
    }

    fn range_chain(
        &mut self,
        start: Option<&'a ast::Expr>,
        end: Option<&'a ast::Expr>,
        inclusive: bool,
        span: Span,
    ) -> Chain {
        let item = self.table.fresh(VarKind::General);
        let start = start.map(|e| self.demand(e, &item));
        let end = end.map(|e| self.demand(e, &item));
        let Some(start) = start else {
            return self.fail_chain(
                Diagnostic::new("E0277", span, "a range without a start is not an iterator")
                    .help("write `0..n`"),
            );
        };
        self.checks.push(Check::Step(item.clone(), span));
        let exact = match self.known(&item) {
            Ty::Scalar(s) if inclusive => s.bits() <= 16,
            Ty::Scalar(s) => s.bits() <= 32 || matches!(s, Scalar::Usize | Scalar::Isize),
            _ => true,
        };
        Chain {
            item,
            span,
            exact: exact && end.is_some(),
            double: end.is_some(),
            kind: ChainKind::Range(start, end, inclusive),
            producer: false,
        }
    }

    fn iter_function(&mut self, name: &str, args: &'a [ast::Expr], span: Span) -> Chain {
        let made = |item, kind, exact, double| Chain {
            item,
            span,
            kind,
            exact,
            double,
            producer: false,
        };
        match (name, args) {
            ("repeat" | "once", [arg]) => {
                let value = self.expr(arg, &Expect::Nothing);
                let item = value.ty.clone();
                if name == "once" {
                    made(item, ChainKind::Once(value), true, true)
                } else {
                    made(item, ChainKind::Repeat(value), false, true)
                }
            }
            ("zip", [a, b]) => {
                let (a, b) = (self.chain(a), self.chain(b));
                self.zipped(a, b, span)
            }
            ("successors", [first, next]) => {
                let item = self.table.fresh(VarKind::General);
                let option = Ty::Option(Box::new(item.clone()));
                let first = self.demand(first, &option);
                let next = self.closure(next, &[item.clone().reference(false)], Some(&option));
                made(item, ChainKind::Successors(first, next), false, false)
            }
            ("from_fn", [next]) => {
                let item = self.table.fresh(VarKind::General);
                let option = Ty::Option(Box::new(item.clone()));
                let next = self.closure(next, &[], Some(&option));
                made(item, ChainKind::FromFn(next), false, false)
            }
            _ => {
                self.checked_args(args);
                self.fail_chain(
                    Diagnostic::new(
                        "B0602",
                        span,
                        format!("`std::iter::{name}` cannot be used like this"),
                    )
                    .help("there are `repeat(x)`, `once(x)`, `zip(a, b)`, `successors(first, next)` and `from_fn(next)`"),
                )
            }
        }
    }

    /// `a.iter()` and so on.
    fn source(
        &mut self,
        receiver: &'a ast::Expr,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Chain {
        let value = self.place(receiver);
        let name = method.name.as_str();
        let wanted = usize::from(matches!(
            name,
            "axis_iter" | "axis_iter_mut" | "windows" | "lanes"
        ));
        if args.len() != wanted {
            self.checked_args(args);
            return self.fail_chain(Diagnostic::new(
                "E0061",
                span,
                supplied(&format!("method `{name}`"), wanted, args.len()),
            ));
        }
        match name {
            "iter" => self.collection(value, Some(false), span),
            "iter_mut" => self.collection(value, Some(true), span),
            "into_iter" => self.collection(value, None, span),
            _ => self.parts_of_view(value, name, args, method.span, span),
        }
    }

    /// The elements of what is iterated; `by` is whether `iter` (`false`) or `iter_mut` is
    /// written.
    fn collection(&mut self, value: Expr, by: Option<bool>, span: Span) -> Chain {
        let found = self.known(&value.ty);
        let reference = match &found {
            Ty::Ref(mutable, _) => Some(*mutable),
            _ => None,
        };
        let peeled = self.peeled(&found);
        let made = |item, kind, double| Chain {
            item,
            span,
            kind,
            exact: true,
            double,
            producer: false,
        };
        match peeled {
            Ty::Error => self.no_chain(span),
            Ty::View {
                element,
                ndim,
                mutable,
            } => {
                let writes = by.or(reference).unwrap_or(mutable);
                self.may_write(&value, writes, mutable, by.is_some(), span);
                let item = element.reference(writes && mutable);
                made(item, ChainKind::Elements(value), ndim == 1)
            }
            Ty::Owned { element, ndim } => {
                if by.is_none() && reference.is_none() {
                    return self.fail_chain(
                        Diagnostic::new("B0603", span, "a local array cannot be iterated by value")
                            .help("write `a.iter()`, or `&a`"),
                    );
                }
                let writes = by.or(reference).unwrap_or(false);
                self.may_write(&value, writes, true, by.is_some(), span);
                let item = element.reference(writes);
                made(item, ChainKind::Elements(value), ndim == 1)
            }
            Ty::Array(element, _) => match by.or(reference) {
                None => made(*element, ChainKind::Values(value), true),
                Some(false) => made(element.reference(false), ChainKind::Elements(value), true),
                Some(true) => self.fail_chain(
                    Diagnostic::new(
                        "B0604",
                        span,
                        "the elements of an array cannot be changed by an iterator",
                    )
                    .help("loop over the indices: `for i in 0..a.len() { a[i] = ..; }`"),
                ),
            },
            Ty::Option(_) => self.fail_chain(
                Diagnostic::new("B0605", span, "an `Option` cannot be iterated")
                    .help("write `if let Some(x) = ..`"),
            ),
            Ty::Var(v) if self.table.kind(v) == VarKind::General => {
                let place = value.span;
                self.ambiguous(place, "what is iterated");
                self.no_chain(span)
            }
            other => {
                let shown = self.show(&other);
                self.fail_chain(
                    Diagnostic::new("E0277", span, format!("`{shown}` is not an iterator"))
                        .label("a `for` loop goes through a range, an array or an iterator")
                        .help("write `0..n` or `a.iter()`"),
                )
            }
        }
    }

    fn may_write(&mut self, value: &Expr, writes: bool, mutable: bool, method: bool, span: Span) {
        if !writes {
            return;
        }
        if !mutable {
            let shown = self.show(&value.ty);
            self.report(
                Diagnostic::new(
                    "E0596",
                    span,
                    format!("the elements of `{shown}` cannot be borrowed as mutable"),
                )
                .help("make it an `ArrayViewMut`"),
            );
        } else if method && let Kind::Local(local) = value.kind {
            self.borrow_mutably(local, span);
        }
    }

    fn parts_of_view(
        &mut self,
        value: Expr,
        name: &str,
        args: &'a [ast::Expr],
        method: Span,
        span: Span,
    ) -> Chain {
        let found = self.known(&value.ty);
        let (element, ndim, mutable) = match self.peeled(&found) {
            Ty::View {
                element,
                ndim,
                mutable,
            } => (element, ndim, mutable),
            Ty::Owned { element, ndim } => (element, ndim, true),
            Ty::Error => {
                self.checked_args(args);
                return self.no_chain(span);
            }
            other => {
                self.checked_args(args);
                let shown = self.show(&other);
                return self.fail_chain(
                    Diagnostic::new(
                        "E0599",
                        method,
                        format!("no method named `{name}` found for type `{shown}`"),
                    )
                    .label("only array views have it"),
                );
            }
        };
        let writes = name.ends_with("_mut");
        self.may_write(&value, writes, mutable, true, span);
        let part = |ndim: u8| Ty::View {
            element: element.clone(),
            ndim,
            mutable: writes,
        };
        let made = |item, kind, exact, double, producer| Chain {
            item,
            span,
            kind,
            exact,
            double,
            producer,
        };
        match name {
            "rows" | "rows_mut" | "columns" | "columns_mut" if ndim == 2 => {
                let axis = u8::from(name.starts_with("columns"));
                made(part(1), ChainKind::Views(value, axis), true, true, true)
            }
            "outer_iter" | "outer_iter_mut" if ndim > 0 => made(
                part(ndim - 1),
                ChainKind::Views(value, 0),
                true,
                true,
                false,
            ),
            "axis_iter" | "axis_iter_mut" if ndim > 0 => match self.constant_axis(args, ndim) {
                Some(axis) => made(
                    part(ndim - 1),
                    ChainKind::Views(value, axis),
                    true,
                    true,
                    false,
                ),
                None => self.fail_chain(
                    Diagnostic::new(
                        "B0606",
                        span,
                        format!("`{name}` needs an axis that is written out and below {ndim}"),
                    )
                    .help("write `a.axis_iter(Axis(0))`"),
                ),
            },
            "indexed_iter" => {
                let index = if ndim == 1 {
                    Ty::USIZE
                } else {
                    Ty::Tuple(vec![Ty::USIZE; usize::from(ndim)])
                };
                let item = Ty::Tuple(vec![index, element.clone().reference(false)]);
                made(item, ChainKind::Indexed(value), true, false, false)
            }
            "windows" if ndim == 1 => match args {
                [size] => {
                    let size = self.demand(size, &Ty::USIZE);
                    made(part(1), ChainKind::Windows(value, size), false, false, true)
                }
                _ => self.no_chain(span),
            },
            _ => {
                self.checked_args(if name == "lanes" { &[] } else { args });
                self.fail_chain(
                    Diagnostic::new(
                        "B0607",
                        method,
                        format!("`{name}` is not supported on a view of {ndim} dimensions"),
                    )
                    .help("use `axis_iter(Axis(k))`, or loop over the indices"),
                )
            }
        }
    }

    fn constant_axis(&mut self, args: &'a [ast::Expr], ndim: u8) -> Option<u8> {
        let [arg] = args else {
            return None;
        };
        if let ExprKind::Call(callee, inner) = &arg.kind
            && let ExprKind::Path(path) = &callee.kind
            && path.segments.last().is_some_and(|s| s.name == "Axis")
            && let [axis] = inner.as_slice()
            && let ExprKind::Int(axis, None | Some(Scalar::Usize)) = axis.kind
        {
            return u8::try_from(axis).ok().filter(|axis| *axis < ndim);
        }
        None
    }
}
