//! An index file of the cache, with its digests made right or as it came.

#![no_main]

use brolga_cache::fuzzing;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzzing::index(bytes);
    let mut sealed = bytes.to_vec();
    fuzzing::seal_index(&mut sealed);
    fuzzing::index(&sealed);
});
