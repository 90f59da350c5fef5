//! The text of `site.toml`.

use toml::{Table, Value};

use super::model::{Author, Feeds, Settings};
use crate::model::url::BaseUrl;

/// The order of tables in the file; others come after them.
const TABLES: [&str; 13] = [
    "author",
    "permalinks",
    "dates",
    "taxonomies",
    "authors",
    "feeds",
    "markdown",
    "images",
    "languages",
    "check",
    "front_matter",
    "navigation",
    "extra",
];

/// The text of `site.toml` with these `settings`.
pub fn text(settings: &Settings) -> String {
    let mut tables = settings.other.clone();
    let mut text = String::new();
    let mut line = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            text.push_str(&format!("{name} = {value}\n"));
        }
    };
    let texts = |value: &Option<String>| value.clone().map(Value::String);
    let title = settings.title.clone().unwrap_or_else(|| "Untitled".to_owned());
    let base = settings.base_url.clone().unwrap_or_else(|| "https://example.org/".to_owned());
    let host = BaseUrl::parse(&base).ok().map(|base| base.host().to_owned());
    line("title", Some(title.into()));
    line("base_url", Some(base.into()));
    line("description", texts(&settings.description));
    line("language", texts(&settings.language));
    line("timezone", texts(&settings.timezone));
    line("authority", host.map(Value::String));
    line("rights", texts(&settings.rights));
    line("page_size", settings.page_size.map(|size| Value::Integer(size.into())));
    let plain: Vec<String> =
        tables.iter().filter(|(_, value)| !is_tables(value)).map(|(name, _)| name.clone()).collect();
    for name in plain {
        let value = tables.remove(&name);
        line(&name, value);
    }
    own_tables(settings, &mut tables);
    let ordered = TABLES.iter().map(|name| (*name).to_owned());
    let rest: Vec<String> = tables.keys().filter(|name| !TABLES.contains(&name.as_str())).cloned().collect();
    for name in ordered.chain(rest) {
        if let Some(value) = tables.remove(&name).filter(|value| !is_nothing(value)) {
            let table = Table::from_iter([(name, value)]);
            text.push('\n');
            text.push_str(&toml::to_string(&table).unwrap_or_default());
        }
    }
    text
}

/// True for a table, and for a list of tables.
fn is_tables(value: &Value) -> bool {
    match value {
        Value::Table(_) => true,
        Value::Array(items) => !items.is_empty() && items.iter().all(Value::is_table),
        _ => false,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Table(table) => table.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Adds the tables that `settings` has a place for.
fn own_tables(settings: &Settings, tables: &mut Table) {
    let mut add = |name: &str, more: Table| {
        let own = tables.entry(name.to_owned()).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(own) = own {
            more.into_iter().for_each(|(key, value)| {
                own.entry(key).or_insert(value);
            });
        }
    };
    if let Some(author) = &settings.author {
        add("author", person(author));
    }
    add(
        "permalinks",
        settings.permalinks.iter().map(|(name, to)| (name.clone(), to.clone().into())).collect(),
    );
    add("feeds", feeds(&settings.feeds));
    let of_taxonomies = settings.taxonomies.iter().map(|one| {
        let mut table = Table::new();
        put(&mut table, "title", one.title.as_deref());
        put(&mut table, "path", one.path.as_deref());
        let aliases = one.feed_aliases.clone();
        match one.feeds {
            Some(false) => {
                table.insert("feeds".to_owned(), false.into());
            }
            _ if aliases.is_empty() => {}
            _ => {
                let feeds = Table::from_iter([("aliases".to_owned(), aliases.into())]);
                table.insert("feeds".to_owned(), feeds.into());
            }
        }
        (one.name.clone(), Value::Table(table))
    });
    add("taxonomies", of_taxonomies.collect());
    add("authors", settings.authors.iter().map(|one| (one.key.clone(), person(one).into())).collect());
    let links = settings.navigation.iter().map(|(title, url)| {
        Value::Table(Table::from_iter([
            ("title".to_owned(), title.clone().into()),
            ("url".to_owned(), url.clone().into()),
        ]))
    });
    let links: Vec<Value> = links.collect();
    tables.entry("navigation".to_owned()).or_insert(Value::Array(links));
}

/// The settings of a feed, as `site.toml` and front matter have them.
pub fn feeds(feeds: &Feeds) -> Table {
    let mut table = Table::new();
    if let Some(limit) = feeds.limit {
        table.insert("limit".to_owned(), Value::Integer(limit.into()));
    }
    if feeds.is_summary {
        table.insert("content".to_owned(), "summary".into());
    }
    if feeds.is_apart {
        table.insert("site".to_owned(), false.into());
    }
    if !feeds.aliases.is_empty() {
        table.insert("aliases".to_owned(), feeds.aliases.clone().into());
    }
    put(&mut table, "id", feeds.id.as_deref());
    feeds.names.iter().for_each(|(format, name)| put(&mut table, format, Some(name)));
    table
}

fn person(author: &Author) -> Table {
    let mut table = Table::new();
    put(&mut table, "name", Some(author.name.as_str()).filter(|name| !name.is_empty()));
    put(&mut table, "email", author.email.as_deref());
    put(&mut table, "url", author.url.as_deref());
    put(&mut table, "bio", author.bio.as_deref());
    table
}

fn put(table: &mut Table, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        table.insert(name.to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_they_were_meant() {
        let settings = Settings {
            title: Some("The \"Harbour\" Post".to_owned()),
            base_url: Some("https://harbour.example/".to_owned()),
            timezone: Some("Europe/London".to_owned()),
            permalinks: vec![("default".to_owned(), "/{yyyy}/{slug}/".to_owned())],
            navigation: vec![("News".to_owned(), "/news/".to_owned())],
            feeds: Feeds { aliases: vec!["/feed/".to_owned()], ..Feeds::default() },
            other: "archive = false\n[markdown]\nmath = true\n".parse().unwrap(),
            ..Settings::default()
        };
        let text = text(&settings);
        let mut problems = Vec::new();
        let config = crate::config::Config::read(&text, &mut problems);
        assert!(problems.is_empty(), "{text}\n{problems:?}");
        let config = config.unwrap();
        assert_eq!((config.title.as_str(), config.archive), ("The \"Harbour\" Post", false));
        assert_eq!(config.feeds.aliases[0].as_str(), "/feed/");
        assert_eq!(config.authority.name, "harbour.example");
    }
}
