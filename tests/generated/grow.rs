//! Random well-typed kernels: every operator and cast of [`super::operations`], and every
//! form of control. Not the values that they run on.

use std::sync::LazyLock;

use brolga_lang::ir::Scalar;
use brolga_oracle::Agreement;
use brolga_oracle::values::{Random, edge_values};

use super::node::{Kernel, Kid, Name, Node, RETURN, Sort};
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
            ty: scalar(random),
            mutable: false,
        });
    }
    let results: Vec<Scalar> = (0..1 + random.below(3) / 2 * 2)
        .map(|_| scalar(random))
        .collect();
    let mut grow = Grow {
        random,
        scope: params.clone(),
        labels: vec![RETURN.to_string()],
        results: results.clone(),
        next: 0,
        fuel: 60,
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
    scope: Vec<Name>,
    /// The loops and blocks that may be left, and whether the function may be.
    labels: Vec<String>,
    results: Vec<Scalar>,
    next: usize,
    /// How many more parts there may be.
    fuel: usize,
    loops: usize,
}

impl Grow<'_> {
    fn name(&mut self, ty: Scalar, mutable: bool) -> Name {
        self.next += 1;
        Name {
            name: format!("v{}", self.next),
            ty,
            mutable,
        }
    }

    fn tired(&self, depth: u32) -> bool {
        self.fuel == 0 || depth >= DEEPEST
    }

    /// A part that sees these further names.
    fn within(&mut self, names: Vec<Name>, make: impl FnOnce(&mut Self) -> Node) -> Kid {
        let (scope, labels) = (self.scope.len(), self.labels.len());
        for name in &names {
            if name.name.starts_with('\'') {
                self.labels.push(name.name.clone());
            } else {
                self.scope.push(name.clone());
            }
        }
        let node = make(self);
        self.scope.truncate(scope);
        self.labels.truncate(labels);
        Kid {
            node,
            names,
            closed: false,
        }
    }

    /// An expression.
    fn value(&mut self, ty: Scalar, depth: u32) -> Node {
        self.fuel = self.fuel.saturating_sub(1);
        let sort = Sort::Value(ty);
        if self.tired(depth) {
            return self.leaf(ty);
        }
        match self.random.below(16) {
            0..=3 => self.leaf(ty),
            4 => {
                let kids = vec![
                    self.value(Scalar::Bool, depth + 1).into(),
                    self.body(&Sort::Ends(ty), depth + 1).into(),
                    self.body(&Sort::Ends(ty), depth + 1).into(),
                ];
                Node::new(sort, "(if {0} {{\n{1}\n}} else {{\n{2}\n}})", kids)
            }
            5 => self.matching(ty, depth),
            6 => {
                let kid = self.body(&Sort::Ends(ty), depth + 1).into();
                Node::new(sort, "({{\n{0}\n}})", vec![kid])
            }
            7 => self.labelled(ty, depth),
            8 => self.breaking_loop(ty, depth),
            _ => self.operation(ty, depth),
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
        Node::new(Sort::Value(ty), operation.template.clone(), kids)
    }

    /// An expression that no compiler knows the value of.
    fn opaque(&mut self, ty: Scalar, depth: u32) -> Node {
        if let Some(variable) = self.variable(ty) {
            return if self.tired(depth) || self.random.below(2) == 0 {
                variable
            } else {
                self.value(ty, depth).into_opaque(variable)
            };
        }
        let from = self.scope[self.random.below(self.scope.len())].clone();
        self.converted(ty, &from)
    }

    /// An expression that is right as a divisor or a count of bits.
    fn harmless(&mut self, ty: Scalar, depth: u32) -> Node {
        if self.random.below(3) == 0 {
            let literal = 1 + self.random.below(7);
            let text = if ty.is_float() {
                format!("{literal}.0{ty}")
            } else {
                format!("{literal}{ty}")
            };
            return Node::new(Sort::Value(ty), text, Vec::new());
        }
        self.opaque(ty, depth)
    }

    fn variable(&mut self, ty: Scalar) -> Option<Node> {
        let fitting: Vec<&Name> = self.scope.iter().filter(|name| name.ty == ty).collect();
        (!fitting.is_empty()).then(|| Node::variable(fitting[self.random.below(fitting.len())]))
    }

    /// A variable as another type.
    fn converted(&mut self, ty: Scalar, from: &Name) -> Node {
        let kid = Node::variable(from).into();
        let template = match (from.ty, ty) {
            (_, Scalar::Bool) if from.ty == Scalar::Bool => "{0}".to_string(),
            (_, Scalar::Bool) => format!("({{0}} > 1 as {})", from.ty),
            (Scalar::Bool, float) if float.is_float() => format!("({{0}} as u8 as {float})"),
            _ => format!("({{0}} as {ty})"),
        };
        Node::new(Sort::Value(ty), template, vec![kid])
    }

    fn leaf(&mut self, ty: Scalar) -> Node {
        if self.random.below(3) > 0
            && let Some(variable) = self.variable(ty)
        {
            return variable;
        }
        if self.random.below(2) == 0 && !self.scope.is_empty() {
            let from = self.scope[self.random.below(self.scope.len())].clone();
            return self.converted(ty, &from);
        }
        let dtype = ty.dtype();
        let edges = edge_values(dtype);
        let word = edges[self.random.below(edges.len())];
        Node::new(Sort::Value(ty), literal(ty, word as u64), Vec::new())
    }

    fn matching(&mut self, ty: Scalar, depth: u32) -> Node {
        let integers = [Scalar::I32, Scalar::U8, Scalar::I64, Scalar::Usize];
        let on = integers[self.random.below(integers.len())];
        let name = self.name(on, false);
        let mut kids = vec![self.value(on, depth + 1).into()];
        let low = self.random.below(5);
        let high = low + 1 + self.random.below(60);
        for _ in 0..2 {
            kids.push(self.value(ty, depth + 1).into());
        }
        kids.push(self.within(vec![name.clone()], |g| g.value(Scalar::Bool, depth + 1)));
        kids.push(self.within(vec![name.clone()], |g| g.value(ty, depth + 1)));
        kids.push(self.value(ty, depth + 1).into());
        let template = format!(
            "(match {{0}} {{{{\n{low} | 100 => {{1}},\n{}..={high} => {{2}},\n{} if {{3}} => {{4}},\n_ => {{5}},\n}}}})",
            low + 1,
            name.name
        );
        Node::new(Sort::Value(ty), template, kids)
    }

    fn label(&mut self) -> Name {
        self.next += 1;
        Name {
            name: format!("'l{}", self.next),
            ty: Scalar::Bool,
            mutable: false,
        }
    }

    /// A block that is left with a value.
    fn labelled(&mut self, ty: Scalar, depth: u32) -> Node {
        let label = self.label();
        let kids = vec![
            self.value(Scalar::Bool, depth + 1).into(),
            self.value(ty, depth + 1).into(),
            self.body(&Sort::Ends(ty), depth + 1).into(),
        ];
        let l = &label.name;
        let template = format!("({l}: {{{{\nif {{0}} {{{{ break {l} {{1}}; }}}}\n{{2}}\n}}}})");
        Node::new(Sort::Value(ty), template, kids)
    }

    /// A loop that is left with a value.
    fn breaking_loop(&mut self, ty: Scalar, depth: u32) -> Node {
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
            inside(self, &mut |g| g.value(ty, depth + 1)),
            inside(self, &mut |g| g.body(&Sort::Unit, depth + 1)),
        ];
        self.loops -= 1;
        let c = &counter.name;
        let template = format!(
            "({{{{\nlet mut {c} = 0u32;\nloop {{{{\nif {{0}} || {c} >= {most} {{{{ break {{1}}; }}}}\n{c} += 1;\n{{2}}\n}}}}\n}}}})"
        );
        Node::new(Sort::Value(ty), template, kids)
    }

    /// Statements, and what ends them.
    fn body(&mut self, sort: &Sort, depth: u32) -> Node {
        self.fuel = self.fuel.saturating_sub(1);
        let few = if depth == 0 { 8 } else { 3 };
        if self.fuel == 0 || depth >= DEEPEST || self.random.below(few) == 0 {
            return self.end(sort, depth);
        }
        match self.random.below(8) {
            0..=2 => {
                let ty = scalar(self.random);
                let mutable = self.random.below(2) == 0;
                let init = self.value(ty, depth + 1);
                let name = self.name(ty, mutable);
                let rest = self.within(vec![name.clone()], |g| g.body(sort, depth));
                let keyword = if mutable { "let mut" } else { "let" };
                let template = format!("{keyword} {}: {ty} = {{0}};\n{{1}}", name.name);
                Node::new(sort.clone(), template, vec![init.into(), rest])
            }
            3 | 4 => self.assignment(sort, depth),
            5 => {
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
            6 => self.looping(sort, depth),
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
            Sort::Ends(ty) | Sort::Value(ty) => {
                let value = self.value(*ty, depth + 1);
                Node::new(sort.clone(), "{0}", vec![value.into()])
            }
        }
    }

    fn assignment(&mut self, sort: &Sort, depth: u32) -> Node {
        let targets: Vec<Name> = self.scope.iter().filter(|n| n.mutable).cloned().collect();
        if targets.is_empty() {
            return self.end(sort, depth);
        }
        let target = targets[self.random.below(targets.len())].clone();
        let ops: &[&str] = match target.ty {
            Scalar::Bool => &["=", "&=", "|=", "^="],
            float if float.is_float() => &["=", "+=", "-=", "*=", "/="],
            _ => &["=", "+=", "-=", "*=", "^=", "&=", "|="],
        };
        let op = ops[self.random.below(ops.len())];
        let value = self.opaque(target.ty, depth + 1);
        let rest = self.body(sort, depth);
        let template = format!("{} {op} {{0}};\n{{1}}", target.name);
        Node::new(sort.clone(), template, vec![value.into(), rest.into()]).using(&target.name)
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
        let Some(label) = self
            .labels
            .get(self.random.below(self.labels.len() + 1))
            .cloned()
        else {
            return self.end(sort, depth);
        };
        let condition = self.value(Scalar::Bool, depth + 1).into();
        if label == RETURN {
            let results = self.results.clone();
            let mut kids: Vec<Kid> = vec![condition];
            kids.extend(results.iter().map(|&ty| Kid::from(self.leaf(ty))));
            let values = Node::new(
                Sort::Results,
                results_template(results.len()),
                kids.split_off(1),
            );
            kids.push(values.into());
            kids.push(self.body(sort, depth).into());
            let template = "if {0} {{ return {1}; }}\n{2}";
            return Node::new(sort.clone(), template, kids).using(RETURN);
        }
        let jump = ["break", "continue"][self.random.below(2)];
        let rest = self.body(sort, depth).into();
        let template = format!("if {{0}} {{{{ {jump} {label}; }}}}\n{{1}}");
        Node::new(sort.clone(), template, vec![condition, rest]).using(&label)
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
