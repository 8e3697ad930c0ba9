//! Iterator chains: sources, adapters and what consumes them.

use brolga_lang::ir::Scalar;

use super::super::node::{Kid, Name, Node, Sight, Sort, Ty};
use super::Grow;

impl Grow<'_> {
    /// A chain that gives a value of this type.
    pub(super) fn consumed(&mut self, ty: &Ty, depth: u32) -> Node {
        if self.loops >= 2 || self.fuel < 4 {
            return self.leaf(ty);
        }
        self.loops += 1;
        let node = self.consumer(ty, depth + 1);
        self.loops -= 1;
        node
    }

    fn consumer(&mut self, ty: &Ty, depth: u32) -> Node {
        let sort = Sort::Value(ty.clone());
        let number = matches!(ty, Ty::Scalar(s) if *s != Scalar::Bool);
        let (template, kids) = match ty {
            Ty::Scalar(Scalar::Bool) => {
                let item = self.ty(1);
                let name = self.name(item.clone(), false);
                let method = ["any", "all"][self.random.below(2)];
                let kids = vec![
                    self.chain(&item, depth).into(),
                    self.frozen(&name, &Scalar::Bool.into(), depth),
                ];
                (
                    format!("({{0}}).{method}(|{}: {item}| {{1}})", name.name),
                    kids,
                )
            }
            Ty::Scalar(Scalar::Usize) if self.one_in(2) => {
                let item = self.ty(1);
                (
                    "({0}).count()".to_string(),
                    vec![self.chain(&item, depth).into()],
                )
            }
            Ty::Scalar(s) if number && self.one_in(2) => {
                let method = ["sum", "product"][self.random.below(2)];
                (
                    format!("({{0}}).{method}::<{s}>()"),
                    vec![self.chain(ty, depth).into()],
                )
            }
            Ty::Option(inner) => match &**inner {
                Ty::Scalar(s) if s.is_integer() && self.one_in(2) => {
                    let method = ["min", "max"][self.random.below(2)];
                    (
                        format!("({{0}}).{method}()"),
                        vec![self.chain(inner, depth).into()],
                    )
                }
                inner => match self.random.below(3) {
                    0 => (
                        "({0}).last()".to_string(),
                        vec![self.chain(inner, depth).into()],
                    ),
                    1 => {
                        let n = self.random.below(4);
                        (
                            format!("({{0}}).nth({n})"),
                            vec![self.chain(inner, depth).into()],
                        )
                    }
                    _ => {
                        let name = self.name(inner.clone(), false);
                        let kids = vec![
                            self.chain(inner, depth).into(),
                            self.frozen(&name, &Scalar::Bool.into(), depth),
                        ];
                        (format!("({{0}}).find(|&{}| {{1}})", name.name), kids)
                    }
                },
            },
            _ => {
                let item = self.ty(1);
                let (acc, name) = (self.name(ty.clone(), false), self.name(item.clone(), false));
                let template = format!(
                    "({{0}}).fold({{1}}, |{}: {ty}, {}: {item}| {{2}})",
                    acc.name, name.name
                );
                let kids = vec![
                    self.chain(&item, depth).into(),
                    self.seeing(Sight::Frozen, Vec::new(), |g| {
                        g.value(ty.clone(), depth + 1)
                    }),
                    self.seeing(Sight::Frozen, vec![acc, name], |g| {
                        g.value(ty.clone(), depth + 1)
                    }),
                ];
                return Node::new(sort, template, kids).typed(ty).typed(&item);
            }
        };
        // The closure of `any` mentions its parameter's type.
        let mut node = Node::new(sort, template, kids).typed(ty);
        if let Some(Kid {
            node:
                Node {
                    sort: Sort::Iter(item, ..),
                    ..
                },
            ..
        }) = node.kids.first()
        {
            let item = item.clone();
            node = node.typed(&item);
        }
        node
    }

    /// The body of a closure beside others.
    fn frozen(&mut self, name: &Name, ty: &Ty, depth: u32) -> Kid {
        self.seeing(Sight::Frozen, vec![name.clone()], |g| {
            g.value(ty.clone(), depth + 1)
        })
    }

    /// An iterator over such items.
    fn chain(&mut self, item: &Ty, depth: u32) -> Node {
        self.fuel = self.fuel.saturating_sub(1);
        let deep = depth + 1;
        let made = |template: String, kids: Vec<Kid>, double: bool, exact: bool| {
            Node::new(Sort::Iter(item.clone(), double, exact), template, kids)
        };
        if self.tired(depth) || self.one_in(4) {
            return self.source(item, depth);
        }
        let ends = |node: &Node| match node.sort {
            Sort::Iter(_, double, exact) => (double, exact),
            _ => (false, false),
        };
        let number = self.random.below(5);
        match self.random.below(9) {
            0 | 1 => {
                let from = self.ty(1);
                let name = self.name(from.clone(), false);
                let inner = self.chain(&from, deep);
                let (double, exact) = ends(&inner);
                let body = self.frozen(&name, item, deep);
                let template = format!(
                    "{{0}}.map(|{}: {from}| -> {item} {{{{ {{1}} }}}})",
                    name.name
                );
                made(template, vec![inner.into(), body], double, exact)
                    .typed(&from)
                    .typed(item)
            }
            2 => {
                let name = self.name(item.clone(), false);
                let inner = self.chain(item, deep);
                let (double, _) = ends(&inner);
                let method = ["filter", "take_while", "skip_while"][self.random.below(3)];
                let body = self.frozen(&name, &Scalar::Bool.into(), deep);
                let template = format!("{{0}}.{method}(|&{}| {{1}})", name.name);
                made(
                    template,
                    vec![inner.into(), body],
                    double && method == "filter",
                    false,
                )
            }
            3 => {
                let inner = self.chain(item, deep);
                let (double, exact) = ends(&inner);
                if double {
                    made("{0}.rev()".to_string(), vec![inner.into()], double, exact)
                } else {
                    inner
                }
            }
            4 | 5 => {
                let inner = self.chain(item, deep);
                let (double, exact) = ends(&inner);
                let method = ["skip", "take", "step_by"][self.random.below(3)];
                let n = if method == "step_by" {
                    number + 1
                } else {
                    number
                };
                let template = format!("{{0}}.{method}({n})");
                made(template, vec![inner.into()], double && exact, exact)
            }
            6 => {
                let (left, right) = (self.chain(item, deep), self.chain(item, deep));
                let double = ends(&left).0 && ends(&right).0;
                made(
                    "{0}.chain({1})".to_string(),
                    vec![left.into(), right.into()],
                    double,
                    false,
                )
            }
            7 => {
                let from = self.ty(1);
                let (inner, other) = (self.chain(&from, deep), self.source(item, deep));
                let names = vec![self.name(from, false), self.name(item.clone(), false)];
                let (a, b) = (ends(&inner), ends(&other));
                let template = format!(
                    "{{0}}.zip({{1}}).map(|({}, {})| {{2}})",
                    names[0].name, names[1].name
                );
                let body = self.seeing(Sight::Frozen, names, |g| g.value(item.clone(), deep));
                let both = a.0 && a.1 && b.0 && b.1;
                made(
                    template,
                    vec![inner.into(), other.into(), body],
                    both,
                    a.1 && b.1,
                )
            }
            _ => {
                let from = self.ty(1);
                let inner = self.chain(&from, deep);
                let names = vec![self.name(Scalar::Usize, false), self.name(from, false)];
                let (double, exact) = ends(&inner);
                let template = format!(
                    "{{0}}.enumerate().map(|({}, {})| {{1}})",
                    names[0].name, names[1].name
                );
                let body = self.seeing(Sight::Frozen, names, |g| g.value(item.clone(), deep));
                made(template, vec![inner.into(), body], double && exact, exact)
            }
        }
    }

    fn source(&mut self, item: &Ty, depth: u32) -> Node {
        let most = self.random.below(9);
        match item {
            Ty::Scalar(Scalar::Bool) => {}
            Ty::Scalar(s) if s.is_integer() && self.one_in(2) => {
                let sort = Sort::Iter(
                    item.clone(),
                    true,
                    s.bits() < 64 || matches!(s, Scalar::Usize | Scalar::Isize),
                );
                // 32 bits are exact for std: `ExactSizeIterator` is there for them all.
                return Node::new(sort, format!("(1{s}..{most})"), Vec::new());
            }
            _ => {}
        }
        let array = Ty::Array(Box::new(item.clone()), 1 + self.random.below(4));
        let sort = Sort::Iter(item.clone(), true, true);
        let kid = self.seeing(Sight::Frozen, Vec::new(), |g| g.value(array, depth + 1));
        let template = if self.one_in(2) {
            "({0}).into_iter()"
        } else {
            "({0}).iter().copied()"
        };
        Node::new(sort, template, vec![kid])
    }
}
