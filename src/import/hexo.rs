//! Hexo.

use chrono::{Datelike, NaiveDateTime, Timelike};
use toml::{Table, Value as Toml};

use super::body::{Around, Names as Addresses, Text, before_marker, convert};
use super::common::{Names, fields};
use super::components::{around, block, component, fence, link};
use super::dates::Zone;
use super::front::{Front, Unreadable};
use super::links::Known;
use super::model::{Article, Author, Content, Imported, Outcome, Spot, TargetFile, Taxonomy};
use super::shortcodes::{Becomes, Call, Syntax};
use super::site::{plain_settings, tell_state};
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
    let around_all = Around { base: &config.base, known: &known, syntax: Some(Syntax::Liquid) };
    for (article, line) in articles.iter_mut().zip(&lines) {
        let (file, url) = (article.source.file.clone(), article.url.clone());
        let text = Text { file: &file, first_line: *line, url: &url };
        article.body =
            convert(&article.body, text, around_all, &mut imported, &mut |call| own(call, &addresses));
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
    Ok(Config { fields, base, zone, permalink, assets })
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
    fields(&mut front, &mut article, &config.zone, NAMES);
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
        let path =
            permalink.unwrap_or_else(|| filled(&config.permalink, place, &article.title, local, &categories));
        article.url = format!("/{}", path.trim_start_matches('/'));
        article.guid = Some(format!("{}{}", config.base, percent_encode(&article.url)))
            .filter(|_| article.published.is_some());
    }
    article.url = article.url.strip_suffix("index.html").map(str::to_owned).unwrap_or(article.url);
    tell_state(&article, source.now, imported);
    Some((article, line))
}

/// A pattern such as `:year/:month/:day/:title/`, filled. `:title` is the name of the file.
fn filled(
    pattern: &str,
    place: &str,
    title: &str,
    date: Option<NaiveDateTime>,
    categories: &[String],
) -> String {
    let date = date.unwrap_or_default();
    let name = place.rsplit('/').next().unwrap_or(place);
    let category = match categories {
        [] => "uncategorized".to_owned(),
        all => all.iter().map(|one| slug(one)).collect::<Vec<_>>().join("/"),
    };
    let known = [
        (":i_month", date.month().to_string()),
        (":i_day", date.day().to_string()),
        (":year", format!("{:04}", date.year())),
        (":month", format!("{:02}", date.month())),
        (":day", format!("{:02}", date.day())),
        (":hour", format!("{:02}", date.hour())),
        (":minute", format!("{:02}", date.minute())),
        (":second", format!("{:02}", date.second())),
        (":timestamp", date.and_utc().timestamp().to_string()),
        (":post_title", slug(title)),
        (":title", place.to_owned()),
        (":name", name.to_owned()),
        (":category", category),
    ];
    known.iter().fold(pattern.to_owned(), |text, (token, value)| text.replace(token, value))
}

/// A name as a part of a path.
fn slug(text: &str) -> String {
    const DROPPED: &str = "~`!@#$%^&*()-_+=[]{}|\\;:\"'<>,.?/";
    let kept: String = text
        .chars()
        .map(|letter| if letter.is_whitespace() || DROPPED.contains(letter) { '-' } else { letter })
        .collect();
    kept.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The tags that Hexo has.
fn own(call: &Call<'_>, addresses: &Addresses) -> Option<Becomes> {
    let words = &call.arguments.plain;
    let get = |at: usize| words.get(at).map(String::as_str);
    Some(Becomes::Text(match call.name {
        "post_link" | "post_path" => {
            let url =
                addresses.find(&format!("_posts/{}", get(0)?), "").or_else(|| addresses.find(get(0)?, ""))?;
            match call.name {
                "post_path" => url,
                _ => link(
                    &words
                        .get(1..)
                        .map(|rest| rest.join(" "))
                        .filter(|text| !text.is_empty())
                        .unwrap_or_else(|| url.clone()),
                    &url,
                ),
            }
        }
        "asset_path" => get(0)?.to_owned(),
        "asset_link" => link(&words.get(1..)?.join(" "), get(0)?),
        "asset_img" | "img" => {
            let is_file = |word: &&String| {
                word.rsplit_once('.').is_some_and(|(_, end)| end.len() <= 5 && !end.is_empty())
            };
            let at = words.iter().position(|word| is_file(&word))?;
            let text =
                words.get(at + 1..)?.iter().filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
            let text = text.cloned().collect::<Vec<_>>().join(" ");
            block(&component(
                "figure",
                &[("src", words.get(at)?), ("alt", text.trim()), ("caption", text.trim())],
            ))
        }
        "codeblock" | "code" => {
            let language = call.arguments.get(&["lang"], usize::MAX).unwrap_or_default();
            fence(language, call.raw_inner?)
        }
        "blockquote" | "quote" => {
            let by = call.rest.split("http").next().unwrap_or_default().trim().trim_end_matches(',');
            let source = words.iter().find(|word| word.contains("://")).map_or("", String::as_str);
            block(&around("quote", &[("by", by), ("source", source)], call.inner.as_deref()?))
        }
        "pullquote" => {
            block(&around("quote", &[], call.inner.as_deref()?).replacen("> %}", " pull={true}> %}", 1))
        }
        "link" => {
            let at = words.iter().position(|word| word.contains("://"))?;
            let text = words.get(..at)?.join(" ");
            link(if text.is_empty() { words.get(at)? } else { &text }, words.get(at)?)
        }
        "note" => block(&around("note", &[("kind", get(0).unwrap_or("note"))], call.inner.as_deref()?)),
        _ => return None,
    }))
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
    if imported.articles.iter().any(|one| one.terms.iter().any(|(name, _)| name == "categories")) {
        let path =
            config.fields.text("category_dir").filter(|path| !path.contains('/') && !path.contains(':'));
        imported.settings.taxonomies.push(Taxonomy {
            name: "categories".to_owned(),
            path,
            ..Taxonomy::default()
        });
    }
    front_page(imported);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled() {
        let date = chrono::NaiveDate::from_ymd_opt(2014, 2, 4).and_then(|day| day.and_hms_opt(9, 5, 0));
        let categories = ["Sea Side".to_owned(), "Boats".to_owned()];
        for (pattern, path) in [
            (":year/:month/:day/:title/", "2014/02/04/sea/ferry/"),
            (":category/:i_day-:name.html", "Sea-Side/Boats/4-ferry.html"),
            ("p/:post_title/", "p/The-ferry/"),
        ] {
            assert_eq!(filled(pattern, "sea/ferry", "The ferry!", date, &categories), path, "{pattern}");
        }
    }
}
