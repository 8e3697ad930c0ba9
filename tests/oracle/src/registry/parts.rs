//! Cases of arrays of a fixed length, local arrays, and parts and methods of views.

use brolga_prelude::*;

use super::{each, for_numbers, scalars};
use crate::case::{Case, case, gcase, jcase};
use crate::values::Domain::{Any, Between};

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
    ($cases:ident; $($file:ident::$function:ident $signature:literal
        ($($param:ty),*) -> $result:ty $(, $method:ident($($argument:expr),*))*;)*) => {
        $($cases.push(
            jcase!($file::$function : $signature, fn($($param),*) -> $result)
                $(.$method($($argument),*))*
        );)*
    };
}

pub fn add(cases: &mut Vec<Case>) {
    add_fixed(cases);
    add_local(cases);
    add_parts(cases);
}

fn add_fixed(cases: &mut Vec<Case>) {
    for_numbers! { cases;
        fixed_arrays::triple_product(T, T, T) -> (T, T, T);
    }
    scalars! { cases;
        fixed_arrays::from_a_table: fn(f64) -> (f64, i32);
        fixed_arrays::table_entry: fn(i64) -> f64, over(&[Between(-1.0, 6.0)]);
        fixed_arrays::grid_entry: fn(u8, u8) -> i32, over(&[Between(0.0, 2.0), Between(0.0, 3.0)]);
        fixed_arrays::fibonacci: fn(u8) -> u64;
        fixed_arrays::order_of_evaluation: fn(i32) -> (i32, i32, i32, i32);
        fixed_arrays::parts: fn(f32, u8) -> (f32, u64);
        fixed_arrays::methods: fn(i32, i32, i8) -> (i32, i32, bool, u64),
            over(&[Any, Any, Between(-1.0, 6.0)]);
        fixed_arrays::methods: fn(i32, i32, i8) -> (i32, i32, bool, u64),
            over(&[Between(0.0, 8.0), Between(0.0, 3.0), Between(0.0, 4.0)]);
        fixed_arrays::comparisons: fn(f64, f64) -> (bool, bool, bool, bool, bool, bool);
        fixed_arrays::nested_comparisons: fn(i16, i16) -> (bool, bool, bool);
        fixed_arrays::nested_comparisons: fn(i16, i16) -> (bool, bool, bool),
            over(&[Between(0.0, 2.0), Between(0.0, 2.0)]);
        fixed_arrays::patterns: fn(i32, i32) -> i32;
        fixed_arrays::patterns: fn(i32, i32) -> i32,
            over(&[Between(0.0, 15.0), Between(0.0, 15.0)]);
        fixed_arrays::taken_apart: fn(f64, f64) -> f64;
        fixed_arrays::beyond_the_end: fn(i32) -> i32, over(&[Between(-1.0, 7.0)]);
        fixed_arrays::swapped_beyond_the_end: fn(u32, u32) -> u8,
            over(&[Between(0.0, 3.0), Between(0.0, 3.0)]);
        fixed_arrays::large: fn(u32) -> u32;
    }
    gufuncs! { cases;
        fixed_arrays::sorted "(5)->(5)" (ArrayView1<f32>, ArrayViewMut1<f32>);
    }
}

fn add_local(cases: &mut Vec<Case>) {
    scalars! { cases;
        local_arrays::primes_below: fn(u16) -> u32;
        local_arrays::in_a_recursion: fn(u8) -> u64;
    }
    gufuncs! { cases;
        local_arrays::edit_distance "(n),(m)->()"
            (ArrayView1<u8>, ArrayView1<u8>, ArrayViewMut0<u64>);
        local_arrays::edit_distance "(n),(m)->()"
            (ArrayView1<u8>, ArrayView1<u8>, ArrayViewMut0<u64>),
            over(&[Between(0.0, 2.0), Between(0.0, 2.0), Any]);
        local_arrays::squared<f64> "(n,n)->(n,n)" (ArrayView2<f64>, ArrayViewMut2<f64>);
        local_arrays::squared<u8> "(n,n)->(n,n)" (ArrayView2<u8>, ArrayViewMut2<u8>);
        local_arrays::transposed_copy "(n,m)->(m,n)" (ArrayView2<f32>, ArrayViewMut2<f32>);
    }
    functions! { cases;
        local_arrays::sum_of_squares "()->" (usize) -> (i64, u64), over(&[Between(0.0, 50.0)]);
        local_arrays::shapes "(),()->" (usize, usize) -> (u64, f64, i32, bool),
            over(&[Between(0.0, 5.0), Between(0.0, 5.0)]);
        local_arrays::literals "(),()->" (f64, usize) -> (f64, i32),
            over(&[Any, Between(0.0, 3.0)]);
        local_arrays::one_for_each_turn "()->" (usize) -> u64, over(&[Between(0.0, 60.0)]);
        local_arrays::replaced "(),()->" (usize, bool) -> f64, over(&[Between(0.0, 20.0), Any]);
        local_arrays::too_large "()->" (usize) -> u8;
        local_arrays::beyond_the_end "(),()->" (usize, usize) -> i32,
            over(&[Between(0.0, 9.0), Between(0.0, 9.0)]);
    }
}

fn add_parts(cases: &mut Vec<Case>) {
    gufuncs! { cases;
        view_parts::rows_and_columns "(m,n)->(m),(n)"
            (ArrayView2<i64>, ArrayViewMut1<i64>, ArrayViewMut1<i64>);
        view_parts::scaled_rows "(m,n),()->(m,n)" (ArrayView2<i64>, i64, ArrayViewMut2<i64>);
        view_parts::border "(m,n)->(m,n)" (ArrayView2<i16>, ArrayViewMut2<i16>);
        view_parts::orders "(m,n)->(n,m)" (ArrayView2<u16>, ArrayViewMut2<u16>);
        view_parts::assigned "(n),(m)->(n)"
            (ArrayView1<i32>, ArrayView1<i32>, ArrayViewMut1<i32>);
        view_parts::smoothed<f32> "(n)->(n)" (ArrayView1<f32>, ArrayViewMut1<f32>);
        view_parts::smoothed<f64> "(n)->(n)" (ArrayView1<f64>, ArrayViewMut1<f64>);
    }
    functions! { cases;
        view_parts::sliced "(n),(),()->" (ArrayView1<i32>, isize, isize) -> (i32, u64);
        view_parts::sliced "(n),(),()->" (ArrayView1<i32>, isize, isize) -> (i32, u64),
            over(&[Any, Between(-6.0, 6.0), Between(-6.0, 6.0)]);
        view_parts::sliced_by_steps "(n),(),()->" (ArrayView1<i32>, i32, isize) -> (i32, u64, i32),
            over(&[Any, Between(-4.0, 4.0), Any]);
        view_parts::sliced_by_steps "(n),(),()->" (ArrayView1<i32>, i32, isize) -> (i32, u64, i32),
            over(&[Any, Between(-2.0, 2.0), Between(-4.0, 4.0)]);
        view_parts::sliced_inclusively "(n),(),()->" (ArrayView1<i32>, usize, i32) -> (i32, i32),
            over(&[Any, Between(0.0, 4.0), Between(-4.0, 4.0)]);
        view_parts::sliced_inclusively "(n),(),()->" (ArrayView1<i32>, usize, i32) -> (i32, i32);
        view_parts::sliced_in_two_axes "(m,n),()->" (ArrayView2<f64>, i32) -> (f64, f64, u64),
            over(&[Any, Between(-4.0, 4.0)]);
        view_parts::halves "(n),()->" (ArrayViewMut1<f32>, usize) -> (u64, f32),
            over(&[Any, Between(0.0, 5.0)]);
        view_parts::wrapping_sums "(m,n),(p)->" (ArrayView2<i8>, ArrayView1<u8>)
            -> (i8, i8, u8, u8, u8);
        view_parts::whole_sums "(m,n),(p)->" (ArrayView2<i16>, ArrayView1<i8>) -> (f64, f32, f64);
        view_parts::unequal_lengths "(n),(m)->" (ArrayView1<i32>, ArrayView1<i32>) -> i32;
        view_parts::swapped "(m,n),(),()->" (ArrayViewMut2<u8>, usize, usize) -> u8,
            over(&[Any, Between(0.0, 3.0), Between(0.0, 3.0)]);
        view_parts::row_beyond_the_end "(m,n),()->" (ArrayView2<f64>, usize) -> f64,
            over(&[Any, Between(0.0, 4.0)]);
    }
}
