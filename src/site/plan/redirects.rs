//! Redirects from aliases and former paths, and notices.
//!
//! A redirect gives way to everything else: where another document has its path, it is left out. A path that differs
//! from another document's only in case or in Unicode normalisation gets no file, because some file systems treat both
//! as one; it is a [`Rule`] for hosts and servers.

use std::sync::Arc;

use super::collisions::{Free, Taken};
use super::{FeedOf, PlanError, Planned, PlannedFeed, Planner, Shows};
use crate::config::below_home;
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::{BaseUrl, UrlPath};
use crate::site::identity::{Row, rooted};
use crate::site::library::Library;

/// A redirect that no file can make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The old path.
    pub path: UrlPath,
    /// The query of the old address, percent-encoded and without its `?`.
    pub query: Option<String>,
    /// The new path.
    pub target: UrlPath,
}

impl Planner<'_> {
    /// Adds redirects at aliases, notices at the paths of articles that are no longer public, and redirects at the
    /// former paths of others and of feeds. Adds the list of redirects. Returns the redirects that no file can make.
    pub(super) fn redirects(&mut self, library: &Library, feeds: &[PlannedFeed]) -> Vec<Rule> {
        let has_old = |leaf: &&Row| !leaf.rare.aliases.is_empty() || !leaf.rare.former.is_empty();
        // The oldest article first, those that are published before those that are new: they had their aliases first.
        let mut leaves: Vec<&Row> = library.leaves.iter().rev().map(Box::as_ref).filter(has_old).collect();
        leaves.sort_by_key(|leaf| leaf.record.is_none());
        let base = &self.config.base_url;
        let queries = library.leaves.iter().flat_map(|leaf| {
            let rule = move |(path, query): &(UrlPath, String)| {
                let (own, of_site) = places(base, path, &leaf.path);
                let rule = |path| Rule { path, query: Some(query.clone()), target: leaf.path.clone() };
                std::iter::once(own).chain(of_site).map(rule).collect::<Vec<_>>()
            };
            leaf.rare.queries.iter().flat_map(rule)
        });
        let mut rules: Vec<Rule> = queries.collect();
        let has_old = |feed: &PlannedFeed| {
            !feed.former.is_empty() || matches!(feed.of, FeedOf::Term(..)) && !feed.aliases.is_empty()
        };
        let has_moved = feeds.iter().any(has_old);
        let of_sections = self.aliases_of_lists(library);
        if has_moved || !of_sections.is_empty() || !leaves.is_empty() || !library.notices.is_empty() {
            let mut old = Old { taken: Taken::of(&self.documents), rules: &mut rules };
            let of_leaves = leaves.iter().flat_map(|leaf| {
                let aliases = leaf.rare.aliases.iter();
                aliases.map(|(path, place)| (path.clone(), leaf.path.clone(), place.clone()))
            });
            let aliases = of_sections.into_iter().chain(of_leaves);
            let mut at_site = Vec::new();
            for (path, target, place) in aliases.filter(|(path, target, _)| path != target) {
                let (path, of_site) = places(&self.config.base_url, &path, &target);
                at_site.extend(of_site.map(|path| (path, target.clone(), place.file.clone())));
                if path == target {
                    continue;
                }
                let Some(other) = old.redirect(self, &path, &target, &place.file) else { continue };
                let other = &self.documents[other];
                if !matches!(&other.shows, Shows::Redirect(others) if *others == target) {
                    let (path, other) = (path.to_string(), other.source.to_string());
                    self.problems.push(Problem::new(PlanError::AliasTaken { path, other }, place));
                }
            }
            // Where the site itself has something else, that stays.
            for (path, target, source) in at_site {
                old.redirect(self, &path, &target, &source);
            }
            for (at, notice) in library.notices.iter().enumerate() {
                let source = notice.name();
                let is_there = match old.taken.check(&notice.path) {
                    Free::Yes => {
                        old.taken.add(&notice.path, self.documents.len());
                        self.add(notice.path.clone(), Shows::Notice(at), source.clone());
                        true
                    }
                    Free::No(other) => self.documents[other].path.file() == notice.path.file(),
                    Free::Folder => false,
                };
                // Where there is no room for a notice, its old addresses lead nowhere either.
                if !is_there {
                    continue;
                }
                let paths = notice.rare.aliases.iter().map(|(path, _)| path).chain(&notice.rare.former);
                for path in paths {
                    let (own, of_site) = places(&self.config.base_url, path, &notice.path);
                    for path in std::iter::once(own).chain(of_site) {
                        old.redirect(self, &path, &notice.path, source);
                    }
                }
            }
            for leaf in &leaves {
                for path in &leaf.rare.former {
                    old.redirect(self, path, &leaf.path, leaf.name());
                }
            }
            self.former_of_feeds(library, feeds, &mut old.taken);
        }
        rules.sort();
        rules.dedup_by(|a, b| a.path == b.path && a.query == b.query);
        let leads_on = |one: &Planned| matches!(one.shows, Shows::Redirect(_) | Shows::FeedAlias(..));
        let is_negotiated = self.config.languages.iter().any(|one| one.is_negotiated);
        let config = self.config;
        for host in config.hosts() {
            let (root, base) =
                (config.root_of_host(host), config.base_url.seen_from(&config.root_of_host(host)));
            let path = root.join("_redirects");
            let has_rules = rules.iter().any(|rule| rule.query.is_none() && base.is_here(&rule.path));
            let leads_on = |one: &Planned| leads_on(one) && base.is_here(&one.path);
            let is_of_site = host == 0 && (is_negotiated || base.has_hosts());
            // The page for what is not found in a part of the host.
            let is_of_part = |one: &Planned| {
                matches!(one.shows, Shows::NotFound(_))
                    && base.is_here(&one.path)
                    && one.path != root.join("404.html")
            };
            let mut documents = self.documents.iter();
            if has_rules || is_of_site || documents.any(|one| leads_on(one) || is_of_part(one)) {
                // A list of the publisher's own is part of it.
                let is_own = |one: &Planned| one.path == path && matches!(one.shows, Shows::Copy(..));
                self.documents.retain(|document| !is_own(document));
                self.add(path, Shows::Redirects(host), "the list of redirects");
            }
        }
        rules
    }
}

impl Planner<'_> {
    /// The aliases of sections, taxonomies and terms, each with the path of its page and its place.
    fn aliases_of_lists(&mut self, library: &Library) -> Vec<(UrlPath, UrlPath, Place)> {
        let sections = library.sections.iter().map(|one| (one.settled.document.as_ref(), &one.settled.path));
        let described = library.taxonomies.iter().flat_map(|taxonomy| {
            let terms = taxonomy.terms.iter().map(|term| (term.description.as_ref(), &term.path));
            std::iter::once((taxonomy.description.as_ref(), &taxonomy.path)).chain(terms)
        });
        let mut aliases = Vec::new();
        for (document, target) in sections.chain(described) {
            for alias in document.iter().flat_map(|document| &document.front.aliases) {
                match UrlPath::from_address(&rooted(&alias.value)) {
                    Ok(path) => aliases.push((path, target.clone(), alias.place.clone())),
                    Err(error) => self.problems.push(Problem::new(error, alias.place.clone())),
                }
            }
        }
        aliases
    }
}

/// The places of a redirect from `alias` to `target`: on the host of `target`, and at the same path of the site itself, where it
/// may have been before.
fn places(base: &BaseUrl, alias: &UrlPath, target: &UrlPath) -> (UrlPath, Option<UrlPath>) {
    match base.home_of(target) {
        Some(home) if base.home_of(alias) != Some(home) => (below_home(home, alias), Some(alias.clone())),
        _ => (alias.clone(), None),
    }
}

/// Old paths while they are added.
struct Old<'a> {
    taken: Taken,
    rules: &'a mut Vec<Rule>,
}

impl Old<'_> {
    /// Adds a redirect from `path` to `target`: a file if that is possible, else a rule. Where another document has
    /// exactly this path, nothing is added, and its index is returned.
    fn redirect(
        &mut self,
        planner: &mut Planner<'_>,
        path: &UrlPath,
        target: &UrlPath,
        source: &Arc<str>,
    ) -> Option<usize> {
        match self.taken.check(path) {
            Free::Yes => {
                self.taken.add(path, planner.documents.len());
                planner.add(path.clone(), Shows::Redirect(target.clone()), source.clone());
            }
            Free::No(other) if planner.documents[other].path.file() == path.file() => return Some(other),
            Free::No(_) | Free::Folder => {
                self.rules.push(Rule { path: path.clone(), query: None, target: target.clone() });
            }
        }
        None
    }
}
