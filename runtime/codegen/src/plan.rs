//! What is decided about a program before any code is made: which functions are inlined and
//! which are compiled on their own, how large and how deep the result is, what it costs.
//!
//! Invariant: the calls that are inlined form no cycle, and the sum of all expanded bodies
//! is at most [`LARGEST_PROGRAM`] nodes.

use brolga_lang::ir::{
    BinaryOp, Block, Expr, ExprKind, Function, FunctionId, LocalId, Program, Statement, Type,
    UnaryOp,
};

use crate::error::{CodegenError, CodegenErrorKind};
use crate::layout::has_arrays;
use brolga_lang::layout::size_align;
use brolga_lang::walk::{self, Part};

/// The most IR nodes that are translated for one kernel, after inlining.
pub(crate) const LARGEST_PROGRAM: u64 = 200_000;
/// The deepest nesting of IR nodes, through inlined calls.
pub(crate) const DEEPEST_NESTING: u32 = 4_000;
/// Functions larger than this (in nodes, expanded) with several call sites are compiled on
/// their own; the later values are tried when the program is still too large.
const SEPARATE_ABOVE: [u64; 3] = [2_000, 300, 30];
/// Functions of kernels with arrays of more bytes than this are called only where the stack
/// has room for them.
const SMALL_ARRAYS: u64 = 64;
/// How often a loop of unknown count is taken to run.
const LOOP_WEIGHT: u32 = 10;
/// The cost of a call into the math library.
const MATH_COST: u32 = 20;

/// The plan for one program. All lists are by function number.
pub(crate) struct Plan {
    /// Whether a function is compiled on its own rather than inlined.
    pub separate: Vec<bool>,
    /// What one call costs.
    pub cost: Vec<u32>,
    /// Whether a function, or one that it calls, has a loop without a known count.
    pub endless: Vec<bool>,
    /// Whether a function, or one that it calls, makes local arrays.
    pub allocates: Vec<bool>,
    /// Whether frames may be so large that it is checked first that the stack has room.
    pub large_frames: bool,
    /// How often each local is defined: as a parameter, by an assignment, by a loop.
    pub definitions: Vec<Vec<u32>>,
    /// The deepest nesting of nodes through inlined calls.
    pub depth: u32,
}

/// What one function's own body holds.
struct Summary {
    nodes: u64,
    depth: u32,
    calls: Vec<(usize, u32)>,
    endless: bool,
}

/// Plans a program.
///
/// # Errors
/// `TooLarge` when it exceeds the limits, `Malformed` when its calls are not what the IR
/// promises.
pub(crate) fn plan(program: &Program) -> Result<Plan, CodegenError> {
    let mut summaries = Vec::with_capacity(program.functions.len());
    let mut definitions = Vec::with_capacity(program.functions.len());
    for function in &program.functions {
        summaries.push(summarise(function, program.functions.len())?);
        definitions.push(count_definitions(function)?);
    }
    let Some(_) = program.functions.first() else {
        return Err(CodegenError::malformed("a program without functions"));
    };
    let order = callees_first(program, &summaries)?;
    let mut call_sites = vec![0_u32; program.functions.len()];
    for &(callee, _) in summaries.iter().flat_map(|s| &s.calls) {
        call_sites[callee] += 1;
    }
    let mut total = 0;
    for limit in SEPARATE_ABOVE {
        let mut separate = vec![false; program.functions.len()];
        let mut expanded = vec![0_u64; program.functions.len()];
        let mut depth = vec![0_u32; program.functions.len()];
        for &k in &order {
            expanded[k] = summaries[k].nodes;
            depth[k] = summaries[k].depth;
            for &(callee, at) in &summaries[k].calls {
                if !separate[callee] && !program.functions[callee].recursive {
                    expanded[k] = expanded[k].saturating_add(expanded[callee]);
                    depth[k] = depth[k].max(at.saturating_add(depth[callee]));
                }
            }
            separate[k] =
                program.functions[k].recursive || (expanded[k] > limit && call_sites[k] > 1);
        }
        total = (0..program.functions.len())
            .filter(|&k| k == 0 || separate[k])
            .fold(0_u64, |sum, k| sum.saturating_add(expanded[k]));
        if total > LARGEST_PROGRAM {
            continue;
        }
        let depth = depth.into_iter().max().unwrap_or(0);
        if depth > DEEPEST_NESTING {
            return Err(CodegenError::new(
                CodegenErrorKind::TooLarge,
                format!(
                    "expressions and calls are nested {depth} deep, but at most \
                     {DEEPEST_NESTING} are supported; split the expression with `let`"
                ),
            ));
        }
        let mut cost = vec![0; program.functions.len()];
        let mut endless = vec![false; program.functions.len()];
        for &k in &order {
            cost[k] = block_cost(&program.functions[k].body, &cost);
            let summary = &summaries[k];
            endless[k] =
                summary.endless || summary.calls.iter().any(|&(callee, _)| endless[callee]);
        }
        return Ok(Plan {
            separate,
            cost,
            endless,
            allocates: allocates(program, &summaries),
            large_frames: large_frames(program),
            definitions,
            depth,
        });
    }
    Err(CodegenError::new(
        CodegenErrorKind::TooLarge,
        format!(
            "too large: {total} operations after inlining, but at most {LARGEST_PROGRAM} are \
             supported"
        ),
    ))
}

/// Which functions make local arrays, or call one that does.
fn allocates(program: &Program, summaries: &[Summary]) -> Vec<bool> {
    let mut allocates: Vec<bool> = program
        .functions
        .iter()
        .map(|function| {
            let mut found = false;
            walk::each(&function.body, &mut |_| {}, &mut |e| {
                found |= matches!(e.kind, ExprKind::Allocate { .. });
            });
            found
        })
        .collect();
    loop {
        let mut changed = false;
        for (k, summary) in summaries.iter().enumerate() {
            let calls = summary.calls.iter().any(|&(callee, _)| allocates[callee]);
            if calls && !allocates[k] {
                allocates[k] = true;
                changed = true;
            }
        }
        if !changed {
            return allocates;
        }
    }
}

/// Whether the program's locals and new arrays are more than a few bytes.
fn large_frames(program: &Program) -> bool {
    let sizes = program
        .functions
        .iter()
        .flat_map(|function| &function.locals)
        .filter(|local| has_arrays(&local.ty))
        .map(|local| size_align(&local.ty).0);
    let mut total = sizes.fold(0, u64::saturating_add);
    for function in &program.functions {
        walk::each(&function.body, &mut |_| {}, &mut |e| {
            if matches!(e.kind, ExprKind::Array(_) | ExprKind::Repeat(_)) {
                total = total.saturating_add(size_align(&e.ty).0);
            }
        });
    }
    total > SMALL_ARRAYS
}

fn summarise(function: &Function, functions: usize) -> Result<Summary, CodegenError> {
    let mut summary = Summary {
        nodes: 1,
        depth: 0,
        calls: Vec::new(),
        endless: false,
    };
    summarise_block(&function.body, 1, &mut summary)?;
    if let Some((callee, _)) = summary
        .calls
        .iter()
        .find(|(callee, _)| *callee >= functions)
    {
        return Err(CodegenError::malformed(format!(
            "a call of function {callee} in a program of {functions}"
        )));
    }
    Ok(summary)
}

fn summarise_block(block: &Block, depth: u32, summary: &mut Summary) -> Result<(), CodegenError> {
    summary.nodes += 1 + block.statements.len() as u64;
    let mut result = Ok(());
    walk::block_parts(block, &mut |e| {
        if result.is_ok() {
            result = summarise_expr(e, depth + 1, summary);
        }
    });
    result
}

fn summarise_expr(e: &Expr, depth: u32, summary: &mut Summary) -> Result<(), CodegenError> {
    summary.nodes += 1;
    summary.depth = summary.depth.max(depth);
    if depth > DEEPEST_NESTING {
        return Err(CodegenError::new(
            CodegenErrorKind::TooLarge,
            format!(
                "expressions are nested more than {DEEPEST_NESTING} deep; split them with `let`"
            ),
        ));
    }
    match e.kind {
        ExprKind::Call(FunctionId(callee), _) => summary.calls.push((callee as usize, depth)),
        ExprKind::Loop(..) => summary.endless = true,
        _ => {}
    }
    let mut result = Ok(());
    walk::parts(e, &mut |part| {
        if result.is_ok() {
            result = match part {
                Part::Expr(inner) => summarise_expr(inner, depth + 1, summary),
                Part::Block(block) | Part::Repeated(block) => {
                    summarise_block(block, depth + 1, summary)
                }
            };
        }
    });
    result
}

fn count_definitions(function: &Function) -> Result<Vec<u32>, CodegenError> {
    let mut counts = vec![0_u32; function.locals.len()];
    let mut unknown = None;
    {
        let counts = std::cell::RefCell::new(&mut counts);
        let unknown = std::cell::RefCell::new(&mut unknown);
        let define = |local: LocalId| match counts.borrow_mut().get_mut(local.0 as usize) {
            Some(count) => *count += 1,
            None => **unknown.borrow_mut() = Some(local),
        };
        function.params.iter().for_each(|&param| define(param));
        walk::each(
            &function.body,
            &mut |statement| {
                if let Statement::Assign { local, .. } = statement {
                    define(*local);
                }
            },
            &mut |e| {
                if let ExprKind::For(range) = &e.kind {
                    define(range.variable);
                }
            },
        );
    }
    match unknown {
        None => Ok(counts),
        Some(local) => Err(CodegenError::malformed(format!(
            "function `{}` defines local {}, but has {}",
            function.name.0,
            local.0,
            counts.len()
        ))),
    }
}

/// The functions in an order in which every callee of a non-recursive function stands
/// before it.
fn callees_first(program: &Program, summaries: &[Summary]) -> Result<Vec<usize>, CodegenError> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; summaries.len()];
    let mut order = Vec::with_capacity(summaries.len());
    for root in 0..summaries.len() {
        let mut stack = vec![(root, 0)];
        while let Some((k, next)) = stack.pop() {
            if next == 0 {
                if state[k] != State::New {
                    continue;
                }
                state[k] = State::Open;
            }
            match summaries[k].calls.get(next) {
                Some(&(callee, _)) => {
                    stack.push((k, next + 1));
                    let recursive = program.functions[callee].recursive;
                    if state[callee] == State::Open && !recursive {
                        return Err(CodegenError::malformed(format!(
                            "function `{}` reaches itself but is not marked as recursive",
                            program.functions[callee].name.0
                        )));
                    }
                    if state[callee] == State::New {
                        stack.push((callee, 0));
                    }
                }
                None => {
                    state[k] = State::Done;
                    order.push(k);
                }
            }
        }
    }
    Ok(order)
}

/// The cost of running `block` once, in units of about one simple operation; at least 1.
/// `calls` holds the cost of each function; 0 (a recursive call) counts like a loop.
pub(crate) fn block_cost(block: &Block, calls: &[u32]) -> u32 {
    let mut cost = block
        .statements
        .iter()
        .filter(|statement| matches!(statement, Statement::Store { .. }))
        .count() as u32;
    walk::block_parts(block, &mut |e| {
        cost = cost.saturating_add(expr_cost(e, calls))
    });
    cost.max(1)
}

fn expr_cost(e: &Expr, calls: &[u32]) -> u32 {
    let own = match &e.kind {
        ExprKind::Const(_)
        | ExprKind::Local(_)
        | ExprKind::Member(..)
        | ExprKind::Tuple(_)
        | ExprKind::Dim(..)
        | ExprKind::Global(_)
        | ExprKind::Array(_)
        | ExprKind::Block(_)
        | ExprKind::Labelled(..)
        | ExprKind::Loop(..)
        | ExprKind::Break(..)
        | ExprKind::Continue(_)
        | ExprKind::Return(_)
        | ExprKind::Panic(_) => 0,
        ExprKind::Unary(op, _) => unary_cost(*op),
        ExprKind::Binary(op, ..) => binary_cost(*op),
        ExprKind::Division { .. } => 10,
        ExprKind::Lazy(..) | ExprKind::Cast(_) | ExprKind::Fma(..) | ExprKind::If(..) => 1,
        ExprKind::For(range) => 3 + if range.parallel.is_some() { 50 } else { 0 },
        ExprKind::Load { index, .. } => 1 + index.len() as u32,
        ExprKind::Index { .. } => 2,
        ExprKind::Slice { axes, .. } => 4 * axes.len() as u32,
        ExprKind::Permute(..) => 0,
        ExprKind::Repeat(_) => match &e.ty {
            Type::Array(_, length) => 1 + length / 4,
            _ => 0,
        },
        ExprKind::Allocate { .. } => LOOP_WEIGHT * LOOP_WEIGHT,
        ExprKind::Reduce(..) | ExprKind::Dot(..) => 2 * LOOP_WEIGHT,
        ExprKind::Call(FunctionId(callee), _) => match calls.get(*callee as usize) {
            Some(0) | None => LOOP_WEIGHT * LOOP_WEIGHT,
            Some(&cost) => cost,
        },
    };
    let mut cost = own;
    walk::parts(e, &mut |part| {
        cost = cost.saturating_add(match part {
            Part::Expr(inner) => expr_cost(inner, calls),
            Part::Block(block) => block_cost(block, calls),
            Part::Repeated(block) => block_cost(block, calls).saturating_mul(LOOP_WEIGHT),
        });
    });
    cost
}

fn unary_cost(op: UnaryOp) -> u32 {
    match op {
        UnaryOp::Neg
        | UnaryOp::Not
        | UnaryOp::Abs
        | UnaryOp::ToBits
        | UnaryOp::FromBits
        | UnaryOp::CountOnes
        | UnaryOp::LeadingZeros
        | UnaryOp::TrailingZeros
        | UnaryOp::SwapBytes
        | UnaryOp::Floor
        | UnaryOp::Ceil
        | UnaryOp::Trunc
        | UnaryOp::RoundTiesEven => 1,
        UnaryOp::ReverseBits
        | UnaryOp::F32FromF16
        | UnaryOp::F16FromF32
        | UnaryOp::F16FromF64
        | UnaryOp::F32FromBf16
        | UnaryOp::Bf16FromF32
        | UnaryOp::Bf16FromF64 => 8,
        UnaryOp::Sqrt => 5,
        UnaryOp::Exp
        | UnaryOp::Exp2
        | UnaryOp::ExpM1
        | UnaryOp::Ln
        | UnaryOp::Ln1p
        | UnaryOp::Log2
        | UnaryOp::Log10
        | UnaryOp::Sin
        | UnaryOp::Cos
        | UnaryOp::Tan
        | UnaryOp::Asin
        | UnaryOp::Acos
        | UnaryOp::Atan
        | UnaryOp::Sinh
        | UnaryOp::Cosh
        | UnaryOp::Tanh
        | UnaryOp::Asinh
        | UnaryOp::Acosh
        | UnaryOp::Atanh
        | UnaryOp::Cbrt
        | UnaryOp::Erf
        | UnaryOp::Erfc
        | UnaryOp::Gamma
        | UnaryOp::Lgamma => MATH_COST,
    }
}

fn binary_cost(op: BinaryOp) -> u32 {
    match op {
        BinaryOp::Add
        | BinaryOp::Sub
        | BinaryOp::Mul
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Xor
        | BinaryOp::Shl
        | BinaryOp::Shr
        | BinaryOp::RotateLeft
        | BinaryOp::RotateRight
        | BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge
        | BinaryOp::Min
        | BinaryOp::Max
        | BinaryOp::Copysign => 1,
        BinaryOp::SaturatingAdd | BinaryOp::SaturatingSub | BinaryOp::MulHigh => 3,
        BinaryOp::Div => 5,
        BinaryOp::Powi | BinaryOp::Pow => 10,
        BinaryOp::Rem | BinaryOp::Atan2 | BinaryOp::Hypot | BinaryOp::Powf => MATH_COST,
    }
}
