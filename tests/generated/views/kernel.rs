//! A kernel over views: what the generator makes, and both sides take.

use brolga_lang::ir::Scalar;

use super::super::node::{Kernel, Ty};

/// What calls it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Guvectorize,
    Jit,
}

/// A kernel and the axes of its parameters.
#[derive(Clone, Debug)]
pub struct ViewKernel {
    pub kernel: Kernel,
    pub kind: Kind,
    /// For each parameter the numbers of its axes: those with one number have one length.
    pub axes: Vec<Vec<usize>>,
}

/// What a parameter is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Param {
    pub scalar: Scalar,
    /// How many axes; a scalar has none.
    pub axes: usize,
    pub view: bool,
    pub mutable: bool,
}

/// The axes' names in signatures.
const NAMES: [&str; 3] = ["n", "m", "k"];
/// How many axes of different lengths a kernel has at most.
pub const AXES: usize = NAMES.len();

impl ViewKernel {
    pub fn params(&self) -> Vec<Param> {
        let params = self.kernel.params.iter();
        params
            .map(|param| match param.ty {
                Ty::View(scalar, axes, mutable) => Param {
                    scalar,
                    axes,
                    view: true,
                    mutable,
                },
                _ => Param {
                    scalar: param.scalar(),
                    axes: 0,
                    view: false,
                    mutable: false,
                },
            })
            .collect()
    }

    /// Brolga's attribute.
    pub fn attribute(&self) -> String {
        if self.kind == Kind::Jit {
            return "#[jit]".to_string();
        }
        let part = |mutable: bool| {
            let params = self.params().into_iter().zip(&self.axes);
            let texts: Vec<String> = params
                .filter(|(param, _)| param.mutable == mutable)
                .map(|(_, axes)| {
                    let names: Vec<&str> = axes.iter().map(|&axis| NAMES[axis]).collect();
                    format!("({})", names.join(","))
                })
                .collect();
            texts.join(",")
        };
        format!("#[guvectorize(\"{}->{}\")]", part(false), part(true))
    }

    /// The function with its attribute.
    pub fn text(&self) -> String {
        format!("{}\n{}", self.attribute(), self.kernel.text())
    }

    /// The same of another name and body.
    pub fn with(&self, kernel: Kernel) -> ViewKernel {
        ViewKernel {
            kernel,
            ..self.clone()
        }
    }
}
