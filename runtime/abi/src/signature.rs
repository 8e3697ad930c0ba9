//! The signature of a gufunc, `(m,n),(n,p)->(m,p)`: which core dimensions each operand has.
//! Here is the grammar only; how sizes are matched is the affair of `brolga-ufunc`.
//!
//! Grammar: `signature = operands "->" operands`, `operands = [operand {"," operand}]`,
//! `operand = "(" [dim {"," dim}] ")"`, `dim = name | positive integer`. White space is
//! free. Both sides may be empty; an operand that is both read and written stands on the
//! left side only, as a mutable view parameter.

use serde::{Deserialize, Serialize};

/// A distinct core dimension.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum CoreDim {
    /// `m`: any size, the same wherever the name stands.
    Named(String),
    /// `3`: this size.
    Fixed(usize),
}

impl std::fmt::Display for CoreDim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CoreDim::Named(name) => f.write_str(name),
            CoreDim::Fixed(size) => write!(f, "{size}"),
        }
    }
}

/// A parsed signature.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct GufuncSignature {
    /// The distinct core dimensions in order of first appearance; the order of
    /// `dims[1..]` in the calling convention.
    pub dims: Vec<CoreDim>,
    /// For each operand left of the arrow, the numbers of its core dimensions in `dims`.
    pub inputs: Vec<Vec<usize>>,
    /// The same for the operands right of the arrow.
    pub outputs: Vec<Vec<usize>>,
}

/// Why a signature could not be parsed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignatureError {
    message: String,
    position: usize,
}

impl SignatureError {
    /// Where in the text, in bytes from 0.
    pub fn position(&self) -> usize {
        self.position
    }
    /// What was expected, without the position.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl std::fmt::Display for SignatureError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at position {}", self.message, self.position)
    }
}

impl std::error::Error for SignatureError {}

impl GufuncSignature {
    /// Parses `text`.
    ///
    /// # Errors
    /// What was expected and where, when `text` does not follow the grammar.
    pub fn parse(text: &str) -> Result<GufuncSignature, SignatureError> {
        let mut parser = Parser {
            text,
            at: 0,
            dims: Vec::new(),
        };
        let inputs = parser.operands()?;
        parser.skip_space();
        if !parser.eat("->") {
            return Err(parser.error("expected `->`"));
        }
        let outputs = parser.operands()?;
        parser.skip_space();
        if parser.at != text.len() {
            return Err(parser.error("expected `,` or the end of the signature"));
        }
        Ok(GufuncSignature {
            dims: parser.dims,
            inputs,
            outputs,
        })
    }

    /// All operands, inputs first.
    pub fn operands(&self) -> impl Iterator<Item = &[usize]> {
        self.inputs.iter().chain(&self.outputs).map(Vec::as_slice)
    }
}

impl std::fmt::Display for GufuncSignature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = |f: &mut std::fmt::Formatter<'_>, operands: &[Vec<usize>]| {
            for (k, operand) in operands.iter().enumerate() {
                f.write_str(if k == 0 { "(" } else { ",(" })?;
                for (axis, &dim) in operand.iter().enumerate() {
                    write!(f, "{}{}", if axis == 0 { "" } else { "," }, self.dims[dim])?;
                }
                f.write_str(")")?;
            }
            Ok(())
        };
        side(f, &self.inputs)?;
        f.write_str("->")?;
        side(f, &self.outputs)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    dims: Vec<CoreDim>,
}

impl Parser<'_> {
    fn error(&self, message: &str) -> SignatureError {
        SignatureError {
            message: message.to_string(),
            position: self.at,
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn operands(&mut self) -> Result<Vec<Vec<usize>>, SignatureError> {
        let mut operands = Vec::new();
        if !self.eat("(") {
            return Ok(operands);
        }
        loop {
            operands.push(self.operand()?);
            if !self.eat(",") {
                return Ok(operands);
            }
            if !self.eat("(") {
                return Err(self.error("expected `(`"));
            }
        }
    }

    fn operand(&mut self) -> Result<Vec<usize>, SignatureError> {
        let mut axes = Vec::new();
        if self.eat(")") {
            return Ok(axes);
        }
        loop {
            axes.push(self.dim()?);
            if self.eat(")") {
                return Ok(axes);
            }
            if !self.eat(",") {
                return Err(self.error("expected `,` or `)`"));
            }
        }
    }

    fn dim(&mut self) -> Result<usize, SignatureError> {
        self.skip_space();
        let word: String = self
            .rest()
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        let wrong = "expected the name of a dimension or a size above 0";
        let dim = match word.chars().next() {
            None => return Err(self.error(wrong)),
            Some(c) if c.is_ascii_digit() => match word.parse::<usize>() {
                Ok(size) if size > 0 && isize::try_from(size).is_ok() => CoreDim::Fixed(size),
                _ => return Err(self.error(wrong)),
            },
            Some(_) => CoreDim::Named(word.clone()),
        };
        self.at += word.len();
        let number = self.dims.iter().position(|d| *d == dim);
        Ok(number.unwrap_or_else(|| {
            self.dims.push(dim);
            self.dims.len() - 1
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_are_numbered_by_first_appearance() {
        let signature = GufuncSignature::parse(" (m, n),(n,3) -> (m,3),()").unwrap();
        assert_eq!(signature.inputs, [vec![0, 1], vec![1, 2]]);
        assert_eq!(signature.outputs, [vec![0, 2], vec![]]);
        assert_eq!(signature.to_string(), "(m,n),(n,3)->(m,3),()");
        assert_eq!(GufuncSignature::parse("->").unwrap().to_string(), "->");
    }

    #[test]
    fn errors_name_the_position() {
        for (text, message) in [
            ("(m)", "expected `->` at position 3"),
            (
                "(m,)->()",
                "expected the name of a dimension or a size above 0 at position 3",
            ),
            (
                "(0)->()",
                "expected the name of a dimension or a size above 0 at position 1",
            ),
            ("(m n)->()", "expected `,` or `)` at position 3"),
            ("(m),->()", "expected `(` at position 4"),
            (
                "(m)->() x",
                "expected `,` or the end of the signature at position 8",
            ),
            (
                "(é)->()",
                "expected the name of a dimension or a size above 0 at position 1",
            ),
        ] {
            assert_eq!(
                GufuncSignature::parse(text).unwrap_err().to_string(),
                message,
                "{text}"
            );
        }
    }
}
