//! Kernels inside a program: rustc and Brolga read the same text, and it means the same.

use brolga::{Complex, ErrorKind, Kernels, Module, Runtime};
use ndarray::{Array1, Array2, ArrayD, array};

#[brolga::kernels]
mod k {
    use brolga::prelude::*;

    const SLOPE: f64 = 0.1;

    #[vectorize]
    pub fn leaky<T: Float>(x: T, slope: T) -> T {
        if x < T::zero() { slope * x } else { x }
    }

    #[vectorize(identity = 0, associative)]
    pub fn polynomial(x: f64, y: f64) -> f64 {
        (x * y - SLOPE).sqrt() / (x + SLOPE) - y * y
    }

    #[vectorize]
    pub fn quotient(a: i32, b: i32) -> i32 {
        a / b // the division
    }

    #[guvectorize("(n),(n)->()")]
    pub fn dot<T: Number>(a: ArrayView1<T>, b: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
        let mut sum = T::zero();
        for i in 0..a.len() {
            sum += a[i] * b[i];
        }
        out[()] = sum;
    }

    #[jit(parallel)]
    pub fn sum_of_squares(n: u64) -> u64 {
        let mut sum = 0;
        for i in prange(0..n) {
            sum += i * i;
        }
        sum
    }
}

fn kernels() -> (tempfile::TempDir, Module) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = Runtime::builder().cache_dir(folder.path().join("cache"));
    let runtime = runtime.build().expect("a runtime");
    (folder, runtime.load_kernels(k::SOURCE))
}

/// Finite and special numbers of both signs.
fn values() -> Array1<f64> {
    let special = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, 5e-324, -1e300];
    let mut values = special.to_vec();
    values.extend((0..200).map(|i| f64::from(i - 100) * 0.37));
    Array1::from(values)
}

fn bits(array: impl IntoIterator<Item = f64>) -> Vec<u64> {
    // Which NaN an operation gives is not specified in Rust.
    let number = |x: f64| if x.is_nan() { f64::NAN } else { x };
    array.into_iter().map(|x| number(x).to_bits()).collect()
}

/// Elementary functions are std's on rustc's side and Brolga's own on the other, each at most 1 ulp
/// from the exact value.
fn assert_near(found: impl IntoIterator<Item = f64>, expected: impl IntoIterator<Item = f64>) {
    let (found, expected) = (bits(found), bits(expected));
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.into_iter().zip(expected) {
        let (x, y) = (f64::from_bits(found), f64::from_bits(expected));
        // The sums of products below stay within 4 ulp of their larger part, which is at most
        // 8 times the result on these values, or 1.
        let near = (x - y).abs() <= 32.0 * f64::EPSILON * y.abs().max(1.0);
        assert!(found == expected || near, "{x:e}, rustc {y:e}");
    }
}

#[test]
fn a_ufunc_gives_the_bits_of_the_rust_function() {
    let (_folder, kernels) = kernels();
    let x = values();
    let y = &values() * 0.7 + 1.0;
    let leaky = kernels.ufunc("leaky").expect("a ufunc");
    let found: ArrayD<f64> = leaky.call_array(&[(&x).into(), (&y).into()]).expect("runs");
    let expected = x.iter().zip(&y).map(|(&x, &y)| k::leaky(x, y));
    assert_eq!(bits(found), bits(expected));

    let polynomial = kernels.ufunc("polynomial").expect("a ufunc");
    let found: ArrayD<f64> = polynomial
        .call_array(&[(&x).into(), (&y).into()])
        .expect("runs");
    let expected = x.iter().zip(&y).map(|(&x, &y)| k::polynomial(x, y));
    assert_eq!(bits(found), bits(expected));

    let single = x.mapv(|x| x as f32);
    let found: ArrayD<f32> = leaky
        .call_array(&[(&single).into(), 0.1_f32.into()])
        .expect("runs");
    let expected: Vec<u32> = single.iter().map(|&x| k::leaky(x, 0.1).to_bits()).collect();
    let found: Vec<u32> = found.iter().map(|x| x.to_bits()).collect();
    assert_eq!(found, expected);
}

#[test]
fn gufuncs_and_jit_functions_give_what_the_rust_functions_give() {
    let (_folder, kernels) = kernels();
    let a = Array2::from_shape_fn((3, 50), |(i, j)| (i as f64 + 0.3) * j as f64);
    let dot = kernels.gufunc("dot").expect("a gufunc");
    let found: ArrayD<f64> = dot
        .call_array(&mut [(&a).into(), (&a).into()])
        .expect("runs");
    let expected = a.rows().into_iter().map(|row| {
        let row = row.to_vec();
        let mut sum = 0.0;
        let out = std::slice::from_mut(&mut sum);
        let out = brolga::prelude::ArrayViewMut0::from_shape((), out).expect("one element");
        k::dot(row.as_slice().into(), row.as_slice().into(), out);
        sum
    });
    assert_eq!(bits(found), bits(expected));

    let sum = kernels.jit("sum_of_squares").expect("a jit function");
    let found = sum.call(&mut [1000_u64.into()]).expect("runs");
    let found: Option<u64> = found.into_single().expect("one result").scalar();
    assert_eq!(found, Some(k::sum_of_squares(1000)));
}

#[test]
fn a_panic_names_the_users_file_and_its_line() {
    let (_folder, kernels) = kernels();
    assert_eq!(k::quotient(6, 2), 3);
    let quotient = kernels.ufunc("quotient").expect("a ufunc");
    let (a, b) = (array![6, 7], array![2, 0]);
    let error = quotient
        .call(&[(&a).into(), (&b).into()])
        .expect_err("a division by zero");
    assert_eq!(error.kind(), ErrorKind::KernelPanic);
    let site = error.site().expect("a panic has a site");
    assert_eq!(site.file, file!());
    let line = include_str!("kernels_in_rust.rs")
        .lines()
        .position(|line| line.ends_with("a / b // the division"))
        .expect("the kernel stands in this file");
    assert_eq!(site.line as usize, line + 1);
    assert_eq!(site.column, 9);
    assert!(
        error
            .to_string()
            .contains(&format!("{}:{}:9", file!(), line + 1)),
        "{error}"
    );
}

/// The rest of the language: all of it is ordinary Rust, too.
#[brolga::kernels]
mod whole {
    use brolga::prelude::*;

    use self::plane::{Point, Turn};

    /// A global: rustc's code sees this value, Brolga's the one that is bound.
    pub static ANGLE: f64 = 0.5;

    pub mod plane {
        use brolga::prelude::*;

        #[derive(Clone, Copy, PartialEq)]
        pub struct Point<T> {
            pub x: T,
            pub y: T,
        }

        #[derive(Clone, Copy, PartialEq)]
        pub enum Turn {
            Left,
            Right,
        }

        impl<T: Float> Point<T> {
            pub fn turned(self, by: Turn, angle: T) -> Point<T> {
                let (sin, cos) = match by {
                    Turn::Left => angle.sin_cos(),
                    Turn::Right => (-angle).sin_cos(),
                };
                Point {
                    x: self.x * cos - self.y * sin,
                    y: self.x * sin + self.y * cos,
                }
            }
        }

        /// A kernel in a module.
        #[vectorize]
        pub fn norm<T: Float>(x: T, y: T) -> T {
            x.hypot(y)
        }
    }

    #[vectorize]
    pub fn turned(x: f64, y: f64, left: bool) -> (f64, f64) {
        let turn = if left { Turn::Left } else { Turn::Right };
        let Point { x, y } = Point { x, y }.turned(turn, ANGLE);
        (x, y)
    }

    #[vectorize]
    pub fn square(z: Complex<f64>) -> Complex<f64> {
        let shift = |w: Complex<f64>| w + ANGLE;
        shift(z * z)
    }

    #[jit]
    pub fn longest(a: ArrayView1<f64>) -> u64 {
        let mut runs = Array1::<u64>::zeros(a.len() + 1);
        for i in 0..a.len() {
            runs[i + 1] = if a[i] > 0.0 { runs[i] + 1 } else { 0 };
        }
        runs.iter().copied().max().unwrap_or(0)
    }

    fn half(x: i32) -> Option<i32> {
        x.checked_rem(2)?.checked_add(x / 2)
    }

    #[vectorize]
    pub fn halves(x: i32) -> i32 {
        let (mut table, mut last) = ([0; 3], x);
        std::mem::swap(&mut table[1], &mut last);
        half(x).map_or(table[0], |h| h.wrapping_add(table[1]))
    }
}

#[test]
fn the_whole_language_stands_in_a_program() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = Runtime::builder().cache_dir(folder.path().join("cache"));
    let runtime = runtime.build().expect("a runtime");
    let kernels = runtime.load_kernels(whole::SOURCE);
    kernels.check().expect("no errors");
    let (x, y) = (values(), &values() * -0.3 + 2.0);

    let norm = kernels.ufunc("plane::norm").expect("a ufunc");
    let found: ArrayD<f64> = norm.call_array(&[(&x).into(), (&y).into()]).expect("runs");
    let expected = x.iter().zip(&y).map(|(&x, &y)| whole::plane::norm(x, y));
    assert_near(found, expected);

    let turned = kernels.ufunc("turned").expect("a ufunc");
    let turn = |left: bool| {
        let outputs = turned.call(&[(&x).into(), (&y).into(), left.into()]);
        let outputs = outputs.expect("runs");
        let scalar = |k: usize| -> Vec<u64> {
            let array = outputs.get(k).expect("two outputs").as_slice::<f64>();
            bits(array.expect("an f64 array").iter().copied())
        };
        (scalar(0), scalar(1))
    };
    for left in [true, false] {
        let expected = |part: fn((f64, f64)) -> f64| {
            let pairs = x.iter().zip(&y);
            let values = pairs.map(|(&x, &y)| part(whole::turned(x, y, left)));
            values.collect::<Vec<f64>>()
        };
        let floats = |bits: Vec<u64>| bits.into_iter().map(f64::from_bits);
        let (first, second) = turn(left);
        assert_near(floats(first), expected(|r| r.0));
        assert_near(floats(second), expected(|r| r.1));
    }
    let before = turn(true);
    kernels.bind("ANGLE", 0.25).expect("a global");
    assert_ne!(turn(true), before);
    kernels.bind("ANGLE", whole::ANGLE).expect("a global");
    assert_eq!(turn(true), before);

    let z = x.mapv(|x| Complex::new(x, 1.5));
    let square = kernels.ufunc("square").expect("a ufunc");
    let found: ArrayD<Complex<f64>> = square.call_array(&[(&z).into()]).expect("runs");
    for (&found, &z) in found.iter().zip(&z) {
        let expected = whole::square(z);
        assert_eq!(bits([found.re, found.im]), bits([expected.re, expected.im]));
    }

    let longest = kernels.jit("longest").expect("a jit function");
    let found = longest.call(&mut [(&x).into()]).expect("runs");
    let found: Option<u64> = found.into_single().expect("one result").scalar();
    assert_eq!(found, Some(whole::longest(x.view())));

    let integers = array![7, -7, 0, i32::MAX, i32::MIN];
    let halves = kernels.ufunc("halves").expect("a ufunc");
    let found: ArrayD<i32> = halves.call_array(&[(&integers).into()]).expect("runs");
    assert_eq!(found, integers.mapv(whole::halves).into_dyn());
}

/// rustc reads the file of a `mod name;`, and `SOURCE` has the text of one file alone.
#[test]
fn a_module_in_another_file_is_refused() {
    let runtime = Runtime::new().expect("a runtime");
    let kernels = runtime.load_kernels((
        "k",
        file!(),
        "mod other; #[brolga::prelude::vectorize] fn f(x: f64) -> f64 { x }",
    ));
    let error = kernels.check().expect_err("no file to read").to_string();
    assert!(error.contains("other") && error.contains("help"), "{error}");
}
