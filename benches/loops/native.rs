//! The peers in native code: `benches/native`, compiled by rustc when the benchmark runs, for the
//! CPU that it runs on, and loaded.

use std::ffi::CString;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::data::Data;

/// An array as the peers take it; `benches/native/buffer.rs` has the other side.
#[repr(C)]
pub struct Buffer {
    data: *mut u8,
    len: usize,
    element: usize,
}

impl Buffer {
    pub fn of(data: &mut Data) -> Buffer {
        let (data, len, element) = data.parts();
        Buffer { data, len, element }
    }
}

/// An exported function: it takes the table of its operands and outputs.
pub type Native = unsafe extern "C" fn(*const Buffer);

/// The peers, loaded. They are never unloaded: functions of them may stand in many places.
pub struct Peers {
    library: *mut libc::c_void,
}

/// The lines that the kernels' texts have for Brolga alone.
const ATTRIBUTES: [&str; 3] = ["#[vectorize", "#[guvectorize", "#[jit"];

impl Peers {
    /// Compiles the peers. With `keep`, the folder with the library stays, to be looked at.
    pub fn compile(keep: bool) -> Peers {
        let mut folder = tempfile::tempdir().expect("a temporary folder");
        folder.disable_cleanup(keep);
        let benches = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
        for (from, to) in [("native", ""), ("kernels", "kernels")] {
            let to = folder.path().join(to);
            fs::create_dir_all(&to).expect("a folder can be made");
            for entry in fs::read_dir(benches.join(from)).expect("the folder is there") {
                let entry = entry.expect("the folder can be read");
                let text = fs::read_to_string(entry.path()).expect("a text");
                let lines = text
                    .lines()
                    .filter(|line| !ATTRIBUTES.iter().any(|a| line.starts_with(a)));
                let text: String = lines.flat_map(|line| [line, "\n"]).collect();
                fs::write(to.join(entry.file_name()), text).expect("the text can be written");
            }
        }
        let library = folder.path().join("libpeers.so");
        let status = Command::new("rustc")
            .args([
                "--edition",
                "2024",
                "--crate-type",
                "cdylib",
                "--crate-name",
                "peers",
            ])
            .args(["-C", "opt-level=3", "-C", "target-cpu=native", "-o"])
            .arg(&library)
            .arg(folder.path().join("lib.rs"))
            .status()
            .expect("rustc starts");
        assert!(status.success(), "rustc compiles the peers");
        if keep {
            println!("- the peers' library: {}\n", library.display());
        }
        let name = CString::new(library.display().to_string()).expect("a path without NUL");
        // SAFETY: the library was just made by rustc and has no initialisers of its own.
        let library = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW) };
        assert!(!library.is_null(), "the peers load");
        Peers { library }
    }

    /// The function of this name.
    pub fn get(&self, name: &str) -> Native {
        let symbol = CString::new(format!("peer_{name}")).expect("a name without NUL");
        // SAFETY: the library is loaded; every symbol that it exports has the type `Native`.
        unsafe {
            let address = libc::dlsym(self.library, symbol.as_ptr());
            assert!(!address.is_null(), "the peers define `{name}`");
            std::mem::transmute::<*mut libc::c_void, Native>(address)
        }
    }
}
