//! The walk over a kernel's statements and expressions: calls are inlined, constants are kept as
//! such, everything else becomes values of the strip program. Branches and early exits are in
//! `paths.rs`, loops in `loops.rs`, failures in `fail.rs`, parts of tuples and arrays in
//! `parts.rs`.
//!
//! Every lane walks every path; a lane's state is meaningful only on the path that it takes
//! in the source, and garbage elsewhere (which harms nobody, since all operations are total
//! and free of side effects). Where paths meet, selects pick the state that is meaningful.

use brolga_lang::ir::{
    BinaryOp, Block, Expr, ExprKind, Function, LazyOp, LocalId, Program, Statement, Type, UnaryOp,
    global_layout,
};

use super::build::{Builder, Symbol};
use super::constant::Constant;
use super::nest::Nest;
use super::operators::malformed;
use super::paths::{Condition, Leaving, Target};
use super::refusal::Refusal;

/// The walk.
pub(super) struct Walk<'a> {
    pub(super) program: &'a Program,
    pub(super) builder: Builder,
    /// The locals of the function at hand; `None`: not set yet.
    pub(super) locals: Vec<Option<Symbol>>,
    /// The conditions of the branches and loops around the current point, from outside in, those
    /// of the callers first.
    pub(super) conditions: Vec<Condition>,
    /// What lanes can leave early, from outside in, likewise.
    pub(super) targets: Vec<Target>,
    /// For each loop around that lanes leave one by one, how many targets stand outside of it.
    pub(super) floors: Vec<usize>,
    /// What loops of the kernel go along.
    pub(super) nest: Nest,
    /// How many more expressions may be walked: inlining can double at each level.
    fuel: usize,
    /// How deeply expressions are nested at the current point, inlined calls included.
    depth: usize,
}

/// What evaluation gives: `None` when no lane gets past the expression.
pub(super) type Outcome = Result<Option<Symbol>, Refusal>;

/// Unwraps an [`Outcome`], or passes on that no lane gets past it.
macro_rules! reach {
    ($outcome:expr) => {
        match $outcome? {
            Some(symbol) => symbol,
            None => return Ok(None),
        }
    };
}
pub(super) use reach;

pub(super) fn unit() -> Symbol {
    Symbol::Tuple(Vec::new())
}

impl<'a> Walk<'a> {
    /// Beyond, compile time is not worth the gain.
    const FUEL: usize = 50_000;
    /// Keeps the recursion of the walk within the stack that the compiler gives to programs
    /// of this depth.
    const MOST_DEPTH: usize = 500;

    /// A walk that begins with [`Walk::function`].
    pub(super) fn new(program: &'a Program, builder: Builder, nest: Nest) -> Walk<'a> {
        Walk {
            program,
            builder,
            locals: Vec::new(),
            conditions: Vec::new(),
            targets: Vec::new(),
            floors: Vec::new(),
            nest,
            fuel: Walk::FUEL,
            depth: 0,
        }
    }

    /// What the walk was given, after it.
    pub(super) fn into_parts(self) -> (Builder, Nest) {
        (self.builder, self.nest)
    }

    /// The value of a call with these arguments.
    pub(super) fn function(&mut self, function: &Function, arguments: Vec<Symbol>) -> Outcome {
        let mut locals = vec![None; function.locals.len()];
        for (param, argument) in function.params.iter().zip(arguments) {
            *locals.get_mut(param.0 as usize).ok_or_else(malformed)? = Some(argument);
        }
        let caller = std::mem::replace(&mut self.locals, locals);
        let value = self.inside(Leaving::Function, |walk| walk.block(&function.body))?;
        self.locals = caller;
        Ok(value)
    }

    pub(super) fn block(&mut self, block: &Block) -> Outcome {
        self.statements(&block.statements, block.value.as_deref())
    }

    pub(super) fn statements(&mut self, statements: &[Statement], value: Option<&Expr>) -> Outcome {
        for statement in statements {
            match statement {
                Statement::Assign { local, path, value } => {
                    let value = reach!(self.expression(value));
                    reach!(self.assign(*local, path, value));
                }
                Statement::Store { .. } => return Err(Refusal::new("stores into an array")),
                Statement::Expr(expression) => {
                    reach!(self.expression(expression));
                }
            }
        }
        match value {
            Some(value) => self.expression(value),
            None => Ok(Some(unit())),
        }
    }

    pub(super) fn expression(&mut self, expression: &Expr) -> Outcome {
        if self.fuel == 0 {
            return Err(Refusal::new("is too large once its calls are inlined"));
        }
        if self.depth == Walk::MOST_DEPTH {
            return Err(Refusal::new("is nested too deeply"));
        }
        self.fuel -= 1;
        self.depth += 1;
        let outcome = self.kind(expression);
        self.depth -= 1;
        outcome
    }

    fn kind(&mut self, expression: &Expr) -> Outcome {
        let ty = &expression.ty;
        match &expression.kind {
            ExprKind::Const(bits) => Ok(Some(match ty {
                Type::Scalar(scalar) => Symbol::Constant(Constant {
                    scalar: *scalar,
                    bits: *bits,
                }),
                Type::Tuple(_) | Type::View(_) | Type::Array(..) | Type::Never => {
                    return Err(malformed());
                }
            })),
            ExprKind::Local(local) => self.local(*local, ty).map(Some),
            ExprKind::Member(tuple, member) => match reach!(self.expression(tuple)) {
                Symbol::Tuple(mut parts) if (*member as usize) < parts.len() => {
                    Ok(Some(parts.swap_remove(*member as usize)))
                }
                _ => Err(malformed()),
            },
            ExprKind::Tuple(parts) => Ok(self.list(parts)?.map(Symbol::Tuple)),
            ExprKind::Unary(op, x) => {
                let x = reach!(self.expression(x));
                self.builder.unary(*op, &x, ty).map(Some)
            }
            ExprKind::Binary(op, a, b) => {
                if let Some(contracted) = self.contract(*op, ty, a, b) {
                    return contracted;
                }
                let a = reach!(self.expression(a));
                let b = reach!(self.expression(b));
                self.builder.binary(*op, &a, &b).map(Some)
            }
            ExprKind::Cast(x) => {
                let x = reach!(self.expression(x));
                self.builder.cast(&x, ty).map(Some)
            }
            ExprKind::Fma(a, b, c) => {
                let a = reach!(self.expression(a));
                let b = reach!(self.expression(b));
                let c = reach!(self.expression(c));
                self.builder.fma(&a, &b, &c).map(Some)
            }
            ExprKind::Lazy(op, a, b) => self.lazy(*op, a, b),
            ExprKind::If(condition, then, otherwise) => self.branch(
                condition,
                |walk| walk.block(then),
                |walk| walk.block(otherwise),
            ),
            ExprKind::Block(block) => self.block(block),
            ExprKind::Labelled(label, block) => {
                self.inside(Leaving::Block(*label), |walk| walk.block(block))
            }
            ExprKind::Break(label, value) => {
                let value = match value {
                    Some(value) => reach!(self.expression(value)),
                    None => unit(),
                };
                self.leave(Leaving::Block(*label), value)
            }
            ExprKind::Continue(id) => self.leave(Leaving::Turn(*id), unit()),
            ExprKind::Return(value) => {
                let value = match value {
                    Some(value) => reach!(self.expression(value)),
                    None => unit(),
                };
                self.leave(Leaving::Function, value)
            }
            ExprKind::Call(callee, arguments) => {
                let program = self.program;
                let function = program
                    .functions
                    .get(callee.0 as usize)
                    .ok_or_else(malformed)?;
                if function.recursive {
                    let name = &function.name.0;
                    return Err(Refusal::new(format!(
                        "calls the recursive function `{name}`"
                    )));
                }
                match self.list(arguments)? {
                    Some(arguments) => self.function(function, arguments),
                    None => Ok(None),
                }
            }
            ExprKind::Division {
                op,
                lhs,
                rhs,
                by_zero,
                overflow,
            } => {
                let a = reach!(self.expression(lhs));
                let b = reach!(self.expression(rhs));
                self.division(*op, &a, &b, *by_zero, *overflow)
            }
            ExprKind::Dim(..) => Err(Refusal::new("reads the length of an array")),
            ExprKind::Loop(id, body) => self.endless(*id, body),
            ExprKind::For(range) => self.counted(range),
            ExprKind::Panic(site) => self.panic(*site),
            ExprKind::Array(elements) => Ok(self.list(elements)?.map(Symbol::Tuple)),
            ExprKind::Repeat(element) => {
                let element = reach!(self.expression(element));
                self.repeat(element, ty).map(Some)
            }
            ExprKind::Index { array, index, site } => {
                let array = reach!(self.expression(array));
                let index = reach!(self.expression(index));
                self.index(array, &index, *site)
            }
            ExprKind::Global(global) => {
                let number = global.0 as usize;
                let declared = self.program.globals.get(number).ok_or_else(malformed)?;
                let (offsets, _) = global_layout(&self.program.globals);
                self.builder.global(&declared.ty, offsets[number]).map(Some)
            }
            ExprKind::Allocate { .. } => Err(Refusal::new("allocates a local array")),
            ExprKind::Load { view, index, .. } if !self.nest.is_empty() => {
                self.stream(*view, index)
            }
            ExprKind::Load { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Permute(..)
            | ExprKind::Reduce(..)
            | ExprKind::Dot(..) => Err(Refusal::new("reads an array")),
        }
    }

    /// Under `fastmath`, a sum with a product in one operation: exactly where the scalar loop
    /// does so (`translate/arithmetic.rs`), or the two would differ in their bits.
    fn contract<'e>(
        &mut self,
        op: BinaryOp,
        ty: &Type,
        lhs: &'e Expr,
        rhs: &'e Expr,
    ) -> Option<Outcome> {
        let is_float = matches!(ty, Type::Scalar(scalar) if scalar.is_float());
        let subtracts = match op {
            BinaryOp::Add => false,
            BinaryOp::Sub => true,
            _ => return None,
        };
        if !(self.program.fastmath && self.builder.features.fma && is_float) {
            return None;
        }
        let product = |e: &'e Expr| match &e.kind {
            ExprKind::Binary(BinaryOp::Mul, a, b) => Some((&**a, &**b)),
            _ => None,
        };
        // The operand on the left is evaluated first, product or not.
        match (product(lhs), product(rhs)) {
            (Some(factors), _) => Some(self.fused(factors, rhs, true, subtracts, ty)),
            (None, Some(factors)) => Some(self.fused(factors, lhs, false, subtracts, ty)),
            (None, None) => None,
        }
    }

    /// A sum of a product and an addend, or the difference of left and right.
    fn fused(
        &mut self,
        factors: (&Expr, &Expr),
        addend: &Expr,
        product_first: bool,
        subtracts: bool,
        ty: &Type,
    ) -> Outcome {
        let early = match product_first {
            true => None,
            false => Some(reach!(self.expression(addend))),
        };
        let a = reach!(self.expression(factors.0));
        let b = reach!(self.expression(factors.1));
        let (a, c) = match early {
            Some(c) if subtracts => (self.builder.unary(UnaryOp::Neg, &a, ty)?, c),
            Some(c) => (a, c),
            None => {
                let c = reach!(self.expression(addend));
                let c = match subtracts {
                    true => self.builder.unary(UnaryOp::Neg, &c, ty)?,
                    false => c,
                };
                (a, c)
            }
        };
        self.builder.fma(&a, &b, &c).map(Some)
    }

    fn local(&self, local: LocalId, ty: &Type) -> Result<Symbol, Refusal> {
        match self.locals.get(local.0 as usize) {
            _ if matches!(ty, Type::View(_)) => Err(Refusal::new("uses an array as a whole")),
            Some(Some(symbol)) => Ok(symbol.clone()),
            _ => Err(malformed()),
        }
    }

    /// All of a list, in order.
    fn list(&mut self, expressions: &[Expr]) -> Result<Option<Vec<Symbol>>, Refusal> {
        let mut symbols = Vec::with_capacity(expressions.len());
        for expression in expressions {
            match self.expression(expression)? {
                Some(symbol) => symbols.push(symbol),
                None => return Ok(None),
            }
        }
        Ok(Some(symbols))
    }

    fn lazy(&mut self, op: LazyOp, a: &Expr, b: &Expr) -> Outcome {
        let known = |value| Ok(Some(Symbol::Constant(Constant::bool(value))));
        match op {
            LazyOp::And => self.branch(a, |walk| walk.expression(b), |_| known(false)),
            LazyOp::Or => self.branch(a, |_| known(true), |walk| walk.expression(b)),
        }
    }
}
