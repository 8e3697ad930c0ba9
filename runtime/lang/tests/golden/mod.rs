//! Golden messages: beside every kernel file of a folder stands a `.stderr` with what the
//! user sees. `BROLGA_BLESS=1` rewrites these; the difference is then to be reviewed.

use std::fs;
use std::path::{Path, PathBuf};

/// Compares what `render` makes of each kernel file's name and text in `tests/{folder}` with
/// its golden file, and gives the number of files.
///
/// # Panics
/// With every difference.
pub fn compare(folder: &str, mut render: impl FnMut(&str, &str) -> String) -> usize {
    let bless = std::env::var_os("BROLGA_BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut kernels: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of messages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    kernels.sort();
    let mut wrong = Vec::new();
    for kernel in &kernels {
        let name = kernel.file_name().expect("a name").to_string_lossy();
        let found = render(&name, &fs::read_to_string(kernel).expect("a kernel"));
        let golden = kernel.with_extension("stderr");
        if bless {
            fs::write(&golden, &found).expect("a blessed file");
        } else if fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{name} now gives\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    kernels.len()
}
