//! Pages that are the same in several languages: an article and its translations, a section, a list of terms, a year.

use std::collections::{BTreeMap, HashMap};

use super::{Planned, Shows};
use crate::config::Config;
use crate::model::url::UrlPath;
use crate::site::library::Library;

/// A page in one of the languages that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The number of its language.
    pub language: usize,
    /// Its path.
    pub path: UrlPath,
    /// Its title, if it is an article, a page, a section or a term.
    pub title: String,
}

/// The pages of a site in several languages, by their paths. Each page of a group leads to all others, so links between
/// languages go both ways.
#[derive(Debug, Default)]
pub struct Translations {
    /// Pages in two languages or more, each in the order of the languages.
    groups: Vec<Vec<Translation>>,
    group_of: HashMap<UrlPath, usize>,
}

/// The subject that pages in several languages have in common.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Same<'a> {
    Leaf(&'a str),
    Section(&'a str),
    Taxonomy(usize),
    Term(usize, &'a str),
    Archive,
    Year(i32),
    Month(i32, u32),
    Subscribe,
}

impl Translations {
    /// The pages among `documents` that are in several languages.
    pub(super) fn of(documents: &[Planned], library: &Library, config: &Config) -> Translations {
        if !config.is_multilingual() {
            return Translations::default();
        }
        let mut found: BTreeMap<Same<'_>, Vec<Translation>> = BTreeMap::new();
        for planned in documents {
            if let Some((same, language, title)) = same(&planned.shows, library, config) {
                let one = Translation { language, path: planned.path.clone(), title: title.to_owned() };
                found.entry(same).or_default().push(one);
            }
        }
        let mut translations = Translations::default();
        for mut group in found.into_values().filter(|group| group.len() > 1) {
            group.sort_by_key(|one| one.language);
            let at = translations.groups.len();
            translations.group_of.extend(group.iter().map(|one| (one.path.clone(), at)));
            translations.groups.push(group);
        }
        translations
    }

    /// The page at `path` in all its languages, itself among them; empty if it is in one.
    pub fn of_page(&self, path: &UrlPath) -> &[Translation] {
        self.group_of.get(path).map_or(&[], |at| &self.groups[*at])
    }
}

/// The subject that the page has in common with its translations, the number of its language, and its title.
fn same<'a>(shows: &Shows, library: &'a Library, config: &Config) -> Option<(Same<'a>, usize, &'a str)> {
    let language_of = |folder: &str| config.language_of(folder);
    match shows {
        Shows::Leaf(id) => {
            // Several sources in one language may have one name: only one of them is the translation.
            let row = library.leaf(*id);
            // Nothing leads to an unlisted page, and no sitemap has it.
            if row.rare.is_unlisted {
                return None;
            }
            let (_, first) = library.translations(*id).next()?;
            let own = library.translations(*id).find(|(_, one)| one == id)?.0;
            Some((Same::Leaf(&library.leaf(first).id), own, &row.title))
        }
        Shows::Section(at, page) if page.number.is_none() => {
            let settled = &library.sections[*at].settled;
            let language = language_of(&settled.folder);
            let folder: &'a str = &settled.folder;
            let plain = folder.strip_prefix(config.folder_of_language(language)).unwrap_or(folder);
            Some((Same::Section(plain.trim_start_matches('/')), language, &settled.title))
        }
        Shows::Taxonomy(at) => {
            let taxonomy = &library.taxonomies[*at];
            let language = at / config.taxonomies.len().max(1);
            Some((Same::Taxonomy(library.kind_of(*at)), language, &taxonomy.rules.title))
        }
        Shows::Term(at, number, page) if page.number.is_none() => {
            let term = &library.taxonomies[*at].terms[*number];
            let language = at / config.taxonomies.len().max(1);
            Some((Same::Term(library.kind_of(*at), &term.slug), language, &term.name))
        }
        Shows::Archive(language) => Some((Same::Archive, *language, "")),
        Shows::Year(at) => {
            let year = &library.years[*at];
            Some((Same::Year(year.year), year.language, ""))
        }
        Shows::Month(at, number) => {
            let year = &library.years[*at];
            Some((Same::Month(year.year, year.months[*number].month), year.language, ""))
        }
        Shows::Subscribe(language) => Some((Same::Subscribe, *language, "")),
        _ => None,
    }
}
