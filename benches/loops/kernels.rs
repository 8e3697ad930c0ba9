//! The kernels as modules of this program: rustc judges here that each file is valid Rust with
//! Brolga's prelude. They are run through the runtime, by their texts.

#![allow(
    dead_code,
    unused_imports,
    clippy::manual_is_multiple_of,
    clippy::needless_range_loop,
    clippy::too_many_arguments,
    reason = "nothing calls them here, and indices are the language of some"
)]

#[path = "../kernels/add.rs"]
mod add;
#[path = "../kernels/axpy.rs"]
mod axpy;
#[path = "../kernels/black_scholes.rs"]
mod black_scholes;
#[path = "../kernels/clip.rs"]
mod clip;
#[path = "../kernels/collatz.rs"]
mod collatz;
#[path = "../kernels/conv1d.rs"]
mod conv1d;
#[path = "../kernels/exp.rs"]
mod exp;
#[path = "../kernels/gcd.rs"]
mod gcd;
#[path = "../kernels/haversine.rs"]
mod haversine;
#[path = "../kernels/hypot.rs"]
mod hypot;
#[path = "../kernels/jacobi.rs"]
mod jacobi;
#[path = "../kernels/jacobi_parallel.rs"]
mod jacobi_parallel;
#[path = "../kernels/leaky_relu.rs"]
mod leaky_relu;
#[path = "../kernels/ln.rs"]
mod ln;
#[path = "../kernels/logistic.rs"]
mod logistic;
#[path = "../kernels/mandelbrot.rs"]
mod mandelbrot;
#[path = "../kernels/matmul.rs"]
mod matmul;
#[path = "../kernels/matmul_rows.rs"]
mod matmul_rows;
#[path = "../kernels/moving_mean.rs"]
mod moving_mean;
#[path = "../kernels/nbody.rs"]
mod nbody;
#[path = "../kernels/nbody_parallel.rs"]
mod nbody_parallel;
#[path = "../kernels/newton.rs"]
mod newton;
#[path = "../kernels/pairwise.rs"]
mod pairwise;
#[path = "../kernels/pi.rs"]
mod pi;
#[path = "../kernels/pi_parallel.rs"]
mod pi_parallel;
#[path = "../kernels/poly8.rs"]
mod poly8;
#[path = "../kernels/pow.rs"]
mod pow;
#[path = "../kernels/sin.rs"]
mod sin;
#[path = "../kernels/softmax.rs"]
mod softmax;
