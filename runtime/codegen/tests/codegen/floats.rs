//! Operations on floats, against Rust's own; `NaN`s are equal whatever their bits.

use brolga_lang::ir::*;

use crate::support::*;

pub fn double_edges() -> Vec<u64> {
    let mut values = vec![
        0.0,
        f64::MIN_POSITIVE,
        f64::from_bits(1),
        f64::EPSILON,
        0.1,
        0.3,
        0.49999999999999994,
        0.5,
        0.75,
        1.0,
        1.5,
        2.0,
        2.5,
        3.0,
        7.25,
        1e10,
        4503599627370495.5,
        4503599627370496.5,
        9007199254740993.0,
        1e100,
        f64::MAX,
        f64::INFINITY,
        f64::NAN,
    ];
    let negated: Vec<f64> = values.iter().map(|v: &f64| -v).collect();
    values.extend(negated);
    values.into_iter().map(f64::to_bits).collect()
}

pub fn single_edges() -> Vec<u64> {
    let mut values: Vec<f32> = double_edges()
        .into_iter()
        .map(|bits| f64::from_bits(bits) as f32)
        .collect();
    values.extend([
        f32::MIN_POSITIVE,
        f32::from_bits(1),
        f32::MAX,
        8388607.5,
        8388608.5,
    ]);
    values.into_iter().map(Bits::bits).collect()
}

fn check_binary<T: Bits, R: Bits>(values: &[u64], op: BinaryOp, expected: impl Fn(T, T) -> R) {
    let ty = T::SCALAR;
    let body = binary(op, local(0, ty), local(1, ty));
    let result = body.ty.clone();
    let program = elementwise(&[ty; 2], &[], result, block(vec![], Some(body)));
    let inputs = pairs(values, values);
    let results: Vec<u64> = (0..inputs[0].len())
        .map(|k| expected(T::of(inputs[0][k]), T::of(inputs[1][k])).bits())
        .collect();
    check(
        &format!("{op:?} of {}", ty.name()),
        &program,
        &inputs,
        &results,
    );
}

fn check_unary<T: Bits, R: Bits>(values: &[u64], op: UnaryOp, expected: impl Fn(T) -> R) {
    let body = unary(op, R::SCALAR, local(0, T::SCALAR));
    let result = scalar(R::SCALAR);
    let program = elementwise(&[T::SCALAR], &[], result, block(vec![], Some(body)));
    let results: Vec<u64> = values.iter().map(|&v| expected(T::of(v)).bits()).collect();
    let what = format!("{op:?} of {}", T::SCALAR.name());
    check(&what, &program, &[values.to_vec()], &results);
}

/// `f64::powi` as the IR documents it.
macro_rules! powi {
    ($x:expr, $n:expr, $ty:ident) => {{
        let (mut x, mut n, mut r) = ($x, $n, 1.0 as $ty);
        loop {
            if n & 1 != 0 {
                r *= x;
            }
            n /= 2;
            if n == 0 {
                break;
            }
            x *= x;
        }
        if $n < 0 { 1.0 / r } else { r }
    }};
}

macro_rules! float_tests {
    ($($module:ident $ty:ident $bits:ident $edges:ident),*) => {$(
        mod $module {
            use super::*;

            #[test]
            fn arithmetic_is_rusts() {
                let values = $edges();
                check_binary::<$ty, $ty>(&values, BinaryOp::Add, |a, b| a + b);
                check_binary::<$ty, $ty>(&values, BinaryOp::Sub, |a, b| a - b);
                check_binary::<$ty, $ty>(&values, BinaryOp::Mul, |a, b| a * b);
                check_binary::<$ty, $ty>(&values, BinaryOp::Div, |a, b| a / b);
                check_binary::<$ty, $ty>(&values, BinaryOp::Rem, |a, b| a % b);
                check_binary::<$ty, $ty>(&values, BinaryOp::Copysign, |a, b| a.copysign(b));
            }

            #[test]
            fn min_and_max_drop_nan_and_keep_the_first_zero() {
                let values = $edges();
                check_binary::<$ty, $ty>(&values, BinaryOp::Min, |a, b| {
                    if a.is_nan() || b < a { b } else { a }
                });
                check_binary::<$ty, $ty>(&values, BinaryOp::Max, |a, b| {
                    if a.is_nan() || b > a { b } else { a }
                });
            }

            #[test]
            fn comparisons_are_rusts() {
                let values = $edges();
                check_binary::<$ty, bool>(&values, BinaryOp::Eq, |a, b| a == b);
                check_binary::<$ty, bool>(&values, BinaryOp::Ne, |a, b| a != b);
                check_binary::<$ty, bool>(&values, BinaryOp::Lt, |a, b| a < b);
                check_binary::<$ty, bool>(&values, BinaryOp::Le, |a, b| a <= b);
                check_binary::<$ty, bool>(&values, BinaryOp::Gt, |a, b| a > b);
                check_binary::<$ty, bool>(&values, BinaryOp::Ge, |a, b| a >= b);
            }

            #[test]
            fn exact_unary_operations_are_rusts() {
                let values = $edges();
                check_unary::<$ty, $ty>(&values, UnaryOp::Neg, |a| -a);
                check_unary::<$ty, $ty>(&values, UnaryOp::Abs, |a| a.abs());
                check_unary::<$ty, $ty>(&values, UnaryOp::Sqrt, |a| a.sqrt());
                check_unary::<$ty, $ty>(&values, UnaryOp::Floor, |a| a.floor());
                check_unary::<$ty, $ty>(&values, UnaryOp::Ceil, |a| a.ceil());
                check_unary::<$ty, $ty>(&values, UnaryOp::Trunc, |a| a.trunc());
                check_unary::<$ty, $ty>(&values, UnaryOp::RoundTiesEven, |a| a.round_ties_even());
                check_unary::<$ty, $bits>(&values, UnaryOp::ToBits, |a| a.to_bits());
                check_unary::<$bits, $ty>(&values, UnaryOp::FromBits, |a| $ty::from_bits(a));
            }

            #[test]
            fn fma_rounds_once() {
                let ty = $ty::SCALAR;
                let body = expr(
                    scalar(ty),
                    ExprKind::Fma(local(0, ty).into(), local(1, ty).into(), local(2, ty).into()),
                );
                let program = elementwise(&[ty; 3], &[], scalar(ty), block(vec![], Some(body)));
                let values = $edges();
                let mut inputs = pairs(&values, &values);
                let third = (0..inputs[0].len()).map(|k| values[k * 7 % values.len()]).collect();
                inputs.push(third);
                let results: Vec<u64> = (0..inputs[0].len())
                    .map(|k| {
                        let [a, b, c] = [0, 1, 2].map(|side| $ty::of(inputs[side][k]));
                        a.mul_add(b, c).bits()
                    })
                    .collect();
                check("fma", &program, &inputs, &results);
            }

            #[test]
            fn powi_is_repeated_squaring() {
                let ty = $ty::SCALAR;
                let power = |n: Expr| {
                    let kind = ExprKind::Binary(BinaryOp::Powi, local(0, ty).into(), n.into());
                    elementwise(
                        &[ty, Scalar::I32],
                        &[],
                        scalar(ty),
                        block(vec![], Some(expr(scalar(ty), kind))),
                    )
                };
                let exponents: Vec<u64> =
                    [0, 1, -1, 2, -2, 3, 5, -7, 10, 31, -100, 1000, i32::MAX, i32::MIN]
                        .map(|n: i32| n.bits())
                        .to_vec();
                let values = $edges();
                let inputs = pairs(&values, &exponents);
                let expected = |inputs: &[Vec<u64>]| -> Vec<u64> {
                    (0..inputs[0].len())
                        .map(|k| powi!($ty::of(inputs[0][k]), i32::of(inputs[1][k]), $ty).bits())
                        .collect()
                };
                check("powi", &power(local(1, Scalar::I32)), &inputs, &expected(&inputs));
                for &n in &exponents {
                    let inputs = pairs(&values, &[n]);
                    let program = power(value(i32::of(n)));
                    check(&format!("powi {n:#x}"), &program, &inputs, &expected(&inputs));
                }
            }
        }
    )*};
}
float_tests!(with_f32 f32 u32 single_edges, with_f64 f64 u64 double_edges);

/// Every function of the math library reaches the symbol of its name.
#[test]
fn math_functions_call_their_symbol() {
    type Unary64 = unsafe extern "C" fn(f64) -> f64;
    for (op, name) in [
        (UnaryOp::Exp, "exp"),
        (UnaryOp::Exp2, "exp2"),
        (UnaryOp::ExpM1, "exp_m1"),
        (UnaryOp::Ln, "ln"),
        (UnaryOp::Ln1p, "ln_1p"),
        (UnaryOp::Log2, "log2"),
        (UnaryOp::Log10, "log10"),
        (UnaryOp::Sin, "sin"),
        (UnaryOp::Cos, "cos"),
        (UnaryOp::Tan, "tan"),
        (UnaryOp::Asin, "asin"),
        (UnaryOp::Acos, "acos"),
        (UnaryOp::Atan, "atan"),
        (UnaryOp::Sinh, "sinh"),
        (UnaryOp::Cosh, "cosh"),
        (UnaryOp::Tanh, "tanh"),
        (UnaryOp::Asinh, "asinh"),
        (UnaryOp::Acosh, "acosh"),
        (UnaryOp::Atanh, "atanh"),
        (UnaryOp::Cbrt, "cbrt"),
        (UnaryOp::Erf, "erf"),
        (UnaryOp::Erfc, "erfc"),
        (UnaryOp::Gamma, "gamma"),
        (UnaryOp::Lgamma, "lgamma"),
    ] {
        let symbol = format!("nrt_{name}_f64");
        let address = brolga_nrt::address(&symbol).unwrap();
        // SAFETY: the table says that the symbol has this type.
        let function: Unary64 = unsafe { std::mem::transmute(address) };
        // SAFETY: it takes any number.
        check_unary::<f64, f64>(&double_edges(), op, |a| unsafe { function(a) });
    }
    type Binary32 = unsafe extern "C" fn(f32, f32) -> f32;
    for (op, name) in [
        (BinaryOp::Atan2, "atan2"),
        (BinaryOp::Hypot, "hypot"),
        (BinaryOp::Powf, "powf"),
    ] {
        let symbol = format!("nrt_{name}_f32");
        let address = brolga_nrt::address(&symbol).unwrap();
        // SAFETY: as above.
        let function: Binary32 = unsafe { std::mem::transmute(address) };
        // SAFETY: as above.
        check_binary::<f32, f32>(&single_edges(), op, |a, b| unsafe { function(a, b) });
    }
}
