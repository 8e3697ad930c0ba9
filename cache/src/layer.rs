//! What a user says of the read-only layers under the private folder. How one is read is in
//! `place.rs`.

use std::path::PathBuf;

use crate::keyed::CacheKey;

/// Where the entries of a layer are.
#[derive(Clone, PartialEq, Eq)]
pub enum LayerSource {
    /// A cache folder, as [`crate::CacheConfig::dir`] of whoever filled it.
    Folder(PathBuf),
    /// A bundle file, as [`crate::Cache::export`] writes it.
    Bundle(PathBuf),
    /// The bytes of a bundle, usually from `include_bytes!`.
    Embedded(&'static [u8]),
}

impl LayerSource {
    /// What stands at `path`: a file is a bundle, and so is a name that ends in `.nbb`;
    /// anything else is a folder, also one that is not there yet.
    pub fn at(path: impl Into<PathBuf>) -> LayerSource {
        let path = path.into();
        let is_named_so = path.extension().is_some_and(|ending| ending == "nbb");
        if path.is_file() || (is_named_so && !path.is_dir()) {
            LayerSource::Bundle(path)
        } else {
            LayerSource::Folder(path)
        }
    }
}

impl std::fmt::Display for LayerSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LayerSource::Folder(path) | LayerSource::Bundle(path) => path.display().fmt(f),
            LayerSource::Embedded(bytes) => write!(f, "embedded ({} bytes)", bytes.len()),
        }
    }
}

impl std::fmt::Debug for LayerSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LayerSource::Folder(path) => f.debug_tuple("Folder").field(path).finish(),
            LayerSource::Bundle(path) => f.debug_tuple("Bundle").field(path).finish(),
            LayerSource::Embedded(bytes) => write!(f, "Embedded({} bytes)", bytes.len()),
        }
    }
}

/// A read-only source of entries under the private folder. Nothing is ever written, locked
/// or renamed in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layer {
    /// Where the entries are.
    pub source: LayerSource,
    /// The key that is demanded of every file. Without one, a folder or a bundle file must
    /// belong to root or to the user, and nobody else may be able to write to it; with one
    /// it does not matter whose it is.
    pub key: Option<CacheKey>,
}

impl Layer {
    /// A layer of which no key is demanded.
    pub fn new(source: LayerSource) -> Layer {
        Layer { source, key: None }
    }
}
