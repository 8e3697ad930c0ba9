//! Keeping the folder within its limits: which entries go, and how.
//!
//! The last use of an entry is the time of its object's file, which a hit writes down at
//! most hourly. What goes is first taken out of the index, under the index's lock, and then
//! removed: a reader beside it has a hit or an ordinary miss.
//!
//! Invariant: only regular files that bear our own names are removed, and an object that is
//! being stored is not among them: it is new, and what is not in an index stays for an hour.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use crate::cache::{Cache, Inner};
use crate::config::Mode;
use crate::error::{CacheError, ErrorKind};
use crate::events;
use crate::files::{FileKind, ReadFailure};
use crate::folder::{Folder, OwnName, classify};
use crate::index::{IndexContents, Review};
use crate::key::FunctionId;
use crate::limits::Limits;
use crate::lock::{self, LockSet, Refusal};

/// A folder is looked through at a handle's first store and then after this many stores,
const STORES_BETWEEN: u32 = 64;
/// or after this part of the limit was stored, but no less than [`LEAST_BYTES_BETWEEN`],
const PART_BETWEEN: u64 = 8;
/// see [`PART_BETWEEN`],
const LEAST_BYTES_BETWEEN: u64 = 1 << 20;
/// or after this time.
const TIME_BETWEEN: Duration = Duration::from_secs(10 * 60);
/// An eviction goes below the limit by this part of it, so that the next store is not above
/// it again.
const ROOM: u64 = 10;
/// An object that no index names is left for its writer to name it for so long.
const UNNAMED_AGE: Duration = Duration::from_secs(60 * 60);
/// How long to wait for the writer of an index before its entries are left for the next time.
const LOCK_WAIT: Duration = Duration::from_millis(50);
/// The same when somebody asked for a prune.
const PRUNE_WAIT: Duration = Duration::from_secs(5);

/// What [`Cache::prune`] removed, and what it left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Pruned {
    /// Entries, too old or beyond the size, least recently used first.
    pub evicted: u64,
    /// Objects that no index named.
    pub unnamed: u64,
    /// Indexes that named nothing any more.
    pub indexes: u64,
    /// Abandoned temporaries and old set-aside files.
    pub swept: u64,
    /// Files of older format versions.
    pub old_files: u64,
    /// The sizes of all of these but what was swept, in bytes.
    pub bytes: u64,
    /// Functions whose entries stayed, because another process kept their index locked.
    pub busy: u64,
    /// What all files of ours take now, in bytes.
    pub bytes_left: u64,
}

/// How long ago this handle looked at the size of the folder.
#[derive(Default)]
pub(crate) struct SizeChecks {
    last: Option<Instant>,
    stores: u32,
    bytes: u64,
}

impl SizeChecks {
    /// Takes a store of `bytes` into account; whether the folder is to be looked at now.
    fn is_due(&mut self, bytes: u64, limits: &Limits) -> bool {
        self.stores += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        let part = limits.bytes.map_or(u64::MAX, |limit| limit / PART_BETWEEN);
        let due = self.last.is_none_or(|last| last.elapsed() >= TIME_BETWEEN)
            || self.stores >= STORES_BETWEEN
            || self.bytes >= part.max(LEAST_BYTES_BETWEEN);
        if due {
            *self = SizeChecks {
                last: Some(Instant::now()),
                stores: 0,
                bytes: 0,
            };
        }
        due
    }
}

/// An object file as it was when the folder was looked through.
#[derive(Clone, Copy)]
struct ObjectFile {
    bytes: u64,
    modified: SystemTime,
}

/// The files of ours in the folder.
#[derive(Default)]
struct Scan {
    /// By name.
    objects: BTreeMap<String, ObjectFile>,
    /// Sizes by stem.
    indexes: BTreeMap<String, u64>,
    /// Of all files of ours, temporaries and set-aside ones too.
    bytes: u64,
}

impl Scan {
    fn of(folder: &Folder) -> Scan {
        let mut scan = Scan::default();
        for entry in folder.entries() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let Some(kind) = classify(&name) else {
                continue;
            };
            // Of the name itself, links not followed.
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if !metadata.is_file() {
                continue;
            }
            let bytes = metadata.len();
            scan.bytes += bytes;
            match kind {
                OwnName::Index => {
                    scan.indexes.insert(stem(&name).to_string(), bytes);
                }
                OwnName::Object => {
                    let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                    scan.objects.insert(name, ObjectFile { bytes, modified });
                }
                OwnName::Temporary | OwnName::SetAside | OwnName::Lock => {}
            }
        }
        scan
    }

    fn exceeds(&self, limits: &Limits) -> bool {
        let now = SystemTime::now();
        limits.bytes.is_some_and(|limit| self.bytes > limit)
            || self
                .objects
                .values()
                .any(|file| file.is_too_old(now, limits))
    }
}

impl ObjectFile {
    fn is_older_than(&self, now: SystemTime, age: Duration) -> bool {
        now.duration_since(self.modified)
            .is_ok_and(|past| past > age)
    }

    fn is_too_old(&self, now: SystemTime, limits: &Limits) -> bool {
        limits.age.is_some_and(|age| self.is_older_than(now, age))
    }
}

/// `<module>.<function>-<identity>` of an index's or an object's name.
fn stem(name: &str) -> &str {
    let without = name.strip_suffix(".nbi");
    without.unwrap_or_else(|| {
        let object = name.strip_suffix(".nbc").unwrap_or(name);
        object.rsplit_once('.').map_or(object, |(stem, _)| stem)
    })
}

/// The start of the function's digest, which names its locks, out of a stem.
fn digest_start(stem: &str) -> [u8; 32] {
    let mut digest = [0; 32];
    let identity = stem.rsplit_once('-').map_or("", |(_, identity)| identity);
    for (byte, place) in digest.iter_mut().zip((0..identity.len()).step_by(2)) {
        let pair = identity.get(place..place + 2).unwrap_or("0");
        *byte = u8::from_str_radix(pair, 16).unwrap_or(0);
    }
    digest
}

/// What is to go of one function.
#[derive(Default)]
struct Victims {
    /// Entries by the names of their objects, with what the file looked like; `None` is an
    /// entry without a file.
    entries: BTreeMap<String, Option<ObjectFile>>,
    /// Objects that no index names.
    unnamed: BTreeMap<String, ObjectFile>,
    /// The index has another key, so what it names is not known: all of the function goes,
    /// and these are its entries.
    whole: bool,
}

/// What goes together: an entry, or a function whose index has another key.
struct Unit<'a> {
    modified: SystemTime,
    stem: &'a str,
    files: Vec<(&'a String, &'a ObjectFile)>,
    whole: bool,
}

impl Cache {
    /// Removes what exceeds `limits`, the least recently used first; entries and objects
    /// that lost each other; indexes that name nothing; what was abandoned; and what older
    /// format versions left, when it is older than the age limit or a month. Safe beside
    /// running readers and writers, for whom it is a miss. Nothing is removed that does not
    /// bear one of the cache's own names.
    ///
    /// # Errors
    /// When the mode is `readonly`, when there is no folder that may be used, or when a
    /// file could not be removed; the others are gone all the same.
    pub fn prune(&self, limits: &Limits) -> Result<Pruned, CacheError> {
        let inner = &*self.inner;
        if inner.mode == Mode::ReadOnly {
            return Err(CacheError::new(
                ErrorKind::Mode,
                "the cache is read-only (BROLGA_CACHE=readonly): nothing was removed",
            ));
        }
        let Some(folder) = inner.readable()? else {
            return Ok(Pruned::default());
        };
        let mut work = Work::new(inner, folder, PRUNE_WAIT);
        work.pruned.swept = folder.sweep();
        inner.counters.swept.add(work.pruned.swept);
        work.remove_old_versions(limits);
        work.evict(&Scan::of(folder), limits);
        let Work {
            mut pruned,
            refused,
            ..
        } = work;
        pruned.bytes_left = Scan::of(folder).bytes;
        refused.map_or(Ok(pruned), Err)
    }
}

impl Inner {
    /// After a store of `bytes`: now and then looks whether the folder is within its limits,
    /// and makes room if it is not. What cannot be removed stays.
    pub(crate) fn keep_within_limits(&self, bytes: u64) {
        let due = crate::stats::lock(&self.size_checks).is_due(bytes, &self.limits);
        if !due {
            return;
        }
        let Ok(folder) = self.writable() else {
            return;
        };
        self.counters.size_checks.add(1);
        let mut work = Work::new(self, folder, LOCK_WAIT);
        work.remove_old_versions(&self.limits);
        if self.limits == Limits::NONE {
            return;
        }
        let scan = Scan::of(folder);
        if scan.exceeds(&self.limits) {
            let limits = Limits {
                bytes: self.limits.bytes.map(|limit| limit - limit / ROOM),
                age: self.limits.age,
            };
            work.evict(&scan, &limits);
        }
    }
}

/// One going through the folder.
struct Work<'a> {
    inner: &'a Inner,
    folder: &'a Folder,
    /// How long to wait for each lock.
    wait: Duration,
    now: SystemTime,
    pruned: Pruned,
    /// The first file that could not be removed.
    refused: Option<CacheError>,
}

impl<'a> Work<'a> {
    fn new(inner: &'a Inner, folder: &'a Folder, wait: Duration) -> Work<'a> {
        Work {
            inner,
            folder,
            wait,
            now: SystemTime::now(),
            pruned: Pruned::default(),
            refused: None,
        }
    }

    fn remove_old_versions(&mut self, limits: &Limits) {
        let (files, bytes) = self
            .folder
            .remove_old_versions(&self.inner.files, limits.age);
        self.pruned.old_files += files;
        self.pruned.bytes += bytes;
        self.inner.counters.old_files_removed.add(files);
    }

    /// Removes what exceeds `limits`, and what lost its index or its object.
    fn evict(&mut self, scan: &Scan, limits: &Limits) {
        for (stem, victims) in self.choose(scan, limits) {
            if let Err(error) = self.remove(&stem, &victims, scan) {
                self.refused.get_or_insert_with(|| {
                    let place = self.folder.path().display();
                    let message = format!("cannot prune {place}, {stem}: {error}");
                    CacheError::new(ErrorKind::Io, message)
                });
            }
        }
    }

    /// What goes, by function.
    fn choose(&self, scan: &Scan, limits: &Limits) -> BTreeMap<String, Victims> {
        let mut victims: BTreeMap<String, Victims> = BTreeMap::new();
        // Named by a sound index, or by one of which that is not known.
        let mut kept: BTreeSet<&String> = BTreeSet::new();
        let mut unknown: BTreeSet<&str> = BTreeSet::new();
        let mut of_another_key: BTreeMap<&str, Unit<'_>> = BTreeMap::new();
        for stem in scan.indexes.keys() {
            match self.review(stem) {
                Ok(review) => {
                    for object in review.objects() {
                        let name = review.id.object_name(&object.digest);
                        match scan.objects.get_key_value(&name) {
                            Some((name, _)) => drop(kept.insert(name)),
                            None => {
                                let of_function = victims.entry(stem.clone()).or_default();
                                of_function.entries.insert(name, None);
                            }
                        }
                    }
                }
                // It may be sound for somebody with the key that it has.
                Err(ReadFailure::Bad(damage)) if damage.is_of_key() => {
                    let unit = Unit {
                        modified: SystemTime::UNIX_EPOCH,
                        stem,
                        files: Vec::new(),
                        whole: true,
                    };
                    of_another_key.insert(stem, unit);
                }
                // It is set aside when the victims are removed, which are none.
                Err(ReadFailure::Bad(_)) => drop(victims.entry(stem.clone()).or_default()),
                Err(ReadFailure::Missing | ReadFailure::Io(_)) => {
                    unknown.insert(stem);
                }
            }
        }
        let mut left = scan.bytes;
        let mut by_use = Vec::new();
        // How many objects each function keeps.
        let mut objects: BTreeMap<&str, u64> = BTreeMap::new();
        for (name, file) in &scan.objects {
            let stem = stem(name);
            if let Some(unit) = of_another_key.get_mut(stem) {
                unit.modified = unit.modified.max(file.modified);
                unit.files.push((name, file));
                *objects.entry(stem).or_default() += 1;
            } else if kept.contains(name) {
                *objects.entry(stem).or_default() += 1;
                by_use.push(Unit {
                    modified: file.modified,
                    stem,
                    files: vec![(name, file)],
                    whole: false,
                });
            } else if !unknown.contains(stem) && file.is_older_than(self.now, UNNAMED_AGE) {
                let of_function = victims.entry(stem.to_string()).or_default();
                of_function.unnamed.insert(name.clone(), *file);
                left = left.saturating_sub(file.bytes);
            }
        }
        let with_files = |unit: &Unit<'_>| !unit.files.is_empty();
        by_use.extend(of_another_key.into_values().filter(with_files));
        by_use.sort_by_key(|unit| (unit.modified, unit.stem));
        for unit in by_use {
            let is_too_large = limits.bytes.is_some_and(|limit| left > limit);
            let is_too_old = |(_, file): &(&String, &ObjectFile)| file.is_too_old(self.now, limits);
            if !is_too_large && !unit.files.iter().all(is_too_old) {
                break;
            }
            let of_function = victims.entry(unit.stem.to_string()).or_default();
            of_function.whole |= unit.whole;
            let others = objects.entry(unit.stem).or_default();
            for (name, file) in unit.files {
                of_function.entries.insert(name.clone(), Some(*file));
                left = left.saturating_sub(file.bytes);
                *others = others.saturating_sub(1);
            }
            if *others == 0 {
                left = left.saturating_sub(scan.indexes.get(unit.stem).copied().unwrap_or(0));
            }
        }
        victims
    }

    fn review(&self, stem: &str) -> Result<Review, ReadFailure> {
        let path = self.folder.join(&format!("{stem}.nbi"));
        let bytes = self.inner.files.read_whole(&path, FileKind::Index)?;
        Ok(Review::of(self.inner.key.as_ref(), &bytes, |found| {
            found.file_stem() == stem
        })?)
    }

    /// Removes what is to go of one function: out of the index first, then the files.
    fn remove(&mut self, stem: &str, victims: &Victims, scan: &Scan) -> io::Result<()> {
        let inner = self.inner;
        let lock_name = LockSet::Index.file_name(&digest_start(stem));
        let lock = lock::attempt(&inner.files, &self.folder.join(&lock_name), self.wait);
        match lock {
            Ok(_) => {}
            Err(Refusal::Held) => {
                self.pruned.busy += 1;
                return Ok(());
            }
            // As for a store without: a new entry may get lost, which is a miss.
            Err(Refusal::Unavailable) => inner.counters.unlocked_writes.add(1),
        }
        let index_name = format!("{stem}.nbi");
        let index_path = self.folder.join(&index_name);
        let mut named = BTreeSet::new();
        let mut gone: Vec<(&String, &ObjectFile)> = Vec::new();
        match inner.files.read_whole(&index_path, FileKind::Index) {
            Err(ReadFailure::Missing) => {}
            Err(ReadFailure::Io(kind)) => return Err(kind.into()),
            Err(ReadFailure::Bad(_)) => {
                inner.put_aside(self.folder, &index_name);
                return Ok(());
            }
            Ok(bytes) => {
                let is_meant = |found: &FunctionId| found.file_stem() == stem;
                let decoded = IndexContents::decode(inner.key.as_ref(), &bytes, is_meant);
                let (mut contents, damaged) = match decoded {
                    Ok(decoded) => decoded,
                    Err(damage) if damage.is_of_key() => {
                        return self.remove_whole(&index_path, stem, victims, scan);
                    }
                    Err(_) => {
                        inner.put_aside(self.folder, &index_name);
                        return Ok(());
                    }
                };
                let id = contents.id().clone();
                let dropped = contents.forget(|object| {
                    let name = id.object_name(&object.digest);
                    let goes = victims
                        .entries
                        .get(&name)
                        .is_some_and(|file| self.is_still(&name, file.as_ref()));
                    if !goes {
                        named.insert(name);
                    }
                    goes
                });
                if contents.is_empty() {
                    self.remove_index(&index_path, stem, scan)?;
                } else if dropped > 0 {
                    if damaged {
                        inner.put_aside(self.folder, &index_name);
                    }
                    let bytes = contents
                        .encode(inner.key.as_ref())
                        .map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
                    inner
                        .files
                        .write(self.folder.path(), &index_name, FileKind::Index, &bytes)?;
                }
                inner.memory.forget(&id);
                for (name, file) in &victims.entries {
                    if let Some(file) = file
                        && !named.contains(name)
                    {
                        gone.push((name, file));
                    }
                }
            }
        }
        let entries = gone.len();
        gone.extend(&victims.unnamed);
        for (number, (name, file)) in gone.into_iter().enumerate() {
            // Named, or written again, since the folder was looked through.
            if named.contains(name) || !self.is_still(name, Some(file)) {
                continue;
            }
            if number < entries {
                self.remove_entry(name, file)?;
            } else {
                inner
                    .files
                    .remove(&self.folder.join(name), FileKind::Object)?;
                self.pruned.bytes += file.bytes;
                self.pruned.unnamed += 1;
                inner.counters.unnamed_removed.add(1);
                events::unnamed_removed(name, file.bytes);
            }
        }
        Ok(())
    }

    /// Removes a function whose index has another key, the index first, unless any of it was
    /// used since.
    fn remove_whole(
        &mut self,
        index: &Path,
        stem: &str,
        victims: &Victims,
        scan: &Scan,
    ) -> io::Result<()> {
        let mut entries = victims.entries.iter();
        let is_unused = entries.all(|(name, file)| self.is_still(name, file.as_ref()));
        if !victims.whole || !is_unused {
            return Ok(());
        }
        self.remove_index(index, stem, scan)?;
        for (name, file) in &victims.entries {
            if let Some(file) = file {
                self.remove_entry(name, file)?;
            }
        }
        Ok(())
    }

    fn remove_index(&mut self, index: &Path, stem: &str, scan: &Scan) -> io::Result<()> {
        self.inner.files.remove(index, FileKind::Index)?;
        self.pruned.indexes += 1;
        self.pruned.bytes += scan.indexes.get(stem).copied().unwrap_or(0);
        Ok(())
    }

    /// Removes the object of an entry that no index names any more.
    fn remove_entry(&mut self, name: &str, file: &ObjectFile) -> io::Result<()> {
        let inner = self.inner;
        inner
            .files
            .remove(&self.folder.join(name), FileKind::Object)?;
        self.pruned.bytes += file.bytes;
        self.pruned.evicted += 1;
        inner.counters.evicted.add(1);
        inner.counters.evicted_bytes.add(file.bytes);
        events::evicted(name, file.bytes);
        Ok(())
    }

    /// Whether the object `name` is as it was: neither written nor used since.
    fn is_still(&self, name: &str, file: Option<&ObjectFile>) -> bool {
        match (fs::symlink_metadata(self.folder.join(name)), file) {
            (Ok(metadata), Some(file)) => {
                metadata.is_file() && metadata.modified().ok() == Some(file.modified)
            }
            (Err(error), None) => error.kind() == io::ErrorKind::NotFound,
            // Another process was quicker.
            (Err(error), Some(_)) => error.kind() == io::ErrorKind::NotFound,
            (Ok(_), None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_of_a_stem_is_that_of_its_function() {
        for number in 0..100 {
            let id = FunctionId {
                module: format!("m{number}.x-y"),
                function: "f::g".to_string(),
            };
            let stem_of = id.file_stem();
            assert_eq!(digest_start(&stem_of)[..8], id.digest()[..8]);
            assert_eq!(stem(&id.index_name()), stem_of);
            assert_eq!(stem(&id.object_name(&[7; 32])), stem_of);
        }
        assert_eq!(digest_start("no identity"), [0; 32]);
    }

    #[test]
    fn the_folder_is_looked_at_first_and_then_now_and_then() {
        let limits = Limits {
            bytes: Some(80 << 20),
            age: None,
        };
        let mut checks = SizeChecks::default();
        assert!(checks.is_due(1, &limits));
        let due = (0..200).filter(|_| checks.is_due(1, &limits)).count();
        assert_eq!(due, 3, "each 64 stores");
        let mut checks = SizeChecks::default();
        assert!(checks.is_due(1, &limits));
        assert!(!checks.is_due((10 << 20) - 1, &limits));
        assert!(checks.is_due(1, &limits), "an eighth of the limit");
        let mut checks = SizeChecks::default();
        assert!(checks.is_due(u64::MAX, &Limits::NONE));
    }
}
