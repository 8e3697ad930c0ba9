//! The build id: an edit of any source that decides what a kernel compiles to is seen, and
//! the folder that the sources lie in is not.

#[path = "../build_id.rs"]
#[allow(dead_code, reason = "the build script uses another part")]
mod build_id;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use build_id::{PACKAGES, build_id, inputs};

fn manifest() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder`.
fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(all_files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_file_of_the_compilers_packages_is_hashed() {
    for package in PACKAGES {
        let root = manifest().join(package);
        let hashed: BTreeSet<PathBuf> = inputs(&root).expect("readable").into_iter().collect();
        let mut there: BTreeSet<PathBuf> = all_files(&root.join("src")).into_iter().collect();
        there.insert(root.join("Cargo.toml"));
        assert_eq!(hashed, there, "{package}");
    }
}

/// The packages of Brolga that `manifest` names in its ordinary dependencies.
fn dependencies(manifest: &Path) -> Vec<String> {
    let text = fs::read_to_string(manifest).expect("a manifest");
    let section = text.lines().skip_while(|line| *line != "[dependencies]");
    let section = section.skip(1).take_while(|line| !line.starts_with('['));
    section
        .filter_map(|line| Some(line.strip_prefix("brolga-")?.split('.').next()?.to_string()))
        .collect()
}

#[test]
fn the_packages_are_all_that_the_compiler_is_made_of() {
    let hashed: BTreeSet<String> = PACKAGES
        .iter()
        .map(|package| package.trim_start_matches("../").replace('.', "codegen"))
        .collect();
    for package in ["codegen", "lang", "abi", "math"] {
        let manifest = manifest().join("..").join(package).join("Cargo.toml");
        for dependency in dependencies(&manifest) {
            assert!(hashed.contains(&dependency), "{package} uses {dependency}");
        }
    }
}

/// A small tree with all packages, in a folder of its own; the place of the manifest in it.
fn tree() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let manifest = folder.path().join("codegen");
    fs::create_dir(&manifest).expect("a folder");
    for package in PACKAGES {
        let root = manifest.join(package);
        fs::create_dir_all(root.join("src/deep/er")).expect("a folder");
        for name in [
            "Cargo.toml",
            "src/lib.rs",
            "src/deep/mod.rs",
            "src/deep/er/a.rs",
        ] {
            fs::write(root.join(name), format!("// {name}")).expect("a file");
        }
    }
    (folder, manifest)
}

#[test]
fn each_edit_of_each_file_changes_the_id_and_the_folder_does_not() {
    let (_folder, manifest) = tree();
    let (_other, elsewhere) = tree();
    let before = build_id(&manifest).expect("readable");
    assert_eq!(before, build_id(&elsewhere).expect("readable"));
    let mut seen = BTreeSet::from([before]);
    let mut is_new = |what: &str, file: &Path| {
        let id = build_id(&manifest).expect("readable");
        assert!(seen.insert(id), "{what} {}", file.display());
    };
    for package in PACKAGES {
        for file in inputs(&manifest.join(package)).expect("readable") {
            let text = fs::read(&file).expect("a file");
            let mut changed = text.clone();
            changed[0] ^= 1;
            fs::write(&file, changed).expect("writable");
            is_new("edited", &file);
            fs::write(&file, [&text[..], b"\n"].concat()).expect("writable");
            is_new("grown", &file);
            if !file.ends_with("Cargo.toml") {
                let moved = file.with_file_name("moved.rs");
                fs::rename(&file, &moved).expect("a file moves");
                is_new("moved", &file);
                fs::remove_file(&moved).expect("a file goes");
                is_new("removed", &file);
            }
            fs::write(&file, &text).expect("writable");
            assert_eq!(before, build_id(&manifest).expect("readable"));
        }
        let new = manifest.join(package).join("src/deep/new.rs");
        fs::write(&new, "").expect("writable");
        is_new("added", &new);
        fs::remove_file(&new).expect("a file goes");
    }
}
