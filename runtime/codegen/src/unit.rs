//! One object in the making: its functions, its imports, what is still to be translated.
//! Knows Cranelift's module and nothing of the meaning of kernels.
//!
//! Invariants: a function may be compiled under either optimisation level; every import is
//! in the NRT's table; everything happens in an order that the program alone decides.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Instant;

use brolga_abi::{AbiType, SymbolDecl};
use brolga_lang::ir::{FunctionId, LoopId, Program};
use cranelift_codegen::ir::{self, AbiParam, Signature, types};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::FunctionBuilderContext;
use cranelift_module::{DataDescription, DataId, FuncId, Linkage, Module};
use cranelift_object::{ObjectBuilder, ObjectModule};

use crate::backend::Backend;
use crate::compiler::{Built, Compiler, Object, Timings};
use crate::error::{CodegenError, CodegenErrorKind};
use crate::layout::{WORD, machine_types, width};
use crate::plan::Plan;
use crate::report::Loops;
use crate::switches::Opt;
use crate::translate::{self, ParallelBody};
use crate::vector::{self, VectorFeatures};

/// What text is wanted beside the object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Capture {
    /// CLIF before optimisation.
    Clif,
    /// Assembly.
    Asm,
}

/// A function that was referred to and is not yet translated.
pub(crate) enum Pending<'p> {
    /// A function of the program that is compiled on its own.
    Function(FunctionId, FuncId),
    /// The outlined body of a `prange` loop.
    Parallel(ParallelBody<'p>, FuncId),
}

/// An object in the making.
pub(crate) struct Unit<'p> {
    /// The program that is compiled.
    pub program: &'p Program,
    /// What was decided about it beforehand.
    pub plan: Plan,
    /// How much code is optimised, but for the vector loop.
    pub opt: Opt,
    /// How the vector loop is written, or why there is to be none.
    pub vector_loop: Result<vector::Emit, String>,
    /// Whether a fused multiply-add is one instruction.
    pub has_fma: bool,
    /// Whether rounding to an integer is one instruction.
    pub has_round: bool,
    /// Whether a division of 64 bits takes longer than a test and one of 32.
    pub slow_wide_division: bool,
    /// What vector loops may use.
    pub vector_features: VectorFeatures,
    /// The loops inside the kernel that were looked at for vector code, by function and loop.
    pub inner_loops: HashMap<(usize, LoopId), Option<translate::InnerLoop<'p>>>,
    /// Whether any site of failure was emitted.
    pub can_fail: bool,
    /// Where the time went.
    pub timings: Timings,
    /// What was made of the loops.
    pub loops: Loops,
    /// Reused by one function after the other.
    pub builder_context: FunctionBuilderContext,
    backend: Backend,
    module: ObjectModule,
    imports: BTreeMap<&'static str, FuncId>,
    /// Where each global lies in the block that the context points to.
    pub global_offsets: Vec<usize>,
    /// Constant arrays by their bytes.
    data: HashMap<Vec<u8>, DataId>,
    separate: Vec<Option<FuncId>>,
    pending: VecDeque<Pending<'p>>,
    locals: u32,
    capture: Option<Capture>,
    text: String,
}

pub(crate) fn internal(what: impl std::fmt::Display) -> CodegenError {
    CodegenError::new(CodegenErrorKind::Internal, what.to_string())
}

impl<'p> Unit<'p> {
    /// An empty object.
    pub(crate) fn new(
        program: &'p Program,
        plan: Plan,
        compiler: &'p Compiler,
        vector_loop: Result<vector::Emit, String>,
        name: &str,
        capture: Option<Capture>,
    ) -> Result<Unit<'p>, CodegenError> {
        let Compiler {
            isas,
            target,
            switches,
            emit_vector_loop: _,
            second_thread,
        } = compiler;
        let assembly = capture == Some(Capture::Asm);
        let isa = isas.get(Opt::Speed);
        let builder = ObjectBuilder::new(
            isa.clone(),
            name.as_bytes(),
            // Never called for valid code: `define` refuses relocations to these.
            Box::new(|libcall| format!("cranelift_{libcall}")),
        )
        .map_err(internal)?;
        Ok(Unit {
            program,
            opt: switches.opt,
            vector_loop,
            has_fma: isa.has_native_fma(),
            has_round: target.has("has_sse41"),
            slow_wide_division: VectorFeatures::of(&**isa).x86_64,
            vector_features: VectorFeatures::of(&**isa),
            inner_loops: HashMap::new(),
            can_fail: false,
            timings: Timings::default(),
            loops: Loops::new(program),
            builder_context: FunctionBuilderContext::new(),
            backend: Backend::new(isas.clone(), assembly, *second_thread),
            module: ObjectModule::new(builder),
            imports: BTreeMap::new(),
            global_offsets: brolga_lang::ir::global_layout(&program.globals).0,
            data: HashMap::new(),
            separate: vec![None; plan.separate.len()],
            plan,
            pending: VecDeque::new(),
            locals: 0,
            capture,
            text: String::new(),
        })
    }

    /// What the frontend library wants to know of the target.
    pub(crate) fn frontend_config(&self) -> TargetFrontendConfig {
        self.module.target_config()
    }

    /// The signature with these parts in the C calling convention.
    pub(crate) fn signature(&self, params: &[ir::Type], results: &[ir::Type]) -> Signature {
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params = params.iter().map(|&ty| AbiParam::new(ty)).collect();
        signature.returns = results.iter().map(|&ty| AbiParam::new(ty)).collect();
        signature
    }

    /// Declares the exported entry point.
    pub(crate) fn declare_entry(
        &mut self,
        symbol: &str,
        signature: &Signature,
    ) -> Result<FuncId, CodegenError> {
        self.module
            .declare_function(symbol, Linkage::Export, signature)
            .map_err(internal)
    }

    /// Declares a function that only this object can call; `kind` starts its symbol.
    pub(crate) fn declare_local(
        &mut self,
        kind: &str,
        signature: &Signature,
    ) -> Result<FuncId, CodegenError> {
        let symbol = format!("{kind}{}", self.locals);
        self.locals += 1;
        self.module
            .declare_function(&symbol, Linkage::Local, signature)
            .map_err(internal)
    }

    /// The NRT symbol with this name.
    pub(crate) fn import(&mut self, name: &str) -> Result<FuncId, CodegenError> {
        let Some(decl) = brolga_abi::symbol(name) else {
            return Err(internal(format!("the NRT has no symbol `{name}`")));
        };
        if let Some(&id) = self.imports.get(decl.name) {
            return Ok(id);
        }
        let signature = self.import_signature(decl);
        let id = self
            .module
            .declare_function(decl.name, Linkage::Import, &signature)
            .map_err(internal)?;
        self.imports.insert(decl.name, id);
        Ok(id)
    }

    fn import_signature(&self, decl: &SymbolDecl) -> Signature {
        let machine = |ty: &AbiType| match ty {
            AbiType::Void => None,
            AbiType::I32 => Some(types::I32),
            AbiType::I64 | AbiType::Pointer => Some(WORD),
            AbiType::F32 => Some(types::F32),
            AbiType::F64 => Some(types::F64),
        };
        let params: Vec<ir::Type> = decl.params.iter().filter_map(machine).collect();
        let results: Vec<ir::Type> = machine(&decl.result).into_iter().collect();
        self.signature(&params, &results)
    }

    /// The function of the program with this number, compiled on its own:
    /// `(ctx, parameters.., out?) -> status`.
    pub(crate) fn separate(&mut self, function: FunctionId) -> Result<FuncId, CodegenError> {
        let k = function.0 as usize;
        if let Some(id) = self.separate[k] {
            return Ok(id);
        }
        let definition = &self.program.functions[k];
        let mut params = vec![WORD];
        for &param in &definition.params {
            let Some(local) = definition.locals.get(param.0 as usize) else {
                return Err(CodegenError::malformed(format!(
                    "parameter {} of `{}` is not declared",
                    param.0, definition.name.0
                )));
            };
            params.extend(machine_types(&local.ty));
        }
        if width(&definition.result) > 0 {
            params.push(WORD);
        }
        let signature = self.signature(&params, &[types::I32]);
        let id = self.declare_local("function_", &signature)?;
        self.separate[k] = Some(id);
        self.pending.push_back(Pending::Function(function, id));
        Ok(id)
    }

    /// Where a function's own code goes: the function itself, or, where frames may be large,
    /// a second one of its type that a small one calls when the stack has room for it.
    pub(crate) fn guarded(&mut self, id: FuncId) -> Result<FuncId, CodegenError> {
        if !self.plan.large_frames {
            return Ok(id);
        }
        let declaration = self.module.declarations().get_function_decl(id);
        let signature = declaration.signature.clone();
        self.declare_local("guarded_", &signature)
    }

    /// Declares the outlined body of a `prange` loop.
    pub(crate) fn parallel_body(&mut self, body: ParallelBody<'p>) -> Result<FuncId, CodegenError> {
        let signature = self.signature(&[WORD; 5], &[types::I32]);
        let id = self.declare_local("prange_", &signature)?;
        self.pending.push_back(Pending::Parallel(body, id));
        Ok(id)
    }

    /// Read-only data of these bytes, aligned to 16.
    pub(crate) fn data(&mut self, bytes: Vec<u8>) -> Result<DataId, CodegenError> {
        if let Some(&id) = self.data.get(&bytes) {
            return Ok(id);
        }
        let symbol = format!("array_{}", self.locals);
        self.locals += 1;
        let id = self
            .module
            .declare_data(&symbol, Linkage::Local, false, false)
            .map_err(internal)?;
        let mut description = DataDescription::new();
        description.define(bytes.clone().into_boxed_slice());
        description.set_align(16);
        self.module
            .define_data(id, &description)
            .map_err(internal)?;
        self.data.insert(bytes, id);
        Ok(id)
    }

    /// A reference to data of this object, for use in `function`.
    pub(crate) fn data_reference(
        &mut self,
        id: DataId,
        function: &mut ir::Function,
    ) -> ir::GlobalValue {
        self.module.declare_data_in_func(id, function)
    }

    /// A reference to a function of this object, for use in `function`.
    pub(crate) fn reference(&mut self, id: FuncId, function: &mut ir::Function) -> ir::FuncRef {
        self.module.declare_func_in_func(id, function)
    }

    /// An empty function body for a declared function.
    pub(crate) fn new_function(&self, id: FuncId) -> ir::Function {
        let declaration = self.module.declarations().get_function_decl(id);
        ir::Function::with_name_signature(
            ir::UserFuncName::user(0, id.as_u32()),
            declaration.signature.clone(),
        )
    }

    /// Gives a function body to the compiler, under an optimisation level. The code is added to
    /// the object at its end, in the order of these calls.
    pub(crate) fn define(&mut self, id: FuncId, function: ir::Function, opt: Opt) {
        if self.capture == Some(Capture::Clif) {
            let name = self.symbol_name(id);
            self.text
                .push_str(&format!("; {name}\n{}\n", function.display()));
        }
        // A vector loop's caller is still being written.
        let more = opt != self.opt || !self.pending.is_empty();
        self.backend.add(id, function, opt, more);
    }

    /// Adds the code of all functions to the object.
    fn define_code(&mut self) -> Result<(), CodegenError> {
        let start = Instant::now();
        let all = self.backend.finish()?;
        self.timings.cranelift += start.elapsed();
        let start = Instant::now();
        for code in all {
            self.module
                .define_function_bytes(code.id, code.alignment, &code.bytes, &code.relocations)
                .map_err(internal)?;
            if let Some(assembly) = &code.assembly {
                let name = self.symbol_name(code.id);
                self.text.push_str(&format!("; {name}\n{assembly}\n"));
            }
        }
        self.timings.object += start.elapsed();
        Ok(())
    }

    fn symbol_name(&self, id: FuncId) -> String {
        let declaration = self.module.declarations().get_function_decl(id);
        declaration.linkage_name(id).into_owned()
    }

    /// Translates what was referred to, until nothing is left.
    pub(crate) fn define_pending(&mut self) -> Result<(), CodegenError> {
        while let Some(pending) = self.pending.pop_front() {
            match pending {
                Pending::Function(function, id) => translate::function(self, function, id)?,
                Pending::Parallel(body, id) => translate::parallel_body(self, body, id)?,
            }
        }
        Ok(())
    }

    /// The finished object, and the text that was asked for.
    pub(crate) fn finish(mut self, entry_symbol: String) -> Result<Built, CodegenError> {
        self.define_code()?;
        let start = Instant::now();
        let (report, loops) = self.loops.finish(self.plan.cost[0].max(1));
        let elf = self.module.finish().emit().map_err(internal)?;
        let object = Object {
            elf,
            entry_symbol,
            imports: self.imports.keys().map(|&name| name.to_owned()).collect(),
            can_fail: self.can_fail,
            cost: self.plan.cost[0].max(1),
            report,
            loops,
        };
        let mut timings = self.timings;
        timings.object += start.elapsed();
        Ok(Built {
            object,
            text: self.text,
            timings,
        })
    }
}

impl vector::Imports for Unit<'_> {
    fn frontend_config(&self) -> TargetFrontendConfig {
        Unit::frontend_config(self)
    }

    fn import(
        &mut self,
        name: &str,
        function: &mut ir::Function,
    ) -> Result<ir::FuncRef, CodegenError> {
        let id = Unit::import(self, name)?;
        Ok(self.reference(id, function))
    }
}
