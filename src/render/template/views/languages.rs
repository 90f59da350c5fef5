//! The views of languages: those of the site, and those that a page is in.

use tera::Value;

use super::Views;
use crate::config::{Config, SiteLanguage};
use crate::site::plan::Translation;

/// The parts of translations that come from a language, made once.
pub(super) struct LanguageParts {
    lang: Value,
    name: Value,
    locale: Value,
}

impl LanguageParts {
    /// The parts of the languages of a site.
    pub fn of(config: &Config) -> Vec<Self> {
        let parts = |one: &SiteLanguage| LanguageParts {
            lang: Value::from(one.tag.as_str()),
            name: Value::from(one.name.as_str()),
            locale: Value::from(one.locale.name().replace('-', "_")),
        };
        config.languages.iter().map(parts).collect()
    }
}

impl Views<'_> {
    /// The languages of a site that has several, with a front page in each.
    pub(super) fn fronts_of_languages(&self) -> Vec<Value> {
        let config = self.config;
        let languages = config.languages.iter().enumerate().filter(|_| config.is_multilingual());
        let languages =
            languages.filter(|(at, _)| self.library.section(config.folder_of_language(*at)).is_some());
        let language = |(at, one): (usize, &SiteLanguage)| {
            map! {
                "lang" => one.tag.as_str(),
                "name" => one.name.as_str(),
                "title" => one.title.as_str(),
                "url" => config.base_url.root_relative(&one.home),
                "current" => at == config.edition,
            }
        };
        languages.map(language).collect()
    }

    /// A page in its languages, with the language of these views marked as `current`.
    pub fn translations(&self, all: &[Translation]) -> Value {
        let base = &self.config.base_url;
        let translation = |one: &Translation| {
            let LanguageParts { lang, name, locale } = &self.languages[one.language];
            map! {
                "lang" => lang.clone(),
                "name" => name.clone(),
                "locale" => locale.clone(),
                "title" => one.title.as_str(),
                "url" => base.root_relative(&one.path),
                "permalink" => base.absolute(&one.path),
                "current" => one.language == self.config.edition,
                "usual" => one.language == 0,
            }
        };
        Value::from(all.iter().map(translation).collect::<Vec<_>>())
    }
}
