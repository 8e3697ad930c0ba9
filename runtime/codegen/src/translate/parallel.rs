//! `prange`: the body becomes a machine function of its own, a [`brolga_abi::ParallelBody`],
//! and the loop a call of `nrt_parallel_for`, with threads or without, so that reductions
//! are joined by the same tree everywhere.
//!
//! The environment that the body reads is a row of 8-byte words: the loop variable's first
//! value, its step, then the captured locals' machine values.

use std::collections::{HashMap, HashSet};

use brolga_abi::{DType, ReductionOp};
use brolga_lang::ir::{
    self, BinaryOp, ExprKind, For, LocalId, Parallel, Reduction, Scalar, Statement,
};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};

use super::failure::Element;
use super::frame::{Frame, Jumps};
use super::loops::Step;
use super::turns::{Course, counts_up};
use super::{Flow, Stop, Translator, malformed};
use crate::error::{CodegenError, CodegenErrorKind};
use crate::layout::{machine_type, machine_types, scalar_of};
use crate::plan::block_cost;
use brolga_lang::walk;

/// The words of the environment before the captured locals.
const FIXED_WORDS: usize = 2;
/// The most reduction variables that the NRT takes.
const MOST_REDUCTIONS: usize = 64;

/// The outlined body of one `prange` loop.
pub(crate) struct ParallelBody<'p> {
    /// The number of the function that holds the loop.
    function: usize,
    range: &'p For,
    reductions: &'p Parallel,
    /// The captured locals, each with the words of the environment that it is made of. Equal
    /// values share a word, so that the body knows lengths to be equal where its caller did.
    captured: Vec<(LocalId, Vec<usize>)>,
    /// The word that the loop variable stays below, if there is one.
    end: Option<usize>,
}

/// A reduction variable: a scalar, or the two parts of a complex number.
struct Variable {
    local: LocalId,
    op: ReductionOp,
    scalar: Scalar,
    complex: bool,
}

impl Variable {
    fn words(&self) -> usize {
        1 + usize::from(self.complex)
    }

    /// The number of its `DType`.
    fn dtype_code(&self) -> u64 {
        let dtype = match (self.complex, self.scalar) {
            (false, scalar) => scalar.dtype(),
            (true, Scalar::F32) => DType::ComplexF32,
            (true, _) => DType::ComplexF64,
        };
        dtype as u64
    }
}

impl<'p> Translator<'_, 'p> {
    /// A `prange` loop.
    pub(super) fn prange(&mut self, range: &'p For, parallel: &'p Parallel) -> Flow<()> {
        let variables = self.variables(parallel)?;
        let words: usize = variables.iter().map(Variable::words).sum();
        if words > MOST_REDUCTIONS {
            return Err(Stop::Failed(CodegenError::new(
                CodegenErrorKind::TooLarge,
                format!(
                    "a `prange` loop with {words} reduction variables (complex ones count \
                     twice), but at most {MOST_REDUCTIONS} are supported"
                ),
            )));
        }
        let bounds = self.bounds(range)?;
        let any = self.has_values(range, &bounds);
        // For an empty range these are meaningless, and not used.
        let values = self.range(range, &bounds, true);
        let Some(less_one) = values.count_less_one else {
            return Err(malformed("a range without a count"));
        };
        let one = self.word(1);
        // A range of 2^64 values loses one of them, long after the caller's patience.
        let wrapped = self.builder.ins().iadd(less_one, one);
        let full = self.builder.ins().icmp_imm_u(IntCC::Equal, wrapped, 0);
        let count = self.builder.ins().select(full, less_one, wrapped);
        let zero = self.word(0);
        let count = self.builder.ins().select(any, count, zero);

        let ty = machine_type(bounds.scalar);
        let step = match values.step {
            Step::By(step) => step,
            Step::Unit(step) => {
                let mask = u64::MAX >> (64 - ty.bits());
                self.builder.ins().iconst(ty, (step as u64 & mask) as i64)
            }
        };
        let mut environment = vec![values.first, step];
        let mut captured = Vec::new();
        for local in self.captured(range, parallel) {
            let values = self.local_in_place(local)?;
            let words = values
                .into_iter()
                .map(|value| self.environment_word(&mut environment, value))
                .collect();
            captured.push((local, words));
        }
        let end = self.word_of(&environment, bounds.end);
        let end = end.filter(|_| self.stays_below(range, &bounds));
        let env = self
            .words_on_stack(environment.len())
            .ok_or_else(|| malformed("an empty environment"))?;
        self.store_words(env, 0, &environment);

        let (declarations, results) = self.declare_reductions(&variables);
        let cost = block_cost(&range.body, &self.unit.plan.cost);
        let number = self.frame().number;
        let body = self.unit.parallel_body(ParallelBody {
            function: number,
            range,
            reductions: parallel,
            captured,
            end,
        })?;
        let body = self.reference(body);
        let body = self.builder.ins().func_addr(types::I64, body);
        let cost = self.word(cost.into());
        let many = self.word(words as u64);
        let status = self.call_nrt(
            "nrt_parallel_for",
            &[
                self.context,
                body,
                env,
                count,
                cost,
                declarations,
                many,
                results,
            ],
        )?;
        self.check_status(status);
        let mut word = 0;
        for variable in &variables {
            let parts = vec![machine_type(variable.scalar); variable.words()];
            let partial = self.load_words(results, word, &parts);
            word += parts.len();
            let initial = self.local(variable.local)?;
            let joined = self.joined(variable, &initial, &partial)?;
            self.define_local(variable.local, joined)?;
        }
        Ok(())
    }

    /// The word of the environment, after the fixed ones, that holds a value.
    fn word_of(&self, environment: &[Value], value: Value) -> Option<usize> {
        let dfg = &self.builder.func.dfg;
        let value = dfg.resolve_aliases(value);
        let same = |&word: &Value| dfg.resolve_aliases(word) == value;
        let found = environment[FIXED_WORDS..].iter().position(same);
        found.map(|k| FIXED_WORDS + k)
    }

    /// The word that holds a value, a new one if there is none.
    fn environment_word(&self, environment: &mut Vec<Value>, value: Value) -> usize {
        self.word_of(environment, value).unwrap_or_else(|| {
            environment.push(value);
            environment.len() - 1
        })
    }

    /// The reduction variables of a loop.
    fn variables(&self, parallel: &Parallel) -> Flow<Vec<Variable>> {
        let mut variables = Vec::with_capacity(parallel.reductions.len());
        for &Reduction { local, op } in &parallel.reductions {
            let ty = self.frame().local_type(local)?;
            let (scalar, complex) = match ty {
                ir::Type::Tuple(parts) => match parts[..] {
                    [ir::Type::Scalar(re), ir::Type::Scalar(im)]
                        if re == im
                            && re.is_float()
                            && matches!(op, ReductionOp::Add | ReductionOp::Mul) =>
                    {
                        (re, true)
                    }
                    _ => return Err(malformed(format!("a reduction by {op:?} of {ty:?}"))),
                },
                other => (scalar_of(other)?, false),
            };
            variables.push(Variable {
                local,
                op,
                scalar,
                complex,
            });
        }
        Ok(variables)
    }

    /// The table of [`brolga_abi::ReductionDecl`]s and the words for the results. A complex
    /// variable has a declaration for either part.
    fn declare_reductions(&mut self, variables: &[Variable]) -> (Value, Value) {
        let zero = self.word(0);
        let words: usize = variables.iter().map(Variable::words).sum();
        let Some(table) = self.words_on_stack(2 * words) else {
            return (zero, zero);
        };
        let mut word = 0;
        for variable in variables {
            for _ in 0..variable.words() {
                let code = u64::from(variable.op as u32) | variable.dtype_code() << 32;
                let code = self.word(code);
                let offset = self.word(8 * word as u64);
                self.store_words(table, 2 * word, &[code, offset]);
                word += 1;
            }
        }
        let results = self.words_on_stack(words).unwrap_or(zero);
        (table, results)
    }

    /// The neutral element of a reduction.
    fn neutral(&mut self, variable: &Variable) -> Flow<Vec<Value>> {
        let scalar = variable.scalar;
        let Some(neutral) = variable.op.neutral(scalar.dtype()) else {
            return Err(malformed(format!(
                "a reduction by {:?} of `{}`",
                variable.op,
                scalar.name()
            )));
        };
        let mut values = vec![self.constant(scalar, neutral)];
        if variable.complex {
            values.push(match variable.op {
                ReductionOp::Mul => self.constant(scalar, 0),
                _ => values[0],
            });
        }
        Ok(values)
    }

    /// A variable's value before the loop, joined with the loop's result.
    fn joined(&mut self, variable: &Variable, a: &[Value], b: &[Value]) -> Flow<Vec<Value>> {
        let scalar = variable.scalar;
        let mut apply = |op, a, b| self.binary_values(op, scalar, a, b);
        match (variable.op, a, b) {
            (ReductionOp::Mul, &[a_re, a_im], &[b_re, b_im]) => {
                let (x, y) = (
                    apply(BinaryOp::Mul, a_re, b_re)?,
                    apply(BinaryOp::Mul, a_im, b_im)?,
                );
                let re = apply(BinaryOp::Sub, x, y)?;
                let (x, y) = (
                    apply(BinaryOp::Mul, a_re, b_im)?,
                    apply(BinaryOp::Mul, a_im, b_re)?,
                );
                Ok(vec![re, apply(BinaryOp::Add, x, y)?])
            }
            (op, a, b) => {
                let op = binary_op(op);
                a.iter().zip(b).map(|(&a, &b)| apply(op, a, b)).collect()
            }
        }
    }

    /// The locals that the body reads from outside, in order of number: those that it
    /// names and that have a value before it.
    fn captured(&self, range: &'p For, parallel: &Parallel) -> Vec<LocalId> {
        let named = std::cell::RefCell::new(Vec::new());
        walk::each(
            &range.body,
            &mut |statement| match statement {
                Statement::Assign { local, .. } => named.borrow_mut().push(*local),
                Statement::Store { view, .. } => named.borrow_mut().push(*view),
                Statement::Expr(_) => {}
            },
            &mut |e| match e.kind {
                ExprKind::Local(local)
                | ExprKind::Dim(local, _)
                | ExprKind::Load { view: local, .. } => named.borrow_mut().push(local),
                _ => {}
            },
        );
        let mut named = named.into_inner();
        named.sort_unstable();
        named.dedup();
        named.retain(|&local| {
            let reduced = parallel.reductions.iter().any(|r| r.local == local);
            local != range.variable && !reduced && self.frame().is_defined(local)
        });
        named
    }

    /// The whole of an outlined body:
    /// `(env, begin, end, partials, context) -> status`.
    pub(super) fn outlined_body(&mut self, body: &ParallelBody<'p>, params: &[Value]) -> Flow<()> {
        let &[env, begin, end, partials, _] = params else {
            return Err(malformed("a body with the wrong signature"));
        };
        let range = body.range;
        if self.unit.plan.endless[body.function] {
            self.find_cancel_flag();
        }
        if self.unit.plan.allocates[body.function] {
            self.begin_scratch()?;
        }
        let program = self.unit.program;
        let function = &program.functions[body.function];
        self.frames.push(Frame::new(function, body.function, None));
        let scalar = scalar_of(&range.start.ty)?;
        let ty = machine_type(scalar);
        let fixed = self.load_words(env, 0, &[ty, ty]);
        let mut assigned = HashSet::new();
        walk::each(
            &range.body,
            &mut |statement| {
                if let Statement::Assign { local, .. } = statement {
                    assigned.insert(*local);
                }
            },
            &mut |_| {},
        );
        let mut loaded = HashMap::new();
        for (local, words) in &body.captured {
            let parts: Vec<Type> = machine_types(self.frame().local_type(*local)?);
            let mut values = Vec::with_capacity(parts.len());
            for (&word, &part) in words.iter().zip(&parts) {
                let value = match loaded.get(&word) {
                    Some(&value) => value,
                    None => self.load_words(env, word, &[part])[0],
                };
                loaded.insert(word, value);
                values.push(value);
            }
            if assigned.contains(local) {
                self.define_local(*local, values)?;
            } else {
                self.bind(*local, values)?;
            }
        }
        let below = body.end.and_then(|word| loaded.get(&word).copied());
        let variables = self.variables(body.reductions)?;
        for variable in &variables {
            let neutral = self.neutral(variable)?;
            self.define_local(variable.local, neutral)?;
        }
        let skipped = self.skipped(ty, begin, fixed[1]);
        let first = self.builder.ins().iadd(fixed[0], skipped);
        self.iterate(body, [begin, end], first, fixed[1], below)?;
        let mut word = 0;
        for variable in &variables {
            let value = self.local(variable.local)?;
            self.store_words(partials, word, &value);
            word += value.len();
        }
        self.frames.pop();
        self.return_ok();
        Ok(())
    }

    /// `begin * step` in the variable's type.
    fn skipped(&mut self, ty: Type, begin: Value, step: Value) -> Value {
        let begin = if ty == types::I64 {
            begin
        } else {
            self.builder.ins().ireduce(ty, begin)
        };
        self.builder.ins().imul(begin, step)
    }

    fn iterate(
        &mut self,
        body: &ParallelBody<'p>,
        [begin, end]: [Value; 2],
        first: Value,
        step: Value,
        below: Option<Value>,
    ) -> Flow<()> {
        let range = body.range;
        let scratch = self.loop_mark(&range.body, &ir::Type::UNIT)?;
        let scalar = scalar_of(&range.start.ty)?;
        let element = self.builder.declare_var(types::I64);
        let none = self.word(0);
        self.builder.def_var(element, none);
        self.set_element(Element::Variable(element));
        let mut exit = self.bare_target();
        let next = self.bare_target();
        let any = self.builder.ins().icmp(IntCC::UnsignedLessThan, begin, end);
        exit.reached = true;
        let some = self.builder.create_block();
        self.builder.ins().brif(any, some, &[], exit.block, &[]);
        self.open(some);
        if counts_up(range) {
            let course = Course {
                first,
                count: self.builder.ins().isub(end, begin),
                end: below,
                element: Some(element),
            };
            let exit = self.run(range, course, exit)?;
            return self.enter(&exit).map(|_| ());
        }
        let number = self.frame().number;
        self.unit.loops.begin(number, range);
        let cost = block_cost(&range.body, &self.unit.plan.cost);
        let why = "does not count up by one to below its end".to_owned();
        self.unit.loops.inner(number, range, cost, Err(why));
        let header = self.builder.create_block();
        let position = self.builder.append_block_param(header, types::I64);
        let variable = self
            .builder
            .append_block_param(header, machine_type(scalar));
        self.jump(header, &[begin, first]);
        self.builder.switch_to_block(header);
        self.define_element(element, variable, scalar);
        self.frame_mut().jumps.push(Jumps {
            id: range.id,
            exit,
            next: Some(next),
        });
        let mark = self.frame().mark();
        if let Some(below) = below {
            self.learn_below(variable, below);
        }
        self.define_local(range.variable, vec![variable])?;
        let ended = self.open_block(&range.body);
        self.unit.loops.end();
        self.frame_mut().release(mark);
        let Jumps { exit, next, .. } = self.pop_jumps()?;
        let mut next = next.ok_or_else(|| malformed("a loop without a next iteration"))?;
        self.join(&mut next, ended.map(|_| Vec::new()))?;
        match self.enter(&next) {
            Ok(_) => {
                self.scratch_release(scratch)?;
                let one = self.word(1);
                let following = self.builder.ins().iadd(position, one);
                let value = self.builder.ins().iadd(variable, step);
                let more = self
                    .builder
                    .ins()
                    .icmp(IntCC::UnsignedLessThan, following, end);
                self.builder.ins().brif(
                    more,
                    header,
                    &[following.into(), value.into()],
                    exit.block,
                    &[],
                );
            }
            Err(Stop::Diverged) => {}
            Err(failed) => return Err(failed),
        }
        self.builder.seal_block(header);
        self.enter(&exit).map(|_| ())
    }
}

/// The operation that joins an initial value with a loop's result.
fn binary_op(op: ReductionOp) -> BinaryOp {
    match op {
        ReductionOp::Add => BinaryOp::Add,
        ReductionOp::Mul => BinaryOp::Mul,
        ReductionOp::Min => BinaryOp::Min,
        ReductionOp::Max => BinaryOp::Max,
        ReductionOp::And => BinaryOp::And,
        ReductionOp::Or => BinaryOp::Or,
        ReductionOp::Xor => BinaryOp::Xor,
    }
}
