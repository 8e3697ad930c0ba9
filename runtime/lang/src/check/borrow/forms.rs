//! What the form or type of an expression says by itself: how many references stand around
//! it, whether it is a place, whether it is a constant. Nothing here adds to the graph.

use crate::ast::BinaryOp;
use crate::check::arrays::ArrayOp;
use crate::check::tree::{Expr, Kind, LocalIndex};
use crate::check::ty::Ty;

/// How many references stand around the type.
pub(super) fn depth(ty: &Ty) -> usize {
    let (mut ty, mut depth) = (ty, 0);
    while let Ty::Ref(_, inner) = ty {
        (ty, depth) = (inner, depth + 1);
    }
    depth
}

pub(super) fn peeled(ty: &Ty) -> &Ty {
    match ty {
        Ty::Ref(_, inner) => peeled(inner),
        ty => ty,
    }
}

/// Whether values of the type may hold references.
pub(super) fn carries(ty: &Ty) -> bool {
    match ty {
        Ty::Ref(..) | Ty::View { .. } | Ty::Closure(_) => true,
        Ty::Tuple(members) => members.iter().any(carries),
        Ty::Option(inner) | Ty::Array(inner, _) => carries(inner),
        _ => false,
    }
}

/// Whether rustc makes a reference to this value one to a constant of the program.
pub(super) fn promoted(e: &Expr) -> bool {
    match &e.kind {
        Kind::Int(_)
        | Kind::Float(_)
        | Kind::Bool(_)
        | Kind::Const(_)
        | Kind::Variant(..)
        | Kind::AssociatedConst(..)
        | Kind::Associated(..) => true,
        Kind::Array(ArrayOp::List | ArrayOp::Repeat, list) => list.iter().all(promoted),
        Kind::Neg(a) | Kind::Not(a) | Kind::Cast(a) => promoted(a),
        Kind::Binary(op, a, b) => {
            !matches!(op, BinaryOp::Div | BinaryOp::Rem) && promoted(a) && promoted(b)
        }
        Kind::Tuple(list) => list.iter().all(promoted),
        _ => false,
    }
}

/// Whether the expression is a constant or static, or a part of one.
pub(super) fn lasting(e: &Expr) -> bool {
    match &e.kind {
        Kind::Global(_) | Kind::Error => true,
        Kind::Member(inner, _) | Kind::Element(inner, _) => lasting(inner),
        _ => promoted(e),
    }
}

/// Whether the expression names a place.
pub(super) fn is_place(e: &Expr) -> bool {
    matches!(
        e.kind,
        Kind::Local(_) | Kind::Member(..) | Kind::Index(..) | Kind::Element(..)
    )
}

/// Whether the expression certainly writes nothing.
pub(super) fn calm(e: &Expr) -> bool {
    let own = matches!(
        e.kind,
        Kind::Int(_)
            | Kind::Local(_)
            | Kind::Member(..)
            | Kind::Const(_)
            | Kind::Associated(..)
            | Kind::Neg(_)
            | Kind::Not(_)
            | Kind::Binary(..)
            | Kind::Cast(_)
            | Kind::Method(..)
            | Kind::Index(..)
            | Kind::Element(..)
            | Kind::Dim(..)
            | Kind::Len(_)
            | Kind::Tuple(_)
    );
    let mut all = own;
    if own {
        e.each(&mut |part| all &= calm(part));
    }
    all
}

/// Whether the variable stands in the expression.
pub(super) fn mentions(e: &Expr, local: LocalIndex) -> bool {
    let mut found = matches!(e.kind, Kind::Local(l) if l == local);
    e.each(&mut |part| found |= mentions(part, local));
    found
}
