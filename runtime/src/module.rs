//! One kernel source: its text, parsed only when needed, and its functions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use brolga_abi::{FunctionMeta, Site};
use brolga_cache::{FunctionId, TextKey};
use brolga_lang as lang;

use crate::error::{Error, ErrorKind};
use crate::files::Files;
use crate::function::{Function, FunctionShared};
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
    pub files: Files,
    pub text_key: TextKey,
    parsed: OnceLock<Result<lang::Module, Error>>,
}

impl Source {
    /// The parsed module.
    pub fn parsed(&self) -> Result<&lang::Module, Error> {
        self.parsed
            .get_or_init(|| {
                count(&self.runtime.shared.counters.parsed);
                let files = &self.files.files;
                match files.as_slice() {
                    [text] if !self.files.on_disk => {
                        lang::Module::parse(&self.display_name, &text.text)
                    }
                    files => lang::Module::parse_files(files),
                }
                .map_err(Error::kernel)
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Panic sites for the cache: their files by their paths in the module, which do not depend
    /// on where the module lies.
    pub fn stored_sites(&self, sites: &[Site]) -> Vec<Site> {
        let mut sites = sites.to_vec();
        for site in &mut sites {
            let known = self
                .files
                .files
                .iter()
                .position(|file| file.name == site.file);
            site.file = match known {
                Some(0) | None => String::new(),
                Some(n) => self.files.files[n].path.clone(),
            };
        }
        sites
    }

    /// Names the files of panic sites that came from the cache as messages do.
    pub fn name_sites(&self, sites: &mut [Site]) {
        for site in sites {
            let own = |file: &&lang::FileText| file.name == site.file || file.path == site.file;
            let others = self.files.files.iter().skip(1);
            let name = match others.into_iter().find(own) {
                Some(file) => &file.name,
                None => &self.display_name,
            };
            site.file = name.clone();
        }
    }

    pub fn function_id(&self, function: &str) -> FunctionId {
        FunctionId {
            module: self.name.clone(),
            function: function.to_string(),
        }
    }
}

impl Module {
    pub(crate) fn new(runtime: Runtime, name: String, display_name: String, files: Files) -> Self {
        let text_key = files.key();
        Module {
            shared: Arc::new(ModuleShared {
                source: Arc::new(Source {
                    runtime,
                    name,
                    display_name,
                    files,
                    text_key,
                    parsed: OnceLock::new(),
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

    /// The name that messages give to this source.
    pub fn display_name(&self) -> &str {
        &self.shared.source.display_name
    }

    /// The runtime that loaded this source.
    pub fn runtime(&self) -> &Runtime {
        &self.shared.source.runtime
    }
}
