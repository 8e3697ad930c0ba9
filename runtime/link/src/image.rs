//! From an object to an image in memory. Knows no file format: sections, symbols and
//! relocations come from [`crate::elf`].
//!
//! The image:
//!
//! ```text
//! page 0 ..      read and execute   code sections | stubs | padding up to the page
//! page k ..      read               constants | GOT | zeros up to the page
//! ```
//!
//! A stub jumps to an import, for direct calls. The GOT has one word for every symbol that is
//! reached through it, imports and the object's own alike; the code finds it by distance, so
//! it stands in the same mapping. Padding is an instruction that stops.
//!
//! Invariant: offsets in the image fit 31 bits, so any two places are in reach of a 32-bit
//! displacement and of an `adrp`. A `bl` of aarch64 reaches 128 MiB, and what it does not
//! reach is an error.

use std::time::Instant;

use crate::code::LoadedCode;
use crate::elf::{Object, Relocation, Role, Section, Symbol};
use crate::error::{LinkError, LinkErrorKind, malformed, quoted, unsupported};
use crate::machine::Machine;
use crate::memory::{Draft, page_size};
use crate::plan::{Exports, GOT_ENTRY, Plan, narrow};
use crate::relocation::{PLACE, Reach, write};

/// Gives the address of an import.
pub(crate) type Resolve<'a> = &'a dyn Fn(&str) -> Option<u64>;

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

/// Links an object of this machine; see [`crate::link`].
pub(crate) fn link(
    object: &[u8],
    entry: &str,
    resolve: Resolve<'_>,
) -> Result<LoadedCode, LinkError> {
    let object = Object::parse(object, Some(Machine::HOST))?;
    let layout = Layout::new(&object, entry, resolve, page_size())?;
    let mut draft = Draft::new(layout.plan.len)?;
    let base = draft.address();
    layout.fill(base, draft.bytes_mut())?;
    let start = Instant::now();
    let memory = draft.seal(layout.plan.text_len)?;
    let protect = start.elapsed();
    Ok(LoadedCode {
        memory,
        protect,
        entry: layout.entry,
        code_len: layout.plan.code_len,
        names: layout.exports.names,
        exports: layout.exports.list,
    })
}

/// An image as bytes: for any machine that the linker knows, and not executable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Image {
    /// The image: whole pages of the largest size that Linux has on the machine.
    pub bytes: Vec<u8>,
    /// The part from the start that must be executable, in bytes: whole pages. The rest is
    /// only read.
    pub text_len: usize,
    /// The end of the object's own code, in bytes from the start; stubs and padding follow.
    pub code_len: usize,
    /// Where the entry point is, in bytes from the start.
    pub entry: usize,
}

/// Lays out an object of any known machine; see [`crate::lay_out`].
pub(crate) fn lay_out(
    object: &[u8],
    entry: &str,
    base: u64,
    resolve: Resolve<'_>,
) -> Result<Image, LinkError> {
    let object = Object::parse(object, None)?;
    let page = object.machine.largest_page();
    let layout = Layout::new(&object, entry, resolve, page)?;
    let end = base.checked_add(layout.plan.len as u64);
    if !base.is_multiple_of(page as u64) || end.is_none() {
        return unsupported(format!(
            "an image of {} bytes at address {base:#x}; expected a multiple of {page} with \
             room behind it",
            layout.plan.len
        ));
    }
    let mut bytes = vec![0; layout.plan.len];
    layout.fill(base, &mut bytes)?;
    Ok(Image {
        bytes,
        text_len: layout.plan.text_len,
        code_len: layout.plan.code_len as usize,
        entry: layout.entry as usize,
    })
}

/// An object with a place for everything; only the image's address is not known yet.
struct Layout<'a> {
    object: &'a Object<'a>,
    targets: Vec<Target>,
    plan: Plan,
    exports: Exports,
    entry: u32,
}

impl<'a> Layout<'a> {
    fn new(
        object: &'a Object<'a>,
        entry: &str,
        resolve: Resolve<'_>,
        page: usize,
    ) -> Result<Layout<'a>, LinkError> {
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
        let plan = Plan::new(
            object.machine,
            &object.sections,
            stubs as usize,
            got_len as usize,
            page,
        )?;
        let exports = exports.place(&plan, &object.sections);
        let entry = exports.find_entry(entry)?;
        Ok(Layout {
            object,
            targets,
            plan,
            exports,
            entry,
        })
    }

    /// Writes the image that will stand at address `base`, a multiple of a page. `image` is
    /// zeros, of the plan's length.
    fn fill(&self, base: u64, image: &mut [u8]) -> Result<(), LinkError> {
        let Layout {
            object,
            targets,
            plan,
            ..
        } = self;
        for (section, start) in object.sections.iter().zip(&plan.starts) {
            let start = *start as usize;
            image[start..start + section.data.len()].copy_from_slice(section.data);
        }
        plan.pad_code(&object.sections, image);
        for target in targets {
            let Some(got) = target.got else { continue };
            let address = match target.place {
                Place::Nothing => return malformed("a GOT entry without a symbol"),
                Place::Import { address } => address,
                Place::Local { section, offset } => base + u64::from(plan.at(section, offset)),
            };
            let got = plan.got_entry(got);
            image[got as usize..][..GOT_ENTRY].copy_from_slice(&address.to_le_bytes());
            if let Some(stub) = target.stub {
                object.machine.write_stub(image, plan.stub(stub), got)?;
            }
        }
        for relocation in object.relocations() {
            let relocation = relocation?;
            let place = plan.at(narrow(relocation.section)?, narrow(relocation.offset)?);
            let target = &targets[relocation.symbol];
            let address = match (relocation.kind.reach, target) {
                (Reach::Got, Target { got: Some(got), .. }) => plan.got_entry(*got),
                (
                    Reach::Call,
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
            write(
                relocation.kind.field,
                image,
                place,
                address,
                relocation.addend,
            )?;
        }
        Ok(())
    }
}

/// The address of an import, from the closed list of names.
fn import(name: &[u8], resolve: Resolve<'_>) -> Result<u64, LinkError> {
    let address = std::str::from_utf8(name)
        .ok()
        .filter(|name| brolga_abi::symbol(name).is_some())
        .and_then(resolve);
    match address {
        Some(address) => Ok(address),
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
        .checked_add(u64::from(PLACE))
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
    let kind = relocation.kind;
    let (through_got, through_stub) = match (kind.reach, target.place) {
        (_, Place::Nothing) => {
            return unsupported(format!(
                "a relocation with symbol {}, which has no place in memory",
                relocation.symbol
            ));
        }
        (Reach::Got, _) => (true, false),
        (Reach::Call, Place::Import { .. }) => (true, true),
        (Reach::Direct, Place::Import { .. }) => {
            return unsupported(format!(
                "an {} relocation with an import; expected one through the GOT",
                kind.name
            ));
        }
        (Reach::Call | Reach::Direct, Place::Local { section, offset }) => {
            check_reach(&object.sections[section as usize], offset, relocation)?;
            (false, false)
        }
    };
    let bias = kind.field.bias();
    if through_got && relocation.addend != bias {
        return unsupported(format!(
            "an {} relocation through the GOT with addend {}; expected {bias}",
            kind.name, relocation.addend
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
        .checked_sub(relocation.kind.field.bias())
        .and_then(|distance| distance.checked_add(i64::from(offset)));
    let end = section.data.len() as i64;
    let valid = match relocation.kind.reach {
        Reach::Call => section.role == Role::Text && reached.is_some_and(|r| r < end),
        Reach::Direct | Reach::Got => reached.is_some_and(|r| r <= end),
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
