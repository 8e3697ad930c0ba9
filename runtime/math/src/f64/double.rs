//! Steps on unevaluated sums of two `f64` ("double-double"), for the places of a formula where one
//! rounding is too many.
//!
//! Every step is exact, or its relative error is stated (`u` is `2^-53`), as long as nothing
//! overflows or falls into the subnormal numbers. The steps are those of T. J. Dekker (1971) and
//! D. E. Knuth, with products by fused multiply-add; bounds after Joldes, Muller and Popescu,
//! "Tight and rigorous error bounds for basic building blocks of double-word arithmetic" (2017).

/// `hi + lo`, where `hi` is the sum rounded to `f64`.
#[derive(Clone, Copy)]
pub(crate) struct Double {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

/// `a + b` exactly.
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    let of_a = hi - b;
    let of_b = hi - of_a;
    Double {
        hi,
        lo: (a - of_a) + (b - of_b),
    }
}

/// `a + b` exactly, where `a` is zero or its exponent is not below that of `b`.
#[inline(always)]
pub(crate) fn fast_two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    Double {
        hi,
        lo: b - (hi - a),
    }
}

/// `a * b` exactly.
#[inline(always)]
pub(crate) fn two_prod(a: f64, b: f64) -> Double {
    let hi = a * b;
    Double {
        hi,
        lo: a.mul_add(b, -hi),
    }
}

impl Double {
    /// `self + b` to `2 u^2`.
    #[inline(always)]
    pub(crate) fn add_f64(self, b: f64) -> Double {
        let sum = two_sum(self.hi, b);
        fast_two_sum(sum.hi, sum.lo + self.lo)
    }

    /// `self + b` to `3 u^2`, if the signs are the same or `b` is at most half of `self`.
    #[inline(always)]
    pub(crate) fn add(self, b: Double) -> Double {
        let sum = two_sum(self.hi, b.hi);
        fast_two_sum(sum.hi, sum.lo + (self.lo + b.lo))
    }

    /// `self * b` to `2 u^2`.
    #[inline(always)]
    pub(crate) fn mul_f64(self, b: f64) -> Double {
        let product = two_prod(self.hi, b);
        fast_two_sum(product.hi, self.lo.mul_add(b, product.lo))
    }

    /// `self * b` to `5 u^2`.
    #[inline(always)]
    pub(crate) fn mul(self, b: Double) -> Double {
        let product = two_prod(self.hi, b.hi);
        let crossed = self.hi.mul_add(b.lo, self.lo * b.hi);
        fast_two_sum(product.hi, product.lo + crossed)
    }

    /// The sum, rounded.
    #[inline(always)]
    pub(crate) fn value(self) -> f64 {
        self.hi + self.lo
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_products_keep_what_rounding_loses() {
        let tiny = 2f64.powi(-70);
        let sum = two_sum(tiny, 1.0);
        assert_eq!((sum.hi, sum.lo), (1.0, tiny));
        let sum = fast_two_sum(1.0, tiny);
        assert_eq!((sum.hi, sum.lo), (1.0, tiny));
        let e = 2f64.powi(-30);
        let product = two_prod(1.0 + e, 1.0 - e);
        assert_eq!((product.hi, product.lo), (1.0, -e * e));
    }

    #[test]
    fn steps_on_doubles_renormalise() {
        let third = Double {
            hi: 1.0 / 3.0,
            lo: 2f64.powi(-54) / 3.0,
        };
        let one = third.mul_f64(3.0);
        assert_eq!(one.hi, 1.0);
        assert!(one.lo.abs() < 2f64.powi(-106));
        let ninth = third.mul(third).mul_f64(9.0);
        assert!((ninth.hi - 1.0).abs() + ninth.lo.abs() < 2f64.powi(-100));
        let two_thirds = third.add(third).add_f64(1.0);
        assert_eq!(two_thirds.value(), 5.0 / 3.0);
    }
}
