//! Sitemaps (<https://www.sitemaps.org/protocol.html>).

use super::text::clean;
use crate::date::Moment;
use crate::html::escape;

/// The most URLs that one file may have.
pub const MOST_URLS: usize = 50_000;
/// The most bytes that one file may have.
pub const MOST_BYTES: usize = 50_000_000;

/// A page, or a part of a sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapUrl {
    /// Its URL.
    pub loc: String,
    /// Its last change.
    pub lastmod: Option<Moment>,
}

/// The most bytes that a page with a URL of `length` bytes takes in a sitemap.
pub fn bound(length: usize) -> usize {
    // Each byte may be escaped as `&quot;`.
    6 * length + 100
}

/// A sitemap of pages, in their order: at most [`MOST_URLS`], and [`MOST_BYTES`].
pub fn pages(urls: impl Iterator<Item = SitemapUrl>) -> Vec<u8> {
    document("urlset", "url", urls)
}

/// The index of a sitemap that has several parts.
pub fn index(parts: impl Iterator<Item = SitemapUrl>) -> Vec<u8> {
    document("sitemapindex", "sitemap", parts)
}

fn document(root: &str, element: &str, urls: impl Iterator<Item = SitemapUrl>) -> Vec<u8> {
    let namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{namespace}\">\n");
    for url in urls {
        text.push_str(&format!("<{element}><loc>{}</loc>", escape(&clean(&url.loc))));
        if let Some(lastmod) = &url.lastmod {
            text.push_str(&format!("<lastmod>{}</lastmod>", lastmod.rfc3339()));
        }
        text.push_str(&format!("</{element}>\n"));
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
        let text = String::from_utf8(pages(std::iter::once(SitemapUrl { loc, lastmod: None }))).unwrap();
        assert!(text.contains("\n<url><loc>https://e.org/0?a&amp;b</loc></url>\n</urlset>\n"), "{text}");
        let worst = "\"".repeat(40);
        let whole = pages(std::iter::once(SitemapUrl { loc: worst, lastmod: None })).len();
        assert!(whole - pages(std::iter::empty()).len() <= bound(40));
    }
}
