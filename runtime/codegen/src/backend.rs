//! Cranelift's part of a compilation: functions as CLIF go in, their machine code comes out.
//! A second thread compiles the first functions of an object while the others are still being
//! written; what it has not begun by then the calling thread compiles with it.
//!
//! Invariant: what comes out depends on the functions and on their order alone. Which thread
//! compiles what is chance, and shows nowhere.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use brolga_lang::{Beside, beside};
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir;
use cranelift_module::{FuncId, ModuleReloc, ModuleRelocTarget};

use crate::compiler::{Isas, panicked};
use crate::error::CodegenError;
use crate::switches::Opt;
use crate::unit::internal;

/// Functions with fewer instructions do not bring the second thread in: they are compiled in
/// the time that it takes to wake.
const WORTH_A_THREAD: usize = 50;

/// How many contexts are kept for the next compilation.
const KEPT_CONTEXTS: usize = 4;
/// A context that has compiled a function with more instructions is not kept: it holds the
/// memory that this took.
const KEPT_INSTRUCTIONS: usize = 4000;

/// Cranelift's working memory of compilations that are over. It costs time to get it anew: the
/// register allocator's alone is larger than the code of many kernels.
static CONTEXTS: Mutex<Vec<Box<Context>>> = Mutex::new(Vec::new());

/// Looks at the kept contexts; not where another thread does right now.
fn contexts<T>(look: impl FnOnce(&mut Vec<Box<Context>>) -> T) -> Option<T> {
    CONTEXTS
        .try_lock()
        .ok()
        .map(|mut contexts| look(&mut contexts))
}

/// The machine code of a function.
pub(crate) struct Code {
    pub id: FuncId,
    pub alignment: u64,
    pub bytes: Vec<u8>,
    pub relocations: Vec<ModuleReloc>,
    /// Where it was asked for.
    pub assembly: Option<String>,
}

/// The functions of one object, on their way to machine code.
pub(crate) struct Backend {
    queue: Arc<Queue>,
    /// How many functions there are.
    functions: usize,
    /// Whether a second thread may help.
    may_help: bool,
    second: Option<Beside<Vec<Done>>>,
}

/// A function and its place in the order.
struct Job {
    place: usize,
    id: FuncId,
    function: ir::Function,
    opt: Opt,
}

type Done = (usize, Result<Code, CodegenError>);

/// What both threads look at.
struct Queue {
    isas: Isas,
    assembly: bool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// Whether no more functions will come.
    closed: bool,
}

impl Backend {
    pub(crate) fn new(isas: Isas, assembly: bool, may_help: bool) -> Backend {
        Backend {
            queue: Arc::new(Queue {
                isas,
                assembly,
                state: Mutex::default(),
                changed: Condvar::new(),
            }),
            functions: 0,
            may_help,
            second: None,
        }
    }

    /// Adds a function; `more` says that others are sure to follow.
    pub(crate) fn add(&mut self, id: FuncId, function: ir::Function, opt: Opt, more: bool) {
        let worth_it = self.may_help && more && function.dfg.num_insts() >= WORTH_A_THREAD;
        let place = self.functions;
        self.functions += 1;
        self.queue.state().jobs.push_back(Job {
            place,
            id,
            function,
            opt,
        });
        if self.second.is_some() {
            self.queue.changed.notify_one();
        } else if worth_it {
            let queue = Arc::clone(&self.queue);
            // Without a second thread the first one does everything.
            self.second = beside(move || queue.work(true)).ok();
        }
    }

    /// The code of all functions, in their order.
    ///
    /// # Errors
    /// That of the first function, in their order, that has one.
    pub(crate) fn finish(&mut self) -> Result<Vec<Code>, CodegenError> {
        self.close();
        let mut done = self.queue.work(false);
        if let Some(second) = self.second.take() {
            let others = second.wait();
            done.extend(others.map_err(|payload| panicked(payload.as_ref()))?);
        }
        done.sort_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, code)| code).collect()
    }

    fn close(&self) {
        self.queue.state().closed = true;
        self.queue.changed.notify_all();
    }
}

impl Drop for Backend {
    /// Lets the second thread go where the first one has failed.
    fn drop(&mut self) {
        self.queue.state().jobs.clear();
        self.close();
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Compiles what there is until nothing is left; the second thread until nothing will come.
    fn work(&self, second: bool) -> Vec<Done> {
        let context = contexts(Vec::pop).flatten();
        let mut context = context.unwrap_or_else(|| Box::new(Context::new()));
        let mut done = Vec::new();
        let mut largest = 0;
        while let Some(job) = self.next(second) {
            let place = job.place;
            largest = largest.max(job.function.dfg.num_insts());
            let code = catch_unwind(AssertUnwindSafe(|| self.compile(&mut context, job)));
            let code = code.unwrap_or_else(|payload| {
                // What a panic leaves behind is not looked at.
                *context = Context::new();
                Err(panicked(payload.as_ref()))
            });
            done.push((place, code));
        }
        if largest <= KEPT_INSTRUCTIONS {
            contexts(|contexts| {
                if contexts.len() < KEPT_CONTEXTS {
                    contexts.push(context);
                }
            });
        }
        done
    }

    /// The next function: the first thread begins with the last one, which calls the others and
    /// is often the longest.
    fn next(&self, second: bool) -> Option<Job> {
        let mut state = self.state();
        loop {
            let job = match second {
                true => state.jobs.pop_front(),
                false => state.jobs.pop_back(),
            };
            if job.is_some() || !second || state.closed {
                return job;
            }
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn compile(&self, context: &mut Context, job: Job) -> Result<Code, CodegenError> {
        context.clear();
        context.func = job.function;
        context.set_disasm(self.assembly);
        let isa = self.isas.get(job.opt);
        context
            .compile(&**isa, &mut ControlPlane::default())
            .map_err(|error| internal(format!("{:?}", error.inner)))?;
        let Some(code) = context.compiled_code() else {
            return Err(internal("no code"));
        };
        let mut relocations = Vec::with_capacity(code.buffer.relocs().len());
        for relocation in code.buffer.relocs() {
            let relocation = ModuleReloc::from_mach_reloc(relocation, &context.func, job.id);
            if let ModuleRelocTarget::LibCall(libcall) = &relocation.name {
                return Err(internal(format!("a library call of `{libcall}`")));
            }
            relocations.push(relocation);
        }
        Ok(Code {
            id: job.id,
            alignment: u64::from(code.buffer.alignment),
            bytes: code.buffer.data().to_vec(),
            relocations,
            assembly: code.vcode.clone(),
        })
    }
}
