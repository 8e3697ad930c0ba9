//! `brolga cache stats`.

use brolga::cache::FORMAT_VERSION;
use serde_json::json;

use super::args::Folder;
use super::{print, size};
use crate::failure::Failure;

/// Runs the subcommand.
pub fn stats(args: &Folder) -> Result<(), Failure> {
    let (cache, folder) = args.open()?;
    let limits = args.config()?.limits;
    let usage = cache.usage().map_err(Failure::data)?;
    let bytes = limits.bytes.map_or("any size".to_string(), |bytes| {
        format!("at most {}", size(bytes))
    });
    let age = limits.age.map_or("any age".to_string(), |age| {
        format!("used in the last {} s", age.as_secs())
    });
    let lines = [
        format!("folder     {folder}"),
        format!("format     {FORMAT_VERSION}"),
        format!("functions  {}", usage.indexes),
        format!("kernels    {}", usage.objects),
        format!("temporary  {}", usage.temporaries),
        format!("set aside  {}", usage.set_aside),
        format!("bytes      {} ({})", usage.bytes, size(usage.bytes)),
        format!("kept       {bytes}, {age}"),
    ];
    let object = json!({
        "folder": folder,
        "format": FORMAT_VERSION,
        "functions": usage.indexes,
        "kernels": usage.objects,
        "temporaries": usage.temporaries,
        "set_aside": usage.set_aside,
        "bytes": usage.bytes,
        "max_bytes": limits.bytes,
        "max_age_s": limits.age.map(|age| age.as_secs()),
    });
    print(args.json, &object, &lines)
}
