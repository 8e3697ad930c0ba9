//! The command line program where the cache cannot be used: each run gives the right result,
//! and says why nothing was kept, in one line for each reason.

mod common;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use common::{Ran, Sandbox};

/// Runs the kernel in `sandbox` after the shell commands `first`.
fn run(sandbox: &Sandbox, first: &str, change: impl FnOnce(&mut Command)) -> Ran {
    sandbox.kernel(
        "k.rs",
        "#[vectorize]\nfn f(x: f64) -> f64 { x * 2.0 + 1.0 }\n",
    );
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{first}; exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_brolga"))
        .args(["run", "k.rs::f", "1.5", "--stats=json"])
        .current_dir(sandbox.path(""))
        .env("BROLGA_CACHE_DIR", sandbox.path("cache"))
        .env_remove("BROLGA_CACHE");
    change(&mut command);
    let output = command.output().expect("the shell starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let ran = Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    let ran = ran.ok();
    assert!(ran.stdout.starts_with("f64 [] 4.0\n"), "{ran:?}");
    ran
}

/// What the program said of the cache: every line once.
fn warnings(ran: &Ran) -> Vec<String> {
    let lines: Vec<String> = ran.stderr.lines().map(str::to_string).collect();
    for (number, line) in lines.iter().enumerate() {
        assert!(line.starts_with("brolga: cache: k::f: "), "{ran:?}");
        assert!(!lines[..number].contains(line), "said twice: {ran:?}");
    }
    lines
}

/// A run that misses and says one thing, which contains `expected`.
#[track_caller]
fn one_warning(ran: &Ran, expected: &str) {
    assert_eq!(ran.json("cache"), "miss");
    let lines = warnings(ran);
    assert!(lines.len() == 1 && lines[0].contains(expected), "{ran:?}");
}

fn skipped(what: &str, why: &str) {
    use std::io::Write;
    // Past the test harness, which would swallow it.
    let line = format!("skipped in cache_environments: {what}: {why}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode can be set");
}

#[test]
fn missing_parents_are_made_without_a_word() {
    let sandbox = Sandbox::new();
    let deep = sandbox.path("a/b/c");
    for expected in ["miss", "hit"] {
        let ran = run(&sandbox, ":", |command| {
            command.env("BROLGA_CACHE_DIR", &deep);
        });
        assert_eq!(ran.json("cache"), expected);
        assert!(warnings(&ran).is_empty(), "{ran:?}");
    }
}

#[test]
fn without_a_home_there_is_no_cache() {
    let sandbox = Sandbox::new();
    for home in [None, Some("")] {
        let ran = run(&sandbox, ":", |command| {
            command.env_remove("BROLGA_CACHE_DIR");
            for name in ["HOME", "XDG_CACHE_HOME"] {
                match home {
                    None => command.env_remove(name),
                    Some(value) => command.env(name, value),
                };
            }
        });
        one_warning(&ran, "no cache folder is known");
        assert_eq!(ran.json("miss_reason"), "no-folder");
    }
    let left = fs::read_dir(sandbox.path("")).expect("a folder").count();
    assert_eq!(left, 1, "the kernel's file alone");
}

#[test]
fn something_else_in_place_of_the_folder() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("file"), "x").expect("a file");
    let fifo = sandbox.path("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()));
    std::os::unix::fs::symlink("nowhere", sandbox.path("link")).expect("a link");
    for (name, expected) in [
        ("file", "is not a folder"),
        ("fifo", "is not a folder"),
        ("file/below", "not a directory"),
    ] {
        let ran = run(&sandbox, ":", |command| {
            command.env("BROLGA_CACHE_DIR", sandbox.path(name));
        });
        one_warning(&ran, expected);
    }
    let ran = run(&sandbox, ":", |command| {
        command.env("BROLGA_CACHE_DIR", sandbox.path("link"));
    });
    assert_eq!(ran.json("cache"), "miss");
    assert_eq!(warnings(&ran).len(), 1, "{ran:?}");
    assert_eq!(fs::read(sandbox.path("file")).expect("still there"), b"x");
}

#[test]
fn a_folder_that_others_may_write_to() {
    let sandbox = Sandbox::new();
    for mode in [0o777, 0o1777, 0o770, 0o702] {
        let _ = fs::remove_dir_all(sandbox.path("cache"));
        fs::create_dir(sandbox.path("cache")).expect("a folder");
        set_mode(&sandbox.path("cache"), mode);
        let ran = run(&sandbox, ":", |_| {});
        one_warning(&ran, "no one else able to write");
        assert_eq!(ran.json("miss_reason"), "untrusted-folder");
        let left = fs::read_dir(sandbox.path("cache"))
            .expect("a folder")
            .count();
        assert_eq!(left, 0, "nothing is written there");
    }
}

#[test]
fn a_folder_of_another_user() {
    if !is_root() {
        return skipped("a folder of another user", "only root can give one away");
    }
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("cache")).expect("a folder");
    chown(sandbox.path("cache"), Some(65534), Some(65534)).expect("root may");
    let ran = run(&sandbox, ":", |_| {});
    one_warning(&ran, "belongs to user 65534");
}

#[test]
fn a_folder_that_may_only_be_read() {
    let sandbox = Sandbox::new();
    assert_eq!(run(&sandbox, ":", |_| {}).json("cache"), "miss");
    let folder = sandbox.path("cache");
    let format = fs::read_dir(&folder).expect("a folder").next();
    let format = format.expect("one format").expect("an entry").path();
    let paths = [folder.clone(), format.clone()];
    for path in &paths {
        set_mode(path, 0o500);
    }
    set_mode(&sandbox.path(""), 0o755);
    let unprivileged = |command: &mut Command| {
        if is_root() {
            command.uid(65534).gid(65534);
        }
    };
    if is_root() {
        let files = fs::read_dir(&format).expect("a folder");
        let files = files.map(|entry| entry.expect("an entry").path());
        for path in files.chain(paths.iter().cloned()) {
            chown(path, Some(65534), Some(65534)).expect("root may");
        }
        let mut check = Command::new(env!("CARGO_BIN_EXE_brolga"));
        check.arg("--version").current_dir("/");
        unprivileged(&mut check);
        if !check.output().is_ok_and(|output| output.status.success()) {
            return skipped(
                "a folder that may only be read",
                "user 65534 cannot run brolga",
            );
        }
    }
    // What is there is found, without a word.
    let ran = run(&sandbox, ":", unprivileged);
    assert_eq!(ran.json("cache"), "hit");
    assert!(warnings(&ran).is_empty(), "{ran:?}");
    // What is not cannot be kept: another overload, by a switch.
    let ran = run(&sandbox, "export BROLGA_OPT=none", unprivileged);
    one_warning(&ran, "permission denied");
    // Nor can a folder be made below.
    let below = folder.join("below");
    let ran = run(&sandbox, ":", |command| {
        unprivileged(command);
        command.env("BROLGA_CACHE_DIR", below);
    });
    one_warning(&ran, "permission denied");
    for path in &paths {
        set_mode(path, 0o700);
    }
}

#[test]
fn as_root_with_the_cache_of_another() {
    if !is_root() {
        return skipped("root with a user's HOME", "this is not root");
    }
    // As with sudo: HOME is the user's, and nothing of root's comes to lie there.
    let sandbox = Sandbox::new();
    let cache = sandbox.path("home/.cache/brolga");
    fs::create_dir_all(&cache).expect("a folder");
    chown(&cache, Some(65534), Some(65534)).expect("root may");
    let ran = run(&sandbox, ":", |command| {
        command
            .env_remove("BROLGA_CACHE_DIR")
            .env_remove("XDG_CACHE_HOME");
        command.env("HOME", sandbox.path("home"));
    });
    one_warning(&ran, "belongs to user 65534");
    assert_eq!(fs::read_dir(&cache).expect("a folder").count(), 0);
}

#[test]
fn a_limit_of_the_size_of_files_is_as_a_full_disk() {
    let sandbox = Sandbox::new();
    // In blocks of 512 bytes; the signal that the system sends ends the process unless it is
    // ignored, and must not be met either way.
    for first in ["ulimit -f 0", "trap '' XFSZ; ulimit -f 0", "ulimit -f 1"] {
        let ran = run(&sandbox, first, |_| {});
        one_warning(&ran, "file too large");
        let format = fs::read_dir(sandbox.path("cache"))
            .expect("a folder")
            .next();
        let format = format.expect("one format").expect("an entry").path();
        for entry in fs::read_dir(format).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            assert!(name.to_string_lossy().ends_with(".lock"), "{name:?}");
        }
    }
    // And all is well when the limit is gone.
    for expected in ["miss", "hit"] {
        let ran = run(&sandbox, ":", |_| {});
        assert_eq!(ran.json("cache"), expected);
        assert!(warnings(&ran).is_empty(), "{ran:?}");
    }
}

#[test]
fn a_disk_that_is_full() {
    if !is_root() {
        return skipped("a full disk", "only root can mount one");
    }
    let sandbox = Sandbox::new();
    let disk = sandbox.path("disk");
    fs::create_dir(&disk).expect("a folder");
    // In a mount namespace of its own, which goes with the process.
    let trial = Command::new("unshare")
        .args(["-m", "mount", "-t", "tmpfs", "-o", "size=8k", "none"])
        .arg(&disk)
        .output();
    if !trial.is_ok_and(|output| output.status.success()) {
        return skipped("a full disk", "this system lets nobody mount one");
    }
    let script = format!(
        "mount -t tmpfs -o size=8k,mode=700 none {disk} && head -c 8192 /dev/zero > {disk}/full; \
         exec \"$0\" run k.rs::f 1.5 --stats=json",
        disk = disk.display()
    );
    sandbox.kernel(
        "k.rs",
        "#[vectorize]\nfn f(x: f64) -> f64 { x * 2.0 + 1.0 }\n",
    );
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", &script, env!("CARGO_BIN_EXE_brolga")])
        .current_dir(sandbox.path(""))
        .env("BROLGA_CACHE_DIR", disk.join("cache"))
        .output()
        .expect("it starts");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{stderr}");
    assert!(output.stdout.starts_with(b"f64 [] 4.0\n"));
    let about_cache = stderr
        .lines()
        .filter(|line| line.starts_with("brolga: cache"));
    assert_eq!(about_cache.count(), 1, "{stderr}");
}

#[test]
fn few_file_descriptors() {
    // Below five the program itself cannot read the kernel and hold a lock.
    for descriptors in 4..8 {
        let sandbox = Sandbox::new();
        let ran = run(&sandbox, &format!("ulimit -n {descriptors}"), |_| {});
        assert_eq!(ran.json("cache"), "miss");
        // The lookup and the store may each have a reason of their own.
        assert!(warnings(&ran).len() <= 2, "{ran:?}");
        let ran = run(&sandbox, ":", |_| {});
        assert!(warnings(&ran).is_empty(), "{ran:?}");
    }
}

#[test]
fn neither_a_full_stderr_nor_a_limit_of_file_sizes_ends_a_call() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kernel = folder.path().join("k.rs");
    let text = "#[vectorize] fn add(x: i64, y: i64) -> i64 { x + y }";
    std::fs::write(&kernel, text).expect("a kernel file");
    // A cache that others may write to is refused with a warning.
    let open = folder.path().join("open");
    std::fs::create_dir(&open).expect("a folder");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(&open, mode).expect("a mode");
    for (limit, perf_map) in [("unlimited", "0"), ("0", "0"), ("0", "1")] {
        let run = std::process::Command::new("sh")
            .arg("-c")
            .arg("ulimit -f $1; exec \"$2\" run \"$3::add\" 1 2 2>/dev/full")
            .args(["sh", limit, env!("CARGO_BIN_EXE_brolga")])
            .arg(&kernel)
            .env("BROLGA_CACHE_DIR", &open)
            .env("BROLGA_PERF_MAP", perf_map)
            .output()
            .expect("a process");
        let said = String::from_utf8_lossy(&run.stdout);
        assert_eq!(run.status.code(), Some(0), "{limit} {perf_map}: {said}");
        assert!(said.contains('3'), "{said}");
    }
}
