use brolga::prelude::*;

/// `checked_..` methods give an option; `?` hands `None` on.
fn area(width: u32, height: u32, depth: u32) -> Option<u32> {
    width.checked_mul(height)?.checked_mul(depth)
}

/// Helpers take and return options, kernels do not.
fn first_negative(a: ArrayView1<f64>) -> Option<usize> {
    for i in 0..a.len() {
        if a[i] < 0.0 {
            return Some(i);
        }
    }
    None
}

#[vectorize]
fn saturated_area(width: u32, height: u32, depth: u32) -> u32 {
    area(width, height, depth).unwrap_or(u32::MAX)
}

/// Conditions with `let`, alone or in a chain.
#[guvectorize("(n)->()")]
fn before_negative(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    out[()] = if let Some(i) = first_negative(a)
        && let Some(before) = i.checked_sub(1)
    {
        a[before]
    } else {
        f64::NAN
    };
}

/// `let .. else`, `match`, methods with closures.
#[vectorize]
fn digits(n: u32) -> u32 {
    let Some(log) = n.checked_ilog10() else {
        return 1;
    };
    match log.checked_add(1) {
        Some(count) if count > 9 => 10,
        other => other.map(|count| count.min(9)).unwrap_or_default(),
    }
}
