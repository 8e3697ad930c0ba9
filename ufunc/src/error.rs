//! The error of every call: one opaque type with a kind and a text for people. Not the
//! errors of compiling, which come from elsewhere and are carried as a source.
//!
//! Invariant: the text says what was found and what was expected, and counts operands
//! from 1.

use brolga_abi::{KernelError, PanicKind, Site, Status};

use crate::Dims;

/// What went wrong, for programs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The wrong number of operands or outputs.
    ArgumentCount,
    /// The kernel cannot be called in this way, or its description is inconsistent.
    Kernel,
    /// No specialisation accepts the element types, or an array has another element type
    /// than was asked for.
    DType,
    /// An untyped literal does not fit its element type.
    Value,
    /// An operand has the wrong number of axes.
    Dimensions,
    /// Shapes cannot be broadcast together, or the result would be too large.
    Broadcast,
    /// A given output has the wrong shape.
    OutputShape,
    /// A result may not be cast to the element type of its given output.
    Casting,
    /// Core dimensions of a gufunc disagree or are not known.
    CoreDimension,
    /// An operand that the kernel changes was given as read-only.
    ReadOnly,
    /// Memory of an output overlaps where it may not.
    Overlap,
    /// The kernel panicked.
    KernelPanic,
    /// The kernel recursed beyond the stack limit.
    StackOverflow,
    /// Memory could not be allocated.
    OutOfMemory,
    /// The call was cancelled.
    Cancelled,
    /// The native runtime failed; a fault of Brolga.
    Internal,
    /// The kernel could not be compiled.
    Compile,
}

/// Which element of a call failed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum ErrorLocation {
    /// The element of the loop with this index along each axis.
    Element(Dims),
    /// The iteration of a `prange` loop in which the loop variable had this value.
    LoopVariable(i64),
    /// No element in particular.
    #[default]
    None,
}

/// Why a call failed.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    site: Option<Site>,
    location: ErrorLocation,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What a kernel entry reported, before it is put into words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    pub status: Status,
    pub error: KernelError,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                site: None,
                location: ErrorLocation::None,
                source: None,
            }),
        }
    }

    /// The error of a specialisation that could not be compiled; its text is that of
    /// `source`.
    pub fn compile(source: Box<dyn std::error::Error + Send + Sync>) -> Error {
        let mut error = Error::new(ErrorKind::Compile, source.to_string());
        error.inner.source = Some(source);
        error
    }

    /// Why the kernel could not be compiled, for [`ErrorKind::Compile`]: with the places in
    /// the source where the source is to blame.
    pub fn compile_error(&self) -> Option<&brolga_runtime::Error> {
        self.inner.source.as_deref()?.downcast_ref()
    }

    pub(crate) fn out_of_memory(bytes: usize) -> Error {
        Error::new(
            ErrorKind::OutOfMemory,
            format!("could not allocate {bytes} bytes"),
        )
    }

    /// Puts a failure of the kernel `name` into words.
    pub(crate) fn kernel(
        name: &str,
        failure: &Failure,
        sites: Vec<Site>,
        location: ErrorLocation,
    ) -> Error {
        let at = match &location {
            ErrorLocation::Element(index) if !index.is_empty() => {
                format!(" (element {:?})", index.as_slice())
            }
            ErrorLocation::LoopVariable(value) => format!(" (loop variable {value})"),
            ErrorLocation::Element(_) | ErrorLocation::None => String::new(),
        };
        let (kind, message, site) = match failure.status {
            Status::Panic => {
                let number = failure.error.site as usize;
                match sites.into_iter().nth(number) {
                    Some(site) => {
                        let inside = if site.function == name {
                            String::new()
                        } else {
                            format!(" in `{}`", site.function)
                        };
                        let text = format!(
                            "kernel `{name}` panicked{inside} at {}:{}:{}: {}{at}",
                            site.file,
                            site.line,
                            site.column,
                            panic_text(&site.kind, &failure.error.payload),
                        );
                        (ErrorKind::KernelPanic, text, Some(site))
                    }
                    None => (
                        ErrorKind::KernelPanic,
                        format!("kernel `{name}` panicked at an unknown site {number}{at}"),
                        None,
                    ),
                }
            }
            Status::StackOverflow => (
                ErrorKind::StackOverflow,
                format!("kernel `{name}` recursed beyond the stack limit{at}"),
                None,
            ),
            Status::OutOfMemory => (
                ErrorKind::OutOfMemory,
                format!("kernel `{name}` could not allocate memory{at}"),
                None,
            ),
            Status::Cancelled => (
                ErrorKind::Cancelled,
                format!("the call of kernel `{name}` was cancelled"),
                None,
            ),
            Status::ShimPanic | Status::Ok => (
                ErrorKind::Internal,
                format!("kernel `{name}` failed in the native runtime (a fault of Brolga){at}"),
                None,
            ),
        };
        let mut error = Error::new(kind, message);
        error.inner.site = site;
        error.inner.location = location;
        error
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The place in the kernel's source that panicked, for [`ErrorKind::KernelPanic`].
    pub fn site(&self) -> Option<&Site> {
        self.inner.site.as_ref()
    }

    /// Which element failed, where the kernel did.
    pub fn location(&self) -> &ErrorLocation {
        &self.inner.location
    }
}

/// `1 operand`, `2 operands`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// rustc's wording, with the numbers of an index error.
fn panic_text(kind: &PanicKind, payload: &[u64; 4]) -> String {
    match kind {
        PanicKind::IndexOutOfBounds => {
            let [index, length, axis, _] = payload;
            format!("{kind}: the length of axis {axis} is {length} but the index is {index}")
        }
        PanicKind::SliceOutOfBounds | PanicKind::AllocationTooLarge | PanicKind::OutOfMemory => {
            kind.text(payload)
        }
        PanicKind::DivisionByZero
        | PanicKind::DivisionOverflow
        | PanicKind::RemainderByZero
        | PanicKind::RemainderOverflow
        | PanicKind::StepByZero
        | PanicKind::ClampBounds
        | PanicKind::Message(_) => kind.to_string(),
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("message", &self.inner.message)
            .field("location", &self.inner.location)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The message of a compile error already is its source's text; the source below
        // that one is the next cause.
        self.inner
            .source
            .as_deref()
            .and_then(|source| source.source())
    }
}
