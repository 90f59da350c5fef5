//! For how long what was decided of a document stands, so that the next build need not decide it again.
//!
//! [`settle`](super::settle) has these inputs: the document, its section, `site.toml`, the article's line of the
//! ledger, git and the clock. Here is what stands for each of them; where one has more to say than that, the
//! decision is not kept. Problems are none that can be told without looking, so it is not kept with any, either.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::sections::SectionRow;
use super::{Row, State, Terms};
use crate::model::digest::Digest;
use crate::site::ledger::Record;
use crate::source::{Document, LazyDocument};

/// For how long what was decided stands: while it is asked of a document with the same bytes, in the same
/// surroundings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CacheValidity {
    /// Stands for the section and the settings.
    #[serde(with = "crate::model::digest::packed")]
    around: Digest,
    /// Stands for the line of the ledger.
    recorded: Option<Digest>,
    /// From when on, in seconds from 1970: whatever is dated is past then, and stays so.
    since: i64,
    /// It was remembered, and need not be again.
    #[serde(skip)]
    pub is_remembered: bool,
}

impl CacheValidity {
    /// That of `settled`, which was decided without problems in `around`, and of which the ledger says `recorded`.
    pub(super) fn of(
        settled: &Row,
        around: Option<&SectionRow>,
        recorded: Option<&Record>,
        terms: &Terms<'_>,
    ) -> Option<CacheValidity> {
        let is_past = |instant: DateTime<Utc>| instant <= terms.now;
        let dates = settled.dates.iter().flat_map(|dates| [dates.published.moment, dates.updated.moment]);
        // Nothing will come or go by the clock alone; nor by the ledger, which has nothing to learn.
        let is_done = settled.state == State::Live
            // `--drafts` shows it for once; `--future` what is not past.
            && settled.document.front.draft != Some(true)
            && settled.rare.expires.is_none()
            && dates.chain(settled.rare.corrections.iter().copied()).all(|moment| is_past(moment.instant()))
            && match (terms.ledger, recorded) {
                (None, _) => true,
                // Its id and its arrival depend on all others.
                (Some(_), None) => false,
                (Some(_), Some(record)) => {
                    record.gone.is_none()
                        && settled.document.substance == Some(record.substance)
                        && is_past(record.last_event().instant())
                }
            }
            && terms.history.of(&settled.document.name).is_none();
        let (around, recorded) = (around?.stands_for, recorded.map(Record::digest));
        let since = terms.now.timestamp();
        is_done.then_some(CacheValidity { around, recorded, since, is_remembered: false })
    }

    /// True if what was decided of `document`, which is as it was, stands.
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
    /// One of which nothing is decided.
    New(Box<LazyDocument>),
    /// One of which everything was decided when it had the same text.
    Known(Box<Row>),
}

impl From<Box<Document>> for Source {
    fn from(document: Box<Document>) -> Self {
        Source::New(Box::new(document.into()))
    }
}

impl Source {
    /// What its author wrote.
    pub fn document(&self) -> &LazyDocument {
        match self {
            Source::New(document) => document,
            Source::Known(settled) => &settled.document,
        }
    }

    /// The same, wherever it stands.
    pub fn into_document(self) -> LazyDocument {
        match self {
            Source::New(document) => *document,
            Source::Known(settled) => settled.document,
        }
    }

    /// What was decided, if that stands; else the document.
    pub(super) fn settled<'a>(
        self,
        around: impl Fn(&str) -> Option<&'a SectionRow>,
        recorded: Option<&Record>,
        terms: &Terms<'_>,
    ) -> Result<Box<Row>, LazyDocument> {
        let Source::Known(mut settled) = self else { return Err(self.into_document()) };
        let (Some(validity), Some(around)) = (&mut settled.validity, around(&settled.section)) else {
            return Err(settled.document);
        };
        if !validity.holds(&settled.document, around, recorded, terms) {
            return Err(settled.document);
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
