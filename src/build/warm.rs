//! Builds into memory, by a process that builds again and again: each is handed what the last one left.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::memory::Known;
use super::survey::Survey;
use super::{Aside, Failure, Report, Request, build_with, is_site, machine, survey_with};
use crate::error::Problem;
use crate::output::{Lock, Shelf};
use crate::plan::{Plan, Shows};
use crate::url::UrlPath;

/// The folder in `.dateline/` for the lock of builds into memory: nobody who publishes waits for those.
const SERVE: &str = "serve";

/// What stays in memory between the builds of one process. They write nothing of the site and nothing of what is
/// remembered of it.
#[derive(Default)]
pub struct Warm {
    /// The site as the last build that succeeded left it.
    pub shelf: Arc<Shelf>,
    /// Its redirects: the file of each, and where it leads.
    pub redirects: BTreeMap<String, UrlPath>,
    pub(super) known: Known,
}

impl Warm {
    /// Builds the site of `request` onto the shelf; its output folder is left alone.
    ///
    /// # Errors
    /// A [`Failure`] with all problems found; what is on the shelf is then as it was.
    pub fn build(&mut self, request: &Request<'_>) -> Result<Report, Failure> {
        build_with(request, &lock(request)?, &Aside::default(), &|_| Ok(()), Some(self))
    }

    /// Reads and settles the site of `request`, and says what is wrong.
    ///
    /// # Errors
    /// Those of a build in which nothing can be decided: `site.toml`, the ledger, the machine.
    pub fn survey(&mut self, request: &Request<'_>) -> Result<(Survey, Vec<Problem>), Failure> {
        let (survey, problems, _) = survey_with(request, &lock(request)?, Some(self))?;
        Ok((survey, problems))
    }

    /// Notes where the redirects of `plan` lead.
    pub(super) fn note_redirects(&mut self, plan: &Plan) {
        let redirects = plan.documents.iter().filter_map(|planned| match &planned.shows {
            Shows::Redirect(target) => Some((planned.path.file(), target.clone())),
            _ => None,
        });
        self.redirects = redirects.collect();
    }
}

fn lock(request: &Request<'_>) -> Result<Lock, Failure> {
    is_site(request.root)?;
    let state = request.state.join(SERVE);
    Lock::take(&state, request.waiting).map_err(|error| machine(error, &mut Vec::new()))
}
