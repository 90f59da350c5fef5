//! A feed with full texts: RSS, Atom or JSON Feed. A folder of feeds, such as the pages of one, is one site.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use chrono::DateTime;
use serde::Deserialize;
use toml::Table;
use url::Url;

use super::blog::{Names, keep_punctuation, path_below};
use super::common::files_at;
use super::html::{markdown, of_plain, one_line};
use super::model::{
    Article, Author, Enclosure, Feeds, Image, Imported, Outcome, Settings, Spot, Taxonomy, When,
};
use super::site::plain_settings;
use super::xml::{Document, Piece};
use super::{ImportError, Source};
use crate::feed::read::{Found, FoundEntry, read as read_feed};
use crate::model::date::{Moment, Precision};
use crate::model::html::{Change, rewrite_urls};
use crate::model::url::{SlugStyle, percent_decode, slugify};
use crate::storage::file;

/// A feed with fewer entries has all that there are.
const SHORTEST: usize = 10;
/// The most entries.
const MOST_ENTRIES: usize = 500_000;
/// The most terms and files of an entry.
const MOST_TERMS: usize = 150;

/// True if `path` is a feed.
pub fn is_at(path: &Path) -> bool {
    path.is_file() && file::read(path, file::FEED).is_ok_and(|bytes| read_feed(&bytes).is_some())
}

/// Reads the feed.
///
/// # Errors
/// It is no feed.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut reader = Reader::default();
    let mut known = HashSet::new();
    for (path, name) in files_at(source.path, &|_| true)? {
        let bytes = file::read(&path, file::FEED).map_err(|error| ImportError::Unreadable {
            path: path.display().to_string(),
            reason: error.to_string(),
        })?;
        let Some(feed) = read_feed(&bytes) else {
            if path == source.path {
                return Err(ImportError::Feed { name: source.path.display().to_string() });
            }
            let text = "it is no RSS, Atom or JSON feed, and was left out";
            imported.tell(Outcome::Lost, "no-feed", Spot::file(name), text);
            continue;
        };
        if imported.settings.title.is_none() {
            imported.settings = settings(&feed, source.base_url, own_address(&path, &bytes).as_deref());
            plain_settings(&mut imported.settings, Table::new());
            keep_punctuation(&mut imported.settings);
            if imported.settings.base_url.is_none() {
                let text = "the feed does not name the address of its site: give it with `--base-url`";
                imported.tell(Outcome::Changed, "address", Spot::file(&name), text);
            }
        }
        for entry in &feed.entries {
            if imported.articles.len() >= MOST_ENTRIES {
                let what = format!("more than {MOST_ENTRIES} entries");
                return Err(ImportError::Endless { path: source.path.display().to_string(), what });
            }
            if known.insert(entry.id.clone()) {
                reader.entry(entry, &feed, &name, &mut imported);
            }
        }
    }
    if imported.settings.title.is_none() {
        return Err(ImportError::Feed { name: source.path.display().to_string() });
    }
    reader.finish(&mut imported);
    Ok(imported)
}

/// The address of the feed itself, as it says.
fn own_address(path: &Path, bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Json {
        #[serde(default)]
        feed_url: Option<String>,
    }
    if let Ok(json) = serde_json::from_slice::<Json>(bytes) {
        return json.feed_url;
    }
    let mut document = Document::open(path, "").ok()?;
    for _ in 0..200 {
        match document.next().ok()? {
            Piece::Start { name, attributes } if name == "link" || name.ends_with(":link") => {
                let of = |key: &str| {
                    attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
                };
                if of("rel").as_deref() == Some("self") {
                    return of("href");
                }
            }
            Piece::Start { name, .. } if name == "item" || name == "entry" => return None,
            Piece::Finished => return None,
            _ => {}
        }
    }
    None
}

/// The address of the site whose feed is in `bytes`.
pub(super) fn site_of(bytes: &[u8]) -> Option<String> {
    root(&read_feed(bytes)?)
}

/// The address of the site that `feed` is of. Its home page may be a page of the site, and not its root.
fn root(feed: &Found) -> Option<String> {
    let home = Url::parse(&feed.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let folder = home.join(".").map_or_else(|_| home.to_string(), String::from);
    let are_inside = feed.entries.iter().all(|entry| entry.url.starts_with(&folder));
    Some(if are_inside { folder } else { format!("{}/", home.origin().ascii_serialization()) })
}

fn settings(feed: &Found, base_url: Option<&str>, own: Option<&str>) -> Settings {
    let base_url = base_url.map(str::to_owned).or_else(|| root(feed));
    let alias = own.zip(base_url.as_deref()).and_then(|(own, base)| path_below(own, base));
    let is_ours = |path: &String| matches!(path.as_str(), "/rss.xml" | "/atom.xml" | "/feed.json");
    let title = one_line(&feed.title);
    Settings {
        title: Some(if title.is_empty() { "Untitled".to_owned() } else { title }),
        base_url,
        taxonomies: vec![Taxonomy { name: "tags".to_owned(), ..Taxonomy::default() }],
        feeds: Feeds {
            aliases: alias.into_iter().filter(|path| !is_ours(path) && !path.contains('?')).collect(),
            limit: u32::try_from(feed.entries.len().max(SHORTEST)).ok(),
            id: feed.id.clone(),
            ..Feeds::default()
        },
        ..Settings::default()
    }
}

#[derive(Default)]
struct Reader {
    names: Names,
    /// Names of authors, by key.
    people: BTreeMap<String, String>,
}

impl Reader {
    fn entry(&mut self, entry: &FoundEntry, feed: &Found, file: &str, imported: &mut Imported) {
        let spot = Spot::file(format!("{file}: {}", entry.id));
        let base = imported.settings.base_url.clone().unwrap_or_default();
        let path = path_below(&entry.url, &base);
        let (url, aliases) = match path {
            Some(path) if path.contains('?') => (String::new(), vec![path]),
            Some(path) => (path, Vec::new()),
            None => (String::new(), Vec::new()),
        };
        let url = self.names.address(url, &spot, imported);
        let published = when(entry, "published", &spot).or_else(|| when(entry, "updated", &spot));
        let title = one_line(&entry.title);
        let draft = published.is_none().then(|| "it has no date".to_owned());
        if let Some(reason) = &draft {
            let text = format!("\u{201c}{title}\u{201d}: {reason}");
            imported.tell(Outcome::Held, "status", spot.clone(), text);
        }
        let (full, summary) = (entry.field("content"), entry.field("summary"));
        let is_full = !full.trim().is_empty();
        let written = if is_full { full } else { summary };
        let is_html = entry.html.contains(&if is_full { "content" } else { "summary" });
        let html = if is_html { absolute(written, &entry.url, feed) } else { of_plain(written) };
        let text = markdown(&html);
        if !is_full {
            let words = "the feed has only a summary of it: the rest of the text is missing";
            imported.tell(Outcome::Lost, "summary", spot.clone(), words);
        }
        if !text.dropped.is_empty() {
            let all: Vec<&str> = text.dropped.iter().map(String::as_str).collect();
            let words = format!("elements that articles can't have: {}", all.join(", "));
            imported.tell(Outcome::Lost, "element", spot.clone(), words);
        }
        let draft = draft.or_else(|| text.is_flat.then(|| "its text could not be read in full".to_owned()));
        let number = (imported.articles.len() + 1).to_string();
        let stem = self.names.name("posts", &last_part(&url), &title, &number);
        let words = one_line(summary);
        // A summary that is the text's beginning is none that somebody wrote.
        let is_own =
            is_full && !one_line(full).starts_with(words.trim_end_matches(['.', '\u{2026}', ' ', '[', ']']));
        let enclosures = entry.enclosures.iter().filter(|one| one.url.starts_with("http")).take(20);
        imported.articles.push(Article {
            source: spot.clone(),
            target: format!("posts/{stem}.md"),
            title,
            url,
            updated: when(entry, "updated", &spot),
            published,
            guid: Some(entry.id.clone()).filter(|id| !id.is_empty()),
            summary: Some(words).filter(|words| is_own && !words.is_empty() && words.len() <= 2_000),
            authors: entry.authors.iter().filter_map(|name| self.person(name)).take(20).collect(),
            terms: vec![("tags".to_owned(), terms(entry))]
                .into_iter()
                .filter(|(_, all)| !all.is_empty())
                .collect(),
            image: Some(&entry.image)
                .filter(|url| url.starts_with("http"))
                .map(|src| Image { src: src.clone(), ..Image::default() }),
            enclosures: enclosures
                .map(|one| Enclosure {
                    url: one.url.clone(),
                    length: one.length.trim().parse().ok().filter(|length| *length > 0),
                    media_type: Some(one.media_type.clone()).filter(|kind| kind.contains('/')),
                })
                .collect(),
            aliases,
            draft,
            body: text.markdown,
            ..Article::default()
        });
    }

    /// The key of an author: RSS may have the address for mail before the name.
    fn person(&mut self, written: &str) -> Option<String> {
        let name = match (written.split_once('('), written.contains('@')) {
            (Some((_, name)), true) => name.trim_end_matches([')', ' ']),
            (None, true) => written.split('@').next().unwrap_or_default(),
            _ => written,
        };
        let name = one_line(name);
        let key = slugify(&name, SlugStyle::Unicode);
        if key.is_empty() {
            return None;
        }
        self.people.entry(key.clone()).or_insert(name);
        Some(key)
    }

    fn finish(self, imported: &mut Imported) {
        let profile = |(key, name)| Author { key, name, ..Author::default() };
        imported.settings.authors = self.people.into_iter().map(profile).collect();
        let is_zone = |when: &When| when.moment.offset().local_minus_utc() == 0;
        let all_utc = imported.articles.iter().filter_map(|one| one.published.as_ref()).all(is_zone);
        if all_utc {
            imported.settings.timezone = Some("UTC".to_owned());
        }
    }
}

/// The last part of a path, decoded and without the ending of a file.
fn last_part(path: &str) -> String {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    percent_decode(last.rsplit_once('.').map_or(last, |(stem, _)| stem))
}

fn terms(entry: &FoundEntry) -> Vec<String> {
    let all = entry.categories.iter().map(|name| one_line(name)).filter(|name| !name.is_empty());
    all.take(MOST_TERMS).collect()
}

/// The date in a field of the entry.
fn when(entry: &FoundEntry, name: &str, spot: &Spot) -> Option<When> {
    let text = entry.field(name).trim();
    let read = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)).ok()?;
    Some(When {
        moment: Moment::new(read.to_utc(), *read.offset(), Precision::Second),
        text: text.to_owned(),
        rule: format!("the date that the feed has as `{name}`"),
        spot: spot.clone(),
    })
}

/// `html` with whole addresses.
fn absolute(html: &str, url: &str, feed: &Found) -> String {
    let home = Url::parse(&feed.base).or_else(|_| Url::parse(&feed.url)).ok();
    let base = Url::parse(url).ok().or(home);
    let Some(base) = base else { return html.to_owned() };
    rewrite_urls(html, &|url, _| match Url::parse(url) {
        Err(url::ParseError::RelativeUrlWithoutBase) if !url.trim().is_empty() && !url.starts_with('#') => {
            base.join(url).map_or(Change::Keep, |whole| Change::To(whole.into()))
        }
        _ => Change::Keep,
    })
}
