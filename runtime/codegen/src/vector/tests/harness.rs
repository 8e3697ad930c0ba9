//! Compiles a vector loop alone, links it and calls it over memory with guards around.

use std::sync::atomic::AtomicU32;

use brolga_lang::ir::{Program, Scalar, Type};
use brolga_link::LoadedCode;
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{AbiParam, FuncRef, Function, Signature, UserFuncName, types};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa, TargetFrontendConfig};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_module::{Linkage, Module, ModuleReloc};
use cranelift_object::{ObjectBuilder, ObjectModule};

use super::super::{
    Imports, StripProgram, VectorFeatures, add_versions, by_strips, emit, signature, try_vectorise,
};
use crate::error::CodegenError;

/// The machines that are tried: everything that the host has, and SSE2 alone.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Machine {
    Host,
    Baseline,
}

pub(super) const MACHINES: [Machine; 2] = [Machine::Host, Machine::Baseline];

pub(super) fn isa(machine: Machine) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "none"),
        ("enable_verifier", "true"),
        ("regalloc_checker", "true"),
        ("is_pic", "true"),
    ] {
        flags.set(name, value).unwrap();
    }
    let triple = target_lexicon::Triple::host();
    let mut builder = cranelift_codegen::isa::lookup(triple).unwrap();
    if machine == Machine::Host {
        cranelift_native::infer_native_flags(&mut builder).unwrap();
    }
    builder.finish(settings::Flags::new(flags)).unwrap()
}

pub(super) fn features(machine: Machine) -> VectorFeatures {
    VectorFeatures::of(&*isa(machine))
}

/// A linked vector loop.
pub(super) struct Loop {
    pub(super) strip: StripProgram,
    pub(super) assembly: String,
    code: LoadedCode,
}

impl Imports for ObjectModule {
    fn frontend_config(&self) -> TargetFrontendConfig {
        self.target_config()
    }

    fn import(&mut self, name: &str, function: &mut Function) -> Result<FuncRef, CodegenError> {
        let decl = brolga_abi::symbol(name).unwrap_or_else(|| panic!("no symbol {name}"));
        let machine = |ty: &brolga_abi::AbiType| match ty {
            brolga_abi::AbiType::Void => None,
            brolga_abi::AbiType::I32 => Some(AbiParam::new(types::I32)),
            brolga_abi::AbiType::I64 | brolga_abi::AbiType::Pointer => {
                Some(AbiParam::new(types::I64))
            }
            brolga_abi::AbiType::F32 => Some(AbiParam::new(types::F32)),
            brolga_abi::AbiType::F64 => Some(AbiParam::new(types::F64)),
        };
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params = decl.params.iter().filter_map(machine).collect();
        signature.returns = machine(&decl.result).into_iter().collect();
        let id = self
            .declare_function(name, Linkage::Import, &signature)
            .unwrap();
        Ok(self.declare_func_in_func(id, function))
    }
}

pub(super) fn compile(program: &Program, machine: Machine) -> Loop {
    let mut strip = try_vectorise(program, features(machine))
        .unwrap_or_else(|refusal| panic!("refused: {refusal}"));
    add_versions(&mut strip, program, features(machine));
    compile_strip(strip, machine)
}

pub(super) fn compile_strip(strip: StripProgram, machine: Machine) -> Loop {
    let libcalls = cranelift_module::default_libcall_names();
    let builder = ObjectBuilder::new(isa(machine), "loop", libcalls).unwrap();
    let mut module = ObjectModule::new(builder);
    let id = module
        .declare_function("strip", Linkage::Export, &signature())
        .unwrap();
    let mut function =
        Function::with_name_signature(UserFuncName::user(0, id.as_u32()), signature());
    emit(&strip, &mut function, &mut module).unwrap();
    let mut context = Context::for_function(function);
    context.set_disasm(true);
    context
        .compile(&*isa(machine), &mut ControlPlane::default())
        .unwrap_or_else(|error| panic!("{:?}", error.inner));
    let code = context.compiled_code().unwrap();
    let relocations: Vec<ModuleReloc> = code
        .buffer
        .relocs()
        .iter()
        .map(|relocation| ModuleReloc::from_mach_reloc(relocation, &context.func, id))
        .collect();
    let alignment = u64::from(code.buffer.alignment);
    module
        .define_function_bytes(id, alignment, code.buffer.data(), &relocations)
        .unwrap();
    let object = module.finish().emit().unwrap();
    Loop {
        strip,
        assembly: code.vcode.clone().unwrap(),
        code: brolga_link::link(&object, "strip", &brolga_nrt::address).unwrap(),
    }
}

/// How an input lies in memory.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Step {
    Unit,
    Zero,
    /// Every other element: no vector loop.
    Two,
}

/// Elements in memory, aligned to the element and no further.
pub(super) struct Array {
    words: Vec<u64>,
    size: usize,
    start: usize,
    len: usize,
}

const GUARD: u8 = 0xa5;

impl Array {
    pub(super) fn new(scalar: Scalar, values: &[u64]) -> Array {
        let size = scalar.dtype().size();
        let mut array = Array {
            words: vec![u64::from_ne_bytes([GUARD; 8]); values.len() * size / 8 + 6],
            size,
            start: 16 + size,
            len: values.len(),
        };
        for (k, value) in values.iter().enumerate() {
            let at = array.start + k * size;
            array.bytes_mut()[at..at + size].copy_from_slice(&value.to_ne_bytes()[..size]);
        }
        array
    }

    /// `len` elements that nothing has written.
    pub(super) fn blank(scalar: Scalar, len: usize) -> Array {
        Array::new(scalar, &vec![u64::from_ne_bytes([GUARD; 8]); len])
    }

    fn bytes(&self) -> Vec<u8> {
        self.words
            .iter()
            .flat_map(|word| word.to_ne_bytes())
            .collect()
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        let len = self.words.len() * 8;
        // SAFETY: the words are `len` bytes, borrowed mutably for as long as the result,
        // and any bytes are a word.
        unsafe { std::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), len) }
    }

    pub(super) fn pointer(&mut self) -> *mut u8 {
        let start = self.start;
        self.bytes_mut()[start..].as_mut_ptr()
    }

    pub(super) fn values(&self) -> Vec<u64> {
        let bytes = self.bytes();
        (0..self.len)
            .map(|k| {
                let mut word = [0; 8];
                let at = self.start + k * self.size;
                word[..self.size].copy_from_slice(&bytes[at..at + self.size]);
                u64::from_ne_bytes(word)
            })
            .collect()
    }

    /// Checks that nothing outside of the elements was written.
    pub(super) fn check_guards(&self) {
        let bytes = self.bytes();
        let end = self.start + self.len * self.size;
        assert!(
            bytes[..self.start]
                .iter()
                .chain(&bytes[end..])
                .all(|&byte| byte == GUARD),
            "memory outside of the operand was written"
        );
    }
}

impl Loop {
    /// Elements of a group.
    pub(super) fn group(&self) -> usize {
        self.strip.group() as usize
    }

    /// Whether it goes strip by strip, at any steps and to the last element.
    pub(super) fn by_strips(&self) -> bool {
        by_strips(&self.strip)
    }

    /// Calls the loop; gives how many elements it did.
    pub(super) fn call(&self, args: &[*mut u8], n: usize, steps: &[isize]) -> usize {
        self.call_with_flag(args, n, steps, &AtomicU32::new(0))
    }

    /// Calls the loop under a cancel flag.
    pub(super) fn call_with_flag(
        &self,
        args: &[*mut u8],
        n: usize,
        steps: &[isize],
        cancel: &AtomicU32,
    ) -> usize {
        type VectorLoop = unsafe extern "C" fn(
            *const *mut u8,
            usize,
            *const isize,
            *const u8,
            *const AtomicU32,
        ) -> usize;
        // SAFETY: the code was made for this signature and lives in `self.code`.
        let function = unsafe { std::mem::transmute::<*const u8, VectorLoop>(self.code.entry()) };
        // SAFETY: callers pass one pointer and one step for each operand, with `n` elements
        // behind each.
        unsafe { function(args.as_ptr(), n, steps.as_ptr(), std::ptr::null(), cancel) }
    }
}

/// The types of a program's inputs.
pub(super) fn inputs(program: &Program) -> Vec<Scalar> {
    program
        .entry
        .params
        .iter()
        .map(|param| match param.ty {
            Type::Scalar(scalar) => scalar,
            _ => panic!("not a scalar"),
        })
        .collect()
}
