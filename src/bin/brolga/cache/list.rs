//! `brolga cache list`.

use std::time::{SystemTime, UNIX_EPOCH};

use brolga::cache::{ListedFunction, ListedOverload};
use serde_json::{Value, json};

use super::args::Folder;
use super::{print, size};
use crate::failure::Failure;

/// Runs the subcommand.
pub fn list(args: &Folder) -> Result<(), Failure> {
    let (cache, folder) = args.open()?;
    let functions = cache.list().map_err(Failure::data)?;
    let mut lines: Vec<String> = functions
        .iter()
        .flat_map(|function| function.overloads.iter().map(|o| line(function, o)))
        .collect();
    if lines.is_empty() {
        lines.push(format!("{folder} is empty"));
    }
    let functions: Vec<Value> = functions.iter().map(function).collect();
    let object = json!({ "folder": folder, "functions": functions });
    print(args.json, &object, &lines)
}

fn types(overload: &ListedOverload) -> Vec<&'static str> {
    overload.types.iter().map(|dtype| dtype.name()).collect()
}

fn line(function: &ListedFunction, overload: &ListedOverload) -> String {
    format!(
        "{}::{}<{}>  {}  {}  {}  {}",
        function.id.module,
        function.id.function,
        types(overload).join(", "),
        overload.target.cpu,
        size(overload.object_bytes),
        overload.modified.map_or_else(|| "missing".to_string(), ago),
        overload.object_name,
    )
}

/// How long ago `time` was, in the largest unit that fits.
fn ago(time: SystemTime) -> String {
    let seconds = SystemTime::now()
        .duration_since(time)
        .map_or(0, |d| d.as_secs());
    let (count, unit) = match seconds {
        0..=59 => return "just now".into(),
        60..=3_599 => (seconds / 60, "minute"),
        3_600..=86_399 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{} ago", super::count(count, unit))
}

fn function(function: &ListedFunction) -> Value {
    let overloads: Vec<Value> = function.overloads.iter().map(overload).collect();
    json!({
        "module": function.id.module,
        "function": function.id.function,
        "index_bytes": function.index_bytes,
        "overloads": overloads,
    })
}

fn overload(overload: &ListedOverload) -> Value {
    let used = overload.modified.and_then(|time| {
        let since = time.duration_since(UNIX_EPOCH).ok()?;
        Some(since.as_secs())
    });
    json!({
        "types": types(overload),
        "cpu": overload.target.cpu,
        "triple": overload.target.triple,
        "features": overload.target.features,
        "compiler": hex(&overload.build_id),
        "fingerprint": hex(&overload.fingerprint),
        "texts": overload.texts,
        "object": overload.object_name,
        "object_bytes": overload.object_bytes,
        "used_unix_s": used,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
