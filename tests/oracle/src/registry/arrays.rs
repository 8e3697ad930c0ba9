//! Cases of gufuncs and of jit functions over arrays.

use brolga_prelude::*;

use crate::case::{Case, gcase, jcase};
use crate::values::Domain::{Any, Between};

/// The signature of a function that is no gufunc only says which axes have the same length.
macro_rules! gufuncs {
    ($cases:ident; $($file:ident::$function:ident $(<$($t:ty),+>)? $signature:literal
        ($($param:ty),*) $(, $method:ident($($argument:expr),*))*;)*) => {
        $($cases.push(
            gcase!($file::$function $(<$($t),+>)? : $signature, ($($param),*))
                $(.$method($($argument),*))*
        );)*
    };
}

macro_rules! functions {
    ($cases:ident; $($file:ident::$function:ident $(<$($t:ty),+>)? $signature:literal
        ($($param:ty),*) -> $result:ty $(, $method:ident($($argument:expr),*))*;)*) => {
        $($cases.push(
            jcase!($file::$function $(<$($t),+>)? : $signature, fn($($param),*) -> $result)
                $(.$method($($argument),*))*
        );)*
    };
}

/// A gufunc case for each of the listed types, which the line calls `T`.
macro_rules! gufuncs_of {
    ($cases:ident [$($t:ident)+]; $file:ident::$function:ident $signature:literal $params:tt) => {
        $({
            type T = $t;
            gufuncs! { $cases; $file::$function<T> $signature $params; }
        })+
    };
}

pub fn add(cases: &mut Vec<Case>) {
    add_generic_gufuncs(cases);
    add_gufuncs(cases);
    add_functions(cases);
}

fn add_generic_gufuncs(cases: &mut Vec<Case>) {
    gufuncs_of! { cases [f32 f64 i32 u8]; linear::matmul
    "(m,n),(n,p)->(m,p)" (ArrayView2<T>, ArrayView2<T>, ArrayViewMut2<T>) }
    gufuncs_of! { cases [f32 f64 i16 u64]; linear::dot
    "(n),(n)->()" (ArrayView1<T>, ArrayView1<T>, ArrayViewMut0<T>) }
    gufuncs_of! { cases [i8 u16 f32 i64]; linear::transpose
    "(m,n)->(n,m)" (ArrayView2<T>, ArrayViewMut2<T>) }
    gufuncs_of! { cases [i8 i16 i32 i64 u8 u16 u32 u64 f32 f64]; windows::cumulative_sum
    "(n)->(n)" (ArrayView1<T>, ArrayViewMut1<T>) }
    gufuncs_of! { cases [u8 i32 f64]; windows::reverse_in_place
    "(n)->" (ArrayViewMut1<T>) }
    gufuncs_of! { cases [i8 u32 f32 f64]; views::iterate
    "(n)->()" (ArrayView1<T>, ArrayViewMut0<T>) }
}

fn add_gufuncs(cases: &mut Vec<Case>) {
    gufuncs! { cases;
        linear::matmul_rows "(m,n),(n,p)->(m,p)"
            (ArrayView2<f64>, ArrayView2<f64>, ArrayViewMut2<f64>);
        linear::matvec "(m,n),(n)->(m)" (ArrayView2<f32>, ArrayView1<f32>, ArrayViewMut1<f32>);
        linear::outer "(m),(n)->(m,n)" (ArrayView1<i32>, ArrayView1<i32>, ArrayViewMut2<i32>);
        linear::cross "(3),(3)->(3)" (ArrayView1<f64>, ArrayView1<f64>, ArrayViewMut1<f64>);
        linear::pairwise_distance "(m,d),(n,d)->(m,n)"
            (ArrayView2<f64>, ArrayView2<f64>, ArrayViewMut2<f64>);
        linear::scale "(n),()->(n)" (ArrayView1<f64>, f64, ArrayViewMut1<f64>);
        linear::scale_by_view "(n),()->(n)"
            (ArrayView1<f64>, ArrayView0<f64>, ArrayViewMut1<f64>);
        linear::evaluate "(n),()->()" (ArrayView1<f64>, f64, ArrayViewMut0<f64>);
        linear::solve_lower "(n,n),(n)->(n)"
            (ArrayView2<f64>, ArrayView1<f64>, ArrayViewMut1<f64>);
        linear::argmax "(n)->(),()" (ArrayView1<f32>, ArrayViewMut0<f32>, ArrayViewMut0<i64>);
        windows::moving_mean "(n),()->(n)" (ArrayView1<f64>, i64, ArrayViewMut1<f64>),
            over(&[Any, Between(0.0, 6.0), Any]);
        windows::convolve "(n),(k)->(n)"
            (ArrayView1<f32>, ArrayView1<f32>, ArrayViewMut1<f32>);
        windows::softmax "(n)->(n)" (ArrayView1<f64>, ArrayViewMut1<f64>);
        windows::jacobi_step "(m,n)->(m,n)" (ArrayView2<f64>, ArrayViewMut2<f64>);
        windows::insertion_sort "(n)->" (ArrayViewMut1<i32>);
        windows::count_classes "(n),(k)->(k)"
            (ArrayView1<u8>, ArrayView1<u32>, ArrayViewMut1<u32>);
        windows::masked_copy "(n),(n)->(n)"
            (ArrayView1<i16>, ArrayView1<bool>, ArrayViewMut1<i16>);
        windows::gravity "(n,3),(n)->(n,3)"
            (ArrayView2<f64>, ArrayView1<f64>, ArrayViewMut2<f64>);
        windows::trapezoid "(n),(n)->()" (ArrayView1<f64>, ArrayView1<f64>, ArrayViewMut0<f64>);
        windows::lower_bound "(n),()->()" (ArrayView1<i64>, i64, ArrayViewMut0<u64>);
        views::zero_axes "()->()" (ArrayView0<f64>, ArrayViewMut0<f64>);
        views::two_axes "(m,n)->(),()" (ArrayView2<i64>, ArrayViewMut0<i64>, ArrayViewMut0<i64>);
        views::three_axes "(a,b,c)->(c,b,a)" (ArrayView3<u16>, ArrayViewMut3<u16>);
        views::four_axes "(a,b,c,d)->(a,d)" (ArrayView4<f32>, ArrayViewMut2<f32>);
        views::five_axes "(a,b,c,d,e)->(a,b,c,d,e)" (ArrayView5<i8>, ArrayViewMut5<i8>);
        views::six_axes "(2,b,2,d,2,f)->(2,b,2,d,2,f),()"
            (ArrayView6<f64>, ArrayViewMut6<f64>, ArrayViewMut0<u64>);
        inference::from_an_index "(n)->()" (ArrayView1<f64>, ArrayViewMut0<f64>);
        panics::difference_past_the_end "(n)->(n)" (ArrayView1<f64>, ArrayViewMut1<f64>);
        attributes::parallel_norm "(n)->()" (ArrayView1<f64>, ArrayViewMut0<f64>);
        // `fastmath` contracts; at most 18 roundings of terms of one sign.
        attributes::fast_dot "(n),(n)->()" (ArrayView1<f32>, ArrayView1<f32>, ArrayViewMut0<f32>),
            over(&[Between(0.0, 100.0), Between(0.0, 100.0), Any]), within(4e-15, 0.0);
        attributes::scalar_signature "(),()->()" (f64, f64, ArrayViewMut0<f64>);
        combined_views::in_place_and_scalars "(n),(),()->(n),()" (ArrayViewMut1<f64>, i32, ArrayView0<f64>, ArrayViewMut1<f64>, ArrayViewMut0<f64>);
        combined_views::rows_and_empty "(m,n),(n)->(m)" (ArrayView2<i16>, ArrayView1<i16>, ArrayViewMut1<i16>);
        combined_views::six_axes_in_one_loop "(a,b,2,3,e,2)->(2,a)" (ArrayView6<i8>, ArrayViewMut2<i8>);
        combined_views::five_axes_iterated "(a,b,2,d,3)->()" (ArrayView5<u64>, ArrayViewMut0<u64>);
        combined_views::running_parity "(n)->(n),()" (ArrayView1<bool>, ArrayViewMut1<bool>, ArrayViewMut0<bool>);
        combined_views::parallel_loops_in_helpers "(m,n)->(n),()" (ArrayView2<i64>, ArrayViewMut1<i64>, ArrayViewMut0<i64>);
    }
}

fn add_functions(cases: &mut Vec<Case>) {
    functions! { cases;
        views::hand_on "(n),(m,p)->" (ArrayView1<f64>, ArrayView2<i32>) -> (f64, i32);
        views::of_native_sizes "(n),(m)->"
            (ArrayView1<usize>, ArrayView1<isize>) -> (usize, isize);
        views::count_true "(m,n)->" (ArrayView2<bool>) -> u64;
        views::increments "(n)->" (ArrayViewMut1<u8>) -> usize;
        views::fill "(m,n,p),()->" (ArrayViewMut3<f32>, f32) -> ();
        // A tree of at most 5000 terms where rustc adds in order.
        parallel::pi "()->" (usize) -> f64, over(&[Between(0.0, 5000.0)]), within(1e-13, 0.0);
        parallel::integer_reductions "()->" (u32) -> (u64, u64), over(&[Between(0.0, 2000.0)]);
        parallel::extremes "(n)->" (ArrayView1<f64>) -> (f64, f64), either_zero();
        parallel::integer_extremes "(n)->" (ArrayView1<i32>) -> (i32, i32);
        parallel::sum_of_positive "(n)->" (ArrayView1<i64>) -> i64;
        // A tree of at most 18 terms, of one sign, where rustc adds in order.
        parallel::float_sum "(n)->" (ArrayView1<f32>) -> f32,
            over(&[Between(0.0, 100.0)]), within(4e-15, 0.0);
        parallel::squares "(n),(n)->" (ArrayView1<f64>, ArrayViewMut1<f64>) -> ();
        parallel::row_sums "(m,n),(m)->" (ArrayView2<i32>, ArrayViewMut1<i32>) -> ();
        parallel::steps_and_reverse "()->" (u64) -> (u64, i64), over(&[Between(0.0, 1000.0)]);
        parallel::serial "()->" (u16) -> u32, over(&[Between(0.0, 3000.0)]);
        parallel::fails_in_an_iteration "(n)->" (ArrayView1<i32>) -> i32;
        panics::index_of "(n),()->" (ArrayView1<i32>, usize) -> i32,
            over(&[Any, Between(0.0, 8.0)]);
        panics::index_of "(n),()->" (ArrayView1<i32>, usize) -> i32;
        panics::index_of_two "(m,n),(),()->" (ArrayView2<f64>, usize, usize) -> f64,
            over(&[Any, Between(0.0, 6.0), Between(0.0, 6.0)]);
        panics::index_before_the_start "(n)->" (ArrayView1<f32>) -> f32;
        panics::assert_equal_lengths "(n),(m)->" (ArrayView1<f64>, ArrayView1<f64>) -> usize;
        attributes::uncached_sum "(n)->" (ArrayView1<i32>) -> i64;
        // As for `float_sum`.
        attributes::parallel_mean "(n)->" (ArrayView1<f64>) -> f64,
            over(&[Between(0.0, 100.0)]), within(4e-15, 0.0);
        combined_views::views_to_generic_helpers "(n),(m),(p)->" (ArrayView1<usize>, ArrayView1<isize>, ArrayView1<u8>) -> (usize, isize, u8);
        combined_views::index_order "(n)->" (ArrayViewMut1<i32>) -> i32;
        combined_views::last_row_halved "(m,n)->" (ArrayViewMut2<i32>) -> i32;
        combined_views::all_integer_reductions "(n)->" (ArrayView1<u32>) -> (u32, u32, u32, u32, u32, u32);
        combined_views::narrow_reductions "(n)->" (ArrayView1<i8>) -> (i8, i8, i8, i8);
        combined_views::bool_reductions "(n)->" (ArrayView1<bool>) -> (bool, bool, bool);
        combined_views::float_extremes "(n),()->" (ArrayView1<f32>, f32) -> (f32, f32, u64), either_zero();
        combined_views::nested_parallel "()->" (u16) -> (u64, i64), over(&[Between(0.0, 600.0)]);
        combined_views::returns_and_breaks_inside "(n),()->" (ArrayView1<i32>, i32) -> i64;
        combined_views::signed_ranges "(),()->" (i8, i8) -> (i32, i32);
    }
}
