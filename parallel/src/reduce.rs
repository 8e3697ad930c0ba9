//! Reductions over a fixed tree. Not about what is reduced: leaves and the way to join two
//! partial results come from the caller.
//!
//! Invariant: the leaves, and which partial results are joined in which order, depend on
//! the number of items alone; cost and threads only decide where the work runs.

use crate::first_error::FirstError;
use crate::pool::Pool;
use crate::split::{Chunk, GRAIN, SMALL_WORK, work};

/// No tree has more leaves than this: enough to even out some dozens of threads, few
/// enough that joining them costs little.
pub const MAX_LEAVES: u32 = 256;

/// One leaf of a reduction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// The leaf's number, from 0 in the order of its items.
    pub index: u32,
    /// Its items.
    pub items: Chunk,
}

/// The fixed tree over `n` items: `min(n, MAX_LEAVES)` leaves of nearly equal length, the
/// leaves of every inner node halved (the left half rounded down).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tree {
    n: u64,
    leaves: u32,
}

impl Tree {
    /// The tree over `n` items.
    pub fn new(n: u64) -> Tree {
        let leaves = u32::try_from(n).unwrap_or(MAX_LEAVES).min(MAX_LEAVES);
        Tree { n, leaves }
    }

    /// The number of leaves; 0 if there are no items.
    pub fn leaves(&self) -> u32 {
        self.leaves
    }

    /// A leaf by its number.
    ///
    /// # Panics
    /// If `index` is not below [`Tree::leaves`].
    pub fn leaf(&self, index: u32) -> Leaf {
        assert!(index < self.leaves, "leaf {index} of {}", self.leaves);
        Leaf {
            index,
            items: self.items(index, index + 1),
        }
    }

    /// The items of the leaves `low..high`.
    fn items(&self, low: u32, high: u32) -> Chunk {
        let bound = |k: u32| (u128::from(k) * u128::from(self.n) / u128::from(self.leaves)) as u64;
        Chunk {
            begin: bound(low),
            end: bound(high),
        }
    }

    /// Reduces on the calling thread: every leaf in order, up to the first that fails.
    /// `None` if there are no items. Joins exactly as [`Pool::reduce`] does.
    pub fn reduce_serial<T, E>(
        &self,
        leaf: &dyn Fn(Leaf) -> Result<T, E>,
        join: &dyn Fn(T, T) -> T,
    ) -> Result<Option<T>, E> {
        if self.leaves == 0 {
            return Ok(None);
        }
        self.serial(0, self.leaves, leaf, join).map(Some)
    }

    fn serial<T, E>(
        &self,
        low: u32,
        high: u32,
        leaf: &dyn Fn(Leaf) -> Result<T, E>,
        join: &dyn Fn(T, T) -> T,
    ) -> Result<T, E> {
        if high - low == 1 {
            return leaf(self.leaf(low));
        }
        let middle = low + (high - low) / 2;
        let left = self.serial(low, middle, leaf, join)?;
        let right = self.serial(middle, high, leaf, join)?;
        Ok(join(left, right))
    }
}

/// A reduction that runs on a pool.
struct Reduction<'a, T, E> {
    tree: Tree,
    cost_per_item: u64,
    leaf: &'a (dyn Fn(Leaf) -> Result<T, E> + Sync),
    join: &'a (dyn Fn(T, T) -> T + Sync),
    first_error: FirstError<E>,
}

impl<T: Send, E: Send> Reduction<'_, T, E> {
    /// The result of the leaves `low..high`; `None` if one of them failed or was skipped.
    /// Runs on a worker of the pool.
    fn node(&self, low: u32, high: u32) -> Option<T> {
        let items = self.tree.items(low, high);
        if high - low == 1 || work(items.len(), self.cost_per_item) < GRAIN {
            return self.task(low, high);
        }
        let middle = low + (high - low) / 2;
        let (left, right) = rayon::join(|| self.node(low, middle), || self.node(middle, high));
        Some((self.join)(left?, right?))
    }

    /// The leaves `low..high` as one task.
    fn task(&self, low: u32, high: u32) -> Option<T> {
        let begin = self.tree.items(low, high).begin;
        let guarded = |leaf: Leaf| {
            let begin = leaf.items.begin;
            if !self.first_error.admits(begin) {
                return Err(None);
            }
            (self.leaf)(leaf).map_err(|error| Some((begin, error)))
        };
        if !self.first_error.admits(begin) {
            return None;
        }
        match self
            .tree
            .serial(low, high, &guarded, &|a, b| (self.join)(a, b))
        {
            Ok(result) => Some(result),
            Err(None) => None,
            Err(Some((begin, error))) => {
                self.first_error.record(begin, error);
                None
            }
        }
    }
}

impl Pool {
    /// Reduces `0..n` over the fixed [`Tree`]: `leaf` gives the partial result of one
    /// leaf, `join` joins two neighbours. `cost_per_item` (in simple operations) only
    /// decides what runs where. `None` if there are no items.
    ///
    /// # Errors
    /// The error of the lowest failing leaf; only leaves above a failing one are skipped.
    ///
    /// # Panics
    /// If `leaf` or `join` panics, with the same panic.
    pub fn reduce<T: Send, E: Send>(
        &self,
        n: u64,
        cost_per_item: u64,
        leaf: &(dyn Fn(Leaf) -> Result<T, E> + Sync),
        join: &(dyn Fn(T, T) -> T + Sync),
    ) -> Result<Option<T>, E> {
        let tree = Tree::new(n);
        if self.threads() == 1 || tree.leaves <= 1 || work(n, cost_per_item) < SMALL_WORK {
            return tree.reduce_serial(leaf, join);
        }
        let Some(started) = self.started() else {
            return tree.reduce_serial(leaf, join);
        };
        let reduction = Reduction {
            tree,
            cost_per_item,
            leaf,
            join,
            first_error: FirstError::new(),
        };
        let result = started.install(|| reduction.node(0, tree.leaves));
        reduction.first_error.into_result().map(|()| result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn leaves_cover_the_range_in_order(n in prop_oneof![0..1000u64, any::<u64>()]) {
            let tree = Tree::new(n);
            prop_assert_eq!(u64::from(tree.leaves()), n.min(u64::from(MAX_LEAVES)));
            let mut next = 0;
            for index in 0..tree.leaves() {
                let items = tree.leaf(index).items;
                prop_assert_eq!(items.begin, next);
                prop_assert!(items.end > items.begin);
                prop_assert!(items.len().abs_diff(n / u64::from(tree.leaves())) <= 1);
                next = items.end;
            }
            prop_assert_eq!(next, n);
        }
    }

    #[test]
    fn the_tree_halves_the_leaves() {
        let text = |n| {
            Tree::new(n)
                .reduce_serial::<_, ()>(&|leaf| Ok(leaf.index.to_string()), &|a, b| {
                    format!("({a} {b})")
                })
                .unwrap()
        };
        assert_eq!(text(0), None);
        assert_eq!(text(1).unwrap(), "0");
        assert_eq!(text(3).unwrap(), "(0 (1 2))");
        assert_eq!(text(6).unwrap(), "((0 (1 2)) (3 (4 5)))");
    }
}
