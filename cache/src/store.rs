//! Storing: the object first, then the index that names it.
//!
//! Invariant: an index is written by merging what it holds at that moment, under its lock
//! where there are locks.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::cache::Inner;
use crate::events;
use crate::files::{FileKind, ReadFailure};
use crate::folder::{Folder, FolderFailure};
use crate::index::{IndexContents, Lesson, ObjectRef};
use crate::key::{FunctionId, ObjectInfo};
use crate::lock::{self, LockSet};
use crate::object::{self, KeyRef};
use crate::reason::StoreFailure;

/// How long a writer waits for another writer of the same index before it goes on without.
const INDEX_WAIT: Duration = Duration::from_secs(5);
/// How often a handle looks for abandoned files.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);

impl Inner {
    /// The folder, made if need be, if the mode allows writing.
    pub(crate) fn writable(&self) -> Result<&Folder, StoreFailure> {
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
    pub(crate) fn distrust(&self) -> Option<String> {
        match self.folder.as_ref()?.check(&self.files) {
            Err(FolderFailure::Untrusted(found)) => Some(found),
            _ => None,
        }
    }

    /// Writes the object file.
    pub(crate) fn store_object(
        &self,
        key: KeyRef<'_>,
        info: &ObjectInfo,
        elf: &[u8],
    ) -> Result<ObjectRef, StoreFailure> {
        let folder = self.writable()?;
        self.sweep(folder);
        let (bytes, digest) = object::encode(self.key.as_ref(), key, info, elf)
            .map_err(|_| StoreFailure::TooLarge)?;
        let name = key.id.object_name(&digest);
        self.write(folder, &name, FileKind::Object, &bytes)
            .map_err(StoreFailure::ObjectIo)?;
        Ok(ObjectRef {
            digest,
            length: bytes.len() as u64,
        })
    }

    /// Puts the object file `name`, which was verified, into the folder. Returns whether it
    /// was not there before.
    pub(crate) fn store_object_file(&self, name: &str, bytes: &[u8]) -> Result<bool, StoreFailure> {
        let folder = self.writable()?;
        self.sweep(folder);
        let known = self.files.open(&folder.join(name), FileKind::Object);
        if let Ok(open) = known
            && self
                .files
                .read(&open, 0, open.length)
                .is_ok_and(|known| known == bytes)
        {
            // It was asked for, which counts as a use.
            if self.files.touch(&open) {
                self.counters.touches.add(1);
            }
            return Ok(false);
        }
        self.write(folder, name, FileKind::Object, bytes)
            .map_err(StoreFailure::ObjectIo)?;
        Ok(true)
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
                self.put_aside(folder, name);
                self.files.write(folder.path(), name, kind, bytes)
            }
            other => other,
        }
        .map_err(|error| error.kind())
    }

    /// Merges `lessons` into the index of `id`.
    pub(crate) fn teach(
        &self,
        id: &FunctionId,
        lessons: &[Lesson<'_>],
    ) -> Result<(), StoreFailure> {
        let folder = self.writable()?;
        let lock_path = folder.join(&LockSet::Index.file_name(&id.digest()));
        let lock = lock::acquire(&self.files, &lock_path, INDEX_WAIT);
        if lock.is_none() {
            // Another writer's entry may now get lost, which is a miss and no more.
            self.counters.unlocked_writes.add(1);
        }
        // No eviction of this function goes on while the lock is held.
        let is_gone =
            |lesson: &Lesson<'_>| is_gone(&folder.join(&id.object_name(&lesson.object.digest)));
        if lessons.iter().any(is_gone) {
            return Err(StoreFailure::ObjectGone);
        }
        let name = id.index_name();
        let path = folder.join(&name);
        let old = self.files.read_whole(&path, FileKind::Index);
        let (mut contents, damaged) = match &old {
            Ok(bytes) => IndexContents::decode(self.key.as_ref(), bytes, |found| found == id)
                // One of another key may be sound: it is replaced and not set aside.
                .unwrap_or_else(|bad| (IndexContents::new(id.clone()), !bad.is_of_key())),
            Err(ReadFailure::Missing) => (IndexContents::new(id.clone()), false),
            Err(ReadFailure::Bad(_)) => (IndexContents::new(id.clone()), true),
            Err(ReadFailure::Io(kind)) => return Err(StoreFailure::IndexIo(*kind)),
        };
        let mut dropped = Vec::new();
        for lesson in lessons {
            let out = contents
                .learn(*lesson)
                .map_err(|_| StoreFailure::TooLarge)?;
            dropped.extend(out);
        }
        // What one lesson put out another may have brought back.
        dropped.retain(|out| !contents.names(out));
        let bytes = contents
            .encode(self.key.as_ref())
            .map_err(|_| StoreFailure::TooLarge)?;
        if damaged {
            self.put_aside(folder, &name);
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

    /// Sets the bad file `name` aside, and counts it.
    pub(crate) fn put_aside(&self, folder: &Folder, name: &str) {
        if folder.set_aside(name) {
            self.counters.set_aside.add(1);
            events::set_aside(name);
        }
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
}

fn is_gone(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}
