//! Threads with large stacks for work that recurses over a kernel's text or tree. Not a
//! limit on nesting: that is the parser's ([`crate::MAX_DEPTH`]).
//!
//! A few of them are kept for the next work: to start a thread, to map its stack and to touch
//! new memory takes longer than to parse a small kernel. They leave when nothing comes.
//!
//! Invariants: what the parser accepts fits, in a build without optimisation too, whatever
//! the stack of the calling thread. A thread holds nothing of the work before. None is kept in
//! a compiler that runs a procedural macro, whose library may be unloaded; nor after a fork,
//! which copies no threads.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, TryLockError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The stack of a thread, in bytes; only what is touched takes memory.
const STACK_BYTES: usize = 256 << 20;

/// How many threads without work are kept.
const KEPT: usize = 4;

/// How long a thread waits for work before it leaves.
const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    /// Whether this thread is one of these.
    static IS_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// The threads that wait for work.
static IDLE: Mutex<Vec<Worker>> = Mutex::new(Vec::new());

type Job = Box<dyn FnOnce() + Send>;

/// A thread that waits for work. It leaves when this is dropped.
struct Worker {
    jobs: SyncSender<Job>,
    thread: JoinHandle<()>,
    /// The process that has the thread.
    process: u32,
}

impl Worker {
    fn start() -> Result<Worker, String> {
        let (jobs, receiver) = sync_channel::<Job>(1);
        let thread = std::thread::Builder::new()
            .name("brolga-compiler".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || serve(&receiver))
            .map_err(|error| format!("the compiler's thread could not be started: {error}"))?;
        Ok(Worker {
            jobs,
            thread,
            process: std::process::id(),
        })
    }

    /// Hands the work to a thread that waits, or to a new one.
    fn give(mut job: Job) -> Result<Worker, String> {
        while let Some(worker) = idle(Vec::pop).flatten() {
            if worker.process != std::process::id() {
                // Its thread is in the process that forked, perhaps inside of the channel.
                std::mem::forget(worker);
                continue;
            }
            match worker.jobs.send(job) {
                Ok(()) => return Ok(worker),
                // Its thread has failed.
                Err(refused) => job = refused.0,
            }
        }
        let worker = Worker::start()?;
        let sent = worker.jobs.send(job);
        sent.map_err(|_| "the compiler's thread ended early".to_owned())?;
        Ok(worker)
    }

    /// Keeps a thread that has done its work. Inside a procedural macro it ends at once.
    fn keep(self) {
        if proc_macro::is_available() {
            drop(self.jobs);
            // It has done its work: how it ends does not matter.
            let _ = self.thread.join();
            return;
        }
        idle(|idle| {
            if idle.len() < KEPT {
                idle.push(self);
            }
        });
    }
}

/// Looks at the threads without work; not where another thread does right now (of a process
/// that forked it may do so for ever).
fn idle<T>(look: impl FnOnce(&mut Vec<Worker>) -> T) -> Option<T> {
    match IDLE.try_lock() {
        Ok(mut idle) => Some(look(&mut idle)),
        Err(TryLockError::Poisoned(idle)) => Some(look(&mut idle.into_inner())),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// What a thread does.
fn serve(jobs: &Receiver<Job>) {
    IS_LARGE.set(true);
    let mut next = jobs.recv().ok();
    while let Some(job) = next {
        crate::suggest::limit_this_thread();
        job();
        next = wait(jobs);
        // Not before there is other work: a macro's thread has only one, and must not forget.
        if next.is_some() {
            proc_macro2::extra::invalidate_current_thread_spans();
        }
    }
}

/// The next work of this thread. It only leaves by itself when it takes itself off the list:
/// whoever has taken it from there may count on it.
fn wait(jobs: &Receiver<Job>) -> Option<Job> {
    let this = std::thread::current().id();
    loop {
        match jobs.recv_timeout(PATIENCE) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let own = |worker: &Worker| worker.thread.thread().id() == this;
        let taken = idle(|idle| idle.iter().position(own).map(|at| idle.swap_remove(at)));
        if taken.flatten().is_some() {
            return None;
        }
    }
}

/// Work that another thread does.
pub struct Beside<T> {
    worker: Worker,
    result: Receiver<std::thread::Result<T>>,
}

impl<T> Beside<T> {
    /// Waits until the work is done.
    ///
    /// # Errors
    /// What it panicked with.
    pub fn wait(self) -> std::thread::Result<T> {
        match self.result.recv() {
            Ok(result) => {
                self.worker.keep();
                result
            }
            Err(ended) => Err(Box::new(ended.to_string())),
        }
    }
}

/// Begins the work on a thread with a large stack, beside the caller.
///
/// # Errors
/// A message, when no thread could be started.
pub fn beside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Beside<T>, String> {
    let (done, result) = sync_channel(1);
    let job = Box::new(move || {
        // What failed work leaves behind is not looked at.
        let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
    });
    let worker = Worker::give(job)?;
    Ok(Beside { worker, result })
}

/// Runs the work of `worker` ("parser", "checker") on a thread with a large stack and waits for
/// it; on the calling thread where that is one already.
///
/// # Errors
/// A message, when the thread could not be started or the work panicked.
pub(crate) fn on_large_stack<T: Send + 'static>(
    worker: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    if IS_LARGE.get() {
        return here(worker, work);
    }
    beside(work)?.wait().map_err(|_| failed(worker))
}

/// Runs the work of `worker` on the calling thread, which has a large stack.
///
/// # Errors
/// A message, when the work panicked.
pub(crate) fn here<T>(worker: &str, work: impl FnOnce() -> T) -> Result<T, String> {
    debug_assert!(IS_LARGE.get(), "called from a thread with any stack");
    crate::suggest::limit_this_thread();
    // What a failed worker leaves behind is not looked at.
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| failed(worker))
}

fn failed(worker: &str) -> String {
    format!(
        "internal error: the {worker} failed on this text; \
         please report it with the text"
    )
}

#[cfg(test)]
mod tests {
    use super::{beside, here, on_large_stack};

    #[test]
    fn a_panic_of_the_work_is_a_message() {
        assert_eq!(on_large_stack("parser", || 7), Ok(7));
        let thread = || std::thread::current().id();
        let inner = on_large_stack("parser", move || {
            let inner = on_large_stack("checker", thread);
            let failed = here("checker", || -> u8 { panic!("on purpose") });
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

    #[test]
    fn works_beside_each_other_have_threads_of_their_own() {
        let (first, second) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        // Each waits for what the other sends: on one thread that would never end.
        let one = beside(move || {
            second.0.send(1).expect("the other waits");
            first.1.recv().expect("the other sends")
        });
        let other = beside(move || {
            let got = second.1.recv().expect("the other sends");
            first.0.send(2).expect("the other waits");
            got
        });
        let (one, other) = (one.expect("a thread"), other.expect("a thread"));
        assert_eq!(one.wait().expect("no panic"), 2);
        assert_eq!(other.wait().expect("no panic"), 1);
    }

    #[test]
    fn many_callers_get_their_own_results() {
        std::thread::scope(|scope| {
            for caller in 0..16_u32 {
                scope.spawn(move || {
                    for turn in 0..20 {
                        let number = caller * 100 + turn;
                        assert_eq!(on_large_stack("parser", move || number), Ok(number));
                    }
                });
            }
        });
    }
}
