//! The served site: its files, and the results of its last build.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::broadcast;

use super::Options;
use super::desk::{Desk, desk};
use super::events::Told;
use super::overlay::{Trouble, troubles};
use super::rules::Rules;
use crate::model::url::{BaseUrl, UrlPath};
use crate::output::Shelf;
use crate::pipeline::{Failure, Report, Request, Warm, Withheld};

/// A site that is served.
pub(super) struct Site {
    pub options: Options,
    /// Its files, as of the last build that succeeded.
    pub shelf: Arc<Shelf>,
    /// The listening browsers.
    pub browsers: broadcast::Sender<Told>,
    warm: Mutex<Warm>,
    shown: RwLock<Arc<Shown>>,
    /// The desk, and the number of builds after which it was made.
    desk: Mutex<Option<(u64, Arc<Desk>)>>,
}

/// Facts about the site besides its files. They are replaced as a whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// The number of builds so far.
    pub builds: u64,
    /// True once a build has succeeded, so that there is a site.
    pub is_ready: bool,
    /// The site's public address.
    pub base: Option<BaseUrl>,
    /// The file of each redirect, with its target.
    pub redirects: Arc<BTreeMap<String, UrlPath>>,
    /// Symbolic links out of the site are followed.
    pub follows_links: bool,
    /// The rules in `_headers` and `_redirects`.
    pub rules: Arc<Rules>,
    /// The errors of the last build.
    pub errors: Arc<[Trouble]>,
    /// The warnings of the last build that succeeded.
    pub warnings: Arc<[Trouble]>,
    pub held: Withheld,
    /// The numbers of articles, other pages and feeds.
    pub counts: [usize; 3],
    /// The time as of which the site is shown; `None` for the present.
    pub as_of: Option<DateTime<Utc>>,
    /// The time as of which the last build was made.
    pub now: Option<DateTime<Utc>>,
}

/// The result of a build.
pub(super) struct Built {
    pub outcome: Result<Report, Failure>,
    pub took: Duration,
    pub is_first: bool,
}

/// The most paths in an event; if more have changed, each browser checks for itself.
const MOST_TOLD: usize = 500;

/// A pause after the first page was sent: browsers need the processors that the build takes.
const BREATH: Duration = Duration::from_millis(150);

impl Site {
    pub fn new(options: Options) -> Site {
        let warm = Warm::default();
        Site {
            options,
            shelf: warm.shelf().clone(),
            browsers: broadcast::channel(64).0,
            warm: Mutex::new(warm),
            shown: RwLock::default(),
            desk: Mutex::default(),
        }
    }

    /// Current facts about the site.
    pub fn shown(&self) -> Arc<Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn show(&self, shown: Shown) {
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shown);
    }

    fn warm(&self) -> MutexGuard<'_, Warm> {
        self.warm.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self, now: DateTime<Utc>) -> Request<'_> {
        let Options { root, state, out, allowances, .. } = &self.options;
        Request { allowances: *allowances, has_hosts: false, ..Request::new(root, state, out, now) }
    }

    /// The time as of which the next build is made.
    fn now(&self) -> DateTime<Utc> {
        self.shown().as_of.unwrap_or_else(|| (self.options.clock)())
    }

    /// Shows the site as of `moment`, or of the present, from the next build on.
    pub fn set_as_of(&self, moment: Option<DateTime<Utc>>) {
        self.show(Shown { as_of: moment, ..(*self.shown()).clone() });
    }

    /// Builds the site after the files `touched` may have changed, and notifies the browsers. If only one file was
    /// touched, its page is built first.
    pub fn build(&self, touched: &[String]) -> Built {
        let began = (self.options.stopwatch)();
        let now = self.now();
        let old = self.shown();
        let mut warm = self.warm();
        let is_sound = old.is_ready && old.errors.is_empty() && old.as_of.is_none();
        let first = match touched {
            [name] if is_sound => warm.revise(&self.request(now), name),
            _ => None,
        };
        if let Some(path) = &first {
            let _ = self.browsers.send(Told::built(Some(vec![path.clone()])));
            std::thread::sleep(BREATH);
        }
        let mut outcome = warm.build(&self.request(now));
        let mut new = Shown { builds: old.builds + 1, now: Some(now), ..(*old).clone() };
        let told = match &mut outcome {
            Ok(report) => {
                new.is_ready = true;
                new.base = warm.base_url();
                new.follows_links = warm.follows_links();
                new.redirects = Arc::new(warm.redirects());
                new.errors = Arc::default();
                new.warnings = troubles(report.problems.iter());
                new.held = report.held.clone();
                new.counts = [report.counts.articles, report.counts.pages, report.counts.feeds];
                let changes = &report.changes;
                let changed = changes.written_paths.iter().chain(&changes.removed_paths);
                if !old.is_ready || changed.clone().any(|path| path.starts_with('_')) {
                    new.rules = Arc::new(Rules::read(&self.shelf));
                }
                let is_many = changes.written + changes.removed > MOST_TOLD || old.as_of != new.as_of;
                let told = Told::built(if is_many { None } else { Some(changed.cloned().collect()) });
                if let Some(path) = first.filter(|path| !report.changes.written_paths.contains(path)) {
                    report.changes.written += 1;
                    report.changes.unchanged = report.changes.unchanged.saturating_sub(1);
                    report.changes.written_paths.push(path);
                }
                told
            }
            Err(failure) => {
                let errors = failure.problems.iter().filter(|problem| problem.is_error());
                new.errors = troubles(errors);
                Told::failed(&new.errors)
            }
        };
        drop(warm);
        let is_first = old.builds == 0;
        self.show(new);
        // Fails if no browser listens.
        let _ = self.browsers.send(told);
        let took = (self.options.stopwatch)().saturating_sub(began);
        Built { outcome, took, is_first }
    }

    /// The time until something becomes due.
    pub fn until_due(&self) -> Option<Duration> {
        let due = self.due()?;
        Some((due - (self.options.clock)()).to_std().unwrap_or_default())
    }

    /// True if something has become due since the last build.
    pub fn is_due(&self) -> bool {
        self.due().is_some_and(|due| due <= (self.options.clock)())
    }

    fn due(&self) -> Option<DateTime<Utc>> {
        let shown = self.shown();
        let (due, _) = shown.held.next.as_ref().filter(|_| shown.as_of.is_none())?;
        // A due time that a failed build has passed does not cause another build.
        shown.now.is_none_or(|now| now < *due).then_some(*due)
    }

    /// True if some files of the site are elsewhere, behind symbolic links, where nobody watches them.
    pub fn has_links(&self) -> bool {
        self.warm().has_links()
    }

    /// True if all files are as the last build found them; `None` if that is not known yet.
    pub fn is_current(&self) -> Option<bool> {
        self.warm().is_current(&self.request(self.now()))
    }

    /// The desk, made on demand once a build.
    pub fn desk(&self) -> Arc<Desk> {
        let mut known = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = self.shown();
        if let Some((_, desk)) = known.as_ref().filter(|(builds, _)| *builds == shown.builds) {
            return desk.clone();
        }
        let now = shown.now.unwrap_or_else(|| self.now());
        let surveyed = self.warm().survey(&self.request(now));
        let desk = match (surveyed, known.take()) {
            (Ok((survey, _)), _) => Arc::new(desk(survey, &self.request(now), &shown, now)),
            // While the site can't be surveyed, the last desk is shown.
            (Err(_), Some((_, desk))) => desk,
            (Err(_), None) => Arc::default(),
        };
        known.insert((shown.builds, desk)).1.clone()
    }

    /// The findings about the page at `file`, a path in the output folder, or about all pages; `None` if there is no such
    /// page, or no site yet.
    pub fn check(&self, file: Option<&str>) -> Option<Arc<[Trouble]>> {
        let now = self.shown().now.unwrap_or_else(|| self.now());
        let request = self.request(now);
        let found = match file {
            Some(file) => self.warm().look_at(&request, file)?,
            None => self.warm().look_through(&request, false).ok()?.problems,
        };
        Some(troubles(found.iter()))
    }

    /// The path of a source for messages: relative to the site's root.
    pub fn name_of(&self, path: &Path) -> String {
        path.strip_prefix(&self.options.root).unwrap_or(path).to_string_lossy().into_owned()
    }
}
