//! Objects for aarch64 are laid out: every relocated instruction is decoded again, by a
//! decoder of this file's own, and must lead to the symbol that the object names. Nothing
//! here is executed; see `qemu.rs` for that.

mod common;

use std::path::Path;

use brolga_link::{Image, LinkError, LinkErrorKind, lay_out, link};
use common::handmade::{CODE, GLOBAL, Handmade, LOCAL, READ, Section, TEXT};
use common::{SAMPLES, Sample};
use object::read::elf::ElfFile64;
use object::{Object as _, ObjectSection as _, ObjectSymbol as _, RelocationFlags, elf};

const KERNELS: [&str; 7] = [
    "axpy", "wave", "energy", "filtered", "picked", "inner", "steps",
];

const BASES: [u64; 3] = [0x1_0000, 0x7f12_3456_0000, 0xffff_ffff_0000_0000];

const NOP: u32 = 0xd503_201f;
const BRK: u32 = 0xd420_0000;
const ADRP: u32 = 0x9000_0000;
const ADD: u32 = 0x9100_0000;
const LDR: u32 = 0xf940_0000;
const BL: u32 = 0x9400_0000;

fn kernel(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/aarch64")
        .join(format!("{name}.o"));
    std::fs::read(path).expect("a committed object")
}

/// An address for every name of the runtime's table.
fn address(name: &str) -> Option<u64> {
    let place = brolga_abi::SYMBOLS.iter().position(|s| s.name == name)?;
    Some(0x5555_0000_1234 + 0x1_0004 * place as u64)
}

fn image(object: &[u8], entry: &str, base: u64) -> Image {
    lay_out(object, entry, base, &address).unwrap_or_else(|error| panic!("{entry}: {error}"))
}

/// An image at an address, read as a processor would read it.
struct Memory {
    base: u64,
    image: Image,
}

impl Memory {
    fn word(&self, at: u64) -> u32 {
        let at = (at - self.base) as usize;
        u32::from_le_bytes(self.image.bytes[at..at + 4].try_into().unwrap())
    }

    /// A word of data; it must lie behind the executable part.
    fn data(&self, at: u64) -> u64 {
        let at = (at - self.base) as usize;
        assert!(at >= self.image.text_len && at.is_multiple_of(8));
        u64::from_le_bytes(self.image.bytes[at..at + 8].try_into().unwrap())
    }

    /// The page that the `adrp` at `at` gives, and its register.
    fn adrp(&self, at: u64) -> (u64, u32) {
        let word = self.word(at);
        assert_eq!(word >> 24 & 0x9f, 0x90, "{word:#010x} is no adrp");
        // 19 bits, then 2: moved to the top, and back with their sign.
        let pages = u64::from(word >> 5 & 0x7_ffff) << 2 | u64::from(word >> 29 & 3);
        let distance = (pages as i64) << 43 >> 43 << 12;
        let page = (at / 4096 * 4096).wrapping_add_signed(distance);
        (page, word & 31)
    }

    /// The 12 bits of an `add` or `ldr` with this code whose registers are `register`.
    fn in_page(&self, at: u64, code: u32, register: u32) -> u64 {
        let word = self.word(at);
        assert_eq!(
            word & 0xffc0_03ff,
            code | register << 5 | register,
            "{word:#010x}"
        );
        u64::from(word >> 10 & 0xfff)
    }

    /// Where `adrp` and `ldr` from `at` on load from.
    fn got_entry(&self, at: u64) -> u64 {
        let (page, register) = self.adrp(at);
        page + 8 * self.in_page(at + 4, LDR, register)
    }

    /// Where the `bl` or `b` at `at` goes.
    fn branch(&self, at: u64) -> u64 {
        let word = self.word(at);
        assert_eq!(word >> 26 & 0x1f, 5, "{word:#010x} is no branch");
        at.wrapping_add_signed((i64::from(word) << 38 >> 38) * 4)
    }
}

#[test]
fn every_relocated_instruction_leads_to_its_symbol() {
    let mut seen = [0; 3];
    for name in KERNELS {
        let bytes = kernel(name);
        let file = ElfFile64::<object::Endianness>::parse(&*bytes).unwrap();
        let text = file.section_by_name(".text").unwrap();
        let code = text.data().unwrap();
        for base in BASES {
            let image = image(&bytes, &format!("brolga_{name}"), base);
            let memory = Memory { base, image };
            let symbol = file.symbol_by_name(&format!("brolga_{name}")).unwrap();
            assert_eq!(memory.image.entry as u64, symbol.address(), "{name}");
            assert_eq!(memory.image.code_len, code.len());
            assert_eq!(memory.image.text_len, 1 << 16);
            let mut changed = vec![];
            for (place, relocation) in text.relocations() {
                let object::RelocationTarget::Symbol(symbol) = relocation.target() else {
                    panic!("{relocation:?}")
                };
                let symbol = file.symbol_by_index(symbol).unwrap();
                let RelocationFlags::Elf { r_type } = relocation.flags() else {
                    panic!("{relocation:?}")
                };
                assert_eq!(relocation.addend(), 0);
                changed.push(place as usize);
                let at = base + place;
                let kind = match r_type {
                    elf::R_AARCH64_ADR_GOT_PAGE => {
                        let found = memory.data(memory.got_entry(at));
                        check_address(&file, &symbol, found, &memory);
                        0
                    }
                    // Read together with the instruction before.
                    elf::R_AARCH64_LD64_GOT_LO12_NC => 1,
                    elf::R_AARCH64_CALL26 => {
                        assert_eq!(memory.branch(at), base + symbol.address());
                        2
                    }
                    other => panic!("{name}: relocation type {other}"),
                };
                seen[kind] += 1;
            }
            for place in (0..memory.image.text_len).step_by(4) {
                let found = memory.word(base + place as u64);
                match code.get(place..place + 4) {
                    Some(bytes) if !changed.contains(&place) => {
                        assert_eq!(found.to_le_bytes(), bytes, "{name} at {place:#x}");
                    }
                    Some(_) => {}
                    None => assert_eq!(found, BRK, "{name} at {place:#x}"),
                }
            }
        }
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0] >= 18 && seen[2] >= 9, "{seen:?}");
}

/// That a word of the GOT is the address of its symbol.
fn check_address<'data>(
    file: &ElfFile64<'data, object::Endianness>,
    symbol: &impl object::ObjectSymbol<'data>,
    found: u64,
    memory: &Memory,
) {
    let name = symbol.name().unwrap();
    let Some(section) = symbol.section_index() else {
        assert_eq!(Some(found), address(name), "{name}");
        return;
    };
    let section = file.section_by_index(section).unwrap();
    match section.name().unwrap() {
        ".text" => assert_eq!(found, memory.base + symbol.address(), "{name}"),
        ".rodata" => {
            let constants = &section.data().unwrap()[symbol.address() as usize..];
            let at = (found - memory.base) as usize;
            assert!(at >= memory.image.text_len && at.is_multiple_of(16));
            assert_eq!(&memory.image.bytes[at..at + constants.len()], constants);
        }
        other => panic!("{name} in {other}"),
    }
}

/// An object for aarch64 with these instructions; `f` is at their start.
fn arm(words: &[u32]) -> Handmade {
    let mut object = Handmade::new();
    object.machine = elf::EM_AARCH64;
    object.text.data = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    object
}

/// `bl` to a symbol, then `brk`.
fn call() -> Handmade {
    arm(&[BL, BRK])
}

#[test]
fn a_direct_call_to_an_import_goes_by_a_stub() {
    let object = call()
        .symbol("nrt_exp_f64", GLOBAL, 0, 0)
        .relocation(elf::R_AARCH64_CALL26, 0, 0);
    for base in BASES {
        let image = image(&object.write(), "f", base);
        let memory = Memory { base, image };
        let stub = memory.branch(base);
        assert_eq!(stub, base + 16, "behind the code, aligned");
        let (_, register) = memory.adrp(stub);
        assert_eq!(register, 16);
        let entry = memory.got_entry(stub);
        assert_eq!(Some(memory.data(entry)), address("nrt_exp_f64"));
        // br x16
        assert_eq!(memory.word(stub + 8), 0xd61f_0200);
        assert_eq!(memory.word(stub + 12), BRK);
        assert_eq!(memory.word(base + 8), BRK, "between code and stub");
    }
}

#[test]
fn addresses_in_pages_lead_to_constants() {
    let mut constants = Section::new(".rodata", elf::SHT_PROGBITS, READ, vec![7; 9000]);
    constants.align = 4096;
    for (offset, addend) in [(0, 0), (0, 4095), (4096, 8), (8999, 1), (100, -100)] {
        let mut object = arm(&[NOP, ADRP | 5, ADD | 5 << 5 | 5])
            .section(constants.clone())
            .symbol("d", LOCAL, 5, offset)
            .relocation(elf::R_AARCH64_ADR_PREL_PG_HI21, 4, addend)
            .relocation(elf::R_AARCH64_ADD_ABS_LO12_NC, 8, addend);
        object.text.align = 4;
        for base in BASES {
            let image = image(&object.write(), "f", base);
            let start = base + image.text_len as u64 + offset;
            let memory = Memory { base, image };
            let (page, register) = memory.adrp(base + 4);
            let found = page + memory.in_page(base + 8, ADD, register);
            assert_eq!(found, start.wrapping_add_signed(addend));
        }
    }
}

fn refused(object: &Handmade) -> LinkError {
    lay_out(&object.write(), "f", 0x10000, &address).expect_err("an error")
}

#[test]
fn what_is_not_on_the_lists_is_refused_by_name() {
    use LinkErrorKind::{Malformed, UnknownImport, Unsupported};
    let import = |object: Handmade| object.symbol("nrt_exp_f64", GLOBAL, 0, 0);
    let constants = |object: Handmade| {
        let section = Section::new(".rodata", elf::SHT_PROGBITS, READ, vec![0; 8]);
        object.section(section).symbol("d", LOCAL, 5, 0)
    };
    let (adr_got, ldr_got) = (elf::R_AARCH64_ADR_GOT_PAGE, elf::R_AARCH64_LD64_GOT_LO12_NC);
    let (adr, add, bl) = (
        elf::R_AARCH64_ADR_PREL_PG_HI21,
        elf::R_AARCH64_ADD_ABS_LO12_NC,
        elf::R_AARCH64_CALL26,
    );
    for (object, kind, message) in [
        // Types: those of another machine, and of this one that compiled code does not have.
        (
            call().relocation(elf::R_X86_64_PC32, 0, 0),
            Unsupported,
            "relocation type 2;",
        ),
        (
            call().relocation(elf::R_AARCH64_ABS64, 0, 0),
            Unsupported,
            "relocation type 257;",
        ),
        (
            call().relocation(elf::R_AARCH64_JUMP26, 0, 0),
            Unsupported,
            "relocation type 282;",
        ),
        (
            call().relocation(elf::R_AARCH64_TLSDESC_CALL, 0, 0),
            Unsupported,
            "relocation type 569;",
        ),
        // Imports.
        (
            call().symbol("system", GLOBAL, 0, 0).relocation(bl, 0, 0),
            UnknownImport,
            "`system`",
        ),
        (
            import(arm(&[ADRP])).relocation(adr, 0, 0),
            Unsupported,
            "R_AARCH64_ADR_PREL_PG_HI21 relocation with an import",
        ),
        (
            import(arm(&[ADD])).relocation(add, 0, 0),
            Unsupported,
            "R_AARCH64_ADD_ABS_LO12_NC relocation with an import",
        ),
        // Addends that lead past an entry of the GOT.
        (
            import(arm(&[ADRP])).relocation(adr_got, 0, 8),
            Unsupported,
            "R_AARCH64_ADR_GOT_PAGE relocation through the GOT with addend 8; expected 0",
        ),
        (
            import(arm(&[LDR])).relocation(ldr_got, 0, -4),
            Unsupported,
            "addend -4; expected 0",
        ),
        (
            import(call()).relocation(bl, 0, 4),
            Unsupported,
            "addend 4; expected 0",
        ),
        // Places.
        (
            call().relocation(bl, 8, 0),
            Malformed,
            "at 0x8 of section `.text`",
        ),
        (
            call().relocation(bl, 5, 0),
            Malformed,
            "at 0x5 of section `.text`",
        ),
        (
            call().relocation(bl, u64::MAX, 0),
            Malformed,
            "at 0xffffffffffffffff",
        ),
        (call().relocation(bl, 2, 0), Malformed, "`bl` at offset 2"),
        // Words that are not the instruction.
        (
            call().relocation(bl, 4, 0),
            Malformed,
            "the word 0xd4200000 stands",
        ),
        (
            import(call()).relocation(adr_got, 0, 0),
            Malformed,
            "`adrp` at offset 0",
        ),
        (
            import(call()).relocation(ldr_got, 0, 0),
            Malformed,
            "`ldr` at offset 0",
        ),
        (
            constants(call()).relocation(adr, 0, 0),
            Malformed,
            "`adrp` at offset 0",
        ),
        (
            constants(call()).relocation(add, 0, 0),
            Malformed,
            "`add` at offset 0",
        ),
        // Targets.
        (call().relocation(bl, 0, 8), Malformed, "addend 8"),
        (call().relocation(bl, 0, -4), Malformed, "addend -4"),
        (
            call().relocation(bl, 0, i64::MIN),
            Malformed,
            "leaves the section",
        ),
        (
            call().relocation(bl, 0, i64::MAX),
            Malformed,
            "leaves the section",
        ),
        (
            call().relocation(bl, 0, 2),
            Malformed,
            "does not fit 28 bits",
        ),
        (
            constants(call()).relocation(bl, 0, 0),
            Malformed,
            "section `.rodata`",
        ),
        (
            constants(arm(&[ADRP])).relocation(adr, 0, 9),
            Malformed,
            "leaves the section",
        ),
        (
            constants(arm(&[ADD])).relocation(add, 0, -1),
            Malformed,
            "leaves the section",
        ),
    ] {
        let error = refused(&object);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(
            error.to_string().contains(message),
            "`{error}` has no `{message}`"
        );
    }
}

#[test]
fn a_call_reaches_128_mebibytes() {
    const REACH: usize = 1 << 27;
    let far = |distance: usize| {
        let mut section = Section::new(".text.far", elf::SHT_PROGBITS, CODE, vec![0; 4]);
        section.align = 4;
        let mut object = call().section(section).symbol("g", LOCAL, 5, 0);
        object.text.data.resize(distance, 0);
        let object = object.relocation(elf::R_AARCH64_CALL26, 0, 0);
        lay_out(&object.write(), "f", 0, &address)
    };
    let image = far(REACH - 4).unwrap();
    assert_eq!(image.bytes[..4], 0x95ff_ffff_u32.to_le_bytes());
    let error = far(REACH).unwrap_err();
    assert_eq!(error.kind(), LinkErrorKind::Malformed);
    let message = "the distance from offset 0 to offset 134217728 with addend 0 does not fit \
                   28 bits";
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_base_address_is_a_multiple_of_the_largest_page() {
    let object = call().write();
    for base in [1, 0x1000, 0x8000, 0x7f12_3456_1000, u64::MAX - 0xffff] {
        let error = lay_out(&object, "f", base, &address).unwrap_err();
        assert_eq!(error.kind(), LinkErrorKind::Unsupported);
        let message = format!("at address {base:#x}; expected a multiple of 65536");
        assert!(error.to_string().contains(&message), "{error}");
    }
}

#[test]
fn code_for_another_machine_is_not_linked() {
    let (machine, other, name) = match cfg!(target_arch = "aarch64") {
        true => ("aarch64", Sample::Plain.object(false), "x86-64"),
        false => ("x86-64", kernel("axpy"), "aarch64"),
    };
    let error = link(&other, "brolga_axpy", &brolga_nrt::address).unwrap_err();
    assert_eq!(error.kind(), LinkErrorKind::OtherMachine);
    let message = format!("an object for {name}; this machine is {machine}");
    assert_eq!(error.to_string(), message);
}

/// The samples are for x86-64.
#[cfg(target_arch = "x86_64")]
#[test]
fn a_layout_is_what_is_linked() {
    for sample in SAMPLES {
        let object = sample.object(false);
        let resolve = |name: &str| brolga_nrt::address(name).map(|at| at.addr() as u64);
        let code = link(&object, "f", &brolga_nrt::address).unwrap();
        let base = code.code_bytes().as_ptr().addr() as u64;
        let image = lay_out(&object, "f", base, &resolve).unwrap();
        assert_eq!(image.bytes.len(), code.memory_len(), "{sample:?}");
        assert_eq!(base + image.entry as u64, code.entry().addr() as u64);
        assert_eq!(&image.bytes[..image.code_len], code.code_bytes());
    }
}

#[test]
fn no_changed_byte_and_no_truncation_makes_the_linker_panic() {
    for name in ["energy", "filtered", "steps"] {
        let object = kernel(name);
        let entry = format!("brolga_{name}");
        let (mut good, mut bad) = (0, 0);
        let mut count = |bytes: &[u8]| match lay_out(bytes, &entry, 0x10000, &address) {
            Ok(image) => good += usize::from(image.entry < image.code_len),
            Err(error) => bad += usize::from(!error.to_string().is_empty()),
        };
        for position in 0..object.len() {
            let mut bytes = object.clone();
            for change in [0xff, 0x01, 0x80] {
                bytes[position] = object[position] ^ change;
                count(&bytes);
            }
        }
        for len in 0..object.len() {
            count(&object[..len]);
        }
        assert_eq!(good + bad, 4 * object.len());
        assert!(good > 0 && bad > object.len(), "{name}: {good} {bad}");
    }
}

#[test]
fn handmade_objects_are_as_good_as_compiled_ones() {
    let object = arm(&[NOP, BL, BRK])
        .symbol("g", GLOBAL, TEXT, 8)
        .relocation(elf::R_AARCH64_CALL26, 4, 0);
    let image = image(&object.write(), "f", BASES[0]);
    let memory = Memory {
        base: BASES[0],
        image,
    };
    assert_eq!(memory.branch(BASES[0] + 4), BASES[0] + 8);
}
