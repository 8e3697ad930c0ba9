//! The state while one body is checked ([`Checker`]): scopes, inference, what must wait
//! until all types are known, and the way from a function item to its [`Body`]. The rules
//! for expressions are in the files beside this one. Invariant: every error is reported
//! once; what follows from it has the type [`Ty::Error`], which agrees with everything.

use std::collections::HashMap;
use std::rc::Rc;

use crate::ast;
use crate::check::borrow;
use crate::check::flow;
use crate::check::late;
use crate::check::parallel;
use crate::check::references;
use crate::check::session::{Item, ScopeIndex, Session};
use crate::check::tree::{
    Body, ConstIndex, Expr, FnIndex, Kind, Local, LocalIndex, LoopIndex, Pattern, PatternKind,
};
use crate::check::ty::{Bounds, Param, Table, Ty};
use crate::diagnostic::{Diagnostic, Span};

/// How deep expressions may nest. The parser's own limit is lower.
const MAX_DEPTH: usize = 2000;

/// What is known of an expression's type before it is checked. A hint, not a demand.
#[derive(Clone, Debug, Default)]
pub(crate) enum Expect {
    #[default]
    Nothing,
    /// Must have this type in the end.
    Has(Ty),
    /// Will be cast to this type.
    Cast(Ty),
}

/// Something that can only be decided once all types are known.
#[derive(Debug)]
pub(crate) enum Check {
    /// From, to, place, whether the operand is a literal.
    Cast(Ty, Ty, Span),
    /// A unary minus.
    Negative(Ty, Span),
    /// A type argument of a function and its bounds.
    Bound(Ty, Bounds, String, Span),
    /// The type of a range's bounds.
    Step(Ty, Span),
    /// A type that must be known in the end; what has it.
    Known(Ty, String, Span),
    /// The elements of an array of this length.
    Elements(Ty, u32, Span),
    /// The elements of a local array; whether a zero is needed, and what needs it.
    ArrayElement(Ty, bool, String, Span),
    /// An index or bound of `s![..]`.
    SliceNumber(Ty, Span),
    /// A type that must have a trait.
    Trait(Ty, &'static str, Span),
}

/// A binary operation whose operands' types are not known yet.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) op: ast::BinaryOp,
    pub(crate) lhs: Ty,
    pub(crate) rhs: Ty,
    pub(crate) result: Ty,
    pub(crate) span: Span,
    pub(crate) compound: bool,
}

/// A loop or labelled block that is being checked.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) label: Option<String>,
    pub(crate) id: LoopIndex,
    /// A labelled block: `continue` and unlabelled `break` do not mean it.
    pub(crate) block: bool,
    /// What `break` values must agree on; `None` where `break` has no value.
    pub(crate) merge: Option<Merge>,
    pub(crate) broken: bool,
}

/// The common type of several branches.
#[derive(Debug)]
pub(crate) struct Merge {
    pub(crate) expected: Option<Ty>,
    pub(crate) ty: Ty,
}

#[derive(Debug, Default)]
struct Scope {
    /// The last local of each name.
    locals: HashMap<String, LocalIndex>,
    items: Option<ScopeIndex>,
}

/// The state while one body is checked.
#[derive(Debug)]
pub(crate) struct Checker<'s, 'a> {
    pub(crate) session: &'s mut Session<'a>,
    pub(crate) params: Vec<Param>,
    pub(crate) path: String,
    pub(crate) result: Ty,
    /// What `Self` is.
    pub(crate) own: Option<Ty>,
    /// Whether this is the value of a constant.
    pub(crate) constant: bool,
    pub(crate) table: Table,
    pub(crate) locals: Vec<Local>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) loops: u32,
    pub(crate) diverges: bool,
    pub(crate) checks: Vec<Check>,
    pub(crate) pending: Vec<Pending>,
    /// Whether the parser has refused a part of the body.
    pub(crate) refused: bool,
    /// How often pending operations were tried.
    pub(crate) tries: usize,
    /// Variables with a view whose number of axes rustc does not know yet.
    pub(crate) unsettled: Vec<LocalIndex>,
    /// The closures of the body so far, and the one around.
    pub(crate) closures: crate::check::closures::Closures,
    scopes: Vec<Scope>,
    outer: ScopeIndex,
    depth: usize,
}

/// What a name in a body stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name {
    Local(LocalIndex),
    Item(Item),
}

impl<'s, 'a> Checker<'s, 'a> {
    fn new(session: &'s mut Session<'a>, outer: ScopeIndex, path: String) -> Checker<'s, 'a> {
        Checker {
            session,
            params: Vec::new(),
            path,
            result: Ty::UNIT,
            own: None,
            constant: false,
            table: Table::default(),
            locals: Vec::new(),
            frames: Vec::new(),
            loops: 0,
            diverges: false,
            checks: Vec::new(),
            pending: Vec::new(),
            refused: false,
            tries: 0,
            unsettled: Vec::new(),
            closures: crate::check::closures::Closures::default(),
            scopes: vec![Scope::default()],
            outer,
            depth: 0,
        }
    }

    /// Reports an error.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.session.report(diagnostic);
    }

    /// The type as messages show it.
    pub(crate) fn show(&self, ty: &Ty) -> String {
        self.table.show(ty, &self.params)
    }

    /// The expression that an error leaves behind.
    pub(crate) fn error(&self, span: Span) -> Expr {
        Expr {
            ty: Ty::Error,
            span,
            kind: Kind::Error,
        }
    }

    /// Reports an error and gives the expression that it leaves behind.
    pub(crate) fn fail(&mut self, diagnostic: Diagnostic) -> Expr {
        let span = diagnostic.span;
        self.report(diagnostic);
        self.error(span)
    }

    /// Runs `work` one level deeper, or reports that the nesting is too deep.
    pub(crate) fn deeper(&mut self, span: Span, work: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if self.depth == MAX_DEPTH {
            return self.fail(
                Diagnostic::new("B0210", span, "expressions nest too deeply")
                    .help("split the function"),
            );
        }
        self.depth += 1;
        let e = work(self);
        self.depth -= 1;
        e
    }

    // Scopes.

    /// Opens a scope, with the items of a block.
    pub(crate) fn open(&mut self, items: Option<&'a ast::File>) {
        let items = items.and_then(|file| {
            let empty = file.functions.is_empty()
                && file.consts.is_empty()
                && file.uses.is_empty()
                && file.structs.is_empty()
                && file.enums.is_empty()
                && file.impls.is_empty()
                && file.refused.is_empty();
            if empty {
                return None;
            }
            let parent = self
                .scopes
                .iter()
                .rev()
                .find_map(|s| s.items)
                .unwrap_or(self.outer);
            let path = self.path.clone();
            Some(self.session.register(file, Some(parent), &path))
        });
        self.scopes.push(Scope {
            locals: HashMap::new(),
            items,
        });
    }

    /// Closes the innermost scope.
    pub(crate) fn close(&mut self) {
        self.scopes.pop();
    }

    /// Makes a local; it is seen once [`Checker::bind`] is called.
    pub(crate) fn new_local(
        &mut self,
        name: &str,
        span: Span,
        ty: Ty,
        mutable: bool,
    ) -> LocalIndex {
        self.locals.push(Local {
            name: name.to_string(),
            span,
            ty,
            mutable,
            deferred: false,
        });
        self.locals.len() - 1
    }

    /// Makes a local seen in the innermost scope.
    pub(crate) fn bind(&mut self, local: LocalIndex) {
        let name = self.locals[local].name.clone();
        if let Some(scope) = self.scopes.last_mut() {
            scope.locals.insert(name, local);
        }
    }

    /// What a name stands for.
    pub(crate) fn name(&self, name: &str) -> Option<Name> {
        for scope in self.scopes.iter().rev() {
            if let Some(local) = scope.locals.get(name) {
                return Some(Name::Local(*local));
            }
            let own = scope.items.and_then(|s| self.session.own_item(s, name));
            if let Some(item) = own {
                return Some(Name::Item(item));
            }
        }
        self.item(name).map(Name::Item)
    }

    /// What a name stands for among the items.
    pub(crate) fn item(&self, name: &str) -> Option<Item> {
        self.session.item(self.item_scope(), name)
    }

    /// The innermost scope of items.
    pub(crate) fn item_scope(&self) -> ScopeIndex {
        self.scopes
            .iter()
            .rev()
            .find_map(|s| s.items)
            .unwrap_or(self.outer)
    }

    /// Every name in scope, for suggestions.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for scope in self.scopes.iter().rev() {
            let mut own: Vec<(LocalIndex, &str)> =
                scope.locals.iter().map(|(n, l)| (*l, n.as_str())).collect();
            own.sort_unstable_by(|a, b| b.cmp(a));
            names.extend(own.into_iter().map(|(_, name)| name));
        }
        names.extend(self.session.names(self.item_scope()));
        names
    }

    fn finish(mut self, params: Vec<Pattern>, value: Expr) -> Option<Body> {
        self.select_pending();
        self.settle(false);
        self.table.fall_back();
        self.select_pending();
        for pending in std::mem::take(&mut self.pending) {
            self.ambiguous(pending.span, "this operand");
        }
        let before = self.session.errors.len();
        self.settle(true);
        let checks = std::mem::take(&mut self.checks);
        for check in checks {
            late::check(&mut self, check);
        }
        // A type argument that is not known has been reported where it is wanted.
        let unknown = self.session.errors[before..]
            .iter()
            .any(|e| matches!(e.code, "E0282" | "E0283"));
        let locals = if unknown { 0 } else { self.locals.len() };
        for local in 0..locals {
            let ty = self.table.resolve(&self.locals[local].ty);
            if has_variable(&ty) && !self.locals[local].name.is_empty() {
                let Local { name, span, .. } = self.locals[local].clone();
                self.fail(
                    Diagnostic::new("E0282", span, "type annotations needed")
                        .label(format!("the type of `{name}` is not known"))
                        .help(format!("write it: `let {name}: f64`, for example")),
                );
            }
        }
        let Checker {
            session,
            table,
            locals,
            constant,
            refused,
            ..
        } = self;
        let body = Body {
            locals,
            params,
            value,
            constant,
            types: table.finish(),
        };
        let before = session.errors.len();
        late::check_body(session, &body);
        // What a refused part assigns or moves is not known.
        if session.errors.len() > before || refused {
            return Some(body);
        }
        references::check_body(session, &body);
        flow::check_body(session, &body);
        borrow::check_body(session, &body);
        parallel::check_body(session, &body);
        Some(body)
    }
}

fn has_variable(ty: &Ty) -> bool {
    match ty {
        Ty::Var(_) => true,
        Ty::Tuple(members) => members.iter().any(has_variable),
        Ty::View { element, .. } => has_variable(element),
        Ty::Ref(_, inner)
        | Ty::Option(inner)
        | Ty::Complex(inner)
        | Ty::Array(inner, _)
        | Ty::Owned { element: inner, .. } => has_variable(inner),
        Ty::Adt(_, args) => args.iter().any(has_variable),
        _ => false,
    }
}

impl Session<'_> {
    /// The checked body of a function; `None` if it or its signature has errors, which are
    /// reported the first time.
    pub(crate) fn body(&mut self, function: FnIndex) -> Option<Rc<Body>> {
        if let Some(done) = &self.functions[function].body {
            return done.clone();
        }
        let body = self.check_function(function).map(Rc::new);
        self.functions[function].body = Some(body.clone());
        if body.is_some() && self.takes_closures(function) && self.inlines_itself(function) {
            self.functions[function].body = Some(None);
            return None;
        }
        body
    }

    fn check_function(&mut self, function: FnIndex) -> Option<Body> {
        let before = self.errors.len();
        let item = &self.functions[function];
        let (ast, signature) = (item.ast, Rc::clone(&item.signature));
        let (scope, path, own) = (item.scope, item.path.clone(), item.own.clone());
        let mut checker = Checker::new(self, scope, path);
        checker.own = own;
        checker.params = signature.type_params.clone();
        checker.result = signature.result.clone();
        checker.closure_params(&signature.closures);
        let mut patterns = Vec::new();
        for (param, ty) in ast.params.iter().zip(&signature.params) {
            checker.new_local("", param.pattern.span, ty.clone(), false);
        }
        let mut seen = Vec::new();
        for (n, (param, ty)) in ast.params.iter().zip(&signature.params).enumerate() {
            patterns.push(checker.parameter(n, &param.pattern, ty, &mut seen));
        }
        let expect = Expect::Has(signature.result.clone());
        let (block, ty) = checker.block(&ast.body, &expect);
        let span = ast.body.span;
        let value = Expr {
            ty,
            span,
            kind: Kind::Block(None, block),
        };
        checker.returned(&value, &ast.body, ast.result.as_ref().map(|t| t.span));
        let body = checker.finish(patterns, value);
        body.filter(|_| self.errors.len() == before && signature.valid)
    }

    /// The checked value of a static; `None` after errors.
    pub(crate) fn static_body(&mut self, number: usize) -> Option<Body> {
        let before = self.errors.len();
        let item = &self.statics[number];
        let (ast, scope, ty, path) = (item.ast, item.scope, item.ty.clone(), item.path.clone());
        let mut checker = Checker::new(self, scope, path);
        checker.constant = true;
        checker.result = ty.clone();
        let value = checker.expr(&ast.value, &Expect::Has(ty.clone()));
        checker.coerce(&value, &ty);
        let body = checker.finish(Vec::new(), value);
        body.filter(|_| self.errors.len() == before && ty != Ty::Error)
    }

    /// The checked value of a constant; `None` after errors.
    pub(crate) fn constant_body(&mut self, constant: ConstIndex) -> Option<Body> {
        let before = self.errors.len();
        let item = &self.consts[constant];
        let (ast, scope, ty) = (item.ast, item.scope, item.ty.clone());
        let path = ast.name.name.clone();
        let (own, params) = (item.own.clone(), item.params.clone());
        let mut checker = Checker::new(self, scope, path);
        (checker.own, checker.params) = (own, params);
        checker.constant = true;
        checker.result = ty.clone();
        let value = checker.expr(&ast.value, &Expect::Has(ty.clone()));
        checker.coerce(&value, &ty);
        let body = checker.finish(Vec::new(), value);
        body.filter(|_| self.errors.len() == before && ty != Ty::Error)
    }
}

impl<'a> Checker<'_, 'a> {
    /// The pattern of parameter `n`, whose local is made already. A plain name takes that
    /// local itself.
    fn parameter(
        &mut self,
        n: usize,
        pattern: &'a ast::Pattern,
        ty: &Ty,
        seen: &mut Vec<(String, Span)>,
    ) -> Pattern {
        let plain = match &pattern.kind {
            ast::PatternKind::Binding {
                name,
                mutable,
                inner: None,
            } if !matches!(
                self.item(&name.name),
                Some(Item::Const(_) | Item::Static(_) | Item::Constructor(_) | Item::Variant(..))
            ) =>
            {
                Some((name, *mutable))
            }
            _ => None,
        };
        let (kind, bound) = match plain {
            Some((name, mutable)) => {
                let local = &mut self.locals[n];
                local.name.clone_from(&name.name);
                local.span = name.span;
                local.mutable = mutable;
                self.bind(n);
                (
                    PatternKind::Binding(n, None),
                    vec![(name.name.clone(), name.span)],
                )
            }
            None => {
                let pattern = self.pattern(pattern, ty);
                self.irrefutable(&pattern, "function argument");
                let mut bound = Vec::new();
                pattern.bindings(&mut |local| {
                    bound.push((self.locals[local].name.clone(), self.locals[local].span));
                });
                (pattern.kind, bound)
            }
        };
        for (name, span) in bound {
            if let Some((_, first)) = seen.iter().find(|(n, _)| *n == name) {
                let error = Diagnostic::new(
                    "E0415",
                    span,
                    format!("`{name}` is bound more than once in this parameter list"),
                )
                .related(*first, "first bound here");
                self.report(error);
            }
            seen.push((name, span));
        }
        Pattern {
            ty: ty.clone(),
            span: pattern.span,
            kind,
        }
    }

    /// Demands that the body's value is the function's result.
    fn returned(&mut self, value: &Expr, body: &ast::Block, written: Option<Span>) {
        let result = self.result.clone();
        if self.agrees(&value.ty, &result) {
            return;
        }
        let span = body.value.as_ref().map_or(body.span, |v| v.span);
        let found = self.show(&value.ty);
        let mut error = Diagnostic::new("E0308", span, "mismatched types").label(format!(
            "expected `{}`, found `{found}`",
            self.show(&result)
        ));
        let shown = Expr {
            ty: Ty::Error,
            span,
            kind: Kind::Error,
        };
        let (from, to) = (self.table.resolve(&value.ty), self.table.resolve(&result));
        if let Some(help) = self.conversion_help(&shown, &from, &to) {
            error = error.help(help);
        }
        if let Some(span) = written {
            error = error.related(span, "because of this result type");
        } else {
            error = error.help(format!("write the result type: `-> {found}`"));
        }
        if let (None, Some(ast::Statement::Expr(_, true))) = (&body.value, body.statements.last()) {
            error = error.help("a final semicolon makes the value `()`: remove it");
        }
        self.report(error);
    }
}
