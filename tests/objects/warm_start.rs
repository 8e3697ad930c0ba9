//! A process that finds all in the cache: it reads the files of what it calls and no others,
//! parses and checks nothing, and makes no compiler. Counted, not timed.

use std::fmt::Write;
use std::path::Path;

use brolga::Kernels;

use crate::{answer, process, runtime, variable};

/// A module with this many functions; function `k` adds `k` and multiplies.
fn module(functions: usize) -> String {
    let mut text = String::from("use brolga::prelude::*;\n");
    for k in 0..functions {
        let _ = write!(
            text,
            "#[vectorize]\nfn k{k:04}(x: f64) -> f64 {{ (x + {k}.0) * 0.5 }}\n"
        );
    }
    text
}

/// Calls the functions of these numbers, each twice; tells what was done for it.
pub fn child() {
    let cache = variable("CACHE");
    let runtime = runtime(Path::new(&cache), 1);
    let module = runtime.load_file(variable("MODULE")).expect("a module");
    for number in variable("CALLED").split(' ') {
        let k: usize = number.parse().expect("a number");
        let function = module.ufunc(&format!("k{k:04}")).expect("a function");
        for _ in 0..2 {
            let result = function.call(&[3.0.into()]).expect("a result");
            let result: Option<f64> = result.into_single().expect("one").scalar();
            assert_eq!(result, Some((3.0 + k as f64) * 0.5));
        }
    }
    let did = runtime.counters();
    let read = runtime.cache().stats();
    for (what, count) in [
        ("parsed", did.parsed),
        ("checked", did.checked),
        ("compiled", did.compiled),
        ("compilers", did.compilers),
        ("hits", did.hits),
        ("index reads", read.index_reads),
        ("object reads", read.object_reads),
        ("bytes read", read.bytes_read),
        ("stores", read.stores),
    ] {
        answer(format_args!("{what} {count}"));
    }
}

/// A new process that calls these functions: the counts by their names.
struct Counts(Vec<String>);

impl Counts {
    fn of(folder: &Path, called: &str) -> Counts {
        let path = |name: &str| folder.join(name).display().to_string();
        Counts(process(
            "start",
            &[
                ("CACHE", &path("cache")),
                ("MODULE", &path("many.rs")),
                ("CALLED", called),
            ],
        ))
    }

    fn get(&self, what: &str) -> u64 {
        let found = self.0.iter().find_map(|line| line.strip_prefix(what));
        let count = found.and_then(|count| count.trim().parse().ok());
        count.unwrap_or_else(|| panic!("{what}: {:?}", self.0))
    }

    fn assert_warm(&self, functions: u64) {
        for what in ["parsed", "checked", "compiled", "compilers", "stores"] {
            assert_eq!(self.get(what), 0, "{what}");
        }
        for what in ["hits", "index reads", "object reads"] {
            assert_eq!(self.get(what), functions, "{what}");
        }
    }
}

#[test]
fn a_warm_process_reads_what_it_calls_and_makes_no_compiler() {
    let mut bytes = Vec::new();
    for functions in [1, 1000] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("many.rs");
        std::fs::write(file, module(functions)).expect("a module");
        let all: Vec<String> = (0..functions.min(20)).map(|k| k.to_string()).collect();

        let cold = Counts::of(folder.path(), &all.join(" "));
        assert_eq!(cold.get("parsed"), 1);
        assert_eq!(cold.get("compilers"), 1);
        for what in ["compiled", "stores"] {
            assert_eq!(cold.get(what), all.len() as u64, "{what}");
        }

        let warm = Counts::of(folder.path(), "0");
        warm.assert_warm(1);
        bytes.push(warm.get("bytes read"));
        if functions > 1 {
            Counts::of(folder.path(), "3 0 17").assert_warm(3);
            // What nothing was stored for is not there: the text is parsed, for that one.
            let more = Counts::of(folder.path(), "3 700");
            assert_eq!(more.get("compiled"), 1);
            assert_eq!(more.get("hits"), 1);
        }
    }
    assert_eq!(bytes[0], bytes[1], "the neighbours cost bytes");
}
