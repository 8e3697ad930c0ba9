//! [`catch`]: runs a kernel and gives its panic as a value, printing nothing. Invariant:
//! panics outside of [`catch`], and those of other threads, reach the hook that was there.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

/// A panic of a kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Panic {
    /// Its message.
    pub message: String,
    /// The file that rustc names; ndarray's own for some of ndarray's panics.
    pub file: String,
    /// The line in it, from 1.
    pub line: u32,
}

impl std::fmt::Display for Panic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}:{}", self.message, self.file, self.line)
    }
}

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static CAUGHT: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

fn install_hook() {
    HOOK.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                return previous(info);
            }
            let location = info.location();
            let panic = Panic {
                message: info.payload_as_str().unwrap_or_default().to_string(),
                file: location.map_or_else(String::new, |l| l.file().to_string()),
                line: location.map_or(0, |l| l.line()),
            };
            CAUGHT.with_borrow_mut(|caught| *caught = Some(panic));
        }));
    });
}

/// The result of `body`, or its panic. Does not nest.
///
/// # Errors
/// The panic, if `body` panics.
pub fn catch<R>(body: impl FnOnce() -> R) -> Result<R, Panic> {
    install_hook();
    CATCHING.set(true);
    // What `body` may leave half written are the operands, which the caller knows.
    let result = catch_unwind(AssertUnwindSafe(body));
    CATCHING.set(false);
    result.map_err(|_| {
        CAUGHT
            .take()
            .expect("the hook has seen the panic before the unwinding")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_value() {
        let zero = std::hint::black_box(0);
        let panic = catch(|| 1 / zero).unwrap_err();
        assert_eq!(panic.message, "attempt to divide by zero");
        assert!(panic.file.ends_with("panic.rs"), "{panic}");
        assert_eq!(catch(|| 5), Ok(5));
    }
}
