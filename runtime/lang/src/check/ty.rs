//! Types while a body is checked: scalars, type parameters, and inference variables with
//! their unification table. Not the types of the IR, which know neither references nor
//! parameters. Invariant: a variable is bound at most once and never to a type that
//! contains it.

use std::sync::Arc;

use brolga_abi::{Bound, DType};

use crate::ast::Half;
use crate::ir::{Element, Scalar};

/// A struct or enum of a session. The name is for messages only.
#[derive(Clone, Debug)]
pub(crate) struct AdtIndex {
    /// Its number in the session.
    pub(crate) number: usize,
    pub(crate) name: Arc<str>,
}

impl PartialEq for AdtIndex {
    fn eq(&self, other: &AdtIndex) -> bool {
        self.number == other.number
    }
}
impl Eq for AdtIndex {}
impl std::hash::Hash for AdtIndex {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

/// A type, maybe with inference variables.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Ty {
    /// A number or bool.
    Scalar(Scalar),
    /// The type parameter with this number.
    Param(u8),
    /// A tuple.
    Tuple(Vec<Ty>),
    /// An array view.
    View {
        /// A scalar or a parameter.
        element: Box<Ty>,
        /// Axes.
        ndim: u8,
        /// `ArrayViewMut`.
        mutable: bool,
    },
    /// `&T`, `&mut T`.
    Ref(bool, Box<Ty>),
    /// A struct or enum of the file, with its type arguments.
    Adt(AdtIndex, Vec<Ty>),
    /// `Option<T>`.
    Option(Box<Ty>),
    /// `Complex<T>`.
    Complex(Box<Ty>),
    /// `f16` or `bf16`.
    Half(Half),
    /// `[T; n]`.
    Array(Box<Ty>, u32),
    /// A local array, `Array1<T>` and so on.
    Owned {
        /// The elements' type.
        element: Box<Ty>,
        /// Axes.
        ndim: u8,
    },
    /// A closure's own type, by its number in the body.
    Closure(u32),
    /// `!`.
    Never,
    /// An inference variable.
    Var(u32),
    /// What an error left behind; agrees with everything.
    Error,
}

impl Ty {
    pub(crate) const UNIT: Ty = Ty::Tuple(Vec::new());
    pub(crate) const BOOL: Ty = Ty::Scalar(Scalar::Bool);
    pub(crate) const USIZE: Ty = Ty::Scalar(Scalar::Usize);
    pub(crate) const U32: Ty = Ty::Scalar(Scalar::U32);

    /// The type of the elements of a host's array.
    pub(crate) fn of(dtype: DType) -> Ty {
        match (dtype, Element::of(dtype)) {
            (DType::F16, _) => Ty::Half(Half::F16),
            (DType::Bf16, _) => Ty::Half(Half::Bf16),
            (_, Element::Scalar(s)) => Ty::Scalar(s),
            (_, Element::Complex(s)) => Ty::Complex(Box::new(Ty::Scalar(s))),
        }
    }

    /// `&self`.
    pub(crate) fn reference(self, mutable: bool) -> Ty {
        Ty::Ref(mutable, Box::new(self))
    }
}

/// What the bounds of a type parameter give.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Bounds {
    pub(crate) number: bool,
    pub(crate) real: bool,
    pub(crate) integer: bool,
    pub(crate) float: bool,
}

impl Bounds {
    pub(crate) fn of(bounds: &[Bound]) -> Bounds {
        let mut all = Bounds::default();
        for bound in bounds {
            all.number = true;
            match bound {
                Bound::Number => {}
                Bound::Real => all.real = true,
                Bound::Integer => (all.real, all.integer) = (true, true),
                Bound::Float => (all.real, all.float) = (true, true),
            }
        }
        all
    }

    /// Whether a type with these bounds has that one.
    pub(crate) fn has(self, bound: Bound) -> bool {
        match bound {
            Bound::Number => self.number,
            Bound::Real => self.real,
            Bound::Integer => self.integer,
            Bound::Float => self.float,
        }
    }

    /// The strongest single bound; `None` without any.
    pub(crate) fn strongest(self) -> Option<Bound> {
        match self {
            Bounds { integer: true, .. } => Some(Bound::Integer),
            Bounds { float: true, .. } => Some(Bound::Float),
            Bounds { real: true, .. } => Some(Bound::Real),
            Bounds { number: true, .. } => Some(Bound::Number),
            _ => None,
        }
    }

    /// Whether an element type satisfies all of them.
    pub(crate) fn admit_dtype(self, dtype: DType) -> bool {
        let bounds = [
            (self.real, Bound::Real),
            (self.integer, Bound::Integer),
            (self.float, Bound::Float),
        ];
        Bound::Number.admits(dtype)
            && bounds
                .into_iter()
                .all(|(stated, bound)| !stated || bound.admits(dtype))
    }

    /// Whether `scalar` satisfies all of them.
    pub(crate) fn admit(self, scalar: Scalar) -> bool {
        scalar != Scalar::Bool
            && (!self.integer || scalar.is_integer())
            && (!self.float || scalar.is_float())
    }
}

/// A type parameter in scope.
#[derive(Clone, Debug)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) bounds: Bounds,
}

/// What a variable may become.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum VarKind {
    /// Anything.
    General,
    /// Anything; `!` when nothing decides, because only a diverging value reached it.
    Diverging,
    /// An integer type: the type of a literal.
    Integer,
    /// A float type: the type of a literal.
    Float,
}

/// The unification table of one body.
#[derive(Debug, Default)]
pub(crate) struct Table {
    vars: Vec<(VarKind, Option<Ty>)>,
}

/// How deep types may be nested in each other.
pub(crate) const MAX_LEVELS: usize = 100;
/// How many parts of a type are looked at to tell how deep it is.
const MAX_TOLD: usize = 10_000;

impl Table {
    /// A fresh variable.
    pub(crate) fn fresh(&mut self, kind: VarKind) -> Ty {
        self.vars.push((kind, None));
        Ty::Var(self.vars.len() as u32 - 1)
    }

    /// The kind of an unbound variable.
    pub(crate) fn kind(&self, var: u32) -> VarKind {
        self.vars[var as usize].0
    }

    /// Marks an unbound general variable as reached by a diverging value.
    pub(crate) fn diverge(&mut self, var: u32) {
        let kind = &mut self.vars[var as usize].0;
        if *kind == VarKind::General {
            *kind = VarKind::Diverging;
        }
    }

    /// `ty` with its outermost variable replaced as far as known.
    pub(crate) fn shallow(&self, ty: &Ty) -> Ty {
        let mut ty = ty;
        while let Ty::Var(var) = ty {
            match &self.vars[*var as usize].1 {
                Some(bound) => ty = bound,
                None => break,
            }
        }
        ty.clone()
    }

    /// `ty` with all variables replaced as far as known.
    pub(crate) fn resolve(&self, ty: &Ty) -> Ty {
        match self.shallow(ty) {
            Ty::Tuple(members) => Ty::Tuple(members.iter().map(|m| self.resolve(m)).collect()),
            Ty::View {
                element,
                ndim,
                mutable,
            } => Ty::View {
                element: Box::new(self.resolve(&element)),
                ndim,
                mutable,
            },
            Ty::Ref(mutable, inner) => Ty::Ref(mutable, Box::new(self.resolve(&inner))),
            Ty::Adt(n, args) => Ty::Adt(n, args.iter().map(|a| self.resolve(a)).collect()),
            Ty::Option(inner) => Ty::Option(Box::new(self.resolve(&inner))),
            Ty::Complex(inner) => Ty::Complex(Box::new(self.resolve(&inner))),
            Ty::Array(inner, n) => Ty::Array(Box::new(self.resolve(&inner)), n),
            Ty::Owned { element, ndim } => Ty::Owned {
                element: Box::new(self.resolve(&element)),
                ndim,
            },
            other => other,
        }
    }

    /// Whether a value of this type consists of at most `limit` parts, tuples counted too.
    pub(crate) fn has_at_most(&self, ty: &Ty, limit: usize) -> bool {
        let mut left = limit;
        self.take_parts(ty, &mut left, MAX_LEVELS)
    }

    /// Whether a type is nested at most [`MAX_LEVELS`] deep, and small enough to tell.
    pub(crate) fn is_shallow(&self, ty: &Ty) -> bool {
        self.has_at_most(ty, MAX_TOLD)
    }

    fn take_parts(&self, ty: &Ty, left: &mut usize, levels: usize) -> bool {
        let Some(levels) = levels.checked_sub(1) else {
            return false;
        };
        let mut ty = ty;
        while let Ty::Var(var) = ty {
            match &self.vars[*var as usize].1 {
                Some(bound) => ty = bound,
                None => break,
            }
        }
        let Some(fewer) = left.checked_sub(1) else {
            return false;
        };
        *left = fewer;
        match ty {
            Ty::Tuple(members) => members.iter().all(|m| self.take_parts(m, left, levels)),
            Ty::Adt(_, args) => args.iter().all(|a| self.take_parts(a, left, levels)),
            Ty::Ref(_, inner) | Ty::Option(inner) | Ty::Array(inner, _) => {
                self.take_parts(inner, left, levels)
            }
            _ => true,
        }
    }

    fn occurs(&self, var: u32, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Var(other) => other == var,
            Ty::Tuple(members) => members.iter().any(|m| self.occurs(var, m)),
            Ty::View { element, .. } => self.occurs(var, &element),
            Ty::Ref(_, inner)
            | Ty::Option(inner)
            | Ty::Complex(inner)
            | Ty::Array(inner, _)
            | Ty::Owned { element: inner, .. } => self.occurs(var, &inner),
            Ty::Adt(_, args) => args.iter().any(|a| self.occurs(var, a)),
            _ => false,
        }
    }

    /// Makes both types equal, or returns `false` (some inner variables may then be bound;
    /// an error is reported in that case anyway).
    pub(crate) fn unify(&mut self, a: &Ty, b: &Ty) -> bool {
        let (a, b) = (self.shallow(a), self.shallow(b));
        match (a, b) {
            (Ty::Error, _) | (_, Ty::Error) => true,
            (Ty::Var(a), Ty::Var(b)) if a == b => true,
            (Ty::Var(a), Ty::Var(b)) => {
                let kind = match (self.kind(a), self.kind(b)) {
                    (VarKind::General, other) | (other, VarKind::General) => other,
                    (VarKind::Diverging, other) | (other, VarKind::Diverging) => other,
                    (x, y) if x == y => x,
                    _ => return false,
                };
                self.vars[a as usize].1 = Some(Ty::Var(b));
                self.vars[b as usize].0 = kind;
                true
            }
            (Ty::Var(var), ty) | (ty, Ty::Var(var)) => {
                let fits = match self.kind(var) {
                    VarKind::General | VarKind::Diverging => !self.occurs(var, &ty),
                    VarKind::Integer => matches!(ty, Ty::Scalar(s) if s.is_integer()),
                    VarKind::Float => matches!(ty, Ty::Scalar(s) if s.is_float()),
                };
                if fits {
                    self.vars[var as usize].1 = Some(ty);
                }
                fits
            }
            (Ty::Tuple(a), Ty::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| self.unify(a, b))
            }
            (
                Ty::View {
                    element: a,
                    ndim: m,
                    mutable: p,
                },
                Ty::View {
                    element: b,
                    ndim: n,
                    mutable: q,
                },
            ) => m == n && p == q && self.unify(&a, &b),
            (Ty::Ref(p, a), Ty::Ref(q, b)) => p == q && self.unify(&a, &b),
            (Ty::Option(a), Ty::Option(b)) | (Ty::Complex(a), Ty::Complex(b)) => self.unify(&a, &b),
            (Ty::Array(a, m), Ty::Array(b, n)) => m == n && self.unify(&a, &b),
            (
                Ty::Owned {
                    element: a,
                    ndim: m,
                },
                Ty::Owned {
                    element: b,
                    ndim: n,
                },
            ) => m == n && self.unify(&a, &b),
            (Ty::Adt(m, a), Ty::Adt(n, b)) => {
                m == n && a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| self.unify(a, b))
            }
            (a, b) => a == b,
        }
    }

    /// Gives literals without a decided type `i32` and `f64`, and diverging values `!`.
    pub(crate) fn fall_back(&mut self) {
        for (kind, bound) in &mut self.vars {
            if bound.is_none() {
                *bound = match kind {
                    VarKind::Integer => Some(Ty::Scalar(Scalar::I32)),
                    VarKind::Float => Some(Ty::Scalar(Scalar::F64)),
                    VarKind::Diverging => Some(Ty::Never),
                    VarKind::General => None,
                };
            }
        }
    }

    /// The final type of each variable; `Error` where nothing decided.
    pub(crate) fn finish(mut self) -> Vec<Ty> {
        for (_, bound) in &mut self.vars {
            bound.get_or_insert(Ty::Error);
        }
        (0..self.vars.len() as u32)
            .map(|var| self.resolve(&Ty::Var(var)))
            .collect()
    }

    /// The type as messages show it.
    pub(crate) fn show(&self, ty: &Ty, params: &[Param]) -> String {
        show(&self.resolve(ty), params, &|var| match self.kind(var) {
            VarKind::Integer => "{integer}",
            VarKind::Float => "{float}",
            VarKind::General | VarKind::Diverging => "_",
        })
    }
}

/// The type in source form; `name` is what stands for a variable.
pub(crate) fn show(ty: &Ty, params: &[Param], name: &dyn Fn(u32) -> &'static str) -> String {
    match ty {
        Ty::Scalar(scalar) => scalar.name().to_string(),
        Ty::Param(n) => params
            .get(usize::from(*n))
            .map_or_else(|| "_".to_string(), |p| p.name.clone()),
        Ty::Tuple(members) => {
            let inner: Vec<String> = members.iter().map(|m| show(m, params, name)).collect();
            match inner.as_slice() {
                [one] => format!("({one},)"),
                _ => format!("({})", inner.join(", ")),
            }
        }
        Ty::View {
            element,
            ndim,
            mutable,
        } => format!(
            "ArrayView{}{ndim}<{}>",
            if *mutable { "Mut" } else { "" },
            show(element, params, name)
        ),
        Ty::Ref(mutable, inner) => format!(
            "&{}{}",
            if *mutable { "mut " } else { "" },
            show(inner, params, name)
        ),
        Ty::Adt(adt, args) if args.is_empty() => adt.name.to_string(),
        Ty::Adt(adt, args) => {
            let args: Vec<String> = args.iter().map(|a| show(a, params, name)).collect();
            format!("{}<{}>", adt.name, args.join(", "))
        }
        Ty::Option(inner) => format!("Option<{}>", show(inner, params, name)),
        Ty::Complex(inner) => format!("Complex<{}>", show(inner, params, name)),
        Ty::Half(Half::F16) => "f16".to_string(),
        Ty::Half(Half::Bf16) => "bf16".to_string(),
        Ty::Array(inner, n) => format!("[{}; {n}]", show(inner, params, name)),
        Ty::Owned { element, ndim } => format!("Array{ndim}<{}>", show(element, params, name)),
        Ty::Closure(_) => "a closure".to_string(),
        Ty::Never => "!".to_string(),
        Ty::Var(var) => name(*var).to_string(),
        Ty::Error => "_".to_string(),
    }
}

/// `ty` with variables replaced by their final types.
pub(crate) fn close(ty: &Ty, types: &[Ty]) -> Ty {
    replace(ty, &|leaf| match leaf {
        Ty::Var(var) => Some(types[*var as usize].clone()),
        _ => None,
    })
}

/// `ty` with type parameters replaced by these types.
pub(crate) fn substitute(ty: &Ty, types: &[Ty]) -> Ty {
    replace(ty, &|leaf| match leaf {
        Ty::Param(n) => types.get(usize::from(*n)).cloned(),
        _ => None,
    })
}

/// `ty` with each part for which `by` gives a type replaced by that.
fn replace(ty: &Ty, by: &dyn Fn(&Ty) -> Option<Ty>) -> Ty {
    if let Some(other) = by(ty) {
        return other;
    }
    let boxed = |inner: &Ty| Box::new(replace(inner, by));
    match ty {
        Ty::Tuple(members) => Ty::Tuple(members.iter().map(|m| replace(m, by)).collect()),
        Ty::View {
            element,
            ndim,
            mutable,
        } => Ty::View {
            element: boxed(element),
            ndim: *ndim,
            mutable: *mutable,
        },
        Ty::Ref(mutable, inner) => Ty::Ref(*mutable, boxed(inner)),
        Ty::Adt(n, args) => Ty::Adt(n.clone(), args.iter().map(|a| replace(a, by)).collect()),
        Ty::Option(inner) => Ty::Option(boxed(inner)),
        Ty::Complex(inner) => Ty::Complex(boxed(inner)),
        Ty::Array(inner, n) => Ty::Array(boxed(inner), *n),
        Ty::Owned { element, ndim } => Ty::Owned {
            element: boxed(element),
            ndim: *ndim,
        },
        other => other.clone(),
    }
}
