//! The kernel files as modules of this package, and their texts. Invariant: every file of
//! `kernels/` is here, both ways.

pub use crate::examples::*;

/// One module and one text for each file.
macro_rules! sources {
    ($($name:ident),* $(,)?) => {
        /// The name (without `.rs`) and the text of every kernel file.
        pub const SOURCES: &[(&str, &str)] = &[$((
            stringify!($name),
            include_str!(concat!("../kernels/", stringify!($name), ".rs")),
        )),*];
    };
}

sources!(
    arith,
    attributes,
    bits,
    callables,
    casts,
    closures,
    combined,
    combined_views,
    complexes,
    constants,
    control,
    element_types,
    enums,
    fixed_arrays,
    floats,
    generic,
    halves,
    inference,
    integers,
    iterators,
    iterators_found,
    lanes,
    linear,
    literals,
    local_arrays,
    numeric,
    options,
    orderings,
    panics,
    parallel,
    places,
    programs,
    recursion,
    references,
    structs,
    transcendental,
    tuples,
    types_in_modules,
    view_parts,
    views,
    windows,
);

// `pub mod arith;` and so on, from the texts that build.rs rewrites.
include!(concat!(env!("OUT_DIR"), "/kernels.rs"));

/// The text of a kernel file.
///
/// # Panics
/// If there is no such file.
pub fn source(file: &str) -> &'static str {
    SOURCES
        .iter()
        .find(|(name, _)| *name == file)
        .map(|(_, text)| *text)
        .unwrap_or_else(|| panic!("no kernel file is named {file}"))
}
