//! A strip program in the words of the loop report.

use std::collections::BTreeSet;

use brolga_abi::{ReductionReport, VectorCode};

use super::lower::strip_symbol;
use super::program::{Node, Operation, StripProgram, ValueType};
use super::shape::strip_report;

impl StripProgram {
    /// What the loop report says of it.
    pub(crate) fn report(&self) -> VectorCode {
        let mut widths: Vec<(u32, &str)> = Vec::new();
        let mut math = BTreeSet::new();
        let mut lane_by_lane = 0;
        for entry in &self.entries {
            if let ValueType::Lane(lane) = entry.ty {
                widths.push((lane.bits(), lane.name()));
            }
            match entry.operation {
                Operation::Math(..) | Operation::Math2(..) => {
                    math.insert(strip_symbol(entry.operation, entry.ty));
                }
                Operation::Lanewise(..) | Operation::Lanewise2(..) => lane_by_lane += 1,
                _ => {}
            }
        }
        widths.sort_unstable_by_key(|&(bits, name)| (std::cmp::Reverse(bits), name));
        widths.dedup();
        let mut lanes: Vec<(String, u32)> = widths
            .into_iter()
            .map(|(bits, name)| (name.to_owned(), 128 / bits))
            .collect();
        if lanes.first().is_none_or(|(_, count)| *count > self.lanes()) {
            // Masks alone are this wide.
            lanes.insert(0, (format!("i{}", self.widest()), self.lanes()));
        }
        let (mut loops, mut ways_out) = (0, 0);
        count(&self.body, &mut loops, &mut ways_out);
        VectorCode {
            lanes,
            elements: self.group(),
            strip: strip_report(self),
            math: math.into_iter().collect(),
            lane_by_lane,
            reductions: self
                .reductions
                .iter()
                .map(|reduction| ReductionReport {
                    operation: format!("{:?}", reduction.op).to_lowercase(),
                    ordered: reduction.ordered,
                })
                .collect(),
            loops,
            ways_out,
            operations: self.operations() as u32,
        }
    }
}

fn count(nodes: &[Node], loops: &mut u32, ways_out: &mut u32) {
    for node in nodes {
        match node {
            Node::Value(_) => {}
            Node::Bail(_) => *ways_out += 1,
            Node::Loop(inner) => {
                *loops += 1;
                count(&inner.body, loops, ways_out);
            }
        }
    }
}
