//! Validity of rows: a row stays valid while its inputs are the same, so that the next build need not settle it again.
//!
//! [`settle`](super::settle) has these inputs: the document, its section, `site.toml`, the article's line of the
//! ledger, git and the clock. [`CacheValidity`] has a digest or a condition for each. If an input can't be captured
//! that way, the row is not cached. A document with problems is not cached either, since only settling reports them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::sections::SectionRow;
use super::{Row, State, Terms};
use crate::model::digest::Digest;
use crate::site::ledger::Record;
use crate::source::{Document, LazyDocument};

/// Conditions under which a row stays valid for a document with the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CacheValidity {
    /// Digest of the section and the settings.
    #[serde(with = "crate::model::digest::packed")]
    around: Digest,
    /// Digest of the line of the ledger.
    recorded: Option<Digest>,
    /// Time of settling, in seconds since 1970. All dates of the row were past then.
    since: i64,
    /// The row is in the state file already.
    #[serde(skip)]
    pub is_remembered: bool,
}

impl CacheValidity {
    /// The validity of `settled`, which was settled without problems in `around` with the ledger's record `recorded`.
    pub(super) fn of(
        settled: &Row,
        around: Option<&SectionRow>,
        recorded: Option<&Record>,
        terms: &Terms<'_>,
    ) -> Option<CacheValidity> {
        let is_past = |instant: DateTime<Utc>| instant <= terms.now;
        let dates = settled.dates.iter().flat_map(|dates| [dates.published.moment, dates.updated.moment]);
        // Neither the clock nor the ledger will change the row: it is public and its record is complete.
        let is_done = settled.state == State::Live
            // `--drafts` shows a draft in one run only; `--future` shows dates that are not past.
            && settled.document.load().front.draft != Some(true)
            && settled.rare.expires.is_none()
            && settled.rare.pinned.is_none()
            && dates.chain(settled.rare.corrections.iter().copied()).all(|moment| is_past(moment.instant()))
            && match (terms.ledger, recorded) {
                (None, _) => true,
                // Without a record, its id and its time of arrival depend on all other articles.
                (Some(_), None) => false,
                (Some(_), Some(record)) => {
                    record.gone.is_none()
                        && settled.document.substance == record.substance
                        && is_past(record.last_event().instant())
                }
            }
            && terms.history.of(&settled.document.name).is_none();
        let (around, recorded) = (around?.stands_for, recorded.map(Record::digest));
        let since = terms.now.timestamp();
        is_done.then_some(CacheValidity { around, recorded, since, is_remembered: false })
    }

    /// True if the row of `document`, whose bytes are unchanged, is still valid.
    fn holds(
        &self,
        document: &LazyDocument,
        around: &SectionRow,
        recorded: Option<&Record>,
        terms: &Terms<'_>,
    ) -> bool {
        self.around == around.stands_for
            && self.since <= terms.now.timestamp()
            && terms.ledger.is_some() == self.recorded.is_some()
            && self.recorded == recorded.map(Record::digest)
            && terms.history.of(&document.name).is_none()
    }
}

/// A source to settle.
pub enum Source {
    /// A document without a row.
    New(Box<LazyDocument>),
    /// The row of a document that had the same bytes.
    Known(Box<Row>),
}

impl From<Box<Document>> for Source {
    fn from(document: Box<Document>) -> Self {
        Source::New(Box::new(document.into()))
    }
}

impl Source {
    /// The document of the source.
    pub fn document(&self) -> &LazyDocument {
        match self {
            Source::New(document) => document,
            Source::Known(settled) => &settled.document,
        }
    }

    /// The document of the source, for changes.
    pub fn document_mut(&mut self) -> &mut LazyDocument {
        match self {
            Source::New(document) => document,
            Source::Known(settled) => &mut settled.document,
        }
    }

    /// Takes the document of the source.
    pub fn into_document(self) -> LazyDocument {
        match self {
            Source::New(document) => *document,
            Source::Known(settled) => settled.document,
        }
    }

    /// The row, if it is valid; else the document.
    pub(super) fn settled<'a>(
        self,
        around: impl Fn(&str) -> Option<&'a SectionRow>,
        recorded: Option<&Record>,
        terms: &Terms<'_>,
    ) -> Result<Box<Row>, Box<LazyDocument>> {
        let mut settled = match self {
            Source::New(document) => return Err(document),
            Source::Known(settled) => settled,
        };
        let (Some(validity), Some(around)) = (&mut settled.validity, around(&settled.section)) else {
            return Err(Box::new(settled.document));
        };
        if !validity.holds(&settled.document, around, recorded, terms) {
            return Err(Box::new(settled.document));
        }
        validity.is_remembered = true;
        if let (Some(dates), Some(record)) = (&mut settled.dates, recorded) {
            dates.published.provenance.move_to(record.line);
            dates.updated.provenance.move_to(record.line);
        }
        if around.hands_down {
            settled.document.inherit(around.cascade.clone());
        }
        Ok(settled)
    }
}
