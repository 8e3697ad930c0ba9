//! From an object to an image in memory. Knows no file format: sections, symbols and
//! relocations come from [`crate::elf`].
//!
//! The image:
//!
//! ```text
//! page 0 ..      read and execute   code sections | stubs | int3 up to the page
//! page k ..      read               constants | GOT | zeros up to the page
//! ```
//!
//! A stub is `jmp *entry(%rip)`, for a direct call to an import. The GOT has one word for
//! every symbol that is reached through it, imports and the object's own alike; the code
//! finds it by distance, so it stands in the same mapping.
//!
//! Invariant: offsets in the image fit 31 bits, so any two places are in reach of a 32-bit
//! displacement.

use std::time::Instant;

use crate::code::{Export, LoadedCode};
use crate::elf::{Object, Relocation, Role, Section, Symbol};
use crate::error::{LinkError, LinkErrorKind, malformed, quoted, unsupported};
use crate::memory::{Draft, PAGE};
use crate::relocation::{END_OF_FIELD, FIELD, RelocationType, write_relative};

/// No image is larger, in bytes.
const MAX_IMAGE: usize = 1 << 30;

/// The size of a stub, in bytes: six of `jmp *entry(%rip)` and two of padding.
const STUB: usize = 8;

/// The size of an entry of the GOT, in bytes.
const GOT_ENTRY: usize = 8;

/// `int3`: what runs into it stops at once.
const INT3: u8 = 0xcc;

/// Where a symbol is, once the image has its plan.
#[derive(Clone, Copy)]
enum Place {
    Nothing,
    /// In a section.
    Local {
        section: u32,
        offset: u32,
    },
    /// Outside of the image.
    Import {
        address: u64,
    },
}

/// A symbol with what relocations want of it.
struct Target {
    place: Place,
    /// The number of its entry in the GOT.
    got: Option<u32>,
    /// The number of its stub.
    stub: Option<u32>,
}

/// Links an object; see [`crate::link`].
pub(crate) fn build(
    object: &Object<'_>,
    entry: &str,
    resolve: &dyn Fn(&str) -> Option<*const u8>,
) -> Result<LoadedCode, LinkError> {
    let mut targets = Vec::with_capacity(object.symbol_count());
    let mut exports = Exports::default();
    for symbol in object.symbols() {
        let place = match symbol? {
            Symbol::Nothing => Place::Nothing,
            Symbol::Import { name } => Place::Import {
                address: import(name, resolve)?,
            },
            Symbol::Defined {
                name,
                section,
                offset,
                exported_function,
            } => {
                let (section, offset) = (narrow(section)?, narrow(offset)?);
                if exported_function {
                    exports.push(name, section, offset)?;
                }
                Place::Local { section, offset }
            }
        };
        targets.push(Target {
            place,
            got: None,
            stub: None,
        });
    }

    let (mut got_len, mut stubs) = (0, 0);
    for relocation in object.relocations() {
        reserve(object, &relocation?, &mut targets, &mut got_len, &mut stubs)?;
    }

    let plan = Plan::new(&object.sections, stubs as usize, got_len as usize)?;
    let exports = exports.place(&plan, &object.sections);
    let entry = exports.find_entry(entry)?;
    let mut draft = Draft::new(plan.len)?;
    let base = draft.address();
    let image = draft.bytes_mut();
    for (section, start) in object.sections.iter().zip(&plan.starts) {
        let start = *start as usize;
        image[start..start + section.data.len()].copy_from_slice(section.data);
    }
    plan.pad_code(&object.sections, image);
    for target in &targets {
        let Some(got) = target.got else { continue };
        let address = match target.place {
            Place::Nothing => return malformed("a GOT entry without a symbol"),
            Place::Import { address } => address,
            Place::Local { section, offset } => base + u64::from(plan.at(section, offset)),
        };
        let got = plan.got_entry(got);
        image[got as usize..][..GOT_ENTRY].copy_from_slice(&address.to_le_bytes());
        if let Some(stub) = target.stub {
            let stub = plan.stub(stub);
            image[stub as usize..][..2].copy_from_slice(&[0xff, 0x25]);
            write_relative(image, stub + 2, got, END_OF_FIELD)?;
        }
    }
    for relocation in object.relocations() {
        let relocation = relocation?;
        let place = plan.at(narrow(relocation.section)?, narrow(relocation.offset)?);
        let target = &targets[relocation.symbol];
        let address = match (relocation.kind, target) {
            (RelocationType::GotRelative, Target { got: Some(got), .. }) => plan.got_entry(*got),
            (
                RelocationType::Call,
                Target {
                    stub: Some(stub), ..
                },
            ) => plan.stub(*stub),
            (
                _,
                Target {
                    place: Place::Local { section, offset },
                    ..
                },
            ) => plan.at(*section, *offset),
            _ => return malformed("a relocation without a target"),
        };
        write_relative(image, place, address, relocation.addend)?;
    }
    let start = Instant::now();
    let memory = draft.seal(plan.text_len)?;
    let protect = start.elapsed();
    Ok(LoadedCode {
        memory,
        protect,
        entry,
        code_len: plan.code_len,
        names: exports.names,
        exports: exports.list,
    })
}

/// The address of an import, from the closed list of names.
fn import(name: &[u8], resolve: &dyn Fn(&str) -> Option<*const u8>) -> Result<u64, LinkError> {
    let address = std::str::from_utf8(name)
        .ok()
        .filter(|name| brolga_abi::symbol(name).is_some())
        .and_then(resolve);
    match address {
        Some(address) => Ok(address.addr() as u64),
        None => Err(LinkError::new(
            LinkErrorKind::UnknownImport,
            format!(
                "the object imports {}, which is not a symbol of the Brolga runtime",
                quoted(name)
            ),
        )),
    }
}

/// Checks a relocation, and reserves the GOT entry and the stub that it needs.
fn reserve(
    object: &Object<'_>,
    relocation: &Relocation,
    targets: &mut [Target],
    got_len: &mut u32,
    stubs: &mut u32,
) -> Result<(), LinkError> {
    let changed = &object.sections[relocation.section];
    let whole = relocation
        .offset
        .checked_add(u64::from(FIELD))
        .is_some_and(|end| end <= changed.data.len() as u64);
    if !whole {
        return malformed(format!(
            "a relocation at {:#x} of section {}, which has {:#x} bytes",
            relocation.offset,
            quoted(changed.name),
            changed.data.len()
        ));
    }
    let count = targets.len();
    let Some(target) = targets.get_mut(relocation.symbol) else {
        return malformed(format!(
            "a relocation with symbol {} of {count}",
            relocation.symbol
        ));
    };
    let (through_got, through_stub) = match (relocation.kind, target.place) {
        (_, Place::Nothing) => {
            return unsupported(format!(
                "a relocation with symbol {}, which has no place in memory",
                relocation.symbol
            ));
        }
        (RelocationType::GotRelative, _) => (true, false),
        (RelocationType::Call, Place::Import { .. }) => (true, true),
        (RelocationType::Relative, Place::Import { .. }) => {
            return unsupported(
                "an R_X86_64_PC32 relocation with an import; expected R_X86_64_GOTPCREL",
            );
        }
        (RelocationType::Call | RelocationType::Relative, Place::Local { section, offset }) => {
            check_reach(&object.sections[section as usize], offset, relocation)?;
            (false, false)
        }
    };
    if through_got && relocation.addend != END_OF_FIELD {
        return unsupported(format!(
            "a relocation through the GOT with addend {}; expected {END_OF_FIELD}",
            relocation.addend
        ));
    }
    if through_got && target.got.is_none() {
        target.got = Some(*got_len);
        *got_len += 1;
    }
    if through_stub && target.stub.is_none() {
        target.stub = Some(*stubs);
        *stubs += 1;
    }
    Ok(())
}

/// That a direct reference ends up in the section of its symbol.
fn check_reach(
    section: &Section<'_>,
    offset: u32,
    relocation: &Relocation,
) -> Result<(), LinkError> {
    let reached = relocation
        .addend
        .checked_sub(END_OF_FIELD)
        .and_then(|distance| distance.checked_add(i64::from(offset)));
    let end = section.data.len() as i64;
    let valid = match relocation.kind {
        RelocationType::Call => section.role == Role::Text && reached.is_some_and(|r| r < end),
        RelocationType::Relative | RelocationType::GotRelative => reached.is_some_and(|r| r <= end),
    };
    if valid && reached.is_some_and(|reached| reached >= 0) {
        return Ok(());
    }
    malformed(format!(
        "a relocation with addend {} to {offset:#x} of section {} leaves the section's {:#x} \
         bytes",
        relocation.addend,
        quoted(section.name),
        section.data.len()
    ))
}

/// A number that must fit the image.
fn narrow(number: impl TryInto<u32>) -> Result<u32, LinkError> {
    number.try_into().map_err(|_| too_large())
}

fn too_large() -> LinkError {
    LinkError::new(
        LinkErrorKind::TooLarge,
        format!("the code needs more than {MAX_IMAGE} bytes of memory"),
    )
}

/// Where everything stands in the image. Offsets are in bytes.
struct Plan {
    /// Of every section; 0 for those that are not loaded.
    starts: Vec<u32>,
    /// The end of the code sections.
    code_len: u32,
    stubs: u32,
    /// The end of the executable pages.
    text_len: usize,
    got: u32,
    /// The end of the image.
    len: usize,
}

impl Plan {
    fn new(sections: &[Section<'_>], stubs: usize, got_len: usize) -> Result<Plan, LinkError> {
        let mut starts = vec![0; sections.len()];
        let mut end = 0;
        let mut place = |role, end: &mut usize| {
            for (section, start) in sections.iter().zip(&mut starts) {
                if section.role == role {
                    let offset = reserve_bytes(end, section.data.len(), section.align)?;
                    *start = narrow(offset)?;
                }
            }
            Ok::<(), LinkError>(())
        };
        place(Role::Text, &mut end)?;
        let code_len = narrow(end)?;
        let stubs = reserve_bytes(&mut end, stubs.saturating_mul(STUB), STUB)?;
        let text_len = reserve_bytes(&mut end, 0, PAGE)?;
        place(Role::Constants, &mut end)?;
        let got = reserve_bytes(&mut end, got_len.saturating_mul(GOT_ENTRY), GOT_ENTRY)?;
        let len = reserve_bytes(&mut end, 0, PAGE)?;
        Ok(Plan {
            starts,
            code_len,
            stubs: narrow(stubs)?,
            text_len,
            got: narrow(got)?,
            len,
        })
    }

    /// An offset in a section as one in the image.
    fn at(&self, section: u32, offset: u32) -> u32 {
        // No overflow: both are below `MAX_IMAGE`.
        self.starts[section as usize] + offset
    }

    fn got_entry(&self, number: u32) -> u32 {
        self.got + number * GOT_ENTRY as u32
    }

    fn stub(&self, number: u32) -> u32 {
        self.stubs + number * STUB as u32
    }

    /// Fills what lies between and after the code sections with `int3`.
    fn pad_code(&self, sections: &[Section<'_>], image: &mut [u8]) {
        let mut end = 0;
        for (section, start) in sections.iter().zip(&self.starts) {
            if section.role == Role::Text {
                image[end..*start as usize].fill(INT3);
                end = *start as usize + section.data.len();
            }
        }
        image[end..self.text_len].fill(INT3);
    }
}

/// Takes `len` bytes at the next multiple of `align`; returns where they begin.
fn reserve_bytes(end: &mut usize, len: usize, align: usize) -> Result<usize, LinkError> {
    let start = end.checked_next_multiple_of(align).ok_or_else(too_large)?;
    *end = start
        .checked_add(len)
        .filter(|end| *end <= MAX_IMAGE)
        .ok_or_else(too_large)?;
    Ok(start)
}

/// Exported functions; offsets are in their sections until the plan is known.
#[derive(Default)]
struct Exports {
    names: String,
    list: Vec<Export>,
    sections: Vec<u32>,
}

impl Exports {
    fn push(&mut self, name: &[u8], section: u32, offset: u32) -> Result<(), LinkError> {
        let Ok(text) = std::str::from_utf8(name) else {
            return malformed(format!("the name {} is not UTF-8", quoted(name)));
        };
        let start = narrow(self.names.len())?;
        self.names.push_str(text);
        self.list.push(Export {
            start,
            end: narrow(self.names.len())?,
            offset,
        });
        self.sections.push(section);
        Ok(())
    }

    /// Turns offsets in sections into offsets in the image; drops functions without code.
    fn place(mut self, plan: &Plan, sections: &[Section<'_>]) -> Exports {
        let mut homes = self.sections.iter();
        self.list.retain_mut(|export| {
            let home = homes.next().copied().unwrap_or_default();
            let has_code = (export.offset as usize) < sections[home as usize].data.len();
            export.offset = plan.at(home, export.offset);
            has_code
        });
        self
    }

    fn find_entry(&self, entry: &str) -> Result<u32, LinkError> {
        let mut found = self
            .list
            .iter()
            .filter(|export| &self.names[export.start as usize..export.end as usize] == entry);
        match (found.next(), found.next()) {
            (Some(export), None) => Ok(export.offset),
            (None, _) => Err(LinkError::new(
                LinkErrorKind::NoEntry,
                format!(
                    "the object defines no function {}",
                    quoted(entry.as_bytes())
                ),
            )),
            (Some(_), Some(_)) => Err(LinkError::new(
                LinkErrorKind::NoEntry,
                format!("the object defines {} twice", quoted(entry.as_bytes())),
            )),
        }
    }
}
