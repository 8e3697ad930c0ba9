//! Shrunk kernels over views on which the two sides once differed.
