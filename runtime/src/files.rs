//! Reading the files of a module: the first one, and those that `mod name;` asks for. Parses
//! nothing ([`brolga_lang::files`] looks for `mod` at characters only).
//!
//! Invariant: every file that is read lies below the folder of the first one, links followed.
//! The key covers every byte that was read and every path that was looked for in vain: while
//! it is the same, parsing would give the same.

use std::collections::HashSet;
use std::io::ErrorKind as IoKind;
use std::path::Path;

use brolga_cache::TextKey;
use brolga_lang::FileText;
use brolga_lang::files::wanted;

use crate::error::{Error, ErrorKind};

/// How many files a module may have.
const MAX_FILES: usize = 1000;

/// The files of a module and their key.
pub(crate) struct Files {
    /// The first file, then the others in the order in which they were asked for.
    pub files: Vec<FileText>,
    /// Paths below the first file's folder where nothing was found, in order.
    absent: Vec<String>,
    /// Whether they were read from a disk, so that the module can have more than one.
    pub on_disk: bool,
}

impl Files {
    /// A text that is in no file.
    pub fn of_text(display_name: &str, text: &str) -> Files {
        Files {
            files: vec![FileText {
                path: display_name.to_string(),
                name: display_name.to_string(),
                text: text.to_string(),
            }],
            absent: Vec::new(),
            on_disk: false,
        }
    }

    /// Reads the file at `path` and what it asks for.
    pub fn read(path: &Path) -> Result<Files, Error> {
        let text = read(path, path)?;
        let name = path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut found = Files {
            files: vec![FileText {
                path: name.clone(),
                name: path.display().to_string(),
                text,
            }],
            absent: Vec::new(),
            on_disk: true,
        };
        found.others(path)?;
        Ok(found)
    }

    fn others(&mut self, first: &Path) -> Result<(), Error> {
        let folder = match first.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut inside = None;
        let mut seen: HashSet<String> = HashSet::from([self.files[0].path.clone()]);
        let mut bytes = self.files[0].text.len();
        let mut next = 0;
        while next < self.files.len() {
            let file = &self.files[next];
            let asked = wanted(&file.path, next == 0, &file.text);
            next += 1;
            for path in asked.into_iter().flatten() {
                if !seen.insert(path.clone()) {
                    continue;
                }
                let full = folder.join(&path);
                let shown = first.with_file_name(&path);
                let real = match full.canonicalize() {
                    Ok(real) => real,
                    Err(e) if matches!(e.kind(), IoKind::NotFound | IoKind::NotADirectory) => {
                        self.absent.push(path);
                        continue;
                    }
                    Err(e) => return Err(failed(&shown, &e.to_string())),
                };
                let inside = match &inside {
                    Some(inside) => inside,
                    None => {
                        let real = folder.canonicalize();
                        inside.insert(real.map_err(|e| failed(folder, &e.to_string()))?)
                    }
                };
                if !real.starts_with(inside) {
                    let why = "it is a link to a place outside of the first file's folder";
                    return Err(failed(&shown, why));
                }
                let text = read(&real, &shown)?;
                bytes += text.len();
                if bytes > brolga_lang::MAX_BYTES {
                    let most = brolga_lang::MAX_BYTES;
                    let why = format!("the files of the module have more than {most} bytes");
                    return Err(failed(&shown, &why));
                }
                self.files.push(FileText {
                    path,
                    name: shown.display().to_string(),
                    text,
                });
                if self.files.len() > MAX_FILES {
                    let why = format!("the module has more than {MAX_FILES} files");
                    return Err(failed(&shown, &why));
                }
            }
        }
        Ok(())
    }

    /// The key of all that was read. For one file that asks for no other it is the digest of
    /// its text, whatever its name.
    pub fn key(&self) -> TextKey {
        let [only] = self.files.as_slice() else {
            return self.key_of_all();
        };
        if !self.absent.is_empty() {
            return self.key_of_all();
        }
        TextKey(*blake3::hash(only.text.as_bytes()).as_bytes())
    }

    fn key_of_all(&self) -> TextKey {
        let mut hasher = blake3::Hasher::new_derive_key("brolga: the files of a module");
        let mut part = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        for (number, file) in self.files.iter().enumerate() {
            // The first file's own name means nothing.
            part(if number == 0 {
                b""
            } else {
                file.path.as_bytes()
            });
            part(file.text.as_bytes());
        }
        part(b"absent");
        for path in &self.absent {
            part(path.as_bytes());
        }
        TextKey(*hasher.finalize().as_bytes())
    }
}

fn failed(path: &Path, why: &str) -> Error {
    Error::new(
        ErrorKind::Read,
        format!("cannot read kernel file {}: {why}", path.display()),
    )
}

/// The text of a file, called `shown` in messages.
fn read(path: &Path, shown: &Path) -> Result<String, Error> {
    // Asked before it is opened: to open a pipe waits for its writer.
    let metadata = std::fs::metadata(path).map_err(|e| failed(shown, &e.to_string()))?;
    if !metadata.is_file() {
        return Err(failed(shown, "it is not a regular file"));
    }
    if metadata.len() > brolga_lang::MAX_BYTES as u64 {
        let why = format!(
            "it has {} bytes, at most {} are accepted",
            metadata.len(),
            brolga_lang::MAX_BYTES
        );
        return Err(failed(shown, &why));
    }
    let bytes = std::fs::read(path).map_err(|e| failed(shown, &e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| {
        let why = format!("byte {} is not UTF-8", e.utf8_error().valid_up_to());
        failed(shown, &why)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> std::path::PathBuf {
        let folder =
            std::env::temp_dir().join(format!("brolga-files-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("a")).expect("a folder");
        folder
    }

    #[test]
    fn the_key_covers_what_was_read_and_what_was_not_there() {
        let folder = folder("key");
        let write =
            |path: &str, text: &str| std::fs::write(folder.join(path), text).expect("a file");
        let key = || Files::read(&folder.join("k.rs")).expect("files").key().0;
        write("k.rs", "fn f() {}");
        let alone = key();
        assert_eq!(alone, *blake3::hash(b"fn f() {}").as_bytes());
        write("k.rs", "mod a;");
        let missing = key();
        write("a.rs", "mod b;");
        let one = key();
        write("a/b.rs", "");
        let two = key();
        write("a/b.rs", " ");
        let changed = key();
        write("a/mod.rs", "");
        let both = key();
        let keys = [alone, missing, one, two, changed, both];
        for (n, key) in keys.iter().enumerate() {
            assert!(!keys[..n].contains(key), "{n}");
        }
        std::fs::rename(folder.join("k.rs"), folder.join("other.rs")).expect("a new name");
        let renamed = Files::read(&folder.join("other.rs"))
            .expect("files")
            .key()
            .0;
        assert_eq!(renamed, both);
        std::fs::remove_dir_all(&folder).expect("the folder goes");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_refused() {
        let folder = folder("link");
        std::fs::write(folder.join("outside.rs"), "").expect("a file");
        std::fs::write(folder.join("a/k.rs"), "mod x;").expect("a file");
        std::os::unix::fs::symlink("../outside.rs", folder.join("a/x.rs")).expect("a link");
        let refused = Files::read(&folder.join("a/k.rs")).err().expect("an error");
        assert_eq!(refused.kind(), ErrorKind::Read);
        assert!(refused.to_string().contains("outside of"), "{refused}");
        std::fs::remove_dir_all(&folder).expect("the folder goes");
    }
}
