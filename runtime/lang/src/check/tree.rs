//! The typed tree: a checked body before its type parameters are known. References are
//! gone (a `&x` is `x` with a reference type), names are resolved, coercions are implicit.
//! Invariant: types may hold inference variables, whose final types stand in
//! [`Body::types`].

use crate::ast::BinaryOp;
use crate::check::arrays::ArrayOp;
use crate::check::iter::{Chain, Consume};
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::Order;

/// A local variable's number in its body.
pub(crate) type LocalIndex = usize;
/// A loop's or labelled block's number in its body.
pub(crate) type LoopIndex = u32;
/// A function's number in its session.
pub(crate) type FnIndex = usize;
/// A constant's number in its session.
pub(crate) type ConstIndex = usize;

/// A checked body.
#[derive(Debug)]
pub(crate) struct Body {
    /// Every local; the first ones are the parameters.
    pub(crate) locals: Vec<Local>,
    /// The patterns of the parameters; each matches the local of the same number.
    pub(crate) params: Vec<Pattern>,
    /// The body itself.
    pub(crate) value: Expr,
    /// Whether it is the value of a constant, which is evaluated with checks for overflow.
    pub(crate) constant: bool,
    /// The final types of inference variables.
    pub(crate) types: Vec<Ty>,
}

/// A local variable.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) ty: Ty,
    pub(crate) mutable: bool,
    /// Declared by `let x;`.
    pub(crate) deferred: bool,
}

/// A block.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) statements: Vec<Statement>,
    pub(crate) value: Option<Box<Expr>>,
}

/// A statement.
#[derive(Debug)]
pub(crate) enum Statement {
    /// `let pattern = init;`
    Let(Pattern, Option<Expr>),
    /// An expression whose value is dropped.
    Expr(Expr),
}

/// An expression.
#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) ty: Ty,
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// What an expression does.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Already reported.
    Error,
    /// An integer literal.
    Int(u128),
    /// A float literal's digits.
    Float(String),
    /// `true`, `false`.
    Bool(bool),
    /// A variable.
    Local(LocalIndex),
    /// A constant of the file.
    Const(ConstIndex),
    /// `f64::MAX` and so on, of `ty`'s number type or the given one.
    Associated(&'static str, Ty),
    /// A tuple.
    Tuple(Vec<Expr>),
    /// `t.0`.
    Member(Box<Expr>, u32),
    /// `-x`.
    Neg(Box<Expr>),
    /// `!x`.
    Not(Box<Expr>),
    /// Arithmetic, bits, shifts, comparisons.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `&&` (`true`) and `||`.
    Lazy(bool, Box<Expr>, Box<Expr>),
    /// `place = value`.
    Assign(Box<Expr>, Box<Expr>),
    /// `place op= value`; whether the value comes first, as for plain numbers.
    Compound(BinaryOp, Box<Expr>, Box<Expr>, bool),
    /// `x as T`.
    Cast(Box<Expr>),
    /// A call of a function of the file.
    Call(FnIndex, Vec<Ty>, Vec<Expr>),
    /// A method of a number type; the receiver is the first argument. The type is the
    /// receiver's, without references.
    Method(&'static str, Ty, Vec<Expr>, Span),
    /// `view[index]`.
    Index(Box<Expr>, Vec<Expr>),
    /// The length of an axis.
    Dim(Box<Expr>, u8),
    /// `view.shape()[k]` with `k` known at run time only.
    DimAt(Box<Expr>, Box<Expr>),
    /// `view.len()` for any number of axes.
    Len(Box<Expr>),
    /// `(a..b).contains(&x)`: start, end, x, inclusive.
    Contains(Option<Box<Expr>>, Option<Box<Expr>>, Box<Expr>, bool),
    /// `{ .. }`, with the label's number.
    Block(Option<LoopIndex>, Block),
    /// `if`.
    If(Box<Expr>, Block, Option<Box<Expr>>),
    /// `while`.
    While(LoopIndex, Box<Expr>, Block),
    /// `loop`.
    Loop(LoopIndex, Block),
    /// `for`.
    For(Box<For>),
    /// `match`.
    Match(Box<Expr>, Vec<Arm>),
    /// `break`.
    Break(LoopIndex, Option<Box<Expr>>),
    /// `continue`.
    Continue(LoopIndex),
    /// `return`.
    Return(Option<Box<Expr>>),
    /// `panic!` and friends.
    Panic(String),
    /// `assert!`.
    Assert(Box<Expr>, String),
    /// `assert_eq!` (`true`) and `assert_ne!`.
    AssertEqual(bool, Box<Expr>, Box<Expr>, String),
    /// Checked but never run.
    Dropped(Vec<Expr>),
    /// A static of the file.
    Global(crate::check::statics::StaticIndex),
    /// `a[i]` of an array of a fixed length.
    Element(Box<Expr>, Box<Expr>),
    /// What arrays and views do beyond an index; the receiver is the first operand.
    Array(ArrayOp, Vec<Expr>),
    /// `let pattern = value` as a condition: the names are seen where the condition holds.
    Let(Box<Pattern>, Box<Expr>),
    /// A closure as a value; its type is `Ty::Closure`.
    Closure(Box<Closure>),
    /// A call of a closure; whether the closure changes what it captures.
    CallClosure(Box<Expr>, Vec<Expr>, bool),
    /// An iterator and what ends it.
    Consume(Box<Consume>),
    /// A variant of an enum, by the numbers of both.
    Variant(usize, usize),
    /// A constant of an `impl` with type parameters, with their types.
    AssociatedConst(ConstIndex, Vec<Ty>),
    /// `&mut place` of anything but a view.
    Borrow(Box<Expr>),
    /// A copy of a place, which is not moved.
    Clone(Box<Expr>),
    /// `Default::default()` of the type.
    Default,
    /// `std::mem::swap(a, b)`: the two places.
    Swap(Box<Expr>, Box<Expr>),
    /// `std::mem::replace(a, value)`.
    Replace(Box<Expr>, Box<Expr>),
}

/// A closure, or what calls a function in its place. It is inlined wherever it is called.
#[derive(Debug)]
pub(crate) struct Closure {
    /// Unique in its body.
    pub(crate) number: u32,
    pub(crate) params: Vec<Pattern>,
    pub(crate) result: Ty,
    pub(crate) body: Expr,
    /// Everything that it declares, parameters too.
    pub(crate) locals: std::ops::Range<LocalIndex>,
    /// The variables that it copies when it is made (`move`), where that can be seen.
    pub(crate) copies: Vec<LocalIndex>,
    /// The variables that a `move` gives to it.
    pub(crate) moves: bool,
}

/// A `for` loop.
#[derive(Debug)]
pub(crate) struct For {
    pub(crate) id: LoopIndex,
    pub(crate) pattern: Pattern,
    pub(crate) iter: Iter,
    pub(crate) body: Block,
}

/// What is iterated.
#[derive(Debug)]
pub(crate) enum Iter {
    /// A range of integers.
    Range {
        start: Box<Expr>,
        end: Box<Expr>,
        inclusive: bool,
        /// With the place of `step_by`.
        step: Option<(Box<Expr>, Span)>,
        order: Order,
        /// `prange`, with its place.
        parallel: Option<Span>,
    },
    /// The elements of a view in C order; whether they can be written.
    Elements(Expr, bool),
    /// An iterator chain.
    Chain(Box<Chain>),
    /// Already reported.
    Error,
}

/// An arm of a `match`.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) pattern: Pattern,
    pub(crate) guard: Option<Expr>,
    pub(crate) body: Expr,
}

/// A pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) ty: Ty,
    pub(crate) span: Span,
    pub(crate) kind: PatternKind,
}

/// What a pattern is.
#[derive(Debug)]
pub(crate) enum PatternKind {
    /// `_`, and what an error left behind.
    Wildcard,
    /// `x`, `x @ inner`.
    Binding(LocalIndex, Option<Box<Pattern>>),
    /// A constant.
    Value(Box<Expr>),
    /// `a..b` and so on.
    Range(Option<Box<Expr>>, Option<Box<Expr>>, bool),
    /// `(a, b)`.
    Tuple(Vec<Pattern>),
    /// `a | b`.
    Or(Vec<Pattern>),
}

impl Expr {
    /// Calls `f` on every direct subexpression, in order of evaluation as written.
    pub(crate) fn each(&self, f: &mut dyn FnMut(&Expr)) {
        match &self.kind {
            Kind::Error
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Bool(_)
            | Kind::Local(_)
            | Kind::Const(_)
            | Kind::Global(_)
            | Kind::Associated(..)
            | Kind::Continue(_)
            | Kind::Variant(..)
            | Kind::AssociatedConst(..)
            | Kind::Default
            | Kind::Panic(_) => {}
            Kind::Tuple(list)
            | Kind::Call(_, _, list)
            | Kind::Method(_, _, list, _)
            | Kind::Dropped(list)
            | Kind::Array(_, list) => {
                list.iter().for_each(f);
            }
            Kind::Member(a, _)
            | Kind::Neg(a)
            | Kind::Not(a)
            | Kind::Cast(a)
            | Kind::Borrow(a)
            | Kind::Clone(a)
            | Kind::Dim(a, _)
            | Kind::Len(a)
            | Kind::Let(_, a)
            | Kind::Assert(a, _) => f(a),
            Kind::Binary(_, a, b)
            | Kind::Lazy(_, a, b)
            | Kind::Assign(a, b)
            | Kind::Compound(_, a, b, _)
            | Kind::DimAt(a, b)
            | Kind::Element(a, b)
            | Kind::Swap(a, b)
            | Kind::Replace(a, b)
            | Kind::AssertEqual(_, a, b, _) => {
                f(a);
                f(b);
            }
            Kind::Contains(a, b, x, _) => {
                a.iter().chain(b).for_each(|e| f(e));
                f(x);
            }
            Kind::Index(view, index) => {
                f(view);
                index.iter().for_each(f);
            }
            Kind::Block(_, block) | Kind::Loop(_, block) => block.each(f),
            Kind::If(condition, then, otherwise) => {
                f(condition);
                then.each(f);
                otherwise.iter().for_each(|e| f(e));
            }
            Kind::While(_, condition, body) => {
                f(condition);
                body.each(f);
            }
            Kind::For(looped) => {
                match &looped.iter {
                    Iter::Range {
                        start, end, step, ..
                    } => {
                        f(start);
                        f(end);
                        step.iter().for_each(|(e, _)| f(e));
                    }
                    Iter::Elements(view, _) => f(view),
                    Iter::Chain(chain) => chain.each(f),
                    Iter::Error => {}
                }
                looped.body.each(f);
            }
            Kind::Match(scrutinee, arms) => {
                f(scrutinee);
                for arm in arms {
                    if let Some(guard) = &arm.guard {
                        f(guard);
                    }
                    f(&arm.body);
                }
            }
            Kind::Break(_, value) | Kind::Return(value) => value.iter().for_each(|e| f(e)),
            Kind::Closure(closure) => f(&closure.body),
            Kind::Consume(consume) => consume.each(f),
            Kind::CallClosure(closure, args, _) => {
                f(closure);
                args.iter().for_each(f);
            }
        }
    }
}

impl Block {
    /// Calls `f` on the expressions of the block, in order.
    pub(crate) fn each(&self, f: &mut dyn FnMut(&Expr)) {
        for statement in &self.statements {
            match statement {
                Statement::Let(_, Some(init)) => f(init),
                Statement::Let(_, None) => {}
                Statement::Expr(e) => f(e),
            }
        }
        self.value.iter().for_each(|e| f(e));
    }
}

impl Pattern {
    /// Calls `f` on every variable that the pattern binds.
    pub(crate) fn bindings(&self, f: &mut dyn FnMut(LocalIndex)) {
        match &self.kind {
            PatternKind::Binding(local, inner) => {
                f(*local);
                inner.iter().for_each(|p| p.bindings(f));
            }
            PatternKind::Tuple(list) => list.iter().for_each(|p| p.bindings(f)),
            // All alternatives bind the same variables.
            PatternKind::Or(list) => list.iter().take(1).for_each(|p| p.bindings(f)),
            PatternKind::Wildcard | PatternKind::Value(_) | PatternKind::Range(..) => {}
        }
    }
}
