//! `brolga cache prune`.

use serde_json::json;

use super::args::Prune;
use super::{count, print, size};
use crate::failure::Failure;

/// Runs the subcommand.
pub fn prune(args: &Prune) -> Result<(), Failure> {
    let (cache, folder) = args.folder.open()?;
    let mut limits = args.folder.config()?.limits;
    if let Some(bytes) = args.max_bytes {
        limits.bytes = bytes.0;
    }
    if let Some(age) = args.max_age {
        limits.age = age.0;
    }
    let pruned = cache.prune(&limits).map_err(Failure::data)?;
    let others = pruned.unnamed + pruned.indexes + pruned.swept + pruned.old_files;
    let mut lines = vec![format!(
        "{folder}: removed {} and {}, {}; {} left",
        count(pruned.evicted, "kernel"),
        count(others, "other file"),
        size(pruned.bytes),
        size(pruned.bytes_left),
    )];
    if pruned.busy > 0 {
        lines.push(format!(
            "{} left alone: another process was storing",
            count(pruned.busy, "function")
        ));
    }
    let object = json!({
        "folder": folder,
        "kernels": pruned.evicted,
        "unnamed": pruned.unnamed,
        "indexes": pruned.indexes,
        "swept": pruned.swept,
        "old_files": pruned.old_files,
        "bytes": pruned.bytes,
        "busy": pruned.busy,
        "bytes_left": pruned.bytes_left,
    });
    print(args.folder.json, &object, &lines)
}
