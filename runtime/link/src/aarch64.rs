//! The instructions of aarch64 that relocations and stubs need, bit by bit.
//!
//! Encodings are those of the "Arm Architecture Reference Manual" (DDI 0487), chapter C6:
//! ADRP, ADD (immediate), LDR (immediate, unsigned offset), B, BL, BR, BRK. What goes into
//! which bits, and what is checked, says "ELF for the Arm 64-bit Architecture (AArch64)" in
//! its tables of static relocations.
//!
//! Invariant: the image begins at a multiple of 4096 bytes, so that pages and offsets in a
//! page are those of the offsets in the image.

use crate::error::{LinkError, malformed};

/// `brk #0`, little-endian: what runs into it stops at once.
pub(crate) const BRK: [u8; 4] = 0xd420_0000_u32.to_le_bytes();

/// The size and alignment of a stub, in bytes: three instructions and one of padding.
pub(crate) const STUB: usize = 16;

/// `adrp x16, 0`
const ADRP_X16: u32 = 0x9000_0010;
/// `ldr x16, [x16]`
const LDR_X16: u32 = 0xf940_0210;
/// `br x16`
const BR_X16: u32 = 0xd61f_0200;

/// What ADRP counts in, on every machine: 12 bits of address.
const PAGE_BITS: u32 = 12;

/// The part of an instruction that a relocation changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Field {
    /// `adrp`: the distance in pages; bits 5 to 23 and below them, in bits 29 and 30, the
    /// lowest two.
    Page,
    /// `add`, 64 bits: the offset in the page, in bits 10 to 21.
    AddInPage,
    /// `ldr`, 64 bits: the offset in the page, in words of eight bytes, in bits 10 to 21.
    LoadInPage,
    /// `b` and `bl`: the distance in words of four bytes, in bits 0 to 25.
    Branch,
}

impl Field {
    /// The instruction that has this field.
    pub(crate) fn instruction(self) -> &'static str {
        match self {
            Field::Page => "adrp",
            Field::AddInPage => "add",
            Field::LoadInPage => "ldr",
            Field::Branch => "bl",
        }
    }

    /// The bits of the value that the field must hold, with its sign; for messages.
    pub(crate) fn bits(self) -> u32 {
        match self {
            Field::Page => 33,
            Field::AddInPage | Field::LoadInPage => PAGE_BITS,
            Field::Branch => 28,
        }
    }

    /// Whether a word is an instruction that has this field.
    pub(crate) fn fits(self, word: u32) -> bool {
        let (mask, code) = match self {
            Field::Page => (0x9f00_0000, 0x9000_0000),
            Field::AddInPage => (0xffc0_0000, 0x9100_0000),
            Field::LoadInPage => (0xffc0_0000, 0xf940_0000),
            Field::Branch => (0x7c00_0000, 0x1400_0000),
        };
        word & mask == code
    }

    /// The instruction `word` at `place`, referring to `reached`; `None` if that is out of
    /// its reach or not where the instruction can point.
    pub(crate) fn encode(self, word: u32, place: u32, reached: i64) -> Option<u32> {
        match self {
            Field::Page => {
                let pages = (reached >> PAGE_BITS) - i64::from(place >> PAGE_BITS);
                let pages = signed(pages, 21)?;
                let (low, high) = (pages & 3, pages >> 2);
                Some(word & !0x60ff_ffe0 | low << 29 | high << 5)
            }
            Field::AddInPage => Some(word & !0x003f_fc00 | in_page(reached) << 10),
            Field::LoadInPage => {
                let offset = in_page(reached);
                let whole = offset.is_multiple_of(8);
                let words = offset / 8;
                whole.then_some(word & !0x003f_fc00 | words << 10)
            }
            Field::Branch => {
                let distance = reached.checked_sub(i64::from(place))?;
                let whole = distance % 4 == 0;
                let words = whole.then(|| signed(distance / 4, 26))??;
                Some(word & !0x03ff_ffff | words)
            }
        }
    }
}

/// The offset in its page of a place in the image.
fn in_page(reached: i64) -> u32 {
    (reached & ((1 << PAGE_BITS) - 1)) as u32
}

/// A number as two's complement in so many bits, if it fits.
fn signed(number: i64, bits: u32) -> Option<u32> {
    let half = 1_i64 << (bits - 1);
    let fits = (-half..half).contains(&number);
    fits.then_some(number as u32 & ((1_u32 << bits) - 1))
}

/// Writes a stub that jumps to the address in the GOT entry `got`. It changes x16 alone,
/// which the procedure call standard (AAPCS64) gives to such code between caller and callee.
pub(crate) fn write_stub(image: &mut [u8], stub: u32, got: u32) -> Result<(), LinkError> {
    let reached = i64::from(got);
    let code = (
        Field::Page.encode(ADRP_X16, stub, reached),
        Field::LoadInPage.encode(LDR_X16, stub + 4, reached),
    );
    let (Some(page), Some(load)) = code else {
        return malformed(format!("a stub at offset {stub} cannot reach offset {got}"));
    };
    let words = [page, load, BR_X16].map(u32::to_le_bytes);
    image[stub as usize..][..12].copy_from_slice(words.as_flattened());
    image[stub as usize + 12..][..4].copy_from_slice(&BRK);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that `aarch64-linux-gnu-as` (binutils 2.40) made of the text beside them.
    const ADRP_X3: u32 = 0x9000_0003;
    const ADD_X3: u32 = 0x9100_0063;
    const LDR_X3: u32 = 0xf940_0063;
    const BL: u32 = 0x9400_0000;
    const B: u32 = 0x1400_0000;

    #[test]
    fn fields_hold_what_the_assembler_writes() {
        for (field, word, place, reached, expected) in [
            // adrp x3, .+0x1000; adrp x3, .-0x1000; adrp x3, .+0x7000
            (Field::Page, ADRP_X3, 0, 0x1000, 0xb000_0003),
            (Field::Page, ADRP_X3, 0x1ffc, 0xfff, 0xf0ff_ffe3),
            (Field::Page, ADRP_X3, 0x2004, 0x9fff, 0xf000_0023),
            // add x3, x3, #0xabc; add x3, x3, #0xfff
            (Field::AddInPage, ADD_X3, 0, 0x7abc, 0x912a_f063),
            (Field::AddInPage, ADD_X3, 0, 0x1fff, 0x913f_fc63),
            // ldr x3, [x3, #0xff8]; ldr x3, [x3, #8]
            (Field::LoadInPage, LDR_X3, 0, 0x1ff8, 0xf947_fc63),
            (Field::LoadInPage, LDR_X3, 0, 0x3008, 0xf940_0463),
            // bl .+4; bl .-4; b .+0x7fffffc; b .-0x8000000
            (Field::Branch, BL, 64, 68, 0x9400_0001),
            (Field::Branch, BL, 64, 60, 0x97ff_ffff),
            (Field::Branch, B, 0, 0x7ff_fffc, 0x15ff_ffff),
            (Field::Branch, B, 0x800_0000, 0, 0x1600_0000),
        ] {
            assert!(field.fits(word));
            let found = field.encode(word, place, reached);
            assert_eq!(found, Some(expected), "{field:?} {reached:#x}");
            // What stood in the field before does not matter.
            assert_eq!(field.encode(expected, place, reached), Some(expected));
        }
    }

    #[test]
    fn what_is_out_of_reach_is_refused() {
        for (field, word, place, reached) in [
            (Field::Page, ADRP_X3, 0, 1 << 32),
            (Field::Page, ADRP_X3, 0x1000, -(1 << 32)),
            (Field::Page, ADRP_X3, 0, i64::MAX),
            (Field::Page, ADRP_X3, 0, i64::MIN),
            (Field::LoadInPage, LDR_X3, 0, 4),
            (Field::Branch, BL, 0, 2),
            (Field::Branch, BL, 0, 0x800_0000),
            (Field::Branch, BL, 4, -0x800_0000),
            (Field::Branch, BL, 4, i64::MIN),
            (Field::Branch, BL, 0, i64::MAX - 3),
        ] {
            assert_eq!(field.encode(word, place, reached), None, "{reached:#x}");
        }
        let edge = Field::Page.encode(ADRP_X3, 0, (1 << 32) - 1);
        assert_eq!(edge, Some(0xf07f_ffe3));
    }

    #[test]
    fn no_other_instruction_has_the_field() {
        // add with a shift, a 32-bit add and ldr, adr, cbz, ldr of a literal, udf.
        for word in [
            0x9140_0063,
            0x1100_0063,
            0xb940_0063,
            0x1000_0003,
            0xb400_0003,
            0x5800_0003,
            0,
        ] {
            for field in [
                Field::Page,
                Field::AddInPage,
                Field::LoadInPage,
                Field::Branch,
            ] {
                assert!(!field.fits(word), "{field:?} {word:#010x}");
            }
        }
    }
}
