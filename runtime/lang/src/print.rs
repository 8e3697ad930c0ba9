//! The IR as text for people (`brolga inspect --emit ir`): Rust with typed constants. Locals
//! are written with their numbers, `x_0`, panic sites as `@0`, loops as `'0`. The text is
//! stable: the same program gives the same bytes. It is not parsed again by anything.

use std::fmt::{self, Write as _};

use crate::ir::{
    AxisSlice, BinaryOp, Block, DivisionOp, Element, Expr, ExprKind, For, Function, LazyOp,
    LocalId, LoopId, Order, Program, Scalar, SiteId, Statement, Step, Type, UnaryOp, ViewType,
};

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Element::Scalar(scalar) => scalar.fmt(f),
            Element::Complex(scalar) => write!(f, "Complex<{scalar}>"),
        }
    }
}

impl fmt::Display for ViewType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mutable = if self.mutable { "Mut" } else { "" };
        write!(f, "ArrayView{mutable}{}<{}>", self.ndim, self.element)
    }
}

/// As in source.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Scalar(scalar) => scalar.fmt(f),
            Type::View(view) => view.fmt(f),
            Type::Array(element, n) => write!(f, "[{element}; {n}]"),
            Type::Never => f.write_str("!"),
            Type::Tuple(parts) => {
                f.write_str("(")?;
                for (number, part) in parts.iter().enumerate() {
                    if number > 0 {
                        f.write_str(", ")?;
                    }
                    part.fmt(f)?;
                }
                f.write_str(if parts.len() == 1 { ",)" } else { ")" })
            }
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry(")?;
        for (number, operand) in self.entry.params.iter().enumerate() {
            let separator = if number > 0 { ", " } else { "" };
            write!(f, "{separator}{}", operand.ty)?;
            for (axis, dim) in operand.core.iter().enumerate() {
                write!(f, "{}d{dim}", if axis == 0 { " over " } else { "*" })?;
            }
        }
        write!(f, ") -> (")?;
        for (number, result) in self.entry.results.iter().enumerate() {
            write!(f, "{}{result}", if number > 0 { ", " } else { "" })?;
        }
        f.write_str(")")?;
        for (dim, size) in &self.entry.fixed_dims {
            write!(f, " d{dim}={size}")?;
        }
        for (flag, name) in [
            (self.entry.looped, "looped"),
            (self.entry.parallel, "parallel"),
            (self.fastmath, "fastmath"),
        ] {
            if flag {
                write!(f, " {name}")?;
            }
        }
        f.write_str("\n")?;
        for (number, function) in self.functions.iter().enumerate() {
            let mut printer = Printer {
                program: self,
                function,
                out: String::new(),
                indent: 0,
            };
            printer.function(number)?;
            write!(f, "\n{}", printer.out)?;
        }
        for (number, global) in self.globals.iter().enumerate() {
            let before = if number == 0 { "\n" } else { "" };
            writeln!(f, "{before}global {}_{number}: {}", global.name, global.ty)?;
        }
        for (number, site) in self.sites.0.iter().enumerate() {
            let before = if number == 0 { "\n" } else { "" };
            writeln!(
                f,
                "{before}@{number}: {}:{}:{}: {}",
                site.file, site.line, site.column, site.kind
            )?;
        }
        Ok(())
    }
}

struct Printer<'a> {
    program: &'a Program,
    function: &'a Function,
    out: String,
    indent: usize,
}

impl Printer<'_> {
    fn function(&mut self, number: usize) -> fmt::Result {
        let function = self.function;
        let recursive = if function.recursive { "recursive " } else { "" };
        write!(self.out, "{recursive}fn {}_{number}(", function.name.0)?;
        for (number, param) in function.params.iter().enumerate() {
            if number > 0 {
                self.out.push_str(", ");
            }
            self.declaration(*param)?;
        }
        write!(self.out, ") -> {} {{", function.result)?;
        self.indent += 1;
        for number in function.params.len()..function.locals.len() {
            self.line();
            self.out.push_str("let ");
            self.declaration(LocalId(number as u32))?;
            self.out.push(';');
        }
        self.statements(&function.body)?;
        self.indent -= 1;
        self.out.push_str("\n}\n");
        Ok(())
    }

    fn declaration(&mut self, local: LocalId) -> fmt::Result {
        self.local(local)?;
        match self.function.locals.get(local.0 as usize) {
            Some(declared) => write!(self.out, ": {}", declared.ty),
            None => self.out.write_str(": ?"),
        }
    }

    fn local(&mut self, local: LocalId) -> fmt::Result {
        let declared = self.function.locals.get(local.0 as usize);
        let name = declared.map_or("", |declared| &declared.name.0);
        write!(self.out, "{name}_{}", local.0)
    }

    fn line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
    }

    fn site(&mut self, site: SiteId) -> fmt::Result {
        write!(self.out, " @{}", site.0)
    }

    fn block(&mut self, block: &Block) -> fmt::Result {
        if block.statements.is_empty() && block.value.is_none() {
            return self.out.write_str("{}");
        }
        self.out.push('{');
        self.indent += 1;
        self.statements(block)?;
        self.indent -= 1;
        self.line();
        self.out.push('}');
        Ok(())
    }

    fn statements(&mut self, block: &Block) -> fmt::Result {
        for statement in &block.statements {
            self.line();
            match statement {
                Statement::Assign { local, path, value } => {
                    self.local(*local)?;
                    for step in path {
                        match step {
                            Step::Member(part) => write!(self.out, ".{part}")?,
                            Step::Index(index, site) => {
                                self.out.push('[');
                                self.expr(index)?;
                                write!(self.out, "]@{}", site.0)?;
                            }
                        }
                    }
                    self.out.push_str(" = ");
                    self.expr(value)?;
                }
                Statement::Store {
                    view,
                    index,
                    site,
                    value,
                } => {
                    self.element(*view, index, *site)?;
                    self.out.push_str(" = ");
                    self.expr(value)?;
                }
                Statement::Expr(expr) => self.expr(expr)?,
            }
            self.out.push(';');
        }
        if let Some(value) = &block.value {
            self.line();
            self.expr(value)?;
        }
        Ok(())
    }

    fn element(&mut self, view: LocalId, index: &[Expr], site: SiteId) -> fmt::Result {
        self.local(view)?;
        self.list("[", index, "]")?;
        self.site(site)
    }

    fn list(&mut self, open: &str, exprs: &[Expr], close: &str) -> fmt::Result {
        self.out.push_str(open);
        for (number, expr) in exprs.iter().enumerate() {
            if number > 0 {
                self.out.push_str(", ");
            }
            self.expr(expr)?;
        }
        self.out.write_str(close)
    }

    fn infix(&mut self, lhs: &Expr, sign: &str, rhs: &Expr) -> fmt::Result {
        self.out.push('(');
        self.expr(lhs)?;
        write!(self.out, " {sign} ")?;
        self.expr(rhs)?;
        self.out.write_str(")")
    }

    fn expr(&mut self, expr: &Expr) -> fmt::Result {
        match &expr.kind {
            ExprKind::Const(bits) => self.constant(&expr.ty, *bits),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Member(tuple, part) => {
                self.expr(tuple)?;
                write!(self.out, ".{part}")
            }
            ExprKind::Tuple(parts) => {
                self.list("(", parts, if parts.len() == 1 { ",)" } else { ")" })
            }
            ExprKind::Unary(op, value) => {
                match op {
                    UnaryOp::Neg => self.out.push('-'),
                    UnaryOp::Not => self.out.push('!'),
                    _ => write!(self.out, "{}", snake(&format!("{op:?}")))?,
                }
                if matches!(op, UnaryOp::Neg | UnaryOp::Not) {
                    return self.expr(value);
                }
                self.list("(", std::slice::from_ref(value), ")")
            }
            ExprKind::Binary(op, lhs, rhs) => match sign(*op) {
                Some(sign) => self.infix(lhs, sign, rhs),
                None => {
                    write!(self.out, "{}(", snake(&format!("{op:?}")))?;
                    self.expr(lhs)?;
                    self.out.push_str(", ");
                    self.expr(rhs)?;
                    self.out.write_str(")")
                }
            },
            ExprKind::Division {
                op,
                lhs,
                rhs,
                by_zero,
                overflow,
            } => {
                let sign = match op {
                    DivisionOp::Quotient => "/",
                    DivisionOp::Remainder => "%",
                };
                self.infix(lhs, sign, rhs)?;
                self.site(*by_zero)?;
                match overflow {
                    Some(overflow) => self.site(*overflow),
                    None => Ok(()),
                }
            }
            ExprKind::Lazy(LazyOp::And, lhs, rhs) => self.infix(lhs, "&&", rhs),
            ExprKind::Lazy(LazyOp::Or, lhs, rhs) => self.infix(lhs, "||", rhs),
            ExprKind::Cast(value) => {
                self.out.push('(');
                self.expr(value)?;
                write!(self.out, " as {})", expr.ty)
            }
            ExprKind::Fma(a, b, c) => {
                self.out.push_str("fma(");
                self.expr(a)?;
                self.out.push_str(", ");
                self.expr(b)?;
                self.out.push_str(", ");
                self.expr(c)?;
                self.out.write_str(")")
            }
            ExprKind::Call(function, args) => {
                let called = self.program.functions.get(function.0 as usize);
                let name = called.map_or("", |called| &called.name.0);
                write!(self.out, "{name}_{}", function.0)?;
                self.list("(", args, ")")
            }
            ExprKind::Load { view, index, site } => self.element(*view, index, *site),
            ExprKind::Dim(view, axis) => {
                self.local(*view)?;
                write!(self.out, ".dim({axis})")
            }
            _ => self.control(expr),
        }
    }

    fn control(&mut self, expr: &Expr) -> fmt::Result {
        match &expr.kind {
            ExprKind::If(condition, then, otherwise) => {
                self.out.push_str("if ");
                self.expr(condition)?;
                self.out.push(' ');
                self.block(then)?;
                if otherwise.statements.is_empty() && otherwise.value.is_none() {
                    return Ok(());
                }
                self.out.push_str(" else ");
                self.block(otherwise)
            }
            ExprKind::Block(block) => self.block(block),
            ExprKind::Loop(id, body) => {
                write!(self.out, "'{}: loop -> {} ", id.0, expr.ty)?;
                self.block(body)
            }
            ExprKind::For(counted) => self.counted(counted),
            ExprKind::Labelled(id, block) => {
                write!(self.out, "'{}: ", id.0)?;
                self.block(block)
            }
            ExprKind::Break(id, value) => self.jump("break", Some(*id), value.as_deref()),
            ExprKind::Continue(id) => self.jump("continue", Some(*id), None),
            ExprKind::Return(value) => self.jump("return", None, value.as_deref()),
            ExprKind::Panic(site) => {
                self.out.push_str("panic");
                self.site(*site)
            }
            other => self.arrays(&expr.ty, other),
        }
    }

    /// Arrays, globals and the making of views.
    fn arrays(&mut self, ty: &Type, kind: &ExprKind) -> fmt::Result {
        match kind {
            ExprKind::Array(elements) => self.list("[", elements, "]"),
            ExprKind::Repeat(element) => {
                self.out.push('[');
                self.expr(element)?;
                match ty {
                    Type::Array(_, length) => write!(self.out, "; {length}]"),
                    _ => self.out.write_str("; ?]"),
                }
            }
            ExprKind::Index { array, index, site } => {
                self.expr(array)?;
                self.list("[", std::slice::from_ref(index), "]")?;
                self.site(*site)
            }
            ExprKind::Global(number) => match self.program.globals.get(number.0 as usize) {
                Some(global) => write!(self.out, "global {}_{}", global.name, number.0),
                None => write!(self.out, "global ?_{}", number.0),
            },
            ExprKind::Allocate {
                dims,
                fill,
                too_large,
                no_memory,
            } => {
                self.list("allocate(", dims, "; ")?;
                self.expr(fill)?;
                self.out.push(')');
                self.site(*too_large)?;
                self.site(*no_memory)
            }
            ExprKind::Slice { view, axes } => {
                self.expr(view)?;
                self.out.push_str(".slice(");
                for (number, axis) in axes.iter().enumerate() {
                    if number > 0 {
                        self.out.push_str(", ");
                    }
                    self.axis(axis)?;
                }
                self.out.write_str(")")
            }
            ExprKind::Permute(view, axes) => {
                self.expr(view)?;
                write!(self.out, ".permute({axes:?})")
            }
            ExprKind::Reduce(op, view) => {
                self.expr(view)?;
                write!(self.out, ".{}()", snake(&format!("{op:?}")))
            }
            ExprKind::Dot(a, b) => {
                self.expr(a)?;
                self.list(".dot(", std::slice::from_ref(b), ")")
            }
            // All others are written by `expr`.
            _ => Ok(()),
        }
    }

    fn axis(&mut self, axis: &AxisSlice) -> fmt::Result {
        match axis {
            AxisSlice::All => self.out.write_str(".."),
            AxisSlice::Index(index, site) => {
                self.expr(index)?;
                self.site(*site)
            }
            AxisSlice::Range {
                start,
                end,
                step,
                site,
            } => {
                self.expr(start)?;
                self.out.push_str("..");
                self.expr(end)?;
                if let Some(step) = step {
                    self.out.push(';');
                    self.expr(step)?;
                }
                self.site(*site)
            }
        }
    }

    fn jump(&mut self, word: &str, id: Option<LoopId>, value: Option<&Expr>) -> fmt::Result {
        self.out.push_str(word);
        if let Some(id) = id {
            write!(self.out, " '{}", id.0)?;
        }
        match value {
            Some(value) => {
                self.out.push(' ');
                self.expr(value)
            }
            None => Ok(()),
        }
    }

    fn counted(&mut self, counted: &For) -> fmt::Result {
        write!(self.out, "'{}: for ", counted.id.0)?;
        self.local(counted.variable)?;
        self.out.push_str(" in ");
        if counted.parallel.is_some() {
            self.out.push_str("prange");
        }
        self.out.push('(');
        self.expr(&counted.start)?;
        self.out
            .push_str(if counted.inclusive { "..=" } else { ".." });
        self.expr(&counted.end)?;
        self.out.push(')');
        if counted.order == Order::ReverseThenStep {
            self.out.push_str(".rev()");
        }
        if let Some((step, site)) = &counted.step {
            self.out.push_str(".step_by(");
            self.expr(step)?;
            self.out.push(')');
            self.site(*site)?;
        }
        if counted.order == Order::StepThenReverse {
            self.out.push_str(".rev()");
        }
        for reduction in counted.parallel.iter().flat_map(|p| &p.reductions) {
            write!(self.out, " {}(", snake(&format!("{:?}", reduction.op)))?;
            self.local(reduction.local)?;
            self.out.push(')');
        }
        self.out.push(' ');
        self.block(&counted.body)
    }

    fn constant(&mut self, ty: &Type, bits: u64) -> fmt::Result {
        let out = &mut self.out;
        match ty {
            Type::Scalar(Scalar::Bool) if bits <= 1 => write!(out, "{}", bits == 1),
            Type::Scalar(Scalar::F32) => {
                let value = f32::from_bits(bits as u32);
                match value.is_finite() {
                    true => write!(out, "{value:?}f32"),
                    false => write!(out, "f32::from_bits({bits:#010x})"),
                }
            }
            Type::Scalar(Scalar::F64) => {
                let value = f64::from_bits(bits);
                match value.is_finite() {
                    true => write!(out, "{value:?}f64"),
                    false => write!(out, "f64::from_bits({bits:#018x})"),
                }
            }
            Type::Scalar(scalar) if scalar.is_signed() => {
                let unused = 64 - scalar.bits();
                let value = ((bits << unused) as i64) >> unused;
                write!(out, "{value}{scalar}")
            }
            other => write!(out, "{bits}{other}"),
        }
    }
}

/// The operator of source, for those that have one.
fn sign(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
        BinaryOp::And => "&",
        BinaryOp::Or => "|",
        BinaryOp::Xor => "^",
        BinaryOp::Shl => "<<",
        BinaryOp::Shr => ">>",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::RotateLeft
        | BinaryOp::RotateRight
        | BinaryOp::Min
        | BinaryOp::Max
        | BinaryOp::SaturatingAdd
        | BinaryOp::SaturatingSub
        | BinaryOp::MulHigh
        | BinaryOp::Copysign
        | BinaryOp::Atan2
        | BinaryOp::Hypot
        | BinaryOp::Powf
        | BinaryOp::Powi
        | BinaryOp::Pow => return None,
    })
}

/// `RotateLeft` as `rotate_left`, `Log10` as `log10`.
fn snake(camel: &str) -> String {
    let mut snake = String::new();
    for (number, letter) in camel.chars().enumerate() {
        if letter.is_uppercase() && number > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use crate::ir::{
        BinaryOp, Block, Expr, ExprKind, For, LocalId, LoopId, Order, Scalar, SiteId, Statement,
        Type, UnaryOp,
    };
    use crate::testing::{BOOL, F64, USIZE, binary, expr, local, program, scalar};

    fn constant(scalar: Scalar, bits: u64) -> Expr {
        expr(Type::Scalar(scalar), ExprKind::Const(bits))
    }

    #[test]
    fn a_program_is_printed_as_rust_with_numbers() {
        let condition = expr(
            BOOL,
            ExprKind::Binary(
                BinaryOp::Lt,
                Box::new(local(0)),
                Box::new(scalar(0f64.to_bits())),
            ),
        );
        let negated = expr(F64, ExprKind::Unary(UnaryOp::Neg, Box::new(local(0))));
        let root = expr(F64, ExprKind::Unary(UnaryOp::Sqrt, Box::new(local(3))));
        let arm = |value: Expr| Block {
            statements: Vec::new(),
            value: Some(Box::new(value)),
        };
        let mut program = program(expr(
            F64,
            ExprKind::If(Box::new(condition), arm(negated), arm(root)),
        ));
        let index = expr(USIZE, ExprKind::Local(LocalId(4)));
        let element = expr(
            F64,
            ExprKind::Load {
                view: LocalId(2),
                index: vec![index.clone()],
                site: SiteId(0),
            },
        );
        let body = Block {
            statements: vec![
                Statement::Assign {
                    local: LocalId(3),
                    path: Vec::new(),
                    value: binary(BinaryOp::Max, local(3), element),
                },
                Statement::Store {
                    view: LocalId(2),
                    index: vec![index],
                    site: SiteId(0),
                    value: scalar(f64::NAN.to_bits()),
                },
            ],
            value: None,
        };
        program.functions[0].body.statements = vec![
            Statement::Assign {
                local: LocalId(3),
                path: Vec::new(),
                value: local(1),
            },
            Statement::Expr(expr(
                Type::UNIT,
                ExprKind::For(Box::new(For {
                    id: LoopId(0),
                    variable: LocalId(4),
                    start: constant(Scalar::Usize, 0),
                    end: expr(USIZE, ExprKind::Dim(LocalId(2), 0)),
                    inclusive: false,
                    step: Some((constant(Scalar::Usize, 2), SiteId(0))),
                    order: Order::ReverseThenStep,
                    body,
                    parallel: None,
                })),
            )),
        ];
        crate::verify(&program).expect("a valid program");
        assert_eq!(
            program.to_string(),
            "\
entry(f64, f64, ArrayViewMut1<f64> over d0) -> (f64) looped

fn kernel_0(x_0: f64, y_1: f64, v_2: ArrayViewMut1<f64>) -> f64 {
    let s_3: f64;
    let i_4: usize;
    let p_5: (f64, f64);
    s_3 = y_1;
    '0: for i_4 in (0usize..v_2.dim(0)).rev().step_by(2usize) @0 {
        s_3 = max(s_3, v_2[i_4] @0);
        v_2[i_4] @0 = f64::from_bits(0x7ff8000000000000);
    };
    if (x_0 < 0.0f64) {
        -x_0
    } else {
        sqrt(s_3)
    }
}

@0: k.rs:1:1: index out of bounds
"
        );
    }

    #[test]
    fn constants_show_their_value_and_type() {
        for (scalar, bits, text) in [
            (Scalar::Bool, 1, "true"),
            (Scalar::I8, 0xff, "-1i8"),
            (Scalar::I64, u64::MAX, "-1i64"),
            (Scalar::U8, 0xff, "255u8"),
            (Scalar::F32, u64::from(0.5f32.to_bits()), "0.5f32"),
            (Scalar::F64, (-0.0f64).to_bits(), "-0.0f64"),
            (Scalar::F32, 0xff80_0000, "f32::from_bits(0xff800000)"),
        ] {
            let printed = program(constant(scalar, bits)).to_string();
            assert!(printed.contains(&format!("\n    {text}\n}}")), "{printed}");
        }
    }
}
