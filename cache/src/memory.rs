//! The indexes that this process has read and decoded, by function, each with the state of
//! the file that it was read from. Bounded; forgetting costs a read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::files::Stamp;
use crate::index::IndexView;
use crate::key::FunctionId;
use crate::stats::lock;

/// How many indexes are held. A large one holds its file open, so this also bounds those.
const CAPACITY: usize = 256;

#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<FunctionId, Arc<IndexView>>>);

impl Memory {
    /// The index of `id`, if its file is in the `state` in which it was read.
    pub(crate) fn get(
        &self,
        id: &FunctionId,
        state: impl FnOnce() -> Option<Stamp>,
    ) -> Option<Arc<IndexView>> {
        let view = lock(&self.0).get(id).cloned()?;
        (state()? == view.stamp).then_some(view)
    }

    pub(crate) fn put(&self, id: &FunctionId, view: Arc<IndexView>) {
        let mut views = lock(&self.0);
        if views.len() >= CAPACITY && !views.contains_key(id) {
            // Which one goes matters little: a read brings it back.
            if let Some(any) = views.keys().next().cloned() {
                views.remove(&any);
            }
        }
        views.insert(id.clone(), view);
    }

    pub(crate) fn forget(&self, id: &FunctionId) {
        lock(&self.0).remove(id);
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }
}
