//! What is declared in a body: structs with methods, enums, functions, closures; and calls.

use brolga_lang::ir::Scalar;

use super::super::node::{Kid, Name, Node, RETURN, Sight, Sort, Ty};
use super::data::variant;
use super::{Grow, scalar};

impl Grow<'_> {
    /// Declares something, and goes on.
    pub(super) fn declaring(&mut self, sort: &Sort, depth: u32) -> Node {
        match self.random.below(5) {
            0 => self.structure(sort, depth),
            1 => {
                let name = format!("E{}", self.number());
                let count = 2 + self.random.below(3);
                let variants: Vec<String> = (0..count).map(|k| variant(k).to_string()).collect();
                let ty = Ty::Enum(name.clone(), count);
                let item = Name {
                    name: name.clone(),
                    ty,
                    mutable: false,
                };
                let rest = self.within(vec![item], |g| g.body(sort, depth));
                let template = format!(
                    "#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)] enum {name} {{{{ {} }}}}\n{{0}}",
                    variants.join(", ")
                );
                Node::new(sort.clone(), template, vec![rest])
            }
            2 | 3 => self.function(sort, depth),
            _ => self.closure(sort, depth),
        }
    }

    fn structure(&mut self, sort: &Sort, depth: u32) -> Node {
        let name = format!("S{}", self.number());
        let fields: Vec<Ty> = (0..1 + self.random.below(3)).map(|_| self.ty(1)).collect();
        let ty = Ty::Struct(name.clone(), fields.clone());
        let item = Name {
            name: name.clone(),
            ty: ty.clone(),
            mutable: false,
        };
        let method = format!("h{}", self.number());
        let result = self.ty(1);
        let of = scalar(self.random);
        let parameter = self.name(of, false);
        let by_mut = self.one_in(2);
        let own = |mutable: bool| -> Vec<Name> {
            fields
                .iter()
                .enumerate()
                .map(|(k, ty)| Name {
                    name: format!("self.f{k}"),
                    ty: ty.clone(),
                    mutable,
                })
                .collect()
        };
        let mut names = own(by_mut);
        names.push(parameter.clone());
        names.push(item.clone());
        let body = self.body_of(&result, names, &method, depth);
        let listed: Vec<String> = fields
            .iter()
            .enumerate()
            .map(|(k, ty)| format!("f{k}: {ty}"))
            .collect();
        let template = format!(
            "#[derive(Clone, Copy, PartialEq, PartialOrd)] struct {name} {{{{ {} }}}}\nimpl {name} {{{{ fn {method}({}self, {}: {}) -> {result} {{{{\n{{0}}\n}}}} }}}}\n{{1}}",
            listed.join(", "),
            if by_mut { "&mut " } else { "&" },
            parameter.name,
            parameter.ty,
        );
        // The method is called as a function of the type.
        let call = Name {
            name: method,
            ty: Ty::Call(
                vec![(ty.clone(), by_mut), (parameter.ty.clone(), false)],
                Box::new(result.clone()),
            ),
            mutable: false,
        };
        self.methods.push((name, call.name.clone()));
        let rest = self.within(vec![item, call], |g| g.body(sort, depth));
        let mut node = Node::new(sort.clone(), template, vec![body, rest]).typed(&result);
        for field in &fields {
            node = node.typed(field);
        }
        node
    }

    /// The body of a function with these names.
    fn body_of(&mut self, result: &Ty, mut names: Vec<Name>, own: &str, depth: u32) -> Kid {
        let exit = format!("{RETURN} {own}");
        names.push(Name::item(exit.clone()));
        let around = std::mem::replace(&mut self.returns, (exit, Sort::Value(result.clone())));
        let loops = std::mem::take(&mut self.loops);
        let body = self.seeing(Sight::Function, names, |g| {
            g.body(&Sort::Ends(result.clone()), depth.max(2))
        });
        self.returns = around;
        self.loops = loops;
        body
    }

    fn function(&mut self, sort: &Sort, depth: u32) -> Node {
        let name = format!("h{}", self.number());
        let result = if self.one_in(3) {
            Ty::Option(Box::new(self.ty(1)))
        } else {
            self.ty(1)
        };
        let (mut names, mut params, mut listed) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..1 + self.random.below(3) {
            let by_mut = self.one_in(3);
            let ty = self.ty(1);
            let name = self.name(ty.clone(), by_mut);
            listed.push(format!(
                "{}: {}{ty}",
                name.name,
                if by_mut { "&mut " } else { "" }
            ));
            params.push((ty, by_mut));
            names.push(if by_mut {
                Name {
                    name: format!("(*{})", name.name),
                    ..name
                }
            } else {
                name
            });
        }
        let body = self.body_of(&result, names, &name, depth);
        let template = format!(
            "fn {name}({}) -> {result} {{{{\n{{0}}\n}}}}\n{{1}}",
            listed.join(", ")
        );
        let ty = Ty::Call(params, Box::new(result));
        let call = Name {
            name,
            ty: ty.clone(),
            mutable: false,
        };
        let rest = self.within(vec![call], |g| g.body(sort, depth));
        Node::new(sort.clone(), template, vec![body, rest]).typed(&ty)
    }

    fn closure(&mut self, sort: &Sort, depth: u32) -> Node {
        let result = self.ty(1);
        let names: Vec<Name> = (0..1 + self.random.below(2))
            .map(|_| {
                let ty = self.ty(1);
                self.name(ty, false)
            })
            .collect();
        let listed: Vec<String> = names
            .iter()
            .map(|name| format!("{}: {}", name.name, name.ty))
            .collect();
        let params = names.iter().map(|name| (name.ty.clone(), false)).collect();
        let ty = Ty::Call(params, Box::new(result.clone()));
        let call = Name {
            name: format!("c{}", self.number()),
            ty: ty.clone(),
            mutable: true,
        };
        let template = format!(
            "let mut {} = |{}| -> {result} {{{{\n{{0}}\n}}}};\n{{1}}",
            call.name,
            listed.join(", ")
        );
        let loops = std::mem::take(&mut self.loops);
        let body = self.seeing(Sight::Closure, names, |g| {
            g.body(&Sort::Ends(result.clone()), depth.max(2))
        });
        self.loops = loops;
        let rest = self.seeing(Sight::Frozen, vec![call], |g| g.body(sort, depth));
        Node::new(sort.clone(), template, vec![body, rest]).typed(&ty)
    }

    /// A call of a function, method or closure, or `?` on one that gives an option.
    pub(super) fn call(&mut self, ty: &Ty, depth: u32) -> Node {
        let sort = Sort::Value(ty.clone());
        let maybe = Ty::Option(Box::new(ty.clone()));
        if self.one_in(2)
            && let Sort::Value(Ty::Option(_)) = self.returns.1
            && self.scope.iter().any(|name| name.name == self.returns.0)
        {
            let exit = self.returns.0.clone();
            let kids = vec![self.value(maybe, depth + 1).into()];
            return Node::new(sort, "({0})?", kids).using(&exit);
        }
        let fitting = self.names(|name| matches!(&name.ty, Ty::Call(_, result) if **result == *ty));
        let Some(callee) = self.pick(&fitting) else {
            return self.part(ty, depth);
        };
        let Ty::Call(params, _) = &callee.ty else {
            return self.part(ty, depth);
        };
        let (mut kids, mut lets, mut args) = (Vec::new(), String::new(), Vec::new());
        let mut taken: Vec<Name> = Vec::new();
        for (k, (ty, by_mut)) in params.iter().enumerate() {
            if *by_mut {
                let places = self.names(|name| {
                    name.mutable && name.ty == *ty && taken.iter().all(|t| t.name != name.name)
                });
                let Some(place) = self.pick(&places) else {
                    return self.part(&sort_ty(&sort), depth);
                };
                args.push(format!("&mut {}", place.name));
                taken.push(place);
                continue;
            }
            // A closure's arguments must not call it again.
            let kid = if callee.mutable {
                self.seeing(Sight::Frozen, Vec::new(), |g| {
                    g.value(ty.clone(), depth + 1)
                })
            } else {
                self.value(ty.clone(), depth + 1).into()
            };
            lets += &format!("let t{k} = {{{}}}; ", kids.len());
            kids.push(kid);
            args.push(format!("t{k}"));
        }
        let callee_text = match params.first() {
            Some((Ty::Struct(name, _), by_mut)) if self.is_method(&callee, name) => {
                if !by_mut {
                    args[0] = "&t0".to_string();
                }
                format!("{name}::{}", callee.name)
            }
            _ => callee.name.clone(),
        };
        let template = format!("({{{{ {lets}{callee_text}({}) }}}})", args.join(", "));
        let mut node = Node::new(sort, template, kids).using(&callee.name);
        for place in &taken {
            node = node.using(&place.name);
        }
        match params.first() {
            Some((ty, _)) if callee_text.contains("::") => node.typed(ty),
            _ => node,
        }
    }

    /// Whether it is the method of this struct.
    fn is_method(&self, callee: &Name, of: &str) -> bool {
        let is = |(own, method): &(String, String)| own == of && *method == callee.name;
        self.methods.iter().any(is)
    }
}

fn sort_ty(sort: &Sort) -> Ty {
    match sort {
        Sort::Value(ty) => ty.clone(),
        _ => Scalar::Bool.into(),
    }
}
