//! Feeds: one neutral model, a file for each format, bytes out. This module knows no site.
//!
//! 1. Whoever has articles makes an [`Entry`] of each, once, and shares it between feeds.
//! 2. [`rss::write`], [`atom::write`] and [`json::write`] turn one [`Feed`] into bytes; since they take
//!    the same value, the three always agree.

pub mod atom;
mod content;
mod embeds;
pub mod json;
pub mod opml;
pub mod rss;
pub mod sitemap;
mod text;

use std::sync::{Arc, OnceLock};

pub use content::absolute;
use miette::Diagnostic;
use thiserror::Error;

use crate::date::Moment;

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
    /// The page that it follows. Atom `link rel="alternate"`, RSS `link`, JSON `home_page_url`.
    pub home_url: String,
    /// A small square picture. Atom `icon`, JSON `icon` and `favicon`.
    pub icon: Option<String>,
    /// A picture. Atom `logo`, RSS `image`.
    pub logo: Option<String>,
    /// Atom `rights`, RSS `copyright`.
    pub rights: Option<String>,
    /// RSS `ttl`, in minutes.
    pub ttl_minutes: Option<u32>,
    /// A WebSub hub. Atom and RSS `link rel="hub"`, JSON `hubs`.
    pub hub: Option<String>,
    /// Who is answerable for entries without an author. Atom `author`, JSON `authors`.
    pub author: Option<Person>,
    /// Newest first.
    pub entries: Vec<Arc<Entry>>,
    /// The newest change among its entries, never the time of the build. Atom `updated`, RSS
    /// `lastBuildDate`.
    pub updated: Moment,
}

/// One article in a feed.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its lasting id. Atom `id`, RSS `guid isPermaLink="false"`, JSON `id`.
    pub id: String,
    /// Its permalink. Atom `link rel="alternate"`, RSS `link`, JSON `url`.
    pub url: String,
    /// Plain text. Atom, RSS and JSON `title`.
    pub title: String,
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
    /// JSON `image`.
    pub image: Option<String>,
    /// Atom `link rel="enclosure"`, RSS `enclosure` (the first), JSON `attachments`.
    pub enclosures: Vec<Enclosure>,
    /// BCP 47, where it is not the feed's. Atom `xml:lang` (of the content), JSON `language`.
    pub language: Option<String>,
    /// Atom `rights`.
    pub rights: Option<String>,
    /// Atom `link rel="via"`.
    pub via: Option<String>,
    /// The entry as RSS and Atom have it, once it was written.
    pub written: Written,
}

/// An entry as written: many feeds have it, and it is the same in each.
#[derive(Debug, Clone, Default)]
pub struct Written {
    rss: OnceLock<Result<Vec<u8>, FeedError>>,
    atom: OnceLock<Result<Vec<u8>, FeedError>>,
}

impl Entry {
    fn rss(&self, write: impl FnOnce() -> Result<Vec<u8>, FeedError>) -> Result<&[u8], FeedError> {
        self.written.rss.get_or_init(write).as_deref().map_err(FeedError::clone)
    }

    fn atom(&self, write: impl FnOnce() -> Result<Vec<u8>, FeedError>) -> Result<&[u8], FeedError> {
        self.written.atom.get_or_init(write).as_deref().map_err(FeedError::clone)
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// As readers see it.
    pub name: String,
    /// An e-mail address.
    pub email: Option<String>,
    /// A page.
    pub url: Option<String>,
}

/// A term that an entry has.
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
    /// Where it is.
    pub url: String,
    /// Its length in bytes.
    pub length: u64,
    /// Its media type.
    pub media_type: String,
}

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
    /// When its newest entry was published.
    pub fn newest_published(&self) -> Option<Moment> {
        self.entries.iter().map(|entry| entry.published).max_by_key(Moment::instant)
    }
}

#[cfg(test)]
mod tests;
