//! Zola.

mod config;
mod section;

use std::collections::{BTreeMap, HashSet};

use config::{Config, settings};
use section::section;

use super::body::{Around, Text, before_marker, convert};
use super::components::{block, film, link};
use super::dates::parse;
use super::extra::left;
use super::front::{self, Field, Front};
use super::links::Known;
use super::model::{Article, Content, Imported, Outcome, Section, Spot, TargetFile};
use super::shortcodes::{Becomes, Call, Syntax};
use super::site::{tell_state, term_addresses};
use super::tree::Tree;
use super::{ImportError, Source};
use crate::model::metadata::Value;

/// Folders that Zola writes, or that belong to other things.
const WITHOUT: [&str; 2] = ["public", "themes"];
/// Fields that mean nothing outside of Zola.
const DROPPED: [&str; 9] = [
    "template",
    "in_search_index",
    "page_template",
    "insert_anchor_links",
    "render",
    "transparent",
    "paginate_path",
    "generate_feed",
    "generate_feeds",
];

/// True if the folder at `path` has a site of Zola.
pub fn is_at(path: &std::path::Path) -> bool {
    let is_zola = |name: &str| {
        std::fs::read_to_string(path.join(name))
            .is_ok_and(|text| text.lines().any(|line| line.trim_start().starts_with("base_url")))
    };
    (is_zola("config.toml") || is_zola("zola.toml")) && path.join("content").is_dir()
}

/// Reads the site of Zola in the folder of `source`.
///
/// # Errors
/// It is none, or its configuration can't be read.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let tree = source.tree(&WITHOUT)?;
    let mut imported = Imported::default();
    let config = settings(&tree, &mut imported)?;
    tree.tell_passed(&mut imported);
    let mut known = Known::default();
    let mut texts: Vec<u32> = Vec::new();
    let names: Vec<String> = tree.below("content").map(str::to_owned).collect();
    let bundles: HashSet<String> =
        names.iter().filter_map(|name| bundle_of(name)).map(str::to_owned).collect();
    for name in &names {
        let inside = &name["content/".len()..];
        let is_page = inside.ends_with(".md");
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_index = bundle_of(name).is_some();
        if !is_page {
            imported.files.push(TargetFile { to: name.clone(), content: Content::Copy(tree.path(name)) });
            known.add(inside);
        } else if inside.rsplit('/').next().is_some_and(|base| base.starts_with("_index.")) {
            section(&tree, name, &config, &mut imported);
        } else if is_index || !bundles.contains(folder) {
            if let Some((article, line)) = page(&tree, name, &config, source, &mut imported) {
                known.add(&article.url);
                imported.articles.push(article);
                texts.push(line);
            }
        } else {
            let text = "a text beside `index.md` is no page of Zola";
            imported.tell(Outcome::Lost, "resource", Spot::file(name), text);
        }
    }
    for name in tree.below("static") {
        known.add(&name["static/".len()..]);
        imported.files.push(TargetFile { to: name.to_owned(), content: Content::Copy(tree.path(name)) });
    }
    for folder in ["templates", "sass", "syntaxes"] {
        let count = tree.below(folder).count();
        if count > 0 {
            let text = format!(
                "templates and styles of Zola make nothing here: the theme of Dateline shows the site (files: {count})"
            );
            imported.tell(Outcome::Lost, "templates", Spot::file(format!("{folder}/")), text);
        }
    }
    if imported.settings.feeds.limit.is_none() {
        // Without a limit, a feed has everything.
        let published = imported.articles.iter().filter(|one| one.published.is_some()).count();
        imported.settings.feeds.limit = Some(u32::try_from(published).unwrap_or(u32::MAX).clamp(20, 500));
    }
    bodies(&mut imported, &texts, &config, &known);
    folders(&mut imported, &config);
    let slugify = config.terms;
    let more = term_addresses(&imported, &|taxonomy, term| {
        Some(format!("/{}/{}/", slugify.path(taxonomy), slugify.path(term)))
    });
    imported.sections.extend(more);
    Ok(imported)
}

/// The folder of the bundle whose page is `name`.
fn bundle_of(name: &str) -> Option<&str> {
    let (folder, base) = name.rsplit_once('/')?;
    (folder != "content" && base.starts_with("index.") && base.ends_with(".md")).then_some(folder)
}

/// The path below `content/` without extension and language, and the language.
fn place(name: &str, config: &Config) -> (String, Option<String>) {
    let stem = name["content/".len()..].trim_end_matches(".md");
    if let Some((bare, key)) = stem.rsplit_once('.')
        && (config.languages.iter().any(|one| one == key) || key == config.language)
    {
        return (bare.to_owned(), Some(key.to_owned()).filter(|key| *key != config.language));
    }
    (stem.to_owned(), None)
}

/// The name without the date at its beginning, and that date.
fn dated(name: &str) -> (Option<&str>, &str) {
    let day = name.get(..10).filter(|day| parse(day).is_ok() && !day.contains('/'));
    let Some(day) = day else { return (None, name) };
    let rest = &name[10..];
    // A time may follow.
    let (time, rest) = match rest.strip_prefix('T').and_then(|rest| rest.find(['_']).map(|at| at + 1)) {
        Some(at) => (&name[..10 + at], &rest[at..]),
        None => (day, rest),
    };
    match rest.strip_prefix(['-', '_']).filter(|rest| !rest.is_empty()) {
        Some(slug) => (Some(time), slug),
        None => (None, name),
    }
}

/// Reads a page, and the line at which its text begins.
fn page(
    tree: &Tree,
    name: &str,
    config: &Config,
    source: &Source<'_>,
    imported: &mut Imported,
) -> Option<(Article, u32)> {
    let text = tree.text(name, imported)?;
    let target = name["content/".len()..].to_owned();
    let mut article = Article { source: Spot::line(name, 1), target, ..Article::default() };
    let mut front = match Front::of(&text) {
        Ok(front) => front,
        Err(error) => {
            let told = format!("its front matter can't be read, so it is left out: {}", error.reason);
            imported.tell(Outcome::Lost, "front-matter", Spot::line(name, error.line), told);
            return None;
        }
    };
    article.body = text[front.body..].to_owned();
    let line = front.line_of(front.body);
    article.title = front.text("title").unwrap_or_default();
    let (stem, language) = place(name, config);
    let stem = stem.strip_suffix("/index").unwrap_or(&stem);
    let (folder, base) = stem.rsplit_once('/').unwrap_or(("", stem));
    let (day, bare) = dated(base);
    let mut held = None;
    let mut date = |field: Option<Field>| {
        let field = field.filter(|field| !front::is_empty(&field.value))?;
        config.zone.when(&field, name, "the front matter").map_err(|reason| held = Some(reason)).ok()
    };
    article.published = date(front.take("date"));
    article.updated = date(front.take("updated"));
    if let (None, Some(day)) = (&article.published, day) {
        article.published = config.zone.in_name(day, name).ok();
    }
    article.draft = held;
    if front.take("draft").is_some_and(|field| field.value != Value::Bool(false)) {
        article.draft = Some("`draft`".to_owned());
    }
    if front.take("render").is_some_and(|field| field.value == Value::Bool(false)) {
        article.draft.get_or_insert_with(|| "`render`: it had no page".to_owned());
    }
    let slug = front.text("slug").map_or_else(|| config.paths.path(bare), |slug| config.paths.path(&slug));
    let folders: Vec<String> = folder.split('/').map(|part| config.paths.path(part)).collect();
    let prefix = language.map_or_else(String::new, |key| format!("/{key}"));
    article.url = match front.text("path") {
        Some(path) => format!("{prefix}/{}/", path.trim_matches('/')),
        None => format!("{prefix}/{}/{slug}/", folders.join("/")),
    };
    article.url = article.url.replace("//", "/");
    article.aliases = front
        .texts("aliases")
        .into_iter()
        .map(|alias| format!("/{}", alias.trim_start_matches('/')))
        .collect();
    article.summary = front.text("description");
    article.authors = front.texts("authors");
    if let Some(weight) =
        front.take("weight").and_then(|field| front::text(&field.value)?.parse::<i64>().ok())
    {
        article.fields.insert("weight".to_owned(), weight.into());
    }
    terms(&mut front, &mut article);
    let extra = front.table("extra");
    front.add_missing(extra.fields());
    let left = left(&front, article.published.as_ref().map(|when| when.moment.local().date()), &DROPPED);
    article.extra = left.extra;
    article.draft = article.draft.or(left.held);
    tell_state(&article, source.now, imported);
    if article.published.is_some() {
        // Zola encodes nothing in it.
        article.guid = Some(format!("{}{}", config.base.trim_end_matches('/'), article.url));
    }
    Some((article, line))
}

/// Reads the terms.
fn terms(front: &mut Front, article: &mut Article) {
    let taxonomies = front.table("taxonomies");
    for entry in taxonomies.fields() {
        let terms = front::texts(&entry.node.value);
        match entry.key.as_str() {
            _ if terms.is_empty() => {}
            "authors" => article.authors.extend(terms),
            name => article.terms.push((name.to_owned(), terms)),
        }
    }
}

/// Converts the texts.
fn bodies(imported: &mut Imported, lines: &[u32], config: &Config, known: &Known) {
    let mut articles = std::mem::take(&mut imported.articles);
    let around = Around { base: &config.base, known, syntax: Some(Syntax::Zola) };
    for (article, line) in articles.iter_mut().zip(lines) {
        let (file, url) = (article.source.file.clone(), article.url.clone());
        let text = Text { file: &file, first_line: *line, url: &url };
        let body = convert(&article.body, text, around, imported, &mut own);
        if article.summary.is_none() {
            article.summary = before_marker(&body, "<!-- more -->");
        }
        article.body = body;
    }
    imported.articles = articles;
}

/// The shortcodes that only Zola has.
fn own(call: &Call<'_>) -> Option<Becomes> {
    let get = |names: &[&str]| call.arguments.get(names, usize::MAX);
    match call.name {
        "streamable" => Some(Becomes::Text(film(
            &format!("https://streamable.com/{}", get(&["id"])?),
            None,
            "Streamable",
        ))),
        "gist" => {
            let url = get(&["url"])?;
            Some(Becomes::Text(block(&link("Gist", url))))
        }
        _ => None,
    }
}

/// Adds the folders whose addresses are not what Dateline makes of their names.
fn folders(imported: &mut Imported, config: &Config) {
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    for article in &imported.articles {
        let mut folder = article.target.rsplit_once('/').map_or("", |(folder, _)| folder);
        while !folder.is_empty() {
            let parts: Vec<String> = folder.split('/').map(|part| config.paths.path(part)).collect();
            folders.insert(folder.to_owned(), format!("/{}/", parts.join("/")));
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
    }
    imported.sections.iter().for_each(|section| {
        folders.remove(&section.folder);
    });
    let is_bundle =
        |folder: &str| imported.articles.iter().any(|one| one.target == format!("{folder}/index.md"));
    let differ = |folder: &str| {
        folder
            .split('/')
            .any(|part| crate::model::url::slugify(part, Default::default()) != config.paths.path(part))
    };
    let more: Vec<Section> = folders
        .into_iter()
        .filter(|(folder, _)| differ(folder) && !is_bundle(folder))
        .map(|(folder, url)| Section { folder, url, ..Section::default() })
        .collect();
    imported.sections.extend(more);
}
