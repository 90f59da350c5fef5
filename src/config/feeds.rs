//! `[feeds]`: the feeds of a site and their contents.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::feed_choice::{FeedChoice, aliases, choices, feed_content, feed_formats, feed_id};
use super::read::capitalised;
use super::{Config, TaxonomyRules, within};
use crate::model::date::{self, Ambiguous, Moment};
use crate::model::metadata::{Fields, MetadataError, Node, Value};
use crate::model::suggest::choose;
use crate::model::url::UrlPath;

/// `[feeds]`.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedRules {
    /// `site`: the feed of everything, default true.
    pub site: bool,
    /// `sections`: a feed for each section, default true.
    pub sections: bool,
    /// `terms`: a feed for each term, default true.
    pub terms: bool,
    /// `id`: the lasting id of the feed of everything; by default one is minted.
    pub id: Option<String>,
    /// `aliases`: paths at which the feed of everything was before.
    pub aliases: Vec<UrlPath>,
    /// `formats`: default `["rss", "atom", "json"]`.
    pub formats: Vec<FeedFormat>,
    /// `rss`, `atom`, `json`: file names, with or without a folder, default `rss.xml`, `atom.xml`, `feed.json`.
    pub names: [String; 3],
    /// `limit`: entries in a feed, default 20.
    pub limit: usize,
    /// `content`: `full` (default) or `summary`.
    pub content: FeedContent,
    /// `hub`: the WebSub hubs that feeds point to, each an absolute `http` or `https` URL; one, or a list. `publish`
    /// notifies them of the feeds that it changed.
    pub hubs: Vec<String>,
    /// `ttl`: minutes that RSS readers may wait between two visits.
    pub ttl: Option<u32>,
    /// `stylesheet`: a path of the site, or a URL, of the CSS by which browsers show RSS and Atom; default
    /// `feed.css`, which the theme has; `false` for none.
    pub stylesheet: Option<String>,
    /// `archives`: the feed of everything has all older entries in archives (RFC 5005, section 4); default false.
    /// Sections, taxonomies and custom feeds have this setting too.
    pub archives: bool,
    /// `archive_size`: entries in an archive, default 50.
    pub archive_size: usize,
    /// `tombstone_days`: the number of days for which feeds announce that an entry is gone, default 30.
    pub tombstone_days: u32,
    /// `flood_limit`: the number of a feed's entries that may come back or vanish at once before `publish` stops and
    /// asks; default 10.
    pub flood_limit: usize,
    /// `[[feeds.custom]]`: feeds of a selection.
    pub custom: Vec<CustomFeed>,
}

/// `[[feeds.custom]]`: a feed of articles that are selected by section, term and date.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomFeed {
    /// `name`: its name, from which its id and its folder are made. Required.
    pub name: String,
    /// `title`, default the name with a capital.
    pub title: String,
    /// `description`, default the site's.
    pub description: Option<String>,
    /// `image`: a path of the site or a URL, default the site's `logo`.
    pub image: Option<String>,
    /// `language`: BCP 47; by default that of its entries.
    pub language: Option<String>,
    /// `path`: the folder of its files, default `/feeds/NAME/`.
    pub path: UrlPath,
    /// `home`: the page with the same articles, default the front page.
    pub home: UrlPath,
    /// `rss`, `atom`, `json`: file names, default those of `[feeds]`.
    pub names: [String; 3],
    /// The selection of its articles.
    pub selection: Selection,
    /// `languages`: the keys of the languages of its articles. Empty: the site's own.
    pub languages: Vec<String>,
    /// `limit`, `content`, `formats`, `archives`, `id`, `aliases`.
    pub choice: FeedChoice,
}

impl CustomFeed {
    /// True if the feed can have articles in the language number `language`.
    pub fn has_language(&self, language: usize, config: &Config) -> bool {
        if self.languages.is_empty() {
            return language == 0;
        }
        self.languages.iter().any(|key| config.language_named(key) == Some(language))
    }
}

/// The articles of a custom feed: those that meet all of these conditions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection {
    /// `sections`: in one of these, or in a section inside one.
    pub sections: Vec<String>,
    /// `except`: in none of these sections.
    pub except: Vec<String>,
    /// `terms`: at least one term of each taxonomy named. Authors are a taxonomy.
    pub terms: Vec<(String, Vec<String>)>,
    /// `since`: published then or later.
    pub since: Option<Moment>,
    /// `until`: published before then.
    pub until: Option<Moment>,
}

impl Selection {
    /// True if the selection can have articles of `section`.
    pub fn has_section(&self, section: &str) -> bool {
        let in_one = |folders: &[String]| folders.iter().any(|folder| within(section, folder));
        (self.sections.is_empty() || in_one(&self.sections)) && !in_one(&self.except)
    }

    /// True if the selection can have articles that were published at `published`.
    pub fn has_time(&self, published: &Moment) -> bool {
        let instant = published.instant();
        self.since.is_none_or(|since| instant >= since.instant())
            && self.until.is_none_or(|until| instant < until.instant())
    }
}

/// A feed format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedFormat {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl FeedFormat {
    /// All formats, in the order in which pages name them.
    pub const ALL: [FeedFormat; 3] = [FeedFormat::Rss, FeedFormat::Atom, FeedFormat::Json];

    /// Its name in `site.toml`.
    pub fn key(self) -> &'static str {
        match self {
            FeedFormat::Rss => "rss",
            FeedFormat::Atom => "atom",
            FeedFormat::Json => "json",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            FeedFormat::Rss => "RSS",
            FeedFormat::Atom => "Atom",
            FeedFormat::Json => "JSON Feed",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            FeedFormat::Rss => "application/rss+xml",
            FeedFormat::Atom => "application/atom+xml",
            FeedFormat::Json => "application/feed+json",
        }
    }
}

/// How much of an article a feed carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeedContent {
    /// All of it.
    Full,
    /// Its summary.
    Summary,
}

/// Reads `[feeds]`. Times without an offset are in `zone`.
pub(super) fn read(fields: &mut Fields<'_, '_>, zone: Option<Tz>, taxonomies: &[TaxonomyRules]) -> FeedRules {
    let mut rules = FeedRules {
        site: true,
        sections: true,
        terms: true,
        id: None,
        aliases: Vec::new(),
        formats: FeedFormat::ALL.to_vec(),
        names: ["rss.xml".to_owned(), "atom.xml".to_owned(), "feed.json".to_owned()],
        limit: 20,
        content: FeedContent::Full,
        hubs: Vec::new(),
        ttl: None,
        stylesheet: Some("feed.css".to_owned()),
        archives: false,
        archive_size: 50,
        tombstone_days: 30,
        flood_limit: 10,
        custom: Vec::new(),
    };
    let Some(mut table) = fields.table("feeds") else { return rules };
    rules.site = table.flag("site").unwrap_or(true);
    rules.sections = table.flag("sections").unwrap_or(true);
    rules.terms = table.flag("terms").unwrap_or(true);
    rules.id = feed_id(&mut table);
    rules.aliases = aliases(&mut table);
    rules.formats = feed_formats(&mut table).unwrap_or(rules.formats);
    file_names(&mut table, &mut rules.names);
    rules.limit = table.whole("limit", 1, 10_000).unwrap_or(20) as usize;
    rules.content = feed_content(&mut table).unwrap_or(FeedContent::Full);
    rules.hubs = hubs(&mut table);
    rules.ttl = table.whole("ttl", 1, 1_000_000).map(|minutes| minutes as u32);
    match table.node("stylesheet") {
        Some(Node { value: Value::Bool(false), .. }) => rules.stylesheet = None,
        // The standard is one.
        Some(Node { value: Value::Bool(true), .. }) => {}
        Some(_) => rules.stylesheet = table.address("stylesheet"),
        None => {}
    }
    rules.archives = table.flag("archives").unwrap_or(false);
    rules.archive_size = table.whole("archive_size", 1, 10_000).unwrap_or(50) as usize;
    rules.tombstone_days = table.whole("tombstone_days", 0, 36_500).unwrap_or(30) as u32;
    rules.flood_limit = table.whole("flood_limit", 0, 1_000_000).unwrap_or(10) as usize;
    for node in table.tables("custom") {
        let one = custom(table.inner("`[[feeds.custom]]`", node), node, &rules.names, zone, taxonomies);
        match one {
            Some(one) if rules.custom.iter().any(|other| other.name == one.name) => {
                let reason = format!("another feed is named \u{201c}{}\u{201d}", one.name);
                table.refuse("custom", node, reason, "give one of them another `name`");
            }
            one => rules.custom.extend(one),
        }
    }
    table.finish(None);
    rules
}

/// The hubs, each once.
fn hubs(table: &mut Fields<'_, '_>) -> Vec<String> {
    let Some(node) = table.node("hub") else { return Vec::new() };
    let mut hubs: Vec<String> = Vec::new();
    for written in table.as_texts("hub", node) {
        let is_web = url::Url::parse(&written).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.has_host() && url.fragment().is_none()
        });
        if url::Url::parse(&written).is_ok_and(|url| !url.username().is_empty() || url.password().is_some()) {
            let reason = "it has a user or a password in it, and each feed names the hub to everybody";
            table.refuse_secret("hub", node, reason, "write the address alone, or leave this hub out");
            continue;
        }
        // The URL goes into `Link` fields unescaped.
        let is_web = is_web && written.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"\\".contains(&b));
        if !is_web {
            let reason = format!("\u{201c}{written}\u{201d} is no address that a program can post to");
            table.refuse(
                "hub",
                node,
                reason,
                "write the whole URL of the hub, such as `https://hub.example.org/`",
            );
        } else if !hubs.contains(&written) {
            hubs.push(written);
        }
    }
    hubs
}

/// True for the name of a file, which may be in folders.
fn is_file_name(text: &str) -> bool {
    !text.starts_with('/') && !text.ends_with('/') && UrlPath::parse(&format!("/{text}")).is_ok()
}

/// Reads the names of the three files.
fn file_names(table: &mut Fields<'_, '_>, names: &mut [String; 3]) {
    for (at, key) in ["rss", "atom", "json"].into_iter().enumerate() {
        let Some(node) = table.node(key) else { continue };
        let usual = names[at].clone();
        let remedy = format!("write a name such as `{usual}`");
        match table.as_text(key, node) {
            Some(text) if names.contains(&text) && text != usual => {
                table.refuse(key, node, "feeds of another format have that name", remedy);
            }
            Some(text) if !text.is_empty() && is_file_name(&text) => {
                names[at] = text;
            }
            _ => table.refuse(key, node, "it is no file name", remedy),
        }
    }
}

fn custom(
    mut table: Fields<'_, '_>,
    node: &Node,
    names: &[String; 3],
    zone: Option<Tz>,
    taxonomies: &[TaxonomyRules],
) -> Option<CustomFeed> {
    let written = table.filled("name");
    let name = written.clone().filter(|name| !name.contains(['/', '\\']) && name != "..");
    if let (Some(_), None, Some(node)) = (&written, &name, table.node("name")) {
        table.refuse(
            "name",
            node,
            "a folder is named by it",
            "leave out what can't be in a name, such as `/`",
        );
    } else if name.is_none() {
        let example = "`name = \"long-reads\"`";
        table.report(
            MetadataError::Missing { key: "name", owner: "this feed".to_owned(), example },
            &node.span,
        );
    }
    let mut path = |key: &'static str, usual: String| match table.node(key) {
        None => UrlPath::parse(&usual).ok(),
        Some(node) => {
            let text = table.as_text(key, node).unwrap_or_default();
            let path = UrlPath::from_address(&format!("/{}/", text.trim_matches('/')).replace("//", "/"));
            path.map_err(|error| table.report(error, &node.span)).ok()
        }
    };
    let folder = path("path", format!("/feeds/{}/", name.as_deref().unwrap_or_default()));
    let home = path("home", "/".to_owned());
    let mut own_names = names.clone();
    file_names(&mut table, &mut own_names);
    let folders = |texts: Option<Vec<String>>| -> Vec<String> {
        texts.unwrap_or_default().iter().map(|text| text.trim_matches('/').to_owned()).collect()
    };
    let terms = list_terms(&mut table, taxonomies);
    let selection = Selection {
        sections: folders(table.texts("sections")),
        except: folders(table.texts("except")),
        terms,
        since: moment(&mut table, "since", zone),
        until: moment(&mut table, "until", zone),
    };
    let usual = name.as_deref().map(capitalised).unwrap_or_default();
    let feed = CustomFeed {
        title: table.filled("title").unwrap_or(usual),
        description: table.filled("description"),
        image: table.address("image"),
        language: table.filled("language"),
        path: folder?,
        home: home?,
        names: own_names,
        selection,
        languages: table.texts("languages").unwrap_or_default(),
        choice: FeedChoice { id: feed_id(&mut table), aliases: aliases(&mut table), ..choices(&mut table) },
        name: name?,
    };
    table.finish(None);
    Some(feed)
}

/// Reads the terms of a selection, by taxonomy.
pub(super) fn list_terms(
    table: &mut Fields<'_, '_>,
    taxonomies: &[TaxonomyRules],
) -> Vec<(String, Vec<String>)> {
    let mut terms: Vec<(String, Vec<String>)> = Vec::new();
    if let Some(mut inner) = table.table("terms") {
        for entry in inner.all() {
            inner.owned_entry(&entry.key);
            if !taxonomies.iter().any(|rules| rules.name == entry.key) {
                let names: Vec<&str> = taxonomies.iter().map(|rules| rules.name.as_str()).collect();
                let remedy = choose([entry.key.as_str()], &names);
                inner.refuse(&entry.key, &entry.node, "there is no such taxonomy", remedy);
            }
            terms.push((entry.key.clone(), inner.as_texts(&entry.key, &entry.node)));
        }
        inner.finish(None);
    }
    terms
}

pub(super) fn moment(table: &mut Fields<'_, '_>, key: &'static str, zone: Option<Tz>) -> Option<Moment> {
    let node = table.node(key)?;
    let text = match &node.value {
        Value::String(text) | Value::Date(text) => text.clone(),
        _ => table.as_text(key, node)?,
    };
    let written =
        date::parse(&text).and_then(|written| written.resolve(zone.unwrap_or(Tz::UTC), Ambiguous::Earlier));
    written.map_err(|error| table.report(error, &node.span)).ok()
}
