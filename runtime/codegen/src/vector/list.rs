//! The list of a strip program under construction: value-numbered, with regions for loops, not
//! yet swept.
//!
//! Invariants:
//! * the open regions are a stack, the outermost the program itself; a new value is placed in the
//!   outermost open region that has all its operands, so that what does not depend on a loop
//!   stands before it, without a search for it;
//! * a value of a closed region is not used any more: what a loop leaves behind are its results;
//! * a bail stands in the region of its mask. The first turn of a loop is always made, so that it
//!   may stand before the loop, and all bails have the same effect, so that their order is free.

use std::collections::{HashMap, HashSet};

use super::program::{
    Along, Carried, Entry, LaneType, Loop, Node, Operation, Turns, ValueId, ValueType,
};

/// The list.
pub(super) struct EntryList {
    entries: Vec<Entry>,
    /// The number of the region that each value is in.
    homes: Vec<u32>,
    /// From outside in.
    open: Vec<Region>,
    regions: u32,
    /// Values that turned out to be others.
    aliases: HashMap<ValueId, ValueId>,
}

#[derive(Default)]
struct Region {
    number: u32,
    steps: Vec<Step>,
    numbers: HashMap<Entry, ValueId>,
    bailed: HashSet<ValueId>,
    carried: Vec<Draft>,
    counter: Option<ValueId>,
    along: Vec<Along>,
}

/// A node that may turn out to be dead.
enum Step {
    Value(ValueId),
    Bail(ValueId),
    Loop(DraftLoop),
}

struct DraftLoop {
    carried: Vec<Draft>,
    counter: Option<ValueId>,
    along: Vec<Along>,
    ending: Ending,
    steps: Vec<Step>,
}

#[derive(Clone, Copy)]
struct Draft {
    parameter: ValueId,
    initial: ValueId,
    next: ValueId,
    /// What may stand for `next` when nothing reads the result.
    unfrozen: Option<ValueId>,
    result: ValueId,
}

/// How a loop ends; as in [`Loop`].
#[derive(Clone, Copy)]
pub(super) struct Ending {
    pub(super) turns: Option<Turns>,
    pub(super) again: Option<ValueId>,
    pub(super) endless: bool,
}

/// A finished list.
pub(super) struct Swept {
    pub(super) entries: Vec<Entry>,
    pub(super) body: Vec<Node>,
    /// The roots' numbers in it.
    pub(super) roots: Vec<ValueId>,
}

impl Default for EntryList {
    fn default() -> EntryList {
        EntryList {
            entries: Vec::new(),
            homes: Vec::new(),
            open: vec![Region::default()],
            regions: 1,
            aliases: HashMap::new(),
        }
    }
}

impl EntryList {
    /// The value of this operation: an earlier one where there is one in reach.
    pub(super) fn add(&mut self, operation: Operation, ty: ValueType) -> ValueId {
        let entry = Entry { operation, ty };
        let depths = operation.operands().map(|operand| self.depth(operand));
        let depth = depths.max().unwrap_or(0);
        if let Some(&value) = self.open[depth].numbers.get(&entry) {
            return value;
        }
        let value = self.push(entry, depth);
        let region = &mut self.open[depth];
        region.numbers.insert(entry, value);
        region.steps.push(Step::Value(value));
        value
    }

    fn push(&mut self, entry: Entry, depth: usize) -> ValueId {
        self.entries.push(entry);
        self.homes.push(self.open[depth].number);
        ValueId(self.entries.len() as u32 - 1)
    }

    /// How many open regions are around that of a value, which is in reach.
    fn depth(&self, value: ValueId) -> usize {
        self.depth_of(value).expect("a value whose region is open")
    }

    fn depth_of(&self, value: ValueId) -> Option<usize> {
        let home = self.homes[value.0 as usize];
        self.open.iter().rposition(|region| region.number == home)
    }

    /// Whether an operation can stand at this point: not if it needs what a loop that has ended
    /// made in a turn.
    pub(super) fn can_stand(&self, operation: Operation) -> bool {
        operation
            .operands()
            .all(|operand| self.depth_of(operand).is_some())
    }

    pub(super) fn entry(&self, value: ValueId) -> Entry {
        self.entries[value.0 as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Ends the call before this group where the mask is true in some lane.
    pub(super) fn bail(&mut self, mask: ValueId) {
        let depth = self.depth(mask);
        let region = &mut self.open[depth];
        if region.bailed.insert(mask) {
            region.steps.push(Step::Bail(mask));
        }
    }

    /// Begins a loop.
    pub(super) fn open(&mut self) {
        self.open.push(Region {
            number: self.regions,
            ..Region::default()
        });
        self.regions += 1;
    }

    fn innermost(&mut self) -> &mut Region {
        self.open.last_mut().expect("the program's own region")
    }

    /// The number of the turn of the innermost loop.
    pub(super) fn counter(&mut self) -> ValueId {
        if let Some(counter) = self.innermost().counter {
            return counter;
        }
        let counter = self.parameter(ValueType::Lane(LaneType::I64));
        self.innermost().counter = Some(counter);
        counter
    }

    /// How far the open loop with this counter has gone along an operand: `step` for each turn,
    /// from `before` on, the offset of a loop around it. `None` if no such loop is open.
    pub(super) fn along(
        &mut self,
        counter: ValueId,
        step: usize,
        before: Option<ValueId>,
    ) -> Option<ValueId> {
        let mut open = self.open.iter();
        let depth = open.position(|region| region.counter == Some(counter))?;
        let mut known = self.open[depth].along.iter();
        if let Some(known) = known.find(|known| known.step == step && known.before == before) {
            return Some(known.parameter);
        }
        let entry = Entry {
            operation: Operation::Parameter,
            ty: ValueType::Offset,
        };
        let parameter = self.push(entry, depth);
        self.open[depth].along.push(Along {
            parameter,
            before,
            step,
        });
        Some(parameter)
    }

    /// How many open loops are around that with this counter.
    pub(super) fn loops_around(&self, counter: ValueId) -> Option<usize> {
        let mut open = self.open.iter();
        open.position(|region| region.counter == Some(counter))
    }

    fn parameter(&mut self, ty: ValueType) -> ValueId {
        let entry = Entry {
            operation: Operation::Parameter,
            ty,
        };
        self.push(entry, self.open.len() - 1)
    }

    /// A value that the innermost loop carries from turn to turn; until [`EntryList::set_next`]
    /// says otherwise it stays as it is.
    pub(super) fn carry(&mut self, initial: ValueId) -> ValueId {
        let parameter = self.parameter(self.entry(initial).ty);
        self.innermost().carried.push(Draft {
            parameter,
            initial,
            next: parameter,
            unfrozen: None,
            result: parameter,
        });
        parameter
    }

    /// What a carried value is in the next turn. `unfrozen` is the same in all lanes that will
    /// make another turn, and anything in the others.
    pub(super) fn set_next(
        &mut self,
        parameter: ValueId,
        next: ValueId,
        unfrozen: Option<ValueId>,
    ) {
        let mut carried = self.innermost().carried.iter_mut();
        if let Some(draft) = carried.find(|draft| draft.parameter == parameter) {
            draft.next = next;
            draft.unfrozen = unfrozen;
        }
    }

    /// Ends the innermost loop; gives the result of each parameter.
    pub(super) fn close(&mut self, ending: Ending) -> HashMap<ValueId, ValueId> {
        let region = self.open.pop().expect("an open loop");
        let mut results = HashMap::new();
        let mut carried = Vec::new();
        for mut draft in region.carried {
            if draft.next == draft.parameter {
                self.aliases.insert(draft.parameter, draft.initial);
                results.insert(draft.parameter, draft.initial);
            } else {
                draft.result = self.parameter(self.entry(draft.parameter).ty);
                results.insert(draft.parameter, draft.result);
                carried.push(draft);
            }
        }
        let step = Step::Loop(DraftLoop {
            carried,
            counter: region.counter,
            along: region.along,
            ending,
            steps: region.steps,
        });
        self.innermost().steps.push(step);
        results
    }

    /// What `roots` and the bails need, with new numbers in the order of the program; loads and
    /// other leaves at top level before their first use.
    pub(super) fn sweep(mut self, roots: &[ValueId]) -> Swept {
        let steps = std::mem::take(&mut self.innermost().steps);
        let needed = Needs::of(&self, &steps, roots);
        let mut placing = Placing {
            list: &self,
            needed,
            entries: Vec::new(),
            moved: vec![None; self.entries.len()],
        };
        let mut body = Vec::new();
        for step in &steps {
            let mut leaves = Vec::new();
            placing.leaves(step, &mut leaves);
            for leaf in leaves {
                placing.leaf(leaf, &mut body);
            }
            placing.step(step, &mut body);
        }
        let roots = roots
            .iter()
            .map(|&root| {
                placing.leaf(root, &mut body);
                placing.moved(root)
            })
            .collect();
        Swept {
            entries: placing.entries,
            body,
            roots,
        }
    }

    fn resolve(&self, mut value: ValueId) -> ValueId {
        while let Some(&other) = self.aliases.get(&value) {
            value = other;
        }
        value
    }

    /// Whether a value can be computed anywhere.
    fn is_leaf(&self, value: ValueId) -> bool {
        let operation = self.entry(value).operation;
        operation != Operation::Parameter && operation.operands().next().is_none()
    }
}

/// What is needed of a list.
struct Needs<'l> {
    list: &'l EntryList,
    values: Vec<bool>,
    /// By the number of the loop, in the order in which loops begin.
    loops: Vec<bool>,
    around: Vec<Option<usize>>,
    again: Vec<Option<ValueId>>,
    /// What a parameter is of which loop.
    roles: HashMap<ValueId, (usize, Role)>,
    work: Vec<ValueId>,
}

#[derive(Clone, Copy)]
enum Role {
    Counter,
    Along(Along),
    Parameter(Draft),
    Result(Draft),
}

impl<'l> Needs<'l> {
    fn of(list: &'l EntryList, steps: &[Step], roots: &[ValueId]) -> Vec<bool> {
        let mut needs = Needs {
            list,
            values: vec![false; list.entries.len()],
            loops: Vec::new(),
            around: Vec::new(),
            again: Vec::new(),
            roles: HashMap::new(),
            work: Vec::new(),
        };
        let mut kept = Vec::new();
        needs.gather(steps, None, &mut kept);
        for number in kept {
            needs.need_loop(number);
        }
        for &root in roots {
            needs.need(root);
        }
        while let Some(value) = needs.work.pop() {
            needs.parts(value);
        }
        needs.values
    }

    /// Notes the loops, those that are needed in any case, and the masks of bails.
    fn gather(&mut self, steps: &[Step], around: Option<usize>, kept: &mut Vec<usize>) {
        for step in steps {
            match step {
                Step::Value(_) => {}
                Step::Bail(mask) => {
                    self.need(*mask);
                    kept.extend(around);
                }
                Step::Loop(inner) => {
                    let number = self.loops.len();
                    self.loops.push(false);
                    self.around.push(around);
                    self.again.push(inner.ending.again);
                    for &draft in &inner.carried {
                        self.roles
                            .insert(draft.parameter, (number, Role::Parameter(draft)));
                        self.roles
                            .insert(draft.result, (number, Role::Result(draft)));
                    }
                    for &along in &inner.along {
                        self.roles
                            .insert(along.parameter, (number, Role::Along(along)));
                    }
                    if let Some(counter) = inner.counter {
                        self.roles.insert(counter, (number, Role::Counter));
                    }
                    if inner.ending.endless {
                        kept.push(number);
                    }
                    self.gather(&inner.steps, Some(number), kept);
                }
            }
        }
    }

    fn need(&mut self, value: ValueId) {
        let value = self.list.resolve(value);
        if !std::mem::replace(&mut self.values[value.0 as usize], true) {
            self.work.push(value);
        }
    }

    fn need_loop(&mut self, number: usize) {
        if std::mem::replace(&mut self.loops[number], true) {
            return;
        }
        if let Some(again) = self.again[number] {
            self.need(again);
        }
        if let Some(around) = self.around[number] {
            self.need_loop(around);
        }
    }

    fn parts(&mut self, value: ValueId) {
        for operand in self.list.entry(value).operation.operands() {
            self.need(operand);
        }
        let Some(&(number, role)) = self.roles.get(&value) else {
            return;
        };
        self.need_loop(number);
        match role {
            Role::Counter => {}
            Role::Along(along) => {
                if let Some(before) = along.before {
                    self.need(before);
                }
            }
            Role::Parameter(draft) => {
                self.need(draft.initial);
                self.need(draft.unfrozen.unwrap_or(draft.next));
            }
            Role::Result(draft) => {
                self.need(draft.initial);
                self.need(draft.next);
            }
        }
    }
}

/// The new list.
struct Placing<'l> {
    list: &'l EntryList,
    needed: Vec<bool>,
    entries: Vec<Entry>,
    moved: Vec<Option<ValueId>>,
}

impl Placing<'_> {
    fn is_needed(&self, value: ValueId) -> bool {
        self.needed[self.list.resolve(value).0 as usize]
    }

    fn moved(&self, value: ValueId) -> ValueId {
        let value = self.list.resolve(value);
        self.moved[value.0 as usize].expect("operands stand before what reads them")
    }

    fn place(&mut self, value: ValueId) -> ValueId {
        let entry = self.list.entry(value);
        let operation = entry.operation.map(|operand| self.moved(operand));
        self.entries.push(Entry { operation, ..entry });
        let moved = ValueId(self.entries.len() as u32 - 1);
        self.moved[value.0 as usize] = Some(moved);
        moved
    }

    fn leaf(&mut self, value: ValueId, body: &mut Vec<Node>) {
        let value = self.list.resolve(value);
        if self.list.is_leaf(value) && self.moved[value.0 as usize].is_none() {
            body.push(Node::Value(self.place(value)));
        }
    }

    /// Whether something of a loop is needed.
    fn is_live(&self, inner: &DraftLoop) -> bool {
        inner.ending.endless
            || self.carried(inner).next().is_some()
            || inner.counter.is_some_and(|counter| self.is_needed(counter))
            || inner.steps.iter().any(|step| match step {
                Step::Value(value) => self.is_needed(*value) && !self.list.is_leaf(*value),
                Step::Bail(_) => true,
                Step::Loop(inner) => self.is_live(inner),
            })
    }

    /// The carried values that are needed, each with the `next` that it needs.
    fn carried(&self, inner: &DraftLoop) -> impl Iterator<Item = (Draft, ValueId)> {
        inner.carried.iter().filter_map(|&draft| {
            if self.is_needed(draft.result) {
                Some((draft, draft.next))
            } else if self.is_needed(draft.parameter) {
                Some((draft, draft.unfrozen.unwrap_or(draft.next)))
            } else {
                None
            }
        })
    }

    /// The operands of a step that may be leaves, in order.
    fn leaves(&self, step: &Step, leaves: &mut Vec<ValueId>) {
        match step {
            Step::Value(value) if self.is_needed(*value) => {
                leaves.extend(self.list.entry(*value).operation.operands());
            }
            Step::Value(_) => {}
            Step::Bail(mask) => leaves.push(*mask),
            Step::Loop(inner) if self.is_live(inner) => {
                leaves.extend(self.carried(inner).map(|(draft, _)| draft.initial));
                for step in &inner.steps {
                    self.leaves(step, leaves);
                }
                leaves.extend(self.carried(inner).map(|(_, next)| next));
                leaves.extend(inner.ending.again);
            }
            Step::Loop(_) => {}
        }
    }

    fn step(&mut self, step: &Step, body: &mut Vec<Node>) {
        match step {
            Step::Value(value) => {
                if self.is_needed(*value) && !self.list.is_leaf(*value) {
                    body.push(Node::Value(self.place(*value)));
                }
            }
            Step::Bail(mask) => body.push(Node::Bail(self.moved(*mask))),
            Step::Loop(inner) => {
                if self.is_live(inner) {
                    body.push(Node::Loop(self.run(inner)));
                }
            }
        }
    }

    fn run(&mut self, inner: &DraftLoop) -> Loop {
        let needed: Vec<(Draft, ValueId)> = self.carried(inner).collect();
        let initial: Vec<ValueId> = needed
            .iter()
            .map(|(draft, _)| self.moved(draft.initial))
            .collect();
        let counter = match inner.counter {
            Some(counter) if self.is_needed(counter) => Some(self.place(counter)),
            _ => None,
        };
        let mut along = Vec::new();
        for draft in &inner.along {
            if self.is_needed(draft.parameter) {
                along.push(Along {
                    parameter: self.place(draft.parameter),
                    before: draft.before.map(|before| self.moved(before)),
                    step: draft.step,
                });
            }
        }
        let parameters: Vec<ValueId> = needed
            .iter()
            .map(|(draft, _)| self.place(draft.parameter))
            .collect();
        let mut body = Vec::new();
        for step in &inner.steps {
            self.step(step, &mut body);
        }
        let carried = (0..needed.len())
            .map(|k| Carried {
                parameter: parameters[k],
                initial: initial[k],
                next: self.moved(needed[k].1),
                result: self.place(needed[k].0.result),
            })
            .collect();
        Loop {
            carried,
            counter,
            along,
            turns: inner.ending.turns,
            again: inner.ending.again.map(|mask| self.moved(mask)),
            endless: inner.ending.endless,
            body,
        }
    }
}
