//! NewsML-G2: items, alone or in a message.

use super::dom::{Element, Node};
use super::{State, Story, nitf, when};
use crate::import::html::of_plain;
use crate::import::model::Spot;

/// The text items below `root`.
pub(super) fn read(root: &Element, file: &str) -> Vec<Story> {
    let mut items = Vec::new();
    root.all("newsItem", &mut items);
    items.into_iter().filter(|item| is_text(item)).map(|item| story(item, file)).collect()
}

/// True for an item that is no picture, film or sound.
fn is_text(item: &Element) -> bool {
    let class = item.at(&["itemMeta", "itemClass"]).map(|class| class.get("qcode")).unwrap_or_default();
    class.is_empty() || class.ends_with(":text") || class.ends_with(":composite")
}

fn story(item: &Element, file: &str) -> Story {
    let spot = Spot::file(file);
    let meta = |name: &str| item.text_at(&["itemMeta", name]);
    let content = |name: &str| item.text_at(&["contentMeta", name]);
    let date = |name: &str| when(&meta(name), name, &spot);
    let status =
        item.at(&["itemMeta", "pubStatus"]).map(|status| status.get("qcode")).unwrap_or("stat:usable");
    let mut subjects = Vec::new();
    for subject in item.at(&["contentMeta"]).into_iter().flat_map(Element::elements) {
        if subject.name == "subject" {
            subjects.push(subject.text_at(&["name"]));
        }
    }
    let language = item.at(&["contentMeta", "language"]).map(|one| one.get("tag")).unwrap_or_default();
    let language = if language.is_empty() { item.get("lang") } else { language };
    let byline = content("by");
    let creator = item.text_at(&["contentMeta", "creator", "name"]);
    Story {
        id: item.get("guid").to_owned(),
        version: item.get("version").parse().unwrap_or(1),
        state: state(status),
        headline: content("headline"),
        slugline: content("slugline"),
        summary: content("description"),
        byline: if byline.is_empty() { creator } else { byline },
        language: language.to_owned(),
        copyright: item.text_at(&["rightsInfo", "copyrightNotice"]),
        subjects,
        html: text(item),
        first: date("firstCreated"),
        changed: date("versionCreated"),
        embargo: date("embargoed"),
        expires: None,
        note: meta("edNote"),
        spot,
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
