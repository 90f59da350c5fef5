//! How a run uses the ledger: it reads it, compares it with the rows, and saves it around the commit of the output.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, Utc};

use super::published_texts::PublishedTexts;
use super::session::Session;
use super::stage::Tally;
use super::{Blame, Request};
use crate::config::Config;
use crate::model::date::Moment;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::output::{Changes, OutputError};
use crate::site::identity::{Event, Recording, Row, section_of_source};
use crate::site::ledger::{self, FILE, Ledger, LedgerError, Loaded, Past, Pending, Record};
use crate::site::plan::Plan;

/// How a run uses the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LedgerUse {
    /// It is read.
    #[default]
    Read,
    /// It is read, and must be complete.
    Locked,
    /// It is brought up to date.
    Advance,
    /// The output is made as if the ledger were brought up to date, but the ledger is not written.
    Ahead,
}

impl LedgerUse {
    /// True if changes that readers see are dated now.
    pub(super) fn is_ahead(self) -> bool {
        matches!(self, LedgerUse::Advance | LedgerUse::Ahead)
    }
}

/// The ledger of a run.
#[derive(Debug, Default)]
pub struct LedgerState {
    loaded: Option<Loaded>,
    recording: Recording,
    /// The site keeps no ledger: `ledger = false`.
    is_off: bool,
    /// The output is made as of the ledger after the update.
    advances: bool,
    /// The update that this run makes.
    pending: Option<Pending>,
    /// The update changes something.
    is_due: bool,
    /// A publication would change the lines of feeds.
    has_other_feeds: bool,
    /// Digest of the ledger that this run saved.
    saved: Option<Digest>,
}

/// The ledger's part of a run's report.
pub(super) struct Recorded {
    /// Digest of its text.
    pub digest: Option<Digest>,
    /// Changes of articles.
    pub events: Vec<Event>,
    /// Number of lines that are behind.
    pub behind: usize,
    /// A publication would have nothing to add.
    pub is_whole: bool,
    /// This run changed it.
    pub is_advanced: bool,
}

impl LedgerState {
    /// Loads the ledger, where one is kept.
    pub(super) fn load(
        session: &Session<'_>,
        config: &Config,
        tally: &mut Tally,
    ) -> Result<LedgerState, Blame> {
        let request = session.request;
        if !config.ledger {
            return Ok(LedgerState { is_off: true, ..LedgerState::default() });
        }
        let (mut notes, report) = (Vec::new(), &session.diagnostics);
        let loaded =
            report.gather(|problems| ledger::load(request.root, request.state, problems, &mut notes));
        notes.into_iter().for_each(|note| report.note(note));
        let mut loaded = loaded.ok_or(Blame::Content)?;
        if request.ledger == LedgerUse::Advance {
            if loaded.is_none() && PublishedTexts::is_begun(request.state) {
                report.report(Problem::new(LedgerError::Lost, Place::file(FILE)));
                return Err(Blame::Content);
            }
            let begun =
                || Loaded { ledger: Ledger::default(), unsaved: Vec::new(), digest: None, on_file: None };
            loaded.get_or_insert_with(begun);
        }
        tally.count = loaded.as_ref().map_or(0, |loaded| loaded.ledger.records().len());
        let advances = request.ledger.is_ahead();
        Ok(LedgerState { loaded, advances, ..LedgerState::default() })
    }

    /// Refuses a clock that is behind the `last` publication. If nobody knows that one, as in a new clone, the clock is
    /// behind if most of the ledger is to come: one line with such a date is a line that somebody changed.
    pub(super) fn check_clock(
        &self,
        session: &Session<'_>,
        last: Option<DateTime<Utc>>,
    ) -> Result<(), Blame> {
        let now = session.request.now;
        let Some(ledger) = self.ledger() else { return Ok(()) };
        let then = match last {
            Some(last) => Some(last).filter(|last| *last > now),
            None => {
                let to_come = ledger.records().iter().map(|record| record.last_event().instant());
                let to_come: Vec<DateTime<Utc>> = to_come.filter(|instant| *instant > now).collect();
                let is_most = to_come.len() > 1 && to_come.len() * 2 > ledger.records().len();
                to_come.into_iter().max().filter(|_| is_most)
            }
        };
        let Some(then) = then else { return Ok(()) };
        let text = |instant: DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Secs, true);
        let cause = LedgerError::ClockWentBack { now: text(now), then: text(then) };
        session.diagnostics.report(Problem::new(cause, Place::file(FILE)));
        Err(Blame::Machine)
    }

    /// The ledger; `None` where none is kept.
    pub fn ledger(&self) -> Option<&Ledger> {
        self.loaded.as_ref().map(|loaded| &loaded.ledger)
    }

    /// Compares the rows with the ledger at `now`: lines to add, and articles that are no longer public.
    pub(super) fn compare(&mut self, settled: &[Box<Row>], now: Moment) {
        if let Some(loaded) = &self.loaded {
            self.recording = Recording::of(settled, &loaded.ledger, now);
        }
    }

    /// Articles that feeds no longer have, as of the end of the run.
    pub(super) fn gone(&self) -> Vec<Record> {
        let Some(ledger) = self.ledger() else { return Vec::new() };
        let changed = if self.advances { self.recording.changed.as_slice() } else { &[] };
        let known: HashSet<&str> = changed.iter().map(|record| record.id.as_str()).collect();
        let old = ledger.records().iter().filter(|record| !known.contains(record.id.as_str()));
        changed.iter().chain(old).filter(|record| record.departed().is_some()).cloned().collect()
    }

    /// Earlier publications, for the library and the plan of the rows in `settled`, at `now`.
    pub fn past(&self, settled: &[Box<Row>], config: &Config, now: DateTime<Utc>) -> Past {
        let Some(ledger) = self.ledger() else { return Past::default() };
        let moved = |one: &Row| {
            let record = &ledger.records()[one.record? as usize];
            let old = section_of_source(&record.source, config);
            (*one.section != *old).then(|| (old, one.section.to_string()))
        };
        Past {
            gone: self.gone(),
            feeds: ledger.feeds().to_vec(),
            authority: ledger.authority().map(str::to_owned),
            last_event: ledger.last_event(now),
            moves: settled.iter().filter_map(|one| moved(one)).collect(),
            advances: self.advances,
        }
    }

    /// Sources below `content/` of articles that this run finds gone.
    pub(super) fn vanished(&self) -> impl Iterator<Item = &str> {
        let records = self.ledger().map_or(&[][..], Ledger::records);
        let was_there = |new: &&Record| {
            let old = records.binary_search_by(|old| old.id.as_str().cmp(&new.id));
            old.is_ok_and(|at| records[at].gone.is_none() && new.gone.is_some())
        };
        self.recording.changed.iter().filter(was_there).map(|record| record.source.as_str())
    }

    /// Lines that the ledger lacks, and articles that are no longer public.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Frees the ledger's records once everything is decided. The lines that this run changes are kept.
    pub(super) fn close(&mut self, request: &Request<'_>) {
        let Some(loaded) = &mut self.loaded else { return };
        // A run that was cut may have left a ledger without any line of an article.
        let is_new = loaded.on_file.is_none() || loaded.digest != loaded.on_file;
        if request.ledger == LedgerUse::Advance {
            self.is_due = is_new || !self.recording.changed.is_empty();
            let changed = std::mem::take(&mut self.recording.changed);
            self.pending = Some(Pending::new(request.state, loaded, changed));
        }
        loaded.ledger = Ledger::default();
    }

    /// Compares the feeds in the ledger, those of `past`, with those of `plan`.
    pub(super) fn compare_feeds(&mut self, past: Past, plan: &Plan) {
        if self.loaded.is_none() {
            return;
        }
        self.has_other_feeds = past.authority.is_none() || past.feeds != plan.feed_records;
        let pending = self.pending.take().filter(|_| self.is_due || self.has_other_feeds);
        let (authority, feeds) = (plan.guid_authority.clone(), plan.feed_records.clone());
        self.pending = pending.map(|pending| pending.with_feeds(Some(authority), feeds));
    }

    /// Changes the site with `commit`. In a run that updates the ledger, the changed lines are queued before and saved
    /// after.
    pub(super) fn write(
        &mut self,
        request: &Request<'_>,
        commit: impl FnOnce() -> Result<Changes, OutputError>,
    ) -> Result<Changes, OutputError> {
        let Some(pending) = self.pending.take() else {
            let changes = commit()?;
            if request.ledger == LedgerUse::Advance && self.loaded.is_some() {
                ledger::drop_pending(request.state)?;
            }
            return Ok(changes);
        };
        pending.set_down()?;
        match commit() {
            Ok(changes) => {
                self.saved = Some(pending.save(request.root)?);
                Ok(changes)
            }
            // Nothing has changed yet.
            Err(error) if error.is_usage() => {
                pending.take_back()?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// True if this run begins the ledger.
    pub(super) fn is_begun(&self) -> bool {
        self.loaded.as_ref().is_some_and(|loaded| loaded.digest.is_none())
    }

    /// The ledger's part of this run's report.
    pub(super) fn recorded(self, request: &Request<'_>) -> Recorded {
        // With no ledger begun, a publication would begin one.
        let is_begun = self.is_off || self.loaded.is_some();
        let is_advanced = self.saved.is_some();
        let digest = self.saved.or(self.loaded.and_then(|loaded| loaded.digest));
        match request.ledger {
            LedgerUse::Advance => {
                Recorded { digest, events: self.recording.events, behind: 0, is_whole: true, is_advanced }
            }
            _ => {
                let behind = self.recording.changed.len();
                Recorded {
                    digest,
                    events: Vec::new(),
                    behind,
                    is_advanced,
                    is_whole: is_begun && behind == 0 && !self.has_other_feeds,
                }
            }
        }
    }
}
