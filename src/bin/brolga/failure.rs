//! Why a subcommand failed, and the exit code that says so.

use std::io::IsTerminal;

use brolga::diagnostics::Style;

/// A failure with its message, ready to print.
pub enum Failure {
    /// An error in the user's kernel or data: exit code 1.
    Data(String),
    /// Wrong usage: exit code 2.
    Usage(String),
    /// What failed stands in the output already: exit code 1.
    Reported,
    /// Stdout was closed by its reader, as in `brolga .. | head`: nothing to say.
    ClosedOutput,
}

impl Failure {
    /// `error: {message}`, an error in the user's data.
    pub fn data(message: impl std::fmt::Display) -> Failure {
        Failure::Data(format!("error: {message}"))
    }

    /// `error: {message}`, wrong usage.
    pub fn usage(message: impl std::fmt::Display) -> Failure {
        Failure::Usage(format!(
            "error: {message}\n\nFor more information, try '--help'."
        ))
    }

    /// The text for stderr, if there is something to say.
    pub fn message(&self) -> Option<&str> {
        match self {
            Failure::Data(message) | Failure::Usage(message) => Some(message),
            Failure::Reported | Failure::ClosedOutput => None,
        }
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Failure::Data(_) | Failure::Reported | Failure::ClosedOutput => 1,
            Failure::Usage(_) => 2,
        }
    }
}

impl From<brolga::RuntimeError> for Failure {
    fn from(error: brolga::RuntimeError) -> Failure {
        match error.diagnostics() {
            Some(diagnostics) => Failure::Data(diagnostics.render(style())),
            None => Failure::data(error),
        }
    }
}

impl From<brolga::Error> for Failure {
    fn from(error: brolga::Error) -> Failure {
        // A kernel's own errors are wrapped on their way through a ufunc.
        match error.compile_error() {
            Some(runtime) => runtime.clone().into(),
            None => Failure::data(error),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::ClosedOutput,
            _ => Failure::data(error),
        }
    }
}

/// Colour only on a terminal, and not against `NO_COLOR`.
fn style() -> Style {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && std::io::stderr().is_terminal() {
        Style::Colour
    } else {
        Style::Plain
    }
}
