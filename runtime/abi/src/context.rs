//! What a call hands to compiled code beside its operands, and how compiled code reports
//! back. Not the operands themselves: those go by NumPy's inner-loop convention
//! ([`crate::KernelFn`]).

use std::ffi::c_void;

use crate::DType;

/// What a kernel entry returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Status {
    /// All elements were computed.
    Ok = 0,
    /// A panic site was reached; [`KernelError::site`] says which.
    Panic = 1,
    /// A recursive kernel function reached the stack limit.
    StackOverflow = 2,
    /// An allocation through the NRT failed.
    OutOfMemory = 3,
    /// The call was cancelled.
    Cancelled = 4,
    /// The NRT itself panicked; the panic was caught at its edge.
    ShimPanic = 5,
}

impl Status {
    /// The status with this code; an unknown code is [`Status::ShimPanic`].
    #[inline]
    pub fn from_code(code: u32) -> Status {
        match code {
            0 => Status::Ok,
            1 => Status::Panic,
            2 => Status::StackOverflow,
            3 => Status::OutOfMemory,
            4 => Status::Cancelled,
            _ => Status::ShimPanic,
        }
    }
}

/// Where compiled code records its first failure. Meaningful only when the entry returned
/// something other than [`Status::Ok`].
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct KernelError {
    /// The number of the panic site, an index into the function's table of [`crate::Site`]s.
    pub site: u32,
    /// Keeps the layout free of padding; always 0.
    pub reserved: u32,
    /// The failing element: for entries its index in C order of the loop shape
    /// (`first_index` + position in the loop), for `prange` bodies the value of the loop
    /// variable as 64 bits.
    pub element: u64,
    /// What the message needs: `[index, length, axis, 0]` for an index out of bounds
    /// (index as the 64 bits of a `usize`); `[start, end, axis, length]` for a slice, the
    /// bytes for an allocation that failed; else zeros.
    pub payload: [u64; 4],
}

/// The context of one chunk of a call: made by the caller on its own stack, one for every
/// thread that runs a chunk at the same time.
#[derive(Debug)]
#[repr(C)]
pub struct KernelContext {
    /// Written by compiled code before it returns a status other than `Ok`.
    pub error: KernelError,
    /// The index, in C order of the whole call's loop shape, of this chunk's first element.
    pub first_index: u64,
    /// Recursive functions fail with [`Status::StackOverflow`] when the stack pointer is
    /// below this address. 0 means no limit.
    pub stack_limit: usize,
    /// Points to an `AtomicU32` that is not 0 once the call is cancelled; may be null.
    pub cancel: *const u32,
    /// The block of the bound globals of the module, one after the other, each aligned for
    /// its own type, as `brolga_lang`'s `global_layout` says (not a list of pointers); may be
    /// null where a kernel reads none.
    pub globals: *const *const u8,
    /// The pool that `nrt_parallel_for` runs on: a `brolga_parallel::Pool`, or null for the
    /// calling thread alone.
    pub pool: *const c_void,
}

impl KernelContext {
    /// A context with nothing set but the first element's index and the stack limit.
    #[inline]
    pub fn new(first_index: u64, stack_limit: usize) -> KernelContext {
        KernelContext {
            error: KernelError::default(),
            first_index,
            stack_limit,
            cancel: std::ptr::null(),
            globals: std::ptr::null(),
            pool: std::ptr::null(),
        }
    }
}

/// How two partial results of a `prange` reduction are joined.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u32)]
pub enum ReductionOp {
    /// `+`, wrapping for integers; neutral -0.0 or 0.
    Add = 0,
    /// `*`, wrapping for integers; neutral 1.
    Mul = 1,
    /// The smaller; for floats as `f64::min`: a NaN operand loses, and of zeros that differ
    /// in sign the left operand wins. Neutral NaN or MAX.
    Min = 2,
    /// The larger; for floats as `f64::max`, otherwise as for `Min`. Neutral NaN or MIN.
    Max = 3,
    /// Bitwise (or boolean) and; neutral all ones, or true.
    And = 4,
    /// Bitwise (or boolean) or; neutral 0.
    Or = 5,
    /// Bitwise (or boolean) xor; neutral 0.
    Xor = 6,
}

impl ReductionOp {
    /// The neutral element for variables of this type, as its bits, zero-extended: joined
    /// with any `x` it gives `x` bit for bit (a NaN stays some NaN). `None` where the
    /// operation has no meaning (`Add` and `Mul` of bools, bit operations on floats, any on
    /// `f16` and `bf16`), and for complex numbers, which have two parts
    /// ([`ReductionOp::neutral_parts`]).
    pub const fn neutral(self, dtype: DType) -> Option<u64> {
        if dtype.is_complex() || dtype.is_half() {
            return None;
        }
        let ones = u64::MAX >> (64 - 8 * dtype.size());
        let bits = match (self, dtype) {
            (ReductionOp::Add | ReductionOp::Mul, DType::Bool)
            | (ReductionOp::And | ReductionOp::Or | ReductionOp::Xor, DType::F32 | DType::F64) => {
                return None;
            }
            (ReductionOp::Add, DType::F32) => (-0.0f32).to_bits() as u64,
            (ReductionOp::Add, DType::F64) => (-0.0f64).to_bits(),
            (ReductionOp::Mul, DType::F32) => 1.0f32.to_bits() as u64,
            (ReductionOp::Mul, DType::F64) => 1.0f64.to_bits(),
            (ReductionOp::Min | ReductionOp::Max, DType::F32) => f32::NAN.to_bits() as u64,
            (ReductionOp::Min | ReductionOp::Max, DType::F64) => f64::NAN.to_bits(),
            (ReductionOp::Min | ReductionOp::And, DType::Bool) | (ReductionOp::Mul, _) => 1,
            (ReductionOp::Min, _) if dtype.is_signed_integer() => ones >> 1,
            (ReductionOp::Max, _) if dtype.is_signed_integer() => (ones >> 1) + 1,
            (ReductionOp::Min | ReductionOp::And, _) => ones,
            (ReductionOp::Add | ReductionOp::Max | ReductionOp::Or | ReductionOp::Xor, _) => 0,
        };
        Some(bits)
    }

    /// The neutral element for complex variables, as the bits of its parts; `None` for all
    /// other types and for all operations but `Add` and `Mul`. A product with `1 + 0i` may
    /// differ from the other factor in the signs of zeros, and where a part is infinite or
    /// NaN, as complex multiplication does.
    pub const fn neutral_parts(self, dtype: DType) -> Option<[u64; 2]> {
        let part = match dtype {
            DType::ComplexF32 | DType::ComplexF64 => dtype.part(),
            _ => return None,
        };
        match (self, self.neutral(part)) {
            (ReductionOp::Add, Some(zero)) => Some([zero, zero]),
            (ReductionOp::Mul, Some(one)) => Some([one, 0]),
            _ => None,
        }
    }
}

/// One reduction variable of a `prange` loop, as compiled code describes it to
/// `nrt_parallel_for`. A complex variable takes two declarations, one directly after the
/// other and equal but for the offset: the real part's, then the imaginary part's, 8 bytes
/// further.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ReductionDecl {
    /// A [`ReductionOp`].
    pub op: u32,
    /// The [`crate::DType`] of the variable.
    pub dtype: u32,
    /// Where the variable's partial result stands in a chunk's block of partials, in
    /// bytes; a multiple of 8, below 8 times the number of reductions.
    pub offset: u64,
}

/// The outlined body of a `prange` loop: runs iterations `begin..end` (numbers from 0, not
/// values of the loop variable) one after the other. It first sets its reduction variables
/// to their neutral elements and in the end stores them into `partials`.
pub type ParallelBody = unsafe extern "C" fn(
    env: *const u8,
    begin: u64,
    end: u64,
    partials: *mut u8,
    ctx: *mut KernelContext,
) -> u32;
