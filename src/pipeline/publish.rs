//! Publishing, as cron runs it every minute. One run works at a time. It publishes due and changed articles, skips
//! sources with errors, and brings the ledger up to date.

use std::path::Path;
use std::sync::Arc;

use super::session::{Session, is_site, machine};
use super::{Announce, Failure, Report, Request, run, state};
use crate::model::diagnostics::Problem;
use crate::model::digest::{Digest, Hasher};
use crate::output::{Holder, Lock};

/// The outcome of a publication.
#[derive(Debug)]
pub struct Publication {
    /// The report of the build; errors of skipped sources are among its problems.
    pub report: Report,
    /// The skipped sources, in order.
    pub skipped: Vec<Skipped>,
    /// The previous run reported the same problems.
    pub is_known: bool,
}

/// A source with an error that was skipped so that the rest could be published.
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
    /// Everything due is published. No other run can begin until the lock is dropped.
    Published(Box<Publication>, Lock),
    /// Another run holds the lock.
    Busy(Holder),
    /// Nothing was changed; the flag says that the previous run reported the same problems.
    Failed(Failure, bool),
}

/// Publishes due and changed articles. With `strict`, a source with an error stops the whole publication. `announce`
/// gets the feeds about to change, before any file changes.
pub fn publish(request: &Request<'_>, strict: bool, announce: Announce<'_>) -> Outcome {
    let failed = |failure| Outcome::Failed(failure, false);
    if let Err(failure) = is_site(request.root) {
        return failed(failure);
    }
    let lock = match Lock::try_take(request.state) {
        Ok(Ok(lock)) => lock,
        Ok(Err(holder)) => return Outcome::Busy(holder),
        Err(error) => return failed(machine(error)),
    };
    let mut session = Session { announce, sets_aside: !strict, ..Session::new(request, &lock) };
    match run(&mut session) {
        Ok(report) => {
            let skipped = session.skipped.sources();
            let skipped =
                skipped.map(|(source, is_kept)| Skipped { source: source.clone(), is_kept }).collect();
            let is_known = is_known(request.state, "published", &report.problems);
            Outcome::Published(Box::new(Publication { report, skipped, is_known }), lock)
        }
        Err(blame) => {
            let failure = session.failure(blame);
            let is_known = is_known(request.state, "failed", &failure.problems);
            Outcome::Failed(failure, is_known)
        }
    }
}

/// True if the previous run had the same problems. Remembers the problems of this run; if that fails, they are reported
/// again.
fn is_known(state: &Path, outcome: &str, problems: &[Problem]) -> bool {
    let mut hasher = Hasher::default();
    if !problems.is_empty() {
        hasher.value(outcome);
    }
    for problem in problems {
        let place = problem.place().map(ToString::to_string).unwrap_or_default();
        hasher.value(place).value(problem.message());
    }
    let (now, before): (Digest, Option<Digest>) = (hasher.finish(), state::reported(state));
    let is_known = before == Some(now) || (before.is_none() && problems.is_empty());
    is_known || (state::report(state, now).is_ok() && problems.is_empty())
}
