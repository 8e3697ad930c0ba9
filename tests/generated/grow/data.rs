//! Tuples, structs, enums, arrays, options and local arrays: how they are made and taken apart.

use brolga_lang::ir::Scalar;

use super::super::node::{Kid, Name, Node, Sight, Sort, Ty};
use super::{Grow, scalar};

impl Grow<'_> {
    /// A random type of values, nested so deep at most.
    pub(super) fn ty(&mut self, deep: u32) -> Ty {
        if deep == 0 || self.random.below(5) < 3 {
            return scalar(self.random).into();
        }
        match self.random.below(5) {
            0 => {
                let count = 2 + self.random.below(2);
                Ty::Tuple((0..count).map(|_| self.ty(deep - 1)).collect())
            }
            1 => Ty::Array(Box::new(self.ty(deep - 1)), 1 + self.random.below(4)),
            2 => Ty::Option(Box::new(self.ty(deep - 1))),
            _ => {
                let known: Vec<Ty> = self
                    .scope
                    .iter()
                    .filter(|name| matches!(name.ty, Ty::Struct(..) | Ty::Enum(..)))
                    .map(|name| name.ty.clone())
                    .collect();
                match self.pick(&known) {
                    Some(ty) if self.declared(&ty) => ty,
                    _ => scalar(self.random).into(),
                }
            }
        }
    }

    /// Whether the types that it mentions are seen here.
    fn declared(&self, ty: &Ty) -> bool {
        let mut names = Vec::new();
        ty.names(&mut names);
        let seen = |used: &String| self.scope.iter().any(|name| name.name == *used);
        names.iter().all(seen)
    }

    /// An index, without a block that could change what is indexed.
    pub(super) fn index(&mut self) -> Node {
        match self.some_scalar() {
            Some(from) => self.converted(Scalar::Usize, &from),
            None => Node::new(Sort::Value(Scalar::Usize.into()), "0usize", Vec::new()),
        }
    }

    /// A value that is no scalar, from its parts.
    pub(super) fn made(&mut self, ty: &Ty, depth: u32) -> Node {
        let sort = Sort::Value(ty.clone());
        let mut kids: Vec<Kid> = Vec::new();
        let mut places = |g: &mut Self, parts: &[Ty]| -> Vec<String> {
            parts
                .iter()
                .map(|part| {
                    kids.push(g.value(part.clone(), depth + 1).into());
                    format!("{{{}}}", kids.len() - 1)
                })
                .collect()
        };
        let template = match ty {
            Ty::Tuple(members) => format!("({})", places(self, members).join(", ")),
            Ty::Array(inner, n) if self.random.below(3) == 0 => {
                let part = places(self, std::slice::from_ref(&**inner));
                format!("[{}; {n}]", part[0])
            }
            Ty::Array(inner, n) => {
                let parts = vec![(**inner).clone(); *n];
                format!("[{}]", places(self, &parts).join(", "))
            }
            Ty::Struct(name, members) => {
                let parts: Vec<String> = places(self, members)
                    .iter()
                    .enumerate()
                    .map(|(k, place)| format!("f{k}: {place}"))
                    .collect();
                format!("{name} {{{{ {} }}}}", parts.join(", "))
            }
            Ty::Enum(name, count) => {
                let variant = variant(self.random.below(*count));
                format!("{name}::{variant}")
            }
            Ty::Option(inner) => return self.option(inner, depth),
            _ => return self.value(ty.clone(), depth),
        };
        Node::new(sort, template, kids).typed(ty)
    }

    fn option(&mut self, inner: &Ty, depth: u32) -> Node {
        let ty = Ty::Option(Box::new(inner.clone()));
        let sort = Sort::Value(ty.clone());
        let deep = depth + 1;
        let simple = self.tired(depth);
        let (template, kids) = match self.random.below(if simple { 4 } else { 10 }) {
            0 => (format!("None::<{inner}>"), Vec::new()),
            1..=3 => (
                "Some({0})".to_string(),
                vec![self.value(inner.clone(), deep).into()],
            ),
            4 => {
                let method = ["or", "xor", "and"][self.random.below(3)];
                let kids = vec![
                    self.value(ty.clone(), deep).into(),
                    self.value(ty.clone(), deep).into(),
                ];
                (format!("({{0}}).{method}({{1}})"), kids)
            }
            5 => {
                let name = self.name(inner.clone(), false);
                let template = format!("({{0}}).filter(|&{}| {{1}})", name.name);
                let kids = vec![
                    self.value(ty.clone(), deep).into(),
                    self.seeing(Sight::Closure, vec![name], |g| g.value(Scalar::Bool, deep)),
                ];
                (template, kids)
            }
            6 | 7 => {
                let from = self.ty(1);
                let name = self.name(from.clone(), false);
                let then = self.one_in(2);
                let wanted = if then { ty.clone() } else { inner.clone() };
                let method = if then { "and_then" } else { "map" };
                let template = format!(
                    "({{0}}).{method}(|{}: {from}| -> {wanted} {{{{ {{1}} }}}})",
                    name.name
                );
                let kids = vec![
                    self.value(Ty::Option(Box::new(from.clone())), deep).into(),
                    self.seeing(Sight::Closure, vec![name], |g| g.value(wanted, deep)),
                ];
                return Node::new(sort, template, kids).typed(&ty).typed(&from);
            }
            _ => match inner {
                Ty::Scalar(integer) if integer.is_integer() => {
                    let names = ["add", "sub", "mul", "div", "rem", "div_euclid"];
                    let name = names[self.random.below(names.len())];
                    let kids = vec![
                        self.opaque(*integer, deep).into(),
                        self.opaque(*integer, deep).into(),
                    ];
                    (format!("({{0}}).checked_{name}({{1}})"), kids)
                }
                _ => (
                    "(if {0} {{ Some({1}) }} else {{ None }})".to_string(),
                    vec![
                        self.value(Scalar::Bool, deep).into(),
                        self.value(inner.clone(), deep).into(),
                    ],
                ),
            },
        };
        Node::new(sort, template, kids).typed(&ty)
    }

    /// A part of something larger.
    pub(super) fn part(&mut self, ty: &Ty, depth: u32) -> Node {
        let sort = Sort::Value(ty.clone());
        let holds = |name: &Name| match &name.ty {
            Ty::Tuple(members) | Ty::Struct(_, members) => members.contains(ty),
            Ty::Array(inner, _) | Ty::Option(inner) => **inner == *ty,
            Ty::Owned(scalar) => Ty::Scalar(*scalar) == *ty,
            _ => false,
        };
        // A struct's own name has its type too.
        let holders = self.names(|name| !name.name.starts_with('S') && holds(name));
        let (whole, held) = match self.pick(&holders) {
            Some(name) if matches!(name.ty, Ty::Owned(_)) => {
                let index = self.index();
                let masked = if self.one_in(12) {
                    String::new()
                } else {
                    format!(" % {}.len()", name.name)
                };
                let template = format!("{}[{{0}}{masked}]", name.name);
                return Node::new(sort, template, vec![index.into()]).using(&name.name);
            }
            Some(name) if self.random.below(4) > 0 => (Node::variable(&name), name.ty),
            _ => {
                let held = match self.random.below(3) {
                    0 => Ty::Tuple(vec![self.ty(1), ty.clone()]),
                    1 => Ty::Array(Box::new(ty.clone()), 1 + self.random.below(4)),
                    _ => Ty::Option(Box::new(ty.clone())),
                };
                (self.value(held.clone(), depth + 1), held)
            }
        };
        let mut kids: Vec<Kid> = vec![whole.into()];
        let template = match &held {
            Ty::Tuple(members) => {
                let k = members.iter().position(|m| m == ty).unwrap_or_default();
                format!("({{0}}).{k}")
            }
            Ty::Struct(_, members) => {
                let k = members.iter().position(|m| m == ty).unwrap_or_default();
                format!("({{0}}).f{k}")
            }
            Ty::Array(_, n) => {
                kids.push(self.index().into());
                let masked = if self.one_in(12) {
                    String::new()
                } else {
                    format!(" % {n}")
                };
                format!("({{0}})[{{1}}{masked}]")
            }
            _ if self.one_in(15) => "({0}).unwrap()".to_string(),
            _ => {
                kids.push(self.value(ty.clone(), depth + 1).into());
                "({0}).unwrap_or({1})".to_string()
            }
        };
        Node::new(sort, template, kids)
    }

    /// `if let` as an expression, `match` on an enum, comparisons.
    pub(super) fn if_let(&mut self, ty: &Ty, depth: u32) -> Node {
        let sort = Sort::Value(ty.clone());
        let enums: Vec<Ty> = self
            .scope
            .iter()
            .filter(|name| matches!(name.ty, Ty::Enum(..)))
            .map(|name| name.ty.clone())
            .collect();
        let deep = depth + 1;
        if *ty == Ty::Scalar(Scalar::Bool) && self.one_in(2) {
            let both = self.ty(2);
            let ops: &[&str] = match both {
                Ty::Enum(..) => &["==", "!="],
                _ => &["==", "!=", "<", "<=", ">", ">="],
            };
            let op = ops[self.random.below(ops.len())];
            let kids = vec![
                self.value(both.clone(), deep).into(),
                self.value(both, deep).into(),
            ];
            return Node::new(sort, format!("(({{0}}) {op} ({{1}}))"), kids);
        }
        if let Some(Ty::Enum(name, count)) = self.pick(&enums)
            && self.declared(&Ty::Enum(name.clone(), count))
            && self.one_in(2)
        {
            let on = Ty::Enum(name.clone(), count);
            let mut kids: Vec<Kid> = vec![self.value(on.clone(), deep).into()];
            let mut arms = String::new();
            for k in 0..count {
                kids.push(self.value(ty.clone(), deep).into());
                arms += &format!("{name}::{} => {{{}}},\n", variant(k), k + 1);
            }
            return Node::new(sort, format!("(match {{0}} {{{{\n{arms}}}}})"), kids).typed(&on);
        }
        let held = self.ty(1);
        let name = self.name(held.clone(), false);
        let template = format!(
            "(if let Some({}) = ({{0}}) {{{{\n{{1}}\n}}}} else {{{{\n{{2}}\n}}}})",
            name.name
        );
        let kids = vec![
            self.value(Ty::Option(Box::new(held)), deep).into(),
            self.within(vec![name], |g| g.body(&Sort::Ends(ty.clone()), deep)),
            self.body(&Sort::Ends(ty.clone()), deep).into(),
        ];
        Node::new(sort, template, kids)
    }

    /// Statements about values that are no scalars.
    pub(super) fn with_data(&mut self, sort: &Sort, depth: u32) -> Node {
        let deep = depth + 1;
        match self.random.below(8) {
            0 => {
                let (a, b) = (self.ty(1), self.ty(1));
                let whole = Ty::Tuple(vec![a.clone(), b.clone()]);
                let mutable = self.one_in(2);
                let names = [self.name(a, mutable), self.name(b, false)];
                let template = format!(
                    "let ({}{}, {}) = {{0}};\n{{1}}",
                    if mutable { "mut " } else { "" },
                    names[0].name,
                    names[1].name
                );
                let kids = vec![
                    self.value(whole, deep).into(),
                    self.within(names.to_vec(), |g| g.body(sort, depth)),
                ];
                Node::new(sort.clone(), template, kids)
            }
            1 => {
                let Some((jump, value, label)) = self.jump() else {
                    return self.end(sort, depth);
                };
                let held = self.ty(1);
                let name = self.name(held.clone(), false);
                let template = format!(
                    "let Some({}) = ({{0}}) else {{{{ {} }}}};\n{{1}}",
                    name.name,
                    jump.replace("{0}", "{2}")
                );
                let kids = vec![
                    self.value(Ty::Option(Box::new(held)), deep).into(),
                    self.within(vec![name], |g| g.body(sort, depth)),
                    value.into(),
                ];
                Node::new(sort.clone(), template, kids).using(&label)
            }
            2 if self.loops < 2 => {
                self.loops += 1;
                let held = self.ty(1);
                let name = self.name(held.clone(), false);
                let counter = self.name(Scalar::U8, false);
                let label = self.label();
                let most = 1 + self.random.below(6);
                let (c, l) = (&counter.name, &label.name);
                let template = format!(
                    "let mut {c} = 0u8;\n{l}: while let Some({}) = (if {c} < {most} {{{{ {{0}} }}}} else {{{{ None }}}}) {{{{\n{c} += 1;\n{{1}}\n}}}}\n{{2}}",
                    name.name
                );
                let names = vec![name, counter.clone(), label.clone()];
                let kids = vec![
                    self.within(vec![counter.clone()], |g| {
                        g.value(Ty::Option(Box::new(held)), deep)
                    }),
                    self.within(names, |g| g.body(&Sort::Unit, deep)),
                    self.body(sort, depth).into(),
                ];
                self.loops -= 1;
                Node::new(sort.clone(), template, kids)
            }
            3 if self.loops < 2 => {
                self.loops += 1;
                let inner = self.ty(1);
                let name = self.name(inner.clone(), false);
                let label = self.label();
                let array = Ty::Array(Box::new(inner), 1 + self.random.below(4));
                let template = format!(
                    "{}: for {} in ({{0}}) {{{{\n{{1}}\n}}}}\n{{2}}",
                    label.name, name.name
                );
                let kids = vec![
                    self.value(array, deep).into(),
                    self.within(vec![name, label], |g| g.body(&Sort::Unit, deep)),
                    self.body(sort, depth).into(),
                ];
                self.loops -= 1;
                Node::new(sort.clone(), template, kids)
            }
            4 | 5 => {
                let of = scalar(self.random);
                let name = Name {
                    mutable: true,
                    ..self.name(Ty::Owned(of), true)
                };
                let template = format!(
                    "let mut {} = Array1::<{of}>::from_elem(({{0}}) % 6 + 1, {{1}});\n{{2}}",
                    name.name
                );
                let kids = vec![
                    self.opaque(Scalar::Usize, deep).into(),
                    self.value(of, deep).into(),
                    self.within(vec![name], |g| g.body(sort, depth)),
                ];
                Node::new(sort.clone(), template, kids)
            }
            6 => {
                let places = self.names(|name| name.mutable && name.ty.is_value());
                let pairs: Vec<(Name, Name)> = places
                    .iter()
                    .flat_map(|a| places.iter().map(move |b| (a.clone(), b.clone())))
                    .filter(|(a, b)| a.name < b.name && a.ty == b.ty)
                    .collect();
                let Some((a, b)) = self.pick(&pairs) else {
                    return self.stored(sort, depth);
                };
                let template = format!("std::mem::swap(&mut {}, &mut {});\n{{0}}", a.name, b.name);
                let rest = self.body(sort, depth).into();
                Node::new(sort.clone(), template, vec![rest])
                    .using(&a.name)
                    .using(&b.name)
            }
            _ => self.stored(sort, depth),
        }
    }

    /// An element of a local array is assigned.
    fn stored(&mut self, sort: &Sort, depth: u32) -> Node {
        let arrays = self.names(|name| matches!(name.ty, Ty::Owned(_)));
        let Some(name) = self.pick(&arrays) else {
            return self.end(sort, depth);
        };
        let Ty::Owned(of) = name.ty else {
            return self.end(sort, depth);
        };
        let op = if of == Scalar::Bool {
            "^="
        } else {
            ["=", "+=", "-=", "*="][self.random.below(4)]
        };
        let a = &name.name;
        let masked = if self.one_in(12) {
            String::new()
        } else {
            format!(" % {a}.len()")
        };
        let template =
            format!("{{{{ let t = {{0}}; let k = {{1}}{masked}; {a}[k] {op} t; }}}}\n{{2}}");
        let kids = vec![
            self.value(of, depth + 1).into(),
            self.index().into(),
            self.body(sort, depth).into(),
        ];
        Node::new(sort.clone(), template, kids).using(&name.name)
    }
}

/// The name of a variant.
pub(super) fn variant(k: usize) -> char {
    char::from(b'A' + k as u8)
}
