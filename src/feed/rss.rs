//! RSS 2.0, with the elements of `content`, `dc` and `atom` that readers know.

use std::collections::BTreeMap;

use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Image, Item};

use super::text::{Cut, cleaned, declaration, line, split_at_element};
use super::{Entry, Feed, FeedError, GENERATOR, HISTORY, VERSION};
use crate::date::Moment;
use crate::html::escape;

/// The feed as an RSS document that lives at `self_url`.
///
/// # Errors
/// [`FeedError`] if the writer fails.
pub fn write(feed: &Feed, self_url: &str) -> Result<Vec<u8>, FeedError> {
    let subtitle = feed.subtitle.as_deref().filter(|subtitle| !subtitle.is_empty());
    let mut links = vec![atom_link(self_url, "self", Some("application/rss+xml"))];
    links.extend(feed.hub.iter().map(|hub| atom_link(hub, "hub", None)));
    links.extend(feed.chain.links().map(|(rel, url)| atom_link(url, rel, Some("application/rss+xml"))));
    let archive = feed.chain.is_archive().then(|| element("fh:archive", String::new(), []));
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
        namespaces: namespaces(archive.is_some()),
        extensions: extensions([("atom", "link", links), ("fh", "archive", archive.into_iter().collect())]),
        title,
        ..Channel::default()
    };
    let bytes = channel.write_to(Vec::new()).map_err(FeedError::new)?;
    // The channel was written with its first item, which declares the namespaces; each item is written
    // once, however many feeds have it.
    let (head, _, tail) = parts(&bytes)?;
    let items: Vec<&[u8]> =
        feed.entries.iter().map(|entry| entry.rss(|| write_item(entry))).collect::<Result<_, _>>()?;
    let (declaration, head) = declaration(head)?;
    let start = [declaration, feed.stylesheet().as_bytes(), head].concat();
    Ok([&[start.as_slice()], items.as_slice(), &[tail, b"\n"]].concat().concat())
}

fn namespaces(archive: bool) -> BTreeMap<String, String> {
    let used = [
        ("atom", "http://www.w3.org/2005/Atom", true),
        ("dc", "http://purl.org/dc/elements/1.1/", true),
        ("fh", HISTORY, archive),
    ];
    let used = used.into_iter().filter(|(.., is_used)| *is_used);
    used.map(|(prefix, namespace, _)| (prefix.to_owned(), namespace.to_owned())).collect()
}

/// One item, as every feed has it.
fn write_item(entry: &Entry) -> Result<Vec<u8>, FeedError> {
    let channel = Channel { items: vec![item(entry)], ..Channel::default() };
    let bytes = channel.write_to(Vec::new()).map_err(FeedError::new)?;
    parts(&bytes).map(|(_, item, _)| item.to_vec())
}

/// What is before the only item of a channel, the item, and what is behind it. All text before it is
/// escaped, and behind it are only the ends of the elements around it.
fn parts(channel: &[u8]) -> Result<Cut<'_>, FeedError> {
    split_at_element(channel, "<item>", "</item>").ok_or_else(|| FeedError::new("an item is missing"))
}

fn item(entry: &Entry) -> Item {
    // RSS means an e-mail address by `author`; a name alone goes into `dc:creator`.
    let author = entry.authors.iter().find_map(|person| {
        let email = person.email.as_deref()?;
        Some(format!("{} ({})", cleaned(email), line(&person.name)))
    });
    let creators = entry.authors.iter().map(|person| element("dc:creator", line(&person.name), [])).collect();
    let updated = vec![element("atom:updated", entry.updated.rfc3339(), [])];
    // Readers take `description` for HTML, so that plain text has to be escaped once to be itself.
    let description = entry.summary.as_deref().map(|summary| escape(&cleaned(summary)).into_owned());
    Item {
        title: Some(line(&entry.title)),
        link: Some(cleaned(&entry.url)),
        description: description.or_else(|| entry.content_html.as_deref().map(cleaned)),
        author,
        categories: entry
            .categories
            .iter()
            .map(|category| Category { name: line(&category.label), domain: Some(cleaned(&category.scheme)) })
            .collect(),
        enclosure: entry.enclosures.first().map(|enclosure| Enclosure {
            url: cleaned(&enclosure.url),
            length: enclosure.length.to_string(),
            mime_type: cleaned(&enclosure.media_type),
        }),
        guid: Some(Guid { value: cleaned(&entry.id), permalink: false }),
        pub_date: Some(entry.published.rfc2822()),
        content: entry.content_html.as_deref().map(cleaned),
        extensions: extensions([("atom", "updated", updated), ("dc", "creator", creators)]),
        ..Item::default()
    }
}

fn extensions<const N: usize>(groups: [(&str, &str, Vec<Extension>); N]) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    for (prefix, name, elements) in groups.into_iter().filter(|(.., elements)| !elements.is_empty()) {
        map.entry(prefix.to_owned()).or_default().insert(name.to_owned(), elements);
    }
    map
}

fn element<const N: usize>(name: &str, value: String, attributes: [(&str, String); N]) -> Extension {
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
