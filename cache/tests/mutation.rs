//! Changed index and object files, with digests that are right again or not: whatever the
//! bytes, they are taken for what they say or refused, in bounded memory. Nothing is executed.

#[path = "../../tests/mutation/harness.rs"]
mod harness;
mod support;

use std::sync::{Mutex, PoisonError};

use brolga_abi::{DType, ElementType, ParamMeta, ParamType};
use brolga_cache::fuzzing;
use harness::{Counting, Numbers, change_bytes, corpus, peak_of, run, write_corpus};
use support::{Entry, Home, entry};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The count of memory is of one test at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Reading a file takes at most this many times its length, and this much beside: serde takes
/// up to 1 MiB ahead for a list that says it is long, and lists stand in lists.
const TIMES: usize = 64;
const BESIDE: usize = 8 << 20;

/// Entries of several shapes: one overload, several, several texts and meanings, long lists.
fn shapes() -> Vec<(&'static str, Vec<Entry>)> {
    let one = entry(1);
    let overloads = [DType::F32, DType::F64, DType::I8, DType::Bool]
        .iter()
        .zip(1..)
        .map(|(dtype, tag)| one.overload(&[*dtype], tag));
    let mut texts = Vec::new();
    for number in 0..4 {
        let mut text = one.clone();
        text.text.0 = [number; 32];
        text.fingerprint[0] = number / 2;
        text.tables = support::tables(u32::from(number));
        texts.push(text);
    }
    let mut wide = one.clone();
    wide.request.types = vec![DType::U16; 12];
    wide.info.imports = (0..20).map(|number| format!("nrt_{number}")).collect();
    wide.meta.params = (0..12)
        .map(|number| ParamMeta {
            name: format!("x{number}"),
            ty: ParamType::Scalar(ElementType::Concrete(DType::U16)),
        })
        .collect();
    vec![
        ("one", vec![one.clone()]),
        ("overloads", overloads.collect()),
        ("texts", texts),
        ("wide", vec![wide]),
    ]
}

/// The files that a cache with these entries has, by their ending.
fn files_of(entries: &[Entry], ending: &str) -> Vec<Vec<u8>> {
    let home = Home::new();
    let cache = home.cache();
    for entry in entries {
        entry.store(&cache).expect("stored");
    }
    let names = home.names_with(ending);
    let read = |name: &String| std::fs::read(home.files().join(name)).expect("a file");
    names.iter().map(read).collect()
}

#[test]
#[ignore = "writes tests/mutation/corpus/{index,object} anew"]
fn write_the_corpora() {
    for (corpus, ending) in [("index", ".nbi"), ("object", ".nbc")] {
        let mut files = Vec::new();
        for (shape, entries) in shapes() {
            for (number, bytes) in files_of(&entries, ending).into_iter().enumerate() {
                files.push((format!("{shape}-{number}{ending}"), bytes));
            }
        }
        write_corpus(corpus, &files);
    }
}

/// Changes files of the corpus and hands them to `read`, half of the time as somebody would
/// who makes the digests right. Returns how often `read` took one.
fn mutate(name: &str, read: fn(&[u8]) -> bool, seal: fn(&mut [u8])) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let corpus = corpus(name);
    for (file, bytes) in &corpus {
        assert!(
            read(bytes),
            "{file} is not of this version; `cargo test -p brolga-cache --test mutation -- \
             --ignored write_the_corpora` writes the corpus anew"
        );
    }
    let (mut taken, mut sealed_and_taken) = (0, 0);
    let cases = run(name, |mut numbers: Numbers| {
        let mut bytes = numbers.choose(&corpus).1.clone();
        let other = &numbers.choose(&corpus).1;
        for _ in 0..=numbers.below(4) {
            change_bytes(&mut bytes, other, &mut numbers);
        }
        let sealed = numbers.below(4) > 0;
        if sealed {
            seal(&mut bytes);
        }
        let (took, peak) = peak_of(|| read(&bytes));
        let most = TIMES * bytes.len() + BESIDE;
        assert!(peak <= most, "{peak} bytes for a file of {}", bytes.len());
        taken += u64::from(took);
        sealed_and_taken += u64::from(took && sealed);
    });
    // The changes must reach what is behind the digests, and be refused before, too.
    println!("{name}: {taken} taken, {sealed_and_taken} of them behind right digests");
    if cases >= 500 {
        assert!(sealed_and_taken > 0 && taken < cases, "{taken} of {cases}");
    }
}

#[test]
fn changed_indexes_are_taken_or_refused() {
    mutate("index", fuzzing::index, fuzzing::seal_index);
}

#[test]
fn changed_objects_are_taken_or_refused() {
    mutate("object", fuzzing::object, fuzzing::seal_object);
}

#[test]
fn lookups_in_changed_index_files_end() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let shapes = shapes();
    let (_, entries) = &shapes[1];
    let [sound] = &files_of(entries, ".nbi")[..] else {
        panic!("one index");
    };
    let id = &entries[0].id;
    let requests: Vec<_> = entries.iter().map(|entry| entry.request.clone()).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("index");
    let put = |bytes: &[u8]| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(&path, bytes).expect("a file");
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, mode).expect("a mode");
    };
    put(sound);
    assert_eq!(fuzzing::index_file(&path, id, &requests), requests.len());
    let (mut found, mut asked) = (0, 0);
    run("index file", |mut numbers| {
        let mut bytes = sound.clone();
        for _ in 0..=numbers.below(3) {
            change_bytes(&mut bytes, sound, &mut numbers);
        }
        if numbers.below(4) > 0 {
            fuzzing::seal_index(&mut bytes);
        }
        put(&bytes);
        let (hits, peak) = peak_of(|| fuzzing::index_file(&path, id, &requests));
        assert!(peak <= TIMES * bytes.len() + BESIDE, "{peak} bytes");
        found += hits;
        asked += requests.len();
    });
    assert!(found > 0 && found < asked, "{found} of {asked}");
}

/// An index that names one section a thousand times asks for no more memory than one that
/// names it once.
#[test]
fn rows_that_share_a_section_are_left_out() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let [sound] = &files_of(&[entry(1)], ".nbi")[..] else {
        panic!("one index");
    };
    let rows = 1000;
    let head_length = u32::from_le_bytes(sound[20..24].try_into().expect("4 bytes")) as usize;
    let (row, rest) = sound[64..].split_at(40);
    let (head, section) = rest.split_at(head_length);
    let mut bytes = sound[..64].to_vec();
    bytes[16..20].copy_from_slice(&(rows as u32).to_le_bytes());
    let start = 64 + 40 * rows + head.len();
    for number in 0..rows {
        let mut row = row.to_vec();
        row[..4].copy_from_slice(&(number as u32).to_be_bytes());
        row[32..36].copy_from_slice(&(start as u32).to_le_bytes());
        bytes.extend(row);
    }
    bytes.extend(head);
    bytes.extend(section);
    let (taken, one) = peak_of(|| fuzzing::index(sound));
    assert!(taken);
    fuzzing::seal_index(&mut bytes);
    let (taken, peak) = peak_of(|| fuzzing::index(&bytes));
    assert!(taken);
    assert!(
        peak <= 2 * bytes.len() + 2 * one,
        "{peak} bytes, {one} for one"
    );
}

/// A text that says it is long, in a small file.
#[test]
fn a_small_file_cannot_ask_for_much_memory() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let [sound] = &files_of(&[entry(1)], ".nbc")[..] else {
        panic!("one object");
    };
    let mut bytes = sound.clone();
    // The length of the module's name, the first of the header: 252 says that four bytes
    // follow, which say 16 MiB.
    bytes[64..69].copy_from_slice(&[252, 0, 0, 0, 1]);
    fuzzing::seal_object(&mut bytes);
    let (taken, peak) = peak_of(|| fuzzing::object(&bytes));
    assert!(!taken);
    assert!(peak <= 2 << 20, "{peak} bytes");
}
