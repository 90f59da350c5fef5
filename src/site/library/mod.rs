//! The library: everything public in its relations. It has articles in order, sections, taxonomies and their terms,
//! archives, neighbours. Withheld articles never enter it, so they can't leak from it.

mod departed;
mod described;
mod docs;
mod error;
mod fronts;
mod lists;
mod order;
mod related;
mod sections;
mod spelling;
mod terms;
mod translations;
mod years;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
pub use departed::{Departed, departed};
use described::Candidates;
pub use docs::{DocsNode, DocsPart, DocsTree, Documentation};
pub use error::LibraryError;
pub use fronts::Front;
pub use lists::NamedList;
use order::{order_sections, order_terms};
use rayon::prelude::*;
pub use sections::Section;
use sections::{fill_sections, neighbours, peopled};
use terms::TermsOf;
pub use terms::{Taxonomy, Term};
pub use translations::TranslationError;
use translations::Translations;
use years::years;
pub use years::{Month, Year};

use crate::config::Config;
use crate::model::date::Moment;
use crate::model::diagnostics::Problem;
use crate::site::identity::{Row, SectionRow, State};
use crate::site::ledger::Past;
use crate::source::Document;

/// The number of an article or page in [`Library::leaves`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafId(u32);

impl LeafId {
    /// The number of the article or page at `index` in [`Library::leaves`].
    pub fn new(index: usize) -> Self {
        LeafId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Its index in [`Library::leaves`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// All public articles and pages, in order.
#[derive(Debug)]
pub struct Library {
    /// Articles, newest first (equal instants by id), then pages, lightest first; then articles and pages that are
    /// unlisted.
    pub leaves: Vec<Box<Row>>,
    /// Number of listed articles: the first of the leaves.
    pub articles: usize,
    /// Number of listed articles and pages: the first of the leaves.
    pub listed: usize,
    /// Some listed articles are in no feed.
    pub has_unfed: bool,
    /// Sections, parents before children.
    pub sections: Vec<Section>,
    /// Taxonomies, in the order of `site.toml`, after `authors`, `topics` and `tags`; those of other languages follow in
    /// the same order.
    pub taxonomies: Vec<Taxonomy>,
    /// Years with articles, language after language, newest first.
    pub years: Vec<Year>,
    /// The lists of `site.toml`, in its order; those of other languages follow in the same order.
    pub lists: Vec<NamedList>,
    /// Sections with `layout = "docs"`.
    pub docs: Documentation,
    /// Number of taxonomies in one language.
    kinds: usize,
    /// All featured articles, in their order; equal ones are newest first.
    featured: Vec<LeafId>,
    translations: Translations,
    /// The dates of each article.
    times: Vec<Times>,
    /// Articles that are no longer public and have a notice in their place, by name.
    pub notices: Vec<Box<Row>>,
    /// Articles that are no longer public, the newest publication first.
    departed: Vec<Departed>,
    neighbours: Vec<Neighbours>,
    terms_of: TermsOf,
    /// The terms of each unlisted article that listed articles have too.
    terms_of_unlisted: TermsOf,
    /// The section of each leaf.
    section_of: Vec<Option<u32>>,
    /// All leaves, by name of the source.
    by_name: Vec<LeafId>,
}

/// The articles, or pages, before and after one in its section.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The one to read before it: the next older article, if the section has no other order.
    pub previous: Option<LeafId>,
    /// The one to read after it: the next newer article, if the section has no other order.
    pub next: Option<LeafId>,
}

/// The dates of an article. They are contiguous in memory, unlike the articles themselves.
#[derive(Debug, Clone, Copy)]
struct Times {
    published: Moment,
    updated: Moment,
    /// The last change, or the time of arrival if that was later.
    changed: Moment,
    /// The time of arrival: seconds since 1970.
    out: i64,
}

impl Times {
    /// The dates of an article; `None` for a page.
    fn of(leaf: &Row) -> Option<Times> {
        let dates = leaf.dates.as_ref()?;
        Some(Times::new(dates.published.moment, dates.updated.moment, leaf.rare.arrived))
    }

    /// Dates of an article; `arrived` is when it came out, if later than its date.
    fn new(published: Moment, updated: Moment, arrived: Option<Moment>) -> Times {
        let changed = arrived.filter(|arrived| arrived.instant() > updated.instant()).unwrap_or(updated);
        let out = arrived.unwrap_or(published).instant().timestamp();
        Times { published, updated, changed, out }
    }

    /// Sort key: articles first, newest first; then pages; then those that are unlisted.
    fn newest_first(times: Option<&Times>, is_listed: bool) -> (u8, i64) {
        match times {
            _ if !is_listed => (UNLISTED, 0),
            Some(times) => (ARTICLE, -times.published.instant().timestamp()),
            None => (PAGE, 0),
        }
    }
}

/// Most articles that are featured at a time.
const MOST_FEATURED: usize = 50;

/// The ranks of leaves in the library.
const ARTICLE: u8 = 0;
const PAGE: u8 = 1;
const UNLISTED: u8 = 2;

impl Library {
    /// Arranges the public articles among `settled`, after the earlier publications in `past`, as of `now`.
    pub fn arrange(
        settled: Vec<Box<Row>>,
        past: &Past,
        mut sections: BTreeMap<String, SectionRow>,
        config: &Config,
        now: DateTime<Utc>,
        problems: &mut Vec<Problem>,
    ) -> Library {
        lists::unknown_sections(config, &sections, problems);
        let departed = departed(&settled, &past.gone, config);
        let notices = settled.iter().filter(|one| one.has_notice).cloned().collect();
        let live: Vec<Box<Row>> = settled.into_iter().filter(|one| one.state == State::Live).collect();
        let times: Vec<Option<Times>> = live.par_iter().map(|one| Times::of(one)).collect();
        let numbered = live.into_par_iter().zip(&times).enumerate();
        let mut keyed: Vec<((u8, i64), usize, Box<Row>)> = numbered
            .map(|(number, (one, times))| (Times::newest_first(times.as_ref(), one.is_listed()), number, one))
            .collect();
        keyed.par_sort_by(|a, b| a.0.cmp(&b.0).then_with(|| order_of_equals(&a.2, &b.2)));
        let mut by_name = vec![LeafId(0); keyed.len()];
        for (at, (_, number, _)) in keyed.iter().enumerate() {
            by_name[*number] = LeafId::new(at);
        }
        let articles = keyed.partition_point(|((rank, _), ..)| *rank == ARTICLE);
        let listed = keyed.partition_point(|((rank, _), ..)| *rank < UNLISTED);
        let times: Vec<Times> =
            keyed[..articles].iter().filter_map(|(_, number, _)| times[*number]).collect();
        let leaves: Vec<Box<Row>> = keyed.into_iter().map(|(.., one)| one).collect();
        let featured = featured(&leaves[..articles]);
        let has_unfed = leaves[..articles].iter().any(|leaf| !leaf.is_in_feeds());
        let translations = Translations::of(&leaves, config, problems);
        let untranslated = translations.untranslated(&leaves, config);
        let mirrored = untranslated.folders(&leaves, config);
        let peopled = peopled(&leaves, &by_name, past, &mirrored);
        let candidates = Candidates::of(&sections, &peopled, config);
        let mut terms = || terms::collect(&leaves[..articles], &by_name, config, &candidates, problems);
        // Only sections that describe terms have to wait for these.
        let known = (!candidates.is_empty()).then(|| {
            let (mut taxonomies, terms_of) = terms();
            candidates.describe(&mut sections, &mut taxonomies);
            (taxonomies, terms_of)
        });
        let ((sections, section_of, neighbours, years), (taxonomies, terms_of)) = rayon::join(
            || {
                let ends = [articles, listed];
                let (sections, section_of) =
                    fill_sections(&leaves, &by_name, ends, &peopled, sections, config, &untranslated);
                let folder_of = |at: usize| &*leaves[at].section;
                let neighbours = neighbours(&section_of[..articles], sections.len(), folder_of);
                let also = untranslated.by_leaf();
                let shows = |id: LeafId, language: usize| {
                    !config.is_multilingual()
                        || config.language_of(folder_of(id.index())) == language
                        || also.get(&id).is_some_and(|others| others.contains(&language))
                };
                let years = years(&times, config.languages.len(), &shows);
                (sections, section_of, neighbours, years)
            },
            || known.unwrap_or_else(&mut terms),
        );
        let (mut sections, mut taxonomies, mut neighbours) = (sections, taxonomies, neighbours);
        neighbours.resize(listed, Neighbours::default());
        order_sections(&mut sections, &section_of, &leaves, &mut neighbours, problems);
        order_terms(&mut taxonomies, &leaves, problems);
        let terms_of_unlisted = terms::of_unlisted(&leaves[listed..], &taxonomies, config);
        let docs = Documentation::of(&sections, &section_of, &leaves);
        let mut library = Library {
            docs,
            leaves,
            articles,
            listed,
            has_unfed,
            sections,
            taxonomies,
            years,
            kinds: config.taxonomies.len(),
            featured,
            translations,
            times,
            notices,
            departed,
            neighbours,
            terms_of,
            terms_of_unlisted,
            section_of,
            by_name,
            lists: Vec::new(),
        };
        library.lists = lists::make(&library, config, now, problems);
        library
    }

    /// The documents that describe sections, taxonomies and terms.
    pub fn descriptions(&self) -> impl Iterator<Item = &Document> {
        let of_sections = self.sections.iter().map(|section| &section.settled.document);
        let of_terms = self.taxonomies.iter().flat_map(|taxonomy| {
            let terms = taxonomy.terms.iter().map(|term| &term.description);
            std::iter::once(&taxonomy.description).chain(terms)
        });
        of_sections.chain(of_terms).filter_map(Option::as_deref)
    }

    /// True if lists may show the article or page: it is not unlisted.
    pub fn is_listed(&self, id: LeafId) -> bool {
        id.index() < self.listed
    }

    /// The article or page with this number.
    pub fn leaf(&self, id: LeafId) -> &Row {
        &self.leaves[id.index()]
    }

    /// The numbers of all articles, newest first.
    pub fn article_ids(&self) -> impl ExactSizeIterator<Item = LeafId> + DoubleEndedIterator {
        (0..self.articles).map(LeafId::new)
    }

    /// The featured articles that the section `home` has, in their order; equal ones are newest first.
    pub fn featured(&self, home: &Section) -> impl Iterator<Item = LeafId> {
        let own = self.featured.iter().filter(|id| home.articles.binary_search(id).is_ok());
        own.copied().take(MOST_FEATURED)
    }

    /// The numbers of all articles and pages.
    pub fn leaf_ids(&self) -> impl ExactSizeIterator<Item = LeafId> {
        (0..self.leaves.len()).map(LeafId::new)
    }

    /// The numbers of all articles and pages by the names of their sources. This is their order in memory, so iterating
    /// over all of them takes half the time.
    pub fn by_name(&self) -> &[LeafId] {
        &self.by_name
    }

    /// The article or page of the source `name`.
    pub fn find(&self, name: &str) -> Option<LeafId> {
        let at = self.by_name.binary_search_by(|id| (**self.leaf(*id).name()).cmp(name)).ok()?;
        Some(self.by_name[at])
    }

    /// The neighbours of an article in its section; of a page, if its section sets `sort`.
    pub fn neighbours(&self, id: LeafId) -> Neighbours {
        self.neighbours.get(id.index()).copied().unwrap_or_default()
    }

    /// The index in `site.toml` of the taxonomy with this index, which may be in any language.
    pub fn kind_of(&self, taxonomy: usize) -> usize {
        taxonomy % self.kinds.max(1)
    }

    /// The terms of an article, as the indices of taxonomy and term, in the order in which its author
    /// wrote them.
    pub fn term_numbers(&self, id: LeafId) -> impl Iterator<Item = (usize, usize)> {
        let terms = match id.index().checked_sub(self.listed) {
            Some(unlisted) => self.terms_of_unlisted.of(unlisted).iter(),
            None => self.terms_of.of(id.index()).iter(),
        };
        terms.map(|&(taxonomy, term)| (usize::from(taxonomy), term as usize))
    }

    /// The terms of an article, as taxonomy and term, in the order in which its author wrote them.
    pub fn terms_of(&self, id: LeafId) -> impl Iterator<Item = (&Taxonomy, &Term)> {
        self.term_numbers(id).map(|(taxonomy, term)| {
            let taxonomy = &self.taxonomies[taxonomy];
            (taxonomy, &taxonomy.terms[term])
        })
    }

    /// The index of the section of an article or page.
    pub fn section_of(&self, id: LeafId) -> usize {
        self.section_of.get(id.index()).copied().flatten().map_or(0, |at| at as usize)
    }

    /// The section of an article or page; `None` if its folder is no section.
    pub fn own_section(&self, id: LeafId) -> Option<&Section> {
        self.sections.get(self.section_of.get(id.index()).copied().flatten()? as usize)
    }

    /// True if the article or page is part of a documentation.
    pub fn is_docs(&self, id: LeafId) -> bool {
        self.own_section(id).is_some_and(|section| section.settled.docs.is_docs())
    }

    /// The section whose folder is `folder`.
    pub fn section(&self, folder: &str) -> Option<&Section> {
        self.sections.get(self.section_index(folder)?)
    }

    /// The index of the section whose folder is `folder`.
    pub fn section_index(&self, folder: &str) -> Option<usize> {
        self.sections.binary_search_by(|section| (*section.settled.folder).cmp(folder)).ok()
    }

    /// Articles that are no longer public, the newest publication first.
    pub fn departed(&self) -> &[Departed] {
        &self.departed
    }

    /// Articles that left a list with room for `limit` articles. `listed` are its present articles, newest first;
    /// `is_of` decides if the list had a departed article.
    pub fn departed_from(
        &self,
        listed: &[LeafId],
        limit: usize,
        is_of: impl Fn(&Departed) -> bool,
    ) -> impl Iterator<Item = &Departed> {
        // An article older than all that are listed was on the list only if it had room.
        let oldest = listed.last().filter(|_| listed.len() >= limit);
        let oldest = oldest.and_then(|id| Some(self.published_at(*id)?.instant()));
        let recent = move |one: &Departed| oldest.is_none_or(|oldest| one.published.instant() >= oldest);
        // A withdrawal is reported regardless of age, since any reader may have kept the entry.
        self.departed.iter().filter(move |one| (one.is_withdrawn || recent(one)) && is_of(one))
    }

    /// The index of the notice that replaces `departed`.
    pub fn notice_index(&self, departed: &Departed) -> Option<usize> {
        self.notices.binary_search_by(|one| one.name().cmp(&departed.source)).ok()
    }

    /// The newest change that a list of `articles`, newest first, has shown with room for `limit`. A change of an
    /// article that was on the list at that time counts even if newer articles have pushed it out, so that the result
    /// never goes back.
    pub fn last_change(&self, articles: &[LeafId], limit: usize) -> Option<Moment> {
        let (shown, pushed_out) = articles.split_at(articles.len().min(limit));
        let mut last = self.updated(shown)?;
        for (at, id) in pushed_out.iter().enumerate().map(|(at, id)| (at + limit, id)) {
            let changed = self.times[id.index()].changed;
            if changed.instant() > last.instant() {
                // Newer articles that were out by then. If they filled the list, this change was not shown.
                let then = changed.instant().timestamp();
                let before = articles[..at].iter().filter(|other| self.times[other.index()].out <= then);
                if before.take(limit).count() < limit {
                    last = changed;
                }
            }
        }
        Some(last)
    }

    /// The newest change among `articles`. Coming out is a change.
    pub fn updated(&self, articles: &[LeafId]) -> Option<Moment> {
        let changed = articles.iter().filter_map(|id| Some(self.times.get(id.index())?.changed));
        changed.max_by_key(Moment::instant)
    }

    /// The first publication of an article; `None` for a page.
    pub fn published_at(&self, id: LeafId) -> Option<Moment> {
        Some(self.times.get(id.index())?.published)
    }

    /// The last change of an article that a reader would see; `None` for a page.
    pub fn updated_at(&self, id: LeafId) -> Option<Moment> {
        Some(self.times.get(id.index())?.updated)
    }
}

/// The featured ones of all listed articles, `leaves`, in their order; equal ones are newest first.
fn featured(leaves: &[Box<Row>]) -> Vec<LeafId> {
    let places = leaves.par_iter().enumerate();
    let places = places.filter_map(|(at, leaf)| Some((leaf.rare.featured?, LeafId::new(at))));
    let mut places: Vec<(u32, LeafId)> = places.collect();
    places.sort_unstable();
    places.into_iter().map(|(_, id)| id).collect()
}

/// Order of articles with one instant: by id. Order of pages: by section, weight and name.
fn order_of_equals(a: &Row, b: &Row) -> Ordering {
    if a.dates.is_some() {
        return a.id.cmp(&b.id);
    }
    fn key(leaf: &Row) -> impl Ord + use<'_> {
        (&leaf.section, leaf.listing.weight, leaf.name())
    }
    key(a).cmp(&key(b))
}
