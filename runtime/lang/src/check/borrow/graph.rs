//! The graph of steps that a body becomes: what its steps are, and which variables hand on
//! what they borrow. Invariant: a step has at most one access, and its uses come before its
//! definition.

use crate::check::tree::{Body, LocalIndex};
use crate::diagnostic::Span;

/// A variable: a local of the body, or after these a value of an expression.
pub(super) type Var = usize;
/// A step's number.
pub(super) type StepIndex = usize;

/// A part of a place, from the variable inwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// A member of a tuple or a field.
    Member(u32),
    /// What a reference points to.
    Deref,
    /// An element of an array of a fixed length.
    Element,
}

/// What is borrowed or used: a variable, a member of it, what it points to. Elements are not
/// told apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) var: Var,
    pub(super) parts: Vec<Part>,
}

impl Place {
    pub(super) fn of(var: Var) -> Place {
        Place {
            var,
            parts: Vec::new(),
        }
    }

    /// Whether it is the value of an expression.
    pub(super) fn is_temporary(&self, body: &Body) -> bool {
        self.var >= body.locals.len()
    }

    /// As messages show it.
    pub(super) fn name(&self, body: &Body) -> String {
        let Some(local) = body.locals.get(self.var) else {
            return "value".to_string();
        };
        let mut name = local.name.clone();
        for (n, part) in self.parts.iter().enumerate() {
            let last = n + 1 == self.parts.len();
            match part {
                Part::Member(member) => name.push_str(&format!(".{member}")),
                Part::Deref if last => name.insert(0, '*'),
                Part::Deref => {}
                Part::Element => name.push_str("[_]"),
            }
        }
        name
    }

    /// Whether an access of `self` may touch what is lent as `lent`. A `shallow` access
    /// replaces or ends the variable and leaves what it points to alone.
    pub(super) fn touches(&self, lent: &Place, shallow: bool) -> bool {
        if self.var != lent.var {
            return false;
        }
        if self.parts.iter().zip(&lent.parts).any(|(a, b)| a != b) {
            return false;
        }
        !(shallow
            && lent.parts.len() > self.parts.len()
            && lent.parts[self.parts.len()..].contains(&Part::Deref))
    }
}

/// How a place is accessed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Access {
    Read,
    Borrow,
    /// A mutable borrow that allows reading until it is used.
    Reserve,
    BorrowMutably,
    Write,
    Move,
    /// The variable's scope ends.
    End,
}

/// How a place is lent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LoanKind {
    Shared,
    /// Mutable, but not used yet: reading is still allowed.
    Reserved,
    Mutable,
}

impl LoanKind {
    /// Whether the access is refused while such a loan lasts.
    pub(super) fn forbids(self, access: Access) -> bool {
        match self {
            LoanKind::Shared => !matches!(access, Access::Read | Access::Borrow | Access::Reserve),
            LoanKind::Reserved => !matches!(access, Access::Read | Access::Borrow),
            LoanKind::Mutable => true,
        }
    }
}

/// A loan.
#[derive(Clone, Debug)]
pub(super) struct Loan {
    pub(super) place: Place,
    pub(super) kind: LoanKind,
    pub(super) span: Span,
    /// Where it begins; that step defines `holder`.
    pub(super) step: StepIndex,
    /// The variable that carries it first.
    pub(super) holder: Var,
    /// Whether it keeps what is matched as it is while a guard runs.
    pub(super) guard: bool,
}

/// A step.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) next: Vec<StepIndex>,
    pub(super) access: Option<(Place, Access, Span)>,
    pub(super) uses: Vec<Var>,
    pub(super) uses_at: Span,
    pub(super) defines: Option<Var>,
}

/// A body's graph.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) steps: Vec<Step>,
    pub(super) loans: Vec<Loan>,
    /// For each variable those that may carry what it carries.
    pub(super) flows: Vec<Vec<Var>>,
    /// Where several mutable references to views may become one.
    pub(super) choices: Vec<Span>,
}

impl Graph {
    /// A graph whose first variables are the body's locals.
    pub(super) fn new(locals: LocalIndex) -> Graph {
        Graph {
            flows: vec![Vec::new(); locals],
            ..Graph::default()
        }
    }
}
