//! The memory that code runs in, and the count of it. Not what stands in it.
//!
//! Invariant: a mapping is either a [`Draft`], writable and not executable, or [`Sealed`],
//! never writable again. The one way from one to the other is [`Draft::seal`].

use std::io;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{LinkError, LinkErrorKind};

/// The size of a page, in bytes: what protections are rounded to.
pub(crate) const PAGE: usize = 4096;

static LIVE_BYTES: AtomicU64 = AtomicU64::new(0);
static PEAK_BYTES: AtomicU64 = AtomicU64::new(0);
static LIVE_FUNCTIONS: AtomicU64 = AtomicU64::new(0);

/// How much memory linked code takes in this process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeMemory {
    /// The bytes that are mapped now: whole pages, code and data.
    pub live_bytes: u64,
    /// The most that `live_bytes` has been.
    pub peak_bytes: u64,
    /// The number of [`crate::LoadedCode`]s that are alive.
    pub live_functions: u64,
}

/// Counts the memory of all linked code. The three numbers are read one after the other.
pub fn code_memory() -> CodeMemory {
    CodeMemory {
        live_bytes: LIVE_BYTES.load(Ordering::Relaxed),
        peak_bytes: PEAK_BYTES.load(Ordering::Relaxed),
        live_functions: LIVE_FUNCTIONS.load(Ordering::Relaxed),
    }
}

/// Owns a mapping of whole pages.
struct Pages {
    base: NonNull<u8>,
    len: usize,
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: the pages were mapped by `Draft::new`, and nothing refers to them any
        // more.
        let result = unsafe { libc::munmap(self.base.as_ptr().cast(), self.len) };
        debug_assert_eq!(result, 0, "munmap: {}", io::Error::last_os_error());
    }
}

/// Memory that is being filled.
pub(crate) struct Draft {
    pages: Pages,
}

impl Draft {
    /// Zeroed memory of `len` bytes, a multiple of [`PAGE`] above 0.
    pub(crate) fn new(len: usize) -> Result<Draft, LinkError> {
        debug_assert!(len > 0 && len.is_multiple_of(PAGE));
        // SAFETY: an anonymous mapping at an address of the system's choice.
        let base = unsafe {
            libc::mmap(
                ptr::null_mut(),
                len,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        match NonNull::new(base.cast::<u8>()) {
            Some(base) if base.as_ptr().cast() != libc::MAP_FAILED => Ok(Draft {
                pages: Pages { base, len },
            }),
            _ => Err(LinkError::new(
                LinkErrorKind::Memory,
                format!(
                    "the system gave no memory for {len} bytes of code: {}",
                    io::Error::last_os_error()
                ),
            )),
        }
    }

    /// The address where the memory begins, now and once sealed.
    pub(crate) fn address(&self) -> u64 {
        self.pages.base.as_ptr().addr() as u64
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: the draft owns its pages, which are readable and writable.
        unsafe { std::slice::from_raw_parts_mut(self.pages.base.as_ptr(), self.pages.len) }
    }

    /// Makes the first `text_len` bytes (a multiple of [`PAGE`]) executable and all of it
    /// read-only.
    pub(crate) fn seal(self, text_len: usize) -> Result<Sealed, LinkError> {
        let Draft { pages } = self;
        debug_assert!(text_len <= pages.len && text_len.is_multiple_of(PAGE));
        let data_len = pages.len - text_len;
        for (offset, len, protection, name) in [
            (0, text_len, libc::PROT_READ | libc::PROT_EXEC, "executable"),
            (text_len, data_len, libc::PROT_READ, "read-only"),
        ] {
            if len == 0 {
                continue;
            }
            // SAFETY: the range lies in the mapping; no reference to it is alive, because
            // the draft was given up.
            let result =
                unsafe { libc::mprotect(pages.base.as_ptr().add(offset).cast(), len, protection) };
            if result != 0 {
                return Err(LinkError::new(
                    LinkErrorKind::Memory,
                    format!(
                        "the system refused to make {len} bytes of code {name}: {}; a \
                         security policy (SELinux execmem, systemd MemoryDenyWriteExecute, \
                         prctl PR_SET_MDWE) or the limit vm.max_map_count may forbid it",
                        io::Error::last_os_error()
                    ),
                ));
            }
        }
        // x86-64 keeps its instruction cache coherent with memory; nothing to flush.
        let len = pages.len as u64;
        let live = LIVE_BYTES.fetch_add(len, Ordering::Relaxed) + len;
        PEAK_BYTES.fetch_max(live, Ordering::Relaxed);
        LIVE_FUNCTIONS.fetch_add(1, Ordering::Relaxed);
        Ok(Sealed { pages })
    }
}

/// Memory that holds code and its data, counted while it lives.
pub(crate) struct Sealed {
    pages: Pages,
}

// SAFETY: sealed memory is never written again.
unsafe impl Send for Sealed {}
// SAFETY: as above.
unsafe impl Sync for Sealed {}

impl Sealed {
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the pages are mapped readable for as long as `self` lives, and never
        // written.
        unsafe { std::slice::from_raw_parts(self.pages.base.as_ptr(), self.pages.len) }
    }
}

impl Drop for Sealed {
    fn drop(&mut self) {
        LIVE_BYTES.fetch_sub(self.pages.len as u64, Ordering::Relaxed);
        LIVE_FUNCTIONS.fetch_sub(1, Ordering::Relaxed);
    }
}
