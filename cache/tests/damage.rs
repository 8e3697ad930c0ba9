//! Whatever stands in place of an index or an object, a lookup is a counted miss, and the
//! next store makes the cache whole again.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use brolga_abi::DType;
use brolga_cache::{Damage, MissReason, Mode};
use support::{Entry, Home, entry};

/// Looks `entry` up, which must be a miss of this handle counted under its name, then
/// stores it anew, after which all must be well. Returns the reason of the miss.
fn miss_and_repair(home: &Home, entry: &Entry) -> MissReason {
    let cache = home.cache();
    let reason = entry.reason(&cache);
    assert_eq!(
        cache.stats().text_misses.get(reason.name()),
        Some(&1),
        "{reason:?}"
    );
    // By its meaning it is not found either; a file set aside is simply not there then.
    assert!(entry.find_by_meaning(&cache).is_err());
    entry.store(&cache).unwrap();
    entry.assert_hit(&cache);
    entry.assert_hit(&home.cache());
    reason
}

fn stored(home: &Home) -> (Entry, PathBuf, PathBuf) {
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    (entry, home.only(".nbi"), home.only(".nbc"))
}

/// Replaces the file as a foreign program would, with the owner's usual permissions.
fn put(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn reasons_of_flips(home: &Home, entry: &Entry, path: &Path) -> BTreeSet<&'static str> {
    let sound = fs::read(path).unwrap();
    let mut reasons = BTreeSet::new();
    for at in 0..sound.len() {
        let mut flipped = sound.clone();
        flipped[at] ^= 1 << (at % 8);
        put(path, &flipped);
        let reason = miss_and_repair(home, entry);
        assert!(!reason.is_ordinary(), "byte {at}: {reason:?}");
        reasons.insert(reason.name());
        assert!(fs::read(path).unwrap() == sound, "byte {at}: not repaired");
    }
    reasons
}

#[test]
fn each_flipped_byte_of_an_index_is_a_miss_and_repaired() {
    let home = Home::new();
    let (entry, index, _) = stored(&home);
    let reasons = reasons_of_flips(&home, &entry, &index);
    let expected = [
        "index-digest",
        "index-keyed",
        "index-magic",
        "index-truncated",
        "index-version",
    ];
    assert_eq!(reasons, BTreeSet::from(expected));
    let aside = home.names_with(".bad").len();
    assert!((1..=64).contains(&aside), "{aside} set aside");
}

#[test]
fn each_flipped_byte_of_an_object_is_a_miss_and_repaired() {
    let home = Home::new();
    let (entry, _, object) = stored(&home);
    let reasons = reasons_of_flips(&home, &entry, &object);
    let expected = [
        "object-damaged",
        "object-keyed",
        "object-magic",
        "object-truncated",
        "object-version",
    ];
    assert_eq!(reasons, BTreeSet::from(expected));
}

#[test]
fn each_length_but_the_right_one_is_a_miss_and_repaired() {
    let home = Home::new();
    let (entry, index, object) = stored(&home);
    for path in [index, object] {
        let sound = fs::read(&path).unwrap();
        for length in 0..=sound.len() + 1 {
            let mut bytes = sound.clone();
            bytes.resize(length, 0);
            put(&path, &bytes);
            if length == sound.len() {
                entry.assert_hit(&home.cache());
                continue;
            }
            let name = miss_and_repair(&home, &entry).name();
            assert!(
                name.ends_with("-truncated"),
                "{}: {length}: {name}",
                path.display()
            );
        }
    }
}

#[test]
fn whatever_stands_in_place_of_a_file_is_set_aside_with_its_own_reason() {
    type Place = fn(&Home, &Path);
    let places: [(&str, Place, Damage); 12] = [
        ("empty", |_, path| put(path, b""), Damage::Truncated),
        (
            "text",
            |_, path| put(path, b"#!/bin/sh\necho no\n"),
            Damage::Magic,
        ),
        ("zeros", |_, path| put(path, &[0; 4096]), Damage::Magic),
        (
            "another version",
            |_, path| {
                let mut bytes = fs::read(path).unwrap();
                bytes[8..12].copy_from_slice(&99u32.to_le_bytes());
                put(path, &bytes);
            },
            Damage::Version,
        ),
        (
            "folder",
            |_, path| {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
            },
            Damage::NotRegular,
        ),
        (
            "full folder",
            |_, path| {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
                fs::write(path.join("x"), "x").unwrap();
            },
            Damage::NotRegular,
        ),
        (
            "pipe",
            |_, path| {
                fs::remove_file(path).unwrap();
                assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            },
            Damage::NotRegular,
        ),
        (
            "socket",
            |_, path| {
                fs::remove_file(path).unwrap();
                // The path of a socket is short, so it is made elsewhere and moved.
                let near = path.parent().unwrap().parent().unwrap().join("s");
                std::os::unix::net::UnixListener::bind(&near).unwrap();
                fs::rename(near, path).unwrap();
            },
            Damage::NotRegular,
        ),
        (
            "link to the file itself",
            |home, path| {
                let target = home.top().join("elsewhere");
                let _ = fs::remove_file(&target);
                fs::rename(path, &target).unwrap();
                symlink(&target, path).unwrap();
            },
            Damage::NotRegular,
        ),
        (
            "link to nothing",
            |_, path| {
                fs::remove_file(path).unwrap();
                symlink("nothing", path).unwrap();
            },
            Damage::NotRegular,
        ),
        (
            "writable by all",
            |_, path| fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap(),
            Damage::Untrusted,
        ),
        (
            "huge",
            |_, path| {
                let file = fs::OpenOptions::new().write(true).open(path).unwrap();
                file.set_len((64 << 20) + 1).unwrap();
            },
            Damage::TooLarge,
        ),
    ];
    for (name, place, damage) in places {
        for ending in [".nbi", ".nbc"] {
            let home = Home::new();
            let (entry, index, object) = stored(&home);
            let (path, expected) = match ending {
                ".nbi" => (index, MissReason::IndexUnreadable(damage)),
                _ => (object, MissReason::ObjectUnreadable(damage)),
            };
            place(&home, &path);

            let reader = home.cache_in(Mode::ReadOnly);
            assert_eq!(
                entry.reason(&reader),
                expected,
                "{name} as {ending}, read-only"
            );
            assert!(fs::symlink_metadata(&path).is_ok(), "read-only moved it");

            assert_eq!(
                miss_and_repair(&home, &entry),
                expected,
                "{name} as {ending}"
            );
            assert_eq!(home.names_with(".bad").len(), 1, "{name} as {ending}");
        }
    }
}

#[test]
fn a_store_repairs_what_no_lookup_has_seen() {
    for ending in [".nbi", ".nbc"] {
        let home = Home::new();
        let (entry, ..) = stored(&home);
        let path = home.only(ending);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        entry.store(&home.cache()).unwrap();
        entry.assert_hit(&home.cache());
        put(&path, b"nonsense");
        entry.store(&home.cache()).unwrap();
        entry.assert_hit(&home.cache());
    }
}

#[test]
fn a_file_that_belongs_to_another_user_is_not_read() {
    if !support::is_root() {
        support::skipped("only root can give a file away");
        return;
    }
    let home = Home::new();
    let (entry, index, object) = stored(&home);
    for (path, expected) in [
        (object, MissReason::ObjectUnreadable(Damage::Untrusted)),
        (index, MissReason::IndexUnreadable(Damage::Untrusted)),
    ] {
        std::os::unix::fs::chown(&path, Some(65534), None).unwrap();
        assert_eq!(miss_and_repair(&home, &entry), expected);
    }
}

#[test]
fn the_files_of_another_function_are_not_taken() {
    let home = Home::new();
    let (one, two) = (entry(1), entry(2));
    one.store(&home.cache()).unwrap();
    let (index, object) = (home.only(".nbi"), home.only(".nbc"));
    let (index_bytes, object_bytes) = (fs::read(&index).unwrap(), fs::read(&object).unwrap());
    fs::remove_file(&object).unwrap();
    two.store(&home.cache()).unwrap();
    let other_object = home.only(".nbc");

    put(&other_object, &object_bytes);
    assert_eq!(miss_and_repair(&home, &two), MissReason::ObjectDigest);
    let other_index = home.files().join(format!("{}.nbi", two.id.file_stem()));
    put(&other_index, &index_bytes);
    assert_eq!(
        miss_and_repair(&home, &two),
        MissReason::IndexUnreadable(Damage::Identity)
    );
}

#[test]
fn a_missing_object_is_a_miss_and_repaired() {
    let home = Home::new();
    let (entry, _, object) = stored(&home);
    fs::remove_file(object).unwrap();
    assert_eq!(miss_and_repair(&home, &entry), MissReason::ObjectMissing);
}

#[test]
fn damage_to_one_overload_costs_no_other() {
    let home = Home::new();
    let one = entry(1);
    let others: Vec<Entry> = [DType::F32, DType::I64, DType::I8]
        .iter()
        .zip(10..)
        .map(|(dtype, tag)| one.overload(&[*dtype], tag))
        .collect();
    one.store(&home.cache()).unwrap();
    for other in &others {
        other.store(&home.cache()).unwrap();
    }
    let index = home.only(".nbi");
    let mut bytes = fs::read(&index).unwrap();
    // The last byte belongs to the last section, whichever overload's that is.
    *bytes.last_mut().unwrap() ^= 1;
    put(&index, &bytes);

    let all: Vec<&Entry> = others.iter().chain([&one]).collect();
    let cache = home.cache();
    let hurt: Vec<&&Entry> = all
        .iter()
        .filter(|entry| entry.find(&cache).is_err())
        .collect();
    assert_eq!(hurt.len(), 1);
    assert_eq!(
        hurt[0].reason(&cache),
        MissReason::IndexUnreadable(Damage::Digest)
    );
    hurt[0].store(&cache).unwrap();
    assert_eq!(cache.stats().set_aside, 1);
    for entry in all {
        entry.assert_hit(&home.cache());
    }
}

#[test]
fn each_reason_is_logged_once() {
    use std::sync::Mutex;
    static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let home = Home::new();
    let (entry, _, object) = stored(&home);
    fs::remove_file(object).unwrap();
    let cache = home.cache();
    cache.set_log(|line| LINES.lock().unwrap().push(line.to_string()));
    for _ in 0..3 {
        assert_eq!(entry.reason(&cache), MissReason::ObjectMissing);
    }
    assert_eq!(
        *LINES.lock().unwrap(),
        ["brolga: cache: kernels::relu1: the object that the index names is missing"]
    );
}
