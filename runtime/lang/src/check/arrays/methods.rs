//! The rules for the methods of views and local arrays that are more than a length: parts,
//! other orders of the axes, reductions, writing all elements. Whether the receiver may be
//! written is decided here, as for every method with `&mut self`.

use super::{ArrayOp, Part, array_parts};
use crate::ast::{self, ExprKind};
use crate::check::function::{Check, Checker, Expect};
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};

/// The methods; those that give lengths are in [`crate::check::views::METHODS`].
pub(crate) const NAMES: &[&str] = &[
    "assign",
    "column",
    "column_mut",
    "dot",
    "fill",
    "first",
    "get",
    "index_axis",
    "index_axis_mut",
    "last",
    "mean",
    "product",
    "reborrow",
    "reversed_axes",
    "row",
    "row_mut",
    "scaled_add",
    "slice",
    "slice_mut",
    "split_at",
    "sum",
    "swap",
    "swap_axes",
    "t",
    "to_owned",
    "view",
    "view_mut",
];

/// What a method is called on.
struct Receiver {
    value: Expr,
    /// Its type without references.
    ty: Ty,
    element: Ty,
    ndim: u8,
    span: Span,
}

impl Receiver {
    fn view(&self, ndim: u8, mutable: bool) -> Ty {
        Ty::View {
            element: Box::new(self.element.clone()),
            ndim,
            mutable,
        }
    }

    fn made(self, ty: Ty, op: ArrayOp, rest: Vec<Expr>) -> Expr {
        let mut operands = vec![self.value];
        operands.extend(rest);
        Expr {
            ty,
            span: self.span,
            kind: Kind::Array(op, operands),
        }
    }

    fn failed(self, ty: Ty) -> Expr {
        Expr {
            ty,
            span: self.span,
            kind: Kind::Error,
        }
    }
}

impl<'a> Checker<'_, 'a> {
    /// A method of a view or local array of type `ty`.
    pub(crate) fn array_view_method(
        &mut self,
        value: Expr,
        ty: &Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let Some((element, ndim)) = array_parts(ty) else {
            return self.error(span);
        };
        let r = Receiver {
            value,
            ty: ty.clone(),
            element: element.clone(),
            ndim,
            span,
        };
        let name = method.name.as_str();
        let writes = name.ends_with("_mut")
            || matches!(
                name,
                "fill" | "assign" | "scaled_add" | "swap" | "swap_axes"
            );
        if writes && NAMES.contains(&name) {
            let Receiver { value, .. } = &r;
            if name == "swap_axes" {
                self.demand_variable(value, span);
            } else {
                self.demand_mutable(value, span);
            }
        }
        match name {
            "row" | "row_mut" | "column" | "column_mut" => {
                if ndim != 2 {
                    self.expressions(args);
                    return self.fail(
                        Diagnostic::new(
                            "E0599",
                            method.span,
                            format!(
                                "`{name}` exists on arrays of 2 dimensions, this one has {ndim}"
                            ),
                        )
                        .help("write `a.index_axis(Axis(0), i)`"),
                    );
                }
                let axis = u8::from(name.starts_with("column"));
                self.along(r, axis, args, name)
            }
            "index_axis" | "index_axis_mut" => match args {
                [axis, index] => match self.axis_number(axis, ndim) {
                    Some(axis) => self.along(r, axis, std::slice::from_ref(index), name),
                    None => {
                        self.expr(index, &Expect::Nothing);
                        self.error(span)
                    }
                },
                _ => self.wrong_arguments(r, args, name, "`Axis(0)` and an index"),
            },
            "slice" | "slice_mut" => {
                let parts = (r.element, ndim);
                self.slice(r.value, parts, writes, args, span)
            }
            "view" | "t" if args.is_empty() => {
                let op = if name == "t" {
                    ArrayOp::Reversed
                } else {
                    ArrayOp::As
                };
                let ty = r.view(ndim, false);
                r.made(ty, op, Vec::new())
            }
            "view_mut" if args.is_empty() => {
                let ty = r.view(ndim, true);
                r.made(ty, ArrayOp::As, Vec::new())
            }
            "reborrow" if args.is_empty() && matches!(r.ty, Ty::View { .. }) => {
                let ty = r.ty.clone();
                self.by_value(r, ArrayOp::As, Vec::new(), ty)
            }
            "reversed_axes" if args.is_empty() => {
                let ty = r.ty.clone();
                self.by_value(r, ArrayOp::Reversed, Vec::new(), ty)
            }
            "swap_axes" => {
                let axes: Option<Vec<u8>> = args
                    .iter()
                    .map(|arg| self.number_of_axis(arg, ndim))
                    .collect();
                match axes.as_deref() {
                    Some([a, b]) => r.made(Ty::UNIT, ArrayOp::SwapAxes(*a, *b), Vec::new()),
                    Some(_) => self.wrong_arguments(r, &[], name, "two axes: `a.swap_axes(0, 1)`"),
                    None => r.failed(Ty::UNIT),
                }
            }
            "split_at" if matches!(r.ty, Ty::View { .. }) => match args {
                [axis, index] => {
                    let axis = self.axis_number(axis, ndim);
                    let index = self.demand(index, &Ty::USIZE);
                    let ty = Ty::Tuple(vec![r.ty.clone(), r.ty.clone()]);
                    match axis {
                        Some(axis) => self.by_value(r, ArrayOp::SplitAt(axis), vec![index], ty),
                        None => r.failed(ty),
                    }
                }
                _ => self.wrong_arguments(r, args, name, "`Axis(0)` and an index"),
            },
            "to_owned" | "clone" if args.is_empty() => {
                let ty = Ty::Owned {
                    element: Box::new(r.element.clone()),
                    ndim,
                };
                r.made(ty, ArrayOp::ToOwned, Vec::new())
            }
            "sum" | "product" if args.is_empty() => {
                self.checks.push(Check::ArrayElement(
                    r.element.clone(),
                    true,
                    name.to_string(),
                    span,
                ));
                let op = if name == "sum" {
                    ArrayOp::Sum
                } else {
                    ArrayOp::Product
                };
                let ty = r.element.clone();
                r.made(ty, op, Vec::new())
            }
            "mean" if args.is_empty() => {
                let float = match self.known(&r.element) {
                    Ty::Scalar(s) => s.is_float(),
                    Ty::Var(v) => self.table.kind(v) == VarKind::Float,
                    Ty::Error => true,
                    _ => false,
                };
                if !float {
                    let shown = self.show(&r.element);
                    return self.fail(
                        Diagnostic::new(
                            "B0508",
                            method.span,
                            format!("`mean` is possible for floats, the elements are `{shown}`"),
                        )
                        .help("divide the sum by `a.len()`, converted as it should be"),
                    );
                }
                let ty = Ty::Option(Box::new(r.element.clone()));
                r.made(ty, ArrayOp::Mean, Vec::new())
            }
            "dot" => {
                let [arg] = args else {
                    return self.wrong_arguments(r, args, name, "another array: `a.dot(&b)`");
                };
                if ndim != 1 {
                    self.expr(arg, &Expect::Nothing);
                    return self.fail(
                        Diagnostic::new(
                            "B0509",
                            method.span,
                            "`dot` is possible between arrays of 1 dimension",
                        )
                        .help("write the loops, with `a.row(i).dot(&b.column(j))` inside"),
                    );
                }
                self.checks.push(Check::ArrayElement(
                    r.element.clone(),
                    true,
                    name.to_string(),
                    span,
                ));
                let ty = r.element.clone();
                match self.other_array(&r, arg, name) {
                    Some(other) => r.made(ty, ArrayOp::Dot, vec![other]),
                    None => r.failed(ty),
                }
            }
            "fill" => {
                let element = r.element.clone();
                match self.arguments(args, &[element], span, "method `fill`") {
                    Some(rest) => r.made(Ty::UNIT, ArrayOp::FillView, rest),
                    None => r.failed(Ty::UNIT),
                }
            }
            "assign" => {
                let [arg] = args else {
                    return self.wrong_arguments(r, args, name, "another array: `a.assign(&b)`");
                };
                match self.other_array(&r, arg, name) {
                    Some(other) => r.made(Ty::UNIT, ArrayOp::Assign, vec![other]),
                    None => r.failed(Ty::UNIT),
                }
            }
            "scaled_add" => {
                let [factor, arg] = args else {
                    let wanted = "a factor and another array: `a.scaled_add(x, &b)`";
                    return self.wrong_arguments(r, args, name, wanted);
                };
                self.checks.push(Check::ArrayElement(
                    r.element.clone(),
                    true,
                    name.to_string(),
                    span,
                ));
                let factor = self.demand(factor, &r.element.clone());
                match self.other_array(&r, arg, name) {
                    Some(other) => r.made(Ty::UNIT, ArrayOp::ScaledAdd, vec![factor, other]),
                    None => r.failed(Ty::UNIT),
                }
            }
            "swap" => {
                let [a, b] = args else {
                    return self.wrong_arguments(r, args, name, "two indices");
                };
                match (self.indices(a, ndim), self.indices(b, ndim)) {
                    (Some(mut a), Some(b)) => {
                        a.extend(b);
                        r.made(Ty::UNIT, ArrayOp::SwapElements, a)
                    }
                    _ => r.failed(Ty::UNIT),
                }
            }
            "get" => {
                let ty = Ty::Option(Box::new(r.element.clone().reference(false)));
                let [index] = args else {
                    return self.wrong_arguments(r, args, name, "an index");
                };
                match self.indices(index, ndim) {
                    Some(index) => r.made(ty, ArrayOp::GetElement, index),
                    None => r.failed(ty),
                }
            }
            "first" | "last" if args.is_empty() => {
                let op = if name == "first" {
                    ArrayOp::FirstElement
                } else {
                    ArrayOp::LastElement
                };
                let ty = Ty::Option(Box::new(r.element.clone().reference(false)));
                r.made(ty, op, Vec::new())
            }
            _ if NAMES.contains(&name) && !args.is_empty() => {
                self.wrong_arguments(r, args, name, "no arguments")
            }
            _ => {
                self.expressions(args);
                self.no_array_view_method(&r.ty, method)
            }
        }
    }

    fn no_array_view_method(&mut self, ty: &Ty, method: &ast::Ident) -> Expr {
        let help = match method.name.as_str() {
            "diag" | "diag_mut" => "read the elements: `a[[i, i]]`",
            "into_shape_with_order"
            | "to_shape"
            | "into_shape"
            | "reshape"
            | "insert_axis"
            | "permuted_axes"
            | "broadcast"
            | "into_dyn"
            | "raw_dim" => {
                "write a loop over the indices; `t()`, `reversed_axes()` and `swap_axes(0, 1)` give other orders of the axes"
            }
            "to_vec" | "into_vec" | "as_slice" | "into_raw_vec_and_offset" => {
                "a kernel has no `Vec`: `to_owned()` copies into a local array"
            }
            "map" | "mapv" | "map_inplace" | "mapv_inplace" | "fold" | "zip_mut_with" => {
                "loop over the indices: `for i in 0..a.len() { .. }`"
            }
            "rows" | "columns" | "axis_iter" | "outer_iter" | "genrows" | "lanes" => {
                "loop over the indices: `for i in 0..a.nrows() { let row = a.row(i); .. }`"
            }
            "std" | "var" | "sum_axis" | "mean_axis" | "std_axis" | "max" | "min" => {
                "write the loop"
            }
            "get_mut" => "test the index, then assign: `if i < a.len() { a[i] = x; }`",
            _ => return self.no_view_method(ty, method),
        };
        let shown = self.show(ty);
        self.fail(
            Diagnostic::new(
                "B0510",
                method.span,
                format!(
                    "`{}` of `{shown}` is not in the kernel language",
                    method.name
                ),
            )
            .help(help),
        )
    }

    fn wrong_arguments(
        &mut self,
        r: Receiver,
        args: &'a [ast::Expr],
        name: &str,
        wanted: &str,
    ) -> Expr {
        self.expressions(args);
        self.fail(Diagnostic::new(
            "E0061",
            r.span,
            format!("method `{name}` takes {wanted}"),
        ))
    }

    /// One index of one axis.
    fn along(&mut self, r: Receiver, axis: u8, args: &'a [ast::Expr], name: &str) -> Expr {
        let what = format!("method `{name}`");
        let ty = r.view(r.ndim.saturating_sub(1), name.ends_with("_mut"));
        let parts = (0..r.ndim)
            .map(|k| if k == axis { Part::At } else { Part::All })
            .collect();
        match self.arguments(args, &[Ty::USIZE], r.span, &what) {
            Some(rest) => r.made(ty, ArrayOp::Slice(parts), rest),
            None => r.failed(ty),
        }
    }

    /// A method that takes the view itself.
    fn by_value(&mut self, r: Receiver, op: ArrayOp, rest: Vec<Expr>, ty: Ty) -> Expr {
        let behind = matches!(self.known(&r.value.ty), Ty::Ref(..));
        let moves = !matches!(r.ty, Ty::View { mutable: false, .. });
        if behind && moves {
            return self.fail(
                Diagnostic::new("E0507", r.span, "cannot move out of a reference").help(
                    match r.ty {
                        Ty::Owned { .. } => "call it on a view: `a.view().reversed_axes()`",
                        _ => "call it on a new view: `a.view_mut().split_at(Axis(0), i)`",
                    },
                ),
            );
        }
        let moved = Receiver {
            value: match op {
                // The rule of moves is that of a value that is read.
                ArrayOp::Reversed | ArrayOp::As if moves => Expr {
                    ty: r.value.ty.clone(),
                    span: r.value.span,
                    kind: Kind::Block(
                        None,
                        crate::check::tree::Block {
                            statements: Vec::new(),
                            value: Some(Box::new(r.value)),
                        },
                    ),
                },
                _ => r.value,
            },
            ..r
        };
        moved.made(ty, op, rest)
    }

    /// The other array of `a.dot(&b)`: any view or local array of as many axes.
    fn other_array(&mut self, r: &Receiver, arg: &'a ast::Expr, name: &str) -> Option<Expr> {
        let value = self.expr(arg, &Expect::Nothing);
        let found = self.known(&value.ty);
        let inner = match &found {
            Ty::Ref(_, inner) => self.known(inner),
            Ty::Error => return None,
            other => {
                let shown = self.show(other);
                let error = Diagnostic::new("E0308", value.span, "mismatched types")
                    .label(format!("expected a reference to an array, found `{shown}`"))
                    .help(format!("borrow it: `.{name}(.. &b)`"));
                self.report(error);
                return None;
            }
        };
        let fits = match array_parts(&inner) {
            Some((element, ndim)) if ndim == r.ndim => self.table.unify(element, &r.element),
            _ => inner == Ty::Error,
        };
        if !fits {
            let shown = self.show(&inner);
            let wanted = self.show(&r.element);
            let error = Diagnostic::new("E0308", value.span, "mismatched types")
                .label(format!(
                    "expected an array of `{wanted}` with {} dimension{}, found `{shown}`",
                    r.ndim,
                    if r.ndim == 1 { "" } else { "s" }
                ))
                .help("arrays are not broadcast to more dimensions: write the loop");
            self.report(error);
            return None;
        }
        Some(value)
    }

    /// `Axis(k)`.
    fn axis_number(&mut self, e: &'a ast::Expr, ndim: u8) -> Option<u8> {
        if let ExprKind::Call(callee, inner) = &e.kind
            && let ExprKind::Path(path) = &callee.kind
            && path.segments.last().is_some_and(|s| s.name == "Axis")
            && let [axis] = inner.as_slice()
        {
            return self.number_of_axis(axis, ndim);
        }
        self.expr(e, &Expect::Nothing);
        self.report(
            Diagnostic::new("E0308", e.span, "mismatched types")
                .label("expected `Axis(..)`")
                .help("write `Axis(0)`"),
        );
        None
    }

    /// The number of an axis, which must be written out: the type of what comes depends on
    /// it.
    fn number_of_axis(&mut self, e: &'a ast::Expr, ndim: u8) -> Option<u8> {
        match &e.kind {
            ExprKind::Int(axis, None | Some(crate::ir::Scalar::Usize))
                if *axis < u128::from(ndim) =>
            {
                return Some(*axis as u8);
            }
            ExprKind::Int(axis, None | Some(crate::ir::Scalar::Usize)) => self.report(
                Diagnostic::new(
                    "B0241",
                    e.span,
                    format!("axis {axis} does not exist: the array has {ndim} dimensions"),
                )
                .help("axes are counted from 0"),
            ),
            _ => {
                self.demand(e, &Ty::USIZE);
                self.report(
                    Diagnostic::new("B0511", e.span, "the axis must be written as a number")
                        .help("write `Axis(0)`, and a `match` if it varies"),
                );
            }
        }
        None
    }

    /// Demands a variable that holds a view or local array and may be assigned.
    fn demand_variable(&mut self, place: &Expr, span: Span) {
        match place.kind {
            Kind::Local(local) => {
                let declared = self.locals[local].clone();
                let error = match self.table.shallow(&declared.ty) {
                    Ty::Ref(..) => Diagnostic::new(
                        "B0512",
                        span,
                        "`swap_axes` is possible on a variable that holds the view itself",
                    )
                    .help("take the view by value, or use `t()`"),
                    _ if declared.mutable => return,
                    _ => Diagnostic::new(
                        "E0596",
                        span,
                        format!(
                            "cannot borrow `{}` as mutable, as it is not declared as mutable",
                            declared.name
                        ),
                    )
                    .related(declared.span, "declared here")
                    .help(format!("declare it as `mut {}`", declared.name)),
                };
                self.report(error);
            }
            Kind::Error => {}
            _ => self.report(
                Diagnostic::new("B0512", span, "`swap_axes` is possible on a variable")
                    .help("bind the view by `let mut` first"),
            ),
        }
    }
}
