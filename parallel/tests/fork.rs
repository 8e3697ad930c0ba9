//! A pool goes on working in the child of a fork.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use brolga_parallel::Pool;

fn sum(pool: &Pool) -> u64 {
    let total = Mutex::new(0);
    pool.for_chunks(1000, 1 << 20, &|chunk| {
        *total.lock().unwrap() += (chunk.begin..chunk.end).sum::<u64>();
        Ok::<(), ()>(())
    })
    .unwrap();
    total.into_inner().unwrap()
}

#[test]
fn the_child_of_a_fork_starts_workers_of_its_own() {
    let pool = Pool::builder().threads(3).build().unwrap();
    assert_eq!(sum(&pool), 499_500);
    assert!(pool.is_started());

    // SAFETY: the child only runs the pool and leaves by `_exit`.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "fork failed");
    if child == 0 {
        let stale = pool.is_started();
        let works = sum(&pool) == 499_500 && pool.is_started();
        // Dropping must touch the child's own workers only.
        drop(pool);
        // SAFETY: ends the process without running the test harness any further.
        unsafe { libc::_exit(if works && !stale { 7 } else { 1 }) };
    }

    // A child that waits for the parent's threads would wait for ever.
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut status = 0;
    loop {
        // SAFETY: `status` is a live integer, `child` is this process's own child.
        let waited = unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) };
        if waited == child {
            break;
        }
        if Instant::now() > deadline {
            // SAFETY: as above.
            unsafe { libc::kill(child, libc::SIGKILL) };
            panic!("the child hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(libc::WIFEXITED(status), "status {status}");
    assert_eq!(libc::WEXITSTATUS(status), 7);
    assert_eq!(sum(&pool), 499_500, "the parent's workers still run");
}
