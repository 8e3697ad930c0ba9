//! The operands of `brolga run`: .npy files, and numbers with or without a type.

use std::path::Path;

use brolga::{DType, ElementType, Operand, Scalar, WeakScalar};

use crate::args::MINUS;
use crate::array::Array;
use crate::failure::Failure;
use crate::npy;

/// One operand of a call.
pub enum Loaded {
    /// An array, or a number whose type is known.
    Array(Array),
    /// A number that takes the type of the others.
    Weak(WeakScalar),
}

impl Loaded {
    /// The operand for a call.
    pub fn operand(&self) -> Operand<'_> {
        match self {
            Loaded::Array(array) => Operand::View(array.view()),
            Loaded::Weak(weak) => Operand::Weak(*weak),
        }
    }

    /// What stands in for an operand that was taken out.
    pub fn nothing() -> Loaded {
        Loaded::Weak(WeakScalar::Int(0))
    }

    /// The array, if it is one.
    pub fn into_array(self) -> Option<Array> {
        match self {
            Loaded::Array(array) => Some(array),
            Loaded::Weak(_) => None,
        }
    }
}

/// Reads the operand `text` for a parameter of type `element`.
pub fn load(text: &str, parameter: &str, element: ElementType) -> Result<Loaded, Failure> {
    let plain = text.replace(MINUS, "-");
    if let Some(number) = Number::parse(&plain) {
        return number.load(&plain, parameter, element);
    }
    if !text.ends_with(".npy") {
        return Err(Failure::usage(format!(
            "operand '{text}' is neither a number nor the name of an .npy file"
        )));
    }
    npy::read(Path::new(text))
        .map(Loaded::Array)
        .map_err(Failure::data)
}

enum Number {
    Typed(DType, Result<u128, String>),
    Int(i128),
    Float(f64),
    Complex(f64, f64),
    Bool(bool),
}

impl Number {
    /// The number that `text` writes; `None` when it does not look like one.
    fn parse(text: &str) -> Option<Number> {
        match text {
            "true" => return Some(Number::Bool(true)),
            "false" => return Some(Number::Bool(false)),
            _ => {}
        }
        let clean = text.replace('_', "");
        let digits = clean.trim_start_matches(['-', '+']);
        let special = ["inf", "NaN", "nan", "i", "j"];
        let special = special.iter().any(|word| digits.starts_with(word)) && !text.contains('_');
        if !special && !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        if let Ok(int) = clean.parse::<i128>() {
            return Some(Number::Int(int));
        }
        if let Ok(float) = clean.parse::<f64>() {
            return Some(Number::Float(float));
        }
        if let Some((re, im)) = complex(&clean) {
            return Some(Number::Complex(re, im));
        }
        let at = match clean.strip_suffix("bf16") {
            Some(number) => number.len(),
            None => clean.rfind(['i', 'u', 'f'])?,
        };
        let dtype = DType::from_name(&clean[at..])?;
        let number = &clean[..at];
        let plausible = number.parse::<f64>().is_ok();
        plausible.then(|| Number::Typed(dtype, bits(number, dtype)))
    }

    fn load(self, text: &str, parameter: &str, element: ElementType) -> Result<Loaded, Failure> {
        let weak = match self {
            Number::Typed(dtype, bits) => {
                let bits = bits.map_err(|why| Failure::data(format!("operand '{text}': {why}")))?;
                return Ok(Loaded::Array(Array::scalar(dtype, bits)));
            }
            Number::Bool(value) => {
                return Ok(Loaded::Array(Array::scalar(DType::Bool, u128::from(value))));
            }
            Number::Int(value) => WeakScalar::Int(value),
            Number::Float(value) => WeakScalar::Float(value),
            Number::Complex(re, im) => WeakScalar::Complex(re, im),
        };
        match element {
            ElementType::Param(_) | ElementType::ComplexOf(_) => Ok(Loaded::Weak(weak)),
            // Without a suffix the number has the parameter's type.
            ElementType::Concrete(dtype) => {
                let scalar: Scalar = weak.to_scalar(dtype).ok_or_else(|| {
                    Failure::data(format!(
                        "operand '{text}' is not a value of `{dtype}`, the type of parameter `{parameter}`"
                    ))
                })?;
                Ok(Loaded::Array(Array::scalar(dtype, scalar.to_bits())))
            }
        }
    }
}

/// The bits of the number `text` in `dtype`.
fn bits(text: &str, dtype: DType) -> Result<u128, String> {
    let wrong = || match range(dtype) {
        Some((low, high)) => format!("`{text}` is not a value of `{dtype}` ({low} to {high})"),
        None => format!("`{text}` is not a value of `{dtype}`"),
    };
    let weak = match Number::parse(text) {
        Some(Number::Int(value)) => WeakScalar::Int(value),
        Some(Number::Float(value)) => WeakScalar::Float(value),
        Some(Number::Complex(re, im)) => WeakScalar::Complex(re, im),
        Some(Number::Bool(_) | Number::Typed(..)) | None => return Err(wrong()),
    };
    match (weak, dtype) {
        // Rounded once from the text, not by way of an f64.
        (_, DType::F32) => text
            .parse::<f32>()
            .map(|value| u128::from(value.to_bits()))
            .map_err(|_| wrong()),
        _ => weak
            .to_scalar(dtype)
            .map(|scalar| scalar.to_bits())
            .ok_or_else(wrong),
    }
}

/// The first and the last value of an integer type.
fn range(dtype: DType) -> Option<(i128, i128)> {
    let bits = 8 * dtype.size() as u32;
    if dtype.is_signed_integer() {
        Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1))
    } else if dtype.is_unsigned_integer() {
        Some((0, (1 << bits) - 1))
    } else {
        None
    }
}

/// The bits of the value of type `dtype` that `text` writes: a number without a suffix, or a
/// bool.
pub fn value(text: &str, dtype: DType) -> Option<u128> {
    match (Number::parse(text)?, dtype) {
        (Number::Bool(value), DType::Bool) => Some(u128::from(value)),
        (Number::Typed(..) | Number::Bool(_), _) => None,
        _ => bits(&text.replace('_', ""), dtype).ok(),
    }
}

/// The parts of `1+2j`, `2i`, `-i`; Python writes a `j`.
fn complex(text: &str) -> Option<(f64, f64)> {
    let body = text.strip_suffix(['i', 'j'])?;
    // The sign between the parts, and not one of an exponent.
    let bytes = body.as_bytes();
    let cut = (0..bytes.len())
        .rev()
        .find(|&k| {
            matches!(bytes[k], b'+' | b'-') && (k == 0 || !matches!(bytes[k - 1], b'e' | b'E'))
        })
        .unwrap_or(0);
    let (re, im) = body.split_at(cut);
    let im = match im {
        "" | "+" => 1.0,
        "-" => -1.0,
        number => number.parse().ok()?,
    };
    let re = match re {
        "" => 0.0,
        number => number.parse().ok()?,
    };
    Some((re, im))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, element: ElementType) -> String {
        match load(text, "x", element) {
            Ok(Loaded::Array(array)) => format!("{} {}", array.dtype(), array.summary()),
            Ok(Loaded::Weak(value)) => format!("weak {value}"),
            Err(failure) => failure
                .message()
                .unwrap_or_default()
                .lines()
                .next()
                .unwrap_or_default()
                .to_string(),
        }
    }

    #[test]
    fn numbers_take_their_suffix_or_the_parameters_type() {
        let f64 = ElementType::Concrete(DType::F64);
        let u8 = ElementType::Concrete(DType::U8);
        let generic = ElementType::Param(0);
        for (text, element, expected) in [
            ("2.5", f64, "f64 2.5"),
            ("-3", f64, "f64 -3.0"),
            ("3i64", f64, "i64 3"),
            ("-3i8", generic, "i8 -3"),
            ("1e3f32", generic, "f32 1000.0"),
            ("inf", f64, "f64 inf"),
            ("NaN", f64, "f64 NaN"),
            (
                "1_000",
                u8,
                "error: operand '1_000' is not a value of `u8`, the type of parameter `x`",
            ),
            (
                "2.5",
                u8,
                "error: operand '2.5' is not a value of `u8`, the type of parameter `x`",
            ),
            (
                "300u8",
                u8,
                "error: operand '300u8': `300` is not a value of `u8` (0 to 255)",
            ),
            ("1.5f16", f64, "f16 1.5"),
            ("-2bf16", f64, "bf16 -2.0"),
            (
                "1+2j",
                ElementType::Concrete(DType::ComplexF32),
                "Complex<f32> 1.0+2.0i",
            ),
            ("-1.5e-3-2E+4i", generic, "weak -0.0015-20000.0i"),
            ("2j", generic, "weak 0.0+2.0i"),
            ("-i", generic, "weak 0.0-1.0i"),
            ("nan-infj", generic, "weak NaN-infi"),
            (
                "3",
                ElementType::Concrete(DType::ComplexF64),
                "Complex<f64> 3.0+0.0i",
            ),
            (
                "1+2j",
                f64,
                "error: operand '1+2j' is not a value of `f64`, the type of parameter `x`",
            ),
            ("7", generic, "weak 7"),
            ("-7.5", generic, "weak -7.5"),
            ("true", generic, "bool true"),
            (
                "x",
                u8,
                "error: operand 'x' is neither a number nor the name of an .npy file",
            ),
            ("\u{2212}3", f64, "f64 -3.0"),
        ] {
            assert_eq!(shown(text, element), expected, "{text}");
        }
    }
}
