//! A kernel file as a whole: its kernels, and the programs that they specialise to. The way
//! in for everybody else. Invariant: a [`Module`] has parsed and its items' signatures are
//! right; bodies are checked when asked for.

use std::fmt;
use std::sync::Arc;

use brolga_abi::{DType, FunctionMeta, KernelKind};

use crate::ast::File;
use crate::check::{self, GlobalMeta, Session};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::files::FileText;
use crate::ir::Program;
use crate::stack;
use crate::suggest;

/// A parsed kernel file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Module {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    source: Source,
    file: File,
    kernels: Vec<FunctionMeta>,
    /// The kernels' numbers among the file's functions.
    numbers: Vec<usize>,
}

/// A function that was asked for and does not exist, or is no kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownFunction {
    /// The name that was asked for.
    pub name: String,
    /// Kernels with names like it, the nearest first; all of a small file's where none is
    /// near.
    pub nearest: Vec<String>,
    /// Whether the file has a function of this name without an attribute.
    pub exists_without_attribute: bool,
}

impl fmt::Display for UnknownFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exists_without_attribute {
            return write!(
                f,
                "the function `{}` has none of the attributes `#[vectorize]`, `#[guvectorize]`, `#[jit]`",
                self.name
            );
        }
        write!(f, "there is no kernel `{}`", self.name)?;
        let names: Vec<String> = self.nearest.iter().map(|n| format!("`{n}`")).collect();
        match names.as_slice() {
            [] => f.write_str(": the file has no kernels"),
            [one] => write!(f, "; there is {one}"),
            many => write!(f, "; there are {}", many.join(", ")),
        }
    }
}

impl std::error::Error for UnknownFunction {}

/// Why a kernel could not be specialised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SpecialiseError {
    /// There is no such kernel.
    Unknown(UnknownFunction),
    /// What it reaches has errors.
    Diagnostics(Diagnostics),
    /// The type arguments do not fit its type parameters; the message says why.
    TypeArguments(String),
}

impl fmt::Display for SpecialiseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpecialiseError::Unknown(unknown) => unknown.fmt(f),
            SpecialiseError::TypeArguments(message) => f.write_str(message),
            SpecialiseError::Diagnostics(diagnostics) => {
                let first = diagnostics.list.first();
                write!(
                    f,
                    "{} has {} error{}: {}",
                    diagnostics.source.name,
                    diagnostics.list.len(),
                    if diagnostics.list.len() == 1 { "" } else { "s" },
                    first.map_or("", |d| d.message.as_str())
                )
            }
        }
    }
}

impl std::error::Error for SpecialiseError {}

impl Module {
    /// Parses a file and looks at its items' signatures, not at bodies. `name` is a path or
    /// module name for messages and panic sites.
    ///
    /// # Errors
    /// Everything that is wrong so far.
    pub fn parse(name: &str, text: &str) -> Result<Module, Diagnostics> {
        Module::parse_source(Source::new(name, text))
    }

    /// As [`Module::parse`], for a module in files: the first one and those that `mod name;`
    /// asks for, as far as they exist ([`crate::files::wanted`] tells where they may be).
    ///
    /// # Errors
    /// Everything that is wrong so far.
    pub fn parse_files(files: &[FileText]) -> Result<Module, Diagnostics> {
        Module::parse_source(crate::files::joined(files))
    }

    /// One thread does all of it.
    fn parse_source(source: Source) -> Result<Module, Diagnostics> {
        let _fallback = crate::parse::Fallback::enter();
        let copy = source.clone();
        let parsed = on_large_stack(move || Module::parse_here(source));
        parsed.unwrap_or_else(|error| Err(collect(&copy, vec![error])))
    }

    fn parse_here(source: Source) -> Result<Module, Diagnostics> {
        let parsed = crate::parse(&source);
        let mut errors = parsed.diagnostics;
        let file = parsed.file;
        let found = here(|| {
            let mut session = Session::new(&source, &file);
            let found = check::signature::kernels(&mut session);
            (found, session.errors)
        });
        let (found, mut reported) = found.unwrap_or_else(|error| (Vec::new(), vec![error]));
        errors.append(&mut reported);
        let (numbers, kernels): (Vec<usize>, Vec<FunctionMeta>) = found.into_iter().unzip();
        if !errors.is_empty() {
            // Nothing of this file will run: all that is wrong with it is told at once.
            let found = here(|| body_errors(&source, &file, &numbers, &kernels));
            errors.extend(found.unwrap_or_else(|error| vec![error]));
            return Err(collect(&source, errors));
        }
        Ok(Module {
            inner: Arc::new(Inner {
                source,
                file,
                kernels,
                numbers,
            }),
        })
    }

    /// The source text.
    pub fn source(&self) -> &Source {
        &self.inner.source
    }

    /// The functions with one of the three attributes, in order.
    pub fn kernels(&self) -> &[FunctionMeta] {
        &self.inner.kernels
    }

    /// The kernel of this name.
    ///
    /// # Errors
    /// There is none; the error lists near names.
    pub fn kernel(&self, name: &str) -> Result<&FunctionMeta, UnknownFunction> {
        self.position(name).map(|n| &self.inner.kernels[n])
    }

    fn position(&self, name: &str) -> Result<usize, UnknownFunction> {
        let kernels = &self.inner.kernels;
        kernels.iter().position(|k| k.name == name).ok_or_else(|| {
            let names = || kernels.iter().map(|k| k.name.as_str());
            let mut nearest: Vec<String> = suggest::near(name, names())
                .into_iter()
                .map(str::to_string)
                .collect();
            if nearest.is_empty() {
                nearest = names().take(10).map(str::to_string).collect();
            }
            UnknownFunction {
                name: name.to_string(),
                nearest,
                exists_without_attribute: has_function(&self.inner.file, name),
            }
        })
    }

    /// The statics of all modules, in order: what the host can bind.
    ///
    /// # Errors
    /// What is wrong with their types and values.
    pub fn globals(&self) -> Result<Vec<GlobalMeta>, Diagnostics> {
        let inner = Arc::clone(&self.inner);
        let result = on_large_stack(move || {
            let mut session = Session::new(&inner.source, &inner.file);
            session.errors.clear();
            let all = 0..session.statics.len();
            let list: Vec<GlobalMeta> = all.filter_map(|n| session.global_meta(n)).collect();
            (list, session.errors)
        });
        match result {
            Ok((list, errors)) if errors.is_empty() => Ok(list),
            Ok((_, errors)) => Err(collect(self.source(), errors)),
            Err(error) => Err(collect(self.source(), vec![error])),
        }
    }

    /// Checks the whole file.
    ///
    /// # Errors
    /// All errors, in the order of their places.
    pub fn check(&self) -> Result<(), Diagnostics> {
        let inner = Arc::clone(&self.inner);
        let errors = on_large_stack(move || {
            body_errors(&inner.source, &inner.file, &inner.numbers, &inner.kernels)
        });
        let errors = errors.unwrap_or_else(|error| vec![error]);
        if errors.is_empty() {
            return Ok(());
        }
        Err(collect(self.source(), errors))
    }

    /// The program of a kernel for these type arguments, one for each type parameter.
    /// Only what the kernel reaches is checked.
    ///
    /// # Errors
    /// No such kernel, type arguments that do not fit, or errors in what it reaches.
    pub fn specialise(&self, name: &str, types: &[DType]) -> Result<Program, SpecialiseError> {
        let position = self.position(name).map_err(SpecialiseError::Unknown)?;
        let meta = &self.inner.kernels[position];
        type_arguments(meta, types).map_err(SpecialiseError::TypeArguments)?;
        let types = types.to_vec();
        let inner = Arc::clone(&self.inner);
        let result = on_large_stack(move || {
            let (meta, number) = (&inner.kernels[position], inner.numbers[position]);
            let types = check::type_arguments(&types);
            fault::strike(&meta.name);
            let mut session = Session::new(&inner.source, &inner.file);
            session.errors.clear();
            check_kernel(&mut session, number, meta);
            let program = check::program(&mut session, number, &types, meta);
            program.ok_or(session.errors)
        });
        let errors = match result {
            Ok(Ok(program)) => return Ok(program),
            Ok(Err(errors)) => errors,
            Err(mut error) => {
                error.message = format!("`{}`: {}", meta.name, error.message);
                vec![error]
            }
        };
        Err(SpecialiseError::Diagnostics(collect(self.source(), errors)))
    }
}

/// Whether there is a function at this path.
fn has_function(file: &File, path: &str) -> bool {
    match path.split_once("::") {
        None => file.functions.iter().any(|f| f.name.name == path),
        Some((module, rest)) => {
            let inner = file.modules.iter().find(|m| m.name.name == module);
            let file = inner.and_then(|module| module.file.as_ref());
            file.is_some_and(|file| has_function(file, rest))
        }
    }
}

/// The errors in the bodies of all functions and in all constants. Needs a large stack.
fn body_errors(
    source: &Source,
    file: &File,
    numbers: &[usize],
    kernels: &[FunctionMeta],
) -> Vec<Diagnostic> {
    let mut session = Session::new(source, file);
    session.errors.clear();
    // Bodies register the items that are declared inside of them.
    for number in 0..session.statics.len() {
        session.static_value(number);
    }
    let (mut function, mut constant) = (0, 0);
    loop {
        if function < session.functions.len() {
            session.body(function);
            function += 1;
        } else if constant < session.consts.len() {
            session.constant(constant);
            constant += 1;
        } else {
            break;
        }
    }
    for (number, meta) in numbers.iter().zip(kernels) {
        check_kernel(&mut session, *number, meta);
    }
    session.errors
}

fn type_arguments(meta: &FunctionMeta, types: &[DType]) -> Result<(), String> {
    if types.len() != meta.type_params.len() {
        return Err(format!(
            "`{}` has {} type parameters, but {} types were given",
            meta.name,
            meta.type_params.len(),
            types.len()
        ));
    }
    for (param, dtype) in meta.type_params.iter().zip(types) {
        if !param.bound.admits(*dtype) {
            return Err(format!(
                "`{}`: the type parameter `{}: {}` cannot be `{dtype}`",
                meta.name,
                param.name,
                param.bound.name()
            ));
        }
    }
    Ok(())
}

/// What is demanded of a kernel beyond its signature.
fn check_kernel(session: &mut Session<'_>, number: usize, meta: &FunctionMeta) {
    if meta.kind != KernelKind::Vectorize {
        return;
    }
    if let Some(span) = check::reached_prange(session, number) {
        let place = session.functions[number].ast.name.span;
        session.report(
            Diagnostic::new("B0284", span, "`prange` in a `#[vectorize]` function")
                .label("not possible here")
                .related(
                    place,
                    "reached from this function, which runs for every element",
                )
                .help("use `#[vectorize(target = \"parallel\")]`, or `#[jit(parallel)]`"),
        );
    }
}

/// Runs `work` on a stack that is large enough for any accepted file.
fn on_large_stack<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Diagnostic> {
    stack::on_large_stack("checker", work).map_err(failure)
}

/// Runs `work` on the calling thread, which has such a stack.
fn here<T>(work: impl FnOnce() -> T) -> Result<T, Diagnostic> {
    stack::here("checker", work).map_err(failure)
}

fn failure(message: String) -> Diagnostic {
    Diagnostic::new("B0211", Span::default(), message)
}

fn collect(source: &Source, mut list: Vec<Diagnostic>) -> Diagnostics {
    list.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    list.dedup();
    Diagnostics {
        source: source.clone(),
        list,
    }
}

/// A hook for the test that a failure of the checker itself is an error of the kernel.
mod fault {
    #[cfg(not(test))]
    pub(super) fn strike(_: &str) {}

    #[cfg(test)]
    pub(super) fn strike(kernel: &str) {
        assert!(kernel != "fails_on_purpose", "on purpose");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_the_checker_is_an_error_that_names_the_kernel() {
        let text = "#[vectorize] fn fails_on_purpose(x: f64) -> f64 { x }";
        let module = Module::parse("k.rs", text).expect("a module");
        let error = module
            .specialise("fails_on_purpose", &[])
            .expect_err("a failure");
        let SpecialiseError::Diagnostics(errors) = error else {
            panic!("{error}");
        };
        let message = &errors.list[0].message;
        assert!(
            message.starts_with("`fails_on_purpose`: internal error"),
            "{message}"
        );
        assert!(message.contains("please report"), "{message}");
    }
}
