//! What a `tracing` subscriber is told of the cache, and that the log line says nothing of
//! what a subscriber took.

#[path = "support/events.rs"]
mod listener;
mod support;

use std::fs::{self, File};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use brolga_cache::{Limits, Mode};
use listener::{Listener, alone};
use support::{Home, entry};
use tracing::Level;

#[test]
fn hits_misses_and_stores_are_told_with_their_reasons() {
    let _alone = alone();
    let home = Home::new();
    let cache = home.cache();
    let entry = entry(1);
    let listener = Listener::new(Level::DEBUG);
    listener.hear(|| {
        entry.find(&cache).unwrap_err();
        entry.store(&cache).unwrap();
        entry.assert_hit(&cache);
        entry.find_by_meaning(&cache).unwrap();
    });
    let told = listener.told();
    let messages: Vec<&str> = told.iter().map(|told| &*told.message).collect();
    assert_eq!(messages, ["miss", "store", "hit", "hit"]);
    for told in &told {
        assert_eq!(told.level, Level::DEBUG);
        assert_eq!(told.target, "brolga::cache");
        assert_eq!(told.field("function"), "kernels::relu1");
    }
    assert_eq!(told[0].field("reason"), "no-folder");
    assert_eq!(
        (told[2].field("by"), told[3].field("by")),
        ("text", "meaning")
    );
    assert_eq!(told[2].field("bytes"), "100");
    for time in ["open_us", "read_us", "digest_us", "decode_us"] {
        told[2].field(time).parse::<u64>().unwrap();
    }
}

#[test]
fn what_is_wrong_is_a_warning_each_time_and_no_log_line() {
    let _alone = alone();
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let cache = home.cache();
    cache.set_log(|line| panic!("told already: {line}"));
    let listener = Listener::new(Level::WARN);
    listener.hear(|| {
        for _ in 0..2 {
            fs::write(home.only(".nbc"), "damaged").unwrap();
            entry.find(&cache).unwrap_err();
            entry.store(&home.cache()).unwrap();
        }
    });
    let told = listener.told();
    let messages: Vec<&str> = told.iter().map(|told| &*told.message).collect();
    assert_eq!(messages, ["set aside", "miss", "set aside", "miss"]);
    assert_eq!(told[1].field("reason"), "object-magic");
    assert_eq!(
        told[1].field("why"),
        "the object is not a file of this kind"
    );
    assert!(told[0].field("file").ends_with(".nbc"));
    assert!(told.iter().all(|told| told.level == Level::WARN));
}

static LINES: AtomicU64 = AtomicU64::new(0);

#[test]
fn without_a_subscriber_for_warnings_there_is_one_log_line() {
    let _alone = alone();
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let cache = home.cache();
    cache.set_log(|_| {
        LINES.fetch_add(1, Ordering::Relaxed);
    });
    // One that hears errors only does not take the warning.
    let deaf = Listener::new(Level::ERROR);
    for round in 0..3 {
        fs::write(home.only(".nbc"), "damaged").unwrap();
        match round {
            0 => deaf.hear(|| entry.find(&cache).unwrap_err()),
            _ => entry.find(&cache).unwrap_err(),
        };
        entry.store(&home.cache()).unwrap();
    }
    assert_eq!(LINES.load(Ordering::Relaxed), 1);
    assert!(deaf.told().is_empty());
}

#[test]
fn failed_stores_and_evictions_are_told() {
    let _alone = alone();
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let file = File::open(home.only(".nbc")).unwrap();
    let old = SystemTime::now() - Duration::from_secs(10_000);
    file.set_modified(old).unwrap();

    let listener = Listener::new(Level::DEBUG);
    listener.hear(|| {
        entry.store(&home.cache_in(Mode::ReadOnly)).unwrap_err();
    });
    let told = listener.told();
    assert_eq!(told[0].message, "store failed");
    assert_eq!(told[0].field("reason"), "store-mode");
    assert_eq!(told[0].level, Level::DEBUG, "the user's own wish");

    let limits = Limits {
        bytes: Some(0),
        age: None,
    };
    listener.hear(|| home.cache().prune(&limits).unwrap());
    let told = listener.told();
    assert_eq!(told[0].message, "evicted");
    assert!(told[0].field("bytes").parse::<u64>().unwrap() > 100);

    fs::write(home.dir().join("file"), "").unwrap();
    let broken = brolga_cache::Cache::open(brolga_cache::CacheConfig {
        dir: Some(home.dir().join("file")),
        ..Default::default()
    });
    broken.set_log(|line| panic!("told already: {line}"));
    listener.hear(|| entry.store(&broken).unwrap_err());
    let told = listener.told();
    assert_eq!(told[0].message, "store failed");
    assert_eq!(told[0].level, Level::WARN);
}

#[test]
fn a_layer_that_is_refused_is_told() {
    let _alone = alone();
    use std::os::unix::fs::PermissionsExt;
    let (home, shared) = (Home::new(), Home::new());
    let entry = entry(1);
    entry.store(&shared.cache()).unwrap();
    let layer = brolga_cache::Layer {
        source: brolga_cache::LayerSource::Folder(shared.dir()),
        key: None,
    };
    let cache = brolga_cache::Cache::open(brolga_cache::CacheConfig {
        layers: vec![layer],
        ..home.config(Mode::On)
    });
    cache.set_log(|line| panic!("told already: {line}"));
    let listener = Listener::new(Level::DEBUG);
    listener.hear(|| entry.assert_hit(&cache));
    let told = listener.told();
    assert_eq!(told[0].message, "passed on to the layers");
    assert_eq!((&*told[1].message, told[1].field("layer")), ("hit", "0"));

    fs::set_permissions(shared.dir(), fs::Permissions::from_mode(0o777)).unwrap();
    listener.hear(|| entry.find(&cache).unwrap_err());
    let told = listener.told();
    assert_eq!(told[0].message, "miss in a layer");
    assert_eq!(told[0].level, Level::WARN);
    assert_eq!(told[0].field("reason"), "untrusted-folder");
    assert_eq!(told[0].field("layer"), shared.dir().display().to_string());
    assert_eq!(told[1].message, "miss");
}
