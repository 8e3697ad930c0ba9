//! What a loop reads and writes of views: which elements, as the loop variable moves, and
//! whether two iterations may meet at one.
//!
//! An index is understood where it is the loop variable plus or minus numbers that the loop does
//! not change, or such numbers alone. Arithmetic on indices wraps, so an access is inside its axis
//! in every iteration if it is in the first and the last and does not wrap between them; that is
//! checked once, before the loop runs on vectors.

use std::collections::HashSet;

use brolga_lang::ir::{
    BinaryOp, Block, Element, Expr, ExprKind, For, Function, FunctionId, LocalId, Scalar,
    Statement, Type, UnaryOp,
};
use brolga_lang::walk;

use super::floors::Floors;
use super::nested;
use crate::vector::{Refusal, Spread};

/// The position along one axis: the sum of the terms, wrapping, of the loop variable if it
/// moves, and of the variables of loops in its body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Axis<'p> {
    /// Whether it is one further in each iteration.
    pub moves: bool,
    /// The loops in the body that go along it, by their numbers in [`Facts::nested`], each once.
    pub along: Vec<usize>,
    /// Numbers that the loop does not change, with whether they are subtracted.
    pub terms: Vec<(bool, &'p Expr)>,
}

/// The elements that one place in the loop's body reads or writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Access<'p> {
    pub view: LocalId,
    pub scalar: Scalar,
    pub axes: Vec<Axis<'p>>,
}

impl Access<'_> {
    /// Whether it moves with the loop variable.
    pub(crate) fn moves(&self) -> bool {
        self.axes.iter().any(|axis| axis.moves)
    }

    /// The loops in the body that it moves with, each with the axes along which it does.
    pub(crate) fn along(&self) -> Vec<(usize, Vec<usize>)> {
        let mut loops: Vec<(usize, Vec<usize>)> = Vec::new();
        for (k, axis) in self.axes.iter().enumerate() {
            for &number in &axis.along {
                match loops.iter_mut().find(|(known, _)| *known == number) {
                    Some((_, axes)) => axes.push(k),
                    None => loops.push((number, vec![k])),
                }
            }
        }
        loops
    }

    /// Where the elements of neighbouring iterations lie: one behind the other is expected along
    /// the last axis.
    pub(crate) fn spread(&self) -> Spread {
        let mut moving = self.axes.iter().map(|axis| axis.moves).rev();
        let last = moving.next().unwrap_or(false);
        match (last, moving.any(|moves| moves)) {
            (false, false) => Spread::Same,
            (true, false) => Spread::Dense,
            (_, true) => Spread::Apart,
        }
    }
}

/// An access with what is done to it.
pub(super) struct Accessed<'p> {
    pub access: Access<'p>,
    /// The index as it stands in the body.
    pub index: &'p [Expr],
    pub stored: bool,
}

/// What the body changes.
pub(super) struct Facts<'p> {
    /// The locals that are assigned in the body.
    pub assigned: HashSet<LocalId>,
    /// Those of them that are assigned outside of it, too.
    pub outside: HashSet<LocalId>,
    pub variable: LocalId,
    /// Whether there are loops in the body.
    pub loops: bool,
    /// Those of them that make the same turns in every iteration.
    pub nested: Vec<&'p For>,
}

impl<'p> Facts<'p> {
    pub(super) fn of(function: &Function, range: &'p For) -> Result<Facts<'p>, Refusal> {
        let mut assigned = HashSet::new();
        let (mut inside, mut all) = (Counts::new(function), Counts::new(function));
        count(&range.body, &mut inside);
        count(&function.body, &mut all);
        let mut outside: HashSet<LocalId> = function.params.iter().copied().collect();
        for k in 0..function.locals.len() {
            let local = LocalId(k as u32);
            if inside.0[k] > 0 {
                assigned.insert(local);
            }
            if all.0[k] > inside.0[k] {
                outside.insert(local);
            }
        }
        outside.retain(|local| assigned.contains(local));
        let mut loops = false;
        walk::each(&range.body, &mut |_| {}, &mut |e| {
            loops |= matches!(e.kind, ExprKind::For(_) | ExprKind::Loop(..));
        });
        let mut facts = Facts {
            assigned,
            loops,
            outside,
            variable: range.variable,
            nested: Vec::new(),
        };
        if loops {
            let is_own = |local: LocalId| all.0.get(local.0 as usize) == Some(&1);
            facts.nested = nested::find(range, &|e| facts.is_fixed(e), &is_own);
        }
        Ok(facts)
    }

    /// Whether an expression has the same value in every iteration, and is evaluated without
    /// any effect or failure, so that it may as well be before the loop.
    pub(super) fn is_fixed(&self, e: &Expr) -> bool {
        let own = match &e.kind {
            ExprKind::Const(_) | ExprKind::Global(_) => true,
            ExprKind::Local(local) | ExprKind::Dim(local, _) => {
                *local != self.variable && !self.assigned.contains(local)
            }
            ExprKind::Member(..) | ExprKind::Cast(_) => true,
            ExprKind::Unary(op, _) => matches!(op, UnaryOp::Neg | UnaryOp::Not | UnaryOp::Abs),
            ExprKind::Binary(op, ..) => matches!(
                op,
                BinaryOp::Add
                    | BinaryOp::Sub
                    | BinaryOp::Mul
                    | BinaryOp::And
                    | BinaryOp::Or
                    | BinaryOp::Xor
                    | BinaryOp::Shl
                    | BinaryOp::Shr
                    | BinaryOp::Min
                    | BinaryOp::Max
                    | BinaryOp::SaturatingAdd
                    | BinaryOp::SaturatingSub
            ),
            _ => false,
        };
        let mut fixed = own;
        walk::parts(e, &mut |part| {
            fixed &= match part {
                walk::Part::Expr(inner) => self.is_fixed(inner),
                walk::Part::Block(_) | walk::Part::Repeated(_) => false,
            };
        });
        fixed
    }

    fn axis<'e>(&self, e: &'e Expr) -> Option<Axis<'e>> {
        if !matches!(e.ty, Type::Scalar(scalar) if scalar.is_integer() && scalar.bits() == 64) {
            return None;
        }
        if self.is_fixed(e) {
            return Some(Axis {
                moves: false,
                along: Vec::new(),
                terms: vec![(false, e)],
            });
        }
        match &e.kind {
            ExprKind::Local(local) if *local == self.variable => Some(Axis {
                moves: true,
                along: Vec::new(),
                terms: Vec::new(),
            }),
            ExprKind::Local(local) => {
                let mut nested = self.nested.iter();
                let number = nested.position(|inner| inner.variable == *local)?;
                Some(Axis {
                    moves: false,
                    along: vec![number],
                    terms: Vec::new(),
                })
            }
            ExprKind::Cast(inner) => self.axis(inner),
            ExprKind::Binary(BinaryOp::Add, a, b) => {
                let (mut a, b) = (self.axis(a)?, self.axis(b)?);
                let twice = b.along.iter().any(|number| a.along.contains(number));
                if twice || a.moves && b.moves {
                    return None;
                }
                a.moves |= b.moves;
                a.along.extend(b.along);
                a.terms.extend(b.terms);
                Some(a)
            }
            ExprKind::Binary(BinaryOp::Sub, a, b) => {
                let (mut a, b) = (self.axis(a)?, self.axis(b)?);
                if b.moves || !b.along.is_empty() {
                    return None;
                }
                let turned = b.terms.into_iter().map(|(minus, term)| (!minus, term));
                a.terms.extend(turned);
                Some(a)
            }
            _ => None,
        }
    }
}

/// How often each local is assigned.
struct Counts(Vec<u32>);

impl Counts {
    fn new(function: &Function) -> Counts {
        Counts(vec![0; function.locals.len()])
    }

    fn add(&mut self, local: LocalId) {
        if let Some(count) = self.0.get_mut(local.0 as usize) {
            *count += 1;
        }
    }
}

fn count(block: &Block, counts: &mut Counts) {
    let counts = std::cell::RefCell::new(counts);
    walk::each(
        block,
        &mut |statement| {
            if let Statement::Assign { local, .. } = statement {
                counts.borrow_mut().add(*local);
            }
        },
        &mut |e| {
            if let ExprKind::For(range) = &e.kind {
                counts.borrow_mut().add(range.variable);
            }
        },
    );
}

/// Every element that the body reads or writes, each once.
pub(super) fn accesses<'p>(
    function: &'p Function,
    range: &'p For,
    facts: &Facts<'p>,
) -> Result<Vec<Accessed<'p>>, Refusal> {
    let found = std::cell::RefCell::new(Vec::new());
    walk::each(
        &range.body,
        &mut |statement| {
            if let Statement::Store { view, index, .. } = statement {
                found.borrow_mut().push((*view, &index[..], true));
            }
        },
        &mut |e| {
            if let ExprKind::Load { view, index, .. } = &e.kind {
                found.borrow_mut().push((*view, &index[..], false));
            }
        },
    );
    let mut accesses: Vec<Accessed<'p>> = Vec::new();
    for (view, index, stored) in found.into_inner() {
        let same = accesses
            .iter_mut()
            .find(|known| known.access.view == view && known.index == index);
        match same {
            Some(known) => known.stored |= stored,
            None => accesses.push(Accessed {
                access: access(function, facts, view, index)?,
                index,
                stored,
            }),
        }
    }
    for k in 0..accesses.len() {
        let a = &accesses[k];
        if !a.stored {
            continue;
        }
        if a.access.axes.iter().any(|axis| !axis.along.is_empty()) {
            return Err(Refusal::new("has a loop in it that writes along a view"));
        }
        if !a.access.moves() {
            return Err(Refusal::new("writes one element again and again"));
        }
        let root = root(function, a.access.view);
        for (j, b) in accesses.iter().enumerate() {
            if j != k && may_meet(root, self::root(function, b.access.view)) {
                return Err(Refusal::new(
                    "writes to memory that it reads or writes at another place, too",
                ));
            }
        }
    }
    Ok(accesses)
}

/// The accesses of a loop's body that are understood, for the scalar loop: every view and index
/// as it stands there, and whether what is read is the same in every iteration.
pub(crate) struct Place<'p> {
    pub access: Access<'p>,
    pub index: &'p [Expr],
    /// Nothing in the loop writes to it, and its index does not move.
    pub fixed: bool,
    /// What the loop variable, an unsigned number, is not below where the place is reached.
    pub floor: Option<&'p Expr>,
}

/// The places of the innermost loop `range`; none where there are loops in it, or calls of
/// functions that are not small by `is_small`: its body is written twice.
pub(crate) fn places<'p>(
    function: &'p Function,
    range: &'p For,
    is_small: &dyn Fn(FunctionId) -> bool,
) -> Vec<Place<'p>> {
    let found = std::cell::RefCell::new(Vec::new());
    let mut plain = true;
    let mut gives_views = false;
    walk::each(
        &range.body,
        &mut |statement| {
            if let Statement::Store { view, index, .. } = statement {
                found.borrow_mut().push((*view, &index[..], true));
            }
        },
        &mut |e| match &e.kind {
            ExprKind::Load { view, index, .. } => {
                found.borrow_mut().push((*view, &index[..], false));
            }
            ExprKind::For(_) | ExprKind::Loop(..) => plain = false,
            ExprKind::Call(callee, arguments) => {
                plain &= is_small(*callee);
                gives_views |= arguments.iter().any(|e| matches!(e.ty, Type::View(_)));
            }
            _ => {}
        },
    );
    let Ok(facts) = Facts::of(function, range) else {
        return Vec::new();
    };
    if !plain {
        return Vec::new();
    }
    let found = found.into_inner();
    let floors = Floors::of(range, &facts);
    let written: Vec<Root> = found
        .iter()
        .filter(|(_, _, stored)| *stored)
        .map(|(view, ..)| root(function, *view))
        .collect();
    let mut places: Vec<Place<'p>> = Vec::new();
    for (view, index, stored) in found {
        let known = places
            .iter()
            .any(|place| place.access.view == view && std::ptr::eq(place.index, index));
        if known || facts.assigned.contains(&view) {
            continue;
        }
        let axes = index.iter().map(|e| facts.axis(e)).collect();
        let Some(axes): Option<Vec<Axis<'p>>> = axes else {
            continue;
        };
        let own = root(function, view);
        let fixed = !stored
            && !gives_views
            && axes.iter().all(|axis| !axis.moves)
            && written.iter().all(|&other| !may_meet(own, other));
        // The element type plays no part in where it lies.
        let scalar = Scalar::U8;
        places.push(Place {
            access: Access { view, scalar, axes },
            index,
            fixed,
            floor: floors.of_place(index),
        });
    }
    places
}

fn access<'p>(
    function: &'p Function,
    facts: &Facts<'p>,
    view: LocalId,
    index: &'p [Expr],
) -> Result<Access<'p>, Refusal> {
    let scalar = match function.locals.get(view.0 as usize).map(|local| &local.ty) {
        Some(Type::View(ty)) => match ty.element {
            Element::Scalar(scalar) => scalar,
            Element::Complex(_) => return Err(Refusal::new("has complex elements")),
        },
        _ => return Err(Refusal::new("has IR that is not well formed")),
    };
    if facts.assigned.contains(&view) {
        return Err(Refusal::new("makes views in its body"));
    }
    let axes = index
        .iter()
        .map(|e| facts.axis(e))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| {
            Refusal::new(match facts.loops {
                true => "has a loop in it that goes along views",
                false => "has an index that is not the loop variable plus a fixed number",
            })
        })?;
    Ok(Access { view, scalar, axes })
}

/// Whose memory a view is a part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    /// A parameter of the function.
    Param(LocalId),
    /// An array that the function makes.
    Fresh(LocalId),
    Unknown,
}

/// Whether two views, one of them written through, may share memory. Two parameters do not: one
/// of them is an `&mut`, which nothing else overlaps.
fn may_meet(a: Root, b: Root) -> bool {
    a == b || a == Root::Unknown || b == Root::Unknown
}

fn root(function: &Function, view: LocalId) -> Root {
    root_within(function, view, 16)
}

fn root_within(function: &Function, view: LocalId, depth: u32) -> Root {
    if depth == 0 {
        return Root::Unknown;
    }
    let mut values = Vec::new();
    let found = std::cell::RefCell::new(&mut values);
    walk::each(
        &function.body,
        &mut |statement| {
            if let Statement::Assign { local, value, path } = statement
                && *local == view
            {
                found.borrow_mut().push((value, path.is_empty()));
            }
        },
        &mut |_| {},
    );
    match (function.params.contains(&view), &values[..]) {
        (true, []) => Root::Param(view),
        (false, [(value, true)]) => root_of(function, view, value, depth),
        _ => Root::Unknown,
    }
}

fn root_of(function: &Function, local: LocalId, value: &Expr, depth: u32) -> Root {
    match &value.kind {
        ExprKind::Local(other) => root_within(function, *other, depth - 1),
        ExprKind::Slice { view, .. } | ExprKind::Permute(view, _) => {
            root_of(function, local, view, depth)
        }
        ExprKind::Allocate { .. } => Root::Fresh(local),
        ExprKind::Block(block) => match &block.value {
            Some(value) => root_of(function, local, value, depth),
            None => Root::Unknown,
        },
        _ => Root::Unknown,
    }
}
