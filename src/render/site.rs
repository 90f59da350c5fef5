//! Files about the whole site: sitemap, list of feeds, redirects.

use tera::value::Key;
use tera::{Map, Value};

use super::Renderer;
use crate::config::{Config, FeedContent, FeedFormat};
use crate::feed::opml::{self, OpmlFeed};
use crate::feed::sitemap::{self, NewsUrl, SitemapUrl};
use crate::render::hosting;
use crate::site::identity::{LinkMap, Target};
use crate::site::plan::{FeedOf, PlannedFeed, Shows, Sitemap};
use crate::source::below;

impl Renderer<'_> {
    /// A part of the sitemap.
    pub(super) fn sitemap(&self, part: usize) -> Vec<u8> {
        let range = self.plan.sitemap.parts[part].clone();
        sitemap::pages(self.plan.sitemap.pages[range].iter().map(|page| SitemapUrl {
            loc: self.config.base_url.absolute(&page.path),
            lastmod: page.lastmod,
            image: page.pictured.and_then(|id| self.image(id)).map(|url| self.whole(&url)),
        }))
    }

    /// The news of two days.
    pub(super) fn news_sitemap(&self) -> Vec<u8> {
        let articles = self.plan.sitemap.news.iter().flatten().map(|id| self.library.leaf(*id));
        sitemap::news(articles.filter_map(|leaf| {
            Some(NewsUrl {
                loc: self.config.base_url.absolute(&leaf.path),
                publication: self.config.title.clone(),
                language: leaf.document.front.lang.clone().unwrap_or_else(|| self.config.language.clone()),
                published: leaf.dates.as_ref()?.published.moment,
                title: leaf.title.to_string(),
            })
        }))
    }

    /// The index of the sitemap's parts.
    pub(super) fn sitemap_index(&self) -> Vec<u8> {
        let sitemap = &self.plan.sitemap;
        sitemap::index(sitemap.parts.iter().enumerate().map(|(at, part)| SitemapUrl {
            loc: self.whole(&self.rooted(&Sitemap::part_path(at))),
            lastmod: sitemap.newest(part.clone()),
            image: None,
        }))
    }

    /// The list of feeds for feed readers.
    pub(super) fn opml(&self) -> Vec<u8> {
        let mut feeds = Vec::new();
        for feed in &self.plan.feeds {
            // One line a feed: readers that take both formats would subscribe twice.
            let preferred = feed.formats.iter().find(|(format, _)| *format != FeedFormat::Json);
            let Some((format, path)) = preferred.or(feed.formats.first()) else { continue };
            feeds.push(OpmlFeed {
                title: feed.title.clone(),
                xml_url: self.config.base_url.absolute(path),
                html_url: self.config.base_url.absolute(&feed.home),
                kind: format.key().to_owned(),
            });
        }
        opml::write(&self.config.title, &feeds)
    }

    /// All feeds in groups, each with a title and its feeds.
    pub(super) fn subscribe(&self) -> Value {
        let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
        for feed in &self.plan.feeds {
            let title = match feed.of {
                FeedOf::Site => self.word("group_everything"),
                FeedOf::Section(_) => self.word("group_sections"),
                FeedOf::Term(taxonomy, _) => self.library.taxonomies[taxonomy].rules.title.clone(),
                FeedOf::Custom(_) => self.word("group_selections"),
            };
            let view = self.feed_view(feed);
            match groups.last_mut() {
                Some((last, feeds)) if *last == title => feeds.push(view),
                _ => groups.push((title, vec![view])),
            }
        }
        let group = |(title, feeds): (String, Vec<Value>)| {
            map([("title", Value::from(title)), ("feeds", Value::from(feeds))])
        };
        Value::from(groups.into_iter().map(group).collect::<Vec<_>>())
    }

    /// A feed as the page for subscribers shows it.
    fn feed_view(&self, feed: &PlannedFeed) -> Value {
        let base = &self.config.base_url;
        let formats = feed.formats.iter().map(|(format, path)| {
            map([
                ("format", Value::from(format.title())),
                ("url", Value::from(base.root_relative(path))),
                ("permalink", Value::from(base.absolute(path))),
            ])
        });
        let formats: Vec<Value> = formats.collect();
        // Readers take any of the formats; of JSON Feed not all of them have heard.
        let preferred = feed.formats.iter().find(|(format, _)| *format != FeedFormat::Json);
        let url = preferred.or(feed.formats.first()).map(|(_, path)| base.absolute(path)).unwrap_or_default();
        let readers = READERS.iter().map(|(name, start)| {
            map([("name", Value::from(*name)), ("url", Value::from(format!("{start}{}", query(&url))))])
        });
        let mut readers: Vec<Value> = readers.collect();
        let is_podcast = match feed.of {
            FeedOf::Section(at) => {
                let document = self.library.sections[at].settled.document.as_ref();
                document.is_some_and(|document| document.front.podcast.is_some())
            }
            _ => false,
        };
        let without_scheme = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        if is_podcast {
            let app = [
                ("name", Value::from(self.word("read_in_podcast_app"))),
                ("url", Value::from(format!("podcast://{without_scheme}"))),
            ];
            readers.insert(0, map(app));
        }
        let app = [
            ("name", Value::from(self.word("read_in_app"))),
            ("url", Value::from(format!("feed://{without_scheme}"))),
        ];
        readers.push(map(app));
        map([
            ("title", Value::from(feed.title.as_str())),
            ("description", Value::from(feed.description.clone())),
            ("home", Value::from(base.root_relative(&feed.home))),
            ("count", Value::from(feed.articles.len())),
            ("whole", Value::from(feed.content == FeedContent::Full)),
            ("history", Value::from(!feed.archives.is_empty())),
            ("podcast", Value::from(is_podcast)),
            ("formats", Value::from(formats)),
            ("readers", Value::from(readers)),
        ])
    }

    /// What the theme's pages say under `key`.
    fn word(&self, key: &str) -> String {
        let words = &self.config.theme.words;
        words.iter().find(|(known, _)| *known == key).map(|(_, word)| word.clone()).unwrap_or_default()
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
        hosting::headers(&hosting::Facts::new(self.config, self.plan, self.styles))
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

/// Readers on the web that subscribe by a link: their names, and what the address of a feed is put behind.
const READERS: [(&str, &str); 6] = [
    ("Feedly", "https://feedly.com/i/subscription/feed/"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("Feedbin", "https://feedbin.com/?subscribe="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
    ("Miniflux", "https://reader.miniflux.app/bookmarklet?uri="),
];

fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    let mut map = Map::default();
    for (key, value) in entries {
        map.insert(Key::Str(key), value);
    }
    Value::from(map)
}

/// `url` as a value in the query of another (RFC 3986, section 3.4).
fn query(url: &str) -> String {
    url::form_urlencoded::byte_serialize(url.as_bytes()).collect()
}

fn rooted(config: &Config, written: &str) -> String {
    let written = in_url(written);
    if written.contains("://") {
        return written;
    }
    format!("{}{}", config.base_url.relative_root(), written.trim_start_matches('/'))
}

/// `written` with all that can't be in a URL percent-encoded (RFC 3986, section 2); what is so already stays.
fn in_url(written: &str) -> String {
    let mut url = String::with_capacity(written.len());
    for byte in written.bytes() {
        if byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// The URL of the image `written` in the front matter of the source `name`: a source's asset, a path of the site
/// or a whole URL.
pub fn image_url(config: &Config, links: &LinkMap, name: &str, written: &str) -> String {
    match links.follow(below(name), written) {
        Target::Live(path, _) => config.base_url.root_relative(&path),
        _ => rooted(config, written),
    }
}
