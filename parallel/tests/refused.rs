//! Where the system refuses threads, the work is done all the same. The limit is set in a
//! child process.

use std::sync::atomic::{AtomicU64, Ordering};

use brolga_parallel::Pool;

/// What the child does; its exit code.
fn child() -> i32 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split(' ').next().unwrap().parse().unwrap();
    // Room for small allocations, not for a worker's stack.
    let limit = libc::rlimit {
        rlim_cur: pages * 4096 + (4 << 20),
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: the limit is a live struct.
    if unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) } != 0 {
        return 3;
    }
    let pool = Pool::builder().threads(8).build().unwrap();
    let count = AtomicU64::new(0);
    let caller = std::thread::current().id();
    let chunks = pool.for_chunks::<()>(1000, 1 << 20, &|chunk| {
        assert_eq!(std::thread::current().id(), caller);
        count.fetch_add(chunk.len(), Ordering::Relaxed);
        Ok(())
    });
    let sum = pool.reduce::<u64, ()>(
        1000,
        1 << 20,
        &|leaf| Ok((leaf.items.begin..leaf.items.end).sum()),
        &|a, b| a + b,
    );
    let right = chunks == Ok(()) && count.into_inner() == 1000 && sum == Ok(Some(499_500));
    if right && pool.start_failures() == 2 && !pool.is_started() {
        7
    } else {
        1
    }
}

#[test]
fn without_threads_the_calling_thread_does_the_work() {
    // SAFETY: the child only runs a pool and leaves by `_exit`.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork failed");
    if pid == 0 {
        let code = std::panic::catch_unwind(child).unwrap_or(2);
        // SAFETY: ends the process without running the test harness any further.
        unsafe { libc::_exit(code) };
    }
    let mut status = 0;
    // SAFETY: `status` is a live integer, `pid` this process's own child.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
    assert!(libc::WIFEXITED(status), "status {status}");
    assert_eq!(libc::WEXITSTATUS(status), 7);
}
