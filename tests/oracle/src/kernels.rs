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

#[path = "../kernels/arith.rs"]
pub mod arith;
#[path = "../kernels/attributes.rs"]
pub mod attributes;
#[path = "../kernels/bits.rs"]
pub mod bits;
#[path = "../kernels/callables.rs"]
pub mod callables;
#[path = "../kernels/casts.rs"]
pub mod casts;
#[path = "../kernels/closures.rs"]
pub mod closures;
#[path = "../kernels/combined.rs"]
pub mod combined;
#[path = "../kernels/combined_views.rs"]
pub mod combined_views;
#[path = "../kernels/complexes.rs"]
pub mod complexes;
#[path = "../kernels/constants.rs"]
pub mod constants;
#[path = "../kernels/control.rs"]
pub mod control;
#[path = "../kernels/element_types.rs"]
pub mod element_types;
#[path = "../kernels/enums.rs"]
pub mod enums;
#[path = "../kernels/fixed_arrays.rs"]
pub mod fixed_arrays;
#[path = "../kernels/floats.rs"]
pub mod floats;
#[path = "../kernels/generic.rs"]
pub mod generic;
#[path = "../kernels/halves.rs"]
pub mod halves;
#[path = "../kernels/inference.rs"]
pub mod inference;
#[path = "../kernels/integers.rs"]
pub mod integers;
#[path = "../kernels/iterators.rs"]
pub mod iterators;
#[path = "../kernels/iterators_found.rs"]
pub mod iterators_found;
#[path = "../kernels/lanes.rs"]
pub mod lanes;
#[path = "../kernels/linear.rs"]
pub mod linear;
#[path = "../kernels/literals.rs"]
pub mod literals;
#[path = "../kernels/local_arrays.rs"]
pub mod local_arrays;
#[path = "../kernels/numeric.rs"]
pub mod numeric;
#[path = "../kernels/options.rs"]
pub mod options;
#[path = "../kernels/orderings.rs"]
pub mod orderings;
#[path = "../kernels/panics.rs"]
pub mod panics;
#[path = "../kernels/parallel.rs"]
pub mod parallel;
#[path = "../kernels/places.rs"]
pub mod places;
#[path = "../kernels/programs.rs"]
pub mod programs;
#[path = "../kernels/recursion.rs"]
pub mod recursion;
#[path = "../kernels/references.rs"]
pub mod references;
#[path = "../kernels/structs.rs"]
pub mod structs;
#[path = "../kernels/transcendental.rs"]
pub mod transcendental;
#[path = "../kernels/tuples.rs"]
pub mod tuples;
#[path = "../kernels/types_in_modules.rs"]
pub mod types_in_modules;
#[path = "../kernels/view_parts.rs"]
pub mod view_parts;
#[path = "../kernels/views.rs"]
pub mod views;
#[path = "../kernels/windows.rs"]
pub mod windows;

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
