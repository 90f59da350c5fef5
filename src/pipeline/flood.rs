//! The flood guard. Before a publication changes anything, it compares what is public with what would be. Many articles
//! that vanish or return as new are usually a mistake: a missing folder or a changed id.
//!
//! The ledger's records, or without a ledger the names of the published sources, are compared with the rows. Each
//! article counts once, wherever it is shown. An article that left the feeds because newer ones took its room does not
//! count, and neither does one whose front matter withholds it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use chrono::{DateTime, Utc};
use foldhash::fast::RandomState;
use miette::Diagnostic;
use thiserror::Error;

use super::LedgerUse;
use super::last::LastBuild;
use super::ledger_use::LedgerState;
use super::published_texts::{PublishedTexts, name_digest};
use super::session::Session;
use super::site_plan::SitePlan;
use super::stage::stage;
use crate::config::FeedFormat;
use crate::feed::atom_id;
use crate::feed::difference::Difference;
use crate::feed::read::{FoundEntry, read};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::output::Staging;
use crate::site::identity::{Row, SectionRow, State};
use crate::site::ledger::Record;
use crate::site::plan::{Planned, PlannedFeed, Shows};
use crate::source::{FOLDER, Scan};
use crate::storage::file;

/// A publication that would flood subscribers or take much away.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum FloodError {
    /// Old articles would come back as new.
    #[error("{count} articles would come back as new to subscribers, {example} among them")]
    #[diagnostic(
        code(feed::flood),
        help(
            "`dateline feeds preview` shows them; if that is meant, publish with `--accept`; `feeds.flood_limit` is now {limit}"
        )
    )]
    Reappearing {
        /// Number of such articles.
        count: usize,
        /// One of them.
        example: String,
        /// Number of articles allowed to come back.
        limit: usize,
    },
    /// Articles, pages or feeds would vanish.
    #[error("{counted} would vanish, {example} among them")]
    #[diagnostic(
        code(feed::flood),
        help(
            "put back the folder or the files that are missing; `dateline feeds preview` shows what changes; if that is meant, publish with `--accept`; `feeds.flood_limit` is now {limit}"
        )
    )]
    Vanishing {
        /// Number of articles, pages and feeds, in words.
        counted: String,
        /// One of them.
        example: String,
        /// Number of articles, pages and feeds allowed to vanish.
        limit: usize,
    },
    /// The folder of the sources is empty.
    #[error("`content/` has no article, page or section any more, and the site has had {before}")]
    #[diagnostic(
        code(content::emptied),
        help(
            "put back or mount the folder; if the site is meant to be empty, make a file `content/_index.md`"
        )
    )]
    Emptied {
        /// The number of articles, pages or sources that the site had, in words.
        before: String,
    },
}

/// The differences between what the last publication left public and the rows.
#[derive(Debug, Default)]
pub(super) struct Turnover {
    /// Articles that would be gone, although no source says so; by their sources.
    gone: BTreeSet<String>,
    /// Number of other sources that were public and are gone.
    gone_sources: usize,
    /// Ids of articles that leave because their sources say so.
    withheld: HashSet<String>,
    /// Titles of articles that were gone and come back, or get another id; by id.
    back: BTreeMap<String, String>,
    /// Titles of new articles that are older than the newest one that is public, by id. They look like old articles
    /// that come back if feeds show them.
    late: BTreeMap<String, String>,
    /// Names of published sources that have another path now.
    moved: HashSet<String>,
    /// The site keeps a ledger.
    has_ledger: bool,
}

impl Turnover {
    /// Compares the rows `settled` and the `sections` with what the last publication left.
    pub fn of(
        session: &Session<'_>,
        settled: &[Box<Row>],
        sections: &BTreeMap<String, SectionRow>,
        ledger: &LedgerState,
    ) -> Turnover {
        let mut turnover = Turnover { has_ledger: ledger.ledger().is_some(), ..Turnover::default() };
        // Sources that need no second look: each was counted, or was renamed.
        let mut seen: HashSet<Digest, RandomState> = turnover.of_records(settled, ledger);
        seen.extend(settled.iter().map(|one| name_digest(one.name())));
        let documents = sections.values().filter_map(|section| section.document.as_ref());
        seen.extend(documents.map(|document| name_digest(&document.name)));
        let left = PublishedTexts::open(session.request.state).left(&seen);
        if !left.is_empty() {
            // A page that was only renamed has the same bytes.
            let texts: HashSet<Digest> = settled.iter().map(|one| one.document.digest).collect();
            turnover.gone_sources = left.iter().filter(|text| !texts.contains(text)).count();
        }
        turnover
    }

    /// True if the published source `name` has another path now.
    pub fn has_moved(&self, name: &str) -> bool {
        self.moved.contains(name)
    }

    /// Compares the rows with the ledger's records; returns the digests of the names that it has dealt with.
    fn of_records(&mut self, settled: &[Box<Row>], ledger: &LedgerState) -> HashSet<Digest, RandomState> {
        let mut seen = HashSet::default();
        let Some(known) = ledger.ledger() else { return seen };
        let name_of = |record: &Record| format!("{FOLDER}/{}", record.source);
        let row_of = |record: &Record| {
            let at = settled.binary_search_by(|one| (**one.name()).cmp(&name_of(record))).ok()?;
            settled.get(at)
        };
        let (mut gone, mut new): (Vec<&Record>, Vec<&Row>) = Default::default();
        for record in &ledger.recording().changed {
            let old = known.find(&record.id).and_then(|at| known.records().get(at));
            let row = row_of(record);
            let Some(old) = old else {
                new.extend(row.map(Box::as_ref));
                continue;
            };
            seen.insert(name_digest(&name_of(old)));
            if old.path() != record.path() {
                self.moved.insert(name_of(record));
            }
            match (old.gone.is_some(), record.gone.is_some()) {
                // The source is there, and withholds the article itself.
                (false, true)
                    if row.is_some_and(|row| {
                        row.state != State::Live && row.id == record.id.as_str().into()
                    }) =>
                {
                    self.withheld.insert(record.id.clone());
                }
                (false, true) => gone.push(old),
                (false, false) if old.unfed.is_some() && record.unfed.is_none() => {
                    self.back.extend(row.map(|row| (row.id.to_string(), row.title.to_string())));
                }
                (true, false) => {
                    self.back.extend(row.map(|row| (row.id.to_string(), row.title.to_string())));
                }
                _ => {}
            }
        }
        if gone.is_empty() && new.is_empty() {
            return seen;
        }
        let newest = known.records().iter().filter(|record| record.gone.is_none());
        let newest = newest.map(|record| record.published.instant()).max();
        for row in new.into_iter().filter(|row| row.state == State::Live) {
            let named = (row.id.to_string(), row.title.to_string());
            let same =
                |old: &&Record| old.source == row.document.path() || old.path() == Some(row.path.as_str());
            if let Some(at) = gone.iter().position(same) {
                gone.swap_remove(at);
                self.back.extend([named]);
            } else if is_late(row, newest) {
                self.late.extend([named]);
            }
        }
        self.gone = gone.into_iter().map(name_of).collect();
        seen
    }
}

/// True if `row` was published at or before `newest`.
fn is_late(row: &Row, newest: Option<DateTime<Utc>>) -> bool {
    row.dates.as_ref().zip(newest).is_some_and(|(dates, newest)| dates.published.moment.instant() <= newest)
}

/// The error of a run that finds `content/` empty, although the site had articles or pages.
pub(super) fn emptied(
    session: &Session<'_>,
    scan: &Scan,
    ledger: &LedgerState,
    last: Option<&LastBuild>,
) -> Option<Problem> {
    if !scan.sources.is_empty() || session.memory.is_some() {
        return None;
    }
    let records = ledger.ledger().map_or(&[][..], |ledger| ledger.records());
    let is_ahead = session.request.ledger.is_ahead();
    let public = records.iter().filter(|record| is_ahead && record.gone.is_none()).count();
    let texts = || match session.request.ledger {
        LedgerUse::Advance => PublishedTexts::open(session.request.state).left(&HashSet::default()).len(),
        _ => 0,
    };
    let before = match (public, last.map_or(0, |last| last.leaves)) {
        (0, 0) => Some(texts()).filter(|count| *count > 0).map(|count| counted(count, "source", "sources")),
        (0, leaves) => Some(counted(leaves, "article or page", "articles and pages")),
        (public, _) => Some(counted(public, "article", "articles")),
    };
    before.map(|before| Problem::new(FloodError::Emptied { before }, Place::file(FOLDER)))
}

/// Reports floods of a publication with these `stale` documents.
pub(super) fn guard(
    session: &Session<'_>,
    stale: &[&Planned],
    site: &SitePlan,
    turnover: &Turnover,
    staging: &Staging,
) {
    if session.request.ledger != LedgerUse::Advance || session.request.accept {
        return;
    }
    stage("flood guard", |_| {
        let limit = site.config.feeds.flood_limit;
        let floods = [
            reappearing(turnover, stale, site, session.request.out, limit),
            vanishing(turnover, site, staging, session.request.out, limit),
        ];
        let problems = floods.into_iter().flatten();
        session.diagnostics.report_all(problems.map(|cause| Problem::new(cause, Place::file("the feeds"))));
    });
}

/// The articles that would come back, if they are more than `limit`.
fn reappearing(
    turnover: &Turnover,
    stale: &[&Planned],
    site: &SitePlan,
    out: &Path,
    limit: usize,
) -> Option<FloodError> {
    let mut back = turnover.back.clone();
    if !turnover.has_ledger {
        back.extend(other_ids(stale, site, out));
    } else if back.len() + turnover.late.len() > limit {
        let ids =
            site.plan.feeds.iter().flat_map(|feed| &feed.articles).map(|id| &*site.library.leaf(*id).id);
        let in_feeds: HashSet<&str> = ids.collect();
        let late = turnover.late.iter().filter(|(id, _)| in_feeds.contains(id.as_str()));
        back.extend(late.map(|(id, title)| (id.clone(), title.clone())));
    }
    let title = back.values().min().filter(|_| back.len() > limit)?;
    Some(FloodError::Reappearing { count: back.len(), example: format!("\u{201c}{title}\u{201d}"), limit })
}

/// The articles, pages and feeds that would vanish, if they are more than `limit`.
fn vanishing(
    turnover: &Turnover,
    site: &SitePlan,
    staging: &Staging,
    out: &Path,
    limit: usize,
) -> Option<FloodError> {
    let feeds = ended(turnover, site, staging, out);
    let count = turnover.gone.len() + turnover.gone_sources + feeds.len();
    if count <= limit {
        return None;
    }
    let others =
        if turnover.has_ledger { ("page", "pages") } else { ("article or page", "articles and pages") };
    let parts = [
        (turnover.gone.len(), ("article", "articles")),
        (turnover.gone_sources, others),
        (feeds.len(), ("feed", "feeds")),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, (one, more))| counted(count, one, more)).collect();
    let example = turnover.gone.first().cloned().or_else(|| feeds.first().cloned());
    let example = example.unwrap_or_else(|| format!("sources below {FOLDER}/"));
    Some(FloodError::Vanishing { counted: parts.join(" and "), example, limit })
}

/// The feeds that subscribers have and that would be gone, by the path of one of their files. A feed whose articles all
/// leave because their sources say so is none of them.
fn ended(turnover: &Turnover, site: &SitePlan, staging: &Staging, out: &Path) -> Vec<String> {
    let is_feed =
        |path: &&str| (path.ends_with(".xml") || path.ends_with(".json")) && !path.contains("feed-archive/");
    let old: Vec<&str> = staging.manifest().files.keys().map(|path| &**path).filter(is_feed).collect();
    if old.is_empty() {
        return Vec::new();
    }
    let planned: HashSet<String> = site.plan.documents.iter().map(|planned| planned.path.file()).collect();
    let departed = site.library.departed().iter();
    let meant: HashSet<&str> = departed.filter(|one| one.is_meant).map(|one| one.id.as_str()).collect();
    let is_meant = |id: &str| meant.contains(id) || turnover.withheld.contains(id);
    // The formats of a feed are in one folder and have one title.
    let mut feeds: BTreeMap<(&str, String), String> = BTreeMap::new();
    for path in old.into_iter().filter(|path| !planned.contains(*path)) {
        let Some(found) = file::read(&out.join(path), file::FEED).ok().and_then(|bytes| read(&bytes)) else {
            continue;
        };
        if !found.entries.iter().all(|entry| is_meant(&entry.id)) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            feeds.entry((folder, found.title)).or_insert_with(|| path.to_owned());
        }
    }
    feeds.into_values().collect()
}

/// Entries that readers of the `stale` feeds would take for new ones, by id. Without a ledger, only the feeds
/// themselves know the ids that were public.
fn other_ids(stale: &[&Planned], site: &SitePlan, out: &Path) -> Vec<(String, String)> {
    let feeds: BTreeSet<usize> = stale
        .iter()
        .filter_map(|planned| match planned.shows {
            Shows::Feed(at, _) => Some(at),
            _ => None,
        })
        .collect();
    let feeds = feeds.into_iter().map(|at| &site.plan.feeds[at]);
    let reappearing = feeds.filter_map(|feed| {
        let old = live(feed, site, out)?;
        Some(Difference::between(&old, &entries(feed, site), Some(feed.limit), &|_| true).reappearing)
    });
    reappearing.flatten().map(|(named, _)| (named.id, named.title)).collect()
}

/// The entries of `feed` that subscribers have now, read from its quickest format. Ids are in the form of Atom, in which
/// all formats agree.
fn live(feed: &PlannedFeed, site: &SitePlan, out: &Path) -> Option<Vec<FoundEntry>> {
    let mut formats: Vec<_> = feed.formats.iter().collect();
    formats.sort_by_key(|(format, _)| *format != FeedFormat::Json);
    let bytes = formats.iter().find_map(|(_, path)| file::read(&out.join(path.file()), file::FEED).ok())?;
    let entries = read(&bytes)?.entries.into_iter();
    let in_atom = |one: FoundEntry| FoundEntry { id: guid(&one.id, site), ..one };
    Some(entries.map(in_atom).collect())
}

fn guid(id: &str, site: &SitePlan) -> String {
    atom_id(id, &site.plan.guid_authority).into_owned()
}

/// The entries of `feed` that subscribers would get.
fn entries(feed: &PlannedFeed, site: &SitePlan) -> Vec<FoundEntry> {
    let SitePlan { library, config, .. } = site;
    let entry = |leaf: &Row| FoundEntry {
        id: guid(&leaf.id, site),
        url: config.base_url.absolute(&leaf.path),
        title: leaf.title.to_string(),
        published: leaf.dates.as_ref().map(|dates| dates.published.moment.instant()),
        fields: Vec::new(),
        ..FoundEntry::default()
    };
    let articles = feed.articles.iter().map(|id| entry(library.leaf(*id)));
    articles.chain(feed.withdrawn.iter().map(|at| entry(&library.notices[*at]))).collect()
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
