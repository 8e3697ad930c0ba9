//! Why a lookup found nothing and why a store kept nothing. Every reason has a short stable
//! name and is counted by it.

use std::fmt;
use std::io;

/// What is wrong with a file that is there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Damage {
    /// It is a folder, a link, a pipe or a device.
    NotRegular,
    /// It belongs to another user, or others may write to it.
    Untrusted,
    /// It is larger than any file that the cache writes (64 MiB).
    TooLarge,
    /// Its length is not the one that it states.
    Truncated,
    /// It does not begin as a file of its kind.
    Magic,
    /// It has another format version.
    Version,
    /// Its bytes do not have the digest that it states.
    Digest,
    /// Its bytes have the right digest and no meaning.
    Decode,
    /// It is about another function.
    Identity,
    /// Its digest is keyed, and no key is set.
    Keyed,
    /// Its digest is not keyed, and a key is demanded.
    NotKeyed,
    /// Its digest is keyed with another key.
    OtherKey,
}

impl Damage {
    /// What is wrong, for a sentence that begins with the file.
    pub fn description(self) -> &'static str {
        match self {
            Damage::NotRegular => "is not a regular file",
            Damage::Untrusted => "belongs to another user or is writable by others",
            Damage::TooLarge => "is larger than 64 MiB",
            Damage::Truncated => "has a length other than the one that it states",
            Damage::Magic => "is not a file of this kind",
            Damage::Version => "has another format version",
            Damage::Digest => "has bytes that do not match its digest",
            Damage::Decode => "cannot be decoded",
            Damage::Identity => "is about another function",
            Damage::Keyed => "has a keyed digest, and no key is set",
            Damage::NotKeyed => "has no keyed digest, and a key is demanded",
            Damage::OtherKey => "has a digest of another key",
        }
    }
}

impl Damage {
    /// Whether the file may be sound for somebody with another key, or with none.
    pub(crate) fn is_of_key(self) -> bool {
        matches!(self, Damage::Keyed | Damage::NotKeyed | Damage::OtherKey)
    }
}

/// Why a lookup found nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum MissReason {
    /// The mode is `off`.
    Off,
    /// The mode is `refresh`.
    Refresh,
    /// No folder is configured, or it is not there.
    NoFolder,
    /// The folder is not a folder of this user that no one else may write to.
    Untrusted,
    /// The folder could not be examined.
    FolderIo(io::ErrorKind),
    /// The bundle file of a layer is not there.
    NoBundle,
    /// The bundle of a layer is damaged.
    BundleUnreadable(Damage),
    /// The bundle of a layer could not be read.
    BundleIo(io::ErrorKind),
    /// The function has no index.
    NoIndex,
    /// The index is damaged.
    IndexUnreadable(Damage),
    /// The index could not be read.
    IndexIo(io::ErrorKind),
    /// The index has nothing for the request.
    NoOverload,
    /// The index has code for the request, made from other texts.
    TextUnknown,
    /// The index has code for the request, of another meaning.
    FingerprintUnknown,
    /// The object that the index names is not there.
    ObjectMissing,
    /// The object is damaged.
    ObjectUnreadable(Damage),
    /// The object could not be read.
    ObjectIo(io::ErrorKind),
    /// The object is sound, and not the one that the index means.
    ObjectDigest,
    /// The object is the one that the index means, and was stored under another key.
    ObjectKey,
}

impl MissReason {
    /// The short name under which the reason is counted.
    pub fn name(self) -> &'static str {
        match self {
            MissReason::Off => "off",
            MissReason::Refresh => "refresh",
            MissReason::NoFolder => "no-folder",
            MissReason::Untrusted => "untrusted-folder",
            MissReason::FolderIo(_) => "folder-io",
            MissReason::NoBundle => "no-bundle",
            MissReason::BundleUnreadable(damage) => match damage {
                Damage::NotRegular => "bundle-not-regular",
                Damage::Untrusted => "bundle-untrusted",
                Damage::TooLarge => "bundle-too-large",
                Damage::Truncated => "bundle-truncated",
                Damage::Magic => "bundle-magic",
                Damage::Version => "bundle-version",
                Damage::Digest => "bundle-digest",
                Damage::Decode => "bundle-decode",
                Damage::Identity => "bundle-identity",
                Damage::Keyed => "bundle-keyed",
                Damage::NotKeyed => "bundle-not-keyed",
                Damage::OtherKey => "bundle-other-key",
            },
            MissReason::BundleIo(_) => "bundle-io",
            MissReason::NoIndex => "no-index",
            MissReason::IndexUnreadable(damage) => match damage {
                Damage::NotRegular => "index-not-regular",
                Damage::Untrusted => "index-untrusted",
                Damage::TooLarge => "index-too-large",
                Damage::Truncated => "index-truncated",
                Damage::Magic => "index-magic",
                Damage::Version => "index-version",
                Damage::Digest => "index-digest",
                Damage::Decode => "index-decode",
                Damage::Identity => "index-identity",
                Damage::Keyed => "index-keyed",
                Damage::NotKeyed => "index-not-keyed",
                Damage::OtherKey => "index-other-key",
            },
            MissReason::IndexIo(_) => "index-io",
            MissReason::NoOverload => "no-overload",
            MissReason::TextUnknown => "text-unknown",
            MissReason::FingerprintUnknown => "fingerprint-unknown",
            MissReason::ObjectMissing => "object-missing",
            MissReason::ObjectUnreadable(damage) => match damage {
                Damage::NotRegular => "object-not-regular",
                Damage::Untrusted => "object-untrusted",
                Damage::TooLarge => "object-too-large",
                Damage::Truncated => "object-truncated",
                Damage::Magic => "object-magic",
                Damage::Version => "object-version",
                Damage::Digest => "object-damaged",
                Damage::Decode => "object-decode",
                Damage::Identity => "object-identity",
                Damage::Keyed => "object-keyed",
                Damage::NotKeyed => "object-not-keyed",
                Damage::OtherKey => "object-other-key",
            },
            MissReason::ObjectIo(_) => "object-io",
            MissReason::ObjectDigest => "object-digest",
            MissReason::ObjectKey => "object-key",
        }
    }

    /// Whether nothing is wrong: the entry is not there, or the mode says not to look.
    pub fn is_ordinary(self) -> bool {
        match self {
            MissReason::Off
            | MissReason::Refresh
            | MissReason::NoFolder
            | MissReason::NoIndex
            | MissReason::NoOverload
            | MissReason::TextUnknown
            | MissReason::FingerprintUnknown => true,
            MissReason::Untrusted
            | MissReason::FolderIo(_)
            | MissReason::NoBundle
            | MissReason::BundleUnreadable(_)
            | MissReason::BundleIo(_)
            | MissReason::IndexUnreadable(_)
            | MissReason::IndexIo(_)
            | MissReason::ObjectMissing
            | MissReason::ObjectUnreadable(_)
            | MissReason::ObjectIo(_)
            | MissReason::ObjectDigest
            | MissReason::ObjectKey => false,
        }
    }
}

impl fmt::Display for MissReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MissReason::Off => f.write_str("the cache is off"),
            MissReason::Refresh => f.write_str("the cache is being refreshed"),
            MissReason::NoFolder => f.write_str("there is no cache folder"),
            MissReason::Untrusted => f.write_str(
                "the cache folder is not used: it must be a folder of this user that no one else may write to",
            ),
            MissReason::FolderIo(kind) => write!(f, "the cache folder: {kind}"),
            MissReason::NoBundle => f.write_str("the bundle is not there"),
            MissReason::BundleUnreadable(damage) => write!(f, "the bundle {}", damage.description()),
            MissReason::BundleIo(kind) => write!(f, "the bundle: {kind}"),
            MissReason::NoIndex => f.write_str("the function has no index"),
            MissReason::IndexUnreadable(damage) => write!(f, "the index {}", damage.description()),
            MissReason::IndexIo(kind) => write!(f, "the index: {kind}"),
            MissReason::NoOverload => f.write_str("nothing was compiled for these types, options and target"),
            MissReason::TextUnknown => f.write_str("the text is new"),
            MissReason::FingerprintUnknown => f.write_str("the meaning of the text is new"),
            MissReason::ObjectMissing => f.write_str("the object that the index names is missing"),
            MissReason::ObjectUnreadable(damage) => write!(f, "the object {}", damage.description()),
            MissReason::ObjectIo(kind) => write!(f, "the object: {kind}"),
            MissReason::ObjectDigest => f.write_str("the object is not the one that the index means"),
            MissReason::ObjectKey => f.write_str("the object was stored under another key"),
        }
    }
}

/// A lookup that found nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Miss {
    /// Why.
    pub reason: MissReason,
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl std::error::Error for Miss {}

/// Why a store kept nothing. The compiled code in memory is as good as ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum StoreFailure {
    /// The mode is `off` or `readonly`.
    Mode,
    /// No folder is configured.
    NoFolder,
    /// The folder is not a folder of this user that no one else may write to.
    Untrusted,
    /// A file would be larger than 64 MiB.
    TooLarge,
    /// The folder could not be made or examined.
    FolderIo(io::ErrorKind),
    /// The object could not be written.
    ObjectIo(io::ErrorKind),
    /// The index could not be read or written.
    IndexIo(io::ErrorKind),
    /// The object was removed, to keep the cache within its limits, before the index named
    /// it.
    ObjectGone,
}

impl StoreFailure {
    /// The short name under which the failure is counted.
    pub fn name(self) -> &'static str {
        match self {
            StoreFailure::Mode => "store-mode",
            StoreFailure::NoFolder => "store-no-folder",
            StoreFailure::Untrusted => "store-untrusted-folder",
            StoreFailure::TooLarge => "store-too-large",
            StoreFailure::FolderIo(_) => "store-folder-io",
            StoreFailure::ObjectIo(_) => "store-object-io",
            StoreFailure::IndexIo(_) => "store-index-io",
            StoreFailure::ObjectGone => "store-object-gone",
        }
    }

    /// Whether nothing is wrong: the mode says not to write, or another process made room.
    pub fn is_ordinary(self) -> bool {
        match self {
            StoreFailure::Mode | StoreFailure::ObjectGone => true,
            StoreFailure::NoFolder
            | StoreFailure::Untrusted
            | StoreFailure::TooLarge
            | StoreFailure::FolderIo(_)
            | StoreFailure::ObjectIo(_)
            | StoreFailure::IndexIo(_) => false,
        }
    }
}

impl fmt::Display for StoreFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreFailure::Mode => f.write_str("the mode forbids writing"),
            StoreFailure::NoFolder => f.write_str(
                "no cache folder is known: BROLGA_CACHE_DIR, XDG_CACHE_HOME and HOME are unset",
            ),
            StoreFailure::Untrusted => f.write_str(
                "the cache folder is not used: it must be a folder of this user that no one else may write to",
            ),
            StoreFailure::TooLarge => f.write_str("a file of the entry would be larger than 64 MiB"),
            StoreFailure::FolderIo(kind) => write!(f, "the cache folder: {kind}"),
            StoreFailure::ObjectIo(kind) => write!(f, "writing the object: {kind}"),
            StoreFailure::IndexIo(kind) => write!(f, "writing the index: {kind}"),
            StoreFailure::ObjectGone => f.write_str("the object was removed meanwhile"),
        }
    }
}

impl std::error::Error for StoreFailure {}
