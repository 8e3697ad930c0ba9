//! The values of constants and of patterns: they are lowered like any expression, with
//! checks for overflow, and then run here. Invariant: a constant is evaluated once; a
//! constant that needs itself is an error.

use brolga_abi::PanicKind;

use crate::check::lower::Lower;
use crate::check::lower::build::{self, Builder, Sites};
use crate::check::session::{ConstState, Session};
use crate::check::tree::{Body, ConstIndex, Expr as Typed, Kind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{
    BinaryOp, Block, DivisionOp, Expr, ExprKind, LazyOp, LoopId, Scalar, SiteId, Statement, Type,
    UnaryOp,
};

/// How many steps a constant may take.
const MAX_STEPS: u32 = 1_000_000;

/// How many constants may need each other in a chain.
const MAX_NESTING: usize = 500;

/// The panics of a constant.
#[derive(Debug, Default)]
struct Panics(Vec<(PanicKind, Span)>);

impl Sites for Panics {
    fn add(&mut self, kind: PanicKind, span: Span, _: &str) -> SiteId {
        self.0.push((kind, span));
        SiteId(self.0.len() as u32 - 1)
    }
}

impl Session<'_> {
    /// A constant's value; `None` after an error, which is reported the first time.
    pub(crate) fn constant(&mut self, constant: ConstIndex) -> Option<Expr> {
        match &self.consts[constant].state {
            ConstState::Done(value) => return value.clone(),
            ConstState::Running => {
                let name = &self.consts[constant].ast.name;
                let error = Diagnostic::new(
                    "E0391",
                    name.span,
                    format!(
                        "cycle detected when evaluating the constant `{}`",
                        name.name
                    ),
                )
                .label("its value needs itself");
                self.report(error);
                self.consts[constant].state = ConstState::Done(None);
                return None;
            }
            ConstState::Waiting => {}
        }
        if self.nesting == MAX_NESTING {
            let name = &self.consts[constant].ast.name;
            let error = Diagnostic::new(
                "B0278",
                name.span,
                format!("more than {MAX_NESTING} constants need each other in a chain"),
            )
            .help("write the value");
            self.report(error);
            self.consts[constant].state = ConstState::Done(None);
            return None;
        }
        self.consts[constant].state = ConstState::Running;
        self.nesting += 1;
        let value = self
            .constant_body(constant)
            .and_then(|body| self.evaluate(&body.value, &body));
        self.nesting -= 1;
        let failed = matches!(self.consts[constant].state, ConstState::Done(None));
        let value = value.filter(|_| !failed);
        self.consts[constant].state = ConstState::Done(value.clone());
        value
    }

    /// The value of an expression that reads no variables; `None` after an error.
    pub(crate) fn evaluate(&mut self, e: &Typed, body: &Body) -> Option<Expr> {
        if let Some(span) = first_call(e) {
            self.report(
                Diagnostic::new("E0015", span, "constants cannot call this function")
                    .help("write the value, or make a function of the constant"),
            );
            return None;
        }
        let before = self.errors.len();
        let mut panics = Panics::default();
        let mut budget = MAX_STEPS as usize;
        let mut builder = Builder::new(&mut panics, String::new(), 0);
        builder.checked = true;
        let mut lower = Lower::new(self, builder, body, &[], None, &mut budget);
        let value = lower.expr(e);
        let locals = lower.b.locals.len();
        if self.errors.len() > before {
            return None;
        }
        let mut machine = Machine {
            locals: vec![None; locals],
            steps: MAX_STEPS,
        };
        let error = match machine.expr(&value) {
            Ok(value) => return Some(value),
            Err(Stop::Panic(site)) => {
                let (kind, span) = panics
                    .0
                    .get(site.0 as usize)
                    .cloned()
                    .unwrap_or((PanicKind::Message("panic".to_string()), e.span));
                let span = if span == Span::default() { e.span } else { span };
                Diagnostic::new("E0080", span, format!("evaluation of constant failed: {kind}"))
            }
            Err(Stop::Unsupported) => Diagnostic::new(
                "E0015",
                e.span,
                "this is not possible in a constant",
            )
            .help("constants are made of literals, other constants, operators, casts and simple methods"),
            Err(Stop::Long | Stop::Break(..) | Stop::Continue(_)) => {
                Diagnostic::new("B0271", e.span, "the evaluation of this constant takes too long")
                    .help("write the value")
            }
        };
        self.report(error);
        None
    }
}

/// The first call of what is no constant function: functions of the file, and `sqrt`, which
/// the evaluation itself knows for the sake of `isqrt`.
fn first_call(e: &Typed) -> Option<Span> {
    if matches!(e.kind, Kind::Call(..) | Kind::Method("sqrt", ..)) {
        return Some(e.span);
    }
    let mut found = None;
    e.each(&mut |inner| found = found.or_else(|| first_call(inner)));
    found
}

/// Why evaluation ended.
enum Stop {
    Panic(SiteId),
    Unsupported,
    Long,
    Break(LoopId, Option<Expr>),
    Continue(LoopId),
}

type Outcome = Result<Expr, Stop>;

struct Machine {
    locals: Vec<Option<Expr>>,
    steps: u32,
}

/// The integer that bits of this type mean.
pub(crate) fn integer(s: Scalar, bits: u64) -> i128 {
    if s.is_signed() {
        let shift = 64 - s.bits();
        i128::from(((bits << shift) as i64) >> shift)
    } else {
        i128::from(bits)
    }
}

fn real(s: Scalar, bits: u64) -> f64 {
    if s == Scalar::F32 {
        f64::from(f32::from_bits(bits as u32))
    } else {
        f64::from_bits(bits)
    }
}

fn scalar(e: &Expr) -> Result<(Scalar, u64), Stop> {
    match (&e.ty, &e.kind) {
        (Type::Scalar(s), ExprKind::Const(bits)) => Ok((*s, *bits)),
        _ => Err(Stop::Unsupported),
    }
}

impl Machine {
    fn block(&mut self, block: &Block) -> Outcome {
        for statement in &block.statements {
            match statement {
                Statement::Assign { local, path, value } => {
                    let value = self.expr(value)?;
                    let Some(slot) = self.locals.get_mut(local.0 as usize) else {
                        return Err(Stop::Unsupported);
                    };
                    if path.is_empty() {
                        *slot = Some(value);
                        continue;
                    }
                    let mut place = slot.as_mut().ok_or(Stop::Unsupported)?;
                    for n in path {
                        let ExprKind::Tuple(members) = &mut place.kind else {
                            return Err(Stop::Unsupported);
                        };
                        place = members.get_mut(*n as usize).ok_or(Stop::Unsupported)?;
                    }
                    *place = value;
                }
                Statement::Store { .. } => return Err(Stop::Unsupported),
                Statement::Expr(e) => {
                    self.expr(e)?;
                }
            }
        }
        match &block.value {
            Some(value) => self.expr(value),
            None => Ok(build::unit()),
        }
    }

    fn condition(&mut self, e: &Expr) -> Result<bool, Stop> {
        let value = self.expr(e)?;
        scalar(&value).map(|(_, bits)| bits != 0)
    }

    fn expr(&mut self, e: &Expr) -> Outcome {
        self.steps = self.steps.checked_sub(1).ok_or(Stop::Long)?;
        match &e.kind {
            ExprKind::Const(_) => Ok(e.clone()),
            ExprKind::Local(id) => self
                .locals
                .get(id.0 as usize)
                .cloned()
                .flatten()
                .ok_or(Stop::Unsupported),
            ExprKind::Member(inner, n) => match self.expr(inner)?.kind {
                ExprKind::Tuple(mut members) if (*n as usize) < members.len() => {
                    Ok(members.swap_remove(*n as usize))
                }
                _ => Err(Stop::Unsupported),
            },
            ExprKind::Tuple(members) => {
                let members = members
                    .iter()
                    .map(|m| self.expr(m))
                    .collect::<Result<_, _>>()?;
                Ok(build::tuple(members))
            }
            ExprKind::Unary(op, x) => {
                let x = self.expr(x)?;
                let (s, bits) = scalar(&x)?;
                unary(*op, s, bits)
            }
            ExprKind::Binary(op, x, y) => {
                let (x, y) = (self.expr(x)?, self.expr(y)?);
                binary(*op, scalar(&x)?, scalar(&y)?)
            }
            ExprKind::Division {
                op,
                lhs,
                rhs,
                by_zero,
                overflow,
            } => {
                let (x, y) = (self.expr(lhs)?, self.expr(rhs)?);
                let ((s, x), (_, y)) = (scalar(&x)?, scalar(&y)?);
                let (x, y) = (integer(s, x), integer(s, y));
                if y == 0 {
                    return Err(Stop::Panic(*by_zero));
                }
                if let (Some(site), true) =
                    (overflow, s.is_signed() && x == build::range(s).0 && y == -1)
                {
                    return Err(Stop::Panic(*site));
                }
                Ok(build::int(
                    s,
                    match op {
                        DivisionOp::Quotient => x / y,
                        DivisionOp::Remainder => x % y,
                    },
                ))
            }
            ExprKind::Lazy(op, x, y) => {
                let first = self.expr(x)?;
                let (_, bits) = scalar(&first)?;
                match (op, bits != 0) {
                    (LazyOp::And, true) | (LazyOp::Or, false) => self.expr(y),
                    _ => Ok(first),
                }
            }
            ExprKind::Cast(x) => {
                let x = self.expr(x)?;
                let (from, bits) = scalar(&x)?;
                match e.ty {
                    Type::Scalar(to) => Ok(cast(from, bits, to)),
                    _ => Err(Stop::Unsupported),
                }
            }
            ExprKind::If(condition, then, otherwise) => {
                if self.condition(condition)? {
                    self.block(then)
                } else {
                    self.block(otherwise)
                }
            }
            ExprKind::Block(block) => self.block(block),
            ExprKind::Loop(id, body) => loop {
                self.steps = self.steps.checked_sub(1).ok_or(Stop::Long)?;
                match self.block(body) {
                    Ok(_) => {}
                    Err(Stop::Continue(target)) if target == *id => {}
                    Err(Stop::Break(target, value)) if target == *id => {
                        return Ok(value.unwrap_or_else(build::unit));
                    }
                    Err(stop) => return Err(stop),
                }
            },
            ExprKind::Labelled(id, body) => match self.block(body) {
                Err(Stop::Break(target, value)) if target == *id => {
                    Ok(value.unwrap_or_else(build::unit))
                }
                other => other,
            },
            ExprKind::Break(id, value) => {
                let value = match value {
                    Some(value) => Some(self.expr(value)?),
                    None => None,
                };
                Err(Stop::Break(*id, value))
            }
            ExprKind::Continue(id) => Err(Stop::Continue(*id)),
            ExprKind::Panic(site) => Err(Stop::Panic(*site)),
            ExprKind::Fma(..)
            | ExprKind::Call(..)
            | ExprKind::Load { .. }
            | ExprKind::Dim(..)
            | ExprKind::For(_)
            | ExprKind::Return(_) => Err(Stop::Unsupported),
        }
    }
}

/// `as`, with Rust's rules.
fn cast(from: Scalar, bits: u64, to: Scalar) -> Expr {
    if from.is_float() {
        let value = real(from, bits);
        if to.is_float() {
            return if from == to {
                build::bits(to, bits)
            } else {
                build::float(to, value)
            };
        }
        let (min, max) = build::range(to);
        return build::int(to, (value as i128).clamp(min, max));
    }
    let value = integer(from, bits);
    match to {
        Scalar::F32 => build::bits(to, u64::from((value as f32).to_bits())),
        Scalar::F64 => build::bits(to, (value as f64).to_bits()),
        _ => build::int(to, value),
    }
}

fn unary(op: UnaryOp, s: Scalar, bits: u64) -> Outcome {
    let width = s.bits();
    let u32_ = |v: u32| Ok(build::int(Scalar::U32, i128::from(v)));
    if s.is_float() {
        let sign = 1_u64 << (width - 1);
        let f = |single: fn(f32) -> f32, double: fn(f64) -> f64| {
            Ok(build::bits(
                s,
                if s == Scalar::F32 {
                    u64::from(single(f32::from_bits(bits as u32)).to_bits())
                } else {
                    double(f64::from_bits(bits)).to_bits()
                },
            ))
        };
        return match op {
            UnaryOp::Neg => Ok(build::bits(s, bits ^ sign)),
            UnaryOp::Abs => Ok(build::bits(s, bits & !sign)),
            UnaryOp::ToBits => Ok(build::bits(crate::check::methods::sibling(s), bits)),
            UnaryOp::Sqrt => f(f32::sqrt, f64::sqrt),
            UnaryOp::Floor => f(f32::floor, f64::floor),
            UnaryOp::Ceil => f(f32::ceil, f64::ceil),
            UnaryOp::Trunc => f(f32::trunc, f64::trunc),
            UnaryOp::RoundTiesEven => f(f32::round_ties_even, f64::round_ties_even),
            _ => Err(Stop::Unsupported),
        };
    }
    let value = integer(s, bits);
    match op {
        UnaryOp::Neg => Ok(build::int(s, -value)),
        UnaryOp::Not if s == Scalar::Bool => Ok(build::int(s, 1 - value)),
        UnaryOp::Not => Ok(build::int(s, !value)),
        UnaryOp::Abs => Ok(build::int(s, value.abs())),
        UnaryOp::CountOnes => u32_(bits.count_ones()),
        UnaryOp::LeadingZeros => u32_(bits.leading_zeros() - (64 - width)),
        UnaryOp::TrailingZeros => u32_(bits.trailing_zeros().min(width)),
        UnaryOp::SwapBytes => Ok(build::bits(s, bits.swap_bytes() >> (64 - width))),
        UnaryOp::ReverseBits => Ok(build::bits(s, bits.reverse_bits() >> (64 - width))),
        UnaryOp::FromBits => Ok(build::bits(
            if width == 32 {
                Scalar::F32
            } else {
                Scalar::F64
            },
            bits,
        )),
        _ => Err(Stop::Unsupported),
    }
}

fn binary(op: BinaryOp, (s, a): (Scalar, u64), (t, b): (Scalar, u64)) -> Outcome {
    let truth = |v: bool| Ok(build::int(Scalar::Bool, i128::from(v)));
    if s.is_float() {
        return float_binary(op, s, a, b);
    }
    let (x, y) = (integer(s, a), integer(t, b));
    let (min, max) = build::range(s);
    let width = s.bits();
    let count = (y & i128::from(width - 1)) as u32;
    let mask = build::int(s, -1);
    let ExprKind::Const(mask) = mask.kind else {
        return Err(Stop::Unsupported);
    };
    let rotate = |left: u32| {
        let right = (width - left) % width;
        build::bits(s, ((a << left) | (a >> right)) & mask)
    };
    let value = match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x.wrapping_mul(y),
        BinaryOp::And => x & y,
        BinaryOp::Or => x | y,
        BinaryOp::Xor => x ^ y,
        BinaryOp::Shl => x << count,
        BinaryOp::Shr => x >> count,
        BinaryOp::RotateLeft => return Ok(rotate(count)),
        BinaryOp::RotateRight => return Ok(rotate((width - count) % width)),
        BinaryOp::Eq => return truth(x == y),
        BinaryOp::Ne => return truth(x != y),
        BinaryOp::Lt => return truth(x < y),
        BinaryOp::Le => return truth(x <= y),
        BinaryOp::Gt => return truth(x > y),
        BinaryOp::Ge => return truth(x >= y),
        BinaryOp::Min => x.min(y),
        BinaryOp::Max => x.max(y),
        BinaryOp::SaturatingAdd => (x + y).clamp(min, max),
        BinaryOp::SaturatingSub => (x - y).clamp(min, max),
        BinaryOp::MulHigh if s.is_signed() => (x * y) >> width,
        BinaryOp::MulHigh => ((x as u128 * y as u128) >> width) as i128,
        BinaryOp::Pow => {
            let (mut result, mut base, mut rest) = (1_i128, x, y);
            while rest > 0 {
                if rest & 1 == 1 {
                    result = integer(s, result.wrapping_mul(base) as u64 & mask);
                }
                base = integer(s, base.wrapping_mul(base) as u64 & mask);
                rest >>= 1;
            }
            result
        }
        BinaryOp::Div
        | BinaryOp::Rem
        | BinaryOp::Copysign
        | BinaryOp::Atan2
        | BinaryOp::Hypot
        | BinaryOp::Powf
        | BinaryOp::Powi => return Err(Stop::Unsupported),
    };
    Ok(build::int(s, value))
}

fn float_binary(op: BinaryOp, s: Scalar, a: u64, b: u64) -> Outcome {
    let (x, y) = (real(s, a), real(s, b));
    let truth = |v: bool| Ok(build::int(Scalar::Bool, i128::from(v)));
    let f = |single: fn(f32, f32) -> f32, double: fn(f64, f64) -> f64| {
        Ok(build::bits(
            s,
            if s == Scalar::F32 {
                u64::from(single(f32::from_bits(a as u32), f32::from_bits(b as u32)).to_bits())
            } else {
                double(x, y).to_bits()
            },
        ))
    };
    match op {
        BinaryOp::Add => f(|x, y| x + y, |x, y| x + y),
        BinaryOp::Sub => f(|x, y| x - y, |x, y| x - y),
        BinaryOp::Mul => f(|x, y| x * y, |x, y| x * y),
        BinaryOp::Div => f(|x, y| x / y, |x, y| x / y),
        BinaryOp::Rem => f(|x, y| x % y, |x, y| x % y),
        BinaryOp::Min => f(f32::min, f64::min),
        BinaryOp::Max => f(f32::max, f64::max),
        BinaryOp::Copysign => f(f32::copysign, f64::copysign),
        BinaryOp::Eq => truth(x == y),
        BinaryOp::Ne => truth(x != y),
        BinaryOp::Lt => truth(x < y),
        BinaryOp::Le => truth(x <= y),
        BinaryOp::Gt => truth(x > y),
        BinaryOp::Ge => truth(x >= y),
        _ => Err(Stop::Unsupported),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Source;

    /// The value of `const X: ty = text`, as the integer that its bits mean.
    fn evaluated(ty: &str, text: &str) -> i128 {
        let text = format!("const X: {ty} = {text};");
        let source = Source {
            name: Arc::from("constants.rs"),
            text: Arc::from(text.as_str()),
        };
        let parsed = crate::parse(&source);
        assert!(parsed.diagnostics.is_empty(), "{text}");
        let mut session = Session::new(&source, &parsed.file);
        let value = session.constant(0);
        assert!(session.errors.is_empty(), "{text}: {:?}", session.errors);
        let (s, bits) = match value.as_ref().map(scalar) {
            Some(Ok(value)) => value,
            _ => panic!("{text} has no scalar value"),
        };
        integer(s, bits)
    }

    macro_rules! agree {
        ($ty:ident: $($e:expr;)*) => {
            $({
                let expected: $ty = $e;
                let text = stringify!($e);
                assert_eq!(evaluated(stringify!($ty), text), expected as i128, "{text}");
            })*
        };
    }

    macro_rules! agree_bits {
        ($ty:ident: $($e:expr;)*) => {
            $({
                let expected: $ty = $e;
                let text = stringify!($e);
                let found = evaluated(stringify!($ty), text);
                assert_eq!(found, i128::from(expected.to_bits()), "{text}");
            })*
        };
    }

    #[test]
    fn methods_of_integers_mean_what_std_makes_of_them() {
        agree! { i8:
            (-7_i8).rem_euclid(3); 7_i8.rem_euclid(-3); (-7_i8).div_euclid(3);
            (-7_i8).div_euclid(-3); 7_i8.div_euclid(-3); i8::MIN.wrapping_abs();
            (-5_i8).signum(); 0_i8.signum(); 100_i8.saturating_mul(2);
            (-100_i8).saturating_mul(2); (-100_i8).saturating_mul(-2);
            100_i8.saturating_add(100); i8::MIN.saturating_sub(1); i8::MIN.saturating_neg();
            i8::MIN.saturating_abs(); (-3_i8).saturating_pow(5); 3_i8.saturating_pow(5);
            (-2_i8).saturating_pow(7); (-2_i8).saturating_pow(8); 2_i8.saturating_pow(0);
            i8::MIN.wrapping_div(-1); i8::MIN.wrapping_rem(-1); 7_i8.wrapping_div(-2);
            i8::MIN.saturating_div(-1); 5_i8.clamp(-3, 3); (-5_i8).clamp(-3, 3);
            0x12_i8.rotate_left(3); (-127_i8).rotate_right(1); 0x12_i8.reverse_bits();
            121_i8.isqrt(); 120_i8.isqrt(); (-7_i8).midpoint(2); 7_i8.midpoint(-2);
            i8::MIN.midpoint(i8::MAX); (-3_i8).pow(3); 100_i8.wrapping_add(100);
            1_i8.wrapping_shl(9); (-64_i8).wrapping_shr(10); (-64_i8).unbounded_shr(10);
            1_i8.unbounded_shl(8); i8::MIN.wrapping_neg(); 127_u8.cast_signed();
            i8::MIN.overflowing_sub(1).0; 100_i8.overflowing_mul(3).0; i8::MIN.overflowing_neg().0;
            i8::MIN.wrapping_div_euclid(-1); (-7_i8).wrapping_rem_euclid(3);
        }
        agree! { u8:
            (-100_i8).unsigned_abs(); i8::MIN.unsigned_abs(); (-100_i8).abs_diff(100);
            3_u8.abs_diff(200); 200_u8.saturating_mul(2); 7_u8.div_ceil(2); 8_u8.div_ceil(2);
            5_u8.next_power_of_two(); 0_u8.next_power_of_two(); 8_u8.next_power_of_two();
            7_u8.next_multiple_of(4); 8_u8.next_multiple_of(4); 250_u8.midpoint(255);
            0_u8.wrapping_sub(1); 3_u8.saturating_pow(7); 255_u8.isqrt(); 3_u8.swap_bytes();
            200_u8.wrapping_neg(); (-1_i8).cast_unsigned();
        }
        agree! { u32:
            (-1_i8).count_ones(); 0_i8.leading_zeros(); 4_i8.trailing_zeros();
            (-4_i8).leading_ones(); 7_u64.trailing_ones(); 0x0f_u8.count_zeros();
            1000_u32.ilog10(); 999_u32.ilog10(); u64::MAX.ilog10(); 1_u8.ilog10();
            i64::MAX.ilog2(); 80_i32.ilog(3); 81_i32.ilog(3); 82_u64.ilog(3); 0_u16.leading_zeros();
            0x1234_u32.to_be(); 0x1234_u32.to_le(); u32::from_be(0x1234); i64::BITS;
        }
        agree! { u64:
            u64::MAX.isqrt(); 18446744065119617024_u64.isqrt(); 18446744065119617025_u64.isqrt();
            4503599761588224_u64.isqrt(); 4503599761588223_u64.isqrt(); u64::MAX.saturating_mul(2);
            u64::MAX.overflowing_mul(u64::MAX).0; 3_u64.saturating_pow(41); 3_u64.pow(40);
            0x0123_4567_89ab_cdef_u64.swap_bytes(); 0x0123_4567_89ab_cdef_u64.rotate_left(12);
        }
        agree! { i64:
            9223372030926249001_i64.isqrt(); 9223372030926249000_i64.isqrt(); i64::MAX.isqrt();
            i64::MIN.saturating_mul(i64::MIN); i64::MIN.saturating_mul(3);
            (-3_i64).saturating_pow(39); (-3_i64).saturating_pow(41);
        }
        agree! { bool:
            i64::MIN.overflowing_mul(-1).1; i64::MAX.overflowing_mul(1).1;
            (-4611686018427387904_i64).overflowing_mul(2).1; u64::MAX.overflowing_mul(1).1;
            (1_u64 << 32).overflowing_mul(1 << 32).1; 100_i8.overflowing_add(27).1;
            100_i8.overflowing_add(28).1; (-100_i8).overflowing_sub(29).1;
            (-100_i8).overflowing_sub(28).1; 0_u8.overflowing_neg().1; 1_u8.overflowing_neg().1;
            64_u8.is_power_of_two(); 0_u8.is_power_of_two(); 6_u8.is_multiple_of(0);
            0_u8.is_multiple_of(0); 6_u8.is_multiple_of(4); (-1_i8).is_negative();
            0_i8.is_positive();
        }
    }

    #[test]
    fn methods_of_floats_mean_what_std_makes_of_them() {
        agree_bits! { f64:
            0.5_f64.round(); 0.49999999999999994_f64.round(); (-0.5_f64).round();
            2.5_f64.round(); (-0.2_f64).round(); 4503599627370497.5_f64.round();
            4503599627370497.0_f64.round(); 9007199254740993.0_f64.round();
            f64::INFINITY.round(); (-0.0_f64).round(); 0.7_f64.to_degrees();
            33.3_f64.to_radians(); (-7.5_f64).rem_euclid(2.0); 7.5_f64.rem_euclid(-2.0);
            (-7.5_f64).div_euclid(2.0); (-7.5_f64).div_euclid(-2.0); (-2.5_f64).signum();
            (-0.0_f64).signum(); 3.7_f64.fract(); (-3.7_f64).fract(); 5.0_f64.clamp(1.0, 3.0);
            (-5.0_f64).clamp(-1.0, 3.0); 3.0_f64.recip(); f64::MAX.midpoint(f64::MAX);
            1.0_f64.midpoint(4.0); 1.0_f64.next_up(); 1.0_f64.next_down(); 0.0_f64.next_up();
            0.0_f64.next_down(); (-1.0_f64).next_up(); (-1.0_f64).next_down();
            f64::INFINITY.next_up(); f64::NEG_INFINITY.next_up(); f64::MAX.next_up();
            2.5_f64.round_ties_even(); (-2.5_f64).copysign(1.0); f64::MIN_POSITIVE / 2.0;
            std::f64::consts::PI; f64::from(1_u8); (0.1_f32) as f64; u64::MAX as f64;
        }
        agree_bits! { f32:
            0.5_f32.round(); 0.49999997_f32.round(); (-0.5_f32).round(); 8388609.0_f32.round();
            4194304.5_f32.round(); 0.7_f32.to_degrees(); 33.3_f32.to_radians();
            1.0_f32.midpoint(4.0); f32::MAX.midpoint(f32::MAX); 1.0_f32.next_up();
            (-7.5_f32).rem_euclid(2.0); 16777217_i32 as f32; 0.1_f64 as f32; 1e300_f64 as f32;
        }
        agree! { bool:
            f64::NAN.is_nan(); f64::INFINITY.is_finite(); f64::MIN_POSITIVE.is_normal();
            (f64::MIN_POSITIVE / 2.0).is_subnormal(); 0.0_f64.is_subnormal();
            (-0.0_f64).is_sign_negative(); 0.0_f64.is_sign_positive(); f64::NEG_INFINITY.is_infinite();
            (1, 2.5) < (1, 3.5); (1, f64::NAN) < (1, 3.5); (2, f64::NAN) > (1, 3.5);
            (1, 2) <= (1, 2); (1, f64::NAN) <= (1, f64::NAN); (1, 2) != (1, 2);
        }
        agree! { i32:
            f64::NAN as i32; 1e10_f64 as i32; -1e10_f64 as i32; -1.9_f64 as i32;
            match (3, true) { (0..=2, _) => 1, (n @ 3.., true) if n > 3 => 2, (n, _) => n * 7 };
            { let (a, b) = (1, 2); let mut s = a; let mut i = 0; while i < 5 { s += b; i += 1; } s };
            'a: { if 1 < 2 { break 'a 5; } 6 }; loop { break 3; } + if true { 1 } else { 2 };
        }
        agree! { u8: 300_i32 as u8; -1_i32 as u8; 255.9_f64 as u8; -3.0_f32 as u8; true as u8; b'a'; }
    }
}
