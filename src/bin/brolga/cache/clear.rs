//! `brolga cache clear`.

use serde_json::json;

use super::args::Folder;
use super::{count, print, size};
use crate::failure::Failure;

/// Runs the subcommand.
pub fn clear(args: &Folder) -> Result<(), Failure> {
    let (cache, folder) = args.open()?;
    let cleared = cache.clear().map_err(Failure::data)?;
    let line = format!(
        "{folder}: deleted {}, {}",
        count(cleared.files, "file"),
        size(cleared.bytes)
    );
    let object = json!({
        "folder": folder,
        "files": cleared.files,
        "bytes": cleared.bytes,
    });
    print(args.json, &object, &[line])
}
