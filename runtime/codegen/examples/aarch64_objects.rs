//! Makes the aarch64 objects that the linker's tests read, from
//! `runtime/link/tests/data/aarch64/kernels.rs`, into the folder that is given:
//!
//! ```text
//! cargo run -p brolga-codegen --features cross --example aarch64_objects -- \
//!     runtime/link/tests/data/aarch64
//! ```
//!
//! The objects are for any aarch64 Linux: no feature beyond the base architecture is used.
//! Without the feature `cross`, Cranelift knows no aarch64 and the program says so. The same
//! compiler gives the same bytes, so that `git diff` shows what a change of the compiler does.

use std::path::PathBuf;
use std::{env, fs};

use brolga_abi::DType;
use brolga_codegen::{Compiler, Switches, TargetSpec};
use brolga_lang::{Module, Style};

/// The kernels, each with its type arguments.
const KERNELS: [(&str, &[DType]); 7] = [
    ("axpy", &[]),
    ("wave", &[]),
    ("energy", &[]),
    ("filtered", &[]),
    ("picked", &[]),
    ("inner", &[]),
    ("steps", &[]),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder: PathBuf = env::args_os()
        .nth(1)
        .ok_or("expected the folder with kernels.rs")?
        .into();
    let text = fs::read_to_string(folder.join("kernels.rs"))?;
    let module =
        Module::parse("kernels.rs", &text).map_err(|errors| errors.render(Style::Plain))?;
    let target = TargetSpec {
        triple: "aarch64-unknown-linux-gnu".to_owned(),
        cpu: "baseline".to_owned(),
        features: Vec::new(),
    };
    let switches = Switches {
        verify: true,
        ..Switches::default()
    };
    let compiler = Compiler::new(&target, switches)?;
    for (name, types) in KERNELS {
        let program = module
            .specialise(name, types)
            .map_err(|e| format!("{e:?}"))?;
        let object = compiler.compile(&program, name)?;
        fs::write(folder.join(format!("{name}.o")), &object.elf)?;
        println!(
            "{name}.o: {} bytes, entry {}, imports {:?}",
            object.elf.len(),
            object.entry_symbol,
            object.imports
        );
    }
    Ok(())
}
