//! The rules for local arrays: how they are made (`Array2::<f64>::zeros((m, n))`, `arr1`)
//! and which elements they have.

use super::{ArrayOp, Fill};
use crate::ast::{self, ExprKind};
use crate::check::calls::supplied;
use crate::check::function::{Check, Checker, Expect};
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// Whether local arrays and views may have such elements; a variable may become one.
pub(super) fn is_element(ty: &Ty) -> bool {
    match ty {
        Ty::Scalar(_) | Ty::Param(_) | Ty::Half(_) | Ty::Error | Ty::Var(_) => true,
        Ty::Complex(inner) => matches!(**inner, Ty::Scalar(_) | Ty::Var(_) | Ty::Error),
        _ => false,
    }
}

/// The number of axes of `Array2`.
pub(crate) fn owned_axes(name: &str) -> Option<u8> {
    match name.strip_prefix("Array")?.as_bytes() {
        [digit @ b'0'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// What the type of a new array's elements must be, once it is known: `number` for what
/// needs a zero or one of the element's type. `what` names the function.
pub(crate) fn late_element_type(
    c: &mut Checker<'_, '_>,
    ty: &Ty,
    number: bool,
    what: &str,
    span: Span,
) {
    let ty = c.table.resolve(ty);
    let shown = c.show(&ty);
    let error = match &ty {
        Ty::Error | Ty::Never => return,
        Ty::Var(_) => {
            c.ambiguous(span, "the array's elements");
            return;
        }
        Ty::Param(_) if number => Diagnostic::new(
            "E0277",
            span,
            format!("the trait bound `{shown}: num_traits::Zero` is not satisfied"),
        )
        .label(format!(
            "`{what}` needs more than the bounds of `{shown}` give"
        ))
        .help(match what {
            "zeros" | "ones" => {
                format!("write `from_elem(shape, {shown}::zero())`, or `{shown}::one()`")
            }
            _ => "write the loop: `for i in 0..a.len() { s += a[i]; }`".to_string(),
        }),
        Ty::Scalar(Scalar::Bool) if number => Diagnostic::new(
            "E0277",
            span,
            "the trait bound `bool: num_traits::Zero` is not satisfied",
        )
        .help("write `from_elem(shape, false)`"),
        // Their elements are bits, which are neither added nor multiplied.
        Ty::Half(half) if number && !matches!(what, "zeros" | "ones") => Diagnostic::new(
            "B0513",
            span,
            format!("`{what}` is not possible for elements of type `{shown}`"),
        )
        .help(format!(
            "write the loop, and in it {}",
            crate::check::half::arithmetic(*half)
        )),
        other if is_element(other) => return,
        _ => Diagnostic::new(
            "B0207",
            span,
            format!(
                "the elements of local arrays are numbers, complex numbers or `bool`, not `{shown}`"
            ),
        )
        .help("use one array for each part"),
    };
    c.report(error);
}

impl<'a> Checker<'_, 'a> {
    /// `Array1::<f64>::zeros(n)` and so on; `None` if the path is of another type.
    pub(crate) fn owned_call(
        &mut self,
        path: &'a ast::Path,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let (owner, function) = match path.segments.as_slice() {
            [owner, function] => (owner, function),
            [first, owner, function] if first.name == "ndarray" => (owner, function),
            _ => return None,
        };
        let Some(ndim) = owned_axes(&owner.name) else {
            if owner.name != "Array" || self.item("Array").is_some() {
                return None;
            }
            self.expressions(args);
            return Some(
                self.fail(
                    Diagnostic::new("B0506", owner.span, "the number of axes must be named")
                        .help("write `Array1`, `Array2` and so on"),
                ),
            );
        };
        if self.item(&owner.name).is_some() {
            return None;
        }
        let element = match path.owner_args.as_slice() {
            [] => self.table.fresh(VarKind::General),
            [ty] => self.written(ty),
            _ => {
                self.report(Diagnostic::new(
                    "E0107",
                    owner.span,
                    format!("`{}` takes one type argument", owner.name),
                ));
                Ty::Error
            }
        };
        self.no_shape_type(&path.type_args);
        let (fill, count) = match function.name.as_str() {
            "zeros" => (Fill::Zero, 1),
            "ones" => (Fill::One, 1),
            "from_elem" => (Fill::Given, 2),
            "from_shape_fn" if args.len() == 2 => {
                let lengths = self.lengths(&args[0], ndim);
                return Some(self.shape_fn((element, ndim), lengths, &args[1], span));
            }
            name => {
                self.expressions(args);
                return Some(self.no_constructor(&owner.name, name, function.span));
            }
        };
        let ty = Ty::Owned {
            element: Box::new(element.clone()),
            ndim,
        };
        let name = function.name.as_str();
        if args.len() != count {
            self.expressions(args);
            let error = Diagnostic::new(
                "E0061",
                span,
                supplied(
                    &format!("function `{}::{name}`", owner.name),
                    count,
                    args.len(),
                ),
            );
            self.report(error);
            return Some(Expr {
                ty,
                span,
                kind: Kind::Error,
            });
        }
        let mut operands = self.lengths(&args[0], ndim);
        if let [_, value] = args {
            operands.push(self.demand(value, &element));
        }
        self.checks.push(Check::ArrayElement(
            element,
            fill != Fill::Given,
            name.to_string(),
            span,
        ));
        Some(Expr {
            ty,
            span,
            kind: Kind::Array(ArrayOp::Allocate(fill), operands),
        })
    }

    /// Refuses type arguments of functions whose parameters decide their types: those of the
    /// functions that make arrays are the types of shapes.
    pub(crate) fn no_shape_type(&mut self, found: &'a [ast::TypeExpr]) {
        if let Some(first) = found.first() {
            self.report(
                Diagnostic::new("B0516", first.span, "type arguments are not supported here")
                    .help("leave them out; the type of the elements stands before: `Array1::<f64>::zeros(n)`"),
            );
        }
    }

    pub(crate) fn expressions(&mut self, args: &'a [ast::Expr]) {
        for arg in args {
            if !matches!(arg.kind, ExprKind::Closure { .. }) {
                self.expr(arg, &Expect::Nothing);
            }
        }
    }

    fn no_constructor(&mut self, owner: &str, name: &str, span: Span) -> Expr {
        let help = match name {
            "from_vec" | "from_iter" | "from" => {
                "a kernel has no `Vec`: write `arr1(&[a, b])`, or `zeros(n)` and assign the elements".to_string()
            }
            "from_shape_fn" => "write `from_shape_fn(shape, |(i, j)| ..)`".to_string(),
            "from_shape_simple_fn" => {
                "make it by `zeros(shape)` and assign the elements in a loop".to_string()
            }
            "linspace" | "range" | "eye" | "default" | "uninit" | "from_shape_vec" => {
                "make it by `zeros(shape)` and assign the elements in a loop".to_string()
            }
            _ => "there are `zeros(shape)`, `ones(shape)` and `from_elem(shape, value)`".to_string(),
        };
        self.fail(
            Diagnostic::new(
                "B0507",
                span,
                format!("`{owner}::{name}` is not in the kernel language"),
            )
            .help(help),
        )
    }

    /// The lengths of a new array's axes: `n`, `(m, n)`, `[m, n]`, or one value of such a
    /// type.
    fn lengths(&mut self, shape: &'a ast::Expr, ndim: u8) -> Vec<Expr> {
        let wanted = usize::from(ndim);
        let written = match &shape.kind {
            ExprKind::Tuple(list) | ExprKind::Array(list) => Some(list),
            _ => None,
        };
        if let Some(list) = written {
            // `(n)` is no tuple, and `[n]` and `(n,)` have one axis.
            if list.len() == wanted {
                return list.iter().map(|e| self.demand(e, &Ty::USIZE)).collect();
            }
            self.expressions(list);
            self.wrong_shape(shape.span, wanted, list.len());
            return Vec::new();
        }
        if wanted == 1 {
            let value = self.expr(shape, &Expect::Has(Ty::USIZE));
            return match self.known(&value.ty) {
                Ty::Tuple(list) if list.len() == 1 => vec![value],
                Ty::Array(_, 1) => vec![value],
                Ty::Tuple(list) => {
                    self.wrong_shape(shape.span, wanted, list.len());
                    Vec::new()
                }
                _ => {
                    self.coerce(&value, &Ty::USIZE);
                    vec![value]
                }
            };
        }
        let value = self.expr(shape, &Expect::Nothing);
        let fits = match self.known(&value.ty) {
            Ty::Tuple(list) => {
                list.len() == wanted && list.iter().all(|ty| self.agrees(ty, &Ty::USIZE))
            }
            Ty::Array(element, n) => n as usize == wanted && self.agrees(&element, &Ty::USIZE),
            Ty::Error => true,
            _ => false,
        };
        if !fits {
            self.wrong_shape(shape.span, wanted, 1);
        }
        vec![value]
    }

    fn wrong_shape(&mut self, span: Span, wanted: usize, found: usize) {
        let form = match wanted {
            0 => "()".to_string(),
            1 => "n".to_string(),
            n => format!(
                "({})",
                ["k", "l", "m", "n", "o", "p"][..n.min(6)].join(", ")
            ),
        };
        self.report(
            Diagnostic::new(
                "E0271",
                span,
                format!(
                    "the shape of an `Array{wanted}` has {wanted} lengths of `usize`, found {found}"
                ),
            )
            .help(format!("write `{form}`")),
        );
    }

    /// `arr1(&[..])` and `arr2(&[[..], ..])`, which `array!` becomes; `None` for every other
    /// name.
    pub(crate) fn owned_literal(
        &mut self,
        name: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let ndim: u8 = match name.name.as_str() {
            "arr1" => 1,
            "arr2" => 2,
            _ => return None,
        };
        let [arg] = args else {
            self.expressions(args);
            return Some(self.fail(Diagnostic::new(
                "E0061",
                span,
                supplied(&format!("function `{}`", name.name), 1, args.len()),
            )));
        };
        let value = self.expr(arg, &Expect::Nothing);
        let mut ty = self.known(&value.ty);
        if let Ty::Ref(_, inner) = ty {
            ty = self.known(&inner);
            for axis in 0..ndim {
                let Ty::Array(element, _) = ty else {
                    break;
                };
                ty = self.known(&element);
                if axis + 1 < ndim {
                    continue;
                }
                self.checks.push(Check::ArrayElement(
                    ty.clone(),
                    false,
                    name.name.clone(),
                    span,
                ));
                return Some(Expr {
                    ty: Ty::Owned {
                        element: Box::new(ty),
                        ndim,
                    },
                    span,
                    kind: Kind::Array(ArrayOp::From, vec![value]),
                });
            }
        }
        if self.known(&value.ty) == Ty::Error {
            return Some(self.error(span));
        }
        let shown = self.show(&value.ty);
        Some(
            self.fail(
                Diagnostic::new("E0308", arg.span, "mismatched types")
                    .label(format!("found `{shown}`"))
                    .help(if ndim == 1 {
                        "write `arr1(&[a, b, c])`"
                    } else {
                        "write `arr2(&[[a, b], [c, d]])`"
                    }),
            ),
        )
    }
}
