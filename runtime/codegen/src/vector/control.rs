//! The walk over a kernel's statements: branches become selects, calls are inlined, and
//! `return` and `break` become masks.
//!
//! Every lane walks every path; a lane's state is meaningful only on the path that it takes
//! in the source, and garbage elsewhere (which harms nobody, since all operations are total
//! and free of side effects). Where paths meet, selects pick the state that is meaningful.
//!
//! Lanes that leave a function or labelled block early are kept as *exits*: a mask and the
//! state they left with. When the block ends, its exits are laid over the state at its end,
//! the last first, so that of two exits to the same block the earlier wins, as it must: its
//! lanes never reached the later. Lanes that left for a block further in never reached
//! an exit either; those are taken out of its mask.

use brolga_lang::ir::{
    BinaryOp, Block, Expr, ExprKind, Function, LazyOp, LocalId, LoopId, Program, SiteId, Statement,
    Step, Type, UnaryOp, global_layout,
};

use super::build::{Builder, Symbol};
use super::constant::Constant;
use super::program::ValueId;
use super::refusal::Refusal;

/// A lane's state at some point: a block's value and all locals (`None`: not set yet).
#[derive(Clone)]
struct State {
    value: Symbol,
    locals: Vec<Option<Symbol>>,
}

/// Lanes that left early.
struct Exit {
    /// `None`: all that came this far.
    mask: Option<ValueId>,
    state: State,
}

/// A function body or labelled block that lanes can leave early.
struct Target {
    /// `None` for the function body.
    label: Option<LoopId>,
    /// How many conditions held when it began.
    depth: usize,
    exits: Vec<Exit>,
}

/// An inlined call under way.
struct Frame {
    locals: Vec<Option<Symbol>>,
    /// The conditions of the branches around the current point, from outside in.
    conditions: Vec<ValueId>,
    /// From outside in; the first is the function body.
    targets: Vec<Target>,
}

/// The walk.
pub(super) struct Walk<'a> {
    program: &'a Program,
    builder: Builder,
    frame: Frame,
    /// How many more expressions may be walked: inlining can double at each level.
    fuel: usize,
    /// How deeply expressions are nested at the current point, inlined calls included.
    depth: usize,
}

/// What evaluation gives: `None` when no lane gets past the expression.
type Outcome = Result<Option<Symbol>, Refusal>;

/// Unwraps an [`Outcome`], or passes on that no lane gets past it.
macro_rules! reach {
    ($outcome:expr) => {
        match $outcome? {
            Some(symbol) => symbol,
            None => return Ok(None),
        }
    };
}

fn unit() -> Symbol {
    Symbol::Tuple(Vec::new())
}

fn malformed() -> Refusal {
    Refusal::new("has IR that is not well formed")
}

impl<'a> Walk<'a> {
    /// Beyond, compile time is not worth the gain.
    const FUEL: usize = 50_000;
    /// Keeps the recursion of the walk within the stack that the compiler gives to programs
    /// of this depth.
    const MOST_DEPTH: usize = 500;

    pub(super) fn new(program: &'a Program, builder: Builder) -> Walk<'a> {
        Walk {
            program,
            builder,
            frame: Frame {
                locals: Vec::new(),
                conditions: Vec::new(),
                targets: Vec::new(),
            },
            fuel: Walk::FUEL,
            depth: 0,
        }
    }

    pub(super) fn into_builder(self) -> Builder {
        self.builder
    }

    /// The value of a call with these arguments.
    pub(super) fn function(&mut self, function: &Function, arguments: Vec<Symbol>) -> Outcome {
        let mut locals = vec![None; function.locals.len()];
        for (param, argument) in function.params.iter().zip(arguments) {
            *locals.get_mut(param.0 as usize).ok_or_else(malformed)? = Some(argument);
        }
        let frame = Frame {
            locals,
            conditions: Vec::new(),
            targets: vec![Target {
                label: None,
                depth: 0,
                exits: Vec::new(),
            }],
        };
        let caller = std::mem::replace(&mut self.frame, frame);
        let end = self.block(&function.body)?;
        let value = self.close_target(end)?;
        self.frame = caller;
        Ok(value)
    }

    fn block(&mut self, block: &Block) -> Outcome {
        for statement in &block.statements {
            match statement {
                Statement::Assign { local, path, value } => {
                    let value = reach!(self.expression(value));
                    self.assign(*local, path, value)?;
                }
                Statement::Store { .. } => return Err(Refusal::new("stores into an array")),
                Statement::Expr(expression) => {
                    reach!(self.expression(expression));
                }
            }
        }
        match &block.value {
            Some(value) => self.expression(value),
            None => Ok(Some(unit())),
        }
    }

    fn assign(&mut self, local: LocalId, path: &[Step], value: Symbol) -> Result<(), Refusal> {
        let slot = self
            .frame
            .locals
            .get_mut(local.0 as usize)
            .ok_or_else(malformed)?;
        if path.is_empty() {
            *slot = Some(value);
            return Ok(());
        }
        let mut part = slot.as_mut().ok_or_else(malformed)?;
        for step in path {
            let Step::Member(member) = step else {
                return Err(Refusal::new("has arrays"));
            };
            part = match part {
                Symbol::Tuple(parts) => parts.get_mut(*member as usize).ok_or_else(malformed)?,
                Symbol::Unusable(refusal) => return Err(refusal.clone()),
                Symbol::Constant(_) | Symbol::Input(..) | Symbol::Value(..) => {
                    return Err(malformed());
                }
            };
        }
        *part = value;
        Ok(())
    }

    fn expression(&mut self, expression: &Expr) -> Outcome {
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
            ExprKind::Local(local) => self.local(*local).map(Some),
            ExprKind::Member(tuple, member) => match reach!(self.expression(tuple)) {
                Symbol::Tuple(mut parts) if (*member as usize) < parts.len() => {
                    Ok(Some(parts.swap_remove(*member as usize)))
                }
                Symbol::Unusable(refusal) => Err(refusal),
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
            ExprKind::Labelled(label, block) => self.labelled(*label, block),
            ExprKind::Break(label, value) => {
                let value = match value {
                    Some(value) => reach!(self.expression(value)),
                    None => unit(),
                };
                self.leave(Some(*label), value)
            }
            ExprKind::Return(value) => {
                let value = match value {
                    Some(value) => reach!(self.expression(value)),
                    None => unit(),
                };
                self.leave(None, value)
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
            ExprKind::Division { .. } => Err(Refusal::new("integer division")),
            ExprKind::Load { .. } | ExprKind::Dim(..) => Err(Refusal::new("reads an array")),
            ExprKind::Loop(..) | ExprKind::For(_) | ExprKind::Continue(_) => {
                Err(Refusal::new("has a loop in its body"))
            }
            ExprKind::Panic(site) => Err(self.can_fail(*site)),
            ExprKind::Array(_) | ExprKind::Repeat(_) | ExprKind::Index { .. } => {
                Err(Refusal::new("has arrays"))
            }
            ExprKind::Global(global) => {
                let number = global.0 as usize;
                let declared = self.program.globals.get(number).ok_or_else(malformed)?;
                let (offsets, _) = global_layout(&self.program.globals);
                self.builder.global(&declared.ty, offsets[number]).map(Some)
            }
            ExprKind::Allocate { .. } => Err(Refusal::new("allocates a local array")),
            ExprKind::Slice { .. }
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

    fn can_fail(&self, site: SiteId) -> Refusal {
        match self.program.sites.0.get(site.0 as usize) {
            Some(site) => Refusal::new(format!("can fail: {}", site.kind)),
            None => malformed(),
        }
    }

    fn local(&self, local: LocalId) -> Result<Symbol, Refusal> {
        match self.frame.locals.get(local.0 as usize) {
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

    fn branch(
        &mut self,
        condition: &Expr,
        then: impl FnOnce(&mut Self) -> Outcome,
        otherwise: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let condition = reach!(self.expression(condition));
        if let Symbol::Constant(constant) = condition {
            return if constant.bits != 0 {
                then(self)
            } else {
                otherwise(self)
            };
        }
        let mask = self.builder.value(&condition)?;
        let before = self.frame.locals.clone();
        let then = self.arm(mask, then)?;
        let then_locals = std::mem::replace(&mut self.frame.locals, before);
        let opposite = self.builder.mask_not(mask)?;
        let otherwise = self.arm(opposite, otherwise)?;
        match (then, otherwise) {
            (None, otherwise) => Ok(otherwise),
            (then, None) => {
                self.frame.locals = then_locals;
                Ok(then)
            }
            (Some(then), Some(otherwise)) => {
                let otherwise = State {
                    value: otherwise,
                    locals: std::mem::take(&mut self.frame.locals),
                };
                let then = State {
                    value: then,
                    locals: then_locals,
                };
                let State { value, locals } = self.select_state(mask, then, otherwise);
                self.frame.locals = locals;
                Ok(Some(value))
            }
        }
    }

    fn arm(&mut self, mask: ValueId, body: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        self.frame.conditions.push(mask);
        let outcome = body(self);
        self.frame.conditions.pop();
        outcome
    }

    fn labelled(&mut self, label: LoopId, block: &Block) -> Outcome {
        self.frame.targets.push(Target {
            label: Some(label),
            depth: self.frame.conditions.len(),
            exits: Vec::new(),
        });
        let end = self.block(block)?;
        self.close_target(end)
    }

    /// Notes that the lanes at this point leave the function or a labelled block.
    fn leave(&mut self, label: Option<LoopId>, value: Symbol) -> Outcome {
        let frame = &self.frame;
        let place = frame
            .targets
            .iter()
            .rposition(|target| target.label == label)
            .ok_or_else(|| Refusal::new("has a loop in its body"))?;
        let depth = frame.targets[place].depth;
        let mut mask = None;
        for condition in frame.conditions[depth..].iter().copied() {
            mask = Some(match mask {
                None => condition,
                Some(mask) => self.builder.mask_and(mask, condition)?,
            });
        }
        // Lanes that left for a block further in are not here.
        let gone: Vec<ValueId> = self.frame.targets[place + 1..]
            .iter()
            .flat_map(|target| target.exits.iter().filter_map(|exit| exit.mask))
            .collect();
        for gone in gone {
            let here = self.builder.mask_not(gone)?;
            mask = Some(match mask {
                None => here,
                Some(mask) => self.builder.mask_and(mask, here)?,
            });
        }
        let state = State {
            value,
            locals: self.frame.locals.clone(),
        };
        self.frame.targets[place].exits.push(Exit { mask, state });
        Ok(None)
    }

    /// Ends the innermost target: lays its exits over the state at its end.
    fn close_target(&mut self, end: Option<Symbol>) -> Outcome {
        let target = self.frame.targets.pop().ok_or_else(malformed)?;
        let mut state = end.map(|value| State {
            value,
            locals: std::mem::take(&mut self.frame.locals),
        });
        for exit in target.exits.into_iter().rev() {
            state = Some(match (exit.mask, state) {
                (Some(mask), Some(state)) => self.select_state(mask, exit.state, state),
                (None, _) | (_, None) => exit.state,
            });
        }
        Ok(state.map(|state| {
            self.frame.locals = state.locals;
            state.value
        }))
    }

    /// The first state where the mask is true, else the second. A local that is not set on
    /// both sides is not set: nothing reads it before it is assigned again.
    fn select_state(&mut self, mask: ValueId, a: State, b: State) -> State {
        let locals = a
            .locals
            .into_iter()
            .zip(b.locals)
            .map(|pair| match pair {
                (Some(a), Some(b)) => Some(self.select(mask, &a, &b)),
                (None, _) | (_, None) => None,
            })
            .collect();
        State {
            value: self.select(mask, &a.value, &b.value),
            locals,
        }
    }

    fn select(&mut self, mask: ValueId, a: &Symbol, b: &Symbol) -> Symbol {
        if a == b {
            return a.clone();
        }
        if let (Symbol::Tuple(a), Symbol::Tuple(b)) = (a, b) {
            return Symbol::Tuple(
                a.iter()
                    .zip(b)
                    .map(|(a, b)| self.select(mask, a, b))
                    .collect(),
            );
        }
        self.builder
            .select(mask, a, b)
            .unwrap_or_else(Symbol::Unusable)
    }
}
