//! Parts of tuples and of arrays of a fixed length, which are tuples of their elements here: an
//! index is a constant, or picks one of a few elements by selects.

use brolga_lang::ir::{BinaryOp, LocalId, Scalar, SiteId, Step, Type};

use super::build::Symbol;
use super::constant::Constant;
use super::control::{Outcome, Walk, reach, unit};
use super::operators::malformed;
use super::program::ValueId;
use super::refusal::Refusal;

/// The most elements of an array: each is a value of its own.
const MOST_ELEMENTS: u32 = 256;
/// The most elements that an index which is not a constant picks from.
const MOST_PICKED: usize = 8;

/// A step of a path, evaluated.
enum Found {
    Member(usize),
    /// An index that is in bounds in the lanes that matter.
    Lanes(Symbol),
}

impl Walk<'_> {
    /// An array of equal elements.
    pub(super) fn repeat(&mut self, element: Symbol, ty: &Type) -> Result<Symbol, Refusal> {
        match ty {
            Type::Array(_, length) if *length <= MOST_ELEMENTS => {
                Ok(Symbol::Tuple(vec![element; *length as usize]))
            }
            Type::Array(..) => Err(Refusal::new(format!(
                "has an array of more than {MOST_ELEMENTS} elements"
            ))),
            _ => Err(malformed()),
        }
    }

    /// An element of an array.
    pub(super) fn index(&mut self, array: Symbol, index: &Symbol, site: SiteId) -> Outcome {
        let Symbol::Tuple(mut elements) = array else {
            return Err(malformed());
        };
        let Some(found) = self.in_bounds(index, elements.len(), site)? else {
            return Ok(None);
        };
        match found {
            Found::Member(number) => Ok(Some(elements.swap_remove(number))),
            Found::Lanes(index) => {
                let mut picked = elements[0].clone();
                for (number, element) in elements.iter().enumerate().skip(1) {
                    let is_it = self.is_number(&index, number)?;
                    picked = self.select(is_it, element, &picked)?;
                }
                Ok(Some(picked))
            }
        }
    }

    fn is_number(&mut self, index: &Symbol, number: usize) -> Result<ValueId, Refusal> {
        let number = Symbol::Constant(Constant::integer(Scalar::Usize, number as i128));
        let is_it = self.builder.binary(BinaryOp::Eq, index, &number)?;
        self.builder.value(&is_it)
    }

    /// Checks an index; `None` when no lane gets past it.
    fn in_bounds(
        &mut self,
        index: &Symbol,
        length: usize,
        site: SiteId,
    ) -> Result<Option<Found>, Refusal> {
        if let Symbol::Constant(constant) = index {
            return match usize::try_from(constant.bits) {
                Ok(number) if number < length => Ok(Some(Found::Member(number))),
                _ => self.panic(site).map(|_| None),
            };
        }
        if length > MOST_PICKED {
            return Err(Refusal::new(format!(
                "indexes an array of {length} elements by a value that varies"
            )));
        }
        let end = Symbol::Constant(Constant::integer(Scalar::Usize, length as i128));
        let outside = self.builder.binary(BinaryOp::Ge, index, &end)?;
        self.fail_where(&outside, site)?;
        Ok(match length {
            0 => None,
            _ => Some(Found::Lanes(index.clone())),
        })
    }

    /// `local.path = value`; `None` when no lane gets past it.
    pub(super) fn assign(&mut self, local: LocalId, path: &[Step], value: Symbol) -> Outcome {
        let number = local.0 as usize;
        if number >= self.locals.len() {
            return Err(malformed());
        }
        let whole = if path.is_empty() {
            value
        } else {
            let whole = self.locals[number].clone().ok_or_else(malformed)?;
            reach!(self.with_part(whole, path, value))
        };
        self.locals[number] = Some(whole);
        Ok(Some(unit()))
    }

    /// `whole` with another value in a part of it.
    fn with_part(&mut self, whole: Symbol, path: &[Step], value: Symbol) -> Outcome {
        let Some((step, path)) = path.split_first() else {
            return Ok(Some(value));
        };
        let Symbol::Tuple(mut parts) = whole else {
            return Err(malformed());
        };
        let found = match step {
            Step::Member(member) => Found::Member(*member as usize),
            Step::Index(index, site) => {
                let index = reach!(self.expression(index));
                match self.in_bounds(&index, parts.len(), *site)? {
                    Some(found) => found,
                    None => return Ok(None),
                }
            }
        };
        match found {
            Found::Member(number) => {
                let part = parts.get(number).cloned().ok_or_else(malformed)?;
                parts[number] = reach!(self.with_part(part, path, value));
            }
            Found::Lanes(index) => {
                if !path.is_empty() {
                    return Err(Refusal::new(
                        "assigns to a part of an array's element by an index that varies",
                    ));
                }
                for (number, part) in parts.iter_mut().enumerate() {
                    let is_it = self.is_number(&index, number)?;
                    *part = self.select(is_it, &value, part)?;
                }
            }
        }
        Ok(Some(Symbol::Tuple(parts)))
    }
}
