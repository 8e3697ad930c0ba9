//! How many threads the system lets this process run at the same time: the CPU affinity
//! mask and the CPU quotas of its control groups. Not how many a call uses.
//!
//! Invariant: what cannot be read, or does not look as documented, sets no limit; the
//! answer is at least 1.

use std::path::{Path, PathBuf};

use crate::pool::MAX_THREADS;

/// The number of threads that may run at the same time: the CPUs of the affinity mask, no
/// more than the CPU quota of the control group (version 1 or 2) or any group above it,
/// rounded up to whole CPUs. Between 1 and [`MAX_THREADS`].
pub fn available_threads() -> usize {
    let read = |path: &Path| std::fs::read_to_string(path).ok();
    let quota = quota_cpus(&read).unwrap_or(usize::MAX);
    affinity_cpus().min(quota).clamp(1, MAX_THREADS)
}

/// The number of CPUs in the calling thread's affinity mask; 1 if it cannot be read.
fn affinity_cpus() -> usize {
    // The kernel refuses a mask that is shorter than its own; 1024 bits nearly always do.
    for words in [16, 128, 1024] {
        let mut mask = vec![0u64; words];
        // SAFETY: the mask has the length given, and `cpu_set_t` is plain bits.
        let result = unsafe {
            libc::sched_getaffinity(0, words * size_of::<u64>(), mask.as_mut_ptr().cast())
        };
        if result == 0 {
            return mask.iter().map(|word| word.count_ones() as usize).sum();
        }
    }
    1
}

/// Reads a whole file, or says nothing.
type Read<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// The tightest CPU quota, in whole CPUs rounded up; `None` if there is none.
fn quota_cpus(read: Read) -> Option<usize> {
    let groups = read(Path::new("/proc/self/cgroup"))?;
    let mounts = read(Path::new("/proc/self/mountinfo"))?;
    mounts
        .lines()
        .filter_map(Mount::parse)
        .filter_map(|mount| mount.quota(&groups, read))
        .min()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// Where a hierarchy of control groups that can limit CPU time is mounted.
struct Mount {
    version: Version,
    /// The path, inside the hierarchy, of the group that the mount point shows.
    root: PathBuf,
    point: PathBuf,
}

impl Mount {
    /// Reads a line of `/proc/self/mountinfo` (see proc_pid_mountinfo(5)).
    fn parse(line: &str) -> Option<Mount> {
        let (front, back) = line.split_once(" - ")?;
        let mut front = front.split(' ').skip(3);
        let root = unescape(front.next()?);
        let point = unescape(front.next()?);
        let mut back = back.split(' ');
        let version = match back.next()? {
            "cgroup2" => Version::Two,
            "cgroup" if back.nth(1)?.split(',').any(|option| option == "cpu") => Version::One,
            _ => return None,
        };
        Some(Mount {
            version,
            root,
            point,
        })
    }

    /// The tightest quota from this process's group up to the mount point.
    fn quota(&self, groups: &str, read: Read) -> Option<usize> {
        // Lines are `number:controllers:path`; version 2 has number 0 and no controllers.
        let path = groups.lines().find_map(|line| {
            let (number, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            let ours = match self.version {
                Version::One => controllers.split(',').any(|name| name == "cpu"),
                Version::Two => number == "0" && controllers.is_empty(),
            };
            ours.then_some(Path::new(path))
        })?;
        // A group outside of what the mount shows: only the mount point itself is known.
        let below = path.strip_prefix(&self.root).unwrap_or(Path::new(""));
        below
            .ancestors()
            .filter_map(|group| self.group_quota(&self.point.join(group), read))
            .min()
    }

    /// The quota of one group.
    fn group_quota(&self, group: &Path, read: Read) -> Option<usize> {
        let (quota, period) = match self.version {
            Version::Two => {
                let text = read(&group.join("cpu.max"))?;
                let (quota, period) = text.trim().split_once(' ')?;
                (quota.to_owned(), period.to_owned())
            }
            Version::One => (
                read(&group.join("cpu.cfs_quota_us"))?,
                read(&group.join("cpu.cfs_period_us"))?,
            ),
        };
        // `max` (version 2) and `-1` (version 1) mean no limit, and do not parse.
        let quota: u64 = quota.trim().parse().ok()?;
        let period: u64 = period.trim().parse().ok().filter(|period| *period > 0)?;
        usize::try_from(quota.div_ceil(period))
            .ok()
            .map(|cpus| cpus.max(1))
    }
}

/// Undoes the kernel's octal escapes (`\040` for a space).
fn unescape(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut k = 0;
    while k < bytes.len() {
        let escaped = bytes
            .get(k + 1..k + 4)
            .filter(|_| bytes[k] == b'\\')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        plain.push(escaped.unwrap_or(bytes[k]));
        k += if escaped.is_some() { 4 } else { 1 };
    }
    PathBuf::from(std::ffi::OsString::from_vec(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    const V2: &str = "25 30 0:23 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n";
    const V1: &str = "\
        31 30 0:26 / /cg/memory rw - cgroup cgroup rw,memory\n\
        32 30 0:27 / /cg/cpu\\040time rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n";
    const CONTAINER: &str = "25 30 0:23 /box/a /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";

    #[test]
    fn quotas_are_found_and_rounded_up() {
        // What it shows, /proc/self/cgroup, /proc/self/mountinfo, other files, quota.
        type Case = (
            &'static str,
            &'static str,
            &'static str,
            &'static [(&'static str, &'static str)],
            Option<usize>,
        );
        #[rustfmt::skip]
        let cases: &[Case] = &[
            ("no quota", "0::/a\n", V2, &[("/sys/fs/cgroup/a/cpu.max", "max 100000\n")], None),
            ("rounded up", "0::/a\n", V2, &[("/sys/fs/cgroup/a/cpu.max", "150000 100000\n")], Some(2)),
            ("below one CPU", "0::/a\n", V2, &[("/sys/fs/cgroup/a/cpu.max", "1000 100000\n")], Some(1)),
            ("the tightest of the groups above", "0::/a/b\n", V2, &[
                ("/sys/fs/cgroup/a/b/cpu.max", "800000 100000\n"),
                ("/sys/fs/cgroup/a/cpu.max", "300000 100000\n"),
            ], Some(3)),
            ("at the mount point", "0::/\n", V2, &[("/sys/fs/cgroup/cpu.max", "200000 100000\n")], Some(2)),
            ("a mount that shows a subtree", "0::/box/a/b\n", CONTAINER, &[("/sys/fs/cgroup/b/cpu.max", "200000 100000\n")], Some(2)),
            ("a group that the mount does not show", "0::/other\n", CONTAINER, &[("/sys/fs/cgroup/cpu.max", "500000 100000\n")], Some(5)),
            ("version 1", "4:memory:/m\n2:cpu,cpuacct:/a\n", V1, &[
                ("/cg/cpu time/a/cpu.cfs_quota_us", "250000\n"),
                ("/cg/cpu time/a/cpu.cfs_period_us", "100000\n"),
            ], Some(3)),
            ("version 1 without a quota", "2:cpu:/a\n", V1, &[
                ("/cg/cpu time/a/cpu.cfs_quota_us", "-1\n"),
                ("/cg/cpu time/a/cpu.cfs_period_us", "100000\n"),
            ], None),
            ("a period of 0", "0::/a\n", V2, &[("/sys/fs/cgroup/a/cpu.max", "5 0\n")], None),
            ("nonsense", "::::\n0\n", "x - y\n - \n", &[], None),
        ];
        for (name, groups, mounts, files, cpus) in cases {
            let read = |path: &Path| match path.to_str()? {
                "/proc/self/cgroup" => Some((*groups).to_owned()),
                "/proc/self/mountinfo" => Some((*mounts).to_owned()),
                other => files
                    .iter()
                    .find(|(file, _)| *file == other)
                    .map(|(_, text)| (*text).to_owned()),
            };
            assert_eq!(quota_cpus(&read), *cpus, "{name}");
        }
    }

    #[test]
    fn the_affinity_mask_is_respected() {
        // SAFETY: a zeroed `cpu_set_t` is an empty set, and both calls get its size.
        unsafe {
            let mut old: libc::cpu_set_t = std::mem::zeroed();
            let size = size_of::<libc::cpu_set_t>();
            assert_eq!(libc::sched_getaffinity(0, size, &mut old), 0);
            let first = (0..libc::CPU_SETSIZE as usize).find(|k| libc::CPU_ISSET(*k, &old));
            let mut one: libc::cpu_set_t = std::mem::zeroed();
            libc::CPU_SET(first.expect("a CPU to run on"), &mut one);
            // Only this test's own thread is bound.
            assert_eq!(libc::sched_setaffinity(0, size, &one), 0);
        }
        assert_eq!(available_threads(), 1);
    }
}
