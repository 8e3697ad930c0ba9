//! The object file, `.nbc`: one compiled overload with the whole key that it was stored
//! under. Bytes in and out only; nothing here opens a file.
//!
//! The layout, all numbers little-endian:
//!
//! 1. bytes 0 to 7: the magic, `89 "BRLGnbc"`;
//! 2. bytes 8 to 11: the format version;
//! 3. bytes 12 to 15: zero;
//! 4. bytes 16 to 23: the length of the header, in bytes;
//! 5. bytes 24 to 31: the length of the ELF object, in bytes;
//! 6. bytes 32 to 63: the blake3 digest of all other bytes (0 to 31, then 64 to the end);
//! 7. from byte 64: the header, in the codec's encoding: the function's identity, the
//!    request, the fingerprint, the object's description;
//! 8. zeros up to a multiple of 16;
//! 9. the ELF object, to the end of the file.
//!
//! They are checked in this order: magic, version, lengths, digest, header. The digest is
//! also in the index, and its first half is in the file's name.

use serde::{Deserialize, Serialize};

use crate::codec::{self, CodecError};
use crate::folder::FORMAT_VERSION;
use crate::key::{Digest, FunctionId, ObjectInfo, Request};
use crate::reason::Damage;

const MAGIC: [u8; 8] = *b"\x89BRLGnbc";
const HEADER_START: usize = 64;
const ALIGNMENT: usize = 16;

/// The header as it is read.
#[derive(Deserialize, PartialEq, Debug)]
pub(crate) struct Header {
    pub(crate) id: FunctionId,
    pub(crate) request: Request,
    pub(crate) fingerprint: Digest,
    pub(crate) info: ObjectInfo,
}

/// The header as it is written: the same fields in the same order.
#[derive(Serialize, Clone, Copy)]
pub(crate) struct HeaderRef<'a> {
    pub(crate) id: &'a FunctionId,
    pub(crate) request: &'a Request,
    pub(crate) fingerprint: &'a Digest,
    pub(crate) info: &'a ObjectInfo,
}

/// The bytes of the file, and the digest of its content.
pub(crate) fn encode(header: HeaderRef<'_>, elf: &[u8]) -> Result<(Vec<u8>, Digest), CodecError> {
    let header = codec::encode(&header)?;
    let elf_start = (HEADER_START + header.len()).next_multiple_of(ALIGNMENT);
    let length = elf_start.checked_add(elf.len()).ok_or(CodecError)?;
    if length > codec::LIMIT {
        return Err(CodecError);
    }
    let mut bytes = Vec::with_capacity(length);
    bytes.extend(MAGIC);
    bytes.extend(FORMAT_VERSION.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend((elf.len() as u64).to_le_bytes());
    bytes.extend([0; 32]);
    bytes.extend(header);
    bytes.resize(elf_start, 0);
    bytes.extend(elf);
    let digest = content_digest(&bytes);
    bytes[32..HEADER_START].copy_from_slice(&digest);
    Ok((bytes, digest))
}

/// The digest that belongs into bytes 32 to 63.
pub(crate) fn content_digest(bytes: &[u8]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..32]);
    hasher.update(&bytes[HEADER_START..]);
    hasher.finalize().into()
}

/// Where the parts of a sound file are.
#[derive(Debug)]
pub(crate) struct Parts {
    /// The digest that the file states and has.
    pub(crate) digest: Digest,
    header_end: usize,
    /// Where the ELF object begins.
    pub(crate) elf_start: usize,
}

/// Checks everything up to the digest.
pub(crate) fn check(bytes: &[u8]) -> Result<Parts, Damage> {
    if !bytes.starts_with(&MAGIC[..bytes.len().min(8)]) {
        return Err(Damage::Magic);
    }
    let version = codec::u32_at(bytes, 8).ok_or(Damage::Truncated)?;
    if version != FORMAT_VERSION {
        return Err(Damage::Version);
    }
    let header_length = codec::length_at(bytes, 16).ok_or(Damage::Truncated)?;
    let elf_length = codec::length_at(bytes, 24).ok_or(Damage::Truncated)?;
    let digest = codec::digest_at(bytes, 32).ok_or(Damage::Truncated)?;
    let header_end = header_length
        .checked_add(HEADER_START)
        .filter(|end| *end <= bytes.len())
        .ok_or(Damage::Truncated)?;
    let elf_start = header_end.next_multiple_of(ALIGNMENT);
    if elf_start.checked_add(elf_length) != Some(bytes.len()) {
        return Err(Damage::Truncated);
    }
    if content_digest(bytes) != digest {
        return Err(Damage::Digest);
    }
    Ok(Parts {
        digest,
        header_end,
        elf_start,
    })
}

impl Parts {
    /// Decodes the header of the file that these are the parts of.
    pub(crate) fn header(&self, bytes: &[u8]) -> Result<Header, Damage> {
        codec::decode(&bytes[HEADER_START..self.header_end]).map_err(|_| Damage::Decode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::TargetKey;

    fn file(elf: &[u8]) -> Vec<u8> {
        let header = Header {
            id: FunctionId {
                module: "m".to_string(),
                function: "f".to_string(),
            },
            request: Request {
                types: vec![brolga_abi::DType::F32],
                options: vec![1],
                target: TargetKey {
                    triple: "t".to_string(),
                    cpu: "c".to_string(),
                    features: vec!["a".to_string()],
                },
                build_id: [2; 32],
                abi_hash: 3,
            },
            fingerprint: [4; 32],
            info: ObjectInfo {
                entry_symbol: "e".to_string(),
                imports: vec!["i".to_string()],
                can_fail: false,
                cost: 5,
                report: vec![],
            },
        };
        let reference = HeaderRef {
            id: &header.id,
            request: &header.request,
            fingerprint: &header.fingerprint,
            info: &header.info,
        };
        let (bytes, digest) = encode(reference, elf).unwrap();
        let parts = check(&bytes).unwrap();
        assert_eq!(parts.digest, digest);
        assert_eq!(parts.header(&bytes), Ok(header));
        bytes
    }

    #[test]
    fn the_object_comes_back_aligned() {
        for length in 0..40 {
            let elf = vec![7; length];
            let bytes = file(&elf);
            let start = check(&bytes).unwrap().elf_start;
            assert_eq!(start % ALIGNMENT, 0);
            assert_eq!(bytes[start..], elf);
        }
    }

    #[test]
    fn a_right_digest_over_a_nonsense_header_does_not_decode() {
        let mut bytes = file(b"elf");
        bytes[HEADER_START..HEADER_START + 20].fill(0xff);
        let digest = content_digest(&bytes);
        bytes[32..HEADER_START].copy_from_slice(&digest);
        let parts = check(&bytes).unwrap();
        assert_eq!(parts.header(&bytes), Err(Damage::Decode));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_checked_without_a_panic(mut bytes: Vec<u8>, with_magic: bool) {
            if with_magic && bytes.len() >= 12 {
                bytes[..8].copy_from_slice(&MAGIC);
                bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
            }
            proptest::prop_assert!(check(&bytes).is_err());
        }
    }
}
