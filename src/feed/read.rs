//! Reading feeds, ours and others, to compare what subscribers have with what they will get.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A feed as a reader sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its lasting id, where the format has one.
    pub id: Option<String>,
    /// Its title.
    pub title: String,
    /// Its entries, in order.
    pub entries: Vec<FoundEntry>,
}

/// An entry as a reader sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundEntry {
    /// Atom `id`, RSS `guid` (the link where there is none), JSON `id`.
    pub id: String,
    /// Its URL.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its date of publication, or of the last change if the feed gives no other.
    pub published: Option<DateTime<Utc>>,
    /// Everything that readers see of it, by name: `title`, `url`, `content`…
    pub fields: Vec<(&'static str, String)>,
}

/// Reads `bytes` as an RSS, Atom or JSON feed; `None` if they are none.
pub fn read(bytes: &[u8]) -> Option<Found> {
    let start =
        bytes.iter().position(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte))?;
    if bytes[start] == b'{' {
        return json(&bytes[start..]);
    }
    rss(bytes).or_else(|| atom(bytes))
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    let read = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)).ok()?;
    Some(read.to_utc())
}

fn rss(bytes: &[u8]) -> Option<Found> {
    let channel = rss::Channel::read_from(bytes).ok()?;
    let entries = channel.items.into_iter().map(|item| {
        let text = |value: Option<String>| value.unwrap_or_default();
        let updated = item.extensions.get("atom").and_then(|atom| atom.get("updated"));
        let updated = updated.and_then(|all| all.first()).and_then(|one| one.value.clone());
        let creators = item.dublin_core_ext.map(|dc| dc.creators.join(", "));
        let (url, title) = (text(item.link), text(item.title));
        let published = text(item.pub_date);
        let id = item.guid.map_or_else(|| url.clone(), |guid| guid.value);
        let categories: Vec<String> = item.categories.into_iter().map(|category| category.name).collect();
        let enclosure = item.enclosure.map(|one| format!("{} {} {}", one.url, one.length, one.mime_type));
        FoundEntry {
            id,
            published: time(&published),
            fields: vec![
                ("title", title.clone()),
                ("url", url.clone()),
                ("published", published),
                ("updated", text(updated)),
                ("summary", text(item.description)),
                ("content", text(item.content)),
                ("authors", text(creators.or(item.author))),
                ("categories", categories.join(", ")),
                ("enclosures", text(enclosure)),
            ],
            url,
            title,
        }
    });
    let entries = entries.collect();
    Some(Found { id: None, title: channel.title, entries })
}

fn atom(bytes: &[u8]) -> Option<Found> {
    let feed = atom_syndication::Feed::read_from(bytes).ok()?;
    let entries = feed.entries.into_iter().map(|entry| {
        let of = |relation: &str| entry.links.iter().filter(|link| link.rel == relation).collect::<Vec<_>>();
        let url = of("alternate").first().map(|link| link.href.clone()).unwrap_or_default();
        let enclosures = of("enclosure");
        let enclosures = enclosures.iter().map(|link| {
            let (length, kind) = (link.length.as_deref(), link.mime_type.as_deref());
            format!("{} {} {}", link.href, length.unwrap_or_default(), kind.unwrap_or_default())
        });
        let enclosures: Vec<String> = enclosures.collect();
        let authors: Vec<String> = entry.authors.iter().map(|person| person.name.clone()).collect();
        let categories = entry.categories.iter().map(|one| one.label.clone().unwrap_or(one.term.clone()));
        let categories: Vec<String> = categories.collect();
        let title = entry.title.value.clone();
        let published = entry.published.unwrap_or(entry.updated);
        FoundEntry {
            id: entry.id.clone(),
            published: Some(published.to_utc()),
            fields: vec![
                ("title", title.clone()),
                ("url", url.clone()),
                ("published", entry.published.map(|date| date.to_rfc3339()).unwrap_or_default()),
                ("updated", entry.updated.to_rfc3339()),
                ("summary", entry.summary.as_ref().map(|text| text.value.clone()).unwrap_or_default()),
                ("content", entry.content.as_ref().and_then(|one| one.value.clone()).unwrap_or_default()),
                ("authors", authors.join(", ")),
                ("categories", categories.join(", ")),
                ("enclosures", enclosures.join(", ")),
            ],
            url,
            title,
        }
    });
    let entries = entries.collect();
    Some(Found { id: Some(feed.id), title: feed.title.value, entries })
}

#[derive(Deserialize)]
struct JsonFeed {
    version: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    items: Vec<JsonItem>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct JsonItem {
    id: serde_json::Value,
    url: String,
    title: String,
    summary: String,
    content_html: String,
    content_text: String,
    image: String,
    date_published: String,
    date_modified: String,
    authors: Vec<serde_json::Value>,
    tags: Vec<String>,
    attachments: Vec<serde_json::Value>,
}

fn json(bytes: &[u8]) -> Option<Found> {
    let feed: JsonFeed = serde_json::from_slice(bytes).ok()?;
    if !feed.version.contains("jsonfeed.org/version/") {
        return None;
    }
    let entries = feed.items.into_iter().map(|item| {
        let names = |all: &[serde_json::Value], key: &str| {
            let names = all.iter().map(|one| one[key].as_str().unwrap_or_default());
            names.collect::<Vec<_>>().join(", ")
        };
        FoundEntry {
            id: item.id.as_str().map_or_else(|| item.id.to_string(), str::to_owned),
            published: time(&item.date_published).or_else(|| time(&item.date_modified)),
            fields: vec![
                ("title", item.title.clone()),
                ("url", item.url.clone()),
                ("published", item.date_published),
                ("updated", item.date_modified),
                ("summary", item.summary),
                ("content", item.content_html + &item.content_text),
                ("image", item.image),
                ("authors", names(&item.authors, "name")),
                ("categories", item.tags.join(", ")),
                ("enclosures", names(&item.attachments, "url")),
            ],
            url: item.url,
            title: item.title,
        }
    });
    let entries = entries.collect();
    Some(Found { id: None, title: feed.title, entries })
}
