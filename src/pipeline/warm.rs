//! Builds into memory, by a process that builds again and again: each is handed what the last one left.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::files::Files;
use super::session::{InMemory, Session, is_site, machine};
use super::{Failure, Report, Request, Survey, history, load, read_and_settle, run};
use crate::model::diagnostics::Problem;
use crate::model::digest::Digest;
use crate::model::url::{BaseUrl, UrlPath};
use crate::output::{Lock, Shelf};
use crate::site::ledger;
use crate::site::plan::Shows;

/// The folder in `.dateline/` for the lock of builds into memory: nobody who publishes waits for those.
const SERVE: &str = "serve";

/// A site that stays in memory between the builds of one process. They write nothing of the site and nothing of what is
/// remembered of it.
#[derive(Default)]
pub struct Warm {
    pub(super) memory: InMemory,
    /// Digest of the ledger that the last build read.
    ledger: Option<Digest>,
}

impl Warm {
    /// The site as the last build that succeeded left it.
    pub fn shelf(&self) -> &Arc<Shelf> {
        &self.memory.shelf
    }

    /// Builds the site of `request` onto the shelf; its output folder is left alone.
    ///
    /// # Errors
    /// A [`Failure`] with all problems found; what is on the shelf is then as it was.
    pub fn build(&mut self, request: &Request<'_>) -> Result<Report, Failure> {
        let lock = lock(request)?;
        self.memory.inputs = None;
        self.ledger = ledger::digest(request.root, request.state);
        let outcome = self.session(request, &lock, run);
        if outcome.is_err() && self.memory.inputs.is_none() {
            // It came to its end before it looked at the files.
            self.memory.inputs = look(request, &lock);
        }
        outcome.map(|(report, _)| report)
    }

    /// Reads and settles the site of `request`, and says what is wrong.
    ///
    /// # Errors
    /// Those of a build in which nothing can be decided: `site.toml`, the ledger, the machine.
    pub fn survey(&mut self, request: &Request<'_>) -> Result<(Survey, Vec<Problem>), Failure> {
        let lock = lock(request)?;
        self.session(request, &lock, read_and_settle)
    }

    /// Does `work` in a session that has this memory; with what was reported and not taken.
    fn session<T>(
        &mut self,
        request: &Request<'_>,
        lock: &Lock,
        work: impl FnOnce(&mut Session<'_>) -> Result<T, super::Blame>,
    ) -> Result<(T, Vec<Problem>), Failure> {
        let memory = Some(std::mem::take(&mut self.memory));
        let mut session = Session { memory, ..Session::new(request, lock) };
        let done = work(&mut session);
        self.memory = session.memory.take().unwrap_or_default();
        match done {
            Ok(done) => Ok((done, session.diagnostics.take())),
            Err(blame) => Err(session.failure(blame)),
        }
    }

    /// True if the files of the site are as the last build found them, so that another would make the same; `None` if
    /// that can't be said: some have changed just now.
    pub fn is_current(&self, request: &Request<'_>) -> Option<bool> {
        let now = look(request, &lock(request).ok()?)?;
        Some(self.memory.inputs == Some(now) && self.ledger == ledger::digest(request.root, request.state))
    }

    /// Where the site lives on the web; `None` before a build has succeeded.
    pub fn base_url(&self) -> Option<BaseUrl> {
        self.memory.site.as_ref().map(|site| site.config.base_url.clone())
    }

    /// Its redirects: the file of each, and where it leads.
    pub fn redirects(&self) -> BTreeMap<String, UrlPath> {
        let documents = self.memory.site.iter().flat_map(|site| &site.plan.documents);
        let redirects = documents.filter_map(|planned| match &planned.shows {
            Shows::Redirect(target) => Some((planned.path.file(), target.clone())),
            _ => None,
        });
        redirects.collect()
    }
}

/// Digest of all files that a build would read now.
fn look(request: &Request<'_>, lock: &Lock) -> Option<Digest> {
    let session = Session::new(request, lock);
    let (config, settings) = load(&session).ok()?;
    let files = Files::list(&session, config.theme.folder.as_deref());
    let settings = history(&session, &config).with(settings, request.now);
    files.digest(request, settings, lock.moment())
}

/// Takes the lock of builds into memory.
pub(super) fn lock(request: &Request<'_>) -> Result<Lock, Failure> {
    is_site(request.root)?;
    Lock::take(&request.state.join(SERVE)).map_err(machine)
}
