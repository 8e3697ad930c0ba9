//! The lengths of array types: constant expressions of `usize` over literals and constants
//! of the file. They are evaluated on the syntax tree, because a signature needs its types
//! before anything is checked. The constants themselves are checked as all others are.
//! Invariant: no overflow passes unnoticed, and cycles end.

use crate::ast::{self, BinaryOp, ExprKind, TypeExpr, TypeKind, UnaryOp};
use crate::check::lower::build;
use crate::check::modules::Failure;
use crate::check::session::{Item, ScopeIndex, Session};
use crate::check::ty::{Param, Ty, VarKind, show};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// How many constants may need each other.
const MAX_CHAIN: usize = 100;

impl<'a> Session<'a> {
    /// `[T; n]`.
    pub(crate) fn array_type(
        &mut self,
        element: &TypeExpr,
        length: &ast::Expr,
        params: &[Param],
        fresh: Option<&mut dyn FnMut(VarKind) -> Ty>,
    ) -> Ty {
        let inner = self.lower_type(element, params, fresh);
        let Some(length) = self.array_length(length) else {
            return Ty::Error;
        };
        let shown = show(&inner, params, &|_| "_");
        if let Some(error) = super::refused_array(&inner, length, &shown, element.span) {
            self.report(error);
            return Ty::Error;
        }
        Ty::Array(Box::new(inner), length)
    }

    /// `Array1<T>` and so on.
    pub(crate) fn owned_type(
        &mut self,
        element: &TypeExpr,
        ndim: u8,
        params: &[Param],
        fresh: Option<&mut dyn FnMut(VarKind) -> Ty>,
    ) -> Ty {
        let inner = self.lower_type(element, params, fresh);
        if !super::owned::is_element(&inner) {
            self.report(
                Diagnostic::new(
                    "B0207",
                    element.span,
                    "the elements of local arrays are numbers, complex numbers or `bool`",
                )
                .help("use one array for each part"),
            );
            return Ty::Error;
        }
        Ty::Owned {
            element: Box::new(inner),
            ndim,
        }
    }

    /// The value of a length; `None` after an error.
    pub(crate) fn array_length(&mut self, length: &ast::Expr) -> Option<u32> {
        let scope = self.here;
        let value = match self.length_value(length, Scalar::Usize, scope, 0) {
            Ok(value) => value,
            Err(error) => {
                self.report(error);
                return None;
            }
        };
        // Larger than any array can be; the exact size is refused with the array's type.
        Some(u32::try_from(value).unwrap_or(u32::MAX))
    }

    fn length_value(
        &self,
        e: &ast::Expr,
        wanted: Scalar,
        scope: ScopeIndex,
        chain: usize,
    ) -> Result<i128, Diagnostic> {
        let mismatch = |found: &str, span: Span| {
            Diagnostic::new("E0308", span, "mismatched types")
                .label(format!("expected `{}`, found `{found}`", wanted.name()))
        };
        let value = match &e.kind {
            ExprKind::Int(value, suffix) => {
                if let Some(suffix) = suffix.filter(|s| *s != wanted) {
                    return Err(mismatch(suffix.name(), e.span));
                }
                i128::try_from(*value).unwrap_or(i128::MAX)
            }
            ExprKind::Block(None, block)
                if block.statements.is_empty() && block.value.is_some() =>
            {
                match &block.value {
                    Some(value) => return self.length_value(value, wanted, scope, chain),
                    None => 0,
                }
            }
            ExprKind::Unary(UnaryOp::Neg, inner) if wanted.is_signed() => {
                -self.length_value(inner, wanted, scope, chain)?
            }
            ExprKind::Cast(inner, ty) => {
                let TypeKind::Scalar(to) = ty.kind else {
                    return Err(unsupported(e.span));
                };
                if to != wanted {
                    return Err(mismatch(to.name(), e.span));
                }
                let from = self.length_type(inner, scope).unwrap_or(wanted);
                let value = self.length_value(inner, from, scope, chain)?;
                if !from.is_integer() {
                    return Err(unsupported(e.span));
                }
                let bits = build::int(to, value);
                match bits.kind {
                    crate::ir::ExprKind::Const(bits) => crate::check::constant::integer(to, bits),
                    _ => value,
                }
            }
            ExprKind::Path(path) => {
                if let [ty, limit] = path.segments.as_slice()
                    && ty.name == wanted.name()
                {
                    return match limit.name.as_str() {
                        "MAX" => Ok(build::range(wanted).1),
                        "MIN" => Ok(build::range(wanted).0),
                        "BITS" => Err(mismatch("u32", e.span)),
                        _ => Err(unsupported(e.span)),
                    };
                }
                let Some(name) = path.segments.last() else {
                    return Err(unsupported(e.span));
                };
                let found = match self.length_constant(scope, &path.segments) {
                    Ok(found) => found,
                    Err(failure) if path.segments.len() > 1 => {
                        // A constant of a type has its value too late.
                        let own = self.resolve(scope, &path.segments[..path.segments.len() - 1]);
                        let owned = own.is_ok_and(|found| found.ty.is_some());
                        return Err(match owned || name.name == "Self" {
                            true => unsupported(e.span),
                            false => self.path_error(scope, &path.segments, &failure, false),
                        });
                    }
                    Err(_) => None,
                };
                let Some((constant, inside)) = found else {
                    return Err(Diagnostic::new(
                        "E0435",
                        name.span,
                        "attempt to use a non-constant value in a constant",
                    )
                    .label("not a constant of this file")
                    .help(format!(
                        "declare it: `const {}: usize = ..;`, or use a local array, whose length may vary: `Array1::<f64>::zeros(n)`",
                        name.name.to_uppercase()
                    )));
                };
                match constant.ty.kind {
                    TypeKind::Scalar(s) if s == wanted => {}
                    TypeKind::Scalar(s) => return Err(mismatch(s.name(), e.span)),
                    _ => return Err(unsupported(e.span)),
                }
                if chain == MAX_CHAIN {
                    return Err(Diagnostic::new(
                        "E0391",
                        constant.name.span,
                        format!(
                            "cycle detected when evaluating the constant `{}`",
                            constant.name.name
                        ),
                    )
                    .label("its value needs itself, or too many others"));
                }
                return self.length_value(&constant.value, wanted, inside, chain + 1);
            }
            ExprKind::Binary(op, _, a, b) => {
                let a = self.length_value(a, wanted, scope, chain)?;
                let shift = matches!(op, BinaryOp::Shl | BinaryOp::Shr);
                let right = match (shift, self.length_type(b, scope)) {
                    (true, Some(own)) => own,
                    (true, None) => Scalar::I32,
                    (false, _) => wanted,
                };
                let b = self.length_value(b, right, scope, chain)?;
                let failed = |text: &str| {
                    Diagnostic::new(
                        "E0080",
                        e.span,
                        format!("evaluation of constant failed: {text}"),
                    )
                };
                match op {
                    BinaryOp::Add => a + b,
                    BinaryOp::Sub if a < b && !wanted.is_signed() => {
                        return Err(failed("attempt to subtract with overflow"));
                    }
                    BinaryOp::Sub => a - b,
                    BinaryOp::Mul => a.saturating_mul(b),
                    BinaryOp::Div if b == 0 => return Err(failed("attempt to divide by zero")),
                    BinaryOp::Div => a / b,
                    BinaryOp::Rem if b == 0 => {
                        return Err(failed(
                            "attempt to calculate the remainder with a divisor of zero",
                        ));
                    }
                    BinaryOp::Rem => a % b,
                    BinaryOp::BitAnd => a & b,
                    BinaryOp::BitOr => a | b,
                    BinaryOp::BitXor => a ^ b,
                    BinaryOp::Shl | BinaryOp::Shr
                        if !(0..i128::from(wanted.bits())).contains(&b) =>
                    {
                        return Err(failed("attempt to shift with overflow"));
                    }
                    BinaryOp::Shl => match build::int(wanted, a << b).kind {
                        crate::ir::ExprKind::Const(bits) => {
                            crate::check::constant::integer(wanted, bits)
                        }
                        _ => 0,
                    },
                    BinaryOp::Shr => a >> b,
                    _ => return Err(unsupported(e.span)),
                }
            }
            _ => return Err(unsupported(e.span)),
        };
        let (min, max) = build::range(wanted);
        if !(min..=max).contains(&value) {
            return Err(Diagnostic::new(
                "E0080",
                e.span,
                "evaluation of constant failed: attempt to compute with overflow",
            ));
        }
        Ok(value)
    }

    /// The type of an operand that has one of its own.
    fn length_type(&self, e: &ast::Expr, scope: ScopeIndex) -> Option<Scalar> {
        match &e.kind {
            ExprKind::Int(_, suffix) => *suffix,
            ExprKind::Cast(_, ty) => match ty.kind {
                TypeKind::Scalar(s) => Some(s),
                _ => None,
            },
            ExprKind::Path(path) => match path.segments.as_slice() {
                [ty, _] if crate::check::session::scalar_named(&ty.name).is_some() => {
                    crate::check::session::scalar_named(&ty.name)
                }
                names => match self.length_constant(scope, names).ok()??.0.ty.kind {
                    TypeKind::Scalar(s) => Some(s),
                    _ => None,
                },
            },
            ExprKind::Binary(_, _, a, b) => self
                .length_type(a, scope)
                .or_else(|| self.length_type(b, scope)),
            ExprKind::Unary(_, inner) => self.length_type(inner, scope),
            _ => None,
        }
    }

    /// The constant that a path means, seen from `scope`, and where it stands.
    fn length_constant(
        &self,
        scope: ScopeIndex,
        path: &[ast::Ident],
    ) -> Result<Option<(&'a ast::Const, ScopeIndex)>, Failure> {
        let found = self.resolve(scope, path)?;
        Ok(match found.item {
            Some((Item::Const(number), _)) => {
                let constant = &self.consts[number];
                Some((constant.ast, constant.scope))
            }
            _ => None,
        })
    }
}

fn unsupported(span: Span) -> Diagnostic {
    Diagnostic::new(
        "B0503",
        span,
        "this is not possible in the length of an array",
    )
    .help("lengths are made of integers, constants, `+ - * / %` and shifts: `[f64; 2 * N + 1]`")
}
