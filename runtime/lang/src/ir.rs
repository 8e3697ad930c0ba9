//! The kernel IR: one specialised (monomorphic) kernel function with every function it
//! reaches, as typed trees. Not a control flow graph and not SSA: loops and conditions stay
//! structured, so that the vectoriser sees them; locals are mutable slots.
//!
//! Invariants (checked by the verifier):
//! * every expression carries its type and its parts have the types that its kind demands;
//! * every local is declared in its function and initialised before it is read;
//! * `Break` and `Continue` name an enclosing loop of the same function;
//! * references do not exist: a `&T` of the source is the `T` itself, an `&mut` view the view,
//!   any other `&mut T` is copied in and copied out;
//! * structs are tuples, enums integers, an `Option` is a tuple `(bool, T)`, a complex number a
//!   tuple of two floats;
//! * evaluation order is the order of the fields, left to right, as in Rust;
//! * `Hash` covers the meaning and nothing else: names, spans and panic texts are
//!   [`Unhashed`]. The fingerprint of the cache is this hash.

use std::hash::{Hash, Hasher};

use brolga_abi::{DType, Place, ReductionOp, Site};

pub use crate::layout::global_layout;

/// A value that is not part of the meaning.
#[derive(Clone, Debug, Default)]
pub struct Unhashed<T>(pub T);

impl<T> Hash for Unhashed<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
impl<T> PartialEq for Unhashed<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl<T> Eq for Unhashed<T> {}

/// A scalar type of the language. Integers wrap on overflow, as in rustc's release build.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scalar {
    /// `bool`.
    Bool,
    /// `i8`.
    I8,
    /// `i16`.
    I16,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `isize`.
    Isize,
    /// `u8`.
    U8,
    /// `u16`.
    U16,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `usize`.
    Usize,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
}

impl Scalar {
    /// Every scalar type.
    pub const ALL: [Scalar; 13] = [
        Scalar::Bool,
        Scalar::I8,
        Scalar::I16,
        Scalar::I32,
        Scalar::I64,
        Scalar::Isize,
        Scalar::U8,
        Scalar::U16,
        Scalar::U32,
        Scalar::U64,
        Scalar::Usize,
        Scalar::F32,
        Scalar::F64,
    ];

    /// The element type with the same memory representation.
    pub const fn dtype(self) -> DType {
        match self {
            Scalar::Bool => DType::Bool,
            Scalar::I8 => DType::I8,
            Scalar::I16 => DType::I16,
            Scalar::I32 => DType::I32,
            Scalar::I64 | Scalar::Isize => DType::I64,
            Scalar::U8 => DType::U8,
            Scalar::U16 => DType::U16,
            Scalar::U32 => DType::U32,
            Scalar::U64 | Scalar::Usize => DType::U64,
            Scalar::F32 => DType::F32,
            Scalar::F64 => DType::F64,
        }
    }

    /// The name in source.
    pub const fn name(self) -> &'static str {
        match self {
            Scalar::Isize => "isize",
            Scalar::Usize => "usize",
            _ => self.dtype().name(),
        }
    }

    /// The width in bits; 8 for `bool`.
    pub const fn bits(self) -> u32 {
        self.dtype().size() as u32 * 8
    }

    /// Whether this is `f32` or `f64`.
    pub const fn is_float(self) -> bool {
        self.dtype().is_float()
    }

    /// Whether this is an integer type (`bool` is not).
    pub const fn is_integer(self) -> bool {
        self.dtype().is_integer()
    }

    /// Whether this is a signed integer type.
    pub const fn is_signed(self) -> bool {
        self.dtype().is_signed_integer()
    }
}

/// The type of an expression.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// A number or bool.
    Scalar(Scalar),
    /// A tuple; the empty one is `()`.
    Tuple(Vec<Type>),
    /// An array view: a pointer, dimensions and strides.
    View(ViewType),
    /// An array of a fixed length, by value. Its elements are scalars, tuples and arrays.
    Array(Box<Type>, u32),
    /// `!`: the expression does not end normally.
    Never,
}

impl Type {
    /// `()`.
    pub const UNIT: Type = Type::Tuple(Vec::new());
}

/// The type of the elements of arrays that the host sees. `f16` and `bf16` are their bits,
/// an `U16`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Element {
    /// A number or bool.
    Scalar(Scalar),
    /// Two floats of this type, the real part first; as a value a tuple of two.
    Complex(Scalar),
}

impl Element {
    /// The type of such an element as a value.
    pub fn ty(self) -> Type {
        match self {
            Element::Scalar(scalar) => Type::Scalar(scalar),
            Element::Complex(scalar) => Type::Tuple(vec![Type::Scalar(scalar); 2]),
        }
    }

    /// That of an element type; `f16` and `bf16` are their bits.
    pub const fn of(dtype: DType) -> Element {
        Element::Scalar(match dtype {
            DType::Bool => Scalar::Bool,
            DType::I8 => Scalar::I8,
            DType::I16 => Scalar::I16,
            DType::I32 => Scalar::I32,
            DType::I64 => Scalar::I64,
            DType::U8 => Scalar::U8,
            DType::U16 | DType::F16 | DType::Bf16 => Scalar::U16,
            DType::U32 => Scalar::U32,
            DType::U64 => Scalar::U64,
            DType::F32 => Scalar::F32,
            DType::F64 => Scalar::F64,
            DType::ComplexF32 => return Element::Complex(Scalar::F32),
            DType::ComplexF64 => return Element::Complex(Scalar::F64),
        })
    }

    /// Its size in bytes.
    pub const fn size(self) -> usize {
        match self {
            Element::Scalar(scalar) => scalar.dtype().size(),
            Element::Complex(scalar) => 2 * scalar.dtype().size(),
        }
    }
}

/// The type of an array view.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ViewType {
    /// The type of the elements.
    pub element: Element,
    /// The number of axes, 0 to 6.
    pub ndim: u8,
    /// Whether elements may be written.
    pub mutable: bool,
}

/// A specialised kernel.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Program {
    /// How callers' operands become the parameters of `functions[0]`.
    pub entry: Entry,
    /// `functions[0]` is the kernel itself; all are reached from it, numbered in order of
    /// first reach.
    pub functions: Vec<Function>,
    /// Whether reassociation and contraction are allowed.
    pub fastmath: bool,
    /// The globals that it reads by number ([`GlobalId`]), in order of first appearance.
    /// Their block in memory ([`brolga_abi::KernelContext`]) holds one after the other, each
    /// aligned for its own type.
    pub globals: Vec<Global>,
    /// The panic sites by number ([`SiteId`]), in order of first appearance.
    pub sites: Unhashed<Vec<Site>>,
}

/// A value that the host binds before a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Global {
    /// Its path in the module: what the host binds it by.
    pub name: String,
    /// Its type: a scalar, a tuple or an array of such.
    pub ty: Type,
    /// Its value while the host binds none: the bits of its scalars in order.
    pub default: Unhashed<Vec<u64>>,
}

/// The operands of the compiled entry point, in the order of `args` of
/// [`brolga_abi::KernelFn`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Entry {
    /// One for each parameter of `functions[0]`, in order.
    pub params: Vec<Operand>,
    /// The parts of the return value, each stored through one further operand without core
    /// axes: none for `()`, one for an element, the members for a tuple of elements. A tuple
    /// of two equal floats may mean two results or one complex number: this list decides.
    pub results: Vec<Element>,
    /// How many core dimensions follow `dims[0]`.
    pub core_dims: usize,
    /// Core dimensions of a known size: (number in `dims[1..]`, size).
    pub fixed_dims: Vec<(usize, usize)>,
    /// Whether there is a loop over elements (`false` for `#[jit]`: `dims[0]` is 1).
    pub looped: bool,
    /// Whether `prange` loops run on the context's pool.
    pub parallel: bool,
}

/// How one parameter is found among the operands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Operand {
    /// The parameter's type: a scalar, a view, or a tuple of two equal floats, which is a
    /// complex number.
    pub ty: Type,
    /// For each axis of the view, the number of its size in `dims[1..]`. Empty for scalars.
    pub core: Vec<usize>,
}

/// A number of a local variable in its function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LocalId(pub u32);

/// A number of a function in its program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FunctionId(pub u32);

/// A number of a loop, unique in its function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LoopId(pub u32);

/// A number of a global in [`Program::globals`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GlobalId(pub u32);

/// A number of a panic site in [`Program::sites`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SiteId(pub u32);

/// A function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Function {
    /// Its path, with type arguments where it has any: `axpy::<f64>`.
    pub name: Unhashed<String>,
    /// Its parameters: the first locals, in order.
    pub params: Vec<LocalId>,
    /// Every local, parameters first.
    pub locals: Vec<Local>,
    /// The type of its value.
    pub result: Type,
    /// Its body; its value is the function's value.
    pub body: Block,
    /// Where each loop and labelled block begins in the source, by its [`LoopId`].
    pub loops: Unhashed<Vec<Place>>,
    /// Whether it can reach itself by calls. Such functions are compiled on their own and
    /// check the stack limit; all others are inlined into their callers.
    pub recursive: bool,
}

/// A local variable.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Local {
    /// Its name in source, or empty for a temporary.
    pub name: Unhashed<String>,
    /// Its type.
    pub ty: Type,
}

/// Statements, then a value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Block {
    /// Run in order.
    pub statements: Vec<Statement>,
    /// The block's value; `None` is `()` (or `!` when the end is not reached).
    pub value: Option<Box<Expr>>,
}

/// A statement.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Statement {
    /// `local = value` (also the initialisation of a `let`).
    Assign {
        /// The variable.
        local: LocalId,
        /// Which part of it, from the outside in; empty for all. Evaluated after the value,
        /// in order.
        path: Vec<Step>,
        /// The new value.
        value: Expr,
    },
    /// `view[index] = value`. Evaluated in this order: value, index, bounds check, store.
    Store {
        /// The view.
        view: LocalId,
        /// One `usize` for each axis.
        index: Vec<Expr>,
        /// The bounds check's site.
        site: SiteId,
        /// The new element.
        value: Expr,
    },
    /// An expression for its effects.
    Expr(Expr),
}

/// One step of a path into a local.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// A member of a tuple.
    Member(u32),
    /// An element of an array, by an `usize`; with the bounds check's site.
    Index(Expr, SiteId),
}

/// An expression with its type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Expr {
    /// Its type.
    pub ty: Type,
    /// What it does.
    pub kind: ExprKind,
}

/// What an expression does.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ExprKind {
    /// A constant: the value's bits, zero-extended (`true` is 1; signed integers as two's
    /// complement of their width).
    Const(u64),
    /// The value of a local.
    Local(LocalId),
    /// A member of a tuple.
    Member(Box<Expr>, u32),
    /// A tuple.
    Tuple(Vec<Expr>),
    /// An array, by its elements.
    Array(Vec<Expr>),
    /// An array of equal elements; `ty` has the length.
    Repeat(Box<Expr>),
    /// An element of an array.
    Index {
        /// The array.
        array: Box<Expr>,
        /// An `usize`.
        index: Box<Expr>,
        /// The bounds check's site.
        site: SiteId,
    },
    /// The value of a global.
    Global(GlobalId),
    /// A new array of `dims` elements in C order, all equal to `fill`, as a mutable view of
    /// the local array's memory, which lives to the end of the kernel's call for one
    /// element (or less, where nothing can see it any more).
    Allocate {
        /// The length of each axis, an `usize`.
        dims: Vec<Expr>,
        /// The value of each element, evaluated after `dims`.
        fill: Box<Expr>,
        /// Where a product of non-zero lengths above `isize::MAX` bytes fails.
        too_large: SiteId,
        /// Where a failed allocation fails.
        no_memory: SiteId,
    },
    /// A part of a view, as a view (mutable if the whole is).
    Slice {
        /// The whole.
        view: Box<Expr>,
        /// What is taken of each axis; evaluated after the view, in order. Checked in order,
        /// after all are evaluated.
        axes: Vec<AxisSlice>,
    },
    /// A view with its axes in another order: the new axis `k` is the old `axes[k]`.
    Permute(Box<Expr>, Vec<u8>),
    /// The sum or product of all elements of a view of floats, by the fixed tree.
    Reduce(ReduceOp, Box<Expr>),
    /// The dot product of two views of one axis and equal length (asserted before) of floats
    /// of one type, by the fixed tree.
    Dot(Box<Expr>, Box<Expr>),
    /// One operand; result and operand types as [`UnaryOp`] says.
    Unary(UnaryOp, Box<Expr>),
    /// Two operands; result and operand types as [`BinaryOp`] says.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// Integer `/` or `%` of `ty`.
    Division {
        /// Quotient or remainder.
        op: DivisionOp,
        /// The dividend.
        lhs: Box<Expr>,
        /// The divisor.
        rhs: Box<Expr>,
        /// Where a divisor of 0 fails.
        by_zero: SiteId,
        /// Where MIN / -1 fails; signed types only.
        overflow: Option<SiteId>,
    },
    /// `lhs && rhs` or `lhs || rhs`: the right side only when needed.
    Lazy(LazyOp, Box<Expr>, Box<Expr>),
    /// `value as ty` between scalars, with Rust's rules (floats to integers saturate, NaN
    /// becomes 0). From `bool` to integers; `u8` to `char` does not exist.
    Cast(Box<Expr>),
    /// `a * b + c`, rounded once.
    Fma(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A call of another function of the program.
    Call(FunctionId, Vec<Expr>),
    /// `view[index]`.
    Load {
        /// The view.
        view: LocalId,
        /// One `usize` for each axis.
        index: Vec<Expr>,
        /// The bounds check's site.
        site: SiteId,
    },
    /// The length of an axis, a `usize`.
    Dim(LocalId, u8),
    /// `if`; `ty` is the type of both arms unless one is `!`.
    If(Box<Expr>, Block, Block),
    /// `{ .. }`.
    Block(Block),
    /// `loop { .. }`; `ty` is the type of the `break` values, `()` for a `while` (which is
    /// a loop whose body begins with `if !condition { break }`), or `!` without a break.
    Loop(LoopId, Block),
    /// A counted loop; type `()`.
    For(Box<For>),
    /// A labelled block, `'a: { .. break 'a value .. }`: `Break` may name it, `Continue`
    /// may not.
    Labelled(LoopId, Block),
    /// Leaves a loop or labelled block, with its value where that is not `()`; type `!`.
    Break(LoopId, Option<Box<Expr>>),
    /// The next iteration; type `!`.
    Continue(LoopId),
    /// Leaves the function, with its value where that is not `()`; type `!`.
    Return(Option<Box<Expr>>),
    /// Fails at this site; type `!`.
    Panic(SiteId),
}

/// What a slice takes of one axis.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum AxisSlice {
    /// All of it.
    All,
    /// One index, an `usize`: the axis is gone. With the bounds check's site.
    Index(Expr, SiteId),
    /// `start..end` in steps: `(end - start) / |step|` elements, rounded up. A positive step
    /// begins at `start`, a negative one at `end - 1` and goes down. A failure's payload is
    /// `[start, end, axis, length]`; the three checks are made in the order `start` above
    /// `length`, `end` above `length`, `start` above `end`, step 0.
    Range {
        /// An `usize`.
        start: Expr,
        /// An `usize`.
        end: Expr,
        /// An `isize`; `None` is 1.
        step: Option<Expr>,
        /// Where `start > end`, `end > length` or a step of 0 fails.
        site: SiteId,
    },
}

/// A reduction of all elements of a view.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReduceOp {
    /// `+`.
    Sum,
    /// `*`.
    Product,
}

/// A counted loop over an integer range.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct For {
    /// For `Break` and `Continue`.
    pub id: LoopId,
    /// The loop variable, of an integer type; set anew for each iteration.
    pub variable: LocalId,
    /// The first bound, evaluated once.
    pub start: Expr,
    /// The second bound, evaluated once, after `start`.
    pub end: Expr,
    /// Whether `end` belongs to the range.
    pub inclusive: bool,
    /// `step_by` with the site where a step of 0 fails; a `usize` evaluated once after the
    /// bounds. `None` is 1.
    pub step: Option<(Expr, SiteId)>,
    /// The direction and its interplay with the step.
    pub order: Order,
    /// The body, of type `()`.
    pub body: Block,
    /// `Some` for `prange`.
    pub parallel: Option<Parallel>,
}

/// The order of a counted loop.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Order {
    /// `start, start + step, ..`.
    Forward,
    /// `range.rev().step_by(step)`: from the last value of the range down.
    ReverseThenStep,
    /// `range.step_by(step).rev()`: the values of `Forward` in reverse.
    StepThenReverse,
}

/// What makes a loop a `prange`: iterations are independent but for the reductions. The
/// body assigns no other local that is declared outside of it, and holds no `Break` or
/// `Continue` to a loop outside, and no `Return`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Parallel {
    /// The reduction variables: locals declared outside of the loop that its body only
    /// updates by `local = local op value`, never reads otherwise.
    pub reductions: Vec<Reduction>,
}

/// One reduction variable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reduction {
    /// The variable, of a scalar type, or a complex number (a tuple of two equal floats:
    /// `Add` and `Mul`).
    pub local: LocalId,
    /// How partial results are joined (`-=` is `Add`).
    pub op: ReductionOp,
}

/// `/` or `%` on integers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DivisionOp {
    /// `/`.
    Quotient,
    /// `%`.
    Remainder,
}

/// `&&` or `||`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LazyOp {
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// Operations on one value. Unless said otherwise the result has the operand's type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    /// `-x`: wrapping for signed integers, the sign bit for floats.
    Neg,
    /// `!x`: bits of integers, `bool`.
    Not,
    /// `x.abs()`: wrapping for signed integers, the sign bit for floats.
    Abs,
    /// The bits of a float as the unsigned integer of its width.
    ToBits,
    /// An `u32` or `u64` as the float of its width.
    FromBits,
    /// Integers: the number of ones, an `u32`.
    CountOnes,
    /// Integers: an `u32`, the width for 0.
    LeadingZeros,
    /// Integers: an `u32`, the width for 0.
    TrailingZeros,
    /// Integers.
    SwapBytes,
    /// Integers.
    ReverseBits,
    /// Floats.
    Sqrt,
    /// Floats.
    Floor,
    /// Floats.
    Ceil,
    /// Floats.
    Trunc,
    /// Floats: halves to even.
    RoundTiesEven,
    /// Floats, as the method of this name in std; so are all below.
    Exp,
    /// 2 to the power.
    Exp2,
    /// `exp(x) - 1`.
    ExpM1,
    /// Natural logarithm.
    Ln,
    /// `ln(1 + x)`.
    Ln1p,
    /// Logarithm to base 2.
    Log2,
    /// Logarithm to base 10.
    Log10,
    /// Sine of radians.
    Sin,
    /// Cosine of radians.
    Cos,
    /// Tangent of radians.
    Tan,
    /// Inverse sine.
    Asin,
    /// Inverse cosine.
    Acos,
    /// Inverse tangent.
    Atan,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Inverse hyperbolic sine.
    Asinh,
    /// Inverse hyperbolic cosine.
    Acosh,
    /// Inverse hyperbolic tangent.
    Atanh,
    /// Cube root.
    Cbrt,
    /// The error function (the prelude's `erf`).
    Erf,
    /// The complementary error function.
    Erfc,
    /// The gamma function.
    Gamma,
    /// The logarithm of the absolute value of the gamma function.
    Lgamma,
    /// The `f32` of a binary16 in an `U16`.
    F32FromF16,
    /// An `f32` rounded to a binary16, an `U16`.
    F16FromF32,
    /// An `f64` rounded to a binary16, an `U16`, as the crate `half` does.
    F16FromF64,
    /// The `f32` of a bfloat16 in an `U16`.
    F32FromBf16,
    /// An `f32` rounded to a bfloat16, an `U16`.
    Bf16FromF32,
    /// An `f64` rounded to a bfloat16, an `U16`, as the crate `half` does.
    Bf16FromF64,
}

/// Operations on two values of one type, unless said otherwise; the result has that type,
/// or is `bool` for comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    /// `+`, wrapping.
    Add,
    /// `-`, wrapping.
    Sub,
    /// `*`, wrapping.
    Mul,
    /// Float `/` (integers: [`ExprKind::Division`]).
    Div,
    /// Float `%` (C's `fmod`).
    Rem,
    /// `&` of integers or bools.
    And,
    /// `|` of integers or bools.
    Or,
    /// `^` of integers or bools.
    Xor,
    /// `lhs << (rhs mod width)`; `rhs` may be of any integer type.
    Shl,
    /// `lhs >> (rhs mod width)`, arithmetic for signed; `rhs` may be of any integer type.
    Shr,
    /// `rotate_left` by `rhs mod width`; `rhs` is an `u32`.
    RotateLeft,
    /// `rotate_right`; `rhs` is an `u32`.
    RotateRight,
    /// `==` on scalars.
    Eq,
    /// `!=` on scalars.
    Ne,
    /// `<` on scalars.
    Lt,
    /// `<=` on scalars.
    Le,
    /// `>` on scalars.
    Gt,
    /// `>=` on scalars.
    Ge,
    /// The smaller; floats as `f64::min`: the other operand where one is NaN; of -0.0 and
    /// 0.0 the first operand.
    Min,
    /// The larger; floats as `f64::max`, likewise.
    Max,
    /// Integers: clamped to the type's range instead of wrapping.
    SaturatingAdd,
    /// Integers: clamped to the type's range instead of wrapping.
    SaturatingSub,
    /// The upper half of the full product of integers.
    MulHigh,
    /// Floats: the magnitude of `lhs` with the sign of `rhs`.
    Copysign,
    /// Floats, as in std.
    Atan2,
    /// Floats, as in std.
    Hypot,
    /// Floats, as in std.
    Powf,
    /// Floats: `rhs` is an `i32`; repeated squaring as in rustc's runtime: `r = 1; loop {
    /// if n odd { r *= x } n /= 2 (towards zero); if n == 0 break; x *= x }`, then `1 / r`
    /// for a negative exponent.
    Powi,
    /// Integers: `rhs` is an `u32`; wrapping.
    Pow,
}
