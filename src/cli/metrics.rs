//! `dateline publish --metrics FILE`: the outcome of the last run in the text format of Prometheus, for its node exporter.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use dateline::pipeline::publish::Publication;
use dateline::site::identity::Event;
use dateline::storage::{self, file};

use super::console;

/// The outcome of a run.
pub struct Run<'a> {
    /// The time of the run.
    pub now: DateTime<Utc>,
    /// How long it took.
    pub took: Duration,
    /// Its exit code.
    pub code: u8,
    /// The publication; `None` if an error stopped it.
    pub publication: Option<&'a Publication>,
    /// The number of notifications that hubs have yet to get.
    pub waiting: usize,
}

/// The name of the metric that outlives runs that fail.
const LAST_SUCCESS: &str = "dateline_last_success_timestamp_seconds";

/// Writes the metrics of `run` to the file at `path`, whole or not at all.
pub fn write(path: &Path, run: &Run<'_>) {
    let before = file::read_text(path, file::SETTINGS).unwrap_or_default();
    if let Err(error) = storage::replace(path, &text(run, &before)) {
        console::complain(&format!("{} can't be written: {error}", path.display()));
    }
}

/// The metrics of `run`; `before` are those of the run before it.
fn text(run: &Run<'_>, before: &str) -> String {
    let mut text = String::new();
    let mut add = |name: &str, help: &str, value: String| {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
    };
    let now = run.now.timestamp().to_string();
    let last = match run.publication {
        Some(_) => Some(now.clone()),
        None => {
            before.lines().find_map(|line| line.strip_prefix(LAST_SUCCESS)).map(|rest| rest.trim().to_owned())
        }
    };
    if let Some(last) = last {
        add(LAST_SUCCESS, "When a run last published, or had nothing to publish.", last);
    }
    add("dateline_last_run_timestamp_seconds", "When the last run was.", now);
    add("dateline_last_run_exit_code", "The exit code of the last run.", run.code.to_string());
    add(
        "dateline_last_run_duration_seconds",
        "How long the last run took.",
        format!("{:.3}", run.took.as_secs_f64()),
    );
    add(
        "dateline_hub_notifications_waiting",
        "The notifications that hubs have yet to get.",
        run.waiting.to_string(),
    );
    let Some(publication) = run.publication else { return text };
    let report = &publication.report;
    add("dateline_articles", "The public articles.", report.counts.articles.to_string());
    add(
        "dateline_skipped_sources",
        "The sources with an error, which are shown as they were or not at all.",
        publication.skipped.len().to_string(),
    );
    let published = report.events.iter().filter_map(|event| match event {
        Event::Published { published, .. } => Some(run.now.timestamp() - published.instant().timestamp()),
        _ => None,
    });
    let late: Vec<i64> = published.collect();
    add("dateline_published_articles", "The articles that the last run published.", late.len().to_string());
    // An article with an old date was not late: nobody waited for it. A day is longer than any clock of `cron`.
    let late = late.into_iter().filter(|late| (0..86_400).contains(late)).max().unwrap_or(0);
    add(
        "dateline_late_seconds",
        "How long after its date the last run published an article, at most.",
        late.to_string(),
    );
    if let Some((due, _)) = &report.held.next {
        let due = due.timestamp().to_string();
        add("dateline_next_due_timestamp_seconds", "When the next article is due.", due);
    }
    text
}
