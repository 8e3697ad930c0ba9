//! Loops: over lengths and parts of them, along views, while something holds; and values that
//! are carried through them.

use brolga_lang::ir::Scalar;

use super::super::grow::literal;
use super::super::node::{Kid, Name, Node, Sort, Ty};
use super::grow::{Grow, node};
use super::index::length;

/// How many loops are inside of each other, and how many there are.
const NESTED: usize = 3;
const LOOPS: usize = 6;

/// The head of a loop.
struct Head {
    /// Up to the brace, as a template without kids.
    text: String,
    /// Statements at the beginning of the body.
    first: String,
    /// What stands before the loop.
    before: String,
    names: Vec<Name>,
    uses: Vec<String>,
}

impl Grow<'_> {
    pub fn looping(&mut self, sort: &Sort, depth: u32) -> Node {
        if self.nested >= NESTED || self.loops >= LOOPS {
            return self.stored(sort, depth);
        }
        self.loops += 1;
        let Some(mut head) = self.head() else {
            return self.end(sort);
        };
        let label = self.fresh('l');
        head.names.push(Name::item(format!("'{label}")));
        self.nested += 1;
        let inner = self.within(head.names, |g| match g.below(4) {
            0 => g.body(&Sort::Unit, depth + 1),
            1 => g.assigned(&Sort::Unit, depth + 1),
            _ => g.stored(&Sort::Unit, depth + 1),
        });
        self.nested -= 1;
        let rest = self.body(sort, depth).into();
        let (text, first, before) = (&head.text, &head.first, &head.before);
        let template = format!("{before}'{label}: {text} {{{{\n{first}{{0}}\n}}}}\n{{1}}");
        let mut whole = Node::new(sort.clone(), template, vec![inner, rest]);
        whole.uses = head.uses;
        whole
    }

    fn head(&mut self) -> Option<Head> {
        let views = self.names(|name| matches!(name.ty, Ty::View(_, 1.., _)));
        let view = self.pick(&views)?;
        let Ty::View(ty, axes, _) = view.ty else {
            return None;
        };
        let axis = match axes {
            1 => 0,
            _ => self.below(2),
        };
        // What is iterated over is borrowed: stores into it are refused.
        let fixed = |name: &Name| matches!(name.ty, Ty::View(_, _, false));
        let (v, n, c) = (&view.name, length(&view.name, axes, axis), self.below(4));
        let i = self.fresh('i');
        let index = Name {
            name: i.clone(),
            ty: Scalar::Usize.into(),
            mutable: false,
        };
        let mut head = Head {
            text: String::new(),
            first: String::new(),
            before: String::new(),
            names: vec![index],
            uses: vec![v.clone()],
        };
        let element = |name: &str| Name {
            name: name.into(),
            ty: ty.into(),
            mutable: false,
        };
        let form = self.below(20);
        if let (true, Some(&axis)) = (form != 12, self.along.get(&n)) {
            self.along.insert(i.clone(), axis);
        }
        head.text = match form {
            0..=7 => format!("for {i} in 0..{n}"),
            8 => format!("for {i} in {}..{n}", c + 1),
            9 => format!("for {i} in 1..{n}.saturating_sub({c})"),
            10 => format!("for {i} in (0..{n}).rev()"),
            11 => format!("for {i} in (0..{n}).step_by({})", c + 1),
            12 => format!("for {i} in 0..{}", c * 3),
            13 => {
                head.before = format!("let mut w{i} = 0;\n");
                head.first = format!("let {i} = w{i};\nw{i} += 1;\n");
                format!("while w{i} < {n}")
            }
            14 if fixed(&view) => {
                let x = self.fresh('x');
                head.names.push(element(&x));
                match axes {
                    1 => format!("for ({i}, &{x}) in {v}.iter().enumerate()"),
                    _ => {
                        head.names.remove(0);
                        format!("for &{x} in {v}.iter()")
                    }
                }
            }
            15 if fixed(&view) => {
                let others =
                    self.names(|name| fixed(name) && matches!(name.ty, Ty::View(_, 1.., _)));
                let other = self.pick(&others)?;
                let Ty::View(second, ..) = other.ty else {
                    return None;
                };
                let (x, y) = (self.fresh('x'), self.fresh('x'));
                let y_name = Name {
                    name: y.clone(),
                    ty: second.into(),
                    mutable: false,
                };
                head.names = vec![element(&x), y_name];
                head.uses.push(other.name.clone());
                format!("for (&{x}, &{y}) in {v}.iter().zip({}.iter())", other.name)
            }
            16 | 17 if axes == 2 && fixed(&view) => {
                let row = self.fresh('r');
                if let Some(&axis) = self.along.get(&length(v, 2, 1)) {
                    self.along.insert(length(&row, 1, 0), axis);
                }
                let ty = Ty::View(ty, 1, false);
                head.names = vec![Name {
                    name: row.clone(),
                    ty,
                    mutable: false,
                }];
                format!("for {row} in {v}.rows()")
            }
            _ => format!("for {i} in 0..{n}"),
        };
        Some(head)
    }

    /// A variable with a start, a loop that adds to it, and a store of what it comes to.
    pub fn reduction(&mut self, sort: &Sort, depth: u32) -> Node {
        let ty = self.ty();
        let name = Name {
            name: self.fresh('v'),
            ty: ty.into(),
            mutable: true,
        };
        let word = |value: u64| match ty {
            Scalar::F32 => u64::from((value as f32).to_bits()),
            Scalar::F64 => (value as f64).to_bits(),
            _ => value,
        };
        let start = node(ty, literal(ty, word(self.below(2) as u64)), Vec::new());
        let rest = self.within(vec![name.clone()], |g| {
            if g.nested >= NESTED || g.loops >= LOOPS {
                return g.stored(sort, depth);
            }
            g.loops += 1;
            let Some(mut head) = g.head() else {
                return g.end(sort);
            };
            let label = g.fresh('l');
            head.names.push(Name::item(format!("'{label}")));
            g.nested += 1;
            let inner = g.within(head.names, |g| g.accumulated(&name, ty, depth));
            g.nested -= 1;
            let rest: Kid = g.stored(sort, depth).into();
            let (text, first, before) = (&head.text, &head.first, &head.before);
            let template = format!("{before}'{label}: {text} {{{{\n{first}{{0}}\n}}}}\n{{1}}");
            let mut whole = Node::new(sort.clone(), template, vec![inner, rest]);
            whole.uses = head.uses;
            whole
        });
        let template = format!("let mut {}: {ty} = {{0}};\n{{1}}", name.name);
        Node::new(sort.clone(), template, vec![start.into(), rest])
    }

    /// A statement that takes a value into a variable.
    fn accumulated(&mut self, name: &Name, ty: Scalar, depth: u32) -> Node {
        let v = &name.name;
        let mut kids: Vec<Kid> = vec![self.value(ty, 1).into()];
        let numeric = ty != Scalar::Bool;
        let template = match self.below(8) {
            0..=2 if numeric => format!("{v} += {{0}};\n{{1}}"),
            3 if numeric => format!("{v} *= {{0}};\n{{1}}"),
            4 if numeric => format!("let t = {{0}};\nif t < {v} {{{{ {v} = t; }}}}\n{{1}}"),
            5 if numeric => {
                format!("let t = {{0}};\n{v} = if t > {v} {{{{ t }}}} else {{{{ {v} }}}};\n{{1}}")
            }
            6 if ty.is_float() => format!("{v} = {v} * 0.5 + {{0}};\n{{1}}"),
            7 if ty.is_integer() => format!("{v} ^= {{0}};\n{{1}}"),
            _ if numeric => {
                kids.insert(0, self.condition(1).into());
                format!("if {{0}} {{{{ {v} += {{1}}; }}}}\n{{2}}")
            }
            _ => format!("{v} |= {{0}};\n{{1}}"),
        };
        kids.push(self.body(&Sort::Unit, depth + 1).into());
        Node::new(Sort::Unit, template, kids).using(v)
    }

    /// What an iterator makes of a view.
    pub fn folded(&mut self, ty: Scalar) -> Node {
        let views = self.names(|name| matches!(name.ty, Ty::View(own, 1.., _) if own == ty));
        // Inside of three loops it would be a fourth.
        let (Some(view), true) = (
            self.pick(&views),
            self.nested < NESTED && ty != Scalar::Bool,
        ) else {
            return self.opaque(ty);
        };
        let v = &view.name;
        let kid = self.constant(ty);
        let flat = matches!(view.ty, Ty::View(_, 1, _));
        let template = match self.below(7) {
            0 => format!("{v}.iter().sum::<{ty}>() + {{0}}"),
            1 => format!("{v}.iter().fold({{0}}, |a, &b| if b < a {{{{ b }}}} else {{{{ a }}}})"),
            2 => format!("{v}.iter().fold({{0}}, |a, &b| a * b)"),
            3 => format!("{v}.iter().copied().filter(|&a| a > {{0}}).product::<{ty}>()"),
            4 if ty.is_integer() && flat => format!("{v}.dot(&{v}) + {{0}}"),
            5 if ty.is_integer() => format!("{v}.iter().copied().max().unwrap_or({{0}})"),
            6 if ty.is_integer() && flat => {
                format!("{v}.iter().rev().copied().min().unwrap_or({{0}})")
            }
            _ => format!("{v}.iter().fold({{0}}, |a, &b| a + b * b)"),
        };
        node(ty, format!("({template})"), vec![kid.into()]).using(v)
    }
}
