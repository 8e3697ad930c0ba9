//! Local arrays: what they hold, when they are given up, how allocations fail.

use brolga_abi::{KernelContext, ReductionOp, Status};
use brolga_lang::ir::*;
use brolga_nrt::{FIRST_BLOCK, limit_scratch, scratch_counts};
use brolga_parallel::Pool;

use crate::support::*;

const F64: Scalar = Scalar::F64;
const USIZE: Scalar = Scalar::Usize;
const TOO_LARGE: u32 = 5;
const NO_MEMORY: u32 = 6;

fn n(value: usize) -> Expr {
    crate::support::value(value)
}

fn allocate(element: Scalar, dims: Vec<Expr>, fill: Expr) -> Expr {
    let ty = view(element, dims.len() as u8, true);
    let kind = ExprKind::Allocate {
        dims,
        fill: fill.into(),
        too_large: SiteId(TOO_LARGE),
        no_memory: SiteId(NO_MEMORY),
    };
    expr(ty, kind)
}

fn sum(number: u32, ndim: u8) -> Expr {
    let of = whole(number, &view(F64, ndim, true));
    expr(scalar(F64), ExprKind::Reduce(ReduceOp::Sum, of.into()))
}

/// Runs on a fresh thread, whose arena is empty.
fn alone(test: impl FnOnce() + Send + 'static) {
    std::thread::spawn(test).join().unwrap();
}

/// `(x, k) -> f64` with three arrays of k elements, the last one of k x 2.
fn three() -> Program {
    let (x, k, a, b, c) = (0, 1, 2, 3, 4);
    let length = || local(k, USIZE);
    let x = || local(x, F64);
    let last = binary(BinaryOp::Sub, length(), n(1));
    let body = block(
        vec![
            assign(a, allocate(F64, vec![length()], x())),
            assign(b, allocate(F64, vec![length()], value(1.0))),
            assign(c, allocate(F64, vec![length(), n(2)], value(0.5))),
            store(b, vec![last.clone()], 1, value(10.0)),
            store(c, vec![last, n(1)], 2, value(100.0)),
        ],
        Some(add(sum(a, 1), add(sum(b, 1), sum(c, 2)))),
    );
    elementwise(
        &[F64, USIZE],
        &[view(F64, 1, true), view(F64, 1, true), view(F64, 2, true)],
        scalar(F64),
        body,
    )
}

#[test]
fn a_thousand_elements_take_one_block() {
    alone(|| {
        for (name, compiler) in compilers() {
            let before = scratch_counts().allocations;
            let loaded = linked(compiler, &three());
            let mut operands = [
                Array::new(&[2.0; 1000]),
                Array::new(&[100_usize; 1000]),
                Array::new(&[0.0; 1000]),
            ];
            assert_eq!(loaded.run(1000, &mut operands).status, Status::Ok, "{name}");
            let expected = 200.0 + 109.0 + 199.5;
            assert_eq!(
                operands[2].values::<f64>(),
                [expected + 0.0; 1000],
                "{name}"
            );
            assert!(scratch_counts().allocations - before <= 1, "{name}");
        }
        assert_eq!(scratch_counts().live, FIRST_BLOCK as u64);
    });
}

#[test]
fn large_arrays_take_one_block_a_call_and_give_it_back() {
    alone(|| {
        let loaded = linked(host(), &three());
        let mut operands = [
            Array::new(&[2.0; 10]),
            Array::new(&[300_000_usize; 10]),
            Array::new(&[0.0; 10]),
        ];
        assert_eq!(loaded.run(10, &mut operands).status, Status::Ok);
        let counts = scratch_counts();
        // Four arrays' worth of memory fits the first block.
        assert_eq!(counts.allocations, 1);
        assert_eq!(counts.live, 0);
    });
}

#[test]
fn failing_elements_give_everything_back() {
    alone(|| {
        let loaded = linked(host(), &three());
        for (length, site, payload) in [
            (0_usize, 1, [u64::MAX, 0, 0, 0]),
            (usize::MAX, TOO_LARGE, [0; 4]),
            (1 << 60, TOO_LARGE, [0; 4]),
            (1 << 59, NO_MEMORY, [1 << 62, 0, 0, 0]),
        ] {
            let mut operands = [
                Array::new(&[2.0; 2]),
                Array::new(&[8_usize, length]),
                Array::new(&[0.0; 2]),
            ];
            let outcome = loaded.run(2, &mut operands);
            assert_eq!(outcome.status, Status::Panic, "{length}");
            let error = outcome.context.error;
            assert_eq!((error.site, error.element), (site, 1), "{length}");
            assert_eq!(error.payload, payload, "{length}");
            // A mark at the beginning: nothing is in use.
            assert_eq!(brolga_nrt::scratch_used(), 0, "{length}");
        }
        limit_scratch(10_000);
        let mut operands = [
            Array::new(&[2.0]),
            Array::new(&[1000_usize]),
            Array::new(&[0.0]),
        ];
        let outcome = loaded.run(1, &mut operands);
        assert_eq!(outcome.status, Status::Panic);
        assert_eq!(outcome.context.error.site, NO_MEMORY);
        assert_eq!(outcome.context.error.payload[0], 16_000);
        limit_scratch(usize::MAX);
        assert_eq!(loaded.run(1, &mut operands).status, Status::Ok);
    });
}

/// A loop of `k` iterations that each make an array of 1000; whether the last one is read
/// after the loop.
fn looped(escapes: bool, endless: bool) -> Program {
    let (x, k, s, i, v, last) = (0, 1, 2, 3, 4, 5);
    let ty = view(F64, 1, true);
    let mut body = vec![
        assign(v, allocate(F64, vec![n(1000)], local(x, F64))),
        assign(s, add(local(s, F64), load(v, F64, vec![n(999)], 1))),
    ];
    if escapes {
        body.push(assign(last, whole(v, &ty)));
    }
    let range = if endless {
        let mut all = vec![when(
            binary(BinaryOp::Ge, local(i, USIZE), local(k, USIZE)),
            vec![Statement::Expr(never(ExprKind::Break(LoopId(9), None)))],
        )];
        all.extend(body);
        all.push(assign(i, add(local(i, USIZE), n(1))));
        let kind = ExprKind::Loop(LoopId(9), block(all, None));
        Statement::Expr(expr(Type::UNIT, kind))
    } else {
        run_for(counted(i, n(0), local(k, USIZE), body))
    };
    let first = allocate(F64, vec![n(1)], value(0.0));
    let mut statements = vec![assign(s, value(0.0)), assign(last, first)];
    if endless {
        statements.push(assign(i, n(0)));
    }
    statements.push(range);
    elementwise(
        &[F64, USIZE],
        &[scalar(F64), scalar(USIZE), ty.clone(), ty],
        scalar(F64),
        block(statements, Some(add(local(s, F64), sum(last, 1)))),
    )
}

#[test]
fn loops_give_up_what_an_iteration_allocates_unless_it_escapes() {
    for endless in [false, true] {
        for escapes in [false, true] {
            alone(move || {
                let loaded = linked(host(), &looped(escapes, endless));
                let mut operands = [
                    Array::new(&[2.0; 3]),
                    Array::new(&[1000_usize; 3]),
                    Array::new(&[0.0; 3]),
                ];
                assert_eq!(loaded.run(3, &mut operands).status, Status::Ok);
                let expected = if escapes { 4000.0 } else { 2000.0 };
                assert_eq!(operands[2].values::<f64>(), [expected; 3]);
                let counts = scratch_counts();
                if escapes {
                    // All of the 8 MB live at once; blocks double.
                    assert!(counts.peak > 8_000_000);
                    assert!(counts.allocations <= 9, "{counts:?}");
                } else {
                    assert_eq!(counts.allocations, 1, "{counts:?}");
                }
            });
        }
    }
}

#[test]
fn functions_give_up_what_they_allocate_and_results_live_on() {
    // fn f(x) -> array { let t = [x; 100]; let r = [0; 10]; r[0] = t.sum(); r }
    // fn g(x) -> f64 { f(x).sum() }, called 1000 times.
    let ty = view(F64, 1, true);
    let make = function(
        1,
        &[scalar(F64), ty.clone(), ty.clone()],
        ty.clone(),
        block(
            vec![
                assign(1, allocate(F64, vec![n(100)], local(0, F64))),
                assign(2, allocate(F64, vec![n(10)], value(0.0))),
                store(2, vec![n(0)], 1, sum(1, 1)),
            ],
            Some(whole(2, &ty)),
        ),
    );
    let total = function(
        1,
        &[scalar(F64), ty.clone()],
        scalar(F64),
        block(
            vec![assign(1, call(2, ty, vec![local(0, F64)]))],
            Some(sum(1, 1)),
        ),
    );
    let (x, s, i) = (0, 1, 2);
    let body = vec![assign(
        s,
        add(local(s, F64), call(1, scalar(F64), vec![local(x, F64)])),
    )];
    let entry = function(
        1,
        &[scalar(F64), scalar(F64), scalar(USIZE)],
        scalar(F64),
        block(
            vec![
                assign(s, value(0.0)),
                run_for(counted(i, n(0), n(1000), body)),
            ],
            Some(local(s, F64)),
        ),
    );
    let program = program(vec![entry, total, make], true);
    alone(move || {
        for (name, compiler) in compilers() {
            let loaded = linked(compiler, &program);
            let mut operands = [Array::new(&[0.5; 2]), Array::new(&[0.0; 2])];
            assert_eq!(loaded.run(2, &mut operands).status, Status::Ok, "{name}");
            assert_eq!(operands[1].values::<f64>(), [50_000.0; 2], "{name}");
        }
        assert_eq!(scratch_counts().allocations, 1);
    });
}

#[test]
fn pieces_of_a_prange_use_the_arena_of_their_thread() {
    let (x, s, i, v, shared) = (0, 1, 2, 3, 4);
    let ty = view(F64, 1, true);
    let mut range = counted(
        i,
        n(0),
        n(20_000),
        vec![
            assign(
                v,
                allocate(F64, vec![n(500)], load(shared, F64, vec![n(3)], 1)),
            ),
            assign(s, add(local(s, F64), load(v, F64, vec![n(499)], 1))),
        ],
    );
    range.parallel = Some(Parallel {
        reductions: vec![Reduction {
            local: LocalId(s),
            op: ReductionOp::Add,
        }],
    });
    let mut program = elementwise(
        &[F64],
        &[scalar(F64), scalar(USIZE), ty.clone(), ty],
        scalar(F64),
        block(
            vec![
                assign(shared, allocate(F64, vec![n(4)], local(x, F64))),
                assign(s, value(0.0)),
                run_for(range),
            ],
            Some(local(s, F64)),
        ),
    );
    program.entry.parallel = true;
    alone(move || {
        let loaded = linked(host(), &program);
        let mut operands = [Array::new(&[0.5]), Array::new(&[0.0])];
        assert_eq!(loaded.run(1, &mut operands).status, Status::Ok);
        assert_eq!(operands[1].values::<f64>(), [10_000.0]);
        assert_eq!(scratch_counts().allocations, 1);
        let pool = Pool::builder().threads(3).build().unwrap();
        let mut context = KernelContext::new(0, 0);
        context.pool = std::ptr::from_ref(&pool).cast();
        assert_eq!(loaded.run_in(1, &mut operands, context).status, Status::Ok);
        assert_eq!(operands[1].values::<f64>(), [10_000.0]);
        assert_eq!(scratch_counts().allocations, 1);
        assert_eq!(brolga_nrt::scratch_used(), 0);
    });
}

#[test]
fn elements_of_every_width_are_filled() {
    fn filled<T: Bits + PartialEq + std::fmt::Debug>(fill: T) {
        let ty = view(T::SCALAR, 2, true);
        let body = block(
            vec![assign(
                1,
                allocate(T::SCALAR, vec![n(3), n(5)], local(0, T::SCALAR)),
            )],
            Some(load(1, T::SCALAR, vec![n(2), n(4)], 1)),
        );
        let program = elementwise(&[T::SCALAR], &[ty], scalar(T::SCALAR), body);
        sound(&program);
        check("fill", &program, &[vec![fill.bits()]], &[fill.bits()]);
    }
    filled(true);
    filled(-3_i8);
    filled(0xabcd_u16);
    filled(1.5_f32);
    filled(-7_i32);
    filled(-2.5_f64);
    filled(u64::MAX - 1);
}
