//! Local arrays: memory of the calling thread's arena in the NRT (`nrt_scratch_*`), as views.
//!
//! When memory is given up: after calls of functions that allocate and whose result holds no
//! view; in a loop whose body allocates after each iteration and behind the loop, unless an
//! array may be seen from outside of it; and, on every path, when the machine function returns
//! that began the call, or the piece of a `prange`.
//!
//! Invariant: no view of an array is read after the array was given up.

use std::cell::RefCell;

use brolga_lang::ir::{
    Block, Element, Expr, ExprKind, LocalId, LoopId, SiteId, Statement, Type, ViewType,
};
use brolga_lang::walk;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, Value, types};

use super::{Flow, Translator, malformed};
use crate::layout::{has_views, machine_type};

/// How a machine function ends its use of the arena.
#[derive(Clone, Copy)]
pub(super) struct Scratch {
    pub mark: Value,
    pub end: ir::FuncRef,
}

impl<'p> Translator<'_, 'p> {
    /// Begins the use of the arena by the machine function: it ends on every path.
    pub(crate) fn begin_scratch(&mut self) -> Flow<()> {
        let mark = self.scratch_mark()?;
        let end = self.unit.import("nrt_scratch_end")?;
        let end = self.reference(end);
        self.scratch = Some(Scratch { mark, end });
        Ok(())
    }

    pub(super) fn scratch_mark(&mut self) -> Flow<Value> {
        self.call_nrt("nrt_scratch_begin", &[])
    }

    /// Gives up what was allocated since the mark, if there is one.
    pub(super) fn scratch_release(&mut self, mark: Option<Value>) -> Flow<()> {
        match mark {
            Some(mark) => self.call_nrt("nrt_scratch_release", &[mark]).map(|_| ()),
            None => Ok(()),
        }
    }

    /// The mark to go back to after each iteration of a loop; `None` if its body allocates
    /// nothing, or what it allocates may be seen from outside.
    pub(super) fn loop_mark(&mut self, body: &'p Block, ty: &Type) -> Flow<Option<Value>> {
        if has_views(ty) || !self.allocates(body) || self.escapes(body) {
            return Ok(None);
        }
        self.scratch_mark().map(Some)
    }

    /// Whether a block leaves arrays behind in the arena.
    fn allocates(&self, block: &Block) -> bool {
        let mut found = false;
        walk::each(block, &mut |_| {}, &mut |e| match &e.kind {
            ExprKind::Allocate { .. } => found = true,
            ExprKind::Call(function, _) if has_views(&e.ty) => {
                let allocates = self.unit.plan.allocates.get(function.0 as usize);
                found |= allocates.copied().unwrap_or(true);
            }
            _ => {}
        });
        found
    }

    /// Whether a view that is made in a loop's body may be read outside of the body: through
    /// a local that is named outside, or as the value of a `break` out of it.
    fn escapes(&self, body: &'p Block) -> bool {
        let function = self.frame().function;
        let mut inside = vec![0_u32; function.locals.len()];
        let mut everywhere = inside.clone();
        count_names(body, &mut inside);
        count_names(&function.body, &mut everywhere);
        for param in &function.params {
            if let Some(count) = everywhere.get_mut(param.0 as usize) {
                *count += 1;
            }
        }
        let assigned = RefCell::new(Vec::new());
        let own_loops = RefCell::new(Vec::<LoopId>::new());
        let breaks = RefCell::new(Vec::<LoopId>::new());
        walk::each(
            body,
            &mut |statement| {
                if let Statement::Assign { local, .. } = statement {
                    assigned.borrow_mut().push(*local);
                }
            },
            &mut |e| match &e.kind {
                ExprKind::Loop(id, _) | ExprKind::Labelled(id, _) => {
                    own_loops.borrow_mut().push(*id);
                }
                ExprKind::Break(id, Some(value)) if has_views(&value.ty) => {
                    breaks.borrow_mut().push(*id);
                }
                _ => {}
            },
        );
        let through_local = assigned.into_inner().into_iter().any(|local| {
            let k = local.0 as usize;
            let Some(declared) = function.locals.get(k) else {
                return true;
            };
            has_views(&declared.ty) && inside[k] != everywhere[k]
        });
        let own_loops = own_loops.into_inner();
        let through_break = breaks.into_inner().iter().any(|id| !own_loops.contains(id));
        through_local || through_break
    }

    /// A new local array.
    pub(super) fn allocate(
        &mut self,
        ty: &Type,
        dims: &'p [Expr],
        fill: &'p Expr,
        too_large: SiteId,
        no_memory: SiteId,
    ) -> Flow<Vec<Value>> {
        let Type::View(ViewType { element, ndim, .. }) = *ty else {
            return Err(malformed(format!("a local array of type {ty:?}")));
        };
        if usize::from(ndim) != dims.len() {
            return Err(malformed("a local array with the wrong number of axes"));
        }
        let mut lengths = Vec::with_capacity(dims.len());
        for dim in dims {
            lengths.push(self.scalar(dim)?);
        }
        let fill = self.expr(fill)?;
        let [low, high] = self.element_bits(element, &fill)?;
        self.check_size(element, &lengths, too_large)?;
        // Row by row: the last axis is contiguous.
        let size = self.word(element.size() as u64);
        let mut strides = vec![size; lengths.len()];
        let mut count = self.word(1);
        for k in (0..lengths.len()).rev() {
            strides[k] = self.builder.ins().imul(count, size);
            count = self.builder.ins().imul(count, lengths[k]);
        }
        let address = self.call_nrt("nrt_scratch_new", &[count, size, low, high])?;
        let none = self.builder.ins().icmp_imm_u(IntCC::Equal, address, 0);
        let bytes = self.builder.ins().imul(count, size);
        let zero = self.word(0);
        self.fail_if(none, no_memory, [bytes, zero, zero, zero]);
        let mut values = vec![address];
        values.extend(lengths);
        values.extend(strides);
        Ok(values)
    }

    /// Fails if the product of the lengths that are not 0 is above `isize::MAX` bytes.
    fn check_size(&mut self, element: Element, lengths: &[Value], site: SiteId) -> Flow<()> {
        let mut known = element.size() as u128;
        let mut unknown = Vec::new();
        for &length in lengths {
            match self.constant_bits(length) {
                Some(length) => known = known.saturating_mul(u128::from(length.max(1))),
                None => unknown.push(length),
            }
        }
        if known > isize::MAX as u128 {
            return Err(self.panic(site));
        }
        let mut product = self.word(known as u64);
        let mut above = None;
        for length in unknown {
            let one = self.word(1);
            let length = self.builder.ins().umax(length, one);
            let high = self.builder.ins().umulhi(product, length);
            product = self.builder.ins().imul(product, length);
            let sign = self.builder.ins().ushr_imm_u(product, 63);
            let bad = self.builder.ins().bor(high, sign);
            above = Some(match above {
                Some(above) => self.builder.ins().bor(above, bad),
                None => bad,
            });
        }
        if let Some(above) = above {
            self.panic_if(above, site);
        }
        Ok(())
    }

    /// The bits of an element as two words.
    fn element_bits(&mut self, element: Element, values: &[Value]) -> Flow<[Value; 2]> {
        let zero = self.word(0);
        let scalar = match element {
            Element::Scalar(scalar) | Element::Complex(scalar) => scalar,
        };
        let mut words = Vec::with_capacity(2);
        for &value in values {
            if self.builder.func.dfg.value_type(value) != machine_type(scalar) {
                return Err(malformed("a local array is filled with another type"));
            }
            let flags = MemFlagsData::new();
            let bits = match machine_type(scalar) {
                types::F32 => self.builder.ins().bitcast(types::I32, flags, value),
                types::F64 => self.builder.ins().bitcast(types::I64, flags, value),
                _ => value,
            };
            words.push(match self.builder.func.dfg.value_type(bits) {
                types::I64 => bits,
                _ => self.builder.ins().uextend(types::I64, bits),
            });
        }
        match (element, &words[..]) {
            (Element::Scalar(_), &[bits]) => Ok([bits, zero]),
            (Element::Complex(part), &[re, im]) if part.bits() == 32 => {
                let im = self.builder.ins().ishl_imm_u(im, 32);
                Ok([self.builder.ins().bor(re, im), zero])
            }
            (Element::Complex(_), &[re, im]) => Ok([re, im]),
            _ => Err(malformed("a local array is filled with another type")),
        }
    }
}

/// How often each local is named in a block.
fn count_names(block: &Block, counts: &mut [u32]) {
    let counts = RefCell::new(counts);
    let name = |local: LocalId| {
        if let Some(count) = counts.borrow_mut().get_mut(local.0 as usize) {
            *count += 1;
        }
    };
    walk::each(
        block,
        &mut |statement| match statement {
            Statement::Assign { local, .. } => name(*local),
            Statement::Store { view, .. } => name(*view),
            Statement::Expr(_) => {}
        },
        &mut |e| match e.kind {
            ExprKind::Local(local)
            | ExprKind::Dim(local, _)
            | ExprKind::Load { view: local, .. } => name(local),
            _ => {}
        },
    );
}
