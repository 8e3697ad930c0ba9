//! The one error type of this package.

use brolga_lang::diagnostic::Diagnostics;

/// Why a kernel could not be had.
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    diagnostics: Option<Box<Diagnostics>>,
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
    /// An environment variable or a builder's value is wrong.
    Configuration,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error {
            kind,
            message: message.into(),
            diagnostics: None,
        }
    }

    pub(crate) fn kernel(diagnostics: Diagnostics) -> Error {
        Error {
            kind: ErrorKind::Kernel,
            message: diagnostics.to_string(),
            diagnostics: Some(Box::new(diagnostics)),
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
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
