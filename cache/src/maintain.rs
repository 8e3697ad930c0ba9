//! What the command line shows of the folder and does to it: list, usage, clear. Reads what
//! is there now, whatever the mode; clears only what bears our names.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use brolga_abi::DType;

use crate::cache::{Cache, Inner};
use crate::config::Mode;
use crate::error::{CacheError, ErrorKind};
use crate::files::FileKind;
use crate::folder::{Folder, FolderFailure, OwnName, classify};
use crate::index::IndexContents;
use crate::key::{FunctionId, TargetKey};

/// A function in the cache.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedFunction {
    /// Which.
    pub id: FunctionId,
    /// The size of its index, in bytes.
    pub index_bytes: u64,
    /// Its compiled overloads; several may differ in the fingerprint alone.
    pub overloads: Vec<ListedOverload>,
}

/// A compiled overload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedOverload {
    /// The element types that the function is specialised to.
    pub types: Vec<DType>,
    /// The canonical bytes of the options.
    pub options: Vec<u8>,
    /// The machine that it is for.
    pub target: TargetKey,
    /// The build of the compiler that made it.
    pub build_id: [u8; 32],
    /// What the text means.
    pub fingerprint: [u8; 32],
    /// How many texts are known to mean it.
    pub texts: usize,
    /// The name of the object file.
    pub object_name: String,
    /// The size of the object file, in bytes, as the index has it.
    pub object_bytes: u64,
    /// When the object file was written; `None` if it is not there.
    pub modified: Option<SystemTime>,
}

/// What the folder of this format version holds of our own files.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Usage {
    /// Index files, one per function.
    pub indexes: u64,
    /// Object files.
    pub objects: u64,
    /// Temporaries, of writers at work or abandoned.
    pub temporaries: u64,
    /// Bad files that were set aside.
    pub set_aside: u64,
    /// The sizes of all of these, in bytes.
    pub bytes: u64,
}

/// What was removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cleared {
    /// Files.
    pub files: u64,
    /// Their sizes, in bytes.
    pub bytes: u64,
}

impl Cache {
    /// The functions in the cache, by module and function. Indexes that cannot be read are
    /// left out.
    ///
    /// # Errors
    /// When there is no folder that may be used. One that is not there yet is empty.
    pub fn list(&self) -> Result<Vec<ListedFunction>, CacheError> {
        let Some(folder) = self.inner.readable()? else {
            return Ok(Vec::new());
        };
        let mut listed: Vec<ListedFunction> = folder
            .names()
            .filter(|name| classify(name) == Some(OwnName::Index))
            .filter_map(|name| self.inner.listed(folder, &name))
            .collect();
        listed.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(listed)
    }

    /// How many files of ours the folder holds, and how large they are.
    ///
    /// # Errors
    /// When there is no folder that may be used. One that is not there yet is empty.
    pub fn usage(&self) -> Result<Usage, CacheError> {
        let mut usage = Usage::default();
        let Some(folder) = self.inner.readable()? else {
            return Ok(usage);
        };
        for name in folder.names() {
            let count = match classify(&name) {
                Some(OwnName::Index) => &mut usage.indexes,
                Some(OwnName::Object) => &mut usage.objects,
                Some(OwnName::Temporary) => &mut usage.temporaries,
                Some(OwnName::SetAside) => &mut usage.set_aside,
                Some(OwnName::Lock) | None => continue,
            };
            *count += 1;
            usage.bytes += size(&folder.join(&name));
        }
        Ok(usage)
    }

    /// Removes every index, object, temporary and set-aside file of this format version.
    /// Safe beside running readers and writers, for whom it is a miss. Lock files stay:
    /// they are empty, and removing one would let two writers hold one lock.
    ///
    /// # Errors
    /// When the mode is `readonly`, when there is no folder that may be used, or when a
    /// file could not be removed; the others are gone all the same.
    pub fn clear(&self) -> Result<Cleared, CacheError> {
        if self.inner.mode == Mode::ReadOnly {
            return Err(CacheError::new(
                ErrorKind::Mode,
                "the cache is read-only (BROLGA_CACHE=readonly): nothing was removed",
            ));
        }
        let mut cleared = Cleared::default();
        let Some(folder) = self.inner.readable()? else {
            return Ok(cleared);
        };
        let mut names: Vec<(bool, String)> = folder
            .names()
            .filter_map(|name| match classify(&name)? {
                OwnName::Index => Some((false, name)),
                OwnName::Object | OwnName::Temporary | OwnName::SetAside => Some((true, name)),
                OwnName::Lock => None,
            })
            .collect();
        // Indexes first, so that none names an object that is gone.
        names.sort();
        let mut refused = None;
        for (_, name) in names {
            let path = folder.join(&name);
            let bytes = size(&path);
            match remove(&path) {
                Ok(()) => {
                    cleared.files += 1;
                    cleared.bytes += bytes;
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    refused.get_or_insert_with(|| {
                        let message = format!("cannot remove {}: {error}", path.display());
                        CacheError::new(ErrorKind::Io, message)
                    });
                }
            }
        }
        self.inner.memory.clear();
        refused.map_or(Ok(cleared), Err)
    }
}

impl Inner {
    /// The folder, `None` if it is not there yet.
    pub(crate) fn readable(&self) -> Result<Option<&Folder>, CacheError> {
        let folder = self.folder.as_ref().ok_or_else(|| {
            CacheError::new(
                ErrorKind::Folder,
                "no cache folder is known: set BROLGA_CACHE_DIR, XDG_CACHE_HOME or HOME",
            )
        })?;
        match folder.check(&self.files) {
            Ok(()) => Ok(Some(folder)),
            Err(FolderFailure::Missing) => Ok(None),
            Err(FolderFailure::Untrusted(found)) => Err(CacheError::new(
                ErrorKind::Folder,
                format!("the cache folder is not used: {found}"),
            )),
            Err(FolderFailure::Io(kind)) => Err(CacheError::new(
                ErrorKind::Io,
                format!("the cache folder {}: {kind}", folder.base().display()),
            )),
        }
    }

    fn listed(&self, folder: &Folder, name: &str) -> Option<ListedFunction> {
        let bytes = self
            .files
            .read_whole(&folder.join(name), FileKind::Index)
            .ok()?;
        let (contents, _) = IndexContents::decode(self.key.as_ref(), &bytes, |found| {
            found.index_name() == name
        })
        .ok()?;
        let id = contents.id().clone();
        let mut overloads = Vec::new();
        for overload in contents.overloads() {
            for version in overload.versions {
                let object_name = id.object_name(&version.object.digest);
                overloads.push(ListedOverload {
                    types: overload.request.types.clone(),
                    options: overload.request.options.clone(),
                    target: overload.request.target.clone(),
                    build_id: overload.request.build_id,
                    fingerprint: version.fingerprint,
                    texts: version.texts.len(),
                    object_bytes: version.object.length,
                    modified: fs::symlink_metadata(folder.join(&object_name))
                        .and_then(|metadata| metadata.modified())
                        .ok(),
                    object_name,
                });
            }
        }
        // For people: by what they asked for, not by a digest.
        overloads.sort_by(|a, b| {
            (&a.types, &a.target.cpu, &a.object_name).cmp(&(
                &b.types,
                &b.target.cpu,
                &b.object_name,
            ))
        });
        Some(ListedFunction {
            id,
            index_bytes: bytes.len() as u64,
            overloads,
        })
    }
}

fn size(path: &Path) -> u64 {
    fs::symlink_metadata(path).map_or(0, |metadata| metadata.len())
}

/// Removes a file, or the empty folder that stands under a file's name.
fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => fs::remove_dir(path),
        other => other,
    }
}
