//! The feeds of the site, and the articles in each.

use std::collections::HashSet;
use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::config::{Config, CustomFeed, FeedChoice, FeedContent, FeedFormat, Selection, within};
use crate::feed::Tombstone;
use crate::model::date::Moment;
use crate::model::url::{UrlPath, slugify};
use crate::site::identity::feed_id;
use crate::site::library::{Departed, LeafId, Library};

/// The subject of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedOf {
    /// The whole site.
    Site,
    /// A section; its index.
    Section(usize),
    /// A term; the indices of taxonomy and term.
    Term(usize, usize),
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
}

/// A part of a feed's older entries.
#[derive(Debug, Clone)]
pub struct FeedArchive {
    /// Its entries, newest first.
    pub articles: Vec<LeafId>,
    /// Its paths, in the order of the feed's formats.
    pub paths: Vec<UrlPath>,
}

/// Most episodes in the feed of a podcast. Directories know only the episodes in the feed.
const EPISODES: usize = 1000;

/// Most deleted entries that a feed reports.
const MOST_TOMBSTONES: usize = 100;

/// Plans the feeds of all sections, terms and selections with articles.
pub(super) fn plan(library: &Library, config: &Config, now: DateTime<Utc>) -> Vec<PlannedFeed> {
    let rules = &config.feeds;
    let mut feeds = Feeds { library, config, now, planned: Vec::new() };
    // The site's feed has the whole history if archives are enabled at all; other feeds only where they ask for it.
    let of_site = FeedChoice { archives: Some(rules.archives), ..FeedChoice::default() };
    let root = library.sections.first().map(|root| &root.articles);
    if let Some(articles) = root.filter(|_| rules.site) {
        let id = feed_id(&config.authority, "site", "");
        let home = UrlPath::root();
        let what = What::new(FeedOf::Site, id, &config.title, &home, articles);
        feeds.add(what, &of_site, &|_| true);
    }
    let none = FeedChoice::default();
    for (at, section) in library.sections.iter().enumerate().filter(|(_, s)| !s.settled.folder.is_empty()) {
        let own = section.settled.document.as_ref().and_then(|document| document.front.feeds.as_deref());
        let choice = own.unwrap_or(&none);
        if !choice.on.unwrap_or(rules.sections) {
            continue;
        }
        let folder = &section.settled.folder;
        let id = feed_id(&config.authority, "section", folder);
        let front = section.settled.document.as_ref().map(|document| &document.front);
        let podcast = front.is_some_and(|front| front.podcast.is_some());
        // Listeners look for a show by its own name, not by the site's.
        let title = match podcast {
            true => section.settled.title.clone(),
            false => format!("{}: {}", config.title, section.settled.title),
        };
        let what = What {
            description: front.and_then(|front| front.summary.clone()),
            ..What::new(FeedOf::Section(at), id, &title, &section.settled.path, &section.articles)
        };
        let all = FeedChoice { limit: choice.limit.or(podcast.then_some(EPISODES)), ..choice.clone() };
        feeds.add(what, &all, &|one| within(&one.section, folder));
    }
    for (at, taxonomy) in library.taxonomies.iter().enumerate() {
        let choice = &taxonomy.rules.feeds;
        if !choice.on.unwrap_or(rules.terms) {
            continue;
        }
        for (number, term) in taxonomy.terms.iter().enumerate() {
            let name = &taxonomy.rules.name;
            let id = feed_id(&config.authority, name, &term.slug);
            let title = format!("{}: {}", config.title, term.name);
            let what = What::new(FeedOf::Term(at, number), id, &title, &term.path, &term.articles);
            feeds.add(what, choice, &|one| has_term(one, name, &|slug| slug == term.slug, config));
        }
    }
    for (at, custom) in rules.custom.iter().enumerate() {
        let articles = select(library, &custom.selection, config);
        let id = feed_id(&config.authority, "custom", &custom.name);
        let what = What {
            description: custom.description.clone(),
            image: custom.image.clone(),
            names: Some(custom),
            folder: &custom.path,
            ..What::new(FeedOf::Custom(at), id, &custom.title, &custom.home, &articles)
        };
        feeds.add(what, &custom.choice, &|one| is_selected(one, &custom.selection, config));
    }
    feeds.planned
}

/// The articles of `selection`, newest first.
fn select(library: &Library, selection: &Selection, config: &Config) -> Vec<LeafId> {
    let slugs: Vec<(usize, HashSet<String>)> = selection
        .terms
        .iter()
        .filter_map(|(name, terms)| {
            let at = library.taxonomies.iter().position(|taxonomy| taxonomy.rules.name == *name)?;
            Some((at, terms.iter().map(|term| slugify(term, config.slugs)).collect()))
        })
        .collect();
    if slugs.len() < selection.terms.len() {
        return Vec::new();
    }
    let fits = |id: &LeafId| {
        let has_section = || match library.own_section(*id) {
            Some(section) => selection.has_section(&section.settled.folder),
            None => selection.has_section(&library.leaf(*id).section),
        };
        library.published_at(*id).is_some_and(|published| selection.has_time(&published) && has_section())
            && slugs.iter().all(|(at, slugs)| {
                library.term_numbers(*id).any(|(taxonomy, term)| {
                    taxonomy == *at && slugs.contains(&library.taxonomies[taxonomy].terms[term].slug)
                })
            })
    };
    library.article_ids().filter(fits).collect()
}

fn is_selected(one: &Departed, selection: &Selection, config: &Config) -> bool {
    selection.has_section(&one.section)
        && selection.has_time(&one.published)
        && selection.terms.iter().all(|(name, terms)| {
            let wanted: HashSet<String> = terms.iter().map(|term| slugify(term, config.slugs)).collect();
            has_term(one, name, &|slug| wanted.contains(slug), config)
        })
}

/// True if `one` had a term of the taxonomy `name` with a slug that is `wanted`.
fn has_term(one: &Departed, name: &str, wanted: &dyn Fn(&str) -> bool, config: &Config) -> bool {
    let own = one.terms.iter().filter(|(taxonomy, _)| **taxonomy == *name);
    own.flat_map(|(_, terms)| terms).any(|term| wanted(&slugify(term, config.slugs)))
}

/// The source of a feed.
struct What<'a> {
    of: FeedOf,
    id: String,
    title: &'a str,
    description: Option<String>,
    image: Option<String>,
    home: &'a UrlPath,
    /// The folder of its files.
    folder: &'a UrlPath,
    /// Its own file names.
    names: Option<&'a CustomFeed>,
    articles: &'a [LeafId],
}

impl<'a> What<'a> {
    fn new(of: FeedOf, id: String, title: &'a str, home: &'a UrlPath, articles: &'a [LeafId]) -> Self {
        What { of, id, title, description: None, image: None, home, folder: home, names: None, articles }
    }
}

struct Feeds<'a> {
    library: &'a Library,
    config: &'a Config,
    now: DateTime<Utc>,
    planned: Vec<PlannedFeed>,
}

impl Feeds<'_> {
    /// Adds the feed of `what`, if it has any content. `is_of` decides if an article that is no longer public was in
    /// it.
    fn add(&mut self, what: What<'_>, choice: &FeedChoice, is_of: &dyn Fn(&Departed) -> bool) {
        let (library, rules) = (self.library, &self.config.feeds);
        let limit = choice.limit.unwrap_or(rules.limit);
        let names = what.names.map_or(&rules.names, |custom| &custom.names);
        let name = |format: &FeedFormat| match format {
            FeedFormat::Rss => &names[0],
            FeedFormat::Atom => &names[1],
            FeedFormat::Json => &names[2],
        };
        let formats = choice.formats.as_ref().unwrap_or(&rules.formats);
        let formats: Vec<(FeedFormat, UrlPath)> =
            formats.iter().map(|format| (*format, what.folder.join(name(format)))).collect();
        let articles: Vec<LeafId> = what.articles.iter().take(limit).copied().collect();
        let gone: Vec<&Departed> = library.departed_from(&articles, limit, is_of).collect();
        let mut told: Vec<&Departed> =
            gone.iter().copied().filter(|one| one.end(rules.tombstone_days) > self.now).collect();
        let withdrawn: Vec<usize> =
            told.iter().filter(|one| one.is_withdrawn).filter_map(|one| library.notice_index(one)).collect();
        if formats.is_empty() || (articles.is_empty() && withdrawn.is_empty()) {
            return;
        }
        told.sort_by(|a, b| b.at.instant().cmp(&a.at.instant()).then_with(|| a.id.cmp(&b.id)));
        let tombstones = told.iter().take(MOST_TOMBSTONES);
        let tombstones = tombstones.map(|one| Tombstone { id: one.id.clone(), when: one.at }).collect();
        let last_change = library.last_change(what.articles, limit);
        let notices = withdrawn.iter().filter_map(|at| library.notices[*at].dates.as_ref());
        let changes = notices.map(|dates| dates.updated.moment).chain(last_change);
        let updated = changes.chain(gone.iter().map(|one| one.at)).max_by_key(Moment::instant);
        let archives = match choice.archives.unwrap_or(false) {
            true => {
                let names: Vec<&str> = formats.iter().map(|(format, _)| name(format).as_str()).collect();
                archives(&what, limit, rules.archive_size, &names)
            }
            false => Vec::new(),
        };
        self.planned.push(PlannedFeed {
            of: what.of,
            id: what.id,
            title: what.title.to_owned(),
            description: what.description,
            image: what.image,
            home: what.home.clone(),
            articles,
            withdrawn,
            tombstones,
            updated,
            limit,
            content: choice.content.unwrap_or(rules.content),
            formats,
            archives,
        });
    }
}

/// The archives of a feed with room for the newest `limit` of its articles.
fn archives(what: &What<'_>, limit: usize, size: usize, names: &[&str]) -> Vec<FeedArchive> {
    let older = what.articles.get(limit..).unwrap_or_default();
    parts(older.len(), size)
        .into_iter()
        .enumerate()
        .map(|(at, part)| FeedArchive {
            articles: older[part].to_vec(),
            paths: names
                .iter()
                .map(|name| what.folder.join(&format!("feed-archive/{}/{name}", at + 1)))
                .collect(),
        })
        .collect()
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
