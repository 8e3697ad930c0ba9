//! Mutable references to values: what may be made of them, and what they demand of the flow.
//! They are copied in and copied out, or stand for a place of the same function, so they
//! cannot be stored, chosen or returned. With it the moves of values that are not `Copy`.

use crate::check::flow::Flow;
use crate::check::session::Session;
use crate::check::tree::{Body, Expr, Kind, LocalIndex, Pattern, PatternKind, Statement};
use crate::check::ty::{Ty, close};
use crate::diagnostic::{Diagnostic, Span};

/// Whether this is a mutable reference to anything but an array.
pub(super) fn is_mutable(ty: &Ty) -> bool {
    match ty {
        Ty::Ref(true, inner) => !matches!(**inner, Ty::View { .. } | Ty::Owned { .. } | Ty::Error),
        _ => false,
    }
}

fn holds_mutable(ty: &Ty) -> bool {
    match ty {
        Ty::Tuple(list) | Ty::Adt(_, list) => list.iter().any(holds_mutable),
        Ty::Option(inner) | Ty::Array(inner, _) => holds_mutable(inner),
        other => is_mutable(other),
    }
}

/// The variable that a place is a part of.
fn root_local(place: &Expr) -> Option<LocalIndex> {
    match &place.kind {
        Kind::Local(local) => Some(*local),
        Kind::Member(inner, _) => root_local(inner),
        _ => None,
    }
}

/// The variable and the members that lead to a place; `None` beyond elements.
pub(super) fn part_of(place: &Expr) -> Option<(LocalIndex, Vec<u32>)> {
    match &place.kind {
        Kind::Local(local) => Some((*local, Vec::new())),
        Kind::Member(inner, n) => {
            let (local, mut path) = part_of(inner)?;
            path.push(*n);
            Some((local, path))
        }
        _ => None,
    }
}

/// A part of a variable that has been moved out of.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Moved {
    /// The members that lead to it; none for the variable itself.
    pub(super) path: Vec<u32>,
    /// Where.
    pub(super) span: Span,
}

impl Moved {
    /// Whether the other part is in this one or has it in it.
    pub(super) fn meets(&self, path: &[u32]) -> bool {
        let common = self.path.len().min(path.len());
        self.path[..common] == path[..common]
    }
}

/// Refuses mutable references that are stored, chosen or assigned.
pub(crate) fn check_body(session: &mut Session<'_>, body: &Body) {
    let mut found = Vec::new();
    expr(&body.value, body, &mut found);
    for span in found {
        let error = Diagnostic::new(
            "B0310",
            span,
            "a mutable reference can only be passed on, dereferenced, or bound by its own `let`",
        )
        .label("it is stored or chosen here")
        .help("choose or store the value itself, and assign it to its place afterwards");
        if !session.errors.contains(&error) {
            session.report(error);
        }
    }
}

fn expr(e: &Expr, body: &Body, found: &mut Vec<Span>) {
    let is_reference = |e: &Expr| is_mutable(&close(&e.ty, &body.types));
    match &e.kind {
        Kind::Local(_) | Kind::Borrow(_) | Kind::Error => {}
        Kind::Assign(place, _) if is_reference(place) => found.push(e.span),
        _ if holds_mutable(&close(&e.ty, &body.types)) => {
            found.push(e.span);
            return;
        }
        Kind::Match(_, arms) => {
            for arm in arms {
                bindings(&arm.pattern, body, found);
            }
        }
        Kind::Block(_, block) | Kind::Loop(_, block) | Kind::While(_, _, block) => {
            return within(e, block, body, found);
        }
        Kind::For(looped) => return within(e, &looped.body, body, found),
        Kind::If(condition, then, otherwise) => {
            expr(condition, body, found);
            block(then, body, found);
            if let Some(otherwise) = otherwise {
                expr(otherwise, body, found);
            }
            return;
        }
        _ => {}
    }
    e.each(&mut |inner| expr(inner, body, found));
}

/// An expression that holds a block, whose statements are not all expressions.
fn within(e: &Expr, own: &crate::check::tree::Block, body: &Body, found: &mut Vec<Span>) {
    block(own, body, found);
    match &e.kind {
        Kind::While(_, condition, _) => expr(condition, body, found),
        Kind::For(looped) => {
            if let crate::check::tree::Iter::Range {
                start, end, step, ..
            } = &looped.iter
            {
                expr(start, body, found);
                expr(end, body, found);
                step.iter().for_each(|(e, _)| expr(e, body, found));
            }
        }
        _ => {}
    }
}

fn block(own: &crate::check::tree::Block, body: &Body, found: &mut Vec<Span>) {
    for statement in &own.statements {
        match statement {
            Statement::Let(pattern, Some(init)) => initial(pattern, init, body, found),
            Statement::Let(pattern, None) => bindings(pattern, body, found),
            Statement::Expr(e) => expr(e, body, found),
        }
    }
    own.value.iter().for_each(|e| expr(e, body, found));
}

/// `let pattern = init`: a reference by itself, or a tuple of them that is taken apart at
/// once.
fn initial(pattern: &Pattern, init: &Expr, body: &Body, found: &mut Vec<Span>) {
    match (&pattern.kind, &init.kind) {
        (PatternKind::Tuple(patterns), Kind::Tuple(members)) if patterns.len() == members.len() => {
            for (pattern, member) in patterns.iter().zip(members) {
                initial(pattern, member, body, found);
            }
        }
        (PatternKind::Binding(_, None) | PatternKind::Wildcard, _) => expr(init, body, found),
        _ => {
            bindings(pattern, body, found);
            expr(init, body, found);
        }
    }
}

/// A pattern that binds a mutable reference would bind a copy.
fn bindings(pattern: &Pattern, body: &Body, found: &mut Vec<Span>) {
    pattern.bindings(&mut |local| {
        let declared = &body.locals[local];
        if is_mutable(&close(&declared.ty, &body.types)) {
            found.push(declared.span);
        }
    });
}

impl Flow<'_, '_, '_> {
    /// Whether reading this place as a value moves it; reports moves out of references.
    pub(super) fn moves(&mut self, e: &Expr) -> bool {
        let ty = self.ty(&e.ty);
        if matches!(ty, Ty::Ref(..)) || self.session.is_copy(&ty) {
            return false;
        }
        let mut root = e;
        let behind = loop {
            match &root.kind {
                Kind::Local(local) => {
                    break matches!(self.ty(&self.body.locals[*local].ty), Ty::Ref(..));
                }
                Kind::Member(inner, _) => root = inner,
                _ => return false,
            }
        };
        if behind {
            let text = &self.session.source.text;
            let shown = text
                .get(e.span.start as usize..e.span.end as usize)
                .unwrap_or("the value")
                .to_string();
            self.report(
                Diagnostic::new(
                    "E0507",
                    e.span,
                    format!("cannot move out of `{shown}`, which is behind a reference"),
                )
                .label("its type is not `Copy`")
                .help("write `#[derive(Clone, Copy)]` before the type, or use `.clone()`"),
            );
            return false;
        }
        true
    }

    /// Whether a pattern binds a value that is moved.
    pub(super) fn takes(&self, pattern: &Pattern) -> bool {
        let mut takes = false;
        pattern.bindings(&mut |local| {
            let ty = self.ty(&self.body.locals[local].ty);
            takes |= !matches!(ty, Ty::Ref(..)) && !self.session.is_copy(&ty);
        });
        takes
    }

    /// A pattern moves out of a place what it binds.
    pub(super) fn take(&mut self, pattern: &Pattern, value: &Expr) {
        if self.takes(pattern)
            && let Some((local, mut path)) = part_of(value)
        {
            self.take_part(pattern, local, &mut path, value);
        }
    }

    fn take_part(
        &mut self,
        pattern: &Pattern,
        local: LocalIndex,
        path: &mut Vec<u32>,
        value: &Expr,
    ) {
        match &pattern.kind {
            PatternKind::Tuple(list) => {
                for (n, member) in list.iter().enumerate() {
                    path.push(n as u32);
                    self.take_part(member, local, path, value);
                    path.pop();
                }
            }
            PatternKind::Or(list) => {
                if let Some(first) = list.first() {
                    self.take_part(first, local, path, value);
                }
            }
            PatternKind::Binding(bound, _) => {
                let ty = self.ty(&self.body.locals[*bound].ty);
                if !matches!(ty, Ty::Ref(..)) && !self.session.is_copy(&ty) {
                    self.uses_part(local, path, value.span, true);
                }
            }
            PatternKind::Wildcard | PatternKind::Value(_) | PatternKind::Range(..) => {}
        }
    }

    /// A part of a variable is written to: it has a value again, but what it is a part of
    /// must have one already.
    pub(super) fn write_part(&mut self, local: LocalIndex, place: &Expr) {
        let mut whole = place;
        while let Kind::Element(inner, _) = &whole.kind {
            whole = inner;
        }
        let Some((_, path)) = part_of(whole) else {
            return self.uses(local, place.span, false);
        };
        let Some(&n) = self.tracked.get(&local) else {
            return;
        };
        let over = std::ptr::eq(whole, place);
        let (inside, mut rest): (Vec<Moved>, Vec<Moved>) = std::mem::take(&mut self.state.moved[n])
            .into_iter()
            .partition(|part| part.path.len() >= path.len() && part.meets(&path));
        if !over {
            rest.extend(inside);
        }
        self.state.moved[n] = rest;
        self.uses_part(local, &path, place.span, false);
    }

    /// The value of a `let`. What is only looked into is not moved.
    pub(super) fn initialise(&mut self, pattern: &Pattern, init: &Expr) {
        self.behind(pattern, &init.ty);
        let place = root_local(init).is_some();
        let whole = matches!(pattern.kind, PatternKind::Binding(..));
        match init.kind {
            Kind::Local(local) if whole && is_mutable(&self.ty(&init.ty)) => {
                self.uses(local, init.span, true);
            }
            // `()` looks at nothing.
            _ if place && matches!(&pattern.kind, PatternKind::Tuple(list) if list.is_empty()) => {}
            _ if place && !whole => {
                self.place(init);
                self.take(pattern, init);
            }
            _ => self.value(init),
        }
    }

    /// Reports a pattern that moves out of the reference that it is matched with.
    pub(super) fn behind(&mut self, pattern: &Pattern, ty: &Ty) {
        let binding = matches!(pattern.kind, PatternKind::Binding(..));
        if !binding && matches!(self.ty(ty), Ty::Ref(..)) && self.takes(pattern) {
            self.report(
                Diagnostic::new(
                    "E0507",
                    pattern.span,
                    "cannot move out of a reference by a pattern",
                )
                .help("write the pattern without the `&`, so that it binds references"),
            );
        }
    }

    /// Demands that a place may be written: it is assigned, or borrowed mutably.
    pub(super) fn writable(&mut self, place: &Expr, span: Span, borrow: bool) {
        let mut root = place;
        loop {
            // A mutable reference on the way: what it points to may be written.
            let is_root = matches!(root.kind, Kind::Local(_));
            if !is_root && !std::ptr::eq(root, place) && is_mutable(&self.ty(&root.ty)) {
                return;
            }
            match &root.kind {
                Kind::Member(inner, _) => root = inner,
                Kind::Index(view, _) => {
                    let mut ty = self.ty(&view.ty);
                    while let Ty::Ref(_, inner) = ty {
                        ty = *inner;
                    }
                    if matches!(ty, Ty::View { .. }) {
                        return self.write_element(view, span);
                    }
                    root = view;
                }
                _ => break,
            }
        }
        let Kind::Local(local) = root.kind else {
            return;
        };
        let declared = &self.body.locals[local];
        let (name, declared_at, mutable) = (declared.name.clone(), declared.span, declared.mutable);
        let ty = self.ty(&declared.ty);
        let error = match ty {
            Ty::Ref(true, _) => return,
            Ty::Ref(false, _) if borrow => Diagnostic::new(
                "E0596",
                span,
                format!("cannot borrow `*{name}` as mutable, as it is behind a `&` reference"),
            )
            .help(if name == "self" {
                "write `&mut self`"
            } else {
                "make it a `&mut` reference"
            }),
            Ty::Ref(false, _) => Diagnostic::new(
                "E0594",
                span,
                format!("cannot assign to a member of `{name}`, which is behind a `&` reference"),
            )
            .help(if name == "self" {
                "write `&mut self`"
            } else {
                "make it a `&mut` reference"
            }),
            _ if mutable || name.is_empty() => return,
            _ if borrow => Diagnostic::new(
                "E0596",
                span,
                format!("cannot borrow `{name}` as mutable, as it is not declared as mutable"),
            )
            .label("cannot borrow as mutable")
            .help(format!("declare it as `mut {name}`")),
            _ => return,
        };
        self.report(error.related(declared_at, "declared here"));
    }
}
