//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use serde::Serialize;
use serde_json::value::RawValue;

use super::text::{cleaned, line};
use super::{Entry, Feed, FeedError, Person};

#[derive(Serialize)]
struct Document {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub>,
    items: Vec<Listed>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    banner_image: Option<String>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
}

#[derive(Serialize)]
struct Author {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Hub {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Attachment {
    url: String,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

/// Writes the feed as a JSON Feed document whose own URL is `self_url`.
///
/// # Errors
/// [`FeedError`] if the writer fails.
pub fn write(feed: &Feed, self_url: &str) -> Result<Vec<u8>, FeedError> {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: line(&feed.title),
        home_page_url: cleaned(&feed.home_url),
        feed_url: cleaned(self_url),
        next_url: feed.chain.older.as_deref().map(cleaned),
        description: feed.subtitle.as_deref().map(cleaned),
        icon: feed.icon.as_deref().map(cleaned),
        favicon: feed.icon.as_deref().map(cleaned),
        authors: feed.author.iter().map(author).collect(),
        language: feed.language.as_deref().map(cleaned),
        hubs: feed.hub.iter().map(|hub| Hub { kind: "WebSub", url: cleaned(hub) }).collect(),
        items: feed.entries.iter().map(|entry| Listed::of(entry)).collect::<Result<_, _>>()?,
    };
    let mut bytes = serde_json::to_vec(&document).map_err(FeedError::new)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// An item in the list of items.
#[derive(Serialize)]
#[serde(untagged)]
enum Listed {
    Item(Box<Item>),
    /// Its form as last published.
    Published(Box<RawValue>),
}

impl Listed {
    fn of(entry: &Entry) -> Result<Listed, FeedError> {
        let Some(published) = &entry.written.published else {
            return Ok(Listed::Item(Box::new(item(entry))));
        };
        let raw = serde_json::from_slice::<Box<RawValue>>(published).map_err(FeedError::new)?;
        Ok(Listed::Published(raw))
    }
}

fn item(entry: &Entry) -> Item {
    let html = entry.content_html.as_deref().map(cleaned);
    let summary = entry.summary.as_deref().map(cleaned);
    Item {
        id: cleaned(&entry.id),
        url: cleaned(&entry.url),
        external_url: entry.related.as_deref().map(cleaned),
        title: (!entry.is_untitled).then(|| line(&entry.title)),
        // The standard requires one of the two contents for every item.
        content_text: if html.is_some() { None } else { Some(summary.clone().unwrap_or_default()) },
        content_html: html,
        summary,
        image: entry.image.as_ref().map(|image| cleaned(&image.url)),
        banner_image: entry.banner.as_deref().map(cleaned),
        date_published: entry.published.rfc3339(),
        date_modified: entry.updated.rfc3339(),
        authors: entry.authors.iter().map(author).collect(),
        tags: entry.categories.iter().map(|category| line(&category.label)).collect(),
        language: entry.language.as_deref().map(cleaned),
        attachments: entry
            .enclosures
            .iter()
            .map(|enclosure| Attachment {
                url: cleaned(&enclosure.url),
                mime_type: cleaned(&enclosure.media_type),
                size_in_bytes: enclosure.length,
                duration_in_seconds: enclosure.seconds,
            })
            .collect(),
    }
}

fn author(person: &Person) -> Author {
    Author { name: line(&person.name), url: person.url.as_deref().map(cleaned) }
}
