//! The ledger, `ledger.jsonl`: facts about published articles that their sources don't contain. It is next to
//! `site.toml` and is committed with the content. It has one line an article, sorted by id, and one line a feed, sorted
//! by subject, so a merge conflict concerns one line.
//!
//! The ledger is an immutable value. A build reads it, settling computes the changes, and `publish` saves the new
//! ledger last, after success.

use chrono::{DateTime, Utc};

mod correct;
mod feed;
mod file;
mod past;
mod pending;
mod record;

pub use correct::correct;
pub use feed::{FeedRecord, PAGE};
pub use file::{LedgerError, read, written};
pub use past::Past;
pub use pending::{Loaded, Pending, digest, drop_pending, load};
pub use record::{Origin, OriginDate, Record, Unfed};

/// The file's name, in the site's root.
pub const FILE: &str = "ledger.jsonl";

/// All articles and feeds that were ever published.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// Sorted by id; every id occurs once.
    records: Vec<Record>,
    /// Sorted by subject; every subject occurs once.
    feeds: Vec<FeedRecord>,
    /// The tag authority at the first publication, `example.org,2019`: ids in Atom that are made of other ids keep it.
    authority: Option<String>,
}

impl Ledger {
    /// A ledger of `records` with distinct ids.
    pub fn new(mut records: Vec<Record>) -> Ledger {
        records.sort_by(|a, b| a.id.cmp(&b.id));
        Ledger { records, ..Ledger::default() }
    }

    /// This ledger with its lines about feeds: the tag authority, and the `feeds`, of which the last of one subject
    /// counts.
    #[must_use]
    pub fn with_feeds(self, authority: Option<String>, mut feeds: Vec<FeedRecord>) -> Ledger {
        feeds.reverse();
        feeds.sort_by(|a, b| a.feed.cmp(&b.feed));
        feeds.dedup_by(|a, b| a.feed == b.feed);
        Ledger { authority, feeds, ..self }
    }

    /// The feeds, sorted by subject.
    pub fn feeds(&self) -> &[FeedRecord] {
        &self.feeds
    }

    /// The tag authority at the first publication, if it is recorded.
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// The articles, sorted by id.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The last instant in any record that is not after `now`: somebody may have changed a date to one that is to come.
    pub fn last_event(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let events = self.records.iter().flat_map(Record::events).map(|moment| moment.instant());
        events.filter(|instant| *instant <= now).max()
    }

    /// The index of the article whose id is `id`.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.records.binary_search_by(|record| record.id.as_str().cmp(id)).ok()
    }

    /// A copy with the records `changed` added or replaced.
    pub fn with(&self, changed: impl IntoIterator<Item = Record>) -> Ledger {
        let mut changed: Vec<Record> = changed.into_iter().collect();
        changed.sort_by(|a, b| a.id.cmp(&b.id));
        let is_kept = |record: &&Record| changed.binary_search_by(|one| one.id.cmp(&record.id)).is_err();
        let mut records: Vec<Record> = self.records.iter().filter(is_kept).cloned().collect();
        records.append(&mut changed);
        Ledger::new(records).with_feeds(self.authority.clone(), self.feeds.clone())
    }
}
