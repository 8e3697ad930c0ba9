//! Structs, enums and mutable references to the IR. A function with `&mut` parameters gives
//! the tuple of its result and of their last values; the caller stores these back to the
//! places. A place is evaluated once, before the call.

use super::assign::Place;
use super::{Lower, Slot, build, erase};
use crate::check::references::is_mutable;
use crate::check::tree::{Expr, FnIndex, Kind, LocalIndex};
use crate::check::ty::Ty;
use crate::ir::{self, Element, ExprKind, LocalId, Scalar, Statement, Step, Type};

/// Whether a parameter of this type is copied in and copied out.
pub(in crate::check) fn is_copied(ty: &Ty) -> bool {
    is_mutable(ty)
}

impl<'x> Lower<'x, '_> {
    /// The type of the function's value, with what is given back.
    pub(super) fn full_result(&self, result: &Ty) -> Type {
        let own = self.ty(result);
        if own == Type::Never || self.given_back.is_empty() {
            return own;
        }
        let mut all = vec![own];
        for local in &self.given_back {
            all.push(self.ty(&self.body.locals[*local].ty));
        }
        Type::Tuple(all)
    }

    /// The function's value with what is given back. Every way out of the function goes
    /// through here.
    pub(super) fn with_given_back(&mut self, value: ir::Expr) -> ir::Expr {
        if self.given_back.is_empty() || value.ty == Type::Never {
            return value;
        }
        let mut statements = Vec::new();
        let value = if value.ty == Type::UNIT {
            statements.push(Statement::Expr(value));
            build::unit()
        } else {
            self.keep(value, &mut statements)
        };
        let mut all = vec![value];
        for local in self.given_back.clone() {
            if let Slot::Local(id, ty) = self.slots[local].clone() {
                all.push(build::local(id, ty));
            }
        }
        build::sequence(statements, build::tuple(all))
    }

    /// `return` from a function with `&mut` parameters.
    pub(super) fn return_given_back(&mut self, value: Option<&'x Expr>) -> ir::Expr {
        let value = match value {
            Some(value) => self.expr(value),
            None => build::unit(),
        };
        let value = self.with_given_back(value);
        if value.ty == Type::Never {
            return value;
        }
        ir::Expr {
            ty: Type::Never,
            kind: ExprKind::Return(Some(Box::new(value))),
        }
    }

    /// Whether a function has parameters that are copied out.
    pub(super) fn gives_back(&self, function: FnIndex) -> bool {
        let signature = &self.session.functions[function].signature;
        signature.params.iter().any(is_copied)
    }

    /// A call with `&mut` arguments.
    pub(super) fn call_by_copy(
        &mut self,
        function: FnIndex,
        types: &'x [Ty],
        args: &'x [Expr],
        result: Type,
    ) -> ir::Expr {
        let signature = std::rc::Rc::clone(&self.session.functions[function].signature);
        let types: Vec<Ty> = types.iter().map(|ty| self.ground(ty)).collect();
        let mut statements = Vec::new();
        let (mut list, mut places) = (Vec::new(), Vec::new());
        for (arg, param) in args.iter().zip(&signature.params) {
            let value = if is_copied(param) {
                let place = self.target(arg, &mut statements);
                let value = place.read();
                places.push(place);
                value
            } else {
                self.expr(arg)
            };
            if value.ty == Type::Never {
                return build::sequence(statements, value);
            }
            let view = matches!(value.ty, Type::View(_)) && build::is_plain(&value);
            list.push(if view {
                value
            } else {
                self.keep(value, &mut statements)
            });
        }
        let number = match &mut self.instances {
            Some(instances) => instances.number(function, types),
            None => return build::unit(),
        };
        // The callee's own result may be `!` where the call's type is another one.
        let never = signature.result == Ty::Never;
        let mut all = vec![result.clone()];
        all.extend(places.iter().map(|place| place.read().ty));
        let ty = if never { Type::Never } else { Type::Tuple(all) };
        let call = ir::Expr {
            ty: ty.clone(),
            kind: ExprKind::Call(number, list),
        };
        if never {
            return build::sequence(statements, call);
        }
        let id = self.b.local("", ty.clone());
        statements.push(build::assign(id, call));
        for (n, place) in places.into_iter().enumerate() {
            let value = build::member(build::local(id, ty.clone()), n as u32 + 1);
            statements.push(place.write(value));
        }
        let value = if result == Type::UNIT {
            build::unit()
        } else {
            build::member(build::local(id, ty), 0)
        };
        build::sequence(statements, value)
    }

    /// What a mutable reference points to; a value without a place gets one.
    fn target(&mut self, e: &'x Expr, out: &mut Vec<Statement>) -> Place {
        let mut inner = e;
        while let Kind::Borrow(next) = &inner.kind {
            inner = next;
        }
        let is_place = matches!(
            inner.kind,
            Kind::Local(_) | Kind::Member(..) | Kind::Index(..) | Kind::Element(..)
        );
        if is_place {
            match self.place(inner, true, out) {
                Place::Nothing => {}
                place => return place,
            }
        }
        let value = self.expr(inner);
        let ty = value.ty.clone();
        let id = self.b.local("", ty.clone());
        out.push(build::assign(id, value));
        Place::Variable(id, Vec::new(), build::local(id, ty))
    }

    /// Whether a variable is a mutable reference that stands for its place.
    pub(super) fn is_reference(&self, local: LocalIndex) -> bool {
        is_copied(&self.ground(&self.body.locals[local].ty))
    }

    /// `let local = &mut place;`: the variable stands for the place from now on.
    pub(super) fn alias(&mut self, local: LocalIndex, init: &'x Expr, out: &mut Vec<Statement>) {
        let slot = match self.target(init, out) {
            Place::Variable(id, path, value) => {
                if path.iter().any(|step| matches!(step, Step::Index(..))) {
                    out.push(Statement::Expr(value.clone()));
                }
                Slot::Place(id, path)
            }
            Place::Element {
                view,
                index,
                site,
                ty,
            } => {
                let mut ids = Vec::new();
                for i in index {
                    let id = self.b.local("", Type::Scalar(Scalar::Usize));
                    out.push(build::assign(id, i));
                    ids.push(id);
                }
                let element = match &self.b.locals[view.0 as usize].ty {
                    Type::View(view) => view.element,
                    _ => Element::Scalar(Scalar::Bool),
                };
                // The bounds are checked when the reference is made.
                out.push(Statement::Expr(ir::Expr {
                    ty,
                    kind: ExprKind::Load {
                        view,
                        index: super::expr::subscripts(&ids),
                        site,
                    },
                }));
                Slot::Element(view, ids, element)
            }
            // Refused by the checker.
            Place::Part(..) | Place::Nothing => Slot::Nothing,
        };
        self.slots[local] = slot;
    }

    /// The value of a part of a local.
    pub(super) fn read_path(&self, id: LocalId, path: &[Step]) -> ir::Expr {
        let mut value = build::local(id, self.b.locals[id.0 as usize].ty.clone());
        for step in path {
            value = match step {
                Step::Member(n) => build::member(value, *n),
                Step::Index(index, site) => ir::Expr {
                    ty: match &value.ty {
                        Type::Array(element, _) => (**element).clone(),
                        _ => Type::Never,
                    },
                    kind: ExprKind::Index {
                        array: Box::new(value),
                        index: Box::new(index.clone()),
                        site: *site,
                    },
                },
            };
        }
        value
    }

    /// `std::mem::swap`.
    pub(super) fn swap(&mut self, a: &'x Expr, b: &'x Expr) -> ir::Expr {
        let mut statements = Vec::new();
        let first = self.target(a, &mut statements);
        let second = self.target(b, &mut statements);
        let (x, y) = (first.read(), second.read());
        let x = self.keep(x, &mut statements);
        let y = self.keep(y, &mut statements);
        statements.push(first.write(y));
        statements.push(second.write(x));
        build::sequence(statements, build::unit())
    }

    /// `std::mem::replace`.
    pub(super) fn replace(&mut self, place: &'x Expr, value: &'x Expr) -> ir::Expr {
        let mut statements = Vec::new();
        let place = self.target(place, &mut statements);
        let old = place.read();
        let old = self.keep(old, &mut statements);
        let value = self.expr(value);
        if value.ty == Type::Never {
            return build::sequence(statements, value);
        }
        statements.push(place.write(value));
        build::sequence(statements, old)
    }

    /// A variant of an enum, as its discriminant.
    pub(super) fn variant(&mut self, adt: usize, n: usize, ty: &Ty) -> ir::Expr {
        let s = self.scalar(ty);
        let all = self.session.variants(adt);
        build::int(s, all.get(n).map_or(0, |(value, _)| *value))
    }

    /// `Default::default()`.
    pub(super) fn default_value(&mut self, ty: &Ty) -> ir::Expr {
        let ty = self.ground(ty);
        self.default_of(&ty)
    }

    fn default_of(&mut self, ty: &Ty) -> ir::Expr {
        match ty {
            Ty::Tuple(list) => build::tuple(list.iter().map(|t| self.default_of(t)).collect()),
            Ty::Adt(adt, args) => match self.session.field_types(adt, args) {
                Some(fields) => build::tuple(fields.iter().map(|f| self.default_of(f)).collect()),
                None => {
                    let default = self.session.default_variant(adt);
                    self.variant(adt.number, default, ty)
                }
            },
            Ty::Array(inner, _) => {
                let value = self.default_of(inner);
                ir::Expr {
                    ty: erase(self.session, ty),
                    kind: ExprKind::Repeat(Box::new(value)),
                }
            }
            other => zero(&erase(self.session, other)),
        }
    }
}

/// The value whose bits are all 0.
fn zero(ty: &Type) -> ir::Expr {
    match ty {
        Type::Scalar(s) => build::bits(*s, 0),
        Type::Tuple(parts) => build::tuple(parts.iter().map(zero).collect()),
        Type::Array(inner, _) => ir::Expr {
            ty: ty.clone(),
            kind: ExprKind::Repeat(Box::new(zero(inner))),
        },
        Type::View(_) | Type::Never => build::unit(),
    }
}
