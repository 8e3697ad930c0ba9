//! What depends on the order of execution: variables read before they have a value
//! (`E0381`), assigned though immutable (`E0384`, `E0594`, `E0596`), mutable views used
//! after they were given away (`E0382`). Not borrow checking beyond that. Invariant: the
//! state of a point in the body holds for every way that leads there.

use std::collections::{HashMap, HashSet};

use crate::check::captures::Captures;
use crate::check::iter::Chain;
use crate::check::references::{Moved, is_mutable, part_of};
use crate::check::session::Session;
use crate::check::tree::{
    Block, Body, Closure, Expr, Iter, Kind, LocalIndex, LoopIndex, Pattern, Statement,
};
use crate::check::ty::{Ty, close};
use crate::diagnostic::{Diagnostic, Span};

/// How many expressions may be visited; nested loops are visited again.
const MAX_STEPS: u32 = 20_000_000;

/// What is known at a point: for each local one flag of each kind.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct State {
    /// The point cannot be reached.
    dead: bool,
    /// Certainly has a value.
    set: Vec<bool>,
    /// May have a value.
    maybe: Vec<bool>,
    /// The parts that may have been moved out of, and where.
    pub(super) moved: Vec<Vec<Moved>>,
}

impl State {
    fn join(&mut self, other: &State) {
        if other.dead {
            return;
        }
        if self.dead {
            *self = other.clone();
            return;
        }
        for n in 0..self.set.len() {
            self.set[n] &= other.set[n];
            self.maybe[n] |= other.maybe[n];
            for part in &other.moved[n] {
                if !self.moved[n].iter().any(|known| known.path == part.path) {
                    self.moved[n].push(part.clone());
                }
            }
        }
    }

    fn dead(mut self) -> State {
        self.dead = true;
        self
    }
}

pub(super) struct Flow<'s, 'a, 'b> {
    pub(super) session: &'s mut Session<'a>,
    pub(super) body: &'b Body,
    /// The number of a local among those that need states.
    pub(super) tracked: HashMap<LocalIndex, usize>,
    pub(super) state: State,
    breaks: HashMap<LoopIndex, State>,
    continues: HashMap<LoopIndex, State>,
    /// The locals of the innermost closure around; outside of any there is none.
    own: Option<std::ops::Range<LocalIndex>>,
    steps: u32,
    /// The closures that are not `Copy`, or have a state that a copy would have to itself.
    singles: HashSet<u32>,
}

/// Checks a body.
pub(crate) fn check_body(session: &mut Session<'_>, body: &Body) {
    let mut tracked = HashMap::new();
    for (local, declared) in body.locals.iter().enumerate() {
        let ty = close(&declared.ty, &body.types);
        if declared.deferred
            || is_mutable(&ty)
            || matches!(ty, Ty::Closure(_))
            || !matches!(ty, Ty::Ref(..)) && !session.is_copy(&ty)
        {
            tracked.insert(local, tracked.len());
        }
    }
    let count = tracked.len();
    let mut state = State {
        dead: false,
        set: vec![false; count],
        maybe: vec![false; count],
        moved: vec![Vec::new(); count],
    };
    for (local, number) in &tracked {
        if !body.locals[*local].deferred {
            (state.set[*number], state.maybe[*number]) = (true, true);
        }
    }
    let mut flow = Flow {
        session,
        body,
        tracked,
        state,
        breaks: HashMap::new(),
        continues: HashMap::new(),
        own: None,
        steps: MAX_STEPS,
        singles: HashSet::new(),
    };
    for local in 0..body.params.len() {
        if let Ty::Closure(number) = body.locals[local].ty {
            flow.singles.insert(number);
        }
    }
    for (pattern, local) in body.params.iter().zip(&body.locals) {
        flow.behind(pattern, &local.ty);
    }
    flow.value(&body.value);
    if flow.steps == 0 {
        flow.session.report(
            Diagnostic::new(
                "B0277",
                body.value.span,
                "the loops of this function nest too deeply",
            )
            .help("split the function"),
        );
    }
}

impl Flow<'_, '_, '_> {
    pub(super) fn ty(&self, ty: &Ty) -> Ty {
        close(ty, &self.body.types)
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if !self.session.errors.contains(&diagnostic) {
            self.session.report(diagnostic);
        }
    }

    fn block(&mut self, block: &Block) {
        for statement in &block.statements {
            match statement {
                Statement::Let(pattern, init) => {
                    if let Some(init) = init {
                        self.initialise(pattern, init);
                    }
                    pattern.bindings(&mut |local| {
                        if let Some(n) = self.tracked.get(&local) {
                            let has = init.is_some();
                            self.state.set[*n] = has;
                            self.state.maybe[*n] = has;
                            self.state.moved[*n].clear();
                        }
                    });
                }
                Statement::Expr(e) => self.value(e),
            }
        }
        if let Some(value) = &block.value {
            self.value(value);
        }
    }

    /// A pattern gives its variables new values.
    fn bound(&mut self, pattern: &Pattern) {
        pattern.bindings(&mut |local| {
            if let Some(n) = self.tracked.get(&local) {
                self.state.set[*n] = true;
                self.state.maybe[*n] = true;
                self.state.moved[*n].clear();
            }
        });
    }

    /// Runs a branch from `start`; the current state becomes its end.
    fn branch(&mut self, start: &State, run: impl FnOnce(&mut Self)) -> State {
        let outer = std::mem::replace(&mut self.state, start.clone());
        run(self);
        std::mem::replace(&mut self.state, outer)
    }

    fn repeat(&mut self, id: LoopIndex, run: impl Fn(&mut Self) -> Option<State>) {
        let mut head = self.state.clone();
        loop {
            self.breaks.remove(&id);
            self.continues.remove(&id);
            self.state = head.clone();
            let exit = run(self);
            let mut next = head.clone();
            next.join(&self.state);
            if let Some(state) = self.continues.remove(&id) {
                next.join(&state);
            }
            if next == head || self.steps == 0 {
                let mut end = match exit {
                    Some(exit) => exit,
                    None => head.dead(),
                };
                if let Some(state) = self.breaks.remove(&id) {
                    end.join(&state);
                }
                self.state = end;
                return;
            }
            head = next;
        }
    }

    fn name(&self, local: LocalIndex) -> &str {
        &self.body.locals[local].name
    }

    /// A variable is read, or borrowed.
    pub(super) fn uses(&mut self, local: LocalIndex, span: Span, moves: bool) {
        self.uses_part(local, &[], span, moves);
    }

    /// A part of a variable is read, or borrowed.
    pub(super) fn uses_part(&mut self, local: LocalIndex, path: &[u32], span: Span, moves: bool) {
        let Some(&n) = self.tracked.get(&local) else {
            return;
        };
        if self.state.dead {
            return;
        }
        if !self.state.set[n] {
            let name = self.name(local).to_string();
            let declared = self.body.locals[local].span;
            let error = Diagnostic::new(
                "E0381",
                span,
                if self.state.maybe[n] {
                    format!("used binding `{name}` is possibly-uninitialized")
                } else {
                    format!("used binding `{name}` isn't initialized")
                },
            )
            .label(format!(
                "`{name}` is used here but it has no value on some path"
            ))
            .related(declared, "declared here without a value")
            .help(format!("give it a value: `let {name} = ..;`"));
            self.report(error);
            self.state.set[n] = true;
        }
        let found = self.state.moved[n].iter().find(|part| part.meets(path));
        if let Some(part) = found {
            let place = part.span;
            let name = self.name(local).to_string();
            let message = if part.path.len() > path.len() {
                format!("use of partially moved value: `{name}`")
            } else {
                format!("use of moved value: `{name}`")
            };
            let error = Diagnostic::new("E0382", span, message)
                .label("used here after move")
                .related(place, "moved here")
                .help(match self.ty(&self.body.locals[local].ty) {
                    Ty::Adt(adt, _) => format!(
                        "write `#[derive(Clone, Copy)]` before `{}`, or pass `&{name}`",
                        adt.name
                    ),
                    Ty::Ref(..) => format!("borrow it again: `&mut *{name}`"),
                    ty => super::arrays::move_help(&name, &ty),
                });
            self.report(error);
            self.state.moved[n].retain(|part| !part.meets(path));
        } else if moves {
            let path = path.to_vec();
            self.state.moved[n].push(Moved { path, span });
        }
    }

    /// An expression whose place is used, not its value.
    pub(super) fn place(&mut self, e: &Expr) {
        match &e.kind {
            Kind::Local(local) => self.uses(*local, e.span, false),
            Kind::Member(inner, _) => match part_of(e) {
                Some((local, path)) => self.uses_part(local, &path, e.span, false),
                None => self.place(inner),
            },
            Kind::Element(inner, index) => {
                self.place(inner);
                self.value(index);
            }
            _ => self.value(e),
        }
    }

    pub(super) fn value(&mut self, e: &Expr) {
        if self.steps == 0 {
            return;
        }
        self.steps -= 1;
        match &e.kind {
            Kind::Local(local) => {
                let moves = self.moves(e);
                self.uses(*local, e.span, moves);
            }
            Kind::Member(inner, _) => match part_of(e) {
                Some((local, path)) => {
                    let moves = self.moves(e);
                    self.uses_part(local, &path, e.span, moves);
                }
                None => self.place(inner),
            },
            Kind::Borrow(place) => {
                self.place(place);
                self.writable(place, e.span, true);
            }
            Kind::Clone(place) => self.place(place),
            Kind::Swap(a, b) | Kind::Replace(a, b) => {
                self.value(a);
                self.value(b);
            }
            Kind::Assign(place, value) => {
                self.value(value);
                self.write(place);
            }
            Kind::Compound(_, place, value, value_first) => {
                if *value_first {
                    self.value(value);
                    self.place_parts(place);
                } else {
                    self.place_parts(place);
                    self.value(value);
                }
                self.write(place);
            }
            Kind::Index(view, index) => {
                self.place(view);
                index.iter().for_each(|i| self.value(i));
            }
            Kind::Element(..) => self.place(e),
            Kind::Array(op, operands) => {
                if matches!(op, super::arrays::ArrayOp::Exchange) {
                    operands.iter().for_each(|place| self.whole_array(place));
                }
                for (n, operand) in operands.iter().enumerate() {
                    if op.is_place(n) {
                        self.place(operand);
                    } else {
                        self.value(operand);
                    }
                }
            }
            Kind::Let(pattern, value) => {
                self.place(value);
                self.take(pattern, value);
            }
            Kind::Dim(view, _) | Kind::Len(view) => self.place(view),
            Kind::DimAt(view, index) => {
                self.place(view);
                self.value(index);
            }
            Kind::Lazy(_, lhs, rhs) => {
                self.value(lhs);
                let start = self.state.clone();
                let end = self.branch(&start, |f| f.value(rhs));
                self.state.join(&end);
            }
            Kind::If(condition, then, otherwise) => {
                self.value(condition);
                let start = self.state.clone();
                let mut end = self.branch(&start, |f| f.block(then));
                if let Some(otherwise) = otherwise {
                    self.value(otherwise);
                }
                end.join(&self.state);
                self.state = end;
            }
            Kind::Match(scrutinee, arms) => {
                self.place(scrutinee);
                let start = self.state.clone();
                let mut end = start.clone().dead();
                for arm in arms {
                    let after = self.branch(&start, |f| {
                        f.behind(&arm.pattern, &scrutinee.ty);
                        f.take(&arm.pattern, scrutinee);
                        f.bound(&arm.pattern);
                        if let Some(guard) = &arm.guard {
                            f.value(guard);
                        }
                        f.value(&arm.body);
                    });
                    end.join(&after);
                }
                self.state = end;
            }
            Kind::While(id, condition, body) => {
                self.repeat(*id, |f| {
                    f.value(condition);
                    let exit = f.state.clone();
                    f.block(body);
                    Some(exit)
                });
            }
            Kind::Loop(id, body) => self.repeat(*id, |f| {
                f.block(body);
                None
            }),
            Kind::For(looped) => {
                match &looped.iter {
                    Iter::Range {
                        start, end, step, ..
                    } => {
                        self.value(start);
                        self.value(end);
                        if let Some((step, _)) = step {
                            self.value(step);
                        }
                    }
                    Iter::Elements(view, _) => self.place(view),
                    Iter::Chain(chain) => self.chain(chain),
                    Iter::Error => {}
                }
                self.repeat(looped.id, |f| {
                    let exit = f.state.clone();
                    f.bound(&looped.pattern);
                    f.block(&looped.body);
                    Some(exit)
                });
            }
            Kind::Block(Some(id), block) => {
                self.breaks.remove(id);
                self.block(block);
                if let Some(state) = self.breaks.remove(id) {
                    self.state.join(&state);
                }
            }
            Kind::Block(None, block) => self.block(block),
            Kind::Break(id, value) => {
                if let Some(value) = value {
                    self.value(value);
                }
                let state = self.state.clone();
                match self.breaks.get_mut(id) {
                    Some(all) => all.join(&state),
                    None => {
                        self.breaks.insert(*id, state);
                    }
                }
                self.state.dead = true;
            }
            Kind::Continue(id) => {
                let state = self.state.clone();
                match self.continues.get_mut(id) {
                    Some(all) => all.join(&state),
                    None => {
                        self.continues.insert(*id, state);
                    }
                }
                self.state.dead = true;
            }
            Kind::Return(value) => {
                if let Some(value) = value {
                    self.value(value);
                }
                self.state.dead = true;
            }
            Kind::Closure(closure) => self.closure(closure),
            Kind::Consume(consume) => {
                self.chain(&consume.chain);
                consume.argument.iter().for_each(|e| self.value(e));
                consume.closure.iter().for_each(|c| self.closure(c));
            }
            Kind::CallClosure(callee, args, changes) => self.call_closure(callee, args, *changes),
            Kind::Panic(_) => self.state.dead = true,
            Kind::Assert(condition, _) => self.value(condition),
            Kind::AssertEqual(_, a, b, _) => {
                self.place(a);
                self.place(b);
            }
            Kind::Method("is_some" | "is_none", _, list, _) => {
                list.iter().for_each(|value| self.place(value));
            }
            Kind::Binary(op, a, b) if super::operators::is_comparison(*op) => {
                self.place(a);
                self.place(b);
            }
            Kind::Binary(_, a, b) => {
                self.value(a);
                self.value(b);
            }
            _ => self.parts(e),
        }
        if matches!(self.ty(&e.ty), Ty::Never) {
            self.state.dead = true;
        }
    }

    /// A closure is made, or given to what may call it any number of times.
    pub(crate) fn closure(&mut self, closure: &Closure) {
        let captures = Captures::of(closure);
        let mut single = !captures.changed.is_empty();
        for (local, span) in &captures.all {
            let ty = self.ty(&self.body.locals[*local].ty);
            let owned = match &ty {
                Ty::Closure(number) => self.singles.contains(number),
                Ty::View { mutable: true, .. } | Ty::Owned { .. } | Ty::Ref(true, _) => true,
                _ => false,
            };
            single |= closure.moves && owned;
            self.uses(*local, *span, closure.moves && owned);
        }
        if single {
            self.singles.insert(closure.number);
        }
        let before = self.state.clone();
        if closure.moves {
            // Inside it is the closure's own.
            self.state.moved.fill(Vec::new());
        }
        self.repeat(LoopIndex::MAX, |f| {
            let exit = f.state.clone();
            let around = f.own.replace(closure.locals.clone());
            f.value(&closure.body);
            f.own = around;
            f.state.dead = false;
            Some(exit)
        });
        let moved = std::mem::replace(&mut self.state, before.clone()).moved;
        if !closure.moves {
            self.state.moved = moved;
        }
    }

    fn chain(&mut self, chain: &Chain) {
        chain.values(&mut |e| match self.ty(&e.ty) {
            Ty::View { .. } | Ty::Owned { .. } => self.place(e),
            _ => self.value(e),
        });
        for closure in chain.closures() {
            self.closure(closure);
        }
    }

    fn call_closure(&mut self, callee: &Expr, args: &[Expr], changes: bool) {
        match &callee.kind {
            Kind::Local(local) => {
                self.uses(*local, callee.span, false);
                let declared = &self.body.locals[*local];
                if changes && !declared.mutable && !matches!(self.ty(&declared.ty), Ty::Ref(..)) {
                    let (name, declared_at) = (declared.name.clone(), declared.span);
                    self.report(
                        Diagnostic::new(
                            "E0596",
                            callee.span,
                            format!("cannot borrow `{name}` as mutable, as it is not declared as mutable"),
                        )
                        .label("the closure changes what it captures")
                        .related(declared_at, "declared here")
                        .help(format!("declare it as `mut {name}`")),
                    );
                }
            }
            _ => self.value(callee),
        }
        args.iter().for_each(|arg| self.value(arg));
    }

    /// The parts of an expression that changes no flow, in source order.
    fn parts(&mut self, e: &Expr) {
        match &e.kind {
            Kind::Tuple(list)
            | Kind::Call(_, _, list)
            | Kind::Method(_, _, list, _)
            | Kind::Dropped(list) => list.iter().for_each(|part| self.value(part)),
            Kind::Neg(a) | Kind::Not(a) | Kind::Cast(a) => self.value(a),
            Kind::Contains(a, b, x, _) => {
                for part in a.iter().chain(b) {
                    self.value(part);
                }
                self.value(x);
            }
            _ => {}
        }
    }

    /// What a place reads before it is written to.
    fn place_parts(&mut self, place: &Expr) {
        match &place.kind {
            Kind::Local(local) => self.uses(*local, place.span, false),
            Kind::Member(inner, _) => match part_of(place) {
                Some((local, path)) => self.uses_part(local, &path, place.span, false),
                None => self.place_parts(inner),
            },
            Kind::Element(inner, _) => self.place_parts(inner),
            _ => {}
        }
    }

    /// A place is written to.
    fn write(&mut self, place: &Expr) {
        match &place.kind {
            Kind::Local(local) => self.write_local(*local, place),
            Kind::Index(view, index) => {
                index.iter().for_each(|i| self.value(i));
                self.place(view);
                self.write_element(view, place.span);
            }
            Kind::Member(..) | Kind::Element(..) => {
                let mut root = place;
                while let Kind::Member(inner, _) | Kind::Element(inner, _) = &root.kind {
                    if let Kind::Element(_, index) = &root.kind {
                        self.value(index);
                    }
                    root = inner;
                }
                match &root.kind {
                    Kind::Local(local)
                        if matches!(self.ty(&self.body.locals[*local].ty), Ty::Ref(..)) =>
                    {
                        self.write_part(*local, place);
                        self.writable(place, place.span, false);
                    }
                    Kind::Local(local) => {
                        self.write_part(*local, place);
                        let declared = &self.body.locals[*local];
                        let through = match self.ty(&declared.ty) {
                            Ty::Ref(by, _) => Some(by),
                            _ => None,
                        };
                        if through == Some(false) {
                            self.write_local(*local, root);
                        } else if !declared.mutable && through.is_none() {
                            let (name, span) = (declared.name.clone(), declared.span);
                            self.report(
                                Diagnostic::new(
                                    "E0594",
                                    place.span,
                                    format!(
                                        "cannot assign to a member of `{name}`, as it is not declared as mutable"
                                    ),
                                )
                                .label("cannot assign")
                                .related(span, "declared here")
                                .help(format!("declare it as `mut {name}`")),
                            );
                        }
                    }
                    _ => self.place(root),
                }
            }
            _ => self.place(place),
        }
    }

    fn write_local(&mut self, local: LocalIndex, place: &Expr) {
        let declared = &self.body.locals[local];
        let (name, declared_at) = (declared.name.clone(), declared.span);
        let (mutable, deferred) = (declared.mutable, declared.deferred);
        let ty = self.ty(&declared.ty);
        if let (Ty::Ref(by, _), false) = (&ty, matches!(self.ty(&place.ty), Ty::Ref(..))) {
            if !by {
                self.report(
                    Diagnostic::new(
                        "E0594",
                        place.span,
                        format!("cannot assign to `*{name}`, which is behind a `&` reference"),
                    )
                    .label("cannot be written")
                    .help("use `iter_mut` on an `ArrayViewMut`"),
                );
            } else {
                self.whole_array(place);
            }
            return;
        }
        let tracked = self.tracked.get(&local).copied();
        let had_value = match tracked {
            Some(n) if deferred => self.state.maybe[n] && !self.state.dead,
            _ => true,
        };
        let captured = self.own.as_ref().is_some_and(|own| !own.contains(&local));
        if !mutable && captured {
            self.report(
                Diagnostic::new(
                    "E0594",
                    place.span,
                    format!("cannot assign to `{name}`, as it is not declared as mutable"),
                )
                .label("the closure changes what it captures")
                .related(declared_at, "declared here")
                .help(format!("declare it as `mut {name}`")),
            );
        } else if !mutable && had_value {
            let is_param = local < self.body.params.len();
            self.report(
                Diagnostic::new(
                    "E0384",
                    place.span,
                    if is_param {
                        format!("cannot assign to immutable argument `{name}`")
                    } else {
                        format!("cannot assign twice to immutable variable `{name}`")
                    },
                )
                .label("cannot assign")
                .related(declared_at, "declared here")
                .help(format!("declare it as `mut {name}`")),
            );
        }
        if let Some(n) = tracked {
            self.state.set[n] = true;
            self.state.maybe[n] = true;
            self.state.moved[n].clear();
        }
    }

    /// Refuses another array for the one that a reference points to: the reference is the
    /// view itself in the IR, and whoever lent it keeps the old one.
    fn whole_array(&mut self, place: &Expr) {
        let Kind::Local(local) = place.kind else {
            return;
        };
        let behind = match self.ty(&self.body.locals[local].ty) {
            Ty::Ref(true, inner) => matches!(*inner, Ty::View { .. } | Ty::Owned { .. }),
            _ => false,
        };
        if behind {
            let name = self.name(local).to_string();
            let message = format!("another array for `*{name}` is not supported");
            self.report(
                Diagnostic::new("B0810", place.span, message)
                    .label("a reference to an array cannot be given another one")
                    .help("write to its elements (`fill`, `assign`), or return the new array"),
            );
        }
    }

    pub(super) fn write_element(&mut self, view: &Expr, span: Span) {
        let Kind::Local(local) = view.kind else {
            if let Ty::View { mutable: false, .. } = self.ty(&view.ty) {
                self.report(
                    Diagnostic::new(
                        "E0594",
                        span,
                        "cannot assign to an element of an `ArrayView`",
                    )
                    .label("cannot be written")
                    .help("take the part with `_mut`: `row_mut`, `slice_mut`, `view_mut`"),
                );
            }
            return;
        };
        let declared = &self.body.locals[local];
        let (name, declared_at, mutable) = (declared.name.clone(), declared.span, declared.mutable);
        let error = match self.ty(&declared.ty) {
            Ty::View { mutable: false, .. } => Diagnostic::new(
                "E0594",
                span,
                format!("cannot assign to an element of `{name}`, which is an `ArrayView`"),
            )
            .help("make it an `ArrayViewMut`"),
            Ty::View { mutable: true, .. } | Ty::Owned { .. } if !mutable => Diagnostic::new(
                "E0596",
                span,
                format!("cannot borrow `{name}` as mutable, as it is not declared as mutable"),
            )
            .help(format!("declare it as `mut {name}`")),
            Ty::Ref(by, inner) => match *inner {
                Ty::View { mutable: true, .. } | Ty::Owned { .. } if by => return,
                Ty::View { mutable: true, .. } | Ty::Owned { .. } => Diagnostic::new(
                    "E0596",
                    span,
                    format!("cannot borrow `*{name}` as mutable, as it is behind a `&` reference"),
                )
                .help("make the parameter a `&mut` reference"),
                _ => Diagnostic::new(
                    "E0594",
                    span,
                    format!("cannot assign to an element of `{name}`, which is an `ArrayView`"),
                )
                .help("make it an `ArrayViewMut`"),
            },
            _ => return,
        };
        self.report(
            error
                .label("cannot be written")
                .related(declared_at, "declared here"),
        );
    }
}
