//! The handle that callers hold: its functions, and what it counts and logs of each. How a
//! lookup goes is in `find.rs`, how a store goes in `store.rs`.
//!
//! Invariant: nothing here fails for a reason of the disk; a lookup ends as a hit or a
//! counted miss, a store as a success or a counted failure.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use brolga_abi::{FunctionMeta, TextTables};

use crate::config::{CacheConfig, Mode};
use crate::events;
use crate::files::{FileHook, Files};
use crate::find::{Failed, Wanted};
use crate::folder::Folder;
use crate::index::Lesson;
use crate::key::{Digest, FunctionId, ObjectInfo, Request, TextKey};
use crate::keyed::CacheKey;
use crate::limits::Limits;
use crate::lock::{self, KeyLock, LockSet};
use crate::memory::Memory;
use crate::object::KeyRef;
use crate::place::OpenLayer;
use crate::prune::SizeChecks;
use crate::reason::{Miss, MissReason, StoreFailure};
use crate::stats::{CacheStats, Counters, LoadTimes, Lookup};

/// A cached object, ready to be linked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// The bytes of the ELF object, in memory of this process alone.
    pub object: Vec<u8>,
    /// What to know of it.
    pub info: ObjectInfo,
    /// Where it can fail, and its globals, in the text that was asked about.
    pub tables: TextTables,
    /// Which layer it is from, counted from 0 in the order of the configuration; `None` if
    /// it is from the private folder.
    pub layer: Option<usize>,
    /// Where the time of the lookup went.
    pub times: LoadTimes,
}

/// A handle on the cache. Clones share everything; it may be used from any thread.
#[derive(Clone)]
pub struct Cache {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) folder: Option<Folder>,
    pub(crate) mode: Mode,
    /// That the digests in the folder are keyed with.
    pub(crate) key: Option<CacheKey>,
    pub(crate) layers: Vec<OpenLayer>,
    pub(crate) limits: Limits,
    pub(crate) files: Files,
    pub(crate) counters: Counters,
    pub(crate) memory: Memory,
    pub(crate) last_sweep: Mutex<Option<Instant>>,
    pub(crate) size_checks: Mutex<SizeChecks>,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache")
            .field("dir", &self.dir())
            .field("mode", &self.mode())
            .finish_non_exhaustive()
    }
}

impl Cache {
    /// A cache as `config` says. Touches no disk and never fails: what is wrong with the
    /// folder shows as counted misses. Files are trusted if they belong to the effective
    /// user of this moment.
    pub fn open(config: CacheConfig) -> Cache {
        Cache::with_files(config, Files::new(None))
    }

    /// A cache whose file operations ask `hook` first, to try what a failing disk or a
    /// crash at any step does.
    pub fn open_with_hook(config: CacheConfig, hook: FileHook) -> Cache {
        Cache::with_files(config, Files::new(Some(hook)))
    }

    fn with_files(config: CacheConfig, files: Files) -> Cache {
        let CacheConfig {
            dir,
            mode,
            key,
            layers,
            limits,
        } = config;
        let folder = dir.map(|dir| {
            // So that a later change of the working directory does not move the cache.
            Folder::new(std::path::absolute(&dir).unwrap_or(dir))
        });
        Cache {
            inner: Arc::new(Inner {
                folder,
                mode,
                key,
                layers: layers.into_iter().map(OpenLayer::new).collect(),
                limits,
                files,
                counters: Counters::new(),
                memory: Memory::default(),
                last_sweep: Mutex::new(None),
                size_checks: Mutex::default(),
            }),
        }
    }

    /// Sends the log lines, at most one per reason, to `log` instead of standard error.
    /// There are none while a `tracing` subscriber takes the warnings of `brolga::cache`,
    /// which say the same.
    pub fn set_log(&self, log: fn(&str)) {
        self.inner.counters.set_log(log);
    }

    /// The folder that holds the cache, whether or not it is there.
    pub fn dir(&self) -> Option<&Path> {
        self.inner.folder.as_ref().map(Folder::base)
    }

    /// What the cache may do.
    pub fn mode(&self) -> Mode {
        self.inner.mode
    }

    /// What this handle and its clones have done so far.
    pub fn stats(&self) -> CacheStats {
        let mut stats = self.inner.counters.snapshot();
        stats.layers = self.inner.layers.iter().map(OpenLayer::snapshot).collect();
        stats
    }

    /// The metadata of a function whose text was seen before by this build of the compiler:
    /// what a caller needs before [`Cache::find_by_text`] when it has parsed nothing.
    pub fn meta(
        &self,
        id: &FunctionId,
        text: &TextKey,
        build_id: &[u8; 32],
    ) -> Option<FunctionMeta> {
        let inner = &*self.inner;
        let found = inner.known_meta(id, text, build_id);
        match found {
            Some(_) => inner.counters.meta_hits.add(1),
            None => inner.counters.meta_misses.add(1),
        }
        found
    }

    /// The code for `request` made from exactly this text.
    ///
    /// # Errors
    /// A [`Miss`], counted, when there is none or it cannot be used.
    pub fn find_by_text(
        &self,
        id: &FunctionId,
        text: &TextKey,
        request: &Request,
    ) -> Result<Hit, Miss> {
        let inner = &*self.inner;
        let mut times = LoadTimes::default();
        match inner.find(id, text, request, Wanted::Text(text), &mut times) {
            Ok(found) => {
                inner.counters.text_hits.add(1);
                events::hit(id, Lookup::Text, &found.object, &times);
                Ok(Hit {
                    object: found.object,
                    info: found.info,
                    tables: found.tables.unwrap_or_default(),
                    layer: found.layer,
                    times,
                })
            }
            Err(failed) => Err(inner.miss(Lookup::Text, id, failed)),
        }
    }

    /// The code for `request` with this meaning, whatever text it was made from. The hit's
    /// tables are those given; unless the cache is read-only the index learns the text, its
    /// metadata and its tables, so that the next lookup by text finds them.
    ///
    /// # Errors
    /// A [`Miss`], counted, when there is none or it cannot be used.
    pub fn find_by_fingerprint(
        &self,
        id: &FunctionId,
        text: &TextKey,
        request: &Request,
        fingerprint: &[u8; 32],
        meta: &FunctionMeta,
        tables: &TextTables,
    ) -> Result<Hit, Miss> {
        let inner = &*self.inner;
        let mut times = LoadTimes::default();
        let wanted = Wanted::Fingerprint(fingerprint);
        let found = inner
            .find(id, text, request, wanted, &mut times)
            .map_err(|failed| inner.miss(Lookup::Fingerprint, id, failed))?;
        inner.counters.fingerprint_hits.add(1);
        events::hit(id, Lookup::Fingerprint, &found.object, &times);
        let is_new = !found.knows_meta || found.tables.is_none_or(|known| known != *tables);
        if is_new && inner.mode.may_write() {
            let key = KeyRef {
                id,
                request,
                fingerprint,
            };
            // An index names objects of its own folder: what a layer gave is copied.
            let object = match found.layer {
                None => Ok(found.reference),
                Some(_) => inner.store_object(key, &found.info, &found.object),
            };
            let taught = object.and_then(|object| {
                let lesson = Lesson {
                    text,
                    request,
                    fingerprint,
                    object,
                    meta: Some(meta),
                    tables,
                };
                inner.teach(id, &[lesson])
            });
            match taught {
                Ok(()) => {
                    inner.counters.taught.add(1);
                    events::taught(id);
                }
                Err(failure) => {
                    inner.counters.teach_failure(failure);
                    inner.log_failure(id, failure, None);
                }
            }
        }
        Ok(Hit {
            object: found.object,
            info: found.info,
            tables: tables.clone(),
            layer: found.layer,
            times,
        })
    }

    /// Keeps `object`, an ELF object compiled for `request` from `text`, and what a later
    /// process needs to use it. The object is written first, the index last; both are on
    /// the disk when this returns.
    ///
    /// # Errors
    /// A [`StoreFailure`], counted. The caller's code is as good as ever: this is never an
    /// error of the call.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a part of the entry, and a struct of them would be built at one place only"
    )]
    pub fn store(
        &self,
        id: &FunctionId,
        text: &TextKey,
        request: &Request,
        fingerprint: &[u8; 32],
        meta: &FunctionMeta,
        tables: &TextTables,
        info: &ObjectInfo,
        object: &[u8],
    ) -> Result<(), StoreFailure> {
        let inner = &*self.inner;
        let key = KeyRef {
            id,
            request,
            fingerprint,
        };
        let attempt = || {
            let object = inner.store_object(key, info, object)?;
            let lesson = Lesson {
                text,
                request,
                fingerprint,
                object,
                meta: Some(meta),
                tables,
            };
            inner.teach(id, &[lesson])?;
            Ok(object.length)
        };
        let stored = match attempt() {
            // The same object, long unused, was being evicted.
            Err(StoreFailure::ObjectGone) => attempt(),
            other => other,
        };
        match stored {
            Ok(bytes) => {
                inner.counters.stores.add(1);
                events::stored(id, bytes);
                inner.keep_within_limits(bytes);
            }
            Err(failure) => {
                inner.counters.store_failure(failure);
                let detail = match failure {
                    StoreFailure::Untrusted => inner.distrust(),
                    _ => None,
                };
                inner.log_failure(id, failure, detail);
            }
        }
        stored.map(drop)
    }

    /// The right to be the one who compiles `request`, among threads and processes; waits
    /// for at most `wait`. `None` when another still has it, or when there are no locks (a
    /// mode that writes nothing, a folder that cannot be used, a file system without): the
    /// caller then compiles all the same. After a wait, look again before compiling.
    pub fn lock(&self, id: &FunctionId, request: &Request, wait: Duration) -> Option<KeyLock> {
        let inner = &*self.inner;
        let folder = inner.writable().ok()?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&id.digest());
        hasher.update(&request.digest());
        let key: Digest = hasher.finalize().into();
        let path = folder.join(&LockSet::Compile.file_name(&key));
        lock::acquire(&inner.files, &path, wait)
    }
}

impl Inner {
    fn miss(&self, lookup: Lookup, id: &FunctionId, failed: Failed) -> Miss {
        let Failed { reason, detail } = failed;
        self.counters.miss(lookup, reason);
        events::miss(id, lookup, reason, detail.as_deref());
        if !reason.is_ordinary() && !events::warnings_are_taken() {
            self.counters
                .log_once(reason.name(), || log_line(id, &reason, detail.as_deref()));
        }
        Miss { reason }
    }

    /// Counts and logs what is wrong in the private folder when a layer has what was asked
    /// for.
    pub(crate) fn pass_on(&self, id: &FunctionId, failed: &Failed) {
        let Failed { reason, detail } = failed;
        self.counters.passed_on(*reason);
        events::passed_on(id, *reason, detail.as_deref());
        if !reason.is_ordinary() && !events::warnings_are_taken() {
            self.counters
                .log_once(reason.name(), || log_line(id, reason, detail.as_deref()));
        }
    }

    /// Logs what is wrong with a layer, once per layer and reason. That its folder is not
    /// there is told too: it was named by hand.
    pub(crate) fn log_layer(&self, id: &FunctionId, layer: &OpenLayer, failed: &Failed) {
        let Failed { reason, detail } = failed;
        let is_ordinary = reason.is_ordinary() && *reason != MissReason::NoFolder;
        events::layer_miss(id, &layer.name, *reason, is_ordinary, detail.as_deref());
        if !is_ordinary && !events::warnings_are_taken() && layer.is_news(*reason) {
            let what = format!("layer {}: {reason}", layer.name);
            self.counters.log(&log_line(id, &what, detail.as_deref()));
        }
    }

    fn log_failure(&self, id: &FunctionId, failure: StoreFailure, detail: Option<String>) {
        events::store_failed(id, failure, detail.as_deref());
        if !failure.is_ordinary() && !events::warnings_are_taken() {
            // A folder that is not used fails the lookup too: one line tells it.
            let key = match failure {
                StoreFailure::Untrusted => MissReason::Untrusted.name(),
                other => other.name(),
            };
            self.counters
                .log_once(key, || log_line(id, &failure, detail.as_deref()));
        }
    }
}

fn log_line(id: &FunctionId, reason: &dyn std::fmt::Display, detail: Option<&str>) -> String {
    match detail {
        None => format!("brolga: cache: {id}: {reason}"),
        Some(detail) => format!("brolga: cache: {id}: {reason}: {detail}"),
    }
}
