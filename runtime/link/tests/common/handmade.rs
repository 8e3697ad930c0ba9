//! A writer for ELF objects that checks nothing, so that tests can make bad ones.

use object::elf;

pub const CODE: u64 = (elf::SHF_ALLOC | elf::SHF_EXECINSTR) as u64;
pub const READ: u64 = elf::SHF_ALLOC as u64;
pub const GLOBAL_FUNCTION: u8 = (elf::STB_GLOBAL << 4) | elf::STT_FUNC;
pub const GLOBAL: u8 = elf::STB_GLOBAL << 4;
pub const LOCAL: u8 = 0;

/// Section numbers of [`Handmade::new`].
pub const TEXT: u16 = 1;

#[derive(Clone)]
pub struct Section {
    pub name: &'static str,
    pub kind: u32,
    pub flags: u64,
    pub data: Vec<u8>,
    pub link: u32,
    pub info: u32,
    pub align: u64,
    pub entry: u64,
}

#[derive(Clone)]
pub struct Symbol {
    pub name: &'static str,
    pub info: u8,
    pub section: u16,
    pub value: u64,
}

#[derive(Clone)]
pub struct Relocation {
    pub offset: u64,
    pub symbol: u32,
    pub kind: u32,
    pub addend: i64,
}

/// An object in the making. Section numbers: 0 null, 1 `.text`, 2 `.rela.text`, 3
/// `.symtab`, 4 `.strtab`, then [`Handmade::extra`].
#[derive(Clone)]
pub struct Handmade {
    pub machine: u16,
    pub file_type: u16,
    pub system: u8,
    pub text: Section,
    pub symbols: Vec<Symbol>,
    pub relocations: Vec<Relocation>,
    pub rela: Section,
    pub symtab: Section,
    pub extra: Vec<Section>,
}

/// `lea`-free code: `call`, then `ret`, in sixteen bytes; the call's field is at 1.
pub fn call_and_return() -> Vec<u8> {
    let mut text = vec![0x90u8; 16];
    text[0] = 0xe8;
    text[5] = 0xc3;
    text[8] = 0xc3;
    text
}

impl Section {
    pub fn new(name: &'static str, kind: u32, flags: u64, data: Vec<u8>) -> Section {
        Section {
            name,
            kind,
            flags,
            data,
            link: 0,
            info: 0,
            align: 16,
            entry: 0,
        }
    }
}

impl Handmade {
    /// A good object: `f` at 0 of the text, no relocation.
    pub fn new() -> Handmade {
        let mut rela = Section::new(".rela.text", elf::SHT_RELA, 0, vec![]);
        (rela.link, rela.info, rela.entry, rela.align) = (3, 1, 24, 8);
        let mut symtab = Section::new(".symtab", elf::SHT_SYMTAB, 0, vec![]);
        (symtab.link, symtab.info, symtab.entry, symtab.align) = (4, 1, 24, 8);
        let f = Symbol {
            name: "f",
            info: GLOBAL_FUNCTION,
            section: TEXT,
            value: 0,
        };
        Handmade {
            machine: elf::EM_X86_64,
            file_type: elf::ET_REL,
            system: elf::ELFOSABI_NONE,
            text: Section::new(".text", elf::SHT_PROGBITS, CODE, call_and_return()),
            symbols: vec![f],
            relocations: vec![],
            rela,
            symtab,
            extra: vec![],
        }
    }

    /// With one more symbol, whose number is returned by [`Handmade::last_symbol`].
    pub fn symbol(mut self, name: &'static str, info: u8, section: u16, value: u64) -> Handmade {
        self.symbols.push(Symbol {
            name,
            info,
            section,
            value,
        });
        self
    }

    /// The number of the last symbol.
    pub fn last_symbol(&self) -> u32 {
        self.symbols.len() as u32
    }

    /// With a relocation against the last symbol.
    pub fn relocation(mut self, kind: u32, offset: u64, addend: i64) -> Handmade {
        let symbol = self.last_symbol();
        self.relocations.push(Relocation {
            offset,
            symbol,
            kind,
            addend,
        });
        self
    }

    /// With one more section; the first is number 5.
    pub fn section(mut self, section: Section) -> Handmade {
        self.extra.push(section);
        self
    }

    /// The file.
    pub fn write(&self) -> Vec<u8> {
        let mut strings = vec![0u8];
        let mut string = |text: &str| {
            let at = strings.len() as u32;
            strings.extend_from_slice(text.as_bytes());
            strings.push(0);
            at
        };
        let mut symtab = self.symtab.clone();
        symtab.data.resize(24, 0);
        for symbol in &self.symbols {
            symtab.data.extend(string(symbol.name).to_le_bytes());
            symtab.data.extend([symbol.info, 0]);
            symtab.data.extend(symbol.section.to_le_bytes());
            symtab.data.extend(symbol.value.to_le_bytes());
            symtab.data.extend(0u64.to_le_bytes());
        }
        let mut rela = self.rela.clone();
        for relocation in &self.relocations {
            let info = (u64::from(relocation.symbol) << 32) | u64::from(relocation.kind);
            rela.data.extend(relocation.offset.to_le_bytes());
            rela.data.extend(info.to_le_bytes());
            rela.data.extend(relocation.addend.to_le_bytes());
        }
        let strtab = Section {
            align: 1,
            ..Section::new(".strtab", elf::SHT_STRTAB, 0, vec![])
        };
        let null = Section {
            align: 0,
            ..Section::new("", elf::SHT_NULL, 0, vec![])
        };
        let mut sections = vec![null, self.text.clone(), rela, symtab, strtab];
        sections.extend(self.extra.iter().cloned());
        let names: Vec<u32> = sections
            .iter()
            .map(|section| string(section.name))
            .collect();
        sections[4].data = strings;

        let mut file = vec![0u8; 64];
        let mut headers = Vec::new();
        for (section, name) in sections.iter().zip(names) {
            while !file.len().is_multiple_of(16) {
                file.push(0);
            }
            headers.extend(name.to_le_bytes());
            headers.extend(section.kind.to_le_bytes());
            headers.extend(section.flags.to_le_bytes());
            headers.extend(0u64.to_le_bytes());
            headers.extend((file.len() as u64).to_le_bytes());
            headers.extend((section.data.len() as u64).to_le_bytes());
            headers.extend(section.link.to_le_bytes());
            headers.extend(section.info.to_le_bytes());
            headers.extend(section.align.to_le_bytes());
            headers.extend(section.entry.to_le_bytes());
            file.extend(&section.data);
        }
        let start = file.len() as u64;
        file.extend(headers);
        file[..7].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, 1, 1]);
        file[7] = self.system;
        file[16..18].copy_from_slice(&self.file_type.to_le_bytes());
        file[18..20].copy_from_slice(&self.machine.to_le_bytes());
        file[20..24].copy_from_slice(&1u32.to_le_bytes());
        file[40..48].copy_from_slice(&start.to_le_bytes());
        file[52..54].copy_from_slice(&64u16.to_le_bytes());
        file[58..60].copy_from_slice(&64u16.to_le_bytes());
        file[60..62].copy_from_slice(&(sections.len() as u16).to_le_bytes());
        file[62..64].copy_from_slice(&4u16.to_le_bytes());
        file
    }
}
