//! What ends a chain: a variable that the loop changes, and its value in the end. Sums begin
//! with `-0.0` as in std, so that a sum of zeros keeps their sign.

use brolga_abi::PanicKind;

use super::drive::{step, usize_local};
use super::{Prep, block, branch, leave, not, store, word};
use crate::check::iter::{Compare, Consume, How};
use crate::check::lower::matching::Subject;
use crate::check::lower::{Lower, build};
use crate::diagnostic::Span;
use crate::ir::{self, BinaryOp, ExprKind, LocalId, Scalar, Statement, Type, UnaryOp};

/// A value of this type, of no meaning.
pub(crate) fn zero(ty: &Type) -> ir::Expr {
    match ty {
        Type::Scalar(s) => build::bits(*s, 0),
        Type::Tuple(members) => build::tuple(members.iter().map(zero).collect()),
        Type::Array(element, _) => ir::Expr {
            ty: ty.clone(),
            kind: ExprKind::Repeat(Box::new(zero(element))),
        },
        Type::View(_) | Type::Never => build::unit(),
    }
}

/// `Some(value)`.
fn some(value: ir::Expr) -> ir::Expr {
    build::tuple(vec![build::int(Scalar::Bool, 1), value])
}

impl<'x, 'a> Lower<'x, 'a> {
    /// The value of a chain with what ends it, of type `ty`.
    pub(in crate::check::lower) fn consume(&mut self, consume: &'x Consume, ty: &Type) -> ir::Expr {
        let mut out = Vec::new();
        let chain = self.prepare(&consume.chain, &mut out);
        let argument = consume.argument.as_ref().map(|e| {
            let value = self.expr(e);
            self.keep(value, &mut out)
        });
        if let Some(closure) = &consume.closure {
            self.make_closure(closure, &mut out);
        }
        let value = self.ended(consume, &chain, argument, ty, &mut out);
        build::sequence(out, value)
    }

    fn state(&mut self, first: ir::Expr, out: &mut Vec<Statement>) -> LocalId {
        let id = self.b.local("", first.ty.clone());
        store(id, first, out);
        id
    }

    fn ended(
        &mut self,
        consume: &'x Consume,
        chain: &Prep<'x>,
        argument: Option<ir::Expr>,
        ty: &Type,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let item_ty = self.ty(&consume.chain.item);
        match consume.how {
            How::Sum | How::Product => {
                let Type::Scalar(s) = *ty else {
                    return build::unit();
                };
                let sum = consume.how == How::Sum;
                let first = match (s.is_float(), sum) {
                    (true, true) => build::float(s, -0.0),
                    (true, false) => build::float(s, 1.0),
                    (false, sum) => build::int(s, i128::from(!sum)),
                };
                let total = self.state(first, out);
                let op = if sum { BinaryOp::Add } else { BinaryOp::Mul };
                self.drive(chain, None, out, &mut |_, item, _, body| {
                    let old = build::local(total, Type::Scalar(s));
                    let value = item.whole();
                    if value.ty == Type::Scalar(s) {
                        body.push(build::assign(total, build::binary(op, s, old, value)));
                    }
                });
                build::local(total, ty.clone())
            }
            How::Fold => {
                let (Some(closure), Some(first)) = (&consume.closure, argument) else {
                    return build::unit();
                };
                if first.ty == Type::Never {
                    return first;
                }
                let total = self.state(first, out);
                self.drive(chain, None, out, &mut |l, item, _, body| {
                    let old = Subject::Value(build::local(total, ty.clone()));
                    let new = l.inline_with(closure, vec![old, item], body);
                    store(total, new, body);
                });
                build::local(total, ty.clone())
            }
            How::Count => {
                let count = self.state(word(0), out);
                self.drive(chain, None, out, &mut |_, _, _, body| {
                    body.push(step(count, BinaryOp::Add));
                });
                usize_local(count)
            }
            How::ForEach => {
                let Some(closure) = &consume.closure else {
                    return build::unit();
                };
                self.drive(chain, None, out, &mut |l, item, _, body| {
                    let value = l.inline_with(closure, vec![item], body);
                    effect(value, body);
                });
                build::unit()
            }
            How::Any | How::All => {
                let Some(closure) = &consume.closure else {
                    return build::unit();
                };
                let any = consume.how == How::Any;
                let found = self.state(build::int(Scalar::Bool, i128::from(!any)), out);
                self.drive(chain, None, out, &mut |l, item, jumps, body| {
                    let holds = l.inline_with(closure, vec![item], body);
                    if holds.ty == Type::Never {
                        body.push(Statement::Expr(holds));
                        return;
                    }
                    let decided = if any { holds } else { not(holds) };
                    let set = build::assign(found, build::int(Scalar::Bool, i128::from(any)));
                    body.push(branch(decided, vec![set, leave(jumps.leave)], Vec::new()));
                });
                build::local(found, ty.clone())
            }
            How::Position | How::Rposition => self.searched_position(consume, chain, ty, out),
            How::Find | How::FindMap | How::Last | How::Nth => {
                self.searched(consume, chain, argument, ty, out)
            }
            How::Reduce
            | How::Min
            | How::Max
            | How::MinBy(_)
            | How::MaxBy(_)
            | How::MinByKey
            | How::MaxByKey => self.chosen(consume, chain, &item_ty, ty, out),
        }
    }

    fn searched_position(
        &mut self,
        consume: &'x Consume,
        chain: &Prep<'x>,
        ty: &Type,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let Some(closure) = &consume.closure else {
            return build::unit();
        };
        let back = consume.how == How::Rposition;
        let result = self.state(zero(ty), out);
        let first = if back {
            self.length(chain, out)
        } else {
            word(0)
        };
        let count = self.state(first, out);
        let mut each = |l: &mut Self, item, jumps: super::Jumps, body: &mut Vec<Statement>| {
            if back {
                body.push(step(count, BinaryOp::Sub));
            }
            let holds = l.inline_with(closure, vec![item], body);
            if holds.ty == Type::Never {
                body.push(Statement::Expr(holds));
                return;
            }
            let set = build::assign(result, some(usize_local(count)));
            body.push(branch(holds, vec![set, leave(jumps.leave)], Vec::new()));
            if !back {
                body.push(step(count, BinaryOp::Add));
            }
        };
        if back {
            let length = self.length(chain, out);
            self.drive_index_backwards(chain, length, out, &mut each);
        } else {
            self.drive(chain, None, out, &mut each);
        }
        build::local(result, ty.clone())
    }

    fn searched(
        &mut self,
        consume: &'x Consume,
        chain: &Prep<'x>,
        argument: Option<ir::Expr>,
        ty: &Type,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let result = self.state(zero(ty), out);
        let left = match (consume.how, argument) {
            (How::Nth, Some(n)) => Some(self.state(n, out)),
            _ => None,
        };
        self.drive(chain, None, out, &mut |l, item, jumps, body| match (
            consume.how,
            &consume.closure,
            left,
        ) {
            (How::Last, ..) => body.push(build::assign(result, some(item.whole()))),
            (How::Nth, _, Some(left)) => {
                let set = build::assign(result, some(item.whole()));
                let here = build::compare(BinaryOp::Eq, usize_local(left), word(0));
                body.push(branch(
                    here,
                    vec![set, leave(jumps.leave)],
                    vec![step(left, BinaryOp::Sub)],
                ));
            }
            (How::Find, Some(closure), _) => {
                let holds = l.inline_with(closure, vec![item.clone()], body);
                if holds.ty == Type::Never {
                    body.push(Statement::Expr(holds));
                    return;
                }
                let set = build::assign(result, some(item.whole()));
                body.push(branch(holds, vec![set, leave(jumps.leave)], Vec::new()));
            }
            (_, Some(closure), _) => {
                let found = l.inline_with(closure, vec![item], body);
                if found.ty == Type::Never {
                    body.push(Statement::Expr(found));
                    return;
                }
                let found = l.keep_plain(found, body);
                let set = build::assign(result, found.clone());
                let flag = build::member(found, 0);
                body.push(branch(flag, vec![set, leave(jumps.leave)], Vec::new()));
            }
            _ => {}
        });
        build::local(result, ty.clone())
    }

    /// `reduce`, and the least or greatest of the items.
    fn chosen(
        &mut self,
        consume: &'x Consume,
        chain: &Prep<'x>,
        item_ty: &Type,
        ty: &Type,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let closure = consume.closure.as_ref();
        let span = consume.name;
        let has = self.state(build::int(Scalar::Bool, 0), out);
        let best = self.state(zero(item_ty), out);
        let by_key = matches!(consume.how, How::MinByKey | How::MaxByKey);
        let key = match closure {
            Some(closure) if by_key => {
                let ty = self.ty(&closure.result);
                Some((self.state(zero(&ty), out), ty))
            }
            _ => None,
        };
        let least = matches!(consume.how, How::Min | How::MinBy(_) | How::MinByKey);
        let flag = || build::local(has, Type::Scalar(Scalar::Bool));
        self.drive(chain, None, out, &mut |l, item, _, body| {
            let value = item.whole();
            let value = l.keep_plain(value, body);
            let old = build::local(best, item_ty.clone());
            let mark = build::assign(has, build::int(Scalar::Bool, 1));
            if let (How::Reduce, Some(closure)) = (consume.how, closure) {
                let mut own = Vec::new();
                let args = vec![Subject::Value(old), Subject::Value(value.clone())];
                let new = l.inline_with(closure, args, &mut own);
                store(best, new, &mut own);
                body.push(branch(flag(), own, vec![build::assign(best, value), mark]));
                return;
            }
            let mut test = Vec::new();
            let mut set = vec![build::assign(best, value.clone()), mark];
            let greater = match (consume.how, closure, &key) {
                (How::Min | How::Max, ..) => build::compare(BinaryOp::Gt, old, value),
                (How::MinBy(compare) | How::MaxBy(compare), Some(closure), _) => {
                    let args = vec![Subject::Value(old), Subject::Value(value)];
                    let pair = l.inline_with(closure, args, &mut test);
                    let pair = l.keep_plain(pair, &mut test);
                    l.greater(compare, &pair, span, &mut test)
                }
                (_, Some(closure), Some((known, ty))) => {
                    let new = l.inline(closure, vec![value], body);
                    let new = l.keep_plain(new, body);
                    set.push(build::assign(*known, new.clone()));
                    build::compare(BinaryOp::Gt, build::local(*known, ty.clone()), new)
                }
                _ => return,
            };
            // As in std: of equal ones `min` keeps the first and `max` takes the last.
            let better = if least { greater } else { not(greater) };
            let better = build::or(not(flag()), build::sequence(test, better));
            body.push(build::when(better, block(set)));
        });
        let found = build::tuple(vec![flag(), build::local(best, item_ty.clone())]);
        debug_assert!(found.ty == *ty || *ty == Type::Never);
        found
    }

    /// Whether the first of two values is greater.
    fn greater(
        &mut self,
        compare: Compare,
        pair: &ir::Expr,
        span: Span,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        if compare == Compare::Any {
            return build::compare(BinaryOp::Eq, pair.clone(), build::int(Scalar::I8, 1));
        }
        let (a, b) = (
            build::member(pair.clone(), 0),
            build::member(pair.clone(), 1),
        );
        let Type::Scalar(s) = a.ty else {
            return build::int(Scalar::Bool, 0);
        };
        if compare == Compare::Partial && s.is_float() {
            let own = |x: &ir::Expr| build::compare(BinaryOp::Eq, x.clone(), x.clone());
            let text = "called `Option::unwrap()` on a `None` value".to_string();
            let fails = self.b.panic(PanicKind::Message(text), span);
            let fine = build::and(own(&a), own(&b));
            out.push(branch(fine, Vec::new(), vec![Statement::Expr(fails)]));
        }
        if compare == Compare::Total && s.is_float() {
            let (a, b) = (ordered(a, s), ordered(b, s));
            return build::compare(BinaryOp::Gt, a, b);
        }
        build::compare(BinaryOp::Gt, a, b)
    }
}

/// A float's bits as an integer of the same total order.
fn ordered(x: ir::Expr, s: Scalar) -> ir::Expr {
    let (unsigned, signed, width) = match s {
        Scalar::F32 => (Scalar::U32, Scalar::I32, 32),
        _ => (Scalar::U64, Scalar::I64, 64),
    };
    let bits = build::unary(UnaryOp::ToBits, unsigned, x);
    let bits = build::cast(bits, signed);
    let sign = build::binary(
        BinaryOp::Shr,
        signed,
        bits.clone(),
        build::int(Scalar::U32, width - 1),
    );
    let mask = build::binary(
        BinaryOp::Shr,
        unsigned,
        build::cast(sign, unsigned),
        build::int(Scalar::U32, 1),
    );
    build::binary(BinaryOp::Xor, signed, bits, build::cast(mask, signed))
}

/// An expression of type `()` or `!` as a statement.
fn effect(value: ir::Expr, out: &mut Vec<Statement>) {
    match value.kind {
        ExprKind::Tuple(members) if members.is_empty() => {}
        kind => out.push(Statement::Expr(ir::Expr { ty: value.ty, kind })),
    }
}
