//! Nanoseconds per element of elementwise kernels, beside rustc's native code over slices,
//! in one run: `cargo bench --bench loops`. Prints a table with ratios. Best of many
//! rounds, the two sides in turn, so that a slow moment of the machine hits both.

use std::ffi::CString;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use brolga::{Kernels, Operand, Runtime, Scalar, UFunc};
use ndarray::Array1;

const KERNELS: &str = "
#[vectorize]
fn axpy(a: f64, x: f64, y: f64) -> f64 { a * x + y }
#[vectorize]
fn poly8(x: f64) -> f64 {
    let mut p = 2.48e-5;
    p = p * x + 1.98e-4;
    p = p * x + 1.39e-3;
    p = p * x + 8.33e-3;
    p = p * x + 4.17e-2;
    p = p * x + 1.67e-1;
    p = p * x + 0.5;
    p = p * x + 1.0;
    p * x + 1.0
}
#[vectorize]
fn leaky_relu(x: f64) -> f64 { if x < 0.0 { 0.1 * x } else { x } }
";

const SIZES: [usize; 4] = [1_000, 16_000, 1_000_000, 16_000_000];

type Native = unsafe extern "C" fn(f64, *const f64, *const f64, *mut f64, usize);

/// The peers, compiled now for this CPU.
struct Peers {
    library: *mut libc::c_void,
    _folder: tempfile::TempDir,
}

impl Peers {
    fn compile() -> Peers {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let library = folder.path().join("libpeers.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/native/kernels.rs");
        let status = Command::new("rustc")
            .args([
                "--edition",
                "2024",
                "--crate-type",
                "cdylib",
                "-C",
                "opt-level=3",
            ])
            .args(["-C", "target-cpu=native", "-o"])
            .arg(&library)
            .arg(source)
            .status()
            .expect("rustc starts");
        assert!(status.success(), "rustc compiles the peers");
        let name = CString::new(library.display().to_string()).expect("a path without NUL");
        // SAFETY: the library was just made by rustc and has no initialisers of its own.
        let library = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW) };
        assert!(!library.is_null(), "the peers load");
        Peers {
            library,
            _folder: folder,
        }
    }

    fn get(&self, name: &str) -> Native {
        let symbol = CString::new(name).expect("a name without NUL");
        // SAFETY: the library is loaded; every symbol in it has the type `Native`.
        unsafe {
            let address = libc::dlsym(self.library, symbol.as_ptr());
            assert!(!address.is_null(), "the peers define `{name}`");
            std::mem::transmute::<*mut libc::c_void, Native>(address)
        }
    }
}

struct Case<'a> {
    name: &'static str,
    ufunc: UFunc,
    native: Native,
    operands: fn(&'a Data) -> Vec<Operand<'a>>,
}

struct Data {
    x: Array1<f64>,
    y: Array1<f64>,
}

fn main() {
    let runtime = Runtime::builder()
        .cache_mode(brolga::Mode::Off)
        .build()
        .expect("a runtime");
    let kernels = runtime.load_str("loops", KERNELS);
    let peers = Peers::compile();
    println!("| case | n | brolga, ns per element | rustc native | ratio |");
    println!("|---|---|---|---|---|");
    for name in ["axpy", "poly8", "leaky_relu"] {
        for n in SIZES {
            let data = Data {
                x: Array1::linspace(-1.0, 1.0, n),
                y: Array1::linspace(2.0, 3.0, n),
            };
            let operands: fn(&Data) -> Vec<Operand<'_>> = match name {
                "axpy" => |d| vec![Scalar::new(1.5).into(), (&d.x).into(), (&d.y).into()],
                _ => |d| vec![(&d.x).into()],
            };
            let case = Case {
                name,
                ufunc: kernels.ufunc(name).expect("the kernel is a ufunc"),
                native: peers.get(name),
                operands,
            };
            measure(&case, &data, n);
        }
    }
}

fn measure<'a>(case: &Case<'a>, data: &'a Data, n: usize) {
    let operands = (case.operands)(data);
    let mut out = Array1::<f64>::zeros(n);
    let mut peer = Array1::<f64>::zeros(n);
    let calls = (2_000_000 / n).max(1);
    let (mut brolga, mut native) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..30 {
        let start = Instant::now();
        for _ in 0..calls {
            case.ufunc
                .call_into(&operands, &mut [brolga::view_mut(&mut out)])
                .expect("the call succeeds");
        }
        brolga = brolga.min(start.elapsed().as_secs_f64() / calls as f64);
        let start = Instant::now();
        for _ in 0..calls {
            // SAFETY: the pointers are to `n` elements each.
            unsafe {
                (case.native)(1.5, data.x.as_ptr(), data.y.as_ptr(), peer.as_mut_ptr(), n);
            }
            std::hint::black_box(&mut peer);
        }
        native = native.min(start.elapsed().as_secs_f64() / calls as f64);
    }
    assert_eq!(out, peer, "both sides give the same bits");
    let per_element = |seconds: f64| seconds * 1e9 / n as f64;
    println!(
        "| {} | {n} | {:.3} | {:.3} | {:.2} |",
        case.name,
        per_element(brolga),
        per_element(native),
        brolga / native
    );
}
