//! Iterator chains: what is accepted and becomes a valid program, what is refused.

use brolga_lang::{Module, Style, verify};

/// Checks a kernel over two views with this body, and its program.
fn accepted(body: &str) {
    let text = kernel(body);
    let module = match Module::parse("iter.rs", &text) {
        Ok(module) => module,
        Err(errors) => panic!("{text}\n{}", errors.render(Style::Plain)),
    };
    if let Err(errors) = module.check() {
        panic!("{text}\n{}", errors.render(Style::Plain));
    }
    for kernel in module.kernels() {
        let program = module.specialise(&kernel.name, &[]).expect("a program");
        if let Err(error) = verify(&program) {
            panic!("{text}\n{error:?}\n{}", program);
        }
    }
}

fn kernel(body: &str) -> String {
    format!(
        "#[jit]\nfn f(a: ArrayView1<f64>, b: ArrayView1<f64>, k: ArrayView1<i64>, m: ArrayView2<f64>, n: ArrayView3<f64>, mut o: ArrayViewMut1<f64>, x: f64) -> f64 {{ {body} }}"
    )
}

/// The code of the first error.
fn refused(body: &str) -> String {
    let text = kernel(body);
    let list = match Module::parse("iter.rs", &text) {
        Err(errors) => errors.list,
        Ok(module) => match module.check() {
            Err(errors) => errors.list,
            Ok(()) => panic!("accepted: {body}"),
        },
    };
    list[0].code.to_string()
}

#[test]
fn sums_and_folds() {
    for body in [
        "a.iter().sum()",
        "a.iter().sum::<f64>() + b.iter().product::<f64>()",
        "a.iter().map(|x| x * 2.0).sum()",
        "a.iter().map(|&y| y * x).fold(0.0, |s, y| s + y)",
        "a.iter().copied().fold(f64::NEG_INFINITY, f64::max)",
        "a.iter().zip(b.iter()).map(|(x, y)| x * y).sum()",
        "a.iter().zip(&b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt()",
        "(0..a.len()).map(|i| a[i]).sum()",
        "(0..10).map(|i| i as f64).sum()",
        "let s: i64 = k.iter().sum(); s as f64",
        "let s: u64 = (0..3).map(|i| i * 2).sum(); s as f64",
        "m.iter().zip(n.iter()).map(|(p, q)| p * q).sum()",
        "m.iter().enumerate().map(|(i, q)| i as f64 * q).sum()",
        "m.rows().into_iter().map(|r| r.iter().sum::<f64>()).sum()",
        "m.axis_iter(Axis(1)).zip(b.iter()).map(|(c, y)| c[0] * y).sum()",
        "n.outer_iter().map(|p| p.iter().count() as f64).sum()",
        "a.windows(3).into_iter().map(|w| w[0] + w[2]).sum()",
        "a.iter().rev().skip(1).step_by(2).take(5).sum()",
        "a.iter().enumerate().rev().map(|(i, x)| x * i as f64).sum()",
        "a.iter().filter(|x| **x > 0.0).take(3).sum()",
        "a.iter().filter(|&&x| x > 0.0).count() as f64",
        "a.iter().take_while(|x| **x > 0.0).chain(b.iter().skip_while(|x| **x < 0.0)).sum()",
        "std::iter::zip(a.iter(), b.iter()).map(|(p, q)| p - q).sum()",
        "std::iter::repeat(x).take(4).zip(a.iter()).map(|(p, q)| p * q).sum()",
        "a.iter().filter(|x| **x > 0.0).zip(m.iter().map(|y| y + 1.0)).enumerate().map(|(i, (p, q))| p * q + i as f64).sum()",
        "a.iter().filter(|x| **x > 0.0).rev().skip(2).step_by(2).sum()",
        "(1..=5).rev().zip(a.iter()).map(|(i, x)| i as f64 * x).sum()",
        "(0..).zip(a.iter()).map(|(i, x)| i as f64 * x).sum()",
        "m.indexed_iter().map(|((i, j), v)| v * (i + j) as f64).sum()",
        "a.indexed_iter().map(|(i, v)| v * i as f64).sum()",
    ] {
        accepted(body);
    }
    accepted("a.iter().copied().map(f64::abs).sum()");
    accepted("let g = |y: f64| y + x; a.iter().copied().map(g).sum::<f64>() + g(1.0)");
    accepted("let mut t = 0.0; a.iter().for_each(|y| t += y); t");
    accepted("a.iter().inspect(|y| assert!(**y >= 0.0)).sum()");
}

#[test]
fn loops_over_chains() {
    for body in [
        "for (i, &y) in a.iter().enumerate() { o[i] = y; } x",
        "for (p, q) in o.iter_mut().zip(a.iter()) { *p = q * 2.0; } x",
        "for ((p, q), r) in o.iter_mut().zip(a.iter()).zip(b.iter()) { if *q < 0.0 { continue; } *p += q * r; } x",
        "for (i, p) in o.iter_mut().enumerate() { *p = i as f64; } x",
        "'outer: for (i, r) in m.rows().into_iter().enumerate() { for v in r.iter() { if *v < 0.0 { break 'outer; } if *v > 9.0 { continue 'outer; } o[i] += v; } } x",
        "for r in m.rows() { o[0] += r[0]; } x",
        "for i in (0..10).filter(|i| i % 3 == 0) { o[i] = 1.0; } x",
        "for i in (0..10).step_by(2).chain(20..25) { o[i] = 1.0; } x",
        "for w in a.windows(2) { o[0] += w[1] - w[0]; } x",
        "for (p, q) in m.iter().zip(n.iter()) { o[0] += p * q; } x",
        "for y in a.iter().filter(|y| **y > 0.0).take(2) { if *y > 5.0 { continue; } o[0] += y; } x",
        "o.iter_mut().zip(a.iter()).for_each(|(p, q)| *p = q + x); x",
        "o.iter_mut().for_each(|p| *p *= 2.0); x",
        "let mut s = 0.0; for i in prange(0..a.len()) { s += a.iter().take(i).sum::<f64>(); } s",
        "for y in std::iter::once(x).chain(a.iter().copied()) { o[0] += y; } x",
    ] {
        accepted(body);
    }
}

#[test]
fn searches() {
    for body in [
        "if a.iter().any(|&y| y < 0.0) { 1.0 } else { 0.0 }",
        "if a.iter().zip(b.iter()).all(|(p, q)| p == q) { 1.0 } else { 0.0 }",
        "a.iter().position(|&y| y < 0.0); x",
        "a.iter().rposition(|&y| y < 0.0); x",
        "a.iter().enumerate().max_by(|p, q| p.1.total_cmp(q.1)); x",
        "a.iter().min_by(|p, q| p.partial_cmp(q).unwrap()); x",
        "k.iter().max(); k.iter().copied().min(); x",
        "k.iter().min_by_key(|v| (*v - 3).abs()); x",
        "a.iter().find(|y| **y > x); x",
        "a.iter().copied().reduce(f64::max); x",
        "a.iter().last(); a.iter().nth(3); x",
    ] {
        accepted(body);
    }
}

#[test]
fn what_rustc_refuses_is_refused() {
    assert_eq!(refused("let s = a.iter().sum(); x"), "E0283");
    assert_eq!(refused("let s: f32 = a.iter().sum(); x"), "E0277");
    assert_eq!(refused("a.iter().max(); x"), "E0277");
    assert_eq!(
        refused("a.iter().filter(|y| **y > 0.0).enumerate().rev().count() as f64"),
        "E0277"
    );
    assert_eq!(refused("m.iter().rev().sum()"), "E0277");
    assert_eq!(refused("m.rows().map(|r| r[0]).sum()"), "E0599");
    assert_eq!(refused("(0..3).copied().count() as f64"), "E0271");
    assert_eq!(refused("a.iter().map(|p, q| p * q).sum()"), "E0593");
    assert_eq!(refused("a.iter().fold(0.0, f64::max)"), "E0631");
    assert_eq!(refused("a.iter().map(|y: f64| y).sum()"), "E0631");
    assert_eq!(refused("a.iter().filter(|y| **y).count() as f64"), "E0308");
    assert_eq!(
        refused("let s = 0.0; a.iter().for_each(|y| s += y); s"),
        "E0594"
    );
    assert_eq!(refused("for y in a.iter_mut() { *y = 1.0; } x"), "E0596");
    assert_eq!(refused("a.iter().chain(k.iter()).count() as f64"), "E0271");
}

#[test]
fn what_is_not_in_the_language_is_refused_with_help() {
    assert_eq!(refused("prange(0..3).map(|i| a[i]).sum()"), "B0601");
    assert_eq!(refused("a.iter().cycle().take(3).sum()"), "B0608");
    assert_eq!(
        refused("a.iter().zip(b.iter().filter(|y| **y > 0.0)).count() as f64"),
        "B0609"
    );
    assert_eq!(refused("let v = a.iter().map(|y| y * 2.0); x"), "B0612");
    assert_eq!(refused("let v = a.iter().collect(); x"), "B0614");
    assert_eq!(
        refused("for t in o.iter_mut().enumerate() { *t.1 = 1.0; } x"),
        "B0611"
    );
}

#[test]
fn the_files_of_the_corpus_and_the_example_are_accepted() {
    for path in [
        "tests/oracle/kernels/closures.rs",
        "tests/oracle/kernels/iterators.rs",
        "examples/language/iterators.rs",
    ] {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
        let text = std::fs::read_to_string(format!("{root}{path}")).expect(path);
        let module = Module::parse(path, &text)
            .unwrap_or_else(|errors| panic!("{}", errors.render(Style::Plain)));
        if let Err(errors) = module.check() {
            panic!("{}", errors.render(Style::Plain));
        }
        for kernel in module.kernels() {
            let types = vec![brolga_abi::DType::F64; kernel.type_params.len()];
            module.specialise(&kernel.name, &types).expect("a program");
        }
    }
}
