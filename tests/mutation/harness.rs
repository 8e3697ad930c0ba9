//! What the mutation tests share: seeded changes to bytes, the time that they may take, the
//! corpora, and a count of memory. Included by path into tests of several packages.
//!
//! `BROLGA_MUTATION_SECONDS` is the time of each test (default 3), `BROLGA_MUTATION_SEED` the
//! seed (default 1). A failure names seed and case; `BROLGA_MUTATION_CASE` tries one case alone.

// Each test program uses a part of it.
#![allow(dead_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The system's allocator, with a count of what is held. One test at a time may look at it.
pub struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn took(bytes: usize) {
    let held = HELD.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(held, Ordering::Relaxed);
}

// SAFETY: every call is handed on to the system's allocator as it came; counting allocates
// nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: as the caller promised.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        took(size);
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Runs `work` and gives the most bytes that were held above what was held before.
pub fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let result = work();
    (result, PEAK.load(Ordering::Relaxed).saturating_sub(before))
}

/// Numbers that a seed fixes (splitmix64).
#[derive(Clone)]
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64, case: u64) -> Numbers {
        Numbers(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ case.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`; 0 when that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        match end {
            0 => 0,
            end => (self.next() % end as u64) as usize,
        }
    }

    pub fn choose<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// A number as it may be wrong in a file of `length` bytes.
    pub fn wrong(&mut self, length: usize) -> u64 {
        let length = length as u64;
        match self.below(12) {
            0 => 0,
            1 => 1,
            2 => length,
            3 => length.wrapping_sub(1),
            4 => length + 1,
            5 => u64::MAX,
            6 => u64::from(u32::MAX),
            7 => 1 << self.below(64),
            8 => (1 << self.below(64)) - 1,
            9 => self.next(),
            10 => self.next() % (length + 1),
            _ => self.next() % 16,
        }
    }
}

/// Changes `bytes` somewhere, without knowing what they are; `other` is a file to take from.
pub fn change_bytes(bytes: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    let length = bytes.len();
    let at = numbers.below(length);
    match numbers.below(9) {
        0 if length > 0 => bytes[at] ^= 1 << numbers.below(8),
        1 if length > 0 => bytes[at] = numbers.next() as u8,
        2 if length > 0 => bytes[at] = *numbers.choose(&[0, 1, 0x7f, 0x80, 0xfb, 0xfc, 0xfd, 0xff]),
        3 => bytes.truncate(at),
        4 => {
            let many = numbers.below(64) + 1;
            bytes.resize(length + many, numbers.next() as u8);
        }
        5 => {
            // A number of 2, 4 or 8 bytes.
            let size = *numbers.choose(&[2, 4, 8]);
            let value = numbers.wrong(length).to_le_bytes();
            if let Some(field) = bytes.get_mut(at..at + size) {
                field.copy_from_slice(&value[..size]);
            }
        }
        6 => {
            let from = numbers.below(other.len());
            let many = numbers.below(64.min(other.len() - from + 1));
            let end = (at + many).min(length);
            bytes.splice(at..end, other[from..from + many].iter().copied());
        }
        7 => {
            let many = numbers.below(32).min(length - at);
            drop(bytes.drain(at..at + many));
        }
        _ => {
            let many = numbers.below(32).min(length - at);
            let copy = bytes[at..at + many].to_vec();
            let to = numbers.below(length);
            bytes.splice(to..to, copy);
        }
    }
}

fn variable(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {value}")),
    )
}

/// Calls `case` with new numbers until the time is over, at least 500 times. What it panics
/// with is told with the seed and the number of the case. Returns how many cases there were.
pub fn run(name: &str, mut case: impl FnMut(Numbers)) -> u64 {
    let seed = variable("BROLGA_MUTATION_SEED").unwrap_or(1);
    let time = Duration::from_secs(variable("BROLGA_MUTATION_SECONDS").unwrap_or(3));
    let only = variable("BROLGA_MUTATION_CASE");
    let start = Instant::now();
    let mut number = only.unwrap_or(0);
    loop {
        let numbers = Numbers::new(seed, number);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| case(numbers))) {
            eprintln!(
                "{name}: BROLGA_MUTATION_SEED={seed} BROLGA_MUTATION_CASE={number} repeats this"
            );
            std::panic::resume_unwind(panic);
        }
        number += 1;
        if only.is_some() || (number >= 500 && start.elapsed() >= time) {
            break;
        }
    }
    println!(
        "{name}: {number} cases from seed {seed} in {:.1?}",
        start.elapsed()
    );
    number
}

/// The folder of a corpus.
pub fn corpus_folder(name: &str) -> PathBuf {
    let mut root = std::env::current_dir().expect("a working folder");
    while !root.join("Cargo.lock").exists() {
        assert!(root.pop(), "the workspace is somewhere above");
    }
    root.join("tests/mutation/corpus").join(name)
}

/// The files of a corpus with their names, in order.
pub fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = corpus_folder(name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("a file of the corpus");
            (
                path.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
                bytes,
            )
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder:?} is empty");
    files
}

/// Writes a corpus anew.
pub fn write_corpus(name: &str, files: &[(String, Vec<u8>)]) {
    let folder = corpus_folder(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).expect("a file of the corpus");
    }
}
