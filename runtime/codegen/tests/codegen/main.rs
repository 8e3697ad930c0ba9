//! Compiled kernels do what the kernel IR says, on every type, at every optimisation level,
//! with and without CPU features.

mod arithmetic;
mod casts;
mod floats;
mod support;
