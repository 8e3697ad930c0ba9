//! wip
use crate::case::Case;
/// All
pub fn cases() -> Vec<Case> {
    Vec::new()
}
