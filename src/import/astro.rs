//! Astro, with collections of content in Markdown and MDX.

use std::collections::{BTreeSet, HashSet};

use toml::Table;

use super::body::{Around, Text, convert};
use super::common::{Names, fields};
use super::components::{film, youtube};
use super::dates::Zone;
use super::front::{self, Front};
use super::links::Known;
use super::model::{Article, Content, Feeds, Imported, Outcome, Redirect, Section, Spot, TargetFile};
use super::script::{object, property, text as quoted, url_of};
use super::shortcodes::{Arguments, code_ranges, comment, is_in};
use super::site::{plain_settings, tell_state};
use super::tree::Tree;
use super::{ImportError, Source};
use crate::model::metadata::Value;
use crate::model::url::percent_encode;

/// Names of the configuration.
const FILES: [&str; 4] = ["astro.config.mjs", "astro.config.js", "astro.config.ts", "astro.config.mts"];
/// How fields are called.
const NAMES: Names<'_> = Names {
    date: &["pubDate", "date", "publishDate", "pubDatetime", "publishedAt", "published", "publishedDate"],
    updated: &["updatedDate", "modDatetime", "updated", "lastmod", "updatedAt", "modified"],
    dropped: &["layout", "slug"],
};

/// True if the folder at `path` has a site of Astro.
pub fn is_at(path: &std::path::Path) -> bool {
    FILES.iter().any(|name| path.join(name).is_file())
}

struct Config {
    base: String,
    /// The name of the configuration.
    file: String,
    /// `redirects`: old and new paths.
    redirects: Vec<(String, String)>,
    /// Folders of `src/pages/` that show a collection, without slashes at the ends.
    routes: Vec<String>,
    zone: Zone,
}

/// Reads the site of Astro in the folder of `source`.
///
/// # Errors
/// It is none, or it can't be read.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let tree = Tree::list(source.path, &["dist", ".astro"])?;
    let mut imported = Imported::default();
    let config = config(&tree, &mut imported)?;
    tree.tell_passed(&mut imported);
    let mut known = Known::default();
    let mut lines = Vec::new();
    for root in ["src/content", "src/data", "src/pages"] {
        for name in tree.below(root).filter(|name| name.ends_with(".md") || name.ends_with(".mdx")) {
            if let Some((article, line)) = article(&tree, name, root, &config, source, &mut imported) {
                known.add(&article.url);
                imported.articles.push(article);
                lines.push(line);
            }
        }
    }
    for (root, to) in [("public", "static"), ("src/assets", "static/assets")] {
        for name in tree.below(root) {
            let inside = format!("{to}{}", &name[root.len()..]);
            known.add(&inside["static/".len()..]);
            imported.files.push(TargetFile { to: inside, content: Content::Copy(tree.path(name)) });
        }
    }
    for root in ["src/content", "src/data"] {
        for name in tree.below(root) {
            let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
            let inside = &name[root.len() + 1..];
            match extension.as_str() {
                "jpg" | "jpeg" | "png" | "webp" | "avif" | "gif" | "svg" | "mp3" | "mp4" | "pdf" => {
                    imported.files.push(TargetFile {
                        to: format!("content/{inside}"),
                        content: Content::Copy(tree.path(name)),
                    });
                }
                "json" | "yaml" | "yml" | "csv" | "toml" => {
                    imported.files.push(TargetFile {
                        to: format!("data/{inside}"),
                        content: Content::Copy(tree.path(name)),
                    });
                }
                _ => {}
            }
        }
    }
    let count = tree
        .below("src")
        .filter(|name| name.ends_with(".astro") || name.ends_with(".jsx") || name.ends_with(".tsx"))
        .count();
    if count > 0 {
        let text = format!(
            "pages and components of Astro make nothing here: the theme of Dateline shows the site (files: {count})"
        );
        imported.tell(Outcome::Lost, "templates", Spot::file("src/"), text);
    }
    bodies(&mut imported, &lines, &config, &known);
    settings(&tree, &config, &mut imported);
    feeds(&tree, &mut imported);
    for (from, to) in &config.redirects {
        let redirect = Redirect { from: from.clone(), to: to.clone(), source: Spot::file(&config.file) };
        imported.redirects.push(redirect);
    }
    Ok(imported)
}

fn config(tree: &Tree, imported: &mut Imported) -> Result<Config, ImportError> {
    let Some(file) = FILES.into_iter().find(|name| tree.has(name)) else {
        let path = tree.root().display().to_string();
        return Err(ImportError::NotOfKind { kind: "Astro", path, sign: "`astro.config.mjs`" });
    };
    let text = tree.text(file, imported).unwrap_or_default();
    let site = url_of(&text, "site").unwrap_or_default();
    let folder = property(&text, "base").unwrap_or_default().trim_matches('/').to_owned();
    let base = format!("{}/{folder}", site.trim_end_matches('/')).trim_end_matches('/').to_owned();
    let redirects = text.split_once("redirects:").and_then(|(_, rest)| object(rest.trim_start()));
    let redirects = redirects.map(|(fields, _)| fields).unwrap_or_default();
    let redirects = redirects.into_iter().filter_map(|one| {
        let to = match &one.node.value {
            Value::Table(fields) => {
                fields.iter().find(|one| one.key == "destination").map(|one| &one.node.value)?
            }
            value => value,
        };
        let to = front::text(to)?;
        let is_plain = one.key.starts_with('/') && !one.key.contains('[') && !to.contains('[');
        is_plain.then_some((one.key, to))
    });
    let redirects: Vec<(String, String)> = redirects.collect();
    let routes = tree.below("src/pages").filter_map(|name| {
        let (folder, page) = name.rsplit_once('/')?;
        let is_route = page.starts_with('[') && page.ends_with(".astro") && !page.contains("page");
        is_route.then(|| folder.trim_start_matches("src/pages").trim_matches('/').to_owned())
    });
    Ok(Config {
        base,
        file: file.to_owned(),
        redirects,
        routes: routes.collect(),
        zone: Zone::utc("JavaScript, on most machines that build sites,"),
    })
}

/// Takes over what the endpoints that make feeds say: where they are, which collections they show, how many entries.
fn feeds(tree: &Tree, imported: &mut Imported) {
    let mut shown: Option<HashSet<String>> = None;
    let (mut least, mut has_slash) = (None, true);
    for name in tree.below("src/pages") {
        let path = [".js", ".ts", ".mjs"].iter().find_map(|end| name.strip_suffix(end));
        let Some(path) = path.filter(|path| path.ends_with(".xml") || path.ends_with(".json")) else {
            continue;
        };
        let text = tree.text(name, imported).unwrap_or_default();
        let is_feed = text.contains("@astrojs/rss") || text.contains("<rss") || text.contains("<feed");
        if !is_feed && !text.contains("jsonfeed") {
            continue;
        }
        let path = &path["src/pages".len()..];
        if !matches!(path, "/rss.xml" | "/atom.xml" | "/feed.json") && !path.contains('[') {
            imported.settings.feeds.aliases.push(path.to_owned());
        }
        let collections = text
            .match_indices("getCollection(")
            .filter_map(|(at, call)| quoted(text[at + call.len()..].trim_start()).map(|(name, _)| name));
        shown.get_or_insert_default().extend(collections);
        has_slash &= !text.replace(' ', "").contains("trailingSlash:false");
        let limit = text.split_once("slice(0,").and_then(|(_, rest)| {
            let rest = rest.trim_start();
            rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse::<u32>().ok()
        });
        least = match (least, limit) {
            (Some(least), Some(limit)) => Some(limit.min(least)),
            (one, other) => one.or(other),
        };
    }
    let Some(shown) = shown else { return };
    let published = imported.articles.iter().filter(|one| one.published.is_some()).count();
    // Without a limit, a feed has everything.
    let all = u32::try_from(published).unwrap_or(u32::MAX).clamp(20, 500);
    imported.settings.feeds.limit = Some(least.filter(|limit| *limit > 0).unwrap_or(all));
    for article in imported.articles.iter_mut().filter(|_| !has_slash) {
        let bare = article.guid.as_ref().and_then(|guid| guid.strip_suffix('/')).map(str::to_owned);
        article.guid = bare.or_else(|| article.guid.take());
    }
    let folders = imported.articles.iter().filter(|one| one.published.is_some());
    let folders = folders.filter_map(|one| one.target.split_once('/').map(|(folder, _)| folder.to_owned()));
    let folders: BTreeSet<String> = folders.filter(|folder| !shown.contains(folder)).collect();
    for folder in folders.into_iter().filter(|_| !shown.is_empty()) {
        let feeds = Feeds { is_apart: true, ..Feeds::default() };
        imported.sections.push(Section { folder, feeds, ..Section::default() });
    }
}

/// Reads an entry of a collection, or a page, and the line at which its text begins.
fn article(
    tree: &Tree,
    name: &str,
    root: &str,
    config: &Config,
    source: &Source<'_>,
    imported: &mut Imported,
) -> Option<(Article, u32)> {
    let text = tree.text(name, imported)?;
    let inside = &name[root.len() + 1..];
    let (stem, extension) = inside.rsplit_once('.').unwrap_or((inside, "md"));
    let mut front = match Front::of(&text) {
        Ok(front) => front,
        Err(error) => {
            let told = format!("its front matter can't be read, so it is left out: {}", error.reason);
            imported.tell(Outcome::Lost, "front-matter", Spot::line(name, error.line), told);
            return None;
        }
    };
    let line = front.line_of(front.body);
    let is_page = root == "src/pages";
    let target = match stem.strip_suffix("/index").filter(|_| is_page) {
        Some(folder) => format!("{folder}.md"),
        None if stem == "index" => "index-page.md".to_owned(),
        None => format!("{stem}.md"),
    };
    let mut article = Article {
        source: Spot::line(name, 1),
        target,
        body: text[front.body..].to_owned(),
        ..Article::default()
    };
    if extension == "mdx" {
        article.body = without_mdx(&article.body, name, line, imported);
    }
    let slug = front.text("slug");
    fields(&mut front, &mut article, &config.zone, NAMES);
    let (collection, id) = stem.split_once('/').unwrap_or(("", stem));
    let id = slug.unwrap_or_else(|| {
        let id = id.strip_suffix("/index").unwrap_or(id);
        id.split('/').map(slugged).collect::<Vec<_>>().join("/")
    });
    article.url = if is_page {
        format!("/{}/", stem.strip_suffix("index").unwrap_or(stem).trim_matches('/')).replace("//", "/")
    } else {
        let own = config.routes.iter().find(|route| route.as_str() == collection);
        let only = if config.routes.len() == 1 { config.routes.first() } else { None };
        match own.or(only) {
            Some(route) => format!("/{route}/{id}/").replace("//", "/"),
            None => {
                article.draft.get_or_insert_with(|| {
                    format!("nothing in src/pages/ shows the collection `{collection}` as pages")
                });
                format!("/{collection}/{id}/")
            }
        }
    };
    if is_page {
        (article.published, article.updated) = (None, None);
    }
    tell_state(&article, source.now, imported);
    article.guid = Some(format!("{}{}", config.base, percent_encode(&article.url)))
        .filter(|_| article.published.is_some());
    Some((article, line))
}

/// A name as Astro's collections have it in ids.
fn slugged(name: &str) -> String {
    let kept: String = name
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_' || *c == ' ')
        .collect();
    kept.replace(' ', "-")
}

/// MDX as Markdown: imports and exports go, components become what says the same.
fn without_mdx(body: &str, file: &str, first_line: u32, imported: &mut Imported) -> String {
    let body = &without_comments(body);
    let code = code_ranges(body);
    let (mut out, mut at, mut number) = (String::new(), 0, first_line);
    let mut is_statement = false;
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        number += 1;
        if is_in(&code, start) {
            out.push_str(line);
            continue;
        }
        let trimmed = line.trim();
        is_statement =
            is_statement && !trimmed.is_empty() || line.starts_with("import ") || line.starts_with("export ");
        if is_statement {
            is_statement =
                !(trimmed.ends_with(';') || line.starts_with("import ") && trimmed.ends_with(['"', '\'']));
            continue;
        }
        let name_of = |text: &str| -> Option<String> {
            let rest = text.strip_prefix('<')?;
            let rest = rest.strip_prefix('/').unwrap_or(rest);
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
            let name = &rest[..length];
            name.starts_with(|c: char| c.is_ascii_uppercase()).then(|| name.to_owned())
        };
        match name_of(trimmed).filter(|_| trimmed.ends_with('>')) {
            None => out.push_str(line),
            Some(name) => {
                let arguments = Arguments::of(
                    trimmed.trim_start_matches('<').trim_start_matches(&name).trim_end_matches(['>', '/']),
                );
                let id = arguments.get(&["id", "videoId", "url"], usize::MAX);
                match (name.as_str(), id) {
                    ("YouTube" | "Youtube", Some(id)) => {
                        out.push_str(&film(&youtube(id), arguments.get(&["title"], usize::MAX), "YouTube"))
                    }
                    ("Vimeo", Some(id)) => {
                        out.push_str(&film(&format!("https://vimeo.com/{id}"), None, "Vimeo"))
                    }
                    _ => {
                        let text = format!(
                            "nothing says the same as `{name}`: it was left out, with a comment in its place"
                        );
                        imported.tell(Outcome::Lost, "component", Spot::line(file, number - 1), text);
                        out.push_str(&comment(trimmed));
                        out.push('\n');
                    }
                }
            }
        }
    }
    out
}

/// The text without comments of MDX: `{/* … */}`. Lines stay.
fn without_comments(body: &str) -> String {
    let code = code_ranges(body);
    let (mut out, mut at) = (String::with_capacity(body.len()), 0);
    while let Some(start) = body[at..].find("{/*").map(|found| at + found) {
        let Some(end) = body[start..].find("*/}").map(|found| start + found + 3) else { break };
        let end = if is_in(&code, start) { start + 3 } else { end };
        let inner = &body[start..end];
        out.push_str(&body[at..start]);
        match is_in(&code, start) {
            true => out.push_str(inner),
            false => out.extend(inner.chars().filter(|letter| *letter == '\n')),
        }
        at = end;
    }
    out.push_str(&body[at..]);
    out
}

/// Converts the texts.
fn bodies(imported: &mut Imported, lines: &[u32], config: &Config, known: &Known) {
    let mut articles = std::mem::take(&mut imported.articles);
    for (article, line) in articles.iter_mut().zip(lines) {
        let (file, url) = (article.source.file.clone(), article.url.clone());
        // Pictures are named from the file on.
        let from_assets = |written: &str| {
            let rest = written.rsplit_once("assets/").filter(|(before, _)| {
                before.ends_with("../") || before.ends_with("@/") || before.ends_with("~/")
            });
            rest.map(|(_, rest)| format!("/assets/{rest}")).filter(|path| known.has(path))
        };
        let placed = super::links::rewrite(&article.body, &from_assets);
        let text = Text { file: &file, first_line: *line, url: &url };
        let around = Around { base: &config.base, known, syntax: None };
        article.body = convert(&placed, text, around, imported, &mut |_| None);
        if let Some(image) = &mut article.image {
            image.src =
                from_assets(&image.src).unwrap_or_else(|| image.src.trim_start_matches("./").to_owned());
        }
    }
    imported.articles = articles;
}

/// Carries the settings over.
fn settings(tree: &Tree, config: &Config, imported: &mut Imported) {
    let consts = ["src/consts.ts", "src/consts.js", "src/config.ts", "src/site.config.ts", "src/consts.mjs"];
    let text: Vec<String> = consts
        .into_iter()
        .filter(|name| tree.has(name))
        .filter_map(|name| tree.text(name, imported))
        .collect();
    let text = text.join("\n");
    let get = |names: &[&str]| names.iter().find_map(|name| property(&text, name));
    let settings = &mut imported.settings;
    settings.title = get(&["SITE_TITLE", "title"]);
    settings.description = get(&["SITE_DESCRIPTION", "description", "desc"]);
    settings.base_url = Some(config.base.clone()).filter(|base| base.contains("://"));
    settings.language = get(&["lang", "locale"]);
    settings.timezone = get(&["timezone"])
        .filter(|name| crate::model::date::parse_zone(name).is_ok())
        .or(Some("UTC".to_owned()));
    plain_settings(settings, Table::new());
    let terms: HashSet<&str> =
        imported.articles.iter().flat_map(|one| one.terms.iter().map(|(name, _)| name.as_str())).collect();
    if terms.contains("categories") {
        imported
            .settings
            .taxonomies
            .push(super::Taxonomy { name: "categories".to_owned(), ..Default::default() });
    }
}
