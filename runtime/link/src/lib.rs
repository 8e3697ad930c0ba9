//! Relocatable objects to executable memory.
//!
//! This is the only package that makes memory executable. It knows ELF and the
//! relocations of x86-64 and aarch64, but no compiler and no cache; it does not check what
//! the code does, so whoever calls linked code vouches for where the object came from.
//!
//! Its invariants:
//!
//! * Whatever the bytes, [`link`] returns; a section, relocation or import that is not on
//!   a closed list is refused by name, and so is an object for another machine.
//! * No page is ever writable and executable, and nothing writes to code once it can run.
//! * Code calls out of its mapping only to the symbols of [`brolga_abi::SYMBOLS`].

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
compile_error!("Brolga runs compiled kernels on Linux on x86-64 and aarch64 only");

mod aarch64;
mod code;
mod elf;
mod error;
mod flush;
mod image;
mod machine;
mod memory;
mod plan;
mod relocation;

pub use code::LoadedCode;
pub use error::{LinkError, LinkErrorKind};
#[doc(hidden)]
pub use image::Image;
pub use memory::{CodeMemory, code_memory};

/// Links a relocatable ELF object and makes its code executable.
///
/// `entry` is the exported function that [`LoadedCode::entry`] gives. `resolve` gives the
/// addresses of imports (`brolga_nrt::address`); it is only asked for names in
/// [`brolga_abi::SYMBOLS`], and whatever it gives must stay callable while the code lives.
///
/// # Errors
/// See [`LinkErrorKind`]. Nothing stays in memory after an error.
pub fn link(
    object: &[u8],
    entry: &str,
    resolve: &dyn Fn(&str) -> Option<*const u8>,
) -> Result<LoadedCode, LinkError> {
    image::link(object, entry, &|name| {
        resolve(name).map(|address| address.addr() as u64)
    })
}

/// Lays out an object of any machine that the linker knows, as [`link`] does it for the
/// machine at hand, for an image that will stand at address `base`. The image is plain bytes
/// and nothing here runs it: for tests, and for tools that look at code of other machines.
///
/// `base` is a multiple of the machine's largest page (4 KiB on x86-64, 64 KiB on aarch64).
/// `resolve` gives the addresses of imports; it is only asked for names in
/// [`brolga_abi::SYMBOLS`].
///
/// # Errors
/// As [`link`], but never `OtherMachine` or `Memory`; `Unsupported` for a base address that
/// cannot be.
#[doc(hidden)]
pub fn lay_out(
    object: &[u8],
    entry: &str,
    base: u64,
    resolve: &dyn Fn(&str) -> Option<u64>,
) -> Result<Image, LinkError> {
    image::lay_out(object, entry, base, resolve)
}
