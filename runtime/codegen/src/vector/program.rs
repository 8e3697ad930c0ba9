//! The strip program: what a kernel does to one element, as a list of operations over lanes
//! and masks. No CLIF in it, no control flow and no notion of how wide a vector is: a back
//! end chooses how many lanes it does at once.
//!
//! Invariants:
//! * SSA: an operation's operands stand before it, and its value never changes;
//! * every operation is total and free of side effects, so that all lanes may do all of it;
//! * all lane values have the same width, [`StripProgram::lane_bits`]; a mask has one truth
//!   value for each lane;
//! * no two entries compute the same thing (value numbering), none is without a use, and a
//!   load stands directly before the first operation that uses it;
//! * all loads of an element come before its stores, which are the outputs
//!   ([`StripProgram::stores`] says where).

use std::collections::HashMap;
use std::fmt;

use brolga_lang::ir::Scalar;

/// A number of a value in its program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct ValueId(pub(super) u32);

/// What a lane holds. Integers have no sign: operations do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum LaneType {
    I32,
    I64,
    F32,
    F64,
}

impl LaneType {
    pub(super) const fn bits(self) -> u32 {
        match self {
            LaneType::I32 | LaneType::F32 => 32,
            LaneType::I64 | LaneType::F64 => 64,
        }
    }

    pub(super) const fn is_float(self) -> bool {
        matches!(self, LaneType::F32 | LaneType::F64)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
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
    Mask,
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
    /// Signed integers to floats of the same width, rounded to nearest.
    FromSigned,
    /// Unsigned integers to floats of the same width, rounded to nearest.
    FromUnsigned,
    /// `f32` to `i32`, saturating, NaN to 0.
    ToSigned,
    /// `f32` to `u32`, saturating, NaN to 0.
    ToUnsigned,
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
    /// `i32` lanes only; so are the three below.
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
    /// The element of an input, by its operand number. For masks a byte of 0 or 1.
    Load(usize),
    Unary(LaneUnary, ValueId),
    Binary(LaneBinary, ValueId, ValueId),
    Shift(ShiftOp, ValueId, u32),
    /// `a * b + c`, rounded once.
    Fma(ValueId, ValueId, ValueId),
    /// A mask, from two lane values of one type.
    Compare(Comparison, ValueId, ValueId),
    /// Lane by lane: the first value where the mask is true, else the second.
    Select(ValueId, ValueId, ValueId),
    MaskNot(ValueId),
    MaskBinary(MaskBinary, ValueId, ValueId),
    /// 1 where the mask is true, else 0, in integer lanes.
    MaskToInteger(ValueId),
}

impl Operation {
    /// The values that it reads.
    pub(super) fn operands(self) -> impl Iterator<Item = ValueId> {
        use Operation::*;
        let operands = match self {
            Constant(_) | MaskConstant(_) | Load(_) => [None; 3],
            Unary(_, a) | Shift(_, a, _) | MaskNot(a) | MaskToInteger(a) => [Some(a), None, None],
            Binary(_, a, b) | Compare(_, a, b) | MaskBinary(_, a, b) => [Some(a), Some(b), None],
            Fma(a, b, c) | Select(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        operands.into_iter().flatten()
    }

    fn map(self, mut to: impl FnMut(ValueId) -> ValueId) -> Operation {
        use Operation::*;
        match self {
            Constant(_) | MaskConstant(_) | Load(_) => self,
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

/// The numbers of operands that are globals: from here on, by the offset in the block of
/// globals, in bytes.
pub(super) const FIRST_GLOBAL: usize = 1 << 40;

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
    /// The width of a lane: 32 or 64, or 8 where there are only masks.
    pub(super) lane_bits: u32,
    /// Whether blends cost one instruction (SSE4.1), which decides how masks are applied.
    pub(super) fast_blend: bool,
    pub(super) entries: Vec<Entry>,
    /// The inputs that are read, by operand number; globals are among them, and do not move.
    pub(super) inputs: Vec<Operand>,
    /// Every output with its value.
    pub(super) outputs: Vec<(Operand, ValueId)>,
}

impl StripProgram {
    pub(super) fn entry(&self, value: ValueId) -> Entry {
        self.entries[value.0 as usize]
    }

    /// How many lanes a 128-bit vector has.
    pub(super) fn lanes(&self) -> u32 {
        128 / self.lane_bits
    }

    /// After which entry each output is stored: once it is computed and all loads are done.
    pub(super) fn stores(&self) -> impl Iterator<Item = usize> {
        let is_load = |entry: &Entry| matches!(entry.operation, Operation::Load(_));
        let last_load = self.entries.iter().rposition(is_load).unwrap_or(0);
        self.outputs
            .iter()
            .map(move |(_, value)| last_load.max(value.0 as usize))
    }

    /// The largest number of values, constants aside, that are needed at the same time.
    fn most_live(&self) -> usize {
        let mut last_use: Vec<usize> = (0..self.entries.len()).collect();
        for (k, entry) in self.entries.iter().enumerate() {
            for operand in entry.operation.operands() {
                last_use[operand.0 as usize] = k;
            }
        }
        for ((_, value), stored) in self.outputs.iter().zip(self.stores()) {
            let last = &mut last_use[value.0 as usize];
            *last = stored.max(*last);
        }
        let is_constant = |entry: &Entry| {
            matches!(
                entry.operation,
                Operation::Constant(_) | Operation::MaskConstant(_)
            )
        };
        // How many die after each entry, to sweep once.
        let mut dying = vec![0_usize; self.entries.len()];
        for (k, entry) in self.entries.iter().enumerate() {
            if !is_constant(entry) {
                dying[last_use[k]] += 1;
            }
        }
        let (mut live, mut most) = (0_usize, 0);
        for (k, entry) in self.entries.iter().enumerate() {
            live += usize::from(!is_constant(entry));
            most = most.max(live);
            live -= dying[k];
        }
        most
    }

    /// How many vectors a group has: as many as fit the 16 vector registers, 2 to 4. One
    /// group in flight leaves the latency of the operations uncovered, and more than 4
    /// spill. With bytes in memory a power of two, so that a group's bytes are one access.
    pub(super) fn group_vectors(&self) -> u32 {
        const REGISTERS: usize = 16;
        let fit = (REGISTERS / self.most_live().max(1)) as u32;
        let has_bytes = self
            .inputs
            .iter()
            .chain(self.outputs.iter().map(|(operand, _)| operand))
            .any(|operand| operand.scalar == Scalar::Bool);
        match fit.clamp(2, 4) {
            3 if has_bytes => 2,
            vectors => vectors,
        }
    }

    /// The number of operations for one element, loads, stores and constants aside.
    pub(super) fn operations(&self) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.operation.is_work())
            .count()
    }

    /// The lane type that the report names: that of the first lane value.
    fn main_type(&self) -> String {
        self.entries
            .iter()
            .find_map(|entry| match entry.ty {
                ValueType::Lane(lane) => Some(lane.name().to_string()),
                ValueType::Mask => None,
            })
            .unwrap_or_else(|| format!("i{}", self.lane_bits))
    }
}

impl fmt::Display for StripProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vectors = self.group_vectors();
        let operations = self.operations();
        write!(
            f,
            "vector loop: {vectors} x {}x{} ({} elements a turn), {operations} operation{}",
            self.main_type(),
            self.lanes(),
            vectors * self.lanes(),
            if operations == 1 { "" } else { "s" },
        )
    }
}

/// A list under construction: value-numbered, not yet swept.
#[derive(Default)]
pub(super) struct EntryList {
    entries: Vec<Entry>,
    numbers: HashMap<Entry, ValueId>,
}

impl EntryList {
    /// The value of this operation: an earlier one where there is one.
    pub(super) fn add(&mut self, operation: Operation, ty: ValueType) -> ValueId {
        let entry = Entry { operation, ty };
        *self.numbers.entry(entry).or_insert_with(|| {
            self.entries.push(entry);
            ValueId(self.entries.len() as u32 - 1)
        })
    }

    pub(super) fn entry(&self, value: ValueId) -> Entry {
        self.entries[value.0 as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entries that `roots` need, loads moved down to their first use, and the roots'
    /// new numbers.
    pub(super) fn sweep(self, roots: &[ValueId]) -> (Vec<Entry>, Vec<ValueId>) {
        let mut needed = vec![false; self.entries.len()];
        for root in roots {
            needed[root.0 as usize] = true;
        }
        for k in (0..self.entries.len()).rev() {
            if needed[k] {
                for operand in self.entries[k].operation.operands() {
                    needed[operand.0 as usize] = true;
                }
            }
        }
        let mut swept = Vec::new();
        let mut moved: Vec<Option<ValueId>> = vec![None; self.entries.len()];
        let place = |k: usize, swept: &mut Vec<Entry>, moved: &mut Vec<Option<ValueId>>| {
            *moved[k].get_or_insert_with(|| {
                swept.push(self.entries[k]);
                ValueId(swept.len() as u32 - 1)
            })
        };
        for (k, entry) in self.entries.iter().enumerate() {
            let is_leaf = entry.operation.operands().next().is_none();
            if !needed[k] || is_leaf {
                continue;
            }
            let operation = entry
                .operation
                .map(|operand| place(operand.0 as usize, &mut swept, &mut moved));
            swept.push(Entry {
                operation,
                ty: entry.ty,
            });
            moved[k] = Some(ValueId(swept.len() as u32 - 1));
        }
        let roots = roots
            .iter()
            .map(|root| place(root.0 as usize, &mut swept, &mut moved))
            .collect();
        (swept, roots)
    }
}
