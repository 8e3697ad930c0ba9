//! Reads the assembly text of a compiled kernel: functions, blocks, the loops that hold no other
//! loop, and what stands in them. Labels are numbered anew and stack offsets left out, so that
//! the text of a loop depends on the loop alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The instructions between two labels.
#[derive(Default)]
struct Block {
    lines: Vec<String>,
    /// Where it goes on: blocks that only jump are skipped.
    next: Vec<usize>,
}

/// A loop that holds no other loop.
pub struct Loop {
    /// Its text.
    pub text: String,
    /// Instructions, those of the kinds below included.
    pub instructions: usize,
    /// Instructions with a vector register.
    pub vector: usize,
    pub calls: usize,
    /// Jumps that the machine meets: one on the way back to the start, and any others.
    pub branches: usize,
    /// Accesses to the stack.
    pub stack: usize,
    /// How much the register of the loop's own condition goes on by in a turn, where that shows.
    pub step: Option<usize>,
}

/// The innermost loops of the functions whose name `wanted` takes, in order.
pub fn innermost(assembly: &str, wanted: impl Fn(&str) -> bool) -> Vec<Loop> {
    let mut found = Vec::new();
    for function in format!("\n{assembly}").split("\n; ") {
        if let Some((name, body)) = function.split_once('\n')
            && wanted(name)
        {
            let blocks = blocks(body);
            let all: BTreeSet<usize> = blocks.keys().copied().collect();
            let mut loops = Vec::new();
            cycles(&blocks, &all, None, &mut loops);
            loops.sort();
            found.extend(loops.iter().map(|members| show(&blocks, members)));
        }
    }
    found
}

/// The number of the label after `word` at the start of a line.
fn label(line: &str) -> Option<usize> {
    let (_, rest) = line.split_once("label")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The blocks by their number; those that only jump are gone.
fn blocks(body: &str) -> BTreeMap<usize, Block> {
    let mut blocks: BTreeMap<usize, Block> = BTreeMap::new();
    let mut at = None;
    for line in body.lines() {
        let line = line.trim();
        if let Some(number) = line.strip_prefix("block") {
            at = number.trim_end_matches(':').parse().ok();
            blocks
                .entry(at.expect("the number of a block"))
                .or_default();
        } else if let Some(block) = at.and_then(|at| blocks.get_mut(&at)) {
            // `uninit` is a note to the register allocator, and no code.
            if !line.is_empty() && !line.starts_with("uninit") {
                block
                    .lines
                    .push(line.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    let jumps: BTreeMap<usize, usize> = blocks
        .iter()
        .filter(|(_, block)| block.lines.len() == 1 && block.lines[0].starts_with("jmp label"))
        .filter_map(|(&k, block)| Some((k, label(&block.lines[0])?)))
        .collect();
    let end = |mut k: usize| {
        while let Some(&next) = jumps.get(&k) {
            k = next;
        }
        k
    };
    blocks.retain(|k, _| !jumps.contains_key(k));
    for block in blocks.values_mut() {
        let Some(last) = block.lines.last_mut().filter(|line| line.starts_with('j')) else {
            continue;
        };
        block.next = last.split("; ").filter_map(label).map(end).collect();
        let word = last.split(' ').next().unwrap_or_default().to_owned();
        let targets: Vec<String> = block.next.iter().map(|k| format!("label{k}")).collect();
        *last = format!("{word} {}", targets.join(" else "));
    }
    blocks
}

/// The sets of blocks among `within` that lead to each other, leaving out the ways back to
/// `header`; of those that have such sets in turn, only these.
fn cycles(
    blocks: &BTreeMap<usize, Block>,
    within: &BTreeSet<usize>,
    header: Option<usize>,
    found: &mut Vec<Vec<usize>>,
) {
    let from = |start: usize| {
        let mut seen = BTreeSet::new();
        let mut rest = vec![start];
        while let Some(k) = rest.pop() {
            for &next in &blocks[&k].next {
                if within.contains(&next) && Some(next) != header && seen.insert(next) {
                    rest.push(next);
                }
            }
        }
        seen
    };
    let reach: BTreeMap<usize, BTreeSet<usize>> = within.iter().map(|&k| (k, from(k))).collect();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    for &k in within {
        if !reach[&k].contains(&k) || done.contains(&k) {
            continue;
        }
        let members: BTreeSet<usize> = reach[&k]
            .iter()
            .copied()
            .filter(|other| reach[other].contains(&k))
            .collect();
        done.extend(&members);
        let enters = |to: &&usize| {
            blocks
                .iter()
                .any(|(from, block)| !members.contains(from) && block.next.contains(to))
        };
        // Where nothing does, the function begins with it.
        let first = members.iter().find(enters).copied().unwrap_or(k);
        let before = found.len();
        cycles(blocks, &members, Some(first), found);
        if found.len() == before {
            found.push(members.into_iter().collect());
        }
    }
}

/// The text of a loop and its counts.
fn show(blocks: &BTreeMap<usize, Block>, members: &[usize]) -> Loop {
    let order: Vec<usize> = blocks.keys().copied().collect();
    let following = |k: usize| order.iter().copied().find(|&other| other > k);
    let mut shown = Loop {
        text: String::new(),
        instructions: 0,
        vector: 0,
        calls: 0,
        branches: 0,
        stack: 0,
        step: None,
    };
    for (number, k) in members.iter().enumerate() {
        let block = &blocks[k];
        let _ = writeln!(shown.text, "{number}:");
        for line in &block.lines {
            if line.starts_with('j') && !block.next.is_empty() {
                let word = line.split(' ').next().unwrap_or_default();
                let far = block
                    .next
                    .iter()
                    .filter(|&&to| Some(to) != following(*k))
                    .count();
                shown.branches += far;
                shown.instructions += far;
                let targets = block.next.iter().map(|to| {
                    match members.iter().position(|member| member == to) {
                        Some(number) => number.to_string(),
                        None => "out".to_owned(),
                    }
                });
                let targets = targets.collect::<Vec<_>>().join(" else ");
                let _ = writeln!(shown.text, "  {word} {targets}");
                continue;
            }
            shown.instructions += 1;
            shown.vector += usize::from(line.contains("%xmm"));
            shown.calls += usize::from(line.starts_with("call"));
            shown.stack += usize::from(line.contains("%rsp") || line.contains("%rbp"));
            let _ = writeln!(shown.text, "  {}", without_offsets(line));
        }
    }
    let lines = || members.iter().flat_map(|k| &blocks[k].lines);
    shown.step = lines()
        .rfind(|line| line.starts_with("cmp"))
        .and_then(|line| line.rsplit(' ').next())
        .and_then(|counter| lines().find_map(|line| step(line, counter)));
    shown
}

/// By how much a line moves a register on or back.
fn step(line: &str, register: &str) -> Option<usize> {
    let amount = line
        .strip_prefix("leaq ")?
        .strip_suffix(&format!("({register}), {register}"))?
        .trim_start_matches('-');
    match amount.strip_prefix("0x") {
        Some(digits) => usize::from_str_radix(digits, 16).ok(),
        None => amount.parse().ok(),
    }
}

/// The line with every offset from the stack pointer left out.
fn without_offsets(line: &str) -> String {
    let words = line.split(' ').map(|word| match word.find("(%rsp") {
        Some(at) => format!("slot{}", &word[at..]),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}
