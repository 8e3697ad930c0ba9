//! Kernels in source, from text to code: the vector loop gives what rustc's function gives, and
//! ends before the first element where that panics.

use super::bits::{operands, same};
use super::harness::{Array, MACHINES, Machine, compile_strip, features, inputs};
use super::source::{self, Source};

/// With elements at which Rust panics, or without.
fn check(source: &Source, machine: Machine, failures: bool) {
    let program = source.program();
    let compiled = compile_strip(source.strip(machine), machine);
    let types = inputs(&program);
    let (result, _) = compiled.strip.outputs[0];
    let mut values = operands(&program, 1200);
    if !failures {
        let fits: Vec<bool> = (0..1200)
            .map(|i| source.expected(&values.iter().map(|values| values[i]).collect::<Vec<_>>()))
            .map(|expected| expected.is_some())
            .collect();
        for values in &mut values {
            let mut fits = fits.iter();
            values.retain(|_| fits.next() == Some(&true));
        }
    }
    let most = values[0].len();
    for n in (0..=20).chain([64, 67, 400, most]).filter(|&n| n <= most) {
        // From the back, where the operands are random, and from the front.
        for first in [0, most - n] {
            let element =
                |i: usize| -> Vec<u64> { values.iter().map(|values| values[first + i]).collect() };
            let mut arrays: Vec<Array> = types
                .iter()
                .zip(&values)
                .map(|(&ty, values)| Array::new(ty, &values[first..first + n]))
                .collect();
            let mut output = Array::blank(result.scalar, n);
            let mut args: Vec<*mut u8> = arrays.iter_mut().map(Array::pointer).collect();
            args.push(output.pointer());
            let scalars = types.iter().chain([&result.scalar]);
            let steps: Vec<isize> = scalars.map(|ty| ty.dtype().size() as isize).collect();
            let done = compiled.call(&args, n, &steps);

            let what = format!("{}, {machine:?}, n = {n} from {first}", source.name);
            let expected: Vec<u64> = (0..n)
                .map_while(|i| source.expected(&element(i)))
                .map(|results| results[0])
                .collect();
            if expected.len() == n {
                let whole = if compiled.by_strips() {
                    n
                } else {
                    n / compiled.group() * compiled.group()
                };
                assert_eq!(done, whole, "{what}");
            }
            assert!(done <= expected.len(), "{what}: {done} done");
            output.check_guards();
            let found = output.values();
            for i in 0..done {
                assert!(
                    same(result.scalar, found[i], expected[i]),
                    "{what}: element {i} of {:x?} is {:x}, expected {:x}",
                    element(i),
                    found[i],
                    expected[i]
                );
            }
        }
    }
}

#[test]
fn kernels_in_source_give_the_values_of_rust() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let mut wrong = Vec::new();
    for source in source::all() {
        for machine in MACHINES {
            let outcome = std::panic::catch_unwind(|| {
                check(&source, machine, true);
                check(&source, machine, false);
            });
            if let Err(panic) = outcome {
                let text = panic.downcast_ref::<String>().cloned();
                wrong.push(text.unwrap_or_else(|| source.name.to_owned()));
            }
        }
    }
    std::panic::set_hook(hook);
    assert!(features(Machine::Host).x86_64);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
