//! Elements of views: by loop variables, shifted, mirrored, bounded, and read from other views.

use brolga_lang::ir::Scalar;

use super::super::node::{Kid, Name, Node, Ty};
use super::grow::{Grow, node};

/// The place of an element.
#[derive(Default)]
pub(super) struct Place {
    /// One expression for each axis, as templates over `kids`.
    pub indices: Vec<String>,
    /// What must hold for the place to be there.
    pub guards: Vec<String>,
    pub kids: Vec<Kid>,
    pub uses: Vec<String>,
}

impl Place {
    /// `[i]` or `[[i, j]]`.
    pub fn brackets(&self) -> String {
        match self.indices.as_slice() {
            [] => "[()]".to_string(),
            [one] => format!("[{one}]"),
            several => format!("[[{}]]", several.join(", ")),
        }
    }

    pub fn guard(&self) -> Option<String> {
        (!self.guards.is_empty()).then(|| self.guards.join(" && "))
    }
}

/// The length of an axis.
pub(super) fn length(view: &str, axes: usize, axis: usize) -> String {
    match (axes, axis) {
        (1, _) => format!("{view}.len()"),
        (_, 0) => format!("{view}.nrows()"),
        _ => format!("{view}.ncols()"),
    }
}

impl Grow<'_> {
    /// The loop variables: what they count is known to the reader of the text only.
    pub fn indices(&self) -> Vec<Name> {
        self.names(|name| name.name.starts_with('i'))
    }

    /// An element of a view of this type.
    pub fn element(&mut self, ty: Scalar) -> Option<Node> {
        let views = self.names(|name| matches!(name.ty, Ty::View(own, ..) if own == ty));
        let view = self.pick(&views)?;
        let Ty::View(_, axes, _) = view.ty else {
            return None;
        };
        let mut place = self.place(&view.name, axes);
        let element = format!("{}{}", view.name, place.brackets());
        let template = match place.guard() {
            None => element,
            Some(guard) => {
                place.kids.push(self.constant(ty).into());
                let other = place.kids.len() - 1;
                format!("(if {guard} {{{{ {element} }}}} else {{{{ {{{other}}} }}}})")
            }
        };
        let mut element = node(ty, template, place.kids).using(&view.name);
        element.uses.extend(place.uses);
        Some(element)
    }

    /// A place in a view.
    pub fn place(&mut self, view: &str, axes: usize) -> Place {
        let mut place = Place::default();
        for axis in 0..axes {
            self.along(&mut place, &length(view, axes, axis), axes - 1 - axis);
        }
        place
    }

    /// The index along an axis of this length; the innermost loops are those of the last axis.
    fn along(&mut self, place: &mut Place, length: &str, from_last: usize) {
        let indices = self.indices();
        let (constant, risky) = (self.below(4), self.one_in(24));
        let Some(any) = self.pick(&indices) else {
            place.indices.push(constant.to_string());
            if !risky {
                place.guards.push(format!("{constant} < {length}"));
            }
            return;
        };
        let usual = indices
            .len()
            .checked_sub(1 + from_last.min(indices.len() - 1));
        let index = match self.below(5) {
            0 => any,
            _ => usual.map_or(any, |k| indices[k].clone()),
        };
        place.uses.push(index.name.clone());
        let (i, c) = (index.name, constant + 1);
        let (index, guard) = match self.below(20) {
            0..=8 => (i.clone(), None),
            9 | 10 => (format!("{i} + {c}"), None),
            11 | 12 => (format!("{i} - {c}"), Some(format!("{i} >= {c}"))),
            13 => (
                format!("({i} + {c}) % {length}"),
                Some(format!("{length} > 0")),
            ),
            14 => (
                format!("{length} - 1 - {i}"),
                Some(format!("{i} < {length}")),
            ),
            15 => (format!("{i}.min({length} - 1)"), None),
            16 => (format!("{i} * 2"), None),
            17 => (format!("{i} / 2"), None),
            18 => self.width(place, &i).unwrap_or((i.clone(), None)),
            _ => self
                .read_from_elsewhere(place, length)
                .unwrap_or((i.clone(), None)),
        };
        let own_axis = self.along.get(length);
        let inside = own_axis.is_some() && own_axis == self.along.get(&i);
        let smaller = index == i || index.starts_with(&format!("{i} - "));
        if !risky {
            place.guards.extend(guard);
            // A loop over another axis may be longer; that of its own never is.
            if !(inside && smaller) {
                place.guards.push(format!("{index} < {length}"));
            }
        }
        place.indices.push(index);
    }

    /// `i - w` for a parameter `w`.
    fn width(&mut self, place: &mut Place, i: &str) -> Option<(String, Option<String>)> {
        let is_width = |name: &Name| name.ty == Scalar::Usize.into() && name.name.starts_with('p');
        let width = self.pick(&self.names(is_width))?.name;
        place.uses.push(width.clone());
        Some(match self.below(2) {
            0 => (format!("{i} - {width}"), Some(format!("{i} >= {width}"))),
            _ => (format!("{i} + {width}"), None),
        })
    }

    /// An integer read from a view, within the length.
    fn read_from_elsewhere(
        &mut self,
        place: &mut Place,
        length: &str,
    ) -> Option<(String, Option<String>)> {
        let integer = |name: &Name| match name.ty {
            Ty::View(ty, 1, _) => ty.is_integer(),
            _ => false,
        };
        let view = self.pick(&self.names(integer))?.name;
        let i = self.pick(&self.indices())?.name;
        place.uses.extend([view.clone(), i.clone()]);
        let guard = format!("{i} < {view}.len() && {length} > 0");
        Some((format!("{view}[{i}] as usize % {length}"), Some(guard)))
    }
}
