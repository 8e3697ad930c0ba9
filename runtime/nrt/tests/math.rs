//! Every scalar math symbol computes the function of its name, and none panics.

use brolga_abi::{AbiType, SYMBOLS, SymbolDecl};

/// Calls a math symbol; `f32` symbols get and give rounded values.
fn call(symbol: &SymbolDecl, operands: &[f64]) -> f64 {
    let address = brolga_nrt::address(symbol.name).unwrap();
    assert_eq!(operands.len(), symbol.params.len(), "{}", symbol.name);
    macro_rules! typed {
        ($ty:ty) => {{
            let x: Vec<$ty> = operands.iter().map(|x| *x as $ty).collect();
            // SAFETY: the table's types are those of the functions (tested in the
            // package), and they were compared with the operands.
            unsafe {
                match x[..] {
                    [x] => std::mem::transmute::<*const u8, extern "C" fn($ty) -> $ty>(address)(x),
                    [x, y] => {
                        type F = extern "C" fn($ty, $ty) -> $ty;
                        std::mem::transmute::<*const u8, F>(address)(x, y)
                    }
                    [x, y, z] => {
                        type F = extern "C" fn($ty, $ty, $ty) -> $ty;
                        std::mem::transmute::<*const u8, F>(address)(x, y, z)
                    }
                    _ => panic!("{} has {} parameters", symbol.name, x.len()),
                }
                .into()
            }
        }};
    }
    match symbol.result {
        AbiType::F32 => typed!(f32),
        AbiType::F64 => typed!(f64),
        other => panic!("{} returns {other:?}", symbol.name),
    }
}

fn math_symbols() -> impl Iterator<Item = &'static SymbolDecl> {
    SYMBOLS
        .iter()
        .filter(|s| matches!(s.result, AbiType::F32 | AbiType::F64))
        // Conversions from halves and reductions have other operands, and tests of their own.
        .filter(|s| s.params.iter().all(|p| *p == s.result))
}

/// Name, operands, result (from Python's `math`). The operands are exact in `f32`.
const VALUES: &[(&str, &[f64], f64)] = &[
    ("acos", &[0.625], 0.895664793857865),
    ("acosh", &[1.75], 1.158810360429947),
    ("asin", &[0.625], 0.6751315329370317),
    ("asinh", &[0.625], 0.590143685781959),
    ("atan", &[0.625], 0.5585993153435624),
    ("atan2", &[-1.5, 2.0], -0.6435011087932844),
    ("atanh", &[0.625], 0.7331685343967136),
    ("cbrt", &[0.625], 0.8549879733383485),
    ("ceil", &[0.625], 1.0),
    ("cos", &[0.625], 0.8109631195052179),
    ("cosh", &[0.625], 1.2017536929756063),
    ("erf", &[0.625], 0.623240882188418),
    ("erfc", &[0.625], 0.376759117811582),
    ("exp", &[0.625], 1.8682459574322223),
    ("exp2", &[0.625], 1.5422108254079407),
    ("exp_m1", &[0.625], 0.8682459574322224),
    ("floor", &[-1.25], -2.0),
    ("fma", &[1.5, -2.5, 0.25], -3.5),
    ("fmod", &[-7.5, 2.0], -1.5),
    ("gamma", &[0.625], 1.434518848090557),
    ("hypot", &[3.5, -2.0], 4.031128874149275),
    ("lgamma", &[0.625], 0.3608294954889405),
    ("ln", &[0.625], -0.4700036292457356),
    ("ln_1p", &[0.625], 0.48550781578170077),
    ("log10", &[0.625], -0.2041199826559248),
    ("log2", &[0.625], -0.6780719051126377),
    ("powf", &[2.5, -1.5], 0.25298221281347033),
    ("round_ties_even", &[2.5], 2.0),
    ("sin", &[0.625], 0.5850972729404622),
    ("sinh", &[0.625], 0.666492264456616),
    ("tan", &[0.625], 0.7214844409909045),
    ("tanh", &[0.625], 0.5545997223493823),
    ("trunc", &[-1.25], -1.0),
];

#[test]
fn every_symbol_computes_the_function_of_its_name() {
    let mut checked = 0;
    for (name, operands, expected) in VALUES {
        for (suffix, tolerance) in [("f32", 1e-6), ("f64", 1e-15)] {
            let symbol = brolga_abi::symbol(&format!("nrt_{name}_{suffix}")).expect(name);
            let result = call(symbol, operands);
            assert!(
                (result - expected).abs() <= tolerance * expected.abs().max(1.0),
                "{} of {operands:?}: {result}, expected {expected}",
                symbol.name
            );
            checked += 1;
        }
    }
    assert_eq!(checked, math_symbols().count());
}

#[test]
fn fused_multiply_add_rounds_once() {
    let x = 1.0 + f64::EPSILON;
    let result = call(
        brolga_abi::symbol("nrt_fma_f64").unwrap(),
        &[x, x, -1.0 - 2.0 * f64::EPSILON],
    );
    assert_eq!(result, f64::EPSILON * f64::EPSILON);
}

#[test]
fn no_bits_make_a_symbol_panic() {
    let edges = [
        0.0,
        1.0,
        0.5,
        2.0,
        170.7,
        171.7,
        35.1,
        88.7,
        709.8,
        1e9,
        1e300,
        1e-300,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::from_bits(1),
        f64::INFINITY,
        f64::NAN,
        f64::from(f32::MAX),
        f64::from(f32::from_bits(1)),
        1e-45,
        4503599627370497.5,
    ];
    let mut values: Vec<f64> = edges.iter().flat_map(|x| [*x, -x]).collect();
    // Multiplying by an odd number walks through all bit patterns.
    values.extend((1..2000u64).map(|k| f64::from_bits(k.wrapping_mul(0x9e37_79b9_7f4a_7c15))));
    values.extend((1..2000u32).map(|k| f64::from(f32::from_bits(k.wrapping_mul(0x9e37_79b9)))));
    values.extend((-400..400).map(|k| f64::from(k) * 0.5));
    // A panic in an `extern "C"` function aborts the test.
    for symbol in math_symbols() {
        let arity = symbol.params.len();
        for (k, _) in values.iter().enumerate() {
            let operands: Vec<f64> = (0..arity)
                .map(|p| values[(k * (1 + 6 * p) + p) % values.len()])
                .collect();
            std::hint::black_box(call(symbol, &operands));
        }
    }
}
