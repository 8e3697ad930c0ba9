//! What is noted for the loop report while an object is made: the code of each loop, and which
//! checks stand in it. No words for people beyond the sentences of [`crate::Object::report`].
//!
//! Invariant: the loop at hand is that whose body is being translated in the machine function
//! at hand; what belongs to no `for` belongs to the loop over elements.

use std::collections::{BTreeMap, HashMap};

use brolga_abi::{CheckReport, LoopCode, LoopKind, LoopReport};
use brolga_lang::ir::{For, LoopId, Program, SiteId};

use crate::vector::StripProgram;

/// What happened to a check.
#[derive(Clone, Copy)]
enum Fate {
    /// A check that is made each time.
    Kept(CheckReport),
    /// A bounds check that is made once before the loop, for all of its iterations.
    Before,
    /// A bounds check that is left out, because the index is known to be inside.
    NotNeeded,
}

/// The notes.
pub(crate) struct Loops {
    numbers: HashMap<(usize, LoopId), u32>,
    names: Vec<String>,
    main: (LoopKind, LoopCode),
    inner: BTreeMap<u32, (LoopKind, LoopCode, u32)>,
    /// The loops at hand, outermost first.
    open: Vec<Option<u32>>,
    checks: Vec<(Option<u32>, Fate)>,
}

/// A moment in the translation.
#[derive(Clone, Copy)]
pub(crate) struct Mark(usize);

impl Loops {
    pub(crate) fn new(program: &Program) -> Loops {
        let loops = brolga_lang::tables::loops(program);
        let numbers = (0..).zip(&loops);
        let numbers = numbers.map(|(number, (function, range))| ((*function, range.id), number));
        let places = brolga_lang::tables::loop_places(program);
        Loops {
            numbers: numbers.collect(),
            names: places.into_iter().map(|place| place.variable).collect(),
            main: (LoopKind::Elements, LoopCode::Scalar(String::new())),
            inner: BTreeMap::new(),
            open: Vec::new(),
            checks: Vec::new(),
        }
    }

    fn number(&self, function: usize, range: &For) -> Option<u32> {
        self.numbers.get(&(function, range.id)).copied()
    }

    /// The kernel has no loop over elements.
    pub(crate) fn once(&mut self) {
        self.main = (LoopKind::Once, LoopCode::Scalar(String::new()));
    }

    /// The code of the loop over elements.
    pub(crate) fn elements(&mut self, code: Result<&StripProgram, String>) {
        self.main = (LoopKind::Elements, code_of(code));
    }

    /// The code of a `for` of the function with this number; the first word on it holds.
    pub(crate) fn inner(
        &mut self,
        function: usize,
        range: &For,
        scalar_cost: u32,
        code: Result<&StripProgram, String>,
    ) {
        let Some(number) = self.number(function, range) else {
            return;
        };
        let kind = match range.parallel {
            Some(_) => LoopKind::Prange(number),
            None => LoopKind::For(number),
        };
        self.inner
            .entry(number)
            .or_insert_with(|| (kind, code_of(code), scalar_cost));
    }

    /// The body of a `for` begins.
    pub(crate) fn begin(&mut self, function: usize, range: &For) {
        let number = self.number(function, range);
        self.open.push(number);
    }

    /// The body of the last `for` that began ends.
    pub(crate) fn end(&mut self) {
        self.open.pop();
    }

    fn note(&mut self, fate: Fate) {
        let at_hand = self.open.last().copied().flatten();
        self.checks.push((at_hand, fate));
    }

    /// A bounds check stays.
    pub(crate) fn kept_bounds(&mut self, site: SiteId, axis: u64) {
        self.note(Fate::Kept(CheckReport {
            site: site.0,
            axis: u8::try_from(axis).ok(),
        }));
    }

    /// Another check stays.
    pub(crate) fn kept(&mut self, site: SiteId) {
        self.note(Fate::Kept(CheckReport {
            site: site.0,
            axis: None,
        }));
    }

    /// A bounds check is made before the loop at hand.
    pub(crate) fn before(&mut self) {
        self.note(Fate::Before);
    }

    /// A bounds check is not needed.
    pub(crate) fn not_needed(&mut self) {
        self.note(Fate::NotNeeded);
    }

    /// This moment, for [`Loops::forget`].
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.checks.len())
    }

    /// Forgets the checks since `mark`: those of a second copy of a loop, which runs where the
    /// first cannot.
    pub(crate) fn forget(&mut self, Mark(mark): Mark) {
        self.checks.truncate(mark);
    }

    /// The sentences, and the report.
    pub(crate) fn finish(self, cost: u32) -> (Vec<String>, Vec<LoopReport>) {
        let (kind, code) = self.main;
        let report = |kind, code, scalar_cost| LoopReport {
            kind,
            code,
            scalar_cost,
            kept: Vec::new(),
            before: 0,
            not_needed: 0,
        };
        let mut loops = vec![report(kind, code, cost)];
        let mut places = HashMap::new();
        for (number, (kind, code, scalar_cost)) in self.inner {
            places.insert(number, loops.len());
            loops.push(report(kind, code, scalar_cost));
        }
        for (number, fate) in self.checks {
            // Checks stand where code was made, and what has code has an entry.
            let place = number.and_then(|number| places.get(&number)).copied();
            let report = &mut loops[place.unwrap_or(0)];
            match fate {
                Fate::Kept(check) => report.kept.push(check),
                Fate::Before => report.before += 1,
                Fate::NotNeeded => report.not_needed += 1,
            }
        }
        (brolga_abi::sentences(&loops, &self.names), loops)
    }
}

fn code_of(code: Result<&StripProgram, String>) -> LoopCode {
    match code {
        Ok(strip) => LoopCode::Vector(strip.report()),
        Err(why) => LoopCode::Scalar(why),
    }
}
