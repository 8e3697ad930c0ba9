//! What the number types offer: methods and associated functions ([`integer`], [`float`])
//! and constants ([`constants`]). Here are the tables' form and the look-up; each file also
//! lowers its own. Invariant: a table lists exactly what the lowering of the same file
//! knows (a test goes through all of them).

pub(crate) mod checked;
pub(crate) mod constants;
pub(crate) mod float;
pub(crate) mod integer;

use brolga_abi::Bound;

use crate::check::ty::{Bounds, Ty};
use crate::ir::Scalar;

/// A type in a method's signature, relative to the receiver's type `S`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// `S`.
    Own,
    /// The unsigned type of the same width.
    Unsigned,
    /// The signed type of the same width.
    Signed,
    /// `u32` for `f32`, `u64` for `f64`.
    Bits,
    /// This type.
    Fixed(Scalar),
    /// `(S, S)`.
    Pair,
    /// `(S, bool)`.
    Flagged,
    /// `Option<S>`.
    Maybe,
    /// `Option<u32>`.
    MaybeU32,
}

/// Which types of the family have the method.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum On {
    /// All.
    All,
    /// Signed integers.
    Signed,
    /// Unsigned integers.
    Unsigned,
}

/// A method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) on: On,
    /// Whether it is called on a value; else only as `T::name(..)`.
    pub(crate) receiver: bool,
    /// The parameters after the receiver.
    pub(crate) params: &'static [Part],
    pub(crate) result: Part,
    /// Whether type parameters have it, by `Integer` or `Float`.
    pub(crate) generic: bool,
}

const fn method(
    name: &'static str,
    on: On,
    params: &'static [Part],
    result: Part,
    generic: bool,
) -> Method {
    Method {
        name,
        on,
        receiver: true,
        params,
        result,
        generic,
    }
}

const fn associated(
    name: &'static str,
    params: &'static [Part],
    result: Part,
    generic: bool,
) -> Method {
    Method {
        name,
        on: On::All,
        receiver: false,
        params,
        result,
        generic,
    }
}

/// What every number type has through the prelude's trait `Number`.
const NUMBER: &[Method] = &[
    associated("zero", &[], Part::Own, true),
    associated("one", &[], Part::Own, true),
    associated("from_i32", &[Part::Fixed(Scalar::I32)], Part::Own, true),
];

/// What a type is for the look-up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    /// A type.
    Known(Scalar),
    /// A type parameter.
    Param(Bounds),
    /// An integer literal's type, not yet decided: the prelude's traits only.
    AnyInteger,
    /// A float literal's type, not yet decided: the prelude's traits only.
    AnyFloat,
}

impl Owner {
    fn families(self) -> [bool; 2] {
        match self {
            Owner::Known(scalar) => [scalar.is_integer(), scalar.is_float()],
            Owner::Param(bounds) => [bounds.has(Bound::Integer), bounds.has(Bound::Float)],
            Owner::AnyInteger => [true, false],
            Owner::AnyFloat => [false, true],
        }
    }

    fn admits(self, method: &Method) -> bool {
        match self {
            Owner::Known(scalar) => match method.on {
                On::All => true,
                On::Signed => scalar.is_signed(),
                On::Unsigned => !scalar.is_signed(),
            },
            Owner::Param(_) | Owner::AnyInteger | Owner::AnyFloat => method.generic,
        }
    }

    /// All that this type has.
    pub(crate) fn methods(self) -> impl Iterator<Item = &'static Method> {
        let [integer, float] = self.families();
        let number = !matches!(self, Owner::Known(Scalar::Bool));
        let part = |on: bool, table: &'static [Method]| if on { table } else { &[] };
        part(integer, integer::TABLE)
            .iter()
            .chain(part(integer, checked::TABLE))
            .chain(part(float, float::TABLE))
            .chain(part(number, NUMBER))
            .filter(move |m| self.admits(m))
    }

    /// The method of this name.
    pub(crate) fn find(self, name: &str) -> Option<&'static Method> {
        self.methods().find(|m| m.name == name)
    }
}

/// Whether any integer (`false`) or float (`true`) type has a method of this name.
pub(crate) fn exists(float: bool, name: &str) -> bool {
    let table = if float { float::TABLE } else { integer::TABLE };
    let more = if float { &[] } else { checked::TABLE };
    let mut all = table.iter().chain(more);
    all.any(|m| m.name == name && m.receiver)
}

/// Names of std's methods that give an `Option` or need traits, with what to use instead.
pub(crate) fn instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "total_cmp" | "partial_cmp" | "cmp" => {
            "floats have `partial_cmp` and `total_cmp`, integers `cmp`; or use `<`, `<=`, `==`"
        }
        "into" | "try_into" => "use `as`, or `f64::from(x)` for a conversion without loss",
        "erf" | "erfc" | "gamma" | "lgamma" => "this is a function of the prelude: `erf(x)`",
        "sum" | "product" | "map" | "fold" | "zip" | "enumerate" => "use a `for` loop",
        _ => return None,
    })
}

/// The integer type of the other signedness.
pub(crate) fn sibling(scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::I8 => Scalar::U8,
        Scalar::I16 => Scalar::U16,
        Scalar::I32 => Scalar::U32,
        Scalar::I64 => Scalar::U64,
        Scalar::Isize => Scalar::Usize,
        Scalar::U8 => Scalar::I8,
        Scalar::U16 => Scalar::I16,
        Scalar::U32 => Scalar::I32,
        Scalar::U64 => Scalar::I64,
        Scalar::Usize => Scalar::Isize,
        Scalar::F32 => Scalar::U32,
        Scalar::F64 => Scalar::U64,
        Scalar::Bool => Scalar::Bool,
    }
}

impl Part {
    /// The type, for this receiver. `Unsigned`, `Signed` and `Bits` stand only in methods
    /// that type parameters do not have.
    pub(crate) fn ty(self, own: &Ty) -> Ty {
        let known = |wanted: fn(Scalar) -> Scalar| match own {
            Ty::Scalar(scalar) => Ty::Scalar(wanted(*scalar)),
            _ => Ty::Error,
        };
        match self {
            Part::Own => own.clone(),
            Part::Unsigned => known(|s| if s.is_signed() { sibling(s) } else { s }),
            Part::Signed => known(|s| if s.is_signed() { s } else { sibling(s) }),
            Part::Bits => known(sibling),
            Part::Fixed(scalar) => Ty::Scalar(scalar),
            Part::Pair => Ty::Tuple(vec![own.clone(), own.clone()]),
            Part::Flagged => Ty::Tuple(vec![own.clone(), Ty::BOOL]),
            Part::Maybe => Ty::Option(Box::new(own.clone())),
            Part::MaybeU32 => Ty::Option(Box::new(Ty::U32)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Module, verify};

    fn written(part: Part, own: Scalar) -> String {
        crate::check::ty::show(&part.ty(&Ty::Scalar(own)), &[], &|_| "_")
    }

    #[test]
    fn every_method_lowers_to_a_valid_program_on_every_type_that_has_it() {
        let mut text = String::new();
        for own in Scalar::ALL {
            for method in Owner::Known(own).methods() {
                let mut types: Vec<String> =
                    method.params.iter().map(|p| written(*p, own)).collect();
                if method.receiver {
                    types.insert(0, own.name().to_string());
                }
                let names: Vec<String> = (0..types.len()).map(|n| format!("x{n}")).collect();
                let params: Vec<String> = names
                    .iter()
                    .zip(&types)
                    .map(|(name, ty)| format!("{name}: {ty}"))
                    .collect();
                text += &format!(
                    "#[vectorize]\nfn {own}_{name}(unused: f64, {params}) -> {result} {{ let value = {own}::{name}({names}); {value} }}\n",
                    own = own.name(),
                    name = method.name,
                    params = params.join(", "),
                    // A kernel cannot return an option.
                    result = match method.result.ty(&Ty::Scalar(own)) {
                        Ty::Option(_) => "bool".to_string(),
                        _ => written(method.result, own),
                    },
                    value = match method.result.ty(&Ty::Scalar(own)) {
                        Ty::Option(_) => "value == None",
                        _ => "value",
                    },
                    names = names.join(", "),
                );
            }
        }
        let module = Module::parse("methods.rs", &text).expect("valid signatures");
        module.check().expect("valid bodies");
        assert!(module.kernels().len() > 700, "{}", module.kernels().len());
        for kernel in module.kernels() {
            let program = module.specialise(&kernel.name, &[]).expect("a program");
            verify(&program).expect(&kernel.name);
        }
    }
}
