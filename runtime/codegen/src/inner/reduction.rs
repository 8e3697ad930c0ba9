//! Locals that take in something of every element: `total = total + x`.

use brolga_lang::ir::{
    BinaryOp, Expr, ExprKind, For, Function, LocalId, Program, Scalar, Statement, Type,
};
use brolga_lang::walk;

use super::access::Facts;
use crate::vector::Refusal;

/// One such local.
pub(super) struct Reduction {
    pub local: LocalId,
    /// The local that holds its value for the one place that reads it, as in a fold's closure.
    pub copy: Option<LocalId>,
    pub op: BinaryOp,
    pub scalar: Scalar,
}

impl Reduction {
    /// Whether the order of the elements shows in the result.
    pub(super) fn ordered(&self, program: &Program) -> bool {
        let rounds = matches!(self.op, BinaryOp::Add | BinaryOp::Mul);
        self.scalar.is_float() && rounds && !program.fastmath
    }

    /// The bits of the number that changes nothing when it is taken in, whatever it meets.
    pub(super) fn neutral(&self) -> u64 {
        let bits = self.scalar.bits();
        let ones = u64::MAX >> (64 - bits);
        let sign = 1 << (bits - 1);
        match (self.op, self.scalar) {
            // Adding -0.0 keeps every float, 0.0 does not keep -0.0.
            (BinaryOp::Add, Scalar::F32 | Scalar::F64) => sign,
            (BinaryOp::Mul, Scalar::F32) => u64::from(1_f32.to_bits()),
            (BinaryOp::Mul, Scalar::F64) => 1_f64.to_bits(),
            (BinaryOp::Min | BinaryOp::Max, Scalar::F32) => u64::from(f32::NAN.to_bits()),
            (BinaryOp::Min | BinaryOp::Max, Scalar::F64) => f64::NAN.to_bits(),
            (BinaryOp::Mul, _) => 1,
            (BinaryOp::And, _) => ones,
            (BinaryOp::Min, scalar) if scalar.is_signed() => sign - 1,
            (BinaryOp::Max, scalar) if scalar.is_signed() => sign,
            (BinaryOp::Min, _) => ones,
            _ => 0,
        }
    }
}

/// What an assignment takes in, if it is of the form `local = local op x`.
pub(super) fn taken_in(
    local: LocalId,
    copy: Option<LocalId>,
    value: &Expr,
) -> Option<(BinaryOp, Scalar, &Expr)> {
    let (Type::Scalar(scalar), ExprKind::Binary(op, a, b)) = (&value.ty, &value.kind) else {
        return None;
    };
    if *scalar == Scalar::Bool {
        return None;
    }
    let is_local =
        |e: &Expr| matches!(e.kind, ExprKind::Local(read) if read == copy.unwrap_or(local));
    let commutes = matches!(
        op,
        BinaryOp::Add | BinaryOp::Mul | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor
    ) || (matches!(op, BinaryOp::Min | BinaryOp::Max) && !scalar.is_float());
    let first_only = matches!(op, BinaryOp::Min | BinaryOp::Max);
    match (is_local(a), is_local(b)) {
        (true, false) if commutes || first_only => Some((*op, *scalar, b)),
        (false, true) if commutes => Some((*op, *scalar, a)),
        _ => None,
    }
}

/// The reductions of a loop: every local that it assigns and that lives outside of it.
pub(super) fn find(
    function: &Function,
    range: &For,
    facts: &Facts<'_>,
) -> Result<Vec<Reduction>, Refusal> {
    let mut outside: Vec<LocalId> = facts.outside.iter().copied().collect();
    outside.sort_unstable();
    outside
        .into_iter()
        .map(|local| {
            reduction(range, facts, local).ok_or_else(|| {
                let declared = function.locals.get(local.0 as usize);
                let name = declared.map_or("", |local| &local.name.0);
                Refusal::new(match name {
                    "" => "an iteration needs what the one before left".to_owned(),
                    name => format!("an iteration needs what the one before left in `{name}`"),
                })
            })
        })
        .collect()
}

/// The reduction into a local, if that is all the body does with it.
fn reduction(range: &For, facts: &Facts<'_>, local: LocalId) -> Option<Reduction> {
    let mut copies = Vec::new();
    let mut values = Vec::new();
    walk::each(
        &range.body,
        &mut |statement| {
            if let Statement::Assign {
                local: to,
                path,
                value,
            } = statement
            {
                if *to == local {
                    values.push((value, path.is_empty()));
                }
                let reads = matches!(value.kind, ExprKind::Local(read) if read == local);
                if reads && path.is_empty() && !facts.outside.contains(to) {
                    copies.push(*to);
                }
            }
        },
        &mut |_| {},
    );
    let copy = match copies[..] {
        [] => None,
        [only] => Some(only),
        _ => return None,
    };
    let [(value, true)] = values[..] else {
        return None;
    };
    let (op, scalar, _) = taken_in(local, copy, value)?;
    let once = reads(range, local) == 1 && copy.is_none_or(|copy| reads(range, copy) == 1);
    let assigned_once = copy.is_none_or(|copy| assignments(range, copy) == 1);
    let plain = once && assigned_once && !is_in_a_loop(range, local);
    plain.then_some(Reduction {
        local,
        copy,
        op,
        scalar,
    })
}

fn reads(range: &For, local: LocalId) -> usize {
    let mut count = 0;
    walk::each(&range.body, &mut |_| {}, &mut |e| {
        count += usize::from(matches!(e.kind, ExprKind::Local(read) if read == local));
    });
    count
}

fn assignments(range: &For, local: LocalId) -> usize {
    let mut count = 0;
    walk::each(
        &range.body,
        &mut |statement| {
            let to = matches!(statement, Statement::Assign { local: to, .. } if *to == local);
            count += usize::from(to);
        },
        &mut |_| {},
    );
    count
}

/// Whether a local is assigned in a loop inside the loop.
fn is_in_a_loop(range: &For, local: LocalId) -> bool {
    let mut found = false;
    walk::each(&range.body, &mut |_| {}, &mut |e| {
        let body = match &e.kind {
            ExprKind::Loop(_, body) => body,
            ExprKind::For(inner) => &inner.body,
            _ => return,
        };
        walk::each(
            body,
            &mut |statement| {
                found |= matches!(statement, Statement::Assign { local: to, .. } if *to == local);
            },
            &mut |_| {},
        );
    });
    found
}
