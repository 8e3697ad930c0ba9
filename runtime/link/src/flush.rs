//! Making new code visible to the processors that will run it. Called once the code is
//! written, its pages are executable, and nobody has its address yet.
//!
//! x86-64 keeps instruction fetch coherent with memory ("Intel 64 and IA-32 Architectures
//! Software Developer's Manual", volume 3, Self-Modifying Code): nothing is done there.
//!
//! aarch64 does not (DDI 0487, B2, "Synchronization and coherency issues between data and
//! instruction accesses"), so:
//!
//! 1. `clean_lines`: each data cache line of the code is cleaned to the point of
//!    unification, then each instruction cache line is invalidated, for all processors in
//!    the inner shareable domain: where Linux lets the threads of a process run. Linux lets
//!    programs do this (`SCTLR_EL1.UCI`) and needs read access to the pages alone.
//! 2. `synchronise_threads`: an instruction of the old contents may still be in the pipeline
//!    of a processor that ran code at this address before. `membarrier` with `SYNC_CORE`
//!    makes every running thread of the process pass a context synchronisation event; the
//!    calling thread passes its own `isb`.
//!
//! Where the kernel has no such `membarrier` (before 4.16, or forbidden by a filter), this
//! much is relied upon: the kernel invalidated the translation of the old mapping on every
//! processor when it was removed, and no processor keeps instructions that it fetched before
//! for as long as a thread takes to get the address of the new code from another.

/// Makes `code` fit to be run by any thread of the process.
#[cfg(target_arch = "x86_64")]
pub(crate) fn publish(_code: &[u8]) {}

/// Makes `code` fit to be run by any thread of the process.
#[cfg(target_arch = "aarch64")]
pub(crate) fn publish(code: &[u8]) {
    clean_lines(code);
    synchronise_threads();
}

#[cfg(target_arch = "aarch64")]
fn clean_lines(code: &[u8]) {
    use std::arch::asm;

    let ctr: u64;
    // SAFETY: reads a register that programs may read (Linux shows it, or emulates the read).
    unsafe {
        asm!("mrs {}, ctr_el0", out(reg) ctr, options(nomem, nostack, preserves_flags));
    }
    let (data_line, code_line) = line_sizes(ctr);
    for line in lines(code, data_line) {
        // SAFETY: the line has a byte of `code`, which is readable; memory keeps its contents.
        unsafe { asm!("dc cvau, {}", in(reg) line, options(nostack, preserves_flags)) };
    }
    // SAFETY: a barrier.
    unsafe { asm!("dsb ish", options(nostack, preserves_flags)) };
    for line in lines(code, code_line) {
        // SAFETY: as for `dc`; what is invalidated is read again from memory.
        unsafe { asm!("ic ivau, {}", in(reg) line, options(nostack, preserves_flags)) };
    }
    // SAFETY: barriers.
    unsafe { asm!("dsb ish", "isb", options(nostack, preserves_flags)) };
}

/// The smallest line of any data cache and of any instruction cache, in bytes, from the
/// register `CTR_EL0`: bits 16 to 19 and 0 to 3 are logarithms of words of four bytes.
#[cfg(any(target_arch = "aarch64", test))]
fn line_sizes(ctr: u64) -> (usize, usize) {
    (4 << (ctr >> 16 & 0xf), 4 << (ctr & 0xf))
}

/// The addresses of all lines that have a byte of `code`.
#[cfg(any(target_arch = "aarch64", test))]
fn lines(code: &[u8], size: usize) -> impl Iterator<Item = usize> {
    let range = code.as_ptr_range();
    let first = range.start.addr() & !(size - 1);
    (first..range.end.addr()).step_by(size)
}

/// Whether every other thread has passed a context synchronisation event.
#[cfg(any(target_arch = "aarch64", test))]
fn synchronise_threads() -> bool {
    use libc::{
        MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE as SYNC_CORE,
        MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE as REGISTER_SYNC_CORE,
    };

    let membarrier = |command: libc::c_int| {
        // SAFETY: the call takes three integers and touches no memory of the process.
        let result = unsafe { libc::syscall(libc::SYS_membarrier, command, 0_u32, 0) };
        match result {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error().raw_os_error()),
        }
    };
    match membarrier(SYNC_CORE) {
        Ok(()) => true,
        // A process registers once, and a child that was forked perhaps again.
        Err(Some(libc::EPERM)) => {
            membarrier(REGISTER_SYNC_CORE).is_ok() && membarrier(SYNC_CORE).is_ok()
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_sizes_come_from_the_register() {
        // Cortex-A72 and Neoverse N1, as they read.
        assert_eq!(line_sizes(0x8444_c004), (64, 64));
        assert_eq!(line_sizes(0x9444_c004), (64, 64));
        assert_eq!(line_sizes(0x0005_0003), (128, 32));
    }

    #[test]
    fn lines_cover_all_of_the_code_and_no_more() {
        let memory = vec![0_u8; 4096];
        for (start, len) in [(0, 0), (1, 1), (63, 2), (64, 64), (5, 4000), (100, 29)] {
            let code = &memory[start..start + len];
            let range = code.as_ptr_range();
            let found: Vec<usize> = lines(code, 64).collect();
            let expected: Vec<usize> = (range.start.addr()..range.end.addr())
                .map(|address| address / 64 * 64)
                .collect();
            let mut expected = expected;
            expected.dedup();
            if len == 0 {
                assert!(found.len() <= 1);
            } else {
                assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn threads_are_synchronised_where_the_kernel_can() {
        let first = synchronise_threads();
        assert_eq!(synchronise_threads(), first);
        if !first {
            eprintln!("skipped: this kernel has no membarrier with SYNC_CORE");
        }
    }
}
