//! What arrays, views and structs do with their operands: which kinds borrow their receiver
//! and hand the loan on, which write to it, which move it. The loans themselves are made in
//! `build.rs`. Invariant: operands are evaluated in the order in which they are written.

use super::{Builder, Carried, Derived, carries, is_place};
use crate::check::arrays::{ArrayOp, Receiver};
use crate::check::borrow::graph::{Access, LoanKind, Part, Place};
use crate::check::tree::{Expr, Kind, Pattern};
use crate::check::ty::Ty;
use crate::diagnostic::Span;

impl Builder<'_, '_, '_> {
    /// An operation of an array or view.
    pub(super) fn array(&mut self, op: &ArrayOp, operands: &[Expr], e: &Expr) -> Carried {
        let Some((first, rest)) = operands.split_first() else {
            return Vec::new();
        };
        if op.receiver() == Receiver::Value || self.by_value(op, e) {
            let mut all = Vec::new();
            for operand in operands {
                all.extend(self.value(operand, false));
            }
            return self.made(&all, e);
        }
        match op {
            ArrayOp::As
            | ArrayOp::Slice(_)
            | ArrayOp::Reversed
            | ArrayOp::Get
            | ArrayOp::First
            | ArrayOp::Last
            | ArrayOp::GetElement
            | ArrayOp::FirstElement
            | ArrayOp::LastElement => {
                let lends = match self.ty(&e.ty) {
                    Ty::View { mutable: true, .. } => LoanKind::Mutable,
                    _ => LoanKind::Shared,
                };
                let how = Derived {
                    receiver: first,
                    arguments: rest.iter().collect(),
                    lends: Some(lends),
                };
                self.derive(&how, e.span)
            }
            ArrayOp::Exchange => {
                let mut held = Vec::new();
                for operand in operands {
                    held.extend(self.lent_receiver(operand, LoanKind::Mutable));
                }
                self.use_all(&held, e.span);
                Vec::new()
            }
            ArrayOp::Swap
            | ArrayOp::Fill
            | ArrayOp::Reverse
            | ArrayOp::SwapAxes(..)
            | ArrayOp::FillView
            | ArrayOp::Assign
            | ArrayOp::ScaledAdd
            | ArrayOp::SwapElements => {
                // The receiver is borrowed through `deref_mut`, or as a slice: at once.
                let mut held = self.lent_receiver(first, LoanKind::Mutable);
                for operand in rest {
                    held.extend(self.value(operand, false));
                }
                self.use_all(&held, e.span);
                Vec::new()
            }
            // The rest only looks at its receiver.
            _ => {
                let mut held = self.lent_receiver(first, LoanKind::Shared);
                for operand in rest {
                    held.extend(self.value(operand, false));
                }
                self.use_all(&held, e.span);
                Vec::new()
            }
        }
    }

    /// Whether `self` is taken by value, though the operation is one that may borrow.
    fn by_value(&self, op: &ArrayOp, e: &Expr) -> bool {
        let name = match op {
            ArrayOp::Reversed => "reversed_axes()",
            ArrayOp::As => "reborrow()",
            // The reference to the literal is written out.
            ArrayOp::From => return true,
            _ => return false,
        };
        let text = &self.session.source.text;
        let own = text.get(e.span.start as usize..e.span.end as usize);
        own.is_some_and(|own| own.ends_with(name))
    }

    /// What `e` makes of what its parts carry.
    pub(super) fn made(&mut self, carried: &Carried, e: &Expr) -> Carried {
        if carried.is_empty() || !carries(&self.ty(&e.ty)) {
            self.use_all(carried, e.span);
            return Vec::new();
        }
        let made = self.var();
        self.hand_on(carried, made, true, e.span);
        vec![made]
    }

    /// Lends a receiver, or what its value carries where it is no place.
    fn lent_receiver(&mut self, e: &Expr, kind: LoanKind) -> Carried {
        self.indices(e);
        match self.receiver(e) {
            Some(place) => self.lend(place, kind, e.span),
            None => self.value(e, false),
        }
    }

    /// The indices of elements on the way to a place.
    pub(super) fn indices(&mut self, e: &Expr) {
        match &e.kind {
            Kind::Member(inner, _) => self.indices(inner),
            Kind::Element(inner, index) => {
                self.indices(inner);
                if self.place(inner).is_some() {
                    self.operand(index);
                }
            }
            _ => {}
        }
    }

    /// `&mut place`: a loan. The second part is set where it counts later only.
    pub(super) fn borrowed(&mut self, place: &Expr, span: Span) -> (Carried, Option<Place>) {
        self.indices(place);
        if let Some(lent) = self.place(place) {
            if self.written_as_borrow(span) {
                return (self.lend(lent, LoanKind::Mutable, span), None);
            }
            let carried = self.lend(lent.clone(), LoanKind::Reserved, span);
            return (carried, Some(lent));
        }
        if let Some(held) = self.part_of_view(place, LoanKind::Mutable, true) {
            return (held, None);
        }
        let carried = self.value(place, false);
        let temporary = self.var();
        self.hand_on(&carried, temporary, true, span);
        self.temporary(temporary);
        let lent = self.lend(Place::of(temporary), LoanKind::Mutable, span);
        (lent, None)
    }

    /// A part of an element of a view: `a[i].re`. `None` where it is something else.
    pub(super) fn part_of_view(&mut self, e: &Expr, kind: LoanKind, kept: bool) -> Option<Carried> {
        let mut root = e;
        while let Kind::Member(inner, _) | Kind::Element(inner, _) = &root.kind {
            root = inner;
        }
        let Kind::Index(view, index) = &root.kind else {
            return None;
        };
        Some(self.indexed((view, index), e.span, kind, kept))
    }

    /// The value that patterns take apart: a place stays where it is unless a pattern moves
    /// out of it.
    pub(super) fn scrutinee<'p>(
        &mut self,
        e: &Expr,
        patterns: impl Iterator<Item = &'p Pattern>,
    ) -> Carried {
        let own = self.ty(&e.ty);
        if is_place(e)
            && !carries(&own)
            && !self.session.is_copy(&own)
            && let Some(place) = self.place(e)
        {
            self.indices(e);
            let mut moves = false;
            for pattern in patterns {
                pattern.bindings(&mut |local| {
                    let ty = self.ty(&self.body.locals[local].ty);
                    moves |= !self.session.is_copy(&ty);
                });
            }
            let access = if moves { Access::Move } else { Access::Read };
            self.access(place, access, e.span);
            return Vec::new();
        }
        self.value(e, false)
    }

    /// Whether reading a value of the type moves it.
    pub(super) fn moved(&self, ty: &Ty) -> bool {
        !matches!(ty, Ty::Ref(..) | Ty::Never | Ty::Error) && !self.session.is_copy(ty)
    }

    /// The parts of a place as far as a closure captures them.
    pub(super) fn captured_place(place: &Place, moves: bool) -> Place {
        let stop = |part: &Part| *part == Part::Element || moves && *part == Part::Deref;
        let end = place.parts.iter().position(stop);
        let parts = place.parts[..end.unwrap_or(place.parts.len())].to_vec();
        Place {
            var: place.var,
            parts,
        }
    }
}
