//! Numbers of withheld articles, and the time of the next change.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::date::Moment;
use crate::site::identity::{Row, SectionRow, State};

/// Numbers of withheld articles, and the time of the next change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Withheld {
    /// Drafts.
    pub drafts: usize,
    /// Articles dated later than now.
    pub scheduled: usize,
    /// Articles whose `expires` has passed.
    pub expired: usize,
    /// The next instant at which the output would change by itself, with its source.
    pub next: Option<(DateTime<Utc>, Arc<str>)>,
    /// The date of the next publication as its author wrote it.
    pub next_publication: Option<Moment>,
}

impl Withheld {
    /// Counts the withheld articles among `settled` at `now`.
    pub fn of(settled: &[Box<Row>], now: DateTime<Utc>) -> Withheld {
        let mut held = Withheld::default();
        let mut next: Option<(DateTime<Utc>, &Row)> = None;
        for one in settled {
            match one.state {
                State::Live | State::Withdrawn => {}
                State::Draft => held.drafts += 1,
                State::Scheduled => held.scheduled += 1,
                State::Expired => held.expired += 1,
            }
            if let Some(due) = one.due(now)
                && next.is_none_or(|(instant, first)| (due, one.name()) < (instant, first.name()))
            {
                next = Some((due, one));
            }
        }
        let publication = next.filter(|(_, one)| one.state == State::Scheduled);
        held.next_publication = publication.and_then(|(_, one)| one.publication());
        held.next = next.map(|(instant, one)| (instant, one.name().clone()));
        held
    }

    /// Adds the time at which the content of `section` becomes public, or stops being so.
    pub(super) fn also_of(&mut self, section: &SectionRow, now: DateTime<Utc>) {
        let Some(document) = &section.document else { return };
        let opens = section.opens.map(|moment| moment.passed());
        let closes = section.closes.map(|moment| moment.instant());
        for instant in opens.into_iter().chain(closes).filter(|instant| *instant > now) {
            self.also(instant, &document.name);
        }
    }

    /// Adds a change at `instant` because of `source`, if it comes before all others.
    pub(super) fn also(&mut self, instant: DateTime<Utc>, source: &Arc<str>) {
        if self.next.as_ref().is_none_or(|(first, _)| instant < *first) {
            self.next = Some((instant, source.clone()));
            self.next_publication = None;
        }
    }
}
