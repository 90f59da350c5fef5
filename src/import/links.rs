//! Addresses in the text of an article: what led somewhere on the old site leads there on the new one.

use std::collections::HashSet;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use url::Url;

use crate::model::html::{Change, rewrite_urls};

/// The text `body` of Markdown with the addresses of its links and pictures rewritten, those in its HTML too. `change` gets
/// an address as it is written, and returns another one, or `None` if it stays.
pub fn rewrite(body: &str, change: &dyn Fn(&str) -> Option<String>) -> String {
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(body, options);
    for (_, definition) in parser.reference_definitions().iter() {
        edits.extend(edit(body, definition.span.clone(), &definition.dest, change));
    }
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. })
                if link_type == LinkType::Inline =>
            {
                edits.extend(edit(body, range, &dest_url, change));
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                let html = &body[range.clone()];
                let changed = rewrite_urls(html, &|url, _| change(url).map_or(Change::Keep, Change::To));
                if changed != html {
                    edits.push((range, changed));
                }
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(body.len());
    let mut at = 0;
    for (range, text) in edits.into_iter() {
        if range.start < at {
            continue;
        }
        out.push_str(&body[at..range.start]);
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(&body[at..]);
    out
}

/// The edit that changes the address `dest` of the link at `range`.
fn edit(
    body: &str,
    range: std::ops::Range<usize>,
    dest: &str,
    change: &dyn Fn(&str) -> Option<String>,
) -> Option<(std::ops::Range<usize>, String)> {
    let to = change(dest)?;
    let text = body.get(range.clone())?;
    // The address is behind the text of the link, which may have the same words.
    let after = text.rfind("](").or_else(|| text.find("]:")).map_or(0, |at| at + 2);
    let at = text.get(after..)?.find(dest).map(|at| range.start + after + at)?;
    let needs_brackets = to.contains([' ', '(', ')']) && !body[..at].ends_with('<');
    let to = if needs_brackets { format!("<{to}>") } else { to };
    Some((at..at + dest.len(), to))
}

/// All addresses of the old site, as paths.
#[derive(Debug, Default)]
pub struct Known {
    paths: HashSet<String>,
}

impl Known {
    /// Adds the address of a page, a list or a file, as a path from the root.
    pub fn add(&mut self, path: &str) {
        self.paths.insert(bare(path));
    }

    /// True if something is at `path`.
    pub fn has(&self, path: &str) -> bool {
        self.paths.contains(&bare(path))
    }

    /// The path from the root of the picture `src` of front matter, which many themes count from there without a slash;
    /// `None` if it stays.
    pub fn picture(&self, src: &str) -> Option<String> {
        let is_bare = !src.contains("://") && !src.starts_with('/');
        (is_bare && self.has(src)).then(|| format!("/{}", src.trim_start_matches("./")))
    }

    /// The address `written` on the page at the path `page`, as a path from the root, if something of the site is there and
    /// `written` is relative to the page; also if it is a whole address of the site at `base`.
    pub fn absolute(&self, written: &str, page: &str, base: &str) -> Option<String> {
        if written.is_empty() || written.starts_with(['#', '?', '{']) || written.starts_with("@/") {
            return None;
        }
        let root = Url::parse("http://site.invalid/").ok()?;
        let folder = Url::parse(base).map_or_else(|_| "/".to_owned(), |base| base.path().to_owned());
        let folder = folder.trim_end_matches('/').to_owned();
        if let Ok(url) = Url::parse(written) {
            let base = Url::parse(base).ok()?;
            let is_own = url.host_str() == base.host_str() && url.scheme().starts_with("http");
            let path = url.path().strip_prefix(folder.as_str()).filter(|_| is_own)?;
            return self.has(path).then(|| with_end(path, &url));
        }
        if written.starts_with("//") {
            return None;
        }
        if written.starts_with('/') {
            // The folder of the base URL is not a part of paths here.
            let url = root.join(written).ok()?;
            let path = url
                .path()
                .strip_prefix(folder.as_str())
                .filter(|path| !folder.is_empty() && path.starts_with('/'))?;
            return self.has(path).then(|| with_end(path, &url));
        }
        let url = root.join(page).ok()?.join(written).ok()?;
        self.has(url.path()).then(|| with_end(url.path(), &url))
    }
}

fn with_end(path: &str, url: &Url) -> String {
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    let fragment = url.fragment().map_or_else(String::new, |fragment| format!("#{fragment}"));
    format!("{path}{query}{fragment}")
}

/// A path in a form that is the same for spellings of one address.
fn bare(path: &str) -> String {
    let path = crate::model::url::percent_decode(path.split(['?', '#']).next().unwrap_or_default());
    path.trim_end_matches("index.html").trim_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_pictures_references_and_html_are_rewritten_and_code_is_not() {
        let change = |url: &str| url.strip_prefix("../").map(|rest| format!("/{rest}"));
        for (body, expected) in [
            ("[../a](../a)", "[../a](/a)"),
            ("![x](../a.png \"../t\")", "![x](/a.png \"../t\")"),
            ("[x][1]\n\n[1]: ../a\n", "[x][1]\n\n[1]: /a\n"),
            ("<a href=\"../a\">x</a>", "<a href=\"/a\">x</a>"),
            ("`[x](../a)` and\n\n    [x](../a)\n", "`[x](../a)` and\n\n    [x](../a)\n"),
            ("[![i](../i.png)](../a)", "[![i](/i.png)](/a)"),
            ("[x](/b)", "[x](/b)"),
        ] {
            assert_eq!(rewrite(body, &change), expected, "{body}");
        }
    }

    #[test]
    fn an_address_of_the_old_site_becomes_a_path() {
        let mut known = Known::default();
        known.add("/news/ferry/");
        known.add("/img/quay.png");
        let base = "https://example.org/blog/";
        for (written, page, expected) in [
            ("../ferry/#x", "/news/tide/", Some("/news/ferry/#x")),
            ("../../img/quay.png", "/news/tide/", Some("/img/quay.png")),
            ("https://example.org/blog/news/ferry/", "/", Some("/news/ferry/")),
            ("/blog/img/quay.png", "/", Some("/img/quay.png")),
            ("/img/quay.png", "/", None),
            ("https://other.example/news/ferry/", "/", None),
            ("quay.png", "/news/tide/", None),
            ("#top", "/news/tide/", None),
        ] {
            assert_eq!(known.absolute(written, page, base).as_deref(), expected, "{written}");
        }
    }
}
