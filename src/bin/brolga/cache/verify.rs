//! `brolga cache verify`: exit code 1 when a file is bad.

use serde_json::{Value, json};

use super::args::Folder;
use super::{count, print, size};
use crate::failure::Failure;

/// Runs the subcommand.
pub fn verify(args: &Folder) -> Result<(), Failure> {
    let (cache, folder) = args.open()?;
    let found = cache.verify().map_err(Failure::data)?;
    let mut lines: Vec<String> = Vec::new();
    for bad in &found.bad {
        lines.push(format!("bad      {}  {}", bad.name, bad.reason));
    }
    for unnamed in &found.unnamed {
        let what = "no index names it: of no use, and removed by prune when an hour old";
        lines.push(format!("unnamed  {}  {what}", unnamed.name));
    }
    lines.push(format!(
        "{folder}: {}, {}, {}, {} bad",
        count(found.indexes, "function"),
        count(found.objects, "kernel"),
        size(found.bytes),
        found.bad.len()
    ));
    let bad: Vec<Value> = found
        .bad
        .iter()
        .map(|bad| json!({ "file": bad.name, "reason": bad.reason.name() }))
        .collect();
    let unnamed: Vec<Value> = found
        .unnamed
        .iter()
        .map(|file| json!({ "file": file.name, "bytes": file.bytes }))
        .collect();
    let object = json!({
        "folder": folder,
        "sound": found.is_sound(),
        "functions": found.indexes,
        "kernels": found.objects,
        "bytes": found.bytes,
        "bad": bad,
        "unnamed": unnamed,
    });
    print(args.json, &object, &lines)?;
    match found.is_sound() {
        true => Ok(()),
        false => Err(Failure::Reported),
    }
}
