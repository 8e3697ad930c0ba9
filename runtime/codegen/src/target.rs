//! The machine that code is made for: a triple, a CPU model for the cache's key, and the
//! instruction set features that may be used. Describing a target is cheap; building
//! Cranelift's `TargetIsa` for it is not and happens in [`crate::Compiler`].

use std::sync::OnceLock;

use cranelift_codegen::settings::{Configurable, SetResult};
use target_lexicon::Triple;

/// A target. `features` decides what instructions are used; `cpu` only tells cache entries
/// apart.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TargetSpec {
    /// The target triple.
    pub triple: String,
    /// Vendor, family and model of the CPU: `AuthenticAMD-25-97`.
    pub cpu: String,
    /// The Cranelift flags of the features that may be used, sorted: `has_avx`.
    pub features: Vec<String>,
}

impl TargetSpec {
    /// The machine at hand with all its features. Detected once per process, then a copy.
    pub fn host() -> TargetSpec {
        static HOST: OnceLock<TargetSpec> = OnceLock::new();
        HOST.get_or_init(|| {
            let mut features = FeatureList(Vec::new());
            // An unknown host has no features here; building its compiler reports it.
            let _ = cranelift_native::infer_native_flags(&mut features);
            features.0.sort();
            TargetSpec {
                triple: Triple::host().to_string(),
                cpu: cpu_model(),
                features: features.0,
            }
        })
        .clone()
    }

    /// Any CPU of the host's architecture: on x86-64 only SSE2.
    pub fn baseline() -> TargetSpec {
        TargetSpec {
            triple: Triple::host().to_string(),
            cpu: "baseline".to_owned(),
            features: Vec::new(),
        }
    }

    /// The same target without a feature; unchanged when it does not have it.
    #[must_use]
    pub fn without(mut self, feature: &str) -> TargetSpec {
        self.features.retain(|f| f != feature);
        self
    }

    /// Whether a feature may be used.
    pub fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|f| f == feature)
    }
}

/// Takes the flags that `cranelift_native` would switch on.
struct FeatureList(Vec<String>);

impl Configurable for FeatureList {
    fn set(&mut self, name: &str, value: &str) -> SetResult<()> {
        if value == "true" {
            self.0.push(name.to_owned());
        }
        Ok(())
    }

    fn enable(&mut self, name: &str) -> SetResult<()> {
        self.0.push(name.to_owned());
        Ok(())
    }
}

#[cfg(target_arch = "x86_64")]
fn cpu_model() -> String {
    use std::arch::x86_64::__cpuid;

    let vendor = __cpuid(0);
    let name: Vec<u8> = [vendor.ebx, vendor.edx, vendor.ecx]
        .iter()
        .flat_map(|part| part.to_le_bytes())
        .filter(u8::is_ascii_graphic)
        .collect();
    let version = if vendor.eax >= 1 { __cpuid(1).eax } else { 0 };
    let (family, model) = family_and_model(version);
    format!("{}-{family}-{model}", String::from_utf8_lossy(&name))
}

#[cfg(not(target_arch = "x86_64"))]
fn cpu_model() -> String {
    "unknown".to_owned()
}

/// The displayed family and model from the version word of CPUID leaf 1 (Intel's manual,
/// volume 2A, CPUID; AMD's manual agrees).
#[cfg(target_arch = "x86_64")]
fn family_and_model(version: u32) -> (u32, u32) {
    let base_family = version >> 8 & 0xf;
    let base_model = version >> 4 & 0xf;
    let extended = base_model | (version >> 12 & 0xf0);
    match base_family {
        0xf => (base_family + (version >> 20 & 0xff), extended),
        6 => (base_family, extended),
        _ => (base_family, base_model),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn family_and_model_follow_the_manuals() {
        assert_eq!(family_and_model(0x00a6_0f12), (25, 97));
        assert_eq!(family_and_model(0x0009_06ea), (6, 158));
        assert_eq!(family_and_model(0x0000_0543), (5, 4));
    }

    #[test]
    fn without_removes_one_feature_and_keeps_the_order() {
        let host = TargetSpec::host();
        assert!(host.features.is_sorted());
        let Some(first) = host.features.first().cloned() else {
            return;
        };
        let less = host.clone().without(&first);
        assert!(!less.has(&first));
        assert_eq!(less.features, host.features[1..]);
        assert_eq!(host.clone().without("has_wings"), host);
    }
}
