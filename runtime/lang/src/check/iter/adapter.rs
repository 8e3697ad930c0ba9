//! The adapters of iterators, and which of them std allows where: `rev` wants both ends,
//! `enumerate().rev()` an exact length too.

use super::{Chain, ChainKind, With};
use crate::ast;
use crate::check::calls::supplied;
use crate::check::function::Checker;
use crate::check::tree::{Closure, Kind, Pattern, PatternKind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};

/// The adapters by name, those that are refused too.
pub(super) const ADAPTERS: &[&str] = &[
    "map",
    "filter",
    "filter_map",
    "take_while",
    "skip_while",
    "map_while",
    "inspect",
    "zip",
    "chain",
    "enumerate",
    "rev",
    "copied",
    "cloned",
    "step_by",
    "take",
    "skip",
    "by_ref",
    "peekable",
    "cycle",
    "flat_map",
    "flatten",
    "scan",
    "fuse",
];

impl<'a> Checker<'_, 'a> {
    pub(super) fn adapter(
        &mut self,
        receiver: &'a ast::Expr,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Chain {
        let inner = self.iterator(receiver);
        let name = method.name.as_str();
        if inner.producer && name != "into_iter" {
            self.report(
                Diagnostic::new(
                    "E0599",
                    method.span,
                    format!("no method named `{name}` found: this is not an iterator yet"),
                )
                .help(format!("write `.into_iter().{name}(..)`")),
            );
        }
        let wanted = match name {
            "enumerate" | "rev" | "copied" | "cloned" | "by_ref" | "peekable" | "cycle"
            | "flatten" | "fuse" | "iter" | "iter_mut" | "into_iter" => 0,
            "scan" => 2,
            _ => 1,
        };
        if args.len() != wanted {
            self.checked_args(args);
            return self.fail_chain(Diagnostic::new(
                "E0061",
                span,
                supplied(&format!("method `{name}`"), wanted, args.len()),
            ));
        }
        let item = inner.item.clone();
        match (name, args) {
            ("into_iter", _) => Chain {
                producer: false,
                span,
                ..inner
            },
            (
                "map" | "filter" | "filter_map" | "take_while" | "skip_while" | "map_while"
                | "inspect",
                [arg],
            ) => self.with(name, inner, arg, span),
            ("zip", [other]) => {
                let other = self.chain(other);
                self.zipped(inner, other, span)
            }
            ("chain", [other]) => {
                let other = self.chain(other);
                if !self.table.unify(&item, &other.item) {
                    let (wanted, found) = (self.show(&item), self.show(&other.item));
                    self.report(
                        Diagnostic::new("E0271", other.span, "type mismatch in `chain`")
                            .label(format!("expected items `{wanted}`, found `{found}`")),
                    );
                }
                Chain {
                    exact: false,
                    double: inner.double && other.double,
                    kind: ChainKind::Chain(Box::new(inner), Box::new(other)),
                    item,
                    span,
                    producer: false,
                }
            }
            ("enumerate", _) => Chain {
                item: Ty::Tuple(vec![Ty::USIZE, item]),
                span,
                exact: inner.exact,
                double: inner.double && inner.exact,
                kind: ChainKind::Enumerate(Box::new(inner)),
                producer: false,
            },
            ("rev", _) => {
                if !inner.double {
                    return self.fail_chain(
                        Diagnostic::new(
                            "E0277",
                            method.span,
                            "this iterator cannot go backwards",
                        )
                        .label("`rev` needs an iterator with two ends")
                        .help("`rev` goes directly on a range or view; after `enumerate`, `zip`, `take` and `skip` it also needs an exact length, which `filter` and the like do not have"),
                    );
                }
                Chain {
                    exact: inner.exact,
                    kind: ChainKind::Rev(Box::new(inner)),
                    item,
                    span,
                    double: true,
                    producer: false,
                }
            }
            ("copied" | "cloned", _) => {
                let behind = match self.known(&item) {
                    Ty::Ref(false, behind) => *behind,
                    Ty::Error => Ty::Error,
                    other => {
                        let shown = self.show(&other);
                        return self.fail_chain(
                            Diagnostic::new(
                                "E0271",
                                method.span,
                                format!(
                                    "`{name}` needs items that are references, found `{shown}`"
                                ),
                            )
                            .help("leave it out"),
                        );
                    }
                };
                Chain {
                    exact: inner.exact,
                    double: inner.double,
                    kind: ChainKind::Copied(Box::new(inner)),
                    item: behind,
                    span,
                    producer: false,
                }
            }
            ("step_by" | "take" | "skip", [arg]) => {
                let count = self.demand(arg, &Ty::USIZE);
                if name == "step_by" && matches!(count.kind, Kind::Error) {
                    return self.no_chain(span);
                }
                let endless = matches!(inner.kind, ChainKind::Repeat(_));
                let exact = inner.exact || (name == "take" && endless);
                let double = inner.double && exact;
                let inner = Box::new(inner);
                Chain {
                    kind: match name {
                        "step_by" => ChainKind::StepBy(inner, count, method.span),
                        "take" => ChainKind::Take(inner, count),
                        _ => ChainKind::Skip(inner, count),
                    },
                    item,
                    span,
                    exact,
                    double,
                    producer: false,
                }
            }
            _ => {
                self.checked_args(args);
                let help = match name {
                    "by_ref" | "peekable" => "write a loop over the indices",
                    "cycle" => "index with a remainder: `a[i % a.len()]`",
                    "flat_map" | "flatten" => "write nested `for` loops",
                    "scan" => {
                        "write a `for` loop with a variable, or `map` with a closure that changes one"
                    }
                    _ => "write a `for` loop",
                };
                self.fail_chain(
                    Diagnostic::new(
                        "B0608",
                        method.span,
                        format!("the adapter `{name}` is not in the kernel language"),
                    )
                    .help(help),
                )
            }
        }
    }

    pub(super) fn zipped(&mut self, a: Chain, b: Chain, span: Span) -> Chain {
        if !pullable(&b) {
            self.report(
                Diagnostic::new(
                    "B0609",
                    b.span,
                    "this iterator cannot stand on the right side of `zip`",
                )
                .help("put it on the left side, or write a loop"),
            );
        }
        Chain {
            item: Ty::Tuple(vec![a.item.clone(), b.item.clone()]),
            span,
            exact: a.exact && b.exact,
            double: a.exact && b.exact && a.double && b.double,
            kind: ChainKind::Zip(Box::new(a), Box::new(b)),
            producer: false,
        }
    }

    fn with(&mut self, name: &str, inner: Chain, arg: &'a ast::Expr, span: Span) -> Chain {
        let item = inner.item.clone();
        let by_reference = [item.clone().reference(false)];
        let option = |c: &mut Self| {
            let value = c.table.fresh(VarKind::General);
            (Ty::Option(Box::new(value.clone())), value)
        };
        let (with, closure, item) = match name {
            "map" => {
                let closure = self.closure(arg, std::slice::from_ref(&item), None);
                let result = closure.result.clone();
                (With::Map, closure, result)
            }
            "filter_map" | "map_while" => {
                let (wanted, value) = option(self);
                let closure = self.closure(arg, std::slice::from_ref(&item), Some(&wanted));
                let with = match name {
                    "filter_map" => With::FilterMap,
                    _ => With::MapWhile,
                };
                (with, closure, value)
            }
            "inspect" => {
                let closure = self.closure(arg, &by_reference, Some(&Ty::UNIT));
                (With::Inspect, closure, item)
            }
            _ => {
                let closure = self.closure(arg, &by_reference, Some(&Ty::BOOL));
                let with = match name {
                    "filter" => With::Filter,
                    "take_while" => With::TakeWhile,
                    _ => With::SkipWhile,
                };
                (with, closure, item)
            }
        };
        self.elements_bound(&closure);
        let (exact, double) = match with {
            With::Map | With::Inspect => (inner.exact, inner.double),
            With::Filter | With::FilterMap => (false, inner.double),
            With::TakeWhile | With::SkipWhile | With::MapWhile => (false, false),
        };
        Chain {
            item,
            span,
            kind: ChainKind::With(with, Box::new(inner), closure),
            exact,
            double,
            producer: false,
        }
    }

    /// Demands that elements that can be written are bound by names of their own.
    pub(crate) fn elements_bound(&mut self, closure: &Closure) {
        let params: Vec<(Span, bool)> = closure
            .params
            .iter()
            .map(|p| (p.span, self.binds_hidden(p)))
            .collect();
        let result = self.table.resolve(&closure.result);
        if writable(&result) {
            self.report(
                Diagnostic::new(
                    "B0610",
                    closure.body.span,
                    "a closure cannot give a mutable reference to an element",
                )
                .help("change the element inside of the closure"),
            );
        }
        for (span, hidden) in params {
            if hidden {
                self.hidden_element(span);
            }
        }
    }

    pub(super) fn hidden_element(&mut self, span: Span) {
        self.report(
            Diagnostic::new(
                "B0611",
                span,
                "an element that can be written must have a name of its own",
            )
            .help("take the tuple apart: `(i, x)`"),
        );
    }

    /// Whether a name stands for more than one element that can be written.
    pub(super) fn binds_hidden(&self, pattern: &Pattern) -> bool {
        match &pattern.kind {
            PatternKind::Binding(local, inner) => {
                let ty = self.table.resolve(&self.locals[*local].ty);
                let plain = matches!(&ty, Ty::Ref(true, inner) if !writable(inner));
                writable(&ty) && (!plain || inner.is_some())
            }
            PatternKind::Tuple(list) => list.iter().any(|p| self.binds_hidden(p)),
            _ => false,
        }
    }
}

/// Whether a mutable reference to an element is in the type.
fn writable(ty: &Ty) -> bool {
    match ty {
        Ty::Ref(true, inner) => !matches!(**inner, Ty::View { .. } | Ty::Owned { .. }),
        Ty::Ref(false, inner) | Ty::Option(inner) => writable(inner),
        Ty::Tuple(list) => list.iter().any(writable),
        _ => false,
    }
}

/// Whether items can be taken out one at a time, beside another iterator's.
fn pullable(chain: &Chain) -> bool {
    match &chain.kind {
        ChainKind::With(With::Map | With::Inspect, inner, _)
        | ChainKind::Enumerate(inner)
        | ChainKind::Copied(inner)
        | ChainKind::Take(inner, _) => pullable(inner),
        ChainKind::Zip(a, b) => pullable(a) && pullable(b),
        ChainKind::Rev(inner) | ChainKind::Skip(inner, _) | ChainKind::StepBy(inner, ..) => {
            sized(inner)
        }
        ChainKind::With(..)
        | ChainKind::Chain(..)
        | ChainKind::Successors(..)
        | ChainKind::FromFn(_) => false,
        _ => true,
    }
}

/// Whether the item of a number is known without those before it.
fn sized(chain: &Chain) -> bool {
    match &chain.kind {
        ChainKind::With(With::Map, inner, _) => sized(inner),
        ChainKind::Enumerate(inner)
        | ChainKind::Copied(inner)
        | ChainKind::Rev(inner)
        | ChainKind::Take(inner, _)
        | ChainKind::Skip(inner, _)
        | ChainKind::StepBy(inner, ..) => sized(inner),
        ChainKind::Zip(a, b) => sized(a) && sized(b),
        ChainKind::With(..)
        | ChainKind::Chain(..)
        | ChainKind::Successors(..)
        | ChainKind::FromFn(_) => false,
        _ => true,
    }
}
