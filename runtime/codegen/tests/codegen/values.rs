//! Complex numbers, half precision numbers and globals.

use brolga_abi::{KernelContext, Status};
use brolga_codegen::{Compiler, Switches, TargetSpec};
use brolga_lang::ir::*;

use crate::support::*;

const F64: Scalar = Scalar::F64;

fn complex(part: Scalar) -> Type {
    Type::Tuple(vec![scalar(part); 2])
}

/// `(a: Complex, b: float) -> (conj(a) * b, b)` over elements.
fn scaled(part: Scalar) -> Program {
    let pair = complex(part);
    let a = |k| member(whole(0, &pair), k);
    let times = |x| binary(BinaryOp::Mul, x, local(1, part));
    let product = tuple(vec![times(a(0)), times(unary(UnaryOp::Neg, part, a(1)))]);
    let result = Type::Tuple(vec![pair.clone(), scalar(part)]);
    let body = block(vec![], Some(tuple(vec![product, local(1, part)])));
    let mut program = program(
        vec![function(2, &[pair.clone(), scalar(part)], result, body)],
        true,
    );
    program.entry.results = vec![Element::Complex(part), Element::Scalar(part)];
    program
}

#[test]
fn complex_operands_and_results() {
    for (name, compiler) in compilers() {
        let loaded = linked(compiler, &scaled(F64));
        assert!(loaded.object.report[0].contains("scalar loop"));
        let mut a = [1.0, 2.0, 3.0, 4.0];
        let mut b = [10.0, 100.0];
        let (mut c, mut d) = ([0.0; 4], [0.0; 2]);
        let args = [
            a.as_mut_ptr().cast::<u8>(),
            b.as_mut_ptr().cast(),
            c.as_mut_ptr().cast(),
            d.as_mut_ptr().cast(),
        ];
        let mut context = KernelContext::new(0, 0);
        let status = loaded.enter_at(&args, &[2], &[16, 8, 16, 8], &mut context);
        assert_eq!(status, Status::Ok, "{name}");
        assert_eq!(c, [10.0, -20.0, 300.0, -400.0], "{name}");
        assert_eq!(d, [10.0, 100.0], "{name}");

        let loaded = linked(compiler, &scaled(Scalar::F32));
        let mut a = [1.0_f32, 2.0];
        let mut b = [10.0_f32];
        let (mut c, mut d) = ([0.0_f32; 2], [0.0_f32; 1]);
        let args = [
            a.as_mut_ptr().cast::<u8>(),
            b.as_mut_ptr().cast(),
            c.as_mut_ptr().cast(),
            d.as_mut_ptr().cast(),
        ];
        let status = loaded.enter_at(&args, &[1], &[8, 4, 8, 4], &mut context);
        assert_eq!(
            (status, c, d),
            (Status::Ok, [10.0, -20.0], [10.0]),
            "{name}"
        );
    }
}

#[test]
fn complex_elements_are_loaded_and_stored() {
    // let t = [x[0]; 3]; y[0] = (t[2].im, x[1].re); x and y of one axis.
    let of = |mutable| {
        Type::View(ViewType {
            element: Element::Complex(F64),
            ndim: 1,
            mutable,
        })
    };
    let index = |k: usize| vec![value(k)];
    let element = |number, k| {
        let kind = ExprKind::Load {
            view: LocalId(number),
            index: index(k),
            site: SiteId(1),
        };
        expr(complex(F64), kind)
    };
    let new = expr(
        of(true),
        ExprKind::Allocate {
            dims: vec![value(3_usize)],
            fill: element(0, 0).into(),
            too_large: SiteId(2),
            no_memory: SiteId(3),
        },
    );
    let stored = tuple(vec![member(element(2, 2), 1), member(element(0, 1), 0)]);
    let body = block(vec![assign(2, new), store(1, index(0), 4, stored)], None);
    let program = program(
        vec![function(
            2,
            &[of(false), of(true), of(true)],
            Type::UNIT,
            body,
        )],
        false,
    );
    for (name, compiler) in compilers() {
        let loaded = linked(compiler, &program);
        let mut x = [1.0, 2.0, 3.0, 4.0];
        let mut y = [0.0; 2];
        let args = [x.as_mut_ptr().cast::<u8>(), y.as_mut_ptr().cast()];
        let mut context = KernelContext::new(0, 0);
        let status = loaded.enter_at(&args, &[1, 2, 1], &[0, 0, 16, 16], &mut context);
        assert_eq!((status, y), (Status::Ok, [2.0, 3.0]), "{name}");
    }
}

#[test]
fn half_precision_is_rounded_once_by_the_rules_of_ieee() {
    let convert = |op, from, to| {
        elementwise(&[from], &[], scalar(to), {
            block(vec![], Some(unary(op, to, local(0, from))))
        })
    };
    let to_half = [
        // 65519.99 rounds down to the largest, 65520 up to infinity.
        (UnaryOp::F16FromF32, Scalar::F32, 65519.0_f64, 0x7bff_u64),
        (UnaryOp::F16FromF32, Scalar::F32, 65520.0, 0x7c00),
        // Just above halfway.
        (
            UnaryOp::F16FromF64,
            F64,
            1.0 + 2f64.powi(-11) + 2f64.powi(-20),
            0x3c01,
        ),
        (UnaryOp::F16FromF64, F64, 2f64.powi(-24), 0x0001),
        (
            UnaryOp::Bf16FromF32,
            Scalar::F32,
            1.0 + 2f64.powi(-8),
            0x3f80,
        ),
        (
            UnaryOp::Bf16FromF64,
            F64,
            1.0 + 2f64.powi(-8) + 2f64.powi(-20),
            0x3f81,
        ),
    ];
    for (op, from, x, bits) in to_half {
        let input = match from {
            Scalar::F32 => (x as f32).bits(),
            _ => x.bits(),
        };
        let program = convert(op, from, Scalar::U16);
        sound(&program);
        check(&format!("{op:?} of {x}"), &program, &[vec![input]], &[bits]);
    }
    for (op, bits, x) in [
        (UnaryOp::F32FromF16, 0x3555_u64, 0.333_251_95_f32),
        (UnaryOp::F32FromF16, 0xfc00, f32::NEG_INFINITY),
        (UnaryOp::F32FromBf16, 0x3f81, 1.007_812_5),
    ] {
        let program = convert(op, Scalar::U16, Scalar::F32);
        sound(&program);
        check(&format!("{op:?}"), &program, &[vec![bits]], &[x.bits()]);
    }
}

fn global(name: &str, ty: Type) -> Global {
    let count = brolga_lang::layout::scalars(&ty).len();
    Global {
        name: name.to_owned(),
        ty,
        default: Unhashed(vec![0; count]),
    }
}

/// `x * gain + table[k]` with a pair of globals before and behind.
fn with_globals() -> Program {
    let table = array(scalar(Scalar::F32), 3);
    let pair = Type::Tuple(vec![scalar(Scalar::U8), scalar(F64)]);
    let read = |number, ty: &Type| expr(ty.clone(), ExprKind::Global(GlobalId(number)));
    let cell = at(read(1, &table), local(1, Scalar::Usize), 2);
    let wide = expr(scalar(F64), ExprKind::Cast(cell.into()));
    let gain = member(read(2, &pair), 1);
    let product = binary(BinaryOp::Mul, local(0, F64), gain);
    let mut program = elementwise(
        &[F64, Scalar::Usize],
        &[],
        scalar(F64),
        block(vec![], Some(add(product, wide))),
    );
    program.globals = vec![
        global("flag", scalar(Scalar::Bool)),
        global("table", table),
        global("gain", pair),
    ];
    program
}

#[repr(C)]
struct Globals {
    flag: u8,
    table: [f32; 3],
    byte: u8,
    gain: f64,
}

#[test]
fn globals_are_read_from_the_contexts_block() {
    let program = with_globals();
    let (offsets, size) = global_layout(&program.globals);
    assert_eq!(offsets, [0, 4, 16]);
    assert_eq!(size, size_of::<Globals>());
    let block = Globals {
        flag: 1,
        table: [1.0, 2.0, 4.0],
        byte: 0,
        gain: 10.0,
    };
    let _ = (block.flag, block.byte);
    for (name, compiler) in compilers() {
        let loaded = linked(compiler, &program);
        let mut operands = [
            Array::new(&[1.0, 2.0]),
            Array::new(&[0_usize, 2]),
            Array::new(&[0.0; 2]),
        ];
        let mut context = KernelContext::new(0, 0);
        context.globals = std::ptr::from_ref(&block).cast();
        let outcome = loaded.run_in(2, &mut operands, context);
        assert_eq!(outcome.status, Status::Ok, "{name}");
        assert_eq!(operands[2].values::<f64>(), [11.0, 24.0], "{name}");
    }
}

#[test]
fn a_scalar_global_stays_in_the_vector_loop() {
    let pair = Type::Tuple(vec![scalar(F64), scalar(F64)]);
    let read = expr(pair.clone(), ExprKind::Global(GlobalId(1)));
    let gain = expr(scalar(F64), ExprKind::Global(GlobalId(0)));
    let product = binary(BinaryOp::Mul, local(0, F64), gain);
    let mut program = elementwise(
        &[F64],
        &[],
        scalar(F64),
        block(vec![], Some(add(product, member(read, 1)))),
    );
    program.globals = vec![global("gain", scalar(F64)), global("pair", pair)];
    for target in [TargetSpec::host(), TargetSpec::baseline()] {
        let switches = Switches {
            verify: true,
            ..Switches::default()
        };
        let compiler = Compiler::new(&target, switches).unwrap();
        let loaded = linked(&compiler, &program);
        let report = &loaded.object.report;
        assert!(report[0].starts_with("vector loop"), "{report:?}");
        let block = [10.0, -1.0, 0.5];
        for step in [0, 1, 2] {
            let x: Vec<f64> = (0..150).map(f64::from).collect();
            let mut result = vec![0.0; 70];
            let mut x_memory = x.clone();
            let args = [
                x_memory.as_mut_ptr().cast::<u8>(),
                result.as_mut_ptr().cast(),
            ];
            let mut context = KernelContext::new(0, 0);
            context.globals = block.as_ptr().cast();
            let status = loaded.enter_at(&args, &[70], &[8 * step, 8], &mut context);
            assert_eq!(status, Status::Ok);
            for (k, &found) in result.iter().enumerate() {
                assert_eq!(found, x[k * step as usize] * 10.0 + 0.5, "step {step}");
            }
        }
    }
}
