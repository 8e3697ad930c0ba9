//! The places in which a lookup looks, the private folder and each layer, and how a file of
//! ours is opened in one.
//!
//! Invariant: a layer is only ever read. Nothing here makes, renames, locks or removes
//! anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::bundle::Bundle;
use crate::files::{Content, FileKind, Files, OpenFile, ReadFailure, Stamp, Trust};
use crate::folder::{Folder, FolderFailure};
use crate::keyed::CacheKey;
use crate::layer::{Layer, LayerSource};
use crate::memory::Memory;
use crate::reason::{Damage, MissReason};
use crate::stats::{Counter, LayerStats, Lookup, lock};

/// Where one lookup looks.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    source: Source<'a>,
    /// That the digests must be keyed with.
    pub(crate) key: Option<&'a CacheKey>,
    pub(crate) memory: &'a Memory,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    Own(&'a Folder),
    Folder(&'a Folder, Trust),
    Bundle(&'a Bundle),
}

/// Why a place cannot be used at all, with what to say about it.
pub(crate) type Closed = (MissReason, Option<String>);

impl<'a> Place<'a> {
    /// The private folder, if it may be used now.
    pub(crate) fn own(
        files: &Files,
        folder: &'a Folder,
        key: Option<&'a CacheKey>,
        memory: &'a Memory,
    ) -> Result<Place<'a>, Closed> {
        folder.check(files).map_err(closed)?;
        Ok(Place {
            source: Source::Own(folder),
            key,
            memory,
        })
    }

    /// The folder in which bad files are set aside: the private one.
    pub(crate) fn repairs(&self) -> Option<&'a Folder> {
        match self.source {
            Source::Own(folder) => Some(folder),
            Source::Folder(..) | Source::Bundle(_) => None,
        }
    }

    /// Opens the file `name`.
    pub(crate) fn open(
        &self,
        files: &Files,
        name: &str,
        kind: FileKind,
    ) -> Result<OpenFile, ReadFailure> {
        match self.source {
            Source::Own(folder) => files.open(&folder.join(name), kind),
            Source::Folder(folder, trust) => files.open_with(&folder.join(name), kind, trust),
            Source::Bundle(bundle) => match bundle.row(name) {
                Some(row) => Ok(bundle.open(row)),
                None => Err(ReadFailure::Missing),
            },
        }
    }

    /// The state of the file `name`.
    pub(crate) fn state(&self, name: &str) -> Option<Stamp> {
        match self.source {
            Source::Own(folder) | Source::Folder(folder, _) => Stamp::at(&folder.join(name)).ok(),
            Source::Bundle(bundle) => Some(bundle.stamp),
        }
    }
}

fn closed(failure: FolderFailure) -> Closed {
    match failure {
        FolderFailure::Missing => (MissReason::NoFolder, None),
        FolderFailure::Io(kind) => (MissReason::FolderIo(kind), None),
        FolderFailure::Untrusted(found) => (MissReason::Untrusted, Some(found)),
    }
}

/// A layer as a handle holds it: what was read of it, and what it gave.
pub(crate) struct OpenLayer {
    /// Its path, or what it is.
    pub(crate) name: String,
    key: Option<CacheKey>,
    memory: Memory,
    store: LayerStore,
    meta_hits: Counter,
    text_hits: Counter,
    fingerprint_hits: Counter,
    misses: Mutex<BTreeMap<&'static str, u64>>,
    logged: Mutex<BTreeSet<&'static str>>,
}

enum LayerStore {
    Folder(Folder),
    Bundle(LayerBundle),
}

/// A bundle, and its table once it was read. The file stays open: its bytes are those that
/// the table describes as long as nobody writes into it, which the digests show.
struct LayerBundle {
    place: BundlePlace,
    table: Mutex<Option<Result<Arc<Bundle>, Damage>>>,
}

enum BundlePlace {
    File(PathBuf),
    Bytes(&'static [u8]),
}

impl OpenLayer {
    pub(crate) fn new(layer: Layer) -> OpenLayer {
        let Layer { source, key } = layer;
        let name = source.to_string();
        // So that a later change of the working directory does not move it.
        let fixed = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let bundle = |place| {
            LayerStore::Bundle(LayerBundle {
                place,
                table: Mutex::default(),
            })
        };
        let store = match source {
            LayerSource::Folder(path) => LayerStore::Folder(Folder::new(fixed(path))),
            LayerSource::Bundle(path) => bundle(BundlePlace::File(fixed(path))),
            LayerSource::Embedded(bytes) => bundle(BundlePlace::Bytes(bytes)),
        };
        OpenLayer {
            name,
            key,
            memory: Memory::default(),
            store,
            meta_hits: Counter::default(),
            text_hits: Counter::default(),
            fingerprint_hits: Counter::default(),
            misses: Mutex::default(),
            logged: Mutex::default(),
        }
    }

    /// Runs `look` on the layer, if it may be used now.
    pub(crate) fn with<T, E: From<Closed>>(
        &self,
        files: &Files,
        look: impl FnOnce(Place<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let place = |source| Place {
            source,
            key: self.key.as_ref(),
            memory: &self.memory,
        };
        let trust = match self.key {
            Some(_) => Trust::Anybody,
            None => Trust::Shared,
        };
        match &self.store {
            LayerStore::Folder(folder) => {
                folder.check_with(files, trust).map_err(closed)?;
                look(place(Source::Folder(folder, trust)))
            }
            LayerStore::Bundle(bundle) => {
                let bundle = bundle.open(files, trust).map_err(|failure| {
                    let reason = match failure {
                        ReadFailure::Missing => MissReason::NoBundle,
                        ReadFailure::Bad(damage) => MissReason::BundleUnreadable(damage),
                        ReadFailure::Io(kind) => MissReason::BundleIo(kind),
                    };
                    (reason, None)
                })?;
                look(place(Source::Bundle(&bundle)))
            }
        }
    }

    pub(crate) fn count_meta(&self) {
        self.meta_hits.add(1);
    }

    pub(crate) fn count_hit(&self, lookup: Lookup) {
        match lookup {
            Lookup::Text => self.text_hits.add(1),
            Lookup::Fingerprint => self.fingerprint_hits.add(1),
        }
    }

    pub(crate) fn count_miss(&self, reason: MissReason) {
        *lock(&self.misses).entry(reason.name()).or_default() += 1;
    }

    /// Whether this is the first time that `reason` is asked about.
    pub(crate) fn is_news(&self, reason: MissReason) -> bool {
        lock(&self.logged).insert(reason.name())
    }

    pub(crate) fn snapshot(&self) -> LayerStats {
        LayerStats {
            name: self.name.clone(),
            meta_hits: self.meta_hits.get(),
            text_hits: self.text_hits.get(),
            fingerprint_hits: self.fingerprint_hits.get(),
            misses: lock(&self.misses).clone(),
        }
    }
}

impl LayerBundle {
    /// The bundle; its table is read once. What is damaged stays so for this handle; a file
    /// that is not there, or cannot be read, is tried again at the next lookup.
    fn open(&self, files: &Files, trust: Trust) -> Result<Arc<Bundle>, ReadFailure> {
        let mut table = lock(&self.table);
        if let Some(known) = &*table {
            return Ok(Arc::clone(known.as_ref().map_err(|damage| *damage)?));
        }
        let read = match &self.place {
            BundlePlace::File(path) => open_bundle(files, path, trust),
            BundlePlace::Bytes(bytes) => {
                let content = Content::Bytes(bytes);
                Bundle::read(files, content, Stamp::CONSTANT, bytes.len() as u64)
            }
        };
        match read.map(Arc::new) {
            Ok(bundle) => {
                *table = Some(Ok(Arc::clone(&bundle)));
                Ok(bundle)
            }
            Err(ReadFailure::Bad(damage)) => {
                *table = Some(Err(damage));
                Err(damage.into())
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Opens the bundle at `path` and reads its table.
pub(crate) fn open_bundle(files: &Files, path: &Path, trust: Trust) -> Result<Bundle, ReadFailure> {
    let is_link = fs::symlink_metadata(path)
        .ok()
        .filter(|found| found.is_symlink());
    let target;
    let path = match is_link {
        None => path,
        Some(link) => {
            // As for folders: a link that another user can point elsewhere is not followed.
            let is_foreign = link.uid() != files.user() && link.uid() != 0;
            if is_foreign && trust != Trust::Anybody {
                return Err(Damage::Untrusted.into());
            }
            target = fs::canonicalize(path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => ReadFailure::Missing,
                kind => ReadFailure::Io(kind),
            })?;
            &target
        }
    };
    let (content, stamp, length) = files.open_any_length(path, FileKind::Bundle, trust)?;
    Bundle::read(files, content, stamp, length)
}
