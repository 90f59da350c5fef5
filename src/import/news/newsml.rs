//! NewsML-G2: items, alone or in a message.

use super::dom::{Element, Node};
use super::nitf;
use super::take::{State, Stated, Take};
use crate::config::WireKind;
use crate::import::html::of_plain;

/// The text items below `root`.
pub(super) fn read(root: &Element, file: &str) -> Vec<Take> {
    let mut items = Vec::new();
    root.all("newsItem", &mut items);
    items.into_iter().filter(|item| is_text(item)).map(|item| take(item, file)).collect()
}

/// True for an item that is no picture, film or sound.
fn is_text(item: &Element) -> bool {
    let class = item.at(&["itemMeta", "itemClass"]).map(|class| class.get("qcode")).unwrap_or_default();
    class.is_empty() || class.ends_with(":text") || class.ends_with(":composite")
}

fn take(item: &Element, file: &str) -> Take {
    let meta = |name: &str| item.text_at(&["itemMeta", name]);
    let content = |name: &str| item.text_at(&["contentMeta", name]);
    let date = |name: &str| Stated::filled(name, &meta(name));
    let status =
        item.at(&["itemMeta", "pubStatus"]).map(|status| status.get("qcode")).unwrap_or("stat:usable");
    let named = |name: &str| {
        let all = item.at(&["contentMeta"]).into_iter().flat_map(Element::elements);
        let text = |one: &Element| match one.at(&["name"]) {
            Some(name) => name.text(),
            None => one.own_text(),
        };
        all.filter(|one| one.name == name).map(text).collect::<Vec<String>>()
    };
    let language = item.at(&["contentMeta", "language"]).map(|one| one.get("tag")).unwrap_or_default();
    let language = if language.is_empty() { item.get("lang") } else { language };
    let byline = content("by");
    let creator = item.text_at(&["contentMeta", "creator", "name"]);
    let places = [named("located"), named("place")].concat();
    // An embargo without a time lasts until a later version ends it.
    let embargo = item.at(&["itemMeta", "embargoed"]).map(|one| Stated::of("embargoed", &one.text()));
    Take {
        file: file.to_owned(),
        kind: WireKind::Newsml,
        id: item.get("guid").to_owned(),
        version: item.get("version").parse().ok(),
        state: state(status),
        headline: content("headline"),
        slugline: content("slugline"),
        summary: content("description"),
        byline: if byline.is_empty() { creator } else { byline },
        credit: if content("creditline").is_empty() {
            item.text_at(&["itemMeta", "provider", "name"])
        } else {
            content("creditline")
        },
        language: language.to_owned(),
        copyright: item.text_at(&["rightsInfo", "copyrightNotice"]),
        subjects: named("subject"),
        keywords: named("keyword"),
        genres: named("genre"),
        places,
        text: text(item),
        first: date("firstCreated"),
        changed: date("versionCreated"),
        embargo,
        expires: date("expires"),
        note: meta("edNote"),
        ..Take::default()
    }
}

/// The state that a status means; an unknown one holds the story back.
pub(super) fn state(status: &str) -> State {
    match status.rsplit(':').next().unwrap_or_default() {
        "usable" => State::Usable,
        "canceled" | "cancelled" => State::Killed,
        _ => State::Withheld,
    }
}

fn text(item: &Element) -> String {
    let Some(set) = item.at(&["contentSet"]) else { return String::new() };
    if let Some(inline) = set.at(&["inlineXML"]) {
        if let Some(body) = inline.at(&["html", "body"]) {
            return body.html();
        }
        if let Some(body) = inline.at(&["nitf", "body"]) {
            return nitf::text(body);
        }
        return inline.html();
    }
    let Some(data) = set.at(&["inlineData"]) else { return String::new() };
    let kind = data.get("contenttype");
    let words = data.children.iter().filter_map(|node| match node {
        Node::Text(text) => Some(text.as_str()),
        Node::Element(_) => None,
    });
    let words: String = words.collect();
    if kind.contains("html") { words } else { of_plain(&words) }
}
