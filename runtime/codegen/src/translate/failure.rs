//! How compiled code fails: what it writes into the context and how it returns. All
//! failures of a machine function end in a few cold blocks that are written last.
//!
//! Invariant: when a function returns a status other than `Ok`, the context's error says
//! site and payload; which element failed is written by whoever knows it, that is the loop
//! over elements or the body of a `prange`, on the way out (so that of nested `prange`
//! loops the variable of the outermost is reported).

use std::mem::offset_of;

use brolga_abi::{KernelContext, KernelError, Status};
use brolga_lang::ir::SiteId;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, Value, types};
use cranelift_frontend::Variable;

use super::scratch::Scratch;
use super::{Stop, Translator};

const SITE: i32 = (offset_of!(KernelContext, error) + offset_of!(KernelError, site)) as i32;
const ELEMENT: i32 = (offset_of!(KernelContext, error) + offset_of!(KernelError, element)) as i32;
const PAYLOAD: i32 = (offset_of!(KernelContext, error) + offset_of!(KernelError, payload)) as i32;
const FIRST_INDEX: i32 = offset_of!(KernelContext, first_index) as i32;
const STACK_LIMIT: i32 = offset_of!(KernelContext, stack_limit) as i32;
pub(super) const GLOBALS: i32 = offset_of!(KernelContext, globals) as i32;
const CANCEL: i32 = offset_of!(KernelContext, cancel) as i32;

/// Which element a failure belongs to.
#[derive(Clone, Copy, Default)]
pub(crate) enum Element {
    /// The caller knows, or there is none: 0.
    #[default]
    Unknown,
    /// The context's first index plus this position in the loop.
    Position(Value),
    /// The 64 bits that this holds, those of a `prange` variable.
    Variable(Variable),
}

/// The blocks where failures end, made when first needed.
#[derive(Clone, Copy, Default)]
pub(super) struct Failures {
    element: Element,
    /// Parameter: the status.
    exit: Option<ir::Block>,
    /// Parameter: the site.
    panic: Option<ir::Block>,
    /// Parameters: the site, the index, the length, the axis.
    bounds: Option<ir::Block>,
    /// Parameters: the site, the payload.
    payload: Option<ir::Block>,
}

impl Translator<'_, '_> {
    /// Says which element is being computed. What it names must have a value in all that follows.
    pub(crate) fn set_element(&mut self, element: Element) {
        self.failures.element = element;
    }

    fn cold_block(&mut self, params: &[ir::Type]) -> ir::Block {
        let block = self.builder.create_block();
        for &ty in params {
            self.builder.append_block_param(block, ty);
        }
        self.builder.set_cold_block(block);
        block
    }

    fn exit_block(&mut self) -> ir::Block {
        match self.failures.exit {
            Some(block) => block,
            None => {
                let block = self.cold_block(&[types::I32]);
                *self.failures.exit.insert(block)
            }
        }
    }

    /// Fails at a site, whatever happens.
    pub(super) fn panic(&mut self, site: SiteId) -> Stop {
        self.unit.loops.kept(site);
        self.jump_to_panic(site);
        Stop::Diverged
    }

    fn jump_to_panic(&mut self, site: SiteId) {
        self.unit.can_fail = true;
        let block = match self.failures.panic {
            Some(block) => block,
            None => {
                let block = self.cold_block(&[types::I32]);
                *self.failures.panic.insert(block)
            }
        };
        let site = self.builder.ins().iconst(types::I32, i64::from(site.0));
        self.jump(block, &[site]);
    }

    /// Fails at a site if `condition` is not 0.
    pub(super) fn panic_if(&mut self, condition: Value, site: SiteId) {
        self.unit.loops.kept(site);
        let fails = self.cold_block(&[]);
        let goes_on = self.builder.create_block();
        self.builder.ins().brif(condition, fails, &[], goes_on, &[]);
        self.open(fails);
        self.jump_to_panic(site);
        self.open(goes_on);
    }

    /// Fails unless `index` is below `length`.
    pub(super) fn check_bounds(&mut self, index: Value, length: Value, axis: u64, site: SiteId) {
        self.unit.can_fail = true;
        let block = match self.failures.bounds {
            Some(block) => block,
            None => {
                let block = self.cold_block(&[types::I32, types::I64, types::I64, types::I64]);
                *self.failures.bounds.insert(block)
            }
        };
        let fails = self.cold_block(&[]);
        let goes_on = self.builder.create_block();
        let inside = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThan, index, length);
        self.builder.ins().brif(inside, goes_on, &[], fails, &[]);
        self.open(fails);
        let site = self.builder.ins().iconst(types::I32, i64::from(site.0));
        let axis = self.word(axis);
        self.jump(block, &[site, index, length, axis]);
        self.open(goes_on);
    }

    /// Fails at a site with a payload if `condition` is not 0.
    pub(super) fn fail_if(&mut self, condition: Value, site: SiteId, payload: [Value; 4]) {
        self.unit.can_fail = true;
        let block = match self.failures.payload {
            Some(block) => block,
            None => {
                let word = types::I64;
                let block = self.cold_block(&[types::I32, word, word, word, word]);
                *self.failures.payload.insert(block)
            }
        };
        let fails = self.cold_block(&[]);
        let goes_on = self.builder.create_block();
        self.builder.ins().brif(condition, fails, &[], goes_on, &[]);
        self.open(fails);
        let site = self.builder.ins().iconst(types::I32, i64::from(site.0));
        let [a, b, c, d] = payload;
        self.jump(block, &[site, a, b, c, d]);
        self.open(goes_on);
    }

    /// Leaves the machine function if a callee's status is not `Ok`.
    pub(super) fn check_status(&mut self, status: Value) {
        let exit = self.exit_block();
        let goes_on = self.builder.create_block();
        self.builder
            .ins()
            .brif(status, exit, &[status.into()], goes_on, &[]);
        self.open(goes_on);
    }

    fn leave_if(&mut self, condition: Value, status: Status) {
        let exit = self.exit_block();
        let fails = self.cold_block(&[]);
        let goes_on = self.builder.create_block();
        self.builder.ins().brif(condition, fails, &[], goes_on, &[]);
        self.open(fails);
        let status = self.builder.ins().iconst(types::I32, status as i64);
        self.jump(exit, &[status]);
        self.open(goes_on);
    }

    /// Fails if the stack has reached the context's limit. A limit of 0 is below any stack.
    pub(super) fn check_stack(&mut self) {
        self.unit.can_fail = true;
        let limit = self.builder.ins().load(
            types::I64,
            MemFlagsData::trusted(),
            self.context,
            STACK_LIMIT,
        );
        let stack = self.builder.ins().get_stack_pointer(types::I64);
        self.leave_below(stack, limit);
    }

    /// Fails if the stack has no room for a frame of so many bytes above the context's limit.
    pub(super) fn check_room(&mut self, bytes: u64) {
        self.unit.can_fail = true;
        let flags = MemFlagsData::trusted();
        let limit = self
            .builder
            .ins()
            .load(types::I64, flags, self.context, STACK_LIMIT);
        // A limit of 0 must stay below any stack.
        let bytes = self.word(bytes);
        let raised = self.builder.ins().iadd(limit, bytes);
        let limit = self.builder.ins().select(limit, raised, limit);
        let stack = self.builder.ins().get_stack_pointer(types::I64);
        self.leave_below(stack, limit);
    }

    fn leave_below(&mut self, stack: Value, limit: Value) {
        let below = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThan, stack, limit);
        self.leave_if(below, Status::StackOverflow);
    }

    /// Finds the cancel flag, before the loops that will read it. Without one it is a
    /// word of 0 on the stack, so that the loops need no second test.
    pub(crate) fn find_cancel_flag(&mut self) {
        let slot = self.builder.create_sized_stack_slot(ir::StackSlotData::new(
            ir::StackSlotKind::ExplicitSlot,
            8,
            3,
        ));
        let never = self.builder.ins().stack_addr(types::I64, slot, 0);
        let zero = self.word(0);
        self.builder
            .ins()
            .store(MemFlagsData::trusted(), zero, never, 0);
        let flag =
            self.builder
                .ins()
                .load(types::I64, MemFlagsData::trusted(), self.context, CANCEL);
        let flag = self.builder.ins().select(flag, flag, never);
        self.cancel = Some(flag);
    }

    /// The address of the cancel flag, where the machine function has an endless loop.
    pub(crate) fn cancel_flag(&self) -> Option<Value> {
        self.cancel
    }

    /// Leaves the machine function if the call was cancelled.
    pub(super) fn check_cancelled(&mut self) {
        let Some(flag) = self.cancel else {
            return;
        };
        // Atomic, or alias analysis would take one load for that of another loop.
        let cancelled = self
            .builder
            .ins()
            .atomic_load(types::I32, MemFlagsData::trusted(), flag);
        self.leave_if(cancelled, Status::Cancelled);
    }

    /// Writes the blocks where failures end. No block may be open.
    pub(super) fn define_failures(&mut self) {
        let trusted = MemFlagsData::trusted();
        let Failures {
            element,
            exit: _,
            panic,
            bounds,
            payload,
        } = self.failures;
        for block in [panic, bounds, payload] {
            let Some(block) = block else {
                continue;
            };
            self.open(block);
            let params = self.builder.block_params(block).to_vec();
            self.builder
                .ins()
                .store(trusted, params[0], self.context, SITE);
            let zero = self.word(0);
            for k in 0..4 {
                let word = params.get(1 + k).copied().unwrap_or(zero);
                let offset = PAYLOAD + 8 * k as i32;
                self.builder
                    .ins()
                    .store(trusted, word, self.context, offset);
            }
            if let Element::Unknown = element {
                self.builder
                    .ins()
                    .store(trusted, zero, self.context, ELEMENT);
            }
            let exit = self.exit_block();
            let status = self.builder.ins().iconst(types::I32, Status::Panic as i64);
            self.jump(exit, &[status]);
        }
        let Some(exit) = self.failures.exit else {
            return;
        };
        self.open(exit);
        let status = self.builder.block_params(exit)[0];
        let element = match element {
            Element::Unknown => None,
            Element::Position(position) => {
                let first = self
                    .builder
                    .ins()
                    .load(types::I64, trusted, self.context, FIRST_INDEX);
                Some(self.builder.ins().iadd(first, position))
            }
            Element::Variable(variable) => Some(self.builder.use_var(variable)),
        };
        if let Some(element) = element {
            self.builder
                .ins()
                .store(trusted, element, self.context, ELEMENT);
        }
        self.end_scratch();
        self.builder.ins().return_(&[status]);
    }

    fn end_scratch(&mut self) {
        if let Some(Scratch { mark, end }) = self.scratch {
            self.builder.ins().call(end, &[mark]);
        }
    }

    /// Ends the machine function with `Ok`.
    pub(crate) fn return_ok(&mut self) {
        self.end_scratch();
        let status = self.builder.ins().iconst(types::I32, Status::Ok as i64);
        self.builder.ins().return_(&[status]);
    }
}
