//! Compiled kernels do what the kernel IR says, on every type, at every optimisation level,
//! with and without CPU features.

mod arithmetic;
mod casts;
mod control;
mod failures;
mod floats;
mod loops;
mod object;
mod parallel;
mod support;
