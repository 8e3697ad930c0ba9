//! Iterator chains to the IR: loops. A chain is first prepared, which evaluates its operands in
//! order as std does when the chain is made ([`Prep`]); then it is driven (`drive.rs`): its
//! source becomes a loop, its adapters the beginning of the body. Where that is possible an
//! adapter like `zip` becomes one counted loop over an index; the other side of a `zip` that is
//! not counted is pulled one item at a time (`pull.rs`). `consume.rs` has what ends a chain.
//! Invariant: closures run for the same items and in the same order as in std.

mod consume;
mod drive;
mod pull;

use brolga_abi::PanicKind;

use super::matching::Subject;
use super::{Jumps, Lower, build};
use crate::check::iter::{Chain, ChainKind, With};
use crate::check::tree::{Closure, Expr, For, Kind};
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::{
    self, AxisSlice, BinaryOp, DivisionOp, ExprKind, LocalId, Scalar, SiteId, Statement, Type,
    ViewType,
};

/// What is done with each item.
type Sink<'s, 'x, 'a> = dyn FnMut(&mut Lower<'x, 'a>, Subject, Jumps, &mut Vec<Statement>) + 's;

/// A chain whose operands have their values. All expressions in it are plain.
enum Prep<'x> {
    Nothing,
    Range {
        s: Scalar,
        start: ir::Expr,
        end: Option<ir::Expr>,
        inclusive: bool,
    },
    Elements {
        view: LocalId,
        ty: ViewType,
        mutable: bool,
        /// With the indices, as `indexed_iter`.
        indexed: bool,
        site: SiteId,
    },
    Array {
        array: ir::Expr,
        element: Type,
        length: u32,
        site: SiteId,
    },
    Views {
        view: LocalId,
        ty: ViewType,
        axis: u8,
        part: Type,
        site: SiteId,
    },
    Windows {
        view: LocalId,
        size: ir::Expr,
        part: Type,
        site: SiteId,
    },
    Repeat(ir::Expr),
    Once(ir::Expr),
    Successors(LocalId, Type, &'x Closure),
    FromFn(&'x Closure),
    With(With, Box<Prep<'x>>, &'x Closure),
    Zip(Box<Prep<'x>>, Box<Prep<'x>>),
    Chain(Box<Prep<'x>>, Box<Prep<'x>>),
    Enumerate(Box<Prep<'x>>),
    Rev(Box<Prep<'x>>),
    StepBy(Box<Prep<'x>>, ir::Expr, SiteId),
    Take(Box<Prep<'x>>, ir::Expr),
    Skip(Box<Prep<'x>>, ir::Expr),
}

impl Prep<'_> {
    /// Whether it becomes a counted loop over an index without a change of what runs when.
    fn indexable(&self) -> bool {
        match self {
            Prep::Elements { ty, .. } => ty.ndim <= 1,
            Prep::Range { .. }
            | Prep::Array { .. }
            | Prep::Views { .. }
            | Prep::Windows { .. }
            | Prep::Repeat(_)
            | Prep::Once(_) => true,
            Prep::With(With::Map | With::Inspect, inner, _)
            | Prep::Enumerate(inner)
            | Prep::Take(inner, _) => inner.indexable(),
            Prep::Rev(inner) => inner.sized(),
            Prep::Zip(a, b) => a.indexable() && b.indexable() && a.pure(),
            Prep::StepBy(inner, ..) | Prep::Skip(inner, _) => inner.indexable() && inner.pure(),
            Prep::Nothing
            | Prep::With(..)
            | Prep::Chain(..)
            | Prep::Successors(..)
            | Prep::FromFn(_) => false,
        }
    }

    /// Whether the item of a number can be had at all.
    fn sized(&self) -> bool {
        match self {
            Prep::With(With::Map | With::Inspect, inner, _)
            | Prep::Enumerate(inner)
            | Prep::Rev(inner)
            | Prep::Take(inner, _)
            | Prep::Skip(inner, _)
            | Prep::StepBy(inner, ..) => inner.sized(),
            Prep::Zip(a, b) => a.sized() && b.sized(),
            Prep::Nothing
            | Prep::With(..)
            | Prep::Chain(..)
            | Prep::Successors(..)
            | Prep::FromFn(_) => false,
            _ => true,
        }
    }

    /// Whether nobody sees how often its closures run.
    fn pure(&self) -> bool {
        match self {
            Prep::With(_, inner, closure) => inner.pure() && is_pure(&closure.body),
            Prep::Enumerate(inner)
            | Prep::Rev(inner)
            | Prep::Take(inner, _)
            | Prep::Skip(inner, _)
            | Prep::StepBy(inner, ..) => inner.pure(),
            Prep::Zip(a, b) | Prep::Chain(a, b) => a.pure() && b.pure(),
            Prep::Nothing | Prep::Successors(..) | Prep::FromFn(_) => false,
            _ => true,
        }
    }
}

/// Whether an expression changes nothing and cannot fail.
fn is_pure(e: &Expr) -> bool {
    let own = match &e.kind {
        Kind::Int(_)
        | Kind::Float(_)
        | Kind::Bool(_)
        | Kind::Local(_)
        | Kind::Const(_)
        | Kind::Associated(..)
        | Kind::Tuple(_)
        | Kind::Member(..)
        | Kind::Neg(_)
        | Kind::Not(_)
        | Kind::Lazy(..)
        | Kind::Cast(_)
        | Kind::Dim(..)
        | Kind::Len(_)
        | Kind::Block(None, _)
        | Kind::If(..) => true,
        Kind::Binary(op, ..) => {
            use crate::ast::BinaryOp as Op;
            !matches!(op, Op::Div | Op::Rem) || matches!(e.ty, Ty::Scalar(s) if s.is_float())
        }
        Kind::Method(_, own, ..) => matches!(own, Ty::Scalar(s) if s.is_float()),
        _ => false,
    };
    let mut all = own;
    e.each(&mut |part| all &= is_pure(part));
    all
}

impl<'x, 'a> Lower<'x, 'a> {
    /// `for pattern in chain { .. }`.
    pub(super) fn chain_loop(&mut self, looped: &'x For, chain: &'x Chain) -> ir::Expr {
        let mut out = Vec::new();
        let prepared = self.prepare(chain, &mut out);
        self.drive(&prepared, None, &mut out, &mut |l, item, jumps, body| {
            l.jumps.insert(looped.id, jumps);
            l.bind(&looped.pattern, &item, body);
            body.extend(l.unit_body(&looped.body));
        });
        build::sequence(out, build::unit())
    }

    fn operand(&mut self, e: &'x Expr, out: &mut Vec<Statement>) -> ir::Expr {
        let value = self.expr(e);
        self.keep(value, out)
    }

    /// Evaluates the operands of a chain, in order.
    fn prepare(&mut self, chain: &'x Chain, out: &mut Vec<Statement>) -> Prep<'x> {
        let span = chain.span;
        match &chain.kind {
            ChainKind::Error => Prep::Nothing,
            ChainKind::Range(start, end, inclusive) => Prep::Range {
                s: self.scalar(&start.ty),
                start: self.operand(start, out),
                end: end.as_ref().map(|end| self.operand(end, out)),
                inclusive: *inclusive,
            },
            ChainKind::Elements(e) | ChainKind::Values(e) => match self.ty(&e.ty) {
                Type::View(ty) => self.prepare_view(e, ty, &chain.item, false, span, out),
                Type::Array(element, length) => {
                    let value = self.expr(e);
                    let array = match value.kind {
                        ExprKind::Local(_) => value,
                        _ => self.keep(value, out),
                    };
                    Prep::Array {
                        array,
                        element: *element,
                        length,
                        site: self.b.site(PanicKind::IndexOutOfBounds, span),
                    }
                }
                _ => Prep::Nothing,
            },
            ChainKind::Indexed(e) => match self.ty(&e.ty) {
                Type::View(ty) => self.prepare_view(e, ty, &chain.item, true, span, out),
                _ => Prep::Nothing,
            },
            ChainKind::Views(e, axis) => {
                let Type::View(ty) = self.ty(&e.ty) else {
                    return Prep::Nothing;
                };
                Prep::Views {
                    view: self.view(e, out),
                    ty,
                    axis: *axis,
                    part: Type::View(ViewType {
                        ndim: ty.ndim.saturating_sub(1),
                        ..ty
                    }),
                    site: self.b.site(PanicKind::IndexOutOfBounds, span),
                }
            }
            ChainKind::Windows(e, size) => {
                let Type::View(ty) = self.ty(&e.ty) else {
                    return Prep::Nothing;
                };
                let view = self.view(e, out);
                let size = self.operand(size, out);
                let zero = build::compare(BinaryOp::Eq, size.clone(), word(0));
                let text = "window-size must not be zero!".to_string();
                let fails = self.b.panic(PanicKind::Message(text), span);
                out.push(build::when(zero, build::value(fails)));
                Prep::Windows {
                    view,
                    size,
                    part: Type::View(ty),
                    site: self.b.site(PanicKind::IndexOutOfBounds, span),
                }
            }
            ChainKind::Repeat(e) => Prep::Repeat(self.operand(e, out)),
            ChainKind::Once(e) => Prep::Once(self.operand(e, out)),
            ChainKind::Successors(first, next) => {
                let first = self.expr(first);
                let ty = first.ty.clone();
                let state = self.b.local("", ty.clone());
                store(state, first, out);
                self.make_closure(next, out);
                Prep::Successors(state, ty, next)
            }
            ChainKind::FromFn(next) => {
                self.make_closure(next, out);
                Prep::FromFn(next)
            }
            ChainKind::With(with, inner, closure) => {
                let inner = self.prepare(inner, out);
                self.make_closure(closure, out);
                Prep::With(*with, Box::new(inner), closure)
            }
            ChainKind::Zip(a, b) => {
                let a = self.prepare(a, out);
                Prep::Zip(Box::new(a), Box::new(self.prepare(b, out)))
            }
            ChainKind::Chain(a, b) => {
                let a = self.prepare(a, out);
                Prep::Chain(Box::new(a), Box::new(self.prepare(b, out)))
            }
            ChainKind::Enumerate(inner) => Prep::Enumerate(Box::new(self.prepare(inner, out))),
            ChainKind::Copied(inner) => self.prepare(inner, out),
            ChainKind::Rev(inner) => reversed(self.prepare(inner, out)),
            ChainKind::StepBy(inner, n, place) => {
                let inner = self.prepare(inner, out);
                let n = self.operand(n, out);
                let zero = build::compare(BinaryOp::Eq, n.clone(), word(0));
                let fails = self.b.panic(PanicKind::StepByZero, *place);
                out.push(build::when(zero, build::value(fails)));
                let site = self.b.site(PanicKind::DivisionByZero, *place);
                Prep::StepBy(Box::new(inner), n, site)
            }
            ChainKind::Take(inner, n) => {
                let inner = self.prepare(inner, out);
                Prep::Take(Box::new(inner), self.operand(n, out))
            }
            ChainKind::Skip(inner, n) => {
                let inner = self.prepare(inner, out);
                Prep::Skip(Box::new(inner), self.operand(n, out))
            }
        }
    }

    fn prepare_view(
        &mut self,
        e: &'x Expr,
        ty: ViewType,
        item: &Ty,
        indexed: bool,
        span: Span,
        out: &mut Vec<Statement>,
    ) -> Prep<'x> {
        Prep::Elements {
            view: self.view(e, out),
            ty,
            mutable: matches!(self.ground(item), Ty::Ref(true, _)),
            indexed,
            site: self.b.site(PanicKind::IndexOutOfBounds, span),
        }
    }

    /// How many items there are, a plain `usize`.
    fn length(&mut self, p: &Prep<'x>, out: &mut Vec<Statement>) -> ir::Expr {
        use BinaryOp::{Add, Ge, Gt, Lt, Min, Sub};
        let usize_ = |op, x, y| build::binary(op, Scalar::Usize, x, y);
        let length = match p {
            Prep::Range {
                s,
                start,
                end: Some(end),
                inclusive,
            } => {
                let difference = usize_(
                    Sub,
                    build::cast(end.clone(), Scalar::Usize),
                    build::cast(start.clone(), Scalar::Usize),
                );
                let zero_based = matches!(start.kind, ExprKind::Const(0)) && !s.is_signed();
                match (inclusive, zero_based) {
                    (false, true) => build::cast(end.clone(), Scalar::Usize),
                    (false, false) => build::select(
                        build::compare(Lt, start.clone(), end.clone()),
                        difference,
                        word(0),
                    ),
                    (true, _) => {
                        let difference = self.keep(difference, out);
                        let full = build::compare(BinaryOp::Eq, difference.clone(), word(u64::MAX));
                        let more = usize_(Add, difference, word(1));
                        let count = build::select(full, word(u64::MAX), more);
                        build::select(
                            build::compare(BinaryOp::Le, start.clone(), end.clone()),
                            count,
                            word(0),
                        )
                    }
                }
            }
            Prep::Range { end: None, .. } | Prep::Repeat(_) => word(u64::MAX),
            Prep::Elements { view, ty, .. } => match ty.ndim {
                1 => return super::expr::dim(*view, 0),
                0 => return word(1),
                n => (1..n).fold(super::expr::dim(*view, 0), |product, axis| {
                    usize_(BinaryOp::Mul, product, super::expr::dim(*view, axis))
                }),
            },
            Prep::Array { length, .. } => return word(u64::from(*length)),
            Prep::Views { view, axis, .. } => return super::expr::dim(*view, *axis),
            Prep::Windows { view, size, .. } => {
                let whole = super::expr::dim(*view, 0);
                build::select(
                    build::compare(Lt, whole.clone(), size.clone()),
                    word(0),
                    usize_(Add, usize_(Sub, whole, size.clone()), word(1)),
                )
            }
            Prep::Once(_) => return word(1),
            Prep::With(_, inner, _) | Prep::Enumerate(inner) | Prep::Rev(inner) => {
                return self.length(inner, out);
            }
            Prep::Zip(a, b) => {
                let (a, b) = (self.length(a, out), self.length(b, out));
                match (&a.kind, &b.kind) {
                    (ExprKind::Const(u64::MAX), _) => return b,
                    (_, ExprKind::Const(u64::MAX)) => return a,
                    _ => usize_(Min, a, b),
                }
            }
            Prep::Take(inner, n) => {
                let inner = self.length(inner, out);
                match inner.kind {
                    ExprKind::Const(u64::MAX) => return n.clone(),
                    _ => usize_(Min, inner, n.clone()),
                }
            }
            Prep::Skip(inner, n) => {
                let inner = self.length(inner, out);
                build::select(
                    build::compare(Gt, inner.clone(), n.clone()),
                    usize_(Sub, inner.clone(), n.clone()),
                    word(0),
                )
            }
            Prep::StepBy(inner, n, site) => {
                let inner = self.length(inner, out);
                let steps = ir::Expr {
                    ty: Type::Scalar(Scalar::Usize),
                    kind: ExprKind::Division {
                        op: DivisionOp::Quotient,
                        lhs: Box::new(usize_(Sub, inner.clone(), word(1))),
                        rhs: Box::new(n.clone()),
                        by_zero: *site,
                        overflow: None,
                    },
                };
                build::select(
                    build::compare(Ge, inner, word(1)),
                    usize_(Add, steps, word(1)),
                    word(0),
                )
            }
            Prep::Nothing | Prep::Chain(..) | Prep::Successors(..) | Prep::FromFn(_) => {
                return word(0);
            }
        };
        self.keep(length, out)
    }

    /// The item of a number, a plain `usize` that is below the length.
    fn item(&mut self, p: &Prep<'x>, k: ir::Expr, out: &mut Vec<Statement>) -> Subject {
        use BinaryOp::{Add, Mul, Sub};
        let usize_ = |op, x, y| build::binary(op, Scalar::Usize, x, y);
        match p {
            Prep::Range { s, start, .. } => {
                let k = build::cast(k, *s);
                if matches!(start.kind, ExprKind::Const(0)) {
                    return Subject::Value(self.keep_plain(k, out));
                }
                let value = build::binary(Add, *s, start.clone(), k);
                Subject::Value(self.keep(value, out))
            }
            Prep::Elements { view, ty, .. } => {
                let index = match ty.ndim {
                    0 => Vec::new(),
                    1 => vec![self.index_local(k, out)],
                    _ => self.position(*view, ty.ndim, k, out),
                };
                let _ = view;
                self.element(p, index, out)
            }
            Prep::Array {
                array,
                element,
                site,
                ..
            } => {
                let value = ir::Expr {
                    ty: element.clone(),
                    kind: ExprKind::Index {
                        array: Box::new(array.clone()),
                        index: Box::new(k),
                        site: *site,
                    },
                };
                Subject::Value(self.keep(value, out))
            }
            Prep::Views {
                view,
                ty,
                axis,
                part,
                site,
            } => {
                let axes = (0..ty.ndim)
                    .map(|n| {
                        if n == *axis {
                            AxisSlice::Index(k.clone(), *site)
                        } else {
                            AxisSlice::All
                        }
                    })
                    .collect();
                let value = ir::Expr {
                    ty: part.clone(),
                    kind: ExprKind::Slice {
                        view: Box::new(build::local(*view, Type::View(*ty))),
                        axes,
                    },
                };
                Subject::Value(self.keep(value, out))
            }
            Prep::Windows {
                view,
                size,
                part,
                site,
            } => {
                let end = usize_(Add, k.clone(), size.clone());
                let value = ir::Expr {
                    ty: part.clone(),
                    kind: ExprKind::Slice {
                        view: Box::new(build::local(*view, part.clone())),
                        axes: vec![AxisSlice::Range {
                            start: k,
                            end,
                            step: None,
                            site: *site,
                        }],
                    },
                };
                Subject::Value(self.keep(value, out))
            }
            Prep::Repeat(value) | Prep::Once(value) => Subject::Value(value.clone()),
            Prep::With(with, inner, closure) => {
                let item = self.item(inner, k, out);
                self.mapped(*with, closure, item, out)
            }
            Prep::Zip(a, b) => {
                let first = self.item(a, k.clone(), out);
                Subject::Parts(vec![first, self.item(b, k, out)])
            }
            Prep::Enumerate(inner) => {
                let item = self.item(inner, k.clone(), out);
                Subject::Parts(vec![Subject::Value(k), item])
            }
            Prep::Rev(inner) => {
                let length = self.length(inner, out);
                let last = usize_(Sub, length, word(1));
                let k = self.keep(usize_(Sub, last, k), out);
                self.item(inner, k, out)
            }
            Prep::Take(inner, _) => self.item(inner, k, out),
            Prep::Skip(inner, n) => {
                let k = self.keep(usize_(Add, n.clone(), k), out);
                self.item(inner, k, out)
            }
            Prep::StepBy(inner, n, _) => {
                let k = self.keep(usize_(Mul, n.clone(), k), out);
                self.item(inner, k, out)
            }
            Prep::Nothing | Prep::Chain(..) | Prep::Successors(..) | Prep::FromFn(_) => {
                Subject::Value(build::unit())
            }
        }
    }

    /// What `map` or `inspect` makes of an item.
    fn mapped(
        &mut self,
        with: With,
        closure: &'x Closure,
        item: Subject,
        out: &mut Vec<Statement>,
    ) -> Subject {
        let value = self.inline_with(closure, vec![item.clone()], out);
        if with == With::Inspect {
            out.push(Statement::Expr(value));
            return item;
        }
        Subject::Value(self.keep_plain(value, out))
    }

    /// Evaluates `value` now, unless it is plain.
    fn keep_plain(&mut self, value: ir::Expr, out: &mut Vec<Statement>) -> ir::Expr {
        if value.ty == Type::Never {
            out.push(Statement::Expr(value));
            return build::unit();
        }
        if matches!(value.kind, ExprKind::Local(_)) {
            return value;
        }
        self.keep(value, out)
    }

    fn index_local(&mut self, k: ir::Expr, out: &mut Vec<Statement>) -> LocalId {
        match k.kind {
            ExprKind::Local(id) => id,
            kind => {
                let id = self.b.local("", Type::Scalar(Scalar::Usize));
                out.push(build::assign(id, ir::Expr { ty: k.ty, kind }));
                id
            }
        }
    }

    /// The index of each axis of the element of this number in C order.
    fn position(
        &mut self,
        view: LocalId,
        ndim: u8,
        k: ir::Expr,
        out: &mut Vec<Statement>,
    ) -> Vec<LocalId> {
        let mut rest = k;
        let mut index = Vec::new();
        for axis in (1..ndim).rev() {
            let size = super::expr::dim(view, axis);
            let divide =
                |l: &mut Self, op, x, y| l.b.division(op, Scalar::Usize, x, y, Span::default());
            let here = divide(self, DivisionOp::Remainder, rest.clone(), size.clone());
            index.push(self.index_local(here, out));
            let above = divide(self, DivisionOp::Quotient, rest, size);
            rest = self.keep(above, out);
        }
        index.push(self.index_local(rest, out));
        index.reverse();
        index
    }

    /// The element at an index, as the item of `p`.
    fn element(&mut self, p: &Prep<'x>, index: Vec<LocalId>, out: &mut Vec<Statement>) -> Subject {
        let Prep::Elements {
            view,
            ty,
            mutable,
            indexed,
            site,
        } = p
        else {
            return Subject::Value(build::unit());
        };
        if *mutable {
            return Subject::Element(*view, index, ty.element, *site);
        }
        let load = ir::Expr {
            ty: ty.element.ty(),
            kind: ExprKind::Load {
                view: *view,
                index: super::expr::subscripts(&index),
                site: *site,
            },
        };
        let value = Subject::Value(self.keep(load, out));
        if !*indexed {
            return value;
        }
        let numbers = super::expr::subscripts(&index);
        let place = match <[ir::Expr; 1]>::try_from(numbers) {
            Ok([one]) => Subject::Value(one),
            Err(several) => Subject::Parts(several.into_iter().map(Subject::Value).collect()),
        };
        Subject::Parts(vec![place, value])
    }
}

/// `p` backwards, where that can be said of its parts.
fn reversed(p: Prep<'_>) -> Prep<'_> {
    match p {
        Prep::Rev(inner) => *inner,
        Prep::With(with, inner, closure) => Prep::With(with, Box::new(reversed(*inner)), closure),
        Prep::Chain(a, b) => Prep::Chain(Box::new(reversed(*b)), Box::new(reversed(*a))),
        Prep::Once(_) | Prep::Repeat(_) => p,
        other => Prep::Rev(Box::new(other)),
    }
}

/// An `usize`.
fn word(value: u64) -> ir::Expr {
    build::bits(Scalar::Usize, value)
}

/// `local = value`, or the value alone where it never comes.
fn store(local: LocalId, value: ir::Expr, out: &mut Vec<Statement>) {
    if value.ty == Type::Never {
        out.push(Statement::Expr(value));
    } else {
        out.push(build::assign(local, value));
    }
}

/// A jump out of a loop or labelled block.
fn leave(id: ir::LoopId) -> Statement {
    Statement::Expr(ir::Expr {
        ty: Type::Never,
        kind: ExprKind::Break(id, None),
    })
}

fn block(statements: Vec<Statement>) -> ir::Block {
    ir::Block {
        statements,
        value: None,
    }
}

/// `if condition { then } else { otherwise }`, without a value.
fn branch(condition: ir::Expr, then: Vec<Statement>, otherwise: Vec<Statement>) -> Statement {
    Statement::Expr(ir::Expr {
        ty: Type::UNIT,
        kind: ExprKind::If(Box::new(condition), block(then), block(otherwise)),
    })
}

fn labelled(id: ir::LoopId, statements: Vec<Statement>) -> Statement {
    Statement::Expr(ir::Expr {
        ty: Type::UNIT,
        kind: ExprKind::Labelled(id, block(statements)),
    })
}

fn not(e: ir::Expr) -> ir::Expr {
    build::unary(ir::UnaryOp::Not, Scalar::Bool, e)
}
