//! Changed objects: whatever the bytes, linking returns, in bounded memory, with code inside
//! of its own pages. Nothing that was changed is executed.

mod common;
#[path = "../../../tests/mutation/harness.rs"]
mod harness;

use brolga_link::{code_memory, link};
use common::SAMPLES;
use common::handmade::{GLOBAL, Handmade};
use common::lists::{broken_rule, headers, number_at};
use harness::{Counting, Numbers, change_bytes, corpus, peak_of, run, write_corpus};
use object::elf;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What the linker may take from the heap: this many times the file's length, and this much.
const TIMES: usize = 16;
const BESIDE: usize = 64 << 10;

/// The files of this corpus that this test makes; the others were taken from a cache that real
/// kernels were compiled into.
fn made_here() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = SAMPLES
        .iter()
        .map(|sample| (format!("{sample:?}.o").to_lowercase(), sample.object(true)))
        .collect();
    let handmade = Handmade::new()
        .symbol("nrt_exp_f64", GLOBAL, 0, 0)
        .relocation(elf::R_X86_64_PLT32, 1, -4);
    files.push(("handmade.o".to_string(), handmade.write()));
    files
}

/// Writes the corpus anew: what this test makes, and of each object file (`.nbc`) in the
/// folder `BROLGA_MUTATION_KERNELS` the ELF object.
#[test]
#[ignore = "writes tests/mutation/corpus/link anew"]
fn write_the_corpus() {
    let mut files = made_here();
    let folder = std::env::var_os("BROLGA_MUTATION_KERNELS").expect("the folder of a cache");
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "nbc") {
            let bytes = std::fs::read(&path).expect("an object file");
            let at = bytes.windows(4).position(|four| four == b"\x7fELF");
            let stem = path.file_stem().expect("a name").to_string_lossy();
            let name = stem.split('-').next().expect("a name").to_string();
            files.push((
                format!("{name}.o"),
                bytes[at.expect("an object")..].to_vec(),
            ));
        }
    }
    write_corpus("link", &files);
}

/// The fields of a section header, a symbol and a relocation: where, and how many bytes.
const HEADER: [(usize, usize); 10] = [
    (0, 4),
    (4, 4),
    (8, 8),
    (16, 8),
    (24, 8),
    (32, 8),
    (40, 4),
    (44, 4),
    (48, 8),
    (56, 8),
];
const SYMBOL: [(usize, usize); 6] = [(0, 4), (4, 1), (5, 1), (6, 2), (8, 8), (16, 8)];
const RELOCATION: [(usize, usize); 4] = [(0, 8), (8, 4), (12, 4), (16, 8)];
const FILE: [(usize, usize); 13] = [
    (16, 2),
    (18, 2),
    (20, 4),
    (24, 8),
    (32, 8),
    (40, 8),
    (48, 4),
    (52, 2),
    (54, 2),
    (56, 2),
    (58, 2),
    (60, 2),
    (62, 2),
];

/// Changes one field of something in the object that has fields.
fn change_field(bytes: &mut [u8], numbers: &mut Numbers) {
    let headers = headers(bytes);
    let table = |kind: u32, size: usize, numbers: &mut Numbers| {
        let tables: Vec<usize> = headers
            .iter()
            .copied()
            .filter(|at| number_at::<4>(bytes, at + 4) == Some(u64::from(kind)))
            .collect();
        if tables.is_empty() {
            return 0;
        }
        let header = *numbers.choose(&tables);
        let start = number_at::<8>(bytes, header + 24).unwrap_or(0) as usize;
        let length = number_at::<8>(bytes, header + 32).unwrap_or(0) as usize;
        start.saturating_add(size * numbers.below(length.min(bytes.len()) / size))
    };
    let (start, fields): (usize, &[(usize, usize)]) = match numbers.below(8) {
        0 => (0, &FILE),
        1..=3 if !headers.is_empty() => (*numbers.choose(&headers), &HEADER),
        4 | 5 => (table(elf::SHT_SYMTAB, 24, numbers), &SYMBOL),
        _ => (table(elf::SHT_RELA, 24, numbers), &RELOCATION),
    };
    let (offset, size) = *numbers.choose(fields);
    let length = bytes.len();
    let at = start.saturating_add(offset);
    let Some(field) = bytes.get_mut(at..at.saturating_add(size)) else {
        return;
    };
    let mut old = [0; 8];
    old[..size].copy_from_slice(field);
    let old = u64::from_le_bytes(old);
    let new = match numbers.below(4) {
        0 => old ^ (1 << numbers.below(8 * size)),
        1 => old.wrapping_add(numbers.next() % 33).wrapping_sub(16),
        _ => numbers.wrong(length),
    };
    field.copy_from_slice(&new.to_le_bytes()[..size]);
}

/// Two section headers change places, or one takes the place of another.
fn change_headers(bytes: &mut [u8], numbers: &mut Numbers) {
    let headers = headers(bytes);
    if headers.is_empty() {
        return;
    }
    let (one, other) = (*numbers.choose(&headers), *numbers.choose(&headers));
    let copy: Vec<u8> = bytes[one..one + 64].to_vec();
    if numbers.below(2) == 0 {
        bytes.copy_within(other..other + 64, one);
    }
    bytes[other..other + 64].copy_from_slice(&copy);
}

/// The name that the unchanged object exports.
fn entry_of(bytes: &[u8]) -> String {
    // Symbols' names are in the file as text, the entry's among them.
    ["f", "kernel"]
        .iter()
        .map(ToString::to_string)
        .chain(strings(bytes))
        .find(|name| link(bytes, name, &brolga_nrt::address).is_ok())
        .expect("an object of the corpus exports something")
}

/// Every text between two zeros.
fn strings(bytes: &[u8]) -> Vec<String> {
    let texts = bytes.split(|byte| *byte == 0);
    texts
        .filter_map(|text| Some(std::str::from_utf8(text).ok()?.to_string()))
        .filter(|text| !text.is_empty() && text.len() < 200)
        .collect()
}

#[test]
fn changed_objects_are_linked_or_refused() {
    let corpus: Vec<(String, Vec<u8>)> = corpus("link")
        .into_iter()
        .map(|(_, bytes)| (entry_of(&bytes), bytes))
        .collect();
    let before = code_memory().live_bytes;
    let (mut linked, mut refused) = (0_u64, 0_u64);
    let cases = run("link", |mut numbers: Numbers| {
        let (entry, sound) = numbers.choose(&corpus);
        let other = &numbers.choose(&corpus).1;
        let mut bytes = sound.clone();
        for _ in 0..=numbers.below(4) {
            match numbers.below(8) {
                0 => change_bytes(&mut bytes, other, &mut numbers),
                1 => change_headers(&mut bytes, &mut numbers),
                _ => change_field(&mut bytes, &mut numbers),
            }
        }
        let (result, peak) = peak_of(|| link(&bytes, entry, &brolga_nrt::address));
        let most = TIMES * bytes.len() + BESIDE;
        assert!(
            peak <= most,
            "{peak} bytes for an object of {}",
            bytes.len()
        );
        match result {
            Ok(code) => {
                assert_eq!(
                    broken_rule(&bytes),
                    None,
                    "an object that breaks a rule is linked"
                );
                let range = code.code_bytes().as_ptr_range();
                assert!(
                    range.contains(&code.entry()),
                    "the entry is outside of the code"
                );
                // At most a page of padding for each header of 64 bytes.
                let mapped = code_memory().live_bytes - before;
                assert!(
                    mapped <= 64 * bytes.len() as u64 + (1 << 16),
                    "{mapped} mapped"
                );
                linked += 1;
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
            }
        }
        assert_eq!(code_memory().live_bytes, before, "memory is left behind");
    });
    println!("link: {linked} linked, {refused} refused");
    if cases >= 500 {
        assert!(linked > 0 && refused > linked / 8, "{linked} {refused}");
    }
}
