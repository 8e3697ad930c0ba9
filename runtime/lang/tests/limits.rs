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
