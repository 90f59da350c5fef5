//! What a publication changes in the ledger.

use std::sync::Arc;

use super::{Settled, State};
use crate::date::Moment;
use crate::ledger::{Ledger, Record};
use crate::url::UrlPath;

/// What the ledger will say otherwise once what was settled is published.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    /// Lines that are new or other than they were, in the order of the sources.
    pub changed: Vec<Record>,
    /// The same, for people.
    pub events: Vec<Event>,
}

/// Something that happened to an article.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It is out for the first time.
    Published {
        /// Its source.
        source: Arc<str>,
        /// Where it is.
        path: UrlPath,
        /// As of when.
        published: Moment,
    },
    /// Readers see a change.
    Updated {
        /// Its source.
        source: Arc<str>,
        /// Where it is.
        path: UrlPath,
        /// When the change is dated.
        updated: Moment,
    },
    /// Its address changed.
    Moved {
        /// Its source.
        source: Arc<str>,
        /// Where it was.
        from: String,
        /// Where it is.
        path: UrlPath,
    },
    /// It is no longer public.
    Withdrawn {
        /// Its source, or what it was.
        source: Arc<str>,
        /// Where it was.
        path: UrlPath,
        /// Why.
        why: Why,
    },
    /// Its line says something else that no reader notices: a small correction, a renamed source.
    Noted {
        /// Its source.
        source: Arc<str>,
    },
}

/// Why an article is no longer public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its `expires` has passed.
    Expired,
    /// It is a draft again.
    Draft,
    /// Its source is gone.
    Gone,
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
    /// What `settled` is, and `ledger` does not say; and what is public no more of that of which `is_out`
    /// says that its page is there.
    pub fn of(settled: &[Box<Settled>], ledger: &Ledger, is_out: &dyn Fn(&UrlPath) -> bool) -> Recording {
        let mut recording = Recording::default();
        let mut has_source = vec![false; ledger.records().len()];
        for one in settled {
            let old = one.record.map(|at| &ledger.records()[at as usize]);
            if let Some(at) = one.record {
                has_source[at as usize] = true;
            }
            let why = match one.state {
                State::Expired => Some(Why::Expired),
                State::Draft => Some(Why::Draft),
                State::Live | State::Scheduled => None,
            };
            if let Some(why) = why
                && old.is_some()
                && is_out(&one.path)
                && !is_of_another(settled, &one.path)
            {
                let (source, path) = (one.name().clone(), one.path.clone());
                recording.events.push(Event::Withdrawn { source, path, why });
            }
            let Some(new) = record(one, old) else { continue };
            if old.is_some_and(|old| old.says_the_same(&new)) {
                continue;
            }
            recording.tell(one, old, &new);
            recording.changed.push(new);
        }
        for (record, _) in ledger.records().iter().zip(has_source).filter(|(_, has_source)| !has_source) {
            let path = record.path().and_then(|path| UrlPath::parse(path).ok());
            // Where another article is now, that one is out.
            let is_free = |path: &UrlPath| !settled.iter().any(|one| one.path == *path);
            if let Some(path) =
                path.filter(|path| is_out(path) && is_free(path) && !is_of_another(settled, path))
            {
                let source = format!("{}/{}", crate::content::FOLDER, record.source).into();
                recording.events.push(Event::Withdrawn { source, path, why: Why::Gone });
            }
        }
        recording
    }

    fn tell(&mut self, one: &Settled, old: Option<&Record>, new: &Record) {
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

/// True if an article that is public is at `path`, or was and leads on from there.
fn is_of_another(settled: &[Box<Settled>], path: &UrlPath) -> bool {
    settled.iter().filter(|one| one.state == State::Live).any(|one| {
        one.path == *path || one.former.contains(path) || one.aliases.iter().any(|(alias, _)| alias == path)
    })
}

/// What the ledger has to say of `one`, of which it says `old`; nothing of what was never out.
fn record(one: &Settled, old: Option<&Record>) -> Option<Record> {
    let source = one.document.path().to_owned();
    let (State::Live, Some(dates), Some(substance)) = (one.state, &one.dates, one.document.substance) else {
        // What is held back keeps what it had, and is known where it is.
        return old.map(|old| Record { source, ..old.clone() });
    };
    let mut paths = old.map(|old| old.paths.clone()).unwrap_or_default();
    if paths.last().map(String::as_str) != Some(one.path.as_str()) {
        paths.retain(|path| path != one.path.as_str());
        paths.push(one.path.as_str().to_owned());
    }
    let (published, updated) = (dates.published.moment, dates.updated.moment);
    Some(Record {
        id: one.id.clone(),
        source,
        published: old.map_or(published, |old| {
            if old.published.instant() == published.instant() { old.published } else { published }
        }),
        updated: Some(updated).filter(|updated| updated.instant() != published.instant()),
        substance,
        paths,
        line: old.map_or(0, |old| old.line),
    })
}
