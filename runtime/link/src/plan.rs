//! Where everything stands in the image, and which functions it exports. Offsets are in
//! bytes, from the image's start.

use crate::code::Export;
use crate::elf::{Role, Section};
use crate::error::{LinkError, LinkErrorKind, malformed, quoted};
use crate::machine::Machine;

/// No image is larger, in bytes.
const MAX_IMAGE: usize = 1 << 30;

/// The size of an entry of the GOT, in bytes.
pub(crate) const GOT_ENTRY: usize = 8;

/// The places in an image.
pub(crate) struct Plan {
    machine: Machine,
    /// Of every section; 0 for those that are not loaded.
    pub(crate) starts: Vec<u32>,
    /// The end of the code sections.
    pub(crate) code_len: u32,
    stubs: u32,
    /// The end of the executable pages.
    pub(crate) text_len: usize,
    got: u32,
    /// The end of the image.
    pub(crate) len: usize,
}

impl Plan {
    /// The plan for these sections; `page` is what protections are rounded to, in bytes.
    pub(crate) fn new(
        machine: Machine,
        sections: &[Section<'_>],
        stubs: usize,
        got_len: usize,
        page: usize,
    ) -> Result<Plan, LinkError> {
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
        let stub = machine.stub_len();
        let stubs = reserve_bytes(&mut end, stubs.saturating_mul(stub), stub)?;
        let text_len = reserve_bytes(&mut end, 0, page)?;
        place(Role::Constants, &mut end)?;
        let got = reserve_bytes(&mut end, got_len.saturating_mul(GOT_ENTRY), GOT_ENTRY)?;
        let len = reserve_bytes(&mut end, 0, page)?;
        Ok(Plan {
            machine,
            starts,
            code_len,
            stubs: narrow(stubs)?,
            text_len,
            got: narrow(got)?,
            len,
        })
    }

    /// An offset in a section as one in the image.
    pub(crate) fn at(&self, section: u32, offset: u32) -> u32 {
        // No overflow: both are below `MAX_IMAGE`.
        self.starts[section as usize] + offset
    }

    /// Where an entry of the GOT is.
    pub(crate) fn got_entry(&self, number: u32) -> u32 {
        self.got + number * GOT_ENTRY as u32
    }

    /// Where a stub is.
    pub(crate) fn stub(&self, number: u32) -> u32 {
        self.stubs + number * self.machine.stub_len() as u32
    }

    /// Fills what lies between and after the code sections with instructions that stop.
    pub(crate) fn pad_code(&self, sections: &[Section<'_>], image: &mut [u8]) {
        let mut end = 0;
        for (section, start) in sections.iter().zip(&self.starts) {
            if section.role == Role::Text {
                self.pad(image, end, *start as usize);
                end = *start as usize + section.data.len();
            }
        }
        self.pad(image, end, self.text_len);
    }

    /// Fills a part of the image; instructions stand where instructions of the machine may.
    fn pad(&self, image: &mut [u8], start: usize, end: usize) {
        let word = self.machine.padding();
        let whole = start.next_multiple_of(word.len()).min(end);
        image[start..whole].copy_from_slice(&word[start % word.len()..][..whole - start]);
        let (words, rest) = image[whole..end].as_chunks_mut();
        words.fill(word);
        rest.copy_from_slice(&word[..rest.len()]);
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

/// A number that must fit the image.
pub(crate) fn narrow(number: impl TryInto<u32>) -> Result<u32, LinkError> {
    number.try_into().map_err(|_| too_large())
}

fn too_large() -> LinkError {
    LinkError::new(
        LinkErrorKind::TooLarge,
        format!("the code needs more than {MAX_IMAGE} bytes of memory"),
    )
}

/// Exported functions; offsets are in their sections until the plan is known.
#[derive(Default)]
pub(crate) struct Exports {
    pub(crate) names: String,
    pub(crate) list: Vec<Export>,
    sections: Vec<u32>,
}

impl Exports {
    /// Adds the function `name` at an offset of a section.
    pub(crate) fn push(&mut self, name: &[u8], section: u32, offset: u32) -> Result<(), LinkError> {
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
    pub(crate) fn place(mut self, plan: &Plan, sections: &[Section<'_>]) -> Exports {
        let mut homes = self.sections.iter();
        self.list.retain_mut(|export| {
            let home = homes.next().copied().unwrap_or_default();
            let has_code = (export.offset as usize) < sections[home as usize].data.len();
            export.offset = plan.at(home, export.offset);
            has_code
        });
        self
    }

    /// The offset of the one function with this name.
    pub(crate) fn find_entry(&self, entry: &str) -> Result<u32, LinkError> {
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
