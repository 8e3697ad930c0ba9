//! How values lie in memory where the host sees none of it: arrays by value, and the block
//! of globals. Not the elements of views: those are [`crate::ir::Element`]s.
//!
//! A tuple's members follow one another, each aligned for its own type; an array's elements
//! stand at a distance of their size, which is a multiple of their alignment. Views have no
//! place in such memory.

use crate::ir::{Global, Scalar, Type};

/// Size and alignment of a type in memory, in bytes. Never overflows: sizes stop at
/// 2^62, far above what anything accepts.
pub fn size_align(ty: &Type) -> (u64, u64) {
    match ty {
        Type::Scalar(scalar) => {
            let size = scalar_size(*scalar);
            (size, size)
        }
        Type::Tuple(members) => {
            let (mut end, mut align) = (0, 1);
            for member in members {
                let (size, member_align) = size_align(member);
                end = bounded(round_up(end, member_align).saturating_add(size));
                align = align.max(member_align);
            }
            (round_up(end, align), align)
        }
        Type::Array(element, length) => {
            let (size, align) = size_align(element);
            (bounded(size.saturating_mul(u64::from(*length))), align)
        }
        // Not in memory; the size of its parts, so that a mistake shows.
        Type::View(view) => (8 * (1 + 2 * u64::from(view.ndim)), 8),
        Type::Never => (0, 1),
    }
}

/// Where a tuple's member begins, in bytes, and its type.
pub fn member_offset(members: &[Type], number: usize) -> Option<(u64, &Type)> {
    let mut end = 0;
    for (k, member) in members.iter().enumerate() {
        let (size, align) = size_align(member);
        let start = round_up(end, align);
        if k == number {
            return Some((start, member));
        }
        end = bounded(start.saturating_add(size));
    }
    None
}

/// Where each global begins in the block that [`brolga_abi::KernelContext`] points to, in
/// bytes, and the size of the block. The block is aligned to 16 bytes.
pub fn global_layout(globals: &[Global]) -> (Vec<usize>, usize) {
    let mut end = 0;
    let mut offsets = Vec::with_capacity(globals.len());
    for global in globals {
        let (size, align) = size_align(&global.ty);
        let start = round_up(end, align);
        offsets.push(start as usize);
        end = bounded(start.saturating_add(size));
    }
    (offsets, end as usize)
}

/// The scalars of a type in memory, in the order in which [`Global::default`] holds their
/// bits, each with its offset from the value's first byte.
pub fn scalars(ty: &Type) -> Vec<(usize, Scalar)> {
    let mut found = Vec::new();
    push_scalars(ty, 0, &mut found);
    found
}

fn push_scalars(ty: &Type, start: u64, found: &mut Vec<(usize, Scalar)>) {
    match ty {
        Type::Scalar(scalar) => found.push((start as usize, *scalar)),
        Type::Tuple(members) => {
            for number in 0..members.len() {
                if let Some((offset, member)) = member_offset(members, number) {
                    push_scalars(member, start + offset, found);
                }
            }
        }
        Type::Array(element, length) => {
            let (size, _) = size_align(element);
            for k in 0..u64::from(*length) {
                push_scalars(element, start + k * size, found);
            }
        }
        Type::View(_) | Type::Never => {}
    }
}

fn scalar_size(scalar: Scalar) -> u64 {
    u64::from(scalar.bits() / 8)
}

fn round_up(offset: u64, align: u64) -> u64 {
    offset.saturating_add(align - 1) / align * align
}

fn bounded(size: u64) -> u64 {
    size.min(1 << 62)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Unhashed;

    fn array(element: Type, length: u32) -> Type {
        Type::Array(Box::new(element), length)
    }

    #[test]
    fn members_and_elements_are_aligned_for_their_types() {
        let (u8_, f64_) = (Type::Scalar(Scalar::U8), Type::Scalar(Scalar::F64));
        let pair = Type::Tuple(vec![u8_.clone(), f64_.clone(), u8_.clone()]);
        assert_eq!(size_align(&pair), (24, 8));
        assert_eq!(size_align(&array(pair.clone(), 3)), (72, 8));
        assert_eq!(size_align(&array(array(u8_, 3), 2)), (6, 1));
        assert_eq!(size_align(&Type::UNIT), (0, 1));
        let Type::Tuple(members) = &pair else {
            unreachable!()
        };
        assert_eq!(member_offset(members, 1), Some((8, &f64_)));
        assert_eq!(member_offset(members, 2).unwrap().0, 16);
        assert_eq!(member_offset(members, 3), None);
        let offsets: Vec<_> = scalars(&array(pair, 2)).iter().map(|s| s.0).collect();
        assert_eq!(offsets, [0, 8, 16, 24, 32, 40]);
    }

    #[test]
    fn sizes_beyond_all_memory_do_not_overflow() {
        let mut ty = Type::Scalar(Scalar::F64);
        for _ in 0..5 {
            ty = array(ty, u32::MAX);
        }
        assert_eq!(size_align(&ty).0, 1 << 62);
        assert_eq!(size_align(&Type::Tuple(vec![ty; 3])).0, 1 << 62);
    }

    #[test]
    fn globals_follow_one_another() {
        let global = |ty| Global {
            name: "g".to_owned(),
            ty,
            default: Unhashed(vec![]),
        };
        let block = [
            global(Type::Scalar(Scalar::U8)),
            global(array(Type::Scalar(Scalar::F32), 3)),
            global(Type::Scalar(Scalar::F64)),
        ];
        assert_eq!(global_layout(&block), (vec![0, 4, 16], 24));
        assert_eq!(global_layout(&[]), (vec![], 0));
    }
}
