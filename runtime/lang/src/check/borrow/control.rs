//! Values, statements and control flow as steps. Scopes end here: what is declared in a
//! block ends with it, and a temporary with its statement.

use super::closures::binds;
use super::{Builder, Carried, Frame, Reserved, Scope, carries, depth, is_place, promoted};
use crate::check::borrow::graph::{Access, LoanKind, Place, StepIndex, Var};
use crate::check::tree::{
    Block, Expr, For, Iter, Kind, LoopIndex, Pattern, PatternKind, Statement,
};
use crate::check::ty::Ty;
use crate::diagnostic::Span;

impl Builder<'_, '_, '_> {
    /// Evaluates an expression; `extended` if temporaries of a `let` last as long as it.
    pub(super) fn value(&mut self, e: &Expr, extended: bool) -> Carried {
        if is_place(e) {
            let mut reserved = Vec::new();
            let mut carried = self.place_value(e, false, &mut reserved);
            self.activate(reserved, &mut carried, e.span);
            return carried;
        }
        let own = self.ty(&e.ty);
        if depth(&own) > self.rvalue_depth(e) {
            let carried = self.rvalue(e, extended);
            if promoted(e) {
                return carried;
            }
            let temporary = self.var();
            self.hand_on(&carried, temporary, true, e.span);
            let scope = if extended {
                self.extended
            } else {
                self.scopes.len() - 1
            };
            self.scopes[scope].vars.push(temporary);
            let kind = match own {
                Ty::Ref(true, _) => LoanKind::Mutable,
                _ => LoanKind::Shared,
            };
            return self.lend(Place::of(temporary), kind, e.span);
        }
        let carried = self.rvalue(e, extended);
        if matches!(own, Ty::Never) {
            self.at = None;
        }
        if carries(&own) || carried.is_empty() {
            return carried;
        }
        self.use_all(&carried, e.span);
        Vec::new()
    }

    /// The references around what the expression itself gives.
    fn rvalue_depth(&self, e: &Expr) -> usize {
        let of = |e: &Expr| match self.ty(&e.ty) {
            Ty::Never => None,
            ty => Some(depth(&ty)),
        };
        let block = |block: &Block| block.value.as_ref().and_then(|v| of(v));
        let own = depth(&self.ty(&e.ty));
        match &e.kind {
            Kind::Int(_)
            | Kind::Float(_)
            | Kind::Bool(_)
            | Kind::Const(_)
            | Kind::Associated(..)
            | Kind::Tuple(_)
            | Kind::Neg(_)
            | Kind::Not(_)
            | Kind::Binary(..)
            | Kind::Lazy(..)
            | Kind::Cast(_)
            | Kind::Call(..)
            | Kind::Method(..)
            | Kind::Dim(..)
            | Kind::DimAt(..)
            | Kind::Len(_)
            | Kind::Array(..)
            | Kind::Clone(_)
            | Kind::Variant(..)
            | Kind::AssociatedConst(..)
            | Kind::Default
            | Kind::Closure(_)
            | Kind::Contains(..) => 0,
            Kind::Block(None, inner) => block(inner).unwrap_or(own),
            Kind::If(_, then, otherwise) => block(then)
                .or_else(|| otherwise.as_ref().and_then(|e| of(e)))
                .unwrap_or(own),
            Kind::Match(_, arms) => arms.iter().find_map(|arm| of(&arm.body)).unwrap_or(own),
            _ => own,
        }
    }

    fn rvalue(&mut self, e: &Expr, extended: bool) -> Carried {
        match &e.kind {
            Kind::Array(op, operands) => return self.array(op, operands, e),
            Kind::Borrow(place) => {
                let (mut carried, later) = self.borrowed(place, e.span);
                if let (Some(place), [holder]) = (later, carried.as_slice()) {
                    let reserved = Reserved {
                        place,
                        span: e.span,
                        holder: *holder,
                    };
                    self.activate(vec![reserved], &mut carried, e.span);
                }
                return carried;
            }
            Kind::Clone(value) => self.look(value),
            Kind::Binary(op, a, b) if self.compares_parts(*op, a) => {
                self.look(a);
                self.look(b);
            }
            Kind::Method("is_some" | "is_none", _, list, _) if list.len() == 1 => {
                list.iter().for_each(|value| self.look(value));
            }
            Kind::Swap(a, b) | Kind::Replace(a, b) => self.exchanged(a, b, e.span),
            Kind::Closure(closure) => return self.closure(closure, e.span),
            Kind::CallClosure(callee, args, changes) => {
                return self.call_closure(callee, args, *changes, e);
            }
            Kind::Consume(consume) => return self.consume(consume, e),
            // Not in a condition: the names are seen nowhere.
            Kind::Let(pattern, value) => {
                let carried = self.scrutinee(value, std::iter::once(&**pattern));
                self.use_all(&carried, value.span);
            }
            Kind::Tuple(list) => {
                let mut all = Vec::new();
                for member in list {
                    all.extend(self.value(member, extended));
                }
                return all;
            }
            Kind::Assign(place, value) => {
                let carried = self.value(value, false);
                self.write(place, &carried);
            }
            Kind::Compound(_, place, value, first) => self.compound(place, value, *first),
            Kind::Call(function, _, args) => return self.call(*function, args, e.span),
            Kind::Dim(view, _) | Kind::Len(view) => self.look(view),
            Kind::DimAt(view, index) => {
                self.look(view);
                self.operand(index);
            }
            Kind::AssertEqual(_, a, b, _) => {
                let mut sides = Vec::new();
                for side in [a, b] {
                    self.indices(side);
                    sides.extend(match self.receiver(side) {
                        Some(place) => self.lend(place, LoanKind::Shared, side.span),
                        None => self.value(side, false),
                    });
                }
                self.use_all(&sides, e.span);
            }
            Kind::Lazy(_, a, b) => {
                self.operand(a);
                let end = self.join();
                self.go(end);
                self.scoped(b.span, |b_| b_.operand(b));
                self.go(end);
                self.at = self.at.or(Some(end)).map(|_| end);
            }
            Kind::Dropped(list) => {
                let end = self.join();
                self.go(end);
                for part in list {
                    self.operand(part);
                }
                self.go(end);
                self.at = Some(end);
            }
            Kind::Block(None, block) => return self.block(block, e.span, extended),
            Kind::Block(Some(id), block) => {
                self.choice(e);
                let exit = self.frame(*id, None);
                let carried = self.block(block, e.span, extended);
                return self.leave(*id, exit, &carried, e.span);
            }
            Kind::If(condition, then, otherwise) => {
                self.choice(e);
                return self.conditional(condition, then, otherwise.as_deref(), e.span, extended);
            }
            Kind::Match(scrutinee, arms) => {
                self.choice(e);
                let patterns = arms.iter().map(|arm| &arm.pattern);
                let carried = self.scrutinee(scrutinee, patterns);
                let result = self.var();
                let (start, exit) = (self.at, self.join());
                for arm in arms {
                    self.at = start;
                    self.bind(&arm.pattern, &carried);
                    self.scopes.push(Scope::default());
                    let mut bound = Vec::new();
                    arm.pattern.bindings(&mut |local| bound.push(local));
                    self.scopes_last(bound);
                    if let Some(guard) = &arm.guard {
                        self.guard(guard, scrutinee);
                    }
                    let value = self.value(&arm.body, extended);
                    self.hand_on(&value, result, true, arm.body.span);
                    self.end_scope(arm.body.span);
                    self.go(exit);
                }
                self.at = start.map(|_| exit);
                return vec![result];
            }
            Kind::While(id, condition, body) => {
                let head = self.head();
                let exit = self.frame(*id, Some(head));
                if binds(condition) {
                    self.scopes.push(Scope::default());
                    self.condition(condition, exit);
                    self.block(body, e.span, false);
                    self.end_scope(end_of(e.span));
                } else {
                    self.scoped(condition.span, |b| b.operand(condition));
                    self.go(exit);
                    self.block(body, e.span, false);
                }
                self.go(head);
                self.frames.remove(id);
                self.at = Some(exit);
            }
            Kind::Loop(id, body) => {
                let head = self.head();
                let exit = self.frame(*id, Some(head));
                self.block(body, e.span, false);
                self.go(head);
                self.at = None;
                return self.leave(*id, exit, &Vec::new(), e.span);
            }
            Kind::For(looped) => self.for_loop(looped, e.span),
            Kind::Break(id, value) => {
                let carried = match value {
                    Some(value) => self.value(value, false),
                    None => Vec::new(),
                };
                if let Some(frame) = self.frames.get(id) {
                    let (exit, result, scopes) = (frame.exit, frame.result, frame.scopes);
                    self.hand_on(&carried, result, true, e.span);
                    self.end_scopes_above(scopes, e.span);
                    self.go(exit);
                }
                self.at = None;
            }
            Kind::Continue(id) => {
                if let Some(frame) = self.frames.get(id) {
                    let (head, scopes) = (frame.head, frame.scopes);
                    self.end_scopes_above(scopes, e.span);
                    if let Some(head) = head {
                        self.go(head);
                    }
                }
                self.at = None;
            }
            Kind::Return(value) => {
                if let Some(value) = value {
                    self.operand(value);
                }
                self.at = None;
            }
            Kind::Panic(_) => self.at = None,
            _ => return self.others(e),
        }
        Vec::new()
    }

    /// An expression that only uses its parts: views among them are looked at.
    fn others(&mut self, e: &Expr) -> Carried {
        let mut all = Vec::new();
        let mut parts: Vec<Carried> = Vec::new();
        e.each(&mut |part| {
            let view = matches!(self.ty(&part.ty), Ty::View { .. } | Ty::Owned { .. });
            match self.receiver(part) {
                Some(place) if view => {
                    self.indices(part);
                    parts.push(vec![place.var]);
                    self.access(place, Access::Borrow, part.span);
                }
                _ => parts.push(self.value(part, false)),
            }
        });
        for part in parts {
            all.extend(part);
        }
        if all.is_empty() || !carries(&self.ty(&e.ty)) {
            self.use_all(&all, e.span);
            return Vec::new();
        }
        let made = self.var();
        self.hand_on(&all, made, true, e.span);
        vec![made]
    }

    fn conditional(
        &mut self,
        condition: &Expr,
        then: &Block,
        otherwise: Option<&Expr>,
        span: Span,
        extended: bool,
    ) -> Carried {
        let result = self.var();
        let exit = self.join();
        let start = if binds(condition) {
            let fail = self.join();
            let reached = self.at.is_some();
            self.scopes.push(Scope::default());
            self.condition(condition, fail);
            let value = self.block(then, span, extended);
            self.hand_on(&value, result, true, span);
            self.end_scope(end_of(span));
            reached.then_some(fail)
        } else {
            self.scoped(condition.span, |b| b.operand(condition));
            let start = self.at;
            let value = self.block(then, span, extended);
            self.hand_on(&value, result, true, span);
            start
        };
        self.go(exit);
        self.at = start;
        if let Some(otherwise) = otherwise {
            let value = self.value(otherwise, extended);
            self.hand_on(&value, result, true, otherwise.span);
        }
        self.go(exit);
        self.at = start.map(|_| exit);
        vec![result]
    }

    fn for_loop(&mut self, looped: &For, span: Span) {
        let mut carried = Vec::new();
        self.scopes.push(Scope::default());
        match &looped.iter {
            Iter::Range {
                start, end, step, ..
            } => {
                self.operand(start);
                self.operand(end);
                if let Some((step, _)) = step {
                    self.operand(step);
                }
            }
            Iter::Elements(view, writes) => carried = self.elements(view, *writes),
            Iter::Chain(chain) => carried = self.chain(chain),
            Iter::Error => {}
        }
        let head = self.head();
        let exit = self.frame(looped.id, Some(head));
        let iterated = match &looped.iter {
            Iter::Elements(view, _) => view.span,
            Iter::Chain(chain) => chain.span,
            _ => looped.pattern.span,
        };
        self.use_all(&carried, iterated);
        self.go(exit);
        self.scopes.push(Scope::default());
        self.bind(&looped.pattern, &carried);
        let mut bound = Vec::new();
        looped.pattern.bindings(&mut |local| bound.push(local));
        self.scopes_last(bound);
        self.block(&looped.body, span, false);
        self.end_scope(end_of(span));
        self.go(head);
        self.frames.remove(&looped.id);
        self.at = Some(exit);
        self.end_scope(span);
    }

    /// The iterator over a view's elements: what it carries.
    pub(super) fn elements(&mut self, view: &Expr, writes: bool) -> Carried {
        let whole = matches!(self.ty(&view.ty), Ty::Ref(..));
        let Some(place) = self.receiver(view) else {
            return self.value(view, false);
        };
        if whole && depth(&self.ty(&view.ty)) > depth(&self.natural(view)) {
            return self.value(view, false);
        }
        let kind = if writes {
            LoanKind::Mutable
        } else {
            LoanKind::Shared
        };
        self.lend(place, kind, view.span)
    }

    /// Binds the variables of a pattern to what the value carries.
    pub(super) fn bind(&mut self, pattern: &Pattern, carried: &Carried) {
        let mut bound = Vec::new();
        pattern.bindings(&mut |local| bound.push(local));
        for local in bound {
            let none = Vec::new();
            let holds = carries(&self.ty(&self.body.locals[local].ty));
            let from = if holds { carried } else { &none };
            self.hand_on(from, local, true, pattern.span);
        }
    }

    fn block(&mut self, block: &Block, span: Span, extended: bool) -> Carried {
        self.scopes.push(Scope::default());
        for statement in &block.statements {
            self.statement(statement);
        }
        // Temporaries of the final expression end before the block's variables.
        let carried = match &block.value {
            Some(value) => {
                self.scopes.push(Scope::default());
                let carried = self.value(value, extended);
                self.end_scope(value.span);
                carried
            }
            None => Vec::new(),
        };
        self.end_scope(end_of(span));
        carried
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let(pattern, init) => {
                let own = self.scopes.len() - 1;
                if let Some(init) = init {
                    self.scopes.push(Scope::default());
                    let outer = std::mem::replace(&mut self.extended, own);
                    self.initialise(pattern, init);
                    self.extended = outer;
                    self.end_scope(init.span);
                }
                pattern.bindings(&mut |local| self.scopes[own].vars.push(local));
            }
            Statement::Expr(e) => {
                self.scopes.push(Scope::default());
                self.operand(e);
                self.end_scope(e.span);
            }
        }
    }

    /// `let pattern = init`; members of a tuple meet those of a tuple pattern one by one.
    fn initialise(&mut self, pattern: &Pattern, init: &Expr) {
        if let (PatternKind::Tuple(patterns), Kind::Tuple(members)) = (&pattern.kind, &init.kind)
            && patterns.len() == members.len()
        {
            let values: Vec<Carried> = members.iter().map(|m| self.value(m, true)).collect();
            for (pattern, carried) in patterns.iter().zip(values) {
                self.bind(pattern, &carried);
            }
            return;
        }
        if let (PatternKind::Binding(local, None), Kind::Tuple(members)) =
            (&pattern.kind, &init.kind)
            && matches!(self.ty(&init.ty), Ty::Tuple(_))
            && !self.body.locals[*local].mutable
        {
            let mut all = Vec::new();
            let mut own = Vec::new();
            for member in members {
                let carried = self.value(member, true);
                let var = self.var();
                self.hand_on(&carried, var, true, member.span);
                own.push(var);
                all.extend(carried);
            }
            self.members.insert(*local, own);
            self.bind(pattern, &all);
            return;
        }
        if let (PatternKind::Tuple(patterns), Kind::Local(local)) = (&pattern.kind, &init.kind)
            && let Some(own) = self.members.get(local).cloned()
            && own.len() == patterns.len()
        {
            self.operand(init);
            for (pattern, var) in patterns.iter().zip(own) {
                self.bind(pattern, &vec![var]);
            }
            return;
        }
        let whole = matches!(pattern.kind, PatternKind::Binding(..));
        let carried = if whole || !is_place(init) {
            self.value(init, true)
        } else {
            self.scrutinee(init, std::iter::once(pattern))
        };
        self.bind(pattern, &carried);
    }

    // Scopes and loops.

    /// Runs `work` in a scope of its own, for temporaries.
    pub(super) fn scoped(&mut self, span: Span, work: impl FnOnce(&mut Self)) {
        self.scopes.push(Scope::default());
        work(self);
        self.end_scope(span);
    }

    pub(super) fn scopes_last(&mut self, vars: Vec<Var>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.vars.extend(vars);
        }
    }

    fn end_scope(&mut self, span: Span) {
        if let Some(scope) = self.scopes.pop() {
            self.end_vars(&scope.vars, span);
        }
    }

    fn end_scopes_above(&mut self, keep: usize, span: Span) {
        for n in (keep..self.scopes.len()).rev() {
            let vars = self.scopes[n].vars.clone();
            self.end_vars(&vars, span);
        }
    }

    fn end_vars(&mut self, vars: &[Var], span: Span) {
        for var in vars.iter().rev() {
            if self.lent.contains(var) {
                self.access(Place::of(*var), Access::End, span);
            }
        }
    }

    /// The step to which a loop returns.
    fn head(&mut self) -> StepIndex {
        let head = self.join();
        self.go(head);
        if self.at.is_some() {
            self.at = Some(head);
        }
        head
    }

    fn frame(&mut self, id: LoopIndex, head: Option<StepIndex>) -> StepIndex {
        let exit = self.join();
        let result = self.var();
        let frame = Frame {
            scopes: self.scopes.len(),
            head,
            exit,
            result,
        };
        self.frames.insert(id, frame);
        exit
    }

    /// The end of a loop or block that `break` may give a value.
    fn leave(&mut self, id: LoopIndex, exit: StepIndex, carried: &Carried, span: Span) -> Carried {
        let Some(frame) = self.frames.remove(&id) else {
            return Vec::new();
        };
        self.hand_on(carried, frame.result, true, span);
        self.go(exit);
        self.at = Some(exit);
        vec![frame.result]
    }
}

/// The last character of a block: its brace.
fn end_of(span: Span) -> Span {
    Span {
        start: span.end.saturating_sub(1).max(span.start),
        end: span.end,
    }
}
