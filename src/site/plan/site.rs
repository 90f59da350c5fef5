//! The documents of the whole site: the lists of feeds, the page for what is not found, and what robots and hosts read.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::collisions::{Free, Taken};
use super::{Planned, PlannedFeed, Planner, Shows, Sitemap};
use crate::config::below_home;
use crate::model::url::UrlPath;
use crate::site::library::Library;

impl Planner<'_> {
    pub(super) fn site(&mut self, library: &Library, feeds: &[PlannedFeed]) {
        let config = self.config;
        for (language, one) in config.languages.iter().enumerate() {
            let home = one.home.as_str();
            let has_content = language == 0 || library.section(config.folder_of_language(language)).is_some();
            if feeds.iter().any(|feed| feed.edition == language) {
                let path = format!("{home}subscribe/");
                self.add_at(&path, Shows::Subscribe(language), "the list of feeds");
            }
            if has_content {
                let path = format!("{home}404.html");
                self.add_at(&path, Shows::NotFound(language), "the page for what is not found");
            }
        }
        if config.home() != &UrlPath::root() {
            let is_front = |one: &Planned| one.path == UrlPath::root();
            if !self.documents.iter().any(is_front) {
                self.add(UrlPath::root(), Shows::Languages, crate::config::FILE);
            }
            // Hosts look for this page at the root of a site.
            self.add_at("/404.html", Shows::NotFound(0), "the page for what is not found");
        }
        for host in config.hosts() {
            let root = config.root_of_host(host);
            if !feeds.is_empty() {
                self.add(root.join("feeds.opml"), Shows::Opml(host), "the list of feeds");
            }
            self.add(root.join("robots.txt"), Shows::Robots(host), "the rules for robots");
            if config.hosting.headers {
                self.add(root.join("_headers"), Shows::Headers(host), "the rules for hosts");
            }
        }
    }

    pub(super) fn sitemap(&mut self, sitemap: &Sitemap) {
        for (host, _) in &sitemap.news {
            let path = self.config.root_of_host(*host).join("news-sitemap.xml");
            self.add(path, Shows::NewsSitemap(*host), "the news sitemap");
        }
        for (at, part) in sitemap.parts.iter().enumerate() {
            self.add(part.path.clone(), Shows::Sitemap(at), "the sitemap");
        }
        for host in self.config.hosts().filter(|host| sitemap.parts_of(*host).count() > 1) {
            let path = self.config.root_of_host(host).join("sitemap.xml");
            self.add(path, Shows::SitemapIndex(host), "the sitemap");
        }
    }

    /// Gives each host a copy of all files that pages there may show. A file of its own at the same path comes first. Returns
    /// the paths of the copies.
    pub(super) fn copies_for_hosts(&mut self) -> HashSet<UrlPath, RandomState> {
        let base = &self.config.base_url;
        let mut copies = HashSet::default();
        if !base.has_hosts() {
            return copies;
        }
        let taken = Taken::of(&self.documents);
        let is_shared = |planned: &&Planned| {
            matches!(planned.shows, Shows::Copy(..) | Shows::Theme(_) | Shows::Picture(..))
                && base.home_of(&planned.path).is_none()
                && !OF_ONE_HOST.contains(&planned.path.as_str())
        };
        let shared: Vec<Planned> = self.documents.iter().filter(is_shared).cloned().collect();
        for home in base.homes() {
            for planned in &shared {
                let path = below_home(home, &planned.path);
                if matches!(taken.check(&path), Free::Yes) {
                    copies.insert(path.clone());
                    self.documents.push(Planned { path, ..planned.clone() });
                }
            }
        }
        copies
    }
}

/// Files that say something about one host.
const OF_ONE_HOST: [&str; 4] = ["/CNAME", "/_redirects", "/_worker.js", "/_routes.json"];
