//! Records the spans of a run: the time of each stage and document, the progress of rendering, and waits for locks.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use super::console;

/// Callback for the progress of rendering: documents done, and all documents.
pub type Progress = Box<dyn Fn(u64, u64) + Send + Sync>;

/// The times of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Timings {
    /// The stages, in the order in which they ended.
    pub stages: Vec<Stage>,
    /// Documents rendered, slowest first; empty unless asked for.
    pub documents: Vec<DocumentTime>,
}

/// One stage of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// Its beginning, from the start of the run.
    pub began: Duration,
    /// Its duration.
    pub took: Duration,
    /// Number of things that it handled: sources, documents, files.
    pub count: u64,
    /// Their size in bytes, where meaningful.
    pub bytes: u64,
}

/// The time that one document took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentTime {
    /// Its source.
    pub source: String,
    /// Its template or format.
    pub template: String,
    /// The time that one thread spent on it.
    pub took: Duration,
}

/// Collects the times of stages and documents.
#[derive(Clone)]
pub struct Recorder {
    started: Instant,
    /// True to time stages; otherwise only events are recorded.
    with_stages: bool,
    /// True to time each document too.
    with_documents: bool,
    timings: Arc<Mutex<Timings>>,
    progress: Option<Arc<Progress>>,
}

impl Recorder {
    /// A recorder whose clock begins at `started`. `progress` gets the progress of rendering.
    pub fn new(started: Instant, with_documents: bool, progress: Option<Progress>) -> Recorder {
        let progress = progress.map(Arc::new);
        Recorder { started, with_stages: true, with_documents, timings: Arc::default(), progress }
    }

    /// A recorder of events only, for commands that show no times; it reports waits for locks.
    pub fn of_events() -> Recorder {
        Recorder { with_stages: false, ..Recorder::new(Instant::now(), false, None) }
    }

    /// Starts recording. A second recorder in one process has no effect.
    pub fn install(&self) {
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(self.clone()));
    }

    /// The times recorded so far.
    pub fn timings(&self) -> Timings {
        let mut timings = self.locked().clone();
        timings.documents.sort_by(|a, b| b.took.cmp(&a.took).then_with(|| a.source.cmp(&b.source)));
        timings
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Timings> {
        self.timings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The fields of a span, and its beginning.
struct Open {
    began: Duration,
    fields: Fields,
}

#[derive(Default)]
struct Fields {
    texts: Vec<(&'static str, String)>,
    numbers: Vec<(&'static str, u64)>,
}

impl Fields {
    fn text(&self, name: &str) -> String {
        self.texts.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone()).unwrap_or_default()
    }

    fn number(&self, name: &str) -> u64 {
        self.numbers.iter().find(|(known, _)| *known == name).map_or(0, |(_, number)| *number)
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.texts.push((field.name(), value.to_owned()));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.numbers.push((field.name(), value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.texts.push((field.name(), format!("{value:?}")));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        let is_ours = metadata.target().starts_with("dateline");
        let is_wanted = metadata.is_event() || self.with_stages;
        is_ours
            && is_wanted
            && match *metadata.level() {
                Level::DEBUG => self.with_documents,
                Level::TRACE => self.progress.is_some(),
                _ => true,
            }
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Open { began: self.started.elapsed(), fields });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(open) = span.extensions_mut().get_mut::<Open>()
        {
            values.record(&mut open.fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(Open { began, fields }) = span.extensions_mut().remove::<Open>() else { return };
        let took = self.started.elapsed().saturating_sub(began);
        match span.name() {
            "stage" => {
                let (count, bytes) = (fields.number("count"), fields.number("bytes"));
                self.locked().stages.push(Stage { name: fields.text("name"), began, took, count, bytes });
            }
            "document" => {
                let (source, template) = (fields.text("source"), fields.text("template"));
                self.locked().documents.push(DocumentTime { source, template, took });
            }
            _ => {}
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        match (event.metadata().name(), &self.progress) {
            ("waiting", _) => console::remark(&format!(
                "waiting for process {}, which is at work on this site",
                fields.text("holder")
            )),
            ("rendered", Some(progress)) => progress(fields.number("done"), fields.number("total")),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(with_documents: bool) -> Timings {
        let recorder = Recorder::new(Instant::now(), with_documents, None);
        let subscriber = tracing_subscriber::registry().with(recorder.clone());
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!(target: "dateline::pipeline", "stage", name = "scan", count = tracing::field::Empty);
            span.in_scope(|| span.record("count", 7_u64));
            drop(span);
            tracing::debug_span!(target: "dateline::pipeline", "document", source = "a", template = "b")
                .in_scope(|| {});
            tracing::info_span!(target: "other", "stage", name = "foreign").in_scope(|| {});
        });
        recorder.timings()
    }

    #[test]
    fn a_stage_has_its_name_and_count_and_other_programs_spans_have_none() {
        let stages: Vec<_> = recorded(false).stages.into_iter().map(|one| (one.name, one.count)).collect();
        assert_eq!(stages, [("scan".to_owned(), 7)]);
    }

    #[test]
    fn documents_are_timed_where_that_is_asked_for() {
        assert!(recorded(false).documents.is_empty());
        let documents = recorded(true).documents;
        assert_eq!(documents.len(), 1);
        assert_eq!((&*documents[0].source, &*documents[0].template), ("a", "b"));
    }
}
