//! A counted loop on vectors: the call of its cut-out kernel ([`crate::inner`]) before the scalar
//! loop, which does what is left, and everything where the elements are not all inside.

use std::rc::Rc;
use std::time::Instant;

use brolga_lang::ir::{BinaryOp, Expr, For, LocalId};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, Value, types};
use cranelift_module::FuncId;

use super::turns::Course;
use super::{Flow, Translator, element_flags, malformed};
use crate::error::CodegenError;
use crate::inner::{Access, InnerLoop, Source, Uniform};
use crate::layout::{machine_type, scalar_of};
use crate::plan::block_cost;
use crate::switches::Opt;
use crate::unit::Unit;
use crate::vector::Spread;
use crate::{inner, vector};

/// Below so many iterations the scalar loop is done before the vector loop has begun.
const FEWEST: i64 = 12;
/// The most loops of one object that are compiled for vectors.
const MOST_LOOPS: usize = 12;

/// A loop's vector code.
#[derive(Clone)]
pub(crate) struct Compiled<'p> {
    id: FuncId,
    inner: Rc<InnerLoop<'p>>,
}

/// The turns that a loop in the body makes in each iteration.
#[derive(Clone, Copy)]
pub(super) struct NestedTurns {
    /// The loop variable in the first.
    first: Value,
    /// How many there are, at least 1.
    count: Value,
}

fn nested_turn(nested: &[Option<NestedTurns>], number: usize) -> Flow<NestedTurns> {
    let known = nested.get(number).copied().flatten();
    known.ok_or_else(|| malformed("an access along a loop that is not there"))
}

/// What is known before the call of a loop's vector code.
struct Prepared {
    /// Where each operand lies, and its step in bytes; `None` for those without memory.
    operands: Vec<Option<(Value, Value)>>,
    /// Whether all elements are inside; `None` if they are for sure.
    inside: Option<Value>,
}

impl<'p> Unit<'p> {
    /// The vector code of a loop of a function of the program, made on the first request.
    fn inner_loop(
        &mut self,
        function: usize,
        range: &'p For,
    ) -> Result<Option<Compiled<'p>>, CodegenError> {
        let key = (function, range.id);
        if let Some(known) = self.inner_loops.get(&key) {
            return Ok(known.clone());
        }
        let cost = block_cost(&range.body, &self.plan.cost);
        let emit = match self.vector_loop.clone() {
            Ok(emit) => emit,
            Err(why) => {
                self.loops.inner(function, range, cost, Err(why));
                return Ok(None);
            }
        };
        if self.inner_loops.len() >= MOST_LOOPS {
            let why = format!("comes after {MOST_LOOPS} others that were tried");
            self.loops.inner(function, range, cost, Err(why));
            return Ok(None);
        }
        let program = self.program;
        let definition = &program.functions[function];
        let start = Instant::now();
        let cut = inner::cut(program, definition, range, self.vector_features);
        self.timings.vector += start.elapsed();
        let compiled = match cut {
            Ok(inner) if inner.goes_along() && self.any_on_vectors(function, &inner)? => {
                let why = "has a loop in it that is vectorised itself".to_owned();
                self.loops.inner(function, range, cost, Err(why));
                None
            }
            Ok(inner) => {
                let id = self.declare_local("inner_", &vector::signature())?;
                let mut code = self.new_function(id);
                emit(&inner.strip, &mut code, self)?;
                self.define(id, code, Opt::None);
                self.loops.inner(function, range, cost, Ok(&inner.strip));
                let inner = Rc::new(inner);
                Some(Compiled { id, inner })
            }
            Err(why) => {
                self.loops
                    .inner(function, range, cost, Err(why.to_string()));
                None
            }
        };
        self.inner_loops.insert(key, compiled.clone());
        Ok(compiled)
    }

    /// Whether one of the loops that go along views in a loop's body runs on vectors itself.
    fn any_on_vectors(
        &mut self,
        function: usize,
        inner: &InnerLoop<'p>,
    ) -> Result<bool, CodegenError> {
        for source in &inner.operands {
            if let Source::Turns(number) = source
                && self.inner_loop(function, inner.nested[*number])?.is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<'p> Translator<'_, 'p> {
    /// Runs a loop's first iterations on vectors, as many as can be. Gives how many are done; the
    /// builder stands where the scalar loop begins with the first that is not.
    pub(super) fn on_vectors(
        &mut self,
        range: &'p For,
        course: &Course,
        exit: ir::Block,
    ) -> Flow<Option<Value>> {
        let number = self.frame().number;
        let Some(compiled) = self.unit.inner_loop(number, range)? else {
            return Ok(None);
        };
        let inner = &*compiled.inner;
        let rest = self.builder.create_block();
        let done = self.builder.append_block_param(rest, types::I64);
        let none = self.word(0);
        let attempt = self.builder.create_block();
        let decided = self.decided.mark();
        let enough =
            self.builder
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, course.count, FEWEST);
        self.builder
            .ins()
            .brif(enough, attempt, &[], rest, &[none.into()]);
        self.open(attempt);
        let prepared = self.prepare(inner, course)?;
        if let Some(inside) = prepared.inside {
            let go = self.builder.create_block();
            self.builder
                .ins()
                .brif(inside, go, &[], rest, &[none.into()]);
            self.open(go);
        }
        let made = self.call_inner(&compiled, course, prepared)?;
        let all = self.builder.ins().icmp(IntCC::Equal, made, course.count);
        self.builder
            .ins()
            .brif(all, exit, &[], rest, &[BlockArg::from(made)]);
        self.open(rest);
        self.decided.forget(decided);
        Ok(Some(done))
    }

    fn prepare(&mut self, inner: &InnerLoop<'p>, course: &Course) -> Flow<Prepared> {
        let mut inside = None;
        let mut operands: Vec<Option<(Value, Value)>> = Vec::new();
        let zero = self.word(0);
        let nested = self.nested_turns(inner, &mut inside)?;
        for (k, source) in inner.operands.iter().enumerate() {
            let operand = match source {
                Source::Position => None,
                Source::Element(access) => {
                    let before = inner.operands[..k].iter().position(|other| other == source);
                    match before {
                        Some(same) => operands[same],
                        None => {
                            let found = self.moving(access, course, &nested, &mut inside)?;
                            let along = !access.along().is_empty();
                            if along && access.spread() == Spread::Dense {
                                let size = access.scalar.dtype().size() as i64;
                                let dense =
                                    self.builder.ins().icmp_imm_u(IntCC::Equal, found.1, size);
                                self.require(&mut inside, dense);
                            }
                            Some(found)
                        }
                    }
                }
                Source::Turns(number) => Some((nested_turn(&nested, *number)?.count, zero)),
                Source::Stride(view, axes) => Some((self.stride(*view, axes)?, zero)),
                Source::Uniform(uniform, _) => {
                    let value = match uniform {
                        Uniform::First => course.first,
                        Uniform::Start(number) => nested_turn(&nested, *number)?.first,
                        Uniform::Length(view, axis) => self.dim(*view, *axis)?,
                        Uniform::Local(local, part) => *self
                            .local_in_place(*local)?
                            .get(*part)
                            .ok_or_else(|| malformed("a local with too few parts"))?,
                    };
                    Some((self.cell(value)?, zero))
                }
                Source::Reduction(local, ..) => {
                    let value = self.local_in_place(*local)?;
                    match value[..] {
                        [value] => Some((self.cell(value)?, zero)),
                        _ => return Err(malformed("a reduction of many parts")),
                    }
                }
            };
            operands.push(operand);
        }
        Ok(Prepared { operands, inside })
    }

    /// The turns of the loops in the body that go along views; `inside` becomes false where one
    /// makes none.
    fn nested_turns(
        &mut self,
        inner: &InnerLoop<'p>,
        inside: &mut Option<Value>,
    ) -> Flow<Vec<Option<NestedTurns>>> {
        let mut nested = Vec::with_capacity(inner.nested.len());
        for (number, &range) in inner.nested.iter().enumerate() {
            if !inner.operands.contains(&Source::Turns(number)) {
                nested.push(None);
                continue;
            }
            let first = self.scalar(&range.start)?;
            let end = self.scalar(&range.end)?;
            let below = match scalar_of(&range.start.ty)?.is_signed() {
                true => IntCC::SignedLessThan,
                false => IntCC::UnsignedLessThan,
            };
            let any = self.builder.ins().icmp(below, first, end);
            self.require(inside, any);
            let count = self.builder.ins().isub(end, first);
            nested.push(Some(NestedTurns { first, count }));
        }
        Ok(nested)
    }

    /// The strides of axes of a view together.
    fn stride(&mut self, view: LocalId, axes: &[usize]) -> Flow<Value> {
        let parts = self.local_in_place(view)?;
        let ndim = parts.len() / 2;
        let mut sum = None;
        for axis in axes {
            let stride = parts.get(1 + ndim + axis);
            let stride = *stride.ok_or_else(|| malformed("an axis that a view does not have"))?;
            sum = Some(match sum {
                None => stride,
                Some(sum) => self.builder.ins().iadd(sum, stride),
            });
        }
        sum.ok_or_else(|| malformed("a stride along no axis"))
    }

    /// The address of a word that holds a value.
    fn cell(&mut self, value: Value) -> Flow<Value> {
        let cell = self
            .words_on_stack(1)
            .ok_or_else(|| malformed("no words"))?;
        self.store_words(cell, 0, &[value]);
        Ok(cell)
    }

    /// Where an access begins and how it moves; `inside` becomes false where it leaves its view.
    /// `nested`: the turns of the loops in the body that accesses go along.
    pub(super) fn moving(
        &mut self,
        access: &Access<'p>,
        course: &Course,
        nested: &[Option<NestedTurns>],
        inside: &mut Option<Value>,
    ) -> Flow<(Value, Value)> {
        self.moving_above(access, course, nested, None, inside)
    }

    /// As [`Self::moving`], of an access that is made only where the loop variable is not below
    /// `floor`, as an unsigned number.
    pub(super) fn moving_above(
        &mut self,
        access: &Access<'p>,
        course: &Course,
        nested: &[Option<NestedTurns>],
        floor: Option<&'p Expr>,
        inside: &mut Option<Value>,
    ) -> Flow<(Value, Value)> {
        let parts = self.local_in_place(access.view)?;
        let ndim = access.axes.len();
        if parts.len() != 1 + 2 * ndim {
            return Err(malformed("an access of the wrong number of axes"));
        }
        let mut address = parts[0];
        let mut step = None;
        for (k, axis) in access.axes.iter().enumerate() {
            let (length, stride) = (parts[1 + k], parts[1 + ndim + k]);
            let mut position = axis.moves.then_some(course.first);
            let mut spans = Vec::new();
            for &number in &axis.along {
                let NestedTurns { first, count } = nested_turn(nested, number)?;
                spans.push(count);
                position = Some(match position {
                    None => first,
                    Some(sum) => self.builder.ins().iadd(sum, first),
                });
            }
            for &(minus, term) in &axis.terms {
                let term = self.scalar(term)?;
                position = Some(match (position, minus) {
                    (None, false) => term,
                    (None, true) => self.builder.ins().ineg(term),
                    (Some(sum), false) => self.builder.ins().iadd(sum, term),
                    (Some(sum), true) => self.builder.ins().isub(sum, term),
                });
            }
            let position = position.ok_or_else(|| malformed("an index without parts"))?;
            let plain = axis.moves && axis.terms.is_empty() && axis.along.is_empty();
            let known = match course.end {
                Some(end) if plain => self.is_at_most(end, length),
                _ => !axis.moves && spans.is_empty() && self.is_below(position, length),
            };
            if !known {
                let mut begin = position;
                let mut never = None;
                match (axis.moves, floor) {
                    (false, _) => {}
                    (true, None) => spans.push(course.count),
                    (true, Some(floor)) => {
                        let floor = self.scalar(floor)?;
                        let reached = self.builder.ins().umax(course.first, floor);
                        let left_out = self.builder.ins().isub(reached, course.first);
                        let none = IntCC::UnsignedGreaterThanOrEqual;
                        never = Some(self.builder.ins().icmp(none, left_out, course.count));
                        begin = self.builder.ins().iadd(position, left_out);
                        spans.push(self.builder.ins().isub(course.count, left_out));
                    }
                }
                let mut last = begin;
                let mut all_rise = Vec::with_capacity(spans.len());
                for span in spans {
                    // No step of the sum wraps, or the last could seem to be inside.
                    let before = last;
                    let after = self.builder.ins().iadd(before, span);
                    last = self.builder.ins().iadd_imm_s(after, -1);
                    let rises =
                        self.builder
                            .ins()
                            .icmp(IntCC::UnsignedLessThanOrEqual, before, last);
                    all_rise.push(rises);
                }
                let fits = self
                    .builder
                    .ins()
                    .icmp(IntCC::UnsignedLessThan, last, length);
                let mut fits = fits;
                for rises in all_rise {
                    fits = self.builder.ins().band(fits, rises);
                }
                if let Some(never) = never {
                    fits = self.builder.ins().bor(fits, never);
                }
                self.require(inside, fits);
            }
            let offset = self.builder.ins().imul(position, stride);
            address = self.builder.ins().iadd(address, offset);
            if axis.moves {
                step = Some(match step {
                    None => stride,
                    Some(sum) => self.builder.ins().iadd(sum, stride),
                });
            }
        }
        let step = match step {
            Some(step) => step,
            None => self.word(0),
        };
        Ok((address, step))
    }

    fn require(&mut self, inside: &mut Option<Value>, condition: Value) {
        *inside = Some(match *inside {
            None => condition,
            Some(before) => self.builder.ins().band(before, condition),
        });
    }

    /// Calls the vector code; the reductions' locals then hold what it took in.
    fn call_inner(
        &mut self,
        compiled: &Compiled<'p>,
        course: &Course,
        prepared: Prepared,
    ) -> Flow<Value> {
        let count = prepared.operands.len();
        let tables = self.words_on_stack(2 * count);
        let tables = tables.ok_or_else(|| malformed("a loop without operands"))?;
        for (k, operand) in prepared.operands.iter().enumerate() {
            if let Some((address, step)) = *operand {
                self.store_words(tables, k, &[address]);
                self.store_words(tables, count + k, &[step]);
            }
        }
        let steps = self.builder.ins().iadd_imm_s(tables, 8 * count as i64);
        let globals = self.globals();
        // Looked at by endless loops only, and where these are there is a flag.
        let cancel = self.cancel_flag().unwrap_or(globals);
        let function = self.reference(compiled.id);
        let call = self
            .builder
            .ins()
            .call(function, &[tables, course.count, steps, globals, cancel]);
        let mut done = self.builder.inst_results(call)[0];
        let mut taken = Vec::new();
        let mut unsure = None;
        for (source, operand) in compiled.inner.operands.iter().zip(&prepared.operands) {
            let (Source::Reduction(local, op, scalar), Some((cell, _))) = (source, operand) else {
                continue;
            };
            let ty = machine_type(*scalar);
            let value = self.builder.ins().load(ty, element_flags(), *cell, 0);
            if scalar.is_float() && matches!(op, BinaryOp::Min | BinaryOp::Max) {
                // Which of 0.0 and -0.0 comes first decides: the scalar loop knows.
                let zero = self.constant(*scalar, 0);
                let is_zero = self.builder.ins().fcmp(FloatCC::Equal, value, zero);
                unsure = Some(match unsure {
                    None => is_zero,
                    Some(before) => self.builder.ins().bor(before, is_zero),
                });
            }
            taken.push((*local, value));
        }
        for (local, value) in taken {
            let value = match unsure {
                None => value,
                Some(unsure) => {
                    let [before] = self.local_in_place(local)?[..] else {
                        return Err(malformed("a reduction of many parts"));
                    };
                    self.builder.ins().select(unsure, before, value)
                }
            };
            self.define_local(local, vec![value])?;
        }
        if let Some(unsure) = unsure {
            let zero = self.word(0);
            done = self.builder.ins().select(unsure, zero, done);
        }
        Ok(done)
    }
}
