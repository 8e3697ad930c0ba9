//! The kernel files of the repository, found in their folders, and the pieces that they are
//! cut into. Invariant: a piece compiles if its file does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;

/// A kernel file.
#[derive(Clone, Debug)]
pub struct KernelFile {
    /// Its path in the repository.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// One function with all that it needs of its file.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The file and the function.
    pub name: String,
    /// The items, the function last.
    pub text: String,
    /// Where the function begins in `text`.
    pub start: usize,
}

/// The corpus: every file of these folders, whatever is added to them.
const FOLDERS: [&str; 2] = ["tests/oracle/kernels", "examples/language"];

/// All kernel files.
///
/// # Panics
/// When they cannot be read.
pub fn files() -> Vec<KernelFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in FOLDERS {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(root.join(folder))
            .expect("a folder of kernels")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|e| e == "rs"))
            .collect();
        paths.sort();
        for path in paths {
            let file = path.file_name().expect("a name").to_string_lossy();
            files.push(KernelFile {
                name: format!("{folder}/{file}"),
                text: std::fs::read_to_string(&path).expect("a kernel file"),
            });
        }
    }
    files
}

/// The pieces of a file, one for each function and `impl` block. A file with modules in
/// other files has none.
///
/// # Panics
/// When the file is no Rust.
pub fn pieces(file: &KernelFile) -> Vec<Piece> {
    let parsed = syn::parse_file(&file.text).expect("a kernel file is Rust");
    let foreign = |item: &syn::Item| matches!(item, syn::Item::Mod(m) if m.content.is_none());
    if parsed.items.iter().any(foreign) {
        return Vec::new();
    }
    let items: Vec<ItemText> = parsed
        .items
        .iter()
        .map(|i| ItemText::new(i, file))
        .collect();
    let mut pieces = Vec::new();
    for (n, item) in parsed.items.iter().enumerate() {
        if !matches!(item, syn::Item::Fn(_) | syn::Item::Impl(_)) {
            continue;
        }
        let mut needed = BTreeSet::from([n]);
        let mut names = items[n].words.clone();
        loop {
            let more: Vec<usize> = (0..items.len())
                .filter(|m| !needed.contains(m) && items[*m].wanted_by(&names))
                .collect();
            if more.is_empty() {
                break;
            }
            for m in more {
                needed.insert(m);
                names.extend(items[m].words.iter().cloned());
            }
        }
        needed.remove(&n);
        let mut text = String::new();
        for m in needed {
            text.push_str(&items[m].text);
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&items[n].text);
        text.push('\n');
        pieces.push(Piece {
            name: format!("{}, {}", file.name, items[n].title),
            text,
            start,
        });
    }
    pieces
}

/// An item, with the words that it is made of.
struct ItemText {
    text: String,
    title: String,
    /// What it defines; `None` for what is always needed.
    defines: Option<String>,
    words: BTreeSet<String>,
}

impl ItemText {
    fn new(item: &syn::Item, file: &KernelFile) -> ItemText {
        let range = item.span().byte_range();
        let text = file.text[range].to_string();
        let mut words = BTreeSet::new();
        if let Ok(tokens) = text.parse::<TokenStream>() {
            collect_words(tokens, &mut words);
        }
        let defines = match item {
            syn::Item::Fn(item) => Some(item.sig.ident.to_string()),
            syn::Item::Const(item) => Some(item.ident.to_string()),
            syn::Item::Static(item) => Some(item.ident.to_string()),
            syn::Item::Struct(item) => Some(item.ident.to_string()),
            syn::Item::Enum(item) => Some(item.ident.to_string()),
            // A module may hold nothing but `impl` blocks of what stands elsewhere.
            syn::Item::Mod(_) => None,
            syn::Item::Type(item) => Some(item.ident.to_string()),
            syn::Item::Impl(item) => match &*item.self_ty {
                syn::Type::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
                _ => None,
            },
            _ => None,
        };
        ItemText {
            title: defines.clone().unwrap_or_default(),
            defines,
            text,
            words,
        }
    }

    fn wanted_by(&self, words: &BTreeSet<String>) -> bool {
        self.defines
            .as_ref()
            .is_none_or(|name| words.contains(name))
    }
}

fn collect_words(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                words.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect_words(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The text with blanks instead of the kernels' attributes, which are Brolga's own.
pub fn without_attributes(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    if let Ok(file) = syn::parse_file(text) {
        blank(&file.items, &mut bytes);
    }
    // Whole tokens were replaced by as many blanks.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_string())
}

/// The same for some items and those of the modules among them.
fn blank(items: &[syn::Item], bytes: &mut [u8]) {
    for item in items {
        let function = match item {
            syn::Item::Mod(module) => {
                let inner = module.content.as_ref();
                blank(inner.map_or(&[], |(_, items)| items), bytes);
                continue;
            }
            syn::Item::Fn(function) => function,
            _ => continue,
        };
        for attribute in &function.attrs {
            let ours = ["vectorize", "guvectorize", "jit"]
                .iter()
                .any(|name| attribute.path().is_ident(name));
            if ours {
                for byte in &mut bytes[attribute.span().byte_range()] {
                    if *byte != b'\n' {
                        *byte = b' ';
                    }
                }
            }
        }
    }
}
