//! The peers of `benches/loops`: what an expert would write for rustc, over slices. The benchmark
//! compiles this crate when it runs, for the CPU that it runs on (`-C opt-level=3 -C
//! target-cpu=native`), and loads it.
//!
//! The bodies of elementwise kernels are the kernels' own texts: the benchmark puts
//! `benches/kernels/*.rs` into the folder `kernels` beside this file, without the lines of their
//! attributes. Everything else is written out here, in the order of operations of the kernel, so
//! that both give the same bits.
//!
//! Every exported function takes a table of [`Buffer`]s: the operands, then the outputs. The loops
//! themselves are functions over slices that are not inlined, so that rustc may rely on `&mut`
//! slices overlapping no others, as it may in a program.

// The kernels' texts say `use brolga::prelude::*`.
extern crate self as brolga;

mod buffer;
mod elementwise;
mod matrices;
pub mod prelude;
mod sums;
mod windows;

#[allow(unused_imports, reason = "not every kernel needs the prelude")]
mod kernels {
    pub mod add;
    pub mod axpy;
    pub mod black_scholes;
    pub mod clip;
    pub mod collatz;
    pub mod exp;
    pub mod gcd;
    pub mod haversine;
    pub mod hypot;
    pub mod leaky_relu;
    pub mod ln;
    pub mod logistic;
    pub mod mandelbrot;
    pub mod newton;
    pub mod poly8;
    pub mod pow;
    pub mod sin;
}
