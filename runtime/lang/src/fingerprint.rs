//! The fingerprint of a program: the name of its meaning in the cache.
//!
//! Invariant: it is the same in every process on every little-endian 64-bit machine, and differs for programs
//! of different meaning. It is the derived `Hash` fed to blake3, so names, spans and panic
//! texts ([`crate::ir::Unhashed`]) are no part of it.

use std::hash::{Hash, Hasher};

use crate::ir::Program;

/// Told to blake3 first, so that fingerprints never equal other digests; to be raised when
/// the meaning of the IR changes while its shape does not.
const DOMAIN: &[u8] = b"brolga kernel IR 1\0";

/// The fingerprint of `program`.
pub fn fingerprint(program: &Program) -> [u8; 32] {
    let mut digest = Digest(blake3::Hasher::new());
    digest.0.update(DOMAIN);
    program.hash(&mut digest);
    *digest.0.finalize().as_bytes()
}

/// A `Hasher` whose input is fixed to the last byte: every number is little-endian, and as
/// wide on all machines.
struct Digest(blake3::Hasher);

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
    fn write_u8(&mut self, n: u8) {
        self.0.update(&[n]);
    }
    fn write_u16(&mut self, n: u16) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_u32(&mut self, n: u32) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_u64(&mut self, n: u64) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_u128(&mut self, n: u128) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
    fn write_i8(&mut self, n: i8) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_i16(&mut self, n: i16) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_i32(&mut self, n: i32) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_i64(&mut self, n: i64) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_i128(&mut self, n: i128) {
        self.0.update(&n.to_le_bytes());
    }
    fn write_isize(&mut self, n: isize) {
        self.write_i64(n as i64);
    }
    /// The first 8 bytes of the digest so far; [`fingerprint`] takes all.
    fn finish(&self) -> u64 {
        let digest = self.0.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest.as_bytes()[..8]);
        u64::from_le_bytes(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{BinaryOp, LocalId, SiteId, Unhashed};
    use crate::testing::{binary, local, program, scalar};

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn names_and_sites_do_not_count() {
        let first = program(binary(BinaryOp::Add, local(0), local(1)));
        let mut second = first.clone();
        second.functions[0].name = Unhashed("other".to_string());
        second.functions[0].locals[0].name = Unhashed("z".to_string());
        second.sites = Unhashed(Vec::new());
        assert_eq!(fingerprint(&first), fingerprint(&second));
    }

    #[test]
    fn every_part_of_the_meaning_counts() {
        let base = program(binary(BinaryOp::Add, local(0), local(1)));
        let mut changed = vec![base.clone()];
        let mut change = |edit: fn(&mut crate::ir::Program)| {
            let mut program = base.clone();
            edit(&mut program);
            changed.push(program);
        };
        change(|p| p.fastmath = true);
        change(|p| p.entry.looped = false);
        change(|p| p.entry.core_dims = 2);
        change(|p| p.functions[0].recursive = true);
        change(|p| p.functions[0].params = vec![LocalId(1), LocalId(0)]);
        change(|p| p.functions[0].body.value = Some(Box::new(local(0))));
        change(|p| p.functions[0].body.value = Some(Box::new(scalar(1))));
        change(|p| {
            p.functions[0].body.value = Some(Box::new(binary(BinaryOp::Sub, local(0), local(1))));
        });
        change(|p| {
            p.functions[0].body.value = Some(Box::new(crate::ir::Expr {
                ty: crate::ir::Type::Never,
                kind: crate::ir::ExprKind::Panic(SiteId(0)),
            }));
        });
        for (k, one) in changed.iter().enumerate() {
            for (l, other) in changed.iter().enumerate() {
                assert_eq!(fingerprint(one) == fingerprint(other), k == l, "{k} {l}");
            }
        }
    }

    #[test]
    fn numbers_are_hashed_alike_everywhere() {
        let mut digest = Digest(blake3::Hasher::new());
        (1usize, -2isize, 3u16).hash(&mut digest);
        let mut bytes = 1u64.to_le_bytes().to_vec();
        bytes.extend((-2i64).to_le_bytes());
        bytes.extend([3, 0]);
        assert_eq!(
            hex(digest.0.finalize().as_bytes()),
            hex(blake3::hash(&bytes).as_bytes())
        );
    }
}
