//! Iterator chains: sources and adapters, as the typed tree has them. `source.rs` and
//! `adapter.rs` check how a chain is made, `consume.rs` what ends it; a chain is no value, it
//! becomes loops (`lower/iter`). Invariant: a [`Chain`] is consumed in the expression that
//! makes it.

mod adapter;
mod consume;
mod source;

use crate::check::tree::{Closure, Expr, LocalIndex};
use crate::check::ty::Ty;
use crate::diagnostic::Span;

pub(crate) use consume::{Compare, Consume, How, Waiting};

/// An iterator.
#[derive(Debug)]
pub(crate) struct Chain {
    /// What it yields.
    pub(crate) item: Ty,
    pub(crate) span: Span,
    pub(crate) kind: ChainKind,
    /// `ExactSizeIterator`.
    pub(crate) exact: bool,
    /// `DoubleEndedIterator`.
    pub(crate) double: bool,
    /// ndarray's `Lanes` and `Windows`, which are no iterators before `into_iter`.
    pub(crate) producer: bool,
}

/// What an iterator does.
#[derive(Debug)]
pub(crate) enum ChainKind {
    /// Already reported.
    Error,
    /// `start..end`; `None` for `start..`.
    Range(Expr, Option<Expr>, bool),
    /// The elements of a view in C order, or of an array, by reference.
    Elements(Expr),
    /// The elements of an array by value.
    Values(Expr),
    /// `indexed_iter`.
    Indexed(Expr),
    /// The parts of a view at each index of an axis.
    Views(Expr, u8),
    /// `windows(n)` of a view of one axis.
    Windows(Expr, Expr),
    /// `repeat`.
    Repeat(Expr),
    /// `once`.
    Once(Expr),
    /// `successors`.
    Successors(Expr, Closure),
    /// `from_fn`.
    FromFn(Closure),
    /// An adapter with a closure.
    With(With, Box<Chain>, Closure),
    /// `zip`.
    Zip(Box<Chain>, Box<Chain>),
    /// `chain`.
    Chain(Box<Chain>, Box<Chain>),
    /// `enumerate`.
    Enumerate(Box<Chain>),
    /// `rev`.
    Rev(Box<Chain>),
    /// `copied` and `cloned`.
    Copied(Box<Chain>),
    /// `step_by`.
    StepBy(Box<Chain>, Expr, Span),
    /// `take`.
    Take(Box<Chain>, Expr),
    /// `skip`.
    Skip(Box<Chain>, Expr),
}

/// An adapter with a closure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum With {
    Map,
    Filter,
    FilterMap,
    TakeWhile,
    SkipWhile,
    MapWhile,
    Inspect,
}

impl Chain {
    /// Calls `f` on every direct subexpression, the closures' bodies last.
    pub(crate) fn each(&self, f: &mut dyn FnMut(&Expr)) {
        self.values(f);
        for closure in self.closures() {
            f(&closure.body);
        }
    }

    /// Calls `f` on every expression but the closures', in order.
    pub(crate) fn values(&self, f: &mut dyn FnMut(&Expr)) {
        match &self.kind {
            ChainKind::Error | ChainKind::FromFn(_) => {}
            ChainKind::Range(start, end, _) => {
                f(start);
                end.iter().for_each(|e| f(e));
            }
            ChainKind::Elements(e)
            | ChainKind::Values(e)
            | ChainKind::Indexed(e)
            | ChainKind::Views(e, _)
            | ChainKind::Repeat(e)
            | ChainKind::Once(e)
            | ChainKind::Successors(e, _) => f(e),
            ChainKind::Windows(e, n) => {
                f(e);
                f(n);
            }
            ChainKind::Zip(a, b) | ChainKind::Chain(a, b) => {
                a.values(f);
                b.values(f);
            }
            ChainKind::With(_, inner, _)
            | ChainKind::Enumerate(inner)
            | ChainKind::Rev(inner)
            | ChainKind::Copied(inner) => inner.values(f),
            ChainKind::StepBy(inner, n, _)
            | ChainKind::Take(inner, n)
            | ChainKind::Skip(inner, n) => {
                inner.values(f);
                f(n);
            }
        }
    }

    /// The closures, in order.
    pub(crate) fn closures(&self) -> Vec<&Closure> {
        let mut list = Vec::new();
        self.add_closures(&mut list);
        list
    }

    fn add_closures<'c>(&'c self, list: &mut Vec<&'c Closure>) {
        match &self.kind {
            ChainKind::Successors(_, c) | ChainKind::FromFn(c) => list.push(c),
            ChainKind::With(_, inner, c) => {
                inner.add_closures(list);
                list.push(c);
            }
            ChainKind::Zip(a, b) | ChainKind::Chain(a, b) => {
                a.add_closures(list);
                b.add_closures(list);
            }
            ChainKind::Enumerate(inner)
            | ChainKind::Rev(inner)
            | ChainKind::Copied(inner)
            | ChainKind::StepBy(inner, ..)
            | ChainKind::Take(inner, _)
            | ChainKind::Skip(inner, _) => inner.add_closures(list),
            _ => {}
        }
    }

    /// Calls `f` with the range of locals that each closure declares.
    pub(crate) fn declared(&self, f: &mut dyn FnMut(std::ops::Range<LocalIndex>)) {
        for closure in self.closures() {
            f(closure.locals.clone());
        }
    }
}
