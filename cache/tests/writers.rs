//! Many writers and readers of one folder, in threads and in processes.

mod support;

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brolga_abi::DType;
use brolga_cache::{Cache, Mode, Step};
use support::{DONE, Entry, Home, child_cache, command, done, entry, spawn, variable};

/// What a child exits with that does not get the lock.
const NOT_LOCKED: i32 = 87;

/// The overloads that writer `writer` makes of one function.
fn overloads_of(writer: u8) -> Vec<Entry> {
    [DType::F32, DType::F64, DType::I32, DType::I64, DType::U8]
        .iter()
        .map(|dtype| {
            let base = entry(1);
            let mut other = base.overload(&vec![*dtype; usize::from(writer) + 1], writer);
            other.object.push(*dtype as u8);
            other
        })
        .collect()
}

fn assert_all_found(home: &Home, writers: u8) {
    let cache = home.cache();
    for writer in 0..writers {
        for entry in overloads_of(writer) {
            entry.assert_hit(&cache);
        }
    }
    home.only(".nbi");
    assert_eq!(home.names_with(".nbc").len(), usize::from(writers) * 5);
    assert!(!home.names().iter().any(|name| name.starts_with("tmp-")));
}

#[test]
fn no_entry_of_writers_in_threads_is_lost() {
    let home = Home::new();
    let shared = home.cache();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            // Half of them share a handle, half have their own.
            let cache = if writer % 2 == 0 {
                shared.clone()
            } else {
                home.cache()
            };
            scope.spawn(move || {
                for entry in overloads_of(writer) {
                    entry.store(&cache).unwrap();
                    entry.assert_hit(&cache);
                }
            });
        }
    });
    assert_all_found(&home, 8);
}

#[test]
fn no_entry_of_writers_in_processes_is_lost() {
    let home = Home::new();
    let dir = home.dir();
    let children: Vec<_> = (0..6)
        .map(|writer: u8| {
            let variables = [
                ("BROLGA_TEST_DIR", dir.to_str().unwrap()),
                ("BROLGA_TEST_WRITER", &writer.to_string()),
            ];
            spawn("child_writer", &variables)
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(DONE));
    }
    assert_all_found(&home, 6);
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_writer() {
    let Some(cache) = child_cache() else { return };
    let Some(writer) = variable("BROLGA_TEST_WRITER") else {
        return;
    };
    for entry in overloads_of(writer.parse().unwrap()) {
        entry.store(&cache).unwrap();
        entry.assert_hit(&cache);
    }
    done();
}

#[test]
fn killed_writers_leave_every_entry_right_or_missing() {
    for round in 0..4usize {
        let home = Home::new();
        let dir = home.dir();
        let mut children: Vec<_> = (0..3)
            .map(|writer: u8| {
                let variables = [
                    ("BROLGA_TEST_DIR", dir.to_str().unwrap()),
                    ("BROLGA_TEST_WRITER", &writer.to_string()),
                ];
                spawn("child_endless_writer", &variables)
            })
            .collect();
        // They are killed while at work, at another moment in each round. Objects are written
        // before the index: with more of them than writers, some writer has done both once.
        let start = Instant::now();
        while home.names_with(".nbc").len() <= 3 * (round + 1) {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "no writer writes"
            );
            std::thread::sleep(Duration::from_micros(500));
        }
        for child in &mut children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let cache = home.cache();
        let mut found = 0;
        for writer in 0..3 {
            for entry in overloads_of(writer) {
                match entry.find(&cache) {
                    Ok(hit) => {
                        assert!(hit.object.starts_with(&entry.object));
                        found += 1;
                    }
                    Err(miss) => assert!(miss.reason.is_ordinary(), "{miss:?}"),
                }
            }
        }
        assert!(found > 0, "all that was stored is lost");
        // The locks of the dead are free, and the cache takes new entries.
        for entry in overloads_of(0) {
            entry.store(&cache).unwrap();
            entry.assert_hit(&cache);
            assert!(
                cache
                    .lock(&entry.id, &entry.request, Duration::ZERO)
                    .is_some()
            );
        }
        assert_eq!(cache.stats().unlocked_writes, 0);
    }
}

#[test]
#[ignore = "run by another test in a process of its own, until it is killed"]
fn child_endless_writer() {
    let Some(cache) = child_cache() else { return };
    let Some(writer) = variable("BROLGA_TEST_WRITER") else {
        return;
    };
    let start = Instant::now();
    let mut generation = 0u8;
    while start.elapsed() < Duration::from_secs(60) {
        generation = generation.wrapping_add(1);
        for mut entry in overloads_of(writer.parse().unwrap()) {
            // Other bytes each time, so that objects come and go under one key.
            entry.object.push(generation);
            entry.store(&cache).unwrap();
        }
    }
}

#[test]
fn without_locks_an_entry_may_get_lost_and_none_is_wrong() {
    let home = Home::new();
    let unlocked = || {
        let cache = Cache::open_with_hook(
            home.config(Mode::On),
            Arc::new(|step| match step {
                Step::Lock => Err(io::ErrorKind::Unsupported.into()),
                _ => Ok(()),
            }),
        );
        cache.set_log(|_| {});
        cache
    };
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let cache = unlocked();
            scope.spawn(move || {
                for entry in overloads_of(writer) {
                    entry.store(&cache).unwrap();
                    if let Ok(hit) = entry.find(&cache) {
                        assert!(entry.is(&hit));
                    }
                }
                assert_eq!(cache.stats().unlocked_writes, 5);
            });
        }
    });
    let cache = unlocked();
    assert!(
        cache
            .lock(&entry(1).id, &entry(1).request, Duration::ZERO)
            .is_none()
    );
    for writer in 0..6 {
        for entry in overloads_of(writer) {
            match entry.find(&cache) {
                Ok(hit) => assert!(entry.is(&hit)),
                Err(miss) => assert!(miss.reason.is_ordinary(), "{miss:?}"),
            }
            entry.store(&cache).unwrap();
            entry.assert_hit(&cache);
        }
    }
    assert_all_found(&home, 6);
}

#[test]
fn one_holder_at_a_time_has_the_lock_of_a_key() {
    let home = Home::new();
    let (cache, other) = (home.cache(), home.cache());
    let entry = entry(1);
    let try_lock = |cache: &Cache| cache.lock(&entry.id, &entry.request, Duration::from_millis(20));
    let held = try_lock(&cache).unwrap();
    assert!(try_lock(&cache).is_none(), "another thread of this handle");
    assert!(try_lock(&other).is_none(), "another handle");
    let dir = home.dir();
    let child = || {
        command(
            "child_locker",
            &[("BROLGA_TEST_DIR", dir.to_str().unwrap())],
        )
        .status()
        .unwrap()
        .code()
    };
    assert_eq!(child(), Some(NOT_LOCKED), "another process");
    // A store by the holder needs a lock of the other set only.
    entry.store(&cache).unwrap();
    assert_eq!(cache.stats().unlocked_writes, 0);
    drop(held);
    assert_eq!(child(), Some(DONE));
    assert!(try_lock(&other).is_some());
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_locker() {
    let Some(cache) = child_cache() else { return };
    let entry = entry(1);
    match cache.lock(&entry.id, &entry.request, Duration::from_millis(50)) {
        Some(_held) => done(),
        None => std::process::exit(NOT_LOCKED),
    }
}

#[test]
fn a_waiter_gets_the_lock_when_it_is_given_back() {
    let home = Home::new();
    let cache = home.cache();
    let entry = entry(1);
    let held = cache
        .lock(&entry.id, &entry.request, Duration::ZERO)
        .unwrap();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let lock = cache.lock(&entry.id, &entry.request, Duration::from_secs(60));
            lock.is_some() && entry.find(&cache).is_ok()
        });
        entry.store(&cache).unwrap();
        drop(held);
        assert!(
            waiter.join().unwrap(),
            "the waiter finds what the holder stored"
        );
    });
}
