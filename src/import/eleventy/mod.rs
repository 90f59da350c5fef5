//! Eleventy.

mod config;
mod feeds;
mod slug;

use std::collections::HashSet;

use config::{Config, config};
use feeds::OldFeed;
use toml::Table;

use super::body::{Around, Text, convert};
use super::common::{Names, dated, fields};
use super::front::{self, Front};
use super::links::Known;
use super::model::{Article, Content, Imported, Outcome, Spot, TargetFile};
use super::script::{property, text as quoted};
use super::shortcodes::{Becomes, Call, Syntax};
use super::site::{plain_settings, tell_state, term_addresses};
use super::tree::Tree;
use super::{ImportError, Source};
use crate::model::metadata::{Entry, Value};
use crate::model::url::percent_encode;
pub use config::is_at;

/// Endings of templates.
const TEMPLATES: [&str; 6] = ["njk", "liquid", "hbs", "ejs", "pug", "webc"];
/// Tags that name collections and no subject.
const COLLECTIONS: [&str; 5] = ["post", "posts", "all", "nav", "blog"];
/// How fields are called.
const NAMES: Names<'_> = Names {
    date: &["date"],
    updated: &["updated", "modified", "lastmod", "lastUpdated"],
    dropped: &["layout", "eleventyNavigation", "templateEngineOverride", "eleventyComputed", "pagination"],
};

/// Reads the site of Eleventy in the folder of `source`.
///
/// # Errors
/// It is none, or it can't be read.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let tree = Tree::list(source.path, &["_site", "dist"])?;
    let mut imported = Imported::default();
    let mut config = config(&tree, &mut imported)?;
    tree.tell_passed(&mut imported);
    let mut known = Known::default();
    let copied = passed(&tree, &config, &mut imported, &mut known);
    let names: Vec<String> = tree.below(&config.input).map(str::to_owned).collect();
    let (mut lines, mut terms) = (Vec::new(), None);
    let is_template = |name: &&String| TEMPLATES.iter().any(|end| name.ends_with(&format!(".{end}")));
    let templates: Vec<&String> = names.iter().filter(is_template).collect();
    for name in &templates {
        config.feeds.extend(feeds::of_template(&tree, name, &mut imported));
        terms = terms.or_else(|| terms_at(&tree, name, &mut imported));
    }
    let (config, templates) = (config, templates.len());
    for name in &names {
        let inside = name[config.input.len()..].trim_start_matches('/');
        let extension = inside.rsplit('.').next().unwrap_or_default().to_lowercase();
        if copied.contains(name.as_str()) {
            continue;
        }
        if inside.split('/').any(|part| part.starts_with(['_', '.'])) || is_of_tools(inside) {
            continue;
        }
        match extension.as_str() {
            "md" | "html" => {
                if let Some((article, line)) = article(&tree, name, inside, &config, source, &mut imported) {
                    known.add(&article.url);
                    imported.articles.push(article);
                    lines.push(line);
                }
            }
            "jpg" | "jpeg" | "png" | "gif" | "svg" | "webp" | "avif" | "mp3" | "pdf" => {
                known.add(inside);
                imported.files.push(TargetFile {
                    to: format!("static/{inside}"),
                    content: Content::Copy(tree.path(name)),
                });
            }
            _ => {}
        }
    }
    for name in tree.below(&joined(&config.input, "_data")).filter(|name| !name.ends_with("js")) {
        let inside = name.rsplit_once("_data/").map_or(name, |(_, rest)| rest);
        imported
            .files
            .push(TargetFile { to: format!("data/{inside}"), content: Content::Copy(tree.path(name)) });
    }
    if templates > 0 {
        let text =
            format!("templates make nothing here: the theme of Dateline shows the site (files: {templates})");
        imported.tell(Outcome::Lost, "templates", Spot::file("*.njk, *.liquid"), text);
    }
    let mut articles = std::mem::take(&mut imported.articles);
    for (article, line) in articles.iter_mut().zip(&lines) {
        let (file, url) = (article.source.file.clone(), article.url.clone());
        let text = Text { file: &file, first_line: *line, url: &url };
        let around = Around { base: &config.base, known: &known, syntax: Some(Syntax::Liquid) };
        let (title, extra) = (article.title.clone(), article.extra.clone());
        if config.has_comments {
            article.body = without_comments(&article.body);
        }
        article.body = convert(&article.body, text, around, &mut imported, &mut |call| {
            own(call, &title, &extra, &config)
        });
    }
    for image in articles.iter_mut().filter_map(|article| article.image.as_mut()) {
        image.src = known.picture(&image.src).unwrap_or_else(|| image.src.clone());
    }
    imported.articles = articles;
    front_page(&mut imported);
    settings(&config, &mut imported);
    if let Some(folder) = terms {
        let more = term_addresses(&imported, &|taxonomy, term| {
            (taxonomy == "tags").then(|| format!("/{folder}/{}/", slug::slugify(term)))
        });
        imported.sections.extend(more);
    }
    Ok(imported)
}

/// The folder in which the template `name` shows the articles of each tag: `permalink: /tags/{{ tag | slugify }}/`.
fn terms_at(tree: &Tree, name: &str, imported: &mut Imported) -> Option<String> {
    let text = tree.text(name, imported)?;
    let mut front = Front::of(&text).ok()?;
    let mut pages = front.table("pagination");
    let is_of_tags = pages.text("data").is_some_and(|data| data.starts_with("collections"))
        && pages.text("alias").is_some();
    let path = front.text("permalink")?;
    let folder = path.split_once("{{")?.0.trim_matches('/');
    (is_of_tags && folder == "tags").then(|| folder.to_owned())
}

/// Plans the files that Eleventy only copies, and returns their names.
fn passed<'a>(
    tree: &'a Tree,
    config: &Config,
    imported: &mut Imported,
    known: &mut Known,
) -> HashSet<&'a str> {
    let mut copied = HashSet::new();
    for one in &config.passed {
        for name in tree.names() {
            if let Some(to) = one.place(name)
                && copied.insert(name.as_str())
            {
                known.add(&to);
                let content = Content::Copy(tree.path(name));
                imported.files.push(TargetFile { to: format!("static/{to}"), content });
            }
        }
    }
    copied
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Files of the project that are no pages.
fn is_of_tools(inside: &str) -> bool {
    let first = inside.split('/').next().unwrap_or_default();
    ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE.md", "node_modules"].contains(&first)
}

/// Adds the fields of the folders around `name`, and returns all tags.
fn inherited(front: &mut Front, name: &str, config: &Config) -> Vec<String> {
    // Tags of a folder are added to those of an article; of all else, the nearest counts.
    let mut tags = front.texts("tags");
    let mut folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    while !folder.is_empty() {
        if let Some(fields) = config.data.get(folder) {
            let of_tags =
                fields.iter().filter(|one| one.key == "tags").flat_map(|one| front::texts(&one.node.value));
            tags.extend(of_tags);
            front.add_missing(fields);
            front.take("tags");
        }
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
    tags
}

/// Takes a date that is that of a file or of git: nobody wrote it.
fn drop_moving_date(front: &mut Front) {
    let is_moving = |field: &front::Field| {
        front::text(&field.value).is_some_and(|text| {
            ["last modified", "created", "git last modified", "git created"]
                .contains(&text.to_lowercase().as_str())
        })
    };
    let date = front.take("date").filter(|field| !is_moving(field));
    if let Some(date) = date {
        let node = crate::model::metadata::Node { value: date.value, span: 0..0 };
        front.add_missing(&[Entry { key: "date".to_owned(), key_span: 0..0, node }]);
    }
}

/// Reads a page or an article, and the line at which its text begins.
fn article(
    tree: &Tree,
    name: &str,
    inside: &str,
    config: &Config,
    source: &Source<'_>,
    imported: &mut Imported,
) -> Option<(Article, u32)> {
    let text = tree.text(name, imported)?;
    if text.starts_with("---js") {
        let told = "its front matter is a script, so it is left out";
        imported.tell(Outcome::Lost, "front-matter", Spot::line(name, 1), told);
        return None;
    }
    let mut front = match Front::of(&text) {
        Ok(front) => front,
        Err(error) => {
            let told = format!("its front matter can't be read, so it is left out: {}", error.reason);
            imported.tell(Outcome::Lost, "front-matter", Spot::line(name, error.line), told);
            return None;
        }
    };
    let body = text[front.body..].to_owned();
    let line = front.line_of(front.body);
    let tags = inherited(&mut front, name, config);
    if body.contains("{% for ") && body.contains("collections.") {
        let text = "this page lists articles: the lists of Dateline take its place";
        imported.tell(Outcome::Changed, "list", Spot::line(name, 1), text);
        return None;
    }
    let (stem, extension) = inside.rsplit_once('.').unwrap_or((inside, "md"));
    let (folder, base) = stem.rsplit_once('/').unwrap_or(("", stem));
    let (day, bare) = dated(base);
    // The date of a name is a part of its address, unless a permalink is made of `page.fileSlug`.
    let place = match base == "index" || Some(base) == folder.rsplit('/').next().filter(|own| !own.is_empty())
    {
        true => folder.to_owned(),
        false => joined(folder, base),
    };
    // A name such as `index` has the slug of its folder.
    let own = folder.rsplit('/').next().map(|own| dated(own).1).filter(|own| !own.is_empty());
    let slug = if bare == "index" { own.unwrap_or_default() } else { bare };
    let target = match (bare, folder) {
        ("index", "") => "index-page".to_owned(),
        ("index", folder) => folder.to_owned(),
        _ => stem.to_owned(),
    };
    let mut article = Article {
        source: Spot::line(name, 1),
        target: format!("{target}.{extension}"),
        body,
        ..Article::default()
    };
    let permalink = front.take("permalink");
    let is_excluded =
        front.take("eleventyExcludeFromCollections").is_some_and(|field| field.value == Value::Bool(true));
    drop_moving_date(&mut front);
    fields(&mut front, &mut article, &config.zone, NAMES);
    if let (None, Some(day)) = (&article.published, day) {
        article.published = config.zone.in_name(day, name).ok();
    }
    let collections: Vec<&str> = config.feeds.iter().filter_map(|feed| feed.collection.as_deref()).collect();
    let is_fed = |tag: &String| match collections.as_slice() {
        [] => COLLECTIONS.contains(&tag.as_str()) && tag != "nav",
        own => own.contains(&tag.as_str()),
    };
    let is_post = collections.contains(&"all") || tags.iter().any(is_fed);
    let names = |tag: &String| COLLECTIONS.contains(&tag.as_str()) || collections.contains(&tag.as_str());
    let subjects: Vec<String> = tags.into_iter().filter(|tag| !names(tag)).collect();
    if !subjects.is_empty() {
        article.terms.push(("tags".to_owned(), subjects));
    }
    article.url = format!("/{place}/").replace("//", "/");
    match permalink.as_ref().map(|field| &field.value) {
        None => {}
        Some(Value::Bool(false)) => article.draft = Some("`permalink: false`: it had no page".to_owned()),
        Some(value) => match front::text(value)
            .and_then(|pattern| filled(&pattern, slug, &joined(folder, bare), &article))
        {
            Some(path) => {
                article.url =
                    format!("/{}", path.trim_start_matches('/')).trim_end_matches("index.html").to_owned()
            }
            None => {
                let text = "its `permalink` is made by a template that the import can't read: its address is that of its file";
                imported.tell(
                    Outcome::Lost,
                    "permalink",
                    Spot::line(name, permalink.as_ref().map_or(1, |field| field.line)),
                    text,
                );
            }
        },
    }
    tell_state(&article, source.now, imported);
    if article.published.is_some() {
        match is_post && !is_excluded {
            true => article.guid = Some(format!("{}{}", config.base, percent_encode(&article.url))),
            false => {
                article.fields.insert("feed".to_owned(), false.into());
            }
        }
    }
    Some((article, line))
}

/// A permalink with the values that a template can be read without.
fn filled(pattern: &str, slug: &str, stem: &str, article: &Article) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (inner, behind) = after.split_once("}}")?;
        let mut parts = inner.split('|').map(str::trim);
        let value = match parts.next()? {
            "page.fileSlug" => slug.to_owned(),
            "page.filePathStem" => format!("/{stem}"),
            "title" => article.title.clone(),
            "page.date.getFullYear()" | "page.date.getUTCFullYear()" => by_format("%Y", article)?,
            "page.date" | "date" => {
                let format = parts.next()?.strip_prefix("date")?.trim_start().strip_prefix(':')?;
                let (format, _) = quoted(format.trim_start())?;
                by_format(&format, article)?
            }
            _ => return None,
        };
        let mut value = value;
        for filter in parts {
            value = match filter {
                "slugify" => slug::slugify(&value),
                "slug" => ::slug::slugify(value.replace('&', " and ")),
                "safe" => value,
                _ => return None,
            };
        }
        out.push_str(&value);
        rest = behind;
    }
    out.push_str(rest);
    (!out.contains("{%")).then_some(out)
}

/// The text without comments of Nunjucks: `{# … #}`. Lines stay.
fn without_comments(body: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(body.len()), body);
    while let Some((before, after)) = rest.split_once("{#") {
        let Some((inner, behind)) = after.split_once("#}") else { break };
        out.push_str(before);
        out.extend(inner.chars().filter(|letter| *letter == '\n'));
        rest = behind;
    }
    out + rest
}

/// The day of `article` in UTC in the `format` of the filter `date` of Liquid: `%Y/%m/%d`.
fn by_format(format: &str, article: &Article) -> Option<String> {
    let day = article.published.as_ref()?.moment.instant().date_naive();
    let mut out = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '%' => match letters.next()? {
                token @ ('Y' | 'y' | 'm' | 'd' | 'B' | 'b' | 'j' | 'e') => {
                    out.push_str(day.format(&format!("%{token}")).to_string().trim());
                }
                _ => return None,
            },
            letter => out.push(letter),
        }
    }
    Some(out)
}

/// The values and tags that Eleventy has.
fn own(call: &Call<'_>, title: &str, extra: &Table, config: &Config) -> Option<Becomes> {
    if !call.name.is_empty() {
        return None;
    }
    let mut parts = call.rest.split('|').map(str::trim);
    let first = parts.next()?;
    let filters: Vec<&str> = parts.collect();
    if !filters.iter().all(|filter| matches!(*filter, "url" | "htmlBaseUrl" | "safe" | "escape" | "e")) {
        return None;
    }
    let value = match quoted(first).filter(|(_, length)| *length == first.len()) {
        Some((text, _)) => text,
        None if first == "title" => title.to_owned(),
        None => match (extra.get(first), first.split_once('.')) {
            (Some(toml::Value::String(text)), _) => text.clone(),
            (_, Some(("metadata" | "site" | "meta", name))) => property(&config.metadata, name)?,
            _ => return None,
        },
    };
    Some(Becomes::Text(value))
}

/// The page at the root is the text of the front page.
fn front_page(imported: &mut Imported) {
    let Some(at) = imported.articles.iter().position(|one| one.url == "/") else { return };
    let page = imported.articles.remove(at);
    if page.draft.is_none() && page.published.is_none() {
        imported.sections.push(super::Section {
            source: page.source,
            body: page.body,
            extra: page.extra,
            ..Default::default()
        });
    }
}

/// Carries the settings over.
fn settings(config: &Config, imported: &mut Imported) {
    let get = |names: &[&str]| names.iter().find_map(|name| property(&config.metadata, name));
    let settings = &mut imported.settings;
    let of_feed = |name: &str| {
        let fields = config
            .feeds
            .iter()
            .find_map(|feed: &OldFeed| (!feed.metadata.is_empty()).then_some(&feed.metadata))?;
        front::text(&fields.iter().find(|one| one.key == name)?.node.value).filter(|text| !text.is_empty())
    };
    settings.title = get(&["title", "name"]).or_else(|| of_feed("title"));
    settings.description = get(&["description", "subtitle"]).or_else(|| of_feed("subtitle"));
    settings.base_url = Some(config.base.clone()).filter(|base| base.contains("://"));
    settings.language = get(&["language", "lang"]).filter(|tag| tag.len() < 12);
    settings.timezone = Some("UTC".to_owned());
    let fed = imported.articles.iter().filter(|one| one.guid.is_some()).count();
    feeds::settings(&config.feeds, fed, settings);
    plain_settings(settings, Table::new());
    if imported.articles.iter().any(|one| one.terms.iter().any(|(name, _)| name == "categories")) {
        imported
            .settings
            .taxonomies
            .push(super::Taxonomy { name: "categories".to_owned(), ..Default::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permalinks_are_filled() {
        let article = Article { title: "A Walk!".to_owned(), ..Article::default() };
        for (pattern, path) in [
            ("/blog/{{ page.fileSlug }}/", Some("/blog/walk/")),
            ("/{{ title | slugify }}.html", Some("/a-walk.html")),
            ("{{ page.filePathStem }}.html", Some("/notes/walk.html")),
            ("/{{ page.date | year }}/", None),
            ("/{% if x %}a{% endif %}/", None),
        ] {
            assert_eq!(filled(pattern, "walk", "notes/walk", &article).as_deref(), path, "{pattern}");
        }
    }
}
