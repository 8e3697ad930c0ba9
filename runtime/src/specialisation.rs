//! A function specialised to types: executable code and what callers must know of it.

use std::sync::Arc;

use brolga_abi::{DType, Entry, GlobalBlock, Site};
use brolga_link::LoadedCode;

use crate::error::Error;
use crate::global::Globals;
use crate::origin::Origin;
use crate::report::LoopReport;

/// Executable code for one set of types. Owns its memory: the code lives as long as this.
/// The code may be for another CPU than this machine's; then it has no entry point here.
pub struct Specialisation {
    pub(crate) entry: Entry,
    /// Why the entry must not be called on this machine.
    pub(crate) refusal: Option<Error>,
    pub(crate) types: Vec<DType>,
    pub(crate) sites: Vec<Site>,
    pub(crate) globals: Option<Globals>,
    pub(crate) report: Vec<String>,
    pub(crate) loops: Vec<LoopReport>,
    pub(crate) origin: Origin,
    pub(crate) code: LoadedCode,
}

impl Specialisation {
    /// The entry point. Valid while this specialisation lives.
    ///
    /// # Errors
    /// [`crate::ErrorKind::MissingFeatures`] when the code is for a CPU with features that
    /// this machine lacks.
    pub fn entry(&self) -> Result<Entry, Error> {
        match &self.refusal {
            None => Ok(self.entry),
            Some(refusal) => Err(refusal.clone()),
        }
    }
    /// The types of the type parameters.
    pub fn types(&self) -> &[DType] {
        &self.types
    }
    /// The panic sites by number.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }
    /// The values of the globals that the code reads, as they are now; `None` if it reads
    /// none. A call that holds the block sees one value of each, whatever is bound meanwhile.
    pub fn globals(&self) -> Option<Arc<GlobalBlock>> {
        self.globals.as_ref().map(Globals::block)
    }
    /// What the compiler made of the kernel's loops, line by line.
    pub fn report(&self) -> &[String] {
        &self.report
    }
    /// What the compiler made of the kernel's loops, with the checks that stay and their lines:
    /// the loop over elements first, then each `for` that code was made for.
    pub fn loops(&self) -> &[LoopReport] {
        &self.loops
    }
    /// Where this came from and what it cost.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
    /// The memory that the code and its constants take: whole pages, in bytes.
    pub fn memory_len(&self) -> usize {
        self.code.memory_len()
    }
}
