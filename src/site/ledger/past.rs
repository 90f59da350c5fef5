//! Facts about earlier publications that the plan of a site depends on.

use chrono::{DateTime, Utc};

use super::{FeedRecord, Record};

/// The ledger as the library and the plan need it.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// Articles that feeds no longer have, as of the end of the run.
    pub gone: Vec<Record>,
    /// Feeds that were public, sorted by subject.
    pub feeds: Vec<FeedRecord>,
    /// The tag authority at the first publication.
    pub authority: Option<String>,
    /// The last instant in any record.
    pub last_event: Option<DateTime<Utc>>,
    /// The sections, at the last publication and now, of each article that is in another one.
    pub moves: Vec<(String, String)>,
    /// The ledger is brought up to date, so that changes can be dated now.
    pub advances: bool,
}

impl Past {
    /// True if there was a feed with this subject.
    pub fn has_feed(&self, subject: &str) -> bool {
        self.feeds.binary_search_by(|record| record.feed.as_str().cmp(subject)).is_ok()
    }

    /// The sections that had a feed and have not lost it.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        let lasting = self.feeds.iter().filter(|feed| feed.gone.is_none());
        lasting.filter_map(|feed| feed.feed.strip_prefix("section/"))
    }
}
