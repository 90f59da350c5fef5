//! Terms as authors write them.

use std::collections::BTreeMap;

use crate::config::{Author, Config, TaxonomyRules};
use crate::model::url::slugify_term;

/// Slug, name and profile of a term as an author wrote it. An author may be named by the key of a profile or by the
/// name in the profile.
pub(super) fn identify(
    term: &str,
    rules: &TaxonomyRules,
    authors: &BTreeMap<String, Author>,
    config: &Config,
) -> (String, String, Option<Author>) {
    let slug = slugify_term(term, config.slugs);
    if rules.name == "authors" {
        let by_key = authors.get_key_value(term).or_else(|| authors.get_key_value(&slug));
        // A name in any language is the same author.
        let by_name = || {
            let all = authors.iter().chain(&config.authors);
            let key = all.clone().find(|(_, author)| author.name == term)?.0;
            authors.get_key_value(key)
        };
        let profile = by_key.or_else(by_name);
        if let Some((key, author)) = profile {
            return (slugify_term(key, config.slugs), author.name.clone(), Some(author.clone()));
        }
    }
    (slug, term.to_owned(), None)
}

/// The slug of `term`, as somebody wrote it.
pub(super) fn slug_of(term: &str, rules: &TaxonomyRules, config: &Config) -> String {
    identify(term, rules, &config.authors, config).0
}

/// A spelling in lower case without spaces, hyphens and underscores, to compare names.
pub(super) fn plain(name: &str) -> String {
    name.to_lowercase().replace([' ', '-', '_'], "")
}
