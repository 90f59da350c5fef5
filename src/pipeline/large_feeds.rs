//! Feeds that are too large to be published, because of new or changed entries.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use super::rendering::Rendering;
use super::seniority::Age;
use crate::feed::lint::TOO_LARGE;
use crate::feed::{atom_id, cut};
use crate::model::diagnostics::{Place, Problem};
use crate::site::library::LeafId;
use crate::site::plan::Planned;

/// The code of the problem of a feed that is too large, without the articles at fault.
const CODE: &str = "lint::too-large";

/// An article that makes a feed too large.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("with this article, the feed {feed} is larger than 15 MB: its entry has {kilobytes} KB")]
#[diagnostic(
    code(feed::too_large),
    help(
        "make the article shorter, or let the feed list summaries (`content = \"summary\"`) or fewer entries (`limit`)"
    )
)]
pub struct LargeEntry {
    /// The path of the feed.
    feed: String,
    /// The size of the entry.
    kilobytes: usize,
}

impl Rendering<'_, '_> {
    /// Replaces the problem of a feed that is too large, `bytes`, by one for each article that made it so. Without a new
    /// or changed article, the site's settings are at fault, and the problem stays.
    pub(super) fn name_large_entries(&self, planned: &Planned, bytes: &[u8], problems: &mut Vec<Problem>) {
        if bytes.len() <= TOO_LARGE || !planned.shows.is_feed() {
            return;
        }
        let sizes: HashMap<String, usize> =
            cut::entries(bytes).into_iter().map(|(id, form)| (id, form.len())).collect();
        let library = self.renderer.library();
        let is_news = |id: &LeafId| {
            let age =
                self.before.seniority.of_source(self.plan.owned(library), library.leaf(*id).name(), false);
            age >= Age::Changed
        };
        let articles = self.plan.articles_on(&planned.shows, library).iter().filter(|id| is_news(id));
        let sized = |id: &LeafId| {
            let own = &library.leaf(*id).id;
            let size = sizes.get(&**own).or_else(|| sizes.get(&*atom_id(own, &self.plan.guid_authority)));
            Some((*size?, *id))
        };
        let mut news: Vec<(usize, LeafId)> = articles.filter_map(sized).collect();
        // The largest come first; of equals, the newest.
        news.sort_by_key(|(size, id)| (Reverse(*size), *id));
        let (mut excess, mut blamed): (_, Vec<(usize, Arc<str>)>) = (bytes.len() - TOO_LARGE, Vec::new());
        for (size, id) in news {
            if excess == 0 {
                break;
            }
            excess = excess.saturating_sub(size);
            blamed.push((size, library.leaf(id).name().clone()));
        }
        if blamed.is_empty() {
            return;
        }
        problems.retain(|problem| problem.code() != CODE);
        problems.extend(blamed.into_iter().map(|(size, name)| {
            let cause = LargeEntry { feed: planned.path.to_string(), kilobytes: size / 1024 };
            Problem::new(cause, Place::file(name))
        }));
    }
}
