//! Compiled kernels do what the kernel IR says, on every type, at every optimisation level,
//! with and without CPU features.

mod arithmetic;
mod arrays;
mod casts;
mod control;
mod decided;
mod failures;
mod floats;
mod levels;
mod loops;
mod memory;
mod nests;
mod object;
mod parallel;
mod support;
mod values;
mod views;
