//! The signatures of kernels: which types each attribute allows, and the [`FunctionMeta`]
//! that callers see. Works on items alone; no body is looked at.

use std::rc::Rc;

use brolga_abi::{
    Bound, DType, ElementType, FunctionMeta, GufuncSignature, KernelKind, ParamMeta, ParamType,
    TypeParam,
};

use crate::ast::{self, AttributeKind, Half, PatternKind};
use crate::attributes::StatedType;
use crate::check::session::{Session, Signature};
use crate::check::tree::FnIndex;
use crate::check::ty::{Ty, show};
use crate::diagnostic::{Diagnostic, Span};

/// The kernels of the file, in order, each with its function's number. Reports what is wrong
/// with their signatures; such kernels are left out.
pub(crate) fn kernels(session: &mut Session<'_>) -> Vec<(FnIndex, FunctionMeta)> {
    let mut kernels = Vec::new();
    for function in 0..session.functions.len() {
        let ast = session.functions[function].ast;
        let Some(attribute) = &ast.attribute else {
            continue;
        };
        let signature = Rc::clone(&session.functions[function].signature);
        if !signature.valid {
            continue;
        }
        let before = session.errors.len();
        let mut meta = meta(session, ast, attribute, &signature);
        meta.name.clone_from(&session.functions[function].path);
        if session.errors.len() == before {
            kernels.push((function, meta));
        }
    }
    kernels
}

fn meta(
    session: &mut Session<'_>,
    ast: &ast::Function,
    attribute: &ast::Attribute,
    signature: &Signature,
) -> FunctionMeta {
    let mut params = Vec::new();
    for (n, (param, ty)) in ast.params.iter().zip(&signature.params).enumerate() {
        let name = match &param.pattern.kind {
            PatternKind::Binding { name, .. } => name.name.clone(),
            _ => format!("arg{n}"),
        };
        let kind = match ty {
            Ty::View {
                element,
                ndim,
                mutable,
            } => element_type(element).map(|element| ParamType::View {
                element,
                ndim: *ndim,
                mutable: *mutable,
            }),
            other => element_type(other).map(ParamType::Scalar),
        };
        match kind {
            Some(ty) => params.push(ParamMeta { name, ty }),
            None => {
                let shown = show(ty, &signature.type_params, &|_| "_");
                let mut error = Diagnostic::new(
                    "B0290",
                    param.ty.span,
                    format!("a kernel cannot have a parameter of type `{shown}`"),
                );
                error = match ty {
                    Ty::Ref(..) => error.help("pass numbers and array views by value"),
                    Ty::Array(..) | Ty::Owned { .. } => {
                        error.help("take an array view, as in `ArrayView1<f64>`")
                    }
                    Ty::Tuple(_) => error.help("make each member a parameter of its own"),
                    Ty::Option(_) => error.help("take the number and a `bool`"),
                    Ty::Adt(adt, _) if session.repr(adt).is_some() => {
                        error.help("pass an integer, and choose the variant by a `match`")
                    }
                    Ty::Adt(..) => error.help("make each field a parameter of its own"),
                    _ => error,
                };
                session.report(error);
            }
        }
    }
    let results = results(session, ast, attribute, signature);
    for (n, param) in signature.type_params.iter().enumerate() {
        let used = params
            .iter()
            .any(|p| p.ty.element().parameter() == Some(n as u8));
        if !used && params.len() == ast.params.len() {
            let span = ast.type_params[n].name.span;
            session.report(
                Diagnostic::new(
                    "B0291",
                    span,
                    format!("no parameter of the kernel has the type `{}`", param.name),
                )
                .label("arguments cannot decide it")
                .help("remove the type parameter, or give a parameter this type"),
            );
        }
    }
    let kind = match &attribute.kind {
        AttributeKind::Vectorize => {
            for (param, written) in params.iter().zip(&ast.params) {
                if let ParamType::View { .. } = param.ty {
                    session.report(
                        Diagnostic::new(
                            "B0292",
                            written.ty.span,
                            "the parameters of a `#[vectorize]` function are numbers",
                        )
                        .label("an array view")
                        .help("the function is called for every element; use `#[guvectorize]` for functions over arrays"),
                    );
                }
            }
            KernelKind::Vectorize
        }
        AttributeKind::Guvectorize(signature, span) => {
            if params.len() == ast.params.len() {
                operands(session, ast, signature, *span, &params);
            }
            KernelKind::Guvectorize(signature.clone())
        }
        AttributeKind::Jit { parallel } => KernelKind::Jit {
            parallel: *parallel,
        },
    };
    if params.len() == ast.params.len() {
        stated(session, attribute, &params, &results, signature);
    }
    FunctionMeta {
        name: ast.name.name.clone(),
        kind,
        doc: ast.doc.clone(),
        type_params: signature
            .type_params
            .iter()
            .map(|p| TypeParam {
                name: p.name.clone(),
                bound: p.bounds.strongest().unwrap_or(Bound::Number),
            })
            .collect(),
        params,
        results,
        options: attribute.options.clone(),
    }
}

fn element_type(ty: &Ty) -> Option<ElementType> {
    match ty {
        Ty::Scalar(s) => Some(ElementType::Concrete(s.dtype())),
        Ty::Param(n) => Some(ElementType::Param(*n)),
        Ty::Half(Half::F16) => Some(ElementType::Concrete(DType::F16)),
        Ty::Half(Half::Bf16) => Some(ElementType::Concrete(DType::Bf16)),
        Ty::Complex(part) => match **part {
            Ty::Scalar(s) => s.dtype().complex().map(ElementType::Concrete),
            Ty::Param(n) => Some(ElementType::ComplexOf(n)),
            _ => None,
        },
        _ => None,
    }
}

fn results(
    session: &mut Session<'_>,
    ast: &ast::Function,
    attribute: &ast::Attribute,
    signature: &Signature,
) -> Vec<ElementType> {
    let span = ast.result.as_ref().map_or(ast.name.span, |r| r.span);
    let list = match &signature.result {
        Ty::Tuple(members) => members.iter().map(element_type).collect(),
        Ty::Never => Some(Vec::new()),
        other => element_type(other).map(|e| vec![e]),
    };
    let list = match list {
        Some(list) => list,
        None => {
            session.report(
                Diagnostic::new(
                    "B0293",
                    span,
                    "a kernel returns a number or a tuple of numbers",
                )
                .help(match &signature.result {
                    Ty::Array(..) | Ty::Owned { .. } => {
                        "write the values into an `ArrayViewMut` parameter"
                    }
                    Ty::Adt(adt, _) if session.repr(adt).is_some() => {
                        "return its number: `e as u8`"
                    }
                    Ty::Adt(..) => "return a tuple of the fields",
                    _ => "tuples do not nest",
                }),
            );
            return Vec::new();
        }
    };
    match attribute.kind {
        AttributeKind::Vectorize if list.is_empty() => session.report(
            Diagnostic::new(
                "B0294",
                span,
                "a `#[vectorize]` function must return something",
            )
            .help("return a number, or a tuple for several outputs"),
        ),
        AttributeKind::Guvectorize(..) if !list.is_empty() => session.report(
            Diagnostic::new("B0295", span, "a `#[guvectorize]` function returns nothing")
                .help("write its results into `ArrayViewMut` parameters"),
        ),
        _ => {}
    }
    list
}

fn operands(
    session: &mut Session<'_>,
    ast: &ast::Function,
    signature: &GufuncSignature,
    place: Span,
    params: &[ParamMeta],
) {
    let count = signature.inputs.len() + signature.outputs.len();
    if count != params.len() {
        session.report(
            Diagnostic::new(
                "B0296",
                place,
                format!(
                    "the signature `{signature}` has {}, the function has {}",
                    counted(count, "operand"),
                    counted(params.len(), "parameter")
                ),
            )
            .related(ast.name.span, "this function")
            .help("one parameter for each operand: inputs first, then outputs"),
        );
        return;
    }
    for (n, (core, param)) in signature.operands().zip(params).enumerate() {
        let span = ast.params[n].ty.span;
        let output = n >= signature.inputs.len();
        let wanted = core.len();
        let (ndim, scalar) = match param.ty {
            ParamType::Scalar(_) => (0, true),
            ParamType::View { ndim, .. } => (usize::from(ndim), false),
        };
        if ndim != wanted || (scalar && wanted > 0) {
            let found = if scalar {
                "is a number".to_string()
            } else {
                format!("has {ndim}")
            };
            let help = format!(
                "make it an `ArrayView{}{wanted}`",
                if output { "Mut" } else { "" }
            );
            session.report(
                Diagnostic::new(
                    "B0297",
                    span,
                    format!(
                        "operand {n} of `{signature}` has {wanted} core dimension{}, the parameter `{}` {found}",
                        if wanted == 1 { "" } else { "s" },
                        param.name
                    ),
                )
                .related(place, "the signature")
                .help(help),
            );
        } else if output && !param.ty.is_mutable() {
            session.report(
                Diagnostic::new(
                    "B0298",
                    span,
                    format!(
                        "the parameter `{}` is an output but cannot be written",
                        param.name
                    ),
                )
                .related(place, "right of the arrow")
                .help(format!("make it an `ArrayViewMut{wanted}`")),
            );
        }
    }
}

/// Checks `signatures = [..]` against the parameters.
fn stated(
    session: &mut Session<'_>,
    attribute: &ast::Attribute,
    params: &[ParamMeta],
    results: &[ElementType],
    signature: &Signature,
) {
    for entry in &attribute.signatures {
        if entry.params.len() != params.len() {
            session.report(
                Diagnostic::new(
                    "B0299",
                    entry.span,
                    format!(
                        "this signature has {}, the function has {}",
                        counted(entry.params.len(), "type"),
                        counted(params.len(), "parameter")
                    ),
                )
                .help("write one element type for each parameter"),
            );
            continue;
        }
        let mut types: Vec<Option<Stands>> = vec![None; signature.type_params.len()];
        let mut wrong = None;
        for (given, param) in entry.params.iter().zip(params) {
            wrong = wrong.or(agree(given, param.ty.element(), &mut types, signature));
        }
        for (n, given) in entry.results.iter().flatten().enumerate() {
            wrong = wrong.or(match results.get(n) {
                Some(result) => agree(given, *result, &mut types, signature),
                None => Some(format!("the function has {} results", results.len())),
            });
        }
        if let Some(given) = &entry.results
            && given.len() < results.len()
        {
            wrong = wrong.or(Some(format!("the function has {} results", results.len())));
        }
        if let Some(reason) = wrong {
            session.report(
                Diagnostic::new(
                    "B0299",
                    entry.span,
                    "this signature does not fit the function",
                )
                .label(reason),
            );
        }
    }
}

/// The type that a stated signature gives a type parameter: `isize` and `i64` are two.
type Stands = (String, DType);

/// Why `given` cannot stand for `element`.
fn agree(
    given: &StatedType,
    element: ElementType,
    types: &mut [Option<Stands>],
    signature: &Signature,
) -> Option<String> {
    let (n, stands) = match element {
        ElementType::Concrete(dtype) if dtype == given.dtype => return None,
        ElementType::Concrete(dtype) => {
            return Some(format!("`{given}` stands where the function has `{dtype}`"));
        }
        ElementType::Param(n) => (n, (given.to_string(), given.dtype)),
        ElementType::ComplexOf(n) => {
            let part = given.dtype.part();
            if !given.dtype.is_complex() {
                return Some(format!(
                    "`{given}` stands where the function has a complex number"
                ));
            }
            (n, (part.to_string(), part))
        }
    };
    let n = usize::from(n);
    let param = signature.type_params.get(n)?;
    let (name, dtype) = &stands;
    if !param.bounds.admit_dtype(*dtype) {
        let bound = param.bounds.strongest().map_or("Number", Bound::name);
        return Some(format!("`{name}` is not `{bound}`"));
    }
    match types.get_mut(n)? {
        Some((first, _)) if first != name => {
            Some(format!("`{}` is `{first}` and `{name}`", param.name))
        }
        slot => {
            *slot = Some(stands);
            None
        }
    }
}

/// `1 operand`, `2 operands`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
