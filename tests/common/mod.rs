//! Runs the command line program in a folder of its own.

// Every test program compiles this module and uses a part of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A temporary folder with a cache in it.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        Sandbox {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a kernel file and gives its name.
    pub fn kernel(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).expect("the temporary folder is writable");
        name.to_string()
    }

    /// Writes a version 1 `.npy` file.
    pub fn npy(&self, name: &str, descr: &str, fortran: bool, shape: &[usize], data: &[u8]) {
        let order = if fortran { "True" } else { "False" };
        let sizes: String = shape.iter().map(|n| format!("{n},")).collect();
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({sizes}), }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        std::fs::write(self.path(name), bytes).expect("the temporary folder is writable");
    }

    /// Writes a one-dimensional array of `f64`.
    pub fn f64s(&self, name: &str, values: &[f64]) {
        let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.npy(name, "<f8", false, &[values.len()], &data);
    }

    /// The data of a version 1 `.npy` file and its header's text.
    pub fn read_npy(&self, name: &str) -> (String, Vec<u8>) {
        let bytes = std::fs::read(self.path(name)).expect("the output file exists");
        let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        let header = String::from_utf8(bytes[10..10 + length].to_vec()).expect("an ASCII header");
        (header, bytes[10 + length..].to_vec())
    }

    pub fn read_f64s(&self, name: &str) -> Vec<f64> {
        let (_, data) = self.read_npy(name);
        data.chunks_exact(8)
            .map(|b| f64::from_le_bytes(b.try_into().expect("8 bytes")))
            .collect()
    }

    /// Runs `brolga` with these arguments in the folder.
    pub fn brolga(&self, args: &[&str]) -> Ran {
        self.brolga_with(args, |command| command)
    }

    pub fn brolga_with(
        &self,
        args: &[&str],
        change: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_brolga"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env("BROLGA_CACHE_DIR", self.path("cache"))
            .env_remove("BROLGA_CACHE")
            .env_remove("BROLGA_CPU_NAME")
            .env_remove("BROLGA_CPU_FEATURES");
        let output = change(&mut command).output().expect("the program starts");
        Ran::of(output)
    }
}

impl Ran {
    /// What a command gave.
    pub fn of(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// The run, which must have succeeded.
    #[track_caller]
    pub fn ok(self) -> Ran {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// The run, which must have failed with this code, said all of `parts` on stderr, and
    /// not shown a panic.
    #[track_caller]
    pub fn fails(self, code: i32, parts: &[&str]) -> Ran {
        assert_eq!(self.code, code, "{self:?}");
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in {}", self.stderr);
        }
        for word in ["panicked at src", "RUST_BACKTRACE", "report this as a bug"] {
            assert!(!self.stderr.contains(word), "{}", self.stderr);
        }
        self
    }

    /// The member `key` of the JSON object on the last line of stdout, as JSON text.
    #[track_caller]
    pub fn json(&self, key: &str) -> serde_json::Value {
        let last = self.stdout.lines().last().expect("some output");
        let object: serde_json::Value = serde_json::from_str(last).expect("a JSON object");
        object
            .get(key)
            .unwrap_or_else(|| panic!("no {key:?} in {last}"))
            .clone()
    }
}

/// A file of the repository.
pub fn repository(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(path)
        .display()
        .to_string()
}
