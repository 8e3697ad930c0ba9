//! The rules for expressions: which rule applies, and the rules for literals, blocks, members
//! and names. Follows rustc's order of checking, because method calls need types that earlier
//! expressions have decided.

use crate::ast::{self, ExprKind};
use crate::check::function::{Check, Checker, Expect, Name};
use crate::check::session::Item;
use crate::check::tree::{Block, Expr, Kind, PatternKind, Statement};
use crate::check::ty::{MAX_LEVELS, Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

/// The largest tuple, in parts. Each part is a variable of the compiled function, and tuples
/// of tuples double their parts at every step.
const MAX_VALUES: usize = 1000;

impl<'a> Checker<'_, 'a> {
    /// Checks an expression.
    pub(crate) fn expr(&mut self, e: &'a ast::Expr, expect: &Expect) -> Expr {
        let checked = self.deeper(e.span, |c| c.expr_kind(e, expect));
        if self.table.shallow(&checked.ty) == Ty::Never {
            self.diverges = true;
        }
        checked
    }

    /// Checks an expression that must have this type.
    pub(crate) fn demand(&mut self, e: &'a ast::Expr, ty: &Ty) -> Expr {
        let checked = self.expr(e, &Expect::Has(ty.clone()));
        self.coerce(&checked, ty);
        checked
    }

    fn expr_kind(&mut self, e: &'a ast::Expr, expect: &Expect) -> Expr {
        let span = e.span;
        let made = |ty, kind| Expr { ty, span, kind };
        match &e.kind {
            ExprKind::Int(value, suffix) => {
                let hint = match expect {
                    Expect::Has(ty) | Expect::Cast(ty) => Some(self.table.shallow(ty)),
                    Expect::Nothing => None,
                };
                let ty = match (suffix, hint) {
                    (Some(suffix), _) => Ty::Scalar(*suffix),
                    (None, Some(Ty::Scalar(s))) if s.is_integer() => Ty::Scalar(s),
                    _ => self.table.fresh(VarKind::Integer),
                };
                made(ty, Kind::Int(*value))
            }
            ExprKind::Float(digits, suffix) => {
                let hint = match expect {
                    Expect::Has(ty) | Expect::Cast(ty) => Some(self.table.shallow(ty)),
                    Expect::Nothing => None,
                };
                let ty = match (suffix, hint) {
                    (Some(suffix), _) => Ty::Scalar(*suffix),
                    (None, Some(Ty::Scalar(s))) if s.is_float() => Ty::Scalar(s),
                    _ => self.table.fresh(VarKind::Float),
                };
                made(ty, Kind::Float(digits.clone()))
            }
            ExprKind::Bool(value) => made(Ty::BOOL, Kind::Bool(*value)),
            ExprKind::Path(path) => self.path(path, span),
            ExprKind::Unary(op, inner) => self.unary(*op, inner, span, expect),
            ExprKind::Reference { mutable, inner } => self.reference(*mutable, inner, span, expect),
            ExprKind::Binary(op, op_span, lhs, rhs) => self.binary(*op, *op_span, lhs, rhs, span),
            ExprKind::Assign(place, value) => self.assign(place, value, span),
            ExprKind::CompoundAssign(op, op_span, place, value) => {
                self.compound(*op, *op_span, place, value, span)
            }
            ExprKind::Cast(inner, written) => {
                let ty = self.written(written);
                let value = self.expr(inner, &Expect::Cast(ty.clone()));
                self.checks
                    .push(Check::Cast(value.ty.clone(), ty.clone(), span));
                made(ty, Kind::Cast(Box::new(value)))
            }
            ExprKind::Call(callee, args) => match self.array_from_fn(callee, args, span, expect) {
                Some(made) => made,
                None => self.call(callee, args, span),
            },
            ExprKind::Method {
                receiver,
                method,
                type_args,
                args,
            } => {
                self.closures.expected = expect.clone();
                self.method(receiver, method, type_args, args, span)
            }
            ExprKind::Member(inner, n) => self.member(inner, *n, span),
            ExprKind::Field(inner, name) => self.field(inner, name, span),
            ExprKind::Index(view, index) => self.index(view, index, span),
            ExprKind::Tuple(members) => {
                let expected = match expect {
                    Expect::Has(ty) => self.table.shallow(ty),
                    _ => Ty::Error,
                };
                let mut list = Vec::new();
                for (n, member) in members.iter().enumerate() {
                    let hint = match &expected {
                        Ty::Tuple(types) => types.get(n).cloned(),
                        _ => None,
                    };
                    list.push(match hint {
                        Some(ty) => {
                            let e = self.expr(member, &Expect::Has(ty.clone()));
                            // As rustc does: a member coerces where it can.
                            if self.table.shallow(&e.ty) != Ty::Never || types_known(&ty) {
                                self.coerce(&e, &ty);
                            }
                            Expr {
                                ty: if e.ty == Ty::Never { ty } else { e.ty.clone() },
                                ..e
                            }
                        }
                        None => self.expr(member, &Expect::Nothing),
                    });
                }
                let ty = Ty::Tuple(list.iter().map(|m| m.ty.clone()).collect());
                if !self.table.has_at_most(&ty, MAX_VALUES) {
                    return self.fail(Diagnostic::new(
                        "B0001",
                        span,
                        format!("a tuple of more than {MAX_VALUES} values"),
                    ));
                }
                made(ty, Kind::Tuple(list))
            }
            ExprKind::Array(members) => self.array_list(members, span, expect),
            ExprKind::Repeat(value, n) => self.array_repeat(value, n, span, expect),
            ExprKind::Struct { path, fields, base } if self.means_complex(path) => {
                self.complex_literal(path, fields, base.as_deref(), span)
            }
            ExprKind::Struct { path, fields, base } => {
                self.struct_value(path, fields, base.as_deref(), span, expect)
            }
            ExprKind::Closure { .. } => self.closure_value(e),
            ExprKind::Let(pattern, value) => self.let_condition(pattern, value, span),
            ExprKind::Try(value) => self.try_(value, span),
            ExprKind::Slice(_) => self.fail(
                Diagnostic::new("B0513", span, "`s!` is only possible in `slice(..)`")
                    .help("write `a.slice(s![1.., 0])`"),
            ),
            ExprKind::Error => {
                self.refused = true;
                self.error(span)
            }
            ExprKind::Block(None, block) => {
                let (block, ty) = self.block(block, expect);
                made(ty, Kind::Block(None, block))
            }
            ExprKind::Block(Some(label), block) => self.labelled(label, block, span, expect),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.conditional(condition, then, otherwise.as_deref(), span, expect),
            ExprKind::While {
                label,
                condition,
                body,
            } => self.while_loop(label.as_ref(), condition, body, span),
            ExprKind::Loop { label, body } => self.endless(label.as_ref(), body, span, expect),
            ExprKind::For {
                label,
                pattern,
                iter,
                body,
            } => self.for_loop(label.as_ref(), pattern, iter, body, span),
            ExprKind::Match { scrutinee, arms } => self.match_(scrutinee, arms, span, expect),
            ExprKind::Break(label, value) => self.break_(label.as_ref(), value.as_deref(), span),
            ExprKind::Continue(label) => self.continue_(label.as_ref(), span),
            ExprKind::Return(value) => self.return_(value.as_deref(), span),
            ExprKind::Range { start, end, .. } => {
                for bound in start.iter().chain(end) {
                    self.expr(bound, &Expect::Nothing);
                }
                self.fail(
                    Diagnostic::new("B0222", span, "a range must be used up at once")
                        .help("write it after `in`, or go on with `(a..b).map(..)` or `(a..b).contains(&x)`"),
                )
            }
            ExprKind::Panic(text) => made(Ty::Never, Kind::Panic(text.clone())),
            ExprKind::Assert(condition, text) => {
                let condition = self.demand(condition, &Ty::BOOL);
                made(Ty::UNIT, Kind::Assert(Box::new(condition), text.clone()))
            }
            ExprKind::AssertEqual(equal, a, b, text) => {
                let op = if *equal {
                    ast::BinaryOp::Eq
                } else {
                    ast::BinaryOp::Ne
                };
                let e = self.binary(op, span, a, b, span);
                if let Kind::Binary(_, a, b) = &e.kind {
                    for operand in [a, b] {
                        if self.on_struct(&operand.ty) {
                            let check = Check::Trait(operand.ty.clone(), "Debug", operand.span);
                            self.checks.push(check);
                        }
                    }
                }
                match e.kind {
                    Kind::Binary(_, a, b) => {
                        made(Ty::UNIT, Kind::AssertEqual(*equal, a, b, text.clone()))
                    }
                    _ => self.error(span),
                }
            }
            ExprKind::DebugAssert(parts) => {
                let diverges = self.diverges;
                let mut list = Vec::new();
                match parts.as_slice() {
                    [condition] => list.push(self.demand(condition, &Ty::BOOL)),
                    [a, b] => list.push(self.binary(ast::BinaryOp::Eq, span, a, b, span)),
                    parts => {
                        for part in parts {
                            list.push(self.expr(part, &Expect::Nothing));
                        }
                    }
                }
                self.diverges = diverges;
                made(Ty::UNIT, Kind::Dropped(list))
            }
        }
    }

    /// A block and its type.
    pub(crate) fn block(&mut self, block: &'a ast::Block, expect: &Expect) -> (Block, Ty) {
        self.open(Some(&block.items));
        let outer = std::mem::replace(&mut self.diverges, false);
        let mut statements = Vec::new();
        for statement in &block.statements {
            statements.push(self.statement(statement));
        }
        let value = block.value.as_ref().map(|value| self.expr(value, expect));
        let ty = match &value {
            Some(value) => value.ty.clone(),
            None if self.diverges => Ty::Never,
            None => Ty::UNIT,
        };
        self.diverges |= outer;
        self.close();
        (
            Block {
                statements,
                value: value.map(Box::new),
            },
            ty,
        )
    }

    fn statement(&mut self, statement: &'a ast::Statement) -> Statement {
        match statement {
            ast::Statement::Let {
                pattern,
                ty,
                init: Some(init),
                otherwise: Some(block),
            } => self.let_else(pattern, ty.as_ref(), init, block),
            ast::Statement::Let {
                pattern,
                ty,
                init,
                otherwise: _,
            } => {
                let written = ty.as_ref().map(|ty| self.written(ty));
                let (ty, init) = match (written, init) {
                    (Some(ty), Some(init)) => {
                        let init = self.demand(init, &ty);
                        (ty, Some(init))
                    }
                    (None, Some(init)) => {
                        let init = self.expr(init, &Expect::Nothing);
                        let mut ty = init.ty.clone();
                        if self.table.shallow(&ty) == Ty::Never {
                            ty = self.table.fresh(VarKind::Diverging);
                        } else if !self.table.is_shallow(&ty) {
                            self.report(
                                Diagnostic::new(
                                    "B0307",
                                    init.span,
                                    format!("a type that is nested more than {MAX_LEVELS} deep"),
                                )
                                .help("keep the values in an array view"),
                            );
                            ty = Ty::Error;
                        }
                        (ty, Some(init))
                    }
                    (Some(ty), None) => (ty, None),
                    (None, None) => (self.table.fresh(VarKind::General), None),
                };
                let checked = self.pattern(pattern, &ty);
                self.note_unsettled(&checked, init.as_ref());
                self.irrefutable(&checked, "local binding");
                if init.is_none() {
                    match checked.kind {
                        PatternKind::Binding(local, None) => self.locals[local].deferred = true,
                        PatternKind::Wildcard => {}
                        _ => self.report(
                            Diagnostic::new(
                                "B0223",
                                pattern.span,
                                "a pattern of several parts needs a value at once",
                            )
                            .help("declare each variable by its own `let`"),
                        ),
                    }
                }
                Statement::Let(checked, init)
            }
            ast::Statement::Expr(e, true) => Statement::Expr(self.expr(e, &Expect::Nothing)),
            ast::Statement::Expr(e, false) => {
                let checked = self.expr(e, &Expect::Has(Ty::UNIT));
                self.coerce(&checked, &Ty::UNIT);
                Statement::Expr(checked)
            }
        }
    }

    fn member(&mut self, inner: &'a ast::Expr, n: u32, span: Span) -> Expr {
        let value = self.expr(inner, &Expect::Nothing);
        let ty = self.peeled(&value.ty);
        match &ty {
            Ty::Tuple(members) => match members.get(n as usize) {
                Some(member) => Expr {
                    ty: member.clone(),
                    span,
                    kind: Kind::Member(Box::new(value), n),
                },
                None => {
                    let shown = self.show(&ty);
                    self.fail(
                        Diagnostic::new("E0609", span, format!("no field `{n}` on type `{shown}`"))
                            .label(format!("the tuple has {} members", members.len())),
                    )
                }
            },
            Ty::Adt(..) => self.struct_field(value, &ty, &n.to_string(), span, span),
            Ty::Error => self.error(span),
            Ty::Var(v) if !matches!(self.table.kind(*v), VarKind::Integer | VarKind::Float) => {
                self.ambiguous(value.span, "this expression")
            }
            _ => {
                let shown = self.show(&ty);
                self.fail(
                    Diagnostic::new("E0610", span, format!("no field `{n}` on type `{shown}`"))
                        .label("only tuples have numbered members"),
                )
            }
        }
    }

    fn field(&mut self, inner: &'a ast::Expr, name: &ast::Ident, span: Span) -> Expr {
        let value = self.expr(inner, &Expect::Nothing);
        let ty = self.peeled(&value.ty);
        if ty == Ty::Error {
            return self.error(span);
        }
        let part = ["re", "im"].iter().position(|f| *f == name.name);
        if let (Ty::Complex(ty), Some(n)) = (&ty, part) {
            return Expr {
                ty: (**ty).clone(),
                span,
                kind: Kind::Member(Box::new(value), n as u32),
            };
        }
        if let Ty::Adt(..) = ty {
            return self.struct_field(value, &ty, &name.name, name.span, span);
        }
        let shown = self.show(&ty);
        if self.has_method(&ty, &name.name) {
            return self.fail(
                Diagnostic::new(
                    "E0615",
                    name.span,
                    format!(
                        "attempted to take value of method `{}` on type `{shown}`",
                        name.name
                    ),
                )
                .help(format!("call it: `.{}()`", name.name)),
            );
        }
        self.fail(
            Diagnostic::new(
                "E0609",
                name.span,
                format!("no field `{}` on type `{shown}`", name.name),
            )
            .help(match ty {
                Ty::Complex(_) => "its fields are `re` and `im`",
                Ty::Option(_) => {
                    "take the payload first: `x?`, `x.unwrap_or(..)`, `if let Some(x) = ..`"
                }
                _ => "numbers and arrays have no fields",
            }),
        )
    }

    /// A path as a value.
    pub(crate) fn path(&mut self, path: &'a ast::Path, span: Span) -> Expr {
        if let Some(known) = self.known_path(path, span) {
            return known;
        }
        let named = match self.module_item(path) {
            Some(Ok(item)) => Some((path.segments.last(), Some(Name::Item(item)))),
            Some(Err(e)) => return e,
            None => None,
        };
        let alone = match path.segments.as_slice() {
            [name] => Some((Some(name), self.name(&name.name))),
            _ => None,
        };
        if let Some((Some(name), found)) = named.or(alone) {
            return match found {
                Some(Name::Local(local)) => Expr {
                    ty: self.locals[local].ty.clone(),
                    span,
                    kind: Kind::Local(local),
                },
                Some(Name::Item(Item::Const(constant))) => Expr {
                    ty: self.session.consts[constant].ty.clone(),
                    span,
                    kind: Kind::Const(constant),
                },
                Some(Name::Item(Item::Imported(scalar, entry))) => {
                    let own = Ty::Scalar(scalar);
                    Expr {
                        ty: crate::check::methods::constants::ty(&own, entry),
                        span,
                        kind: Kind::Associated(entry, own),
                    }
                }
                Some(Name::Item(Item::Function(_))) => self.fail(
                    Diagnostic::new("B0226", span, "a function is not a value")
                        .help(format!("call it: `{}(..)`", name.name)),
                ),
                Some(Name::Item(Item::Static(number))) => self.global(number, span),
                Some(Name::Item(Item::Variant(number, n))) => self.variant_value(number, n, span),
                Some(Name::Item(Item::Constructor(number))) => {
                    self.unit_struct(number, None, &path.type_args, span)
                }
                None if name.name == "Self" => self.unit_self(span),
                Some(Name::Item(Item::Refused)) => {
                    self.session.ambiguous_glob(self.item_scope(), name);
                    self.error(span)
                }
                Some(Name::Item(Item::Module(_) | Item::Number(_))) => self.fail(Diagnostic::new(
                    "E0423",
                    span,
                    format!("expected value, found module `{}`", name.name),
                )),
                None => {
                    if let Some(error) = self.type_as_value(name, false) {
                        return error;
                    }
                    let mut names = self.names();
                    names.push("None");
                    let near = suggest::nearest(&name.name, names).map(str::to_string);
                    let mut error = Diagnostic::new(
                        "E0425",
                        name.span,
                        format!("cannot find value `{}` in this scope", name.name),
                    )
                    .label("not found");
                    if let Some(near) = near {
                        error = error.help(format!("there is `{near}`"));
                    }
                    self.fail(error)
                }
            };
        }
        self.qualified(path, span)
    }
}

fn types_known(ty: &Ty) -> bool {
    !matches!(ty, Ty::Var(_))
}
