//! Several specialisations asked for at once.

use std::sync::Barrier;

use brolga::{DType, Mode, Runtime, RuntimeErrorKind};

const TEXT: &str = "
    #[vectorize] fn twice<T: Number>(x: T) -> T { x + x }
    #[vectorize] fn square<T: Number>(x: T) -> T { x * x }
";

const F32: &[DType] = &[DType::F32];
const F64: &[DType] = &[DType::F64];
const I64: &[DType] = &[DType::I64];
const BOOL: &[DType] = &[DType::Bool];

fn runtime() -> Runtime {
    let builder = Runtime::builder().cache_mode(Mode::Off).threads(4);
    builder.build().expect("a runtime")
}

#[test]
fn results_and_errors_are_in_the_order_asked() {
    let runtime = runtime();
    let module = runtime.load_str("k", TEXT);
    let sound = module.compile_all(&[("twice", F32), ("square", I64), ("twice", F64)]);
    let types: Vec<&[DType]> = sound
        .iter()
        .map(|made| made.as_ref().expect("it compiles").types())
        .collect();
    assert_eq!(types, [F32, I64, F64]);

    let mixed = module.compile_all(&[("nothing", F64), ("twice", BOOL), ("twice", F64)]);
    let kinds: Vec<_> = mixed
        .iter()
        .map(|made| made.as_ref().err().map(|error| error.kind()))
        .collect();
    assert_eq!(
        kinds,
        [
            Some(RuntimeErrorKind::UnknownFunction),
            Some(RuntimeErrorKind::Types),
            None
        ]
    );
    assert!(module.compile_all(&[]).is_empty());
}

#[test]
fn a_key_asked_for_twice_is_compiled_once() {
    let runtime = runtime();
    let module = runtime.load_str("k", TEXT);
    let wanted = [
        ("twice", F64),
        ("square", F64),
        ("twice", F64),
        ("twice", F32),
    ];
    let made = module.compile_all(&wanted);
    assert_eq!(runtime.counters().compiled, 3);
    assert_eq!(runtime.counters().parsed, 1);
    let address = |k: usize| {
        let entry = made[k].as_ref().ok()?.entry().ok()?;
        Some(entry.function as usize)
    };
    assert!(address(0).is_some());
    assert_eq!(address(0), address(2));
    module.compile_all(&wanted);
    assert_eq!(runtime.counters().compiled, 3, "what is there stays");
}

#[test]
fn threads_that_ask_at_the_same_time_share_one_compilation() {
    let runtime = runtime();
    let module = runtime.load_str("k", TEXT);
    let wanted = [
        ("twice", F64),
        ("square", F64),
        ("square", F32),
        ("twice", I64),
    ];
    let start = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start.wait();
                for made in module.compile_all(&wanted) {
                    made.expect("it compiles");
                }
            });
        }
    });
    assert_eq!(runtime.counters().compiled, 4);
    assert_eq!(runtime.counters().parsed, 1);
}
