use brolga::prelude::*;

/// An assertion, with or without a text of its own.
#[vectorize]
fn log_of_probability(p: f64) -> f64 {
    assert!(p <= 1.0, "a probability is at most 1");
    assert!(p >= 0.0);
    p.ln()
}

/// `panic!` where no result makes sense.
#[vectorize]
fn days_of(month: u8) -> u8 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => panic!("there is no such month"),
    }
}

/// An index is checked, also one that an operand gives.
#[guvectorize("(n),(m)->(m)")]
fn take(table: ArrayView1<f64>, indices: ArrayView1<u32>, mut out: ArrayViewMut1<f64>) {
    for i in 0..indices.len() {
        out[i] = table[indices[i] as usize];
    }
}

/// A division by zero fails; one that cannot fail says so with `checked_div`.
#[vectorize]
fn mean(sum: i64, count: i64) -> (i64, i64) {
    (sum.checked_div(count).unwrap_or(0), sum / count)
}
