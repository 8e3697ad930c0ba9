//! Kernel IR built by hand.

use brolga_lang::ir::{
    BinaryOp, Block, Element, Entry, Expr, ExprKind, Function, LazyOp, Local, LocalId, Operand,
    Program, Scalar, Statement, Type, UnaryOp, Unhashed,
};

use BinaryOp::{Eq, Ge, Gt, Le, Lt, Ne};
use Scalar::{Bool, F32, F64};

pub(crate) fn scalar(ty: Scalar) -> Type {
    Type::Scalar(ty)
}

pub(crate) fn bits(ty: Scalar, bits: u64) -> Expr {
    Expr {
        ty: scalar(ty),
        kind: ExprKind::Const(bits),
    }
}

pub(crate) fn f64(value: f64) -> Expr {
    bits(F64, value.to_bits())
}

pub(crate) fn f32(value: f32) -> Expr {
    bits(F32, u64::from(value.to_bits()))
}

pub(crate) fn local(k: u32, ty: Scalar) -> Expr {
    Expr {
        ty: scalar(ty),
        kind: ExprKind::Local(LocalId(k)),
    }
}

pub(crate) fn unary(op: UnaryOp, x: Expr) -> Expr {
    Expr {
        ty: x.ty.clone(),
        kind: ExprKind::Unary(op, Box::new(x)),
    }
}

pub(crate) fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    let ty = match op {
        Eq | Ne | Lt | Le | Gt | Ge => scalar(Bool),
        _ => a.ty.clone(),
    };
    Expr {
        ty,
        kind: ExprKind::Binary(op, Box::new(a), Box::new(b)),
    }
}

pub(crate) fn cast(x: Expr, to: Scalar) -> Expr {
    Expr {
        ty: scalar(to),
        kind: ExprKind::Cast(Box::new(x)),
    }
}

pub(crate) fn lazy(op: LazyOp, a: Expr, b: Expr) -> Expr {
    Expr {
        ty: scalar(Bool),
        kind: ExprKind::Lazy(op, Box::new(a), Box::new(b)),
    }
}

pub(crate) fn value(value: Expr) -> Block {
    Block {
        statements: Vec::new(),
        value: Some(Box::new(value)),
    }
}

pub(crate) fn run(statements: Vec<Statement>) -> Block {
    Block {
        statements,
        value: None,
    }
}

pub(crate) fn set(k: u32, value: Expr) -> Statement {
    Statement::Assign {
        local: LocalId(k),
        path: Vec::new(),
        value,
    }
}

pub(crate) fn either(condition: Expr, then: Block, otherwise: Block) -> Expr {
    let ty = match (&then.value, &otherwise.value) {
        (Some(then), _) if then.ty != Type::Never => then.ty.clone(),
        (_, Some(otherwise)) => otherwise.ty.clone(),
        _ => Type::UNIT,
    };
    Expr {
        ty,
        kind: ExprKind::If(Box::new(condition), then, otherwise),
    }
}

pub(crate) fn never(kind: ExprKind) -> Expr {
    Expr {
        ty: Type::Never,
        kind,
    }
}

pub(crate) fn leave(value: Expr) -> Expr {
    never(ExprKind::Return(Some(Box::new(value))))
}

pub(crate) fn tuple(parts: Vec<Expr>) -> Expr {
    Expr {
        ty: Type::Tuple(parts.iter().map(|part| part.ty.clone()).collect()),
        kind: ExprKind::Tuple(parts),
    }
}

pub(crate) fn member(tuple: Expr, k: u32) -> Expr {
    let Type::Tuple(parts) = &tuple.ty else {
        panic!("not a tuple")
    };
    Expr {
        ty: parts[k as usize].clone(),
        kind: ExprKind::Member(Box::new(tuple), k),
    }
}

pub(crate) fn function(params: &[Scalar], locals: &[Type], result: Type, body: Block) -> Function {
    Function {
        name: Unhashed("kernel".to_string()),
        params: (0..params.len() as u32).map(LocalId).collect(),
        locals: params
            .iter()
            .map(|&ty| scalar(ty))
            .chain(locals.iter().cloned())
            .map(|ty| Local {
                name: Unhashed(String::new()),
                ty,
            })
            .collect(),
        result,
        body,
        loops: Unhashed(Vec::new()),
        recursive: false,
    }
}

/// A program of `functions[0]`, which is over elements.
pub(crate) fn over_elements(functions: Vec<Function>) -> Program {
    let kernel = &functions[0];
    let results = match &kernel.result {
        Type::Scalar(result) => vec![Element::Scalar(*result)],
        Type::Tuple(parts) => parts
            .iter()
            .map(|part| match part {
                Type::Scalar(part) => Element::Scalar(*part),
                _ => panic!("a nested result"),
            })
            .collect(),
        Type::View(_) | Type::Array(..) | Type::Never => panic!("not a result"),
    };
    Program {
        entry: Entry {
            params: kernel
                .params
                .iter()
                .map(|param| Operand {
                    ty: kernel.locals[param.0 as usize].ty.clone(),
                    core: Vec::new(),
                })
                .collect(),
            results,
            core_dims: 0,
            fixed_dims: Vec::new(),
            looped: true,
            parallel: false,
        },
        functions,
        fastmath: false,
        globals: Vec::new(),
        sites: Unhashed(Vec::new()),
    }
}

pub(crate) fn program(params: &[Scalar], locals: &[Scalar], body: Block) -> Program {
    let locals: Vec<Type> = locals.iter().map(|&ty| scalar(ty)).collect();
    let result = body.value.as_ref().expect("a value").ty.clone();
    over_elements(vec![function(params, &locals, result, body)])
}
