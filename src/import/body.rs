//! The texts of articles: shortcodes become components, and addresses stay right.

use std::collections::HashMap;

use super::components::{equivalent, tidy};
use super::links::{Known, rewrite};
use super::model::{Article, Imported, Outcome, Spot};
use super::shortcodes::{Becomes, Call, Syntax, replace};

/// Where the text of an article is in its file.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The file.
    pub file: &'a str,
    /// The line at which the text begins, from 1.
    pub first_line: u32,
    /// The path of the page.
    pub url: &'a str,
}

/// The targets of links in texts.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The base URL of the old site.
    pub base: &'a str,
    /// Its addresses.
    pub known: &'a Known,
    /// How it writes tags; `None` if it has none.
    pub syntax: Option<Syntax>,
}

/// Names of shortcodes whose first argument is a file.
const FILES: [&str; 8] = ["figure", "img", "image", "picture", "audio", "video", "mp3", "mp4"];

/// The text `body` as Dateline reads it. `own` says what becomes of the tags that only this generator has; `None` leaves a
/// tag to the equivalents that all have.
pub fn convert(
    body: &str,
    text: Text<'_>,
    around: Around<'_>,
    imported: &mut Imported,
    own: &mut dyn FnMut(&Call<'_>) -> Option<Becomes>,
) -> String {
    let change = |written: &str| around.known.absolute(written, text.url, around.base);
    let mut body = body.to_owned();
    if let Some(syntax) = around.syntax {
        let written = body.clone();
        let ends: Vec<usize> = written.match_indices('\n').map(|(at, _)| at).collect();
        body = replace(&written, syntax, &mut |call| {
            let mut call = call.clone();
            if FILES.contains(&call.name.to_ascii_lowercase().as_str()) {
                let named = call.arguments.named.iter_mut().filter(|(name, _)| name == "src");
                let values = named.map(|(_, value)| value).chain(call.arguments.plain.first_mut());
                values.for_each(|value| *value = change(value).unwrap_or_else(|| value.clone()));
            }
            let before = ends.partition_point(|end| *end < call.at);
            let line = text.first_line + u32::try_from(before).unwrap_or(u32::MAX - text.first_line);
            match own(&call).or_else(|| equivalent(&call)) {
                Some(Becomes::Text(made)) => Becomes::Text(made),
                _ => {
                    let name = if call.name.is_empty() { call.rest } else { call.name };
                    let told = format!(
                        "nothing says the same as `{name}`: it was left out, with a comment in its place"
                    );
                    imported.tell(Outcome::Lost, "shortcode", Spot::line(text.file, line), told);
                    Becomes::Unknown
                }
            }
        });
        body = tidy(&body);
    }
    rewrite(&body, &change)
}

/// The summary that an author marked by a line `marker`: plain text; `None` without the marker, and of a long text.
pub fn before_marker(body: &str, marker: &str) -> Option<String> {
    const MOST: usize = 1_500;
    let (first, _) = body.split_once(marker)?;
    let first = without_components(first);
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&first));
    let plain = crate::model::html::plain(&html);
    (!plain.is_empty() && plain.len() <= MOST).then_some(plain)
}

/// `text` without the calls of components that an import writes: they show films and pictures, which no summary has.
fn without_components(text: &str) -> String {
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((at, end)) = rest.char_indices().find_map(|(at, _)| {
        let end =
            [("{{ <", "}}"), ("{% <", "%}")].into_iter().find(|(start, _)| rest[at..].starts_with(start));
        Some((at, end?.1))
    }) {
        kept.push_str(&rest[..at]);
        rest = rest[at..].split_once(end).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Addresses of articles by what their generator calls them.
#[derive(Debug, Default)]
pub struct Names {
    by_path: HashMap<String, String>,
    by_name: HashMap<String, Vec<String>>,
}

impl Names {
    /// Adds the article whose source is `path` without its extension.
    pub fn add(&mut self, path: &str, article: &Article) {
        let path = path.trim_matches('/').to_lowercase();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        self.by_name.entry(name).or_default().push(article.url.clone());
        self.by_path.insert(path, article.url.clone());
    }

    /// The address of the source that `wanted` names on a page in `folder`, with its fragment.
    pub fn find(&self, wanted: &str, folder: &str) -> Option<String> {
        let (path, fragment) = wanted.split_at(wanted.find('#').unwrap_or(wanted.len()));
        let path = path.trim().to_lowercase();
        let stem = path.trim_end_matches('/').trim_end_matches(".md").trim_end_matches(".markdown");
        let stem = stem.trim_end_matches("/index").trim_end_matches("/_index");
        if stem.is_empty() {
            return (!fragment.is_empty()).then(|| fragment.to_owned());
        }
        let near = joined(&folder.to_lowercase(), stem);
        let name = stem.rsplit('/').next().unwrap_or_default();
        let only = self.by_name.get(name).filter(|all| all.len() == 1).and_then(|all| all.first());
        let found =
            [near.as_str(), stem.trim_matches('/')].into_iter().find_map(|path| self.by_path.get(path));
        found.or(only).map(|url| format!("{url}{fragment}"))
    }
}

/// `path` from `folder` on, without `.` and `..`.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_finds_its_article() {
        let mut names = Names::default();
        for path in ["posts/first", "posts/sea/tide", "about", "notes/first"] {
            names.add(path, &Article { url: format!("/{path}/"), ..Article::default() });
        }
        for (wanted, folder, found) in [
            ("posts/first.md", "", Some("/posts/first/")),
            ("first.md#x", "notes", Some("/notes/first/#x")),
            ("../about.md", "posts", Some("/about/")),
            ("tide", "posts", Some("/posts/sea/tide/")),
            ("/Posts/First/", "x", Some("/posts/first/")),
            ("first", "x", None),
            ("#part", "x", Some("#part")),
            ("nowhere", "", None),
        ] {
            assert_eq!(names.find(wanted, folder).as_deref(), found, "{wanted}");
        }
    }

    #[test]
    fn the_text_before_a_marker_is_a_summary() {
        assert_eq!(
            before_marker("One *two*.\n\n<!--more-->\n\nThree.", "<!--more-->").as_deref(),
            Some("One two.")
        );
        assert_eq!(before_marker("One.", "<!--more-->"), None);
        let with_film = "One\n\n{{ <embed url=\"https://example.org/}\" /> }}\n\ntwo.<!--more-->";
        assert_eq!(before_marker(with_film, "<!--more-->").as_deref(), Some("One two."));
    }
}
