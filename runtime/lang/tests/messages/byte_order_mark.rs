#!/usr/bin/env brolga
fn a(x: f64) -> f64 { x + "text" }
