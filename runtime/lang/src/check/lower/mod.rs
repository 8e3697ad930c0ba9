//! From checked bodies to the IR: one function of the IR for each function and list of type
//! arguments that the kernel reaches. `build.rs` makes expressions, `expr.rs`,
//! `assign.rs`, `matching.rs` and `loops.rs` translate, this file holds what they share and
//! puts the program together. Invariant: only bodies without errors are lowered, so nothing
//! here reports a user's mistake except limits.

mod adt;
mod array_views;
mod arrays;
mod assign;
pub(crate) mod build;
mod closures;
mod compare;
pub(crate) mod data;
mod expr;
mod inline;
mod iter;
mod loops;
mod matching;
mod reduce;
mod slices;

use std::collections::HashMap;
use std::rc::Rc;

use brolga_abi::{FunctionMeta, KernelKind};

use crate::check::session::Session;
use crate::check::statics::StaticIndex;
use crate::check::tree::{Body, FnIndex, LocalIndex, LoopIndex, Pattern, PatternKind};
use crate::check::ty::{Ty, close, show, substitute};
use crate::diagnostic::Diagnostic;
use crate::ir::{
    self, Element, Entry, Function, FunctionId, LocalId, LoopId, Operand, Program, Scalar, Type,
    Unhashed, ViewType,
};
use crate::walk;
pub(super) use adt::is_copied;
use build::{Builder, Output};

/// How many functions a program may have.
const MAX_FUNCTIONS: usize = 1000;
/// How many expressions a program may have.
const MAX_EXPRESSIONS: usize = 500_000;

/// The functions of a program that are asked for so far.
#[derive(Debug, Default)]
pub(crate) struct Instances {
    numbers: HashMap<(FnIndex, Vec<Ty>), FunctionId>,
    queue: Vec<(FnIndex, Vec<Ty>)>,
    /// The statics that are read, by their number in the session.
    globals: Vec<StaticIndex>,
}

impl Instances {
    fn number(&mut self, function: FnIndex, types: Vec<Ty>) -> FunctionId {
        let key = (function, types);
        if let Some(id) = self.numbers.get(&key) {
            return *id;
        }
        let id = FunctionId(self.queue.len() as u32);
        self.queue.push(key.clone());
        self.numbers.insert(key, id);
        id
    }
}

/// Where a local of the typed tree lives.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    /// A local of the IR.
    Local(LocalId, Type),
    /// An element of a view, from `iter_mut`.
    Element(LocalId, Vec<LocalId>, Element),
    /// What a mutable reference points to: a part of a local, whose indices are constants and
    /// variables of their own.
    Place(LocalId, Vec<ir::Step>),
    /// It has a type without values, or is not seen yet.
    Nothing,
}

/// What `break` and `continue` of a loop become.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jumps {
    pub(crate) leave: LoopId,
    /// The loop to continue, or the block to leave for it.
    pub(crate) next: Result<LoopId, LoopId>,
}

/// The translation of one function.
pub(crate) struct Lower<'x, 'a> {
    pub(crate) session: &'x mut Session<'a>,
    pub(crate) b: Builder<'x>,
    body: &'x Body,
    /// The type arguments, without variables and parameters.
    types: Rc<[Ty]>,
    slots: Vec<Slot>,
    jumps: HashMap<LoopIndex, Jumps>,
    /// The reduction variables of the `prange` loops around.
    reduced: Vec<LocalIndex>,
    /// The parameters whose values are given back with the result.
    given_back: Vec<LocalIndex>,
    /// `None` in constants, which call nothing.
    instances: Option<&'x mut Instances>,
    budget: &'x mut usize,
    /// The closures that are bound by now.
    closures: closures::Bound<'x>,
    /// Where `return` leads to, in a function in place.
    leave: Option<inline::Leave>,
    /// All functions in place that are open, and which of them is at hand.
    frames: Vec<inline::Frame<'x>>,
    frame: usize,
    bodies: &'x inline::Bodies,
}

impl<'x, 'a> Lower<'x, 'a> {
    pub(crate) fn new(
        session: &'x mut Session<'a>,
        b: Builder<'x>,
        body: &'x Body,
        types: &[Ty],
        bodies: &'x inline::Bodies,
        instances: Option<&'x mut Instances>,
        budget: &'x mut usize,
    ) -> Lower<'x, 'a> {
        let types: Rc<[Ty]> = Rc::from(types);
        Lower {
            frames: vec![Self::frame_of(body, Rc::clone(&types), String::new())],
            frame: 0,
            leave: None,
            bodies,
            session,
            b,
            body,
            types,
            slots: vec![Slot::Nothing; body.locals.len()],
            jumps: HashMap::new(),
            reduced: Vec::new(),
            given_back: Vec::new(),
            instances,
            budget,
            closures: closures::Bound::default(),
        }
    }

    /// The type with everything known.
    pub(crate) fn ground(&self, ty: &Ty) -> Ty {
        substitute(&close(ty, &self.body.types), &self.types)
    }

    /// The type in the IR.
    pub(crate) fn ty(&self, ty: &Ty) -> Type {
        erase(self.session, &self.ground(ty))
    }

    /// The type in the IR of what must be a scalar.
    pub(crate) fn scalar(&self, ty: &Ty) -> Scalar {
        match self.ty(ty) {
            Type::Scalar(s) => s,
            // Only what is never evaluated has another type here.
            Type::Tuple(_) | Type::View(_) | Type::Array(..) | Type::Never => Scalar::Bool,
        }
    }

    /// The local of the IR for a local that is bound now.
    fn declare(&mut self, local: LocalIndex) -> Slot {
        if let Slot::Nothing = self.slots[local] {
            let declared = &self.body.locals[local];
            let ty = self.ty(&declared.ty);
            if ty != Type::Never {
                let id = self.b.local(&declared.name, ty.clone());
                self.slots[local] = Slot::Local(id, ty);
            }
        }
        self.slots[local].clone()
    }

    /// The value of a static.
    fn global(&mut self, number: StaticIndex, ty: &Ty) -> ir::Expr {
        let ty = self.ty(ty);
        let Some(instances) = self.instances.as_deref_mut() else {
            // Constants that read a static are refused.
            return build::unit();
        };
        let known = instances.globals.iter().position(|n| *n == number);
        let place = known.unwrap_or_else(|| {
            instances.globals.push(number);
            instances.globals.len() - 1
        });
        let kind = ir::ExprKind::Global(ir::GlobalId(place as u32));
        ir::Expr { ty, kind }
    }

    /// The whole function, of this name.
    fn function(mut self, result: &Ty, name: String) -> Function {
        let params = self.body.params.len();
        let mut ids = Vec::new();
        for local in 0..params {
            match self.declare(local) {
                Slot::Local(id, _) => ids.push(id),
                Slot::Element(..) | Slot::Place(..) | Slot::Nothing => {
                    ids.push(self.b.local("", Type::UNIT))
                }
            }
        }
        let mut statements = Vec::new();
        let body = self.body;
        self.given_back = (0..params)
            .filter(|local| is_copied(&body.locals[*local].ty))
            .collect();
        for (local, pattern) in body.params.iter().enumerate() {
            self.parameter(local, pattern, &mut statements);
        }
        let value = self.expr(&body.value);
        let value = self.with_given_back(value);
        let mut block = build::value(value);
        statements.append(&mut block.statements);
        Function {
            name: Unhashed(name),
            params: ids,
            result: self.full_result(result),
            body: ir::Block {
                statements,
                value: block.value,
            },
            recursive: false,
            locals: self.b.locals,
            loops: Unhashed(self.b.loops),
        }
    }

    fn parameter(&mut self, local: LocalIndex, pattern: &'x Pattern, out: &mut Vec<ir::Statement>) {
        let plain = matches!(pattern.kind, PatternKind::Binding(own, None) if own == local);
        if let (false, Slot::Local(id, ty)) = (plain, self.slots[local].clone()) {
            let subject = matching::Subject::Value(build::local(id, ty));
            self.bind(pattern, &subject, out);
        }
    }
}

/// The type in the IR of a type without variables and parameters.
pub(crate) fn erase(session: &Session<'_>, ty: &Ty) -> Type {
    let erase = |ty: &Ty| erase(session, ty);
    let element_of = |ty: &Ty| element_of(session, ty);
    match ty {
        Ty::Scalar(s) => Type::Scalar(*s),
        Ty::Tuple(members) => Type::Tuple(members.iter().map(erase).collect()),
        Ty::View {
            element,
            ndim,
            mutable,
        } => Type::View(ViewType {
            element: element_of(element),
            ndim: *ndim,
            mutable: *mutable,
        }),
        Ty::Owned { element, ndim } => Type::View(ViewType {
            element: element_of(element),
            ndim: *ndim,
            mutable: true,
        }),
        Ty::Ref(_, inner) => erase(inner),
        Ty::Option(inner) => Type::Tuple(vec![Type::Scalar(Scalar::Bool), erase(inner)]),
        Ty::Complex(inner) => Type::Tuple(vec![erase(inner), erase(inner)]),
        Ty::Half(_) => Type::Scalar(Scalar::U16),
        Ty::Array(inner, n) => Type::Array(Box::new(erase(inner)), *n),
        Ty::Closure(_) => Type::UNIT,
        Ty::Adt(adt, args) => match (session.field_types(adt, args), session.repr(adt)) {
            (Some(fields), _) => Type::Tuple(fields.iter().map(erase).collect()),
            (None, repr) => Type::Scalar(repr.unwrap_or(Scalar::Isize)),
        },
        Ty::Param(_) | Ty::Never | Ty::Var(_) | Ty::Error => Type::Never,
    }
}

fn element_of(session: &Session<'_>, ty: &Ty) -> Element {
    match (ty, erase(session, ty)) {
        (Ty::Complex(_), Type::Tuple(parts)) => match parts.first() {
            Some(Type::Scalar(s)) => Element::Complex(*s),
            _ => Element::Scalar(Scalar::Bool),
        },
        (_, Type::Scalar(s)) => Element::Scalar(s),
        // Only what is never evaluated has another type here.
        _ => Element::Scalar(Scalar::Bool),
    }
}

/// The program for a kernel with these type arguments; `None` if a body that it reaches has
/// errors, which are then in the session.
pub(crate) fn program(
    session: &mut Session<'_>,
    kernel: FnIndex,
    types: &[Ty],
    meta: &FunctionMeta,
) -> Option<Program> {
    let source = session.source;
    let mut output = Output::new(source);
    let mut instances = Instances::default();
    let mut budget = MAX_EXPRESSIONS;
    let mut functions: Vec<Function> = Vec::new();
    let mut failed = false;
    instances.number(kernel, types.to_vec());
    while functions.len() < instances.queue.len() {
        let (index, types) = instances.queue[functions.len()].clone();
        let item = &session.functions[index];
        let (path, span) = (item.path.clone(), item.ast.name.span);
        let signature = Rc::clone(&item.signature);
        if functions.len() == MAX_FUNCTIONS || budget == 0 {
            session.report(
                Diagnostic::new("B0260", span, "the kernel is too large")
                    .label("reached from the kernel")
                    .help(format!("at most {MAX_FUNCTIONS} functions, counted per type, and {MAX_EXPRESSIONS} expressions are compiled together")),
            );
            return None;
        }
        let name = if types.is_empty() {
            path.clone()
        } else {
            let names: Vec<String> = types.iter().map(|ty| show(ty, &[], &|_| "_")).collect();
            format!("{path}::<{}>", names.join(", "))
        };
        let Some(body) = session.body(index) else {
            failed = true;
            functions.push(empty(name));
            continue;
        };
        if let Some(error) = too_large(session, &body, &types) {
            session.report(error);
            failed = true;
            functions.push(empty(name));
            continue;
        }
        let mut bodies = inline::Bodies::new();
        if !inline::collect(session, &body, &mut bodies) {
            failed = true;
            functions.push(empty(name));
            continue;
        }
        let builder = Builder::new(&mut output, path);
        let lower = Lower::new(
            session,
            builder,
            &body,
            &types,
            &bodies,
            Some(&mut instances),
            &mut budget,
        );
        functions.push(lower.function(&signature.result, name));
    }
    let statics = std::mem::take(&mut instances.globals);
    let globals: Option<Vec<ir::Global>> = statics.into_iter().map(|n| session.global(n)).collect();
    if failed || !session.errors.is_empty() {
        return None;
    }
    if budget == 0 {
        // What is inlined was cut off.
        let span = session.functions[kernel].ast.name.span;
        session.report(
            Diagnostic::new("B0260", span, "the kernel is too large")
                .help("closures are inlined wherever they are called, and the body of a loop over `a.chain(b)` stands twice: write functions instead"),
        );
        return None;
    }
    mark_recursive(&mut functions);
    let result = substitute(&session.functions[kernel].signature.result, types);
    let entry = entry(session, &functions[0], &result, meta);
    Some(Program {
        entry,
        functions,
        fastmath: meta.options.fastmath,
        globals: globals?,
        sites: Unhashed(output.sites),
    })
}

/// Whether a variable of a function has more parts than are possible.
fn too_large(session: &Session<'_>, body: &Body, types: &[Ty]) -> Option<Diagnostic> {
    let limit = crate::check::adt::MAX_PARTS;
    body.locals.iter().find_map(|local| {
        let ty = substitute(&close(&local.ty, &body.types), types);
        (session.parts(&ty, &[]) > 2 * limit).then(|| {
            Diagnostic::new(
                "B0303",
                local.span,
                format!("a value of more than {limit} parts"),
            )
            .help("keep the values in an array view")
        })
    })
}

fn empty(name: String) -> Function {
    Function {
        name: Unhashed(name),
        params: Vec::new(),
        locals: Vec::new(),
        result: Type::UNIT,
        body: ir::Block {
            statements: Vec::new(),
            value: None,
        },
        loops: Unhashed(Vec::new()),
        recursive: false,
    }
}

/// The parts of a kernel's result.
fn elements(session: &Session<'_>, result: &Ty) -> Vec<Element> {
    match result {
        Ty::Tuple(members) => members.iter().map(|m| element_of(session, m)).collect(),
        Ty::Never => Vec::new(),
        one => vec![element_of(session, one)],
    }
}

fn entry(session: &Session<'_>, kernel: &Function, result: &Ty, meta: &FunctionMeta) -> Entry {
    let tys = kernel
        .params
        .iter()
        .map(|id| kernel.locals[id.0 as usize].ty.clone());
    let mut next = 0;
    let mut params: Vec<Operand> = tys
        .map(|ty| {
            let axes = match &ty {
                Type::View(view) => usize::from(view.ndim),
                Type::Scalar(_) | Type::Tuple(_) | Type::Array(..) | Type::Never => 0,
            };
            let core = (next..next + axes).collect();
            next += axes;
            Operand { ty, core }
        })
        .collect();
    let mut core_dims = next;
    let mut fixed_dims = Vec::new();
    let (mut looped, mut parallel) = (true, false);
    match &meta.kind {
        KernelKind::Vectorize => {}
        KernelKind::Guvectorize(signature) => {
            for (operand, core) in params.iter_mut().zip(signature.operands()) {
                operand.core = core.to_vec();
            }
            core_dims = signature.dims.len();
            for (number, dim) in signature.dims.iter().enumerate() {
                if let brolga_abi::CoreDim::Fixed(size) = dim {
                    fixed_dims.push((number, *size));
                }
            }
        }
        KernelKind::Jit { parallel: wanted } => (looped, parallel) = (false, *wanted),
    }
    let results = elements(session, result);
    Entry {
        params,
        results,
        core_dims,
        fixed_dims,
        looped,
        parallel,
    }
}

/// Sets [`Function::recursive`]: a function is recursive if a call can lead back to it.
fn mark_recursive(functions: &mut [Function]) {
    let calls: Vec<Vec<usize>> = functions
        .iter()
        .map(|f| {
            let mut list = Vec::new();
            walk::each(&f.body, &mut |_| {}, &mut |e| {
                if let ir::ExprKind::Call(id, _) = &e.kind {
                    list.push(id.0 as usize);
                }
            });
            list.sort_unstable();
            list.dedup();
            list
        })
        .collect();
    for start in 0..functions.len() {
        let mut seen = vec![false; functions.len()];
        let mut stack = calls[start].clone();
        while let Some(next) = stack.pop() {
            if !seen[next] {
                seen[next] = true;
                stack.extend(&calls[next]);
            }
        }
        functions[start].recursive = seen[start];
    }
}
