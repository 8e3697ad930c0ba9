//! What has no vector loop, and the reason that the report gives.

use brolga_abi::{PanicKind, Site};
use brolga_lang::Module;
use brolga_lang::ir::{
    BinaryOp, Block, DivisionOp, Element, Expr, ExprKind, FunctionId, LocalId, LoopId, Program,
    Scalar, SiteId, Statement, Type, UnaryOp, Unhashed, ViewType,
};

use super::super::try_vectorise;
use super::harness::{Machine, features};
use super::kernels::{
    binary, bits, cast, either, f64, function, leave, local, never, over_elements, program, run,
    scalar, set, unary, value,
};
use Scalar::{Bool, F64, I64};

fn reason(program: &Program, machine: Machine) -> String {
    match try_vectorise(program, features(machine)) {
        Ok(strip) => strip.to_string(),
        Err(refusal) => format!("scalar loop: {refusal}"),
    }
}

fn of(params: &[Scalar], body: Expr) -> Program {
    program(params, &[], value(body))
}

fn with_site(mut program: Program, kind: PanicKind) -> Program {
    program.sites = Unhashed(vec![Site {
        kind,
        function: "kernel".to_string(),
        file: "kernels.rs".to_string(),
        line: 1,
        column: 1,
    }]);
    program
}

#[test]
fn every_refusal_says_why() {
    // As the compiler does for deep programs: a thread with a large stack.
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(refusals)
        .unwrap()
        .join()
        .unwrap();
}

fn refusals() {
    let x = || local(0, F64);
    let call = |callee| Expr {
        ty: scalar(F64),
        kind: ExprKind::Call(FunctionId(callee), vec![x()]),
    };
    let kernel = |body| function(&[F64], &[], scalar(F64), value(body));
    let mut recursive = kernel(call(1));
    recursive.recursive = true;
    recursive.name = Unhashed("ackermann".to_string());
    let mut doubling: Vec<_> = (1..40)
        .map(|k| kernel(binary(BinaryOp::Add, call(k), call(k))))
        .collect();
    doubling.push(kernel(x()));
    let mut chain: Vec<_> = (1..600).map(|k| kernel(call(k))).collect();
    chain.push(kernel(x()));
    let long = {
        let steps = (0..5000)
            .map(|k| set(0, binary(BinaryOp::Mul, x(), f64(f64::from(k)))))
            .collect();
        program(
            &[F64],
            &[],
            Block {
                statements: steps,
                value: Some(Box::new(x())),
            },
        )
    };
    let endless = Expr {
        ty: scalar(F64),
        kind: ExprKind::Loop(LoopId(0), run(Vec::new())),
    };
    let view = {
        let mut program = of(&[F64], x());
        program.entry.params[0].ty = Type::View(ViewType {
            element: Element::Scalar(F64),
            ndim: 1,
            mutable: false,
        });
        program
    };
    let once = {
        let mut program = of(&[F64], x());
        program.entry.looped = false;
        program
    };
    let silent = {
        let mut program = of(&[F64], x());
        program.entry.results.clear();
        program
    };
    let panics = program(
        &[F64],
        &[],
        Block {
            statements: vec![Statement::Expr(never(ExprKind::Panic(SiteId(0))))],
            value: Some(Box::new(x())),
        },
    );
    let quotient = Expr {
        ty: scalar(I64),
        kind: ExprKind::Division {
            op: DivisionOp::Quotient,
            lhs: Box::new(local(0, I64)),
            rhs: Box::new(local(1, I64)),
            by_zero: SiteId(0),
            overflow: Some(SiteId(0)),
        },
    };
    let element = Expr {
        ty: scalar(F64),
        kind: ExprKind::Load {
            view: LocalId(0),
            index: Vec::new(),
            site: SiteId(0),
        },
    };
    let source = |text: &str| {
        let module = Module::parse("kernels.rs", text).unwrap();
        module.specialise("k", &[]).unwrap()
    };
    let long_table = source(
        "#[vectorize]
        pub fn k(x: usize) -> f64 {
            let table = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5];
            table[x]
        }",
    );
    let unset = program(&[F64], &[F64], value(local(1, F64)));
    for (program, expected) in [
        (
            of(&[F64, F64], binary(BinaryOp::Rem, x(), local(1, F64))),
            "would be slower as a vector loop: `%` of floats has no vector form",
        ),
        (
            of(&[F64], cast(x(), I64)),
            "would be slower as a vector loop: the conversion of `f64` to `i64` has no vector form",
        ),
        (
            of(
                &[I64, I64],
                binary(BinaryOp::Shl, local(0, I64), local(1, I64)),
            ),
            "would be slower as a vector loop: a shift by an amount that varies has no vector form",
        ),
        (
            of(
                &[I64, I64],
                binary(BinaryOp::MulHigh, local(0, I64), local(1, I64)),
            ),
            "would be slower as a vector loop: the upper half of a product of 64 bits has no \
             vector form",
        ),
        (
            of(&[I64, I64], quotient),
            "would be slower as a vector loop: division of 64-bit integers has no vector form",
        ),
        (of(&[F64], element), "reads an array"),
        (of(&[F64], endless), "never returns"),
        (
            with_site(panics, PanicKind::Message("negative".to_string())),
            "always fails: negative",
        ),
        (
            over_elements(vec![kernel(call(1)), recursive.clone()]),
            "calls the recursive function `ackermann`",
        ),
        (over_elements(vec![recursive]), "calls itself"),
        (
            over_elements(doubling),
            "is too large once its calls are inlined",
        ),
        (over_elements(chain), "is nested too deeply"),
        (long, "has more than 4000 operations"),
        (view, "has array parameters"),
        (
            long_table,
            "indexes an array of 9 elements by a value that varies",
        ),
        (once, "runs once, not over elements"),
        (silent, "has no scalar result"),
        (unset, "has IR that is not well formed"),
    ] {
        assert_eq!(
            reason(&program, Machine::Host),
            format!("scalar loop: {expected}")
        );
    }
}

#[test]
fn what_the_machine_lacks_is_a_reason() {
    let x = || local(0, F64);
    let fused = of(
        &[F64],
        Expr {
            ty: scalar(F64),
            kind: ExprKind::Fma(Box::new(x()), Box::new(x()), Box::new(f64(1.0))),
        },
    );
    let floor = of(&[F64], unary(UnaryOp::Floor, x()));
    assert_eq!(
        reason(&fused, Machine::Baseline),
        "scalar loop: uses `mul_add`, which needs FMA"
    );
    assert_eq!(
        reason(&floor, Machine::Baseline),
        "scalar loop: would be slower as a vector loop: rounding without SSE4.1 has no vector form"
    );
    let mut foreign = features(Machine::Baseline);
    foreign.x86_64 = false;
    let refusal = try_vectorise(&floor, foreign).unwrap_err();
    assert_eq!(refusal.to_string(), "vector code is made for x86-64 only");
}

#[test]
fn a_constant_condition_leaves_the_other_arm_alone() {
    let body = either(
        bits(Bool, 1),
        value(local(0, F64)),
        value(unary(UnaryOp::Exp, local(0, F64))),
    );
    let early = Block {
        statements: vec![Statement::Expr(leave(local(0, F64)))],
        value: Some(Box::new(unary(UnaryOp::Exp, local(0, F64)))),
    };
    for program in [of(&[F64], body), program(&[F64], &[], early)] {
        assert_eq!(
            reason(&program, Machine::Host),
            "vector loop: 4 x f64x2 (8 elements a turn), 0 operations"
        );
    }
}
