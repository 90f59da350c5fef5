//! Settles each document: decides its id, path, dates and state.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use chrono_tz::Tz;
use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::mint::mint_another;
use super::paths::{aliases, former_paths, path};
use super::sections::{SectionRow, section_of};
use super::{
    CacheValidity, Extras, IdentityError, ListingFields, Row, Source, State, Terms, dates, matching,
};
use crate::config::Config;
use crate::feed::atom_id;
use crate::model::date::{Moment, Precision, in_path};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::intern::Common;
use crate::model::metadata::Plain;
use crate::site::ledger::Record;
use crate::source::{ContentError, Document, Format, LazyDocument, stem_of_source};

/// Settles every article and page. Documents with errors are left out; their names are returned. All errors are pushed
/// onto `problems`.
pub fn settle(
    sources: Vec<Source>,
    sections: &BTreeMap<String, SectionRow>,
    config: &Config,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> (Vec<Box<Row>>, Vec<Arc<str>>) {
    let records = match terms.ledger {
        Some(ledger) => matching::matching(&sources, ledger, problems),
        None => vec![None; sources.len()],
    };
    let one = |source: Source, record: Option<u32>| {
        let recorded = record.zip(terms.ledger).map(|(at, ledger)| &ledger.records()[at as usize]);
        let before = match &source {
            _ if terms.ledger.is_some() => None,
            Source::Known(row) => row.public_id().map(Into::into),
            Source::New(document) => terms.former.get(&document.name).cloned(),
        };
        let document = match source.settled(|section| sections.get(section), recorded, terms) {
            Ok(mut settled) => {
                settled.record = record;
                return (Ok(settled), Found::default());
            }
            Err(document) => *document,
        };
        let (name, mut found) = (document.name.clone(), Vec::new());
        let (mut settled, zone_missing) = settle_one(document, record, sections, config, terms, &mut found);
        if let Some(settled) = settled.as_mut().filter(|_| found.is_empty() && zone_missing == 0) {
            let around = sections.get(&*settled.section);
            settled.validity = CacheValidity::of(settled, around, recorded, terms);
        }
        let failed = found.iter().any(Problem::is_error);
        let settled = settled.filter(|_| !failed);
        let other = settled.as_ref().and_then(|row| row.public_id());
        let moved: Option<Box<str>> = before.filter(|before| other.is_some_and(|id| *id != **before));
        (settled.ok_or(name), Found { zone_missing, problems: found, moved })
    };
    let outcomes: Vec<Outcome> =
        sources.into_par_iter().zip(records).map(|(source, record)| one(source, record)).collect();
    let (mut settled, mut broken) = (Vec::with_capacity(outcomes.len()), Vec::new());
    let mut zoneless = 0;
    let mut moved: Vec<(usize, Box<str>)> = Vec::new();
    for (one, found) in outcomes {
        zoneless += found.zone_missing;
        problems.extend(found.problems);
        moved.extend(found.moved.map(|before| (settled.len(), before)));
        match one {
            Ok(one) => settled.push(one),
            Err(name) => broken.push(name),
        }
    }
    if zoneless > 0 {
        let warning = IdentityError::NoZone { count: zoneless };
        problems.push(Problem::new(warning, Place::file(crate::config::FILE)));
    }
    moved_ids(&settled, moved, problems);
    one_id_each(&settled, problems);
    (settled, broken)
}

/// The row of a source, or its name if it can't be settled; and what was found on the way.
type Outcome = (Result<Box<Row>, Arc<str>>, Found);

#[derive(Default)]
struct Found {
    /// Number of dates without a zone.
    zone_missing: usize,
    problems: Vec<Problem>,
    /// The id that the article had in the last build, if that was another one.
    moved: Option<Box<str>>,
}

/// Warns about the articles `moved`, each an index with the id that it had, if nothing has that id any more.
fn moved_ids(settled: &[Box<Row>], moved: Vec<(usize, Box<str>)>, problems: &mut Vec<Problem>) {
    if moved.is_empty() {
        return;
    }
    let ids: HashSet<&str> = settled.iter().map(|one| &*one.id).collect();
    for (at, before) in moved.into_iter().filter(|(_, before)| !ids.contains(&**before)) {
        let Some(one) = settled.get(at) else { continue };
        let cause = IdentityError::MovedId { before: before.into(), id: one.id.to_string() };
        problems.push(Problem::new(cause, Place::file(one.name().clone())));
    }
}

fn settle_one(
    folded: LazyDocument,
    record: Option<u32>,
    sections: &BTreeMap<String, SectionRow>,
    config: &Config,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> (Option<Box<Row>>, usize) {
    let ledger = terms.ledger;
    let mut document = folded.into_whole();
    let recorded = record.zip(ledger).map(|(at, ledger)| &ledger.records()[at as usize]);
    let section: Common = section_of(document.stem(), config).into();
    let around = sections.get(&*section);
    if let Some(around) = around {
        document.inherit(&around.cascade);
    }
    let reading = dates::Reading::of(&document, around, config);
    let is_dated = around.is_some_and(|section| section.dated.is_some());
    let evidence = dates::Evidence::of(&document, terms.history, is_dated, recorded);
    let resolved = dates::resolve(&document, &reading, evidence, config, terms, problems);
    let zone_missing = resolved.zone_missing;
    if resolved.dates.is_none()
        && let Some(index) = around.and_then(|section| section.dated.clone())
        && !problems.iter().any(Problem::is_error)
    {
        let cause = IdentityError::Undated { section: index };
        problems.push(Problem::new(cause, Place::file(document.name.clone())));
    }
    let is_dated = resolved.dates.is_some();
    let is_untitled = is_dated && document.front.title.is_none();
    let title = match &resolved.dates {
        Some(dates) if is_untitled => {
            if !document.front.is_note {
                problems.push(untitled(&document));
            }
            stand_in(&document, &dates.published.moment, &section, config)
        }
        _ => title(&mut document, problems),
    };
    let section_path = around.map_or("", |section| section.path.as_str().trim_matches('/'));
    let published = resolved.dates.as_ref().map(|dates| dates.published.moment);
    let day = published.map(|moment| moment.local().date());
    let Some(path) = path(&document, &section, section_path, day, config, problems) else {
        return (None, zone_missing);
    };
    if let Some(id) = &document.front.id
        && let Some(bad) = id.value.chars().find(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
    {
        problems.push(Problem::new(IdentityError::IdCharacter { code: bad.into() }, id.place.clone()));
    }
    let id = match (&document.front.id, recorded) {
        (Some(id), _) => id.value.clone(),
        (None, Some(record)) => record.id.clone(),
        (None, None) => mint_another(&config.authority, day, document.stem(), ledger),
    };
    let former = former_paths(recorded, &path);
    let (aliases, queries) = aliases(&document, problems);
    let closes = around.and_then(|around| around.closes);
    let expires = resolved.expires.into_iter().chain(closes).min_by_key(Moment::instant);
    let state = within(around, state(&document, published, expires, terms));
    let opens = around.and_then(|around| around.opens).filter(|_| state == State::Scheduled);
    let mut linked = Fingerprinter::default();
    let lang = document.front.lang.as_deref().unwrap_or_default();
    let linked = linked.value(&title).value(path.as_str()).value(lang).finish();
    let group = group(&document, recorded, config);
    let pinned = resolved.pinned.filter(|pinned| pinned.instant() > terms.now);
    let shown = shown(&document, &resolved, linked, &id, pinned.is_some(), around);
    let placement = document.front.placement.as_deref();
    let arrived = match recorded {
        // Somebody may have changed it to a time that is to come.
        Some(record) => record.arrived.filter(|arrived| arrived.instant() <= terms.now),
        None => arrival(published, reading.zone, terms),
    };
    let settled = Row {
        section,
        listing: ListingFields { is_untitled, ..listing(&document, config) },
        shown,
        linked,
        title: title.into(),
        id: id.into(),
        path,
        record,
        dates: resolved.dates,
        state,
        rare: Extras {
            aliases,
            queries,
            former,
            expires,
            opens,
            corrections: resolved.corrections,
            arrived,
            lang: document.front.lang.as_deref().map(Common::from),
            group,
            is_unlisted: document.front.is_unlisted(),
            is_fed_nowhere: placement.is_some_and(|placement| placement.feed == Some(false)),
            featured: placement.and_then(|placement| placement.featured),
            pinned,
            values: values(&document, around),
            badge: document.front.badge().cloned().map(Box::new),
            leads_to: document.front.link().filter(|_| published.is_none()).map(Box::from),
        }
        .into(),
        // Nobody knows an article that the ledger does not have, so it needs no notice.
        has_notice: match state {
            State::Withdrawn => true,
            State::Expired => ledger.is_none() || record.is_some(),
            _ => false,
        },
        validity: None,
        document: document.into(),
    };
    (Some(Box::new(settled)), zone_missing)
}

/// The warning that the article `document` has no title, with the remedy in its own format.
fn untitled(document: &Document) -> Problem {
    let first = document.wire_published.iter().chain(&document.wire_updated).next();
    match first.filter(|_| document.format == Format::Wire) {
        Some(date) => Problem::new(ContentError::NoHeadline, date.place().clone()),
        None => Problem::new(ContentError::Untitled, Place::file(document.name.clone())),
    }
}

/// The translations of an article have a name in common: that of the article which they translate. `None` if it is the
/// document's own. A published article keeps the name that it had at first.
fn group(document: &Document, recorded: Option<&Record>, config: &Config) -> Option<Common> {
    if !config.is_multilingual() {
        return None;
    }
    let own = config.without_language(document.stem());
    let written = document.front.translation_of().map(|written| {
        let source = written.value.trim_start_matches("@/").trim_start_matches('/');
        let source = source.strip_prefix("content/").unwrap_or(source);
        let is_file = Format::of(source).is_some();
        let stem = if is_file { stem_of_source(source, config) } else { Cow::Borrowed(source) };
        config.without_language(&stem).to_owned()
    });
    let first = || {
        let recorded = recorded?;
        let at_first = || config.without_language(&stem_of_source(&recorded.source, config)).to_owned();
        Some(recorded.translates.clone().unwrap_or_else(at_first))
    };
    written.or_else(first).filter(|name| name != own).map(|name| Common::from(name.as_str()))
}

/// The state of a document with the dates `published` and `expires`.
fn state(
    document: &Document,
    published: Option<Moment>,
    expires: Option<Moment>,
    terms: &Terms<'_>,
) -> State {
    let Terms { now, allowances, .. } = *terms;
    let is_past = |moment: Option<Moment>| moment.is_some_and(|moment| moment.passed() <= now);
    let is_expired = expires.is_some_and(|expires| expires.instant() <= now);
    if document.front.draft == Some(true) && !allowances.drafts {
        State::Draft
    } else if is_expired {
        State::Expired
    } else if published.is_some() && !is_past(published) && !allowances.future {
        State::Scheduled
    } else if document.front.withdrawn.is_some() {
        State::Withdrawn
    } else {
        State::Live
    }
}

/// The state of a document that by itself is in the state `own`, in the section `around`.
fn within(around: Option<&SectionRow>, own: State) -> State {
    match (around.map_or(State::Live, |around| around.state), own) {
        (State::Draft, _) | (_, State::Draft) => State::Draft,
        (State::Scheduled, _) | (_, State::Scheduled) => State::Scheduled,
        (State::Expired, _) => State::Expired,
        (State::Live | State::Withdrawn, own) => own,
    }
}

/// Digest of what lists show of a document, except its terms and data of other documents.
fn shown(
    document: &Document,
    resolved: &dates::Resolved,
    linked: Digest,
    id: &str,
    is_pinned: bool,
    around: Option<&SectionRow>,
) -> Digest {
    let mut shown = Fingerprinter::default();
    shown.bytes(document.shown.bytes()).bytes(linked.bytes()).value(document.name.as_bytes()).value(id);
    if let Some(dates) = &resolved.dates {
        shown.bytes(&dates.published.moment.bytes()).bytes(&dates.updated.moment.bytes());
    }
    for moment in &resolved.corrections {
        shown.bytes(&moment.bytes());
    }
    shown.bytes(&[u8::from(is_pinned)]);
    if let Some(around) = around {
        shown.bytes(around.inherited.bytes());
    }
    shown.finish()
}

/// The time at which an article comes out that the ledger does not have, if its date is before the last event of the
/// ledger.
fn arrival(published: Option<Moment>, zone: Option<Tz>, terms: &Terms<'_>) -> Option<Moment> {
    let is_late = |date: &Moment| terms.last_event.is_some_and(|last| date.instant() < last);
    published
        .filter(|date| terms.advance && is_late(date))
        .map(|_| Moment::at(terms.now, zone.unwrap_or(Tz::UTC)))
}

/// The fields of `document` that every build reads.
fn listing(document: &Document, config: &Config) -> ListingFields {
    let front = &document.front;
    let taxonomy = |name: &str| {
        let at = config.taxonomies.iter().position(|rules| rules.name == name)?;
        u16::try_from(at).ok()
    };
    let of_taxonomy = front.terms.iter().filter_map(|(name, terms)| Some((taxonomy(name)?, terms)));
    ListingFields {
        terms: of_taxonomy.flat_map(|(at, terms)| terms.iter().map(move |term| (at, term.clone()))).collect(),
        pictures: document.body_summary.pictures.clone(),
        image: front.image.as_ref().map(|image| image.value.as_str().into()),
        weight: front.weight.unwrap_or(0),
        is_untitled: false,
        has_template: front.template.is_some(),
        has_files: front.addresses().len() > usize::from(front.image.is_some())
            || !front.enclosures.is_empty()
            || front.banner.is_some()
            || front.episode.is_some(),
    }
}

/// The values of `extra` that lists need of a document in the section `around`.
fn values(document: &Document, around: Option<&SectionRow>) -> Vec<(Common, Plain)> {
    let (Some(around), Some(extra)) = (around, &document.front.extra) else { return Vec::new() };
    let value = |name: &String| Some((Common::from(name.as_str()), Plain::at(extra, name)?));
    around.extras.iter().filter_map(value).collect()
}

/// The name of the source, without extension and date.
pub(super) fn bare_name(document: &Document) -> &str {
    let stem = document.stem();
    match in_path(stem) {
        Some(dated) => dated.slug,
        None => stem.rsplit('/').next().unwrap_or(stem),
    }
}

/// Most characters of a text that stand in for a title.
const STAND_IN: usize = 60;

/// The text by which lists name an article without a title: the beginning of its text, else its day.
fn stand_in(document: &Document, published: &Moment, section: &str, config: &Config) -> String {
    let front = &document.front;
    let chosen = front.summary.as_deref().or(front.standfirst.as_deref());
    let text = chosen.unwrap_or(&document.body_summary.excerpt);
    let beginning = beginning(text);
    if !beginning.is_empty() {
        return beginning;
    }
    let day = Moment::new(published.instant(), published.offset(), Precision::Day);
    let locale = config.languages[config.language_of(section)].locale;
    let written = locale.formatted(&day, config.dates.format.as_deref());
    written.unwrap_or_else(|_| day.local().date().to_string())
}

/// The beginning of `text`, at most [`STAND_IN`] characters of whole words, on one line.
fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(STAND_IN) else { return line };
    // A text without spaces is cut between any two letters.
    let end = line[..end].rfind(' ').unwrap_or(end);
    let cut =
        line[..end].trim_end_matches(|letter: char| letter.is_whitespace() || ",;:\u{2026}".contains(letter));
    format!("{cut}\u{2026}")
}

fn title(document: &mut Document, problems: &mut Vec<Problem>) -> String {
    if let Some(title) = document.front.title.take() {
        return title;
    }
    let title = readable(bare_name(document));
    let warning = ContentError::NoTitle { title: title.clone() };
    problems.push(Problem::new(warning, Place::file(document.name.clone())));
    title
}

/// A title made of a file name: `harbour-opens` becomes "Harbour opens".
pub(super) fn readable(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The form of `id` in Atom, except for the tag authority, which all have in common.
fn one_form(id: &str) -> Cow<'_, str> {
    atom_id(id, "")
}

fn one_id_each(settled: &[Box<Row>], problems: &mut Vec<Problem>) {
    let hasher = RandomState::default();
    let mut hashes: Vec<u64> = settled.par_iter().map(|one| hasher.hash_one(one_form(&one.id))).collect();
    hashes.par_sort_unstable();
    if hashes.windows(2).all(|pair| pair[0] != pair[1]) {
        return;
    }
    let mut seen: HashMap<Cow<'_, str>, &Row> = HashMap::new();
    for one in settled.iter().map(Box::as_ref) {
        let Some(other) = seen.insert(one_form(&one.id), one) else { continue };
        let (first, second) = if other.name() <= one.name() { (other, one) } else { (one, other) };
        // The published article keeps the path.
        let newcomer = first.record.is_none() && second.record.is_some();
        let (first, second) = if newcomer { (second, first) } else { (first, second) };
        let cause = IdentityError::SameId { id: one.id.to_string(), other: first.name().to_string() };
        let written = second.document.load().front.id.as_ref().map(|id| id.place.clone());
        problems.push(Problem::new(cause, written.unwrap_or_else(|| Place::file(second.name().clone()))));
    }
}
