//! A loop that counts up by one, whose iterations mostly touch elements that are known to be
//! inside before it begins: one compare for each axis then does for all of them, addresses
//! advance rather than are multiplied, and what does not change is read once. Where an element is
//! outside, or may be, a second copy of the loop has all the checks, so that a failure is that of
//! the same element, after all that comes before it.
//!
//! Invariant: a [`Known`] place is used only inside of the copy of the loop it was made for.

use brolga_lang::ir::{self, Expr, For, FunctionId, LocalId, Scalar, Type};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::Variable;

use super::frame::Jumps;
use super::{Flow, Stop, Target, Translator, malformed};
use crate::inner;
use crate::layout::scalar_of;
use crate::plan::block_cost;

/// The largest cost of a function that may be written twice.
const SMALL: u32 = 40;
/// The most places for which a loop is written twice.
const MOST_PLACES: usize = 24;

/// A place in the body of the loop at hand, known to be inside in every iteration.
pub(crate) struct Known<'p> {
    view: LocalId,
    index: &'p [Expr],
    at: At,
}

#[derive(Clone)]
enum At {
    /// The values of the element, read before the loop.
    Values(Vec<Value>),
    /// A fixed address.
    Address(Value),
    /// A fixed address, and the number of the stride that is added for each iteration.
    Moving(Value, usize),
}

/// How a loop's variable runs.
pub(super) struct Course {
    /// The loop variable in the first iteration.
    pub first: Value,
    /// How many iterations there are, at least 1.
    pub count: Value,
    /// What the variable stays below as an unsigned number, where that is known.
    pub end: Option<Value>,
    /// What keeps a failure's element where that is the loop variable, as in a `prange`.
    pub element: Option<Variable>,
}

impl<'p> Translator<'_, 'p> {
    /// Runs `range`, which counts up by one, from where the builder stands: on vectors as far as
    /// possible, then by a scalar loop. Goes on at `exit`, which is reached.
    pub(super) fn run(&mut self, range: &'p For, mut course: Course, exit: Target) -> Flow<Target> {
        let is_word = self.builder.func.dfg.value_type(course.first) == types::I64;
        let mut places = Vec::new();
        if is_word {
            if let Some(done) = self.on_vectors(range, &course, exit.block)? {
                course.first = self.builder.ins().iadd(course.first, done);
                course.count = self.builder.ins().isub(course.count, done);
            }
            let frame = self.frame();
            let costs = &self.unit.plan.cost;
            let is_small = |callee: FunctionId| {
                costs
                    .get(callee.0 as usize)
                    .is_some_and(|&cost| cost > 0 && cost <= SMALL)
            };
            places = inner::places(frame.function, range, &is_small);
        } else {
            let cost = block_cost(&range.body, &self.unit.plan.cost);
            let why = "has a loop variable of fewer than 64 bits".to_owned();
            let number = self.frame().number;
            self.unit.loops.inner(number, range, cost, Err(why));
        }
        let number = self.frame().number;
        self.unit.loops.begin(number, range);
        let exit = self.scalar_copies(range, &course, exit, places);
        self.unit.loops.end();
        exit
    }

    /// The scalar loop, once or twice.
    fn scalar_copies(
        &mut self,
        range: &'p For,
        course: &Course,
        exit: Target,
        places: Vec<inner::Place<'p>>,
    ) -> Flow<Target> {
        if places.is_empty() || places.len() > MOST_PLACES {
            return self.copy(range, course, exit, Vec::new(), &[]);
        }
        let mut inside = None;
        let mut strides: Vec<Value> = Vec::new();
        let mut found = Vec::with_capacity(places.len());
        for place in &places {
            let before = inside;
            let (address, step) =
                self.moving_above(&place.access, course, &[], place.floor, &mut inside)?;
            found.push((place, address, step));
            match before == inside {
                true => self.unit.loops.not_needed(),
                false => self.unit.loops.before(),
            }
        }
        let decided = self.decided.mark();
        let checked = match inside {
            None => None,
            Some(inside) => {
                let fast = self.builder.create_block();
                let checked = self.builder.create_block();
                self.builder.ins().brif(inside, fast, &[], checked, &[]);
                self.open(fast);
                Some(checked)
            }
        };
        let mut known = Vec::with_capacity(found.len());
        for (place, address, step) in found {
            let moves = place.access.axes.iter().any(|axis| axis.moves);
            let at = if moves {
                let number = strides.iter().position(|&stride| stride == step);
                let number = number.unwrap_or_else(|| {
                    strides.push(step);
                    strides.len() - 1
                });
                At::Moving(address, number)
            } else if place.fixed {
                match self.frame().local_type(place.access.view)? {
                    Type::View(view) => At::Values(self.load_operand(view.element, address)),
                    _ => return Err(malformed("an element of no view")),
                }
            } else {
                At::Address(address)
            };
            known.push(Known {
                view: place.access.view,
                index: place.index,
                at,
            });
        }
        let exit = self.copy(range, course, exit, known, &strides)?;
        let Some(checked) = checked else {
            return Ok(exit);
        };
        self.open(checked);
        self.decided.forget(decided);
        let mark = self.unit.loops.mark();
        let exit = self.copy(range, course, exit, Vec::new(), &[])?;
        self.unit.loops.forget(mark);
        Ok(exit)
    }

    /// One copy of the loop. The builder's block is closed afterwards.
    fn copy(
        &mut self,
        range: &'p For,
        course: &Course,
        exit: Target,
        known: Vec<Known<'p>>,
        strides: &[Value],
    ) -> Flow<Target> {
        let scratch = self.loop_mark(&range.body, &Type::UNIT)?;
        let scalar = scalar_of(&range.start.ty)?;
        let ty = self.builder.func.dfg.value_type(course.first);
        let next = self.bare_target();
        let header = self.builder.create_block();
        let variable = self.builder.append_block_param(header, ty);
        let mut initial = vec![course.first];
        let zero = self.word(0);
        let mut offsets = Vec::with_capacity(strides.len());
        for _ in strides {
            offsets.push(self.builder.append_block_param(header, types::I64));
            initial.push(zero);
        }
        let count = match ty == types::I64 {
            true => course.count,
            false => self.builder.ins().ireduce(ty, course.count),
        };
        let last = self.builder.ins().iadd(course.first, count);
        self.jump(header, &initial);
        self.builder.switch_to_block(header);
        if let Some(element) = course.element {
            self.define_element(element, variable, scalar);
        }
        let outer = std::mem::take(&mut self.frame_mut().places);
        let mut placed = Vec::with_capacity(known.len());
        for place in known {
            let at = match place.at {
                At::Moving(base, number) => {
                    At::Address(self.builder.ins().iadd(base, offsets[number]))
                }
                at => at,
            };
            placed.push(Known { at, ..place });
        }
        self.frame_mut().places = placed;
        self.frame_mut().jumps.push(Jumps {
            id: range.id,
            exit,
            next: Some(next),
        });
        let mark = self.frame().mark();
        let known_below = self.below.len();
        if let Some(end) = course.end {
            self.learn_below(variable, end);
        }
        self.learn_start(scalar, course.first, variable);
        self.define_local(range.variable, vec![variable])?;
        let ended = self.open_block(&range.body);
        self.frame_mut().release(mark);
        self.below.truncate(known_below);
        self.frame_mut().places = outer;
        let Jumps { mut exit, next, .. } = self.pop_jumps()?;
        let mut next = next.ok_or_else(|| malformed("a loop without a next iteration"))?;
        self.join(&mut next, ended.map(|_| Vec::new()))?;
        match self.enter(&next) {
            Ok(_) => {
                self.scratch_release(scratch)?;
                let mut following = vec![self.builder.ins().iadd_imm_s(variable, 1)];
                for (&offset, &stride) in offsets.iter().zip(strides) {
                    following.push(self.builder.ins().iadd(offset, stride));
                }
                let more = self.builder.ins().icmp(IntCC::NotEqual, following[0], last);
                let following: Vec<_> = following.into_iter().map(Into::into).collect();
                self.builder
                    .ins()
                    .brif(more, header, &following, exit.block, &[]);
                exit.reached = true;
            }
            Err(Stop::Diverged) => {}
            Err(failed) => return Err(failed),
        }
        self.builder.seal_block(header);
        Ok(exit)
    }

    /// Notes which element an iteration of a `prange` is.
    pub(super) fn define_element(&mut self, element: Variable, variable: Value, scalar: Scalar) {
        let bits = match (scalar.bits(), scalar.is_signed()) {
            (64, _) => variable,
            (_, true) => self.builder.ins().sextend(types::I64, variable),
            (_, false) => self.builder.ins().uextend(types::I64, variable),
        };
        self.builder.def_var(element, bits);
    }

    fn known(&self, view: LocalId, index: &'p [Expr]) -> Option<&At> {
        self.frame()
            .places
            .iter()
            .find(|place| place.view == view && std::ptr::eq(place.index, index))
            .map(|place| &place.at)
    }

    /// What an element is known to be.
    pub(super) fn known_values(&self, view: LocalId, index: &'p [Expr]) -> Option<Vec<Value>> {
        match self.known(view, index)? {
            At::Values(values) => Some(values.clone()),
            At::Address(_) | At::Moving(..) => None,
        }
    }

    /// Where an element is known to lie.
    pub(super) fn known_address(&self, view: LocalId, index: &'p [Expr]) -> Option<Value> {
        match self.known(view, index)? {
            At::Address(address) => Some(*address),
            At::Values(_) | At::Moving(..) => None,
        }
    }
}

/// Whether a loop counts up by one to below its end.
pub(super) fn counts_up(range: &For) -> bool {
    range.step.is_none() && range.order == ir::Order::Forward && !range.inclusive
}
