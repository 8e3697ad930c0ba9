//! Stores into views and variables, and parts of views as views of their own.

use brolga_lang::ir::Scalar;

use super::super::node::{Kid, Name, Node, Sort, Ty};
use super::grow::Grow;
use super::index::length;

impl Grow<'_> {
    /// `out[i] = ..`, or with another operator.
    pub fn stored(&mut self, sort: &Sort, depth: u32) -> Node {
        let views = self.names(|name| matches!(name.ty, Ty::View(_, _, true)));
        let Some(view) = self.pick(&views) else {
            return self.end(sort);
        };
        let Ty::View(ty, axes, _) = view.ty else {
            return self.end(sort);
        };
        let place = self.place(&view.name, axes);
        let v = &view.name;
        let op = self.operator(ty);
        // The index may ask for the length of what is borrowed by the store.
        let names: Vec<String> = place.indices.iter().map(|_| self.fresh('t')).collect();
        let lets: Vec<String> = names
            .iter()
            .zip(&place.indices)
            .map(|(name, index)| format!("let {name} = {index}; "))
            .collect();
        let brackets = match names.as_slice() {
            [] => "[()]".to_string(),
            [one] => format!("[{one}]"),
            several => format!("[[{}]]", several.join(", ")),
        };
        let mut kids = place.kids;
        kids.push(self.value(ty, 0).into());
        let value = kids.len() - 1;
        kids.push(self.body(sort, depth).into());
        let rest = kids.len() - 1;
        let store = format!("{}{v}{brackets} {op} {{{value}}};", lets.concat());
        let guard = place.guards.join(" && ");
        let template = match (guard.is_empty(), lets.is_empty()) {
            (true, true) => format!("{store}\n{{{rest}}}"),
            (true, false) => format!("{{{{ {store} }}}}\n{{{rest}}}"),
            (false, _) => format!("if {guard} {{{{ {store} }}}}\n{{{rest}}}"),
        };
        let mut node = Node::new(sort.clone(), template, kids).using(v);
        node.uses.extend(place.uses);
        node
    }

    fn operator(&mut self, ty: Scalar) -> &'static str {
        let ops: &[&str] = match ty {
            Scalar::Bool => &["=", "=", "|=", "^="],
            float if float.is_float() => &["=", "=", "=", "+=", "-=", "*="],
            _ => &["=", "=", "=", "+=", "-=", "*=", "^="],
        };
        ops[self.below(ops.len())]
    }

    /// A variable gets another value.
    pub fn assigned(&mut self, sort: &Sort, depth: u32) -> Node {
        let targets = self.names(|name| name.mutable);
        let Some(target) = self.pick(&targets) else {
            return self.stored(sort, depth);
        };
        let ty = target.scalar();
        let op = self.operator(ty);
        let kids = vec![self.value(ty, 0).into(), self.body(sort, depth).into()];
        let template = format!("{} {op} {{0}};\n{{1}}", target.name);
        Node::new(sort.clone(), template, kids).using(&target.name)
    }

    /// A row, a column or a slice of a view as a view, or memory of the kernel's own.
    pub fn part_of_a_view(&mut self, sort: &Sort, depth: u32) -> Node {
        let views = self.names(|name| matches!(name.ty, Ty::View(_, 1.., false)));
        let Some(view) = self.pick(&views) else {
            return self.stored(sort, depth);
        };
        let Ty::View(ty, axes, _) = view.ty else {
            return self.end(sort);
        };
        if self.one_in(3) {
            return self.own_array(sort, depth, &view, ty, axes);
        }
        let v = &view.name;
        let (c, d) = (self.below(4), 1 + self.below(3));
        let mut uses = vec![v.clone()];
        let (text, left) = if axes == 2 {
            let index = match self.pick(&self.indices()) {
                Some(index) => {
                    uses.push(index.name.clone());
                    index.name
                }
                None => c.to_string(),
            };
            let axis = self.below(2);
            let (part, n) = (["row", "column"][axis], length(v, 2, axis));
            // The index fails seldom.
            let index = match self.below(8) {
                0 => index,
                _ => format!("{index} % {n}.max(1)"),
            };
            (format!("{v}.{part}({index})"), 1)
        } else {
            let n = format!("{v}.len()");
            let text = match self.below(6) {
                0 => format!("{v}.slice(s![{c}..])"),
                1 => format!("{v}.slice(s![..{n} / 2])"),
                2 => format!("{v}.slice(s![..;-1])"),
                3 => format!("{v}.slice(s![..;{d}])"),
                _ => format!("{v}.slice(s![{c}.min({n})..{n} - {n} / 4])"),
            };
            (text, 1)
        };
        let name = Name {
            name: self.fresh('r'),
            ty: Ty::View(ty, left, false),
            mutable: false,
        };
        let rest = self.within(vec![name.clone()], |g| g.body(sort, depth));
        let template = format!("let {} = {text};\n{{0}}", name.name);
        let mut node = Node::new(sort.clone(), template, vec![rest]);
        node.uses = uses;
        node
    }

    /// A local array of a view's length, which is written and read like a view.
    fn own_array(&mut self, sort: &Sort, depth: u32, view: &Name, ty: Scalar, axes: usize) -> Node {
        // One allocation in an inner loop is enough.
        if self.nested > 1 {
            return self.stored(sort, depth);
        }
        let name = Name {
            name: self.fresh('o'),
            ty: Ty::View(ty, 1, true),
            mutable: false,
        };
        let start = self.constant(ty);
        let rest = self.within(vec![name.clone()], |g| g.body(sort, depth));
        let n = length(&view.name, axes, axes - 1);
        let template = format!(
            "let mut {} = Array1::<{ty}>::from_elem({n}, {{0}});\n{{1}}",
            name.name
        );
        let kids: Vec<Kid> = vec![start.into(), rest];
        Node::new(sort.clone(), template, kids).using(&view.name)
    }

    /// A statement about many elements of a view at once.
    pub fn whole_view(&mut self, sort: &Sort, depth: u32) -> Node {
        let views = self.names(|name| matches!(name.ty, Ty::View(_, 1, true)));
        let Some(view) = self.pick(&views) else {
            return self.stored(sort, depth);
        };
        let Ty::View(ty, ..) = view.ty else {
            return self.end(sort);
        };
        let (v, c) = (&view.name, self.below(4));
        let x = self.fresh('x');
        let inner = Name {
            name: x.clone(),
            ty: ty.into(),
            mutable: false,
        };
        let mut value = self.value(ty, 2).into();
        let text = match self.below(5) {
            // What is beside the view while it is borrowed must not read it.
            0 => {
                value = Kid {
                    names: vec![inner],
                    ..Kid::from(self.constant(ty))
                };
                format!(
                    "for {x} in {v}.iter_mut() {{{{ *{x} = if *{x} == {{0}} {{{{ {{0}} }}}} else {{{{ *{x} }}}}; }}}}"
                )
            }
            1 => format!("if {v}.len() > {c} {{{{ {v}.swap({c}, 0); let _ = {{0}}; }}}}"),
            2 => format!("let {x} = {{0}};\n{v}.fill({x});"),
            3 => format!(
                "let {x} = {{0}};\nlet mut m{x} = {v}.slice_mut(s![{c}.min(1)..;2]);\nfor i in 0..m{x}.len() {{{{ m{x}[i] = {x}; }}}}"
            ),
            _ => {
                let same = self.names(|n| matches!(n.ty, Ty::View(own, 1, false) if own == ty));
                match self.pick(&same) {
                    Some(other) => {
                        let o = &other.name;
                        let template =
                            format!("if {v}.len() == {o}.len() {{{{ {v}.assign(&{o}); }}}}\n{{0}}");
                        let rest = self.body(sort, depth).into();
                        let node = Node::new(sort.clone(), template, vec![rest]);
                        return node.using(v).using(o);
                    }
                    None => format!("let {x} = {{0}};\n{v}.fill({x});"),
                }
            }
        };
        let text = match text.contains("slice_mut") {
            // From 1 on needs an element.
            true => format!("if {v}.len() > 0 {{{{\n{text}\n}}}}"),
            false => text,
        };
        let rest = self.body(sort, depth).into();
        Node::new(sort.clone(), format!("{text}\n{{1}}"), vec![value, rest]).using(v)
    }
}
