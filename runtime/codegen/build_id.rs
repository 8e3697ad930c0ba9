//! The build id: a hash over the sources that decide what a kernel compiles to. Not a
//! cryptographic digest: it tells one developer's edits apart, it does not protect against
//! anybody. Compiled into the build script and into the test of it.
//!
//! Invariant: the same sources give the same id, in whatever folder.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The packages whose sources are hashed, from this package's folder.
pub const PACKAGES: [&str; 5] = ["../abi", "../lang", "../math", "../nrt", "."];

/// What is hashed of each package, with all that is below.
pub const PARTS: [&str; 2] = ["Cargo.toml", "src"];

/// The files that are hashed of the package at `root`, ascending.
pub fn inputs(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = vec![root.join(PARTS[0])];
    collect(&root.join(PARTS[1]), &mut files)?;
    files.sort();
    Ok(files)
}

/// The id of the sources of [`PACKAGES`], seen from the folder `manifest`.
pub fn build_id(manifest: &Path) -> io::Result<[u8; 32]> {
    let mut hash = Hash::new();
    for package in PACKAGES {
        let root = manifest.join(package);
        for file in inputs(&root)? {
            let name = file.strip_prefix(&root).expect("a file below its package");
            hash.field(package.as_bytes());
            hash.field(name.as_os_str().as_encoded_bytes());
            hash.field(&fs::read(&file)?);
        }
    }
    Ok(hash.bytes())
}

/// Every Rust source below `folder`, in any order.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// Four lanes of FNV-1a with different starts and a rotation that differs by lane, so that
/// the lanes do not collide together.
struct Hash([u64; 4]);

impl Hash {
    fn new() -> Hash {
        let basis = 0xcbf2_9ce4_8422_2325_u64;
        Hash([basis, !basis, basis.rotate_left(17), basis.swap_bytes()])
    }

    /// Adds a field with its length, so that fields cannot run into each other.
    fn field(&mut self, bytes: &[u8]) {
        self.raw(&(bytes.len() as u64).to_le_bytes());
        self.raw(bytes);
    }

    fn raw(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            for (lane, state) in self.0.iter_mut().enumerate() {
                *state = (*state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
                *state = state.rotate_left(lane as u32 * 7);
            }
        }
    }

    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (place, lane) in bytes.chunks_exact_mut(8).zip(self.0) {
            place.copy_from_slice(&lane.to_le_bytes());
        }
        bytes
    }
}
