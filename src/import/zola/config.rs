//! `config.toml` of Zola.

use toml::{Table, Value as Toml};

use crate::import::ImportError;
use crate::import::dates::Zone;
use crate::import::front::{Field, Front, Unreadable};
use crate::import::model::{Author, Imported, Taxonomy};
use crate::import::site::plain_settings;
use crate::import::tree::Tree;
use crate::model::metadata::{Language, Value};

/// How paths and terms are made of names: `slugify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slugify {
    /// ASCII alone.
    On,
    /// All but what file systems refuse.
    Safe,
    /// Everything.
    Off,
}

impl Slugify {
    fn of(name: Option<String>) -> Slugify {
        match name.as_deref() {
            Some("safe") => Slugify::Safe,
            Some("off") => Slugify::Off,
            _ => Slugify::On,
        }
    }

    pub(super) fn path(self, text: &str) -> String {
        match self {
            Slugify::On => slug::slugify(text),
            Slugify::Safe => {
                let text = text.trim_end_matches([' ', '.']);
                text.chars().filter(|letter| !"<>:\"/\\|?*\n\t\r".contains(*letter)).collect()
            }
            Slugify::Off => text.to_owned(),
        }
    }
}

/// The parts of the configuration by which pages are read.
pub(super) struct Config {
    pub base: String,
    pub paths: Slugify,
    pub terms: Slugify,
    pub language: String,
    pub languages: Vec<String>,
    pub feed: String,
    pub zone: Zone,
}

/// Reads `config.toml`.
pub(super) fn settings(tree: &Tree, imported: &mut Imported) -> Result<Config, ImportError> {
    let Some(file) = ["config.toml", "zola.toml"].into_iter().find(|name| tree.has(name)) else {
        let path = tree.root().display().to_string();
        return Err(ImportError::NotOfKind { kind: "Zola", path, sign: "`config.toml`" });
    };
    let text = tree.text(file, imported).unwrap_or_default();
    let refuse = |Unreadable { reason, line }| ImportError::Settings { file: file.to_owned(), line, reason };
    let mut fields = Front::of_file(Language::Toml, &text).map_err(refuse)?;
    let base = fields.text("base_url").unwrap_or_default();
    let mut slugify = fields.table("slugify");
    let names = [fields.texts("feed_filenames"), fields.texts("feed_filename")].concat();
    let feed = names.first().cloned().unwrap_or_else(|| "atom.xml".to_owned());
    let is_yes = |field: Option<Field>| field.is_some_and(|field| field.value == Value::Bool(true));
    let had_feed = is_yes(fields.take("generate_feeds")) | is_yes(fields.take("generate_feed"));
    let settings = &mut imported.settings;
    settings.title = fields.text("title");
    settings.base_url = Some(base.clone()).filter(|base| base.contains("://"));
    settings.description = fields.text("description");
    let language = fields.text("default_language").unwrap_or_else(|| "en".to_owned());
    settings.language = Some(language.clone());
    settings.timezone = Some("UTC".to_owned());
    settings.author = fields.text("author").map(|name| Author { name, ..Author::default() });
    settings.feeds.limit = fields.text("feed_limit").and_then(|text| text.parse().ok());
    for name in &names {
        let format = if name.contains("rss") { "rss" } else { "atom" };
        settings.feeds.names.push((format, name.clone()));
    }
    if had_feed {
        settings.feeds.id = Some(format!("{}/{feed}", base.trim_end_matches('/')));
    }
    let mut markdown = Table::new();
    let mut rules = fields.table("markdown");
    markdown.insert("smart_punctuation".to_owned(), is_yes(rules.take("smart_punctuation")).into());
    if is_yes(rules.take("render_emoji")) {
        markdown.insert("emoji".to_owned(), true.into());
    }
    settings.other.insert("markdown".to_owned(), Toml::Table(markdown));
    taxonomies(&mut fields, imported);
    let mut languages = Vec::new();
    if let Some(Value::Table(all)) = fields.take("languages").map(|field| field.value) {
        let mut tables = Table::new();
        for entry in all {
            let mut own = fields.inner(entry.node.value);
            let mut table = Table::new();
            for name in ["title", "description"] {
                if let Some(text) = own.text(name) {
                    table.insert(name.to_owned(), text.into());
                }
            }
            languages.push(entry.key.clone());
            tables.insert(entry.key, Toml::Table(table));
        }
        imported.settings.other.insert("languages".to_owned(), Toml::Table(tables));
    }
    let extra = fields.table("extra").rest();
    plain_settings(&mut imported.settings, extra);
    let (paths, terms) = (Slugify::of(slugify.text("paths")), Slugify::of(slugify.text("taxonomies")));
    Ok(Config { base, paths, terms, language, languages, feed, zone: Zone::utc("Zola") })
}

fn taxonomies(fields: &mut Front, imported: &mut Imported) {
    let Some(Value::List(items)) = fields.take("taxonomies").map(|field| field.value) else { return };
    for item in items {
        let mut item = fields.inner(item.value);
        let Some(name) = item.text("name") else { continue };
        let has_feed = item.take("feed").is_some_and(|field| field.value == Value::Bool(true));
        if !imported.settings.taxonomies.iter().any(|one| one.name == name) {
            imported.settings.taxonomies.push(Taxonomy {
                feeds: (!has_feed).then_some(false),
                name,
                ..Taxonomy::default()
            });
        }
    }
}
