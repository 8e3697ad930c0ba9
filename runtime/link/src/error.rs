//! Why an object could not be linked.

/// The kind of a [`LinkError`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum LinkErrorKind {
    /// The bytes are not a relocatable 64-bit little-endian ELF object, or contradict
    /// themselves.
    Malformed,
    /// The object is well formed, but for a machine that the linker does not know, or has a
    /// section, symbol or relocation that is not on the linker's closed lists.
    Unsupported,
    /// The object is for a machine that the linker knows, but not for the one at hand.
    OtherMachine,
    /// The object imports a name that compiled code may not import.
    UnknownImport,
    /// The object does not define the entry point, or not as a function.
    NoEntry,
    /// The code would be larger than the linker's limit.
    TooLarge,
    /// The system refused the memory.
    Memory,
}

/// Why an object could not be linked. Nothing of it stays in memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkError {
    kind: LinkErrorKind,
    message: String,
}

impl LinkError {
    pub(crate) fn new(kind: LinkErrorKind, message: impl Into<String>) -> LinkError {
        LinkError {
            kind,
            message: message.into(),
        }
    }

    /// The kind of error.
    pub fn kind(&self) -> LinkErrorKind {
        self.kind
    }
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LinkError {}

/// A name from an object as it may stand in a message.
pub(crate) fn quoted(name: &[u8]) -> String {
    const SHOWN: usize = 80;
    let rest = if name.len() > SHOWN { ".." } else { "" };
    let shown = &name[..name.len().min(SHOWN)];
    format!("`{}{rest}`", shown.escape_ascii())
}

/// `Err(Malformed)` with this message.
pub(crate) fn malformed<T>(message: impl Into<String>) -> Result<T, LinkError> {
    Err(LinkError::new(LinkErrorKind::Malformed, message))
}

/// `Err(Unsupported)` with this message.
pub(crate) fn unsupported<T>(message: impl Into<String>) -> Result<T, LinkError> {
    Err(LinkError::new(LinkErrorKind::Unsupported, message))
}
