//! The on-disk cache of compiled kernels: index and object files.
