//! Functions that take closures: what is accepted, what it becomes, what is refused.

use brolga_lang::{Module, fingerprint, verify};

fn program(text: &str) -> [u8; 32] {
    let module = match Module::parse("callables.rs", text) {
        Ok(module) => module,
        Err(errors) => panic!("{text}\n{}", errors.render(brolga_lang::Style::Plain)),
    };
    if let Err(errors) = module.check() {
        panic!("{text}\n{}", errors.render(brolga_lang::Style::Plain));
    }
    let program = module.specialise("k", &[]).expect("a program");
    verify(&program).unwrap_or_else(|error| panic!("{text}\n{error:?}"));
    fingerprint(&program)
}

fn refused(text: &str) -> &'static str {
    let list = match Module::parse("callables.rs", text) {
        Err(errors) => errors.list,
        Ok(module) => match module.check() {
            Err(errors) => errors.list,
            Ok(()) => panic!("accepted: {text}"),
        },
    };
    list[0].code
}

const TEXT: &str = "
    fn integrate(f: impl Fn(f64) -> f64, a: f64, b: f64, n: usize) -> f64 {
        let h = (b - a) / n as f64;
        let mut sum = 0.0;
        for i in 0..n { sum += f(a + (i as f64 + 0.5) * h); }
        sum * h
    }
    fn bisect<T: Float, F: Fn(T) -> T>(f: F, mut a: T, mut b: T) -> Option<T> {
        if f(a) * f(b) > T::zero() { return None; }
        for _ in 0..60 {
            let m = (a + b) / T::from_i32(2);
            if f(m) == T::zero() { return Some(m); }
            if f(a) * f(m) < T::zero() { b = m; } else { a = m; }
        }
        Some(a)
    }
    fn each<F>(n: usize, mut f: F) where F: FnMut(usize, f64) { for i in 0..n { f(i, i as f64); } }
    fn twice(f: &dyn Fn(f64) -> f64, x: f64) -> f64 { f(f(x)) }
    fn four(f: &impl Fn(f64) -> f64, x: f64) -> f64 { twice(f, twice(&|y| f(y), x)) }
    fn pointer(f: fn(f64) -> f64, x: f64) -> f64 { f(x) }
    fn square(x: f64) -> f64 { x * x }
    fn lent(f: &mut impl FnMut(f64), x: f64) { f(x); f(x); }
    struct V { x: f64, y: f64 }
    impl V { fn map(&self, f: impl Fn(f64) -> f64) -> V { V { x: f(self.x), y: f(self.y) } } }
    #[vectorize]
    fn k(x: f64) -> f64 {
        let c = 2.0 * x;
        let area = integrate(|t| integrate(|u| u * t + c, 0.0, t, 4), 0.0, 1.0, 10);
        let root = bisect(|t| t * t - x, 0.0, 10.0).unwrap_or(-1.0);
        let single = bisect(|t: f32| t - 1.0, 0.0, 3.0).map_or(0.0, |r| r as f64);
        let mut total = 0.0;
        each(5, |i, y| { if i > 2 { return; } total += y * x; });
        let g = |t: f64| t + c;
        lent(&mut |y| total += y, x);
        let v = V { x, y: 1.0 }.map(|t| t * c);
        area + root + single + total + twice(&g, x) + four(&f64::sqrt, x) + pointer(square, x)
            + integrate(square, 0.0, 1.0, 3) + integrate(g, 0.0, 1.0, 3) + integrate(&g, 0.0, 1.0, 2)
            + integrate(f64::sin, 0.0, x, 3) + v.x + v.y
    }
";

#[test]
fn functions_take_closures() {
    let first = program(TEXT);
    assert_eq!(
        first,
        program(&TEXT.replace("sum * h", "sum   * h // the area"))
    );
    assert_ne!(first, program(&TEXT.replace("+ 0.5", "+ 0.25")));
    assert_ne!(first, program(&TEXT.replace("u * t + c", "u * t - c")));
}

#[test]
fn what_is_wrong_with_a_closure_is_said() {
    let function = "fn apply(f: impl Fn(f64) -> f64, x: f64) -> f64 { f(x) }";
    for (text, code) in [
        ("fn k(x: f64) -> f64 { apply(|a, b| a, x) }", "E0593"),
        ("fn k(x: f64) -> f64 { apply(|a: i32| 1.0, x) }", "E0631"),
        ("fn k(x: f64) -> f64 { apply(|a| a > 1.0, x) }", "E0308"),
        ("fn k(x: f64) -> f64 { apply(x, x) }", "E0277"),
        ("fn k(x: f64) -> f64 { apply(x) }", "E0061"),
        (
            "fn k(x: f64) -> f64 { let mut s = 0.0; apply(|a| { s += a; s }, x) }",
            "E0525",
        ),
        (
            "fn k(x: f64) -> f64 { let mut s = 0.0; let mut g = |a| { s += a; s }; apply(g, x) }",
            "E0525",
        ),
        (
            "fn n(f: fn(f64) -> f64) -> f64 { f(1.0) } fn k(x: f64) -> f64 { n(|a| a + x) }",
            "E0308",
        ),
        (
            "fn n(f: &impl Fn(f64) -> f64) -> f64 { f(1.0) } fn k(x: f64) -> f64 { n(|a| a + 1.0) }",
            "E0308",
        ),
        ("fn n(f: impl FnMut(f64)) { f(1.0) }", "E0596"),
        ("fn n(f: impl FnOnce(f64)) { f(1.0) }", "B0007"),
        ("fn n(f: impl Fn) { }", "B0620"),
        (
            "#[vectorize] fn n(f: impl Fn(f64) -> f64) -> f64 { f(1.0) }",
            "B0622",
        ),
        (
            "fn n(f: impl Fn(f64) -> f64, x: &mut f64) { *x = f(1.0) }",
            "B0623",
        ),
        (
            "fn n(f: impl Fn(f64) -> f64, x: f64) -> f64 { n(|a| f(a), x) }",
            "B0624",
        ),
        (
            "fn n(f: impl Fn(f64) -> f64) -> f64 { m(f) } fn m(f: impl Fn(f64) -> f64) -> f64 { n(f) }",
            "B0624",
        ),
        ("struct S<F: Fn(f64)> { f: F }", "B0007"),
        ("fn n() -> impl Fn(f64) -> f64 { |x| x }", "B0008"),
    ] {
        assert_eq!(refused(&format!("{function} {text}")), code, "{text}");
    }
}

#[test]
fn arrays_are_made_by_closures() {
    let text = "
        #[guvectorize(\"(n),(n)->()\")]
        fn k(a: ArrayView1<f64>, mut b: ArrayViewMut1<f64>, mut out: ArrayViewMut0<f64>) {
            let n = a.len();
            let c = Array1::from_shape_fn(n, |i| a[i] * 2.0);
            let d: Array2<f64> = Array2::from_shape_fn((n, 3), |(i, j)| c[i] + j as f64);
            let mut e = Array3::<i32>::from_shape_fn((2, 2, 2), |(i, j, k)| (i + j + k) as i32);
            e.mapv_inplace(|x| x + 1);
            b.mapv_inplace(f64::abs);
            b.slice_mut(s![..1]).mapv_inplace(|x| -x);
            let f: [f64; 4] = std::array::from_fn(|i| i as f64 * a[0]);
            let mut calls = 0;
            let g = f.map(|x| { calls += 1; (x > 1.0, calls) });
            let h = [1, 2, 3].map(|x| x * x);
            out[()] = d[[0, 1]] + e[[1, 1, 1]] as f64 + f[3] + g[1].1 as f64 + h[2] as f64;
        }
    ";
    program(text);
    assert_eq!(
        refused("fn k() { let a = std::array::from_fn(|i| i); }"),
        "B0626"
    );
    assert_eq!(
        refused("fn k(a: ArrayView1<f64>) { a.mapv_inplace(|x| x); }"),
        "E0596"
    );
}

/// The oracle's kernels are accepted here too.
#[test]
fn the_corpus_is_accepted() {
    for text in [
        include_str!("../../../tests/oracle/kernels/callables.rs"),
        include_str!("../../../tests/oracle/kernels/types_in_modules.rs"),
    ] {
        let module = Module::parse("k.rs", text).expect("a module");
        if let Err(errors) = module.check() {
            panic!("{}", errors.render(brolga_lang::Style::Plain));
        }
        for kernel in module.kernels() {
            let types = vec![brolga_abi::DType::F64; kernel.type_params.len()];
            let program = module.specialise(&kernel.name, &types).expect("a program");
            verify(&program).unwrap_or_else(|error| panic!("{}: {error:?}", kernel.name));
        }
    }
}

#[test]
fn a_closure_with_a_state_is_given_away() {
    let apply = "fn apply(mut f: impl FnMut(f64) -> f64) -> f64 { f(1.0) }";
    let body = |rest: &str| {
        format!("{apply} #[vectorize] fn k(x: f64) -> f64 {{ let mut s = x; {rest} }}")
    };
    for rest in [
        "let f = |y: f64| { s += y; s }; apply(f) + apply(f)",
        "let mut f = |y: f64| { s += y; s }; apply(f) + f(1.0)",
        // Its copy would have a state of its own.
        "let mut f = move |y: f64| { s += y; s }; apply(f) + f(1.0)",
    ] {
        assert_eq!(refused(&body(rest)), "E0382", "{rest}");
    }
    program(&body(
        "let mut f = |y: f64| { s += y; s }; apply(&mut f) + f(1.0)",
    ));
    program(&body("let f = |y: f64| y + s; apply(f) + f(1.0)"));
}

#[test]
fn a_reference_to_an_array_keeps_its_array() {
    for inner in [
        "*a = Array1::zeros(3);",
        "std::mem::swap(a, b);",
        "let mut c = Array1::zeros(3); std::mem::swap(a, &mut c);",
    ] {
        let text = format!(
            "fn f(a: &mut Array1<f64>, b: &mut Array1<f64>) {{ {inner} a[0] += b[0]; }}
            #[vectorize] fn k(x: f64) -> f64 {{
                let (mut a, mut b) = (Array1::<f64>::zeros(2), Array1::<f64>::zeros(2));
                f(&mut a, &mut b);
                a[0] + x
            }}"
        );
        assert_eq!(refused(&text), "B0810", "{inner}");
    }
}
