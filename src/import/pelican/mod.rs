//! Pelican.

mod address;
mod head;
mod site;

use std::collections::BTreeMap;

use address::{filled, slugify, tag_uri};
use head::head;
use site::settings;

use super::body::{Around, Names as Addresses, Text, convert};
use super::common::{Names, dated, fields, terms};
use super::dates::Zone;
use super::definitions::{abbreviations, apart};
use super::front::{self, Front};
use super::links::Known;
use super::model::{Article, Content, Imported, Outcome, Spot, TargetFile};
use super::shortcodes::{code_ranges, is_in};
use super::site::tell_state;
use super::tree::Tree;
use super::{ImportError, Source, python};
use crate::model::metadata::{Entry, Value};

/// Files of settings: the later counts.
const FILES: [&str; 2] = ["pelicanconf.py", "publishconf.py"];
/// Marks before the path of a file.
const MARKS: [&str; 7] = ["filename", "static", "attach", "index", "tag", "category", "author"];
/// How fields are called.
const NAMES: Names<'_> = Names {
    date: &["date"],
    updated: &["modified", "updated"],
    dropped: &["template", "save_as", "keywords", "translation"],
};

/// True if the folder at `path` has a site of Pelican.
pub fn is_at(path: &std::path::Path) -> bool {
    path.join(FILES[0]).is_file()
}

/// The settings, with Pelican's defaults.
struct Config {
    fields: Front,
    base: String,
    content: String,
    zone: Zone,
    future: bool,
}

impl Config {
    fn text(&self, name: &str, usual: &str) -> String {
        let found = self.fields.fields().iter().find(|one| one.key == name);
        found.and_then(|one| front::text(&one.node.value)).unwrap_or_else(|| usual.to_owned())
    }

    fn texts(&self, name: &str, usual: &str) -> Vec<String> {
        let found = self.fields.fields().iter().find(|one| one.key == name);
        found.map_or_else(|| vec![usual.to_owned()], |one| front::texts(&one.node.value))
    }

    fn is(&self, name: &str, usual: bool) -> bool {
        let found = self.fields.fields().iter().find(|one| one.key == name);
        found.map_or(usual, |one| matches!(one.node.value, Value::Bool(true)))
    }
}

/// Reads the site of Pelican in the folder of `source`.
///
/// # Errors
/// It is none, or it can't be read.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let tree = Tree::list(source.path, &["output", "cache"])?;
    let mut imported = Imported::default();
    let config = config(&tree, &mut imported)?;
    tree.tell_passed(&mut imported);
    let mut known = Known::default();
    let statics = config.texts("STATIC_PATHS", "images");
    let pages = config.texts("PAGE_PATHS", "pages");
    let names: Vec<String> = tree.below(&config.content).map(str::to_owned).collect();
    let mut addresses = Addresses::default();
    let mut lines = Vec::new();
    let placed = placed(&config);
    for name in &names {
        let inside = &name[config.content.len() + 1..];
        let is_static = statics.iter().any(|folder| crate::config::within(inside, folder.trim_matches('/')));
        let extension = inside.rsplit('.').next().unwrap_or_default().to_lowercase();
        match extension.as_str() {
            _ if is_static => {
                let to = placed.get(inside).cloned().unwrap_or_else(|| inside.to_owned());
                known.add(&to);
                imported
                    .files
                    .push(TargetFile { to: format!("static/{to}"), content: Content::Copy(tree.path(name)) });
            }
            "md" | "markdown" | "mkd" | "mdown" | "html" | "htm" => {
                let is_page =
                    pages.iter().any(|folder| crate::config::within(inside, folder.trim_matches('/')));
                if let Some((article, line)) =
                    article(&tree, name, inside, is_page, &config, source, &mut imported)
                {
                    known.add(&article.url);
                    addresses.add(inside.rsplit_once('.').map_or(inside, |(stem, _)| stem), &article);
                    imported.articles.push(article);
                    lines.push(line);
                }
            }
            "rst" | "adoc" | "asciidoc" | "ipynb" | "org" => {
                let text =
                    "only Markdown and HTML are read: convert it (`pandoc` can), and run the import again";
                imported.tell(Outcome::Lost, "format", Spot::file(name), text);
            }
            _ => {
                // Files beside articles are there if an article attaches or links them.
                known.add(inside);
                imported.files.push(TargetFile {
                    to: format!("static/{inside}"),
                    content: Content::Copy(tree.path(name)),
                });
            }
        }
    }
    bodies(&mut imported, &lines, &config, &known, &addresses);
    settings(&config, &mut imported);
    Ok(imported)
}

/// The names under which `EXTRA_PATH_METADATA` puts static files.
fn placed(config: &Config) -> BTreeMap<String, String> {
    let found = config.fields.fields().iter().find(|one| one.key == "EXTRA_PATH_METADATA");
    let Some(Value::Table(all)) = found.map(|one| &one.node.value) else { return BTreeMap::new() };
    all.iter().filter_map(|one| Some((one.key.clone(), front::text(&one.node.get("path")?.value)?))).collect()
}

/// Reads the settings.
fn config(tree: &Tree, imported: &mut Imported) -> Result<Config, ImportError> {
    if !tree.has(FILES[0]) {
        let path = tree.root().display().to_string();
        return Err(ImportError::NotOfKind { kind: "Pelican", path, sign: "`pelicanconf.py`" });
    }
    let mut all: Vec<Entry> = Vec::new();
    for name in FILES.into_iter().filter(|name| tree.has(name)) {
        let text = tree.text(name, imported).unwrap_or_default();
        let mut skipped = Vec::new();
        for entry in python::settings(&text, &mut skipped) {
            // A site without a feed in development has one in `publishconf.py`.
            all.retain(|known| known.key != entry.key);
            all.push(entry);
        }
        for (line, name_of) in skipped {
            let text = format!("`{name_of}` is no plain value, and no Python is run: set it in the new site");
            imported.tell(Outcome::Lost, "setting", Spot::line(name, line), text);
        }
    }
    let fields = Front::made("", all, 0);
    let mut config = Config {
        fields,
        base: String::new(),
        content: String::new(),
        zone: Zone::utc("Pelican"),
        future: true,
    };
    config.base = config.text("SITEURL", "").trim_end_matches('/').to_owned();
    config.content = config.text("PATH", "content").trim_matches(['/', '.']).to_owned();
    config.future = config.is("WITH_FUTURE_DATES", true);
    let name = config.text("TIMEZONE", "UTC");
    if let Some(zone) = Zone::named(&name, "`TIMEZONE` of pelicanconf.py") {
        config.zone = zone;
    }
    Ok(config)
}

/// The path of an article or a page that names none.
fn made(
    article: &Article,
    slug: Option<String>,
    base: &str,
    category: &str,
    is_page: bool,
    config: &Config,
) -> String {
    let by_name = config.text("SLUGIFY_SOURCE", "title") == "basename";
    let slug = slug.unwrap_or_else(|| slugify(if by_name { base } else { &article.title }));
    let local = article.published.as_ref().map(|when| when.moment.local());
    let pattern = match is_page {
        true => config.text("PAGE_URL", "pages/{slug}.html"),
        false => config.text("ARTICLE_URL", "{slug}.html"),
    };
    let lang = config.text("DEFAULT_LANG", "en");
    filled(&pattern, &slug, local, &slugify(category), &lang)
}

/// Reads an article or a page, and the line at which its text begins.
fn article(
    tree: &Tree,
    name: &str,
    inside: &str,
    is_page: bool,
    config: &Config,
    source: &Source<'_>,
    imported: &mut Imported,
) -> Option<(Article, u32)> {
    let text = tree.text(name, imported)?;
    let (stem, extension) = inside.rsplit_once('.').unwrap_or((inside, "md"));
    let is_html = matches!(extension, "html" | "htm");
    let (mut front, body, line) = head(&text, is_html);
    let ending = if is_html { "html" } else { "md" };
    let base = stem.rsplit('/').next().unwrap_or(stem);
    let mut article = Article {
        source: Spot::line(name, 1),
        target: if is_page || stem.contains('/') {
            format!("{stem}.{ending}")
        } else {
            format!("articles/{stem}.{ending}")
        },
        body,
        ..Article::default()
    };
    let status = front.text("status").unwrap_or_default().to_lowercase();
    let slug = front.text("slug");
    let url = front.text("url");
    let category = front.text("category");
    let tags = terms(front.take("tags"));
    fields(&mut front, &mut article, &config.zone, NAMES);
    if article.title.is_empty() {
        article.title = base.replace(['-', '_'], " ");
    }
    if let (None, Some(day)) = (&article.published, dated(base).0.filter(|_| !is_page)) {
        article.published = config.zone.in_name(day, name).ok();
    }
    article.terms.clear();
    let folder = stem.rsplit_once('/').map(|(folder, _)| folder.rsplit('/').next().unwrap_or(folder));
    let by_folder = folder.filter(|_| config.is("USE_FOLDER_AS_CATEGORY", true)).map(str::to_owned);
    let category = category.or(by_folder).unwrap_or_else(|| config.text("DEFAULT_CATEGORY", "misc"));
    if !is_page {
        article.terms.push(("categories".to_owned(), vec![category.clone()]));
    }
    if !tags.is_empty() {
        article.terms.push(("tags".to_owned(), tags));
    }
    match status.as_str() {
        "" | "published" => {}
        "hidden" => {
            article.fields.insert("unlisted".to_owned(), true.into());
        }
        other => article.draft = Some(format!("`Status: {other}`")),
    }
    let made = url.unwrap_or_else(|| made(&article, slug, base, &category, is_page, config));
    article.url = format!("/{}", made.trim_start_matches('/'));
    if is_page {
        article.published = None;
        article.updated = None;
    } else if article.published.is_none() && article.draft.is_none() {
        article.draft = Some("it has no date, so Pelican passed it over".to_owned());
    }
    if article.draft.is_none()
        && !config.future
        && article.published.as_ref().is_some_and(|when| when.moment.passed() > source.now)
    {
        article.draft = Some("`WITH_FUTURE_DATES`: it was a draft until its date".to_owned());
    }
    tell_state(&article, source.now, imported);
    if let Some(when) = article.published.as_ref().filter(|_| status != "hidden") {
        article.guid = Some(tag_uri(&config.base, &made, &when.moment.local().date().to_string()));
    }
    Some((article, line))
}

/// Converts the texts: `{filename}`, `{static}` and `{attach}` become paths.
fn bodies(imported: &mut Imported, lines: &[u32], config: &Config, known: &Known, addresses: &Addresses) {
    let mut articles = std::mem::take(&mut imported.articles);
    for (article, line) in articles.iter_mut().zip(lines) {
        let (file, url) = (article.source.file.clone(), article.url.clone());
        let inside = file.get(config.content.len() + 1..).unwrap_or_default();
        let folder = inside.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let mut placed = without_marks(&article.body, &folder, addresses);
        if article.target.ends_with(".md") {
            placed = abbreviations(&apart(&placed));
        }
        let text = Text { file: &file, first_line: *line, url: &url };
        let around = Around { base: &config.base, known, syntax: None };
        article.body = convert(&placed, text, around, imported, &mut |_| None);
        if let Some(image) = &mut article.image {
            image.src = marked(&image.src, &folder, addresses).unwrap_or_else(|| image.src.clone());
        }
    }
    imported.articles = articles;
}

/// The text with addresses in place of `{filename}other.md` and the like, outside of code. A path may have blanks.
fn without_marks(body: &str, folder: &str, addresses: &Addresses) -> String {
    let code = code_ranges(body);
    let (mut out, mut at) = (String::with_capacity(body.len()), 0);
    while let Some(start) = body[at..].find(['{', '|']).map(|found| at + found) {
        let rest = &body[start..];
        let is_mark = MARKS.iter().any(|mark| rest[1..].starts_with(mark)) && !is_in(&code, start);
        let end = if is_mark { rest.find(|c: char| ")\"'>]\n".contains(c)) } else { Some(0) };
        let written = rest[..end.unwrap_or(rest.len())].trim_end();
        let found = marked(written, folder, addresses);
        out.push_str(&body[at..start]);
        at = match found {
            Some(address) => {
                out.push_str(&address);
                start + written.len()
            }
            None => {
                out.push_str(&rest[..1]);
                start + 1
            }
        };
    }
    out.push_str(&body[at..]);
    out
}

/// The address of `{filename}other.md`, and of the other marks of Pelican.
fn marked(written: &str, folder: &str, addresses: &Addresses) -> Option<String> {
    let written = crate::model::url::percent_decode(written);
    let (mark, path) = written.strip_prefix(['{', '|'])?.split_once(['}', '|'])?;
    let near = |path: &str| match path.strip_prefix('/') {
        Some(path) => format!("/{path}"),
        None if folder.is_empty() => format!("/{path}"),
        None => format!("/{folder}/{path}"),
    };
    match mark {
        "filename" => addresses.find(path, folder).or_else(|| Some(near(path))),
        "static" | "attach" => Some(near(path)),
        "index" => Some("/".to_owned()),
        "tag" | "category" | "author" => {
            let taxonomy = match mark {
                "tag" => "tags",
                "category" => "categories",
                _ => "authors",
            };
            Some(format!("/{taxonomy}/{}/", slugify(path)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_pelican() {
        // As Pelican 4.12 has them.
        for (title, slug) in [
            ("The crane & the boat: a C++ story", "the-crane-the-boat-a-c-story"),
            ("\u{c9}t\u{e9} \u{e0} la mer", "ete-a-la-mer"),
            ("\u{65e5}\u{672c} \u{8a9e}_x -- y", "ri-ben-yu-_x-y"),
        ] {
            assert_eq!(slugify(title), slug, "{title}");
        }
    }

    #[test]
    fn heads_are_read() {
        let (mut front, body, line) = head("Title: A: b\nTags: x,\n    y\n\nText\n", false);
        assert_eq!(
            (front.text("title").as_deref(), front.text("tags").as_deref()),
            (Some("A: b"), Some("x, y"))
        );
        assert_eq!((body.as_str(), line), ("Text\n", 5));
        let (mut front, body, _) = head(
            "<html><head><title>A &amp; b</title><META name='date' content=\"2020-01-01\" /></head><body><p>x</p></body>",
            true,
        );
        assert_eq!(
            (front.text("title").as_deref(), front.text("date").as_deref()),
            (Some("A & b"), Some("2020-01-01"))
        );
        assert_eq!(body, "<p>x</p>");
    }

    #[test]
    fn patterns_are_filled() {
        let date = chrono::NaiveDate::from_ymd_opt(2014, 2, 4).and_then(|day| day.and_hms_opt(9, 5, 0));
        assert_eq!(
            filled("{date:%Y}/{date:%b}/{category}/{slug}.html", "a", date, "sea", "en"),
            "2014/Feb/sea/a.html"
        );
        assert_eq!(filled("x{slug", "a", None, "", ""), "x{slug");
    }
}
