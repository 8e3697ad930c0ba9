//! The index file, `.nbi`: what is known of one function. Which objects there are, for
//! which request, from which texts, and the metadata of the function by text.
//!
//! The layout, all numbers little-endian:
//!
//! 1. bytes 0 to 7: the magic, `89 "BRLGnbi"`;
//! 2. bytes 8 to 11: the format version;
//! 3. bytes 12 to 15: zero, or the number of the key that the digests are keyed with;
//! 4. bytes 16 to 19: the number of overloads, N;
//! 5. bytes 20 to 23: the length of the head, in bytes;
//! 6. bytes 24 to 31: the length of the file, in bytes;
//! 7. bytes 32 to 63: the blake3 digest of bytes 0 to 31, the table and the head;
//! 8. from byte 64: the table, N rows of 40 bytes, ascending by their first field: the
//!    first 16 bytes of the digest of the request, the first 16 bytes of the blake3 digest of
//!    the section, where the section begins (4), its length in bytes (4);
//! 9. the head, in the codec's encoding: the function's identity, and the last
//!    [`KEPT_METAS`] (text, build id, metadata), oldest first;
//! 10. the sections, one per row, in order and without gaps, each in the codec's encoding:
//!     the request, and the last [`KEPT_VERSIONS`] (fingerprint, object digest, object
//!     length, the last [`KEPT_TEXTS`] (text, tables of sites and globals)), oldest first.
//!
//! The table lets a lookup digest and decode one section out of a thousand; its rows are
//! short, because all of them are read and digested. The same stores in the same order give
//! the same bytes: there are no times and no addresses in it.
//!
//! Invariant: [`IndexView`] and [`IndexContents`] hold only what had its digest and decoded.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use brolga_abi::{ElementType, FunctionMeta, KernelKind, ParamType, TextTables};
use serde::{Deserialize, Serialize};

use crate::codec::{self, CodecError};
use crate::files::{Files, OpenFile, ReadFailure, Stamp};
use crate::folder::FORMAT_VERSION;
use crate::key::{Digest, FunctionId, Request, TextKey};
use crate::keyed::{self, CacheKey};
use crate::reason::Damage;
use crate::stats::{LoadTimes, lock};

/// How many texts of one meaning are known at a time.
pub(crate) const KEPT_TEXTS: usize = 8;
/// How many meanings are kept per request: edits of one function, or functions of one name
/// in files of one name.
pub(crate) const KEPT_VERSIONS: usize = 16;
/// For how many texts the metadata is kept: one for each kept meaning.
pub(crate) const KEPT_METAS: usize = KEPT_VERSIONS;

const MAGIC: [u8; 8] = *b"\x89BRLGnbi";
const TABLE_START: usize = 64;
const ROW: usize = 40;
/// How much of a digest stands in a row, in bytes.
const SHORT: usize = 16;
/// What is read at once: all of an ordinary index.
const FIRST_READ: usize = 16 << 10;

/// What is known of the function whatever the request.
#[derive(Clone, Serialize, Deserialize, PartialEq, Debug)]
struct Head {
    id: FunctionId,
    metas: Vec<TextMeta>,
}

#[derive(Clone, Serialize, Deserialize, PartialEq, Debug)]
struct TextMeta {
    text: TextKey,
    build_id: [u8; 32],
    meta: FunctionMeta,
}

/// What is known for one request.
#[derive(Clone, Serialize, Deserialize, PartialEq, Debug)]
pub(crate) struct Overload {
    pub(crate) request: Request,
    pub(crate) versions: Vec<Version>,
}

/// One meaning of the function's text.
#[derive(Clone, Serialize, Deserialize, PartialEq, Debug)]
pub(crate) struct Version {
    pub(crate) fingerprint: Digest,
    pub(crate) object: ObjectRef,
    pub(crate) texts: Vec<TextSites>,
}

impl Version {
    pub(crate) fn tables(&self, text: &TextKey) -> Option<&TextTables> {
        let found = self.texts.iter().find(|known| known.text == *text)?;
        Some(&found.tables)
    }
}

/// An object file: its name follows from the digest.
#[derive(Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Debug)]
pub(crate) struct ObjectRef {
    pub(crate) digest: Digest,
    /// Of the whole file, in bytes.
    pub(crate) length: u64,
}

#[derive(Clone, Serialize, Deserialize, PartialEq, Debug)]
pub(crate) struct TextSites {
    pub(crate) text: TextKey,
    pub(crate) tables: TextTables,
}

/// Where the parts are, from the first 64 bytes.
struct Layout {
    rows: usize,
    head_start: usize,
    head_end: usize,
    /// Of the key that the digests are keyed with; zero if they are not.
    number: u32,
    digest: Digest,
}

impl Layout {
    /// From the first bytes of a file of `length` bytes.
    fn read(bytes: &[u8], length: usize) -> Result<Layout, Damage> {
        if !bytes.starts_with(&MAGIC[..bytes.len().min(8)]) {
            return Err(Damage::Magic);
        }
        let version = codec::u32_at(bytes, 8).ok_or(Damage::Truncated)?;
        if version != FORMAT_VERSION {
            return Err(Damage::Version);
        }
        let number = codec::u32_at(bytes, 12).ok_or(Damage::Truncated)?;
        let rows = codec::u32_at(bytes, 16).ok_or(Damage::Truncated)? as usize;
        let head_length = codec::u32_at(bytes, 20).ok_or(Damage::Truncated)? as usize;
        let file_length = codec::length_at(bytes, 24).ok_or(Damage::Truncated)?;
        let digest = codec::digest_at(bytes, 32).ok_or(Damage::Truncated)?;
        let head_start = rows
            .checked_mul(ROW)
            .and_then(|table| table.checked_add(TABLE_START))
            .ok_or(Damage::Truncated)?;
        let head_end = head_start
            .checked_add(head_length)
            .filter(|end| *end <= length && file_length == length)
            .ok_or(Damage::Truncated)?;
        Ok(Layout {
            rows,
            head_start,
            head_end,
            number,
            digest,
        })
    }

    /// Checks and decodes the head, given all bytes up to its end.
    fn head(
        &self,
        key: Option<&CacheKey>,
        bytes: &[u8],
        is_meant: impl Fn(&FunctionId) -> bool,
    ) -> Result<Head, Damage> {
        keyed::check(self.number, key)?;
        if !keyed::same(&prefix_digest(key, &bytes[..self.head_end]), &self.digest) {
            return Err(Damage::Digest);
        }
        let head: Head =
            codec::decode(&bytes[self.head_start..self.head_end]).map_err(|_| Damage::Decode)?;
        if !is_meant(&head.id) {
            return Err(Damage::Identity);
        }
        if !head.metas.iter().all(|known| is_consistent(&known.meta)) {
            return Err(Damage::Decode);
        }
        Ok(head)
    }
}

fn prefix_digest(key: Option<&CacheKey>, prefix: &[u8]) -> Digest {
    let mut hasher = keyed::hasher(key);
    hasher.update(&prefix[..32]);
    hasher.update(&prefix[TABLE_START..]);
    hasher.finalize().into()
}

/// Whether numbers in `meta` that refer to its own lists do, so that no user of it panics.
fn is_consistent(meta: &FunctionMeta) -> bool {
    let element = |element: &ElementType| {
        let number = element.parameter();
        number.is_none_or(|number| usize::from(number) < meta.type_params.len())
    };
    let kind = match &meta.kind {
        KernelKind::Vectorize | KernelKind::Jit { .. } => true,
        KernelKind::Guvectorize(signature) => signature
            .operands()
            .flatten()
            .all(|dim| *dim < signature.dims.len()),
    };
    let params = meta.params.iter().all(|param| match &param.ty {
        ParamType::Scalar(ty) => element(ty),
        ParamType::View {
            element: ty, ndim, ..
        } => element(ty) && *ndim <= 6,
    });
    kind && params && meta.results.iter().all(element)
}

/// The part of a digest that stands in a row.
type ShortDigest = [u8; SHORT];

/// What stands in a row about its section.
fn section_digest(key: Option<&CacheKey>, section: &[u8]) -> ShortDigest {
    let mut hasher = keyed::hasher(key);
    hasher.update(section);
    short(hasher.finalize().as_bytes())
}

fn short(digest: &Digest) -> ShortDigest {
    let mut kept = [0; SHORT];
    kept.copy_from_slice(&digest[..SHORT]);
    kept
}

/// One row of the table.
struct Row {
    request: ShortDigest,
    section: ShortDigest,
    start: usize,
    length: usize,
}

impl Row {
    fn read(bytes: &[u8], number: usize) -> Option<Row> {
        let at = TABLE_START + number * ROW;
        let row = bytes.get(at..at + ROW)?;
        Some(Row {
            request: row[..SHORT].try_into().ok()?,
            section: row[SHORT..2 * SHORT].try_into().ok()?,
            start: codec::u32_at(row, 2 * SHORT)? as usize,
            length: codec::u32_at(row, 2 * SHORT + 4)? as usize,
        })
    }

    /// Where the section is.
    fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.length
    }

    fn describes(&self, key: Option<&CacheKey>, section: &[u8]) -> bool {
        // In constant time, as all digests are compared.
        let wide = |kept: ShortDigest| {
            let mut digest = [0; 32];
            digest[..SHORT].copy_from_slice(&kept);
            digest
        };
        keyed::same(&wide(section_digest(key, section)), &wide(self.section))
    }
}

/// An index as lookups use it: the head is decoded, a section when it is asked for.
#[derive(Debug)]
pub(crate) struct IndexView {
    pub(crate) stamp: Stamp,
    head: Head,
    rows: usize,
    /// The first bytes of the file, at least to the end of the head.
    prefix: Vec<u8>,
    /// The file, kept open when there is more of it. A writer replaces the name and never
    /// the bytes, so both are of one state.
    rest: Option<OpenFile>,
    /// That the digests are keyed with.
    key: Option<CacheKey>,
    /// What was decoded, by the digest of the request.
    versions: Mutex<HashMap<Digest, Arc<Vec<Version>>>>,
}

impl IndexView {
    /// The index of `id` in `open`, with digests keyed with `key` if there is one.
    pub(crate) fn read(
        files: &Files,
        open: OpenFile,
        key: Option<&CacheKey>,
        id: &FunctionId,
        times: &mut LoadTimes,
    ) -> Result<IndexView, ReadFailure> {
        let start = Instant::now();
        let mut prefix = files.read(&open, 0, open.length.min(FIRST_READ))?;
        let layout = Layout::read(&prefix, open.length)?;
        if layout.head_end > prefix.len() {
            let more = layout.head_end - prefix.len();
            prefix.extend(files.read(&open, prefix.len(), more)?);
        }
        times.read += start.elapsed();

        let start = Instant::now();
        let head = layout.head(key, &prefix, |found| found == id)?;
        times.decode += start.elapsed();
        Ok(IndexView {
            stamp: open.stamp,
            head,
            rows: layout.rows,
            rest: (open.length > prefix.len()).then_some(open),
            prefix,
            key: key.cloned(),
            versions: Mutex::default(),
        })
    }

    pub(crate) fn meta(&self, text: &TextKey, build_id: &[u8; 32]) -> Option<&FunctionMeta> {
        let found = self
            .head
            .metas
            .iter()
            .find(|known| known.text == *text && known.build_id == *build_id)?;
        Some(&found.meta)
    }

    /// The meanings that are known for `request`, oldest first.
    pub(crate) fn versions(
        &self,
        files: &Files,
        request: &Request,
        times: &mut LoadTimes,
    ) -> Result<Option<Arc<Vec<Version>>>, ReadFailure> {
        let start = Instant::now();
        let digest = request.digest();
        if let Some(known) = lock(&self.versions).get(&digest) {
            times.decode += start.elapsed();
            return Ok(Some(Arc::clone(known)));
        }
        let key = short(&digest);
        let (mut low, mut high) = (0, self.rows);
        while low < high {
            let middle = low.midpoint(high);
            let row = Row::read(&self.prefix, middle).ok_or(Damage::Decode)?;
            if row.request < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let found =
            Row::read(&self.prefix, low).filter(|row| low < self.rows && row.request == key);
        let Some(row) = found else {
            times.decode += start.elapsed();
            return Ok(None);
        };
        let from_file;
        let bytes = match (self.prefix.get(row.range()), &self.rest) {
            (Some(bytes), _) => bytes,
            (None, Some(open)) => {
                from_file = files.read(open, row.start, row.length)?;
                &from_file
            }
            (None, None) => return Err(Damage::Truncated.into()),
        };
        let versions = Arc::new(versions_of(self.key.as_ref(), bytes, &row, request)?);
        lock(&self.versions).insert(digest, Arc::clone(&versions));
        times.decode += start.elapsed();
        Ok(Some(versions))
    }
}

/// Checks and decodes the section at `row`, which must be about `request`. The request is
/// compared as bytes: its encoding has one form for each value.
fn versions_of(
    key: Option<&CacheKey>,
    bytes: &[u8],
    row: &Row,
    request: &Request,
) -> Result<Vec<Version>, Damage> {
    if !row.describes(key, bytes) {
        return Err(Damage::Digest);
    }
    let request = codec::encode(request).map_err(|_| Damage::Identity)?;
    let versions = bytes.strip_prefix(&request[..]).ok_or(Damage::Identity)?;
    codec::decode(versions).map_err(|_| Damage::Decode)
}

/// All of an index, as a writer changes it. Sections stay encoded until one is changed.
#[derive(PartialEq, Debug)]
pub(crate) struct IndexContents {
    head: Head,
    sections: BTreeMap<ShortDigest, Vec<u8>>,
}

/// An entry to be learned: code for a request, and one text that it may be made from.
#[derive(Clone, Copy)]
pub(crate) struct Lesson<'a> {
    pub(crate) text: &'a TextKey,
    pub(crate) request: &'a Request,
    pub(crate) fingerprint: &'a Digest,
    pub(crate) object: ObjectRef,
    /// That of the text, if it is known.
    pub(crate) meta: Option<&'a FunctionMeta>,
    pub(crate) tables: &'a TextTables,
}

impl IndexContents {
    pub(crate) fn new(id: FunctionId) -> IndexContents {
        IndexContents {
            head: Head {
                id,
                metas: Vec::new(),
            },
            sections: BTreeMap::new(),
        }
    }

    /// From the bytes of a whole file, if it is about a function that `is_meant`. Sections
    /// that are damaged are left out; the second result tells whether there was one.
    pub(crate) fn decode(
        key: Option<&CacheKey>,
        bytes: &[u8],
        is_meant: impl Fn(&FunctionId) -> bool,
    ) -> Result<(IndexContents, bool), Damage> {
        let layout = Layout::read(bytes, bytes.len())?;
        let head = layout.head(key, bytes, is_meant)?;
        let mut sections = BTreeMap::new();
        let mut damaged = false;
        for number in 0..layout.rows {
            let row = Row::read(bytes, number).ok_or(Damage::Decode)?;
            let sound = bytes
                .get(row.range())
                .filter(|section| row.describes(key, section));
            match sound {
                Some(bytes) => drop(sections.insert(row.request, bytes.to_vec())),
                None => damaged = true,
            }
        }
        Ok((IndexContents { head, sections }, damaged))
    }

    /// The bytes of the file, with digests keyed with `key` if there is one.
    pub(crate) fn encode(&self, key: Option<&CacheKey>) -> Result<Vec<u8>, CodecError> {
        let head = codec::encode(&self.head)?;
        let rows = u32::try_from(self.sections.len()).map_err(|_| CodecError)?;
        let head_end = TABLE_START + self.sections.len() * ROW + head.len();
        let length = head_end + self.sections.values().map(Vec::len).sum::<usize>();
        if length > codec::LIMIT {
            return Err(CodecError);
        }
        let mut bytes = Vec::with_capacity(length);
        bytes.extend(MAGIC);
        bytes.extend(FORMAT_VERSION.to_le_bytes());
        bytes.extend(keyed::number(key).to_le_bytes());
        bytes.extend(rows.to_le_bytes());
        // It fits, because the limit does.
        bytes.extend((head.len() as u32).to_le_bytes());
        bytes.extend((length as u64).to_le_bytes());
        bytes.extend([0; 32]);
        let mut start = head_end;
        for (request, section) in &self.sections {
            bytes.extend(request);
            bytes.extend(section_digest(key, section));
            // Both fit, because the limit does.
            bytes.extend((start as u32).to_le_bytes());
            bytes.extend((section.len() as u32).to_le_bytes());
            start += section.len();
        }
        bytes.extend(head);
        let digest = prefix_digest(key, &bytes);
        bytes[32..TABLE_START].copy_from_slice(&digest);
        for section in self.sections.values() {
            bytes.extend(section);
        }
        Ok(bytes)
    }

    /// The function that the index is about.
    pub(crate) fn id(&self) -> &FunctionId {
        &self.head.id
    }

    /// The metadata for a text.
    pub(crate) fn meta(&self, text: &TextKey, build_id: &[u8; 32]) -> Option<&FunctionMeta> {
        let is_it = |known: &&TextMeta| known.text == *text && known.build_id == *build_id;
        Some(&self.head.metas.iter().find(is_it)?.meta)
    }

    /// Whether an overload has this object.
    pub(crate) fn names(&self, object: &ObjectRef) -> bool {
        self.overloads()
            .flat_map(|overload| overload.versions)
            .any(|version| version.object == *object)
    }

    /// Every overload that decodes.
    pub(crate) fn overloads(&self) -> impl Iterator<Item = Overload> {
        self.sections
            .values()
            .filter_map(|bytes| codec::decode(bytes).ok())
    }

    /// Keeps of each overload the versions that `keep` takes, and no overload without one.
    /// Returns whether there was a section that cannot be decoded; it is not kept.
    pub(crate) fn retain(
        &mut self,
        mut keep: impl FnMut(&FunctionId, &Request, &Version) -> bool,
    ) -> Result<bool, CodecError> {
        let mut damaged = false;
        for (key, bytes) in std::mem::take(&mut self.sections) {
            let sound = codec::decode::<Overload>(&bytes).ok();
            let sound = sound.filter(|overload| short(&overload.request.digest()) == key);
            let Some(mut overload) = sound else {
                damaged = true;
                continue;
            };
            let request = &overload.request;
            overload
                .versions
                .retain(|version| keep(&self.head.id, request, version));
            if !overload.versions.is_empty() {
                self.sections.insert(key, codec::encode(&overload)?);
            }
        }
        Ok(damaged)
    }

    /// Takes in `lesson`. Returns the objects that nothing names any more.
    pub(crate) fn learn(&mut self, lesson: Lesson<'_>) -> Result<Vec<ObjectRef>, CodecError> {
        let Lesson {
            text,
            request,
            fingerprint,
            object,
            meta,
            tables,
        } = lesson;
        if let Some(meta) = meta {
            replace_or_push(
                &mut self.head.metas,
                KEPT_METAS,
                |known| known.text == *text && known.build_id == request.build_id,
                TextMeta {
                    text: *text,
                    build_id: request.build_id,
                    meta: meta.clone(),
                },
            );
        }

        let key = short(&request.digest());
        let mut overload = self
            .sections
            .get(&key)
            .and_then(|bytes| codec::decode::<Overload>(bytes).ok())
            .filter(|overload| overload.request == *request)
            .unwrap_or_else(|| Overload {
                request: request.clone(),
                versions: Vec::new(),
            });
        let known = overload
            .versions
            .iter()
            .find(|version| version.fingerprint == *fingerprint);
        let mut texts = known.map_or_else(Vec::new, |version| version.texts.clone());
        replace_or_push(
            &mut texts,
            KEPT_TEXTS,
            |known| known.text == *text,
            TextSites {
                text: *text,
                tables: tables.clone(),
            },
        );
        let dropped = replace_or_push(
            &mut overload.versions,
            KEPT_VERSIONS,
            |version| version.fingerprint == *fingerprint,
            Version {
                fingerprint: *fingerprint,
                object,
                texts,
            },
        );
        // A text means one thing for one request; another meaning can only be an older
        // compiler's, and the newest word counts.
        for version in &mut overload.versions {
            if version.fingerprint != *fingerprint {
                version.texts.retain(|known| known.text != *text);
            }
        }
        self.sections.insert(key, codec::encode(&overload)?);
        Ok(dropped
            .map(|version| version.object)
            .filter(|old| *old != object)
            .into_iter()
            .collect())
    }
}

/// Puts `value` in the place of what it replaces, or last, and then drops the first if there
/// are more than `kept`. Returns what went out.
fn replace_or_push<T>(
    list: &mut Vec<T>,
    kept: usize,
    replaces: impl Fn(&T) -> bool,
    value: T,
) -> Option<T> {
    if let Some(place) = list.iter_mut().find(|known| replaces(known)) {
        return Some(std::mem::replace(place, value));
    }
    list.push(value);
    (list.len() > kept).then(|| list.remove(0))
}

mod review;
#[cfg(test)]
mod tests;

pub(crate) use review::Review;
