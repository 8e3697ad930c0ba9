//! Generated kernels as trees of templates: enough structure to print, to check scopes and to
//! shrink. Invariant: a tree that [`Kernel::well_scoped`] accepts is well typed, because a
//! part is only ever put where a part of the same sort stood.

use brolga_lang::ir::Scalar;
use brolga_oracle::Agreement;

/// The type of an expression or name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ty {
    Scalar(Scalar),
    Tuple(Vec<Ty>),
    Array(Box<Ty>, usize),
    Option(Box<Ty>),
    /// A struct with the fields `f0`, `f1` and so on.
    Struct(String, Vec<Ty>),
    /// An enum with this many variants `A`, `B` and so on.
    Enum(String, usize),
    /// A local array of one dimension: never copied, moved or replaced.
    Owned(Scalar),
    /// An array view of so many dimensions, and whether it is mutable.
    View(Scalar, usize, bool),
    /// A function, method or closure: its parameters, whether each is a `&mut`, its result.
    Call(Vec<(Ty, bool)>, Box<Ty>),
    /// A label, a type, the possibility to return: no value.
    Item,
}

impl Ty {
    /// The names of the types that its text mentions.
    pub fn names(&self, out: &mut Vec<String>) {
        match self {
            Ty::Scalar(_) | Ty::Owned(_) | Ty::View(..) | Ty::Item => {}
            Ty::Tuple(members) => members.iter().for_each(|ty| ty.names(out)),
            Ty::Array(inner, _) | Ty::Option(inner) => inner.names(out),
            Ty::Struct(name, _) | Ty::Enum(name, _) => out.push(name.clone()),
            Ty::Call(params, result) => {
                params.iter().for_each(|(ty, _)| ty.names(out));
                result.names(out);
            }
        }
    }

    /// Whether expressions have it.
    pub fn is_value(&self) -> bool {
        !matches!(self, Ty::Owned(_) | Ty::View(..) | Ty::Call(..) | Ty::Item)
    }
}

impl From<Scalar> for Ty {
    fn from(scalar: Scalar) -> Ty {
        Ty::Scalar(scalar)
    }
}

impl std::fmt::Display for Ty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Ty::Scalar(scalar) => write!(f, "{scalar}"),
            Ty::Tuple(members) => {
                let members: Vec<String> = members.iter().map(ToString::to_string).collect();
                write!(f, "({})", members.join(", "))
            }
            Ty::Array(inner, n) => write!(f, "[{inner}; {n}]"),
            Ty::Option(inner) => write!(f, "Option<{inner}>"),
            Ty::Struct(name, _) | Ty::Enum(name, _) => f.write_str(name),
            Ty::Owned(scalar) => write!(f, "Array1<{scalar}>"),
            Ty::View(scalar, axes, mutable) => {
                let kind = if *mutable { "Mut" } else { "" };
                write!(f, "ArrayView{kind}{axes}<{scalar}>")
            }
            Ty::Call(..) | Ty::Item => Ok(()),
        }
    }
}

/// What a part of a kernel is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sort {
    /// An expression of this type.
    Value(Ty),
    /// Statements to the end of a block of type `()`.
    Unit,
    /// Statements and the value at the end of a block.
    Ends(Ty),
    /// Statements and the kernel's results.
    Results,
    /// An iterator over such items: whether it has two ends, and whether a known length.
    Iter(Ty, bool, bool),
}

/// A name that a part declares for one of its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    pub name: String,
    pub ty: Ty,
    /// Whether it can be assigned; for a closure, whether a call needs it for itself.
    pub mutable: bool,
}

impl Name {
    /// A label, a type or the possibility to return.
    pub fn item(name: impl Into<String>) -> Name {
        Name {
            name: name.into(),
            ty: Ty::Item,
            mutable: false,
        }
    }

    /// The type of a scalar.
    pub fn scalar(&self) -> Scalar {
        match self.ty {
            Ty::Scalar(scalar) => scalar,
            _ => panic!("`{}` is no scalar", self.name),
        }
    }

    /// Whether it is a label or the possibility to return.
    pub fn is_exit(&self) -> bool {
        self.name.starts_with('\'') || self.name.starts_with(RETURN)
    }

    /// Whether it is a function or type.
    pub fn is_declared(&self) -> bool {
        self.name.starts_with(['h', 'S', 'E'])
    }
}

/// What a part sees of the names around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sight {
    All,
    /// The body of a closure: `return`, `break` and `continue` do not reach out.
    Closure,
    /// Beside a closure that may have borrowed what is mutable.
    Frozen,
    /// The body of a function.
    Function,
}

impl Sight {
    pub fn sees(self, name: &Name) -> bool {
        match self {
            Sight::All => true,
            Sight::Closure => !name.is_exit(),
            Sight::Frozen => !name.is_exit() && !name.mutable,
            Sight::Function => name.is_declared(),
        }
    }
}

/// A part with the names that are declared for it.
#[derive(Clone, Debug)]
pub struct Kid {
    pub node: Node,
    pub names: Vec<Name>,
    pub sight: Sight,
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
            ..Node::new(Sort::Value(name.ty.clone()), name.name.clone(), Vec::new())
        }
    }

    pub fn using(mut self, name: &str) -> Node {
        self.uses.push(name.to_string());
        self
    }

    /// Its text mentions this type.
    pub fn typed(mut self, ty: &Ty) -> Node {
        ty.names(&mut self.uses);
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
    fn well_scoped(&self, scope: &[Name]) -> bool {
        let known = |used: &String| scope.iter().any(|name| name.name == *used);
        self.uses.iter().all(known)
            && self.kids.iter().all(|kid| {
                let seen = scope.iter().filter(|name| kid.sight.sees(name));
                let inner: Vec<Name> = seen.chain(&kid.names).cloned().collect();
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
            sight: Sight::All,
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
            .map(|param| {
                let changed = matches!(param.ty, Ty::View(_, _, true));
                let keyword = if changed { "mut " } else { "" };
                format!("{keyword}{}: {}", param.name, param.ty)
            })
            .collect();
        let results: Vec<String> = self.results.iter().map(ToString::to_string).collect();
        let result = match results.as_slice() {
            [] => String::new(),
            [one] => format!("-> {one} "),
            several => format!("-> ({}) ", several.join(", ")),
        };
        let mut body = String::new();
        self.body.print(&mut body);
        format!(
            "fn {}({}) {result}{{\n{body}\n}}\n",
            self.name,
            params.join(", ")
        )
    }

    pub fn size(&self) -> usize {
        self.body.size()
    }

    pub fn well_scoped(&self) -> bool {
        let mut scope = self.params.clone();
        scope.push(Name::item(RETURN));
        self.body.well_scoped(&scope)
    }
}
