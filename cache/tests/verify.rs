//! `Cache::verify` finds what a lookup would not use, and changes nothing.

mod support;

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::SystemTime;

use brolga_abi::DType;
use brolga_cache::{Cache, CacheConfig, Damage, ErrorKind, MissReason, Mode, Verified};
use support::{Entry, Home, entry};

/// Every file with its bytes and time.
fn state(home: &Home) -> Vec<(String, Vec<u8>, SystemTime)> {
    let read = |name: String| {
        let path = home.files().join(&name);
        let modified = fs::symlink_metadata(&path).unwrap().modified().unwrap();
        (name, fs::read(&path).unwrap_or_default(), modified)
    };
    home.names().into_iter().map(read).collect()
}

/// What is found, after a look whether anything changed.
fn verify(home: &Home) -> Verified {
    let before = state(home);
    let cache = home.cache();
    let verified = cache.verify().unwrap();
    assert_eq!(state(home), before);
    let stats = cache.stats();
    assert_eq!((stats.misses(), stats.set_aside), (0, 0));
    verified
}

fn reasons(verified: &Verified) -> Vec<(&str, MissReason)> {
    let bad = verified.bad.iter();
    bad.map(|file| (&file.name[file.name.len() - 3..], file.reason))
        .collect()
}

fn filled() -> (Home, Vec<Entry>) {
    let home = Home::new();
    let entries: Vec<Entry> = (1..4)
        .flat_map(|number| {
            let first = entry(number);
            let second = first.overload(&[DType::F32], 2);
            [first, second]
        })
        .collect();
    let cache = home.cache();
    for entry in &entries {
        entry.store(&cache).unwrap();
    }
    (home, entries)
}

fn flip(path: &Path, place: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[place] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_sound_folder_is_sound() {
    let (home, _) = filled();
    let verified = verify(&home);
    assert!(verified.is_sound());
    assert_eq!((verified.indexes, verified.objects), (3, 6));
    assert!(verified.unnamed.is_empty());
    assert_eq!(verified.bytes, home.cache().usage().unwrap().bytes);
    // Whatever the mode.
    let read_only = home.cache_in(Mode::ReadOnly);
    assert_eq!(read_only.verify().unwrap(), verified);
}

#[test]
fn an_empty_or_missing_folder_is_sound_and_none_is_an_error() {
    let home = Home::new();
    assert_eq!(home.cache().verify().unwrap(), Verified::default());
    assert!(!home.dir().exists());
    let nowhere = Cache::open(CacheConfig::default());
    assert_eq!(nowhere.verify().unwrap_err().kind(), ErrorKind::Folder);
}

#[test]
fn every_byte_of_a_file_counts() {
    let home = Home::new();
    entry(1).store(&home.cache()).unwrap();
    for ending in [".nbi", ".nbc"] {
        let path = home.only(ending);
        let sound = fs::read(&path).unwrap();
        for place in 0..sound.len() {
            flip(&path, place);
            let verified = home.cache().verify().unwrap();
            assert_eq!(verified.bad.len(), 1, "{ending} {place}");
            fs::write(&path, &sound).unwrap();
        }
        for length in 0..sound.len() {
            fs::write(&path, &sound[..length]).unwrap();
            let verified = home.cache().verify().unwrap();
            assert_eq!(verified.bad.len(), 1, "{ending} cut at {length}");
        }
        fs::write(&path, &sound).unwrap();
    }
    assert!(verify(&home).is_sound());
}

#[test]
fn each_bad_file_has_the_reason_of_a_lookup() {
    let home = Home::new();
    let stored = entry(1);
    stored.store(&home.cache()).unwrap();
    let (index, object) = (home.only(".nbi"), home.only(".nbc"));
    let sound = fs::read(&object).unwrap();

    fs::remove_file(&object).unwrap();
    assert_eq!(
        reasons(&verify(&home)),
        [("nbc", MissReason::ObjectMissing)]
    );

    fs::create_dir(&object).unwrap();
    let expected = MissReason::ObjectUnreadable(Damage::NotRegular);
    assert_eq!(reasons(&verify(&home)), [("nbc", expected)]);
    fs::remove_dir(&object).unwrap();

    std::os::unix::fs::symlink("/etc/passwd", &object).unwrap();
    assert_eq!(reasons(&verify(&home)), [("nbc", expected)]);
    fs::remove_file(&object).unwrap();

    fs::write(&object, &sound).unwrap();
    fs::set_permissions(&object, fs::Permissions::from_mode(0o622)).unwrap();
    let expected = MissReason::ObjectUnreadable(Damage::Untrusted);
    assert_eq!(reasons(&verify(&home)), [("nbc", expected)]);
    fs::set_permissions(&object, fs::Permissions::from_mode(0o600)).unwrap();

    // Another function's object under the right name.
    let elsewhere = Home::new();
    entry(2).store(&elsewhere.cache()).unwrap();
    fs::copy(elsewhere.only(".nbc"), &object).unwrap();
    assert_eq!(reasons(&verify(&home)), [("nbc", MissReason::ObjectDigest)]);
    fs::write(&object, &sound).unwrap();

    fs::copy(elsewhere.only(".nbi"), &index).unwrap();
    let verified = verify(&home);
    let expected = MissReason::IndexUnreadable(Damage::Identity);
    assert_eq!(reasons(&verified), [("nbi", expected)]);
    assert_eq!(verified.unnamed.len(), 1, "its object has no index");
    // A lookup says the same.
    assert_eq!(stored.reason(&home.cache()), expected);
}

#[test]
fn damage_to_one_entry_leaves_the_others_good() {
    let (home, entries) = filled();
    let names = home.names_with(".nbi");
    let path = home.files().join(&names[0]);
    let last = fs::metadata(&path).unwrap().len() as usize - 1;
    flip(&path, last);
    let verified = verify(&home);
    let expected = MissReason::IndexUnreadable(Damage::Digest);
    assert_eq!(reasons(&verified), [("nbi", expected)]);
    assert_eq!((verified.indexes, verified.objects), (2, 5));
    assert_eq!(verified.unnamed.len(), 1);
    let found = entries.iter().filter(|entry| {
        let found = entry.find(&home.cache());
        found.is_ok_and(|hit| entry.is(&hit))
    });
    assert_eq!(found.count(), 5);
}

#[test]
fn objects_without_an_index_and_foreign_files_are_told_apart() {
    let (home, _) = filled();
    let index = home.names_with(".nbi").remove(1);
    fs::remove_file(home.files().join(index)).unwrap();
    fs::write(home.files().join("notes.nbi"), "mine").unwrap();
    File::create(home.files().join("tmp-1-0-0123456789abcdef")).unwrap();
    let verified = verify(&home);
    assert!(verified.is_sound());
    assert_eq!((verified.indexes, verified.objects), (2, 4));
    assert_eq!(verified.unnamed.len(), 2);
    for object in &verified.unnamed {
        let length = fs::metadata(home.files().join(&object.name)).unwrap().len();
        assert_eq!(object.bytes, length);
    }
}
