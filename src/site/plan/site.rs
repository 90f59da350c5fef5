//! The documents of the whole site: the lists of feeds, the page for what is not found, and what robots and hosts read.

use super::{Planned, PlannedFeed, Planner, Shows, Sitemap};
use crate::model::url::UrlPath;
use crate::site::library::Library;

impl Planner<'_> {
    pub(super) fn site(&mut self, library: &Library, feeds: &[PlannedFeed]) {
        if !feeds.is_empty() {
            self.add_at("/feeds.opml", Shows::Opml, "the list of feeds");
        }
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
        self.add_at("/robots.txt", Shows::Robots, "the rules for robots");
        if self.config.hosting.headers {
            self.add_at("/_headers", Shows::Headers, "the rules for hosts");
        }
    }

    pub(super) fn sitemap(&mut self, sitemap: &Sitemap) {
        if sitemap.news.is_some() {
            self.news_sitemap();
        }
        if sitemap.parts.len() == 1 {
            self.add_at("/sitemap.xml", Shows::Sitemap(0), "the sitemap");
            return;
        }
        self.add_at("/sitemap.xml", Shows::SitemapIndex, "the sitemap");
        for at in 0..sitemap.parts.len() {
            self.add_at(&sitemap.part_path(at), Shows::Sitemap(at), "the sitemap");
        }
    }

    fn news_sitemap(&mut self) {
        self.add_at("/news-sitemap.xml", Shows::NewsSitemap, "the news sitemap");
    }
}
