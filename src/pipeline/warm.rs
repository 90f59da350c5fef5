//! Builds into memory, in a process that builds again and again: each build takes over the memory of the last.

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

/// The folder in `.dateline/` for the lock of builds into memory, so that a publication does not wait for them.
const SERVE: &str = "serve";

/// A site that stays in memory between the builds of one process. The builds write neither output nor state to disk.
#[derive(Default)]
pub struct Warm {
    pub(super) memory: InMemory,
    /// Digest of the ledger as the last build read it.
    pub(super) ledger: Option<Digest>,
    /// Sources with errors are left out, and their errors are reported.
    pub(super) sets_aside: bool,
}

impl Warm {
    /// The output of the last successful build.
    pub fn shelf(&self) -> &Arc<Shelf> {
        &self.memory.shelf
    }

    /// Builds the site of `request` onto the shelf; its output folder stays unchanged.
    ///
    /// # Errors
    /// A [`Failure`] with all problems found; the shelf then stays unchanged.
    pub fn build(&mut self, request: &Request<'_>) -> Result<Report, Failure> {
        let lock = lock(request)?;
        self.memory.inputs = None;
        self.ledger = ledger::digest(request.root, request.state);
        let outcome = self.session(request, &lock, run);
        if outcome.is_err() && self.memory.inputs.is_none() {
            // The build failed before it listed the files.
            self.memory.inputs = look(request, &lock);
        }
        outcome.map(|(report, _)| report)
    }

    /// Reads and settles the site of `request`, and returns the problems.
    ///
    /// # Errors
    /// Errors that stop a build before any decision: in `site.toml`, the ledger or the machine.
    pub fn survey(&mut self, request: &Request<'_>) -> Result<(Survey, Vec<Problem>), Failure> {
        let lock = lock(request)?;
        self.session(request, &lock, read_and_settle)
    }

    /// Runs `work` in a session with this memory; returns the remaining problems too.
    fn session<T>(
        &mut self,
        request: &Request<'_>,
        lock: &Lock,
        work: impl FnOnce(&mut Session<'_>) -> Result<T, super::Blame>,
    ) -> Result<(T, Vec<Problem>), Failure> {
        let memory = Some(std::mem::take(&mut self.memory));
        let sets_aside = self.sets_aside;
        let mut session = Session { memory, sets_aside, ..Session::new(request, lock) };
        let done = work(&mut session);
        self.memory = session.memory.take().unwrap_or_default();
        match done {
            Ok(done) => Ok((done, session.readable(session.diagnostics.take()))),
            Err(blame) => Err(session.failure(blame)),
        }
    }

    /// True if the site's files are as the last build found them, so that another build would make the same; `None` if
    /// some changed too recently to know.
    pub fn is_current(&self, request: &Request<'_>) -> Option<bool> {
        let now = look(request, &lock(request).ok()?)?;
        Some(self.memory.inputs == Some(now) && self.ledger == ledger::digest(request.root, request.state))
    }

    /// True if the site follows symbolic links out of it.
    pub fn follows_links(&self) -> bool {
        self.memory.site.as_ref().is_some_and(|site| site.config.files.follow_links)
    }

    /// True if the last build found files behind symbolic links.
    pub fn has_links(&self) -> bool {
        self.memory.has_links
    }

    /// The base URL of the site; `None` before a build has succeeded.
    pub fn base_url(&self) -> Option<BaseUrl> {
        self.memory.site.as_ref().map(|site| site.config.base_url.clone())
    }

    /// Its redirects: the file of each, and its target.
    pub fn redirects(&self) -> BTreeMap<String, UrlPath> {
        let plans = || self.memory.site.iter().map(|site| &site.plan);
        let documents = plans().flat_map(|plan| &plan.documents);
        let redirects = documents.filter_map(|planned| match &planned.shows {
            Shows::Redirect(target) => Some((planned.path.file(), target.clone())),
            _ => None,
        });
        let rules = plans().flat_map(|plan| plan.rules.iter().filter(|rule| rule.query.is_none()));
        redirects.chain(rules.map(|rule| (rule.path.file(), rule.target.clone()))).collect()
    }
}

/// Digest of all files that a build would read now.
fn look(request: &Request<'_>, lock: &Lock) -> Option<Digest> {
    let session = Session::new(request, lock);
    let (config, settings) = load(&session).ok()?;
    let files = Files::list(&session, &config);
    let settings = history(&session, &config).with(settings, request.now);
    files.digest(request, settings, lock.moment())
}

/// Takes the lock of builds into memory.
pub(super) fn lock(request: &Request<'_>) -> Result<Lock, Failure> {
    is_site(request.root)?;
    Lock::take(&request.state.join(SERVE)).map_err(machine)
}
