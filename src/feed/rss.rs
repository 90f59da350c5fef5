//! RSS 2.0, with elements of the namespaces `content`, `dc` and `atom` that readers know.

use std::collections::BTreeMap;

use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Image, Item};

use super::text::{Cut, cleaned, declaration, line, split_at_element};
use super::{Entry, Feed, FeedError, GENERATOR, HISTORY, MEDIA, VERSION, media, podcast};
use crate::model::date::Moment;
use crate::model::html::escape;

/// The namespace of `content:encoded` (<https://web.resource.org/rss/1.0/modules/content/>).
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";

/// Writes the feed as an RSS document whose own URL is `self_url`.
///
/// # Errors
/// [`FeedError`] if the writer fails.
pub fn write(feed: &Feed, self_url: &str) -> Result<Vec<u8>, FeedError> {
    let subtitle = feed.subtitle.as_deref().filter(|subtitle| !subtitle.is_empty());
    let mut links = vec![atom_link(self_url, "self", Some("application/rss+xml"))];
    links.extend(feed.hub.iter().map(|hub| atom_link(hub, "hub", None)));
    links.extend(feed.chain.links().map(|(rel, url)| atom_link(url, rel, Some("application/rss+xml"))));
    let mut elements = ExtensionMap::new();
    links.into_iter().for_each(|link| add(&mut elements, "atom:link", link));
    if feed.chain.is_archive() {
        add(&mut elements, "fh:archive", element("fh:archive", String::new(), []));
    }
    if let Some(show) = &feed.podcast {
        podcast::add_show(&mut elements, show);
    }
    let title = line(&feed.title);
    let channel = Channel {
        link: cleaned(&feed.home_url),
        description: cleaned(subtitle.unwrap_or(&feed.title)),
        language: feed.language.as_deref().map(cleaned),
        copyright: feed.rights.as_deref().map(cleaned),
        pub_date: feed.newest_published().as_ref().map(Moment::rfc2822),
        last_build_date: Some(feed.updated.rfc2822()),
        generator: Some(format!("{GENERATOR} {VERSION}")),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: feed.ttl_minutes.map(|minutes| minutes.to_string()),
        image: feed.logo.as_deref().map(|logo| Image {
            url: cleaned(logo),
            title: title.clone(),
            link: cleaned(&feed.home_url),
            ..Image::default()
        }),
        items: feed.entries.first().map(|entry| item(entry)).into_iter().collect(),
        namespaces: namespaces(feed),
        extensions: elements,
        title,
        ..Channel::default()
    };
    let bytes = channel.write_to(Vec::new()).map_err(FeedError::new)?;
    // The channel is written with its first item, which declares the namespaces. Each item is written once, however
    // many feeds have it.
    let (head, tail) = match feed.entries.is_empty() {
        true => (bytes.as_slice(), &[][..]),
        false => parts(&bytes).map(|(head, _, tail)| (head, tail))?,
    };
    let items: Vec<&[u8]> =
        feed.entries.iter().map(|entry| entry.rss(|| write_item(entry))).collect::<Result<_, _>>()?;
    let (declaration, head) = declaration(head)?;
    let start = [declaration, feed.stylesheet().as_bytes(), head].concat();
    Ok([&[start.as_slice()], items.as_slice(), &[tail, b"\n"]].concat().concat())
}

fn namespaces(feed: &Feed) -> BTreeMap<String, String> {
    let has_episode = |entry: &Entry| {
        let prefixes = podcast::NAMESPACES.iter().map(|(prefix, _)| *prefix);
        entry.episode.is_some() || prefixes.into_iter().any(|prefix| entry.uses(prefix, false))
    };
    let is_podcast = feed.podcast.is_some() || feed.entries.iter().any(|entry| has_episode(entry));
    let used = [
        ("atom", "http://www.w3.org/2005/Atom", true),
        // The writer knows the content of the first entry alone, and not of one as last published.
        ("content", CONTENT, feed.entries.iter().any(|entry| entry.uses("content", false))),
        ("dc", "http://purl.org/dc/elements/1.1/", true),
        ("fh", HISTORY, feed.chain.is_archive()),
        ("media", MEDIA, feed.entries.iter().any(|entry| entry.uses("media", entry.image.is_some()))),
    ];
    let podcast = podcast::NAMESPACES.map(|(prefix, namespace)| (prefix, namespace, is_podcast));
    let used = used.into_iter().chain(podcast);
    let used = used.into_iter().filter(|(.., is_used)| *is_used);
    used.map(|(prefix, namespace, _)| (prefix.to_owned(), namespace.to_owned())).collect()
}

/// Writes one item, in the form that every feed shares.
fn write_item(entry: &Entry) -> Result<Vec<u8>, FeedError> {
    let channel = Channel { items: vec![item(entry)], ..Channel::default() };
    let bytes = channel.write_to(Vec::new()).map_err(FeedError::new)?;
    parts(&bytes).map(|(_, item, _)| item.to_vec())
}

/// Splits a channel with a single item into the part before it, the item, and the part after it. All text before the
/// item is escaped; after it are only end tags.
fn parts(channel: &[u8]) -> Result<Cut<'_>, FeedError> {
    split_at_element(channel, "<item>", "</item>").ok_or_else(|| FeedError::new("an item is missing"))
}

fn item(entry: &Entry) -> Item {
    // RSS requires an e-mail address in `author`; a name alone goes into `dc:creator`.
    let author = entry.authors.iter().find_map(|person| {
        let email = person.email.as_deref()?;
        Some(format!("{} ({})", cleaned(email), line(&person.name)))
    });
    let mut elements = ExtensionMap::new();
    add(&mut elements, "atom:updated", element("atom:updated", entry.updated.rfc3339(), []));
    for person in &entry.authors {
        add(&mut elements, "dc:creator", element("dc:creator", line(&person.name), []));
    }
    if let Some(related) = &entry.related {
        let attributes = [("rel".to_owned(), "related".to_owned()), ("href".to_owned(), cleaned(related))];
        let link = with("atom:link", attributes.into());
        add(&mut elements, "atom:link", link);
    }
    if let Some(image) = &entry.image {
        let media = media::elements(image).into_iter();
        media.for_each(|(name, attributes)| add(&mut elements, name, with(name, attributes)));
    }
    if let Some(episode) = &entry.episode {
        podcast::add_episode(&mut elements, episode);
    }
    // Readers take `description` for HTML, so plain text is escaped.
    let summary = entry.summary.as_deref().map(|summary| escape(&cleaned(summary)).into_owned());
    let description = summary.or_else(|| entry.content_html.as_deref().map(cleaned));
    // An item has a title or a description (RSS 2.0); a note with neither has the title of the Atom entry.
    let has_text = description.as_deref().is_some_and(|text| !text.trim().is_empty());
    Item {
        title: (!entry.is_untitled || !has_text).then(|| line(&entry.title)),
        link: Some(cleaned(&entry.url)),
        description,
        author,
        categories: entry
            .categories
            .iter()
            .map(|category| Category { name: line(&category.label), domain: Some(cleaned(&category.scheme)) })
            .collect(),
        enclosure: entry.enclosures.first().map(|enclosure| Enclosure {
            url: cleaned(&enclosure.url),
            length: enclosure.length.unwrap_or(0).to_string(),
            mime_type: cleaned(&enclosure.media_type),
        }),
        guid: Some(Guid { value: cleaned(&entry.id), permalink: false }),
        pub_date: Some(entry.published.rfc2822()),
        content: entry.content_html.as_deref().map(cleaned),
        extensions: elements,
        ..Item::default()
    }
}

/// Adds `one` under `name`, which has a prefix.
pub(super) fn add(map: &mut ExtensionMap, name: &str, one: Extension) {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    map.entry(prefix.to_owned()).or_default().entry(local.to_owned()).or_default().push(one);
}

fn with(name: &str, attrs: BTreeMap<String, String>) -> Extension {
    Extension { name: name.to_owned(), attrs, ..Extension::default() }
}

pub(super) fn element<const N: usize>(
    name: &str,
    value: String,
    attributes: [(&str, String); N],
) -> Extension {
    Extension {
        name: name.to_owned(),
        value: (!value.is_empty()).then_some(value),
        attrs: attributes.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        children: BTreeMap::new(),
    }
}

fn atom_link(url: &str, rel: &str, media_type: Option<&str>) -> Extension {
    let mut link = element("atom:link", String::new(), [("href", cleaned(url)), ("rel", rel.to_owned())]);
    if let Some(media_type) = media_type {
        link.attrs.insert("type".to_owned(), media_type.to_owned());
    }
    link
}
