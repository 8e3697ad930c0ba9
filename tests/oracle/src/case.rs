//! [`Case`]: one function of the corpus at concrete types, and the macros that make one from
//! a line of the registry. Invariant: a case's types are those of the function that rustc
//! compiled, since they are written once and checked by the call.

use brolga_abi::{CoreDim, DType, GufuncSignature};

use crate::agreement::Agreement;
use crate::operand::Operand;
use crate::panic::Panic;
use crate::scalar::Word;
use crate::values::Domain;

/// Which attribute the function carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CaseKind {
    /// `#[vectorize]`: called element by element.
    Vectorize,
    /// `#[guvectorize]`: called on core arrays.
    Guvectorize,
    /// `#[jit]`: called once.
    Jit,
}

/// How a kernel uses a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// A number, by value.
    Scalar,
    /// An array that is read.
    View,
    /// An array that is read and written; a harness compares it after the call.
    ViewMut,
}

/// A parameter of a case.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// The type of the number, or of the array's elements.
    pub dtype: DType,
    /// The number of core axes, 0 for a scalar.
    pub ndim: usize,
    /// How the kernel uses it.
    pub access: Access,
    pub(crate) make: fn(&[usize], &[Word]) -> Operand,
}

impl Param {
    /// An operand for this parameter, from its elements in C order, one word each.
    ///
    /// # Panics
    /// If the number of words is not the number of elements of `shape`.
    pub fn operand(&self, shape: &[usize], words: &[Word]) -> Operand {
        (self.make)(shape, words)
    }
}

/// Applies rustc's version of a function once.
///
/// Both panic if there are fewer operands than parameters, or fewer places for results than
/// results, or if an operand's type or number of axes is not the parameter's.
#[derive(Clone, Copy, Debug)]
pub enum Runner {
    /// For scalar parameters only: arguments and results, one word each.
    Scalar(fn(&[Word], &mut [Word]) -> Result<(), Panic>),
    /// The parameters' operands, and the results that the function returns, one word each.
    Array(fn(&mut [Operand], &mut [Word]) -> Result<(), Panic>),
}

/// One function of the corpus at concrete types.
#[derive(Clone, Debug)]
pub struct Case {
    /// The kernel file without `.rs`, see [`crate::source`].
    pub file: &'static str,
    /// The function's name.
    pub function: &'static str,
    /// What its attribute makes of it.
    pub kind: CaseKind,
    /// The values of its type parameters.
    pub types: Vec<DType>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// The types of what it returns, part by part.
    pub results: Vec<DType>,
    /// Which core dimensions the parameters have. For a gufunc this is the signature of its
    /// attribute; for other functions all parameters stand left of the arrow.
    pub signature: GufuncSignature,
    /// Which values each parameter (its elements) may take.
    pub domains: Vec<Domain>,
    /// How close results must be.
    pub agreement: Agreement,
    /// Applies rustc's version.
    pub runner: Runner,
}

impl Case {
    /// The case with a domain for each parameter; the default is [`Domain::Any`].
    #[must_use]
    pub(crate) fn over(mut self, domains: &[Domain]) -> Case {
        assert_eq!(domains.len(), self.params.len(), "{self}: domains");
        self.domains = domains.to_vec();
        self
    }

    /// The case with a tolerance for floating-point results.
    #[must_use]
    pub(crate) fn within(mut self, relative: f64, absolute: f64) -> Case {
        self.agreement = Agreement::Within { relative, absolute };
        self
    }

    /// The case with either zero accepted for the other.
    #[must_use]
    pub(crate) fn either_zero(mut self) -> Case {
        self.agreement = Agreement::BitsButForTheSignOfZero;
        self
    }

    /// What rustc's version returns for these arguments, one word each.
    ///
    /// # Errors
    /// Its panic.
    ///
    /// # Panics
    /// If the function takes arrays, or more arguments.
    pub fn call(&self, arguments: &[Word]) -> Result<Vec<Word>, Panic> {
        let Runner::Scalar(run) = self.runner else {
            panic!("{self} takes arrays");
        };
        let mut results = vec![0; self.results.len()];
        run(arguments, &mut results)?;
        Ok(results)
    }

    /// The same for a function over arrays, which may write to the operands of its mutable
    /// parameters.
    ///
    /// # Errors
    /// Its panic; the operands then hold what was written before it.
    ///
    /// # Panics
    /// If the function is `#[vectorize]`, or the operands are not those of its parameters.
    pub fn call_on_arrays(&self, operands: &mut [Operand]) -> Result<Vec<Word>, Panic> {
        let Runner::Array(run) = self.runner else {
            panic!("{self} takes no arrays");
        };
        let mut results = vec![0; self.results.len()];
        run(operands, &mut results)?;
        Ok(results)
    }

    /// The shape of each parameter's operand when the named core dimensions have these sizes.
    pub fn shapes(&self, size_of: impl Fn(&str) -> usize) -> Vec<Vec<usize>> {
        let size = |&dim: &usize| match &self.signature.dims[dim] {
            CoreDim::Named(name) => size_of(name),
            CoreDim::Fixed(size) => *size,
        };
        let shape = |dims: &[usize]| dims.iter().map(size).collect();
        self.signature.operands().map(shape).collect()
    }
}

impl std::fmt::Display for Case {
    /// `file::function<types>`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}::{}", self.file, self.function)?;
        for (k, dtype) in self.types.iter().enumerate() {
            write!(f, "{}{dtype}", if k == 0 { "<" } else { ", " })?;
        }
        f.write_str(if self.types.is_empty() { "" } else { ">" })
    }
}

/// The signature of a registry's line, of the case of this name.
pub(crate) fn parse_signature(case: &str, text: &str, params: &[Param]) -> GufuncSignature {
    let signature = GufuncSignature::parse(text)
        .unwrap_or_else(|error| panic!("{case}: in the signature {text}: {error}"));
    let found: Vec<usize> = signature.operands().map(<[usize]>::len).collect();
    let expected: Vec<usize> = params.iter().map(|param| param.ndim).collect();
    assert_eq!(found, expected, "{case}: axes of the operands in {text}");
    signature
}

/// A case of a function with scalar parameters, which may stand in a module of its file:
/// `case!(arith::axpy<f32>: fn(f32, f32, f32) -> f32)`.
macro_rules! case {
    ($file:ident::$function:ident $(::$inner:ident)* $(<$($t:ty),+>)? : fn($($param:ty),*) -> $result:ty) => {{
        fn run(arguments: &[$crate::scalar::Word], results: &mut [$crate::scalar::Word]) -> Result<(), $crate::panic::Panic> {
            let mut words = arguments.iter().copied();
            let mut next = || words.next().expect("one word for each parameter");
            let value = $crate::panic::catch(|| {
                $crate::kernels::$file::$function$(::$inner)*$(::<$($t),+>)?(
                    $(<$param as $crate::scalar::Scalar>::from_word(next())),*
                )
            })?;
            <$result as $crate::scalar::Results>::write(value, results);
            Ok(())
        }
        let params: Vec<$crate::case::Param> =
            vec![$(<$param as $crate::operand::Argument>::param()),*];
        let signature = brolga_abi::GufuncSignature {
            dims: Vec::new(),
            inputs: vec![Vec::new(); params.len()],
            outputs: Vec::new(),
        };
        $crate::case::Case {
            file: stringify!($file),
            function: concat!(stringify!($function) $(, "::", stringify!($inner))*),
            kind: $crate::case::CaseKind::Vectorize,
            types: vec![$($(<$t as $crate::scalar::Scalar>::DTYPE),+)?],
            domains: vec![$crate::values::Domain::Any; params.len()],
            params,
            results: <$result as $crate::scalar::Results>::dtypes(),
            signature,
            agreement: $crate::agreement::Agreement::Bits,
            runner: $crate::case::Runner::Scalar(run),
        }
    }};
}

/// The common part of [`gcase!`] and [`jcase!`].
macro_rules! array_case {
    ($kind:ident, $file:ident::$function:ident [$($t:ty),*], $signature:literal, ($($param:ty),*), $result:ty) => {{
        fn run(
            operands: &mut [$crate::operand::Operand],
            results: &mut [$crate::scalar::Word],
        ) -> Result<(), $crate::panic::Panic> {
            let mut operands = operands.iter_mut();
            let mut next = || operands.next().expect("one operand for each parameter");
            let value = $crate::panic::catch(|| {
                $crate::kernels::$file::$function::<$($t),*>(
                    $(<$param as $crate::operand::Argument>::take(next())),*
                )
            })?;
            <$result as $crate::scalar::Results>::write(value, results);
            Ok(())
        }
        let params: Vec<$crate::case::Param> =
            vec![$(<$param as $crate::operand::Argument>::param()),*];
        $crate::case::Case {
            file: stringify!($file),
            function: stringify!($function),
            kind: $crate::case::CaseKind::$kind,
            types: vec![$(<$t as $crate::scalar::Scalar>::DTYPE),*],
            domains: vec![$crate::values::Domain::Any; params.len()],
            signature: $crate::case::parse_signature(
                concat!(stringify!($file), "::", stringify!($function)), $signature, &params),
            params,
            results: <$result as $crate::scalar::Results>::dtypes(),
            agreement: $crate::agreement::Agreement::Bits,
            runner: $crate::case::Runner::Array(run),
        }
    }};
}

/// A case of a gufunc: `gcase!(linear::dot<f64>: "(n),(n)->()", (ArrayView1<f64>, ArrayView1<f64>, ArrayViewMut0<f64>))`.
macro_rules! gcase {
    ($file:ident::$function:ident $(<$($t:ty),+>)? : $signature:literal, ($($param:ty),*)) => {
        $crate::case::array_case!(Guvectorize, $file::$function [$($($t),+)?], $signature, ($($param),*), ())
    };
}

/// A case of a jit function: `jcase!(parallel::pi: "()->", fn(usize) -> f64)`. Its signature
/// only says which axes have the same length.
macro_rules! jcase {
    ($file:ident::$function:ident $(<$($t:ty),+>)? : $signature:literal, fn($($param:ty),*) -> $result:ty) => {
        $crate::case::array_case!(Jit, $file::$function [$($($t),+)?], $signature, ($($param),*), $result)
    };
}

pub(crate) use {array_case, case, gcase, jcase};
