//! The tie to whatever compiles kernels, and the specialisations that a callable has
//! already asked for. Not the compiler, nor its cache on disk.
//!
//! Invariant: the same element types always lead to the same specialisation.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, OnceLock};

use brolga_abi::{DType, Entry, FunctionMeta, GlobalBlock, Site, Target};
use brolga_parallel::Pool;
use smallvec::SmallVec;

use crate::dispatch::{Resolution, resolve};
use crate::error::{Error, ErrorLocation, Failure};
use crate::loops::ContextParts;
use crate::promotion::{ArgumentType, WeakKind};

/// What compiles one specialisation of a kernel after the other.
pub trait Specialise: Send + Sync {
    /// The kernel's description; the same at every call.
    fn meta(&self) -> &FunctionMeta;

    /// The kernel for these element types, one for each type parameter.
    ///
    /// # Errors
    /// [`Error::compile`] when it cannot be compiled.
    fn specialise(&self, types: &[DType]) -> Result<Arc<dyn Specialised>, Error>;

    /// In which surroundings calls run unless they say otherwise; the same at every call.
    fn environment(&self) -> CallEnvironment<'_> {
        CallEnvironment::default()
    }
}

/// A compiled kernel.
///
/// # Safety
/// While the value lives, its entry must be callable, and follow the calling convention
/// ([`brolga_abi::KernelFn`]) for the kernel's description and the element types that it
/// was made for. A `#[vectorize]` entry that returns 0 must have written every element of
/// its outputs; outputs of type `bool` hold 0 or 1.
pub unsafe trait Specialised: Send + Sync {
    /// The machine code; it lives as long as `self`.
    ///
    /// # Errors
    /// [`Error::compile`] when it is for another CPU than this machine's.
    fn entry(&self) -> Result<Entry, Error>;

    /// The places where the kernel can panic.
    fn sites(&self) -> Vec<Site>;

    /// The values of the globals that the kernel reads, as they are now: a call takes them
    /// once, at its start. `None` for a kernel that reads none.
    fn globals(&self) -> Option<Arc<GlobalBlock>> {
        None
    }
}

/// The surroundings of a call.
#[derive(Clone, Copy)]
pub struct CallEnvironment<'a> {
    /// The threads of parallel calls; without it they run on the calling thread.
    pub pool: Option<&'a Pool>,
    /// Gives, on each thread that runs a part of the call, the address below which the
    /// stack of recursive kernels must not grow; 0 means no limit.
    pub stack_limit: fn() -> usize,
}

impl Default for CallEnvironment<'_> {
    fn default() -> Self {
        CallEnvironment {
            pool: None,
            stack_limit: || 0,
        }
    }
}

/// A kernel with the specialisations that have been used. Reading takes no lock: the list
/// only grows at its end.
pub(crate) struct Callable {
    function: Arc<dyn Specialise>,
    /// What `function` says of itself, kept because every call asks for it.
    meta: FunctionMeta,
    stack_limit: fn() -> usize,
    first: OnceLock<Box<Node>>,
}

type Key = SmallVec<[u8; 16]>;

struct Node {
    key: Key,
    specialisation: Specialisation,
    next: OnceLock<Box<Node>>,
}

/// What a call needs to know once its element types are.
pub(crate) struct Specialisation {
    pub resolution: Resolution,
    pub entry: Entry,
    code: Arc<dyn Specialised>,
}

fn key_byte(argument: Option<ArgumentType>) -> u8 {
    match argument {
        Some(ArgumentType::Strong(dtype)) => dtype as u8,
        Some(ArgumentType::Weak(WeakKind::Int)) => 0x80,
        Some(ArgumentType::Weak(WeakKind::Float)) => 0x81,
        Some(ArgumentType::Weak(WeakKind::Complex)) => 0x82,
        Some(ArgumentType::Weak(WeakKind::LargeInt)) => 0x83,
        None => 0xff,
    }
}

impl Callable {
    pub fn new(function: Arc<dyn Specialise>) -> Callable {
        Callable {
            meta: function.meta().clone(),
            stack_limit: function.environment().stack_limit,
            function,
            first: OnceLock::new(),
        }
    }

    #[inline]
    pub fn meta(&self) -> &FunctionMeta {
        &self.meta
    }

    pub fn name(&self) -> &str {
        &self.meta().name
    }

    /// The specialisation for operands of these types, compiled if it is new.
    #[inline]
    pub fn specialisation(
        &self,
        arguments: impl Iterator<Item = Option<ArgumentType>> + Clone,
    ) -> Result<&Specialisation, Error> {
        let mut slot = &self.first;
        while let Some(node) = slot.get() {
            if node.key.iter().copied().eq(arguments.clone().map(key_byte)) {
                return Ok(&node.specialisation);
            }
            slot = &node.next;
        }
        self.add(arguments.collect(), slot)
    }

    #[cold]
    fn add<'a>(
        &'a self,
        arguments: SmallVec<[Option<ArgumentType>; 8]>,
        mut slot: &'a OnceLock<Box<Node>>,
    ) -> Result<&'a Specialisation, Error> {
        let resolution = resolve(self.meta(), &arguments)?;
        let code = self.function.specialise(&resolution.types)?;
        let key: Key = arguments
            .iter()
            .map(|&argument| key_byte(argument))
            .collect();
        let mut new = Some(Box::new(Node {
            key: key.clone(),
            specialisation: Specialisation {
                resolution,
                entry: code.entry()?,
                code,
            },
            next: OnceLock::new(),
        }));
        // Another thread may have added nodes, perhaps for the same key; then its one wins.
        loop {
            let node = slot.get_or_init(|| new.take().expect("taken only when stored"));
            if node.key == key {
                return Ok(&node.specialisation);
            }
            slot = &node.next;
        }
    }

    /// Stack limit, globals and all else that the context of a call is made of, but for the
    /// pool of kernels that run parallel loops themselves.
    #[inline]
    pub fn context_parts<'a>(
        &self,
        specialisation: &Specialisation,
        options: &Surroundings<'a>,
    ) -> ContextParts<'a> {
        ContextParts {
            stack_limit: self.stack_limit,
            cancel: options.cancel,
            globals: specialisation.code.globals(),
            kernel_pool: None,
        }
    }

    /// The pool to split the loop on, if the target is parallel.
    #[inline]
    pub fn loop_pool<'a>(&'a self, options: &Surroundings<'a>) -> Option<&'a Pool> {
        match options.target.unwrap_or(self.meta.options.target) {
            Target::Cpu => None,
            Target::Parallel => self.pool(options),
        }
    }

    /// The pool that parallel work of a call runs on, its own or the loops' of the kernel.
    pub fn pool<'a>(&'a self, options: &Surroundings<'a>) -> Option<&'a Pool> {
        options.pool.or(self.function.environment().pool)
    }

    /// A kernel's failure in words.
    pub fn failure(
        &self,
        specialisation: &Specialisation,
        failure: &Failure,
        location: ErrorLocation,
    ) -> Error {
        Error::kernel(self.name(), failure, specialisation.code.sites(), location)
    }
}

impl Drop for Callable {
    fn drop(&mut self) {
        // One node after the other: dropping the chain at once would recurse.
        let mut next = self.first.take();
        while let Some(mut node) = next {
            next = node.next.take();
        }
    }
}

impl std::fmt::Debug for Callable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.name())
    }
}

/// What a call says of its surroundings.
#[derive(Clone, Copy, Default)]
pub(crate) struct Surroundings<'a> {
    pub target: Option<Target>,
    pub pool: Option<&'a Pool>,
    pub cancel: Option<&'a AtomicU32>,
}
