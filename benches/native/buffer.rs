//! How the benchmark hands arrays over.

use std::slice::{from_raw_parts, from_raw_parts_mut};

/// An array in C order, or a number as an array of one.
#[repr(C)]
pub struct Buffer {
    data: *mut u8,
    /// How many elements.
    len: usize,
    /// The size of one, in bytes.
    element: usize,
}

/// What an exported function may take.
pub trait Argument {
    /// The operand that the buffer holds.
    ///
    /// # Safety
    /// The buffer must hold initialised elements of the argument's type, which nothing else writes,
    /// and for a mutable slice nothing else reads, as long as the result lives.
    unsafe fn of(buffer: &Buffer) -> Self;
}

impl<T> Argument for &[T] {
    unsafe fn of(buffer: &Buffer) -> Self {
        assert_eq!(buffer.element, size_of::<T>());
        // SAFETY: the caller's promise.
        unsafe { from_raw_parts(buffer.data.cast(), buffer.len) }
    }
}

impl<T> Argument for &mut [T] {
    unsafe fn of(buffer: &Buffer) -> Self {
        assert_eq!(buffer.element, size_of::<T>());
        // SAFETY: the caller's promise.
        unsafe { from_raw_parts_mut(buffer.data.cast(), buffer.len) }
    }
}

macro_rules! number {
    ($($number:ty)*) => {$(
        impl Argument for $number {
            unsafe fn of(buffer: &Buffer) -> Self {
                assert_eq!((buffer.len, buffer.element), (1, size_of::<$number>()));
                // SAFETY: the caller's promise.
                unsafe { buffer.data.cast::<$number>().read() }
            }
        }
    )*};
}

number! { f32 f64 u64 }

/// `export! { name = path::function(types of the arguments); }`. The symbol is the name after
/// `peer_`: one called `exp` would be what the library's own code calls for `x.exp()`.
macro_rules! export {
    ($($symbol:ident = $function:path: ($($argument:ty),*);)*) => {$(
        /// # Safety
        /// The table must hold as many buffers as there are arguments, each as
        /// [`Argument::of`](crate::buffer::Argument::of) wants it.
        #[unsafe(export_name = concat!("peer_", stringify!($symbol)))]
        pub unsafe extern "C" fn $symbol(table: *const $crate::buffer::Buffer) {
            let mut next = table;
            $function($({
                // SAFETY: the caller's promise.
                unsafe {
                    let buffer = &*next;
                    next = next.add(1);
                    <$argument as $crate::buffer::Argument>::of(buffer)
                }
            }),*);
            let _ = next;
        }
    )*};
}
pub(crate) use export;
