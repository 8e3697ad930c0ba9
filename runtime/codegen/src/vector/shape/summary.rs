//! What the report says of strips. No code in it.

use brolga_abi::StripReport;

use super::super::program::StripProgram;
use super::by_strips;
use super::stages::Plan;

/// How a program goes by strips; `None` where it goes straight through its operands. A single
/// call of a strip function is one stage.
pub(in crate::vector) fn strip_report(strip: &StripProgram) -> Option<StripReport> {
    if !by_strips(strip) {
        return None;
    }
    let plan = Plan::new(strip);
    Some(StripReport {
        length: plan.strip,
        stages: plan.stages.len() as u32,
    })
}
