//! What every article is called, where it will live, and when it is from.
//!
//! 1. [`sections`](sections::settle) gives every folder its place and its inherited fields.
//! 2. [`settle`] decides for each document its dates, slug, path, id and state, at one `now`.
//! 3. [`LinkMap`] knows where every source and asset will live, so that links between sources can be
//!    followed before any of them is written.

mod dates;
mod links;
mod matching;
mod mint;
mod recording;
mod sections;
mod settle;
mod validity;

use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, Utc};
pub use dates::{Evidence, Offer, offers};
pub use links::{LinkError, LinkMap, PlacedAsset, Target, names_a_source, place_assets};
use miette::Diagnostic;
pub use mint::{feed_id, mint};
pub use recording::{Event, Recording, Why};
pub use sections::{SectionRow, section_of, sections, sections_of};
use serde::{Deserialize, Serialize};
pub use settle::settle;
use thiserror::Error;
pub use validity::{CacheValidity, Source};

use crate::model::date::{Dated, Moment};
use crate::model::diagnostics::Place;
use crate::model::digest::Digest;
use crate::model::intern::Common;
use crate::model::url::UrlPath;
use crate::site::ledger::Ledger;
use crate::source::LazyDocument;
use crate::source::git::History;

/// What this run shows beyond what is public.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowances {
    /// Drafts too (`--drafts`).
    pub drafts: bool,
    /// Articles dated later than `now` too (`--future`).
    pub future: bool,
}

/// What documents are settled by, beside what they say.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The one clock of the run.
    pub now: DateTime<Utc>,
    /// What is shown beyond what is public.
    pub allowances: Allowances,
    /// What was published before; `None` where no ledger is kept.
    pub ledger: Option<&'a Ledger>,
    /// Stands for `site.toml`.
    pub settings: Digest,
    /// The last instant that the ledger tells of.
    pub last_event: Option<DateTime<Utc>>,
    /// What the repository says of sources.
    pub history: &'a History,
    /// What readers see changed is dated `now`, because the ledger will keep that.
    pub advance: bool,
}

/// A document of which everything is decided that does not depend on other documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// What the author wrote, with inherited fields filled in.
    pub document: LazyDocument,
    /// The section it is in; empty for the root.
    pub section: Common,
    /// What of its front matter and body every build looks at.
    pub listing: ListingFields,
    /// Stands for what lists show of it but for its terms and what comes from other documents.
    #[serde(with = "crate::model::digest::packed")]
    pub shown: Digest,
    /// Stands for what its neighbours show of it: title and path.
    #[serde(with = "crate::model::digest::packed")]
    pub linked: Digest,
    /// The title, plain text.
    pub title: Box<str>,
    /// The lasting id: an article's guid.
    pub id: Box<str>,
    /// Where it will live.
    pub path: UrlPath,
    /// Its article of the ledger, as an index.
    #[serde(skip)]
    pub record: Option<u32>,
    /// When it was published and last updated; `None` for a page.
    pub dates: Option<Dates>,
    /// Whether it may be shown.
    pub state: State,
    /// What few have.
    pub rare: Rare,
    /// It was public and is no more, and a notice stands in its place.
    pub has_notice: bool,
    /// For how long all of this stands; `None` where it has to be decided anew by each build.
    pub validity: Option<CacheValidity>,
}

/// What few articles have: nothing, mostly, and then it takes no room.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Rare(Option<Box<Extras>>);

/// What an article may have beside what all have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Extras {
    /// Old paths that lead here, and where each was written.
    pub aliases: Vec<(UrlPath, Place)>,
    /// Paths that it had when it was published before, from the ledger: they lead here too, unless
    /// something else is there now.
    pub former: Vec<UrlPath>,
    /// From when on it is withheld, if it ever is.
    pub expires: Option<Moment>,
    /// When each of its corrections was made, in their order.
    pub corrections: Vec<Moment>,
    /// When it came out, if that was after its date and after something else had happened.
    pub arrived: Option<Moment>,
}

static NO_EXTRAS: Extras =
    Extras { aliases: Vec::new(), former: Vec::new(), expires: None, corrections: Vec::new(), arrived: None };

impl From<Extras> for Rare {
    fn from(extras: Extras) -> Self {
        Rare((extras != NO_EXTRAS).then(|| Box::new(extras)))
    }
}

impl Deref for Rare {
    type Target = Extras;

    fn deref(&self) -> &Extras {
        self.0.as_deref().unwrap_or(&NO_EXTRAS)
    }
}

/// What every build looks at of an article or page, so that most need not be unfolded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListingFields {
    /// Its terms, each with the index of its taxonomy in `site.toml`, in the order in which its author wrote them.
    pub terms: Box<[(u16, Common)]>,
    /// What may be pictures in its body.
    pub pictures: Box<[String]>,
    /// `image`, as written.
    pub image: Option<Box<str>>,
    /// `weight`.
    pub weight: i64,
    /// It names a template of its own.
    pub has_template: bool,
    /// It has enclosures, a banner or an episode.
    pub has_files: bool,
}

/// The two dates of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dates {
    /// First public.
    pub published: Dated,
    /// The last change that a reader would see; never before `published`.
    pub updated: Dated,
}

/// Whether an article may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It may.
    Live,
    /// Its front matter says `draft = true`.
    Draft,
    /// It is dated later than `now`.
    Scheduled,
    /// Its `expires` has passed: a notice stands in its place.
    Expired,
    /// Its front matter says why it is `withdrawn`: a notice with that stands in its place.
    Withdrawn,
}

impl State {
    /// The state in a word.
    pub fn word(self) -> &'static str {
        match self {
            State::Live => "live",
            State::Draft => "draft",
            State::Scheduled => "scheduled",
            State::Expired => "expired",
            State::Withdrawn => "withdrawn",
        }
    }
}

impl Row {
    /// True if there is a page where it lives: its own, or a notice.
    pub fn has_page(&self) -> bool {
        self.state == State::Live || self.has_notice
    }

    /// The file, as people know it.
    pub fn name(&self) -> &Arc<str> {
        &self.document.name
    }

    /// The next instant after `now` at which its state would change by itself.
    pub fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let publication = self.dates.as_ref().map(|dates| dates.published.moment.instant());
        let expiry = self.rare.expires.map(|moment| moment.instant());
        let due = match self.state {
            State::Draft | State::Expired => None,
            State::Scheduled => publication,
            State::Live | State::Withdrawn => expiry,
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
    /// It could be more than one article that was published, or could more than one be it.
    #[error("this could be the article that was published as {published}{others}")]
    #[diagnostic(
        code(identity::ambiguous),
        help(
            "add the `id` to the front matter of the source that is that article; the others are then new ones"
        )
    )]
    WhichArticle {
        /// The articles of the ledger.
        published: String,
        /// The other sources.
        others: String,
    },
    /// The date of publication was changed after the publication.
    #[error("this was published as of {}, and its date now says {}", published.rfc3339(), written.rfc3339())]
    #[diagnostic(
        severity(warning),
        code(identity::redated),
        help(
            "subscribers keep the first date, and so do all pages: put it back; to correct the record itself, change `published` in line {line} of ledger.jsonl"
        )
    )]
    Redated {
        /// When it was published.
        published: Moment,
        /// What its source says.
        written: Moment,
        /// The line of the ledger.
        line: usize,
    },
    /// An article got another id after it was published.
    #[error(
        "this was published with the id \u{201c}{published}\u{201d}: with another one it is new to every reader"
    )]
    #[diagnostic(
        severity(warning),
        code(identity::other_id),
        help("take out the `id`, unless it is meant to be another article")
    )]
    OtherId {
        /// The id in the ledger.
        published: String,
    },
    /// The text changed, and its author's own date of the last change did not.
    #[error("the text has changed, and `updated` is still {}", updated.rfc3339())]
    #[diagnostic(
        severity(warning),
        code(identity::silent_change),
        help(
            "correct it, or take it out, so that the ledger dates the change; if it is not worth telling readers, add `minor = true`"
        )
    )]
    SilentChange {
        /// The date that was left alone.
        updated: Moment,
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

#[cfg(test)]
mod sizes {
    /// There is one of each for every article, so memory grows with them: the allocator has room of 448 and 640 bytes.
    #[test]
    fn what_every_article_has_is_small() {
        assert!(size_of::<super::Row>() <= 448, "{}", size_of::<super::Row>());
        assert!(size_of::<crate::source::Document>() <= 640, "{}", size_of::<crate::source::Document>());
    }
}
