//! A fuzzer of the whole front end: arbitrary bytes, soups of tokens from the corpus, and
//! corpus kernels with random edits. No text makes it panic or hang, and what passes the
//! checker passes [`verify`]. Deterministic, with a small budget; `BROLGA_FUZZ_SECONDS` sets
//! a longer one, `BROLGA_FUZZ_SEED` another beginning.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use brolga_abi::DType;
use brolga_lang::{Module, SpecialiseError, verify};

/// The longest time for one text; such a text hangs.
const LONGEST: Duration = Duration::from_secs(60);
/// How many texts of each sort the normal run tries.
const ROUNDS: u64 = 30;

/// A small generator of random numbers (xorshift), the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// All kernel files of the repository.
fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders: Vec<PathBuf> = vec![root.join("tests/oracle/kernels"), root.join("examples")];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                texts.extend(std::fs::read_to_string(path));
            }
        }
    }
    texts
}

/// The tokens of a text, roughly.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let end = if word(first) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        found.push(&rest[..end]);
        rest = &rest[end..];
    }
    found
}

/// Runs the front end on a text; gives whether it is accepted.
fn survive(text: &str) -> bool {
    let start = Instant::now();
    let sound = |errors: &dyn std::fmt::Display| {
        let shown = errors.to_string();
        assert!(!shown.contains("internal error"), "{shown}\n{text}");
    };
    let accepted = match Module::parse("fuzz.rs", text) {
        Err(errors) => {
            sound(&errors);
            false
        }
        Ok(module) => {
            if let Err(errors) = module.globals() {
                sound(&errors);
            }
            match module.check() {
                Err(errors) => {
                    sound(&errors);
                    false
                }
                Ok(()) => {
                    compile(&module, text);
                    true
                }
            }
        }
    };
    assert!(
        start.elapsed() < LONGEST,
        "{:?} for {text}",
        start.elapsed()
    );
    accepted
}

/// Specialises every kernel of a checked module to a few types.
fn compile(module: &Module, text: &str) {
    for kernel in module.kernels() {
        for dtype in [DType::F64, DType::F32, DType::I32] {
            let params = &kernel.type_params;
            if !params.iter().all(|param| param.bound.admits(dtype)) {
                continue;
            }
            match module.specialise(&kernel.name, &vec![dtype; params.len()]) {
                Ok(program) => {
                    let verified = verify(&program);
                    assert!(verified.is_ok(), "{}: {verified:?}\n{text}", kernel.name);
                }
                // A limit that only the whole program can exceed.
                Err(SpecialiseError::Diagnostics(errors)) => {
                    let limit = errors.list.iter().all(|error| error.code == "B0260");
                    assert!(limit, "{}: {errors}\n{text}", kernel.name);
                }
                Err(other) => panic!("{}: {other}\n{text}", kernel.name),
            }
            if params.is_empty() {
                break;
            }
        }
    }
}

fn bytes(random: &mut Random) -> String {
    let length = random.below(200);
    let bytes: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn soup(random: &mut Random, words: &[&str]) -> String {
    let body: Vec<&str> = (0..random.below(80)).map(|_| *random.pick(words)).collect();
    let body = body.join(" ");
    match random.below(3) {
        0 => body,
        1 => format!("mod m {{ {body} }}"),
        _ => format!("#[jit] fn f(mut x: f64, v: ArrayView1<f64>) -> f64 {{ {body} }}"),
    }
}

/// Some lines of a text, from one item on.
fn piece<'a>(random: &mut Random, text: &'a str) -> &'a str {
    let starts: Vec<usize> = text.match_indices("\n#[").map(|(at, _)| at).collect();
    if starts.is_empty() {
        return text;
    }
    let first = random.below(starts.len());
    let last = first + 1 + random.below(4);
    &text[starts[first]..starts.get(last).copied().unwrap_or(text.len())]
}

fn mutated(random: &mut Random, text: &str, words: &[&str]) -> String {
    let mut parts = tokens(text);
    for _ in 0..random.below(4) {
        let at = random.below(parts.len());
        match random.below(4) {
            0 => {
                parts.remove(at);
            }
            1 => parts.insert(at, *random.pick(words)),
            2 => parts[at] = *random.pick(words),
            _ => {
                let other = random.below(parts.len());
                parts.swap(at, other);
            }
        }
        if parts.is_empty() {
            break;
        }
    }
    parts.concat()
}

#[test]
fn no_text_makes_the_front_end_fail() {
    let seconds = std::env::var("BROLGA_FUZZ_SECONDS").ok();
    let seconds: Option<u64> = seconds.map(|s| s.parse().expect("BROLGA_FUZZ_SECONDS is a number"));
    let seed = std::env::var("BROLGA_FUZZ_SEED").ok();
    let seed: u64 = seed.map_or(1, |s| s.parse().expect("BROLGA_FUZZ_SEED is a number"));
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let texts = corpus();
    assert!(texts.len() > 5, "the corpus is missing");
    let all: Vec<&str> = texts.iter().flat_map(|text| tokens(text)).collect();
    let start = Instant::now();
    let mut accepted = 0;
    let mut round = 0;
    let more = |round: u64| match seconds {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
        None => round < ROUNDS,
    };
    while more(round) {
        round += 1;
        survive(&bytes(&mut random));
        survive(&soup(&mut random, &all));
        let text = random.pick(&texts).as_str();
        let text = piece(&mut random, text);
        accepted += u64::from(survive(&mutated(&mut random, text, &all)));
    }
    assert!(accepted > 0, "every text was refused");
}
