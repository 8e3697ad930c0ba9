//! Looking at all of the folder as lookups would, and changing nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::cache::{Cache, Inner};
use crate::error::CacheError;
use crate::files::{FileKind, ReadFailure};
use crate::find::{index_reason, object_reason};
use crate::folder::{Folder, OwnName, classify};
use crate::index::{Overload, Review};
use crate::key::FunctionId;
use crate::object;
use crate::reason::MissReason;

/// What [`Cache::verify`] found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Verified {
    /// Indexes that are sound from the first byte to the last.
    pub indexes: u64,
    /// Objects that an index names and that are sound.
    pub objects: u64,
    /// The sizes of both, in bytes.
    pub bytes: u64,
    /// Files that a lookup would not use, by name. An index may be here for one of its
    /// entries; the others of it are still found.
    pub bad: Vec<BadFile>,
    /// Objects that no index names, by name: what a crash between object and index leaves.
    /// They do no harm, are found by nobody, and are removed with the first eviction or
    /// prune that meets them when they are an hour old.
    pub unnamed: Vec<UnnamedObject>,
}

impl Verified {
    /// Whether no file is bad.
    pub fn is_sound(&self) -> bool {
        self.bad.is_empty()
    }
}

/// A file that a lookup would not use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadFile {
    /// Its name in the folder.
    pub name: String,
    /// What a lookup would say.
    pub reason: MissReason,
}

/// An object that no index names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnnamedObject {
    /// Its name in the folder.
    pub name: String,
    /// Its size, in bytes.
    pub bytes: u64,
}

impl Cache {
    /// Checks every index and every object as lookups do, and changes nothing: nothing is
    /// counted as a miss, set aside or removed. Files of ours only; temporaries and what was
    /// set aside are left out.
    ///
    /// # Errors
    /// When there is no folder that may be used. One that is not there yet is sound.
    pub fn verify(&self) -> Result<Verified, CacheError> {
        let mut verified = Verified::default();
        let Some(folder) = self.inner.readable()? else {
            return Ok(verified);
        };
        let mut names: Vec<String> = folder.names().collect();
        names.sort();
        let mut named = BTreeSet::new();
        for name in &names {
            if classify(name) == Some(OwnName::Index) {
                self.inner
                    .verify_index(folder, name, &mut named, &mut verified);
            }
        }
        for name in names {
            if classify(&name) == Some(OwnName::Object) && !named.contains(&name) {
                let metadata = std::fs::symlink_metadata(folder.join(&name));
                // One that went meanwhile is not there.
                if let Ok(metadata) = metadata {
                    let bytes = metadata.len();
                    verified.unnamed.push(UnnamedObject { name, bytes });
                }
            }
        }
        verified.bad.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(verified)
    }
}

impl Inner {
    /// Checks the index `name` and the objects that it names, whose names go to `named`.
    fn verify_index(
        &self,
        folder: &Folder,
        name: &str,
        named: &mut BTreeSet<String>,
        verified: &mut Verified,
    ) {
        let read = || -> Result<(u64, Review), ReadFailure> {
            let path = folder.join(name);
            let bytes = self.files.read_whole(&path, FileKind::Index)?;
            let review = Review::of(self.key.as_ref(), &bytes, |found| {
                found.index_name() == name
            })?;
            Ok((bytes.len() as u64, review))
        };
        let bad = |failure| BadFile {
            name: name.to_string(),
            reason: index_reason(failure),
        };
        let (bytes, review) = match read() {
            Ok(found) => found,
            // It went meanwhile.
            Err(ReadFailure::Missing) => return,
            Err(failure) => {
                verified.bad.push(bad(failure));
                return;
            }
        };
        match review.damage {
            None => {
                verified.indexes += 1;
                verified.bytes += bytes;
            }
            Some(damage) => verified.bad.push(bad(ReadFailure::Bad(damage))),
        }
        // Two entries of an index may name one object.
        let mut reasons = BTreeMap::new();
        for overload in &review.overloads {
            for version in &overload.versions {
                let name = review.id.object_name(&version.object.digest);
                let found = self.verify_object(folder, &review.id, overload, version);
                let known = reasons.entry(name).or_insert(found);
                if known.is_ok() {
                    *known = found;
                }
            }
        }
        for (name, found) in reasons {
            named.insert(name.clone());
            match found {
                Ok(bytes) => {
                    verified.objects += 1;
                    verified.bytes += bytes;
                }
                Err(reason) => verified.bad.push(BadFile { name, reason }),
            }
        }
    }

    /// The size of the object of an entry, if a lookup would use it.
    fn verify_object(
        &self,
        folder: &Folder,
        id: &FunctionId,
        overload: &Overload,
        version: &crate::index::Version,
    ) -> Result<u64, MissReason> {
        let path = folder.join(&id.object_name(&version.object.digest));
        let bytes = self
            .files
            .read_whole(&path, FileKind::Object)
            .map_err(object_reason)?;
        object::verify(self.key.as_ref(), &bytes, id, &overload.request, version)?;
        Ok(bytes.len() as u64)
    }
}
