//! The kernels themselves, each strided as compiled code is; they stop at their first
//! failure.

use std::sync::Arc;

use brolga_abi::{Bound, DType, GlobalType, KernelContext, KernelKind, PanicKind, Status};

use super::*;

/// The operands of one call of an entry.
struct Call {
    args: *const *mut u8,
    dims: *const usize,
    steps: *const isize,
}

impl Call {
    unsafe fn dim(&self, k: usize) -> usize {
        // SAFETY: the caller knows the kernel's number of dimensions.
        unsafe { *self.dims.add(k) }
    }

    unsafe fn step(&self, k: usize) -> isize {
        // SAFETY: the caller knows the kernel's number of steps.
        unsafe { *self.steps.add(k) }
    }

    /// The element of an operand at a loop index and further offsets, checked to be aligned.
    unsafe fn at<E>(&self, operand: usize, index: usize, more: isize) -> *mut E {
        // SAFETY: by the calling convention.
        unsafe {
            let step = *self.steps.add(operand);
            let place = (*self.args.add(operand)).offset(step * index as isize + more);
            assert!(
                place.cast::<E>().is_aligned(),
                "operand {operand} is not aligned"
            );
            place.cast()
        }
    }
}

macro_rules! entry {
    ($name:ident $(<$($param:ident: $bound:path),*>)?, |$call:ident, $context:ident| $body:block) => {
        unsafe extern "C" fn $name $(<$($param: $bound),*>)? (
            args: *const *mut u8,
            dims: *const usize,
            steps: *const isize,
            $context: *mut KernelContext,
        ) -> u32 {
            let $call = Call { args, dims, steps };
            // SAFETY: the test's caller follows the calling convention; `at` checks
            // alignment.
            unsafe { $body }
        }
    };
}

trait Number:
    Copy + std::ops::Add<Output = Self> + std::ops::Mul<Output = Self> + Default + 'static
{
}
impl Number for i8 {}
impl Number for i64 {}
impl Number for f32 {}
impl Number for f64 {}

entry!(axpy_entry<N: Number>, |call, _context| {
    for i in 0..call.dim(0) {
        let [a, x, y] = [0, 1, 2].map(|k| *call.at::<N>(k, i, 0));
        *call.at::<N>(3, i, 0) = a * x + y;
    }
    Status::Ok as u32
});

/// `fn axpy<T: bound>(a: T, x: T, y: T) -> T { a * x + y }`
pub fn axpy(limit: Bound) -> Host {
    let params = ["a", "x", "y"].map(|name| scalar(name, T)).to_vec();
    Host::new(
        meta("axpy", KernelKind::Vectorize, bound(limit), params, vec![T]),
        vec![
            (vec![DType::I8], axpy_entry::<i8>),
            (vec![DType::I64], axpy_entry::<i64>),
            (vec![DType::F32], axpy_entry::<f32>),
            (vec![DType::F64], axpy_entry::<f64>),
        ],
    )
}

entry!(double_entry<N: Number>, |call, _context| {
    for i in 0..call.dim(0) {
        let x = *call.at::<N>(0, i, 0);
        *call.at::<N>(1, i, 0) = x + x;
    }
    Status::Ok as u32
});

/// `fn double(x: f64) -> f64 { x + x }`
pub fn double() -> Host {
    let params = vec![scalar("x", is(DType::F64))];
    let results = vec![is(DType::F64)];
    let meta = meta("double", KernelKind::Vectorize, Vec::new(), params, results);
    Host::new(meta, vec![(Vec::new(), double_entry::<f64>)])
}

entry!(div_rem_entry, |call, context| {
    for i in 0..call.dim(0) {
        let [a, b] = [0, 1].map(|k| *call.at::<i64>(k, i, 0));
        let element = (*context).first_index + i as u64;
        if b == 0 {
            return fail(context, 0, element, [0; 4]);
        }
        if b == -1 && a == i64::MIN {
            return fail(context, 1, element, [0; 4]);
        }
        *call.at::<i64>(2, i, 0) = a / b;
        *call.at::<i64>(3, i, 0) = a % b;
    }
    Status::Ok as u32
});

/// `fn div_rem(a: i64, b: i64) -> (i64, i64) { (a / b, a % b) }`
pub fn div_rem() -> Host {
    let params = ["a", "b"].map(|name| scalar(name, is(DType::I64))).to_vec();
    let results = vec![is(DType::I64); 2];
    let meta = meta(
        "div_rem",
        KernelKind::Vectorize,
        Vec::new(),
        params,
        results,
    );
    Host::new(meta, vec![(Vec::new(), div_rem_entry)]).failing(vec![
        site("div_rem", 12, PanicKind::DivisionByZero),
        site("div_rem", 12, PanicKind::DivisionOverflow),
    ])
}

/// What [`mixed`] computes.
pub fn mixed_value(a: f64, b: i32) -> (f64, i64) {
    (a * 2.0 + f64::from(b), a as i64 - i64::from(b))
}

/// The second operand at which [`mixed`] fails, if it may.
pub const POISON: i32 = 33;

trait Failing {
    const CAN_FAIL: bool;
}
struct Always;
struct Never;
impl Failing for Always {
    const CAN_FAIL: bool = true;
}
impl Failing for Never {
    const CAN_FAIL: bool = false;
}

entry!(mixed_entry<F: Failing>, |call, context| {
    for i in 0..call.dim(0) {
        let (a, b) = (*call.at::<f64>(0, i, 0), *call.at::<i32>(1, i, 0));
        if F::CAN_FAIL && b == POISON {
            return fail(context, 0, (*context).first_index + i as u64, [0; 4]);
        }
        let (x, y) = mixed_value(a, b);
        *call.at::<f64>(2, i, 0) = x;
        *call.at::<i64>(3, i, 0) = y;
    }
    Status::Ok as u32
});

/// `fn mixed(a: f64, b: i32) -> (f64, i64)`, with a panic site or without.
pub fn mixed(can_fail: bool) -> Host {
    let params = vec![scalar("a", is(DType::F64)), scalar("b", is(DType::I32))];
    let results = vec![is(DType::F64), is(DType::I64)];
    let meta = meta("mixed", KernelKind::Vectorize, Vec::new(), params, results);
    if can_fail {
        let host = Host::new(meta, vec![(Vec::new(), mixed_entry::<Always>)]);
        host.failing(vec![site("mixed", 3, PanicKind::Message("poison".into()))])
    } else {
        Host::new(meta, vec![(Vec::new(), mixed_entry::<Never>)])
    }
}

entry!(matmul_entry<N: Number>, |call, _context| {
    let [m, n, p] = [call.dim(1), call.dim(2), call.dim(3)].map(|d| d as isize);
    let s: [isize; 6] = std::array::from_fn(|k| call.step(3 + k));
    for outer in 0..call.dim(0) {
        for i in 0..m {
            for j in 0..p {
                let mut sum = N::default();
                for k in 0..n {
                    let a = *call.at::<N>(0, outer, i * s[0] + k * s[1]);
                    let b = *call.at::<N>(1, outer, k * s[2] + j * s[3]);
                    sum = sum + a * b;
                }
                *call.at::<N>(2, outer, i * s[4] + j * s[5]) = sum;
            }
        }
    }
    Status::Ok as u32
});

/// `(m,n),(n,p)->(m,p)`
pub fn matmul() -> Host {
    let params = vec![
        array("a", T, 2, false),
        array("b", T, 2, false),
        array("c", T, 2, true),
    ];
    let kind = gufunc_kind("(m,n),(n,p)->(m,p)");
    Host::new(
        meta("matmul", kind, bound(Bound::Number), params, Vec::new()),
        vec![
            (vec![DType::I64], matmul_entry::<i64>),
            (vec![DType::F64], matmul_entry::<f64>),
        ],
    )
}

entry!(scale_entry, |call, context| {
    for outer in 0..call.dim(0) {
        let w = *call.at::<f64>(1, outer, 0);
        if w.is_nan() {
            return fail(
                context,
                0,
                (*context).first_index + outer as u64,
                [7, 5, 1, 0],
            );
        }
        for k in 0..call.dim(1) as isize {
            *call.at::<f64>(0, outer, k * call.step(2)) *= w;
        }
    }
    Status::Ok as u32
});

/// `fn scale(mut x: ArrayViewMut1<f64>, w: f64)`, `(n),()->`, in place; fails where `w` is
/// NaN.
pub fn scale() -> Host {
    let f64s = is(DType::F64);
    let params = vec![array("x", f64s, 1, true), scalar("w", f64s)];
    let meta = meta(
        "scale",
        gufunc_kind("(n),()->"),
        Vec::new(),
        params,
        Vec::new(),
    );
    Host::new(meta, vec![(Vec::new(), scale_entry)]).failing(vec![site(
        "pick",
        20,
        PanicKind::IndexOutOfBounds,
    )])
}

entry!(cross_entry, |call, _context| {
    assert_eq!(call.dim(1), 3);
    for outer in 0..call.dim(0) {
        let get = |operand: usize, k: isize| {
            *call.at::<f64>(operand, outer, (k % 3) * call.step(3 + operand))
        };
        for k in 0..3 {
            let value = get(0, k + 1) * get(1, k + 2) - get(0, k + 2) * get(1, k + 1);
            *call.at::<f64>(2, outer, k * call.step(5)) = value;
        }
    }
    Status::Ok as u32
});

/// `(3),(3)->(3)`
pub fn cross() -> Host {
    let f64s = is(DType::F64);
    let params = vec![
        array("a", f64s, 1, false),
        array("b", f64s, 1, false),
        array("c", f64s, 1, true),
    ];
    let meta = meta(
        "cross",
        gufunc_kind("(3),(3)->(3)"),
        Vec::new(),
        params,
        Vec::new(),
    );
    Host::new(meta, vec![(Vec::new(), cross_entry)])
}

entry!(repeat_entry, |call, _context| {
    for outer in 0..call.dim(0) {
        for k in 0..call.dim(1) as isize {
            *call.at::<f64>(1, outer, k * call.step(2)) += *call.at::<f64>(0, outer, 0);
        }
    }
    Status::Ok as u32
});

/// `()->(n)`: adds the input to every element of the output.
pub fn repeat() -> Host {
    let f64s = is(DType::F64);
    let params = vec![scalar("x", f64s), array("out", f64s, 1, true)];
    let meta = meta(
        "repeat",
        gufunc_kind("()->(n)"),
        Vec::new(),
        params,
        Vec::new(),
    );
    Host::new(meta, vec![(Vec::new(), repeat_entry)])
}

entry!(total_entry, |call, context| {
    assert_eq!(call.dim(0), 1);
    let (rows, columns, len) = (call.dim(1), call.dim(2), call.dim(3));
    let bias = *call.at::<f64>(1, 0, 0);
    let steps: [isize; 3] = std::array::from_fn(|k| call.step(4 + k));
    let mut sum = bias;
    for i in 0..rows as isize {
        let mut row = 0.0;
        for j in 0..columns as isize {
            row += *call.at::<f64>(0, 0, i * steps[0] + j * steps[1]);
        }
        if row.is_nan() {
            return fail(context, 0, i as u64, [0; 4]);
        }
        if i as usize >= len {
            let element = (*context).first_index;
            return fail(context, 1, element, [i as u64, len as u64, 0, 0]);
        }
        *call.at::<f64>(2, 0, i * steps[2]) = row;
        sum += row;
    }
    *call.at::<f64>(3, 0, 0) = sum;
    Status::Ok as u32
});

/// `#[jit] fn total(x: ArrayView2<f64>, bias: f64, rows: ArrayViewMut1<f64>) -> f64`
pub fn total(parallel: bool) -> Host {
    let f64s = is(DType::F64);
    let params = vec![
        array("x", f64s, 2, false),
        scalar("bias", f64s),
        array("rows", f64s, 1, true),
    ];
    let kind = KernelKind::Jit { parallel };
    let meta = meta("total", kind, Vec::new(), params, vec![f64s]);
    Host::new(meta, vec![(Vec::new(), total_entry)]).failing(vec![
        site("total", 30, PanicKind::Message("row is NaN".into())),
        site("total", 31, PanicKind::IndexOutOfBounds),
    ])
}

/// What [`witness`] finds at the place of the globals.
pub fn globals() -> Arc<GlobalBlock> {
    static BLOCK: std::sync::OnceLock<Arc<GlobalBlock>> = std::sync::OnceLock::new();
    let block = BLOCK.get_or_init(|| {
        let ty = GlobalType::Scalar(DType::U64);
        Arc::new(GlobalBlock::build(std::iter::once((&ty, &[41][..]))).expect("one number"))
    });
    Arc::clone(block)
}

/// The stack limit of every thread in the tests.
pub const STACK_LIMIT: usize = 4096;

entry!(witness_entry, |call, context| {
    let context = &*context;
    assert_eq!(context.stack_limit, STACK_LIMIT);
    assert_eq!(*context.globals.cast::<u64>(), 41);
    if !context.cancel.is_null() {
        // A call that takes long: it is cancelled meanwhile.
        (*context.cancel.cast::<std::sync::atomic::AtomicU32>())
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
    for i in 0..call.dim(0) {
        call.at::<f64>(0, i, 0).read();
        *call.at::<i64>(1, i, 0) = (context.first_index + i as u64) as i64;
    }
    Status::Ok as u32
});

/// `fn witness(x: f64) -> i64`: gives the number of its element, as it would report it in
/// a failure, and checks its context.
pub fn witness() -> Host {
    let params = vec![scalar("x", is(DType::F64))];
    let results = vec![is(DType::I64)];
    let meta = meta(
        "witness",
        KernelKind::Vectorize,
        Vec::new(),
        params,
        results,
    );
    Host::new(meta, vec![(Vec::new(), witness_entry)]).failing(Vec::new())
}

/// A kernel behind the interface of the package.
pub fn shared(host: Host) -> Arc<Host> {
    Arc::new(host)
}

entry!(conjugate_entry, |call, _context| {
    for i in 0..call.dim(0) {
        let [re, im] = call.at::<[f64; 2]>(0, i, 0).read();
        *call.at::<[f64; 2]>(1, i, 0) = [re, -im];
    }
    Status::Ok as u32
});

/// `fn conjugate(z: Complex<f64>) -> Complex<f64>`
pub fn conjugate() -> Host {
    let z = is(DType::ComplexF64);
    let params = vec![scalar("z", z)];
    let meta = meta(
        "conjugate",
        KernelKind::Vectorize,
        Vec::new(),
        params,
        vec![z],
    );
    Host::new(meta, vec![(Vec::new(), conjugate_entry)])
}
