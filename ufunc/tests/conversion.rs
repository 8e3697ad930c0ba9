//! Conversion of elements: Rust's `as` between any two types, strided and misaligned.

use brolga_abi::DType;
use brolga_ufunc::{Element, convert_elements};

/// Values at the edges of every type.
const EDGES: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    127.5,
    255.0,
    -129.0,
    65_536.0,
    2_147_483_648.0,
    -9.3e18,
    1.9e19,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

const INTEGERS: [i64; 10] = [0, 1, -1, 127, 128, 255, 256, -32_769, i64::MAX, i64::MIN];

/// Converts with a stride on each side and everything one byte off its alignment.
fn converted<S: Element, D: Element + Default>(source: &[S], gaps: (usize, usize)) -> Vec<D> {
    let (source_step, target_step) = (size_of::<S>() + gaps.0, size_of::<D>() + gaps.1);
    let count = source.len();
    let mut bytes = vec![0u8; 1 + count * source_step];
    let mut target = vec![0u8; 1 + count * target_step];
    // SAFETY: every element lies within its buffer, which has a byte more than they need.
    unsafe {
        for (k, &value) in source.iter().enumerate() {
            let place = bytes.as_mut_ptr().add(1 + k * source_step);
            place.cast::<S>().write_unaligned(value);
        }
        convert_elements(
            S::DTYPE,
            bytes.as_ptr().add(1),
            source_step as isize,
            D::DTYPE,
            target.as_mut_ptr().add(1),
            target_step as isize,
            count,
        );
        (0..count)
            .map(|k| {
                let place = target.as_ptr().add(1 + k * target_step);
                place.cast::<D>().read_unaligned()
            })
            .collect()
    }
}

macro_rules! check_from {
    ($source:ty, $values:expr, [$($target:ty),*]) => {{
        let source: Vec<$source> = $values;
        for gaps in [(0, 0), (3, 0), (0, 8), (5, 5)] {
            $(
                let expected: Vec<$target> = source.iter().map(|&v| v as $target).collect();
                let found: Vec<$target> = converted(&source, gaps);
                // Compared as text, in which NaN equals NaN and -0.0 differs from 0.0.
                assert_eq!(
                    format!("{found:?}"),
                    format!("{expected:?}"),
                    "{} to {} with gaps {gaps:?}",
                    <$source>::DTYPE,
                    <$target>::DTYPE,
                );
            )*
            let truth: Vec<bool> = source.iter().map(|&v| v != 0 as $source).collect();
            assert_eq!(converted::<$source, bool>(&source, gaps), truth);
        }
    }};
    ($source:ty, $values:expr) => {
        check_from!($source, $values, [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64])
    };
}

#[test]
fn numbers_convert_as_rust_does() {
    check_from!(f64, EDGES.to_vec());
    check_from!(f32, EDGES.iter().map(|&v| v as f32).collect());
    check_from!(i8, INTEGERS.iter().map(|&v| v as i8).collect());
    check_from!(i16, INTEGERS.iter().map(|&v| v as i16).collect());
    check_from!(i32, INTEGERS.iter().map(|&v| v as i32).collect());
    check_from!(i64, INTEGERS.to_vec());
    check_from!(u8, INTEGERS.iter().map(|&v| v as u8).collect());
    check_from!(u16, INTEGERS.iter().map(|&v| v as u16).collect());
    check_from!(u32, INTEGERS.iter().map(|&v| v as u32).collect());
    check_from!(u64, INTEGERS.iter().map(|&v| v as u64).collect());
}

#[test]
fn bools_become_zero_and_one() {
    for gaps in [(0, 0), (2, 1)] {
        assert_eq!(converted::<bool, f32>(&[true, false], gaps), [1.0, 0.0]);
        assert_eq!(converted::<bool, i64>(&[true, false], gaps), [1, 0]);
        assert_eq!(converted::<bool, u8>(&[true, false], gaps), [1, 0]);
        assert_eq!(converted::<bool, bool>(&[true, false], gaps), [true, false]);
    }
}

#[test]
fn any_nonzero_byte_is_true() {
    let source = [0u8, 1, 2, 255];
    let mut target = [9u8; 4];
    let (from, to) = (source.as_ptr(), target.as_mut_ptr());
    // SAFETY: four bytes each.
    unsafe { convert_elements(DType::Bool, from, 1, DType::Bool, to, 1, 4) };
    assert_eq!(target, [0, 1, 1, 1]);
}

#[test]
fn a_negative_step_reverses() {
    let source = [1i32, 2, 3];
    let mut target = [0i64; 3];
    // SAFETY: three elements each, walked from the last to the first.
    unsafe {
        convert_elements(
            DType::I32,
            source.as_ptr().add(2).cast(),
            -4,
            DType::I64,
            target.as_mut_ptr().cast(),
            8,
            3,
        );
    }
    assert_eq!(target, [3, 2, 1]);
}
