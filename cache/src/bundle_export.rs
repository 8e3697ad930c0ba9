//! Writing verified entries of the private folder as one bundle.
//!
//! Invariant: the bundle appears under its name whole or not at all, every file in it was
//! verified and has the digest in the table, and the same entries give the same bytes.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::bundle::{self, Member};
use crate::bundle_moves::{Exported, Selection, Skipped};
use crate::cache::{Cache, Inner};
use crate::error::{CacheError, ErrorKind};
use crate::files::{FileKind, Step, temporary_name, within_file_size_limit};
use crate::find::{index_reason, object_reason};
use crate::folder::{Folder, OwnName, classify};
use crate::index::{IndexContents, Version};
use crate::key::{Digest, FunctionId, Request};
use crate::object;
use crate::reason::{Damage, MissReason};

/// A file that goes into the bundle.
enum Piece {
    /// An index, with what was selected of it.
    Index(Vec<u8>),
    /// An object of the folder, with its length in bytes and its plain digest.
    Object(usize, Digest),
}

impl Cache {
    /// Writes the selected entries of the folder as one bundle file, `to`, which is
    /// replaced. Every file is verified first, and what is not sound is left out; the same
    /// entries give the same bytes. Reads what is there now, whatever the mode; changes
    /// nothing in the folder, and takes nothing from the layers. The files in the bundle
    /// have the folder's key, if it has one.
    ///
    /// # Errors
    /// When there is no folder that may be used (one that is not there yet is empty), when
    /// an entry is removed meanwhile, or when the bundle cannot be written: then what stands
    /// at `to` is what stood there, or the whole new bundle.
    pub fn export(&self, to: &Path, which: &Selection) -> Result<Exported, CacheError> {
        let inner = &*self.inner;
        let mut exported = Exported::default();
        let mut pieces = BTreeMap::new();
        let folder = inner.readable()?;
        if let Some(folder) = folder {
            let mut names: Vec<String> = folder
                .names()
                .filter(|name| classify(name) == Some(OwnName::Index))
                .collect();
            names.sort();
            for name in names {
                let skipped = inner.select(folder, &name, which, &mut pieces, &mut exported);
                if let Err(reason) = skipped {
                    exported.skipped.push(Skipped { name, reason });
                }
            }
        }
        exported.bytes = inner.write_bundle(to, folder, &pieces)?;
        Ok(exported)
    }
}

impl Inner {
    /// Adds the selected and sound entries of the index `name` to `pieces`.
    fn select(
        &self,
        folder: &Folder,
        name: &str,
        which: &Selection,
        pieces: &mut BTreeMap<String, Piece>,
        exported: &mut Exported,
    ) -> Result<(), MissReason> {
        let bytes = self
            .files
            .read_whole(&folder.join(name), FileKind::Index)
            .map_err(index_reason)?;
        let is_meant = |found: &FunctionId| found.index_name() == name;
        let (mut contents, damaged) = IndexContents::decode(self.key.as_ref(), &bytes, is_meant)
            .map_err(MissReason::IndexUnreadable)?;
        if !which.takes_function(contents.id()) {
            return Ok(());
        }
        let before = pieces.len();
        let undecoded = contents.retain(|id, request, version| {
            if !which.takes_request(request) {
                return false;
            }
            let name = id.object_name(&version.object.digest);
            match self.sound_object(folder, &name, id, request, version) {
                Ok(digest) => {
                    // At most 64 MiB, or it would not be sound.
                    let piece = Piece::Object(version.object.length as usize, digest);
                    pieces.insert(name, piece);
                    true
                }
                Err(reason) => {
                    exported.skipped.push(Skipped { name, reason });
                    false
                }
            }
        });
        let too_large = |_| MissReason::IndexUnreadable(Damage::TooLarge);
        let undecoded = undecoded.map_err(too_large)?;
        if !contents.is_empty() {
            let bytes = contents.encode(self.key.as_ref()).map_err(too_large)?;
            exported.functions += 1;
            exported.objects += (pieces.len() - before) as u64;
            pieces.insert(name.to_string(), Piece::Index(bytes));
        }
        match (damaged, undecoded) {
            (true, _) => Err(MissReason::IndexUnreadable(Damage::Digest)),
            (false, true) => Err(MissReason::IndexUnreadable(Damage::Decode)),
            (false, false) => Ok(()),
        }
    }

    /// The plain digest of the object file `name`, if a lookup would take it.
    fn sound_object(
        &self,
        folder: &Folder,
        name: &str,
        id: &FunctionId,
        request: &Request,
        version: &Version,
    ) -> Result<Digest, MissReason> {
        let bytes = self
            .files
            .read_whole(&folder.join(name), FileKind::Object)
            .map_err(object_reason)?;
        object::verify(self.key.as_ref(), &bytes, id, request, version)?;
        Ok(blake3::hash(&bytes).into())
    }

    /// Writes `pieces` as the bundle `to`; returns its size in bytes.
    fn write_bundle(
        &self,
        to: &Path,
        folder: Option<&Folder>,
        pieces: &BTreeMap<String, Piece>,
    ) -> Result<u64, CacheError> {
        let refused = |error: io::Error| {
            let message = format!("cannot write the bundle {}: {error}", to.display());
            CacheError::new(ErrorKind::Io, message)
        };
        let members: Vec<Member> = pieces
            .iter()
            .map(|(name, piece)| {
                let (length, digest) = match piece {
                    Piece::Index(bytes) => (bytes.len(), blake3::hash(bytes).into()),
                    Piece::Object(length, digest) => (*length, *digest),
                };
                Member {
                    name: name.clone(),
                    length,
                    digest,
                }
            })
            .collect();
        let (table, length) = bundle::encode(&members)
            .ok_or_else(|| CacheError::new(ErrorKind::Bundle, "too many entries for one bundle"))?;
        within_file_size_limit(length).map_err(refused)?;
        let parent = match to.parent() {
            Some(parent) if parent != OsStr::new("") => parent,
            _ => Path::new("."),
        };
        let temporary = parent.join(temporary_name());
        self.files
            .step(Step::Create(FileKind::Bundle))
            .map_err(refused)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o644)
            .custom_flags(libc::O_NOFOLLOW)
            .open(&temporary)
            .map_err(refused)?;
        let written = self.fill(&mut file, &table, folder, pieces).and_then(|()| {
            self.files.step(Step::Sync(FileKind::Bundle))?;
            file.sync_all()?;
            self.files.step(Step::Rename(FileKind::Bundle))?;
            fs::rename(&temporary, to)?;
            self.files.sync_folder(parent)
        });
        if let Err(error) = written {
            // Nothing else is to be done with it.
            let _ = fs::remove_file(&temporary);
            return Err(refused(error));
        }
        Ok(length)
    }

    fn fill(
        &self,
        file: &mut File,
        table: &[u8],
        folder: Option<&Folder>,
        pieces: &BTreeMap<String, Piece>,
    ) -> io::Result<()> {
        self.files.step(Step::Write(FileKind::Bundle))?;
        file.write_all(table)?;
        self.files.step(Step::WriteHalf(FileKind::Bundle))?;
        for (name, piece) in pieces {
            match (piece, folder) {
                (Piece::Index(bytes), _) => file.write_all(bytes)?,
                (Piece::Object(_, digest), Some(folder)) => {
                    let bytes = self
                        .files
                        .read_whole(&folder.join(name), FileKind::Object)
                        .ok()
                        .filter(|bytes| blake3::hash(bytes) == *digest)
                        .ok_or_else(|| {
                            io::Error::other(format!("{name} was changed or removed meanwhile"))
                        })?;
                    file.write_all(&bytes)?;
                }
                (Piece::Object(..), None) => {}
            }
        }
        Ok(())
    }
}
