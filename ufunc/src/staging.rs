//! Whole operands that go to a kernel through a private copy, because they have another
//! type, are not aligned, or overlap what the kernel writes. For kernels over core arrays;
//! ufuncs convert block by block in `loops`.
//!
//! Invariant: what is staged is aligned and of the kernel's type; a written operand gets
//! its values back only by [`Staged::finish`].

use brolga_abi::DType;
use smallvec::SmallVec;

use crate::broadcast::Named;
use crate::buffer::ArrayBuffer;
use crate::convert::convert_array;
use crate::element::Scalar;
use crate::error::{Error, ErrorKind};
use crate::overlap::{check_written, may_overlap};
use crate::view::{ArrayRef, Operand};

/// An operand before it is staged.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub name: Named<'a>,
    pub array: ArrayRef<'a>,
    /// The type in the kernel.
    pub kernel: DType,
    /// Whether the kernel writes it.
    pub written: bool,
}

/// An operand as the kernel sees it.
pub(crate) struct Staged<'a> {
    source: Source<'a>,
    copy: Option<ArrayBuffer>,
}

impl Staged<'_> {
    /// What the kernel works on.
    pub fn array(&self) -> ArrayRef<'_> {
        self.copy
            .as_ref()
            .map_or(self.source.array, ArrayBuffer::array)
    }

    /// Puts the values of a written copy in their place.
    ///
    /// # Safety
    /// A written source must be writable.
    pub unsafe fn finish(&self) {
        if let (true, Some(copy)) = (self.source.written, &self.copy) {
            // SAFETY: the copy is private memory of the source's shape.
            unsafe { convert_array(copy.array(), self.source.array) };
        }
    }
}

/// Staged operands. Lists of them are large, so they are filled where they stay.
pub(crate) type StagedList<'a> = SmallVec<[Staged<'a>; 6]>;

/// Stages all operands of a call, at the end of `staged`.
///
/// # Errors
/// [`ErrorKind::Overlap`] when written operands overlap themselves or each other;
/// [`ErrorKind::OutOfMemory`].
///
/// # Safety
/// Every source must be readable.
pub(crate) unsafe fn stage<'a>(
    sources: impl Iterator<Item = Source<'a>> + Clone,
    staged: &mut StagedList<'a>,
) -> Result<(), Error> {
    let written: SmallVec<[(Named<'a>, ArrayRef<'a>); 4]> = sources
        .clone()
        .filter(|source| source.written)
        .map(|source| (source.name, source.array))
        .collect();
    check_written(&written)?;
    for source in sources {
        let array = source.array;
        let clash = !source.written && written.iter().any(|&(_, other)| may_overlap(array, other));
        let copy = if clash || array.dtype != source.kernel || !array.is_aligned() {
            // SAFETY: the conversion below writes every element.
            let copy = unsafe { ArrayBuffer::allocate(source.kernel, array.shape, false)? };
            // SAFETY: the source is readable, and the copy is new memory of its shape.
            unsafe { convert_array(array, copy.array()) };
            Some(copy)
        } else {
            None
        };
        staged.push(Staged { source, copy });
    }
    Ok(())
}

/// The array of an operand: its own, or the one of the number that a literal became.
///
/// # Errors
/// [`ErrorKind::ReadOnly`] when the kernel writes it and it may not be written.
pub(crate) fn operand_array<'a>(
    operand: &'a Operand<'_>,
    literal: Option<&'a Scalar>,
    written: bool,
    name: Named<'_>,
) -> Result<ArrayRef<'a>, Error> {
    if written && !matches!(operand, Operand::ViewMut(_)) {
        return Err(Error::new(
            ErrorKind::ReadOnly,
            format!("{name} is changed by the kernel, but was given as read-only"),
        ));
    }
    let array = operand.array().or_else(|| literal.map(Scalar::array));
    array.ok_or_else(|| Error::new(ErrorKind::Value, format!("{name} has no value")))
}
