//! What is asked of an export, and what an export and an import tell.

use crate::key::{FunctionId, Request};
use crate::reason::MissReason;

/// Which entries to export. Every condition holds for an entry that is taken; an empty list
/// is no condition. `Selection::default()` takes all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// The names of modules, e.g. `kernels`.
    pub modules: Vec<String>,
    /// The paths of functions in their modules, e.g. `smooth::leaky_relu`.
    pub functions: Vec<String>,
    /// The names of CPUs that code is for ([`crate::TargetKey::cpu`]).
    pub cpus: Vec<String>,
    /// The builds of the compiler that made the code ([`Request::build_id`]).
    pub builds: Vec<[u8; 32]>,
}

impl Selection {
    pub(crate) fn takes_function(&self, id: &FunctionId) -> bool {
        let FunctionId { module, function } = id;
        let is_in = |names: &[String], name: &String| names.is_empty() || names.contains(name);
        is_in(&self.modules, module) && is_in(&self.functions, function)
    }

    pub(crate) fn takes_request(&self, request: &Request) -> bool {
        (self.cpus.is_empty() || self.cpus.contains(&request.target.cpu))
            && (self.builds.is_empty() || self.builds.contains(&request.build_id))
    }
}

/// A file that was left out, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Skipped {
    /// The name of the index or object file.
    pub name: String,
    /// What is wrong with it.
    pub reason: MissReason,
}

/// What an export wrote.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exported {
    /// Functions.
    pub functions: u64,
    /// Compiled overloads.
    pub objects: u64,
    /// The size of the bundle, in bytes.
    pub bytes: u64,
    /// What is not sound in the folder, and therefore not in the bundle.
    pub skipped: Vec<Skipped>,
}

/// What an import brought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Functions of which at least one overload was taken or was there already.
    pub functions: u64,
    /// Compiled overloads that were not there before.
    pub objects: u64,
    /// Compiled overloads that were there already.
    pub known: u64,
    /// The sizes of the object files that were not there before, in bytes.
    pub bytes: u64,
    /// What is not sound in the bundle, and was not taken.
    pub skipped: Vec<Skipped>,
}
