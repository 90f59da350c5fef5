//! The last build of an output folder: the digest of its inputs, and its report. While inputs and output files stay the
//! same, nothing needs to be planned.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::session::{Session, manifest_path, state_name};
use super::stage::stage;
use super::{Blame, Counts, FeedNews, LedgerUse, Report, Request, Withheld, state};
use crate::config::Config;
use crate::model::diagnostics::{Problem, Warning};
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;
use crate::output::Staging;
use crate::site::ledger;

/// The last build of one output folder.
#[derive(Serialize, Deserialize)]
pub(super) struct LastBuild {
    /// Digest of its inputs except the clock and the ledger: see [`Files::digest`](super::files::Files::digest). `None`
    /// if the next build must run to report something that this one does not record.
    pub inputs: Option<Digest>,
    /// Digest of the ledger after the build; `None` where no ledger is kept.
    pub ledger: Option<Digest>,
    /// The stamp of the manifest that it wrote.
    pub manifest: Stamp,
    /// Its clock.
    pub now: DateTime<Utc>,
    /// The clock of the last publication into the folder; `None` if there was none.
    pub published: Option<DateTime<Utc>>,
    /// Number of documents.
    pub counts: Counts,
    /// Number of articles and pages.
    pub leaves: usize,
    /// Numbers of withheld articles, and when they next change.
    pub held: Withheld,
    /// Number of ledger lines that were behind.
    pub behind: usize,
    /// A publication would have had nothing to add to the ledger.
    pub ledger_is_whole: bool,
    /// Its warnings, in order.
    pub warnings: Vec<Warning>,
    /// Warnings of each document that the next build may leave as it is, by the path of its file.
    pub of_documents: BTreeMap<String, Vec<Warning>>,
}

impl LastBuild {
    /// True if the build that `request` asks for would make the same site from these `inputs` and this `ledger`.
    pub fn is_as_now(
        &self,
        inputs: Digest,
        ledger: Option<Digest>,
        manifest: Stamp,
        request: &Request<'_>,
    ) -> bool {
        let due = self.held.next.as_ref().map(|(due, _)| *due);
        let is_recorded = match request.ledger {
            LedgerUse::Read => true,
            LedgerUse::Locked => self.behind == 0,
            LedgerUse::Advance | LedgerUse::Ahead => self.ledger_is_whole,
        };
        let is_on_time = self.now <= request.now && due.is_none_or(|due| request.now < due);
        self.inputs == Some(inputs)
            && self.ledger == ledger
            && self.manifest == manifest
            && is_recorded
            && is_on_time
    }
}

/// The report of a build with nothing to do: the last build had the same `inputs`, nothing has become due since, and
/// its output files are as it left them. Otherwise `None`.
///
/// # Errors
/// Errors of the file system about the output folder.
pub(super) fn unchanged(
    session: &mut Session<'_>,
    config: &Config,
    staging: &Staging,
    inputs: Option<Digest>,
) -> Result<Option<Report>, Blame> {
    let request = session.request;
    let Some(inputs) = inputs else { return Ok(None) };
    let output = state_name("public", request.root, request.out);
    let Some(last) = state::last_build(request.state, &output) else { return Ok(None) };
    let ledger = config.ledger.then(|| ledger::digest(request.root, request.state)).flatten();
    let manifest = stamp_of(&manifest_path(request.root, request.state, request.out));
    if !last.is_as_now(inputs, ledger, manifest, request) {
        return Ok(None);
    }
    if !stage("compare", |_| staging.stands_whole()).map_err(|error| session.machine(error))? {
        return Ok(None);
    }
    // The last build's warnings include all that the earlier stages have just reported again.
    session.diagnostics.take();
    Ok(Some(Report {
        counts: last.counts,
        changes: staging.unchanged(),
        news: FeedNews { hubs: config.feeds.hubs.clone(), topics: Vec::new() },
        held: last.held,
        behind: last.behind,
        problems: last.warnings.into_iter().map(Problem::from).collect(),
        notes: session.diagnostics.take_notes(),
        ..Report::default()
    }))
}

/// The stamp of the file at `path`; an empty one where there is none.
pub(super) fn stamp_of(path: &Path) -> Stamp {
    fs::metadata(path).map(|metadata| Stamp::of(&metadata)).unwrap_or_default()
}
