//! When each file of a site is put into its place.

use crate::output::Rank;
use crate::site::plan::{Planned, Shows};

/// When a file is put into its place: nothing is shown before what it links to.
pub(super) fn rank(planned: &Planned) -> Rank {
    match planned.shows {
        Shows::Copy(..) | Shows::Theme(_) | Shows::Picture(..) | Shows::Card(_) => Rank::Asset,
        Shows::Leaf(_) | Shows::Notice(_) | Shows::NotFound => Rank::Page,
        Shows::Section(..)
        | Shows::Taxonomy(_)
        | Shows::Term(..)
        | Shows::Archive
        | Shows::Year(_)
        | Shows::Month(..)
        | Shows::Subscribe
        | Shows::Redirect(_) => Rank::Listing,
        Shows::Feed(..) | Shows::FeedArchive(..) | Shows::Opml => Rank::Feed,
        Shows::Sitemap(_)
        | Shows::SitemapIndex
        | Shows::NewsSitemap
        | Shows::Robots
        | Shows::Redirects
        | Shows::Headers => Rank::Sitemap,
    }
}

/// True for an HTML document.
pub(super) fn is_page(planned: &Planned) -> bool {
    let path = planned.path.as_str();
    rank(planned) != Rank::Asset && (path.ends_with('/') || path.ends_with(".html"))
}
