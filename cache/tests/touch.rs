//! A hit writes down when it was, at most hourly, and never where nothing may be written.

mod support;

use std::fs::{self, File};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use brolga_cache::{Cache, Mode, Step};
use support::{Home, entry};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn set_modified(home: &Home, time: SystemTime) {
    let file = File::open(home.only(".nbc")).unwrap();
    file.set_modified(time).unwrap();
}

fn modified(home: &Home) -> SystemTime {
    let metadata = fs::metadata(home.only(".nbc")).unwrap();
    metadata.modified().unwrap()
}

#[test]
fn a_hit_on_an_old_object_is_written_down_once() {
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let old = SystemTime::now() - 5 * HOUR;
    set_modified(&home, old);

    let cache = home.cache();
    for _ in 0..10 {
        entry.assert_hit(&cache);
        assert!(entry.is(&entry.find_by_meaning(&cache).unwrap()));
    }
    assert_eq!(cache.stats().touches, 1);
    assert!(modified(&home) > old + 4 * HOUR);
    assert_eq!(cache.stats().index_reads, 1, "the index is not touched");
}

#[test]
fn a_recent_use_is_not_written_down_again() {
    let home = Home::new();
    let entry = entry(1);
    let cache = home.cache();
    entry.store(&cache).unwrap();
    let recent = SystemTime::now() - HOUR / 2;
    set_modified(&home, recent);
    entry.assert_hit(&cache);
    assert_eq!(cache.stats().touches, 0);
    assert_eq!(modified(&home), recent);
}

#[test]
fn a_time_in_the_future_is_set_right() {
    let home = Home::new();
    let entry = entry(1);
    let cache = home.cache();
    entry.store(&cache).unwrap();
    set_modified(&home, SystemTime::now() + 1000 * HOUR);
    entry.assert_hit(&cache);
    assert_eq!(cache.stats().touches, 1);
    assert!(modified(&home) <= SystemTime::now() + HOUR);
}

#[test]
fn a_read_only_cache_writes_nothing_down() {
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let old = SystemTime::now() - 5 * HOUR;
    set_modified(&home, old);
    let cache = home.cache_in(Mode::ReadOnly);
    entry.assert_hit(&cache);
    assert_eq!(cache.stats().touches, 0);
    assert_eq!(modified(&home), old);
}

#[test]
fn a_use_that_cannot_be_written_down_is_a_hit_all_the_same() {
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let old = SystemTime::now() - 5 * HOUR;
    set_modified(&home, old);

    let tried = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&tried);
    let hook = move |step| match step {
        Step::Touch => {
            counter.fetch_add(1, Ordering::Relaxed);
            Err(io::ErrorKind::PermissionDenied.into())
        }
        _ => Ok(()),
    };
    let cache = Cache::open_with_hook(home.config(Mode::On), Arc::new(hook));
    cache.set_log(|line| panic!("nothing is to be said: {line}"));
    entry.assert_hit(&cache);
    assert_eq!(tried.load(Ordering::Relaxed), 1);
    assert_eq!((cache.stats().touches, cache.stats().hits()), (0, 1));
    assert_eq!(modified(&home), old);
}
