//! Stages and documents as `tracing` spans. A subscriber can measure the time of each, or show the progress of a build.
//! Without a subscriber they cost nothing. The output never depends on them.
//!
//! | span or event | level | fields |
//! | --- | --- | --- |
//! | `stage` | info | `name`; `count`, number of things handled; `bytes`, where meaningful |
//! | `document` | debug | `source`, `template` |
//! | event `rendered` | trace | `done` of `total` documents |

use tracing::field::Empty;

/// The amount of work of a stage.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Number of things handled: sources, documents, files.
    pub count: usize,
    /// Their size in bytes.
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

/// Reports that `done` of the `total` documents to render are done.
pub(super) fn rendered(done: usize, total: usize) {
    tracing::trace!(name: "rendered", done = done as u64, total = total as u64);
}
