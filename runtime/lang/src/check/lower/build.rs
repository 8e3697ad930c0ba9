//! Small constructors of IR expressions, and [`Builder`], which holds what grows while one
//! function is lowered: locals, loops, panic sites. Knows nothing of the typed tree.
//! Invariant: a [`Builder`]'s temporaries are assigned before the expression that reads
//! them.

use brolga_abi::{PanicKind, Place, Site};

use crate::diagnostic::{Source, Span};
use crate::ir::{
    BinaryOp, Block, DivisionOp, Expr, ExprKind, LazyOp, Local, LocalId, LoopId, Scalar, SiteId,
    Statement, Type, UnaryOp, Unhashed,
};

/// A constant of these bits.
pub(crate) fn bits(s: Scalar, value: u64) -> Expr {
    Expr {
        ty: Type::Scalar(s),
        kind: ExprKind::Const(value),
    }
}

/// An integer constant, or `bool`, reduced to the type's width.
pub(crate) fn int(s: Scalar, value: i128) -> Expr {
    let mask = if s.bits() == 64 {
        u64::MAX
    } else {
        (1 << s.bits()) - 1
    };
    bits(s, value as u64 & mask)
}

/// A float constant, rounded to the type.
pub(crate) fn float(s: Scalar, value: f64) -> Expr {
    bits(
        s,
        if s == Scalar::F32 {
            u64::from((value as f32).to_bits())
        } else {
            value.to_bits()
        },
    )
}

/// The smallest and largest value of an integer type.
pub(crate) fn range(s: Scalar) -> (i128, i128) {
    if s.is_signed() {
        (-(1 << (s.bits() - 1)), (1 << (s.bits() - 1)) - 1)
    } else if s == Scalar::Bool {
        (0, 1)
    } else {
        (0, (1 << s.bits()) - 1)
    }
}

/// An operation on one value.
pub(crate) fn unary(op: UnaryOp, result: Scalar, x: Expr) -> Expr {
    Expr {
        ty: Type::Scalar(result),
        kind: ExprKind::Unary(op, Box::new(x)),
    }
}

/// An operation on two values.
pub(crate) fn binary(op: BinaryOp, result: Scalar, x: Expr, y: Expr) -> Expr {
    Expr {
        ty: Type::Scalar(result),
        kind: ExprKind::Binary(op, Box::new(x), Box::new(y)),
    }
}

/// A comparison.
pub(crate) fn compare(op: BinaryOp, x: Expr, y: Expr) -> Expr {
    binary(op, Scalar::Bool, x, y)
}

/// `x as s`, of a `bool` to a float as `f64::from` does it: by way of an integer.
pub(crate) fn cast(x: Expr, s: Scalar) -> Expr {
    if x.ty == Type::Scalar(s) {
        return x;
    }
    if x.ty == Type::Scalar(Scalar::Bool) && s.is_float() {
        return cast(cast(x, Scalar::U8), s);
    }
    Expr {
        ty: Type::Scalar(s),
        kind: ExprKind::Cast(Box::new(x)),
    }
}

/// `x && y`.
pub(crate) fn and(x: Expr, y: Expr) -> Expr {
    lazy(LazyOp::And, x, y)
}

/// `x || y`.
pub(crate) fn or(x: Expr, y: Expr) -> Expr {
    lazy(LazyOp::Or, x, y)
}

fn lazy(op: LazyOp, x: Expr, y: Expr) -> Expr {
    Expr {
        ty: Type::Scalar(Scalar::Bool),
        kind: ExprKind::Lazy(op, Box::new(x), Box::new(y)),
    }
}

/// `if condition { x } else { y }`.
pub(crate) fn select(condition: Expr, x: Expr, y: Expr) -> Expr {
    let ty = if x.ty == Type::Never {
        y.ty.clone()
    } else {
        x.ty.clone()
    };
    Expr {
        ty,
        kind: ExprKind::If(Box::new(condition), value(x), value(y)),
    }
}

/// A tuple.
pub(crate) fn tuple(members: Vec<Expr>) -> Expr {
    Expr {
        ty: Type::Tuple(members.iter().map(|m| m.ty.clone()).collect()),
        kind: ExprKind::Tuple(members),
    }
}

/// `()`.
pub(crate) fn unit() -> Expr {
    tuple(Vec::new())
}

/// A local's value.
pub(crate) fn local(id: LocalId, ty: Type) -> Expr {
    Expr {
        ty,
        kind: ExprKind::Local(id),
    }
}

/// A member of a tuple, taken at once where the tuple is written out and the other members
/// have no effects.
pub(crate) fn member(tuple: Expr, n: u32) -> Expr {
    let ty = match &tuple.ty {
        Type::Tuple(members) => members.get(n as usize).cloned().unwrap_or(Type::Never),
        _ => Type::Never,
    };
    Expr {
        ty,
        kind: ExprKind::Member(Box::new(tuple), n),
    }
}

/// A block with nothing but a value.
pub(crate) fn value(x: Expr) -> Block {
    match x.kind {
        ExprKind::Tuple(members) if members.is_empty() => Block {
            statements: Vec::new(),
            value: None,
        },
        ExprKind::Block(block) => block,
        kind => Block {
            statements: Vec::new(),
            value: Some(Box::new(Expr { ty: x.ty, kind })),
        },
    }
}

/// Statements, then a value, as one expression.
pub(crate) fn sequence(statements: Vec<Statement>, x: Expr) -> Expr {
    if statements.is_empty() {
        return x;
    }
    let ty = x.ty.clone();
    let mut block = value(x);
    let mut all = statements;
    all.append(&mut block.statements);
    Expr {
        ty,
        kind: ExprKind::Block(Block {
            statements: all,
            value: block.value,
        }),
    }
}

/// `local = value`.
pub(crate) fn assign(id: LocalId, value: Expr) -> Statement {
    Statement::Assign {
        local: id,
        path: Vec::new(),
        value,
    }
}

/// `if condition { then }` as a statement.
pub(crate) fn when(condition: Expr, then: Block) -> Statement {
    let otherwise = Block {
        statements: Vec::new(),
        value: None,
    };
    Statement::Expr(Expr {
        ty: Type::UNIT,
        kind: ExprKind::If(Box::new(condition), then, otherwise),
    })
}

/// Something that can be read any number of times without effects.
#[derive(Clone, Debug)]
pub(crate) struct Atom(Expr);

impl Atom {
    /// Reads it.
    pub(crate) fn get(&self) -> Expr {
        self.0.clone()
    }

    /// Writes it; only for atoms from [`Builder::variable`].
    pub(crate) fn set(&self, value: Expr) -> Statement {
        match self.0.kind {
            ExprKind::Local(id) => assign(id, value),
            _ => Statement::Expr(value),
        }
    }
}

/// Whether evaluation has no effect and can be repeated: a constant or a local.
pub(crate) fn is_plain(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Const(_) | ExprKind::Local(_) => true,
        ExprKind::Member(tuple, _) => is_plain(tuple),
        _ => false,
    }
}

/// What all functions of a program share while it is lowered.
#[derive(Debug)]
pub(crate) struct Output<'a> {
    pub(crate) source: &'a Source,
    line_starts: Vec<u32>,
    pub(crate) sites: Vec<Site>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(source: &'a Source) -> Output<'a> {
        let after_newlines = source
            .text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at as u32 + 1);
        Output {
            source,
            line_starts: std::iter::once(0).chain(after_newlines).collect(),
            sites: Vec::new(),
        }
    }

    fn site(&mut self, kind: PanicKind, span: Span, function: &str) -> SiteId {
        let Place {
            function,
            file,
            line,
            column,
        } = self.place(span, function);
        self.sites.push(Site {
            kind,
            function,
            file,
            line,
            column,
        });
        SiteId(self.sites.len() as u32 - 1)
    }

    fn place(&self, span: Span, function: &str) -> Place {
        let line = self
            .line_starts
            .partition_point(|start| *start <= span.start);
        let line_start = self.line_starts[line.saturating_sub(1)] as usize;
        let column = self
            .source
            .text
            .get(line_start..span.start as usize)
            .map_or(0, |before| before.chars().count());
        let (file, within) = self.source.file_at(span.start);
        let first = within.start as u32;
        let before = self.line_starts.partition_point(|start| *start <= first);
        let line = (line + 1).saturating_sub(before).max(1);
        Place {
            function: function.to_string(),
            file: file.to_string(),
            line: line as u32,
            column: column as u32 + 1,
        }
    }
}

/// What grows while one function is lowered.
#[derive(Debug)]
pub(crate) struct Builder<'o> {
    sites: &'o mut dyn Sites,
    /// The function's path, for panic sites.
    function: String,
    pub(crate) locals: Vec<Local>,
    /// Where each loop begins, by its number.
    pub(crate) loops: Vec<Place>,
    /// The expression of the source that is being lowered.
    pub(crate) here: Span,
    /// Statements that must run before the expression that is being made.
    statements: Vec<Statement>,
    /// Whether arithmetic that overflows panics, as in the evaluation of constants.
    pub(crate) checked: bool,
}

/// Where panic sites are registered.
pub(crate) trait Sites: std::fmt::Debug {
    /// A new site.
    fn add(&mut self, kind: PanicKind, span: Span, function: &str) -> SiteId;
    /// Where a span begins.
    fn locate(&self, span: Span, function: &str) -> Place;
}

impl Sites for Output<'_> {
    fn add(&mut self, kind: PanicKind, span: Span, function: &str) -> SiteId {
        self.site(kind, span, function)
    }

    fn locate(&self, span: Span, function: &str) -> Place {
        self.place(span, function)
    }
}

impl<'o> Builder<'o> {
    /// Exchanges the function's path for panic sites.
    pub(crate) fn exchange_path(&mut self, path: &mut String) {
        std::mem::swap(&mut self.function, path);
    }

    pub(crate) fn new(sites: &'o mut dyn Sites, function: String) -> Builder<'o> {
        Builder {
            sites,
            function,
            locals: Vec::new(),
            loops: Vec::new(),
            here: Span::default(),
            statements: Vec::new(),
            checked: false,
        }
    }

    /// A new local.
    pub(crate) fn local(&mut self, name: &str, ty: Type) -> LocalId {
        self.locals.push(Local {
            name: Unhashed(name.to_string()),
            ty,
        });
        LocalId(self.locals.len() as u32 - 1)
    }

    /// A new loop, of the expression that is being lowered.
    pub(crate) fn new_loop(&mut self) -> LoopId {
        let place = self.sites.locate(self.here, &self.function);
        self.loops.push(place);
        LoopId(self.loops.len() as u32 - 1)
    }

    /// A new panic site.
    pub(crate) fn site(&mut self, kind: PanicKind, span: Span) -> SiteId {
        self.sites.add(kind, span, &self.function)
    }

    /// Adds a statement before the expression that is being made.
    pub(crate) fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// Runs `make` and puts the statements that it pushed before its expression.
    pub(crate) fn scoped(&mut self, make: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let outer = std::mem::take(&mut self.statements);
        let x = make(self);
        let inner = std::mem::replace(&mut self.statements, outer);
        sequence(inner, x)
    }

    /// Evaluates `args` once, in order, and makes an expression of them.
    pub(crate) fn composed(
        &mut self,
        args: Vec<Expr>,
        make: impl FnOnce(&mut Self, &[Atom]) -> Expr,
    ) -> Expr {
        self.scoped(|b| {
            // A local may be read late only if nothing in between can change it.
            let plain = args.iter().all(is_plain);
            let atoms: Vec<Atom> = args
                .into_iter()
                .map(|arg| match arg.kind {
                    ExprKind::Const(_) => Atom(arg),
                    _ if plain => Atom(arg),
                    _ => b.keep_any(arg),
                })
                .collect();
            make(b, &atoms)
        })
    }

    /// Evaluates `x` once, now.
    pub(crate) fn keep_any(&mut self, x: Expr) -> Atom {
        let ty = x.ty.clone();
        let id = self.local("", ty.clone());
        self.push(assign(id, x));
        Atom(local(id, ty))
    }

    /// Evaluates a scalar once, now.
    pub(crate) fn keep(&mut self, s: Scalar, x: Expr) -> Atom {
        if matches!(x.kind, ExprKind::Const(_)) {
            return Atom(x);
        }
        self.variable(s, x)
    }

    /// A new variable with a first value.
    pub(crate) fn variable(&mut self, s: Scalar, x: Expr) -> Atom {
        let id = self.local("", Type::Scalar(s));
        self.push(assign(id, x));
        Atom(local(id, Type::Scalar(s)))
    }

    /// A panic.
    pub(crate) fn panic(&mut self, kind: PanicKind, span: Span) -> Expr {
        Expr {
            ty: Type::Never,
            kind: ExprKind::Panic(self.site(kind, span)),
        }
    }

    /// Fails unless `condition`.
    pub(crate) fn assert(&mut self, condition: Expr, kind: PanicKind, span: Span) {
        let fails = value(self.panic(kind, span));
        let holds = Block {
            statements: Vec::new(),
            value: None,
        };
        self.push(Statement::Expr(Expr {
            ty: Type::UNIT,
            kind: ExprKind::If(Box::new(condition), holds, fails),
        }));
    }

    /// Integer division with its panic sites.
    pub(crate) fn division(
        &mut self,
        op: DivisionOp,
        s: Scalar,
        x: Expr,
        y: Expr,
        span: Span,
    ) -> Expr {
        let (zero, overflow) = match op {
            DivisionOp::Quotient => (PanicKind::DivisionByZero, PanicKind::DivisionOverflow),
            DivisionOp::Remainder => (PanicKind::RemainderByZero, PanicKind::RemainderOverflow),
        };
        let by_zero = self.site(zero, span);
        let overflow = s.is_signed().then(|| self.site(overflow, span));
        Expr {
            ty: Type::Scalar(s),
            kind: ExprKind::Division {
                op,
                lhs: Box::new(x),
                rhs: Box::new(y),
                by_zero,
                overflow,
            },
        }
    }

    /// `while condition { body }`, now.
    pub(crate) fn while_loop(&mut self, condition: Expr, body: Vec<Statement>) {
        let id = self.new_loop();
        self.push(Statement::Expr(while_loop(id, condition, body)));
    }
}

/// `while condition { body }`.
pub(crate) fn while_loop(id: LoopId, condition: Expr, body: Vec<Statement>) -> Expr {
    let leave = Block {
        statements: Vec::new(),
        value: Some(Box::new(Expr {
            ty: Type::Never,
            kind: ExprKind::Break(id, None),
        })),
    };
    let stay = Block {
        statements: Vec::new(),
        value: None,
    };
    let mut statements = vec![Statement::Expr(Expr {
        ty: Type::UNIT,
        kind: ExprKind::If(Box::new(condition), stay, leave),
    })];
    statements.extend(body);
    Expr {
        ty: Type::UNIT,
        kind: ExprKind::Loop(
            id,
            Block {
                statements,
                value: None,
            },
        ),
    }
}
