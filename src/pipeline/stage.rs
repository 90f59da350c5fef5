//! Stages and documents as `tracing` spans. A subscriber that wants to know where the time goes, or how far a build
//! is, listens to them; without one they cost nothing. Nothing in the output depends on them.
//!
//! | span or event | level | fields |
//! | --- | --- | --- |
//! | `stage` | info | `name`; `count`, things that it handled; `bytes`, where that says something |
//! | `document` | debug | `source`, `template` |
//! | event `rendered` | trace | `done` of `total` documents |

use tracing::field::Empty;

/// How much a stage handled.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Things: sources, documents, files.
    pub count: usize,
    /// Bytes.
    pub bytes: u64,
}

/// Runs a stage of the build in a span of its own.
pub(super) fn stage<T>(name: &'static str, work: impl FnOnce(&mut Tally) -> T) -> T {
    let span = tracing::info_span!("stage", name, count = Empty, bytes = Empty);
    span.in_scope(|| {
        let mut tally = Tally::default();
        let done = work(&mut tally);
        span.record("count", tally.count as u64);
        span.record("bytes", tally.bytes);
        done
    })
}

/// Renders a document in a span of its own; `describe` names its source and template.
pub(super) fn document<T>(describe: impl FnOnce() -> (String, String), work: impl FnOnce() -> T) -> T {
    let span = tracing::debug_span!("document", source = Empty, template = Empty);
    if span.is_disabled() {
        return work();
    }
    let (source, template) = describe();
    span.record("source", source);
    span.record("template", template);
    span.in_scope(work)
}

/// Says that so many of all documents to render are done.
pub(super) fn rendered(done: usize, total: usize) {
    tracing::trace!(name: "rendered", done = done as u64, total = total as u64);
}
