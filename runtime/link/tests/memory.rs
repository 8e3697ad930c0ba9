//! Memory of dropped code comes back. The counts are of the whole process, so this file
//! has one test.

mod common;

use std::sync::Arc;

use brolga_link::{code_memory, link};
use common::Sample;

fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps")
        .unwrap()
        .lines()
        .count()
}

/// The pages of this process: all that are mapped, and those in memory.
fn pages() -> [usize; 2] {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let mut fields = text.split_whitespace().map(|field| field.parse().unwrap());
    [fields.next().unwrap(), fields.next().unwrap()]
}

/// How often code is linked and dropped.
const CYCLES: usize = 100_000;
/// What the process may grow by meanwhile, in pages. A mapping that stays in each cycle is
/// two pages; the allocator and the test harness take some.
const ROOM: usize = 2_000;

#[test]
fn dropped_code_leaves_nothing_behind() {
    let object = Sample::Everything.object(false);
    let load = || link(&object, "f", &brolga_nrt::address).unwrap();

    let before = code_memory();
    assert_eq!((before.live_bytes, before.live_functions), (0, 0));
    let codes = [load(), load(), load()];
    let bytes: usize = codes.iter().map(|code| code.memory_len()).sum();
    let during = code_memory();
    assert_eq!(
        (during.live_bytes, during.live_functions),
        (bytes as u64, 3)
    );
    assert_eq!(during.peak_bytes, bytes as u64);
    drop(codes);
    let after = code_memory();
    assert_eq!((after.live_bytes, after.live_functions), (0, 0));
    assert_eq!(after.peak_bytes, bytes as u64);

    // The last of several users frees it.
    let first = Arc::new(load());
    let last = Arc::clone(&first);
    drop(first);
    assert_eq!(code_memory().live_functions, 1);
    // SAFETY: `f` is a function of one number, and `last` holds its code.
    let f: extern "C" fn(f64) -> f64 = unsafe { std::mem::transmute(last.entry()) };
    assert_eq!(f(0.5), Sample::Everything.expected(0.5));
    drop(last);
    assert_eq!(code_memory(), after);

    // An error keeps nothing either.
    assert!(link(&object, "missing", &brolga_nrt::address).is_err());
    assert!(link(&object, "f", &|_| None).is_err());
    assert_eq!(code_memory(), after);

    // Once over all that is allocated once.
    drop(load());
    let (maps, start) = (mappings(), pages());
    for _ in 0..CYCLES {
        drop(load());
    }
    let (maps_then, end) = (mappings(), pages());
    assert!(maps_then <= maps + 2, "{maps} mappings became {maps_then}");
    for (start, end) in start.into_iter().zip(end) {
        assert!(end <= start + ROOM, "{start} pages became {end}");
    }
    assert_eq!(code_memory(), after);
}
