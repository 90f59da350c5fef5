//! Sitemaps (<https://www.sitemaps.org/protocol.html>).

use super::text::clean;
use crate::date::Moment;
use crate::html::escape;

/// The most URLs that one file may have.
const MOST_URLS: usize = 50_000;
/// The most bytes that one file may have.
const MOST_BYTES: usize = 50_000_000;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapUrl {
    /// Its URL.
    pub loc: String,
    /// Its last change.
    pub lastmod: Option<Moment>,
}

/// The sitemap of `urls`, in their order: one file `sitemap.xml`, or as many `sitemap-N.xml` as the
/// protocol's limits ask for with `sitemap.xml` as their index. `locate` gives the URL of a file.
pub fn write(locate: &dyn Fn(&str) -> String, urls: &[SitemapUrl]) -> Vec<(String, Vec<u8>)> {
    let mut parts: Vec<(String, Option<Moment>)> = vec![(String::new(), None)];
    let mut count = 0;
    for url in urls {
        let mut element = format!("<url><loc>{}</loc>", escape(&clean(&url.loc)));
        if let Some(lastmod) = &url.lastmod {
            element.push_str(&format!("<lastmod>{}</lastmod>", lastmod.rfc3339()));
        }
        element.push_str("</url>\n");
        let full = parts.last().is_some_and(|(text, _)| text.len() + element.len() + 200 > MOST_BYTES);
        if count == MOST_URLS || full {
            parts.push((String::new(), None));
            count = 0;
        }
        if let Some((text, newest)) = parts.last_mut() {
            text.push_str(&element);
            *newest = [*newest, url.lastmod].into_iter().flatten().max_by_key(Moment::instant);
        }
        count += 1;
    }
    if let [(only, _)] = parts.as_slice() {
        return vec![("sitemap.xml".to_owned(), document("urlset", only))];
    }
    let mut files = Vec::with_capacity(parts.len() + 1);
    let mut index = String::new();
    for ((text, newest), number) in parts.iter().zip(1..) {
        let name = format!("sitemap-{number}.xml");
        index.push_str(&format!("<sitemap><loc>{}</loc>", escape(&locate(&name))));
        if let Some(newest) = newest {
            index.push_str(&format!("<lastmod>{}</lastmod>", newest.rfc3339()));
        }
        index.push_str("</sitemap>\n");
        files.push((name, document("urlset", text)));
    }
    files.push(("sitemap.xml".to_owned(), document("sitemapindex", &index)));
    files
}

fn document(root: &str, inner: &str) -> Vec<u8> {
    let namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{namespace}\">\n{inner}</{root}>\n")
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_one_is_split_and_indexed() {
        let urls: Vec<SitemapUrl> = (0..50_001)
            .map(|n| SitemapUrl { loc: format!("https://e.org/{n}?a&b"), lastmod: None })
            .collect();
        let locate = |name: &str| format!("https://e.org/{name}");
        let names: Vec<String> = write(&locate, &urls).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
        let short = write(&locate, &urls[..1]);
        let text = String::from_utf8(short[0].1.clone()).unwrap();
        assert!(text.contains("<url><loc>https://e.org/0?a&amp;b</loc></url>"), "{text}");
        assert_eq!(short.len(), 1);
    }
}
