//! The peers in Python: `benches/peers/peers.py` in a process of its own, asked for one row at a
//! time, between the rounds of that row. Without Python, NumPy or Numba the columns stay empty.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::case::Row;
use crate::data::Data;

/// The process with the peers.
pub struct Python {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
}

/// Seconds for one call; `None` where there is no such peer.
#[derive(Clone, Copy, Default)]
pub struct Answer {
    pub numpy: Option<f64>,
    pub numba: Option<f64>,
}

/// Which interpreter: the one that the variable names, that of the virtual environment which
/// `benches/peers/README.md` makes, or the one on the path.
fn interpreter() -> PathBuf {
    if let Some(given) = std::env::var_os("BENCH_PYTHON") {
        return given.into();
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/bin/python");
    if own.exists() { own } else { "python3".into() }
}

impl Python {
    /// Starts the peers, and says in the report which there are.
    pub fn start() -> Option<Python> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/peers.py");
        let program = interpreter();
        let started = Command::new(&program)
            .arg("-u")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let absent = |why: &str| {
            println!(
                "- Python peers: NONE ({}: {why}); benches/peers/README.md says how to get them",
                program.display()
            );
            None
        };
        let mut child = match started {
            Ok(child) => child,
            Err(error) => return absent(&error.to_string()),
        };
        let ask = child.stdin.take().expect("the input is a pipe");
        let answers = BufReader::new(child.stdout.take().expect("the output is a pipe"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut python = Python {
            child,
            ask,
            answers,
            folder,
        };
        let Some(versions) = python.answer() else {
            return absent("it does not start");
        };
        let version = |name: &str| versions[name].as_str().map(str::to_string);
        let Some(numpy) = version("numpy") else {
            return absent("NumPy is not there");
        };
        let numba = version("numba").unwrap_or_else(|| "NOT THERE".to_string());
        println!(
            "- Python peers: Python {}, NumPy {numpy}, Numba {numba} (SVML: {})",
            version("python").unwrap_or_default(),
            if versions["svml"].as_bool() == Some(true) {
                "yes"
            } else {
                "no"
            },
        );
        Some(python)
    }

    fn answer(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.answers.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }

    /// Measures a row: operands as they are given here, and results that must be near `expected`.
    pub fn measure(
        &mut self,
        row: &Row,
        operands: &[Data],
        expected: &[Data],
        budget: Duration,
    ) -> Answer {
        let write = |role: &str, data: &[Data]| -> Vec<Value> {
            let files = data.iter().enumerate().map(|(k, data)| {
                let path = self.folder.path().join(format!("{role}{k}"));
                std::fs::write(&path, data.bytes()).expect("the operands can be written");
                json!({"path": path, "dtype": data.numpy_type(), "shape": data.shape()})
            });
            files.collect()
        };
        let question = json!({
            "case": row.python,
            "operands": write("operand", operands),
            "expected": write("expected", expected),
            "threads": row.threads,
            "seconds": budget.as_secs_f64(),
        });
        writeln!(self.ask, "{question}").expect("the peers listen");
        let answer = self.answer().expect("the peers answer");
        if let Some(error) = answer["error"].as_str() {
            panic!("the Python peer of {}: {error}", row.python);
        }
        Answer {
            numpy: answer["numpy"].as_f64(),
            numba: answer["numba"].as_f64(),
        }
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It ends by itself when its input does; one that hangs must not outlive the benchmark.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
