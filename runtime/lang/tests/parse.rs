//! What the parser makes of sound kernel files: the parts of the tree that are not plain from
//! its shape.

use brolga_abi::{Bound, DType, Identity, Target};
use brolga_lang::ast::{
    AttributeKind, Expr, ExprKind, File, PatternKind, Statement, TypeKind, UnaryOp,
};
use brolga_lang::diagnostic::{Diagnostics, Source};
use brolga_lang::ir::Scalar;
use brolga_lang::{Parsed, parse};

fn source(text: &str) -> Source {
    Source::new("k.rs", text)
}

fn file(text: &str) -> File {
    let source = source(text);
    match parse(&source).into_result(&source) {
        Ok(file) => file,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

/// The last expression of the first function of `fn f() { .. }`.
fn value(body: &str) -> Expr {
    let mut file = file(&format!("fn f() {{ {body} }}"));
    *file.functions.remove(0).body.value.expect("a value")
}

#[test]
fn the_files_of_the_design_are_accepted() {
    let file = file(
        r#"
use brolga::prelude::*;
use ndarray::{ArrayView2, ArrayViewMut2, Ix2};
use std::f64::consts::{self, PI as HALF_TURN};

const SLOPE: f64 = 0.1;

/// Leaky rectifier.
///
///   Indented.
#[vectorize(signatures = [(f32) -> f32, (f64)], identity = -1, associative, target = "parallel", fastmath, cache = false)]
pub fn leaky_relu<T>(x: T) -> T where T: Float + Copy { if x < T::zero() { x } else { x } }

#[brolga::guvectorize("(m,n),(n,p)->(m,p)", identity = 0.5)]
fn matmul<'a, T: Number>(a: ArrayView2<'a, T>, b: ArrayView2<T>, mut c: ndarray::ArrayViewMut<'_, T, Ix2>) {
    'rows: for i in 0..a.nrows() {
        for j in (0..=b.ncols()).rev() {
            let mut s = T::zero();
            for k in 0..a.ncols() { s += a[[i, k]] * b[[k, j]]; }
            if i > j { continue 'rows; }
            c[[i, j]] = s;
        }
    }
}

#[jit(parallel)]
const fn pi(n: usize) -> f64 {
    fn helper(x: f64) -> f64 { 4.0 / (1.0 + x * x) }
    let h = 1.0 / n as f64;
    let mut s = 0.0;
    for i in prange(0..n) { let x = (i as f64 + 0.5) * h; s += helper(x); }
    match n { 0 => 0.0, 1 | 2..=5 if s > 0.0 => 1.0, _ => s * h }
}
"#,
    );
    let [relu, matmul, pi] = file.functions.as_slice() else {
        panic!("{} functions", file.functions.len());
    };
    assert_eq!(relu.doc, "Leaky rectifier.\n\n  Indented.");
    assert_eq!(relu.type_params[0].bounds, [Bound::Float]);
    let attribute = relu.attribute.as_ref().expect("an attribute");
    assert!(matches!(attribute.kind, AttributeKind::Vectorize));
    let options = &attribute.options;
    assert_eq!(options.signatures, [vec![DType::F32], vec![DType::F64]]);
    assert_eq!(options.identity, Some(Identity::Int(-1)));
    assert_eq!(options.target, Target::Parallel);
    assert!(options.associative && options.fastmath && !options.cache);
    let results = attribute.signatures[0].results.as_ref();
    let results: Option<Vec<DType>> = results.map(|list| list.iter().map(|r| r.dtype).collect());
    assert_eq!(results, Some(vec![DType::F32]));
    assert!(attribute.signatures[1].results.is_none());

    let attribute = matmul.attribute.as_ref().expect("an attribute");
    let AttributeKind::Guvectorize(signature, _) = &attribute.kind else {
        panic!("{:?}", attribute.kind);
    };
    assert_eq!(signature.to_string(), "(m,n),(n,p)->(m,p)");
    let bits = 0.5f64.to_bits();
    assert_eq!(attribute.options.identity, Some(Identity::FloatBits(bits)));
    assert!(matches!(
        matmul.params[2].ty.kind,
        TypeKind::View {
            ndim: 2,
            mutable: true,
            ..
        }
    ));

    let attribute = pi.attribute.as_ref().expect("an attribute");
    assert!(matches!(
        attribute.kind,
        AttributeKind::Jit { parallel: true }
    ));
    assert_eq!(pi.body.items.functions.len(), 1);
    assert_eq!(file.consts.len(), 1);
    let names: Vec<_> = file
        .uses
        .iter()
        .map(|used| {
            let path: Vec<_> = used.path.iter().map(|i| i.name.as_str()).collect();
            (path.join("::"), used.name.as_ref().map(|i| i.name.as_str()))
        })
        .collect();
    assert_eq!(
        names,
        [
            ("std::f64::consts".to_string(), Some("consts")),
            ("std::f64::consts::PI".to_string(), Some("HALF_TURN")),
        ]
    );
}

#[test]
fn literals_keep_their_value_and_suffix() {
    for (text, wanted, suffix) in [
        ("1_000", 1000, None),
        ("0xFFu8", 255, Some(Scalar::U8)),
        ("0b1010_1010", 170, None),
        ("0o17_i64", 15, Some(Scalar::I64)),
        ("b'a'", 97, Some(Scalar::U8)),
        (r"b'\n'", 10, Some(Scalar::U8)),
        ("0x1f32", 0x1f32, None),
        ("340282366920938463463374607431768211455", u128::MAX, None),
    ] {
        match value(text).kind {
            ExprKind::Int(found, found_suffix) => {
                assert_eq!((found, found_suffix), (wanted, suffix), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    for (text, wanted, suffix) in [
        ("1.5", "1.5", None),
        ("1e-3f32", "1e-3", Some(Scalar::F32)),
        ("2f64", "2", Some(Scalar::F64)),
        ("1_0.2_5E+1_0", "10.25e+10", None),
        ("1.", "1.", None),
        (
            "0.1000000000000000055511151231257827",
            "0.1000000000000000055511151231257827",
            None,
        ),
    ] {
        match value(text).kind {
            ExprKind::Float(found, found_suffix) => {
                let number = |text: &str| text.parse::<f64>().expect("a number").to_bits();
                assert_eq!(number(&found), number(wanted), "{text} is {found}");
                assert_eq!(found_suffix, suffix, "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_minus_in_a_pattern_is_an_operator() {
    let ExprKind::Match { arms, .. } = value("match x { -1 => 0, -2.5 => 1, _ => 2 }").kind else {
        panic!("no match");
    };
    for (arm, text) in arms.iter().zip(["Int(1", "Float(\"2.5\""]) {
        let PatternKind::Value(value) = &arm.pattern.kind else {
            panic!("{:?}", arm.pattern);
        };
        let ExprKind::Unary(UnaryOp::Neg, inner) = &value.kind else {
            panic!("{value:?}");
        };
        assert!(format!("{:?}", inner.kind).starts_with(text), "{inner:?}");
    }
}

#[test]
fn panics_have_the_texts_of_rustc() {
    for (text, wanted) in [
        ("panic!()", "explicit panic"),
        ("panic!(\"a {{b}}\")", "a {b}"),
        ("panic!(r\"a\\n\")", "a\\n"),
        ("unreachable!()", "internal error: entered unreachable code"),
        (
            "unreachable!(\"x\")",
            "internal error: entered unreachable code: x",
        ),
        ("todo!()", "not yet implemented"),
        ("unimplemented!(\"x\",)", "not implemented: x"),
        ("std::panic!(\"x\")", "x"),
        ("assert!(x<y)", "assertion failed: x < y"),
        (
            "assert!( -x /*c*/ .abs( ) >=a [[ i,j ]]as f64)",
            "assertion failed: -x.abs() >= a[[i, j]] as f64",
        ),
        (
            "assert!(!( a&&b )||f(1_0,2.50))",
            "assertion failed: !(a && b) || f(1_0, 2.50)",
        ),
        (
            "assert!(if a\n   { b }\n else { c })",
            "assertion failed: if a { b } else { c }",
        ),
        ("assert!(t.0 == (1,), \"t\")", "t"),
        ("assert_eq!(a, b)", "assertion `left == right` failed"),
        (
            "assert_ne!(a, b, \"c\")",
            "assertion `left != right` failed: c",
        ),
    ] {
        match value(text).kind {
            ExprKind::Panic(found)
            | ExprKind::Assert(_, found)
            | ExprKind::AssertEqual(_, _, _, found) => assert_eq!(found, wanted, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let ExprKind::DebugAssert(operands) = value("debug_assert_ne!(a, b)").kind else {
        panic!("no debug assertion");
    };
    assert_eq!(operands.len(), 2);
}

#[test]
fn spans_are_bytes_of_the_text_as_given() {
    for before in [
        "",
        "\u{feff}",
        "#!/bin/sh\n",
        "\u{feff}#!x\r\n",
        "// ∑é\r\n/* 🦀 */",
    ] {
        let text =
            format!("{before}/// Größe\r\nfn é() {{ let ü = (a  + 1) * f( x ) ; -b.c(d)[e] }}");
        let file = file(&text);
        let at =
            |span: brolga_lang::diagnostic::Span| &text[span.start as usize..span.end as usize];
        let function = &file.functions[0];
        assert_eq!(function.doc, "Größe");
        assert_eq!(at(function.name.span), "é");
        assert!(at(function.body.span).starts_with('{') && at(function.body.span).ends_with('}'));
        let Statement::Let {
            init: Some(init), ..
        } = &function.body.statements[0]
        else {
            panic!("{:?}", function.body.statements);
        };
        assert_eq!(at(init.span), "(a  + 1) * f( x )");
        let ExprKind::Binary(_, operator, lhs, rhs) = &init.kind else {
            panic!("{init:?}");
        };
        assert_eq!(
            (at(*operator), at(lhs.span), at(rhs.span)),
            ("*", "(a  + 1)", "f( x )")
        );
        let value = function.body.value.as_ref().expect("a value");
        assert_eq!(at(value.span), "-b.c(d)[e]");
    }
}

#[test]
fn functions_survive_beside_refused_items() {
    let source = source("fn a() { async |x| x; } trait B {} fn c() { \"t\"; 'd'; } fn d() {}");
    let Parsed {
        file, diagnostics, ..
    } = parse(&source);
    let names = |idents: Vec<&brolga_lang::ast::Ident>| -> Vec<String> {
        idents.into_iter().map(|ident| ident.name.clone()).collect()
    };
    assert_eq!(
        names(file.functions.iter().map(|f| &f.name).collect()),
        ["a", "c", "d"]
    );
    assert_eq!(names(file.refused.iter().collect()), ["B"]);
    assert_eq!(diagnostics.len(), 4);
    let starts: Vec<u32> = diagnostics.iter().map(|d| d.span.start).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    let rendered = Diagnostics {
        source,
        list: diagnostics,
    }
    .to_string();
    assert!(
        rendered.ends_with("error: `k.rs` has 4 errors\n"),
        "{rendered}"
    );
}

#[test]
fn a_statement_without_semicolon_is_the_value_only_at_the_end() {
    let file = file("fn f() { if a { b(); } loop { break } x = 1; match y { _ => {} } }");
    let body = &file.functions[0].body;
    let semicolons: Vec<bool> = body
        .statements
        .iter()
        .map(|statement| matches!(statement, Statement::Expr(_, true)))
        .collect();
    assert_eq!(semicolons, [false, false, true]);
    assert!(body.value.is_some());
}
