//! Which specialisation a call takes, and what it says when there is none.

mod support;

use brolga_abi::{Bound, DType, ElementType, KernelKind};
use brolga_ufunc::{
    ArgumentType, Complex, ErrorKind, Operand, UFunc, WeakKind, WeakScalar, f16, resolve,
};
use ndarray::{ArrayD, array};
use support::kernels::{axpy, conjugate, div_rem, double, shared};
use support::{T, bound, is, meta, scalar};

fn strong(names: &str) -> Vec<Option<ArgumentType>> {
    let argument = |name| match name {
        "int" => ArgumentType::Weak(WeakKind::Int),
        "large" => ArgumentType::Weak(WeakKind::LargeInt),
        "float" => ArgumentType::Weak(WeakKind::Float),
        "complex" => ArgumentType::Weak(WeakKind::Complex),
        name => ArgumentType::Strong(DType::from_name(name).unwrap()),
    };
    names
        .split_whitespace()
        .map(|name| Some(argument(name)))
        .collect()
}

/// The type that `T: limit` becomes, or `-`.
fn chosen(limit: Bound, arguments: &str) -> String {
    let arguments = strong(arguments);
    let params = arguments.iter().map(|_| scalar("x", T)).collect();
    let meta = meta("f", KernelKind::Vectorize, bound(limit), params, vec![T]);
    match resolve(&meta, &arguments) {
        Ok(resolution) => {
            assert_eq!(resolution.results, resolution.types);
            assert!(
                resolution
                    .params
                    .iter()
                    .all(|&dtype| dtype == resolution.types[0])
            );
            resolution.types[0].to_string()
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::DType);
            "-".to_string()
        }
    }
}

#[test]
fn a_type_parameter_becomes_the_promotion_or_the_first_wider_type_within_its_bound() {
    for (arguments, number, real, integer, float) in [
        ("f64 f64", "f64", "f64", "-", "f64"),
        ("f32 f32", "f32", "f32", "-", "f32"),
        ("i32 f32", "f64", "f64", "-", "f64"),
        ("bool", "i8", "i8", "i8", "f32"),
        ("bool f32", "f32", "f32", "-", "f32"),
        ("i8", "i8", "i8", "i8", "f32"),
        ("u16", "u16", "u16", "u16", "f32"),
        ("i32", "i32", "i32", "i32", "f64"),
        ("u8 i8", "i16", "i16", "i16", "f32"),
        ("i64 u64", "f64", "f64", "-", "f64"),
        ("i8 int", "i8", "i8", "i8", "f32"),
        ("i8 float", "f64", "f64", "-", "f64"),
        ("f32 float int", "f32", "f32", "-", "f32"),
        ("bool int", "i64", "i64", "i64", "f64"),
        ("int", "i64", "i64", "i64", "f64"),
        ("int float", "f64", "f64", "-", "f64"),
        ("large", "u64", "u64", "u64", "f64"),
        ("large int", "u64", "u64", "u64", "f64"),
        ("i8 large", "i8", "i8", "i8", "f32"),
        ("f16", "f32", "f32", "-", "f32"),
        ("bf16 i8 float", "f32", "f32", "-", "f32"),
        ("f16 i32", "f64", "f64", "-", "f64"),
        ("Complex<f32>", "Complex<f32>", "-", "-", "-"),
        ("Complex<f32> f16", "Complex<f32>", "-", "-", "-"),
        ("Complex<f32> i32", "Complex<f64>", "-", "-", "-"),
        ("f32 complex", "Complex<f32>", "-", "-", "-"),
        ("complex int", "Complex<f64>", "-", "-", "-"),
    ] {
        let expected = [number, real, integer, float];
        let bounds = [Bound::Number, Bound::Real, Bound::Integer, Bound::Float];
        for (limit, expected) in bounds.into_iter().zip(expected) {
            assert_eq!(
                chosen(limit, arguments),
                expected,
                "{limit:?} of {arguments}"
            );
        }
    }
}

#[test]
fn signatures_are_searched_in_order_for_the_first_safe_cast() {
    let params = vec![scalar("x", T), scalar("y", T)];
    let mut meta = meta(
        "f",
        KernelKind::Vectorize,
        bound(Bound::Number),
        params,
        vec![T],
    );
    meta.options.signatures = [DType::I32, DType::F32, DType::F64]
        .map(|d| vec![d, d])
        .to_vec();
    for (arguments, expected) in [
        ("i8 bool", DType::I32),
        ("i32 i32", DType::I32),
        ("i16 f32", DType::F32),
        ("i32 f32", DType::F64),
        ("i64 i64", DType::F64),
        ("i32 int", DType::I32),
        ("i16 float", DType::F32),
        ("f32 float", DType::F32),
        ("int int", DType::F64),
        ("float int", DType::F64),
    ] {
        let resolution = resolve(&meta, &strong(arguments)).unwrap();
        assert_eq!(resolution.types[0], expected, "{arguments}");
    }
    // Literals alone count as i64 and f64, unless no signature would take these.
    meta.options.signatures = vec![vec![DType::I8, DType::I8]];
    assert_eq!(
        resolve(&meta, &strong("int int")).unwrap().types[0],
        DType::I8
    );
    assert_eq!(
        resolve(&meta, &strong("i16 int")).unwrap_err().to_string(),
        "no specialisation of `f` accepts operands of types (i16, integer literal); its \
         signatures, to which every operand must cast safely: (i8, i8)"
    );
}

#[test]
fn a_refusal_names_what_was_given_and_what_is_accepted() {
    let function = UFunc::new(shared(div_rem())).unwrap();
    let error = function.call(&[1.5f64.into(), 2i32.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DType);
    assert_eq!(
        error.to_string(),
        "no specialisation of `div_rem` accepts operands of types (f64, i32)\n  \
         operand 1 `a`: found f64; accepted: bool, i8, i16, i32, i64, u8, u16, u32\n  \
         operand 2 `b`: found i32; accepted: bool, i8, i16, i32, i64, u8, u16, u32"
    );
    let function = UFunc::new(shared(axpy(Bound::Integer))).unwrap();
    let literal = Operand::from(WeakScalar::Float(0.5));
    let error = function
        .call(&[literal, 1i8.into(), 2i8.into()])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "no specialisation of `axpy` accepts operands of types (float literal, i8, i8)\n  \
         operand 1 `a`: found float literal; accepted: bool, i8, i16, i32, i64, u8, u16, u32, u64 \
         (T: Integer)\n  \
         operand 2 `x`: found i8; accepted: bool, i8, i16, i32, i64, u8, u16, u32, u64 (T: Integer)\n  \
         operand 3 `y`: found i8; accepted: bool, i8, i16, i32, i64, u8, u16, u32, u64 (T: Integer)"
    );
}

#[test]
fn a_type_parameter_that_no_operand_decides_is_an_error() {
    let params = vec![scalar("x", is(DType::F64))];
    let meta = meta(
        "f",
        KernelKind::Vectorize,
        bound(Bound::Float),
        params,
        vec![T],
    );
    assert_eq!(
        resolve(&meta, &strong("f64")).unwrap_err().to_string(),
        "no operand of `f` decides its type parameter `T`"
    );
}

#[test]
fn an_inconsistent_description_is_an_error() {
    let meta = meta(
        "f",
        KernelKind::Vectorize,
        Vec::new(),
        vec![scalar("x", T)],
        vec![T],
    );
    let error = resolve(&meta, &strong("f64")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Kernel);
}

#[test]
fn earlier_calls_do_not_change_the_choice() {
    let host = shared(axpy(Bound::Number));
    let function = UFunc::new(host.clone()).unwrap();
    for _ in 0..2 {
        let wide = function
            .call(&[1f64.into(), 2f64.into(), 3f64.into()])
            .unwrap();
        assert_eq!(wide.get(0).unwrap().scalar(), Some(5f64));
        let narrow = function
            .call(&[1f32.into(), 2f32.into(), 3f32.into()])
            .unwrap();
        assert_eq!(narrow.get(0).unwrap().scalar(), Some(5f32));
    }
    // Each was asked for once, and then known.
    assert_eq!(*host.asked.lock().unwrap(), [[DType::F64], [DType::F32]]);
}

#[test]
fn literals_take_the_type_of_what_stands_beside_them() {
    let function = UFunc::new(shared(axpy(Bound::Number))).unwrap();
    let literal = |value| Operand::from(WeakScalar::Int(value));
    let narrow = function
        .call(&[literal(3), 2i8.into(), literal(-4)])
        .unwrap();
    assert_eq!(narrow.get(0).unwrap().scalar(), Some(2i8));
    let error = function
        .call(&[literal(3), 2i8.into(), literal(300)])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Value);
    assert_eq!(
        error.to_string(),
        "operand 3 `y` is 300, which does not fit in i8"
    );

    let function = UFunc::new(shared(double())).unwrap();
    let sum = function.call(&[literal(3)]).unwrap();
    assert_eq!(sum.get(0).unwrap().scalar(), Some(6.0f64));
}

#[test]
fn a_compile_error_keeps_its_text_and_can_be_tried_again() {
    let host = shared(axpy(Bound::Number));
    let function = UFunc::new(host.clone()).unwrap();
    for _ in 0..2 {
        let error = function
            .call(&[1u8.into(), 2u8.into(), 3u8.into()])
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Compile);
        assert_eq!(error.to_string(), "no variant for [U8]");
    }
    assert_eq!(host.asked.lock().unwrap().len(), 2);
}

#[test]
fn threads_that_ask_at_once_agree() {
    let function = UFunc::new(shared(axpy(Bound::Number))).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for k in 0..50i8 {
                    let operands = [2i8.into(), k.into(), 1i8.into()];
                    let found = function.call(&operands).unwrap().get(0).unwrap().scalar();
                    assert_eq!(found, Some(2 * k + 1));
                    let operands = [2f32.into(), f32::from(k).into(), 1f32.into()];
                    let found = function.call(&operands).unwrap().get(0).unwrap().scalar();
                    assert_eq!(found, Some(2.0 * f32::from(k) + 1.0));
                }
            });
        }
    });
}

#[test]
fn a_parameter_of_complex_numbers_decides_the_type_of_their_parts() {
    let z = scalar("z", ElementType::ComplexOf(0));
    let params = vec![z, scalar("x", T)];
    let meta = meta(
        "f",
        KernelKind::Vectorize,
        bound(Bound::Float),
        params,
        vec![T],
    );
    for (arguments, part) in [
        ("Complex<f32> f32", "f32"),
        ("Complex<f32> f64", "f64"),
        ("Complex<f32> int", "f32"),
        ("complex f32", "f32"),
        ("complex float", "f64"),
        // A real number is a complex one.
        ("f32 f32", "f32"),
        ("i8 f16", "f32"),
        ("f32 Complex<f32>", "-"),
    ] {
        let found = match resolve(&meta, &strong(arguments)) {
            Ok(resolution) => {
                let complex = resolution.types[0].complex();
                assert_eq!(Some(resolution.params[0]), complex, "{arguments}");
                resolution.types[0].name()
            }
            Err(error) => {
                assert!(
                    error.to_string().contains("(Complex<T>, T: Float)"),
                    "{error}"
                );
                "-"
            }
        };
        assert_eq!(found, part, "{arguments}");
    }
    let mut stated = meta.clone();
    stated.options.signatures = vec![vec![DType::ComplexF64, DType::F64]];
    let resolution = resolve(&stated, &strong("Complex<f32> f32")).unwrap();
    assert_eq!(resolution.types.as_slice(), [DType::F64]);
    stated.options.signatures = vec![vec![DType::F64, DType::F64]];
    assert!(resolve(&stated, &strong("f32 f32")).is_err());
}

#[test]
fn complex_numbers_and_halves_are_converted_on_their_way() {
    let function = UFunc::new(shared(conjugate())).unwrap();
    let z = array![Complex::new(1.0_f64, 2.0), Complex::new(-3.0, 0.5)];
    let expected = z.mapv(|z| z.conj());
    let found: ArrayD<Complex<f64>> = function.call_array(&[(&z).into()]).unwrap();
    assert_eq!(found, expected.clone().into_dyn());
    // Strided, reversed, and block by block from another type.
    let narrow = z.mapv(|z| Complex::new(z.re as f32, z.im as f32));
    let narrow = narrow.slice(ndarray::s![..;-1]);
    let found: ArrayD<Complex<f64>> = function.call_array(&[(&narrow).into()]).unwrap();
    let reversed = expected.slice(ndarray::s![..;-1]).to_owned();
    assert_eq!(found, reversed.into_dyn());
    let half = array![f16::from_f32(0.5), f16::NEG_INFINITY, f16::from_f32(2.0)];
    let found: ArrayD<Complex<f64>> = function.call_array(&[(&half).into()]).unwrap();
    assert_eq!(found[[1]], Complex::new(f64::NEG_INFINITY, -0.0));
    assert_eq!(found[[2]], Complex::new(2.0, -0.0));
    // A literal, a number, an output of the lesser complex type.
    let found: ArrayD<Complex<f64>> = function
        .call_array(&[WeakScalar::Complex(1.0, 1.0).into()])
        .unwrap();
    assert_eq!(found[[]], Complex::new(1.0, -1.0));
    let found: ArrayD<Complex<f64>> = function
        .call_array(&[Complex::new(0.0_f32, 4.0).into()])
        .unwrap();
    assert_eq!(found[[]], Complex::new(0.0, -4.0));
    let mut out = ndarray::Array1::from_elem(2, Complex::new(0.0_f32, 0.0));
    function.call_into(&[(&z).into()], &mut out).unwrap();
    assert_eq!(out[1], Complex::new(-3.0, -0.5));
    let mut real = array![0.0, 0.0];
    let error = function.call_into(&[(&z).into()], &mut real).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Casting);
}
