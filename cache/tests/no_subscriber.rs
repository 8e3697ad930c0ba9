//! What events cost while nobody listens: in a test file of its own, because one listener on
//! any thread of a process changes it.

mod support;

use std::fmt;
use std::time::Instant;

use support::{Home, entry};
use tracing::level_filters::LevelFilter;

/// A field that must not be computed.
struct Never;

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("a field was computed")
    }
}

fn event(field: &impl fmt::Display) {
    tracing::debug!(target: "brolga::cache", function = %field, "hit");
}

#[test]
fn no_field_is_computed() {
    let home = Home::new();
    let entry = entry(1);
    let cache = home.cache();
    entry.store(&cache).unwrap();
    entry.assert_hit(&cache);
    event(&Never);
    // All that an event does then is to compare its level with this.
    assert_eq!(LevelFilter::current(), LevelFilter::OFF);
}

/// Prints the time of one event: `cargo test --test no_subscriber -- --ignored --nocapture`.
#[test]
#[ignore = "prints a time and checks nothing"]
fn time_of_an_event() {
    let count = 10_000_000;
    let start = Instant::now();
    for _ in 0..count {
        event(&Never);
    }
    let each = start.elapsed().as_secs_f64() * 1e9 / f64::from(count);
    println!("an event without a subscriber: {each:.2} ns");
}
