//! Structs and enums of a session: their registration in three steps (names; fields, variants
//! and `impl` blocks; what needs all of these), and what is asked of them later. Expressions
//! and patterns are in the files beside this one. Invariant: a type whose registration failed
//! is marked, and nothing is reported of it again.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use crate::ast::{self, PatternKind};
use crate::check::constant::integer;
use crate::check::lower::build;
use crate::check::session::{ConstItem, ConstState, Item, Part, ScopeIndex, Session};
use crate::check::tree::{ConstIndex, FnIndex};
use crate::check::ty::{AdtIndex, Param, Ty, show, substitute};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{ExprKind, Scalar};

/// The largest struct, in parts. Each part is a variable of the compiled function.
pub(crate) const MAX_PARTS: u64 = 1000;

/// How many structs that hold themselves are reported.
const MAX_REPORTED: usize = 100;

/// A struct or enum.
#[derive(Debug)]
pub(crate) struct Adt<'a> {
    pub(crate) name: Arc<str>,
    pub(crate) span: Span,
    /// Where it was declared.
    pub(crate) scope: ScopeIndex,
    pub(crate) params: Vec<Param>,
    pub(crate) shape: Shape<'a>,
    /// What is derived.
    pub(crate) derives: &'a [ast::Ident],
    /// What its `impl` blocks hold, by name.
    pub(crate) members: HashMap<&'a str, Vec<Member>>,
    /// The variants with their discriminants, once they are known.
    variants: Option<Rc<[(i128, String)]>>,
    /// Whether all of it is right.
    pub(crate) valid: bool,
}

/// What an [`Adt`] is.
#[derive(Debug)]
pub(crate) enum Shape<'a> {
    /// A struct.
    Struct {
        /// A tuple struct or unit struct.
        tuple: bool,
        /// Its fields in order.
        fields: Vec<Field<'a>>,
    },
    /// An enum.
    Enum {
        ast: &'a ast::Enum,
        /// The explicit discriminants.
        explicit: Vec<Option<ConstIndex>>,
    },
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) ty: Ty,
    pub(crate) is_pub: bool,
}

/// A function or constant of an `impl` block.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The type of the `impl`, with its type parameters.
    pub(crate) own: Ty,
    /// How many those are.
    pub(crate) params: usize,
    pub(crate) item: MemberItem,
}

/// What a [`Member`] is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MemberItem {
    Function(FnIndex),
    Const(ConstIndex),
}

/// An operator on a struct.
#[derive(Clone, Debug)]
pub(crate) struct OperatorImpl {
    pub(crate) own: Ty,
    /// The right operand; `own` for prefix operators.
    pub(crate) operand: Ty,
    pub(crate) params: usize,
    pub(crate) function: FnIndex,
}

/// Whether a value of type `ty` can be of type `pattern`, where type parameters and variables
/// stand for anything.
pub(crate) fn could_be(pattern: &Ty, ty: &Ty) -> bool {
    match (pattern, ty) {
        (Ty::Param(_) | Ty::Var(_) | Ty::Error, _) | (_, Ty::Var(_) | Ty::Error | Ty::Param(_)) => {
            true
        }
        (Ty::Tuple(a), Ty::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| could_be(a, b))
        }
        (Ty::Adt(m, a), Ty::Adt(n, b)) => m == n && a.iter().zip(b).all(|(a, b)| could_be(a, b)),
        (Ty::Ref(p, a), Ty::Ref(q, b)) => p == q && could_be(a, b),
        (Ty::Option(a), Ty::Option(b)) | (Ty::Complex(a), Ty::Complex(b)) => could_be(a, b),
        (Ty::Array(a, m), Ty::Array(b, n)) => m == n && could_be(a, b),
        (a, b) => a == b,
    }
}

/// Calls `f` on the type and on all types inside of it.
fn each_part(ty: &Ty, f: &mut dyn FnMut(&Ty)) {
    f(ty);
    match ty {
        Ty::Tuple(list) | Ty::Adt(_, list) => list.iter().for_each(|t| each_part(t, f)),
        Ty::View { element: inner, .. }
        | Ty::Owned { element: inner, .. }
        | Ty::Ref(_, inner)
        | Ty::Option(inner)
        | Ty::Complex(inner)
        | Ty::Array(inner, _) => each_part(inner, f),
        _ => {}
    }
}

pub(super) fn mentions(ty: &Ty, param: usize) -> bool {
    let mut found = false;
    each_part(ty, &mut |part| {
        found |= matches!(part, Ty::Param(n) if usize::from(*n) == param);
    });
    found
}

/// Whether a function's first parameter is `self`.
pub(crate) fn takes_self(function: &ast::Function) -> bool {
    function.params.first().is_some_and(
        |p| matches!(&p.pattern.kind, PatternKind::Binding { name, .. } if name.name == "self"),
    )
}

impl<'a> Session<'a> {
    /// The type with this number.
    pub(crate) fn adt_type(&self, number: usize, args: Vec<Ty>) -> Ty {
        let name = Arc::clone(&self.adts[number].name);
        Ty::Adt(AdtIndex { number, name }, args)
    }

    /// The types of a struct's fields; `None` for an enum.
    pub(crate) fn field_types(&self, adt: &AdtIndex, args: &[Ty]) -> Option<Vec<Ty>> {
        match &self.adts[adt.number].shape {
            Shape::Struct { fields, .. } => {
                Some(fields.iter().map(|f| substitute(&f.ty, args)).collect())
            }
            Shape::Enum { .. } => None,
        }
    }

    /// The names of a struct's fields.
    pub(crate) fn field_names(&self, adt: &AdtIndex) -> Vec<String> {
        match &self.adts[adt.number].shape {
            Shape::Struct { fields, .. } => fields.iter().map(|f| f.name.to_string()).collect(),
            Shape::Enum { .. } => Vec::new(),
        }
    }

    /// The integer type of an enum; `None` for a struct.
    pub(crate) fn repr(&self, adt: &AdtIndex) -> Option<Scalar> {
        match &self.adts[adt.number].shape {
            Shape::Enum { ast, .. } => Some(ast.repr.unwrap_or(Scalar::Isize)),
            Shape::Struct { .. } => None,
        }
    }

    /// The number of the variant marked by `#[default]`.
    pub(crate) fn default_variant(&self, adt: &AdtIndex) -> usize {
        match &self.adts[adt.number].shape {
            Shape::Enum { ast, .. } => ast.default.unwrap_or(0),
            Shape::Struct { .. } => 0,
        }
    }

    /// The variants of an enum with their discriminants; empty for a struct.
    pub(crate) fn variants(&mut self, number: usize) -> Rc<[(i128, String)]> {
        if let Some(known) = &self.adts[number].variants {
            return Rc::clone(known);
        }
        let Shape::Enum { ast, explicit } = &self.adts[number].shape else {
            return Rc::from([]);
        };
        let (ast, explicit) = (*ast, explicit.clone());
        let mut next = 0;
        let mut all = Vec::new();
        for ((name, _), explicit) in ast.variants.iter().zip(explicit) {
            if let Some(constant) = explicit
                && let Some(value) = self.constant(constant)
                && let (crate::ir::Type::Scalar(s), ExprKind::Const(bits)) = (value.ty, value.kind)
            {
                next = integer(s, bits);
            }
            all.push((next, name.name.clone()));
            next += 1;
        }
        let all: Rc<[(i128, String)]> = Rc::from(all);
        self.adts[number].variants = Some(Rc::clone(&all));
        all
    }

    /// Makes the names of structs and enums known.
    pub(super) fn declare_types(
        &mut self,
        file: &'a ast::File,
        scope: ScopeIndex,
        places: &mut HashMap<&'a str, Span>,
    ) -> Range<usize> {
        let first = self.adts.len();
        for item in &file.structs {
            let number = self.adts.len();
            self.declare_adt(
                scope,
                &item.name,
                Shape::Struct {
                    tuple: item.tuple,
                    fields: Vec::new(),
                },
                &item.derives,
            );
            let params = self.type_params(&item.type_params, Vec::new(), false, item.name.span);
            self.adts[number].params = params;
            if item.tuple {
                self.declare(scope, &item.name, Item::Constructor(number), places);
            }
        }
        for item in &file.enums {
            let shape = Shape::Enum {
                ast: item,
                explicit: vec![None; item.variants.len()],
            };
            let number = self.adts.len();
            self.declare_adt(scope, &item.name, shape, &item.derives);
            self.explicit(item, number, scope);
        }
        first..self.adts.len()
    }

    /// The explicit discriminants of an enum as constants.
    fn explicit(&mut self, item: &'a ast::Enum, number: usize, scope: ScopeIndex) {
        let scalar = item.repr.unwrap_or(Scalar::Isize);
        for (n, (_, value)) in item.variants.iter().enumerate() {
            let Some(value) = value else {
                continue;
            };
            let constant = self.consts.len();
            self.consts.push(ConstItem {
                ast: value,
                scope,
                ty: Ty::Scalar(scalar),
                own: None,
                params: Vec::new(),
                state: ConstState::Waiting,
            });
            if let Shape::Enum { explicit, .. } = &mut self.adts[number].shape {
                explicit[n] = Some(constant);
            }
        }
    }

    fn declare_adt(
        &mut self,
        scope: ScopeIndex,
        name: &'a ast::Ident,
        shape: Shape<'a>,
        derives: &'a [ast::Ident],
    ) {
        let number = self.adts.len();
        self.adts.push(Adt {
            name: Arc::from(name.name.as_str()),
            span: name.span,
            scope,
            params: Vec::new(),
            shape,
            derives,
            members: HashMap::new(),
            variants: None,
            valid: true,
        });
        if !self.declare_type(scope, &name.name, number) {
            let first = self.type_item(scope, &name.name).map(|n| self.adts[n].span);
            let message = format!("the name `{}` is defined multiple times", name.name);
            let mut error = Diagnostic::new("E0428", name.span, message).label("redefined here");
            if let Some(first) = first {
                error = error.related(first, "first defined here");
            }
            self.report(error.help("rename one of them"));
        }
    }

    /// The fields of a part's structs.
    pub(super) fn define_structs(&mut self, part: &Part<'a>) {
        for (item, number) in part.file.structs.iter().zip(part.types.clone()) {
            let before = self.errors.len();
            self.define_struct(item, number);
            self.adts[number].valid = self.errors.len() == before;
        }
    }

    /// A part's `impl` blocks and discriminants.
    pub(super) fn define_types(&mut self, part: &Part<'a>) {
        for item in &part.file.impls {
            self.impl_block(item, part.scope, &part.path);
        }
        let enums = part.types.start + part.file.structs.len()..;
        for (item, number) in part.file.enums.iter().zip(enums) {
            self.discriminants(item, number);
        }
    }

    /// What can be checked when all types from `first` on are known.
    pub(super) fn check_types(&mut self, first: usize) {
        let types = first..self.adts.len();
        self.infinite(types.clone());
        for number in types {
            if self.adts[number].valid {
                self.too_large(number);
                self.derived(number);
            }
        }
    }

    fn define_struct(&mut self, item: &'a ast::Struct, number: usize) {
        let params = self.adts[number].params.clone();
        let own = (0..params.len() as u8).map(Ty::Param).collect();
        self.own = Some(self.adt_type(number, own));
        let mut fields: Vec<Field<'a>> = Vec::new();
        for field in &item.fields {
            if fields.iter().any(|f| f.name == field.name.name) {
                let message = format!("field `{}` is already declared", field.name.name);
                self.report(Diagnostic::new("E0124", field.name.span, message));
            }
            let mut ty = self.lower_type(&field.ty, &params, None);
            let mut wrong = None;
            each_part(&ty, &mut |part| {
                let help = match part {
                    Ty::View { .. } => "pass the view as a parameter of its own",
                    Ty::Owned { .. } => "keep the array in a variable of its own",
                    Ty::Ref(..) => "store the value itself",
                    Ty::Never | Ty::Closure(_) => "store a number",
                    _ => return,
                };
                wrong = Some(help);
            });
            if let Some(help) = wrong {
                let shown = show(&ty, &params, &|_| "_");
                self.report(
                    Diagnostic::new(
                        "B0301",
                        field.ty.span,
                        format!("a field of type `{shown}` is not supported"),
                    )
                    .label("structs hold values")
                    .help(help),
                );
                ty = Ty::Error;
            }
            fields.push(Field {
                name: &field.name.name,
                ty,
                is_pub: field.is_pub,
            });
        }
        for (n, param) in item.type_params.iter().enumerate() {
            let used = |f: &Field<'_>| mentions(&f.ty, n) || f.ty == Ty::Error;
            if !fields.iter().any(used) {
                let name = &param.name.name;
                self.report(
                    Diagnostic::new(
                        "E0392",
                        param.name.span,
                        format!("type parameter `{name}` is never used"),
                    )
                    .label("unused type parameter")
                    .help(format!("remove `{name}`, or give a field this type")),
                );
            }
        }
        self.own = None;
        if let Shape::Struct { fields: all, .. } = &mut self.adts[number].shape {
            *all = fields;
        }
    }

    fn discriminants(&mut self, item: &'a ast::Enum, number: usize) {
        let before = self.errors.len();
        for (n, (name, _)) in item.variants.iter().enumerate() {
            let first = item.variants[..n].iter().find(|(v, _)| v.name == name.name);
            if let Some((first, _)) = first {
                self.report(
                    Diagnostic::new(
                        "E0428",
                        name.span,
                        format!("the name `{}` is defined multiple times", name.name),
                    )
                    .related(first.span, "first defined here"),
                );
            }
        }
        if item.variants.is_empty() {
            let message = format!("the enum `{}` has no variants", item.name.name);
            self.report(
                Diagnostic::new("B0302", item.name.span, message)
                    .label("it has no values")
                    .help("add a variant, or remove the enum"),
            );
        }
        let values = self.variants(number);
        let (min, max) = build::range(item.repr.unwrap_or(Scalar::Isize));
        if self.errors.len() == before {
            let mut seen: HashMap<i128, Span> = HashMap::new();
            for ((value, shown), (name, _)) in values.iter().zip(&item.variants) {
                if *value < min || *value > max {
                    let message = format!("enum discriminant overflowed at `{shown}`");
                    self.report(
                        Diagnostic::new("E0370", name.span, message)
                            .help("give the variant a value, or choose a wider `repr`"),
                    );
                    break;
                }
                if let Some(first) = seen.insert(*value, name.span) {
                    let message = format!("discriminant value `{value}` assigned more than once");
                    self.report(
                        Diagnostic::new("E0081", name.span, message)
                            .related(first, "first assigned here"),
                    );
                }
            }
        }
        self.adts[number].valid = self.errors.len() == before;
    }

    /// The structs that fields of `number` mention.
    fn held(&self, number: usize) -> Vec<usize> {
        let mut list = Vec::new();
        if let Shape::Struct { fields, .. } = &self.adts[number].shape {
            for field in fields {
                each_part(&field.ty, &mut |part| {
                    if let Ty::Adt(adt, _) = part {
                        list.push(adt.number);
                    }
                });
            }
        }
        list.sort_unstable();
        list.dedup();
        list
    }

    /// Reports structs that hold themselves. Only structs that are registered together can
    /// hold each other.
    fn infinite(&mut self, types: Range<usize>) {
        // What holds only finished structs is finished itself.
        let first = types.start;
        let held: Vec<Vec<usize>> = types.clone().map(|n| self.held(n)).collect();
        let inside = |n: &usize| types.contains(n);
        let mut open: Vec<usize> = held
            .iter()
            .map(|list| list.iter().filter(|n| inside(n)).count())
            .collect();
        let mut holders: Vec<Vec<usize>> = vec![Vec::new(); held.len()];
        for (n, list) in held.iter().enumerate() {
            for other in list.iter().filter(|other| inside(other)) {
                holders[other - first].push(n);
            }
        }
        let mut done: Vec<usize> = (0..held.len()).filter(|n| open[*n] == 0).collect();
        while let Some(n) = done.pop() {
            for holder in &holders[n] {
                open[*holder] -= 1;
                if open[*holder] == 0 {
                    done.push(*holder);
                }
            }
        }
        let rest: Vec<usize> = (0..held.len()).filter(|n| open[*n] > 0).collect();
        for (count, start) in rest.iter().enumerate() {
            let mut cyclic = false;
            if count < MAX_REPORTED {
                let mut seen = vec![false; held.len()];
                let mut stack = vec![*start];
                while let Some(next) = stack.pop() {
                    for other in held[next].iter().filter(|other| inside(other)) {
                        cyclic |= other - first == *start;
                        if !std::mem::replace(&mut seen[other - first], true) {
                            stack.push(other - first);
                        }
                    }
                }
            }
            let start = start + first;
            if cyclic {
                let (name, span) = (Arc::clone(&self.adts[start].name), self.adts[start].span);
                self.report(
                    Diagnostic::new(
                        "E0072",
                        span,
                        format!("recursive type `{name}` has infinite size"),
                    )
                    .label("it holds itself")
                    .help("keep the other values in an array view and store an index"),
                );
            }
            // What follows from it must come to an end.
            if let Shape::Struct { fields, .. } = &mut self.adts[start].shape {
                fields.iter_mut().for_each(|f| f.ty = Ty::Error);
            }
            self.adts[start].valid = false;
        }
    }

    fn too_large(&mut self, number: usize) {
        let args = vec![Ty::BOOL; self.adts[number].params.len()];
        if self.parts(&self.adt_type(number, args), &[]) > MAX_PARTS + 1 {
            let (name, span) = (Arc::clone(&self.adts[number].name), self.adts[number].span);
            self.report(
                Diagnostic::new(
                    "B0303",
                    span,
                    format!("the struct `{name}` has more than {MAX_PARTS} values"),
                )
                .help("keep them in an array view"),
            );
            if let Shape::Struct { fields, .. } = &mut self.adts[number].shape {
                fields.iter_mut().for_each(|f| f.ty = Ty::Error);
            }
            self.adts[number].valid = false;
        }
    }

    /// How many values a value of this type consists of, at least one; `args` for its type
    /// parameters. Not exact far above [`MAX_PARTS`]. Arrays count as one element, they have
    /// their own limit.
    pub(crate) fn parts(&self, ty: &Ty, args: &[u64]) -> u64 {
        let most = 4 * MAX_PARTS;
        let mut left = most;
        self.take_parts(ty, args, &mut left);
        most - left
    }

    /// Each level takes at least one, so that the recursion ends where `left` does.
    fn take_parts(&self, ty: &Ty, args: &[u64], left: &mut u64) {
        let own = match ty {
            Ty::Param(n) => args.get(usize::from(*n)).copied().unwrap_or(1),
            Ty::Complex(_) => 2,
            _ => 1,
        };
        *left = left.saturating_sub(own);
        if *left == 0 {
            return;
        }
        match ty {
            Ty::Tuple(list) => list.iter().for_each(|t| self.take_parts(t, args, left)),
            Ty::Ref(_, inner) | Ty::Array(inner, _) | Ty::Option(inner) => {
                self.take_parts(inner, args, left);
            }
            Ty::Adt(adt, list) => {
                let list: Vec<u64> = list.iter().map(|a| self.parts(a, args)).collect();
                if let Shape::Struct { fields, .. } = &self.adts[adt.number].shape {
                    for field in fields {
                        if *left == 0 {
                            return;
                        }
                        self.take_parts(&field.ty, &list, left);
                    }
                }
            }
            _ => {}
        }
    }
}
