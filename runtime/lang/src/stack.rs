//! A thread with a large stack for work that recurses over a kernel's text or tree. Not a
//! limit on nesting: that is the parser's ([`crate::MAX_DEPTH`]).
//!
//! Invariant: what the parser accepts fits, in a build without optimisation too, whatever
//! the stack of the calling thread.

/// The stack of the thread, in bytes; only what is touched takes memory.
const STACK_BYTES: usize = 256 << 20;

/// Runs the work of `worker` ("parser", "checker") on a thread of its own and waits for it.
///
/// # Errors
/// A message, when the thread could not be started or the work panicked.
pub(crate) fn on_large_stack<T: Send>(
    worker: &str,
    work: impl FnOnce() -> T + Send,
) -> Result<T, String> {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name(format!("brolga-{worker}"))
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || {
                crate::suggest::limit_this_thread();
                work()
            })
            .map_err(|error| format!("the {worker}'s thread could not be started: {error}"))?
            .join()
            .map_err(|_| {
                format!(
                    "internal error: the {worker} failed on this text; \
                     please report it with the text"
                )
            })
    })
}

#[cfg(test)]
mod tests {
    use super::on_large_stack;

    #[test]
    fn a_panic_of_the_work_is_a_message() {
        assert_eq!(on_large_stack("parser", || 7), Ok(7));
        let failed = on_large_stack("parser", || -> u8 { panic!("on purpose") });
        let message =
            "internal error: the parser failed on this text; please report it with the text";
        assert_eq!(failed, Err(message.to_owned()));
    }
}
