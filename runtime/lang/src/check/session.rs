//! One run of the checker over a file: its items with their scopes and signatures, and the
//! errors found so far. Bodies are checked on demand (`function.rs`). Invariant: an item
//! declared inside of a body is registered once, when the block that holds it is checked.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::ast::{self, TypeExpr, TypeKind};
use crate::check::adt::{Adt, OperatorImpl};
use crate::check::modules;
use crate::check::ordering::Ordered;
use crate::check::statics::{StaticIndex, StaticItem};
use crate::check::tree::{Body, ConstIndex, FnIndex};
use crate::check::ty::{Bounds, Param, Ty, VarKind};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::ir::{Expr, Scalar};
use crate::suggest;

/// A number of an [`ItemScope`].
pub(crate) type ScopeIndex = usize;

/// What a name stands for, other than a local.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    Function(FnIndex),
    Const(ConstIndex),
    /// The value or function that a unit struct's or tuple struct's name is.
    Constructor(usize),
    /// A constant of a number type that `use` brought in.
    Imported(Scalar, &'static str),
    /// `consts` of `std::f64` or `std::f32`.
    Module(Scalar),
    /// `std::f64` and so on: paths that begin with it are those of the type, and `consts`.
    Number(Scalar),
    /// A variant of an enum that `use` brought in, by the numbers of both.
    Variant(usize, usize),
    /// Refused by the parser.
    Refused,
    /// A global that the host binds.
    Static(StaticIndex),
}

/// The items of a file or block.
#[derive(Debug, Default)]
pub(crate) struct ItemScope {
    pub(crate) parent: Option<ScopeIndex>,
    pub(crate) names: HashMap<String, Item>,
    /// Structs and enums.
    pub(crate) types: HashMap<String, usize>,
    /// Globs of `std::f64::consts`.
    globs: Vec<Scalar>,
    /// What it has as a module, or as part of one.
    pub(crate) module: modules::Scope,
}

/// The items of one file, module or block while they are registered. The numbers are those of
/// its first function, constant and static.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    pub(crate) file: &'a ast::File,
    pub(crate) scope: ScopeIndex,
    pub(crate) path: String,
    pub(crate) types: Range<usize>,
    functions: usize,
    consts: usize,
    statics: usize,
}

/// A function.
#[derive(Debug)]
pub(crate) struct FnItem<'a> {
    pub(crate) ast: &'a ast::Function,
    /// `outer::inner`.
    pub(crate) path: String,
    /// Where it was declared.
    pub(crate) scope: ScopeIndex,
    pub(crate) signature: Rc<Signature>,
    /// The type of the `impl` around it.
    pub(crate) own: Option<Ty>,
    /// How many of its type parameters are those of the `impl`.
    pub(crate) outer: usize,
    /// Whether its body has been checked; with errors there is none.
    pub(crate) body: Option<Option<Rc<Body>>>,
}

/// A constant.
#[derive(Debug)]
pub(crate) struct ConstItem<'a> {
    pub(crate) ast: &'a ast::Const,
    pub(crate) scope: ScopeIndex,
    pub(crate) ty: Ty,
    /// The type of the `impl` around it, and the type parameters of that.
    pub(crate) own: Option<Ty>,
    pub(crate) params: Vec<Param>,
    pub(crate) state: ConstState,
}

/// How far a constant has come.
#[derive(Clone, Debug)]
pub(crate) enum ConstState {
    Waiting,
    Running,
    /// Its value: constants and tuples of them; `None` after an error.
    Done(Option<Expr>),
}

/// The types of a function.
#[derive(Debug)]
pub(crate) struct Signature {
    pub(crate) type_params: Vec<Param>,
    pub(crate) params: Vec<Ty>,
    pub(crate) result: Ty,
    /// Its parameters that are closures: `Ty::Closure(n)` is the one with number `n`.
    pub(crate) closures: Vec<Callable>,
    /// Whether all of it is right.
    pub(crate) valid: bool,
}

/// A parameter that is a closure.
#[derive(Clone, Debug)]
pub(crate) struct Callable {
    pub(crate) params: Vec<Ty>,
    pub(crate) result: Ty,
    /// `FnMut`.
    pub(crate) changes: bool,
    /// Passed by reference, mutable or not.
    pub(crate) reference: Option<bool>,
    /// `fn(..)`.
    pub(crate) plain: bool,
}

/// One run of the checker.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) source: &'a Source,
    pub(crate) functions: Vec<FnItem<'a>>,
    pub(crate) consts: Vec<ConstItem<'a>>,
    pub(crate) scopes: Vec<ItemScope>,
    pub(crate) errors: Vec<Diagnostic>,
    /// The globals of all modules.
    pub(crate) statics: Vec<StaticItem<'a>>,
    /// The names of `use` that are not found yet.
    pub(crate) imports: Vec<modules::Import<'a>>,
    /// Constants of `impl` blocks with type parameters, for each list of types.
    pub(crate) generic_consts: HashMap<(ConstIndex, Vec<Ty>), ConstState>,
    /// Structs and enums.
    pub(crate) adts: Vec<Adt<'a>>,
    /// Operators on structs, by the traits' names.
    pub(crate) operators: HashMap<&'static str, Vec<OperatorImpl>>,
    /// Where the names of types are looked up now.
    pub(crate) here: ScopeIndex,
    /// What `Self` is now.
    pub(crate) own: Option<Ty>,
    /// What `Self::Output` is now.
    pub(crate) output: Option<Ty>,
    /// How many constants are being evaluated for each other.
    pub(crate) nesting: usize,
    /// The scope of the language's own functions, once one is needed.
    pub(crate) library: Option<ScopeIndex>,
    /// `std::cmp::Ordering`.
    pub(crate) ordered: Ordered<'a>,
}

impl<'a> Session<'a> {
    /// A session over a file; its items are scope 0.
    pub(crate) fn new(source: &'a Source, file: &'a ast::File) -> Session<'a> {
        let mut session = Session {
            source,
            functions: Vec::new(),
            consts: Vec::new(),
            scopes: Vec::new(),
            statics: Vec::new(),
            imports: Vec::new(),
            errors: Vec::new(),
            generic_consts: HashMap::new(),
            adts: Vec::new(),
            operators: HashMap::new(),
            here: 0,
            own: None,
            output: None,
            nesting: 0,
            library: None,
            ordered: Ordered::default(),
        };
        session.register(file, None, "");
        session
    }

    /// Reports an error.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    /// Registers the items of a file or block: first the names of all of its modules, then
    /// what `use` brings in, then what is made of types.
    pub(crate) fn register(
        &mut self,
        file: &'a ast::File,
        parent: Option<ScopeIndex>,
        path: &str,
    ) -> ScopeIndex {
        let first = self.adts.len();
        let mut parts = Vec::new();
        let scope = self.register_in(file, parent, None, path, &mut parts);
        self.bind_orderings();
        self.resolve_imports();
        let around = (self.here, self.own.take());
        for part in &parts {
            self.here = part.scope;
            self.define_structs(part);
        }
        for part in &parts {
            self.here = part.scope;
            self.define_items(part);
        }
        self.check_types(first);
        (self.here, self.own) = around;
        scope
    }

    /// Registers the names of items without what `use` brings in from modules. `outer` is the
    /// module around a module.
    pub(crate) fn register_in(
        &mut self,
        file: &'a ast::File,
        parent: Option<ScopeIndex>,
        outer: Option<ScopeIndex>,
        path: &str,
        parts: &mut Vec<Part<'a>>,
    ) -> ScopeIndex {
        let scope = self.scopes.len();
        let module = modules::Scope::new(scope, parent.map(|p| &self.scopes[p].module), outer);
        self.scopes.push(ItemScope {
            parent,
            module,
            ..ItemScope::default()
        });
        let mut places: HashMap<&str, Span> = HashMap::new();
        let types = self.declare_types(file, scope, &mut places);
        let part = Part {
            file,
            scope,
            path: path.to_string(),
            types,
            functions: self.functions.len(),
            consts: self.consts.len(),
            statics: self.statics.len(),
        };
        parts.push(part);
        let unknown = Rc::new(Signature {
            type_params: Vec::new(),
            params: Vec::new(),
            result: Ty::Error,
            closures: Vec::new(),
            valid: false,
        });
        for function in &file.functions {
            let item = Item::Function(self.functions.len());
            self.functions.push(FnItem {
                ast: function,
                path: if path.is_empty() {
                    function.name.name.clone()
                } else {
                    format!("{path}::{}", function.name.name)
                },
                scope,
                signature: Rc::clone(&unknown),
                own: None,
                outer: 0,
                body: None,
            });
            self.declare(scope, &function.name, item, &mut places);
        }
        for constant in &file.consts {
            let item = Item::Const(self.consts.len());
            self.consts.push(ConstItem {
                ast: constant,
                scope,
                ty: Ty::Error,
                own: None,
                params: Vec::new(),
                state: ConstState::Waiting,
            });
            self.declare(scope, &constant.name, item, &mut places);
        }
        self.register_statics(file, scope, path, &mut places);
        for import in &file.uses {
            match import.path.first().map(|first| first.name.as_str()) {
                Some("std" | "core") => self.import(scope, import, &mut places),
                _ => self.imports.push(modules::Import::new(scope, import)),
            }
        }
        for name in &file.refused {
            self.scopes[scope]
                .names
                .entry(name.name.clone())
                .or_insert(Item::Refused);
        }
        self.register_modules(file, scope, path, parts);
        self.register_visibility(file, scope);
        scope
    }

    /// The signatures and types of a part's items, and its `impl` blocks.
    fn define_items(&mut self, part: &Part<'a>) {
        for (n, function) in part.file.functions.iter().enumerate() {
            let signature = Rc::new(self.signature(function, Vec::new()));
            self.functions[part.functions + n].signature = signature;
        }
        for (n, constant) in part.file.consts.iter().enumerate() {
            let ty = self.constant_type(&constant.ty);
            self.consts[part.consts + n].ty = ty;
        }
        for n in 0..part.file.statics.len() {
            self.define_static(part.statics + n);
        }
        self.define_types(part);
    }

    pub(crate) fn declare(
        &mut self,
        scope: ScopeIndex,
        name: &'a ast::Ident,
        item: Item,
        places: &mut HashMap<&'a str, Span>,
    ) {
        if crate::check::known::reserved(&name.name, item) {
            self.report(
                Diagnostic::new(
                    "B0403",
                    name.span,
                    format!(
                        "the name `{}` has a meaning in the kernel language",
                        name.name
                    ),
                )
                .help("choose another name"),
            );
            return;
        }
        if let Some(first) = places.insert(&name.name, name.span) {
            self.report(
                Diagnostic::new(
                    "E0428",
                    name.span,
                    format!("the name `{}` is defined multiple times", name.name),
                )
                .label("redefined here")
                .related(first, "first defined here")
                .help("rename one of them"),
            );
            return;
        }
        self.scopes[scope].names.insert(name.name.clone(), item);
    }

    fn import(
        &mut self,
        scope: ScopeIndex,
        import: &'a ast::Use,
        places: &mut HashMap<&'a str, Span>,
    ) {
        use crate::check::methods::constants;
        let names: Vec<&str> = import.path.iter().map(|i| i.name.as_str()).collect();
        if let [_, "cmp", ..] = names.as_slice() {
            return self.ordered.uses.push((scope, import));
        }
        let Some(scalar) = names.get(1).and_then(|name| scalar_named(name)) else {
            return;
        };
        let Some(name) = &import.name else {
            self.scopes[scope].globs.push(scalar);
            return;
        };
        let table = match names.as_slice() {
            [_, _, "consts"] => return self.declare(scope, name, Item::Module(scalar), places),
            [_, _] => return self.declare(scope, name, Item::Number(scalar), places),
            [_, _, "consts", _] => constants::MATHEMATICAL,
            _ => constants::names(scalar),
        };
        let last = names.last().copied().unwrap_or_default();
        match table.iter().find(|entry| **entry == last) {
            Some(entry) => self.declare(scope, name, Item::Imported(scalar, entry), places),
            None => {
                let span = import.path.last().map_or(name.span, |i| i.span);
                let mut error = Diagnostic::new(
                    "E0432",
                    span,
                    format!("no `{last}` in `{}`", names[..names.len() - 1].join("::")),
                );
                if let Some(near) = suggest::nearest(last, table.iter().copied()) {
                    error = error.help(format!("there is `{near}`"));
                }
                self.report(error);
            }
        }
    }

    /// What an item's name stands for in this very scope.
    pub(crate) fn own_item(&self, scope: ScopeIndex, name: &str) -> Option<Item> {
        self.scopes[scope].names.get(name).copied()
    }

    /// What an item's name stands for, from inside of `scope`.
    pub(crate) fn item(&self, scope: ScopeIndex, name: &str) -> Option<Item> {
        use crate::check::methods::constants::MATHEMATICAL;
        let mut next = Some(scope);
        while let Some(scope) = next {
            let scope = &self.scopes[scope];
            if let Some(item) = scope.names.get(name) {
                return Some(*item);
            }
            if let (Some(scalar), Some(entry)) = (
                scope.globs.first(),
                MATHEMATICAL.iter().find(|entry| **entry == name),
            ) {
                return Some(Item::Imported(*scalar, entry));
            }
            if let Some(found) = scope.module.globbed(name) {
                return Some(found);
            }
            next = scope.parent;
        }
        None
    }

    /// The struct or enum of this name, from inside of `scope`.
    pub(crate) fn type_item(&self, scope: ScopeIndex, name: &str) -> Option<usize> {
        if name == crate::parse::uses::ORDERING {
            return self.ordering();
        }
        let mut next = Some(scope);
        while let Some(scope) = next {
            let scope = &self.scopes[scope];
            let globbed = || scope.module.globbed_type(name);
            if let Some(adt) = scope.types.get(name).copied().or_else(globbed) {
                return Some(adt);
            }
            next = scope.parent;
        }
        None
    }

    /// Makes a struct or enum known in `scope`; `false` if the name is taken.
    pub(crate) fn declare_type(&mut self, scope: ScopeIndex, name: &str, adt: usize) -> bool {
        let types = &mut self.scopes[scope].types;
        match types.contains_key(name) {
            true => false,
            false => types.insert(name.to_string(), adt).is_none(),
        }
    }

    /// The names of all structs and enums seen from `scope`.
    pub(crate) fn type_names(&self, scope: ScopeIndex) -> Vec<&str> {
        let mut names = Vec::new();
        let mut next = Some(scope);
        while let Some(scope) = next {
            names.extend(self.scopes[scope].types.keys().map(String::as_str));
            names.extend(self.scopes[scope].module.globbed_type_names());
            next = self.scopes[scope].parent;
        }
        names.sort_unstable();
        names
    }

    /// The names of all items seen from `scope`.
    pub(crate) fn names(&self, scope: ScopeIndex) -> Vec<&str> {
        let mut names = Vec::new();
        let mut next = Some(scope);
        while let Some(scope) = next {
            names.extend(self.scopes[scope].names.keys().map(String::as_str));
            names.extend(self.scopes[scope].module.globbed_names());
            next = self.scopes[scope].parent;
        }
        names.sort_unstable();
        names
    }

    pub(crate) fn signature(
        &mut self,
        function: &'a ast::Function,
        outer: Vec<Param>,
    ) -> Signature {
        let before = self.errors.len();
        let type_params = self.type_params(&function.type_params, outer, true, function.name.span);
        self.signature_with(function, type_params, before)
    }

    /// Type parameters after those of the `impl` around. Without `bounded` they need no bound.
    pub(crate) fn type_params(
        &mut self,
        written: &[ast::TypeParam],
        outer: Vec<Param>,
        bounded: bool,
        span: Span,
    ) -> Vec<Param> {
        let mut type_params = outer;
        for param in written {
            if type_params.iter().any(|p| p.name == param.name.name)
                && !written
                    .iter()
                    .take_while(|p| p.name.span != param.name.span)
                    .any(|p| p.name.name == param.name.name)
            {
                self.report(Diagnostic::new(
                    "E0403",
                    param.name.span,
                    format!(
                        "the name `{}` is already used for a type parameter of the `impl`",
                        param.name.name
                    ),
                ));
            }
            if let Some(first) = written
                .iter()
                .take_while(|p| p.name.span != param.name.span)
                .find(|p| p.name.name == param.name.name)
            {
                self.report(
                    Diagnostic::new(
                        "E0403",
                        param.name.span,
                        format!(
                            "the name `{}` is already used for a type parameter",
                            param.name.name
                        ),
                    )
                    .related(first.name.span, "first used here"),
                );
            }
            let bounds = Bounds::of(&param.bounds);
            if bounded && bounds.strongest().is_none() {
                self.report(
                    Diagnostic::new(
                        "B0201",
                        param.name.span,
                        format!("the type parameter `{}` has no bound", param.name.name),
                    )
                    .label("which types may it stand for?")
                    .help(format!(
                        "write `{}: Number`, `Real`, `Integer` or `Float`",
                        param.name.name
                    )),
                );
            }
            if bounds.integer && bounds.float {
                self.report(Diagnostic::new(
                    "B0202",
                    param.name.span,
                    format!(
                        "no type is both `Integer` and `Float`: `{}`",
                        param.name.name
                    ),
                ));
            }
            type_params.push(Param {
                name: param.name.name.clone(),
                bounds,
            });
        }
        if type_params.len() > usize::from(u8::MAX) {
            self.report(
                Diagnostic::new("B0203", span, "too many type parameters")
                    .help("at most 255 are possible"),
            );
            type_params.truncate(usize::from(u8::MAX));
        }
        type_params
    }

    fn signature_with(
        &mut self,
        function: &'a ast::Function,
        type_params: Vec<Param>,
        before: usize,
    ) -> Signature {
        let mut params = Vec::new();
        let mut closures = Vec::new();
        for param in &function.params {
            if let TypeKind::Callable(callable) = &param.ty.kind {
                let ty = Ty::Closure(closures.len() as u32);
                closures.push(self.callable(callable, &type_params));
                params.push(match callable.reference {
                    Some(_) => ty.reference(false),
                    None => ty,
                });
                continue;
            }
            let ty = self.lower_type(&param.ty, &type_params, None);
            let ty = self.allowed(ty, &param.ty, &type_params, "a parameter");
            params.push(ty);
        }
        let result = match &function.result {
            None => Ty::UNIT,
            Some(ty) => {
                let result = self.lower_type(ty, &type_params, None);
                let has_view = contains_view(&result)
                    || matches!(result, Ty::Ref(..))
                    || nested_reference(&result, false);
                if has_view {
                    self.report(
                        Diagnostic::new(
                            "B0204",
                            ty.span,
                            "functions return numbers and tuples of numbers",
                        )
                        .help("pass an `ArrayViewMut` in and write to it"),
                    );
                    Ty::Error
                } else {
                    result
                }
            }
        };
        if !closures.is_empty() {
            self.closures_allowed(function, &params);
        }
        Signature {
            type_params,
            params,
            result,
            closures,
            valid: self.errors.len() == before,
        }
    }

    fn allowed(&mut self, ty: Ty, written: &TypeExpr, params: &[Param], what: &str) -> Ty {
        let message = match &ty {
            other if nested_reference(other, true) => {
                let shown = crate::check::ty::show(other, params, &|_| "_");
                Some((
                    format!("{what} of type `{shown}` is not supported"),
                    "make each mutable reference a parameter of its own",
                ))
            }
            Ty::Tuple(members) if members.iter().any(contains_view) => Some((
                format!("{what} that is a tuple of array views is not supported"),
                "make them parameters of their own",
            )),
            Ty::Never => Some((
                "`!` is only possible as the type of a result".to_string(),
                "give it another type",
            )),
            _ => None,
        };
        match message {
            None => ty,
            Some((message, help)) => {
                self.report(Diagnostic::new("B0205", written.span, message).help(help));
                Ty::Error
            }
        }
    }

    pub(crate) fn constant_type(&mut self, written: &TypeExpr) -> Ty {
        self.constant_type_in(written, &[])
    }

    /// The type of a constant of an `impl` with these type parameters.
    pub(crate) fn constant_type_in(&mut self, written: &TypeExpr, params: &[Param]) -> Ty {
        let ty = self.lower_type(written, params, None);
        if contains_view(&ty) || matches!(ty, Ty::Ref(..) | Ty::Never) {
            self.report(
                Diagnostic::new(
                    "B0206",
                    written.span,
                    "constants are numbers and tuples of numbers",
                )
                .label("not possible here"),
            );
            return Ty::Error;
        }
        ty
    }

    /// The type that is meant by `written`. `fresh` makes a variable for `_`, where that is
    /// allowed.
    pub(crate) fn lower_type(
        &mut self,
        written: &TypeExpr,
        params: &[Param],
        mut fresh: Option<&mut dyn FnMut(VarKind) -> Ty>,
    ) -> Ty {
        match &written.kind {
            TypeKind::Scalar(scalar) => Ty::Scalar(*scalar),
            TypeKind::Array(element, length) => self.array_type(element, length, params, fresh),
            TypeKind::Owned { element, ndim } => self.owned_type(element, *ndim, params, fresh),
            TypeKind::Option(inner) => {
                let inner = self.lower_type(inner, params, fresh);
                self.option_of(inner, written.span)
            }
            TypeKind::Complex(inner) => {
                let part = self.lower_type(inner, params, fresh);
                self.complex_of(part, params, inner.span)
            }
            TypeKind::Half(half) => Ty::Half(*half),
            TypeKind::Named(path) => {
                if let Some(ty) = self.named_type(path, written.span, params, &mut fresh) {
                    return ty;
                }
                let name = &path
                    .segments
                    .last()
                    .map_or("", |s| s.name.as_str())
                    .to_string();
                if let Some(n) = params.iter().position(|p| p.name == *name) {
                    return Ty::Param(n as u8);
                }
                let mut error = Diagnostic::new(
                    "E0412",
                    written.span,
                    format!("cannot find type `{name}` in this scope"),
                )
                .label("not known here");
                let known = Scalar::ALL
                    .iter()
                    .map(|s| s.name())
                    .chain(params.iter().map(|p| p.name.as_str()))
                    .chain(crate::check::known::TYPE_NAMES.iter().copied())
                    .chain(self.type_names(self.here));
                error = match suggest::nearest(name, known) {
                    _ if name == "Ordering" => error.help("write `use std::cmp::Ordering;`"),
                    Some(near) => error.help(format!("there is a type `{near}`")),
                    None => error.help(
                        "types are the numbers, `bool`, `Option`, `Complex`, tuples, arrays `[T; n]`, `ArrayView1<T>` and the like, and the structs and enums of the file",
                    ),
                };
                self.report(error);
                Ty::Error
            }
            TypeKind::Tuple(members) => {
                let mut types = Vec::new();
                for member in members {
                    types.push(match &mut fresh {
                        Some(fresh) => self.lower_type(member, params, Some(&mut **fresh)),
                        None => self.lower_type(member, params, None),
                    });
                }
                Ty::Tuple(types)
            }
            TypeKind::View {
                element,
                ndim,
                mutable,
            } => {
                let inner = self.lower_type(element, params, fresh);
                if !matches!(
                    inner,
                    Ty::Scalar(_)
                        | Ty::Param(_)
                        | Ty::Complex(_)
                        | Ty::Half(_)
                        | Ty::Error
                        | Ty::Var(_)
                ) {
                    self.report(
                        Diagnostic::new(
                            "B0207",
                            element.span,
                            "the elements of array views are numbers or `bool`",
                        )
                        .help("use one view for each part"),
                    );
                    return Ty::Error;
                }
                Ty::View {
                    element: Box::new(inner),
                    ndim: *ndim,
                    mutable: *mutable,
                }
            }
            TypeKind::Reference { mutable, inner } => {
                self.lower_type(inner, params, fresh).reference(*mutable)
            }
            TypeKind::Callable(_) => {
                self.report(
                    Diagnostic::new(
                        "B0621",
                        written.span,
                        "a closure's type is only possible for a parameter",
                    )
                    .help("leave the type out, or take the closure as a parameter"),
                );
                Ty::Error
            }
            TypeKind::Infer => match fresh {
                Some(fresh) => fresh(VarKind::General),
                None => {
                    self.report(
                        Diagnostic::new(
                            "E0121",
                            written.span,
                            "the placeholder `_` is not allowed in the signatures of items",
                        )
                        .label("write the type"),
                    );
                    Ty::Error
                }
            },
            TypeKind::Never => Ty::Never,
            TypeKind::Error => Ty::Error,
        }
    }
}

/// Whether a mutable reference to anything but a view stands inside of the type, other than as
/// the type itself (`top`).
fn nested_reference(ty: &Ty, top: bool) -> bool {
    match ty {
        Ty::Ref(true, inner) if matches!(**inner, Ty::View { .. } | Ty::Error) => false,
        Ty::Ref(true, inner) => !top || nested_reference(inner, false),
        Ty::Ref(false, inner) | Ty::Option(inner) | Ty::Array(inner, _) => {
            nested_reference(inner, false)
        }
        Ty::Tuple(members) => members.iter().any(|m| nested_reference(m, false)),
        _ => false,
    }
}

/// Whether a view stands anywhere in the type.
pub(crate) fn contains_view(ty: &Ty) -> bool {
    match ty {
        Ty::View { .. } => true,
        Ty::Tuple(members) => members.iter().any(contains_view),
        Ty::Ref(_, inner) | Ty::Option(inner) => contains_view(inner),
        _ => false,
    }
}

/// The scalar type of this name.
pub(crate) fn scalar_named(name: &str) -> Option<Scalar> {
    Scalar::ALL.into_iter().find(|s| s.name() == name)
}
