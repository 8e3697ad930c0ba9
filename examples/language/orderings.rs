use brolga::prelude::*;
use std::cmp::Ordering;

/// The place of a value in a sorted array, or where it would stand.
#[guvectorize("(n),()->()")]
fn search(sorted: ArrayView1<i64>, wanted: i64, mut place: ArrayViewMut0<u64>) {
    let (mut low, mut high) = (0, sorted.len());
    while low < high {
        let middle = (low + high) / 2;
        match sorted[middle].cmp(&wanted) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => {
                low = middle;
                break;
            }
        }
    }
    place[()] = low as u64;
}

/// The element nearest to zero; of two as near the smaller one.
#[guvectorize("(n)->()")]
fn nearest_to_zero(a: ArrayView1<f64>, mut nearest: ArrayViewMut0<f64>) {
    let found = a
        .iter()
        .min_by(|x, y| x.abs().total_cmp(&y.abs()).then(x.total_cmp(y)));
    nearest[()] = found.copied().unwrap_or(f64::NAN);
}
