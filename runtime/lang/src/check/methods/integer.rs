//! The methods of the integer types, and what each means in operations of the IR. The
//! definitions follow std's documentation, for a release build: operators wrap.

use brolga_abi::PanicKind;

use super::On::{All, Signed, Unsigned};
use super::{Method, Part, associated, method, sibling};
use crate::check::lower::build::{self, Atom, Builder};
use crate::diagnostic::Span;
use crate::ir::{BinaryOp, DivisionOp, Expr, Scalar, UnaryOp};

const S: Part = Part::Own;
const U32: Part = Part::Fixed(Scalar::U32);
const BOOL: Part = Part::Fixed(Scalar::Bool);

/// All of them.
pub(crate) const TABLE: &[Method] = &[
    method("abs", Signed, &[], S, false),
    method("abs_diff", All, &[S], Part::Unsigned, false),
    method("cast_signed", Unsigned, &[], Part::Signed, false),
    method("cast_unsigned", Signed, &[], Part::Unsigned, false),
    method("clamp", All, &[S, S], S, true),
    method("count_ones", All, &[], U32, true),
    method("count_zeros", All, &[], U32, true),
    method("div_ceil", Unsigned, &[S], S, false),
    method("div_euclid", All, &[S], S, true),
    method("ilog", All, &[S], U32, false),
    method("ilog10", All, &[], U32, true),
    method("ilog2", All, &[], U32, true),
    method("is_multiple_of", Unsigned, &[S], BOOL, false),
    method("is_negative", Signed, &[], BOOL, false),
    method("is_positive", Signed, &[], BOOL, false),
    method("is_power_of_two", Unsigned, &[], BOOL, false),
    method("isqrt", All, &[], S, true),
    method("leading_ones", All, &[], U32, true),
    method("leading_zeros", All, &[], U32, true),
    method("max", All, &[S], S, true),
    method("midpoint", All, &[S], S, false),
    method("min", All, &[S], S, true),
    method("next_multiple_of", Unsigned, &[S], S, false),
    method("next_power_of_two", Unsigned, &[], S, false),
    method("overflowing_add", All, &[S], Part::Flagged, true),
    method("overflowing_mul", All, &[S], Part::Flagged, true),
    method("overflowing_neg", All, &[], Part::Flagged, false),
    method("overflowing_sub", All, &[S], Part::Flagged, true),
    method("pow", All, &[U32], S, true),
    method("rem_euclid", All, &[S], S, true),
    method("reverse_bits", All, &[], S, true),
    method("rotate_left", All, &[U32], S, true),
    method("rotate_right", All, &[U32], S, true),
    method("saturating_abs", Signed, &[], S, false),
    method("saturating_add", All, &[S], S, true),
    method("saturating_div", All, &[S], S, false),
    method("saturating_mul", All, &[S], S, true),
    method("saturating_neg", Signed, &[], S, false),
    method("saturating_pow", All, &[U32], S, true),
    method("saturating_sub", All, &[S], S, true),
    method("signum", Signed, &[], S, false),
    method("swap_bytes", All, &[], S, true),
    method("to_be", All, &[], S, false),
    method("to_le", All, &[], S, false),
    method("trailing_ones", All, &[], U32, true),
    method("trailing_zeros", All, &[], U32, true),
    method("unbounded_shl", All, &[U32], S, false),
    method("unbounded_shr", All, &[U32], S, false),
    method("unsigned_abs", Signed, &[], Part::Unsigned, false),
    method("wrapping_abs", Signed, &[], S, false),
    method("wrapping_add", All, &[S], S, true),
    method("wrapping_div", All, &[S], S, true),
    method("wrapping_div_euclid", All, &[S], S, false),
    method("wrapping_mul", All, &[S], S, true),
    method("wrapping_neg", All, &[], S, true),
    method("wrapping_pow", All, &[U32], S, true),
    method("wrapping_rem", All, &[S], S, true),
    method("wrapping_rem_euclid", All, &[S], S, false),
    method("wrapping_shl", All, &[U32], S, true),
    method("wrapping_shr", All, &[U32], S, true),
    method("wrapping_sub", All, &[S], S, true),
    associated("from_be", &[S], S, false),
    associated("from_le", &[S], S, false),
];

/// The operation that the method is, with its result type, where it is one.
fn unary(name: &str) -> Option<UnaryOp> {
    Some(match name {
        "abs" | "wrapping_abs" => UnaryOp::Abs,
        "count_ones" => UnaryOp::CountOnes,
        "leading_zeros" => UnaryOp::LeadingZeros,
        "trailing_zeros" => UnaryOp::TrailingZeros,
        "swap_bytes" | "to_be" | "from_be" => UnaryOp::SwapBytes,
        "reverse_bits" => UnaryOp::ReverseBits,
        _ => return None,
    })
}

fn binary(name: &str) -> Option<BinaryOp> {
    Some(match name {
        "min" => BinaryOp::Min,
        "max" => BinaryOp::Max,
        "wrapping_add" => BinaryOp::Add,
        "wrapping_sub" => BinaryOp::Sub,
        "wrapping_mul" => BinaryOp::Mul,
        "wrapping_shl" => BinaryOp::Shl,
        "wrapping_shr" => BinaryOp::Shr,
        "saturating_add" => BinaryOp::SaturatingAdd,
        "saturating_sub" => BinaryOp::SaturatingSub,
        "pow" | "wrapping_pow" => BinaryOp::Pow,
        "rotate_left" => BinaryOp::RotateLeft,
        "rotate_right" => BinaryOp::RotateRight,
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
    let args = match super::checked::lower(b, name, s, args, span) {
        Ok(value) => return value,
        Err(args) => args,
    };
    if let (Some(op), 1) = (unary(name), args.len()) {
        let result = match op {
            UnaryOp::CountOnes | UnaryOp::LeadingZeros | UnaryOp::TrailingZeros => Scalar::U32,
            _ => s,
        };
        let [x] = args.try_into().unwrap_or_else(|_| [build::int(s, 0)]);
        return build::unary(op, result, x);
    }
    if let (Some(op), 2) = (binary(name), args.len()) {
        let [x, y] = args
            .try_into()
            .unwrap_or_else(|_| [build::int(s, 0), build::int(s, 0)]);
        return build::binary(op, s, x, y);
    }
    b.composed(args, |b, a| composition(b, name, s, a, span))
}

pub(super) fn composition(
    b: &mut Builder<'_>,
    name: &str,
    s: Scalar,
    a: &[Atom],
    span: Span,
) -> Expr {
    let (x, y, z) = (
        || a[0].get(),
        || a.get(1).unwrap_or(&a[0]).get(),
        || a.get(2).unwrap_or(&a[0]).get(),
    );
    let int = |v: i128| build::int(s, v);
    let (min, max) = build::range(s);
    let width = i128::from(s.bits());
    let signed = s.is_signed();
    let u32_ = |v: i128| build::int(Scalar::U32, v);
    let not = |e: Expr| build::unary(UnaryOp::Not, s, e);
    use BinaryOp as B;
    use build::{binary as bin, cast, compare as cmp, select};
    match name {
        "signum" => bin(
            B::Sub,
            s,
            cast(cmp(B::Gt, x(), int(0)), s),
            cast(cmp(B::Lt, x(), int(0)), s),
        ),
        "is_negative" => cmp(B::Lt, x(), int(0)),
        "is_positive" => cmp(B::Gt, x(), int(0)),
        "cast_signed" | "cast_unsigned" => cast(x(), sibling(s)),
        "unsigned_abs" => cast(build::unary(UnaryOp::Abs, s, x()), sibling(s)),
        "to_le" | "from_le" => x(),
        "count_zeros" => build::unary(UnaryOp::CountOnes, Scalar::U32, not(x())),
        "leading_ones" => build::unary(UnaryOp::LeadingZeros, Scalar::U32, not(x())),
        "trailing_ones" => build::unary(UnaryOp::TrailingZeros, Scalar::U32, not(x())),
        "wrapping_neg" => bin(B::Sub, s, int(0), x()),
        "saturating_neg" => select(cmp(B::Eq, x(), int(min)), int(max), neg(s, x())),
        "saturating_abs" => select(
            cmp(B::Eq, x(), int(min)),
            int(max),
            build::unary(UnaryOp::Abs, s, x()),
        ),
        "overflowing_neg" => {
            let (value, wrapped) = if signed {
                (neg(s, x()), cmp(B::Eq, x(), int(min)))
            } else {
                (bin(B::Sub, s, int(0), x()), cmp(B::Ne, x(), int(0)))
            };
            build::tuple(vec![value, wrapped])
        }
        "overflowing_add" | "overflowing_sub" | "overflowing_mul" => {
            let (value, wrapped) = overflowing(b, name, s, &a[0], &a[1]);
            build::tuple(vec![value.get(), wrapped])
        }
        "saturating_mul" => {
            let (value, wrapped) = overflowing(b, "overflowing_mul", s, &a[0], &a[1]);
            let limit = if signed {
                let negative = cmp(B::Ne, cmp(B::Lt, x(), int(0)), cmp(B::Lt, y(), int(0)));
                select(negative, int(min), int(max))
            } else {
                int(max)
            };
            select(wrapped, limit, value.get())
        }
        "saturating_pow" => saturating_pow(b, s, &a[0], &a[1]),
        "wrapping_div" | "wrapping_rem" | "saturating_div" => {
            let op = if name == "wrapping_rem" {
                DivisionOp::Remainder
            } else {
                DivisionOp::Quotient
            };
            let plain = b.division(op, s, x(), y(), span);
            if !signed {
                return plain;
            }
            match name {
                "wrapping_div" => select(cmp(B::Eq, y(), int(-1)), neg(s, x()), plain),
                "wrapping_rem" => select(cmp(B::Eq, y(), int(-1)), int(0), plain),
                _ => {
                    let overflows = build::and(cmp(B::Eq, x(), int(min)), cmp(B::Eq, y(), int(-1)));
                    select(overflows, int(max), plain)
                }
            }
        }
        "div_euclid" | "wrapping_div_euclid" => {
            let quotient = b.division(DivisionOp::Quotient, s, x(), y(), span);
            if !signed {
                return quotient;
            }
            let wraps = name == "wrapping_div_euclid";
            let quotient = if wraps {
                select(cmp(B::Eq, y(), int(-1)), neg(s, x()), quotient)
            } else {
                quotient
            };
            let quotient = b.keep(s, quotient);
            let remainder = b.division(DivisionOp::Remainder, s, x(), y(), span);
            let remainder = if wraps {
                select(cmp(B::Eq, y(), int(-1)), int(0), remainder)
            } else {
                remainder
            };
            let step = select(cmp(B::Gt, y(), int(0)), int(-1), int(1));
            select(
                cmp(B::Lt, remainder, int(0)),
                bin(B::Add, s, quotient.get(), step),
                quotient.get(),
            )
        }
        "rem_euclid" | "wrapping_rem_euclid" => {
            let remainder = b.division(DivisionOp::Remainder, s, x(), y(), span);
            if !signed {
                return remainder;
            }
            let remainder = if name == "rem_euclid" {
                remainder
            } else {
                select(cmp(B::Eq, y(), int(-1)), int(0), remainder)
            };
            let remainder = b.keep(s, remainder);
            select(
                cmp(B::Lt, remainder.get(), int(0)),
                bin(
                    B::Add,
                    s,
                    remainder.get(),
                    build::unary(UnaryOp::Abs, s, y()),
                ),
                remainder.get(),
            )
        }
        "abs_diff" => {
            let unsigned = if signed { sibling(s) } else { s };
            let minus =
                |p: Expr, q: Expr| bin(B::Sub, unsigned, cast(p, unsigned), cast(q, unsigned));
            select(cmp(B::Lt, x(), y()), minus(y(), x()), minus(x(), y()))
        }
        "clamp" => {
            b.assert(
                cmp(B::Le, y(), z()),
                PanicKind::Message("min > max".to_string()),
                span,
            );
            select(
                cmp(B::Lt, x(), y()),
                y(),
                select(cmp(B::Gt, x(), z()), z(), x()),
            )
        }
        "div_ceil" => {
            let quotient = b.division(DivisionOp::Quotient, s, x(), y(), span);
            let quotient = b.keep(s, quotient);
            let remainder = b.division(DivisionOp::Remainder, s, x(), y(), span);
            bin(
                B::Add,
                s,
                quotient.get(),
                cast(cmp(B::Ne, remainder, int(0)), s),
            )
        }
        "is_multiple_of" => {
            let remainder = b.division(DivisionOp::Remainder, s, x(), y(), span);
            select(
                cmp(B::Eq, y(), int(0)),
                cmp(B::Eq, x(), int(0)),
                cmp(B::Eq, remainder, int(0)),
            )
        }
        "next_multiple_of" => {
            let remainder = b.division(DivisionOp::Remainder, s, x(), y(), span);
            let remainder = b.keep(s, remainder);
            let missing = bin(B::Sub, s, y(), remainder.get());
            select(
                cmp(B::Eq, remainder.get(), int(0)),
                x(),
                bin(B::Add, s, x(), missing),
            )
        }
        "is_power_of_two" => cmp(
            B::Eq,
            build::unary(UnaryOp::CountOnes, Scalar::U32, x()),
            u32_(1),
        ),
        "next_power_of_two" => {
            let below = bin(B::Sub, s, x(), int(1));
            let zeros = build::unary(UnaryOp::LeadingZeros, Scalar::U32, below);
            let mask = bin(B::Shr, s, int(max), zeros);
            let mask = select(cmp(B::Le, x(), int(1)), int(0), mask);
            bin(B::Add, s, mask, int(1))
        }
        "midpoint" => {
            let half = bin(B::Shr, s, bin(B::Xor, s, x(), y()), u32_(1));
            let floor = bin(B::Add, s, half, bin(B::And, s, x(), y()));
            if !signed {
                return floor;
            }
            let floor = b.keep(s, floor);
            let odd = bin(B::And, s, bin(B::Xor, s, x(), y()), int(1));
            select(
                cmp(B::Lt, floor.get(), int(0)),
                bin(B::Add, s, floor.get(), odd),
                floor.get(),
            )
        }
        "unbounded_shl" | "unbounded_shr" => {
            let op = if name == "unbounded_shl" {
                B::Shl
            } else {
                B::Shr
            };
            let beyond = if op == B::Shr && signed {
                bin(B::Shr, s, x(), u32_(width - 1))
            } else {
                int(0)
            };
            select(cmp(B::Lt, y(), u32_(width)), bin(op, s, x(), y()), beyond)
        }
        "ilog2" => {
            positive(b, s, &a[0], span);
            let zeros = build::unary(UnaryOp::LeadingZeros, Scalar::U32, x());
            bin(B::Sub, Scalar::U32, u32_(width - 1), zeros)
        }
        "ilog10" => {
            positive(b, s, &a[0], span);
            let mut sum = u32_(0);
            let mut power: i128 = 10;
            while power <= max {
                let reached = cast(cmp(B::Ge, x(), int(power)), Scalar::U32);
                sum = bin(B::Add, Scalar::U32, sum, reached);
                power *= 10;
            }
            sum
        }
        "ilog" => {
            b.assert(
                cmp(B::Ge, y(), int(2)),
                PanicKind::Message("base of integer logarithm must be at least 2".to_string()),
                span,
            );
            positive(b, s, &a[0], span);
            let count = b.variable(Scalar::U32, u32_(0));
            let rest = b.variable(s, x());
            let quotient = b.division(DivisionOp::Quotient, s, rest.get(), y(), span);
            let body = vec![
                rest.set(quotient),
                count.set(bin(B::Add, Scalar::U32, count.get(), u32_(1))),
            ];
            b.while_loop(cmp(B::Ge, rest.get(), y()), body);
            count.get()
        }
        _ => isqrt(b, s, &a[0], span),
    }
}

fn neg(s: Scalar, x: Expr) -> Expr {
    build::unary(UnaryOp::Neg, s, x)
}

fn positive(b: &mut Builder<'_>, s: Scalar, x: &Atom, span: Span) {
    b.assert(
        build::compare(BinaryOp::Gt, x.get(), build::int(s, 0)),
        PanicKind::Message("argument of integer logarithm must be positive".to_string()),
        span,
    );
}

/// The wrapped value and whether it wrapped.
pub(crate) fn overflowing(
    b: &mut Builder<'_>,
    name: &str,
    s: Scalar,
    x: &Atom,
    y: &Atom,
) -> (Atom, Expr) {
    use build::{binary, compare};
    let zero = || build::int(s, 0);
    let (op, signed) = (
        match name {
            "overflowing_add" => BinaryOp::Add,
            "overflowing_sub" => BinaryOp::Sub,
            _ => BinaryOp::Mul,
        },
        s.is_signed(),
    );
    let value = binary(op, s, x.get(), y.get());
    let value = b.keep(s, value);
    let wrapped = match (op, signed) {
        (BinaryOp::Add, false) => compare(BinaryOp::Lt, value.get(), x.get()),
        (BinaryOp::Sub, false) => compare(BinaryOp::Lt, x.get(), y.get()),
        (BinaryOp::Add, true) => compare(
            BinaryOp::Ne,
            compare(BinaryOp::Lt, y.get(), zero()),
            compare(BinaryOp::Lt, value.get(), x.get()),
        ),
        (BinaryOp::Sub, true) => compare(
            BinaryOp::Ne,
            compare(BinaryOp::Gt, y.get(), zero()),
            compare(BinaryOp::Lt, value.get(), x.get()),
        ),
        (_, signed) => {
            let high = binary(BinaryOp::MulHigh, s, x.get(), y.get());
            let expected = if signed {
                let shift = build::int(Scalar::U32, i128::from(s.bits()) - 1);
                binary(BinaryOp::Shr, s, value.get(), shift)
            } else {
                zero()
            };
            compare(BinaryOp::Ne, high, expected)
        }
    };
    (value, wrapped)
}

/// Repeated squaring with saturating products. A saturated factor only ever meets 1 or a
/// product of magnitude 2 and more, so that the result saturates to the right side.
fn saturating_pow(b: &mut Builder<'_>, s: Scalar, x: &Atom, n: &Atom) -> Expr {
    use build::{binary, compare};
    let one = || build::int(Scalar::U32, 1);
    let result = b.variable(s, build::int(s, 1));
    let base = b.variable(s, x.get());
    let rest = b.variable(Scalar::U32, n.get());
    let times = |b: &mut Builder<'_>, p: Expr, q: Expr| {
        b.composed(vec![p, q], |b, a| {
            composition(b, "saturating_mul", s, a, Span::default())
        })
    };
    let odd = compare(
        BinaryOp::Eq,
        binary(BinaryOp::And, Scalar::U32, rest.get(), one()),
        one(),
    );
    let next = times(b, result.get(), base.get());
    let squared = times(b, base.get(), base.get());
    let body = vec![
        result.set(build::select(odd, next, result.get())),
        base.set(squared),
        rest.set(binary(BinaryOp::Shr, Scalar::U32, rest.get(), one())),
    ];
    let more = compare(BinaryOp::Ne, rest.get(), build::int(Scalar::U32, 0));
    b.while_loop(more, body);
    result.get()
}

/// The float square root is exact to its last place; for 64 bits it may be one off after
/// rounding the operand, which the two comparisons correct.
fn isqrt(b: &mut Builder<'_>, s: Scalar, x: &Atom, span: Span) -> Expr {
    use build::{binary, cast, compare, int};
    if s.is_signed() {
        b.assert(
            compare(BinaryOp::Ge, x.get(), int(s, 0)),
            PanicKind::Message("argument of integer square root cannot be negative".to_string()),
            span,
        );
    }
    let root = |e: Expr| build::unary(UnaryOp::Sqrt, Scalar::F64, cast(e, Scalar::F64));
    if s.bits() < 64 {
        return cast(root(x.get()), s);
    }
    let u = Scalar::U64;
    let limit = || int(u, 0xffff_ffff);
    let x = b.keep(u, cast(x.get(), u));
    let guess = binary(BinaryOp::Min, u, cast(root(x.get()), u), limit());
    let guess = b.keep(u, guess);
    let square = |e: &Atom| binary(BinaryOp::Mul, u, e.get(), e.get());
    let above = cast(compare(BinaryOp::Gt, square(&guess), x.get()), u);
    let low = b.keep(u, binary(BinaryOp::Sub, u, guess.get(), above));
    let next = b.keep(u, binary(BinaryOp::Add, u, low.get(), int(u, 1)));
    let fits = build::and(
        compare(BinaryOp::Lt, low.get(), limit()),
        compare(BinaryOp::Le, square(&next), x.get()),
    );
    cast(build::select(fits, next.get(), low.get()), s)
}
