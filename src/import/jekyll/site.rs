//! Settings of Jekyll as settings of Dateline.

use toml::{Table, Value as Toml};

use super::address::{pattern, style};
use super::config::Config;
use crate::import::front::{self, Front};
use crate::import::model::{Author, Feeds, Imported, Section, Taxonomy};
use crate::import::site::plain_settings;
use crate::import::tree::Tree;
use crate::model::metadata::{Language, Value};

/// Settings that mean nothing outside of Jekyll.
const DROPPED: [&str; 26] = [
    "markdown",
    "kramdown",
    "highlighter",
    "plugins",
    "gems",
    "theme",
    "remote_theme",
    "sass",
    "paginate_path",
    "exclude",
    "include",
    "keep_files",
    "encoding",
    "port",
    "host",
    "incremental",
    "liquid",
    "safe",
    "whitelist",
    "show_drafts",
    "unpublished",
    "limit_posts",
    "lsi",
    "strict_front_matter",
    "repository",
    "livereload",
];

/// Carries the settings over.
pub fn settings(config: &mut Config, tree: &Tree, imported: &mut Imported) {
    let (base, has_math) = (config.base.clone(), imported.articles.iter().any(|one| one.body.contains("$$")));
    let fields = &mut config.fields;
    let settings = &mut imported.settings;
    settings.title = fields.text("title").or_else(|| fields.text("name"));
    settings.base_url = Some(base.clone()).filter(|base| base.contains("://"));
    settings.description = fields.text("description").or_else(|| fields.text("tagline"));
    settings.description =
        settings.description.take().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    settings.language =
        fields.text("lang").or_else(|| fields.text("locale")).map(|tag| tag.replace('_', "-"));
    settings.timezone = Some(config.zone.zone.name().to_owned());
    let size = fields.take("paginate").and_then(|field| front::text(&field.value)?.parse().ok());
    settings.page_size = size.filter(|size| *size > 0);
    settings.author = author(fields);
    let permalink = style(&config.permalink);
    settings.permalinks = pattern(&permalink).map(|text| ("posts".to_owned(), text)).into_iter().collect();
    settings.feeds.limit = Some(config.feed_limit.max(1));
    settings.feeds.id = Some(format!("{base}{}", config.feed));
    let format = if has_rss(tree, &config.feed) { "rss" } else { "atom" };
    let name = config.feed.trim_start_matches('/').to_owned();
    match name.contains('/') {
        true => settings.feeds.aliases.push(config.feed.clone()),
        // A name of one part is that of the feeds of sections, too.
        false => settings.feeds.names.push((format, name)),
    }
    if let Some(folder) = &config.tag_feeds {
        settings.feeds_of("tags", vec![format!("/{}{{name}}.xml", folder.trim_start_matches('/'))]);
    }
    if config.has_category_feeds {
        settings.feeds_of("categories", vec!["/feed/{name}.xml".to_owned()]);
    }
    let mut markdown = Table::new();
    if has_math {
        markdown.insert("math".to_owned(), true.into());
    }
    settings.other.insert("markdown".to_owned(), Toml::Table(markdown));
    DROPPED.iter().for_each(|name| {
        fields.take(name);
    });
    let extra = fields.rest();
    plain_settings(settings, extra);
    people(tree, imported);
    navigation(&mut config.fields, tree, imported);
    terms(imported);
    for (name, path) in &config.fed {
        let id = Some(format!("{base}{path}")).filter(|id| id.contains("://"));
        let feeds = Feeds { aliases: vec![path.clone()], is_apart: true, id, ..Feeds::default() };
        match imported.sections.iter_mut().find(|one| one.folder == *name) {
            Some(section) => section.feeds = feeds,
            None => {
                let folder = name.clone();
                imported.sections.push(Section { folder, feeds, ..Section::default() });
            }
        }
    }
}

/// True if the site has a template of its own at this path, and it is RSS.
fn has_rss(tree: &Tree, path: &str) -> bool {
    let text = tree.text(path.trim_start_matches('/'), &mut Imported::default());
    text.is_some_and(|text| text.contains("<rss"))
}

fn author(fields: &mut Front) -> Option<Author> {
    let email = fields.text("email");
    match fields.take("author")?.value {
        Value::Table(table) => {
            person("", &table).map(|author| Author { email: author.email.or(email), ..author })
        }
        value => front::text(&value).filter(|name| !name.is_empty()).map(|name| Author {
            name,
            email,
            ..Author::default()
        }),
    }
}

fn person(key: &str, table: &[crate::model::metadata::Entry]) -> Option<Author> {
    let get = |names: &[&str]| {
        let found = table.iter().find(|one| names.contains(&one.key.as_str()));
        found.and_then(|one| front::text(&one.node.value)).filter(|text| !text.trim().is_empty())
    };
    Some(Author {
        key: key.to_owned(),
        name: get(&["name", "display_name"])
            .or_else(|| Some(key.to_owned()).filter(|key| !key.is_empty()))?,
        email: get(&["email"]),
        url: get(&["url", "uri", "web", "website", "site"]).filter(|url| url.contains("://")),
        bio: get(&["bio", "description"]),
    })
}

/// The fields of the data file `name`.
fn data(tree: &Tree, name: &str) -> Option<Front> {
    let file =
        [".yml", ".yaml"].iter().map(|end| format!("_data/{name}{end}")).find(|file| tree.has(file))?;
    let text = tree.text(&file, &mut Imported::default())?;
    // A list at the top has no names.
    Front::of_file(Language::Yaml, &text)
        .ok()
        .or_else(|| Front::of_file(Language::Yaml, &format!("main:\n{}", indented(&text))).ok())
}

fn indented(text: &str) -> String {
    text.lines().filter(|line| line.trim() != "---").map(|line| format!("  {line}\n")).collect()
}

/// Profiles of authors in `_data/authors.yml`.
fn people(tree: &Tree, imported: &mut Imported) {
    let Some(all) = data(tree, "authors") else { return };
    for entry in all.fields() {
        if let Value::Table(table) = &entry.node.value {
            imported.settings.authors.extend(person(&entry.key, table));
        }
    }
}

/// The main menu: `_data/navigation.yml`, or `header_pages`.
fn navigation(fields: &mut Front, tree: &Tree, imported: &mut Imported) {
    let links = data(tree, "navigation").and_then(|mut all| {
        let items = ["main", "header", "links"].into_iter().find_map(|name| all.take(name))?;
        let Value::List(items) = items.value else { return None };
        let links = items.into_iter().filter_map(|item| {
            let mut item = all.inner(item.value);
            let title = item.text("title").or_else(|| item.text("name"))?;
            Some((title, item.text("url").or_else(|| item.text("link"))?))
        });
        Some(links.collect::<Vec<_>>())
    });
    let pages = fields.texts("header_pages");
    let of_pages = || {
        let found =
            pages.iter().filter_map(|page| imported.articles.iter().find(|one| one.source.file == *page));
        found.map(|one| (one.title.clone(), one.url.clone())).collect::<Vec<_>>()
    };
    let links = links.unwrap_or_else(of_pages);
    imported.settings.navigation = links;
}

/// Names the taxonomy of categories.
fn terms(imported: &mut Imported) {
    let is_named = imported.settings.taxonomies.iter().any(|one| one.name == "categories");
    if !is_named && imported.articles.iter().any(|one| one.terms.iter().any(|(name, _)| name == "categories"))
    {
        imported.settings.taxonomies.push(Taxonomy { name: "categories".to_owned(), ..Taxonomy::default() });
    }
}
