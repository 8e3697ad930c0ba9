//! The kernel corpus compiled by rustc: the oracle of the tests.
