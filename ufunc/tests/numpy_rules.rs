//! Promotion, casting and broadcasting against what NumPy says (golden/numpy.txt, written
//! by golden/generate.py).

use brolga_abi::DType;
use brolga_ufunc::{
    ArgumentType, Casting, WeakKind, broadcast_shapes, can_cast, promote, result_type,
};

const GOLDEN: &str = include_str!("golden/numpy.txt");

/// The golden lines that begin with `word`, cut at the arrow; at least `least` of them.
fn golden(word: &str, least: usize) -> Vec<(Vec<&'static str>, &'static str)> {
    let cases: Vec<_> = GOLDEN
        .lines()
        .filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '))
        .map(|line| {
            let (left, right) = line.split_once("->").expect("an arrow in every line");
            (left.split_whitespace().collect(), right.trim())
        })
        .collect();
    assert!(cases.len() >= least, "{} cases of {word}", cases.len());
    cases
}

fn dtype(name: &str) -> DType {
    DType::from_name(name).expect("a dtype")
}

fn shape(text: &str) -> Vec<usize> {
    let inner = text.trim_matches(['[', ']']);
    let lengths = inner.split(',').filter(|part| !part.is_empty());
    lengths
        .map(|part| part.parse().expect("a length"))
        .collect()
}

#[test]
fn two_types_promote_as_in_numpy() {
    for (names, expected) in golden("promote", 196) {
        let found = promote(dtype(names[0]), dtype(names[1]));
        assert_eq!(found, dtype(expected), "{names:?}");
    }
}

#[test]
fn three_types_promote_as_in_numpy_in_any_order() {
    for (names, expected) in golden("result", 364) {
        for order in [[0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let arguments = order.map(|k| ArgumentType::Strong(dtype(names[k])));
            assert_eq!(
                result_type(arguments.into_iter()),
                Some(dtype(expected)),
                "{names:?} in order {order:?}"
            );
        }
    }
}

#[test]
fn literals_are_weak_as_in_numpy() {
    for (words, expected) in golden("weak", 70) {
        let literals = words[1].split(',').map(|kind| match kind {
            "int" => ArgumentType::Weak(WeakKind::Int),
            "float" => ArgumentType::Weak(WeakKind::Float),
            "complex" => ArgumentType::Weak(WeakKind::Complex),
            other => panic!("{other}"),
        });
        let arguments = std::iter::once(ArgumentType::Strong(dtype(words[0]))).chain(literals);
        assert_eq!(result_type(arguments), Some(dtype(expected)), "{words:?}");
    }
    let alone = |kind| result_type(std::iter::once(ArgumentType::Weak(kind)));
    assert_eq!(alone(WeakKind::Int), Some(DType::I64));
    assert_eq!(alone(WeakKind::LargeInt), Some(DType::U64));
    assert_eq!(alone(WeakKind::Float), Some(DType::F64));
    assert_eq!(alone(WeakKind::Complex), Some(DType::ComplexF64));
    assert_eq!(result_type(std::iter::empty()), None);
}

#[test]
fn casting_rules_are_numpys() {
    for (words, targets) in golden("cast", 70) {
        let rule = match words[0] {
            "no" => Casting::No,
            "equiv" => Casting::Equiv,
            "safe" => Casting::Safe,
            "same_kind" => Casting::SameKind,
            "unsafe" => Casting::Unsafe,
            other => panic!("{other}"),
        };
        assert_eq!(rule.to_string(), words[0]);
        let found: Vec<&str> = DType::ALL
            .into_iter()
            // NumPy itself knows no bfloat16.
            .filter(|&to| to != DType::Bf16 && can_cast(dtype(words[1]), to, rule))
            .map(DType::name)
            .collect();
        assert_eq!(found.join(" "), targets, "{words:?}");
    }
}

/// What ml_dtypes 0.6 says of its bfloat16. Where it knows no promotion (with integers of 16
/// bits and more, and with float16) the rule is that for float16.
#[test]
fn bfloat16_is_a_float_beside_float16() {
    let bf16 = DType::Bf16;
    for other in DType::ALL {
        let to = matches!(other, DType::Bool | DType::I8 | DType::U8 | DType::Bf16);
        let from = other == bf16 || matches!(other.part(), DType::F32 | DType::F64);
        assert_eq!(can_cast(other, bf16, Casting::Safe), to, "{other}");
        assert_eq!(can_cast(bf16, other, Casting::Safe), from, "{other}");
        assert_eq!(
            can_cast(other, bf16, Casting::SameKind),
            !other.is_complex()
        );
        let expected = match other {
            DType::Bool | DType::I8 | DType::U8 | DType::Bf16 => bf16,
            DType::F16 | DType::I16 | DType::U16 => DType::F32,
            DType::I32 | DType::U32 | DType::I64 | DType::U64 => DType::F64,
            float => float,
        };
        assert_eq!(promote(bf16, other), expected, "{other}");
        assert_eq!(promote(other, bf16), expected, "{other}");
    }
    let with =
        |kind| result_type([ArgumentType::Strong(bf16), ArgumentType::Weak(kind)].into_iter());
    assert_eq!(with(WeakKind::Int), Some(bf16));
    assert_eq!(with(WeakKind::Complex), Some(DType::ComplexF32));
}

#[test]
fn shapes_broadcast_as_in_numpy() {
    let cases = golden("broadcast", 100);
    assert!(
        cases
            .iter()
            .filter(|(_, answer)| *answer == "error")
            .count()
            > 5
    );
    for (texts, expected) in cases {
        let shapes: Vec<Vec<usize>> = texts.iter().map(|text| shape(text)).collect();
        let views: Vec<&[usize]> = shapes.iter().map(Vec::as_slice).collect();
        match broadcast_shapes(&views) {
            Ok(found) => assert_eq!(found.as_slice(), shape(expected), "{texts:?}"),
            Err((a, b)) => {
                assert_eq!(expected, "error", "{texts:?}");
                assert!(a < b && b < shapes.len(), "{texts:?} blames {a} and {b}");
                let pair = [views[a], views[b]];
                assert!(
                    broadcast_shapes(&pair).is_err(),
                    "{texts:?} blames {pair:?}"
                );
            }
        }
    }
}
