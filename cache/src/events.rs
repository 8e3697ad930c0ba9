//! What the cache tells a `tracing` subscriber, all under the target `brolga::cache`:
//! `debug` for what is ordinary, `warn` for what is wrong. Without a subscriber each event is
//! a comparison with a number in memory: no field is computed.

use crate::key::FunctionId;
use crate::reason::{MissReason, StoreFailure};
use crate::stats::{LoadTimes, Lookup};

const TARGET: &str = "brolga::cache";

/// Whether a subscriber takes the warnings, which then are not also log lines.
pub(crate) fn warnings_are_taken() -> bool {
    tracing::event_enabled!(target: TARGET, tracing::Level::WARN)
}

/// In microseconds, for a field.
fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

pub(crate) fn hit(id: &FunctionId, lookup: Lookup, object: &[u8], times: &LoadTimes) {
    tracing::debug!(
        target: TARGET,
        function = %id,
        by = lookup.name(),
        bytes = object.len(),
        open_us = micros(times.open),
        read_us = micros(times.read),
        digest_us = micros(times.digest),
        decode_us = micros(times.decode),
        "hit"
    );
}

pub(crate) fn miss(id: &FunctionId, lookup: Lookup, reason: MissReason, detail: Option<&str>) {
    let by = lookup.name();
    let name = reason.name();
    if reason.is_ordinary() {
        tracing::debug!(target: TARGET, function = %id, by, reason = name, "miss");
    } else {
        tracing::warn!(
            target: TARGET,
            function = %id,
            by,
            reason = name,
            why = %reason,
            detail,
            "miss"
        );
    }
}

/// A layer answered what the folder could not, for `reason`.
pub(crate) fn passed_on(id: &FunctionId, reason: MissReason, detail: Option<&str>) {
    let name = reason.name();
    if reason.is_ordinary() {
        tracing::debug!(target: TARGET, function = %id, reason = name, "passed on to the layers");
    } else {
        tracing::warn!(
            target: TARGET,
            function = %id,
            reason = name,
            why = %reason,
            detail,
            "passed on to the layers"
        );
    }
}

pub(crate) fn layer_miss(
    id: &FunctionId,
    layer: &str,
    reason: MissReason,
    is_ordinary: bool,
    detail: Option<&str>,
) {
    let name = reason.name();
    if is_ordinary {
        tracing::debug!(target: TARGET, function = %id, layer, reason = name, "miss in a layer");
    } else {
        tracing::warn!(
            target: TARGET,
            function = %id,
            layer,
            reason = name,
            why = %reason,
            detail,
            "miss in a layer"
        );
    }
}

pub(crate) fn stored(id: &FunctionId, bytes: u64) {
    tracing::debug!(target: TARGET, function = %id, bytes, "store");
}

pub(crate) fn taught(id: &FunctionId) {
    tracing::debug!(target: TARGET, function = %id, "learned a text");
}

pub(crate) fn store_failed(id: &FunctionId, failure: StoreFailure, detail: Option<&str>) {
    let reason = failure.name();
    if failure.is_ordinary() {
        tracing::debug!(target: TARGET, function = %id, reason, "store failed");
    } else {
        tracing::warn!(
            target: TARGET,
            function = %id,
            reason,
            why = %failure,
            detail,
            "store failed"
        );
    }
}

pub(crate) fn set_aside(name: &str) {
    tracing::warn!(target: TARGET, file = name, "set aside");
}

pub(crate) fn evicted(name: &str, bytes: u64) {
    tracing::debug!(target: TARGET, file = name, bytes, "evicted");
}

pub(crate) fn unnamed_removed(name: &str, bytes: u64) {
    tracing::debug!(target: TARGET, file = name, bytes, "removed an object that no index names");
}
