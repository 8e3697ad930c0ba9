//! The Brolga runtime shim: every symbol that compiled kernels may call.
