//! Taking the entries of a bundle into the private folder, as if they had been compiled and
//! stored here.
//!
//! Invariant: an entry is taken only after every check that a lookup makes, and with the
//! locks and the merging of an ordinary store.

use std::collections::BTreeSet;
use std::path::Path;

use crate::bundle::{Bundle, Row};
use crate::bundle_moves::{Imported, Skipped};
use crate::cache::{Cache, Inner};
use crate::error::{CacheError, ErrorKind};
use crate::files::{FileKind, ReadFailure, Trust};
use crate::find::{index_reason, object_reason};
use crate::index::{IndexContents, Lesson, Overload, Version};
use crate::key::{FunctionId, Request};
use crate::object;
use crate::place::open_bundle;
use crate::reason::{MissReason, StoreFailure};

impl Cache {
    /// Takes the entries of the bundle `from` into the folder, beside what is there. Every
    /// file is verified first, with the folder's key if it has one, and what is not sound is
    /// left out. Safe beside running readers and writers, and when repeated. Whose file it is
    /// does not matter: naming it is trusting it, unless there is a key.
    ///
    /// # Errors
    /// When `from` is not a bundle with a sound table, when the mode forbids writing, when
    /// there is no folder that may be used, or when an entry cannot be written; those before
    /// it are kept.
    pub fn import(&self, from: &Path) -> Result<Imported, CacheError> {
        let inner = &*self.inner;
        inner.writable().map_err(|failure| inner.refused(failure))?;
        let bundle = open_bundle(&inner.files, from, Trust::Anybody).map_err(|failure| {
            let (kind, what) = match failure {
                ReadFailure::Missing => (ErrorKind::Io, "is not there".to_string()),
                ReadFailure::Bad(damage) => (ErrorKind::Bundle, damage.description().to_string()),
                ReadFailure::Io(kind) => (ErrorKind::Io, format!("cannot be read: {kind}")),
            };
            CacheError::new(kind, format!("the bundle {} {what}", from.display()))
        })?;
        let mut imported = Imported::default();
        let mut named = BTreeSet::new();
        let of_kind = |kind: FileKind| bundle.rows.iter().filter(move |row| row.kind() == kind);
        for row in of_kind(FileKind::Index) {
            match inner.index_of(&bundle, row, &mut imported.skipped) {
                Ok(contents) => inner.take(&bundle, &contents, &mut named, &mut imported)?,
                Err(reason) => imported.skipped.push(Skipped {
                    name: row.name.clone(),
                    reason,
                }),
            }
        }
        for row in of_kind(FileKind::Object) {
            if !named.contains(&row.name) {
                imported.skipped.push(Skipped {
                    name: row.name.clone(),
                    reason: MissReason::NoIndex,
                });
            }
        }
        Ok(imported)
    }
}

impl Inner {
    /// The index at `row`. Sections that are damaged are left out and told in `skipped`.
    fn index_of(
        &self,
        bundle: &Bundle,
        row: &Row,
        skipped: &mut Vec<Skipped>,
    ) -> Result<IndexContents, MissReason> {
        let bytes = bundle.whole(&self.files, row).map_err(index_reason)?;
        let is_meant = |found: &FunctionId| found.index_name() == row.name;
        let (contents, damaged) = IndexContents::decode(self.key.as_ref(), &bytes, is_meant)
            .map_err(MissReason::IndexUnreadable)?;
        if damaged {
            skipped.push(Skipped {
                name: row.name.clone(),
                reason: MissReason::IndexUnreadable(crate::reason::Damage::Digest),
            });
        }
        Ok(contents)
    }

    /// Takes what is sound of one function. Adds the names of its objects to `named`.
    fn take(
        &self,
        bundle: &Bundle,
        contents: &IndexContents,
        named: &mut BTreeSet<String>,
        imported: &mut Imported,
    ) -> Result<(), CacheError> {
        let id = contents.id();
        let overloads: Vec<Overload> = contents.overloads().collect();
        let mut lessons = Vec::new();
        let mut sound = Vec::new();
        let bytes_before = imported.bytes;
        for Overload { request, versions } in &overloads {
            for version in versions {
                let name = id.object_name(&version.object.digest);
                match self.sound_member(bundle, &name, id, request, version) {
                    Ok(bytes) => {
                        sound.push(name.clone());
                        let is_new = self
                            .store_object_file(&name, &bytes)
                            .map_err(|failure| self.refused(failure))?;
                        if is_new {
                            imported.objects += 1;
                            imported.bytes += bytes.len() as u64;
                        } else {
                            imported.known += 1;
                        }
                        lessons.extend(version.texts.iter().map(|known| Lesson {
                            text: &known.text,
                            request,
                            fingerprint: &version.fingerprint,
                            object: version.object,
                            meta: contents.meta(&known.text, &request.build_id),
                            tables: &known.tables,
                        }));
                    }
                    Err(reason) => imported.skipped.push(Skipped {
                        name: name.clone(),
                        reason,
                    }),
                }
                named.insert(name);
            }
        }
        if !lessons.is_empty() {
            let taught = match self.teach(id, &lessons) {
                // One that was there, long unused, was being evicted.
                Err(StoreFailure::ObjectGone) => {
                    for name in &sound {
                        let row = bundle.row(name);
                        let bytes = row.and_then(|row| bundle.whole(&self.files, row).ok());
                        if let Some(bytes) = bytes {
                            self.store_object_file(name, &bytes)
                                .map_err(|failure| self.refused(failure))?;
                        }
                    }
                    self.teach(id, &lessons)
                }
                other => other,
            };
            taught.map_err(|failure| self.refused(failure))?;
            imported.functions += 1;
            self.keep_within_limits(imported.bytes - bytes_before);
        }
        Ok(())
    }

    /// The bytes of the object file `name`, if a lookup would take them.
    fn sound_member(
        &self,
        bundle: &Bundle,
        name: &str,
        id: &FunctionId,
        request: &Request,
        version: &Version,
    ) -> Result<Vec<u8>, MissReason> {
        if version.texts.is_empty() {
            return Err(MissReason::TextUnknown);
        }
        let row = bundle.row(name).ok_or(MissReason::ObjectMissing)?;
        let bytes = bundle.whole(&self.files, row).map_err(object_reason)?;
        object::verify(self.key.as_ref(), &bytes, id, request, version)?;
        Ok(bytes)
    }

    /// The error of a command whose writing failed.
    fn refused(&self, failure: StoreFailure) -> CacheError {
        let kind = match failure {
            StoreFailure::Mode => ErrorKind::Mode,
            StoreFailure::NoFolder | StoreFailure::Untrusted => ErrorKind::Folder,
            _ => ErrorKind::Io,
        };
        match self.distrust() {
            Some(found) if failure == StoreFailure::Untrusted => {
                CacheError::new(kind, format!("the cache folder is not used: {found}"))
            }
            _ => CacheError::new(kind, failure.to_string()),
        }
    }
}
