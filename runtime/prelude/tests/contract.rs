//! The tables in the documentation of `Integer` and `Float` are the contract with the front
//! end: they must list the methods, all of them, with their signatures.

use std::collections::BTreeMap;

/// Method to signature, as the table has it: rows such as ``| `abs`, `recip` | `(self) -> T` |``.
fn documented(text: &str) -> BTreeMap<String, String> {
    let mut methods = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split(" | ").collect();
        let ["///", names, signature] = cells[..] else {
            continue;
        };
        let signature = signature.trim_end_matches(" |").trim_matches('`');
        if !signature.starts_with("(self") {
            continue;
        }
        for name in names.split(", ") {
            methods.insert(name.trim_matches('`').to_string(), signature.to_string());
        }
    }
    methods
}

/// The same as the trait declares it.
fn declared(text: &str) -> BTreeMap<String, String> {
    let mut methods = BTreeMap::new();
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("    fn ") else {
            continue;
        };
        let Some((name, rest)) = rest.split_once("(self") else {
            continue;
        };
        let (parameters, result) = rest.split_once(") -> ").expect("a result type");
        let types: String = parameters
            .split(", ")
            .filter_map(|parameter| parameter.split_once(": "))
            .map(|(_, ty)| format!(", {ty}"))
            .collect();
        let signature = format!("(self{types}) -> {}", result.trim_end_matches(';'));
        methods.insert(name.to_string(), signature.replace("Self", "T"));
    }
    methods
}

#[test]
fn the_tables_list_every_method() {
    for (text, count) in [
        (include_str!("../src/integer.rs"), 41),
        (include_str!("../src/float.rs"), 55),
    ] {
        let mut methods = declared(text);
        // It stands in a row of its own, with what it means.
        methods.remove("to_f64");
        assert_eq!(methods, documented(text));
        assert_eq!(methods.len(), count);
    }
}
