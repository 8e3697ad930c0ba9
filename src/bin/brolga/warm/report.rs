//! What `brolga warm` tells while it works and at its end.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use brolga::DType;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::failure::Failure;

/// What became of a kernel.
pub enum Outcome {
    /// It was compiled and stored.
    Compiled(Duration),
    /// The cache had it.
    Hit,
    /// It could not be compiled or stored; the message for people.
    Failed(String),
    /// It was left out, for this reason.
    Left(String),
}

/// A kernel, or a whole file that could not be read.
pub struct Line {
    pub file: String,
    pub function: Option<String>,
    pub types: Vec<DType>,
    /// The CPU; none for what was left out for every CPU.
    pub cpu: Option<String>,
    pub outcome: Outcome,
}

/// Takes lines as they come.
pub struct Report {
    json: bool,
    /// On stderr, and only where that is a terminal.
    bar: ProgressBar,
    lines: Vec<Line>,
    /// The same error for another CPU is told once.
    told: BTreeSet<String>,
}

impl Report {
    /// A report about `total` compilations.
    pub fn new(json: bool, total: u64) -> Report {
        let bar = match std::io::stderr().is_terminal() {
            true => ProgressBar::new(total),
            false => ProgressBar::hidden(),
        };
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} kernels  {elapsed}  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Report {
            json,
            bar,
            lines: Vec::new(),
            told: BTreeSet::new(),
        }
    }

    /// The bar, for whoever sees kernels get ready.
    pub fn bar(&self) -> &ProgressBar {
        &self.bar
    }

    /// Tells of a kernel: errors on stderr; all of it on stdout, unless that is to be JSON or
    /// there is a bar.
    pub fn add(&mut self, line: Line) -> Result<(), Failure> {
        if let Outcome::Failed(message) = &line.outcome
            && self.told.insert(message.clone())
        {
            self.bar.suspend(|| {
                // Nobody is left to tell when stderr is closed.
                let _ = writeln!(std::io::stderr(), "{}", message.trim_end());
            });
        }
        if !self.json && self.bar.is_hidden() {
            writeln!(std::io::stdout(), "{}", text(&line))?;
        }
        self.lines.push(line);
        Ok(())
    }

    /// The summary, and whether nothing failed.
    pub fn finish(self, folder: &str, unused: &[String]) -> Result<bool, Failure> {
        self.bar.finish_and_clear();
        let count = |is: fn(&Outcome) -> bool| {
            let lines = self.lines.iter();
            lines.filter(|line| is(&line.outcome)).count()
        };
        let compiled = count(|outcome| matches!(outcome, Outcome::Compiled(_)));
        let hits = count(|outcome| matches!(outcome, Outcome::Hit));
        let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let left = count(|outcome| matches!(outcome, Outcome::Left(_)));
        let mut out = std::io::stdout().lock();
        if self.json {
            let kernels: Vec<Value> = self.lines.iter().map(object).collect();
            let object = json!({
                "folder": folder,
                "compiled": compiled,
                "hits": hits,
                "failed": failed,
                "left_out": left,
                "unused_types": unused,
                "kernels": kernels,
            });
            writeln!(out, "{object}")?;
        } else {
            // With a bar these were not told yet.
            let is_left = |line: &&Line| matches!(line.outcome, Outcome::Left(_));
            if !self.bar.is_hidden() {
                for line in self.lines.iter().filter(is_left) {
                    writeln!(out, "{}", text(line))?;
                }
            }
            for list in unused {
                writeln!(out, "unused     --types {list} fits no generic kernel")?;
            }
            writeln!(
                out,
                "{folder}: {compiled} compiled, {hits} there already, {failed} failed, {left} left out"
            )?;
        }
        Ok(failed == 0)
    }
}

/// `kernels.rs::axpy<f64>`.
fn name(line: &Line) -> String {
    let mut name = line.file.clone();
    if let Some(function) = &line.function {
        name += &format!("::{function}");
    }
    if !line.types.is_empty() {
        name += &format!("<{}>", names(&line.types).join(", "));
    }
    name
}

fn names(types: &[DType]) -> Vec<&'static str> {
    types.iter().map(|dtype| dtype.name()).collect()
}

fn text(line: &Line) -> String {
    let name = name(line);
    let cpu = line.cpu.as_ref().map(|cpu| format!("  {cpu}"));
    let cpu = cpu.unwrap_or_default();
    match &line.outcome {
        Outcome::Compiled(time) => {
            format!("compiled   {name}{cpu}  {:.1} ms", time.as_secs_f64() * 1e3)
        }
        Outcome::Hit => format!("there      {name}{cpu}"),
        Outcome::Failed(_) => format!("failed     {name}{cpu}"),
        Outcome::Left(why) => format!("left out   {name}  {why}"),
    }
}

fn object(line: &Line) -> Value {
    let (outcome, time, why) = match &line.outcome {
        Outcome::Compiled(time) => ("compiled", Some(*time), None),
        Outcome::Hit => ("hit", None, None),
        Outcome::Failed(message) => ("failed", None, Some(message)),
        Outcome::Left(why) => ("left_out", None, Some(why)),
    };
    json!({
        "file": line.file,
        "function": line.function,
        "types": names(&line.types),
        "cpu": line.cpu,
        "outcome": outcome,
        "compile_us": time.map(|time| (time.as_secs_f64() * 1e7).round() / 10.0),
        "why": why,
    })
}
