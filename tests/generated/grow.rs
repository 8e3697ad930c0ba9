//! Random well-typed kernels: every operator and cast of [`super::operations`], and every
//! form of control. Not the values that they run on; [`data`] makes what is no scalar, [`items`]
//! functions, types and closures, [`chains`] iterator chains.

mod chains;
mod data;
mod items;

use std::sync::LazyLock;

use brolga_lang::ir::Scalar;
use brolga_oracle::Agreement;
use brolga_oracle::values::{Random, edge_values};

use super::node::{Kernel, Kid, Name, Node, RETURN, Sight, Sort, Ty};
use super::operations::{self, Operation};

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let mut all = operations::all();
    all.retain(|operation| !operation.unspecified);
    all
});

/// How deep expressions and blocks are nested.
const DEEPEST: u32 = 5;

/// A random kernel with this number in its name.
pub fn kernel(number: usize, random: &mut Random) -> Kernel {
    let mut params = Vec::new();
    for k in 0..1 + random.below(4) {
        params.push(Name {
            name: format!("p{k}"),
            ty: scalar(random).into(),
            mutable: false,
        });
    }
    let results: Vec<Scalar> = (0..1 + random.below(3) / 2 * 2)
        .map(|_| scalar(random))
        .collect();
    let mut scope = params.clone();
    scope.push(Name::item(RETURN));
    let mut grow = Grow {
        random,
        scope,
        returns: (RETURN.to_string(), Sort::Results),
        results: results.clone(),
        methods: Vec::new(),
        next: 0,
        fuel: 90,
        loops: 0,
    };
    let body = grow.body(&Sort::Results, 0);
    Kernel {
        name: format!("k{number}"),
        params,
        results,
        body,
        agreement: Agreement::Bits,
    }
}

fn scalar(random: &mut Random) -> Scalar {
    // Floats more often: most kernels are about them.
    match random.below(6) {
        0 => Scalar::F64,
        1 => Scalar::F32,
        2 => Scalar::I32,
        _ => Scalar::ALL[random.below(Scalar::ALL.len())],
    }
}

struct Grow<'r> {
    random: &'r mut Random,
    /// The names that are seen: labels too.
    scope: Vec<Name>,
    /// The name of the possibility to return, and what is returned.
    returns: (String, Sort),
    results: Vec<Scalar>,
    /// Structs with their methods.
    methods: Vec<(String, String)>,
    next: usize,
    /// How many more parts there may be.
    fuel: usize,
    loops: usize,
}

impl Grow<'_> {
    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn name(&mut self, ty: impl Into<Ty>, mutable: bool) -> Name {
        Name {
            name: format!("v{}", self.number()),
            ty: ty.into(),
            mutable,
        }
    }

    fn tired(&self, depth: u32) -> bool {
        self.fuel == 0 || depth >= DEEPEST
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.random.below(n) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.random.below(from.len())].clone())
    }

    /// A part that sees these further names.
    fn within(&mut self, names: Vec<Name>, make: impl FnOnce(&mut Self) -> Node) -> Kid {
        self.seeing(Sight::All, names, make)
    }

    /// A part that sees some of what is around it, and these further names.
    fn seeing(
        &mut self,
        sight: Sight,
        names: Vec<Name>,
        make: impl FnOnce(&mut Self) -> Node,
    ) -> Kid {
        let around = self.scope.clone();
        self.scope.retain(|name| sight.sees(name));
        self.scope.extend(names.iter().cloned());
        let node = make(self);
        self.scope = around;
        Kid { node, names, sight }
    }

    /// An expression.
    fn value(&mut self, ty: impl Into<Ty>, depth: u32) -> Node {
        let ty = ty.into();
        self.fuel = self.fuel.saturating_sub(1);
        let sort = Sort::Value(ty.clone());
        if self.tired(depth) {
            return self.leaf(&ty);
        }
        match self.random.below(24) {
            0..=4 => self.leaf(&ty),
            5 => {
                let kids = vec![
                    self.value(Scalar::Bool, depth + 1).into(),
                    self.body(&Sort::Ends(ty.clone()), depth + 1).into(),
                    self.body(&Sort::Ends(ty), depth + 1).into(),
                ];
                Node::new(sort, "(if {0} {{\n{1}\n}} else {{\n{2}\n}})", kids)
            }
            6 => self.matching(&ty, depth),
            7 => {
                let kid = self.body(&Sort::Ends(ty), depth + 1).into();
                Node::new(sort, "({{\n{0}\n}})", vec![kid])
            }
            8 => self.labelled(&ty, depth),
            9 => self.breaking_loop(&ty, depth),
            10 => self.if_let(&ty, depth),
            11 | 12 => self.part(&ty, depth),
            13 | 14 => self.call(&ty, depth),
            15 | 16 => self.consumed(&ty, depth),
            _ => match ty {
                Ty::Scalar(scalar) => self.operation(scalar, depth),
                ty => self.made(&ty, depth),
            },
        }
    }

    fn operation(&mut self, ty: Scalar, depth: u32) -> Node {
        let fitting: Vec<&Operation> = OPERATIONS.iter().filter(|o| o.result == ty).collect();
        let operation = fitting[self.random.below(fitting.len())];
        let kids: Vec<Kid> = operation
            .args
            .iter()
            .enumerate()
            .map(|(k, &arg)| {
                // A literal beside a literal would be computed, and refused, beforehand; so
                // would a literal that is wrong whatever the other operand is.
                let kid = if operation.checked && k != 1 {
                    self.opaque(arg, depth + 1)
                } else if operation.checked {
                    self.harmless(arg, depth + 1)
                } else {
                    self.value(arg, depth + 1)
                };
                kid.into()
            })
            .collect();
        Node::new(Sort::Value(ty.into()), operation.template.clone(), kids)
    }

    /// An expression that no compiler knows the value of.
    fn opaque(&mut self, ty: Scalar, depth: u32) -> Node {
        if let Some(variable) = self.variable(&ty.into()) {
            return if self.tired(depth) || self.random.below(2) == 0 {
                variable
            } else {
                self.value(ty, depth).into_opaque(variable)
            };
        }
        match self.some_scalar() {
            Some(from) => self.converted(ty, &from),
            None => Node::new(
                Sort::Value(ty.into()),
                format!("std::convert::identity({})", literal(ty, 1)),
                Vec::new(),
            ),
        }
    }

    /// An expression that is right as a divisor or a count of bits.
    fn harmless(&mut self, ty: Scalar, depth: u32) -> Node {
        if ty != Scalar::Bool && self.random.below(3) == 0 {
            let literal = 1 + self.random.below(7);
            let text = if ty.is_float() {
                format!("{literal}.0{ty}")
            } else {
                format!("{literal}{ty}")
            };
            return Node::new(Sort::Value(ty.into()), text, Vec::new());
        }
        self.opaque(ty, depth)
    }

    fn variable(&mut self, ty: &Ty) -> Option<Node> {
        let fitting: Vec<Name> = self.names(|name| name.ty == *ty && !name.is_declared());
        self.pick(&fitting).map(|name| Node::variable(&name))
    }

    fn names(&self, fits: impl Fn(&Name) -> bool) -> Vec<Name> {
        self.scope
            .iter()
            .filter(|name| fits(name))
            .cloned()
            .collect()
    }

    fn some_scalar(&mut self) -> Option<Name> {
        let scalars = self.names(|name| matches!(name.ty, Ty::Scalar(_)));
        self.pick(&scalars)
    }

    /// A variable as another type.
    fn converted(&mut self, ty: Scalar, from: &Name) -> Node {
        let kid = Node::variable(from).into();
        let own = from.scalar();
        let template = match (own, ty) {
            (Scalar::Bool, Scalar::Bool) => "{0}".to_string(),
            (_, Scalar::Bool) => format!("({{0}} > 1 as {own})"),
            (Scalar::Bool, float) if float.is_float() => format!("({{0}} as u8 as {float})"),
            _ => format!("({{0}} as {ty})"),
        };
        Node::new(Sort::Value(ty.into()), template, vec![kid])
    }

    fn leaf(&mut self, ty: &Ty) -> Node {
        if self.random.below(3) > 0
            && let Some(variable) = self.variable(ty)
        {
            return variable;
        }
        let Ty::Scalar(ty) = *ty else {
            return self.made(ty, DEEPEST);
        };
        if self.random.below(2) == 0
            && let Some(from) = self.some_scalar()
        {
            return self.converted(ty, &from);
        }
        let edges = edge_values(ty.dtype());
        let word = edges[self.random.below(edges.len())];
        Node::new(Sort::Value(ty.into()), literal(ty, word as u64), Vec::new())
    }

    fn matching(&mut self, ty: &Ty, depth: u32) -> Node {
        let integers = [Scalar::I32, Scalar::U8, Scalar::I64, Scalar::Usize];
        let on = integers[self.random.below(integers.len())];
        let name = self.name(on, false);
        let mut kids = vec![self.value(on, depth + 1).into()];
        let low = self.random.below(5);
        let high = low + 1 + self.random.below(60);
        for _ in 0..2 {
            kids.push(self.value(ty.clone(), depth + 1).into());
        }
        kids.push(self.within(vec![name.clone()], |g| g.value(Scalar::Bool, depth + 1)));
        kids.push(self.within(vec![name.clone()], |g| g.value(ty.clone(), depth + 1)));
        kids.push(self.value(ty.clone(), depth + 1).into());
        let template = format!(
            "(match {{{{ {{0}} }}}} {{{{\n{low} | 100 => {{1}},\n{}..={high} => {{2}},\n{} if {{3}} => {{4}},\n_ => {{5}},\n}}}})",
            low + 1,
            name.name
        );
        Node::new(Sort::Value(ty.clone()), template, kids)
    }

    fn label(&mut self) -> Name {
        Name::item(format!("'l{}", self.number()))
    }

    /// A block that is left with a value.
    fn labelled(&mut self, ty: &Ty, depth: u32) -> Node {
        let label = self.label();
        let kids = vec![
            self.value(Scalar::Bool, depth + 1).into(),
            self.value(ty.clone(), depth + 1).into(),
            self.body(&Sort::Ends(ty.clone()), depth + 1).into(),
        ];
        let l = &label.name;
        let template = format!("({l}: {{{{\nif {{0}} {{{{ break {l} {{1}}; }}}}\n{{2}}\n}}}})");
        Node::new(Sort::Value(ty.clone()), template, kids)
    }

    /// A loop that is left with a value.
    fn breaking_loop(&mut self, ty: &Ty, depth: u32) -> Node {
        if self.loops >= 2 {
            return self.leaf(ty);
        }
        self.loops += 1;
        let counter = self.name(Scalar::U32, false);
        let most = 1 + self.random.below(9);
        let inside = |g: &mut Self, make: &mut dyn FnMut(&mut Self) -> Node| {
            g.within(vec![counter.clone()], |g| make(g))
        };
        let kids = vec![
            inside(self, &mut |g| g.value(Scalar::Bool, depth + 1)),
            inside(self, &mut |g| g.value(ty.clone(), depth + 1)),
            inside(self, &mut |g| g.body(&Sort::Unit, depth + 1)),
        ];
        self.loops -= 1;
        let c = &counter.name;
        let template = format!(
            "({{{{\nlet mut {c} = 0u32;\nloop {{{{\nif {{0}} || {c} >= {most} {{{{ break {{1}}; }}}}\n{c} += 1;\n{{2}}\n}}}}\n}}}})"
        );
        Node::new(Sort::Value(ty.clone()), template, kids)
    }

    /// Statements, and what ends them.
    fn body(&mut self, sort: &Sort, depth: u32) -> Node {
        self.fuel = self.fuel.saturating_sub(1);
        let few = if depth == 0 { 8 } else { 3 };
        if self.fuel == 0 || depth >= DEEPEST || self.random.below(few) == 0 {
            return self.end(sort, depth);
        }
        match self.random.below(16) {
            0..=3 => {
                let ty = self.ty(2);
                let mutable = self.random.below(2) == 0;
                let init = self.value(ty.clone(), depth + 1);
                let name = self.name(ty.clone(), mutable);
                let rest = self.within(vec![name.clone()], |g| g.body(sort, depth));
                let keyword = if mutable { "let mut" } else { "let" };
                let template = format!("{keyword} {}: {ty} = {{0}};\n{{1}}", name.name);
                Node::new(sort.clone(), template, vec![init.into(), rest]).typed(&ty)
            }
            8..=10 => self.with_data(sort, depth),
            11..=13 => self.declaring(sort, depth),
            4 | 5 => self.assignment(sort, depth),
            6 => {
                let kids = vec![
                    self.value(Scalar::Bool, depth + 1).into(),
                    self.body(&Sort::Unit, depth + 1).into(),
                    self.body(&Sort::Unit, depth + 1).into(),
                    self.body(sort, depth).into(),
                ];
                Node::new(
                    sort.clone(),
                    "if {0} {{\n{1}\n}} else {{\n{2}\n}}\n{3}",
                    kids,
                )
            }
            7 | 14 => self.looping(sort, depth),
            _ => self.leaving(sort, depth),
        }
    }

    fn end(&mut self, sort: &Sort, depth: u32) -> Node {
        match sort {
            Sort::Unit => Node::new(Sort::Unit, "", Vec::new()),
            Sort::Results => {
                let results = self.results.clone();
                let kids: Vec<Kid> = results
                    .iter()
                    .map(|&ty| self.value(ty, depth.min(2)).into())
                    .collect();
                Node::new(Sort::Results, results_template(kids.len()), kids)
            }
            Sort::Ends(ty) | Sort::Value(ty) | Sort::Iter(ty, ..) => {
                let value = self.value(ty.clone(), depth + 1);
                Node::new(sort.clone(), "{0}", vec![value.into()])
            }
        }
    }

    fn assignment(&mut self, sort: &Sort, depth: u32) -> Node {
        let targets = self.names(|name| name.mutable && name.ty.is_value());
        let Some(target) = self.pick(&targets) else {
            return self.end(sort, depth);
        };
        let mut kids = vec![Kid::from(Node::new(Sort::Unit, "", Vec::new())); 2];
        let (mut place, mut ty) = (target.name.clone(), target.ty.clone());
        loop {
            match ty.clone() {
                Ty::Tuple(members) => {
                    let k = self.random.below(members.len());
                    place += &format!(".{k}");
                    ty = members[k].clone();
                }
                Ty::Struct(_, members) => {
                    let k = self.random.below(members.len());
                    place += &format!(".f{k}");
                    ty = members[k].clone();
                }
                Ty::Array(inner, n) => {
                    place += &format!("[{{{}}} % {n}]", kids.len());
                    kids.push(self.index().into());
                    ty = *inner;
                }
                _ => break,
            }
            if self.one_in(4) {
                break;
            }
        }
        let ops: &[&str] = match ty {
            Ty::Scalar(Scalar::Bool) => &["=", "&=", "|=", "^="],
            Ty::Scalar(float) if float.is_float() => &["=", "+=", "-=", "*=", "/="],
            Ty::Scalar(_) => &["=", "+=", "-=", "*=", "^=", "&=", "|="],
            _ => &["="],
        };
        let op = ops[self.random.below(ops.len())];
        kids[0] = match ty {
            Ty::Scalar(scalar) => self.opaque(scalar, depth + 1).into(),
            ty => self.value(ty, depth + 1).into(),
        };
        kids[1] = self.body(sort, depth).into();
        let template = format!("{place} {op} {{0}};\n{{1}}");
        Node::new(sort.clone(), template, kids).using(&target.name)
    }

    fn looping(&mut self, sort: &Sort, depth: u32) -> Node {
        if self.loops >= 2 {
            return self.end(sort, depth);
        }
        self.loops += 1;
        let label = self.label();
        let integers = [Scalar::I32, Scalar::Usize, Scalar::U8, Scalar::I64];
        let ty = integers[self.random.below(integers.len())];
        let counter = self.name(ty, false);
        let (l, c) = (&label.name, &counter.name);
        let most = self.random.below(9);
        let names = vec![label.clone(), counter.clone()];
        let (template, mut kids) = match self.random.below(4) {
            0 => (
                format!("{l}: for {c} in 0{ty}..{most} {{{{\n{{0}}\n}}}}\n{{1}}"),
                Vec::new(),
            ),
            1 => (
                format!("{l}: for {c} in (0{ty}..={most}).rev() {{{{\n{{0}}\n}}}}\n{{1}}"),
                Vec::new(),
            ),
            2 => (
                format!("{l}: for {c} in (2{ty}..{most}2).step_by(7) {{{{\n{{0}}\n}}}}\n{{1}}"),
                Vec::new(),
            ),
            _ => {
                let condition =
                    self.within(vec![counter.clone()], |g| g.value(Scalar::Bool, depth + 1));
                (
                    format!(
                        "let mut {c}: {ty} = 0;\n{l}: while {c} < {most} && {{0}} {{{{\n{c} += 1;\n{{1}}\n}}}}\n{{2}}"
                    ),
                    vec![condition],
                )
            }
        };
        kids.push(self.within(names, |g| g.body(&Sort::Unit, depth + 1)));
        self.loops -= 1;
        kids.push(self.body(sort, depth).into());
        Node::new(sort.clone(), template, kids)
    }

    /// `if .. { break }`, `continue` or `return`.
    fn leaving(&mut self, sort: &Sort, depth: u32) -> Node {
        let Some((jump, kid, label)) = self.jump() else {
            return self.end(sort, depth);
        };
        let kids = vec![
            self.value(Scalar::Bool, depth + 1).into(),
            self.body(sort, depth).into(),
            kid.into(),
        ];
        let template = format!("if {{0}} {{{{ {} }}}}\n{{1}}", jump.replace("{0}", "{2}"));
        Node::new(sort.clone(), template, kids).using(&label)
    }

    /// What leaves: a statement with place 0 for the value, the value, the name that it uses.
    fn jump(&mut self) -> Option<(String, Node, String)> {
        let exits = self.names(Name::is_exit);
        let exit = self.pick(&exits)?.name;
        if exit.starts_with(RETURN) {
            let value = match self.returns.1.clone() {
                Sort::Value(ty) => self.leaf(&ty),
                _ => {
                    let results = self.results.clone();
                    let kids: Vec<Kid> = results
                        .iter()
                        .map(|&ty| self.leaf(&ty.into()).into())
                        .collect();
                    Node::new(Sort::Results, results_template(kids.len()), kids)
                }
            };
            return Some(("return {0};".to_string(), value, exit));
        }
        let jump = ["break", "continue"][self.random.below(2)];
        let nothing = Node::new(Sort::Unit, "", Vec::new());
        Some((format!("{jump} {exit};"), nothing, exit))
    }
}

impl Node {
    /// `self`, unless it is a literal: then `variable`.
    fn into_opaque(self, variable: Node) -> Node {
        if self.kids.is_empty() && self.uses.is_empty() {
            variable
        } else {
            self
        }
    }
}

fn results_template(count: usize) -> String {
    let places: Vec<String> = (0..count).map(|k| format!("{{{k}}}")).collect();
    match places.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    }
}

/// A literal of this value.
pub fn literal(ty: Scalar, word: u64) -> String {
    let signed = |value: i64, least: i64| {
        if value == least {
            format!("{ty}::MIN")
        } else if value < 0 {
            format!("({value}{ty})")
        } else {
            format!("{value}{ty}")
        }
    };
    let float = |value: f64, text: String| {
        if value.is_nan() {
            format!("{ty}::NAN")
        } else if value.is_infinite() {
            format!("({}{ty}::INFINITY)", if value < 0.0 { "-" } else { "" })
        } else {
            format!("({text}{ty})")
        }
    };
    match ty {
        Scalar::Bool => (word != 0).to_string(),
        Scalar::I8 => signed(i64::from(word as i8), i64::from(i8::MIN)),
        Scalar::I16 => signed(i64::from(word as i16), i64::from(i16::MIN)),
        Scalar::I32 => signed(i64::from(word as i32), i64::from(i32::MIN)),
        Scalar::I64 | Scalar::Isize => signed(word as i64, i64::MIN),
        Scalar::F32 => {
            let value = f32::from_bits(word as u32);
            float(f64::from(value), format!("{value:?}"))
        }
        Scalar::F64 => {
            let value = f64::from_bits(word);
            float(value, format!("{value:?}"))
        }
        _ => format!("{word}{ty}"),
    }
}
