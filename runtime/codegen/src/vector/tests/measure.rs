//! What vector loops cost, for people: run with `--ignored --nocapture measure`.

use std::time::Instant;

use brolga_lang::Module;
use brolga_lang::ir::Program;

use super::bits::operands;
use super::harness::{Array, Loop, Machine, compile, compile_strip, inputs};
use super::{kernels, source};

fn measure(name: &str, program: &Program) {
    measure_loop(name, program, &compile(program, Machine::Host), &[]);
}

/// The inputs of these numbers do not move.
fn measure_loop(name: &str, program: &Program, compiled: &Loop, fixed: &[usize]) {
    let types = inputs(program);
    let mut line = format!("{name:>14}: group {:>3},", compiled.group());
    for n in [8, 100, 1000, 16384] {
        let values = operands(program, n + 1000);
        let mut arrays: Vec<Array> = types
            .iter()
            .zip(&values)
            .map(|(&ty, values)| Array::new(ty, &values[1000..]))
            .collect();
        let outputs = compiled.strip.outputs.iter();
        let mut outputs: Vec<Array> = outputs
            .map(|(operand, _)| Array::blank(operand.scalar, n))
            .collect();
        let mut args: Vec<*mut u8> = arrays.iter_mut().map(Array::pointer).collect();
        args.extend(outputs.iter_mut().map(Array::pointer));
        let sizes = types.iter().enumerate().map(|(k, ty)| match fixed {
            fixed if fixed.contains(&k) => 0,
            _ => ty.dtype().size() as isize,
        });
        let of_outputs = compiled.strip.outputs.iter();
        let steps: Vec<isize> = sizes
            .chain(of_outputs.map(|(operand, _)| operand.scalar.dtype().size() as isize))
            .collect();
        let turns = 200_000 / n + 20;
        let best = (0..12)
            .map(|_| {
                let start = Instant::now();
                for _ in 0..turns {
                    compiled.call(&args, n, &steps);
                }
                start.elapsed().as_nanos() as f64 / turns as f64
            })
            .fold(f64::INFINITY, f64::min);
        line += &format!("  n={n}: {best:.1} ns, {:.3} each;", best / n as f64);
    }
    println!("{line}");
}

#[test]
#[ignore = "prints times"]
fn measure_vector_loops() {
    measure("axpy", &kernels::axpy());
    measure("leaky", &kernels::leaky());
    measure("poly8", &kernels::poly8());
    for kernel in kernels::all() {
        if kernel.name == "clip" {
            measure("clip", &kernel.program);
        }
    }
    for source in source::all() {
        measure(source.name, &source.program());
    }
}

#[test]
#[ignore = "prints times"]
fn measure_inputs_that_do_not_move() {
    for (name, text, fixed) in [
        (
            "clip",
            "#[vectorize] pub fn k(x: f64, low: f64, high: f64) -> f64 { x.max(low).min(high) }",
            &[1, 2][..],
        ),
        (
            "axpy",
            "#[vectorize] pub fn k(a: f64, x: f64, y: f64) -> f64 { a * x + y }",
            &[0],
        ),
        (
            "leaky_relu",
            "#[vectorize] pub fn k(s: f64, x: f64) -> f64 { if x < 0.0 { s * x } else { x } }",
            &[0],
        ),
    ] {
        let module = Module::parse("kernels.rs", text).expect("a kernel");
        let program = module.specialise("k", &[]).expect("a kernel `k`");
        let with = compile(&program, Machine::Host);
        let mut strip = with.strip.clone();
        strip.versions.clear();
        let without = compile_strip(strip, Machine::Host);
        measure_loop(&format!("{name}, one loop"), &program, &without, fixed);
        measure_loop(&format!("{name}, versions"), &program, &with, fixed);
    }
}

/// Prints the code of a kernel in source that the variable `KERNEL` names.
#[test]
#[ignore = "prints code"]
fn print_the_code_of_a_kernel() {
    let name = std::env::var("KERNEL").expect("KERNEL names a kernel in source");
    for source in source::all() {
        if source.name == name {
            println!("{}", compile(&source.program(), Machine::Host).assembly);
        }
    }
}
