//! Small programs for the unit tests of the files beside this one.

use crate::ir::{
    BinaryOp, Block, Element, Entry, Expr, ExprKind, Function, Local, LocalId, Operand, Program,
    Scalar, Type, Unhashed, ViewType,
};

pub(crate) const F64: Type = Type::Scalar(Scalar::F64);
pub(crate) const USIZE: Type = Type::Scalar(Scalar::Usize);
pub(crate) const BOOL: Type = Type::Scalar(Scalar::Bool);

pub(crate) fn expr(ty: Type, kind: ExprKind) -> Expr {
    Expr { ty, kind }
}

/// A local of type `f64`.
pub(crate) fn local(number: u32) -> Expr {
    expr(F64, ExprKind::Local(LocalId(number)))
}

/// An `f64` with these bits.
pub(crate) fn scalar(bits: u64) -> Expr {
    expr(F64, ExprKind::Const(bits))
}

/// An operation on `f64` with a result of `f64`.
pub(crate) fn binary(op: BinaryOp, lhs: Expr, rhs: Expr) -> Expr {
    expr(F64, ExprKind::Binary(op, Box::new(lhs), Box::new(rhs)))
}

/// A kernel of two `f64` (locals 0 and 1) with one view (local 2, `ArrayViewMut1<f64>`), and
/// locals 3 (`f64`), 4 (`usize`) and 5 (`(f64, f64)`), whose value is `value`.
pub(crate) fn program(value: Expr) -> Program {
    let view = Type::View(ViewType {
        element: Element::Scalar(Scalar::F64),
        ndim: 1,
        mutable: true,
    });
    let pair = Type::Tuple(vec![F64, F64]);
    let locals = [
        ("x", F64),
        ("y", F64),
        ("v", view.clone()),
        ("s", F64),
        ("i", USIZE),
        ("p", pair),
    ];
    Program {
        entry: Entry {
            params: vec![operand(F64, &[]), operand(F64, &[]), operand(view, &[0])],
            results: vec![Element::Scalar(Scalar::F64)],
            core_dims: 1,
            fixed_dims: Vec::new(),
            looped: true,
            parallel: false,
        },
        functions: vec![Function {
            name: Unhashed("kernel".to_string()),
            params: vec![LocalId(0), LocalId(1), LocalId(2)],
            locals: locals
                .into_iter()
                .map(|(name, ty)| Local {
                    name: Unhashed(name.to_string()),
                    ty,
                })
                .collect(),
            result: F64,
            body: Block {
                statements: Vec::new(),
                value: Some(Box::new(value)),
            },
            loops: Unhashed(Vec::new()),
            recursive: false,
        }],
        fastmath: false,
        globals: Vec::new(),
        sites: Unhashed(vec![brolga_abi::Site {
            kind: brolga_abi::PanicKind::IndexOutOfBounds,
            function: "kernel".to_string(),
            file: "k.rs".to_string(),
            line: 1,
            column: 1,
        }]),
    }
}

fn operand(ty: Type, core: &[usize]) -> Operand {
    Operand {
        ty,
        core: core.to_vec(),
    }
}
