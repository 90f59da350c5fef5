//! Publishing: what cron runs every minute. One run at a time; what is due and what changed goes out; a source
//! with an error does not hold the rest; the ledger is brought up to date.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use crate::model::diagnostics::{self, Place, Problem};
use crate::model::digest::{Digest, Hasher};
use crate::model::url::UrlPath;
use crate::output::{Holder, Lock, Manifest};
use crate::pipeline::{self, Announce, Aside, Blame, Failure, Kept, Report, Request};
use crate::site::ledger::{self, Record};
use crate::source::{FOLDER, Format};
use crate::storage::{self, StoreError};

/// What a run published.
#[derive(Debug)]
pub struct Publication {
    /// What the build did; errors of the sources that were set aside are among its problems.
    pub report: Report,
    /// The sources that were set aside, in order.
    pub skipped: Vec<Skipped>,
    /// The problems are those of the run before: they were told.
    pub told: bool,
}

/// A source with an error, which the rest did not wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its name.
    pub source: Arc<str>,
    /// True if it is shown as it was last published, false if it is left out.
    pub is_kept: bool,
}

impl Publication {
    /// True if nothing was due and nothing had changed.
    pub fn is_nothing(&self) -> bool {
        let changes = &self.report.changes;
        changes.written + changes.removed == 0 && self.report.events.is_empty() && self.skipped.is_empty()
    }
}

/// How a run ended.
pub enum Outcome {
    /// What is due is out. No other run can begin until the lock is dropped.
    Published(Box<Publication>, Lock),
    /// Another run is at work.
    Busy(Holder),
    /// Nothing was changed; the flag says that the same was told by the run before.
    Failed(Failure, bool),
}

/// Why an article with an error holds the others after all.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum PublishError {
    /// It is public, and what it was is not known here.
    #[error(
        "this was published, and the text it had then is not here, so it can neither be kept nor left out"
    )]
    #[diagnostic(
        code(publish::lost),
        help(
            "correct the errors of this article; `.dateline/` keeps the texts of what is public, so leave it in place between runs"
        )
    )]
    NotKept,
    /// What a section hands down can't be done without.
    #[error("what this section hands down to its articles can't be known")]
    #[diagnostic(
        code(publish::section),
        help("correct the errors of this file; without it drafts could come out")
    )]
    Section,
}

/// Publishes what is due and what changed. With `strict`, a source with an error refuses the whole.
/// `announce` is told which feeds are about to change, before the first file does.
pub fn publish(request: &Request<'_>, strict: bool, announce: Announce<'_>) -> Outcome {
    let failed = |failure| Outcome::Failed(failure, false);
    if let Err(failure) = pipeline::is_site(request.root) {
        return failed(failure);
    }
    let lock = match Lock::try_take(request.state) {
        Ok(Ok(lock)) => lock,
        Ok(Err(holder)) => return Outcome::Busy(holder),
        Err(error) => {
            return failed(Failure { blame: Blame::Machine, problems: vec![Problem::nowhere(error)] });
        }
    };
    let (mut aside, mut told) = (Aside::default(), Vec::new());
    loop {
        let failure = match pipeline::build_with(request, &lock, &aside, announce, None) {
            Ok(mut report) => {
                report.problems.append(&mut told);
                diagnostics::sort(&mut report.problems);
                let skipped = aside.sources();
                let skipped =
                    skipped.map(|(source, is_kept)| Skipped { source: source.clone(), is_kept }).collect();
                let told = was_told(request.state, "published", &report.problems);
                return Outcome::Published(Box::new(Publication { report, skipped, told }), lock);
            }
            Err(failure) => failure,
        };
        let mut failure = failure;
        if strict || failure.blame != Blame::Content || !set_aside(request, &mut failure.problems, &mut aside)
        {
            failure.problems.append(&mut told);
            diagnostics::sort(&mut failure.problems);
            let told = was_told(request.state, "failed", &failure.problems);
            return Outcome::Failed(failure, told);
        }
        told.extend(failure.problems.into_iter().filter(Problem::is_error));
    }
}

/// Sets aside every source that has an error. False if one has not to do with a source, or can't be set
/// aside; then it may be said in `problems` why.
fn set_aside(request: &Request<'_>, problems: &mut Vec<Problem>, aside: &mut Aside) -> bool {
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    for problem in problems.iter().filter(|problem| problem.is_error()) {
        match problem.place().map(|place| &place.file) {
            Some(file) if is_source(file) && aside.get(file).is_none() => names.insert(file.clone()),
            _ => return false,
        };
    }
    let kept = Kept::open(request.state);
    let published = Before::read(request);
    let mut why = Vec::new();
    for name in names {
        let text = kept.text(&name);
        let cause = match text {
            None if name.rsplit('/').next().is_some_and(|file| file.starts_with("_index.")) => {
                Some(PublishError::Section)
            }
            None if published.may_be_out(&name, &kept) => Some(PublishError::NotKept),
            _ => None,
        };
        match cause {
            Some(cause) => why.push(Problem::new(cause, Place::file(name))),
            None => aside.add(name, text),
        }
    }
    let can_be = why.is_empty();
    problems.append(&mut why);
    can_be
}

fn is_source(file: &str) -> bool {
    file.strip_prefix(FOLDER).is_some_and(|path| path.starts_with('/') && Format::of(path).is_some())
}

/// What was published before.
struct Before {
    records: Vec<Record>,
    output: Manifest,
}

impl Before {
    /// Reads it from the ledger and what is known of the output folder. What is wrong there was told of.
    fn read(request: &Request<'_>) -> Before {
        let loaded = ledger::load(request.root, request.state, &mut Vec::new(), &mut Vec::new()).flatten();
        let records = loaded.map(|loaded| loaded.ledger.records().to_vec()).unwrap_or_default();
        let output = pipeline::manifest_of(request.root, request.state, request.out).unwrap_or_default();
        Before { records, output }
    }

    /// False if the source `name` was never published, or was withdrawn: then it can as well be left out. A
    /// run that was cut may have published it without noting that, but not without its page.
    fn may_be_out(&self, name: &str, kept: &Kept) -> bool {
        let path_of = |source: &str| format!("{FOLDER}/{source}");
        let Some(record) = self.records.iter().find(|record| path_of(&record.source) == name) else {
            return false;
        };
        // Where it was, another's address may lead on by now. (One with a notice there has its text kept.)
        if record.gone.is_some() {
            return false;
        }
        let page = record.path().and_then(|path| UrlPath::parse(path).ok());
        let is_there = page.is_none_or(|page| self.output.files.contains_key(page.file().as_str()));
        // Where it was, another article may be.
        let is_of_another = self.records.iter().any(|other| {
            other.id != record.id
                && other.path() == record.path()
                && kept.was_public(&path_of(&other.source)) == Some(true)
        });
        kept.was_public(name) != Some(false) || is_there && !is_of_another
    }
}

const TOLD: &str = "told";
const KIND: &str = "note of what was told";
const VERSION: u32 = 1;

/// True if the run before had the same problems; notes those of this one. A run that can't note them tells
/// them once more.
fn was_told(state: &Path, outcome: &str, problems: &[Problem]) -> bool {
    let mut hasher = Hasher::default();
    if !problems.is_empty() {
        hasher.value(outcome);
    }
    for problem in problems {
        let place = problem.place().map(ToString::to_string).unwrap_or_default();
        hasher.value(place).value(problem.message());
    }
    let (path, now) = (state.join(TOLD), hasher.finish());
    let before: Result<Option<Digest>, StoreError> = storage::load(&path, KIND, VERSION);
    let told = before.is_ok_and(|before| before == Some(now) || (before.is_none() && problems.is_empty()));
    told || (storage::save(&path, KIND, VERSION, &now).is_ok() && problems.is_empty())
}
