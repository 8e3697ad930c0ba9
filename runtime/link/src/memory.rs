//! The memory that code runs in, and the count of it. Not what stands in it.
//!
//! Invariant: a mapping is either a [`Draft`], writable and not executable, or [`Sealed`],
//! never writable again. The one way from one to the other is [`Draft::seal`].

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{Mmap, MmapMut};

use crate::error::{LinkError, LinkErrorKind};
use crate::flush;

/// The size of a page, in bytes: what protections are rounded to. 4096 on x86-64; on aarch64
/// the kernel's choice of 4, 16 or 64 KiB.
pub(crate) fn page_size() -> usize {
    // SAFETY: asks for a number, which the C library has had since the process began.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    // The question is one that every Linux answers.
    usize::try_from(page).unwrap_or(4096)
}

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

/// Memory that is being filled.
pub(crate) struct Draft {
    pages: MmapMut,
}

impl Draft {
    /// Zeroed memory of `len` bytes, a multiple of a page above 0.
    pub(crate) fn new(len: usize) -> Result<Draft, LinkError> {
        debug_assert!(len > 0 && len.is_multiple_of(page_size()));
        match MmapMut::map_anon(len) {
            Ok(pages) => Ok(Draft { pages }),
            Err(error) => Err(LinkError::new(
                LinkErrorKind::Memory,
                format!("the system gave no memory for {len} bytes of code: {error}"),
            )),
        }
    }

    /// The address where the memory begins, now and once sealed.
    pub(crate) fn address(&self) -> u64 {
        self.pages.as_ptr().addr() as u64
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.pages
    }

    /// Makes the first `text_len` bytes (a multiple of a page) executable and all of it
    /// read-only.
    pub(crate) fn seal(self, text_len: usize) -> Result<Sealed, LinkError> {
        let len = self.pages.len();
        debug_assert!(text_len <= len && text_len.is_multiple_of(page_size()));
        // Takes the right to write away in the same step.
        let pages = self
            .pages
            .make_exec()
            .map_err(|e| refused(len, "executable", &e))?;
        if text_len < len {
            // SAFETY: the range lies in the mapping, which `pages` owns; it stays readable.
            let result = unsafe {
                let data = pages.as_ptr().add(text_len).cast_mut();
                libc::mprotect(data.cast(), len - text_len, libc::PROT_READ)
            };
            if result != 0 {
                return Err(refused(len, "read-only", &io::Error::last_os_error()));
            }
        }
        flush::publish(&pages[..text_len]);
        let len = len as u64;
        let live = LIVE_BYTES.fetch_add(len, Ordering::Relaxed) + len;
        PEAK_BYTES.fetch_max(live, Ordering::Relaxed);
        LIVE_FUNCTIONS.fetch_add(1, Ordering::Relaxed);
        Ok(Sealed { pages })
    }
}

fn refused(len: usize, what: &str, error: &io::Error) -> LinkError {
    LinkError::new(
        LinkErrorKind::Memory,
        format!(
            "the system refused to make {len} bytes of code {what}: {error}; a security policy \
             (SELinux execmem, systemd MemoryDenyWriteExecute, prctl PR_SET_MDWE) or the limit \
             vm.max_map_count may forbid it"
        ),
    )
}

/// Memory that holds code and its data, counted while it lives.
pub(crate) struct Sealed {
    pages: Mmap,
}

impl Sealed {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.pages
    }
}

impl Drop for Sealed {
    fn drop(&mut self) {
        LIVE_BYTES.fetch_sub(self.pages.len() as u64, Ordering::Relaxed);
        LIVE_FUNCTIONS.fetch_sub(1, Ordering::Relaxed);
    }
}
