//! Texts that make work grow: long bodies, many arms, names and types. Each is accepted or
//! ends in a limit's error, and the work grows with the text: four times the text takes less
//! than ten times the time.

use std::time::{Duration, Instant};

use brolga_lang::Module;

/// The codes of the errors, and the time.
fn run(text: &str) -> (Vec<&'static str>, Duration) {
    let start = Instant::now();
    let list = match Module::parse("k.rs", text) {
        Err(errors) => errors.list,
        Ok(module) => match module.check() {
            Err(errors) => errors.list,
            Ok(()) => {
                let kernel = module.kernels().first().map(|k| k.name.clone());
                match kernel.map(|name| module.specialise(&name, &[])) {
                    Some(Err(brolga_lang::SpecialiseError::Diagnostics(errors))) => errors.list,
                    _ => Vec::new(),
                }
            }
        },
    };
    let codes = list.iter().map(|error| error.code).collect();
    (codes, start.elapsed())
}

#[test]
fn work_grows_with_the_text() {
    let lets = |n: usize| {
        let body: String = (0..n).map(|i| format!("let a{i} = x + {i}.0;\n")).collect();
        format!("#[vectorize] fn k(x: f64) -> f64 {{ {body} x }}")
    };
    let arms = |n: usize| {
        let arms: String = (0..n).map(|i| format!("{i} => {i},\n")).collect();
        format!("#[vectorize] fn k(x: i32) -> i32 {{ match x {{ {arms} _ => 0 }} }}")
    };
    let alternatives = |n: usize| {
        let list: Vec<String> = (0..n).map(|i| i.to_string()).collect();
        let list = list.join(" | ");
        format!("#[vectorize] fn k(x: i32) -> i32 {{ match x {{ {list} => 1, _ => 0 }} }}")
    };
    let functions = |n: usize| {
        (0..n)
            .map(|i| format!("fn f{i}(x: f64) -> f64 {{ x }}\n"))
            .collect()
    };
    let texts: [&dyn Fn(usize) -> String; 4] = [&lets, &arms, &alternatives, &functions];
    for (n, text) in texts.iter().enumerate() {
        let (errors, short) = run(&text(500));
        assert!(errors.is_empty(), "{n}: {errors:?}");
        let (errors, long) = run(&text(2000));
        assert!(errors.is_empty(), "{n}: {errors:?}");
        // Other work on the machine must not fail the test.
        let most = short * 10 + Duration::from_secs(2);
        assert!(long < most, "{n}: {short:?}, then {long:?}");
    }
}

#[test]
fn what_grows_faster_than_the_text_ends_in_a_limit() {
    let chain: String = (0..2000)
        .map(|i| format!("const C{i}: i32 = C{};\n", i + 1))
        .collect();
    let (errors, _) = run(&format!("{chain} const C2000: i32 = 1;"));
    assert!(errors.contains(&"B0278"), "{errors:?}");
    let generic: String = (0..40)
        .map(|i| format!("fn f{i}<A: Float, B: Float>(a: A, b: B) -> A {{ f{0}(a, b) + f{0}(a, a) + f{0}::<A, f32>(a, 1.0) }}\n", i + 1))
        .collect();
    let text = format!(
        "{generic} fn f40<A: Float, B: Float>(a: A, b: B) -> A {{ a }} #[vectorize] fn k(x: f64) -> f64 {{ f0(x, x) }}"
    );
    let (errors, time) = run(&text);
    assert!(errors.is_empty() || errors == ["B0260"], "{errors:?}");
    assert!(time < Duration::from_secs(30), "{time:?}");
    let (errors, _) =
        run("const C: i32 = { let mut i = 0; loop { i += 1; if i < 0 { break i } i -= 1; } };");
    assert_eq!(errors, ["B0271"]);
}

/// A kernel with this body.
fn kernel(body: &str) -> String {
    format!("#[vectorize] fn k(x: f64) -> f64 {{ {body} }}")
}

/// `first`, and then `next` for every number up to `count`, where `@` stands for the number
/// and `%` for the number after it.
fn chain(first: &str, next: &str, count: usize) -> String {
    let more = (0..count).map(|n| {
        next.replace('@', &n.to_string())
            .replace('%', &(n + 1).to_string())
    });
    format!("{first}{}", more.collect::<String>())
}

/// Texts whose meaning is much larger than they are; the code of the limit that ends them, or
/// none where they are accepted.
#[test]
fn a_small_text_of_a_large_meaning_ends_in_a_limit() {
    let pair = "#[derive(Clone, Copy)] struct P<T: Copy>(T, T);";
    let texts: Vec<(&str, String, &[&str])> = vec![
        (
            "structs in structs",
            chain("", "#[derive(Clone, Copy)] struct A@(A%, A%);", 40)
                + "#[derive(Clone, Copy)] struct A40(f64, f64);"
                + &kernel("x"),
            &["B0303"],
        ),
        (
            "generic structs in each other",
            pair.to_string() + &kernel(&(chain("let p0 = x;", "let p% = P(p@, p@);", 60) + " x")),
            &["B0303", "B0307"],
        ),
        (
            "options in options",
            kernel(&(chain("let p0 = Some(x);", "let p% = Some(p@);", 300) + " x")),
            &["B0307"],
        ),
        (
            "tuples in tuples",
            kernel(&(chain("let p0 = (x, x);", "let p% = (p@, p@);", 60) + " x")),
            &["B0001"],
        ),
        (
            "arrays of arrays",
            kernel("let a = [[[0.0; 100]; 100]; 100]; a[0][0][0] + x"),
            &["B0502"],
        ),
        (
            "closures that call closures",
            kernel(
                &(chain(
                    "let f0 = |y: f64| y + 1.0;",
                    "let f% = |y: f64| f@(f@(y));",
                    40,
                ) + " f40(x)"),
            ),
            &["B0260"],
        ),
        (
            "a constant that copies arrays",
            "const N: usize = { let a = [0.0; 4000]; let mut n = 0; while n < 1000000000 { let b = a; n += 1; } n };"
                .to_string()
                + &kernel("x"),
            &["B0271"],
        ),
        (
            "a constant that fills an array",
            "const A: [f64; 1000] = { let mut a = [0.0; 1000]; let mut n = 1; while n < 1000 { a[n] = a[n - 1] + 1.0; n += 1; } a };"
                .to_string()
                + &kernel("x + A[3]"),
            &[],
        ),
        (
            "alternatives in tuples",
            format!(
                "fn f(t: ({})) -> i32 {{ match t {{ ({}) => 1 }} }}",
                "bool,".repeat(12),
                "true | false,".repeat(12)
            ) + &kernel("x"),
            &[],
        ),
        (
            "iterators of two iterators each",
            format!(
                "#[jit] fn k(a: ArrayView1<f64>) -> f64 {{ a.iter(){}.sum() }}",
                ".chain(a.iter())".repeat(40)
            ),
            &[],
        ),
    ];
    for (name, text, limits) in texts {
        let (errors, time) = run(&text);
        let ended = errors.iter().any(|code| limits.contains(code));
        assert!(
            ended || (errors.is_empty() && limits.is_empty()),
            "{name}: {:?}",
            errors.first()
        );
        assert!(time < Duration::from_secs(60), "{name}: {time:?}");
    }
}

/// Long texts of one construct each: twice as many take less than five times the time.
#[test]
fn long_texts_of_every_construct_are_read_in_time() {
    let texts: [(&str, &str, &str); 14] = [
        ("struct S@(f64);", "", "x"),
        ("enum E@ { A, B }", "", "x"),
        (
            "struct T@(f64); impl T@ { fn m(self) -> f64 { self.0 } }",
            "",
            "x",
        ),
        ("mod m@ { pub fn f() {} }", "", "x"),
        ("mod m@ { pub fn f@() {} } use m@::f@;", "", "x"),
        ("static S@: f64 = 1.0;", "", "x"),
        ("fn f@(y: f64) -> f64 { g@(y) }", "", "x"),
        ("fn f@(y: Foo@) {} struct Boo@(f64);", "", "x"),
        ("", "let a@ = |y: f64| y + x;", "x"),
        ("", "let a@ = b@;", "x"),
        ("", "let r@ = &x;", "x"),
        ("", "if let Some(y@) = Some(x) { z += y@; }", "z"),
        ("", "let Some(y@) = Some(x) else { return 0.0; };", "x"),
        ("", "let a@ = [x, 2.0];", "x"),
    ];
    for (item, statement, value) in texts {
        let text = |n| {
            let body = chain("let mut z = 0.0;", statement, n) + value;
            chain("", item, n) + &kernel(&body)
        };
        let (_, short) = run(&text(400));
        let (_, long) = run(&text(800));
        // Other work on the machine must not fail the test.
        let most = short * 5 + Duration::from_secs(3);
        assert!(long < most, "{item}{statement}: {short:?}, then {long:?}");
    }
}

#[test]
fn texts_that_are_no_items_are_read_in_time() {
    for part in [
        ",", "#", "#[a]", "1 ", "\"", "[", "fn ", "x.", "::", "struct A",
    ] {
        let text = part.repeat(60_000 / part.len());
        let (errors, time) = run(&text);
        assert!(!errors.is_empty(), "{part}");
        assert!(time < Duration::from_secs(60), "{part}: {time:?}");
    }
}
