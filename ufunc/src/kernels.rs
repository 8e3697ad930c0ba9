//! The tie to brolga-runtime: its functions are what this package calls.

use std::sync::Arc;

use brolga_abi::{DType, Entry, FunctionMeta, GlobalBlock, Site};
use brolga_runtime::{Function, Module, Specialisation};

use crate::error::Error;
use crate::function::{CallEnvironment, Specialise, Specialised};
use crate::gufunc::GUFunc;
use crate::jit::JitFunction;
use crate::ufunc::UFunc;

impl Specialise for Function {
    fn meta(&self) -> &FunctionMeta {
        Function::meta(self)
    }

    fn specialise(&self, types: &[DType]) -> Result<Arc<dyn Specialised>, Error> {
        match Function::specialise(self, types) {
            Ok(specialisation) => Ok(specialisation),
            Err(error) => Err(Error::compile(Box::new(error))),
        }
    }

    fn environment(&self) -> CallEnvironment<'_> {
        CallEnvironment {
            pool: Some(self.runtime().pool()),
            stack_limit: brolga_runtime::stack_limit,
        }
    }
}

// SAFETY: the entry point was compiled from the kernel that `Function::meta` describes, for
// the types that were asked for, and the specialisation owns its code.
unsafe impl Specialised for Specialisation {
    fn entry(&self) -> Result<Entry, Error> {
        Specialisation::entry(self).map_err(|error| Error::compile(Box::new(error)))
    }

    fn sites(&self) -> Vec<Site> {
        Specialisation::sites(self).to_vec()
    }

    fn globals(&self) -> Option<Arc<GlobalBlock>> {
        Specialisation::globals(self)
    }
}

/// The kernels of a module, ready to be called.
pub trait Kernels {
    /// The `#[vectorize]` kernel `name`.
    ///
    /// # Errors
    /// An unknown name, a kernel of another kind, or errors in the source.
    fn ufunc(&self, name: &str) -> Result<UFunc, Error>;

    /// The `#[guvectorize]` kernel `name`.
    ///
    /// # Errors
    /// As [`Kernels::ufunc`].
    fn gufunc(&self, name: &str) -> Result<GUFunc, Error>;

    /// The `#[jit]` kernel `name`.
    ///
    /// # Errors
    /// As [`Kernels::ufunc`].
    fn jit(&self, name: &str) -> Result<JitFunction, Error>;
}

impl Kernels for Module {
    fn ufunc(&self, name: &str) -> Result<UFunc, Error> {
        UFunc::new(function(self, name)?)
    }

    fn gufunc(&self, name: &str) -> Result<GUFunc, Error> {
        GUFunc::new(function(self, name)?)
    }

    fn jit(&self, name: &str) -> Result<JitFunction, Error> {
        JitFunction::new(function(self, name)?)
    }
}

fn function(module: &Module, name: &str) -> Result<Arc<Function>, Error> {
    module
        .function(name)
        .map(Arc::new)
        .map_err(|error| Error::compile(Box::new(error)))
}
