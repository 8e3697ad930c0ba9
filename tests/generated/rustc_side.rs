//! rustc's side: kernels become a program that runs them on rows of words and prints what
//! each row gives. Its elementary functions are Brolga's own (`brolga-functions` says why).
//! Invariant: the program's lines are those of the text that Brolga gets, so that panics can be
//! compared by line.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use brolga_functions::own_functions;
use brolga_lang::ir::Scalar;

use super::node::Kernel;

/// What a row gives: the results as words, or the panic's line and text.
pub type Row = Result<Vec<u64>, (u32, String)>;

/// The kernels' text, each after a line for its attribute.
pub fn text(import: &str, attribute: &str, kernels: &[Kernel]) -> String {
    let mut text = format!("{import}\n");
    for kernel in kernels {
        text.push_str(attribute);
        text.push('\n');
        text.push_str(&kernel.text());
    }
    text
}

/// Runs each kernel on its rows, unless rustc refuses one.
pub fn run(kernels: &[Kernel], rows: &[Vec<Vec<u64>>]) -> Result<Vec<Vec<Row>>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = program(folder.path(), kernels)?;
    let words: Vec<u8> = rows
        .iter()
        .flatten()
        .flatten()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    let input = folder.path().join("rows");
    std::fs::write(&input, words).expect("the temporary folder is writable");
    let counts: Vec<String> = rows.iter().map(|rows| rows.len().to_string()).collect();
    let output = Command::new(&program)
        .arg(&input)
        .args(&counts)
        .output()
        .expect("the compiled program runs");
    assert!(
        output.status.success(),
        "the program of rustc's side fails: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = String::from_utf8(output.stdout).expect("text");
    let mut lines = output.lines();
    Ok(rows
        .iter()
        .map(|rows| rows.iter().map(|_| row(lines.next())).collect())
        .collect())
}

fn row(line: Option<&str>) -> Row {
    let line = line.expect("a line for each row");
    match line.strip_prefix("panic ") {
        Some(panic) => {
            let (place, text) = panic.split_once(' ').expect("line and text");
            Err((place.parse().expect("a line number"), text.to_string()))
        }
        None => Ok(line
            .split_whitespace()
            .map(|word| u64::from_str_radix(word, 16).expect("a word"))
            .collect()),
    }
}

/// Compiles the program.
fn program(folder: &Path, kernels: &[Kernel]) -> Result<PathBuf, String> {
    let import = "#![allow(warnings)] use brolga_functions::prelude::*;";
    let mut source = own_functions(&text(import, "#[inline(never)]", kernels));
    source.push_str(MAIN);
    source.push_str(&widths(kernels));
    source.push_str("fn apply(kernel: usize, row: &[u64]) -> Vec<u64> {\nmatch kernel {\n");
    for (number, kernel) in kernels.iter().enumerate() {
        let args: Vec<String> = kernel
            .params
            .iter()
            .enumerate()
            .map(|(k, param)| from_word(param.scalar(), &format!("row[{k}]")))
            .collect();
        let results: Vec<String> = match kernel.results.as_slice() {
            [one] => vec![to_word(*one, "r")],
            several => (0..several.len())
                .map(|k| to_word(several[k], &format!("r.{k}")))
                .collect(),
        };
        writeln!(
            source,
            "{number} => {{ let r = {}({}); vec![{}] }}",
            kernel.name,
            args.join(", "),
            results.join(", ")
        )
        .expect("a string takes all");
    }
    source.push_str("_ => unreachable!(),\n}\n}\n");
    compile(folder, &source)
}

/// Compiles the text of a program against the prelude.
pub fn compile(folder: &Path, source: &str) -> Result<PathBuf, String> {
    let path = folder.join("kernels.rs");
    std::fs::write(&path, source).expect("the temporary folder is writable");
    let program = folder.join("kernels");
    let libraries = libraries();
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args([
            "--edition",
            "2024",
            "--cap-lints",
            "allow",
            "-C",
            "opt-level=1",
        ])
        .args(["-C", "overflow-checks=off", "-C", "debug-assertions=off"])
        .arg("--extern")
        .arg(format!(
            "brolga_functions={}",
            prelude(&libraries).display()
        ))
        .arg("-L")
        .arg(format!("dependency={}", libraries.display()))
        .arg("-o")
        .arg(&program)
        .arg(&path)
        .output()
        .expect("rustc runs");
    if output.status.success() {
        Ok(program)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The folder of the libraries that this test was built with.
fn libraries() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows its file");
    test.parent().expect("a file is in a folder").to_path_buf()
}

/// The prelude with Brolga's elementary functions among them: the one built last.
fn prelude(libraries: &Path) -> PathBuf {
    std::fs::read_dir(libraries)
        .expect("the folder of the test is readable")
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libbrolga_functions-") && name.ends_with(".rlib")
        })
        .max_by_key(|path| path.metadata().and_then(|m| m.modified()).ok())
        .expect("the prelude was built for this test")
}

fn from_word(ty: Scalar, word: &str) -> String {
    match ty {
        Scalar::Bool => format!("{word} != 0"),
        Scalar::F32 => format!("f32::from_bits({word} as u32)"),
        Scalar::F64 => format!("f64::from_bits({word})"),
        _ => format!("{word} as {ty}"),
    }
}

/// The text that makes a word of a value.
pub fn to_word(ty: Scalar, value: &str) -> String {
    match ty {
        Scalar::F32 | Scalar::F64 => format!("{value}.to_bits() as u64"),
        Scalar::Bool => format!("{value} as u64"),
        _ => format!("{value} as u{} as u64", ty.bits()),
    }
}

const MAIN: &str = r#"
thread_local! { static PANIC: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) }; }
fn main() {
    std::panic::set_hook(Box::new(|info| {
        let line = info.location().map_or(0, |l| if l.file().ends_with("kernels.rs") { l.line() } else { 0 });
        let text = info.payload_as_str().unwrap_or_default().lines().next().unwrap_or_default().to_string();
        PANIC.with(|p| *p.borrow_mut() = format!("panic {line} {text}"));
    }));
    let args: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&args[1]).unwrap();
    let words: Vec<u64> = bytes.chunks_exact(8).map(|b| u64::from_le_bytes(b.try_into().unwrap())).collect();
    let (mut at, mut out) = (0, String::new());
    for (kernel, count) in args[2..].iter().enumerate() {
        for _ in 0..count.parse::<usize>().unwrap() {
            let row = &words[at..at + WIDTHS[kernel]];
            at += WIDTHS[kernel];
            match std::panic::catch_unwind(|| apply(kernel, row)) {
                Ok(results) => for word in results { out.push_str(&format!("{word:x} ")); },
                Err(_) => PANIC.with(|p| out.push_str(&p.borrow())),
            }
            out.push('\n');
        }
    }
    print!("{out}");
}
"#;

/// The number of words of a row, for each kernel.
fn widths(kernels: &[Kernel]) -> String {
    let widths: Vec<String> = kernels.iter().map(|k| k.params.len().to_string()).collect();
    format!("static WIDTHS: &[usize] = &[{}];\n", widths.join(", "))
}
