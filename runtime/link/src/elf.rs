//! Reading an ELF object and holding it to the closed lists. Not its placement in memory.
//!
//! What is accepted:
//!
//! 1. A header for a relocatable, 64-bit, little-endian object for x86-64 or aarch64.
//! 2. Code: `.text` and `.text.*`. Constants: `.rodata` and `.rodata.*`. Their relocations:
//!    `.rela.text` and `.rela.text.*`; constants have none.
//! 3. One `.symtab`, its `.strtab`, the `.shstrtab`.
//! 4. Read over: an empty `.note.GNU-stack`, and `.eh_frame` with its relocations, because
//!    no kernel unwinds.
//!
//! Invariant: in an [`Object`] every section's bytes lie in the file and are no other
//! section's, every alignment is a
//! power of two up to [`MAX_ALIGN`], and every relocation section names a code section and the
//! symbol table.

use object::elf::{self, FileHeader64, Rela64, SectionHeader64, Sym64};
use object::read::elf::{
    FileHeader, Rela as _, SectionHeader as _, SectionTable, Sym as _, SymbolTable,
};
use object::{LittleEndian, SectionIndex};

use crate::error::{LinkError, LinkErrorKind, malformed, quoted, unsupported};
use crate::machine::Machine;
use crate::relocation::RelocationType;

const LE: LittleEndian = LittleEndian;
type Header = FileHeader64<LittleEndian>;

/// What a section is to the linker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Text,
    Constants,
    /// Not part of the image.
    Unloaded,
}

/// A section; its place in [`Object::sections`] is its number in the file.
pub(crate) struct Section<'data> {
    pub(crate) role: Role,
    pub(crate) align: usize,
    /// Empty if the section is not loaded.
    pub(crate) data: &'data [u8],
    pub(crate) name: &'data [u8],
}

/// The relocations of one code section.
struct RelocationSection<'data> {
    target: usize,
    entries: &'data [Rela64<LittleEndian>],
}

/// One relocation.
pub(crate) struct Relocation {
    /// The section that it changes.
    pub(crate) section: usize,
    /// The offset of the field in the section, in bytes.
    pub(crate) offset: u64,
    pub(crate) kind: RelocationType,
    /// The number of the symbol.
    pub(crate) symbol: usize,
    pub(crate) addend: i64,
}

/// A symbol.
pub(crate) enum Symbol<'data> {
    /// Nothing that a relocation may name: the null symbol, a file name, a place in a
    /// section that is not loaded.
    Nothing,
    /// A place in a loaded section.
    Defined {
        name: &'data [u8],
        section: usize,
        offset: u64,
        /// Visible outside of the object, and a function.
        exported_function: bool,
    },
    /// A name to be found elsewhere.
    Import { name: &'data [u8] },
}

/// An object that has been held to the lists.
pub(crate) struct Object<'data> {
    pub(crate) machine: Machine,
    pub(crate) sections: Vec<Section<'data>>,
    symbols: SymbolTable<'data, Header>,
    relocations: Vec<RelocationSection<'data>>,
}

impl<'data> Object<'data> {
    /// Reads an object: one for this machine, or with `None` for any.
    pub(crate) fn parse(
        bytes: &'data [u8],
        only: Option<Machine>,
    ) -> Result<Object<'data>, LinkError> {
        let (header, machine) = parse_header(bytes)?;
        if let Some(only) = only.filter(|only| *only != machine) {
            return Err(LinkError::new(
                LinkErrorKind::OtherMachine,
                format!(
                    "an object for {}; this machine is {}",
                    machine.name(),
                    only.name()
                ),
            ));
        }
        let table = header.sections(LE, bytes).or_else(broken)?;
        let mut sections = Vec::with_capacity(table.len());
        let mut relocation_sections = Vec::new();
        let mut symbol_table = None;
        let mut parts = Parts::new(bytes, header, table.len());
        for (index, section) in table.enumerate() {
            let name = table.section_name(LE, section).or_else(broken)?;
            let role = role_of(machine, index, name, section)?;
            if index != SectionIndex(0) {
                parts.add(name, section)?;
            }
            let data = match role {
                Role::Text | Role::Constants => section.data(LE, bytes).or_else(broken)?,
                Role::Unloaded => &[],
            };
            match section.sh_type(LE) {
                elf::SHT_SYMTAB if symbol_table.is_some() => {
                    return malformed("two symbol tables");
                }
                elf::SHT_SYMTAB => symbol_table = Some((index, section)),
                elf::SHT_RELA => relocation_sections.push((name, section)),
                _ => {}
            }
            sections.push(Section {
                role,
                align: alignment(name, section)?,
                data,
                name,
            });
        }
        parts.check_overlap()?;
        let Some((symbol_index, section)) = symbol_table else {
            return malformed("no symbol table");
        };
        let symbols = parse_symbols(bytes, &table, symbol_index, section)?;
        let mut relocations = Vec::with_capacity(relocation_sections.len());
        for (name, section) in relocation_sections {
            relocations.extend(parse_relocations(
                bytes,
                &sections,
                symbol_index,
                name,
                section,
            )?);
        }
        Ok(Object {
            machine,
            sections,
            symbols,
            relocations,
        })
    }

    /// The symbols, in the order of their numbers.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = Result<Symbol<'data>, LinkError>> + '_ {
        let symbols = self.symbols.symbols().iter().enumerate();
        symbols.map(|(number, symbol)| self.symbol(number, symbol))
    }

    /// The number of symbols.
    pub(crate) fn symbol_count(&self) -> usize {
        self.symbols.len()
    }

    fn symbol(
        &self,
        number: usize,
        symbol: &'data Sym64<LittleEndian>,
    ) -> Result<Symbol<'data>, LinkError> {
        if number == 0 || symbol.st_type() == elf::STT_FILE {
            return Ok(Symbol::Nothing);
        }
        let name = self.symbols.symbol_name(LE, symbol).or_else(broken)?;
        if name.len() > MAX_NAME {
            return unsupported(format!(
                "the name {} of symbol {number} has {} bytes; expected at most {MAX_NAME}",
                quoted(name),
                name.len()
            ));
        }
        let global = match symbol.st_bind() {
            elf::STB_LOCAL => false,
            elf::STB_GLOBAL => true,
            other => {
                return unsupported(format!(
                    "symbol {} has binding {other}; expected local or global",
                    quoted(name)
                ));
            }
        };
        let function = match symbol.st_type() {
            elf::STT_FUNC => true,
            elf::STT_NOTYPE | elf::STT_OBJECT | elf::STT_SECTION => false,
            other => {
                return unsupported(format!("symbol {} has type {other}", quoted(name)));
            }
        };
        let section = match symbol.st_shndx(LE) {
            elf::SHN_UNDEF if global => return Ok(Symbol::Import { name }),
            index if index == elf::SHN_UNDEF || index >= elf::SHN_LORESERVE => {
                return unsupported(format!(
                    "symbol {} stands in the special section {index:#x}",
                    quoted(name)
                ));
            }
            index => usize::from(index),
        };
        let offset = symbol.st_value(LE);
        match self.sections.get(section) {
            None => malformed(format!(
                "symbol {} stands in section {section} of {}",
                quoted(name),
                self.sections.len()
            )),
            Some(Section {
                role: Role::Unloaded,
                ..
            }) => Ok(Symbol::Nothing),
            Some(home) if offset > home.data.len() as u64 => malformed(format!(
                "symbol {} is at {offset:#x} of section {}, which has {:#x} bytes",
                quoted(name),
                quoted(home.name),
                home.data.len()
            )),
            Some(home) => Ok(Symbol::Defined {
                name,
                section,
                offset,
                exported_function: global && function && home.role == Role::Text,
            }),
        }
    }

    /// Every relocation of every code section.
    pub(crate) fn relocations(&self) -> impl Iterator<Item = Result<Relocation, LinkError>> + '_ {
        self.relocations.iter().flat_map(|section| {
            section.entries.iter().map(|entry| {
                Ok(Relocation {
                    section: section.target,
                    offset: entry.r_offset(LE),
                    kind: self.machine.relocation(entry.r_type(LE, false))?,
                    symbol: entry.r_sym(LE, false) as usize,
                    addend: entry.r_addend(LE),
                })
            })
        })
    }
}

/// No section is aligned to more, in bytes.
const MAX_ALIGN: usize = 4096;

/// No name of a symbol is longer, in bytes.
const MAX_NAME: usize = 1024;

/// An error of the `object` package as one of ours.
fn broken<T>(error: object::read::Error) -> Result<T, LinkError> {
    malformed(format!("not a well formed object: {error}"))
}

fn parse_header(bytes: &[u8]) -> Result<(&Header, Machine), LinkError> {
    let header = Header::parse(bytes).or_else(broken)?;
    if !header.is_little_endian() {
        return unsupported("a big-endian object; expected little-endian");
    }
    let machine = Machine::from_elf(header.e_machine(LE))?;
    if header.e_type(LE) != elf::ET_REL {
        return unsupported(format!(
            "an ELF file of type {}; expected a relocatable object ({})",
            header.e_type(LE),
            elf::ET_REL
        ));
    }
    if header.e_ident().os_abi != elf::ELFOSABI_NONE || header.e_flags(LE) != 0 {
        return unsupported(format!(
            "an object for system {} with flags {:#x}; expected 0 and 0",
            header.e_ident().os_abi,
            header.e_flags(LE)
        ));
    }
    Ok((header, machine))
}

/// The parts of a file: where each begins and ends, in bytes, and its name. No two share a
/// byte, so that a small file has a small image.
struct Parts<'data> {
    len: u64,
    list: Vec<(u64, u64, &'data [u8])>,
}

impl<'data> Parts<'data> {
    fn new(bytes: &[u8], header: &Header, sections: usize) -> Parts<'data> {
        let table = header.e_shoff.get(LE);
        let entries = (sections * size_of::<SectionHeader64<LittleEndian>>()) as u64;
        let mut list = Vec::with_capacity(sections + 2);
        list.push((0, size_of::<Header>() as u64, b"ELF header".as_slice()));
        list.push((table, table.saturating_add(entries), b"section table"));
        Parts {
            len: bytes.len() as u64,
            list,
        }
    }

    fn add(
        &mut self,
        name: &'data [u8],
        section: &SectionHeader64<LittleEndian>,
    ) -> Result<(), LinkError> {
        let (start, size) = (section.sh_offset(LE), section.sh_size(LE));
        match start.checked_add(size) {
            Some(end) if end <= self.len => {
                if size > 0 {
                    self.list.push((start, end, name));
                }
                Ok(())
            }
            _ => malformed(format!(
                "section {} of {size:#x} bytes at {start:#x} leaves the file of {:#x} bytes",
                quoted(name),
                self.len
            )),
        }
    }

    fn check_overlap(mut self) -> Result<(), LinkError> {
        self.list.sort_unstable();
        for pair in self.list.windows(2) {
            let [(_, end, name), (start, _, next)] = pair else {
                continue;
            };
            if end > start {
                return malformed(format!(
                    "{} and {} overlap in the file",
                    quoted(name),
                    quoted(next)
                ));
            }
        }
        Ok(())
    }
}

/// Whether a section is called `base` or `base.` and more.
fn is_named(name: &[u8], base: &[u8]) -> bool {
    name.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || rest[0] == b'.')
}

/// The closed list of sections.
fn role_of(
    machine: Machine,
    index: SectionIndex,
    name: &[u8],
    section: &SectionHeader64<LittleEndian>,
) -> Result<Role, LinkError> {
    const CODE: u64 = (elf::SHF_ALLOC | elf::SHF_EXECINSTR) as u64;
    const CONSTANTS: u64 = elf::SHF_ALLOC as u64;
    let unwind = machine.unwind_type();
    let (kind, flags, size) = (
        section.sh_type(LE),
        section.sh_flags(LE),
        section.sh_size(LE),
    );
    if index == SectionIndex(0) && kind != elf::SHT_NULL {
        return malformed(format!(
            "the first section header, which stands for no section, has type {kind}"
        ));
    }
    match kind {
        elf::SHT_NULL if index == SectionIndex(0) => Ok(Role::Unloaded),
        elf::SHT_PROGBITS if is_named(name, b".text") && flags == CODE => Ok(Role::Text),
        elf::SHT_PROGBITS if is_named(name, b".rodata") && flags == CONSTANTS => {
            Ok(Role::Constants)
        }
        kind if (kind == elf::SHT_PROGBITS || kind == unwind)
            && name == b".eh_frame"
            && flags == CONSTANTS =>
        {
            Ok(Role::Unloaded)
        }
        elf::SHT_PROGBITS if name == b".note.GNU-stack" && flags == 0 && size == 0 => {
            Ok(Role::Unloaded)
        }
        elf::SHT_SYMTAB if name == b".symtab" => Ok(Role::Unloaded),
        elf::SHT_STRTAB if name == b".strtab" || name == b".shstrtab" => Ok(Role::Unloaded),
        // Checked once all sections are known.
        elf::SHT_RELA if is_named(name, b".rela") => Ok(Role::Unloaded),
        _ => unsupported(format!(
            "section {index} {} of type {kind} with flags {flags:#x} and {size} bytes is not \
             one that compiled code has",
            quoted(name),
        )),
    }
}

fn alignment(name: &[u8], section: &SectionHeader64<LittleEndian>) -> Result<usize, LinkError> {
    let align = section.sh_addralign(LE).max(1);
    match usize::try_from(align) {
        Ok(align) if align.is_power_of_two() && align <= MAX_ALIGN => Ok(align),
        _ => unsupported(format!(
            "section {} is aligned to {align} bytes; expected a power of two up to {MAX_ALIGN}",
            quoted(name)
        )),
    }
}

fn parse_symbols<'data>(
    bytes: &'data [u8],
    table: &SectionTable<'data, Header>,
    index: SectionIndex,
    section: &SectionHeader64<LittleEndian>,
) -> Result<SymbolTable<'data, Header>, LinkError> {
    whole_entries::<Sym64<LittleEndian>>("the symbol table", section)?;
    SymbolTable::parse(LE, bytes, table, index, section).or_else(broken)
}

/// The relocations of a section; `None` for a section that is not loaded.
fn parse_relocations<'data>(
    bytes: &'data [u8],
    sections: &[Section<'data>],
    symbols: SectionIndex,
    name: &[u8],
    section: &SectionHeader64<LittleEndian>,
) -> Result<Option<RelocationSection<'data>>, LinkError> {
    let target = section.sh_info(LE) as usize;
    let target_section = match sections.get(target) {
        Some(target) if name.strip_prefix(b".rela") == Some(target.name) => target,
        _ => {
            return malformed(format!(
                "section {} holds relocations for section {target}, which has another name",
                quoted(name)
            ));
        }
    };
    match target_section.role {
        Role::Text => {}
        Role::Unloaded if target_section.name == b".eh_frame" => return Ok(None),
        Role::Constants | Role::Unloaded => {
            return unsupported(format!(
                "section {}; expected relocations of code alone",
                quoted(name)
            ));
        }
    }
    if section.link(LE) != symbols {
        return malformed(format!(
            "section {} refers to symbol table {}; expected {symbols}",
            quoted(name),
            section.link(LE)
        ));
    }
    whole_entries::<Rela64<LittleEndian>>(&quoted(name), section)?;
    let entries = match section.rela(LE, bytes).or_else(broken)? {
        Some((entries, _)) => entries,
        None => &[],
    };
    Ok(Some(RelocationSection { target, entries }))
}

/// That a table has entries of the size of `T`, and a whole number of them.
fn whole_entries<T>(table: &str, section: &SectionHeader64<LittleEndian>) -> Result<(), LinkError> {
    let entry = size_of::<T>() as u64;
    let (size, stated) = (section.sh_size(LE), section.sh_entsize(LE));
    if stated != entry || !size.is_multiple_of(entry) {
        return malformed(format!(
            "{table} has {size} bytes with entries of {stated}; expected entries of {entry}"
        ));
    }
    Ok(())
}
