//! What `brolga run --stats` prints.

use std::time::Duration;

use brolga::{CacheOutcome, Origin, Timings};

/// Where a run's code came from and where its time went.
pub struct Stats {
    pub function: String,
    pub signature: String,
    pub target: &'static str,
    pub threads: usize,
    pub origin: Origin,
    /// What the compiler made of the loops.
    pub report: Vec<String>,
    /// One for each repeat.
    pub run_times: Vec<Duration>,
}

fn micros(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e7).round() / 10.0
}

impl Stats {
    /// The parts of code generation.
    fn codegen(&self) -> [(&'static str, Duration); 5] {
        let Timings {
            plan,
            vector,
            clif,
            cranelift,
            object,
        } = self.origin.codegen;
        [
            ("plan", plan),
            ("vector programs", vector),
            ("CLIF", clif),
            ("Cranelift", cranelift),
            ("object", object),
        ]
    }

    /// A table for people.
    pub fn text(&self) -> String {
        let cache = match &self.origin.cache {
            CacheOutcome::Miss(reason) => format!("miss ({reason})"),
            other => other.name().to_string(),
        };
        let time = |time: Duration| format!("{:>10.1} us", micros(time));
        let mut lines = vec![
            format!("function  {}", self.signature),
            format!("target    {}, {} thread(s)", self.target, self.threads),
            format!("cache     {cache}"),
            format!("parse     {}", time(self.origin.parse)),
            format!("check     {}", time(self.origin.check)),
            format!("compile   {}", time(self.origin.codegen.total())),
            format!(
                "load      {}",
                time(self.origin.cache_io + self.origin.link)
            ),
        ];
        if self.origin.codegen.total() > Duration::ZERO {
            let parts = self
                .codegen()
                .map(|(name, time)| format!("{name} {:.1}", micros(time)));
            lines[5] += &format!(" ({})", parts.join(", "));
        }
        let mut sorted = self.run_times.clone();
        sorted.sort();
        if let (Some(best), Some(median)) = (sorted.first(), sorted.get(sorted.len() / 2)) {
            lines.push(match sorted.len() {
                1 => format!("run       {}", time(*best)),
                n => format!(
                    "run       {} best of {n}, median {}",
                    time(*best),
                    time(*median).trim()
                ),
            });
        }
        lines.extend(self.report.iter().map(|line| format!("loops     {line}")));
        lines.join("\n") + "\n"
    }

    /// One line for programs.
    pub fn json(&self) -> String {
        let reason = match &self.origin.cache {
            CacheOutcome::Miss(reason) => Some(reason.as_str()),
            CacheOutcome::Hit | CacheOutcome::Off => None,
        };
        let codegen = self.origin.codegen;
        let run_us: Vec<f64> = self.run_times.iter().copied().map(micros).collect();
        serde_json::json!({
            "function": self.function,
            "signature": self.signature,
            "target": self.target,
            "threads": self.threads,
            "cache": self.origin.cache.name(),
            "miss_reason": reason,
            "parse_us": micros(self.origin.parse),
            "check_us": micros(self.origin.check),
            "compile_us": micros(self.origin.codegen.total()),
            "plan_us": micros(codegen.plan),
            "vector_us": micros(codegen.vector),
            "clif_us": micros(codegen.clif),
            "cranelift_us": micros(codegen.cranelift),
            "object_us": micros(codegen.object),
            "cache_us": micros(self.origin.cache_io),
            "link_us": micros(self.origin.link),
            "load_us": micros(self.origin.cache_io + self.origin.link),
            "run_us": run_us,
            "loops": self.report,
        })
        .to_string()
    }
}
