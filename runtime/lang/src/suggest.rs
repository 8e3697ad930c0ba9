//! Near names for messages such as "did you mean `leaky_relu`?".
//!
//! The distance is Damerau's and Levenshtein's in its restricted form (insert, remove,
//! replace, swap of neighbours; no part is edited twice), in characters. Near is a third of
//! the longer name's length, as in rustc.

use std::cell::Cell;

/// Names longer than this, in characters, are compared for equality without case only: the
/// work grows with the product of the lengths.
const MAX_LENGTH: usize = 128;

/// How many candidates the checks of one thread compare: a file of many wrong names among many
/// right ones has suggestions for the first of them.
const MAX_COMPARED: usize = 500_000;

thread_local! {
    /// How many more candidates this thread compares; without a value, any number.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Limits the work of the suggestions of this thread.
pub(crate) fn limit_this_thread() {
    LEFT.set(Some(MAX_COMPARED));
}

fn may_compare() -> bool {
    match LEFT.get() {
        None => true,
        Some(0) => false,
        Some(left) => {
            LEFT.set(Some(left - 1));
            true
        }
    }
}

/// The nearest of `candidates`, or `None` if none is near. Of equals the first.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(name, candidates).first().copied()
}

/// All of `candidates` that are near, the nearest first, equals in their own order.
pub fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = name.to_lowercase();
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .take_while(|_| may_compare())
        .filter_map(|candidate| rank(name, &folded, candidate).map(|rank| (rank, candidate)))
        .collect();
    found.sort_by_key(|&(rank, _)| rank);
    found.dedup_by_key(|&mut (_, candidate)| candidate);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The distance if it is small enough. Another case, or the same words in another order
/// (`clamp_min` and `min_clamp`), is near whatever the distance.
fn rank(name: &str, folded: &str, candidate: &str) -> Option<usize> {
    if candidate.to_lowercase() == folded {
        return Some(0);
    }
    let (length, other) = (name.chars().count(), candidate.chars().count());
    let longest = length.max(other);
    let limit = (longest / 3).max(1);
    if longest > MAX_LENGTH || length.abs_diff(other) > limit {
        return None;
    }
    let distance = distance(name, candidate);
    if distance <= limit && distance < longest {
        return Some(distance);
    }
    (name.contains('_') && words(name) == words(candidate)).then_some(limit)
}

fn words(name: &str) -> Vec<&str> {
    let mut words: Vec<&str> = name.split('_').collect();
    words.sort_unstable();
    words
}

/// The number of edits that make `a` of `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, x) in a.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, &y) in b.iter().enumerate() {
            let replace = last[column] + usize::from(x != y);
            let mut best = replace.min(last[column + 1] + 1).min(current[column] + 1);
            if column > 0 && previous == Some(y) && b[column - 1] == x {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut last, current);
        previous = Some(x);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_a_swap_as_one_edit() {
        for (a, b, edits) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "acb", 1),
            ("abcd", "badc", 2),
            ("kitten", "sitting", 3),
            ("größe", "grösse", 2),
            ("ca", "abc", 3),
        ] {
            assert_eq!(distance(a, b), edits, "{a} {b}");
            assert_eq!(distance(b, a), edits, "{b} {a}");
        }
    }

    #[test]
    fn only_near_names_are_suggested_and_the_nearest_first() {
        let names = ["leaky_relu", "relu", "axpy", "matmul", "T"];
        assert_eq!(nearest("leaky_rleu", names), Some("leaky_relu"));
        assert_eq!(nearest("RELU", names), Some("relu"));
        assert_eq!(nearest("relu_leaky", names), Some("leaky_relu"));
        assert_eq!(nearest("xyz", names), None);
        assert_eq!(nearest("U", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(
            near("sinn", ["sinh", "sin", "asin", "cos"]),
            ["sinh", "sin"]
        );
        let long = "x".repeat(10_000);
        assert_eq!(nearest(&long, ["x"]), None);
        assert_eq!(
            nearest(&long.to_uppercase(), [long.as_str()]),
            Some(long.as_str())
        );
    }
}
