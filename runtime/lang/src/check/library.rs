//! The functions that the language has in its own text: complex numbers' methods that are more
//! than one operation (`library/complex.rs`). Parsed once for each process and registered in a
//! session when a body first calls one. Invariant: their names are seen by no file, and they
//! have no errors (a test checks each).

use std::sync::OnceLock;

use crate::ast;
use crate::check::session::{Item, Session};
use crate::check::tree::FnIndex;
use crate::diagnostic::Source;

/// The text.
const TEXT: &str = include_str!("../library/complex.rs");

fn file() -> &'static ast::File {
    static FILE: OnceLock<ast::File> = OnceLock::new();
    FILE.get_or_init(|| crate::parse(&Source::new("complex.rs", TEXT)).file)
}

impl Session<'_> {
    /// The function of this name.
    pub(crate) fn library_function(&mut self, name: &str) -> Option<FnIndex> {
        let scope = match self.library {
            Some(scope) => scope,
            None => {
                let scope = self.register(file(), None, "complex");
                self.library = Some(scope);
                scope
            }
        };
        match self.own_item(scope, name) {
            Some(Item::Function(function)) => Some(function),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Session;
    use crate::diagnostic::Source;

    #[test]
    fn every_function_is_right_and_is_a_method() {
        let source = Source::new("empty.rs", "");
        let empty = crate::ast::File::default();
        let mut session = Session::new(&source, &empty);
        assert!(super::file().functions.len() > 40);
        for function in &super::file().functions {
            let found = session.library_function(&function.name.name);
            let found = found.expect(&function.name.name);
            assert!(session.body(found).is_some(), "{:?}", session.errors);
        }
        assert!(session.errors.is_empty(), "{:?}", session.errors);
        for method in crate::check::complex::METHODS {
            assert!(
                session.library_function(method.name).is_some(),
                "{}",
                method.name
            );
        }
    }
}
