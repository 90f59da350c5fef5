//! What every article is called, where it will live, and when it is from.
//!
//! 1. [`sections`](sections::settle) gives every folder its place and its inherited fields.
//! 2. [`settle`] decides for each document its dates, slug, path, id and state, at one `now`.
//! 3. [`LinkMap`] knows where every source and asset will live, so that links between sources can be
//!    followed before any of them is written.

mod dates;
mod links;
mod mint;
mod sections;
mod settle;

use std::sync::Arc;

use chrono::{DateTime, Utc};
pub use links::{LinkError, LinkMap, PlacedAsset, Target, place_assets};
use miette::Diagnostic;
pub use mint::{feed_id, mint};
pub use sections::{SettledSection, sections};
pub use settle::settle;
use thiserror::Error;

use crate::content::Document;
use crate::date::{Dated, Moment};
use crate::digest::Digest;
use crate::error::Place;
use crate::url::UrlPath;

/// What this run shows beyond what is public.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowances {
    /// Drafts too (`--drafts`).
    pub drafts: bool,
    /// Articles dated later than `now` too (`--future`).
    pub future: bool,
}

/// A document of which everything is decided that does not depend on other documents.
#[derive(Debug, Clone)]
pub struct Settled {
    /// What the author wrote, with inherited fields filled in.
    pub document: Box<Document>,
    /// The section it is in; empty for the root.
    pub section: Arc<str>,
    /// Stands for what lists show of it but for its terms and what comes from other documents.
    pub shown: Digest,
    /// Stands for what its neighbours show of it: title and path.
    pub linked: Digest,
    /// The title, plain text.
    pub title: String,
    /// The lasting id: an article's guid.
    pub id: String,
    /// Where it will live.
    pub path: UrlPath,
    /// Old paths that lead here, and where each was written.
    pub aliases: Vec<(UrlPath, Place)>,
    /// When it was published and last updated; `None` for a page.
    pub dates: Option<Dates>,
    /// Whether it may be shown.
    pub state: State,
    /// From when on it is withheld, if it ever is.
    pub expires: Option<Moment>,
}

/// The two dates of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Dates {
    /// First public.
    pub published: Dated,
    /// The last change that a reader would see; never before `published`.
    pub updated: Dated,
}

/// Whether an article may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It may.
    Live,
    /// Its front matter says `draft = true`.
    Draft,
    /// It is dated later than `now`.
    Scheduled,
    /// Its `expires` has passed.
    Expired,
}

impl Settled {
    /// The file, as people know it.
    pub fn name(&self) -> &Arc<str> {
        &self.document.name
    }

    /// The next instant after `now` at which its state would change by itself.
    pub fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let publication = self.dates.as_ref().map(|dates| dates.published.moment.instant());
        let expiry = self.expires.map(|moment| moment.instant());
        let due = match self.state {
            State::Draft | State::Expired => None,
            State::Scheduled => publication,
            State::Live => expiry,
        };
        due.filter(|instant| *instant > now)
    }
}

/// What can be wrong with what an article is called.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum IdentityError {
    /// Two sources claim one id.
    #[error("\u{201c}{id}\u{201d} is the id of two articles: this one and {other}")]
    #[diagnostic(
        code(identity::id),
        help("readers would show only one of them; give one another `id`, or rename its file")
    )]
    SameId {
        /// The id.
        id: String,
        /// The other source.
        other: String,
    },
    /// A file name of which nothing is left.
    #[error("no slug can be made of the name of this file")]
    #[diagnostic(
        code(identity::slug),
        help("add `slug = \"\u{2026}\"` to the front matter, or rename the file")
    )]
    NoSlug,
    /// A slug with a slash.
    #[error("a slug is one part of a path, so \u{201c}{slug}\u{201d} can't be one")]
    #[diagnostic(code(identity::slug), help("take out the `/`, or use `path` to set the whole path"))]
    SlashInSlug {
        /// The slug.
        slug: String,
    },
    /// No date where the section wants one.
    #[error("this has no date, and `dated = true` in {section} wants one")]
    #[diagnostic(
        code(identity::undated),
        help("add `date = 2014-02-14T09:00:00Z`, or name the file `2014-02-14-\u{2026}`")
    )]
    Undated {
        /// The section's source.
        section: String,
    },
    /// Dates were read as UTC for want of a zone.
    #[error("{count} dates have no offset and `site.toml` names no `timezone`: they are read as UTC")]
    #[diagnostic(
        severity(warning),
        code(date::no_zone),
        help("add `timezone = \"Europe/London\"` (your own zone's name) to `site.toml`")
    )]
    NoZone {
        /// How many.
        count: usize,
    },
}
