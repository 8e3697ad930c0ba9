//! `#[kernels]` must keep the module and give the text of its body at its place in the file.

use brolga_macros::{guvectorize, jit, kernels, vectorize};

#[kernels]
mod shapes {
    use super::{guvectorize, jit, vectorize};
    use brolga_prelude::*;

    /// Its "area": b'\'' 1_000 0x1F 1e-3.
    #[vectorize(signatures = [(f64, f64)], identity = 1)]
    pub fn area(width: f64, height: f64) -> f64 {
        width * height // marker
    }

    #[guvectorize("(n)->()", target = "parallel")]
    pub fn total<T: Number>(a: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
        for &v in a.iter() {
            out[()] += v;
        }
    }

    #[jit(parallel, fastmath)]
    pub fn half(n: usize) -> usize {
        n >> 1
    }
}

#[rustfmt::skip]
#[kernels] mod one_line { pub fn one() -> u8 { b'\x01' } }

#[test]
fn the_functions_stay_ordinary() {
    assert_eq!(shapes::area(2.0, 3.0), 6.0);
    assert_eq!(shapes::half(9), 4);
    let mut sum = 0;
    shapes::total(
        (&[1, 2, 3][..]).into(),
        brolga_prelude::ArrayViewMut0::from_shape((), std::slice::from_mut(&mut sum)).unwrap(),
    );
    assert_eq!(sum, 6);
    assert_eq!(one_line::one(), 1);
}

#[test]
fn the_text_stands_on_the_lines_of_the_file() {
    let file = include_str!("kernels.rs");
    let (name, path, text) = shapes::SOURCE;
    assert_eq!(path, file!());
    assert_eq!(name, "shapes");
    let mut compared = 0;
    for (in_text, in_file) in text.lines().zip(file.lines()) {
        if !in_text.trim().is_empty() {
            assert_eq!(in_text, in_file);
            compared += 1;
        }
    }
    assert_eq!(compared, 17);
    assert!(text.contains("width * height // marker"));
}

#[test]
fn a_text_in_one_line_keeps_its_column() {
    let file = include_str!("kernels.rs");
    let (name, _, text) = one_line::SOURCE;
    assert_eq!(name, "one_line");
    let line = text.lines().last().unwrap();
    assert_eq!(line.trim(), r"pub fn one() -> u8 { b'\x01' }");
    let in_file = file.lines().nth(text.lines().count() - 1).unwrap();
    assert_eq!(line.find("pub fn"), in_file.find("pub fn"));
}
