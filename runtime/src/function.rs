//! A kernel function and its specialisations.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use brolga_abi::{DType, FunctionMeta};
use brolga_codegen as codegen;

use crate::compile;
use crate::error::{Error, ErrorKind};
use crate::export::{self, ExportedObject};
use crate::module::Source;
use crate::runtime::Runtime;
use crate::specialisation::Specialisation;
use crate::statistics::{FunctionStatistics, Record};

/// A kernel function of a [`crate::Module`]. Cheap to clone.
#[derive(Clone)]
pub struct Function {
    shared: Arc<FunctionShared>,
}

type Slot = Arc<OnceLock<Result<Arc<Specialisation>, Error>>>;

pub(crate) struct FunctionShared {
    pub source: Arc<Source>,
    pub meta: FunctionMeta,
    pub statistics: Arc<Record>,
    specialisations: Mutex<HashMap<Vec<DType>, Slot>>,
}

impl FunctionShared {
    pub fn new(source: Arc<Source>, meta: FunctionMeta) -> FunctionShared {
        let statistics = source.runtime.shared.statistics.record(&source, &meta);
        FunctionShared {
            source,
            meta,
            statistics,
            specialisations: Mutex::new(HashMap::new()),
        }
    }
}

impl Function {
    pub(crate) fn new(shared: Arc<FunctionShared>) -> Function {
        Function { shared }
    }

    /// How the function is called.
    pub fn meta(&self) -> &FunctionMeta {
        &self.shared.meta
    }

    /// What became of the function so far, in all modules that the runtime loaded under this
    /// name from this place.
    pub fn statistics(&self) -> FunctionStatistics {
        self.shared.statistics.snapshot()
    }

    /// The runtime that the function belongs to.
    pub fn runtime(&self) -> &Runtime {
        &self.shared.source.runtime
    }

    /// The function for these types, one for each type parameter: from this process's
    /// memory, from the cache on disk, or compiled now, on this thread. Threads that ask
    /// for the same one meanwhile wait.
    ///
    /// # Errors
    /// [`ErrorKind::Types`] when a type violates its bound, [`ErrorKind::Kernel`] when the
    /// source is wrong, [`ErrorKind::Codegen`] or [`ErrorKind::Link`] when the compiler or
    /// the system fails. Errors are kept: the same request fails again at once.
    pub fn specialise(&self, types: &[DType]) -> Result<Arc<Specialisation>, Error> {
        self.check_types(types)?;
        let slot = {
            let mut slots = self
                .shared
                .specialisations
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            slots.entry(types.to_vec()).or_default().clone()
        };
        slot.get_or_init(|| compile::specialise(&self.shared, types).map(Arc::new))
            .clone()
    }

    /// The kernel for an ordinary linker: the object that [`Function::specialise`] would run,
    /// from the cache on disk or compiled now, and a C header for it.
    ///
    /// # Errors
    /// As [`Function::specialise`].
    pub fn export(&self, types: &[DType]) -> Result<ExportedObject, Error> {
        self.check_types(types)?;
        export::export(&self.shared, types)
    }

    /// The checked and specialised kernel, as text, for `brolga inspect --emit ir`.
    ///
    /// # Errors
    /// As [`Function::specialise`].
    pub fn ir(&self, types: &[DType]) -> Result<String, Error> {
        self.check_types(types)?;
        Ok(compile::program(&self.shared, types)?.to_string())
    }

    /// What the code generator makes of the kernel before register allocation, as text.
    ///
    /// # Errors
    /// As [`Function::specialise`].
    pub fn clif(&self, types: &[DType]) -> Result<String, Error> {
        self.emit(types, codegen::Compiler::clif)
    }

    /// The machine code of the kernel, as text.
    ///
    /// # Errors
    /// As [`Function::specialise`].
    pub fn asm(&self, types: &[DType]) -> Result<String, Error> {
        self.emit(types, codegen::Compiler::asm)
    }

    fn emit(
        &self,
        types: &[DType],
        emit: impl Fn(
            &codegen::Compiler,
            &brolga_lang::ir::Program,
            &str,
        ) -> Result<String, codegen::CodegenError>,
    ) -> Result<String, Error> {
        self.check_types(types)?;
        let program = compile::program(&self.shared, types)?;
        let compiler = self.runtime().shared.compiler()?;
        emit(compiler, &program, &self.shared.meta.name)
            .map_err(|e| Error::new(ErrorKind::Codegen, e.to_string()))
    }

    fn check_types(&self, types: &[DType]) -> Result<(), Error> {
        let meta = &self.shared.meta;
        let wrong = |message: String| Err(Error::new(ErrorKind::Types, message));
        if types.len() != meta.type_params.len() {
            return wrong(format!(
                "`{}` has {} type parameters, {} types were given",
                meta.name,
                meta.type_params.len(),
                types.len()
            ));
        }
        for (param, dtype) in meta.type_params.iter().zip(types) {
            if !param.bound.admits(*dtype) {
                return wrong(format!(
                    "`{}`: `{dtype}` is not `{}`, which the type parameter `{}` demands",
                    meta.name,
                    param.bound.name(),
                    param.name
                ));
            }
        }
        Ok(())
    }
}
