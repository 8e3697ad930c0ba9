//! What a call may say beyond its operands, and what it gives back. Not what a kernel's
//! attribute says, which is in its description.

use std::sync::atomic::AtomicU32;

use brolga_abi::{RawViewMut, Target};
use brolga_parallel::Pool;
use ndarray::ArrayD;
use smallvec::SmallVec;

use crate::buffer::ArrayBuffer;
use crate::casting::Casting;
use crate::element::Element;
use crate::error::{Error, ErrorKind};
use crate::function::Surroundings;
use crate::ufunc::wrong_outputs;

/// The options of a call. The default allocates every output, casts results within their
/// kind, and runs on the target that the kernel's attribute names.
#[derive(Default)]
pub struct CallOptions<'a> {
    /// One for each output that was spoken of.
    pub(crate) outputs: SmallVec<[Option<RawViewMut<'a>>; 2]>,
    pub(crate) casting: Casting,
    pub(crate) surroundings: Surroundings<'a>,
}

impl<'a> CallOptions<'a> {
    /// The default options.
    pub fn new() -> CallOptions<'a> {
        CallOptions::default()
    }

    /// Writes the next output into this array, which must have exactly the output's shape.
    /// The first call names output 1, and so on.
    pub fn output(mut self, view: RawViewMut<'a>) -> Self {
        self.outputs.push(Some(view));
        self
    }

    /// Allocates the next output, where a later one is given.
    pub fn allocate_output(mut self) -> Self {
        self.outputs.push(None);
        self
    }

    /// Which casts results may undergo on their way into given outputs; `same_kind` if not
    /// said. Inputs are only cast safely.
    pub fn casting(mut self, casting: Casting) -> Self {
        self.casting = casting;
        self
    }

    /// Where the loop runs, whatever the kernel's attribute says. Without a pool, given
    /// here or by the runtime, a parallel call runs on the calling thread.
    pub fn target(mut self, target: Target) -> Self {
        self.surroundings.target = Some(target);
        self
    }

    /// The threads of this call.
    pub fn pool(mut self, pool: &'a Pool) -> Self {
        self.surroundings.pool = Some(pool);
        self
    }

    /// Once the flag is not 0, the call fails with [`ErrorKind::Cancelled`]: it is looked
    /// at every million simple operations or so, and by kernels in their loops of unknown
    /// length.
    pub fn cancel(mut self, flag: &'a AtomicU32) -> Self {
        self.surroundings.cancel = Some(flag);
        self
    }

    /// Refuses more outputs than the kernel has.
    pub(crate) fn check_outputs(&self, name: &str, count: usize) -> Result<(), Error> {
        if self.outputs.len() > count {
            return Err(wrong_outputs(name, count, self.outputs.len()));
        }
        Ok(())
    }
}

/// The outputs that a call has allocated.
#[derive(Debug, Default)]
pub struct Outputs {
    pub(crate) buffers: SmallVec<[Option<ArrayBuffer>; 1]>,
}

impl Outputs {
    /// The output with this number, from 0; `None` if the caller gave it or there is none.
    pub fn get(&self, number: usize) -> Option<&ArrayBuffer> {
        self.buffers.get(number).and_then(Option::as_ref)
    }

    /// The number of outputs, given ones included.
    pub fn len(&self) -> usize {
        self.buffers.len()
    }

    /// Whether the kernel has no outputs.
    pub fn is_empty(&self) -> bool {
        self.buffers.is_empty()
    }

    /// The only output.
    ///
    /// # Errors
    /// When the call has not allocated exactly one.
    pub fn into_single(self) -> Result<ArrayBuffer, Error> {
        let mut buffers = self.buffers;
        let count = buffers.iter().flatten().count();
        buffers.retain(|buffer| count == 1 && buffer.is_some());
        buffers.pop().flatten().ok_or_else(|| {
            Error::new(
                ErrorKind::ArgumentCount,
                format!("one output was expected, but the call allocated {count}"),
            )
        })
    }

    /// The only output as an ndarray array; no element is copied.
    ///
    /// # Errors
    /// When the call has not allocated exactly one, or its elements are not of type `T`.
    pub fn into_array<T: Element>(self) -> Result<ArrayD<T>, Error> {
        self.into_single()?.into_array()
    }
}

impl IntoIterator for Outputs {
    type Item = ArrayBuffer;
    type IntoIter = std::iter::Flatten<smallvec::IntoIter<[Option<ArrayBuffer>; 1]>>;

    /// The allocated outputs in order.
    fn into_iter(self) -> Self::IntoIter {
        self.buffers.into_iter().flatten()
    }
}
