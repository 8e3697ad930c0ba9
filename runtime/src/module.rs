//! One kernel source: its text, parsed only when needed, and its functions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use brolga_abi::{FunctionMeta, GlobalMeta};
use brolga_cache::{FunctionId, TextKey};
use brolga_lang as lang;

use crate::error::{Error, ErrorKind};
use crate::function::{Function, FunctionShared};
use crate::global::{self, Bindings, GlobalValue};
use crate::origin::count;
use crate::runtime::Runtime;

/// A loaded kernel source. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Module {
    shared: Arc<ModuleShared>,
}

/// The functions know the source and not the module, which holds them: a module, its
/// functions and their code go when the last user of each is gone.
struct ModuleShared {
    source: Arc<Source>,
    functions: Mutex<HashMap<String, Arc<FunctionShared>>>,
}

/// A text and what is known of it.
pub(crate) struct Source {
    pub runtime: Runtime,
    /// Names the module in the cache: a file's stem, or the name given with a text.
    pub name: String,
    /// Names the source in messages: the path as the user gave it.
    pub display_name: String,
    pub text: String,
    pub text_key: TextKey,
    parsed: OnceLock<Result<lang::Module, Error>>,
    globals: OnceLock<Result<Vec<GlobalMeta>, Error>>,
    /// What the host has bound.
    pub bindings: Arc<Bindings>,
}

impl Source {
    /// The parsed module.
    pub fn parsed(&self) -> Result<&lang::Module, Error> {
        self.parsed
            .get_or_init(|| {
                count(&self.runtime.shared.counters.parsed);
                lang::Module::parse(&self.display_name, &self.text).map_err(Error::kernel)
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    pub fn function_id(&self, function: &str) -> FunctionId {
        FunctionId {
            module: self.name.clone(),
            function: function.to_string(),
        }
    }
}

impl Module {
    pub(crate) fn new(runtime: Runtime, name: String, display_name: String, text: String) -> Self {
        let text_key = TextKey(*blake3::hash(text.as_bytes()).as_bytes());
        Module {
            shared: Arc::new(ModuleShared {
                source: Arc::new(Source {
                    runtime,
                    name,
                    display_name,
                    text,
                    text_key,
                    parsed: OnceLock::new(),
                    globals: OnceLock::new(),
                    bindings: Arc::default(),
                }),
                functions: Mutex::new(HashMap::new()),
            }),
        }
    }

    /// The kernel functions of the source, in its order. Parses it.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] for a source with errors in its syntax, attributes or
    /// signatures.
    pub fn kernels(&self) -> Result<&[FunctionMeta], Error> {
        Ok(self.shared.source.parsed()?.kernels())
    }

    /// Checks the whole source, also what no kernel reaches.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] with every error of the source.
    pub fn check(&self) -> Result<(), Error> {
        self.shared.source.parsed()?.check().map_err(Error::kernel)
    }

    /// The kernel function `name`. Parses the source only if the cache has never seen this
    /// text.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFunction`] with the near names, or [`ErrorKind::Kernel`].
    pub fn function(&self, name: &str) -> Result<Function, Error> {
        let mut functions = self
            .shared
            .functions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = functions.get(name) {
            return Ok(Function::new(shared.clone()));
        }
        let source = &self.shared.source;
        let runtime = &source.runtime.shared;
        let known = runtime.cache.meta(
            &source.function_id(name),
            &source.text_key,
            &brolga_codegen::BUILD_ID,
        );
        let meta = match known {
            Some(meta) => meta,
            None => source
                .parsed()?
                .kernel(name)
                .map_err(|e| Error::new(ErrorKind::UnknownFunction, e.to_string()))?
                .clone(),
        };
        let shared = Arc::new(FunctionShared::new(source.clone(), meta));
        functions.insert(name.to_string(), shared.clone());
        Ok(Function::new(shared))
    }

    /// The globals of the source (its `static`s), in its order, with the values that they
    /// have while none is bound. Parses the source.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] for a source with errors in its syntax, signatures or globals.
    pub fn globals(&self) -> Result<&[GlobalMeta], Error> {
        let source = &self.shared.source;
        source
            .globals
            .get_or_init(|| source.parsed()?.globals().map_err(Error::kernel))
            .as_deref()
            .map_err(Clone::clone)
    }

    /// Binds the global `name` to a value of exactly its type: a number, a complex number, or
    /// a (nested) array of these. Calls that begin after this see it; nothing is compiled
    /// again. All handles of this module share its bindings.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownGlobal`] with the near names, [`ErrorKind::GlobalType`] for a value
    /// of another type or shape, or [`ErrorKind::Kernel`].
    pub fn bind(&self, name: &str, value: impl Into<GlobalValue>) -> Result<(), Error> {
        self.bind_all([(name, value.into())])
    }

    /// Binds several globals at once: a call sees all of the new values, or none. After an
    /// error none is bound.
    ///
    /// # Errors
    /// As [`Module::bind`].
    pub fn bind_all<'n>(
        &self,
        values: impl IntoIterator<Item = (&'n str, GlobalValue)>,
    ) -> Result<(), Error> {
        let values: Vec<(&str, GlobalValue)> = values.into_iter().collect();
        let known = self.globals()?;
        for (name, value) in &values {
            global::check(known, name, value)?;
        }
        self.shared.source.bindings.bind(values);
        Ok(())
    }

    /// The value that the global `name` has now.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownGlobal`] with the near names, or [`ErrorKind::Kernel`].
    pub fn global(&self, name: &str) -> Result<GlobalValue, Error> {
        let meta = global::find(self.globals()?, name)?;
        Ok(self.shared.source.bindings.value(meta))
    }

    /// The name that messages give to this source.
    pub fn display_name(&self) -> &str {
        &self.shared.source.display_name
    }

    /// The runtime that loaded this source.
    pub fn runtime(&self) -> &Runtime {
        &self.shared.source.runtime
    }
}
