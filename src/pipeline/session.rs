//! A session: one run of the pipeline. It has the places, the clock and the permissions of its [`Request`], the lock,
//! the diagnostics, and the memory that a later run of the same process takes over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::files::Files;
use super::memory::Known;
use super::rows::Rows;
use super::site_plan::SitePlan;
use super::skipped::SkippedSources;
use super::syntax::in_own_syntax;
use super::wire_memory::WireMemory;
use super::{Announce, Blame, BuildError, Failure, Request, STATIC};
use crate::config;
use crate::import::in_place::InPlace;
use crate::model::diagnostics::{Diagnostics, Problem, Warning, sort_once};
use crate::model::digest::Digest;
use crate::output::{self, Lock, Manifest, OutputError, Shelf, Staging, Target};
use crate::render::template;
use crate::source;

/// One run of the pipeline.
pub(super) struct Session<'a> {
    pub request: &'a Request<'a>,
    pub lock: &'a Lock,
    /// Gets the feeds that are about to change.
    pub announce: Announce<'a>,
    pub diagnostics: Diagnostics,
    /// Sources with errors are skipped, so that the others can be published.
    pub sets_aside: bool,
    /// The run can begin again if files have vanished or changed since they were listed; cleared once that is so.
    pub may_begin_again: bool,
    /// The skipped sources.
    pub skipped: SkippedSources,
    /// The rows of data files that are sources.
    pub rows: Rows,
    /// The texts of the other generator whose folder the site is.
    pub foreign: Mutex<Option<Arc<InPlace>>>,
    /// The memory of the process, if the site is built into memory.
    pub memory: Option<InMemory>,
}

/// A site in the memory of a process that builds again and again.
#[derive(Default)]
pub(super) struct InMemory {
    /// The output of the last successful build.
    pub shelf: Arc<Shelf>,
    /// The records of its sources.
    pub known: Known,
    /// The plan of the last successful build.
    pub site: Option<SitePlan>,
    /// Warnings of the last successful build, by document.
    pub warnings: BTreeMap<String, Vec<Warning>>,
    /// Digest of the files that the last build found.
    pub inputs: Option<Digest>,
    /// Some of them are behind symbolic links, or elsewhere.
    pub has_links: bool,
    /// The files of news agencies, as read.
    pub wire: WireMemory,
}

impl<'a> Session<'a> {
    /// Begins a run of `request` under `lock` that skips no source.
    pub fn new(request: &'a Request<'a>, lock: &'a Lock) -> Session<'a> {
        Session {
            request,
            lock,
            announce: &|_| Ok(()),
            diagnostics: Diagnostics::default(),
            sets_aside: false,
            may_begin_again: false,
            skipped: SkippedSources::default(),
            rows: Rows::default(),
            foreign: Mutex::default(),
            memory: None,
        }
    }

    /// The texts of the other generator whose folder the site is, as they were when `site.toml` was read.
    pub fn foreign(&self) -> Option<Arc<InPlace>> {
        self.foreign.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps the texts of the other generator.
    pub fn set_foreign(&self, site: Option<Arc<InPlace>>) {
        *self.foreign.lock().unwrap_or_else(PoisonError::into_inner) = site;
    }

    /// Reports that the machine failed or the output folder can't be used; returns who can mend it.
    pub fn machine(&self, error: impl Into<OutputError>) -> Blame {
        let error = error.into();
        let blame = if error.is_usage() { Blame::Usage } else { Blame::Machine };
        self.diagnostics.report(Problem::nowhere(error));
        blame
    }

    /// Turns everything reported into the failure of a run that `blame` can mend.
    pub fn failure(&mut self, blame: Blame) -> Failure {
        let mut problems = self.diagnostics.take();
        problems.extend(self.skipped.take_errors());
        let mut problems = self.readable(problems);
        sort_once(&mut problems);
        Failure { blame, problems }
    }

    /// `problems` as people get them: at places that they can open, with remedies in the syntax of the file.
    pub fn readable(&self, problems: Vec<Problem>) -> Vec<Problem> {
        in_own_syntax(self.request.root, self.rows.located(problems))
    }

    /// Opens the output folder, or the shelf in memory that replaces it.
    pub fn open_output(&self) -> Result<Staging, Blame> {
        let request = self.request;
        if let Some(memory) = &self.memory {
            return Ok(Staging::on_shelf(&memory.shelf, self.lock.moment()));
        }
        let forbidden = [source::FOLDER, template::FOLDER, STATIC, source::data::FOLDER]
            .map(|folder| request.root.join(folder));
        let manifest = state_name("manifest", request.root, request.out);
        let target = Target {
            out: request.out,
            state: request.state,
            manifest: &manifest,
            terms: request.terms,
            forbidden: &forbidden,
        };
        let staging = Staging::open(target).map_err(|error| self.machine(error))?;
        let warnings = staging.warnings().iter().map(|warning| Problem::nowhere(warning.clone()));
        self.diagnostics.report_all(warnings);
        Ok(staging)
    }
}

impl Session<'_> {
    /// Digest of all inputs of this run except the clock and the ledger. A run with the digest of the last build has
    /// nothing to do. A site in memory is always built; its digest is only remembered.
    pub fn recognise(&mut self, files: &Files, settings: Digest) -> Option<Digest> {
        let (request, moment) = (self.request, self.lock.moment());
        if let Some(memory) = &mut self.memory {
            memory.inputs = files.digest(request, settings, moment);
            memory.has_links = files.has_links;
            return None;
        }
        let is_sound = !self.diagnostics.has_errors() && self.skipped.is_empty();
        if !is_sound { None } else { files.digest(request, settings, moment) }
    }

    /// Keeps the plan for the next run of this process, if there will be one.
    pub fn keep(&mut self, site: SitePlan) {
        if let Some(memory) = &mut self.memory {
            memory.site = Some(site);
        }
    }
}

/// Refuses a folder that is no site, before making anything in it.
///
/// # Errors
/// `site.toml` is missing.
pub fn is_site(root: &Path) -> Result<(), Failure> {
    if root.join(config::FILE).exists() {
        return Ok(());
    }
    let cause = BuildError::NoSite { folder: root.display().to_string() };
    Err(Failure { blame: Blame::Usage, problems: vec![Problem::nowhere(cause)] })
}

/// The failure of a run that could not begin.
pub(super) fn machine(error: OutputError) -> Failure {
    let blame = if error.is_usage() { Blame::Usage } else { Blame::Machine };
    Failure { blame, problems: vec![Problem::nowhere(error)] }
}

/// The manifest of the output folder `out` of the site at `root`; empty if unknown.
///
/// # Errors
/// Errors of the file system.
pub fn manifest_of(root: &Path, state: &Path, out: &Path) -> Result<Manifest, OutputError> {
    match Manifest::load(&manifest_path(root, state, out)) {
        Ok(manifest) => Ok(manifest.unwrap_or_default()),
        Err(error) if error.is_about_content() => Ok(Manifest::default()),
        Err(error) => Err(error.into()),
    }
}

/// The path of the manifest of the output folder `out`.
pub(super) fn manifest_path(root: &Path, state: &Path, out: &Path) -> PathBuf {
    output::manifest_path(out, state, &state_name("manifest", root, out))
}

/// The name of the state `what` for the output folder `out`: each output folder has state of its own. A folder inside
/// the site is named by its relative path, so that a site can be moved as a whole.
pub(super) fn state_name(what: &str, root: &Path, out: &Path) -> String {
    let name = match out.strip_prefix(root) {
        Ok(inside) => inside.to_string_lossy().into_owned(),
        Err(_) => std::path::absolute(out).unwrap_or_else(|_| out.to_owned()).to_string_lossy().into_owned(),
    };
    match name.as_str() {
        "public" => what.to_owned(),
        other => format!("{what}-{}", &Digest::of(other.as_bytes()).to_string()[..12]),
    }
}
