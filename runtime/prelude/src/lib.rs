//! What makes a Brolga kernel file valid Rust.
