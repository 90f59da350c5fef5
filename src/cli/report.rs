//! The report of a build: a last line for people, or one JSON document.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::SecondsFormat;
use dateline::model::diagnostics::{Problem, ProblemRecord};
use dateline::pipeline::{Explained, Failure, Kind, Report, Withheld};
use serde::Serialize;

/// The report in the output of `--format json`. All keys are always present.
#[derive(Debug, Serialize)]
pub struct JsonReport {
    /// `done` or `failed`.
    outcome: &'static str,
    /// The exit code.
    exit_code: u8,
    /// Public articles.
    articles: usize,
    /// HTML documents that are not articles.
    pages: usize,
    /// Feed files.
    feeds: usize,
    /// Files written.
    written: usize,
    /// Files left unchanged.
    unchanged: usize,
    /// Files removed.
    removed: usize,
    /// Number of files written, by kind: how far the changes reached.
    written_by_kind: BTreeMap<Kind, usize>,
    /// Paths of the files written, in the output folder.
    written_paths: Vec<String>,
    /// Paths of the files removed.
    removed_paths: Vec<String>,
    /// Paths of files that Dateline did not make and that were replaced (`--adopt`).
    replaced: Vec<String>,
    /// The rendered documents with the reasons (`--explain`).
    explained: Vec<Explained>,
    /// Withheld articles.
    held: HeldRecord,
    /// Facts worth knowing that are no problems.
    notes: Vec<String>,
    /// Duration of the run in milliseconds.
    milliseconds: u128,
    /// Errors and warnings, by file and line.
    problems: Vec<ProblemRecord>,
}

#[derive(Debug, Default, Serialize)]
struct HeldRecord {
    drafts: usize,
    scheduled: usize,
    expired: usize,
    /// RFC 3339: when the output will next change by itself.
    next: Option<String>,
    /// The source whose change that is.
    next_source: Option<String>,
}

impl JsonReport {
    /// The report of a successful build.
    pub fn done(report: &Report, took: Duration) -> Self {
        let changes = &report.changes;
        JsonReport {
            outcome: "done",
            exit_code: super::DONE,
            articles: report.counts.articles,
            pages: report.counts.pages,
            feeds: report.counts.feeds,
            written: changes.written,
            unchanged: changes.unchanged,
            removed: changes.removed,
            written_by_kind: report.kinds.clone(),
            written_paths: changes.written_paths.clone(),
            removed_paths: changes.removed_paths.clone(),
            replaced: changes.replaced_foreign.clone(),
            explained: report.explained.clone(),
            held: held(&report.held),
            notes: report.notes.clone(),
            milliseconds: took.as_millis(),
            problems: report.problems.iter().map(Problem::record).collect(),
        }
    }

    /// The report of a build that changed nothing.
    pub fn failed(failure: &Failure, took: Duration) -> Self {
        JsonReport {
            outcome: "failed",
            exit_code: super::code(failure.blame),
            articles: 0,
            pages: 0,
            feeds: 0,
            written: 0,
            unchanged: 0,
            removed: 0,
            written_by_kind: BTreeMap::new(),
            written_paths: Vec::new(),
            removed_paths: Vec::new(),
            replaced: Vec::new(),
            explained: Vec::new(),
            held: HeldRecord::default(),
            notes: Vec::new(),
            milliseconds: took.as_millis(),
            problems: failure.problems.iter().map(Problem::record).collect(),
        }
    }
}

fn held(held: &Withheld) -> HeldRecord {
    HeldRecord {
        drafts: held.drafts,
        scheduled: held.scheduled,
        expired: held.expired,
        next: held.next.as_ref().map(|(instant, _)| instant.to_rfc3339_opts(SecondsFormat::Secs, true)),
        next_source: held.next.as_ref().map(|(_, source)| source.to_string()),
    }
}

/// The last line of a build for people.
pub fn last_line(report: &Report, took: Duration) -> String {
    let changes = &report.changes;
    let mut line = format!(
        "{}, {}, {}: {} written, {} unchanged, {} removed in {}",
        count(report.counts.articles, "article"),
        count(report.counts.pages, "page"),
        count(report.counts.feeds, "feed"),
        changes.written,
        changes.unchanged,
        changes.removed,
        seconds(took),
    );
    let held = &report.held;
    let mut parts = Vec::new();
    if held.scheduled > 0 {
        parts.push(format!("{} scheduled", held.scheduled));
    }
    if held.drafts > 0 {
        parts.push(count(held.drafts, "draft"));
    }
    if held.expired > 0 {
        parts.push(format!("{} expired", held.expired));
    }
    if !parts.is_empty() {
        line.push_str(&format!("; held back: {}", parts.join(", ")));
    }
    if let Some((instant, source)) = &held.next {
        let moment = held.next_publication.map(|moment| moment.rfc3339());
        let when = moment.unwrap_or_else(|| instant.to_rfc3339_opts(SecondsFormat::Secs, true));
        let what = if held.next_publication.is_some() { "next out" } else { "next to expire" };
        line.push_str(&format!("; {what}: {source} at {when}"));
    }
    line
}

/// The number of files written, by kind.
pub fn kinds_line(report: &Report) -> String {
    let counts = report.kinds.iter().map(|(kind, count)| format!("{count} {}", kind.name(*count)));
    format!("written: {}", counts.collect::<Vec<_>>().join(", "))
}

/// The last line of a build that changed nothing.
pub fn failed_line(failure: &Failure) -> String {
    let errors = failure.problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = failure.problems.len() - errors;
    let mut line = count(errors, "error");
    if warnings > 0 {
        line.push_str(&format!(" and {}", count(warnings, "warning")));
    }
    line + "; the output folder is as it was"
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

fn seconds(took: Duration) -> String {
    if took.as_millis() < 1000 {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}
