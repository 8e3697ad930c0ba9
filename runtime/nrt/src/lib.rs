//! The Brolga runtime shim: every symbol that compiled kernels may call.
//!
//! It defines exactly the symbols of [`brolga_abi::SYMBOLS`] and knows nothing of kernels,
//! compilers or objects. Its invariant: no function here unwinds into compiled code, and
//! none aborts the process.

mod half;
mod join;
mod math;
mod parallel_for;
mod scratch;
mod stack;
mod table;
mod tree;

pub use parallel_for::{MAX_REDUCTIONS, nrt_parallel_for};
pub use scratch::{
    FIRST_BLOCK, KEPT_BYTES, ScratchCounts, limit_scratch, scratch_counts, scratch_totals,
    scratch_used,
};
pub use stack::stack_limit;

/// The address of the symbol with this name; `None` unless it stands in
/// [`brolga_abi::SYMBOLS`].
pub fn address(name: &str) -> Option<*const u8> {
    let definition = match math::MATH.binary_search_by(|definition| definition.name.cmp(name)) {
        Ok(found) => &math::MATH[found],
        Err(_) => [
            parallel_for::CONTROL,
            half::HALF,
            scratch::SCRATCH,
            tree::TREE,
        ]
        .into_iter()
        .flatten()
        .find(|definition| definition.name == name)?,
    };
    Some((definition.address)())
}

#[cfg(test)]
mod tests {
    use super::*;
    use brolga_abi::SYMBOLS;

    #[test]
    fn the_table_is_exactly_that_of_the_abi() {
        let mut defined: Vec<_> = math::MATH
            .iter()
            .chain(parallel_for::CONTROL)
            .chain(half::HALF)
            .chain(scratch::SCRATCH)
            .chain(tree::TREE)
            .map(|d| (d.name, d.params, d.result, (d.address)()))
            .collect();
        assert!(math::MATH.windows(2).all(|w| w[0].name < w[1].name));
        defined.sort_by_key(|d| d.0);
        let declared: Vec<_> = SYMBOLS
            .iter()
            .map(|d| (d.name, d.params, d.result, address(d.name).expect(d.name)))
            .collect();
        assert_eq!(defined, declared);
    }

    #[test]
    fn other_names_have_no_address() {
        for name in ["", "system", "nrt_exp", "nrt_exp_f64 ", "exp"] {
            assert_eq!(address(name), None, "{name:?}");
        }
    }
}
