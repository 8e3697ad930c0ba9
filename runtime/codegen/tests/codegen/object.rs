//! The object itself: its bytes, imports, machine code, reports, and what is refused.

use brolga_codegen::{CodegenErrorKind, Compiler, Switches, TargetSpec};
use brolga_lang::ir::*;

use crate::support::*;

fn unary_kernel(op: UnaryOp, ty: Scalar) -> Program {
    let body = unary(op, ty, local(0, ty));
    elementwise(&[ty], &[], scalar(ty), block(vec![], Some(body)))
}

fn fma_kernel() -> Program {
    let ty = Scalar::F64;
    let kind = ExprKind::Fma(
        local(0, ty).into(),
        local(1, ty).into(),
        local(2, ty).into(),
    );
    let body = block(vec![], Some(expr(scalar(ty), kind)));
    elementwise(&[ty; 3], &[], scalar(ty), body)
}

/// One kernel for each operation on two numbers of each type that has it.
fn binary_kernels() -> Vec<(String, Program)> {
    let integer = [
        BinaryOp::Add,
        BinaryOp::Mul,
        BinaryOp::Shl,
        BinaryOp::Min,
        BinaryOp::SaturatingSub,
        BinaryOp::MulHigh,
    ];
    let float = [BinaryOp::Div, BinaryOp::Min, BinaryOp::Max, BinaryOp::Rem];
    let mut kernels = Vec::new();
    for ty in Scalar::ALL {
        let ops: &[BinaryOp] = match ty {
            Scalar::Bool => &[],
            _ if ty.is_float() => &float,
            _ => &integer,
        };
        for &op in ops {
            let body = binary(op, local(0, ty), local(1, ty));
            let body = block(vec![], Some(body));
            let program = elementwise(&[ty; 2], &[], scalar(ty), body);
            kernels.push((format!("{op:?} of {}", ty.name()), program));
        }
        if ty.is_integer() {
            for op in [DivisionOp::Quotient, DivisionOp::Remainder] {
                let kind = ExprKind::Division {
                    op,
                    lhs: local(0, ty).into(),
                    rhs: local(1, ty).into(),
                    by_zero: SiteId(0),
                    overflow: Some(SiteId(1)),
                };
                let body = block(vec![], Some(expr(scalar(ty), kind)));
                let program = elementwise(&[ty; 2], &[], scalar(ty), body);
                kernels.push((format!("{op:?} of {}", ty.name()), program));
            }
        }
        for from in [Scalar::F32, Scalar::F64] {
            if ty != Scalar::Bool {
                let kind = ExprKind::Cast(local(0, from).into());
                let body = block(vec![], Some(expr(scalar(ty), kind)));
                let program = elementwise(&[from], &[], scalar(ty), body);
                kernels.push((format!("{} as {}", from.name(), ty.name()), program));
            }
        }
    }
    kernels
}

#[test]
fn no_kernel_holds_a_trap_or_a_foreign_import() {
    for (what, program) in binary_kernels() {
        for (name, compiler) in compilers() {
            let assembly = compiler.asm(&program, "k").unwrap();
            assert!(assembly.contains("ret"), "{what} on {name}:\n{assembly}");
            assert!(!assembly.contains("ud2"), "{what} on {name}:\n{assembly}");
            let object = compiler.compile(&program, "k").unwrap();
            for import in &object.imports {
                assert!(brolga_abi::symbol(import).is_some(), "{what} on {name}");
            }
        }
    }
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    let again = Compiler::new(&TargetSpec::host(), host().switches().clone()).unwrap();
    for (what, program) in binary_kernels() {
        let one = host().compile(&program, "k").unwrap();
        assert_eq!(one, again.compile(&program, "k").unwrap(), "{what}");
    }
}

#[test]
fn threads_share_a_compiler() {
    let program = fma_kernel();
    let expected = host().compile(&program, "k").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(host().compile(&program, "k").unwrap(), expected));
        }
    });
}

#[test]
fn fma_is_an_instruction_where_the_target_has_it_and_a_call_elsewhere() {
    for (name, compiler) in compilers() {
        let object = compiler.compile(&fma_kernel(), "k").unwrap();
        let host = TargetSpec::host();
        let has = host.has("has_fma")
            && host.has("has_avx")
            && name.starts_with("host")
            && !name.contains("without");
        let expected: &[&str] = if has { &[] } else { &["nrt_fma_f64"] };
        assert_eq!(object.imports, expected, "{name}");
    }
}

#[test]
fn rounding_is_an_instruction_where_the_target_has_it() {
    let object = |compiler: &Compiler| {
        let program = unary_kernel(UnaryOp::Floor, Scalar::F32);
        compiler.compile(&program, "k").unwrap().imports
    };
    let baseline = Compiler::new(&TargetSpec::baseline(), Switches::default()).unwrap();
    assert_eq!(object(&baseline), ["nrt_floor_f32"]);
    if TargetSpec::host().has("has_sse41") {
        assert!(object(host()).is_empty());
    }
}

#[test]
fn fastmath_contracts_a_product_and_a_sum() {
    let host_target = TargetSpec::host();
    if !(host_target.has("has_fma") && host_target.has("has_avx")) {
        return;
    }
    let ty = Scalar::F64;
    let product = || binary(BinaryOp::Mul, local(0, ty), local(1, ty));
    for body in [
        binary(BinaryOp::Add, product(), local(2, ty)),
        binary(BinaryOp::Sub, local(2, ty), product()),
        binary(BinaryOp::Sub, product(), local(2, ty)),
    ] {
        let body = block(vec![], Some(body));
        let mut program = elementwise(&[ty; 3], &[], scalar(ty), body);
        let strict = host().clif(&program, "k").unwrap();
        assert!(!strict.contains("= fma"), "{strict}");
        program.fastmath = true;
        let fused = host().clif(&program, "k").unwrap();
        assert!(
            fused.contains("= fma") && !fused.contains("fmul"),
            "{fused}"
        );
        let mut operands = [
            Array::new(&[3.0]),
            Array::new(&[5.0]),
            Array::new(&[100.0]),
            Array::new(&[0.0]),
        ];
        Loaded::new(host(), &program).run(1, &mut operands);
        let fused = operands[3].values::<f64>();
        program.fastmath = false;
        Loaded::new(host(), &program).run(1, &mut operands);
        assert_eq!(operands[3].values::<f64>(), fused);
    }
}

#[test]
fn float_selections_of_compared_values_are_min_and_max_instructions() {
    let (a, b) = (|| local(0, Scalar::F64), || local(1, Scalar::F64));
    let choose = expr(
        scalar(Scalar::F64),
        ExprKind::If(
            binary(BinaryOp::Lt, a(), b()).into(),
            block(vec![], Some(a())),
            block(vec![], Some(b())),
        ),
    );
    let body = block(vec![], Some(choose));
    let program = elementwise(&[Scalar::F64; 2], &[], scalar(Scalar::F64), body);
    let assembly = host().asm(&program, "k").unwrap();
    assert!(assembly.contains("minsd"), "{assembly}");
}

#[test]
fn the_object_names_its_entry_and_says_what_it_did() {
    let program = unary_kernel(UnaryOp::Exp, Scalar::F64);
    let object = host().compile(&program, "signal::gain::<f64>").unwrap();
    assert_eq!(object.entry_symbol, "brolga_signal__gain___f64_");
    assert_eq!(object.imports, ["nrt_exp_f64"]);
    assert!(!object.can_fail);
    assert!(object.cost >= 20, "a math function costs: {}", object.cost);
    assert_eq!(
        object.report,
        ["scalar loop: vector loops are switched off"]
    );
    let clif = host().clif(&program, "k").unwrap();
    assert!(clif.starts_with("; brolga_k\nfunction"), "{clif}");
}

#[test]
fn a_program_that_grows_too_large_is_refused_by_name() {
    // f0 calls f1 twice, f1 calls f2 twice and so on: 2^30 copies, or 31 functions.
    let ty = Scalar::F64;
    let chain = |length: u32| -> Program {
        let functions = (0..length)
            .map(|k| {
                let next = || call(k + 1, scalar(ty), vec![local(0, ty)]);
                let body = if k + 1 == length {
                    binary(BinaryOp::Mul, local(0, ty), value(0.5))
                } else {
                    binary(BinaryOp::Add, next(), next())
                };
                function(1, &[scalar(ty)], scalar(ty), block(vec![], Some(body)))
            })
            .collect();
        program(functions, true)
    };
    let loaded = Loaded::new(host(), &chain(12));
    let mut operands = [Array::new(&[3.0]), Array::new(&[0.0])];
    loaded.run(1, &mut operands);
    assert_eq!(operands[1].values::<f64>(), [1.5 * 2048.0]);
    // Large functions with several callers become functions of their own, so that the
    // sum stays small.
    let object = host().compile(&chain(31), "k").unwrap();
    assert!(object.elf.len() < 1 << 20);

    let mut sum = local(0, ty);
    let mut statements = Vec::new();
    for _ in 0..110_000 {
        sum = binary(BinaryOp::Add, local(0, ty), value(1.0));
        statements.push(assign(0, sum.clone()));
    }
    let body = block(statements, Some(sum));
    let error = host()
        .compile(&elementwise(&[ty], &[], scalar(ty), body), "huge")
        .unwrap_err();
    assert_eq!(error.kind(), CodegenErrorKind::TooLarge);
    let message = error.to_string();
    assert!(
        message.starts_with("kernel `huge`: too large: "),
        "{message}"
    );
}

#[test]
fn deep_nesting_compiles_and_deeper_nesting_is_refused() {
    let ty = Scalar::F64;
    let nested = move |depth: usize| {
        let sum = (0..depth).fold(local(0, ty), |sum, _| {
            binary(BinaryOp::Add, sum, value(1.0))
        });
        elementwise(&[ty], &[], scalar(ty), block(vec![], Some(sum)))
    };
    let loaded = Loaded::new(host(), &nested(1500));
    let mut operands = [Array::new(&[1.0]), Array::new(&[0.0])];
    loaded.run(1, &mut operands);
    assert_eq!(operands[1].values::<f64>(), [1501.0]);
    // On a thread of its own: the test's own stack must survive building and dropping it.
    let refused = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || host().compile(&nested(5000), "deep").unwrap_err())
        .unwrap()
        .join()
        .unwrap();
    assert_eq!(refused.kind(), CodegenErrorKind::TooLarge);
    assert!(refused.to_string().contains("nested"), "{refused}");
}

#[test]
fn broken_ir_is_an_error_and_not_a_panic() {
    let ty = Scalar::F64;
    let broken = [
        local(7, ty),
        binary(BinaryOp::Add, local(0, ty), value(1.0_f32)),
        binary(BinaryOp::Shl, local(0, ty), local(0, ty)),
        never(ExprKind::Break(LoopId(3), None)),
        never(ExprKind::Continue(LoopId(3))),
        call(9, scalar(ty), vec![]),
        load(0, ty, vec![], 0),
        expr(scalar(ty), ExprKind::Member(local(0, ty).into(), 0)),
        unary(UnaryOp::Exp, ty, value(3_i32)),
    ];
    for body in broken {
        let what = format!("{body:?}");
        let program = elementwise(&[ty], &[], scalar(ty), block(vec![], Some(body)));
        let error = host().compile(&program, "k").expect_err(&what);
        assert_eq!(error.kind(), CodegenErrorKind::Malformed, "{what}: {error}");
        assert!(error.to_string().contains("`k`"), "{error}");
    }
}

#[test]
fn unknown_targets_and_features_are_refused() {
    let mut target = TargetSpec::host();
    target.features = vec!["has_wings".to_owned()];
    let error = |target: &TargetSpec| {
        Compiler::new(target, Switches::default())
            .err()
            .expect("a refusal")
    };
    assert_eq!(error(&target).kind(), CodegenErrorKind::Target);
    assert!(error(&target).to_string().contains("has_wings"));
    target.triple = "pdp11-unknown-unix".to_owned();
    assert_eq!(error(&target).kind(), CodegenErrorKind::Target);
}
