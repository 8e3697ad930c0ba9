//! Loops in loops on vectors: each lane is an iteration of the loop around, and all lanes make the
//! same turns. Results have the bits of the loops as they are written, and a failure comes at its
//! element, after everything before it.

use std::sync::OnceLock;

use brolga_abi::{LoopCode, LoopKind, Status};
use brolga_codegen::{Compiler, Opt, Switches, TargetSpec};
use brolga_lang::Module;

use crate::support::*;

/// Compilers that make vector loops, with the name of their machine.
fn compilers() -> &'static [(&'static str, Compiler)] {
    static COMPILERS: OnceLock<Vec<(&'static str, Compiler)>> = OnceLock::new();
    COMPILERS.get_or_init(|| {
        let switches = Switches {
            verify: true,
            opt: Opt::Speed,
            vectorise: true,
            alias_analysis: true,
        };
        let make = |target: &TargetSpec| Compiler::new(target, switches.clone()).unwrap();
        vec![
            ("host", make(&TargetSpec::host())),
            ("baseline", make(&TargetSpec::baseline())),
        ]
    })
}

/// The code of the loop with this number.
fn code(compiler: &Compiler, text: &str, number: u32) -> LoopCode {
    let module = Module::parse("nests.rs", text).unwrap();
    let program = module.specialise("k", &[]).unwrap();
    let object = compiler.compile(&program, "k").unwrap();
    let mut loops = object.loops.into_iter();
    let found = loops.find(|report| report.kind == LoopKind::For(number));
    found.unwrap().code
}

/// Why the loop with this number is scalar; `None` if it is not.
fn refusal(text: &str, number: u32) -> Option<String> {
    match code(&compilers()[0].1, text, number) {
        LoopCode::Vector(_) => None,
        LoopCode::Scalar(why) => Some(why),
    }
}

fn is_x86() -> bool {
    cfg!(target_arch = "x86_64")
}

/// Runs the kernel on every machine; what `expected` makes of the operands must be what the
/// kernel makes of them, in all bits, and so must the status.
fn check(text: &str, operands: &[Array], expected: &dyn Fn(&mut [Array]) -> Status) {
    let module = Module::parse("nests.rs", text).unwrap();
    let program = module.specialise("k", &[]).unwrap();
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &program);
        let (mut found, mut wanted) = (operands.to_vec(), operands.to_vec());
        let status = loaded.run(1, &mut found).status;
        assert_eq!(status, expected(&mut wanted), "{name}: {text}");
        for (number, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            for k in 0..found.bytes.len() {
                assert!(
                    same(found.scalar, found.get(k), wanted.get(k)),
                    "{name}: operand {number} at {k}: found {:#x}, expected {:#x}\n{text}",
                    found.get(k),
                    wanted.get(k),
                );
            }
        }
    }
}

/// Numbers of different sizes, so that the order of a sum shows in its bits.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    (0..count)
        .map(|_| {
            let scale = 10_f64.powi((next() % 9) as i32 - 4);
            (next() % 2000) as f64 * scale - 1000.0 * scale
        })
        .collect()
}

fn array(values: &[f64], lengths: &[usize]) -> Array {
    Array::new(values).shaped(lengths)
}

fn put(array: &mut Array, values: &[f64]) {
    let lengths = array.lengths.clone();
    *array = Array::new(values).shaped(&lengths);
}

const CONVOLUTION: &str = "#[jit]
fn k(signal: ArrayView1<f64>, weights: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..out.len() {
        let mut sum = 0.0;
        for k in 0..weights.len() {
            sum += weights[k] * signal[i + k];
        }
        out[i] = sum;
    }
}";

/// The outcome of the convolution: results up to the first index that is outside.
fn convolve(operands: &mut [Array]) -> Status {
    let (signal, weights): (Vec<f64>, Vec<f64>) = (operands[0].values(), operands[1].values());
    let mut out: Vec<f64> = operands[2].values();
    let mut status = Status::Ok;
    'outer: for (i, result) in out.iter_mut().enumerate() {
        let mut sum = 0.0;
        for (k, weight) in weights.iter().enumerate() {
            let Some(x) = signal.get(i + k) else {
                status = Status::Panic;
                break 'outer;
            };
            sum += weight * x;
        }
        *result = sum;
    }
    put(&mut operands[2], &out);
    status
}

#[test]
fn a_convolution_sums_in_its_order() {
    if is_x86() {
        assert_eq!(refusal(CONVOLUTION, 0), None);
    }
    for n in [0, 1, 7, 8, 11, 12, 13, 16, 31, 100] {
        for taps in [0, 1, 2, 3, 31] {
            let signal = numbers(n + taps, 3);
            let weights = numbers(taps, 5);
            let operands = [
                array(&signal, &[n + taps]),
                array(&weights, &[taps]),
                array(&vec![7.0; n], &[n]),
            ];
            check(CONVOLUTION, &operands, &convolve);
        }
    }
}

#[test]
fn an_index_outside_fails_at_its_element() {
    for missing in [1, 2, 9, 30] {
        let (n, taps) = (40, 5);
        let long = n + taps - 1 - missing;
        let operands = [
            array(&numbers(long, 3), &[long]),
            array(&numbers(taps, 5), &[taps]),
            array(&vec![7.0; n], &[n]),
        ];
        check(CONVOLUTION, &operands, &convolve);
    }
}

#[test]
fn rows_apart_are_gathered() {
    let text = "#[jit]
fn k(points: ArrayView2<f64>, mut out: ArrayViewMut2<f64>) {
    let (n, axes) = points.dim();
    for i in 0..n {
        for j in 0..n {
            let mut sum = 0.0;
            for k in 0..axes {
                let d = points[[i, k]] - points[[j, k]];
                sum += d * d;
            }
            out[[i, j]] = sum.sqrt();
        }
    }
}";
    if is_x86() {
        assert_eq!(refusal(text, 1), None);
        let why = "has a loop in it that writes along a view".to_owned();
        assert_eq!(refusal(text, 0), Some(why));
    }
    for (n, axes) in [(1, 3), (13, 1), (21, 3), (40, 0), (33, 17)] {
        let points = numbers(n * axes, 11);
        let operands = [
            array(&points, &[n, axes]),
            array(&vec![1.0; n * n], &[n, n]),
        ];
        check(text, &operands, &|operands| {
            let mut out = Vec::new();
            for i in 0..n {
                for j in 0..n {
                    let mut sum = 0.0;
                    for k in 0..axes {
                        let d = points[i * axes + k] - points[j * axes + k];
                        sum += d * d;
                    }
                    out.push(f64::sqrt(sum));
                }
            }
            put(&mut operands[1], &out);
            Status::Ok
        });
    }
}

#[test]
fn loops_may_stand_in_loops_in_loops() {
    let text = "#[jit]
fn k(image: ArrayView2<f64>, weights: ArrayView2<f64>, mut out: ArrayViewMut2<f64>) {
    let (rows, columns) = out.dim();
    let (high, wide) = weights.dim();
    for i in 0..rows {
        for j in 0..columns {
            let mut sum = 0.5;
            for a in 0..high {
                for b in 0..wide {
                    sum += weights[[a, b]] * image[[i + a, j + b]];
                }
            }
            out[[i, j]] = sum;
        }
    }
}";
    if is_x86() {
        assert_eq!(refusal(text, 1), None);
    }
    for (rows, columns, high, wide) in [(2, 20, 3, 2), (3, 37, 1, 5), (1, 12, 2, 1)] {
        let (all_rows, all_columns) = (rows + high - 1, columns + wide - 1);
        let image = numbers(all_rows * all_columns, 17);
        let weights = numbers(high * wide, 19);
        let operands = [
            array(&image, &[all_rows, all_columns]),
            array(&weights, &[high, wide]),
            array(&vec![0.0; rows * columns], &[rows, columns]),
        ];
        check(text, &operands, &|operands| {
            let mut out = Vec::new();
            for i in 0..rows {
                for j in 0..columns {
                    let mut sum = 0.5;
                    for a in 0..high {
                        for b in 0..wide {
                            sum += weights[a * wide + b] * image[(i + a) * all_columns + j + b];
                        }
                    }
                    out.push(sum);
                }
            }
            put(&mut operands[2], &out);
            Status::Ok
        });
    }
}

#[test]
fn turns_may_begin_late_end_early_and_be_left_out() {
    let text = "#[jit]
fn k(x: ArrayView1<f64>, w: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..out.len() {
        let mut sum = x[i];
        for k in 1..w.len() - 1 {
            if w[k] < 0.0 {
                continue;
            }
            sum += (k as f64) * w[k] / x[i + k];
            if sum > 1e6 {
                break;
            }
        }
        out[i] = sum;
    }
}";
    if is_x86() {
        assert_eq!(refusal(text, 0), None);
    }
    for (n, taps) in [(12, 3), (50, 8), (33, 20)] {
        let (x, w) = (numbers(n + taps, 23), numbers(taps, 29));
        let operands = [
            array(&x, &[n + taps]),
            array(&w, &[taps]),
            array(&vec![0.0; n], &[n]),
        ];
        check(text, &operands, &|operands| {
            let mut out = Vec::new();
            for i in 0..n {
                let mut sum = x[i];
                for k in 1..taps - 1 {
                    if w[k] < 0.0 {
                        continue;
                    }
                    sum += (k as f64) * w[k] / x[i + k];
                    if sum > 1e6 {
                        break;
                    }
                }
                out.push(sum);
            }
            put(&mut operands[2], &out);
            Status::Ok
        });
    }
}

#[test]
fn other_types_of_numbers_do_the_same() {
    let text = "#[jit]
fn k(x: ArrayView1<f32>, w: ArrayView1<i32>, table: ArrayView2<i32>, mut sums: ArrayViewMut1<f32>, mut marks: ArrayViewMut1<i32>) {
    for i in 0..sums.len() {
        let mut sum = 0.0_f32;
        let mut mark = i as i32;
        for k in 0..w.len() {
            sum = sum * 0.5 + x[i + k];
            mark = mark * w[k] ^ table[[i, k]];
        }
        sums[i] = sum;
        marks[i] = mark;
    }
}";
    if is_x86() {
        assert_eq!(refusal(text, 0), None);
    }
    let (n, taps) = (45, 6);
    let x: Vec<f32> = numbers(n + taps, 31).iter().map(|&x| x as f32).collect();
    let w: Vec<i32> = (0..taps as i32).map(|k| 3 * k - 7).collect();
    let table: Vec<i32> = (0..(n * taps) as i32).map(|k| 1000 - 7 * k).collect();
    let operands = [
        Array::new(&x).shaped(&[n + taps]),
        Array::new(&w).shaped(&[taps]),
        Array::new(&table).shaped(&[n, taps]),
        Array::new(&vec![0_f32; n]).shaped(&[n]),
        Array::new(&vec![0_i32; n]).shaped(&[n]),
    ];
    check(text, &operands, &|operands| {
        let (mut sums, mut marks) = (Vec::new(), Vec::new());
        for i in 0..n {
            let (mut sum, mut mark) = (0.0_f32, i as i32);
            for k in 0..taps {
                sum = sum * 0.5 + x[i + k];
                mark = mark.wrapping_mul(w[k]) ^ table[i * taps + k];
            }
            sums.push(sum);
            marks.push(mark);
        }
        operands[3] = Array::new(&sums).shaped(&[n]);
        operands[4] = Array::new(&marks).shaped(&[n]);
        Status::Ok
    });
}

#[test]
fn bytes_and_windows_from_the_far_side() {
    let text = "#[jit]
fn k(x: ArrayView1<u8>, w: ArrayView1<u8>, mut out: ArrayViewMut1<u8>) {
    let n = w.len();
    for i in 0..out.len() {
        let mut most = 0_u8;
        for k in 0..n {
            most = most.max(x[i + n - 1 + k - n + 1] & w[k]);
        }
        out[i] = most;
    }
}";
    let (n, taps) = (70, 5);
    let x: Vec<u8> = (0..n + taps).map(|k| (k * 37 % 251) as u8).collect();
    let w: Vec<u8> = (0..taps).map(|k| (255 - k * 3) as u8).collect();
    let operands = [
        Array::new(&x).shaped(&[n + taps]),
        Array::new(&w).shaped(&[taps]),
        Array::new(&vec![0_u8; n]).shaped(&[n]),
    ];
    check(text, &operands, &|operands| {
        let mut out = Vec::new();
        for i in 0..n {
            out.push((0..taps).map(|k| x[i + k] & w[k]).max().unwrap_or(0));
        }
        operands[2] = Array::new(&out).shaped(&[n]);
        Status::Ok
    });
}

#[test]
fn a_loop_that_goes_on_vectors_itself_does_not_give_them_up() {
    let text = "#[jit]
fn k(x: ArrayView2<i32>, mut out: ArrayViewMut1<i32>) {
    for i in 0..out.len() {
        let mut sum = 0;
        for k in 0..x.len_of(Axis(1)) {
            sum += x[[i, k]];
        }
        out[i] = sum;
    }
}";
    if is_x86() {
        assert_eq!(refusal(text, 1), None);
        let why = "has a loop in it that is vectorised itself".to_owned();
        assert_eq!(refusal(text, 0), Some(why));
    }
}

#[test]
fn turns_that_differ_keep_the_loop_scalar() {
    let text = "#[jit]
fn k(x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..out.len() {
        let mut sum = 0.0;
        for k in 0..i {
            sum += x[k];
        }
        out[i] = sum;
    }
}";
    if is_x86() {
        let why = "has a loop in it that goes along views".to_owned();
        assert_eq!(refusal(text, 0), Some(why));
    }
    let n = 40;
    let x = numbers(n, 37);
    let operands = [array(&x, &[n]), array(&vec![0.0; n], &[n])];
    check(text, &operands, &|operands| {
        let sums: Vec<f64> = (0..n)
            .map(|i| x[..i].iter().fold(0.0, |sum, x| sum + x))
            .collect();
        put(&mut operands[1], &sums);
        Status::Ok
    });
}

#[test]
fn an_index_behind_a_condition_is_checked_where_it_is_reached() {
    let text = "#[jit]
fn k(x: ArrayView1<f64>, window: usize, shift: usize, mut out: ArrayViewMut1<f64>) {
    let mut sum = 0.0;
    for i in 0..out.len() {
        sum += x[i];
        if i >= window {
            sum -= x[i - window + shift];
        } else {
            sum *= 0.5;
        }
        out[i] = sum;
    }
}";
    let n = 20;
    for (long, window, shift) in [
        (n, 5, 0),
        (n, 0, 0),
        (n, 19, 0),
        (n, 20, 3),
        (n, 500, 7),
        (n, 5, 5),
        (n, 5, 6),
        (n, 19, 20),
        (n - 3, 8, 0),
        (n, 3, usize::MAX),
    ] {
        let x = numbers(long, 41);
        let operands = [
            array(&x, &[long]),
            Array::new(&[window]),
            Array::new(&[shift]),
            array(&vec![0.25; n], &[n]),
        ];
        check(text, &operands, &|operands| {
            let mut out: Vec<f64> = operands[3].values();
            let mut sum = 0.0;
            let mut status = Status::Ok;
            for (i, result) in out.iter_mut().enumerate() {
                let Some(here) = x.get(i) else {
                    status = Status::Panic;
                    break;
                };
                sum += here;
                if i >= window {
                    let Some(there) = x.get((i - window).wrapping_add(shift)) else {
                        status = Status::Panic;
                        break;
                    };
                    sum -= there;
                } else {
                    sum *= 0.5;
                }
                *result = sum;
            }
            put(&mut operands[3], &out);
            status
        });
    }
}

#[test]
fn functions_and_totals_may_stand_in_a_loop_with_loops() {
    let text = "#[jit]
fn k(x: ArrayView1<f64>, w: ArrayView1<i64>, mut out: ArrayViewMut1<f64>, mut total: ArrayViewMut1<i64>) {
    let mut all = 0;
    for i in 0..out.len() {
        let mut sum = x[i].sqrt();
        let mut count = 0;
        for k in 0..w.len() {
            sum += (x[i + k] * 0.01).exp();
            count = count * 3 + w[k] + (i as i64);
        }
        out[i] = (sum * 0.01).exp();
        all += count;
    }
    total[0] = all;
}";
    if is_x86() {
        assert_eq!(refusal(text, 0), None);
    }
    let module = Module::parse("nests.rs", text).unwrap();
    let program = module.specialise("k", &[]).unwrap();
    let (n, taps) = (53, 4);
    let x: Vec<f64> = (0..n + taps).map(|k| k as f64 * 0.75).collect();
    let w: Vec<i64> = (0..taps as i64).map(|k| k * 5 - 3).collect();
    let operands = [
        array(&x, &[n + taps]),
        Array::new(&w).shaped(&[taps]),
        array(&vec![0.0; n], &[n]),
        Array::new(&[0_i64]).shaped(&[1]),
    ];
    for (name, compiler) in compilers() {
        // The NRT's functions are the same on vectors and on scalars.
        let switches = Switches {
            verify: true,
            opt: Opt::Speed,
            vectorise: false,
            alias_analysis: true,
        };
        let target = match *name {
            "host" => TargetSpec::host(),
            _ => TargetSpec::baseline(),
        };
        let scalar = Loaded::new(&Compiler::new(&target, switches).unwrap(), &program);
        let vector = Loaded::new(compiler, &program);
        let (mut found, mut wanted) = (operands.to_vec(), operands.to_vec());
        assert_eq!(vector.run(1, &mut found).status, Status::Ok, "{name}");
        assert_eq!(scalar.run(1, &mut wanted).status, Status::Ok, "{name}");
        for number in [2, 3] {
            assert_eq!(found[number].bytes, wanted[number].bytes, "{name}");
        }
    }
}
