//! Looking up: from the index, read or remembered, to the checked bytes of an object.
//!
//! Invariant: everything that is returned was checked against the whole key, in this call or
//! (the index) earlier in this process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use brolga_abi::TextTables;

use crate::cache::Inner;
use crate::config::Mode;
use crate::files::{FileKind, ReadFailure};
use crate::folder::{Folder, FolderFailure};
use crate::index::{IndexView, ObjectRef};
use crate::key::{Digest, FunctionId, ObjectInfo, Request, TextKey};
use crate::lock::{self, LockSet};
use crate::object::{self, KeyRef, WrongHeader};
use crate::reason::{Damage, MissReason};
use crate::stats::LoadTimes;

/// How long a reader waits for the writers of an index before it leaves a bad file to the
/// next store.
const SET_ASIDE_WAIT: Duration = Duration::from_millis(50);

/// Which code of a request is wanted.
#[derive(Clone, Copy)]
pub(crate) enum Wanted<'a> {
    Text(&'a TextKey),
    Fingerprint(&'a Digest),
}

/// Code that was found, before tables are chosen.
pub(crate) struct Found {
    pub(crate) object: Vec<u8>,
    pub(crate) info: ObjectInfo,
    pub(crate) reference: ObjectRef,
    /// The known tables for the text of the lookup.
    pub(crate) tables: Option<TextTables>,
    /// Whether the metadata for the text is known too.
    pub(crate) knows_meta: bool,
}

/// Why nothing was found, with what to say about it.
pub(crate) struct Failed {
    pub(crate) reason: MissReason,
    pub(crate) detail: Option<String>,
}

impl From<MissReason> for Failed {
    fn from(reason: MissReason) -> Failed {
        Failed {
            reason,
            detail: None,
        }
    }
}

impl Inner {
    /// The decoded index of `id`, from memory or from the disk.
    pub(crate) fn view(
        &self,
        id: &FunctionId,
        times: &mut LoadTimes,
    ) -> Result<Arc<IndexView>, Failed> {
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

    pub(crate) fn find(
        &self,
        id: &FunctionId,
        text: &TextKey,
        request: &Request,
        wanted: Wanted<'_>,
        times: &mut LoadTimes,
    ) -> Result<Found, Failed> {
        match self.find_once(id, text, request, wanted, times) {
            Err(failed) if failed.reason == MissReason::ObjectMissing => {
                // An eviction takes an entry out of the index before it removes the object:
                // with a look at the index as it is now this is an ordinary miss.
                self.memory.forget(id);
                self.find_once(id, text, request, wanted, times)
            }
            found => found,
        }
    }

    fn find_once(
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
                .find(|version| version.tables(text).is_some())
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
            tables: version.tables(text).cloned(),
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
            if self.mode.may_write() && self.files.touch(&open) {
                self.counters.touches.add(1);
            }
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
        if is_still_bad() {
            self.put_aside(folder, name);
        }
    }
}

pub(crate) fn index_reason(failure: ReadFailure) -> MissReason {
    match failure {
        ReadFailure::Missing => MissReason::NoIndex,
        ReadFailure::Bad(damage) => MissReason::IndexUnreadable(damage),
        ReadFailure::Io(kind) => MissReason::IndexIo(kind),
    }
}

pub(crate) fn object_reason(failure: ReadFailure) -> MissReason {
    match failure {
        ReadFailure::Missing => MissReason::ObjectMissing,
        ReadFailure::Bad(damage) => MissReason::ObjectUnreadable(damage),
        ReadFailure::Io(kind) => MissReason::ObjectIo(kind),
    }
}
