//! The rules of the podcast namespace (<https://podcasting2.org/podcast-namespace>).

use super::look::{Look, Often};
use super::namespace::Space;
use super::rule::Rule;
use super::xml::Attribute;
use super::{date, quoted, value};
use crate::model::podcast::{GROUPS, MEDIA, ROLES, is_guid};
use crate::model::suggest::nearest;

use Often::{Any, Once};

/// Elements of a channel.
const CHANNEL: [(&str, Often); 21] = [
    ("block", Any),
    ("chat", Once),
    ("funding", Any),
    ("guid", Once),
    ("image", Any),
    ("images", Once),
    ("license", Once),
    ("liveItem", Any),
    ("location", Any),
    ("locked", Once),
    ("medium", Once),
    ("person", Any),
    ("podping", Once),
    ("podroll", Once),
    ("publisher", Once),
    ("remoteItem", Any),
    ("socialInteract", Any),
    ("trailer", Any),
    ("txt", Any),
    ("updateFrequency", Once),
    ("value", Any),
];

/// Elements of an item.
const ITEM: [(&str, Often); 18] = [
    ("alternateEnclosure", Any),
    ("chapters", Once),
    ("chat", Once),
    ("contentLink", Any),
    ("episode", Once),
    ("funding", Any),
    ("image", Any),
    ("images", Once),
    ("license", Once),
    ("location", Any),
    ("person", Any),
    ("remoteItem", Any),
    ("season", Once),
    ("socialInteract", Any),
    ("soundbite", Any),
    ("transcript", Any),
    ("txt", Any),
    ("value", Any),
];

/// The attributes that elements require.
const REQUIRED: [(&str, &[&str]); 18] = [
    ("alternateEnclosure", &["type"]),
    ("chapters", &["url", "type"]),
    ("chat", &["server", "protocol"]),
    ("contentLink", &["href"]),
    ("funding", &["url"]),
    ("image", &["href"]),
    ("images", &["srcset"]),
    ("integrity", &["type", "value"]),
    ("liveItem", &["status", "start"]),
    ("remoteItem", &["feedGuid"]),
    ("socialInteract", &["protocol"]),
    ("soundbite", &["startTime", "duration"]),
    ("source", &["uri"]),
    ("trailer", &["url", "pubdate"]),
    ("transcript", &["url", "type"]),
    ("value", &["type", "method"]),
    ("valueRecipient", &["type", "address", "split"]),
    ("valueTimeSplit", &["startTime", "duration"]),
];

/// Elements whose text may not be empty.
const FILLED: [&str; 10] =
    ["episode", "guid", "license", "location", "locked", "medium", "person", "season", "trailer", "txt"];

/// The most characters of texts.
const LONGEST: usize = 128;

/// Judges the elements of a channel.
pub(super) fn channel(look: &mut Look<'_, '_>, parent: usize) {
    look.extensions(parent, Space::Podcast, &CHANNEL);
    elements(look, parent);
}

/// Judges the elements of an item.
pub(super) fn item(look: &mut Look<'_, '_>, parent: usize) {
    look.extensions(parent, Space::Podcast, &ITEM);
    elements(look, parent);
}

/// Judges the elements directly in `parent`.
fn elements(look: &mut Look<'_, '_>, parent: usize) {
    let tree = look.tree;
    for at in tree.children(parent).filter(|at| tree.node(*at).space == Space::Podcast) {
        element(look, at);
    }
}

fn element(look: &mut Look<'_, '_>, at: usize) {
    let node = look.tree.node(at);
    if let Some((_, required)) = REQUIRED.iter().find(|(name, _)| *name == node.name) {
        look.requires(at, required);
    }
    if FILLED.contains(&node.name) && node.text.is_blank() {
        let detail = format!("`podcast:{}` is empty", node.name);
        look.add(Rule::MissingElement, node.span.clone(), detail);
    }
    for one in &node.attributes {
        attribute(look, node.name, one);
    }
    match node.name {
        "alternateEnclosure" => contains(look, at, "source"),
        "block" => look.word(at, &["yes", "no"], &[]),
        "episode" => decimal(look, &node.text.meant, node.place()),
        "funding" | "location" | "person" | "soundbite" => look.short(&node.text, node.place(), LONGEST),
        "guid" if !is_guid(node.text.meant.trim()) && !node.text.is_blank() => {
            look.add(Rule::BadValue, node.place(), format!("{} is no UUID", quoted(&node.text.meant)));
        }
        "locked" => look.word(at, &["yes", "no"], &["true", "false"]),
        "medium" => {
            let word = node.text.meant.trim();
            let is_known = |word: &str| MEDIA.contains(&word);
            if !is_known(word) && !word.strip_suffix('L').is_some_and(is_known) && !word.is_empty() {
                let hint =
                    nearest(word, MEDIA).map_or_else(String::new, |meant| format!("; `{meant}` is meant?"));
                look.add(Rule::BadValue, node.place(), quoted(word) + &hint);
            }
        }
        "season" => look.number(&node.text, node.place(), 0..=u64::from(u32::MAX)),
        "value" => contains(look, at, "valueRecipient"),
        _ => {}
    }
}

/// Judges the elements in the one at `at`, which must have some of the name `inner`.
fn contains(look: &mut Look<'_, '_>, at: usize, inner: &str) {
    let tree = look.tree;
    if tree.child(at, Space::Podcast, inner).is_none() {
        let detail = format!("`podcast:{}` has no `podcast:{inner}`", tree.node(at).name);
        look.add(Rule::MissingElement, tree.node(at).span.clone(), detail);
    }
    elements(look, at);
}

fn attribute(look: &mut Look<'_, '_>, element: &str, one: &Attribute<'_>) {
    if one.space != Space::None || one.value.is_blank() {
        return;
    }
    let (text, span) = (one.value.meant.trim(), one.span.clone());
    let listed = |look: &mut Look<'_, '_>, known: &[&str]| {
        let word = text.to_lowercase();
        if !known.contains(&word.as_str()) {
            let meant = nearest(&word, known.iter().copied());
            let hint = meant.map_or_else(String::new, |meant| format!("; `{meant}` is meant?"));
            look.add(Rule::UnknownRole, span.clone(), format!("`{}` is {}{hint}", one.name, quoted(text)));
        }
    };
    match (element, one.name) {
        ("person", "href" | "img") | ("license", "url") => look.attribute_url(one, false),
        ("transcript" | "chapters" | "alternateEnclosure" | "trailer" | "enclosure", "type")
            if !value::is_media_type(text) =>
        {
            look.add(Rule::BadMediaType, span, quoted(text));
        }
        ("transcript", "language") | ("alternateEnclosure", "lang") if !value::is_language(text) => {
            look.add(Rule::BadLanguage, span, quoted(text));
        }
        ("locked", "owner") if !value::is_email(text) => look.add(Rule::BadEmail, span, quoted(text)),
        ("person", "role") => listed(look, &ROLES),
        ("person", "group") => listed(look, &GROUPS),
        ("season", "name") => look.short(&one.value, span, LONGEST),
        ("episode", "display") => look.short(&one.value, span, 32),
        ("soundbite" | "valueTimeSplit", "startTime" | "duration") => decimal(look, text, span),
        ("valueRecipient", "split") | ("trailer" | "alternateEnclosure", "length") => {
            look.number(&one.value, span, 0..=u64::MAX);
        }
        ("trailer", "pubdate") => {
            look.date_of(&one.value, span, date::rfc822);
        }
        ("liveItem", "status") if !["pending", "live", "ended"].contains(&text) => {
            look.add(Rule::BadValue, span, format!("`status` is {}", quoted(text)));
        }
        ("location", "geo") if !text.starts_with("geo:") => {
            look.add(
                Rule::BadValue,
                span,
                format!("`geo` is {}, such as `geo:30.2672,97.7431`", quoted(text)),
            );
        }
        ("remoteItem", "feedGuid") if !is_guid(text) => {
            look.add(Rule::BadValue, span, format!("{} is no UUID", quoted(text)));
        }
        _ => {}
    }
}

/// Judges a decimal number.
fn decimal(look: &mut Look<'_, '_>, text: &str, span: std::ops::Range<usize>) {
    let text = text.trim();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_decimal = digits(whole) && digits(fraction);
    if !text.is_empty() && !is_decimal {
        look.add(Rule::BadNumber, span, quoted(text));
    }
}
