//! An object file of the cache, with its digest made right or as it came.

#![no_main]

use brolga_cache::fuzzing;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzzing::object(bytes);
    let mut sealed = bytes.to_vec();
    fuzzing::seal_object(&mut sealed);
    fuzzing::object(&sealed);
});
