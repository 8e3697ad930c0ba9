//! The first error by index, whatever the order in time. Not a way to stop work that is
//! already running: pieces ask before they begin.
//!
//! Invariant: a piece is turned away only when a piece that begins below it has failed, so
//! the recorded error is the one that running the pieces in order would have met first.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) struct FirstError<E> {
    /// Where the lowest failed piece begins; `u64::MAX` while none has failed.
    lowest: AtomicU64,
    found: Mutex<Option<(u64, E)>>,
}

impl<E> FirstError<E> {
    pub(crate) fn new() -> FirstError<E> {
        FirstError {
            lowest: AtomicU64::new(u64::MAX),
            found: Mutex::new(None),
        }
    }

    /// Whether the piece that begins at `begin` must still run.
    pub(crate) fn admits(&self, begin: u64) -> bool {
        // A stale value only admits a piece that could have been skipped.
        begin <= self.lowest.load(Ordering::Relaxed)
    }

    /// Records that the piece which begins at `begin` has failed.
    pub(crate) fn record(&self, begin: u64, error: E) {
        let mut found = self.found.lock().unwrap_or_else(|e| e.into_inner());
        if found.as_ref().is_none_or(|(lowest, _)| begin < *lowest) {
            *found = Some((begin, error));
            self.lowest.fetch_min(begin, Ordering::Relaxed);
        }
    }

    /// The error of the lowest failed piece.
    pub(crate) fn into_result(self) -> Result<(), E> {
        let found = self.found.into_inner().unwrap_or_else(|e| e.into_inner());
        found.map_or(Ok(()), |(_, error)| Err(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_error_stays_and_only_what_lies_above_is_turned_away() {
        let first = FirstError::new();
        assert!(first.admits(u64::MAX));
        first.record(20, "twenty");
        first.record(30, "thirty");
        assert!(first.admits(19) && first.admits(20) && !first.admits(21));
        first.record(10, "ten");
        assert!(!first.admits(20));
        assert_eq!(first.into_result(), Err("ten"));
        assert_eq!(FirstError::<()>::new().into_result(), Ok(()));
    }
}
