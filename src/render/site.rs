//! Files about the whole site: sitemap, list of feeds, redirects.

use tera::value::Key;
use tera::{Map, Value};

use super::{RenderError, Renderer};
use crate::config::{Config, FeedFormat};
use crate::error::{Place, Problem};
use crate::feed::opml::{self, OpmlFeed};
use crate::feed::sitemap::{self, SitemapUrl};
use crate::hosting;
use crate::identity::{LinkMap, Settled, Target};
use crate::plan::{FeedOf, Shows, Sitemap};

impl Renderer<'_> {
    /// A part of the sitemap.
    pub(super) fn sitemap(&self, part: usize) -> Vec<u8> {
        let range = self.plan.sitemap.parts[part].clone();
        sitemap::pages(
            self.plan.sitemap.pages[range].iter().map(|page| SitemapUrl {
                loc: self.config.base_url.absolute(&page.path),
                lastmod: page.lastmod,
            }),
        )
    }

    /// The index of the sitemap's parts.
    pub(super) fn sitemap_index(&self) -> Vec<u8> {
        let sitemap = &self.plan.sitemap;
        sitemap::index(sitemap.parts.iter().enumerate().map(|(at, part)| SitemapUrl {
            loc: self.whole(&self.rooted(&Sitemap::part_path(at))),
            lastmod: sitemap.newest(part.clone()),
        }))
    }

    /// The list of feeds for feed readers.
    pub(super) fn opml(&self) -> Result<Vec<u8>, Problem> {
        let mut feeds = Vec::new();
        for feed in &self.plan.feeds {
            // One line a feed: readers that take both formats would subscribe twice.
            let preferred = feed.formats.iter().find(|(format, _)| *format != FeedFormat::Json);
            let Some((format, path)) = preferred.or(feed.formats.first()) else { continue };
            feeds.push(OpmlFeed {
                title: feed.title.clone(),
                xml_url: self.config.base_url.absolute(path),
                html_url: Some(self.config.base_url.absolute(&feed.home)),
                description: None,
                kind: format.key().to_owned(),
            });
        }
        opml::write(&self.config.title, &feeds).map_err(|error| {
            Problem::new(RenderError::Feed { reason: error.to_string() }, Place::file("the list of feeds"))
        })
    }

    /// All feeds in groups, each with a title and its feeds.
    pub(super) fn subscribe(&self) -> Value {
        let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
        for feed in &self.plan.feeds {
            let title = match feed.of {
                FeedOf::Site => "Everything".to_owned(),
                FeedOf::Section(_) => "Sections".to_owned(),
                FeedOf::Term(taxonomy, _) => self.library.taxonomies[taxonomy].rules.title.clone(),
            };
            let formats: Vec<Value> = feed
                .formats
                .iter()
                .map(|(format, path)| {
                    let mut map = Map::default();
                    map.insert(Key::Str("format"), Value::from(format.title()));
                    map.insert(Key::Str("url"), Value::from(self.config.base_url.root_relative(path)));
                    Value::from(map)
                })
                .collect();
            let mut map = Map::default();
            map.insert(Key::Str("title"), Value::from(feed.title.as_str()));
            map.insert(Key::Str("formats"), Value::from(formats));
            match groups.last_mut() {
                Some((last, feeds)) if *last == title => feeds.push(Value::from(map)),
                _ => groups.push((title, vec![Value::from(map)])),
            }
        }
        let groups: Vec<Value> = groups
            .into_iter()
            .map(|(title, feeds)| {
                let mut map = Map::default();
                map.insert(Key::Str("title"), Value::from(title));
                map.insert(Key::Str("feeds"), Value::from(feeds));
                Value::from(map)
            })
            .collect();
        Value::from(groups)
    }

    /// `_redirects`, as Netlify and Cloudflare Pages read it: old path, new path, status.
    pub(super) fn redirects(&self) -> Vec<u8> {
        let base = &self.config.base_url;
        let mut lines: Vec<String> = Vec::new();
        for planned in &self.plan.documents {
            if let Shows::Redirect(target) = &planned.shows {
                let line =
                    format!("{} {} 301\n", base.root_relative(&planned.path), base.root_relative(target));
                lines.push(line);
            }
        }
        lines.sort();
        lines.concat().into_bytes()
    }

    /// `_headers`, as Netlify and Cloudflare Pages read it.
    pub(super) fn headers(&self) -> Vec<u8> {
        hosting::headers(&hosting::Facts::new(self.config, self.plan))
    }

    /// A path as written in `site.toml`, from the server's root; a whole URL as it is.
    pub(super) fn rooted(&self, written: &str) -> String {
        rooted(self.config, written)
    }

    /// A path from the server's root as a whole URL; a whole URL as it is.
    pub(super) fn whole(&self, url: &str) -> String {
        if url.contains("://") { url.to_owned() } else { format!("{}{url}", self.config.base_url.origin()) }
    }
}

fn rooted(config: &Config, written: &str) -> String {
    if written.contains("://") {
        return written.to_owned();
    }
    format!("{}{}", config.base_url.relative_root(), written.trim_start_matches('/'))
}

/// The URL of the image `written` in the front matter of `leaf`: a source's asset, a path of the site
/// or a whole URL.
pub fn image_url(config: &Config, links: &LinkMap, leaf: &Settled, written: &str) -> String {
    match links.follow(&leaf.document, written) {
        Target::Live(path, _) => config.base_url.root_relative(&path),
        _ => rooted(config, written),
    }
}
