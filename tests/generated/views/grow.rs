//! Random well-typed kernels over views: values, statements and what ends them. [`super::index`]
//! makes elements of views, [`super::iterate`] loops, [`super::store`] stores and parts of views.

use std::collections::HashMap;
use std::sync::LazyLock;

use brolga_lang::ir::Scalar;
use brolga_oracle::Agreement;
use brolga_oracle::values::Random;

use super::super::grow::literal;
use super::super::node::{Kernel, Kid, Name, Node, RETURN, Sight, Sort, Ty};
use super::super::operations::{self, Operation};
use super::index::length;
use super::kernel::{AXES, Kind, ViewKernel};

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let mut all = operations::all();
    all.retain(|operation| !operation.unspecified);
    all
});

/// How deep expressions are nested.
const DEEPEST: u32 = 4;
/// How deep statements are nested.
const DEEPEST_BLOCK: u32 = 6;

/// A random kernel with this number in its name.
pub fn kernel(kind: Kind, number: usize, random: &mut Random) -> ViewKernel {
    const MAIN: [Scalar; 10] = [
        Scalar::F64,
        Scalar::F32,
        Scalar::F64,
        Scalar::F32,
        Scalar::I32,
        Scalar::I64,
        Scalar::U8,
        Scalar::I16,
        Scalar::U32,
        Scalar::I8,
    ];
    let main = MAIN[random.below(MAIN.len())];
    let second = Scalar::ALL[random.below(Scalar::ALL.len())];
    // Most kernels have one type: they are those that become vectors.
    let types = match random.below(3) {
        0 => vec![main, main, second],
        _ => vec![main],
    };
    let mut grow = Grow {
        random,
        scope: Vec::new(),
        types,
        results: Vec::new(),
        along: HashMap::new(),
        next: 0,
        fuel: 46,
        nested: 0,
        loops: 0,
    };
    grow.whole(kind, number)
}

pub(super) struct Grow<'r> {
    pub random: &'r mut Random,
    /// The names that are seen: views, variables, loop variables and labels.
    pub scope: Vec<Name>,
    /// What elements and variables are of.
    pub types: Vec<Scalar>,
    pub results: Vec<Scalar>,
    /// The numbers of the axes whose length a text gives, or that a loop variable goes along.
    pub along: HashMap<String, usize>,
    next: usize,
    /// How many more parts there may be.
    pub fuel: usize,
    /// How many loops are around, and how many there are.
    pub nested: usize,
    pub loops: usize,
}

impl Grow<'_> {
    fn whole(&mut self, kind: Kind, number: usize) -> ViewKernel {
        let (mut params, mut axes) = (Vec::new(), Vec::new());
        let (inputs, outputs) = (1 + self.below(3), 1 + self.below(2));
        let mut with = |grow: &mut Self, ty: Ty, own: Vec<usize>| {
            let name = format!("p{}", params.len());
            grow.scope.push(Name {
                name: name.clone(),
                ty: ty.clone(),
                mutable: false,
            });
            params.push(Name {
                name,
                ty,
                mutable: false,
            });
            axes.push(own);
        };
        for _ in 0..inputs {
            let ty = self.ty();
            let own = self.axes(&[1, 1, 1, 1, 2, 2]);
            with(self, Ty::View(ty, own.len(), false), own);
        }
        if self.one_in(3) {
            with(self, Scalar::Usize.into(), Vec::new());
        }
        if self.one_in(3) {
            let ty = self.ty();
            with(self, ty.into(), Vec::new());
        }
        for _ in 0..outputs {
            let ty = self.ty();
            let own = self.axes(&[0, 1, 1, 1, 1, 2]);
            with(self, Ty::View(ty, own.len(), true), own);
        }
        if kind == Kind::Jit {
            self.results = (0..self.below(3)).map(|_| self.ty()).collect();
        } else {
            // An axis of an output must stand left of the arrow.
            let known: Vec<usize> = axes[..inputs].concat();
            for own in &mut axes[inputs..] {
                for axis in own {
                    if !known.contains(axis) {
                        *axis = known[0];
                    }
                }
            }
        }
        for (param, own) in params.iter().zip(&axes) {
            for (k, &axis) in own.iter().enumerate() {
                self.along.insert(length(&param.name, own.len(), k), axis);
            }
        }
        if self.results.is_empty() {
            self.scope.push(Name::item(RETURN));
        }
        let body = self.body(&Sort::Results, 0);
        ViewKernel {
            kernel: Kernel {
                name: format!("k{number}"),
                params,
                results: self.results.clone(),
                body,
                agreement: Agreement::Bits,
            },
            kind,
            axes,
        }
    }

    /// The axes of a view with one of these numbers of them: most have the same length.
    fn axes(&mut self, counts: &[usize]) -> Vec<usize> {
        match counts[self.below(counts.len())] {
            2 => vec![1 + self.below(AXES - 1), self.below(4) / 3],
            count => (0..count).map(|_| self.below(6) / 5).collect(),
        }
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.random.below(count)
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.below(from.len())].clone())
    }

    pub fn ty(&mut self) -> Scalar {
        self.types[self.random.below(self.types.len())]
    }

    pub fn fresh(&mut self, letter: char) -> String {
        self.next += 1;
        format!("{letter}{}", self.next)
    }

    pub fn names(&self, fits: impl Fn(&Name) -> bool) -> Vec<Name> {
        self.scope
            .iter()
            .filter(|name| fits(name))
            .cloned()
            .collect()
    }

    /// A part that sees these further names.
    pub fn within(&mut self, names: Vec<Name>, make: impl FnOnce(&mut Self) -> Node) -> Kid {
        let around = self.scope.clone();
        self.scope.extend(names.iter().cloned());
        let node = make(self);
        self.scope = around;
        Kid {
            node,
            names,
            sight: Sight::All,
        }
    }

    /// An expression.
    pub fn value(&mut self, ty: Scalar, depth: u32) -> Node {
        self.fuel = self.fuel.saturating_sub(1);
        if self.fuel == 0 || depth >= DEEPEST {
            return self.leaf(ty);
        }
        match self.below(24) {
            0..=7 => self.leaf(ty),
            8..=14 if ty != Scalar::Bool => self.arithmetic(ty, depth),
            15 | 16 => {
                let kids = vec![
                    self.value(Scalar::Bool, depth + 1).into(),
                    self.value(ty, depth + 1).into(),
                    self.value(ty, depth + 1).into(),
                ];
                node(ty, "(if {0} {{ {1} }} else {{ {2} }})", kids)
            }
            17 => self.folded(ty),
            18 if ty != Scalar::Bool => {
                let from = self.ty();
                if from == Scalar::Bool {
                    return self.leaf(ty);
                }
                let kid = self.value(from, depth + 1);
                node(ty, format!("({{0}} as {ty})"), vec![kid.into()])
            }
            _ if ty == Scalar::Bool => self.condition(depth),
            _ => self.operation(ty, depth),
        }
    }

    fn arithmetic(&mut self, ty: Scalar, depth: u32) -> Node {
        let ops: &[&str] = if ty.is_float() {
            &["+", "+", "-", "*", "*", "/"]
        } else {
            &["+", "+", "-", "*", "*", "^", "&", "|"]
        };
        let op = ops[self.below(ops.len())];
        let kids = vec![self.opaque(ty).into(), self.value(ty, depth + 1).into()];
        node(ty, format!("({{0}} {op} {{1}})"), kids)
    }

    /// Two values compared, or a question about a loop variable.
    pub fn condition(&mut self, depth: u32) -> Node {
        let indices = self.indices();
        if let (true, Some(index)) = (self.one_in(4), self.pick(&indices)) {
            let (i, c) = (&index.name, self.below(6));
            let text = match self.below(3) {
                0 => format!("({i} % {} == {})", 2 + c, c / 2),
                1 => format!("({i} >= {c})"),
                _ => format!("({i} == {c})"),
            };
            return node(Scalar::Bool, text, Vec::new()).using(i);
        }
        if self.one_in(5) {
            return self.operation(Scalar::Bool, depth);
        }
        let ty = self.ty();
        let op = ["<", ">", "<=", ">=", "==", "!="][self.below(6)];
        let kids = vec![self.opaque(ty).into(), self.value(ty, depth + 1).into()];
        node(Scalar::Bool, format!("({{0}} {op} {{1}})"), kids)
    }

    /// One of all operations; one on types that are not about has less to say.
    fn operation(&mut self, ty: Scalar, depth: u32) -> Node {
        let all: Vec<&Operation> = OPERATIONS.iter().filter(|o| o.result == ty).collect();
        let own = |o: &&&Operation| o.args.iter().all(|arg| self.types.contains(arg));
        let mine: Vec<&Operation> = all.iter().filter(own).copied().collect();
        let operation = match mine.is_empty() || self.one_in(6) {
            true => all[self.below(all.len())],
            false => mine[self.below(mine.len())],
        };
        let kids = operation.args.iter().enumerate().map(|(k, &arg)| {
            // Literals alone would be computed, and refused, beforehand.
            let kid = if operation.checked || k == 0 {
                self.opaque(arg)
            } else {
                self.value(arg, depth + 1)
            };
            kid.into()
        });
        let kids = kids.collect();
        node(ty, operation.template.clone(), kids)
    }

    /// An expression that no compiler knows the value of.
    pub fn opaque(&mut self, ty: Scalar) -> Node {
        if let (true, Some(element)) = (self.one_in(2), self.element(ty)) {
            return element;
        }
        let fitting = self.names(|name| name.ty == ty.into());
        if let Some(name) = self.pick(&fitting) {
            return Node::variable(&name);
        }
        if let Some(element) = self.element(ty) {
            return element;
        }
        self.converted(ty).unwrap_or_else(|| {
            // The first parameter is a view.
            let text = match ty {
                Scalar::Bool => "(p0.len() > 1)".to_string(),
                _ => format!("(p0.len() as {ty})"),
            };
            node(ty, text, Vec::new()).using("p0")
        })
    }

    /// A variable or loop variable as another type.
    fn converted(&mut self, ty: Scalar) -> Option<Node> {
        let scalars = self.names(|name| matches!(name.ty, Ty::Scalar(_)));
        let from = self.pick(&scalars)?;
        let template = match (from.scalar(), ty) {
            (Scalar::Bool, Scalar::Bool) => "{0}".to_string(),
            (own, Scalar::Bool) => format!("({{0}} > 1 as {own})"),
            (Scalar::Bool, float) if float.is_float() => format!("({{0}} as u8 as {float})"),
            _ => format!("({{0}} as {ty})"),
        };
        Some(node(ty, template, vec![Node::variable(&from).into()]))
    }

    pub fn leaf(&mut self, ty: Scalar) -> Node {
        match self.below(8) {
            0..=5 => self.opaque(ty),
            6 => self.converted(ty).unwrap_or_else(|| self.constant(ty)),
            _ => self.constant(ty),
        }
    }

    /// A small number.
    pub fn constant(&mut self, ty: Scalar) -> Node {
        let value = self.below(6);
        let word = match ty {
            Scalar::F32 => u64::from((value as f32 * 0.75 - 1.5).to_bits()),
            Scalar::F64 => (value as f64 * 0.75 - 1.5).to_bits(),
            Scalar::Bool => value as u64 % 2,
            _ => value as u64,
        };
        node(ty, literal(ty, word), Vec::new())
    }

    /// Statements, and what ends them.
    pub fn body(&mut self, sort: &Sort, depth: u32) -> Node {
        self.fuel = self.fuel.saturating_sub(1);
        let enough = match depth {
            0 => self.loops > 1 && self.one_in(3),
            _ => self.one_in(4),
        };
        if self.fuel == 0 || depth >= DEEPEST_BLOCK || enough {
            return self.end(sort);
        }
        match self.below(if self.nested == 0 { 22 } else { 18 }) {
            0 | 1 => self.declared(sort, depth),
            2..=6 => self.stored(sort, depth),
            7..=9 => self.assigned(sort, depth),
            10 | 11 => self.branch(sort, depth),
            12 => self.leaving(sort, depth),
            13 => self.part_of_a_view(sort, depth),
            14 => self.whole_view(sort, depth),
            15..=19 => self.looping(sort, depth),
            _ => self.reduction(sort, depth),
        }
    }

    pub fn end(&mut self, sort: &Sort) -> Node {
        if *sort != Sort::Results {
            return Node::new(sort.clone(), "", Vec::new());
        }
        let results = self.results.clone();
        let kids: Vec<Kid> = results.iter().map(|&ty| self.value(ty, 2).into()).collect();
        let template = match kids.len() {
            0 => "",
            1 => "{0}",
            _ => "({0}, {1})",
        };
        Node::new(Sort::Results, template, kids)
    }

    fn declared(&mut self, sort: &Sort, depth: u32) -> Node {
        let (ty, mutable) = (self.ty(), self.one_in(2));
        let init = self.value(ty, 1);
        let name = Name {
            name: self.fresh('v'),
            ty: ty.into(),
            mutable,
        };
        let rest = self.within(vec![name.clone()], |g| g.body(sort, depth));
        let keyword = if mutable { "let mut" } else { "let" };
        let template = format!("{keyword} {}: {ty} = {{0}};\n{{1}}", name.name);
        Node::new(sort.clone(), template, vec![init.into(), rest])
    }

    fn branch(&mut self, sort: &Sort, depth: u32) -> Node {
        let mut kids = vec![
            self.condition(1).into(),
            self.body(&Sort::Unit, depth + 1).into(),
        ];
        let template = if self.one_in(2) {
            kids.push(self.body(&Sort::Unit, depth + 1).into());
            "if {0} {{\n{1}\n}} else {{\n{2}\n}}\n{3}"
        } else {
            "if {0} {{\n{1}\n}}\n{2}"
        };
        kids.push(self.body(sort, depth).into());
        Node::new(sort.clone(), template, kids)
    }

    /// `if .. { break }`, `continue` or `return`.
    fn leaving(&mut self, sort: &Sort, depth: u32) -> Node {
        let exits = self.names(Name::is_exit);
        let Some(exit) = self.pick(&exits) else {
            return self.end(sort);
        };
        let jump = match exit.name.starts_with(RETURN) {
            true => "return".to_string(),
            false => format!("{} {}", ["break", "continue"][self.below(2)], exit.name),
        };
        let kids = vec![self.condition(1).into(), self.body(sort, depth).into()];
        let template = format!("if {{0}} {{{{ {jump}; }}}}\n{{1}}");
        Node::new(sort.clone(), template, kids).using(&exit.name)
    }
}

/// An expression of this text.
pub(super) fn node(ty: Scalar, template: impl Into<String>, kids: Vec<Kid>) -> Node {
    Node::new(Sort::Value(ty.into()), template, kids)
}
