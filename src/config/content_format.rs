//! `content_format`: the generator whose folder the site is.

use super::Config;
use crate::model::diagnostics::Problem;
use crate::model::metadata::{self, Fields, Language};

/// A generator whose folder can be built as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentFormat {
    /// Hugo.
    Hugo,
    /// Zola.
    Zola,
    /// Jekyll.
    Jekyll,
    /// Pelican.
    Pelican,
}

impl ContentFormat {
    /// All of them.
    pub const ALL: [ContentFormat; 4] =
        [ContentFormat::Hugo, ContentFormat::Zola, ContentFormat::Jekyll, ContentFormat::Pelican];

    /// Its name in `site.toml`.
    pub fn key(self) -> &'static str {
        match self {
            ContentFormat::Hugo => "hugo",
            ContentFormat::Zola => "zola",
            ContentFormat::Jekyll => "jekyll",
            ContentFormat::Pelican => "pelican",
        }
    }

    /// The one named `key`.
    pub fn named(key: &str) -> Option<ContentFormat> {
        ContentFormat::ALL.into_iter().find(|format| format.key() == key)
    }

    /// The usual name of its settings.
    pub fn settings_file(self) -> &'static str {
        match self {
            ContentFormat::Hugo => "hugo.toml",
            ContentFormat::Zola => "config.toml",
            ContentFormat::Jekyll => "_config.yml",
            ContentFormat::Pelican => "pelicanconf.py",
        }
    }
}

/// Tables of `site.toml` to which those of another generator add lines.
const TABLES_OF_BOTH: [&str; 7] =
    ["permalinks", "taxonomies", "authors", "feeds", "markdown", "check", "extra"];

impl Config {
    /// Reads the text of `site.toml`; what it does not set is taken from `usual`, the text of settings that a program made.
    pub fn read_over(text: &str, usual: &str, problems: &mut Vec<Problem>) -> Option<Config> {
        let whole = format!("{text}\n{usual}");
        let own = metadata::parse(Language::Toml, text, 0);
        let more = metadata::parse(Language::Toml, usual, text.len() + 1);
        let (Ok(mut own), Ok(more)) = (own, more) else { return Config::read(text, problems) };
        own.add_missing(&more);
        // Tables that both have get the lines of both.
        for (name, entry) in TABLES_OF_BOTH.iter().filter_map(|name| Some((*name, more.get(name)?))) {
            if let metadata::Value::Table(entries) = &mut own.value
                && let Some(mine) = entries.iter_mut().find(|one| one.key == name)
            {
                mine.node.add_missing(entry);
            }
        }
        let before = problems.len();
        let config = Config::of(&own, &whole, problems);
        config.filter(|_| problems[before..].iter().all(|problem| !problem.is_error()))
    }

    /// The generator that the text of `site.toml` names in `content_format`.
    pub fn content_format(text: &str) -> Option<ContentFormat> {
        ContentFormat::named(text.parse::<toml::Table>().ok()?.get("content_format")?.as_str()?)
    }

    /// `base_url` in the text of `site.toml`.
    pub fn written_base_url(text: &str) -> Option<String> {
        Some(text.parse::<toml::Table>().ok()?.get("base_url")?.as_str()?.to_owned())
    }
}

/// Reads `content_format`.
pub(super) fn content_format(fields: &mut Fields<'_, '_>) -> Option<ContentFormat> {
    let node = fields.node("content_format")?;
    let known = ContentFormat::ALL.map(ContentFormat::key);
    fields.offers(node, &known);
    let found = ContentFormat::named(&fields.as_text("content_format", node)?);
    if found.is_none() {
        fields.refuse_unknown("content_format", node, "there is no such generator here", &known);
    }
    found
}
