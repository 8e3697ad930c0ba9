//! NumPy's broadcasting of loop shapes. Core dimensions never broadcast; they are matched
//! in `gufunc`.
//!
//! Invariant: every length of the result is 1 or that of an operand, and an operand's axis
//! of another length is 1 and gets stride 0.

use smallvec::SmallVec;

use crate::error::{Error, ErrorKind};
use crate::{Dims, Strides};

/// An operand's place in messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    /// `operand` or `output`.
    pub role: &'static str,
    /// Counted from 0.
    pub number: usize,
    /// The parameter's name; empty for none.
    pub name: &'a str,
}

impl std::fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.role, self.number + 1)?;
        if self.name.is_empty() {
            Ok(())
        } else {
            write!(f, " `{}`", self.name)
        }
    }
}

/// The shape to which all `shapes` broadcast, as `numpy.broadcast_shapes`.
///
/// ```
/// use brolga_ufunc::broadcast_shapes;
///
/// assert_eq!(broadcast_shapes(&[&[5, 1, 3], &[4, 1]]).unwrap().as_slice(), [5, 4, 3]);
/// // The second and the third shape do not agree.
/// assert_eq!(broadcast_shapes(&[&[1], &[3], &[4]]), Err((1, 2)));
/// ```
///
/// # Errors
/// The numbers of two shapes that do not agree.
pub fn broadcast_shapes(shapes: &[&[usize]]) -> Result<Dims, (usize, usize)> {
    let ndim = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let mut result = Dims::from_elem(1, ndim);
    for (number, shape) in shapes.iter().enumerate() {
        let lead = ndim - shape.len();
        for (axis, &n) in shape.iter().enumerate() {
            let have = &mut result[lead + axis];
            if *have == 1 {
                *have = n;
            } else if n != 1 && n != *have {
                let from_end = shape.len() - axis;
                let earlier = shapes[..number].iter().position(|other| {
                    other.len() >= from_end && other[other.len() - from_end] == *have
                });
                return Err((earlier.unwrap_or(0), number));
            }
        }
    }
    Ok(result)
}

/// The loop shape of operands with names for messages; `what` their shapes are called.
pub(crate) fn loop_shape(
    shapes: &[&[usize]],
    names: &[Named<'_>],
    what: &str,
) -> Result<Dims, Error> {
    broadcast_shapes(shapes).map_err(|(a, b)| {
        Error::new(
            ErrorKind::Broadcast,
            format!(
                "operands could not be broadcast together: {} has {what} {:?}, {} has {what} {:?}",
                names[a], shapes[a], names[b], shapes[b]
            ),
        )
    })
}

/// The strides, in bytes, with which an operand walks over `target`, to which its shape
/// broadcasts.
pub(crate) fn broadcast_strides(shape: &[usize], strides: &[isize], target: &[usize]) -> Strides {
    let lead = target.len() - shape.len();
    let own = shape.iter().zip(strides);
    let mut result: Strides = SmallVec::from_elem(0, lead);
    result.extend(own.map(|(&n, &stride)| if n == 1 { 0 } else { stride }));
    result
}

/// The product of the lengths.
///
/// # Errors
/// When it exceeds `isize::MAX`.
pub(crate) fn loop_length(shape: &[usize]) -> Result<usize, Error> {
    if shape.contains(&0) {
        return Ok(0);
    }
    let length = shape.iter().try_fold(1usize, |a, &n| a.checked_mul(n));
    length
        .filter(|&n| isize::try_from(n).is_ok())
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Broadcast,
                format!("the operands broadcast to shape {shape:?}, which has too many elements"),
            )
        })
}
