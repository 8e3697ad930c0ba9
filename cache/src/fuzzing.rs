//! What a process does with the bytes of a file, without the file: for the mutation tests and
//! the fuzz targets, which bring bytes that no writer wrote. Not for anybody else.
//!
//! Each function must return, whatever the bytes.

use std::path::Path;

use brolga_abi::FunctionMeta;

use crate::codec;
use crate::files::{FileKind, Files};
use crate::index::{IndexContents, IndexView, Lesson, ObjectRef, Overload};
use crate::key::{FunctionId, ObjectInfo, Request, TextKey};
use crate::object::{self, KeyRef};
use crate::stats::LoadTimes;

/// Treats `bytes` as an index: as a writer that merges into it and as the lister do. Tells
/// whether it was taken for one.
pub fn index(bytes: &[u8]) -> bool {
    let Ok((mut contents, damaged)) = IndexContents::decode(None, bytes, |_| true) else {
        return false;
    };
    let overloads: Vec<Overload> = contents.overloads().collect();
    if let Ok(written) = contents.encode(None)
        && !damaged
    {
        let (again, damaged) =
            IndexContents::decode(None, &written, |_| true).expect("what was written can be read");
        assert!(
            !damaged && again == contents,
            "an index changes by being written"
        );
    }
    // A writer learns one more text for each request that is there.
    let id = contents.id().clone();
    for Overload { request, versions } in overloads {
        let Some(version) = versions.into_iter().next() else {
            continue;
        };
        let Some(known) = version.texts.first() else {
            continue;
        };
        let lesson = Lesson {
            text: &TextKey([1; 32]),
            request: &request,
            fingerprint: &[2; 32],
            object: ObjectRef {
                digest: [3; 32],
                length: 4,
            },
            meta: Some(&meta(&id)),
            tables: &known.tables,
        };
        let _ = contents.learn(lesson);
    }
    let _ = contents.encode(None);
    true
}

fn meta(id: &FunctionId) -> FunctionMeta {
    FunctionMeta {
        name: id.function.clone(),
        kind: brolga_abi::KernelKind::Vectorize,
        doc: String::new(),
        type_params: Vec::new(),
        params: Vec::new(),
        results: Vec::new(),
        options: brolga_abi::KernelOptions::default(),
    }
}

/// Reads the index at `path` as a lookup of each of `requests` does. Tells how many requests
/// had an entry.
pub fn index_file(path: &Path, id: &FunctionId, requests: &[Request]) -> usize {
    let files = Files::new(None);
    let mut times = LoadTimes::default();
    let Ok(open) = files.open(path, FileKind::Index) else {
        return 0;
    };
    let Ok(view) = IndexView::read(&files, open, None, id, &mut times) else {
        return 0;
    };
    let found = requests.iter().filter(|request| {
        let versions = view.versions(&files, request, &mut times);
        matches!(versions, Ok(Some(_)))
    });
    found.count()
}

/// Treats `bytes` as an object file that is looked up under the key that it bears. Tells
/// whether a lookup would take it.
pub fn object(bytes: &[u8]) -> bool {
    let Ok(parts) = object::check(None, bytes) else {
        return false;
    };
    assert!(parts.elf_start <= bytes.len());
    let Some((id, request, fingerprint)) = key_of(bytes) else {
        return false;
    };
    let key = KeyRef {
        id: &id,
        request: &request,
        fingerprint: &fingerprint,
    };
    let Ok(info) = parts.info(bytes, key) else {
        return false;
    };
    // A key that differs in one bit is not taken.
    let mut other = fingerprint;
    other[31] ^= 1;
    let other = KeyRef {
        fingerprint: &other,
        ..key
    };
    assert!(
        parts.info(bytes, other).is_err(),
        "an entry under another key"
    );
    let _: ObjectInfo = info;
    true
}

/// The key in the header of an object file, if one can be decoded.
fn key_of(bytes: &[u8]) -> Option<(FunctionId, Request, [u8; 32])> {
    let length = codec::length_at(bytes, 16)?;
    let header = bytes.get(64..64_usize.checked_add(length)?)?;
    let (id, request, fingerprint, _info): (_, _, _, ObjectInfo) = codec::decode(header).ok()?;
    Some((id, request, fingerprint))
}

/// Puts right digests over an index whose parts were changed, as far as its parts can be
/// told. What is behind the digests is then tried too.
pub fn seal_index(bytes: &mut [u8]) {
    let Some(rows) = codec::u32_at(bytes, 16).filter(|_| bytes.len() >= 64) else {
        return;
    };
    for row in (0..rows as usize).map(|number| 64 + 40 * number) {
        let (Some(start), Some(length)) = (
            codec::u32_at(bytes, row + 32),
            codec::u32_at(bytes, row + 36),
        ) else {
            break;
        };
        let range = start as usize..start as usize + length as usize;
        if let Some(section) = bytes.get(range) {
            let digest = *blake3::hash(section).as_bytes();
            bytes[row + 16..row + 32].copy_from_slice(&digest[..16]);
        }
    }
    let length = bytes.len() as u64;
    bytes[24..32].copy_from_slice(&length.to_le_bytes());
    let head = codec::u32_at(bytes, 20).map(|head| head as usize);
    let end = head.and_then(|head| head.checked_add(64 + 40 * rows as usize));
    if let Some(end) = end.filter(|end| (64..=bytes.len()).contains(end)) {
        let digest = object::content_digest(None, &bytes[..end]);
        bytes[32..64].copy_from_slice(&digest);
    }
}

/// Puts the right digest over an object file.
pub fn seal_object(bytes: &mut [u8]) {
    if bytes.len() >= 64 {
        let digest = object::content_digest(None, bytes);
        bytes[32..64].copy_from_slice(&digest);
    }
}
