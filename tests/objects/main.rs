//! What compiled objects are outside of the process that made them: read lazily by the next
//! one, the same bytes wherever they are made, linked by an ordinary linker, named in profiles.
//! Other processes are this test binary again, which then runs `child` alone.

mod bytes;
mod export;
mod perf_map;
mod warm_start;

use std::path::Path;
use std::process::Command;

use brolga::{Mode, Runtime};

/// Says to [`child`] what to do.
const ROLE: &str = "BROLGA_TEST_ROLE";

/// Stands before what a child answers: the test harness prints too.
const ANSWER: &str = "answer: ";

/// Runs this binary as a new process in this role, and gives its answers line by line.
fn process(role: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "child", "--nocapture", "--quiet"])
        .args(["--test-threads", "1"])
        .env(ROLE, role)
        .envs(variables.iter().copied())
        .output()
        .expect("the process starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{role}: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers = text.lines().filter_map(|line| line.split_once(ANSWER));
    let answers: Vec<String> = answers.map(|(_, answer)| answer.to_string()).collect();
    assert!(!answers.is_empty(), "{role}: {text}");
    answers
}

/// In a child: one answer.
fn answer(text: impl std::fmt::Display) {
    println!("\n{ANSWER}{text}");
}

/// In a child: what its parent set.
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is set"))
}

/// A runtime with its cache in this folder.
fn runtime(cache: &Path, threads: usize) -> Runtime {
    let builder = Runtime::builder().cache_dir(cache).cache_mode(Mode::On);
    builder.threads(threads).build().expect("a runtime")
}

#[test]
#[ignore = "run by the other tests, in processes of its own"]
fn child() {
    match std::env::var(ROLE).as_deref() {
        Ok("start") => warm_start::child(),
        Ok("bytes") => bytes::child(),
        Ok("perf") => perf_map::child(),
        Ok(other) => panic!("no such role: {other}"),
        Err(_) => eprintln!("skipped: {ROLE} is not set"),
    }
}
