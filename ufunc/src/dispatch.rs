//! From the element types of a call's operands to a specialisation: the types of the type
//! parameters, and the type that each operand and result has in the kernel. Not the
//! compiling of it (`function`), nor the conversion of operands.
//!
//! The rules, in this order:
//!
//! 1. A kernel with a list of signatures takes the first to which every operand casts
//!    safely.
//! 2. A type parameter becomes the NumPy promotion of all operands declared with it, and
//!    if that does not satisfy its bound, the first type that does and to which the
//!    promotion casts safely, from narrow to wide, signed before unsigned (the order of
//!    NumPy's loops). So under `Float` small integers become `f32` and wide ones `f64`,
//!    and under `Number` a `bool` becomes `i8`, as in `numpy.square`.
//!    A parameter `Complex<T>` counts with the type of its operand's parts.
//! 3. A concrete parameter wants an operand that casts safely to its type.
//! 4. An untyped literal takes the type of the others declared with its type parameter; an
//!    integer literal goes to any type but `bool`, a float literal to float and complex types,
//!    a complex one to complex types. Where literals stand alone they count as `i64` (above
//!    `i64::MAX` as `u64`), `f64` and `Complex<f64>`.
//!
//! Invariant: the result depends on the element types alone, never on values or on earlier
//! calls.

use brolga_abi::{DType, ElementType, FunctionMeta};
use smallvec::SmallVec;

use crate::casting::{Casting, can_cast};
use crate::error::{Error, ErrorKind, counted};
use crate::promotion::{ArgumentType, WIDENING, WeakKind, result_type};

/// A list of element types.
pub type DTypes = SmallVec<[DType; 8]>;

/// What [`resolve`] finds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolution {
    /// One for each type parameter.
    pub types: DTypes,
    /// One for each parameter.
    pub params: DTypes,
    /// One for each result.
    pub results: DTypes,
}

/// Chooses the specialisation of `function` for operands of these types, one for each
/// parameter; `None` for an output that the call allocates, which has no say.
///
/// # Errors
/// [`ErrorKind::DType`] when no specialisation accepts the operands, naming the types
/// given and those accepted; [`ErrorKind::ArgumentCount`] when there are not as many as
/// parameters.
pub fn resolve(
    function: &FunctionMeta,
    arguments: &[Option<ArgumentType>],
) -> Result<Resolution, Error> {
    if arguments.len() != function.params.len() {
        return Err(Error::new(
            ErrorKind::ArgumentCount,
            format!(
                "`{}` takes {}, but {} were given",
                function.name,
                counted(function.params.len(), "operand"),
                arguments.len()
            ),
        ));
    }
    check_type_params(function)?;
    if function.options.signatures.is_empty() {
        by_promotion(function, arguments)
    } else {
        by_signature(function, arguments)
    }
}

/// Whether an operand of this type may go to a parameter of type `to`.
fn accepts(argument: ArgumentType, to: DType) -> bool {
    match argument {
        ArgumentType::Strong(dtype) => can_cast(dtype, to, Casting::Safe),
        ArgumentType::Weak(WeakKind::Int | WeakKind::LargeInt) => to != DType::Bool,
        ArgumentType::Weak(WeakKind::Float) => to.is_float() || to.is_half() || to.is_complex(),
        ArgumentType::Weak(WeakKind::Complex) => to.is_complex(),
    }
}

/// A description that comes from a file may be inconsistent; then it is an error here and
/// not a panic later.
fn check_type_params(function: &FunctionMeta) -> Result<(), Error> {
    let count = function.type_params.len();
    let params = function.params.iter().map(|param| param.ty.element());
    let known = |element: ElementType| element.parameter().is_none_or(|n| usize::from(n) < count);
    if params.chain(function.results.iter().copied()).all(known) {
        Ok(())
    } else {
        Err(Error::new(
            ErrorKind::Kernel,
            format!("the description of `{}` is inconsistent", function.name),
        ))
    }
}

fn by_promotion(
    function: &FunctionMeta,
    arguments: &[Option<ArgumentType>],
) -> Result<Resolution, Error> {
    let mut types = DTypes::new();
    for (number, param) in function.type_params.iter().enumerate() {
        let declared = function
            .params
            .iter()
            .zip(arguments)
            .filter(|(p, _)| p.ty.element().parameter() == Some(number as u8))
            .filter_map(|(p, argument)| {
                let argument = (*argument)?;
                let complex = matches!(p.ty.element(), ElementType::ComplexOf(_));
                Some(if complex { part(argument) } else { argument })
            });
        let Some(promoted) = result_type(declared) else {
            return Err(Error::new(
                ErrorKind::DType,
                format!(
                    "no operand of `{}` decides its type parameter `{}`",
                    function.name, param.name
                ),
            ));
        };
        let fits = |to: DType| param.bound.admits(to) && can_cast(promoted, to, Casting::Safe);
        let home = if fits(promoted) {
            Some(promoted)
        } else {
            WIDENING.into_iter().find(|&to| fits(to))
        };
        match home {
            Some(dtype) => types.push(dtype),
            None => return Err(refused(function, arguments)),
        }
    }
    let concrete = function
        .params
        .iter()
        .zip(arguments)
        .all(|(param, argument)| match (param.ty.element(), argument) {
            (ElementType::Concrete(to), Some(argument)) => accepts(*argument, to),
            (ElementType::ComplexOf(_), Some(argument)) => {
                accepts(*argument, param.ty.element().resolve(&types))
            }
            (ElementType::Param(_), _) | (_, None) => true,
        });
    if !concrete {
        return Err(refused(function, arguments));
    }
    Ok(resolution(function, types))
}

/// What an operand for a parameter `Complex<T>` says of `T`.
fn part(argument: ArgumentType) -> ArgumentType {
    match argument {
        ArgumentType::Strong(dtype) => ArgumentType::Strong(dtype.part()),
        ArgumentType::Weak(WeakKind::Complex) => ArgumentType::Weak(WeakKind::Float),
        weak => weak,
    }
}

fn resolution(function: &FunctionMeta, types: DTypes) -> Resolution {
    let params = function.params.iter();
    let params = params
        .map(|param| param.ty.element().resolve(&types))
        .collect();
    let results = function
        .results
        .iter()
        .map(|result| result.resolve(&types))
        .collect();
    Resolution {
        types,
        params,
        results,
    }
}

fn by_signature(
    function: &FunctionMeta,
    arguments: &[Option<ArgumentType>],
) -> Result<Resolution, Error> {
    let candidates = || {
        let signatures = function.options.signatures.iter();
        signatures.filter_map(|signature| Some((signature, type_arguments(function, signature)?)))
    };
    let search = |arguments: &[Option<ArgumentType>]| {
        candidates().find(|(signature, _)| {
            let pairs = arguments.iter().zip(signature.iter());
            pairs
                .into_iter()
                .all(|(argument, &to)| argument.is_none_or(|a| accepts(a, to)))
        })
    };
    let given = || arguments.iter().flatten();
    let all_weak = given().all(|argument| matches!(argument, ArgumentType::Weak(_)));
    let defaults: SmallVec<[Option<ArgumentType>; 8]> = arguments
        .iter()
        .map(|argument| match argument {
            Some(ArgumentType::Weak(kind)) => Some(ArgumentType::Strong(kind.default_dtype())),
            other => *other,
        })
        .collect();
    let found = if all_weak { search(&defaults) } else { None };
    match found.or_else(|| search(arguments)) {
        Some((_, types)) => Ok(resolution(function, types)),
        None => Err(refused(function, arguments)),
    }
}

/// The types of the type parameters that make the parameters those of `signature`; `None`
/// where there are none.
fn type_arguments(function: &FunctionMeta, signature: &[DType]) -> Option<DTypes> {
    if signature.len() != function.params.len() {
        return None;
    }
    let mut types: SmallVec<[Option<DType>; 8]> =
        SmallVec::from_elem(None, function.type_params.len());
    for (param, &dtype) in function.params.iter().zip(signature) {
        match param.ty.element() {
            ElementType::Concrete(own) if own == dtype => {}
            ElementType::Concrete(_) => return None,
            ElementType::Param(number) | ElementType::ComplexOf(number) => {
                let dtype = match param.ty.element() {
                    ElementType::ComplexOf(_) if !dtype.is_complex() => return None,
                    ElementType::ComplexOf(_) => dtype.part(),
                    _ => dtype,
                };
                let slot = &mut types[usize::from(number)];
                if *slot.get_or_insert(dtype) != dtype {
                    return None;
                }
            }
        }
    }
    let types: Option<DTypes> = types.into_iter().collect();
    let bounds = function.type_params.iter();
    types.filter(|types| {
        bounds
            .zip(types)
            .all(|(param, &dtype)| param.bound.admits(dtype))
    })
}

/// What was given and what would have been accepted.
fn refused(function: &FunctionMeta, arguments: &[Option<ArgumentType>]) -> Error {
    let given: Vec<String> = arguments
        .iter()
        .flatten()
        .map(ArgumentType::to_string)
        .collect();
    let mut text = format!(
        "no specialisation of `{}` accepts operands of types ({})",
        function.name,
        given.join(", ")
    );
    if function.options.signatures.is_empty() {
        for (number, (param, argument)) in function.params.iter().zip(arguments).enumerate() {
            let Some(argument) = argument else { continue };
            let accepted = match param.ty.element() {
                ElementType::Concrete(to) => names(|from| can_cast(from, to, Casting::Safe)),
                ElementType::ComplexOf(n) => {
                    let param = &function.type_params[usize::from(n)];
                    let accepted = names(|from| can_cast(from, DType::ComplexF64, Casting::Safe));
                    format!(
                        "{accepted} (Complex<{0}>, {0}: {1})",
                        param.name,
                        param.bound.name()
                    )
                }
                ElementType::Param(n) => {
                    let param = &function.type_params[usize::from(n)];
                    let home = |from: DType| {
                        WIDENING
                            .into_iter()
                            .any(|to| param.bound.admits(to) && can_cast(from, to, Casting::Safe))
                    };
                    format!("{} ({}: {})", names(home), param.name, param.bound.name())
                }
            };
            text.push_str(&format!(
                "\n  operand {} `{}`: found {argument}; accepted: {accepted}",
                number + 1,
                param.name,
            ));
        }
    } else {
        text.push_str("; its signatures, to which every operand must cast safely: ");
        for (number, signature) in function.options.signatures.iter().enumerate() {
            let names: Vec<&str> = signature.iter().map(|dtype| dtype.name()).collect();
            let comma = if number == 0 { "" } else { ", " };
            text.push_str(&format!("{comma}({})", names.join(", ")));
        }
    }
    Error::new(ErrorKind::DType, text)
}

fn names(accepted: impl Fn(DType) -> bool) -> String {
    let names: Vec<&str> = DType::ALL
        .into_iter()
        .filter(|&dtype| accepted(dtype))
        .map(DType::name)
        .collect();
    names.join(", ")
}
