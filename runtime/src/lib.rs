//! Runtime, modules and functions: from kernel source to callable code.
