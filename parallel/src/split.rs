//! How a range of items is cut into tasks of a sensible size. Not used by reductions,
//! whose leaves may depend on the number of items alone.
//!
//! Invariant: the chunks of a split are contiguous, not empty, in order, and together are
//! `0..n`.

/// The work of one task, in simple operations: some 15 to 50 us, far above the cost of
/// handing a task to another thread (about 1 us) and small enough to even out the threads.
pub(crate) const GRAIN: u64 = 50_000;

/// Below this much work, in simple operations, waking another thread (5 to 10 us) costs
/// more than it saves.
pub(crate) const SMALL_WORK: u64 = 2 * GRAIN;

/// More tasks than this for one thread do not even out the threads any further.
const TASKS_PER_THREAD: u64 = 64;

/// Chunks of at least this many items are cut at its multiples, so that two threads do not
/// write to one cache line and strips come out whole.
const CHUNK_MULTIPLE: u64 = 64;

/// A piece of a range of items, `begin..end`; never empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// The first item.
    pub begin: u64,
    /// One above the last item.
    pub end: u64,
}

impl Chunk {
    /// The number of items, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a chunk is never empty")]
    pub fn len(&self) -> u64 {
        self.end - self.begin
    }
}

/// The total work of `n` items, in simple operations, or `u64::MAX` if it is more.
pub(crate) fn work(n: u64, cost_per_item: u64) -> u64 {
    n.saturating_mul(cost_per_item.max(1))
}

/// How `0..n` is cut into tasks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split {
    n: u64,
    items_per_task: u64,
}

impl Split {
    /// The split of `n` items, each of which costs about `cost_per_item` simple operations
    /// (0 counts as 1), for this many threads. One thread, or little work, gives one task.
    pub fn new(n: u64, cost_per_item: u64, threads: usize) -> Split {
        if threads <= 1 || work(n, cost_per_item) < SMALL_WORK {
            return Split {
                n,
                items_per_task: n.max(1),
            };
        }
        let by_cost = GRAIN / cost_per_item.max(1);
        let by_count = n.div_ceil((threads as u64).saturating_mul(TASKS_PER_THREAD));
        let items = by_cost.max(by_count).max(1);
        let items_per_task = if items < CHUNK_MULTIPLE {
            items
        } else {
            items.checked_next_multiple_of(CHUNK_MULTIPLE).unwrap_or(n)
        };
        Split { n, items_per_task }
    }

    /// The number of tasks; 0 if there are no items.
    pub fn tasks(&self) -> u64 {
        self.n.div_ceil(self.items_per_task)
    }

    /// The number of items of every task but the last, which may have fewer.
    pub fn items_per_task(&self) -> u64 {
        self.items_per_task
    }

    /// The items of a task.
    ///
    /// # Panics
    /// If `task` is not below [`Split::tasks`].
    pub fn chunk(&self, task: u64) -> Chunk {
        assert!(task < self.tasks(), "task {task} of {}", self.tasks());
        // No overflow: `task` is at most `(n - 1) / items_per_task`.
        let begin = task * self.items_per_task;
        Chunk {
            begin,
            end: self.n.min(begin.saturating_add(self.items_per_task)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tasks_follow_the_cost() {
        // n, cost, threads -> tasks, items per task
        for (n, cost, threads, tasks, items) in [
            (0, 1, 8, 0, 1),
            (1, u64::MAX, 8, 1, 1),
            (99_999, 1, 8, 1, 99_999),
            (100_000, 1, 8, 2, 50_048),
            (1_000_000, 1, 1, 1, 1_000_000),
            (1_000_000, 1, 2, 20, 50_048),
            (1_000_000_000, 1, 2, 128, 7_812_544),
            (1000, 100_000, 64, 1000, 1),
            (u64::MAX, 1, 1, 1, u64::MAX),
        ] {
            let split = Split::new(n, cost, threads);
            assert_eq!(
                (split.tasks(), split.items_per_task()),
                (tasks, items),
                "{n} items of cost {cost} on {threads} threads"
            );
        }
    }

    proptest! {
        #[test]
        fn chunks_cover_the_range_in_order(
            n in prop_oneof![0..10_000u64, any::<u64>()],
            cost in prop_oneof![0..200_000u64, any::<u64>()],
            threads in 1..300usize,
        ) {
            let split = Split::new(n, cost, threads);
            prop_assert!(split.tasks() <= (threads as u64) * TASKS_PER_THREAD);
            let mut next = 0;
            for task in 0..split.tasks() {
                let chunk = split.chunk(task);
                prop_assert_eq!(chunk.begin, next);
                prop_assert!(chunk.end > chunk.begin);
                next = chunk.end;
            }
            prop_assert_eq!(next, n);
        }
    }
}
