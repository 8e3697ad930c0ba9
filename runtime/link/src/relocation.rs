//! The closed lists of relocation types, and how each changes the image. Not where symbols
//! are: addresses come in as offsets from the image's start.
//!
//! The numbers and what each computes stand in the psABI of the machine: "System V
//! Application Binary Interface, AMD64 Architecture Processor Supplement" and "ELF for the
//! Arm 64-bit Architecture (AArch64)", section Relocation.
//!
//! Invariants: nothing outside of the image is written; a value that does not fit its field
//! is an error; on aarch64, where a field is a part of an instruction, nothing but this part
//! of just this instruction changes.

use object::elf;

use crate::aarch64;
use crate::error::{LinkError, malformed, unsupported};
use crate::machine::Machine;

/// The width of every supported relocation's place, in bytes.
pub(crate) const PLACE: u32 = 4;

/// What a relocation refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reach {
    /// The symbol's entry in the GOT.
    Got,
    /// The function, or a stub that jumps to it.
    Call,
    /// A place in the image: the symbol itself.
    Direct,
}

/// Where and how a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Field {
    /// x86-64: the 32-bit distance from the place.
    Distance32,
    /// aarch64: a field of this instruction.
    Instruction(aarch64::Field),
}

impl Field {
    /// The addend of a relocation that means its symbol itself, and not what lies beside it.
    pub(crate) const fn bias(self) -> i64 {
        match self {
            // The displacement stands at the end of its instruction, and counts from there.
            Field::Distance32 => -(PLACE as i64),
            Field::Instruction(_) => 0,
        }
    }
}

/// A relocation type that the linker knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RelocationType {
    number: u32,
    pub(crate) name: &'static str,
    pub(crate) reach: Reach,
    pub(crate) field: Field,
}

const X86_64: &[RelocationType] = &[
    relocation(
        elf::R_X86_64_PC32,
        "R_X86_64_PC32",
        Reach::Direct,
        Field::Distance32,
    ),
    relocation(
        elf::R_X86_64_PLT32,
        "R_X86_64_PLT32",
        Reach::Call,
        Field::Distance32,
    ),
    relocation(
        elf::R_X86_64_GOTPCREL,
        "R_X86_64_GOTPCREL",
        Reach::Got,
        Field::Distance32,
    ),
];

const AARCH64: &[RelocationType] = &[
    relocation(
        elf::R_AARCH64_ADR_PREL_PG_HI21,
        "R_AARCH64_ADR_PREL_PG_HI21",
        Reach::Direct,
        Field::Instruction(aarch64::Field::Page),
    ),
    relocation(
        elf::R_AARCH64_ADD_ABS_LO12_NC,
        "R_AARCH64_ADD_ABS_LO12_NC",
        Reach::Direct,
        Field::Instruction(aarch64::Field::AddInPage),
    ),
    relocation(
        elf::R_AARCH64_CALL26,
        "R_AARCH64_CALL26",
        Reach::Call,
        Field::Instruction(aarch64::Field::Branch),
    ),
    relocation(
        elf::R_AARCH64_ADR_GOT_PAGE,
        "R_AARCH64_ADR_GOT_PAGE",
        Reach::Got,
        Field::Instruction(aarch64::Field::Page),
    ),
    relocation(
        elf::R_AARCH64_LD64_GOT_LO12_NC,
        "R_AARCH64_LD64_GOT_LO12_NC",
        Reach::Got,
        Field::Instruction(aarch64::Field::LoadInPage),
    ),
];

const fn relocation(number: u32, name: &'static str, reach: Reach, field: Field) -> RelocationType {
    RelocationType {
        number,
        name,
        reach,
        field,
    }
}

impl RelocationType {
    /// The type with this number on this machine.
    pub(crate) fn from_elf(machine: Machine, number: u32) -> Result<RelocationType, LinkError> {
        let list = match machine {
            Machine::X86_64 => X86_64,
            Machine::Aarch64 => AARCH64,
        };
        if let Some(known) = list.iter().find(|known| known.number == number) {
            return Ok(*known);
        }
        let names: Vec<String> = list
            .iter()
            .map(|known| format!("{} ({})", known.name, known.number))
            .collect();
        unsupported(format!(
            "relocation type {number}; expected one of {}",
            names.join(", ")
        ))
    }
}

/// Writes what refers to `target` plus `addend` into the place at `place`. Places and targets
/// are offsets in the image.
pub(crate) fn write(
    field: Field,
    image: &mut [u8],
    place: u32,
    target: u32,
    addend: i64,
) -> Result<(), LinkError> {
    let bytes = usize::try_from(place).ok().and_then(|place| {
        image
            .get_mut(place..)?
            .first_chunk_mut::<{ PLACE as usize }>()
    });
    let Some(bytes) = bytes else {
        return malformed(format!("a relocation at offset {place}, beyond the image"));
    };
    let Some(reached) = i64::from(target).checked_add(addend) else {
        return out_of_reach(place, target, addend, 64);
    };
    match field {
        Field::Distance32 => {
            let value = reached
                .checked_sub(i64::from(place))
                .and_then(|value| i32::try_from(value).ok());
            let Some(value) = value else {
                return out_of_reach(place, target, addend, 32);
            };
            *bytes = value.to_le_bytes();
        }
        Field::Instruction(field) => {
            let old = u32::from_le_bytes(*bytes);
            if !place.is_multiple_of(PLACE) || !field.fits(old) {
                return malformed(format!(
                    "a relocation of `{}` at offset {place}, where the word {old:#010x} stands",
                    field.instruction()
                ));
            }
            match field.encode(old, place, reached) {
                Some(new) => *bytes = new.to_le_bytes(),
                None => return out_of_reach(place, target, addend, field.bits()),
            }
        }
    }
    Ok(())
}

fn out_of_reach<T>(place: u32, target: u32, addend: i64, bits: u32) -> Result<T, LinkError> {
    malformed(format!(
        "the distance from offset {place} to offset {target} with addend {addend} does not fit \
         {bits} bits"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISTANCE: Field = Field::Distance32;

    #[test]
    fn distances_count_from_the_place() {
        let mut image = [0xffu8; 12];
        write(DISTANCE, &mut image, 4, 100, -4).unwrap();
        assert_eq!(image[4..8], 92i32.to_le_bytes());
        write(DISTANCE, &mut image, 8, 0, -4).unwrap();
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
            (0, 1, i64::MAX),
            (0, 1, i64::from(i32::MAX)),
        ] {
            assert!(write(DISTANCE, &mut image, place, target, addend).is_err());
        }
        assert_eq!(image, [0; 12]);
    }

    #[test]
    fn unknown_types_are_named() {
        let x86 = [0, elf::R_X86_64_64, elf::R_X86_64_TLSGD, u32::MAX];
        let arm = [0, elf::R_AARCH64_ABS64, elf::R_AARCH64_JUMP26, u32::MAX];
        for (machine, numbers, known) in [
            (Machine::X86_64, x86, "R_X86_64_GOTPCREL (9)"),
            (Machine::Aarch64, arm, "R_AARCH64_CALL26 (283)"),
        ] {
            for number in numbers {
                let error = RelocationType::from_elf(machine, number).unwrap_err();
                let error = error.to_string();
                let start = format!("relocation type {number};");
                assert!(
                    error.starts_with(&start) && error.contains(known),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn each_machine_has_its_own_list() {
        for (machine, list) in [(Machine::X86_64, X86_64), (Machine::Aarch64, AARCH64)] {
            for known in list {
                assert_eq!(RelocationType::from_elf(machine, known.number), Ok(*known));
                let other = match machine {
                    Machine::X86_64 => Machine::Aarch64,
                    Machine::Aarch64 => Machine::X86_64,
                };
                assert!(RelocationType::from_elf(other, known.number).is_err());
            }
        }
    }
}
