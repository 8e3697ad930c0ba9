//! Arrays by value, globals, and the making of views.

use super::{Result, USIZE, Verifier, demand};
use crate::ir::{AxisSlice, Element, Expr, ExprKind, Scalar, Type, ViewType};

/// The most axes of a view.
const MOST_AXES: usize = 6;

impl Verifier<'_> {
    /// The kinds of this file.
    pub(super) fn arrays(&mut self, expr: &Expr) -> Result {
        let wrong = || format!("wrong type {} of {:?}", expr.ty, expr.kind);
        match &expr.kind {
            ExprKind::Array(elements) => {
                let Type::Array(element, length) = &expr.ty else {
                    return Err(wrong());
                };
                demand(elements.len() as u64 == u64::from(*length), || {
                    format!("{} elements in {}", elements.len(), expr.ty)
                })?;
                elements.iter().try_for_each(|e| self.operand(e, element))
            }
            ExprKind::Repeat(value) => match &expr.ty {
                Type::Array(element, _) => self.operand(value, element),
                _ => Err(wrong()),
            },
            ExprKind::Index { array, index, site } => {
                self.expr(array)?;
                self.operand(index, &USIZE)?;
                self.site(*site)?;
                match &array.ty {
                    Type::Array(element, _) => demand(**element == expr.ty, wrong),
                    Type::Never => Ok(()),
                    _ => Err(wrong()),
                }
            }
            ExprKind::Global(number) => match self.program.globals.get(number.0 as usize) {
                Some(global) => demand(global.ty == expr.ty, wrong),
                None => Err(format!("there is no global {}", number.0)),
            },
            ExprKind::Allocate {
                dims,
                fill,
                too_large,
                no_memory,
            } => {
                let made = view_type(&expr.ty).ok_or_else(wrong)?;
                demand(made.mutable && usize::from(made.ndim) == dims.len(), wrong)?;
                demand(dims.len() <= MOST_AXES, wrong)?;
                dims.iter().try_for_each(|dim| self.operand(dim, &USIZE))?;
                self.operand(fill, &made.element.ty())?;
                self.site(*too_large)?;
                self.site(*no_memory)
            }
            ExprKind::Slice { view, axes } => {
                let Some(whole) = self.viewed(view)? else {
                    return Ok(());
                };
                demand(usize::from(whole.ndim) == axes.len(), || {
                    format!("a slice of {} axes by {}", whole.ndim, axes.len())
                })?;
                let mut left = 0;
                for axis in axes {
                    left += u8::from(!matches!(axis, AxisSlice::Index(..)));
                    self.axis(axis)?;
                }
                let part = ViewType {
                    ndim: left,
                    ..whole
                };
                demand(expr.ty == Type::View(part), wrong)
            }
            ExprKind::Permute(view, axes) => {
                let Some(whole) = self.viewed(view)? else {
                    return Ok(());
                };
                let mut sorted = axes.clone();
                sorted.sort_unstable();
                demand(sorted.iter().copied().eq(0..whole.ndim), || {
                    format!("{axes:?} is no order of {} axes", whole.ndim)
                })?;
                demand(expr.ty == Type::View(whole), wrong)
            }
            ExprKind::Reduce(_, view) => match self.viewed(view)? {
                Some(view) => demand(float(view.element) == Some(&expr.ty), wrong),
                None => Ok(()),
            },
            ExprKind::Dot(a, b) => {
                let (a, b) = (self.viewed(a)?, self.viewed(b)?);
                for view in [a, b].into_iter().flatten() {
                    let fits = view.ndim == 1 && float(view.element) == Some(&expr.ty);
                    demand(fits, wrong)?;
                }
                Ok(())
            }
            other => Err(format!("not checked: {other:?}")),
        }
    }

    fn axis(&mut self, axis: &AxisSlice) -> Result {
        match axis {
            AxisSlice::All => Ok(()),
            AxisSlice::Index(index, site) => {
                self.operand(index, &USIZE)?;
                self.site(*site)
            }
            AxisSlice::Range {
                start,
                end,
                step,
                site,
            } => {
                self.operand(start, &USIZE)?;
                self.operand(end, &USIZE)?;
                if let Some(step) = step {
                    self.operand(step, &Type::Scalar(Scalar::Isize))?;
                }
                self.site(*site)
            }
        }
    }

    /// An operand that must be a view; `None` for one of type `!`.
    fn viewed(&mut self, expr: &Expr) -> Result<Option<ViewType>> {
        self.expr(expr)?;
        match &expr.ty {
            Type::View(view) => Ok(Some(*view)),
            Type::Never => Ok(None),
            other => Err(format!("expected a view, found {other} in {:?}", expr.kind)),
        }
    }
}

fn view_type(ty: &Type) -> Option<ViewType> {
    match ty {
        Type::View(view) => Some(*view),
        _ => None,
    }
}

/// The type of an element that is a float.
fn float(element: Element) -> Option<&'static Type> {
    match element {
        Element::Scalar(Scalar::F32) => Some(&Type::Scalar(Scalar::F32)),
        Element::Scalar(Scalar::F64) => Some(&Type::Scalar(Scalar::F64)),
        _ => None,
    }
}

/// Whether values of the type can lie in memory: no view at any depth.
pub(super) fn holds_no_view(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => true,
        Type::Tuple(parts) => parts.iter().all(holds_no_view),
        Type::Array(element, _) => holds_no_view(element),
        Type::View(_) | Type::Never => false,
    }
}
