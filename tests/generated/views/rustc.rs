//! rustc's side: kernels become a program that runs them on arrays of words and prints what each
//! call gives. Invariant: the program's lines are those of the text that Brolga gets.

use std::fmt::Write as _;
use std::process::Command;

use brolga_functions::own_functions;
use brolga_lang::ir::Scalar;

use super::super::rustc_side::{compile, to_word};
use super::inputs::Call;
use super::kernel::ViewKernel;

/// What a call gives.
#[derive(Clone, PartialEq, Debug)]
pub struct Given {
    /// The results, or the panic's line and text.
    pub results: Result<Vec<u64>, (u32, String)>,
    /// The elements of each mutable view after the call, also after a panic.
    pub written: Vec<Vec<u64>>,
}

/// The text of the kernels, each after one line for its attribute.
pub fn text(
    import: &str,
    attribute: &dyn Fn(&ViewKernel) -> String,
    kernels: &[ViewKernel],
) -> String {
    let mut text = format!("{import}\n");
    for kernel in kernels {
        text.push_str(&attribute(kernel));
        text.push('\n');
        text.push_str(&kernel.kernel.text());
    }
    text
}

/// Runs each kernel on its calls, unless rustc refuses one.
pub fn run(kernels: &[ViewKernel], calls: &[Vec<Call>]) -> Result<Vec<Vec<Given>>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = compile(folder.path(), &source(kernels))?;
    let mut words = Vec::new();
    for call in calls.iter().flatten() {
        for (shape, elements) in call.shapes.iter().zip(&call.words) {
            let lengths = shape.iter().map(|&n| n as u64);
            let all = lengths.chain(elements.iter().copied());
            words.extend(all.flat_map(u64::to_le_bytes));
        }
    }
    let input = folder.path().join("words");
    std::fs::write(&input, words).expect("the temporary folder is writable");
    let output = Command::new(&program)
        .arg(&input)
        .args(calls.iter().map(|calls| calls.len().to_string()))
        .output()
        .expect("the compiled program runs");
    assert!(
        output.status.success(),
        "the program of rustc's side fails: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = String::from_utf8(output.stdout).expect("text");
    let mut lines = output.lines();
    let mut line = || lines.next().expect("a line for each result");
    let given = |kernel: &ViewKernel, line: &mut dyn FnMut() -> String| {
        let first = line();
        let results = match first.strip_prefix("panic ") {
            Some(panic) => {
                let (place, text) = panic.split_once(' ').expect("line and text");
                Err((place.parse().expect("a line number"), text.to_string()))
            }
            None => Ok(numbers(&first)),
        };
        let mutable = kernel.params().iter().filter(|p| p.mutable).count();
        let written = (0..mutable).map(|_| numbers(&line())).collect();
        Given { results, written }
    };
    Ok(kernels
        .iter()
        .zip(calls)
        .map(|(kernel, calls)| {
            let each = calls.iter();
            each.map(|_| given(kernel, &mut || line().to_string()))
                .collect()
        })
        .collect())
}

fn numbers(line: &str) -> Vec<u64> {
    line.split_whitespace()
        .map(|word| u64::from_str_radix(word, 16).expect("a word"))
        .collect()
}

fn source(kernels: &[ViewKernel]) -> String {
    let import = "#![allow(warnings)] use brolga_functions::prelude::*;";
    let inline = |_: &ViewKernel| "#[inline(never)]".to_string();
    let mut source = own_functions(&text(import, &inline, kernels));
    source.push_str(MAIN);
    source.push_str(
        "fn apply(kernel: usize, words: &mut Words, out: &mut String) {\nmatch kernel {\n",
    );
    for (number, kernel) in kernels.iter().enumerate() {
        writeln!(source, "{number} => {{").expect("a string takes all");
        let (mut args, mut after) = (Vec::new(), String::new());
        for (k, param) in kernel.params().iter().enumerate() {
            let ty = param.scalar;
            let from = match ty {
                Scalar::Bool => "|w| w != 0".to_string(),
                Scalar::F32 => "|w| f32::from_bits(w as u32)".to_string(),
                Scalar::F64 => "f64::from_bits".to_string(),
                _ => format!("|w| w as {ty}"),
            };
            writeln!(source, "let mut a{k} = array{}(words, {from});", param.axes)
                .expect("a string takes all");
            args.push(match (param.view, param.mutable) {
                (false, _) => format!("a{k}[()]"),
                (true, false) => format!("a{k}.view()"),
                (true, true) => format!("a{k}.view_mut()"),
            });
            if param.mutable {
                let word = to_word(ty, "(*x)");
                writeln!(after, "print(out, a{k}.iter().map(|x| {word}));")
                    .expect("a string takes all");
            }
        }
        let results = &kernel.kernel.results;
        let words: Vec<String> = match results.as_slice() {
            [one] => vec![to_word(*one, "r")],
            several => (0..several.len())
                .map(|k| to_word(several[k], &format!("r.{k}")))
                .collect(),
        };
        writeln!(
            source,
            "match caught(|| {}({})) {{ Some(r) => print(out, [{}].into_iter()), None => panicked(out) }}\n{after}}}",
            kernel.kernel.name,
            args.join(", "),
            words.join(", "),
        )
        .expect("a string takes all");
    }
    source.push_str("_ => unreachable!(),\n}\n}\n");
    source
}

const MAIN: &str = r#"
thread_local! { static PANIC: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) }; }
type Words = std::vec::IntoIter<u64>;
fn array0<T>(words: &mut Words, from: fn(u64) -> T) -> Array0<T> {
    Array0::from_shape_fn((), |_| from(words.next().unwrap()))
}
fn array1<T>(words: &mut Words, from: fn(u64) -> T) -> Array1<T> {
    let n = words.next().unwrap() as usize;
    Array1::from_shape_fn(n, |_| from(words.next().unwrap()))
}
fn array2<T>(words: &mut Words, from: fn(u64) -> T) -> Array2<T> {
    let (m, n) = (words.next().unwrap() as usize, words.next().unwrap() as usize);
    Array2::from_shape_fn((m, n), |_| from(words.next().unwrap()))
}
fn print(out: &mut String, words: impl Iterator<Item = u64>) {
    for word in words { out.push_str(&format!("{word:x} ")); }
    out.push('\n');
}
fn panicked(out: &mut String) {
    PANIC.with(|p| out.push_str(&p.borrow()));
    out.push('\n');
}
fn caught<R>(f: impl FnOnce() -> R) -> Option<R> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).ok()
}
fn main() {
    std::panic::set_hook(Box::new(|info| {
        let line = info.location().map_or(0, |l| if l.file().ends_with("kernels.rs") { l.line() } else { 0 });
        let text = info.payload_as_str().unwrap_or_default().lines().next().unwrap_or_default().to_string();
        PANIC.with(|p| *p.borrow_mut() = format!("panic {line} {text}"));
    }));
    let args: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&args[1]).unwrap();
    let words: Vec<u64> = bytes.chunks_exact(8).map(|b| u64::from_le_bytes(b.try_into().unwrap())).collect();
    let (mut words, mut out) = (words.into_iter(), String::new());
    for (kernel, count) in args[2..].iter().enumerate() {
        for _ in 0..count.parse::<usize>().unwrap() { apply(kernel, &mut words, &mut out); }
    }
    print!("{out}");
}
"#;
