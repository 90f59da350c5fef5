//! Taxonomies: their terms, and the articles of each term.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::described::Candidates;
use super::spelling::{identify, plain};
use super::{LeafId, Library, LibraryError};
use crate::config::{Author, Config, TaxonomyRules};
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::{PathError, UrlPath};
use crate::site::identity::Row;
use crate::source::Document;

/// A taxonomy with its terms.
#[derive(Debug)]
pub struct Taxonomy {
    /// Its settings in `site.toml`.
    pub rules: TaxonomyRules,
    /// The path of its list of terms.
    pub path: UrlPath,
    /// Its terms, by name.
    pub terms: Vec<Term>,
    /// `_index.md` of the folder with its path.
    pub description: Option<Box<Document>>,
}

/// A term with the articles that have it.
#[derive(Debug)]
pub struct Term {
    /// The name for readers: the spelling used most.
    pub name: String,
    /// The last part of its path.
    pub slug: String,
    /// The path of its page.
    pub path: UrlPath,
    /// Its articles, newest first.
    pub articles: Vec<LeafId>,
    /// The same articles in the order of its list, if that is another one.
    pub order: Option<Vec<LeafId>>,
    /// The same articles as parts of a series, in the order in which they are read; none if its taxonomy is no series.
    pub parts: Vec<LeafId>,
    /// For each of its articles, its index among the parts.
    pub places: Vec<u32>,
    /// The profile from `[authors]`, for an author who has one.
    pub profile: Option<Author>,
    /// `_index.md` of the folder with its path. Its title is the term's name.
    pub description: Option<Box<Document>>,
}

impl Term {
    /// Its articles in the order of its list.
    pub fn listed(&self) -> &[LeafId] {
        self.order.as_deref().unwrap_or(&self.articles)
    }

    /// True if there is more to say of it, an author, than a name.
    pub fn is_described(&self) -> bool {
        let of_profile = self.profile.as_ref().is_some_and(|one| one.bio.is_some() || one.picture.is_some());
        of_profile || self.description.as_ref().is_some_and(|document| document.front.summary.is_some())
    }

    /// The index of the article `id` among the parts of this series.
    pub fn part(&self, id: LeafId) -> Option<usize> {
        let at = self.articles.binary_search(&id).ok()?;
        Some(*self.places.get(at)? as usize)
    }
}

/// A term that was found, before its articles are known.
struct Found {
    slug: String,
    /// Its spellings, each with the number of times that it is used.
    names: Vec<(String, usize)>,
    profile: Option<Author>,
}

/// The terms of all articles, as the indices of taxonomy and term, in one contiguous list.
#[derive(Debug, Default)]
pub(super) struct TermsOf {
    terms: Vec<(u16, u32)>,
    /// The start of each article's terms in the list, and the end of the list.
    starts: Vec<usize>,
}

impl TermsOf {
    /// The terms of the article at this index, in the author's order; none for a page.
    pub fn of(&self, article: usize) -> &[(u16, u32)] {
        match (self.starts.get(article), self.starts.get(article + 1)) {
            (Some(start), Some(end)) => &self.terms[*start..*end],
            _ => &[],
        }
    }

    /// Adds each of the first `count` articles to the lists of its terms.
    pub fn list(&self, count: usize, taxonomies: &mut [Taxonomy]) {
        for article in 0..count {
            for (taxonomy, term) in self.of(article) {
                let term = &mut taxonomies[usize::from(*taxonomy)].terms[*term as usize];
                term.articles.push(LeafId::new(article));
            }
        }
    }

    /// Merges the terms of all batches in the order of the articles; `count` is the number of articles.
    fn of_batches(batches: &[Read], count: usize) -> TermsOf {
        let each = || {
            batches.iter().flat_map(|batch| {
                let mut at = 0;
                batch.counts.iter().map(move |(id, count)| {
                    at += count;
                    (id.index(), &batch.terms[at - count..at])
                })
            })
        };
        let mut starts = vec![0; count + 1];
        for (article, terms) in each() {
            starts[article + 1] = terms.len();
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut terms = vec![(0, 0); starts[count]];
        for (article, own) in each() {
            let start = starts[article];
            terms[start..start + own.len()].copy_from_slice(own);
        }
        TermsOf { terms, starts }
    }
}

/// The terms of some articles as their authors wrote them, each spelling once.
struct Spelled<'a> {
    /// The spellings of each taxonomy.
    spellings: Vec<Spellings<'a>>,
    /// Taxonomy and spelling of each term, article after article.
    terms: Vec<(u16, u32)>,
    /// Number of terms of each article.
    counts: Vec<(LeafId, usize)>,
}

/// The spellings of a taxonomy, numbered from 0 in the order of their first use.
#[derive(Default)]
struct Spellings<'a> {
    numbers: HashMap<&'a str, u32, foldhash::fast::RandomState>,
    /// Each spelling with the number of times that it is used.
    texts: Vec<(&'a str, usize)>,
}

/// The same articles with terms instead of spellings.
struct Read {
    terms: Vec<(u16, u32)>,
    counts: Vec<(LeafId, usize)>,
    problems: Vec<Problem>,
}

impl<'a> Spellings<'a> {
    fn number(&mut self, text: &'a str) -> u32 {
        let number = *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push((text, 0));
            u32::try_from(self.texts.len() - 1).unwrap_or(u32::MAX)
        });
        self.texts[number as usize].1 += 1;
        number
    }
}

/// The index among the taxonomies of all languages of the one that `article` means by its number in `site.toml`.
fn in_language(taxonomy: u16, article: &Row, config: &Config) -> u16 {
    let first = config.language_of(&article.section) * config.taxonomies.len();
    taxonomy.saturating_add(u16::try_from(first).unwrap_or(u16::MAX))
}

/// Collects the spellings of terms in the articles with these `ids`.
fn spell<'a>(articles: &'a [Box<Row>], ids: &[LeafId], config: &Config) -> Spelled<'a> {
    let spellings = config.all_taxonomies().map(|_| Spellings::default()).collect();
    let mut spelled = Spelled { spellings, terms: Vec::new(), counts: Vec::with_capacity(ids.len()) };
    for id in ids {
        let Some(article) = articles.get(id.index()) else { continue };
        let before = spelled.terms.len();
        for (taxonomy, term) in &article.listing.terms {
            let taxonomy = in_language(*taxonomy, article, config);
            let number = spelled.spellings[usize::from(taxonomy)].number(term);
            spelled.terms.push((taxonomy, number));
        }
        spelled.counts.push((*id, spelled.terms.len() - before));
    }
    spelled
}

/// The meaning of a spelling.
#[derive(Clone, Copy)]
enum Meaning {
    /// The term at this index.
    Term(u32),
    /// A term of which no path can be made. It is reported for each article that has it.
    NoSlug,
    /// A term whose path no file can have, as an index. It is reported for each article that has it.
    NoPath(u32),
}

impl Spelled<'_> {
    /// Replaces spellings by terms, according to the `meanings` of the spellings of each taxonomy.
    fn read(self, meanings: &[Vec<Meaning>], places: &[Places], articles: &[Box<Row>]) -> Read {
        let Spelled { spellings, terms: spelled, counts } = self;
        let mut read = Read {
            terms: Vec::with_capacity(spelled.len()),
            counts: Vec::with_capacity(counts.len()),
            problems: Vec::new(),
        };
        let mut rest = spelled.as_slice();
        for (id, count) in counts {
            let (own, others) = rest.split_at(count);
            rest = others;
            let before = read.terms.len();
            for (taxonomy, spelling) in own {
                let (at, spelling) = (usize::from(*taxonomy), *spelling as usize);
                match meanings[at][spelling] {
                    Meaning::Term(term) => {
                        if !read.terms[before..].contains(&(*taxonomy, term)) {
                            read.terms.push((*taxonomy, term));
                        }
                    }
                    Meaning::NoSlug => {
                        let term = spellings[at].texts[spelling].0.to_owned();
                        let taxonomy = places[at].name.clone();
                        let place = Place::file(articles[id.index()].name().clone());
                        read.problems.push(Problem::new(LibraryError::NoSlug { taxonomy, term }, place));
                    }
                    Meaning::NoPath(error) => {
                        let place = Place::file(articles[id.index()].name().clone());
                        let error = places[at].errors.get(error as usize).cloned();
                        read.problems.extend(error.map(|error| Problem::new(error, place)));
                    }
                }
            }
            read.counts.push((id, read.terms.len() - before));
        }
        read
    }
}

/// Articles whose terms one thread spells at a time.
const BATCH: usize = 8 * 1024;

/// Collects the terms of `articles`, and for each article the indices of its terms. `by_name` has the articles by the
/// names of their sources, which is their order in memory. `candidates` have names for some terms.
pub(super) fn collect(
    articles: &[Box<Row>],
    by_name: &[LeafId],
    config: &Config,
    candidates: &Candidates,
    problems: &mut Vec<Problem>,
) -> (Vec<Taxonomy>, TermsOf) {
    let mut finders: Vec<Finder<'_>> =
        config.all_taxonomies().enumerate().map(|(at, rules)| Finder::new(at, rules, config)).collect();
    let batches: Vec<Spelled<'_>> =
        by_name.par_chunks(BATCH).map(|ids| spell(articles, ids, config)).collect();
    let number = |spellings: &Spellings<'_>, finder: &mut Finder<'_>| -> Vec<Option<u32>> {
        spellings.texts.iter().map(|(text, count)| finder.find(text, *count)).collect()
    };
    let numbers: Vec<Vec<Vec<Option<u32>>>> = batches
        .iter()
        .map(|batch| batch.spellings.iter().zip(&mut finders).map(|(one, by)| number(one, by)).collect())
        .collect();
    let (mut taxonomies, mut places) = (Vec::with_capacity(finders.len()), Vec::with_capacity(finders.len()));
    for finder in finders {
        let (taxonomy, place) = finder.finish(candidates, problems);
        taxonomies.push(taxonomy);
        places.push(place);
    }
    let meaning = |places: &Places, number: Option<u32>| match number {
        Some(number) => places.of[number as usize].map_or_else(Meaning::NoPath, Meaning::Term),
        None => Meaning::NoSlug,
    };
    let read: Vec<Read> = batches
        .into_par_iter()
        .zip(numbers)
        .map(|(batch, numbers)| {
            let of_taxonomy = |(numbers, place): (Vec<Option<u32>>, &Places)| {
                numbers.into_iter().map(|number| meaning(place, number)).collect()
            };
            let meanings: Vec<Vec<Meaning>> = numbers.into_iter().zip(&places).map(of_taxonomy).collect();
            batch.read(&meanings, &places, articles)
        })
        .collect();
    let terms_of = TermsOf::of_batches(&read, articles.len());
    problems.extend(read.into_iter().flat_map(|batch| batch.problems));
    terms_of.list(articles.len(), &mut taxonomies);
    (taxonomies, terms_of)
}

/// The terms of `unlisted` articles, as far as `taxonomies` have them: an unlisted article makes no term.
pub(super) fn of_unlisted(unlisted: &[Box<Row>], taxonomies: &[Taxonomy], config: &Config) -> TermsOf {
    let mut of = TermsOf { terms: Vec::new(), starts: vec![0] };
    let mut numbers: HashMap<(u16, &str), u32> = HashMap::new();
    if !unlisted.is_empty() {
        for (at, taxonomy) in (0..).zip(taxonomies) {
            let slugs = (0..).zip(&taxonomy.terms);
            numbers.extend(slugs.map(|(number, term)| ((at, term.slug.as_str()), number)));
        }
    }
    for article in unlisted {
        let written = article.listing.terms.iter().filter(|_| article.dates.is_some());
        let start = of.terms.len();
        for (at, term) in written {
            let at = &in_language(*at, article, config);
            let Some(taxonomy) = taxonomies.get(usize::from(*at)) else { continue };
            let (slug, ..) = identify(term, &taxonomy.rules, &config.authors, config);
            let number = numbers.get(&(*at, slug.as_str()));
            let number = number.filter(|number| !of.terms[start..].contains(&(*at, **number)));
            of.terms.extend(number.map(|number| (*at, *number)));
        }
        of.starts.push(of.terms.len());
    }
    of
}

/// The places of the terms of one taxonomy.
struct Places {
    /// The name of the taxonomy.
    name: String,
    /// For each number of a term, its index among the terms in order, or that of its error.
    of: Vec<Result<u32, u32>>,
    errors: Vec<PathError>,
}

/// Finds the terms of one taxonomy.
struct Finder<'a> {
    rules: &'a TaxonomyRules,
    config: &'a Config,
    authors: &'a BTreeMap<String, Author>,
    found: Vec<Found>,
    by_slug: HashMap<String, u32>,
}

impl<'a> Finder<'a> {
    /// Finds terms of the taxonomy with the index `at` among those of all languages.
    fn new(at: usize, rules: &'a TaxonomyRules, config: &'a Config) -> Self {
        let authors = &config.languages[at / config.taxonomies.len().max(1)].authors;
        Finder { rules, config, authors, found: Vec::new(), by_slug: HashMap::new() }
    }

    /// The number of the term that authors wrote as `spelling`, `count` times in all; `None` if no path can be made of
    /// it.
    fn find(&mut self, spelling: &str, count: usize) -> Option<u32> {
        let (slug, name, profile) = identify(spelling, self.rules, self.authors, self.config);
        (!slug.is_empty()).then(|| {
            let next = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
            let number = *self.by_slug.entry(slug.clone()).or_insert(next);
            if number == next {
                self.found.push(Found { slug, names: Vec::new(), profile: None });
            }
            let term = &mut self.found[number as usize];
            term.profile = term.profile.take().or(profile);
            match term.names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, written)) => *written += count,
                None => term.names.push((name, count)),
            }
            number
        })
    }

    /// The taxonomy with its terms in order, and the place there of the term with each number that [`find`](Self::find)
    /// returned.
    fn finish(self, candidates: &Candidates, problems: &mut Vec<Problem>) -> (Taxonomy, Places) {
        let rules = self.rules;
        let path = UrlPath::parse(&format!("/{}/", rules.path)).unwrap_or_else(|error| {
            problems.push(Problem::new(error, Place::file(crate::config::FILE)));
            UrlPath::root()
        });
        let mut terms: Vec<(u32, Term)> = Vec::with_capacity(self.found.len());
        let mut places =
            Places { name: rules.name.clone(), of: vec![Err(0); self.by_slug.len()], errors: Vec::new() };
        for (number, mut found) in (0..).zip(self.found) {
            // The most used spelling comes first; among equals, the first in the alphabet.
            found.names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let mut names = found.names.into_iter().map(|(name, _)| name);
            let name = names.next().unwrap_or_default();
            for other in names.filter(|other| plain(other) != plain(&name)) {
                let cause = LibraryError::Merged { taxonomy: rules.name.clone(), one: name.clone(), other };
                problems.push(Problem::nowhere(cause));
            }
            match UrlPath::parse(&format!("{}{}/", path.as_str(), found.slug)) {
                Ok(path) => {
                    let Found { slug, profile, .. } = found;
                    let name = candidates.title(&path).cloned().unwrap_or(name);
                    let path = candidates.path(&path).cloned().unwrap_or(path);
                    let term = Term {
                        name,
                        slug,
                        path,
                        articles: Vec::new(),
                        order: None,
                        parts: Vec::new(),
                        places: Vec::new(),
                        profile,
                        description: None,
                    };
                    terms.push((number, term));
                }
                Err(error) => {
                    places.of[number as usize] = Err(u32::try_from(places.errors.len()).unwrap_or(u32::MAX));
                    places.errors.push(error);
                }
            }
        }
        terms.sort_by_cached_key(|(_, term)| (term.name.to_lowercase(), term.slug.clone()));
        for (place, (number, _)) in (0..).zip(&terms) {
            places.of[*number as usize] = Ok(place);
        }
        let terms = terms.into_iter().map(|(_, term)| term).collect();
        (Taxonomy { rules: rules.clone(), path, terms, description: None }, places)
    }
}

impl Library {
    /// The names of the authors of an unlisted article who have no page, because they wrote no listed article.
    pub fn authors_without_page(&self, id: LeafId, config: &Config) -> Vec<String> {
        let leaf = self.leaf(id);
        let at = config.taxonomies.iter().position(|rules| rules.name == "authors");
        let Some(at) = at.filter(|_| leaf.rare.is_unlisted && leaf.dates.is_some()) else {
            return Vec::new();
        };
        let is_known = |slug: &str| {
            self.term_numbers(id).any(|(taxonomy, term)| {
                self.kind_of(taxonomy) == at && self.taxonomies[taxonomy].terms[term].slug == slug
            })
        };
        let own = leaf.listing.terms.iter().filter(|(taxonomy, _)| usize::from(*taxonomy) == at);
        let identified = own.map(|(_, term)| identify(term, &config.taxonomies[at], &config.authors, config));
        identified.filter(|(slug, ..)| !is_known(slug)).map(|(_, name, _)| name).collect()
    }
}
