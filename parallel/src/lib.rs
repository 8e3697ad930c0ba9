//! Thread pools, splitting and deterministic reductions on rayon.
