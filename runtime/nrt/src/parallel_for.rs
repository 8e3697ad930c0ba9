//! `nrt_parallel_for`: how compiled `prange` loops run on a pool. Not where work is cut:
//! that is `brolga-parallel`.
//!
//! How a call goes:
//!
//! 1. The declared reductions are checked; a wrong declaration is `Status::ShimPanic`.
//! 2. A loop without reductions is cut by cost, and one with reductions into the leaves of
//!    the fixed tree, which depend on `n` alone. Without a pool, or for little work, the
//!    same leaves run in order on the calling thread.
//! 3. Each piece runs the body with a context of its own and, if it is a leaf, a block of
//!    partials of its own. Blocks are joined in the order of the tree.
//! 4. The results, or the error of the lowest failing piece, go back to the caller.
//!
//! Invariant: results and errors do not depend on the pool or its threads, and no panic
//! passes this function.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};

use brolga_abi::{DType, KernelContext, KernelError, ParallelBody, ReductionDecl, Status};
use brolga_parallel::{Chunk, Leaf, Pool, Tree};

use crate::join::{Join, JoinParts, join, join_parts, op_from_code};
use crate::stack::{stack_limit, thread_mark};
use crate::table::{Definition, definition};

/// A loop may have at most this many reduction variables.
pub const MAX_REDUCTIONS: usize = 64;

/// Partials that fit in this many words stand on the stack.
const STACK_WORDS: usize = 256;

/// The symbols of this file.
pub(crate) static CONTROL: &[Definition] = &[definition!(nrt_parallel_for: fn(
    *mut KernelContext,
    ParallelBody,
    *const u8,
    u64,
    u64,
    *const ReductionDecl,
    u64,
    *mut u8
) -> u32)];

/// Runs the iterations `0..n` of a `prange` loop on the context's pool, or on the calling
/// thread if it has none, and writes the reductions' results. Returns a [`Status`] code.
///
/// * `cost`: of one iteration, in simple operations.
/// * `reductions`, `count`: at most [`MAX_REDUCTIONS`], each with an offset of its own.
/// * `results`: `8 * count` bytes, laid out like the partials; written only on success.
///   With no iterations it gets the neutral elements.
///
/// If pieces of the loop fail, the status and the error (copied into `ctx.error`) are those
/// of the lowest iteration that fails. `ShimPanic`, with a zeroed error, is returned for
/// more than [`MAX_REDUCTIONS`] reductions, an unknown operation or type, an operation that
/// its type does not have, an offset that is not a multiple of 8 below `8 * count` or that
/// is used twice, a complex variable without both of its declarations, and for a panic in this package; `OutOfMemory` if there is no memory for
/// the partials; `Cancelled` if the flag is found set before a piece begins.
///
/// The contexts that the body gets are copies of `ctx`; on other
/// threads than the caller's the stack limit is that thread's own.
///
/// # Safety
/// `ctx` must be valid and used by no other thread, its `pool` null or a [`Pool`], its
/// `cancel` null or an `AtomicU32`. `reductions` must point to `count` declarations and
/// `results` to `8 * count` writable bytes (either may be anything if `count` is 0). `body`
/// must be callable with `env` for any part of `0..n` from any thread, for several parts
/// at the same time, must store no more than its declared partials, and must not unwind.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nrt_parallel_for(
    ctx: *mut KernelContext,
    body: ParallelBody,
    env: *const u8,
    n: u64,
    cost: u64,
    reductions: *const ReductionDecl,
    count: u64,
    results: *mut u8,
) -> u32 {
    let run = || {
        // SAFETY: promised by the caller; nothing else uses the context meanwhile.
        let parent = unsafe { &*ctx };
        // SAFETY: `reductions` points to `count` declarations.
        let reductions = unsafe { Reductions::read(reductions, count) }.ok_or(Failure::SHIM)?;
        let job = Job::new(parent, body, env);
        // SAFETY: promised by the caller: null or a pool that outlives the call.
        let pool = unsafe { parent.pool.cast::<Pool>().as_ref() };
        if reductions.is_empty() {
            return job.for_each(pool, n, cost);
        }
        // SAFETY: `results` has room for as many words as there are reductions.
        unsafe { job.reduce(pool, n, cost, &reductions, results) }
    };
    let failure = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => return Status::Ok as u32,
        Ok(Err(failure)) => failure,
        Err(payload) => {
            // Dropping a payload could panic again.
            std::mem::forget(payload);
            Failure::SHIM
        }
    };
    // SAFETY: the context is valid, and every piece of the loop has ended.
    unsafe { (*ctx).error = failure.error };
    failure.status
}

/// Why a piece, or the whole call, failed.
#[derive(Clone, Copy)]
struct Failure {
    status: u32,
    error: KernelError,
}

impl Failure {
    const SHIM: Failure = Failure::plain(Status::ShimPanic);

    const fn plain(status: Status) -> Failure {
        Failure {
            status: status as u32,
            error: KernelError {
                site: 0,
                reserved: 0,
                element: 0,
                payload: [0; 4],
            },
        }
    }
}

/// What every piece of the loop shares.
struct Job {
    body: ParallelBody,
    env: *const u8,
    first_index: u64,
    cancel: *const u32,
    globals: *const *const u8,
    pool: *const c_void,
    /// The limit of the calling thread's stack, as its caller set it.
    stack_limit: usize,
    caller: usize,
}

// SAFETY: the pointers are only handed on to the body, which the caller of
// `nrt_parallel_for` promises may run on any thread, and read as an atomic (`cancel`).
unsafe impl Sync for Job {}

impl Job {
    fn new(parent: &KernelContext, body: ParallelBody, env: *const u8) -> Job {
        let KernelContext {
            error: _,
            first_index,
            stack_limit,
            cancel,
            globals,
            pool,
        } = *parent;
        Job {
            body,
            env,
            first_index,
            cancel,
            globals,
            pool,
            stack_limit,
            caller: thread_mark(),
        }
    }

    /// A loop without reductions.
    fn for_each(&self, pool: Option<&Pool>, n: u64, cost: u64) -> Result<(), Failure> {
        let piece = |chunk: Chunk| {
            // SAFETY: without reductions the body stores no partials.
            unsafe { self.run(chunk, std::ptr::null_mut()) }
        };
        match pool {
            Some(pool) => pool.for_chunks(n, cost, &piece),
            None if n == 0 => Ok(()),
            None => piece(Chunk { begin: 0, end: n }),
        }
    }

    /// A loop with reductions.
    ///
    /// # Safety
    /// `results` must have room for `reductions.len()` words.
    unsafe fn reduce(
        &self,
        pool: Option<&Pool>,
        n: u64,
        cost: u64,
        reductions: &Reductions,
        results: *mut u8,
    ) -> Result<(), Failure> {
        let width = reductions.len();
        let words = width * Tree::new(n).leaves() as usize;
        let mut on_stack = [0; STACK_WORDS];
        let mut on_heap = Vec::new();
        let words: &mut [u64] = if words <= STACK_WORDS {
            &mut on_stack[..words]
        } else {
            on_heap
                .try_reserve_exact(words)
                .map_err(|_| Failure::plain(Status::OutOfMemory))?;
            on_heap.resize(words, 0);
            &mut on_heap
        };
        let blocks = Blocks {
            words: words.as_mut_ptr(),
            width,
        };
        // A partial result is the number of a leaf whose block holds it. Whoever has the
        // number has the block for himself: leaves are handed out once, and a join gives
        // up one of its two.
        let leaf = |leaf: Leaf| {
            // SAFETY: the leaf's own block has room for all partials.
            unsafe { self.run(leaf.items, blocks.block(leaf.index).cast()) }.map(|()| leaf.index)
        };
        let join = |left: u32, right: u32| {
            // SAFETY: different leaves, whose numbers this join holds.
            unsafe { reductions.join(blocks.block(left), blocks.block(right)) };
            left
        };
        let root = match pool {
            Some(pool) => pool.reduce(n, cost, &leaf, &join),
            None => Tree::new(n).reduce_serial(&leaf, &join),
        }?;
        for slot in reductions.slots() {
            for (part, neutral) in slot.rule.neutral().enumerate() {
                let word = slot.word + part;
                let value = match root {
                    // SAFETY: the block at the root is whole, and nothing else runs any more.
                    Some(root) => unsafe { *blocks.block(root).add(word) },
                    None => neutral,
                };
                // SAFETY: the slot lies in the `reductions.len()` words of the results.
                unsafe { results.cast::<u64>().add(word).write_unaligned(value) };
            }
        }
        Ok(())
    }

    /// Runs one piece on the current thread.
    ///
    /// # Safety
    /// `partials` must have room for the reductions that the body stores.
    unsafe fn run(&self, chunk: Chunk, partials: *mut u8) -> Result<(), Failure> {
        if self.is_cancelled() {
            return Err(Failure::plain(Status::Cancelled));
        }
        let stack_limit = if thread_mark() == self.caller {
            self.stack_limit
        } else {
            stack_limit()
        };
        let mut ctx = KernelContext {
            cancel: self.cancel,
            globals: self.globals,
            pool: self.pool,
            ..KernelContext::new(self.first_index, stack_limit)
        };
        // SAFETY: promised by the caller of `nrt_parallel_for`; the context is this
        // piece's own.
        let status = unsafe { (self.body)(self.env, chunk.begin, chunk.end, partials, &mut ctx) };
        if status == Status::Ok as u32 {
            return Ok(());
        }
        Err(Failure {
            status,
            error: ctx.error,
        })
    }

    fn is_cancelled(&self) -> bool {
        // SAFETY: if not null it points to an `AtomicU32` that outlives the call.
        !self.cancel.is_null()
            && unsafe { AtomicU32::from_ptr(self.cancel.cast_mut()) }.load(Ordering::Relaxed) != 0
    }
}

/// One block of partials for every leaf.
struct Blocks {
    words: *mut u64,
    /// The number of words of a block.
    width: usize,
}

// SAFETY: threads only use blocks that they hold the number of, each held once.
unsafe impl Sync for Blocks {}

impl Blocks {
    /// The block of a leaf.
    ///
    /// # Safety
    /// There must be a leaf with this number.
    unsafe fn block(&self, leaf: u32) -> *mut u64 {
        // SAFETY: there are `width` words for every leaf.
        unsafe { self.words.add(leaf as usize * self.width) }
    }
}

/// A checked reduction variable.
#[derive(Clone, Copy)]
struct Slot {
    /// Its place in a block.
    word: usize,
    rule: Rule,
}

/// How the partial results of a variable are joined.
#[derive(Clone, Copy)]
enum Rule {
    /// One word.
    Scalar(u64, Join),
    /// Two words: a complex number.
    Parts([u64; 2], JoinParts),
}

impl Rule {
    fn read(decl: &ReductionDecl) -> Option<Rule> {
        let op = op_from_code(decl.op)?;
        let dtype = DType::from_code(u8::try_from(decl.dtype).ok()?)?;
        if dtype.is_complex() {
            return Some(Rule::Parts(
                op.neutral_parts(dtype)?,
                join_parts(op, dtype)?,
            ));
        }
        Some(Rule::Scalar(op.neutral(dtype)?, join(op, dtype)?))
    }

    /// The neutral element, word by word.
    fn neutral(&self) -> impl Iterator<Item = u64> {
        let words = match *self {
            Rule::Scalar(word, _) => [Some(word), None],
            Rule::Parts(words, _) => words.map(Some),
        };
        words.into_iter().flatten()
    }
}

/// The checked reductions of a loop: their places are exactly `0..len`.
struct Reductions {
    /// A complex variable stands where its real part does.
    slots: [Option<Slot>; MAX_REDUCTIONS],
    len: usize,
}

impl Reductions {
    /// Reads and checks the declarations; `None` if one is wrong.
    ///
    /// # Safety
    /// `first` must point to `count` declarations, unless `count` is 0 or above
    /// [`MAX_REDUCTIONS`].
    unsafe fn read(first: *const ReductionDecl, count: u64) -> Option<Reductions> {
        let len = usize::try_from(count)
            .ok()
            .filter(|n| *n <= MAX_REDUCTIONS)?;
        let mut reductions = Reductions {
            slots: [None; MAX_REDUCTIONS],
            len,
        };
        let mut used = [false; MAX_REDUCTIONS];
        let mut k = 0;
        while k < len {
            // SAFETY: `k` is below `count`.
            let decl = unsafe { &*first.add(k) };
            let rule = Rule::read(decl)?;
            let width = rule.neutral().count();
            let word = usize::try_from(decl.offset / 8).ok()?;
            if !decl.offset.is_multiple_of(8) || word >= len || len - word < width {
                return None;
            }
            if width == 2 {
                // SAFETY: `k + 1` is below `count`.
                let second = (k + 1 < len).then(|| unsafe { &*first.add(k + 1) })?;
                if (second.op, second.dtype, second.offset)
                    != (decl.op, decl.dtype, decl.offset + 8)
                {
                    return None;
                }
            }
            for place in &mut used[word..word + width] {
                if std::mem::replace(place, true) {
                    return None;
                }
            }
            reductions.slots[word] = Some(Slot { word, rule });
            k += width;
        }
        Some(reductions)
    }

    fn len(&self) -> usize {
        self.len
    }

    fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots[..self.len].iter().flatten()
    }

    /// Joins the block `right` into the block `left`.
    ///
    /// # Safety
    /// Both must be blocks of [`Reductions::len`] words that nothing else uses.
    unsafe fn join(&self, left: *mut u64, right: *const u64) {
        for slot in self.slots() {
            // SAFETY: the slot's words are below the length of the blocks.
            unsafe {
                let (left, right) = (left.add(slot.word), right.add(slot.word));
                match slot.rule {
                    Rule::Scalar(_, join) => *left = join(*left, *right),
                    Rule::Parts(_, join) => {
                        let joined = join([*left, *left.add(1)], [*right, *right.add(1)]);
                        [*left, *left.add(1)] = joined;
                    }
                }
            }
        }
    }
}
