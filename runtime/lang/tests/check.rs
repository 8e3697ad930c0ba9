//! What the checker makes of right programs: the IR, as it is printed, and what a module
//! says of its kernels. Wrong programs are in `messages_check.rs`.

use brolga_abi::{DType, KernelKind, PanicKind, ReductionOp};
use brolga_lang::ir::{ExprKind, Program, Statement};
use brolga_lang::{Module, SpecialiseError, verify};

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

/// Without white space, so that the printer's layout is of no matter.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn expressions_become_these_operations() {
    let cases: &[(&str, &[&str])] = &[
        // Literals take the type that inference finds.
        ("fn k(x: f32) -> f32 { x + 0.1 }", &["(x_0 + 0.1f32)"]),
        (
            "fn k(x: u8) -> u8 { let y = 3; x * y }",
            &["y_1: u8", "3u8"],
        ),
        (
            "fn k(x: f64) -> f64 { let n = 2; x * n as f64 }",
            &["n_1: i32"],
        ),
        ("fn k(x: u64) -> u64 { x << 3 }", &["(x_0 << 3i32)"]),
        (
            "fn k(x: i64) -> i64 { 200 as u8 as i64 + x }",
            &["(200u8 as i64)"],
        ),
        (
            "fn k(x: f32) -> f32 { let mut y = 2.0; y += x; y.sqrt() }",
            &["y_1: f32", "sqrt(y_1)"],
        ),
        ("fn k(x: i32) -> i32 { x + b'a' as i32 }", &["97u8 as i32"]),
        ("fn k(x: i8) -> i8 { x + -128 }", &["-128i8"]),
        // References are gone.
        (
            "fn k(x: f64) -> f64 { let r = &x; *r + r * &2.0 }",
            &["(r_1 * 2.0f64)"],
        ),
        // Blocks, branches, loops.
        (
            "fn k(x: i32) -> i32 { let y = if x > 0 { 1 } else { return 2 }; y }",
            &["return 2i32"],
        ),
        (
            "fn k(x: i32) -> i32 { let mut n = x; let r = loop { n -= 1; if n < 0 { break n } }; r }",
            &["break"],
        ),
        (
            "fn k(x: i32) -> i32 { 'a: { if x > 3 { break 'a 1; } 2 } }",
            &["break"],
        ),
        (
            "fn k(x: i32) -> i32 { let mut s = 0; for i in (0..=x).rev().step_by(2) { s += i; } s }",
            &["0i32..=x_0"],
        ),
        // Order: the value of a compound assignment comes before its place.
        (
            "fn k(x: i32) -> i32 { let mut y = x; y += { y = 5; y }; y }",
            &["y_1 = 5i32"],
        ),
        // Calls of generic functions, by their name.
        (
            "fn twice<T: Number>(x: T) -> T { x + x } #[vectorize] fn k(x: u8) -> u8 { twice(x) }",
            &["twice::<u8>"],
        ),
        (
            "fn zero<T: Number>() -> T { T::zero() } #[vectorize] fn k(x: f64) -> f64 { x + zero::<f64>() }",
            &["zero::<f64>"],
        ),
        // Constants.
        (
            "const N: usize = 2 * M + 1; const M: usize = 3; #[vectorize] fn k(x: usize) -> usize { x + N }",
            &["7usize"],
        ),
        (
            "const T: (f64, i32) = (1.5, 2); #[vectorize] fn k(x: f64) -> f64 { x + T.0 }",
            &["1.5f64"],
        ),
        (
            "use std::f64::consts::PI; #[vectorize] fn k(x: f64) -> f64 { x * PI }",
            &["3.141592653589793f64"],
        ),
        (
            "use std::f32::consts; #[vectorize] fn k(x: f32) -> f32 { x * consts::TAU }",
            &["6.2831855f32"],
        ),
        (
            "fn k(x: i32) -> i32 { const N: i32 = 4; fn inner(x: i32) -> i32 { x + N } inner(x) }",
            &["4i32"],
        ),
        // Patterns.
        (
            "fn k(x: u8) -> u8 { match x { 0..=9 | 20 => 1, n @ (30.. | 10) => n, _ => 0 } }",
            &["(x_0 <= 9u8)", "(x_0 == 20u8)"],
        ),
        (
            "fn k(x: i32, y: i32) -> i32 { let (a, b) = (y, x); let (mut p, mut q) = (a, b); (p, q) = (q, p); p - q }",
            &["a_2 = y_1"],
        ),
    ];
    for (text, facts) in cases {
        let text = if text.contains("#[") {
            (*text).to_string()
        } else {
            format!("#[vectorize] {text}")
        };
        let printed = program(&text, &[]).to_string();
        for fact in *facts {
            assert!(
                squeezed(&printed).contains(&squeezed(fact)),
                "{fact} is not in\n{printed}"
            );
        }
    }
}

#[test]
fn a_generic_kernel_is_specialised_to_each_type_that_its_bound_admits() {
    let text = "#[vectorize] fn k<T: Integer>(x: T) -> T { if x > T::one() { x << 3 } else { x.rotate_left(T::BITS - 1) & !x } }";
    let module = module(text);
    for dtype in DType::ALL {
        match module.specialise("k", &[dtype]) {
            Ok(program) => {
                assert!(dtype.is_integer());
                verify(&program).expect("a valid program");
                let result = brolga_lang::ir::Element::of(dtype);
                assert_eq!(program.entry.results, [result]);
            }
            Err(error) => {
                assert!(!dtype.is_integer());
                assert_eq!(
                    error.to_string(),
                    format!("`k`: the type parameter `T: Integer` cannot be `{dtype}`")
                );
            }
        }
    }
}

#[test]
fn operands_are_numbered_by_the_kind_of_kernel() {
    let text = "#[guvectorize(\"(m,n),(n,3)->(m,3)\")] fn k(a: ArrayView2<f64>, b: ArrayView2<f64>, mut c: ArrayViewMut2<f64>) { c[[0, 0]] = a[[0, 0]] * b[(0, 0)]; }";
    let entry = program(text, &[]).entry;
    let core: Vec<&[usize]> = entry.params.iter().map(|p| p.core.as_slice()).collect();
    assert_eq!(core, [[0, 1], [1, 2], [0, 2]]);
    assert_eq!((entry.core_dims, entry.looped), (3, true));
    assert_eq!(entry.fixed_dims, [(2, 3)]);
    let text = "#[jit] fn k(a: ArrayView2<f64>, n: usize, b: ArrayView1<f64>) -> (f64, usize) { (a[[0, 0]] + b[n], a.len()) }";
    let entry = program(text, &[]).entry;
    let core: Vec<&[usize]> = entry.params.iter().map(|p| p.core.as_slice()).collect();
    assert_eq!(core, [&[0, 1][..], &[], &[2]]);
    assert_eq!(
        (entry.core_dims, entry.looped, entry.results.len()),
        (3, false, 2)
    );
}

#[test]
fn panic_sites_name_function_line_and_column() {
    let text = "fn half(x: i32) -> i32 {\n    100 / x\n}\n\n#[vectorize]\nfn k(x: i32) -> i32 {\n    assert!(x < 9, \"too large\");\n    half(x)\n}\n";
    let program = program(text, &[]);
    let sites: Vec<(String, &str, u32, u32)> = program
        .sites
        .0
        .iter()
        .map(|s| (s.kind.to_string(), s.function.as_str(), s.line, s.column))
        .collect();
    let overflow = PanicKind::DivisionOverflow.to_string();
    let zero = PanicKind::DivisionByZero.to_string();
    assert_eq!(
        sites,
        [
            ("too large".to_string(), "k", 7, 5),
            (zero, "half", 2, 5),
            (overflow, "half", 2, 5),
        ]
    );
}

fn reductions(text: &str) -> Vec<ReductionOp> {
    let text = format!(
        "#[jit(parallel)] fn k(n: usize) -> i64 {{ let mut s = 1_i64; let mut t = 1_i64; for i in prange(0..n) {{ let e = i as i64; {text} }} s + t }}"
    );
    let program = program(&text, &[]);
    assert!(program.entry.parallel);
    for statement in &program.functions[0].body.statements {
        if let Statement::Expr(e) = statement
            && let ExprKind::For(looped) = &e.kind
        {
            let parallel = looped.parallel.as_ref().expect("a parallel loop");
            return parallel.reductions.iter().map(|r| r.op).collect();
        }
    }
    panic!("no loop in {program}");
}

#[test]
fn reductions_are_recognised() {
    use ReductionOp::{Add, And, Max, Min, Mul, Or, Xor};
    let cases: &[(&str, &[ReductionOp])] = &[
        ("s += e; s -= 1;", &[Add]),
        ("s *= e; t = t.max(e);", &[Mul, Max]),
        ("s = s + e; t = e * t;", &[Add, Mul]),
        ("s = e.min(s);", &[Min]),
        ("s = i64::max(s, e);", &[Max]),
        ("s &= e; t |= e;", &[And, Or]),
        ("s ^= e;", &[Xor]),
        ("if e > 3 { s += e; } else if e < 2 { continue; }", &[Add]),
        ("match e { 0 => s += 1, 1 => t += 2, _ => {} }", &[Add, Add]),
        ("for j in 0..i { s += j as i64; }", &[Add]),
        ("for j in prange(0..i) { s += j as i64; }", &[Add]),
        (
            "let mut own = 0; while own < e { own += 1; if own > 5 { break; } } s += own;",
            &[Add],
        ),
        ("s = s.wrapping_add(e);", &[Add]),
        ("let s = e; t += s;", &[Add]),
    ];
    for (text, expected) in cases {
        assert_eq!(reductions(text), *expected, "{text}");
    }
}

#[test]
fn views_are_read_and_written_in_all_forms() {
    let text = "
        fn fill(a: &mut ArrayViewMut1<f64>, value: f64) { for x in a.iter_mut() { *x = value; } }
        fn total(a: &ArrayView1<f64>) -> f64 { let mut s = 0.0; for &x in a.iter() { s += x; } s }
        fn last(a: ArrayView1<f64>) -> f64 { let mut s = 0.0; for x in a { s = *x; } s }
        fn own(mut a: ArrayViewMut1<f64>) { a[0] = a[a.len() - 1]; }
        #[jit]
        fn k(a: ArrayView1<f64>, b: ArrayView2<f64>, z: ArrayView0<f64>, mut c: ArrayViewMut1<f64>, mut d: ArrayViewMut3<f64>) -> (f64, usize) {
            fill(&mut c, total(&a) + last(a) + z[()]);
            let (rows, columns) = b.dim();
            let p = (0, 1);
            let mut s = b[p] + b[[rows - 1, columns - 1]] + b[(0, 0)];
            for v in z.iter() { if *v > 0.0 { continue; } s += *v; }
            'all: for &v in b.iter() { if v > 1.0 { break 'all; } if v < 0.0 { continue; } s += v; }
            for v in d.iter_mut() { *v += 1.0; *v = v.sqrt().max(*v); }
            d[[0, 1, 2]] *= 2.0;
            c[rows % 3] -= s;
            let mut axis = 0;
            while axis < d.ndim() { s += d.shape()[axis] as f64; axis += 1; }
            if (0.0..=1.0).contains(&s) && !a.is_empty() { s = 1.0; }
            own(c);
            (s, a.dim() + b.nrows() * b.ncols() + d.len() + d.shape()[2] + b.len_of(Axis(1)))
        }";
    let program = program(text, &[]);
    assert_eq!(program.functions.len(), 5);
    let names: Vec<&str> = program
        .functions
        .iter()
        .map(|f| f.name.0.as_str())
        .collect();
    assert_eq!(names, ["k", "total", "last", "fill", "own"]);
}

#[test]
fn recursion_is_marked_where_a_call_can_lead_back() {
    let text = "fn even(n: u32) -> bool { if n == 0 { true } else { odd(n - 1) } } fn odd(n: u32) -> bool { if n == 0 { false } else { even(n - 1) } } fn plain(x: u32) -> u32 { x + 1 } #[vectorize] fn k(x: u32) -> bool { even(plain(x)) }";
    let program = program(text, &[]);
    let found: Vec<(&str, bool)> = program
        .functions
        .iter()
        .map(|f| (f.name.0.as_str(), f.recursive))
        .collect();
    assert_eq!(
        found,
        [
            ("k", false),
            ("plain", false),
            ("even", true),
            ("odd", true)
        ]
    );
}

#[test]
fn only_what_a_kernel_reaches_is_checked() {
    let text =
        "#[vectorize] fn good(x: f64) -> f64 { x } #[vectorize] fn bad(x: f64) -> f64 { nothing }";
    let module = Module::parse("kernels.rs", text).expect("valid signatures");
    assert!(module.specialise("good", &[]).is_ok());
    assert!(matches!(
        module.specialise("bad", &[]),
        Err(SpecialiseError::Diagnostics(d)) if d.list.len() == 1
    ));
    assert_eq!(module.check().expect_err("an error").list.len(), 1);
}

#[test]
fn an_unknown_kernel_is_answered_with_near_names() {
    let module = module(
        "#[vectorize] fn leaky_relu(x: f64) -> f64 { x } fn helper(x: f64) -> f64 { x } #[jit] fn other(n: usize) -> usize { n }",
    );
    let error = module.kernel("leaky_rely").expect_err("no such kernel");
    assert_eq!(error.nearest, ["leaky_relu"]);
    assert_eq!(
        error.to_string(),
        "there is no kernel `leaky_rely`; there is `leaky_relu`"
    );
    let error = module.kernel("helper").expect_err("no kernel");
    assert!(error.exists_without_attribute);
    assert_eq!(
        module.kernel("other").expect("a kernel").kind,
        KernelKind::Jit { parallel: false }
    );
}

#[test]
fn what_rustc_accepts_is_accepted() {
    let bodies = [
        "let x; if n > 0 { x = 1; } else { x = 2; } x",
        "let x; loop { if n > 3 { x = n; break; } return 2; } x",
        "let y = match n { 0 => return 1, k if k < 0 => -k, k => k }; y",
        "let mut t = (1, 2.0, true); t.0 += n; t.1 *= 2.0; t.2 ^= true; t.0",
        "let f = 1.0_f32; let g = f.mul_add(2.0, 3.0); let (s, c) = g.sin_cos(); (s + c) as i32",
        "let x = n as u8 as f32 as i64 as usize; x as i32",
        "let a = 1u8; let b = a << 3usize; (b >> 2i64) as i32",
        "if let_it(n) { 1 } else { panic!(\"no\") }",
        "assert_eq!(n % 2, 0); assert!(n > 0); debug_assert!(n > 1); n",
        "let v: i32 = { fn inner(k: i32) -> i32 { k + ADD } const ADD: i32 = 3; inner(n) }; v",
        "let n = n + 1; let n = { let n = n * 2; n }; n",
        "let mut i = 0; 'a: loop { loop { i += 1; if i > n { break 'a; } if i % 2 == 0 { continue 'a; } } } i",
        "let x = 5; let y = &x; let z = &y; **z + n",
        "let b = n > 1 && n < 5 || !(n == 7); b as i32 + i32::from(b)",
        "(n as f64).powi(2).sqrt().floor() as i32",
        "std::cmp::max(n, 3).min(i32::MAX - 1).pow(2)",
        "unsigned(n.unsigned_abs()) as i32",
        "while n > 100 { return 3; } n",
        "let _ = n; let (a, ..) = (n, 2, 3); let (.., z) = (1, n); a + z",
        "match (n, n > 2) { (1 | 2, true) => 1, (i32::MIN..=0, _) => 2, (_, false) => 3, (k @ 3..=9, true) | (k, true) => k }",
        "match n > 0 { true => 1, false => 0 }",
        "const LIMIT: i32 = 7; match n { LIMIT => 1, ..LIMIT => 2, _ => 3 }",
        "let x: f64 = if n > 0 { 1.0 } else { f64::NAN }; if x != x { 1 } else { 0 }",
        "let t: (i32, (f64, bool)) = (1, (2.0, false)); let (a, (b, c)) = t; a + b as i32 + c as i32",
        "let x = loop { break if n > 0 { 1 } else { 2 } }; x",
        "never(n)",
    ];
    for body in bodies {
        let text = format!(
            "use brolga::prelude::*;
            fn let_it(n: i32) -> bool {{ n > 0 }}
            fn unsigned(n: u32) -> u32 {{ n }}
            fn never(n: i32) -> ! {{ loop {{ if n > 100 {{ panic!(\"large\"); }} }} }}
            #[vectorize] fn k(n: i32) -> i32 {{ {body} }}"
        );
        program(&text, &[]);
    }
}

/// Every answer is a program or a list of errors, for texts near the limits too.
#[test]
fn large_kernels_are_compiled_or_refused() {
    let repeat = |n: usize, f: &dyn Fn(usize) -> String| (0..n).map(f).collect::<String>();
    let accepted = [
        format!(
            "#[vectorize] fn k(x: i32) -> i32 {{ match x {{ {} _ => 0 }} }}",
            repeat(2000, &|i| format!("{i} => {}, ", i + 1))
        ),
        format!(
            "#[vectorize] fn k(x: i32) -> i32 {{ match x {{ {} => 1, _ => 0 }} }}",
            (0..1000)
                .map(|i| (2 * i).to_string())
                .collect::<Vec<_>>()
                .join(" | ")
        ),
        format!(
            "#[vectorize] fn k(x: i32) -> i32 {{ let mut y; {} loop {{ y = x; break; }} {} y }}",
            "loop { if x > 1 { y = 2; break; } ".repeat(60),
            " break; }".repeat(60)
        ),
        format!(
            "#[vectorize] fn k(x: i32) -> i32 {{ x{} }}",
            ".rem_euclid(3)".repeat(200)
        ),
        format!(
            "#[vectorize] fn k(x: i32) -> i32 {{ {} x }}",
            repeat(1000, &|i| format!("let x = x + {i}; "))
        ),
    ];
    for text in accepted {
        program(&text, &[]);
    }
    let refused = [
        (
            "E0004",
            format!(
                "#[vectorize] fn k(x: bool) -> i32 {{ match ({}) {{ {} }} }}",
                ["x"; 12].join(", "),
                repeat(12, &|i| {
                    let row: Vec<&str> =
                        (0..12).map(|j| if i == j { "true" } else { "_" }).collect();
                    format!("({}) => 1, ", row.join(", "))
                })
            ),
        ),
        (
            "B0278",
            format!(
                "{} const C2000: i32 = 1; #[vectorize] fn k(x: i32) -> i32 {{ x + C0 }}",
                repeat(2000, &|i| format!("const C{i}: i32 = C{} + 1; ", i + 1))
            ),
        ),
        (
            "B0260",
            format!(
                "{} fn f1100(x: i32) -> i32 {{ x }} #[vectorize] fn k(x: i32) -> i32 {{ f0(x) }}",
                repeat(1100, &|i| format!(
                    "fn f{i}(x: i32) -> i32 {{ f{}(x) }} ",
                    i + 1
                ))
            ),
        ),
    ];
    for (code, text) in refused {
        let module = Module::parse("kernels.rs", &text).expect("valid signatures");
        match module.specialise("k", &[]) {
            Err(SpecialiseError::Diagnostics(d)) => {
                assert!(d.list.iter().any(|d| d.code == code), "{:?}", d.list);
            }
            other => panic!("{code}: {other:?}"),
        }
    }
}
