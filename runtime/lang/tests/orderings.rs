//! `Ordering`: what is accepted, and what is refused as rustc does it.

use brolga_abi::DType;
use brolga_lang::{Module, Style, verify};

/// Checks the text and every program that it gives.
fn accepted(text: &str) -> Vec<[u8; 32]> {
    let module = match Module::parse("orderings.rs", text) {
        Ok(module) => module,
        Err(errors) => panic!("{text}\n{}", errors.render(Style::Plain)),
    };
    if let Err(errors) = module.check() {
        panic!("{text}\n{}", errors.render(Style::Plain));
    }
    let mut list = Vec::new();
    for kernel in module.kernels() {
        let program = module.specialise(&kernel.name, &[]).expect(text);
        verify(&program).expect(text);
        list.push(brolga_lang::fingerprint(&program));
    }
    list
}

fn refused(text: &str) -> String {
    let list = match Module::parse("orderings.rs", text) {
        Err(errors) => errors.list,
        Ok(module) => module.check().expect_err(text).list,
    };
    list[0].code.to_string()
}

fn float(body: &str) -> String {
    format!("use std::cmp::Ordering;\n#[vectorize]\nfn f(x: f64, y: f64) -> f64 {{ {body} }}")
}

#[test]
fn numbers_are_compared() {
    for body in [
        "match x.partial_cmp(&y) { Some(Ordering::Less) => 1.0, Some(_) => 2.0, None => 3.0 }",
        "match x.total_cmp(&y) { Ordering::Less => 1.0, Ordering::Equal => 2.0, Ordering::Greater => 3.0 }",
        "if x.total_cmp(&y) == std::cmp::Ordering::Less { 1.0 } else { 2.0 }",
        "let o: std::cmp::Ordering = true.cmp(&(x > y)); o as i32 as f64",
        "let (a, b) = (&x, &y); if a.partial_cmp(b).unwrap().is_lt() { 1.0 } else { 2.0 }",
        "let (a, b) = (&&x, &&y); if a.partial_cmp(b) == Some(Ordering::Equal) { 1.0 } else { a.total_cmp(b) as i8 as f64 }",
        "let o = 1.cmp(&2).then((x as i32).cmp(&3)).reverse(); if o.is_ge() && o.is_ne() || o.is_eq() { 1.0 } else if o.is_gt() || o.is_le() { 2.0 } else { 3.0 }",
        "if 1.0.partial_cmp(&2.0) < Some(Ordering::Greater) { x } else { y }",
        "match Ordering::Less { Ordering::Less | Ordering::Equal => x, core::cmp::Ordering::Greater => y }",
    ] {
        accepted(&float(body));
    }
    accepted(
        "use std::cmp::Ordering::{self, Less, Equal, Greater as More};\n#[vectorize]\nfn f(x: i32, y: i32) -> i32 { let o: Ordering = x.cmp(&y); match o { Less => -1, Equal => 0, More => 1 } }",
    );
    accepted(
        "use std::cmp::Ordering as Order;\nmod inner { use std::cmp::Ordering; pub fn back(o: Ordering) -> Ordering { match o { Ordering::Less => Ordering::Greater, other => other } } }\nstruct Pair { o: Order }\nfn least<T: Real>(a: T, b: T) -> T { match a.partial_cmp(&b) { Some(Order::Greater) => b, _ => a } }\nfn last<T: Integer>(a: T, b: T) -> Order { a.cmp(&b) }\n#[vectorize]\nfn f(x: f64, y: f64) -> f64 { let p = Pair { o: inner::back(last(1u8, 2)) }; if p.o == Order::Less { least(x, y) } else { x } }",
    );
    accepted(
        "#[vectorize]\nfn f(x: i64, y: i64) -> bool { use std::cmp::Ordering; x.cmp(&y) != Ordering::Equal }",
    );
}

#[test]
fn a_files_own_ordering_is_its_own() {
    accepted(
        "enum Ordering { Up, Down }\n#[vectorize]\nfn f(x: f64) -> f64 { match (if x > 0.0 { Ordering::Up } else { Ordering::Down }) { Ordering::Up => 1.0, Ordering::Down => 0.0 } }",
    );
    let two =
        "use std::cmp::Ordering;\nenum Ordering { Up }\n#[vectorize]\nfn f(x: f64) -> f64 { x }";
    assert_eq!(refused(two), "E0255");
}

#[test]
fn iterators_are_compared_by_any_closure() {
    for closure in [
        "|a, b| a.total_cmp(b).reverse()",
        "|a, b| { let k = a.abs(); k.total_cmp(&b.abs()) }",
        "|a, b| if a < b { Ordering::Less } else { Ordering::Greater }",
        "|a, b| a.abs().partial_cmp(&b.abs()).unwrap_or(Ordering::Equal).then(b.total_cmp(a))",
    ] {
        for method in ["min_by", "max_by"] {
            accepted(&format!(
                "use std::cmp::Ordering;\n#[jit]\nfn f(a: ArrayView1<f64>) -> f64 {{ match a.iter().{method}({closure}) {{ Some(x) => *x, None => 0.0 }} }}"
            ));
        }
    }
}

#[test]
fn what_rustc_refuses_is_refused() {
    for (body, code) in [
        (
            "match x.total_cmp(&y) { Ordering::Less => x, Ordering::Equal => y }",
            "E0004",
        ),
        ("if x.cmp(&y) == Ordering::Less { x } else { y }", "E0599"),
        ("if x.total_cmp(y).is_lt() { x } else { y }", "E0308"),
        ("if x.partial_cmp(&y).is_lt() { x } else { y }", "E0599"),
        (
            "let (a, b) = (&&x, &y); if a.partial_cmp(b).is_some() { x } else { y }",
            "E0308",
        ),
        ("if 1.0.total_cmp(&2.0).is_lt() { x } else { y }", "E0689"),
        (
            "if x.total_cmp(&y) == Ordering::Lesser { x } else { y }",
            "E0599",
        ),
        ("if 1u8.cmp(&2i8).is_lt() { x } else { y }", "E0308"),
        ("let o: Ordering = x < y; x", "E0308"),
    ] {
        assert_eq!(refused(&float(body)), code, "{body}");
    }
    for (text, code) in [
        (
            "fn f(x: f64) -> f64 { if x.total_cmp(&x) == Ordering::Less { x } else { 1.0 } }",
            "E0433",
        ),
        (
            "fn f(x: f64) -> f64 { let o: Ordering = x.total_cmp(&x); x }",
            "E0412",
        ),
    ] {
        assert_eq!(refused(&format!("#[vectorize]\n{text}")), code, "{text}");
    }
    let unknown = "use std::cmp::Ordering::Lesser;\n#[vectorize]\nfn f(x: f64) -> f64 { x }";
    assert_eq!(refused(unknown), "E0432");
}

#[test]
fn the_fingerprint_is_that_of_the_meaning() {
    let one = accepted(&float("x.total_cmp(&y) as i32 as f64"));
    let same = accepted(&float("/* order */ x . total_cmp( & y ) as i32 as f64"));
    let other = accepted(&float("y.total_cmp(&x) as i32 as f64"));
    let reversed = accepted(&float("x.total_cmp(&y).reverse() as i32 as f64"));
    assert_eq!(one, same);
    assert_ne!(one, other);
    assert_ne!(one, reversed);
}

#[test]
fn the_corpus_is_accepted() {
    let text = include_str!("../../../tests/oracle/kernels/orderings.rs");
    let module = Module::parse("orderings.rs", text).expect("a module");
    for kernel in module.kernels() {
        for dtype in [DType::F64, DType::F32, DType::I32, DType::U8] {
            if kernel.type_params.iter().any(|p| !p.bound.admits(dtype)) {
                continue;
            }
            let types = vec![dtype; kernel.type_params.len()];
            let program = match module.specialise(&kernel.name, &types) {
                Ok(program) => program,
                Err(errors) => panic!("{}: {errors}", kernel.name),
            };
            verify(&program).expect(&kernel.name);
        }
    }
}
