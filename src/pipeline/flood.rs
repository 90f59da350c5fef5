//! The flood guard. Before a publication changes anything, it compares the entries that subscribers have with those
//! that they would get. Many entries that return as new, or vanish, are usually a mistake: a changed id or a missing
//! folder.

use std::collections::BTreeSet;
use std::path::Path;

use miette::Diagnostic;
use thiserror::Error;

use super::LedgerUse;
use super::session::Session;
use super::site_plan::SitePlan;
use super::stage::stage;
use crate::config::{Config, FeedFormat};
use crate::feed::difference::{Difference, Named};
use crate::feed::read::{FoundEntry, read};
use crate::model::diagnostics::{Place, Problem};
use crate::site::identity::Row;
use crate::site::library::Library;
use crate::site::plan::{Planned, PlannedFeed, Shows};
use crate::storage::file;

/// A publication that would flood subscribers or take much away.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum FloodError {
    /// Old entries would come back as new.
    #[error("{count} articles would come back as new to subscribers, {example} among them")]
    #[diagnostic(
        code(feed::flood),
        help(
            "`dateline feeds preview` shows them; if that is meant, publish with `--accept`; `feeds.flood_limit` is now {limit}"
        )
    )]
    Reappearing {
        /// Number of such entries.
        count: usize,
        /// One of them.
        example: String,
        /// Number of entries allowed to come back.
        limit: usize,
    },
    /// Entries would vanish.
    #[error("{count} articles would vanish from feeds that have room for them, {example} among them")]
    #[diagnostic(
        code(feed::flood),
        help(
            "`dateline feeds preview` shows them; if that is meant, publish with `--accept`; `feeds.flood_limit` is now {limit}"
        )
    )]
    Vanishing {
        /// Number of such entries.
        count: usize,
        /// One of them.
        example: String,
        /// Number of entries allowed to vanish.
        limit: usize,
    },
}

/// Reports floods in the feeds among `stale`, the documents to be written.
pub(super) fn guard(session: &Session<'_>, stale: &[&Planned], site: &SitePlan) {
    if session.request.ledger == LedgerUse::Advance && !session.request.accept {
        stage("flood guard", |_| session.diagnostics.report_all(floods(stale, site, session.request.out)));
    }
}

/// The floods in the feeds among `stale`, compared with the output folder `out`.
fn floods(stale: &[&Planned], site: &SitePlan, out: &Path) -> Vec<Problem> {
    let SitePlan { plan, library, config, .. } = site;
    let feeds: BTreeSet<usize> = stale
        .iter()
        .filter_map(|planned| match planned.shows {
            Shows::Feed(at, _) => Some(at),
            _ => None,
        })
        .collect();
    let (mut back, mut gone): (BTreeSet<Named>, BTreeSet<Named>) = Default::default();
    let meant: BTreeSet<&str> =
        library.departed().iter().filter(|one| one.is_meant).map(|one| one.id.as_str()).collect();
    for feed in feeds.into_iter().map(|at| &plan.feeds[at]) {
        let Some(old) = live(feed, out) else { continue };
        let new = entries(feed, library, config);
        let found = Difference::between(&old, &new, Some(feed.limit), &|id| meant.contains(id));
        back.extend(found.reappearing.into_iter().map(|(named, _)| named));
        gone.extend(found.vanished);
    }
    let limit = config.feeds.flood_limit;
    let example = |all: &BTreeSet<Named>| all.first().map(|one| format!("\u{201c}{}\u{201d}", one.title));
    let mut floods = Vec::new();
    if let Some(example) = example(&back).filter(|_| back.len() > limit) {
        floods.push(FloodError::Reappearing { count: back.len(), example, limit });
    }
    if let Some(example) = example(&gone).filter(|_| gone.len() > limit) {
        floods.push(FloodError::Vanishing { count: gone.len(), example, limit });
    }
    floods.into_iter().map(|cause| Problem::new(cause, Place::file("the feeds"))).collect()
}

/// The entries of `feed` that subscribers have now, read from its quickest format.
fn live(feed: &PlannedFeed, out: &Path) -> Option<Vec<FoundEntry>> {
    let mut formats: Vec<_> = feed.formats.iter().collect();
    formats.sort_by_key(|(format, _)| *format != FeedFormat::Json);
    let bytes = formats.iter().find_map(|(_, path)| file::read(&out.join(path.file()), file::FEED).ok())?;
    Some(read(&bytes)?.entries)
}

/// The entries of `feed` that subscribers would get.
fn entries(feed: &PlannedFeed, library: &Library, config: &Config) -> Vec<FoundEntry> {
    let entry = |leaf: &Row| FoundEntry {
        id: leaf.id.to_string(),
        url: config.base_url.absolute(&leaf.path),
        title: leaf.title.to_string(),
        published: leaf.dates.as_ref().map(|dates| dates.published.moment.instant()),
        fields: Vec::new(),
    };
    let articles = feed.articles.iter().map(|id| entry(library.leaf(*id)));
    articles.chain(feed.withdrawn.iter().map(|at| entry(&library.notices[*at]))).collect()
}
