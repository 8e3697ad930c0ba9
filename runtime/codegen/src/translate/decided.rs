//! What conditions have decided about integers, so that divisions need not ask again.
//!
//! Invariant: a fact in the list holds wherever the builder stands. A machine value never
//! changes, so a fact that held where a branch led here holds in all that is reached only
//! through here. Where control flow joins, the list is cut back to what it was when the join
//! was made ([`super::Target`]): what leads there was translated since, from there on.

use brolga_lang::ir::{BinaryOp, Expr, ExprKind, LazyOp, Scalar, UnaryOp};
use brolga_lang::walk::{self, Part};
use cranelift_codegen::ir::Value;

use super::{Flow, Translator};
use crate::layout::scalar_of;

/// The facts: a value, and the bits that it does not have.
#[derive(Default)]
pub(super) struct Decided(Vec<(Value, u64)>);

/// A point in the list of facts.
#[derive(Clone, Copy)]
pub(super) struct Known(usize);

impl Decided {
    /// The facts so far, for [`Decided::forget`].
    pub(super) fn mark(&self) -> Known {
        Known(self.0.len())
    }

    /// Drops what was learnt since `mark`.
    pub(super) fn forget(&mut self, mark: Known) {
        self.0.truncate(mark.0);
    }

    /// Takes out what was learnt since `mark`.
    pub(super) fn take(&mut self, mark: Known) -> Decided {
        match mark.0 <= self.0.len() {
            true => Decided(self.0.split_off(mark.0)),
            false => Decided::default(),
        }
    }

    /// Adds what was taken out.
    pub(super) fn put(&mut self, facts: Decided) {
        self.0.extend(facts.0);
    }

    /// Notes that `value` does not have these bits.
    pub(super) fn differs(&mut self, value: Value, bits: u64) {
        self.0.push((value, bits));
    }
}

impl<'p> Translator<'_, 'p> {
    /// Whether a value is known not to have these bits.
    pub(super) fn is_never(&self, value: Value, bits: u64) -> bool {
        let dfg = &self.builder.func.dfg;
        let value = dfg.resolve_aliases(value);
        let facts = &self.decided.0;
        facts
            .iter()
            .any(|&(known, other)| other == bits && dfg.resolve_aliases(known) == value)
    }

    /// Learns from a condition that was evaluated last before control came here, and was
    /// `holds`.
    pub(super) fn learn(&mut self, condition: &'p Expr, holds: bool) -> Flow<()> {
        // Locals are looked at as they are at this place.
        match leaves_locals(condition) {
            true => self.learn_part(condition, holds),
            false => Ok(()),
        }
    }

    fn learn_part(&mut self, condition: &'p Expr, holds: bool) -> Flow<()> {
        match &condition.kind {
            ExprKind::Unary(UnaryOp::Not, inner) => self.learn_part(inner, !holds),
            ExprKind::Lazy(op, lhs, rhs) if (*op == LazyOp::And) == holds => {
                self.learn_part(lhs, holds)?;
                self.learn_part(rhs, holds)
            }
            ExprKind::Binary(op, lhs, rhs) => {
                self.learn_side(*op, lhs, rhs, holds)?;
                match mirrored(*op) {
                    Some(op) => self.learn_side(op, rhs, lhs, holds),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Learns about `side` from `side op other`.
    fn learn_side(&mut self, op: BinaryOp, side: &'p Expr, other: &Expr, holds: bool) -> Flow<()> {
        if !matches!(side.kind, ExprKind::Local(_)) {
            return Ok(());
        }
        let scalar = scalar_of(&side.ty)?;
        if !scalar.is_integer() {
            return Ok(());
        }
        let ones = all_ones(scalar);
        let never = [0, ones].map(|bits| match &other.kind {
            ExprKind::Const(limit) => {
                compared(op, scalar, bits, *limit).is_some_and(|found| found != holds)
            }
            // Nothing is below 0.
            _ => {
                let above = matches!((op, holds), (BinaryOp::Gt, true) | (BinaryOp::Le, false));
                bits == 0 && above && !scalar.is_signed()
            }
        });
        if never == [false; 2] {
            return Ok(());
        }
        let value = self.scalar(side)?;
        for (bits, never) in [0, ones].into_iter().zip(never) {
            if never {
                self.decided.differs(value, bits);
            }
        }
        Ok(())
    }

    /// Learns about the variable of a counted loop, which is never below the start of its range.
    pub(super) fn learn_start(&mut self, scalar: Scalar, start: Value, variable: Value) {
        let Some(start) = self.constant_bits(start) else {
            return;
        };
        for bits in [0, all_ones(scalar)] {
            if compared(BinaryOp::Lt, scalar, bits, start) == Some(true) {
                self.decided.differs(variable, bits);
            }
        }
    }
}

fn all_ones(scalar: Scalar) -> u64 {
    u64::MAX >> (64 - scalar.bits())
}

/// The comparison that holds of `b` and `a` where this holds of `a` and `b`.
fn mirrored(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Eq => BinaryOp::Eq,
        BinaryOp::Ne => BinaryOp::Ne,
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Le => BinaryOp::Ge,
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Ge => BinaryOp::Le,
        _ => return None,
    })
}

/// A comparison of two integers of a type, from their bits.
fn compared(op: BinaryOp, scalar: Scalar, a: u64, b: u64) -> Option<bool> {
    let unused = 64 - scalar.bits();
    let ordered = match scalar.is_signed() {
        true => (((a << unused) as i64) >> unused).cmp(&(((b << unused) as i64) >> unused)),
        false => (a << unused).cmp(&(b << unused)),
    };
    Some(match op {
        BinaryOp::Eq => ordered.is_eq(),
        BinaryOp::Ne => ordered.is_ne(),
        BinaryOp::Lt => ordered.is_lt(),
        BinaryOp::Le => ordered.is_le(),
        BinaryOp::Gt => ordered.is_gt(),
        BinaryOp::Ge => ordered.is_ge(),
        _ => return None,
    })
}

/// Whether the evaluation of an expression cannot assign to a local: it has no statements.
fn leaves_locals(e: &Expr) -> bool {
    let mut leaves = true;
    walk::parts(e, &mut |part| match part {
        Part::Expr(inner) => leaves = leaves && leaves_locals(inner),
        Part::Block(_) | Part::Repeated(_) => leaves = false,
    });
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_compare_by_the_bits_of_their_type() {
        let below = |scalar, a, b| compared(BinaryOp::Lt, scalar, a, b);
        assert_eq!(below(Scalar::I8, 0xff, 0), Some(true));
        assert_eq!(below(Scalar::U8, 0xff, 0), Some(false));
        assert_eq!(below(Scalar::I32, 0, u64::MAX), Some(false));
        assert_eq!(below(Scalar::U32, 0, u64::MAX), Some(true));
        assert_eq!(below(Scalar::I64, u64::MAX, 0), Some(true));
        assert_eq!(
            compared(BinaryOp::Eq, Scalar::I16, 0xffff, u64::MAX),
            Some(true)
        );
        assert_eq!(compared(BinaryOp::Add, Scalar::I16, 1, 1), None);
    }
}
