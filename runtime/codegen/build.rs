//! Computes the build id of the sources, see `build_id.rs`.

#[path = "build_id.rs"]
mod build_id;

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    for package in build_id::PACKAGES {
        for part in build_id::PARTS {
            println!("cargo:rerun-if-changed={package}/{part}");
        }
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build_id.rs");
    let bytes = build_id::build_id(&manifest)?.map(|byte| byte.to_string());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("build_id.rs"), format!("[{}]", bytes.join(", ")))
}
