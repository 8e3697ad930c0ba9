//! The rewriting of a kernel's text. Only std is used here, since a build script includes the file.
//!
//! Invariant: the text keeps its lines.

/// The methods that become `own_..`: those of floats that std takes from libm, those of complex
/// numbers that are made of these, and `sqrt`, which is exact of a float but not of a complex
/// number.
pub const NAMES: &[&str] = &[
    "acos",
    "acosh",
    "arg",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "cis",
    "cos",
    "cosh",
    "exp",
    "exp2",
    "exp_m1",
    "expf",
    "fdiv",
    "finv",
    "from_polar",
    "hypot",
    "ln",
    "ln_1p",
    "log",
    "log10",
    "log2",
    "norm",
    "powc",
    "powf",
    "sin",
    "sin_cos",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "to_polar",
];

/// The text with every `x.exp(..)`, `f64::exp` and `Complex::cis` renamed to `own_..`. A method that
/// the text defines under such a name (`fn norm(&self)`) is renamed with its calls. Inner
/// documentation (`//!`) becomes a comment, so that the text can be included in a module.
pub fn own_functions(text: &str) -> String {
    let text = text.replace("//!", "// ");
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if NAMES.contains(&word) && is_function(&out, after) {
            out.push_str("own_");
        }
        out.push_str(word);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether a word between these texts is a method or an associated function.
fn is_function(before: &str, after: &str) -> bool {
    let (before, after) = (before.trim_end(), after.trim_start());
    if let Some(path) = before.strip_suffix("::") {
        let head = path.trim_end();
        let start = head
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .map_or(0, |k| k + 1);
        let of = &head[start..];
        return head.ends_with('>')
            || of == "f32"
            || of == "f64"
            || of.starts_with(|c: char| c.is_ascii_uppercase());
    }
    let receiver = ["self", "mut self", "&self", "&mut self"];
    let method = |params: &str| receiver.iter().any(|r| params.trim_start().starts_with(r));
    let called = after.starts_with('(');
    let field = before.ends_with('.') && !before.ends_with("..");
    called && field || before.ends_with("fn") && called && method(&after[1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_paths_of_types_are_renamed_and_nothing_else() {
        for (text, expected) in [
            ("x.exp()", "x.own_exp()"),
            ("(a +\n b) . sqrt ()", "(a +\n b) . own_sqrt ()"),
            ("map(f64::sin)", "map(f64::own_sin)"),
            ("T::powf(x, y)", "T::own_powf(x, y)"),
            ("Complex::<f32>::cis(x)", "Complex::<f32>::own_cis(x)"),
            ("<T as Float>::exp(x)", "<T as Float>::own_exp(x)"),
            ("fn norm(&self) -> f64", "fn own_norm(&self) -> f64"),
            ("fn norm(x: f64) -> f64", "fn norm(x: f64) -> f64"),
            ("plane::norm(x)", "plane::norm(x)"),
            ("exp(x) + p.log + log[2]", "exp(x) + p.log + log[2]"),
            ("1.0..exp(x)", "1.0..exp(x)"),
            ("x.exponent() + sin_x", "x.exponent() + sin_x"),
            ("//! text\nx.ln()", "//  text\nx.own_ln()"),
        ] {
            assert_eq!(own_functions(text), expected);
        }
    }

    #[test]
    fn every_elementary_function_has_its_name_here() {
        assert!(NAMES.is_sorted());
        for definition in brolga_math::definitions() {
            let name = definition.name.strip_prefix("nrt_").expect("a symbol");
            let Some(name) = name.strip_suffix("_f64") else {
                continue;
            };
            // Strips; and functions, which the prelude here replaces.
            if !name.starts_with("v_") && name != "erf" && name != "erfc" {
                assert!(NAMES.contains(&name), "{name}");
            }
        }
    }
}
