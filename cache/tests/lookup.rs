//! What is found after what was stored, in every mode, and what the folder holds then.

mod support;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use brolga_abi::DType;
use brolga_cache::{Cache, CacheConfig, ErrorKind, MissReason, Mode, StoreFailure, TextKey};
use support::{Entry, Home, entry, tables};

#[test]
fn another_handle_finds_what_was_stored() {
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();

    let cache = home.cache();
    let build_id = entry.request.build_id;
    assert_eq!(
        cache.meta(&entry.id, &entry.text, &build_id),
        Some(entry.meta.clone())
    );
    entry.assert_hit(&cache);
    let stats = cache.stats();
    assert_eq!(
        (stats.meta_hits, stats.text_hits, stats.misses()),
        (1, 1, 0)
    );
    assert_eq!(stats.index_reads, 1, "meta and find read the index once");
}

#[test]
fn an_untouched_index_is_read_once_and_a_changed_one_again() {
    let home = Home::new();
    let cache = home.cache();
    let one = entry(1);
    one.store(&cache).unwrap();
    for _ in 0..5 {
        one.assert_hit(&cache);
    }
    assert_eq!(cache.stats().index_reads, 1);

    let other = one.overload(&[DType::F32], 2);
    other.store(&home.cache()).unwrap();
    other.assert_hit(&cache);
    assert_eq!(cache.stats().index_reads, 2);
}

#[test]
fn lookups_of_what_is_not_there_say_what_is_missing() {
    let home = Home::new();
    let cache = home.cache();
    let stored = entry(1);
    assert_eq!(stored.reason(&cache), MissReason::NoFolder);
    assert!(!home.dir().exists(), "a lookup makes nothing");
    stored.store(&cache).unwrap();

    assert_eq!(entry(2).reason(&cache), MissReason::NoIndex);
    let mut other = stored.clone();
    other.text = TextKey([200; 32]);
    assert_eq!(other.reason(&cache), MissReason::TextUnknown);
    assert_eq!(
        cache.meta(&other.id, &other.text, &other.request.build_id),
        None
    );
    assert_eq!(cache.meta(&stored.id, &stored.text, &[0; 32]), None);
    other.fingerprint = [200; 32];
    let miss = other.find_by_meaning(&cache).unwrap_err();
    assert_eq!(miss.reason, MissReason::FingerprintUnknown);

    let mut requests = vec![stored.request.clone(); 6];
    requests[0].types = vec![DType::F32];
    requests[1].options = vec![];
    requests[2].target.cpu.push('x');
    requests[3].target.features.pop();
    requests[4].build_id = [0; 32];
    requests[5].abi_hash = 0;
    for request in requests {
        let mut other = stored.clone();
        other.request = request;
        assert_eq!(
            other.reason(&cache),
            MissReason::NoOverload,
            "{:?}",
            other.request
        );
    }
    let expected = [
        ("no-folder", 1),
        ("no-index", 1),
        ("no-overload", 6),
        ("text-unknown", 1),
    ];
    assert_eq!(cache.stats().text_misses, BTreeMap::from(expected));
    assert_eq!(
        cache.stats().fingerprint_misses,
        BTreeMap::from([("fingerprint-unknown", 1)])
    );
}

#[test]
fn a_hit_by_fingerprint_teaches_the_text_with_its_sites() {
    let home = Home::new();
    let old = entry(1);
    old.store(&home.cache()).unwrap();
    let mut reformatted = old.clone();
    reformatted.text = TextKey([77; 32]);
    reformatted.tables = tables(500);
    reformatted.meta.doc = "Another comment.".to_string();

    let cache = home.cache();
    assert!(reformatted.is(&reformatted.find_by_meaning(&cache).unwrap()));
    assert_eq!(cache.stats().taught, 1);
    reformatted.find_by_meaning(&cache).unwrap();
    assert_eq!(cache.stats().taught, 1, "nothing new the second time");

    let cache = home.cache();
    reformatted.assert_hit(&cache);
    old.assert_hit(&cache);
    let build_id = old.request.build_id;
    assert_eq!(
        cache.meta(&old.id, &reformatted.text, &build_id),
        Some(reformatted.meta)
    );
    assert_eq!(cache.meta(&old.id, &old.text, &build_id), Some(old.meta));
    assert_eq!(home.names_with(".nbc").len(), 1);
}

#[test]
fn the_last_eight_texts_are_kept() {
    let home = Home::new();
    let cache = home.cache();
    let texts: Vec<Entry> = (0..10)
        .map(|number| {
            let mut entry = entry(1);
            entry.text = TextKey([100 + number; 32]);
            entry
        })
        .collect();
    texts[0].store(&cache).unwrap();
    for text in &texts[1..] {
        text.find_by_meaning(&cache).unwrap();
    }
    for (number, text) in texts.iter().enumerate() {
        match text.find(&cache) {
            Ok(_) => assert!(number >= 2, "{number}"),
            Err(miss) => assert!(
                number < 2 && miss.reason == MissReason::TextUnknown,
                "{miss}"
            ),
        }
    }
}

#[test]
fn the_last_sixteen_meanings_are_kept_and_the_objects_of_others_removed() {
    let home = Home::new();
    let cache = home.cache();
    let edits: Vec<Entry> = (0..18)
        .map(|number| {
            let mut edit = entry(100 + number);
            edit.id = entry(1).id;
            edit
        })
        .collect();
    for edit in &edits {
        edit.store(&cache).unwrap();
    }
    for (number, edit) in edits.iter().enumerate() {
        let kept = cache
            .meta(&edit.id, &edit.text, &edit.request.build_id)
            .is_some();
        assert_eq!(kept, number >= 2, "{number}");
        assert_eq!(edit.find(&cache).is_ok(), number >= 2, "{number}");
    }
    assert_eq!(home.names_with(".nbc").len(), 16);
}

#[test]
fn a_text_that_now_means_something_else_finds_the_newest_code() {
    let home = Home::new();
    let cache = home.cache();
    let old = entry(1);
    let mut new = entry(2);
    new.id = old.id.clone();
    new.text = old.text;
    old.store(&cache).unwrap();
    new.store(&cache).unwrap();
    new.assert_hit(&cache);
    assert!(
        old.is(&old.find_by_meaning(&cache).unwrap()),
        "still known by its meaning"
    );
}

#[test]
fn the_same_stores_give_the_same_bytes_in_any_folder_and_order() {
    let one = entry(1);
    let two = one.overload(&[DType::F32], 2);
    let three = one.overload(&[DType::I64, DType::I64], 3);
    let bytes = |order: [&Entry; 3]| {
        let home = Home::new();
        for entry in order {
            entry.store(&home.cache()).unwrap();
        }
        let contents = |ending: &str| -> Vec<(String, Vec<u8>)> {
            home.names_with(ending)
                .into_iter()
                .map(|name| {
                    (
                        name.clone(),
                        std::fs::read(home.files().join(name)).unwrap(),
                    )
                })
                .collect()
        };
        (contents(".nbi"), contents(".nbc"))
    };
    let first = bytes([&one, &two, &three]);
    assert_eq!((first.0.len(), first.1.len()), (1, 3));
    assert!(first == bytes([&three, &one, &two]));
}

#[test]
fn storing_again_changes_nothing() {
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let index = home.only(".nbi");
    let before = std::fs::metadata(&index).unwrap().modified().unwrap();
    let names = home.names();
    entry.store(&home.cache()).unwrap();
    assert_eq!(
        std::fs::metadata(&index).unwrap().modified().unwrap(),
        before
    );
    assert_eq!(home.names(), names);
}

#[test]
fn an_overload_compiled_to_other_bytes_replaces_its_object() {
    let home = Home::new();
    let mut entry = entry(1);
    entry.store(&home.cache()).unwrap();
    entry.object.push(1);
    entry.store(&home.cache()).unwrap();
    entry.assert_hit(&home.cache());
    home.only(".nbc");
}

#[test]
fn objects_may_be_empty_or_large() {
    let home = Home::new();
    for (number, length) in [(1, 0), (2, 1), (3, 5 << 20)] {
        let mut entry = entry(number);
        entry.object = vec![number; length];
        entry.store(&home.cache()).unwrap();
        entry.assert_hit(&home.cache());
    }
}

#[test]
fn an_object_beyond_the_limit_is_not_stored() {
    let home = Home::new();
    let cache = home.cache();
    let mut entry = entry(1);
    entry.object = vec![0; 64 << 20];
    assert_eq!(entry.store(&cache), Err(StoreFailure::TooLarge));
    assert_eq!(
        cache.stats().store_failures,
        BTreeMap::from([("store-too-large", 1)])
    );
}

#[test]
fn files_are_for_their_owner_alone() {
    let home = Home::new();
    let cache = home.cache();
    let entry = entry(1);
    entry.store(&cache).unwrap();
    drop(
        cache
            .lock(&entry.id, &entry.request, std::time::Duration::ZERO)
            .unwrap(),
    );
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.dir()), 0o700);
    assert_eq!(mode(home.files()), 0o700);
    assert_eq!(home.names().len(), 4, "index, object, two locks");
    for name in home.names() {
        assert_eq!(mode(home.files().join(&name)), 0o600, "{name}");
    }
}

#[test]
fn off_neither_finds_nor_stores() {
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let names = home.names();
    let cache = home.cache_in(Mode::Off);
    assert_eq!(entry.reason(&cache), MissReason::Off);
    assert_eq!(
        entry.find_by_meaning(&cache).unwrap_err().reason,
        MissReason::Off
    );
    assert_eq!(
        cache.meta(&entry.id, &entry.text, &entry.request.build_id),
        None
    );
    assert_eq!(entry.store(&cache), Err(StoreFailure::Mode));
    assert!(
        cache
            .lock(&entry.id, &entry.request, std::time::Duration::ZERO)
            .is_none()
    );
    assert_eq!(home.names(), names);
}

#[test]
fn refresh_finds_nothing_and_stores() {
    let home = Home::new();
    let mut entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let cache = home.cache_in(Mode::Refresh);
    assert_eq!(entry.reason(&cache), MissReason::Refresh);
    assert_eq!(
        cache.meta(&entry.id, &entry.text, &entry.request.build_id),
        None
    );
    entry.object.push(5);
    entry.store(&cache).unwrap();
    entry.assert_hit(&home.cache());
}

#[test]
fn readonly_finds_and_writes_nothing_at_all() {
    let home = Home::new();
    let empty = home.cache_in(Mode::ReadOnly);
    let stored = entry(1);
    assert_eq!(stored.store(&empty), Err(StoreFailure::Mode));
    assert_eq!(stored.reason(&empty), MissReason::NoFolder);
    assert!(!home.dir().exists());

    stored.store(&home.cache()).unwrap();
    let damaged = entry(2);
    damaged.store(&home.cache()).unwrap();
    let index = home.files().join(format!("{}.nbi", damaged.id.file_stem()));
    std::fs::write(&index, b"nonsense").unwrap();
    let state = || -> Vec<(String, Vec<u8>)> {
        home.names()
            .into_iter()
            .map(|name| {
                (
                    name.clone(),
                    std::fs::read(home.files().join(name)).unwrap(),
                )
            })
            .collect()
    };
    let before = state();

    let cache = home.cache_in(Mode::ReadOnly);
    stored.assert_hit(&cache);
    let mut taught = stored.clone();
    taught.text = TextKey([77; 32]);
    taught.find_by_meaning(&cache).unwrap();
    assert!(matches!(
        damaged.reason(&cache),
        MissReason::IndexUnreadable(_)
    ));
    assert_eq!(entry(3).store(&cache), Err(StoreFailure::Mode));
    assert!(
        cache
            .lock(&stored.id, &stored.request, std::time::Duration::ZERO)
            .is_none()
    );
    assert_eq!(cache.clear().unwrap_err().kind(), ErrorKind::Mode);
    assert!(state() == before);
}

#[test]
fn list_and_usage_tell_what_is_there_and_clear_removes_it_and_nothing_else() {
    let home = Home::new();
    let cache = home.cache();
    assert_eq!(cache.list().unwrap(), []);
    assert_eq!(cache.usage().unwrap(), Default::default());
    assert_eq!(cache.clear().unwrap(), Default::default());

    let one = entry(1);
    let other = one.overload(&[DType::F32], 2);
    let two = entry(2);
    for entry in [&two, &one, &other] {
        entry.store(&cache).unwrap();
    }
    let listed = cache.list().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0].id, &listed[1].id), (&one.id, &two.id));
    let types: Vec<_> = listed[0]
        .overloads
        .iter()
        .map(|o| o.types.clone())
        .collect();
    assert_eq!(types, [other.request.types, one.request.types.clone()]);
    let overload = &listed[0].overloads[1];
    let object = home.files().join(&overload.object_name);
    assert_eq!(
        std::fs::metadata(&object).unwrap().len(),
        overload.object_bytes
    );
    assert!(overload.modified.is_some());
    assert_eq!((overload.texts, overload.fingerprint), (1, one.fingerprint));
    assert_eq!(overload.target, one.request.target);

    let usage = cache.usage().unwrap();
    assert_eq!((usage.indexes, usage.objects), (2, 3));
    let foreign = home.files().join("notes.txt");
    std::fs::write(&foreign, "mine").unwrap();
    let cleared = cache.clear().unwrap();
    assert_eq!((cleared.files, cleared.bytes), (5, usage.bytes));
    assert_eq!(one.reason(&cache), MissReason::NoIndex);
    assert_eq!(cache.usage().unwrap(), Default::default());
    assert!(foreign.exists());
    assert!(
        home.names()
            .iter()
            .all(|n| n.ends_with(".lock") || n == "notes.txt")
    );

    one.store(&cache).unwrap();
    one.assert_hit(&cache);
}

#[test]
fn without_a_folder_everything_is_a_counted_miss() {
    let cache = Cache::open(CacheConfig::default());
    cache.set_log(|_| {});
    let entry = entry(1);
    assert_eq!(entry.reason(&cache), MissReason::NoFolder);
    assert_eq!(entry.store(&cache), Err(StoreFailure::NoFolder));
    assert_eq!(cache.list().unwrap_err().kind(), ErrorKind::Folder);
    assert_eq!(cache.stats().misses(), 1);
}

#[test]
fn handles_go_to_any_thread() {
    fn check<T: Send + Sync + Clone>() {}
    check::<Cache>();
}
