//! One file with many entries: what goes in, what comes out, and that a damaged or hostile one
//! gives nothing wrong.

mod support;

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use brolga_abi::DType;
use brolga_cache::{
    Cache, Damage, ErrorKind, Exported, FileKind, Imported, Layer, LayerSource, MissReason, Mode,
    Selection, Skipped, Step, StoreFailure, TextKey,
};
use support::{Entry, Home, bundle_of, entry, over, state, tables};

/// Two functions, one with two overloads, one of them with two texts.
fn entries() -> Vec<Entry> {
    let one = entry(1);
    let mut reformatted = one.clone();
    reformatted.text = TextKey([77; 32]);
    reformatted.tables = tables(500);
    let overload = one.overload(&[DType::F32], 2);
    vec![one, reformatted, overload, entry(3)]
}

fn filled(entries: &[Entry]) -> Home {
    let home = Home::new();
    let cache = home.cache();
    for entry in entries {
        entry.store(&cache).unwrap();
    }
    home
}

fn import(home: &Home, bundle: &Path) -> Imported {
    home.cache().import(bundle).unwrap()
}

#[test]
fn what_was_exported_is_found_after_an_import() {
    let from = filled(&entries());
    let to = from.top().join("all.nbb");
    let before = state(&from.dir());
    let exported = from.cache().export(&to, &Selection::default()).unwrap();
    let bytes = fs::metadata(&to).unwrap().len();
    assert_eq!(
        exported,
        Exported {
            functions: 2,
            objects: 3,
            bytes,
            skipped: vec![],
        }
    );
    assert_eq!(state(&from.dir()), before, "an export changes nothing");

    let home = Home::new();
    let imported = import(&home, &to);
    let sizes = home.names_with(".nbc");
    let sizes = sizes.iter().map(|name| home.files().join(name));
    let bytes = sizes.map(|path| fs::metadata(path).unwrap().len()).sum();
    let expected = Imported {
        functions: 2,
        objects: 3,
        bytes,
        ..Imported::default()
    };
    assert_eq!(imported, expected);
    let cache = home.cache();
    for entry in entries() {
        entry.assert_hit(&cache);
        let build_id = entry.request.build_id;
        assert_eq!(
            cache.meta(&entry.id, &entry.text, &build_id),
            Some(entry.meta)
        );
    }
    // The folder is the one that was exported, byte for byte.
    for name in from
        .names_with(".nbi")
        .into_iter()
        .chain(from.names_with(".nbc"))
    {
        let there = fs::read(home.files().join(&name)).unwrap();
        assert_eq!(there, fs::read(from.files().join(&name)).unwrap(), "{name}");
    }

    // Once more, which changes nothing.
    let before = state(&home.files());
    let again = import(&home, &to);
    let expected = Imported {
        functions: 2,
        known: 3,
        ..Imported::default()
    };
    assert_eq!(again, expected);
    assert_eq!(files_of(&state(&home.files())), files_of(&before));
}

/// Index and object files alone: lock files come and stay.
fn files_of(state: &[(PathBuf, Vec<u8>, [i64; 7])]) -> Vec<(PathBuf, Vec<u8>, [i64; 7])> {
    let is_file = |path: &Path| path.extension().is_some_and(|e| e == "nbi" || e == "nbc");
    let files = state.iter().filter(|(path, ..)| is_file(path));
    files.cloned().collect()
}

#[test]
fn the_same_entries_give_the_same_bytes() {
    let (one, two) = (filled(&entries()), filled(&entries()));
    let bytes = fs::read(bundle_of(&one)).unwrap();
    assert_eq!(bytes, fs::read(bundle_of(&one)).unwrap());
    assert_eq!(bytes, fs::read(bundle_of(&two)).unwrap());
    let copy = Home::new();
    import(&copy, &one.top().join("all.nbb"));
    assert_eq!(bytes, fs::read(bundle_of(&copy)).unwrap());
}

#[test]
fn an_empty_cache_gives_an_empty_bundle() {
    let home = Home::new();
    let to = home.top().join("all.nbb");
    let exported = home.cache().export(&to, &Selection::default()).unwrap();
    let expected = Exported {
        bytes: 64,
        ..Exported::default()
    };
    assert_eq!(exported, expected);
    assert!(!home.dir().exists(), "an export makes no folder");
    assert_eq!(import(&Home::new(), &to), Imported::default());
    let cache = over(&Home::new(), &[Layer::new(LayerSource::Bundle(to))]);
    assert!(entry(1).find(&cache).is_err());
    assert_eq!(cache.stats().layers[0].misses.get("no-index"), Some(&1));
}

#[test]
fn a_selection_takes_what_meets_all_of_it() {
    let mut all = entries();
    let mut of_another_cpu = entry(4);
    of_another_cpu.request.target.cpu = "x86-64-v3".to_string();
    let mut of_another_build = entry(1).overload(&[DType::I64], 5);
    of_another_build.request.build_id = [10; 32];
    let mut of_another_module = entry(1);
    of_another_module.id.module = "others".to_string();
    all.extend([of_another_cpu, of_another_build, of_another_module]);
    let from = filled(&all);
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let modules = |of: &[&str]| Selection {
        modules: names(of),
        ..Selection::default()
    };
    let functions = |of: &[&str]| Selection {
        functions: names(of),
        ..Selection::default()
    };
    let cpus = |of: &[&str]| Selection {
        cpus: names(of),
        ..Selection::default()
    };
    let builds = |of: &[u8]| Selection {
        builds: of.iter().map(|byte| [*byte; 32]).collect(),
        ..Selection::default()
    };
    // Numbers of `all`; 0 and 1 are texts of one object.
    for (selection, taken) in [
        (Selection::default(), vec![0, 1, 2, 3, 4, 5, 6]),
        (modules(&["kernels"]), vec![0, 1, 2, 3, 4, 5]),
        (modules(&["others", "kernels"]), vec![0, 1, 2, 3, 4, 5, 6]),
        (modules(&["none"]), vec![]),
        (functions(&["relu1"]), vec![0, 1, 2, 5, 6]),
        (functions(&["relu3", "relu4"]), vec![3, 4]),
        (cpus(&["x86-64-v3"]), vec![4]),
        (builds(&[10]), vec![5]),
        (builds(&[9, 10]), vec![0, 1, 2, 3, 4, 5, 6]),
        (
            Selection {
                modules: names(&["kernels"]),
                builds: vec![[9; 32]],
                functions: names(&["relu1"]),
                ..Selection::default()
            },
            vec![0, 1, 2],
        ),
    ] {
        let to = from.top().join("some.nbb");
        let exported = from.cache().export(&to, &selection).unwrap();
        let objects = taken.iter().filter(|number| **number != 1).count() as u64;
        assert_eq!(exported.objects, objects, "{selection:?}");
        assert_eq!(exported.skipped, []);
        let home = Home::new();
        assert_eq!(import(&home, &to).objects, objects);
        for (number, entry) in all.iter().enumerate() {
            let found = entry.find(&home.cache());
            assert_eq!(
                found.is_ok(),
                taken.contains(&number),
                "{selection:?} {number}"
            );
        }
    }
}

#[test]
fn only_what_is_sound_is_exported_and_the_rest_is_named() {
    let from = filled(&entries());
    let hurt = entry(1).overload(&[DType::F32], 2);
    // One object is damaged, one is missing; of another function the index is.
    let objects = from.names_with(".nbc");
    let three = entry(3).id.file_stem();
    let is_hurt = |name: &&String| {
        let bytes = fs::read(from.files().join(name)).unwrap();
        !name.starts_with(&three) && bytes.ends_with(&hurt.object)
    };
    let name = objects.iter().find(is_hurt).unwrap().clone();
    let path = from.files().join(&name);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let index = format!("{three}.nbi");
    fs::write(from.files().join(&index), b"").unwrap();
    fs::set_permissions(from.files().join(&index), fs::Permissions::from_mode(0o600)).unwrap();

    let to = from.top().join("all.nbb");
    let before = state(&from.dir());
    let exported = from.cache().export(&to, &Selection::default()).unwrap();
    assert_eq!(state(&from.dir()), before);
    assert_eq!((exported.functions, exported.objects), (1, 1));
    let expected = [
        Skipped {
            name: name.clone(),
            reason: MissReason::ObjectUnreadable(Damage::Digest),
        },
        Skipped {
            name: index,
            reason: MissReason::IndexUnreadable(Damage::Truncated),
        },
    ];
    assert_eq!(exported.skipped, expected);
    fs::remove_file(&path).unwrap();
    let exported = from.cache().export(&to, &Selection::default()).unwrap();
    assert_eq!(exported.skipped[0].reason, MissReason::ObjectMissing);

    let home = Home::new();
    let imported = import(&home, &to);
    assert_eq!((imported.objects, imported.skipped), (1, vec![]));
    entry(1).assert_hit(&home.cache());
    assert_eq!(hurt.reason(&home.cache()), MissReason::NoOverload);
}

#[test]
fn an_import_is_merged_with_what_is_there() {
    let bundle = filled(&entries());
    let path = bundle_of(&bundle);
    let own = entry(1).overload(&[DType::U8], 9);
    let mut same_object = entry(1);
    same_object.text = TextKey([90; 32]);
    let home = filled(&[own.clone(), same_object.clone(), entry(8)]);
    let imported = import(&home, &path);
    assert_eq!((imported.objects, imported.known), (2, 1));
    let cache = home.cache();
    for entry in entries().iter().chain([&own, &same_object, &entry(8)]) {
        entry.assert_hit(&cache);
    }
}

#[test]
fn imports_beside_writers_lose_nothing() {
    let bundle = filled(&entries());
    let path = bundle_of(&bundle);
    let home = Home::new();
    let types = [DType::I8, DType::I16, DType::I32, DType::I64, DType::U16];
    let own = |number: usize| entry(1).overload(&[types[number]], 20 + number as u8);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| home.cache().import(&path).unwrap());
        }
        for number in 0..types.len() {
            let home = &home;
            scope.spawn(move || own(number).store(&home.cache()).unwrap());
        }
    });
    let cache = home.cache();
    for entry in entries().into_iter().chain((0..types.len()).map(own)) {
        entry.assert_hit(&cache);
    }
    assert!(home.names_with(".bad").is_empty());
    assert!(!home.names().iter().any(|name| name.starts_with("tmp-")));
}

/// What a bad bundle gives: an import that fails or takes nothing, and as a layer a miss.
fn assert_gives_nothing(home: &Home, path: &Path, bytes: &[u8], what: &str) {
    // Anew: some file systems flush a file that is written over.
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
    match home.cache().import(path) {
        Err(error) => assert_eq!(error.kind(), ErrorKind::Bundle, "{what}: {error}"),
        Ok(imported) => {
            assert_eq!((imported.functions, imported.objects), (0, 0), "{what}");
            assert!(!imported.skipped.is_empty(), "{what}");
        }
    }
    assert!(entry(1).find(&home.cache()).is_err(), "{what}");
    let cache = over(home, &[Layer::new(LayerSource::Bundle(path.to_path_buf()))]);
    assert!(entry(1).find(&cache).is_err(), "{what}");
    let stats = cache.stats();
    let (name, count) = stats.layers[0].misses.first_key_value().unwrap();
    assert_eq!(*count, 1, "{what}");
    let is_told = ["bundle-", "index-", "object-"]
        .iter()
        .any(|kind| name.starts_with(kind));
    assert!(is_told, "{what}: {name}");
}

#[test]
fn each_flipped_byte_and_each_length_of_a_bundle_gives_nothing_wrong() {
    let shared = filled(&[entry(1)]);
    let path = bundle_of(&shared);
    let sound = fs::read(&path).unwrap();
    let home = Home::new();
    for at in 0..sound.len() {
        let mut flipped = sound.clone();
        flipped[at] ^= 1 << (at % 8);
        assert_gives_nothing(&home, &path, &flipped, &format!("byte {at}"));
    }
    for length in (0..sound.len()).chain([sound.len() + 1]) {
        let mut bytes = sound.clone();
        bytes.resize(length, 0);
        assert_gives_nothing(&home, &path, &bytes, &format!("length {length}"));
    }
    fs::write(&path, &sound).unwrap();
    entry(1).assert_hit(&over(
        &Home::new(),
        &[Layer::new(LayerSource::Bundle(path))],
    ));
}

/// Where the files in a bundle begin.
fn files_start(bytes: &[u8]) -> usize {
    64 + u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize
}

/// Gives the table of a bundle, and its rows, the digests that the bytes now have.
fn reseal(bytes: &mut [u8]) {
    let number = |bytes: &[u8], at: usize| {
        u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize
    };
    let (mut at, end) = (64, files_start(bytes));
    while at < end {
        let (start, length) = (number(bytes, at), number(bytes, at + 8));
        let digest = blake3::hash(&bytes[start..start + length]);
        bytes[at + 16..at + 48].copy_from_slice(digest.as_bytes());
        let name = u16::from_le_bytes(bytes[at + 48..at + 50].try_into().unwrap());
        at += 50 + usize::from(name);
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..32]);
    hasher.update(&bytes[64..end]);
    bytes[32..64].copy_from_slice(hasher.finalize().as_bytes());
}

#[test]
fn right_digests_of_a_table_do_not_make_up_for_wrong_ones_of_a_file() {
    let shared = filled(&[entry(1)]);
    let path = bundle_of(&shared);
    let sound = fs::read(&path).unwrap();
    let mut same = sound.clone();
    reseal(&mut same);
    assert!(same == sound);
    let home = Home::new();
    for at in files_start(&sound)..sound.len() {
        let mut flipped = sound.clone();
        flipped[at] ^= 1 << (at % 8);
        reseal(&mut flipped);
        assert_gives_nothing(&home, &path, &flipped, &format!("byte {at}"));
    }
}

#[test]
fn damage_to_one_entry_of_a_bundle_costs_that_one() {
    let shared = filled(&entries());
    let path = bundle_of(&shared);
    let mut bytes = fs::read(&path).unwrap();
    let hurt = entry(1).overload(&[DType::F32], 2);
    let object = &hurt.object[..];
    let at = bytes.windows(object.len()).position(|part| part == object);
    bytes[at.unwrap()] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let home = Home::new();
    let imported = import(&home, &path);
    assert_eq!((imported.functions, imported.objects), (2, 2));
    assert_eq!(imported.skipped.len(), 1);
    assert_eq!(imported.skipped[0].reason.name(), "object-damaged");
    let layered = over(&Home::new(), &[Layer::new(LayerSource::Bundle(path))]);
    for entry in entries() {
        let is_sound = entry.request != hurt.request;
        assert_eq!(entry.find(&home.cache()).is_ok(), is_sound);
        assert_eq!(entry.find(&layered).is_ok(), is_sound);
    }
}

#[test]
fn a_claim_of_a_huge_table_takes_no_memory() {
    let home = Home::new();
    let path = home.top().join("huge.nbb");
    let mut header = fs::read(bundle_of(&home)).unwrap();
    let length = 1u64 << 40;
    header[24..32].copy_from_slice(&length.to_le_bytes());
    for table in [length - 64, (64 << 20) + 1, u64::MAX, u64::MAX - 63] {
        header[16..24].copy_from_slice(&table.to_le_bytes());
        fs::write(&path, &header).unwrap();
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        // Without a block on the disk.
        file.set_len(length).unwrap();
        let error = home.cache().import(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Bundle);
        let cache = over(&home, &[Layer::new(LayerSource::Bundle(path.clone()))]);
        assert!(entry(1).find(&cache).is_err());
        let misses = &cache.stats().layers[0].misses;
        assert_eq!(misses.get("bundle-too-large"), Some(&1), "{misses:?}");
    }
}

#[test]
fn an_export_that_fails_at_any_step_leaves_the_old_bundle() {
    let home = filled(&entries());
    let to = bundle_of(&home);
    let old = fs::read(&to).unwrap();
    entry(9).store(&home.cache()).unwrap();
    let failing = [
        Step::Open(FileKind::Object),
        Step::Create(FileKind::Bundle),
        Step::Write(FileKind::Bundle),
        Step::WriteHalf(FileKind::Bundle),
        Step::Sync(FileKind::Bundle),
        Step::Rename(FileKind::Bundle),
    ];
    for step in failing {
        let hook = move |at: Step| match at == step {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        };
        let cache = Cache::open_with_hook(home.config(Mode::On), Arc::new(hook));
        cache.set_log(|_| {});
        let result = cache.export(&home.top().join("new.nbb"), &Selection::default());
        if step == Step::Open(FileKind::Object) {
            // Nothing can be verified, so nothing is taken, and that is told.
            let exported = result.unwrap();
            assert_eq!((exported.objects, exported.skipped.len()), (0, 4));
            fs::remove_file(home.top().join("new.nbb")).unwrap();
            continue;
        }
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Io, "{step:?}");
        assert!(cache.export(&to, &Selection::default()).is_err());
        assert_eq!(fs::read(&to).unwrap(), old, "{step:?}");
        let mut names: Vec<_> = fs::read_dir(home.top())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["all.nbb", "cache"], "{step:?}");
    }
}

#[test]
fn an_object_that_goes_while_it_is_exported_fails_the_export() {
    let home = filled(&entries());
    let object = home.files().join(&home.names_with(".nbc")[0]);
    let hook = move |at: Step| {
        if at == Step::WriteHalf(FileKind::Bundle) {
            fs::remove_file(&object)?;
        }
        Ok(())
    };
    let cache = Cache::open_with_hook(home.config(Mode::On), Arc::new(hook));
    let to = home.top().join("all.nbb");
    let error = cache.export(&to, &Selection::default()).unwrap_err();
    assert!(error.to_string().contains("removed meanwhile"), "{error}");
    assert!(!to.exists());
}

#[test]
fn an_object_that_is_evicted_while_it_is_imported_is_written_again() {
    let bundle = filled(&[entry(1)]);
    let path = bundle_of(&bundle);
    let home = filled(&[entry(1)]);
    let object = home.only(".nbc");
    let once = AtomicBool::new(false);
    let hook = move |at: Step| {
        if at == Step::Lock && !once.swap(true, Ordering::Relaxed) {
            fs::remove_file(&object)?;
        }
        Ok(())
    };
    let cache = Cache::open_with_hook(home.config(Mode::On), Arc::new(hook));
    cache.set_log(|_| {});
    let imported = cache.import(&path).unwrap();
    assert_eq!((imported.functions, imported.known), (1, 1));
    entry(1).assert_hit(&home.cache());
}

#[test]
fn an_import_stays_within_the_limits() {
    let bundle = filled(&(1..40).map(entry).collect::<Vec<_>>());
    let path = bundle_of(&bundle);
    let home = Home::new();
    let limits = brolga_cache::Limits {
        bytes: Some(1),
        age: None,
    };
    let cache = Cache::open(brolga_cache::CacheConfig {
        limits,
        ..home.config(Mode::On)
    });
    cache.import(&path).unwrap();
    assert!(cache.stats().evicted > 0);
}

#[test]
fn an_import_that_fails_at_any_step_keeps_what_is_there() {
    let bundle = filled(&entries());
    let path = bundle_of(&bundle);
    for step in Step::OF_A_STORE {
        if step == Step::Lock {
            continue; // It goes on without.
        }
        let home = Home::new();
        if step != Step::CreateFolder {
            entry(8).store(&home.cache()).unwrap();
        }
        let hook = move |at: Step| match at == step {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        };
        let cache = Cache::open_with_hook(home.config(Mode::On), Arc::new(hook));
        cache.set_log(|_| {});
        let error = cache.import(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{step:?}");
        if step != Step::CreateFolder {
            entry(8).assert_hit(&home.cache());
        }
        assert!(!home.names().iter().any(|name| name.starts_with("tmp-")));
        import(&home, &path);
        for entry in entries() {
            entry.assert_hit(&home.cache());
        }
    }
}

#[test]
fn a_command_that_cannot_be_done_says_why() {
    let home = filled(&[entry(1)]);
    let path = bundle_of(&home);
    let kind = |cache: Cache, from: &Path| cache.import(from).unwrap_err().kind();
    assert_eq!(kind(home.cache(), &home.top().join("none")), ErrorKind::Io);
    assert_eq!(kind(home.cache(), home.top()), ErrorKind::Bundle);
    assert_eq!(kind(home.cache(), &home.only(".nbi")), ErrorKind::Bundle);
    for mode in [Mode::ReadOnly, Mode::Off] {
        assert_eq!(kind(home.cache_in(mode), &path), ErrorKind::Mode);
    }
    let open = fs::Permissions::from_mode(0o777);
    fs::set_permissions(home.dir(), open).unwrap();
    assert_eq!(kind(home.cache(), &path), ErrorKind::Folder);
    let error = home.cache().export(&path, &Selection::default());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Folder);
    let own = fs::Permissions::from_mode(0o700);
    fs::set_permissions(home.dir(), own).unwrap();

    // A folder in place of the bundle stays.
    let error = home.cache().export(home.top(), &Selection::default());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Io);
    let no_folder = Cache::open(brolga_cache::CacheConfig::default());
    let error = no_folder.import(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Folder);
    assert_eq!(error.to_string(), StoreFailure::NoFolder.to_string());
}
