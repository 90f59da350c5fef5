//! Articles that feeds no longer have: they expired, were withdrawn, became drafts again, lost their source, or are now
//! unlisted. Feeds report that.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Config;
use crate::model::date::Moment;
use crate::model::intern::Common;
use crate::site::identity::{Row, State, section_of_source};
use crate::site::ledger::Record;
use crate::source::FOLDER;

/// An article that is no longer public.
#[derive(Debug, Clone)]
pub struct Departed {
    /// Its lasting id.
    pub id: String,
    /// The date of its publication.
    pub published: Moment,
    /// The time since when it is gone.
    pub at: Moment,
    /// Its section.
    pub section: Common,
    /// Its terms, by taxonomy, as written; none where the source is gone.
    pub terms: Vec<(Common, Box<[Common]>)>,
    /// Its source.
    pub source: Arc<str>,
    /// It was supposed to leave: it expired, or was withdrawn.
    pub is_meant: bool,
    /// Its front matter has a reason for the withdrawal, which a last revision of its entry gives.
    pub is_withdrawn: bool,
}

impl Departed {
    /// The instant from which on feeds no longer mention it.
    pub fn end(&self, days: u32) -> DateTime<Utc> {
        self.at.instant() + TimeDelta::days(i64::from(days))
    }
}

/// All articles that feeds no longer have, from the rows in `settled` and the ledger's records in `gone`. The newest
/// publication comes first; equal instants are in the order of ids.
pub fn departed(settled: &[Box<Row>], gone: &[Record], config: &Config) -> Vec<Departed> {
    let left: HashMap<&str, &Record> = gone.iter().map(|record| (record.id.as_str(), record)).collect();
    let mut all: Vec<Departed> = Vec::new();
    let is_public = |one: &Row| one.state == State::Live || (one.state == State::Expired && !one.has_notice);
    for one in settled.iter().map(Box::as_ref).filter(|one| !is_public(one) || !one.is_in_feeds()) {
        let record = left.get(&*one.id);
        let Some(dates) = &one.dates else { continue };
        let otherwise = match one.state {
            State::Expired => one.rare.expires,
            State::Withdrawn => Some(dates.updated.moment),
            // An article that was never public is not gone.
            _ => None,
        };
        let otherwise = otherwise.filter(|_| one.is_in_feeds());
        let at = record.and_then(|record| record.departed()).or(otherwise);
        all.extend(at.map(|at| Departed {
            id: one.id.to_string(),
            published: dates.published.moment,
            at,
            section: one.section.clone(),
            terms: one.document.load().front.terms.clone(),
            source: one.name().clone(),
            is_meant: !one.is_in_feeds() || matches!(one.state, State::Expired | State::Withdrawn),
            is_withdrawn: one.state == State::Withdrawn && one.is_in_feeds(),
        }));
    }
    // A source that is public again is not gone, even if the ledger still has it as gone.
    let known: HashSet<&str> = match gone {
        [] => HashSet::new(),
        _ => settled.iter().map(|one| &*one.id).collect(),
    };
    all.extend(gone.iter().filter(|record| !known.contains(record.id.as_str())).filter_map(|record| {
        Some(Departed {
            id: record.id.clone(),
            published: record.published,
            at: record.departed()?,
            section: section_of_source(&record.source, config).as_str().into(),
            terms: Vec::new(),
            source: format!("{FOLDER}/{}", record.source).into(),
            is_meant: false,
            is_withdrawn: false,
        })
    }));
    all.sort_by(|a, b| b.published.instant().cmp(&a.published.instant()).then_with(|| a.id.cmp(&b.id)));
    all
}
