//! `brolga inspect FILE::FUNCTION`: what each stage makes of a kernel.

use std::io::Write;

use brolga::{ArgumentType, DType, Function, FunctionMeta, Mode, Runtime};

use crate::args::{Emit, Inspect};
use crate::failure::Failure;
use crate::{global, help};

/// Runs the subcommand.
pub fn inspect(args: &Inspect) -> Result<(), Failure> {
    let runtime = Runtime::builder().cache_mode(Mode::Off).build()?;
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

/// The types of the type parameters, from the types of the parameters.
fn types(function: &Function, names: &[String]) -> Result<Vec<DType>, Failure> {
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
        .map(|name| {
            DType::from_name(name).ok_or_else(|| {
                let known: Vec<&str> = DType::ALL.iter().map(|dtype| dtype.name()).collect();
                Failure::usage(format!(
                    "'{name}' is not an element type; there are {}",
                    known.join(", ")
                ))
            })
        })
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
fn bounds(meta: &FunctionMeta) -> String {
    let params: Vec<String> = meta
        .type_params
        .iter()
        .map(|param| format!("{}: {}", param.name, param.bound.name()))
        .collect();
    params.join(", ")
}
