//! `use` items. The prelude and ndarray's view types are known without any `use`, so these
//! are checked and dropped; what the standard library has for numbers is kept.

use syn::spanned::Spanned;

use super::convert::{Converter, codes};
use super::ty::view_name;
use crate::ast::{Ident, Use, Visibility};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// The one name that stands for `std::cmp::Ordering` where a path is written in full.
pub(crate) const ORDERING: &str = "std::cmp::Ordering";

/// How deep `use a::{b::{c::..}}` may go; real paths have four names.
const MAX_PATH: usize = 16;

impl Converter<'_> {
    pub(super) fn use_item(
        &mut self,
        item: &syn::ItemUse,
        visibility: Visibility,
        uses: &mut Vec<Use>,
    ) {
        let first = uses.len();
        self.use_tree(&item.tree, &mut Vec::new(), uses);
        for import in &mut uses[first..] {
            import.visibility = visibility.clone();
        }
    }

    fn use_tree(&mut self, tree: &syn::UseTree, path: &mut Vec<Ident>, uses: &mut Vec<Use>) {
        if path.len() > MAX_PATH {
            let span = self.place(tree);
            self.unknown_use(span);
            return;
        }
        match tree {
            syn::UseTree::Path(tree) => {
                path.push(self.ident(&tree.ident));
                self.use_tree(&tree.tree, path, uses);
                path.pop();
            }
            syn::UseTree::Group(tree) => {
                for tree in &tree.items {
                    self.use_tree(tree, path, uses);
                }
            }
            syn::UseTree::Name(tree) => {
                let name = self.ident(&tree.ident);
                if name.name == "self" {
                    let name = path.last().cloned();
                    self.use_path(path.clone(), name, uses);
                } else {
                    let mut path = path.clone();
                    path.push(name.clone());
                    self.use_path(path, Some(name), uses);
                }
            }
            syn::UseTree::Rename(tree) => {
                let mut path = path.clone();
                if tree.ident != "self" {
                    path.push(self.ident(&tree.ident));
                }
                let name = self.ident(&tree.rename);
                self.use_path(path, Some(name), uses);
            }
            syn::UseTree::Glob(tree) => {
                let star = self.at(tree.star_token.span());
                self.use_glob(path.clone(), star, uses);
            }
        }
    }

    fn use_path(&mut self, path: Vec<Ident>, name: Option<Ident>, uses: &mut Vec<Use>) {
        let (Some(first), Some(last), Some(name)) = (path.first(), path.last(), name) else {
            return;
        };
        let span = first.span.to(last.span);
        match first.name.as_str() {
            "num_complex" | "half" if super::option::TYPES.contains(&last.name.as_str()) => {
                if name.name != last.name && name.name != "_" {
                    self.report_at(
                        codes::USE,
                        name.span,
                        &format!("`{}` cannot be renamed in the kernel language", last.name),
                        "use it under its own name",
                    );
                }
            }
            "brolga" | "brolga_prelude" | "ndarray" => {
                if first.name == "ndarray" && path.len() > 1 && !is_ndarray_name(&last.name) {
                    self.report_at(
                        codes::USE,
                        last.span,
                        &format!("`{}` of ndarray is not in the kernel language", last.name),
                        "of ndarray there are `Array0` to `Array6`, `ArrayView0` to `ArrayView6`, \
                         `ArrayViewMut0` to `ArrayViewMut6`, `Axis`, `s`, `array`, `arr1` and `arr2`",
                    );
                } else if name.name != last.name && name.name != "_" {
                    self.report_at(
                        codes::USE,
                        name.span,
                        &format!("`{}` cannot be renamed in the kernel language", last.name),
                        "use it under its own name",
                    );
                }
            }
            "std" | "core" if is_number_module(&path) => {
                if name.name != "_" {
                    uses.push(Use {
                        path,
                        name: Some(name),
                        visibility: Visibility::Private,
                    });
                }
            }
            "std" | "core" if is_known_without(&path) => {
                if name.name != last.name && name.name != "_" {
                    self.report_at(
                        codes::USE,
                        name.span,
                        &format!("`{}` cannot be renamed in the kernel language", last.name),
                        "use it under its own name",
                    );
                }
            }
            "std" | "core" if is_ordering(&path) => {
                if name.name != "_" {
                    uses.push(Use {
                        path,
                        name: Some(name),
                        visibility: Visibility::Private,
                    });
                }
            }
            "std" | "core" => self.unknown_use(span),
            _ => uses.push(Use {
                path,
                name: Some(name),
                visibility: Visibility::Private,
            }),
        }
    }

    fn use_glob(&mut self, path: Vec<Ident>, star: Span, uses: &mut Vec<Use>) {
        let names: Vec<&str> = path.iter().map(|ident| ident.name.as_str()).collect();
        match names.as_slice() {
            ["brolga" | "brolga_prelude", ..] | ["ndarray"] | ["ndarray", "prelude"] => {}
            ["std" | "core", "f32" | "f64", "consts"] => uses.push(Use {
                path,
                name: None,
                visibility: Visibility::Private,
            }),
            [first, ..] if !matches!(*first, "std" | "core" | "ndarray") => uses.push(Use {
                path,
                name: None,
                visibility: Visibility::Private,
            }),
            _ => {
                let span = path.first().map_or(star, |first| first.span.to(star));
                self.unknown_use(span);
            }
        }
    }

    fn unknown_use(&mut self, span: Span) {
        let diagnostic = Diagnostic::new(codes::USE, span, "a kernel file cannot use this path")
            .help(
                "what can be used is `brolga::prelude::*`, the view types of `ndarray`, \
                 `std::f32::consts` and `std::f64::consts`, `std::cmp::Ordering`, and the modules of \
                 the file",
            );
        self.report(diagnostic);
    }
}

/// `std::f64`, `std::f64::consts`, `std::f64::consts::PI`, `std::i32::MAX`.
fn is_number_module(path: &[Ident]) -> bool {
    path.get(1).is_some_and(|module| {
        Scalar::ALL
            .iter()
            .any(|scalar| *scalar != Scalar::Bool && scalar.name() == module.name)
    })
}

/// `std::cmp::Ordering`, or a variant of it.
fn is_ordering(path: &[Ident]) -> bool {
    let names: Vec<&str> = path.iter().map(|ident| ident.name.as_str()).collect();
    matches!(
        names.as_slice(),
        [_, "cmp", "Ordering"] | [_, "cmp", "Ordering", _]
    )
}

/// Whether a path begins with `std::cmp::Ordering`.
pub(super) fn begins_with_ordering(path: &syn::Path) -> bool {
    let mut segments = path.segments.iter().map(|segment| &segment.ident);
    let mut next = |names: &[&str]| {
        segments
            .next()
            .is_some_and(|ident| names.iter().any(|name| ident == name))
    };
    next(&["std", "core"]) && next(&["cmp"]) && next(&["Ordering"])
}

/// What is known under its own name without `use`: `std::ops::Add`, `std::mem`.
fn is_known_without(path: &[Ident]) -> bool {
    let names: Vec<&str> = path.iter().map(|ident| ident.name.as_str()).collect();
    match names.as_slice() {
        [_, "ops", name] => super::adt::OPERATORS.iter().any(|(known, _)| known == name),
        [_, "ops" | "mem"] => true,
        _ => false,
    }
}

fn is_ndarray_name(name: &str) -> bool {
    let dimension = name
        .strip_prefix("Ix")
        .is_some_and(|n| matches!(n, "0" | "1" | "2" | "3" | "4" | "5" | "6"));
    let array = matches!(name, "s" | "Axis" | "array" | "arr1" | "arr2");
    name == "prelude"
        || dimension
        || array
        || view_name(name).is_some()
        || super::array::owned_name(name).is_some()
}
