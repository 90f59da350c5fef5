//! Rules about the entries of a feed as a whole: ids, order, dates.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::rule::Rule;
use super::{Findings, Known};

/// The facts of an entry that matter for these rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub id: Option<(Arc<str>, Range<usize>)>,
    pub published: Option<Instant>,
    pub updated: Option<Instant>,
    /// The URL of its recording.
    pub enclosure: Option<(Arc<str>, Range<usize>)>,
    /// True if the entry names an author.
    pub has_author: bool,
    pub span: Range<usize>,
}

/// A point in time, and the place of its text.
#[derive(Debug, Clone)]
pub(super) struct Instant {
    /// Seconds from 1970.
    pub seconds: i64,
    pub span: Range<usize>,
}

impl Entry {
    /// The entry moved `by` bytes towards the end of the text.
    pub fn moved(&self, by: usize) -> Self {
        let span = |span: &Range<usize>| span.start + by..span.end + by;
        let instant = |one: &Instant| Instant { seconds: one.seconds, span: span(&one.span) };
        Entry {
            id: self.id.as_ref().map(|(id, at)| (id.clone(), span(at))),
            enclosure: self.enclosure.as_ref().map(|(url, at)| (url.clone(), span(at))),
            published: self.published.as_ref().map(instant),
            updated: self.updated.as_ref().map(instant),
            has_author: self.has_author,
            span: span(&self.span),
        }
    }

    /// The entry moved `by` bytes towards the start of the text; `None` if that is before it.
    pub fn moved_back(&self, by: usize) -> Option<Self> {
        let mut entry = self.clone();
        let spans = [
            Some(&mut entry.span),
            entry.id.as_mut().map(|(_, span)| span),
            entry.enclosure.as_mut().map(|(_, span)| span),
            entry.published.as_mut().map(|one| &mut one.span),
            entry.updated.as_mut().map(|one| &mut one.span),
        ];
        for span in spans.into_iter().flatten() {
            *span = span.start.checked_sub(by)?..span.end.checked_sub(by)?;
        }
        Some(entry)
    }

    /// The date of publication, or the date of update if there is none.
    fn sorts_by(&self) -> Option<&Instant> {
        self.published.as_ref().or(self.updated.as_ref())
    }
}

/// The number of seconds that a date may be ahead of the reader's clock.
const TOLERANCE: i64 = 3600;

/// Judges `entries` against each other, and `updated`, the feed's date, against them.
pub(super) fn judge(
    entries: &[Entry],
    updated: Option<&Instant>,
    known: &Known<'_>,
    findings: &mut Findings,
) {
    unique(entries, findings);
    different_recordings(entries, findings);
    newest_first(entries, findings);
    same_updated(entries, findings);
    if let Some(now) = known.now {
        let limit = now.timestamp() + TOLERANCE;
        for entry in entries {
            for date in [&entry.published, &entry.updated].into_iter().flatten() {
                if date.seconds > limit {
                    findings.add_of(entry, Rule::FutureDate, date.span.clone(), "");
                }
            }
        }
        if let Some(date) = updated.filter(|date| date.seconds > limit) {
            findings.add(Rule::FutureDate, date.span.clone(), "");
        }
    }
    if let Some(updated) = updated {
        let dates = entries.iter().flat_map(|entry| [&entry.published, &entry.updated]).flatten();
        if dates.map(|date| date.seconds).max().is_some_and(|newest| newest > updated.seconds) {
            findings.add(Rule::FeedUpdatedEarly, updated.span.clone(), "");
        }
    }
}

fn unique(entries: &[Entry], findings: &mut Findings) {
    let mut seen: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let Some((id, span)) = &entry.id else { continue };
        if let Some(first) = seen.insert(id, at) {
            let detail = format!("{}, that of entry {} and entry {}", super::quoted(id), first + 1, at + 1);
            findings.add_of(entry, Rule::DuplicateId, span.clone(), detail);
        }
    }
}

fn different_recordings(entries: &[Entry], findings: &mut Findings) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some((url, span)) = &entry.enclosure else { continue };
        if let Some(first) = seen.insert(url, at) {
            let detail = format!("{}, that of entry {} and entry {}", super::quoted(url), first + 1, at + 1);
            findings.add_of(entry, Rule::RepeatedEnclosure, span.clone(), detail);
        }
    }
}

fn newest_first(entries: &[Entry], findings: &mut Findings) {
    let falls = |date: &dyn Fn(&Entry) -> Option<i64>| {
        let mut last: Option<i64> = None;
        for (at, entry) in entries.iter().enumerate() {
            let Some(seconds) = date(entry) else { continue };
            if last.is_some_and(|last| seconds > last) {
                return Some(at);
            }
            last = Some(seconds);
        }
        None
    };
    let by_published = falls(&|entry| entry.sorts_by().map(|one| one.seconds));
    // A feed that is sorted by update is allowed.
    let by_updated =
        falls(&|entry| entry.updated.as_ref().or(entry.published.as_ref()).map(|one| one.seconds));
    if let (Some(at), Some(_)) = (by_published, by_updated)
        && let Some(date) = entries[at].sorts_by()
    {
        let detail = format!("entry {} is newer than one before it", at + 1);
        findings.add_of(&entries[at], Rule::NotNewestFirst, date.span.clone(), detail);
    }
}

fn same_updated(entries: &[Entry], findings: &mut Findings) {
    let mut groups: HashMap<i64, (usize, Option<i64>, bool)> = HashMap::new();
    for entry in entries {
        let Some(updated) = &entry.updated else { continue };
        let published = entry.published.as_ref().map(|one| one.seconds);
        let (count, first, differ) = groups.entry(updated.seconds).or_insert((0, published, false));
        *count += 1;
        // Entries that were published together are often updated together as well.
        *differ |= published != *first;
        if *count == 2 && *differ {
            findings.add(Rule::SameUpdated, updated.span.clone(), "");
        }
    }
}
