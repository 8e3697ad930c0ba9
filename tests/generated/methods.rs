//! The operations beyond one scalar: options, pairs, conversions between types, complex
//! numbers and 16-bit floats. Their results are taken apart into scalars.

use brolga_lang::ir::Scalar;

use super::operations::{List, signed, unsigned};

/// A value that `None` becomes: few operations give it.
const NONE: &str = "99";

/// Those of this integer type.
pub fn integers(list: &mut List, ty: Scalar) {
    let u32_ = Scalar::U32;
    let (own, other, shift): (&[Scalar], &[Scalar], &[Scalar]) = if ty.is_signed() {
        (&[ty], &[unsigned(ty)], &[u32_])
    } else {
        (&[ty], &[signed(ty)], &[u32_])
    };
    let checked = "div_euclid rem_euclid add sub mul div rem";
    list.maybe(checked, ty, own, ty);
    list.maybe("neg", ty, &[], ty);
    list.maybe("pow shl shr", ty, shift, ty);
    list.maybe("ilog", ty, own, u32_);
    list.maybe("ilog2 ilog10", ty, &[], u32_);
    list.flagged("add sub mul div rem div_euclid rem_euclid", ty, own);
    list.flagged("neg", ty, &[]);
    list.flagged("pow shl shr", ty, shift);
    if ty.is_signed() {
        list.maybe("abs isqrt", ty, &[], ty);
        list.maybe("add_unsigned sub_unsigned", ty, other, ty);
        list.flagged("abs", ty, &[]);
        list.flagged("add_unsigned sub_unsigned", ty, other);
        list.methods(
            "saturating_add_unsigned saturating_sub_unsigned wrapping_add_unsigned \
             wrapping_sub_unsigned",
            ty,
            other,
            ty,
        );
    } else {
        list.maybe("next_multiple_of", ty, own, ty);
        list.maybe("next_power_of_two", ty, &[], ty);
        list.maybe("add_signed", ty, other, ty);
        list.flagged("add_signed", ty, other);
        list.methods("saturating_add_signed wrapping_add_signed", ty, other, ty);
        list.methods("cast_signed", ty, &[], signed(ty));
    }
    for name in ["from_be", "from_le"] {
        list.add(&format!("{ty}::{name}({{0}})"), own, ty);
    }
}

/// Those of this float type that [`super::operations`] has not.
pub fn floats(list: &mut List, ty: Scalar) {
    list.methods("next_up next_down", ty, &[], ty);
    list.methods("to_f64", ty, &[], Scalar::F64);
    list.methods("midpoint", ty, &[ty], ty);
    list.methods("clamp", ty, &[ty, ty], ty);
    list.add("({0}).sin_cos().0", &[ty], ty);
    list.add("({0}).sin_cos().1", &[ty], ty);
    list.add(&format!("{ty}::from_f64({{0}})"), &[Scalar::F64], ty);
    for name in ["is_sign_negative", "is_sign_positive"] {
        list.unspecified(&format!("({{0}}).{name}()"), &[ty], Scalar::Bool);
    }
    let bits = if ty == Scalar::F32 {
        Scalar::U32
    } else {
        Scalar::U64
    };
    list.unspecified("({0}).to_bits()", &[ty], bits);
    list.unspecified("({0}).copysign({1})", &[ty, ty], ty);
}

/// Options and pairs of scalars: their methods and comparisons.
pub fn options(list: &mut List) {
    let b = Scalar::Bool;
    for ty in [Scalar::F64, Scalar::I32, Scalar::U8, Scalar::Bool] {
        let some = |k: usize| {
            format!(
                "(if {{{k}}} {{{{ Some({{{}}}) }}}} else {{{{ None }}}})",
                k + 1
            )
        };
        let (x, y) = (some(0), some(2));
        let args = [b, ty, b, ty];
        for op in ["==", "!=", "<", "<=", ">", ">="] {
            list.add(&format!("({x} {op} {y})"), &args, b);
            list.add(
                &format!("(({{0}}, {{1}}) {op} ({{2}}, {{3}}))"),
                &[ty, b, ty, b],
                b,
            );
            list.add(
                &format!("([{{0}}, {{1}}] {op} [{{2}}, {{3}}])"),
                &[ty, ty, ty, ty],
                b,
            );
        }
        for method in ["or", "xor", "and"] {
            list.add(&format!("{x}.{method}({y}).unwrap_or_default()"), &args, ty);
            list.add(&format!("{x}.{method}({y}).is_some()"), &args, b);
        }
        for template in [
            format!(
                "(match {x}.zip({y}) {{{{ Some((p, q)) if p == q => p, Some((_, q)) => q, None => {{1}} }}}})"
            ),
            format!("{x}.or_else(|| {y}).unwrap_or_else(|| {{1}})"),
            format!("{x}.and_then(|t| {y}.filter(|u| *u != t)).map_or({{3}}, |u| u)"),
            format!("{x}.map_or_else(|| {{3}}, |t| t)"),
        ] {
            list.add(&template, &args, ty);
        }
        list.add(
            &format!("{{{{ let mut t = {x}; let u = t.replace({{3}}); if {{2}} {{{{ u.or(t.take()).unwrap_or_default() }}}} else {{{{ t.unwrap_or_default() }}}} }}}}"),
            &args,
            ty,
        );
        list.add(&format!("Some({x}).flatten().is_none()"), &args[..2], b);
        list.add(&format!("{x}.is_some_and(|t| t == {{2}})"), &[b, ty, ty], b);
        list.add(&format!("{x}.is_none_or(|t| t == {{2}})"), &[b, ty, ty], b);
        list.checked(&format!("{x}.unwrap()"), &args[..2], ty);
        list.checked(&format!("{x}.expect(\"a value {{{{}}}}\")"), &args[..2], ty);
        let seen = "{{ let mut seen = {2}; if X.inspect(|t| seen = *t).map(|t| t == {2}).is_none() {{ {2} }} else {{ seen }} }}";
        list.add(&seen.replace('X', &x), &[b, ty, ty], ty);
        list.add(
            &format!("{x}.as_ref().cloned().unwrap_or({{2}})"),
            &[b, ty, ty],
            ty,
        );
        list.add(
            &format!("{x}.as_ref().copied().unwrap_or({{2}})"),
            &[b, ty, ty],
            ty,
        );
    }
}

/// `T::from` between all types where it exists.
pub fn conversions(list: &mut List) {
    for from in Scalar::ALL {
        for to in Scalar::ALL {
            if from != to && lossless(from, to) {
                list.add(&format!("{to}::from({{0}})"), &[from], to);
            }
        }
    }
}

fn lossless(from: Scalar, to: Scalar) -> bool {
    use Scalar::{Bool, F32, F64, Isize, Usize};
    let wide = |s: Scalar| {
        if matches!(s, Isize | Usize) {
            64
        } else {
            s.bits()
        }
    };
    match (from, to) {
        (_, Bool) | (Isize | Usize, _) => false,
        (Bool, _) => true,
        (F32, F64) => true,
        (F32 | F64, _) => false,
        (_, F32) => wide(from) <= 16,
        (_, F64) => wide(from) <= 32,
        (_, Usize) => !from.is_signed() && wide(from) <= 16,
        (_, Isize) => wide(from) <= if from.is_signed() { 16 } else { 8 },
        _ if from.is_signed() == to.is_signed() => wide(from) < wide(to),
        _ => to.is_signed() && wide(from) < wide(to),
    }
}

/// 16-bit floats.
pub fn halves(list: &mut List) {
    use Scalar::{Bool, F32, F64, U16};
    for half in ["f16", "bf16"] {
        let value = format!("{half}::from_bits({{0}})");
        list.add(&format!("{value}.to_f32()"), &[U16], F32);
        list.add(&format!("{value}.to_f64()"), &[U16], F64);
        list.add(&format!("f32::from({value})"), &[U16], F32);
        list.add(&format!("f64::from({value})"), &[U16], F64);
        list.add(&format!("{value}.to_bits()"), &[U16], U16);
        for name in [
            "is_finite",
            "is_infinite",
            "is_nan",
            "is_normal",
            "is_sign_negative",
            "is_sign_positive",
        ] {
            list.add(&format!("{value}.{name}()"), &[U16], Bool);
        }
        for op in ["==", "!=", "<", "<=", ">", ">="] {
            let other = format!("{half}::from_bits({{1}})");
            list.add(&format!("({value} {op} {other})"), &[U16, U16], Bool);
        }
        for from in [F32, F64] {
            list.unspecified(
                &format!("{half}::from_{from}({{0}}).to_bits()"),
                &[from],
                U16,
            );
            list.add(
                &format!("{{{{ let t = {half}::from_{from}({{0}}); if t.is_nan() {{{{ 0 }}}} else {{{{ t.to_bits() }}}} }}}}"),
                &[from],
                U16,
            );
        }
    }
}

/// The methods of complex numbers: name, parameters, result (`z` complex, `r` real, `i`, `u`,
/// `b` for `bool`, `p` for a pair).
const COMPLEX: &[(&str, &str, char)] = &[
    (
        "acos acosh asin asinh atan atanh cbrt conj cos cosh exp exp2 finv inv ln log10 log2 sin \
         sinh sqrt tan tanh",
        "",
        'z',
    ),
    ("expf log powf scale unscale", "r", 'z'),
    ("fdiv powc", "z", 'z'),
    ("powi", "i", 'z'),
    ("powu", "u", 'z'),
    ("arg l1_norm norm norm_sqr", "", 'r'),
    ("is_finite is_infinite is_nan is_normal", "", 'b'),
    ("to_polar", "", 'p'),
];

/// Complex numbers with these parts.
pub fn complex(list: &mut List, ty: Scalar) {
    let z = "Complex::new({0}, {1})";
    let both = |list: &mut List, value: &str, args: &[Scalar], parts: [&str; 2]| {
        for part in parts {
            list.add(&format!("({value}).{part}"), args, ty);
        }
    };
    for (names, params, result) in COMPLEX {
        for name in names.split_whitespace() {
            let (arg, more): (&str, &[Scalar]) = match *params {
                "r" => ("{2}", &[ty]),
                "z" => ("Complex::new({2}, {3})", &[ty, ty]),
                "i" => ("{2}", &[Scalar::I32]),
                "u" => ("({2} % 1000)", &[Scalar::U32]),
                _ => ("", &[]),
            };
            let arg = if name == "powi" { "({2} % 1000)" } else { arg };
            let args: Vec<Scalar> = [ty, ty].iter().chain(more).copied().collect();
            let value = format!("{z}.{name}({arg})");
            match result {
                'z' => both(list, &value, &args, ["re", "im"]),
                'p' => both(list, &value, &args, ["0", "1"]),
                'b' => list.add(&value, &args, Scalar::Bool),
                _ => list.add(&value, &args, ty),
            }
        }
    }
    both(
        list,
        &format!("Complex::<{ty}>::from_polar({{0}}, {{1}})"),
        &[ty, ty],
        ["re", "im"],
    );
    both(
        list,
        &format!("Complex::<{ty}>::cis({{0}})"),
        &[ty],
        ["re", "im"],
    );
    both(list, &format!("(-{z})"), &[ty, ty], ["re", "im"]);
    for op in ["+", "-", "*", "/", "%"] {
        let w = "Complex::new({2}, {3})";
        both(list, &format!("{z} {op} {w}"), &[ty; 4], ["re", "im"]);
        both(list, &format!("{z} {op} {{2}}"), &[ty; 3], ["re", "im"]);
        both(list, &format!("{{2}} {op} {z}"), &[ty; 3], ["re", "im"]);
        let changed = format!("{{{{ let mut t = {z}; t {op}= {w}; t }}}}");
        both(list, &changed, &[ty; 4], ["re", "im"]);
    }
    for op in ["==", "!="] {
        let w = "Complex::new({2}, {3})";
        list.add(&format!("({z} {op} {w})"), &[ty; 4], Scalar::Bool);
    }
}

impl List {
    /// `checked_..` methods of one receiver type.
    fn maybe(&mut self, names: &str, own: Scalar, args: &[Scalar], result: Scalar) {
        for name in names.split_whitespace() {
            let places = places(args.len());
            let all: Vec<Scalar> = std::iter::once(own).chain(args.iter().copied()).collect();
            let template = format!("({{0}}).checked_{name}({places}).unwrap_or({NONE})");
            self.checked(&template, &all, result);
        }
    }

    /// `overflowing_..` methods: the flag turns the value's bits around.
    fn flagged(&mut self, names: &str, own: Scalar, args: &[Scalar]) {
        for name in names.split_whitespace() {
            let places = places(args.len());
            let all: Vec<Scalar> = std::iter::once(own).chain(args.iter().copied()).collect();
            let template = format!(
                "{{{{ let (t, flag) = ({{0}}).overflowing_{name}({places}); if flag {{{{ !t }}}} else {{{{ t }}}} }}}}"
            );
            self.checked(&template, &all, own);
        }
    }
}

fn places(count: usize) -> String {
    let places: Vec<String> = (1..=count).map(|k| format!("{{{k}}}")).collect();
    places.join(", ")
}

/// The names of all methods and functions that the checker's tables have.
fn in_tables() -> Vec<String> {
    let tables = [
        include_str!("../../runtime/lang/src/check/methods/integer.rs"),
        include_str!("../../runtime/lang/src/check/methods/checked.rs"),
        include_str!("../../runtime/lang/src/check/methods/float.rs"),
        include_str!("../../runtime/lang/src/check/complex.rs"),
    ];
    let mut names = Vec::new();
    for table in tables {
        for start in ["method(", "associated("] {
            for (at, _) in table.match_indices(start) {
                let rest = table[at + start.len()..].trim_start();
                if let Some(rest) = rest.strip_prefix('"') {
                    names.extend(rest.split('"').next().map(str::to_string));
                }
            }
        }
    }
    let half = include_str!("../../runtime/lang/src/check/half.rs");
    for (at, _) in half.match_indices("\n    (\"") {
        let name = half[at + 7..].split('"').next().unwrap_or_default();
        if name.starts_with(|c: char| c.is_ascii_lowercase()) {
            names.push(name.to_string());
        }
    }
    let option = include_str!("../../runtime/lang/src/check/option.rs");
    let table = option.split("] = &[").nth(1).unwrap_or_default();
    let table = table.split("];").next().unwrap_or_default();
    names.extend(table.split('"').skip(1).step_by(2).map(str::to_string));
    names
}

#[test]
fn every_method_of_the_checker_is_in_an_operation() {
    let names = in_tables();
    assert!(names.len() > 200, "{names:?}");
    let operations = super::operations::all();
    let calls = |name: &str| [format!(".{name}("), format!("::{name}(")];
    let missing: Vec<&String> = names
        .iter()
        .filter(|name| {
            let calls = calls(name);
            !operations
                .iter()
                .any(|o| calls.iter().any(|call| o.template.contains(call)))
        })
        .collect();
    assert!(missing.is_empty(), "without an operation: {missing:?}");
}
