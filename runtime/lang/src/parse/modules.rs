//! Modules: the items of `mod name { .. }`, and the files of `mod name;`, put into the tree at
//! their place. Which file a `mod name;` means is told by [`crate::files`].
//!
//! Invariant: every file is parsed at most once, and the depth of modules is limited.

use std::collections::HashMap;

use super::attribute::Place;
use super::convert::{Converter, codes};
use super::{Parsed, parse_part};
use crate::ast::{File, Module};
use crate::diagnostic::{Diagnostic, Source};
use crate::files;

/// How deep modules may nest.
const MAX_MODULES: usize = 64;

/// Names that paths of the standard library and of the prelude begin with.
const RESERVED: [&str; 5] = ["std", "core", "brolga", "brolga_prelude", "ndarray"];

/// Parses the first file and all that it asks for.
pub(super) fn parse_all(source: &Source) -> Parsed {
    let end = source.files.first().map(|first| first.end as usize);
    let mut parsed = parse_part(&source.text[..end.unwrap_or(source.text.len())], 0);
    let mut attach = Attach::new(source);
    attach.file(&mut parsed.file, "", 0);
    parsed.diagnostics.append(&mut attach.errors);
    parsed.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    parsed
}

struct Attach<'a> {
    source: &'a Source,
    /// The files' numbers by path.
    numbers: HashMap<&'a str, usize>,
    errors: Vec<Diagnostic>,
}

impl<'a> Attach<'a> {
    fn new(source: &'a Source) -> Attach<'a> {
        let paths = source.files.iter().enumerate();
        Attach {
            source,
            numbers: paths.map(|(n, file)| (&*file.path, n)).collect(),
            errors: Vec::new(),
        }
    }

    /// Puts the files of the modules of `file`, which are below `folder`, into the tree.
    fn file(&mut self, file: &mut File, folder: &str, depth: usize) {
        let mut missing = Vec::new();
        for module in &mut file.modules {
            if depth == MAX_MODULES {
                let message = format!("modules are nested more than {MAX_MODULES} deep");
                let diagnostic = Diagnostic::new(codes::LIMIT, module.name.span, message);
                self.errors
                    .push(diagnostic.help("put the items into an outer module"));
                module.file = Some(File::default());
                return;
            }
            match &mut module.file {
                Some(inner) => {
                    self.file(inner, &files::join(folder, &module.name.name), depth + 1);
                }
                None => self.load(module, folder, depth),
            }
            if module.file.is_none() {
                missing.push(module.name.clone());
            }
        }
        file.modules.retain(|module| module.file.is_some());
        file.refused.extend(missing);
    }

    fn load(&mut self, module: &mut Module, folder: &str, depth: usize) {
        let name = &module.name;
        if self.source.files.is_empty() {
            let message = "a text that is in no file has no modules in files";
            self.errors.push(
                Diagnostic::new("B0701", name.span, message)
                    .label(format!("there is no folder to look for `{}.rs`", name.name))
                    .help(format!(
                        "write the module in place: `mod {} {{ .. }}`",
                        name.name
                    )),
            );
            return;
        }
        let paths = files::candidates(folder, &name.name);
        let found: Vec<usize> = paths
            .iter()
            .filter_map(|path| self.numbers.get(path.as_str()).copied())
            .collect();
        let number = match found.as_slice() {
            [one] => *one,
            [] => {
                let message = format!("file not found for module `{}`", name.name);
                let [beside, inside] = &paths;
                self.errors
                    .push(Diagnostic::new("E0583", name.span, message).help(format!(
                        "to create the module `{}`, create the file `{beside}` or `{inside}`, \
                         in the folder of the first file",
                        name.name
                    )));
                return;
            }
            _ => {
                let [beside, inside] = &paths;
                let message = format!(
                    "file for module `{}` found at both `{beside}` and `{inside}`",
                    name.name
                );
                self.errors.push(
                    Diagnostic::new("E0761", name.span, message)
                        .help("delete or rename one of them"),
                );
                return;
            }
        };
        let part = &self.source.files[number];
        let text = &self.source.text[..part.end as usize];
        let mut parsed = parse_part(text, part.start as usize);
        let unread = parsed.unread;
        self.errors.append(&mut parsed.diagnostics);
        if unread {
            return;
        }
        let folder = files::folder_of(&part.path, false);
        self.file(&mut parsed.file, &folder, depth + 1);
        module.file = Some(parsed.file);
    }
}

impl Converter<'_> {
    /// `mod name { .. }` or `mod name;`.
    pub(super) fn module(&mut self, item: &syn::ItemMod) -> Option<Module> {
        let name = self.ident(&item.ident);
        let mut refused = false;
        for attribute in &item.attrs {
            if attribute.path().is_ident("path") {
                let span = self.place(attribute);
                let help = "remove it, and name the file as the module";
                self.refuse::<()>(codes::ATTRIBUTE, span, "`#[path]` is", help);
                refused = true;
            } else {
                self.plain_attributes(std::slice::from_ref(attribute), Place::Other);
            }
        }
        if self.nesting > 0 {
            let help = "move the module out of the function";
            self.refuse::<()>(
                codes::ITEM,
                name.span,
                "a module inside a function is",
                help,
            );
            refused = true;
        }
        if let Some(token) = &item.unsafety {
            let span = self.place(token);
            let help = "remove it; everything in a kernel is checked";
            self.refuse::<()>(codes::ITEM, span, "an unsafe module is", help);
        }
        if RESERVED.contains(&name.name.as_str()) {
            let message = format!("a module cannot be named `{}`", name.name);
            let diagnostic = Diagnostic::new("B0702", name.span, message)
                .label("paths of a library begin with this name")
                .help("give it another name");
            self.report(diagnostic);
            refused = true;
        }
        if refused {
            return None;
        }
        let file = match &item.content {
            None => None,
            Some((_, items)) => {
                let converted = self.deeper(
                    || item.ident.span(),
                    |this| {
                        let mut inner = File::default();
                        for item in items {
                            this.item(item, &mut inner);
                        }
                        Some(inner)
                    },
                );
                Some(converted?)
            }
        };
        Some(Module { name, file })
    }
}
