//! From the typed tree to the graph of steps, in rustc's order of evaluation. Statements and
//! control flow are in `control.rs`, places and loans here. Invariant: the tree gives the
//! same variables and steps whatever is known to be lent, except for the ends of scopes.

use std::collections::{HashMap, HashSet};

use crate::check::adt::Shape;
use crate::check::borrow::graph::{
    Access, Graph, Loan, LoanKind, Part, Place, Step, StepIndex, Var,
};
use crate::check::session::Session;
use crate::check::tree::{Body, Expr, Kind, LocalIndex, LoopIndex};
use crate::check::ty::{Ty, close, substitute};
use crate::diagnostic::Span;

#[path = "arrays.rs"]
mod arrays;
#[path = "closures.rs"]
mod closures;
#[path = "control.rs"]
mod control;
#[path = "forms.rs"]
mod forms;

use forms::{calm, carries, depth, is_place, lasting, mentions, peeled, promoted};

/// What a value carries: the variables whose loans it holds.
pub(super) type Carried = Vec<Var>;

/// How a kind of expression borrows its receiver.
pub(super) struct Derived<'e> {
    receiver: &'e Expr,
    arguments: Vec<&'e Expr>,
    /// `None`: the value takes over what the receiver carries.
    lends: Option<LoanKind>,
}

/// What leaves a loop or labelled block.
struct Frame {
    /// The scopes that stay.
    scopes: usize,
    head: Option<StepIndex>,
    exit: StepIndex,
    result: Var,
}

/// Variables that end together.
#[derive(Default)]
struct Scope {
    vars: Vec<Var>,
}

/// A mutable borrow that begins to count once all arguments are known.
struct Reserved {
    place: Place,
    span: Span,
    holder: Var,
}

pub(super) struct Builder<'s, 'a, 'b> {
    session: &'s Session<'a>,
    body: &'b Body,
    graph: Graph,
    /// The last step; `None` where nothing is reached.
    at: Option<StepIndex>,
    scopes: Vec<Scope>,
    frames: HashMap<LoopIndex, Frame>,
    /// The scope of temporaries in the extended part of a `let`.
    extended: usize,
    /// What is lent anywhere.
    lent: HashSet<Var>,
    /// For tuples that are made once, what each member carries.
    members: HashMap<LocalIndex, Vec<Var>>,
}

/// The graph of a body.
pub(super) fn graph(session: &Session<'_>, body: &Body) -> Graph {
    let first = Builder::new(session, body, HashSet::new()).run();
    if first.loans.is_empty() {
        return first;
    }
    let lent = first.loans.iter().map(|loan| loan.place.var).collect();
    Builder::new(session, body, lent).run()
}

impl<'s, 'a, 'b> Builder<'s, 'a, 'b> {
    fn new(session: &'s Session<'a>, body: &'b Body, lent: HashSet<Var>) -> Self {
        Builder {
            session,
            body,
            graph: Graph::new(body.locals.len()),
            at: None,
            scopes: vec![Scope::default()],
            frames: HashMap::new(),
            extended: 0,
            lent,
            members: HashMap::new(),
        }
    }

    /// The variable that carries what is read at a place.
    fn root(&self, place: &Place) -> Var {
        let own = self.members.get(&place.var);
        match (own, place.parts.first()) {
            (Some(list), Some(Part::Member(n))) => {
                list.get(*n as usize).copied().unwrap_or(place.var)
            }
            _ => place.var,
        }
    }

    fn run(mut self) -> Graph {
        let first = self.join();
        self.at = Some(first);
        let value = self.value(&self.body.value, false);
        self.use_all(&value, self.body.value.span);
        self.graph
    }

    fn ty(&self, ty: &Ty) -> Ty {
        close(ty, &self.body.types)
    }

    fn var(&mut self) -> Var {
        self.graph.flows.push(Vec::new());
        self.graph.flows.len() - 1
    }

    /// A step without a way to it.
    fn join(&mut self) -> StepIndex {
        self.graph.steps.push(Step::default());
        self.graph.steps.len() - 1
    }

    /// A step after the last one.
    fn step(&mut self, step: Step) -> Option<StepIndex> {
        let last = self.at?;
        self.graph.steps.push(step);
        let new = self.graph.steps.len() - 1;
        self.graph.steps[last].next.push(new);
        self.at = Some(new);
        Some(new)
    }

    /// A way from the last step to another.
    fn go(&mut self, to: StepIndex) {
        if let Some(last) = self.at {
            self.graph.steps[last].next.push(to);
        }
    }

    fn use_all(&mut self, carried: &Carried, span: Span) {
        if !carried.is_empty() {
            self.step(Step {
                uses: carried.clone(),
                uses_at: span,
                ..Step::default()
            });
        }
    }

    /// `to` takes over what is carried; it is defined anew unless only a part is.
    fn hand_on(&mut self, carried: &Carried, to: Var, whole: bool, span: Span) {
        if self.at.is_none() {
            return;
        }
        for from in carried {
            self.graph.flows[*from].push(to);
        }
        self.step(Step {
            uses: carried.clone(),
            uses_at: span,
            defines: whole.then_some(to),
            ..Step::default()
        });
    }

    fn access(&mut self, place: Place, access: Access, span: Span) {
        let ends = matches!(access, Access::Write | Access::End);
        let uses = if ends && !place.parts.contains(&Part::Deref) {
            Vec::new()
        } else {
            vec![place.var]
        };
        self.step(Step {
            access: Some((place, access, span)),
            uses,
            uses_at: span,
            ..Step::default()
        });
    }

    /// Borrows a place; the variable that carries the loan.
    fn lend(&mut self, place: Place, kind: LoanKind, span: Span) -> Carried {
        let holder = self.var();
        let access = match kind {
            LoanKind::Shared => Access::Borrow,
            LoanKind::Reserved => Access::Reserve,
            LoanKind::Mutable => Access::BorrowMutably,
        };
        let root = self.root(&place);
        self.graph.flows[root].push(holder);
        let step = self.step(Step {
            access: Some((place.clone(), access, span)),
            uses: vec![place.var],
            uses_at: span,
            defines: Some(holder),
            ..Step::default()
        });
        if let Some(step) = step {
            self.graph.loans.push(Loan {
                place,
                kind,
                span,
                step,
                holder,
                guard: false,
            });
        }
        vec![holder]
    }

    // Places.

    /// The type of a place before a reference is taken or followed.
    fn natural(&self, e: &Expr) -> Ty {
        match &e.kind {
            Kind::Local(local) => self.ty(&self.body.locals[*local].ty),
            Kind::Member(inner, n) => match peeled(&self.ty(&inner.ty)) {
                Ty::Tuple(members) => members.get(*n as usize).cloned(),
                Ty::Option(_) if *n == 0 => Some(Ty::BOOL),
                Ty::Option(inner) | Ty::Complex(inner) => Some((**inner).clone()),
                Ty::Adt(adt, args) => match &self.session.adts[adt.number].shape {
                    Shape::Struct { fields, .. } => fields
                        .get(*n as usize)
                        .map(|field| substitute(&field.ty, args)),
                    Shape::Enum { .. } => None,
                },
                _ => None,
            }
            .unwrap_or_else(|| self.ty(&e.ty)),
            Kind::Element(array, _) => match peeled(&self.ty(&array.ty)) {
                Ty::Array(element, _) => (**element).clone(),
                _ => self.ty(&e.ty),
            },
            Kind::Index(view, _) => match peeled(&self.ty(&view.ty)) {
                Ty::View { element, .. } | Ty::Owned { element, .. } => (**element).clone(),
                _ => self.ty(&e.ty),
            },
            _ => self.ty(&e.ty),
        }
    }

    /// The variable or member that an expression names.
    fn place(&self, e: &Expr) -> Option<Place> {
        let mut place = match &e.kind {
            Kind::Local(local) => Place::of(*local),
            Kind::Member(inner, _) | Kind::Element(inner, _) => {
                let mut place = self.place(inner)?;
                let around = depth(&self.ty(&inner.ty));
                let lent = depth(&self.natural(inner));
                for _ in 0..around.min(lent) {
                    place.parts.push(Part::Deref);
                }
                place.parts.push(match &e.kind {
                    Kind::Member(_, n) => Part::Member(*n),
                    _ => Part::Element,
                });
                place
            }
            _ => return None,
        };
        let (natural, own) = (depth(&self.natural(e)), depth(&self.ty(&e.ty)));
        for _ in own..natural {
            place.parts.push(Part::Deref);
        }
        Some(place)
    }

    /// The place of a receiver, behind all references.
    fn receiver(&self, e: &Expr) -> Option<Place> {
        let mut place = self.place(e)?;
        for _ in 0..depth(&self.ty(&e.ty)).min(depth(&self.natural(e))) {
            place.parts.push(Part::Deref);
        }
        Some(place)
    }

    /// A receiver that is only looked at: `a` in `a.len()`.
    fn look(&mut self, e: &Expr) {
        self.indices(e);
        match self.receiver(e) {
            Some(place) => self.access(place, Access::Borrow, e.span),
            None => self.operand(e),
        }
    }

    /// A value that is used at once.
    fn operand(&mut self, e: &Expr) {
        let value = self.value(e, false);
        self.use_all(&value, e.span);
    }

    /// The value of a place, or a reference to it.
    fn place_value(&mut self, e: &Expr, shared: bool, reserved: &mut Vec<Reserved>) -> Carried {
        let (natural, own) = (self.natural(e), self.ty(&e.ty));
        let Some(mut place) = self.place(e) else {
            return self.element(e, &natural, &own);
        };
        self.indices(e);
        if let (Ty::Option(own), Ty::Option(natural)) = (&own, &natural)
            && depth(own) > depth(natural)
        {
            return self.lend(place, LoanKind::Shared, e.span);
        }
        if depth(&own) > depth(&natural) {
            let kind = match own {
                Ty::Ref(true, _) => LoanKind::Mutable,
                _ => LoanKind::Shared,
            };
            return self.lend(place, kind, e.span);
        }
        match own {
            // Handed on as a new reference to the same place.
            Ty::Ref(true, _) => {
                place.parts.push(Part::Deref);
                if shared {
                    return self.lend(place, LoanKind::Shared, e.span);
                }
                if self.written_as_borrow(e.span) {
                    return self.lend(place, LoanKind::Mutable, e.span);
                }
                let carried = self.lend(place.clone(), LoanKind::Reserved, e.span);
                reserved.push(Reserved {
                    place,
                    span: e.span,
                    holder: carried[0],
                });
                carried
            }
            Ty::Ref(false, _) if matches!(natural, Ty::Ref(true, _)) => {
                place.parts.push(Part::Deref);
                self.lend(place, LoanKind::Shared, e.span)
            }
            ref own => {
                let access = if self.moved(own) {
                    Access::Move
                } else {
                    Access::Read
                };
                let root = self.root(&place);
                self.access(place, access, e.span);
                if !carries(own) {
                    return Vec::new();
                }
                let copy = self.var();
                self.hand_on(&vec![root], copy, true, e.span);
                vec![copy]
            }
        }
    }

    /// Whether `&mut *r` is written out; the tree does not tell it from `r`.
    fn written_as_borrow(&self, span: Span) -> bool {
        let text = self.session.source.text.get(span.start as usize..);
        text.is_some_and(|text| text.starts_with('&'))
    }

    /// Turns reserved borrows into mutable ones.
    fn activate(&mut self, reserved: Vec<Reserved>, carried: &mut Carried, whole: Span) {
        for one in reserved {
            carried.retain(|var| *var != one.holder);
            self.use_all(&vec![one.holder], whole);
            let new = self.lend(one.place, LoanKind::Mutable, one.span);
            carried.extend(new);
        }
    }

    /// An element that is read, or a reference to it.
    fn element(&mut self, e: &Expr, natural: &Ty, own: &Ty) -> Carried {
        match &e.kind {
            Kind::Index(view, index) => {
                let borrowed = depth(own) > depth(natural);
                let kind = match own {
                    Ty::Ref(true, _) if borrowed => LoanKind::Mutable,
                    _ => LoanKind::Shared,
                };
                let held = self.indexed((view, index), e.span, kind, borrowed);
                if borrowed { held } else { Vec::new() }
            }
            // A part of a value.
            Kind::Member(inner, _) | Kind::Element(inner, _) => {
                let borrowed = depth(own) > depth(natural);
                let kind = match own {
                    Ty::Ref(true, _) => LoanKind::Mutable,
                    _ => LoanKind::Shared,
                };
                if let Kind::Element(_, index) = &e.kind {
                    self.operand(index);
                }
                if borrowed && let Some(held) = self.part_of_view(e, kind, true) {
                    return held;
                }
                let carried = self.value(inner, false);
                if carries(own) {
                    return carried;
                }
                self.use_all(&carried, e.span);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Borrows what is indexed, then works out the index. The loan is made where it is kept
    /// or where the index might disagree with it.
    fn indexed(
        &mut self,
        (view, index): (&Expr, &[Expr]),
        whole: Span,
        kind: LoanKind,
        kept: bool,
    ) -> Carried {
        self.indices(view);
        let Some(place) = self.receiver(view) else {
            let mut carried = self.value(view, false);
            for part in index {
                self.operand(part);
            }
            if !kept {
                self.use_all(&carried, whole);
                carried.clear();
            }
            return carried;
        };
        let calm = index
            .iter()
            .all(|part| calm(part) && (kind == LoanKind::Shared || !mentions(part, place.var)));
        if !kept && calm {
            let access = match kind {
                LoanKind::Shared => Access::Borrow,
                _ => Access::BorrowMutably,
            };
            self.access(place, access, view.span);
            for part in index {
                self.operand(part);
            }
            return Vec::new();
        }
        let held = self.lend(place, kind, view.span);
        for part in index {
            self.operand(part);
        }
        if kept {
            return held;
        }
        self.use_all(&held, whole);
        Vec::new()
    }

    /// Writes to a place what the value carries.
    fn write(&mut self, target: &Expr, carried: &Carried) {
        self.choice(target);
        self.indices(target);
        if let Some(place) = self.place(target) {
            let (root, whole) = (place.var, place.parts.is_empty());
            self.access(place, Access::Write, target.span);
            if whole || !carried.is_empty() {
                self.hand_on(carried, root, whole, target.span);
            }
            return;
        }
        if self
            .part_of_view(target, LoanKind::Mutable, false)
            .is_none()
        {
            self.operand(target);
        }
    }

    /// Notes where several mutable references to views may become one: the views' lifetimes
    /// would have to be the same, and those of parameters are not.
    fn choice(&mut self, e: &Expr) {
        if let Ty::Ref(true, inner) = self.ty(&e.ty)
            && matches!(*inner, Ty::View { .. })
        {
            self.graph.choices.push(e.span);
        }
    }

    /// `place op= value`.
    fn compound(&mut self, place: &Expr, value: &Expr, value_first: bool) {
        if value_first {
            self.operand(value);
            if let Some(read) = self.place(place) {
                self.access(read, Access::Read, place.span);
            }
            self.write(place, &Vec::new());
            return;
        }
        match (self.place(place), &place.kind) {
            (Some(lhs), _) => {
                self.indices(place);
                let held = self.lend(lhs.clone(), LoanKind::Reserved, place.span);
                let right = self.value(value, false);
                self.use_all(&held, place.span);
                self.access(lhs, Access::BorrowMutably, place.span);
                self.use_all(&right, value.span);
            }
            (None, Kind::Index(..) | Kind::Member(..) | Kind::Element(..)) => {
                let held = self.part_of_view(place, LoanKind::Mutable, true);
                let mut held = held.unwrap_or_default();
                held.extend(self.value(value, false));
                self.use_all(&held, place.span);
            }
            (None, _) => {
                self.operand(value);
                self.operand(place);
            }
        }
    }

    /// A call of a function of the file.
    fn call(&mut self, function: usize, args: &[Expr], span: Span) -> Carried {
        let signature = std::rc::Rc::clone(&self.session.functions[function].signature);
        let mut carried = Vec::new();
        let mut reserved = Vec::new();
        for (n, arg) in args.iter().enumerate() {
            let shared = matches!(signature.params.get(n), Some(Ty::Ref(false, _)));
            carried.extend(self.argument(arg, shared, &mut reserved));
        }
        self.activate(reserved, &mut carried, span);
        self.use_all(&carried, span);
        carried
    }

    /// Two mutable places, or one and a value: `std::mem::swap` and `replace`.
    fn exchanged(&mut self, a: &Expr, b: &Expr, span: Span) {
        let mut carried = Vec::new();
        let mut reserved = Vec::new();
        for arg in [a, b] {
            carried.extend(self.argument(arg, false, &mut reserved));
        }
        self.activate(reserved, &mut carried, span);
        self.use_all(&carried, span);
    }

    /// Notes a temporary that ends with the innermost scope.
    fn temporary(&mut self, var: Var) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.vars.push(var);
        }
    }

    fn argument(&mut self, arg: &Expr, shared: bool, reserved: &mut Vec<Reserved>) -> Carried {
        if is_place(arg) {
            return self.place_value(arg, shared, reserved);
        }
        if let Kind::Borrow(place) = &arg.kind {
            let (carried, later) = self.borrowed(place, arg.span);
            if let (Some(place), [holder]) = (later, carried.as_slice()) {
                let (span, holder) = (arg.span, *holder);
                reserved.push(Reserved {
                    place,
                    span,
                    holder,
                });
            }
            return carried;
        }
        self.value(arg, false)
    }

    /// A value made from a receiver that it borrows.
    fn derive(&mut self, how: &Derived<'_>, whole: Span) -> Carried {
        self.indices(how.receiver);
        let (place, kind) = match (self.receiver(how.receiver), how.lends) {
            (Some(place), Some(kind)) => (place, kind),
            (_, kind) => {
                let mut carried = self.value(how.receiver, false);
                if let Some(kind) = kind
                    && !matches!(self.ty(&how.receiver.ty), Ty::Ref(..))
                    && !lasting(how.receiver)
                {
                    let span = how.receiver.span;
                    let temporary = self.var();
                    self.hand_on(&carried, temporary, true, span);
                    self.temporary(temporary);
                    carried = self.lend(Place::of(temporary), kind, span);
                }
                for argument in &how.arguments {
                    self.operand(argument);
                }
                return carried;
            }
        };
        let carried = self.lend(place, kind, how.receiver.span);
        for argument in &how.arguments {
            self.operand(argument);
        }
        let made = self.var();
        self.hand_on(&carried, made, true, whole);
        vec![made]
    }
}
