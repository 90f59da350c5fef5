//! Settings of Hugo as settings of Dateline.

use std::collections::BTreeMap;

use toml::{Table, Value as Toml};

use super::address::{of_name, pattern};
use super::config::Config;
use crate::import::front::{self, Front};
use crate::import::model::{Author, Imported, Section, Taxonomy};
use crate::import::site::{plain_settings, term_addresses};
use crate::model::metadata::Value;

/// Carries the settings over.
pub fn settings(config: &mut Config, imported: &mut Imported) {
    let fields = &mut config.fields;
    let mut params = fields.table("params");
    let settings = &mut imported.settings;
    settings.title = fields.text("title");
    settings.base_url = Some(config.base.clone()).filter(|base| base.contains("://"));
    settings.language = fields.text("locale").or_else(|| fields.text("languageCode"));
    settings.language =
        settings.language.take().filter(|code| !code.is_empty()).or(Some(config.language.clone()));
    settings.timezone = Some(config.zone.zone.name().to_owned());
    settings.description = params.text("description");
    settings.rights = fields.text("copyright");
    settings.author = author(fields).or_else(|| author(&mut params));
    let size = fields.table("pagination").take("pagerSize").or_else(|| fields.take("paginate"));
    settings.page_size =
        size.and_then(|field| front::text(&field.value)?.parse().ok()).filter(|size| *size > 0);
    settings.permalinks = config
        .page_patterns
        .iter()
        .filter_map(|(name, text)| Some((name.trim_matches('/').to_owned(), pattern(text)?)))
        .filter(|(name, _)| !name.is_empty())
        .collect();
    navigation(fields, imported);
    let settings = &mut imported.settings;
    settings.feeds.names = vec![("rss", "index.xml".to_owned())];
    let limit = fields.table("services").table("rss").take("limit").or_else(|| fields.take("rssLimit"));
    let limit: Option<i64> = limit.and_then(|field| front::text(&field.value)?.parse().ok());
    let published = imported.articles.iter().filter(|one| one.published.is_some()).count();
    let all = u32::try_from(published).unwrap_or(u32::MAX).clamp(20, 500);
    // Hugo's own feeds have everything.
    settings.feeds.limit =
        Some(limit.and_then(|limit| u32::try_from(limit).ok()).filter(|limit| *limit > 0).unwrap_or(all));
    let mut markdown = Table::from_iter([("autolinks".to_owned(), Toml::Boolean(true))]);
    if fields.take("enableEmoji").is_some_and(|field| field.value == Value::Bool(true)) {
        markdown.insert("emoji".to_owned(), true.into());
    }
    let mut goldmark = fields.table("markup").table("goldmark");
    let passthrough = goldmark.table("extensions").table("passthrough").take("enable");
    let is_math = |field: Option<front::Field>| field.is_some_and(|field| field.value == Value::Bool(true));
    if is_math(passthrough) || is_math(params.take("math")) || is_math(params.take("katex")) {
        markdown.insert("math".to_owned(), true.into());
    }
    settings.other.insert("markdown".to_owned(), Toml::Table(markdown));
    plain_settings(settings, params.rest());
    for language in &config.languages {
        let mut table = Table::new();
        if let Some(title) = &language.title {
            table.insert("title".to_owned(), title.clone().into());
        }
        let all = settings.other.entry("languages".to_owned()).or_insert_with(|| Toml::Table(Table::new()));
        if let Toml::Table(all) = all {
            all.insert(language.key.clone(), Toml::Table(table));
        }
    }
}

/// The author that `fields` name: a text, or a table.
fn author(fields: &mut Front) -> Option<Author> {
    match fields.take("author")?.value {
        Value::Table(table) => {
            let get = |name: &str| {
                let found = table.iter().find(|one| one.key.eq_ignore_ascii_case(name));
                found.and_then(|one| front::text(&one.node.value)).filter(|text| !text.is_empty())
            };
            Some(Author { name: get("name")?, email: get("email"), ..Author::default() })
        }
        value => front::text(&value)
            .filter(|name| !name.is_empty())
            .map(|name| Author { name, ..Author::default() }),
    }
}

/// The main menu, lightest first.
fn navigation(fields: &mut Front, imported: &mut Imported) {
    let menus = ["menus", "menu"].into_iter().find_map(|name| fields.take(name));
    let Some(Value::Table(menus)) = menus.map(|field| field.value) else { return };
    let Some(main) = menus.into_iter().find(|one| one.key == "main") else { return };
    let Value::List(items) = main.node.value else { return };
    let mut links: Vec<(i64, String, String)> = Vec::new();
    for item in items {
        let mut item = fields.inner(item.value);
        let weight = item.text("weight").and_then(|text| text.parse().ok()).unwrap_or(i64::MAX);
        let page =
            item.text("pageRef").map(|page| format!("/{}/", page.trim_matches('/')).replace("//", "/"));
        let (url, title) = (item.text("url").or(page), item.text("name").or_else(|| item.text("title")));
        if let Some((url, title)) = url.zip(title) {
            links.push((weight, title, url));
        }
    }
    links.sort();
    let own = std::mem::take(&mut imported.settings.navigation);
    imported.settings.navigation = links.into_iter().map(|(_, title, url)| (title, url)).chain(own).collect();
}

/// Names the taxonomies, and keeps the addresses of terms that Dateline would write otherwise.
pub fn terms(config: &Config, imported: &mut Imported) {
    let mut used: BTreeMap<String, ()> = BTreeMap::new();
    for article in &imported.articles {
        used.extend(article.terms.iter().map(|(name, _)| (name.clone(), ())));
    }
    for name in &config.taxonomies {
        if used.contains_key(name) && !matches!(name.as_str(), "tags" | "authors" | "topics") {
            imported.settings.taxonomies.push(Taxonomy { name: name.clone(), ..Taxonomy::default() });
        }
    }
    let keep_case = config.keep_case;
    let mut more: Vec<Section> = term_addresses(imported, &|taxonomy, term| {
        Some(format!("/{}/{}/", of_name(taxonomy, keep_case), of_name(term, keep_case)))
    });
    let has = |folder: &str| imported.sections.iter().any(|one| one.folder == folder);
    more.retain(|section| !has(&section.folder));
    imported.sections.extend(more);
}
