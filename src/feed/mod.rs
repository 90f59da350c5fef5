//! Feeds: one neutral model, and a writer for each format. This module knows no site.
//!
//! 1. The caller makes one [`Entry`] of each article, and shares it between feeds.
//! 2. [`rss::write`], [`atom::write`] and [`json::write`] turn a [`Feed`] into bytes. All take the same value, so the
//!    three formats always agree.

pub mod atom;
mod content;
pub mod cut;
pub mod difference;
mod embeds;
mod guid;
pub mod json;
pub mod lint;
mod media;
pub mod opml;
mod podcast;
pub mod read;
pub mod rss;
pub mod sitemap;
mod text;

use std::sync::{Arc, OnceLock};

pub use content::{absolute, allow_list};
pub use embeds::is_small_picture;
pub use guid::atom_id;
use miette::Diagnostic;
pub use podcast::{Credit, Episode, Podcast, Transcript};
use thiserror::Error;

use crate::model::date::Moment;
use crate::model::html::escape;

/// The program's name, as feeds give it.
const GENERATOR: &str = "Dateline";
/// The program's version, as feeds give it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A feed.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Its lasting id. Atom `id`; RSS and JSON Feed have none.
    pub id: String,
    /// Plain text. Atom `title`, RSS `title`, JSON `title`.
    pub title: String,
    /// Plain text. Atom `subtitle`, RSS `description` (the title where there is none), JSON
    /// `description`.
    pub subtitle: Option<String>,
    /// BCP 47. Atom `xml:lang`, RSS `language`, JSON `language`.
    pub language: Option<String>,
    /// The page with the same articles. Atom `link rel="alternate"`, RSS `link`, JSON `home_page_url`.
    pub home_url: String,
    /// A small square picture. Atom `icon`, JSON `icon` and `favicon`.
    pub icon: Option<String>,
    /// A picture. Atom `logo`, RSS `image`.
    pub logo: Option<String>,
    /// Atom `rights`, RSS `copyright`.
    pub rights: Option<String>,
    /// RSS `ttl`, in minutes.
    pub ttl_minutes: Option<u32>,
    /// WebSub hubs. Atom and RSS `link rel="hub"`, one each; JSON `hubs`.
    pub hub: Vec<String>,
    /// The author of entries that name none. Atom `author`, JSON `authors`.
    pub author: Option<Person>,
    /// Newest first.
    pub entries: Vec<Arc<Entry>>,
    /// The newest change among its entries, never the time of the build. Atom `updated`, RSS
    /// `lastBuildDate`.
    pub updated: Moment,
    /// Entries that are gone. Atom `at:deleted-entry` (RFC 6721).
    pub tombstones: Vec<Tombstone>,
    /// Its links to the documents with the rest of its history.
    pub chain: Chain,
    /// The data of a podcast. RSS `itunes:` and `podcast:` elements.
    pub podcast: Option<Podcast>,
    /// A style sheet (CSS) with which browsers show the XML. RSS and Atom `<?xml-stylesheet?>`.
    pub stylesheet: Option<String>,
}

/// An entry that is gone (RFC 6721).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The Atom id of the entry. Atom `at:deleted-entry ref`.
    pub id: String,
    /// The time of its removal. Atom `at:deleted-entry when`.
    pub when: Moment,
}

/// The neighbours of a document among those that have all entries of a feed (RFC 5005, section 4): the subscription
/// document has the newest, archives have the others. URLs of documents of the same format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// The archive with the next older entries. Atom and RSS `link rel="prev-archive"`, JSON `next_url`.
    pub older: Option<String>,
    /// The archive with the next newer entries. Atom and RSS `link rel="next-archive"`.
    pub newer: Option<String>,
    /// The subscription document, in an archive. Atom and RSS `link rel="current"`, and `fh:archive`.
    pub current: Option<String>,
}

impl Chain {
    /// The links, each with its relation.
    fn links(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("current", &self.current), ("prev-archive", &self.older), ("next-archive", &self.newer)];
        all.into_iter().filter_map(|(relation, url)| Some((relation, url.as_deref()?)))
    }

    /// True for an archive.
    fn is_archive(&self) -> bool {
        self.current.is_some()
    }
}

/// The namespace of `archive` (RFC 5005, section 3).
const HISTORY: &str = "http://purl.org/syndication/history/1.0";

/// One article in a feed.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its lasting id. RSS `guid isPermaLink="false"`, JSON `id`.
    pub id: String,
    /// The form of its id that [`atom_id`] makes. Atom `id`.
    pub atom_id: String,
    /// Its permalink. Atom `link rel="alternate"`, RSS `link`, JSON `url`.
    pub url: String,
    /// Plain text. Atom `title`; RSS and JSON `title`, where its author wrote one.
    pub title: String,
    /// Its author wrote no title: Atom, which requires one, has the beginning of the text or the day.
    pub is_untitled: bool,
    /// Plain text. Atom `summary`, RSS `description` (as HTML), JSON `summary`.
    pub summary: Option<String>,
    /// HTML that [`absolute`] made. Atom `content type="html"`, RSS `content:encoded`, JSON
    /// `content_html`.
    pub content_html: Option<String>,
    /// Atom `published`, RSS `pubDate`, JSON `date_published`.
    pub published: Moment,
    /// Atom `updated`, RSS `atom:updated`, JSON `date_modified`.
    pub updated: Moment,
    /// Atom `author`, RSS `dc:creator` (and `author` for one with an e-mail address), JSON `authors`.
    pub authors: Vec<Person>,
    /// Atom `contributor`.
    pub contributors: Vec<Person>,
    /// Atom `category`, RSS `category`, JSON `tags`.
    pub categories: Vec<Category>,
    /// Its picture. `media:content` and `media:thumbnail` in RSS and Atom, JSON `image`.
    pub image: Option<Picture>,
    /// A wide picture. JSON `banner_image`.
    pub banner: Option<String>,
    /// The data of a podcast's episode. RSS `itunes:` and `podcast:` elements.
    pub episode: Option<Episode>,
    /// Atom `link rel="enclosure"`, RSS `enclosure` (the first), JSON `attachments`.
    pub enclosures: Vec<Enclosure>,
    /// BCP 47, if it is not the feed's language. Atom `xml:lang` (of the content), JSON `language`.
    pub language: Option<String>,
    /// Atom `rights`.
    pub rights: Option<String>,
    /// Atom `link rel="via"`.
    pub via: Option<String>,
    /// The address that a link post is about.
    pub related: Option<String>,
    /// The entry's written forms, once they were written.
    pub written: Written,
}

/// An entry's written forms, which all feeds with the entry share.
#[derive(Debug, Clone, Default)]
pub struct Written {
    rss: OnceLock<Result<Vec<u8>, FeedError>>,
    atom: OnceLock<Result<Vec<u8>, FeedError>>,
    /// Its form as last published, in the one format in which it is wanted. It replaces all fields.
    published: Option<Vec<u8>>,
}

impl Written {
    /// The form `bytes` of an entry as last published.
    pub fn published(bytes: Vec<u8>) -> Written {
        Written { published: Some(bytes), ..Written::default() }
    }

    /// True if the entry is shown as last published.
    pub fn is_published(&self) -> bool {
        self.published.is_some()
    }
}

impl Entry {
    fn rss(&self, write: impl FnOnce() -> Result<Vec<u8>, FeedError>) -> Result<&[u8], FeedError> {
        match &self.written.published {
            Some(bytes) => Ok(bytes),
            None => self.written.rss.get_or_init(write).as_deref().map_err(FeedError::clone),
        }
    }

    fn atom(&self, write: impl FnOnce() -> Result<Vec<u8>, FeedError>) -> Result<&[u8], FeedError> {
        match &self.written.published {
            Some(bytes) => Ok(bytes),
            None => self.written.atom.get_or_init(write).as_deref().map_err(FeedError::clone),
        }
    }

    /// True if it has elements with the namespace prefix `prefix`, or `is_known` to have some.
    fn uses(&self, prefix: &str, is_known: bool) -> bool {
        let start = format!("<{prefix}:");
        let has = |bytes: &Vec<u8>| memchr::memmem::find(bytes, start.as_bytes()).is_some();
        is_known || self.written.published.as_ref().is_some_and(has)
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name, as readers see it.
    pub name: String,
    /// An e-mail address.
    pub email: Option<String>,
    /// The URL of a page.
    pub url: Option<String>,
}

/// A term of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The term for machines. Atom `term`.
    pub term: String,
    /// The term for people. Atom `label`, RSS the text, JSON `tags`.
    pub label: String,
    /// The taxonomy's URL. Atom `scheme`, RSS `domain`.
    pub scheme: String,
}

/// A file that goes with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Its URL.
    pub url: String,
    /// Its length in bytes, if it is known. RSS requires one, and has 0 for an unknown one.
    pub length: Option<u64>,
    /// Its media type.
    pub media_type: String,
    /// The playing time in seconds. JSON `duration_in_seconds`.
    pub seconds: Option<u64>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its URL.
    pub url: String,
    /// Its media type, if it is known.
    pub media_type: Option<String>,
    /// Its width and height in pixels, if they are known.
    pub size: Option<(u32, u32)>,
}

/// The namespace of `media:content` and `media:thumbnail` (<https://www.rssboard.org/media-rss>).
const MEDIA: &str = "http://search.yahoo.com/mrss/";

/// Why a feed could not be written.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("{reason}")]
#[diagnostic(code(feed::write))]
pub struct FeedError {
    reason: String,
}

impl FeedError {
    fn new(reason: impl ToString) -> Self {
        FeedError { reason: reason.to_string() }
    }
}

impl Feed {
    /// The processing instruction that links the style sheet, as a line.
    fn stylesheet(&self) -> String {
        let href = self.stylesheet.as_deref().map(|url| escape(&text::cleaned(url)).into_owned());
        href.map(|href| format!("<?xml-stylesheet type=\"text/css\" href=\"{href}\"?>\n")).unwrap_or_default()
    }

    /// The publication date of its newest entry.
    pub fn newest_published(&self) -> Option<Moment> {
        self.entries.iter().map(|entry| entry.published).max_by_key(Moment::instant)
    }
}

#[cfg(test)]
mod tests;
