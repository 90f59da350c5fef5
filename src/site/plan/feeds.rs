//! The feeds of the site, and the articles in each.

use std::collections::HashSet;
use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::definitions::{Definition, apart, definitions};
use super::subscriptions::{FeedEvent, FormerPath, Ids, emptied, former, leading, matching, named, records};
use crate::config::{Config, CustomFeed, FeedContent, FeedFormat, within};
use crate::feed::{Tombstone, atom_id};
use crate::model::date::Moment;
use crate::model::url::{UrlPath, slugify_term};
use crate::site::ledger::{FeedRecord, Past};
use crate::site::library::{Departed, LeafId, Library};

/// The subject of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedOf {
    /// The whole site in a language; its number.
    Site(usize),
    /// A section; its index.
    Section(usize),
    /// A term; the indices of taxonomy and term.
    Term(usize, usize),
    /// A term that had articles; the index of the taxonomy.
    PastTerm(usize),
    /// The selection of a `[[feeds.custom]]`; its index there.
    Custom(usize),
}

/// A feed, in all its formats.
#[derive(Debug, Clone)]
pub struct PlannedFeed {
    /// Its subject.
    pub of: FeedOf,
    /// Its lasting id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its description, where it differs from the site's.
    pub description: Option<String>,
    /// The path or URL of its picture, where it differs from the site's.
    pub image: Option<String>,
    /// Its language, where it may differ from the site's.
    pub language: Option<String>,
    /// The number of the language in which it is rendered.
    pub edition: usize,
    /// The page whose articles it has.
    pub home: UrlPath,
    /// Its entries, newest first.
    pub articles: Vec<LeafId>,
    /// Withdrawn articles, as indices into the library's notices: their entries report the withdrawal.
    pub withdrawn: Vec<usize>,
    /// Entries that are gone, which the feed reports as deleted.
    pub tombstones: Vec<Tombstone>,
    /// Its newest change: an entry changed, or left.
    pub updated: Option<Moment>,
    /// Number of articles that it has room for.
    pub limit: usize,
    /// The part of each article that it carries.
    pub content: FeedContent,
    /// Its formats, with the path of each.
    pub formats: Vec<(FeedFormat, UrlPath)>,
    /// Its older entries, numbered from the oldest (RFC 5005, section 4).
    pub archives: Vec<FeedArchive>,
    /// Its earlier paths.
    pub former: Vec<FormerPath>,
    /// Paths of earlier days that the publisher names.
    pub aliases: Vec<FormerPath>,
    /// Its line in the ledger after this build.
    pub record: FeedRecord,
}

/// A part of a feed's older entries.
#[derive(Debug, Clone)]
pub struct FeedArchive {
    /// Its entries, newest first.
    pub articles: Vec<LeafId>,
    /// Its language, where it may differ from the site's.
    pub language: Option<String>,
    /// Its paths, in the order of the feed's formats.
    pub paths: Vec<UrlPath>,
}

/// Most deleted entries that a feed reports.
const MOST_TOMBSTONES: usize = 100;

/// Most entries whose languages are compared.
const COMPARED: usize = 200;

/// The feeds of a site.
#[derive(Debug, Default)]
pub(super) struct FeedPlan {
    pub feeds: Vec<PlannedFeed>,
    /// The feeds of the ledger after this build.
    pub records: Vec<FeedRecord>,
    pub events: Vec<FeedEvent>,
}

/// Plans the feeds of all sections, terms and selections that have articles, or had some.
pub(super) fn plan(library: &Library, config: &Config, past: &Past, now: DateTime<Utc>) -> FeedPlan {
    let mut definitions = definitions(library, config, past);
    definitions.retain(|one| !one.formats.is_empty());
    let found = matching(&definitions, past, config);
    let mut feeds = Feeds { library, config, past, now, ids: Ids::of(past) };
    let planned =
        definitions.iter().zip(&found).filter_map(|(one, at)| Some((feeds.planned(one, *at)?, *at)));
    let (planned, found): (Vec<PlannedFeed>, Vec<Option<usize>>) = planned.unzip();
    let (records, events) = records(&planned, &found, past, Moment::at(now, zone(config)));
    FeedPlan { feeds: planned, records, events }
}

fn zone(config: &Config) -> Tz {
    config.timezone.unwrap_or(Tz::UTC)
}

fn is_selected(one: &Departed, custom: &CustomFeed, config: &Config) -> bool {
    let selection = &custom.selection;
    custom.has_language(config.language_of(&one.section), config)
        && selection.has_section(config.without_language(&one.section))
        && selection.has_time(&one.published)
        && selection.terms.iter().all(|(name, terms)| {
            let wanted: HashSet<String> = terms.iter().map(|term| slugify_term(term, config.slugs)).collect();
            has_term(one, name, &|slug| wanted.contains(slug), config)
        })
}

/// True if `one` had a term of the taxonomy `name` with a slug that is `wanted`.
fn has_term(one: &Departed, name: &str, wanted: &dyn Fn(&str) -> bool, config: &Config) -> bool {
    let own = one.terms.iter().filter(|(taxonomy, _)| **taxonomy == *name);
    own.flat_map(|(_, terms)| terms).any(|term| wanted(&slugify_term(term, config.slugs)))
}

struct Feeds<'a> {
    library: &'a Library,
    config: &'a Config,
    past: &'a Past,
    now: DateTime<Utc>,
    ids: Ids<'a>,
}

impl Feeds<'_> {
    /// Plans the feed `one`, whose record in the ledger has this index, if it has any content or was public.
    fn planned(&mut self, one: &Definition<'_>, record: Option<usize>) -> Option<PlannedFeed> {
        let (library, rules, past) = (self.library, &self.config.feeds, self.past);
        let limit = one.choice.limit.unwrap_or(rules.limit);
        let articles: Vec<LeafId> = one.articles.iter().take(limit).copied().collect();
        let is_of = |departed: &Departed| self.had(one, departed);
        let gone: Vec<&Departed> = library.departed_from(&articles, limit, is_of).collect();
        let mut told: Vec<&Departed> =
            gone.iter().copied().filter(|one| one.end(rules.tombstone_days) > self.now).collect();
        let withdrawn: Vec<usize> =
            told.iter().filter(|one| one.is_withdrawn).filter_map(|one| library.notice_index(one)).collect();
        let old = record.and_then(|at| past.feeds.get(at));
        let is_empty = articles.is_empty() && withdrawn.is_empty();
        if is_empty && old.is_none() && gone.is_empty() {
            return None;
        }
        told.sort_by(|a, b| b.at.instant().cmp(&a.at.instant()).then_with(|| a.id.cmp(&b.id)));
        let tombstones = told.iter().take(MOST_TOMBSTONES);
        let tombstones = tombstones.map(|one| Tombstone {
            id: atom_id(&one.id, &authority(past, self.config)).into_owned(),
            when: one.at,
        });
        let tombstones = tombstones.collect();
        let last_change = library.last_change(&one.articles, limit);
        let notices = withdrawn.iter().filter_map(|at| library.notices[*at].dates.as_ref());
        let changes = notices.map(|dates| dates.updated.moment).chain(last_change);
        let left = gone.iter().map(|one| one.at).chain(old.and_then(|old| old.emptied));
        let change = changes.chain(left).max_by_key(Moment::instant);
        let emptied = is_empty.then(|| match old.and_then(|old| old.emptied) {
            Some(at) => at,
            None => emptied(change, past, self.now, self.config.timezone),
        });
        let record = FeedRecord {
            feed: one.subject.clone(),
            id: self.ids.id(one, record, past, self.config),
            title: one.name.to_owned(),
            home: one.home.as_str().to_owned(),
            paths: one
                .formats
                .iter()
                .map(|(format, path)| (format.key().to_owned(), path.as_str().to_owned()))
                .collect(),
            former: old.map(|old| former(old, &one.formats, &one.home)).unwrap_or_default(),
            selection: one.selection,
            emptied,
            gone: None,
        };
        let archives = match one.choice.archives.unwrap_or(false) {
            true => self.archives(one, limit),
            false => Vec::new(),
        };
        Some(PlannedFeed {
            of: one.of,
            id: record.id.clone(),
            title: one.title.clone(),
            description: one.description.clone(),
            image: one.image.clone(),
            language: self.language(one, &articles),
            edition: one.edition,
            home: one.home.clone(),
            articles,
            withdrawn,
            tombstones,
            updated: change.into_iter().chain(emptied).max_by_key(Moment::instant),
            limit,
            content: one.choice.content.unwrap_or(rules.content),
            former: leading(&record.former, &one.formats),
            aliases: named(&one.choice.aliases, &one.formats),
            formats: one.formats.clone(),
            archives,
            record,
        })
    }

    /// True if `departed`, which is no longer public, was in the feed `one`.
    fn had(&self, one: &Definition<'_>, departed: &Departed) -> bool {
        let (kind, what) = &one.minted_of;
        match one.of {
            FeedOf::Site(language) => {
                let is_apart = || apart(self.library).iter().any(|folder| within(&departed.section, folder));
                self.config.language_of(&departed.section) == language && !is_apart()
            }
            FeedOf::Section(_) => within(&departed.section, what),
            FeedOf::Term(..) | FeedOf::PastTerm(_) => {
                let slug = what.rsplit('/').next().unwrap_or(what);
                self.config.language_of(&departed.section) == one.edition
                    && has_term(departed, kind, &|own| own == slug, self.config)
            }
            FeedOf::Custom(at) => {
                let custom = self.config.feeds.custom.get(at);
                custom.is_some_and(|custom| is_selected(departed, custom, self.config))
            }
        }
    }

    /// The language of the feed `one` with these `articles`: its own, or the one that all of them share.
    fn language(&self, one: &Definition<'_>, articles: &[LeafId]) -> Option<String> {
        let shared = || {
            let language = |id: &LeafId| self.library.leaf(*id).rare.lang.as_deref();
            let first = language(articles.first()?)?;
            let all = articles.iter().take(COMPARED).all(|id| language(id) == Some(first));
            all.then(|| first.to_owned())
        };
        one.language.clone().or_else(shared)
    }

    /// The archives of the feed `one` with room for the newest `limit` of its articles.
    fn archives(&self, one: &Definition<'_>, limit: usize) -> Vec<FeedArchive> {
        let older = one.articles.get(limit..).unwrap_or_default();
        let path = |at: usize, format: FeedFormat| {
            one.folder.join(&format!("feed-archive/{}/{}", at + 1, one.file_name(format, self.config)))
        };
        let parts = parts(older.len(), self.config.feeds.archive_size).into_iter().enumerate();
        let archive = |(at, part): (usize, Range<usize>)| FeedArchive {
            language: self.language(one, &older[part.clone()]),
            articles: older[part].to_vec(),
            paths: one.formats.iter().map(|(format, _)| path(at, *format)).collect(),
        };
        parts.map(archive).collect()
    }
}

/// The tag authority of ids in Atom that are made of other ids: that of the first publication.
pub(super) fn authority(past: &Past, config: &Config) -> String {
    past.authority.clone().unwrap_or_else(|| format!("{},{}", config.authority.name, config.authority.since))
}

/// Cuts `total` articles, newest first, into archives of `size`, the oldest first. The newest archive grows to nearly
/// twice that size. Once it would reach it, half of its articles begin the next archive. So an archive has its
/// successor from the moment at which it is full, and never changes again.
fn parts(total: usize, size: usize) -> Vec<Range<usize>> {
    let count = if total == 0 { 0 } else { (total / size).max(1) };
    (1..=count)
        .map(|number| {
            let newest = if number == count { 0 } else { total - number * size };
            newest..total - (number - 1) * size
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_numbered_from_the_oldest() {
        assert!(parts(0, 10).is_empty());
        assert_eq!(parts(19, 10), vec![0..19; 1]);
        assert_eq!(parts(20, 10), [10..20, 0..10]);
        assert_eq!(parts(39, 10), [29..39, 19..29, 0..19]);
    }

    proptest::proptest! {
        #[test]
        fn each_entry_is_in_one_archive_and_a_full_one_never_changes(total in 0..300usize, size in 1..20usize) {
            let now = parts(total, size);
            // From the oldest on, without a gap.
            let mut end = total;
            for part in &now {
                proptest::prop_assert_eq!(part.end, end);
                end = part.start;
            }
            proptest::prop_assert_eq!(end, 0);
            // Counted from the oldest, all archives but the newest are unchanged after one more article.
            let aged = |parts: &[Range<usize>], total: usize| -> Vec<Range<usize>> {
                parts.iter().map(|part| total - part.end..total - part.start).collect()
            };
            let then = aged(&parts(total + 1, size), total + 1);
            let full = now.len().saturating_sub(1);
            proptest::prop_assert_eq!(&aged(&now, total)[..full], &then[..full]);
            // At most the newest archive changes and one is new.
            proptest::prop_assert!(then.len() <= now.len() + 1);
        }
    }
}
