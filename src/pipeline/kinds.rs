//! What kinds of files a build wrote: how far a change reaches.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use crate::site::library::Library;
use crate::site::plan::{Planned, Shows};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The page of an article or page whose source is new or has another text.
    Page,
    /// The page of one whose source is as it was: something beside it changed, mostly a neighbour.
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
    /// A redirect, or the list of redirects.
    Redirect,
    /// A file that is copied.
    Asset,
    /// Any other.
    Other,
}

impl Kind {
    /// What people call `count` of them.
    pub fn name(self, count: usize) -> &'static str {
        let (one, more) = match self {
            Kind::Page => ("page", "pages"),
            Kind::Neighbour => ("neighbour", "neighbours"),
            Kind::Listing => ("listing", "listings"),
            Kind::Term => ("term", "terms"),
            Kind::Archive => ("archive page", "archive pages"),
            Kind::Feed => ("feed", "feeds"),
            Kind::Sitemap => ("sitemap part", "sitemap parts"),
            Kind::Redirect => ("redirect", "redirects"),
            Kind::Asset => ("asset", "assets"),
            Kind::Other => ("other", "others"),
        };
        if count == 1 { one } else { more }
    }
}

/// How many of the documents that were `rendered` are of each kind, and among `written`, paths in the
/// output folder; `changed` are the names of the sources that are new or have another text.
pub(super) fn count(
    rendered: &[&Planned],
    written: &[String],
    library: &Library,
    changed: &HashSet<Arc<str>>,
) -> BTreeMap<Kind, usize> {
    let mut counts = BTreeMap::new();
    let written: HashSet<&str> = written.iter().map(String::as_str).collect();
    for planned in rendered.iter().filter(|planned| written.contains(planned.path.file().as_str())) {
        let kind = match planned.shows {
            Shows::Notice(_) => Kind::Page,
            Shows::Leaf(id) if changed.contains(library.leaf(id).name()) => Kind::Page,
            Shows::Leaf(_) => Kind::Neighbour,
            Shows::Section(..) => Kind::Listing,
            Shows::Taxonomy(_) | Shows::Term(..) => Kind::Term,
            Shows::Archive | Shows::Year(_) | Shows::Month(..) => Kind::Archive,
            Shows::Feed(..) | Shows::FeedArchive(..) | Shows::Opml | Shows::Subscribe => Kind::Feed,
            Shows::Sitemap(_) | Shows::SitemapIndex | Shows::NewsSitemap => Kind::Sitemap,
            Shows::Redirect(_) | Shows::Redirects => Kind::Redirect,
            Shows::Copy(..) | Shows::Theme(_) | Shows::Picture(..) | Shows::Card(_) => Kind::Asset,
            Shows::NotFound | Shows::Robots | Shows::Headers => Kind::Other,
        };
        *counts.entry(kind).or_default() += 1;
    }
    counts
}
