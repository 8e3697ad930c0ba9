//! An ELF object, linked and never executed.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(code) = brolga_link::link(bytes, "f", &brolga_nrt::address) {
        assert!(code.code_bytes().as_ptr_range().contains(&code.entry()));
    }
});
