//! The strip program: what a kernel does to one element, as operations over lanes and masks
//! with structured loops. No CLIF in it and no notion of how wide a vector is: a back end
//! chooses how many elements (a *group*) it does at once. Every value has one lane for each
//! element of the group, whatever the lane's width.
//!
//! Invariants:
//! * SSA: an operation's operands stand before it, in its region or one around it, and its
//!   value never changes within one turn of the loops around it;
//! * every operation is total and free of side effects, so that all lanes may do all of it
//!   (what could trap has operands that a builder made harmless in lanes that are not meant);
//! * a mask has the width of the lanes that it was made from; operations on masks, and selects,
//!   have operands of one width;
//! * no two values of a region compute the same thing (value numbering), and none is without a
//!   use; what does not depend on a loop stands outside of it;
//! * all loads of an element come before its stores, which are the outputs. Nothing else has an effect: when a
//!   [`Node::Bail`] ends the loop, the group's elements are as if not begun.

use std::fmt;

use brolga_lang::ir::{BinaryOp, DivisionOp, Scalar, UnaryOp};

/// A number of a value in its program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct ValueId(pub(super) u32);

/// What a lane holds. Integers have no sign: operations do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum LaneType {
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
}

impl LaneType {
    pub(super) const fn bits(self) -> u32 {
        match self {
            LaneType::I8 => 8,
            LaneType::I16 => 16,
            LaneType::I32 | LaneType::F32 => 32,
            LaneType::I64 | LaneType::F64 => 64,
        }
    }

    pub(super) const fn is_float(self) -> bool {
        matches!(self, LaneType::F32 | LaneType::F64)
    }

    /// A scalar type that has these lanes.
    pub(super) const fn scalar(self) -> Scalar {
        match self {
            LaneType::I8 => Scalar::U8,
            LaneType::I16 => Scalar::U16,
            LaneType::I32 => Scalar::U32,
            LaneType::I64 => Scalar::U64,
            LaneType::F32 => Scalar::F32,
            LaneType::F64 => Scalar::F64,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            LaneType::I8 => "i8",
            LaneType::I16 => "i16",
            LaneType::I32 => "i32",
            LaneType::I64 => "i64",
            LaneType::F32 => "f32",
            LaneType::F64 => "f64",
        }
    }
}

/// The type of a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum ValueType {
    Lane(LaneType),
    /// One truth value a lane, held in so many bits: 8, 16, 32 or 64.
    Mask(u32),
    /// How many bytes a turn of a loop lies behind its first one in an operand ([`Along`]): one
    /// number for all lanes, in no vector.
    Offset,
}

impl ValueType {
    /// The width of a lane.
    pub(super) const fn bits(self) -> u32 {
        match self {
            ValueType::Lane(lane) => lane.bits(),
            ValueType::Mask(bits) => bits,
            ValueType::Offset => 8,
        }
    }

    pub(super) const fn is_float(self) -> bool {
        matches!(self, ValueType::Lane(lane) if lane.is_float())
    }
}

/// Operations on one lane value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum LaneUnary {
    /// Floats.
    Sqrt,
    Floor,
    Ceil,
    Trunc,
    /// Floats: halves to even.
    Nearest,
    /// Wrapping negation of integers.
    Negate,
    /// Wrapping absolute value of signed integers.
    Absolute,
    /// The same bits as the result's type.
    Reinterpret,
}

/// Operations on two lane values of one type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum LaneBinary {
    /// Wrapping for integers; so are `Sub` and `Mul`.
    Add,
    Sub,
    Mul,
    /// Floats.
    Div,
    /// Bits, of floats too; so are `Or` and `Xor`.
    And,
    Or,
    Xor,
    /// Integers; so are the three below.
    SignedMin,
    SignedMax,
    UnsignedMin,
    UnsignedMax,
}

/// Shifts of integer lanes by a constant below the width.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum ShiftOp {
    Left,
    RightUnsigned,
    RightSigned,
}

/// Comparisons. Float comparisons with a NaN are false, but for `NotEqual` and `Unordered`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    /// Floats and signed integers; so are the three below.
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// Unsigned integers; so are the three below.
    Below,
    BelowEqual,
    Above,
    AboveEqual,
    /// Floats: whether one is a NaN.
    Unordered,
}

impl Comparison {
    /// The comparison that holds for integers exactly when this one does not, where that
    /// one is cheaper in the usual instruction sets (which have "equal" and "greater").
    pub(super) const fn cheaper_opposite(self) -> Option<Comparison> {
        match self {
            Comparison::NotEqual => Some(Comparison::Equal),
            Comparison::LessEqual => Some(Comparison::Greater),
            Comparison::GreaterEqual => Some(Comparison::Less),
            Comparison::Equal
            | Comparison::Less
            | Comparison::Greater
            | Comparison::Below
            | Comparison::BelowEqual
            | Comparison::Above
            | Comparison::AboveEqual
            | Comparison::Unordered => None,
        }
    }
}

/// Operations on two masks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum MaskBinary {
    And,
    Or,
    Xor,
}

/// One operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Operation {
    /// The same bits in every lane.
    Constant(u64),
    /// The same truth value in every lane.
    MaskConstant(bool),
    /// The element of an input, by its operand number. A `bool` (a byte of 0 or 1) is a mask of
    /// 8 bits.
    Load(usize),
    /// The elements of an operand that a loop goes along, by its operand number, at an offset.
    LoadAt(usize, Spread, ValueId),
    /// What is set from outside the list: a loop's carried value, its result, its counter or an
    /// offset ([`Loop`]). Never equal to another one, and in no [`Node::Value`].
    Parameter,
    /// How many elements stand before this one in the call: `i64` lanes.
    Position,
    Unary(LaneUnary, ValueId),
    Binary(LaneBinary, ValueId, ValueId),
    Shift(ShiftOp, ValueId, u32),
    /// Shifts of integer lanes by the lanes of another value of the same type, all below the width.
    ShiftLanes(ShiftOp, ValueId, ValueId),
    /// `x as to`, of a value of the first type, with Rust's rules; the lanes are different, and
    /// neither type is `bool`, `isize` or `usize`. Between integers the result's type is
    /// unsigned, and so is the source's unless the result is wider.
    Cast(Scalar, Scalar, ValueId),
    /// Integer quotient or remainder, of signed or unsigned lanes; no divisor is 0, and none is -1
    /// under a smallest dividend.
    Division(DivisionOp, bool, ValueId, ValueId),
    /// The upper half of the full product of signed or unsigned lanes.
    MulHigh(bool, ValueId, ValueId),
    /// A function of the NRT that has a strip form (`nrt_v_`), of one float: cheap for many
    /// elements at once.
    Math(UnaryOp, ValueId),
    /// As `Math`, of two floats, or of a float and an `i32` (`powi`).
    Math2(BinaryOp, ValueId, ValueId),
    /// An operation without a vector form, done lane by lane by scalar code.
    Lanewise(UnaryOp, ValueId),
    /// As `Lanewise`, of two values.
    Lanewise2(BinaryOp, ValueId, ValueId),
    /// `a * b + c`, rounded once.
    Fma(ValueId, ValueId, ValueId),
    /// A mask, from two lane values of one type.
    Compare(Comparison, ValueId, ValueId),
    /// Lane by lane: the first value where the mask is true, else the second.
    Select(ValueId, ValueId, ValueId),
    MaskNot(ValueId),
    MaskBinary(MaskBinary, ValueId, ValueId),
    /// 1 where the mask is true, else 0, in integer lanes of the mask's width.
    MaskToInteger(ValueId),
    /// The same truth values in a mask of another width.
    MaskResize(ValueId),
}

impl Operation {
    /// The values that it reads.
    pub(super) fn operands(self) -> impl Iterator<Item = ValueId> {
        use Operation::*;
        let operands = match self {
            Constant(_) | MaskConstant(_) | Load(_) | Parameter | Position => [None; 3],
            LoadAt(_, _, a)
            | Unary(_, a)
            | Shift(_, a, _)
            | Cast(_, _, a)
            | Math(_, a)
            | Lanewise(_, a)
            | MaskNot(a)
            | MaskToInteger(a)
            | MaskResize(a) => [Some(a), None, None],
            Binary(_, a, b)
            | Compare(_, a, b)
            | MaskBinary(_, a, b)
            | ShiftLanes(_, a, b)
            | Division(_, _, a, b)
            | MulHigh(_, a, b)
            | Math2(_, a, b)
            | Lanewise2(_, a, b) => [Some(a), Some(b), None],
            Fma(a, b, c) | Select(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        operands.into_iter().flatten()
    }

    pub(super) fn map(self, mut to: impl FnMut(ValueId) -> ValueId) -> Operation {
        use Operation::*;
        match self {
            Constant(_) | MaskConstant(_) | Load(_) | Parameter | Position => self,
            LoadAt(number, spread, a) => LoadAt(number, spread, to(a)),
            Cast(from, into, a) => Cast(from, into, to(a)),
            Math(op, a) => Math(op, to(a)),
            Lanewise(op, a) => Lanewise(op, to(a)),
            MaskResize(a) => MaskResize(to(a)),
            ShiftLanes(op, a, b) => ShiftLanes(op, to(a), to(b)),
            Division(op, signed, a, b) => Division(op, signed, to(a), to(b)),
            MulHigh(signed, a, b) => MulHigh(signed, to(a), to(b)),
            Math2(op, a, b) => Math2(op, to(a), to(b)),
            Lanewise2(op, a, b) => Lanewise2(op, to(a), to(b)),
            Unary(op, a) => Unary(op, to(a)),
            Shift(op, a, amount) => Shift(op, to(a), amount),
            MaskNot(a) => MaskNot(to(a)),
            MaskToInteger(a) => MaskToInteger(to(a)),
            Binary(op, a, b) => Binary(op, to(a), to(b)),
            Compare(op, a, b) => Compare(op, to(a), to(b)),
            MaskBinary(op, a, b) => MaskBinary(op, to(a), to(b)),
            Fma(a, b, c) => Fma(to(a), to(b), to(c)),
            Select(mask, a, b) => Select(to(mask), to(a), to(b)),
        }
    }

    /// Whether it is work, rather than a constant or an access to memory.
    fn is_work(self) -> bool {
        !matches!(
            self,
            Operation::Constant(_)
                | Operation::MaskConstant(_)
                | Operation::Load(_)
                | Operation::LoadAt(..)
                | Operation::Parameter
                | Operation::Unary(LaneUnary::Reinterpret, _)
        )
    }
}

/// An entry of the list.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Entry {
    pub(super) operation: Operation,
    pub(super) ty: ValueType,
}

/// A step of a program. Constants, loads and positions stand at top level, before the first
/// node that reads them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Node {
    /// Computes this value, by its entry's operation.
    Value(ValueId),
    /// Runs a loop.
    Loop(Loop),
    /// Where the mask is true in some lane the whole call ends before this group: a scalar loop
    /// does the rest, and meets the failure itself.
    Bail(ValueId),
}

/// A loop that runs while some lane is in it: `do { body } while (any lane of again)`. All lanes
/// do every turn; the builder made what changes in lanes that have left a select.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Loop {
    /// What a turn gets from the one before.
    pub(super) carried: Vec<Carried>,
    /// The number of the turn, from 0, the same in all lanes: an `i64` parameter.
    pub(super) counter: Option<ValueId>,
    /// How far it has gone along operands.
    pub(super) along: Vec<Along>,
    /// The most turns that it makes, where that is known: 1 or more.
    pub(super) turns: Option<Turns>,
    /// The lanes that want another turn: a mask. `None` where `turns` alone ends it.
    pub(super) again: Option<ValueId>,
    /// Whether it may run for ever: the cancel flag is looked at.
    pub(super) endless: bool,
    pub(super) body: Vec<Node>,
}

/// A number of turns that is the same for all lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Turns {
    /// Known to the compiler.
    Known(u64),
    /// Given with the call: what stands in the place of the address of the operand with this
    /// number, 1 or more.
    Word(usize),
}

impl Turns {
    /// The number, where the compiler knows it.
    pub(super) const fn known(self) -> Option<u64> {
        match self {
            Turns::Known(turns) => Some(turns),
            Turns::Word(_) => None,
        }
    }
}

/// How far a loop has gone along an operand, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Along {
    /// The offset in a turn: a parameter.
    pub(super) parameter: ValueId,
    /// The offset in the first turn: that of a loop around, or `None` for 0.
    pub(super) before: Option<ValueId>,
    /// What is added for each turn: what stands in the place of the address of the operand with
    /// this number.
    pub(super) step: usize,
}

/// Where the elements of neighbouring lanes lie, in an operand that a loop goes along.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Spread {
    /// All lanes have the same one.
    Same,
    /// One behind the other.
    Dense,
    /// At any distance, the operand's step.
    Apart,
}

/// A value that goes from one turn to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Carried {
    /// The value in a turn: a parameter.
    pub(super) parameter: ValueId,
    /// Its value in the first turn.
    pub(super) initial: ValueId,
    /// Its value in the next turn, made in the body.
    pub(super) next: ValueId,
    /// The `next` of the last turn, after the loop: a parameter.
    pub(super) result: ValueId,
}

/// A scalar in memory that takes in a value of each element: `cell = cell op value`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reduction {
    /// Where the scalar lies; its step is 0.
    pub(super) cell: Operand,
    /// `Add`, `Mul`, `And`, `Or`, `Xor`, `Min` or `Max`.
    pub(super) op: BinaryOp,
    /// What is taken in.
    pub(super) value: ValueId,
    /// Whether the order of the elements must be kept, as for sums of floats.
    pub(super) ordered: bool,
}

/// The numbers of operands that do not move: from here on, by the offset in the block of
/// uniforms (for a kernel's own loop that is the block of globals), in bytes.
pub(super) const FIRST_GLOBAL: usize = 1 << 40;

/// The most inputs that a loop keeps in registers.
const MOST_KEPT: usize = 4;

/// An operand in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Operand {
    /// Its number among the operands of the entry point.
    pub(super) number: usize,
    /// The type of its elements. A half or complex number is none: what has such operands
    /// gets no strip program, or sees the bits of a half.
    pub(super) scalar: Scalar,
}

impl Operand {
    /// The offset of a global in the block of globals; `None` for an operand of the entry.
    pub(super) fn global(&self) -> Option<usize> {
        self.number.checked_sub(FIRST_GLOBAL)
    }
}

/// A whole program.
#[derive(Clone, Debug)]
pub(crate) struct StripProgram {
    /// Whether blends cost one instruction (SSE4.1), which decides how masks are applied.
    pub(super) fast_blend: bool,
    /// Whether operations take an operand from memory at any alignment (AVX). Without that
    /// Cranelift 0.135 folds loads into float comparisons that need alignment.
    pub(super) folds_loads: bool,
    /// Every value, by its number.
    pub(super) entries: Vec<Entry>,
    /// What is done to an element, in order.
    pub(super) body: Vec<Node>,
    /// The inputs that are read, by operand number; globals are among them, and do not move.
    pub(super) inputs: Vec<Operand>,
    /// Every output with its value.
    pub(super) outputs: Vec<(Operand, ValueId)>,
    /// The numbers of inputs, globals aside, that do not move in any call.
    pub(super) still: Vec<usize>,
    /// Whether loops of it go along operands.
    pub(super) goes_along: bool,
    /// The scalars that take in all elements.
    pub(super) reductions: Vec<Reduction>,
    /// The same for calls of some forms; a call takes the first that fits it, else this program.
    pub(super) versions: Vec<Version>,
}

/// A program for calls in which some inputs do not move.
#[derive(Clone, Debug)]
pub(super) struct Version {
    /// The inputs whose steps must be 0.
    pub(super) fixed: Vec<Operand>,
    /// Those of them that must be no NaN.
    pub(super) numbers: Vec<Operand>,
    /// The program: `fixed` stand still in it, and it has no versions.
    pub(super) strip: StripProgram,
}

impl StripProgram {
    pub(super) fn entry(&self, value: ValueId) -> Entry {
        self.entries[value.0 as usize]
    }

    /// Whether an input is the same for all elements of every call.
    pub(super) fn stands_still(&self, operand: &Operand) -> bool {
        operand.global().is_some() || self.still.contains(&operand.number)
    }

    /// Whether this loads an input that the loop keeps in a register from its start on: one of
    /// the first few that stand still.
    pub(super) fn is_kept(&self, operation: Operation) -> bool {
        let Operation::Load(number) = operation else {
            return false;
        };
        let still = self.inputs.iter().filter(|input| self.stands_still(input));
        !super::by_strips(self)
            && still
                .filter(|input| input.scalar != Scalar::Bool)
                .take(MOST_KEPT)
                .any(|input| input.number == number)
    }

    /// The width of the widest lane.
    pub(super) fn widest(&self) -> u32 {
        let bits = self.entries.iter().map(|entry| entry.ty.bits());
        bits.max().unwrap_or(8)
    }

    /// How many of the widest lanes a 128-bit vector has.
    pub(super) fn lanes(&self) -> u32 {
        128 / self.widest()
    }

    /// How many vectors of the widest lanes a group has.
    pub(super) fn group_vectors(&self) -> u32 {
        super::size::group_vectors(self)
    }

    /// The values that leave the group: those of outputs, then those of reductions.
    pub(super) fn results(&self) -> impl Iterator<Item = ValueId> {
        let outputs = self.outputs.iter().map(|(_, value)| *value);
        outputs.chain(self.reductions.iter().map(|reduction| reduction.value))
    }

    /// How many elements a group has.
    pub(super) fn group(&self) -> u32 {
        self.group_vectors() * self.lanes()
    }

    /// The number of operations for one element, loads, stores and constants aside.
    pub(super) fn operations(&self) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.operation.is_work())
            .count()
    }
}

impl fmt::Display for StripProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report().fmt(f)
    }
}
