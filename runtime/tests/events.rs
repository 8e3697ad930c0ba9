//! What a `tracing` subscriber is told on the way to callable code.

mod support;

use brolga_abi::DType;
use brolga_runtime::Mode;
use support::events::{Listener, alone};
use support::{KERNELS, runtime};
use tracing::Level;

#[test]
fn a_compilation_and_a_load_are_told_with_their_times() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let listener = Listener::new(Level::DEBUG);
    let make = |text: &str| {
        listener.hear(|| {
            let runtime = runtime(folder.path(), Mode::On);
            let add = runtime.load_str("kernels", text).function("add").unwrap();
            add.specialise(&[DType::F64]).unwrap();
        });
        let told = listener.told();
        let count = |target: &str| told.iter().filter(|told| told.target == target).count();
        assert_eq!(count("brolga::compile"), 1);
        assert_eq!(count("brolga::cache") + 1, told.len());
        let messages: Vec<String> = told.iter().map(|told| told.message.clone()).collect();
        (told.last().unwrap().clone(), messages.join(", "))
    };
    let (compiled, all) = make(KERNELS);
    // By text, by meaning, and by meaning again once the lock is held.
    assert_eq!(all, "miss, miss, miss, store, compiled");
    assert_eq!(compiled.level, Level::DEBUG);
    assert_eq!(compiled.field("function"), "kernels::add");
    assert_eq!(compiled.field("types"), "f64");
    for time in [
        "parse_us",
        "check_us",
        "plan_us",
        "vector_us",
        "clif_us",
        "cranelift_us",
        "object_us",
        "cache_us",
        "link_us",
    ] {
        compiled.field(time).parse::<u64>().expect(time);
    }
    assert!(compiled.field("bytes").parse::<u64>().unwrap() > 0);

    let (loaded, all) = make(KERNELS);
    assert_eq!(all, "hit, loaded");
    assert_eq!((loaded.field("by"), loaded.field("types")), ("text", "f64"));
    let (loaded, all) = make(&format!("// A line.\n{KERNELS}"));
    assert_eq!(all, "miss, hit, learned a text, loaded");
    assert_eq!(loaded.field("by"), "meaning");
}
