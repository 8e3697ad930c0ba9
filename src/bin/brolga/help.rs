//! Kernels as `check` and `inspect` describe them: the head of the function, and its doc
//! comment. Not globals, which `global.rs` shows.

use std::fmt::Write;

use brolga::{DType, ElementType, FunctionMeta, KernelKind, ParamType};

/// `#[vectorize] fn axpy<T: Float>(a: T, x: T) -> T`, with types as a kernel writes them, but
/// `usize` as `u64`.
pub fn head(meta: &FunctionMeta) -> String {
    let mut text = match &meta.kind {
        KernelKind::Vectorize => "#[vectorize] fn ".to_string(),
        KernelKind::Guvectorize(signature) => format!("#[guvectorize(\"{signature}\")] fn "),
        KernelKind::Jit { parallel: false } => "#[jit] fn ".to_string(),
        KernelKind::Jit { parallel: true } => "#[jit(parallel)] fn ".to_string(),
    };
    text.push_str(&meta.name);
    if !meta.type_params.is_empty() {
        let params = meta
            .type_params
            .iter()
            .map(|param| format!("{}: {}", param.name, param.bound.name()));
        let _ = write!(text, "<{}>", params.collect::<Vec<_>>().join(", "));
    }
    let params = meta.params.iter().map(|param| {
        let ty = match param.ty {
            ParamType::Scalar(element) => self::element(meta, element),
            ParamType::View {
                element,
                ndim,
                mutable,
            } => {
                let kind = if mutable { "ViewMut" } else { "View" };
                format!("Array{kind}{ndim}<{}>", self::element(meta, element))
            }
        };
        format!("{}: {ty}", param.name)
    });
    let _ = write!(text, "({})", params.collect::<Vec<_>>().join(", "));
    let results: Vec<String> = meta.results.iter().map(|&r| element(meta, r)).collect();
    match results.as_slice() {
        [] => {}
        [one] => {
            let _ = write!(text, " -> {one}");
        }
        several => {
            let _ = write!(text, " -> ({})", several.join(", "));
        }
    }
    text
}

fn element(meta: &FunctionMeta, element: ElementType) -> String {
    let param = |n: u8| meta.type_params[usize::from(n)].name.clone();
    match element {
        ElementType::Concrete(DType::ComplexF32) => "Complex<f32>".to_string(),
        ElementType::Concrete(DType::ComplexF64) => "Complex<f64>".to_string(),
        ElementType::Concrete(dtype) => dtype.name().to_string(),
        ElementType::Param(n) => param(n),
        ElementType::ComplexOf(n) => format!("Complex<{}>", param(n)),
    }
}

/// A doc comment, each line behind `indent`; the blanks that end a line are left out.
pub fn doc(doc: &str, indent: &str) -> String {
    let lines = doc.trim().lines();
    lines
        .map(|line| format!("{}\n", format!("{indent}{}", line.trim()).trim_end()))
        .collect()
}
