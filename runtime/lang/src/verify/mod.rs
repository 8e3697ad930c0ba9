//! The verifier: whether a program keeps the invariants of [`crate::ir`]. Run by tests after
//! the checker and between passes; a failure is a bug of Brolga, never of a kernel.
//!
//! Where an operand of some type is demanded, one of type `!` does as well: it does not end
//! normally. After code that does not end normally every local counts as initialised, for
//! nothing that follows runs.

mod arrays;
mod control;
mod program;
mod table;

use crate::ir::{
    BinaryOp, Expr, ExprKind, Function, LocalId, LoopId, Program, Scalar, SiteId, Type, ViewType,
};

pub use program::verify;

/// What is known at one point of a function.
#[derive(Clone)]
struct State {
    /// Whether the point can be reached.
    reached: bool,
    /// Which locals are initialised.
    initialised: Vec<bool>,
}

impl State {
    /// What holds whichever of the two ways was taken.
    fn join(&mut self, other: &State) {
        match (self.reached, other.reached) {
            (_, false) => {}
            (false, true) => *self = other.clone(),
            (true, true) => {
                for (mine, other) in self.initialised.iter_mut().zip(&other.initialised) {
                    *mine &= other;
                }
            }
        }
    }
}

/// A loop or labelled block around the current point.
struct Enclosing {
    id: LoopId,
    /// The type of `break` values; `None` if none may be given.
    value: Option<Type>,
    /// Whether `Continue` may name it.
    continues: bool,
    /// What holds after it, joined over its `break`s.
    exit: Option<State>,
    /// How many `prange` loops are around it.
    parallel: usize,
}

/// The walk over one function.
struct Verifier<'a> {
    program: &'a Program,
    function: &'a Function,
    state: State,
    enclosing: Vec<Enclosing>,
    loops: Vec<LoopId>,
    /// The `prange` loops around: their reduction variables, and the locals that were
    /// initialised before them, which they may not assign.
    parallel: Vec<(Vec<crate::ir::Reduction>, Vec<bool>)>,
    /// The complex reduction variable whose update is being checked: it may be read there.
    updating: Option<LocalId>,
}

type Result<T = ()> = std::result::Result<T, String>;

fn demand(holds: bool, message: impl FnOnce() -> String) -> Result {
    if holds { Ok(()) } else { Err(message()) }
}

/// Whether a value of type `found` may stand where `wanted` is demanded: also a mutable view
/// for an immutable one.
fn fits(found: &Type, wanted: &Type) -> bool {
    match (found, wanted) {
        (Type::Never, _) => true,
        (Type::View(found), Type::View(wanted)) => view_fits(*found, *wanted),
        (Type::Tuple(found), Type::Tuple(wanted)) => {
            found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| fits(f, w))
        }
        _ => found == wanted,
    }
}

fn view_fits(found: ViewType, wanted: ViewType) -> bool {
    found.element == wanted.element
        && found.ndim == wanted.ndim
        && (found.mutable || !wanted.mutable)
}

const USIZE: Type = Type::Scalar(Scalar::Usize);
const BOOL: Type = Type::Scalar(Scalar::Bool);

impl Verifier<'_> {
    fn local_type(&self, local: LocalId) -> Result<&Type> {
        match self.function.locals.get(local.0 as usize) {
            Some(declared) => Ok(&declared.ty),
            None => Err(format!("local {} is not declared", local.0)),
        }
    }

    /// A local that is read.
    fn read(&self, local: LocalId) -> Result<&Type> {
        let ty = self.local_type(local)?;
        let initialised = !self.state.reached || self.state.initialised[local.0 as usize];
        demand(initialised, || {
            format!("local {} is read before it is initialised", local.0)
        })?;
        let reduction = self
            .parallel
            .iter()
            .any(|(reductions, _)| reductions.iter().any(|r| r.local == local));
        demand(!reduction || self.updating == Some(local), || {
            format!("reduction variable {} is read inside its loop", local.0)
        })?;
        Ok(ty)
    }

    fn view(&self, local: LocalId) -> Result<ViewType> {
        match self.read(local)? {
            Type::View(view) => Ok(*view),
            other => Err(format!("local {} is no view but {other}", local.0)),
        }
    }

    fn site(&self, site: SiteId) -> Result {
        demand((site.0 as usize) < self.program.sites.0.len(), || {
            format!("there is no panic site {}", site.0)
        })
    }

    /// An operand of the type `wanted`.
    fn operand(&mut self, expr: &Expr, wanted: &Type) -> Result {
        self.expr(expr)?;
        demand(fits(&expr.ty, wanted), || {
            format!("expected {wanted}, found {} in {:?}", expr.ty, expr.kind)
        })
    }

    /// A scalar operand; `None` for one of type `!`.
    fn scalar(&mut self, expr: &Expr) -> Result<Option<Scalar>> {
        self.expr(expr)?;
        match &expr.ty {
            Type::Scalar(scalar) => Ok(Some(*scalar)),
            Type::Never => Ok(None),
            other => Err(format!(
                "expected a scalar, found {other} in {:?}",
                expr.kind
            )),
        }
    }

    fn result(&self, expr: &Expr) -> Result<Scalar> {
        match &expr.ty {
            Type::Scalar(scalar) => Ok(*scalar),
            other => Err(format!("a scalar operation gives {other}: {:?}", expr.kind)),
        }
    }

    fn index(&mut self, view: ViewType, index: &[Expr], site: SiteId) -> Result {
        demand(index.len() == usize::from(view.ndim), || {
            format!("{} indices for {} axes", index.len(), view.ndim)
        })?;
        for index in index {
            self.operand(index, &USIZE)?;
        }
        self.site(site)
    }

    fn expr(&mut self, expr: &Expr) -> Result {
        self.kind(expr)?;
        if expr.ty == Type::Never {
            self.state.reached = false;
        }
        Ok(())
    }

    fn kind(&mut self, expr: &Expr) -> Result {
        let wrong = || format!("wrong type {} of {:?}", expr.ty, expr.kind);
        match &expr.kind {
            ExprKind::Const(bits) => {
                let scalar = self.result(expr)?;
                let width = if scalar == Scalar::Bool {
                    1
                } else {
                    scalar.bits()
                };
                demand(width == 64 || bits >> width == 0, || {
                    format!("the constant {bits:#x} is too wide for {scalar}")
                })
            }
            ExprKind::Local(local) => {
                let ty = self.read(*local)?;
                demand(*ty == expr.ty, wrong)
            }
            ExprKind::Member(tuple, part) => {
                self.expr(tuple)?;
                match &tuple.ty {
                    Type::Tuple(parts) => {
                        demand(parts.get(*part as usize) == Some(&expr.ty), wrong)
                    }
                    _ => Err(wrong()),
                }
            }
            ExprKind::Tuple(parts) => {
                let Type::Tuple(types) = &expr.ty else {
                    return Err(wrong());
                };
                demand(parts.len() == types.len(), wrong)?;
                for (part, ty) in parts.iter().zip(types) {
                    self.operand(part, ty)?;
                }
                Ok(())
            }
            ExprKind::Unary(op, value) => {
                let (class, rule) = table::unary(*op);
                let result = self.result(expr)?;
                let Some(value) = self.scalar(value)? else {
                    return Ok(());
                };
                demand(class.admits(value) && rule.admits(value, result), wrong)
            }
            ExprKind::Binary(op, lhs, rhs) => self.binary(*op, lhs, rhs, expr),
            ExprKind::Division {
                lhs,
                rhs,
                by_zero,
                overflow,
                ..
            } => {
                let scalar = self.result(expr)?;
                demand(scalar.is_integer(), wrong)?;
                demand(overflow.is_none() || scalar.is_signed(), wrong)?;
                self.operand(lhs, &expr.ty)?;
                self.operand(rhs, &expr.ty)?;
                self.site(*by_zero)?;
                overflow.map_or(Ok(()), |overflow| self.site(overflow))
            }
            ExprKind::Lazy(_, lhs, rhs) => {
                demand(expr.ty == BOOL, wrong)?;
                self.operand(lhs, &BOOL)?;
                let skipped = self.state.clone();
                self.operand(rhs, &BOOL)?;
                self.state.join(&skipped);
                Ok(())
            }
            ExprKind::Cast(value) => {
                let to = self.result(expr)?;
                let Some(from) = self.scalar(value)? else {
                    return Ok(());
                };
                demand(table::cast(from, to), || {
                    format!("no cast from {from} to {to}")
                })
            }
            ExprKind::Fma(a, b, c) => {
                demand(self.result(expr)?.is_float(), wrong)?;
                for operand in [a, b, c] {
                    self.operand(operand, &expr.ty)?;
                }
                Ok(())
            }
            ExprKind::Call(number, args) => self.call(expr, number.0, args),
            ExprKind::Load { view, index, site } => {
                let view = self.view(*view)?;
                demand(expr.ty == view.element.ty(), wrong)?;
                self.index(view, index, *site)
            }
            ExprKind::Dim(view, axis) => {
                let view = self.view(*view)?;
                demand(*axis < view.ndim && expr.ty == USIZE, wrong)
            }
            _ => self.control(expr),
        }
    }

    fn binary(&mut self, op: BinaryOp, lhs: &Expr, rhs: &Expr, expr: &Expr) -> Result {
        let (class, second, rule) = table::binary(op);
        let result = self.result(expr)?;
        let lhs = self.scalar(lhs)?;
        let rhs = self.scalar(rhs)?;
        let holds = match (lhs, rhs) {
            (Some(lhs), Some(rhs)) => {
                class.admits(lhs) && second.admits(lhs, rhs) && rule.admits(lhs, result)
            }
            _ => true,
        };
        demand(holds, || {
            format!("{op:?} of {lhs:?} and {rhs:?} with result {result}")
        })
    }

    fn call(&mut self, expr: &Expr, number: u32, args: &[Expr]) -> Result {
        let Some(called) = self.program.functions.get(number as usize) else {
            return Err(format!("there is no function {number}"));
        };
        demand(args.len() == called.params.len(), || {
            format!(
                "{} arguments for {} parameters of function {number}",
                args.len(),
                called.params.len()
            )
        })?;
        for (arg, param) in args.iter().zip(&called.params) {
            match called.locals.get(param.0 as usize) {
                Some(declared) => self.operand(arg, &declared.ty)?,
                None => return Err(format!("function {number} has an undeclared parameter")),
            }
        }
        demand(called.result == expr.ty, || {
            format!("a call of function {number} gives {}", expr.ty)
        })
    }
}

#[cfg(test)]
mod tests;
