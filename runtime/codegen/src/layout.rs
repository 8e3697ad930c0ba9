//! How values of the language become machine values: a scalar is one value, a tuple its
//! members' values in a row, a view a pointer, its lengths and its byte strides, an array
//! the address of its memory. How arrays lie there is [`brolga_lang::layout`]'s business.

use brolga_lang::ir::{Scalar, Type};
use brolga_lang::layout;
use cranelift_codegen::ir::{self, types};

use crate::error::CodegenError;

/// The type of addresses, lengths and strides.
pub(crate) const WORD: ir::Type = types::I64;

/// The machine type of a scalar; `bool` is an 8-bit 0 or 1.
pub(crate) fn machine_type(scalar: Scalar) -> ir::Type {
    match scalar {
        Scalar::Bool | Scalar::I8 | Scalar::U8 => types::I8,
        Scalar::I16 | Scalar::U16 => types::I16,
        Scalar::I32 | Scalar::U32 => types::I32,
        Scalar::I64 | Scalar::Isize | Scalar::U64 | Scalar::Usize => types::I64,
        Scalar::F32 => types::F32,
        Scalar::F64 => types::F64,
    }
}

/// The machine types of a value, in order.
pub(crate) fn machine_types(ty: &Type) -> Vec<ir::Type> {
    let mut parts = Vec::new();
    push_types(ty, &mut parts);
    parts
}

fn push_types(ty: &Type, parts: &mut Vec<ir::Type>) {
    match ty {
        Type::Scalar(scalar) => parts.push(machine_type(*scalar)),
        Type::Tuple(members) => members.iter().for_each(|member| push_types(member, parts)),
        Type::View(view) => {
            parts.extend(std::iter::repeat_n(WORD, 1 + 2 * usize::from(view.ndim)));
        }
        // The address of its memory.
        Type::Array(..) => parts.push(WORD),
        Type::Never => {}
    }
}

/// How many machine values a value is.
pub(crate) fn width(ty: &Type) -> usize {
    match ty {
        Type::Scalar(_) => 1,
        Type::Tuple(members) => members.iter().map(width).sum(),
        Type::View(view) => 1 + 2 * usize::from(view.ndim),
        Type::Array(..) => 1,
        Type::Never => 0,
    }
}

/// Where a tuple's member stands among the tuple's machine values, and its type.
pub(crate) fn member(ty: &Type, number: u32) -> Result<(usize, &Type), CodegenError> {
    let Type::Tuple(members) = ty else {
        return Err(CodegenError::malformed(format!(
            "member {number} of a value of type {ty:?}, which is no tuple"
        )));
    };
    let number = number as usize;
    let Some(found) = members.get(number) else {
        return Err(CodegenError::malformed(format!(
            "member {number} of a tuple with {} members",
            members.len()
        )));
    };
    Ok((members[..number].iter().map(width).sum(), found))
}

/// The scalar type of an expression that must have one.
pub(crate) fn scalar_of(ty: &Type) -> Result<Scalar, CodegenError> {
    match ty {
        Type::Scalar(scalar) => Ok(*scalar),
        other => Err(CodegenError::malformed(format!(
            "a scalar is needed where a value of type {other:?} stands"
        ))),
    }
}

/// For each machine value of a value, the type of the array whose address it is, if it is one.
pub(crate) fn array_leaves(ty: &Type) -> Vec<Option<&Type>> {
    let mut leaves = Vec::new();
    push_leaves(ty, &mut leaves);
    leaves
}

fn push_leaves<'t>(ty: &'t Type, leaves: &mut Vec<Option<&'t Type>>) {
    match ty {
        Type::Tuple(members) => members.iter().for_each(|m| push_leaves(m, leaves)),
        Type::Array(..) => leaves.push(Some(ty)),
        other => leaves.extend(std::iter::repeat_n(None, width(other))),
    }
}

/// Whether a value of the type has arrays in it.
pub(crate) fn has_arrays(ty: &Type) -> bool {
    match ty {
        Type::Array(..) => true,
        Type::Tuple(members) => members.iter().any(has_arrays),
        Type::Scalar(_) | Type::View(_) | Type::Never => false,
    }
}

/// Whether a value of the type has views in it.
pub(crate) fn has_views(ty: &Type) -> bool {
    match ty {
        Type::View(_) => true,
        Type::Tuple(members) => members.iter().any(has_views),
        Type::Scalar(_) | Type::Array(..) | Type::Never => false,
    }
}

/// A part of a value in memory that is one machine value.
pub(crate) enum Leaf<'t> {
    /// A scalar.
    Scalar(Scalar),
    /// An array, by its address.
    Array(&'t Type),
}

/// The machine values of a type in memory, each with its offset in bytes.
pub(crate) fn memory_leaves(ty: &Type) -> Result<Vec<(u64, Leaf<'_>)>, CodegenError> {
    let mut leaves = Vec::new();
    push_memory(ty, 0, &mut leaves)?;
    Ok(leaves)
}

fn push_memory<'t>(
    ty: &'t Type,
    start: u64,
    leaves: &mut Vec<(u64, Leaf<'t>)>,
) -> Result<(), CodegenError> {
    match ty {
        Type::Scalar(scalar) => leaves.push((start, Leaf::Scalar(*scalar))),
        Type::Array(..) => leaves.push((start, Leaf::Array(ty))),
        Type::Tuple(members) => {
            for number in 0..members.len() {
                if let Some((offset, member)) = layout::member_offset(members, number) {
                    push_memory(member, start + offset, leaves)?;
                }
            }
        }
        Type::View(_) | Type::Never => {
            return Err(CodegenError::malformed(format!(
                "a value of type {ty:?} in memory"
            )));
        }
    }
    Ok(())
}
