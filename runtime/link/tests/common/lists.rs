//! What a linked object must have kept to, read from its bytes without the linker's help.

use object::elf;

/// The number of `N` bytes at `at`.
pub fn number_at<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(N)?)?;
    let mut whole = [0; 8];
    whole[..N].copy_from_slice(field);
    Some(u64::from_le_bytes(whole))
}

/// The section headers of an object: where each begins.
pub fn headers(bytes: &[u8]) -> Vec<usize> {
    let (Some(start), Some(count)) = (number_at::<8>(bytes, 40), number_at::<2>(bytes, 60)) else {
        return Vec::new();
    };
    (0..count as usize)
        .filter_map(|number| (start as usize).checked_add(64 * number))
        .filter(|at| at.checked_add(64).is_some_and(|end| end <= bytes.len()))
        .collect()
}

/// A section header, decoded.
struct Header<'a> {
    name: &'a [u8],
    kind: u32,
    offset: usize,
    size: usize,
    link: usize,
    info: usize,
}

fn text_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..)?;
    Some(&rest[..rest.iter().position(|byte| *byte == 0)?])
}

fn decode(bytes: &[u8], at: usize, names: usize) -> Option<Header<'_>> {
    let name = names.checked_add(number_at::<4>(bytes, at)? as usize)?;
    Some(Header {
        name: text_at(bytes, name)?,
        kind: number_at::<4>(bytes, at + 4)? as u32,
        offset: number_at::<8>(bytes, at + 24)? as usize,
        size: number_at::<8>(bytes, at + 32)? as usize,
        link: number_at::<4>(bytes, at + 40)? as usize,
        info: number_at::<4>(bytes, at + 44)? as usize,
    })
}

/// Holds an object that was linked to the lists: `None` if it kept to them, else what it did.
pub fn broken_rule(bytes: &[u8]) -> Option<String> {
    check(bytes).unwrap_or_else(|| Some("something lies outside of the file".to_string()))
}

/// `None` when something lies outside of the file.
fn check(bytes: &[u8]) -> Option<Option<String>> {
    let broken = |what: String| Some(Some(what));
    if number_at::<2>(bytes, 16)? != 1 || number_at::<2>(bytes, 18)? != 62 {
        return broken("another type or machine".to_string());
    }
    let all = headers(bytes);
    let names = *all.get(number_at::<2>(bytes, 62)? as usize)?;
    let names = number_at::<8>(bytes, names + 24)? as usize;
    let sections: Option<Vec<Header>> = all.iter().map(|at| decode(bytes, *at, names)).collect();
    let sections = sections?;
    for section in &sections {
        if section.kind != elf::SHT_RELA || !section.name.starts_with(b".rela.text") {
            continue;
        }
        let target = sections.get(section.info)?;
        if !target.name.starts_with(b".text") {
            return broken("relocations of something that is not code".to_string());
        }
        let symbols = sections.get(section.link)?;
        let strings = sections.get(symbols.link)?;
        for number in 0..section.size / 24 {
            let at = section.offset + 24 * number;
            let place = number_at::<8>(bytes, at)?;
            if place.checked_add(4)? > target.size as u64 {
                return broken(format!("a relocation at {place} of {}", target.size));
            }
            let kind = number_at::<4>(bytes, at + 8)?;
            if ![2, 4, 9].contains(&kind) {
                return broken(format!("a relocation of type {kind}"));
            }
            let symbol = number_at::<4>(bytes, at + 12)? as usize;
            if symbol == 0 || symbol >= symbols.size / 24 {
                return broken(format!("a relocation with symbol {symbol}"));
            }
            let symbol = symbols.offset + 24 * symbol;
            let home = number_at::<2>(bytes, symbol + 6)? as usize;
            if home == 0 {
                let name = strings.offset + number_at::<4>(bytes, symbol)? as usize;
                let name = std::str::from_utf8(text_at(bytes, name)?).ok()?;
                if brolga_abi::symbol(name).is_none() {
                    return broken(format!("an import of {name}"));
                }
            } else {
                let value = number_at::<8>(bytes, symbol + 8)?;
                let section = sections.get(home)?;
                if value > section.size as u64 {
                    return broken(format!("a symbol at {value} of {}", section.size));
                }
            }
        }
    }
    let loaded: Vec<&Header> = sections
        .iter()
        .filter(|s| s.name.starts_with(b".text") || s.name.starts_with(b".rodata"))
        .filter(|s| s.kind == elf::SHT_PROGBITS && s.size > 0)
        .collect();
    for (number, one) in loaded.iter().enumerate() {
        bytes.get(one.offset..one.offset.checked_add(one.size)?)?;
        for other in &loaded[number + 1..] {
            if one.offset < other.offset + other.size && other.offset < one.offset + one.size {
                return broken("sections that overlap".to_string());
            }
        }
    }
    Some(None)
}
