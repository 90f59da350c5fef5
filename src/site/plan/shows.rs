//! Kinds of output files, with all properties that depend on the kind alone.

use std::sync::Arc;

use serde::Serialize;

use super::{ListPage, Plan, Planned, PlannedFeed};
use crate::config::Config;
use crate::model::stamp::Stamp;
use crate::model::url::UrlPath;
use crate::output::Rank;
use crate::site::library::{LeafId, Library};

/// The content of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Shows {
    /// An article or a page.
    Leaf(LeafId),
    /// A page of a section's list; the index of the section.
    Section(usize, Box<ListPage>),
    /// A taxonomy's list of terms; its index.
    Taxonomy(usize),
    /// A page of a term's list; the indices of taxonomy and term.
    Term(usize, usize, Box<ListPage>),
    /// The list of years of a language.
    Archive(usize),
    /// A year; its index in the library.
    Year(usize),
    /// A month; the indices of year and month.
    Month(usize, usize),
    /// A feed in one format; the index in [`Plan::feeds`] and in its formats.
    Feed(usize, usize),
    /// A feed at an earlier path of it, where a feed reader looks for it; the indices as of [`Shows::Feed`].
    FeedAlias(usize, usize),
    /// A part of a feed's older entries: the indices of feed, format and archive.
    FeedArchive(usize, usize, usize),
    /// The notice that replaces an article that is no longer public; its index in the library's notices.
    Notice(usize),
    /// The page that lists the feeds, in a language.
    Subscribe(usize),
    /// The OPML list of all feeds, on the host of a language.
    Opml(usize),
    /// A part of the sitemap; its index in [`Plan::sitemap`].
    Sitemap(usize),
    /// The index of a sitemap that has several parts, on the host of a language.
    SitemapIndex(usize),
    /// The sitemap of the news of two days, on the host of a language.
    NewsSitemap(usize),
    /// The page of the search, in a language.
    Search(usize),
    /// The list of the parts of the index of the search, in a language.
    SearchIndex(usize),
    /// A file of terms: the language, the index in its parts, and the number of the file.
    SearchShard(usize, usize, usize),
    /// A file of results: the language, and the number of the file.
    SearchCards(usize, usize),
    /// `404.html` of a language.
    NotFound(usize),
    /// `robots.txt` on the host of a language.
    Robots(usize),
    /// The front page of a site whose languages all have a path of their own: it leads to them.
    Languages,
    /// A page that redirects to another path.
    Redirect(UrlPath),
    /// The list of redirects for hosts that read one, on the host of a language.
    Redirects(usize),
    /// The headers that hosts should send with the files, for hosts that read them, on the host of a language.
    Headers(usize),
    /// A document of `[[outputs]]`: its index in the settings, and its subject.
    Output(usize, Subject),
    /// A file, copied: its name from the site's root.
    Copy(Arc<str>, Box<Stamp>),
    /// A file of the theme; its index.
    Theme(usize),
    /// A variant of a picture: the indices in [`Pictures::list`] and in its variants.
    Picture(usize, usize),
    /// The card of an article: the index in [`Cards::list`].
    Card(usize),
}

/// The subject of a document of `[[outputs]]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Subject {
    /// The whole site, in a language.
    Site(usize),
    /// A section; its index.
    Section(usize),
    /// An article or page.
    Leaf(LeafId),
    /// A term; the indices of taxonomy and term.
    Term(usize, usize),
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The page of an article or page whose source is new or has another text.
    Page,
    /// The page of an unchanged source: something beside it changed, mostly a neighbour.
    Neighbour,
    /// A page of the list of a section or of the whole site.
    Listing,
    /// A page of a term or of a taxonomy.
    Term,
    /// A page of the archive.
    Archive,
    /// A feed, or the list of feeds.
    Feed,
    /// A part of the sitemap, or its index.
    Sitemap,
    /// A file of the search, or its page.
    Search,
    /// A redirect, or the list of redirects.
    Redirect,
    /// A file that is copied.
    Asset,
    /// Any other.
    Other,
}

impl Kind {
    /// The name of `count` files of this kind.
    pub fn name(self, count: usize) -> &'static str {
        let (one, more) = match self {
            Kind::Page => ("page", "pages"),
            Kind::Neighbour => ("neighbour", "neighbours"),
            Kind::Listing => ("listing", "listings"),
            Kind::Term => ("term", "terms"),
            Kind::Archive => ("archive page", "archive pages"),
            Kind::Feed => ("feed", "feeds"),
            Kind::Sitemap => ("sitemap part", "sitemap parts"),
            Kind::Search => ("search file", "search files"),
            Kind::Redirect => ("redirect", "redirects"),
            Kind::Asset => ("asset", "assets"),
            Kind::Other => ("other", "others"),
        };
        if count == 1 { one } else { more }
    }
}

impl Shows {
    /// Its rank, its kind, and the change that another fingerprint of its own means, as a sentence. The rank orders
    /// files for the commit, so that nothing is shown before the files that it links to.
    fn about(&self) -> (Rank, Kind, &'static str) {
        match self {
            Shows::Leaf(_) => (Rank::Page, Kind::Page, "its neighbours, links, terms or pictures changed"),
            Shows::Notice(_) | Shows::Languages => (Rank::Page, Kind::Page, OTHER),
            Shows::NotFound(_) => (Rank::Page, Kind::Other, OTHER),
            Shows::Section(..) => (Rank::Listing, Kind::Listing, LISTED),
            Shows::Term(..) => (Rank::Listing, Kind::Term, LISTED),
            Shows::Taxonomy(_) => (Rank::Listing, Kind::Term, OTHER),
            Shows::Month(..) => (Rank::Listing, Kind::Archive, LISTED),
            Shows::Output(..) => (Rank::Listing, Kind::Other, OTHER),
            Shows::Archive(_) | Shows::Year(_) => (Rank::Listing, Kind::Archive, OTHER),
            Shows::Subscribe(_) => (Rank::Listing, Kind::Feed, OTHER),
            Shows::Redirect(_) => (Rank::Listing, Kind::Redirect, OTHER),
            Shows::Feed(..) | Shows::FeedAlias(..) => (Rank::Feed, Kind::Feed, "its entries changed"),
            Shows::FeedArchive(..) | Shows::Opml(_) => (Rank::Feed, Kind::Feed, OTHER),
            Shows::Sitemap(_) | Shows::SitemapIndex(_) | Shows::NewsSitemap(_) => {
                (Rank::Sitemap, Kind::Sitemap, OTHER)
            }
            Shows::Search(_) => (Rank::Listing, Kind::Search, OTHER),
            Shows::SearchShard(..) | Shows::SearchCards(..) => {
                (Rank::Listing, Kind::Search, "an article that it finds changed")
            }
            // It says how to read the others.
            Shows::SearchIndex(_) => (Rank::Feed, Kind::Search, "an article that it finds changed"),
            Shows::Redirects(_) => (Rank::Sitemap, Kind::Redirect, OTHER),
            Shows::Robots(_) | Shows::Headers(_) => (Rank::Sitemap, Kind::Other, OTHER),
            Shows::Theme(_) => (Rank::Asset, Kind::Asset, OTHER),
            Shows::Copy(..) | Shows::Picture(..) | Shows::Card(_) => {
                (Rank::Asset, Kind::Asset, "its file changed")
            }
        }
    }

    /// Its rank in the order of the commit.
    pub fn rank(&self) -> Rank {
        self.about().0
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.about().1
    }

    /// A sentence that names the change, if its own fingerprint differs and its source does not.
    pub fn changed(&self) -> &'static str {
        self.about().2
    }

    /// True for a feed and for an archive of one.
    pub fn is_feed(&self) -> bool {
        matches!(self, Shows::Feed(..) | Shows::FeedAlias(..) | Shows::FeedArchive(..))
    }
}

const LISTED: &str = "what it lists changed";
const OTHER: &str = "what it shows changed";

impl Shows {
    /// The number of the language in which this is rendered; `feeds` are those of the plan.
    pub fn language(&self, feeds: &[PlannedFeed], library: &Library, config: &Config) -> usize {
        if !config.is_multilingual() {
            return 0;
        }
        match self {
            Shows::Leaf(id) | Shows::Output(_, Subject::Leaf(id)) => {
                config.language_of(&library.leaf(*id).section)
            }
            Shows::Section(at, _) | Shows::Output(_, Subject::Section(at)) => {
                config.language_of(&library.sections[*at].settled.folder)
            }
            Shows::Taxonomy(at) | Shows::Term(at, ..) | Shows::Output(_, Subject::Term(at, _)) => {
                at / config.taxonomies.len().max(1)
            }
            Shows::Year(at) | Shows::Month(at, _) => library.years[*at].language,
            Shows::Archive(language)
            | Shows::Opml(language)
            | Shows::SitemapIndex(language)
            | Shows::NewsSitemap(language)
            | Shows::Robots(language)
            | Shows::Redirects(language)
            | Shows::Headers(language)
            | Shows::Subscribe(language)
            | Shows::NotFound(language)
            | Shows::Search(language)
            | Shows::SearchIndex(language)
            | Shows::SearchShard(language, ..)
            | Shows::SearchCards(language, _)
            | Shows::Output(_, Subject::Site(language)) => *language,
            Shows::Feed(at, _) | Shows::FeedAlias(at, _) | Shows::FeedArchive(at, ..) => feeds[*at].edition,
            Shows::Notice(at) => config.language_of(&library.notices[*at].section),
            _ => 0,
        }
    }
}

impl Planned {
    /// True for an HTML document.
    pub fn is_page(&self) -> bool {
        let path = self.path.as_str();
        self.shows.rank() != Rank::Asset && (path.ends_with('/') || path.ends_with(".html"))
    }
}

impl Plan {
    /// The path to which `shows` leads, where it is one that does.
    pub fn target<'a>(&'a self, shows: &'a Shows) -> Option<&'a UrlPath> {
        match shows {
            Shows::Redirect(target) => Some(target),
            Shows::FeedAlias(at, format) => Some(&self.feeds.get(*at)?.formats.get(*format)?.1),
            _ => None,
        }
    }

    /// The articles that a list or a feed shows.
    pub fn articles_on<'a>(&'a self, shows: &Shows, library: &'a Library) -> &'a [LeafId] {
        match shows {
            Shows::Section(at, page) => &library.sections[*at].listed()[page.articles.clone()],
            Shows::Term(taxonomy, term, page) => {
                &library.taxonomies[*taxonomy].terms[*term].listed()[page.articles.clone()]
            }
            Shows::Month(year, month) => &library.years[*year].months[*month].articles,
            Shows::Feed(at, _) | Shows::FeedAlias(at, _) => &self.feeds[*at].articles,
            Shows::FeedArchive(at, _, part) => &self.feeds[*at].archives[*part].articles,
            Shows::NewsSitemap(language) => self.sitemap.news_of(*language),
            _ => &[],
        }
    }
}
