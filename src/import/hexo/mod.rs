//! Hexo.

mod address;
mod tags;

use std::collections::{BTreeMap, HashMap};

use address::{by_clock, filled, is_clock, slug};
use tags::own;
use toml::{Table, Value as Toml};

use super::body::{Around, Names as Addresses, Text, before_marker, convert};
use super::common::{Names, fields};
use super::dates::Zone;
use super::front::{Front, Unreadable};
use super::links::Known;
use super::model::{Article, Author, Content, Imported, Outcome, Spot, TargetFile, Taxonomy};
use super::shortcodes::Syntax;
use super::site::{alias_of_term, plain_settings, tell_state, term_addresses};
use super::tree::Tree;
use super::{ImportError, Source};
use crate::model::metadata::{Language, Value};
use crate::model::url::percent_encode;

/// How fields are called.
const NAMES: Names<'_> = Names {
    date: &["date"],
    updated: &["updated"],
    dropped: &["layout", "permalink", "comments", "disableNunjucks", "sidebar"],
};

/// True if the folder at `path` has a site of Hexo.
pub fn is_at(path: &std::path::Path) -> bool {
    path.join("_config.yml").is_file() && path.join("source/_posts").is_dir()
}

/// The parts of the configuration by which posts are read.
struct Config {
    fields: Front,
    base: String,
    zone: Zone,
    permalink: String,
    assets: bool,
    /// `filename_case`: 1 makes slugs of terms small, 2 large.
    case: i64,
}

impl Config {
    /// The slug of a term as `filename_case` wants it.
    fn cased(&self, slug: &str) -> String {
        match self.case {
            1 => slug.to_lowercase(),
            2 => slug.to_uppercase(),
            _ => slug.to_owned(),
        }
    }
}

/// Reads the site of Hexo in the folder of `source`.
///
/// # Errors
/// It is none, or its configuration can't be read.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let tree = Tree::list(source.path, &["public", "themes", "scaffolds"])?;
    let mut imported = Imported::default();
    let mut config = config(&tree, &mut imported)?;
    tree.tell_passed(&mut imported);
    let mut known = Known::default();
    let mut addresses = Addresses::default();
    let mut lines = Vec::new();
    let names: Vec<String> = tree.below("source").map(str::to_owned).collect();
    for name in &names {
        let inside = &name["source/".len()..];
        let extension = inside.rsplit('.').next().unwrap_or_default();
        let is_text = matches!(extension, "md" | "markdown");
        if is_text
            && (inside.starts_with("_posts/") || inside.starts_with("_drafts/") || !inside.starts_with('_'))
        {
            if let Some((article, line)) = article(&tree, name, &config, source, &mut imported) {
                known.add(&article.url);
                addresses.add(inside.rsplit_once('.').map_or(inside, |(stem, _)| stem), &article);
                imported.articles.push(article);
                lines.push(line);
            }
        } else if let Some(rest) = inside.strip_prefix("_posts/") {
            asset(&tree, name, rest, &config, &mut imported);
        } else if let Some(rest) = inside.strip_prefix("_data/") {
            imported
                .files
                .push(TargetFile { to: format!("data/{rest}"), content: Content::Copy(tree.path(name)) });
        } else if !inside.starts_with(['_', '.']) {
            known.add(inside);
            imported
                .files
                .push(TargetFile { to: format!("static/{inside}"), content: Content::Copy(tree.path(name)) });
        }
    }
    bundles(&mut imported);
    let mut articles = std::mem::take(&mut imported.articles);
    let titles: HashMap<String, String> =
        articles.iter().map(|one| (one.url.clone(), one.title.clone())).collect();
    let around_all = Around { base: &config.base, known: &known, syntax: Some(Syntax::Liquid) };
    for (article, line) in articles.iter_mut().zip(&lines) {
        let (file, url) = (article.source.file.clone(), article.url.clone());
        let text = Text { file: &file, first_line: *line, url: &url };
        article.body = convert(&article.body, text, around_all, &mut imported, &mut |call| {
            own(call, &addresses, &titles)
        });
        if let Some(image) = &mut article.image {
            image.src = known.picture(&image.src).unwrap_or_else(|| image.src.clone());
        }
        if article.summary.is_none() {
            article.summary = before_marker(&article.body, "<!-- more -->")
                .or_else(|| before_marker(&article.body, "<!--more-->"));
        }
    }
    imported.articles = articles;
    settings(&mut config, &mut imported);
    Ok(imported)
}

/// A file in the folder of a post, which has the name of the post.
fn asset(tree: &Tree, name: &str, rest: &str, config: &Config, imported: &mut Imported) {
    match config.assets {
        true => imported.files.push(TargetFile {
            to: format!("content/posts/{rest}"),
            content: Content::Copy(tree.path(name)),
        }),
        false => {
            let text = "Hexo passed it over: `post_asset_folder` is not true";
            imported.tell(Outcome::Lost, "resource", Spot::file(name), text);
        }
    }
}

/// A post with files in a folder of its name moves into that folder.
fn bundles(imported: &mut Imported) {
    let folders: std::collections::HashSet<String> = imported
        .files
        .iter()
        .filter_map(|file| Some(file.to.strip_prefix("content/")?.rsplit_once('/')?.0.to_owned()))
        .collect();
    for article in &mut imported.articles {
        if let Some(stem) = article.target.strip_suffix(".md").filter(|stem| folders.contains(*stem)) {
            article.target = format!("{stem}/index.md");
        }
    }
}

fn config(tree: &Tree, imported: &mut Imported) -> Result<Config, ImportError> {
    let file = "_config.yml";
    if !tree.has(file) || !tree.names().iter().any(|name| name.starts_with("source/")) {
        let path = tree.root().display().to_string();
        return Err(ImportError::NotOfKind { kind: "Hexo", path, sign: "`_config.yml` and `source/`" });
    }
    let text = tree.text(file, imported).unwrap_or_default();
    let refuse = |Unreadable { reason, line }| ImportError::Settings { file: file.to_owned(), line, reason };
    let mut fields = Front::of_file(Language::Yaml, &text).map_err(refuse)?;
    let base = fields.text("url").unwrap_or_default().trim_end_matches('/').to_owned();
    let root = fields.text("root").unwrap_or_default().trim_matches('/').to_owned();
    let base = match root.is_empty() || base.ends_with(&format!("/{root}")) {
        true => base,
        false => format!("{base}/{root}"),
    };
    let named = fields.text("timezone");
    let zone = named.as_ref().and_then(|name| Zone::named(name, "`timezone` of _config.yml")).unwrap_or_else(|| {
        let text = "no `timezone` is set: Hexo took that of the machine that built the site, and the import takes UTC. Set it in _config.yml and import again if that was another one";
        imported.tell(Outcome::Changed, "timezone", Spot::file(file), text);
        Zone::utc("the import")
    });
    let permalink = fields.text("permalink").unwrap_or_else(|| ":year/:month/:day/:title/".to_owned());
    let assets = fields.take("post_asset_folder").is_some_and(|field| field.value == Value::Bool(true));
    let case = fields.text("filename_case").and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(Config { fields, base, zone, permalink, assets, case })
}

/// Reads a post or a page, and the line at which its text begins.
fn article(
    tree: &Tree,
    name: &str,
    config: &Config,
    source: &Source<'_>,
    imported: &mut Imported,
) -> Option<(Article, u32)> {
    let text = tree.text(name, imported)?;
    // Hexo's front matter may lack the first fence.
    let fenced = if text.starts_with("---") { text.clone() } else { format!("---\n{text}") };
    let mut front = match Front::of(&fenced) {
        Ok(front) => front,
        Err(error) => {
            let told = format!("its front matter can't be read, so it is left out: {}", error.reason);
            imported.tell(Outcome::Lost, "front-matter", Spot::line(name, error.line), told);
            return None;
        }
    };
    let body = if front.body == 0 { text.clone() } else { fenced[front.body..].to_owned() };
    let line = front.line_of(front.body);
    let inside = &name["source/".len()..];
    let stem = inside.rsplit_once('.').map_or(inside, |(stem, _)| stem);
    let (is_post, is_draft) = (inside.starts_with("_posts/"), inside.starts_with("_drafts/"));
    let place = stem.trim_start_matches("_posts/").trim_start_matches("_drafts/");
    let target = match (is_post || is_draft, place.strip_suffix("/index")) {
        (true, _) => format!("posts/{place}.md"),
        (false, Some(folder)) => format!("{folder}.md"),
        (false, None) => format!("{place}.md"),
    };
    let mut article = Article { source: Spot::line(name, 1), target, body, ..Article::default() };
    let permalink = front.text("permalink");
    let published = front.take("published");
    let categories = super::common::terms(front.take("categories").or_else(|| front.take("category")));
    let clocks = NAMES.date.iter().chain(NAMES.updated).filter(|name| is_clock(&mut front, name));
    let clocks: Vec<&str> = clocks.copied().collect();
    fields(&mut front, &mut article, &config.zone, NAMES);
    for (name, when) in [("date", &mut article.published), ("updated", &mut article.updated)] {
        if let Some(when) = when.as_mut().filter(|_| clocks.contains(&name)) {
            when.moment = by_clock(when, config.zone.zone);
            when.rule = format!(
                "`{name}` of the front matter: its clock in UTC, taken for one in {}",
                config.zone.zone
            );
        }
    }
    article.terms.retain(|(taxonomy, _)| taxonomy != "categories");
    if !categories.is_empty() {
        article.terms.push(("categories".to_owned(), categories.clone()));
    }
    if published.is_some_and(|field| field.value != Value::Bool(true)) {
        article.draft = Some("`published: false`".to_owned());
    }
    if is_draft {
        article.draft = Some("the folder `_drafts`".to_owned());
    }
    if !is_post && !is_draft {
        article.published = None;
        article.updated = None;
        article.url = match permalink {
            Some(own) => format!("/{}", own.trim_start_matches('/')),
            None if place == "index" || place.ends_with("/index") => {
                format!("/{}", place.trim_end_matches("index"))
            }
            None => format!("/{place}.html"),
        };
    } else {
        if article.published.is_none() && article.draft.is_none() {
            article.draft =
                Some("it has no date: Hexo took that of the file, which a copy changes".to_owned());
        }
        let local = article
            .published
            .as_ref()
            .map(|when| when.moment.instant().with_timezone(&config.zone.zone).naive_local());
        let path = permalink.unwrap_or_else(|| filled(config, place, &article.title, local, &categories));
        article.url = format!("/{}", path.trim_start_matches('/'));
        article.guid = Some(format!("{}{}", config.base, percent_encode(&article.url)))
            .filter(|_| article.published.is_some());
    }
    article.url = article.url.strip_suffix("index.html").map(str::to_owned).unwrap_or(article.url);
    tell_state(&article, source.now, imported);
    Some((article, line))
}

/// Carries the settings over.
fn settings(config: &mut Config, imported: &mut Imported) {
    let fields = &mut config.fields;
    let settings = &mut imported.settings;
    settings.title = fields.text("title");
    settings.base_url = Some(config.base.clone()).filter(|base| base.contains("://"));
    settings.description = fields.text("description").or_else(|| fields.text("subtitle"));
    settings.language = fields.texts("language").first().map(|tag| tag.replace('_', "-"));
    settings.timezone = Some(config.zone.zone.name().to_owned());
    settings.author = fields.text("author").map(|name| Author { name, ..Author::default() });
    settings.page_size = fields.text("per_page").and_then(|text| text.parse().ok()).filter(|size| *size > 0);
    let known = [
        (":year", "{yyyy}"),
        (":month", "{mm}"),
        (":day", "{dd}"),
        (":title", "{slug}"),
        (":name", "{slug}"),
    ];
    let own =
        known.iter().fold(format!("/{}", config.permalink.trim_start_matches('/')), |text, (token, own)| {
            text.replace(token, own)
        });
    if own.contains("{slug}") && !own.contains(':') {
        settings.permalinks.push(("posts".to_owned(), own));
    }
    let mut feed = fields.table("feed");
    let kinds = feed.texts("type");
    let paths = feed.texts("path");
    let limit = feed.text("limit").and_then(|text| text.parse().ok()).unwrap_or(20_u32);
    settings.feeds.limit = Some(if limit == 0 { 500 } else { limit });
    let format = if kinds.iter().any(|kind| kind == "rss2") && kinds.len() == 1 { "rss" } else { "atom" };
    let usual = if format == "rss" { "rss2.xml" } else { "atom.xml" };
    let paths = if paths.is_empty() { vec![usual.to_owned()] } else { paths };
    for path in paths {
        let format = if path.contains("rss") { "rss" } else { format };
        match path.contains('/') {
            true => settings.feeds.aliases.push(format!("/{}", path.trim_start_matches('/'))),
            false => settings.feeds.names.push((format, path)),
        }
    }
    settings.feeds.id =
        Some(format!("{}/", config.base)).filter(|_| format == "atom" && config.base.contains("://"));
    let has_math = imported.articles.iter().any(|one| one.body.contains("$$"));
    let markdown = if has_math { Table::from_iter([("math".to_owned(), true.into())]) } else { Table::new() };
    settings.other.insert("markdown".to_owned(), Toml::Table(markdown));
    plain_settings(settings, Table::new());
    terms(config, imported);
    front_page(imported);
}

/// Names the taxonomies, and keeps the addresses of terms.
fn terms(config: &mut Config, imported: &mut Imported) {
    for (name, setting) in [("categories", "category_dir"), ("tags", "tag_dir")] {
        let path = config.fields.text(setting).map(|path| path.trim_matches('/').to_owned());
        let path = path.filter(|path| !path.is_empty() && !path.contains(['/', ':']) && path != name);
        let is_used = imported.articles.iter().any(|one| one.terms.iter().any(|(own, _)| own == name));
        if is_used && (name == "categories" || path.is_some()) {
            let name = name.to_owned();
            imported.settings.taxonomies.push(Taxonomy { name, path, ..Taxonomy::default() });
        }
    }
    let rules = imported.settings.taxonomies.clone();
    let folder = |taxonomy: &str| {
        let path = rules.iter().find(|one| one.name == taxonomy).and_then(|one| one.path.clone());
        path.unwrap_or_else(|| taxonomy.to_owned())
    };
    let more = term_addresses(imported, &|taxonomy, term| {
        Some(format!("/{}/{}/", folder(taxonomy), config.cased(&slug(term))))
    });
    imported.sections.extend(more);
    // A category inside another one is beside it here.
    let mut inside: BTreeMap<String, String> = BTreeMap::new();
    for article in imported.articles.iter().filter(|article| article.draft.is_none()) {
        for (_, names) in article.terms.iter().filter(|(name, _)| name == "categories") {
            let slugs: Vec<String> = names.iter().map(|name| config.cased(&slug(name))).collect();
            for (at, name) in names.iter().enumerate().skip(1) {
                let path = format!("/{}/{}/", folder("categories"), slugs[..=at].join("/"));
                inside.entry(path).or_insert_with(|| name.clone());
            }
        }
    }
    for (from, term) in inside {
        alias_of_term(imported, "categories", &term, from);
    }
}

/// A page at the root is the text of the front page.
fn front_page(imported: &mut Imported) {
    let Some(at) = imported.articles.iter().position(|one| one.url == "/" && one.published.is_none()) else {
        return;
    };
    let page = imported.articles.remove(at);
    imported.sections.push(super::Section {
        source: page.source,
        body: page.body,
        extra: page.extra,
        ..Default::default()
    });
}
