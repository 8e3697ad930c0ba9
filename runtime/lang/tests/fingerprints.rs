//! The fingerprint is the meaning's: for every construct of docs/language.md's table a text,
//! the same in other words, and the same with another meaning.

use brolga_lang::Module;

fn print(text: &str) -> [u8; 32] {
    let module = Module::parse("k.rs", text).unwrap_or_else(|errors| panic!("{text}\n{errors}"));
    if let Err(errors) = module.check() {
        panic!("{text}\n{errors}");
    }
    let kernel = module.kernels().first().expect("a kernel");
    let types = vec![brolga_abi::DType::F64; kernel.type_params.len()];
    let program = module.specialise(&kernel.name, &types);
    brolga_lang::fingerprint(&program.unwrap_or_else(|error| panic!("{text}\n{error}")))
}

/// One construct.
struct Construct {
    /// What the table of docs/language.md calls it.
    name: &'static str,
    base: &'static str,
    /// The same meaning: (what is replaced in `base`, by what).
    same: &'static [(&'static str, &'static str)],
    /// Another meaning.
    other: &'static [(&'static str, &'static str)],
}

const CONSTRUCTS: &[Construct] = &[
    Construct {
        name: "functions",
        base: "fn g(a: f64, b: f64) -> f64 { a - b } #[vectorize] fn k(x: f64) -> f64 { g(x, 1.0) }",
        same: &[
            ("fn g", "/// Doc.\n fn g"),
            (
                "(a: f64, b: f64) -> f64 { a - b }",
                "(b: f64, a: f64) -> f64 { b - a }",
            ),
            ("fn g", "fn unused() {} fn g"),
        ],
        other: &[("g(x, 1.0)", "g(1.0, x)"), ("a - b", "b - a")],
    },
    Construct {
        name: "recursion",
        base: "fn g(a: u64, b: u64) -> u64 { if b == 0 { a } else { g(b, a % b) } } #[vectorize] fn k(x: u64) -> u64 { g(x, 9) }",
        same: &[("if b == 0 { a } else", "if b == 0 {\n// the end\na\n} else")],
        other: &[("g(b, a % b)", "g(a % b, b)")],
    },
    Construct {
        name: "generic functions",
        base: "fn g<T: Float>(a: T) -> T { a.sqrt() } #[vectorize] fn k<T: Float>(x: T) -> T { g(x) }",
        same: &[
            ("fn g<T: Float>(a: T) -> T", "fn g<U: Float>(a: U) -> U"),
            ("g(x)", "g::<T>(x)"),
        ],
        other: &[("sqrt", "cbrt")],
    },
    Construct {
        name: "constants",
        base: "const C: f64 = 2.0; #[vectorize] fn k(x: f64) -> f64 { x * C }",
        same: &[
            ("= 2.0", "= 1.0 + 1.0"),
            (
                "const C: f64 = 2.0;",
                "const D: f64 = 2.0; const C: f64 = D;",
            ),
        ],
        other: &[("= 2.0", "= 3.0")],
    },
    Construct {
        name: "numbers and `bool`",
        base: "#[vectorize] fn k(x: i32) -> i64 { let y = x as i64; if y > 3 && x < 9 { y + 1 } else { -y } }",
        same: &[
            ("let y", "let y: i64"),
            ("+ 1", "+ 1i64"),
            ("+ 1", "+ (1)"),
            ("3 &&", "0x3 /* three */ &&"),
        ],
        other: &[
            ("+ 1", "- 1"),
            ("&&", "||"),
            ("x as i64", "x as u32 as i64"),
        ],
    },
    Construct {
        name: "tuples",
        base: "#[vectorize] fn k(x: f64) -> (f64, f64) { let (a, b) = (x, x * 2.0); (a, b) }",
        same: &[
            (
                "let (a, b) = (x, x * 2.0); (a, b)",
                "let (u, v) = (x, x * 2.0); (u, v)",
            ),
            ("(a, b) }", "( a , b , ) }"),
        ],
        other: &[("(a, b) }", "(b, a) }")],
    },
    Construct {
        name: "`if`, `while`, `loop`, `for`, labels",
        base: "#[vectorize] fn k(n: u64) -> u64 { let mut s = 0; 'a: for i in (0..n).rev().step_by(2) { while s < i { s += 3; if s > 90 { break 'a; } } } s }",
        same: &[(
            "'a: for i in (0..n).rev().step_by(2) { while s < i { s += 3; if s > 90 { break 'a; }",
            "'b: for j in (0..n).rev().step_by(2) { while s < j { s += 3; if s > 90 { break 'b; }",
        )],
        other: &[
            (".rev()", ""),
            ("step_by(2)", "step_by(3)"),
            ("break 'a", "break"),
            ("0..n", "0..=n"),
        ],
    },
    Construct {
        name: "`match`",
        base: "#[vectorize] fn k(n: u8) -> u8 { match n { 1 | 2 => 3, 4..=9 => 5, m if m > 99 => m, _ => 0 } }",
        same: &[
            ("m if m > 99 => m", "n if n > 99 => { n }"),
            ("_ => 0", "_ => 0,"),
        ],
        other: &[("1 | 2", "1 | 3"), ("4..=9", "4..9"), ("m > 99", "m > 98")],
    },
    Construct {
        name: "structs",
        base: "#[derive(Clone, Copy)] struct P { x: f64, y: f64 } #[vectorize] fn k(x: f64) -> f64 { let p = P { x, y: 2.0 }; p.x - p.y }",
        same: &[
            ("struct P", "/// A point.\nstruct P"),
            ("P { x, y: 2.0 }", "P { x: x, y: 2.0 }"),
            ("Clone, Copy", "Clone, Copy, PartialEq"),
        ],
        other: &[("p.x - p.y", "p.y - p.x"), ("y: 2.0", "y: 3.0")],
    },
    Construct {
        name: "methods and operators",
        base: "struct P(f64, f64); impl std::ops::Sub for P { type Output = P; fn sub(self, o: P) -> P { P(self.0 - o.0, self.1) } } impl P { fn n(&self) -> f64 { self.0 + self.1 } } #[vectorize] fn k(x: f64) -> f64 { (P(x, 1.0) - P(2.0, x)).n() }",
        same: &[
            (
                "(P(x, 1.0) - P(2.0, x)).n()",
                "P::n(&(P(x, 1.0) - P(2.0, x)))",
            ),
            ("fn n", "fn m(&self) -> f64 { 1.0 } fn n"),
            (
                "o: P) -> P { P(self.0 - o.0",
                "right: Self) -> Self { P(self.0 - right.0",
            ),
        ],
        other: &[
            ("self.0 + self.1", "self.0 * self.1"),
            ("self.0 - o.0", "o.0 - self.0"),
        ],
    },
    Construct {
        name: "enums without values",
        base: "#[derive(Clone, Copy, PartialEq)] enum E { A = 1, B = 5 } #[vectorize] fn k(x: i32) -> i32 { let e = if x > 0 { E::A } else { E::B }; match e { E::A => e as i32, E::B => 7 } }",
        same: &[(
            "E::A => e as i32, E::B => 7",
            "E::A => e as i32,\n E::B => 7,",
        )],
        other: &[("A = 1", "A = 2"), ("x > 0", "x > 1"), ("=> 7", "=> 8")],
    },
    Construct {
        name: "mutable references",
        base: "fn s(a: &mut f64, b: &mut f64) { std::mem::swap(a, b); *a += 1.0; } #[vectorize] fn k(x: f64) -> f64 { let (mut a, mut b) = (x, 2.0); s(&mut a, &mut b); a - b }",
        same: &[
            ("*a += 1.0;", "*a += 1.0; /* one more */"),
            (
                "fn s(a: &mut f64, b: &mut f64) { std::mem::swap(a, b); *a",
                "fn s(c: &mut f64, b: &mut f64) { std::mem::swap(c, b); *c",
            ),
        ],
        other: &[
            ("s(&mut a, &mut b)", "s(&mut b, &mut a)"),
            ("*a += 1.0", "*b += 1.0"),
        ],
    },
    Construct {
        name: "`Option`",
        base: "#[vectorize] fn k(x: i32) -> i32 { if let Some(y) = x.checked_add(1) && y > 3 { y } else { 0 } }",
        same: &[(
            "Some(y) = x.checked_add(1) && y > 3 { y }",
            "Some(z) = x.checked_add(1) && z > 3 { z }",
        )],
        other: &[
            ("checked_add", "checked_sub"),
            ("&& y > 3", ""),
            ("Some(y)", "Some(y @ 0..)"),
        ],
    },
    Construct {
        name: "`let else`, `while let`, `?`",
        base: "fn g(x: u32) -> Option<u32> { let Some(y) = x.checked_sub(3) else { return None; }; Some(y.checked_mul(2)?) } #[vectorize] fn k(x: u32) -> u32 { let mut v = x; while let Some(w) = g(v) { v = w / 3; } v }",
        same: &[(
            "while let Some(w) = g(v) { v = w / 3; }",
            "while let Some(u) = g(v) { v = u / 3; }",
        )],
        other: &[
            ("checked_mul(2)?", "checked_mul(3)?"),
            ("w / 3", "w / 4"),
            ("return None", "return Some(0)"),
        ],
    },
    Construct {
        name: "complex numbers",
        base: "#[vectorize] fn k(z: Complex<f64>) -> Complex<f64> { z * Complex::i() + z.conj() }",
        same: &[
            ("Complex<f64>)", "Complex64)"),
            ("z.conj()", "Complex::conj(&z)"),
        ],
        other: &[
            ("conj", "inv"),
            ("+ z", "- z"),
            ("Complex::i()", "Complex::new(0.0, 2.0)"),
        ],
    },
    Construct {
        name: "16-bit floats",
        base: "#[vectorize] fn k(h: f16) -> f16 { f16::from_f32(h.to_f32() * 2.0) }",
        same: &[
            ("h.to_f32()", "f32::from(h)"),
            (
                "h: f16) -> f16 { f16::from_f32(h.",
                "g: f16) -> f16 { f16::from_f32(g.",
            ),
        ],
        other: &[
            ("* 2.0", "* 3.0"),
            (
                "f16::from_f32(h.to_f32() * 2.0)",
                "f16::from_f64(h.to_f64() * 2.0)",
            ),
        ],
    },
    Construct {
        name: "arrays of a fixed length",
        base: "const N: usize = 3; #[vectorize] fn k(x: f64) -> f64 { let mut a = [x; N]; a[1] = 2.0; let [p, .., q] = a; p - q * a[1] }",
        same: &[
            ("[x; N]", "[x; 1 + 2]"),
            ("N: usize = 3", "N: usize = 2 + 1"),
            ("let [p, .., q]", "let [ p , .. , q ]"),
        ],
        other: &[
            ("N: usize = 3", "N: usize = 4"),
            ("a[1] = 2.0", "a[2] = 2.0"),
            ("p - q", "q - p"),
        ],
    },
    Construct {
        name: "local arrays",
        base: "#[vectorize] fn k(n: u32) -> f64 { let mut a = Array1::<f64>::zeros(n as usize); for i in 0..a.len() { a[i] = 1.0; } a.sum() }",
        same: &[(
            "let mut a = Array1::<f64>::zeros",
            "let mut a: Array1<f64> = Array1::zeros",
        )],
        other: &[
            ("zeros", "ones"),
            ("sum", "product"),
            ("n as usize", "n as usize + 1"),
        ],
    },
    Construct {
        name: "array views and their parts",
        base: "#[guvectorize(\"(m,n)->()\")] fn k(a: ArrayView2<f64>, mut o: ArrayViewMut0<f64>) { o[()] = a.row(0).sum() + a.slice(s![1.., -1]).sum() + a[[0, 1]]; }",
        same: &[
            ("s![1.., -1]", "s![1 .. , - 1]"),
            ("a[[0, 1]]", "a[(0, 1)]"),
        ],
        other: &[
            ("row(0)", "row(1)"),
            ("row(0)", "column(0)"),
            ("s![1..", "s![2.."),
            ("a[[0, 1]]", "a[[1, 0]]"),
        ],
    },
    Construct {
        name: "closures",
        base: "#[vectorize] fn k(x: f64) -> f64 { let c = 2.0; let f = |y: f64| y * c - x; f(x) + f(1.0) }",
        same: &[
            ("|y: f64| y * c - x", "|z| { z * c - x }"),
            ("let f = |y", "let f = move |y"),
        ],
        other: &[
            ("y * c", "y + c"),
            ("c = 2.0", "c = 3.0"),
            ("f(1.0)", "f(2.0)"),
        ],
    },
    Construct {
        name: "closures and functions as parameters",
        base: "fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 { f(f(x)) } #[vectorize] fn k(x: f64) -> f64 { twice(|y| y * 2.0, x) + twice(f64::sqrt, x) }",
        same: &[
            ("|y| y * 2.0", "|z: f64| { z * 2.0 }"),
            ("f(f(x))", "\n// again\nf(f(x))"),
        ],
        other: &[
            ("y * 2.0", "y * 3.0"),
            ("f64::sqrt", "f64::abs"),
            ("f(f(x))", "f(x)"),
        ],
    },
    Construct {
        name: "arrays made by closures",
        base: "#[vectorize] fn k(x: f64) -> f64 { let a = Array1::from_shape_fn(3, |i| i as f64 * x); let b = [1.0, x].map(|v| v + 1.0); a[1] + b[0] }",
        same: &[("|i| i as f64 * x", "|n| { n as f64 * x }")],
        other: &[
            ("from_shape_fn(3", "from_shape_fn(4"),
            ("v + 1.0", "v + 2.0"),
            ("i as f64 * x", "i as f64 + x"),
        ],
    },
    Construct {
        name: "orderings",
        base: "use std::cmp::Ordering; #[vectorize] fn k(a: i32, b: i32) -> i32 { match a.cmp(&b) { Ordering::Less => 1, Ordering::Equal => 2, Ordering::Greater => 3 } }",
        same: &[("Ordering::Equal => 2", "std::cmp::Ordering::Equal => { 2 }")],
        other: &[("a.cmp(&b)", "b.cmp(&a)"), ("=> 2", "=> 4")],
    },
    Construct {
        name: "iterator chains",
        base: "#[jit] fn k(a: ArrayView1<f64>) -> f64 { a.iter().zip(a.iter().rev()).map(|(x, y)| x - y).filter(|&d| d > 0.0).sum::<f64>() }",
        same: &[
            ("|(x, y)| x - y", "|(left, right)| {\nleft - right\n}"),
            (".sum::<f64>()", "\n.sum::<f64>()"),
        ],
        other: &[
            (".rev()", ""),
            ("x - y", "y - x"),
            ("d > 0.0", "d < 0.0"),
            ("sum", "product"),
            ("a.iter().zip", "a.iter().skip(1).zip"),
        ],
    },
    Construct {
        name: "modules and `use`",
        base: "mod m { pub fn f(x: f64) -> f64 { x + 1.0 } } use m::f; #[vectorize] fn k(x: f64) -> f64 { f(x) }",
        same: &[
            ("use m::f;", "use self::m::{f};"),
            ("{ f(x) }", "{ m::f(x) }"),
            ("mod m", "/* a module */ mod m"),
        ],
        other: &[("x + 1.0", "x + 2.0")],
    },
    Construct {
        name: "globals",
        base: "static G: f64 = 2.0; static H: f64 = 3.0; #[vectorize] fn k(x: f64) -> f64 { G * x + H }",
        same: &[
            ("G: f64 = 2.0", "G: f64 = 4.0"),
            ("static G", "/// The gain.\nstatic G"),
        ],
        other: &[
            ("G * x + H", "H * x + G"),
            (
                "G: f64 = 2.0; static H: f64 = 3.0; #[vectorize] fn k(x: f64) -> f64 { G * x + H }",
                "G: f32 = 2.0; static H: f64 = 3.0; #[vectorize] fn k(x: f64) -> f64 { f64::from(G) * x + H }",
            ),
        ],
    },
    Construct {
        name: "panics and assertions",
        base: "#[vectorize] fn k(x: i64, y: i64) -> i64 { assert!(x > 0, \"low\"); if y > 9 { panic!(\"high\"); } x / y }",
        same: &[
            ("\"low\"", "\"too low\""),
            ("panic!(\"high\");", "/* no */ panic!(\"too high\");"),
        ],
        other: &[("x > 0", "x > 1"), ("x / y", "x % y"), ("y > 9", "y > 8")],
    },
    Construct {
        name: "`prange`",
        base: "#[jit(parallel)] fn k(n: u64) -> u64 { let mut s = 0; for i in prange(0..n) { s += i; } s }",
        same: &[(
            "for i in prange(0..n) { s += i; }",
            "for j in prange(0..n) { s += j; }",
        )],
        other: &[
            ("prange(0..n)", "0..n"),
            ("s += i", "s ^= i"),
            ("prange(0..n)", "prange(1..n)"),
        ],
    },
    Construct {
        name: "attributes",
        base: "#[vectorize(fastmath)] fn k(x: f64) -> f64 { x * 2.0 + 1.0 }",
        same: &[
            ("(fastmath)", "( fastmath , )"),
            ("fastmath", "fastmath, target = \"parallel\""),
        ],
        other: &[("(fastmath)", ""), ("x * 2.0", "x * 3.0")],
    },
];

#[test]
fn other_words_keep_the_fingerprint_and_another_meaning_changes_it() {
    let mut wrong = Vec::new();
    for construct in CONSTRUCTS {
        let first = print(construct.base);
        let commented = construct.base.replace(" {", " // a comment\n{");
        if print(&commented) != first {
            wrong.push(format!("{}: a comment counts", construct.name));
        }
        let variants = construct.same.iter().map(|pair| (pair, true));
        for (&(old, new), same) in variants.chain(construct.other.iter().map(|p| (p, false))) {
            assert!(construct.base.contains(old), "{}: {old}", construct.name);
            let text = construct.base.replacen(old, new, 1);
            if (print(&text) == first) != same {
                wrong.push(format!("{}: {old} -> {new}", construct.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn constructs_have_fingerprints_of_their_own() {
    let mut seen = std::collections::HashMap::new();
    for construct in CONSTRUCTS {
        if let Some(other) = seen.insert(print(construct.base), construct.name) {
            panic!("{} and {other} have the same fingerprint", construct.name);
        }
    }
}

/// The rows of the table at the end of docs/language.md that say yes.
#[test]
fn every_construct_of_the_table_is_here() {
    let text = include_str!("../../../docs/language.md");
    let table = text
        .split("| Rust feature |")
        .nth(1)
        .expect("docs/language.md has the table");
    let rows = table.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let (name, says) = (cells.next()?, cells.next()?);
        (says == "yes").then_some(name)
    });
    let rows: Vec<&str> = rows.collect();
    let names: Vec<&str> = CONSTRUCTS.iter().map(|construct| construct.name).collect();
    assert_eq!(rows, names);
}
