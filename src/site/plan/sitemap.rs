//! The sitemap: its pages and its parts.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use rayon::prelude::*;

use super::{Planned, Shows};
use crate::config::Config;
use crate::feed::sitemap::{MOST_BYTES, MOST_URLS, bound};
use crate::model::date::Moment;
use crate::model::url::UrlPath;
use crate::site::library::{LeafId, Library};

/// The sitemap.
#[derive(Debug, Default)]
pub struct Sitemap {
    /// Its pages, the oldest change first, so that new changes go into the last part and other parts stay the same.
    /// Pages without a date come last.
    pub pages: Vec<SitemapPage>,
    /// Its parts, in the order of the pages.
    pub parts: Vec<SitemapPart>,
    /// The articles of the news sitemap of each host, newest first; none where no section has news.
    pub news: Vec<(usize, Vec<LeafId>)>,
}

/// A part of the sitemap. All its pages are in one language.
#[derive(Debug, Clone)]
pub struct SitemapPart {
    /// Its pages.
    pub pages: Range<usize>,
    /// Its path.
    pub path: UrlPath,
    /// The language whose host it is on.
    pub host: usize,
}

/// A page that the sitemap lists.
#[derive(Debug, Clone)]
pub struct SitemapPage {
    /// Its path.
    pub path: UrlPath,
    /// Its last change.
    pub lastmod: Option<Moment>,
    /// Its article or page, if that has an image.
    pub pictured: Option<LeafId>,
    /// The number of its language.
    pub language: usize,
}

/// How long an article is news, and how many a sitemap may have (Google's rules for news sitemaps).
const NEWS: TimeDelta = TimeDelta::days(2);
const MOST_NEWS: usize = 1000;

/// The instant at which an article published at `published` is no longer news.
pub fn news_end(published: &Moment) -> DateTime<Utc> {
    published.instant() + NEWS
}

/// The articles that are news at `now`, newest first.
pub(super) fn news(library: &Library, now: DateTime<Utc>) -> Option<Vec<LeafId>> {
    if !library.sections.iter().any(|section| section.settled.news) {
        return None;
    }
    let is_recent =
        |id: &LeafId| library.published_at(*id).is_some_and(|published| news_end(&published) > now);
    let is_news = |id: &LeafId| {
        library.sections.get(library.section_of(*id)).is_some_and(|section| section.settled.news)
    };
    Some(library.article_ids().take_while(is_recent).filter(is_news).take(MOST_NEWS).collect())
}

impl Sitemap {
    /// The parts on the host of a language.
    pub fn parts_of(&self, host: usize) -> impl Iterator<Item = &SitemapPart> {
        self.parts.iter().filter(move |part| part.host == host)
    }

    /// The articles of the news sitemap on the host of a language.
    pub fn news_of(&self, host: usize) -> &[LeafId] {
        self.news.iter().find(|(one, _)| *one == host).map_or(&[], |(_, news)| news)
    }

    /// The newest change in `part`.
    pub fn newest(&self, part: Range<usize>) -> Option<Moment> {
        self.pages[part].iter().filter_map(|page| page.lastmod).max_by_key(Moment::instant)
    }
}

/// The sitemap of the pages among `documents` as of `now`.
pub(super) fn plan(documents: &[Planned], library: &Library, config: &Config, now: DateTime<Utc>) -> Sitemap {
    let newest = |articles: &[LeafId]| library.updated(articles);
    let page = |planned: &Planned| {
        let lastmod = match &planned.shows {
            Shows::Leaf(id) if !library.is_listed(*id) => return None,
            Shows::Leaf(id) => library.updated_at(*id),
            Shows::Section(at, _) if library.sections[*at].settled.is_unlisted => return None,
            Shows::Section(at, page) if page.number.is_none() => newest(&library.sections[*at].articles),
            Shows::Term(taxonomy, term, page) if page.number.is_none() => {
                newest(&library.taxonomies[*taxonomy].terms[*term].articles)
            }
            Shows::Taxonomy(_)
            | Shows::Archive(_)
            | Shows::Year(_)
            | Shows::Month(..)
            | Shows::Subscribe(_) => None,
            _ => return None,
        };
        let pictured = match &planned.shows {
            Shows::Leaf(id) => Some(*id).filter(|id| library.leaf(*id).listing.image.is_some()),
            _ => None,
        };
        let language = planned.shows.language(&[], library, config);
        Some(SitemapPage { path: planned.path.clone(), lastmod, pictured, language })
    };
    let key = |page: SitemapPage| {
        let lastmod = page.lastmod.map_or(i64::MAX, |moment| moment.instant().timestamp());
        ((page.language, lastmod), page)
    };
    let mut keyed: Vec<((usize, i64), SitemapPage)> =
        documents.par_iter().filter_map(page).map(key).collect();
    keyed.par_sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.path.cmp(&b.1.path)));
    let pages: Vec<SitemapPage> = keyed.into_iter().map(|(_, page)| page).collect();
    let base = config.base_url.absolute(&UrlPath::root()).len();
    // A byte of a path takes at most three bytes in a URL.
    let image = |page: &SitemapPage| {
        let image = page.pictured.and_then(|id| library.leaf(id).listing.image.as_deref());
        image.map_or(0, |image| bound(base + 3 * (image.len() + page.path.as_str().len())))
    };
    // A page in a sitemap of several languages has a link to each of them.
    let links = if config.is_multilingual() { config.languages.len() + 1 } else { 0 };
    let size = |page: &SitemapPage| {
        let own = bound(base + 3 * page.path.as_str().len());
        own * (1 + links) + image(page)
    };
    let (mut cuts, mut start): (Vec<(Range<usize>, usize, String)>, usize) = (Vec::new(), 0);
    for same in pages.chunk_by(|a, b| a.language == b.language) {
        let own = split(same.iter().map(size));
        let language = same[0].language;
        for (number, part) in own.iter().enumerate() {
            let name = match config.is_multilingual() {
                false => (number + 1).to_string(),
                true => part_name(&config.languages[language].key, number),
            };
            cuts.push((start + part.start..start + part.end, language, name));
        }
        start += same.len();
    }
    let mut parts = Vec::with_capacity(cuts.len());
    for host in config.hosts() {
        let own: Vec<_> = cuts.iter().filter(|(_, language, _)| config.host(*language) == host).collect();
        let alone = own.len() <= 1;
        let root = config.root_of_host(host);
        let path = |name: &str| match alone {
            true => root.join("sitemap.xml"),
            false => root.join(&format!("sitemap-{name}.xml")),
        };
        parts.extend(own.iter().map(|(pages, _, name)| SitemapPart {
            pages: pages.clone(),
            path: path(name),
            host,
        }));
        if own.is_empty() && host == 0 {
            parts.push(SitemapPart { pages: 0..0, path: path(""), host });
        }
    }
    Sitemap { pages, parts, news: news_of_hosts(library, config, now) }
}

/// The articles that are news at `now`, newest first, of each host.
fn news_of_hosts(library: &Library, config: &Config, now: DateTime<Utc>) -> Vec<(usize, Vec<LeafId>)> {
    let Some(all) = news(library, now) else { return Vec::new() };
    let of = |host: usize| {
        let is_there = |id: &&LeafId| config.host(config.language_of(&library.leaf(**id).section)) == host;
        (host, all.iter().filter(is_there).copied().collect())
    };
    config.hosts().map(of).collect()
}

/// The name of the part number `number` of the pages in one language.
fn part_name(key: &str, number: usize) -> String {
    let key = key.to_ascii_lowercase();
    if number == 0 { key } else { format!("{key}-{}", number + 1) }
}

/// Cuts pages of at most these `sizes` into parts that the protocol allows; at least one part.
fn split(sizes: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let (mut start, mut end, mut bytes) = (0, 0, 0);
    for size in sizes {
        if end - start == MOST_URLS || (end > start && bytes + size > MOST_BYTES) {
            parts.push(start..end);
            (start, bytes) = (end, 0);
        }
        bytes += size;
        end += 1;
    }
    parts.push(start..end);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_to_the_limits_of_the_protocol() {
        // https://www.sitemaps.org/protocol.html: 50,000 URLs, 50 MB.
        let ends = |parts: Vec<Range<usize>>| parts.iter().map(|part| part.end).collect::<Vec<_>>();
        assert_eq!(ends(split(std::iter::empty())), [0]);
        assert_eq!(ends(split(std::iter::repeat_n(100, 50_000))), [50_000]);
        assert_eq!(ends(split(std::iter::repeat_n(100, 100_001))), [50_000, 100_000, 100_001]);
        let parts = split([30_000_000, 20_000_000, 1, 49_999_999, 1].into_iter());
        assert!(parts == [0..2, 2..4, 4..5], "{parts:?}");
    }
}
