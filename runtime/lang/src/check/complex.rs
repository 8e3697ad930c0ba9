//! The rules for complex numbers: their operators, methods, associated functions, literals and
//! patterns. A value is a tuple of two parts, `re` first. What is more than one operation is
//! a function of `library/complex.rs`. As in rustc, a generic function has only the methods
//! that num-complex gives for every number.

use crate::ast::{self, BinaryOp};
use crate::check::function::{Check, Checker, Expect};
use crate::check::operators::Outcome;
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Bounds, Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;
use crate::suggest;

/// A type in a method's signature.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The complex number's own type.
    Own,
    /// The type of its parts.
    Real,
    /// Both parts.
    Pair,
    Fixed(Scalar),
}

use Part::{Fixed, Own, Pair, Real};

/// A method or associated function.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    receiver: bool,
    params: &'static [Part],
    result: Part,
    /// Whether `Complex<T>` has it.
    generic: bool,
}

const fn method(
    name: &'static str,
    params: &'static [Part],
    result: Part,
    generic: bool,
) -> Method {
    Method {
        name,
        receiver: true,
        params,
        result,
        generic,
    }
}

const BOOL: Part = Fixed(Scalar::Bool);

/// Those of `library/complex.rs`.
pub(crate) const METHODS: &[Method] = &[
    method("acos", &[], Own, false),
    method("acosh", &[], Own, false),
    method("arg", &[], Real, false),
    method("asin", &[], Own, false),
    method("asinh", &[], Own, false),
    method("atan", &[], Own, false),
    method("atanh", &[], Own, false),
    method("cbrt", &[], Own, false),
    method("conj", &[], Own, true),
    method("cos", &[], Own, false),
    method("cosh", &[], Own, false),
    method("exp", &[], Own, false),
    method("exp2", &[], Own, false),
    method("expf", &[Real], Own, false),
    method("fdiv", &[Own], Own, false),
    method("finv", &[], Own, false),
    method("inv", &[], Own, true),
    method("is_finite", &[], BOOL, false),
    method("is_infinite", &[], BOOL, false),
    method("is_nan", &[], BOOL, false),
    method("is_normal", &[], BOOL, false),
    method("l1_norm", &[], Real, false),
    method("ln", &[], Own, false),
    method("log", &[Real], Own, false),
    method("log10", &[], Own, false),
    method("log2", &[], Own, false),
    method("norm", &[], Real, false),
    method("norm_sqr", &[], Real, true),
    method("powc", &[Own], Own, false),
    method("powf", &[Real], Own, false),
    method("powi", &[Fixed(Scalar::I32)], Own, true),
    method("powu", &[Fixed(Scalar::U32)], Own, true),
    method("scale", &[Real], Own, true),
    method("sin", &[], Own, false),
    method("sinh", &[], Own, false),
    method("sqrt", &[], Own, false),
    method("tan", &[], Own, false),
    method("tanh", &[], Own, false),
    method("to_polar", &[], Pair, false),
    method("unscale", &[Real], Own, true),
    Method {
        name: "from_polar",
        receiver: false,
        params: &[Real, Real],
        result: Own,
        generic: false,
    },
    Method {
        name: "cis",
        receiver: false,
        params: &[Real],
        result: Own,
        generic: false,
    },
];

/// Whether the path's name is that of a complex type.
pub(super) fn is_complex(name: &str) -> bool {
    matches!(name, "Complex" | "Complex32" | "Complex64")
}

impl<'a> Checker<'_, 'a> {
    /// The type of the parts that a path's first name means.
    pub(super) fn complex_part(&mut self, name: &ast::Ident, args: &'a [ast::TypeExpr]) -> Ty {
        match (name.name.as_str(), args) {
            ("Complex32", _) => Ty::Scalar(Scalar::F32),
            ("Complex64", _) => Ty::Scalar(Scalar::F64),
            (_, [part]) => self.written(part),
            _ => {
                let part = self.table.fresh(VarKind::General);
                self.checks.push(Check::Bound(
                    part.clone(),
                    Bounds::of(&[brolga_abi::Bound::Float]),
                    "the parts of a complex number".to_string(),
                    name.span,
                ));
                part
            }
        }
    }

    /// `Complex::name(args)`.
    pub(super) fn complex_call(
        &mut self,
        part: Ty,
        name: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let own = Ty::Complex(Box::new(part.clone()));
        let what = format!("function `Complex::{}`", name.name);
        match name.name.as_str() {
            "new" => {
                let params = [part.clone(), part];
                return match self.arguments(args, &params, span, &what) {
                    Some(parts) => Expr {
                        ty: own,
                        span,
                        kind: Kind::Tuple(parts),
                    },
                    None => self.error(span),
                };
            }
            "i" | "zero" | "one" | "from_i32" => {
                let (method, params): (&'static str, &[Ty]) = match name.name.as_str() {
                    "i" => ("i", &[]),
                    "zero" => ("zero", &[]),
                    "one" => ("one", &[]),
                    _ => ("from_i32", &[Ty::Scalar(Scalar::I32)]),
                };
                return match self.arguments(args, params, span, &what) {
                    Some(args) => Expr {
                        ty: own.clone(),
                        span,
                        kind: Kind::Method(method, own, args, name.span),
                    },
                    None => self.error(span),
                };
            }
            "from" => {
                let [arg] = args else {
                    self.arguments(args, &[part], span, &what);
                    return self.error(span);
                };
                let value = self.expr(arg, &Expect::Nothing);
                let value = Expr {
                    ty: self.peeled(&value.ty),
                    ..value
                };
                if let Ty::Complex(_) = value.ty {
                    self.coerce(&value, &own);
                    return value;
                }
                self.coerce(&value, &part);
                return Expr {
                    ty: own.clone(),
                    span,
                    kind: Kind::Method("from_real", own, vec![value], name.span),
                };
            }
            _ => {}
        }
        let Some(found) = METHODS.iter().find(|m| m.name == name.name) else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.no_complex_member(&own, name, "function or associated item");
        };
        let mut params = Vec::new();
        if found.receiver {
            // num-complex takes some receivers by reference.
            let by_reference = found.generic || found.name == "l1_norm";
            params.push(if by_reference {
                own.clone().reference(false)
            } else {
                own.clone()
            });
        }
        params.extend(found.params.iter().map(|p| p.ty(&part)));
        match self.arguments(args, &params, span, &what) {
            Some(args) => self.complex_function(found, part, args, name, span),
            None => self.error(span),
        }
    }

    /// `z.name(args)`.
    pub(crate) fn complex_method(
        &mut self,
        value: Expr,
        part: Ty,
        name: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let own = Ty::Complex(Box::new(part.clone()));
        let found = METHODS.iter().find(|m| m.receiver && m.name == name.name);
        let Some(found) = found else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.no_complex_member(&own, name, "method");
        };
        let params: Vec<Ty> = found.params.iter().map(|p| p.ty(&part)).collect();
        let what = format!("method `{}`", name.name);
        match self.arguments(args, &params, span, &what) {
            Some(mut rest) => {
                rest.insert(0, value);
                self.complex_function(found, part, rest, name, span)
            }
            None => Expr {
                ty: found.result.ty(&part),
                span,
                kind: Kind::Error,
            },
        }
    }

    /// A call of the library's function.
    fn complex_function(
        &mut self,
        found: &Method,
        part: Ty,
        args: Vec<Expr>,
        name: &ast::Ident,
        span: Span,
    ) -> Expr {
        let ty = found.result.ty(&part);
        let known = self.known(&part);
        if matches!(known, Ty::Param(_)) && !found.generic && !self.library() {
            let shown = self.show(&Ty::Complex(Box::new(part)));
            return self.fail(
                Diagnostic::new(
                    "E0599",
                    name.span,
                    format!("no method named `{}` found for type `{shown}`", name.name),
                )
                .label("num-complex has it for `Complex<f32>` and `Complex<f64>` only")
                .help("make the function take one of these types, or compute it from `z.re` and `z.im`"),
            );
        }
        self.checks.push(Check::Bound(
            part.clone(),
            Bounds::of(&[brolga_abi::Bound::Float]),
            "the parts of a complex number".to_string(),
            span,
        ));
        match self.session.library_function(found.name) {
            Some(function) => Expr {
                ty,
                span,
                kind: Kind::Call(function, vec![part], args),
            },
            None => self.error(span),
        }
    }

    /// Whether the place is the part of a complex number that is an element, or behind a
    /// mutable reference, which may be one.
    pub(super) fn is_part_of_element(&mut self, e: &Expr) -> bool {
        let Kind::Member(whole, _) = &e.kind else {
            return false;
        };
        matches!(self.peeled(&whole.ty), Ty::Complex(_))
            && match &whole.kind {
                Kind::Index(..) => true,
                Kind::Local(local) => {
                    let ty = self.locals[*local].ty.clone();
                    matches!(self.known(&ty), Ty::Ref(true, _))
                }
                _ => false,
            }
    }

    /// Whether this is a body of the library.
    fn library(&self) -> bool {
        self.path.starts_with("complex::")
    }

    fn no_complex_member(&mut self, own: &Ty, name: &ast::Ident, what: &str) -> Expr {
        let shown = self.show(own);
        let error = Diagnostic::new(
            "E0599",
            name.span,
            format!("no {what} named `{}` found for type `{shown}`", name.name),
        )
        .label(format!("not found in `{shown}`"));
        let names = METHODS.iter().map(|m| m.name).chain(["new", "i", "from"]);
        let help = match name.name.as_str() {
            "abs" => "the magnitude is `z.norm()`".to_string(),
            "mul_add" => "write `z * w + v`".to_string(),
            "re" | "im" => format!("it is a field: `z.{}`", name.name),
            other => match suggest::nearest(other, names) {
                Some(near) => format!("there is `{near}`"),
                None => "compute it from `z.re` and `z.im`".to_string(),
            },
        };
        self.fail(error.help(help))
    }

    /// `Complex { re: a, im: b }`.
    pub(super) fn complex_literal(
        &mut self,
        path: &'a ast::Path,
        fields: &'a [(ast::Ident, ast::Expr)],
        base: Option<&'a ast::Expr>,
        span: Span,
    ) -> Expr {
        let (first, args) = (&path.segments[0], path.type_args.as_slice());
        let part = self.complex_part(first, args);
        let own = Ty::Complex(Box::new(part.clone()));
        let mut given: [Option<Expr>; 2] = [None, None];
        let mut order = Vec::new();
        for (name, value) in fields {
            let value = self.demand(value, &part);
            match ["re", "im"].iter().position(|f| *f == name.name) {
                Some(n) if given[n].is_none() => {
                    given[n] = Some(value);
                    order.push(n);
                }
                Some(_) => self.report(Diagnostic::new(
                    "E0062",
                    name.span,
                    format!("field `{}` specified more than once", name.name),
                )),
                None => self.report(
                    Diagnostic::new(
                        "E0560",
                        name.span,
                        format!("struct `Complex` has no field named `{}`", name.name),
                    )
                    .help("its fields are `re` and `im`"),
                ),
            }
        }
        let base = base.map(|base| self.demand(base, &own));
        if let Some(base) = base {
            return self.fail(
                Diagnostic::new(
                    "B0402",
                    base.span,
                    "`..` in a complex number is not possible",
                )
                .help("write both parts: `Complex { re: a, im: z.im }`"),
            );
        }
        let [Some(re), Some(im)] = given else {
            return self.fail(
                Diagnostic::new("E0063", span, "missing field in initializer of `Complex`")
                    .help("give both: `Complex { re: a, im: b }`"),
            );
        };
        // Fields are evaluated as they are written.
        if order == [1, 0] {
            let kind = Kind::Method("swapped", own.clone(), vec![im, re], span);
            return Expr {
                ty: own,
                span,
                kind,
            };
        }
        Expr {
            ty: own,
            span,
            kind: Kind::Tuple(vec![re, im]),
        }
    }

    /// The result of an operator where one side is complex; `None` where none is.
    pub(super) fn complex_operation(
        &mut self,
        op: BinaryOp,
        lhs: &Ty,
        rhs: &Ty,
    ) -> Option<Outcome> {
        let arithmetic = matches!(
            op,
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem
        );
        let real = |c: &mut Self, ty: &Ty, part: &Ty, first: bool| match ty {
            Ty::Error => Some(Outcome::Gives(Ty::Error)),
            Ty::Never => None,
            Ty::Var(v) if matches!(c.table.kind(*v), VarKind::General | VarKind::Diverging) => {
                Some(Outcome::Waits)
            }
            // As in rustc: which of the number types is meant must be known on one side.
            Ty::Var(_) if first && matches!(c.known(part), Ty::Var(_)) => Some(Outcome::Waits),
            // `T * Complex<T>` exists for the number types only.
            Ty::Param(_) if first => Some(Outcome::Refused),
            _ if first && matches!(c.known(part), Ty::Param(_)) => Some(Outcome::Refused),
            Ty::Scalar(_) | Ty::Var(_) | Ty::Param(_) => {
                if c.table.unify(part, ty) {
                    Some(Outcome::Gives(Ty::Complex(Box::new(part.clone()))))
                } else {
                    Some(Outcome::Refused)
                }
            }
            _ => Some(Outcome::Refused),
        };
        match (lhs, rhs) {
            (Ty::Complex(_), _) | (_, Ty::Complex(_)) if !arithmetic => Some(Outcome::Refused),
            (Ty::Complex(a), Ty::Complex(b)) => Some(if self.table.unify(a, b) {
                Outcome::Gives(lhs.clone())
            } else {
                Outcome::Mismatch(lhs.clone())
            }),
            (Ty::Complex(part), other) => real(self, other, part, false),
            (other, Ty::Complex(part)) => real(self, other, part, true),
            _ => None,
        }
    }
}

impl Part {
    fn ty(self, part: &Ty) -> Ty {
        match self {
            Own => Ty::Complex(Box::new(part.clone())),
            Real => part.clone(),
            Pair => Ty::Tuple(vec![part.clone(), part.clone()]),
            Fixed(scalar) => Ty::Scalar(scalar),
        }
    }
}
