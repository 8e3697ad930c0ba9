//! Arrays by value: their memory, their elements, how they are made and copied; and globals,
//! which lie in memory too. Not the arrays of the host ([`super::memory`]).
//!
//! A *place* is an address with an offset: part of an array or of a global. Reading part of
//! an array does not copy the array.

use brolga_lang::ir::{Block, Expr, ExprKind, GlobalId, LocalId, SiteId, Statement, Type};
use brolga_lang::layout::{member_offset, size_align};
use brolga_lang::walk;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, StackSlot, Value, types};

use super::failure::GLOBALS;
use super::{Flow, Stop, Translator, malformed};
use crate::error::{CodegenError, CodegenErrorKind};
use crate::layout::{
    Leaf, WORD, array_leaves, has_arrays, machine_type, machine_types, member, memory_leaves,
};

/// The most bytes of stack that one machine function may use for arrays.
pub(crate) const LARGEST_FRAME: u64 = 256 << 10;
/// Copies up to this size, in bytes, are written out.
const LARGEST_PLAIN_COPY: u64 = 128;
/// Constant arrays below this size, in bytes, are built where they are needed.
const SMALLEST_DATA: u64 = 24;
/// Constant arrays of equal elements above this size, in bytes, are built in a loop.
const LARGEST_REPEATED_DATA: u64 = 4096;

/// An address and an offset from it.
pub(super) type Place = (Value, u64);

/// Where an expression's value is found.
enum Found {
    Values(Vec<Value>),
    Memory(Place),
}

impl<'p> Translator<'_, 'p> {
    /// A fresh stack slot for an array.
    pub(super) fn array_slot(&mut self, ty: &Type) -> Flow<StackSlot> {
        let bytes = size_align(ty).0.max(1).next_multiple_of(16);
        self.stack_bytes = self.stack_bytes.saturating_add(bytes);
        if self.stack_bytes > LARGEST_FRAME {
            let function = self.frames.first().map_or("", |f| &f.function.name.0);
            return Err(Stop::Failed(CodegenError::new(
                CodegenErrorKind::TooLarge,
                format!(
                    "function `{function}` needs {} bytes of stack for fixed-size arrays, but at \
                     most {LARGEST_FRAME} are supported; use local arrays (`Array1`) instead",
                    self.stack_bytes
                ),
            )));
        }
        Ok(self.builder.create_sized_stack_slot(ir::StackSlotData::new(
            ir::StackSlotKind::ExplicitSlot,
            bytes as u32,
            4,
        )))
    }

    /// The address of fresh memory for an array.
    pub(super) fn fresh_array(&mut self, ty: &Type) -> Flow<Value> {
        let slot = self.array_slot(ty)?;
        Ok(self.builder.ins().stack_addr(WORD, slot, 0))
    }

    /// The same value with its arrays in memory of their own.
    pub(super) fn copied(&mut self, ty: &Type, mut values: Vec<Value>) -> Flow<Vec<Value>> {
        for (value, array) in values.iter_mut().zip(array_leaves(ty)) {
            if let Some(array) = array {
                let copy = self.fresh_array(array)?;
                self.copy_memory(copy, *value, size_align(array).0)?;
                *value = copy;
            }
        }
        Ok(values)
    }

    /// Copies bytes between places that are the same or do not overlap.
    pub(super) fn copy_memory(&mut self, to: Value, from: Value, size: u64) -> Flow<()> {
        let flags = MemFlagsData::new().with_notrap();
        let looped = if size > LARGEST_PLAIN_COPY {
            size / 32 * 32
        } else {
            0
        };
        if looped > 0 {
            self.repeat_to(looped, 32, |t, at| {
                let from = t.builder.ins().iadd(from, at);
                let to = t.builder.ins().iadd(to, at);
                for offset in [0, 16] {
                    let bytes = t.builder.ins().load(types::I8X16, flags, from, offset);
                    t.builder.ins().store(flags, bytes, to, offset);
                }
                Ok(())
            })?;
        }
        let mut offset = looped;
        while offset < size {
            let part = match size - offset {
                16.. => types::I8X16,
                8.. => types::I64,
                4.. => types::I32,
                2.. => types::I16,
                _ => types::I8,
            };
            let value = self.builder.ins().load(part, flags, from, offset as i32);
            self.builder.ins().store(flags, value, to, offset as i32);
            offset += u64::from(part.bytes());
        }
        Ok(())
    }

    /// Runs `body` with the offsets `0, step, ..` below `end`, which is not 0.
    fn repeat_to(
        &mut self,
        end: u64,
        step: u64,
        body: impl FnOnce(&mut Self, Value) -> Flow<()>,
    ) -> Flow<()> {
        let header = self.builder.create_block();
        let exit = self.builder.create_block();
        let at = self.builder.append_block_param(header, WORD);
        let zero = self.word(0);
        self.jump(header, &[zero]);
        self.builder.switch_to_block(header);
        body(self, at)?;
        let next = self.builder.ins().iadd_imm_s(at, step as i64);
        let end = self.word(end);
        let more = self.builder.ins().icmp(IntCC::UnsignedLessThan, next, end);
        self.builder
            .ins()
            .brif(more, header, &[next.into()], exit, &[]);
        self.builder.seal_block(header);
        self.open(exit);
        Ok(())
    }

    /// An offset that fits an instruction, added to the address where it does not.
    fn reach(&mut self, (address, offset): Place) -> (Value, i32) {
        match i32::try_from(offset) {
            Ok(offset) => (address, offset),
            Err(_) => {
                let offset = self.word(offset);
                (self.builder.ins().iadd(address, offset), 0)
            }
        }
    }

    fn address(&mut self, (address, offset): Place) -> Value {
        match offset {
            0 => address,
            _ => {
                let offset = self.word(offset);
                self.builder.ins().iadd(address, offset)
            }
        }
    }

    /// Reads a value; arrays in it are not copied.
    fn load_memory(&mut self, (address, start): Place, ty: &Type) -> Flow<Vec<Value>> {
        let mut values = Vec::new();
        for (offset, leaf) in memory_leaves(ty)? {
            let place = (address, start + offset);
            values.push(match leaf {
                Leaf::Scalar(scalar) => {
                    let (address, offset) = self.reach(place);
                    let flags = MemFlagsData::trusted();
                    let ty = machine_type(scalar);
                    self.builder.ins().load(ty, flags, address, offset)
                }
                Leaf::Array(_) => self.address(place),
            });
        }
        Ok(values)
    }

    /// Writes a value.
    pub(super) fn store_memory(
        &mut self,
        (address, start): Place,
        ty: &Type,
        values: &[Value],
    ) -> Flow<()> {
        let leaves = memory_leaves(ty)?;
        if leaves.len() != values.len() {
            return Err(malformed("a value of the wrong type goes into an array"));
        }
        for ((offset, leaf), &value) in leaves.into_iter().zip(values) {
            let place = (address, start + offset);
            match leaf {
                Leaf::Scalar(scalar) => {
                    if self.builder.func.dfg.value_type(value) != machine_type(scalar) {
                        return Err(malformed("an array's element is set to another type"));
                    }
                    let (address, offset) = self.reach(place);
                    let flags = MemFlagsData::trusted();
                    self.builder.ins().store(flags, value, address, offset);
                }
                Leaf::Array(array) => {
                    let to = self.address(place);
                    self.copy_memory(to, value, size_align(array).0)?;
                }
            }
        }
        Ok(())
    }

    /// A member of a tuple in memory.
    pub(super) fn member_place<'t>(
        &mut self,
        (address, offset): Place,
        ty: &'t Type,
        number: u32,
    ) -> Flow<(Place, &'t Type)> {
        let found = match ty {
            Type::Tuple(members) => member_offset(members, number as usize),
            _ => None,
        };
        let (inside, ty) = found.ok_or_else(|| malformed("a member of no tuple in memory"))?;
        Ok(((address, offset + inside), ty))
    }

    /// An element of an array in memory, with its bounds check.
    pub(super) fn element<'t>(
        &mut self,
        (address, offset): Place,
        ty: &'t Type,
        index: &'p Expr,
        site: SiteId,
    ) -> Flow<(Place, &'t Type)> {
        let Type::Array(element, length) = ty else {
            return Err(malformed(format!("an element of a value of type {ty:?}")));
        };
        let index = self.scalar(index)?;
        let stride = size_align(element).0;
        let constant = self.constant_bits(index);
        if let Some(index) = constant.filter(|&index| index < u64::from(*length)) {
            self.unit.loops.not_needed();
            return Ok(((address, offset + index * stride), element));
        }
        let length = self.word(u64::from(*length));
        self.check_index(index, length, 0, site);
        let distance = self.builder.ins().imul_imm_s(index, stride as i64);
        let address = self.builder.ins().iadd(address, distance);
        Ok(((address, offset), element))
    }

    /// The value of an expression that is used before anything else runs: arrays in it may be
    /// those of locals.
    pub(super) fn immediate(&mut self, e: &'p Expr) -> Flow<Vec<Value>> {
        match self.find(e)? {
            Found::Values(values) => Ok(values),
            Found::Memory(place) => self.load_memory(place, &e.ty),
        }
    }

    /// The value of a local, a member, an element or a global.
    pub(super) fn part(&mut self, e: &'p Expr) -> Flow<Vec<Value>> {
        let values = self.immediate(e)?;
        let mut root = e;
        while let ExprKind::Member(inner, _) | ExprKind::Index { array: inner, .. } = &root.kind {
            root = inner;
        }
        match root.kind {
            ExprKind::Local(local) if has_arrays(&e.ty) && self.may_change(local) => {
                self.copied(&e.ty, values)
            }
            _ => Ok(values),
        }
    }

    fn find(&mut self, e: &'p Expr) -> Flow<Found> {
        match &e.kind {
            ExprKind::Local(local) => self.local_in_place(*local).map(Found::Values),
            ExprKind::Member(inner, number) => match self.find(inner)? {
                Found::Values(values) => {
                    let (first, ty) = member(&inner.ty, *number)?;
                    let parts = machine_types(ty).len();
                    values
                        .get(first..first + parts)
                        .map(|values| Found::Values(values.to_vec()))
                        .ok_or_else(|| malformed("a member of a value that is too short"))
                }
                Found::Memory(place) => {
                    let (place, _) = self.member_place(place, &inner.ty, *number)?;
                    Ok(Found::Memory(place))
                }
            },
            ExprKind::Index { array, index, site } => {
                let place = match self.find(array)? {
                    Found::Memory(place) => place,
                    Found::Values(values) => match values[..] {
                        [address] => (address, 0),
                        _ => return Err(malformed("an element of no array")),
                    },
                };
                let (place, _) = self.element(place, &array.ty, index, *site)?;
                Ok(Found::Memory(place))
            }
            ExprKind::Global(global) => self.global(*global).map(Found::Memory),
            _ => self.expr(e).map(Found::Values),
        }
    }

    /// Where a global lies.
    fn global(&mut self, global: GlobalId) -> Flow<Place> {
        let Some(&offset) = self.unit.global_offsets.get(global.0 as usize) else {
            return Err(malformed(format!("there is no global {}", global.0)));
        };
        Ok((self.globals(), offset as u64))
    }

    /// The block of globals.
    pub(crate) fn globals(&mut self) -> Value {
        let flags = MemFlagsData::trusted();
        self.builder.ins().load(WORD, flags, self.context, GLOBALS)
    }

    /// `[a, b, ..]` and `[a; n]`.
    pub(super) fn new_array(&mut self, e: &'p Expr) -> Flow<Vec<Value>> {
        if let Some(address) = self.constant_array(e)? {
            return Ok(vec![address]);
        }
        let address = self.fresh_array(&e.ty)?;
        self.build((address, 0), &e.ty, e)?;
        Ok(vec![address])
    }

    /// The address of a constant array in the object's data, if `e` is one that belongs there.
    fn constant_array(&mut self, e: &Expr) -> Flow<Option<Value>> {
        let size = size_align(&e.ty).0;
        let belongs = match e.kind {
            ExprKind::Array(_) => size >= SMALLEST_DATA,
            _ => (SMALLEST_DATA..=LARGEST_REPEATED_DATA).contains(&size),
        };
        if !belongs || !is_constant(e) {
            return Ok(None);
        }
        let Some(length) = usize::try_from(size).ok().filter(|&n| n <= LARGEST_DATA) else {
            return Ok(None);
        };
        let mut bytes = vec![0; length];
        if constant_bytes(e, &mut bytes).is_none() {
            return Ok(None);
        }
        let data = self.unit.data(bytes)?;
        let value = self.unit.data_reference(data, self.builder.func);
        Ok(Some(self.builder.ins().symbol_value(WORD, value)))
    }

    /// Writes a value to a place that nothing in `e` reads.
    pub(super) fn build(&mut self, place: Place, ty: &Type, e: &'p Expr) -> Flow<()> {
        let (address, start) = place;
        match (&e.kind, ty) {
            (ExprKind::Array(elements), Type::Array(element, length))
                if elements.len() as u64 == u64::from(*length) =>
            {
                if let Some(data) = self.constant_array(e)? {
                    let to = self.address(place);
                    return self.copy_memory(to, data, size_align(ty).0);
                }
                let stride = size_align(element).0;
                for (k, value) in elements.iter().enumerate() {
                    self.build((address, start + k as u64 * stride), element, value)?;
                }
                Ok(())
            }
            (ExprKind::Repeat(value), Type::Array(element, length)) => {
                let values = self.expr(value)?;
                self.fill(place, element, u64::from(*length), &values)
            }
            (ExprKind::Tuple(parts), Type::Tuple(members)) if parts.len() == members.len() => {
                for (number, part) in parts.iter().enumerate() {
                    let (place, ty) = self.member_place(place, ty, number as u32)?;
                    self.build(place, ty, part)?;
                }
                Ok(())
            }
            _ => {
                let values = self.immediate(e)?;
                self.store_memory(place, ty, &values)
            }
        }
    }

    /// Writes equal elements.
    fn fill(&mut self, place: Place, element: &Type, count: u64, values: &[Value]) -> Flow<()> {
        let (stride, _) = size_align(element);
        let (address, start) = place;
        if count <= 8 || stride == 0 {
            for k in 0..count.min(if stride == 0 { 0 } else { count }) {
                self.store_memory((address, start + k * stride), element, values)?;
            }
            return Ok(());
        }
        let address = self.address(place);
        let (Type::Scalar(scalar), &[value]) = (element, values) else {
            return self.repeat_to(count * stride, stride, |t, at| {
                let address = t.builder.ins().iadd(address, at);
                t.store_memory((address, 0), element, values)
            });
        };
        let ty = machine_type(*scalar);
        if self.builder.func.dfg.value_type(value) != ty {
            return Err(malformed("an array's element is set to another type"));
        }
        let lanes = 16 / stride;
        let vector = ty
            .by(lanes as u32)
            .ok_or_else(|| malformed("a vector of no lanes"))?;
        let splat = self.builder.ins().splat(vector, value);
        let whole = count / lanes * lanes;
        if whole > 0 {
            self.repeat_to(whole * stride, 16, |t, at| {
                let address = t.builder.ins().iadd(address, at);
                let flags = MemFlagsData::new().with_notrap();
                t.builder.ins().store(flags, splat, address, 0);
                Ok(())
            })?;
        }
        for k in whole..count {
            self.store_memory((address, k * stride), element, values)?;
        }
        Ok(())
    }

    /// An assignment.
    pub(super) fn assignment(&mut self, statement: &'p Statement) -> Flow<()> {
        let Statement::Assign { local, path, value } = statement else {
            return Err(malformed("no assignment"));
        };
        if !has_arrays(&value.ty) {
            let values = self.expr(value)?;
            return self.assign(*local, path, values);
        }
        let own = !self.is_defined_once(*local);
        if own && path.is_empty() {
            let new = matches!(value.kind, ExprKind::Array(_) | ExprKind::Repeat(_));
            if new
                && is_simple(value)
                && !mentions(value, *local)
                && let Some(address) = self.own_array(*local)?
            {
                return self.build((address, 0), &value.ty, value);
            }
        }
        // Where the value is copied at once it may stay where it is.
        let at_once = path.iter().all(|step| match step {
            brolga_lang::ir::Step::Member(_) => true,
            brolga_lang::ir::Step::Index(index, _) => is_simple(index),
        });
        let values = match own && at_once {
            true => self.immediate(value)?,
            false => self.expr(value)?,
        };
        self.assign(*local, path, values)
    }
}

/// The largest constant array, in bytes.
const LARGEST_DATA: usize = 16 << 20;

/// Whether an expression is made of constants alone.
fn is_constant(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Const(_) => true,
        ExprKind::Array(parts) | ExprKind::Tuple(parts) => parts.iter().all(is_constant),
        ExprKind::Repeat(value) => is_constant(value),
        _ => false,
    }
}

/// Writes a constant into zeroed bytes of its size; `None` if it is malformed.
fn constant_bytes(e: &Expr, bytes: &mut [u8]) -> Option<()> {
    match (&e.kind, &e.ty) {
        (ExprKind::Const(bits), Type::Scalar(_)) => {
            let size = bytes.len();
            bytes.copy_from_slice(bits.to_le_bytes().get(..size)?);
            Some(())
        }
        (ExprKind::Tuple(parts), Type::Tuple(members)) => {
            for (number, part) in parts.iter().enumerate() {
                let (offset, ty) = member_offset(members, number)?;
                let end = offset + size_align(ty).0;
                constant_bytes(part, bytes.get_mut(offset as usize..end as usize)?)?;
            }
            Some(())
        }
        (ExprKind::Array(parts), Type::Array(element, length)) => {
            let size = size_align(element).0 as usize;
            if parts.len() as u64 != u64::from(*length) || size == 0 {
                return None;
            }
            for (part, bytes) in parts.iter().zip(bytes.chunks_exact_mut(size)) {
                constant_bytes(part, bytes)?;
            }
            Some(())
        }
        (ExprKind::Repeat(value), Type::Array(element, _)) => {
            let size = size_align(element).0 as usize;
            if size == 0 {
                return None;
            }
            for bytes in bytes.chunks_exact_mut(size) {
                constant_bytes(value, bytes)?;
            }
            Some(())
        }
        _ => None,
    }
}

/// Whether an expression only computes: it sets nothing and jumps nowhere.
pub(super) fn is_simple(e: &Expr) -> bool {
    let plain = matches!(
        e.kind,
        ExprKind::Const(_)
            | ExprKind::Local(_)
            | ExprKind::Member(..)
            | ExprKind::Tuple(_)
            | ExprKind::Array(_)
            | ExprKind::Repeat(_)
            | ExprKind::Index { .. }
            | ExprKind::Global(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Division { .. }
            | ExprKind::Cast(_)
            | ExprKind::Fma(..)
            | ExprKind::Load { .. }
            | ExprKind::Dim(..)
    );
    let mut simple = plain;
    walk::parts(e, &mut |part| {
        simple = simple
            && match part {
                walk::Part::Expr(inner) => is_simple(inner),
                walk::Part::Block(_) | walk::Part::Repeated(_) => false,
            };
    });
    simple
}

/// Whether an expression names a local.
fn mentions(e: &Expr, local: LocalId) -> bool {
    let own = match &e.kind {
        ExprKind::Local(named) | ExprKind::Dim(named, _) | ExprKind::Load { view: named, .. } => {
            *named == local
        }
        _ => false,
    };
    let mut found = own;
    walk::parts(e, &mut |part| {
        found = found
            || match part {
                walk::Part::Expr(inner) => mentions(inner, local),
                // Only asked of simple expressions; a block may do anything.
                walk::Part::Block(Block { .. }) | walk::Part::Repeated(_) => true,
            };
    });
    found
}
