//! Sitemaps (<https://www.sitemaps.org/protocol.html>).

use super::text::{clean, line};
use crate::model::date::Moment;
use crate::model::html::escape;

/// The most URLs that one file may have.
pub const MOST_URLS: usize = 50_000;
/// The most bytes that one file may have.
pub const MOST_BYTES: usize = 50_000_000;

/// A page in a sitemap, or a sitemap in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapUrl<'a> {
    /// Its URL.
    pub loc: String,
    /// Its last change.
    pub lastmod: Option<Moment>,
    /// The URL of its picture
    /// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps>).
    pub image: Option<String>,
    /// The same page in its languages: their tags, or `x-default`, and URLs
    /// (<https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap>).
    pub alternates: Vec<(&'a str, String)>,
}

/// An article in a news sitemap
/// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsUrl {
    /// Its URL.
    pub loc: String,
    /// The name of the publication.
    pub publication: String,
    /// BCP 47.
    pub language: String,
    /// Its date of publication.
    pub published: Moment,
    /// Its title.
    pub title: String,
}

/// Writes a news sitemap, with the articles in their order.
pub fn news(articles: impl Iterator<Item = NewsUrl>) -> Vec<u8> {
    let mut text = head("urlset", &[("news", "http://www.google.com/schemas/sitemap-news/0.9")]);
    for one in articles {
        // The protocol uses ISO 639 codes, with exceptions for the two scripts of Chinese.
        let language = match one.language.to_lowercase().as_str() {
            "zh-cn" | "zh-hans" => "zh-cn".to_owned(),
            "zh-tw" | "zh-hant" | "zh-hk" => "zh-tw".to_owned(),
            other => other.split(['-', '_']).next().unwrap_or_default().to_owned(),
        };
        text.push_str(&format!(
            "<url><loc>{}</loc><news:news><news:publication><news:name>{}</news:name><news:language>{}</news:language></news:publication><news:publication_date>{}</news:publication_date><news:title>{}</news:title></news:news></url>\n",
            escape(&clean(&one.loc)),
            escape(&line(&one.publication)),
            escape(&clean(&language)),
            one.published.rfc3339(),
            escape(&line(&one.title)),
        ));
    }
    text.push_str("</urlset>\n");
    text.into_bytes()
}

/// An upper bound of the bytes that a page with a URL of `length` bytes takes in a sitemap.
pub fn bound(length: usize) -> usize {
    // Each byte may be escaped as `&quot;`.
    6 * length + 120
}

/// Writes a sitemap of pages, in their order: at most [`MOST_URLS`] pages and [`MOST_BYTES`] bytes.
pub fn pages<'a>(urls: impl Iterator<Item = SitemapUrl<'a>>) -> Vec<u8> {
    let urls: Vec<SitemapUrl<'_>> = urls.collect();
    let images = urls.iter().any(|url| url.image.is_some());
    let images = images.then_some(("image", "http://www.google.com/schemas/sitemap-image/1.1"));
    let links = urls.iter().any(|url| !url.alternates.is_empty());
    let links = links.then_some(("xhtml", "http://www.w3.org/1999/xhtml"));
    let used: Vec<(&str, &str)> = images.into_iter().chain(links).collect();
    document("urlset", &used, "url", urls.into_iter())
}

/// Writes the index of a sitemap that has several parts.
pub fn index<'a>(parts: impl Iterator<Item = SitemapUrl<'a>>) -> Vec<u8> {
    document("sitemapindex", &[], "sitemap", parts)
}

/// The start of a document in the namespace of sitemaps and those of `others`.
fn head(root: &str, others: &[(&str, &str)]) -> String {
    let others: String =
        others.iter().map(|(prefix, namespace)| format!(" xmlns:{prefix}=\"{namespace}\"")).collect();
    let namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{namespace}\"{others}>\n")
}

fn document<'a>(
    root: &str,
    others: &[(&str, &str)],
    element: &str,
    urls: impl Iterator<Item = SitemapUrl<'a>>,
) -> Vec<u8> {
    let mut text = head(root, others);
    let (open, close) = (format!("<{element}><loc>"), format!("</{element}>\n"));
    let write = |text: &mut String, parts: [&str; 3]| {
        let [before, address, after] = parts;
        text.push_str(before);
        text.push_str(&escape(&clean(address)));
        text.push_str(after);
    };
    for url in urls {
        write(&mut text, [&open, &url.loc, "</loc>"]);
        if let Some(lastmod) = &url.lastmod {
            write(&mut text, ["<lastmod>", &lastmod.rfc3339(), "</lastmod>"]);
        }
        if let Some(image) = &url.image {
            write(&mut text, ["<image:image><image:loc>", image, "</image:loc></image:image>"]);
        }
        for (language, address) in &url.alternates {
            write(&mut text, ["<xhtml:link rel=\"alternate\" hreflang=\"", language, "\" href=\""]);
            write(&mut text, ["", address, "\"/>"]);
        }
        text.push_str(&close);
    }
    text.push_str(&format!("</{root}>\n"));
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_escaped_and_bounded() {
        let loc = "https://e.org/0?a&b".to_owned();
        let text = String::from_utf8(pages(std::iter::once(SitemapUrl {
            loc,
            lastmod: None,
            image: None,
            alternates: Vec::new(),
        })))
        .unwrap();
        assert!(text.contains("\n<url><loc>https://e.org/0?a&amp;b</loc></url>\n</urlset>\n"), "{text}");
        let worst = "\"".repeat(40);
        let whole = pages(std::iter::once(SitemapUrl {
            loc: worst,
            lastmod: None,
            image: None,
            alternates: Vec::new(),
        }))
        .len();
        assert!(whole - pages(std::iter::empty()).len() <= bound(40));
    }
}
