//! The loop report for people: the compiler's report with the names and lines of the text that
//! it is asked about. The report itself is kept with the object and knows neither.

use std::fmt;

use brolga_abi::{CheckReport, LoopCode, LoopKind, LoopPlace, PanicKind, Place, Site};

/// What was made of one loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoopReport {
    /// Which loop.
    pub kind: LoopKind,
    /// The name of the loop's variable; empty where the source has none.
    pub variable: String,
    /// Where a `for` begins.
    pub place: Option<Place>,
    /// Its code.
    pub code: LoopCode,
    /// The estimated cost of one element or iteration by the scalar loop, in units of about one
    /// simple operation.
    pub scalar_cost: u32,
    /// The checks that are made in every iteration, each once, in the order of their lines.
    pub kept: Vec<KeptCheck>,
    /// How many bounds checks are made once, before the loop.
    pub before: u32,
    /// How many bounds checks are not needed.
    pub not_needed: u32,
}

/// A check that stays in a loop.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KeptCheck {
    /// The line in the source, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The file, as messages name it.
    pub file: String,
    /// What is checked: "index of axis 0 of `x`".
    pub what: String,
}

/// The report of an object for one text.
pub(crate) fn resolve(
    loops: &[brolga_abi::LoopReport],
    places: &[LoopPlace],
    sites: &[Site],
    subjects: &[String],
) -> Vec<LoopReport> {
    let resolve = |report: &brolga_abi::LoopReport| {
        let number = report.kind.number();
        let place = number.and_then(|number| places.get(number as usize));
        let mut kept: Vec<KeptCheck> = report
            .kept
            .iter()
            .filter_map(|check| {
                let site = sites.get(check.site as usize)?;
                let subject = subjects.get(check.site as usize).map_or("", String::as_str);
                Some(KeptCheck {
                    line: site.line,
                    column: site.column,
                    file: site.file.clone(),
                    what: what(check, site, subject),
                })
            })
            .collect();
        kept.sort_unstable();
        kept.dedup();
        LoopReport {
            kind: report.kind,
            variable: place.map_or_else(String::new, |place| place.variable.clone()),
            place: place.map(|place| place.place.clone()),
            code: report.code.clone(),
            scalar_cost: report.scalar_cost,
            kept,
            before: report.before,
            not_needed: report.not_needed,
        }
    };
    loops.iter().map(resolve).collect()
}

fn what(check: &CheckReport, site: &Site, subject: &str) -> String {
    let of = match subject {
        "" => String::new(),
        name => format!(" of `{name}`"),
    };
    let axis = check.axis.unwrap_or(0);
    match &site.kind {
        PanicKind::ArrayIndex if subject.is_empty() => "index of an array".to_owned(),
        PanicKind::ArrayIndex => format!("index{of}"),
        PanicKind::SliceOutOfBounds => format!("slice of axis {axis}{of}"),
        PanicKind::IndexOutOfBounds => format!("index of axis {axis}{of}"),
        PanicKind::DivisionByZero => "divisor of 0".to_owned(),
        PanicKind::RemainderByZero => "divisor of 0 in a remainder".to_owned(),
        PanicKind::DivisionOverflow | PanicKind::RemainderOverflow => {
            "overflow of a division".to_owned()
        }
        PanicKind::StepByZero => "step of 0".to_owned(),
        PanicKind::ClampBounds => "bounds of `clamp`".to_owned(),
        PanicKind::AllocationTooLarge => "size of a local array".to_owned(),
        PanicKind::OutOfMemory => "memory for a local array".to_owned(),
        PanicKind::Message(text) => format!("\"{text}\""),
    }
}

fn plural(count: u32, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

impl fmt::Display for LoopReport {
    /// A block of lines, without a line break at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            LoopKind::Elements => f.write_str("loop over elements")?,
            LoopKind::Once => f.write_str("one call, no loop over elements")?,
            LoopKind::For(_) | LoopKind::Prange(_) => {
                match self.variable.as_str() {
                    "" => f.write_str("loop")?,
                    name => write!(f, "loop over `{name}`")?,
                }
                if let Some(Place {
                    function,
                    file,
                    line,
                    column,
                }) = &self.place
                {
                    write!(f, " in `{function}`, {file}:{line}:{column}")?;
                }
                if let LoopKind::Prange(_) = self.kind {
                    f.write_str(", spread over threads")?;
                }
            }
        }
        let per = match self.kind {
            LoopKind::Elements => "an element",
            LoopKind::Once => "a call",
            LoopKind::For(_) | LoopKind::Prange(_) => "an iteration",
        };
        match &self.code {
            LoopCode::Scalar(why) => {
                if self.kind != LoopKind::Once {
                    write!(f, "\n  not vectorised: {why}")?;
                }
                write!(
                    f,
                    "\n  cost: about {} {per}",
                    plural(self.scalar_cost, "operation")
                )?;
            }
            LoopCode::Vector(code) => {
                f.write_str("\n  vectorised: ")?;
                write!(f, "{} elements a turn", code.elements)?;
                let lanes: Vec<String> = code
                    .lanes
                    .iter()
                    .map(|(name, count)| format!("{count} of {name}"))
                    .collect();
                write!(f, "\n  lanes of a vector: {}", lanes.join(", "))?;
                if let Some(strip) = &code.strip {
                    write!(
                        f,
                        "\n  strips: at most {}, {}",
                        plural(strip.length, "element"),
                        plural(strip.stages, "stage")
                    )?;
                }
                if code.loops > 0 {
                    write!(
                        f,
                        "\n  {} in it, until the last lane has left",
                        plural(code.loops, "loop")
                    )?;
                }
                if !code.math.is_empty() {
                    write!(f, "\n  math calls: {}", code.math.join(", "))?;
                }
                if code.lane_by_lane > 0 {
                    let many = plural(code.lane_by_lane, "operation");
                    write!(f, "\n  lane by lane: {many} without a vector form")?;
                }
                for reduction in &code.reductions {
                    let order = match reduction.ordered {
                        true => "in the order of the elements",
                        false => "in any order",
                    };
                    write!(f, "\n  reduction: {}, {order}", reduction.operation)?;
                }
                if code.ways_out > 0 {
                    write!(
                        f,
                        "\n  hands over to the scalar loop where an element fails or leaves: {}",
                        plural(code.ways_out, "test")
                    )?;
                }
                write!(
                    f,
                    "\n  cost: {} {per} in vectors, about {} in the scalar loop for the rest",
                    plural(code.operations, "operation"),
                    self.scalar_cost
                )?;
            }
        }
        let bounds = [
            (self.before, "once before the loop"),
            (self.not_needed, "not needed"),
        ];
        let counts: Vec<String> = bounds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, how)| format!("{count} {how}"))
            .collect();
        if !counts.is_empty() {
            write!(f, "\n  bounds checks: {}", counts.join(", "))?;
        }
        if !self.kept.is_empty() {
            let scalar = match self.code {
                LoopCode::Vector(_) => " in the scalar loop",
                LoopCode::Scalar(_) => "",
            };
            write!(f, "\n  checks kept{scalar}:")?;
        }
        for check in &self.kept {
            let KeptCheck {
                line, column, what, ..
            } = check;
            write!(f, "\n    {line}:{column}: {what}")?;
        }
        Ok(())
    }
}
