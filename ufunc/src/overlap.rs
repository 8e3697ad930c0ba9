//! Whether arrays share memory. Written arrays that do are refused here; that an input which
//! does is copied first is the affair of the calls.
//!
//! Invariant: never says "apart" of arrays that share a byte. Between two arrays the
//! answer is by bounds, so it may say "may overlap" of interleaved ones.

use smallvec::SmallVec;

use crate::broadcast::Named;
use crate::error::{Error, ErrorKind};
use crate::view::ArrayRef;

/// The addresses of the array's first byte and of the byte after its last; `None` for an
/// array without elements.
fn bounds(array: ArrayRef<'_>) -> Option<(usize, usize)> {
    if array.is_empty() {
        return None;
    }
    let mut low = array.ptr.addr();
    let mut high = low.wrapping_add(array.dtype.size());
    for (&n, &stride) in array.shape.iter().zip(array.strides) {
        let reach = stride.wrapping_mul(n as isize - 1);
        if reach < 0 {
            low = low.wrapping_add_signed(reach);
        } else {
            high = high.wrapping_add_signed(reach);
        }
    }
    Some((low, high))
}

/// Whether the two may share a byte.
pub(crate) fn may_overlap(a: ArrayRef<'_>, b: ArrayRef<'_>) -> bool {
    match (bounds(a), bounds(b)) {
        (Some(a), Some(b)) => a.0 < b.1 && b.0 < a.1,
        _ => false,
    }
}

/// Whether element by element the two are the same memory.
pub(crate) fn coincide(a: ArrayRef<'_>, b: ArrayRef<'_>) -> bool {
    a.ptr == b.ptr
        && a.dtype == b.dtype
        && a.shape == b.shape
        && (0..a.shape.len()).all(|k| a.shape[k] <= 1 || a.strides[k] == b.strides[k])
}

/// The number of elements up to which [`overlaps_itself`] looks at each of them.
const EXACT_LIMIT: usize = 1 << 16;

/// Whether two different elements of the array share a byte. Exact where each axis steps
/// over all that the finer axes span, where a stride is 0, and up to [`EXACT_LIMIT`]
/// elements; else it says yes.
pub(crate) fn overlaps_itself(array: ArrayRef<'_>) -> bool {
    if array.is_empty() || array.is_contiguous() {
        return false;
    }
    let mut axes: SmallVec<[(usize, usize); 6]> = array
        .shape
        .iter()
        .zip(array.strides)
        .filter(|(n, _)| **n > 1)
        .map(|(&n, &stride)| (stride.unsigned_abs(), n))
        .collect();
    axes.sort_unstable();
    let size = array.dtype.size();
    let mut span = size;
    let nested = axes.iter().all(|&(stride, n)| {
        let clear = stride >= span;
        span = span.saturating_add(stride.saturating_mul(n - 1));
        clear
    });
    if nested {
        return false;
    }
    let count = axes.iter().fold(1usize, |a, &(_, n)| a.saturating_mul(n));
    if axes.first().is_some_and(|&(stride, _)| stride < size) || count > EXACT_LIMIT {
        return true;
    }
    let mut offsets = vec![0usize];
    for &(stride, n) in &axes {
        let before = offsets.len();
        for k in 1..n {
            for j in 0..before {
                offsets.push(offsets[j].wrapping_add(stride.wrapping_mul(k)));
            }
        }
    }
    offsets.sort_unstable();
    offsets.windows(2).any(|pair| pair[1] - pair[0] < size)
}

/// Refuses written arrays that share memory with themselves or with each other.
///
/// # Errors
/// [`ErrorKind::Overlap`], naming the arrays.
pub(crate) fn check_written(written: &[(Named<'_>, ArrayRef<'_>)]) -> Result<(), Error> {
    for (number, &(name, array)) in written.iter().enumerate() {
        if overlaps_itself(array) {
            return Err(Error::new(
                ErrorKind::Overlap,
                format!(
                    "{name} overlaps itself: two of its elements share memory (shape {:?}, \
                     strides {:?} bytes), so it cannot be written",
                    array.shape, array.strides
                ),
            ));
        }
        for &(other_name, other) in &written[..number] {
            if may_overlap(other, array) {
                return Err(Error::new(
                    ErrorKind::Overlap,
                    format!("{other_name} and {name} overlap in memory, but both are written"),
                ));
            }
        }
    }
    Ok(())
}
