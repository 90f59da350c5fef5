//! A feed as data: one JSON document of the same form for RSS, Atom and JSON Feed.

use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::feed::absolute;
use crate::feed::read::{Found, FoundEntry, read};
use crate::model::date::{self, Ambiguous};
use crate::model::html::{escape, plain};

/// A feed. All keys are always present.
#[derive(Serialize)]
struct FeedRecord {
    title: String,
    /// The page with the same entries.
    url: Option<String>,
    entries: Vec<EntryRecord>,
}

/// An entry. All keys are always present; texts that the feed doesn't give are empty.
#[derive(Serialize)]
struct EntryRecord {
    id: String,
    url: Option<String>,
    /// Plain text.
    title: String,
    /// RFC 3339.
    published: Option<String>,
    /// RFC 3339.
    updated: Option<String>,
    /// Plain text.
    summary: String,
    /// Plain text.
    content_text: String,
    /// Sanitized, with absolute URLs.
    content_html: String,
    authors: Vec<String>,
    categories: Vec<String>,
    image: Option<String>,
    enclosures: Vec<EnclosureRecord>,
}

#[derive(Serialize)]
struct EnclosureRecord {
    url: String,
    #[serde(rename = "type")]
    media_type: Option<String>,
    length: Option<u64>,
}

/// The feed `text`, which is at `url`, as JSON with at most `limit` entries; `None` if it is no feed.
pub(super) fn canonical(text: &str, url: &Url, limit: Option<usize>) -> Option<(String, Value)> {
    let found = read(text.as_bytes())?;
    let record = record(found, url, limit.unwrap_or(usize::MAX));
    let value = serde_json::to_value(&record).ok()?;
    // The order of the fields is that of the struct.
    let (text, _) = super::json::canonical(&serde_json::to_string(&record).ok()?).ok()?;
    Some((text, value))
}

fn record(found: Found, url: &Url, limit: usize) -> FeedRecord {
    let base = url.join(&found.base).unwrap_or_else(|_| url.clone());
    FeedRecord {
        title: plain(&found.title),
        url: web_address(&found.url, &base),
        entries: found.entries.iter().take(limit).map(|one| entry(one, &base)).collect(),
    }
}

fn entry(found: &FoundEntry, base: &Url) -> EntryRecord {
    let url = web_address(&found.url, base);
    let is_html = |name: &str| found.html.contains(&name);
    let text = |name: &str| {
        let written = found.field(name);
        if is_html(name) { plain(written) } else { words(written) }
    };
    // Some feeds have the whole text as their summary.
    let content = if found.field("content").trim().is_empty() { "summary" } else { "content" };
    let html = match is_html(content) {
        true => found.field(content).to_owned(),
        false => paragraphs(found.field(content)),
    };
    let (summary, content_text, title) = (text("summary"), text(content), text("title"));
    let id = [found.id.trim(), url.as_deref().unwrap_or_default(), &title];
    let id = id.into_iter().find(|id| !id.is_empty()).unwrap_or_default().to_owned();
    EntryRecord {
        id,
        content_html: absolute(&html, url.as_deref().unwrap_or(base.as_str())),
        url,
        title,
        published: moment(found.field("published")),
        updated: moment(found.field("updated")),
        summary,
        content_text,
        authors: names(&found.authors),
        categories: names(&found.categories),
        image: web_address(&found.image, base),
        enclosures: found
            .enclosures
            .iter()
            .filter_map(|one| {
                Some(EnclosureRecord {
                    url: web_address(&one.url, base)?,
                    media_type: Some(words(&one.media_type)).filter(|one| !one.is_empty()),
                    length: one.length.trim().parse().ok(),
                })
            })
            .collect(),
    }
}

/// A text with one space between words.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Plain text as HTML.
fn paragraphs(text: &str) -> String {
    let all = text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    all.map(|text| format!("<p>{}</p>", escape(text).replace('\n', "<br>"))).collect()
}

fn names(all: &[String]) -> Vec<String> {
    all.iter().map(|name| plain(name)).filter(|name| !name.is_empty()).collect()
}

/// An address of the web, absolute; `None` for any other, which pages must not link to.
fn web_address(written: &str, base: &Url) -> Option<String> {
    let written = written.trim();
    let url = if written.is_empty() { return None } else { base.join(written).ok()? };
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// A date with the feed's own offset; UTC if it has none. A wrong weekday does not matter.
fn moment(written: &str) -> Option<String> {
    let read = |text: &str| {
        let written = date::parse(text.trim()).ok()?;
        written.resolve(chrono_tz::Tz::UTC, Ambiguous::Earlier).ok()
    };
    let without_weekday = || read(written.split_once(',')?.1);
    let moment = read(written).or_else(without_weekday)?;
    Some(moment.rfc3339())
}
