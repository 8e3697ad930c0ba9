//! The attributes of kernels inside Rust source.
