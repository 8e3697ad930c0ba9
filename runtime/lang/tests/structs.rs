//! Structs, enums and mutable references: which programs are accepted, what they become, and
//! what of them counts for the fingerprint. Wrong programs are in `messages_check`.

use brolga_abi::DType;
use brolga_lang::ir::Program;
use brolga_lang::{Module, Style, fingerprint, verify};

fn module(text: &str) -> Module {
    let module = Module::parse("kernels.rs", text)
        .unwrap_or_else(|e| panic!("{text}\n{}", e.render(Style::Plain)));
    if let Err(e) = module.check() {
        panic!("{text}\n{}", e.render(Style::Plain));
    }
    module
}

/// The program of the last kernel of `text`.
fn program(text: &str) -> Program {
    let module = module(text);
    let name = &module.kernels().last().expect("a kernel").name;
    let program = module.specialise(name, &[]).expect("a program");
    verify(&program).unwrap_or_else(|e| panic!("{text}\n{program}\n{e}"));
    program
}

/// Without white space, so that the printer's layout is of no matter.
fn squeezed(program: &Program) -> String {
    let text = program.to_string();
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_corpus_is_accepted() {
    let files = [
        include_str!("../../../tests/oracle/kernels/structs.rs"),
        include_str!("../../../tests/oracle/kernels/enums.rs"),
        include_str!("../../../tests/oracle/kernels/references.rs"),
        include_str!("../../../examples/language/structs.rs"),
    ];
    for text in files {
        let module = module(text);
        for kernel in module.kernels() {
            for dtype in [DType::F64, DType::F32, DType::I32, DType::U8] {
                if kernel.type_params.iter().any(|p| !p.bound.admits(dtype)) {
                    continue;
                }
                let types = vec![dtype; kernel.type_params.len()];
                let program = module
                    .specialise(&kernel.name, &types)
                    .unwrap_or_else(|e| panic!("{}: {e}", kernel.name));
                verify(&program).unwrap_or_else(|e| panic!("{program}\n{e}"));
            }
        }
    }
}

#[test]
fn what_rustc_accepts_is_accepted() {
    let cases = [
        // A struct inside of a function, used before it is declared.
        "fn k(x: f64) -> f64 { let p = P { x }; struct P { x: f64 } p.x }",
        // A function of the same name as a struct with named fields.
        "struct P { x: f64 } fn P(x: f64) -> f64 { x } #[vectorize] fn k(x: f64) -> f64 { P(P { x }.x) }",
        "struct P(f64); impl P { fn get(&self) -> f64 { self.0 } } fn k(x: f64) -> f64 { let r = &P(x); r.get() + P::get(r) + (*r).get() }",
        // What is left out of a pattern is not moved.
        "struct Q { v: f64 } struct P { q: Q, x: f64 } fn k(x: f64) -> f64 { let p = P { q: Q { v: x }, x }; let P { x, .. } = p; let _ = p; x + p.q.v }",
        // `..base` moves nothing that is `Copy`.
        "struct P { x: f64, y: f64 } fn k(x: f64) -> f64 { let a = P { x, y: x }; let b = P { x: 1.0, ..a }; a.x + b.y }",
        // Borrowed again, then used.
        "fn f(x: &mut f64) { *x += 1.0; } fn k(x: f64) -> f64 { let mut y = x; { let r = &mut y; f(r); f(&mut *r); *r *= 2.0; } y }",
        "fn f(x: &mut f64) -> f64 { *x += 1.0; *x } fn k(x: f64) -> f64 { f(&mut { x }) + f(&mut 1.0) }",
        // A mutable reference where a shared one is wanted.
        "fn g(x: &f64) -> f64 { *x } fn f(x: &mut f64) -> f64 { g(x) + x.sqrt() } fn k(x: f64) -> f64 { let mut y = x; f(&mut y) }",
        "fn f(p: &mut (f64, f64)) { p.0 = p.1; let q = &mut p.1; *q = 0.0; } fn k(x: f64) -> f64 { let mut y = (x, x); f(&mut y); y.0 }",
        // Methods by generic and by concrete types.
        "struct W<T>(T); impl W<f64> { fn n(&self) -> i32 { 1 } } impl W<i32> { fn n(&self) -> i32 { 2 } } fn k(x: f64) -> i32 { W(x).n() + W(1_i32).n() }",
        "struct W<T> { x: T } impl<T: Number> W<T> { fn to<U: Number>(self, u: U) -> W<(T, U)> { W { x: (self.x, u) } } } fn k(x: f64) -> f64 { let w = W { x }.to::<i32>(1); w.x.0 }",
        "struct W<T> { x: T } impl<T: Number> W<T> { const N: usize = 2; fn n() -> usize { Self::N + W::<i8>::N } } fn k(x: f64) -> u64 { W::<f64>::n() as u64 + x as u64 }",
        // Expected types reach the fields.
        "struct W<T> { x: T } fn k(x: f32) -> f32 { let w: W<f32> = W { x: 1.5 }; w.x + x }",
        "#[derive(Default, Clone, Copy)] struct S { a: u8, b: (bool, f32) } fn k(x: f32) -> f32 { let s: S = Default::default(); s.b.1 + S { b: (true, x), ..s }.b.1 }",
        "enum E { A, B } impl E { fn other(self) -> E { match self { E::A => Self::B, Self::B => E::A } } } fn k(x: u8) -> u8 { (if x > 1 { E::A } else { E::B }).other() as u8 }",
        "#[derive(PartialEq)] struct U; fn k(x: u8) -> bool { let u = U; match u { U => x == 1 && U == U } }",
    ];
    for case in cases {
        let text = if case.contains("#[vectorize]") {
            case.to_string()
        } else {
            case.replace("fn k(", "#[vectorize] fn k(")
        };
        program(&text);
    }
}

#[test]
fn structs_become_tuples_and_references_are_copied_out() {
    let text = squeezed(&program(
        "struct P { x: f64, n: i32 } fn f(p: &mut P, by: &mut f64) -> bool { if p.n > 1 { return false; } p.x += *by; true }
         #[vectorize] fn k(x: f64) -> f64 { let mut p = P { n: 2, x }; let mut y = 1.0; f(&mut p, &mut y); p.x + y }",
    ));
    assert!(
        text.contains("->(bool,(f64,i32),f64)"),
        "the result of `f` in {text}"
    );
}

#[test]
fn names_and_layout_of_the_text_do_not_count_for_the_fingerprint() {
    let base = "struct P { x: f64, y: f64 } impl P { fn f(&mut self) { self.x += self.y; } }
        #[vectorize] fn k(x: f64) -> f64 { let mut p = P { x, y: 2.0 }; p.f(); p.x }";
    let same = "/// A point.\n#[derive(Debug)] struct P { x: f64, y: f64 }
        impl P { /* adds */ fn f(&mut self) { self.x += self.y; } fn unused(&self) -> f64 { 0.0 } }
        #[vectorize] fn k(x: f64) -> f64 { let mut q = P { x, y: 2.0 }; q.f(); q.x }";
    let others = [
        base.replace("+= self.y", "-= self.y"),
        base.replace("y: 2.0", "y: 3.0"),
        base.replace("p.f(); p.x", "p.f(); p.y"),
    ];
    let first = fingerprint(&program(base));
    assert_eq!(first, fingerprint(&program(same)));
    for other in others {
        assert_ne!(first, fingerprint(&program(&other)), "{other}");
    }
    let variant = "enum E { A = 1, B = 2 } #[vectorize] fn k(x: i64) -> i64 { x + E::A as i64 }";
    let moved = variant.replace("A = 1", "A = 3");
    let renamed = variant.replace("A = 1", "C = 1").replace("E::A", "E::C");
    let first = fingerprint(&program(variant));
    assert_eq!(first, fingerprint(&program(&renamed)));
    assert_ne!(first, fingerprint(&program(&moved)));
}

#[test]
fn operators_and_mem_can_be_used() {
    let text = "use std::ops::{Add, Mul}; use std::mem; #[derive(Clone, Copy)] struct V(f64); \
        impl Add for V { type Output = V; fn add(self, o: V) -> V { V(self.0 + o.0) } } \
        #[vectorize] fn k(x: f64) -> f64 { let (mut a, mut b) = (x, 1.0); mem::swap(&mut a, &mut b); (V(a) + V(b)).0 }";
    let module = brolga_lang::Module::parse("k.rs", text).expect("a module");
    module.check().expect("sound");
}
