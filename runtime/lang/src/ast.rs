//! The syntax tree of a kernel file: what the parser (`parse/`, on syn) hands to the checker
//! (`check/`). Own types instead of syn's, so that they are `Send`, small, hold byte spans of
//! the source text, and contain only what the kernel language has: everything else was
//! refused by the parser with a diagnostic.

use brolga_abi::{Bound, GufuncSignature, KernelOptions};

use crate::attributes::StatedType;
use crate::diagnostic::Span;
use crate::ir::Scalar;

/// A name with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ident {
    /// The name (raw identifiers without `r#`).
    pub name: String,
    /// Its place.
    pub span: Span,
}

/// A file's items, in order.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Functions, kernels or not.
    pub functions: Vec<Function>,
    /// Constants.
    pub consts: Vec<Const>,
    /// Globals that the host binds.
    pub statics: Vec<Static>,
    /// Structs.
    pub structs: Vec<Struct>,
    /// Enums.
    pub enums: Vec<Enum>,
    /// `impl` blocks of structs and enums.
    pub impls: Vec<Impl>,
    /// Modules, with a body or in a file of their own.
    pub modules: Vec<Module>,
    /// Names that `use` brings in from the standard library and from other modules. What the
    /// prelude and ndarray provide is known without `use` and not listed.
    pub uses: Vec<Use>,
    /// Names of items that the parser has refused with a diagnostic. The checker must not
    /// report them as unknown.
    pub refused: Vec<Ident>,
    /// Who may name the items, for those that are not private to their module.
    pub visible: Vec<(Ident, Visibility)>,
}

/// Who may name an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Visibility {
    /// Its module and those inside of it.
    Private,
    /// `pub`.
    Public,
    /// `pub(crate)`, `pub(super)`, `pub(in path)`: the module at this path.
    Within(Vec<Ident>),
}

/// One name of a `use` item, or one glob.
#[derive(Clone, Debug)]
pub struct Use {
    /// What is imported. With `std` or `core` first: `f32`, `f64` or an integer type, then
    /// anything (`std`, `f64`, `consts`, `PI`); else a path to a module of the file or to what
    /// is in one (`crate`, `helpers`, `norm`). For a glob the path before `::*`.
    pub path: Vec<Ident>,
    /// Its name in this file (the last of `path`, or the one after `as`); `None` for a glob,
    /// whose names give way to all others.
    pub name: Option<Ident>,
    /// Who may use it from here: `pub use`.
    pub visibility: Visibility,
}

/// `const NAME: T = value;`
#[derive(Clone, Debug)]
pub struct Const {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeExpr,
    /// Its value.
    pub value: Expr,
    /// Whether it is seen outside of its module.
    pub is_pub: bool,
}

/// `static NAME: T = value;`: a global that the host may bind to another value.
#[derive(Clone, Debug)]
pub struct Static {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeExpr,
    /// Its value while the host binds none.
    pub value: Expr,
    /// The doc comment's text, or empty.
    pub doc: String,
}

/// `struct Name<T> { field: T }`, `struct Name(T);` or `struct Name;`.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Its name.
    pub name: Ident,
    /// Type parameters in order.
    pub type_params: Vec<TypeParam>,
    /// Its fields in order; those of a tuple struct are named `0`, `1`, ...
    pub fields: Vec<Field>,
    /// Whether it is a tuple struct or a unit struct.
    pub tuple: bool,
    /// What is derived.
    pub derives: Vec<Ident>,
    /// Whether it is seen outside of its module.
    pub is_pub: bool,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeExpr,
    /// Whether it is seen outside of its module.
    pub is_pub: bool,
}

/// `enum Name { A, B = 5 }`.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Its name.
    pub name: Ident,
    /// Its variants in order, with the discriminants that are written, each as a constant of
    /// the enum's integer type.
    pub variants: Vec<(Ident, Option<Const>)>,
    /// The type of `#[repr(u8)]` and so on.
    pub repr: Option<Scalar>,
    /// What is derived.
    pub derives: Vec<Ident>,
    /// The variant marked by `#[default]`.
    pub default: Option<usize>,
    /// Whether it is seen outside of its module.
    pub is_pub: bool,
}

/// `impl<T: Float> Name<T> { .. }`.
#[derive(Clone, Debug)]
pub struct Impl {
    /// Type parameters in order.
    pub type_params: Vec<TypeParam>,
    /// The type.
    pub ty: TypeExpr,
    /// Methods and associated functions; a receiver is the first parameter, a binding named
    /// `self` of type `Self`, `&Self` or `&mut Self`.
    pub functions: Vec<Function>,
    /// Associated constants.
    pub consts: Vec<Const>,
    /// The operator's trait of `std::ops` that is implemented.
    pub operator: Option<Operator>,
    /// From `impl` to the closing brace.
    pub span: Span,
}

/// `Mul<f64>` of `impl Mul<f64> for Name { type Output = Name; .. }`.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The trait's name without a path: `Mul`.
    pub name: Ident,
    /// The type argument, where one is written.
    pub operand: Option<TypeExpr>,
    /// `type Output`.
    pub output: Option<TypeExpr>,
}

/// `mod name { .. }` or `mod name;`.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name.
    pub name: Ident,
    /// Its items, from the body or from its file; `None` when the file is missing, which is
    /// already reported.
    pub file: Option<File>,
}

/// A function item.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Ident,
    /// The attribute that makes it a kernel.
    pub attribute: Option<Attribute>,
    /// The doc comment's text, or empty.
    pub doc: String,
    /// Type parameters in order.
    pub type_params: Vec<TypeParam>,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// The type after `->`; `None` is `()`.
    pub result: Option<TypeExpr>,
    /// The body.
    pub body: Block,
    /// Whether it is seen outside of its module.
    pub is_pub: bool,
}

/// One of the three attributes.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Which.
    pub kind: AttributeKind,
    /// Its options.
    pub options: KernelOptions,
    /// `options.signatures` as written, in the same order.
    pub signatures: Vec<StatedSignature>,
    /// Its place.
    pub span: Span,
}

/// One of `signatures = [(f32, f32) -> f32, ..]`.
#[derive(Clone, Debug)]
pub struct StatedSignature {
    /// The types of the parameters' elements.
    pub params: Vec<StatedType>,
    /// The types after `->`, one for each part of the result; `None` where not given.
    pub results: Option<Vec<StatedType>>,
    /// Its place.
    pub span: Span,
}

/// Which attribute.
#[derive(Clone, Debug)]
pub enum AttributeKind {
    /// `#[vectorize]`.
    Vectorize,
    /// `#[guvectorize("..")]`, with the place of the string.
    Guvectorize(GufuncSignature, Span),
    /// `#[jit]`.
    Jit {
        /// `#[jit(parallel)]`.
        parallel: bool,
    },
}

/// A type parameter; bounds given in `<..>` and in `where` together.
#[derive(Clone, Debug)]
pub struct TypeParam {
    /// Its name.
    pub name: Ident,
    /// Its bounds.
    pub bounds: Vec<Bound>,
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Param {
    /// `x`, `mut x`, `_`, `(a, b)`, ...
    pub pattern: Pattern,
    /// Its type.
    pub ty: TypeExpr,
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// What.
    pub kind: TypeKind,
    /// Where.
    pub span: Span,
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `f64`.
    Scalar(Scalar),
    /// A name that is no scalar type: a type parameter, `Self`, a struct or enum, maybe with
    /// type arguments, or an error.
    Named(Path),
    /// `Option<T>`.
    Option(Box<TypeExpr>),
    /// `Complex<T>`.
    Complex(Box<TypeExpr>),
    /// `f16` or `bf16`.
    Half(Half),
    /// `[T; n]`.
    Array(Box<TypeExpr>, Box<Expr>),
    /// `Array1<T>` and so on: a local array.
    Owned {
        /// The elements' type.
        element: Box<TypeExpr>,
        /// The number of axes, 0 to 6.
        ndim: u8,
    },
    /// `(A, B)`; `()` is empty.
    Tuple(Vec<TypeExpr>),
    /// `ArrayView2<T>`, `ArrayViewMut1<T>`; a lifetime argument is dropped.
    View {
        /// The elements' type.
        element: Box<TypeExpr>,
        /// The number of axes, 0 to 6.
        ndim: u8,
        /// `ArrayViewMut`.
        mutable: bool,
    },
    /// `&T` or `&mut T`.
    Reference {
        /// `&mut`.
        mutable: bool,
        /// `T`.
        inner: Box<TypeExpr>,
    },
    /// A closure as a parameter: `impl Fn(f64) -> f64`, a type parameter with such a bound, or
    /// `fn(f64) -> f64`.
    Callable(Box<Callable>),
    /// `_`.
    Infer,
    /// `!`.
    Never,
    /// What the parser has refused with a diagnostic; agrees with every type.
    Error,
}

/// The type of a parameter that is a closure.
#[derive(Clone, Debug)]
pub struct Callable {
    /// The types of its parameters.
    pub params: Vec<TypeExpr>,
    /// The type after `->`.
    pub result: Option<TypeExpr>,
    /// `FnMut`: it may change what it captures.
    pub changes: bool,
    /// `&impl Fn(..)` and so on: it is passed by reference, mutable or not.
    pub reference: Option<bool>,
    /// `fn(..)`: it captures nothing.
    pub plain: bool,
}

/// A 16-bit float type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Half {
    /// IEEE 754 binary16.
    F16,
    /// The upper half of a binary32.
    Bf16,
}

/// `{ .. }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// Statements in order, without the final expression.
    pub statements: Vec<Statement>,
    /// The final expression without a semicolon.
    pub value: Option<Box<Expr>>,
    /// What is declared inside; visible in the whole block.
    pub items: File,
    /// From brace to brace.
    pub span: Span,
}

/// A statement.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "most statements are of the larger kind"
)]
pub enum Statement {
    /// `let pattern: ty = init;`
    Let {
        /// What is bound.
        pattern: Pattern,
        /// The annotation.
        ty: Option<TypeExpr>,
        /// The value; `None` for a later initialisation.
        init: Option<Expr>,
        /// The block after `else`, which does not end normally.
        otherwise: Option<Block>,
    },
    /// An expression and whether a semicolon follows (`if c { .. }` may stand without; then
    /// its type must be `()` or `!`).
    Expr(Expr, bool),
}

/// An expression. Parentheses are not kept.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `1`, `0xffu8`, `b'a'` (an `u8`): the value and the suffix.
    Int(u128, Option<Scalar>),
    /// `1.5`, `1e3f32`, `2f64`: the digits without underscores and suffix, to be parsed in
    /// the type that inference finds; and the suffix.
    Float(String, Option<Scalar>),
    /// `true`.
    Bool(bool),
    /// `x`, `f64::NAN`, `std::f64::consts::PI`, `T::zero`, `f::<f64>`.
    Path(Path),
    /// `-x`, `!x`, `*x`.
    Unary(UnaryOp, Box<Expr>),
    /// `&x`, `&mut x`.
    Reference {
        /// `&mut`.
        mutable: bool,
        /// `x`.
        inner: Box<Expr>,
    },
    /// `a + b` and so on; the operator's own place.
    Binary(BinaryOp, Span, Box<Expr>, Box<Expr>),
    /// `a = b`.
    Assign(Box<Expr>, Box<Expr>),
    /// `a += b`; the operator's own place.
    CompoundAssign(BinaryOp, Span, Box<Expr>, Box<Expr>),
    /// `x as T`.
    Cast(Box<Expr>, TypeExpr),
    /// `f(..)`.
    Call(Box<Expr>, Vec<Expr>),
    /// `x.method::<T>(..)`.
    Method {
        /// `x`.
        receiver: Box<Expr>,
        /// `method`.
        method: Ident,
        /// `T`.
        type_args: Vec<TypeExpr>,
        /// `..`.
        args: Vec<Expr>,
    },
    /// `t.0`.
    Member(Box<Expr>, u32),
    /// `t.name`: kept so that the checker can tell what was meant (`a.len` without call).
    Field(Box<Expr>, Ident),
    /// `a[i]`, `a[[i, j]]`, `a[(i, j)]`, `a[()]`.
    Index(Box<Expr>, Box<Expr>),
    /// `(a, b)`.
    Tuple(Vec<Expr>),
    /// `[a, b]`.
    Array(Vec<Expr>),
    /// `[value; n]`.
    Repeat(Box<Expr>, Box<Expr>),
    /// `Name { field: value }`.
    Struct {
        /// The struct.
        path: Path,
        /// The fields as written.
        fields: Vec<(Ident, Expr)>,
        /// What stands after `..`.
        base: Option<Box<Expr>>,
    },
    /// `|a, b: f64| body`.
    Closure {
        /// The parameters.
        params: Vec<(Pattern, Option<TypeExpr>)>,
        /// The type after `->`.
        result: Option<TypeExpr>,
        /// The body.
        body: Box<Expr>,
        /// `move`.
        moves: bool,
    },
    /// `let pattern = value` as a condition, alone or joined with `&&`.
    Let(Box<Pattern>, Box<Expr>),
    /// `value?`.
    Try(Box<Expr>),
    /// `s![..]`: one entry for each axis.
    Slice(Vec<SliceArg>),
    /// What the parser has refused with a diagnostic; agrees with every type.
    Error,
    /// `{ .. }` or `'a: { .. }`.
    Block(Option<Ident>, Block),
    /// `if`.
    If {
        /// The condition.
        condition: Box<Expr>,
        /// What runs if it holds.
        then: Block,
        /// Another `if` or a block.
        otherwise: Option<Box<Expr>>,
    },
    /// `'a: while c { .. }`.
    While {
        /// `'a` without the quote.
        label: Option<Ident>,
        /// `c`.
        condition: Box<Expr>,
        /// The body.
        body: Block,
    },
    /// `'a: loop { .. }`.
    Loop {
        /// `'a` without the quote.
        label: Option<Ident>,
        /// The body.
        body: Block,
    },
    /// `'a: for pattern in iter { .. }`.
    For {
        /// `'a` without the quote.
        label: Option<Ident>,
        /// What is bound.
        pattern: Pattern,
        /// What is iterated.
        iter: Box<Expr>,
        /// The body.
        body: Block,
    },
    /// `match scrutinee { .. }`.
    Match {
        /// What is matched.
        scrutinee: Box<Expr>,
        /// The arms in order.
        arms: Vec<Arm>,
    },
    /// `break 'a value`.
    Break(Option<Ident>, Option<Box<Expr>>),
    /// `continue 'a`.
    Continue(Option<Ident>),
    /// `return value`.
    Return(Option<Box<Expr>>),
    /// `a..b`, `a..=b`; a missing bound is for the checker to refuse.
    Range {
        /// `a`.
        start: Option<Box<Expr>>,
        /// `b`.
        end: Option<Box<Expr>>,
        /// `..=`.
        inclusive: bool,
    },
    /// `panic!("..")`, `unreachable!()`, `todo!` and `unimplemented!` with the final text
    /// (rustc's own wording for the default one).
    Panic(String),
    /// `assert!(condition, "..")` with the final text, where one is given (else
    /// `assertion failed: ` and the condition's tokens as rustc prints them).
    Assert(Box<Expr>, String),
    /// `assert_eq!(a, b)` (`true`) and `assert_ne!(a, b)` (`false`), with the final text.
    AssertEqual(bool, Box<Expr>, Box<Expr>, String),
    /// `debug_assert!` and friends: checked, never run, as in a release build.
    DebugAssert(Vec<Expr>),
}

/// `a::b::<T>`.
#[derive(Clone, Debug)]
pub struct Path {
    /// The names.
    pub segments: Vec<Ident>,
    /// The type arguments of the last name.
    pub type_args: Vec<TypeExpr>,
    /// The type arguments of the name before the last: `Vec3::<f64>::new`.
    pub owner_args: Vec<TypeExpr>,
}

/// What `s![..]` says of one axis.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a slice has a few of them")]
pub enum SliceArg {
    /// `i`: this index, and the axis is gone.
    Index(Expr),
    /// `a..b;step`.
    Range {
        /// `a`.
        start: Option<Expr>,
        /// `b`.
        end: Option<Expr>,
        /// `..=`.
        inclusive: bool,
        /// `step`.
        step: Option<Expr>,
        /// Its place.
        span: Span,
    },
}

/// A prefix operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`.
    Neg,
    /// `!`.
    Not,
    /// `*`.
    Deref,
}

/// An infix operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOp {
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    Div,
    /// `%`.
    Rem,
    /// `&`.
    BitAnd,
    /// `|`.
    BitOr,
    /// `^`.
    BitXor,
    /// `<<`.
    Shl,
    /// `>>`.
    Shr,
    /// `&&`; not compound.
    And,
    /// `||`; not compound.
    Or,
    /// `==`; not compound, nor are the rest.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
}

/// An arm of a `match`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// The pattern.
    pub pattern: Pattern,
    /// `if guard`.
    pub guard: Option<Expr>,
    /// What it gives.
    pub body: Expr,
}

/// A pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What.
    pub kind: PatternKind,
    /// Where.
    pub span: Span,
}

/// What a pattern is.
#[derive(Clone, Debug)]
pub enum PatternKind {
    /// `_`.
    Wildcard,
    /// `..` inside a tuple pattern.
    Rest,
    /// `x`, `mut x`, `x @ pattern`; also a constant's name, which the checker resolves.
    Binding {
        /// `x`.
        name: Ident,
        /// `mut`.
        mutable: bool,
        /// `pattern`.
        inner: Option<Box<Pattern>>,
    },
    /// A literal, maybe with a minus, or a path to a constant.
    Value(Box<Expr>),
    /// `a..=b`, `a..b`, `a..`, `..=b`.
    Range {
        /// `a`.
        start: Option<Box<Expr>>,
        /// `b`.
        end: Option<Box<Expr>>,
        /// `..=`.
        inclusive: bool,
    },
    /// `(a, b)`.
    Tuple(Vec<Pattern>),
    /// `a | b`.
    Or(Vec<Pattern>),
    /// `&pattern`.
    Reference(Box<Pattern>),
    /// `Some(a)`, `Name(a, b)`.
    TupleStruct(Path, Vec<Pattern>),
    /// `Name { field: pattern, .. }`.
    Struct {
        /// The struct.
        path: Path,
        /// The fields as written.
        fields: Vec<(Ident, Pattern)>,
        /// Whether `..` stands at the end.
        rest: bool,
    },
    /// `[a, b, ..]`.
    Slice(Vec<Pattern>),
    /// What the parser has refused with a diagnostic.
    Error,
}
