//! The Brolga runtime shim: every symbol that compiled kernels may call.
//!
//! It defines exactly the symbols of [`brolga_abi::SYMBOLS`] and knows nothing of kernels,
//! compilers or objects. Its invariant: no function here unwinds into compiled code, and
//! none aborts the process.

mod elementary;
mod half;
mod join;
mod math;
mod pack;
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
    TABLES.into_iter().find_map(|table| {
        let found = table.binary_search_by(|definition| definition.name.cmp(name));
        found.ok().map(|k| (table[k].address)())
    })
}

/// Every symbol; each table is sorted by name.
const TABLES: [&[table::Definition]; 7] = [
    elementary::ELEMENTARY,
    math::MATH,
    pack::PACK,
    parallel_for::CONTROL,
    half::HALF,
    scratch::SCRATCH,
    tree::TREE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use brolga_abi::SYMBOLS;

    #[test]
    fn the_table_is_exactly_that_of_the_abi() {
        let mut defined = Vec::new();
        for table in TABLES {
            assert!(table.windows(2).all(|w| w[0].name < w[1].name));
            let types = |d: &table::Definition| (d.name, d.params, d.result, (d.address)());
            defined.extend(table.iter().map(types));
        }
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
