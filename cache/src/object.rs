//! The object file, `.nbc`: one compiled overload with the whole key that it was stored
//! under. Bytes in and out only; nothing here opens a file.
//!
//! The layout, all numbers little-endian:
//!
//! 1. bytes 0 to 7: the magic, `89 "BRLGnbc"`;
//! 2. bytes 8 to 11: the format version;
//! 3. bytes 12 to 15: zero, or the number of the key that the digest is keyed with;
//! 4. bytes 16 to 23: the length of the header, in bytes;
//! 5. bytes 24 to 31: the length of the ELF object, in bytes;
//! 6. bytes 32 to 63: the blake3 digest of all other bytes (0 to 31, then 64 to the end);
//! 7. from byte 64: the header, in the codec's encoding: the whole key (the function's
//!    identity, the request, the fingerprint), then the object's description;
//! 8. zeros up to a multiple of 16;
//! 9. the ELF object, to the end of the file.
//!
//! They are checked in this order: magic, version, lengths, number of the digest's key,
//! digest, key of the entry. The digest is also
//! in the index, and its first half is in the file's name. The key is compared as bytes: the
//! encoding has one form for each value, and decoding its strings would take longer.

use serde::Serialize;

use crate::codec::{self, CodecError};
use crate::folder::FORMAT_VERSION;
use crate::index::{ObjectRef, Version};
use crate::key::{Digest, FunctionId, ObjectInfo, Request};
use crate::keyed::{self, CacheKey};
use crate::reason::{Damage, MissReason};

const MAGIC: [u8; 8] = *b"\x89BRLGnbc";
const HEADER_START: usize = 64;
const ALIGNMENT: usize = 16;

/// The whole key of an object.
#[derive(Serialize, Clone, Copy)]
pub(crate) struct KeyRef<'a> {
    pub(crate) id: &'a FunctionId,
    pub(crate) request: &'a Request,
    pub(crate) fingerprint: &'a Digest,
}

/// The bytes of the file, and the digest of its content, keyed with `secret` if there is one.
pub(crate) fn encode(
    secret: Option<&CacheKey>,
    key: KeyRef<'_>,
    info: &ObjectInfo,
    elf: &[u8],
) -> Result<(Vec<u8>, Digest), CodecError> {
    let header = codec::encode(&(key, info))?;
    let elf_start = (HEADER_START + header.len()).next_multiple_of(ALIGNMENT);
    let length = elf_start.checked_add(elf.len()).ok_or(CodecError)?;
    if length > codec::LIMIT {
        return Err(CodecError);
    }
    let mut bytes = Vec::with_capacity(length);
    bytes.extend(MAGIC);
    bytes.extend(FORMAT_VERSION.to_le_bytes());
    bytes.extend(keyed::number(secret).to_le_bytes());
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend((elf.len() as u64).to_le_bytes());
    bytes.extend([0; 32]);
    bytes.extend(header);
    bytes.resize(elf_start, 0);
    bytes.extend(elf);
    let digest = content_digest(secret, &bytes);
    bytes[32..HEADER_START].copy_from_slice(&digest);
    Ok((bytes, digest))
}

/// The digest that belongs into bytes 32 to 63.
pub(crate) fn content_digest(secret: Option<&CacheKey>, bytes: &[u8]) -> Digest {
    let mut hasher = keyed::hasher(secret);
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

/// Checks everything up to the digest, which must be keyed with `secret` if there is one.
pub(crate) fn check(secret: Option<&CacheKey>, bytes: &[u8]) -> Result<Parts, Damage> {
    if !bytes.starts_with(&MAGIC[..bytes.len().min(8)]) {
        return Err(Damage::Magic);
    }
    let version = codec::u32_at(bytes, 8).ok_or(Damage::Truncated)?;
    if version != FORMAT_VERSION {
        return Err(Damage::Version);
    }
    let number = codec::u32_at(bytes, 12).ok_or(Damage::Truncated)?;
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
    keyed::check(number, secret)?;
    if !keyed::same(&content_digest(secret, bytes), &digest) {
        return Err(Damage::Digest);
    }
    Ok(Parts {
        digest,
        header_end,
        elf_start,
    })
}

/// Checks everything that a lookup checks of the file `bytes`, which an index knows as the
/// object of `version` for `request`.
pub(crate) fn verify(
    secret: Option<&CacheKey>,
    bytes: &[u8],
    id: &FunctionId,
    request: &Request,
    version: &Version,
) -> Result<(), MissReason> {
    let ObjectRef { digest, length } = &version.object;
    let parts = check(secret, bytes).map_err(MissReason::ObjectUnreadable)?;
    if !keyed::same(&parts.digest, digest) || bytes.len() as u64 != *length {
        return Err(MissReason::ObjectDigest);
    }
    let key = KeyRef {
        id,
        request,
        fingerprint: &version.fingerprint,
    };
    match parts.info(bytes, key) {
        Ok(_) => Ok(()),
        Err(WrongHeader::Key) => Err(MissReason::ObjectKey),
        Err(WrongHeader::Info) => Err(MissReason::ObjectUnreadable(Damage::Decode)),
    }
}

/// What is wrong with the header of a file whose digest is right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WrongHeader {
    /// It is not about the key that was asked for.
    Key,
    /// It is, and the description behind it cannot be decoded.
    Info,
}

impl Parts {
    /// The description of the object, if it was stored under `key`. `bytes` is the file that
    /// these are the parts of.
    pub(crate) fn info(&self, bytes: &[u8], key: KeyRef<'_>) -> Result<ObjectInfo, WrongHeader> {
        let key = codec::encode(&key).map_err(|_| WrongHeader::Key)?;
        let info = bytes[HEADER_START..self.header_end]
            .strip_prefix(&key[..])
            .ok_or(WrongHeader::Key)?;
        codec::decode(info).map_err(|_| WrongHeader::Info)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::TargetKey;

    fn key() -> (FunctionId, Request, Digest) {
        let id = FunctionId {
            module: "m".to_string(),
            function: "f".to_string(),
        };
        let request = Request {
            types: vec![brolga_abi::DType::F32],
            options: vec![1],
            target: TargetKey {
                triple: "t".to_string(),
                cpu: "c".to_string(),
                features: vec!["a".to_string()],
            },
            build_id: [2; 32],
            abi_hash: 3,
        };
        (id, request, [4; 32])
    }

    fn key_ref((id, request, fingerprint): &(FunctionId, Request, Digest)) -> KeyRef<'_> {
        KeyRef {
            id,
            request,
            fingerprint,
        }
    }

    fn info() -> ObjectInfo {
        ObjectInfo {
            entry_symbol: "e".to_string(),
            imports: vec!["i".to_string()],
            can_fail: false,
            cost: 5,
            loops: vec![],
        }
    }

    #[test]
    fn the_object_comes_back_aligned_with_its_description() {
        for length in 0..40 {
            let elf = vec![7; length];
            let (bytes, digest) = encode(None, key_ref(&key()), &info(), &elf).unwrap();
            let parts = check(None, &bytes).unwrap();
            assert_eq!(parts.digest, digest);
            assert_eq!(parts.info(&bytes, key_ref(&key())), Ok(info()));
            assert_eq!(parts.elf_start % ALIGNMENT, 0);
            assert_eq!(bytes[parts.elf_start..], elf);
        }
    }

    #[test]
    fn a_key_that_differs_anywhere_is_not_taken() {
        let (bytes, _) = encode(None, key_ref(&key()), &info(), b"elf").unwrap();
        let parts = check(None, &bytes).unwrap();
        let mut others = vec![key(); 9];
        others[0].0.module.push('x');
        others[1].0.function = String::new();
        others[2].1.types.push(brolga_abi::DType::Bool);
        others[3].1.options = vec![2];
        others[4].1.target.triple = "u".to_string();
        others[5].1.target.features.clear();
        others[6].1.build_id[0] = 0;
        others[7].1.abi_hash = 4;
        others[8].2[31] = 0;
        for (number, other) in others.iter().enumerate() {
            let found = parts.info(&bytes, key_ref(other));
            assert_eq!(found, Err(WrongHeader::Key), "change {number}");
        }
    }

    #[test]
    fn a_right_digest_over_a_nonsense_description_does_not_decode() {
        let (mut bytes, _) = encode(None, key_ref(&key()), &info(), b"elf").unwrap();
        let header_end = check(None, &bytes).unwrap().header_end;
        bytes[header_end - 1] = 0xff;
        let digest = content_digest(None, &bytes);
        bytes[32..HEADER_START].copy_from_slice(&digest);
        let parts = check(None, &bytes).unwrap();
        let found = parts.info(&bytes, key_ref(&key()));
        assert_eq!(found, Err(WrongHeader::Info));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_checked_without_a_panic(mut bytes: Vec<u8>, with_magic: bool) {
            if with_magic && bytes.len() >= 12 {
                bytes[..8].copy_from_slice(&MAGIC);
                bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
            }
            proptest::prop_assert!(check(None, &bytes).is_err());
        }
    }
}
