//! How large and how old the cache may become, from the environment or the caller.

use std::ffi::OsString;
use std::time::Duration;

use crate::error::{CacheError, ErrorKind};

/// How many bytes the files of the cache may take unless something else is said: 1 GiB.
const DEFAULT_BYTES: u64 = 1 << 30;

/// What is written for "no limit".
const NONE: &str = "none";

/// How large and how old the cache may become. What exceeds a limit is removed, the least
/// recently used first, when something is stored and by [`crate::Cache::prune`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The bytes of all files of this format version; `None` is without limit.
    pub bytes: Option<u64>,
    /// How long ago an entry was last used; `None` is without limit.
    pub age: Option<Duration>,
}

impl Default for Limits {
    /// 1 GiB, of any age.
    fn default() -> Limits {
        Limits {
            bytes: Some(DEFAULT_BYTES),
            age: None,
        }
    }
}

impl Limits {
    /// Nothing is ever too large or too old.
    pub const NONE: Limits = Limits {
        bytes: None,
        age: None,
    };

    /// From `BROLGA_CACHE_MAX_BYTES` ([`Limits::parse_bytes`]) and `BROLGA_CACHE_MAX_AGE`
    /// ([`Limits::parse_age`]); what is unset or empty is as in [`Limits::default`].
    ///
    /// # Errors
    /// When one of them is not of the accepted form.
    pub fn from_variables(
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Limits, CacheError> {
        let mut limits = Limits::default();
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let named = |name: &'static str| {
            move |error: CacheError| CacheError::new(error.kind(), format!("{name}: {error}"))
        };
        if let Some(value) = set("BROLGA_CACHE_MAX_BYTES") {
            limits.bytes = Limits::parse_bytes(&value.to_string_lossy())
                .map_err(named("BROLGA_CACHE_MAX_BYTES"))?;
        }
        if let Some(value) = set("BROLGA_CACHE_MAX_AGE") {
            limits.age = Limits::parse_age(&value.to_string_lossy())
                .map_err(named("BROLGA_CACHE_MAX_AGE"))?;
        }
        Ok(limits)
    }

    /// A number of bytes, alone or with `K`, `M`, `G` or `T` for powers of 1024 (`512M`);
    /// `none` for no limit.
    ///
    /// # Errors
    /// When `text` is something else.
    pub fn parse_bytes(text: &str) -> Result<Option<u64>, CacheError> {
        let scales = [
            ("K", 1 << 10),
            ("M", 1 << 20),
            ("G", 1 << 30),
            ("T", 1 << 40),
        ];
        scaled(text, &scales, Some(1)).ok_or_else(|| {
            let message = format!(
                "`{text}` is not a size: expected bytes (`1000000`), `512M`, `2G` or `none`"
            );
            CacheError::new(ErrorKind::Setting, message)
        })
    }

    /// A number with `s`, `m`, `h` or `d` for seconds, minutes, hours or days (`90d`);
    /// `none` for no limit.
    ///
    /// # Errors
    /// When `text` is something else.
    pub fn parse_age(text: &str) -> Result<Option<Duration>, CacheError> {
        let scales = [("s", 1), ("m", 60), ("h", 60 * 60), ("d", 24 * 60 * 60)];
        let seconds = scaled(text, &scales, None).ok_or_else(|| {
            let message =
                format!("`{text}` is not an age: expected `90d`, `12h`, `30m`, `45s` or `none`");
            CacheError::new(ErrorKind::Setting, message)
        })?;
        Ok(seconds.map(Duration::from_secs))
    }
}

/// The number in `text` times what its unit stands for; `alone` is for a number without.
/// The outer `None` is an error, the inner one is `none`.
fn scaled(text: &str, scales: &[(&str, u64)], alone: Option<u64>) -> Option<Option<u64>> {
    if text == NONE {
        return Some(None);
    }
    let with_unit = scales
        .iter()
        .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, *scale)));
    let (digits, scale) = match with_unit {
        Some(found) => found,
        None => (text, alone?),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(scale).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bytes_or_have_a_unit() {
        for (text, expected) in [
            ("0", Some(0)),
            ("1000000", Some(1_000_000)),
            ("3K", Some(3 << 10)),
            ("512M", Some(512 << 20)),
            ("2G", Some(2 << 30)),
            ("1T", Some(1 << 40)),
            ("none", None),
        ] {
            assert_eq!(Limits::parse_bytes(text).unwrap(), expected, "{text}");
        }
        for text in [
            "",
            "M",
            "-1",
            "+1",
            "1.5G",
            "1 G",
            "1g",
            "1GB",
            "None",
            "1d",
            "99999999999T",
        ] {
            let error = Limits::parse_bytes(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Setting, "{text}");
        }
    }

    #[test]
    fn ages_have_a_unit() {
        for (text, seconds) in [
            ("45s", Some(45)),
            ("30m", Some(1_800)),
            ("12h", Some(43_200)),
            ("90d", Some(7_776_000)),
            ("0d", Some(0)),
            ("none", None),
        ] {
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(Limits::parse_age(text).unwrap(), expected, "{text}");
        }
        for text in ["", "90", "d", "1w", "1.5h", "-1h", "1 h", "1M"] {
            let error = Limits::parse_age(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Setting, "{text}");
        }
    }

    #[test]
    fn variables_that_are_unset_or_empty_leave_the_default() {
        let limits = |bytes: &str, age: &str| {
            let value = |name: &str| match name {
                "BROLGA_CACHE_MAX_BYTES" => Some(OsString::from(bytes)),
                "BROLGA_CACHE_MAX_AGE" => Some(OsString::from(age)),
                _ => None,
            };
            Limits::from_variables(value)
        };
        assert_eq!(Limits::from_variables(|_| None).unwrap(), Limits::default());
        assert_eq!(limits("", "").unwrap(), Limits::default());
        let day = Duration::from_secs(86_400);
        let expected = Limits {
            bytes: Some(1 << 20),
            age: Some(day),
        };
        assert_eq!(limits("1M", "1d").unwrap(), expected);
        assert_eq!(limits("none", "none").unwrap(), Limits::NONE);
        assert_eq!(
            limits("lots", "").unwrap_err().to_string(),
            "BROLGA_CACHE_MAX_BYTES: `lots` is not a size: expected bytes (`1000000`), `512M`, \
             `2G` or `none`"
        );
        assert_eq!(
            limits("", "old").unwrap_err().to_string(),
            "BROLGA_CACHE_MAX_AGE: `old` is not an age: expected `90d`, `12h`, `30m`, `45s` or \
             `none`"
        );
    }
}
