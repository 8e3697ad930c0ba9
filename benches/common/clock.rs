//! The time of a stretch of work on a machine that others use too: beside the time on the wall, the
//! time that this process had a CPU. What others take while they are waited for is in the first and
//! not in the second; what work on one thread costs is in both.

use std::time::{Duration, Instant};

/// Both clocks at one moment.
#[derive(Clone, Copy)]
pub struct Moment {
    wall: Instant,
    cpu: Duration,
}

/// What has passed since a [`Moment`].
#[derive(Clone, Copy, Default)]
pub struct Elapsed {
    /// By the wall clock.
    pub wall: Duration,
    /// Of all threads of this process on CPUs.
    pub cpu: Duration,
}

impl Moment {
    pub fn now() -> Moment {
        let mut time = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // SAFETY: `time` is a timespec that can be written.
        let result = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
        assert_eq!(result, 0, "the clock of the process can be read");
        Moment {
            wall: Instant::now(),
            cpu: Duration::new(time.tv_sec as u64, time.tv_nsec as u32),
        }
    }

    pub fn elapsed(self) -> Elapsed {
        let now = Moment::now();
        Elapsed {
            wall: now.wall - self.wall,
            cpu: now.cpu - self.cpu,
        }
    }
}
