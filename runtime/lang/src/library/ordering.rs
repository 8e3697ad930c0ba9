// What comparisons of numbers give, in the kernel language itself: `std::cmp::Ordering` with its
// methods, and the functions that the checker calls where a kernel calls `cmp`, `partial_cmp`
// or `total_cmp` of a number. Not part of any package's modules: the text is parsed once for
// each process. Its order and its bits are those of std.

use brolga::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i8)]
pub enum Ordering {
    Less = -1,
    Equal = 0,
    Greater = 1,
}

impl Ordering {
    pub fn is_eq(self) -> bool {
        self == Ordering::Equal
    }

    pub fn is_ne(self) -> bool {
        self != Ordering::Equal
    }

    pub fn is_lt(self) -> bool {
        self == Ordering::Less
    }

    pub fn is_gt(self) -> bool {
        self == Ordering::Greater
    }

    pub fn is_le(self) -> bool {
        self != Ordering::Greater
    }

    pub fn is_ge(self) -> bool {
        self != Ordering::Less
    }

    pub fn reverse(self) -> Ordering {
        match self {
            Ordering::Less => Ordering::Greater,
            Ordering::Equal => Ordering::Equal,
            Ordering::Greater => Ordering::Less,
        }
    }

    pub fn then(self, other: Ordering) -> Ordering {
        match self {
            Ordering::Equal => other,
            _ => self,
        }
    }
}

fn cmp<T: Integer>(a: T, b: T) -> Ordering {
    if a < b {
        Ordering::Less
    } else if a == b {
        Ordering::Equal
    } else {
        Ordering::Greater
    }
}

fn cmp_bool(a: bool, b: bool) -> Ordering {
    cmp(a as u8, b as u8)
}

fn partial_cmp<T: Real>(a: T, b: T) -> Option<Ordering> {
    if a < b {
        Some(Ordering::Less)
    } else if a == b {
        Some(Ordering::Equal)
    } else if a > b {
        Some(Ordering::Greater)
    } else {
        None
    }
}

fn partial_cmp_bool(a: bool, b: bool) -> Option<Ordering> {
    Some(cmp_bool(a, b))
}

fn total_cmp_f32(a: f32, b: f32) -> Ordering {
    let a = a.to_bits() as i32;
    let b = b.to_bits() as i32;
    cmp(
        a ^ (((a >> 31) as u32) >> 1) as i32,
        b ^ (((b >> 31) as u32) >> 1) as i32,
    )
}

fn total_cmp_f64(a: f64, b: f64) -> Ordering {
    let a = a.to_bits() as i64;
    let b = b.to_bits() as i64;
    cmp(
        a ^ (((a >> 63) as u64) >> 1) as i64,
        b ^ (((b >> 63) as u64) >> 1) as i64,
    )
}
