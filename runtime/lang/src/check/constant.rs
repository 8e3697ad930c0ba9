//! The values of constants and of patterns: they are lowered like any expression, with
//! checks for overflow, and then run here. Invariant: a constant is evaluated once; a
//! constant that needs itself is an error.

use brolga_abi::{PanicKind, Place};

use crate::check::lower::Lower;
use crate::check::lower::build::{self, Builder, Sites};
use crate::check::session::{ConstState, Session};
use crate::check::tree::{Body, ConstIndex, Expr as Typed, Kind};
use crate::check::ty::Ty;
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{
    BinaryOp, Block, DivisionOp, Expr, ExprKind, LazyOp, LocalId, LoopId, Scalar, SiteId,
    Statement, Type, UnaryOp,
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

    fn locate(&self, _: Span, _: &str) -> Place {
        Place::default()
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
        if !self.consts[constant].params.is_empty() {
            // Its value depends on types; here only what is wrong with it is told.
            self.consts[constant].state = ConstState::Done(None);
            self.constant_body(constant);
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

    /// The value of a constant of an `impl` with these types for its parameters.
    pub(crate) fn generic_constant(
        &mut self,
        constant: ConstIndex,
        types: Vec<Ty>,
    ) -> Option<Expr> {
        let key = (constant, types);
        if let Some(state) = self.generic_consts.get(&key) {
            if let ConstState::Running = state {
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
                return None;
            }
            return match state {
                ConstState::Done(value) => value.clone(),
                ConstState::Running | ConstState::Waiting => None,
            };
        }
        self.generic_consts.insert(key.clone(), ConstState::Running);
        let value = if self.nesting == MAX_NESTING {
            None
        } else {
            self.nesting += 1;
            let value = self
                .constant_body(constant)
                .and_then(|body| self.evaluate_with(&body.value, &body, &key.1));
            self.nesting -= 1;
            value
        };
        self.generic_consts
            .insert(key, ConstState::Done(value.clone()));
        value
    }

    /// The value of an expression that reads no variables; `None` after an error.
    pub(crate) fn evaluate(&mut self, e: &Typed, body: &Body) -> Option<Expr> {
        self.evaluate_with(e, body, &[])
    }

    fn evaluate_with(&mut self, e: &Typed, body: &Body, types: &[Ty]) -> Option<Expr> {
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
        let mut builder = Builder::new(&mut panics, String::new());
        builder.checked = true;
        let bodies = std::collections::HashMap::new();
        let mut lower = Lower::new(self, builder, body, types, &bodies, None, &mut budget);
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
            .help("constants are made of literals, other constants, operators, casts, structs, arrays, loops and simple methods"),
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
    if matches!(
        e.kind,
        Kind::Call(..) | Kind::Method("sqrt", ..) | Kind::Consume(_) | Kind::CallClosure(..)
    ) || super::arrays::is_no_constant(e)
    {
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
                    let steps = self.steps_of(path)?;
                    let Some(slot) = self.locals.get_mut(local.0 as usize) else {
                        return Err(Stop::Unsupported);
                    };
                    if path.is_empty() {
                        *slot = Some(value);
                        continue;
                    }
                    let mut place = slot.as_mut().ok_or(Stop::Unsupported)?;
                    let steps = steps.iter();
                    for (n, site) in steps {
                        let (ExprKind::Tuple(members) | ExprKind::Array(members)) = &mut place.kind
                        else {
                            return Err(Stop::Unsupported);
                        };
                        place = match members.get_mut(*n) {
                            Some(member) => member,
                            None => return Err(site.map_or(Stop::Unsupported, Stop::Panic)),
                        };
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

    /// The numbers of a path's members and elements, the latter with their check's site.
    fn steps_of(&mut self, path: &[crate::ir::Step]) -> Result<Vec<(usize, Option<SiteId>)>, Stop> {
        let mut steps = Vec::new();
        for step in path {
            steps.push(match step {
                crate::ir::Step::Member(n) => (*n as usize, None),
                crate::ir::Step::Index(index, site) => (self.index(index)?, Some(*site)),
            });
        }
        Ok(steps)
    }

    fn local(&self, id: LocalId) -> Result<&Expr, Stop> {
        let slot = self.locals.get(id.0 as usize).and_then(Option::as_ref);
        slot.ok_or(Stop::Unsupported)
    }

    /// The steps of a place that is read, the outermost first, and the local that it is a part
    /// of.
    fn place_steps(
        &mut self,
        e: &Expr,
        steps: &mut Vec<(usize, Option<SiteId>)>,
    ) -> Result<LocalId, Stop> {
        match &e.kind {
            ExprKind::Local(id) => Ok(*id),
            ExprKind::Member(inner, n) => {
                let id = self.place_steps(inner, steps)?;
                steps.push((*n as usize, None));
                Ok(id)
            }
            ExprKind::Index { array, index, site } => {
                let id = self.place_steps(array, steps)?;
                steps.push((self.index(index)?, Some(*site)));
                Ok(id)
            }
            _ => Err(Stop::Unsupported),
        }
    }

    fn index(&mut self, index: &Expr) -> Result<usize, Stop> {
        let value = self.expr(index)?;
        let (_, bits) = scalar(&value)?;
        Ok(usize::try_from(bits).unwrap_or(usize::MAX))
    }

    /// The elements are worth a step each, so that copies of large arrays end.
    fn pay(&mut self, elements: usize) -> Result<(), Stop> {
        let steps = u32::try_from(elements).map_err(|_| Stop::Long)?;
        self.steps = self.steps.checked_sub(steps).ok_or(Stop::Long)?;
        Ok(())
    }

    fn condition(&mut self, e: &Expr) -> Result<bool, Stop> {
        let value = self.expr(e)?;
        scalar(&value).map(|(_, bits)| bits != 0)
    }

    fn expr(&mut self, e: &Expr) -> Outcome {
        self.steps = self.steps.checked_sub(1).ok_or(Stop::Long)?;
        match &e.kind {
            ExprKind::Const(_) => Ok(e.clone()),
            ExprKind::Local(id) => {
                self.pay(size(&e.ty))?;
                self.local(*id).cloned()
            }
            ExprKind::Member(..) | ExprKind::Index { .. } if place(e) => {
                self.pay(size(&e.ty))?;
                let mut steps = Vec::new();
                let local = self.place_steps(e, &mut steps)?;
                let mut found = self.local(local)?;
                for (n, site) in steps {
                    let (ExprKind::Tuple(members) | ExprKind::Array(members)) = &found.kind else {
                        return Err(Stop::Unsupported);
                    };
                    found = match members.get(n) {
                        Some(member) => member,
                        None => return Err(site.map_or(Stop::Unsupported, Stop::Panic)),
                    };
                }
                Ok(found.clone())
            }
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
            ExprKind::Array(members) => {
                let members = members
                    .iter()
                    .map(|m| self.expr(m))
                    .collect::<Result<_, _>>()?;
                Ok(Expr {
                    ty: e.ty.clone(),
                    kind: ExprKind::Array(members),
                })
            }
            ExprKind::Repeat(x) => {
                let x = self.expr(x)?;
                let n = match e.ty {
                    Type::Array(_, n) => n as usize,
                    _ => return Err(Stop::Unsupported),
                };
                self.pay(n.max(size(&e.ty)))?;
                Ok(Expr {
                    ty: e.ty.clone(),
                    kind: ExprKind::Array(vec![x; n]),
                })
            }
            ExprKind::Index { array, index, site } => {
                let ExprKind::Array(mut members) = self.expr(array)?.kind else {
                    return Err(Stop::Unsupported);
                };
                self.pay(members.len())?;
                let n = self.index(index)?;
                if n >= members.len() {
                    return Err(Stop::Panic(*site));
                }
                Ok(members.swap_remove(n))
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
            | ExprKind::Global(_)
            | ExprKind::Allocate { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Permute(..)
            | ExprKind::Reduce(..)
            | ExprKind::Dot(..)
            | ExprKind::Dim(..)
            | ExprKind::For(_)
            | ExprKind::Return(_) => Err(Stop::Unsupported),
        }
    }
}

/// Whether this is a part of a local, so that nothing but the part is copied.
fn place(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Local(_) => true,
        ExprKind::Member(inner, _) => place(inner),
        ExprKind::Index { array, .. } => place(array),
        _ => false,
    }
}

/// How many numbers a value of this type holds; as steps they pay for its copy.
fn size(ty: &Type) -> usize {
    match ty {
        Type::Array(element, n) => size(element).saturating_mul(*n as usize),
        Type::Tuple(members) => members.iter().map(size).fold(0, usize::saturating_add),
        _ => 1,
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
