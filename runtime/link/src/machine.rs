//! What the linker has to know of a machine beside its relocations: everything in which
//! x86-64 and aarch64 differ is decided here or in [`crate::relocation`].

use object::elf;

use crate::aarch64;
use crate::error::{LinkError, unsupported};
use crate::relocation::{Field, RelocationType, write};

/// A machine that objects are linked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Machine {
    X86_64,
    Aarch64,
}

/// `int3`: what runs into it stops at once.
const INT3: u8 = 0xcc;

impl Machine {
    /// The machine that this program runs on.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const HOST: Machine = Machine::X86_64;
    /// The machine that this program runs on.
    #[cfg(target_arch = "aarch64")]
    pub(crate) const HOST: Machine = Machine::Aarch64;

    /// The machine with this number in an ELF header.
    pub(crate) fn from_elf(number: u16) -> Result<Machine, LinkError> {
        match number {
            elf::EM_X86_64 => Ok(Machine::X86_64),
            elf::EM_AARCH64 => Ok(Machine::Aarch64),
            other => unsupported(format!(
                "an object for machine {other}; expected x86-64 ({}) or aarch64 ({})",
                elf::EM_X86_64,
                elf::EM_AARCH64
            )),
        }
    }

    /// Its name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Machine::X86_64 => "x86-64",
            Machine::Aarch64 => "aarch64",
        }
    }

    /// The section type that unwind tables may have beside `SHT_PROGBITS`.
    pub(crate) fn unwind_type(self) -> u32 {
        match self {
            Machine::X86_64 => elf::SHT_X86_64_UNWIND,
            Machine::Aarch64 => elf::SHT_PROGBITS,
        }
    }

    /// The largest page that Linux has on it, in bytes.
    pub(crate) fn largest_page(self) -> usize {
        match self {
            Machine::X86_64 => 4 << 10,
            Machine::Aarch64 => 64 << 10,
        }
    }

    /// The relocation type with this number.
    pub(crate) fn relocation(self, number: u32) -> Result<RelocationType, LinkError> {
        RelocationType::from_elf(self, number)
    }

    /// Instructions that stop at once, for the room between code: a word of four bytes.
    pub(crate) fn padding(self) -> [u8; 4] {
        match self {
            Machine::X86_64 => [INT3; 4],
            Machine::Aarch64 => aarch64::BRK,
        }
    }

    /// The size and alignment of a stub, in bytes.
    pub(crate) fn stub_len(self) -> usize {
        match self {
            // Six of `jmp *entry(%rip)` and two of padding.
            Machine::X86_64 => 8,
            Machine::Aarch64 => aarch64::STUB,
        }
    }

    /// Writes a stub at `stub` that jumps to the address in the GOT entry `got`; both are
    /// offsets in the image. A stub changes no register that a function's caller or callee
    /// may rely on.
    pub(crate) fn write_stub(self, image: &mut [u8], stub: u32, got: u32) -> Result<(), LinkError> {
        match self {
            Machine::X86_64 => {
                image[stub as usize..][..2].copy_from_slice(&[0xff, 0x25]);
                write(
                    Field::Distance32,
                    image,
                    stub + 2,
                    got,
                    Field::Distance32.bias(),
                )
            }
            Machine::Aarch64 => aarch64::write_stub(image, stub, got),
        }
    }
}
