//! Kernels compiled for aarch64 are linked here and run by `qemu-aarch64`, in the small host
//! program `aarch64/host.c`. Needs `qemu-aarch64` and `aarch64-linux-gnu-gcc` (Debian:
//! qemu-user, gcc-aarch64-linux-gnu, libc6-dev-arm64-cross); without them it says so and
//! passes.

mod common;

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use brolga_link::lay_out;
use common::handmade::{GLOBAL, Handmade, LOCAL, READ, Section};
use object::elf;

const EMULATOR: &str = "qemu-aarch64";
const COMPILER: &str = "aarch64-linux-gnu-gcc";

/// Where images are put: a low address, one beyond 4 GiB, and one beyond 1 TiB.
const BASES: [u64; 3] = [0x2000_0000, 0x6_7fff_0000, 0x155_5555_0000];

/// The host program with the addresses of what it offers to import.
struct Host {
    program: PathBuf,
    symbols: HashMap<String, u64>,
}

/// One operand: its words before the call.
type Words = Vec<u64>;

/// What a call gave.
#[derive(PartialEq, Debug)]
struct Outcome {
    /// Status, site, failing element, then the payload.
    report: Vec<u64>,
    operands: Vec<Words>,
}

/// What is not installed of all that is needed.
fn missing() -> Option<&'static str> {
    let has = |tool| {
        let output = Command::new(tool).arg("--version").output();
        output.is_ok_and(|output| output.status.success())
    };
    // A static C library for aarch64, asked for by the name that the compiler finds it under.
    let library = || {
        let output = Command::new(COMPILER)
            .arg("-print-file-name=libc.a")
            .output();
        output.is_ok_and(|output| output.stdout.starts_with(b"/"))
    };
    match () {
        () if !has(EMULATOR) => Some(EMULATOR),
        () if !has(COMPILER) => Some(COMPILER),
        () if !library() => Some("C library for aarch64 (libc6-dev-arm64-cross)"),
        () => None,
    }
}

impl Host {
    /// Builds the host as the program `name`; `None`, and a line on stderr, where the tools are missing.
    fn build(name: &str) -> Option<Host> {
        if let Some(what) = missing() {
            // Past libtest's capture: who reads the log must see it.
            let line = format!("skipped: aarch64 kernels were not run: no {what}");
            let _ = writeln!(std::io::stderr(), "{line}");
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("aarch64");
        std::fs::create_dir_all(&folder).expect("a folder");
        let program = folder.join(format!("{name}-{}", std::process::id()));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aarch64/host.c");
        let output = Command::new(COMPILER)
            .args(["-O1", "-Wall", "-Werror", "-static", "-no-pie"])
            .args(["-ffp-contract=off", "-o"])
            .args([&program, &source])
            .output()
            .expect("the compiler runs");
        assert!(output.status.success(), "{output:?}");
        let output = Command::new(EMULATOR)
            .arg(&program)
            .arg("symbols")
            .output()
            .expect("the emulator runs");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).expect("text");
        let symbols = text
            .lines()
            .map(|line| {
                let (name, address) = line.split_once(' ').expect("a name and an address");
                (name.to_owned(), hex(address))
            })
            .collect();
        Some(Host { program, symbols })
    }

    /// Links a committed kernel for `base` and runs it there.
    fn run(
        &self,
        kernel: &str,
        base: u64,
        operands: &[Words],
        dims: &[u64],
        steps: &[u64],
    ) -> Outcome {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data/aarch64")
            .join(format!("{kernel}.o"));
        let object = std::fs::read(path).expect("a committed object");
        let entry = format!("brolga_{kernel}");
        self.run_object((&entry, &object), base, operands, dims, steps)
    }

    /// Links an object with this entry for `base` and runs it there.
    fn run_object(
        &self,
        (entry, object): (&str, &[u8]),
        base: u64,
        operands: &[Words],
        dims: &[u64],
        steps: &[u64],
    ) -> Outcome {
        let kernel = entry;
        let resolve = |name: &str| self.symbols.get(name).copied();
        let image = lay_out(object, entry, base, &resolve)
            .unwrap_or_else(|error| panic!("{kernel}: {error}"));
        let file = self.program.with_extension(format!("{kernel}-{base:x}"));
        std::fs::write(&file, &image.bytes).expect("the image is written");

        let mut input = format!("{:x}\n", operands.len());
        for list in operands.iter().map(Vec::as_slice).chain([dims, steps]) {
            input += &format!("{:x}", list.len());
            for word in list {
                input += &format!(" {word:x}");
            }
            input.push('\n');
        }
        let mut child = Command::new(EMULATOR)
            .arg(&self.program)
            .arg("run")
            .arg(&file)
            .args([base, image.text_len as u64, image.entry as u64].map(|n| format!("{n:x}")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the emulator runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("the operands");
        drop(stdin);
        let output = child.wait_with_output().expect("the emulator ends");
        assert!(output.status.success(), "{kernel} at {base:#x}: {output:?}");
        std::fs::remove_file(&file).expect("the image is removed");
        let text = String::from_utf8(output.stdout).expect("text");
        let mut lines = text
            .lines()
            .map(|line| line.split_whitespace().map(hex).collect());
        Outcome {
            report: lines.next().expect("a first line"),
            operands: lines.collect(),
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.program);
    }
}

fn hex(text: &str) -> u64 {
    u64::from_str_radix(text, 16).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn bits(values: &[f64]) -> Words {
    values.iter().map(|value| value.to_bits()).collect()
}

/// A call that succeeded, with these operands.
fn ok(operands: Vec<Words>) -> Outcome {
    Outcome {
        report: vec![0; 7],
        operands,
    }
}

/// What the host offers in place of the real functions.
fn exp(x: f64) -> f64 {
    2.0 * x + 1.0
}

fn sin(x: f64) -> f64 {
    0.25 * x
}

#[test]
fn kernels_for_aarch64_run_at_any_address() {
    let Some(host) = Host::build("run") else {
        return;
    };
    let x = [0.5, -1.25, 3.0, 1e300, f64::INFINITY, -0.0, 7.0];
    let n = x.len() as u64;
    let blank = vec![0; x.len()];
    for base in BASES {
        // No relocation.
        let (a, y) = (bits(&[3.0]), bits(&[1.0, 2.0, 4.0, 8.0, 0.0, -0.0, 0.1]));
        let results = x.iter().zip(&y).map(|(x, y)| 3.0 * x + f64::from_bits(*y));
        let results = bits(&results.collect::<Vec<f64>>());
        let operands = [a.clone(), bits(&x), y.clone(), blank.clone()];
        let found = host.run("axpy", base, &operands, &[n], &[0, 8, 8, 8]);
        assert_eq!(found, ok(vec![a, bits(&x), y, results]), "{base:#x}");

        // Calls of imports, through the GOT.
        let results = x.map(|x| sin(x) + exp(0.5 * x));
        let operands = [bits(&x), blank.clone()];
        let found = host.run("wave", base, &operands, &[n], &[8, 8]);
        assert_eq!(found, ok(vec![bits(&x), bits(&results)]), "{base:#x}");

        // The same in a loop.
        let v = &x[..3];
        let sum = v.iter().fold(0.0, |sum, v| sum + exp(-v * v) * 0.125);
        let found = host.run("energy", base, &[bits(v), vec![0]], &[1, 3], &[24, 8, 8]);
        assert_eq!(found, ok(vec![bits(v), bits(&[sum])]), "{base:#x}");

        // Constants of the object, at a distance from its code.
        let weights = [0.5, -1.25, 2.0, 3.75, -4.5, 5.125, 6.0, -7.625];
        let ks: Words = (0..8).collect();
        let (ones, products) = (bits(&[-2.0; 8]), bits(&weights.map(|w| -2.0 * w)));
        let operands = [ones.clone(), ks.clone(), vec![0; 8]];
        let found = host.run("filtered", base, &operands, &[8], &[8, 8, 8]);
        assert_eq!(found, ok(vec![ones, ks, products]), "{base:#x}");

        // An outlined loop, whose address goes to an import.
        let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 3.0, 5.0, 7.0, -11.0]);
        let operands = [bits(&x), bits(&y), vec![0], vec![0]];
        let steps = [40, 40, 8, 8, 8, 8];
        let found = host.run("inner", base, &operands, &[1, 5], &steps);
        let results = [bits(&x), bits(&y), bits(&[-4.0]), bits(&[5.0])];
        assert_eq!(found, ok(results.to_vec()), "{base:#x}");

        // Calls inside of the object.
        let ns = vec![1, 6, 27, 97];
        let operands = [ns.clone(), vec![0; 4]];
        let found = host.run("steps", base, &operands, &[4], &[8, 8]);
        assert_eq!(found, ok(vec![ns, vec![0, 8, 111, 118]]), "{base:#x}");
    }
}

#[test]
fn a_panic_of_an_aarch64_kernel_is_reported() {
    let Some(host) = Host::build("panic") else {
        return;
    };
    let x = bits(&[1.5, 2.5, 3.5]);
    // Three calls with one array: the second index is out of bounds.
    let indices = vec![2, 3, 0];
    let operands = [x.clone(), indices.clone(), vec![0; 3]];
    let found = host.run("picked", BASES[0], &operands, &[3, 3], &[0, 8, 8, 8]);
    let first = 3.5_f64.to_bits();
    assert_eq!(found.operands, [x, indices, vec![first, 0, 0]]);
    let [status, site, element, index, length, ..] = found.report[..] else {
        panic!("{found:?}")
    };
    assert_eq!((status, site, element), (1, 0, 1));
    assert_eq!((index, length), (3, 3));
}

/// What the compiler does not make today: a direct call of an import, which goes by a stub,
/// and a direct reference to a constant, here some pages away.
#[test]
fn stubs_and_direct_references_run() {
    let Some(host) = Host::build("stub") else {
        return;
    };
    let words: [u32; 10] = [
        0xa9bf_4ffe, // stp x30, x19, [sp, #-16]!
        0xf940_0013, // ldr x19, [x0]
        0x9000_0001, // adrp x1, d
        0x9100_0021, // add x1, x1, :lo12:d
        0xfd40_0020, // ldr d0, [x1]
        0x9400_0000, // bl nrt_exp_f64
        0xfd00_0260, // str d0, [x19]
        0x5280_0000, // mov w0, #0
        0xa8c1_4ffe, // ldp x30, x19, [sp], #16
        0xd65f_03c0, // ret
    ];
    for place in [0, 8, 4096, 8184, 12_288, 20_000] {
        let mut constants = Section::new(".rodata", elf::SHT_PROGBITS, READ, vec![0; 20_008]);
        constants.data[place..place + 8].copy_from_slice(&0.375_f64.to_le_bytes());
        let mut object = Handmade::new().section(constants);
        object.machine = elf::EM_AARCH64;
        object.text.data = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let object = object
            .symbol("nrt_exp_f64", GLOBAL, 0, 0)
            .relocation(elf::R_AARCH64_CALL26, 20, 0)
            .symbol("d", LOCAL, 5, place as u64)
            .relocation(elf::R_AARCH64_ADR_PREL_PG_HI21, 8, 0)
            .relocation(elf::R_AARCH64_ADD_ABS_LO12_NC, 12, 0)
            .write();
        let base = BASES[place % BASES.len()];
        let found = host.run_object(("f", &object), base, &[vec![0]], &[1], &[8]);
        assert_eq!(found, ok(vec![bits(&[exp(0.375)])]), "{place}");
    }
}
