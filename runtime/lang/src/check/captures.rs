//! What a closure captures: the variables of the code around that it reads or changes, found
//! in its checked body. Not whether it may: that is decided with the flow (`flow.rs`).

use crate::check::arrays::ArrayOp;
use crate::check::tree::{Closure, Expr, Kind, LocalIndex};
use crate::check::ty::Ty;
use crate::diagnostic::Span;

/// The captured variables, each with a place where it is used.
#[derive(Debug, Default)]
pub(crate) struct Captures {
    /// All of them, in order of first appearance.
    pub(crate) all: Vec<(LocalIndex, Span)>,
    /// Those that are changed, or whose elements are.
    pub(crate) changed: Vec<(LocalIndex, Span)>,
}

impl Captures {
    /// Those of this closure.
    pub(crate) fn of(closure: &Closure) -> Captures {
        let mut captures = Captures::default();
        captures.expr(&closure.body, closure);
        captures
    }

    fn add(list: &mut Vec<(LocalIndex, Span)>, local: LocalIndex, span: Span) {
        if !list.iter().any(|(known, _)| *known == local) {
            list.push((local, span));
        }
    }

    fn expr(&mut self, e: &Expr, closure: &Closure) {
        match &e.kind {
            Kind::Local(local) if !closure.locals.contains(local) => {
                Self::add(&mut self.all, *local, e.span);
                if matches!(e.ty, Ty::Ref(true, _)) {
                    Self::add(&mut self.changed, *local, e.span);
                }
            }
            Kind::Assign(place, _) | Kind::Compound(_, place, _, _) => {
                self.written(place, closure);
            }
            Kind::CallClosure(callee, _, true) => self.written(callee, closure),
            Kind::Borrow(place) => self.written(place, closure),
            Kind::Array(op, operands) => {
                let writes = matches!(
                    op,
                    ArrayOp::FillView
                        | ArrayOp::Assign
                        | ArrayOp::ScaledAdd
                        | ArrayOp::SwapElements
                );
                let lends = matches!(e.ty, Ty::View { mutable: true, .. }) && op.is_place(0);
                let first = operands.len().min(usize::from(writes || lends));
                for place in op.written(operands).iter().chain(&operands[..first]) {
                    self.written(place, closure);
                }
            }
            _ => {}
        }
        e.each(&mut |inner| self.expr(inner, closure));
    }

    fn written(&mut self, place: &Expr, closure: &Closure) {
        let mut root = place;
        while let Kind::Member(inner, _) | Kind::Index(inner, _) | Kind::Element(inner, _) =
            &root.kind
        {
            root = inner;
        }
        if let Kind::Local(local) = root.kind
            && !closure.locals.contains(&local)
        {
            Self::add(&mut self.changed, local, place.span);
        }
    }
}
