//! The keys: what is looked up, and the file names made from it. A key is destructured
//! without `..` wherever it is digested, so that a new field cannot be forgotten.

use brolga_abi::{DType, LoopReport};
use serde::{Deserialize, Serialize};

/// A blake3 digest.
pub(crate) type Digest = [u8; 32];

/// Which function: the module's name and the item's path in it. Never an absolute path, so
/// that a cache can move between folders and machines.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct FunctionId {
    /// The name of the module, e.g. `kernels`.
    pub module: String,
    /// The path of the function in it, e.g. `smooth::leaky_relu`.
    pub function: String,
}

impl FunctionId {
    /// `<module>.<function>-<identity>`: safe as the start of a file name, at most 140
    /// bytes. The readable part may be cut and altered; the identity is a hash of both
    /// names.
    pub fn file_stem(&self) -> String {
        let identity = hex(&self.digest()[..8]);
        format!(
            "{}.{}-{identity}",
            readable(&self.module),
            readable(&self.function)
        )
    }

    pub(crate) fn index_name(&self) -> String {
        format!("{}.nbi", self.file_stem())
    }

    pub(crate) fn object_name(&self, content: &Digest) -> String {
        format!("{}.{}.nbc", self.file_stem(), hex(&content[..16]))
    }

    pub(crate) fn digest(&self) -> Digest {
        let FunctionId { module, function } = self;
        let mut hasher = KeyHasher::new("brolga function");
        hasher.bytes(module.as_bytes());
        hasher.bytes(function.as_bytes());
        hasher.finish()
    }
}

impl std::fmt::Display for FunctionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}::{}", self.module, self.function)
    }
}

/// The caller's digest over every source text that was read for a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TextKey(pub [u8; 32]);

/// The machine that code is for. Only an exact match is used.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TargetKey {
    /// The target triple.
    pub triple: String,
    /// Vendor, family and model, or the name of a level.
    pub cpu: String,
    /// The enabled features, in the caller's canonical order.
    pub features: Vec<String>,
}

/// Everything besides the text that decides which code is wanted.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The element types that the function is specialised to.
    pub types: Vec<DType>,
    /// The canonical bytes of every option and switch that changes code.
    pub options: Vec<u8>,
    /// The machine.
    pub target: TargetKey,
    /// The build of the compiler.
    pub build_id: [u8; 32],
    /// The hash of the layouts and symbols that compiled code sees.
    pub abi_hash: u64,
}

impl Request {
    pub(crate) fn digest(&self) -> Digest {
        let Request {
            types,
            options,
            target:
                TargetKey {
                    triple,
                    cpu,
                    features,
                },
            build_id,
            abi_hash,
        } = self;
        let mut hasher = KeyHasher::new("brolga request");
        let codes: Vec<u8> = types.iter().map(|dtype| *dtype as u8).collect();
        hasher.bytes(&codes);
        hasher.bytes(options);
        hasher.bytes(triple.as_bytes());
        hasher.bytes(cpu.as_bytes());
        hasher.number(features.len() as u64);
        for feature in features {
            hasher.bytes(feature.as_bytes());
        }
        hasher.bytes(build_id);
        hasher.number(*abi_hash);
        hasher.finish()
    }
}

/// What a caller must know of an object to link and run it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ObjectInfo {
    /// The symbol of the entry point.
    pub entry_symbol: String,
    /// The symbols that the object imports.
    pub imports: Vec<String>,
    /// Whether the entry may report an error.
    pub can_fail: bool,
    /// The compiler's estimate of the cost of one element.
    pub cost: u32,
    /// The loop report.
    pub loops: Vec<LoopReport>,
}

/// Digests a sequence of fields, each with its length, so that no two sequences meet.
struct KeyHasher(blake3::Hasher);

impl KeyHasher {
    fn new(domain: &str) -> KeyHasher {
        let mut hasher = KeyHasher(blake3::Hasher::new());
        hasher.bytes(domain.as_bytes());
        hasher
    }

    fn number(&mut self, value: u64) {
        self.0.update(&value.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.update(bytes);
    }

    fn finish(self) -> Digest {
        self.0.finalize().into()
    }
}

/// The part of a file name that is there for people.
fn readable(name: &str) -> String {
    let kept: String = name
        .replace("::", ".")
        .chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => c,
            '.' => '.',
            _ => '_',
        })
        .take(60)
        .collect();
    match kept.chars().next() {
        None => "_".to_string(),
        // Not hidden, and never `.` or `..`.
        Some('.') => format!("_{}", &kept[1..]),
        Some(_) => kept,
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(module: &str, function: &str) -> FunctionId {
        FunctionId {
            module: module.to_string(),
            function: function.to_string(),
        }
    }

    #[test]
    fn file_stems_are_safe_and_short_for_any_name() {
        let long = "ä/".repeat(500);
        for (module, function) in [
            ("kernels", "smooth::leaky_relu"),
            ("", ""),
            ("..", ".."),
            ("/etc/passwd", "../../x\0y\n"),
            (&long, &long),
        ] {
            let stem = id(module, function).file_stem();
            assert!(stem.len() <= 140, "{stem}");
            assert!(!stem.starts_with('.'), "{stem}");
            assert!(
                stem.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)),
                "{stem}"
            );
        }
        assert!(
            id("kernels", "smooth::relu")
                .file_stem()
                .starts_with("kernels.smooth.relu-")
        );
    }

    #[test]
    fn functions_whose_readable_names_meet_have_different_stems() {
        assert_ne!(id("a", "b::c").file_stem(), id("a::b", "c").file_stem());
        assert_ne!(id("a/b", "c").file_stem(), id("a_b", "c").file_stem());
        assert_ne!(id("ab", "c").file_stem(), id("a", "bc").file_stem());
    }

    #[test]
    fn every_field_of_a_request_changes_its_digest() {
        let base = Request {
            types: vec![DType::F64, DType::I8],
            options: vec![1, 2],
            target: TargetKey {
                triple: "x86_64".to_string(),
                cpu: "zen4".to_string(),
                features: vec!["avx".to_string(), "fma".to_string()],
            },
            build_id: [3; 32],
            abi_hash: 4,
        };
        let mut changed = vec![base.clone(); 8];
        changed[0].types.pop();
        changed[1].options.push(0);
        changed[2].target.triple.push('x');
        changed[3].target.cpu.push('x');
        changed[4].target.features = vec!["avxfma".to_string()];
        changed[5].build_id[31] = 0;
        changed[6].abi_hash = 5;
        changed[7].types.swap(0, 1);
        for (number, other) in changed.iter().enumerate() {
            assert_ne!(base.digest(), other.digest(), "change {number}");
        }
    }
}
