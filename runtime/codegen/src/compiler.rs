//! The compiler's front door: a program goes in, a relocatable object comes out. Holds
//! Cranelift's instruction set descriptions for one target and one set of switches, and
//! nothing that depends on a program, so that one compiler serves many threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::time::{Duration, Instant};

use brolga_abi::LoopReport;
use brolga_lang::ir::Program;
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use target_lexicon::Triple;

use crate::entry;
use crate::error::{CodegenError, CodegenErrorKind};
use crate::plan::{Plan, plan};
use crate::switches::{Opt, Switches};
use crate::target::TargetSpec;
use crate::unit::{Capture, Unit};
use crate::vector;

/// Programs nested deeper than this are compiled on a thread with a large stack: the
/// translation recurses over the IR.
const DEEP_NESTING: u32 = 60;
/// The stack of that thread, in bytes for each level of nesting (unoptimised builds of this
/// package need most of it) beside a fixed part. Only what is touched is ever backed by memory.
const STACK_PER_LEVEL: usize = 32 << 10;
const STACK_BASE: usize = 8 << 20;

/// A compiled kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// A relocatable ELF file: sections `.text` and, where a kernel needs it, `.rodata`.
    pub elf: Vec<u8>,
    /// The symbol of the entry point, a [`brolga_abi::KernelFn`].
    pub entry_symbol: String,
    /// The NRT symbols that the object imports, sorted; all are in
    /// [`brolga_abi::SYMBOLS`].
    pub imports: Vec<String>,
    /// Whether any panic site (or the stack limit) can be reached.
    pub can_fail: bool,
    /// An estimate of the work of one loop element, in units of about one simple
    /// operation; at least 1.
    pub cost: u32,
    /// What was made of the kernel's loops, and why not better; one sentence a line.
    pub report: Vec<String>,
    /// The same as data, with the checks: the loop over elements first, then each `for` that code
    /// was made for, in the order of their numbers ([`brolga_lang::tables::loops`]).
    pub loops: Vec<LoopReport>,
}

/// Where the time of a compilation went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Timings {
    /// Deciding about the whole program beforehand.
    pub plan: Duration,
    /// Making strip programs of loops, also where none came of it.
    pub vector: Duration,
    /// Writing CLIF, of scalar and of vector code.
    pub clif: Duration,
    /// Cranelift: optimising, register allocation, emission; what was not done beside the
    /// writing of CLIF.
    pub cranelift: Duration,
    /// Putting the object file together.
    pub object: Duration,
}

impl Timings {
    /// The whole compilation.
    pub fn total(&self) -> Duration {
        let Timings {
            plan,
            vector,
            clif,
            cranelift,
            object,
        } = *self;
        plan + vector + clif + cranelift + object
    }
}

/// The instruction set descriptions for one target: functions of one object may be
/// compiled under either.
#[derive(Clone)]
pub(crate) struct Isas {
    speed: OwnedTargetIsa,
    none: OwnedTargetIsa,
}

impl Isas {
    /// The description for an optimisation level.
    pub(crate) fn get(&self, opt: Opt) -> &OwnedTargetIsa {
        match opt {
            Opt::Speed => &self.speed,
            Opt::None => &self.none,
        }
    }
}

/// What comes out of a compilation.
pub(crate) struct Built {
    pub(crate) object: Object,
    /// The text that was asked for.
    pub(crate) text: String,
    pub(crate) timings: Timings,
}

/// Compiles programs for one target under one set of switches.
pub struct Compiler {
    pub(crate) isas: Isas,
    pub(crate) target: TargetSpec,
    pub(crate) switches: Switches,
    /// How vector loops are written; tests put a writer in its place that fails.
    pub(crate) emit_vector_loop: vector::Emit,
    /// Whether a second thread may help; tests compare with code that was made by one.
    pub(crate) second_thread: bool,
}

impl Compiler {
    /// A compiler for `target`.
    ///
    /// # Errors
    /// `Target` when the triple or a feature is not known, or the architecture not built in.
    pub fn new(target: &TargetSpec, switches: Switches) -> Result<Compiler, CodegenError> {
        let isas = Isas {
            speed: build_isa(target, &switches, Opt::Speed)?,
            none: build_isa(target, &switches, Opt::None)?,
        };
        Ok(Compiler {
            isas,
            target: target.clone(),
            switches,
            emit_vector_loop: vector::emit,
            second_thread: true,
        })
    }

    /// The switches that this compiler was made with.
    pub fn switches(&self) -> &Switches {
        &self.switches
    }

    /// Compiles a program. `name` is the kernel's, for messages and for the entry's symbol.
    /// The same program, name, target and switches give the same bytes. Where the code of a
    /// vector loop makes Cranelift fail or panic, the kernel is compiled without that loop,
    /// and the report says why.
    ///
    /// # Errors
    /// `TooLarge` for a kernel beyond the documented limits; `Malformed` and `Internal` are
    /// defects, also where Cranelift panics.
    pub fn compile(&self, program: &Program, name: &str) -> Result<Object, CodegenError> {
        self.compile_timed(program, name).map(|(object, _)| object)
    }

    /// As [`Compiler::compile`], with the time of each part.
    ///
    /// # Errors
    /// As [`Compiler::compile`].
    pub fn compile_timed(
        &self,
        program: &Program,
        name: &str,
    ) -> Result<(Object, Timings), CodegenError> {
        self.run(program, name, None)
            .map(|built| (built.object, built.timings))
    }

    /// The CLIF of every function of the compiled program, before optimisation.
    ///
    /// # Errors
    /// As [`Compiler::compile`].
    pub fn clif(&self, program: &Program, name: &str) -> Result<String, CodegenError> {
        self.run(program, name, Some(Capture::Clif))
            .map(|built| built.text)
    }

    /// The machine code of every function of the compiled program, as assembly text.
    ///
    /// # Errors
    /// As [`Compiler::compile`].
    pub fn asm(&self, program: &Program, name: &str) -> Result<String, CodegenError> {
        self.run(program, name, Some(Capture::Asm))
            .map(|built| built.text)
    }

    fn run(
        &self,
        program: &Program,
        name: &str,
        capture: Option<Capture>,
    ) -> Result<Built, CodegenError> {
        let start = Instant::now();
        // Planning recurses too, but in small frames, and bounds the depth of what follows.
        let planned = plan(program).map_err(|error| error.in_kernel(name))?;
        let depth = planned.depth;
        let plan_time = start.elapsed();
        let attempt = |plan: Plan, vector_loop: Result<vector::Emit, String>| {
            // A panic leaves nothing behind: all state of the compilation is in the closure.
            catch_unwind(AssertUnwindSafe(|| {
                self.build(program, plan, vector_loop, name, capture)
            }))
            .unwrap_or_else(|payload| Err(panicked(payload.as_ref())))
        };
        let guarded = || {
            if !self.switches.vectorise {
                return attempt(planned, Err("vector loops are switched off".to_owned()));
            }
            match attempt(planned, Ok(self.emit_vector_loop)) {
                // Whatever was at fault: without the vector loop there is less to fail.
                Err(error)
                    if error.kind() == CodegenErrorKind::Internal && program.entry.looped =>
                {
                    attempt(
                        plan(program)?,
                        Err(format!("with a vector loop, compilation failed: {error}")),
                    )
                }
                outcome => outcome,
            }
        };
        let result = if depth <= DEEP_NESTING {
            guarded()
        } else {
            std::thread::scope(|scope| {
                std::thread::Builder::new()
                    .name("brolga-compile".to_owned())
                    .stack_size(STACK_BASE + depth as usize * STACK_PER_LEVEL)
                    .spawn_scoped(scope, guarded)
                    .map_err(|error| {
                        CodegenError::new(
                            CodegenErrorKind::TooLarge,
                            format!("nested {depth} deep, and no thread for it: {error}"),
                        )
                    })?
                    .join()
                    .unwrap_or_else(|payload| Err(panicked(payload.as_ref())))
            })
        };
        let mut built = result.map_err(|error| error.in_kernel(name))?;
        built.timings.plan = plan_time;
        Ok(built)
    }

    fn build(
        &self,
        program: &Program,
        plan: Plan,
        vector_loop: Result<vector::Emit, String>,
        name: &str,
        capture: Option<Capture>,
    ) -> Result<Built, CodegenError> {
        let start = Instant::now();
        let mut unit = Unit::new(program, plan, self, vector_loop, name, capture)?;
        let entry_symbol = entry::define(&mut unit, name)?;
        unit.define_pending()?;
        let mut built = unit.finish(entry_symbol)?;
        // What is not one of the others.
        built.timings.clif = start.elapsed().saturating_sub(built.timings.total());
        Ok(built)
    }
}

pub(crate) fn panicked(payload: &(dyn std::any::Any + Send)) -> CodegenError {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    CodegenError::new(
        CodegenErrorKind::Internal,
        format!("the compiler panicked ({text})"),
    )
}

fn build_isa(
    target: &TargetSpec,
    switches: &Switches,
    opt: Opt,
) -> Result<OwnedTargetIsa, CodegenError> {
    let refused = |what: String| CodegenError::new(CodegenErrorKind::Target, what);
    let triple = Triple::from_str(&target.triple)
        .map_err(|error| refused(format!("unknown target `{}`: {error}", target.triple)))?;
    let mut builder = isa::lookup(triple)
        .map_err(|error| refused(format!("unsupported target `{}`: {error}", target.triple)))?;
    for feature in &target.features {
        builder.enable(feature).map_err(|error| {
            refused(format!(
                "target `{}` has no feature `{feature}`: {error}",
                target.triple
            ))
        })?;
    }
    let opt = match (switches.opt, opt) {
        (Opt::Speed, Opt::Speed) => "speed",
        (Opt::None, _) | (_, Opt::None) => "none",
    };
    let verify = switches.verify.to_string();
    let alias_analysis = switches.alias_analysis.to_string();
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", opt),
        ("enable_verifier", &verify),
        ("enable_alias_analysis", &alias_analysis),
        ("is_pic", "true"),
        ("use_colocated_libcalls", "false"),
        ("enable_probestack", "true"),
        ("probestack_strategy", "inline"),
        // Two instructions a call, and profilers see through kernels without tables.
        ("preserve_frame_pointers", "true"),
        ("unwind_info", "false"),
    ] {
        flags
            .set(name, value)
            .map_err(|error| refused(format!("flag {name}={value}: {error}")))?;
    }
    builder
        .finish(settings::Flags::new(flags))
        .map_err(|error| refused(format!("target `{}`: {error}", target.triple)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::tests::kernels::{axpy, leaky, poly8};

    #[test]
    fn the_bytes_do_not_depend_on_the_threads() {
        let programs = [axpy(), poly8(), leaky()];
        let mut compiler =
            Compiler::new(&TargetSpec::host(), Switches::default()).expect("a compiler");
        let object = |compiler: &Compiler, program| {
            let object = compiler.compile(program, "kernel").expect("an object");
            let text = compiler.asm(program, "kernel").expect("assembly");
            (object, text)
        };
        compiler.second_thread = false;
        let alone: Vec<_> = programs.iter().map(|p| object(&compiler, p)).collect();
        compiler.second_thread = true;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        for (program, alone) in programs.iter().zip(&alone) {
                            assert!(object(&compiler, program) == *alone);
                        }
                    }
                });
            }
        });
    }

    #[test]
    fn a_kernel_whose_vector_loop_fails_to_compile_gets_a_scalar_loop_and_says_so() {
        let program = axpy();
        let switches = |vectorise| Switches {
            verify: true,
            vectorise,
            ..Switches::default()
        };
        let compiler = |vectorise| {
            Compiler::new(&TargetSpec::host(), switches(vectorise)).expect("a compiler")
        };
        let scalar = compiler(false)
            .compile(&program, "axpy")
            .expect("an object");
        let broken: [(vector::Emit, &str); 2] = [
            (|_, _, _| panic!("no such lane"), "no such lane"),
            // A function without any block, which the verifier refuses.
            (|_, _, _| Ok(()), "compilation failed"),
        ];
        for (emit, why) in broken {
            let mut compiler = compiler(true);
            compiler.emit_vector_loop = emit;
            let object = compiler.compile(&program, "axpy").expect("an object");
            assert_eq!(object.elf, scalar.elf, "{why}");
            let line = &object.report[0];
            assert!(
                line.starts_with("scalar loop: ") && line.contains(why),
                "{line}"
            );
        }
    }
}
