//! Whatever the bytes, linking returns, and what is not on the closed lists is refused by
//! name. Nothing here is executed.

mod common;

use brolga_link::{LinkError, LinkErrorKind, LoadedCode, link};
use common::handmade::{
    CODE, GLOBAL, GLOBAL_FUNCTION, Handmade, LOCAL, READ, Section, TEXT, call_and_return,
};
use common::{SAMPLES, Sample};
use object::elf;

fn try_link(object: &[u8]) -> Result<LoadedCode, LinkError> {
    link(object, "f", &brolga_nrt::address)
}

#[test]
fn no_changed_byte_and_no_truncation_makes_the_linker_panic() {
    for sample in SAMPLES {
        let object = sample.object(sample == Sample::Everything);
        let (mut linked, mut refused) = (0, 0);
        let mut count = |bytes: &[u8]| match try_link(bytes) {
            Ok(code) => linked += usize::from(!code.code_bytes().is_empty()),
            Err(error) => refused += usize::from(!error.to_string().is_empty()),
        };
        for position in 0..object.len() {
            let mut bytes = object.clone();
            for change in [0xff, 0x01, 0x80] {
                bytes[position] = object[position] ^ change;
                count(&bytes);
            }
            for value in [0, 0x7f, 0xff] {
                bytes[position] = value;
                count(&bytes);
            }
        }
        for len in 0..object.len() {
            count(&object[..len]);
        }
        assert_eq!(linked + refused, 7 * object.len());
        assert!(linked > 0 && refused > object.len(), "{linked} {refused}");
    }
}

/// A call to the import `name` through relocation type `kind`.
fn import(name: &'static str, kind: u32) -> Handmade {
    Handmade::new()
        .symbol(name, GLOBAL, 0, 0)
        .relocation(kind, 1, -4)
}

/// A relocation against `f` itself.
fn to_f(kind: u32, offset: u64, addend: i64) -> Handmade {
    Handmade::new().relocation(kind, offset, addend)
}

/// A section beside the usual ones.
fn with(name: &'static str, kind: u32, flags: u64) -> Handmade {
    Handmade::new().section(Section::new(name, kind, flags, vec![1; 32]))
}

fn changed(change: impl FnOnce(&mut Handmade)) -> Handmade {
    let mut object = Handmade::new();
    change(&mut object);
    object
}

#[test]
fn good_handmade_objects_are_linked() {
    for (name, object) in [
        ("plain", Handmade::new()),
        (
            "a call to an import by PLT32",
            import("nrt_exp_f64", elf::R_X86_64_PLT32),
        ),
        (
            "an import by GOTPCREL",
            import("nrt_exp_f64", elf::R_X86_64_GOTPCREL),
        ),
        ("a local call", to_f(elf::R_X86_64_PLT32, 1, -4)),
        (
            "the last field of the section",
            to_f(elf::R_X86_64_PC32, 12, -4),
        ),
        (
            "a distance past a trailing immediate",
            to_f(elf::R_X86_64_PC32, 1, 4),
        ),
        ("constants", with(".rodata", elf::SHT_PROGBITS, READ)),
        ("unwind tables", with(".eh_frame", elf::SHT_PROGBITS, READ)),
        ("more code", with(".text.more", elf::SHT_PROGBITS, CODE)),
        (
            "the stack note",
            Handmade::new().section(Section::new(
                ".note.GNU-stack",
                elf::SHT_PROGBITS,
                0,
                vec![],
            )),
        ),
    ] {
        let code = try_link(&object.write()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(code.entry(), code.code_bytes().as_ptr(), "{name}");
    }
}

#[test]
fn a_direct_call_to_an_import_goes_by_a_stub() {
    let object = import("nrt_exp_f64", elf::R_X86_64_PLT32);
    let code = try_link(&object.write()).unwrap();
    // call stub; the stub is behind the sixteen bytes of code.
    assert_eq!(code.code_bytes()[..5], [0xe8, 11, 0, 0, 0]);
    // SAFETY: the stub and the GOT stand in the code's own mapping.
    let (stub, entry) = unsafe {
        let stub = code.entry().add(16).cast::<[u8; 6]>().read();
        let distance = i32::from_le_bytes([stub[2], stub[3], stub[4], stub[5]]);
        let got = code.entry().add(22).offset(distance as isize);
        (stub, got.cast::<*const u8>().read())
    };
    assert_eq!(stub[..2], [0xff, 0x25]);
    assert_eq!(Some(entry), brolga_nrt::address("nrt_exp_f64"));
}

#[test]
fn what_is_not_on_the_lists_is_refused_by_name() {
    use LinkErrorKind::{Malformed, NoEntry, OtherMachine, UnknownImport, Unsupported};
    let progbits = elf::SHT_PROGBITS;
    let write = u64::from(elf::SHF_WRITE);
    let weak = elf::STB_WEAK << 4;
    for (object, kind, message) in [
        // The file.
        (
            changed(|o| o.machine = elf::EM_ARM),
            Unsupported,
            "machine 40; expected x86-64 (62) or aarch64 (183)",
        ),
        (
            changed(|o| o.machine = elf::EM_AARCH64),
            OtherMachine,
            "for aarch64; this machine is x86-64",
        ),
        (
            changed(|o| o.file_type = elf::ET_DYN),
            Unsupported,
            "type 3",
        ),
        (
            changed(|o| o.system = elf::ELFOSABI_FREEBSD),
            Unsupported,
            "system 9",
        ),
        // Imports.
        (
            import("system", elf::R_X86_64_PLT32),
            UnknownImport,
            "`system`",
        ),
        (
            import("nrt_exp_f64x", elf::R_X86_64_GOTPCREL),
            UnknownImport,
            "`nrt_exp_f64x`",
        ),
        (import("", elf::R_X86_64_GOTPCREL), UnknownImport, "``"),
        (
            import("nrt\x1b[0m", elf::R_X86_64_PLT32),
            UnknownImport,
            "`nrt\\x1b[0m`",
        ),
        (
            Handmade::new().symbol("unused", GLOBAL, 0, 0),
            UnknownImport,
            "`unused`",
        ),
        (
            import("nrt_exp_f64", elf::R_X86_64_PC32),
            Unsupported,
            "R_X86_64_PC32 relocation",
        ),
        // Sections.
        (
            with(".data", progbits, READ | write),
            Unsupported,
            "`.data`",
        ),
        (
            with(".bss", elf::SHT_NOBITS, READ | write),
            Unsupported,
            "`.bss`",
        ),
        (
            with(".data.rel.ro", progbits, READ | write),
            Unsupported,
            "`.data.rel.ro`",
        ),
        (
            with(".init_array", elf::SHT_INIT_ARRAY, READ | write),
            Unsupported,
            "`.init_array`",
        ),
        (
            with(".tdata", progbits, READ | write),
            Unsupported,
            "`.tdata`",
        ),
        (with(".textual", progbits, CODE), Unsupported, "`.textual`"),
        (
            with(".text", progbits, CODE | write),
            Unsupported,
            "`.text`",
        ),
        (with(".rodata", progbits, CODE), Unsupported, "`.rodata`"),
        (
            with(".note.GNU-stack", progbits, u64::from(elf::SHF_EXECINSTR)),
            Unsupported,
            "GNU-stack",
        ),
        (
            with(".rel.text", elf::SHT_REL, 0),
            Unsupported,
            "`.rel.text`",
        ),
        (with("", elf::SHT_NULL, 0), Unsupported, "section 5"),
        (
            with(".rela.rodata", elf::SHT_RELA, 0),
            Malformed,
            "`.rela.rodata`",
        ),
        (
            with(".symtab", elf::SHT_SYMTAB, 0),
            Malformed,
            "two symbol tables",
        ),
        (
            changed(|o| o.symtab.kind = elf::SHT_STRTAB),
            Unsupported,
            "`.symtab`",
        ),
        (
            changed(|o| o.text.align = 3),
            Unsupported,
            "aligned to 3 bytes",
        ),
        (
            changed(|o| o.text.align = 8192),
            Unsupported,
            "aligned to 8192 bytes",
        ),
        (
            changed(|o| o.text.align = 1 << 63),
            Unsupported,
            "aligned to",
        ),
        (
            changed(|o| o.symtab.entry = 16),
            Malformed,
            "the symbol table",
        ),
        (changed(|o| o.rela.entry = 0), Malformed, "`.rela.text`"),
        (
            changed(|o| o.rela.data = vec![0; 23]),
            Malformed,
            "`.rela.text`",
        ),
        (changed(|o| o.rela.link = 4), Malformed, "symbol table 4"),
        (changed(|o| o.rela.info = 3), Malformed, "for section 3"),
        (changed(|o| o.rela.info = 77), Malformed, "for section 77"),
        // Symbols.
        (
            Handmade::new().symbol("w", weak, 0, 0),
            Unsupported,
            "binding 2",
        ),
        (
            Handmade::new().symbol("l", LOCAL, 0, 0),
            Unsupported,
            "section 0x0",
        ),
        (
            Handmade::new().symbol("a", GLOBAL, elf::SHN_ABS, 5),
            Unsupported,
            "section 0xfff1",
        ),
        (
            Handmade::new().symbol("c", GLOBAL, elf::SHN_COMMON, 5),
            Unsupported,
            "section 0xfff2",
        ),
        (
            Handmade::new().symbol("t", GLOBAL | elf::STT_TLS, TEXT, 5),
            Unsupported,
            "type 6",
        ),
        (
            Handmade::new().symbol("i", GLOBAL | elf::STT_GNU_IFUNC, TEXT, 5),
            Unsupported,
            "type 10",
        ),
        (
            Handmade::new().symbol("x", GLOBAL, 99, 5),
            Malformed,
            "section 99 of 5",
        ),
        (
            Handmade::new().symbol("e", GLOBAL, TEXT, 17),
            Malformed,
            "at 0x11 of section `.text`",
        ),
        (
            Handmade::new().symbol("e", GLOBAL, TEXT, u64::MAX),
            Malformed,
            "0x10 bytes",
        ),
        (
            Handmade::new().symbol("f", GLOBAL_FUNCTION, TEXT, 8),
            NoEntry,
            "`f` twice",
        ),
        (
            changed(|o| o.symbols[0].value = 16),
            NoEntry,
            "no function `f`",
        ),
        (
            changed(|o| o.symbols[0].info = GLOBAL),
            NoEntry,
            "no function `f`",
        ),
        (
            changed(|o| o.symbols[0].section = 5).section(Section::new(
                ".rodata",
                progbits,
                READ,
                vec![0; 8],
            )),
            NoEntry,
            "no function `f`",
        ),
        // Relocations.
        (
            to_f(elf::R_X86_64_64, 0, 0),
            Unsupported,
            "relocation type 1;",
        ),
        (
            to_f(elf::R_X86_64_REX_GOTPCRELX, 1, -4),
            Unsupported,
            "relocation type 42;",
        ),
        (
            to_f(elf::R_X86_64_PC32, 13, -4),
            Malformed,
            "at 0xd of section `.text`",
        ),
        (to_f(elf::R_X86_64_PC32, 16, -4), Malformed, "at 0x10"),
        (
            to_f(elf::R_X86_64_PC32, u64::MAX, -4),
            Malformed,
            "at 0xffffffffffffffff",
        ),
        (to_f(elf::R_X86_64_PC32, 1, 13), Malformed, "addend 13"),
        (to_f(elf::R_X86_64_PC32, 1, -5), Malformed, "addend -5"),
        (
            to_f(elf::R_X86_64_PC32, 1, i64::MAX),
            Malformed,
            "leaves the section",
        ),
        (
            to_f(elf::R_X86_64_PC32, 1, i64::MIN),
            Malformed,
            "leaves the section",
        ),
        (to_f(elf::R_X86_64_PLT32, 1, 12), Malformed, "addend 12"),
        (to_f(elf::R_X86_64_GOTPCREL, 1, 0), Unsupported, "addend 0"),
        (
            to_f(elf::R_X86_64_GOTPCREL, 1, i64::MIN),
            Unsupported,
            "addend",
        ),
        (
            with(".rodata", progbits, READ)
                .symbol("d", LOCAL, 5, 0)
                .relocation(elf::R_X86_64_PLT32, 1, -4),
            Malformed,
            "section `.rodata`",
        ),
        (
            with(".eh_frame", progbits, READ)
                .symbol("d", LOCAL, 5, 0)
                .relocation(elf::R_X86_64_PC32, 1, -4),
            Unsupported,
            "no place in memory",
        ),
    ] {
        let result = try_link(&object.write());
        let error = result.expect_err(message);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(
            error.to_string().contains(message),
            "`{error}` has no `{message}`"
        );
    }
}

#[test]
fn relocations_name_symbols_that_exist() {
    for symbol in [0, 2, u32::MAX] {
        let mut object = to_f(elf::R_X86_64_PC32, 1, -4);
        object.relocations[0].symbol = symbol;
        let error = try_link(&object.write()).unwrap_err().to_string();
        assert!(error.contains(&format!("symbol {symbol}")), "{error}");
    }
}

#[test]
fn a_small_file_cannot_ask_for_a_large_image() {
    let mut object = Handmade::new();
    for _ in 0..3 {
        object = object.section(Section::new(
            ".rodata",
            elf::SHT_PROGBITS,
            READ,
            vec![0; 4096],
        ));
    }
    let mut bytes = object.write();
    assert!(try_link(&bytes).is_ok());
    // Let the three sections cover the whole file.
    let len = bytes.len() as u64;
    for section in 5..8 {
        place(&mut bytes, section, 0, len);
    }
    let error = try_link(&bytes).unwrap_err().to_string();
    assert_eq!(error, "`ELF header` and `.rodata` overlap in the file");
}

/// Sets the place of a section in a file and its length, in bytes.
fn place(file: &mut [u8], section: usize, offset: u64, len: u64) {
    let header = section_table(file) as usize + 64 * section;
    file[header + 24..header + 32].copy_from_slice(&offset.to_le_bytes());
    file[header + 32..header + 40].copy_from_slice(&len.to_le_bytes());
}

/// Where the section table begins in a file.
fn section_table(file: &[u8]) -> u64 {
    u64::from_le_bytes(file[40..48].try_into().unwrap())
}

#[test]
fn sections_that_overlap_or_leave_the_file_are_refused_by_name() {
    let constants = Section::new(".rodata", elf::SHT_PROGBITS, READ, vec![0; 32]);
    let good = Handmade::new().section(constants).write();
    let (end, table) = (good.len() as u64, section_table(&good));
    // In the file: 64 bytes of header, 16 of `.text` (1), no relocations (2), 48 of symbols
    // (3), strings (4), 32 of `.rodata` (5), the table.
    let symbols = 64 + 16;
    let constants = table - 32;
    for (section, offset, len, message) in [
        (1, 64, 16, None),
        (
            1,
            63,
            16,
            Some("`ELF header` and `.text` overlap in the file"),
        ),
        (
            1,
            0,
            16,
            Some("`.text` and `ELF header` overlap in the file"),
        ),
        (1, 64, 17, Some("`.text` and `.symtab` overlap in the file")),
        (5, 64, 16, Some("`.rodata` and `.text` overlap in the file")),
        (5, 79, 2, Some("`.text` and `.rodata` overlap in the file")),
        (
            5,
            symbols + 8,
            8,
            Some("`.symtab` and `.rodata` overlap in the file"),
        ),
        (
            1,
            constants + 31,
            1,
            Some("`.rodata` and `.text` overlap in the file"),
        ),
        (
            5,
            table - 1,
            2,
            Some("`.rodata` and `section table` overlap in the file"),
        ),
        (
            5,
            end - 1,
            1,
            Some("`section table` and `.rodata` overlap in the file"),
        ),
        // No byte, no overlap.
        (5, 70, 0, None),
        (5, end, 0, None),
        (5, end, 1, Some("section `.rodata` of 0x1 bytes at")),
        (1, end - 15, 16, Some("section `.text` of 0x10 bytes at")),
        (
            1,
            u64::MAX,
            16,
            Some("section `.text` of 0x10 bytes at 0xffffffffffffffff"),
        ),
        (
            1,
            64,
            u64::MAX,
            Some("section `.text` of 0xffffffffffffffff bytes at 0x40 leaves"),
        ),
    ] {
        let mut bytes = good.clone();
        place(&mut bytes, section, offset, len);
        let found = try_link(&bytes).map(|_| ());
        match (found, message) {
            (Ok(()), None) => {}
            (Err(error), Some(message)) => {
                assert_eq!(error.kind(), LinkErrorKind::Malformed);
                assert!(
                    error.to_string().contains(message),
                    "`{error}`, not `{message}`"
                );
            }
            (found, message) => panic!("{found:?}, not {message:?}"),
        }
    }
}

#[test]
fn padding_between_code_stops_at_once() {
    let object = with(".text.more", elf::SHT_PROGBITS, CODE);
    let mut object = object.clone();
    object.text.data.push(0x90);
    let code = try_link(&object.write()).unwrap();
    let mut expected = call_and_return();
    expected.push(0x90);
    assert_eq!(code.code_bytes()[..17], expected);
    assert_eq!(code.code_bytes()[17..32], [0xcc; 15]);
    assert_eq!(code.code_bytes()[32..], [1; 32]);
}

#[test]
fn a_first_header_that_says_it_is_a_section_is_refused() {
    let mut bytes = with(".rodata", elf::SHT_PROGBITS, READ).write();
    let headers = u64::from_le_bytes(bytes[40..48].try_into().unwrap()) as usize;
    // That of the constants, in the place of the null header: two sections with the same bytes.
    bytes.copy_within(headers + 64 * 5..headers + 64 * 6, headers);
    let error = try_link(&bytes).unwrap_err().to_string();
    assert_eq!(
        error,
        "the first section header, which stands for no section, has type 1"
    );
}
