//! The levels of x86-64 by name: what instructions their code is made of.

#![cfg(target_arch = "x86_64")]

use brolga_codegen::{Compiler, Switches, TargetSpec};
use brolga_lang::Module;

const KERNEL: &str = "#[vectorize]
fn k(a: f64, b: f64, c: f64) -> f64 { a.mul_add(b, c) }
";

/// Imports and assembly of the kernel for a CPU.
fn code(name: &str, changes: &str) -> (Vec<String>, String) {
    let target = TargetSpec::named(name, changes).expect("a known CPU");
    let compiler = Compiler::new(&target, Switches::default()).expect("a compiler");
    let program = Module::parse("k.rs", KERNEL)
        .expect("a module")
        .specialise("k", &[])
        .expect("a program");
    let object = compiler.compile(&program, "k").expect("an object");
    let assembly = compiler.asm(&program, "k").expect("assembly");
    (object.imports, assembly)
}

/// The instructions of the text: the first word of each line.
fn has(assembly: &str, is: impl Fn(&str) -> bool) -> bool {
    assembly
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .any(is)
}

#[test]
fn v3_and_v4_multiply_and_add_on_vectors_in_one_instruction() {
    for name in ["x86-64-v3", "x86-64-v4"] {
        let (imports, assembly) = code(name, "");
        assert!(imports.is_empty(), "{name}: {imports:?}");
        let packed = |word: &str| word.starts_with("vfmadd") && word.ends_with("pd");
        assert!(has(&assembly, packed), "{name}\n{assembly}");
    }
}

#[test]
fn levels_below_v3_have_neither_avx_nor_fma() {
    for (name, changes) in [
        ("x86-64", ""),
        ("x86-64-v2", ""),
        ("x86-64-v3", "-avx"),
        ("x86-64-v4", "-avx"),
    ] {
        let (imports, assembly) = code(name, changes);
        assert!(!imports.is_empty(), "{name} {changes}: no call for `fma`");
        assert!(
            !has(&assembly, |word| word.starts_with('v')),
            "{name} {changes}\n{assembly}"
        );
    }
    // FMA alone goes: what is left is AVX, with calls.
    let (imports, assembly) = code("x86-64-v3", "-fma");
    assert!(!imports.is_empty());
    assert!(
        has(&assembly, |word| word.starts_with("vmov")),
        "{assembly}"
    );
    assert!(!has(&assembly, |word| word.starts_with("vfmadd")));
}

#[test]
fn a_feature_that_is_added_to_a_level_is_used() {
    let (imports, assembly) = code("x86-64", "+fma");
    assert!(imports.is_empty(), "{imports:?}");
    assert!(has(&assembly, |word| word.starts_with("vfmadd")));
}
