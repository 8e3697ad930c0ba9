//! Cases of closures and iterator chains.

use brolga_prelude::*;

use crate::case::{Case, case, gcase, jcase};

pub fn add(cases: &mut Vec<Case>) {
    closures(cases);
    chains(cases);
    found(cases);
    orderings(cases);
}

fn closures(cases: &mut Vec<Case>) {
    cases.push(case!(closures::called_twice: fn(f64, f64) -> f64));
    cases.push(case!(closures::changes_what_it_captures: fn(i32, i32) -> i32));
    cases.push(case!(closures::moves_a_copy: fn(i64) -> i64));
    cases.push(case!(closures::returns_early: fn(f32, f32) -> f32));
    cases.push(case!(closures::calls_another: fn(f64, i32) -> f64));
    cases.push(gcase!(closures::functions_in_their_place<f32>: "(n)->()",
        (ArrayView1<f32>, ArrayViewMut0<f32>)));
    cases.push(gcase!(closures::functions_in_their_place<f64>: "(n)->()",
        (ArrayView1<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(closures::horner: "(n),()->(n)",
        (ArrayView1<f64>, f64, ArrayViewMut1<f64>)));
    cases.push(gcase!(closures::panics_inside: "(n)->(n)",
        (ArrayView1<i32>, ArrayViewMut1<i32>)));
    cases.push(jcase!(closures::in_a_parallel_loop: "(n)->", fn(ArrayView1<i64>) -> i64));
}

fn chains(cases: &mut Vec<Case>) {
    cases.push(gcase!(iterators::sum_of_all: "(n)->()", (ArrayView1<f32>, ArrayViewMut0<f32>)));
    cases.push(gcase!(iterators::product_of_all: "(n)->()",
        (ArrayView1<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(iterators::dot_by_zip: "(n),(n)->()",
        (ArrayView1<f64>, ArrayView1<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(iterators::zip_of_unequal: "(n),(m)->()",
        (ArrayView1<i32>, ArrayView1<i32>, ArrayViewMut0<i32>)));
    cases.push(gcase!(iterators::add_numbers<u8>: "(n)->(n)",
        (ArrayView1<u8>, ArrayViewMut1<u8>)));
    cases.push(gcase!(iterators::add_numbers<f64>: "(n)->(n)",
        (ArrayView1<f64>, ArrayViewMut1<f64>)));
    cases.push(gcase!(iterators::weighted: "(n)->()", (ArrayView1<i64>, ArrayViewMut0<i64>)));
    cases.push(gcase!(iterators::filtered: "(n)->(),()",
        (ArrayView1<f64>, ArrayViewMut0<f64>, ArrayViewMut0<u64>)));
    cases.push(gcase!(iterators::order_of_effects: "(n)->(3)",
        (ArrayView1<i32>, ArrayViewMut1<i32>)));
    cases.push(gcase!(iterators::skipped_are_mapped: "(n)->(n),()",
        (ArrayView1<i64>, ArrayViewMut1<i64>, ArrayViewMut0<i64>)));
    cases.push(gcase!(iterators::one_after_the_other: "(n),(m)->()",
        (ArrayView1<u8>, ArrayView1<u8>, ArrayViewMut0<u64>)));
    cases.push(gcase!(iterators::parts_that_end_early: "(n),(m)->()",
        (ArrayView1<i32>, ArrayView1<i32>, ArrayViewMut0<i32>)));
    cases.push(gcase!(iterators::views_by_position: "(m,n),(n,k)->()",
        (ArrayView2<i32>, ArrayView2<i32>, ArrayViewMut0<i64>)));
    cases.push(gcase!(iterators::sums_of_rows: "(m,n)->(m)",
        (ArrayView2<f64>, ArrayViewMut1<f64>)));
    cases.push(gcase!(iterators::with_indices: "(m,n)->()",
        (ArrayView2<f32>, ArrayViewMut0<f32>)));
    cases.push(gcase!(iterators::over_windows: "(n)->()", (ArrayView1<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(iterators::columns_and_labels: "(m,n)->(n)",
        (ArrayView2<i16>, ArrayViewMut1<i16>)));
    cases.push(case!(iterators::ranges: fn(u8, i8) -> i64));
    cases.push(case!(iterators::endless_starts: fn(i32) -> i32));
    cases.push(gcase!(iterators::decided_early: "(n),(n)->()",
        (ArrayView1<f64>, ArrayView1<f64>, ArrayViewMut0<bool>)));
    cases.push(gcase!(iterators::divides_lazily: "(n)->()",
        (ArrayView1<i32>, ArrayViewMut0<i32>)));
    cases.push(jcase!(iterators::chains_in_a_parallel_loop: "(n)->",
        fn(ArrayView1<i64>) -> i64));
}

fn found(cases: &mut Vec<Case>) {
    cases.push(gcase!(iterators_found::positions: "(n)->(4)",
        (ArrayView1<f64>, ArrayViewMut1<i64>)));
    cases.push(gcase!(iterators_found::least_and_greatest: "(n)->(4)",
        (ArrayView1<i32>, ArrayViewMut1<i32>)));
    cases.push(gcase!(iterators_found::partial_order: "(n)->()",
        (ArrayView1<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(iterators_found::found: "(n),()->(5)",
        (ArrayView1<i64>, i64, ArrayViewMut1<i64>)));
    cases.push(gcase!(iterators_found::mapped_while: "(n)->()",
        (ArrayView1<i32>, ArrayViewMut0<i32>)));
    cases.push(case!(iterators_found::successive: fn(u32) -> u32));
}

fn orderings(cases: &mut Vec<Case>) {
    cases.push(case!(orderings::ordered<i8>: fn(i8, i8) -> i32));
    cases.push(case!(orderings::ordered<u64>: fn(u64, u64) -> i32));
    cases.push(case!(orderings::partly_ordered<f32>: fn(f32, f32) -> i32));
    cases.push(case!(orderings::partly_ordered<f64>: fn(f64, f64) -> i32));
    cases.push(case!(orderings::partly_ordered<i16>: fn(i16, i16) -> i32));
    cases.push(case!(orderings::totally_ordered: fn(f64, f64) -> i32));
    cases.push(case!(orderings::totally_ordered_single: fn(f32, f32) -> i32));
    cases.push(case!(orderings::signs_and_nans: fn(u64, f64) -> (i32, i32)));
    cases.push(case!(orderings::order_tests: fn(i64, i64)
        -> (bool, bool, bool, bool, bool, bool)));
    cases.push(case!(orderings::by_two_keys: fn(i32, i32, f32, f32) -> i32));
    cases.push(case!(orderings::bools_ordered: fn(i32, i32) -> (i32, bool)));
    cases.push(case!(orderings::unwrapped: fn(f64, f64) -> i32));
    cases.push(case!(orderings::dropped: fn(i32, i32) -> i32));
    cases.push(gcase!(orderings::by_distance: "(n)->(),()",
        (ArrayView1<f64>, ArrayViewMut0<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(orderings::by_last_digit: "(n)->(),()",
        (ArrayView1<i32>, ArrayViewMut0<i32>, ArrayViewMut0<i32>)));
    cases.push(gcase!(orderings::search: "(n),()->()",
        (ArrayView1<i64>, i64, ArrayViewMut0<i64>)));
}
