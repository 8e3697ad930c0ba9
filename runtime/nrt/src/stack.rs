//! How deep a thread's stack may grow. Not a guard by itself: compiled code that recurses
//! compares its stack pointer with the limit.
//!
//! Invariant: between the limit and the end of the stack there is room for whatever runs
//! between two checks.

use std::cell::Cell;
use std::mem::MaybeUninit;

/// The room that stays below the limit, in bytes: for the frame of the function that
/// checks, and for what it calls in this package.
const MARGIN: usize = 64 << 10;

/// What Linux keeps free below a stack that grows, in bytes, unless told otherwise at boot.
/// Only stacks above [`ORDINARY_STACK`] reach it: those of main threads with a raised
/// limit, which end where another mapping begins.
const GUARD_GAP: usize = 1 << 20;

/// Larger stacks than this, in bytes, are taken to grow up to a neighbour.
const ORDINARY_STACK: usize = 8 << 20;

/// No more of a stack than this is used, in bytes: an endless recursion under `ulimit -s
/// unlimited` must end before the machine's memory does.
const MAX_STACK: usize = 1 << 30;

/// What a thread's stack is taken to have left where the system does not tell its end.
const ASSUMED_STACK: usize = 256 << 10;

thread_local! {
    /// This thread's limit; 0 until it is first asked for.
    static LIMIT: Cell<usize> = const { Cell::new(0) };
}

/// The address below which this thread's stack pointer must not fall when a recursive
/// kernel function is entered: the low end of the stack, or 1 GiB below its high end, plus
/// 64 KiB. Meant for [`brolga_abi::KernelContext::stack_limit`]. Never 0. Asked of the system once for each
/// thread.
pub fn stack_limit() -> usize {
    LIMIT.with(|limit| {
        if limit.get() == 0 {
            let low = stack_low()
                .unwrap_or_else(|| stack_pointer_estimate().saturating_sub(ASSUMED_STACK));
            limit.set(low.saturating_add(MARGIN));
        }
        limit.get()
    })
}

/// A number that no other living thread has.
pub(crate) fn thread_mark() -> usize {
    LIMIT.with(|limit| std::ptr::from_ref(limit).addr())
}

/// An address in the current frame.
fn stack_pointer_estimate() -> usize {
    let local = 0u8;
    std::hint::black_box(&raw const local).addr()
}

/// The lowest usable address of this thread's stack.
fn stack_low() -> Option<usize> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    // SAFETY: asks for the calling thread, which exists; the attributes are written before
    // they count as initialised.
    if unsafe { libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) } != 0 {
        return None;
    }
    let mut low = std::ptr::null_mut();
    let (mut size, mut guard) = (0, 0);
    // SAFETY: `pthread_getattr_np` succeeded, so the attributes are initialised, and they
    // are not used after they are destroyed.
    let known = unsafe {
        let attributes = attributes.as_mut_ptr();
        let known = libc::pthread_attr_getstack(attributes, &mut low, &mut size) == 0
            && libc::pthread_attr_getguardsize(attributes, &mut guard) == 0;
        libc::pthread_attr_destroy(attributes);
        known
    };
    // Some C libraries count the guard pages as part of the stack.
    let gap = if size > ORDINARY_STACK { GUARD_GAP } else { 0 };
    (known && !low.is_null()).then(|| {
        let end = low.addr().saturating_add(size);
        let low = low.addr().saturating_add(guard).saturating_add(gap);
        low.max(end.saturating_sub(MAX_STACK))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses of the mapping that contains this one.
    fn mapping_around(address: usize) -> std::ops::Range<usize> {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let ranges = maps.lines().map(|line| {
            let (begin, end) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
            let parse = |text| usize::from_str_radix(text, 16).unwrap();
            parse(begin)..parse(end)
        });
        ranges
            .into_iter()
            .find(|range| range.contains(&address))
            .unwrap()
    }

    #[test]
    fn the_limit_lies_in_the_stack_of_its_own_thread() {
        for size in [256 << 10, 1 << 20, 4 << 20] {
            let thread = std::thread::Builder::new().stack_size(size);
            let check = move || {
                let (limit, here) = (stack_limit(), stack_pointer_estimate());
                assert!(limit < here, "the limit {limit:#x} is above {here:#x}");
                // The C library keeps thread data in the stack.
                assert!(here - limit >= size - MARGIN - (64 << 10));
                // It may also hand out a larger stack that it had kept, so the end is
                // looked up in the memory map.
                let stack = mapping_around(here);
                assert!(
                    stack.contains(&(limit - MARGIN)),
                    "{limit:#x} in {stack:#x?}"
                );
                assert_eq!(stack_limit(), limit);
                thread_mark()
            };
            let mark = thread.spawn(check).unwrap().join().unwrap();
            assert_ne!(mark, 0);
        }
    }

    #[test]
    fn threads_alive_at_the_same_time_have_different_marks() {
        let here = thread_mark();
        let there = std::thread::spawn(thread_mark).join().unwrap();
        assert_ne!(here, there);
        assert_eq!(here, thread_mark());
    }
}
