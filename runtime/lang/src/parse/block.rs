//! Blocks and statements.

use super::attribute::Place;
use super::convert::Converter;
use crate::ast::{Block, Expr, ExprKind, File, Pattern, PatternKind, Statement};
use crate::diagnostic::Span;

impl Converter<'_> {
    pub(super) fn block(&mut self, block: &syn::Block) -> Option<Block> {
        self.deeper(
            || block.brace_token.span.open(),
            |this| this.block_inner(block),
        )
    }

    fn block_inner(&mut self, block: &syn::Block) -> Option<Block> {
        let mut items = File::default();
        let mut statements = Vec::new();
        let mut value = None;
        for (number, statement) in block.stmts.iter().enumerate() {
            let last = number + 1 == block.stmts.len();
            match statement {
                syn::Stmt::Item(item) => self.item(item, &mut items),
                syn::Stmt::Local(local) => statements.extend(self.local(local)),
                syn::Stmt::Expr(expr, semicolon) => {
                    let expr = self.expr(expr);
                    place(expr, semicolon.is_some(), last, &mut statements, &mut value);
                }
                syn::Stmt::Macro(statement) => {
                    self.plain_attributes(&statement.attrs, Place::Other);
                    let expr = self.macro_call(&statement.mac);
                    let semicolon = statement.semi_token.is_some();
                    place(expr, semicolon, last, &mut statements, &mut value);
                }
            }
        }
        Some(Block {
            statements,
            value,
            items,
            span: self.at(block.brace_token.span.join()),
        })
    }

    /// `_ = value`, which is `{ let _ = value; }`.
    pub(super) fn dropped(&mut self, expr: &syn::ExprAssign) -> Option<(ExprKind, Span)> {
        let place = self.place(&*expr.left);
        let value = self.expr(&expr.right)?;
        let span = place.to(value.span);
        let pattern = Pattern {
            kind: PatternKind::Wildcard,
            span: place,
        };
        let statement = Statement::Let {
            pattern,
            ty: None,
            init: Some(value),
            otherwise: None,
        };
        let block = Block {
            statements: vec![statement],
            value: None,
            items: File::default(),
            span,
        };
        Some((ExprKind::Block(None, block), span))
    }

    fn local(&mut self, local: &syn::Local) -> Option<Statement> {
        self.plain_attributes(&local.attrs, Place::Other);
        let (pattern, ty) = match &local.pat {
            syn::Pat::Type(typed) => {
                let pattern = self.pattern(&typed.pat);
                (pattern, Some(self.ty(&typed.ty)))
            }
            pattern => (self.pattern(pattern), None),
        };
        let init = local.init.as_ref().map(|init| self.expr(&init.expr));
        let diverge = local.init.as_ref().and_then(|init| init.diverge.as_ref());
        let otherwise = diverge.map(|(_, block)| self.otherwise(block));
        Some(Statement::Let {
            pattern: pattern?,
            ty: match ty {
                Some(ty) => Some(ty?),
                None => None,
            },
            init: match init {
                Some(init) => Some(init?),
                None => None,
            },
            otherwise: match otherwise {
                Some(block) => Some(block?),
                None => None,
            },
        })
    }
}

/// Adds an expression to the statements, or makes it the block's value.
fn place(
    expr: Option<Expr>,
    semicolon: bool,
    last: bool,
    statements: &mut Vec<Statement>,
    value: &mut Option<Box<Expr>>,
) {
    match expr {
        Some(expr) if last && !semicolon => *value = Some(Box::new(expr)),
        Some(expr) => statements.push(Statement::Expr(expr, semicolon)),
        None => {}
    }
}
