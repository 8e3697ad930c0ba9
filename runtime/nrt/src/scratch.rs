//! The memory of kernels' local arrays. Not memory that the host sees.
//!
//! Every thread has an arena of its own that lives across calls: blocks from the system, used
//! from the first to the last by moving a position. Compiled code takes a mark when a call
//! begins, goes back to marks where nothing can see the arrays made since, and ends with its
//! first mark on every path. When the arena is empty at the end of a call, one block of at most
//! [`KEPT_BYTES`] stays for the next.
//!
//! Invariants: no function here panics or aborts for lack of memory; the number of blocks
//! taken from the system by one call is logarithmic in the bytes it uses, and at most one
//! where its arrays fit [`FIRST_BLOCK`].

use std::alloc::{Layout, alloc, dealloc};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::table::{Definition, definition};

/// The smallest block, in bytes.
pub const FIRST_BLOCK: usize = 64 << 10;
/// A larger block than this, in bytes, is given back when its call ends.
pub const KEPT_BYTES: usize = 1 << 20;
/// The alignment of blocks; cache lines.
const BLOCK_ALIGN: usize = 64;
/// The alignment of arrays.
const ARRAY_ALIGN: usize = 16;
/// The most blocks: each is at least twice the one before.
const MOST_BLOCKS: usize = 64;
/// The bits of a mark that hold the offset in its block.
const OFFSET_BITS: u32 = 56;

/// The symbols of this file.
pub(crate) static SCRATCH: &[Definition] = &[
    definition!(nrt_scratch_begin: fn() -> u64),
    definition!(nrt_scratch_end: fn(u64) -> u64),
    definition!(nrt_scratch_new: fn(u64, u64, u64, u64) -> u64),
    definition!(nrt_scratch_release: fn(u64) -> u64),
];

/// What was taken from the system for local arrays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ScratchCounts {
    /// Blocks taken so far.
    pub allocations: u64,
    /// Bytes of the blocks that are held.
    pub live: u64,
    /// The most bytes that were ever held at once.
    pub peak: u64,
}

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

struct Block {
    start: *mut u8,
    size: usize,
}

struct Arena {
    blocks: Vec<Block>,
    /// The block in use.
    current: usize,
    /// The bytes of it that are used.
    used: usize,
    counts: ScratchCounts,
    /// Blocks above this size are refused; tests set it.
    limit: usize,
}

thread_local! {
    static ARENA: RefCell<Arena> = const {
        RefCell::new(Arena {
            blocks: Vec::new(),
            current: 0,
            used: 0,
            counts: ScratchCounts { allocations: 0, live: 0, peak: 0 },
            limit: isize::MAX as usize,
        })
    };
}

impl Arena {
    /// Room for so many bytes, or null.
    fn take(&mut self, bytes: usize) -> *mut u8 {
        let Some(bytes) = bytes.checked_next_multiple_of(ARRAY_ALIGN) else {
            return std::ptr::null_mut();
        };
        loop {
            match self.blocks.get(self.current) {
                Some(block) if bytes <= block.size - self.used => {
                    let start = block.start.wrapping_add(self.used);
                    self.used += bytes;
                    return start;
                }
                Some(_) if self.current + 1 < self.blocks.len() => {
                    self.current += 1;
                    self.used = 0;
                }
                _ => {
                    if !self.grow(bytes) {
                        return std::ptr::null_mut();
                    }
                    self.current = self.blocks.len() - 1;
                    self.used = 0;
                }
            }
        }
    }

    /// A further block with room for so many bytes; whether there is one.
    fn grow(&mut self, bytes: usize) -> bool {
        let before = self.blocks.last().map_or(0, |block| block.size);
        let wanted = FIRST_BLOCK
            .max(bytes.saturating_mul(4))
            .max(before.saturating_mul(2));
        // The system may have what is needed where it has not what is wanted.
        self.blocks.len() < MOST_BLOCKS
            && (self.add_block(wanted) || (wanted > bytes && self.add_block(bytes)))
    }

    fn add_block(&mut self, size: usize) -> bool {
        let Ok(layout) = Layout::from_size_align(size, BLOCK_ALIGN) else {
            return false;
        };
        if size > self.limit || self.blocks.try_reserve(1).is_err() {
            return false;
        }
        // SAFETY: the size is not 0: blocks are for requests of at least 1 byte, rounded up.
        let start = unsafe { alloc(layout) };
        if start.is_null() {
            return false;
        }
        self.blocks.push(Block { start, size });
        let size = size as u64;
        self.counts.allocations += 1;
        self.counts.live += size;
        self.counts.peak = self.counts.peak.max(self.counts.live);
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        let live = LIVE.fetch_add(size, Ordering::Relaxed) + size;
        PEAK.fetch_max(live, Ordering::Relaxed);
        true
    }

    fn free(&mut self, block: Block) {
        // SAFETY: every block was allocated with this layout, and leaves the list once.
        unsafe {
            dealloc(
                block.start,
                Layout::from_size_align_unchecked(block.size, BLOCK_ALIGN),
            );
        }
        self.counts.live -= block.size as u64;
        LIVE.fetch_sub(block.size as u64, Ordering::Relaxed);
    }

    fn mark(&self) -> u64 {
        (self.current as u64) << OFFSET_BITS | self.used as u64
    }

    /// Goes back to a mark. A mark that was not given is cut to what there is.
    fn release(&mut self, mark: u64) {
        let current = (mark >> OFFSET_BITS) as usize;
        let used = (mark & ((1 << OFFSET_BITS) - 1)) as usize;
        if (current, used) <= (self.current, self.used) {
            self.current = current;
            self.used = used;
        }
    }

    /// Gives back all blocks but the largest that may be kept; nothing may be in use.
    fn trim(&mut self) {
        let keep = self
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| block.size <= KEPT_BYTES)
            .max_by_key(|(_, block)| block.size)
            .map(|(k, _)| k);
        let mut kept = None;
        while let Some(block) = self.blocks.pop() {
            if Some(self.blocks.len()) == keep {
                kept = Some(block);
            } else {
                self.free(block);
            }
        }
        self.blocks.extend(kept);
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        while let Some(block) = self.blocks.pop() {
            self.free(block);
        }
    }
}

/// Runs `f` on this thread's arena; `otherwise` where the thread is already ending.
fn with<T>(otherwise: T, f: impl FnOnce(&mut Arena) -> T) -> T {
    let run = |arena: &RefCell<Arena>| arena.try_borrow_mut().ok().map(|mut arena| f(&mut arena));
    match ARENA.try_with(run) {
        Ok(Some(value)) => value,
        Ok(None) | Err(_) => otherwise,
    }
}

/// What this thread has taken.
pub fn scratch_counts() -> ScratchCounts {
    with(ScratchCounts::default(), |arena| arena.counts)
}

/// How far this thread's arena is in use, as a mark: 0 while no kernel runs.
pub fn scratch_used() -> u64 {
    nrt_scratch_begin()
}

/// What all threads have taken.
pub fn scratch_totals() -> ScratchCounts {
    ScratchCounts {
        allocations: ALLOCATIONS.load(Ordering::Relaxed),
        live: LIVE.load(Ordering::Relaxed),
        peak: PEAK.load(Ordering::Relaxed),
    }
}

/// Makes this thread's arena refuse blocks above so many bytes, as if the system had no more,
/// and gives back all that it holds. For tests of failing allocations; no kernel of the
/// thread may be running.
#[doc(hidden)]
pub fn limit_scratch(bytes: usize) {
    with((), |arena| {
        arena.limit = bytes;
        while let Some(block) = arena.blocks.pop() {
            arena.free(block);
        }
        (arena.current, arena.used) = (0, 0);
    });
}

/// The mark at which a call begins.
#[unsafe(no_mangle)]
pub extern "C" fn nrt_scratch_begin() -> u64 {
    with(0, |arena| arena.mark())
}

/// Gives up all arrays made since the mark. Returns 0.
#[unsafe(no_mangle)]
pub extern "C" fn nrt_scratch_release(mark: u64) -> u64 {
    with((), |arena| arena.release(mark));
    0
}

/// Gives up all arrays made since the mark at which a call began; gives blocks back to the
/// system if it was the outermost call of the thread. Returns 0.
#[unsafe(no_mangle)]
pub extern "C" fn nrt_scratch_end(mark: u64) -> u64 {
    with((), |arena| {
        arena.release(mark);
        if mark == 0 {
            arena.trim();
        }
    });
    0
}

/// A new array of `count` equal elements of `size` (1, 2, 4, 8 or 16) bytes with the bits
/// `low` and, for 16 bytes, `high`. Returns its address, or 0 where there is no memory.
#[unsafe(no_mangle)]
pub extern "C" fn nrt_scratch_new(count: u64, size: u64, low: u64, high: u64) -> u64 {
    let bytes = usize::try_from(u128::from(count) * u128::from(size)).unwrap_or(usize::MAX);
    // An empty array too gets an address of its own.
    let start = with(std::ptr::null_mut(), |arena| arena.take(bytes.max(1)));
    if start.is_null() {
        return 0;
    }
    let count = count as usize;
    // SAFETY: there are `count * size` bytes, aligned to 16, that nothing else uses.
    unsafe {
        match size {
            1 => fill(start, count, low as u8),
            2 => fill(start, count, low as u16),
            4 => fill(start, count, low as u32),
            8 => fill(start, count, low),
            16 => fill(start, count, [low, high]),
            // No such element; its bytes must not stay unwritten.
            _ => start.write_bytes(0, bytes),
        }
    }
    start.addr() as u64
}

/// # Safety
/// There must be room for `count` values at `start`, aligned for them.
unsafe fn fill<T: Copy>(start: *mut u8, count: usize, value: T) {
    let start = start.cast::<T>();
    for k in 0..count {
        // SAFETY: promised by the caller.
        unsafe { start.add(k).write(value) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs on a fresh thread: its arena is empty.
    fn alone(test: impl FnOnce() + Send + 'static) {
        std::thread::spawn(test).join().unwrap();
    }

    #[test]
    fn arrays_are_filled_and_do_not_overlap() {
        alone(|| {
            let a = nrt_scratch_new(3, 8, 7, 0) as *const u64;
            let b = nrt_scratch_new(2, 16, 1, 2) as *const u64;
            let c = nrt_scratch_new(5, 1, 0xff, 0) as *const u8;
            // SAFETY: the arrays have these lengths.
            unsafe {
                assert_eq!(std::slice::from_raw_parts(a, 3), [7, 7, 7]);
                assert_eq!(std::slice::from_raw_parts(b, 4), [1, 2, 1, 2]);
                assert_eq!(std::slice::from_raw_parts(c, 5), [0xff; 5]);
            }
            assert!(a.addr().is_multiple_of(16) && b.addr().is_multiple_of(16));
            nrt_scratch_end(0);
        });
    }

    #[test]
    fn a_call_takes_one_block_and_the_next_call_none() {
        alone(|| {
            for call in 0..3 {
                let mark = nrt_scratch_begin();
                for _ in 0..1000 {
                    for _ in 0..3 {
                        assert_ne!(nrt_scratch_new(100, 8, 0, 0), 0);
                    }
                    nrt_scratch_release(mark);
                }
                nrt_scratch_end(mark);
                assert_eq!(scratch_counts().allocations, 1, "call {call}");
            }
            assert_eq!(scratch_counts().live, FIRST_BLOCK as u64);
        });
    }

    #[test]
    fn large_blocks_go_back_and_only_at_the_end_of_the_outermost_call() {
        alone(|| {
            let outer = nrt_scratch_begin();
            nrt_scratch_new(10, 8, 0, 0);
            let inner = nrt_scratch_begin();
            assert_ne!(inner, 0);
            nrt_scratch_new(1 << 20, 8, 0, 0);
            nrt_scratch_end(inner);
            assert!(scratch_counts().live > 32 << 20);
            nrt_scratch_end(outer);
            assert_eq!(scratch_counts().live, FIRST_BLOCK as u64);
            assert!(scratch_counts().peak > 32 << 20);
        });
    }

    #[test]
    fn what_the_system_does_not_have_is_null() {
        alone(|| {
            assert_eq!(nrt_scratch_new(u64::MAX, 16, 0, 0), 0);
            assert_eq!(nrt_scratch_new(1 << 61, 2, 0, 0), 0);
            limit_scratch(1000);
            // More than is needed is not had, what is needed is.
            assert_ne!(nrt_scratch_new(100, 8, 0, 0), 0);
            assert_eq!(nrt_scratch_new(1000, 8, 0, 0), 0);
            limit_scratch(usize::MAX);
            assert_eq!(scratch_counts().live, 0);
        });
    }
}
