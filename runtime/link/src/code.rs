//! Code in executable memory, for as long as somebody holds it.

use std::time::Duration;

use crate::memory::Sealed;

/// Where an exported function is.
pub(crate) struct Export {
    /// Its name: `names[start..end]` of [`LoadedCode`].
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Its offset in the image, in bytes.
    pub(crate) offset: u32,
}

/// A linked object. Its memory is freed on drop, so whoever calls into it must hold it
/// (usually in an `Arc`) until the call has returned.
pub struct LoadedCode {
    pub(crate) memory: Sealed,
    pub(crate) entry: u32,
    /// The end of the object's own code in the image; stubs and padding follow.
    pub(crate) code_len: u32,
    /// The names of all exports, one after the other.
    pub(crate) names: String,
    pub(crate) exports: Vec<Export>,
    pub(crate) protect: Duration,
}

impl LoadedCode {
    /// The entry point that was asked for.
    pub fn entry(&self) -> *const u8 {
        self.at(self.entry)
    }

    /// An exported function of the object.
    pub fn symbol(&self, name: &str) -> Option<*const u8> {
        self.exports
            .iter()
            .find(|export| &self.names[export.start as usize..export.end as usize] == name)
            .map(|export| self.at(export.offset))
    }

    /// The object's machine code as it runs, relocated.
    pub fn code_bytes(&self) -> &[u8] {
        &self.memory.bytes()[..self.code_len as usize]
    }

    /// The bytes of memory that the code takes: whole pages.
    pub fn memory_len(&self) -> usize {
        self.memory.bytes().len()
    }

    /// How long it took to make the memory executable and read-only.
    pub fn protect_time(&self) -> Duration {
        self.protect
    }

    fn at(&self, offset: u32) -> *const u8 {
        &raw const self.memory.bytes()[offset as usize]
    }
}

impl std::fmt::Debug for LoadedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoadedCode")
            .field("entry", &self.entry())
            .field("code_len", &self.code_len)
            .field("exports", &self.names)
            .finish_non_exhaustive()
    }
}
