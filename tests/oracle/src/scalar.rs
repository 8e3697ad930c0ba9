//! [`Scalar`]: number types as [`Word`]s, the form in which operands and results cross
//! between a harness and the corpus; [`Results`]: what a kernel may return, as such words.
//! Invariant: a word holds the value's bits in its low end and zeros above.

use brolga_abi::DType;
use half::{bf16, f16};
use ndarray::ArrayD;
use num_complex::Complex;

use crate::operand::{AnyArray, Operand};

/// The bits of a value of any element type; of a complex number the real part's are lowest.
pub type Word = u128;

/// A type of the kernel language that an array element may have.
pub trait Scalar: Copy + 'static {
    /// Its element type in memory; `isize` is `I64`, `usize` is `U64`.
    const DTYPE: DType;

    /// The value whose bits are the low end of `word`; a `bool` is its lowest bit.
    fn from_word(word: Word) -> Self;

    /// The bits of the value, with zeros above.
    fn to_word(self) -> Word;

    /// An array of this type in C order.
    ///
    /// # Panics
    /// If the number of words is not the number of elements of `shape`.
    fn operand(shape: &[usize], words: &[Word]) -> Operand {
        let elements = words.iter().map(|&word| Self::from_word(word)).collect();
        let array = ArrayD::from_shape_vec(shape, elements)
            .expect("the number of words is the number of elements");
        Operand::new(Box::new(array))
    }
}

impl<T: Scalar> AnyArray for ArrayD<T> {
    fn dtype(&self) -> DType {
        T::DTYPE
    }
    fn shape(&self) -> &[usize] {
        ArrayD::shape(self)
    }
    fn words(&self) -> Vec<Word> {
        self.iter().map(|value| value.to_word()).collect()
    }
}

impl Scalar for bool {
    const DTYPE: DType = DType::Bool;
    fn from_word(word: Word) -> bool {
        word & 1 == 1
    }
    fn to_word(self) -> Word {
        Word::from(self)
    }
}

macro_rules! integers {
    ($($t:ident($bits:ident) $dtype:ident;)*) => {$(
        impl Scalar for $t {
            const DTYPE: DType = DType::$dtype;
            fn from_word(word: Word) -> $t {
                word as $t
            }
            fn to_word(self) -> Word {
                // By way of the unsigned type, so that the sign is not extended.
                self as $bits as Word
            }
        }
    )*};
}

integers! {
    i8(u8) I8;
    i16(u16) I16;
    i32(u32) I32;
    i64(u64) I64;
    isize(usize) I64;
    u8(u8) U8;
    u16(u16) U16;
    u32(u32) U32;
    u64(u64) U64;
    usize(usize) U64;
}

impl Scalar for f32 {
    const DTYPE: DType = DType::F32;
    fn from_word(word: Word) -> f32 {
        f32::from_bits(word as u32)
    }
    fn to_word(self) -> Word {
        Word::from(self.to_bits())
    }
}

impl Scalar for f64 {
    const DTYPE: DType = DType::F64;
    fn from_word(word: Word) -> f64 {
        f64::from_bits(word as u64)
    }
    fn to_word(self) -> Word {
        Word::from(self.to_bits())
    }
}

macro_rules! halves {
    ($($t:ident $dtype:ident;)*) => {$(
        impl Scalar for $t {
            const DTYPE: DType = DType::$dtype;
            fn from_word(word: Word) -> $t {
                $t::from_bits(word as u16)
            }
            fn to_word(self) -> Word {
                Word::from(self.to_bits())
            }
        }
    )*};
}

halves! {
    f16 F16;
    bf16 Bf16;
}

macro_rules! complex {
    ($($part:ident $dtype:ident;)*) => {$(
        impl Scalar for Complex<$part> {
            const DTYPE: DType = DType::$dtype;
            fn from_word(word: Word) -> Self {
                let bits = 8 * size_of::<$part>();
                Complex::new(<$part>::from_word(word), <$part>::from_word(word >> bits))
            }
            fn to_word(self) -> Word {
                self.re.to_word() | self.im.to_word() << (8 * size_of::<$part>())
            }
        }
    )*};
}

complex! {
    f32 ComplexF32;
    f64 ComplexF64;
}

/// What a kernel may return: nothing, a number, or a tuple of numbers.
pub trait Results {
    /// The types of the parts.
    fn dtypes() -> Vec<DType>;

    /// Writes the parts, one word each.
    ///
    /// # Panics
    /// If `words` is shorter than the number of parts.
    fn write(self, words: &mut [Word]);
}

impl Results for () {
    fn dtypes() -> Vec<DType> {
        Vec::new()
    }
    fn write(self, _: &mut [Word]) {}
}

impl<T: Scalar> Results for T {
    fn dtypes() -> Vec<DType> {
        vec![T::DTYPE]
    }
    fn write(self, words: &mut [Word]) {
        words[0] = self.to_word();
    }
}

macro_rules! tuples {
    ($($($t:ident $n:tt),*;)*) => {$(
        impl<$($t: Scalar),*> Results for ($($t,)*) {
            fn dtypes() -> Vec<DType> {
                vec![$($t::DTYPE),*]
            }
            fn write(self, words: &mut [Word]) {
                $(words[$n] = self.$n.to_word();)*
            }
        }
    )*};
}

tuples! {
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bits_with_zeros_above() {
        assert_eq!((-1_i8).to_word(), 0xff);
        assert_eq!(i32::from_word(0xffff_fffe), -2);
        assert_eq!((-0.0_f32).to_word(), 0x8000_0000);
        assert_eq!(isize::MIN.to_word(), 1 << 63);
        assert_eq!(f16::from_f32(-2.0).to_word(), 0xc000);
        let z = Complex::new(1.0_f64, -0.0);
        assert_eq!(z.to_word(), 1 << 127 | 0x3ff0_0000_0000_0000);
        assert_eq!(Complex::<f64>::from_word(z.to_word()), z);
        assert_eq!(Complex::new(0.0_f32, -0.0).to_word(), 1 << 63);
        let mut words = [0; 2];
        (true, -2_i16).write(&mut words);
        assert_eq!(words, [1, 0xfffe]);
        assert_eq!(<(bool, f64)>::dtypes(), [DType::Bool, DType::F64]);
    }
}
