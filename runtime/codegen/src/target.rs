//! The machine that code is made for: a triple, a CPU model for the cache's key, and the
//! instruction set features that may be used. Describing a target is cheap; building
//! Cranelift's `TargetIsa` for it is not and happens in [`crate::Compiler`].

use std::ffi::OsString;
use std::str::FromStr;
use std::sync::OnceLock;

use cranelift_codegen::settings::{Configurable, SetResult};
use target_lexicon::Triple;

use crate::cpu;
use crate::error::CodegenError;

/// A target. `features` decides what instructions are used; `cpu` only tells cache entries
/// apart.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TargetSpec {
    /// The target triple.
    pub triple: String,
    /// Vendor, family and model of the CPU, or the name of a level, with what was changed of
    /// its features: `AuthenticAMD-25-97`, `x86-64-v3`, `x86-64-v3-fma`.
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

    /// A CPU by name, with changes of its features.
    ///
    /// `name` is `native` (this machine) or, on x86-64, a level of its psABI: `x86-64`,
    /// `x86-64-v2`, `x86-64-v3`, `x86-64-v4`; on aarch64 `armv8-a`. `changes` is empty or a
    /// list such as `+fma,-avx512f`, applied from left to right: a feature comes with those
    /// that it needs (`+fma` with AVX) and goes with those that need it.
    ///
    /// # Errors
    /// `Setting` for a name that is not known; the message lists near ones.
    pub fn named(name: &str, changes: &str) -> Result<TargetSpec, CodegenError> {
        let mut target = match name {
            cpu::NATIVE => TargetSpec::host(),
            _ => TargetSpec {
                triple: Triple::host().to_string(),
                cpu: name.to_owned(),
                features: cpu::level(name).ok_or_else(|| cpu::unknown(name))?,
            },
        };
        if !changes.trim().is_empty() {
            cpu::change(&mut target, changes)?;
        }
        Ok(target)
    }

    /// The names that [`TargetSpec::named`] takes on this machine's architecture.
    pub fn names() -> Vec<&'static str> {
        cpu::names()
    }

    /// [`TargetSpec::named`] with `name` or else `BROLGA_CPU_NAME` or else `native`, and
    /// `changes` or else `BROLGA_CPU_FEATURES` or else none. An empty variable counts as unset.
    ///
    /// # Errors
    /// As [`TargetSpec::named`]; the message names the variable that a value came from.
    pub fn from_env(name: Option<&str>, changes: Option<&str>) -> Result<TargetSpec, CodegenError> {
        TargetSpec::from_variables(name, changes, |name| std::env::var_os(name))
    }

    fn from_variables(
        name: Option<&str>,
        changes: Option<&str>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<TargetSpec, CodegenError> {
        let set = |name: &str| {
            let value = variable(name).filter(|value| !value.is_empty());
            value.map(|value| value.to_string_lossy().into_owned())
        };
        let told = |from_env: bool, variable: &str, error: CodegenError| match from_env {
            true => CodegenError::new(error.kind(), format!("{variable}: {error}")),
            false => error,
        };
        let (name_var, changes_var) = ("BROLGA_CPU_NAME", "BROLGA_CPU_FEATURES");
        let cpu = name.map(str::to_owned).or_else(|| set(name_var));
        let cpu = cpu.as_deref().unwrap_or(cpu::NATIVE);
        let mut target =
            TargetSpec::named(cpu, "").map_err(|e| told(name.is_none(), name_var, e))?;
        let list = changes.map(str::to_owned).or_else(|| set(changes_var));
        if let Some(list) = list.filter(|list| !list.trim().is_empty()) {
            cpu::change(&mut target, &list).map_err(|e| told(changes.is_none(), changes_var, e))?;
        }
        Ok(target)
    }

    /// What a machine lacks that this code may use: nothing where it can run there.
    pub fn lacking_on(&self, machine: &TargetSpec) -> Lacking {
        let architecture = |triple: &str| Triple::from_str(triple).map(|t| t.architecture);
        let same = matches!(
            (architecture(&self.triple), architecture(&machine.triple)),
            (Ok(code), Ok(machine)) if code == machine
        );
        Lacking {
            architecture: (!same).then(|| self.triple.clone()),
            features: self
                .features
                .iter()
                .filter(|feature| !machine.has(feature))
                .map(|feature| cpu::plain(feature).to_owned())
                .collect(),
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

/// What a machine lacks to run code that was made for another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lacking {
    /// The triple of the code, where the machine is of another architecture.
    pub architecture: Option<String>,
    /// Features that the code may use, in the order of their names: `avx512f`.
    pub features: Vec<String>,
}

impl Lacking {
    /// Whether the code can run.
    pub fn is_nothing(&self) -> bool {
        self.architecture.is_none() && self.features.is_empty()
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

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn arguments_win_over_variables_and_errors_name_the_variable() {
        let target = |name, changes, variables: &[(&str, &str)]| {
            TargetSpec::from_variables(name, changes, |wanted| {
                let mut known = variables.iter();
                known.find(|(n, _)| *n == wanted).map(|(_, v)| v.into())
            })
        };
        let both = [
            ("BROLGA_CPU_NAME", "x86-64-v3"),
            ("BROLGA_CPU_FEATURES", "-fma"),
        ];
        let cpu = |name, changes| target(name, changes, &both).unwrap().cpu;
        assert_eq!(cpu(None, None), "x86-64-v3-fma");
        assert_eq!(cpu(Some("x86-64-v4"), Some("")), "x86-64-v4");
        assert_eq!(cpu(None, Some("-avx2")), "x86-64-v3-avx2");
        assert_eq!(target(None, None, &[]).unwrap(), TargetSpec::host());
        let empty = [("BROLGA_CPU_NAME", ""), ("BROLGA_CPU_FEATURES", "")];
        assert_eq!(target(None, None, &empty).unwrap(), TargetSpec::host());
        for (variable, value) in [("BROLGA_CPU_NAME", "z80"), ("BROLGA_CPU_FEATURES", "+z80")] {
            let error = target(None, None, &[(variable, value)]).unwrap_err();
            let start = format!("{variable}: `z80` is not a");
            assert!(error.to_string().starts_with(&start), "{error}");
        }
        let error = target(Some("z80"), None, &both).unwrap_err();
        assert!(!error.to_string().contains("BROLGA"), "{error}");
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn what_a_machine_lacks_is_named() {
        let v2 = TargetSpec::named("x86-64-v2", "").unwrap();
        let v3 = TargetSpec::named("x86-64-v3", "").unwrap();
        assert!(v2.lacking_on(&v3).is_nothing());
        let lacking = v3.lacking_on(&v2);
        assert_eq!(
            lacking.features,
            ["avx", "avx2", "bmi1", "bmi2", "fma", "lzcnt"]
        );
        let mut arm = v2.clone();
        arm.triple = "aarch64-unknown-linux-gnu".to_owned();
        let lacking = arm.lacking_on(&v3);
        assert_eq!(lacking.architecture, Some(arm.triple));
        assert!(!lacking.is_nothing());
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
