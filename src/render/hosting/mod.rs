//! Server configuration for a site: media types, caching, hubs, redirects. It is written as `_headers` for hosts that
//! read one ([`headers()`]), and for the publisher's own servers ([`nginx()`], [`caddy()`]).
//!
//! Rules are by file names, not by feeds, so a new term adds none.

mod caddy;
mod csp;
mod fields;
mod headers;
mod nginx;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use caddy::caddy;
pub use headers::{MOST_RULES, headers};
pub use nginx::nginx;

use crate::config::{Config, FeedFormat, Filling, OutputRules};
use crate::model::url::{BaseUrl, UrlPath, is_unseen, percent_decode};
use crate::output::Encoding;
use crate::render::style::{STYLE_NAMES, Styles};
use crate::site::plan::{CARD_PATHS, CARDS, Plan, Planned, RENDITION_PATHS, RENDITIONS, Shows};

/// Facts that server configuration is made from.
#[derive(Debug, Clone)]
pub struct Facts {
    base: BaseUrl,
    /// `feeds.hub`.
    hubs: Vec<String>,
    /// How long a feed may be cached, in seconds.
    feed_max_age: u32,
    compress: Vec<Encoding>,
    /// The formats of the site's feeds, with the file name of each.
    formats: Vec<(FeedFormat, String)>,
    /// The path of each feed from the server's root, percent-encoded. The site's own feed comes first.
    feeds: Vec<String>,
    /// Old and new path of each redirect, both from the server's root; the old path is not percent-encoded, the new one
    /// is.
    redirects: Vec<(String, String)>,
    /// Redirects like those from paths that differ only in case from another path.
    exact: Vec<(String, String)>,
    /// Redirects from addresses with a query: the old path with its query, and the new path, both from the server's
    /// root and percent-encoded.
    queries: Vec<(String, String)>,
    /// Paths of the files with digests in their names, from the server's root and percent-encoded: single files, and
    /// folders of only such files, with a `*`.
    hashed: Vec<String>,
    /// The paths of `[[outputs]]` below the site's folder, as the text before and after what differs, each with a media
    /// type. An output with one document has its path in the first text.
    outputs: Vec<(String, Option<String>, String)>,
    /// Regular expressions for such files' paths below the site's folder; future files match too.
    hashed_names: Vec<&'static str>,
    /// The languages among which servers choose for the front page: their tags, and the paths of their front pages from
    /// the server's root.
    languages: Vec<(String, String)>,
    /// The parts of the site that are on hosts of their own: paths from the server's root, not percent-encoded, with `/` at both
    /// ends, each with its address.
    moved: Vec<(String, String)>,
    /// The folder of the output folder that is at the root of this host; empty for the site's own.
    tree: String,
    /// The folders that have a page of their own for what is not found, as those of other languages have: paths from the
    /// server's root, not percent-encoded, with `/` at both ends.
    not_found: Vec<String>,
    /// The field with the Content-Security-Policy.
    policy: Option<(&'static str, String)>,
}

/// The media type of OPML files. None is registered; this is the most common.
const OPML: &str = "text/x-opml; charset=utf-8";
const OPML_FILE: &str = "feeds.opml";
const NOSNIFF: &str = "nosniff";
/// A file with a digest in its name never changes (RFC 8246).
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Pages may be cached, but must be revalidated.
const PAGES: &str = "max-age=0, must-revalidate";

impl Facts {
    /// Collects the facts of each host from the plan of a site and its theme's files; the site's own comes first.
    pub fn of_hosts(config: &Config, plan: &Plan, styles: &Styles) -> Vec<Facts> {
        config.hosts().map(|host| Facts::new(&config.in_language(host), plan, styles)).collect()
    }

    /// Collects the facts of the host that `config` is for from the plan of a site and its theme's files.
    pub fn new(config: &Config, plan: &Plan, styles: &Styles) -> Facts {
        let base = config.base_url.clone();
        let all = || plan.feeds.iter().flat_map(|feed| &feed.formats);
        let documents = || plan.documents.iter().filter(|planned| base.is_here(&planned.path));
        let name_of = |wanted: FeedFormat| {
            let (_, path) = all().find(|(format, _)| *format == wanted)?;
            Some((wanted, path.as_str().rsplit('/').next()?.to_owned()))
        };
        let formats = FeedFormat::ALL.into_iter().filter_map(name_of).collect();
        let feeds = all().map(|(_, path)| path).filter(|path| base.is_here(path));
        let feeds = feeds.map(|path| base.root_relative(path)).collect();
        let redirect = |path: &UrlPath, target: &UrlPath| {
            (percent_decode(&base.root_relative(path)), base.root_relative(target))
        };
        let files =
            documents().filter_map(|planned| Some(redirect(&planned.path, plan.target(&planned.shows)?)));
        let mut redirects: Vec<(String, String)> = files.collect();
        redirects.sort();
        let (mut exact, mut queries) = (Vec::new(), Vec::new());
        for rule in plan.rules.iter().filter(|rule| base.is_here(&rule.path)) {
            match &rule.query {
                None => exact.push(redirect(&rule.path, &rule.target)),
                Some(query) => {
                    let from = format!("{}?{query}", base.root_relative(&rule.path));
                    queries.push((from, base.root_relative(&rule.target)));
                }
            }
        }
        let is_hashed = |planned: &&Planned| matches!(planned.shows, Shows::Theme(at) if styles.files.get(at).is_some_and(|file| file.is_hashed));
        let of_theme = documents().filter(is_hashed);
        let mut hashed: Vec<String> = of_theme.map(|planned| base.root_relative(&planned.path)).collect();
        let mut hashed_names = Vec::from_iter((!hashed.is_empty()).then_some(STYLE_NAMES));
        for (is_wanted, folder, paths) in [
            (config.images.responsive, RENDITIONS, RENDITION_PATHS),
            (config.images.cards, CARDS, CARD_PATHS),
        ] {
            let home = base.home().map_or("/", UrlPath::as_str);
            let made = made_alone(plan, &format!("{home}{folder}/"));
            hashed.extend(made.then(|| format!("{}{folder}/*", base.relative_root())));
            hashed_names.extend(is_wanted.then_some(paths));
        }
        let hubs = config.feeds.hubs.clone();
        let (feed_max_age, compress) = (config.hosting.feed_max_age, config.hosting.compress.clone());
        Facts {
            base,
            hubs,
            feed_max_age,
            compress,
            formats,
            feeds,
            redirects,
            exact,
            queries,
            hashed,
            outputs: config.outputs.iter().map(output).collect(),
            hashed_names,
            languages: negotiated(config),
            moved: moved(config),
            tree: config.base_url.home().map_or("", UrlPath::as_str).trim_matches('/').to_owned(),
            not_found: not_found(config, plan),
            policy: csp::field(&config.hosting.policy),
        }
    }

    /// The folder of the output folder that is at the root of this host; empty for the site's own.
    pub fn tree(&self) -> &str {
        &self.tree
    }

    /// The host, without a scheme.
    pub fn host(&self) -> &str {
        self.base.host()
    }

    /// The site's folder on its server, with `/` at both ends.
    fn folder(&self) -> String {
        self.base.relative_root()
    }

    /// A regular expression for the paths of files with digests in their names; future files match too. `None` if there
    /// are none. It matches paths that are not percent-encoded.
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

/// The parts of the site that are on other hosts than its own, for that one: each as a path from the server's root with its
/// address.
pub(in crate::render) fn moved(config: &Config) -> Vec<(String, String)> {
    let base = &config.base_url;
    let root = percent_decode(base.site().folder());
    let homes = base.homes().filter(|_| base.home().is_none());
    homes.map(|home| (format!("{root}{}", &home.as_str()[1..]), base.absolute(home))).collect()
}

/// The folders of the present host with pages for what is not found, but for its root.
pub(in crate::render) fn not_found(config: &Config, plan: &Plan) -> Vec<String> {
    let base = &config.base_url;
    let pages = plan.documents.iter().filter(|planned| matches!(planned.shows, Shows::NotFound(_)));
    let pages = pages.filter(|planned| base.is_here(&planned.path));
    let paths = pages.map(|planned| percent_decode(&base.root_relative(&planned.path)));
    let folders = paths.filter_map(|path| path.strip_suffix("404.html").map(str::to_owned));
    let root = percent_decode(&base.relative_root());
    let mut folders: Vec<String> = folders.filter(|folder| *folder != root).collect();
    folders.sort();
    folders
}

/// The configurations that `write` makes for all hosts, one after the other.
pub fn of_all(all: &[Facts], out: &Path, write: fn(&Facts, &Path) -> String) -> String {
    let mut text = String::new();
    for facts in all {
        let own = match facts.tree() {
            "" => write(facts, out),
            tree => write(facts, &out.join(tree)),
        };
        // A variable is defined once.
        let is_known = |line: &&str| !(line.starts_with("geo ") && text.contains(*line));
        let own: Vec<&str> = own.lines().filter(is_known).collect();
        text = [text.as_str(), if text.is_empty() { "" } else { "\n" }, &own.join("\n"), "\n"].concat();
    }
    text
}

/// The languages among which servers choose for the front page, by tag and path; none without `negotiate`.
pub(in crate::render) fn negotiated(config: &Config) -> Vec<(String, String)> {
    let is_of_site = config.base_url.home().is_none();
    let is_wanted = is_of_site && config.languages.iter().any(|one| one.is_negotiated);
    let languages = config.languages.iter().filter(|_| is_wanted);
    languages.map(|one| (one.tag.clone(), config.base_url.root_relative(&one.home))).collect()
}

/// The path and the media type of an output. All its texts are UTF-8, and JSON has no such parameter.
fn output(rules: &OutputRules) -> (String, Option<String>, String) {
    let media = &rules.media_type;
    let is_json = media.ends_with("/json") || media.ends_with("+json");
    let media = if is_json { media.clone() } else { format!("{media}; charset=utf-8") };
    match rules.path.ends() {
        Some((before, after)) => (before[1..].to_owned(), Some(after.to_owned()), media),
        None => (rules.path.filled(&Filling::default())[1..].to_owned(), None, media),
    }
}

/// True if the folder of the site at the path `start` has generated pictures or cards, and nothing else.
fn made_alone(plan: &Plan, start: &str) -> bool {
    let mut inside =
        plan.documents.iter().filter(|planned| planned.path.as_str().starts_with(start)).peekable();
    let is_made = |planned: &Planned| matches!(planned.shows, Shows::Picture(..) | Shows::Card(_));
    inside.peek().is_some() && inside.all(is_made)
}

/// The media type of a format with its charset. JSON is always UTF-8 and has no such parameter (RFC 8259, section 11).
fn media_type(format: FeedFormat) -> String {
    match format {
        FeedFormat::Json => format.media_type().to_owned(),
        _ => format!("{}; charset=utf-8", format.media_type()),
    }
}

/// The media type with which browsers show feeds of XML, by their style sheet. Some show those of feeds as plain text, or
/// download them.
const SHOWN: &str = "application/xml; charset=utf-8";

/// A regular expression for `Accept` of a browser that opens a page. Feed readers may take HTML too, but not first.
const BROWSERS: &str = "^text/html";

/// True for a format that browsers show by a style sheet.
fn is_shown(format: FeedFormat) -> bool {
    format != FeedFormat::Json
}

/// The name of the output folder, if a configuration can have it: a character that is not shown can't be quoted.
fn folder_name(out: &Path) -> Option<&str> {
    out.to_str().filter(|name| !name.chars().any(is_unseen))
}

/// A regular expression that matches only `text`. It has no quotation marks.
fn literally(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '"' | '\'' | '`') {
            escaped.push_str(&format!("\\x{:02x}", u32::from(letter)));
            continue;
        }
        if letter.is_ascii_punctuation() && !matches!(letter, '/' | '-' | '_') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A regular expression for paths in `folder` that percent-encoding does not change and that end with the file `name`.
fn plain_paths(folder: &str, name: &str) -> String {
    format!("^{}([A-Za-z0-9_.~-]+/)*{}$", literally(folder), literally(name))
}
