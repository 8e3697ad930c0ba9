//! Vector code for the loops inside a kernel: a counted loop over elements of views is cut out
//! as an elementwise kernel of its own, which the vectoriser ([`crate::vector`]) takes like any
//! other. No CLIF in here; how the loop is called stands in `translate/inner.rs`.
//!
//! What the loop reads of views becomes operands, what it writes results, locals and lengths
//! from outside operands that do not move, and `total = total + x` a reduction. A way out of the
//! loop other than its end (`break`, `return`, a panic) is a failure of the cut-out kernel: its
//! vector loop stops before that group, and the scalar loop goes on from there.
//!
//! A loop in the body may go along views as well, where it makes the same turns in every iteration
//! ([`nested`]): each lane is an iteration of the loop around, and reads at the offset of the turn
//! ([`crate::vector::Nest`]). That all of these elements are inside is checked for all turns of all
//! iterations together, before the loop. Where the loop in the body runs on vectors itself, the one
//! around does not.
//!
//! That the elements are independent is shown, never assumed ([`access`]): views that are written
//! are parameters of their own or fresh memory, so that nothing else overlaps them, and what is
//! written is read at the same place only.

mod access;
mod body;
mod floors;
mod nested;
mod reduction;

use brolga_lang::ir::{
    BinaryOp, Element, Entry, Expr, For, Function, FunctionId, LocalId, Operand, Order, Program,
    Scalar, Type, Unhashed,
};

use crate::vector::{Refusal, StripProgram, VectorFeatures, vectorise_nest};

pub(crate) use access::{Access, Place, places};

/// Something from outside of the loop that is the same in every iteration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Uniform {
    /// A scalar of a local: the number of its machine value.
    Local(LocalId, usize),
    /// The length of a view's axis.
    Length(LocalId, u8),
    /// The loop variable in the first iteration.
    First,
    /// The variable of a loop in the body in its first turn, by the loop's number among
    /// [`InnerLoop::nested`].
    Start(usize),
}

/// One operand of the cut-out kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Source<'p> {
    /// An element of a view.
    Element(Access<'p>),
    /// A scalar that does not move.
    Uniform(Uniform, Scalar),
    /// How many turns a loop in the body makes, at least 1; no memory stands behind it.
    Turns(usize),
    /// How far such a turn goes along these axes of a view together, in bytes; no memory stands
    /// behind it.
    Stride(LocalId, Vec<usize>),
    /// The number of the iteration; no memory stands behind it.
    Position,
    /// A local that takes in every element.
    Reduction(LocalId, BinaryOp, Scalar),
}

/// A loop that runs on vectors.
pub(crate) struct InnerLoop<'p> {
    /// What is done to an element.
    pub strip: StripProgram,
    /// The operands by number: those that are read, then those that are written.
    pub operands: Vec<Source<'p>>,
    /// The loops in the body that make the same turns in every iteration.
    pub nested: Vec<&'p For>,
}

impl InnerLoop<'_> {
    /// Whether loops in the body go along views.
    pub(crate) fn goes_along(&self) -> bool {
        let mut operands = self.operands.iter();
        operands.any(|operand| matches!(operand, Source::Turns(_)))
    }
}

/// The cut-out kernel of a loop, or why there is none.
pub(crate) fn cut<'p>(
    program: &'p Program,
    function: &'p Function,
    range: &'p For,
    features: VectorFeatures,
) -> Result<InnerLoop<'p>, Refusal> {
    let variable = nested::variable(range)
        .ok_or_else(|| Refusal::new("has a loop variable of fewer than 64 bits"))?;
    if range.step.is_some() || range.order != Order::Forward || range.inclusive {
        return Err(Refusal::new("does not count up by one to below its end"));
    }
    let facts = access::Facts::of(function, range)?;
    let accesses = access::accesses(function, range, &facts)?;
    let reductions = reduction::find(function, range, &facts)?;
    let cut = body::cut(function, range, variable, &facts, accesses, &reductions)?;
    let calls = cut.calls;
    let mut functions = vec![cut.function];
    if calls {
        functions.extend(program.functions.iter().skip(1).cloned());
    }
    let kernel = Program {
        entry: Entry {
            params: cut
                .inputs
                .iter()
                .map(|(_, scalar)| Operand {
                    ty: Type::Scalar(*scalar),
                    core: Vec::new(),
                })
                .collect(),
            results: cut
                .outputs
                .iter()
                .map(|(_, scalar)| Element::Scalar(*scalar))
                .collect(),
            core_dims: 0,
            fixed_dims: Vec::new(),
            looped: true,
            parallel: false,
        },
        functions,
        fastmath: program.fastmath,
        globals: program.globals.clone(),
        sites: Unhashed(body::with_way_out(&program.sites.0)),
    };
    let mut strip = vectorise_nest(&kernel, features, cut.nest)?;
    let operands: Vec<Source<'p>> = cut
        .inputs
        .into_iter()
        .chain(cut.outputs)
        .map(|(source, _)| source)
        .collect();
    for (number, operand) in operands.iter().enumerate() {
        match operand {
            Source::Position => strip.read_position(number),
            Source::Reduction(local, op, _) => {
                let ordered = reductions
                    .iter()
                    .any(|reduction| reduction.local == *local && reduction.ordered(program));
                strip.reduce(number, *op, ordered);
            }
            Source::Uniform(..) => strip.stand_still(number),
            Source::Element(access) if !access.moves() => strip.stand_still(number),
            Source::Element(_) | Source::Turns(_) | Source::Stride(..) => {}
        }
    }
    if strip.gains_nothing() {
        return Err(Refusal::new(
            "does little but take in elements in their order",
        ));
    }
    Ok(InnerLoop {
        strip,
        operands,
        nested: facts.nested,
    })
}

/// Whether `function` may be called from a cut-out kernel: it is not the kernel itself, which
/// another stands for.
fn can_call(function: FunctionId) -> bool {
    function.0 != 0
}

fn is_scalar(e: &Expr) -> Option<Scalar> {
    match e.ty {
        Type::Scalar(scalar) => Some(scalar),
        _ => None,
    }
}
