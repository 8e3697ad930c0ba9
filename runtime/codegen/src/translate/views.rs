//! Views made from views, and the sums, products and dot products of views.
//!
//! Invariant: a slice never leaves its whole, so that a checked index into it is inside the
//! operand; an empty slice points to where its whole begins.

use brolga_lang::ir::{AxisSlice, Element, Expr, ReduceOp, Scalar, SiteId, Type, ViewType};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value};

use super::{Flow, Translator, element_flags, malformed};
use crate::layout::machine_type;

/// What is taken of an axis, evaluated.
enum Taken {
    All,
    Index(Value, SiteId),
    Range {
        start: Value,
        end: Value,
        step: Option<Value>,
        site: SiteId,
    },
}

fn view_type(e: &Expr) -> Flow<ViewType> {
    match &e.ty {
        Type::View(view) => Ok(*view),
        other => Err(malformed(format!("{other:?} is used as a view"))),
    }
}

impl<'p> Translator<'_, 'p> {
    /// A part of a view.
    pub(super) fn slice(&mut self, view: &'p Expr, axes: &'p [AxisSlice]) -> Flow<Vec<Value>> {
        let ndim = usize::from(view_type(view)?.ndim);
        let parts = self.expr(view)?;
        if ndim != axes.len() || parts.len() != 1 + 2 * ndim {
            return Err(malformed("a slice with the wrong number of axes"));
        }
        let mut taken = Vec::with_capacity(ndim);
        for axis in axes {
            taken.push(match axis {
                AxisSlice::All => Taken::All,
                AxisSlice::Index(index, site) => Taken::Index(self.scalar(index)?, *site),
                AxisSlice::Range {
                    start,
                    end,
                    step,
                    site,
                } => Taken::Range {
                    start: self.scalar(start)?,
                    end: self.scalar(end)?,
                    step: step.as_ref().map(|step| self.scalar(step)).transpose()?,
                    site: *site,
                },
            });
        }
        let mut address = parts[0];
        let (mut lengths, mut strides) = (Vec::new(), Vec::new());
        for (k, taken) in taken.into_iter().enumerate() {
            let (length, stride) = (parts[1 + k], parts[1 + ndim + k]);
            match taken {
                Taken::All => {
                    lengths.push(length);
                    strides.push(stride);
                }
                Taken::Index(index, site) => {
                    self.check_index(index, length, k as u64, site);
                    let offset = self.builder.ins().imul(index, stride);
                    address = self.builder.ins().iadd(address, offset);
                }
                Taken::Range {
                    start,
                    end,
                    step,
                    site,
                } => {
                    self.check_range(start, end, step, (k as u64, length), site);
                    let distance = match self.constant_bits(start) {
                        Some(0) => end,
                        _ => self.builder.ins().isub(end, start),
                    };
                    let (first, count, stride) = self.stepped(start, distance, step, stride);
                    if let Some(first) = first {
                        address = self.builder.ins().iadd(address, first);
                    }
                    lengths.push(count);
                    strides.push(stride);
                }
            }
        }
        let mut values = vec![address];
        values.extend(lengths);
        values.extend(strides);
        Ok(values)
    }

    /// Fails unless `start <= end <= length` and the step is not 0.
    fn check_range(
        &mut self,
        start: Value,
        end: Value,
        step: Option<Value>,
        (axis, length): (u64, Value),
        site: SiteId,
    ) {
        let at_most =
            |t: &Self, a: Value, b: Value| t.constant_bits(a) == Some(0) || t.is_at_most(a, b);
        let mut bad = None;
        for (a, b) in [(end, length), (start, end)] {
            if !at_most(self, a, b) {
                let above = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, a, b);
                bad = Some(match bad {
                    Some(bad) => self.builder.ins().bor(bad, above),
                    None => above,
                });
            }
        }
        if let Some(step) = step
            && self.constant_bits(step).is_none_or(|step| step == 0)
        {
            let zero = self.builder.ins().icmp_imm_u(IntCC::Equal, step, 0);
            bad = Some(match bad {
                Some(bad) => self.builder.ins().bor(bad, zero),
                None => zero,
            });
        }
        match bad {
            None => self.unit.loops.not_needed(),
            Some(bad) => {
                self.unit.loops.kept_bounds(site, axis);
                let axis = self.word(axis);
                self.fail_if(bad, site, [start, end, axis, length]);
            }
        }
    }

    /// The distance in bytes to the first element (`None` is 0), the number of elements and
    /// the stride of a range of `distance` positions.
    fn stepped(
        &mut self,
        start: Value,
        distance: Value,
        step: Option<Value>,
        stride: Value,
    ) -> (Option<Value>, Value, Value) {
        let at_start = self.constant_bits(start) == Some(0);
        let Some(step) = step else {
            let first = (!at_start).then(|| {
                let offset = self.builder.ins().imul(start, stride);
                self.unless_empty(offset, distance)
            });
            return (first, distance, stride);
        };
        let known = self.constant_bits(step).map(|step| step as i64);
        let ins = self.builder.ins();
        let down = ins.icmp_imm_s(IntCC::SignedLessThan, step, 0);
        let negated = self.builder.ins().ineg(step);
        let magnitude = self.builder.ins().select(down, negated, step);
        let count = match known {
            Some(1 | -1) => distance,
            _ => {
                // Rounded up, without going beyond 64 bits.
                let whole = self.builder.ins().udiv(distance, magnitude);
                let rest = self.builder.ins().urem(distance, magnitude);
                let more = self.builder.ins().icmp_imm_u(IntCC::NotEqual, rest, 0);
                let more = self.builder.ins().uextend(crate::layout::WORD, more);
                self.builder.ins().iadd(whole, more)
            }
        };
        let end = self.builder.ins().iadd(start, distance);
        let last = self.builder.ins().iadd_imm_s(end, -1);
        let first = self.builder.ins().select(down, last, start);
        let offset = self.builder.ins().imul(first, stride);
        let first = self.unless_empty(offset, distance);
        let stride = self.builder.ins().imul(stride, step);
        (Some(first), count, stride)
    }

    fn unless_empty(&mut self, offset: Value, distance: Value) -> Value {
        let zero = self.word(0);
        self.builder.ins().select(distance, offset, zero)
    }

    /// A view with its axes in another order.
    pub(super) fn permute(&mut self, view: &'p Expr, axes: &[u8]) -> Flow<Vec<Value>> {
        let ndim = usize::from(view_type(view)?.ndim);
        let parts = self.expr(view)?;
        let mut values = vec![parts[0]];
        for first in [1, 1 + ndim] {
            for &axis in axes {
                let axis = usize::from(axis);
                if axis >= ndim || axes.len() != ndim {
                    return Err(malformed(format!("{axes:?} is no order of {ndim} axes")));
                }
                values.push(parts[first + axis]);
            }
        }
        Ok(values)
    }

    /// The sum or product of all elements.
    pub(super) fn reduce(&mut self, op: ReduceOp, view: &'p Expr) -> Flow<Value> {
        let ty = view_type(view)?;
        let scalar = float_element(ty)?;
        let parts = self.expr(view)?;
        let name = match op {
            ReduceOp::Sum => "sum",
            ReduceOp::Product => "product",
        };
        let Some(table) = self.words_on_stack(parts.len() - 1) else {
            let machine = machine_type(scalar);
            let flags = element_flags();
            return Ok(self.builder.ins().load(machine, flags, parts[0], 0));
        };
        self.store_words(table, 0, &parts[1..]);
        let ndim = self.word(ty.ndim.into());
        self.math(name, scalar, &[parts[0], ndim, table])
    }

    /// The dot product of two views of one axis.
    pub(super) fn dot(&mut self, a: &'p Expr, b: &'p Expr) -> Flow<Value> {
        let scalar = float_element(view_type(a)?)?;
        if view_type(a)?.ndim != 1
            || view_type(b)?.ndim != 1
            || float_element(view_type(b)?)? != scalar
        {
            return Err(malformed("a dot product of views that differ"));
        }
        let a = self.expr(a)?;
        let b = self.expr(b)?;
        // Equal: asserted before. Never beyond either, whoever asserted.
        let length = self.builder.ins().umin(a[1], b[1]);
        self.math("dot", scalar, &[a[0], a[2], b[0], b[2], length])
    }
}

fn float_element(view: ViewType) -> Flow<Scalar> {
    match view.element {
        Element::Scalar(scalar) if scalar.is_float() => Ok(scalar),
        other => Err(malformed(format!("a sum or product of {other:?}"))),
    }
}
