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
    Typed(DType, Result<u64, String>),
    Int(i128),
    Float(f64),
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
        let special = ["inf", "-inf", "NaN", "nan", "-nan"].contains(&text);
        let digits = clean.trim_start_matches(['-', '+']);
        if !special && !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        if let Ok(int) = clean.parse::<i128>() {
            return Some(Number::Int(int));
        }
        if let Ok(float) = clean.parse::<f64>() {
            return Some(Number::Float(float));
        }
        let at = clean.rfind(['i', 'u', 'f'])?;
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
                return Ok(Loaded::Array(Array::scalar(DType::Bool, u64::from(value))));
            }
            Number::Int(value) => WeakScalar::Int(value),
            Number::Float(value) => WeakScalar::Float(value),
        };
        match element {
            ElementType::Param(_) => Ok(Loaded::Weak(weak)),
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
fn bits(text: &str, dtype: DType) -> Result<u64, String> {
    macro_rules! int {
        ($ty:ty) => {
            text.parse::<$ty>().map(|v| v as u64).map_err(|_| {
                format!(
                    "`{text}` is not a value of `{dtype}` ({} to {})",
                    <$ty>::MIN,
                    <$ty>::MAX
                )
            })
        };
    }
    let wrong = |_| format!("`{text}` is not a value of `{dtype}`");
    match dtype {
        DType::Bool => Err(format!(
            "`{text}` is not a value of `bool`; write true or false"
        )),
        DType::I8 => int!(i8),
        DType::I16 => int!(i16),
        DType::I32 => int!(i32),
        DType::I64 => int!(i64),
        DType::U8 => int!(u8),
        DType::U16 => int!(u16),
        DType::U32 => int!(u32),
        DType::U64 => int!(u64),
        DType::F32 => text
            .parse::<f32>()
            .map(|v| u64::from(v.to_bits()))
            .map_err(wrong),
        DType::F64 => text.parse::<f64>().map(f64::to_bits).map_err(wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, element: ElementType) -> String {
        match load(text, "x", element) {
            Ok(Loaded::Array(array)) => format!("{} {}", array.dtype(), array.summary()),
            Ok(Loaded::Weak(WeakScalar::Int(value))) => format!("weak {value}"),
            Ok(Loaded::Weak(WeakScalar::Float(value))) => format!("weak {value:?}"),
            Err(failure) => failure
                .message()
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
