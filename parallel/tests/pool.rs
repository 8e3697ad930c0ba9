//! What a pool promises: the same results at any thread count, the first error by index,
//! nested and concurrent calls, no thread for small work.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use brolga_parallel::{Chunk, ErrorKind, MAX_THREADS, Pool, Tree};

/// A cost that makes every item a task.
const HEAVY: u64 = 1 << 20;

fn pool(threads: usize) -> Pool {
    Pool::builder().threads(threads).build().unwrap()
}

/// A small generator of reproducible numbers (xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn every_item_is_visited_once() {
    for threads in [1, 2, 3, 8] {
        let pool = pool(threads);
        for (n, cost) in [(0, 1), (1, HEAVY), (5, HEAVY), (1000, 1000), (300_000, 1)] {
            let visits: Vec<AtomicU64> = (0..n).map(|_| AtomicU64::new(0)).collect();
            let result = pool.for_chunks(n, cost, &|chunk: Chunk| {
                assert!(chunk.begin < chunk.end);
                for item in chunk.begin..chunk.end {
                    visits[item as usize].fetch_add(1, Ordering::Relaxed);
                }
                Ok::<(), ()>(())
            });
            assert_eq!(result, Ok(()));
            assert!(visits.iter().all(|v| v.load(Ordering::Relaxed) == 1));
        }
    }
}

#[test]
fn the_first_error_by_index_wins_under_random_delays() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for threads in [1, 2, 3, 8] {
        let pool = pool(threads);
        for _ in 0..25 {
            let n = 48;
            let failing: BTreeSet<u64> = (0..1 + random.next() % 6)
                .map(|_| random.next() % n)
                .collect();
            let delays: Vec<u64> = (0..n).map(|_| random.next() % 200).collect();
            let first = *failing.first().unwrap();
            let ran = Mutex::new(BTreeSet::new());
            let item = |k: u64| {
                std::thread::sleep(Duration::from_micros(delays[k as usize]));
                ran.lock().unwrap().insert(k);
                if failing.contains(&k) { Err(k) } else { Ok(()) }
            };

            let result = pool.for_chunks(n, HEAVY, &|chunk| {
                (chunk.begin..chunk.end).try_for_each(item)
            });
            assert_eq!(result, Err(first), "{threads} threads, failing {failing:?}");
            assert!((0..=first).all(|k| ran.lock().unwrap().contains(&k)));

            ran.lock().unwrap().clear();
            let result = pool.reduce(
                n,
                HEAVY,
                &|leaf| (leaf.items.begin..leaf.items.end).try_for_each(item),
                &|(), ()| (),
            );
            assert_eq!(result, Err(first), "{threads} threads, failing {failing:?}");
            assert!((0..=first).all(|k| ran.lock().unwrap().contains(&k)));
        }
    }
}

#[test]
fn reductions_have_the_same_bits_at_any_thread_count() {
    let mut random = Random(7);
    for n in [0u64, 1, 2, 3, 100, 255, 256, 257, 10_000, 123_457] {
        let data: Vec<f64> = (0..n)
            .map(|_| (random.next() as i64) as f64 * 2f64.powi(-((random.next() % 90) as i32)))
            .collect();
        let sum = |items: Chunk| {
            let items = &data[items.begin as usize..items.end as usize];
            items.iter().fold(-0.0, |sum, x| sum + x)
        };
        let serial = Tree::new(n)
            .reduce_serial::<f64, ()>(&|leaf| Ok(sum(leaf.items)), &|a, b| a + b)
            .unwrap();
        for threads in [1, 2, 3, 8] {
            for cost in [0, 1, 100, HEAVY] {
                let parallel = pool(threads)
                    .reduce::<f64, ()>(n, cost, &|leaf| Ok(sum(leaf.items)), &|a, b| a + b)
                    .unwrap();
                assert_eq!(
                    parallel.map(f64::to_bits),
                    serial.map(f64::to_bits),
                    "{n} items, {threads} threads, cost {cost}"
                );
            }
        }
    }
}

#[test]
fn joins_keep_the_order_of_the_leaves() {
    let pool = pool(3);
    let joined = pool
        .reduce::<Vec<u32>, ()>(
            1000,
            HEAVY,
            &|leaf| Ok(vec![leaf.index]),
            &|mut left, right| {
                left.extend(right);
                left
            },
        )
        .unwrap();
    assert_eq!(joined.unwrap(), (0..256).collect::<Vec<u32>>());
}

#[test]
fn small_work_and_one_thread_stay_on_the_calling_thread() {
    let caller = std::thread::current().id();
    let here = |_: Chunk| {
        assert_eq!(std::thread::current().id(), caller);
        Ok::<(), ()>(())
    };
    let many = pool(4);
    many.for_chunks(1000, 10, &here).unwrap();
    many.reduce(1000, 10, &|leaf| here(leaf.items), &|(), ()| ())
        .unwrap();
    assert!(!many.is_started(), "small work started threads");
    many.for_chunks(1000, HEAVY, &|_| Ok::<(), ()>(())).unwrap();
    assert!(many.is_started(), "large work started no thread");

    let one = pool(1);
    one.for_chunks(1000, HEAVY, &here).unwrap();
    one.reduce(1000, HEAVY, &|leaf| here(leaf.items), &|(), ()| ())
        .unwrap();
    assert!(!one.is_started());
}

#[test]
fn a_pool_of_one_does_not_borrow_the_pool_it_is_called_from() {
    let one = pool(1);
    pool(4)
        .for_chunks(8, HEAVY, &|_| {
            let worker = std::thread::current().id();
            one.for_chunks(8, HEAVY, &|_| {
                assert_eq!(std::thread::current().id(), worker);
                Ok::<(), ()>(())
            })
        })
        .unwrap();
}

#[test]
fn nested_and_concurrent_calls_finish() {
    for threads in [1, 2, 3] {
        let (outer, inner) = (pool(threads), pool(2));
        let count = AtomicU64::new(0);
        let item = || {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        let each = |pool: &Pool, item: &(dyn Fn() -> Result<(), ()> + Sync)| {
            pool.for_chunks(10, HEAVY, &|chunk| {
                (chunk.begin..chunk.end).try_for_each(|_| item())
            })
        };
        std::thread::scope(|scope| {
            // The first calls also race to start the workers.
            for _ in 0..4 {
                scope.spawn(|| {
                    each(&outer, &|| each(&outer, &|| each(&inner, &item))).unwrap();
                });
            }
        });
        assert_eq!(count.into_inner(), 4 * 10 * 10 * 10);
    }
}

#[test]
fn a_panic_reaches_the_caller_and_the_pool_lives_on() {
    let pool = pool(2);
    let panic = catch_unwind(AssertUnwindSafe(|| {
        pool.for_chunks(64, HEAVY, &|chunk| {
            assert!(chunk.begin != 40, "forty");
            Ok::<(), ()>(())
        })
    }))
    .unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"forty"));
    assert_eq!(pool.for_chunks(64, HEAVY, &|_| Ok::<(), ()>(())), Ok(()));
}

#[test]
fn impossible_thread_counts_are_refused() {
    for threads in [0, MAX_THREADS + 1, usize::MAX] {
        let error = Pool::builder().threads(threads).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ThreadCount);
        assert_eq!(
            error.to_string(),
            format!("a pool of {threads} threads; expected 1 to 4096")
        );
    }
    assert_eq!(pool(MAX_THREADS).threads(), MAX_THREADS);
    assert!((1..=MAX_THREADS).contains(&Pool::global().threads()));
}
