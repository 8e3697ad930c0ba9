//! The machine code of loops, for one machine: x86-64 with AVX2 and FMA, wherever the tests run.
//!
//! Beside each kernel's golden file (`<kernel>.s`, the innermost loops as text) stand limits that
//! are counted in the same text: no calls, one branch, nothing on the stack, and at most so many
//! vector instructions a turn. `BROLGA_BLESS=1` rewrites the files; limits are changed by hand.

mod kernels;
mod listing;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use brolga_codegen::{Compiler, Switches, TargetSpec};
use brolga_lang::Module;

use kernels::{KERNELS, Kernel};
use listing::Loop;

/// The level `x86-64-v3`, as Cranelift's flags.
const FEATURES: [&str; 12] = [
    "has_avx",
    "has_avx2",
    "has_bmi1",
    "has_bmi2",
    "has_cmpxchg16b",
    "has_fma",
    "has_lzcnt",
    "has_popcnt",
    "has_sse3",
    "has_sse41",
    "has_sse42",
    "has_ssse3",
];

fn compiler() -> Compiler {
    let target = TargetSpec {
        triple: "x86_64-unknown-linux-gnu".to_owned(),
        cpu: "x86-64-v3".to_owned(),
        features: FEATURES.map(str::to_owned).to_vec(),
    };
    Compiler::new(&target, Switches::default()).expect("a compiler for x86-64-v3")
}

/// The innermost loops of a kernel: of its vector loops, or of the function itself.
fn loops(compiler: &Compiler, kernel: &Kernel) -> (Vec<Loop>, Vec<String>) {
    let module = Module::parse("kernels.rs", kernel.text)
        .unwrap_or_else(|errors| panic!("{}: {errors:?}", kernel.name));
    let program = module
        .specialise("k", &[])
        .unwrap_or_else(|error| panic!("{}: {error:?}", kernel.name));
    let report = compiler.compile(&program, "k").expect("an object").report;
    let assembly = compiler.asm(&program, "k").expect("assembly");
    let wanted = |name: &str| {
        let is_vector = name.starts_with("vector_") || name.starts_with("inner_");
        is_vector != kernel.scalar
    };
    (listing::innermost(&assembly, wanted), report)
}

/// The lines that are in one text only, each with its sign, and what is around them.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = |a: usize, b: usize| old[a] == new[b];
    let mut length = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            length[a][b] = if same(a, b) {
                length[a + 1][b + 1] + 1
            } else {
                length[a + 1][b].max(length[a][b + 1])
            };
        }
    }
    let mut text = String::new();
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        let (sign, line) = if a < old.len() && b < new.len() && same(a, b) {
            (a, b) = (a + 1, b + 1);
            (' ', new[b - 1])
        } else if a < old.len() && (b == new.len() || length[a + 1][b] >= length[a][b + 1]) {
            a += 1;
            ('-', old[a - 1])
        } else {
            b += 1;
            ('+', new[b - 1])
        };
        let _ = writeln!(text, "{sign}{line}");
    }
    text
}

/// What of a kernel's loops is not as the table says.
fn complaints(kernel: &Kernel, loops: &[Loop], report: &[String]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut check = |what: &str, found: usize, limit: usize, exact: bool| {
        if found > limit || exact && found != limit {
            let most = if exact { "" } else { "at most " };
            complaints.push(format!(
                "{}: {found} {what} rather than {most}{limit}",
                kernel.name
            ));
        }
    };
    check("loops", loops.len(), kernel.loops, true);
    let sum = |of: fn(&Loop) -> usize| loops.iter().map(of).sum();
    let most = |of: fn(&Loop) -> usize| loops.iter().map(of).max().unwrap_or(0);
    check("calls", sum(|found| found.calls), kernel.calls, true);
    check(
        "branches",
        sum(|found| found.branches),
        kernel.branches,
        true,
    );
    check(
        "accesses to the stack",
        sum(|found| found.stack),
        kernel.stack,
        true,
    );
    check(
        "vector instructions a turn",
        most(|found| found.vector),
        kernel.vector,
        false,
    );
    for step in loops.iter().filter_map(|found| found.step) {
        if step != kernel.elements {
            complaints.push(format!(
                "{}: {step} elements a turn rather than {}",
                kernel.name, kernel.elements
            ));
        }
    }
    let usual = (kernel.calls, kernel.branches, kernel.stack) == (0, kernel.loops, 0);
    if usual != kernel.why.is_empty() {
        complaints.push(format!("{}: needs a reason, or needs none", kernel.name));
    }
    if !complaints.is_empty() {
        complaints.push(format!("{}: {report:#?}", kernel.name));
    }
    complaints
}

#[test]
fn loops_are_as_they_were_and_within_their_limits() {
    let bless = std::env::var_os("BROLGA_BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assembly");
    let compiler = compiler();
    let (mut wrong, mut table) = (Vec::new(), String::new());
    for kernel in KERNELS {
        let (loops, report) = loops(&compiler, kernel);
        let texts: Vec<&str> = loops.iter().map(|found| found.text.as_str()).collect();
        let found = texts.join("\n");
        let golden = folder.join(format!("{}.s", kernel.name));
        if bless {
            fs::write(&golden, &found).expect("a blessed file");
        } else {
            let before = fs::read_to_string(&golden).unwrap_or_default();
            if before != found {
                wrong.push(format!(
                    "{}.s\n{}",
                    kernel.name,
                    difference(&before, &found)
                ));
            }
        }
        wrong.extend(complaints(kernel, &loops, &report));
        for found in &loops {
            let _ = writeln!(
                table,
                "{:24} {:3} elements a turn: {:3} instructions, {:3} of vectors, {} branches, {} on the stack, {} calls",
                kernel.name,
                kernel.elements,
                found.instructions,
                found.vector,
                found.branches,
                found.stack,
                found.calls
            );
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_golden_file_belongs_to_a_kernel() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assembly");
    for entry in fs::read_dir(folder).expect("the folder of golden files") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "s") {
            let name = path
                .file_stem()
                .and_then(|name| name.to_str())
                .expect("a name");
            assert!(KERNELS.iter().any(|kernel| kernel.name == name), "{name}.s");
        }
    }
}

#[test]
fn a_loop_is_found_with_its_branches_and_without_the_one_around_it() {
    let text = "; vector_0\n  pushq %rbp\nblock0:\n  jmp     label1\nblock1:\n  movq %rax, <offset:1>+8(%rsp)\n  jmp     label2\nblock2:\n  \
        uninit  %xmm0\n  vaddpd %xmm0, %xmm1, %xmm2\n  call    *%rax\n  jnz     label5; j label3\nblock3:\n  leaq -0x10(%rax), %rax\n  cmpq $0x8, %rax\n  jnb     label4; j label6\n\
        block4:\n  jmp     label2\nblock5:\n  retq\nblock6:\n  jnz     label7; j label5\nblock7:\n  jmp     label1\n";
    let found = listing::innermost(text, |name| name == "vector_0");
    let [found] = &found[..] else {
        panic!("{} loops", found.len());
    };
    assert_eq!(
        found.text,
        "0:\n  vaddpd %xmm0, %xmm1, %xmm2\n  call *%rax\n  jnz out else 1\n1:\n  leaq -0x10(%rax), %rax\n  cmpq $0x8, %rax\n  jnb 0 else out\n"
    );
    // The way out of block 2, and of block 3 both ways: its successor in the text is block 5.
    assert_eq!((found.calls, found.branches, found.stack), (1, 3, 0));
    assert_eq!((found.vector, found.instructions), (1, 7));
    assert_eq!(found.step, Some(16));
}
