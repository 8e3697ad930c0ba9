//! `brolga inspect FILE::FUNCTION`: what each stage makes of a kernel.

use std::io::Write;
use std::path::Path;

use brolga::{
    ArgumentType, DType, Function, FunctionMeta, LoopCode, LoopKind, LoopReport, Mode, Runtime,
    VectorCode,
};

use crate::args::{self, Emit, Inspect};
use crate::failure::Failure;
use crate::{global, help};

/// Runs the subcommand.
pub fn inspect(args: &Inspect) -> Result<(), Failure> {
    let runtime = args
        .cpu
        .apply(Runtime::builder().cache_mode(Mode::Off))?
        .build()?;
    let module = runtime.load_file(&args.kernel.file)?;
    let function = module.function(&args.kernel.function)?;
    let types = types(&function, &args.types)?;
    let text = match args.emit {
        Emit::Ir => function.ir(&types)?,
        Emit::Clif => {
            let report = function.specialise(&types)?;
            let report: String = report
                .report()
                .iter()
                .map(|line| format!("; {line}\n"))
                .collect();
            report + &function.clif(&types)?
        }
        Emit::Asm => function.asm(&types)?,
        Emit::Loops => {
            let made = function.specialise(&types)?;
            if args.json {
                println!("{}", json(function.meta(), made.loops()));
                return Ok(());
            }
            let blocks: Vec<String> = made.loops().iter().map(ToString::to_string).collect();
            blocks.join("\n\n")
        }
        Emit::Object => {
            let folder = args.output.as_deref().unwrap_or(Path::new("."));
            let (object, header) = function.export(&types)?.write_to(folder)?;
            println!("{}\n{}", object.display(), header.display());
            return Ok(());
        }
    };
    let mut out = std::io::stdout().lock();
    let comment = |doc: &str| help::doc(doc, ";     ");
    let meta = function.meta();
    write!(out, "; {}\n{}", help::head(meta), comment(&meta.doc))?;
    for meta in module.globals()? {
        let shown = global::show(meta);
        write!(out, "; static {shown}\n{}", comment(&meta.doc))?;
    }
    writeln!(out, "{}", text.trim_end())?;
    Ok(())
}

/// The loop report as one line for programs.
fn json(meta: &FunctionMeta, loops: &[LoopReport]) -> serde_json::Value {
    let one = |report: &LoopReport| {
        let kind = match report.kind {
            LoopKind::Elements => "elements",
            LoopKind::Once => "once",
            LoopKind::For(_) => "for",
            LoopKind::Prange(_) => "prange",
        };
        let (reason, vector) = match &report.code {
            LoopCode::Scalar(why) => (Some(why), None),
            LoopCode::Vector(code) => (None, Some(vector(code))),
        };
        let kept: Vec<_> = report
            .kept
            .iter()
            .map(|check| {
                serde_json::json!({
                    "file": check.file,
                    "line": check.line,
                    "column": check.column,
                    "what": check.what,
                })
            })
            .collect();
        serde_json::json!({
            "kind": kind,
            "variable": report.variable,
            "function": report.place.as_ref().map(|place| &place.function),
            "file": report.place.as_ref().map(|place| &place.file),
            "line": report.place.as_ref().map(|place| place.line),
            "column": report.place.as_ref().map(|place| place.column),
            "vectorised": vector.is_some(),
            "reason": reason.filter(|why| !why.is_empty()),
            "vector": vector,
            "scalar_cost": report.scalar_cost,
            "checks_kept": kept,
            "checks_before": report.before,
            "checks_not_needed": report.not_needed,
        })
    };
    let loops: Vec<_> = loops.iter().map(one).collect();
    serde_json::json!({ "function": meta.name, "loops": loops })
}

fn vector(code: &VectorCode) -> serde_json::Value {
    let lanes: serde_json::Map<String, serde_json::Value> = code
        .lanes
        .iter()
        .map(|(name, count)| (name.clone(), (*count).into()))
        .collect();
    let reductions: Vec<_> = code
        .reductions
        .iter()
        .map(|one| serde_json::json!({ "operation": one.operation, "ordered": one.ordered }))
        .collect();
    serde_json::json!({
        "lanes": lanes,
        "elements": code.elements,
        "strip_length": code.strip.as_ref().map(|strip| strip.length),
        "stages": code.strip.as_ref().map(|strip| strip.stages),
        "math": code.math,
        "lane_by_lane": code.lane_by_lane,
        "reductions": reductions,
        "loops": code.loops,
        "ways_out": code.ways_out,
        "operations": code.operations,
    })
}

/// The types of the type parameters, from the types of the parameters.
pub fn types(function: &Function, names: &[String]) -> Result<Vec<DType>, Failure> {
    let meta = function.meta();
    if names.is_empty() {
        if meta.type_params.is_empty() {
            return Ok(Vec::new());
        }
        return Err(Failure::data(format!(
            "`{}` is generic over {}: give the types of its {} parameters with --types",
            meta.name,
            bounds(meta),
            meta.params.len()
        )));
    }
    let dtypes = names
        .iter()
        .map(|name| args::dtype(name).map_err(Failure::usage))
        .collect::<Result<Vec<DType>, Failure>>()?;
    if dtypes.len() != meta.params.len() {
        return Err(Failure::usage(format!(
            "`{}` has {} parameters, --types names {}",
            meta.name,
            meta.params.len(),
            dtypes.len()
        )));
    }
    let arguments: Vec<_> = dtypes
        .into_iter()
        .map(|d| Some(ArgumentType::Strong(d)))
        .collect();
    Ok(brolga::resolve(meta, &arguments)?.types.to_vec())
}

/// `T: Float, U: Number`.
pub fn bounds(meta: &FunctionMeta) -> String {
    let params: Vec<String> = meta
        .type_params
        .iter()
        .map(|param| format!("{}: {}", param.name, param.bound.name()))
        .collect();
    params.join(", ")
}
