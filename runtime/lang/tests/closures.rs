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
        "E0384"
    );
}
