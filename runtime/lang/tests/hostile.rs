//! Whatever bytes a user gives as a kernel: the parser returns, its spans lie in the text, and
//! its messages can be shown.

use brolga_lang::diagnostic::{Diagnostics, Source};
use brolga_lang::{MAX_BYTES, Style, parse};
use proptest::prelude::*;

/// Parses and renders; gives the number of errors.
fn survive(text: &str) -> usize {
    let source = Source::new("hostile.rs", text);
    let list = parse(&source).diagnostics;
    for diagnostic in &list {
        let span = diagnostic.span;
        let range = span.start as usize..span.end as usize;
        assert!(text.get(range).is_some(), "{diagnostic:?} in {text:?}");
        assert!(!diagnostic.message.contains("internal error"), "{text:?}");
    }
    let count = list.len();
    let rendered = Diagnostics { source, list }.render(Style::Plain);
    assert_eq!(count == 0, rendered.is_empty(), "{rendered}");
    count
}

#[test]
fn deep_trees_are_refused() {
    let repeated = |before: &str, part: &str, after: &str, end: &str, count: usize| {
        let body = format!("{}x{}", part.repeat(count), after.repeat(count));
        format!("fn f(x: f64) -> f64 {{ {before}{body}{end} }}")
    };
    for count in [1_000, 1_350, 2_000, 4_000, 50_000] {
        for (before, part, after, end) in [
            ("", "(", ")", ""),
            ("", "[", "]", ""),
            ("", "{", "}", ""),
            ("", "-", "", ""),
            ("", "!", "", ""),
            ("", "&", "", ""),
            ("", "&&", "", ""),
            ("", "*", "", ""),
            ("", "& mut ", "", ""),
            ("", "return ", "", ""),
            ("", "break ", "", ""),
            ("", "|y| ", "", ""),
            ("", "x = ", "", ""),
            ("", "x += ", "", ""),
            ("", "x..", "", ""),
            ("", "", " + 1.0", ""),
            ("", "", ".abs()", ""),
            ("", "", ".0", ""),
            ("", "", "[0]", ""),
            ("", "", "(0)", ""),
            ("", "", "?", ""),
            ("", "", " as f64", ""),
            ("", "if x {} else ", "", ""),
            ("", "if ", " {}", ""),
            ("", "match x { _ => ", "}", ""),
            ("", "f(", ")", ""),
            ("", "assert!(", ")", ""),
            ("", "loop {", "}", ""),
            ("", "unsafe {", "}", ""),
            ("", "async move {", "}", ""),
            ("", "let y = ", "", ""),
            ("", "'a: ", "", ""),
            ("", "x as Vec<", ">", ""),
            ("let y: ", "&", "", " = 1;"),
            ("let y: ", "*const ", "", " = 1;"),
            ("let y: ", "Vec<", ">", " = 1;"),
            ("let y: ", "fn() -> ", "", " = 1;"),
            ("let y: ", "impl Fn() -> ", "", " = 1;"),
            ("let y: ", "(", ",)", " = 1;"),
            ("let ", "&", "", " = 1;"),
            ("let ", "y @ ", "", " = 1;"),
            ("let ", "x | ", "", " = 1;"),
            ("let ", "(", ")", " = 1;"),
            ("let y = 1; ", "fn g() {", "}", ""),
        ] {
            let text = repeated(before, part, after, end, count);
            assert!(survive(&text) > 0, "{part:?} {after:?} {count}");
        }
        for text in [
            format!("use {}x;", "a::".repeat(count)),
            format!("use {}x{};", "a::{".repeat(count), "}".repeat(count)),
            format!(
                "{}fn f() {{}}{}",
                "mod a {".repeat(count),
                "}".repeat(count)
            ),
            format!("fn f() {}", "{".repeat(count)),
            "}".repeat(count),
            format!(
                "#[a({}1{})] fn f() {{}}",
                "(".repeat(count),
                ")".repeat(count)
            ),
            format!("#[a = {}1] fn f() {{}}", "-".repeat(count)),
            format!("{}fn f() {{}}", "#[a]\n".repeat(count)),
            format!("fn f<T: {}A>() {{}}", "A + ".repeat(count)),
            format!("{}*/", "/*".repeat(count)),
        ] {
            assert!(survive(&text) > 0, "{count}: {}", &text[..40]);
        }
    }
}

#[test]
fn long_but_flat_texts_are_accepted() {
    let docs = "/// A line.\n".repeat(5_000);
    let statements = "if x > 0.0 { y += 1.0; } y -= 1.0;\n".repeat(5_000);
    let arms: String = (0..2_000).map(|n| format!("{n} => {{ {n} }}\n")).collect();
    let terms = " + x".repeat(200);
    let text = format!(
        "{docs}fn f(x: f64) -> f64 {{ let mut y = x{terms};\n{statements} y }}\n\
         fn g(n: i32) -> i32 {{ match n {{ {arms} _ => 0 }} }}"
    );
    assert_eq!(survive(&text), 0);
}

#[test]
fn huge_texts_are_refused() {
    assert_eq!(survive(&" ".repeat(MAX_BYTES)), 0);
    assert_eq!(survive(&" ".repeat(MAX_BYTES + 1)), 1);
}

#[test]
fn long_lists_where_names_must_differ_are_refused() {
    let params: String = (0..30_000).map(|n| format!("T{n}: Float,")).collect();
    assert!(survive(&format!("fn f<{params}>() {{}}")) > 0);
    let signatures: String = (0..30_000u32)
        .map(|n| {
            let types: String = (0..15)
                .map(|bit| if n >> bit & 1 == 1 { "f32," } else { "f64," })
                .collect();
            format!("({types}),")
        })
        .collect();
    assert!(
        survive(&format!(
            "#[vectorize(signatures = [{signatures}])] fn f() {{}}"
        )) > 0
    );
}

#[test]
fn odd_tokens_are_refused() {
    let digits = "9".repeat(100_000);
    for text in [
        "fn f() { \"",
        "fn f() { '",
        "fn f() { r#\"",
        "fn f() { b'",
        "fn f() { b'ab' }",
        "fn f() { '\\u{110000}' }",
        "fn f() { \"\\x\" ; }",
        "fn f() { 0x }",
        "fn f() { 0b2 }",
        "fn f() { 1e+ }",
        "fn f() { 1__.0__e__ }",
        "fn f() { 0o8 }",
        "fn f() { 1.0.0.0 as }",
        "fn r#self() {}",
        "fn f() { '' }",
        "/*",
        "/** \r */ fn f() {}",
        "#",
        "#![",
        "#[vectorize(]",
        "#[vectorize(identity = -)] fn f() {}",
        "#[guvectorize(\"\\u{28}\")] fn f() {}",
        "#[guvectorize(r##\"(\"##)] fn f() {}",
        "#[guvectorize(\"(é)->()\")] fn f() {}",
        "$",
        "\u{0}",
        "fn f() { panic!(\"{é\") }",
        "fn f() { assert!(..) ; debug_assert_eq!(,) }",
        "fn f() { x::<{ 1 }>() }",
        "fn f<'a: 'b, const N: usize = { 1 }>() {}",
        &format!("fn f() {{ {digits} }}"),
        &format!("fn f() {{ x.{digits} }}"),
        &format!("fn f() {{ '{digits}' }}"),
        &format!("#[vectorize(identity = {digits})] fn f() {{}}"),
        &format!("#[guvectorize(\"({digits})->()\")] fn f() {{}}"),
    ] {
        assert!(survive(text) > 0, "{}", &text[..text.len().min(60)]);
    }
    for text in ["", "\u{feff}", "#!", "#!x", "// x", "\r\n", "#![allow(x)]"] {
        assert_eq!(survive(text), 0, "{text:?}");
    }
    let longest = "9".repeat(990);
    survive(&format!(
        "fn f() {{ 1.{longest}e{longest}; 0.{longest}f32 }}"
    ));
}

const KERNEL: &str = r#"use std::f64::consts::PI;
const SLOPE: f64 = 0.1;
/// Doc é.
#[vectorize(signatures = [(f32) -> f32, (f64)], identity = 0, target = "cpu")]
fn relu<T: Float>(x: T) -> T where T: Copy { if x < T::zero() { -x } else { x } }
#[guvectorize("(m,n),(n)->(m)")]
fn f(a: ArrayView2<'_, f64>, v: ArrayView1<f64>, mut c: ArrayViewMut1<f64>) {
    'o: for i in (0..=a.nrows()).rev().step_by(2) {
        let (mut s, _): (f64, i32) = (0.0, 0xffi32);
        for &w in v.iter() { s += w.mul_add(2.0, a[[i, 1]]) * SLOPE as f64; }
        match i { 0 | 1..=3 if s > 1e-3 => break 'o, n @ 4.. => continue, _ => {} }
        assert!(s >= 0.0, "text {{}}"); c[i] = s;
    }
    let r = loop { break 1 << 3 & !7 };
    return;
}
"#;

/// Pieces that a mutation may insert.
const PIECES: [&str; 40] = [
    "(", ")", "[", "]", "{", "}", "<", ">", "'", "\"", "\\", "/*", "*/", "//", "#", "!", "|", "&",
    "..", "=", "=>", "::", ";", ",", "1e", "0x", "b'", "é", "\u{feff}", "\r", "\0", "if ", "else ",
    "match ", "fn ", "let ", "as ", "panic!(", "_", "-",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_is_survived(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survive(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_tokens_are_survived(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let body: Vec<&str> = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        survive(&body.concat());
        survive(&format!("fn f() {{ {} }}", body.join(" x ")));
    }

    #[test]
    fn mutated_kernels_are_survived(
        edits in proptest::collection::vec((0..KERNEL.len(), 0usize..12, 0..PIECES.len()), 1..6)
    ) {
        let mut text = KERNEL.to_string();
        for (at, removed, piece) in edits {
            let start = text.floor_char_boundary(at.min(text.len()));
            let end = text.floor_char_boundary((start + removed).min(text.len())).max(start);
            text.replace_range(start..end, PIECES[piece]);
        }
        survive(&text);
    }
}

#[test]
fn the_kernel_that_is_mutated_is_sound() {
    assert_eq!(survive(KERNEL), 0);
}
