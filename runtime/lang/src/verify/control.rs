//! Statements, loops and jumps.

use brolga_abi::ReductionOp;

use super::{BOOL, Enclosing, Result, State, USIZE, Verifier, demand, fits};
use crate::ir::{
    BinaryOp, Block, Expr, ExprKind, For, LocalId, LoopId, Reduction, Scalar, Statement, Step, Type,
};

impl Verifier<'_> {
    /// A block whose value has the type `wanted`, or that does not end normally.
    pub(super) fn block(&mut self, block: &Block, wanted: &Type) -> Result {
        for statement in &block.statements {
            self.statement(statement)?;
        }
        match &block.value {
            Some(value) => self.operand(value, wanted),
            None => demand(!self.state.reached || *wanted == Type::UNIT, || {
                format!("a block without a value where {wanted} is expected")
            }),
        }
    }

    fn statement(&mut self, statement: &Statement) -> Result {
        match statement {
            Statement::Assign { local, path, value } => {
                self.assigned_value(*local, path, value)?;
                self.assign(*local, path, &value.ty)?;
                self.steps(path)
            }
            Statement::Store {
                view,
                index,
                site,
                value,
            } => {
                let ty = self.view(*view)?;
                demand(ty.mutable, || {
                    format!("a store through the immutable view {}", view.0)
                })?;
                self.operand(value, &ty.element.ty())?;
                self.index(ty, index, *site)
            }
            Statement::Expr(expr) => self.expr(expr),
        }
    }

    /// The value of an assignment; for a reduction variable only `local op value` will do.
    fn assigned_value(&mut self, local: LocalId, path: &[Step], value: &Expr) -> Result {
        let reduction = self
            .parallel
            .iter()
            .flat_map(|(reductions, _)| reductions)
            .find(|reduction| reduction.local == local)
            .copied();
        let Some(reduction) = reduction else {
            return self.expr(value);
        };
        if matches!(self.local_type(local)?, Type::Tuple(_)) {
            // A complex number is updated part by part; which operation that is, the checker
            // answers for.
            demand(path.is_empty(), || {
                format!("a part of reduction variable {} is assigned", local.0)
            })?;
            let outer = self.updating.replace(local);
            let checked = self.expr(value);
            self.updating = outer;
            return checked;
        }
        match &value.kind {
            ExprKind::Binary(op, lhs, rhs)
                if path.is_empty()
                    && lhs.kind == ExprKind::Local(local)
                    && updates(reduction, *op) =>
            {
                let ty = self.local_type(local)?.clone();
                demand(lhs.ty == ty && value.ty == ty, || {
                    format!("wrong type in the update of reduction variable {}", local.0)
                })?;
                self.operand(rhs, &ty)
            }
            other => Err(format!(
                "reduction variable {} is assigned {other:?}",
                local.0
            )),
        }
    }

    /// The subscripts of a path.
    fn steps(&mut self, path: &[Step]) -> Result {
        for step in path {
            if let Step::Index(index, site) = step {
                self.operand(index, &USIZE)?;
                self.site(*site)?;
            }
        }
        Ok(())
    }

    fn assign(&mut self, local: LocalId, path: &[Step], found: &Type) -> Result {
        let mut wanted = self.local_type(local)?;
        for part in path {
            wanted = match (wanted, part) {
                (Type::Tuple(parts), Step::Member(part)) if (*part as usize) < parts.len() => {
                    &parts[*part as usize]
                }
                (Type::Array(element, _), Step::Index(..)) => element,
                (other, step) => return Err(format!("{other} has no part {step:?}")),
            };
        }
        demand(fits(found, wanted), || {
            format!("{found} is assigned to local {} of type {wanted}", local.0)
        })?;
        let number = local.0 as usize;
        for (reductions, outer) in &self.parallel {
            let reduction = reductions.iter().any(|r| r.local == local);
            demand(reduction || !outer[number], || {
                format!("the body of a prange assigns the outer local {number}")
            })?;
        }
        if path.is_empty() {
            self.state.initialised[number] = true;
            return Ok(());
        }
        let whole = !self.state.reached || self.state.initialised[number];
        demand(whole, || {
            format!("a part of local {number} is assigned before the whole")
        })
    }

    /// The kinds that are about control flow.
    pub(super) fn control(&mut self, expr: &Expr) -> Result {
        let never = || {
            demand(expr.ty == Type::Never, || {
                format!("a jump or panic has the type {}", expr.ty)
            })
        };
        match &expr.kind {
            ExprKind::If(condition, then, otherwise) => {
                self.operand(condition, &BOOL)?;
                let before = self.state.clone();
                self.block(then, &expr.ty)?;
                let after = std::mem::replace(&mut self.state, before);
                self.block(otherwise, &expr.ty)?;
                self.state.join(&after);
                Ok(())
            }
            ExprKind::Block(block) => self.block(block, &expr.ty),
            ExprKind::Labelled(id, block) => {
                self.open(*id, Some(expr.ty.clone()), false)?;
                self.block(block, &expr.ty)?;
                self.close();
                Ok(())
            }
            ExprKind::Loop(id, body) => {
                self.open(*id, Some(expr.ty.clone()), true)?;
                self.block(body, &Type::UNIT)?;
                // Only a `break` leads behind a loop.
                self.state.reached = false;
                let left = self.close();
                demand(left || expr.ty == Type::Never, || {
                    format!("a loop without `break` has the type {}", expr.ty)
                })
            }
            ExprKind::For(counted) => {
                demand(expr.ty == Type::UNIT, || {
                    format!("a counted loop has the type {}", expr.ty)
                })?;
                self.counted(counted)
            }
            ExprKind::Break(id, value) => {
                never()?;
                let enclosing = self.find(*id)?;
                let wanted = self.enclosing[enclosing].value.clone();
                match (value, wanted) {
                    (Some(value), Some(wanted)) => self.operand(value, &wanted)?,
                    (Some(_), None) => {
                        return Err(format!("a value for loop {}, which has none", id.0));
                    }
                    (None, wanted) => {
                        demand(wanted.is_none_or(|wanted| wanted == Type::UNIT), || {
                            format!("`break` of loop {} without a value", id.0)
                        })?;
                    }
                }
                let state = self.state.clone();
                match &mut self.enclosing[enclosing].exit {
                    Some(exit) => exit.join(&state),
                    none => *none = Some(state),
                }
                Ok(())
            }
            ExprKind::Continue(id) => {
                never()?;
                let enclosing = self.find(*id)?;
                demand(self.enclosing[enclosing].continues, || {
                    format!("`continue` of the labelled block {}", id.0)
                })
            }
            ExprKind::Return(value) => {
                never()?;
                demand(self.parallel.is_empty(), || {
                    "`return` inside a prange".to_string()
                })?;
                let wanted = &self.function.result;
                match value {
                    Some(value) => self.operand(value, wanted),
                    None => demand(*wanted == Type::UNIT, || {
                        "`return` without a value".to_string()
                    }),
                }
            }
            ExprKind::Panic(site) => {
                never()?;
                self.site(*site)
            }
            _ => self.arrays(expr),
        }
    }

    fn open(&mut self, id: LoopId, value: Option<Type>, continues: bool) -> Result {
        demand(!self.loops.contains(&id), || {
            format!("two loops have the number {}", id.0)
        })?;
        self.loops.push(id);
        self.enclosing.push(Enclosing {
            id,
            value,
            continues,
            exit: None,
            parallel: self.parallel.len(),
        });
        Ok(())
    }

    /// Leaves the innermost loop; gives whether a `break` names it.
    fn close(&mut self) -> bool {
        match self.enclosing.pop().and_then(|enclosing| enclosing.exit) {
            Some(exit) => {
                self.state.join(&exit);
                true
            }
            None => false,
        }
    }

    fn find(&self, id: LoopId) -> Result<usize> {
        let found = self.enclosing.iter().rposition(|e| e.id == id);
        let Some(found) = found else {
            return Err(format!("no loop {} is around a jump to it", id.0));
        };
        demand(
            self.enclosing[found].parallel == self.parallel.len(),
            || format!("a jump out of a prange to loop {}", id.0),
        )?;
        Ok(found)
    }

    fn counted(&mut self, counted: &For) -> Result {
        let ty = self.local_type(counted.variable)?.clone();
        let integer = matches!(&ty, Type::Scalar(scalar) if scalar.is_integer());
        demand(integer, || format!("a loop variable of type {ty}"))?;
        self.operand(&counted.start, &ty)?;
        self.operand(&counted.end, &ty)?;
        if let Some((step, site)) = &counted.step {
            self.operand(step, &USIZE)?;
            self.site(*site)?;
        }
        let skipped: State = self.state.clone();
        if let Some(parallel) = &counted.parallel {
            self.reductions(&parallel.reductions)?;
            let outer = self.state.initialised.clone();
            self.parallel.push((parallel.reductions.clone(), outer));
        }
        self.open(counted.id, None, true)?;
        self.state.initialised[counted.variable.0 as usize] = true;
        self.block(&counted.body, &Type::UNIT)?;
        let left = self.close();
        if counted.parallel.is_some() {
            self.parallel.pop();
            demand(!left, || "`break` out of a prange".to_string())?;
        }
        // The body may not have run at all.
        self.state = skipped;
        Ok(())
    }

    fn reductions(&self, reductions: &[Reduction]) -> Result {
        for (number, reduction) in reductions.iter().enumerate() {
            let local = reduction.local;
            let ty = self.local_type(local)?;
            let initialised = !self.state.reached || self.state.initialised[local.0 as usize];
            demand(initialised, || {
                format!("reduction variable {} is not initialised", local.0)
            })?;
            // In a nest the same variable may be reduced by every loop, in one way.
            let mut outer = self.parallel.iter().flat_map(|(reductions, _)| reductions);
            demand(
                outer.all(|o| o.local != local || o.op == reduction.op),
                || format!("variable {} is reduced in two ways", local.0),
            )?;
            let scalar = match ty {
                Type::Scalar(scalar) => scalar,
                Type::Tuple(parts) => {
                    let complex = complex_part(parts);
                    let adds = matches!(reduction.op, ReductionOp::Add | ReductionOp::Mul);
                    demand(complex.is_some() && adds, || {
                        format!("a reduction by {:?} of {ty}", reduction.op)
                    })?;
                    let twice = reductions[..number].iter().any(|r| r.local == local);
                    demand(!twice, || format!("reduction variable {} twice", local.0))?;
                    continue;
                }
                _ => return Err(format!("reduction variable {} of type {ty}", local.0)),
            };
            let bits = matches!(
                reduction.op,
                ReductionOp::And | ReductionOp::Or | ReductionOp::Xor
            );
            let admitted = match bits {
                true => !scalar.is_float(),
                false => *scalar != crate::ir::Scalar::Bool,
            };
            demand(admitted, || {
                format!("a reduction by {:?} of {scalar}", reduction.op)
            })?;
            let twice = reductions[..number].iter().any(|r| r.local == local);
            demand(!twice, || format!("reduction variable {} twice", local.0))?;
        }
        Ok(())
    }
}

/// The type of the parts of a complex number.
pub(super) fn complex_part(parts: &[Type]) -> Option<Scalar> {
    match parts {
        [Type::Scalar(re), Type::Scalar(im)] if re == im && re.is_float() => Some(*re),
        _ => None,
    }
}

/// Whether `local = local op value` is an update of this reduction.
fn updates(reduction: Reduction, op: BinaryOp) -> bool {
    match reduction.op {
        ReductionOp::Add => matches!(op, BinaryOp::Add | BinaryOp::Sub),
        ReductionOp::Mul => op == BinaryOp::Mul,
        ReductionOp::Min => op == BinaryOp::Min,
        ReductionOp::Max => op == BinaryOp::Max,
        ReductionOp::And => op == BinaryOp::And,
        ReductionOp::Or => op == BinaryOp::Or,
        ReductionOp::Xor => op == BinaryOp::Xor,
    }
}
