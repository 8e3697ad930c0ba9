//! What stands above every table: the machine, the flags, and what cannot be known of either.

use std::fs::read_to_string;
use std::process::Command;

use crate::clock::{Elapsed, Moment};

/// Prints the machine and the build as a list in Markdown.
pub fn print() {
    let info = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':'))
            .map_or("unknown", |(_, value)| value.trim())
            .to_string()
    };
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "- CPU: {} (family {}, model {}), {cpus} available, {}",
        field("model name"),
        field("cpu family"),
        field("model"),
        caches(),
    );
    let flags = field("flags");
    let has = |flag: &&str| flags.split(' ').any(|f| f == *flag);
    let known = [
        "sse4_1", "avx", "fma", "avx2", "avx512f", "avx512dq", "avx512vl",
    ];
    let known: Vec<&str> = known.into_iter().filter(has).collect();
    println!("- vector extensions: {}", known.join(" "));
    let governor = read_to_string("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    match governor {
        Ok(governor) => println!("- frequency governor: {}", governor.trim()),
        Err(_) => println!(
            "- frequency governor: not visible (a virtual machine, as a rule): the frequency and the \
             neighbours are unknown, so compare within a row, not between runs"
        ),
    }
    if has(&"hypervisor") {
        println!("- under a hypervisor; load average {}", load());
    } else {
        println!("- load average {}", load());
    }
    println!(
        "- kernel: {}",
        read_to_string("/proc/version").map_or_else(
            |_| std::env::consts::OS.to_string(),
            |text| text.split(" (").next().unwrap_or_default().to_string(),
        )
    );
    println!("- {}", rustc_version());
    let profile = if cfg!(debug_assertions) {
        "debug assertions ON"
    } else {
        "optimised"
    };
    let switches: Vec<String> = std::env::vars()
        .filter(|(name, _)| name.starts_with("BROLGA_"))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let switches = if switches.is_empty() {
        "no BROLGA_ variables".to_string()
    } else {
        switches.join(" ")
    };
    println!("- Brolga: {profile}, {switches}");
    println!("- {}", noise());
}

/// How much the same piece of work varies: 200 times about half a millisecond of arithmetic in
/// registers.
fn noise() -> String {
    let mut turns: Vec<Elapsed> = (0..200)
        .map(|_| {
            let start = Moment::now();
            let mut x = std::hint::black_box(1_u64);
            for _ in 0..300_000 {
                x = x.wrapping_mul(6_364_136_223_846_793_005).rotate_left(17);
            }
            std::hint::black_box(x);
            start.elapsed()
        })
        .collect();
    turns.sort_by_key(|turn| turn.wall);
    let us = |turn: &Elapsed| turn.wall.as_secs_f64() * 1e6;
    let total = turns.iter().fold((0.0, 0.0), |(wall, cpu), turn| {
        (wall + turn.wall.as_secs_f64(), cpu + turn.cpu.as_secs_f64())
    });
    format!(
        "noise: a fixed piece of work took {:.0} us at best, {:.0} median, {:.0} at worst; the process had \
         a CPU {:.0}% of the time",
        us(&turns[0]),
        us(&turns[100]),
        us(&turns[199]),
        100.0 * total.1 / total.0,
    )
}

fn load() -> String {
    let text = read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_string()
}

/// The data caches of the first CPU.
fn caches() -> String {
    let mut caches = Vec::new();
    for number in 0..8 {
        let read = |file: &str| {
            read_to_string(format!(
                "/sys/devices/system/cpu/cpu0/cache/index{number}/{file}"
            ))
            .map(|text| text.trim().to_string())
        };
        let (Ok(level), Ok(kind), Ok(size)) = (read("level"), read("type"), read("size")) else {
            continue;
        };
        if kind != "Instruction" {
            caches.push(format!("L{level} {size}"));
        }
    }
    if caches.is_empty() {
        "caches unknown".to_string()
    } else {
        caches.join(", ")
    }
}

fn rustc_version() -> String {
    Command::new("rustc")
        .arg("--version")
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map_or_else(
            || "rustc: unknown".to_string(),
            |text| text.trim().to_string(),
        )
}
