use brolga::prelude::*;

fn whole_arrays(mut a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    a += 1.0;
    let _c = &b + &b;
}

fn member_of_a_value(p: (i32, i32)) {
    (p, 1).1 = 2;
}

fn type_arguments<T: Number>(x: f64) -> T {
    let _e = erf::<f64, f64>(x);
    for _ in prange::<bool>(0..3) {}
    T::zero::<T>()
}

fn certain(mut x: i32) -> i32 {
    x /= 0;
    x <<= -1;
    x + (i32::MIN / -1) + -i32::MIN
}
