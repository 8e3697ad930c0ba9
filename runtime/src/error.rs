//! The one error type of this package.

use brolga_codegen::TargetSpec;
use brolga_lang::diagnostic::Diagnostics;

/// Why a kernel could not be had.
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    diagnostics: Option<Box<Diagnostics>>,
    missing: Vec<String>,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A source file could not be read.
    Read,
    /// A file or folder could not be written.
    Write,
    /// The kernel source is wrong; [`Error::diagnostics`] has the places.
    Kernel,
    /// There is no kernel function of this name.
    UnknownFunction,
    /// The function cannot be specialised to these types.
    Types,
    /// There is no global of this name.
    UnknownGlobal,
    /// A value has not the type or the shape of the global that it is for.
    GlobalType,
    /// The compiler refused the kernel or failed.
    Codegen,
    /// Compiled code could not be made executable.
    Link,
    /// The code is for a CPU with features that this machine lacks;
    /// [`Error::missing_features`] names them.
    MissingFeatures,
    /// An environment variable or a builder's value is wrong.
    Configuration,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error {
            kind,
            message: message.into(),
            diagnostics: None,
            missing: Vec::new(),
        }
    }

    /// Why code for `target` must not run on `machine`; `None` where it may.
    pub(crate) fn refusal(target: &TargetSpec, machine: &TargetSpec) -> Option<Error> {
        let lacking = target.lacking_on(machine);
        if lacking.is_nothing() {
            return None;
        }
        let (cpu, own) = (&target.cpu, &machine.cpu);
        let message = match &lacking.architecture {
            Some(triple) => format!(
                "the code is for {triple}: it cannot run on this machine, which is {}",
                machine.triple
            ),
            None => format!(
                "the code is for the CPU `{cpu}`: it cannot run on this machine (`{own}`), which has no {}",
                lacking.features.join(", ")
            ),
        };
        Some(Error {
            missing: lacking.features,
            ..Error::new(ErrorKind::MissingFeatures, message)
        })
    }

    pub(crate) fn kernel(diagnostics: Diagnostics) -> Error {
        Error {
            kind: ErrorKind::Kernel,
            message: diagnostics.to_string(),
            diagnostics: Some(Box::new(diagnostics)),
            missing: Vec::new(),
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The errors in the kernel source, for [`ErrorKind::Kernel`].
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        self.diagnostics.as_deref()
    }

    /// The features that this machine lacks (`avx512f`), for [`ErrorKind::MissingFeatures`];
    /// none where the code is for another architecture.
    pub fn missing_features(&self) -> &[String] {
        &self.missing
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
