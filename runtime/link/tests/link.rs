//! Objects as Brolga's compiler makes them are linked and run.

mod common;

use brolga_link::{LinkErrorKind, LoadedCode, link};
use common::{SAMPLES, Sample};

fn load(object: &[u8]) -> LoadedCode {
    link(object, "f", &brolga_nrt::address).unwrap_or_else(|error| panic!("{error}"))
}

/// Calls the entry point as a function of one number.
fn call(code: &LoadedCode, x: f64) -> f64 {
    // SAFETY: every sample's `f` has this type, and the code lives during the call.
    unsafe { std::mem::transmute::<*const u8, extern "C" fn(f64) -> f64>(code.entry())(x) }
}

#[test]
fn linked_code_runs() {
    for sample in SAMPLES {
        for one_section_each in [false, true] {
            let code = load(&sample.object(one_section_each));
            for x in [0.0, -1.25, 0.3, f64::INFINITY] {
                assert_eq!(
                    call(&code, x).to_bits(),
                    sample.expected(x).to_bits(),
                    "{sample:?} of {x}"
                );
            }
            assert_eq!(code.symbol("f"), Some(code.entry()));
            assert_eq!(code.symbol("g"), None, "a local function is not exported");
            assert_eq!(code.symbol("nrt_exp_f64"), None);
            let bytes = code.code_bytes().as_ptr_range();
            assert!(bytes.contains(&code.entry()));
        }
    }
}

#[test]
fn objects_need_no_alignment() {
    let object = Sample::Everything.object(false);
    let mut shifted = vec![0; 8 + object.len()];
    for shift in 0..8 {
        shifted[shift..shift + object.len()].copy_from_slice(&object);
        let code = load(&shifted[shift..shift + object.len()]);
        assert_eq!(call(&code, 0.5), Sample::Everything.expected(0.5));
    }
}

#[test]
fn code_may_be_shared_and_called_from_any_thread() {
    let code = std::sync::Arc::new(load(&Sample::Everything.object(false)));
    let threads: Vec<_> = (0..4)
        .map(|k| {
            let code = code.clone();
            std::thread::spawn(move || call(&code, f64::from(k)))
        })
        .collect();
    drop(code);
    for (k, thread) in threads.into_iter().enumerate() {
        assert_eq!(
            thread.join().unwrap(),
            Sample::Everything.expected(k as f64)
        );
    }
}

#[test]
fn no_page_is_writable_and_executable() {
    let codes: Vec<LoadedCode> = SAMPLES.map(|sample| load(&sample.object(false))).into();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut pages = 0;
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, protection) = (fields.next().unwrap(), fields.next().unwrap());
        assert!(
            !(protection.contains('w') && protection.contains('x')),
            "{line}"
        );
        let (begin, end) = range.split_once('-').unwrap();
        let range =
            usize::from_str_radix(begin, 16).unwrap()..usize::from_str_radix(end, 16).unwrap();
        for code in &codes {
            if range.contains(&code.entry().addr()) {
                assert_eq!(protection, "r-xp", "{line}");
                pages += 1;
            }
        }
    }
    assert_eq!(pages, codes.len());
    // The GOT and the constants are behind the code, and only readable.
    let everything = codes.last().unwrap();
    let data = everything.entry().addr() - everything.entry().addr() % 4096 + 4096;
    assert_eq!(everything.memory_len(), 8192);
    let line = maps
        .lines()
        .find(|line| {
            let (begin, end) = line
                .split_whitespace()
                .next()
                .unwrap()
                .split_once('-')
                .unwrap();
            let parse = |text| usize::from_str_radix(text, 16).unwrap();
            (parse(begin)..parse(end)).contains(&data)
        })
        .unwrap();
    assert!(line.contains("r--p"), "{line}");
}

#[test]
fn the_resolver_is_asked_for_the_runtime_s_names_alone() {
    let asked = std::cell::RefCell::new(vec![]);
    let error = link(&Sample::Import.object(false), "f", &|name| {
        asked.borrow_mut().push(name.to_owned());
        None
    })
    .unwrap_err();
    assert_eq!(asked.into_inner(), ["nrt_exp_f64"]);
    assert_eq!(error.kind(), LinkErrorKind::UnknownImport);
    assert_eq!(
        error.to_string(),
        "the object imports `nrt_exp_f64`, which is not a symbol of the Brolga runtime"
    );
}

#[test]
fn the_entry_must_be_an_exported_function() {
    for entry in ["", "g", "TABLE", "nrt_exp_f64", "missing"] {
        let error = link(
            &Sample::Everything.object(false),
            entry,
            &brolga_nrt::address,
        )
        .unwrap_err();
        assert_eq!(error.kind(), LinkErrorKind::NoEntry);
        assert_eq!(
            error.to_string(),
            format!("the object defines no function `{entry}`")
        );
    }
}
