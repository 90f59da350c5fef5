//! Where the time of a run goes: each stage with its duration, how much it handled, and the documents
//! that took longest. Nothing in the output depends on it; who runs a build brings the stopwatch.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

/// Gives the time since some fixed moment.
pub type Stopwatch<'a> = &'a (dyn Fn() -> Duration + Sync);

/// What was measured of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Timings {
    /// In the order in which they ran.
    pub stages: Vec<Stage>,
    /// Documents rendered, slowest first; empty unless asked for.
    pub documents: Vec<DocumentTime>,
}

/// One stage of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// When it began, from the start of the run.
    pub began: Duration,
    /// How long it took.
    pub took: Duration,
    /// How many things it handled: sources, documents, files.
    pub count: usize,
    /// How many bytes they had, where that says something.
    pub bytes: u64,
}

/// What one document cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentTime {
    /// What it was rendered from.
    pub source: String,
    /// Its template or format.
    pub template: String,
    /// The work of one thread on it.
    pub took: Duration,
}

/// How much a stage handled.
#[derive(Debug, Default)]
pub struct Tally {
    /// Things.
    pub count: usize,
    /// Bytes.
    pub bytes: u64,
}

/// Measures a run.
pub struct Watch<'a> {
    stopwatch: Stopwatch<'a>,
    stages: Mutex<Vec<Stage>>,
    documents: Option<Mutex<Vec<DocumentTime>>>,
}

impl<'a> Watch<'a> {
    /// A watch that reads `stopwatch`; `documents` asks for the time of each document too.
    pub fn new(stopwatch: Stopwatch<'a>, documents: bool) -> Self {
        Watch { stopwatch, stages: Mutex::default(), documents: documents.then(Mutex::default) }
    }

    /// Runs a stage.
    pub fn stage<T>(&self, name: &'static str, work: impl FnOnce(&mut Tally) -> T) -> T {
        let began = (self.stopwatch)();
        let mut tally = Tally::default();
        let done = work(&mut tally);
        let took = (self.stopwatch)().saturating_sub(began);
        let stage = Stage { name, began, took, count: tally.count, bytes: tally.bytes };
        self.stages.lock().unwrap_or_else(PoisonError::into_inner).push(stage);
        done
    }

    /// Renders a document; `describe` names its source and template.
    pub fn document<T>(&self, describe: impl FnOnce() -> (String, String), work: impl FnOnce() -> T) -> T {
        let Some(documents) = &self.documents else { return work() };
        let began = (self.stopwatch)();
        let done = work();
        let took = (self.stopwatch)().saturating_sub(began);
        let (source, template) = describe();
        let time = DocumentTime { source, template, took };
        documents.lock().unwrap_or_else(PoisonError::into_inner).push(time);
        done
    }

    /// What was measured.
    pub fn finish(self) -> Timings {
        let stages = self.stages.into_inner().unwrap_or_else(PoisonError::into_inner);
        let documents =
            self.documents.map(|found| found.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut documents = documents.unwrap_or_default();
        documents.sort_by(|a, b| b.took.cmp(&a.took).then_with(|| a.source.cmp(&b.source)));
        Timings { stages, documents }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn stages_are_timed_in_their_order_and_documents_slowest_first() {
        let ticks = AtomicU64::new(0);
        let stopwatch = || Duration::from_secs(ticks.load(Ordering::Relaxed));
        let pass = |seconds| ticks.fetch_add(seconds, Ordering::Relaxed);
        let watch = Watch::new(&stopwatch, true);
        watch.stage("scan", |tally| {
            tally.count = 7;
            pass(2)
        });
        watch.stage("render", |_| {
            watch.document(|| ("quick".into(), "a".into()), || pass(1));
            watch.document(|| ("slow".into(), "a".into()), || pass(5))
        });
        let timings = watch.finish();
        let stages: Vec<_> =
            timings.stages.iter().map(|s| (s.name, s.began.as_secs(), s.took.as_secs(), s.count)).collect();
        assert_eq!(stages, [("scan", 0, 2, 7), ("render", 2, 6, 0)]);
        let slowest: Vec<_> = timings.documents.iter().map(|d| d.source.as_str()).collect();
        assert_eq!(slowest, ["slow", "quick"]);
    }
}
