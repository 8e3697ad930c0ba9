//! What one call costs beside its work: `cargo bench --bench call`. First calls on few
//! elements of each kind; then short calls beside rustc's native code over slices, the two
//! sides in turn. Best of many short rounds, so that a busy machine hardly matters. Not the
//! speed of loops, which `benches/loops.rs` measures.

use std::ffi::CString;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use brolga::{GUFunc, JitFunction, Kernels, Mode, Module, Operand, Runtime, Scalar, UFunc};
use ndarray::{Array1, Array2};

const KERNELS: &str = "use brolga::prelude::*;
#[vectorize]
fn add(x: f64, y: f64) -> f64 { x + y }
#[vectorize]
fn axpy(a: f64, x: f64, y: f64) -> f64 { a * x + y }
#[vectorize]
fn leaky_relu(x: f64) -> f64 { if x < 0.0 { 0.1 * x } else { x } }
#[guvectorize(\"(n)->(n)\")]
fn copy(x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..x.len() { out[i] = x[i]; }
}
#[jit]
fn first(x: ArrayView1<f64>) -> f64 { x[0] }
";

const SIZES: [usize; 3] = [8, 1_000, 16_000];

fn module() -> Module {
    let runtime = Runtime::builder()
        .cache_mode(Mode::Off)
        .build()
        .expect("a runtime");
    runtime.load_str("call", KERNELS)
}

/// The best of many short rounds, in nanoseconds for a call: a round is over before the
/// system gives the processor to somebody else.
fn best(mut call: impl FnMut()) -> f64 {
    let round = |calls: u32, call: &mut dyn FnMut()| {
        let start = Instant::now();
        for _ in 0..calls {
            call();
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
    };
    let once = (0..10).fold(f64::INFINITY, |best, _| best.min(round(10, &mut call)));
    let calls = (100_000.0 / once).clamp(1.0, 10_000.0) as u32;
    (0..500).fold(f64::INFINITY, |best, _| best.min(round(calls, &mut call)))
}

/// What calls on few elements cost, of each kind and layout.
fn short_calls(kernels: &Module) {
    let add: UFunc = kernels.ufunc("add").expect("the kernel is a ufunc");
    let copy: GUFunc = kernels.gufunc("copy").expect("the kernel is a gufunc");
    let first: JitFunction = kernels.jit("first").expect("the kernel is a jit function");
    let x = Array1::<f64>::linspace(0.0, 1.0, 8);
    let y = Array1::<f64>::linspace(1.0, 2.0, 8);
    let whole = Array1::<f64>::linspace(0.0, 1.0, 16);
    let sparse = whole.slice(ndarray::s![..;2]);
    let (table, row) = (Array2::<f64>::ones((4, 8)), Array1::<f64>::ones(8));
    let ints = Array1::<i32>::from_iter(0..8);
    let mut out = Array1::<f64>::zeros(8);
    let mut wide = Array2::<f64>::zeros((4, 8));
    println!("| call | ns, best |");
    println!("|---|---|");
    let show = |name: &str, time: f64| println!("| {name} | {time:.1} |");
    let time = best(|| {
        let operands = [(&x).into(), (&y).into()];
        add.call_into(black_box(&operands), &mut [brolga::view_mut(&mut out)])
            .expect("the call succeeds");
    });
    show("add of 8 elements into a given output", time);
    {
        let operands = [(&x).into(), (&y).into()];
        let mut outputs = [brolga::view_mut(&mut out)];
        let time = best(|| {
            add.call_into(black_box(&operands), black_box(&mut outputs))
                .expect("the call succeeds");
        });
        show("the same, operands made before", time);
    }
    let time = best(|| {
        let operands = [(&x).into(), 2.5.into()];
        add.call_into(black_box(&operands), &mut [brolga::view_mut(&mut out)])
            .expect("the call succeeds");
    });
    show("add of 8 elements and a number", time);
    let time = best(|| {
        let result = add.call(black_box(&[1.5.into(), 2.5.into()]));
        black_box(result.expect("the call succeeds"));
    });
    show("add of two numbers into a new 0-d array", time);
    let time = best(|| {
        let result = add.call(black_box(&[(&x).into(), (&y).into()]));
        black_box(result.expect("the call succeeds"));
    });
    show("add of 8 elements into a new array", time);
    let time = best(|| {
        let operands = [(&sparse).into(), (&y).into()];
        add.call_into(black_box(&operands), &mut [brolga::view_mut(&mut out)])
            .expect("the call succeeds");
    });
    show("add of 8 elements, every other one of 16", time);
    let time = best(|| {
        let operands = [(&table).into(), (&row).into()];
        add.call_into(black_box(&operands), &mut [brolga::view_mut(&mut wide)])
            .expect("the call succeeds");
    });
    show("add of 4 x 8 elements and a row", time);
    let time = best(|| {
        let operands = [(&ints).into(), (&y).into()];
        add.call_into(black_box(&operands), &mut [brolga::view_mut(&mut out)])
            .expect("the call succeeds");
    });
    show("add of 8 elements, one operand i32", time);
    let time = best(|| {
        let mut operands = [(&x).into()];
        copy.call_into(black_box(&mut operands), &mut [brolga::view_mut(&mut out)])
            .expect("the call succeeds");
    });
    show("gufunc over 8 elements into a given output", time);
    let time = best(|| {
        let result = first.call(black_box(&mut [(&x).into()]));
        black_box(result.expect("the call succeeds"));
    });
    show("jit function of 8 elements", time);
    let time = best(|| {
        black_box(black_box(&x) + black_box(&y));
    });
    show("add of 8 elements into a new array, ndarray", time);
    println!();
}

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
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/native/calls.rs");
        let status = Command::new("rustc")
            .args(["--edition", "2024", "--crate-type", "cdylib"])
            .args(["-C", "opt-level=3", "-C", "target-cpu=native", "-o"])
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

struct Data {
    x: Array1<f64>,
    y: Array1<f64>,
}

fn main() {
    let kernels = module();
    short_calls(&kernels);
    let peers = Peers::compile();
    println!("| case | n | brolga, ns per call | rustc native | ratio | beyond native, ns |");
    println!("|---|---|---|---|---|---|");
    for name in ["add", "axpy", "leaky_relu"] {
        let ufunc = kernels.ufunc(name).expect("the kernel is a ufunc");
        for n in SIZES {
            let data = Data {
                x: Array1::linspace(-1.0, 1.0, n),
                y: Array1::linspace(2.0, 3.0, n),
            };
            measure(name, &ufunc, peers.get(name), &data, n);
        }
    }
}

/// Calls `ufunc` as a program would, operands made for each call.
fn call(name: &str, ufunc: &UFunc, data: &Data, out: &mut Array1<f64>) {
    let outputs = &mut [brolga::view_mut(out)];
    let (x, y): (Operand<'_>, Operand<'_>) = ((&data.x).into(), (&data.y).into());
    match name {
        "add" => ufunc.call_into(&[x, y], outputs),
        "axpy" => ufunc.call_into(&[Scalar::new(1.5).into(), x, y], outputs),
        _ => ufunc.call_into(&[x], outputs),
    }
    .expect("the call succeeds");
}

fn measure(name: &str, ufunc: &UFunc, native: Native, data: &Data, n: usize) {
    let mut out = Array1::<f64>::zeros(n);
    let mut peer = Array1::<f64>::zeros(n);
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..5 {
        ours = ours.min(best(|| call(name, ufunc, black_box(data), &mut out)));
        theirs = theirs.min(best(|| {
            let data = black_box(data);
            // SAFETY: the pointers are to `n` elements each.
            unsafe { native(1.5, data.x.as_ptr(), data.y.as_ptr(), peer.as_mut_ptr(), n) };
            black_box(&mut peer);
        }));
    }
    assert_eq!(out, peer, "both sides give the same bits");
    println!(
        "| {name} | {n} | {ours:.1} | {theirs:.1} | {:.2} | {:.1} |",
        ours / theirs,
        ours - theirs,
    );
}
