//! The checker: from the syntax tree to typed bodies (names, types, flow), and from these to
//! the IR. One rule decides every question: a kernel means what rustc's release build makes
//! of it, and what rustc refuses is refused. Entered from `module.rs` through [`Session`].

mod adt;
mod adt_expr;
mod adt_impl;
mod adt_member;
mod adt_operator;
mod adt_pattern;
mod adt_traits;
mod arrays;
mod assign;
mod borrow;
mod callable;
mod calls;
mod captures;
mod closures;
mod coerce;
pub(crate) mod complex;
mod constant;
mod control;
mod exhaust;
mod expr;
mod flow;
mod function;
mod half;
mod iter;
mod known;
mod late;
mod library;
pub(crate) mod lower;
#[cfg(test)]
mod meaning;
#[cfg(test)]
// Every form stands there on purpose, also those that clippy would write otherwise.
#[allow(clippy::all)]
mod meaning_data;
mod methods;
mod modules;
mod operators;
mod option;
mod option_calls;
mod ordering;
mod parallel;
mod paths;
mod pattern;
mod references;
mod session;
pub(crate) mod signature;
mod statics;
mod tree;
mod ty;
mod views;

pub(crate) use lower::program;
pub(crate) use parallel::reached as reached_prange;
pub(crate) use session::Session;
pub use statics::GlobalMeta;

/// Element types as type arguments.
pub(crate) fn type_arguments(types: &[brolga_abi::DType]) -> Vec<ty::Ty> {
    types.iter().map(|dtype| ty::Ty::of(*dtype)).collect()
}
