//! Conversion of elements: Rust's `as` between any two types, strided and misaligned.

use brolga_abi::DType;
use brolga_ufunc::{Element, convert_elements};
use half::{bf16, f16};
use num_complex::Complex;

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
fn converted<S: Element, D: Element>(source: &[S], gaps: (usize, usize)) -> Vec<D> {
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
fn halves_are_rounded_once_and_read_exactly() {
    let floats: Vec<f64> = EDGES
        .into_iter()
        // Half way between two halves, and a little above it: more than an f32 can tell.
        .chain([1.0 + 2f64.powi(-11), 1.0 + 2f64.powi(-11) + 2f64.powi(-40)])
        .chain([1.0 + 2f64.powi(-8), 1.0 + 2f64.powi(-8) + 2f64.powi(-40)])
        .chain([
            1.0 + 3.0 * 2f64.powi(-11) - 2f64.powi(-45),
            65519.9999999,
            65520.0,
            3e38,
        ])
        .chain([2f64.powi(-25), 2f64.powi(-25) + 2f64.powi(-60), 1e-320])
        .collect();
    // As `numpy.float64.astype(numpy.float16)` gives them.
    let expected = [
        0, 0x8000, 0x3c00, 0xbc00, 0x3800, 0xb800, 0x57f8, 0x5bf8, 0xd808, 0x7c00, 0x7c00, 0xfc00,
        0x7c00, 0x7c00, 0xfc00, 0x7e00, 0x3c00, 0x3c01, 0x3c04, 0x3c04, 0x3c01, 0x7bff, 0x7c00,
        0x7c00, 0, 1, 0,
    ];
    for gaps in [(0, 0), (3, 1)] {
        let found: Vec<u16> = converted::<f64, f16>(&floats, gaps)
            .into_iter()
            .map(f16::to_bits)
            .collect();
        assert_eq!(found, expected);
    }
    let one = |x: f64| converted::<f64, bf16>(&[x], (0, 0))[0].to_bits();
    assert_eq!(one(1.0 + 2f64.powi(-8)), 0x3f80);
    assert_eq!(one(1.0 + 2f64.powi(-8) + 2f64.powi(-40)), 0x3f81);
    assert_eq!(one(1e39), 0x7f80);

    let halves = [1.5, -0.0, 65504.0, f32::INFINITY, f32::NAN].map(f16::from_f32);
    for (bits, expected) in converted::<f16, f64>(&halves, (1, 0)).iter().zip([
        1.5,
        -0.0,
        65504.0,
        f64::INFINITY,
        f64::NAN,
    ]) {
        assert_eq!(format!("{bits:?}"), format!("{expected:?}"));
    }
    assert_eq!(converted::<f16, i8>(&halves, (0, 0)), [1, 0, 127, 127, 0]);
    assert_eq!(
        converted::<f16, bool>(&halves, (0, 0)),
        [true, false, true, true, true]
    );
    assert_eq!(
        converted::<f16, bf16>(&halves, (0, 0))[2],
        bf16::from_f32(65536.0)
    );
    assert_eq!(
        converted::<i32, f16>(&[3, -70_000], (0, 3)),
        [f16::from_f32(3.0), f16::NEG_INFINITY]
    );
    assert_eq!(
        converted::<bool, bf16>(&[true], (0, 0)),
        [bf16::from_f32(1.0)]
    );
}

#[test]
fn complex_numbers_convert_part_by_part() {
    let z = [
        Complex::new(1.5_f64, -2.5),
        Complex::new(0.0, 0.1),
        Complex::new(-0.0, 0.0),
        Complex::new(1e300, f64::NEG_INFINITY),
    ];
    for gaps in [(0, 0), (1, 7)] {
        let narrow = converted::<Complex<f64>, Complex<f32>>(&z, gaps);
        let expected = z.map(|z| Complex::new(z.re as f32, z.im as f32));
        assert_eq!(format!("{narrow:?}"), format!("{expected:?}"));
        assert_eq!(
            converted::<Complex<f32>, Complex<f64>>(&narrow[..1], gaps),
            z[..1]
        );
        assert_eq!(
            converted::<Complex<f64>, f64>(&z, gaps),
            [1.5, 0.0, -0.0, 1e300]
        );
        assert_eq!(converted::<Complex<f64>, u8>(&z, gaps), [1, 0, 0, 255]);
        assert_eq!(
            converted::<Complex<f64>, bool>(&z, gaps),
            [true, true, false, true]
        );
        assert_eq!(
            converted::<i16, Complex<f32>>(&[-7], gaps),
            [Complex::new(-7.0, 0.0)]
        );
        assert_eq!(
            converted::<f16, Complex<f64>>(&[f16::from_f32(0.5)], gaps),
            [Complex::new(0.5, 0.0)]
        );
        assert_eq!(
            converted::<bool, Complex<f64>>(&[true], gaps),
            [Complex::new(1.0, 0.0)]
        );
    }
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
