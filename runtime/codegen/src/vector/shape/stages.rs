//! The body of a strip program, cut at its calls of strip functions into stages: what each
//! stage computes group by group, what it keeps in buffers of a strip for later, and the calls
//! that follow it. No code in it.
//!
//! A value's stage is the first in which all that it needs is there: the largest of its
//! operands' stages, and one more than that of a call whose result it reads. What is cheap to
//! compute again from memory is computed again in later stages; the rest is kept.
//!
//! Invariant: outputs are stored in the last stage, or written by calls after which nothing
//! reads an input or leaves the strip.

use std::collections::{BTreeMap, BTreeSet};

use brolga_lang::ir::Scalar;

use super::super::lower::{of_loop, strip_symbol};
use super::super::program::{Node, Operand, Operation, StripProgram, ValueId};

/// Where a strip of a value lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// A buffer on the stack.
    Buffer(usize),
    /// The input with this number among the program's.
    Input(usize),
    /// The output with this number among the program's.
    Output(usize),
}

/// What a stage does with each group.
#[derive(Debug)]
pub(super) enum Step<'a> {
    Node(&'a Node),
    /// Stores the value into a buffer.
    Keep(ValueId, usize),
    /// Loads the value from where it was kept, or where a call has put it.
    Reload(ValueId, usize),
}

/// A call of a strip function.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) symbol: String,
    pub(super) target: Place,
    pub(super) sources: Vec<Place>,
}

/// What is done group by group, and then for the whole strip.
#[derive(Debug, Default)]
pub(super) struct Stage<'a> {
    pub(super) steps: Vec<Step<'a>>,
    pub(super) calls: Vec<Call>,
    /// Whether outputs are stored, and reductions take in, with each group.
    pub(super) stores: bool,
}

/// A strip program in stages.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) stages: Vec<Stage<'a>>,
    /// The width of each buffer's elements, in bits.
    pub(super) buffers: Vec<u32>,
    /// The most elements of a strip.
    pub(super) strip: u32,
    strip_program: &'a StripProgram,
}

/// The bytes of all of a strip's buffers: what a strip touches fits the first cache level.
const BUFFER_BYTES: u32 = 24 * 1024;
/// As above, where there are no calls: buffers are for operands at other steps alone, and a
/// frame of less than a page needs no probing.
const FEW_BUFFER_BYTES: u32 = 3 * 1024;
const LONGEST_STRIP: u32 = 512;

impl<'a> Plan<'a> {
    pub(super) fn new(strip: &'a StripProgram) -> Plan<'a> {
        let mut plan = Planner::new(strip).plan();
        let operands = plan.moving_operands().map(|operand| width(operand.scalar));
        let bits: u32 = operands.chain(plan.buffers.iter().copied()).sum();
        let bytes = if plan.has_calls() {
            BUFFER_BYTES
        } else {
            FEW_BUFFER_BYTES
        };
        let fits = bytes * 8 / bits.max(8);
        // A power of two, at least the largest group.
        plan.strip = (1 << fits.max(64).ilog2()).min(LONGEST_STRIP);
        plan
    }

    /// Inputs and outputs that a step leads through memory.
    fn moving_operands(&self) -> impl Iterator<Item = &Operand> {
        self.strip_program
            .inputs
            .iter()
            .chain(
                self.strip_program
                    .outputs
                    .iter()
                    .map(|(operand, _)| operand),
            )
            .filter(|operand| !self.strip_program.stands_still(operand))
    }

    /// The symbols of the NRT that the strips' own code calls.
    pub(super) fn symbols(&self) -> Vec<String> {
        let mut symbols = BTreeSet::new();
        for operand in &self.strip_program.inputs {
            symbols.insert(pack_symbol(operand.scalar));
        }
        for (operand, _) in &self.strip_program.outputs {
            symbols.insert(unpack_symbol(operand.scalar));
        }
        symbols.into_iter().collect()
    }

    /// Whether there are any calls of strip functions.
    pub(super) fn has_calls(&self) -> bool {
        self.stages.iter().any(|stage| !stage.calls.is_empty())
    }

    /// Whether it is one call and nothing else, which needs no strips.
    pub(super) fn is_one_call(&self) -> bool {
        let calls: usize = self.stages.iter().map(|stage| stage.calls.len()).sum();
        calls == 1 && !self.has_groups()
    }

    /// Whether anything is done group by group.
    pub(super) fn has_groups(&self) -> bool {
        self.stages
            .iter()
            .any(|stage| !stage.steps.is_empty() || stage.stores)
    }
}

fn width(scalar: Scalar) -> u32 {
    8 * scalar.dtype().size() as u32
}

/// The NRT's function that gathers elements of this size.
pub(super) fn pack_symbol(scalar: Scalar) -> String {
    format!("nrt_pack_{}", width(scalar))
}

/// The NRT's function that scatters elements of this size.
pub(super) fn unpack_symbol(scalar: Scalar) -> String {
    format!("nrt_unpack_{}", width(scalar))
}

/// A call of a strip function in the body.
struct MathCall {
    value: ValueId,
    stage: usize,
}

struct Planner<'a> {
    strip: &'a StripProgram,
    /// The stage of each value; of a call's result, the one that the call follows.
    stages: Vec<usize>,
    /// How many operations from memory each value is.
    costs: Vec<u32>,
    calls: Vec<MathCall>,
    is_call: Vec<bool>,
    /// The stage of each node of the body.
    of_nodes: Vec<usize>,
    /// The node that sets each value.
    made_by: Vec<Option<usize>>,
}

/// More than anyone computes again.
const DEAR: u32 = 1000;
/// The most operations that are done again rather than kept.
const CHEAP: u32 = 2;

impl<'a> Planner<'a> {
    fn new(strip: &'a StripProgram) -> Planner<'a> {
        let count = strip.entries.len();
        let leaf = |k: usize| strip.entries[k].operation.operands().next().is_none();
        let mut planner = Planner {
            strip,
            stages: vec![0; count],
            costs: (0..count).map(|k| if leaf(k) { 0 } else { DEAR }).collect(),
            calls: Vec::new(),
            is_call: vec![false; count],
            of_nodes: Vec::new(),
            made_by: vec![None; count],
        };
        let mut bails = 0;
        for (k, node) in strip.body.iter().enumerate() {
            let mut stage = 0;
            planner.operands(node, &mut |planner, value| {
                stage = stage.max(planner.ready(value));
            });
            match node {
                Node::Value(value) => planner.place(*value, stage, k),
                Node::Bail(_) => bails = bails.max(stage),
                Node::Loop(inner) => {
                    // What a bail keeps out of a loop may never leave it.
                    stage = stage.max(bails);
                    for carried in &inner.carried {
                        let result = carried.result.0 as usize;
                        planner.stages[result] = stage;
                        planner.costs[result] = DEAR;
                        planner.made_by[result] = Some(k);
                    }
                }
            }
            planner.of_nodes.push(stage);
        }
        planner
    }

    fn place(&mut self, value: ValueId, stage: usize, node: usize) {
        let k = value.0 as usize;
        let operation = self.strip.entries[k].operation;
        self.stages[k] = stage;
        self.made_by[k] = Some(node);
        match operation {
            Operation::Math(..) | Operation::Math2(..) => {
                self.is_call[k] = true;
                self.costs[k] = 0;
                self.calls.push(MathCall { value, stage });
            }
            Operation::Lanewise(..)
            | Operation::Lanewise2(..)
            | Operation::Division(..)
            | Operation::MulHigh(..)
            | Operation::ShiftLanes(..)
            | Operation::Parameter => {}
            _ => {
                let own = u32::from(operation.operands().next().is_some());
                let operands = operation.operands().map(|x| self.costs[x.0 as usize]);
                self.costs[k] = (own + operands.sum::<u32>()).min(DEAR);
            }
        }
    }

    /// The first stage that can read a value.
    fn ready(&self, value: ValueId) -> usize {
        let k = value.0 as usize;
        self.stages[k] + usize::from(self.is_call[k])
    }

    fn is_cheap(&self, value: ValueId) -> bool {
        self.costs[value.0 as usize] <= CHEAP
    }

    /// Calls `found` with every value that a node of the body reads from outside of it.
    fn operands(&mut self, node: &Node, found: &mut dyn FnMut(&mut Self, ValueId)) {
        match node {
            Node::Value(value) => {
                for operand in self.strip.entry(*value).operation.operands() {
                    found(self, operand);
                }
            }
            Node::Bail(mask) => found(self, *mask),
            Node::Loop(inner) => {
                let mut inside = BTreeSet::new();
                let mut read = BTreeSet::new();
                of_loop(self.strip, inner, &mut inside, &mut read);
                for value in read.difference(&inside).copied().collect::<Vec<_>>() {
                    found(self, value);
                }
            }
        }
    }

    /// Whether all outputs can be written by the calls after the last stage.
    fn writes_directly(&self) -> bool {
        let Some(last) = self.calls.iter().map(|call| call.stage).max() else {
            return false;
        };
        let nodes_end = self.of_nodes.iter().all(|&stage| stage <= last);
        let mut seen = BTreeSet::new();
        let each = self.strip.outputs.iter().all(|(_, value)| {
            let k = value.0 as usize;
            self.is_call[k] && self.stages[k] == last && seen.insert(*value)
        });
        let read = self.strip.entries.iter().any(|entry| {
            entry
                .operation
                .operands()
                .any(|operand| seen.contains(&operand))
        });
        let reduces = !self.strip.reductions.is_empty();
        nodes_end && each && !read && !seen.is_empty() && !reduces
    }

    fn plan(mut self) -> Plan<'a> {
        let strip = self.strip;
        let direct = self.writes_directly();
        let last_call = self.calls.iter().map(|call| call.stage).max().unwrap_or(0);
        let of_outputs = strip.results().map(|value| self.ready(value));
        let last = if direct {
            last_call
        } else {
            let of_nodes = self.of_nodes.iter().copied();
            of_nodes.chain(of_outputs).max().unwrap_or(0)
        };
        // A call that has written an output must not be followed by one that reads an input,
        // which may be the same memory.
        let last_calls = self.calls.iter().filter(|call| call.stage == last_call);
        let from_inputs = !direct || last_calls.count() == 1;

        // Where each value is kept that a call reads: not needed for inputs and results.
        let mut kept: BTreeMap<ValueId, usize> = BTreeMap::new();
        let mut uses: BTreeMap<ValueId, Vec<usize>> = BTreeMap::new();
        let mut inputs: BTreeMap<ValueId, usize> = BTreeMap::new();
        for (number, call) in self.calls.iter().enumerate() {
            for source in strip.entry(call.value).operation.operands() {
                uses.entry(source)
                    .or_default()
                    .push(time_of_call(call.stage, number));
                if self.is_call[source.0 as usize] {
                    continue;
                }
                let may_pass = from_inputs || call.stage != last_call;
                match self.moving_input(source) {
                    Some(input) if may_pass => {
                        inputs.insert(source, input);
                    }
                    _ => {
                        let at = if self.is_cheap(source) {
                            call.stage
                        } else {
                            self.stages[source.0 as usize]
                        };
                        let first = kept.entry(source).or_insert(at);
                        *first = at.min(*first);
                    }
                }
            }
        }

        // From the last stage back: what it computes, and what it wants kept by earlier ones.
        let mut needed: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); last + 1];
        let mut reloads: Vec<BTreeSet<ValueId>> = vec![BTreeSet::new(); last + 1];
        for stage in (0..=last).rev() {
            let mut open: Vec<ValueId> = Vec::new();
            for (k, node) in strip.body.iter().enumerate() {
                let is_root = self.of_nodes[k] == stage && !matches!(node, Node::Value(_));
                if is_root && needed[stage].insert(k) {
                    self.operands(node, &mut |_, value| open.push(value));
                }
            }
            if stage == last && !direct {
                open.extend(strip.results());
            }
            open.extend(kept.iter().filter(|(_, at)| **at == stage).map(|(v, _)| *v));
            while let Some(value) = open.pop() {
                let k = value.0 as usize;
                let Some(node) = self.made_by[k] else {
                    continue;
                };
                let elsewhere = self.stages[k] < stage && !self.is_cheap(value);
                if self.is_call[k] || elsewhere {
                    if reloads[stage].insert(value) {
                        uses.entry(value).or_default().push(time_of_loop(stage));
                    }
                    if elsewhere && !self.is_call[k] {
                        kept.entry(value).or_insert(self.stages[k]);
                    }
                } else if needed[stage].insert(node) {
                    self.operands(&strip.body[node], &mut |_, value| open.push(value));
                }
            }
        }

        let buffers = self.buffers(&kept, &uses, direct);
        let mut stages: Vec<Stage<'a>> = (0..=last)
            .map(|stage| Stage {
                steps: self.steps(stage, &needed[stage], &reloads[stage], &kept, &buffers),
                calls: Vec::new(),
                stores: stage == last && !direct,
            })
            .collect();
        let place = |value: ValueId| match inputs.get(&value) {
            Some(&input) if !kept.contains_key(&value) => Place::Input(input),
            _ => buffers.place(strip, value, direct),
        };
        for call in &self.calls {
            let entry = strip.entry(call.value);
            stages[call.stage].calls.push(Call {
                symbol: strip_symbol(entry.operation, entry.ty),
                target: buffers.place(strip, call.value, direct),
                sources: entry.operation.operands().map(place).collect(),
            });
        }
        Plan {
            stages,
            buffers: buffers.widths,
            strip: 0,
            strip_program: strip,
        }
    }

    /// The input that a value is, one that moves with the elements.
    fn moving_input(&self, value: ValueId) -> Option<usize> {
        let Operation::Load(number) = self.strip.entry(value).operation else {
            return None;
        };
        self.strip
            .inputs
            .iter()
            .position(|input| input.number == number && !self.strip.stands_still(input))
    }

    /// A stage's nodes in the body's order, with loads as late as they can be.
    fn steps(
        &mut self,
        stage: usize,
        needed: &BTreeSet<usize>,
        reloads: &BTreeSet<ValueId>,
        kept: &BTreeMap<ValueId, usize>,
        buffers: &Buffers,
    ) -> Vec<Step<'a>> {
        let strip = self.strip;
        let mut steps = Vec::new();
        let mut late: BTreeSet<ValueId> = BTreeSet::new();
        let mut done: BTreeSet<ValueId> = BTreeSet::new();
        let mut bring = |value: ValueId,
                         planner: &Self,
                         steps: &mut Vec<Step<'a>>,
                         late: &mut BTreeSet<ValueId>| {
            if reloads.contains(&value) {
                if done.insert(value) {
                    steps.push(Step::Reload(value, buffers.of[&value]));
                }
            } else if late.remove(&value)
                && let Some(node) = planner.made_by[value.0 as usize]
            {
                steps.push(Step::Node(&strip.body[node]));
                if kept.get(&value) == Some(&stage) {
                    steps.push(Step::Keep(value, buffers.of[&value]));
                }
            }
        };
        for &k in needed {
            let node = &strip.body[k];
            if let Node::Value(value) = node {
                let is_load = matches!(strip.entry(*value).operation, Operation::Load(_));
                if is_load {
                    late.insert(*value);
                    continue;
                }
            }
            let mut operands = Vec::new();
            self.operands(node, &mut |_, value| operands.push(value));
            for value in operands {
                bring(value, self, &mut steps, &mut late);
            }
            steps.push(Step::Node(node));
            let mut made = Vec::new();
            match node {
                Node::Value(value) => made.push(*value),
                Node::Loop(inner) => made.extend(inner.carried.iter().map(|c| c.result)),
                Node::Bail(_) => {}
            }
            for value in made {
                if kept.get(&value) == Some(&stage) {
                    steps.push(Step::Keep(value, buffers.of[&value]));
                }
            }
        }
        for value in reloads.iter().copied().chain(late.clone()) {
            bring(value, self, &mut steps, &mut late);
        }
        steps
    }

    /// Gives every kept value and every result of a call a buffer; two share one where the
    /// first is no longer needed when the second comes.
    fn buffers(
        &self,
        kept: &BTreeMap<ValueId, usize>,
        uses: &BTreeMap<ValueId, Vec<usize>>,
        direct: bool,
    ) -> Buffers {
        let mut births: Vec<(usize, ValueId, bool)> = kept
            .iter()
            .map(|(value, stage)| (time_of_loop(*stage), *value, false))
            .collect();
        if !direct {
            births.extend(
                self.calls
                    .iter()
                    .enumerate()
                    .map(|(number, call)| (time_of_call(call.stage, number), call.value, true)),
            );
        } else {
            let is_output = |value: ValueId| self.strip.outputs.iter().any(|(_, v)| *v == value);
            births.extend(
                self.calls
                    .iter()
                    .enumerate()
                    .filter(|(_, call)| !is_output(call.value))
                    .map(|(number, call)| (time_of_call(call.stage, number), call.value, true)),
            );
        }
        births.sort();
        let mut buffers = Buffers::default();
        // The last use of what each buffer holds.
        let mut busy: Vec<usize> = Vec::new();
        for (born, value, by_call) in births {
            let bits = self.strip.entry(value).ty.bits();
            let last = uses.get(&value).and_then(|uses| uses.iter().max());
            let last = last.copied().unwrap_or(born);
            // A call may write over its source; a group's loads and stores have no such order.
            let free = (0..busy.len()).find(|&k| {
                buffers.widths[k] == bits && (busy[k] < born || by_call && busy[k] == born)
            });
            let buffer = free.unwrap_or_else(|| {
                busy.push(0);
                buffers.widths.push(bits);
                busy.len() - 1
            });
            busy[buffer] = last;
            buffers.of.insert(value, buffer);
        }
        buffers
    }
}

/// Stages' loops and calls in the order in which they run.
const fn time_of_loop(stage: usize) -> usize {
    stage << 32
}

const fn time_of_call(stage: usize, number: usize) -> usize {
    (stage << 32) + 1 + number
}

#[derive(Default)]
struct Buffers {
    widths: Vec<u32>,
    of: BTreeMap<ValueId, usize>,
}

impl Buffers {
    fn place(&self, strip: &StripProgram, value: ValueId, direct: bool) -> Place {
        let output = strip.outputs.iter().position(|(_, v)| *v == value);
        match output {
            Some(output) if direct => Place::Output(output),
            _ => Place::Buffer(self.of[&value]),
        }
    }
}
