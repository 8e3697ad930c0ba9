//! Cases of small whole programs, and of complex numbers and 16-bit floats as elements.

use brolga_prelude::*;

use super::{each, for_floats, scalars};
use crate::case::{Case, case, gcase, jcase};
use crate::values::Domain::{Any, Between};

pub fn add(cases: &mut Vec<Case>) {
    programs(cases);
    element_types(cases);
}

fn programs(cases: &mut Vec<Case>) {
    scalars! { cases;
        programs::runge_kutta: fn(f64, f64, f64) -> (f64, f64);
        programs::cube_root_by_newton: fn(f64, f64) -> (f64, u32);
        programs::cube_root_by_newton: fn(f64, f64) -> (f64, u32),
            over(&[Between(-50.0, 50.0), Between(0.1, 3.0)]);
    }
    for_floats! { cases;
        programs::first_hit(T, T, T, T, T) -> T;
        programs::first_hit(T, T, T, T, T) -> T, over(&[
            Between(-2.0, 2.0), Between(-2.0, 2.0), Between(-1.0, 1.0), Between(-1.0, 1.0),
            Between(0.1, 2.0)]);
        programs::rotated(T, T, T, T, T, T, T) -> (T, T, T);
    }
    cases.push(gcase!(programs::gravity: "(4,7),()->(4,7)",
        (ArrayView2<f64>, f64, ArrayViewMut2<f64>)));
    cases.push(
        gcase!(programs::gravity: "(4,7),()->(4,7)", (ArrayView2<f64>, f64, ArrayViewMut2<f64>))
            .over(&[Between(-1.0, 1.0), Between(0.0, 0.5), Any]),
    );
    cases.push(gcase!(programs::fourier: "(8)->(8)",
        (ArrayView1<Complex<f64>>, ArrayViewMut1<Complex<f64>>)));
    cases.push(gcase!(programs::inverse_matrix: "(3,3)->(3,3),()",
        (ArrayView2<f64>, ArrayViewMut2<f64>, ArrayViewMut0<bool>)));
    cases.push(gcase!(programs::moving_median: "(n)->(n)",
        (ArrayView1<f64>, ArrayViewMut1<f64>)));
    cases.push(gcase!(programs::histogram_of_slopes: "(n)->(4)",
        (ArrayView1<i32>, ArrayViewMut1<u32>)));
}

fn element_types(cases: &mut Vec<Case>) {
    type C32 = Complex<f32>;
    type C64 = Complex<f64>;
    scalars! { cases;
        element_types::complex_elements: fn(C64, C64) -> C64;
        element_types::complex_and_plain: fn(C32, f32) -> (C32, f32, bool);
        element_types::half_elements: fn(f16, bf16) -> (f16, bf16, bool);
        element_types::compared_in_structs: fn(f16, f16, bf16, u8)
            -> (bool, bool, bool, bool, bool), over(&[Any, Any, Any, Between(6.0, 8.0)]);
        element_types::compared_waves: fn(C64, C64, f64) -> (bool, bool, bool);
        element_types::from_bools: fn(bool, bool) -> (f64, f32, u8);
    }
    cases.push(gcase!(element_types::complex_products: "(n),(n)->(n)",
        (ArrayView1<C32>, ArrayView1<C32>, ArrayViewMut1<C32>)));
    cases.push(
        gcase!(element_types::complex_matrix_vector: "(m,n),(n)->(m)",
        (ArrayView2<C64>, ArrayView1<C64>, ArrayViewMut1<C64>)),
    );
    cases.push(jcase!(element_types::reversed_in_place: "(n)->", fn(ArrayViewMut1<C64>) -> ()));
    cases.push(gcase!(element_types::complex_copies: "(n)->(n)",
        (ArrayView1<C64>, ArrayViewMut1<C64>)));
    cases.push(gcase!(element_types::half_copies: "(n)->(n),(n)",
        (ArrayView1<f16>, ArrayViewMut1<bf16>, ArrayViewMut1<f16>)));
    cases.push(gcase!(element_types::greatest_half: "(n)->()",
        (ArrayView1<bf16>, ArrayViewMut0<bf16>)));
    cases.push(
        jcase!(element_types::complex_sum_in_parallel: "(),()->", fn(usize, C64) -> C64)
            .over(&[Between(0.0, 5000.0), Between(-8.0, 8.0)])
            .within(1e-12, 1e-12),
    );
    cases.push(
        jcase!(element_types::complex_product_in_parallel: "()->", fn(usize) -> (C32, f32))
            .over(&[Between(0.0, 5000.0)])
            .either_zero(),
    );
    cases.push(
        jcase!(element_types::complex_rows_in_parallel: "(m,n),(m)->",
        fn(ArrayView2<C64>, ArrayViewMut1<C64>) -> ()),
    );
}
