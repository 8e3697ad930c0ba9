//! A kernel compiled with its vector loop gives the same bits as the same kernel compiled
//! without: at every length, with every mixture of steps, in place, on this machine and for
//! SSE2 alone.

// The module serves the tests inside the package too, which use all of it.
#[allow(dead_code, unused_imports)]
#[path = "../src/vector/tests/kernels/mod.rs"]
mod kernels;

use brolga_abi::{KernelContext, KernelFn, Status};
use brolga_codegen::{Compiler, Switches, TargetSpec};
use brolga_lang::ir::{Element, Program, Scalar, Type};
use brolga_link::LoadedCode;

struct Compiled {
    report: Vec<String>,
    code: LoadedCode,
}

fn compile(program: &Program, target: &TargetSpec, vectorise: bool) -> Compiled {
    let switches = Switches {
        vectorise,
        ..Switches::default()
    };
    let compiler = Compiler::new(target, switches).unwrap();
    let object = compiler.compile(program, "kernel").unwrap();
    Compiled {
        report: object.report,
        code: brolga_link::link(&object.elf, &object.entry_symbol, &brolga_nrt::address).unwrap(),
    }
}

impl Compiled {
    fn call(&self, args: &[*mut u8], n: usize, steps: &[isize]) {
        // SAFETY: the linked entry has this type and its code lives in `self.code`.
        let function = unsafe { std::mem::transmute::<*const u8, KernelFn>(self.code.entry()) };
        let mut context = KernelContext::new(0, 0);
        // SAFETY: the caller passes a pointer and a step for every operand, with `n`
        // elements behind each.
        let status = unsafe { function(args.as_ptr(), &n, steps.as_ptr(), &mut context) };
        assert_eq!(Status::from_code(status), Status::Ok);
    }
}

/// The step of an operand, in elements.
const STEPS: [isize; 4] = [1, 0, -1, 2];
/// Elements that an operand's memory holds on either side of its first.
const REACH: usize = 96;

/// An operand's memory: elements `-REACH..REACH` around the first.
#[derive(Clone)]
struct Memory {
    words: Vec<u64>,
    scalar: Scalar,
}

impl Memory {
    fn new(scalar: Scalar, mut value: impl FnMut() -> u64) -> Memory {
        let size = scalar.dtype().size();
        let bytes: Vec<u8> = (0..2 * REACH)
            .flat_map(|_| value().to_le_bytes()[..size].to_vec())
            .collect();
        let words = bytes
            .chunks_exact(8)
            .map(|word| u64::from_le_bytes(word.try_into().unwrap()))
            .collect();
        Memory { words, scalar }
    }

    fn first(&mut self) -> *mut u8 {
        let offset = REACH * self.scalar.dtype().size();
        // SAFETY: the words hold `2 * REACH` elements.
        unsafe { self.words.as_mut_ptr().cast::<u8>().add(offset) }
    }

    /// All elements, each NaN as one and the same.
    fn elements(&self) -> Vec<u64> {
        let size = self.scalar.dtype().size();
        let bytes: Vec<u8> = self
            .words
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect();
        bytes
            .chunks_exact(size)
            .map(|element| {
                let mut word = [0; 8];
                word[..size].copy_from_slice(element);
                let bits = u64::from_le_bytes(word);
                let is_nan = match self.scalar {
                    Scalar::F64 => f64::from_bits(bits).is_nan(),
                    Scalar::F32 => f32::from_bits(bits as u32).is_nan(),
                    _ => false,
                };
                if is_nan { u64::MAX } else { bits }
            })
            .collect()
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A value of this type: often one where operations change their behaviour.
    fn value(&mut self, scalar: Scalar) -> u64 {
        let any = self.next();
        match (scalar, any % 3) {
            (Scalar::Bool, _) => any >> 40 & 1,
            (Scalar::F64, 0) => {
                let edges = [0.0, -0.0, f64::NAN, f64::INFINITY, -1.5, 5e-324, f64::MIN];
                edges[self.next() as usize % edges.len()].to_bits()
            }
            (Scalar::F32, 0) => {
                let edges = [
                    0.0,
                    -0.0,
                    f32::NAN,
                    f32::INFINITY,
                    -1.5,
                    1e-45,
                    2_147_483_648.0,
                ];
                u64::from(edges[self.next() as usize % edges.len()].to_bits())
            }
            (Scalar::F64, 1) => ((any >> 12) as f64 / 1e14 - 20.0).to_bits(),
            (Scalar::F32, 1) => u64::from(((any >> 44) as f32 / 1e5 - 5.0).to_bits()),
            (_, 0) => {
                let top = 1 << (scalar.bits() - 1);
                [0, 1, 2, top, top - 1, u64::MAX][self.next() as usize % 6]
            }
            _ => any,
        }
    }
}

fn inputs(program: &Program) -> Vec<Scalar> {
    let scalar = |ty: &Type| match ty {
        Type::Scalar(scalar) => *scalar,
        _ => panic!("not a scalar"),
    };
    program
        .entry
        .params
        .iter()
        .map(|param| scalar(&param.ty))
        .collect()
}

fn cases() -> Vec<(kernels::Kernel, TargetSpec)> {
    let host = TargetSpec::host();
    let mut cases = Vec::new();
    for kernel in kernels::all() {
        cases.push((kernel, host.clone()));
    }
    for kernel in kernels::all() {
        cases.push((kernel, TargetSpec::baseline()));
    }
    if ["has_avx", "has_fma", "has_sse41"]
        .iter()
        .all(|feature| host.has(feature))
    {
        for kernel in kernels::for_modern_machines() {
            cases.push((kernel, host.clone()));
        }
    }
    cases
}

/// Runs both over the same memory and compares all of it.
fn compare(
    what: &str,
    both: [&Compiled; 2],
    n: usize,
    steps: &[isize],
    program: &Program,
    seed: u64,
    in_place: bool,
) {
    let params = inputs(program);
    let results = &outputs(program);
    let mut random = Random(seed);
    let memory: Vec<Memory> = params
        .iter()
        .chain(results)
        .map(|&scalar| Memory::new(scalar, || random.value(scalar)))
        .collect();
    let after = both.map(|compiled| {
        let mut memory = memory.clone();
        let mut args: Vec<*mut u8> = memory.iter_mut().map(Memory::first).collect();
        if in_place {
            args[params.len()] = args[0];
        }
        let bytes: Vec<isize> = steps
            .iter()
            .zip(&memory)
            .map(|(step, memory)| step * memory.scalar.dtype().size() as isize)
            .collect();
        compiled.call(&args, n, &bytes);
        memory.iter().map(Memory::elements).collect::<Vec<_>>()
    });
    assert_eq!(
        after[0], after[1],
        "{what}, n = {n}, steps {steps:?}, in place: {in_place}"
    );
}

fn outputs(program: &Program) -> Vec<Scalar> {
    let scalar = |element: &Element| match element {
        Element::Scalar(scalar) => *scalar,
        Element::Complex(_) => panic!("a complex result"),
    };
    program.entry.results.iter().map(scalar).collect()
}

#[test]
fn with_and_without_a_vector_loop_the_bits_are_the_same() {
    for (kernel, target) in cases() {
        let what = format!("{} for {}", kernel.name, target.cpu);
        let program = &kernel.program;
        let vector = compile(program, &target, true);
        let scalar = compile(program, &target, false);
        assert!(
            vector.report[0].starts_with("vector loop: "),
            "{what}: {:?}",
            vector.report
        );
        assert_eq!(
            scalar.report,
            ["scalar loop: vector loops are switched off"]
        );
        let both = [&vector, &scalar];
        let params = program.entry.params.len();
        let operands = params + program.entry.results.len();
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        let unit = vec![1; operands];
        for n in (0..=40).chain([90]) {
            compare(&what, both, n, &unit, program, random.next(), false);
            // Outputs of step 0 would depend on the order of elements: they keep to others.
            let steps: Vec<isize> = (0..operands)
                .map(|k| match (k < params, n % 3) {
                    (true, 0) => STEPS[random.next() as usize % 2],
                    (true, _) => STEPS[random.next() as usize % 4],
                    (false, 0) => 1,
                    (false, _) => [1, 1, -1, 2][random.next() as usize % 4],
                })
                .collect();
            if n <= 40 {
                compare(&what, both, n, &steps, program, random.next(), false);
            }
            if inputs(program)[0].bits() == outputs(program)[0].bits() {
                compare(&what, both, n, &unit, program, random.next(), true);
            }
        }
    }
}

#[test]
fn the_report_says_why_there_is_no_vector_loop() {
    use brolga_lang::ir::UnaryOp;
    let turned = kernels::unary(UnaryOp::SwapBytes, kernels::local(0, Scalar::I64));
    let program = kernels::program(&[Scalar::I64], &[], kernels::value(turned));
    let compiled = compile(&program, &TargetSpec::host(), true);
    assert_eq!(
        compiled.report,
        [
            "scalar loop: would be slower as a vector loop: counting or turning bits has no vector form"
        ]
    );
}
