//! Podcasts in front matter: a show is a section, an episode is an article in it.
//!
//! Names and limits are those of Apple's requirements
//! (<https://podcasters.apple.com/support/823-podcast-requirements>) and of the podcast namespace
//! (<https://github.com/Podcastindex-org/podcast-namespace>).

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use super::credit::{Credit, LONGEST, people, short};
use super::front_matter::placed_address;
use super::{Companion, Placed, attachment};
use crate::feed::lint::is_email;
use crate::model::metadata::{Fields, MetadataError, Node, Value};
use crate::model::podcast::{self, MEDIA};
use crate::model::suggest::nearest;

/// `[podcast]` of a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// `author`: the maker, shown to listeners; by default the site's author, or its title.
    pub author: Option<String>,
    /// `owner`: `name` and `email`, for directories.
    pub owner: Option<(Option<String>, String)>,
    /// `image`: a square picture, 1400 to 3000 pixels, JPEG or PNG. Required.
    pub image: Option<Placed<String>>,
    /// `categories`: from Apple's list, `"Society & Culture"` or `"Society & Culture > Documentary"`. Required.
    pub categories: Vec<(String, Option<String>)>,
    /// `explicit`. Required.
    pub explicit: bool,
    /// `type`: `episodic` (default: newest first) or `serial` (oldest first).
    pub serial: bool,
    /// `locked`: other platforms may not import it; true by default if there is an owner.
    pub locked: Option<bool>,
    /// `guid`: its guid at an earlier host, or the URL of its first feed, of which the guid is made; otherwise derived
    /// from the feed's lasting id.
    pub guid: Option<String>,
    /// `medium`: the kind of its content; default `podcast`.
    pub medium: String,
    /// `funding`: `url` and `text`, once or several times.
    pub funding: Vec<(String, String)>,
    /// `prefix`: the URL of a service that counts downloads, which goes before the URLs of recordings.
    pub prefix: Option<String>,
    /// `complete = true`: there will be no more episodes.
    pub complete: bool,
    /// `block = true`: directories should not list it.
    pub block: bool,
    /// `new_feed_url`: its new address, after a move.
    pub new_feed_url: Option<String>,
    /// `[[podcast.people]]`: hosts and others.
    pub people: Vec<Credit>,
}

/// `[episode]` of an article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// `title`, if it differs from the article's.
    pub title: Option<String>,
    /// `number`.
    pub number: Option<EpisodeNumber>,
    /// `season`.
    pub season: Option<u32>,
    /// `type`: `full` (default), `trailer` or `bonus`.
    pub kind: EpisodeKind,
    /// `explicit`, if it differs from the show's.
    pub explicit: Option<bool>,
    /// `duration` in seconds, if the file lacks it.
    pub duration: Option<u32>,
    /// `image`, if the episode has its own.
    pub image: Option<Placed<String>>,
    /// `transcript`: files (VTT, SRT, HTML, JSON or text).
    pub transcripts: Vec<Companion>,
    /// `chapters`: a file (JSON chapters).
    pub chapters: Option<Companion>,
    /// `block = true`: directories should not list it.
    pub block: bool,
    /// `[[episode.people]]`: guests and others.
    pub people: Vec<Credit>,
}

/// The number of an episode: a decimal number, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpisodeNumber(String);

impl EpisodeNumber {
    fn read(text: &str) -> Option<Self> {
        let digits =
            |part: &str| !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let number = match text.split_once('.') {
            Some(_) => text.to_owned(),
            None => text.parse::<u32>().ok()?.to_string(),
        };
        (digits(whole) && digits(fraction)).then_some(EpisodeNumber(number))
    }

    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as a whole number from 1, the only kind that Apple's elements have.
    pub fn counted(&self) -> Option<u32> {
        self.0.parse().ok().filter(|number| *number > 0)
    }
}

/// Values that some players pass over.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum PodcastWarning {
    /// A number that Apple's elements don't have.
    #[error("Apple counts {key}s in whole numbers from 1, so `itunes:{key}` is left out for {number}")]
    #[diagnostic(
        severity(warning),
        code(podcast::number),
        help(
            "`podcast:{key}` has the number; leave it out for a pilot, and write `type = \"bonus\"` or `\"trailer\"` for an extra"
        )
    )]
    Number {
        /// `episode` or `season`.
        key: &'static str,
        /// The number as written.
        number: String,
    },
}

/// The kind of an episode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EpisodeKind {
    /// A full episode.
    #[default]
    Full,
    /// A trailer.
    Trailer,
    /// Additional content.
    Bonus,
}

/// Reads `[podcast]`.
pub(super) fn show(mut table: Fields<'_, '_>, node: &Node) -> Show {
    let owner = "`[podcast]`";
    let missing = |key, example| MetadataError::Missing { key, owner: owner.to_owned(), example };
    let image = placed_address(&mut table, "image").map(|image| *image);
    if image.is_none() {
        table.report(missing("image", "`image = \"cover.jpg\"`"), &node.span);
    }
    let categories = categories(&mut table, node);
    let explicit = truth(&mut table, "explicit");
    if explicit.is_none() && table.node("explicit").is_none() {
        table.report(missing("explicit", "`explicit = false`"), &node.span);
    }
    let owner = table.table("owner").and_then(|mut inner| {
        let (name, email) = (inner.filled("name"), inner.filled("email"));
        match (&email, inner.node("email")) {
            (Some(email), Some(node)) if !is_email(email) => {
                inner.refuse(
                    "email",
                    node,
                    "it is no e-mail address",
                    "write one such as `desk@example.org`",
                );
            }
            (Some(_), _) => {}
            (None, _) => {
                inner.report(missing("owner.email", "`owner = { email = \"desk@example.org\" }`"), &node.span)
            }
        }
        inner.finish(None);
        Some((name, email?))
    });
    let show = Show {
        author: table.filled("author"),
        owner,
        image,
        categories,
        explicit: explicit.unwrap_or(false),
        serial: choice(&mut table, "type", &["episodic", "serial"]) == 1,
        locked: truth(&mut table, "locked"),
        guid: guid(&mut table),
        medium: MEDIA[choice(&mut table, "medium", &MEDIA)].to_owned(),
        funding: funding(&mut table),
        prefix: prefix(&mut table),
        complete: truth(&mut table, "complete").unwrap_or(false),
        block: truth(&mut table, "block").unwrap_or(false),
        new_feed_url: web_address(&mut table, "new_feed_url"),
        people: people(&mut table),
    };
    table.finish(None);
    show
}

/// Reads `[episode]`.
pub(super) fn episode(mut table: Fields<'_, '_>) -> Episode {
    let kind = match choice(&mut table, "type", &["full", "trailer", "bonus"]) {
        1 => EpisodeKind::Trailer,
        2 => EpisodeKind::Bonus,
        _ => EpisodeKind::Full,
    };
    let chapters = attachment::companions(&mut table, "chapters");
    let episode = Episode {
        title: table.filled("title"),
        number: number(&mut table),
        season: season(&mut table),
        kind,
        explicit: truth(&mut table, "explicit"),
        duration: attachment::seconds(&mut table, "duration").filter(|seconds| *seconds > 0),
        image: placed_address(&mut table, "image").map(|image| *image),
        transcripts: attachment::companions(&mut table, "transcript"),
        chapters: chapters.into_iter().next(),
        block: truth(&mut table, "block").unwrap_or(false),
        people: people(&mut table),
    };
    table.finish(None);
    episode
}

fn number(table: &mut Fields<'_, '_>) -> Option<EpisodeNumber> {
    let node = table.node("number")?;
    let text = table.as_number("number", node)?;
    let Some(number) = EpisodeNumber::read(&text) else {
        let digits: String =
            text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let meant = if digits.is_empty() { "1".to_owned() } else { digits };
        table.refuse("number", node, "it is no number", format!("write `number = {meant}`"));
        return None;
    };
    if number.counted().is_none() {
        table.report(PodcastWarning::Number { key: "episode", number: number.0.clone() }, &node.span);
    }
    Some(number)
}

fn season(table: &mut Fields<'_, '_>) -> Option<u32> {
    let node = table.node("season")?;
    match table.as_number("season", node)?.parse() {
        Ok(0) => {
            table.report(PodcastWarning::Number { key: "season", number: "0".to_owned() }, &node.span);
            Some(0)
        }
        Ok(season) => Some(season),
        Err(_) => {
            table.refuse(
                "season",
                node,
                "it is no whole number",
                "write a whole number, such as `season = 2`",
            );
            None
        }
    }
}

/// The index of the value of `key` among `known`, in any case of letters; 0 without a value.
fn choice(table: &mut Fields<'_, '_>, key: &'static str, known: &[&str]) -> usize {
    let Some(node) = table.node(key) else { return 0 };
    let Some(text) = table.as_text(key, node) else { return 0 };
    table.offers(node, known);
    let found = known.iter().position(|one| one.eq_ignore_ascii_case(text.trim()));
    found.unwrap_or_else(|| {
        let list = format!("use one of `{}`", known.join("`, `"));
        let remedy = match nearest(&text, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`? {list}"),
            None => list,
        };
        table.refuse(key, node, "there is no such kind", remedy);
        0
    })
}

/// True or false. Words that mean one of them are refused with the right one.
fn truth(table: &mut Fields<'_, '_>, key: &'static str) -> Option<bool> {
    let node = table.node(key)?;
    let Value::String(word) = &node.value else { return table.flag(key) };
    let meant = match word.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "explicit" => "true",
        _ => "false",
    };
    table.refuse(
        key,
        node,
        "it is neither true nor false",
        format!("write `{key} = {meant}`, without quotes"),
    );
    None
}

fn categories(table: &mut Fields<'_, '_>, around: &Node) -> Vec<(String, Option<String>)> {
    let node = table.node("categories");
    let texts = node.map(|node| table.as_texts("categories", node)).unwrap_or_default();
    if texts.is_empty() {
        let (key, owner) = ("categories", "`[podcast]`".to_owned());
        let example = "`categories = [\"News > Daily News\"]`";
        table.report(MetadataError::Missing { key, owner, example }, &node.unwrap_or(around).span);
    }
    let mut found = Vec::new();
    for (text, node) in texts.into_iter().zip(node.into_iter().cycle()) {
        let (above, below) = match text.split_once('>') {
            Some((above, below)) => (above.trim(), Some(below.trim())),
            None => (text.trim(), None),
        };
        let known = podcast::category(above);
        if known.is_some_and(|(_, names)| below.is_none_or(|below| names.contains(&below))) {
            found.push((above.to_owned(), below.map(str::to_owned)));
            continue;
        }
        let list = match known {
            Some((_, [])) => format!("`{above}` has no subcategories"),
            Some((_, names)) => format!("below `{above}` are: {}", names.join(", ")),
            None => format!("use one of: {}", podcast::CATEGORIES.map(|(name, _)| name).join(", ")),
        };
        let remedy = match podcast::nearest_category(above, below) {
            Some((above, Some(below))) => format!("did you mean `{above} > {below}`? {list}"),
            Some((above, None)) => format!("did you mean `{above}`? {list}"),
            None => list,
        };
        table.refuse("categories", node, format!("Apple knows no category \u{201c}{text}\u{201d}"), remedy);
    }
    found
}

/// The guid: as written, or made of the URL of the show's first feed.
fn guid(table: &mut Fields<'_, '_>) -> Option<String> {
    let node = table.node("guid")?;
    let text = table.as_text("guid", node)?.trim().to_owned();
    if podcast::is_guid(&text) {
        return Some(text);
    }
    if is_web(&text) {
        return Some(podcast::guid_of_feed(&text).to_string());
    }
    let remedy = "write its `podcast:guid`, 36 characters such as `917393e3-1b1e-5cef-ace4-edaa54e1f810`, or the URL of its first feed, of which the guid is made";
    table.refuse("guid", node, "it is no UUID", remedy);
    None
}

/// Reads `funding`: a table, or a list of them.
fn funding(table: &mut Fields<'_, '_>) -> Vec<(String, String)> {
    let Some(node) = table.node("funding") else { return Vec::new() };
    let nodes = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut found = Vec::new();
    for node in nodes {
        let mut inner = table.inner("`funding`", node);
        if inner.node("url").is_none() && matches!(node.value, Value::Table(_)) {
            let owner = "`funding`".to_owned();
            let example = "`url = \"https://example.org/donate\"`";
            inner.report(MetadataError::Missing { key: "url", owner, example }, &node.span);
        }
        let (url, text) = (inner.address("url"), short(&mut inner, "text", LONGEST));
        inner.finish(None);
        found.extend(url.map(|url| (url, text.unwrap_or_default())));
    }
    found
}

/// The prefix, which ends so that a URL can follow.
fn prefix(table: &mut Fields<'_, '_>) -> Option<String> {
    let prefix = web_address(table, "prefix")?;
    Some(if prefix.ends_with('/') { prefix } else { prefix + "/" })
}

/// A whole URL of the web.
fn web_address(table: &mut Fields<'_, '_>, key: &'static str) -> Option<String> {
    let node = table.node(key)?;
    let url = table.address(key)?;
    if is_web(&url) {
        return Some(url);
    }
    table.refuse(key, node, "it is no URL of the web", "write a whole URL, such as `https://example.org/`");
    None
}

fn is_web(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
