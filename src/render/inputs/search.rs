//! Parts of the index of the search as inputs of documents.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::Datelike;
use rayon::prelude::*;
use serde::Serialize;

use super::{Digested, Site};
use crate::language::search::{FACET, unpack};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Fingerprinter};
use crate::render::Renderer;
use crate::render::search::{Field, Shards, Terms};
use crate::render::template::views;
use crate::site::library::LeafId;
use crate::site::plan::{SearchIndex, SearchTier};
use crate::source::ContentError;

/// The digest of each part of each language's index.
pub(super) type SearchDigests = Vec<Vec<Digest>>;

impl Renderer<'_> {
    /// The digests of the parts of all indices; `cards` has those of articles.
    pub(super) fn search_digests(&self, cards: &(dyn Fn(LeafId) -> Digest + Sync)) -> SearchDigests {
        let of_index = |index: &SearchIndex| {
            let tiers = (0..index.tiers.len()).into_par_iter();
            tiers.map(|at| self.digest_of(index.of_tier(at), cards)).collect()
        };
        self.plan.search.iter().map(of_index).collect()
    }

    fn digest_of(&self, articles: &[(u64, LeafId)], cards: &(dyn Fn(LeafId) -> Digest + Sync)) -> Digest {
        let mut print = Fingerprinter::default();
        for (number, id) in articles {
            let leaf = self.library.leaf(*id);
            print.bytes(&number.to_le_bytes()).bytes(cards(*id).bytes()).bytes(leaf.document.digest.bytes());
            print.value(&*leaf.section);
        }
        print.finish()
    }

    /// The index of the language that this renders.
    fn search_index(&self) -> Option<&SearchIndex> {
        self.plan.search.get(self.config.edition)
    }

    /// Adds the terms of an article, those of its weightiest parts first.
    fn add_terms(&self, number: u64, id: LeafId, terms: &mut Terms) -> Result<(), Problem> {
        let leaf = self.library.leaf(id);
        terms.add_text(number, Field::Title, &leaf.title);
        self.add_facets(id, &mut |facet| terms.add(number, Field::Title, facet));
        leaf.document.pass(&mut |document| {
            let front = &document.front;
            for text in [&front.standfirst, &front.summary].into_iter().flatten() {
                terms.add_text(number, Field::Lead, text);
            }
            if let Some(kicker) = &front.kicker {
                terms.add_text(number, Field::Terms, kicker);
            }
            for (_, term) in self.library.terms_of(id) {
                terms.add_text(number, Field::Terms, &term.name);
            }
            if let Some(section) = self.library.own_section(id).filter(|one| !one.settled.folder.is_empty()) {
                terms.add_text(number, Field::Terms, &section.settled.title);
            }
        });
        let packed = leaf.document.searched().read().map_err(|error| {
            let reason = error.to_string();
            Problem::new(ContentError::Unreadable { reason }, Place::file(leaf.name().clone()))
        })?;
        unpack(&packed, &mut |term, is_heading| {
            terms.add(number, if is_heading { Field::Terms } else { Field::Text }, term);
        });
        Ok(())
    }

    /// Passes on the terms by which readers choose among articles: sections and authors.
    fn add_facets(&self, id: LeafId, add: &mut dyn FnMut(&str)) {
        for (folder, _) in self.sections_around(id) {
            add(&format!("{FACET}s{folder}"));
        }
        for (slug, _) in self.authors_of(id) {
            add(&format!("{FACET}a{slug}"));
        }
    }

    /// The sections that an article is in, with their titles, the outermost last.
    fn sections_around(&self, id: LeafId) -> impl Iterator<Item = (&str, &str)> {
        let sections = &self.library.sections;
        let own = Some(self.library.section_of(id));
        let around = std::iter::successors(own, |at| sections.get(*at)?.parent);
        let home = self.config.folder_of_language(self.config.edition);
        let around = around.filter_map(|at| sections.get(at)).map(|section| &section.settled);
        let around = around.filter(move |settled| !settled.folder.is_empty() && *settled.folder != *home);
        around.map(|settled| (&*settled.folder, &*settled.title))
    }

    fn authors_of(&self, id: LeafId) -> impl Iterator<Item = (&str, &str)> {
        let terms = self.library.terms_of(id).filter(|(taxonomy, _)| taxonomy.rules.name == "authors");
        terms.map(|(_, term)| (term.slug.as_str(), term.name.as_str()))
    }
}

impl Site<'_> {
    /// The terms in the files `files` of the part `tier` of the index in the language number `language`.
    ///
    /// # Errors
    /// The terms of a text can't be read.
    pub fn shards(self, language: usize, tier: usize, files: Range<usize>) -> Result<Shards, Problem> {
        let all = self.in_language(language).all;
        let index = all.search_index();
        let articles = index.map_or(&[][..], |index| index.of_tier(tier));
        let tier = index.and_then(|index| index.tiers.get(tier));
        let (count, head) = tier.map_or((1, 1), |tier| (tier.shards, tier.head));
        let share = articles.len().div_ceil(rayon::current_num_threads().max(1)).max(1);
        let pieces = articles.par_chunks(share).map(|articles| {
            let mut terms = Terms::of(files.clone(), count, head);
            for (number, id) in articles {
                all.add_terms(*number, *id, &mut terms)?;
            }
            Ok::<_, Problem>(terms)
        });
        Ok(Shards::of(pieces.collect::<Result<_, _>>()?, articles.len()))
    }
}

/// A file of a part of the index.
#[derive(Clone, Copy)]
pub struct SearchShard<'a> {
    site: Site<'a>,
    tier: usize,
    shard: usize,
}

impl<'a> SearchShard<'a> {
    /// The file number `shard` of the part `tier`.
    pub(in crate::render) fn of(site: Site<'a>, tier: usize, shard: usize) -> Self {
        SearchShard { site, tier, shard }
    }

    /// Its number among the files of the part.
    pub fn number(&self) -> usize {
        self.shard
    }
}

impl Digested for SearchShard<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        let all = self.site.all;
        print.bytes(self.site.digests.search(all.config.edition, self.tier).bytes());
        let tier = all.search_index().and_then(|index| index.tiers.get(self.tier));
        tier.map_or((0, 0), |tier| (tier.shards, tier.head)).add_to(print);
        self.shard.add_to(print);
    }
}

/// The cards of some articles, as results show them.
#[derive(Clone, Copy)]
pub struct SearchCards<'a> {
    site: Site<'a>,
    chunk: usize,
}

/// An article as a result. Values that it does not have are left out.
#[derive(Serialize)]
pub struct FoundArticle {
    /// Its number.
    #[serde(skip)]
    pub number: u64,
    /// Its authors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Its day, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Its day, for machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// Its language, if it is not the site's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The title of its section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Its summary.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Its title.
    pub title: String,
    /// Its address, from the server's root.
    pub url: String,
}

impl<'a> SearchCards<'a> {
    /// The cards in the file number `chunk`.
    pub(in crate::render) fn of(site: Site<'a>, chunk: usize) -> Self {
        SearchCards { site, chunk }
    }

    fn articles(&self) -> impl Iterator<Item = (u64, LeafId)> {
        let index = self.site.all.search_index();
        let of_index = |index: &'a SearchIndex| {
            let cards = index.cards.get(&self.chunk).into_iter().flatten();
            cards.filter_map(|at| index.articles.get(*at).copied())
        };
        index.into_iter().flat_map(of_index)
    }

    /// The articles.
    pub fn iter(&self) -> impl Iterator<Item = FoundArticle> {
        let all = self.site.all;
        self.articles().map(|(number, id)| {
            let leaf = all.library.leaf(id);
            let lang = leaf.rare.lang.as_deref().map(str::to_owned);
            let lang = lang.filter(|lang| *lang != all.config.language);
            let spoken = self.site.settings().spoken_in(lang.as_deref());
            let (day, date) = leaf.dates.as_ref().map_or((None, None), |dates| {
                let day = dates.published.moment.local().date();
                let format = all.config.dates.format.as_deref().unwrap_or("long");
                (Some(day.to_string()), Some(spoken.locale().day(day, format)))
            });
            FoundArticle {
                number,
                authors: all.authors_of(id).map(|(_, name)| name.to_owned()).collect(),
                date,
                day,
                lang,
                section: all.sections_around(id).next().map(|(_, title)| title.to_owned()),
                summary: views::summary(leaf),
                title: leaf.title.to_string(),
                url: all.config.base_url.root_relative(&leaf.path),
            }
        })
    }
}

impl Digested for SearchCards<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        for (number, id) in self.articles() {
            print.bytes(&number.to_le_bytes()).bytes(self.site.digests.card(id).bytes());
        }
    }
}

/// The index as a whole.
#[derive(Clone, Copy)]
pub struct SearchParts<'a> {
    site: Site<'a>,
}

/// The most authors among whom a reader chooses from a list.
const MOST_AUTHORS: usize = 300;

/// Values among which readers choose, each with its name for people, in the order of the names.
pub type Choices<'a> = Vec<(&'a str, &'a str)>;

impl<'a> SearchParts<'a> {
    /// The index of the language of `site`.
    pub(in crate::render) fn of(site: Site<'a>) -> Self {
        SearchParts { site }
    }

    /// The index; `None` without a search.
    pub fn index(&self) -> Option<&'a SearchIndex> {
        self.site.all.search_index()
    }

    /// The parts, each with the mark of its version.
    pub fn tiers(&self) -> impl Iterator<Item = (&'a SearchTier, String)> {
        let tiers = self.index().into_iter().flat_map(|index| index.tiers.iter().enumerate());
        tiers.map(|(at, tier)| (tier, self.version(Some(at))))
    }

    /// The mark of the version of a part, or of all cards.
    pub fn version(&self, tier: Option<usize>) -> String {
        let (all, mut print) = (self.site.all, Fingerprinter::default());
        print.bytes(all.environment.bytes());
        let parts = self.index().map_or(0, |index| index.tiers.len());
        let parts = tier.map_or(0..parts, |at| at..at + 1);
        parts.for_each(|at| {
            print.bytes(self.site.digests.search(all.config.edition, at).bytes());
        });
        print.finish().to_string().split_at(8).0.to_owned()
    }

    /// Sections, authors and years that the articles of the index have.
    pub fn choices(&self) -> (Choices<'a>, Choices<'a>, BTreeSet<i32>) {
        let (mut sections, mut authors, mut years) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let all = self.site.all;
        for (_, id) in self.index().map_or(&[][..], |index| &index.articles) {
            sections.extend(all.sections_around(*id).map(|(folder, title)| (title, folder)));
            authors.extend(all.authors_of(*id).map(|(slug, name)| (name, slug)));
            let dates = all.library.leaf(*id).dates.as_ref();
            years.extend(dates.map(|dates| dates.published.moment.local().year()));
        }
        if authors.len() > MOST_AUTHORS {
            authors.clear();
        }
        let swapped = |choices: BTreeSet<(&'a str, &'a str)>| {
            choices.into_iter().map(|(name, value)| (value, name)).collect()
        };
        (swapped(sections), swapped(authors), years)
    }
}

impl Digested for SearchParts<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        for (tier, version) in self.tiers() {
            print.value(format!("{tier:?}")).value(version);
        }
    }
}
