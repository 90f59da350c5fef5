//! The views of languages: those of the site, and those that a page is in.

use tera::Value;

use super::Views;
use crate::config::SiteLanguage;
use crate::site::plan::Translation;

impl Views<'_> {
    /// The languages of a site that has several, with a front page in each.
    pub(super) fn languages(&self) -> Vec<Value> {
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
        let translation = |one: &Translation| {
            let language = &self.config.languages[one.language];
            map! {
                "lang" => language.tag.as_str(),
                "name" => language.name.as_str(),
                "locale" => format!("{:?}", language.locale),
                "title" => one.title.as_str(),
                "url" => self.config.base_url.root_relative(&one.path),
                "permalink" => self.config.base_url.absolute(&one.path),
                "current" => one.language == self.config.edition,
                "usual" => one.language == 0,
            }
        };
        Value::from(all.iter().map(translation).collect::<Vec<_>>())
    }
}
