//! Closures: what is accepted, what it becomes, what is refused.

use brolga_lang::{Module, verify};

/// Checks the text and every program that it gives.
fn accepted(text: &str) {
    let module = match Module::parse("closures.rs", text) {
        Ok(module) => module,
        Err(errors) => panic!("{text}\n{}", errors.render(brolga_lang::Style::Plain)),
    };
    if let Err(errors) = module.check() {
        panic!("{text}\n{}", errors.render(brolga_lang::Style::Plain));
    }
    for kernel in module.kernels() {
        let program = module.specialise(&kernel.name, &[]).expect("a program");
        verify(&program).unwrap_or_else(|error| panic!("{text}\n{error:?}"));
    }
}

/// The code of the first error.
fn refused(text: &str) -> String {
    let list = match Module::parse("closures.rs", text) {
        Err(errors) => errors.list,
        Ok(module) => module.check().expect_err(text).list,
    };
    list[0].code.to_string()
}

#[test]
fn closures_that_are_bound_can_be_called_any_number_of_times() {
    accepted("#[vectorize]\nfn f(x: f64) -> f64 { let d = |y| y * 2.0; d(x) + d(d(1.0)) }");
    accepted(
        "#[vectorize]\nfn f(x: f64) -> f64 { let mut s = 0.0; let mut add = |y: f64| { s += y; }; add(x); add(2.0); s }",
    );
    accepted(
        "#[vectorize]\nfn f(x: f64) -> f64 { let g = |a: f64, (b, c): (f64, i32)| -> f64 { if a > b { return 1.0; } a + c as f64 }; g(x, (x, 2)) }",
    );
    accepted(
        "#[vectorize]\nfn f(x: f64) -> f64 { let g = |a: f64| a + x; let h = |b: f64| g(b) * 2.0; h(x) }",
    );
    accepted(
        "#[vectorize]\nfn f(x: f64) -> f64 { let mut k = 1.0; let mut g = move |a: f64| { k += a; k }; let y = g(x); k = 5.0; y + k + g(1.0) }",
    );
    accepted("#[vectorize]\nfn f(x: f64) -> f64 { (|a, b| a + b)(x, 1.0) }");
}

#[test]
fn values_are_dropped_by_an_underscore() {
    accepted(
        "#[vectorize]\nfn f(x: f64) -> f64 { _ = x; _ = (x, 1); if x > 1.0 { _ = x + 1.0 } x }",
    );
    accepted("#[jit]\nfn f(a: ArrayViewMut1<f64>) -> f64 { _ = a; a[0] }");
    assert_eq!(
        program_of("#[vectorize]\nfn f(x: i32) -> i32 { _ = 100 / x; 1 }"),
        program_of("#[vectorize]\nfn f(x: i32) -> i32 { { let _ = 100 / x; } 1 }"),
    );
}

#[test]
fn captured_variables_are_changed_only_if_mutable() {
    for body in [
        "let s = 0.0; let mut add = |y: f64| s = y; add(x); s",
        "let s = 0.0; let mut add = |y: f64| s += y; add(x); s",
        "let mut add = || { let s = 0.0; let mut inner = || s = 1.0; inner(); s }; add()",
    ] {
        let code = refused(&format!("#[vectorize]\nfn f(x: f64) -> f64 {{ {body} }}"));
        assert_eq!(code, "E0594", "{body}");
    }
    let own = "let g = || { let s = 0.0; s = 1.0; s }; g()";
    let code = refused(&format!("#[vectorize]\nfn f(x: f64) -> f64 {{ {own} }}"));
    assert_eq!(code, "E0384");
}

#[test]
fn what_grows_without_bound_is_refused() {
    let mut text = "#[vectorize]\nfn f(x: f64) -> f64 { let f0 = |y: f64| y + 1.0;\n".to_string();
    for n in 1..40 {
        text += &format!("let f{n} = |y: f64| f{0}(y) + f{0}(y);\n", n - 1);
    }
    text += "f39(x) }";
    let module = Module::parse("closures.rs", &text).expect("a module");
    module.check().expect("sound bodies");
    assert!(module.specialise("f", &[]).is_err());
}

fn program_of(text: &str) -> [u8; 32] {
    let module = Module::parse("closures.rs", text).expect("a module");
    module.check().expect("sound bodies");
    brolga_lang::fingerprint(&module.specialise("f", &[]).expect("a program"))
}

#[test]
fn the_fingerprint_is_that_of_the_meaning() {
    let first =
        program_of("#[jit]\nfn f(a: ArrayView1<f64>) -> f64 { a.iter().map(|x| x * 2.0).sum() }");
    let formatted = program_of(
        "#[jit]\nfn f(a: ArrayView1<f64>) -> f64 {\n// A sum.\na.iter()\n.map(|value| { value * 2.0 })\n.sum()\n}",
    );
    assert_eq!(first, formatted);
    for other in [
        "a.iter().map(|x| x * 3.0).sum()",
        "a.iter().map(|x| x * 2.0).product()",
        "a.iter().skip(1).map(|x| x * 2.0).sum()",
        "a.iter().rev().map(|x| x * 2.0).sum()",
    ] {
        let text = format!("#[jit]\nfn f(a: ArrayView1<f64>) -> f64 {{ {other} }}");
        assert_ne!(first, program_of(&text), "{other}");
    }
}

#[test]
fn closures_that_rustc_refuses_are_refused() {
    let code = |body: &str| refused(&format!("#[vectorize]\nfn f(x: f64) -> f64 {{ {body} }}"));
    assert_eq!(code("let d = |y| y * 2.0; d(x) + d(1.0, 2.0)"), "E0057");
    assert_eq!(
        code("let mut s = 0.0; let add = |y: f64| { s += y; }; add(x); s"),
        "E0596"
    );
    assert_eq!(
        code("loop { let g = || { break; }; g(); return x; }"),
        "E0267"
    );
    assert_eq!(code("let d = |y| y * 2.0; d(x); d(1)"), "E0308");
    assert_eq!(code("let d = |y| y; x"), "E0282");
    assert_eq!(
        code("let s = 0.0; let mut d = |y: f64| s += y; d(x); s"),
        "E0594"
    );
}
