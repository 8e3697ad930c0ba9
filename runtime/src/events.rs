//! What the way to a specialisation tells a `tracing` subscriber, under the target
//! `brolga::compile`. Without a subscriber an event is a comparison with a number in memory:
//! no field is computed.

use std::fmt;
use std::time::Duration;

use brolga_abi::DType;

use crate::function::FunctionShared;
use crate::specialisation::Specialisation;
use crate::statistics::Found;

const TARGET: &str = "brolga::compile";

/// `module::function`.
struct Name<'a>(&'a FunctionShared);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", self.0.source.name, self.0.meta.name)
    }
}

/// `f64, i32`.
struct Types<'a>(&'a [DType]);

impl fmt::Display for Types<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, dtype) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}{dtype}")?;
        }
        Ok(())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// A specialisation was made: compiled, or loaded from the cache.
pub(crate) fn made(function: &FunctionShared, found: Option<Found>, made: &Specialisation) {
    let origin = &made.origin;
    match found {
        Some(found @ (Found::ByText | Found::ByMeaning)) => tracing::debug!(
            target: TARGET,
            function = %Name(function),
            types = %Types(&made.types),
            by = if found == Found::ByText { "text" } else { "meaning" },
            parse_us = micros(origin.parse),
            check_us = micros(origin.check),
            cache_us = micros(origin.cache_io),
            link_us = micros(origin.link),
            bytes = made.memory_len(),
            "loaded"
        ),
        Some(Found::Compiled | Found::Uncached) | None => tracing::debug!(
            target: TARGET,
            function = %Name(function),
            types = %Types(&made.types),
            parse_us = micros(origin.parse),
            check_us = micros(origin.check),
            plan_us = micros(origin.codegen.plan),
            vector_us = micros(origin.codegen.vector),
            clif_us = micros(origin.codegen.clif),
            cranelift_us = micros(origin.codegen.cranelift),
            object_us = micros(origin.codegen.object),
            cache_us = micros(origin.cache_io),
            link_us = micros(origin.link),
            bytes = made.memory_len(),
            "compiled"
        ),
    }
}

/// A verified object of the cache could not be linked; it is compiled anew.
pub(crate) fn link_refused(function: &FunctionShared, error: &dyn fmt::Display) {
    tracing::warn!(target: TARGET, function = %Name(function), why = %error, "link refused");
}
