//! Pages and sections of Hugo: their files, front matter, dates and addresses.

use std::collections::{BTreeMap, HashSet};

use super::config::{Config, cascade};
use super::place::{address, dates};
use crate::import::Source;
use crate::import::common::{people, picture};
use crate::import::extra::left;
use crate::import::front::{self, Field, Front};
use crate::import::model::{Article, Content, Image, Imported, Outcome, Spot, TargetFile};
use crate::import::site::tell_state;
use crate::import::tree::Tree;
use crate::model::metadata::{Entry, Value};
use crate::model::url::percent_encode;

/// Endings of texts that are read.
pub(super) const TEXTS: [&str; 5] = ["md", "markdown", "html", "htm", "mdown"];
/// Endings of texts in languages that Dateline does not read.
const OTHERS: [&str; 7] = ["adoc", "asciidoc", "ad", "rst", "org", "pandoc", "pdc"];
/// Fields that mean nothing outside of Hugo.
pub(super) const DROPPED: [&str; 11] = [
    "type",
    "layout",
    "outputs",
    "markup",
    "iscjklanguage",
    "linktitle",
    "sitemap",
    "cascade",
    "menu",
    "menus",
    "resources",
];

/// A page with what its links and shortcodes need.
pub struct Page {
    /// The page.
    pub article: Article,
    /// Its place below the content of its language: `posts/ferry.md`, `posts/ferry/index.md`.
    pub path: String,
    /// The line at which its text begins, from 1.
    pub first_line: u32,
    /// Files beside it, by their paths in its folder.
    pub resources: Vec<String>,
}

/// A file of content.
pub(super) struct File {
    /// Its name in the tree.
    pub name: String,
    /// Its path below the content of its language, without the language in its name.
    pub path: String,
    /// The key of its language; `None` for the site's own.
    pub language: Option<String>,
    /// Its path below `content/` of the target.
    pub target: String,
}

/// The files of content in all languages.
pub(super) fn content(tree: &Tree, config: &Config) -> Vec<File> {
    let mut files = Vec::new();
    let own = config.languages.iter().filter_map(|one| Some((one.content.clone()?, Some(one.key.clone()))));
    let mut roots: Vec<(String, Option<String>)> = own.collect();
    roots.push((config.content.clone(), None));
    let mut seen = HashSet::new();
    for (root, folder_language) in roots {
        for name in tree.below(&root) {
            if !seen.insert(name.to_owned()) {
                continue;
            }
            let inside = &name[root.len() + 1..];
            let (path, language) = match (&folder_language, in_name(inside, config)) {
                (Some(key), _) => (inside.to_owned(), Some(key.clone())),
                (None, Some((path, key))) => (path, Some(key).filter(|key| *key != config.language)),
                (None, None) => (inside.to_owned(), None),
            };
            let target = match (&folder_language, &language) {
                (Some(key), _) => format!("{key}/{inside}"),
                (None, None) => path.clone(),
                (None, Some(_)) => inside.to_owned(),
            };
            files.push(File { name: name.to_owned(), path, language, target });
        }
    }
    files
}

/// The path without the language in its name, and the language: `posts/ferry.de.md`.
fn in_name(inside: &str, config: &Config) -> Option<(String, String)> {
    let (stem, extension) = inside.rsplit_once('.')?;
    let (bare, key) = stem.rsplit_once('.')?;
    let is_known = key == config.language || config.languages.iter().any(|one| one.key == key);
    (is_known && !key.contains('/')).then(|| (format!("{bare}.{extension}"), key.to_owned()))
}

pub(super) fn ending(path: &str) -> String {
    path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, end)| end).to_lowercase()
}

pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The folder of the bundle that the file at `path` belongs to; `None` if it is in none.
fn bundle_of<'a>(path: &'a str, bundles: &HashSet<String>) -> Option<&'a str> {
    let mut folder = folder_of(path);
    loop {
        if bundles.contains(folder) {
            return Some(folder);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder_of(folder);
    }
}

/// Reads all pages, and plans the files beside them.
pub fn pages(tree: &Tree, config: &Config, source: &Source<'_>, imported: &mut Imported) -> Vec<Page> {
    let files = content(tree, config);
    let is_text = |file: &File| TEXTS.contains(&ending(&file.path).as_str());
    let is_index = |file: &&File| is_text(file) && stem(&file.path) == "index" && file.path.contains('/');
    let bundles: HashSet<String> =
        files.iter().filter(is_index).map(|file| folder_of(&file.path).to_owned()).collect();
    let cascades = cascades(tree, &files, imported);
    let mut resources: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut pages = Vec::new();
    for file in &files {
        let bundle = bundle_of(&file.path, &bundles);
        let is_page = is_text(file)
            && bundle.is_none_or(|folder| folder == folder_of(&file.path) && stem(&file.path) == "index");
        if is_page && stem(&file.path) == "_index" {
            continue;
        }
        if is_page {
            let inherited = inherited(&file.path, &cascades, config);
            pages.extend(page(tree, config, source, file, &inherited, imported));
        } else if OTHERS.contains(&ending(&file.path).as_str()) {
            let text = "only Markdown and HTML are read: convert it, and run the import again";
            imported.tell(Outcome::Lost, "format", Spot::file(&file.name), text);
        } else if is_text(file) {
            let text = "a text beside `index.md` is no page: templates of Hugo may have shown it";
            imported.tell(Outcome::Lost, "resource", Spot::file(&file.name), text);
        } else {
            if let Some(folder) = bundle {
                resources
                    .entry(folder.to_owned())
                    .or_default()
                    .push(file.path[folder.len() + 1..].to_owned());
            }
            let to = format!("content/{}", file.target);
            imported.files.push(TargetFile { to, content: Content::Copy(tree.path(&file.name)) });
        }
    }
    for page in &mut pages {
        if stem(&page.path) == "index" {
            page.resources = resources.get(folder_of(&page.path)).cloned().unwrap_or_default();
        }
        if page.article.image.is_none() {
            // As the embedded templates of Hugo choose it.
            let found = page
                .resources
                .iter()
                .find(|name| ["feature", "cover", "thumbnail"].iter().any(|word| name.contains(word)));
            let is_picture = |name: &&String| {
                ["jpg", "jpeg", "png", "webp", "gif", "avif"].contains(&ending(name).as_str())
            };
            page.article.image =
                found.filter(is_picture).map(|src| Image { src: src.clone(), ..Image::default() });
        }
    }
    pages
}

/// The fields that each folder hands down.
fn cascades(tree: &Tree, files: &[File], imported: &mut Imported) -> BTreeMap<String, Vec<Entry>> {
    let mut all = BTreeMap::new();
    for file in files.iter().filter(|file| stem(&file.path) == "_index" && file.language.is_none()) {
        let Some(text) = tree.text(&file.name, imported) else { continue };
        let Ok(mut front) = Front::of(&text) else { continue };
        let field = front.take("cascade");
        let line = field.as_ref().map_or(0, |field| field.line);
        let fields = cascade(field.map(|field| field.value), &Spot::line(&file.name, line), imported);
        if !fields.is_empty() {
            all.insert(folder_of(&file.path).to_owned(), fields);
        }
    }
    all
}

/// The fields that the page at `path` inherits, the nearest first.
fn inherited(path: &str, cascades: &BTreeMap<String, Vec<Entry>>, config: &Config) -> Vec<Entry> {
    let mut fields = Vec::new();
    let mut folder = folder_of(path);
    loop {
        fields.extend(cascades.get(folder).into_iter().flatten().cloned());
        if folder.is_empty() {
            break;
        }
        folder = folder_of(folder);
    }
    fields.extend(config.cascade.iter().cloned());
    fields
}

/// Reads one page; `None` if it can't be read.
fn page(
    tree: &Tree,
    config: &Config,
    source: &Source<'_>,
    file: &File,
    inherited: &[Entry],
    imported: &mut Imported,
) -> Option<Page> {
    let text = tree.text(&file.name, imported)?;
    let mut article =
        Article { source: Spot::line(&file.name, 1), target: target(&file.target), ..Article::default() };
    let mut front = match Front::of(&text) {
        Ok(front) => front,
        Err(error) => {
            let told = format!("its front matter can't be read, so it is a draft: {}", error.reason);
            imported.tell(Outcome::Held, "front-matter", Spot::line(&file.name, error.line), told);
            article.draft = Some("its front matter can't be read".to_owned());
            article.body = format!("```\n{}\n```", text.replace("```", "` ` `"));
            article.title = stem(&file.path).to_owned();
            return Some(Page { article, path: file.path.clone(), first_line: 1, resources: Vec::new() });
        }
    };
    front.add_missing(inherited);
    if let Some(Value::Table(params)) = front.take("params").map(|field| field.value) {
        front.add_missing(&params);
    }
    article.body = text[front.body..].to_owned();
    let first_line = front.line_of(front.body);
    article.title = front.text("title").unwrap_or_default();
    let named = dates(&mut front, &mut article, config, file, imported);
    address(&mut front, &mut article, config, file, named);
    fields(&mut front, &mut article, config, imported);
    let day = article.published.as_ref().map(|when| when.moment.local().date());
    let left = left(&front, day, &DROPPED);
    article.extra = left.extra;
    article.draft = article.draft.or(left.held);
    tell_state(&article, source.now, imported);
    if article.published.is_some() {
        article.guid = Some(permalink(&config.base, &article.url));
    }
    Some(Page { article, path: file.path.clone(), first_line, resources: Vec::new() })
}

/// The name of the source in the target: Markdown ends in `.md`.
fn target(path: &str) -> String {
    match path.rsplit_once('.') {
        Some((stem, "mdown" | "markdown")) => format!("{stem}.md"),
        Some((stem, "htm")) => format!("{stem}.html"),
        _ => path.to_owned(),
    }
}

/// The permalink of `path` on the site at `base`.
pub fn permalink(base: &str, path: &str) -> String {
    format!("{}/{}", base.trim_end_matches('/'), percent_encode(path.trim_start_matches('/')))
}

/// Reads the other fields.
fn fields(front: &mut Front, article: &mut Article, config: &Config, imported: &mut Imported) {
    if front.take("draft").is_some_and(|field| field.value != Value::Bool(false)) {
        article.draft.get_or_insert_with(|| "`draft`".to_owned());
    }
    if front.take("headless").is_some_and(|field| field.value == Value::Bool(true)) {
        article.draft.get_or_insert_with(|| "`headless`: it had no page".to_owned());
    }
    for name in ["build", "_build"] {
        let mut build = front.table(name);
        let is_never = |field: Option<Field>| {
            field
                .and_then(|field| front::text(&field.value))
                .is_some_and(|text| matches!(text.as_str(), "never" | "false" | "link"))
        };
        if is_never(build.take("render")) {
            article.draft.get_or_insert_with(|| "`build.render`: it had no page".to_owned());
        }
        if build
            .take("list")
            .and_then(|field| front::text(&field.value))
            .is_some_and(|text| matches!(text.as_str(), "never" | "false" | "local"))
        {
            article.fields.insert("unlisted".to_owned(), true.into());
        }
    }
    let (summary, description) = (front.text("summary"), front.text("description"));
    article.summary = summary.or(description).map(|text| crate::model::html::plain(&text));
    for taxonomy in &config.taxonomies {
        let terms = front.texts(taxonomy);
        match taxonomy.as_str() {
            _ if terms.is_empty() => {}
            "author" | "authors" => article.authors.extend(terms),
            _ => article.terms.push((taxonomy.clone(), terms)),
        }
    }
    if !config.taxonomies.iter().any(|name| name == "tags") {
        let tags = front.texts("tags");
        if !tags.is_empty() {
            article.extra.insert("source_tags".to_owned(), tags.into());
        }
    }
    for name in ["authors", "author"] {
        article.authors.extend(front.take(name).map(|field| people(&field.value)).unwrap_or_default());
    }
    if let Some(weight) =
        front.take("weight").and_then(|field| front::text(&field.value)?.parse::<i64>().ok())
    {
        article.fields.insert("weight".to_owned(), weight.into());
    }
    if let Some(math) = front.take_first(&["math", "katex", "mathjax"]) {
        article.fields.insert("math".to_owned(), (math.value == Value::Bool(true)).into());
    }
    if let Some(url) = front.text("canonicalURL").or_else(|| front.text("canonical")) {
        article.fields.insert("canonical".to_owned(), url.into());
    }
    if let Some(key) = front.text("translationKey") {
        article.extra.insert("translationKey".to_owned(), key.into());
    }
    article.image = picture(front);
    menu(front, article, imported);
}

/// Adds the page to the main menu, if it says so.
fn menu(front: &mut Front, article: &mut Article, imported: &mut Imported) {
    let Some(field) = front.take_first(&["menus", "menu"]) else { return };
    let (is_main, title) = match &field.value {
        Value::Table(table) => {
            let main = table.iter().find(|one| one.key == "main");
            let name = main.and_then(|one| one.node.get("name")).and_then(|node| front::text(&node.value));
            (main.is_some(), name)
        }
        value => (front::texts(value).iter().any(|name| name == "main"), None),
    };
    if is_main {
        let title = title.unwrap_or_else(|| article.title.clone());
        imported.settings.navigation.push((title, article.url.clone()));
    }
}
