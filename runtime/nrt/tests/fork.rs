//! Compiled loops go on working in the child of a fork.

use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use brolga_abi::KernelContext;
use brolga_nrt::{nrt_parallel_for, stack_limit};
use brolga_parallel::Pool;

unsafe extern "C" fn body(
    env: *const u8,
    begin: u64,
    end: u64,
    _partials: *mut u8,
    _ctx: *mut KernelContext,
) -> u32 {
    // SAFETY: the environment is a counter.
    unsafe { &*env.cast::<AtomicU64>() }.fetch_add(end - begin, Ordering::Relaxed);
    0
}

fn count(pool: &Pool) -> u64 {
    let count = AtomicU64::new(0);
    let mut ctx = KernelContext {
        pool: ptr::from_ref(pool).cast(),
        ..KernelContext::new(0, stack_limit())
    };
    let env = ptr::from_ref(&count).cast();
    // SAFETY: the context is this call's own, and the body fits its environment.
    let code = unsafe {
        nrt_parallel_for(
            &mut ctx,
            body,
            env,
            1000,
            1 << 20,
            ptr::null(),
            0,
            ptr::null_mut(),
        )
    };
    assert_eq!(code, 0);
    count.into_inner()
}

#[test]
fn loops_run_in_the_child_of_a_fork() {
    let pool = Pool::builder().threads(3).build().unwrap();
    assert_eq!(count(&pool), 1000);
    // SAFETY: the child only runs a loop and leaves by `_exit`.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "fork failed");
    if child == 0 {
        let code = if count(&pool) == 1000 { 7 } else { 1 };
        // SAFETY: ends the process without running the test harness any further.
        unsafe { libc::_exit(code) };
    }
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut status = 0;
    // SAFETY: `status` is a live integer, `child` is this process's own child.
    while unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) } == 0 {
        if Instant::now() > deadline {
            // SAFETY: as above.
            unsafe { libc::kill(child, libc::SIGKILL) };
            panic!("the child hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 7);
    assert_eq!(count(&pool), 1000);
}
