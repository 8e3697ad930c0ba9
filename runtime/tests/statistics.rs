//! For functions of every kind it is counted where their code came from, why it was not
//! found, and what it cost; and what is known of code survives a hit.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use brolga_abi::DType;
use brolga_runtime::{FunctionStatistics, Mode, Runtime};
use support::{FUNCTIONS, KERNELS, make_all, runtime};

fn of<'a>(statistics: &'a [FunctionStatistics], name: &str) -> &'a FunctionStatistics {
    let found = statistics.iter().find(|known| known.function == name);
    found.unwrap_or_else(|| panic!("no `{name}`"))
}

fn once(reason: &str) -> BTreeMap<String, u64> {
    BTreeMap::from([(reason.to_string(), 1)])
}

#[test]
fn functions_of_every_kind_are_counted_cold_by_text_and_by_meaning() {
    let folder = tempfile::tempdir().unwrap();
    let cold = runtime(folder.path(), Mode::On);
    make_all(&cold.load_str("kernels", KERNELS));
    let statistics = cold.statistics();
    assert_eq!(statistics.len(), FUNCTIONS.len());
    for (number, (name, _, parallel)) in FUNCTIONS.into_iter().enumerate() {
        let known = of(&statistics, name);
        assert_eq!(known.parallel, parallel, "{name}");
        assert_eq!((known.specialisations, known.compilations), (1, 1));
        assert_eq!((known.hits(), known.failures, known.uncached), (0, 0, 0));
        let folder_is_there = number > 0;
        let reason = if folder_is_there {
            "no-index"
        } else {
            "no-folder"
        };
        assert_eq!(known.text_misses, once(reason), "{name}");
        // The lock of the compilation makes the folder before the second look.
        assert_eq!(known.meaning_misses, once("no-index"), "{name}");
        assert!(known.codegen.total() > Duration::ZERO);
        assert!(known.check > Duration::ZERO && known.link > Duration::ZERO);
        assert!(known.code_bytes > 0);
        let parsed = known.parse > Duration::ZERO;
        assert_eq!(parsed, number == 0, "counted once per source");
    }

    let warm = runtime(folder.path(), Mode::On);
    make_all(&warm.load_str("kernels", KERNELS));
    for known in warm.statistics() {
        assert_eq!((known.text_hits, known.meaning_hits), (1, 0));
        assert_eq!((known.compilations, known.specialisations), (0, 1));
        assert!(known.text_misses.is_empty() && known.meaning_misses.is_empty());
        assert_eq!(
            known.parse + known.check + known.codegen.total(),
            Duration::ZERO
        );
        assert!(known.code_bytes > 0);
    }
    assert_eq!(warm.counters().parsed, 0);

    let moved = runtime(folder.path(), Mode::On);
    make_all(&moved.load_str("kernels", &format!("// A comment.\n{KERNELS}")));
    for known in moved.statistics() {
        assert_eq!((known.text_hits, known.meaning_hits), (0, 1));
        assert_eq!(known.text_misses, once("text-unknown"));
        assert!(known.meaning_misses.is_empty());
        assert_eq!(known.compilations, 0);
    }
}

#[test]
fn a_change_and_other_types_have_their_reasons() {
    let folder = tempfile::tempdir().unwrap();
    let first = runtime(folder.path(), Mode::On);
    make_all(&first.load_str("kernels", KERNELS));

    let second = runtime(folder.path(), Mode::On);
    let changed = KERNELS.replace("3.0 * x", "4.0 * x");
    let module = second.load_str("kernels", &changed);
    make_all(&module);
    let add = module.function("add").unwrap();
    add.specialise(&[DType::I32]).unwrap();
    let statistics = module.statistics();
    let scale = of(&statistics, "scale");
    assert_eq!(scale.text_misses, once("text-unknown"));
    assert_eq!(scale.meaning_misses, once("fingerprint-unknown"));
    assert_eq!((scale.compilations, scale.hits()), (1, 0));
    let add = add.statistics();
    assert_eq!(of(&statistics, "add"), &add);
    assert_eq!((add.specialisations, add.meaning_hits), (2, 1));
    assert_eq!(add.compilations, 1);
    assert_eq!(add.meaning_misses, once("no-overload"));
    assert_eq!(of(&statistics, "pi").hits(), 1);
}

#[test]
fn statistics_of_one_name_add_up_and_outlive_their_module() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime(folder.path(), Mode::On);
    for _ in 0..3 {
        let module = runtime.load_str("kernels", KERNELS);
        module.function("dot").unwrap().specialise(&[]).unwrap();
    }
    let other = runtime.load_str("others", KERNELS);
    other.function("dot").unwrap().specialise(&[]).unwrap();
    let statistics = runtime.statistics();
    let modules: Vec<&str> = statistics.iter().map(|known| &*known.module).collect();
    assert_eq!(modules, ["kernels", "others"]);
    assert_eq!(
        (statistics[0].specialisations, statistics[0].text_hits),
        (3, 2)
    );
    assert_eq!(statistics[1].compilations, 1);
    // What is asked for again in one module is not made again.
    other.function("dot").unwrap().specialise(&[]).unwrap();
    assert_eq!(of(&other.statistics(), "dot").specialisations, 1);
}

#[test]
fn the_statistics_of_functions_that_nobody_uses_are_bounded() {
    let off = Runtime::builder().cache_mode(Mode::Off).build().unwrap();
    let text = "use brolga::prelude::*;\n#[vectorize]\nfn f(x: f64) -> f64 { x }\n";
    let used = off.load_str("used", text).function("f").unwrap();
    for number in 0..10_000 {
        let module = off.load_str(&format!("m{number}"), text);
        module.function("f").unwrap();
    }
    let statistics = off.statistics();
    assert!(statistics.len() <= 4096 + 2, "{}", statistics.len());
    assert!(statistics.iter().any(|known| known.module == "used"));
    drop(used);
}

#[test]
fn errors_and_switched_off_caches_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let off = runtime(folder.path(), Mode::Off);
    make_all(&off.load_str("kernels", KERNELS));
    for known in off.statistics() {
        assert_eq!((known.uncached, known.compilations), (1, 1));
        assert!(known.text_misses.is_empty());
    }
    let on = runtime(folder.path(), Mode::On);
    let text = "use brolga::prelude::*;\n\
                #[vectorize(cache = false)]\nfn f(x: f64) -> f64 { x }\n\
                #[vectorize]\nfn g(x: f64) -> f64 { x + y }\n";
    let module = on.load_str("kernels", text);
    module.function("f").unwrap().specialise(&[]).unwrap();
    assert_eq!(of(&module.statistics(), "f").uncached, 1);
    let wrong = module.function("g").unwrap();
    for _ in 0..2 {
        assert!(wrong.specialise(&[]).is_err());
    }
    let wrong = wrong.statistics();
    assert_eq!(
        (wrong.failures, wrong.specialisations),
        (1, 0),
        "once: it is remembered"
    );
    assert_eq!(wrong.compilations, 0);
}

/// What a caller may ask of code: how its loops were made, and where it can fail.
fn metadata(runtime: &Runtime, text: &str) -> Vec<String> {
    let module = runtime.load_str("kernels", text);
    let of = |(name, types, _): (&str, &[DType], bool)| {
        let function = module.function(name).unwrap();
        let made = function.specialise(types).unwrap();
        format!(
            "{:?} {:?} {:?} {:?}",
            function.meta(),
            made.report(),
            made.loops(),
            made.sites()
        )
    };
    FUNCTIONS.into_iter().map(of).collect()
}

#[test]
fn loop_reports_and_spans_are_the_same_after_a_hit() {
    let folder = tempfile::tempdir().unwrap();
    let cold = runtime(folder.path(), Mode::On);
    let expected = metadata(&cold, KERNELS);
    assert!(expected.iter().any(|known| known.contains("kernels")));
    let warm = runtime(folder.path(), Mode::On);
    assert_eq!(metadata(&warm, KERNELS), expected);
    assert_eq!((warm.counters().compiled, warm.counters().parsed), (0, 0));

    // Ten lines above: the same code, the lines of the new text.
    let text = format!("{}{KERNELS}", "// A line.\n".repeat(10));
    let moved = runtime(folder.path(), Mode::On);
    let by_meaning = metadata(&moved, &text);
    assert_eq!(moved.counters().compiled, 0);
    assert_ne!(by_meaning, expected);
    let fresh = tempfile::tempdir().unwrap();
    let compiled = runtime(fresh.path(), Mode::On);
    assert_eq!(by_meaning, metadata(&compiled, &text));
    assert_eq!(compiled.counters().compiled, FUNCTIONS.len() as u64);
    let by_text = runtime(folder.path(), Mode::On);
    assert_eq!(metadata(&by_text, &text), by_meaning);
    assert_eq!(
        (by_text.counters().compiled, by_text.counters().parsed),
        (0, 0)
    );
}
