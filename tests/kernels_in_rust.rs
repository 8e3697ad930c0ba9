//! Kernels inside a program: rustc and Brolga read the same text, and it means the same.

use brolga::{ErrorKind, Kernels, Module, Runtime};
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
