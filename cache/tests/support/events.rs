//! A small `tracing` subscriber that keeps what it is told.
#![allow(dead_code)] // Each test file uses a part.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

/// An event: its level, message and other fields.
#[derive(Clone, Debug)]
pub struct Told {
    pub target: String,
    pub level: Level,
    pub message: String,
    pub fields: BTreeMap<String, String>,
}

impl Told {
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// Takes events up to `level`.
#[derive(Clone)]
pub struct Listener {
    level: Level,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Listener {
    pub fn new(level: Level) -> Listener {
        Listener {
            level,
            told: Arc::default(),
        }
    }

    /// Runs `work` on this thread, heard by this.
    pub fn hear<T>(&self, work: impl FnOnce() -> T) -> T {
        tracing::subscriber::with_default(self.clone(), work)
    }

    /// What was told since the last time.
    pub fn told(&self) -> Vec<Told> {
        std::mem::take(&mut self.told.lock().unwrap())
    }

    /// The messages of that.
    pub fn messages(&self) -> Vec<String> {
        self.told().into_iter().map(|told| told.message).collect()
    }
}

impl Visit for Told {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = text;
        } else {
            self.fields.insert(field.name().to_string(), text);
        }
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields
            .insert(field.name().to_string(), value.to_string());
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("brolga::") && *metadata.level() <= self.level
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut told = Told {
            target: event.metadata().target().to_string(),
            level: *event.metadata().level(),
            message: String::new(),
            fields: BTreeMap::new(),
        };
        event.record(&mut told);
        self.told.lock().unwrap().push(told);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// Held by a test as a whole. `tracing` keeps for the whole process which events anybody wants: an
/// event that one thread tells for the first time while another brings its listener may be kept
/// as wanted by nobody.
pub fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    ALONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
