//! What a caller must know of a kernel function before any of it is compiled: its kind,
//! its parameters, its options. Kept in the cache's index, so that a warm start needs no
//! parsing.

use serde::{Deserialize, Serialize};

use crate::{DType, GufuncSignature};

/// How a kernel function is called.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum KernelKind {
    /// `#[vectorize]`: scalar parameters and results, called over broadcast arrays.
    Vectorize,
    /// `#[guvectorize("...")]`: a function over core arrays, called over loop dimensions.
    Guvectorize(GufuncSignature),
    /// `#[jit]`: called once with its operands as they are; `parallel` allows `prange` to
    /// use threads.
    Jit {
        /// Whether `prange` loops run on the pool.
        parallel: bool,
    },
}

/// The bound of a type parameter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Bound {
    /// Every numeric type.
    Number,
    /// Every ordered numeric type.
    Real,
    /// Every integer type.
    Integer,
    /// `f32` and `f64`.
    Float,
}

impl Bound {
    /// Whether `dtype` satisfies the bound. `bool`, `f16` and `bf16` satisfy none, complex
    /// numbers only `Number`.
    pub fn admits(self, dtype: DType) -> bool {
        match self {
            Bound::Number => dtype != DType::Bool && !dtype.is_half(),
            Bound::Real => dtype.is_integer() || dtype.is_float(),
            Bound::Integer => dtype.is_integer(),
            Bound::Float => dtype.is_float(),
        }
    }

    /// The name in source.
    pub fn name(self) -> &'static str {
        match self {
            Bound::Number => "Number",
            Bound::Real => "Real",
            Bound::Integer => "Integer",
            Bound::Float => "Float",
        }
    }
}

/// A type parameter, `T: Float`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TypeParam {
    /// Its name.
    pub name: String,
    /// Its strongest bound.
    pub bound: Bound,
}

/// An element type that may depend on a type parameter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum ElementType {
    /// This type.
    Concrete(DType),
    /// The type parameter with this number.
    Param(u8),
    /// `Complex<T>` of the type parameter with this number.
    ComplexOf(u8),
}

impl ElementType {
    /// The type once the type parameters are known.
    ///
    /// # Panics
    /// If a type parameter's number is not below `types.len()`.
    pub fn resolve(self, types: &[DType]) -> DType {
        match self {
            ElementType::Concrete(dtype) => dtype,
            ElementType::Param(n) => types[usize::from(n)],
            ElementType::ComplexOf(n) => {
                let part = types[usize::from(n)];
                // The bound of such a parameter is `Float`: any other type fails there.
                part.complex().unwrap_or(part)
            }
        }
    }

    /// The number of the type parameter that it depends on.
    pub fn parameter(self) -> Option<u8> {
        match self {
            ElementType::Concrete(_) => None,
            ElementType::Param(n) | ElementType::ComplexOf(n) => Some(n),
        }
    }
}

/// The type of a parameter.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum ParamType {
    /// A number.
    Scalar(ElementType),
    /// An array view.
    View {
        /// The type of its elements.
        element: ElementType,
        /// The number of its axes, 0 to 6.
        ndim: u8,
        /// Whether it is an `ArrayViewMut`.
        mutable: bool,
    },
}

impl ParamType {
    /// The type of the number, or of the view's elements.
    pub fn element(&self) -> ElementType {
        match *self {
            ParamType::Scalar(element) | ParamType::View { element, .. } => element,
        }
    }
    /// The number of core axes: 0 for a scalar.
    pub fn ndim(&self) -> usize {
        match *self {
            ParamType::Scalar(_) => 0,
            ParamType::View { ndim, .. } => usize::from(ndim),
        }
    }
    /// Whether the kernel may write through it.
    pub fn is_mutable(&self) -> bool {
        matches!(self, ParamType::View { mutable: true, .. })
    }
}

/// A parameter of a kernel function.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ParamMeta {
    /// Its name in source (`_` patterns get `arg0`, `arg1`, ...).
    pub name: String,
    /// Its type.
    pub ty: ParamType,
}

/// Where the loop of a ufunc or gufunc runs unless a call says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Target {
    /// On the calling thread.
    #[default]
    Cpu,
    /// Split over the pool.
    Parallel,
}

/// The identity of a binary ufunc, from `identity = ..`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Identity {
    /// An integer literal.
    Int(i64),
    /// A float literal, as the bits of its `f64`.
    FloatBits(u64),
    /// `true` or `false`.
    Bool(bool),
}

/// The options of the three attributes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct KernelOptions {
    /// `signatures = [(f32, f32), (f64, f64)]`: the parameter types, parameter by
    /// parameter; empty when not given.
    pub signatures: Vec<Vec<DType>>,
    /// `identity = 0`.
    pub identity: Option<Identity>,
    /// `associative`: reductions may regroup.
    pub associative: bool,
    /// `target = "parallel"`.
    pub target: Target,
    /// `fastmath`: reassociation and contraction are allowed.
    pub fastmath: bool,
    /// `cache = false` keeps the function out of the cache on disk.
    pub cache: bool,
}

impl Default for KernelOptions {
    fn default() -> Self {
        KernelOptions {
            signatures: Vec::new(),
            identity: None,
            associative: false,
            target: Target::Cpu,
            fastmath: false,
            cache: true,
        }
    }
}

/// A kernel function as its callers see it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct FunctionMeta {
    /// Its path in the module, e.g. `leaky_relu`.
    pub name: String,
    /// How it is called.
    pub kind: KernelKind,
    /// Its doc comment, or empty.
    pub doc: String,
    /// Its type parameters.
    pub type_params: Vec<TypeParam>,
    /// Its parameters in order.
    pub params: Vec<ParamMeta>,
    /// The parts of its return value: none, one, or the members of a tuple.
    pub results: Vec<ElementType>,
    /// The options of its attribute.
    pub options: KernelOptions,
}
