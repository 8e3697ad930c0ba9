//! What the compiler made of a kernel's loops, as data. Names and lines are no part of it:
//! loops and sites are numbers in the tables of the kernel's text ([`crate::TextTables`]), so
//! that the report of an object serves every text with the same meaning.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which loop a report is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum LoopKind {
    /// The loop over the elements of a call.
    Elements,
    /// No loop: the kernel runs once for a call.
    Once,
    /// The `for` loop with this number.
    For(u32),
    /// The `prange` loop with this number, whose iterations are spread over threads.
    Prange(u32),
}

impl LoopKind {
    /// The loop's number in the table of the text.
    pub fn number(self) -> Option<u32> {
        match self {
            LoopKind::For(number) | LoopKind::Prange(number) => Some(number),
            LoopKind::Elements | LoopKind::Once => None,
        }
    }
}

/// What was made of one loop.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct LoopReport {
    /// Which loop.
    pub kind: LoopKind,
    /// Its code.
    pub code: LoopCode,
    /// The estimated cost of one element or iteration by the scalar loop, in units of about one
    /// simple operation.
    pub scalar_cost: u32,
    /// The checks that are made in every iteration; one that stands in the code more than once
    /// is there as often.
    pub kept: Vec<CheckReport>,
    /// How many bounds checks are made once, before the loop.
    pub before: u32,
    /// How many bounds checks are not needed.
    pub not_needed: u32,
}

/// The code of a loop.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum LoopCode {
    /// Vector code, with a scalar loop for the rest.
    Vector(VectorCode),
    /// A scalar loop, for this reason: `calls ..`, `has ..`; empty where nothing loops.
    Scalar(String),
}

/// Vector code.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct VectorCode {
    /// The types of lanes with how many of each a 128-bit vector holds, widest first.
    pub lanes: Vec<(String, u32)>,
    /// How many elements a turn does at once.
    pub elements: u32,
    /// How it goes by strips, if it does.
    pub strip: Option<StripReport>,
    /// The strip functions of the NRT that it calls, sorted.
    pub math: Vec<String>,
    /// How many operations have no vector form and are done lane by lane.
    pub lane_by_lane: u32,
    /// What takes in all elements.
    pub reductions: Vec<ReductionReport>,
    /// How many loops in it run until the last lane has left.
    pub loops: u32,
    /// How many tests in it hand over to the scalar loop, where an element fails or leaves.
    pub ways_out: u32,
    /// Operations for one element, each counted as 1, calls of strip functions too.
    pub operations: u32,
}

/// How vector code goes by strips.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct StripReport {
    /// The most elements of a strip.
    pub length: u32,
    /// How often a strip is gone through.
    pub stages: u32,
}

/// A reduction in vector code.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ReductionReport {
    /// `add`, `mul`, `min` and so on.
    pub operation: String,
    /// Whether the elements are taken in one by one, in their order.
    pub ordered: bool,
}

/// A check that stays in a loop.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct CheckReport {
    /// The panic site, a number in the table of the text.
    pub site: u32,
    /// The axis of a bounds check.
    pub axis: Option<u8>,
}

impl fmt::Display for VectorCode {
    /// `vector loop: 2 x f64x2 (4 elements a turn), 3 operations`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, lanes) = self
            .lanes
            .first()
            .map_or(("i8", 1), |(name, lanes)| (name.as_str(), (*lanes).max(1)));
        write!(
            f,
            "vector loop: {} x {name}x{lanes} ({} elements a turn), {} operation{}",
            self.elements / lanes,
            self.elements,
            self.operations,
            if self.operations == 1 { "" } else { "s" },
        )
    }
}

impl LoopReport {
    /// The report in one line. `variable` is the name of the loop's variable.
    pub fn sentence(&self, variable: &str) -> String {
        let code = match &self.code {
            LoopCode::Vector(code) => code.to_string(),
            LoopCode::Scalar(why) => format!("scalar loop: {why}"),
        };
        match self.kind {
            LoopKind::Once => "one call, no loop over elements".to_owned(),
            LoopKind::Elements => code,
            LoopKind::For(_) | LoopKind::Prange(_) => format!("loop over `{variable}`: {code}"),
        }
    }
}

/// A whole report, a sentence for each loop and one for the bounds checks. `variables` has the
/// names of the loops' variables by number.
pub fn sentences(loops: &[LoopReport], variables: &[String]) -> Vec<String> {
    let name = |report: &LoopReport| {
        let number = report.kind.number()?;
        variables.get(number as usize).map(String::as_str)
    };
    let mut lines: Vec<String> = loops
        .iter()
        .map(|report| report.sentence(name(report).unwrap_or_default()))
        .collect();
    let (mut kept, mut before, mut not_needed) = (0, 0, 0);
    for report in loops {
        let bounds = report.kept.iter().filter(|check| check.axis.is_some());
        kept += bounds.count();
        before += report.before;
        not_needed += report.not_needed;
    }
    if kept > 0 || before + not_needed > 0 {
        let before = match before {
            0 => String::new(),
            many => format!("{many} before a loop, "),
        };
        lines.push(format!(
            "bounds checks: {kept} kept, {before}{not_needed} not needed"
        ));
    }
    lines
}
