//! The globals of a module as a host sees them: their names, their types, and the values
//! that they have while none is bound. Not where they lie in memory: that follows from the
//! types in order ([`GlobalType::scalars`]).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::DType;

/// A `static` of a kernel file: a value that the host may bind to another.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct GlobalMeta {
    /// Its path in the module.
    pub name: String,
    /// Its type.
    pub ty: GlobalType,
    /// Its value while the host binds none: the bits of its scalars in order, zero-extended.
    /// A complex number has two.
    pub default: Vec<u64>,
    /// Its doc comment, or empty; no part of what the cache stores, which serves calls and
    /// not readers.
    #[serde(skip)]
    pub doc: String,
}

/// The type of a global. `isize` and `usize` are `I64` and `U64`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum GlobalType {
    /// A number or bool.
    Scalar(DType),
    /// A tuple.
    Tuple(Vec<GlobalType>),
    /// An array of a fixed length.
    Array(Box<GlobalType>, u32),
}

/// Brackets within brackets; no type of a kernel file has more.
const MAX_DEPTH: usize = 64;

impl GlobalType {
    /// The type that `text` writes, as [`fmt::Display`] does: `[[f64; 3]; 2]`.
    pub fn parse(text: &str) -> Option<GlobalType> {
        let mut rest = text.trim();
        let ty = parse(&mut rest, MAX_DEPTH)?;
        rest.trim().is_empty().then_some(ty)
    }

    /// Size and alignment in memory, in bytes, as the compiler has them: members one after
    /// the other, each aligned for its own type, elements at a distance of their size.
    /// `None` when it does not fit in memory.
    pub fn layout(&self) -> Option<(usize, usize)> {
        match self {
            GlobalType::Scalar(dtype) => Some((dtype.size(), dtype.align())),
            GlobalType::Tuple(members) => {
                let (mut end, mut align) = (0_usize, 1);
                for member in members {
                    let (size, own) = member.layout()?;
                    end = end.checked_next_multiple_of(own)?.checked_add(size)?;
                    align = align.max(own);
                }
                Some((end.checked_next_multiple_of(align)?, align))
            }
            GlobalType::Array(element, length) => {
                let (size, align) = element.layout()?;
                let size = size.checked_mul(*length as usize)?;
                isize::try_from(size).ok().map(|_| (size, align))
            }
        }
    }

    /// The parts that have bits of their own, in order, each with its offset from `start`
    /// and its size, in bytes. A complex number has two.
    pub fn scalars(&self, start: usize, found: &mut Vec<(usize, usize)>) {
        match self {
            GlobalType::Scalar(dtype) => {
                let part = dtype.part().size();
                for offset in (0..dtype.size()).step_by(part) {
                    found.push((start + offset, part));
                }
            }
            GlobalType::Tuple(members) => {
                let mut end = start;
                for member in members {
                    let (size, align) = member.layout().unwrap_or((0, 1));
                    end = end.next_multiple_of(align);
                    member.scalars(end, found);
                    end += size;
                }
            }
            GlobalType::Array(element, length) => {
                let size = element.layout().map_or(0, |(size, _)| size);
                for k in 0..*length as usize {
                    element.scalars(start + k * size, found);
                }
            }
        }
    }

    /// How many words a value of this type has ([`GlobalMeta::default`]).
    pub fn words(&self) -> u64 {
        match self {
            GlobalType::Scalar(dtype) if dtype.is_complex() => 2,
            GlobalType::Scalar(_) => 1,
            GlobalType::Tuple(members) => members
                .iter()
                .fold(0, |sum, member| sum.saturating_add(member.words())),
            GlobalType::Array(element, length) => {
                element.words().saturating_mul(u64::from(*length))
            }
        }
    }

    /// Whether a value of type `value` may be bound here. Where this type comes from
    /// compiled code, a complex number is a tuple of its parts and a half its bits.
    pub fn takes(&self, value: &GlobalType) -> bool {
        match (self, value) {
            (GlobalType::Tuple(members), GlobalType::Scalar(dtype)) => {
                dtype.is_complex()
                    && members.len() == 2
                    && members
                        .iter()
                        .all(|member| *member == GlobalType::Scalar(dtype.part()))
            }
            (GlobalType::Scalar(DType::U16), GlobalType::Scalar(dtype)) => {
                dtype.is_half() || *dtype == DType::U16
            }
            (GlobalType::Scalar(own), GlobalType::Scalar(given)) => own == given,
            (GlobalType::Array(own, n), GlobalType::Array(given, m)) => n == m && own.takes(given),
            (GlobalType::Tuple(own), GlobalType::Tuple(given)) => {
                own.len() == given.len() && own.iter().zip(given).all(|(a, b)| a.takes(b))
            }
            _ => false,
        }
    }
}

/// The values of the globals of one kernel, as its code reads them: one after the other, each
/// aligned for its own type. Never changed once built: a call that holds it sees one value.
#[derive(Debug)]
pub struct GlobalBlock {
    /// For the alignment of 16 bytes.
    words: Vec<u128>,
}

impl GlobalBlock {
    /// The block of these types and values, in order; `None` when it does not fit in memory
    /// or a value has not as many words as its type.
    pub fn build<'a>(
        globals: impl Iterator<Item = (&'a GlobalType, &'a [u64])>,
    ) -> Option<GlobalBlock> {
        let mut bytes: Vec<u8> = Vec::new();
        for (ty, words) in globals {
            let (size, align) = ty.layout()?;
            if ty.words() != words.len() as u64 {
                return None;
            }
            let start = bytes.len().checked_next_multiple_of(align)?;
            let end = start.checked_add(size)?;
            bytes.try_reserve(end - bytes.len()).ok()?;
            bytes.resize(end, 0);
            let mut places = Vec::new();
            ty.scalars(start, &mut places);
            for ((offset, size), word) in places.into_iter().zip(words) {
                // A place has at most 8 bytes.
                bytes[offset..offset + size].copy_from_slice(&word.to_ne_bytes()[..size]);
            }
        }
        bytes.resize(bytes.len().next_multiple_of(16), 0);
        let words = bytes.as_chunks::<16>().0;
        let words = words.iter().copied().map(u128::from_ne_bytes);
        Some(GlobalBlock {
            words: words.collect(),
        })
    }

    /// Its bytes, sixteen at a time in the machine's order, with zeros at the end.
    pub fn words(&self) -> impl Iterator<Item = u128> + '_ {
        self.words.iter().copied()
    }

    /// Where it begins, for [`crate::KernelContext::globals`]. Valid while the block lives.
    pub fn as_ptr(&self) -> *const *const u8 {
        self.words.as_ptr().cast()
    }
}

fn parse(rest: &mut &str, depth: usize) -> Option<GlobalType> {
    let depth = depth.checked_sub(1)?;
    if eat(rest, "[") {
        let element = parse(rest, depth)?;
        if !eat(rest, ";") {
            return None;
        }
        let text = rest.trim_start();
        let end = text.find(|c: char| !c.is_ascii_digit());
        let (digits, after) = text.split_at(end.unwrap_or(text.len()));
        let length = digits.parse().ok()?;
        *rest = after;
        return eat(rest, "]").then(|| GlobalType::Array(Box::new(element), length));
    }
    if eat(rest, "(") {
        let mut members = Vec::new();
        while !eat(rest, ")") {
            members.push(parse(rest, depth)?);
            if !eat(rest, ",") {
                return eat(rest, ")").then_some(GlobalType::Tuple(members));
            }
        }
        return Some(GlobalType::Tuple(members));
    }
    let name = rest.trim_start();
    let end = name
        .find(|c: char| !(c.is_ascii_alphanumeric() || "<>".contains(c)))
        .unwrap_or(name.len());
    let dtype = DType::from_name(&name[..end])?;
    *rest = &name[end..];
    Some(GlobalType::Scalar(dtype))
}

fn eat(rest: &mut &str, token: &str) -> bool {
    match rest.trim_start().strip_prefix(token) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

impl fmt::Display for GlobalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GlobalType::Scalar(dtype) => write!(f, "{dtype}"),
            GlobalType::Array(element, length) => write!(f, "[{element}; {length}]"),
            GlobalType::Tuple(members) => {
                f.write_str("(")?;
                for (k, member) in members.iter().enumerate() {
                    write!(f, "{}{member}", if k == 0 { "" } else { ", " })?;
                }
                f.write_str(if members.len() == 1 { ",)" } else { ")" })
            }
        }
    }
}

impl From<GlobalType> for String {
    fn from(ty: GlobalType) -> String {
        ty.to_string()
    }
}

impl TryFrom<String> for GlobalType {
    type Error = String;
    fn try_from(text: String) -> Result<GlobalType, String> {
        GlobalType::parse(&text).ok_or_else(|| format!("`{text}` is no type of a global"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_and_read() {
        for text in [
            "f64",
            "[[Complex<f32>; 3]; 2]",
            "(bool, [u8; 0], (i64,))",
            "()",
        ] {
            let ty = GlobalType::parse(text).unwrap();
            assert_eq!(ty.to_string(), text);
        }
        for text in [
            "",
            "f65",
            "[f64]",
            "[f64; -1]",
            "(f64",
            "f64 f64",
            "[f64; 3",
        ] {
            assert_eq!(GlobalType::parse(text), None, "{text}");
        }
        assert_eq!(GlobalType::parse(&"[".repeat(100_000)), None);
    }

    #[test]
    fn parts_are_aligned_for_their_types() {
        let ty = GlobalType::parse("(u8, [(f64, u8); 2], Complex<f32>)").unwrap();
        let mut found = Vec::new();
        ty.scalars(0, &mut found);
        let expected = [(0, 1), (8, 8), (16, 1), (24, 8), (32, 1), (40, 4), (44, 4)];
        assert_eq!(found, expected);
        assert_eq!(ty.layout(), Some((48, 8)));
        assert_eq!(ty.words(), 7);
        let huge = GlobalType::parse("[[[u64; 4294967295]; 4294967295]; 9]").unwrap();
        assert_eq!(huge.layout(), None);
    }

    #[test]
    fn a_block_holds_the_values_where_code_reads_them() {
        let types = ["u8", "[f32; 3]", "Complex<f64>"].map(|t| GlobalType::parse(t).unwrap());
        let f = |x: f32| u64::from(x.to_bits());
        let values = [
            vec![7],
            vec![f(1.0), f(2.0), f(3.0)],
            vec![0.5_f64.to_bits(), (-0.5_f64).to_bits()],
        ];
        let pairs = || types.iter().zip(values.iter().map(Vec::as_slice));
        let block = GlobalBlock::build(pairs()).unwrap();
        assert!(block.as_ptr().addr().is_multiple_of(16));
        let bytes: Vec<u8> = block.words.iter().flat_map(|w| w.to_ne_bytes()).collect();
        assert_eq!(bytes[0], 7);
        assert_eq!(bytes[8..12], 2.0_f32.to_ne_bytes());
        assert_eq!(bytes[24..32], (-0.5_f64).to_ne_bytes());
        assert_eq!(bytes.len(), 32);
        assert!(GlobalBlock::build(types.iter().map(|ty| (ty, &[1][..]))).is_none());
        assert!(GlobalBlock::build(std::iter::empty()).is_some());
    }

    #[test]
    fn a_value_must_have_the_very_type() {
        let takes = |own: &str, given: &str| {
            GlobalType::parse(own)
                .unwrap()
                .takes(&GlobalType::parse(given).unwrap())
        };
        assert!(takes("[f64; 2]", "[f64; 2]"));
        assert!(takes("[(f64, f64); 2]", "[Complex<f64>; 2]"));
        assert!(takes("u16", "bf16"));
        assert!(!takes("[f64; 2]", "[f64; 3]"));
        assert!(!takes("f64", "f32"));
        assert!(!takes("Complex<f64>", "(f64, f64)"));
        assert!(!takes("f16", "u16"));
    }
}
