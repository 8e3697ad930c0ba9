//! The cache itself: looking up, storing, teaching, locking. The order of the steps is
//! here; what a step does is in the other files.
//!
//! Invariant: an object is written before the index that names it, and everything that a
//! lookup returns was checked against the whole key in this call or earlier in this process.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use brolga_abi::{FunctionMeta, Site};

use crate::config::{CacheConfig, Mode};
use crate::files::{FileHook, FileKind, Files, ReadFailure};
use crate::folder::{Folder, FolderFailure};
use crate::index::{IndexContents, IndexView, Lesson, ObjectRef};
use crate::key::{Digest, FunctionId, ObjectInfo, Request, TextKey};
use crate::lock::{self, KeyLock, LockSet};
use crate::memory::Memory;
use crate::object::{self, KeyRef, WrongHeader};
use crate::reason::{Damage, Miss, MissReason, StoreFailure};
use crate::stats::{CacheStats, Counters, LoadTimes, Lookup};

/// How long a writer waits for another writer of the same index before it goes on without.
const INDEX_WAIT: Duration = Duration::from_secs(5);
/// How long a reader waits for it before it leaves a bad file to the next store.
const SET_ASIDE_WAIT: Duration = Duration::from_millis(50);
/// How often a handle looks for abandoned files.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// A cached object, ready to be linked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// The bytes of the ELF object, in memory of this process alone.
    pub object: Vec<u8>,
    /// What to know of it.
    pub info: ObjectInfo,
    /// Where it can fail, in the text that was asked about.
    pub sites: Vec<Site>,
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
    pub(crate) files: Files,
    pub(crate) counters: Counters,
    pub(crate) memory: Memory,
    last_sweep: Mutex<Option<Instant>>,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache")
            .field("dir", &self.dir())
            .field("mode", &self.mode())
            .finish_non_exhaustive()
    }
}

/// Which code of a request is wanted.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Text(&'a TextKey),
    Fingerprint(&'a Digest),
}

/// Code that was found, before sites are chosen.
struct Found {
    object: Vec<u8>,
    info: ObjectInfo,
    reference: ObjectRef,
    /// The known sites for the text of the lookup.
    sites: Option<Vec<Site>>,
    /// Whether the metadata for the text is known too.
    knows_meta: bool,
}

/// Why nothing was found, with what to say about it.
struct Failed {
    reason: MissReason,
    detail: Option<String>,
}

impl From<MissReason> for Failed {
    fn from(reason: MissReason) -> Failed {
        Failed {
            reason,
            detail: None,
        }
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
        let CacheConfig { dir, mode } = config;
        let folder = dir.map(|dir| {
            // So that a later change of the working directory does not move the cache.
            Folder::new(std::path::absolute(&dir).unwrap_or(dir))
        });
        Cache {
            inner: Arc::new(Inner {
                folder,
                mode,
                files,
                counters: Counters::new(),
                memory: Memory::default(),
                last_sweep: Mutex::new(None),
            }),
        }
    }

    /// Sends the log lines, at most one per reason, to `log` instead of standard error.
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
        self.inner.counters.snapshot()
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
        let found = inner
            .view(id, &mut LoadTimes::default())
            .ok()
            .and_then(|view| view.meta(text, build_id).cloned());
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
                Ok(Hit {
                    object: found.object,
                    info: found.info,
                    sites: found.sites.unwrap_or_default(),
                    times,
                })
            }
            Err(failed) => Err(inner.miss(Lookup::Text, id, failed)),
        }
    }

    /// The code for `request` with this meaning, whatever text it was made from. The hit's
    /// sites are those given; unless the cache is read-only the index learns the text, its
    /// metadata and its sites, so that the next lookup by text finds them.
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
        sites: &[Site],
    ) -> Result<Hit, Miss> {
        let inner = &*self.inner;
        let mut times = LoadTimes::default();
        let wanted = Wanted::Fingerprint(fingerprint);
        let found = inner
            .find(id, text, request, wanted, &mut times)
            .map_err(|failed| inner.miss(Lookup::Fingerprint, id, failed))?;
        inner.counters.fingerprint_hits.add(1);
        let is_new = !found.knows_meta || found.sites.is_none_or(|known| known != sites);
        if is_new && inner.mode.may_write() {
            let lesson = Lesson {
                text,
                request,
                fingerprint,
                object: found.reference,
                meta,
                sites,
            };
            match inner.teach(id, lesson) {
                Ok(()) => inner.counters.taught.add(1),
                Err(failure) => {
                    inner.counters.teach_failure(failure);
                    inner.log_failure(id, failure, None);
                }
            }
        }
        Ok(Hit {
            object: found.object,
            info: found.info,
            sites: sites.to_vec(),
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
        sites: &[Site],
        info: &ObjectInfo,
        object: &[u8],
    ) -> Result<(), StoreFailure> {
        let inner = &*self.inner;
        let key = KeyRef {
            id,
            request,
            fingerprint,
        };
        let stored = inner.store_object(key, info, object).and_then(|object| {
            let lesson = Lesson {
                text,
                request,
                fingerprint,
                object,
                meta,
                sites,
            };
            inner.teach(id, lesson)
        });
        match stored {
            Ok(()) => inner.counters.stores.add(1),
            Err(failure) => {
                inner.counters.store_failure(failure);
                let detail = match failure {
                    StoreFailure::Untrusted => inner.distrust(),
                    _ => None,
                };
                inner.log_failure(id, failure, detail);
            }
        }
        stored
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
    /// The decoded index of `id`, from memory or from the disk.
    fn view(&self, id: &FunctionId, times: &mut LoadTimes) -> Result<Arc<IndexView>, Failed> {
        match self.mode {
            Mode::On | Mode::ReadOnly => {}
            Mode::Off => return Err(MissReason::Off.into()),
            Mode::Refresh => return Err(MissReason::Refresh.into()),
        }
        let start = Instant::now();
        let folder = self.folder.as_ref().ok_or(MissReason::NoFolder)?;
        folder.check(&self.files).map_err(|failure| match failure {
            FolderFailure::Missing => MissReason::NoFolder.into(),
            FolderFailure::Io(kind) => MissReason::FolderIo(kind).into(),
            FolderFailure::Untrusted(found) => Failed {
                reason: MissReason::Untrusted,
                detail: Some(found),
            },
        })?;
        let name = id.index_name();
        let path = folder.join(&name);
        let known = self.memory.get(id, &path);
        times.open += start.elapsed();
        if let Some(view) = known {
            return Ok(view);
        }
        self.counters.index_reads.add(1);
        match IndexView::read(&self.files, &path, id, times) {
            Ok(view) => {
                let view = Arc::new(view);
                self.memory.put(id, Arc::clone(&view));
                Ok(view)
            }
            Err(failure) => {
                self.memory.forget(id);
                if let ReadFailure::Bad(_) = failure {
                    self.set_aside(folder, id, &name, || {
                        let again = IndexView::read(&self.files, &path, id, times);
                        matches!(again, Err(ReadFailure::Bad(_)))
                    });
                }
                Err(index_reason(failure).into())
            }
        }
    }

    fn find(
        &self,
        id: &FunctionId,
        text: &TextKey,
        request: &Request,
        wanted: Wanted<'_>,
        times: &mut LoadTimes,
    ) -> Result<Found, Failed> {
        let view = self.view(id, times)?;
        let versions = view
            .versions(&self.files, request, times)
            .map_err(index_reason)?
            .ok_or(MissReason::NoOverload)?;
        // The newest first: the most likely.
        let mut versions = versions.iter().rev();
        let version = match wanted {
            Wanted::Text(text) => versions
                .find(|version| version.sites(text).is_some())
                .ok_or(MissReason::TextUnknown)?,
            Wanted::Fingerprint(fingerprint) => versions
                .find(|version| version.fingerprint == *fingerprint)
                .ok_or(MissReason::FingerprintUnknown)?,
        };
        let (object, info) = self.load(id, request, &version.fingerprint, version.object, times)?;
        Ok(Found {
            object,
            info,
            reference: version.object,
            sites: version.sites(text).map(<[Site]>::to_vec),
            knows_meta: view.meta(text, &request.build_id).is_some(),
        })
    }

    /// Loads and checks the object that the index names.
    fn load(
        &self,
        id: &FunctionId,
        request: &Request,
        fingerprint: &Digest,
        reference: ObjectRef,
        times: &mut LoadTimes,
    ) -> Result<(Vec<u8>, ObjectInfo), Failed> {
        let folder = self.folder.as_ref().ok_or(MissReason::NoFolder)?;
        let name = id.object_name(&reference.digest);
        let path = folder.join(&name);
        let key = KeyRef {
            id,
            request,
            fingerprint,
        };
        let mut load = || -> Result<(Vec<u8>, ObjectInfo), MissReason> {
            let start = Instant::now();
            let open = self
                .files
                .open(&path, FileKind::Object)
                .map_err(object_reason)?;
            times.open += start.elapsed();

            let start = Instant::now();
            let mut bytes = self
                .files
                .read(&open, 0, open.length)
                .map_err(object_reason)?;
            times.read += start.elapsed();

            let start = Instant::now();
            let parts = object::check(&bytes).map_err(MissReason::ObjectUnreadable)?;
            times.digest += start.elapsed();
            if parts.digest != reference.digest || bytes.len() as u64 != reference.length {
                return Err(MissReason::ObjectDigest);
            }

            let start = Instant::now();
            let info = parts.info(&bytes, key).map_err(|wrong| match wrong {
                WrongHeader::Key => MissReason::ObjectKey,
                WrongHeader::Info => MissReason::ObjectUnreadable(Damage::Decode),
            })?;
            bytes.drain(..parts.elf_start);
            times.decode += start.elapsed();
            Ok((bytes, info))
        };
        let loaded = load();
        let is_bad = |reason: &MissReason| {
            matches!(
                reason,
                MissReason::ObjectUnreadable(_) | MissReason::ObjectDigest | MissReason::ObjectKey
            )
        };
        if loaded.as_ref().is_err_and(is_bad) {
            self.set_aside(folder, id, &name, || load().as_ref().is_err_and(is_bad));
        }
        Ok(loaded?)
    }

    /// Sets the bad file `name` aside, if it is still bad once no writer is at work on the
    /// function.
    fn set_aside(
        &self,
        folder: &Folder,
        id: &FunctionId,
        name: &str,
        is_still_bad: impl FnOnce() -> bool,
    ) {
        if !self.mode.may_write() {
            return;
        }
        let path = folder.join(&LockSet::Index.file_name(&id.digest()));
        let Some(_lock) = lock::acquire(&self.files, &path, SET_ASIDE_WAIT) else {
            return;
        };
        if is_still_bad() && folder.set_aside(name) {
            self.counters.set_aside.add(1);
        }
    }

    /// The folder, made if need be, if the mode allows writing.
    fn writable(&self) -> Result<&Folder, StoreFailure> {
        if !self.mode.may_write() {
            return Err(StoreFailure::Mode);
        }
        let folder = self.folder.as_ref().ok_or(StoreFailure::NoFolder)?;
        match folder.prepare(&self.files) {
            Ok(()) => Ok(folder),
            Err(FolderFailure::Missing) => {
                Err(StoreFailure::FolderIo(std::io::ErrorKind::NotFound))
            }
            Err(FolderFailure::Untrusted(_)) => Err(StoreFailure::Untrusted),
            Err(FolderFailure::Io(kind)) => Err(StoreFailure::FolderIo(kind)),
        }
    }

    /// Why the folder is not trusted, for the log.
    fn distrust(&self) -> Option<String> {
        match self.folder.as_ref()?.check(&self.files) {
            Err(FolderFailure::Untrusted(found)) => Some(found),
            _ => None,
        }
    }

    /// Writes the object file.
    fn store_object(
        &self,
        key: KeyRef<'_>,
        info: &ObjectInfo,
        elf: &[u8],
    ) -> Result<ObjectRef, StoreFailure> {
        let folder = self.writable()?;
        self.sweep(folder);
        let (bytes, digest) = object::encode(key, info, elf).map_err(|_| StoreFailure::TooLarge)?;
        let name = key.id.object_name(&digest);
        self.write(folder, &name, FileKind::Object, &bytes)
            .map_err(StoreFailure::ObjectIo)?;
        Ok(ObjectRef {
            digest,
            length: bytes.len() as u64,
        })
    }

    /// Writes a file, past a folder that someone put in its place.
    fn write(
        &self,
        folder: &Folder,
        name: &str,
        kind: FileKind,
        bytes: &[u8],
    ) -> Result<(), std::io::ErrorKind> {
        let written = self.files.write(folder.path(), name, kind, bytes);
        match written {
            Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => {
                if folder.set_aside(name) {
                    self.counters.set_aside.add(1);
                }
                self.files.write(folder.path(), name, kind, bytes)
            }
            other => other,
        }
        .map_err(|error| error.kind())
    }

    /// Merges `lesson` into the index of `id`.
    fn teach(&self, id: &FunctionId, lesson: Lesson<'_>) -> Result<(), StoreFailure> {
        let folder = self.writable()?;
        let lock_path = folder.join(&LockSet::Index.file_name(&id.digest()));
        let lock = lock::acquire(&self.files, &lock_path, INDEX_WAIT);
        if lock.is_none() {
            // Another writer's entry may now get lost, which is a miss and no more.
            self.counters.unlocked_writes.add(1);
        }
        let name = id.index_name();
        let path = folder.join(&name);
        let old = self.files.read_whole(&path, FileKind::Index);
        let (mut contents, damaged) = match &old {
            Ok(bytes) => IndexContents::decode(bytes, |found| found == id)
                .unwrap_or_else(|_| (IndexContents::new(id.clone()), true)),
            Err(ReadFailure::Missing) => (IndexContents::new(id.clone()), false),
            Err(ReadFailure::Bad(_)) => (IndexContents::new(id.clone()), true),
            Err(ReadFailure::Io(kind)) => return Err(StoreFailure::IndexIo(*kind)),
        };
        let dropped = contents.learn(lesson).map_err(|_| StoreFailure::TooLarge)?;
        let bytes = contents.encode().map_err(|_| StoreFailure::TooLarge)?;
        if damaged && folder.set_aside(&name) {
            self.counters.set_aside.add(1);
        }
        // What is there already is not written again.
        if damaged || old.as_ref() != Ok(&bytes) {
            self.write(folder, &name, FileKind::Index, &bytes)
                .map_err(StoreFailure::IndexIo)?;
        }
        self.memory.forget(id);
        self.files
            .sync_folder(folder.path())
            .map_err(|error| StoreFailure::FolderIo(error.kind()))?;
        for object in dropped {
            // If this fails the file stays, unnamed and harmless.
            let _ = std::fs::remove_file(folder.join(&id.object_name(&object.digest)));
        }
        drop(lock);
        Ok(())
    }

    /// Removes abandoned files, at this handle's first store and then hourly.
    fn sweep(&self, folder: &Folder) {
        let mut last = crate::stats::lock(&self.last_sweep);
        if last.is_none_or(|last| last.elapsed() >= SWEEP_INTERVAL) {
            *last = Some(Instant::now());
            drop(last);
            self.counters.swept.add(folder.sweep());
        }
    }

    fn miss(&self, lookup: Lookup, id: &FunctionId, failed: Failed) -> Miss {
        let Failed { reason, detail } = failed;
        self.counters.miss(lookup, reason);
        if !reason.is_ordinary() {
            self.counters
                .log_once(reason.name(), || log_line(id, &reason, detail.as_deref()));
        }
        Miss { reason }
    }

    fn log_failure(&self, id: &FunctionId, failure: StoreFailure, detail: Option<String>) {
        if failure != StoreFailure::Mode {
            self.counters
                .log_once(failure.name(), || log_line(id, &failure, detail.as_deref()));
        }
    }
}

fn log_line(id: &FunctionId, reason: &dyn std::fmt::Display, detail: Option<&str>) -> String {
    match detail {
        None => format!("brolga: cache: {id}: {reason}"),
        Some(detail) => format!("brolga: cache: {id}: {reason}: {detail}"),
    }
}

fn index_reason(failure: ReadFailure) -> MissReason {
    match failure {
        ReadFailure::Missing => MissReason::NoIndex,
        ReadFailure::Bad(damage) => MissReason::IndexUnreadable(damage),
        ReadFailure::Io(kind) => MissReason::IndexIo(kind),
    }
}

fn object_reason(failure: ReadFailure) -> MissReason {
    match failure {
        ReadFailure::Missing => MissReason::ObjectMissing,
        ReadFailure::Bad(damage) => MissReason::ObjectUnreadable(damage),
        ReadFailure::Io(kind) => MissReason::ObjectIo(kind),
    }
}
