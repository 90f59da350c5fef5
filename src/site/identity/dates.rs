//! Chooses the dates of an article among those that its source offers.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Dates, IdentityError, SectionRow, Terms};
use crate::config::{Config, DateSource};
use crate::language::{Locale, read_date};
use crate::model::date::{self, DateError, Dated, Moment, PathDate, Precision, Provenance, in_path};
use crate::model::diagnostics::{Place, Problem};
use crate::site::ledger::Record;
use crate::source::git::{Commit, History};
use crate::source::{Document, Format, WireDate, WrittenDate};

/// The resolved dates of one document.
pub(super) struct Resolved {
    pub dates: Option<Dates>,
    pub expires: Option<Moment>,
    /// The date until which it is first in its lists.
    pub pinned: Option<Moment>,
    /// Dates of its corrections.
    pub corrections: Vec<Moment>,
    pub zone_missing: usize,
}

/// Dates of a document that come from elsewhere than its source.
#[derive(Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// Its article in the ledger.
    record: Option<&'a Record>,
    /// The commit that dates its publication.
    first: Option<&'a Commit>,
    /// The commit that dates its last change; never the commit that added the source.
    last: Option<&'a Commit>,
}

impl<'a> Evidence<'a> {
    /// The evidence about `document`. Its first commit dates it only where sources must be dated (`is_dated`), because
    /// a repository also has pages without a date.
    pub fn of(document: &Document, history: &'a History, is_dated: bool, record: Option<&'a Record>) -> Self {
        let Some(file) = history.of(&document.name) else {
            return Evidence { record, ..Evidence::default() };
        };
        let came_with = file.first.as_ref().map(|commit| &commit.id);
        Evidence {
            record,
            first: file.first.as_ref().filter(|_| is_dated),
            last: file.last.as_ref().filter(|last| came_with != Some(&last.id)),
        }
    }
}

fn of_commit(commit: &Commit) -> Dated {
    Dated { moment: commit.moment, provenance: Provenance::Git { commit: commit.id.as_str().into() } }
}

/// How the dates of a document are to be read.
pub struct Reading {
    /// The zone of times without an offset.
    pub zone: Option<Tz>,
    /// The languages of dates in the head of a wire article, beside English.
    pub languages: Vec<Locale>,
}

impl Reading {
    /// As `document` says, else the section around it, else `config`.
    pub fn of(document: &Document, around: Option<&SectionRow>, config: &Config) -> Reading {
        let front = &document.front;
        let zone = front.timezone.or(around.and_then(|around| around.timezone)).or(config.timezone);
        if document.format != Format::Wire {
            return Reading { zone, languages: Vec::new() };
        }
        let of_section = around.map(|around| &*around.languages).unwrap_or_default();
        let named = [front.languages(), of_section, &config.dates.languages];
        let named = named.into_iter().find(|tags| !tags.is_empty()).unwrap_or_default();
        let own = front.lang.as_ref().unwrap_or(&config.language);
        let mut languages: Vec<Locale> = Vec::new();
        for locale in named.iter().chain([own]).filter_map(|tag| Locale::of(tag)) {
            if !languages.contains(&locale) {
                languages.push(locale);
            }
        }
        Reading { zone, languages }
    }
}

/// Resolves the dates of `document`.
pub(super) fn resolve(
    document: &Document,
    reading: &Reading,
    evidence: Evidence<'_>,
    config: &Config,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> Resolved {
    let (now, record) = (terms.now, evidence.record);
    let mut resolver = Resolver { document, reading, config, evidence, zone_missing: 0, problems };
    let published = config.dates.published.iter().find_map(|source| resolver.published(*source));
    let published = published.flatten().map(|dated| resolver.kept(dated, now));
    // An article that lasts until a moment does not end a part of a second before it.
    let expires = document.front.expires().and_then(|date| resolver.written(date, false));
    let expires = expires.map(|dated| Dated { moment: dated.moment.rounded_up(), ..dated });
    let pinned = document.front.placement.as_ref().and_then(|placement| placement.pinned_until.as_ref());
    let pinned = pinned.and_then(|date| resolver.written(date, false)).map(|dated| dated.moment.rounded_up());
    if let (Some(Dated { moment: published, .. }), Some(Dated { moment: expires, .. }), Some(written)) =
        (&published, &expires, document.front.expires())
        && expires.instant() <= published.instant()
    {
        let cause = DateError::ExpiresBeforePublished { expires: *expires, published: *published };
        resolver.problems.push(Problem::new(cause, written.place.clone()));
    }
    let is_out = document.front.draft != Some(true)
        && published.as_ref().is_some_and(|published| published.moment.passed() <= now)
        && expires.as_ref().is_none_or(|expires| expires.moment.instant() > now);
    let change =
        record.filter(|record| is_out && !document.front.minor && !record.has_substance(document.substance));
    // An article that comes back at a new date of publication is published with that date, not changed.
    let is_again = |record: &Record| {
        published.as_ref().is_some_and(|dated| dated.moment.instant() != record.published.instant())
    };
    let change = change.filter(|record| record.gone.is_none() || !is_again(record));
    // A return counts as a change: readers that forgot the entry accept it only with a new date.
    let is_back = is_out
        && document.front.withdrawn.is_none()
        && record.is_some_and(|record| record.gone.is_some() && !is_again(record));
    let changed_now = (change.is_some() || is_back).then_some(now).filter(|_| terms.advance);
    let updated = config.dates.updated.iter().find_map(|source| resolver.updated(*source, changed_now));
    if let (Some(record), Some((Some(updated), Some(place)))) = (change, &updated)
        && updated.moment.instant() == record.last_change().instant()
    {
        let cause = IdentityError::SilentChange { updated: updated.moment };
        resolver.problems.push(Problem::new(cause, (*place).clone()));
    }
    let corrections = document.front.corrections();
    let corrected: Vec<(Dated, &Place)> = corrections
        .iter()
        .filter_map(|one| Some((resolver.written(&one.date, false)?, &one.date.place)))
        .collect();
    let is_alone = published.is_none() && !resolver.problems.iter().any(Problem::is_error);
    if let Some(written) = document.front.updated.as_ref().filter(|_| is_alone) {
        resolver.problems.push(Problem::new(DateError::UpdatedAlone, written.place.clone()));
    }
    let zone_missing = resolver.zone_missing;
    let made = corrected.iter().map(|(dated, _)| dated.moment).collect();
    let dates = published.map(|published| {
        let problems = &mut *resolver.problems;
        let updated = match updated {
            Some((Some(updated), Some(place))) => later(&published, updated, place, now, problems),
            Some((Some(updated), None)) if counts(&published, &updated, now) => updated,
            _ => Dated { moment: published.moment, provenance: Provenance::Published },
        };
        let corrected = corrected.into_iter().map(|(one, place)| {
            let mut found = Vec::new();
            let corrected = one.moment;
            let one = later(&published, one, place, now, &mut found);
            problems.extend(found.into_iter().map(|_| {
                let published = published.moment;
                let cause = match corrected.instant() < published.instant() {
                    true => DateError::CorrectedBeforePublished { published, corrected },
                    false => DateError::CorrectedInFuture { corrected, now },
                };
                Problem::new(cause, place.clone())
            }));
            one
        });
        let updated = corrected
            .fold(updated, |last, one| if one.moment.instant() > last.moment.instant() { one } else { last });
        Dates { published, updated }
    });
    let expires = expires.map(|dated| dated.moment);
    Resolved { dates, expires, pinned, corrections: made, zone_missing }
}

/// True if a date that nobody wrote is after `published` and not after `now`. Otherwise it is ignored, because no
/// author can correct it; a written date would be an error.
fn counts(published: &Dated, updated: &Dated, now: DateTime<Utc>) -> bool {
    let updated = updated.moment.instant();
    published.moment.instant() < updated && updated <= now
}

/// A candidate for a date, shown to people who ask where a date came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its provenance.
    pub source: DateSource,
    /// The date; `None` if it can't be read.
    pub dated: Option<Dated>,
}

/// All candidates for the publication and for the last change of `document`, in order of precedence.
pub fn offers(
    document: &Document,
    reading: &Reading,
    config: &Config,
    evidence: Evidence<'_>,
) -> (Vec<Offer>, Vec<Offer>) {
    let mut problems = Vec::new();
    let mut resolver =
        Resolver { document, reading, config, evidence, zone_missing: 0, problems: &mut problems };
    let sources = config.dates.published.iter().copied();
    let published = sources
        .filter_map(|source| resolver.published(source).map(|dated| Offer { source, dated }))
        .collect();
    let sources = config.dates.updated.iter().copied();
    let updated = sources
        .filter_map(|source| resolver.updated(source, None).map(|(dated, _)| Offer { source, dated }))
        .collect();
    (published, updated)
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
        // A day without a time means "on that day", so it is not before an instant of the day.
        if last.precision() == Precision::Day && last.local().date() == first.local().date() {
            return Dated { moment: first, provenance: updated.provenance };
        }
        // Editors date a change when they save, and a scheduled article is saved before its publication.
        let cause = DateError::UpdatedBeforePublished { published: first, updated: last };
        problems.push(Problem::new(cause, place.clone()));
        return Dated { moment: first, provenance: Provenance::Published };
    } else if last.instant() > now && first.instant() <= now {
        problems.push(Problem::new(DateError::UpdatedInFuture { updated: last, now }, place.clone()));
    }
    updated
}

struct Resolver<'a> {
    document: &'a Document,
    reading: &'a Reading,
    config: &'a Config,
    evidence: Evidence<'a>,
    zone_missing: usize,
    problems: &'a mut Vec<Problem>,
}

/// A date of the last change, with its place if somebody wrote it.
type Written<'a> = (Option<Dated>, Option<&'a Place>);

impl<'a> Resolver<'a> {
    /// The publication according to `source`; `Some(None)` if it can't be read.
    fn published(&mut self, source: DateSource) -> Option<Option<Dated>> {
        let document = self.document;
        match source {
            DateSource::FrontMatter => document.front.date.as_ref().map(|_| self.latest()),
            DateSource::Wire => document.wire_published.as_ref().map(|date| self.wire(date)),
            DateSource::Path => self.path(document),
            DateSource::Ledger => {
                self.evidence.record.map(|record| Some(of_ledger(record.published, record)))
            }
            DateSource::Git => self.evidence.first.map(|commit| Some(of_commit(commit))),
        }
    }

    /// The latest of the dates of publication in the front matter: an article is never public before any date that its
    /// author wrote. `None` if one of them can't be read.
    fn latest(&mut self) -> Option<Dated> {
        let document = self.document;
        let dates: Vec<Option<Dated>> =
            document.front.published().map(|date| self.written(date, false)).collect();
        let dates: Option<Vec<Dated>> = dates.into_iter().collect();
        // Of equal ones the first counts.
        dates?.into_iter().rev().max_by_key(|dated| dated.moment.passed())
    }

    /// The last change according to `source`. With `changed_now`, readers see a change now, and the ledger has that
    /// date.
    fn updated(&mut self, source: DateSource, changed_now: Option<DateTime<Utc>>) -> Option<Written<'a>> {
        let document = self.document;
        match source {
            DateSource::FrontMatter => {
                document.front.updated.as_ref().map(|date| (self.written(date, false), Some(&date.place)))
            }
            DateSource::Wire => {
                let date = document.wire_updated.as_ref()?;
                Some((self.wire(date), Some(date.place())))
            }
            DateSource::Path => None,
            DateSource::Git => self.evidence.last.map(|commit| (Some(of_commit(commit)), None)),
            DateSource::Ledger => {
                let record = self.evidence.record?;
                let now = changed_now.map(|now| Moment::at(now, self.reading.zone.unwrap_or(Tz::UTC)));
                let moment = now.unwrap_or(record.last_change());
                Some((Some(of_ledger(moment, record)), None))
            }
        }
    }

    /// The publication of an article that may have been published before: the ledger's date is kept, and a different
    /// `dated` is reported. A date to come withholds the article again, and counts from then on: an article that is
    /// gone comes back with a date after that.
    fn kept(&mut self, dated: Dated, now: DateTime<Utc>) -> Dated {
        let Some(record) =
            self.evidence.record.filter(|_| self.config.dates.published.contains(&DateSource::Ledger))
        else {
            return dated;
        };
        let is_after = |gone: &Moment| dated.moment.instant() > gone.instant();
        let is_to_come = dated.moment.passed() > now || record.gone.as_ref().is_some_and(is_after);
        let front = &self.document.front;
        let written = match dated.provenance {
            Provenance::FrontMatter { .. } => front.date.as_ref(),
            Provenance::WireLine { .. } => match self.document.wire_published.as_deref() {
                Some(WireDate::Read(date)) => Some(date),
                _ => None,
            },
            _ => None,
        };
        // The same clock time in another zone means that the site's setting changed, not the author's date: unless the
        // author wrote the zone.
        let wrote_zone = front.timezone.is_some() || written.is_some_and(|date| date.written.has_zone());
        let is_same_time = dated.moment.local() == record.published.local() && !wrote_zone;
        if dated.moment.instant() == record.published.instant() || (is_to_come && !is_same_time) {
            return dated;
        }
        if !is_same_time {
            let place = written.map(|date| date.place.clone());
            let cause = IdentityError::Redated {
                published: record.published,
                written: dated.moment,
                line: record.line,
            };
            let place = place.unwrap_or_else(|| Place::file(self.document.name.clone()));
            self.problems.push(Problem::new(cause, place));
        }
        of_ledger(record.published, record)
    }

    /// The date of a wire article's head. One that is not in English is read in the languages of its folder.
    fn wire(&mut self, date: &WireDate) -> Option<Dated> {
        match date {
            WireDate::Read(date) => self.written(date, true),
            WireDate::Unread { text, key, place, part } => match read_date(text, &self.reading.languages) {
                Ok(written) => self.written(&WrittenDate { written, key, place: place.clone() }, true),
                Err(error) => {
                    // A text that no language reads is reported as English; so is one that English reads, and that is wrong.
                    let is_unread = |error: &DateError| {
                        matches!(error, DateError::Unreadable { .. } | DateError::Guess { .. })
                    };
                    let (error, place) = match date::parse(text) {
                        Err(english)
                            if matches!(error, DateError::Unreadable { .. }) || !is_unread(&english) =>
                        {
                            (english, part)
                        }
                        _ => (error, place),
                    };
                    self.problems.push(Problem::new(error, place.clone()));
                    None
                }
            },
        }
    }

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
        let provenance = Provenance::Path { component: component.into() };
        match date.and_then(|written| self.moment(&written)) {
            Ok(moment) => Some(Some(Dated { moment, provenance })),
            Err(error) => {
                let place = own.map_or_else(|| Place::file(document.name.clone()), |path| path.place.clone());
                self.problems.push(Problem::new(error, place));
                Some(None)
            }
        }
    }

    fn moment(&mut self, written: &crate::model::date::Written) -> Result<Moment, DateError> {
        if !written.has_zone() && self.reading.zone.is_none() {
            self.zone_missing += 1;
        }
        written.resolve(self.reading.zone.unwrap_or(Tz::UTC), self.config.dates.ambiguous)
    }
}

fn of_ledger(moment: Moment, record: &Record) -> Dated {
    Dated { moment, provenance: Provenance::Ledger { line: u32::try_from(record.line).unwrap_or(u32::MAX) } }
}
