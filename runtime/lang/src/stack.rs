//! A thread with a large stack for work that recurses over a kernel's text or tree. Not a
//! limit on nesting: that is the parser's ([`crate::MAX_DEPTH`]).
//!
//! Invariant: what the parser accepts fits, in a build without optimisation too, whatever
//! the stack of the calling thread.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The stack of the thread, in bytes; only what is touched takes memory.
const STACK_BYTES: usize = 256 << 20;

thread_local! {
    /// Whether this thread is one of these.
    static IS_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Runs the work of `worker` ("parser", "checker") on a thread of its own and waits for it; on
/// the calling thread where that is one already.
///
/// # Errors
/// A message, when the thread could not be started or the work panicked.
pub(crate) fn on_large_stack<T: Send>(
    worker: &str,
    work: impl FnOnce() -> T + Send,
) -> Result<T, String> {
    let failed = || {
        format!(
            "internal error: the {worker} failed on this text; \
             please report it with the text"
        )
    };
    if IS_LARGE.get() {
        crate::suggest::limit_this_thread();
        // What a failed worker leaves behind is not looked at.
        return catch_unwind(AssertUnwindSafe(work)).map_err(|_| failed());
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name(format!("brolga-{worker}"))
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || {
                IS_LARGE.set(true);
                crate::suggest::limit_this_thread();
                work()
            })
            .map_err(|error| format!("the {worker}'s thread could not be started: {error}"))?
            .join()
            .map_err(|_| failed())
    })
}

#[cfg(test)]
mod tests {
    use super::on_large_stack;

    #[test]
    fn a_panic_of_the_work_is_a_message() {
        assert_eq!(on_large_stack("parser", || 7), Ok(7));
        let thread = || std::thread::current().id();
        let inner = on_large_stack("parser", || {
            let inner = on_large_stack("checker", thread);
            let failed = on_large_stack("checker", || -> u8 { panic!("on purpose") });
            assert!(failed.is_err_and(|message| message.contains("the checker failed")));
            (inner, thread())
        });
        let (inner, outer) = inner.expect("no failure");
        assert_eq!(inner, Ok(outer), "one thread for both");
        let failed = on_large_stack("parser", || -> u8 { panic!("on purpose") });
        let message =
            "internal error: the parser failed on this text; please report it with the text";
        assert_eq!(failed, Err(message.to_owned()));
    }
}
