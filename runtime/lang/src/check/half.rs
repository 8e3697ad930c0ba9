//! The rules for `f16` and `bf16`: conversions, tests, constants and comparisons. There is no
//! arithmetic: it would be that of `f32` with a rounding after each operation, which is to be
//! seen in the source.

use crate::ast::{self, Half};
use crate::check::function::{Checker, Expect};
use crate::check::tree::{Expr, Kind};
use crate::check::ty::Ty;
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;
use crate::suggest;

/// The methods without parameters, with their results.
pub(crate) const METHODS: &[(&str, Scalar)] = &[
    ("is_finite", Scalar::Bool),
    ("is_infinite", Scalar::Bool),
    ("is_nan", Scalar::Bool),
    ("is_normal", Scalar::Bool),
    ("is_sign_negative", Scalar::Bool),
    ("is_sign_positive", Scalar::Bool),
    ("to_bits", Scalar::U16),
    ("to_f32", Scalar::F32),
    ("to_f64", Scalar::F64),
];

/// The functions that make one, with their parameters.
pub(crate) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("from_bits", Scalar::U16),
    ("from_f32", Scalar::F32),
    ("from_f64", Scalar::F64),
];

/// The constants: the bits in `f16` and `bf16`.
pub(crate) const CONSTANTS: &[(&str, u16, u16)] = &[
    ("EPSILON", 0x1400, 0x3c00),
    ("INFINITY", 0x7c00, 0x7f80),
    ("MAX", 0x7bff, 0x7f7f),
    ("MIN", 0xfbff, 0xff7f),
    ("MIN_POSITIVE", 0x0400, 0x0080),
    ("NAN", 0x7e00, 0x7fc0),
    ("NEG_INFINITY", 0xfc00, 0xff80),
    ("NEG_ONE", 0xbc00, 0xbf80),
    ("NEG_ZERO", 0x8000, 0x8000),
    ("ONE", 0x3c00, 0x3f80),
    ("ZERO", 0x0000, 0x0000),
];

/// The type of this name.
pub(super) fn named(name: &str) -> Option<Half> {
    match name {
        "f16" => Some(Half::F16),
        "bf16" => Some(Half::Bf16),
        _ => None,
    }
}

impl<'a> Checker<'_, 'a> {
    /// `f16::MAX`.
    pub(super) fn half_constant(&mut self, half: Half, name: &ast::Ident, span: Span) -> Expr {
        match CONSTANTS.iter().find(|(n, ..)| *n == name.name) {
            Some((found, ..)) => Expr {
                ty: Ty::Half(half),
                span,
                kind: Kind::Method(found, Ty::Half(half), Vec::new(), span),
            },
            None => self.no_half_member(half, name, "associated constant"),
        }
    }

    /// `f16::from_f32(x)`.
    pub(super) fn half_call(
        &mut self,
        half: Half,
        name: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let own = Ty::Half(half);
        let made = FUNCTIONS.iter().find(|(n, _)| *n == name.name);
        let read = METHODS.iter().find(|(n, _)| *n == name.name);
        let (method, param, result) = match (made, read) {
            (Some((method, from)), _) => (*method, Ty::Scalar(*from), own.clone()),
            (_, Some((method, to))) => (*method, own.clone(), Ty::Scalar(*to)),
            _ => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                return self.no_half_member(half, name, "function or associated item");
            }
        };
        let what = format!("function `{}`", name.name);
        match self.arguments(args, &[param], span, &what) {
            Some(args) => Expr {
                ty: result,
                span,
                kind: Kind::Method(method, own, args, name.span),
            },
            None => self.error(span),
        }
    }

    /// `h.to_f32()`.
    pub(crate) fn half_method(
        &mut self,
        value: Expr,
        half: Half,
        name: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let Some((method, result)) = METHODS.iter().find(|(n, _)| *n == name.name) else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.no_half_member(half, name, "method");
        };
        let what = format!("method `{}`", name.name);
        match self.arguments(args, &[], span, &what) {
            Some(_) => Expr {
                ty: Ty::Scalar(*result),
                span,
                kind: Kind::Method(method, Ty::Half(half), vec![value], name.span),
            },
            None => self.error(span),
        }
    }

    fn no_half_member(&mut self, half: Half, name: &ast::Ident, what: &str) -> Expr {
        let shown = self.show(&Ty::Half(half));
        let names = METHODS
            .iter()
            .chain(FUNCTIONS)
            .map(|(n, _)| *n)
            .chain(CONSTANTS.iter().map(|(n, ..)| *n));
        let help = match suggest::nearest(&name.name, names) {
            Some(near) => format!("there is `{near}`"),
            None => arithmetic(half),
        };
        self.fail(
            Diagnostic::new(
                "E0599",
                name.span,
                format!("no {what} named `{}` found for type `{shown}`", name.name),
            )
            .label(format!("not found in `{shown}`"))
            .help(help),
        )
    }
}

/// What to write instead of arithmetic.
pub(crate) fn arithmetic(half: Half) -> String {
    let name = match half {
        Half::F16 => "f16",
        Half::Bf16 => "bf16",
    };
    format!("convert with `.to_f32()`, and back with `{name}::from_f32(..)`")
}

#[cfg(test)]
mod tests {
    #[test]
    fn constants_have_the_bits_of_half() {
        use half::{bf16, f16};
        macro_rules! agree {
            ($($name:ident)*) => {
                for (name, single, brain) in super::CONSTANTS {
                    let (a, b) = match *name {
                        $(stringify!($name) => (f16::$name.to_bits(), bf16::$name.to_bits()),)*
                        other => panic!("{other}"),
                    };
                    assert_eq!((*single, *brain), (a, b), "{name}");
                }
            };
        }
        agree! { EPSILON INFINITY MAX MIN MIN_POSITIVE NAN NEG_INFINITY NEG_ONE NEG_ZERO ONE ZERO }
    }
}
