//! `brolga run FILE::FUNCTION OPERAND...`: one call, timed part by part.

use std::io::Write;
use std::time::{Duration, Instant};

use brolga::{
    CallOptions, Function, FunctionMeta, GUFunc, JitFunction, KernelKind, Kernels, Module, Operand,
    Outputs, ParamType, Pool, Prepared, Target, UFunc,
};

use crate::args::{Run, StatsFormat};
use crate::array::Array;
use crate::failure::Failure;
use crate::global;
use crate::npy;
use crate::operand::{self, Loaded};
use crate::stats::Stats;

/// Runs the subcommand.
pub fn run(args: &Run) -> Result<(), Failure> {
    let runtime = args.cache.runtime(&args.cpu, args.threads)?;
    let module = runtime.load_file(&args.kernel.file)?;
    global::bind(&module, &args.global)?;
    let function = module.function(&args.kernel.function)?;
    let meta = function.meta();
    let mut operands = load_operands(meta, &args.operands)?;
    let callable = Callable::new(&module, meta)?;
    let target = args.target.map(Target::from);

    let prepared = callable.prepare(&views(&operands))?;
    let mut results = Vec::new();
    for (dtype, shape) in &prepared.outputs {
        let array = Array::zeros(*dtype, shape, false).ok_or_else(|| {
            Failure::data(format!(
                "an output of shape {shape:?} does not fit in memory"
            ))
        })?;
        results.push(array);
    }
    let mutable = mutable_operands(meta, &operands)?;
    if args.output.len() > results.len() + mutable.len() {
        return Err(Failure::usage(format!(
            "{} output files are given, but `{}` has {} outputs",
            args.output.len(),
            meta.name,
            results.len() + mutable.len()
        )));
    }

    let mut run_times = Vec::with_capacity(args.repeat);
    for _ in 0..args.repeat {
        for (position, original) in &mutable {
            operands[*position] = Loaded::Array(original.clone());
        }
        let call = Call {
            target,
            pool: runtime.pool(),
        };
        run_times.push(call.timed(&callable, meta, &mut operands, &mut results)?);
    }
    for (position, _) in mutable {
        let changed = std::mem::replace(&mut operands[position], Loaded::nothing());
        results.extend(changed.into_array());
    }

    let mut out = std::io::stdout().lock();
    for array in &results {
        writeln!(
            out,
            "{} {:?} {}",
            array.dtype(),
            array.shape(),
            array.summary()
        )?;
    }
    for (path, array) in args.output.iter().zip(&results) {
        npy::write(path, array).map_err(Failure::data)?;
    }
    if let Some(format) = args.stats {
        let stats = stats(&function, &prepared, target, runtime.pool(), run_times)?;
        match format {
            StatsFormat::Text => write!(out, "{}", stats.text())?,
            StatsFormat::Json => writeln!(out, "{}", stats.json())?,
        }
    }
    out.flush()?;
    Ok(())
}

fn load_operands(meta: &FunctionMeta, texts: &[String]) -> Result<Vec<Loaded>, Failure> {
    let count = match &meta.kind {
        KernelKind::Guvectorize(signature) => signature.inputs.len(),
        KernelKind::Vectorize | KernelKind::Jit { .. } => meta.params.len(),
    };
    if texts.len() != count {
        return Err(Failure::usage(format!(
            "`{}` takes {count} operands; given: {}",
            meta.name,
            texts.len()
        )));
    }
    let params = texts.iter().zip(&meta.params);
    params
        .map(|(text, param)| operand::load(text, &param.name, param.ty.element()))
        .collect()
}

/// The operands that the kernel writes to: their numbers, and their contents as given.
fn mutable_operands(
    meta: &FunctionMeta,
    operands: &[Loaded],
) -> Result<Vec<(usize, Array)>, Failure> {
    let mut mutable = Vec::new();
    for (number, (operand, param)) in operands.iter().zip(&meta.params).enumerate() {
        if param.ty.is_mutable() {
            let Loaded::Array(array) = operand else {
                return Err(Failure::data(format!(
                    "operand {} `{}` is written by `{}`: give an .npy file, not a number",
                    number + 1,
                    param.name,
                    meta.name
                )));
            };
            mutable.push((number, array.clone()));
        }
    }
    Ok(mutable)
}

fn views(operands: &[Loaded]) -> Vec<Operand<'_>> {
    operands.iter().map(Loaded::operand).collect()
}

/// A function of any kind.
enum Callable {
    UFunc(UFunc),
    GUFunc(GUFunc),
    Jit(JitFunction),
}

impl Callable {
    fn new(module: &Module, meta: &FunctionMeta) -> Result<Callable, Failure> {
        Ok(match meta.kind {
            KernelKind::Vectorize => Callable::UFunc(module.ufunc(&meta.name)?),
            KernelKind::Guvectorize(_) => Callable::GUFunc(module.gufunc(&meta.name)?),
            KernelKind::Jit { .. } => Callable::Jit(module.jit(&meta.name)?),
        })
    }

    fn prepare(&self, operands: &[Operand<'_>]) -> Result<Prepared, Failure> {
        Ok(match self {
            Callable::UFunc(ufunc) => ufunc.prepare(operands)?,
            Callable::GUFunc(gufunc) => gufunc.prepare(operands)?,
            Callable::Jit(function) => function.prepare(operands)?,
        })
    }

    fn call(
        &self,
        operands: &mut [Operand<'_>],
        options: CallOptions<'_>,
    ) -> Result<Outputs, brolga::Error> {
        match self {
            Callable::UFunc(ufunc) => ufunc.call_with(operands, options),
            Callable::GUFunc(gufunc) => gufunc.call_with(operands, options),
            Callable::Jit(function) => function.call_with(operands, options),
        }
    }
}

struct Call<'a> {
    /// What was asked for on the command line.
    target: Option<Target>,
    pool: &'a Pool,
}

impl Call<'_> {
    /// The call alone, into `results`.
    fn timed(
        &self,
        callable: &Callable,
        meta: &FunctionMeta,
        operands: &mut [Loaded],
        results: &mut [Array],
    ) -> Result<Duration, Failure> {
        let mut options = CallOptions::new().pool(self.pool);
        if let Some(target) = self.target {
            options = options.target(target);
        }
        let given = !matches!(callable, Callable::Jit(_));
        for result in results.iter_mut().filter(|_| given) {
            options = options.output(result.view_mut());
        }
        let mut operands: Vec<Operand<'_>> = operands
            .iter_mut()
            .zip(&meta.params)
            .map(|(operand, param)| match (operand, &param.ty) {
                (Loaded::Array(array), ParamType::View { mutable: true, .. }) => {
                    Operand::ViewMut(array.view_mut())
                }
                (operand, _) => operand.operand(),
            })
            .collect();
        let start = Instant::now();
        let outputs = callable.call(&mut operands, options)?;
        let time = start.elapsed();
        // A jit function's results are numbers, and its call makes them itself.
        for (number, result) in results.iter_mut().enumerate() {
            if let Some(output) = outputs.get(number) {
                result.bytes_mut().copy_from_slice(output.as_bytes());
            }
        }
        Ok(time)
    }
}

fn stats(
    function: &Function,
    prepared: &Prepared,
    target: Option<Target>,
    pool: &Pool,
    run_times: Vec<Duration>,
) -> Result<Stats, Failure> {
    let meta = function.meta();
    let uses_pool = match meta.kind {
        KernelKind::Jit { parallel } => parallel && target != Some(Target::Cpu),
        KernelKind::Vectorize | KernelKind::Guvectorize(_) => {
            target.unwrap_or(meta.options.target) == Target::Parallel
        }
    };
    let specialisation = function.specialise(&prepared.types)?;
    Ok(Stats {
        function: meta.name.clone(),
        signature: signature(meta, prepared),
        target: if uses_pool { "parallel" } else { "cpu" },
        threads: if uses_pool { pool.threads() } else { 1 },
        origin: specialisation.origin().clone(),
        report: specialisation.report().to_vec(),
        run_times,
    })
}

/// `axpy(f64, f64, f64) -> f64`.
fn signature(meta: &FunctionMeta, prepared: &Prepared) -> String {
    let params: Vec<String> = meta
        .params
        .iter()
        .map(|param| {
            let dtype = param.ty.element().resolve(&prepared.types);
            match param.ty {
                ParamType::Scalar(_) => dtype.to_string(),
                ParamType::View {
                    ndim,
                    mutable: false,
                    ..
                } => format!("ArrayView{ndim}<{dtype}>"),
                ParamType::View {
                    ndim,
                    mutable: true,
                    ..
                } => format!("ArrayViewMut{ndim}<{dtype}>"),
            }
        })
        .collect();
    let results: Vec<String> = meta
        .results
        .iter()
        .map(|element| element.resolve(&prepared.types).to_string())
        .collect();
    let result = match results.as_slice() {
        [] => String::new(),
        [one] => format!(" -> {one}"),
        several => format!(" -> ({})", several.join(", ")),
    };
    format!("{}({}){result}", meta.name, params.join(", "))
}
