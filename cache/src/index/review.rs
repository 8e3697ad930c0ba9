//! What housekeeping does with an index: look at all of it, and drop entries from it.

use super::{IndexContents, Layout, ObjectRef, Overload, Row, ShortDigest, short};
use crate::codec;
use crate::key::FunctionId;
use crate::keyed::CacheKey;
use crate::reason::Damage;

/// All of an index, read entry by entry.
#[derive(Debug)]
pub(crate) struct Review {
    /// The function that it is about.
    pub(crate) id: FunctionId,
    /// The overloads that are sound.
    pub(crate) overloads: Vec<Overload>,
    /// What is wrong with the first of the others.
    pub(crate) damage: Option<Damage>,
}

impl Review {
    /// Of the bytes of a whole file, if it is about a function that `is_meant`. Every check
    /// that a lookup of any entry makes is made.
    pub(crate) fn of(
        key: Option<&CacheKey>,
        bytes: &[u8],
        is_meant: impl Fn(&FunctionId) -> bool,
    ) -> Result<Review, Damage> {
        let layout = Layout::read(bytes, bytes.len())?;
        let head = layout.head(key, bytes, is_meant)?;
        let mut review = Review {
            id: head.id,
            overloads: Vec::new(),
            damage: None,
        };
        let mut before: Option<ShortDigest> = None;
        for number in 0..layout.rows {
            let row = Row::read(bytes, number).ok_or(Damage::Decode)?;
            // A lookup halves the table, so a row out of order is one that it cannot find.
            let in_order = before.is_none_or(|before| before < row.request);
            before = Some(row.request);
            match overload_at(key, bytes, &row) {
                Ok(overload) if in_order => review.overloads.push(overload),
                Ok(_) => review.damage = review.damage.or(Some(Damage::Decode)),
                Err(damage) => review.damage = review.damage.or(Some(damage)),
            }
        }
        Ok(review)
    }

    /// Every object that a sound entry names.
    pub(crate) fn objects(&self) -> impl Iterator<Item = ObjectRef> {
        let versions = self.overloads.iter().flat_map(|entry| &entry.versions);
        versions.map(|version| version.object)
    }
}

fn overload_at(key: Option<&CacheKey>, bytes: &[u8], row: &Row) -> Result<Overload, Damage> {
    let section = bytes.get(row.range()).ok_or(Damage::Truncated)?;
    if !row.describes(key, section) {
        return Err(Damage::Digest);
    }
    let overload: Overload = codec::decode(section).map_err(|_| Damage::Decode)?;
    if short(&overload.request.digest()) != row.request {
        return Err(Damage::Identity);
    }
    Ok(overload)
}

impl IndexContents {
    /// Drops every entry whose object `is_gone`; returns how many. Overloads that have none
    /// left go too.
    pub(crate) fn forget(&mut self, mut is_gone: impl FnMut(&ObjectRef) -> bool) -> usize {
        let mut dropped = 0;
        self.sections.retain(|_, bytes| {
            let Ok(mut overload) = codec::decode::<Overload>(bytes) else {
                return true;
            };
            let count = overload.versions.len();
            overload
                .versions
                .retain(|version| !is_gone(&version.object));
            let left = overload.versions.len();
            if left == count {
                return true;
            }
            // What was decoded and became shorter is encoded within the same limit.
            match codec::encode(&overload) {
                Ok(shorter) => *bytes = shorter,
                Err(_) => return true,
            }
            dropped += count - left;
            left > 0
        });
        dropped
    }

    /// Whether no code is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }
}
