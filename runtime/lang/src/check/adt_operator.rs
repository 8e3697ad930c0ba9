//! Operators on structs: `impl std::ops::Add for V`, and which of them an operation means.
//! An operation becomes a call of the method.

use std::rc::Rc;

use crate::ast::{self, BinaryOp, UnaryOp};
use crate::check::adt::{OperatorImpl, could_be, takes_self};
use crate::check::function::Checker;
use crate::check::operators::symbol;
use crate::check::session::Session;
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Ty, VarKind, substitute};
use crate::diagnostic::{Diagnostic, Span};
use crate::parse::adt::OPERATORS;

/// How many implementations an operator may have.
const MAX_IMPLS: usize = 1000;

fn trait_of(op: BinaryOp, compound: bool) -> Option<&'static str> {
    Some(match (op, compound) {
        (BinaryOp::Add, false) => "Add",
        (BinaryOp::Sub, false) => "Sub",
        (BinaryOp::Mul, false) => "Mul",
        (BinaryOp::Div, false) => "Div",
        (BinaryOp::Rem, false) => "Rem",
        (BinaryOp::BitAnd, false) => "BitAnd",
        (BinaryOp::BitOr, false) => "BitOr",
        (BinaryOp::BitXor, false) => "BitXor",
        (BinaryOp::Shl, false) => "Shl",
        (BinaryOp::Shr, false) => "Shr",
        (BinaryOp::Add, true) => "AddAssign",
        (BinaryOp::Sub, true) => "SubAssign",
        (BinaryOp::Mul, true) => "MulAssign",
        (BinaryOp::Div, true) => "DivAssign",
        (BinaryOp::Rem, true) => "RemAssign",
        (BinaryOp::BitAnd, true) => "BitAndAssign",
        (BinaryOp::BitOr, true) => "BitOrAssign",
        (BinaryOp::BitXor, true) => "BitXorAssign",
        (BinaryOp::Shl, true) => "ShlAssign",
        (BinaryOp::Shr, true) => "ShrAssign",
        _ => return None,
    })
}

impl<'a> Session<'a> {
    /// Registers the last function of an `impl` of an operator.
    pub(super) fn operator_impl(
        &mut self,
        item: &'a ast::Impl,
        own: &Ty,
        operand: Ty,
        params: usize,
    ) {
        let Some(operator) = &item.operator else {
            return;
        };
        let Some((name, method)) = OPERATORS
            .iter()
            .find(|(name, _)| *name == operator.name.name)
        else {
            return;
        };
        let [function] = item.functions.as_slice() else {
            let message = format!("`{name}` has exactly one function, `{method}`");
            self.report(Diagnostic::new("E0046", item.ty.span, message));
            return;
        };
        if function.name.name != *method {
            let message = format!(
                "method `{}` is not a member of trait `{name}`",
                function.name.name
            );
            self.report(
                Diagnostic::new("E0407", function.name.span, message)
                    .help(format!("its method is `{method}`")),
            );
            return;
        }
        let index = self.functions.len() - 1;
        let signature = Rc::clone(&self.functions[index].signature);
        if !signature.valid {
            return;
        }
        let assigns = name.ends_with("Assign");
        let prefix = matches!(*name, "Neg" | "Not");
        let mut wanted = vec![if assigns {
            own.clone().reference(true)
        } else {
            own.clone()
        }];
        if !prefix {
            wanted.push(operand.clone());
        }
        let result = if assigns {
            Some(Ty::UNIT)
        } else {
            self.output.clone()
        };
        let Some(result) = result else {
            self.report(
                Diagnostic::new(
                    "E0046",
                    item.ty.span,
                    "not all trait items implemented, missing: `Output`",
                )
                .help("write `type Output = Self;`"),
            );
            return;
        };
        let fits = takes_self(function)
            && signature.type_params.len() == params
            && signature.params == wanted
            && signature.result == result;
        if !fits {
            let receiver = if assigns { "&mut self" } else { "self" };
            let rest = if prefix { "" } else { ", rhs: .." };
            let output = if assigns { "" } else { " -> Self::Output" };
            self.report(
                Diagnostic::new(
                    "E0053",
                    function.name.span,
                    format!("method `{method}` has an incompatible type for trait `{name}`"),
                )
                .help(format!("write `fn {method}({receiver}{rest}){output}`")),
            );
            return;
        }
        let all = self.operators.entry(name).or_default();
        if all.len() == MAX_IMPLS {
            let message = format!("more than {MAX_IMPLS} implementations of `{name}`");
            self.report(Diagnostic::new("B0304", item.ty.span, message));
            return;
        }
        let clash = all
            .iter()
            .any(|o| could_be(&o.own, own) && could_be(&o.operand, &operand));
        all.push(OperatorImpl {
            own: own.clone(),
            operand,
            params,
            function: index,
        });
        if clash {
            let message = format!("conflicting implementations of trait `{name}`");
            self.report(Diagnostic::new("E0119", item.ty.span, message).help("remove one of them"));
        }
    }
}

impl<'a> Checker<'_, 'a> {
    /// Whether a value is a struct or enum, or a reference to one.
    pub(crate) fn on_struct(&mut self, ty: &Ty) -> bool {
        let ty = self.peeled(ty);
        matches!(ty, Ty::Adt(..))
    }

    /// Whether the type parameters inside of a type can be compared.
    pub(crate) fn ordered(&self, ty: &Ty, equality: bool) -> bool {
        match ty {
            Ty::Param(n) => self
                .params
                .get(usize::from(*n))
                .is_some_and(|p| equality || p.bounds.real),
            Ty::Adt(_, list) | Ty::Tuple(list) => list.iter().all(|t| self.ordered(t, equality)),
            Ty::Option(inner) | Ty::Array(inner, _) => self.ordered(inner, equality),
            _ => true,
        }
    }

    /// Whether an operation is one of a struct's own.
    pub(crate) fn is_struct_operation(&mut self, op: BinaryOp, lhs: &Ty, rhs: &Ty) -> bool {
        trait_of(op, false).is_some() && (self.on_struct(lhs) || self.on_struct(rhs))
    }

    /// What the right operand is expected to be, where only one type is possible.
    pub(crate) fn struct_operand(&mut self, op: BinaryOp, compound: bool, lhs: &Ty) -> Option<Ty> {
        if !self.on_struct(lhs) {
            return None;
        }
        let name = trait_of(op, compound)?;
        let lhs = self.table.resolve(lhs);
        let all = self.session.operators.get(name)?;
        let mut fitting = all.iter().filter(|o| could_be(&o.own, &lhs));
        let (one, more) = (fitting.next()?.clone(), fitting.next());
        if more.is_some() {
            return None;
        }
        let types: Vec<Ty> = (0..one.params)
            .map(|_| self.table.fresh(VarKind::General))
            .collect();
        self.table.unify(&substitute(&one.own, &types), &lhs);
        Some(substitute(&one.operand, &types))
    }

    /// `a + b`, or `a += b` with a mutable reference to `a`.
    pub(crate) fn struct_binary(
        &mut self,
        op: BinaryOp,
        compound: bool,
        op_span: Span,
        lhs: Expr,
        rhs: Expr,
        span: Span,
    ) -> Expr {
        let name = trait_of(op, compound).unwrap_or("Add");
        let (a, b) = (self.table.resolve(&lhs.ty), self.table.resolve(&rhs.ty));
        if a == Ty::Error || b == Ty::Error {
            return self.error(span);
        }
        let found: Vec<OperatorImpl> = self
            .session
            .operators
            .get(name)
            .into_iter()
            .flatten()
            .filter(|o| could_be(&o.own, &a) && could_be(&o.operand, &b))
            .cloned()
            .collect();
        let (shown, operand) = (self.show(&a), self.show(&b));
        match found.as_slice() {
            [one] => {
                let left = if compound { self.reborrowed(lhs) } else { lhs };
                self.struct_call(one, a, vec![left, rhs], span)
            }
            [] => {
                let exists = self
                    .session
                    .operators
                    .get(name)
                    .is_some_and(|all| all.iter().any(|o| could_be(&o.own, &a)));
                let (code, message) = match (exists, compound) {
                    (true, _) => (
                        "E0277",
                        format!(
                            "no implementation for `{shown} {}{} {operand}`",
                            symbol(op),
                            if compound { "=" } else { "" }
                        ),
                    ),
                    (false, true) => (
                        "E0368",
                        format!(
                            "binary assignment operation `{}=` cannot be applied to type `{shown}`",
                            symbol(op)
                        ),
                    ),
                    (false, false) => (
                        "E0369",
                        format!(
                            "binary operation `{}` cannot be applied to types `{shown}` and `{operand}`",
                            symbol(op)
                        ),
                    ),
                };
                self.fail(Diagnostic::new(code, op_span, message).help(format!(
                    "write `impl std::ops::{name}<{operand}> for {shown}`, or a method"
                )))
            }
            _ => self.ambiguous(rhs.span, "the right operand"),
        }
    }

    /// `-a`, `!a` of a struct.
    pub(crate) fn struct_unary(&mut self, op: UnaryOp, value: Expr, span: Span) -> Expr {
        let name = if op == UnaryOp::Neg { "Neg" } else { "Not" };
        let ty = self.table.resolve(&value.ty);
        let found = self
            .session
            .operators
            .get(name)
            .into_iter()
            .flatten()
            .find(|o| could_be(&o.own, &ty))
            .cloned();
        let Some(found) = found else {
            let symbol = if op == UnaryOp::Neg { "-" } else { "!" };
            return self.no_unary(symbol, &ty, span);
        };
        self.struct_call(&found, ty, vec![value], span)
    }

    fn struct_call(&mut self, found: &OperatorImpl, own: Ty, args: Vec<Expr>, span: Span) -> Expr {
        let types: Vec<Ty> = (0..found.params)
            .map(|_| self.table.fresh(VarKind::General))
            .collect();
        self.table.unify(&substitute(&found.own, &types), &own);
        if let [_, rhs] = args.as_slice() {
            let operand = substitute(&found.operand, &types);
            self.coerce(rhs, &operand);
        }
        self.bounds(found.function, &types, span);
        let result = self.session.functions[found.function]
            .signature
            .result
            .clone();
        Expr {
            ty: substitute(&result, &types),
            span,
            kind: Kind::Call(found.function, types, args),
        }
    }
}
