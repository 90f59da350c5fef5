//! Posts, pages, documents of collections and static files of Jekyll.

use std::collections::BTreeMap;

use super::config::{Collection, Config};
use super::place::{Named, address, categories, dates, guid};
use crate::import::Source;
use crate::import::extra::left;
use crate::import::front::{self, Front};
use crate::import::links::Known;
use crate::import::model::{Article, Content, Image, Imported, Outcome, Redirect, Section, Spot, TargetFile};
use crate::import::site::tell_state;
use crate::import::tree::Tree;
use crate::model::metadata::Value;

/// Endings of texts.
const TEXTS: [&str; 6] = ["md", "markdown", "mkdown", "mkdn", "html", "htm"];
/// Fields that mean nothing outside of Jekyll.
const DROPPED: [&str; 7] = [
    "layout",
    "permalink",
    "sitemap",
    "redirect_to",
    "excerpt_separator",
    "render_with_liquid",
    "pagination",
];
/// Titles that section pages of posts have had.
const LISTS: [&str; 4] = ["site.posts", "paginator.posts", "site.categories", "site.tags"];

/// A document with what its text needs.
pub struct Document {
    /// The article or page.
    pub article: Article,
    /// Its file without extension: `_posts/2014-02-14-ferry`.
    pub stem: String,
    /// The line at which its text begins, from 1.
    pub first_line: u32,
    /// `excerpt_separator` of its own.
    pub separator: Option<String>,
}

/// The kind of a document.
#[derive(Clone, Copy)]
pub(super) enum Kind<'a> {
    /// In `_posts/`.
    Post,
    /// In `_drafts/`.
    Draft,
    /// Anywhere else.
    Page,
    /// In a collection.
    Of(&'a Collection),
}

impl Kind<'_> {
    fn name(&self) -> &str {
        match self {
            Kind::Post => "posts",
            Kind::Draft => "drafts",
            Kind::Page => "pages",
            Kind::Of(collection) => &collection.name,
        }
    }
}

fn ending(name: &str) -> &str {
    name.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, end)| end)
}

/// Reads everything that has a page, and plans the copies of all other files.
pub fn documents(
    tree: &Tree,
    config: &Config,
    source: &Source<'_>,
    imported: &mut Imported,
    known: &mut Known,
) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut kept_back: BTreeMap<&str, usize> = BTreeMap::new();
    for name in tree.names() {
        let kind = kind_of(name, config);
        let is_text = TEXTS.contains(&ending(name).to_lowercase().as_str());
        match kind {
            Some(Kind::Of(collection)) if !collection.has_output => {
                *kept_back.entry(&collection.name).or_default() += 1
            }
            Some(kind) if is_text => {
                let read = document(tree, name, kind, config, source, imported);
                documents.extend(read.inspect(|one| known.add(&one.article.url)));
            }
            Some(Kind::Post | Kind::Draft) => {
                let text = "only Markdown and HTML are read: convert it, and run the import again";
                imported.tell(Outcome::Lost, "format", Spot::file(name), text);
            }
            Some(Kind::Of(collection)) => {
                let inside = &name[collection.name.len() + 2..];
                copy(tree, name, &format!("{}/{inside}", collection.name), imported, known);
            }
            Some(Kind::Page) | None if config.excludes(name) => {}
            None | Some(Kind::Page) => match is_text
                || ["scss", "sass", "coffee", "css", "js", "xml", "json", "txt"].contains(&ending(name))
            {
                true if has_front_matter(tree, name) => {
                    if is_text {
                        let read = document(tree, name, Kind::Page, config, source, imported);
                        documents.extend(read.inspect(|one| known.add(&one.article.url)));
                    } else {
                        let text = "Jekyll made this file of a template: Dateline has feeds, sitemaps and styles of its own";
                        imported.tell(Outcome::Lost, "templates", Spot::file(name), text);
                    }
                }
                _ => copy(tree, name, name, imported, known),
            },
        }
    }
    for (name, count) in kept_back {
        let text = format!(
            "the collection has no pages (`output` is not true), so it was left out (files: {count})"
        );
        imported.tell(Outcome::Held, "collection", Spot::file(format!("_{name}/")), text);
    }
    documents
}

fn copy(tree: &Tree, name: &str, to: &str, imported: &mut Imported, known: &mut Known) {
    known.add(to);
    imported.files.push(TargetFile { to: format!("static/{to}"), content: Content::Copy(tree.path(name)) });
}

fn has_front_matter(tree: &Tree, name: &str) -> bool {
    use std::io::Read;
    let mut head = [0; 4];
    let file = crate::storage::file::open(&tree.path(name));
    file.is_ok_and(|mut file| file.read(&mut head).is_ok_and(|_| head.starts_with(b"---")))
}

/// The kind of the file `name`, if its folder says it.
fn kind_of<'a>(name: &str, config: &'a Config) -> Option<Kind<'a>> {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    for part in folder.split('/') {
        match part {
            "_posts" => return Some(Kind::Post),
            "_drafts" => return Some(Kind::Draft),
            _ => {}
        }
    }
    let first = folder.split('/').next()?.strip_prefix('_')?;
    config.collections.iter().find(|one| one.name == first).map(Kind::Of)
}

/// The date and the rest of a name: `2014-02-14-ferry`.
fn dated(base: &str) -> (Option<&str>, &str) {
    let mut parts = base.splitn(4, '-');
    let numbers: Vec<&str> = parts.by_ref().take(3).collect();
    let is_date = numbers.len() == 3
        && numbers.iter().all(|one| !one.is_empty() && one.bytes().all(|byte| byte.is_ascii_digit()));
    match parts.next().filter(|rest| is_date && !rest.is_empty()) {
        Some(rest) => (base.get(..base.len() - rest.len() - 1), rest),
        None => (None, base),
    }
}

fn document(
    tree: &Tree,
    name: &str,
    kind: Kind<'_>,
    config: &Config,
    source: &Source<'_>,
    imported: &mut Imported,
) -> Option<Document> {
    let text = tree.text(name, imported)?;
    let mut front = match Front::of(&text) {
        Ok(front) => front,
        Err(error) => {
            let told = format!("its front matter can't be read, so it is left out: {}", error.reason);
            imported.tell(Outcome::Lost, "front-matter", Spot::line(name, error.line), told);
            return None;
        }
    };
    config.add_defaults(&mut front, name, kind.name());
    let body = &text[front.body..];
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let base = stem.rsplit('/').next().unwrap_or(stem);
    let (day, bare) = if matches!(kind, Kind::Page) { (None, base) } else { dated(base) };
    let mut article = Article { source: Spot::line(name, 1), body: body.to_owned(), ..Article::default() };
    article.title = front.text("title").unwrap_or_default();
    // Nobody saw the date of a page in a feed.
    if !matches!(kind, Kind::Page) {
        dates(&mut front, &mut article, day, name, config);
    }
    if matches!(kind, Kind::Post) && article.published.is_none() && article.draft.is_none() {
        imported.tell(
            Outcome::Lost,
            "name",
            Spot::file(name),
            "Jekyll passed it over: a post has a date in its name",
        );
        return None;
    }
    let categories = categories(&mut front, name, kind);
    let slug = front.text("slug");
    address(
        &mut front,
        &mut article,
        Named { stem, bare, slug: slug.as_deref(), categories: &categories },
        kind,
        config,
    );
    if is_list(body, &article, imported) {
        return None;
    }
    if let Some(to) = front.text("redirect_to") {
        imported.redirects.push(Redirect { from: article.url, to, source: Spot::line(name, 1) });
        return None;
    }
    let is_fed = match kind {
        Kind::Of(collection) => config.fed.iter().any(|(name, _)| *name == collection.name),
        _ => true,
    };
    if article.published.is_some() && !is_fed {
        article.fields.insert("feed".to_owned(), false.into());
    } else if article.published.is_some() {
        article.guid = Some(guid(&article.url, slug.as_deref().unwrap_or(bare), config));
    }
    if article.title.is_empty() {
        article.title = titled(bare);
    }
    article.target = target(name, kind);
    if matches!(kind, Kind::Draft) {
        article.draft = Some("the folder `_drafts`".to_owned());
    }
    let separator = front.text("excerpt_separator");
    fields(&mut front, &mut article, categories);
    let day = article.published.as_ref().map(|when| when.moment.local().date());
    let left = left(&front, day, &DROPPED);
    article.extra = left.extra;
    article.draft = article.draft.or(left.held);
    tell_state(&article, source.now, imported);
    Some(Document { article, stem: stem.to_owned(), first_line: front.line_of(front.body), separator })
}

/// A title as Jekyll makes it of a name.
fn titled(name: &str) -> String {
    let words = name.split(['-', '_']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<String>>().join(" ")
}

/// True for a page that lists posts: Dateline has lists of its own, to which its address leads.
fn is_list(body: &str, article: &Article, imported: &mut Imported) -> bool {
    let is_loop = body.contains("{% for ") || body.contains("{%- for ");
    let Some(what) =
        LISTS.iter().find(|name| is_loop && body.contains(*name)).filter(|_| article.published.is_none())
    else {
        return false;
    };
    let to = match *what {
        "site.categories" => "/categories/",
        "site.tags" => "/tags/",
        _ => "/posts/",
    };
    let text = format!("this page lists what `{what}` has: the lists of Dateline take its place");
    imported.tell(Outcome::Changed, "list", article.source.clone(), text);
    let is_new = !imported.sections.iter().any(|one| one.folder == "posts");
    match () {
        () if article.url == "/" || article.url == to => {}
        () if to == "/posts/" && is_new && article.url.ends_with('/') => {
            let title = Some(article.title.clone()).filter(|title| !title.is_empty());
            let (url, source) = (article.url.clone(), article.source.clone());
            imported.sections.push(Section {
                folder: "posts".to_owned(),
                title,
                url,
                source,
                ..Section::default()
            });
        }
        () => {
            let (from, source) = (article.url.clone(), article.source.clone());
            imported.redirects.push(Redirect { from, to: to.to_owned(), source });
        }
    }
    true
}

/// The source in the target.
fn target(name: &str, kind: Kind<'_>) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "md"));
    let extension = if matches!(extension, "html" | "htm") { "html" } else { "md" };
    let place = match kind {
        Kind::Post => format!("posts/{}", stem.replace("_posts/", "")),
        Kind::Draft => format!("posts/{}", stem.replace("_drafts/", "")),
        Kind::Of(_) => stem.trim_start_matches('_').to_owned(),
        // A folder of its own would take the files beside it.
        Kind::Page => match stem.strip_suffix("/index") {
            Some(folder) => folder.to_owned(),
            None => stem.to_owned(),
        },
    };
    format!("{place}.{extension}")
}

/// Reads the other fields.
fn fields(front: &mut Front, article: &mut Article, categories: Vec<String>) {
    if front.take("published").is_some_and(|field| field.value != Value::Bool(true)) {
        article.draft.get_or_insert_with(|| "`published: false`".to_owned());
    }
    if front.take("draft").is_some_and(|field| field.value != Value::Bool(false)) {
        article.draft.get_or_insert_with(|| "`draft`".to_owned());
    }
    let tags = ["tags", "tag"].into_iter().filter_map(|name| {
        Some(match front.take(name)?.value {
            Value::String(text) if name == "tags" => {
                let parts: Vec<String> =
                    text.split(|c: char| c.is_whitespace() || c == ',').map(str::to_owned).collect();
                parts.into_iter().filter(|part| !part.is_empty()).collect()
            }
            value => front::texts(&value),
        })
    });
    let tags: Vec<Vec<String>> = tags.collect();
    let tags = tags.concat();
    if !tags.is_empty() {
        article.terms.push(("tags".to_owned(), tags));
    }
    if !categories.is_empty() {
        article.terms.push(("categories".to_owned(), categories));
    }
    article.summary = ["excerpt", "description", "summary"].into_iter().find_map(|name| front.text(name));
    article.summary = article.summary.take().map(|text| crate::model::html::plain(&text));
    article.authors = ["authors", "author"].into_iter().flat_map(|name| front.texts(name)).collect();
    if let Some(url) = front.text("canonical_url") {
        article.fields.insert("canonical".to_owned(), url.into());
    }
    if let Some(lang) = front.text("lang") {
        article.fields.insert("lang".to_owned(), lang.into());
    }
    article.image = image(front);
}

/// The picture of an article.
fn image(front: &mut Front) -> Option<Image> {
    let field = front.take_first(&["image", "cover", "thumbnail", "featured_image", "header"])?;
    match &field.value {
        Value::Table(table) => {
            let get = |names: &[&str]| {
                let found = table.iter().find(|one| names.contains(&one.key.as_str()));
                found.and_then(|one| front::text(&one.node.value)).filter(|text| !text.is_empty())
            };
            let src = get(&["path", "src", "image", "teaser", "overlay_image", "feature"])?;
            Some(Image { src: rooted(&src), alt: get(&["alt"]), caption: get(&["caption"]) })
        }
        value => front::text(value).map(|src| Image { src: rooted(&src), ..Image::default() }),
    }
}

/// Jekyll's themes take a path from the root, with or without the slash.
fn rooted(src: &str) -> String {
    if src.contains("://") || src.starts_with('/') { src.to_owned() } else { format!("/{src}") }
}
