//! The attributes of kernels inside Rust source: [`macro@vectorize`], [`macro@guvectorize`],
//! [`macro@jit`] and [`macro@kernels`].
//!
//! Nothing is compiled here and no call is generated: the attributes leave their item as it
//! is, so that rustc compiles it as ordinary Rust, and report what is plainly wrong. Brolga
//! reads the text of the same item at run time. Invariant: the expansion contains the item's
//! own tokens, unchanged, with or without an error beside them.

#![forbid(unsafe_code)]

mod attribute;
mod kernels;

use proc_macro::TokenStream;

/// A kernel with scalar parameters and results, which Brolga applies to whole arrays, element
/// by element. The function stays an ordinary function.
///
/// Options: `signatures = [(f32, f32), (f64, f64)]`, `identity = 0`, `associative`,
/// `target = "parallel"`, `fastmath`, `cache = false`.
///
/// ```
/// use brolga_macros::vectorize;
///
/// #[vectorize(identity = 0, associative)]
/// fn add(a: f64, b: f64) -> f64 {
///     a + b
/// }
///
/// assert_eq!(add(1.0, 2.0), 3.0);
/// ```
///
/// Options that Brolga will not understand at run time are errors at rustc's compile time:
///
/// ```compile_fail
/// # use brolga_macros::vectorize;
/// #[vectorize(fastmth)]
/// fn add(a: f64, b: f64) -> f64 {
///     a + b
/// }
/// ```
///
/// It belongs on a function:
///
/// ```compile_fail
/// # use brolga_macros::vectorize;
/// #[vectorize]
/// const SLOPE: f64 = 0.1;
/// ```
#[proc_macro_attribute]
pub fn vectorize(options: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand("vectorize", options.into(), item.into()).into()
}

/// A kernel over core arrays, which Brolga applies over the loop dimensions of its operands.
/// The signature names the core dimensions of each. The function stays an ordinary function.
///
/// Options after the signature: those of [`macro@vectorize`].
///
/// ```
/// use brolga_macros::guvectorize;
/// use brolga_prelude::*;
///
/// #[guvectorize("(n),(n)->()")]
/// fn dot<T: Number>(a: ArrayView1<T>, b: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
///     let mut sum = T::zero();
///     for i in 0..a.len() {
///         sum += a[i] * b[i];
///     }
///     out[()] = sum;
/// }
/// ```
///
/// The signature must follow the grammar:
///
/// ```compile_fail
/// # use brolga_macros::guvectorize;
/// # use brolga_prelude::*;
/// #[guvectorize("(n),(n)")]
/// fn dot(a: ArrayView1<f64>, b: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {}
/// ```
#[proc_macro_attribute]
pub fn guvectorize(options: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand("guvectorize", options.into(), item.into()).into()
}

/// A kernel that Brolga calls once, with its operands as they are. The function stays an
/// ordinary function.
///
/// Options: `parallel` (loops over `prange` use threads), `fastmath`, `cache = false`.
///
/// ```
/// use brolga_macros::jit;
/// use brolga_prelude::*;
///
/// #[jit(parallel)]
/// fn sum_of_squares(n: u64) -> u64 {
///     let mut sum = 0;
///     for i in prange(0..n) {
///         sum += i * i;
///     }
///     sum
/// }
///
/// assert_eq!(sum_of_squares(4), 14);
/// ```
#[proc_macro_attribute]
pub fn jit(options: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand("jit", options.into(), item.into()).into()
}

/// A module of kernels. The module stays as it is and gains
/// `pub const SOURCE: (&str, &str, &str)`: its name, the file that it stands in, as rustc
/// was given it, and the text of its body. `Runtime::load_kernels(module::SOURCE)` loads them
/// as it loads a kernel file.
///
/// The text begins with as many empty lines as stand above the body in the file, so that line
/// numbers in Brolga's messages are those of the file.
///
/// ```
/// use brolga_macros::kernels;
///
/// #[kernels]
/// mod activation {
///     // What a comment says is kept too.
///     pub fn relu(x: f64) -> f64 {
///         if x < 0.0 { 0.0 } else { x }
///     }
/// }
///
/// let (name, _file, text) = activation::SOURCE;
/// assert_eq!(name, "activation");
/// assert!(text.trim_start().starts_with("// What a comment says"));
/// assert_eq!(activation::relu(-1.0), 0.0);
/// ```
///
/// The body must stand in place, since otherwise the macro sees no text:
///
/// ```compile_fail
/// # use brolga_macros::kernels;
/// #[kernels]
/// mod elsewhere;
/// ```
///
/// nor may a module inside of it stand in another file:
///
/// ```compile_fail
/// # use brolga_macros::kernels;
/// #[kernels]
/// mod whole {
///     mod elsewhere;
/// }
/// ```
///
/// and a macro must not have written it, since then no file has its text:
///
/// ```compile_fail
/// # use brolga_macros::kernels;
/// macro_rules! module {
///     ($name:ident, $constant:expr) => {
///         #[kernels]
///         pub mod $name {
///             pub const CONSTANT: f64 = $constant;
///         }
///     };
/// }
/// module!(generated, 1.0);
/// ```
#[proc_macro_attribute]
pub fn kernels(options: TokenStream, item: TokenStream) -> TokenStream {
    kernels::expand(options, item)
}
