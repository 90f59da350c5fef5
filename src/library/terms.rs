//! Taxonomies: which terms there are, and which articles have them.

use std::collections::{BTreeMap, HashMap};

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

#[derive(Default)]
struct Found {
    spellings: BTreeMap<String, usize>,
    articles: Vec<LeafId>,
    profile: Option<Author>,
}

type TermsOf = Vec<Vec<(u16, u32)>>;

/// Collects the terms of `articles`, and for each article the indices of its terms.
pub(super) fn collect(
    articles: &[Settled],
    config: &Config,
    problems: &mut Vec<Problem>,
) -> (Vec<Taxonomy>, TermsOf) {
    let mut found: Vec<BTreeMap<String, Found>> = config.taxonomies.iter().map(|_| BTreeMap::new()).collect();
    let number: HashMap<&str, usize> =
        config.taxonomies.iter().enumerate().map(|(at, rules)| (rules.name.as_str(), at)).collect();
    let mut slugs: Vec<Vec<(usize, String)>> = Vec::with_capacity(articles.len());
    for (at, article) in articles.iter().enumerate() {
        let mut own: Vec<(usize, String)> = Vec::new();
        for (taxonomy, terms) in &article.document.front.terms {
            let Some(&taxonomy) = number.get(taxonomy.as_str()) else { continue };
            let rules = &config.taxonomies[taxonomy];
            for term in terms {
                let (slug, name, profile) = identify(term, rules, config);
                if slug.is_empty() {
                    let cause = LibraryError::NoSlug { taxonomy: rules.name.clone(), term: term.clone() };
                    problems.push(Problem::new(cause, Place::file(article.name().clone())));
                    continue;
                }
                if own.iter().any(|(one, other)| *one == taxonomy && *other == slug) {
                    continue;
                }
                let entry = found[taxonomy].entry(slug.clone()).or_default();
                *entry.spellings.entry(name).or_default() += 1;
                entry.articles.push(LeafId::new(at));
                entry.profile = entry.profile.take().or(profile);
                own.push((taxonomy, slug));
            }
        }
        slugs.push(own);
    }
    let mut taxonomies = Vec::with_capacity(found.len());
    let mut position: Vec<HashMap<String, u32>> = Vec::with_capacity(found.len());
    for (rules, found) in config.taxonomies.iter().zip(found) {
        let (taxonomy, index) = arrange(rules, found, problems);
        taxonomies.push(taxonomy);
        position.push(index);
    }
    let terms_of = slugs
        .into_iter()
        .map(|own| {
            let numbers = own.into_iter().filter_map(|(taxonomy, slug)| {
                let term = *position[taxonomy].get(&slug)?;
                Some((u16::try_from(taxonomy).ok()?, term))
            });
            numbers.collect()
        })
        .collect();
    (taxonomies, terms_of)
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

fn arrange(
    rules: &TaxonomyRules,
    found: BTreeMap<String, Found>,
    problems: &mut Vec<Problem>,
) -> (Taxonomy, HashMap<String, u32>) {
    let path = UrlPath::parse(&format!("/{}/", rules.path)).unwrap_or_else(|error| {
        problems.push(Problem::new(error, Place::file(crate::config::FILE)));
        UrlPath::root()
    });
    let mut terms: Vec<Term> = Vec::with_capacity(found.len());
    for (slug, found) in found {
        let spellings = &found.spellings;
        // The most used; of equals the first in the alphabet, as the map has them.
        let name = spellings.iter().rev().max_by_key(|(_, count)| **count).map_or("", |(name, _)| name);
        for other in spellings.keys().filter(|other| plain(other) != plain(name)) {
            let cause = LibraryError::Merged {
                taxonomy: rules.name.clone(),
                one: name.to_owned(),
                other: other.clone(),
            };
            problems.push(Problem::nowhere(cause));
        }
        let Ok(term_path) = UrlPath::parse(&format!("{}{slug}/", path.as_str())) else { continue };
        terms.push(Term {
            name: name.to_owned(),
            slug,
            path: term_path,
            articles: found.articles,
            profile: found.profile,
        });
    }
    terms.sort_by_cached_key(|term| (term.name.to_lowercase(), term.slug.clone()));
    let index = terms.iter().zip(0..).map(|(term, at)| (term.slug.clone(), at)).collect();
    (Taxonomy { rules: rules.clone(), path, terms }, index)
}

/// A spelling without what doesn't tell two terms apart.
fn plain(name: &str) -> String {
    name.to_lowercase().replace([' ', '-', '_'], "")
}
