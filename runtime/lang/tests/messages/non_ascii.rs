/// Größe.
fn größe(größe: f64) -> f64 { /* ∑ */ größe + "∞" }
