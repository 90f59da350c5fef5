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
    /// The page with the same entries.
    pub url: String,
    /// The URL to which relative addresses in it refer, as written.
    pub base: String,
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
    /// The names of those fields that are HTML; the others are plain text.
    pub html: Vec<&'static str>,
    /// The names of its authors.
    pub authors: Vec<String>,
    /// The names of its categories.
    pub categories: Vec<String>,
    /// The URL of its picture.
    pub image: String,
    /// Its files.
    pub enclosures: Vec<FoundEnclosure>,
}

/// A file of an entry, as its feed describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundEnclosure {
    /// Its URL.
    pub url: String,
    /// Its media type.
    pub media_type: String,
    /// The number of its bytes.
    pub length: String,
}

impl FoundEntry {
    /// The field `name`; empty if the entry has none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }
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
        let image = picture(&item);
        let (creators, dates) = item.dublin_core_ext.map(|dc| (dc.creators, dc.dates)).unwrap_or_default();
        let authors = if creators.is_empty() { item.author.into_iter().collect() } else { creators };
        let permalink = item.guid.as_ref().filter(|guid| guid.permalink).map(|guid| guid.value.clone());
        let (url, title) = (text(item.link.or(permalink)), text(item.title));
        let published = text(item.pub_date.or_else(|| dates.into_iter().next()));
        let id = item.guid.map_or_else(|| url.clone(), |guid| guid.value);
        let categories: Vec<String> = item.categories.into_iter().map(|category| category.name).collect();
        let enclosures = item.enclosure.into_iter().map(|one| FoundEnclosure {
            url: one.url,
            media_type: one.mime_type,
            length: one.length,
        });
        let enclosures: Vec<FoundEnclosure> = enclosures.collect();
        FoundEntry {
            id,
            published: time(&published),
            html: vec!["title", "summary", "content"],
            image,
            fields: vec![
                ("title", title.clone()),
                ("url", url.clone()),
                ("published", published),
                ("updated", text(updated)),
                ("summary", text(item.description)),
                ("content", text(item.content)),
                ("authors", authors.join(", ")),
                ("categories", categories.join(", ")),
                ("enclosures", written(&enclosures)),
            ],
            url,
            title,
            authors,
            categories,
            enclosures,
        }
    });
    let entries = entries.collect();
    Some(Found { title: channel.title, url: channel.link, entries, ..Found::default() })
}

/// The picture of an item, by the namespaces for media and podcasts.
fn picture(item: &rss::Item) -> String {
    let of_media = |name: &str| {
        let all = item.extensions.get("media")?.get(name)?;
        let is_picture = |one: &&rss::extension::Extension| {
            let of = |name: &str| one.attrs.get(name).map_or("", String::as_str);
            name == "thumbnail" || of("medium") == "image" || of("type").starts_with("image/")
        };
        all.iter().find(is_picture)?.attrs.get("url").cloned()
    };
    let of_show = || item.itunes_ext.as_ref().and_then(|itunes| itunes.image.clone());
    of_media("content").or_else(|| of_media("thumbnail")).or_else(of_show).unwrap_or_default()
}

/// Enclosures in one text.
fn written(enclosures: &[FoundEnclosure]) -> String {
    let all = enclosures.iter().map(|one| format!("{} {} {}", one.url, one.length, one.media_type));
    all.collect::<Vec<_>>().join(", ")
}

fn atom(bytes: &[u8]) -> Option<Found> {
    let feed = atom_syndication::Feed::read_from(bytes).ok()?;
    let entries = feed.entries.into_iter().map(|entry| {
        let of = |relation: &str| entry.links.iter().filter(|link| link.rel == relation).collect::<Vec<_>>();
        let url = of("alternate").first().map(|link| link.href.clone()).unwrap_or_default();
        let enclosures = of("enclosure").into_iter().map(|link| FoundEnclosure {
            url: link.href.clone(),
            media_type: link.mime_type.clone().unwrap_or_default(),
            length: link.length.clone().unwrap_or_default(),
        });
        let enclosures: Vec<FoundEnclosure> = enclosures.collect();
        let authors: Vec<String> = entry.authors.iter().map(|person| person.name.clone()).collect();
        let categories = entry.categories.iter().map(|one| one.label.clone().unwrap_or(one.term.clone()));
        let categories: Vec<String> = categories.collect();
        let is_html = |text: &atom_syndication::Text| text.r#type != atom_syndication::TextType::Text;
        let content = entry.content.as_ref();
        let kinds = [
            ("title", is_html(&entry.title)),
            ("summary", entry.summary.as_ref().is_some_and(is_html)),
            ("content", content.is_some_and(|one| one.content_type.as_deref().unwrap_or("text") != "text")),
        ];
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
                ("content", content.and_then(|one| one.value.clone()).unwrap_or_default()),
                ("authors", authors.join(", ")),
                ("categories", categories.join(", ")),
                ("enclosures", written(&enclosures)),
            ],
            html: kinds.into_iter().filter(|(_, is_html)| *is_html).map(|(name, _)| name).collect(),
            url,
            title,
            authors,
            categories,
            image: String::new(),
            enclosures,
        }
    });
    let entries = entries.collect();
    let home = feed.links.iter().find(|link| link.rel == "alternate");
    let url = home.map(|link| link.href.clone()).unwrap_or_default();
    let base = feed.base.unwrap_or_default();
    Some(Found { id: Some(feed.id), title: feed.title.value, url, base, entries })
}

#[derive(Deserialize)]
struct JsonFeed {
    version: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    home_page_url: String,
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
        let names = |all: &[serde_json::Value], key: &str| -> Vec<String> {
            all.iter().map(|one| one[key].as_str().unwrap_or_default().to_owned()).collect()
        };
        let urls = names(&item.attachments, "url");
        let (types, is_html) = (names(&item.attachments, "mime_type"), !item.content_html.is_empty());
        let lengths = item.attachments.iter().map(|one| one["size_in_bytes"].as_u64());
        let lengths = lengths.map(|length| length.map(|length| length.to_string()).unwrap_or_default());
        let enclosures = urls
            .iter()
            .cloned()
            .zip(types)
            .zip(lengths)
            .map(|((url, media_type), length)| FoundEnclosure { url, media_type, length });
        let authors = names(&item.authors, "name");
        FoundEntry {
            id: item.id.as_str().map_or_else(|| item.id.to_string(), str::to_owned),
            published: time(&item.date_published).or_else(|| time(&item.date_modified)),
            enclosures: enclosures.collect(),
            html: if is_html { vec!["content"] } else { Vec::new() },
            fields: vec![
                ("title", item.title.clone()),
                ("url", item.url.clone()),
                ("published", item.date_published),
                ("updated", item.date_modified),
                ("summary", item.summary),
                ("content", item.content_html + &item.content_text),
                ("image", item.image.clone()),
                ("authors", authors.join(", ")),
                ("categories", item.tags.join(", ")),
                ("enclosures", urls.join(", ")),
            ],
            url: item.url,
            title: item.title,
            authors,
            categories: item.tags,
            image: item.image,
        }
    });
    let entries = entries.collect();
    Some(Found { title: feed.title, url: feed.home_page_url, entries, ..Found::default() })
}
