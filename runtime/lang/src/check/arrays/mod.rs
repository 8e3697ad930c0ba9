//! Arrays of a fixed length, local arrays, and what views of both have beyond an index: the
//! operations ([`ArrayOp`]) and the rules for them. Their translation is in
//! `lower/{arrays,array_views,slices,reduce}.rs`. Invariant: an operation's operands are all plain
//! expressions in order of evaluation, the receiver first, so that every walk over the tree
//! sees them; [`ArrayOp::receiver`] says how the first one is used.

mod fixed;
mod length;
mod made;
mod methods;
mod owned;
mod slice;

use crate::check::session::Session;
use crate::check::tree::{Body, Expr, Kind};
use crate::check::ty::{Ty, close};
use crate::diagnostic::{Diagnostic, Span};

pub(crate) use fixed::NAMES as ARRAY_METHODS;
pub(crate) use methods::NAMES as VIEW_METHODS;
pub(crate) use owned::late_element_type;

/// The largest array of a fixed length, in bytes.
const MAX_BYTES: u64 = 64 << 10;

/// What a slice takes of one axis; its numbers are operands, in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// All.
    All,
    /// One index, an `usize`.
    At,
    /// One index, which counts from the end where it is negative.
    Signed,
    /// A range; which of its numbers are given.
    Range {
        start: bool,
        end: bool,
        inclusive: bool,
        step: bool,
    },
}

impl Part {
    /// How many operands it has.
    pub(crate) fn operands(self) -> usize {
        match self {
            Part::All => 0,
            Part::At | Part::Signed => 1,
            Part::Range {
                start, end, step, ..
            } => usize::from(start) + usize::from(end) + usize::from(step),
        }
    }
}

/// What a new local array holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fill {
    /// Zeros.
    Zero,
    /// Ones.
    One,
    /// The last operand.
    Given,
}

/// What arrays do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ArrayOp {
    /// `[a, b]`.
    List,
    /// `[x; n]`; the type has the length.
    Repeat,
    /// `a.len()` of a fixed array.
    Length,
    /// `a.swap(i, j)` of a fixed array.
    Swap,
    /// `a.fill(x)` of a fixed array.
    Fill,
    /// `a.reverse()`.
    Reverse,
    /// `a.contains(&x)`.
    Contains,
    /// `a.get(i)` of a fixed array.
    Get,
    /// `a.first()`.
    First,
    /// `a.last()`.
    Last,
    /// A new local array: the lengths (or one tuple or array of them), then the value.
    Allocate(Fill),
    /// `arr1(&[..])`, `arr2(&[[..], ..])`: a local array of the elements of a fixed one.
    From,
    /// A copy of a view as a local array.
    ToOwned,
    /// The same view by another type: `view()`, `view_mut()`, `reborrow()`.
    As,
    /// A part of a view.
    Slice(Vec<Part>),
    /// `t()` and `reversed_axes()`.
    Reversed,
    /// `swap_axes(a, b)` of a variable.
    SwapAxes(u8, u8),
    /// `split_at(Axis(k), i)`.
    SplitAt(u8),
    /// `sum()`.
    Sum,
    /// `product()`.
    Product,
    /// `dot(&b)`.
    Dot,
    /// `mean()`.
    Mean,
    /// `fill(x)` of a view.
    FillView,
    /// `assign(&b)`.
    Assign,
    /// `scaled_add(x, &b)`.
    ScaledAdd,
    /// `swap(i, j)` of a view: both indices, one number for each axis.
    SwapElements,
    /// `get(i)` of a view.
    GetElement,
    /// `first()` of a view.
    FirstElement,
    /// `last()` of a view.
    LastElement,
    /// `std::mem::swap(&mut a, &mut b)`.
    Exchange,
}

/// How an operation uses its first operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Receiver {
    /// As a value: it is moved where its type is not copied.
    Value,
    /// It is only looked at, or written through.
    Place,
    /// It is a variable, or a part of one, that gets a new value.
    Written,
}

impl ArrayOp {
    /// How the first operand is used.
    pub(crate) fn receiver(&self) -> Receiver {
        match self {
            ArrayOp::List | ArrayOp::Repeat | ArrayOp::Allocate(_) | ArrayOp::SplitAt(_) => {
                Receiver::Value
            }
            ArrayOp::Swap
            | ArrayOp::Fill
            | ArrayOp::Reverse
            | ArrayOp::SwapAxes(..)
            | ArrayOp::Exchange => Receiver::Written,
            ArrayOp::Length
            | ArrayOp::Contains
            | ArrayOp::Get
            | ArrayOp::First
            | ArrayOp::Last
            | ArrayOp::From
            | ArrayOp::ToOwned
            | ArrayOp::As
            | ArrayOp::Slice(_)
            | ArrayOp::Reversed
            | ArrayOp::Sum
            | ArrayOp::Product
            | ArrayOp::Dot
            | ArrayOp::Mean
            | ArrayOp::FillView
            | ArrayOp::Assign
            | ArrayOp::ScaledAdd
            | ArrayOp::SwapElements
            | ArrayOp::GetElement
            | ArrayOp::FirstElement
            | ArrayOp::LastElement => Receiver::Place,
        }
    }

    /// Which operands are places that get new values.
    pub(crate) fn written<'e>(&self, operands: &'e [Expr]) -> &'e [Expr] {
        match (self, self.receiver()) {
            (ArrayOp::Exchange, _) => operands,
            (_, Receiver::Written) => operands.get(..1).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// Whether operand `n` is used as a place: it is read or written, not moved.
    pub(crate) fn is_place(&self, n: usize) -> bool {
        match self {
            ArrayOp::Exchange => true,
            ArrayOp::Dot | ArrayOp::Assign => n < 2,
            ArrayOp::ScaledAdd => n != 1,
            _ => n == 0 && self.receiver() != Receiver::Value,
        }
    }
}

/// The elements and axes of a view or local array.
pub(crate) fn array_parts(ty: &Ty) -> Option<(&Ty, u8)> {
    match ty {
        Ty::View { element, ndim, .. } | Ty::Owned { element, ndim } => Some((element, *ndim)),
        _ => None,
    }
}

/// How many bytes a value of this type has; a type parameter counts as eight.
fn bytes(ty: &Ty) -> u64 {
    match ty {
        Ty::Scalar(s) => s.dtype().size() as u64,
        Ty::Half(_) => 2,
        Ty::Tuple(members) => members
            .iter()
            .fold(0, |sum, m| u64::saturating_add(sum, bytes(m))),
        Ty::Array(inner, n) => bytes(inner).saturating_mul(u64::from(*n)),
        Ty::Option(inner) => bytes(inner).saturating_add(1),
        Ty::Complex(inner) => bytes(inner).saturating_mul(2),
        Ty::Never | Ty::Error => 0,
        _ => 8,
    }
}

/// What is wrong with an array type of known parts.
fn refused_array(element: &Ty, length: u32, shown: &str, span: Span) -> Option<Diagnostic> {
    match element {
        Ty::View { .. } | Ty::Owned { .. } | Ty::Ref(..) | Ty::Closure(_) => {
            return Some(
                Diagnostic::new(
                    "B0501",
                    span,
                    format!("an array of `{shown}` is not supported"),
                )
                .label("the elements of an array are numbers, tuples, structs and arrays")
                .help("give each view a variable of its own, or use one view with one more axis"),
            );
        }
        _ => {}
    }
    let size = bytes(element).saturating_mul(u64::from(length));
    (size > MAX_BYTES).then(|| {
        Diagnostic::new(
            "B0502",
            span,
            format!("an array of {size} bytes; the largest has {MAX_BYTES}"),
        )
        .label("too large for a value that is copied")
        .help("use a local array, which lives on the heap: `let mut a = Array1::<f64>::zeros(n);`")
    })
}

/// What to do instead of a second use of what was moved.
pub(crate) fn move_help(name: &str, ty: &Ty) -> String {
    match ty {
        Ty::Owned { .. } => {
            format!("pass a view, `{name}.view()`, or a copy, `{name}.clone()`")
        }
        _ => format!("pass `&mut {name}`, to a parameter of type `&mut ArrayViewMut..`"),
    }
}

/// What rustc does not do in a constant: comparisons of arrays and most of their methods.
pub(crate) fn is_no_constant(e: &Expr) -> bool {
    match &e.kind {
        Kind::Array(op, _) => !matches!(op, ArrayOp::List | ArrayOp::Repeat | ArrayOp::Length),
        Kind::Binary(_, a, _) => {
            let mut ty = &a.ty;
            while let Ty::Ref(_, inner) = ty {
                ty = inner;
            }
            matches!(ty, Ty::Array(..))
        }
        _ => false,
    }
}

/// An index that is known and outside of its array, as rustc's lint has it.
pub(crate) fn late_index(session: &mut Session<'_>, body: &Body, e: &Expr) {
    let Kind::Element(array, index) = &e.kind else {
        return;
    };
    let mut ty = close(&array.ty, &body.types);
    while let Ty::Ref(_, inner) = ty {
        ty = *inner;
    }
    let Ty::Array(_, length) = ty else {
        return;
    };
    let value = match &index.kind {
        Kind::Int(value) => *value,
        Kind::Const(_) => match session.evaluate(index, body).map(|v| v.kind) {
            Some(crate::ir::ExprKind::Const(bits)) => u128::from(bits),
            _ => return,
        },
        _ => return,
    };
    if value >= u128::from(length) && !body.constant {
        session.report(
            Diagnostic::new("B0274", e.span, "this operation will panic at runtime").label(
                format!("index out of bounds: the length is {length} but the index is {value}"),
            ),
        );
    }
}
