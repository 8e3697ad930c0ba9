//! Kernel IR by hand, and running what comes out. Not a test.

use std::sync::OnceLock;

use brolga_abi::{KernelContext, KernelFn, PanicKind, Site, Status};
use brolga_codegen::{Compiler, Object, Opt, Switches, TargetSpec};
use brolga_lang::ir::*;

/// A number as bits, zero-extended.
pub trait Bits: Copy + 'static {
    const SCALAR: Scalar;
    fn bits(self) -> u64;
    fn of(bits: u64) -> Self;
}

macro_rules! bits {
    ($($ty:ident $via:ident $scalar:ident),*) => {$(
        impl Bits for $ty {
            const SCALAR: Scalar = Scalar::$scalar;
            fn bits(self) -> u64 { self as $via as u64 }
            fn of(bits: u64) -> Self { bits as Self }
        }
    )*};
}
bits!(i8 u8 I8, i16 u16 I16, i32 u32 I32, i64 u64 I64, isize u64 Isize,
      u8 u8 U8, u16 u16 U16, u32 u32 U32, u64 u64 U64, usize u64 Usize);

impl Bits for bool {
    const SCALAR: Scalar = Scalar::Bool;
    fn bits(self) -> u64 {
        u64::from(self)
    }
    fn of(bits: u64) -> Self {
        bits != 0
    }
}
impl Bits for f32 {
    const SCALAR: Scalar = Scalar::F32;
    fn bits(self) -> u64 {
        u64::from(self.to_bits())
    }
    fn of(bits: u64) -> Self {
        f32::from_bits(bits as u32)
    }
}
impl Bits for f64 {
    const SCALAR: Scalar = Scalar::F64;
    fn bits(self) -> u64 {
        self.to_bits()
    }
    fn of(bits: u64) -> Self {
        f64::from_bits(bits)
    }
}

/// Whether two values are the same but for the sign and payload of a NaN.
pub fn same(scalar: Scalar, a: u64, b: u64) -> bool {
    let nan = |bits| match scalar {
        Scalar::F32 => f32::of(bits).is_nan(),
        Scalar::F64 => f64::of(bits).is_nan(),
        _ => false,
    };
    a == b || (nan(a) && nan(b))
}

pub fn scalar(scalar: Scalar) -> Type {
    Type::Scalar(scalar)
}
pub fn expr(ty: Type, kind: ExprKind) -> Expr {
    Expr { ty, kind }
}
pub fn never(kind: ExprKind) -> Expr {
    expr(Type::Never, kind)
}
pub fn value<T: Bits>(value: T) -> Expr {
    expr(scalar(T::SCALAR), ExprKind::Const(value.bits()))
}
pub fn local(number: u32, ty: Scalar) -> Expr {
    expr(scalar(ty), ExprKind::Local(LocalId(number)))
}
pub fn unary(op: UnaryOp, result: Scalar, a: Expr) -> Expr {
    expr(scalar(result), ExprKind::Unary(op, a.into()))
}
pub fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    let compares = matches!(
        op,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge
    );
    let ty = if compares {
        scalar(Scalar::Bool)
    } else {
        a.ty.clone()
    };
    expr(ty, ExprKind::Binary(op, a.into(), b.into()))
}
pub fn block(statements: Vec<Statement>, value: Option<Expr>) -> Block {
    Block {
        statements,
        value: value.map(Box::new),
    }
}
pub fn assign(number: u32, value: Expr) -> Statement {
    Statement::Assign {
        local: LocalId(number),
        path: Vec::new(),
        value,
    }
}
pub fn when(condition: Expr, then: Vec<Statement>) -> Statement {
    Statement::Expr(expr(
        Type::UNIT,
        ExprKind::If(condition.into(), block(then, None), block(vec![], None)),
    ))
}
pub fn view(element: Scalar, ndim: u8, mutable: bool) -> Type {
    Type::View(ViewType {
        element: Element::Scalar(element),
        ndim,
        mutable,
    })
}
pub fn dim(number: u32, axis: u8) -> Expr {
    expr(scalar(Scalar::Usize), ExprKind::Dim(LocalId(number), axis))
}
pub fn load(number: u32, element: Scalar, index: Vec<Expr>, site: u32) -> Expr {
    expr(
        scalar(element),
        ExprKind::Load {
            view: LocalId(number),
            index,
            site: SiteId(site),
        },
    )
}
pub fn store(number: u32, index: Vec<Expr>, site: u32, value: Expr) -> Statement {
    Statement::Store {
        view: LocalId(number),
        index,
        site: SiteId(site),
        value,
    }
}
pub fn call(number: u32, result: Type, arguments: Vec<Expr>) -> Expr {
    expr(result, ExprKind::Call(FunctionId(number), arguments))
}
pub fn array(element: Type, length: u32) -> Type {
    Type::Array(Box::new(element), length)
}
/// A local of any type.
pub fn whole(number: u32, ty: &Type) -> Expr {
    expr(ty.clone(), ExprKind::Local(LocalId(number)))
}
pub fn member(tuple: Expr, number: u32) -> Expr {
    let Type::Tuple(parts) = &tuple.ty else {
        panic!("a tuple")
    };
    let ty = parts[number as usize].clone();
    expr(ty, ExprKind::Member(tuple.into(), number))
}
pub fn tuple(parts: Vec<Expr>) -> Expr {
    let ty = Type::Tuple(parts.iter().map(|part| part.ty.clone()).collect());
    expr(ty, ExprKind::Tuple(parts))
}
/// `[parts..]`.
pub fn list(parts: Vec<Expr>) -> Expr {
    let ty = array(parts[0].ty.clone(), parts.len() as u32);
    expr(ty, ExprKind::Array(parts))
}
pub fn repeat(value: Expr, length: u32) -> Expr {
    let ty = array(value.ty.clone(), length);
    expr(ty, ExprKind::Repeat(value.into()))
}
/// `array[index]`.
pub fn at(array: Expr, index: Expr, site: u32) -> Expr {
    let Type::Array(element, _) = &array.ty else {
        panic!("an array")
    };
    let ty = (**element).clone();
    let kind = ExprKind::Index {
        array: array.into(),
        index: index.into(),
        site: SiteId(site),
    };
    expr(ty, kind)
}
/// `local path.. = value`.
pub fn set(number: u32, path: Vec<Step>, value: Expr) -> Statement {
    Statement::Assign {
        local: LocalId(number),
        path,
        value,
    }
}
pub fn step(index: Expr, site: u32) -> Step {
    Step::Index(index, SiteId(site))
}
pub fn add(a: Expr, b: Expr) -> Expr {
    binary(BinaryOp::Add, a, b)
}
/// `for variable in start..end { body }`.
pub fn counted(variable: u32, start: Expr, end: Expr, body: Vec<Statement>) -> For {
    For {
        id: LoopId(variable),
        variable: LocalId(variable),
        start,
        end,
        inclusive: false,
        step: None,
        order: Order::Forward,
        body: block(body, None),
        parallel: None,
    }
}
pub fn run_for(range: For) -> Statement {
    Statement::Expr(expr(Type::UNIT, ExprKind::For(Box::new(range))))
}

pub fn function(params: usize, locals: &[Type], result: Type, body: Block) -> Function {
    Function {
        name: Unhashed("f".to_owned()),
        params: (0..params as u32).map(LocalId).collect(),
        locals: locals
            .iter()
            .map(|ty| Local {
                name: Unhashed::default(),
                ty: ty.clone(),
            })
            .collect(),
        result,
        body,
        loops: Unhashed(Vec::new()),
        recursive: false,
    }
}

pub fn sites() -> Unhashed<Vec<Site>> {
    let site = |line| Site {
        kind: PanicKind::Message("failed".to_owned()),
        function: "f".to_owned(),
        file: "f.rs".to_owned(),
        line,
        column: 1,
    };
    Unhashed((1..9).map(site).collect())
}

/// A program whose first function gets each axis of its views as a core dimension of its
/// own, as `#[jit]` functions do.
pub fn program(functions: Vec<Function>, looped: bool) -> Program {
    let first = &functions[0];
    let mut core_dims = 0;
    let params = first
        .params
        .iter()
        .map(|param| {
            let ty = first.locals[param.0 as usize].ty.clone();
            let axes = match &ty {
                Type::View(view) => usize::from(view.ndim),
                _ => 0,
            };
            let core = (core_dims..core_dims + axes).collect();
            core_dims += axes;
            Operand { ty, core }
        })
        .collect();
    let scalars = |ty: &Type| match ty {
        Type::Scalar(scalar) => vec![Element::Scalar(*scalar)],
        _ => vec![],
    };
    let results = match &first.result {
        Type::Tuple(members) => members.iter().flat_map(scalars).collect(),
        other => scalars(other),
    };
    Program {
        entry: Entry {
            params,
            results,
            core_dims,
            fixed_dims: Vec::new(),
            looped,
            parallel: false,
        },
        functions,
        fastmath: false,
        globals: Vec::new(),
        sites: sites(),
    }
}

/// An elementwise kernel of scalars: `params` are the first locals, `locals` the others.
pub fn elementwise(params: &[Scalar], locals: &[Type], result: Type, body: Block) -> Program {
    let mut all: Vec<Type> = params.iter().map(|&param| scalar(param)).collect();
    all.extend_from_slice(locals);
    program(vec![function(params.len(), &all, result, body)], true)
}

/// An array in memory; `lengths` empty for operands without core axes, one element apart.
#[derive(Clone, Debug)]
pub struct Array {
    pub scalar: Scalar,
    pub bytes: Vec<u64>,
    pub lengths: Vec<usize>,
}

impl Array {
    pub fn new<T: Bits>(values: &[T]) -> Array {
        let bits: Vec<u64> = values.iter().map(|value| value.bits()).collect();
        Array::from_bits(T::SCALAR, &bits)
    }
    pub fn from_bits(scalar: Scalar, values: &[u64]) -> Array {
        let mut array = Array {
            scalar,
            bytes: vec![0; values.len()],
            lengths: Vec::new(),
        };
        for (k, &bits) in values.iter().enumerate() {
            array.set(k, bits);
        }
        array
    }
    pub fn shaped(mut self, lengths: &[usize]) -> Array {
        self.lengths = lengths.to_vec();
        self
    }
    fn size(&self) -> usize {
        self.scalar.dtype().size()
    }
    fn set(&mut self, k: usize, bits: u64) {
        let size = self.size();
        let start = self.bytes.as_mut_ptr().cast::<u8>();
        // SAFETY: there are 8 bytes for each of the elements, of at most 8 bytes.
        unsafe {
            start
                .add(k * size)
                .copy_from(bits.to_le_bytes().as_ptr(), size)
        }
    }
    pub fn get(&self, k: usize) -> u64 {
        let size = self.size();
        let mut bits = [0; 8];
        let start = self.bytes.as_ptr().cast::<u8>();
        // SAFETY: as in `set`.
        unsafe { start.add(k * size).copy_to(bits.as_mut_ptr(), size) };
        u64::from_le_bytes(bits)
    }
    pub fn values<T: Bits>(&self) -> Vec<T> {
        (0..self.bytes.len()).map(|k| T::of(self.get(k))).collect()
    }
}

/// Checks that a program built by hand keeps the rules of the IR.
pub fn sound(program: &Program) {
    if let Err(error) = brolga_lang::verify(program) {
        panic!("{error}\n{program}");
    }
}

/// What a call gave.
pub struct Outcome {
    pub status: Status,
    pub context: KernelContext,
}

/// Linked code.
pub struct Loaded {
    pub object: Object,
    code: brolga_link::LoadedCode,
}

impl Loaded {
    pub fn new(compiler: &Compiler, program: &Program) -> Loaded {
        let object = compiler.compile(program, "test::kernel").unwrap();
        let code =
            brolga_link::link(&object.elf, &object.entry_symbol, &brolga_nrt::address).unwrap();
        Loaded { object, code }
    }

    /// Runs over `n` elements; operands are the parameters, then the results.
    pub fn run(&self, n: usize, operands: &mut [Array]) -> Outcome {
        self.run_in(n, operands, KernelContext::new(0, 0))
    }

    pub fn run_in(&self, n: usize, operands: &mut [Array], mut context: KernelContext) -> Outcome {
        let mut dims = vec![n];
        for operand in operands.iter() {
            dims.extend(&operand.lengths);
        }
        let status = self.enter(&dims, operands, &mut context);
        Outcome { status, context }
    }

    /// Runs with the loop length and the core dimensions as given.
    pub fn run_with(&self, dims: &[usize], operands: &mut [Array]) -> Status {
        self.enter(dims, operands, &mut KernelContext::new(0, 0))
    }

    fn enter(&self, dims: &[usize], operands: &mut [Array], context: &mut KernelContext) -> Status {
        let args: Vec<*mut u8> = operands
            .iter_mut()
            .map(|operand| operand.bytes.as_mut_ptr().cast())
            .collect();
        let mut steps: Vec<isize> = Vec::new();
        for operand in operands.iter() {
            let elements: usize = operand.lengths.iter().product();
            steps.push((elements * operand.size()) as isize);
        }
        for operand in operands.iter() {
            for axis in 0..operand.lengths.len() {
                let inner: usize = operand.lengths[axis + 1..].iter().product();
                steps.push((inner * operand.size()) as isize);
            }
        }
        self.enter_at(&args, dims, &steps, context)
    }

    /// Runs with the tables as given; they must describe memory that the caller owns.
    pub fn enter_at(
        &self,
        args: &[*mut u8],
        dims: &[usize],
        steps: &[isize],
        context: &mut KernelContext,
    ) -> Status {
        // SAFETY: the entry has this signature, and the tables describe the operands.
        let entry: KernelFn = unsafe { std::mem::transmute(self.code.entry()) };
        // SAFETY: as above.
        let code = unsafe { entry(args.as_ptr(), dims.as_ptr(), steps.as_ptr(), context) };
        Status::from_code(code)
    }
}

/// Compiled and linked code of a program that keeps the rules of the IR.
pub fn linked(compiler: &Compiler, program: &Program) -> Loaded {
    sound(program);
    Loaded::new(compiler, program)
}

/// Every target and optimisation level that tests run under, with a name.
pub fn compilers() -> &'static [(&'static str, Compiler)] {
    static COMPILERS: OnceLock<Vec<(&'static str, Compiler)>> = OnceLock::new();
    COMPILERS.get_or_init(|| {
        let switches = |opt| Switches {
            verify: true,
            opt,
            vectorise: false,
            alias_analysis: true,
        };
        let host = TargetSpec::host();
        let make = |target: &TargetSpec, opt| Compiler::new(target, switches(opt)).unwrap();
        vec![
            ("host", make(&host, Opt::Speed)),
            ("host, opt none", make(&host, Opt::None)),
            (
                "host without FMA",
                make(&host.clone().without("has_fma"), Opt::Speed),
            ),
            ("baseline", make(&TargetSpec::baseline(), Opt::Speed)),
        ]
    })
}

/// The first of them.
pub fn host() -> &'static Compiler {
    &compilers()[0].1
}

/// Runs a kernel of scalars over rows of operand bits under every compiler, and checks its
/// result.
pub fn check(what: &str, program: &Program, inputs: &[Vec<u64>], expected: &[u64]) {
    let params: Vec<Scalar> = program
        .entry
        .params
        .iter()
        .map(|operand| match operand.ty {
            Type::Scalar(scalar) => scalar,
            _ => panic!("a scalar"),
        })
        .collect();
    let Element::Scalar(result) = program.entry.results[0] else {
        panic!("a scalar")
    };
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, program);
        let mut operands: Vec<Array> = params
            .iter()
            .zip(inputs)
            .map(|(&scalar, bits)| Array::from_bits(scalar, bits))
            .collect();
        operands.push(Array::from_bits(result, &vec![0; expected.len()]));
        let outcome = loaded.run(expected.len(), &mut operands);
        assert_eq!(outcome.status, Status::Ok, "{what} on {name}");
        for (k, &bits) in expected.iter().enumerate() {
            let found = operands[params.len()].get(k);
            let row: Vec<String> = inputs.iter().map(|i| format!("{:#x}", i[k])).collect();
            assert!(
                same(result, found, bits),
                "{what} on {name}, of {row:?}: found {found:#x}, expected {bits:#x}"
            );
        }
    }
}

/// All pairs of values, as two rows.
pub fn pairs(a: &[u64], b: &[u64]) -> Vec<Vec<u64>> {
    let rows = a.iter().flat_map(|&x| b.iter().map(move |&y| (x, y)));
    let (left, right) = rows.unzip();
    vec![left, right]
}
