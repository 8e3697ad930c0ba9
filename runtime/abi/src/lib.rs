//! What every Brolga package agrees on: element types, raw strided views, the calling
//! convention of compiled kernels, the table of symbols that compiled code may import, and
//! the description of a kernel function ([`FunctionMeta`]).
//!
//! This package holds no policy and no algorithm beyond describing these things. Its
//! invariant: whatever compiled code can see (struct layouts, symbol types, status codes)
//! is covered by [`layout_hash`], so that an object compiled against another layout is
//! never called.

mod context;
mod dtype;
mod entry;
mod global;
mod meta;
mod report;
mod signature;
mod site;
mod symbols;
mod view;

pub use context::{KernelContext, KernelError, ParallelBody, ReductionDecl, ReductionOp, Status};
pub use dtype::DType;
pub use entry::{Entry, KernelFn};
pub use global::{GlobalBlock, GlobalMeta, GlobalType};
pub use meta::{
    Bound, ElementType, FunctionMeta, Identity, KernelKind, KernelOptions, ParamMeta, ParamType,
    Target, TypeParam,
};
pub use report::{
    CheckReport, LoopCode, LoopKind, LoopReport, ReductionReport, StripReport, VectorCode,
    sentences,
};
pub use signature::{CoreDim, GufuncSignature, SignatureError};
pub use site::{LoopPlace, PanicKind, Place, Site, TextTables};
pub use symbols::{AbiType, SYMBOLS, SymbolDecl, layout_hash, symbol};
pub use view::{Dims, RawView, RawViewMut, Strides};
