//! Options, complex numbers and 16-bit floats: what is accepted, and that the programs are
//! valid. What they mean is compared with rustc by the oracle's corpus, whose files are
//! lowered here too.

use brolga_abi::DType;
use brolga_lang::{Module, Style, verify};

fn module(name: &str, text: &str) -> Module {
    let module = Module::parse(name, text).unwrap_or_else(|e| panic!("{}", e.render(Style::Plain)));
    if let Err(e) = module.check() {
        panic!("{}", e.render(Style::Plain));
    }
    module
}

/// Checks a file and lowers each of its kernels.
fn lowered(name: &str, text: &str) -> usize {
    let module = module(name, text);
    let mut count = 0;
    for kernel in module.kernels() {
        for dtype in [DType::F32, DType::F64, DType::I8, DType::U64] {
            if !kernel.type_params.iter().all(|p| p.bound.admits(dtype)) {
                continue;
            }
            let types = vec![dtype; kernel.type_params.len()];
            let program = module.specialise(&kernel.name, &types).expect(&kernel.name);
            verify(&program).unwrap_or_else(|e| panic!("{}\n{program}\n{e}", kernel.name));
            count += 1;
        }
    }
    count
}

#[test]
fn the_corpus_is_accepted_and_lowers_to_valid_programs() {
    for (name, text) in [
        (
            "options.rs",
            include_str!("../../../tests/oracle/kernels/options.rs"),
        ),
        (
            "complexes.rs",
            include_str!("../../../tests/oracle/kernels/complexes.rs"),
        ),
        (
            "halves.rs",
            include_str!("../../../tests/oracle/kernels/halves.rs"),
        ),
    ] {
        assert!(lowered(name, text) >= 20, "{name}");
    }
}

#[test]
fn the_examples_are_accepted() {
    for (name, text, count) in [
        (
            "options.rs",
            include_str!("../../../examples/language/options.rs"),
            3,
        ),
        (
            "complex.rs",
            include_str!("../../../examples/language/complex.rs"),
            3,
        ),
    ] {
        assert!(lowered(name, text) >= count, "{name}");
    }
}

fn fingerprint(text: &str) -> [u8; 32] {
    let module = module("kernels.rs", text);
    let name = &module.kernels().last().expect("a kernel").name;
    brolga_lang::fingerprint(&module.specialise(name, &[]).expect("a program"))
}

#[test]
fn formatting_keeps_the_fingerprint_and_meaning_changes_it() {
    let same = [
        (
            "#[vectorize] fn k(x: i32) -> i32 { x.checked_add(1).unwrap_or(0) }",
            "#[vectorize]\nfn k(/* a */ x: i32) -> i32 {\n    x.checked_add(1) // one\n        .unwrap_or(0)\n}",
        ),
        (
            "#[vectorize] fn k(a: f64) -> f64 { let z = Complex::new(a, 1.0); z.exp().re }",
            "#[vectorize] fn k(b: f64) -> f64 { let w = Complex64::new(b, 1.0); Complex::exp(w).re }",
        ),
        (
            "#[vectorize] fn k(a: f32) -> u16 { f16::from_f32(a).to_bits() }",
            "#[vectorize] fn k(a: f32) -> u16 { /* half */ f16::from_f32(a).to_bits() }",
        ),
    ];
    for (a, b) in same {
        assert_eq!(fingerprint(a), fingerprint(b), "{a}");
    }
    let other = [
        (
            "#[vectorize] fn k(x: i32) -> i32 { x.checked_add(1).unwrap_or(0) }",
            "#[vectorize] fn k(x: i32) -> i32 { x.checked_sub(1).unwrap_or(0) }",
        ),
        (
            "#[vectorize] fn k(x: i32) -> i32 { if let Some(1) = x.checked_neg() { 1 } else { 2 } }",
            "#[vectorize] fn k(x: i32) -> i32 { if let Some(2) = x.checked_neg() { 1 } else { 2 } }",
        ),
        (
            "#[vectorize] fn k(a: f64) -> f64 { Complex::new(a, 1.0).exp().re }",
            "#[vectorize] fn k(a: f64) -> f64 { Complex::new(a, 1.0).exp().im }",
        ),
        (
            "#[vectorize] fn k(a: f32) -> u16 { f16::from_f32(a).to_bits() }",
            "#[vectorize] fn k(a: f32) -> u16 { bf16::from_f32(a).to_bits() }",
        ),
    ];
    for (a, b) in other {
        assert_ne!(fingerprint(a), fingerprint(b), "{a}");
    }
}

#[test]
fn complex_elements_and_halves_are_read_and_written() {
    let text = "
        fn halve(mut a: ArrayViewMut1<Complex<f64>>, h: ArrayView1<f16>) {
            for i in 0..a.len() {
                a[i] *= 0.5;
                a[i].re += h[i].to_f64();
                a[{ i + 0 }].im = -a[i].im;
            }
            for z in a.iter_mut() {
                *z += Complex::i();
            }
        }
        fn sum<T: Number>(a: ArrayView1<T>) -> T {
            let mut s = T::zero();
            for &x in a.iter() { s += x; }
            s
        }
        fn norm(a: ArrayView1<Complex<f32>>) -> f32 { sum(a).norm() }
    ";
    module("kernels.rs", text);
}
