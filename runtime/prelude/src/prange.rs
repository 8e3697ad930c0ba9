//! [`prange`]: a range whose iterations the author declares independent. Not a thread pool:
//! under rustc it is the range itself and runs in order; only compiled kernels split it.

use std::ops::{Range, RangeInclusive};

use crate::Integer;

/// The ranges that [`prange`] takes: `a..b` and `a..=b` of an integer type.
pub trait ParallelRange {}

impl<T: Integer> ParallelRange for Range<T> {}
impl<T: Integer> ParallelRange for RangeInclusive<T> {}

/// Declares that the iterations of a `for` loop over `range` may run in any order and at the
/// same time, except for reductions such as `s += e`.
///
/// `.rev()` and `.step_by(n)` go on the result: `prange(0..n).step_by(2)`. Compiled by rustc
/// the loop runs in order, so a float reduction may differ in its rounding from that of the
/// compiled kernel, whose tree is fixed.
///
/// ```
/// use brolga_prelude::prange;
///
/// let mut sum = 0;
/// for i in prange(0..=10).rev().step_by(5) {
///     sum += i;
/// }
/// assert_eq!(sum, 15);
/// ```
#[inline]
pub fn prange<R: ParallelRange>(range: R) -> R {
    range
}
