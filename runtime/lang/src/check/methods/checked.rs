//! The methods of integers that say whether the result fits: `checked_..`, the rest of
//! `overflowing_..`, and those whose operand has the other signedness. The definitions follow
//! std's documentation.

use super::On::{All, Signed, Unsigned};
use super::integer::{composition, overflowing};
use super::{Method, Part, method, sibling};
use crate::check::lower::build::{self, Atom, Builder};
use crate::check::lower::data;
use crate::diagnostic::Span;
use crate::ir::{BinaryOp, DivisionOp, Expr, Scalar, Statement, UnaryOp};

const S: Part = Part::Own;
const U32: Part = Part::Fixed(Scalar::U32);
const MAYBE: Part = Part::Maybe;
const FLAGGED: Part = Part::Flagged;

/// All of them.
pub(crate) const TABLE: &[Method] = &[
    method("checked_abs", Signed, &[], MAYBE, false),
    method("checked_add", All, &[S], MAYBE, true),
    method(
        "checked_add_signed",
        Unsigned,
        &[Part::Signed],
        MAYBE,
        false,
    ),
    method(
        "checked_add_unsigned",
        Signed,
        &[Part::Unsigned],
        MAYBE,
        false,
    ),
    method("checked_div", All, &[S], MAYBE, true),
    method("checked_div_euclid", All, &[S], MAYBE, false),
    method("checked_ilog", All, &[S], Part::MaybeU32, false),
    method("checked_ilog10", All, &[], Part::MaybeU32, false),
    method("checked_ilog2", All, &[], Part::MaybeU32, false),
    method("checked_isqrt", Signed, &[], MAYBE, false),
    method("checked_mul", All, &[S], MAYBE, true),
    method("checked_neg", All, &[], MAYBE, true),
    method("checked_next_multiple_of", Unsigned, &[S], MAYBE, false),
    method("checked_next_power_of_two", Unsigned, &[], MAYBE, false),
    method("checked_pow", All, &[U32], MAYBE, true),
    method("checked_rem", All, &[S], MAYBE, true),
    method("checked_rem_euclid", All, &[S], MAYBE, false),
    method("checked_shl", All, &[U32], MAYBE, true),
    method("checked_shr", All, &[U32], MAYBE, true),
    method("checked_sub", All, &[S], MAYBE, true),
    method(
        "checked_sub_unsigned",
        Signed,
        &[Part::Unsigned],
        MAYBE,
        false,
    ),
    method("overflowing_abs", Signed, &[], FLAGGED, false),
    method(
        "overflowing_add_signed",
        Unsigned,
        &[Part::Signed],
        FLAGGED,
        false,
    ),
    method(
        "overflowing_add_unsigned",
        Signed,
        &[Part::Unsigned],
        FLAGGED,
        false,
    ),
    method("overflowing_div", All, &[S], FLAGGED, false),
    method("overflowing_div_euclid", All, &[S], FLAGGED, false),
    method("overflowing_pow", All, &[U32], FLAGGED, false),
    method("overflowing_rem", All, &[S], FLAGGED, false),
    method("overflowing_rem_euclid", All, &[S], FLAGGED, false),
    method("overflowing_shl", All, &[U32], FLAGGED, false),
    method("overflowing_shr", All, &[U32], FLAGGED, false),
    method(
        "overflowing_sub_unsigned",
        Signed,
        &[Part::Unsigned],
        FLAGGED,
        false,
    ),
    method("saturating_add_signed", Unsigned, &[Part::Signed], S, false),
    method(
        "saturating_add_unsigned",
        Signed,
        &[Part::Unsigned],
        S,
        false,
    ),
    method(
        "saturating_sub_unsigned",
        Signed,
        &[Part::Unsigned],
        S,
        false,
    ),
    method("wrapping_add_signed", Unsigned, &[Part::Signed], S, false),
    method("wrapping_add_unsigned", Signed, &[Part::Unsigned], S, false),
    method("wrapping_sub_unsigned", Signed, &[Part::Unsigned], S, false),
];

/// The method on receiver type `s`; `None` if it is none of these.
pub(crate) fn lower(
    b: &mut Builder<'_>,
    name: &str,
    s: Scalar,
    args: Vec<Expr>,
    span: Span,
) -> Result<Expr, Vec<Expr>> {
    if !TABLE.iter().any(|m| m.name == name) {
        return Err(args);
    }
    Ok(b.composed(args, |b, a| made(b, name, s, a, span)))
}

fn not(e: Expr) -> Expr {
    build::unary(UnaryOp::Not, Scalar::Bool, e)
}

fn made(b: &mut Builder<'_>, name: &str, s: Scalar, a: &[Atom], span: Span) -> Expr {
    use BinaryOp as B;
    use build::{binary as bin, cast, compare as cmp};
    let x = || a[0].get();
    let y = || a.get(1).unwrap_or(&a[0]).get();
    let int = |v: i128| build::int(s, v);
    let u32_ = |v: i128| build::int(Scalar::U32, v);
    let (min, max) = build::range(s);
    let signed = s.is_signed();
    let positive = || cmp(B::Gt, x(), int(0));
    // What overflows in a division.
    let extreme = || build::and(cmp(B::Eq, x(), int(min)), cmp(B::Eq, y(), int(-1)));
    let divides = || {
        let nonzero = cmp(B::Ne, y(), int(0));
        if signed {
            build::and(nonzero, not(extreme()))
        } else {
            nonzero
        }
    };
    let fits_width = || cmp(B::Lt, y(), u32_(i128::from(s.bits())));
    let scoped = |b: &mut Builder<'_>, name: &str| b.scoped(|b| composition(b, name, s, a, span));
    let pair = |value: Expr, flag: Expr| build::tuple(vec![value, flag]);
    match name {
        "checked_add" | "checked_sub" | "checked_mul" => {
            let plain = match name {
                "checked_add" => "overflowing_add",
                "checked_sub" => "overflowing_sub",
                _ => "overflowing_mul",
            };
            let (value, wrapped) = overflowing(b, plain, s, &a[0], &a[1]);
            data::when(not(wrapped), value.get())
        }
        "checked_neg" => {
            let edge = if signed { min } else { 0 };
            let op = if signed { B::Ne } else { B::Eq };
            let value = bin(B::Sub, s, int(0), x());
            data::when(cmp(op, x(), int(edge)), value)
        }
        "checked_abs" => data::when(
            cmp(B::Ne, x(), int(min)),
            build::unary(UnaryOp::Abs, s, x()),
        ),
        "overflowing_abs" => pair(
            build::unary(UnaryOp::Abs, s, x()),
            cmp(B::Eq, x(), int(min)),
        ),
        "checked_div" => {
            let value = b.division(DivisionOp::Quotient, s, x(), y(), span);
            data::when(divides(), value)
        }
        "checked_rem" => {
            let value = b.division(DivisionOp::Remainder, s, x(), y(), span);
            data::when(divides(), value)
        }
        "checked_div_euclid" => {
            let value = scoped(b, "div_euclid");
            data::when(divides(), value)
        }
        "checked_rem_euclid" => {
            let value = scoped(b, "rem_euclid");
            data::when(divides(), value)
        }
        "overflowing_div"
        | "overflowing_rem"
        | "overflowing_div_euclid"
        | "overflowing_rem_euclid" => {
            let wrapping = name.replace("overflowing", "wrapping");
            let value = scoped(b, &wrapping);
            let value = b.keep(s, value);
            let flag = if signed { extreme() } else { u_false() };
            pair(value.get(), flag)
        }
        "checked_shl" => data::when(fits_width(), bin(B::Shl, s, x(), y())),
        "checked_shr" => data::when(fits_width(), bin(B::Shr, s, x(), y())),
        "overflowing_shl" => pair(bin(B::Shl, s, x(), y()), not(fits_width())),
        "overflowing_shr" => pair(bin(B::Shr, s, x(), y()), not(fits_width())),
        "checked_pow" => {
            let (value, wrapped) = overflowing_pow(b, s, &a[0], &a[1]);
            data::when(not(wrapped), value)
        }
        "overflowing_pow" => {
            let (value, wrapped) = overflowing_pow(b, s, &a[0], &a[1]);
            pair(value, wrapped)
        }
        "checked_isqrt" => {
            let value = scoped(b, "isqrt");
            data::when(cmp(B::Ge, x(), int(0)), value)
        }
        "checked_ilog2" | "checked_ilog10" => {
            let value = scoped(b, &name["checked_".len()..]);
            data::when(positive(), value)
        }
        "checked_ilog" => {
            let value = scoped(b, "ilog");
            data::when(build::and(positive(), cmp(B::Ge, y(), int(2))), value)
        }
        "checked_next_power_of_two" => {
            let value = scoped(b, "next_power_of_two");
            data::when(cmp(B::Le, x(), int((max >> 1) + 1)), value)
        }
        "checked_next_multiple_of" => {
            let value = scoped(b, "next_multiple_of");
            // It wraps if it is smaller than the number.
            let whole = b.scoped(|b| {
                let value = b.keep(s, value);
                data::when(cmp(B::Ge, value.get(), x()), value.get())
            });
            build::select(
                cmp(B::Ne, y(), int(0)),
                whole,
                data::none(&crate::ir::Type::Scalar(s)),
            )
        }
        // The rest: an operand of the other signedness.
        _ => {
            let subtracts = name.ends_with("sub_unsigned");
            let op = if subtracts { B::Sub } else { B::Add };
            let value = b.keep(s, bin(op, s, x(), cast(y(), s)));
            let downwards = if signed {
                if subtracts { u_true() } else { u_false() }
            } else {
                cmp(B::Lt, y(), build::int(sibling(s), 0))
            };
            // Going down the result is not larger, going up not smaller.
            let wrapped = build::select(
                downwards.clone(),
                cmp(B::Gt, value.get(), x()),
                cmp(B::Lt, value.get(), x()),
            );
            match name.split_once('_').map_or("", |(form, _)| form) {
                "checked" => data::when(not(wrapped), value.get()),
                "overflowing" => pair(value.get(), wrapped),
                "wrapping" => value.get(),
                _ => build::select(
                    wrapped,
                    build::select(downwards, int(min), int(max)),
                    value.get(),
                ),
            }
        }
    }
}

fn u_true() -> Expr {
    build::int(Scalar::Bool, 1)
}

fn u_false() -> Expr {
    build::int(Scalar::Bool, 0)
}

/// Repeated squaring; a square counts only where it is used.
fn overflowing_pow(b: &mut Builder<'_>, s: Scalar, x: &Atom, n: &Atom) -> (Expr, Expr) {
    use build::{binary, compare};
    let u = Scalar::U32;
    let one = || build::int(u, 1);
    let result = b.variable(s, build::int(s, 1));
    let base = b.variable(s, x.get());
    let rest = b.variable(u, n.get());
    let wrapped = b.variable(Scalar::Bool, u_false());
    let body = b.scoped(|b| {
        let odd = compare(
            BinaryOp::Eq,
            binary(BinaryOp::And, u, rest.get(), one()),
            one(),
        );
        let odd = b.keep(Scalar::Bool, odd);
        let (product, over) = overflowing(b, "overflowing_mul", s, &result, &base);
        let flag = build::or(wrapped.get(), build::and(odd.get(), over));
        b.push(wrapped.set(flag));
        b.push(result.set(build::select(odd.get(), product.get(), result.get())));
        b.push(rest.set(binary(BinaryOp::Shr, u, rest.get(), one())));
        let more = compare(BinaryOp::Ne, rest.get(), build::int(u, 0));
        let (square, over) = overflowing(b, "overflowing_mul", s, &base, &base);
        let flag = build::or(wrapped.get(), build::and(more, over));
        b.push(wrapped.set(flag));
        b.push(base.set(square.get()));
        build::unit()
    });
    let more = compare(BinaryOp::Ne, rest.get(), build::int(u, 0));
    b.while_loop(more, vec![Statement::Expr(body)]);
    (result.get(), wrapped.get())
}
