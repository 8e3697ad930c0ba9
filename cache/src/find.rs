//! Looking up: from the index, read or remembered, to the checked bytes of an object, in the
//! private folder and then in each layer.
//!
//! Invariant: everything that is returned was checked against the whole key, in this call or
//! (the index) earlier in this process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use brolga_abi::{FunctionMeta, TextTables};

use crate::cache::Inner;
use crate::config::Mode;
use crate::files::{FileKind, ReadFailure};
use crate::index::{IndexView, ObjectRef};
use crate::key::{Digest, FunctionId, ObjectInfo, Request, TextKey};
use crate::keyed;
use crate::lock::{self, LockSet};
use crate::object::{self, KeyRef, WrongHeader};
use crate::place::{Closed, Place};
use crate::reason::{Damage, MissReason};
use crate::stats::{LoadTimes, Lookup};

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
    /// The number of the layer that gave it; none if it was the private folder.
    pub(crate) layer: Option<usize>,
}

/// Why nothing was found, with what to say about it.
pub(crate) struct Failed {
    pub(crate) reason: MissReason,
    pub(crate) detail: Option<String>,
}

impl From<Closed> for Failed {
    fn from((reason, detail): Closed) -> Failed {
        Failed { reason, detail }
    }
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
    /// The metadata of `id` for a text, from the first place that knows it.
    pub(crate) fn known_meta(
        &self,
        id: &FunctionId,
        text: &TextKey,
        build_id: &[u8; 32],
    ) -> Option<FunctionMeta> {
        self.may_look().ok()?;
        let times = &mut LoadTimes::default();
        let mut look = |place: Place<'_>| -> Result<Option<FunctionMeta>, Failed> {
            let view = self.view(place, id, times)?;
            Ok(view.meta(text, build_id).cloned())
        };
        let own = self.own_place().and_then(&mut look);
        if let Ok(Some(meta)) = own {
            return Some(meta);
        }
        self.layers.iter().find_map(|layer| {
            let meta = layer.with(&self.files, &mut look).ok().flatten()?;
            layer.count_meta();
            Some(meta)
        })
    }

    /// The code for `request`, from the private folder or the first layer that has it. What
    /// a layer cannot give is counted there; the miss that is returned is the private
    /// folder's.
    pub(crate) fn find(
        &self,
        id: &FunctionId,
        text: &TextKey,
        request: &Request,
        wanted: Wanted<'_>,
        times: &mut LoadTimes,
    ) -> Result<Found, Failed> {
        self.may_look()?;
        let own = self
            .own_place()
            .and_then(|place| self.find_in(place, id, text, request, wanted, times));
        let failed = match own {
            Ok(found) => return Ok(found),
            Err(failed) => failed,
        };
        let lookup = match wanted {
            Wanted::Text(_) => Lookup::Text,
            Wanted::Fingerprint(_) => Lookup::Fingerprint,
        };
        for (number, layer) in self.layers.iter().enumerate() {
            let found = layer.with(&self.files, |place| {
                self.find_in(place, id, text, request, wanted, times)
            });
            match found {
                Ok(found) => {
                    layer.count_hit(lookup);
                    self.pass_on(id, &failed);
                    return Ok(Found {
                        layer: Some(number),
                        ..found
                    });
                }
                Err(failed) => {
                    layer.count_miss(failed.reason);
                    self.log_layer(id, layer, &failed);
                }
            }
        }
        Err(failed)
    }

    fn may_look(&self) -> Result<(), MissReason> {
        match self.mode {
            Mode::On | Mode::ReadOnly => Ok(()),
            Mode::Off => Err(MissReason::Off),
            Mode::Refresh => Err(MissReason::Refresh),
        }
    }

    fn own_place(&self) -> Result<Place<'_>, Failed> {
        let folder = self.folder.as_ref().ok_or(MissReason::NoFolder)?;
        Ok(Place::own(
            &self.files,
            folder,
            self.key.as_ref(),
            &self.memory,
        )?)
    }

    /// The decoded index of `id`, from memory or from the disk.
    fn view(
        &self,
        place: Place<'_>,
        id: &FunctionId,
        times: &mut LoadTimes,
    ) -> Result<Arc<IndexView>, Failed> {
        let start = Instant::now();
        let name = id.index_name();
        let known = place.memory.get(id, || place.state(&name));
        times.open += start.elapsed();
        if let Some(view) = known {
            return Ok(view);
        }
        self.counters.index_reads.add(1);
        let mut read = || {
            let start = Instant::now();
            let open = place.open(&self.files, &name, FileKind::Index)?;
            times.open += start.elapsed();
            IndexView::read(&self.files, open, place.key, id, times)
        };
        match read() {
            Ok(view) => {
                let view = Arc::new(view);
                place.memory.put(id, Arc::clone(&view));
                Ok(view)
            }
            Err(failure) => {
                place.memory.forget(id);
                let is_bad = |failure: ReadFailure| match failure {
                    ReadFailure::Bad(damage) => !damage.is_of_key(),
                    ReadFailure::Missing | ReadFailure::Io(_) => false,
                };
                if is_bad(failure) {
                    self.set_aside(place, id, &name, || read().is_err_and(is_bad));
                }
                Err(index_reason(failure).into())
            }
        }
    }

    fn find_in(
        &self,
        place: Place<'_>,
        id: &FunctionId,
        text: &TextKey,
        request: &Request,
        wanted: Wanted<'_>,
        times: &mut LoadTimes,
    ) -> Result<Found, Failed> {
        match self.find_once(place, id, text, request, wanted, times) {
            Err(failed) if failed.reason == MissReason::ObjectMissing => {
                // An eviction takes an entry out of the index before it removes the object:
                // with a look at the index as it is now this is an ordinary miss.
                place.memory.forget(id);
                self.find_once(place, id, text, request, wanted, times)
            }
            found => found,
        }
    }

    fn find_once(
        &self,
        place: Place<'_>,
        id: &FunctionId,
        text: &TextKey,
        request: &Request,
        wanted: Wanted<'_>,
        times: &mut LoadTimes,
    ) -> Result<Found, Failed> {
        let view = self.view(place, id, times)?;
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
        let key = KeyRef {
            id,
            request,
            fingerprint: &version.fingerprint,
        };
        let (object, info) = self.load(place, key, version.object, times)?;
        Ok(Found {
            object,
            info,
            reference: version.object,
            tables: version.tables(text).cloned(),
            knows_meta: view.meta(text, &request.build_id).is_some(),
            layer: None,
        })
    }

    /// Loads and checks the object that the index names.
    fn load(
        &self,
        place: Place<'_>,
        key: KeyRef<'_>,
        reference: ObjectRef,
        times: &mut LoadTimes,
    ) -> Result<(Vec<u8>, ObjectInfo), Failed> {
        let name = key.id.object_name(&reference.digest);
        let mut load = || -> Result<(Vec<u8>, ObjectInfo), MissReason> {
            let start = Instant::now();
            let open = place
                .open(&self.files, &name, FileKind::Object)
                .map_err(object_reason)?;
            times.open += start.elapsed();

            let start = Instant::now();
            let mut bytes = self
                .files
                .read(&open, 0, open.length)
                .map_err(object_reason)?;
            times.read += start.elapsed();

            let start = Instant::now();
            let parts = object::check(place.key, &bytes).map_err(MissReason::ObjectUnreadable)?;
            times.digest += start.elapsed();
            if !keyed::same(&parts.digest, &reference.digest)
                || bytes.len() as u64 != reference.length
            {
                return Err(MissReason::ObjectDigest);
            }

            let start = Instant::now();
            let info = parts.info(&bytes, key).map_err(|wrong| match wrong {
                WrongHeader::Key => MissReason::ObjectKey,
                WrongHeader::Info => MissReason::ObjectUnreadable(Damage::Decode),
            })?;
            bytes.drain(..parts.elf_start);
            times.decode += start.elapsed();
            // In a layer nothing is written down, not even a time.
            let is_own = place.repairs().is_some();
            if is_own && self.mode.may_write() && self.files.touch(&open) {
                self.counters.touches.add(1);
            }
            Ok((bytes, info))
        };
        let loaded = load();
        let is_bad = |reason: &MissReason| match reason {
            MissReason::ObjectUnreadable(damage) => !damage.is_of_key(),
            other => matches!(other, MissReason::ObjectDigest | MissReason::ObjectKey),
        };
        if loaded.as_ref().is_err_and(is_bad) {
            self.set_aside(place, key.id, &name, || load().as_ref().is_err_and(is_bad));
        }
        Ok(loaded?)
    }

    /// Sets the bad file `name` aside, if it is still bad once no writer is at work on the
    /// function. In a layer nothing is touched.
    fn set_aside(
        &self,
        place: Place<'_>,
        id: &FunctionId,
        name: &str,
        is_still_bad: impl FnOnce() -> bool,
    ) {
        let Some(folder) = place.repairs().filter(|_| self.mode.may_write()) else {
            return;
        };
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
