//! Which of the dates that a source offers are its own.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Dates;
use crate::config::{Config, DateSource};
use crate::content::{Document, WrittenDate};
use crate::date::{DateError, Dated, Moment, PathDate, Precision, Provenance, in_path};
use crate::error::{Place, Problem};
use crate::history::{Commit, History};

/// The dates of one document, and whether one of them had to be read as UTC.
pub(super) struct Resolved {
    pub dates: Option<Dates>,
    pub expires: Option<Moment>,
    pub zone_missing: usize,
}

/// The commits that dates may be taken from.
#[derive(Default)]
pub(super) struct Committed<'a> {
    /// For the publication.
    first: Option<&'a Commit>,
    /// For the last change; what a source came with is none.
    last: Option<&'a Commit>,
}

impl<'a> Committed<'a> {
    /// Those of the source `name`. Only where sources are to be dated does its first commit make an
    /// article of it: a repository has pages without a date too.
    pub fn of(history: &'a History, name: &str, is_dated: bool) -> Self {
        let Some(file) = history.of(name) else { return Committed::default() };
        let came_with = file.first.as_ref().map(|commit| &commit.id);
        Committed {
            first: file.first.as_ref().filter(|_| is_dated),
            last: file.last.as_ref().filter(|last| came_with != Some(&last.id)),
        }
    }
}

fn of_commit(commit: &Commit) -> Dated {
    Dated { moment: commit.moment, provenance: Provenance::Git { commit: commit.id.clone() } }
}

/// Resolves the dates of `document`, whose undecided times are in `zone`.
pub(super) fn resolve(
    document: &Document,
    zone: Option<Tz>,
    committed: Committed<'_>,
    config: &Config,
    now: DateTime<Utc>,
    problems: &mut Vec<Problem>,
) -> Resolved {
    let mut resolver = Resolver { zone, config, zone_missing: 0, problems };
    let published = config.dates.published.iter().find_map(|source| match source {
        DateSource::FrontMatter => document.front.date.as_ref().map(|date| resolver.written(date, false)),
        DateSource::Wire => document.wire_published.as_ref().map(|date| resolver.written(date, true)),
        DateSource::Path => resolver.path(document),
        DateSource::Git => committed.first.map(|commit| Some(of_commit(commit))),
    });
    let updated = config.dates.updated.iter().find_map(|source| match source {
        DateSource::FrontMatter => {
            document.front.updated.as_ref().map(|date| (resolver.written(date, false), Some(&date.place)))
        }
        DateSource::Wire => {
            document.wire_updated.as_ref().map(|date| (resolver.written(date, true), Some(&date.place)))
        }
        DateSource::Path => None,
        DateSource::Git => committed.last.map(|commit| (Some(of_commit(commit)), None)),
    });
    let expires = document.front.expires.as_ref().and_then(|date| resolver.written(date, false));
    if let (Some(Some(Dated { moment: published, .. })), Some(Dated { moment: expires, .. }), Some(written)) =
        (&published, &expires, &document.front.expires)
        && expires.instant() <= published.instant()
    {
        let cause = DateError::ExpiresBeforePublished { expires: *expires, published: *published };
        resolver.problems.push(Problem::new(cause, written.place.clone()));
    }
    let zone_missing = resolver.zone_missing;
    let dates = published.flatten().map(|published| {
        let updated = match updated {
            Some((Some(updated), Some(place))) => later(&published, updated, place, now, problems),
            Some((Some(updated), None)) if counts(&published, &updated, now) => updated,
            _ => Dated { moment: published.moment, provenance: Provenance::Published },
        };
        Dates { published, updated }
    });
    Resolved { dates, expires: expires.map(|dated| dated.moment), zone_missing }
}

/// True if a date that nobody wrote is after `published` and not after `now`. It can't be corrected, so
/// it is passed over where a written one would be refused.
fn counts(published: &Dated, updated: &Dated, now: DateTime<Utc>) -> bool {
    let updated = updated.moment.instant();
    published.moment.instant() < updated && updated <= now
}

/// Checks `updated` against `published` and `now`.
fn later(
    published: &Dated,
    updated: Dated,
    place: &Place,
    now: DateTime<Utc>,
    problems: &mut Vec<Problem>,
) -> Dated {
    let (first, last) = (published.moment, updated.moment);
    if last.instant() < first.instant() {
        // A day without a time says no more than "on that day", and that is not before.
        if last.precision() == Precision::Day && last.local().date() == first.local().date() {
            return Dated { moment: first, provenance: updated.provenance };
        }
        let cause = DateError::UpdatedBeforePublished { published: first, updated: last };
        problems.push(Problem::new(cause, place.clone()));
    } else if last.instant() > now && first.instant() <= now {
        problems.push(Problem::new(DateError::UpdatedInFuture { updated: last, now }, place.clone()));
    }
    updated
}

struct Resolver<'a> {
    zone: Option<Tz>,
    config: &'a Config,
    zone_missing: usize,
    problems: &'a mut Vec<Problem>,
}

impl Resolver<'_> {
    fn written(&mut self, date: &WrittenDate, wire: bool) -> Option<Dated> {
        let moment = self.moment(&date.written).map_err(|error| {
            self.problems.push(Problem::new(error, date.place.clone()));
        });
        let (line, column) = date.place.line_and_column();
        let provenance = if wire {
            Provenance::WireLine { line, column }
        } else {
            Provenance::FrontMatter { key: date.key, line, column }
        };
        moment.ok().map(|moment| Dated { moment, provenance })
    }

    fn path(&mut self, document: &Document) -> Option<Option<Dated>> {
        let own = document.front.path.as_ref();
        let named = own.map(|path| path.value.trim_matches('/').trim_end_matches("/index.html"));
        let PathDate { date, component, .. } =
            named.and_then(in_path).or_else(|| in_path(document.stem()))?;
        let provenance = Provenance::Path { component: component.to_owned() };
        match date.and_then(|written| self.moment(&written)) {
            Ok(moment) => Some(Some(Dated { moment, provenance })),
            Err(error) => {
                let place = own.map_or_else(|| Place::file(document.name.clone()), |path| path.place.clone());
                self.problems.push(Problem::new(error, place));
                Some(None)
            }
        }
    }

    fn moment(&mut self, written: &crate::date::Written) -> Result<Moment, DateError> {
        if !written.has_zone() && self.zone.is_none() {
            self.zone_missing += 1;
        }
        written.resolve(self.zone.unwrap_or(Tz::UTC), self.config.dates.ambiguous)
    }
}
