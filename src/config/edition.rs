//! The settings of a site in one of its languages, and which folder and path is whose.

use std::sync::Arc;

use super::{Config, OutputRules, SiteLanguage, TaxonomyRules, within};
use crate::language::{Languages, OwnFile};
use crate::model::url::UrlPath;

impl Config {
    /// True if the site is published in more than one language.
    pub fn is_multilingual(&self) -> bool {
        self.languages.len() > 1
    }

    /// The settings of the site in its language number `at`.
    pub fn in_language(&self, at: usize) -> Config {
        let Some(one) = self.languages.get(at) else { return self.clone() };
        let mut config = Config {
            title: one.title.clone(),
            description: one.description.clone(),
            language: one.tag.clone(),
            locale: one.locale,
            timezone: one.timezone,
            rights: one.rights.clone(),
            author: one.author.clone(),
            authors: one.authors.clone(),
            edition: at,
            base_url: self.base_url.seen_from(&one.home),
            words: match at {
                0 => self.words.clone(),
                _ => Arc::new(self.words.of_edition(&one.tag, one.locale, &one.words)),
            },
            ..self.clone()
        };
        if let Some(navigation) = &one.navigation {
            config.navigation.clone_from(navigation);
        }
        if let Some(footer) = &one.footer {
            config.footer.clone_from(footer);
        }
        if let Some(announcement) = &one.announcement {
            config.announcement.clone_from(announcement);
        }
        if one.extra.is_some() {
            config.extra.clone_from(&one.extra);
        }
        config
    }

    /// The settings of the site, with what `[languages.KEY]` says of its own language.
    pub(super) fn in_own_language(self) -> Config {
        let mut config = self;
        if let Some(own) = config.languages.first().filter(|own| own.is_declared).cloned() {
            config = config.in_language(0);
            let is_replaced = |name: &str| own.words.iter().any(|(own, _)| *own == name);
            config.theme.words.retain(|(name, _)| !is_replaced(name));
            config.theme.words.extend(own.words);
        }
        config.words = config.spoken(Vec::new());
        config
    }

    /// The words of the site in all languages, with those of its `own` files.
    pub fn spoken(&self, own: Vec<OwnFile>) -> Arc<Languages> {
        let words = Languages::new(&self.language, self.locale, &self.theme.words, own);
        let directions = self.languages.iter().filter_map(|one| Some((one.tag.clone(), one.direction?)));
        Arc::new(words.with_directions(directions.collect()))
    }

    /// The number of the language of the section `folder`, or of the source whose path without extension it is.
    pub fn language_of(&self, folder: &str) -> usize {
        if !self.is_multilingual() {
            return 0;
        }
        let is_in = |one: &SiteLanguage| within(folder, &one.key);
        self.languages.iter().skip(1).position(is_in).map_or(0, |at| at + 1)
    }

    /// `folder` without the folder of its language.
    pub fn without_language<'a>(&self, folder: &'a str) -> &'a str {
        match self.language_of(folder) {
            0 => folder,
            at => folder[self.languages[at].key.len()..].trim_start_matches('/'),
        }
    }

    /// The folder `plain` in the language number `at`.
    pub fn folder_in(&self, at: usize, plain: &str) -> String {
        match (self.folder_of_language(at), plain) {
            ("", plain) => plain.to_owned(),
            (key, "") => key.to_owned(),
            (key, plain) => format!("{key}/{plain}"),
        }
    }

    /// The folder of the sources in the language number `at`; empty for the site's own.
    pub fn folder_of_language(&self, at: usize) -> &str {
        if at == 0 { "" } else { self.languages.get(at).map_or("", |one| one.key.as_str()) }
    }

    /// True if `folder` is that of a language.
    pub fn is_language_folder(&self, folder: &str) -> bool {
        self.languages.iter().skip(1).any(|one| one.key == folder)
    }

    /// The number of the language that the tag `key` in the name of a source means.
    pub fn language_named(&self, key: &str) -> Option<usize> {
        self.languages.iter().position(|one| one.key.eq_ignore_ascii_case(key))
    }

    /// The index among the lists of all languages of the list number `list`, in the language that these settings are for.
    pub fn list_index(&self, list: usize) -> usize {
        self.edition * self.lists.len() + list
    }

    /// The folder of the sources in the language that these settings are for.
    pub fn home_folder(&self) -> &str {
        self.folder_of_language(self.edition)
    }

    /// True if a document of `[[outputs]]` in this language can have the content of `folder`.
    pub fn has_section(&self, rules: &OutputRules, folder: &str) -> bool {
        self.language_of(folder) == self.edition && rules.has_section(self.without_language(folder))
    }

    /// The path of the front page in the language that these settings are for.
    pub fn home(&self) -> &UrlPath {
        &self.languages[self.edition.min(self.languages.len() - 1)].home
    }

    /// The path of the front page in the language of the section `folder`.
    pub fn home_of(&self, folder: &str) -> &UrlPath {
        &self.languages[self.language_of(folder)].home
    }

    /// The place of `path` in the language of the section `folder`: a path that is written for a language on a host of its own
    /// is counted from the root of that host.
    pub fn on_host(&self, folder: &str, path: UrlPath) -> UrlPath {
        let home = self.home_of(folder);
        match self.base_url.home_of(home) {
            Some(home) if self.base_url.home_of(&path) != Some(home) => below(home, &path),
            _ => path,
        }
    }

    /// The language whose host has the pages in the language number `at`: itself, or the site's own.
    pub fn host(&self, at: usize) -> usize {
        let home = self.languages.get(at).and_then(|one| self.base_url.home_of(&one.home));
        self.languages.iter().position(|one| Some(&one.home) == home).unwrap_or(0)
    }

    /// The languages with a host, the site's own first.
    pub fn hosts(&self) -> impl Iterator<Item = usize> {
        std::iter::once(0).chain((1..self.languages.len()).filter(|at| self.host(*at) == *at))
    }

    /// The path of what is at the root of the host of a language.
    pub fn root_of_host(&self, at: usize) -> UrlPath {
        match at {
            0 => UrlPath::root(),
            at => self.languages.get(at).map_or_else(UrlPath::root, |one| one.home.clone()),
        }
    }

    /// The language whose host has `path`.
    pub fn host_at(&self, path: &UrlPath) -> usize {
        let home = self.base_url.home_of(path);
        home.and_then(|home| self.languages.iter().position(|one| one.home == *home)).unwrap_or(0)
    }

    /// The taxonomies in all languages: those of the first language, then those of the others in the same order.
    pub fn all_taxonomies(&self) -> impl Iterator<Item = &TaxonomyRules> {
        self.languages.iter().flat_map(|one| &one.taxonomies)
    }
}

/// `path`, counted from `home`.
pub fn below(home: &UrlPath, path: &UrlPath) -> UrlPath {
    home.join(&path.as_str()[1..])
}
