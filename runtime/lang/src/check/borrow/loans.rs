//! How long loans last, and what is done against them. Invariant: a loan lasts at a step if
//! a variable that may carry it is live there, on a way from where it begins.

use std::collections::{HashMap, HashSet};

use crate::check::borrow::graph::{Access, Graph, Place, StepIndex, Var};
use crate::diagnostic::Span;

/// How many steps may be visited, of all variables and loans together.
const MAX_VISITS: usize = 10_000_000;

/// An access that a loan forbids.
#[derive(Debug)]
pub(super) struct Conflict {
    pub(super) loan: usize,
    pub(super) place: Place,
    pub(super) access: Access,
    pub(super) span: Span,
    /// Where the loan is used later, and whether that is in another iteration of a loop.
    pub(super) later: Option<(Span, bool)>,
}

/// All conflicts, one for each access, in the order of the steps; `None` when there is too
/// much to look at.
pub(super) fn conflicts(graph: &Graph) -> Option<Vec<Conflict>> {
    let mut visits = MAX_VISITS;
    let carriers: Vec<Vec<Var>> = graph
        .loans
        .iter()
        .map(|l| carriers(graph, l.holder))
        .collect();
    let mut uses: HashMap<Var, Vec<StepIndex>> = carriers
        .iter()
        .flatten()
        .map(|var| (*var, Vec::new()))
        .collect();
    let mut before: Vec<Vec<StepIndex>> = vec![Vec::new(); graph.steps.len()];
    for (n, step) in graph.steps.iter().enumerate() {
        for next in &step.next {
            before[*next].push(n);
        }
        for var in &step.uses {
            if let Some(list) = uses.get_mut(var) {
                list.push(n);
            }
        }
    }
    let mut found: Vec<(StepIndex, Conflict)> = Vec::new();
    // The last variable and the last loan that have marked a step.
    let mut live_of = vec![usize::MAX; graph.steps.len()];
    let mut region_of = vec![usize::MAX; graph.steps.len()];
    let mut seen_of = vec![usize::MAX; graph.steps.len()];
    let mut round = 0;
    for (n, loan) in graph.loans.iter().enumerate() {
        for var in &carriers[n] {
            round += 1;
            let mut left = uses.get(var).cloned().unwrap_or_default();
            for step in &left {
                (live_of[*step], region_of[*step]) = (round, n);
            }
            while let Some(step) = left.pop() {
                visits = visits.checked_sub(1)?;
                for before in &before[step] {
                    if graph.steps[*before].defines != Some(*var) && live_of[*before] != round {
                        (live_of[*before], region_of[*before]) = (round, n);
                        left.push(*before);
                    }
                }
            }
        }
        let mut left: Vec<StepIndex> = graph.steps[loan.step].next.clone();
        while let Some(at) = left.pop() {
            visits = visits.checked_sub(1)?;
            if seen_of[at] == n || region_of[at] != n {
                continue;
            }
            seen_of[at] = n;
            let step = &graph.steps[at];
            if let Some((place, access, span)) = &step.access
                && loan.kind.forbids(*access)
                && place.touches(&loan.place, matches!(access, Access::Write | Access::End))
            {
                found.push((
                    at,
                    Conflict {
                        loan: n,
                        place: place.clone(),
                        access: *access,
                        span: *span,
                        later: later(graph, at, &carriers[n], &mut visits)?,
                    },
                ));
                // A variable that ends takes its loans with it.
                if *access == Access::End {
                    continue;
                }
            }
            left.extend(&step.next);
        }
    }
    found.sort_by_key(|(step, conflict)| (*step, conflict.loan));
    // Two borrows that exclude each other are one error.
    let mut pairs = HashSet::new();
    found.retain(|(_, conflict)| {
        let (a, b) = (graph.loans[conflict.loan].span, conflict.span);
        pairs.insert((a.min(b), a.max(b)))
    });
    let mut told = HashSet::new();
    found.retain(|(step, conflict)| {
        let ends = (conflict.access == Access::End).then_some(conflict.loan);
        told.insert((conflict.span, ends))
            && (ends.is_some() || told.insert((conflict.span, Some(*step))))
    });
    Some(found.into_iter().map(|(_, conflict)| conflict).collect())
}

/// The variables that may carry what `holder` carries.
fn carriers(graph: &Graph, holder: Var) -> Vec<Var> {
    let mut list = vec![holder];
    let mut seen = HashSet::from([holder]);
    let mut at = 0;
    while let Some(var) = list.get(at) {
        for next in &graph.flows[*var] {
            if seen.insert(*next) {
                list.push(*next);
            }
        }
        at += 1;
    }
    list
}

/// The nearest place after `from` where one of the variables is used.
fn later(
    graph: &Graph,
    from: StepIndex,
    carriers: &[Var],
    visits: &mut usize,
) -> Option<Option<(Span, bool)>> {
    let mut seen = HashSet::new();
    let mut queue = std::collections::VecDeque::from(graph.steps[from].next.clone());
    while let Some(at) = queue.pop_front() {
        *visits = visits.checked_sub(1)?;
        if !seen.insert(at) {
            continue;
        }
        let step = &graph.steps[at];
        if step.uses.iter().any(|var| carriers.contains(var)) {
            return Some(Some((step.uses_at, at <= from)));
        }
        queue.extend(&step.next);
    }
    Some(None)
}
