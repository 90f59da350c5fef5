//! The rules of RSS 2.0 (<https://www.rssboard.org/rss-specification>), with elements of other namespaces that
//! readers know. RSS 0.9x is checked only lightly.

use std::sync::Arc;

use super::across::{Entry, Instant};
use super::look::{Look, Often};
use super::namespace::Space;
use super::rule::Rule;
use super::tree::Tree;
use super::xml::Xml;
use super::{Findings, Known, atom, date, itunes, podcast, quoted, value};

use Often::{Any, Once};

const CHANNEL: [(&str, Often); 20] = [
    ("category", Any),
    ("cloud", Once),
    ("copyright", Once),
    ("description", Once),
    ("docs", Once),
    ("generator", Once),
    ("image", Once),
    ("item", Any),
    ("language", Once),
    ("lastBuildDate", Once),
    ("link", Once),
    ("managingEditor", Once),
    ("pubDate", Once),
    ("rating", Once),
    ("skipDays", Once),
    ("skipHours", Once),
    ("textInput", Once),
    ("title", Once),
    ("ttl", Once),
    ("webMaster", Once),
];

const ITEM: [(&str, Often); 10] = [
    ("author", Once),
    ("category", Any),
    ("comments", Once),
    ("description", Once),
    ("enclosure", Any),
    ("guid", Once),
    ("link", Once),
    ("pubDate", Once),
    ("source", Once),
    ("title", Once),
];

const IMAGE: [(&str, Often); 6] = [
    ("url", Once),
    ("title", Once),
    ("link", Once),
    ("width", Once),
    ("height", Once),
    ("description", Once),
];

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Judges an item, which is all of `tree`.
pub(super) fn item<'a>(tree: &Tree<'a>, source: &'a str, findings: &mut Findings) -> Entry {
    let mut look = Look { source, tree, findings };
    look.may_have(0, Space::None, &ITEM);
    look.no_text(0);
    look.xml_attributes(0);
    let child = |name: &str| tree.child(0, Space::None, name);
    let span = tree.node(0).span.clone();
    let title = child("title").filter(|at| !tree.node(*at).text.is_blank());
    let description = child("description").filter(|at| !tree.node(*at).text.is_blank());
    let content = tree.child(0, Space::Content, "encoded").filter(|at| !tree.node(*at).text.is_blank());
    if title.is_none() && description.is_none() {
        look.add(Rule::MissingElement, span.clone(), "`item` has neither `title` nor `description`");
    } else if description.is_none() && content.is_none() {
        look.add(Rule::NoContent, span.clone(), "");
    }
    if let Some(at) = title {
        look.title(&tree.node(at).text);
    }
    for at in [description, content].into_iter().flatten() {
        look.html(&tree.node(at).text);
    }
    for name in ["link", "comments"] {
        if let Some(at) = child(name) {
            look.web_url(at);
        }
    }
    let id = guid(&mut look);
    let published = child("pubDate").and_then(|at| look.date(at, date::rfc822));
    let dublin = tree.child(0, Space::Dc, "date");
    if let (Some(_), Some(at)) = (child("pubDate"), dublin) {
        look.add(Rule::DateTwice, tree.node(at).span.clone(), "");
    }
    if child("pubDate").is_none() && dublin.is_none() {
        look.add(Rule::MissingDate, span.clone(), "");
    }
    let updated = tree.child(0, Space::Atom, "updated").and_then(|at| look.date(at, date::rfc3339));
    if let (Some(published), Some(updated)) = (&published, &updated)
        && updated.seconds < published.seconds
    {
        look.add(Rule::UpdatedEarly, updated.span.clone(), "");
    }
    let (mut enclosures, mut recording) = (0, None);
    for at in tree.children(0) {
        let node = tree.node(at);
        if matches!(node.space, Space::None | Space::Content | Space::Dc) {
            look.leaf(at);
        }
        match (node.space, node.name) {
            (Space::None, "enclosure") => {
                enclosures += 1;
                if enclosures == 2 {
                    look.add(Rule::SeveralEnclosures, node.span.clone(), "");
                }
                enclosure(&mut look, at);
                recording = recording.or_else(|| node.attribute("url"));
            }
            (Space::None, "category") => category(&mut look, at),
            (Space::None, "author") => email(&mut look, at),
            (Space::None, "source") => match node.attribute("url") {
                Some(url) => look.attribute_url(url, true),
                None => look.add(Rule::MissingElement, node.span.clone(), "`source` has no `url`"),
            },
            (Space::Atom, "link") => atom::link(&mut look, at),
            _ => {}
        }
        look.xml_attributes(at);
    }
    itunes::item(&mut look, 0);
    podcast::item(&mut look, 0);
    look.script_urls(0);
    let enclosure = recording.map(|url| (url.value.meant.trim().into(), url.span.clone()));
    Entry { id, published, updated, enclosure, has_author: true, span }
}

/// Reads the id of an RSS 0.9x item, and judges nothing.
pub(super) fn old_item<'a>(tree: &Tree<'a>, _: &'a str, _: &mut Findings) -> Entry {
    let guid = tree.child(0, Space::None, "guid").map(|at| tree.node(at));
    let id = guid.map(|node| (node.text.meant.trim().into(), node.place()));
    Entry { id, has_author: true, span: tree.node(0).span.clone(), ..Entry::default() }
}

fn guid(look: &mut Look<'_, '_>) -> Option<(Arc<str>, std::ops::Range<usize>)> {
    let tree = look.tree;
    let Some(at) = tree.child(0, Space::None, "guid") else {
        look.add(Rule::MissingGuid, tree.node(0).span.clone(), "");
        return None;
    };
    let node = tree.node(at);
    let id = look.id(&node.text, node.place())?;
    match node.value("isPermaLink") {
        Some("false") => {}
        None | Some("true") => {
            if value::web_url(&id.0).is_some() {
                look.add(Rule::GuidPermalink, node.place(), quoted(&id.0));
            }
        }
        Some(other) => {
            let span = node.attribute("isPermaLink").map_or(node.span.clone(), |one| one.span.clone());
            look.add(Rule::BadValue, span, format!("`isPermaLink` is {}, not true or false", quoted(other)));
        }
    }
    Some(id)
}

fn enclosure(look: &mut Look<'_, '_>, at: usize) {
    let node = look.tree.node(at);
    for name in ["url", "length", "type"] {
        if node.value(name).is_none_or(|value| value.trim().is_empty()) {
            look.add(Rule::IncompleteEnclosure, node.span.clone(), format!("it has no `{name}`"));
            continue;
        }
        let Some(one) = node.attribute(name) else { continue };
        match name {
            "url" => look.attribute_url(one, true),
            "length" => {
                look.number(&one.value, one.span.clone(), 0..=u64::MAX);
                if one.value.meant.trim() == "0" {
                    look.add(Rule::ZeroLength, one.span.clone(), "");
                }
            }
            _ => look.media_type(at),
        }
    }
}

fn category(look: &mut Look<'_, '_>, at: usize) {
    let node = look.tree.node(at);
    if node.text.is_blank() {
        look.add(Rule::EmptyCategory, node.span.clone(), "");
    }
}

fn email(look: &mut Look<'_, '_>, at: usize) {
    let node = look.tree.node(at);
    if !value::is_email_with_name(&node.text.meant) {
        let rule = if value::has_email(&node.text.meant) { Rule::OddEmail } else { Rule::BadEmail };
        look.add(rule, node.place(), format!("`{}`: {}", node.name, quoted(&node.text.meant)));
    }
}

/// Judges the channel around the items; `top` is the `rss` element. Returns the channel's date.
pub(super) fn frame<'a>(
    tree: &Tree<'a>,
    top: usize,
    channel: Option<usize>,
    is_old: bool,
    known: &Known<'_>,
    xml: &mut Xml<'a>,
) -> Option<Instant> {
    let mut look = Look { source: xml.text, tree, findings: &mut xml.findings };
    let Some(channel) = channel else {
        look.add(Rule::MissingElement, tree.node(top).span.clone(), "`rss` has no `channel`");
        return None;
    };
    if is_old {
        return None;
    }
    look.may_have(top, Space::None, &[("channel", Once)]);
    look.no_text(top);
    look.xml_attributes(top);
    look.may_have(channel, Space::None, &CHANNEL);
    look.no_text(channel);
    look.xml_attributes(channel);
    if let Some(at) = look.needs(channel, Space::None, "title") {
        look.title(&tree.node(at).text);
    }
    if let Some(at) = look.needs(channel, Space::None, "link") {
        look.web_url(at);
    }
    look.needs(channel, Space::None, "description");
    let mut updated = None;
    const WITH_ELEMENTS: [&str; 6] = ["cloud", "image", "item", "skipDays", "skipHours", "textInput"];
    for at in tree.children(channel) {
        let node = tree.node(at);
        if node.space == Space::None && !WITH_ELEMENTS.contains(&node.name) {
            look.leaf(at);
        }
        match (node.space, node.name) {
            (Space::None, "docs") => look.web_url(at),
            (Space::None, "language") if !value::is_language(node.text.meant.trim()) => {
                look.add(Rule::BadLanguage, node.place(), quoted(&node.text.meant));
            }
            (Space::None, "managingEditor" | "webMaster") => email(&mut look, at),
            (Space::None, "pubDate") => {
                look.date(at, date::rfc822);
            }
            (Space::None, "lastBuildDate") => updated = look.date(at, date::rfc822),
            (Space::None, "ttl") => look.number(&node.text, node.place(), 0..=u64::from(u32::MAX)),
            (Space::None, "category") => category(&mut look, at),
            (Space::None, "image") => image(&mut look, at),
            (Space::None, "skipHours") => {
                look.may_have(at, Space::None, &[("hour", Any)]);
                for hour in tree.children(at).map(|at| tree.node(at)) {
                    look.number(&hour.text, hour.place(), 0..=23);
                }
            }
            (Space::None, "skipDays") => {
                look.may_have(at, Space::None, &[("day", Any)]);
                for day in tree.children(at).map(|at| tree.node(at)) {
                    if !DAYS.contains(&day.text.meant.trim()) {
                        look.add(Rule::BadValue, day.place(), format!("day {}", quoted(&day.text.meant)));
                    }
                }
            }
            (Space::None, "cloud") => {
                for name in ["domain", "port", "path", "registerProcedure", "protocol"] {
                    if node.attribute(name).is_none() {
                        let detail = format!("`cloud` has no `{name}`");
                        look.add(Rule::MissingElement, node.span.clone(), detail);
                    }
                }
            }
            (Space::None, "textInput") => {
                for name in ["title", "description", "name", "link"] {
                    look.needs(at, Space::None, name);
                }
            }
            (Space::Atom, "link") => atom::link(&mut look, at),
            _ => {}
        }
        look.xml_attributes(at);
    }
    atom::whereabouts(&mut look, channel, known);
    itunes::channel(&mut look, channel);
    podcast::channel(&mut look, channel);
    look.script_urls(channel);
    updated
}

fn image(look: &mut Look<'_, '_>, at: usize) {
    look.may_have(at, Space::None, &IMAGE);
    for name in ["url", "link"] {
        if let Some(at) = look.needs(at, Space::None, name) {
            look.web_url(at);
        }
    }
    look.needs(at, Space::None, "title");
    let tree = look.tree;
    // The largest size of a picture.
    for (name, most) in [("width", 144), ("height", 400)] {
        if let Some(at) = tree.child(at, Space::None, name) {
            let node = tree.node(at);
            look.number(&node.text, node.place(), 1..=most);
        }
    }
}
