//! `brolga cache`, as a user and a program meet it.

mod common;

use std::path::PathBuf;

use common::{Ran, Sandbox};

const KERNELS: &str = "#[vectorize]
fn twice(x: f64) -> f64 { x + x }
#[vectorize]
fn half(x: f64) -> f64 { x / 2.0 }
mod more {
    #[vectorize]
    fn third(x: f64) -> f64 { x / 3.0 }
}
";

/// A folder with three compiled kernels in its cache.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.kernel("k.rs", KERNELS);
    let warm = sandbox.brolga(&["warm", "k.rs", "--json"]).ok();
    assert_eq!(warm.json("compiled"), 3, "{warm:?}");
    sandbox
}

/// The files of the cache with this ending.
fn files(sandbox: &Sandbox, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for version in std::fs::read_dir(sandbox.path("cache")).expect("the cache") {
        let files = std::fs::read_dir(version.expect("an entry").path()).expect("a folder");
        let paths = files.map(|file| file.expect("an entry").path());
        found.extend(paths.filter(|path| path.extension().is_some_and(|e| e == ending)));
    }
    found.sort();
    found
}

/// Changes one byte in the middle.
fn damage(path: &PathBuf) {
    let mut bytes = std::fs::read(path).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).expect("the file is writable");
}

#[track_caller]
fn has_keys(ran: &Ran, keys: &[&str]) {
    let last = ran.stdout.lines().last().expect("some output");
    let object: serde_json::Value = serde_json::from_str(last).expect("a JSON object");
    let mut found: Vec<&String> = object.as_object().expect("an object").keys().collect();
    found.sort();
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    assert_eq!(found, keys);
}

#[test]
fn every_subcommand_has_its_names_in_json() {
    let sandbox = sandbox();
    let run = |args: &[&str]| {
        sandbox
            .brolga(&[&["cache"], args, &["--json"]].concat())
            .ok()
    };
    let list = run(&["list"]);
    has_keys(&list, &["folder", "functions"]);
    let functions = list.json("functions");
    let names: Vec<&str> = functions
        .as_array()
        .expect("a list")
        .iter()
        .map(|f| f["function"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["half", "more::third", "twice"]);
    let overload = &functions[0]["overloads"][0];
    for key in ["cpu", "triple", "compiler", "fingerprint", "object"] {
        assert!(overload[key].is_string(), "{key} in {overload}");
    }
    for key in ["object_bytes", "texts", "used_unix_s"] {
        assert!(overload[key].is_u64(), "{key} in {overload}");
    }
    assert!(overload["types"].is_array() && overload["features"].is_array());

    let stats = run(&["stats"]);
    has_keys(
        &stats,
        &[
            "folder",
            "format",
            "functions",
            "kernels",
            "temporaries",
            "set_aside",
            "bytes",
            "max_bytes",
            "max_age_s",
        ],
    );
    assert_eq!(stats.json("functions"), 3);
    assert_eq!(stats.json("kernels"), 3);
    let verify = run(&["verify"]);
    has_keys(
        &verify,
        &[
            "folder",
            "sound",
            "functions",
            "kernels",
            "bytes",
            "bad",
            "unnamed",
        ],
    );
    assert_eq!(verify.json("sound"), true);
    assert_eq!(verify.json("bytes"), stats.json("bytes"));
    let export = run(&["export", "all.nbb"]);
    has_keys(
        &export,
        &["folder", "file", "functions", "kernels", "bytes", "skipped"],
    );
    let import = run(&["import", "all.nbb"]);
    has_keys(
        &import,
        &[
            "folder",
            "file",
            "functions",
            "kernels",
            "known",
            "bytes",
            "skipped",
        ],
    );
    let prune = run(&["prune", "--max-bytes", "none"]);
    has_keys(
        &prune,
        &[
            "folder",
            "kernels",
            "unnamed",
            "indexes",
            "swept",
            "old_files",
            "bytes",
            "busy",
            "bytes_left",
        ],
    );
    let clear = run(&["clear"]);
    has_keys(&clear, &["folder", "files", "bytes"]);
    assert_eq!(clear.json("files"), 6);
    assert_eq!(run(&["list"]).json("functions"), serde_json::json!([]));
}

#[test]
fn verify_finds_what_is_bad_and_changes_nothing() {
    let sandbox = sandbox();
    let sound = sandbox.brolga(&["cache", "verify"]).ok();
    assert!(
        sound.stdout.contains("3 functions, 3 kernels"),
        "{}",
        sound.stdout
    );
    let objects = files(&sandbox, "nbc");
    damage(&objects[1]);
    let name = objects[1].file_name().expect("a name").to_string_lossy();
    for _ in 0..2 {
        let bad = sandbox.brolga(&["cache", "verify"]).fails(1, &[]);
        assert!(
            bad.stdout.contains(&format!("bad      {name}")),
            "{}",
            bad.stdout
        );
        assert!(bad.stdout.contains("1 bad"), "{}", bad.stdout);
        assert_eq!(bad.stderr, "");
    }
    let bad = sandbox.brolga(&["cache", "verify", "--json"]).fails(1, &[]);
    assert_eq!(bad.json("sound"), false);
    assert_eq!(bad.json("bad")[0]["file"], *name);
    assert!(bad.json("bad")[0]["reason"].is_string());
    // The next program repairs it.
    for kernel in ["k.rs::twice", "k.rs::half", "k.rs::more::third"] {
        sandbox.brolga(&["run", kernel, "1"]).ok();
    }
    sandbox.brolga(&["cache", "verify"]).ok();
}

#[test]
fn prune_keeps_within_the_limits_that_are_given() {
    let sandbox = sandbox();
    let all = sandbox
        .brolga(&["cache", "stats", "--json"])
        .ok()
        .json("bytes");
    let kept = sandbox.brolga(&["cache", "prune", "--json"]).ok();
    assert_eq!(kept.json("kernels"), 0, "1 GiB is the default");
    assert_eq!(kept.json("bytes_left"), all);
    let limit = (all.as_u64().expect("a number") - 1).to_string();
    let pruned = sandbox
        .brolga(&["cache", "prune", "--max-bytes", &limit, "--json"])
        .ok();
    assert_eq!(pruned.json("kernels"), 1, "{pruned:?}");
    let left = sandbox.brolga(&["cache", "prune", "--max-age", "0s"]).ok();
    assert!(left.stdout.contains("removed 2 kernels"), "{}", left.stdout);
    for (option, value) in [("--max-bytes", "lots"), ("--max-age", "old")] {
        sandbox
            .brolga(&["cache", "prune", option, value])
            .fails(2, &[option, value, "expected"]);
    }
    sandbox
        .brolga_with(&["cache", "prune"], |c| c.env("BROLGA_CACHE", "readonly"))
        .fails(1, &["read-only"]);
}

#[test]
fn a_bundle_warms_another_folder() {
    let sandbox = sandbox();
    let exported = sandbox.brolga(&["cache", "export", "all.nbb"]).ok();
    assert!(
        exported
            .stdout
            .contains("all.nbb: 3 kernels of 3 functions"),
        "{}",
        exported.stdout
    );
    let import = ["cache", "import", "all.nbb", "--cache-dir", "other"];
    let imported = sandbox.brolga(&import).ok();
    assert!(
        imported.stdout.contains("3 new kernels of 3 functions"),
        "{}",
        imported.stdout
    );
    let again = sandbox.brolga(&import).ok();
    assert!(again.stdout.contains("0 new kernels") && again.stdout.contains("3 there already"));
    let ran = sandbox
        .brolga(&[
            "run",
            "k.rs::more::third",
            "6",
            "--cache-dir",
            "other",
            "--stats=json",
        ])
        .ok();
    assert_eq!(ran.json("cache"), "hit");

    let one = [
        "cache",
        "export",
        "one.nbb",
        "--function",
        "k::more::third",
        "--json",
    ];
    assert_eq!(sandbox.brolga(&one).ok().json("kernels"), 1);
    sandbox
        .brolga(&["cache", "import", "one.nbb", "--cache-dir", "third"])
        .ok();
    let list = sandbox
        .brolga(&["cache", "list", "--cache-dir", "third"])
        .ok();
    assert_eq!(list.stdout.lines().count(), 1, "{}", list.stdout);
    assert!(list.stdout.contains("k::more::third<>"), "{}", list.stdout);
}

#[test]
fn bundles_that_are_wrong_are_said() {
    let sandbox = sandbox();
    for (function, code) in [("k::thrice", 1), ("thrice", 2), ("k::", 2)] {
        sandbox
            .brolga(&["cache", "export", "f.nbb", "--function", function])
            .fails(code, &[function]);
    }
    sandbox
        .brolga(&["cache", "export", "f.nbb", "--cpu", "z80"])
        .fails(1, &["z80", "cache list"]);
    assert!(!sandbox.path("f.nbb").exists());
    sandbox
        .brolga(&["cache", "import", "none.nbb"])
        .fails(1, &["none.nbb"]);
    sandbox.kernel("text.nbb", "not a bundle");
    sandbox
        .brolga(&["cache", "import", "text.nbb"])
        .fails(1, &["text.nbb"]);
    // What is bad is left out, and said; the rest is exported.
    damage(&files(&sandbox, "nbc")[0]);
    let export = sandbox
        .brolga(&["cache", "export", "rest.nbb", "--json"])
        .fails(1, &[]);
    assert_eq!(export.json("kernels"), 2);
    assert_eq!(export.json("skipped").as_array().map(Vec::len), Some(1));
}

#[test]
fn without_a_folder_each_says_how_to_name_one() {
    let sandbox = Sandbox::new();
    for command in ["list", "stats", "verify", "prune", "clear"] {
        let ran = sandbox.brolga_with(&["cache", command], |c| {
            c.env_remove("BROLGA_CACHE_DIR")
                .env_remove("XDG_CACHE_HOME")
                .env_remove("HOME")
        });
        ran.fails(1, &["--cache-dir", "BROLGA_CACHE_DIR"]);
    }
}

#[test]
fn help_names_every_subcommand_and_option() {
    let sandbox = Sandbox::new();
    let help = sandbox.brolga(&["cache", "--help"]).ok().stdout;
    for command in [
        "list", "stats", "verify", "prune", "clear", "export", "import",
    ] {
        assert!(help.contains(command), "{help}");
        let help = sandbox.brolga(&["cache", command, "--help"]).ok().stdout;
        assert!(
            help.contains("--json") && help.contains("--cache-dir"),
            "{help}"
        );
    }
    let help = sandbox.brolga(&["warm", "--help"]).ok().stdout;
    for option in [
        "--types",
        "--cpu",
        "--cpu-features",
        "--jobs",
        "--json",
        "--cache-dir",
    ] {
        assert!(help.contains(option), "{help}");
    }
}
