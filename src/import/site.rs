//! The common parts of settings of all kinds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use toml::{Table, Value};

use super::model::{Article, Imported, Outcome, Section, Settings};
use crate::model::url::{SlugStyle, percent_encode, slugify_term};

/// Settings that every imported site has: broken links of the old site don't stop the first build, and values of its own
/// are there for templates.
pub fn plain_settings(settings: &mut Settings, extra: Table) {
    let check = ["sources", "pictures", "files"].map(|name| (name.to_owned(), Value::from("warning")));
    settings.other.insert("check".to_owned(), Value::Table(Table::from_iter(check)));
    if !extra.is_empty() {
        settings.other.insert("extra".to_owned(), Value::Table(extra));
    }
}

/// Tells why an article is not public.
pub fn tell_state(article: &Article, now: DateTime<Utc>, imported: &mut Imported) {
    if let Some(why) = &article.draft {
        imported.tell(Outcome::Held, "draft", article.source.clone(), format!("it is a draft: {why}"));
    } else if let Some(when) = article.published.as_ref().filter(|when| when.moment.passed() > now) {
        let text = format!("it comes out at its date, {}", when.moment.rfc3339());
        imported.tell(Outcome::Held, "future", article.source.clone(), text);
    }
}

/// The terms of a taxonomy that public articles have; authors are one.
pub fn terms_of(imported: &Imported, taxonomy: &str) -> BTreeSet<String> {
    let public = imported.articles.iter().filter(|one| one.draft.is_none());
    let names = public.flat_map(|one| {
        let own = one.terms.iter().filter(|(name, _)| name == taxonomy).flat_map(|(_, all)| all);
        own.chain(one.authors.iter().filter(|_| taxonomy == "authors"))
    });
    names.cloned().collect()
}

/// Lets the old page `from` of a term lead to its page, by an alias of the section that describes it.
pub fn alias_of_term(imported: &mut Imported, taxonomy: &str, term: &str, from: String) {
    let rules = imported.settings.taxonomies.iter().find(|one| one.name == taxonomy);
    let path = rules.and_then(|one| one.path.as_deref()).unwrap_or(taxonomy);
    let folder = format!("{path}/{}", slugify_term(term, SlugStyle::Unicode));
    match imported.sections.iter_mut().find(|one| one.folder == folder) {
        Some(section) => section.aliases.push(from),
        None => imported.sections.push(Section {
            folder,
            title: Some(term.to_owned()),
            aliases: vec![from],
            ..Section::default()
        }),
    }
}

/// Sections that describe terms whose pages lived elsewhere than Dateline puts them: `address` gives the old path of a term
/// of a taxonomy.
pub fn term_addresses(imported: &Imported, address: &dyn Fn(&str, &str) -> Option<String>) -> Vec<Section> {
    let mut terms: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for article in imported.articles.iter().filter(|article| article.draft.is_none()) {
        for (taxonomy, names) in &article.terms {
            terms.entry(taxonomy).or_default().extend(names.iter().map(String::as_str));
        }
    }
    let mut sections = Vec::new();
    for (taxonomy, names) in terms {
        let rules = imported.settings.taxonomies.iter().find(|one| one.name == taxonomy);
        let path = rules.and_then(|one| one.path.as_deref()).unwrap_or(taxonomy);
        let own = |name: &str| format!("/{path}/{}/", slugify_term(name, SlugStyle::Unicode));
        // Two terms can't share an address.
        let mut taken: BTreeSet<String> = names.iter().map(|name| own(name)).collect();
        for name in names {
            let Some(old) = address(taxonomy, name).filter(|old| taken.insert(old.clone())) else { continue };
            let last = old.strip_prefix(&format!("/{path}/")).and_then(|rest| rest.strip_suffix('/'));
            if let Some(last) = last.filter(|last| !last.is_empty() && !last.contains('/')) {
                sections.push(Section {
                    folder: own(name).trim_matches('/').to_owned(),
                    title: Some(name.to_owned()),
                    fields: Table::from_iter([("slug".to_owned(), percent_encode(last).into_owned().into())]),
                    ..Section::default()
                });
            }
        }
    }
    let mut seen = BTreeSet::new();
    sections.retain(|section| seen.insert(section.folder.clone()));
    sections
}
