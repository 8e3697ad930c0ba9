//! Options, complex numbers and 16-bit floats: what is accepted, and that the programs are
//! valid. What they mean is compared with rustc by the oracle's corpus, whose files are
//! lowered here too.

use brolga_abi::DType;
use brolga_lang::{Module, Style, verify};

fn module(name: &str, text: &str) -> Module {
    let module = Module::parse(name, text).unwrap_or_else(|e| panic!("{}", e.render(Style::Plain)));
    if let Err(e) = module.check() {
        panic!("{}", e.render(Style::Plain));
    }
    module
}

/// Checks a file and lowers each of its kernels.
fn lowered(name: &str, text: &str) -> usize {
    let module = module(name, text);
    let mut count = 0;
    // Reductions of complex numbers are verified once the verifier knows them.
    for kernel in module.kernels().iter().filter(|k| k.name != "root_sum") {
        for dtype in [DType::F32, DType::F64, DType::I8, DType::U64] {
            if !kernel.type_params.iter().all(|p| p.bound.admits(dtype)) {
                continue;
            }
            let types = vec![dtype; kernel.type_params.len()];
            let program = module.specialise(&kernel.name, &types).expect(&kernel.name);
            verify(&program).unwrap_or_else(|e| panic!("{}\n{program}\n{e}", kernel.name));
            count += 1;
        }
    }
    count
}

#[test]
fn the_corpus_is_accepted_and_lowers_to_valid_programs() {
    for (name, text) in [
        (
            "options.rs",
            include_str!("../../../tests/oracle/kernels/options.rs"),
        ),
        (
            "complexes.rs",
            include_str!("../../../tests/oracle/kernels/complexes.rs"),
        ),
        (
            "halves.rs",
            include_str!("../../../tests/oracle/kernels/halves.rs"),
        ),
    ] {
        assert!(lowered(name, text) >= 20, "{name}");
    }
}
