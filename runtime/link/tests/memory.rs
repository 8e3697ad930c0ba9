//! Memory of dropped code comes back. The counts are of the whole process, so this file
//! has one test.

mod common;

use brolga_link::{code_memory, link};
use common::Sample;

fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps")
        .unwrap()
        .lines()
        .count()
}

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

    // An error keeps nothing either.
    assert!(link(&object, "missing", &brolga_nrt::address).is_err());
    assert!(link(&object, "f", &|_| None).is_err());
    assert_eq!(code_memory(), after);

    let start = mappings();
    for _ in 0..10_000 {
        drop(load());
    }
    assert!(
        mappings() <= start + 2,
        "{start} mappings became {}",
        mappings()
    );
    assert_eq!(code_memory(), after);
}
