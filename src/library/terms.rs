//! Taxonomies: which terms there are, and which articles have them.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{LeafId, LibraryError};
use crate::config::{Author, Config, TaxonomyRules};
use crate::error::{Place, Problem};
use crate::identity::Settled;
use crate::url::{UrlPath, slugify};

/// A taxonomy with its terms.
#[derive(Debug)]
pub struct Taxonomy {
    /// What `site.toml` says of it.
    pub rules: TaxonomyRules,
    /// Where its list of terms lives.
    pub path: UrlPath,
    /// Its terms, by name.
    pub terms: Vec<Term>,
}

/// A term with the articles that have it.
#[derive(Debug)]
pub struct Term {
    /// As readers see it: the spelling used most.
    pub name: String,
    /// The last part of its path.
    pub slug: String,
    /// Where its page lives.
    pub path: UrlPath,
    /// Newest first.
    pub articles: Vec<LeafId>,
    /// The profile from `[authors]`, for an author who has one.
    pub profile: Option<Author>,
}

/// A term as it is found, before all its articles are known.
struct Found {
    slug: String,
    /// Its names, each with the number of times that it is written.
    names: Vec<(String, usize)>,
    articles: Vec<LeafId>,
    profile: Option<Author>,
}

type TermsOf = Vec<Vec<(u16, u32)>>;

/// The terms of some articles as their authors wrote them, each spelling once.
struct Spelled<'a> {
    /// For each taxonomy.
    spellings: Vec<Spellings<'a>>,
    /// For each of the articles taxonomy and spelling.
    of_articles: Vec<(LeafId, Vec<(u16, u32)>)>,
}

/// The spellings of a taxonomy, numbered from 0 in the order in which they are met.
#[derive(Default)]
struct Spellings<'a> {
    numbers: HashMap<&'a str, u32, foldhash::fast::RandomState>,
    texts: Vec<&'a str>,
}

/// The spellings of a taxonomy, with the term that each is and the number of that name of it; `None` for one of
/// which no path can be made.
struct Spelling<'a> {
    texts: Vec<&'a str>,
    terms: Vec<Option<(u32, usize)>>,
}

impl<'a> Spellings<'a> {
    fn number(&mut self, text: &'a str) -> u32 {
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            u32::try_from(self.texts.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

/// Spells the terms of those of `articles` that are of `ids`.
fn spell<'a>(articles: &'a [Box<Settled>], ids: &[LeafId], config: &Config) -> Spelled<'a> {
    let mut spellings: Vec<Spellings<'a>> = config.taxonomies.iter().map(|_| Spellings::default()).collect();
    let mut one = |article: &'a Settled| {
        let terms = article.glance.terms.iter();
        terms.map(|(taxonomy, term)| (*taxonomy, spellings[usize::from(*taxonomy)].number(term))).collect()
    };
    let of_articles = ids.iter().filter_map(|id| Some((*id, one(articles.get(id.index())?)))).collect();
    Spelled { spellings, of_articles }
}

/// Articles whose terms one thread spells at a time.
const BATCH: usize = 8 * 1024;

/// Collects the terms of `articles`, and for each article the indices of its terms. `by_name` has the articles by
/// the names of their sources, as they lie in memory.
pub(super) fn collect(
    articles: &[Box<Settled>],
    by_name: &[LeafId],
    config: &Config,
    problems: &mut Vec<Problem>,
) -> (Vec<Taxonomy>, TermsOf) {
    let mut found: Vec<Finder<'_>> =
        config.taxonomies.iter().map(|rules| Finder::new(rules, config)).collect();
    let batches: Vec<Spelled<'_>> =
        by_name.par_chunks(BATCH).map(|ids| spell(articles, ids, config)).collect();
    let mut read: Vec<Vec<Spelling<'_>>> = Vec::with_capacity(batches.len());
    let mut own_of: Vec<(usize, Vec<(u16, u32)>)> = vec![(0, Vec::new()); articles.len()];
    for (batch, Spelled { spellings, of_articles }) in batches.into_iter().enumerate() {
        let of_batch = spellings.into_iter().zip(&mut found).map(|(Spellings { texts, .. }, finder)| {
            let terms = texts.iter().map(|text| finder.find(text)).collect();
            Spelling { texts, terms }
        });
        read.push(of_batch.collect());
        for (id, own) in of_articles {
            own_of[id.index()] = (batch, own);
        }
    }
    let mut terms_of: TermsOf = Vec::with_capacity(articles.len());
    for (batch, own) in own_of {
        let article = LeafId::new(terms_of.len());
        let mut terms: Vec<(u16, u32)> = Vec::with_capacity(own.len());
        for (short, spelling) in own {
            let (taxonomy, spelling) = (usize::from(short), spelling as usize);
            let read = &read[batch][taxonomy];
            let Some((term, name)) = read.terms[spelling] else {
                let term = read.texts[spelling].to_owned();
                let taxonomy = config.taxonomies[taxonomy].name.clone();
                let place = Place::file(articles[article.index()].name().clone());
                problems.push(Problem::new(LibraryError::NoSlug { taxonomy, term }, place));
                continue;
            };
            let found = &mut found[taxonomy].found[term as usize];
            found.names[name].1 += 1;
            if !terms.contains(&(short, term)) {
                terms.push((short, term));
                found.articles.push(article);
            }
        }
        terms_of.push(terms);
    }
    let mut taxonomies = Vec::with_capacity(found.len());
    let mut places: Vec<Vec<Option<u32>>> = Vec::with_capacity(found.len());
    for finder in found {
        let (taxonomy, place) = finder.finish(problems);
        taxonomies.push(taxonomy);
        places.push(place);
    }
    for own in &mut terms_of {
        own.retain_mut(|(taxonomy, term)| match places[usize::from(*taxonomy)][*term as usize] {
            Some(place) => {
                *term = place;
                true
            }
            None => false,
        });
    }
    (taxonomies, terms_of)
}

/// Finds the terms of one taxonomy.
struct Finder<'a> {
    rules: &'a TaxonomyRules,
    config: &'a Config,
    found: Vec<Found>,
    by_slug: HashMap<String, u32>,
}

impl<'a> Finder<'a> {
    fn new(rules: &'a TaxonomyRules, config: &'a Config) -> Self {
        Finder { rules, config, found: Vec::new(), by_slug: HashMap::new() }
    }

    /// The term that an author wrote as `spelling`, and which of its names that is; `None` for a text of
    /// which no path can be made.
    fn find(&mut self, spelling: &str) -> Option<(u32, usize)> {
        let (slug, name, profile) = identify(spelling, self.rules, self.config);
        (!slug.is_empty()).then(|| {
            let next = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
            let number = *self.by_slug.entry(slug.clone()).or_insert(next);
            if number == next {
                self.found.push(Found { slug, names: Vec::new(), articles: Vec::new(), profile: None });
            }
            let term = &mut self.found[number as usize];
            term.profile = term.profile.take().or(profile);
            let at = term.names.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                term.names.push((name, 0));
                term.names.len() - 1
            });
            (number, at)
        })
    }

    /// The taxonomy with its terms in order, and for each number that [`find`](Self::find) gave the
    /// place of the term in it.
    fn finish(self, problems: &mut Vec<Problem>) -> (Taxonomy, Vec<Option<u32>>) {
        let rules = self.rules;
        let path = UrlPath::parse(&format!("/{}/", rules.path)).unwrap_or_else(|error| {
            problems.push(Problem::new(error, Place::file(crate::config::FILE)));
            UrlPath::root()
        });
        let mut terms: Vec<(u32, Term)> = Vec::with_capacity(self.found.len());
        for (number, mut found) in (0..).zip(self.found) {
            // The most used; of equals the first in the alphabet.
            found.names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let mut names = found.names.into_iter().map(|(name, _)| name);
            let name = names.next().unwrap_or_default();
            for other in names.filter(|other| plain(other) != plain(&name)) {
                let cause = LibraryError::Merged { taxonomy: rules.name.clone(), one: name.clone(), other };
                problems.push(Problem::nowhere(cause));
            }
            match UrlPath::parse(&format!("{}{}/", path.as_str(), found.slug)) {
                Ok(path) => {
                    let Found { slug, articles, profile, .. } = found;
                    terms.push((number, Term { name, slug, path, articles, profile }));
                }
                Err(error) => problems.push(Problem::nowhere(error)),
            }
        }
        terms.sort_by_cached_key(|(_, term)| (term.name.to_lowercase(), term.slug.clone()));
        let mut places = vec![None; self.by_slug.len()];
        for (place, (number, _)) in (0..).zip(&terms) {
            places[*number as usize] = Some(place);
        }
        let terms = terms.into_iter().map(|(_, term)| term).collect();
        (Taxonomy { rules: rules.clone(), path, terms }, places)
    }
}

/// Slug, name and profile of a term as an author wrote it. An author may be named by the key of a
/// profile or by the name in it.
fn identify(term: &str, rules: &TaxonomyRules, config: &Config) -> (String, String, Option<Author>) {
    let slug = slugify(term, config.slugs);
    if rules.name == "authors" {
        let by_key = config.authors.get_key_value(term).or_else(|| config.authors.get_key_value(&slug));
        let profile = by_key.or_else(|| config.authors.iter().find(|(_, author)| author.name == term));
        if let Some((key, author)) = profile {
            return (slugify(key, config.slugs), author.name.clone(), Some(author.clone()));
        }
    }
    (slug, term.to_owned(), None)
}

/// A spelling without what doesn't tell two terms apart.
fn plain(name: &str) -> String {
    name.to_lowercase().replace([' ', '-', '_'], "")
}
