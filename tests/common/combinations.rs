//! What a kernel is compiled and run under where its bits are compared with rustc's: every
//! combination of the optimiser's level, the machine and the kind of loop, 24 in all.
//!
//! A run takes a part of them that rotates with the day: each kernel is seen by the default
//! combination and by four that depend on its number, with both levels and all kinds of loops
//! among them, and neighbouring kernels see others. `BROLGA_ORACLE_ROTATION=7` is the part of that
//! number (what fails names it), `BROLGA_ORACLE_ROTATION=all` the whole.

use std::sync::OnceLock;
use std::time::SystemTime;

use brolga::{Mode, Opt, Runtime, Switches, Target, TargetSpec};

/// Which instructions there are.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Machine {
    Native,
    WithoutFma,
    WithoutAvx,
    Sse2,
}

/// How the elements are walked through.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Loops {
    /// One by one.
    Scalar,
    /// On vectors, where the kernel allows it.
    Vector,
    /// As `Vector`, on several threads.
    Parallel,
}

/// One combination.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Combination {
    pub opt: Opt,
    pub machine: Machine,
    pub loops: Loops,
}

/// How many there are.
pub const COUNT: usize = 24;
/// How many threads a runtime of [`Loops::Parallel`] has.
pub const THREADS: usize = 3;

impl Combination {
    /// Those of the numbers from 0 to [`COUNT`].
    pub fn new(number: usize) -> Combination {
        use {Loops::*, Machine::*};
        Combination {
            opt: [Opt::Speed, Opt::None][number % 2],
            machine: [Native, WithoutFma, WithoutAvx, Sse2][number / 2 % 4],
            loops: [Vector, Scalar, Parallel][number / 8],
        }
    }

    /// Where a call runs.
    pub fn target(self) -> Target {
        match self.loops {
            Loops::Scalar | Loops::Vector => Target::Cpu,
            Loops::Parallel => Target::Parallel,
        }
    }

    /// How many threads take part.
    pub fn threads(self) -> usize {
        match self.loops {
            Loops::Scalar | Loops::Vector => 1,
            Loops::Parallel => THREADS,
        }
    }

    /// A runtime that compiles for it.
    pub fn runtime(self) -> Runtime {
        let mut target = match self.machine {
            Machine::Sse2 => TargetSpec::baseline(),
            _ => TargetSpec::host(),
        };
        // What comes with AVX goes with it.
        let gone = |feature: &str| match self.machine {
            Machine::Native | Machine::Sse2 => false,
            Machine::WithoutFma => feature == "has_fma",
            Machine::WithoutAvx => feature == "has_fma" || feature.starts_with("has_avx"),
        };
        target.features.retain(|feature| !gone(feature));
        let switches = Switches {
            verify: true,
            opt: self.opt,
            vectorise: self.loops != Loops::Scalar,
            ..Switches::default()
        };
        let builder = Runtime::builder().cache_mode(Mode::Off);
        let builder = builder.threads(self.threads()).target(target);
        builder.switches(switches).build().expect("a runtime")
    }
}

impl std::fmt::Display for Combination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Combination {
            opt,
            machine,
            loops,
        } = self;
        write!(f, "{opt:?}, {machine:?}, {loops:?}")
    }
}

/// Which part of the combinations a run takes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Rotation {
    Whole,
    Part(usize),
}

impl Rotation {
    /// What `BROLGA_ORACLE_ROTATION` says, or the part of the day.
    pub fn of_this_run() -> Rotation {
        match std::env::var("BROLGA_ORACLE_ROTATION") {
            Ok(text) if text == "all" => Rotation::Whole,
            Ok(text) => Rotation::Part(text.parse().unwrap_or_else(|_| {
                panic!("BROLGA_ORACLE_ROTATION: a number or `all`, not `{text}`")
            })),
            Err(_) => {
                let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
                let days = since.expect("a clock after 1970").as_secs() / 86_400;
                Rotation::Part(days as usize % COUNT)
            }
        }
    }

    /// The numbers of the combinations for the kernel of this number.
    pub fn of_kernel(self, kernel: usize) -> Vec<usize> {
        let Rotation::Part(part) = self else {
            return (0..COUNT).collect();
        };
        // Steps of 7: the level changes with each, and no two have the same loops and machine;
        // 5 has no divisor in common with 24, so that kernels begin everywhere.
        let first = 5 * kernel + part;
        let mut numbers = vec![0];
        numbers.extend((0..4).map(|k| (first + 7 * k) % COUNT).filter(|&n| n != 0));
        numbers
    }
}

/// The runtimes of the combinations, each built when it is first asked for.
#[derive(Default)]
pub struct Runtimes([OnceLock<Runtime>; COUNT]);

impl Runtimes {
    pub fn of(&self, number: usize) -> &Runtime {
        self.0[number].get_or_init(|| Combination::new(number).runtime())
    }
}

/// The seeds of rotations show every combination to some kernel, and every kernel four or more.
#[test]
fn every_part_has_every_combination() {
    for part in 0..COUNT {
        let mut seen = [0; COUNT];
        for kernel in 0..COUNT {
            let numbers = Rotation::Part(part).of_kernel(kernel);
            assert!(numbers.len() >= 4, "{numbers:?}");
            let all: Vec<Combination> = numbers.iter().map(|&n| Combination::new(n)).collect();
            for loops in [Loops::Scalar, Loops::Vector, Loops::Parallel] {
                assert!(all.iter().any(|c| c.loops == loops), "{all:?}");
            }
            numbers.into_iter().for_each(|n| seen[n] += 1);
        }
        assert!(seen.iter().all(|&times| times >= 4), "{seen:?}");
    }
    assert_eq!(Rotation::Whole.of_kernel(5).len(), COUNT);
    let all: Vec<Combination> = (0..COUNT).map(Combination::new).collect();
    for (k, combination) in all.iter().enumerate() {
        assert!(!all[..k].contains(combination), "{combination} twice");
    }
}
