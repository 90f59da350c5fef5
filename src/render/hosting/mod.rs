//! What a server has to know of the site to serve it well: types, caching, hubs, redirects. As `_headers` for
//! hosts that read one ([`headers()`]), and as configuration for servers of one's own ([`nginx()`], [`caddy()`]).
//!
//! Rules go by file names, not by feeds, so that there are no more of them when a term comes along.

mod caddy;
mod headers;
mod nginx;
#[cfg(test)]
mod tests;

pub use caddy::caddy;
pub use headers::{MOST_RULES, headers};
pub use nginx::nginx;

use crate::config::{Config, FeedFormat};
use crate::model::url::{BaseUrl, percent_decode};
use crate::output::Encoding;
use crate::render::style::{STYLE_NAMES, Styles};
use crate::site::plan::{CARD_PATHS, CARDS, Plan, Planned, RENDITION_PATHS, RENDITIONS, Shows};

/// What a server has to know.
#[derive(Debug, Clone)]
pub struct Facts {
    base: BaseUrl,
    /// `feeds.hub`.
    hubs: Vec<String>,
    /// Seconds.
    feed_max_age: u32,
    compress: Vec<Encoding>,
    /// The formats that there are feeds in, with the file name of each.
    formats: Vec<(FeedFormat, String)>,
    /// The path of each feed from the server's root, percent-encoded: that of the site first.
    feeds: Vec<String>,
    /// Old and new path of each redirect, as they are and percent-encoded, both from the server's root.
    redirects: Vec<(String, String)>,
    /// The paths of the files whose names have their digest in them, from the server's root and percent-encoded: of
    /// single files, and with a `*` behind it a folder in which there is nothing else.
    hashed: Vec<String>,
    /// Regular expressions for the paths that such files have below the site's folder, also of those to come.
    hashed_names: Vec<&'static str>,
}

/// The type of OPML files; none is registered, and this is what most send.
const OPML: &str = "text/x-opml; charset=utf-8";
const OPML_FILE: &str = "feeds.opml";
const NOSNIFF: &str = "nosniff";
/// What has its digest in its name never changes (RFC 8246).
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Pages may be kept, but not shown without asking.
const PAGES: &str = "max-age=0, must-revalidate";

impl Facts {
    /// From the plan of a site, and the theme's files that it is made with.
    pub fn new(config: &Config, plan: &Plan, styles: &Styles) -> Facts {
        let base = config.base_url.clone();
        let all = || plan.feeds.iter().flat_map(|feed| &feed.formats);
        let name_of = |wanted: FeedFormat| {
            let (_, path) = all().find(|(format, _)| *format == wanted)?;
            Some((wanted, path.as_str().rsplit('/').next()?.to_owned()))
        };
        let formats = FeedFormat::ALL.into_iter().filter_map(name_of).collect();
        let feeds = all().map(|(_, path)| base.root_relative(path)).collect();
        let mut redirects: Vec<(String, String)> = plan
            .documents
            .iter()
            .filter_map(|planned| match &planned.shows {
                Shows::Redirect(target) => {
                    let from =
                        format!("{}{}", percent_decode(&base.relative_root()), &planned.path.as_str()[1..]);
                    Some((from, base.root_relative(target)))
                }
                _ => None,
            })
            .collect();
        redirects.sort();
        let is_hashed = |planned: &&Planned| matches!(planned.shows, Shows::Theme(at) if styles.files.get(at).is_some_and(|file| file.is_hashed));
        let of_theme = plan.documents.iter().filter(is_hashed);
        let mut hashed: Vec<String> = of_theme.map(|planned| base.root_relative(&planned.path)).collect();
        let mut hashed_names = Vec::from_iter((!hashed.is_empty()).then_some(STYLE_NAMES));
        for (is_wanted, folder, paths) in [
            (config.images.responsive, RENDITIONS, RENDITION_PATHS),
            (config.images.cards, CARDS, CARD_PATHS),
        ] {
            let made = made_alone(plan, folder);
            hashed.extend(made.then(|| format!("{}{folder}/*", base.relative_root())));
            hashed_names.extend(is_wanted.then_some(paths));
        }
        let hubs = config.feeds.hubs.clone();
        let (feed_max_age, compress) = (config.hosting.feed_max_age, config.hosting.compress.clone());
        Facts { base, hubs, feed_max_age, compress, formats, feeds, redirects, hashed, hashed_names }
    }

    /// The site's folder on its server, with a `/` at both ends.
    fn folder(&self) -> String {
        self.base.relative_root()
    }

    /// A regular expression for the paths of the files that have their digest in their names, also of those to come;
    /// `None` where there will be none. Paths are matched as they are, and not percent-encoded.
    fn hashed_paths(&self) -> Option<String> {
        let folder = percent_decode(&self.folder());
        let names = self.hashed_names.join("|");
        (!names.is_empty()).then(|| format!("^{}({names})$", literally(&folder)))
    }

    fn feed_cache(&self) -> String {
        format!("public, max-age={}", self.feed_max_age)
    }

    /// The value of `Link` for the feed at `url` (W3C WebSub, section 4): its hubs and itself.
    fn links(&self, url: &str) -> String {
        let hubs = self.hubs.iter().map(|hub| format!("<{hub}>; rel=\"hub\""));
        hubs.chain([format!("<{url}>; rel=\"self\"")]).collect::<Vec<_>>().join(", ")
    }
}

/// True if there are pictures or cards in `folder` of the site, and nothing else.
fn made_alone(plan: &Plan, folder: &str) -> bool {
    let start = format!("/{folder}/");
    let mut inside =
        plan.documents.iter().filter(|planned| planned.path.as_str().starts_with(&start)).peekable();
    let is_made = |planned: &Planned| matches!(planned.shows, Shows::Picture(..) | Shows::Card(_));
    inside.peek().is_some() && inside.all(is_made)
}

/// The media type of a format with what it is written in. JSON is UTF-8 and has no such parameter (RFC 8259,
/// section 11).
fn media_type(format: FeedFormat) -> String {
    match format {
        FeedFormat::Json => format.media_type().to_owned(),
        _ => format!("{}; charset=utf-8", format.media_type()),
    }
}

/// `text` as a regular expression that is just that.
fn literally(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() && !matches!(letter, '/' | '-' | '_') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A regular expression for the paths in `folder` that are the same when they are percent-encoded, and end
/// with the file `name`.
fn plain_paths(folder: &str, name: &str) -> String {
    format!("^{}([A-Za-z0-9_.~-]+/)*{}$", literally(folder), literally(name))
}
