//! The common parts of exports of blogs.

use std::collections::HashSet;

use toml::{Table, Value};
use url::Url;

use super::model::{Imported, Outcome, Redirect, Settings, Spot};
use crate::feed::read::read;
use crate::model::date::in_path;
use crate::model::url::{SlugStyle, percent_decode, slugify};

/// The most characters of a file's name.
const LONGEST_NAME: usize = 120;

/// Names of files and addresses that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    files: HashSet<String>,
    addresses: HashSet<String>,
}

impl Names {
    /// A name for a file in `folder` that no other one has: that of the decoded `slug`, else of the `title`. `id` tells it
    /// from others. Names that would mean something, such as those of drafts and days, are not given.
    pub(super) fn name(&mut self, folder: &str, slug: &str, title: &str, id: &str) -> String {
        let name = name_of(slug, title, id);
        let id = in_names(id);
        let mut wanted = name.clone();
        let mut number = 1;
        while !self.files.insert(format!("{folder}/{}", wanted.to_lowercase())) {
            number += 1;
            wanted = if number == 2 { format!("{name}-{id}") } else { format!("{name}-{id}-{number}") };
        }
        wanted
    }
}

impl Names {
    /// The address `url` of an article; empty if another one has it, which is told.
    pub(super) fn address(&mut self, url: String, source: &Spot, imported: &mut Imported) -> String {
        let folded = percent_decode(&url).to_lowercase();
        if url.is_empty() || self.addresses.insert(folded.trim_end_matches('/').to_owned()) {
            return url;
        }
        let text = format!("another article lived at {url} too: this one gets an address of its own");
        imported.tell(Outcome::Changed, "same-address", source.clone(), text);
        String::new()
    }
}

/// `id` as a part of a name.
fn in_names(id: &str) -> String {
    slugify(id, SlugStyle::Ascii).replace(['/', '.'], "-")
}

/// A name for a file: that of the decoded `slug`, else of the `title`. With `id` it is none that would mean something, such
/// as those of drafts and days.
pub fn name_of(slug: &str, title: &str, id: &str) -> String {
    let clean = |text: &str| {
        let slug: String = slugify(text, SlugStyle::Unicode).replace(['/', '.'], "-");
        let slug: String = slug.chars().take(LONGEST_NAME).collect();
        slug.trim_matches(['-', '_']).to_owned()
    };
    let slug = Some(clean(slug)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| clean(title));
    let means_something =
        matches!(slug.as_str(), "" | "index" | "drafts" | "draft") || in_path(&slug).is_some();
    if means_something { format!("post-{slug}-{}", in_names(id)).replace("--", "-") } else { slug }
}

/// The path of `link` below the address `base` of the site, with its query; `None` if it is elsewhere.
pub(super) fn path_below(link: &str, base: &str) -> Option<String> {
    let (link, base) = (Url::parse(link).ok()?, Url::parse(base).ok()?);
    let host = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    if host(&link) != host(&base) || link.port() != base.port() {
        return None;
    }
    let path = link.path().strip_prefix(base.path().trim_end_matches('/'))?;
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    Some(link.query().map_or_else(|| path.clone(), |query| format!("{path}?{query}")))
}

/// Quotation marks and dashes stay as they were written.
pub(super) fn keep_punctuation(settings: &mut Settings) {
    let markdown = Table::from_iter([("smart_punctuation".to_owned(), Value::Boolean(false))]);
    settings.other.insert("markdown".to_owned(), markdown.into());
}

/// Sets the length of the site's feed to that of `feed`, which subscribers have: entries behind its end would come back. A
/// feed that has all articles says nothing.
pub(super) fn limit_as(feed: &[u8], imported: &mut Imported) {
    let Some(count) = read(feed).map(|found| found.entries.len()) else { return };
    let all = imported.articles.iter().filter(|one| one.draft.is_none() && one.published.is_some()).count();
    if count > 0 && count < all {
        imported.settings.feeds.limit = u32::try_from(count).ok();
    }
}

/// Lets an old address lead on.
pub(super) fn redirect(imported: &mut Imported, from: String, to: String) {
    imported.redirects.push(Redirect { from, to, source: Spot::file("permalinks") });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_safe_and_there_once() {
        let mut names = Names::default();
        for (slug, title, expected) in [
            ("ferry", "", "ferry"),
            ("Ferry", "", "ferry-7"),
            ("ferry", "", "ferry-7-3"),
            ("../../etc/passwd", "", "etc-passwd"),
            ("_drafts", "", "post-drafts-7"),
            ("index", "", "post-index-7"),
            ("2020-01-02", "", "post-2020-01-02-7"),
            ("", "The quay!", "the-quay"),
            ("", "", "post-7"),
            ("a.draft", "", "a-draft"),
        ] {
            assert_eq!(names.name("posts", slug, title, "7"), expected, "{slug}");
        }
        assert_eq!(names.name("", "ferry", "", "7"), "ferry");
    }

    #[test]
    fn paths_are_those_below_the_site() {
        for (link, base, expected) in [
            ("https://a.example/2020/x/", "https://a.example", Some("/2020/x/")),
            ("http://www.a.example/?p=1", "https://a.example/", Some("/?p=1")),
            ("https://a.example/blog/x/", "https://a.example/blog", Some("/x/")),
            ("https://a.example/other/", "https://a.example/blog", None),
            ("https://b.example/x/", "https://a.example", None),
            ("nothing", "https://a.example", None),
        ] {
            assert_eq!(path_below(link, base).as_deref(), expected, "{link} {base}");
        }
    }
}
