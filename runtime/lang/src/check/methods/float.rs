//! The methods of `f32` and `f64`, and what each means in operations of the IR. The
//! definitions follow std's documentation and formulas.

use brolga_abi::PanicKind;

use super::On::All;
use super::{Method, Part, associated, method, sibling};
use crate::check::lower::build::{self, Atom, Builder};
use crate::diagnostic::Span;
use crate::ir::{BinaryOp, Expr, ExprKind, Scalar, Type, UnaryOp};

const S: Part = Part::Own;
const BOOL: Part = Part::Fixed(Scalar::Bool);

/// All of them.
pub(crate) const TABLE: &[Method] = &[
    method("abs", All, &[], S, true),
    method("acos", All, &[], S, true),
    method("acosh", All, &[], S, true),
    method("asin", All, &[], S, true),
    method("asinh", All, &[], S, true),
    method("atan", All, &[], S, true),
    method("atan2", All, &[S], S, true),
    method("atanh", All, &[], S, true),
    method("cbrt", All, &[], S, true),
    method("ceil", All, &[], S, true),
    method("clamp", All, &[S, S], S, true),
    method("copysign", All, &[S], S, true),
    method("cos", All, &[], S, true),
    method("cosh", All, &[], S, true),
    method("div_euclid", All, &[S], S, true),
    method("exp", All, &[], S, true),
    method("exp2", All, &[], S, true),
    method("exp_m1", All, &[], S, true),
    method("floor", All, &[], S, true),
    method("fract", All, &[], S, true),
    method("hypot", All, &[S], S, true),
    method("is_finite", All, &[], BOOL, true),
    method("is_infinite", All, &[], BOOL, true),
    method("is_nan", All, &[], BOOL, true),
    method("is_normal", All, &[], BOOL, true),
    method("is_sign_negative", All, &[], BOOL, true),
    method("is_sign_positive", All, &[], BOOL, true),
    method("is_subnormal", All, &[], BOOL, true),
    method("ln", All, &[], S, true),
    method("ln_1p", All, &[], S, true),
    method("log", All, &[S], S, true),
    method("log10", All, &[], S, true),
    method("log2", All, &[], S, true),
    method("max", All, &[S], S, true),
    method("midpoint", All, &[S], S, true),
    method("min", All, &[S], S, true),
    method("mul_add", All, &[S, S], S, true),
    method("next_down", All, &[], S, true),
    method("next_up", All, &[], S, true),
    method("powf", All, &[S], S, true),
    method("powi", All, &[Part::Fixed(Scalar::I32)], S, true),
    method("recip", All, &[], S, true),
    method("rem_euclid", All, &[S], S, true),
    method("round", All, &[], S, true),
    method("round_ties_even", All, &[], S, true),
    method("signum", All, &[], S, true),
    method("sin", All, &[], S, true),
    method("sin_cos", All, &[], Part::Pair, true),
    method("sinh", All, &[], S, true),
    method("sqrt", All, &[], S, true),
    method("tan", All, &[], S, true),
    method("tanh", All, &[], S, true),
    method("to_bits", All, &[], Part::Bits, false),
    method("to_degrees", All, &[], S, true),
    method("to_f64", All, &[], Part::Fixed(Scalar::F64), true),
    method("to_radians", All, &[], S, true),
    method("trunc", All, &[], S, true),
    associated("from_bits", &[Part::Bits], S, false),
    associated("from_f64", &[Part::Fixed(Scalar::F64)], S, true),
];

/// The prelude's functions of one float.
pub(crate) const SPECIAL: &[&str] = &["erf", "erfc", "gamma", "lgamma"];

fn unary(name: &str) -> Option<UnaryOp> {
    Some(match name {
        "abs" => UnaryOp::Abs,
        "acos" => UnaryOp::Acos,
        "acosh" => UnaryOp::Acosh,
        "asin" => UnaryOp::Asin,
        "asinh" => UnaryOp::Asinh,
        "atan" => UnaryOp::Atan,
        "atanh" => UnaryOp::Atanh,
        "cbrt" => UnaryOp::Cbrt,
        "ceil" => UnaryOp::Ceil,
        "cos" => UnaryOp::Cos,
        "cosh" => UnaryOp::Cosh,
        "erf" => UnaryOp::Erf,
        "erfc" => UnaryOp::Erfc,
        "exp" => UnaryOp::Exp,
        "exp2" => UnaryOp::Exp2,
        "exp_m1" => UnaryOp::ExpM1,
        "floor" => UnaryOp::Floor,
        "from_bits" => UnaryOp::FromBits,
        "gamma" => UnaryOp::Gamma,
        "lgamma" => UnaryOp::Lgamma,
        "ln" => UnaryOp::Ln,
        "ln_1p" => UnaryOp::Ln1p,
        "log10" => UnaryOp::Log10,
        "log2" => UnaryOp::Log2,
        "round_ties_even" => UnaryOp::RoundTiesEven,
        "sin" => UnaryOp::Sin,
        "sinh" => UnaryOp::Sinh,
        "sqrt" => UnaryOp::Sqrt,
        "tan" => UnaryOp::Tan,
        "tanh" => UnaryOp::Tanh,
        "to_bits" => UnaryOp::ToBits,
        "trunc" => UnaryOp::Trunc,
        _ => return None,
    })
}

fn binary(name: &str) -> Option<BinaryOp> {
    Some(match name {
        "atan2" => BinaryOp::Atan2,
        "copysign" => BinaryOp::Copysign,
        "hypot" => BinaryOp::Hypot,
        "max" => BinaryOp::Max,
        "min" => BinaryOp::Min,
        "powf" => BinaryOp::Powf,
        "powi" => BinaryOp::Powi,
        _ => return None,
    })
}

/// The method on receiver type `s`.
pub(crate) fn lower(
    b: &mut Builder<'_>,
    name: &str,
    s: Scalar,
    args: Vec<Expr>,
    span: Span,
) -> Expr {
    if let (Some(op), 1) = (unary(name), args.len()) {
        let result = if op == UnaryOp::ToBits { sibling(s) } else { s };
        let [x] = args.try_into().unwrap_or_else(|_| [build::float(s, 0.0)]);
        return build::unary(op, result, x);
    }
    if let (Some(op), 2) = (binary(name), args.len()) {
        let [x, y] = args
            .try_into()
            .unwrap_or_else(|_| [build::float(s, 0.0), build::float(s, 0.0)]);
        return build::binary(op, s, x, y);
    }
    b.composed(args, |b, a| composition(b, name, s, a, span))
}

/// `degrees per radian` as std's method has it: the quotient in `f64`, a decimal constant
/// in `f32`.
fn degrees(s: Scalar) -> Expr {
    if s == Scalar::F32 {
        build::bits(s, u64::from(57.295_78_f32.to_bits()))
    } else {
        build::float(s, 180.0 / std::f64::consts::PI)
    }
}

fn radians(s: Scalar) -> Expr {
    if s == Scalar::F32 {
        build::bits(s, u64::from((std::f32::consts::PI / 180.0).to_bits()))
    } else {
        build::float(s, std::f64::consts::PI / 180.0)
    }
}

/// The largest float below one half.
fn below_half(s: Scalar) -> Expr {
    if s == Scalar::F32 {
        build::bits(s, u64::from(0.5_f32.next_down().to_bits()))
    } else {
        build::float(s, 0.5_f64.next_down())
    }
}

fn min_positive(s: Scalar) -> Expr {
    super::constants::value(s, "MIN_POSITIVE").unwrap_or_else(|| build::float(s, 0.0))
}

fn composition(b: &mut Builder<'_>, name: &str, s: Scalar, a: &[Atom], span: Span) -> Expr {
    use BinaryOp as B;
    use build::{binary as bin, cast, compare as cmp, select, unary as un};
    let (x, y, z) = (
        || a[0].get(),
        || a.get(1).unwrap_or(&a[0]).get(),
        || a.get(2).unwrap_or(&a[0]).get(),
    );
    let float = |v: f64| build::float(s, v);
    let abs = |e: Expr| un(UnaryOp::Abs, s, e);
    match name {
        "mul_add" => Expr {
            ty: Type::Scalar(s),
            kind: ExprKind::Fma(Box::new(x()), Box::new(y()), Box::new(z())),
        },
        "recip" => bin(B::Div, s, float(1.0), x()),
        "fract" => bin(B::Sub, s, x(), un(UnaryOp::Trunc, s, x())),
        "round" => {
            let half = bin(B::Copysign, s, below_half(s), x());
            un(UnaryOp::Trunc, s, bin(B::Add, s, x(), half))
        }
        "signum" => select(
            cmp(B::Ne, x(), x()),
            x(),
            bin(B::Copysign, s, float(1.0), x()),
        ),
        "log" => bin(B::Div, s, un(UnaryOp::Ln, s, x()), un(UnaryOp::Ln, s, y())),
        "to_degrees" => bin(B::Mul, s, x(), degrees(s)),
        "to_radians" => bin(B::Mul, s, x(), radians(s)),
        "to_f64" => cast(x(), Scalar::F64),
        "from_f64" => cast(x(), s),
        "sin_cos" => build::tuple(vec![un(UnaryOp::Sin, s, x()), un(UnaryOp::Cos, s, x())]),
        "is_nan" => cmp(B::Ne, x(), x()),
        "is_infinite" => cmp(B::Eq, abs(x()), float(f64::INFINITY)),
        "is_finite" => cmp(B::Lt, abs(x()), float(f64::INFINITY)),
        "is_normal" => build::and(
            cmp(B::Ge, abs(x()), min_positive(s)),
            cmp(B::Lt, abs(x()), float(f64::INFINITY)),
        ),
        "is_subnormal" => build::and(
            cmp(B::Gt, abs(x()), float(0.0)),
            cmp(B::Lt, abs(x()), min_positive(s)),
        ),
        "is_sign_negative" | "is_sign_positive" => {
            let bits = sibling(s);
            let shift = build::int(Scalar::U32, i128::from(s.bits()) - 1);
            let sign = bin(B::Shr, bits, un(UnaryOp::ToBits, bits, x()), shift);
            let op = if name == "is_sign_negative" {
                B::Ne
            } else {
                B::Eq
            };
            cmp(op, sign, build::int(bits, 0))
        }
        "rem_euclid" => {
            let remainder = b.keep(s, bin(B::Rem, s, x(), y()));
            select(
                cmp(B::Lt, remainder.get(), float(0.0)),
                bin(B::Add, s, remainder.get(), abs(y())),
                remainder.get(),
            )
        }
        "div_euclid" => {
            let quotient = b.keep(s, un(UnaryOp::Trunc, s, bin(B::Div, s, x(), y())));
            let corrected = select(
                cmp(B::Gt, y(), float(0.0)),
                bin(B::Sub, s, quotient.get(), float(1.0)),
                bin(B::Add, s, quotient.get(), float(1.0)),
            );
            select(
                cmp(B::Lt, bin(B::Rem, s, x(), y()), float(0.0)),
                corrected,
                quotient.get(),
            )
        }
        "clamp" => {
            b.assert(cmp(B::Le, y(), z()), PanicKind::ClampBounds, span);
            let low = b.keep(s, select(cmp(B::Lt, x(), y()), y(), x()));
            select(cmp(B::Gt, low.get(), z()), z(), low.get())
        }
        "midpoint" if s == Scalar::F32 => {
            let d = Scalar::F64;
            let sum = bin(B::Add, d, cast(x(), d), cast(y(), d));
            cast(bin(B::Div, d, sum, build::float(d, 2.0)), s)
        }
        "midpoint" => {
            let low = || build::float(s, f64::MIN_POSITIVE * 2.0);
            let high = || build::float(s, f64::MAX / 2.0);
            let half = |e: Expr| bin(B::Div, s, e, build::float(s, 2.0));
            let small = build::and(cmp(B::Le, abs(x()), high()), cmp(B::Le, abs(y()), high()));
            select(
                small,
                half(bin(B::Add, s, x(), y())),
                select(
                    cmp(B::Lt, abs(x()), low()),
                    bin(B::Add, s, x(), half(y())),
                    select(
                        cmp(B::Lt, abs(y()), low()),
                        bin(B::Add, s, half(x()), y()),
                        bin(B::Add, s, half(x()), half(y())),
                    ),
                ),
            )
        }
        // `next_up` and `next_down`: one step of the bits, away from or towards zero.
        _ => {
            let u = sibling(s);
            let up = name == "next_up";
            let int = |v: i128| build::int(u, v);
            let sign: i128 = 1 << (s.bits() - 1);
            let bits = b.keep(u, un(UnaryOp::ToBits, u, x()));
            let magnitude = b.keep(u, bin(B::And, u, bits.get(), int(sign - 1)));
            let end = float(if up { f64::INFINITY } else { f64::NEG_INFINITY });
            let stays = build::or(cmp(B::Ne, x(), x()), cmp(B::Eq, x(), end));
            let (away, towards) = if up { (1, -1) } else { (-1, 1) };
            let step = select(
                cmp(B::Eq, bits.get(), magnitude.get()),
                int(if away == 1 { 1 } else { -1 }),
                int(if towards == 1 { 1 } else { -1 }),
            );
            let smallest = int(if up { 1 } else { sign + 1 });
            let next = select(
                cmp(B::Eq, magnitude.get(), int(0)),
                smallest,
                bin(B::Add, u, bits.get(), step),
            );
            select(stays, x(), un(UnaryOp::FromBits, s, next))
        }
    }
}
