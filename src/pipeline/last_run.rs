//! The record of the last publication, `.dateline/last-run`: when it was, how it ended, and what a run last put out.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Failure;
use super::publish::Publication;
use crate::model::diagnostics::Problem;
use crate::site::identity::Event;
use crate::storage;

/// The file's name, in the site's folder for state.
const FILE: &str = "last-run";
const KIND: &str = "last-run";
const VERSION: u32 = 1;

/// The most sources that are named of those that came out.
const NAMED: usize = 10;

/// The last publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// Its clock.
    pub at: DateTime<Utc>,
    /// Its exit code.
    pub exit_code: u8,
    /// Its duration.
    pub milliseconds: u64,
    /// The clock of the last run that published, or had nothing to publish.
    pub succeeded: Option<DateTime<Utc>>,
    /// The errors that stopped it.
    pub errors: Vec<Fault>,
    /// The sources that it skipped.
    pub skipped: Vec<SkippedSource>,
    /// The last run that changed the output.
    pub put_out: Option<PutOut>,
}

/// An error, as far as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The stable name of its kind.
    pub code: String,
    /// The sentence that says what is wrong.
    pub message: String,
    /// The file.
    pub file: Option<String>,
    /// The line in it.
    pub line: Option<u32>,
}

impl Fault {
    /// What is kept of `problem`.
    pub fn of(problem: &Problem) -> Fault {
        let record = problem.record();
        Fault { code: record.code, message: record.message, file: record.file, line: record.line }
    }
}

/// A source that was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedSource {
    /// Its name.
    pub source: String,
    /// True if it is shown as it was last published, false if it is left out; `None` if no run has met its error yet.
    pub kept: Option<bool>,
    /// Its error, if one names it.
    pub why: Option<Fault>,
}

/// The changes of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutOut {
    /// The run's clock.
    pub at: DateTime<Utc>,
    /// The number of articles that came out.
    pub published: usize,
    /// The number of articles with another text.
    pub updated: usize,
    /// The number of articles with another address.
    pub moved: usize,
    /// The number of articles that are no longer public.
    pub withdrawn: usize,
    /// The number of files that were written.
    pub written: usize,
    /// The number of files that were removed.
    pub removed: usize,
    /// The sources of these articles, the first ten.
    pub sources: Vec<String>,
}

impl LastRun {
    /// The last publication of the site whose state is in `state`; `None` without one, or if its record is damaged.
    pub fn load(state: &Path) -> Option<LastRun> {
        storage::load(&state.join(FILE), KIND, VERSION).ok().flatten()
    }

    /// The record of the run at `at`, which took `took` and ended with `exit_code`; `before` is that of the run before it.
    pub fn of(
        outcome: Result<&Publication, &Failure>,
        at: DateTime<Utc>,
        took: Duration,
        exit_code: u8,
        before: Option<LastRun>,
    ) -> LastRun {
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (succeeded, put_out) = before.map_or((None, None), |before| (before.succeeded, before.put_out));
        let publication = match outcome {
            Ok(publication) => publication,
            Err(failure) => {
                let errors = failure.problems.iter().filter(|problem| problem.is_error());
                let errors = errors.take(NAMED).map(Fault::of).collect();
                return LastRun {
                    at,
                    exit_code,
                    milliseconds,
                    succeeded,
                    errors,
                    skipped: Vec::new(),
                    put_out,
                };
            }
        };
        let errors = &publication.report.problems;
        let skipped = publication.skipped.iter().map(|one| {
            let is_its = |problem: &&Problem| {
                problem.is_error() && problem.place().is_some_and(|place| *place.file == *one.source)
            };
            let why = errors.iter().find(is_its).map(Fault::of);
            SkippedSource { source: one.source.to_string(), kept: Some(one.is_kept), why }
        });
        LastRun {
            at,
            exit_code,
            milliseconds,
            succeeded: Some(at),
            errors: Vec::new(),
            skipped: skipped.collect(),
            put_out: put_out_by(publication, at).or(put_out),
        }
    }

    /// Saves the record. A run does not fail because of it: the next one makes it anew.
    pub fn save(&self, state: &Path) {
        // Without this folder there is no site, or nothing was published yet.
        if state.is_dir() {
            let _ = storage::save(&state.join(FILE), KIND, VERSION, self);
        }
    }
}

/// The changes of `publication`, if it changed anything.
fn put_out_by(publication: &Publication, at: DateTime<Utc>) -> Option<PutOut> {
    let report = &publication.report;
    let (mut published, mut updated, mut moved, mut withdrawn) = (0, 0, 0, 0);
    let mut sources = Vec::new();
    for event in &report.events {
        match event {
            Event::Published { .. } => published += 1,
            Event::Updated { .. } => updated += 1,
            Event::Moved { .. } => moved += 1,
            Event::Withdrawn { .. } => withdrawn += 1,
            Event::Noted { .. } => continue,
        }
        if sources.len() < NAMED {
            sources.push(event.source().to_string());
        }
    }
    let (written, removed) = (report.changes.written, report.changes.removed);
    let is_any = !sources.is_empty() || written + removed > 0;
    is_any.then_some(PutOut { at, published, updated, moved, withdrawn, written, removed, sources })
}
