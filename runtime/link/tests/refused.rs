//! A system that forbids new executable memory is an error, not a crash. The prohibition
//! is for good, so it is set in a child process.

mod common;

use brolga_link::{LinkErrorKind, code_memory, link};
use common::Sample;

/// `prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN)`, since Linux 6.3.
const PR_SET_MDWE: libc::c_int = 65;
const PR_MDWE_REFUSE_EXEC_GAIN: libc::c_ulong = 1;

const NOT_SUPPORTED: i32 = 3;
const REFUSED_AS_DOCUMENTED: i32 = 7;

/// What the child does; its exit code.
fn child(object: &[u8]) -> i32 {
    // SAFETY: only forbids; no memory is changed.
    if unsafe { libc::prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) } != 0 {
        return NOT_SUPPORTED;
    }
    let Err(error) = link(object, "f", &brolga_nrt::address) else {
        return 1;
    };
    let message = error.to_string();
    let told = error.kind() == LinkErrorKind::Memory
        && message.starts_with("the system refused to make 8192 bytes of code executable: ")
        && message.contains("PR_SET_MDWE");
    let clean = code_memory().live_bytes == 0 && code_memory().live_functions == 0;
    if told && clean {
        REFUSED_AS_DOCUMENTED
    } else {
        2
    }
}

#[test]
fn a_system_without_executable_memory_is_an_error() {
    let object = Sample::Import.object(false);
    // SAFETY: the child only links and leaves by `_exit`.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork failed");
    if pid == 0 {
        // SAFETY: ends the process without running the test harness any further.
        unsafe { libc::_exit(child(&object)) };
    }
    let mut status = 0;
    // SAFETY: `status` is a live integer, `pid` this process's own child.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
    assert!(libc::WIFEXITED(status), "status {status}");
    match libc::WEXITSTATUS(status) {
        NOT_SUPPORTED => eprintln!("this kernel has no PR_SET_MDWE; nothing was tested"),
        code => assert_eq!(code, REFUSED_AS_DOCUMENTED),
    }
}
