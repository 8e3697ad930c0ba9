//! `brolga cache export --object`: a kernel for an ordinary linker.

use brolga::Runtime;
use serde_json::json;

use super::args::Export;
use super::print;
use crate::args::KernelPath;
use crate::failure::Failure;
use crate::inspect;

/// Writes the object and its header into the folder: from the cache, or compiled now if it has
/// none.
pub fn export(kernel: &KernelPath, args: &Export) -> Result<(), Failure> {
    let mut builder = Runtime::builder();
    if let Some(dir) = &args.folder.cache_dir {
        builder = builder.cache_dir(dir);
    }
    let runtime = builder.build()?;
    let module = runtime.load_file(&kernel.file)?;
    let function = module.function(&kernel.function)?;
    let types = inspect::types(&function, &args.types)?;
    let exported = function.export(&types)?;
    let (object, header) = exported.write_to(&args.file)?;
    let names = [object, header].map(|path| path.display().to_string());
    let told = json!({
        "object": names[0],
        "header": names[1],
        "symbol": exported.symbol,
        "compiled": runtime.counters().compiled > 0,
    });
    print(args.folder.json, &told, &names)
}
