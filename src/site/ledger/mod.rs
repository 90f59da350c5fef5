//! The ledger, `ledger.jsonl`: what sources alone can't say of the articles that were published. It lies
//! beside `site.toml` and is committed with the content; one line an article, sorted by id, so that a merge
//! conflict is one line.
//!
//! It is a value that is passed through: a build reads it, settling says what would change in
//! it, and `publish` saves the new one, last, after success.

use chrono::{DateTime, Utc};

mod file;
mod pending;
mod record;

pub use file::{LedgerError, read};
pub use pending::{Loaded, Pending, digest, drop_pending, load};
pub use record::Record;

/// The file's name, in the site's root.
pub const FILE: &str = "ledger.jsonl";

/// All articles that were ever published, by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// In the order of their ids, each of which is there once.
    records: Vec<Record>,
}

impl Ledger {
    /// The ledger of `records`, of which each has an id of its own.
    pub fn new(mut records: Vec<Record>) -> Ledger {
        records.sort_by(|a, b| a.id.cmp(&b.id));
        Ledger { records }
    }

    /// The articles, in the order of their ids.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The last instant that it tells of.
    pub fn last_event(&self) -> Option<DateTime<Utc>> {
        self.records.iter().map(|record| record.last_event().instant()).max()
    }

    /// The index of the article whose id is `id`.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.records.binary_search_by(|record| record.id.as_str().cmp(id)).ok()
    }

    /// This with `changed` in the place of, or beside, what it has.
    pub fn with(&self, changed: impl IntoIterator<Item = Record>) -> Ledger {
        let mut changed: Vec<Record> = changed.into_iter().collect();
        changed.sort_by(|a, b| a.id.cmp(&b.id));
        let is_kept = |record: &&Record| changed.binary_search_by(|one| one.id.cmp(&record.id)).is_err();
        let mut records: Vec<Record> = self.records.iter().filter(is_kept).cloned().collect();
        records.append(&mut changed);
        Ledger::new(records)
    }
}
