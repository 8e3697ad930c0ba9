//! Edits of a piece that a compiler may have to refuse: one at a time, each by its own rule.
//! Not only wrong texts: what an edit makes may well be right, and then both compilers must
//! accept it. Invariant: the edits of a piece depend on its text only, their choice on the
//! seed only.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::corpus::Piece;

/// One edit: which rule made it, and what becomes of the text.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The rule.
    pub rule: &'static str,
    /// What is replaced by what, in order of the places.
    changes: Vec<(Range<usize>, String)>,
}

impl Edit {
    /// The text after the edit.
    pub fn apply(&self, text: &str) -> String {
        let mut changes = self.changes.clone();
        changes.sort_by_key(|(range, _)| range.start);
        let mut made = String::with_capacity(text.len() + 40);
        let mut at = 0;
        for (range, new) in changes {
            made.push_str(&text[at.min(range.start)..range.start]);
            made.push_str(&new);
            at = range.end.max(at);
        }
        made.push_str(&text[at..]);
        made
    }
}

/// Every edit of a piece.
pub fn edits(piece: &Piece) -> Vec<Edit> {
    let Ok(file) = syn::parse_file(&piece.text) else {
        return Vec::new();
    };
    let mut editor = Editor {
        text: &piece.text,
        edits: Vec::new(),
        names: Vec::new(),
        params: Vec::new(),
    };
    let mut names = Names::default();
    let Some(item) = file
        .items
        .iter()
        .max_by_key(|item| item.span().byte_range().start)
    else {
        return Vec::new();
    };
    names.visit_item(item);
    editor.names = names.found.into_iter().collect();
    editor.visit_item(item);
    editor.edits
}

/// `count` edits, spread over the rules as evenly as they allow; all of them if there are
/// no more.
pub fn choose(edits: Vec<(usize, Edit)>, count: usize, seed: u64) -> Vec<(usize, Edit)> {
    if edits.len() <= count {
        return edits;
    }
    let mut random = Random(seed);
    let mut by_rule: BTreeMap<&'static str, Vec<(usize, Edit)>> = BTreeMap::new();
    for edit in edits {
        by_rule.entry(edit.1.rule).or_default().push(edit);
    }
    for list in by_rule.values_mut() {
        for n in (1..list.len()).rev() {
            list.swap(n, random.below(n + 1));
        }
    }
    let mut chosen = Vec::new();
    while chosen.len() < count {
        for list in by_rule.values_mut() {
            if chosen.len() < count {
                chosen.extend(list.pop());
            }
        }
    }
    chosen
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// The variables of an item.
#[derive(Default)]
struct Names {
    found: BTreeSet<String>,
}

impl<'a> Visit<'a> for Names {
    fn visit_pat_ident(&mut self, pat: &'a syn::PatIdent) {
        self.found.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }
}

struct Editor<'t> {
    text: &'t str,
    edits: Vec<Edit>,
    /// Every variable of the item.
    names: Vec<String>,
    /// The parameters of the function.
    params: Vec<(String, String)>,
}

const OPERATORS: [&str; 16] = [
    "+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "&&", "||", "==", "<", ">=", "!=",
];
const SCALARS: [&str; 9] = [
    "f64", "f32", "i64", "i32", "u8", "usize", "bool", "u128", "T",
];
const METHODS: [&str; 14] = [
    "abs",
    "sqrt",
    "min",
    "pow",
    "powi",
    "len",
    "iter",
    "iter_mut",
    "wrapping_add",
    "count_ones",
    "is_nan",
    "clamp",
    "nrows",
    "unknown_method",
];

fn at(item: &impl Spanned) -> Range<usize> {
    item.span().byte_range()
}

impl Editor<'_> {
    fn add(&mut self, rule: &'static str, range: Range<usize>, new: impl Into<String>) {
        let new = new.into();
        if self.text[range.clone()] != new {
            self.edits.push(Edit {
                rule,
                changes: vec![(range, new)],
            });
        }
    }

    fn two(&mut self, rule: &'static str, a: (usize, String), b: (usize, String)) {
        self.edits.push(Edit {
            rule,
            changes: vec![(a.0..a.0, a.1), (b.0..b.0, b.1)],
        });
    }

    fn source(&self, item: &impl Spanned) -> String {
        self.text[at(item)].to_string()
    }

    fn token(&mut self, rule: &'static str, span: Span, new: &str) {
        self.add(rule, span.byte_range(), new);
    }

    /// Drops, doubles and swaps members of a list.
    fn list<'a, E: Spanned + 'a>(
        &mut self,
        names: [&'static str; 3],
        list: &'a syn::punctuated::Punctuated<E, syn::Token![,]>,
    ) {
        let ranges: Vec<Range<usize>> = list.iter().map(at).collect();
        for (n, range) in ranges.iter().enumerate() {
            let whole = match ranges.get(n + 1) {
                Some(next) => range.start..next.start,
                None if n > 0 => ranges[n - 1].end..range.end,
                None => range.clone(),
            };
            self.add(names[0], whole, "");
            let text = self.text[range.clone()].to_string();
            self.add(names[1], range.end..range.end, format!(", {text}"));
        }
        if let [a, b, ..] = ranges.as_slice() {
            let (x, y) = (
                self.text[a.clone()].to_string(),
                self.text[b.clone()].to_string(),
            );
            if x != y {
                self.edits.push(Edit {
                    rule: names[2],
                    changes: vec![(a.clone(), y), (b.clone(), x)],
                });
            }
        }
    }
}

impl<'a> Visit<'a> for Editor<'_> {
    // Attributes and doc comments stay.
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}

    fn visit_signature(&mut self, signature: &'a syn::Signature) {
        self.params.clear();
        for input in &signature.inputs {
            if let syn::FnArg::Typed(param) = input
                && let syn::Pat::Ident(name) = &*param.pat
            {
                self.params
                    .push((name.ident.to_string(), self.source(&*param.ty)));
            }
        }
        self.list(
            ["drop a parameter", "double a parameter", "swap parameters"],
            &signature.inputs,
        );
        if let syn::ReturnType::Type(..) = &signature.output {
            self.add("drop the result type", at(&signature.output), "");
        } else {
            let end = signature.paren_token.span.close().byte_range().end;
            self.add("add a result type", end..end, " -> f64");
        }
        visit::visit_signature(self, signature);
    }

    fn visit_type_param(&mut self, param: &'a syn::TypeParam) {
        let name = param.ident.to_string();
        if !param.bounds.is_empty() {
            self.add("drop a bound", at(param), name.clone());
            for bound in ["Number", "Real", "Integer", "Float"] {
                self.add("change a bound", at(&param.bounds), bound);
            }
        }
    }

    fn visit_pat_ident(&mut self, pat: &'a syn::PatIdent) {
        if let Some(token) = &pat.mutability {
            self.token("drop `mut`", token.span, "");
        }
        self.add("rename a binding", at(&pat.ident), "renamed");
        for name in self.names.clone().into_iter().take(3) {
            self.add("shadow", at(&pat.ident), name);
        }
        visit::visit_pat_ident(self, pat);
    }

    fn visit_pat(&mut self, pat: &'a syn::Pat) {
        match pat {
            syn::Pat::Reference(reference) => {
                self.add("drop `&` of a pattern", at(&reference.and_token), "");
            }
            syn::Pat::Guard(guarded) => {
                let end = at(&*guarded.pat).end;
                self.add("drop a guard", end..at(pat).end, "");
            }
            syn::Pat::Wild(_) => self.add("change a pattern", at(pat), "0"),
            syn::Pat::Lit(_) | syn::Pat::Range(_) => {
                self.add("change a pattern", at(pat), "_");
                self.add("change a pattern", at(pat), "99999999999");
                self.add("change a pattern", at(pat), "-1");
                self.add("change a pattern", at(pat), "1.5");
                self.add("change a pattern", at(pat), "true");
            }
            syn::Pat::Tuple(tuple) => {
                self.list(
                    [
                        "drop a member of a pattern",
                        "double a member of a pattern",
                        "swap members of a pattern",
                    ],
                    &tuple.elems,
                );
            }
            syn::Pat::Or(or) => {
                if let Some(first) = or.cases.first() {
                    let first = self.source(first);
                    self.add("drop alternatives", at(pat), first);
                }
            }
            _ => {}
        }
        visit::visit_pat(self, pat);
    }

    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        let mut range = at(arm);
        if self.text[range.end..].starts_with(',') {
            range.end += 1;
        }
        let whole = self.text[range.clone()].to_string();
        self.add("drop an arm", range.clone(), "");
        self.add("double an arm", range.start..range.start, whole);
        visit::visit_arm(self, arm);
    }

    fn visit_type(&mut self, ty: &'a syn::Type) {
        let text = self.source(ty);
        if SCALARS.contains(&text.as_str()) {
            for other in SCALARS {
                self.add("change a type", at(ty), other);
            }
            self.add("change a type", at(ty), format!("&{text}"));
            self.add("change a type", at(ty), format!("({text}, {text})"));
        }
        if let Some(rest) = text.strip_prefix("ArrayViewMut") {
            self.add("change a view type", at(ty), format!("ArrayView{rest}"));
            self.add("change a view type", at(ty), format!("&mut {text}"));
        } else if let Some(rest) = text.strip_prefix("ArrayView") {
            self.add("change a view type", at(ty), format!("ArrayViewMut{rest}"));
            self.add("change a view type", at(ty), format!("&{text}"));
        }
        if text.starts_with("ArrayView")
            && let Some(digit) = text.find(|c: char| c.is_ascii_digit())
        {
            let place = at(ty).start + digit;
            self.add("change a number of axes", place..place + 1, "1");
            self.add("change a number of axes", place..place + 1, "2");
        }
        if let syn::Type::Reference(reference) = ty {
            let inner = self.source(&*reference.elem);
            self.add("drop `&` of a type", at(ty), inner.clone());
            self.add("change a reference type", at(ty), format!("&{inner}"));
            self.add("change a reference type", at(ty), format!("&mut {inner}"));
        }
        visit::visit_type(self, ty);
    }

    fn visit_block(&mut self, block: &'a syn::Block) {
        let mut bounds: Vec<Range<usize>> = Vec::new();
        for (n, statement) in block.stmts.iter().enumerate() {
            let range = at(statement);
            bounds.push(range.clone());
            let last = n + 1 == block.stmts.len();
            let text = self.text[range.clone()].to_string();
            self.add("drop a statement", range.clone(), "");
            if last && !text.ends_with(';') {
                self.add("add a semicolon", range.end..range.end, ";");
                self.add(
                    "double the tail",
                    range.start..range.start,
                    format!("{text};"),
                );
            } else {
                self.add("double a statement", range.start..range.start, text.clone());
            }
            if text.ends_with(';') {
                self.add("drop a semicolon", range.end - 1..range.end, "");
            }
            if let syn::Stmt::Local(local) = statement {
                self.local(local);
            }
        }
        for pair in bounds.windows(2) {
            let (a, b) = (
                self.text[pair[0].clone()].to_string(),
                self.text[pair[1].clone()].to_string(),
            );
            if a.ends_with(';') && b.ends_with(';') {
                self.edits.push(Edit {
                    rule: "swap statements",
                    changes: vec![(pair[0].clone(), b), (pair[1].clone(), a)],
                });
            }
        }
        self.borrows(&bounds);
        visit::visit_block(self, block);
    }

    fn visit_expr_lit(&mut self, e: &'a syn::ExprLit) {
        let range = at(e);
        let text = self.source(e);
        match &e.lit {
            syn::Lit::Int(lit) => {
                for big in [
                    "256",
                    "99999999999",
                    "99999999999999999999999",
                    "2147483648",
                ] {
                    self.add(
                        "literal out of range",
                        range.clone(),
                        format!("{big}{}", lit.suffix()),
                    );
                }
                for suffix in ["u8", "i64", "f64", "f32", "usize"] {
                    self.add(
                        "change a suffix",
                        range.clone(),
                        format!("{}{suffix}", lit.base10_digits()),
                    );
                }
                self.add("change a literal", range.clone(), format!("-{text}"));
                self.add(
                    "change a literal",
                    range.clone(),
                    format!("{}.0", lit.base10_digits()),
                );
                self.add("change a literal", range.clone(), "0");
                self.add("change a literal", range, "true");
            }
            syn::Lit::Float(lit) => {
                for suffix in ["f64", "f32"] {
                    self.add(
                        "change a suffix",
                        range.clone(),
                        format!("{}{suffix}", lit.base10_digits()),
                    );
                }
                self.add("change a literal", range.clone(), "1");
                self.add("change a literal", range.clone(), "1e400");
                self.add("change a literal", range, "false");
            }
            syn::Lit::Bool(_) => self.add("change a literal", range, "1"),
            _ => {}
        }
    }

    fn visit_expr(&mut self, e: &'a syn::Expr) {
        let range = at(e);
        let text = self.source(e);
        let small = text.len() <= 40;
        match e {
            syn::Expr::Path(path) => {
                self.add("unknown name", range.clone(), "unknown_name");
                if path.path.get_ident().is_some() {
                    for name in self.names.clone() {
                        self.add("another name", range.clone(), name);
                    }
                }
            }
            syn::Expr::Binary(e) => {
                for op in OPERATORS {
                    self.add("change an operator", at(&e.op), op);
                }
                let left = self.source(&*e.left);
                self.add("drop an operand", range.clone(), left);
            }
            syn::Expr::Assign(e) => {
                for op in ["+=", "<<=", "=="] {
                    self.add("change an assignment", at(&e.eq_token), op);
                }
            }
            syn::Expr::Call(call) => {
                self.list(
                    ["drop an argument", "add an argument", "swap arguments"],
                    &call.args,
                );
                if let syn::Expr::Path(path) = &*call.func
                    && let Some(last) = path.path.segments.last()
                {
                    match &last.arguments {
                        syn::PathArguments::None => {
                            let end = at(&*call.func).end;
                            self.add("add type arguments", end..end, "::<f64>");
                            self.add("add type arguments", end..end, "::<bool>");
                        }
                        arguments => self.add("drop type arguments", at(arguments), ""),
                    }
                }
            }
            syn::Expr::MethodCall(call) => {
                self.list(
                    ["drop an argument", "add an argument", "swap arguments"],
                    &call.args,
                );
                if call.args.is_empty() {
                    let end = call.paren_token.span.close().byte_range().start;
                    self.add("add an argument", end..end, "1");
                }
                for method in METHODS {
                    self.add("another method", at(&call.method), method);
                }
                let receiver = self.source(&*call.receiver);
                self.add("drop a method", range.clone(), receiver);
                if let Some(arguments) = &call.turbofish {
                    self.add("drop type arguments", at(arguments), "");
                }
            }
            syn::Expr::Return(e) => {
                if let Some(value) = &e.expr {
                    let value = self.source(&**value);
                    self.add("drop `return`", range.clone(), value);
                }
                self.add("drop a return value", range.clone(), "return");
            }
            syn::Expr::Break(e) => {
                self.add("change a `break`", range.clone(), "continue");
                self.add("change a `break`", range.clone(), "break 1");
                self.add("change a `break`", range.clone(), "break 'unknown");
                if e.label.is_some() || e.expr.is_some() {
                    self.add("change a `break`", range.clone(), "break");
                }
            }
            syn::Expr::Continue(_) => self.add("change a `continue`", range.clone(), "break"),
            syn::Expr::Cast(e) => {
                let inner = self.source(&*e.expr);
                self.add("drop a cast", range.clone(), inner);
            }
            syn::Expr::Unary(e) => self.add("drop a prefix operator", at(&e.op), ""),
            syn::Expr::Reference(e) => {
                let inner = self.source(&*e.expr);
                self.add("drop `&`", range.clone(), inner.clone());
                self.add("change a reference", range.clone(), format!("&{inner}"));
                self.add("change a reference", range.clone(), format!("&mut {inner}"));
            }
            syn::Expr::Field(e) => {
                self.add("another member", at(&e.member), "7");
                self.add("another member", at(&e.member), "0");
            }
            syn::Expr::Array(array) => self.list(
                ["drop an index", "add an index", "swap indices"],
                &array.elems,
            ),
            syn::Expr::Tuple(tuple) => {
                self.list(
                    ["drop a member", "add a member", "swap members"],
                    &tuple.elems,
                );
            }
            syn::Expr::Index(e) => {
                let inner = self.source(&*e.expr);
                self.add("drop an index", range.clone(), inner);
            }
            syn::Expr::If(e) => {
                if let Some((token, otherwise)) = &e.else_branch {
                    let from = token.span.byte_range().start;
                    self.add("drop an `else`", from..at(&**otherwise).end, "");
                }
                self.add("change a condition", at(&*e.cond), "1");
            }
            syn::Expr::While(e) => self.add("change a condition", at(&*e.cond), "1"),
            syn::Expr::Range(e) => {
                if let Some(end) = &e.end {
                    self.add("drop a bound of a range", at(&**end), "");
                }
            }
            syn::Expr::Loop(e) => {
                if let Some(label) = &e.label {
                    self.add("drop a label", at(label), "");
                }
            }
            syn::Expr::ForLoop(e) => {
                if let Some(label) = &e.label {
                    self.add("drop a label", at(label), "");
                }
            }
            _ => {}
        }
        let operand = matches!(
            e,
            syn::Expr::Path(_)
                | syn::Expr::Index(_)
                | syn::Expr::Lit(_)
                | syn::Expr::MethodCall(_)
                | syn::Expr::Call(_)
                | syn::Expr::Field(_)
        );
        if small && operand {
            for prefix in ["&", "&mut ", "*", "-", "!"] {
                self.add("add a prefix operator", range.start..range.start, prefix);
            }
            self.add("add a cast", range.clone(), format!("({text} as f64)"));
            self.add("add a cast", range.clone(), format!("({text} as bool)"));
            self.add("make a tuple", range.clone(), format!("({text}, 1)"));
        }
        visit::visit_expr(self, e);
    }
}

impl Editor<'_> {
    fn local(&mut self, local: &syn::Local) {
        if let Some(init) = &local.init {
            let from = init.eq_token.span.byte_range().start;
            self.add("drop an initialisation", from..at(&*init.expr).end, "");
        }
        self.token("drop `let`", local.let_token.span, "");
        if let syn::Pat::Type(typed) = &local.pat {
            let range = typed.colon_token.span.byte_range().start..at(&*typed.ty).end;
            self.add("drop a type", range, "");
        } else if let syn::Pat::Ident(_) = &local.pat {
            let end = at(&local.pat).end;
            for ty in ["f64", "u8", "&f64", "bool"] {
                self.add("add a type", end..end, format!(": {ty}"));
            }
        }
        if let syn::Pat::Ident(name) = strip_type(&local.pat)
            && name.mutability.is_none()
        {
            let end = at(local).end;
            let text = format!(" {} = {0};", name.ident);
            self.add("assign to an immutable", end..end, text);
        }
    }

    /// Views given away, and references held, from one statement to a later one.
    fn borrows(&mut self, statements: &[Range<usize>]) {
        let params = self.params.clone();
        for (n, from) in statements.iter().enumerate() {
            for (name, ty) in &params {
                let moved = format!("let moved = {name}; ");
                if ty.starts_with("ArrayViewMut") {
                    self.add("use after a move", from.start..from.start, moved);
                }
            }
            for to in &statements[n + 1..] {
                for name in self.names.clone() {
                    let a = (from.start, format!("let held = &{name}; "));
                    self.two(
                        "hold a reference",
                        a,
                        (to.start, "use_it(*held); ".to_string()),
                    );
                    let a = (from.start, format!("let held = &{name}; "));
                    self.two(
                        "hold a reference",
                        a,
                        (to.start, "let _used = held; ".to_string()),
                    );
                    if params
                        .iter()
                        .any(|(n, ty)| *n == name && ty.starts_with("ArrayViewMut"))
                    {
                        let a = (from.start, format!("let held = &mut {name}; "));
                        self.two(
                            "hold a mutable reference",
                            a,
                            (to.start, "let _used = held.len(); ".to_string()),
                        );
                    }
                }
            }
        }
    }
}

fn strip_type(pat: &syn::Pat) -> &syn::Pat {
    match pat {
        syn::Pat::Type(typed) => strip_type(&typed.pat),
        pat => pat,
    }
}
