//! `brolga cache export` and `import`: exit code 1 when a file was not sound and left out.

use brolga::cache::{Cache, Selection, Skipped};
use serde_json::{Value, json};

use super::args::{Export, Import};
use super::{count, print, size};
use crate::failure::Failure;

/// Runs `cache export`.
pub fn export(args: &Export) -> Result<(), Failure> {
    let (cache, folder) = args.folder.open()?;
    let mut selection = Selection {
        cpus: args.cpu.clone(),
        ..Selection::default()
    };
    if let Some((module, function)) = &args.function {
        selection.modules.push(module.clone());
        selection.functions.push(function.clone());
    }
    if selection != Selection::default() {
        some_are_there(&cache, &folder, args)?;
    }
    let exported = cache
        .export(&args.file, &selection)
        .map_err(Failure::data)?;
    let file = args.file.display().to_string();
    let line = format!(
        "{file}: {} of {}, {}",
        count(exported.objects, "kernel"),
        count(exported.functions, "function"),
        size(exported.bytes)
    );
    let object = json!({
        "folder": folder,
        "file": file,
        "functions": exported.functions,
        "kernels": exported.objects,
        "bytes": exported.bytes,
        "skipped": skipped(&exported.skipped),
    });
    finish(args.folder.json, &object, line, &exported.skipped)
}

/// Refuses a selection of nothing: a wrong name would make an empty file without a word.
fn some_are_there(cache: &Cache, folder: &str, args: &Export) -> Result<(), Failure> {
    let functions = cache.list().map_err(Failure::data)?;
    let mut chosen = functions.iter().filter(|listed| {
        args.function.as_ref().is_none_or(|(module, function)| {
            (&listed.id.module, &listed.id.function) == (module, function)
        })
    });
    let has_cpu = |name: &String| args.cpu.is_empty() || args.cpu.contains(name);
    if chosen.any(|listed| listed.overloads.iter().any(|o| has_cpu(&o.target.cpu))) {
        return Ok(());
    }
    let function = args.function.as_ref();
    let mut what = match function {
        Some((module, function)) => format!("code of `{module}::{function}`"),
        None => "code".to_string(),
    };
    if !args.cpu.is_empty() {
        what += &format!(" for `{}`", args.cpu.join("` or `"));
    }
    Err(Failure::data(format!(
        "{folder} has no {what}: `brolga cache list` shows what there is"
    )))
}

/// Runs `cache import`.
pub fn import(args: &Import) -> Result<(), Failure> {
    let (cache, folder) = args.folder.open()?;
    let imported = cache.import(&args.file).map_err(Failure::data)?;
    let line = format!(
        "{folder}: {} of {}, {}; {} there already",
        count(imported.objects, "new kernel"),
        count(imported.functions, "function"),
        size(imported.bytes),
        imported.known
    );
    let object = json!({
        "folder": folder,
        "file": args.file.display().to_string(),
        "functions": imported.functions,
        "kernels": imported.objects,
        "known": imported.known,
        "bytes": imported.bytes,
        "skipped": skipped(&imported.skipped),
    });
    finish(args.folder.json, &object, line, &imported.skipped)
}

fn skipped(files: &[Skipped]) -> Vec<Value> {
    let one = |file: &Skipped| json!({ "file": file.name, "reason": file.reason.name() });
    files.iter().map(one).collect()
}

fn finish(json: bool, object: &Value, line: String, files: &[Skipped]) -> Result<(), Failure> {
    let mut lines: Vec<String> = files
        .iter()
        .map(|file| format!("left out  {}  {}", file.name, file.reason))
        .collect();
    lines.push(line);
    print(json, object, &lines)?;
    match files.is_empty() {
        true => Ok(()),
        false => Err(Failure::Reported),
    }
}
