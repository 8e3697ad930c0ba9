//! `nrt_parallel_for`: the same bits and the same error at any thread count, for every
//! reduction.

use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use brolga_abi::{
    DType, KernelContext, KernelError, ParallelBody, ReductionDecl, ReductionOp, Status,
};
use brolga_nrt::{MAX_REDUCTIONS, nrt_parallel_for, stack_limit};
use brolga_parallel::Pool;

const OPS: [ReductionOp; 7] = [
    ReductionOp::Add,
    ReductionOp::Mul,
    ReductionOp::Min,
    ReductionOp::Max,
    ReductionOp::And,
    ReductionOp::Or,
    ReductionOp::Xor,
];

/// A cost that makes every leaf a task.
const HEAVY: u64 = 1 << 20;

fn pool(threads: usize) -> Pool {
    Pool::builder().threads(threads).build().unwrap()
}

/// No pool, and pools of several sizes.
fn pools() -> Vec<Option<Pool>> {
    let mut pools = vec![None];
    pools.extend([1, 2, 3, 8].map(|threads| Some(pool(threads))));
    pools
}

fn context(pool: Option<&Pool>) -> KernelContext {
    KernelContext {
        pool: pool.map_or(ptr::null(), |pool| ptr::from_ref(pool).cast()),
        ..KernelContext::new(5, stack_limit())
    }
}

/// A call with everything given; the status, the error and the results.
fn run<E: Sync>(
    ctx: &mut KernelContext,
    body: ParallelBody,
    env: &E,
    n: u64,
    cost: u64,
    reductions: &[ReductionDecl],
) -> (Status, Vec<u64>) {
    let mut results = vec![0u64; reductions.len()];
    // SAFETY: the context is this call's own, its pool lives, the body fits its
    // environment, and the results have a word for each reduction.
    let code = unsafe {
        nrt_parallel_for(
            ctx,
            body,
            ptr::from_ref(env).cast(),
            n,
            cost,
            reductions.as_ptr(),
            reductions.len() as u64,
            results.as_mut_ptr().cast(),
        )
    };
    (Status::from_code(code), results)
}

fn decl(op: ReductionOp, dtype: DType, word: u64) -> ReductionDecl {
    ReductionDecl {
        op: op as u32,
        dtype: dtype as u32,
        offset: 8 * word,
    }
}

/// What the reducing body works on: every valid pair of operation and type at once.
struct Env {
    data: Vec<u64>,
    pairs: Vec<(ReductionOp, DType)>,
}

impl Env {
    fn new(n: u64, pairs: Vec<(ReductionOp, DType)>) -> Env {
        let data = (0..n)
            .map(|k| (k + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .collect();
        Env { data, pairs }
    }
}

/// An element of the data as a value of the type: floats of many sizes, no NaN.
fn element(bits: u64, dtype: DType) -> u64 {
    let float = (bits as i64) as f64 * 2f64.powi(-40 - (bits % 60) as i32);
    match dtype {
        DType::Bool => bits >> 63,
        DType::F32 => u64::from((float as f32).to_bits()),
        DType::F64 => float.to_bits(),
        _ => bits & (u64::MAX >> (64 - 8 * dtype.size())),
    }
}

/// One step of a reduction as compiled code does it, written apart from the shim's own.
fn step(op: ReductionOp, dtype: DType, a: u64, b: u64) -> u64 {
    macro_rules! integer {
        ($ty:ident, $bits:ident) => {{
            let (a, b) = (a as $ty, b as $ty);
            let result = match op {
                ReductionOp::Add => a.wrapping_add(b),
                ReductionOp::Mul => a.wrapping_mul(b),
                ReductionOp::Min => std::cmp::min(a, b),
                ReductionOp::Max => std::cmp::max(a, b),
                ReductionOp::And => a & b,
                ReductionOp::Or => a | b,
                ReductionOp::Xor => a ^ b,
            };
            u64::from(result as $bits)
        }};
    }
    macro_rules! float {
        ($ty:ident, $bits:ident) => {{
            let (a, b) = ($ty::from_bits(a as $bits), $ty::from_bits(b as $bits));
            let result = match op {
                ReductionOp::Add => a + b,
                ReductionOp::Mul => a * b,
                ReductionOp::Min => a.min(b),
                ReductionOp::Max => a.max(b),
                _ => panic!("{op:?} of {dtype}"),
            };
            u64::from(result.to_bits())
        }};
    }
    match dtype {
        DType::Bool => {
            let (a, b) = (a == 1, b == 1);
            u64::from(match op {
                ReductionOp::Min | ReductionOp::And => a && b,
                ReductionOp::Max | ReductionOp::Or => a || b,
                ReductionOp::Xor => a != b,
                _ => panic!("{op:?} of {dtype}"),
            })
        }
        DType::I8 => integer!(i8, u8),
        DType::I16 => integer!(i16, u16),
        DType::I32 => integer!(i32, u32),
        DType::I64 => integer!(i64, u64),
        DType::U8 => integer!(u8, u8),
        DType::U16 => integer!(u16, u16),
        DType::U32 => integer!(u32, u32),
        DType::U64 => integer!(u64, u64),
        DType::F32 => float!(f32, u32),
        DType::F64 => float!(f64, u64),
        DType::F16 | DType::Bf16 | DType::ComplexF32 | DType::ComplexF64 => {
            panic!("{op:?} of {dtype}")
        }
    }
}

unsafe extern "C" fn reduce_body(
    env: *const u8,
    begin: u64,
    end: u64,
    partials: *mut u8,
    _ctx: *mut KernelContext,
) -> u32 {
    // SAFETY: the environment is an `Env`.
    let env = unsafe { &*env.cast::<Env>() };
    for (k, (op, dtype)) in env.pairs.iter().enumerate() {
        let data = &env.data[begin as usize..end as usize];
        let value = data.iter().fold(op.neutral(*dtype).unwrap(), |sum, bits| {
            step(*op, *dtype, sum, element(*bits, *dtype))
        });
        // SAFETY: every reduction has its word. Compiled code stores no more bytes than
        // the type has.
        unsafe {
            let bytes = value.to_le_bytes();
            ptr::copy_nonoverlapping(bytes.as_ptr(), partials.add(8 * k), dtype.size());
        }
    }
    0
}

/// Every valid pair, in lots that one call takes.
fn lots() -> Vec<Vec<(ReductionOp, DType)>> {
    let mut pairs = Vec::new();
    for op in OPS {
        for dtype in DType::ALL {
            if op.neutral(dtype).is_some() {
                pairs.push((op, dtype));
            }
        }
    }
    assert_eq!(pairs.len(), 69);
    let mut lots: Vec<_> = pairs.chunks(MAX_REDUCTIONS).map(<[_]>::to_vec).collect();
    // One alone takes the way over the stack.
    lots.push(vec![(ReductionOp::Add, DType::F64)]);
    lots
}

fn declare(pairs: &[(ReductionOp, DType)]) -> Vec<ReductionDecl> {
    let words = (0u64..).zip(pairs);
    words
        .map(|(word, (op, dtype))| decl(*op, *dtype, word))
        .collect()
}

#[test]
fn every_reduction_has_the_same_bits_at_any_thread_count() {
    let pools = pools();
    for pairs in lots() {
        for n in [1, 2, 7, 255, 256, 257, 3000] {
            let env = Env::new(n, pairs.clone());
            let mut first = None;
            for pool in &pools {
                for cost in [1, 100, HEAVY] {
                    let mut ctx = context(pool.as_ref());
                    let (status, bits) =
                        run(&mut ctx, reduce_body, &env, n, cost, &declare(&pairs));
                    assert_eq!(status, Status::Ok);
                    let first = first.get_or_insert_with(|| bits.clone());
                    assert_eq!(&bits, first, "{n} items, {pool:?}, cost {cost}");
                }
            }
            // What needs no order is also what a plain loop gives.
            for ((op, dtype), bits) in pairs.iter().zip(first.unwrap()) {
                if !dtype.is_float() || matches!(op, ReductionOp::Min | ReductionOp::Max) {
                    let plain = env
                        .data
                        .iter()
                        .fold(op.neutral(*dtype).unwrap(), |sum, bits| {
                            step(*op, *dtype, sum, element(*bits, *dtype))
                        });
                    assert_eq!(bits, plain, "{op:?} {dtype} over {n} items");
                }
            }
        }
    }
}

#[test]
fn no_iterations_give_the_neutral_elements() {
    for pairs in lots() {
        let env = Env::new(0, pairs.clone());
        for pool in [None, Some(pool(2))] {
            let mut ctx = context(pool.as_ref());
            let (status, bits) = run(&mut ctx, reduce_body, &env, 0, 1, &declare(&pairs));
            assert_eq!(status, Status::Ok);
            let neutral: Vec<u64> = pairs
                .iter()
                .map(|(op, d)| op.neutral(*d).unwrap())
                .collect();
            assert_eq!(bits, neutral);
        }
    }
}

/// Adds up `k - ki` over the iterations `k`, after an integer sum in the first word.
unsafe extern "C" fn complex_body(
    _env: *const u8,
    begin: u64,
    end: u64,
    partials: *mut u8,
    _ctx: *mut KernelContext,
) -> u32 {
    let sum: u64 = (begin..end).sum();
    let words = [sum, (sum as f64).to_bits(), (-(sum as f64)).to_bits()];
    // SAFETY: three reductions are declared.
    unsafe { ptr::copy_nonoverlapping(words.as_ptr(), partials.cast::<u64>(), 3) };
    0
}

#[test]
fn a_complex_variable_has_two_declarations() {
    let complex = |word| decl(ReductionOp::Add, DType::ComplexF64, word);
    let integer = |word| decl(ReductionOp::Add, DType::U64, word);
    let env = Env::new(0, Vec::new());
    for pool in pools() {
        for n in [0, 1, 255, 3000] {
            let decls = [integer(0), complex(1), complex(2)];
            let mut ctx = context(pool.as_ref());
            let (status, bits) = run(&mut ctx, complex_body, &env, n, HEAVY, &decls);
            assert_eq!(status, Status::Ok);
            let sum: u64 = (0..n).sum();
            // Without iterations the neutral element of a sum of floats, -0.0.
            let part = |sign: f64| if n == 0 { -0.0 } else { sign * sum as f64 };
            assert_eq!(
                bits,
                [sum, part(1.0).to_bits(), part(-1.0).to_bits()],
                "{n}"
            );
        }
    }
    let other = decl(ReductionOp::Mul, DType::ComplexF64, 2);
    for wrong in [
        vec![complex(0)],
        vec![complex(1), complex(0)],
        vec![complex(0), integer(1), complex(2)],
        vec![integer(0), complex(1), other],
        vec![complex(0), complex(1), complex(1)],
        vec![decl(ReductionOp::Min, DType::ComplexF64, 0), complex(1)],
    ] {
        let (status, _) = run(&mut context(None), complex_body, &env, 9, 1, &wrong);
        assert_eq!(status, Status::ShimPanic, "{wrong:?}");
    }
}

#[test]
fn reductions_may_be_declared_in_any_order() {
    let env = Env::new(
        1000,
        vec![
            (ReductionOp::Add, DType::I64),
            (ReductionOp::Max, DType::U8),
        ],
    );
    let mut decls = declare(&env.pairs);
    let (_, expected) = run(&mut context(None), reduce_body, &env, 1000, 1, &decls);
    decls.reverse();
    let (_, bits) = run(&mut context(None), reduce_body, &env, 1000, 1, &decls);
    assert_eq!(bits, expected);
}

/// Fails at every iteration in `failing`, after a delay that depends on the iteration.
unsafe extern "C" fn failing_body(
    env: *const u8,
    begin: u64,
    end: u64,
    _partials: *mut u8,
    ctx: *mut KernelContext,
) -> u32 {
    // SAFETY: the environment is a list of numbers, the context this piece's own.
    let (failing, ctx) = unsafe { (&*env.cast::<Vec<u64>>(), &mut *ctx) };
    assert_eq!(ctx.first_index, 5);
    for k in begin..end {
        if k % 7 == 0 {
            std::thread::sleep(Duration::from_micros(k.wrapping_mul(0x9e37_79b9) % 90));
        }
        if failing.contains(&k) {
            ctx.error = KernelError {
                site: 3,
                reserved: 0,
                element: k,
                payload: [k, 2, 3, 4],
            };
            return Status::Panic as u32;
        }
    }
    0
}

#[test]
fn the_first_error_by_index_comes_back_whole() {
    let pools = pools();
    let reduction = [decl(ReductionOp::Add, DType::F64, 0)];
    for failing in [
        vec![0],
        vec![999],
        vec![998, 400, 31, 30],
        vec![500, 501, 600, 77],
    ] {
        let first = *failing.iter().min().unwrap();
        for pool in &pools {
            for reductions in [&reduction[..], &[]] {
                let mut ctx = context(pool.as_ref());
                let (status, results) =
                    run(&mut ctx, failing_body, &failing, 1000, HEAVY, reductions);
                assert_eq!(status, Status::Panic);
                assert_eq!(
                    (ctx.error.site, ctx.error.element),
                    (3, first),
                    "{failing:?} {pool:?}"
                );
                assert_eq!(ctx.error.payload, [first, 2, 3, 4]);
                assert!(
                    results.iter().all(|bits| *bits == 0),
                    "results of a failed loop"
                );
            }
        }
    }
}

unsafe extern "C" fn count_body(
    env: *const u8,
    begin: u64,
    end: u64,
    _partials: *mut u8,
    ctx: *mut KernelContext,
) -> u32 {
    // SAFETY: the environment is a counter, the context this piece's own.
    let (count, ctx) = unsafe { (&*env.cast::<AtomicU64>(), &*ctx) };
    assert_eq!(
        ctx.stack_limit,
        stack_limit(),
        "the limit of the thread that runs"
    );
    count.fetch_add(end - begin, Ordering::Relaxed);
    0
}

/// Runs a loop of ten counting iterations inside each of its own.
unsafe extern "C" fn nested_body(
    env: *const u8,
    begin: u64,
    end: u64,
    _partials: *mut u8,
    ctx: *mut KernelContext,
) -> u32 {
    for _ in begin..end {
        // SAFETY: the environment is the counter that `count_body` wants.
        let code = unsafe {
            nrt_parallel_for(
                ctx,
                count_body,
                env,
                10,
                HEAVY,
                ptr::null(),
                0,
                ptr::null_mut(),
            )
        };
        if code != 0 {
            return code;
        }
    }
    0
}

#[test]
fn loops_nest() {
    for pool in pools() {
        let count = AtomicU64::new(0);
        let mut ctx = context(pool.as_ref());
        let (status, _) = run(&mut ctx, nested_body, &count, 100, HEAVY, &[]);
        assert_eq!(status, Status::Ok);
        assert_eq!(count.into_inner(), 1000);
    }
}

#[test]
fn small_work_starts_no_thread() {
    let pool = pool(4);
    let mut ctx = context(Some(&pool));
    let count = AtomicU64::new(0);
    let (status, _) = run(&mut ctx, count_body, &count, 1000, 10, &[]);
    assert_eq!((status, count.load(Ordering::Relaxed)), (Status::Ok, 1000));
    assert!(!pool.is_started());
    run(&mut ctx, count_body, &count, 1000, HEAVY, &[]);
    assert!(pool.is_started());
    assert_eq!(count.into_inner(), 2000);
}

#[test]
fn a_set_cancel_flag_ends_the_loop() {
    for pool in pools() {
        let flag = AtomicU32::new(1);
        let count = AtomicU64::new(0);
        let mut ctx = context(pool.as_ref());
        ctx.cancel = flag.as_ptr();
        let (status, _) = run(&mut ctx, count_body, &count, 1000, HEAVY, &[]);
        assert_eq!(
            (status, count.load(Ordering::Relaxed)),
            (Status::Cancelled, 0)
        );
        flag.store(0, Ordering::Relaxed);
        let (status, _) = run(&mut ctx, count_body, &count, 1000, HEAVY, &[]);
        assert_eq!((status, count.load(Ordering::Relaxed)), (Status::Ok, 1000));
    }
}

#[test]
fn wrong_declarations_are_a_status_and_run_nothing() {
    let good = decl(ReductionOp::Add, DType::F64, 0);
    let with = |change: fn(&mut ReductionDecl)| {
        let mut decl = good;
        change(&mut decl);
        vec![decl]
    };
    for (name, reductions) in [
        ("operation", with(|d| d.op = 7)),
        ("type", with(|d| d.dtype = 11)),
        ("type code above a byte", with(|d| d.dtype = 256 + 10)),
        ("misaligned offset", with(|d| d.offset = 4)),
        ("offset beyond the block", with(|d| d.offset = 8)),
        (
            "offset far beyond the block",
            with(|d| d.offset = u64::MAX - 7),
        ),
        ("bits of a float", with(|d| d.op = ReductionOp::Xor as u32)),
        ("sum of bools", with(|d| d.dtype = DType::Bool as u32)),
        ("the same offset twice", vec![good, good]),
        (
            "too many",
            (0..65)
                .map(|k| decl(ReductionOp::Add, DType::F64, k))
                .collect(),
        ),
    ] {
        let count = AtomicU64::new(0);
        let mut ctx = context(None);
        let (status, _) = run(&mut ctx, count_body, &count, 10, 1, &reductions);
        assert_eq!(status, Status::ShimPanic, "{name}");
        assert_eq!(count.into_inner(), 0, "{name}");
    }
}
