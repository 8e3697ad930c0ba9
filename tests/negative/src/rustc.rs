//! rustc's verdict on many texts at once: each becomes a module of one file, beside the
//! others. A compiler that has found an error does not look for those of its later passes,
//! so the file is compiled again without the modules that are refused, until nothing is:
//! what is left is accepted. Invariant: an error belongs to the module whose lines it names.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Verdict;

/// How many texts one run of rustc gets.
const BATCH: usize = 60;

/// Runs rustc with the prelude that the tests were built with.
#[derive(Debug)]
pub struct Judge {
    deps: PathBuf,
    prelude: PathBuf,
    folder: tempfile::TempDir,
}

/// rustc's verdict on one text.
///
/// # Panics
/// When rustc cannot be run.
pub fn rustc(text: &str) -> Verdict {
    Judge::new().verdicts(&[text.to_string()]).remove(0)
}

impl Judge {
    /// Finds the prelude beside the running test.
    ///
    /// # Panics
    /// When there is none: cargo has not built this test.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Judge {
        let test = std::env::current_exe().expect("the path of this test");
        let deps = test.parent().expect("a folder").to_path_buf();
        let mut libraries: Vec<(std::time::SystemTime, PathBuf)> = std::fs::read_dir(&deps)
            .expect("the folder of built libraries")
            .filter_map(|entry| {
                let path = entry.ok()?.path();
                let name = path.file_name()?.to_str()?;
                if !name.starts_with("libbrolga_prelude-") || !name.ends_with(".rlib") {
                    return None;
                }
                Some((path.metadata().ok()?.modified().ok()?, path))
            })
            .collect();
        libraries.sort();
        let (_, prelude) = libraries.pop().expect("the prelude, built by cargo");
        Judge {
            deps,
            prelude,
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// rustc's verdict on each text, two runs at a time.
    ///
    /// # Panics
    /// When rustc cannot be run.
    pub fn verdicts(&self, texts: &[String]) -> Vec<Verdict> {
        let batches: Vec<&[String]> = texts.chunks(BATCH).collect();
        let half = batches.len().div_ceil(2);
        let (first, second) = batches.split_at(half);
        let run = |name: &str, batches: &[&[String]]| -> Vec<Verdict> {
            batches.iter().flat_map(|b| self.batch(name, b)).collect()
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(|| run("b", second));
            let mut all = run("a", first);
            all.extend(other.join().expect("the second thread"));
            all
        })
    }

    fn batch(&self, name: &str, texts: &[String]) -> Vec<Verdict> {
        let mut verdicts = vec![Verdict::Accepted; texts.len()];
        loop {
            let left: Vec<usize> = (0..texts.len())
                .filter(|n| verdicts[*n].accepted())
                .collect();
            if left.is_empty() || !self.round(name, texts, &left, &mut verdicts) {
                return verdicts;
            }
        }
    }

    /// Compiles the texts `left` as one file; whether it was refused.
    fn round(
        &self,
        name: &str,
        texts: &[String],
        left: &[usize],
        verdicts: &mut [Verdict],
    ) -> bool {
        let mut file = String::from(
            "#![allow(warnings)]\nextern crate self as brolga;\n\
             pub mod prelude { pub use brolga_prelude::*; }\n",
        );
        let mut line = 4;
        let mut starts = Vec::new();
        for n in left {
            let text = crate::corpus::without_attributes(&texts[*n]);
            starts.push(line);
            file.push_str(&format!("mod m{n} {{\n{text}\n}}\n"));
            line += 3 + text.matches('\n').count();
        }
        let path = self.folder.path().join(format!("{name}.rs"));
        std::fs::write(&path, file).expect("a written file");
        let errors = self.run(&path);
        let mut located = false;
        for (line, message) in &errors {
            let Some(line) = line else { continue };
            let Some(n) = starts.partition_point(|start| start <= line).checked_sub(1) else {
                continue;
            };
            located = true;
            match &mut verdicts[left[n]] {
                Verdict::Refused(list) => list.push(message.clone()),
                verdict => *verdict = Verdict::Refused(vec![message.clone()]),
            }
        }
        if errors.is_empty() || located {
            return located;
        }
        // No error tells its module: each is compiled alone.
        if let [one] = left {
            verdicts[*one] = Verdict::Refused(errors.into_iter().map(|(_, m)| m).collect());
            return true;
        }
        let before: Vec<usize> = left.to_vec();
        for n in before {
            while verdicts[n].accepted() && self.round(name, texts, &[n], verdicts) {}
        }
        false
    }

    /// The errors of one file, each with its line.
    fn run(&self, path: &Path) -> Vec<(Option<usize>, String)> {
        let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut external = std::ffi::OsString::from("brolga_prelude=");
        external.push(&self.prelude);
        let mut search = std::ffi::OsString::from("dependency=");
        search.push(&self.deps);
        // `mir` and not `metadata`: the lints that find constant overflow and division by
        // zero, which are errors, run on the optimised form only.
        let output = Command::new(compiler)
            .args(["--crate-type", "lib", "--edition", "2024", "--emit", "mir"])
            .args(["--crate-name", "judged", "--error-format", "short"])
            .args(["-C", "debug-assertions=off", "-C", "overflow-checks=off"])
            .arg("-o")
            .arg(path.with_extension("mir"))
            .arg("-L")
            .arg(search)
            .arg("--extern")
            .arg(external)
            .arg(path)
            .output()
            .expect("rustc runs");
        let text = String::from_utf8_lossy(&output.stderr);
        let file = path.to_string_lossy();
        let mut errors = Vec::new();
        for line in text.lines() {
            let Some(at) = line
                .find("error")
                .filter(|_| !line.contains("aborting due to"))
            else {
                continue;
            };
            let place = line[..at]
                .strip_prefix(&*file)
                .and_then(|rest| rest.split(':').nth(1)?.parse().ok());
            errors.push((place, line[at..].to_string()));
        }
        assert!(
            output.status.success() != errors.iter().any(|_| true) || output.status.success(),
            "rustc fails without an error:\n{text}"
        );
        if output.status.success() {
            errors.clear();
        }
        errors
    }
}
