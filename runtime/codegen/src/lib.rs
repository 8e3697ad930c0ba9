//! Kernel IR to relocatable objects, with Cranelift.

mod vector;
