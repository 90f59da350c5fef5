//! Atom 1.0 (RFC 4287).

use std::collections::BTreeMap;

use atom_syndication as atom;
use atom_syndication::extension::{Extension, ExtensionMap};

use super::text::{Cut, cleaned, declaration, line, split_at_element};
use super::{Category, Entry, Feed, FeedError, GENERATOR, HISTORY, MEDIA, Person, VERSION, media};
use crate::model::date::Moment;
use crate::model::html::escape;

/// Writes the feed as an Atom document whose own URL is `self_url`.
///
/// # Errors
/// [`FeedError`] if the writer fails.
pub fn write(feed: &Feed, self_url: &str) -> Result<Vec<u8>, FeedError> {
    let mut links = vec![
        link(self_url, "self", Some("application/atom+xml")),
        link(&feed.home_url, "alternate", Some("text/html")),
    ];
    links.extend(feed.hub.iter().map(|hub| link(hub, "hub", None)));
    links.extend(feed.chain.links().map(|(rel, url)| link(url, rel, Some("application/atom+xml"))));
    // Section 4.1.1 requires an author for every entry; the feed's own will do.
    let author = feed.author.clone().unwrap_or(Person { name: feed.title.clone(), email: None, url: None });
    let document = atom::Feed {
        title: plain(&line(&feed.title)),
        id: cleaned(&feed.id),
        updated: time(&feed.updated),
        authors: vec![person(&author)],
        generator: Some(atom::Generator {
            value: GENERATOR.to_owned(),
            uri: None,
            version: Some(VERSION.to_owned()),
        }),
        icon: feed.icon.as_deref().map(cleaned),
        logo: feed.logo.as_deref().map(cleaned),
        rights: feed.rights.as_deref().map(|rights| plain(&cleaned(rights))),
        subtitle: feed.subtitle.as_deref().map(|subtitle| plain(&cleaned(subtitle))),
        lang: feed.language.as_deref().map(cleaned),
        links,
        entries: feed.entries.first().map(|one| entry(one)).into_iter().collect(),
        extensions: extensions(feed),
        namespaces: namespaces(feed),
        ..atom::Feed::default()
    };
    let bytes = document.write_to(Vec::new()).map_err(FeedError::new)?;
    // Each entry is written once, however many feeds have it, as in RSS.
    let (head, tail) = match feed.entries.is_empty() {
        true => (bytes.as_slice(), &[][..]),
        false => parts(&bytes).map(|(head, _, tail)| (head, tail))?,
    };
    let entries: Vec<&[u8]> =
        feed.entries.iter().map(|one| one.atom(|| write_entry(one))).collect::<Result<_, _>>()?;
    let (declaration, head) = declaration(head)?;
    let start = [declaration, feed.stylesheet().as_bytes(), head].concat();
    Ok([&[start.as_slice()], entries.as_slice(), &[tail, b"\n"]].concat().concat())
}

/// Elements of a feed that are not part of RFC 4287.
fn extensions(feed: &Feed) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    if !feed.tombstones.is_empty() {
        let deleted = feed.tombstones.iter().map(|one| Extension {
            name: "at:deleted-entry".to_owned(),
            attrs: escaped(BTreeMap::from([
                ("ref".to_owned(), cleaned(&one.id)),
                ("when".to_owned(), one.when.rfc3339()),
            ])),
            ..Extension::default()
        });
        map.entry("at".to_owned()).or_default().insert("deleted-entry".to_owned(), deleted.collect());
    }
    if feed.chain.is_archive() {
        let archive = Extension { name: "fh:archive".to_owned(), ..Extension::default() };
        map.entry("fh".to_owned()).or_default().insert("archive".to_owned(), vec![archive]);
    }
    map
}

fn namespaces(feed: &Feed) -> BTreeMap<String, String> {
    let used = [
        ("at", "http://purl.org/atompub/tombstones/1.0", !feed.tombstones.is_empty()),
        ("fh", HISTORY, feed.chain.is_archive()),
        ("media", MEDIA, feed.entries.iter().any(|entry| entry.uses("media", entry.image.is_some()))),
    ];
    let used = used.into_iter().filter(|(.., is_used)| *is_used);
    used.map(|(prefix, namespace, _)| (prefix.to_owned(), namespace.to_owned())).collect()
}

/// Writes one entry, in the form that every feed shares.
fn write_entry(one: &Entry) -> Result<Vec<u8>, FeedError> {
    let document = atom::Feed { entries: vec![entry(one)], ..atom::Feed::default() };
    let bytes = document.write_to(Vec::new()).map_err(FeedError::new)?;
    parts(&bytes).map(|(_, entry, _)| entry.to_vec())
}

/// Splits a feed with a single entry into the part before it, the entry, and the part after it. All text in it is
/// escaped.
fn parts(feed: &[u8]) -> Result<Cut<'_>, FeedError> {
    split_at_element(feed, "<entry>", "</entry>").ok_or_else(|| FeedError::new("an entry is missing"))
}

fn entry(entry: &Entry) -> atom::Entry {
    let mut links = vec![link(&entry.url, "alternate", Some("text/html"))];
    links.extend(entry.related.iter().map(|related| link(related, "related", None)));
    links.extend(entry.via.iter().map(|via| link(via, "via", None)));
    links.extend(entry.enclosures.iter().map(|enclosure| atom::Link {
        length: enclosure.length.map(|length| length.to_string()),
        ..link(&enclosure.url, "enclosure", Some(&enclosure.media_type))
    }));
    atom::Entry {
        title: in_language(&line(&entry.title), entry),
        id: cleaned(&entry.atom_id),
        updated: time(&entry.updated),
        published: Some(time(&entry.published)),
        authors: entry.authors.iter().map(person).collect(),
        contributors: entry.contributors.iter().map(person).collect(),
        categories: entry.categories.iter().map(category).collect(),
        rights: entry.rights.as_deref().map(|rights| plain(&cleaned(rights))),
        summary: entry.summary.as_deref().map(|summary| in_language(&cleaned(summary), entry)),
        content: entry.content_html.as_deref().map(|html| atom::Content {
            value: Some(cleaned(html)),
            content_type: Some("html".to_owned()),
            lang: entry.language.as_deref().map(cleaned),
            ..atom::Content::default()
        }),
        links,
        extensions: media(entry),
        ..atom::Entry::default()
    }
}

/// Escapes an extension's attributes: the writer does not.
fn escaped(attributes: BTreeMap<String, String>) -> BTreeMap<String, String> {
    attributes.into_iter().map(|(name, value)| (name, escape(&value).into_owned())).collect()
}

fn media(entry: &Entry) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    for (name, attrs) in entry.image.iter().flat_map(media::elements) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let one = Extension { name: name.to_owned(), attrs: escaped(attrs), ..Extension::default() };
        map.entry(prefix.to_owned()).or_default().entry(local.to_owned()).or_default().push(one);
    }
    map
}

fn plain(text: &str) -> atom::Text {
    atom::Text::plain(text)
}

/// A text in the language of `entry`.
fn in_language(text: &str, entry: &Entry) -> atom::Text {
    atom::Text { lang: entry.language.as_deref().map(cleaned), ..plain(text) }
}

fn time(moment: &Moment) -> atom::FixedDateTime {
    moment.for_machines()
}

fn link(url: &str, rel: &str, media_type: Option<&str>) -> atom::Link {
    atom::Link {
        href: cleaned(url),
        rel: rel.to_owned(),
        mime_type: media_type.map(cleaned),
        ..atom::Link::default()
    }
}

fn person(person: &Person) -> atom::Person {
    atom::Person {
        name: line(&person.name),
        email: person.email.as_deref().map(cleaned),
        uri: person.url.as_deref().map(cleaned),
        ..atom::Person::default()
    }
}

fn category(category: &Category) -> atom::Category {
    atom::Category {
        term: line(&category.term),
        scheme: Some(cleaned(&category.scheme)),
        label: Some(line(&category.label)),
    }
}
