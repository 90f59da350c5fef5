//! What a few changed articles can change, and nothing else. This stands beside [`fingerprint`](super::fingerprint):
//! what that reads of an article has to be in here.

use std::collections::HashSet;

use rayon::prelude::*;

use super::{LEAF_TEMPLATES, Renderer, SharedPrints};
use crate::site::library::{LeafId, Library};
use crate::site::plan::{FeedOf, ListPage, Planned, Shows};

/// Articles and pages that are not as they were in the last build; everything else is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Near {
    /// Those with another text that are where they were: title, path, dates, section and terms are the same.
    pub edited: Vec<LeafId>,
    /// New articles, which are the newest of all.
    pub added: Vec<LeafId>,
}

impl Near {
    /// All of them.
    fn all(&self) -> Vec<LeafId> {
        self.edited.iter().chain(&self.added).copied().collect()
    }

    /// The articles and pages of `library` whose own documents may change; `reads_related` says whether a template shows
    /// what is related.
    pub fn pages(&self, library: &Library, reads_related: &dyn Fn(&str) -> bool) -> HashSet<LeafId> {
        let mut pages: HashSet<LeafId> = self.all().into_iter().collect();
        for id in &self.added {
            let neighbours = library.neighbours(*id);
            pages.extend(neighbours.older.into_iter().chain(neighbours.newer));
        }
        // Which template one has of its own, only it says.
        let has_own = || library.leaf_ids().any(|id| library.leaves.has_template(id));
        if LEAF_TEMPLATES.iter().any(|name| reads_related(name)) || has_own() {
            pages.extend(self.all().into_iter().flat_map(|id| library.may_be_related(id)));
        }
        pages
    }
}

/// What is near to changes: the articles and pages whose own documents may change.
struct Reach<'a> {
    changes: &'a Near,
    all: Vec<LeafId>,
    pages: &'a HashSet<LeafId>,
    /// The templates that read something that is not as it was.
    templates: HashSet<String>,
}

impl Renderer<'_> {
    /// The numbers of the documents that may change with `changes`, those of `pages` among them; all others stay as they
    /// are. `before` stands for what documents shared; `None` where that has changed too much to tell.
    pub fn near(&self, changes: &Near, pages: &HashSet<LeafId>, before: &SharedPrints) -> Option<Vec<usize>> {
        let now = self.shared_prints();
        let names = |prints: &SharedPrints| -> Vec<String> {
            prints.templates.iter().map(|(name, _)| name.clone()).collect()
        };
        if now.rest != before.rest || names(&now) != names(before) {
            return None;
        }
        let templates = now.templates.iter().zip(&before.templates).filter(|(now, before)| now != before);
        let templates: HashSet<String> = templates.map(|(now, _)| now.0.clone()).collect();
        // Those are too many; and which template one has of its own, only it says.
        let has_own = || self.library.leaf_ids().any(|id| self.library.leaves.has_template(id));
        if LEAF_TEMPLATES.iter().any(|name| templates.contains(*name)) || (!templates.is_empty() && has_own())
        {
            return None;
        }
        let all = changes.all();
        let reach = Reach { changes, all, pages, templates };
        let documents = self.plan.documents.par_iter().enumerate();
        let may_differ =
            |planned| self.has_changed_template(planned, &reach) || self.may_differ(planned, &reach);
        Some(documents.filter(|(_, planned)| may_differ(planned)).map(|(at, _)| at).collect())
    }

    /// True if the template of `planned`, which is no article and no page, reads something that is not as it was.
    fn has_changed_template(&self, planned: &Planned, reach: &Reach<'_>) -> bool {
        !reach.templates.is_empty()
            && !matches!(planned.shows, Shows::Leaf(_))
            && self.template_of(planned).is_some_and(|name| reach.templates.contains(&*name))
    }

    fn may_differ(&self, planned: &Planned, reach: &Reach<'_>) -> bool {
        let library = self.library;
        let Reach { changes, all, pages, .. } = reach;
        let has_any = |list: &[LeafId], of: &[LeafId]| of.iter().any(|id| list.binary_search(id).is_ok());
        let is_new = !changes.added.is_empty();
        let lists = |list: &[LeafId], page: &ListPage| {
            // The front and what it links to: new pages may begin there.
            let is_front = page.articles.start < 3 * self.config.page_size.max(1) + changes.added.len();
            let shown = &list[page.articles.clone()];
            has_any(shown, all) || (is_front && has_any(list, &changes.added))
        };
        match &planned.shows {
            Shows::Leaf(id) => pages.contains(id),
            Shows::Section(at, page) => {
                let list = &library.sections[*at].articles;
                // The front has blocks of the sections in it.
                lists(list, page) || (page.number.is_none() && has_any(list, all))
            }
            Shows::Term(taxonomy, term, page) => {
                lists(&library.taxonomies[*taxonomy].terms[*term].articles, page)
            }
            Shows::Month(year, month) => has_any(&library.years[*year].months[*month].articles, all),
            Shows::Feed(at, _) => {
                has_any(&self.plan.feeds[*at].articles, all) || self.feeds_any(*at, &changes.added)
            }
            Shows::FeedArchive(at, _, part) => {
                let feed = &self.plan.feeds[*at];
                let is_newest = part + 2 + changes.added.len() >= feed.archives.len();
                has_any(&feed.archives[*part].articles, all)
                    || (is_newest && self.feeds_any(*at, &changes.added))
            }
            Shows::Taxonomy(_)
            | Shows::Archive
            | Shows::Year(_)
            | Shows::Subscribe
            | Shows::Opml
            | Shows::Sitemap(_)
            | Shows::SitemapIndex
            | Shows::Headers => is_new,
            Shows::NewsSitemap => true,
            Shows::NotFound
            | Shows::Robots
            | Shows::Notice(_)
            | Shows::Redirect(_)
            | Shows::Redirects
            | Shows::Copy(..)
            | Shows::Theme(_)
            | Shows::Picture(..)
            | Shows::Card(_) => false,
        }
    }

    /// True if one of `articles` is of the list that the feed of that number is of, whether it has room for it or not.
    fn feeds_any(&self, feed: usize, articles: &[LeafId]) -> bool {
        let has_any = |list: &[LeafId]| articles.iter().any(|id| list.binary_search(id).is_ok());
        match self.plan.feeds[feed].of {
            FeedOf::Site => !articles.is_empty(),
            FeedOf::Section(at) => has_any(&self.library.sections[at].articles),
            FeedOf::Term(taxonomy, term) => has_any(&self.library.taxonomies[taxonomy].terms[term].articles),
            FeedOf::Custom(_) => !articles.is_empty(),
        }
    }

    /// The articles and pages of which something stands in the fingerprints of `documents`.
    pub fn shown_by(&self, documents: &[&Planned]) -> Vec<LeafId> {
        let mut shown: Vec<LeafId> =
            documents.par_iter().flat_map_iter(|planned| self.shown_by_one(planned)).collect();
        shown.par_sort_unstable();
        shown.dedup();
        shown
    }

    fn shown_by_one(&self, planned: &Planned) -> Vec<LeafId> {
        let library = self.library;
        match &planned.shows {
            Shows::Leaf(id) => {
                let neighbours = library.neighbours(*id);
                let own = [Some(*id), neighbours.older, neighbours.newer];
                own.into_iter().flatten().chain(library.related(*id)).collect()
            }
            Shows::Section(at, page) => {
                let mut shown = library.sections[*at].articles[page.articles.clone()].to_vec();
                if page.number.is_none() {
                    shown.extend(library.blocks(*at, page.articles.end).into_iter().flat_map(|(_, ids)| ids));
                }
                shown
            }
            Shows::Term(taxonomy, term, page) => {
                library.taxonomies[*taxonomy].terms[*term].articles[page.articles.clone()].to_vec()
            }
            Shows::Month(year, month) => library.years[*year].months[*month].articles.clone(),
            Shows::Feed(at, _) => self.plan.feeds[*at].articles.clone(),
            Shows::FeedArchive(at, _, part) => self.plan.feeds[*at].archives[*part].articles.clone(),
            _ => Vec::new(),
        }
    }
}
