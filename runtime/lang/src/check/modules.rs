//! Modules and `use`: which items a path means, from where it is written, and whether it may
//! be named there. A module is an item scope without a parent; a block's scope has the module
//! that it stands in.
//!
//! Invariant: after [`Session::resolve_imports`] every `use` is either entered in its scope or
//! reported. Modules and other items have names of their own, as in rustc: `norm` can be a
//! module and a function.

use std::collections::HashMap;

use crate::ast::{self, Ident, Visibility};
use crate::check::adt::Shape;
use crate::check::session::{Item, Part, ScopeIndex, Session};
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

/// How much work the `use` items of a file may make together: names that are looked up.
const MAX_WORK: usize = 2_000_000;

/// Who may name something: everybody, or this module and those inside of it.
pub(crate) type Region = Option<ScopeIndex>;

/// What an item scope has of modules.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// The module that the scope is, or is part of.
    own: ScopeIndex,
    /// The module around that one.
    outer: Option<ScopeIndex>,
    modules: HashMap<String, (ScopeIndex, Region)>,
    /// Who may name an item, for those not private to the module.
    regions: HashMap<String, Region>,
    /// What globs bring in; `None` where two of them disagree.
    items: HashMap<String, (Option<Item>, Region)>,
    /// Modules that globs bring in.
    globbed_modules: HashMap<String, (ScopeIndex, Region)>,
    /// Who may name a struct or enum.
    type_regions: HashMap<String, Region>,
    /// Structs and enums that globs bring in.
    globbed_types: HashMap<String, (usize, Region)>,
}

impl Scope {
    pub(crate) fn new(
        scope: ScopeIndex,
        parent: Option<&Scope>,
        outer: Option<ScopeIndex>,
    ) -> Scope {
        Scope {
            own: parent.map_or(scope, |parent| parent.own),
            outer: parent.map_or(outer, |parent| parent.outer),
            ..Scope::default()
        }
    }

    /// What a glob brings in under this name.
    pub(crate) fn globbed(&self, name: &str) -> Option<Item> {
        let (item, _) = self.items.get(name)?;
        Some(item.unwrap_or(Item::Refused))
    }

    /// The struct or enum that a glob brings in under this name.
    pub(crate) fn globbed_type(&self, name: &str) -> Option<usize> {
        self.globbed_types.get(name).map(|(adt, _)| *adt)
    }

    /// The names of all structs and enums that globs bring in.
    pub(crate) fn globbed_type_names(&self) -> impl Iterator<Item = &str> {
        self.globbed_types.keys().map(String::as_str)
    }

    /// All names that globs bring in.
    pub(crate) fn globbed_names(&self) -> impl Iterator<Item = &str> {
        self.items.keys().map(String::as_str)
    }
}

/// One name of a `use`.
#[derive(Debug)]
pub(crate) struct Import<'a> {
    scope: ScopeIndex,
    ast: &'a ast::Use,
    item: bool,
    module: bool,
    ty: bool,
}

impl<'a> Import<'a> {
    pub(crate) fn new(scope: ScopeIndex, ast: &'a ast::Use) -> Import<'a> {
        Import {
            scope,
            ast,
            item: false,
            module: false,
            ty: false,
        }
    }
}

/// Why a path leads nowhere.
#[derive(Debug)]
pub(crate) enum Failure {
    /// This name of the path is not known in this module (`None`: where the path begins).
    Unknown(usize, Option<ScopeIndex>),
    /// It is, but may not be named.
    Private(usize),
    /// `super` in the first file.
    NoSuper(usize),
    /// The enum has no variant of this name.
    NoVariant(usize),
}

/// What the last name of a path may mean.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    pub(crate) item: Option<(Item, Region)>,
    pub(crate) module: Option<(ScopeIndex, Region)>,
    /// A struct or enum.
    pub(crate) ty: Option<(usize, Region)>,
}

impl<'a> Session<'a> {
    pub(super) fn register_modules(
        &mut self,
        file: &'a ast::File,
        scope: ScopeIndex,
        path: &str,
        parts: &mut Vec<Part<'a>>,
    ) {
        let mut places: HashMap<&str, Span> = HashMap::new();
        for module in &file.modules {
            let name = &module.name;
            let Some(inner) = &module.file else {
                continue;
            };
            let known = self.scopes[scope].types.get(&name.name);
            let other = known.map(|number| self.adts[*number].span);
            if let Some(first) = places.insert(&name.name, name.span).or(other) {
                let message = format!("the name `{}` is defined multiple times", name.name);
                self.report(
                    Diagnostic::new("E0428", name.span, message)
                        .label("redefined here")
                        .related(first, "first defined here")
                        .help("rename one of them"),
                );
                continue;
            }
            let inner_path = match path {
                "" => name.name.clone(),
                _ => format!("{path}::{}", name.name),
            };
            let number = self.register_in(inner, None, Some(scope), &inner_path, parts);
            let region = Some(self.scopes[scope].module.own);
            self.scopes[scope]
                .module
                .modules
                .insert(name.name.clone(), (number, region));
        }
    }

    pub(super) fn register_visibility(&mut self, file: &'a ast::File, scope: ScopeIndex) {
        for (name, visibility) in &file.visible {
            let region = self.region(scope, visibility);
            let module = &mut self.scopes[scope].module;
            module.regions.insert(name.name.clone(), region);
            module.type_regions.insert(name.name.clone(), region);
            if let Some((_, own)) = module.modules.get_mut(&name.name) {
                *own = region;
            }
        }
    }

    /// Who may name what is declared in `scope` with this visibility.
    fn region(&mut self, scope: ScopeIndex, visibility: &Visibility) -> Region {
        let own = self.scopes[scope].module.own;
        match visibility {
            Visibility::Public => None,
            Visibility::Private => Some(own),
            Visibility::Within(path) => {
                let mut at = own;
                for name in path {
                    at = match name.name.as_str() {
                        "crate" => return Some(0),
                        "super" => self.scopes[at].module.outer.unwrap_or(0),
                        "self" => at,
                        // `pub(in a::b)`: of the outer modules the path can only mean `crate`'s.
                        _ => {
                            let message = "paths of `pub(in ..)` begin with `crate` or `super`";
                            self.report(
                                Diagnostic::new("E0433", name.span, message)
                                    .help("write `pub(crate)` or `pub(super)`"),
                            );
                            return Some(0);
                        }
                    };
                }
                Some(at)
            }
        }
    }

    /// Whether what `region` may name may be named in `scope`.
    fn allows(&self, region: Region, scope: ScopeIndex) -> bool {
        let Some(region) = region else {
            return true;
        };
        let mut next = Some(self.scopes[scope].module.own);
        while let Some(module) = next {
            if module == region {
                return true;
            }
            next = self.scopes[module].module.outer;
        }
        false
    }

    /// What the name means in this very scope.
    fn find(&self, scope: ScopeIndex, name: &str) -> Found {
        let scope = &self.scopes[scope];
        let module = &scope.module;
        let private = Some(module.own);
        let own = scope.names.get(name).map(|item| {
            let region = module.regions.get(name).copied().unwrap_or(private);
            (*item, region)
        });
        let globbed = || {
            let (item, region) = module.items.get(name)?;
            Some((item.unwrap_or(Item::Refused), *region))
        };
        let inner = module.modules.get(name);
        let own_type = scope.types.get(name).map(|adt| {
            let region = module.type_regions.get(name).copied().unwrap_or(private);
            (*adt, region)
        });
        Found {
            item: own.or_else(globbed),
            module: inner.or_else(|| module.globbed_modules.get(name)).copied(),
            ty: own_type.or_else(|| module.globbed_types.get(name).copied()),
        }
    }

    /// The module that a path's first name means; `Err` where it means none.
    fn first_module(&self, scope: ScopeIndex, name: &str) -> Option<ScopeIndex> {
        let own = self.scopes[scope].module.own;
        match name {
            "crate" => return Some(0),
            "self" => return Some(own),
            "super" => return self.scopes[own].module.outer,
            _ => {}
        }
        let mut next = Some(scope);
        while let Some(scope) = next {
            if let Some((module, _)) = self.find(scope, name).module {
                return Some(module);
            }
            next = self.scopes[scope].parent;
        }
        None
    }

    /// Follows the names of `path` that mean modules, all but the last one. Gives the module
    /// and how many names were taken; none if the first one means no module.
    pub(crate) fn enter(
        &self,
        scope: ScopeIndex,
        path: &[Ident],
    ) -> Result<(ScopeIndex, usize), Failure> {
        let Some(first) = path.first() else {
            return Ok((scope, 0));
        };
        if path.len() < 2 {
            return Ok((scope, 0));
        }
        let Some(mut module) = self.first_module(scope, &first.name) else {
            return match first.name.as_str() {
                "super" => Err(Failure::NoSuper(0)),
                _ => Ok((scope, 0)),
            };
        };
        let mut taken = 1;
        while taken + 1 < path.len() {
            let name = &path[taken].name;
            if name == "super" {
                module = match self.scopes[module].module.outer {
                    Some(outer) => outer,
                    None => return Err(Failure::NoSuper(taken)),
                };
                taken += 1;
                continue;
            }
            match self.find(module, name).module {
                Some((next, region)) if self.allows(region, scope) => module = next,
                Some(_) => return Err(Failure::Private(taken)),
                None => break,
            }
            taken += 1;
        }
        Ok((module, taken))
    }

    /// What a path through modules means, seen from `scope`; a single name is looked up in
    /// the scope itself and those around it.
    pub(crate) fn resolve(&self, scope: ScopeIndex, path: &[Ident]) -> Result<Found, Failure> {
        let Some(last) = path.last() else {
            return Ok(Found::default());
        };
        if path.len() == 1 {
            let item = self.item(scope, &last.name).map(|item| (item, None));
            let module = self.first_module(scope, &last.name).map(|m| (m, None));
            let ty = self.type_item(scope, &last.name).map(|adt| (adt, None));
            return match (item, module, ty) {
                (None, None, None) => Err(Failure::Unknown(0, None)),
                (item, module, ty) => Ok(Found { item, module, ty }),
            };
        }
        let (module, taken) = self.enter(scope, path)?;
        if taken + 1 < path.len() {
            if taken + 2 == path.len()
                && let Some(variant) = self.variant_at(scope, path)?
            {
                let item = Some((variant, None));
                return Ok(Found {
                    item,
                    ..Found::default()
                });
            }
            let within = (taken > 0).then_some(module);
            return Err(Failure::Unknown(taken, within));
        }
        let found = self.find(module, &last.name);
        let seen = |region: Region| self.allows(region, scope);
        let item = found.item.filter(|(_, region)| seen(*region));
        let inner = found.module.filter(|(_, region)| seen(*region));
        let ty = found.ty.filter(|(_, region)| seen(*region));
        match (item, inner, ty) {
            (None, None, None)
                if found.item.is_some() || found.module.is_some() || found.ty.is_some() =>
            {
                Err(Failure::Private(taken))
            }
            (None, None, None) => Err(Failure::Unknown(taken, Some(module))),
            (item, module, ty) => Ok(Found { item, module, ty }),
        }
    }

    /// The variant that a path's last name means, where the names before it mean an enum.
    fn variant_at(&self, scope: ScopeIndex, path: &[Ident]) -> Result<Option<Item>, Failure> {
        let Some((last, before)) = path.split_last() else {
            return Ok(None);
        };
        let Some((number, _)) = self.resolve(scope, before)?.ty else {
            return Ok(None);
        };
        let variant = self.variant_names(number).position(|v| v == last.name);
        match (variant, &self.adts[number].shape) {
            (Some(n), _) => Ok(Some(Item::Variant(number, n))),
            (None, Shape::Enum { .. }) => Err(Failure::NoVariant(path.len() - 1)),
            (None, Shape::Struct { .. }) => Ok(None),
        }
    }

    /// The names of an enum's variants; none for a struct.
    fn variant_names(&self, number: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        let variants: &'a [_] = match &self.adts[number].shape {
            Shape::Enum { ast, .. } => &ast.variants,
            Shape::Struct { .. } => &[],
        };
        variants.iter().map(|(name, _)| name.name.as_str())
    }

    /// Whether what is private in the module of `outer` can be seen from `scope`.
    pub(crate) fn within(&self, outer: ScopeIndex, scope: ScopeIndex) -> bool {
        self.allows(Some(self.scopes[outer].module.own), scope)
    }

    /// Whether the parser has refused the item where a path ends, so that nothing more is said.
    pub(crate) fn leads_to_refused(
        &self,
        scope: ScopeIndex,
        path: &[Ident],
        failure: &Failure,
    ) -> bool {
        let Failure::Unknown(n, within) = failure else {
            return false;
        };
        let found = match within {
            Some(module) => self
                .find(*module, &path[*n].name)
                .item
                .map(|(item, _)| item),
            None => self.item(scope, &path[*n].name),
        };
        found == Some(Item::Refused)
    }

    /// What is wrong with a path; `import` in a `use`.
    pub(crate) fn path_error(
        &self,
        scope: ScopeIndex,
        path: &[Ident],
        failure: &Failure,
        import: bool,
    ) -> Diagnostic {
        let written = |end: usize| {
            let names: Vec<&str> = path[..end].iter().map(|i| i.name.as_str()).collect();
            names.join("::")
        };
        match failure {
            Failure::Private(n) => {
                let name = &path[*n];
                let message = format!("`{}` is private", written(n + 1));
                Diagnostic::new("E0603", name.span, message)
                    .label("not visible from here")
                    .help(format!(
                        "write `pub` before `{}` where it is declared",
                        name.name
                    ))
            }
            Failure::NoSuper(n) => {
                let message = "there are too many leading `super` keywords";
                Diagnostic::new("E0433", path[*n].span, message)
                    .label("this module is the outermost")
                    .help("write `crate`, or leave `super` out")
            }
            Failure::NoVariant(n) => {
                let name = &path[*n];
                let message = format!("no variant `{}` in `{}`", name.name, written(*n));
                let code = if import { "E0432" } else { "E0599" };
                let error = Diagnostic::new(code, name.span, message).label("not found");
                let found = self.resolve(scope, &path[..*n]).ok().and_then(|f| f.ty);
                let names = found.map(|(number, _)| self.variant_names(number));
                match suggest::nearest(&name.name, names.into_iter().flatten()) {
                    Some(near) => error.help(format!("there is `{near}`")),
                    None => error.help("name one of its variants"),
                }
            }
            Failure::Unknown(n, within) => {
                let name = &path[*n];
                let last = n + 1 == path.len();
                let (code, message) = match (import, last, within) {
                    (true, ..) => (
                        "E0432",
                        format!("unresolved import `{}`", written(path.len())),
                    ),
                    (false, true, Some(_)) => (
                        "E0425",
                        format!("cannot find `{}` in `{}`", name.name, written(*n)),
                    ),
                    (false, ..) => ("E0433", format!("cannot find `{}`", written(n + 1))),
                };
                let candidates: Vec<&str> = match within {
                    Some(module) => {
                        let scope = &self.scopes[*module];
                        let inner = scope.module.modules.keys();
                        scope
                            .names
                            .keys()
                            .chain(inner)
                            .chain(scope.types.keys())
                            .map(String::as_str)
                            .collect()
                    }
                    None => self.module_names(scope),
                };
                let error = Diagnostic::new(code, name.span, message).label(match within {
                    Some(_) => format!("no `{}` in `{}`", name.name, written(*n)),
                    None => "no module or item of this name here".to_string(),
                });
                let mut sorted = candidates;
                sorted.sort_unstable();
                match suggest::nearest(&name.name, sorted) {
                    Some(near) => error.help(format!("there is `{near}`")),
                    None if *n == 0 && name.name == "num_traits" => {
                        error.help("bound type parameters with `Number`, `Real`, `Integer` or `Float`")
                    }
                    None if *n == 0 => error.help(
                        "paths begin with `crate`, `self`, `super`, a module of the file, `brolga`, or `std`",
                    ),
                    None => error.help("declare it there, or remove this"),
                }
            }
        }
    }

    /// The names of modules seen from `scope`.
    pub(crate) fn module_names(&self, scope: ScopeIndex) -> Vec<&str> {
        let mut names = Vec::new();
        let mut next = Some(scope);
        while let Some(scope) = next {
            let scope = &self.scopes[scope];
            names.extend(scope.module.modules.keys().map(String::as_str));
            names.extend(scope.module.globbed_modules.keys().map(String::as_str));
            next = scope.parent;
        }
        names
    }

    /// Enters what the `use` items bring in, in rounds, since one may need another. What is
    /// left at the end is reported.
    pub(super) fn resolve_imports(&mut self) {
        let mut imports = std::mem::take(&mut self.imports);
        let mut work = 0;
        let mut changed = true;
        while changed && !imports.is_empty() {
            changed = false;
            for import in &mut imports {
                let done = match &import.ast.name {
                    Some(name) => self.import_name(import, name),
                    None => self.import_glob(import, &mut work),
                };
                changed |= done;
                work += 1;
            }
            if work > MAX_WORK {
                let span = imports[0]
                    .ast
                    .path
                    .first()
                    .map_or_else(Span::default, |i| i.span);
                self.report(
                    Diagnostic::new(
                        "B0703",
                        span,
                        "the `use` items of this module need each other too often",
                    )
                    .help("name the items by their whole paths"),
                );
                return;
            }
        }
        for import in &imports {
            let path = &import.ast.path;
            match &import.ast.name {
                Some(name) if !import.item && !import.module && !import.ty => {
                    let failure = match self.resolve(import.scope, path) {
                        Err(failure) => failure,
                        Ok(_) => Failure::Unknown(0, None),
                    };
                    if !self.leads_to_refused(import.scope, path, &failure) {
                        let error = self.path_error(import.scope, path, &failure, true);
                        self.report(error);
                    }
                    let names = &mut self.scopes[import.scope].names;
                    names.entry(name.name.clone()).or_insert(Item::Refused);
                }
                None if !import.module => {
                    let failure = match self.module_at(import.scope, path) {
                        Err(failure) => failure,
                        Ok(_) => continue,
                    };
                    if !self.leads_to_refused(import.scope, path, &failure) {
                        let error = self.path_error(import.scope, path, &failure, true);
                        self.report(error);
                    }
                }
                _ => {}
            }
        }
    }

    /// The module at a path.
    fn module_at(&self, scope: ScopeIndex, path: &[Ident]) -> Result<ScopeIndex, Failure> {
        let end = path.len();
        if let [only] = path {
            let found = self.first_module(scope, &only.name);
            return found.ok_or(match only.name.as_str() {
                "super" => Failure::NoSuper(0),
                _ => Failure::Unknown(0, None),
            });
        }
        if path.iter().all(|name| name.name == "super") {
            let (module, _) = self.enter(scope, path)?;
            let outer = self.scopes[module].module.outer;
            return outer.ok_or(Failure::NoSuper(end - 1));
        }
        match self.resolve(scope, path)?.module {
            Some((module, _)) => Ok(module),
            None => Err(Failure::Unknown(end - 1, None)),
        }
    }

    /// Whether something new was found.
    fn import_name(&mut self, import: &mut Import<'a>, name: &'a Ident) -> bool {
        if import.item && import.module && import.ty {
            return false;
        }
        let path = &import.ast.path;
        let found = if path.len() == 1 && path[0].name != "self" {
            self.import_alone(import.scope, &path[0], name)
        } else {
            self.resolve(import.scope, path).unwrap_or_default()
        };
        let mut new = false;
        if let (false, Some((item, region))) = (import.item, found.item) {
            import.item = true;
            new = true;
            if name.name != "_" {
                self.declare_import(import, name, item, region);
            }
        }
        if let (false, Some((number, region))) = (import.ty, found.ty) {
            import.ty = true;
            new = true;
            if name.name != "_" {
                self.import_type(import, name, number, region);
            }
        }
        if let (false, Some((module, region))) = (import.module, found.module) {
            import.module = true;
            new = true;
            let visible = self.region(import.scope, &import.ast.visibility);
            if !self.covers(region, visible) {
                self.private_export(import, name);
            }
            let modules = &mut self.scopes[import.scope].module.modules;
            if modules.get(&name.name).is_some_and(|(m, _)| *m != module) {
                self.defined_twice(name);
            } else if name.name != "_" {
                modules.insert(name.name.clone(), (module, visible));
            }
        }
        new
    }

    /// `use name as other;`: the name must not be found through this very import.
    fn import_alone(&self, scope: ScopeIndex, name: &Ident, own: &Ident) -> Found {
        if name.name == own.name {
            return Found::default();
        }
        self.resolve(scope, std::slice::from_ref(name))
            .unwrap_or_default()
    }

    fn import_type(&mut self, import: &Import<'a>, name: &'a Ident, number: usize, region: Region) {
        let visible = self.region(import.scope, &import.ast.visibility);
        if !self.covers(region, visible) {
            self.private_export(import, name);
        }
        let scope = &mut self.scopes[import.scope];
        if scope.types.get(&name.name).is_some_and(|n| *n != number) {
            self.defined_twice(name);
            return;
        }
        scope.types.insert(name.name.clone(), number);
        scope.module.type_regions.insert(name.name.clone(), visible);
    }

    fn declare_import(&mut self, import: &Import<'a>, name: &'a Ident, item: Item, region: Region) {
        let visible = self.region(import.scope, &import.ast.visibility);
        if !self.covers(region, visible) {
            self.private_export(import, name);
        }
        if self.scopes[import.scope].names.contains_key(&name.name) {
            self.defined_twice(name);
            return;
        }
        let scope = &mut self.scopes[import.scope];
        scope.names.insert(name.name.clone(), item);
        scope.module.regions.insert(name.name.clone(), visible);
    }

    fn defined_twice(&mut self, name: &Ident) {
        let message = format!("the name `{}` is defined multiple times", name.name);
        self.report(
            Diagnostic::new("E0255", name.span, message)
                .label("already the name of another item here")
                .help(format!("give it another name: `{} as other`", name.name)),
        );
    }

    /// How far an item of `region` is seen that a glob brings into `scope` for `visible`; `None`
    /// where it is not seen from there itself.
    fn imported_as(&self, region: Region, visible: Region, scope: ScopeIndex) -> Option<Region> {
        let narrower = if self.covers(region, visible) {
            visible
        } else {
            region
        };
        self.allows(region, scope).then_some(narrower)
    }

    /// Whether everybody in `inner` is in `outer`.
    fn covers(&self, outer: Region, inner: Region) -> bool {
        match (outer, inner) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some(inner)) => self.allows(outer, inner),
        }
    }

    fn private_export(&mut self, import: &Import<'a>, name: &Ident) {
        let message = format!("`{}` is private, and cannot be re-exported", name.name);
        let span = import.ast.path.last().map_or(name.span, |last| last.span);
        self.report(
            Diagnostic::new("E0364", span, message)
                .label("less visible than this `use`")
                .help("write `pub` where it is declared"),
        );
    }

    /// Whether something new was found.
    fn import_glob(&mut self, import: &mut Import<'a>, work: &mut usize) -> bool {
        let Ok(module) = self.module_at(import.scope, &import.ast.path) else {
            return self.import_variants(import, work);
        };
        import.module = true;
        let scope = import.scope;
        if module == scope {
            return false;
        }
        let from = &self.scopes[module];
        let names = from.names.keys().chain(from.module.items.keys());
        let mut items: Vec<String> = names.cloned().collect();
        items.sort_unstable();
        let inner = from.module.modules.keys();
        let mut modules: Vec<String> = inner
            .chain(from.module.globbed_modules.keys())
            .cloned()
            .collect();
        modules.sort_unstable();
        let inner = from.types.keys();
        let mut types: Vec<String> = inner
            .chain(from.module.globbed_types.keys())
            .cloned()
            .collect();
        types.sort_unstable();
        *work += items.len() + modules.len() + types.len();
        let visible = self.region(scope, &import.ast.visibility);
        let mut new = false;
        for name in items {
            let Some((item, region)) = self.find(module, &name).item else {
                continue;
            };
            let Some(visible) = self.imported_as(region, visible, scope) else {
                continue;
            };
            let own = &mut self.scopes[scope].module.items;
            match own.get(&name) {
                None => {
                    own.insert(name, (Some(item), visible));
                    new = true;
                }
                Some((Some(other), region)) if *other != item => {
                    let region = *region;
                    own.insert(name, (None, region));
                    new = true;
                }
                Some(_) => {}
            }
        }
        for name in types {
            let Some((number, region)) = self.find(module, &name).ty else {
                continue;
            };
            let Some(visible) = self.imported_as(region, visible, scope) else {
                continue;
            };
            let own = &mut self.scopes[scope].module.globbed_types;
            own.entry(name).or_insert_with(|| {
                new = true;
                (number, visible)
            });
        }
        for name in modules {
            let Some((inner, region)) = self.find(module, &name).module else {
                continue;
            };
            let Some(visible) = self.imported_as(region, visible, scope) else {
                continue;
            };
            let own = &mut self.scopes[scope].module.globbed_modules;
            own.entry(name).or_insert_with(|| {
                new = true;
                (inner, visible)
            });
        }
        new
    }

    /// `use Mode::*;`: whether something new was found.
    fn import_variants(&mut self, import: &mut Import<'a>, work: &mut usize) -> bool {
        let found = self.resolve(import.scope, &import.ast.path);
        let Some((number, _)) = found.ok().and_then(|found| found.ty) else {
            return false;
        };
        if import.module || matches!(self.adts[number].shape, Shape::Struct { .. }) {
            return false;
        }
        import.module = true;
        let visible = self.region(import.scope, &import.ast.visibility);
        for (n, name) in self.variant_names(number).enumerate() {
            *work += 1;
            let item = Item::Variant(number, n);
            let own = &mut self.scopes[import.scope].module.items;
            match own.get_mut(name) {
                None => {
                    own.insert(name.to_string(), (Some(item), visible));
                }
                Some((Some(other), _)) if *other == item => {}
                Some((other, _)) => *other = None,
            }
        }
        true
    }

    /// Reports a name that two globs bring in with different meanings.
    pub(crate) fn ambiguous_glob(&mut self, scope: ScopeIndex, name: &Ident) {
        let mut next = Some(scope);
        while let Some(scope) = next {
            let scope = &self.scopes[scope];
            if scope.names.contains_key(&name.name) {
                return;
            }
            if let Some((None, _)) = scope.module.items.get(&name.name) {
                let message = format!("`{}` is ambiguous", name.name);
                self.report(
                    Diagnostic::new("E0659", name.span, message)
                        .label("two globs bring in different items of this name")
                        .help("name it by its path"),
                );
                return;
            }
            next = scope.parent;
        }
    }
}
