//! What was public and is no more: it expired, was withdrawn, is a draft again, or its source is gone. Feeds
//! tell their readers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::date::Moment;
use crate::model::intern::Common;
use crate::site::identity::{Row, State, section_of};
use crate::site::ledger::Record;
use crate::source::FOLDER;

/// An article that is public no more.
#[derive(Debug, Clone)]
pub struct Departed {
    /// Its lasting id.
    pub id: String,
    /// When it was published.
    pub published: Moment,
    /// Since when it is gone.
    pub at: Moment,
    /// The section that it was in.
    pub section: Common,
    /// Its terms, by taxonomy, as written; none where the source is gone.
    pub terms: Vec<(Common, Box<[Common]>)>,
    /// Its source.
    pub source: Arc<str>,
    /// It was to leave: it expired, or was withdrawn.
    pub is_meant: bool,
    /// Its front matter says why it is withdrawn: a last revision of its entry says that.
    pub is_withdrawn: bool,
}

impl Departed {
    /// The instant from which on nobody is told of it any more.
    pub fn end(&self, days: u32) -> DateTime<Utc> {
        self.at.instant() + TimeDelta::days(i64::from(days))
    }
}

/// Everything that is public no more, by what was `settled` and what the ledger says is `gone`: the newest
/// publication first, equal instants by id.
pub fn departed(settled: &[Box<Row>], gone: &[Record]) -> Vec<Departed> {
    let left: HashMap<&str, &Record> = gone.iter().map(|record| (record.id.as_str(), record)).collect();
    let mut all: Vec<Departed> = Vec::new();
    let is_public = |one: &Row| one.state == State::Live || (one.state == State::Expired && !one.has_notice);
    for one in settled.iter().map(Box::as_ref).filter(|one| !is_public(one)) {
        let record = left.get(&*one.id);
        let Some(dates) = &one.dates else { continue };
        let otherwise = match one.state {
            State::Expired => one.rare.expires,
            State::Withdrawn => Some(dates.updated.moment),
            // What was never out is not gone.
            _ => None,
        };
        let at = record.and_then(|record| record.gone).or(otherwise);
        all.extend(at.map(|at| Departed {
            id: one.id.to_string(),
            published: dates.published.moment,
            at,
            section: one.section.clone(),
            terms: one.document.front.terms.clone(),
            source: one.name().clone(),
            is_meant: matches!(one.state, State::Expired | State::Withdrawn),
            is_withdrawn: one.state == State::Withdrawn,
        }));
    }
    // A source that is public again is not gone, whatever the ledger still says.
    let known: HashSet<&str> = match gone {
        [] => HashSet::new(),
        _ => settled.iter().map(|one| &*one.id).collect(),
    };
    all.extend(gone.iter().filter(|record| !known.contains(record.id.as_str())).filter_map(|record| {
        let stem = record.source.rsplit_once('.').map_or(record.source.as_str(), |(stem, _)| stem);
        let stem = stem.strip_suffix("/index").unwrap_or(stem);
        Some(Departed {
            id: record.id.clone(),
            published: record.published,
            at: record.gone?,
            section: section_of(stem).into(),
            terms: Vec::new(),
            source: format!("{FOLDER}/{}", record.source).into(),
            is_meant: false,
            is_withdrawn: false,
        })
    }));
    all.sort_by(|a, b| b.published.instant().cmp(&a.published.instant()).then_with(|| a.id.cmp(&b.id)));
    all
}
