//! The compiler's own switches. Not options of a kernel (those are part of its IR) and not
//! the target. Every switch is part of the cache's key.

use std::ffi::OsString;

use crate::error::{CodegenError, CodegenErrorKind};

/// How much Cranelift optimises.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Opt {
    /// Instruction selection and register allocation alone.
    None,
    /// The mid-end too: common subexpressions, loop invariants, algebraic rules.
    Speed,
}

/// The switches. [`Switches::from_env`] reads them from the environment.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Switches {
    /// Whether Cranelift's verifier runs over all code.
    pub verify: bool,
    /// How much scalar code is optimised.
    pub opt: Opt,
    /// Whether loops over elements are vectorised where they can be.
    pub vectorise: bool,
    /// Whether loads and stores are forwarded and removed by alias analysis.
    pub alias_analysis: bool,
}

impl Default for Switches {
    fn default() -> Switches {
        Switches {
            verify: cfg!(debug_assertions),
            opt: Opt::Speed,
            vectorise: true,
            alias_analysis: true,
        }
    }
}

/// The values of the switches that are on or off.
const ON_OR_OFF: [(&str, bool); 2] = [("1", true), ("0", false)];

impl Switches {
    /// The defaults, changed by `BROLGA_VERIFY=1|0`, `BROLGA_OPT=none|speed`,
    /// `BROLGA_VECTORISE=1|0` and `BROLGA_ALIAS_ANALYSIS=1|0`. An empty variable counts as
    /// unset.
    ///
    /// # Errors
    /// `Setting` for any other value; the message names the variable, its value and the
    /// accepted values.
    pub fn from_env() -> Result<Switches, CodegenError> {
        Switches::from_variables(|name| std::env::var_os(name))
    }

    fn from_variables(
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Switches, CodegenError> {
        let Switches {
            verify,
            opt,
            vectorise,
            alias_analysis,
        } = Switches::default();
        let opts = [("none", Opt::None), ("speed", Opt::Speed)];
        Ok(Switches {
            verify: read(&variable, "BROLGA_VERIFY", ON_OR_OFF, verify)?,
            opt: read(&variable, "BROLGA_OPT", opts, opt)?,
            vectorise: read(&variable, "BROLGA_VECTORISE", ON_OR_OFF, vectorise)?,
            alias_analysis: read(
                &variable,
                "BROLGA_ALIAS_ANALYSIS",
                ON_OR_OFF,
                alias_analysis,
            )?,
        })
    }

    /// The switches as bytes of a cache key: different switches give different bytes.
    pub fn key_bytes(&self) -> Vec<u8> {
        let Switches {
            verify,
            opt,
            vectorise,
            alias_analysis,
        } = self;
        let opt = match opt {
            Opt::None => 0,
            Opt::Speed => 1,
        };
        vec![
            u8::from(*verify),
            opt,
            u8::from(*vectorise),
            u8::from(*alias_analysis),
        ]
    }
}

/// What the variable says, or `default` where it is not set or empty.
fn read<T>(
    variable: impl Fn(&str) -> Option<OsString>,
    name: &str,
    accepted: [(&str, T); 2],
    default: T,
) -> Result<T, CodegenError> {
    let Some(value) = variable(name).filter(|value| !value.is_empty()) else {
        return Ok(default);
    };
    let (first, second) = (accepted[0].0, accepted[1].0);
    accepted
        .into_iter()
        .find(|(text, _)| value == *text)
        .map(|(_, meaning)| meaning)
        .ok_or_else(|| {
            CodegenError::new(
                CodegenErrorKind::Setting,
                format!(
                    "{name}: `{}` is not known: expected {first} or {second}",
                    value.to_string_lossy()
                ),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switches(name: &str, value: &str) -> Result<Switches, CodegenError> {
        Switches::from_variables(|n| (n == name).then(|| value.into()))
    }

    #[test]
    fn each_switch_is_read_and_changes_the_key() {
        let default = Switches::default();
        for (name, value) in [
            ("BROLGA_VERIFY", if default.verify { "0" } else { "1" }),
            ("BROLGA_OPT", "none"),
            ("BROLGA_VECTORISE", "0"),
            ("BROLGA_ALIAS_ANALYSIS", "0"),
        ] {
            let changed = switches(name, value).unwrap();
            assert_ne!(changed.key_bytes(), default.key_bytes(), "{name}");
            assert_eq!(switches(name, "").unwrap(), default, "{name}");
        }
    }

    #[test]
    fn a_value_that_is_not_accepted_is_an_error_that_lists_the_accepted() {
        for (name, accepted) in [
            ("BROLGA_VERIFY", "1 or 0"),
            ("BROLGA_OPT", "none or speed"),
            ("BROLGA_VECTORISE", "1 or 0"),
            ("BROLGA_ALIAS_ANALYSIS", "1 or 0"),
        ] {
            let error = switches(name, "maybe").unwrap_err();
            assert_eq!(error.kind(), CodegenErrorKind::Setting, "{name}");
            assert_eq!(
                error.to_string(),
                format!("{name}: `maybe` is not known: expected {accepted}")
            );
        }
    }
}
