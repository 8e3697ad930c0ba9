//! The examples of docs/language.md (`examples/language/`) as modules of this package, with
//! cases that run them. Not the corpus: these are written to be read. Invariant: every kernel of
//! every example has a case; tests/documents.rs compares with what Brolga finds in the files.

use brolga_functions::prelude::*;

use crate::case::{Case, case, gcase, jcase};
use crate::values::Domain::{Any, Between};

/// The modules and the file of each, and `EXAMPLES`.
///
/// An example is included (as build.rs rewrites it), so that its private kernels are in the module of their cases.
macro_rules! examples {
    ($($name:ident $path:literal [$($case:expr),* $(,)?];)*) => {
        /// The name and the path in the repository of every example.
        pub const EXAMPLES: &[(&str, &str)] =
            &[$((stringify!($name), concat!("examples/language/", $path))),*];

        $(
            // What is private to a kernel file is dead code where its cases do not use it.
            #[allow(clippy::all, missing_docs)]
            pub mod $name {
                use super::*;
                include!(concat!(env!("OUT_DIR"), "/language/", $path));

                pub(super) fn cases() -> Vec<Case> {
                    vec![$($case),*]
                }
            }
        )*

        /// The cases of all examples.
        pub fn cases() -> Vec<Case> {
            let mut all = Vec::new();
            $(all.extend($name::cases());)*
            all
        }
    };
}

type View1<'a, T> = ArrayView1<'a, T>;
type Mut1<'a, T> = ArrayViewMut1<'a, T>;

examples! {
    example_functions "functions.rs" [
        case!(example_functions::blend_angles: fn(f64, f64, f64) -> f64),
        case!(example_functions::reduce_fraction: fn(u64, u64) -> (u64, u64)),
    ];
    example_control "control.rs" [
        case!(example_control::soft_clip: fn(f32) -> f32),
        case!(example_control::collatz_steps: fn(u64) -> u32).over(&[Between(0.0, 1e6)]),
        case!(example_control::first_square_above: fn(u32) -> u32).over(&[Between(0.0, 1e6)]),
        case!(example_control::alternating: fn(i64) -> i64).over(&[Between(-10.0, 1e3)]),
        case!(example_control::grade: fn(u8, bool) -> u8),
    ];
    example_arrays "arrays.rs" [
        gcase!(example_arrays::matmul<f64>: "(m,n),(n,p)->(m,p)",
            (ArrayView2<f64>, ArrayView2<f64>, ArrayViewMut2<f64>)),
        gcase!(example_arrays::matmul<i16>: "(m,n),(n,p)->(m,p)",
            (ArrayView2<i16>, ArrayView2<i16>, ArrayViewMut2<i16>)),
        gcase!(example_arrays::mean_above: "(n),()->()",
            (View1<f64>, f64, ArrayViewMut0<f64>)),
        gcase!(example_arrays::cross: "(3),(3)->(3),()",
            (View1<f64>, View1<f64>, Mut1<f64>, ArrayViewMut0<f64>)),
    ];
    example_callables "callables.rs" [
        case!(example_callables::parabola_area: fn(f64, f64) -> f64),
        case!(example_callables::cube_root: fn(f64) -> (f64, u32)),
        case!(example_callables::weighted: fn(f64) -> f64),
    ];
    example_orderings "orderings.rs" [
        gcase!(example_orderings::search: "(n),()->()",
            (View1<i64>, i64, ArrayViewMut0<u64>)),
        gcase!(example_orderings::nearest_to_zero: "(n)->()",
            (View1<f64>, ArrayViewMut0<f64>)),
    ];
    example_parallel "parallel.rs" [
        case!(example_parallel::logistic: fn(f64) -> f64),
        jcase!(example_parallel::pi: "()->", fn(usize) -> f64)
            .over(&[Between(0.0, 1e3)])
            .within(1e-13, 0.0),
        jcase!(example_parallel::jacobi_step: "(m,n),(m,n)->",
            fn(ArrayView2<f64>, ArrayViewMut2<f64>) -> f64),
    ];
    example_attributes "attributes.rs" [
        case!(example_attributes::log_add_exp<f32>: fn(f32, f32) -> f32),
        case!(example_attributes::log_add_exp<f64>: fn(f64, f64) -> f64),
        case!(example_attributes::multiply: fn(i64, i64) -> i64),
        case!(example_attributes::polynomial: fn(f64) -> f64)
            .over(&[Between(-2.0, 2.0)])
            .within(1e-14, 1e-14),
        case!(example_attributes::step: fn(f32) -> f32),
    ];
    example_structs "structs.rs" [
        case!(example_structs::turned_distance<f32>: fn(f32, f32, f32, f32, f32) -> f32),
        case!(example_structs::turned_distance<f64>: fn(f64, f64, f64, f64, f64) -> f64),
        gcase!(example_structs::shift: "(n),()->(n)", (View1<f64>, u8, Mut1<f64>))
            .over(&[Any, Between(0.0, 3.0), Any]),
        case!(example_structs::median3: fn(f64, f64, f64) -> f64),
    ];
    example_options "options.rs" [
        case!(example_options::saturated_area: fn(u32, u32, u32) -> u32),
        case!(example_options::saturated_area: fn(u32, u32, u32) -> u32)
            .over(&[Between(0.0, 3e3), Between(0.0, 3e3), Between(0.0, 1e3)]),
        gcase!(example_options::before_negative: "(n)->()", (View1<f64>, ArrayViewMut0<f64>)),
        case!(example_options::digits: fn(u32) -> u32),
    ];
    example_complex "complex.rs" [
        case!(example_complex::escape_time: fn(f64, f64) -> u32),
        case!(example_complex::escape_time: fn(f64, f64) -> u32)
            .over(&[Between(-2.0, 2.0), Between(-2.0, 2.0)]),
        case!(example_complex::gain: fn(f64, f64, f64) -> (f64, f64)),
        case!(example_complex::through_half: fn(f32, f32) -> f32),
        case!(example_complex::mobius<f32>: fn(Complex<f32>, f32) -> Complex<f32>),
        case!(example_complex::mobius<f64>: fn(Complex<f64>, f64) -> Complex<f64>),
        gcase!(example_complex::halved: "(n)->(n)", (View1<f16>, Mut1<f16>)),
    ];
    example_fixed_and_local_arrays "fixed_and_local_arrays.rs" [
        case!(example_fixed_and_local_arrays::triangle: fn(f64, f64, f64) -> f64),
        gcase!(example_fixed_and_local_arrays::smooth: "(m,n)->(m,n)",
            (ArrayView2<f64>, ArrayViewMut2<f64>)),
        case!(example_fixed_and_local_arrays::primes_below: fn(u32) -> u32)
            .over(&[Between(0.0, 300.0)]),
        gcase!(example_fixed_and_local_arrays::edit_distance: "(n),(m)->()",
            (View1<u8>, View1<u8>, ArrayViewMut0<u64>)),
    ];
    example_iterators "iterators.rs" [
        gcase!(example_iterators::distance: "(n),(n)->()",
            (View1<f64>, View1<f64>, ArrayViewMut0<f64>)),
        gcase!(example_iterators::running_mean: "(n)->(n)", (View1<f64>, Mut1<f64>)),
        gcase!(example_iterators::positive: "(m,n)->(m)", (ArrayView2<f64>, Mut1<f64>)),
        gcase!(example_iterators::largest: "(n)->()", (View1<f64>, ArrayViewMut0<f64>)),
    ];
    example_modules "modules.rs" [
        case!(example_modules::reached: fn(f64) -> f64),
        case!(example_modules::motion::fall: fn(f64) -> f64),
    ];
    example_globals "globals.rs" [
        case!(example_globals::voltage: fn(i16) -> f64),
    ];
    example_project "project/kernels.rs" [
        case!(example_project::area: fn(f64, f64, f64, f64, f64, f64) -> f64),
        // rustc leaves out `x - 0.0`, so that a signalling NaN would reach `hypot`, which tells
        // it from a quiet one.
        case!(example_project::geometry::distance: fn(f64, f64) -> f64)
            .over(&[Between(-1e300, 1e300), Between(-1e300, 1e300)]),
    ];
    example_panics "panics.rs" [
        case!(example_panics::log_of_probability: fn(f64) -> f64),
        case!(example_panics::log_of_probability: fn(f64) -> f64).over(&[Between(0.0, 1.0)]),
        case!(example_panics::days_of: fn(u8) -> u8),
        gcase!(example_panics::take: "(n),(m)->(m)", (View1<f64>, View1<u32>, Mut1<f64>))
            .over(&[Any, Between(0.0, 4.0), Any]),
        case!(example_panics::mean: fn(i64, i64) -> (i64, i64)),
    ];
}
