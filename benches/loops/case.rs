//! What is measured: each case with its operands, its peers and the ratios to hold.

use crate::data::{Data, count, counting, integers, number, plane, uniform, uniform_f32, zeros};

/// Rows that are measured in turn with each other, so that ratios between them hold too.
pub struct Case {
    /// What the filter on the command line looks at.
    pub name: &'static str,
    pub rows: Vec<Row>,
}

/// Makes arrays when they are wanted: those of all cases together would fill the memory.
pub type Operands = Box<dyn Fn() -> Vec<Data>>;

/// One kernel on one set of operands.
pub struct Row {
    /// The kernel, in the file of the same name in `benches/kernels`.
    pub kernel: &'static str,
    /// What sets the row apart in its case: `f32`, `2 threads`.
    pub note: &'static str,
    pub kind: Kind,
    pub threads: usize,
    /// The symbol of the native peer.
    pub native: &'static str,
    /// Leading operands that only the native peer has: the lengths of rows.
    pub lengths: Vec<u64>,
    /// The function of the Python peers.
    pub python: &'static str,
    /// How the table names the size.
    pub size: &'static str,
    /// Elements, or what the unit says, in one call.
    pub elements: usize,
    pub operands: Operands,
    /// Zeros in the shape of the outputs.
    pub outputs: Operands,
    pub agreement: Agreement,
    pub holds: Vec<Hold>,
}

/// How the kernel is called.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Ufunc,
    Gufunc,
    /// Writes its outputs.
    Jit,
    /// Returns its output, a float.
    JitResult,
}

/// How near Brolga's results must be to the peer's.
#[derive(Clone, Copy)]
pub enum Agreement {
    /// The same bits.
    Bits,
    /// `|a - b| <= relative * max(|b|, floor)`.
    Near { relative: f64, floor: f64 },
}

/// A ratio that Brolga's time must not exceed.
#[derive(Clone, Copy)]
pub enum Hold {
    /// Of the native peer's.
    Rustc(f64),
    /// Of NumPy's.
    NumPy(f64),
    /// Of Brolga's own in another row of the case.
    Row(usize, f64),
}

const ULPS: Agreement = Agreement::Near {
    relative: 4e-15,
    floor: 1e-300,
};
const ULPS_F32: Agreement = Agreement::Near {
    relative: 2e-6,
    floor: 1e-30,
};

const SIZES: [(&str, usize); 4] = [
    ("1,000", 1_000),
    ("16,000", 16_000),
    ("1M", 1_000_000),
    ("16M", 16_000_000),
];
const M: usize = 1_000_000;

/// A row for a kernel over `n` elements with its name everywhere and outputs of `f64`.
fn row(kernel: &'static str, n: usize, operands: impl Fn() -> Vec<Data> + 'static) -> Row {
    Row {
        kernel,
        note: "",
        kind: Kind::Ufunc,
        threads: 1,
        native: kernel,
        lengths: Vec::new(),
        python: kernel,
        size: "1M",
        elements: n,
        operands: Box::new(operands),
        outputs: Box::new(move || vec![zeros::<f64>(&[n])]),
        agreement: Agreement::Bits,
        holds: Vec::new(),
    }
}

fn case(name: &'static str, rows: impl IntoIterator<Item = Row>) -> Case {
    Case {
        name,
        rows: rows.into_iter().collect(),
    }
}

/// All cases, in the order of the table.
pub fn all() -> Vec<Case> {
    let mut cases = memory();
    cases.push(poly8());
    cases.extend(math());
    cases.extend(formulas());
    cases.extend(data_dependent());
    cases.extend(matrices());
    cases.extend(signals());
    cases.extend(whole_loops());
    cases
}

/// Elementwise kernels with little to compute.
fn memory() -> Vec<Case> {
    let mut cases = Vec::new();
    for (size, n) in SIZES {
        let limit = if n >= M { 1.05 } else { 1.4 };
        let x = move |stream| uniform(stream, &[n], -1.0, 1.0);
        let rows: [(&'static str, Operands); 4] = [
            ("add", Box::new(move || vec![x(1), x(2)])),
            ("axpy", Box::new(move || vec![number(1.5), x(1), x(2)])),
            ("leaky_relu", Box::new(move || vec![number(0.1), x(1)])),
            (
                "clip",
                Box::new(move || vec![x(1), number(-0.5), number(0.5)]),
            ),
        ];
        for (kernel, operands) in rows {
            let row = row(kernel, n, operands);
            cases.push(case(
                kernel,
                [Row {
                    size,
                    holds: vec![Hold::Rustc(limit)],
                    ..row
                }],
            ));
        }
    }
    cases.sort_by_key(|case| {
        ["add", "axpy", "leaky_relu", "clip"]
            .iter()
            .position(|n| *n == case.name)
    });
    cases
}

fn poly8() -> Case {
    let n = 16_000;
    let wide = row("poly8", n, move || vec![uniform(1, &[n], -1.0, 1.0)]);
    let narrow = row("poly8", n, move || vec![uniform_f32(1, &[n], -1.0, 1.0)]);
    case(
        "poly8",
        [
            Row {
                size: "16,000",
                holds: vec![Hold::Rustc(2.1)],
                ..wide
            },
            Row {
                size: "16,000",
                note: "f32",
                native: "poly8_f32",
                outputs: Box::new(move || vec![zeros::<f32>(&[n])]),
                holds: vec![Hold::Rustc(2.1)],
                ..narrow
            },
        ],
    )
}

/// One elementary function each, in `f64` and `f32`.
fn math() -> Vec<Case> {
    // The native peer in f32, how far from libm's, and where the operands lie.
    type Function = (&'static str, &'static str, Vec<Hold>, Vec<(f64, f64)>);
    let functions: [Function; 6] = [
        (
            "exp",
            "exp_f32",
            vec![Hold::Rustc(0.25), Hold::NumPy(1.1)],
            vec![(-10.0, 10.0)],
        ),
        (
            "ln",
            "ln_f32",
            vec![Hold::Rustc(0.25), Hold::NumPy(1.1)],
            vec![(0.01, 100.0)],
        ),
        (
            "sin",
            "sin_f32",
            vec![Hold::Rustc(0.25)],
            vec![(-10.0, 10.0)],
        ),
        (
            "pow",
            "pow_f32",
            vec![Hold::Rustc(0.25), Hold::NumPy(1.1)],
            vec![(0.1, 10.0), (-3.0, 3.0)],
        ),
        (
            "hypot",
            "hypot_f32",
            vec![Hold::Rustc(0.25)],
            vec![(-100.0, 100.0), (-100.0, 100.0)],
        ),
        (
            "logistic",
            "logistic_f32",
            vec![Hold::Rustc(0.35)],
            vec![(-10.0, 10.0)],
        ),
    ];
    let cases = functions
        .into_iter()
        .map(|(kernel, native, holds, ranges)| {
            let operands = |one: fn(u64, &[usize], f64, f64) -> Data, ranges: Vec<(f64, f64)>| {
                move || {
                    let streams = (1..).zip(&ranges);
                    streams
                        .map(|(k, &(low, high))| one(k, &[M], low, high))
                        .collect()
                }
            };
            let wide = row(kernel, M, operands(uniform, ranges.clone()));
            let narrow = row(kernel, M, operands(uniform_f32, ranges));
            case(
                kernel,
                [
                    Row {
                        agreement: ULPS,
                        holds,
                        ..wide
                    },
                    Row {
                        note: "f32",
                        native,
                        outputs: Box::new(|| vec![zeros::<f32>(&[M])]),
                        agreement: ULPS_F32,
                        holds: vec![Hold::Row(0, 0.6)],
                        ..narrow
                    },
                ],
            )
        });
    cases.collect()
}

/// Formulas of several elementary functions.
fn formulas() -> Vec<Case> {
    let black_scholes = row("black_scholes", M, || {
        let ranges = [
            (10.0, 50.0),
            (10.0, 50.0),
            (0.1, 3.0),
            (0.01, 0.1),
            (0.05, 0.6),
        ];
        let streams = (1..).zip(ranges);
        streams
            .map(|(k, (low, high))| uniform(k, &[M], low, high))
            .collect()
    });
    let haversine = row("haversine", M, || {
        let angle = |stream, most: f64| uniform(stream, &[M], -most, most);
        vec![
            angle(1, 90.0),
            angle(2, 180.0),
            angle(3, 90.0),
            angle(4, 180.0),
        ]
    });
    vec![
        case(
            "black_scholes",
            [Row {
                outputs: Box::new(|| vec![zeros::<f64>(&[M]); 2]),
                agreement: Agreement::Near {
                    relative: 1e-12,
                    floor: 10.0,
                },
                holds: vec![Hold::Rustc(0.3)],
                ..black_scholes
            }],
        ),
        case(
            "haversine",
            [Row {
                agreement: Agreement::Near {
                    relative: 1e-9,
                    floor: 1.0,
                },
                holds: vec![Hold::Rustc(0.25)],
                ..haversine
            }],
        ),
    ]
}

/// Loops inside of the kernel whose lengths depend on the element.
fn data_dependent() -> Vec<Case> {
    let side = 1000;
    let mandelbrot = row("mandelbrot", M, move || {
        let (re, im) = plane(side);
        vec![re, im]
    });
    let collatz = row("collatz", M, || vec![counting(M)]);
    let newton = row("newton", M, || vec![uniform(1, &[M], 1.0, 1e6)]);
    let gcd = row("gcd", M, || {
        vec![integers(1, M, 1 << 32), integers(2, M, 1 << 32)]
    });
    let level = || vec![Hold::Rustc(1.0)];
    vec![
        case(
            "mandelbrot",
            [Row {
                outputs: Box::new(move || vec![zeros::<i32>(&[side, side])]),
                holds: vec![Hold::Rustc(0.6)],
                ..mandelbrot
            }],
        ),
        case(
            "collatz",
            [Row {
                outputs: Box::new(|| vec![zeros::<u32>(&[M])]),
                holds: level(),
                ..collatz
            }],
        ),
        case(
            "newton",
            [Row {
                outputs: Box::new(|| vec![zeros::<f64>(&[M]), zeros::<u32>(&[M])]),
                holds: level(),
                ..newton
            }],
        ),
        case(
            "gcd",
            [Row {
                outputs: Box::new(|| vec![zeros::<u64>(&[M])]),
                holds: level(),
                ..gcd
            }],
        ),
    ]
}

fn matrices() -> Vec<Case> {
    let (rows, columns) = (4096, 1024);
    let softmax = row("softmax", rows * columns, move || {
        vec![uniform(1, &[rows, columns], -5.0, 5.0)]
    });
    let n = 512;
    let factors = move || {
        vec![
            uniform(1, &[n, n], -1.0, 1.0),
            uniform(2, &[n, n], -1.0, 1.0),
        ]
    };
    let product = |kernel, note| Row {
        note,
        kind: Kind::Gufunc,
        native: "matmul",
        lengths: vec![n as u64],
        python: "matmul",
        size: "512x512",
        outputs: Box::new(move || vec![zeros::<f64>(&[n, n])]),
        holds: vec![Hold::Rustc(1.4)],
        ..row(kernel, n * n * n, factors)
    };
    let (points, axes) = (1000, 3);
    let pairwise = row("pairwise", points * points, move || {
        vec![uniform(1, &[points, axes], -1.0, 1.0)]
    });
    vec![
        case(
            "softmax",
            [Row {
                kind: Kind::Gufunc,
                lengths: vec![columns as u64],
                size: "4096x1024",
                outputs: Box::new(move || vec![zeros::<f64>(&[rows, columns])]),
                agreement: Agreement::Near {
                    relative: 1e-12,
                    floor: 1e-300,
                },
                holds: vec![Hold::Rustc(0.45)],
                ..softmax
            }],
        ),
        case(
            "matmul",
            [
                product("matmul", "by indices"),
                product("matmul_rows", "by rows"),
            ],
        ),
        case(
            "pairwise",
            [Row {
                kind: Kind::Jit,
                lengths: vec![axes as u64],
                size: "1000 x 3",
                outputs: Box::new(move || vec![zeros::<f64>(&[points, points])]),
                holds: vec![Hold::Rustc(1.2)],
                ..pairwise
            }],
        ),
    ]
}

fn signals() -> Vec<Case> {
    let taps = 31;
    let conv1d = row("conv1d", M, move || {
        vec![
            uniform(1, &[M + taps - 1], -1.0, 1.0),
            uniform(2, &[taps], -1.0, 1.0),
        ]
    });
    let moving_mean = row("moving_mean", M, || {
        vec![uniform(1, &[M], -1.0, 1.0), count(16)]
    });
    vec![
        case(
            "conv1d",
            [Row {
                kind: Kind::Jit,
                size: "1M, 31 taps",
                holds: vec![Hold::Rustc(1.2)],
                ..conv1d
            }],
        ),
        case(
            "moving_mean",
            [Row {
                kind: Kind::Gufunc,
                size: "1M, window 16",
                holds: vec![Hold::Rustc(1.2)],
                ..moving_mean
            }],
        ),
    ]
}

/// `#[jit]` functions, on one thread and on two.
fn whole_loops() -> Vec<Case> {
    let two = |limit| vec![Hold::Rustc(limit)];
    let jacobi = |kernel, threads, note| {
        let side = 512;
        Row {
            note,
            kind: Kind::Jit,
            threads,
            lengths: vec![side as u64],
            python: if threads > 1 {
                "jacobi_parallel"
            } else {
                "jacobi"
            },
            size: "512x512",
            outputs: Box::new(move || vec![zeros::<f64>(&[side, side])]),
            holds: two(1.4),
            ..row(kernel, side * side, move || {
                vec![uniform(1, &[side, side], -1.0, 1.0)]
            })
        }
    };
    let nbody = |kernel, threads, note| {
        let bodies = 1000;
        Row {
            note,
            kind: Kind::Jit,
            threads,
            size: "1000 bodies",
            outputs: Box::new(move || vec![zeros::<f64>(&[bodies]); 3]),
            holds: two(1.2),
            ..row(kernel, bodies * bodies, move || {
                let mut operands: Vec<Data> =
                    (1..4).map(|k| uniform(k, &[bodies], -1.0, 1.0)).collect();
                operands.push(uniform(4, &[bodies], 0.5, 2.0));
                operands
            })
        }
    };
    let pi = |kernel, threads, note, agreement| Row {
        note,
        kind: Kind::JitResult,
        threads,
        size: "1M steps",
        outputs: Box::new(|| vec![zeros::<f64>(&[])]),
        agreement,
        holds: two(1.2),
        ..row(kernel, M, || vec![count(M as u64)])
    };
    let near = Agreement::Near {
        relative: 1e-12,
        floor: 1.0,
    };
    vec![
        case(
            "jacobi",
            [
                jacobi("jacobi", 1, ""),
                jacobi("jacobi_parallel", 2, "2 threads"),
            ],
        ),
        case(
            "nbody",
            [
                nbody("nbody", 1, ""),
                nbody("nbody_parallel", 2, "2 threads"),
            ],
        ),
        case(
            "pi",
            [
                pi("pi", 1, "", Agreement::Bits),
                pi("pi_parallel", 2, "2 threads", near),
            ],
        ),
    ]
}
