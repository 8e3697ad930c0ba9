//! The cache keeps within its limits, by least recent use, beside readers and writers; and
//! nothing that is not its own is ever removed.

mod support;

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use brolga_abi::DType;
use brolga_cache::{
    Cache, CacheConfig, ErrorKind, FORMAT_VERSION, FileKind, Limits, MissReason, Mode, Pruned, Step,
};
use support::{Entry, Home, entry};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn age(path: &Path, by: Duration) {
    let time = SystemTime::now() - by;
    File::open(path).unwrap().set_modified(time).unwrap();
}

/// Ages the objects of `entry`'s function.
fn age_function(home: &Home, entry: &Entry, by: Duration) {
    let stem = entry.id.file_stem();
    for name in home.names_with(".nbc") {
        if name.starts_with(&stem) {
            age(&home.files().join(name), by);
        }
    }
}

/// Entries of functions 1, 2, .., the first the longest unused, and each an hour apart.
fn filled(home: &Home, count: u8) -> Vec<Entry> {
    let cache = unlimited(home);
    let entries: Vec<Entry> = (1..=count).map(entry).collect();
    for (place, entry) in (1..).zip(&entries) {
        entry.store(&cache).unwrap();
        age_function(home, entry, HOUR * (10 + u32::from(count) - place));
    }
    entries
}

fn with_limits(home: &Home, limits: Limits) -> Cache {
    let cache = Cache::open(CacheConfig {
        limits,
        ..home.config(Mode::On)
    });
    cache.set_log(|line| panic!("nothing is to be said: {line}"));
    cache
}

fn unlimited(home: &Home) -> Cache {
    with_limits(home, Limits::NONE)
}

fn bytes(limit: u64) -> Limits {
    Limits {
        bytes: Some(limit),
        age: None,
    }
}

fn usage(home: &Home) -> u64 {
    home.cache().usage().unwrap().bytes
}

/// Which are found.
fn found(home: &Home, entries: &[Entry]) -> Vec<bool> {
    // Without writing down that they were used.
    let cache = home.cache_in(Mode::ReadOnly);
    let is_found = |entry: &Entry| match entry.find(&cache) {
        Ok(hit) => {
            assert!(entry.is(&hit));
            true
        }
        Err(miss) => {
            assert!(miss.reason.is_ordinary(), "{miss}");
            false
        }
    };
    entries.iter().map(is_found).collect()
}

#[test]
fn the_least_recently_used_go_first_and_the_rest_is_found() {
    let home = Home::new();
    let entries = filled(&home, 6);
    // A use counts, and not the time of the store.
    let reader = home.cache();
    entries[0].assert_hit(&reader);
    assert_eq!(reader.stats().touches, 1);
    let all = usage(&home);
    let each = all / 6;
    let cache = unlimited(&home);
    let pruned = cache.prune(&bytes(all - 3 * each)).unwrap();
    assert_eq!((pruned.evicted, pruned.indexes), (3, 3));
    assert_eq!(pruned.bytes_left, usage(&home));
    assert_eq!(pruned.bytes, all - pruned.bytes_left);
    assert!(pruned.bytes_left <= all - 3 * each);
    let expected = [true, false, false, false, true, true];
    assert_eq!(found(&home, &entries), expected);
    assert!(cache.verify().unwrap().is_sound());
    assert_eq!(cache.verify().unwrap().unnamed.len(), 0);
    assert_eq!(cache.stats().evicted, 3);
    // Within the limits nothing goes.
    let again = cache.prune(&bytes(all)).unwrap();
    assert_eq!((again.bytes, again.evicted, again.indexes), (0, 0, 0));
    assert_eq!(again.bytes_left, pruned.bytes_left);
}

#[test]
fn what_is_too_old_goes_and_the_index_keeps_the_rest() {
    let home = Home::new();
    let old = entry(1);
    let new = old.overload(&[DType::F32], 2);
    let cache = unlimited(&home);
    old.store(&cache).unwrap();
    age(&home.only(".nbc"), 3 * DAY);
    new.store(&cache).unwrap();
    let limits = Limits {
        bytes: None,
        age: Some(2 * DAY),
    };
    let pruned = cache.prune(&limits).unwrap();
    assert_eq!((pruned.evicted, pruned.indexes), (1, 0));
    assert_eq!(old.reason(&cache), MissReason::NoOverload);
    new.assert_hit(&cache);
    assert_eq!(home.cache().list().unwrap()[0].overloads.len(), 1);
}

#[test]
fn two_meanings_of_one_request_go_one_by_one() {
    let home = Home::new();
    let cache = unlimited(&home);
    let old = entry(1);
    let mut new = old.clone();
    new.text.0[0] = 99;
    new.fingerprint[0] = 99;
    new.object.push(99);
    old.store(&cache).unwrap();
    age(&home.only(".nbc"), DAY);
    new.store(&cache).unwrap();
    let limits = Limits {
        bytes: None,
        age: Some(DAY / 2),
    };
    assert_eq!(cache.prune(&limits).unwrap().evicted, 1);
    assert_eq!(old.reason(&cache), MissReason::TextUnknown);
    new.assert_hit(&cache);
}

#[test]
fn a_store_above_the_quota_makes_room_and_looks_only_now_and_then() {
    let home = Home::new();
    let entries = filled(&home, 10);
    let all = usage(&home);
    let cache = with_limits(&home, bytes(all));
    let newest = entry(50);
    newest.store(&cache).unwrap();
    let stats = cache.stats();
    assert_eq!(stats.size_checks, 1);
    assert!(stats.evicted >= 1 && stats.evicted_bytes > 0, "{stats:?}");
    assert!(usage(&home) <= all - all / 10, "with some room");
    newest.assert_hit(&cache);
    let left = found(&home, &entries);
    let gone = left.iter().filter(|found| !**found).count();
    assert_eq!(gone as u64, stats.evicted);
    assert!(left.is_sorted(), "the oldest first: {left:?}");

    // 63 more stores do not look, the 64th does.
    for number in 0..63 {
        entry(100 + number).store(&cache).unwrap();
    }
    assert_eq!(cache.stats().size_checks, 1);
    entry(180).store(&cache).unwrap();
    assert_eq!(cache.stats().size_checks, 2);
    assert!(usage(&home) <= all - all / 10);
}

#[test]
fn a_store_within_the_quota_removes_nothing() {
    let home = Home::new();
    let entries = filled(&home, 5);
    let cache = home.cache();
    entry(9).store(&cache).unwrap();
    let stats = cache.stats();
    assert_eq!((stats.size_checks, stats.evicted), (1, 0));
    assert_eq!(found(&home, &entries), [true; 5]);
}

#[test]
fn a_quota_of_nothing_leaves_nothing_and_every_call_is_right() {
    let home = Home::new();
    filled(&home, 3);
    let cache = unlimited(&home);
    cache.prune(&bytes(0)).unwrap();
    assert_eq!(usage(&home), 0);
    let tight = with_limits(&home, bytes(0));
    entry(1).store(&tight).unwrap();
    assert!(!found(&home, &[entry(1)])[0]);
}

#[test]
fn what_lost_its_index_or_its_object_is_cleared_up() {
    let home = Home::new();
    let entries = filled(&home, 3);
    let cache = unlimited(&home);
    // A crash between object and index: old enough, and new.
    let index = |entry: &Entry| home.files().join(format!("{}.nbi", entry.id.file_stem()));
    fs::remove_file(index(&entries[0])).unwrap();
    let fresh = entry(20);
    fresh.store(&cache).unwrap();
    fs::remove_file(index(&fresh)).unwrap();
    // An entry whose object is gone.
    let stem = entries[1].id.file_stem();
    let object = home
        .names_with(".nbc")
        .into_iter()
        .find(|name| name.starts_with(&stem));
    fs::remove_file(home.files().join(object.unwrap())).unwrap();

    let pruned = cache.prune(&Limits::NONE).unwrap();
    assert_eq!((pruned.unnamed, pruned.indexes, pruned.evicted), (1, 1, 0));
    assert_eq!(found(&home, &entries), [false, false, true]);
    let verified = cache.verify().unwrap();
    assert!(verified.is_sound());
    assert_eq!(
        verified.unnamed.len(),
        1,
        "the new one is left to its writer"
    );
}

#[test]
fn an_index_that_cannot_be_read_is_set_aside_and_its_objects_follow() {
    let home = Home::new();
    let entries = filled(&home, 2);
    let index = home
        .files()
        .join(format!("{}.nbi", entries[0].id.file_stem()));
    fs::write(&index, "not an index").unwrap();
    let cache = unlimited(&home);
    let pruned = cache.prune(&Limits::NONE).unwrap();
    assert_eq!((pruned.evicted, pruned.unnamed), (0, 0));
    assert_eq!(cache.stats().set_aside, 1);
    assert_eq!(cache.prune(&Limits::NONE).unwrap().unnamed, 1);
    assert_eq!(found(&home, &entries), [false, true]);
}

#[test]
fn a_read_only_cache_prunes_nothing() {
    let home = Home::new();
    let entries = filled(&home, 2);
    let cache = home.cache_in(Mode::ReadOnly);
    assert_eq!(cache.prune(&bytes(0)).unwrap_err().kind(), ErrorKind::Mode);
    assert_eq!(found(&home, &entries), [true; 2]);
    let off = home.cache_in(Mode::Off);
    assert_eq!(off.prune(&bytes(0)).unwrap().evicted, 2);
    assert_eq!(
        Home::new().cache().prune(&bytes(0)).unwrap(),
        Pruned::default()
    );
}

/// Everything below a folder, with what it is.
fn tree(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        let name = path.display().to_string();
        if metadata.is_dir() {
            found.push((name, Vec::new()));
            found.extend(tree(&path));
        } else if metadata.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            found.push((name, target.to_string_lossy().as_bytes().to_vec()));
        } else {
            found.push((name, fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_that_is_not_ours_is_ever_removed() {
    let home = Home::new();
    filled(&home, 3);
    let precious = home.top().join("precious");
    fs::create_dir(&precious).unwrap();
    fs::write(precious.join("thesis"), "years of work").unwrap();
    let digest = "0f".repeat(16);
    let stem = "kernels.relu-0123456789abcdef";
    let (now, newer) = (FORMAT_VERSION, FORMAT_VERSION + 1);
    let (now, newer) = (format!("v{now}"), format!("v{newer}"));
    for place in ["v1", &now, &newer, "v03", "v", "v2x", "notes"] {
        let dir = home.dir().join(place);
        fs::create_dir_all(&dir).unwrap();
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
        for name in [
            "readme".to_string(),
            "a.nbi".to_string(),
            "a.nbc".to_string(),
            format!("{stem}.NBI"),
            format!("{stem}.{digest}.nbc.copy"),
            format!("{stem}.{}.nbc", &digest[1..]),
            "tmp-1-2".to_string(),
            "x.bad".to_string(),
            "index-00.locks".to_string(),
        ] {
            let path = dir.join(name);
            fs::write(&path, "mine").unwrap();
            age(&path, 1000 * DAY);
        }
        // Folders under our names, with something in them.
        let folder = dir.join(format!("{stem}.{digest}.nbc"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("inside"), "mine").unwrap();
        // A link under a foreign name to what is not ours.
        std::os::unix::fs::symlink(&precious, dir.join("link")).unwrap();
    }
    // Versions that are none of ours, or newer, with files like ours.
    for place in [&newer[..], "v03", "v", "v2x", "notes"] {
        let path = home.dir().join(place).join(format!("{stem}.nbi"));
        fs::write(&path, "newer").unwrap();
        age(&path, 1000 * DAY);
    }
    // A version folder that is a link.
    std::os::unix::fs::symlink(&precious, home.dir().join("v2")).unwrap();
    fs::write(precious.join(format!("{stem}.nbi")), "years of work").unwrap();
    age(&precious.join(format!("{stem}.nbi")), 1000 * DAY);
    // Links under our names that point outside: the link may go, never the target.
    let outside = home.files().join(format!("{stem}.nbi"));
    std::os::unix::fs::symlink(precious.join("thesis"), &outside).unwrap();

    let ours = |(name, _): &(String, Vec<u8>)| {
        let name = Path::new(name).file_name().unwrap().to_string_lossy();
        name.starts_with("kernels.relu") && !name.starts_with(stem) || name.ends_with(".lock")
    };
    let foreign = || {
        let mut tree = tree(home.top());
        let link = outside.display().to_string();
        tree.retain(|file| !ours(file) && !file.0.starts_with(&link));
        tree
    };
    let before = foreign();
    let nothing = Limits {
        bytes: Some(0),
        age: Some(Duration::ZERO),
    };
    unlimited(&home).prune(&nothing).unwrap();
    with_limits(&home, nothing).prune(&nothing).unwrap();
    entry(7).store(&with_limits(&home, nothing)).unwrap();
    assert_eq!(foreign(), before);
    assert!(before.len() > 80, "{}", before.len());
    let left = home.names_with(".nbc");
    assert!(
        !left.iter().any(|name| name.starts_with("kernels.relu7")),
        "{left:?}"
    );
    assert_eq!(found(&home, &[entry(1), entry(2), entry(3)]), [false; 3]);
}

#[test]
fn folders_of_old_formats_go_whole_when_they_are_old() {
    let home = Home::new();
    let cache = unlimited(&home);
    entry(1).store(&cache).unwrap();
    let stem = "kernels.relu-0123456789abcdef";
    let old = |version: &str, days: u32, with_foreign: bool| {
        use std::os::unix::fs::PermissionsExt;
        let dir = home.dir().join(version);
        fs::create_dir_all(&dir).unwrap();
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
        let own = [
            format!("{stem}.nbi"),
            format!("{stem}.{}.nbc", "0f".repeat(16)),
            "index-00.lock".to_string(),
        ];
        for name in own {
            let path = dir.join(name);
            fs::write(&path, "old format").unwrap();
            age(&path, DAY * days);
        }
        if with_foreign {
            fs::write(dir.join("readme"), "mine").unwrap();
        }
        dir
    };
    let young = old("v1", 29, false);
    assert_eq!(cache.prune(&Limits::NONE).unwrap().old_files, 0);
    assert!(young.exists());
    let limits = Limits {
        bytes: None,
        age: Some(DAY * 7),
    };
    let pruned = cache.prune(&limits).unwrap();
    assert_eq!((pruned.old_files, pruned.bytes), (3, 30));
    assert!(!young.exists());

    // A month without a limit, and a foreign file keeps its folder; at a store.
    let (first, second) = (old("v1", 31, false), old("v2", 31, true));
    let storing = home.cache();
    entry(2).store(&storing).unwrap();
    assert_eq!(storing.stats().old_files_removed, 6);
    assert!(!first.exists());
    let left: Vec<_> = fs::read_dir(second).unwrap().collect();
    assert_eq!(left.len(), 1);
    entry(1).assert_hit(&cache);
}

#[test]
fn a_failure_at_any_step_of_an_eviction_leaves_hits_and_ordinary_misses() {
    for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::StorageFull] {
        for step in [
            Step::Open(FileKind::Index),
            Step::Read(FileKind::Index),
            Step::Lock,
            Step::Create(FileKind::Index),
            Step::WriteHalf(FileKind::Index),
            Step::Sync(FileKind::Index),
            Step::Rename(FileKind::Index),
            Step::Remove(FileKind::Index),
            Step::Remove(FileKind::Object),
        ] {
            let home = Home::new();
            let mut entries = filled(&home, 3);
            // One function that keeps an entry, so that its index is written.
            let kept = entries[0].overload(&[DType::F32], 2);
            kept.store(&unlimited(&home)).unwrap();
            entries.push(kept);
            let hook = move |at| if at == step { Err(kind.into()) } else { Ok(()) };
            let failing = Cache::open_with_hook(home.config(Mode::On), Arc::new(hook));
            failing.set_log(|_| {});
            let limits = Limits {
                bytes: None,
                age: Some(HOUR),
            };
            let pruned = failing.prune(&limits);
            let unreadable = matches!(step, Step::Open(_) | Step::Read(_));
            let fails = !unreadable && step != Step::Lock;
            assert_eq!(pruned.is_err(), fails, "{step:?} {pruned:?}");
            let left = found(&home, &entries);
            assert!(left[3], "{step:?}: what is in use stays");
            assert!(home.cache().verify().unwrap().is_sound(), "{step:?}");
            // The next one finishes it.
            unlimited(&home).prune(&limits).unwrap();
            assert_eq!(found(&home, &entries), [false, false, false, true]);
            let verified = home.cache().verify().unwrap();
            assert!(
                verified.is_sound() && verified.unnamed.is_empty(),
                "{step:?}"
            );
        }
    }
}

#[test]
fn a_writer_at_work_keeps_its_entries() {
    let home = Home::new();
    let entries = filled(&home, 2);
    let locks: Vec<File> = home
        .names_with(".lock")
        .into_iter()
        .filter(|name| name.starts_with("index-"))
        .map(|name| {
            let file = File::open(home.files().join(name)).unwrap();
            file.lock().unwrap();
            file
        })
        .collect();
    let tight = with_limits(&home, bytes(0));
    entries[0].find(&tight).unwrap();
    // The lock of entry 3 may be one of them or not; it is stored either way.
    let pruned = std::thread::spawn(move || tight.prune(&bytes(0)).unwrap());
    let pruned = pruned.join().unwrap();
    assert_eq!((pruned.evicted, pruned.busy), (0, 2));
    assert_eq!(found(&home, &entries), [true; 2]);
    drop(locks);
    assert_eq!(unlimited(&home).prune(&bytes(0)).unwrap().evicted, 2);
}

#[test]
fn readers_and_writers_beside_an_eviction_see_hits_and_ordinary_misses() {
    let home = Home::new();
    let entries = filled(&home, 12);
    let all = usage(&home);
    let stop = Arc::new(AtomicBool::new(false));
    let limits = bytes(all / 3);
    std::thread::scope(|scope| {
        let mut workers = Vec::new();
        for worker in 0..3 {
            let (entries, home, stop) = (&entries, &home, Arc::clone(&stop));
            workers.push(scope.spawn(move || {
                // Its handle says nothing, or panics: no miss may be other than ordinary.
                let cache = with_limits(home, Limits::NONE);
                let (mut hits, mut misses) = (0_u64, 0_u64);
                let mut round = worker;
                while !stop.load(Ordering::Relaxed) {
                    let entry = &entries[round % entries.len()];
                    round += 1 + worker;
                    let known = if round % 2 == 0 {
                        entry.find(&cache)
                    } else {
                        entry.find_by_meaning(&cache)
                    };
                    match known {
                        Ok(hit) => {
                            assert!(entry.is(&hit));
                            hits += 1;
                        }
                        Err(miss) => {
                            assert!(miss.reason.is_ordinary(), "{miss}");
                            misses += 1;
                            entry.store(&cache).unwrap();
                        }
                    }
                }
                (hits, misses, cache.stats())
            }));
        }
        let pruner = unlimited(&home);
        let mut rounds = 0;
        while pruner.stats().evicted < 60 && rounds < 10_000 {
            pruner.prune(&limits).unwrap();
            rounds += 1;
        }
        stop.store(true, Ordering::Relaxed);
        let mut sums = (0, 0);
        for worker in workers {
            let (hits, misses, stats) = worker.join().unwrap();
            assert_eq!(stats.set_aside, 0);
            assert!(stats.store_failures.is_empty(), "{stats:?}");
            sums = (sums.0 + hits, sums.1 + misses);
        }
        assert!(sums.0 > 0 && sums.1 > 0, "{sums:?}");
        assert!(pruner.stats().evicted >= 60, "{:?}", pruner.stats());
    });
    let verified = home.cache().verify().unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    for name in home.names() {
        assert!(
            !name.starts_with("tmp-") && !name.ends_with(".bad"),
            "{name}"
        );
    }
}
