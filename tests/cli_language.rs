//! The whole language on the command line: modules in files, complex numbers and halves in
//! `.npy` files, globals, doc comments.

mod common;

use common::Sandbox;

const KERNELS: &str = "use brolga::prelude::*;
mod geometry;
/// The gain
/// of the amplifier.
static GAIN: f64 = 2.0;
static TABLE: [i32; 3] = [1, 2, 3];
static TURN: Complex<f64> = Complex::new(0.0, 1.0);
static PAIR: (f32, bool) = (1.5, true);
/// A quarter of a turn.
///
/// Or what the host says.
#[vectorize]
fn turn(z: Complex<f64>) -> Complex<f64> { z * TURN }
#[vectorize]
fn scaled<T: Float>(z: Complex<T>, x: T) -> Complex<T> { z * x }
#[vectorize]
fn half(h: f16) -> f16 { f16::from_f32(h.to_f32() * 2.0) }
#[vectorize]
fn brain(h: bf16) -> bf16 { bf16::from_f32(h.to_f32() * 2.0) }
#[vectorize]
fn gain(x: f64) -> f64 { GAIN * x + f64::from(TABLE[1]) }
#[vectorize]
fn pair(x: f32) -> f32 { if PAIR.1 { PAIR.0 * x } else { 0.0 } }
";

const GEOMETRY: &str = "use brolga::prelude::*;
mod deep;
/// The area of a disc.
#[vectorize]
pub fn area(r: f64) -> f64 { deep::square(r) * 3.0 }
#[vectorize]
pub fn quotient(a: i64, b: i64) -> i64 {
    a / b
}
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.kernel("k.rs", KERNELS);
    std::fs::create_dir(sandbox.path("geometry")).expect("a new folder");
    sandbox.kernel("geometry.rs", GEOMETRY);
    sandbox.kernel(
        "geometry/deep.rs",
        "pub fn square(x: f64) -> f64 { x * x }\n",
    );
    sandbox
}

fn said(sandbox: &Sandbox, args: &[&str]) -> String {
    let ran = sandbox.brolga(args).ok();
    ran.stdout.trim_end().to_string()
}

#[test]
fn a_kernel_in_a_module_is_named_by_its_path() {
    let sandbox = sandbox();
    let run =
        |kernel: &str, operands: &[&str]| sandbox.brolga(&[&["run", kernel], operands].concat());
    let area = run("k.rs::geometry::area", &["2.0"]).ok();
    assert_eq!(area.stdout, "f64 [] 12.0\n");
    run("k.rs::geometry::quotient", &["1", "0"]).fails(
        1,
        &["`geometry::quotient` panicked at geometry.rs:8:5: attempt to divide by zero"],
    );
    run("k.rs::area", &["2.0"]).fails(1, &["no kernel `area`", "`geometry::area`"]);
    run("k.rs::geometry::are", &["2.0"]).fails(1, &["there is `geometry::area`"]);
    // From another folder the files lie beside the first one.
    let full = sandbox.path("k.rs").display().to_string();
    let elsewhere = sandbox.brolga_with(
        &["run", &format!("{full}::geometry::area"), "1.0"],
        |command| command.current_dir("/"),
    );
    assert_eq!(elsewhere.ok().stdout, "f64 [] 3.0\n");
}

#[test]
fn complex_files_are_read_in_both_byte_orders_and_written() {
    let sandbox = sandbox();
    let values = [(1.0_f64, 2.0_f64), (0.0, -0.5)];
    let parts = || values.iter().flat_map(|&(re, im)| [re, im]);
    let little: Vec<u8> = parts().flat_map(f64::to_le_bytes).collect();
    let big: Vec<u8> = parts().flat_map(f64::to_be_bytes).collect();
    let single: Vec<u8> = parts().flat_map(|x| (x as f32).to_le_bytes()).collect();
    let single_big: Vec<u8> = parts().flat_map(|x| (x as f32).to_be_bytes()).collect();
    for (descr, data) in [
        ("<c16", &little),
        (">c16", &big),
        ("<c8", &single),
        (">c8", &single_big),
    ] {
        sandbox.npy("z.npy", descr, false, &[2], data);
        sandbox
            .brolga(&["run", "k.rs::turn", "z.npy", "-o", "o.npy"])
            .ok();
        let (header, found) = sandbox.read_npy("o.npy");
        assert!(header.contains("'<c16'"), "{header}");
        let expected: Vec<u8> = [-2.0, 1.0, 0.5, 0.0]
            .iter()
            .flat_map(|x: &f64| x.to_le_bytes())
            .collect();
        let plus = |bytes: &[u8]| -> Vec<f64> {
            let numbers = bytes.chunks_exact(8);
            numbers
                .map(|b| f64::from_le_bytes(b.try_into().expect("8 bytes")))
                .collect()
        };
        assert_eq!(plus(&found), plus(&expected), "{descr}");
    }
    sandbox.npy("z.npy", ">c8", false, &[2], &single_big);
    sandbox
        .brolga(&["run", "k.rs::scaled", "z.npy", "2", "-o", "o.npy"])
        .ok();
    let (header, found) = sandbox.read_npy("o.npy");
    assert!(header.contains("'<c8'"), "{header}");
    let expected: Vec<u8> = [2.0_f32, 4.0, 0.0, -1.0]
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    assert_eq!(found, expected);
    // A matrix in Fortran order.
    sandbox.npy("m.npy", "<c16", true, &[2, 1], &little);
    let shown = said(&sandbox, &["run", "k.rs::turn", "m.npy"]);
    assert_eq!(shown, "Complex<f64> [2, 1] [[-2.0+1.0i], [0.5+0.0i]]");
}

#[test]
fn halves_are_read_and_written() {
    let sandbox = sandbox();
    let bits = [0x3e00_u16, 0xc000];
    let little: Vec<u8> = bits.iter().flat_map(|b| b.to_le_bytes()).collect();
    let big: Vec<u8> = bits.iter().flat_map(|b| b.to_be_bytes()).collect();
    for (descr, data) in [("<f2", &little), (">f2", &big)] {
        sandbox.npy("h.npy", descr, false, &[2], data);
        let shown = said(&sandbox, &["run", "k.rs::half", "h.npy", "-o", "o.npy"]);
        assert_eq!(shown, "f16 [2] [3.0, -4.0]");
        let (header, found) = sandbox.read_npy("o.npy");
        assert!(header.contains("'<f2'"), "{header}");
        assert_eq!(found, [0x00, 0x42, 0x00, 0xc4]);
    }
    sandbox.npy("b.npy", "<V2", false, &[1], &[0xc0, 0x3f]);
    let shown = said(&sandbox, &["run", "k.rs::brain", "b.npy"]);
    assert_eq!(shown, "bf16 [1] [3.0]");
    assert_eq!(said(&sandbox, &["run", "k.rs::half", "1.5"]), "f16 [] 3.0");
    sandbox
        .brolga(&["run", "k.rs::half", "1.5f64"])
        .fails(1, &["found f64; accepted: bool, i8, u8, f16"]);
}

#[test]
fn complex_literals_are_operands() {
    let sandbox = sandbox();
    for (literal, shown) in [
        ("1+2j", "-2.0+1.0i"),
        ("-1-2i", "2.0-1.0i"),
        ("2j", "-2.0+0.0i"),
        ("1e3-2e-3j", "0.002+1000.0i"),
        ("3", "0.0+3.0i"),
    ] {
        let found = said(&sandbox, &["run", "k.rs::turn", literal]);
        let same = found.replace("-0.0i", "0.0i");
        assert_eq!(same, format!("Complex<f64> [] {shown}"), "{literal}");
    }
    sandbox
        .brolga(&["run", "k.rs::gain", "1+2j"])
        .fails(1, &["'1+2j' is not a value of `f64`"]);
}

#[test]
fn globals_are_bound_by_name() {
    let sandbox = sandbox();
    let run = |kernel: &str, operand: &str, globals: &[&str]| {
        let mut args = vec!["run", kernel, operand];
        for global in globals {
            args.extend(["--global", global]);
        }
        sandbox.brolga(&args)
    };
    for (globals, shown) in [
        (&[][..], "4.0"),
        (&["GAIN=-3"], "-1.0"),
        (&["GAIN=1", "TABLE=[0, 7, 0]"], "8.0"),
    ] {
        let found = run("k.rs::gain", "1", globals).ok();
        assert_eq!(found.stdout, format!("f64 [] {shown}\n"), "{globals:?}");
    }
    let turned = run("k.rs::turn", "2", &["TURN=1-1j"]).ok();
    assert_eq!(turned.stdout, "Complex<f64> [] 2.0-2.0i\n");
    let pair = run("k.rs::pair", "2", &["PAIR=(0.5,true)"]).ok();
    assert_eq!(pair.stdout, "f32 [] 1.0\n");
    for (global, code, part) in [
        ("GAIM=1", 1, "there is no global `GAIM`; there is `GAIN`"),
        ("GAIN=x", 1, "'x' is not a value of `f64`"),
        ("GAIN=1f32", 1, "the type of the global `GAIN`"),
        ("TABLE=[1,2]", 1, "'[1,2]' is not a value of `[i32; 3]`"),
        ("TABLE=7", 1, "'7' is not a value of `[i32; 3]`"),
        ("GAIN", 2, "write NAME=VALUE"),
    ] {
        run("k.rs::gain", "1", &[global]).fails(code, &[part]);
    }
    run("k.rs::gain", "1", &["GAIN=1", "GAIN=2"]).fails(2, &["`GAIN` is bound twice"]);
}

#[test]
fn doc_comments_are_the_help_of_check_and_inspect() {
    let sandbox = sandbox();
    let checked = said(&sandbox, &["check", "k.rs"]);
    for part in [
        "k.rs: no errors; kernels: turn, scaled,",
        "#[vectorize] fn turn(z: Complex<f64>) -> Complex<f64>\n    A quarter of a turn.\n\n    Or what the host says.\n",
        "#[vectorize] fn scaled<T: Float>(z: Complex<T>, x: T) -> Complex<T>\n#[",
        "fn geometry::area(r: f64) -> f64\n    The area of a disc.\n",
        "static GAIN: f64 = 2.0\n    The gain\n    of the amplifier.\n",
        "static TURN: Complex<f64> = 0.0+1.0i\n",
        "static PAIR: (f32, bool) = (1.5, true)",
    ] {
        assert!(checked.contains(part), "no {part:?} in {checked}");
    }
    let shown = said(&sandbox, &["inspect", "k.rs::turn"]);
    for part in [
        "; #[vectorize] fn turn(z: Complex<f64>) -> Complex<f64>\n;     A quarter of a turn.\n;\n;     Or",
        "; static GAIN: f64 = 2.0\n;     The gain\n",
        "entry",
    ] {
        assert!(shown.contains(part), "no {part:?} in {shown}");
    }
}

#[test]
fn errors_are_shown_in_the_files_where_they_are() {
    let sandbox = sandbox();
    sandbox.kernel(
        "geometry/deep.rs",
        "pub fn square(x: f64) -> f64 { x * y }\n",
    );
    let geometry = GEOMETRY.replace("a / b", "a / 1.0");
    sandbox.kernel("geometry.rs", &geometry);
    sandbox.kernel("k.rs", &KERNELS.replace("GAIN * x", "GAIN * w"));
    sandbox.brolga(&["check", "k.rs"]).fails(
        1,
        &[
            "--> k.rs:",
            "--> geometry.rs:8:",
            "--> geometry/deep.rs:1:36",
            "cannot find value `w`",
            "cannot find value `y`",
            "has 3 errors",
        ],
    );
    std::fs::remove_file(sandbox.path("geometry/deep.rs")).expect("the file is there");
    sandbox
        .brolga(&["check", "k.rs"])
        .fails(1, &["--> geometry.rs:2:", "geometry/deep.rs", "E0583"]);
}
