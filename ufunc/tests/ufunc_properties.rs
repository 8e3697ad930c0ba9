//! ufunc calls over operands of any shape, layout, type and alignment, against a naive
//! interpreter that looks up one element after the other.

mod support;

use brolga_abi::DType;
use brolga_parallel::Pool;
use brolga_ufunc::{CallOptions, Casting, ErrorLocation, Operand, Target, UFunc};
use proptest::prelude::*;
use support::kernels::{POISON, mixed, mixed_value, shared};
use support::{Layout, Strided, indices};

#[derive(Clone, Debug)]
struct Case {
    inputs: [Strided; 2],
    /// Where each result goes; `None` for a new array.
    outputs: [Option<(DType, Layout)>; 2],
    can_fail: bool,
    parallel: bool,
}

fn layout(zeros: bool) -> impl Strategy<Value = Layout> {
    let zero = any::<[bool; 6]>().prop_map(move |zero| zero.map(|z| z && zeros));
    let shift = prop_oneof![3 => Just(0usize), 1 => 1..8usize];
    let gap = prop::array::uniform6(prop_oneof![3 => Just(0u8), 1 => 1..3u8]);
    let order = prop_oneof![Just([0; 6]), any::<[u8; 6]>()];
    (order, any::<[bool; 6]>(), zero, gap, shift).prop_map(|(order, flip, zero, gap, shift)| {
        Layout {
            order,
            flip,
            zero,
            gap,
            shift,
        }
    })
}

/// An operand that broadcasts to `shape`.
fn input(shape: Vec<usize>, types: &'static [DType]) -> impl Strategy<Value = Strided> {
    let ndim = shape.len();
    let parts = (
        prop::sample::select(types),
        prop_oneof![2 => Just(0), 1 => 0..=ndim],
        prop::collection::vec(prop::bool::weighted(0.2), ndim),
        layout(true),
        any::<u64>(),
    );
    parts.prop_map(move |(dtype, lead, single, layout, seed)| {
        let own: Vec<usize> = (lead..ndim)
            .map(|axis| if single[axis] { 1 } else { shape[axis] })
            .collect();
        let mut array = Strided::new(dtype, &own, &layout);
        let mut state = seed;
        for index in indices(&own) {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let value = (state >> 57) as f64;
            let value = if dtype.is_unsigned_integer() {
                value
            } else {
                value - 50.0
            };
            array.set(
                &index,
                if dtype == DType::Bool {
                    value % 2.0
                } else {
                    value
                },
            );
        }
        array
    })
}

const TO_F64: &[DType] = &[
    DType::Bool,
    DType::I8,
    DType::I16,
    DType::I32,
    DType::I64,
    DType::U8,
    DType::U16,
    DType::U32,
    DType::U64,
    DType::F32,
    DType::F64,
    DType::F16,
    DType::Bf16,
];
const TO_I32: &[DType] = &[
    DType::Bool,
    DType::I8,
    DType::I16,
    DType::I32,
    DType::I32,
    DType::U8,
    DType::U16,
];

fn case() -> impl Strategy<Value = Case> {
    let length = prop_oneof![1 => Just(0usize), 8 => 1..6usize, 1 => Just(40usize)];
    prop::collection::vec(length, 0..5)
        .prop_filter("small enough", |shape| {
            shape.iter().product::<usize>() <= 6000
        })
        .prop_flat_map(|shape| {
            let output = |types: &'static [DType]| {
                prop::option::of((prop::sample::select(types), layout(false)))
            };
            (
                [
                    input(shape.clone(), TO_F64).boxed(),
                    input(shape, TO_I32).boxed(),
                ],
                output(&[DType::F64, DType::F32, DType::ComplexF64]),
                output(&[DType::I64, DType::I32, DType::F64, DType::I16]),
                any::<(bool, bool)>(),
            )
        })
        .prop_map(|(inputs, first, second, (can_fail, parallel))| Case {
            inputs,
            outputs: [first, second],
            can_fail,
            parallel,
        })
}

/// The shape to which the inputs really broadcast; the drawn one may have axes that both
/// leave out.
fn common_shape(inputs: &[Strided; 2]) -> Vec<usize> {
    let shapes = [&inputs[0].shape[..], &inputs[1].shape[..]];
    brolga_ufunc::broadcast_shapes(&shapes).unwrap().to_vec()
}

fn check(case: Case) -> Result<(), TestCaseError> {
    let shape = common_shape(&case.inputs);
    let mut host = mixed(case.can_fail);
    // So that the small arrays of a test are split at all.
    host.cost = 100_000;
    let function = UFunc::new(shared(host)).unwrap();
    let pool = Pool::builder().threads(2).build().unwrap();
    let mut given: Vec<Option<Strided>> = case
        .outputs
        .iter()
        .map(|output| {
            let (dtype, layout) = output.as_ref()?;
            Some(Strided::new(*dtype, &shape, layout))
        })
        .collect();

    let at = |index: &[usize]| {
        let [a, b] = case
            .inputs
            .each_ref()
            .map(|input| input.get_broadcast(index));
        (a, b as i32)
    };

    let operands = case
        .inputs
        .each_ref()
        .map(|input| Operand::from(input.view()));
    let mut options = CallOptions::new().casting(Casting::Unsafe).pool(&pool);
    if case.parallel {
        options = options.target(Target::Parallel);
    }
    for output in &mut given {
        options = match output {
            Some(array) => options.output(array.view_mut()),
            None => options.allocate_output(),
        };
    }
    let fresh = function.call_with(&operands, options);

    let poisoned = case
        .can_fail
        .then(|| {
            indices(&shape)
                .into_iter()
                .find(|index| at(index).1 == POISON)
        })
        .flatten();
    if let Some(index) = poisoned {
        let error = fresh.expect_err("a poisoned element");
        prop_assert_eq!(
            error.location(),
            &ErrorLocation::Element(index.as_slice().into())
        );
        return Ok(());
    }
    let fresh = fresh.unwrap();
    for index in indices(&shape) {
        let (a, b) = at(&index);
        let (x, y) = mixed_value(a, b);
        let expected = [x, y as f64];
        for number in 0..2 {
            let found = match &given[number] {
                Some(array) => array.get(&index),
                None => {
                    let buffer = fresh.get(number).unwrap();
                    prop_assert_eq!(buffer.shape(), &shape[..]);
                    let flat = index
                        .iter()
                        .zip(&shape)
                        .fold(0, |flat, (&k, &n)| flat * n + k);
                    match number {
                        0 => buffer.as_slice::<f64>().unwrap()[flat],
                        _ => buffer.as_slice::<i64>().unwrap()[flat] as f64,
                    }
                }
            };
            prop_assert_eq!(found, expected[number], "output {} at {:?}", number, index);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn every_element_is_what_the_naive_interpreter_finds(case in case()) {
        check(case)?;
    }
}
