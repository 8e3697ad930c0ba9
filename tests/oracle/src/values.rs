//! The operands of the comparisons: edge values of each type, seeded random ones, and rows
//! that combine them for the parameters of a function. Values are words, as
//! [`crate::Scalar::to_word`] gives them. Invariant: the same seed gives the same values, and
//! every value lies in its [`Domain`].

use brolga_abi::DType;
use half::{bf16, f16};
use num_complex::Complex;

use crate::agreement::parts;
use crate::case::Case;
use crate::operand::Operand;
use crate::scalar::{Scalar, Word};

/// Which values of its type a parameter may take.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Domain {
    /// All: NaN of several payloads, infinities, zeros, subnormals, `MIN`, `MAX`, any bits.
    Any,
    /// From the first to the second, both included, as far as the type reaches. Floats take
    /// fractions, and both ends.
    Between(f64, f64),
}

/// A small generator of random words (SplitMix64), so that a seed means the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The generator with this seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next word: 64 random bits.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `count`.
    ///
    /// # Panics
    /// If `count` is 0.
    pub fn below(&mut self, count: usize) -> usize {
        (self.word() % count as u64) as usize
    }

    /// A number from 0 to 1, 1 excluded.
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A value of this type in `domain`.
    pub fn value(&mut self, dtype: DType, domain: Domain) -> Word {
        match domain {
            Domain::Any => self.any_value(dtype),
            Domain::Between(low, high) => word_of(dtype, low + self.unit() * (high - low)),
        }
    }

    /// Half of the values are of everyday size, since random bits seldom are.
    fn any_value(&mut self, dtype: DType) -> Word {
        let word = self.word();
        match dtype {
            DType::Bool => Word::from(word & 1),
            DType::ComplexF32 | DType::ComplexF64 => {
                let part = dtype.part();
                self.any_value(part) | self.any_value(part) << (8 * part.size())
            }
            DType::F32 | DType::F64 | DType::F16 | DType::Bf16 if word & 1 == 0 => {
                let scale = [1.0, 10.0, 1000.0][self.below(3)];
                word_of(dtype, (self.unit() - 0.5) * scale)
            }
            _ if dtype.is_integer() && word & 1 == 0 => {
                let small = self.below(201) as i64 - 100;
                mask(dtype, small as Word)
            }
            _ => mask(dtype, Word::from(self.word())),
        }
    }
}

/// The low bits that the type has.
fn mask(dtype: DType, word: Word) -> Word {
    match dtype.size() {
        16 => word,
        size => word & ((1 << (8 * size)) - 1),
    }
}

/// `value as` the type.
fn word_of(dtype: DType, value: f64) -> Word {
    match dtype {
        DType::Bool => Word::from(value >= 0.5),
        DType::I8 => (value.round() as i8).to_word(),
        DType::I16 => (value.round() as i16).to_word(),
        DType::I32 => (value.round() as i32).to_word(),
        DType::I64 => (value.round() as i64).to_word(),
        DType::U8 => (value.round() as u8).to_word(),
        DType::U16 => (value.round() as u16).to_word(),
        DType::U32 => (value.round() as u32).to_word(),
        DType::U64 => (value.round() as u64).to_word(),
        DType::F32 => (value as f32).to_word(),
        DType::F64 => value.to_word(),
        DType::F16 => f16::from_f64(value).to_word(),
        DType::Bf16 => bf16::from_f64(value).to_word(),
        // The real part is meant; the other has the half of it.
        DType::ComplexF32 => Complex::new(value as f32, value as f32 / 2.0).to_word(),
        DType::ComplexF64 => Complex::new(value, value / 2.0).to_word(),
    }
}

/// The values of this type at which code goes wrong, in no order, without repetition.
pub fn edge_values(dtype: DType) -> Vec<Word> {
    let mut values = match dtype {
        DType::Bool => vec![0, 1],
        DType::F32 => float_edges()
            .iter()
            .map(|&x| (x as f32).to_word())
            .chain(F32_EDGES.iter().map(|x| x.to_word()))
            .chain([0x7fc0_1234, 0xffc0_0001, 0x7f80_0001])
            .collect(),
        DType::F64 => float_edges()
            .iter()
            .chain(&F64_EDGES)
            .map(|x| x.to_word())
            .chain([
                0x7ff8_0000_0000_1234,
                0xfff8_0000_0000_0001,
                0x7ff0_0000_0000_0001,
            ])
            .collect(),
        DType::F16 | DType::Bf16 => half_edges(dtype),
        DType::ComplexF32 | DType::ComplexF64 => complex_edges(dtype.part()),
        _ => integer_edges(dtype),
    };
    values.sort_unstable();
    values.dedup();
    values
}

/// Every special value of a half, and the limits of what it holds.
fn half_edges(dtype: DType) -> Vec<Word> {
    let one = word_of(dtype, 1.0);
    let infinity = word_of(dtype, f64::INFINITY);
    let positive = [0, 1, 2, one - 1, one, one + 1, infinity - 1, infinity];
    let mut values: Vec<Word> = positive.to_vec();
    values.extend([infinity | 1, word_of(dtype, f64::NAN), word_of(dtype, 0.1)]);
    // The least normal number, and the greatest that is none.
    let normal = if dtype == DType::F16 { 0x0400 } else { 0x0080 };
    values.extend([normal, normal - 1]);
    let negative: Vec<Word> = values.iter().map(|word| word | 0x8000).collect();
    values.extend(negative);
    values
}

/// Every pair of the special values of a part.
fn complex_edges(part: DType) -> Vec<Word> {
    let special = [
        0.0,
        -0.0,
        1.0,
        -1.5,
        2.0,
        1e-30,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let large = if part == DType::F32 { 3e38 } else { 1.7e308 };
    let special: Vec<Word> = special
        .into_iter()
        .chain([large, 1.0 / large])
        .map(|value| word_of(part, value))
        .collect();
    let pairs = special
        .iter()
        .flat_map(|re| special.iter().map(move |im| (*re, *im)));
    pairs.map(|(re, im)| re | im << (8 * part.size())).collect()
}

/// Edges that both float types have, the limits of the integer types among them.
fn float_edges() -> Vec<f64> {
    let mut values = vec![f64::NAN, f64::INFINITY, 0.0];
    values.extend([0.1, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 10.0, 100.25]);
    values.extend([std::f64::consts::PI, 1e-5, 1e5, 1e30, 1e-30]);
    for bits in [7, 8, 15, 16, 31, 32, 63, 64] {
        let limit = 2.0_f64.powi(bits);
        values.extend([limit - 1.0, limit, limit + 1.0]);
    }
    let negative: Vec<f64> = values.iter().map(|x| -x).collect();
    values.extend(negative);
    values
}

const F32_EDGES: [f32; 12] = [
    f32::MAX,
    f32::MIN,
    f32::MIN_POSITIVE,
    -f32::MIN_POSITIVE,
    f32::MIN_POSITIVE / 2.0,
    1e-45,
    -1e-45,
    f32::EPSILON,
    1.0 + f32::EPSILON,
    1.0 - f32::EPSILON / 2.0,
    8_388_607.5,
    16_777_215.0,
];

const F64_EDGES: [f64; 14] = [
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    -f64::MIN_POSITIVE,
    f64::MIN_POSITIVE / 2.0,
    5e-324,
    -5e-324,
    f64::EPSILON,
    1.0 + f64::EPSILON,
    1.0 - f64::EPSILON / 2.0,
    0.499_999_999_999_999_94,
    4_503_599_627_370_495.5,
    9_007_199_254_740_991.0,
    1e300,
];

fn integer_edges(dtype: DType) -> Vec<Word> {
    let bits = 8 * dtype.size() as u32;
    let mut values: Vec<Word> = (0..=4).collect();
    values.extend([7, 8, 10, 100, 0x5555_5555_5555_5555]);
    for power in [bits / 2, bits - 1] {
        let limit = (1 as Word) << power;
        values.extend([limit - 1, limit, limit + 1]);
    }
    let complements: Vec<Word> = values.iter().map(|value| !value).collect();
    values.extend(complements);
    values.iter().map(|&value| mask(dtype, value)).collect()
}

/// The edges of `domain`: those of the type that lie in it, and its ends.
pub fn edges_in(dtype: DType, domain: Domain) -> Vec<Word> {
    let mut values = edge_values(dtype);
    if let Domain::Between(low, high) = domain {
        values.retain(|&value| (low..=high).contains(&number(dtype, value)));
        values.extend([word_of(dtype, low), word_of(dtype, high)]);
        values.sort_unstable();
        values.dedup();
    }
    values
}

/// The value as a number, rounded where `f64` does not have it.
fn number(dtype: DType, word: Word) -> f64 {
    match dtype {
        DType::I8 => f64::from(i8::from_word(word)),
        DType::I16 => f64::from(i16::from_word(word)),
        DType::I32 => f64::from(i32::from_word(word)),
        DType::I64 => i64::from_word(word) as f64,
        DType::F32 => f64::from(f32::from_word(word)),
        DType::F64 => f64::from_word(word),
        DType::F16 => f16::from_word(word).to_f64(),
        DType::Bf16 => bf16::from_word(word).to_f64(),
        DType::ComplexF32 | DType::ComplexF64 => number(dtype.part(), parts(dtype, word)[0]),
        DType::Bool | DType::U8 | DType::U16 | DType::U32 | DType::U64 => word as f64,
    }
}

/// Argument rows for a case whose parameters are scalars: every combination of edge values
/// if there are at most `limit`, else `limit` random ones of them; then `limit` rows of
/// random values, every fourth value an edge. A case without parameters gets one empty row.
pub fn rows(case: &Case, limit: usize, seed: u64) -> Vec<Vec<Word>> {
    if case.params.is_empty() {
        return vec![Vec::new()];
    }
    let mut random = Random::new(seed);
    let edges: Vec<Vec<Word>> = typed_domains(case)
        .map(|(dtype, domain)| edges_in(dtype, domain))
        .collect();
    let all = edges
        .iter()
        .try_fold(1_usize, |count, column| count.checked_mul(column.len()))
        .filter(|&count| count <= limit);
    let mut rows: Vec<Vec<Word>> = match all {
        Some(count) => (0..count)
            .map(|number| combination(&edges, number))
            .collect(),
        None => (0..limit)
            .map(|_| {
                edges
                    .iter()
                    .map(|column| pick(column, &mut random))
                    .collect()
            })
            .collect(),
    };
    for _ in 0..limit {
        let row = typed_domains(case)
            .zip(&edges)
            .map(|((dtype, domain), column)| match random.below(4) {
                0 => pick(column, &mut random),
                _ => random.value(dtype, domain),
            });
        rows.push(row.collect());
    }
    rows
}

/// The `number`-th combination of one value from each column.
fn combination(columns: &[Vec<Word>], mut number: usize) -> Vec<Word> {
    let digit = |column: &Vec<Word>| {
        let value = column[number % column.len()];
        number /= column.len();
        value
    };
    columns.iter().map(digit).collect()
}

fn pick(values: &[Word], random: &mut Random) -> Word {
    values[random.below(values.len())]
}

fn typed_domains(case: &Case) -> impl Iterator<Item = (DType, Domain)> {
    let domains = case.domains.iter().copied();
    case.params.iter().map(|param| param.dtype).zip(domains)
}

/// `count` elements for the operand of one parameter of a case: random values of its domain,
/// every eighth an edge.
///
/// # Panics
/// If the case has no such parameter.
pub fn elements(case: &Case, param: usize, count: usize, random: &mut Random) -> Vec<Word> {
    let (dtype, domain) = (case.params[param].dtype, case.domains[param]);
    let edges = edges_in(dtype, domain);
    (0..count)
        .map(|_| match random.below(8) {
            0 => pick(&edges, random),
            _ => random.value(dtype, domain),
        })
        .collect()
}

/// Operands for all parameters of a case over arrays, when the named core dimensions have
/// these sizes.
pub fn operands(case: &Case, size_of: impl Fn(&str) -> usize, random: &mut Random) -> Vec<Operand> {
    let shapes = case.shapes(size_of);
    let params = case.params.iter().zip(&shapes).enumerate();
    params
        .map(|(number, (param, shape))| {
            let words = elements(case, number, shape.iter().product(), random);
            param.operand(shape, &words)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_hold_what_goes_wrong() {
        for (dtype, words) in [
            (DType::I8, vec![0, 0x7f, 0x80, 0xff]),
            (DType::U64, vec![0, Word::from(u64::MAX), 1 << 63, 1]),
            (
                DType::F32,
                vec![0x8000_0000, 0x7f80_0000, 1, 0x7f7f_ffff, 0x7fc0_0000],
            ),
            (DType::F64, vec![1 << 63, f64::MAX.to_word(), 1]),
            (DType::Bool, vec![0, 1]),
        ] {
            let edges = edge_values(dtype);
            for word in words {
                assert!(edges.contains(&word), "{dtype} {word:#x}");
            }
        }
    }

    #[test]
    fn values_fit_their_type_and_domain() {
        let mut random = Random::new(1);
        for dtype in DType::ALL {
            for domain in [Domain::Any, Domain::Between(0.0, 20.0)] {
                let mut values = edges_in(dtype, domain);
                values.extend((0..200).map(|_| random.value(dtype, domain)));
                for value in values {
                    assert_eq!(mask(dtype, value), value, "{dtype}");
                    if domain != Domain::Any {
                        let number = number(dtype, value);
                        assert!((0.0..=20.0).contains(&number), "{dtype} {number}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_seed_gives_the_same_values_again() {
        let (mut a, mut b) = (Random::new(7), Random::new(7));
        for _ in 0..100 {
            assert_eq!(
                a.value(DType::F64, Domain::Any),
                b.value(DType::F64, Domain::Any)
            );
        }
    }

    #[test]
    fn combinations_are_all_different() {
        let columns = [vec![1, 2], vec![3], vec![4, 5, 6]];
        let mut rows: Vec<_> = (0..6).map(|n| combination(&columns, n)).collect();
        rows.sort();
        rows.dedup();
        assert_eq!(rows.len(), 6);
    }
}
