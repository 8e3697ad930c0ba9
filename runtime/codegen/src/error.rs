//! What can go wrong while a compiler is set up and a kernel compiled. Not what can go wrong
//! while the kernel runs: that is a [`brolga_abi::Status`].

use std::fmt;

/// Why a compiler could not be set up, or a kernel not be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodegenError {
    kind: CodegenErrorKind,
    message: String,
}

/// The kinds of [`CodegenError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodegenErrorKind {
    /// An environment variable of the compiler has a value that it does not accept.
    Setting,
    /// The target is unknown, or a feature of it.
    Target,
    /// The kernel is larger, or nested deeper, than the compiler takes.
    TooLarge,
    /// The kernel IR breaks one of its own rules: a defect of the front end.
    Malformed,
    /// Cranelift refused the code or panicked: a defect of this package.
    Internal,
}

impl CodegenError {
    pub(crate) fn new(kind: CodegenErrorKind, message: impl Into<String>) -> CodegenError {
        CodegenError {
            kind,
            message: message.into(),
        }
    }

    pub(crate) fn malformed(message: impl Into<String>) -> CodegenError {
        CodegenError::new(CodegenErrorKind::Malformed, message)
    }

    /// The same error, naming the kernel; defects ask for a report.
    pub(crate) fn in_kernel(self, name: &str) -> CodegenError {
        let message = match self.kind {
            CodegenErrorKind::Setting | CodegenErrorKind::Target => self.message,
            CodegenErrorKind::TooLarge => format!("kernel `{name}`: {}", self.message),
            CodegenErrorKind::Malformed | CodegenErrorKind::Internal => format!(
                "kernel `{name}` could not be compiled: {}; this is a defect of Brolga, \
                 please report it with the kernel's source",
                self.message
            ),
        };
        CodegenError {
            kind: self.kind,
            message,
        }
    }

    /// What kind of error this is.
    pub fn kind(&self) -> CodegenErrorKind {
        self.kind
    }
}

impl fmt::Display for CodegenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CodegenError {}
