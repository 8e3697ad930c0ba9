//! Lanes of AVX2 (with FMA) and of AVX-512.
//!
//! Safety of every block here, but for those of the pointers: an intrinsic asks for nothing but its
//! CPU feature. Lanes come from `load` alone, whose caller vouches for the level, so whoever has
//! some has the feature.

use super::Lanes;
use std::arch::x86_64::*;

/// Four numbers, for AVX2 and FMA.
#[derive(Clone, Copy)]
pub(crate) struct Lanes4(__m256d);

/// Eight numbers, for AVX-512 F, DQ and VL.
#[derive(Clone, Copy)]
pub(crate) struct Lanes8(__m512d);

/// The operations that both have, each of one intrinsic; `$bits` and `$number` reinterpret.
macro_rules! operations {
    (
        $lanes:ident, $bits:ident, $number:ident, $all:ident, $add:ident, $sub:ident, $mul:ident,
        $fma:ident, $fms:ident, $and:ident, $or:ident, $add_bits:ident, $sub_bits:ident,
        $up:ident, $down:ident
    ) => {
        #[inline(always)]
        fn all(self, x: f64) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($all(x)) }
        }
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($add(self.0, other.0)) }
        }
        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($sub(self.0, other.0)) }
        }
        #[inline(always)]
        fn times(self, other: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($mul(self.0, other.0)) }
        }
        #[inline(always)]
        fn mul_add(self, by: Self, plus: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($fma(self.0, by.0, plus.0)) }
        }
        #[inline(always)]
        fn mul_sub(self, by: Self, minus: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($fms(self.0, by.0, minus.0)) }
        }
        #[inline(always)]
        fn and(self, other: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($and(self.0, other.0)) }
        }
        #[inline(always)]
        fn or(self, other: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($or(self.0, other.0)) }
        }
        #[inline(always)]
        fn plus_bits(self, other: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($number($add_bits($bits(self.0), $bits(other.0)))) }
        }
        #[inline(always)]
        fn minus_bits(self, other: Self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($number($sub_bits($bits(self.0), $bits(other.0)))) }
        }
        #[inline(always)]
        fn up_48(self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($number($up::<48>($bits(self.0)))) }
        }
        #[inline(always)]
        fn down_48(self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($number($down::<48>($bits(self.0)))) }
        }
        #[inline(always)]
        fn down_52(self) -> Self {
            // SAFETY: at the head of the file.
            unsafe { $lanes($number($down::<52>($bits(self.0)))) }
        }
    };
}

impl Lanes for Lanes4 {
    const COUNT: usize = 4;
    type Mask = __m256d;

    operations!(
        Lanes4,
        _mm256_castpd_si256,
        _mm256_castsi256_pd,
        _mm256_set1_pd,
        _mm256_add_pd,
        _mm256_sub_pd,
        _mm256_mul_pd,
        _mm256_fmadd_pd,
        _mm256_fmsub_pd,
        _mm256_and_pd,
        _mm256_or_pd,
        _mm256_add_epi64,
        _mm256_sub_epi64,
        _mm256_slli_epi64,
        _mm256_srli_epi64
    );

    #[inline(always)]
    unsafe fn load(src: *const f64) -> Self {
        // SAFETY: as for this function.
        unsafe { Lanes4(_mm256_loadu_pd(src)) }
    }
    #[inline(always)]
    unsafe fn load_f32(src: *const f32) -> Self {
        // SAFETY: as for this function.
        unsafe { Lanes4(_mm256_cvtps_pd(_mm_loadu_ps(src))) }
    }
    #[inline(always)]
    unsafe fn store(self, dst: *mut f64) {
        // SAFETY: as for this function.
        unsafe { _mm256_storeu_pd(dst, self.0) }
    }
    #[inline(always)]
    unsafe fn store_f32(self, dst: *mut f32) {
        // SAFETY: as for this function.
        unsafe { _mm_storeu_ps(dst, _mm256_cvtpd_ps(self.0)) }
    }
    #[inline(always)]
    fn lookup(self, table: &[f64; 16]) -> Self {
        // SAFETY: at the head of the file; the indices are below 16.
        unsafe {
            let index = _mm256_and_si256(_mm256_castpd_si256(self.0), _mm256_set1_epi64x(15));
            Lanes4(_mm256_i64gather_pd::<8>(table.as_ptr(), index))
        }
    }
    #[inline(always)]
    fn within(self, low: f64, high: f64) -> __m256d {
        // SAFETY: at the head of the file.
        unsafe {
            let above = _mm256_cmp_pd::<_CMP_GE_OQ>(self.0, _mm256_set1_pd(low));
            let below = _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, _mm256_set1_pd(high));
            _mm256_and_pd(above, below)
        }
    }
    #[inline(always)]
    fn both(a: __m256d, b: __m256d) -> __m256d {
        // SAFETY: at the head of the file.
        unsafe { _mm256_and_pd(a, b) }
    }
    #[inline(always)]
    fn bits(mask: __m256d) -> u32 {
        // SAFETY: at the head of the file.
        unsafe { _mm256_movemask_pd(mask) as u32 }
    }
}

impl Lanes for Lanes8 {
    const COUNT: usize = 8;
    type Mask = __mmask8;

    operations!(
        Lanes8,
        _mm512_castpd_si512,
        _mm512_castsi512_pd,
        _mm512_set1_pd,
        _mm512_add_pd,
        _mm512_sub_pd,
        _mm512_mul_pd,
        _mm512_fmadd_pd,
        _mm512_fmsub_pd,
        _mm512_and_pd,
        _mm512_or_pd,
        _mm512_add_epi64,
        _mm512_sub_epi64,
        _mm512_slli_epi64,
        _mm512_srli_epi64
    );

    #[inline(always)]
    unsafe fn load(src: *const f64) -> Self {
        // SAFETY: as for this function.
        unsafe { Lanes8(_mm512_loadu_pd(src)) }
    }
    #[inline(always)]
    unsafe fn load_f32(src: *const f32) -> Self {
        // SAFETY: as for this function.
        unsafe { Lanes8(_mm512_cvtps_pd(_mm256_loadu_ps(src))) }
    }
    #[inline(always)]
    unsafe fn store(self, dst: *mut f64) {
        // SAFETY: as for this function.
        unsafe { _mm512_storeu_pd(dst, self.0) }
    }
    #[inline(always)]
    unsafe fn store_f32(self, dst: *mut f32) {
        // SAFETY: as for this function.
        unsafe { _mm256_storeu_ps(dst, _mm512_cvtpd_ps(self.0)) }
    }
    #[inline(always)]
    fn lookup(self, table: &[f64; 16]) -> Self {
        // SAFETY: at the head of the file; both halves of the table are eight numbers. The
        // instruction looks at the lowest four bits of an index.
        unsafe {
            let low = _mm512_loadu_pd(table.as_ptr());
            let high = _mm512_loadu_pd(table.as_ptr().add(8));
            let index = _mm512_castpd_si512(self.0);
            Lanes8(_mm512_permutex2var_pd(low, index, high))
        }
    }
    #[inline(always)]
    fn within(self, low: f64, high: f64) -> __mmask8 {
        // SAFETY: at the head of the file.
        unsafe {
            let above = _mm512_cmp_pd_mask::<_CMP_GE_OQ>(self.0, _mm512_set1_pd(low));
            _mm512_mask_cmp_pd_mask::<_CMP_LT_OQ>(above, self.0, _mm512_set1_pd(high))
        }
    }
    #[inline(always)]
    fn both(a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }
    #[inline(always)]
    fn bits(mask: __mmask8) -> u32 {
        u32::from(mask)
    }
}
