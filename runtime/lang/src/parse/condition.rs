//! The text of a condition in `assertion failed: ..`, spaced as rustc prints it. What
//! rustc's printer lays out over several lines (blocks, `if`, `match`) is the source text
//! with its white space collapsed.

/// Prints `condition`, whose text in the source is `source`.
pub(super) fn print(condition: &syn::Expr, source: &str) -> String {
    let mut out = String::new();
    match write(condition, &mut out) {
        Some(()) => out,
        None => source.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn write(expr: &syn::Expr, out: &mut String) -> Option<()> {
    match expr {
        syn::Expr::Lit(expr) => out.push_str(&literal(&expr.lit)?),
        syn::Expr::Path(expr) if expr.qself.is_none() => path(&expr.path, out)?,
        syn::Expr::Paren(expr) => {
            out.push('(');
            write(&expr.expr, out)?;
            out.push(')');
        }
        syn::Expr::Unary(expr) => {
            out.push(match expr.op {
                syn::UnOp::Deref(_) => '*',
                syn::UnOp::Not(_) => '!',
                syn::UnOp::Neg(_) => '-',
                _ => return None,
            });
            write(&expr.expr, out)?;
        }
        syn::Expr::Reference(expr) => {
            out.push_str(if expr.mutability.is_some() {
                "&mut "
            } else {
                "&"
            });
            write(&expr.expr, out)?;
        }
        syn::Expr::Binary(expr) => {
            write(&expr.left, out)?;
            out.push(' ');
            out.push_str(operator(&expr.op)?);
            out.push(' ');
            write(&expr.right, out)?;
        }
        syn::Expr::Cast(expr) => {
            write(&expr.expr, out)?;
            out.push_str(" as ");
            match &*expr.ty {
                syn::Type::Path(ty) if ty.qself.is_none() => path(&ty.path, out)?,
                _ => return None,
            }
        }
        syn::Expr::Call(expr) => {
            write(&expr.func, out)?;
            list('(', &expr.args, ')', out)?;
        }
        syn::Expr::MethodCall(expr) if expr.turbofish.is_none() => {
            write(&expr.receiver, out)?;
            out.push('.');
            out.push_str(&expr.method.to_string());
            list('(', &expr.args, ')', out)?;
        }
        syn::Expr::Field(expr) => {
            write(&expr.base, out)?;
            out.push('.');
            match &expr.member {
                syn::Member::Named(name) => out.push_str(&name.to_string()),
                syn::Member::Unnamed(index) => out.push_str(&index.index.to_string()),
            }
        }
        syn::Expr::Index(expr) => {
            write(&expr.expr, out)?;
            out.push('[');
            write(&expr.index, out)?;
            out.push(']');
        }
        syn::Expr::Array(expr) => list('[', &expr.elems, ']', out)?,
        syn::Expr::Tuple(expr) => {
            list('(', &expr.elems, ')', out)?;
            if expr.elems.len() == 1 {
                out.pop();
                out.push_str(",)");
            }
        }
        _ => return None,
    }
    Some(())
}

fn list<'a>(
    open: char,
    exprs: impl IntoIterator<Item = &'a syn::Expr>,
    close: char,
    out: &mut String,
) -> Option<()> {
    out.push(open);
    for (number, expr) in exprs.into_iter().enumerate() {
        if number > 0 {
            out.push_str(", ");
        }
        write(expr, out)?;
    }
    out.push(close);
    Some(())
}

fn path(path: &syn::Path, out: &mut String) -> Option<()> {
    if path.leading_colon.is_some() {
        out.push_str("::");
    }
    for (number, segment) in path.segments.iter().enumerate() {
        if !segment.arguments.is_none() {
            return None;
        }
        if number > 0 {
            out.push_str("::");
        }
        out.push_str(&segment.ident.to_string());
    }
    Some(())
}

/// A literal as it is written.
fn literal(literal: &syn::Lit) -> Option<String> {
    match literal {
        syn::Lit::Bool(literal) => Some(literal.value.to_string()),
        syn::Lit::Int(_) | syn::Lit::Float(_) | syn::Lit::Byte(_) => literal.span().source_text(),
        _ => None,
    }
}

fn operator(op: &syn::BinOp) -> Option<&'static str> {
    Some(match op {
        syn::BinOp::Add(_) => "+",
        syn::BinOp::Sub(_) => "-",
        syn::BinOp::Mul(_) => "*",
        syn::BinOp::Div(_) => "/",
        syn::BinOp::Rem(_) => "%",
        syn::BinOp::And(_) => "&&",
        syn::BinOp::Or(_) => "||",
        syn::BinOp::BitXor(_) => "^",
        syn::BinOp::BitAnd(_) => "&",
        syn::BinOp::BitOr(_) => "|",
        syn::BinOp::Shl(_) => "<<",
        syn::BinOp::Shr(_) => ">>",
        syn::BinOp::Eq(_) => "==",
        syn::BinOp::Lt(_) => "<",
        syn::BinOp::Le(_) => "<=",
        syn::BinOp::Ne(_) => "!=",
        syn::BinOp::Ge(_) => ">=",
        syn::BinOp::Gt(_) => ">",
        _ => return None,
    })
}
