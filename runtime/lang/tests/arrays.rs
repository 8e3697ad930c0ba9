//! What the checker makes of right programs with arrays of a fixed length, local arrays and
//! parts of views: valid programs, their operations, their fingerprints. Wrong programs are
//! in `messages_check/{arrays,local_arrays,view_methods}.rs`.

use brolga_abi::{DType, PanicKind};
use brolga_lang::ir::Program;
use brolga_lang::{Module, SpecialiseError, fingerprint, verify};

fn module(text: &str) -> Module {
    let module = Module::parse("kernels.rs", text)
        .unwrap_or_else(|e| panic!("{text}\n{}", e.render(brolga_lang::Style::Plain)));
    if let Err(e) = module.check() {
        panic!("{text}\n{}", e.render(brolga_lang::Style::Plain));
    }
    module
}

/// The program of the last kernel of `text`.
fn program(text: &str, types: &[DType]) -> Program {
    let module = module(text);
    let name = &module.kernels().last().expect("a kernel").name;
    let program = module.specialise(name, types).expect("a program");
    verify(&program).unwrap_or_else(|e| panic!("{text}\n{program}\n{e}"));
    program
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn constants_hold_arrays_and_are_indexed_when_they_are_evaluated() {
    for (constants, value) in [
        (
            "const T: [f64; 3] = [1.0, 2.0, 4.0]; const X: f64 = T[2];",
            "4.0f64",
        ),
        (
            "const N: usize = 2; const T: [f64; N + 1] = [0.5; 3]; const X: f64 = T[N] + 1.0;",
            "1.5f64",
        ),
        (
            "const T: [[f64; 2]; 2] = [[1.0, 2.0], [3.0, 4.0]]; const X: f64 = T[1][0];",
            "3.0f64",
        ),
        (
            "const T: [(f64, u8); 2] = [(1.0, 2); 2]; const X: f64 = T[1].1 as f64;",
            "2.0f64",
        ),
        (
            "const T: [u8; 7] = [0; 7]; const X: f64 = T.len() as f64;",
            "7.0f64",
        ),
        (
            "const X: f64 = { let mut a = [1.0; 3]; a[1] = 8.0; a[0] + a[1] };",
            "9.0f64",
        ),
        (
            "const N: i32 = 5; const M: usize = N as usize % 3; const T: [f64; M << 1] = [2.5; 4]; const X: f64 = T[3];",
            "2.5f64",
        ),
    ] {
        let text = format!("{constants} #[vectorize] fn k(x: f64) -> f64 {{ x + X }}");
        let printed = squeezed(&program(&text, &[]).to_string());
        assert!(
            printed.contains(&format!("(x_0+{value})")),
            "{text}\n{printed}"
        );
    }
}

#[test]
fn lengths_may_come_from_constants_that_are_declared_later_or_in_a_block() {
    for body in [
        "fn h(a: [f64; N]) -> f64 { a[N - 1] } const N: usize = M / 2; const M: usize = 4; #[vectorize] fn k(x: f64) -> f64 { h([x, 1.0]) }",
        "#[vectorize] fn k(x: f64) -> f64 { const N: usize = 3; fn h(a: [f64; N]) -> f64 { a[1] } h([x; N]) }",
        "const N: usize = 9; #[vectorize] fn k(x: f64) -> f64 { const N: usize = 2; let a: [f64; N] = [x, x]; a[1] }",
        "#[vectorize] fn k(x: f64) -> f64 { let a: [f64; 0] = []; let b = [x; 0]; if a == b { x } else { 0.0 } }",
    ] {
        program(body, &[]);
    }
}

#[test]
fn elements_are_read_and_assigned_by_checked_steps() {
    let text = "#[vectorize] fn k(x: f64, i: i64) -> f64 { let mut t = (1, [(x, 2u8); 3]); t.1[i as usize].0 += x; t.1[2].0 }";
    let program = program(text, &[]);
    let kinds: Vec<&PanicKind> = program.sites.0.iter().map(|s| &s.kind).collect();
    assert!(
        kinds.iter().all(|k| **k == PanicKind::ArrayIndex),
        "{kinds:?}"
    );
    assert!(kinds.len() >= 2, "{kinds:?}");
}

#[test]
fn types_of_elements_are_inferred_from_what_comes_later() {
    for body in [
        "let mut a = [0; 3]; a[0] = x; a[1]",
        "let mut a = [[0; 2]; 2]; a[1] = [x, 1]; a[1][0]",
        "let mut a = Array1::zeros(3); a[0] = x; a[1]",
        "let a = Array1::from_elem(3, x); let b = a; b[0]",
        "let mut a = Array2::ones((1, 2)); a.fill(x); a.sum()",
        "let a = [x, 1, 2]; let [p, .., q] = a; p + q",
        "let a; if x > 0 { a = [x; 2] } else { a = [1, 2] } a[0]",
        "let a = [&x, &1]; 3",
    ] {
        let text = format!("#[vectorize] fn k(x: u8) -> u8 {{ {body} }}");
        if body.contains("&x") {
            let module = Module::parse("kernels.rs", &text).expect("it parses");
            assert!(module.check().is_err(), "{text}");
            continue;
        }
        program(&text, &[]);
    }
}

#[test]
fn every_method_of_views_lowers_to_a_valid_program_for_every_element() {
    let body = "
        let n = a.nrows();
        let mut b = Array2::from_elem((n, 2), a[[0, 0]]);
        b.row_mut(0)[1] = a.row(0)[1];
        b.column_mut(0).fill(a.column(1)[0]);
        b.index_axis_mut(Axis(1), 0).assign(&a.index_axis(Axis(1), 0));
        b.slice_mut(s![..;-1, 1_usize]).assign(&a.slice(s![.., -1]));
        b.swap([0, 0], (1, 1));
        b.swap_axes(0, 1);
        let t = b.t().to_owned();
        let u = t.clone().reversed_axes();
        let mut c = c;
        let (mut left, right) = c.view_mut().split_at(Axis(0), 1);
        left.assign(&right);
        let v = c.reborrow().reversed_axes();
        let w = v.view();
        u[[0, 0]] = w[[0, 0]];
    ";
    let body = body.replace("let u =", "let mut u =");
    let text =
        format!("#[jit] fn k<T: Number>(a: ArrayView2<T>, mut c: ArrayViewMut2<T>) {{ {body} }}");
    for dtype in [DType::I8, DType::U64, DType::F32, DType::F64] {
        program(&text, &[dtype]);
    }
    for ty in ["i8", "u64", "f32", "f64"] {
        let text = format!(
            "#[jit] fn k(a: ArrayView2<{ty}>, b: ArrayView1<{ty}>, mut c: ArrayViewMut1<{ty}>) -> {ty} {{
                c.scaled_add(a.sum(), &b); a.row(0).dot(&c) + b.product() + Array1::<{ty}>::ones(2).sum() }}"
        );
        program(&text, &[]);
    }
}

#[test]
fn moves_of_local_arrays_are_followed() {
    for (body, code) in [
        ("let b = a; a[0]", Some("E0382")),
        ("let b = a; a = Array1::zeros(2); a[0] + b[0]", None),
        ("let b = a.clone(); a[0] + b[0]", None),
        ("let b = a.view(); b[0]", None),
        ("for _ in 0..n { let b = a; } 0.0", Some("E0382")),
        (
            "let b = if n > 1 { a } else { Array1::zeros(1) }; b[0]",
            None,
        ),
        ("let b; b = a; b[0]", None),
        ("let b: Array1<f64>; b[0]", Some("E0381")),
    ] {
        let text = format!(
            "#[jit] fn k(n: usize) -> f64 {{ let mut a = Array1::<f64>::zeros(n); {body} }}"
        );
        let module = Module::parse("kernels.rs", &text).expect("it parses");
        match (module.check(), code) {
            (Ok(()), None) => {
                program(&text, &[]);
            }
            (Err(e), Some(code)) => {
                assert!(
                    e.list.iter().any(|d| d.code == code),
                    "{text}: {:?}",
                    e.list
                );
            }
            (other, _) => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn the_fingerprint_is_that_of_the_meaning() {
    let base = "const N: usize = 3; #[jit] fn k(a: ArrayView2<f64>, x: f64) -> f64 { let t = [x; N]; let mut b = Array1::<f64>::zeros(t.len()); b[1] = t[2]; a.slice(s![1.., -1]).sum() + a.row(0).dot(&b) }";
    let print = |text: &str| fingerprint(&program(text, &[]));
    let first = print(base);
    let same = base
        .replace("{ let", "{ // here\n   let")
        .replace("s![1.., -1]", "s![ 1.. , - 1 ]")
        .replace("= 3;", "= 3; /* three */");
    assert_eq!(first, print(&same));
    for (from, to) in [
        ("= 3;", "= 4;"),
        ("t[2]", "t[1]"),
        ("b[1]", "b[2]"),
        ("zeros", "ones"),
        ("1.., -1", "1.., -2"),
        ("1.., -1", "2.., -1"),
        ("1.., -1", "1..;2, -1"),
        ("1.., -1", "-1, 1.."),
        (".sum()", ".product()"),
        ("row(0)", "row(1)"),
        ("row(0)", "column(0)"),
    ] {
        assert_ne!(first, print(&base.replace(from, to)), "{from} -> {to}");
    }
}

#[test]
fn large_arrays_end_quickly_or_are_refused() {
    let nested = |depth: usize| {
        let ty = (0..depth).fold("f64".to_string(), |ty, _| format!("[{ty}; 2]"));
        let value = (0..depth).fold("x".to_string(), |v, _| format!("[{v}; 2]"));
        format!(
            "#[vectorize] fn k(x: f64) -> f64 {{ let a: {ty} = {value}; let b = a; if a == b {{ x }} else {{ 0.0 }} }}"
        )
    };
    program(&nested(12), &[]);
    for (text, code) in [
        (nested(14), "B0502"),
        (nested(80), "B0502"),
        ("const T: [u8; 65536] = [1; 65536]; const X: u8 = { let mut s = 0; let mut i = 0; while i < 65536 { s += T[i]; i += 1; } s }; #[vectorize] fn k(x: u8) -> u8 { x + X }".to_string(), "B0271"),
        ("const A: usize = B; const B: usize = A; #[vectorize] fn k(x: f64) -> f64 { let a = [x; A]; a[0] }".to_string(), "E0391"),
        ("#[vectorize] fn k(x: f64) -> f64 { let a = [x; 18446744073709551615]; a[0] }".to_string(), "B0502"),
        ("#[vectorize] fn k(x: f64) -> f64 { let a = [x; 99999999999999999999999]; a[0] }".to_string(), "E0080"),
    ] {
        let module = match Module::parse("kernels.rs", &text) {
            Ok(module) => module,
            Err(e) => {
                assert!(e.list.iter().any(|d| d.code == code), "{text}: {:?}", e.list);
                continue;
            }
        };
        match module.specialise("k", &[]) {
            Err(SpecialiseError::Diagnostics(d)) => {
                assert!(d.list.iter().any(|d| d.code == code), "{text}: {:?}", d.list);
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}
