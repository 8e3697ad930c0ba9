//! What of a program belongs to its text alone: the places and names of its loops, and the
//! names of what is looked at where it can fail. Not its meaning: the same object serves
//! programs whose tables differ.

use brolga_abi::LoopPlace;

use crate::ir::{
    AxisSlice, Expr, ExprKind, For, Function, LocalId, Program, SiteId, Statement, Step,
};
use crate::walk;

/// Every counted loop of a program with the number of its function, in the order of their
/// numbers in reports.
pub fn loops(program: &Program) -> Vec<(usize, &For)> {
    let mut found = Vec::new();
    for (number, function) in program.functions.iter().enumerate() {
        walk::each(&function.body, &mut |_| {}, &mut |e| {
            if let ExprKind::For(range) = &e.kind {
                found.push((number, &**range));
            }
        });
    }
    found
}

/// The places of [`loops`].
pub fn loop_places(program: &Program) -> Vec<LoopPlace> {
    let place = |(number, range): (usize, &For)| {
        let function = &program.functions[number];
        LoopPlace {
            variable: name(function, range.variable),
            place: function
                .loops
                .0
                .get(range.id.0 as usize)
                .cloned()
                .unwrap_or_default(),
        }
    };
    loops(program).into_iter().map(place).collect()
}

fn name(function: &Function, local: LocalId) -> String {
    let local = function.locals.get(local.0 as usize);
    local.map_or_else(String::new, |local| local.name.0.clone())
}

/// For each panic site the name of the variable whose bounds are looked at there; empty where
/// there is none, or it has no name.
pub fn subjects(program: &Program) -> Vec<String> {
    let mut subjects = vec![String::new(); program.sites.0.len()];
    for function in &program.functions {
        let found = std::cell::RefCell::new(Vec::new());
        walk::each(
            &function.body,
            &mut |statement| {
                let mut found = found.borrow_mut();
                match statement {
                    Statement::Store { view, site, .. } => found.push((*site, *view)),
                    Statement::Assign { local, path, .. } => {
                        found.extend(path.iter().filter_map(|step| match step {
                            Step::Index(_, site) => Some((*site, *local)),
                            Step::Member(_) => None,
                        }));
                    }
                    Statement::Expr(_) => {}
                }
            },
            &mut |e| found.borrow_mut().extend(looked_at(e)),
        );
        for (SiteId(site), local) in found.into_inner() {
            if let Some(subject) = subjects.get_mut(site as usize) {
                *subject = name(function, local);
            }
        }
    }
    subjects
}

/// The sites of an expression's own bounds checks, each with what is indexed.
fn looked_at(e: &Expr) -> Vec<(SiteId, LocalId)> {
    match &e.kind {
        ExprKind::Load { view, site, .. } => vec![(*site, *view)],
        ExprKind::Index { array, site, .. } => root(array)
            .map(|local| (*site, local))
            .into_iter()
            .collect(),
        ExprKind::Slice { view, axes } => {
            let Some(local) = root(view) else {
                return Vec::new();
            };
            let site = |axis: &AxisSlice| match axis {
                AxisSlice::All => None,
                AxisSlice::Index(_, site) | AxisSlice::Range { site, .. } => Some((*site, local)),
            };
            axes.iter().filter_map(site).collect()
        }
        _ => Vec::new(),
    }
}

/// The variable that a place is a part of.
fn root(e: &Expr) -> Option<LocalId> {
    match &e.kind {
        ExprKind::Local(local) => Some(*local),
        ExprKind::Member(inner, _) | ExprKind::Permute(inner, _) => root(inner),
        ExprKind::Index { array, .. } => root(array),
        ExprKind::Slice { view, .. } => root(view),
        _ => None,
    }
}
