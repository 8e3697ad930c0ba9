//! The registry: one line for each function of the corpus and each set of concrete types.
//! Invariant: every function of the corpus that carries an attribute is here, and the
//! domains keep every call short (recursion and loops end).

mod arrays;
mod callables;
mod data;
mod floats;
mod integers;
mod iterators;
mod language;
mod parts;
mod programs;
mod structs;

use crate::case::Case;

/// All cases.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    integers::add(&mut cases);
    floats::add(&mut cases);
    language::add(&mut cases);
    structs::add(&mut cases);
    arrays::add(&mut cases);
    parts::add(&mut cases);
    iterators::add(&mut cases);
    data::add(&mut cases);
    programs::add(&mut cases);
    callables::add(&mut cases);
    cases
}

/// Adds cases with scalar parameters: one line each, and what follows the type are calls of
/// [`Case`]'s methods.
macro_rules! scalars {
    ($cases:ident; $($file:ident::$function:ident $(<$($t:ty),+>)?
        : fn($($param:ty),*) -> $result:ty $(, $method:ident($($argument:expr),*))*;)*) => {
        $($cases.push(
            case!($file::$function $(<$($t),+>)? : fn($($param),*) -> $result)
                $(.$method($($argument),*))*
        );)*
    };
}

/// Adds a case for each of the listed types, which the line calls `T`; the last group are
/// calls of methods.
macro_rules! each {
    ($cases:ident [$($t:ident)+] $file:ident::$function:ident $signature:tt -> $result:ty,
        $methods:tt) => {
        $({
            type T = $t;
            each!(@case $cases $file::$function $signature -> $result, $methods);
        })+
    };
    (@case $cases:ident $file:ident::$function:ident ($($param:ty),*) -> $result:ty,
        [$($methods:tt)*]) => {
        $cases.push(case!($file::$function<T>: fn($($param),*) -> $result) $($methods)*)
    };
}

/// Lines for `f32` and `f64`: `function(T) -> T, method();`.
macro_rules! for_floats {
    ($cases:ident; $($file:ident::$function:ident $signature:tt -> $result:ty
        $(, $method:ident $arguments:tt)*;)*) => {
        $(each!($cases [f32 f64] $file::$function $signature -> $result,
            [$(.$method $arguments)*]);)*
    };
}

/// Lines for the integer types.
macro_rules! for_integers {
    ($cases:ident; $($file:ident::$function:ident $signature:tt -> $result:ty
        $(, $method:ident $arguments:tt)*;)*) => {
        $(each!($cases [i8 i16 i32 i64 u8 u16 u32 u64] $file::$function $signature -> $result,
            [$(.$method $arguments)*]);)*
    };
}

/// Lines for every number type.
macro_rules! for_numbers {
    ($cases:ident; $($file:ident::$function:ident $signature:tt -> $result:ty
        $(, $method:ident $arguments:tt)*;)*) => {
        $(each!($cases [i8 i16 i32 i64 u8 u16 u32 u64 f32 f64]
            $file::$function $signature -> $result,
            [$(.$method $arguments)*]);)*
    };
}

use {each, for_floats, for_integers, for_numbers, scalars};
