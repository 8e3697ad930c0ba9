//! Conditions, joins and jumps. Not loops.

use brolga_lang::ir::{BinaryOp, Block, Expr, ExprKind, LazyOp, LoopId, Scalar, Type, UnaryOp};
use cranelift_codegen::ir::{self, InstBuilder, Value};

use super::frame::Jumps;
use super::{Flow, Stop, Target, Translator, malformed};

impl<'p> Translator<'_, 'p> {
    /// Ends the block with a jump to one of two places, evaluating no more of the condition
    /// than is needed. `Diverged` if neither is reached.
    pub(super) fn branch(
        &mut self,
        condition: &'p Expr,
        then: &mut Target,
        otherwise: &mut Target,
    ) -> Flow<()> {
        match &condition.kind {
            ExprKind::Const(bits) => {
                let taken = if *bits != 0 { then } else { otherwise };
                self.join(taken, Ok(Vec::new()))
            }
            ExprKind::Unary(UnaryOp::Not, inner) => self.branch(inner, otherwise, then),
            ExprKind::Lazy(op, lhs, rhs) => {
                let mut right = self.bare_target();
                match op {
                    LazyOp::And => self.branch(lhs, &mut right, otherwise)?,
                    LazyOp::Or => self.branch(lhs, then, &mut right)?,
                }
                match self
                    .enter(&right)
                    .and_then(|_| self.learn(lhs, *op == LazyOp::And))
                    .and_then(|()| self.branch(rhs, then, otherwise))
                {
                    // Something else reaches one of the places.
                    Err(Stop::Diverged) => Ok(()),
                    other => other,
                }
            }
            _ => {
                let value = self.scalar(condition)?;
                self.builder
                    .ins()
                    .brif(value, then.block, &[], otherwise.block, &[]);
                then.reached = true;
                otherwise.reached = true;
                Ok(())
            }
        }
    }

    /// `if`.
    pub(super) fn conditional(
        &mut self,
        ty: &Type,
        condition: &'p Expr,
        then: &'p Block,
        otherwise: &'p Block,
    ) -> Flow<Vec<Value>> {
        let arms = leaf(then).zip(leaf(otherwise)).or_else(|| {
            let arms = value_only(then).zip(value_only(otherwise))?;
            let cost = plain_cost(arms.0)?.saturating_add(plain_cost(arms.1)?);
            (cost <= CHEAP_ARMS).then_some(arms)
        });
        if let (Type::Scalar(scalar), Some((a, b))) = (ty, arms) {
            return self
                .choose(*scalar, condition, a, b)
                .map(|value| vec![value]);
        }
        let mut end = self.target(ty);
        let mut on_true = self.bare_target();
        let mut on_false = self.bare_target();
        self.branch(condition, &mut on_true, &mut on_false)?;
        let mut ways = Vec::new();
        for (arm, block, holds) in [(&on_true, then, true), (&on_false, otherwise, false)] {
            let values = self
                .enter(arm)
                .and_then(|_| self.learn(condition, holds))
                .and_then(|()| self.block(block));
            if values.is_ok() {
                ways.push(self.decided.take(end.known));
            }
            self.join(&mut end, values)?;
        }
        let values = self.enter(&end)?;
        // What holds at the end of the only arm that ends.
        if let (Some(facts), None) = (ways.pop(), ways.pop()) {
            self.decided.put(facts);
        }
        Ok(values)
    }

    /// `if` between two values that cost next to nothing: no jump for integers, and the minimum
    /// and maximum instructions for floats that are compared with each other.
    fn choose(
        &mut self,
        scalar: Scalar,
        condition: &'p Expr,
        a: &'p Expr,
        b: &'p Expr,
    ) -> Flow<Value> {
        let condition = self.scalar(condition)?;
        let a = self.scalar(a)?;
        let b = self.scalar(b)?;
        let types = [a, b].map(|value| self.builder.func.dfg.value_type(value));
        if types != [crate::layout::machine_type(scalar); 2] {
            return Err(malformed("the arms of an `if` differ in type"));
        }
        Ok(self.builder.ins().select(condition, a, b))
    }

    /// `&&` and `||` as a value.
    pub(super) fn lazy(&mut self, e: &'p Expr) -> Flow<Value> {
        let mut end = self.target(&Type::Scalar(Scalar::Bool));
        let mut on_true = self.bare_target();
        let mut on_false = self.bare_target();
        self.branch(e, &mut on_true, &mut on_false)?;
        for (arm, bits) in [(&on_true, 1), (&on_false, 0)] {
            let value = self
                .enter(arm)
                .map(|_| vec![self.constant(Scalar::Bool, bits)]);
            self.join(&mut end, value)?;
        }
        Ok(self.enter(&end)?[0])
    }

    /// A labelled block.
    pub(super) fn labelled(&mut self, id: LoopId, ty: &Type, body: &'p Block) -> Flow<Vec<Value>> {
        let exit = self.target(ty);
        self.frame_mut().jumps.push(Jumps {
            id,
            exit,
            next: None,
        });
        let values = self.block(body);
        let mut jumps = self.pop_jumps()?;
        self.join(&mut jumps.exit, values)?;
        self.enter(&jumps.exit)
    }

    pub(super) fn pop_jumps(&mut self) -> Flow<Jumps> {
        let jumps = self.frame_mut().jumps.pop();
        jumps.ok_or_else(|| malformed("a loop ends that was not begun"))
    }

    /// `break`.
    pub(super) fn leave(&mut self, id: LoopId, value: Option<&'p Expr>) -> Flow<Vec<Value>> {
        let values = match value {
            Some(value) => self.expr(value)?,
            None => Vec::new(),
        };
        let jumps = &mut self.frame_mut().jumps;
        let Some(found) = jumps.iter_mut().rev().find(|jumps| jumps.id == id) else {
            return Err(malformed(format!(
                "`break` names no enclosing loop {}",
                id.0
            )));
        };
        let exit = found.exit.mark_reached();
        self.jump_with(exit, values)
    }

    /// `continue`.
    pub(super) fn proceed(&mut self, id: LoopId) -> Flow<Vec<Value>> {
        let jumps = &mut self.frame_mut().jumps;
        let found = jumps.iter_mut().rev().find(|jumps| jumps.id == id);
        let Some(next) = found.and_then(|jumps| jumps.next.as_mut()) else {
            return Err(malformed(format!(
                "`continue` names no enclosing loop {}",
                id.0
            )));
        };
        let next = next.mark_reached();
        self.jump_with(next, Vec::new())
    }

    /// `return`.
    pub(super) fn give(&mut self, value: Option<&'p Expr>) -> Flow<Vec<Value>> {
        let values = match value {
            Some(value) => self.expr(value)?,
            None => Vec::new(),
        };
        let Some(result) = self.frame_mut().result.as_mut() else {
            return Err(malformed("`return` in the body of a `prange`"));
        };
        let result = result.mark_reached();
        self.jump_with(result, values)
    }

    fn jump_with(
        &mut self,
        (block, width): (ir::Block, usize),
        values: Vec<Value>,
    ) -> Flow<Vec<Value>> {
        if values.len() != width {
            return Err(malformed("a jump carries a value of the wrong type"));
        }
        self.jump(block, &values);
        Err(Stop::Diverged)
    }
}

impl Target {
    /// Notes a jump to this place: where to, and with how many machine values.
    fn mark_reached(&mut self) -> (ir::Block, usize) {
        self.reached = true;
        (self.block, self.width)
    }
}

/// The most operations in both arms of an `if` between integers that are done whatever the
/// condition: fewer than a jump costs that is foreseen wrongly now and then.
const CHEAP_ARMS: u32 = 6;

/// The value of a block that does nothing else.
fn value_only(block: &Block) -> Option<&Expr> {
    let value = block.value.as_deref()?;
    block.statements.is_empty().then_some(value)
}

/// The value of a block that does nothing else and costs nothing.
fn leaf(block: &Block) -> Option<&Expr> {
    value_only(block).filter(|value| matches!(value.kind, ExprKind::Const(_) | ExprKind::Local(_)))
}

/// The number of operations of an integer expression that neither fails nor reads memory.
fn plain_cost(e: &Expr) -> Option<u32> {
    let integer = matches!(e.ty, Type::Scalar(scalar) if !scalar.is_float());
    if !integer {
        return None;
    }
    match &e.kind {
        ExprKind::Const(_) | ExprKind::Local(_) => Some(0),
        ExprKind::Unary(UnaryOp::Neg | UnaryOp::Not, x) | ExprKind::Cast(x) => {
            Some(1 + plain_cost(x)?)
        }
        ExprKind::Binary(
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Xor
            | BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge,
            a,
            b,
        ) => Some(1 + plain_cost(a)? + plain_cost(b)?),
        ExprKind::Division { lhs, rhs, .. } => match (&rhs.kind, &rhs.ty) {
            // A shift, and for signed numbers what rounds it towards zero.
            (ExprKind::Const(bits), Type::Scalar(scalar))
                if bits.is_power_of_two() && *bits < 1 << (scalar.bits() - 1) =>
            {
                Some(1 + 2 * u32::from(scalar.is_signed()) + plain_cost(lhs)?)
            }
            _ => None,
        },
        _ => None,
    }
}
