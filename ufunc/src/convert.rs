//! Conversion of elements between any two types: along one axis and over whole arrays.
//! Not the rules of which conversions a call may make, which are in `casting`.
//!
//! Invariant: a conversion means what Rust's `as` means (floats saturate, NaN gives 0);
//! to bool it is whether the value differs from zero, as in NumPy. Halves are read as `f32`;
//! to a half numbers go rounded once, integers by way of `f32`, as in NumPy. A real number
//! is the real part of a complex one, and the other way round. Source and destination need
//! no alignment.

use brolga_abi::DType;
use half::{bf16, f16};
use num_complex::Complex;

use crate::view::ArrayRef;

/// A type as it lies in memory. `bool` is read as any nonzero byte, so that a byte that
/// Rust's `bool` may not have is harmless.
trait Stored: Copy {
    type Memory: Copy;
    fn load(memory: Self::Memory) -> Self;
    fn store(self) -> Self::Memory;
}

trait ConvertTo<D> {
    fn convert(self) -> D;
}

macro_rules! numbers {
    ($($source:ty => [$($target:ty),*];)*) => {$(
        impl Stored for $source {
            type Memory = $source;
            #[inline(always)]
            fn load(memory: $source) -> $source {
                memory
            }
            #[inline(always)]
            fn store(self) -> $source {
                self
            }
        }
        $(impl ConvertTo<$target> for $source {
            #[inline(always)]
            fn convert(self) -> $target {
                self as $target
            }
        })*
        impl ConvertTo<bool> for $source {
            #[inline(always)]
            fn convert(self) -> bool {
                self != (0 as $source)
            }
        }
        impl ConvertTo<$source> for bool {
            #[inline(always)]
            fn convert(self) -> $source {
                u8::from(self) as $source
            }
        }
    )*};
}

numbers! {
    i8 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    i16 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    i32 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    i64 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    u8 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    u16 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    u32 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    u64 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    f32 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
    f64 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64];
}

/// One of the two halves.
pub(crate) trait Half: Copy {
    fn from_f32(value: f32) -> Self;
}

/// `value` rounded once to a half.
pub(crate) fn half_from_f64<H: Half>(value: f64) -> H {
    let near = value as f32;
    if f64::from(near) == value || value.is_nan() {
        return H::from_f32(near);
    }
    // Rounded to odd on the way, an `f32` keeps enough for the second rounding to be that of
    // the exact value: it has more than two bits more than either half.
    let bits = near.to_bits();
    let away = f64::from(near).abs() > value.abs();
    H::from_f32(f32::from_bits((bits - u32::from(away)) | 1))
}

macro_rules! halves {
    ($($half:ident: $other:ident => [$($number:ty),*];)*) => {$(
        impl Half for $half {
            #[inline(always)]
            fn from_f32(value: f32) -> $half {
                $half::from_f32(value)
            }
        }
        impl Stored for $half {
            type Memory = u16;
            #[inline(always)]
            fn load(memory: u16) -> $half {
                $half::from_bits(memory)
            }
            #[inline(always)]
            fn store(self) -> u16 {
                self.to_bits()
            }
        }
        $(impl ConvertTo<$number> for $half {
            #[inline(always)]
            fn convert(self) -> $number {
                self.to_f32() as $number
            }
        }
        impl ConvertTo<$half> for $number {
            #[inline(always)]
            fn convert(self) -> $half {
                $half::from_f32(self as f32)
            }
        })*
        impl ConvertTo<f64> for $half {
            #[inline(always)]
            fn convert(self) -> f64 {
                f64::from(self.to_f32())
            }
        }
        impl ConvertTo<$half> for f64 {
            #[inline(always)]
            fn convert(self) -> $half {
                half_from_f64(self)
            }
        }
        impl ConvertTo<bool> for $half {
            #[inline(always)]
            fn convert(self) -> bool {
                self.to_f32() != 0.0
            }
        }
        impl ConvertTo<$half> for bool {
            #[inline(always)]
            fn convert(self) -> $half {
                $half::from_f32(f32::from(self))
            }
        }
        impl ConvertTo<$half> for $half {
            #[inline(always)]
            fn convert(self) -> $half {
                self
            }
        }
        impl ConvertTo<$other> for $half {
            #[inline(always)]
            fn convert(self) -> $other {
                $other::from_f32(self.to_f32())
            }
        }
    )*};
}

halves! {
    f16: bf16 => [i8, i16, i32, i64, u8, u16, u32, u64, f32];
    bf16: f16 => [i8, i16, i32, i64, u8, u16, u32, u64, f32];
}

macro_rules! complex {
    ($($part:ty: $other:ty => [$($real:ty),*];)*) => {$(
        impl Stored for Complex<$part> {
            type Memory = Complex<$part>;
            #[inline(always)]
            fn load(memory: Complex<$part>) -> Complex<$part> {
                memory
            }
            #[inline(always)]
            fn store(self) -> Complex<$part> {
                self
            }
        }
        $(impl ConvertTo<$real> for Complex<$part> {
            #[inline(always)]
            fn convert(self) -> $real {
                self.re.convert()
            }
        }
        impl ConvertTo<Complex<$part>> for $real {
            #[inline(always)]
            fn convert(self) -> Complex<$part> {
                Complex::new(self.convert(), 0.0)
            }
        })*
        impl ConvertTo<bool> for Complex<$part> {
            #[inline(always)]
            fn convert(self) -> bool {
                self.re != 0.0 || self.im != 0.0
            }
        }
        impl ConvertTo<Complex<$part>> for bool {
            #[inline(always)]
            fn convert(self) -> Complex<$part> {
                Complex::new(self.convert(), 0.0)
            }
        }
        impl ConvertTo<Complex<$part>> for Complex<$part> {
            #[inline(always)]
            fn convert(self) -> Complex<$part> {
                self
            }
        }
        impl ConvertTo<Complex<$other>> for Complex<$part> {
            #[inline(always)]
            fn convert(self) -> Complex<$other> {
                Complex::new(self.re as $other, self.im as $other)
            }
        }
    )*};
}

complex! {
    f32: f64 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, f16, bf16];
    f64: f32 => [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, f16, bf16];
}

impl Stored for bool {
    type Memory = u8;
    #[inline(always)]
    fn load(memory: u8) -> bool {
        memory != 0
    }
    #[inline(always)]
    fn store(self) -> u8 {
        u8::from(self)
    }
}

impl ConvertTo<bool> for bool {
    #[inline(always)]
    fn convert(self) -> bool {
        self
    }
}

/// # Safety
/// As for [`convert_elements`], for elements of `S` and `D`.
unsafe fn convert_typed<S: Stored + ConvertTo<D>, D: Stored>(
    source: *const u8,
    source_step: isize,
    destination: *mut u8,
    destination_step: isize,
    count: usize,
) {
    if source_step == size_of::<S::Memory>() as isize
        && destination_step == size_of::<D::Memory>() as isize
    {
        let source = source.cast::<S::Memory>();
        let destination = destination.cast::<D::Memory>();
        for k in 0..count {
            // SAFETY: element k is within both, by the caller's word.
            unsafe {
                let value: D = S::load(source.add(k).read_unaligned()).convert();
                destination.add(k).write_unaligned(value.store());
            }
        }
        return;
    }
    for k in 0..count as isize {
        // SAFETY: element k is within both, by the caller's word.
        unsafe {
            let memory = source.offset(k * source_step).cast::<S::Memory>();
            let value: D = S::load(memory.read_unaligned()).convert();
            let target = destination.offset(k * destination_step);
            target.cast::<D::Memory>().write_unaligned(value.store());
        }
    }
}

macro_rules! by_destination {
    ($source:ty, $to:expr, $($arguments:expr),*) => {
        match $to {
            DType::Bool => convert_typed::<$source, bool>($($arguments),*),
            DType::I8 => convert_typed::<$source, i8>($($arguments),*),
            DType::I16 => convert_typed::<$source, i16>($($arguments),*),
            DType::I32 => convert_typed::<$source, i32>($($arguments),*),
            DType::I64 => convert_typed::<$source, i64>($($arguments),*),
            DType::U8 => convert_typed::<$source, u8>($($arguments),*),
            DType::U16 => convert_typed::<$source, u16>($($arguments),*),
            DType::U32 => convert_typed::<$source, u32>($($arguments),*),
            DType::U64 => convert_typed::<$source, u64>($($arguments),*),
            DType::F32 => convert_typed::<$source, f32>($($arguments),*),
            DType::F64 => convert_typed::<$source, f64>($($arguments),*),
            DType::F16 => convert_typed::<$source, f16>($($arguments),*),
            DType::Bf16 => convert_typed::<$source, bf16>($($arguments),*),
            DType::ComplexF32 => convert_typed::<$source, Complex<f32>>($($arguments),*),
            DType::ComplexF64 => convert_typed::<$source, Complex<f64>>($($arguments),*),
        }
    };
}

/// Converts `count` elements; the steps are in bytes.
///
/// # Safety
/// `count` elements of type `from` at `source` must be readable and as many of type `to`
/// at `destination` writable, each `step` bytes after the one before; the two must not
/// overlap. Neither need be aligned.
pub unsafe fn convert_elements(
    from: DType,
    source: *const u8,
    source_step: isize,
    to: DType,
    destination: *mut u8,
    destination_step: isize,
    count: usize,
) {
    let (s, ss, d, ds) = (source, source_step, destination, destination_step);
    let size = from.size();
    if from == to && from != DType::Bool && ss == size as isize && ds == size as isize {
        // SAFETY: both span `count * size` bytes and do not overlap, by the caller's word.
        unsafe { std::ptr::copy_nonoverlapping(s, d, count * size) };
        return;
    }
    // SAFETY: the types are those of the caller's elements.
    unsafe {
        match from {
            DType::Bool => by_destination!(bool, to, s, ss, d, ds, count),
            DType::I8 => by_destination!(i8, to, s, ss, d, ds, count),
            DType::I16 => by_destination!(i16, to, s, ss, d, ds, count),
            DType::I32 => by_destination!(i32, to, s, ss, d, ds, count),
            DType::I64 => by_destination!(i64, to, s, ss, d, ds, count),
            DType::U8 => by_destination!(u8, to, s, ss, d, ds, count),
            DType::U16 => by_destination!(u16, to, s, ss, d, ds, count),
            DType::U32 => by_destination!(u32, to, s, ss, d, ds, count),
            DType::U64 => by_destination!(u64, to, s, ss, d, ds, count),
            DType::F32 => by_destination!(f32, to, s, ss, d, ds, count),
            DType::F64 => by_destination!(f64, to, s, ss, d, ds, count),
            DType::F16 => by_destination!(f16, to, s, ss, d, ds, count),
            DType::Bf16 => by_destination!(bf16, to, s, ss, d, ds, count),
            DType::ComplexF32 => by_destination!(Complex<f32>, to, s, ss, d, ds, count),
            DType::ComplexF64 => by_destination!(Complex<f64>, to, s, ss, d, ds, count),
        }
    }
}

/// Converts the elements of `source` into those of `destination`, which has the same
/// shape.
///
/// # Safety
/// All elements of `source` must be readable and all of `destination` writable, and the
/// two must not overlap.
pub(crate) unsafe fn convert_array(source: ArrayRef<'_>, destination: ArrayRef<'_>) {
    debug_assert_eq!(source.shape, destination.shape);
    let shape = source.shape;
    if shape.contains(&0) {
        return;
    }
    let Some((&inner, outer)) = shape.split_last() else {
        // SAFETY: a 0-d array has one element.
        unsafe {
            convert_elements(
                source.dtype,
                source.ptr,
                0,
                destination.dtype,
                destination.ptr,
                0,
                1,
            );
        }
        return;
    };
    let last = outer.len();
    let mut index = crate::Dims::from_elem(0, last);
    let (mut s, mut d) = (source.ptr, destination.ptr);
    loop {
        // SAFETY: `s` and `d` stand at a row of `inner` elements inside of the arrays.
        unsafe {
            convert_elements(
                source.dtype,
                s,
                source.strides[last],
                destination.dtype,
                d,
                destination.strides[last],
                inner,
            );
        }
        let mut axis = last;
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            index[axis] += 1;
            let (ss, ds) = (source.strides[axis], destination.strides[axis]);
            if index[axis] < outer[axis] {
                s = s.wrapping_offset(ss);
                d = d.wrapping_offset(ds);
                break;
            }
            let back = outer[axis] as isize - 1;
            s = s.wrapping_offset(-(ss * back));
            d = d.wrapping_offset(-(ds * back));
            index[axis] = 0;
        }
    }
}
