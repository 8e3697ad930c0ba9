//! A disk or a process that fails at each step, and folders that cannot be used.

mod support;

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use brolga_abi::DType;
use brolga_cache::{Cache, CacheConfig, FileKind, MissReason, Mode, Step, StoreFailure};
use support::{DONE, Home, child_cache, command, command_after, done, entry, variable};

fn failing_at(home: &Home, at: Step, kind: io::ErrorKind) -> Cache {
    let hook = move |step: Step| if step == at { Err(kind.into()) } else { Ok(()) };
    let cache = Cache::open_with_hook(home.config(Mode::On), Arc::new(hook));
    cache.set_log(|_| {});
    cache
}

#[test]
fn a_disk_that_fails_at_a_step_costs_the_entry_at_most() {
    for step in Step::OF_A_STORE {
        for kind in [
            io::ErrorKind::StorageFull,
            io::ErrorKind::ReadOnlyFilesystem,
        ] {
            let home = Home::new();
            let before = entry(1);
            if step != Step::CreateFolder {
                before.store(&home.cache()).unwrap();
            }
            let new = before.overload(&[DType::F32], 2);
            let cache = failing_at(&home, step, kind);
            let stored = new.store(&cache);
            let stats = cache.stats();
            let expected = match step {
                Step::CreateFolder | Step::SyncFolder => Err(StoreFailure::FolderIo(kind)),
                Step::Lock => Ok(()),
                Step::Create(file)
                | Step::Write(file)
                | Step::WriteHalf(file)
                | Step::Sync(file)
                | Step::Rename(file) => Err(match file {
                    FileKind::Index => StoreFailure::IndexIo(kind),
                    FileKind::Object => StoreFailure::ObjectIo(kind),
                    FileKind::Bundle => unreachable!("not a file of a store"),
                }),
                Step::Open(_) | Step::Read(_) | Step::Touch | Step::Remove(_) => {
                    unreachable!("not a step of a store")
                }
            };
            assert_eq!(stored, expected, "{step:?}");
            if let Err(failure) = expected {
                assert_eq!(
                    stats.store_failures.get(failure.name()),
                    Some(&1),
                    "{step:?}"
                );
            }
            // Nothing half done is left, and the next process is well.
            assert!(
                !home.names().iter().any(|name| name.starts_with("tmp-")),
                "{step:?}"
            );
            let next = home.cache();
            if step != Step::CreateFolder {
                before.assert_hit(&next);
            }
            match new.find(&next) {
                Ok(hit) => assert!(new.is(&hit)),
                Err(miss) => assert!(miss.reason.is_ordinary(), "{step:?}: {miss:?}"),
            }
            new.store(&next).unwrap();
            new.assert_hit(&home.cache());
        }
    }
}

#[test]
fn a_process_that_dies_at_a_step_costs_the_entry_at_most() {
    for (number, step) in Step::OF_A_STORE.into_iter().enumerate() {
        let home = Home::new();
        let old = entry(1);
        if step != Step::CreateFolder {
            old.store(&home.cache()).unwrap();
        }
        let status = command(
            "child_dies",
            &[
                ("BROLGA_TEST_DIR", home.dir().to_str().unwrap()),
                ("BROLGA_TEST_STEP", &number.to_string()),
            ],
        )
        .status()
        .unwrap();
        assert_eq!(
            status.code(),
            Some(DONE),
            "{step:?}: the child did not reach it"
        );

        // The child stored new code of a new meaning for the same request.
        let mut new = entry(2);
        new.id = old.id.clone();
        let next = home.cache();
        if step != Step::CreateFolder {
            old.assert_hit(&next);
        }
        match new.find(&next) {
            Ok(hit) => {
                assert!(new.is(&hit), "{step:?}");
                assert_eq!(step, Step::SyncFolder);
            }
            Err(miss) => assert!(miss.reason.is_ordinary(), "{step:?}: {miss:?}"),
        }
        new.store(&next).unwrap();
        new.assert_hit(&home.cache());
        assert_eq!(next.stats().unlocked_writes, 0, "the dead hold no lock");

        // Its temporary is swept when it is old, and not before.
        let left: Vec<PathBuf> = home
            .names()
            .into_iter()
            .filter(|name| name.starts_with("tmp-"))
            .map(|name| home.files().join(name))
            .collect();
        let half_written = matches!(
            step,
            Step::Write(_) | Step::WriteHalf(_) | Step::Sync(_) | Step::Rename(_)
        );
        assert_eq!(left.len(), usize::from(half_written), "{step:?}");
        for path in &left {
            make_old(path, Duration::from_secs(3700));
        }
        let sweeper = home.cache();
        new.store(&sweeper).unwrap();
        assert_eq!(sweeper.stats().swept, left.len() as u64, "{step:?}");
        assert!(left.iter().all(|path| !path.exists()), "{step:?}");
    }
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_dies() {
    let Some(dir) = variable("BROLGA_TEST_DIR") else {
        return;
    };
    let Some(step) = variable("BROLGA_TEST_STEP") else {
        return;
    };
    let at = Step::OF_A_STORE[step.parse::<usize>().unwrap()];
    let config = CacheConfig {
        dir: Some(dir.into()),
        mode: Mode::On,
        ..CacheConfig::default()
    };
    let hook = move |step| if step == at { done() } else { Ok(()) };
    let mut new = entry(2);
    new.id = entry(1).id;
    new.store(&Cache::open_with_hook(config, Arc::new(hook)))
        .unwrap();
}

fn make_old(path: &std::path::Path, by: Duration) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - by).unwrap();
}

#[test]
fn the_sweep_takes_old_files_of_our_own_names_only() {
    let home = Home::new();
    let one = entry(1);
    one.store(&home.cache()).unwrap();
    let index = home.names_with(".nbi").remove(0);
    let hour = Duration::from_secs(3700);
    let week = Duration::from_secs(8 * 24 * 3600);
    let files = [
        ("tmp-1-2-0123456789abcdef".to_string(), hour, false),
        ("tmp-1-3-0123456789abcdef".to_string(), Duration::ZERO, true),
        (format!("{index}.bad"), week, false),
        (format!("{index}.0123456789abcdef.bad"), hour, true),
        ("tmp-notes".to_string(), week, true),
        ("thing.tmp".to_string(), week, true),
        ("other.bad".to_string(), week, true),
    ];
    for (name, age, _) in &files {
        let path = home.files().join(name);
        fs::write(&path, "x").unwrap();
        make_old(&path, *age);
    }
    make_old(&home.only(".nbi"), week);
    make_old(&home.only(".nbc"), week);
    let cache = home.cache();
    entry(2).store(&cache).unwrap();
    for (name, _, stays) in &files {
        assert_eq!(home.files().join(name).exists(), *stays, "{name}");
    }
    assert_eq!(cache.stats().swept, 2);
    one.assert_hit(&cache);
}

#[test]
fn a_read_that_fails_is_a_counted_miss_and_moves_nothing() {
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    let names = home.names();
    let kind = io::ErrorKind::Other;
    for (step, expected) in [
        (Step::Open(FileKind::Index), MissReason::IndexIo(kind)),
        (Step::Read(FileKind::Index), MissReason::IndexIo(kind)),
        (Step::Open(FileKind::Object), MissReason::ObjectIo(kind)),
        (Step::Read(FileKind::Object), MissReason::ObjectIo(kind)),
    ] {
        let cache = failing_at(&home, step, kind);
        assert_eq!(entry.reason(&cache), expected);
        assert_eq!(cache.stats().text_misses.get(expected.name()), Some(&1));
        assert_eq!(home.names(), names);
    }
    // An index that cannot be read now is not overwritten with less.
    let cache = failing_at(&home, Step::Open(FileKind::Index), kind);
    let other = entry.overload(&[DType::F32], 2);
    assert_eq!(other.store(&cache), Err(StoreFailure::IndexIo(kind)));
    entry.assert_hit(&home.cache());
}

#[test]
fn a_text_that_cannot_be_learned_is_a_hit_all_the_same() {
    let home = Home::new();
    let mut entry = entry(1);
    entry.store(&home.cache()).unwrap();
    entry.text.0 = [200; 32];
    let cache = failing_at(
        &home,
        Step::Write(FileKind::Index),
        io::ErrorKind::StorageFull,
    );
    assert!(entry.is(&entry.find_by_meaning(&cache).unwrap()));
    let stats = cache.stats();
    assert_eq!(
        (stats.taught, stats.teach_failures.get("store-index-io")),
        (0, Some(&1))
    );
}

#[test]
fn a_folder_that_others_may_write_to_is_refused() {
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    for dir in [home.dir(), home.files()] {
        for mode in [0o777, 0o770, 0o1777] {
            fs::set_permissions(&dir, fs::Permissions::from_mode(mode)).unwrap();
            let cache = home.cache();
            assert_eq!(entry.reason(&cache), MissReason::Untrusted, "{mode:o}");
            assert_eq!(
                entry.store(&cache),
                Err(StoreFailure::Untrusted),
                "{mode:o}"
            );
            assert!(
                cache
                    .lock(&entry.id, &entry.request, Duration::ZERO)
                    .is_none()
            );
            let message = cache.list().unwrap_err().to_string();
            assert!(
                message.contains(&format!("mode {:03o}", mode & 0o777)),
                "{message}"
            );
            assert!(cache.clear().is_err());
        }
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
        entry.assert_hit(&home.cache());
    }
}

#[test]
fn a_folder_opened_to_others_while_running_is_no_longer_used() {
    let home = Home::new();
    let cache = home.cache();
    let entry = entry(1);
    entry.store(&cache).unwrap();
    entry.assert_hit(&cache);
    fs::set_permissions(home.files(), fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(entry.reason(&cache), MissReason::Untrusted);
}

#[test]
fn a_folder_of_another_user_is_refused() {
    if !support::is_root() {
        support::skipped("only root can give a folder away");
        return;
    }
    let home = Home::new();
    let entry = entry(1);
    entry.store(&home.cache()).unwrap();
    chown(home.dir(), Some(65534), None).unwrap();
    assert_eq!(entry.reason(&home.cache()), MissReason::Untrusted);
    assert_eq!(entry.store(&home.cache()), Err(StoreFailure::Untrusted));
    // Nor is a link that another user can turn elsewhere.
    chown(home.dir(), Some(0), None).unwrap();
    let link = home.top().join("link");
    symlink(home.dir(), &link).unwrap();
    let linked = || {
        let cache = Cache::open(CacheConfig {
            dir: Some(link.clone()),
            mode: Mode::On,
            ..CacheConfig::default()
        });
        cache.set_log(|_| {});
        cache
    };
    entry.assert_hit(&linked());
    std::os::unix::fs::lchown(&link, Some(65534), None).unwrap();
    assert_eq!(entry.reason(&linked()), MissReason::Untrusted);
}

#[test]
fn a_file_in_place_of_a_folder_is_refused() {
    let home = Home::new();
    let entry = entry(1);
    fs::write(home.dir(), "x").unwrap();
    assert_eq!(entry.reason(&home.cache()), MissReason::Untrusted);
    assert_eq!(entry.store(&home.cache()), Err(StoreFailure::Untrusted));

    let below = Cache::open(CacheConfig {
        dir: Some(home.dir().join("below")),
        mode: Mode::On,
        ..CacheConfig::default()
    });
    below.set_log(|_| {});
    let kind = io::ErrorKind::NotADirectory;
    assert_eq!(entry.reason(&below), MissReason::FolderIo(kind));
    assert_eq!(entry.store(&below), Err(StoreFailure::FolderIo(kind)));

    fs::remove_file(home.dir()).unwrap();
    fs::create_dir(home.dir()).unwrap();
    symlink(home.top(), home.files()).unwrap();
    assert_eq!(
        entry.reason(&home.cache()),
        MissReason::Untrusted,
        "the version folder is no link"
    );
}

#[test]
fn missing_parents_are_made() {
    let home = Home::new();
    let cache = Cache::open(CacheConfig {
        dir: Some(home.top().join("a/b/c")),
        mode: Mode::On,
        ..CacheConfig::default()
    });
    let entry = entry(1);
    entry.store(&cache).unwrap();
    entry.assert_hit(&cache);
}

#[test]
fn a_folder_removed_while_running_is_made_again_by_the_next_store() {
    let home = Home::new();
    let cache = home.cache();
    let entry = entry(1);
    entry.store(&cache).unwrap();
    entry.assert_hit(&cache);
    fs::remove_dir_all(home.dir()).unwrap();
    assert_eq!(entry.reason(&cache), MissReason::NoFolder);
    entry.store(&cache).unwrap();
    entry.assert_hit(&cache);

    // In the middle of a store, too.
    let files = home.files();
    let cache = Cache::open_with_hook(
        home.config(Mode::On),
        Arc::new(move |step| match step {
            Step::Rename(FileKind::Index) => fs::remove_dir_all(&files),
            _ => Ok(()),
        }),
    );
    cache.set_log(|_| {});
    let other = entry.overload(&[DType::F32], 2);
    assert_eq!(
        other.store(&cache),
        Err(StoreFailure::IndexIo(io::ErrorKind::NotFound))
    );
    assert_eq!(other.reason(&cache), MissReason::NoFolder);
}

/// Runs the ignored test `name` as a user whom permissions bind; false when that cannot be.
fn run_unprivileged(name: &str, home: &Home) -> bool {
    let dir = home.dir();
    let mut command = command(name, &[("BROLGA_TEST_DIR", dir.to_str().unwrap())]);
    if support::is_root() {
        // The folder's way must be open to that user, and so must the test binary.
        fs::set_permissions(home.top(), fs::Permissions::from_mode(0o755)).unwrap();
        for path in [home.dir(), home.files()] {
            chown(path, Some(65534), Some(65534)).unwrap();
        }
        for name in home.names() {
            chown(home.files().join(name), Some(65534), Some(65534)).unwrap();
        }
        command.uid(65534).gid(65534).current_dir("/");
    }
    match command.status() {
        Ok(status) => {
            assert_eq!(status.code(), Some(DONE), "{name}");
            true
        }
        Err(error) => {
            support::skipped(&format!("user 65534 cannot run this test: {error}"));
            false
        }
    }
}

#[test]
fn a_folder_that_may_only_be_read_still_gives_hits() {
    let home = Home::new();
    entry(1).store(&home.cache()).unwrap();
    let names = home.names();
    for path in [home.files(), home.dir()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o500)).unwrap();
    }
    let ran = run_unprivileged("child_in_a_readonly_folder", &home);
    for path in [home.dir(), home.files()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
    }
    if ran {
        assert_eq!(home.names(), names);
    }
}

#[test]
#[ignore = "run by another test in a process of its own, perhaps as another user"]
fn child_in_a_readonly_folder() {
    let Some(cache) = child_cache() else { return };
    let denied = io::ErrorKind::PermissionDenied;
    let stored = entry(1);
    stored.assert_hit(&cache);
    assert_eq!(entry(2).store(&cache), Err(StoreFailure::ObjectIo(denied)));
    let mut taught = stored.clone();
    taught.text.0 = [200; 32];
    assert!(taught.is(&taught.find_by_meaning(&cache).unwrap()));
    assert_eq!(cache.stats().teach_failures.len(), 1);

    // A folder that cannot be made, under one that may only be read.
    let below = Cache::open(CacheConfig {
        dir: cache.dir().map(|dir| dir.join("below")),
        mode: Mode::On,
        ..CacheConfig::default()
    });
    below.set_log(|_| {});
    assert_eq!(stored.reason(&below), MissReason::NoFolder);
    assert_eq!(stored.store(&below), Err(StoreFailure::FolderIo(denied)));
    done();
}

#[test]
fn files_that_may_not_be_read_are_misses() {
    let home = Home::new();
    entry(1).store(&home.cache()).unwrap();
    entry(2).store(&home.cache()).unwrap();
    let file = |number: u8, ending: &str| {
        let stem = entry(number).id.file_stem();
        let mut names = home.names_with(ending);
        names.retain(|name| name.starts_with(&stem));
        home.files().join(&names[0])
    };
    for path in [file(1, ".nbi"), file(2, ".nbc")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    run_unprivileged("child_denied", &home);
}

#[test]
#[ignore = "run by another test in a process of its own, perhaps as another user"]
fn child_denied() {
    let Some(cache) = child_cache() else { return };
    let denied = io::ErrorKind::PermissionDenied;
    assert_eq!(entry(1).reason(&cache), MissReason::IndexIo(denied));
    assert_eq!(entry(2).reason(&cache), MissReason::ObjectIo(denied));
    done();
}

#[test]
fn without_file_descriptors_everything_is_a_miss_and_comes_back_with_them() {
    let home = Home::new();
    entry(1).store(&home.cache()).unwrap();
    let dir = home.dir();
    let variables = [("BROLGA_TEST_DIR", dir.to_str().unwrap())];
    let status = command_after("ulimit -n 40", "child_without_descriptors", &variables).status();
    assert_eq!(status.unwrap().code(), Some(DONE));
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_without_descriptors() {
    let Some(cache) = child_cache() else { return };
    let mut open = Vec::new();
    while let Ok(file) = fs::File::open("/dev/null") {
        open.push(file);
    }
    let stored = entry(1);
    assert!(matches!(stored.reason(&cache), MissReason::IndexIo(_)));
    assert!(matches!(
        entry(2).store(&cache),
        Err(StoreFailure::ObjectIo(_))
    ));
    assert!(
        cache
            .lock(&stored.id, &stored.request, Duration::ZERO)
            .is_none()
    );
    drop(open);
    stored.assert_hit(&cache);
    entry(2).store(&cache).unwrap();
    entry(2).assert_hit(&cache);
    done();
}

#[test]
fn a_file_size_limit_costs_the_entry_and_leaves_nothing() {
    let home = Home::new();
    entry(1).store(&home.cache()).unwrap();
    let dir = home.dir();
    let variables = [("BROLGA_TEST_DIR", dir.to_str().unwrap())];
    // In blocks of 512 bytes. Whether or not the process ignores the signal that the system
    // sends to who writes more.
    for first in ["trap '' XFSZ; ulimit -f 8", "ulimit -f 8"] {
        let status = command_after(first, "child_with_small_files", &variables).status();
        assert_eq!(status.unwrap().code(), Some(DONE), "{first}");
    }
    assert!(!home.names().iter().any(|name| name.starts_with("tmp-")));
    entry(1).assert_hit(&home.cache());
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_with_small_files() {
    let Some(cache) = child_cache() else { return };
    let mut large = entry(2);
    large.object = vec![7; 1 << 20];
    let kind = io::ErrorKind::FileTooLarge;
    assert_eq!(large.store(&cache), Err(StoreFailure::ObjectIo(kind)));
    assert_eq!(large.reason(&cache), MissReason::NoIndex);
    done();
}
