//! The rules for operators: which operand types go together, what comes out. As in rustc,
//! two numbers of the same family decide each other's type at once, a type parameter knows
//! what its bound gives, and an operand of a wholly unknown type waits.

use brolga_abi::Bound;

use crate::ast::{self, BinaryOp, UnaryOp};
use crate::check::function::{Check, Checker, Expect, Pending};
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// What an operand is for the choice of an operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    Integer,
    Float,
    Bool,
    Param(u8),
    Unknown,
    Never,
    Error,
    Other,
}

/// How an operation went.
pub(crate) enum Outcome {
    /// The type of the result.
    Gives(Ty),
    /// The right operand has the wrong type for the left one: the wanted type.
    Mismatch(Ty),
    /// No such operation on these types.
    Refused,
    /// Not known yet.
    Waits,
}

fn is_shift(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Shl | BinaryOp::Shr)
}

fn is_bits(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Shl | BinaryOp::Shr
    )
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge
    )
}

/// The operator in source.
pub(crate) fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "^",
        BinaryOp::Shl => "<<",
        BinaryOp::Shr => ">>",
        BinaryOp::And => "&&",
        BinaryOp::Or => "||",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
    }
}

/// How often operations on types that are not known yet may be tried again in one body.
const MAX_TRIES: usize = 2_000_000;

impl<'a> Checker<'_, 'a> {
    fn class(&mut self, ty: &Ty) -> Class {
        match self.known(ty) {
            Ty::Scalar(Scalar::Bool) => Class::Bool,
            Ty::Scalar(s) if s.is_float() => Class::Float,
            Ty::Scalar(_) => Class::Integer,
            Ty::Param(n) => Class::Param(n),
            Ty::Var(v) => match self.table.kind(v) {
                VarKind::Integer => Class::Integer,
                VarKind::Float => Class::Float,
                VarKind::General | VarKind::Diverging => Class::Unknown,
            },
            Ty::Never => Class::Never,
            Ty::Error => Class::Error,
            Ty::Tuple(_)
            | Ty::View { .. }
            | Ty::Ref(..)
            | Ty::Adt(..)
            | Ty::Option(_)
            | Ty::Complex(_)
            | Ty::Half(_)
            | Ty::Array(..)
            | Ty::Owned { .. }
            | Ty::Closure(_) => Class::Other,
        }
    }

    fn has(&self, param: u8, bound: Bound) -> bool {
        self.params
            .get(usize::from(param))
            .is_some_and(|p| p.bounds.has(bound))
    }

    /// One layer of reference off.
    fn behind(&mut self, ty: &Ty) -> (Ty, bool) {
        match self.known(ty) {
            Ty::Ref(false, inner) => (self.known(&inner), true),
            other => (other, false),
        }
    }

    pub(crate) fn unary(
        &mut self,
        op: UnaryOp,
        inner: &'a ast::Expr,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        if op == UnaryOp::Deref {
            let value = self.place(inner);
            return match self.known(&value.ty) {
                Ty::Ref(_, ty) => Expr {
                    ty: *ty,
                    span,
                    kind: match value.kind {
                        Kind::Borrow(place) => place.kind,
                        kind => kind,
                    },
                },
                Ty::Error => self.error(span),
                Ty::Var(v) if self.class(&Ty::Var(v)) == Class::Unknown => {
                    self.ambiguous(value.span, "this expression")
                }
                other => {
                    let shown = self.show(&other);
                    self.fail(
                        Diagnostic::new(
                            "E0614",
                            span,
                            format!("type `{shown}` cannot be dereferenced"),
                        )
                        .label("not a reference")
                        .help("remove the `*`"),
                    )
                }
            };
        }
        let value = self.expr(inner, expect);
        if self.on_struct(&value.ty) {
            return self.struct_unary(op, value, span);
        }
        let (ty, _) = self.behind(&value.ty);
        let class = self.class(&ty);
        if op == UnaryOp::Not {
            let possible = match class {
                Class::Bool | Class::Integer | Class::Never => true,
                Class::Param(n) => self.has(n, Bound::Integer),
                _ => false,
            };
            return match class {
                Class::Error => self.error(span),
                Class::Unknown => self.ambiguous(value.span, "this operand"),
                _ if possible => Expr {
                    ty,
                    span,
                    kind: Kind::Not(Box::new(value)),
                },
                _ => self.no_unary("!", &ty, span),
            };
        }
        if let Ty::Complex(_) = ty {
            return Expr {
                ty,
                span,
                kind: Kind::Neg(Box::new(value)),
            };
        }
        match class {
            Class::Error => self.error(span),
            Class::Unknown => self.ambiguous(value.span, "this operand"),
            Class::Integer | Class::Float | Class::Never => {
                if let Ty::Scalar(s) = ty
                    && s.is_integer()
                    && !s.is_signed()
                {
                    return self.no_unary("-", &ty, span);
                }
                self.checks.push(Check::Negative(ty.clone(), span));
                Expr {
                    ty,
                    span,
                    kind: Kind::Neg(Box::new(value)),
                }
            }
            Class::Param(n) if self.has(n, Bound::Float) => Expr {
                ty,
                span,
                kind: Kind::Neg(Box::new(value)),
            },
            _ => self.no_unary("-", &ty, span),
        }
    }

    /// Reports that a prefix operator does not exist.
    pub(crate) fn no_unary(&mut self, op: &str, ty: &Ty, span: Span) -> Expr {
        let shown = self.show(ty);
        let mut error = Diagnostic::new(
            "E0600",
            span,
            format!("cannot apply unary operator `{op}` to type `{shown}`"),
        );
        error = match ty {
            Ty::Scalar(s) if s.is_integer() && op == "-" => {
                error.help("unsigned values cannot be negated; `x.wrapping_neg()` wraps")
            }
            Ty::Param(_) if op == "-" => {
                error.help("unsigned types have no negative values: write `T::zero() - x`, or bound the type by `Float`")
            }
            Ty::Param(_) => error.help("bound the type by `Integer`"),
            Ty::Adt(..) => {
                let name = if op == "-" { "Neg" } else { "Not" };
                error.help(format!("write `impl std::ops::{name} for {shown}`, or a method"))
            }
            _ => error,
        };
        self.fail(error)
    }

    pub(crate) fn reference(
        &mut self,
        mutable: bool,
        inner: &'a ast::Expr,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let hint = match expect {
            Expect::Has(ty) => match self.table.shallow(ty) {
                Ty::Ref(_, inner) => Expect::Has(*inner),
                _ => Expect::Nothing,
            },
            _ => Expect::Nothing,
        };
        let value = self.expr(inner, &hint);
        if !mutable {
            return Expr {
                ty: value.ty.reference(false),
                span,
                kind: value.kind,
            };
        }
        if self.is_part_of_element(&value) {
            return self.fail(
                Diagnostic::new(
                    "B0406",
                    span,
                    "a mutable reference to a part of a complex element is not supported",
                )
                .help("write the part itself: `a[i].re = ..`"),
            );
        }
        match self.known(&value.ty) {
            Ty::View { .. } => {
                if let Kind::Local(local) = value.kind {
                    self.borrow_mutably(local, span);
                }
                Expr {
                    ty: value.ty.reference(true),
                    span,
                    kind: value.kind,
                }
            }
            Ty::Error => self.error(span),
            _ => Expr {
                ty: value.ty.clone().reference(true),
                span,
                kind: Kind::Borrow(Box::new(value)),
            },
        }
    }

    /// Demands that a variable that holds a view may be borrowed mutably.
    pub(crate) fn borrow_mutably(&mut self, local: usize, span: Span) {
        let found = self.table.shallow(&self.locals[local].ty);
        let name = self.locals[local].name.clone();
        match found {
            Ty::View { .. } if !self.locals[local].mutable => {
                let declared = self.locals[local].span;
                self.report(
                    Diagnostic::new(
                        "E0596",
                        span,
                        format!(
                            "cannot borrow `{name}` as mutable, as it is not declared as mutable"
                        ),
                    )
                    .label("cannot borrow as mutable")
                    .related(declared, "declared here")
                    .help(format!("declare it as `mut {name}`")),
                );
            }
            Ty::Ref(false, _) => {
                self.report(
                    Diagnostic::new(
                        "E0596",
                        span,
                        format!(
                            "cannot borrow `*{name}` as mutable, as it is behind a `&` reference"
                        ),
                    )
                    .help("make the parameter a `&mut` reference"),
                );
            }
            _ => {}
        }
    }

    pub(crate) fn binary(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        lhs: &'a ast::Expr,
        rhs: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            let lhs = self.demand(lhs, &Ty::BOOL);
            let before = self.diverges;
            let rhs = self.demand(rhs, &Ty::BOOL);
            self.diverges = before;
            return Expr {
                ty: Ty::BOOL,
                span,
                kind: Kind::Lazy(op == BinaryOp::And, Box::new(lhs), Box::new(rhs)),
            };
        }
        let lhs = self.expr(lhs, &Expect::Nothing);
        let expect = self.operand_hint(op, &lhs.ty);
        let rhs = self.expr(rhs, &expect);
        if self.is_struct_operation(op, &lhs.ty, &rhs.ty) {
            return self.struct_binary(op, false, op_span, lhs, rhs, span);
        }
        let outcome = self.operation(op, &lhs.ty, &rhs.ty);
        let ty = self.conclude(outcome, op, op_span, &lhs, &rhs, span, false);
        Expr {
            ty,
            span,
            kind: Kind::Binary(op, Box::new(lhs), Box::new(rhs)),
        }
    }

    /// What the right operand is expected to be: a type parameter has one operation only.
    fn operand_hint(&mut self, op: BinaryOp, lhs: &Ty) -> Expect {
        let known = self.known(lhs);
        if let Some(ty) = self.struct_operand(op, false, &known) {
            return Expect::Has(ty);
        }
        match known {
            Ty::Param(_) if is_shift(op) => Expect::Has(Ty::U32),
            Ty::Param(_) if !is_comparison(op) => Expect::Has(known),
            _ => Expect::Nothing,
        }
    }

    pub(crate) fn compound(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        place: &'a ast::Expr,
        value: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let target = self.place(place);
        let expect = self.operand_hint(op, &target.ty);
        let value = self.expr(value, &expect);
        if let Ty::Adt(..) = self.known(&target.ty) {
            return self.struct_binary(op, true, op_span, target, value, span);
        }
        if let Ty::Ref(_, inner) = self.known(&target.ty)
            && *inner != Ty::Error
        {
            let shown = self.show(&target.ty);
            return self.fail(
                Diagnostic::new(
                    "E0368",
                    span,
                    format!(
                        "binary assignment operation `{}=` cannot be applied to type `{shown}`",
                        symbol(op)
                    ),
                )
                .help("dereference the left side: `*x`"),
            );
        }
        let outcome = self.operation(op, &target.ty, &value.ty);
        let outcome = match (self.peeled(&target.ty), self.peeled(&value.ty)) {
            (Ty::Complex(_) | Ty::Error, _) => outcome,
            (_, Ty::Complex(_)) => Outcome::Refused,
            _ => outcome,
        };
        self.conclude(outcome, op, op_span, &target, &value, span, true);
        if !self.assignable(&target) {
            return self.error(span);
        }
        let plain = !matches!(self.known(&value.ty), Ty::Ref(..))
            && !matches!(self.known(&target.ty), Ty::Param(_) | Ty::Complex(_));
        Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::Compound(op, Box::new(target), Box::new(value), plain),
        }
    }

    fn operation(&mut self, op: BinaryOp, lhs: &Ty, rhs: &Ty) -> Outcome {
        if is_comparison(op) {
            return self.comparison(op, lhs, rhs);
        }
        let (lhs, lhs_ref) = self.behind(lhs);
        let (rhs, rhs_ref) = self.behind(rhs);
        if let Some(outcome) = self.complex_operation(op, &lhs, &rhs) {
            return outcome;
        }
        match (self.class(&lhs), self.class(&rhs)) {
            (Class::Error, _) | (_, Class::Error) => Outcome::Gives(Ty::Error),
            (Class::Never, _) => Outcome::Gives(Ty::Never),
            (_, Class::Never) => Outcome::Gives(lhs),
            (Class::Param(n), class) => {
                if lhs_ref
                    || !self.has(
                        n,
                        if is_bits(op) {
                            Bound::Integer
                        } else {
                            Bound::Number
                        },
                    )
                {
                    return Outcome::Refused;
                }
                let wanted = if is_shift(op) { Ty::U32 } else { lhs.clone() };
                if class != Class::Unknown && (rhs_ref || !self.table.unify(&wanted, &rhs)) {
                    return Outcome::Mismatch(wanted);
                }
                self.table.unify(&wanted, &rhs);
                Outcome::Gives(lhs)
            }
            (Class::Unknown, _) | (_, Class::Unknown) => Outcome::Waits,
            (Class::Integer, Class::Integer) if is_shift(op) => Outcome::Gives(lhs),
            (Class::Integer, Class::Integer) => self.same(lhs, &rhs),
            (Class::Float, Class::Float) if !is_bits(op) => self.same(lhs, &rhs),
            (Class::Bool, Class::Bool) if is_bits(op) && !is_shift(op) => Outcome::Gives(lhs),
            _ => Outcome::Refused,
        }
    }

    fn same(&mut self, lhs: Ty, rhs: &Ty) -> Outcome {
        if self.table.unify(&lhs, rhs) {
            Outcome::Gives(lhs)
        } else {
            Outcome::Mismatch(lhs)
        }
    }

    fn comparison(&mut self, op: BinaryOp, lhs: &Ty, rhs: &Ty) -> Outcome {
        let (mut lhs, mut rhs) = (self.known(lhs), self.known(rhs));
        while let (Ty::Ref(_, a), Ty::Ref(_, b)) = (&lhs, &rhs) {
            (lhs, rhs) = (self.table.shallow(a), self.table.shallow(b));
        }
        let equality = matches!(op, BinaryOp::Eq | BinaryOp::Ne);
        let gives = |outcome| match outcome {
            Outcome::Gives(_) => Outcome::Gives(Ty::BOOL),
            other => other,
        };
        match (self.class(&lhs), self.class(&rhs)) {
            (Class::Error, _) | (_, Class::Error) | (Class::Never, _) | (_, Class::Never) => {
                Outcome::Gives(Ty::BOOL)
            }
            (Class::Param(n), class) => {
                let bound = if equality { Bound::Number } else { Bound::Real };
                if !self.has(n, bound) {
                    return Outcome::Refused;
                }
                if class != Class::Unknown && rhs != lhs {
                    return Outcome::Mismatch(lhs);
                }
                gives(self.same(lhs, &rhs))
            }
            (Class::Unknown, _) | (_, Class::Unknown) => Outcome::Waits,
            (Class::Integer, Class::Integer)
            | (Class::Float, Class::Float)
            | (Class::Bool, Class::Bool) => gives(self.same(lhs, &rhs)),
            (Class::Other, Class::Other) => match (&lhs, &rhs) {
                (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => {
                    for (a, b) in a.iter().zip(b) {
                        match self.comparison(op, a, b) {
                            Outcome::Gives(_) => {}
                            Outcome::Mismatch(_) => return Outcome::Mismatch(lhs),
                            other => return other,
                        }
                    }
                    Outcome::Gives(Ty::BOOL)
                }
                (Ty::Array(a, m), Ty::Array(b, n)) if m == n => self.comparison(op, a, b),
                (Ty::Tuple(_), Ty::Tuple(_)) => Outcome::Mismatch(lhs),
                (Ty::Option(a), Ty::Option(b)) => {
                    if !self.table.unify(a, b) {
                        return Outcome::Mismatch(lhs);
                    }
                    gives(self.comparison(op, a, b))
                }
                (Ty::Complex(_), Ty::Complex(_)) if equality => gives(self.same(lhs, &rhs)),
                (Ty::Half(a), Ty::Half(b)) if a == b => Outcome::Gives(Ty::BOOL),
                (Ty::Adt(m, _), Ty::Adt(n, _)) if m == n => {
                    let trait_ = if equality { "PartialEq" } else { "PartialOrd" };
                    let same = self.table.unify(&lhs, &rhs);
                    let ty = self.table.resolve(&lhs);
                    let has = self.session.has_trait(trait_, &ty) && self.ordered(&ty, equality);
                    match (same, has) {
                        (true, true) => Outcome::Gives(Ty::BOOL),
                        (true, false) => Outcome::Refused,
                        (false, _) => Outcome::Mismatch(lhs),
                    }
                }
                _ => Outcome::Refused,
            },
            // A known type compares with itself only.
            (_, Class::Integer | Class::Float | Class::Bool) if matches!(lhs, Ty::Scalar(_)) => {
                Outcome::Mismatch(lhs)
            }
            _ => Outcome::Refused,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "all of it goes into the message")]
    fn conclude(
        &mut self,
        outcome: Outcome,
        op: BinaryOp,
        op_span: Span,
        lhs: &Expr,
        rhs: &Expr,
        span: Span,
        compound: bool,
    ) -> Ty {
        match outcome {
            Outcome::Gives(ty) => ty,
            Outcome::Mismatch(wanted) => {
                self.mismatch(rhs, &wanted);
                if is_comparison(op) {
                    Ty::BOOL
                } else {
                    Ty::Error
                }
            }
            Outcome::Waits => {
                let result = if is_comparison(op) {
                    Ty::BOOL
                } else {
                    self.table.fresh(VarKind::General)
                };
                self.pending.push(Pending {
                    op,
                    lhs: lhs.ty.clone(),
                    rhs: rhs.ty.clone(),
                    result: result.clone(),
                    span,
                    compound,
                });
                result
            }
            Outcome::Refused => {
                let error = self.refusal(op, &lhs.ty, &rhs.ty, op_span, compound);
                let error = match self.operand_help(op, lhs, rhs) {
                    Some(help) => error.help(help),
                    None => error,
                };
                self.report(error);
                if is_comparison(op) {
                    Ty::BOOL
                } else {
                    Ty::Error
                }
            }
        }
    }

    fn refusal(
        &mut self,
        op: BinaryOp,
        lhs: &Ty,
        rhs: &Ty,
        op_span: Span,
        compound: bool,
    ) -> Diagnostic {
        let (a, b) = (self.show(lhs), self.show(rhs));
        let numbers = |class| matches!(class, Class::Integer | Class::Float);
        let (lhs, rhs) = (self.peeled(lhs), self.peeled(rhs));
        let array = |ty: &Ty| matches!(ty, Ty::View { .. } | Ty::Owned { .. });
        if array(&lhs) || array(&rhs) {
            return Diagnostic::new(
                "B0803",
                op_span,
                format!("`{}` on whole arrays is not supported", symbol(op)),
            )
            .label(format!("`{a}` and `{b}`"))
            .help("write a loop over the elements");
        }
        let no_bits = is_bits(op) && self.class(&lhs) == Class::Float;
        let both = numbers(self.class(&lhs)) && numbers(self.class(&rhs)) && !no_bits;
        if both && is_comparison(op) {
            return Diagnostic::new("E0277", op_span, format!("can't compare `{a}` with `{b}`"))
                .label(format!("no implementation for `{a} {} {b}`", symbol(op)));
        }
        let message = match op {
            _ if !both => None,
            BinaryOp::Add => Some(format!("cannot add `{b}` to `{a}`")),
            BinaryOp::Sub => Some(format!("cannot subtract `{b}` from `{a}`")),
            BinaryOp::Mul => Some(format!("cannot multiply `{a}` by `{b}`")),
            BinaryOp::Div => Some(format!("cannot divide `{a}` by `{b}`")),
            BinaryOp::Rem => Some(format!(
                "cannot calculate the remainder of `{a}` divided by `{b}`"
            )),
            _ => Some(format!("no implementation for `{a} {} {b}`", symbol(op))),
        };
        match message {
            Some(message) => Diagnostic::new("E0277", op_span, message)
                .label(format!("no implementation for `{a} {} {b}`", symbol(op))),
            None if compound => Diagnostic::new(
                "E0368",
                op_span,
                format!(
                    "binary assignment operation `{}=` cannot be applied to type `{a}`",
                    symbol(op)
                ),
            ),
            None => Diagnostic::new(
                "E0369",
                op_span,
                format!(
                    "binary operation `{}` cannot be applied to types `{a}` and `{b}`",
                    symbol(op)
                ),
            ),
        }
    }

    fn operand_help(&mut self, op: BinaryOp, lhs: &Expr, rhs: &Expr) -> Option<String> {
        let (a, b) = (self.known(&lhs.ty), self.known(&rhs.ty));
        match (self.peeled(&a), self.peeled(&b)) {
            (Ty::Half(half), _) | (_, Ty::Half(half)) => {
                return Some(crate::check::half::arithmetic(half));
            }
            (Ty::Complex(_), _) | (_, Ty::Complex(_)) if is_comparison(op) => {
                return Some(
                    "complex numbers have no order: compare `z.norm()`, or the parts".to_string(),
                );
            }
            (Ty::Complex(part), Ty::Scalar(_) | Ty::Var(_))
            | (Ty::Scalar(_) | Ty::Var(_), Ty::Complex(part)) => {
                let part = self.show(&part);
                return Some(format!(
                    "a complex number and a number go together if that is an `{part}`: convert it"
                ));
            }
            (Ty::Param(_), Ty::Complex(_)) => {
                return Some(
                    "write the complex number first: `z * x`, or `z.scale(x)`".to_string(),
                );
            }
            (Ty::Option(_), _) | (_, Ty::Option(_)) if !is_comparison(op) => {
                return Some(
                    "take the payload first: `x?`, `x.unwrap_or(..)`, `if let Some(x) = ..`"
                        .to_string(),
                );
            }
            _ => {}
        }
        if let Ty::Param(n) = a {
            let name = self.params.get(usize::from(n))?.name.clone();
            return Some(format!(
                "the bounds of `{name}` do not give this: `Number` has `+ - * / %` and `==`, `Real` also `<`, `Integer` also bit operations, `Float` also the minus sign"
            ));
        }
        if is_bits(op) && self.class(&a) == Class::Float {
            return Some(
                "floats have no bit operations: `x.powi(n)` is a power, `x.to_bits()` the bits"
                    .to_string(),
            );
        }
        let (mut left, mut right) = (a.clone(), b.clone());
        while let (Ty::Ref(_, x), Ty::Ref(_, y)) = (&left, &right) {
            (left, right) = (self.known(x), self.known(y));
        }
        if let (Ty::Adt(x, _), Ty::Adt(y, _)) = (&left, &right)
            && x == y
            && is_comparison(op)
        {
            let derives = if matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
                "PartialEq"
            } else {
                "PartialEq, PartialOrd"
            };
            return Some(format!("write `#[derive({derives})]` before `{}`", x.name));
        }
        match (&a, &b, &lhs.kind, &rhs.kind) {
            (Ty::Ref(_, inner), other, ..) if inner.as_ref() == other => {
                Some("dereference the left operand with `*`".to_string())
            }
            (other, Ty::Ref(_, inner), ..) if inner.as_ref() == other => {
                Some("dereference the right operand with `*`".to_string())
            }
            (_, _, _, Kind::Int(value)) if self.class(&a) == Class::Float => {
                Some(format!("write a float literal: `{value}.0`"))
            }
            (_, _, Kind::Int(value), _) if self.class(&b) == Class::Float => {
                Some(format!("write a float literal: `{value}.0`"))
            }
            (Ty::Scalar(s), ..) if *s != Scalar::Bool => Some(format!(
                "there are no implicit conversions: convert one side with `as {}`",
                s.name()
            )),
            _ => None,
        }
    }

    /// Tries again what waited for types.
    pub(crate) fn select_pending(&mut self) {
        let mut progress = true;
        while progress {
            progress = false;
            self.tries += self.pending.len();
            if self.tries > MAX_TRIES {
                let span = self.pending.first().map_or_else(Span::default, |p| p.span);
                self.pending.clear();
                self.tries = 0;
                self.report(
                    Diagnostic::new("B0704", span, "too many operations wait for a type")
                        .label("the type of an operand is not known here")
                        .help("give the variables of this function types: `let x: f64 = ..`"),
                );
                return;
            }
            let mut waiting = Vec::new();
            for pending in std::mem::take(&mut self.pending) {
                // `pending` is empty during the attempt, so that this cannot recurse.
                let outcome = self.operation(pending.op, &pending.lhs, &pending.rhs);
                match outcome {
                    Outcome::Waits => waiting.push(pending),
                    Outcome::Gives(ty) => {
                        progress = true;
                        if !self.table.unify(&pending.result, &ty) {
                            let (wanted, found) = (self.show(&pending.result), self.show(&ty));
                            self.report(
                                Diagnostic::new("E0308", pending.span, "mismatched types")
                                    .label(format!("expected `{wanted}`, found `{found}`")),
                            );
                        }
                    }
                    Outcome::Mismatch(_) | Outcome::Refused => {
                        progress = true;
                        let error = self.refusal(
                            pending.op,
                            &pending.lhs,
                            &pending.rhs,
                            pending.span,
                            pending.compound,
                        );
                        self.report(error);
                    }
                }
            }
            self.pending = waiting;
            progress = progress && !self.pending.is_empty();
        }
    }
}
