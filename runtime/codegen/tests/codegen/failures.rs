//! What a failing kernel reports, and which checks are left out.

use brolga_abi::{KernelContext, Status};
use brolga_lang::ir::*;

use crate::support::*;

/// `a[[i, j]]` of a matrix for each element.
fn lookup() -> Program {
    let index = vec![local(1, Scalar::Usize), local(2, Scalar::Usize)];
    let locals = [
        view(Scalar::F64, 2, false),
        scalar(Scalar::Usize),
        scalar(Scalar::Usize),
    ];
    let body = block(vec![], Some(load(0, Scalar::F64, index, 5)));
    program(vec![function(3, &locals, scalar(Scalar::F64), body)], true)
}

#[test]
fn an_index_out_of_bounds_names_element_index_length_and_axis() {
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &lookup());
        assert!(loaded.object.can_fail);
        for (i, j, payload) in [
            (2_usize, 0_usize, Some([2, 2, 0, 0])),
            (1, 3, Some([3, 3, 1, 0])),
            (usize::MAX, 0, Some([u64::MAX, 2, 0, 0])),
            (1, 2, None),
        ] {
            let matrix: Vec<f64> = (0..18).map(f64::from).collect();
            let mut operands = [
                Array::new(&matrix).shaped(&[2, 3]),
                Array::new(&[0, 1, i]),
                Array::new(&[0, 1, j]),
                Array::new(&[-1.0; 3]),
            ];
            let context = KernelContext::new(1000, 0);
            let outcome = loaded.run_in(3, &mut operands, context);
            let results = operands[3].values::<f64>();
            // Element k reads the k-th matrix of six.
            assert_eq!(results[..2], [0.0, 10.0], "{name}");
            match payload {
                None => {
                    assert_eq!(outcome.status, Status::Ok, "{name}");
                    assert_eq!(results[2], 17.0, "{name}");
                }
                Some(payload) => {
                    assert_eq!(outcome.status, Status::Panic, "{name}");
                    let error = outcome.context.error;
                    assert_eq!(error.payload, payload, "{name}");
                    assert_eq!((error.site, error.element), (5, 1002), "{name}");
                    assert_eq!(results[2], -1.0, "{name}");
                }
            }
        }
    }
}

/// `for i in 0..y.len() { y[i] = x[i + shift] * 2 }` with both views of `axes` dimensions.
fn doubled(shared: bool, shift: usize) -> Program {
    let (x, y, i) = (0, 1, 2);
    let position = local(i, Scalar::Usize);
    let shifted = if shift == 0 {
        position.clone()
    } else {
        binary(BinaryOp::Add, position.clone(), value(shift))
    };
    let twice = binary(
        BinaryOp::Mul,
        load(x, Scalar::F64, vec![shifted], 1),
        value(2.0),
    );
    let range = counted(
        i,
        value(0_usize),
        dim(y, 0),
        vec![store(y, vec![position], 2, twice)],
    );
    let locals = [
        view(Scalar::F64, 1, false),
        view(Scalar::F64, 1, true),
        scalar(Scalar::Usize),
    ];
    let body = block(vec![run_for(range)], None);
    let mut program = program(vec![function(2, &locals, Type::UNIT, body)], true);
    if shared {
        program.entry.params[1].core = vec![0];
        program.entry.core_dims = 1;
    }
    program
}

#[test]
fn checks_vanish_where_the_loop_ends_at_the_length() {
    // With a shared core dimension neither access can fail; with two, only the load; with a
    // shifted index, the load again.
    for (shared, shift, can_fail) in [(true, 0, false), (false, 0, true), (true, 1, true)] {
        let object = host().compile(&doubled(shared, shift), "k").unwrap();
        let report = if can_fail {
            "bounds checks: 0 kept, 1 before a loop, 1 not needed"
        } else {
            "bounds checks: 0 kept, 2 not needed"
        };
        assert_eq!(
            object.report.last().map(String::as_str),
            Some(report),
            "shared {shared}, shift {shift}"
        );
        assert_eq!(object.can_fail, can_fail, "shared {shared}, shift {shift}");
    }
    let fixed = {
        let mut program = doubled(true, 0);
        program.entry.fixed_dims = vec![(0, 4)];
        program
    };
    assert!(!host().compile(&fixed, "k").unwrap().can_fail);
}

#[test]
fn checks_vanish_where_the_loop_ends_at_the_least_of_the_lengths() {
    let (x, y) = (0, 1);
    let least = |a, b| binary(BinaryOp::Min, a, b);
    let bounds = [
        (least(dim(x, 0), dim(y, 0)), 0),
        (least(value(7_usize), least(dim(y, 0), dim(x, 0))), 0),
        (least(dim(y, 0), value(7_usize)), 1),
        (binary(BinaryOp::Max, dim(x, 0), dim(y, 0)), 2),
    ];
    for (end, early) in bounds {
        let mut program = doubled(false, 0);
        let Some(Statement::Expr(run)) = program.functions[0].body.statements.first_mut() else {
            panic!("a loop");
        };
        let ExprKind::For(range) = &mut run.kind else {
            panic!("a loop");
        };
        range.end = end;
        let object = host().compile(&program, "k").unwrap();
        let before = match early {
            0 => String::new(),
            many => format!("{many} before a loop, "),
        };
        let report = format!("bounds checks: 0 kept, {before}{} not needed", 2 - early);
        assert_eq!(object.report.last().map(String::as_str), Some(&*report));
    }
}

#[test]
fn a_check_that_stays_fails_at_the_first_bad_index() {
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &doubled(false, 0));
        let mut operands = [
            Array::new(&[1.0, 2.0, 3.0]).shaped(&[3]),
            Array::new(&[0.0; 5]).shaped(&[5]),
        ];
        let outcome = loaded.run(1, &mut operands);
        assert_eq!(outcome.status, Status::Panic, "{name}");
        assert_eq!(outcome.context.error.site, 1, "{name}");
        assert_eq!(outcome.context.error.payload, [3, 3, 0, 0], "{name}");
        let results = operands[1].values::<f64>();
        assert_eq!(results, [2.0, 4.0, 6.0, 0.0, 0.0], "{name}");
    }
}

#[test]
fn an_explicit_panic_reports_its_site_and_no_payload() {
    let body = block(
        vec![when(
            binary(BinaryOp::Gt, local(0, Scalar::F64), value(2.0)),
            vec![Statement::Expr(never(ExprKind::Panic(SiteId(6))))],
        )],
        Some(local(0, Scalar::F64)),
    );
    let program = elementwise(&[Scalar::F64], &[], scalar(Scalar::F64), body);
    for (name, compiler) in compilers() {
        let mut operands = [Array::new(&[1.0, 3.0, 4.0]), Array::new(&[0.0; 3])];
        let mut context = KernelContext::new(7, 0);
        context.error.payload = [9; 4];
        let outcome = Loaded::new(compiler, &program).run_in(3, &mut operands, context);
        assert_eq!(outcome.status, Status::Panic, "{name}");
        let error = outcome.context.error;
        assert_eq!((error.site, error.element), (6, 8), "{name}");
        assert_eq!(error.payload, [0; 4], "{name}");
    }
}

#[test]
fn a_failure_in_a_function_of_its_own_has_the_entrys_element() {
    let callee = {
        let body = block(
            vec![when(
                binary(BinaryOp::Lt, local(0, Scalar::F64), value(0.0)),
                vec![Statement::Expr(never(ExprKind::Panic(SiteId(2))))],
            )],
            Some(local(0, Scalar::F64)),
        );
        let mut function = function(1, &[scalar(Scalar::F64)], scalar(Scalar::F64), body);
        function.recursive = true;
        function
    };
    let result = scalar(Scalar::F64);
    let body = call(1, result.clone(), vec![local(0, Scalar::F64)]);
    let caller = function(1, &[scalar(Scalar::F64)], result, block(vec![], Some(body)));
    let program = program(vec![caller, callee], true);
    for (name, compiler) in compilers() {
        let mut operands = [Array::new(&[1.0, 2.0, -1.0]), Array::new(&[0.0; 3])];
        let context = KernelContext::new(40, 0);
        let outcome = Loaded::new(compiler, &program).run_in(3, &mut operands, context);
        assert_eq!(outcome.status, Status::Panic, "{name}");
        let error = outcome.context.error;
        assert_eq!((error.site, error.element), (2, 42), "{name}");
        assert_eq!(operands[1].values::<f64>(), [1.0, 2.0, 0.0], "{name}");
    }
}

#[test]
fn no_elements_are_no_work() {
    for (name, compiler) in compilers() {
        let mut operands = [
            Array::new(&[0.0]).shaped(&[1, 1]),
            Array::new(&[9_usize]),
            Array::new(&[9_usize]),
            Array::new(&[-1.0]),
        ];
        let outcome = Loaded::new(compiler, &lookup()).run(0, &mut operands);
        assert_eq!(outcome.status, Status::Ok, "{name}");
        assert_eq!(operands[3].values::<f64>(), [-1.0], "{name}");
    }
}
