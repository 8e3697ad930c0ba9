//! What older format versions left next to ours.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::files::Files;
use crate::folder::{FORMAT_VERSION, Folder, classify};

/// After how long without a write such a folder goes when there is no age limit.
const ABANDONED_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Folder {
    /// Removes the files in the folders of older format versions whose newest file of ours
    /// is older than `age`, else a month, and the folders that are empty then. Returns how
    /// many files, and their sizes in bytes. What does not bear one of our names stays, and
    /// its folder with it.
    pub(crate) fn remove_old_versions(&self, files: &Files, age: Option<Duration>) -> (u64, u64) {
        let age = age.unwrap_or(ABANDONED_AGE);
        let now = SystemTime::now();
        let (mut count, mut bytes) = (0, 0);
        for version in 1..FORMAT_VERSION {
            let path = self.base().join(format!("v{version}"));
            let trusted = fs::symlink_metadata(&path)
                .is_ok_and(|metadata| metadata.is_dir() && files.trusts(&metadata));
            if !trusted {
                continue;
            }
            let Some(own) = own_files(&path) else {
                continue;
            };
            let is_old =
                |modified: &SystemTime| now.duration_since(*modified).is_ok_and(|past| past > age);
            if !own.iter().all(|file| is_old(&file.modified)) {
                continue;
            }
            for file in own {
                if fs::remove_file(path.join(&file.name)).is_ok() {
                    count += 1;
                    bytes += file.bytes;
                }
            }
            // Refused while there is anything in it.
            let _ = fs::remove_dir(&path);
        }
        (count, bytes)
    }
}

struct OwnFile {
    name: String,
    bytes: u64,
    modified: SystemTime,
}

/// The regular files of ours in `folder`, `None` if it cannot be looked through.
fn own_files(folder: &Path) -> Option<Vec<OwnFile>> {
    let mut own = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if classify(&name).is_none() {
            continue;
        }
        let metadata = entry.metadata().ok()?;
        if metadata.is_file() {
            own.push(OwnFile {
                name,
                bytes: metadata.size(),
                modified: metadata.modified().ok()?,
            });
        }
    }
    Some(own)
}
