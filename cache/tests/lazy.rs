//! What a lookup reads: of an index with many overloads only what it needs, of a folder with
//! many functions only the files of the function that is asked for. Counted, not timed.

mod support;

use brolga_abi::DType;
use support::{Entry, Home, entry};

/// The first 64 bytes of an index.
const INDEX_START: u64 = 64;
/// A row of its table.
const ROW: u64 = 40;

/// The overload with this number; the numbers differ in the types.
fn overload(of: &Entry, number: usize) -> Entry {
    let digit = |place: u32| DType::ALL[number / 15_usize.pow(place) % 15];
    let mut made = of.overload(&[digit(0), digit(1), digit(2)], 0);
    made.fingerprint[..8].copy_from_slice(&(number as u64).to_le_bytes());
    made.object[..8].copy_from_slice(&(number as u64).to_le_bytes());
    made
}

/// What one lookup in a new process reads.
fn reads(folder: &Home, wanted: &Entry) -> brolga_cache::CacheStats {
    let cache = folder.cache();
    let hit = wanted.find(&cache).expect("a hit");
    assert_eq!(hit.object, wanted.object);
    let stats = cache.stats();
    assert_eq!((stats.index_reads, stats.object_reads), (1, 1));
    stats
}

#[test]
fn of_a_thousand_overloads_one_is_read() {
    const MANY: usize = 1000;
    let first = entry(1);
    let alone = Home::new();
    overload(&first, 0).store(&alone.cache()).expect("a store");
    let one = reads(&alone, &overload(&first, 0)).bytes_read;

    let full = Home::new();
    let cache = full.cache();
    for number in 0..MANY {
        overload(&first, number).store(&cache).expect("a store");
    }
    let whole = std::fs::metadata(full.only(".nbi"))
        .expect("the index")
        .len();
    for number in [0, 1, MANY / 2, MANY - 1] {
        let many = reads(&full, &overload(&first, number)).bytes_read;
        // The row of each overload is read with the head; of sections only its own. What is
        // read at once is at most the table, the head and one section more.
        let more = ROW * (MANY as u64 - 1);
        assert!(many <= one + more, "{many} bytes, {one} of a lone overload");
        assert!(many < whole / 4, "{many} bytes of {whole}");
    }
    assert!(one > INDEX_START + ROW, "{one}");
}

#[test]
fn of_a_thousand_functions_one_is_read() {
    let folder = Home::new();
    let cache = folder.cache();
    let function = |number: usize| {
        let mut made = entry(3);
        made.id.function = format!("relu_{number:04}");
        made.meta.name.clone_from(&made.id.function);
        made
    };
    function(0).store(&cache).expect("a store");
    let one = reads(&folder, &function(0)).bytes_read;
    for number in 1..1000 {
        function(number).store(&cache).expect("a store");
    }
    assert_eq!(reads(&folder, &function(0)).bytes_read, one);
    assert_eq!(reads(&folder, &function(999)).bytes_read, one);
}
