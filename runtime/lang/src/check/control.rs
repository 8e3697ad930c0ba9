//! The rules for branches, loops and jumps. Follows rustc's order of checking: the patterns of a
//! `match` before its arms, `break` values as they come.

use crate::ast;
use crate::check::function::{Checker, Expect, Frame, Merge};
use crate::check::tree::{Arm, Block, Expr, For, Iter, Kind, PatternKind};
use crate::check::ty::Ty;
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

impl<'a> Checker<'_, 'a> {
    pub(super) fn conditional(
        &mut self,
        condition: &'a ast::Expr,
        then: &'a ast::Block,
        otherwise: Option<&'a ast::Expr>,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        self.open(None);
        let condition = self.demand(condition, &Ty::BOOL);
        let before = std::mem::replace(&mut self.diverges, false);
        let Some(otherwise) = otherwise else {
            let (block, ty) = self.block(then, &Expect::Has(Ty::UNIT));
            self.close();
            self.diverges = before;
            let mut result = Ty::UNIT;
            if !self.agrees(&ty, &Ty::UNIT) {
                result = Ty::Error;
                let place = then.value.as_ref().map_or(then.span, |v| v.span);
                let found = self.show(&ty);
                self.report(
                    Diagnostic::new("E0317", span, "`if` may be missing an `else` clause")
                        .label(format!("expected `{found}`, found `()`"))
                        .related(place, format!("this has type `{found}`"))
                        .help("without `else` an `if` has the type `()`"),
                );
            }
            return Expr {
                ty: result,
                span,
                kind: Kind::If(Box::new(condition), block, None),
            };
        };
        let mut merge = self.merge(expect);
        let branch = self.branch(&merge);
        let (block, ty) = self.block(then, &branch);
        self.close();
        let after_then = std::mem::replace(&mut self.diverges, false);
        let place = then.value.as_ref().map_or(then.span, |v| v.span);
        let first = Expr {
            ty,
            span: place,
            kind: Kind::Error,
        };
        self.join(&mut merge, &first, "`if` and `else`");
        let otherwise = self.expr(otherwise, &branch);
        let shown = Expr {
            ty: otherwise.ty.clone(),
            span: tail_span(&otherwise),
            kind: Kind::Error,
        };
        self.join(&mut merge, &shown, "`if` and `else`");
        self.diverges = before || (after_then && self.diverges);
        Expr {
            ty: merge.ty,
            span,
            kind: Kind::If(Box::new(condition), block, Some(Box::new(otherwise))),
        }
    }

    fn frame(&mut self, label: Option<&ast::Ident>, block: bool, merge: Option<Merge>) -> u32 {
        let id = self.loops;
        self.loops += 1;
        self.frames.push(Frame {
            label: label.map(|l| l.name.clone()),
            id,
            block,
            merge,
            broken: false,
        });
        id
    }

    pub(super) fn while_loop(
        &mut self,
        label: Option<&ast::Ident>,
        condition: &'a ast::Expr,
        body: &'a ast::Block,
        span: Span,
    ) -> Expr {
        let id = self.frame(label, false, None);
        self.open(None);
        let condition = self.demand(condition, &Ty::BOOL);
        let before = self.diverges;
        let body = self.unit_body(body);
        self.close();
        self.diverges = before;
        self.frames.pop();
        Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::While(id, Box::new(condition), body),
        }
    }

    fn unit_body(&mut self, body: &'a ast::Block) -> Block {
        let (block, ty) = self.block(body, &Expect::Has(Ty::UNIT));
        let value = Expr {
            ty,
            span: body.value.as_ref().map_or(body.span, |v| v.span),
            kind: Kind::Error,
        };
        self.coerce(&value, &Ty::UNIT);
        block
    }

    pub(super) fn endless(
        &mut self,
        label: Option<&ast::Ident>,
        body: &'a ast::Block,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let merge = self.merge(expect);
        let id = self.frame(label, false, Some(merge));
        let before = self.diverges;
        let body = self.unit_body(body);
        self.diverges = before;
        let ty = self.leave();
        Expr {
            ty,
            span,
            kind: Kind::Loop(id, body),
        }
    }

    /// Ends a frame whose `break`s have values; its type.
    fn leave(&mut self) -> Ty {
        match self.frames.pop() {
            Some(Frame {
                merge: Some(merge),
                broken: true,
                ..
            }) => {
                if merge.ty == Ty::Never {
                    // Only values of type `!` reached it.
                    merge.expected.unwrap_or(Ty::Never)
                } else {
                    merge.ty
                }
            }
            _ => Ty::Never,
        }
    }

    pub(super) fn labelled(
        &mut self,
        label: &ast::Ident,
        block: &'a ast::Block,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let merge = self.merge(expect);
        let branch = self.branch(&merge);
        let id = self.frame(Some(label), true, Some(merge));
        let before = self.diverges;
        let (block, ty) = self.block(block, &branch);
        self.diverges = before;
        let place = block.value.as_ref().map_or(span, |v| v.span);
        if let Some(mut frame) = self.frames.pop() {
            if let (Some(merge), true) = (&mut frame.merge, ty != Ty::Never) {
                let value = Expr {
                    ty,
                    span: place,
                    kind: Kind::Error,
                };
                self.join(merge, &value, "the block and its `break`");
                frame.broken = true;
            }
            self.frames.push(frame);
        }
        let ty = self.leave();
        Expr {
            ty,
            span,
            kind: Kind::Block(Some(id), block),
        }
    }

    pub(super) fn for_loop(
        &mut self,
        label: Option<&ast::Ident>,
        pattern: &'a ast::Pattern,
        iter: &'a ast::Expr,
        body: &'a ast::Block,
        span: Span,
    ) -> Expr {
        let (iter, item) = self.iterated(iter);
        let id = self.frame(label, false, None);
        let before = self.diverges;
        self.open(None);
        let checked = self.pattern(pattern, &item);
        self.irrefutable(&checked, "`for` loop binding");
        self.loop_pattern(&iter, &checked);
        if let Iter::Elements(_, true) = iter
            && !matches!(
                checked.kind,
                PatternKind::Binding(_, None) | PatternKind::Wildcard
            )
        {
            self.report(
                Diagnostic::new(
                    "B0224",
                    pattern.span,
                    "the elements of `iter_mut` are bound by a plain name",
                )
                .help("write `for x in a.iter_mut() { *x = .. }`"),
            );
        }
        let body = self.unit_body(body);
        self.close();
        self.diverges = before;
        self.frames.pop();
        Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::For(Box::new(For {
                id,
                pattern: checked,
                iter,
                body,
            })),
        }
    }

    pub(super) fn match_(
        &mut self,
        scrutinee: &'a ast::Expr,
        arms: &'a [ast::Arm],
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let scrutinee = self.expr(scrutinee, &Expect::Nothing);
        let ty = scrutinee.ty.clone();
        let before = std::mem::replace(&mut self.diverges, false);
        let mut merge = self.merge(expect);
        let branch = self.branch(&merge);
        let mut checked = Vec::new();
        // rustc checks all patterns first: they may decide the scrutinee's type.
        let mut patterns = Vec::new();
        for arm in arms {
            self.open(None);
            let pattern = self.pattern(&arm.pattern, &ty);
            self.close();
            patterns.push(pattern);
        }
        let mut all_diverge = true;
        for (arm, pattern) in arms.iter().zip(patterns) {
            self.open(None);
            let mut bound = Vec::new();
            pattern.bindings(&mut |local| bound.push(local));
            for local in bound {
                self.bind(local);
            }
            self.diverges = false;
            let guard = arm
                .guard
                .as_ref()
                .map(|guard| self.demand(guard, &Ty::BOOL));
            self.diverges = false;
            let body = self.expr(&arm.body, &branch);
            all_diverge &= self.diverges;
            let shown = Expr {
                ty: body.ty.clone(),
                span: tail_span(&body),
                kind: Kind::Error,
            };
            self.join(&mut merge, &shown, "`match` arms");
            self.close();
            checked.push(Arm {
                pattern,
                guard,
                body,
            });
        }
        self.diverges = before || all_diverge;
        Expr {
            ty: merge.ty,
            span,
            kind: Kind::Match(Box::new(scrutinee), checked),
        }
    }

    fn target(&mut self, label: Option<&ast::Ident>, span: Span, what: &str) -> Option<usize> {
        match label {
            Some(label) => {
                let found = self
                    .frames
                    .iter()
                    .rposition(|f| f.label.as_deref() == Some(label.name.as_str()));
                if found.is_none() {
                    let names: Vec<&str> = self
                        .frames
                        .iter()
                        .filter_map(|f| f.label.as_deref())
                        .collect();
                    let near = suggest::nearest(&label.name, names.iter().copied());
                    let mut error = Diagnostic::new(
                        "E0426",
                        label.span,
                        format!("use of undeclared label `'{}`", label.name),
                    );
                    if let Some(near) = near {
                        error = error.help(format!("there is a label `'{near}`"));
                    }
                    self.report(error);
                }
                found
            }
            None => {
                let found = self.frames.iter().rposition(|f| !f.block);
                if found.is_none() {
                    let error = self.outside_of_loop(what, span);
                    self.report(error);
                }
                found
            }
        }
    }

    pub(super) fn break_(
        &mut self,
        label: Option<&ast::Ident>,
        value: Option<&'a ast::Expr>,
        span: Span,
    ) -> Expr {
        let target = self.target(label, span, "break");
        let expect = match target.map(|n| &self.frames[n].merge) {
            Some(Some(merge)) => self.branch(merge),
            _ => Expect::Nothing,
        };
        let value = value.map(|value| self.expr(value, &expect));
        let Some(target) = target else {
            return self.error(span);
        };
        let id = self.frames[target].id;
        match (self.frames[target].merge.take(), &value) {
            (None, None) => {}
            (None, Some(value)) => {
                self.report(
                    Diagnostic::new(
                        "E0571",
                        value.span,
                        "`break` with value from a `while` or `for` loop",
                    )
                    .label("only `loop` and labelled blocks have values")
                    .help("assign a variable before `break`"),
                );
            }
            (Some(mut merge), value) => {
                let unit = Expr {
                    ty: Ty::UNIT,
                    span,
                    kind: Kind::Error,
                };
                let value = value.as_ref().unwrap_or(&unit);
                let never = self.table.shallow(&value.ty) == Ty::Never;
                self.join(&mut merge, value, "`break` values");
                let frame = &mut self.frames[target];
                frame.merge = Some(merge);
                frame.broken |= !never;
            }
        }
        Expr {
            ty: Ty::Never,
            span,
            kind: Kind::Break(id, value.map(Box::new)),
        }
    }

    pub(super) fn continue_(&mut self, label: Option<&ast::Ident>, span: Span) -> Expr {
        let Some(target) = self.target(label, span, "continue") else {
            return self.error(span);
        };
        if self.frames[target].block {
            return self.fail(
                Diagnostic::new("E0696", span, "`continue` pointing to a labelled block")
                    .label("labelled blocks cannot be continued"),
            );
        }
        Expr {
            ty: Ty::Never,
            span,
            kind: Kind::Continue(self.frames[target].id),
        }
    }

    pub(super) fn return_(&mut self, value: Option<&'a ast::Expr>, span: Span) -> Expr {
        if self.constant {
            return self.fail(Diagnostic::new(
                "E0572",
                span,
                "`return` outside of a function",
            ));
        }
        let result = self.result.clone();
        let value = match value {
            Some(value) => Some(self.demand(value, &result)),
            None => {
                if !self.agrees(&Ty::UNIT, &result) {
                    let shown = self.show(&result);
                    self.report(
                        Diagnostic::new("E0069", span, "`return;` in a function with a result")
                            .label(format!("expected a value of type `{shown}`")),
                    );
                }
                None
            }
        };
        Expr {
            ty: Ty::Never,
            span,
            kind: self.leaving(value),
        }
    }
}

/// Where an expression's value is written: the last expression of a block.
fn tail_span(e: &Expr) -> Span {
    match &e.kind {
        Kind::Block(_, Block { value: Some(v), .. }) => tail_span(v),
        _ => e.span,
    }
}
