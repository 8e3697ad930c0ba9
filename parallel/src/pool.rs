//! A pool: a number of threads, and rayon's workers once they are needed. Not rayon's
//! global pool, which is never touched.
//!
//! Invariants: no thread is started before the first work that is worth one; workers are
//! never used in a process that did not start them; a call from inside a worker never
//! waits for that worker.

use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::cpus::available_threads;
use crate::error::{Error, ErrorKind};
use crate::first_error::FirstError;
use crate::split::{Chunk, Split};

/// A pool has at most this many threads.
pub const MAX_THREADS: usize = 4096;

/// The stack of a worker, in bytes: what Linux gives the main thread, so that a recursive
/// kernel goes about as deep on a worker as on the caller. Only touched pages take memory.
const WORKER_STACK: usize = 8 << 20;

/// Rayon's workers and the process that they belong to.
struct Workers {
    pid: u32,
    pool: ThreadPool,
}

/// A set of worker threads of a fixed size, started when first needed.
///
/// Calls may come from any number of threads at once, and from inside the pool's own
/// workers. After a `fork` the child's first call starts workers of its own. Where the
/// system refuses to start threads, the work runs on the calling thread, and
/// [`Pool::start_failures`] counts it.
pub struct Pool {
    threads: usize,
    /// Null until the first start. Replaced only in the child of a fork, where no other
    /// thread can hold the old workers; these are leaked, because dropping them would
    /// signal threads that do not exist there.
    workers: AtomicPtr<Workers>,
    start_failures: AtomicU64,
}

/// Options for a [`Pool`].
#[derive(Clone, Copy, Debug, Default)]
pub struct PoolBuilder {
    threads: Option<usize>,
}

impl PoolBuilder {
    /// The number of threads that run at the same time; 1 means the calling thread alone.
    /// The default is [`available_threads`].
    pub fn threads(mut self, threads: usize) -> PoolBuilder {
        self.threads = Some(threads);
        self
    }

    /// Makes the pool; starts no thread.
    ///
    /// # Errors
    /// [`ErrorKind::ThreadCount`] if the number of threads is 0 or above [`MAX_THREADS`].
    pub fn build(self) -> Result<Pool, Error> {
        let threads = match self.threads {
            None => available_threads(),
            Some(threads) if (1..=MAX_THREADS).contains(&threads) => threads,
            Some(threads) => {
                return Err(Error::new(
                    ErrorKind::ThreadCount,
                    format!("a pool of {threads} threads; expected 1 to {MAX_THREADS}"),
                ));
            }
        };
        Ok(Pool::with_threads(threads))
    }
}

impl Pool {
    fn with_threads(threads: usize) -> Pool {
        Pool {
            threads,
            workers: AtomicPtr::new(ptr::null_mut()),
            start_failures: AtomicU64::new(0),
        }
    }

    /// Options for a new pool.
    pub fn builder() -> PoolBuilder {
        PoolBuilder::default()
    }

    /// The pool of whoever names none: [`available_threads`] threads, counted at the first
    /// use.
    pub fn global() -> &'static Pool {
        static GLOBAL: OnceLock<Pool> = OnceLock::new();
        GLOBAL.get().unwrap_or_else(|| {
            // Counted outside of the lock, so that a fork hardly ever finds it held.
            let pool = Pool::with_threads(available_threads());
            GLOBAL.get_or_init(|| pool)
        })
    }

    /// The number of threads that run work at the same time.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Whether this process has started the pool's workers.
    pub fn is_started(&self) -> bool {
        self.current(std::process::id()).is_some()
    }

    /// How often the system refused to start the workers, so that the work ran on the
    /// calling thread.
    pub fn start_failures(&self) -> u64 {
        self.start_failures.load(Ordering::Relaxed)
    }

    /// The workers, if the process `pid` started them.
    fn current(&self, pid: u32) -> Option<&Workers> {
        // SAFETY: the pointer is null or came from `Box::into_raw` in `started`, and is
        // freed only by `drop`, which has the pool for itself.
        let workers = unsafe { self.workers.load(Ordering::Acquire).as_ref() };
        workers.filter(|workers| workers.pid == pid)
    }

    /// The running workers, started if need be; `None` if the system refuses threads.
    pub(crate) fn started(&self) -> Option<&ThreadPool> {
        let pid = std::process::id();
        if let Some(workers) = self.current(pid) {
            return Some(&workers.pool);
        }
        let built = ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .thread_name(|k| format!("brolga-{k}"))
            .stack_size(WORKER_STACK)
            .build();
        let Ok(pool) = built else {
            self.start_failures.fetch_add(1, Ordering::Relaxed);
            return None;
        };
        // Compare and exchange, not a lock: a lock that another thread holds at the moment
        // of a fork stays locked in the child for ever. Two threads that both find no
        // workers both start some, and the loser's go away again.
        let new = Box::into_raw(Box::new(Workers { pid, pool }));
        let mut seen = self.workers.load(Ordering::Acquire);
        loop {
            // SAFETY: as in `current`.
            if let Some(winner) = unsafe { seen.as_ref() }
                && winner.pid == pid
            {
                // SAFETY: `new` came from `Box::into_raw` above and was never published.
                drop(unsafe { Box::from_raw(new) });
                return Some(&winner.pool);
            }
            match self
                .workers
                .compare_exchange(seen, new, Ordering::AcqRel, Ordering::Acquire)
            {
                // SAFETY: published and freed only by `drop`, as in `current`.
                Ok(_) => return Some(unsafe { &(*new).pool }),
                Err(found) => seen = found,
            }
        }
    }

    /// Runs `f` over the chunks of `0..n`, cut so that each is worth a task. Every item
    /// costs about `cost_per_item` simple operations (0 counts as 1). Little work is one
    /// chunk on the calling thread; nothing at all happens when `n` is 0.
    ///
    /// # Errors
    /// The error of the lowest failing chunk. On a failure only chunks that begin above
    /// the lowest failing one are skipped.
    ///
    /// # Panics
    /// If `f` panics, with the same panic.
    pub fn for_chunks<E: Send>(
        &self,
        n: u64,
        cost_per_item: u64,
        f: &(dyn Fn(Chunk) -> Result<(), E> + Sync),
    ) -> Result<(), E> {
        if n == 0 {
            return Ok(());
        }
        let whole = Chunk { begin: 0, end: n };
        let split = Split::new(n, cost_per_item, self.threads);
        if split.tasks() == 1 {
            return f(whole);
        }
        let Some(pool) = self.started() else {
            return f(whole);
        };
        let first_error = FirstError::new();
        pool.install(|| run_tasks(&split, 0, split.tasks(), f, &first_error));
        first_error.into_result()
    }
}

/// Runs the tasks `low..high` on the current pool, the lower half first on this worker.
fn run_tasks<E: Send>(
    split: &Split,
    low: u64,
    high: u64,
    f: &(dyn Fn(Chunk) -> Result<(), E> + Sync),
    first_error: &FirstError<E>,
) {
    if high - low == 1 {
        let chunk = split.chunk(low);
        if first_error.admits(chunk.begin)
            && let Err(error) = f(chunk)
        {
            first_error.record(chunk.begin, error);
        }
        return;
    }
    let middle = low + (high - low) / 2;
    rayon::join(
        || run_tasks(split, low, middle, f, first_error),
        || run_tasks(split, middle, high, f, first_error),
    );
}

impl Drop for Pool {
    fn drop(&mut self) {
        if self.is_started() {
            // SAFETY: not null, made by `Box::into_raw`, and this is the only owner.
            drop(unsafe { Box::from_raw(*self.workers.get_mut()) });
        }
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("threads", &self.threads)
            .field("started", &self.is_started())
            .finish_non_exhaustive()
    }
}
