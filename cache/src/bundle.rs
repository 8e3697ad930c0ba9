//! The bundle, `.nbb`: many index and object files in one file, as they are. Only bytes of
//! the header and the table here; what is in the files is checked by whoever reads them.
//!
//! The layout, all numbers little-endian:
//!
//! 1. bytes 0 to 7: the magic, `89 "BRLGnbb"`;
//! 2. bytes 8 to 11: the format version, the one of the files inside;
//! 3. bytes 12 to 15: the number of files, N;
//! 4. bytes 16 to 23: the length of the table, in bytes;
//! 5. bytes 24 to 31: the length of the bundle, in bytes;
//! 6. bytes 32 to 63: the blake3 digest of bytes 0 to 31 and the table, never keyed;
//! 7. from byte 64: the table, N rows, strictly ascending by name: where the file begins (8),
//!    its length in bytes (8), its blake3 digest, never keyed (32), the length of its name
//!    (2), its name;
//! 8. the files, in the order of the table and without gaps, to the end.
//!
//! The digests show damage and no more: a keyed file carries its own keyed digest.
//!
//! Invariant: in a [`Table`] every name is one of ours, without a path, every length is within
//! the limit of a file, and the files fill the bundle exactly.

use crate::codec;
use crate::files::{Content, FileKind, Files, OpenFile, ReadFailure, Stamp};
use crate::folder::{FORMAT_VERSION, OwnName, classify};
use crate::key::Digest;
use crate::keyed;
use crate::reason::Damage;

const MAGIC: [u8; 8] = *b"\x89BRLGnbb";
const HEADER: usize = 64;
/// A row without its name, in bytes.
const ROW: usize = 8 + 8 + 32 + 2;
/// The longest name of a file, in bytes: what a file system takes.
const MAX_NAME: usize = 255;

/// One file of a bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// Where it begins in the bundle.
    pub(crate) start: u64,
    /// In bytes; at most [`codec::LIMIT`].
    pub(crate) length: usize,
    pub(crate) digest: Digest,
}

impl Row {
    pub(crate) fn kind(&self) -> FileKind {
        match self.name.ends_with(".nbi") {
            true => FileKind::Index,
            false => FileKind::Object,
        }
    }
}

/// A file that is to be put into a bundle.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) length: usize,
    pub(crate) digest: Digest,
}

/// The header and the table of a bundle of `members`, which ascend by name, and the length
/// of the whole bundle in bytes. `None` when the table is too large.
pub(crate) fn encode(members: &[Member]) -> Option<(Vec<u8>, u64)> {
    let table: usize = members.iter().map(|member| ROW + member.name.len()).sum();
    if table > codec::LIMIT {
        return None;
    }
    let mut start = (HEADER + table) as u64;
    let length = start
        + members
            .iter()
            .map(|member| member.length as u64)
            .sum::<u64>();
    let mut bytes = Vec::with_capacity(HEADER + table);
    bytes.extend(MAGIC);
    bytes.extend(FORMAT_VERSION.to_le_bytes());
    bytes.extend(u32::try_from(members.len()).ok()?.to_le_bytes());
    bytes.extend((table as u64).to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend([0; 32]);
    for member in members {
        bytes.extend(start.to_le_bytes());
        bytes.extend((member.length as u64).to_le_bytes());
        bytes.extend(member.digest);
        bytes.extend(u16::try_from(member.name.len()).ok()?.to_le_bytes());
        bytes.extend(member.name.as_bytes());
        start += member.length as u64;
    }
    let digest = table_digest(&bytes);
    bytes[32..HEADER].copy_from_slice(&digest);
    Some((bytes, length))
}

fn table_digest(bytes: &[u8]) -> Digest {
    let mut hasher = keyed::hasher(None);
    hasher.update(&bytes[..32]);
    hasher.update(&bytes[HEADER..]);
    hasher.finalize().into()
}

/// The length of the table that follows `header`, the first bytes of a bundle of `length`
/// bytes.
fn table_length(header: &[u8], length: u64) -> Result<usize, Damage> {
    if !header.starts_with(&MAGIC[..header.len().min(8)]) {
        return Err(Damage::Magic);
    }
    let version = codec::u32_at(header, 8).ok_or(Damage::Truncated)?;
    if version != FORMAT_VERSION {
        return Err(Damage::Version);
    }
    let table = codec::length_at(header, 16).ok_or(Damage::Truncated)?;
    let whole = codec::length_at(header, 24).ok_or(Damage::Truncated)?;
    if table > codec::LIMIT {
        return Err(Damage::TooLarge);
    }
    if header.len() < HEADER || whole as u64 != length || (HEADER + table) as u64 > length {
        return Err(Damage::Truncated);
    }
    Ok(table)
}

/// The rows in `bytes`, the header and the table of a bundle of `length` bytes.
fn rows(bytes: &[u8], length: u64) -> Result<Vec<Row>, Damage> {
    if !keyed::same(
        &table_digest(bytes),
        &codec::digest_at(bytes, 32).ok_or(Damage::Truncated)?,
    ) {
        return Err(Damage::Digest);
    }
    let count = codec::u32_at(bytes, 12).ok_or(Damage::Truncated)?;
    let mut rows: Vec<Row> = Vec::new();
    let (mut at, mut next) = (HEADER, bytes.len() as u64);
    while at < bytes.len() {
        let row = row(bytes, at).ok_or(Damage::Decode)?;
        let is_after = rows.last().is_none_or(|last| last.name < row.name);
        if !is_after || row.start != next {
            return Err(Damage::Decode);
        }
        at += ROW + row.name.len();
        next = next
            .checked_add(row.length as u64)
            .ok_or(Damage::Truncated)?;
        rows.push(row);
    }
    if next != length {
        return Err(Damage::Truncated);
    }
    if rows.len() != count as usize {
        return Err(Damage::Decode);
    }
    Ok(rows)
}

fn row(bytes: &[u8], at: usize) -> Option<Row> {
    let start = codec::length_at(bytes, at)? as u64;
    let length = codec::length_at(bytes, at + 8)?;
    let digest = codec::digest_at(bytes, at + 16)?;
    let name_length = bytes.get(at + 48..at + ROW)?;
    let name_length = usize::from(u16::from_le_bytes(name_length.try_into().ok()?));
    if length > codec::LIMIT || name_length > MAX_NAME {
        return None;
    }
    let name = bytes.get(at + ROW..at + ROW + name_length)?;
    let name = std::str::from_utf8(name).ok()?.to_string();
    let kind = classify(&name)?;
    matches!(kind, OwnName::Index | OwnName::Object).then_some(Row {
        name,
        start,
        length,
        digest,
    })
}

/// A bundle whose table was read and checked.
#[derive(Debug)]
pub(crate) struct Bundle {
    content: Content,
    pub(crate) stamp: Stamp,
    pub(crate) rows: Vec<Row>,
}

impl Bundle {
    /// The bundle in `content`, which has `length` bytes.
    pub(crate) fn read(
        files: &Files,
        content: Content,
        stamp: Stamp,
        length: u64,
    ) -> Result<Bundle, ReadFailure> {
        let first = usize::try_from(length).unwrap_or(usize::MAX);
        let part = |from: u64, length: usize| {
            let open = OpenFile::of(content.from(from), FileKind::Bundle, stamp, length);
            files.read(&open, 0, length)
        };
        let mut bytes = part(0, first.min(HEADER))?;
        let table = table_length(&bytes, length)?;
        bytes.extend(part(HEADER as u64, table)?);
        let rows = rows(&bytes, length)?;
        Ok(Bundle {
            content,
            stamp,
            rows,
        })
    }

    /// The file `name` in it.
    pub(crate) fn row(&self, name: &str) -> Option<&Row> {
        let found = self
            .rows
            .binary_search_by(|row| row.name.as_str().cmp(name));
        self.rows.get(found.ok()?)
    }

    pub(crate) fn open(&self, row: &Row) -> OpenFile {
        let content = self.content.from(row.start);
        OpenFile::of(content, row.kind(), self.stamp, row.length)
    }

    /// All of the file at `row`, if it has the digest in the table.
    pub(crate) fn whole(&self, files: &Files, row: &Row) -> Result<Vec<u8>, ReadFailure> {
        let bytes = files.read(&self.open(row), 0, row.length)?;
        match keyed::same(blake3::hash(&bytes).as_bytes(), &row.digest) {
            true => Ok(bytes),
            false => Err(Damage::Digest.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index_name(number: u8) -> String {
        format!("m.f-{number:016x}.nbi")
    }

    fn bundle(names: &[String]) -> Vec<u8> {
        let member = |name: &String| Member {
            name: name.clone(),
            length: 3,
            digest: blake3::hash(b"abc").into(),
        };
        let members: Vec<Member> = names.iter().map(member).collect();
        let (mut bytes, length) = encode(&members).unwrap();
        bytes.extend(b"abc".repeat(names.len()));
        assert_eq!(bytes.len() as u64, length);
        bytes
    }

    fn read(bytes: Vec<u8>) -> Result<Bundle, ReadFailure> {
        let length = bytes.len() as u64;
        let content = Content::Bytes(bytes.leak());
        Bundle::read(&Files::new(None), content, Stamp::CONSTANT, length)
    }

    /// Gives altered bytes the digest that their table now has.
    fn seal(bytes: &mut [u8], names: &[String]) {
        let table: usize = names.iter().map(|name| ROW + name.len()).sum();
        let digest = table_digest(&bytes[..HEADER + table]);
        bytes[32..HEADER].copy_from_slice(&digest);
    }

    #[test]
    fn files_come_back_by_name() {
        let names = [index_name(1), index_name(2), index_name(3)];
        let bundle = read(bundle(&names)).unwrap();
        for name in &names {
            let row = bundle.row(name).unwrap();
            assert_eq!(bundle.whole(&Files::new(None), row).unwrap(), b"abc");
        }
        assert_eq!(bundle.row(&index_name(4)), None);
    }

    #[test]
    fn names_that_are_not_ours_or_out_of_order_are_refused() {
        let bad = Some(ReadFailure::Bad(Damage::Decode));
        for names in [
            vec!["../m.f-0000000000000001.nbi".to_string()],
            vec!["/m.f-0000000000000001.nbi".to_string()],
            vec!["notes".to_string()],
            vec!["index-00.lock".to_string()],
            vec!["tmp-1-1-0000000000000001".to_string()],
            vec![index_name(2), index_name(1)],
            vec![index_name(1), index_name(1)],
        ] {
            assert_eq!(read(bundle(&names)).err(), bad, "{names:?}");
        }
    }

    #[test]
    fn claims_that_are_not_true_are_refused_under_a_right_digest() {
        let names = [index_name(1), index_name(2)];
        let sound = bundle(&names);
        let second = HEADER + ROW + names[0].len();
        for at in [
            12,
            16,
            24,
            HEADER,
            HEADER + 8,
            HEADER + 48,
            second,
            second + 8,
        ] {
            for value in [0, 1, 0x7f, 0xff] {
                for width in [1, 2, 8] {
                    let mut bytes = sound.clone();
                    bytes[at..at + width].fill(value);
                    if bytes == sound {
                        continue;
                    }
                    seal(&mut bytes, &names);
                    assert!(read(bytes).is_err(), "{at} {value} {width}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_refused_without_a_panic(mut bytes: Vec<u8>, with_magic: bool) {
            if with_magic && bytes.len() >= 12 {
                bytes[..8].copy_from_slice(&MAGIC);
                bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
            }
            proptest::prop_assert!(read(bytes).is_err());
        }
    }
}
