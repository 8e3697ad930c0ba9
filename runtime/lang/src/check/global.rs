//! The globals of a file as the host sees them: their declared types, and the values of their
//! initialisers, which are evaluated as those of constants are. Not how kernels read them.

use brolga_abi::{GlobalMeta, GlobalType};

use crate::ast;
use crate::check::session::{ConstItem, ConstState, Session};
use crate::check::ty::{Ty, show};
use crate::diagnostic::Diagnostic;
use crate::ir::{Expr, ExprKind, Type};

/// The globals' initialisers as constants, for [`globals`].
pub(crate) fn initialisers(file: &ast::File) -> Vec<ast::Const> {
    let statics = file.statics.iter();
    statics
        .map(|global| ast::Const {
            name: global.name.clone(),
            ty: global.ty.clone(),
            value: global.value.clone(),
        })
        .collect()
}

/// Describes every global, given what [`initialisers`] makes of the session's file. What is
/// wrong is reported, and left out.
pub(crate) fn globals<'a>(
    session: &mut Session<'a>,
    initialisers: &'a [ast::Const],
) -> Vec<GlobalMeta> {
    let mut found = Vec::new();
    for ast in initialisers {
        let ty = session.constant_type(&ast.ty);
        session.consts.push(ConstItem {
            ast,
            scope: 0,
            ty: ty.clone(),
            state: ConstState::Waiting,
        });
        let Some(value) = session.constant(session.consts.len() - 1) else {
            continue;
        };
        let mut default = Vec::new();
        match (global_type(&ty), words(&value, &mut default)) {
            (Some(ty), true) => found.push(GlobalMeta {
                name: ast.name.name.clone(),
                ty,
                default,
            }),
            _ => {
                let shown = show(&ty, &[], &|_| "_");
                session.report(
                    Diagnostic::new(
                        "B0701",
                        ast.ty.span,
                        format!("a host cannot bind a value of type `{shown}`"),
                    )
                    .help("the type of a `static` is a number, a tuple or an array of these"),
                );
            }
        }
    }
    found
}

fn global_type(ty: &Ty) -> Option<GlobalType> {
    Some(match ty {
        Ty::Tuple(members) => {
            GlobalType::Tuple(members.iter().map(global_type).collect::<Option<_>>()?)
        }
        Ty::Array(element, length) => GlobalType::Array(Box::new(global_type(element)?), *length),
        other => GlobalType::Scalar(crate::check::signature::dtype(other)?),
    })
}

/// Appends the bits of a constant's scalars; `false` if it has no value in memory.
fn words(value: &Expr, found: &mut Vec<u64>) -> bool {
    match (&value.kind, &value.ty) {
        (ExprKind::Const(bits), _) => {
            found.push(*bits);
            true
        }
        (ExprKind::Tuple(parts) | ExprKind::Array(parts), _) => {
            parts.iter().all(|part| words(part, found))
        }
        (ExprKind::Repeat(element), Type::Array(_, length)) => {
            (0..*length).all(|_| words(element, found))
        }
        _ => false,
    }
}
