//! Generated kernels as trees of templates: enough structure to print, to check scopes and to
//! shrink. Invariant: a tree that [`Kernel::well_scoped`] accepts is well typed, because a
//! part is only ever put where a part of the same sort stood.

use brolga_lang::ir::Scalar;
use brolga_oracle::Agreement;

/// What a part of a kernel is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sort {
    /// An expression of this type.
    Value(Scalar),
    /// Statements to the end of a block of type `()`.
    Unit,
    /// Statements and the value at the end of a block.
    Ends(Scalar),
    /// Statements and the kernel's results.
    Results,
}

/// A name that a part declares for one of its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    pub name: String,
    pub ty: Scalar,
    pub mutable: bool,
}

/// A part with the names that are declared for it.
#[derive(Clone, Debug)]
pub struct Kid {
    pub node: Node,
    pub names: Vec<Name>,
    /// Whether it is the body of a closure: `return`, `break` and `continue` do not reach out.
    pub closed: bool,
}

/// A part of a kernel.
#[derive(Clone, Debug)]
pub struct Node {
    pub sort: Sort,
    /// Its text: `{0}`, `{1}` stand for the kids.
    pub template: String,
    pub kids: Vec<Kid>,
    /// The names that its own text uses.
    pub uses: Vec<String>,
}

/// The name under which the possibility to return is in scope.
pub const RETURN: &str = "return";

impl Node {
    pub fn new(sort: Sort, template: impl Into<String>, kids: Vec<Kid>) -> Node {
        Node {
            sort,
            template: template.into(),
            kids,
            uses: Vec::new(),
        }
    }

    /// A variable.
    pub fn variable(name: &Name) -> Node {
        Node {
            uses: vec![name.name.clone()],
            ..Node::new(Sort::Value(name.ty), name.name.clone(), Vec::new())
        }
    }

    pub fn using(mut self, name: &str) -> Node {
        self.uses.push(name.to_string());
        self
    }

    pub fn size(&self) -> usize {
        1 + self.kids.iter().map(|kid| kid.node.size()).sum::<usize>()
    }

    pub fn print(&self, out: &mut String) {
        let mut rest = self.template.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            match rest.as_bytes()[at..] {
                [b'{', digit @ b'0'..=b'9', b'}', ..] => {
                    self.kids[usize::from(digit - b'0')].node.print(out);
                    rest = &rest[at + 3..];
                }
                [brace, again, ..] if brace == again => {
                    out.push(char::from(brace));
                    rest = &rest[at + 2..];
                }
                _ => panic!("a wrong template: {}", self.template),
            }
        }
        out.push_str(rest);
    }

    /// Whether every name is declared where it is used.
    fn well_scoped(&self, scope: &[String]) -> bool {
        self.uses.iter().all(|name| scope.contains(name))
            && self.kids.iter().all(|kid| {
                let mut inner: Vec<String> = scope
                    .iter()
                    .filter(|name| !kid.closed || !(name.starts_with('\'') || *name == RETURN))
                    .cloned()
                    .collect();
                inner.extend(kid.names.iter().map(|name| name.name.clone()));
                kid.node.well_scoped(&inner)
            })
    }

    /// Calls `f` with every part below this one.
    pub fn each<'n>(&'n self, f: &mut dyn FnMut(&'n Node)) {
        for kid in &self.kids {
            f(&kid.node);
            kid.node.each(f);
        }
    }

    /// The part with this number, counted from 0 for the whole, depth first.
    pub fn part_mut(&mut self, number: &mut usize) -> Option<&mut Node> {
        if *number == 0 {
            return Some(self);
        }
        *number -= 1;
        self.kids
            .iter_mut()
            .find_map(|kid| kid.node.part_mut(number))
    }
}

impl From<Node> for Kid {
    fn from(node: Node) -> Kid {
        Kid {
            node,
            names: Vec::new(),
            closed: false,
        }
    }
}

/// A generated kernel.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub name: String,
    pub params: Vec<Name>,
    pub results: Vec<Scalar>,
    pub body: Node,
    pub agreement: Agreement,
}

impl Kernel {
    /// The function, without its attribute.
    pub fn text(&self) -> String {
        let params: Vec<String> = self
            .params
            .iter()
            .map(|param| format!("{}: {}", param.name, param.ty))
            .collect();
        let results: Vec<String> = self.results.iter().map(ToString::to_string).collect();
        let result = match results.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(", ")),
        };
        let mut body = String::new();
        self.body.print(&mut body);
        format!(
            "fn {}({}) -> {result} {{\n{body}\n}}\n",
            self.name,
            params.join(", ")
        )
    }

    pub fn size(&self) -> usize {
        self.body.size()
    }

    pub fn well_scoped(&self) -> bool {
        let mut scope: Vec<String> = self.params.iter().map(|p| p.name.clone()).collect();
        scope.push(RETURN.to_string());
        self.body.well_scoped(&scope)
    }
}
