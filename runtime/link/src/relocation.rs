//! The closed list of relocation types, and how each changes the image. Not where symbols
//! are: addresses come in as offsets from the image's start.
//!
//! Invariant: nothing outside of the image is written, and a value that does not fit its
//! field is an error.

use object::elf;

use crate::error::{LinkError, malformed, unsupported};

/// The width of every supported relocation's field, in bytes.
pub(crate) const FIELD: u32 = 4;

/// What every addend must be whose target has no other part: the displacement stands at
/// the end of its instruction, and counts from there.
pub(crate) const END_OF_FIELD: i64 = -(FIELD as i64);

/// A relocation type that the linker knows. All are 32-bit, relative to their place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RelocationType {
    /// `R_X86_64_GOTPCREL`: the distance to the symbol's entry in the GOT.
    GotRelative,
    /// `R_X86_64_PLT32`: the distance to the function, or to a stub that jumps to it.
    Call,
    /// `R_X86_64_PC32`: the distance to the symbol.
    Relative,
}

impl RelocationType {
    /// The type with this number of the x86-64 psABI.
    pub(crate) fn from_elf(number: u32) -> Result<RelocationType, LinkError> {
        match number {
            elf::R_X86_64_GOTPCREL => Ok(RelocationType::GotRelative),
            elf::R_X86_64_PLT32 => Ok(RelocationType::Call),
            elf::R_X86_64_PC32 => Ok(RelocationType::Relative),
            other => unsupported(format!(
                "relocation type {other}; expected R_X86_64_PC32 ({}), R_X86_64_PLT32 ({}) or \
                 R_X86_64_GOTPCREL ({})",
                elf::R_X86_64_PC32,
                elf::R_X86_64_PLT32,
                elf::R_X86_64_GOTPCREL
            )),
        }
    }
}

/// Writes the distance from `place` to `target`, plus `addend`, into the four bytes at
/// `place`. Places and targets are offsets in the image.
pub(crate) fn write_relative(
    image: &mut [u8],
    place: u32,
    target: u32,
    addend: i64,
) -> Result<(), LinkError> {
    let value = (i64::from(target) - i64::from(place)).checked_add(addend);
    let Some(value) = value.and_then(|value| i32::try_from(value).ok()) else {
        return malformed(format!(
            "the distance from offset {place} to offset {target} with addend {addend} does \
             not fit 32 bits"
        ));
    };
    let field = usize::try_from(place).ok().and_then(|place| {
        image
            .get_mut(place..)?
            .first_chunk_mut::<{ FIELD as usize }>()
    });
    let Some(field) = field else {
        return malformed(format!("a relocation at offset {place}, beyond the image"));
    };
    *field = value.to_le_bytes();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_from_the_place() {
        let mut image = [0xffu8; 12];
        write_relative(&mut image, 4, 100, -4).unwrap();
        assert_eq!(image[4..8], 92i32.to_le_bytes());
        write_relative(&mut image, 8, 0, -4).unwrap();
        assert_eq!(image[8..12], (-12i32).to_le_bytes());
        assert_eq!(image[..4], [0xff; 4]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut image = [0u8; 12];
        for (place, target, addend) in [
            (9, 0, 0),
            (12, 0, 0),
            (u32::MAX, 0, 0),
            (0, u32::MAX, 0),
            (0, 0, i64::MAX),
            (0, 0, i64::MIN),
            (4, 0, i64::MIN),
            (0, 1, i64::from(i32::MAX)),
        ] {
            assert!(write_relative(&mut image, place, target, addend).is_err());
        }
        assert_eq!(image, [0; 12]);
    }

    #[test]
    fn unknown_types_are_named() {
        for number in [0, elf::R_X86_64_64, elf::R_X86_64_TLSGD, u32::MAX] {
            let error = RelocationType::from_elf(number).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("relocation type {number};")),
                "{error}"
            );
        }
    }
}
