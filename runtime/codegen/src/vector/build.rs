//! Kernel IR to a strip program: what may be vectorised at all, the operands, and the
//! finished list. The walk over statements and branches is in `control.rs`, the single
//! operations in `operators.rs`.

use std::collections::HashMap;

use brolga_lang::ir::{Element, Program, Scalar, Type};
use brolga_lang::layout::{member_offset, size_align};

use super::VectorFeatures;
use super::constant::Constant;
use super::control::Walk;
use super::cost::worth_it;
use super::list::{EntryList, Swept};
use super::nest::Nest;
use super::numbers::Numbers;
use super::operators::malformed;
use super::program::{
    FIRST_GLOBAL, LaneType, Operand, Operation, StripProgram, ValueId, ValueType,
};
use super::refusal::Refusal;

/// What an expression has become: one value for each lane.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Symbol {
    /// Known now; not in the program until an operation needs it.
    Constant(Constant),
    /// An input that nothing has read yet, by operand number.
    Input(usize, Scalar),
    /// A value of the program: a mask for `bool`, else a lane.
    Value(ValueId, Scalar),
    /// A tuple, or an array of a fixed length.
    Tuple(Vec<Symbol>),
}

/// The strip program under construction.
pub(super) struct Builder {
    pub(super) features: VectorFeatures,
    pub(super) list: EntryList,
    /// The globals that were named, by operand number.
    globals: HashMap<usize, Scalar>,
    /// What is known of the operands.
    pub(super) numbers: Numbers,
}

impl Builder {
    /// The most entries: beyond, compile time grows faster than the gain.
    const MOST_ENTRIES: usize = 4000;
    /// The most elements of a global array, each of which is an input of its own.
    const MOST_GLOBAL_ELEMENTS: u32 = 64;

    pub(super) fn new(features: VectorFeatures) -> Builder {
        Builder {
            features,
            list: EntryList::default(),
            globals: HashMap::new(),
            numbers: Numbers::default(),
        }
    }

    pub(super) fn add(&mut self, operation: Operation, ty: ValueType) -> Result<ValueId, Refusal> {
        if self.list.len() >= Builder::MOST_ENTRIES {
            return Err(Refusal::new(format!(
                "has more than {} operations",
                Builder::MOST_ENTRIES
            )));
        }
        if !self.list.can_stand(operation) {
            return Err(Refusal::new(
                "needs what a loop that has ended made in one of its turns",
            ));
        }
        Ok(self.list.add(operation, ty))
    }

    /// A global of a scalar type, or a tuple of such, that lies this far into the block of
    /// globals.
    pub(super) fn global(&mut self, ty: &Type, offset: usize) -> Result<Symbol, Refusal> {
        match ty {
            Type::Scalar(scalar) => {
                let number = FIRST_GLOBAL + offset;
                self.globals.insert(number, *scalar);
                Ok(Symbol::Input(number, *scalar))
            }
            Type::Tuple(members) => (0..members.len())
                .filter_map(|number| member_offset(members, number))
                .map(|(inside, member)| self.global(member, offset + inside as usize))
                .collect::<Result<Vec<_>, _>>()
                .map(Symbol::Tuple),
            Type::Array(element, length) if *length <= Builder::MOST_GLOBAL_ELEMENTS => {
                let size = size_align(element).0 as usize;
                (0..*length as usize)
                    .map(|number| self.global(element, offset + number * size))
                    .collect::<Result<Vec<_>, _>>()
                    .map(Symbol::Tuple)
            }
            Type::Array(..) => Err(Refusal::new("reads a large global array")),
            Type::View(_) | Type::Never => Err(malformed()),
        }
    }

    /// The value of a scalar symbol in the program.
    pub(super) fn value(&mut self, symbol: &Symbol) -> Result<ValueId, Refusal> {
        match symbol {
            Symbol::Constant(constant) => {
                let ty = value_type(constant.scalar)?;
                let operation = match ty {
                    ValueType::Mask(_) => Operation::MaskConstant(constant.bits != 0),
                    ValueType::Lane(_) | ValueType::Offset => Operation::Constant(constant.bits),
                };
                self.add(operation, ty)
            }
            Symbol::Input(number, scalar) => {
                let ty = value_type(*scalar)?;
                self.add(Operation::Load(*number), ty)
            }
            Symbol::Value(value, _) => Ok(*value),
            Symbol::Tuple(_) => Err(Refusal::new("uses a tuple as a number")),
        }
    }

    /// The value of a result of the kernel: a bool as it lies in memory.
    fn result(&mut self, symbol: &Symbol, scalar: Scalar) -> Result<ValueId, Refusal> {
        let value = self.value(symbol)?;
        match scalar {
            Scalar::Bool => self.resize(value, 8),
            _ => Ok(value),
        }
    }
}

/// The lane that holds a number of this type.
pub(super) fn lane_type(scalar: Scalar) -> Result<LaneType, Refusal> {
    match scalar {
        Scalar::F32 => Ok(LaneType::F32),
        Scalar::F64 => Ok(LaneType::F64),
        Scalar::I8 | Scalar::U8 => Ok(LaneType::I8),
        Scalar::I16 | Scalar::U16 => Ok(LaneType::I16),
        Scalar::I32 | Scalar::U32 => Ok(LaneType::I32),
        Scalar::I64 | Scalar::U64 | Scalar::Isize | Scalar::Usize => Ok(LaneType::I64),
        Scalar::Bool => Err(malformed()),
    }
}

/// The type of a value of this type in the program; a bool that comes from nowhere else is a
/// mask as wide as in memory.
pub(super) fn value_type(scalar: Scalar) -> Result<ValueType, Refusal> {
    Ok(match scalar {
        Scalar::Bool => ValueType::Mask(8),
        _ => ValueType::Lane(lane_type(scalar)?),
    })
}

/// The strip program of an elementwise kernel over scalar parameters, or why there is none.
pub(crate) fn try_vectorise(
    program: &Program,
    features: VectorFeatures,
) -> Result<StripProgram, Refusal> {
    let strip = build(program, features)?;
    worth_it(&strip)?;
    Ok(strip)
}

/// The same, whatever it costs.
pub(super) fn build(program: &Program, features: VectorFeatures) -> Result<StripProgram, Refusal> {
    build_with(program, features, Numbers::default()).map(|(strip, _)| strip)
}

/// The same for calls in which some operands are known to be numbers; with those of which that
/// made a difference.
pub(super) fn build_with(
    program: &Program,
    features: VectorFeatures,
    numbers: Numbers,
) -> Result<(StripProgram, Numbers), Refusal> {
    build_all(program, features, Nest::default(), numbers)
}

/// The strip program of a loop with loops in it that go along views, or why there is none.
pub(crate) fn vectorise_nest(
    program: &Program,
    features: VectorFeatures,
    nest: Nest,
) -> Result<StripProgram, Refusal> {
    let (strip, _) = build_all(program, features, nest, Numbers::default())?;
    worth_it(&strip)?;
    Ok(strip)
}

fn build_all(
    program: &Program,
    features: VectorFeatures,
    nest: Nest,
    numbers: Numbers,
) -> Result<(StripProgram, Numbers), Refusal> {
    if !features.x86_64 {
        return Err(Refusal::new("vector code is made for x86-64 only"));
    }
    if !program.entry.looped {
        return Err(Refusal::new("runs once, not over elements"));
    }
    if program.entry.results.is_empty() {
        return Err(Refusal::new("has no scalar result"));
    }
    let kernel = program
        .functions
        .first()
        .ok_or_else(|| Refusal::new("has no function"))?;
    let mut params = Vec::new();
    for param in &program.entry.params {
        match param.ty {
            Type::Scalar(scalar) => params.push(scalar),
            Type::Tuple(_) => return Err(Refusal::new("has complex parameters")),
            Type::View(_) | Type::Array(..) | Type::Never => {
                return Err(Refusal::new("has array parameters"));
            }
        }
    }
    if kernel.recursive {
        return Err(Refusal::new("calls itself"));
    }

    let mut results = Vec::with_capacity(program.entry.results.len());
    for result in &program.entry.results {
        match result {
            Element::Scalar(scalar) => results.push(*scalar),
            Element::Complex(_) => return Err(Refusal::new("has complex results")),
        }
    }
    let mut builder = Builder::new(features);
    builder.numbers = numbers;
    let arguments = params
        .iter()
        .enumerate()
        .map(|(number, &scalar)| Symbol::Input(number, scalar))
        .collect();
    let mut walk = Walk::new(program, builder, nest);
    let result = walk.function(kernel, arguments)?;
    let (mut builder, nest) = walk.into_parts();

    let parts = match result {
        None => return Err(Refusal::new("never returns")),
        Some(Symbol::Tuple(parts)) => parts,
        Some(part) => vec![part],
    };
    if parts.len() != results.len() {
        return Err(Refusal::new("has a nested result"));
    }
    let roots = parts
        .iter()
        .zip(&results)
        .map(|(part, scalar)| builder.result(part, *scalar))
        .collect::<Result<Vec<_>, _>>()?;
    let (globals, numbers) = (builder.globals, builder.numbers);
    let Swept {
        entries,
        body,
        roots,
    } = builder.list.sweep(&roots);
    let inputs = entries
        .iter()
        .filter_map(|entry| match entry.operation {
            Operation::Load(number) => Some(Operand {
                number,
                scalar: *params.get(number).or(globals.get(&number))?,
            }),
            _ => None,
        })
        .collect();
    let outputs = results
        .iter()
        .zip(roots)
        .enumerate()
        .map(|(k, (scalar, value))| {
            let operand = Operand {
                number: params.len() + k,
                scalar: *scalar,
            };
            (operand, value)
        })
        .collect();
    let strip = StripProgram {
        fast_blend: features.sse41,
        folds_loads: features.fma,
        entries,
        body,
        inputs,
        outputs,
        still: Vec::new(),
        goes_along: !nest.is_empty(),
        reductions: Vec::new(),
        versions: Vec::new(),
    };
    Ok((strip, numbers))
}
