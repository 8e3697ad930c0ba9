//! The body of a loop as the body of an elementwise kernel: elements of views are locals, ways
//! out are failures.

use std::collections::{HashMap, HashSet};

use brolga_abi::{PanicKind, Site};
use brolga_lang::ir::{
    BinaryOp, Block, Expr, ExprKind, For, Function, Local, LocalId, LoopId, Order, Scalar, SiteId,
    Statement, Step, Type, Unhashed,
};
use brolga_lang::walk;

use super::access::{Accessed, Facts};
use super::reduction::{self, Reduction};
use super::{Source, Uniform, can_call, is_scalar, nested};
use crate::vector::{Nest, Refusal, Spread, Stream};

/// The kernel of a loop, with what stands behind its operands.
pub(super) struct Cut<'p> {
    pub function: Function,
    pub inputs: Vec<(Source<'p>, Scalar)>,
    pub outputs: Vec<(Source<'p>, Scalar)>,
    /// Whether it calls other functions.
    pub calls: bool,
    /// What loops in it go along.
    pub nest: Nest,
}

/// The number of the failure that stands for every way out of the loop.
const WAY_OUT: SiteId = SiteId(0);

/// The sites of a program with cut-out kernels: some site has the number of [`WAY_OUT`].
pub(super) fn with_way_out(sites: &[Site]) -> Vec<Site> {
    if !sites.is_empty() {
        return sites.to_vec();
    }
    vec![Site {
        kind: PanicKind::Message("leaves the loop".to_owned()),
        function: String::new(),
        file: String::new(),
        line: 1,
        column: 1,
    }]
}

/// The loops and labelled blocks in a block.
fn labels(block: &Block) -> HashSet<LoopId> {
    let mut found = HashSet::new();
    walk::each(block, &mut |_| {}, &mut |e| {
        match &e.kind {
            ExprKind::Loop(id, _) | ExprKind::Labelled(id, _) => found.insert(*id),
            ExprKind::For(range) => found.insert(range.id),
            _ => false,
        };
    });
    found
}

/// Cuts the body out.
pub(super) fn cut<'p>(
    function: &'p Function,
    range: &'p For,
    variable: Scalar,
    facts: &Facts<'p>,
    accesses: Vec<Accessed<'p>>,
    reductions: &[Reduction],
) -> Result<Cut<'p>, Refusal> {
    let extremes = reductions.iter().any(|reduction| {
        reduction.scalar.is_float() && matches!(reduction.op, BinaryOp::Min | BinaryOp::Max)
    });
    if extremes && accesses.iter().any(|accessed| accessed.stored) {
        return Err(Refusal::new(
            "finds an extreme float and writes at the same time",
        ));
    }
    let mut cutter = Cutter {
        function,
        facts,
        variable,
        own: range.id,
        inside: labels(&range.body),
        locals: function.locals.clone(),
        params: Vec::new(),
        inputs: Vec::new(),
        prologue: Vec::new(),
        cells: Vec::new(),
        accesses,
        contributions: HashMap::new(),
        lengths: HashMap::new(),
        known: HashSet::new(),
        reductions,
        continues: false,
        calls: false,
        counters: HashMap::new(),
        nest: Nest::default(),
    };
    cutter.operands()?;
    let mut body = cutter.block(&range.body)?;
    let outputs = cutter.outputs();
    let mut parts = outputs
        .iter()
        .map(|&(local, scalar, _)| local_value(local, scalar));
    let value = match (parts.next(), parts.len()) {
        (None, _) => return Err(Refusal::new("has no effect")),
        (Some(only), 0) => only,
        (Some(first), _) => {
            let members: Vec<Expr> = std::iter::once(first).chain(parts).collect();
            Expr {
                ty: Type::Tuple(members.iter().map(|part| part.ty.clone()).collect()),
                kind: ExprKind::Tuple(members),
            }
        }
    };
    if cutter.continues {
        let labelled = Expr {
            ty: Type::UNIT,
            kind: ExprKind::Labelled(range.id, body),
        };
        body = Block {
            statements: vec![Statement::Expr(labelled)],
            value: None,
        };
    }
    if let Some(end) = body.value.take() {
        body.statements.push(Statement::Expr(*end));
    }
    let mut statements = cutter.prologue;
    statements.append(&mut body.statements);
    let result = value.ty.clone();
    Ok(Cut {
        function: Function {
            name: function.name.clone(),
            params: cutter.params,
            locals: cutter.locals,
            result,
            body: Block {
                statements,
                value: Some(Box::new(value)),
            },
            loops: Unhashed(Vec::new()),
            recursive: false,
        },
        inputs: cutter.inputs,
        outputs: outputs
            .into_iter()
            .map(|(_, scalar, source)| (source, scalar))
            .collect(),
        calls: cutter.calls,
        nest: cutter.nest,
    })
}

fn local_value(local: LocalId, scalar: Scalar) -> Expr {
    Expr {
        ty: Type::Scalar(scalar),
        kind: ExprKind::Local(local),
    }
}

struct Cutter<'a, 'p> {
    function: &'p Function,
    facts: &'a Facts<'p>,
    /// The type of the loop variable.
    variable: Scalar,
    own: LoopId,
    /// The loops and labelled blocks of the body.
    inside: HashSet<LoopId>,
    locals: Vec<Local>,
    params: Vec<LocalId>,
    inputs: Vec<(Source<'p>, Scalar)>,
    prologue: Vec<Statement>,
    /// For each access the local that stands for its element.
    cells: Vec<LocalId>,
    accesses: Vec<Accessed<'p>>,
    /// What an iteration adds to a reduction.
    contributions: HashMap<LocalId, LocalId>,
    lengths: HashMap<(LocalId, u8), LocalId>,
    /// The locals from outside that have a value here.
    known: HashSet<LocalId>,
    reductions: &'a [Reduction],
    continues: bool,
    calls: bool,
    /// By the number of a loop in the body that goes along a view, the local that holds the number
    /// of its turns, and the local that counts them.
    counters: HashMap<usize, (LocalId, LocalId)>,
    nest: Nest,
}

impl<'p> Cutter<'_, 'p> {
    fn fresh(&mut self, scalar: Scalar) -> LocalId {
        self.locals.push(Local {
            name: Unhashed(String::new()),
            ty: Type::Scalar(scalar),
        });
        LocalId(self.locals.len() as u32 - 1)
    }

    fn input(&mut self, source: Source<'p>, scalar: Scalar) -> LocalId {
        let local = self.fresh(scalar);
        self.params.push(local);
        self.inputs.push((source, scalar));
        local
    }

    fn assign(&mut self, local: LocalId, value: Expr) {
        self.prologue.push(Statement::Assign {
            local,
            path: Vec::new(),
            value,
        });
    }

    /// The operands that every iteration has.
    fn operands(&mut self) -> Result<(), Refusal> {
        for k in 0..self.accesses.len() {
            let access = self.accesses[k].access.clone();
            let scalar = access.scalar;
            let along = access.along();
            let spread = access.spread();
            let view = access.view;
            let cell = self.input(Source::Element(access), scalar);
            self.cells.push(cell);
            if along.is_empty() {
                continue;
            }
            if spread == Spread::Apart && scalar.bits() < 32 {
                return Err(Refusal::new(
                    "has a loop in it that goes along small numbers that lie apart",
                ));
            }
            let number = self.inputs.len() - 1;
            let mut steps = Vec::with_capacity(along.len());
            for (inner, axes) in along {
                self.counter(inner)?;
                steps.push(self.stride(view, axes));
            }
            self.nest.streams.push(Stream {
                number,
                spread,
                steps,
            });
        }
        for reduction in self.reductions {
            let contribution = self.fresh(reduction.scalar);
            self.contributions.insert(reduction.local, contribution);
            let neutral = Expr {
                ty: Type::Scalar(reduction.scalar),
                kind: ExprKind::Const(reduction.neutral()),
            };
            self.assign(contribution, neutral);
        }
        Ok(())
    }

    /// Makes a loop in the body one that counts its turns.
    fn counter(&mut self, inner: usize) -> Result<(), Refusal> {
        if self.counters.contains_key(&inner) {
            return Ok(());
        }
        let scalar = nested::variable(self.facts.nested[inner])
            .ok_or_else(|| Refusal::new("has IR that is not well formed"))?;
        self.nest.turns.push(self.inputs.len());
        let turns = self.input(Source::Turns(inner), scalar);
        let counter = self.fresh(scalar);
        self.counters.insert(inner, (turns, counter));
        Ok(())
    }

    /// The number of the operand that says how far a turn goes along axes of a view.
    fn stride(&mut self, view: LocalId, axes: Vec<usize>) -> usize {
        let source = Source::Stride(view, axes);
        let known = self.inputs.iter().position(|(known, _)| *known == source);
        known.unwrap_or_else(|| {
            self.input(source, Scalar::Usize);
            self.inputs.len() - 1
        })
    }

    /// A loop that goes along views, from 0 to the number of its turns; its own variable is set
    /// in each.
    fn nested(
        &mut self,
        inner: usize,
        range: &'p For,
        (turns, counter): (LocalId, LocalId),
    ) -> Result<For, Refusal> {
        let ty = &range.start.ty;
        let scalar = is_scalar(&range.start)
            .ok_or_else(|| Refusal::new("has IR that is not well formed"))?;
        let start = self.input(Source::Uniform(Uniform::Start(inner), scalar), scalar);
        let sum = ExprKind::Binary(
            BinaryOp::Add,
            Box::new(local_value(start, scalar)),
            Box::new(local_value(counter, scalar)),
        );
        let mut body = self.block(&range.body)?;
        let variable = Statement::Assign {
            local: range.variable,
            path: Vec::new(),
            value: Expr {
                ty: ty.clone(),
                kind: sum,
            },
        };
        body.statements.insert(0, variable);
        Ok(For {
            id: range.id,
            variable: counter,
            start: Expr {
                ty: ty.clone(),
                kind: ExprKind::Const(0),
            },
            end: local_value(turns, scalar),
            inclusive: false,
            step: None,
            order: Order::Forward,
            body,
            parallel: None,
        })
    }

    fn outputs(&self) -> Vec<(LocalId, Scalar, Source<'p>)> {
        let stored = self
            .accesses
            .iter()
            .zip(&self.cells)
            .filter(|(accessed, _)| accessed.stored)
            .map(|(accessed, &cell)| {
                let access = accessed.access.clone();
                (cell, access.scalar, Source::Element(access))
            });
        let reduced = self.reductions.iter().map(|reduction| {
            let Reduction {
                local, op, scalar, ..
            } = *reduction;
            let source = Source::Reduction(local, op, scalar);
            (self.contributions[&local], scalar, source)
        });
        stored.chain(reduced).collect()
    }

    fn cell(&self, view: LocalId, index: &[Expr]) -> Option<LocalId> {
        self.place(view, index).map(|k| self.cells[k])
    }

    fn place(&self, view: LocalId, index: &[Expr]) -> Option<usize> {
        self.accesses
            .iter()
            .position(|known| known.access.view == view && known.index == index)
    }

    /// What stands for a load: a local, or a load of what loops go along, by their counters.
    fn load(&self, view: LocalId, index: &[Expr], site: SiteId) -> Result<ExprKind, Refusal> {
        let malformed = || Refusal::new("has IR that is not well formed");
        let place = self.place(view, index).ok_or_else(malformed)?;
        let along = self.accesses[place].access.along();
        if along.is_empty() {
            return Ok(ExprKind::Local(self.cells[place]));
        }
        let mut index = Vec::with_capacity(along.len());
        for (inner, _) in along {
            let scalar = nested::variable(self.facts.nested[inner]).ok_or_else(malformed)?;
            let (_, counter) = self.counters.get(&inner).copied().ok_or_else(malformed)?;
            index.push(local_value(counter, scalar));
        }
        Ok(ExprKind::Load {
            view: self.cells[place],
            index,
            site,
        })
    }

    /// Makes sure that a local which is read has a value.
    fn read(&mut self, local: LocalId) -> Result<(), Refusal> {
        if !self.known.insert(local) {
            return Ok(());
        }
        if local == self.facts.variable {
            let (scalar, ty) = (self.variable, Type::Scalar(self.variable));
            let first = self.input(Source::Uniform(Uniform::First, scalar), scalar);
            let position = self.input(Source::Position, scalar);
            let sum = ExprKind::Binary(
                BinaryOp::Add,
                Box::new(local_value(first, scalar)),
                Box::new(local_value(position, scalar)),
            );
            self.assign(local, Expr { ty, kind: sum });
            return Ok(());
        }
        if self.facts.assigned.contains(&local) {
            // Made in each iteration anew.
            return Ok(());
        }
        let declared = self.function.locals.get(local.0 as usize);
        let ty = declared.map(|local| local.ty.clone());
        let ty = ty.ok_or_else(|| Refusal::new("has IR that is not well formed"))?;
        let mut next = 0;
        let value = self.uniform(local, &ty, &mut next)?;
        self.assign(local, value);
        Ok(())
    }

    /// The value of a local from outside, part by part.
    fn uniform(&mut self, local: LocalId, ty: &Type, next: &mut usize) -> Result<Expr, Refusal> {
        match ty {
            Type::Scalar(scalar) => {
                let source = Source::Uniform(Uniform::Local(local, *next), *scalar);
                *next += 1;
                Ok(local_value(self.input(source, *scalar), *scalar))
            }
            Type::Tuple(members) => {
                let members = members
                    .iter()
                    .map(|member| self.uniform(local, member, next))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Expr {
                    ty: ty.clone(),
                    kind: ExprKind::Tuple(members),
                })
            }
            Type::View(_) | Type::Array(..) | Type::Never => {
                Err(Refusal::new("uses a whole array or view"))
            }
        }
    }

    fn block(&mut self, block: &'p Block) -> Result<Block, Refusal> {
        let mut statements = Vec::with_capacity(block.statements.len());
        for statement in &block.statements {
            statements.push(self.statement(statement)?);
        }
        let value = match &block.value {
            Some(value) => Some(Box::new(self.expr(value)?)),
            None => None,
        };
        Ok(Block { statements, value })
    }

    fn statement(&mut self, statement: &'p Statement) -> Result<Statement, Refusal> {
        Ok(match statement {
            Statement::Expr(value) => Statement::Expr(self.expr(value)?),
            Statement::Store {
                view, index, value, ..
            } => {
                let local = self
                    .cell(*view, index)
                    .ok_or_else(|| Refusal::new("has IR that is not well formed"))?;
                Statement::Assign {
                    local,
                    path: Vec::new(),
                    value: self.expr(value)?,
                }
            }
            Statement::Assign { local, .. }
                if self
                    .reductions
                    .iter()
                    .any(|known| known.copy == Some(*local)) =>
            {
                // The copy is read only where the reduction takes something in.
                Statement::Expr(Expr {
                    ty: Type::UNIT,
                    kind: ExprKind::Tuple(Vec::new()),
                })
            }
            Statement::Assign { local, path, value } => {
                if let Some(&contribution) = self.contributions.get(local) {
                    let copy = self.reductions.iter().find(|known| known.local == *local);
                    let copy = copy.and_then(|known| known.copy);
                    let (_, _, taken) = reduction::taken_in(*local, copy, value)
                        .ok_or_else(|| Refusal::new("has IR that is not well formed"))?;
                    return Ok(Statement::Assign {
                        local: contribution,
                        path: Vec::new(),
                        value: self.expr(taken)?,
                    });
                }
                let value = self.expr(value)?;
                let path = path
                    .iter()
                    .map(|step| {
                        Ok(match step {
                            Step::Member(member) => Step::Member(*member),
                            Step::Index(index, site) => Step::Index(self.expr(index)?, *site),
                        })
                    })
                    .collect::<Result<Vec<_>, Refusal>>()?;
                Statement::Assign {
                    local: *local,
                    path,
                    value,
                }
            }
        })
    }

    fn expr(&mut self, e: &'p Expr) -> Result<Expr, Refusal> {
        let kind = match &e.kind {
            ExprKind::Local(local) => {
                self.read(*local)?;
                ExprKind::Local(*local)
            }
            ExprKind::Load { view, index, site } => self.load(*view, index, *site)?,
            ExprKind::Dim(view, axis) => ExprKind::Local(self.length(*view, *axis, e)?),
            ExprKind::Continue(to) if *to == self.own => {
                self.continues = true;
                ExprKind::Break(self.own, None)
            }
            ExprKind::Break(to, _) | ExprKind::Continue(to) if !self.inside.contains(to) => {
                ExprKind::Panic(WAY_OUT)
            }
            ExprKind::Return(_) => ExprKind::Panic(WAY_OUT),
            ExprKind::Allocate { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Permute(..)
            | ExprKind::Reduce(..)
            | ExprKind::Dot(..) => return Err(Refusal::new("makes or sums whole views")),
            ExprKind::For(range) if range.parallel.is_some() => {
                return Err(Refusal::new("has a `prange` in it"));
            }
            ExprKind::Call(callee, arguments) => {
                self.calls = true;
                let views = arguments.iter().any(has_views);
                if views || !can_call(*callee) {
                    return Err(Refusal::new("hands views to a function"));
                }
                ExprKind::Call(*callee, self.list(arguments)?)
            }
            ExprKind::Const(bits) => ExprKind::Const(*bits),
            ExprKind::Global(global) => ExprKind::Global(*global),
            ExprKind::Panic(site) => ExprKind::Panic(*site),
            ExprKind::Continue(to) => ExprKind::Continue(*to),
            ExprKind::Break(to, value) => ExprKind::Break(*to, self.option(value)?),
            ExprKind::Member(value, member) => ExprKind::Member(self.boxed(value)?, *member),
            ExprKind::Unary(op, value) => ExprKind::Unary(*op, self.boxed(value)?),
            ExprKind::Cast(value) => ExprKind::Cast(self.boxed(value)?),
            ExprKind::Repeat(value) => ExprKind::Repeat(self.boxed(value)?),
            ExprKind::Tuple(values) => ExprKind::Tuple(self.list(values)?),
            ExprKind::Array(values) => ExprKind::Array(self.list(values)?),
            ExprKind::Index { array, index, site } => ExprKind::Index {
                array: self.boxed(array)?,
                index: self.boxed(index)?,
                site: *site,
            },
            ExprKind::Binary(op, a, b) => ExprKind::Binary(*op, self.boxed(a)?, self.boxed(b)?),
            ExprKind::Lazy(op, a, b) => ExprKind::Lazy(*op, self.boxed(a)?, self.boxed(b)?),
            ExprKind::Fma(a, b, c) => ExprKind::Fma(self.boxed(a)?, self.boxed(b)?, self.boxed(c)?),
            ExprKind::Division {
                op,
                lhs,
                rhs,
                by_zero,
                overflow,
            } => ExprKind::Division {
                op: *op,
                lhs: self.boxed(lhs)?,
                rhs: self.boxed(rhs)?,
                by_zero: *by_zero,
                overflow: *overflow,
            },
            ExprKind::If(condition, then, otherwise) => ExprKind::If(
                self.boxed(condition)?,
                self.block(then)?,
                self.block(otherwise)?,
            ),
            ExprKind::Block(block) => ExprKind::Block(self.block(block)?),
            ExprKind::Labelled(label, block) => ExprKind::Labelled(*label, self.block(block)?),
            ExprKind::Loop(id, block) => ExprKind::Loop(*id, self.block(block)?),
            ExprKind::For(range) => {
                if let Some((number, locals)) = self.counted_as(range) {
                    let counted = self.nested(number, range, locals)?;
                    return Ok(Expr {
                        ty: e.ty.clone(),
                        kind: ExprKind::For(Box::new(counted)),
                    });
                }
                let step = match &range.step {
                    Some((step, site)) => Some((self.expr(step)?, *site)),
                    None => None,
                };
                ExprKind::For(Box::new(For {
                    id: range.id,
                    variable: range.variable,
                    start: self.expr(&range.start)?,
                    end: self.expr(&range.end)?,
                    inclusive: range.inclusive,
                    step,
                    order: range.order,
                    body: self.block(&range.body)?,
                    parallel: None,
                }))
            }
        };
        Ok(Expr {
            ty: e.ty.clone(),
            kind,
        })
    }

    /// The number of a loop that goes along views, with its entry in `counters`.
    fn counted_as(&self, range: &For) -> Option<(usize, (LocalId, LocalId))> {
        let mut nested = self.facts.nested.iter();
        let number = nested.position(|inner| inner.variable == range.variable)?;
        Some((number, *self.counters.get(&number)?))
    }

    fn length(&mut self, view: LocalId, axis: u8, e: &Expr) -> Result<LocalId, Refusal> {
        if let Some(&known) = self.lengths.get(&(view, axis)) {
            return Ok(known);
        }
        if self.facts.assigned.contains(&view) {
            return Err(Refusal::new("makes views in its body"));
        }
        let scalar = is_scalar(e).ok_or_else(|| Refusal::new("has IR that is not well formed"))?;
        let local = self.input(Source::Uniform(Uniform::Length(view, axis), scalar), scalar);
        self.lengths.insert((view, axis), local);
        Ok(local)
    }

    fn boxed(&mut self, e: &'p Expr) -> Result<Box<Expr>, Refusal> {
        self.expr(e).map(Box::new)
    }

    fn list(&mut self, values: &'p [Expr]) -> Result<Vec<Expr>, Refusal> {
        values.iter().map(|value| self.expr(value)).collect()
    }

    fn option(&mut self, value: &'p Option<Box<Expr>>) -> Result<Option<Box<Expr>>, Refusal> {
        match value {
            Some(value) => self.boxed(value).map(Some),
            None => Ok(None),
        }
    }
}

fn has_views(e: &Expr) -> bool {
    let mut found = matches!(e.ty, Type::View(_));
    walk::parts(e, &mut |part| {
        if let walk::Part::Expr(inner) = part {
            found |= matches!(inner.ty, Type::View(_));
        }
    });
    found
}
