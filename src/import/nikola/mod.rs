//! Nikola.

mod terms;

use terms::{slugged, terms_and_feeds};
use toml::Table;

use super::body::{Around, Names as Addresses, Text, before_marker, convert};
use super::common::{Names, fields, terms};
use super::dates::Zone;
use super::definitions::{abbreviations, apart};
use super::front::{self, Front};
use super::links::Known;
use super::model::{Article, Author, Content, Imported, Outcome, Redirect, Spot, TargetFile};
use super::shortcodes::Syntax;
use super::site::{plain_settings, tell_state};
use super::tree::Tree;
use super::{ImportError, Source, python};
use crate::model::metadata::{Entry, Node, Value};
use crate::model::url::percent_encode;

/// The file of settings.
const FILE: &str = "conf.py";
/// How fields are called.
const NAMES: Names<'_> = Names {
    date: &["date"],
    updated: &["updated"],
    dropped: &["type", "template", "password_hash", "nocomments", "hidetitle"],
};

/// True if the folder at `path` has a site of Nikola.
pub fn is_at(path: &std::path::Path) -> bool {
    std::fs::read_to_string(path.join(FILE)).is_ok_and(|text| text.contains("BLOG_TITLE"))
}

/// A line of `POSTS` or `PAGES`.
struct Place {
    folder: String,
    extension: String,
    to: String,
    is_post: bool,
}

struct Config {
    fields: Front,
    base: String,
    zone: Zone,
    is_pretty: bool,
    places: Vec<Place>,
    /// Languages beside that of the site, each with the folder of its pages: `TRANSLATIONS`.
    languages: Vec<(String, String)>,
}

impl Config {
    /// The language in the name of a file without its ending, and the rest: `posts/ferry.de`.
    fn language<'a>(&self, stem: &'a str) -> (&'a str, Option<&(String, String)>) {
        let found = stem.rsplit_once('.').and_then(|(bare, key)| {
            Some((bare, self.languages.iter().find(|(language, _)| language == key)?))
        });
        found.map_or((stem, None), |(bare, language)| (bare, Some(language)))
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.fields.fields().iter().find(|one| one.key == name).map(|one| &one.node.value)
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            // One text for each language: the first is that of the site.
            Value::Table(all) => front::text(&all.first()?.node.value),
            value => front::text(value),
        }
        .filter(|text| !text.is_empty())
    }
}

/// Reads the site of Nikola in the folder of `source`.
///
/// # Errors
/// It is none, or it can't be read.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let tree = Tree::list(source.path, &["output", "cache", "themes", "plugins"])?;
    let mut imported = Imported::default();
    let config = config(&tree, &mut imported)?;
    tree.tell_passed(&mut imported);
    let mut known = Known::default();
    let mut addresses = Addresses::default();
    let mut lines = Vec::new();
    let mut done = std::collections::HashSet::new();
    for place in &config.places {
        for name in tree.below(&place.folder) {
            let extension = name.rsplit('.').next().unwrap_or_default();
            if extension != place.extension || !done.insert(name.to_owned()) {
                continue;
            }
            if !matches!(extension, "md" | "html" | "htm") {
                let text =
                    "only Markdown and HTML are read: convert it (`pandoc` can), and run the import again";
                imported.tell(Outcome::Lost, "format", Spot::file(name), text);
                continue;
            }
            if let Some((article, line)) = article(&tree, name, place, &config, source, &mut imported) {
                known.add(&article.url);
                addresses.add(&name[..name.len() - extension.len() - 1], &article);
                imported.articles.push(article);
                lines.push(line);
            }
        }
    }
    files(&tree, &config, &mut imported, &mut known);
    let mut articles = std::mem::take(&mut imported.articles);
    for (article, line) in articles.iter_mut().zip(&lines) {
        let (file, url) = (article.source.file.clone(), article.url.clone());
        let text = Text { file: &file, first_line: *line, url: &url };
        let around = Around { base: &config.base, known: &known, syntax: Some(Syntax::Hugo) };
        let linked = super::links::rewrite(&article.body, &|written| {
            addresses.find(
                written.strip_prefix("link://filename/").or_else(|| written.strip_prefix("link://slug/"))?,
                "",
            )
        });
        let linked = if article.target.ends_with(".md") { abbreviations(&apart(&linked)) } else { linked };
        article.body = convert(&linked, text, around, &mut imported, &mut |_| None);
        let markers = ["<!-- TEASER_END -->", "<!--TEASER_END-->"];
        if let Some(image) = &mut article.image {
            image.src = known.picture(&image.src).unwrap_or_else(|| image.src.clone());
        }
        if article.summary.is_none() {
            article.summary = markers.into_iter().find_map(|marker| before_marker(&article.body, marker));
        }
    }
    imported.articles = articles;
    settings(&config, &mut imported);
    Ok(imported)
}

/// Plans the copies of files and pictures.
fn files(tree: &Tree, config: &Config, imported: &mut Imported, known: &mut Known) {
    let mut folders = vec![("files".to_owned(), String::new()), ("images".to_owned(), "images".to_owned())];
    for name in ["FILES_FOLDERS", "IMAGE_FOLDERS"] {
        if let Some(Value::Table(all)) = config.value(name) {
            folders
                .extend(all.iter().filter_map(|one| Some((one.key.clone(), front::text(&one.node.value)?))));
        }
    }
    folders.reverse();
    let mut seen = std::collections::HashSet::new();
    for (folder, to) in folders {
        for name in tree.below(folder.trim_matches('/')) {
            if seen.insert(name.to_owned()) {
                let inside =
                    format!("{}/{}", to.trim_matches('/'), &name[folder.trim_matches('/').len() + 1..]);
                let inside = inside.trim_start_matches('/');
                known.add(inside);
                imported.files.push(TargetFile {
                    to: format!("static/{inside}"),
                    content: Content::Copy(tree.path(name)),
                });
            }
        }
    }
    for name in tree.below("data") {
        imported.files.push(TargetFile { to: name.to_owned(), content: Content::Copy(tree.path(name)) });
    }
}

fn config(tree: &Tree, imported: &mut Imported) -> Result<Config, ImportError> {
    if !tree.has(FILE) {
        let path = tree.root().display().to_string();
        return Err(ImportError::NotOfKind { kind: "Nikola", path, sign: "`conf.py`" });
    }
    let text = tree.text(FILE, imported).unwrap_or_default();
    let mut skipped = Vec::new();
    let all = python::settings(&text, &mut skipped);
    for (line, name) in skipped
        .into_iter()
        .filter(|(_, name)| ["POSTS", "PAGES", "SITE_URL", "BLOG_TITLE", "TIMEZONE"].contains(&name.as_str()))
    {
        let text = format!("`{name}` is no plain value, and no Python is run: set it in the new site");
        imported.tell(Outcome::Lost, "setting", Spot::line(FILE, line), text);
    }
    let mut config = Config {
        fields: Front::made("", all, 0),
        base: String::new(),
        zone: Zone::utc("Nikola"),
        is_pretty: true,
        places: Vec::new(),
        languages: Vec::new(),
    };
    let own = config.text("DEFAULT_LANG").unwrap_or_else(|| "en".to_owned());
    config.languages = languages(config.value("TRANSLATIONS"), &own);
    config.base = config.text("SITE_URL").unwrap_or_default().trim_end_matches('/').to_owned();
    if let Some(zone) = config.text("TIMEZONE").and_then(|name| Zone::named(&name, "`TIMEZONE` of conf.py")) {
        config.zone = zone;
    }
    config.is_pretty = config.value("PRETTY_URLS") != Some(&Value::Bool(false));
    let mut places = Vec::new();
    for (name, is_post) in [("POSTS", true), ("PAGES", false)] {
        let Some(Value::List(items)) = config.value(name) else { continue };
        for item in items {
            // The folder of the pages may be empty.
            let Value::List(parts) = &item.value else { continue };
            let parts: Vec<String> = parts.iter().filter_map(|part| front::text(&part.value)).collect();
            if let [from, to, ..] = parts.as_slice()
                && let Some((folder, pattern)) = from.rsplit_once('/')
            {
                let extension = pattern.rsplit('.').next().unwrap_or("md").to_owned();
                places.push(Place { folder: folder.to_owned(), extension, to: to.clone(), is_post });
            }
        }
    }
    if places.is_empty() {
        let usual = [("posts", true), ("pages", false)];
        places.extend(usual.map(|(folder, is_post)| Place {
            folder: folder.to_owned(),
            extension: "md".to_owned(),
            to: folder.to_owned(),
            is_post,
        }));
    }
    config.places = places;
    Ok(config)
}

/// The languages of `TRANSLATIONS` beside the site's `own`, each with its folder.
fn languages(written: Option<&Value>, own: &str) -> Vec<(String, String)> {
    let Some(Value::Table(all)) = written else { return Vec::new() };
    let others = all.iter().filter(|one| one.key != own && one.key != "DEFAULT_LANG");
    let folder = |value: &Value| {
        let path = front::text(value)?;
        Some(path.trim_start_matches("./").trim_matches('/').to_owned()).filter(|path| !path.is_empty())
    };
    others.filter_map(|one| Some((one.key.clone(), folder(&one.node.value)?))).collect()
}

/// The fields of lines `.. name: value`, in a comment or not, and the byte at which the text begins.
fn head(text: &str) -> Front {
    if (text.starts_with("---") || text.starts_with("+++"))
        && let Ok(front) = Front::of(text)
    {
        return front;
    }
    let (mut entries, mut at, mut body) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if let Some((key, value)) = trimmed.strip_prefix(".. ").and_then(|rest| rest.split_once(':')) {
            let node = Node { value: Value::String(value.trim().to_owned()), span: start..at };
            entries.push(Entry { key: key.trim().to_lowercase(), key_span: start..at, node });
        } else if !trimmed.is_empty() && !trimmed.starts_with("<!--") && trimmed != "-->" {
            break;
        }
        body = at;
        if trimmed == "-->" || trimmed.is_empty() && !entries.is_empty() && !text.starts_with("<!--") {
            break;
        }
    }
    Front::made(text, entries, body)
}

/// `2014-02-14 09:00:00 UTC+01:00` with an offset that all know.
fn with_offset(front: &mut Front, name: &str) -> Option<Entry> {
    let field = front.take(name)?;
    let text = front::text(&field.value)?;
    let text = text.replace(" UTC+", " +").replace(" UTC-", " -").replacen(" UTC", " +00:00", 1);
    let node = Node { value: Value::String(text), span: 0..0 };
    Some(Entry { key: name.to_owned(), key_span: 0..0, node })
}

/// Sorts the tags, some of which say that a post is not public, and reads its status.
fn state(article: &mut Article, tags: Vec<String>, category: Option<String>, status: Option<&str>) {
    article.terms.clear();
    let is_mark = |tag: &String| matches!(tag.as_str(), "draft" | "private" | "mathjax");
    let marks: Vec<String> = tags.iter().filter(|tag| is_mark(tag)).cloned().collect();
    let tags: Vec<String> = tags.into_iter().filter(|tag| !is_mark(tag)).collect();
    if !tags.is_empty() {
        article.terms.push(("tags".to_owned(), tags));
    }
    if let Some(category) = category {
        article.terms.push(("topics".to_owned(), vec![category]));
    }
    match status {
        None | Some("" | "published") => {}
        Some("featured") => {
            article.fields.insert("featured".to_owned(), true.into());
        }
        Some(other) => article.draft = Some(format!("`.. status: {other}`")),
    }
    if let Some(mark) = marks.iter().find(|mark| *mark != "mathjax") {
        article.draft = Some(format!("the tag `{mark}`"));
    }
    if marks.iter().any(|mark| mark == "mathjax") || article.extra.remove("has_math").is_some() {
        article.fields.insert("math".to_owned(), true.into());
    }
}

fn article(
    tree: &Tree,
    name: &str,
    place: &Place,
    config: &Config,
    source: &Source<'_>,
    imported: &mut Imported,
) -> Option<(Article, u32)> {
    let text = tree.text(name, imported)?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut front = head(&text);
    let body = text[front.body..].to_owned();
    let line = front.line_of(front.body);
    // The fields may be in a file of their own.
    let meta = format!("{stem}.meta");
    if tree.has(&meta) {
        let more = head(&tree.text(&meta, imported)?);
        front.add_missing(more.fields());
    }
    // A translation has the fields of its original that it does not have itself.
    let (bare, language) = config.language(stem);
    let original = name.strip_prefix(stem).map(|ending| format!("{bare}{ending}"));
    if let Some(original) = original.filter(|original| language.is_some() && tree.has(original)) {
        let original = head(&tree.text(&original, imported)?);
        front.add_missing(original.fields());
    }
    let dates: Vec<Entry> =
        ["date", "updated"].into_iter().filter_map(|name| with_offset(&mut front, name)).collect();
    front.add_missing(&dates);
    let inside = &stem[place.folder.len() + 1..];
    let ending = if name.ends_with(".md") { "md" } else { "html" };
    let target = match place.is_post {
        true => format!("posts/{inside}.{ending}"),
        false if inside == "index" => "index-page.md".to_owned(),
        false => format!("{inside}.{ending}"),
    };
    let mut article = Article { source: Spot::line(name, 1), target, body, ..Article::default() };
    let (slug, status, guid) = (front.text("slug"), front.text("status"), front.text("guid"));
    let tags = terms(front.take("tags"));
    let category = front.text("category");
    let link = front.text("link");
    let image = front.text("previewimage");
    fields(&mut front, &mut article, &config.zone, NAMES);
    state(&mut article, tags, category, status.as_deref());
    if let Some(link) = link.filter(|link| link.contains("://")) {
        article.extra.insert("source_link".to_owned(), link.into());
    }
    article.image =
        article.image.take().or_else(|| image.map(|src| super::Image { src, ..Default::default() }));
    let inside = &bare[place.folder.len() + 1..];
    let (folder, base) = inside.rsplit_once('/').unwrap_or(("", inside));
    let slug = slug.unwrap_or_else(|| slugged(base));
    let of_language = language.map_or("", |(_, folder)| folder.as_str());
    let path = format!("{of_language}/{}/{folder}/{slug}", place.to.trim_matches('/')).replace("//", "/");
    let path = path.replace("//", "/");
    let path = path.trim_start_matches('/');
    article.url = match (config.is_pretty, slug.as_str()) {
        (_, "index") => format!("/{}", path.trim_end_matches("index")),
        (true, _) => format!("/{path}/"),
        (false, _) => format!("/{path}.html"),
    };
    match place.is_post {
        true if article.published.is_none() && article.draft.is_none() => {
            article.draft = Some("it has no date".to_owned())
        }
        true => {
            article.guid = guid.or_else(|| Some(format!("{}{}", config.base, percent_encode(&article.url))))
        }
        false => (article.published, article.updated) = (None, None),
    }
    tell_state(&article, source.now, imported);
    Some((article, line))
}

/// Carries the settings over.
fn settings(config: &Config, imported: &mut Imported) {
    let settings = &mut imported.settings;
    settings.title = config.text("BLOG_TITLE");
    settings.base_url = Some(config.base.clone()).filter(|base| base.contains("://"));
    settings.description = config.text("BLOG_DESCRIPTION");
    settings.language = config.text("DEFAULT_LANG").map(|tag| tag.replace('_', "-"));
    settings.timezone = Some(config.zone.zone.name().to_owned());
    settings.author = config.text("BLOG_AUTHOR").map(|name| Author {
        name,
        email: config.text("BLOG_EMAIL"),
        ..Author::default()
    });
    settings.page_size =
        config.text("INDEX_DISPLAY_POST_COUNT").and_then(|text| text.parse().ok()).filter(|size| *size > 0);
    settings.feeds.limit = Some(config.text("FEED_LENGTH").and_then(|text| text.parse().ok()).unwrap_or(10));
    if let Some(Value::Table(all)) = config.value("NAVIGATION_LINKS")
        && let Some(Value::List(items)) = all.first().map(|one| &one.node.value)
    {
        for item in items {
            if let [url, title, ..] = front::texts(&item.value).as_slice() {
                settings.navigation.push((title.clone(), url.clone()));
            }
        }
    }
    if let Some(Value::List(items)) = config.value("REDIRECTIONS") {
        for item in items {
            if let [from, to] = front::texts(&item.value).as_slice() {
                let from = format!("/{}", from.trim_start_matches('/'));
                imported.redirects.push(Redirect { from, to: to.clone(), source: Spot::file(FILE) });
            }
        }
    }
    plain_settings(&mut imported.settings, Table::new());
    let languages = config.languages.iter().map(|(key, _)| (key.replace('_', "-"), Table::new().into()));
    let languages: Table = languages.collect();
    if !languages.is_empty() {
        imported.settings.other.insert("languages".to_owned(), languages.into());
    }
    terms_and_feeds(config, imported);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_in_a_comment_and_without_one() {
        for text in [
            "<!--\n.. title: A: b\n.. date: 2014-02-14 09:00:00 UTC+01:00\n-->\n\nText\n",
            ".. title: A: b\n.. date: 2014-02-14 09:00:00 UTC+01:00\n\nText\n",
        ] {
            let mut front = head(text);
            assert_eq!(text[front.body..].trim(), "Text", "{text}");
            let date = with_offset(&mut front, "date").unwrap();
            assert_eq!(front::text(&date.node.value).as_deref(), Some("2014-02-14 09:00:00 +01:00"));
            assert_eq!(front.text("title").as_deref(), Some("A: b"));
        }
    }
}
