//! Builds into memory, by a process that builds again and again: each is handed what the last one left.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use super::laid::Laid;
use super::memory::Known;
use super::survey::{self, Files, Survey};
use super::warnings::Warnings;
use super::{Aside, Failure, Report, Request, build_with, is_site, last, machine, survey_with};
use crate::config::{self, Config};
use crate::model::diagnostics::Problem;
use crate::model::digest::{Digest, Print};
use crate::model::timings::Watch;
use crate::model::url::{BaseUrl, UrlPath};
use crate::output::{Lock, Shelf};
use crate::site::ledger;
use crate::site::plan::Shows;

/// The folder in `.dateline/` for the lock of builds into memory: nobody who publishes waits for those.
const SERVE: &str = "serve";

/// What stays in memory between the builds of one process. They write nothing of the site and nothing of what is
/// remembered of it.
#[derive(Default)]
pub struct Warm {
    /// The site as the last build that succeeded left it.
    pub shelf: Arc<Shelf>,
    pub(super) known: Known,
    /// What the last build that succeeded decided.
    pub(super) laid: Option<Laid>,
    /// What the last build that succeeded said of documents.
    pub(super) warned: Warnings,
    /// Stands for the files that the last build found.
    pub(super) inputs: Option<Digest>,
}

impl Warm {
    /// Builds the site of `request` onto the shelf; its output folder is left alone.
    ///
    /// # Errors
    /// A [`Failure`] with all problems found; what is on the shelf is then as it was.
    pub fn build(&mut self, request: &Request<'_>) -> Result<Report, Failure> {
        let lock = lock(request)?;
        self.inputs = None;
        let outcome = build_with(request, &lock, &Aside::default(), &|_| Ok(()), Some(self));
        if outcome.is_err() && self.inputs.is_none() {
            // It came to its end before it looked at the files.
            self.inputs = look(request, lock.moment());
        }
        outcome
    }

    /// Reads and settles the site of `request`, and says what is wrong.
    ///
    /// # Errors
    /// Those of a build in which nothing can be decided: `site.toml`, the ledger, the machine.
    pub fn survey(&mut self, request: &Request<'_>) -> Result<(Survey, Vec<Problem>), Failure> {
        let (survey, problems, _) = survey_with(request, &lock(request)?, Some(self))?;
        Ok((survey, problems))
    }

    /// True if the files of the site are as the last build found them, of which nothing need be told then; `None` if that
    /// can't be said: some have changed just now.
    pub fn is_current(&self, request: &Request<'_>) -> Option<bool> {
        let now = look(request, lock(request).ok()?.moment())?;
        Some(self.inputs == Some(now))
    }

    /// Where the site lives on the web; `None` before a build has succeeded.
    pub fn base_url(&self) -> Option<BaseUrl> {
        self.laid.as_ref().map(|laid| laid.config.base_url.clone())
    }

    /// Its redirects: the file of each, and where it leads.
    pub fn redirects(&self) -> BTreeMap<String, UrlPath> {
        let documents = self.laid.iter().flat_map(|laid| &laid.plan.documents);
        let redirects = documents.filter_map(|planned| match &planned.shows {
            Shows::Redirect(target) => Some((planned.path.file(), target.clone())),
            _ => None,
        });
        redirects.collect()
    }
}

/// Stands for all files that a build would read now.
fn look(request: &Request<'_>, moment: i64) -> Option<Digest> {
    let text = fs::read(request.root.join(config::FILE)).unwrap_or_default();
    let settings = Config::read(&String::from_utf8_lossy(&text), &mut Vec::new());
    let theme = settings.and_then(|config| config.theme.folder);
    let found =
        survey::find(request, theme.as_deref(), &Watch::new(request.stopwatch, false), &mut Vec::new());
    inputs(request, &text, &found, moment)
}

/// Stands for all files that a build reads; `settings` is `site.toml`.
pub(super) fn inputs(request: &Request<'_>, settings: &[u8], found: &Files, moment: i64) -> Option<Digest> {
    let files = last::inputs(request, Digest::of(settings), found, moment)?;
    let ledger = ledger::digest(request.root, request.state);
    let ledger = ledger.map(|ledger| *ledger.bytes()).unwrap_or_default();
    Some(Print::default().bytes(files.all.bytes()).bytes(&ledger).finish())
}

pub(super) fn lock(request: &Request<'_>) -> Result<Lock, Failure> {
    is_site(request.root)?;
    let state = request.state.join(SERVE);
    Lock::take(&state, request.waiting).map_err(|error| machine(error, &mut Vec::new()))
}
