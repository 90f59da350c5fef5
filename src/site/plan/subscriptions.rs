//! Feeds from one publication to the next: which feed of the ledger each feed of this build is, where it was before, and
//! which feeds end.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::definitions::Definition;
use super::{FeedOf, PlannedFeed};
use crate::config::{Config, FeedFormat};
use crate::model::date::Moment;
use crate::model::url::UrlPath;
use crate::site::identity::feed_id;
use crate::site::ledger::{FeedRecord, PAGE, Past};

/// A change of a feed that its subscribers notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedEvent {
    /// It has other addresses; the old ones lead there.
    Moved {
        /// The old and the new path of each format.
        paths: Vec<(String, String)>,
    },
    /// It has lost its last entry, and stays without one.
    Emptied {
        /// One of its paths.
        path: String,
    },
    /// It is gone, and its addresses lead nowhere.
    Ended {
        /// Its paths.
        paths: Vec<String>,
    },
}

/// An earlier path of a feed, or one that the publisher names.
#[derive(Debug, Clone)]
pub struct FormerPath {
    /// The path.
    pub path: UrlPath,
    /// The format that it leads to, as an index into the feed's formats; `None` for the page with the same articles.
    pub format: Option<usize>,
}

/// Finds the record of each of `definitions` in `past`: by subject, by the id that the publisher gives, by the articles
/// of a section, by address, by the selection of a custom feed, by the name of a term or of its taxonomy.
pub(super) fn matching(definitions: &[Definition<'_>], past: &Past, config: &Config) -> Vec<Option<usize>> {
    let mut matching = Matching { found: vec![None; definitions.len()], used: vec![false; past.feeds.len()] };
    matching.by_subject(definitions, past);
    matching.each(definitions, past, |one, record| one.choice.id.as_ref() == Some(&record.id));
    let successors = successors(&past.moves);
    let lasting = |record: &FeedRecord| record.gone.is_none();
    matching.each(definitions, past, |one, record| {
        let folders = one.subject.strip_prefix("section/").zip(record.feed.strip_prefix("section/"));
        lasting(record) && folders.is_some_and(|(new, old)| successors.get(old) == Some(&new))
    });
    matching.each(definitions, past, |one, record| {
        let is_there = |path: &UrlPath| record.paths.values().any(|old| old == path.as_str());
        lasting(record) && one.formats.iter().any(|(_, path)| is_there(path))
    });
    matching.each(definitions, past, |one, record| {
        lasting(record) && one.selection.is_some() && one.selection == record.selection
    });
    matching
        .each(definitions, past, |one, record| lasting(record) && is_term_again(one, record, past, config));
    matching.found
}

/// True if `one` is the feed of the term in `record`: of the same name, whose slug is another now; or of the same slug, in a
/// new taxonomy that has come in the place of one that is no more.
fn is_term_again(one: &Definition<'_>, record: &FeedRecord, past: &Past, config: &Config) -> bool {
    let Some((taxonomy, what)) = term_of(record) else { return false };
    let (own, own_what) = &one.minted_of;
    let is_new = || !past.feeds.iter().any(|other| term_of(other).is_some_and(|(name, _)| name == *own));
    let is_renamed =
        || own_what == what && config.taxonomies.iter().all(|rules| rules.name != taxonomy) && is_new();
    // In other languages than the site's own, the slug comes after the key of the language.
    let language = |what: &str| what.rsplit_once('/').map(|(language, _)| language.to_owned());
    let has_name = || record.title == one.name && language(what) == language(own_what);
    matches!(one.of, FeedOf::Term(..)) && if taxonomy == *own { has_name() } else { is_renamed() }
}

/// The taxonomy and the term in it that `record` is about.
fn term_of(record: &FeedRecord) -> Option<(&str, &str)> {
    record.feed.strip_prefix("term/")?.split_once('/')
}

struct Matching {
    found: Vec<Option<usize>>,
    used: Vec<bool>,
}

impl Matching {
    /// Matches definitions with the records of their subjects, by which those are sorted.
    fn by_subject(&mut self, definitions: &[Definition<'_>], past: &Past) {
        for (at, one) in definitions.iter().enumerate() {
            let found = past.feeds.binary_search_by(|record| record.feed.as_str().cmp(&one.subject));
            if let Some(record) = found.ok().filter(|record| !self.used[*record]) {
                self.found[at] = Some(record);
                self.used[record] = true;
            }
        }
    }

    /// Matches every open definition with the first open record that it `is`.
    fn each(
        &mut self,
        definitions: &[Definition<'_>],
        past: &Past,
        is: impl Fn(&Definition<'_>, &FeedRecord) -> bool,
    ) {
        if self.used.iter().all(|used| *used) {
            return;
        }
        for (at, one) in
            definitions.iter().enumerate().filter(|(at, _)| self.found[*at].is_none()).collect::<Vec<_>>()
        {
            let mut open = past.feeds.iter().enumerate().filter(|(record, _)| !self.used[*record]);
            if let Some((record, _)) = open.find(|(_, record)| is(one, record)) {
                self.found[at] = Some(record);
                self.used[record] = true;
            }
        }
    }
}

/// The section that most articles of each section are in now. An article that has moved with the folders around its own
/// counts for each of them.
fn successors(moves: &[(String, String)]) -> HashMap<&str, &str> {
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (old, new) in moves {
        let (mut old, mut new) = (old.as_str(), new.as_str());
        while !old.is_empty() && !new.is_empty() && old != new {
            *counts.entry(old).or_default().entry(new).or_default() += 1;
            match (old.rsplit_once('/'), new.rsplit_once('/')) {
                (Some((around_old, name)), Some((around_new, other))) if name == other => {
                    (old, new) = (around_old, around_new);
                }
                _ => break,
            }
        }
    }
    counts.into_iter().filter_map(|(old, found)| Some((old, most(&found)?))).collect()
}

/// The section with more than half of all `counts`.
fn most<'a>(counts: &BTreeMap<&'a str, usize>) -> Option<&'a str> {
    let total: usize = counts.values().sum();
    counts.iter().find(|(_, count)| 2 * **count > total).map(|(section, _)| *section)
}

/// The ids of feeds, each used once.
pub(super) struct Ids<'a> {
    recorded: HashMap<&'a str, usize>,
    used: HashSet<String>,
}

impl<'a> Ids<'a> {
    /// The ids in `past`.
    pub fn of(past: &'a Past) -> Ids<'a> {
        let recorded = past.feeds.iter().enumerate().map(|(at, feed)| (feed.id.as_str(), at));
        Ids { recorded: recorded.collect(), used: HashSet::new() }
    }

    /// The id of the feed `definition`, whose record has this index: the publisher's, the recorded one, or a new one.
    pub fn id(
        &mut self,
        definition: &Definition<'_>,
        record: Option<usize>,
        past: &Past,
        config: &Config,
    ) -> String {
        let recorded = record.and_then(|at| past.feeds.get(at)).map(|feed| feed.id.clone());
        let (kind, what) = &definition.minted_of;
        let minted = || {
            let id = feed_id(&config.authority, kind, what);
            let is_free = |id: &String| !self.recorded.contains_key(id.as_str()) && !self.used.contains(id);
            let numbered = (2..u32::MAX).map(|number| format!("{id};{number}"));
            std::iter::once(id.clone()).chain(numbered).find(is_free).unwrap_or_else(|| id.clone())
        };
        let id = definition.choice.id.clone().or(recorded).unwrap_or_else(minted);
        self.used.insert(id.clone());
        id
    }
}

/// The time at which a feed lost its last entry: `change`, the newest one known, if that is news; else now, or the last
/// event if nothing may be dated now. A feed does not say which article moved elsewhere.
pub(super) fn emptied(change: Option<Moment>, past: &Past, now: DateTime<Utc>, zone: Option<Tz>) -> Moment {
    let is_news = |change: &Moment| past.last_event.is_none_or(|last| change.instant() > last);
    let instant = match past.advances {
        true => now,
        false => past.last_event.unwrap_or(now),
    };
    change.filter(is_news).unwrap_or_else(|| Moment::at(instant, zone.unwrap_or(Tz::UTC)))
}

/// The earlier paths of a feed with `formats` at `home`, after its `record`: those it had then, and those it has left
/// since.
pub(super) fn former(
    record: &FeedRecord,
    formats: &[(FeedFormat, UrlPath)],
    home: &UrlPath,
) -> BTreeMap<String, String> {
    let mut former = record.former.clone();
    former.extend(record.paths.iter().map(|(format, path)| (path.clone(), format.clone())));
    former.insert(record.home.clone(), PAGE.to_owned());
    former.retain(|path, _| path != home.as_str() && formats.iter().all(|(_, own)| path != own.as_str()));
    former
}

/// The paths in `former`, each with the format that it leads to.
pub(super) fn leading(
    former: &BTreeMap<String, String>,
    formats: &[(FeedFormat, UrlPath)],
) -> Vec<FormerPath> {
    let index = |key: &str| formats.iter().position(|(format, _)| format.key() == key).unwrap_or(0);
    let path = |(path, format): (&String, &String)| {
        let format = (format != PAGE).then(|| index(format));
        Some(FormerPath { path: UrlPath::parse(path).ok()?, format })
    };
    former.iter().filter_map(path).collect()
}

/// The paths that the publisher names, each with the format that its name tells of: else the first.
pub(super) fn named(aliases: &[UrlPath], formats: &[(FeedFormat, UrlPath)]) -> Vec<FormerPath> {
    let path = |path: &UrlPath| {
        let name = path.as_str().to_ascii_lowercase();
        let is_of = |(format, _): &(FeedFormat, UrlPath)| name.contains(format.key());
        FormerPath { path: path.clone(), format: Some(formats.iter().position(is_of).unwrap_or(0)) }
    };
    aliases.iter().filter(|path| formats.iter().all(|(_, own)| own != *path)).map(path).collect()
}

/// The feeds of the ledger after this build with the `planned` feeds, whose records have the indices `found`; and the
/// changes that subscribers notice.
pub(super) fn records(
    planned: &[PlannedFeed],
    found: &[Option<usize>],
    past: &Past,
    now: Moment,
) -> (Vec<FeedRecord>, Vec<FeedEvent>) {
    let (mut records, mut events) = (Vec::new(), Vec::new());
    let mut used = vec![false; past.feeds.len()];
    for (feed, at) in planned.iter().zip(found) {
        let old = at.and_then(|at| past.feeds.get(at));
        if let Some(at) = at {
            used[*at] = true;
        }
        if let Some(old) = old.filter(|old| old.gone.is_none()) {
            events.extend(news(feed, old));
        }
        records.push(feed.record.clone());
    }
    for (record, _) in past.feeds.iter().zip(used).filter(|(_, used)| !used) {
        if record.gone.is_none() {
            events.push(FeedEvent::Ended { paths: record.paths.values().cloned().collect() });
        }
        // A feed of that subject that begins again has the same id.
        records.push(FeedRecord { gone: record.gone.or(Some(now)), ..record.clone() });
    }
    records.sort_by(|a, b| a.feed.cmp(&b.feed));
    records.dedup_by(|a, b| a.feed == b.feed);
    (records, events)
}

/// The changes of `feed` since its `old` record.
fn news(feed: &PlannedFeed, old: &FeedRecord) -> Vec<FeedEvent> {
    let new = &feed.record;
    let first = || new.paths.values().next().cloned().unwrap_or_default();
    let moved = old.paths.iter().filter(|(_, path)| !new.paths.values().any(|own| own == *path));
    let moved =
        moved.map(|(format, from)| (from.clone(), new.paths.get(format).cloned().unwrap_or_else(first)));
    let paths: Vec<(String, String)> = moved.collect();
    let mut news = Vec::new();
    if !paths.is_empty() {
        news.push(FeedEvent::Moved { paths });
    }
    if new.emptied.is_some() && old.emptied.is_none() {
        news.push(FeedEvent::Emptied { path: first() });
    }
    news
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
    }

    #[test]
    fn a_section_is_where_most_of_its_articles_are() {
        let moves = pairs(&[("news", "nachrichten"), ("news", "nachrichten"), ("news", "other")]);
        assert_eq!(successors(&moves), HashMap::from([("news", "nachrichten")]));
        // Half is not most.
        assert_eq!(successors(&pairs(&[("a", "b"), ("a", "c")])), HashMap::new());
        // The folders around move with it.
        let moves = pairs(&[("x/news/local", "x/nachrichten/local")]);
        let expected = HashMap::from([("x/news/local", "x/nachrichten/local"), ("x/news", "x/nachrichten")]);
        assert_eq!(successors(&moves), expected);
        assert_eq!(successors(&pairs(&[("news", "")])), HashMap::new());
    }
}
