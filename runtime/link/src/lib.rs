//! Relocatable objects to executable memory.
//!
//! This is the only package that makes memory executable. It knows ELF and x86-64
//! relocations, but no compiler and no cache; it does not check what the code does, so
//! whoever calls linked code vouches for where the object came from.
//!
//! Its invariants:
//!
//! * Whatever the bytes, [`link`] returns; a section, relocation or import that is not on
//!   a closed list is refused by name.
//! * No page is ever writable and executable, and nothing writes to code once it can run.
//! * Code calls out of its mapping only to the symbols of [`brolga_abi::SYMBOLS`].

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
compile_error!("Brolga runs compiled kernels on Linux on x86-64 only");

mod code;
mod elf;
mod error;
mod image;
mod memory;
mod relocation;

pub use code::LoadedCode;
pub use error::{LinkError, LinkErrorKind};
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
    image::build(&elf::Object::parse(object)?, entry, resolve)
}
