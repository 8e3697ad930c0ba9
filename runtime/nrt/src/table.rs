//! How symbols are defined and typed. Not the list of what must exist: that is
//! [`brolga_abi::SYMBOLS`], and a test holds the two equal.
//!
//! Invariant: the types in a [`Definition`] are derived from the type of the function
//! itself, so they cannot disagree with its code.

use brolga_abi::{AbiType, KernelContext, ParallelBody, ReductionDecl};

/// A symbol that this package defines.
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "compared with the ABI by a test")
    )]
    pub(crate) params: &'static [AbiType],
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "compared with the ABI by a test")
    )]
    pub(crate) result: AbiType,
    pub(crate) address: fn() -> *const u8,
}

/// A type that may stand in a symbol's signature.
pub(crate) trait Machine {
    const TYPE: AbiType;
}

/// The type of a symbol.
pub(crate) trait Signature {
    const PARAMS: &'static [AbiType];
    const RESULT: AbiType;
}

macro_rules! machine {
    ($($ty:ty: $abi:ident,)*) => {
        $(impl Machine for $ty {
            const TYPE: AbiType = AbiType::$abi;
        })*
    };
}

machine! {
    (): Void,
    u32: I32,
    u64: I64,
    usize: I64,
    f32: F32,
    f64: F64,
    *const u8: Pointer,
    *mut u8: Pointer,
    *const i32: Pointer,
    *const f32: Pointer,
    *mut f32: Pointer,
    *const f64: Pointer,
    *mut f64: Pointer,
    *mut KernelContext: Pointer,
    *const ReductionDecl: Pointer,
    ParallelBody: Pointer,
}

macro_rules! signature {
    ($(($($param:ident),*);)*) => {
        $(impl<R: Machine $(, $param: Machine)*> Signature
            for unsafe extern "C" fn($($param),*) -> R
        {
            const PARAMS: &'static [AbiType] = &[$($param::TYPE),*];
            const RESULT: AbiType = R::TYPE;
        })*
    };
}

signature! {
    ();
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, F, G, H);
}

/// One entry of a table: the function `$name` with this type.
macro_rules! definition {
    ($name:ident: fn($($ty:ty),*) -> $result:ty) => {
        $crate::table::Definition {
            name: stringify!($name),
            params: <unsafe extern "C" fn($($ty),*) -> $result as $crate::table::Signature>::PARAMS,
            result: <unsafe extern "C" fn($($ty),*) -> $result as $crate::table::Signature>::RESULT,
            address: || $name as unsafe extern "C" fn($($ty),*) -> $result as *const u8,
        }
    };
}

/// Defines functions, in the order of their names, and the table that lists them.
macro_rules! definitions {
    (
        $table:ident:
        $($name:ident($($arg:ident: $ty:ty),*) -> $result:ty = $body:expr;)*
    ) => {
        $(
            #[doc = concat!("`", stringify!($body), "`")]
            #[unsafe(no_mangle)]
            pub extern "C" fn $name($($arg: $ty),*) -> $result {
                $body
            }
        )*

        /// Every function above, sorted by name.
        pub(crate) static $table: &[$crate::table::Definition] =
            &[$($crate::table::definition!($name: fn($($ty),*) -> $result)),*];
    };
}

pub(crate) use {definition, definitions};
