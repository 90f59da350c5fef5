//! The identity of every article: its id, its path, its dates and its state.
//!
//! 1. [`sections`](sections::settle) gives every folder its path and its inherited fields.
//! 2. [`settle`] decides for each document its dates, slug, path, id and state, at one `now`.
//! 3. [`LinkMap`] has the path of every source and asset, so links between sources can be resolved before anything is
//!    written.

mod dates;
mod docs;
mod error;
mod links;
mod matching;
mod mint;
mod owners;
mod paths;
mod recording;
mod sections;
mod settle;
mod suffixes;
mod validity;
mod wiki;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, Utc};
pub use dates::{Evidence, Offer, Reading, offers};
pub use docs::DocsRules;
pub use error::IdentityError;
pub use links::{LinkError, LinkMap, PlacedAsset, Target, hold_links, names_a_source, place_assets};
pub use mint::{feed_id, mint};
pub use paths::rooted;
pub use recording::{Event, Recording, Why};
pub use sections::{SectionRow, section_of, section_of_source, sections, sections_of};
use serde::{Deserialize, Serialize};
pub use settle::settle;
pub use suffixes::undeclared_languages;
pub use validity::{CacheValidity, Source};

use crate::config::Config;
use crate::model::date::{Dated, Moment};
use crate::model::diagnostics::Place;
use crate::model::digest::Digest;
use crate::model::intern::Common;
use crate::model::metadata::Plain;
use crate::model::url::UrlPath;
use crate::site::ledger::Ledger;
use crate::source::git::History;
use crate::source::{Badge, LazyDocument};

/// Content that this run shows beyond what is public.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowances {
    /// Drafts too (`--drafts`).
    pub drafts: bool,
    /// Articles dated later than `now` too (`--future`).
    pub future: bool,
}

/// Inputs of settling, beside the documents themselves.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The one clock of the run.
    pub now: DateTime<Utc>,
    /// Content shown beyond what is public.
    pub allowances: Allowances,
    /// The ledger; `None` where none is kept.
    pub ledger: Option<&'a Ledger>,
    /// Digest of `site.toml`.
    pub settings: Digest,
    /// The last instant in the ledger.
    pub last_event: Option<DateTime<Utc>>,
    /// The history of sources in the repository.
    pub history: &'a History,
    /// Changes that readers see are dated `now`, because the ledger will keep that date.
    pub advance: bool,
    /// Ids that articles with another text had in the last build, by the names of their sources.
    pub former: &'a HashMap<Arc<str>, Box<str>>,
}

/// A row: an article or page with everything decided that does not depend on other documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// The document as written, with inherited fields filled in.
    pub document: LazyDocument,
    /// The section it is in; empty for the root.
    pub section: Common,
    /// The fields of its front matter and body that every build reads.
    pub listing: ListingFields,
    /// Digest of what lists show of it, except its terms and data of other documents.
    #[serde(with = "crate::model::digest::packed")]
    pub shown: Digest,
    /// Digest of what its neighbours show of it: title and path.
    #[serde(with = "crate::model::digest::packed")]
    pub linked: Digest,
    /// The title, plain text.
    pub title: Box<str>,
    /// The lasting id: an article's guid.
    pub id: Box<str>,
    /// Its path on the site.
    pub path: UrlPath,
    /// Its article in the ledger, as an index.
    #[serde(skip)]
    pub record: Option<u32>,
    /// When it was published and last updated; `None` for a page.
    pub dates: Option<Dates>,
    /// Its state at `now`.
    pub state: State,
    /// Fields that few articles have.
    pub rare: Rare,
    /// It was public and no longer is, and a notice replaces its page.
    pub has_notice: bool,
    /// The validity of this row; `None` if every build must settle it again.
    pub validity: Option<CacheValidity>,
}

/// Fields that few articles have. Empty, they take no memory.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Rare(Option<Box<Extras>>);

/// Fields that an article may have beside those that all have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Extras {
    /// Old paths that redirect here, and where each was written.
    pub aliases: Vec<(UrlPath, Place)>,
    /// Old addresses with a query, which only the rules of a server can redirect: path and query.
    pub queries: Vec<(UrlPath, String)>,
    /// Its earlier paths according to the ledger. They redirect here too, unless something else has the path now.
    pub former: Vec<UrlPath>,
    /// The time from which on it is withheld, if any.
    pub expires: Option<Moment>,
    /// The date of its section, if that is still to come: it is not public before.
    pub opens: Option<Moment>,
    /// Dates of its corrections, in their order.
    pub corrections: Vec<Moment>,
    /// When it came out, if that was after its date and after a later event in the ledger.
    pub arrived: Option<Moment>,
    /// `lang`, also one that it inherits.
    pub lang: Option<Common>,
    /// The name that it has in common with its translations, if that is not its own: see [`Row::group`].
    pub group: Option<Common>,
    /// It has a page, and is in no list, feed, sitemap or search.
    pub is_unlisted: bool,
    /// It is in lists and in no feed.
    pub is_fed_nowhere: bool,
    /// Its place among the featured articles.
    pub featured: Option<u32>,
    /// The time until which it is first in its lists, if that is still to come.
    pub pinned: Option<Moment>,
    /// Values of `extra` by which lists sort or choose it.
    pub values: Vec<(Common, Plain)>,
    /// `badge`: a word or two beside its title in the tree of a documentation.
    pub badge: Option<Box<Badge>>,
    /// Of a page, `link`: the address to which its entry in the tree of a documentation leads.
    pub leads_to: Option<Box<str>>,
}

static NO_EXTRAS: Extras = Extras {
    aliases: Vec::new(),
    queries: Vec::new(),
    former: Vec::new(),
    expires: None,
    opens: None,
    corrections: Vec::new(),
    arrived: None,
    lang: None,
    group: None,
    is_unlisted: false,
    is_fed_nowhere: false,
    featured: None,
    pinned: None,
    values: Vec::new(),
    badge: None,
    leads_to: None,
};

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

/// The fields of an article or page that every build reads, so that most documents need not be loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListingFields {
    /// Its terms, each with the index of its taxonomy in `site.toml`, in the order in which its author wrote them.
    pub terms: Box<[(u16, Common)]>,
    /// Names in its body that may be pictures.
    pub pictures: Box<[String]>,
    /// `image`, as written.
    pub image: Option<Box<str>>,
    /// `weight`.
    pub weight: i32,
    /// Its author wrote no title: the row's is made of the text, or of the date.
    pub is_untitled: bool,
    /// It chooses a template.
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

/// The state of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It is public.
    Live,
    /// Its front matter says `draft = true`.
    Draft,
    /// It is dated later than `now`.
    Scheduled,
    /// Its `expires` has passed: a notice replaces its page.
    Expired,
    /// Its front matter has a reason in `withdrawn`: a notice with the reason replaces its page.
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
    /// Words for how an editor wants it to be shown: in no list, in no feed, first in lists, featured.
    pub fn marks(&self) -> Vec<&'static str> {
        let marks = [
            (self.rare.is_unlisted, "unlisted"),
            (self.rare.is_fed_nowhere, "no-feed"),
            (self.rare.pinned.is_some(), "pinned"),
            (self.rare.featured.is_some(), "featured"),
        ];
        marks.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect()
    }

    /// The name that it has in common with its translations: its path below `content/` without the language, at first.
    pub fn group<'a>(&'a self, config: &Config) -> &'a str {
        match &self.rare.group {
            Some(group) => group,
            None => config.without_language(self.document.stem()),
        }
    }

    /// True if there is a page at its path: its own, or a notice.
    pub fn has_page(&self) -> bool {
        self.state == State::Live || self.has_notice
    }

    /// Its id, if it is a public article.
    pub fn public_id(&self) -> Option<&str> {
        (self.state == State::Live && self.dates.is_some()).then_some(&*self.id)
    }

    /// True if lists show it.
    pub fn is_listed(&self) -> bool {
        !self.rare.is_unlisted
    }

    /// True if feeds have it: it is listed, and says nothing else.
    pub fn is_in_feeds(&self) -> bool {
        !self.rare.is_unlisted && !self.rare.is_fed_nowhere
    }

    /// The value of the field `name` of `extra`, if a list needs it.
    pub fn extra(&self, name: &str) -> Option<&Plain> {
        self.rare.values.iter().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    /// The name of its source.
    pub fn name(&self) -> &Arc<str> {
        &self.document.name
    }

    /// The second from which on it is public: that of its date, or that of its section's date if it is later and still
    /// to come.
    pub fn publication(&self) -> Option<Moment> {
        let own = self.dates.as_ref().map(|dates| dates.published.moment);
        own.into_iter().chain(self.rare.opens).map(|moment| moment.rounded_up()).max_by_key(Moment::instant)
    }

    /// The next instant after `now` at which its state would change by itself.
    pub fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let publication = self.publication().map(|moment| moment.instant());
        let expiry = self.rare.expires.map(|moment| moment.instant());
        let due = match self.state {
            State::Draft | State::Expired => None,
            State::Scheduled => publication,
            State::Live => expiry.into_iter().chain(self.rare.pinned.map(|moment| moment.instant())).min(),
            State::Withdrawn => expiry,
        };
        due.filter(|instant| *instant > now)
    }
}

#[cfg(test)]
mod sizes {
    /// Every article has one of each, so memory grows with them. The allocator has size classes of 448 and 640 bytes.
    #[test]
    fn what_every_article_has_is_small() {
        assert!(size_of::<super::Row>() <= 448, "{}", size_of::<super::Row>());
        assert!(size_of::<crate::source::Document>() <= 640, "{}", size_of::<crate::source::Document>());
    }
}
