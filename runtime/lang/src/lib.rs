//! The kernel language: source text to checked, typed kernel IR.
