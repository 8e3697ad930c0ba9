//! One item at a time: the right side of a `zip` whose left side makes the loop. The state is
//! in locals that the loop changes. Invariant: what is pulled can be pulled without a loop of
//! its own; the checker has refused the rest.

use super::drive::{step, usize_local};
use super::{Prep, branch, leave, word};
use crate::check::iter::With;
use crate::check::lower::expr::dim;
use crate::check::lower::matching::Subject;
use crate::check::lower::{Lower, build};
use crate::check::tree::Closure;
use crate::ir::{self, BinaryOp, LocalId, LoopId, Scalar, Statement, Type};

/// An iterator's state.
pub(super) enum Puller<'p, 'x> {
    /// The next number and the length.
    Counted(&'p Prep<'x>, LocalId, ir::Expr),
    /// The next index of each axis of a view, and how many elements are left.
    Elements(&'p Prep<'x>, Vec<LocalId>, LocalId),
    Mapped(With, Box<Puller<'p, 'x>>, &'x Closure),
    Numbered(Box<Puller<'p, 'x>>, LocalId),
    Limited(Box<Puller<'p, 'x>>, LocalId),
    Pair(Box<Puller<'p, 'x>>, Box<Puller<'p, 'x>>),
}

impl<'x> Lower<'x, '_> {
    /// The state of an iterator before its first item.
    pub(super) fn puller<'p>(
        &mut self,
        p: &'p Prep<'x>,
        out: &mut Vec<Statement>,
    ) -> Puller<'p, 'x> {
        let count = |l: &mut Self, first, out: &mut Vec<Statement>| {
            let id = l.b.local("", Type::Scalar(Scalar::Usize));
            out.push(build::assign(id, first));
            id
        };
        match p {
            Prep::Elements { ty, .. } if ty.ndim > 1 => {
                let left = self.length(p, out);
                let left = count(self, left, out);
                let index = (0..ty.ndim).map(|_| count(self, word(0), out)).collect();
                Puller::Elements(p, index, left)
            }
            Prep::With(with @ (With::Map | With::Inspect), inner, closure) => {
                Puller::Mapped(*with, Box::new(self.puller(inner, out)), closure)
            }
            Prep::Enumerate(inner) => {
                let inner = self.puller(inner, out);
                Puller::Numbered(Box::new(inner), count(self, word(0), out))
            }
            Prep::Take(inner, n) => {
                let inner = self.puller(inner, out);
                Puller::Limited(Box::new(inner), count(self, n.clone(), out))
            }
            Prep::Zip(a, b) => {
                let first = self.puller(a, out);
                Puller::Pair(Box::new(first), Box::new(self.puller(b, out)))
            }
            _ => {
                let length = self.length(p, out);
                let next = count(self, word(0), out);
                Puller::Counted(p, next, length)
            }
        }
    }

    /// The next item; leaves `exhausted` where there is none.
    pub(super) fn pull(
        &mut self,
        puller: &mut Puller<'_, 'x>,
        exhausted: LoopId,
        out: &mut Vec<Statement>,
    ) -> Subject {
        match puller {
            Puller::Counted(p, next, length) => {
                let more = build::compare(BinaryOp::Lt, usize_local(*next), length.clone());
                out.push(branch(more, Vec::new(), vec![leave(exhausted)]));
                let k = self.keep(usize_local(*next), out);
                out.push(step(*next, BinaryOp::Add));
                self.item(p, k, out)
            }
            Puller::Elements(p, index, left) => {
                let Prep::Elements { view, .. } = p else {
                    return Subject::Value(build::unit());
                };
                let more = build::compare(BinaryOp::Ne, usize_local(*left), word(0));
                out.push(branch(more, Vec::new(), vec![leave(exhausted)]));
                out.push(step(*left, BinaryOp::Sub));
                let mut here = Vec::new();
                for next in index.iter() {
                    let id = self.b.local("", Type::Scalar(Scalar::Usize));
                    out.push(build::assign(id, usize_local(*next)));
                    here.push(id);
                }
                // The innermost axis goes on; one that is at its end starts again, and the next
                // outer one goes on.
                let mut advance: Vec<Statement> = Vec::new();
                for (axis, next) in index.iter().enumerate() {
                    let mut own = vec![step(*next, BinaryOp::Add)];
                    if axis > 0 {
                        let length = dim(*view, axis as u8);
                        let over = build::compare(BinaryOp::Ge, usize_local(*next), length);
                        let mut again = vec![build::assign(*next, word(0))];
                        again.append(&mut advance);
                        own.push(branch(over, again, Vec::new()));
                    }
                    advance = own;
                }
                out.append(&mut advance);
                self.element(p, here, out)
            }
            Puller::Mapped(with, inner, closure) => {
                let item = self.pull(inner, exhausted, out);
                self.mapped(*with, closure, item, out)
            }
            Puller::Numbered(inner, count) => {
                let item = self.pull(inner, exhausted, out);
                let number = self.keep(usize_local(*count), out);
                out.push(step(*count, BinaryOp::Add));
                Subject::Parts(vec![Subject::Value(number), item])
            }
            Puller::Limited(inner, left) => {
                let more = build::compare(BinaryOp::Ne, usize_local(*left), word(0));
                out.push(branch(more, Vec::new(), vec![leave(exhausted)]));
                out.push(step(*left, BinaryOp::Sub));
                self.pull(inner, exhausted, out)
            }
            Puller::Pair(a, b) => {
                let first = self.pull(a, exhausted, out);
                Subject::Parts(vec![first, self.pull(b, exhausted, out)])
            }
        }
    }
}
