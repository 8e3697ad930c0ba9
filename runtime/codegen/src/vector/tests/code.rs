//! What the machine code of a vector loop looks like: in the loop no call, no branch but its
//! own, and nothing kept on the stack.

use brolga_lang::ir::{Expr, ExprKind, Program, Scalar, UnaryOp};

use super::harness::{Loop, MACHINES, Machine, compile, compile_strip, features};
use super::kernels::{self, f64, local, program, scalar, tuple, unary, value};

/// The instructions of the blocks that branch back to themselves: one for all calls and one for
/// each version.
fn main_loops(compiled: &Loop) -> Vec<Vec<&str>> {
    let mut blocks: Vec<Vec<&str>> = vec![Vec::new()];
    for line in compiled.assembly.lines() {
        if line.starts_with("block") {
            blocks.push(Vec::new());
        } else if let Some(block) = blocks.last_mut() {
            block.push(line.trim());
        }
    }
    // The back edge is critical, so Cranelift puts a block with a jump on it.
    let target = |line: &str, word: &str| -> Option<usize> {
        let (_, rest) = line.split_once(word)?;
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        number.parse().ok()
    };
    let is_loop = |k: usize, block: &Vec<&str>| {
        let branch = |line: &&str| {
            ["jnb     label", "jb      label"]
                .iter()
                .find_map(|word| target(line, word))
        };
        let Some(via) = block.last().and_then(branch) else {
            return false;
        };
        let back = blocks.get(via + 1).and_then(|edge| edge.last());
        back.and_then(|line| target(line, "jmp     label")) == Some(k - 1)
    };
    let loops: Vec<Vec<&str>> = blocks
        .iter()
        .enumerate()
        .filter(|(k, block)| is_loop(*k, block))
        .map(|(_, block)| block.clone())
        .collect();
    let expected = 1 + compiled.strip.versions.len();
    assert_eq!(loops.len(), expected, "{}", compiled.assembly);
    loops
}

/// Checks all loops, and gives the instructions of that for all calls.
fn check(name: &str, program: &Program, machine: Machine) -> Vec<String> {
    let compiled = compile(program, machine);
    for lines in main_loops(&compiled) {
        for line in &lines[..lines.len() - 1] {
            assert!(!line.starts_with("call"), "{name}, {machine:?}: {line}");
            assert!(!line.starts_with('j'), "{name}, {machine:?}: {line}");
            assert!(!line.contains("%rsp"), "{name}, {machine:?}: {line}");
        }
    }
    let mut strip = compiled.strip;
    strip.versions.clear();
    let alone = compile_strip(strip, machine);
    main_loops(&alone)[0]
        .iter()
        .map(|line| line.split_whitespace().next().unwrap_or("").to_string())
        .collect()
}

#[test]
fn simple_loops_neither_call_nor_branch_nor_spill() {
    for machine in MACHINES {
        for (name, program) in [
            ("axpy", kernels::axpy()),
            ("poly8", kernels::poly8()),
            ("leaky", kernels::leaky()),
        ] {
            check(name, &program, machine);
        }
    }
}

#[test]
fn no_kernel_of_the_tests_calls_or_branches() {
    for machine in MACHINES {
        for kernel in kernels::all() {
            let compiled = compile(&kernel.program, machine);
            for lines in main_loops(&compiled) {
                for line in &lines[..lines.len() - 1] {
                    assert!(
                        !line.starts_with("call") && !line.starts_with('j'),
                        "{}, {machine:?}: {line}",
                        kernel.name
                    );
                }
            }
        }
    }
}

/// With AVX, a group of axpy is one load, one multiplication and one addition (both from
/// memory) and one store for each vector.
#[test]
fn axpy_folds_its_loads_with_avx() {
    if !features(Machine::Host).fma {
        return;
    }
    let found = check("axpy", &kernels::axpy(), Machine::Host);
    let mut expected = Vec::new();
    for word in ["vmovupd", "vmulpd", "vaddpd", "vmovupd"] {
        expected.extend([word; 4]);
    }
    assert_eq!(found[..16], expected);
}

#[test]
fn fused_and_rounding_operations_are_instructions_where_the_machine_has_them() {
    let x = || local(0, Scalar::F64);
    let fused = Expr {
        ty: scalar(Scalar::F64),
        kind: ExprKind::Fma(Box::new(x()), Box::new(f64(0.1)), Box::new(f64(0.7))),
    };
    let rounded = [
        UnaryOp::Floor,
        UnaryOp::Ceil,
        UnaryOp::Trunc,
        UnaryOp::RoundTiesEven,
    ]
    .map(|op| unary(op, x()));
    let mut results = vec![fused];
    results.extend(rounded);
    let program = program(&[Scalar::F64], &[], value(tuple(results)));
    if !features(Machine::Host).fma {
        return;
    }
    let words = check("fma and rounding", &program, Machine::Host);
    assert!(words.iter().any(|word| word.starts_with("vfmadd")));
    assert!(words.iter().any(|word| word.starts_with("vround")));
}

#[test]
fn a_clip_is_one_minimum_and_one_maximum() {
    for machine in MACHINES {
        let clip = kernels::all()
            .into_iter()
            .find(|kernel| kernel.name == "clip");
        let clip = clip.expect("a kernel of this name");
        let words = check("clip", &clip.program, machine);
        let count = |name: &str| words.iter().filter(|word| word.contains(name)).count();
        let vectors = compile(&clip.program, machine).strip.group_vectors() as usize;
        assert_eq!(
            (count("minps"), count("maxps")),
            (vectors, vectors),
            "{words:?}"
        );
    }
}

#[test]
fn the_report_names_the_shape_of_the_loop() {
    let report = |program: &Program| compile(program, Machine::Host).strip.to_string();
    assert_eq!(
        report(&kernels::axpy()),
        "vector loop: 4 x f64x2 (8 elements a turn), 2 operations"
    );
    assert_eq!(
        report(&kernels::poly8()),
        "vector loop: 4 x f64x2 (8 elements a turn), 16 operations"
    );
    assert_eq!(
        report(&kernels::leaky()),
        "vector loop: 4 x f64x2 (8 elements a turn), 3 operations"
    );
}
