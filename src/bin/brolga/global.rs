//! `--global NAME=VALUE`: values for the globals of a kernel file, read as their types say,
//! and shown again.

use brolga::{GlobalMeta, GlobalType, GlobalValue, Module, Scalar};

use crate::args::MINUS;
use crate::failure::Failure;
use crate::operand;

/// Binds the globals as the command line says, all at once.
pub fn bind(module: &Module, texts: &[String]) -> Result<(), Failure> {
    let mut values: Vec<(&str, GlobalValue)> = Vec::new();
    for text in texts {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Failure::usage(format!(
                "'{text}' does not bind a global; write NAME=VALUE, such as SLOPE=0.5 or \
                 TABLE=[1,2]"
            )));
        };
        let name = name.trim();
        if values.iter().any(|(bound, _)| *bound == name) {
            return Err(Failure::usage(format!(
                "the global `{name}` is bound twice; give one value"
            )));
        }
        // Its error lists the near names.
        let known = module.global(name)?;
        let plain = value.replace(MINUS, "-");
        let value = read(&plain, known.ty()).ok_or_else(|| {
            Failure::data(format!(
                "'{value}' is not a value of `{}`, the type of the global `{name}`",
                known.ty()
            ))
        })?;
        values.push((name, value));
    }
    if !values.is_empty() {
        module.bind_all(values)?;
    }
    Ok(())
}

/// The value of this type that `text` writes.
fn read(text: &str, ty: &GlobalType) -> Option<GlobalValue> {
    let (mut words, mut rest) = (Vec::new(), text);
    part(&mut rest, ty, &mut words)?;
    if !rest.trim().is_empty() {
        return None;
    }
    GlobalValue::from_words(ty.clone(), words)
}

/// Takes a value of type `ty` from the front of `rest`. Recurses no deeper than the type.
fn part(rest: &mut &str, ty: &GlobalType, words: &mut Vec<u64>) -> Option<()> {
    let list = |rest: &mut &str,
                brackets: [char; 2],
                members: &mut dyn Iterator<Item = &GlobalType>,
                words: &mut Vec<u64>| {
        eat(rest, brackets[0])?;
        let mut first = true;
        for member in members {
            if !std::mem::take(&mut first) {
                eat(rest, ',')?;
            }
            part(rest, member, words)?;
        }
        // A comma may stand at the end.
        if !first {
            let _ = eat(rest, ',');
        }
        eat(rest, brackets[1])
    };
    match ty {
        GlobalType::Array(element, length) => {
            let mut members = std::iter::repeat_n(&**element, *length as usize);
            list(rest, ['[', ']'], &mut members, words)
        }
        GlobalType::Tuple(members) => list(rest, ['(', ')'], &mut members.iter(), words),
        GlobalType::Scalar(dtype) => {
            let text = rest.trim_start();
            let end = text.find([',', ']', ')']).unwrap_or(text.len());
            let bits = operand::value(text[..end].trim(), *dtype)?;
            words.push(bits as u64 & mask(dtype.part().size()));
            if dtype.is_complex() {
                words.push((bits >> (8 * dtype.part().size())) as u64);
            }
            *rest = &text[end..];
            Some(())
        }
    }
}

fn mask(size: usize) -> u64 {
    u64::MAX >> (64 - 8 * size)
}

fn eat(rest: &mut &str, token: char) -> Option<()> {
    *rest = rest.trim_start().strip_prefix(token)?;
    Some(())
}

/// `SLOPE: f64 = 0.1`; of long arrays the first elements.
pub fn show(meta: &GlobalMeta) -> String {
    let mut text = format!("{}: {} = ", meta.name, meta.ty);
    let mut left = 100;
    show_part(
        &meta.ty,
        &mut meta.default.iter().copied(),
        &mut left,
        &mut text,
    );
    text
}

fn show_part(
    ty: &GlobalType,
    words: &mut dyn Iterator<Item = u64>,
    left: &mut usize,
    text: &mut String,
) {
    let mut list = |members: &mut dyn Iterator<Item = &GlobalType>, text: &mut String| {
        for (number, member) in members.enumerate() {
            if number > 0 {
                text.push_str(", ");
            }
            if *left == 0 {
                return text.push_str("...");
            }
            show_part(member, words, left, text);
        }
    };
    match ty {
        GlobalType::Array(element, length) => {
            text.push('[');
            list(&mut std::iter::repeat_n(&**element, *length as usize), text);
            text.push(']');
        }
        GlobalType::Tuple(members) => {
            text.push('(');
            list(&mut members.iter(), text);
            text.push_str(if members.len() == 1 { ",)" } else { ")" });
        }
        GlobalType::Scalar(dtype) => {
            *left = left.saturating_sub(1);
            let mut bits = u128::from(words.next().unwrap_or_default());
            if dtype.is_complex() {
                let high = u128::from(words.next().unwrap_or_default());
                bits |= high << (8 * dtype.part().size());
            }
            text.push_str(&Scalar::from_bits(*dtype, bits).to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(ty: &str, text: &str) -> Option<String> {
        let ty = GlobalType::parse(ty).unwrap();
        let value = read(text, &ty)?;
        Some(show(&GlobalMeta {
            name: "G".to_string(),
            default: value.words().to_vec(),
            ty,
            doc: String::new(),
        }))
    }

    #[test]
    fn values_are_read_as_the_type_says() {
        for (ty, text, shown) in [
            ("f64", " 2 ", "2.0"),
            ("i8", "-128", "-128"),
            ("u64", "18446744073709551615", "18446744073709551615"),
            ("bool", "true", "true"),
            ("f16", "0.1", "0.1"),
            ("Complex<f32>", "1-2j", "1.0-2.0i"),
            ("Complex<f64>", "3", "3.0+0.0i"),
            ("[[i32; 2]; 2]", "[[1, -2], [3,4,]]", "[[1, -2], [3, 4]]"),
            ("(f64, bool)", "(1e3,false)", "(1000.0, false)"),
            ("[f64; 0]", "[]", "[]"),
        ] {
            let expected = format!("G: {ty} = {shown}");
            assert_eq!(round(ty, text), Some(expected), "{text}");
        }
        for (ty, text) in [
            ("f64", ""),
            ("f64", "x"),
            ("f64", "1+2j"),
            ("i8", "128"),
            ("i32", "1.5"),
            ("i32", "1i64"),
            ("[f64; 2]", "[1]"),
            ("[f64; 2]", "[1,2,3]"),
            ("[f64; 2]", "1,2"),
            ("[f64; 2]", "[1,2] 3"),
            ("[f64; 0]", "[,]"),
        ] {
            assert_eq!(round(ty, text), None, "{ty} {text}");
        }
    }

    #[test]
    fn long_tables_are_cut() {
        let ty = GlobalType::parse("[u8; 1000]").unwrap();
        let value = GlobalValue::from_words(ty.clone(), vec![7; 1000]).unwrap();
        let text = show(&GlobalMeta {
            name: "T".to_string(),
            ty,
            default: value.words().to_vec(),
            doc: String::new(),
        });
        assert!(text.ends_with("7, 7, ...]"), "{text}");
    }
}
