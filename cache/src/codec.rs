//! Rust values as bytes and back. The only place that names bincode: the crate is no longer
//! maintained, and whoever replaces it changes this file and the format version.
//!
//! Invariant: decoding any bytes returns a value or an error, reads no more than
//! [`LIMIT`] bytes, and leaves none over.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The largest file, in bytes, that is written or read.
pub(crate) const LIMIT: usize = 64 << 20;

/// The bytes are not those of a value, or the value has too many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CodecError;

/// A small file must not make us take much memory: a text in it that says it is long is
/// believed up to the limit, before the bytes are looked for. Up to this many bytes the lower
/// limit holds, which is far above what their numbers count for (8 bytes each).
const SMALL: usize = 64 << 10;
const SMALL_LIMIT: usize = 16 * SMALL;

type Config<const LIMIT: usize> = bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    bincode::config::Limit<LIMIT>,
>;

const fn config<const LIMIT: usize>() -> Config<LIMIT> {
    bincode::config::standard().with_limit::<LIMIT>()
}

pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, CodecError> {
    let bytes = bincode::serde::encode_to_vec(value, config::<LIMIT>()).map_err(|_| CodecError)?;
    if bytes.len() > LIMIT {
        return Err(CodecError);
    }
    Ok(bytes)
}

pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    let decoded = if bytes.len() <= SMALL {
        bincode::serde::decode_from_slice(bytes, config::<SMALL_LIMIT>())
    } else {
        bincode::serde::decode_from_slice(bytes, config::<LIMIT>())
    };
    match decoded {
        Ok((value, read)) if read == bytes.len() => Ok(value),
        _ => Err(CodecError),
    }
}

/// The little-endian number at `at`, or `None` behind the end.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(field.try_into().ok()?))
}

/// The little-endian number at `at`, or `None` behind the end or above `usize`.
pub(crate) fn length_at(bytes: &[u8], at: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(8)?)?;
    usize::try_from(u64::from_le_bytes(field.try_into().ok()?)).ok()
}

/// The digest at `at`, or `None` behind the end.
pub(crate) fn digest_at(bytes: &[u8], at: usize) -> Option<[u8; 32]> {
    bytes.get(at..at.checked_add(32)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_left_over_are_refused() {
        let mut bytes = encode(&(7u32, "seven")).unwrap();
        assert_eq!(decode(&bytes), Ok((7u32, "seven".to_string())));
        bytes.push(0);
        assert_eq!(decode::<(u32, String)>(&bytes), Err(CodecError));
    }

    #[test]
    fn a_claimed_length_beyond_the_limit_is_refused_before_memory_is_taken() {
        // 253 says that eight bytes of length follow.
        let mut bytes = vec![253];
        bytes.extend((u64::MAX / 2).to_le_bytes());
        assert_eq!(decode::<Vec<u8>>(&bytes), Err(CodecError));
        assert_eq!(decode::<Vec<String>>(&bytes), Err(CodecError));
    }

    #[test]
    fn what_counts_for_most_decodes_below_and_above_the_lower_limit() {
        // A number counts for eight bytes however short it is written.
        for count in [1, SMALL - 8, SMALL, SMALL + 8] {
            let numbers = vec![0_u64; count];
            let bytes = encode(&numbers).unwrap();
            assert_eq!(decode(&bytes), Ok(numbers), "{count}");
        }
        let text = "x".repeat(SMALL - 8);
        assert_eq!(decode(&encode(&text).unwrap()), Ok(text));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_decode_to_a_value_or_an_error(bytes: Vec<u8>) {
            let _ = decode::<(crate::Request, crate::ObjectInfo)>(&bytes);
            let _ = decode::<Vec<(brolga_abi::FunctionMeta, brolga_abi::TextTables)>>(&bytes);
        }
    }
}
