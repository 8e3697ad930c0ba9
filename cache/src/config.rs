//! Where the cache and its layers are, and what it may do there, from the environment or the
//! caller. Of the disk only the key file is read, and what kind of thing a layer is.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::error::{CacheError, ErrorKind};
use crate::keyed::CacheKey;
use crate::layer::{Layer, LayerSource};
use crate::limits::Limits;

/// What a cache may do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Mode {
    /// Finds and stores.
    #[default]
    On,
    /// Neither finds nor stores.
    Off,
    /// Finds, and writes nothing whatever: no lock file, no repair.
    ReadOnly,
    /// Finds nothing, stores everything anew.
    Refresh,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 4] = [Mode::On, Mode::Off, Mode::ReadOnly, Mode::Refresh];

    /// The name in `BROLGA_CACHE`.
    pub fn name(self) -> &'static str {
        match self {
            Mode::On => "on",
            Mode::Off => "off",
            Mode::ReadOnly => "readonly",
            Mode::Refresh => "refresh",
        }
    }

    pub(crate) fn may_write(self) -> bool {
        matches!(self, Mode::On | Mode::Refresh)
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Mode {
    type Err = CacheError;

    fn from_str(text: &str) -> Result<Mode, CacheError> {
        Mode::ALL
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| {
                CacheError::new(
                    ErrorKind::Setting,
                    format!(
                        "cache mode `{text}` is not known: expected on, off, readonly or refresh"
                    ),
                )
            })
    }
}

/// Where the cache is and what it may do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CacheConfig {
    /// The folder that holds the cache; a folder per format version is made inside. `None`
    /// makes every lookup a miss.
    pub dir: Option<PathBuf>,
    /// What the cache may do.
    pub mode: Mode,
    /// The key of the digests in the folder: every file that is written has it, and no file
    /// without it is used. `None` writes and reads plain digests.
    pub key: Option<CacheKey>,
    /// What is asked after the folder, in this order.
    pub layers: Vec<Layer>,
    /// How large and how old it may become.
    pub limits: Limits,
}

impl CacheConfig {
    /// From the environment: the folder is `$BROLGA_CACHE_DIR`, else
    /// `$XDG_CACHE_HOME/brolga`, else `$HOME/.cache/brolga`, else none; the mode is
    /// `$BROLGA_CACHE`, else on. An empty variable counts as unset, and so does a relative
    /// `XDG_CACHE_HOME` (its specification says so). The limits are those of
    /// [`Limits::from_variables`].
    ///
    /// The layers are the paths in `$BROLGA_CACHE_LAYERS`, separated by `:`, each of a cache
    /// folder or of a bundle file. The key in the file `$BROLGA_CACHE_KEY_FILE` is the one of
    /// the folder and of every layer.
    ///
    /// # Errors
    /// When `BROLGA_CACHE` is none of `on`, `off`, `readonly`, `refresh`, when a limit is not
    /// of its form, when a path in `BROLGA_CACHE_LAYERS` is empty, or when
    /// `BROLGA_CACHE_KEY_FILE` is not the path of a file that [`CacheKey::from_file`] accepts.
    pub fn from_env() -> Result<CacheConfig, CacheError> {
        CacheConfig::from_variables(|name| std::env::var_os(name))
    }

    /// [`CacheConfig::from_env`] over any source of variables.
    ///
    /// # Errors
    /// The same.
    pub fn from_variables(
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<CacheConfig, CacheError> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mode = match set("BROLGA_CACHE") {
            None => Mode::On,
            Some(value) => value
                .to_string_lossy()
                .parse()
                .map_err(|error: CacheError| {
                    CacheError::new(error.kind(), format!("BROLGA_CACHE: {error}"))
                })?,
        };
        let absolute = |name: &str| {
            set(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let dir = set("BROLGA_CACHE_DIR")
            .map(PathBuf::from)
            .or_else(|| absolute("XDG_CACHE_HOME").map(|path| path.join("brolga")))
            .or_else(|| absolute("HOME").map(|path| path.join(".cache/brolga")));
        let key = set("BROLGA_CACHE_KEY_FILE")
            .map(|path| CacheKey::from_file(Path::new(&path)))
            .transpose()
            .map_err(|error| {
                CacheError::new(error.kind(), format!("BROLGA_CACHE_KEY_FILE: {error}"))
            })?;
        let layers = match set("BROLGA_CACHE_LAYERS") {
            None => Vec::new(),
            Some(paths) => layers_of(&paths, key.as_ref())?,
        };
        Ok(CacheConfig {
            dir,
            mode,
            key,
            layers,
            limits: Limits::from_variables(&variable)?,
        })
    }
}

/// The layers at `paths`, separated by `:`.
fn layers_of(paths: &OsStr, key: Option<&CacheKey>) -> Result<Vec<Layer>, CacheError> {
    let layer = |path: PathBuf| match path.as_os_str().is_empty() {
        true => Err(CacheError::new(
            ErrorKind::Setting,
            "BROLGA_CACHE_LAYERS has an empty path: expected paths of cache folders or bundle files, separated by `:`",
        )),
        false => Ok(Layer {
            source: LayerSource::at(path),
            key: key.cloned(),
        }),
    };
    std::env::split_paths(paths).map(layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Result<CacheConfig, CacheError> {
        CacheConfig::from_variables(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_folder_is_the_first_variable_that_is_set() {
        let all = [
            ("BROLGA_CACHE_DIR", "here"),
            ("XDG_CACHE_HOME", "/xdg"),
            ("HOME", "/home/u"),
        ];
        for (variables, expected) in [
            (&all[..], Some("here")),
            (&all[1..], Some("/xdg/brolga")),
            (&all[2..], Some("/home/u/.cache/brolga")),
            (&all[3..], None),
            (
                &[("BROLGA_CACHE_DIR", ""), ("HOME", "/h")],
                Some("/h/.cache/brolga"),
            ),
            (
                &[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")],
                Some("/h/.cache/brolga"),
            ),
        ] {
            let found = config(variables).unwrap();
            assert_eq!(found.dir, expected.map(PathBuf::from), "{variables:?}");
            assert_eq!(found.mode, Mode::On);
        }
    }

    #[test]
    fn layers_are_paths_in_order_and_the_key_is_the_one_of_all() {
        let temporary = tempfile::tempdir().unwrap();
        let path = |name: &str| temporary.path().join(name);
        std::fs::write(path("file"), b"").unwrap();
        std::fs::create_dir(path("dir.nbb")).unwrap();
        std::fs::write(path("key"), "ab".repeat(32)).unwrap();
        let text = |name: &str| path(name).to_str().unwrap().to_string();
        let paths = ["file", "dir.nbb", "absent", "absent.nbb"]
            .map(text)
            .join(":");
        let layers = ("BROLGA_CACHE_LAYERS", paths.as_str());
        let sources = [
            LayerSource::Bundle(path("file")),
            LayerSource::Folder(path("dir.nbb")),
            LayerSource::Folder(path("absent")),
            LayerSource::Bundle(path("absent.nbb")),
        ];
        let expected = |key: Option<CacheKey>| {
            sources.clone().map(|source| Layer {
                source,
                key: key.clone(),
            })
        };
        let found = config(&[layers]).unwrap();
        assert_eq!(found.layers, expected(None));
        assert_eq!(found.key, None);
        let key_file = text("key");
        let found = config(&[layers, ("BROLGA_CACHE_KEY_FILE", &key_file)]).unwrap();
        let key = Some(CacheKey::new([0xab; 32]));
        assert_eq!(found.layers, expected(key.clone()));
        assert_eq!(found.key, key);
        for unset in ["BROLGA_CACHE_LAYERS", "BROLGA_CACHE_KEY_FILE"] {
            assert_eq!(config(&[(unset, "")]).unwrap(), CacheConfig::default());
        }
    }

    #[test]
    fn wrong_layers_and_keys_say_what_is_expected() {
        for paths in [":", "/a:", ":/a", "/a::/b"] {
            let error = config(&[("BROLGA_CACHE_LAYERS", paths)]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Setting);
            assert_eq!(
                error.to_string(),
                "BROLGA_CACHE_LAYERS has an empty path: expected paths of cache folders or bundle files, separated by `:`"
            );
        }
        let error = config(&[("BROLGA_CACHE_KEY_FILE", "/absent/key")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Setting);
        let text = error.to_string();
        let start = "BROLGA_CACHE_KEY_FILE: the key file /absent/key cannot be read (";
        let end = "expected a file of 64 hexadecimal digits that only its owner may write to";
        assert!(text.starts_with(start) && text.ends_with(end), "{text}");
    }

    #[test]
    fn modes_go_by_name_and_an_unknown_one_lists_the_accepted() {
        for mode in Mode::ALL {
            assert_eq!(config(&[("BROLGA_CACHE", mode.name())]).unwrap().mode, mode);
        }
        let error = config(&[("BROLGA_CACHE", "yes")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Setting);
        assert_eq!(
            error.to_string(),
            "BROLGA_CACHE: cache mode `yes` is not known: expected on, off, readonly or refresh"
        );
    }
}
