//! Publishing: what cron runs every minute. One run at a time; what is due and what changed goes out; a source
//! with an error does not hold the rest; the ledger is brought up to date.

use std::path::Path;
use std::sync::Arc;

use super::session::{Session, is_site, machine};
use super::{Announce, Failure, Report, Request, run, state};
use crate::model::diagnostics::Problem;
use crate::model::digest::{Digest, Hasher};
use crate::output::{Holder, Lock};

/// What a run published.
#[derive(Debug)]
pub struct Publication {
    /// What the build did; errors of the sources that were set aside are among its problems.
    pub report: Report,
    /// The sources that were set aside, in order.
    pub skipped: Vec<Skipped>,
    /// The problems are those of the run before, which reported them.
    pub is_known: bool,
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
    /// Nothing was changed; the flag says that the run before reported the same.
    Failed(Failure, bool),
}

/// Publishes what is due and what changed. With `strict`, a source with an error refuses the whole.
/// `announce` hears which feeds are about to change, before the first file does.
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

/// True if the run before had the same problems; remembers those of this one. A run that can't remember them reports
/// them once more.
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
