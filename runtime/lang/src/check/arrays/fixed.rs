//! The rules for arrays of a fixed length: literals, an element, methods, patterns.

use super::ArrayOp;
use crate::ast::{self, ExprKind};
use crate::check::calls::supplied;
use crate::check::function::{Check, Checker, Expect};
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};

/// The methods of arrays of a fixed length.
pub(crate) const NAMES: &[&str] = &[
    "clone", "contains", "fill", "first", "get", "is_empty", "last", "len", "map", "reverse",
    "swap",
];

/// The longest array that a pattern takes apart.
const MAX_PATTERN: u32 = 256;

impl<'a> Checker<'_, 'a> {
    /// `[a, b, c]`.
    pub(crate) fn array_list(
        &mut self,
        members: &'a [ast::Expr],
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let hint = self.element_hint(expect);
        let mut merge = self.merge(&hint);
        let mut list = Vec::new();
        for member in members {
            let wanted = match (&merge.expected, self.table.shallow(&merge.ty)) {
                (None, Ty::Never) => Expect::Nothing,
                (None, known) => Expect::Has(known),
                (Some(_), _) => self.branch(&merge),
            };
            let e = self.expr(member, &wanted);
            self.join(&mut merge, &e, "the elements of an array");
            list.push(e);
        }
        let element = match self.table.shallow(&merge.ty) {
            Ty::Never if list.is_empty() => match hint {
                Expect::Has(ty) => ty,
                _ => self.table.fresh(VarKind::General),
            },
            ty => ty,
        };
        self.array_value(element, list.len() as u64, ArrayOp::List, list, span)
    }

    /// `[x; n]`.
    pub(crate) fn array_repeat(
        &mut self,
        value: &'a ast::Expr,
        length: &'a ast::Expr,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let hint = self.element_hint(expect);
        let value = match &hint {
            Expect::Has(ty) => self.demand(value, &ty.clone()),
            _ => self.expr(value, &Expect::Nothing),
        };
        self.session.here = self.item_scope();
        let Some(length) = self.session.array_length(length) else {
            return self.error(span);
        };
        let element = match hint {
            Expect::Has(ty) => ty,
            _ => value.ty.clone(),
        };
        self.array_value(
            element,
            u64::from(length),
            ArrayOp::Repeat,
            vec![value],
            span,
        )
    }

    fn element_hint(&mut self, expect: &Expect) -> Expect {
        match expect {
            Expect::Has(ty) => match self.table.shallow(ty) {
                Ty::Array(element, _) => Expect::Has(*element),
                _ => Expect::Nothing,
            },
            _ => Expect::Nothing,
        }
    }

    fn array_value(
        &mut self,
        element: Ty,
        length: u64,
        op: ArrayOp,
        list: Vec<Expr>,
        span: Span,
    ) -> Expr {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        // The size is checked now where it can be, so that no later walk meets the elements
        // of an endless array.
        let known = self.table.resolve(&element);
        let shown = self.show(&known);
        if let Some(error) = super::refused_array(&known, length, &shown, span) {
            return self.fail(error);
        }
        self.checks
            .push(Check::Elements(element.clone(), length, span));
        Expr {
            ty: Ty::Array(Box::new(element), length),
            span,
            kind: Kind::Array(op, list),
        }
    }

    /// Reports what is wrong with the type of an array's elements, once it is known.
    pub(crate) fn check_elements(&mut self, element: &Ty, length: u32, span: Span) {
        let element = self.table.resolve(element);
        let shown = self.show(&element);
        let reported = self.session.errors.iter().any(|e| e.span == span);
        if let (Some(error), false) = (
            super::refused_array(&element, length, &shown, span),
            reported,
        ) {
            self.report(error);
        }
    }

    /// `a[i]` of an array of this element type.
    pub(crate) fn element(
        &mut self,
        array: Expr,
        element: Ty,
        index: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let wrong = Expr {
            ty: element.clone(),
            span,
            kind: Kind::Error,
        };
        if let ExprKind::Range { start, end, .. } = &index.kind {
            for bound in start.iter().chain(end) {
                self.expr(bound, &Expect::Nothing);
            }
            let error = Diagnostic::new("B0504", span, "slices of an array are not supported")
                .help("loop over the indices: `for i in a..b { .. x[i] .. }`, or use a local array and `.slice(s![a..b])`");
            self.report(error);
            return Expr {
                ty: Ty::Error,
                ..wrong
            };
        }
        let value = self.expr(index, &Expect::Has(Ty::USIZE));
        if !self.agrees(&value.ty, &Ty::USIZE) {
            let (shown, found) = (self.show(&element), self.show(&value.ty));
            let help = match self.known(&value.ty) {
                Ty::Ref(..) => "dereference it: `*i`",
                Ty::Tuple(_) | Ty::Array(..) => "write one index after the other: `a[i][j]`",
                _ => "convert it: `i as usize`",
            };
            let error = Diagnostic::new(
                "E0277",
                value.span,
                format!("the type `[{shown}]` cannot be indexed by `{found}`"),
            )
            .label("expected `usize`")
            .help(help);
            self.report(error);
            return wrong;
        }
        Expr {
            ty: element,
            span,
            kind: Kind::Element(Box::new(array), Box::new(value)),
        }
    }

    /// A method of an array.
    pub(crate) fn array_method(
        &mut self,
        array: Expr,
        ty: &Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let Ty::Array(element, length) = ty else {
            return self.error(span);
        };
        let element = (**element).clone();
        let name = method.name.as_str();
        if name == "map" {
            return self.array_map(array, (element, *length), args, span);
        }
        let option = Ty::Option(Box::new(element.clone().reference(false)));
        let (op, params, result): (ArrayOp, Vec<Ty>, Ty) = match name {
            "len" => (ArrayOp::Length, Vec::new(), Ty::USIZE),
            "is_empty" => (ArrayOp::Length, Vec::new(), Ty::BOOL),
            "swap" => (ArrayOp::Swap, vec![Ty::USIZE, Ty::USIZE], Ty::UNIT),
            "fill" => (ArrayOp::Fill, vec![element], Ty::UNIT),
            "reverse" => (ArrayOp::Reverse, Vec::new(), Ty::UNIT),
            "contains" => (ArrayOp::Contains, vec![element.reference(false)], Ty::BOOL),
            "get" => (ArrayOp::Get, vec![Ty::USIZE], option),
            "first" => (ArrayOp::First, Vec::new(), option),
            "last" => (ArrayOp::Last, Vec::new(), option),
            _ => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                return self.no_array_method(ty, method);
            }
        };
        let Some(rest) = self.arguments(args, &params, span, &format!("method `{name}`")) else {
            return Expr {
                ty: result,
                span,
                kind: Kind::Error,
            };
        };
        if !op.written(std::slice::from_ref(&array)).is_empty() {
            self.demand_mutable(&array, span);
        }
        let mut operands = vec![array];
        operands.extend(rest);
        let made = |ty, kind| Expr { ty, span, kind };
        let whole = Kind::Array(op, operands);
        if name == "is_empty" {
            let length = made(Ty::USIZE, whole);
            let zero = made(Ty::USIZE, Kind::Int(0));
            return made(
                Ty::BOOL,
                Kind::Binary(ast::BinaryOp::Eq, Box::new(length), Box::new(zero)),
            );
        }
        made(result, whole)
    }

    fn no_array_method(&mut self, ty: &Ty, method: &ast::Ident) -> Expr {
        let shown = self.show(ty);
        let error = Diagnostic::new(
            "E0599",
            method.span,
            format!(
                "no method named `{}` found for array `{shown}`",
                method.name
            ),
        )
        .label("method not found");
        let error = match method.name.as_str() {
            "sum" | "product" | "iter" | "iter_mut" | "into_iter" | "map" => {
                error.help("loop over the indices: `for i in 0..a.len() { .. a[i] .. }`")
            }
            "sort" | "sort_by" | "sort_unstable" | "binary_search" | "as_slice" | "chunks"
            | "windows" | "split_at" | "concat" | "to_vec" | "rotate_left" | "rotate_right" => {
                error.help("the language has no slices: write the loop")
            }
            name => match crate::suggest::nearest(name, NAMES.iter().copied()) {
                Some(near) => error.help(format!("there is `{near}`")),
                None => error.help(format!("the methods of arrays are: {}", NAMES.join(", "))),
            },
        };
        self.fail(error)
    }

    /// `std::mem::swap(&mut a, &mut b)`.
    pub(crate) fn exchange(&mut self, args: &'a [ast::Expr], span: Span) -> Expr {
        let mut places = Vec::new();
        for arg in args {
            let place = match &arg.kind {
                ExprKind::Reference {
                    mutable: true,
                    inner,
                } => {
                    let place = self.place(inner);
                    self.demand_mutable(&place, inner.span);
                    place
                }
                _ => {
                    let value = self.place(arg);
                    match self.known(&value.ty) {
                        Ty::Ref(true, inner) => Expr {
                            ty: *inner,
                            ..value
                        },
                        Ty::Error => return self.error(span),
                        other => {
                            let shown = self.show(&other);
                            return self.fail(
                                Diagnostic::new("E0308", arg.span, "mismatched types")
                                    .label(format!("expected `&mut _`, found `{shown}`"))
                                    .help("write `std::mem::swap(&mut a, &mut b)`"),
                            );
                        }
                    }
                }
            };
            places.push(place);
        }
        if places.len() != 2 {
            return self.fail(Diagnostic::new(
                "E0061",
                span,
                supplied("function `swap`", 2, places.len()),
            ));
        }
        let wanted = places[0].ty.clone();
        self.coerce(&places[1], &wanted);
        if !places.iter().all(|place| self.assignable(place)) {
            return self.error(span);
        }
        Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::Array(ArrayOp::Exchange, places),
        }
    }

    /// Demands that what a method changes may be changed: the variable behind the place is
    /// `mut`, or a mutable reference or view.
    pub(crate) fn demand_mutable(&mut self, place: &Expr, span: Span) {
        let mut root = place;
        while let Kind::Member(inner, _) | Kind::Element(inner, _) = &root.kind {
            root = inner;
        }
        match root.kind {
            Kind::Local(local) => {
                let declared = self.locals[local].clone();
                let name = declared.name;
                let error = match self.table.shallow(&declared.ty) {
                    Ty::Ref(true, inner) => match self.table.shallow(&inner) {
                        Ty::View { mutable: false, .. } => self.immutable_view(&name, span),
                        _ => return,
                    },
                    Ty::Ref(false, _) => Diagnostic::new(
                        "E0596",
                        span,
                        format!(
                            "cannot borrow `*{name}` as mutable, as it is behind a `&` reference"
                        ),
                    )
                    .help("make it a `&mut` reference"),
                    Ty::View { mutable: false, .. } if std::ptr::eq(root, place) => {
                        self.immutable_view(&name, span)
                    }
                    _ if declared.mutable => return,
                    _ => Diagnostic::new(
                        "E0596",
                        span,
                        format!(
                            "cannot borrow `{name}` as mutable, as it is not declared as mutable"
                        ),
                    )
                    .label("cannot borrow as mutable")
                    .related(declared.span, "declared here")
                    .help(format!("declare it as `mut {name}`")),
                };
                self.report(error);
            }
            Kind::Const(_) | Kind::Error => {}
            _ => {
                if let Ty::View { mutable: false, .. } = self.peeled(&place.ty) {
                    let error =
                        Diagnostic::new("E0596", span, "cannot borrow an `ArrayView` as mutable")
                            .label("its elements cannot be written")
                            .help("take the part with `_mut`: `row_mut`, `slice_mut`, `view_mut`");
                    self.report(error);
                }
            }
        }
    }

    fn immutable_view(&self, name: &str, span: Span) -> Diagnostic {
        Diagnostic::new(
            "E0596",
            span,
            format!("cannot borrow `{name}` as mutable, as it is an `ArrayView`"),
        )
        .label("its elements cannot be written")
        .help("make it an `ArrayViewMut`, or take the part with `_mut`: `row_mut`, `slice_mut`")
    }

    /// How many members `[a, .., b]` has for an array of this type, and their type; reports
    /// what does not fit.
    pub(crate) fn slice_pattern(
        &mut self,
        ty: &Ty,
        given: usize,
        rest: bool,
        span: Span,
    ) -> Option<(Ty, usize)> {
        let error = match ty {
            Ty::Array(_, n) if *n > MAX_PATTERN => Diagnostic::new(
                "B0505",
                span,
                format!("array patterns are possible for at most {MAX_PATTERN} elements"),
            )
            .help("read the elements by index"),
            Ty::Array(element, n) => {
                let n = *n as usize;
                if n == given || (rest && n > given) {
                    return Some(((**element).clone(), n));
                }
                let (code, needs) = if rest {
                    ("E0528", "at least ")
                } else {
                    ("E0527", "")
                };
                Diagnostic::new(
                    code,
                    span,
                    format!(
                        "pattern requires {needs}{given} element{} but array has {n}",
                        if given == 1 { "" } else { "s" }
                    ),
                )
                .label(format!(
                    "expected {n} element{}",
                    if n == 1 { "" } else { "s" }
                ))
            }
            Ty::Error => return None,
            Ty::Var(_) => {
                self.ambiguous(span, "what is matched");
                return None;
            }
            other => {
                let shown = self.show(other);
                Diagnostic::new(
                    "E0529",
                    span,
                    format!("expected an array or slice, found `{shown}`"),
                )
                .label("only arrays of a fixed length have such patterns")
            }
        };
        self.report(error);
        None
    }
}
