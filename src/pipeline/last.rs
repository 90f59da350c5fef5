//! The last build of an output folder: the digest of all that it was made from, and what it reported. While the digest
//! and the files stay, so does the site, and nothing of it need be planned.

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
    /// Digest of all that it was made from but the clock and the ledger: see [`Files::digest`](super::files::Files::digest).
    /// `None` where the next build has something to report that this one can't know.
    pub inputs: Option<Digest>,
    /// Digest of the ledger as it left it; `None` where none is kept.
    pub ledger: Option<Digest>,
    /// The stamp of the manifest that it left.
    pub manifest: Stamp,
    /// Its clock.
    pub now: DateTime<Utc>,
    /// How many documents it had.
    pub counts: Counts,
    /// What was held back, and from when on that is different.
    pub held: Withheld,
    /// How many lines of the ledger were behind.
    pub behind: usize,
    /// A publication would have had nothing to add to the ledger.
    pub ledger_is_whole: bool,
    /// Everything that it warned of, in order.
    pub warnings: Vec<Warning>,
    /// The same of each document that the next build may leave as it is, by the path of its file.
    pub of_documents: BTreeMap<String, Vec<Warning>>,
}

impl LastBuild {
    /// True if a build that `request` asks for now would make the same site, from the same `inputs` and `ledger`.
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

/// The report of a build that has nothing to do, if this is one: the last one was made from the same `inputs`, nothing has
/// become due since, and everything that it wrote is as it was left.
///
/// # Errors
/// What the system says of the output folder.
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
    // It warned of all that the stages up to here have found again.
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
