//! Every operation of the scalar types as a template: what the single-operation mode runs
//! through, and what random kernels are grown from.

use brolga_lang::ir::Scalar;
use brolga_oracle::Agreement;

use super::methods;
use super::node::{Kernel, Kid, Name, Node, Sort};

/// An operation on values.
#[derive(Clone, Debug)]
pub struct Operation {
    pub template: String,
    pub args: Vec<Scalar>,
    pub result: Scalar,
    /// Whether the sign or payload of a NaN or the sign of a zero from `min` or `max` may show:
    /// not for random kernels, where later operations would carry it on.
    pub unspecified: bool,
    /// Which arguments random kernels must not take from literals alone: rustc and Brolga refuse
    /// constant expressions that fail.
    pub checked: bool,
}

impl Operation {
    /// A kernel that is this operation alone.
    pub fn alone(&self, number: usize) -> Kernel {
        let params: Vec<Name> = self
            .args
            .iter()
            .enumerate()
            .map(|(k, &ty)| Name {
                name: format!("p{k}"),
                ty: ty.into(),
                mutable: false,
            })
            .collect();
        let kids = params.iter().map(|p| Kid::from(Node::variable(p)));
        let value = Node::new(
            Sort::Value(self.result.into()),
            self.template.clone(),
            kids.collect(),
        );
        Kernel {
            name: format!("k{number}"),
            body: Node::new(Sort::Results, "{0}", vec![value.into()]),
            params,
            results: vec![self.result],
            agreement: if self.unspecified {
                Agreement::BitsButForTheSignOfZero
            } else {
                Agreement::Bits
            },
        }
    }
}

/// A list of operations that grows.
pub struct List(Vec<Operation>);

impl List {
    pub fn add(&mut self, template: &str, args: &[Scalar], result: Scalar) {
        self.0.push(Operation {
            template: template.to_string(),
            args: args.to_vec(),
            result,
            unspecified: false,
            checked: false,
        });
    }

    pub fn checked(&mut self, template: &str, args: &[Scalar], result: Scalar) {
        self.add(template, args, result);
        self.0.last_mut().expect("just added").checked = true;
    }

    pub fn unspecified(&mut self, template: &str, args: &[Scalar], result: Scalar) {
        self.add(template, args, result);
        self.0.last_mut().expect("just added").unspecified = true;
    }

    /// Methods of one receiver type, by names.
    pub fn methods(&mut self, names: &str, own: Scalar, args: &[Scalar], result: Scalar) {
        for name in names.split_whitespace() {
            let places: Vec<String> = (1..=args.len()).map(|k| format!("{{{k}}}")).collect();
            let template = format!("({{0}}).{name}({})", places.join(", "));
            let all: Vec<Scalar> = std::iter::once(own).chain(args.iter().copied()).collect();
            self.checked(&template, &all, result);
        }
    }
}

/// All operations.
pub fn all() -> Vec<Operation> {
    let mut list = List(Vec::new());
    for ty in Scalar::ALL {
        for op in ["==", "!=", "<", "<=", ">", ">="] {
            list.add(&format!("({{0}} {op} {{1}})"), &[ty, ty], Scalar::Bool);
        }
        for to in Scalar::ALL {
            let exists = to != Scalar::Bool && !(ty == Scalar::Bool && to.is_float());
            if exists {
                list.add(&format!("({{0}} as {to})"), &[ty], to);
            }
        }
        match ty {
            Scalar::Bool => booleans(&mut list),
            float if float.is_float() => {
                floats(&mut list, float);
                methods::floats(&mut list, float);
                methods::complex(&mut list, float);
            }
            integer => {
                integers(&mut list, integer);
                methods::integers(&mut list, integer);
            }
        }
    }
    methods::conversions(&mut list);
    methods::options(&mut list);
    methods::halves(&mut list);
    list.0
}

fn booleans(list: &mut List) {
    let b = Scalar::Bool;
    for op in ["&&", "||", "&", "|", "^"] {
        list.add(&format!("({{0}} {op} {{1}})"), &[b, b], b);
    }
    list.add("(!{0})", &[b], b);
}

/// The unsigned type of the same width.
pub fn unsigned(ty: Scalar) -> Scalar {
    match ty {
        Scalar::I8 => Scalar::U8,
        Scalar::I16 => Scalar::U16,
        Scalar::I32 => Scalar::U32,
        Scalar::I64 => Scalar::U64,
        Scalar::Isize => Scalar::Usize,
        other => other,
    }
}

/// The signed type of the same width.
pub fn signed(ty: Scalar) -> Scalar {
    match ty {
        Scalar::U8 => Scalar::I8,
        Scalar::U16 => Scalar::I16,
        Scalar::U32 => Scalar::I32,
        Scalar::U64 => Scalar::I64,
        Scalar::Usize => Scalar::Isize,
        other => other,
    }
}

fn integers(list: &mut List, ty: Scalar) {
    let u32_ = Scalar::U32;
    for op in ["+", "-", "*", "/", "%"] {
        list.checked(&format!("({{0}} {op} {{1}})"), &[ty, ty], ty);
    }
    for op in ["&", "|", "^"] {
        list.add(&format!("({{0}} {op} {{1}})"), &[ty, ty], ty);
    }
    for by in Scalar::ALL.into_iter().filter(|by| by.is_integer()) {
        for op in ["<<", ">>"] {
            list.checked(&format!("({{0}} {op} {{1}})"), &[ty, by], ty);
        }
    }
    list.add("(!{0})", &[ty], ty);
    list.methods(
        "count_ones count_zeros leading_ones leading_zeros trailing_ones trailing_zeros \
         ilog2 ilog10",
        ty,
        &[],
        u32_,
    );
    list.methods(
        "swap_bytes reverse_bits wrapping_neg isqrt to_be to_le",
        ty,
        &[],
        ty,
    );
    list.methods(
        "min max div_euclid rem_euclid midpoint saturating_add saturating_sub saturating_mul \
         saturating_div wrapping_add wrapping_sub wrapping_mul wrapping_div wrapping_rem \
         wrapping_div_euclid wrapping_rem_euclid",
        ty,
        &[ty],
        ty,
    );
    list.methods("abs_diff", ty, &[ty], unsigned(ty));
    list.methods("ilog", ty, &[ty], u32_);
    list.methods("clamp", ty, &[ty, ty], ty);
    list.methods(
        "rotate_left rotate_right pow wrapping_pow saturating_pow wrapping_shl wrapping_shr \
         unbounded_shl unbounded_shr",
        ty,
        &[u32_],
        ty,
    );
    if ty.is_signed() {
        list.checked("(-{0})", &[ty], ty);
        list.methods(
            "abs signum wrapping_abs saturating_abs saturating_neg",
            ty,
            &[],
            ty,
        );
        list.methods("unsigned_abs cast_unsigned", ty, &[], unsigned(ty));
        list.methods("is_negative is_positive", ty, &[], Scalar::Bool);
    } else {
        list.methods("next_power_of_two", ty, &[], ty);
        list.methods("is_power_of_two", ty, &[], Scalar::Bool);
        list.methods("div_ceil next_multiple_of", ty, &[ty], ty);
        list.methods("is_multiple_of", ty, &[ty], Scalar::Bool);
    }
}

fn floats(list: &mut List, ty: Scalar) {
    let bits = if ty == Scalar::F32 {
        Scalar::U32
    } else {
        Scalar::U64
    };
    for op in ["+", "-", "*", "/", "%"] {
        list.add(&format!("({{0}} {op} {{1}})"), &[ty, ty], ty);
    }
    list.add("(-{0})", &[ty], ty);
    list.methods(
        "abs sqrt floor ceil trunc round round_ties_even fract recip to_degrees to_radians \
         exp exp2 exp_m1 ln ln_1p log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh \
         acosh atanh cbrt signum",
        ty,
        &[],
        ty,
    );
    list.methods("rem_euclid div_euclid hypot atan2 powf log", ty, &[ty], ty);
    list.methods("mul_add", ty, &[ty, ty], ty);
    list.methods("powi", ty, &[Scalar::I32], ty);
    list.methods(
        "is_nan is_finite is_infinite is_normal is_subnormal",
        ty,
        &[],
        Scalar::Bool,
    );
    list.add("({0}).clamp(-1.5, 3.25)", &[ty], ty);
    list.add(
        "{{ let t = {0}; if t.is_nan() {{ 0 }} else {{ t.to_bits() }} }}",
        &[ty],
        bits,
    );
    list.add(&format!("{ty}::from_bits({{0}})"), &[bits], ty);
    for template in ["({0}).min({1})", "({0}).max({1})"] {
        list.unspecified(template, &[ty, ty], ty);
    }
    list.unspecified(
        "({0}).copysign(if ({1}).is_nan() {{ 1.0 }} else {{ {1} }})",
        &[ty, ty],
        ty,
    );
}
