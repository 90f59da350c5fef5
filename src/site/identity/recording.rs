//! The changes that a publication makes to the ledger.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Row, State};
use crate::model::date::Moment;
use crate::model::url::UrlPath;
use crate::site::ledger::{Ledger, Record, Unfed};
use crate::source::FOLDER;

/// Changes to the ledger once the rows are published.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    /// New and changed lines, in the order of the sources.
    pub changed: Vec<Record>,
    /// The same changes, for people.
    pub events: Vec<Event>,
}

/// A change of an article.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It is public for the first time.
    Published {
        /// Its source.
        source: Arc<str>,
        /// Its path.
        path: UrlPath,
        /// Its date of publication.
        published: Moment,
    },
    /// It has a change that readers see.
    Updated {
        /// Its source.
        source: Arc<str>,
        /// Its path.
        path: UrlPath,
        /// The date of the change.
        updated: Moment,
    },
    /// Its path changed.
    Moved {
        /// Its source.
        source: Arc<str>,
        /// Its old path.
        from: String,
        /// Its new path.
        path: UrlPath,
    },
    /// It is no longer public.
    Withdrawn {
        /// Its source, or its last source.
        source: Arc<str>,
        /// Its last path.
        path: UrlPath,
        /// The reason.
        why: Why,
    },
    /// Its line changes without any effect that readers see: a small correction, a renamed source.
    Noted {
        /// Its source.
        source: Arc<str>,
    },
}

/// Reasons why an article is no longer public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its `expires` has passed.
    Expired,
    /// It is a draft again.
    Draft,
    /// Its date was moved into the future.
    Scheduled,
    /// Its source is gone.
    Gone,
    /// Its front matter says that it is withdrawn.
    Withdrawn,
}

impl Event {
    /// The source.
    pub fn source(&self) -> &Arc<str> {
        match self {
            Event::Published { source, .. }
            | Event::Updated { source, .. }
            | Event::Moved { source, .. }
            | Event::Withdrawn { source, .. }
            | Event::Noted { source } => source,
        }
    }
}

impl Recording {
    /// Compares the rows in `settled` with the `ledger`. Articles that are no longer public are gone as of `now`.
    pub fn of(settled: &[Box<Row>], ledger: &Ledger, now: Moment) -> Recording {
        let mut recording = Recording::default();
        let mut has_source = vec![false; ledger.records().len()];
        let mut withdrawn: Vec<(Arc<str>, UrlPath, Why)> = Vec::new();
        for one in settled {
            let old = one.record.map(|at| &ledger.records()[at as usize]);
            if let Some(at) = one.record {
                has_source[at as usize] = true;
            }
            if old.is_some_and(|old| says(one, old, now)) {
                continue;
            }
            let Some(new) = record(one, old, now) else { continue };
            let why = match one.state {
                State::Expired => Why::Expired,
                State::Withdrawn => Why::Withdrawn,
                State::Scheduled => Why::Scheduled,
                _ => Why::Draft,
            };
            if old.is_some_and(|old| old.gone.is_none()) && new.gone.is_some() {
                // The path may depend on a new date, so nobody has seen it. A notice has the present path.
                let last = old.and_then(Record::path).and_then(|path| UrlPath::parse(path).ok());
                let path = last.filter(|_| !one.has_notice).unwrap_or_else(|| one.path.clone());
                withdrawn.push((one.name().clone(), path, why));
            } else {
                recording.tell(one, old, &new);
            }
            recording.changed.push(new);
        }
        let rest = ledger.records().iter().zip(has_source).filter(|(_, has_source)| !has_source);
        for (record, _) in rest.filter(|(record, _)| left(record, now).is_none()) {
            recording.changed.push(Record { gone: Some(now), ..record.clone() });
            if let Some(path) = record.path().and_then(|path| UrlPath::parse(path).ok()) {
                withdrawn.push((format!("{FOLDER}/{}", record.source).into(), path, Why::Gone));
            }
        }
        if !withdrawn.is_empty() {
            // Another article may have the path now, or redirect from it.
            let live = settled.iter().filter(|one| one.state == State::Live);
            let taken: HashSet<&UrlPath> = live
                .flat_map(|one| {
                    let aliases = one.rare.aliases.iter().map(|(alias, _)| alias);
                    std::iter::once(&one.path).chain(&one.rare.former).chain(aliases)
                })
                .collect();
            withdrawn.retain(|(_, path, _)| !taken.contains(path));
        }
        let withdrawn =
            withdrawn.into_iter().map(|(source, path, why)| Event::Withdrawn { source, path, why });
        recording.events.extend(withdrawn);
        recording
    }

    fn tell(&mut self, one: &Row, old: Option<&Record>, new: &Record) {
        let (source, path) = (one.name().clone(), one.path.clone());
        let Some(old) = old else {
            self.events.push(Event::Published { source, path, published: new.published });
            return;
        };
        let before = self.events.len();
        if let Some(updated) = new.updated.filter(|updated| old.updated != Some(*updated)) {
            self.events.push(Event::Updated { source: source.clone(), path: path.clone(), updated });
        }
        if let Some(from) = old.path().filter(|from| Some(*from) != new.path()) {
            self.events.push(Event::Moved { source: source.clone(), from: from.to_owned(), path });
        }
        if self.events.len() == before {
            self.events.push(Event::Noted { source });
        }
    }
}

/// True if subscribers hear of an article in this state, even if only that it is withdrawn.
fn is_told(state: State) -> bool {
    matches!(state, State::Live | State::Withdrawn)
}

/// The time since when the article of `old` is gone, unless somebody changed it to one that is to come.
fn left(old: &Record, now: Moment) -> Option<Moment> {
    old.gone.filter(|gone| gone.instant() <= now.instant())
}

/// True if `old` is already the record that [`record`] would make of `one`.
fn says(one: &Row, old: &Record, now: Moment) -> bool {
    let is_gone = left(old, now).is_some();
    let is_there = one.document.path() == old.source
        && (one.state == State::Live) != is_gone
        && is_gone == old.gone.is_some();
    let (true, Some(dates), Some(substance)) = (is_told(one.state), &one.dates, one.document.substance)
    else {
        return is_there && (!one.has_notice || old.path() == Some(one.path.as_str()));
    };
    let (published, updated) = (dates.published.moment, dates.updated.moment);
    is_there
        && *one.id == *old.id
        && one.is_in_feeds() == old.unfed.is_none()
        && old.substance == Some(substance)
        && published.instant() == old.published.instant()
        && old.updated == Some(updated).filter(|updated| updated.instant() != published.instant())
        && old.path() == Some(one.path.as_str())
        && old.translates.as_deref() == one.rare.group.as_deref()
}

/// How long `one`, which has the record `old`, has been in no feed.
fn unfed(one: &Row, old: Option<&Record>, now: Moment) -> Option<Unfed> {
    if one.is_in_feeds() {
        return None;
    }
    let Some(old) = old else { return Some(Unfed::Always) };
    old.unfed.or_else(|| Some(Unfed::Since(left(old, now).unwrap_or(now))))
}

/// All paths that `one`, which has the record `old`, has had, the present one last.
fn paths(one: &Row, old: Option<&Record>) -> Vec<String> {
    let mut paths = old.map(|old| old.paths.clone()).unwrap_or_default();
    if paths.last().map(String::as_str) != Some(one.path.as_str()) {
        paths.retain(|path| path != one.path.as_str());
        paths.push(one.path.as_str().to_owned());
    }
    paths
}

/// The record of `one` as of `now`, after the record `old`; `None` if it was never public.
fn record(one: &Row, old: Option<&Record>, now: Moment) -> Option<Record> {
    let source = one.document.path().to_owned();
    let expired = one.rare.expires.filter(|_| one.state == State::Expired);
    let since = || old.and_then(|old| left(old, now)).or(expired).unwrap_or(now);
    let gone = (one.state != State::Live).then(since);
    let (true, Some(dates), Some(substance)) = (is_told(one.state), &one.dates, one.document.substance)
    else {
        // A withheld article keeps its old record, with its present source, and with the place of its notice.
        return old.map(|old| {
            let paths = if one.has_notice { paths(one, Some(old)) } else { old.paths.clone() };
            Record { source, gone, paths, ..old.clone() }
        });
    };
    let (published, updated) = (dates.published.moment, dates.updated.moment);
    Some(Record {
        id: one.id.to_string(),
        source,
        published: old.map_or(published, |old| {
            if old.published.instant() == published.instant() { old.published } else { published }
        }),
        updated: Some(updated).filter(|updated| updated.instant() != published.instant()),
        substance: Some(substance),
        paths: paths(one, old),
        gone,
        arrived: old.map_or(one.rare.arrived, |old| old.arrived),
        unfed: unfed(one, old, now),
        translates: one.rare.group.as_deref().map(str::to_owned),
        origin: old.and_then(|old| old.origin.clone()),
        line: old.map_or(0, |old| old.line),
    })
}
