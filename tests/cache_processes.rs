//! Many processes that start cold on one cache folder, some of which are killed: every call
//! is right, each kernel is compiled once, and no entry is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use brolga::{CacheOutcome, DType, Kernels, Mode, Module, Runtime};

/// How many kernels there are.
const KERNELS: usize = 20;
const PROCESSES: usize = 64;
const THREADS: usize = 4;
/// How many of the processes are killed.
const KILLED: usize = 16;
/// Longer than any step of these tests takes on a machine that does much else. Nothing is
/// asserted about times below it.
const PATIENCE: Duration = Duration::from_secs(300);

/// The variables by which a child knows what it is for.
const FOLDER: &str = "BROLGA_TEST_FOLDER";
const NUMBER: &str = "BROLGA_TEST_NUMBER";
/// What a child exits with when it has done all and all was right.
const DONE: i32 = 86;

/// Twenty small kernels with different results, and one for every type.
fn text() -> String {
    let kernel = |number: usize| {
        format!("#[vectorize]\nfn k{number}(x: f64) -> f64 {{ x * {number}.0 + 0.5 }}\n")
    };
    let kernels: String = (0..KERNELS).map(kernel).collect();
    let generic = "#[vectorize]\nfn twice<T: Number>(x: T) -> T { x + x }\n";
    format!("use brolga::prelude::*;\n{kernels}{generic}")
}

/// The numbers of a sequence that a seed fixes (xorshift).
struct Numbers(u64);

impl Numbers {
    fn new(seed: u64) -> Numbers {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    fn shuffled(&mut self, count: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..count).collect();
        for place in (1..count).rev() {
            all.swap(place, self.below(place + 1));
        }
        all
    }
}

/// What the processes of one test share.
struct Place(PathBuf);

impl Place {
    fn runtime(&self) -> Runtime {
        let builder = Runtime::builder().cache_dir(self.0.join("cache"));
        builder.cache_mode(Mode::On).build().expect("a runtime")
    }

    fn files(&self) -> PathBuf {
        let format = brolga::cache::FORMAT_VERSION;
        self.0.join("cache").join(format!("v{format}"))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.files()).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }

    fn count(&self, is_meant: impl Fn(&str) -> bool) -> usize {
        self.names().iter().filter(|name| is_meant(name)).count()
    }

    fn spawn(&self, test: &str, number: usize) -> Child {
        Command::new(std::env::current_exe().expect("the test has a path"))
            .args(["--ignored", "--exact", test, "--nocapture", "--quiet"])
            .env(FOLDER, &self.0)
            .env(NUMBER, number.to_string())
            .stdout(Stdio::null())
            .spawn()
            .expect("the test program starts")
    }

    /// Lets the children that wait begin.
    fn go(&self) {
        fs::write(self.0.join("go"), "").expect("the folder is writable");
    }

    fn wait_for_go(&self) {
        let start = Instant::now();
        while !self.0.join("go").exists() && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// How often each kernel was compiled by a process that lived to say so.
    fn compiled(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for entry in fs::read_dir(&self.0).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "log") {
                let log = fs::read_to_string(path).expect("a log");
                for kernel in log.lines() {
                    *counts.entry(kernel.to_string()).or_default() += 1;
                }
            }
        }
        counts
    }
}

/// In a child: where it works, and its number. `None` when a person runs the ignored tests.
fn in_child() -> Option<(Place, usize)> {
    let folder = std::env::var_os(FOLDER)?;
    let number = std::env::var(NUMBER).ok()?.parse().ok()?;
    Some((Place(folder.into()), number))
}

/// Calls kernel `number` and holds the result to what it must be. Tells whether the
/// specialisation was compiled.
fn call(module: &Module, number: usize) -> bool {
    let name = format!("k{number}");
    let kernel = module.ufunc(&name).expect("the kernel exists");
    let found = kernel.call(&[3.0_f64.into()]).expect("the call succeeds");
    let found: Option<f64> = found.into_single().expect("one output").scalar();
    assert_eq!(found, Some(3.0 * number as f64 + 0.5), "{name}");
    let function = module.function(&name).expect("the kernel exists");
    let code = function.specialise(&[]).expect("it is there");
    matches!(code.origin().cache, CacheOutcome::Miss(_))
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_caller() {
    let Some((place, number)) = in_child() else {
        return;
    };
    let path = place.0.join(format!("{number}.log"));
    let log = fs::OpenOptions::new().create(true).append(true).open(path);
    let log = log.expect("a log");
    // In every other process the threads share a module, which compiles a kernel once.
    let load = || place.runtime().load_str("many", &text());
    let shared = number.is_multiple_of(2).then(load);
    let told = Mutex::new(BTreeSet::new());
    place.wait_for_go();
    let work = |thread: usize| {
        let module = shared.clone().unwrap_or_else(load);
        for kernel in Numbers::new((number * THREADS + thread) as u64).shuffled(KERNELS) {
            if call(&module, kernel) {
                let who = if shared.is_some() { 0 } else { thread };
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                if told.insert((who, kernel)) {
                    // One write, so that a line is there or not.
                    let line = format!("k{kernel}\n");
                    (&log).write_all(line.as_bytes()).expect("the log is kept");
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let work = &work;
            scope.spawn(move || work(thread));
        }
    });
    std::process::exit(DONE);
}

/// Who holds a lock among `processes`, if the system tells: most likely a compiler.
fn holder(processes: &[u32]) -> Option<u32> {
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let holders = locks.lines().filter_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let is_held = words.next() == Some("FLOCK");
        is_held.then(|| words.nth(2)?.parse::<u32>().ok()).flatten()
    });
    holders.into_iter().find(|pid| processes.contains(pid))
}

#[test]
fn processes_that_are_killed_lose_nothing_and_each_kernel_is_compiled_once() {
    for seed in 1..=4 {
        many_processes(seed);
    }
}

fn many_processes(seed: u64) {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let place = Place(temporary.path().to_path_buf());
    let mut numbers = Numbers::new(seed);
    let mut children: Vec<Child> = (0..PROCESSES)
        .map(|number| place.spawn("child_caller", number))
        .collect();
    // A process is killed each time when this many objects are there, a holder of a lock where
    // one can be told.
    let mut moments: Vec<usize> = (0..KILLED).map(|_| numbers.below(KERNELS)).collect();
    moments.sort_unstable();
    let start = Instant::now();
    place.go();
    let mut killed = BTreeSet::new();
    let mut holders = 0;
    for objects in moments {
        while place.count(|name| name.ends_with(".nbc")) < objects && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_micros(200));
        }
        let living: Vec<u32> = children
            .iter()
            .enumerate()
            .filter(|(number, _)| !killed.contains(number))
            .map(|(_, child)| child.id())
            .collect();
        let holder = holder(&living);
        holders += usize::from(holder.is_some());
        let victim = holder.unwrap_or_else(|| living[numbers.below(living.len())]);
        let number = children.iter().position(|child| child.id() == victim);
        let number = number.expect("it is one of them");
        children[number].kill().expect("a child can be killed");
        killed.insert(number);
    }
    let mut died = 0;
    for (number, child) in children.iter_mut().enumerate() {
        match child.wait().expect("a child ends").code() {
            Some(code) => assert_eq!(code, DONE, "process {number} was wrong"),
            None => {
                assert!(killed.contains(&number), "process {number} crashed");
                died += 1;
            }
        }
    }
    let whole = start.elapsed();

    // A kernel that a process said to have compiled was stored before, so that no other
    // compiles it. One that nobody speaks of was compiled by one that was killed.
    let compiled = place.compiled();
    assert!(compiled.values().all(|count| *count == 1), "{compiled:?}");
    let untold = KERNELS - compiled.len();
    assert!(
        untold <= died * THREADS,
        "{untold} of {KERNELS} kernels were compiled by nobody, {died} processes died"
    );
    println!(
        "{died} of {PROCESSES} processes killed at work ({holders} with a lock), {} kernels \
         compiled by the living, {untold} by the dead, {whole:.1?}",
        compiled.len()
    );

    // Every entry is there, and nothing else but temporaries and locks.
    let runtime = place.runtime();
    let module = runtime.load_str("many", &text());
    for kernel in 0..KERNELS {
        assert!(!call(&module, kernel), "k{kernel} got lost");
    }
    let counters = runtime.counters();
    assert_eq!((counters.parsed, counters.hits), (0, KERNELS as u64));
    for ending in [".nbi", ".nbc"] {
        assert_eq!(place.count(|name| name.ends_with(ending)), KERNELS);
    }
    assert_eq!(place.count(|name| name.ends_with(".bad")), 0);
    let temporaries = place.count(|name| name.starts_with("tmp-"));
    assert!(temporaries <= died * THREADS, "{:?}", place.names());
    sweep(&place);
    assert_eq!(place.count(|name| name.starts_with("tmp-")), 0);
}

/// Lets the temporaries be old, and another process store something.
fn sweep(place: &Place) {
    for name in place.names() {
        if name.starts_with("tmp-") {
            let file = fs::OpenOptions::new()
                .write(true)
                .open(place.files().join(name));
            let then = SystemTime::now() - Duration::from_secs(3700);
            let file = file.expect("a temporary is ours");
            file.set_modified(then).expect("its time can be set");
        }
    }
    let text = "use brolga::prelude::*;\n#[vectorize]\nfn late(x: f64) -> f64 { -x }\n";
    let module = place.runtime().load_str("late", text);
    let code = module.function("late").expect("exists");
    code.specialise(&[]).expect("compiles");
}

/// Folders in place of the lock files: no lock can be had, as on a file system without.
fn refuse_locks(files: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(files).expect("a cache folder");
    for set in ["compile", "index"] {
        for slot in 0..64 {
            let name = format!("{set}-{slot:02x}.lock");
            builder.create(files.join(name)).expect("a folder");
        }
    }
}

#[test]
fn without_locks_every_call_is_right() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let place = Place(temporary.path().to_path_buf());
    refuse_locks(&place.files());
    let mut children: Vec<Child> = (0..16)
        .map(|number| place.spawn("child_caller", number))
        .collect();
    place.go();
    for (number, child) in children.iter_mut().enumerate() {
        let code = child.wait().expect("a child ends").code();
        assert_eq!(code, Some(DONE), "process {number} was wrong");
    }
    let compiled: usize = place.compiled().values().sum();
    assert!(compiled >= KERNELS, "{compiled}");
    println!("{compiled} compilations of {KERNELS} kernels without locks");
    // What got lost is a miss, and compiled once more.
    let runtime = place.runtime();
    let module = runtime.load_str("many", &text());
    for kernel in 0..KERNELS {
        call(&module, kernel);
    }
    let again = place.runtime();
    let module = again.load_str("many", &text());
    for kernel in 0..KERNELS {
        assert!(!call(&module, kernel), "k{kernel}");
    }
    assert_eq!(place.count(|name| name.ends_with(".bad")), 0);
    assert_eq!(place.count(|name| name.starts_with("tmp-")), 0);
}

const TYPES: [DType; 8] = [
    DType::I8,
    DType::I16,
    DType::I32,
    DType::I64,
    DType::U32,
    DType::U64,
    DType::F32,
    DType::F64,
];

fn twice(place: &Place, dtype: DType) -> (bool, u64) {
    let runtime = place.runtime();
    let module = runtime.load_str("many", &text());
    let function = module.function("twice").expect("the kernel exists");
    let code = function.specialise(&[dtype]).expect("it compiles");
    let hit = matches!(code.origin().cache, CacheOutcome::Hit);
    (hit, runtime.cache().stats().unlocked_writes)
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_of_one_type() {
    let Some((place, number)) = in_child() else {
        return;
    };
    place.wait_for_go();
    assert_eq!(twice(&place, TYPES[number]), (false, 0));
    std::process::exit(DONE);
}

#[test]
fn writers_of_different_overloads_at_one_moment_all_survive() {
    for round in 0..3 {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let place = Place(temporary.path().to_path_buf());
        let mut children: Vec<Child> = (0..TYPES.len())
            .map(|number| place.spawn("child_of_one_type", number))
            .collect();
        place.go();
        for child in &mut children {
            assert_eq!(child.wait().expect("a child ends").code(), Some(DONE));
        }
        for dtype in TYPES {
            assert!(twice(&place, dtype).0, "round {round}: {dtype:?} got lost");
        }
        assert_eq!(place.count(|name| name.ends_with(".nbi")), 1);
    }
}
