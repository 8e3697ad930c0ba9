//! The compiler's own switches. Not options of a kernel (those are part of its IR) and not
//! the target. Every switch is part of the cache's key.

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

impl Switches {
    /// The defaults, changed by `BROLGA_VERIFY=1|0`, `BROLGA_OPT=none|speed`,
    /// `BROLGA_VECTORISE=1|0` and `BROLGA_ALIAS_ANALYSIS=1|0`. Other values change nothing.
    pub fn from_env() -> Switches {
        Switches::from_lookup(|name| std::env::var(name).ok())
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Switches {
        let mut switches = Switches::default();
        let set = |name: &str, switch: &mut bool| match lookup(name).as_deref() {
            Some("1") => *switch = true,
            Some("0") => *switch = false,
            Some(_) | None => {}
        };
        set("BROLGA_VERIFY", &mut switches.verify);
        set("BROLGA_VECTORISE", &mut switches.vectorise);
        set("BROLGA_ALIAS_ANALYSIS", &mut switches.alias_analysis);
        match lookup("BROLGA_OPT").as_deref() {
            Some("none") => switches.opt = Opt::None,
            Some("speed") => switches.opt = Opt::Speed,
            Some(_) | None => {}
        }
        switches
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_switch_is_read_and_changes_the_key() {
        let default = Switches::from_lookup(|_| None);
        assert_eq!(default, Switches::default());
        for (name, value) in [
            ("BROLGA_VERIFY", if default.verify { "0" } else { "1" }),
            ("BROLGA_OPT", "none"),
            ("BROLGA_VECTORISE", "0"),
            ("BROLGA_ALIAS_ANALYSIS", "0"),
        ] {
            let changed = Switches::from_lookup(|n| (n == name).then(|| value.to_owned()));
            assert_ne!(changed.key_bytes(), default.key_bytes(), "{name}");
            let nonsense = Switches::from_lookup(|n| (n == name).then(|| "maybe".to_owned()));
            assert_eq!(nonsense, default, "{name}");
        }
    }
}
