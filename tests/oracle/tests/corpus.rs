//! The corpus and its registry must fit together, and rustc's side must run.

use std::collections::{BTreeMap, BTreeSet};

use brolga_oracle::values::{Random, operands, rows};
use brolga_oracle::{
    Access, Agreement, Case, CaseKind, Operand, Panic, Runner, SOURCES, Word, cases, source,
};

/// A function with an attribute, as the text of its file has it.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Function {
    file: &'static str,
    name: String,
    attribute: String,
}

/// The functions that carry an attribute: in this corpus it stands on the line before `pub fn`.
fn functions() -> Vec<Function> {
    let mut functions = Vec::new();
    for &(file, text) in SOURCES {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(attribute) = line.strip_prefix("#[") else {
                continue;
            };
            let kernels = ["vectorize", "guvectorize", "jit"];
            if !kernels.iter().any(|kernel| attribute.starts_with(kernel)) {
                continue;
            }
            let signature = lines.next().expect("a function follows its attribute");
            let name = signature.strip_prefix("pub fn ").expect("`pub fn` follows");
            let end = name.find(['(', '<']).expect("a name ends");
            functions.push(Function {
                file,
                name: name[..end].to_string(),
                attribute: attribute.trim_end_matches(']').to_string(),
            });
        }
    }
    functions
}

#[test]
fn every_kernel_file_is_a_source_and_imports_the_prelude() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("kernels");
    let on_disk: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let known: BTreeSet<String> = SOURCES
        .iter()
        .map(|(file, _)| format!("{file}.rs"))
        .collect();
    assert_eq!(on_disk, known);
    for (file, text) in SOURCES {
        assert!(text.contains("\nuse brolga::prelude::*;\n"), "{file}");
    }
}

#[test]
fn the_registry_has_every_function_under_its_attribute() {
    let mut registered: BTreeMap<(&str, &str), Vec<Case>> = BTreeMap::new();
    for case in cases() {
        registered
            .entry((case.file, case.function))
            .or_default()
            .push(case);
    }
    let functions = functions();
    for function in &functions {
        let key = (function.file, function.name.as_str());
        let cases = registered
            .remove(&key)
            .unwrap_or_else(|| panic!("{function:?} is not in the registry"));
        for case in cases {
            let name = match case.kind {
                CaseKind::Vectorize => "vectorize",
                CaseKind::Guvectorize => "guvectorize",
                CaseKind::Jit => "jit",
            };
            assert!(function.attribute.starts_with(name), "{case}: {function:?}");
            if case.kind == CaseKind::Guvectorize {
                let quoted = format!("\"{}\"", case.signature);
                assert!(function.attribute.contains(&quoted), "{case}: {quoted}");
            }
        }
    }
    assert!(
        registered.is_empty(),
        "without an attribute: {:?}",
        registered.keys()
    );
    assert!(
        functions.len() >= 75 && SOURCES.len() >= 15,
        "{}",
        functions.len()
    );
}

/// The results of one call: those returned, then the elements of every mutable operand.
fn run_arrays(case: &Case, operands: &mut [Operand]) -> Result<Vec<Vec<Word>>, Panic> {
    let results = case.call_on_arrays(operands)?;
    let params = case.params.iter().zip(operands);
    let mutable = params.filter(|(param, _)| param.access == Access::ViewMut);
    let written = mutable.map(|(_, operand)| operand.words());
    Ok(std::iter::once(results).chain(written).collect())
}

/// Operands of small sizes, the same for the same seed.
fn small_operands(case: &Case, seed: u64) -> Vec<Operand> {
    let mut random = Random::new(seed);
    let dims = case.signature.dims.iter();
    let sizes: BTreeMap<String, usize> =
        dims.map(|dim| (dim.to_string(), random.below(5))).collect();
    operands(case, |name| sizes[name], &mut random)
}

/// The functions that are meant to fail on some operands. All others never do.
const FAILING: [(&str, &str); 41] = [
    ("arith", "div_rem"),
    ("callables", "failing"),
    ("closures", "panics_inside"),
    ("combined", "if_without_else_diverges"),
    ("control", "short_circuit"),
    ("fixed_arrays", "beyond_the_end"),
    ("fixed_arrays", "grid_entry"),
    ("fixed_arrays", "methods"),
    ("fixed_arrays", "swapped_beyond_the_end"),
    ("fixed_arrays", "table_entry"),
    ("floats", "clamp_float"),
    ("integers", "ceiling_division"),
    ("integers", "clamp_integer"),
    ("integers", "euclid"),
    ("integers", "integer_logarithms"),
    ("integers", "square_root"),
    ("integers", "wrapping_division"),
    ("iterators", "divides_lazily"),
    ("local_arrays", "beyond_the_end"),
    ("local_arrays", "literals"),
    ("local_arrays", "too_large"),
    ("numeric", "power_mod"),
    ("options", "expects"),
    ("options", "unwraps"),
    ("orderings", "dropped"),
    ("orderings", "unwrapped"),
    ("parallel", "fails_in_an_iteration"),
    ("references", "beyond"),
    ("structs", "moved_along"),
    ("view_parts", "assigned"),
    ("view_parts", "border"),
    ("view_parts", "halves"),
    ("view_parts", "row_beyond_the_end"),
    ("view_parts", "scaled_rows"),
    ("view_parts", "sliced"),
    ("view_parts", "sliced_by_steps"),
    ("view_parts", "sliced_in_two_axes"),
    ("view_parts", "sliced_inclusively"),
    ("view_parts", "swapped"),
    ("view_parts", "unequal_lengths"),
    ("windows", "count_classes"),
];

#[test]
fn every_case_runs_and_fails_only_where_it_is_meant_to() {
    let mut failed = BTreeSet::new();
    let mut totals: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for case in cases() {
        let mut calls = 0;
        let mut failures = 0;
        match case.runner {
            Runner::Scalar(_) => {
                for row in rows(&case, 2000, 1) {
                    let first = case.call(&row);
                    assert_eq!(first, case.call(&row), "{case} {row:x?}");
                    calls += 1;
                    failures += usize::from(first.is_err());
                }
            }
            Runner::Array(_) => {
                for seed in 0..50 {
                    let first = run_arrays(&case, &mut small_operands(&case, seed));
                    let second = run_arrays(&case, &mut small_operands(&case, seed));
                    assert_eq!(first, second, "{case} {seed}");
                    calls += 1;
                    failures += usize::from(first.is_err());
                }
            }
        }
        let counts = totals.entry((case.file, case.function)).or_insert((0, 0));
        *counts = (counts.0 + calls, counts.1 + failures);
        if failures > 0 {
            failed.insert((case.file, case.function));
        }
    }
    for (function, (calls, failures)) in totals {
        // Its size is beyond memory whatever the operand.
        let always = function == ("local_arrays", "too_large");
        assert!(always || failures < calls, "{function:?} always fails");
    }
    failed.retain(|(file, _)| *file != "panics");
    assert_eq!(failed, BTreeSet::from(FAILING));
}

fn find(file: &str, function: &str) -> Case {
    cases()
        .into_iter()
        .find(|case| (case.file, case.function) == (file, function))
        .unwrap_or_else(|| panic!("no case {file}::{function}"))
}

#[test]
fn results_are_those_of_a_release_build() {
    let negate = find("arith", "negate");
    let row = [0x80, 0x8000, 0x8000_0000, 1 << 63];
    assert_eq!(negate.call(&row), Ok(row.to_vec()));
    let ring = cases()
        .into_iter()
        .find(|case| case.to_string() == "arith::ring<i8>")
        .unwrap();
    assert_eq!(ring.call(&[0x7f, 0x7f]), Ok(vec![0xfe, 0, 1]));
    let shift = find("bits", "shift_by_any_type");
    let row = [33, 9, 65, 70];
    assert_eq!(
        shift.call(&row),
        Ok(vec![33 << 9, 9 >> 1, 65 >> 6, 70 << 33])
    );
    // `pow` of a type parameter is compiled in the prelude and wraps as well.
    let powers = find("integers", "powers");
    assert_eq!(powers.call(&[100, 2]), Ok(vec![0x10, 0x7f]));
}

#[test]
fn a_failure_names_rustc_message_and_the_line_of_the_kernel() {
    for (function, row, message, line) in [
        ("divide", [1, 0], "attempt to divide by zero", "    a / b"),
        (
            "divide",
            [0x8000_0000, 0xffff_ffff],
            "attempt to divide with overflow",
            "    a / b",
        ),
        (
            "remainder",
            [1, 0],
            "attempt to calculate the remainder with a divisor of zero",
            "    a % b",
        ),
        (
            "fails_in_a_callee",
            [0, 0xbf80_0000],
            "root of a negative number",
            "        panic!(\"root of a negative number\");",
        ),
    ] {
        let panic = find("panics", function).call(&row).unwrap_err();
        assert_eq!(panic.message, message);
        assert!(panic.file.ends_with("kernels/panics.rs"), "{panic}");
        let text = source("panics").lines().nth(panic.line as usize - 1);
        assert_eq!(text, Some(line));
    }
}

#[test]
fn arrays_go_in_and_come_out() {
    let matmul = find("linear", "matmul");
    let words = |values: &[f32]| {
        values
            .iter()
            .map(|x| Word::from(x.to_bits()))
            .collect::<Vec<_>>()
    };
    let shapes = matmul.shapes(|name| match name {
        "m" => 1,
        "n" => 2,
        _ => 1,
    });
    let mut operands = [
        matmul.params[0].operand(&shapes[0], &words(&[2.0, 3.0])),
        matmul.params[1].operand(&shapes[1], &words(&[5.0, 7.0])),
        matmul.params[2].operand(&shapes[2], &words(&[0.0])),
    ];
    let results = run_arrays(&matmul, &mut operands).unwrap();
    assert_eq!(results, [vec![], words(&[31.0])]);
    assert_eq!(matmul.agreement, Agreement::Bits);
}

#[test]
fn an_index_out_of_bounds_is_reported_at_the_line_of_the_kernel() {
    let index_of = find("panics", "index_of");
    let mut operands = [
        index_of.params[0].operand(&[2], &[5, 6]),
        index_of.params[1].operand(&[], &[2]),
    ];
    let panic = index_of.call_on_arrays(&mut operands).unwrap_err();
    assert_eq!(
        panic.message,
        "ndarray: index 2 is out of bounds for array of shape [2]"
    );
    assert!(panic.file.ends_with("kernels/panics.rs"), "{panic}");
}
