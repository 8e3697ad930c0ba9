//! Patterns to the IR: tests, bindings, and `match` as a chain of `if`s, in which every
//! later arm stands in the `else` of the earlier one. The last arm needs no test, because
//! the arms cover everything.

use brolga_abi::PanicKind;

use super::build;
use super::compare::compare;
use super::{Lower, Slot};
use crate::ast::BinaryOp as Op;
use crate::check::tree::{Arm, Expr, Kind, Pattern, PatternKind};
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::{self, BinaryOp, Scalar, Statement, Type, UnaryOp};

/// How many arms become a chain of `if`s, which vectorises; more become a sequence, whose
/// depth does not grow.
const MAX_CHAIN: usize = 32;

/// What is matched: an expression without effects, or the parts of a tuple.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    Value(ir::Expr),
    Parts(Vec<Subject>),
    /// An element of a view that can be written.
    Element(ir::LocalId, Vec<ir::LocalId>, ir::Element, ir::SiteId),
}

impl Subject {
    pub(super) fn whole(&self) -> ir::Expr {
        match self {
            Subject::Value(e) => e.clone(),
            Subject::Element(view, index, element, site) => ir::Expr {
                ty: element.ty(),
                kind: ir::ExprKind::Load {
                    view: *view,
                    index: super::expr::subscripts(index),
                    site: *site,
                },
            },
            Subject::Parts(parts) => build::tuple(parts.iter().map(Subject::whole).collect()),
        }
    }

    fn part(&self, n: usize) -> Subject {
        match self {
            Subject::Element(..) => Subject::Value(build::member(self.whole(), n as u32)),
            Subject::Value(e) => Subject::Value(build::member(e.clone(), n as u32)),
            Subject::Parts(parts) => parts
                .get(n)
                .cloned()
                .unwrap_or_else(|| Subject::Value(build::unit())),
        }
    }
}

impl<'x> Lower<'x, '_> {
    /// `let pattern = init;`
    pub(super) fn initialise(
        &mut self,
        pattern: &'x Pattern,
        init: &'x Expr,
        out: &mut Vec<Statement>,
    ) {
        match (&pattern.kind, &init.kind) {
            (PatternKind::Binding(local, None), _) if self.is_reference(*local) => {
                self.alias(*local, init, out);
            }
            (PatternKind::Binding(local, None), _) => {
                let value = self.expr(init);
                match self.declare(*local) {
                    Slot::Local(id, _) if value.ty != Type::Never => {
                        out.push(build::assign(id, value));
                    }
                    _ => out.push(Statement::Expr(value)),
                }
            }
            (PatternKind::Wildcard, _) => self.statement(init, out),
            (PatternKind::Tuple(patterns), Kind::Tuple(members))
                if patterns.len() == members.len() =>
            {
                // The names are new: no member can read what another one binds.
                for (pattern, member) in patterns.iter().zip(members) {
                    self.initialise(pattern, member, out);
                }
            }
            _ => {
                let value = self.expr(init);
                if value.ty == Type::Never {
                    out.push(Statement::Expr(value));
                    pattern.bindings(&mut |local| {
                        self.declare(local);
                    });
                    return;
                }
                let value = self.keep(value, out);
                self.bind(pattern, &Subject::Value(value), out);
            }
        }
    }

    /// Whether the pattern matches; `None` where it always does.
    pub(super) fn test(&mut self, pattern: &'x Pattern, subject: &Subject) -> Option<ir::Expr> {
        match &pattern.kind {
            PatternKind::Wildcard => None,
            PatternKind::Binding(_, inner) => inner.as_ref().and_then(|p| self.test(p, subject)),
            PatternKind::Value(value) => {
                if let Kind::Bool(wanted) = value.kind {
                    let found = subject.whole();
                    return Some(if wanted {
                        found
                    } else {
                        build::unary(UnaryOp::Not, Scalar::Bool, found)
                    });
                }
                let form = self.form(&value.ty);
                let value = self.expr(value);
                let found = subject.whole();
                Some(compare(&mut self.b, Op::Eq, &form, &found, &value))
            }
            PatternKind::Range(start, end, inclusive) => {
                let upper = if *inclusive {
                    BinaryOp::Le
                } else {
                    BinaryOp::Lt
                };
                let start = start.as_ref().map(|e| {
                    let bound = self.expr(e);
                    build::compare(BinaryOp::Ge, subject.whole(), bound)
                });
                let end = end.as_ref().map(|e| {
                    let bound = self.expr(e);
                    build::compare(upper, subject.whole(), bound)
                });
                match (start, end) {
                    (Some(a), Some(b)) => Some(build::and(a, b)),
                    (one, other) => one.or(other),
                }
            }
            PatternKind::Tuple(members) => {
                let mut all: Option<ir::Expr> = None;
                for (n, member) in members.iter().enumerate() {
                    let part = self.part_of(subject, n, member.span);
                    let test = self.test(member, &part);
                    all = match (all, test) {
                        (Some(a), Some(b)) => Some(build::and(a, b)),
                        (one, other) => one.or(other),
                    };
                }
                all
            }
            PatternKind::Or(list) => {
                let mut tests = Vec::new();
                for alternative in list {
                    tests.push(self.test(alternative, subject)?);
                }
                any(tests)
            }
        }
    }

    /// A member of a tuple or an element of an array.
    fn part_of(&mut self, subject: &Subject, n: usize, span: Span) -> Subject {
        match subject {
            Subject::Value(e) if matches!(e.ty, Type::Array(..)) => {
                let site = self.b.site(PanicKind::ArrayIndex, span);
                let index = super::arrays::number(n as u64);
                Subject::Value(super::arrays::at(e.clone(), index, site))
            }
            _ => subject.part(n),
        }
    }

    /// Assigns what the pattern binds; the pattern is known to match.
    pub(super) fn bind(
        &mut self,
        pattern: &'x Pattern,
        subject: &Subject,
        out: &mut Vec<Statement>,
    ) {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Value(_) | PatternKind::Range(..) => {}
            PatternKind::Binding(local, None)
                if matches!(subject, Subject::Element(..))
                    && matches!(self.ground(&self.body.locals[*local].ty), Ty::Ref(true, _)) =>
            {
                if let Subject::Element(view, index, element, _) = subject {
                    self.slots[*local] = Slot::Element(*view, index.clone(), *element);
                }
            }
            PatternKind::Binding(local, inner) => {
                if let Slot::Local(id, _) = self.declare(*local) {
                    out.push(build::assign(id, subject.whole()));
                }
                if let Some(inner) = inner {
                    self.bind(inner, subject, out);
                }
            }
            PatternKind::Tuple(members) => {
                for (n, member) in members.iter().enumerate() {
                    let part = self.part_of(subject, n, member.span);
                    self.bind(member, &part, out);
                }
            }
            PatternKind::Or(list) => self.bind_alternatives(list, subject, out),
        }
    }

    fn bind_alternatives(
        &mut self,
        list: &'x [Pattern],
        subject: &Subject,
        out: &mut Vec<Statement>,
    ) {
        let Some((first, rest)) = list.split_first() else {
            return;
        };
        let mut binds = false;
        first.bindings(&mut |_| binds = true);
        if !binds {
            return;
        }
        let mut own = Vec::new();
        self.bind(first, subject, &mut own);
        let test = self.test(first, subject);
        let (Some(test), false) = (test, rest.is_empty()) else {
            out.append(&mut own);
            return;
        };
        let mut other = Vec::new();
        self.bind_alternatives(rest, subject, &mut other);
        let block = |statements| ir::Block {
            statements,
            value: None,
        };
        out.push(Statement::Expr(ir::Expr {
            ty: Type::UNIT,
            kind: ir::ExprKind::If(Box::new(test), block(own), block(other)),
        }));
    }

    /// `match`.
    pub(super) fn matching(&mut self, scrutinee: &'x Expr, arms: &'x [Arm], ty: &Type) -> ir::Expr {
        let mut statements = Vec::new();
        let subject = self.subject(scrutinee, &mut statements);
        let mut lowered = Vec::new();
        for arm in arms {
            let mut test = self.test(&arm.pattern, &subject);
            if let Some(guard) = &arm.guard {
                let mut bindings = Vec::new();
                self.bind(&arm.pattern, &subject, &mut bindings);
                let guard = self.expr(guard);
                let guard = build::sequence(bindings, guard);
                test = Some(match test {
                    Some(test) => build::and(test, guard),
                    None => guard,
                });
            }
            let mut bindings = Vec::new();
            self.bind(&arm.pattern, &subject, &mut bindings);
            let body = self.expr(&arm.body);
            lowered.push((test, build::sequence(bindings, body)));
        }
        if lowered.len() > MAX_CHAIN {
            let whole = self.flat(lowered, ty);
            return build::sequence(statements, whole);
        }
        let mut rest: Option<ir::Expr> = None;
        for (test, body) in lowered.into_iter().rev() {
            rest = Some(match (test, rest) {
                (Some(test), Some(rest)) => ir::Expr {
                    ty: ty.clone(),
                    kind: ir::ExprKind::If(
                        Box::new(test),
                        super::expr::unit_block(body),
                        super::expr::unit_block(rest),
                    ),
                },
                (_, _) => body,
            });
        }
        match rest {
            Some(rest) => build::sequence(statements, rest),
            None => build::sequence(statements, build::unit()),
        }
    }

    /// The arms one after the other, each of which leaves a labelled block.
    fn flat(&mut self, arms: Vec<(Option<ir::Expr>, ir::Expr)>, ty: &Type) -> ir::Expr {
        let id = self.b.new_loop();
        let mut block = ir::Block {
            statements: Vec::new(),
            value: None,
        };
        for (test, body) in arms {
            let Some(test) = test else {
                let mut last = super::expr::unit_block(body);
                block.statements.append(&mut last.statements);
                block.value = last.value;
                break;
            };
            let leave = |value| ir::Expr {
                ty: Type::Never,
                kind: ir::ExprKind::Break(id, value),
            };
            let arm = match &body.ty {
                Type::Never => build::value(body),
                unit if *unit == Type::UNIT => ir::Block {
                    statements: vec![Statement::Expr(body)],
                    value: Some(Box::new(leave(None))),
                },
                _ => build::value(leave(Some(Box::new(body)))),
            };
            block.statements.push(build::when(test, arm));
        }
        ir::Expr {
            ty: ty.clone(),
            kind: ir::ExprKind::Labelled(id, block),
        }
    }

    /// Evaluates what is matched, once.
    pub(super) fn subject(&mut self, scrutinee: &'x Expr, out: &mut Vec<Statement>) -> Subject {
        if let Kind::Tuple(members) = &scrutinee.kind {
            let mut parts = Vec::new();
            let mut inner = Vec::new();
            for member in members {
                parts.push(self.subject(member, &mut inner));
            }
            if inner.is_empty() {
                return Subject::Parts(parts);
            }
            // Some member is computed: variables are copied in order too.
            out.append(&mut inner);
            return Subject::Parts(parts);
        }
        let value = self.expr(scrutinee);
        if build::is_plain(&value) && value.ty != Type::Never {
            return Subject::Value(value);
        }
        Subject::Value(self.keep(value, out))
    }
}

/// Whether any test holds, as a balanced tree in the order of the tests.
fn any(mut tests: Vec<ir::Expr>) -> Option<ir::Expr> {
    if tests.len() <= 1 {
        return tests.pop();
    }
    let later = tests.split_off(tests.len() / 2);
    match (any(tests), any(later)) {
        (Some(a), Some(b)) => Some(build::or(a, b)),
        (one, other) => one.or(other),
    }
}
