//! Operands and outputs of the cases, of any element type, and the numbers in them: a fixed
//! function of the position, so that every run and every peer works on the same ones.

use brolga::{Element, Operand, RawViewMut};
use ndarray::{ArrayD, IxDyn};

/// An array, or a number as one without axes.
#[derive(Clone)]
pub enum Data {
    F32(ArrayD<f32>),
    F64(ArrayD<f64>),
    I32(ArrayD<i32>),
    U32(ArrayD<u32>),
    U64(ArrayD<u64>),
}

macro_rules! each {
    ($data:expr, $array:ident => $body:expr) => {
        match $data {
            Data::F32($array) => $body,
            Data::F64($array) => $body,
            Data::I32($array) => $body,
            Data::U32($array) => $body,
            Data::U64($array) => $body,
        }
    };
}

impl Data {
    /// Zeros with the type and the shape of this one.
    pub fn zeros_like(&self) -> Data {
        match self {
            Data::F32(a) => Data::F32(ArrayD::zeros(a.raw_dim())),
            Data::F64(a) => Data::F64(ArrayD::zeros(a.raw_dim())),
            Data::I32(a) => Data::I32(ArrayD::zeros(a.raw_dim())),
            Data::U32(a) => Data::U32(ArrayD::zeros(a.raw_dim())),
            Data::U64(a) => Data::U64(ArrayD::zeros(a.raw_dim())),
        }
    }

    pub fn operand(&self) -> Operand<'_> {
        each!(self, a => a.into())
    }

    pub fn view_mut(&mut self) -> RawViewMut<'_> {
        each!(self, a => brolga::view_mut(a))
    }

    pub fn shape(&self) -> &[usize] {
        each!(self, a => a.shape())
    }

    /// NumPy's name of the element type.
    pub fn numpy_type(&self) -> &'static str {
        match self {
            Data::F32(_) => "float32",
            Data::F64(_) => "float64",
            Data::I32(_) => "int32",
            Data::U32(_) => "uint32",
            Data::U64(_) => "uint64",
        }
    }

    /// The elements' bytes, in C order.
    pub fn bytes(&self) -> &[u8] {
        fn of<T: Element>(array: &ArrayD<T>) -> &[u8] {
            let elements = array.as_slice().expect("the array is in C order");
            // SAFETY: the slice is borrowed for as long as the result, and numbers have no padding.
            unsafe { std::slice::from_raw_parts(elements.as_ptr().cast(), size_of_val(elements)) }
        }
        each!(self, a => of(a))
    }

    /// The first element's address, how many there are, and the size of one.
    pub fn parts(&mut self) -> (*mut u8, usize, usize) {
        fn of<T>(array: &mut ArrayD<T>) -> (*mut u8, usize, usize) {
            (array.as_mut_ptr().cast(), array.len(), size_of::<T>())
        }
        each!(self, a => of(a))
    }

    /// The float at a position in C order, or the integer there as one.
    pub fn at(&self, number: usize) -> f64 {
        fn get<T: Copy>(array: &ArrayD<T>, number: usize) -> T {
            array.as_slice().expect("the array is in C order")[number]
        }
        match self {
            Data::F32(a) => f64::from(get(a, number)),
            Data::F64(a) => get(a, number),
            Data::I32(a) => f64::from(get(a, number)),
            Data::U32(a) => f64::from(get(a, number)),
            Data::U64(a) => get(a, number) as f64,
        }
    }

    /// Puts a kernel's result into an array without axes.
    pub fn store(&mut self, value: f64) {
        let Data::F64(array) = self else {
            panic!("results are f64");
        };
        array.fill(value);
    }
}

/// A number.
pub fn number(value: f64) -> Data {
    Data::F64(ArrayD::from_elem(IxDyn(&[]), value))
}

/// A whole number.
pub fn count(value: u64) -> Data {
    Data::U64(ArrayD::from_elem(IxDyn(&[]), value))
}

/// Zeros.
pub fn zeros<T: Zero>(shape: &[usize]) -> Data {
    T::data(ArrayD::from_elem(IxDyn(shape), T::default()))
}

/// The element types that arrays of zeros are made of.
pub trait Zero: Element + Default {
    fn data(array: ArrayD<Self>) -> Data;
}

macro_rules! zero {
    ($($ty:ident $variant:ident)*) => {$(
        impl Zero for $ty {
            fn data(array: ArrayD<$ty>) -> Data {
                Data::$variant(array)
            }
        }
    )*};
}

zero! { f32 F32 f64 F64 i32 I32 u32 U32 u64 U64 }

/// Numbers of a sequence that has no order (the finaliser of SplitMix64).
fn scramble(stream: u64, k: u64) -> u64 {
    let mut z = (stream << 40)
        .wrapping_add(k)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Numbers evenly spread from `low` to `high`; each `stream` has others.
pub fn uniform(stream: u64, shape: &[usize], low: f64, high: f64) -> Data {
    let mut k = 0;
    Data::F64(ArrayD::from_shape_simple_fn(IxDyn(shape), || {
        k += 1;
        low + (high - low) * (scramble(stream, k) >> 11) as f64 * 2.0_f64.powi(-53)
    }))
}

/// The same, rounded to `f32`.
pub fn uniform_f32(stream: u64, shape: &[usize], low: f64, high: f64) -> Data {
    let Data::F64(wide) = uniform(stream, shape, low, high) else {
        unreachable!("`uniform` makes f64");
    };
    Data::F32(wide.mapv(|x| x as f32))
}

/// Integers from 1 to `limit`.
pub fn integers(stream: u64, n: usize, limit: u64) -> Data {
    let mut k = 0;
    Data::U64(ArrayD::from_shape_simple_fn(IxDyn(&[n]), || {
        k += 1;
        1 + scramble(stream, k) % limit
    }))
}

/// 1, 2, 3 and so on.
pub fn counting(n: usize) -> Data {
    Data::U64(ArrayD::from_shape_fn(IxDyn(&[n]), |at| at[0] as u64 + 1))
}

/// The real and imaginary parts of a grid of `side` by `side` points around the Mandelbrot set.
pub fn plane(side: usize) -> (Data, Data) {
    let at = |k: usize, from: f64| from + 2.5 * k as f64 / side as f64;
    let shape = IxDyn(&[side, side]);
    (
        Data::F64(ArrayD::from_shape_fn(shape.clone(), |p| at(p[1], -2.0))),
        Data::F64(ArrayD::from_shape_fn(shape, |p| at(p[0], -1.25))),
    )
}
