//! Borrow checking stays quick on long bodies with many references.

use std::time::{Duration, Instant};

use brolga_lang::Module;

/// Whether the text is accepted, within a time that no slow test machine needs.
fn accepted(text: &str) -> bool {
    let start = Instant::now();
    let accepted = Module::parse("long.rs", text)
        .and_then(|module| module.check())
        .is_ok();
    assert!(start.elapsed() < Duration::from_secs(60), "too slow");
    accepted
}

fn body(lines: usize, line: impl Fn(usize) -> String) -> String {
    (0..lines).map(line).collect()
}

#[test]
fn many_short_borrows() {
    let lines = body(5_000, |n| format!("let r{n} = &x; y += *r{n};\n"));
    assert!(accepted(&format!(
        "fn f(x: f64) -> f64 {{ let mut y = x;\n{lines} y }}"
    )));
}

#[test]
fn many_long_borrows() {
    let lines = body(800, |n| format!("let x{n} = {n}.0; let r{n} = &x{n};\n"));
    let uses = body(800, |n| format!("y += *r{n};\n"));
    assert!(accepted(&format!(
        "fn f() -> f64 {{ let mut y = 0.0;\n{lines}{uses} y }}"
    )));
}

#[test]
fn one_reference_of_many() {
    let lines = body(2_000, |n| format!("let r{} = r{n}; y += *r{n};\n", n + 1));
    assert!(accepted(&format!(
        "fn f(x: f64) -> f64 {{ let r0 = &x; let mut y = 0.0;\n{lines} y }}"
    )));
}

#[test]
fn many_conflicts() {
    let lines = body(1_000, |_| "x += 1.0;\n".to_string());
    assert!(!accepted(&format!(
        "fn f(mut x: f64) -> f64 {{ let r = &x;\n{lines} *r }}"
    )));
}

#[test]
fn many_ways_out_of_many_scopes() {
    let lines = body(500, |n| {
        format!("let x{n} = {n}.0; let r{n} = &x{n}; if *r{n} > y {{ continue; }}\n")
    });
    assert!(accepted(&format!(
        "fn f(y: f64) -> f64 {{ for _ in 0..3 {{\n{lines} }} y }}"
    )));
}
