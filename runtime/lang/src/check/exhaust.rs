//! Whether the arms of a `match` cover everything (`E0004`): ranges of integers are cut
//! where a pattern begins or ends, and each piece is followed through the other members of
//! a tuple. Invariant: the work is bounded; beyond the bound the `match` is refused.

use crate::check::constant::integer;
use crate::check::lower::build;
use crate::check::session::Session;
use crate::check::tree::{Arm, Body, Expr, Kind, Pattern, PatternKind};
use crate::check::ty::{Ty, close};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{ExprKind, Scalar, Type};

/// How many pieces, each with the rows that may cover it, may be looked at.
const MAX_STEPS: usize = 2_000_000;

/// A pattern with its constants evaluated.
#[derive(Clone, Debug)]
enum Covered {
    All,
    /// Nothing that counts: a float constant.
    Nothing,
    Range(i128, i128),
    Tuple(Vec<Covered>),
    Any(Vec<Covered>),
}

/// What a type's values are.
#[derive(Clone, Debug)]
enum Shape {
    Integer(Scalar),
    Tuple(Vec<Shape>),
    Array(Vec<Shape>),
    /// A flag and the payload.
    Option(Box<Shape>),
    /// Two floats.
    Complex,
    /// A struct's name with the names of its fields, and these.
    Struct(String, Vec<String>, Vec<Shape>),
    /// The discriminants of an enum with the names of the variants.
    Enum(Vec<(i128, String)>),
    Other,
}

fn shape(session: &mut Session<'_>, ty: &Ty) -> Shape {
    let mut shape = |ty: &Ty| shape(session, ty);
    match ty {
        Ty::Scalar(s) if !s.is_float() => Shape::Integer(*s),
        Ty::Tuple(members) => Shape::Tuple(members.iter().map(shape).collect()),
        // Longer ones have no patterns but those that match all.
        Ty::Array(inner, n) if *n <= 256 => Shape::Array(vec![shape(inner); *n as usize]),
        Ty::Ref(_, inner) => shape(inner),
        Ty::Option(inner) => Shape::Option(Box::new(shape(inner))),
        Ty::Complex(_) => Shape::Complex,
        Ty::Adt(adt, args) => match session.field_types(adt, args) {
            Some(fields) => {
                let names = session.field_names(adt);
                let fields = fields.iter().map(|f| self::shape(session, f)).collect();
                Shape::Struct(adt.name.to_string(), names, fields)
            }
            None => {
                let name = &adt.name;
                let all = session.variants(adt.number);
                let shown = all.iter().map(|(d, v)| (*d, format!("{name}::{v}")));
                Shape::Enum(shown.collect())
            }
        },
        _ => Shape::Other,
    }
}

/// The values of an integer type. The size of `usize` is not part of the language, so there
/// is something beyond its limits that only an open range covers.
fn limits(s: Scalar) -> (i128, i128) {
    let (min, max) = build::range(s);
    match s {
        Scalar::Usize => (min, max + 1),
        Scalar::Isize => (min - 1, max + 1),
        _ => (min, max),
    }
}

struct Search {
    steps: usize,
}

impl Search {
    /// Values that no row covers, as patterns.
    fn uncovered(&mut self, rows: &[Vec<Covered>], shapes: &[Shape]) -> Option<Vec<String>> {
        self.steps = self.steps.saturating_sub(1 + rows.len());
        if self.steps == 0 {
            return None;
        }
        let Some((first, rest)) = shapes.split_first() else {
            return rows.is_empty().then(Vec::new);
        };
        let mut flat: Vec<Vec<Covered>> = Vec::new();
        for row in rows {
            expand(row, &mut flat);
        }
        match first {
            Shape::Other => {
                let rows: Vec<Vec<Covered>> = flat
                    .iter()
                    .filter(|row| matches!(row[0], Covered::All))
                    .map(|row| row[1..].to_vec())
                    .collect();
                let mut witness = self.uncovered(&rows, rest)?;
                witness.insert(0, "_".to_string());
                Some(witness)
            }
            Shape::Option(inner) => {
                let members = vec![Shape::Integer(Scalar::Bool), (**inner).clone()];
                let mut shapes = vec![Shape::Tuple(members)];
                shapes.extend_from_slice(rest);
                let mut witness = self.uncovered(&flat, &shapes)?;
                witness[0] = option_witness(&witness[0]);
                Some(witness)
            }
            Shape::Complex => {
                let mut shapes = vec![Shape::Tuple(vec![Shape::Other, Shape::Other])];
                shapes.extend_from_slice(rest);
                let mut witness = self.uncovered(&flat, &shapes)?;
                witness[0] = "Complex { .. }".to_string();
                Some(witness)
            }
            Shape::Enum(variants) => {
                for (discriminant, name) in variants {
                    let inside: Vec<Vec<Covered>> = flat
                        .iter()
                        .filter(|row| match row[0] {
                            Covered::All => true,
                            Covered::Range(a, b) => (a..=b).contains(discriminant),
                            _ => false,
                        })
                        .map(|row| row[1..].to_vec())
                        .collect();
                    if let Some(mut witness) = self.uncovered(&inside, rest) {
                        witness.insert(0, name.clone());
                        return Some(witness);
                    }
                }
                None
            }
            Shape::Tuple(members) | Shape::Array(members) | Shape::Struct(_, _, members) => {
                let rows: Vec<Vec<Covered>> = flat
                    .iter()
                    .map(|row| {
                        let mut inner = match &row[0] {
                            Covered::Tuple(list) if list.len() == members.len() => list.clone(),
                            Covered::All => vec![Covered::All; members.len()],
                            _ => vec![Covered::Nothing; members.len()],
                        };
                        inner.extend_from_slice(&row[1..]);
                        inner
                    })
                    .collect();
                let mut shapes = members.clone();
                shapes.extend_from_slice(rest);
                let witness = self.uncovered(&rows, &shapes)?;
                let (inner, after) = witness.split_at(members.len());
                let mut all = vec![match first {
                    Shape::Struct(name, names, _) => shown(name, names, inner),
                    Shape::Array(_) => array_witness(inner),
                    _ => format!("({})", inner.join(", ")),
                }];
                all.extend_from_slice(after);
                Some(all)
            }
            Shape::Integer(s) => self.pieces(*s, &flat, rest),
        }
    }

    fn pieces(&mut self, s: Scalar, rows: &[Vec<Covered>], rest: &[Shape]) -> Option<Vec<String>> {
        let (min, max) = limits(s);
        let mut starts = vec![min];
        for row in rows {
            if let Covered::Range(a, b) = row[0] {
                starts.extend([a, b + 1].into_iter().filter(|v| (min..=max).contains(v)));
            }
        }
        starts.sort_unstable();
        starts.dedup();
        if rest.is_empty() {
            return first_gap(s, rows, &starts).map(|witness| vec![witness]);
        }
        for (n, start) in starts.iter().enumerate() {
            let end = starts.get(n + 1).map_or(max, |next| next - 1);
            self.steps = self.steps.saturating_sub(rows.len());
            if self.steps == 0 {
                return None;
            }
            let inside: Vec<Vec<Covered>> = rows
                .iter()
                .filter(|row| match row[0] {
                    Covered::All => true,
                    Covered::Range(a, b) => a <= *start && end <= b,
                    _ => false,
                })
                .map(|row| row[1..].to_vec())
                .collect();
            if let Some(mut witness) = self.uncovered(&inside, rest) {
                witness.insert(0, piece(s, *start, end));
                return Some(witness);
            }
        }
        None
    }
}

/// The first piece that no row covers, where there is no other column. One pass over the rows
/// in the order of their beginnings: pieces are cut at every end of a row, so a piece is
/// covered if the row that reaches farthest reaches its beginning.
fn first_gap(s: Scalar, rows: &[Vec<Covered>], starts: &[i128]) -> Option<String> {
    let (_, max) = limits(s);
    if rows.iter().any(|row| matches!(row[0], Covered::All)) {
        return None;
    }
    let ranges = rows.iter().filter_map(|row| match row[0] {
        Covered::Range(a, b) => Some((a, b)),
        _ => None,
    });
    let mut ranges: Vec<(i128, i128)> = ranges.collect();
    ranges.sort_unstable();
    let mut next = 0;
    let mut reach = i128::MIN;
    for (n, start) in starts.iter().enumerate() {
        while let Some((a, b)) = ranges.get(next)
            && a <= start
        {
            reach = reach.max(*b);
            next += 1;
        }
        if reach < *start {
            let end = starts.get(n + 1).map_or(max, |next| next - 1);
            return Some(piece(s, *start, end));
        }
    }
    None
}

/// `Some(x)` or `None`, for a flag and a payload.
/// An array of such elements; of many `_` at its end only `..` is shown.
fn array_witness(elements: &[String]) -> String {
    let told = elements.iter().rposition(|e| e != "_").map_or(1, |k| k + 1);
    if elements.len() > told + 1 {
        format!("[{}, ..]", elements[..told].join(", "))
    } else {
        format!("[{}]", elements.join(", "))
    }
}

fn option_witness(tuple: &str) -> String {
    match tuple
        .strip_prefix("(true, ")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        Some(payload) => format!("Some({payload})"),
        None if tuple.starts_with("(false") => "None".to_string(),
        None => "_".to_string(),
    }
}

/// A struct's pattern in source form.
fn shown(name: &str, names: &[String], inner: &[String]) -> String {
    let numbered = names.first().is_some_and(|n| n == "0");
    if names.is_empty() {
        return name.to_string();
    }
    if numbered {
        return format!("{name}({})", inner.join(", "));
    }
    let fields: Vec<String> = names
        .iter()
        .zip(inner)
        .map(|(name, pattern)| format!("{name}: {pattern}"))
        .collect();
    format!("{name} {{ {} }}", fields.join(", "))
}

/// Splits alternatives in the first column.
fn expand(row: &[Covered], flat: &mut Vec<Vec<Covered>>) {
    match &row[0] {
        Covered::Any(list) => {
            for alternative in list {
                let mut split = row.to_vec();
                split[0] = alternative.clone();
                expand(&split, flat);
            }
        }
        _ => flat.push(row.to_vec()),
    }
}

fn piece(s: Scalar, start: i128, end: i128) -> String {
    if s == Scalar::Bool {
        return if start == end {
            (start == 1).to_string()
        } else {
            "_".to_string()
        };
    }
    let (min, max) = build::range(s);
    if start < min && end > max {
        return "_".to_string();
    }
    let name = |v: i128| match v {
        v if v == min && min != 0 => format!("{}::MIN", s.name()),
        v if v == max => format!("{}::MAX", s.name()),
        v => v.to_string(),
    };
    match (start < min, end > max) {
        (true, _) if end < min => format!("..{}", name(min)),
        (true, _) => format!("..={}", name(end)),
        (_, true) => format!("{}..", name(start.min(max))),
        _ if start == min && end == max => "_".to_string(),
        _ if start == end => name(start),
        _ => format!("{}..={}", name(start), name(end)),
    }
}

/// Reports what the arms of a `match` leave out.
pub(crate) fn check(
    session: &mut Session<'_>,
    body: &Body,
    scrutinee: &Expr,
    arms: &[Arm],
    span: Span,
) {
    let ty = close(&scrutinee.ty, &body.types);
    if matches!(ty, Ty::Error | Ty::Never) {
        return;
    }
    let before = session.errors.len();
    let rows: Vec<Vec<Covered>> = arms
        .iter()
        .map(|arm| {
            let covered = covered(session, body, &arm.pattern);
            (arm, covered)
        })
        .filter(|(arm, _)| arm.guard.is_none())
        .map(|(_, covered)| vec![covered])
        .collect();
    if session.errors.len() > before {
        return;
    }
    let mut search = Search { steps: MAX_STEPS };
    let shape = shape(session, &ty);
    let witness = search.uncovered(&rows, &[shape]);
    if search.steps == 0 {
        session.report(
            Diagnostic::new(
                "B0272",
                span,
                "the patterns of this `match` are too many to compare",
            )
            .help("split the `match`"),
        );
        return;
    }
    if let Some(witness) = witness {
        session.report(
            Diagnostic::new(
                "E0004",
                scrutinee.span,
                format!(
                    "non-exhaustive patterns: `{}` not covered",
                    witness.join(", ")
                ),
            )
            .label("not every value has an arm")
            .help("add an arm: `_ => ..`"),
        );
    }
}

fn value(session: &mut Session<'_>, body: &Body, e: &Expr) -> Option<(Scalar, i128)> {
    if let (Kind::Int(v), Ty::Scalar(s)) = (&e.kind, close(&e.ty, &body.types))
        && !s.is_float()
    {
        return Some((s, integer(s, *v as u64)));
    }
    let value = session.evaluate(e, body)?;
    match (value.ty, value.kind) {
        (Type::Scalar(s), ExprKind::Const(bits)) if !s.is_float() => Some((s, integer(s, bits))),
        _ => None,
    }
}

fn covered(session: &mut Session<'_>, body: &Body, pattern: &Pattern) -> Covered {
    match &pattern.kind {
        PatternKind::Wildcard => Covered::All,
        PatternKind::Binding(_, inner) => match inner {
            Some(inner) => covered(session, body, inner),
            None => Covered::All,
        },
        PatternKind::Value(e) => match value(session, body, e) {
            Some((_, v)) => Covered::Range(v, v),
            None => Covered::Nothing,
        },
        PatternKind::Range(start, end, inclusive) => {
            let Ty::Scalar(s) = close(&pattern.ty, &body.types) else {
                return Covered::Nothing;
            };
            if s.is_float() {
                return Covered::Nothing;
            }
            let (min, max) = limits(s);
            let mut bound = |e: &Option<Box<Expr>>, open: i128| match e {
                Some(e) => value(session, body, e).map(|(_, v)| v),
                None => Some(open),
            };
            let (Some(a), Some(b)) = (bound(start, min), bound(end, max)) else {
                return Covered::Nothing;
            };
            let last = if *inclusive || end.is_none() {
                b
            } else {
                b - 1
            };
            if a > last {
                session.report(if *inclusive {
                    Diagnostic::new(
                        "E0030",
                        pattern.span,
                        "lower bound for range pattern must be less than or equal to upper bound",
                    )
                } else {
                    Diagnostic::new(
                        "E0579",
                        pattern.span,
                        "lower bound for range pattern must be less than upper bound",
                    )
                });
            }
            Covered::Range(a, last)
        }
        PatternKind::Tuple(members) => Covered::Tuple(
            members
                .iter()
                .map(|member| covered(session, body, member))
                .collect(),
        ),
        PatternKind::Or(list) => Covered::Any(
            list.iter()
                .map(|alternative| covered(session, body, alternative))
                .collect(),
        ),
    }
}
