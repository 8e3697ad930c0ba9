//! Named CPUs and changes to their features: `x86-64-v3`, `+fma,-avx512f`. Only names and
//! lists; what the machine at hand has is in `target.rs`.

use std::collections::BTreeSet;

use brolga_lang::suggest;
use cranelift_codegen::isa;
use target_lexicon::{Architecture, Triple};

use crate::error::{CodegenError, CodegenErrorKind};
use crate::target::TargetSpec;

/// The name of the machine at hand.
pub(crate) const NATIVE: &str = "native";

/// A named set of features of one architecture.
struct Level {
    name: &'static str,
    /// The level that this one contains.
    below: Option<&'static str>,
    /// What it adds, as Cranelift's flags.
    adds: &'static [&'static str],
}

/// The levels of the x86-64 psABI, table "Micro-Architecture Levels" (section 3.1.1). What
/// the table has and Cranelift has no flag for, it never uses: CMOV to SSE2 are always there;
/// LAHF-SAHF of v2; F16C, MOVBE and OSXSAVE of v3; AVX512BW and AVX512CD of v4.
const X86_64_LEVELS: [Level; 4] = [
    Level {
        name: "x86-64",
        below: None,
        adds: &[],
    },
    Level {
        name: "x86-64-v2",
        below: Some("x86-64"),
        adds: &[
            "has_cmpxchg16b",
            "has_popcnt",
            "has_sse3",
            "has_sse41",
            "has_sse42",
            "has_ssse3",
        ],
    },
    Level {
        name: "x86-64-v3",
        below: Some("x86-64-v2"),
        adds: &[
            "has_avx",
            "has_avx2",
            "has_bmi1",
            "has_bmi2",
            "has_fma",
            "has_lzcnt",
        ],
    },
    Level {
        name: "x86-64-v4",
        below: Some("x86-64-v3"),
        adds: &["has_avx512dq", "has_avx512f", "has_avx512vl"],
    },
];

/// Armv8.0-A, which has none of the extensions that Cranelift has flags for.
const AARCH64_LEVELS: [Level; 1] = [Level {
    name: "armv8-a",
    below: None,
    adds: &[],
}];

/// What a feature needs: each CPU that has the first has the others too (Intel's manual,
/// volume 1, chapters 12 to 15: how software detects each). Cranelift uses FMA with AVX only.
const X86_64_NEEDS: [(&str, &[&str]); 14] = [
    ("has_ssse3", &["has_sse3"]),
    ("has_sse41", &["has_ssse3"]),
    ("has_sse42", &["has_sse41"]),
    // Cranelift has `popcnt` with SSE4.2 only.
    ("has_popcnt", &["has_sse42"]),
    ("has_avx", &["has_sse42", "has_popcnt"]),
    ("has_avx2", &["has_avx"]),
    ("has_fma", &["has_avx"]),
    ("has_avx_vnni", &["has_avx2"]),
    ("has_avx512f", &["has_avx2", "has_fma"]),
    ("has_avx512dq", &["has_avx512f"]),
    ("has_avx512vl", &["has_avx512f"]),
    ("has_avx512vbmi", &["has_avx512f"]),
    ("has_avx512vnni", &["has_avx512f"]),
    ("has_avx512bitalg", &["has_avx512f"]),
];

fn levels(architecture: Architecture) -> &'static [Level] {
    match architecture {
        Architecture::X86_64 => &X86_64_LEVELS,
        Architecture::Aarch64(_) => &AARCH64_LEVELS,
        _ => &[],
    }
}

fn needs(architecture: Architecture) -> &'static [(&'static str, &'static [&'static str])] {
    match architecture {
        Architecture::X86_64 => &X86_64_NEEDS,
        _ => &[],
    }
}

fn setting(message: String) -> CodegenError {
    CodegenError::new(CodegenErrorKind::Setting, message)
}

/// The names that [`TargetSpec::named`] takes on this architecture.
pub(crate) fn names() -> Vec<&'static str> {
    let levels = levels(Triple::host().architecture).iter();
    [NATIVE]
        .into_iter()
        .chain(levels.map(|level| level.name))
        .collect()
}

/// The features of a level, sorted; `None` for a name that is not one of this architecture.
pub(crate) fn level(name: &str) -> Option<Vec<String>> {
    let levels = levels(Triple::host().architecture);
    let mut features = BTreeSet::new();
    let mut next = Some(levels.iter().find(|level| level.name == name)?);
    while let Some(level) = next {
        features.extend(level.adds.iter().map(|flag| (*flag).to_owned()));
        next = level
            .below
            .and_then(|below| levels.iter().find(|level| level.name == below));
    }
    Some(features.into_iter().collect())
}

/// The message for a CPU that is not known.
pub(crate) fn unknown(name: &str) -> CodegenError {
    let names = names();
    let near = suggest::nearest(name, names.iter().copied());
    setting(match near {
        Some(near) => format!("`{name}` is not a CPU that Brolga knows: did you mean `{near}`?"),
        None => format!(
            "`{name}` is not a CPU that Brolga knows: expected {}",
            listed(&names)
        ),
    })
}

/// `a, b or c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Every feature that Cranelift has a flag for, as its flags, sorted.
fn known() -> Vec<String> {
    let Ok(builder) = isa::lookup(Triple::host()) else {
        return Vec::new();
    };
    let mut flags: Vec<String> = builder
        .iter()
        .map(|setting| setting.name.to_owned())
        .filter(|name| name.starts_with("has_"))
        .collect();
    flags.sort();
    flags
}

/// A flag's name without its beginning: `avx512f`.
pub(crate) fn plain(flag: &str) -> &str {
    flag.strip_prefix("has_").unwrap_or(flag)
}

/// A name as it is compared: other tools write `sse4.1`, `SSE4_1`, `avxvnni`.
fn folded(name: &str) -> String {
    let letters = plain(name)
        .chars()
        .filter(|c| !matches!(c, '.' | '_' | '-'));
    letters.flat_map(char::to_lowercase).collect()
}

/// Applies `+fma,-avx512f` to a target, from left to right. A feature comes with those that it
/// needs, and goes with those that need it. What really changed is added to the CPU's name,
/// so that entries of the cache can be told apart by it.
///
/// # Errors
/// A name without a sign, or one that is not known; the message lists near ones.
pub(crate) fn change(target: &mut TargetSpec, changes: &str) -> Result<(), CodegenError> {
    let known = known();
    let needs = needs(Triple::host().architecture);
    let before: BTreeSet<String> = target.features.iter().cloned().collect();
    let mut features = before.clone();
    for change in changes.split(',').map(str::trim) {
        let (add, name) = match (change.strip_prefix('+'), change.strip_prefix('-')) {
            (Some(name), _) => (true, name.trim_start()),
            (None, Some(name)) => (false, name.trim_start()),
            (None, None) => {
                return Err(setting(format!(
                    "`{change}` is not a change of a feature: expected +name or -name, such as +fma,-avx512f"
                )));
            }
        };
        let wanted = folded(name);
        let Some(flag) = known.iter().find(|flag| folded(flag) == wanted) else {
            return Err(unknown_feature(name, &known));
        };
        let mut open = vec![flag.as_str()];
        while let Some(flag) = open.pop() {
            if add {
                features.insert(flag.to_owned());
                let rows = needs.iter().filter(|(feature, _)| *feature == flag);
                open.extend(rows.flat_map(|(_, needed)| needed.iter().copied()));
            } else {
                features.remove(flag);
                let rows = needs.iter().filter(|(_, needed)| needed.contains(&flag));
                open.extend(rows.map(|(feature, _)| *feature));
            }
        }
    }
    for flag in features.difference(&before) {
        target.cpu += &format!("+{}", plain(flag));
    }
    for flag in before.difference(&features) {
        target.cpu += &format!("-{}", plain(flag));
    }
    target.features = features.into_iter().collect();
    Ok(())
}

fn unknown_feature(name: &str, known: &[String]) -> CodegenError {
    let names: Vec<&str> = known.iter().map(|flag| plain(flag)).collect();
    let near = suggest::near(name, names.iter().copied());
    let rest = match near.as_slice() {
        [] => format!("there are {}", names.join(", ")),
        near => {
            let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            format!("did you mean {}?", listed(&near))
        }
    };
    setting(format!("`{name}` is not a feature of a CPU: {rest}"))
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;
    use crate::{Compiler, Switches};

    fn target(name: &str, changes: &str) -> Result<TargetSpec, CodegenError> {
        TargetSpec::named(name, changes)
    }

    #[test]
    fn levels_contain_those_below_and_v3_has_avx_with_fma() {
        let levels: Vec<Vec<String>> = ["x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"]
            .iter()
            .map(|name| target(name, "").unwrap().features)
            .collect();
        assert_eq!(levels[0], [""; 0]);
        for pair in levels.windows(2) {
            assert!(pair[1].is_sorted());
            assert!(pair[0].iter().all(|feature| pair[1].contains(feature)));
            assert!(pair[0].len() < pair[1].len());
        }
        let v3 = target("x86-64-v3", "").unwrap();
        assert!(v3.has("has_avx") && v3.has("has_fma") && v3.has("has_avx2"));
        assert!(!v3.has("has_avx512f"));
        assert!(!target("x86-64-v2", "").unwrap().has("has_avx"));
        assert_eq!(v3.cpu, "x86-64-v3");
        assert_eq!(target("native", "").unwrap(), TargetSpec::host());
    }

    #[test]
    fn every_level_and_need_is_made_of_flags_that_cranelift_takes() {
        for name in names() {
            Compiler::new(&target(name, "").unwrap(), Switches::default()).unwrap();
        }
        let known = known();
        for (feature, needed) in X86_64_NEEDS {
            for flag in [&[feature], needed].concat() {
                assert!(known.iter().any(|known| known == flag), "{flag}");
            }
        }
        // A level is closed: it has what its features need.
        for level in X86_64_LEVELS {
            let features = target(level.name, "").unwrap();
            for (feature, needed) in X86_64_NEEDS {
                assert!(
                    !features.has(feature) || needed.iter().all(|flag| features.has(flag)),
                    "{} {feature}",
                    level.name
                );
            }
        }
    }

    #[test]
    fn a_feature_comes_with_what_it_needs_and_goes_with_what_needs_it() {
        let fma = target("x86-64", "+fma").unwrap();
        assert_eq!(
            fma.features,
            [
                "has_avx",
                "has_fma",
                "has_popcnt",
                "has_sse3",
                "has_sse41",
                "has_sse42",
                "has_ssse3"
            ]
        );
        let changed = target("x86-64-v4", "-avx").unwrap();
        let v2 = target("x86-64-v2", "+bmi1,+bmi2,+lzcnt").unwrap();
        assert_eq!(changed.features, v2.features);
        let again = target("x86-64-v3", "-fma, + fma").unwrap();
        assert_eq!(again, target("x86-64-v3", "").unwrap());
        let less = target("x86-64-v3", "-fma,+avx_vnni").unwrap();
        assert_eq!(less.cpu, "x86-64-v3+avx_vnni-fma");
    }

    #[test]
    fn features_go_by_the_names_of_other_tools_too() {
        let one = target("x86-64", "+sse41").unwrap();
        for name in ["+sse4.1", "+SSE4_1", "+has_sse41"] {
            assert_eq!(target("x86-64", name).unwrap(), one, "{name}");
        }
        let vnni = target("x86-64-v3", "+avxvnni").unwrap();
        assert!(vnni.has("has_avx_vnni"));
    }

    #[test]
    fn unknown_names_are_errors_with_near_ones() {
        for (name, changes, parts) in [
            ("x86-64-v33", "", &["`x86-64-v33`", "`x86-64-v3`"][..]),
            (
                "skylake",
                "",
                &[
                    "`skylake`",
                    "native, x86-64, x86-64-v2, x86-64-v3 or x86-64-v4",
                ],
            ),
            ("native", "+avx512ff", &["`avx512ff`", "`avx512f`"]),
            ("native", "+wings", &["`wings`", "there are", "fma"]),
            ("native", "fma", &["`fma`", "+name or -name"]),
            ("native", "+fma,", &["``", "+name or -name"]),
        ] {
            let error = target(name, changes).unwrap_err();
            assert_eq!(error.kind(), CodegenErrorKind::Setting);
            for part in parts {
                assert!(error.to_string().contains(part), "{error}");
            }
        }
    }
}
