//! The HTML that texts may have where `raw_html` is not `allow`: what feeds may have, and little beyond.
//!
//! The whole text is cleaned after it was rendered, so that no syntax gets past it. HTML that the renderer makes with
//! rules of its own (code, formulas, references to footnotes) is put in afterwards, and so are components.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use ammonia::Builder;

use super::MarkdownError;
use crate::feed::{allow_list, is_small_picture};
use crate::model::html::{Attribute, Piece, decode, walk};
use crate::model::url::{self, refused_scheme};

/// Elements of pages beyond those of feeds.
const ELEMENTS: [&str; 6] = ["big", "center", "picture", "strike", "track", "tt"];

/// Attributes of single elements beyond those of feeds.
const ATTRIBUTES: [(&str, &[&str]); 8] = [
    ("a", &["name", "download"]),
    ("audio", &["loop", "preload"]),
    ("img", &["srcset", "sizes", "loading", "decoding"]),
    ("source", &["srcset", "sizes", "media"]),
    ("td", &["style"]),
    ("th", &["style"]),
    ("track", &["src", "kind", "srclang", "label", "default"]),
    ("video", &["loop", "preload", "muted", "playsinline"]),
];

/// Attributes of all elements beyond those of feeds.
const GENERIC: [&str; 6] = ["aria-hidden", "aria-label", "class", "data-feed", "role", "title"];

/// The signs that stand for HTML of ours and for components.
const SIGNS: [char; 4] = ['\u{e000}', '\u{e001}', '\u{e002}', '\u{e003}'];

/// The allow-list.
struct Policy {
    cleaner: Builder<'static>,
    elements: HashSet<&'static str>,
    attributes: HashMap<&'static str, HashSet<&'static str>>,
    generic: HashSet<&'static str>,
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let mut cleaner = allow_list();
    cleaner.add_tags(ELEMENTS).add_generic_attributes(GENERIC);
    for (element, names) in ATTRIBUTES {
        cleaner.add_tag_attributes(element, names.iter().copied());
    }
    cleaner.attribute_filter(kept);
    Policy {
        elements: cleaner.clone_tags(),
        attributes: cleaner.clone_tag_attributes(),
        generic: cleaner.clone_generic_attributes(),
        cleaner,
    }
});

/// The value of an allowed attribute. `None` if it is dropped after all.
fn kept<'v>(element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let is_alignment = || {
        matches!(value.trim_end_matches(';'), "text-align: left" | "text-align: center" | "text-align: right")
    };
    match (element, name) {
        ("td" | "th", "style") => is_alignment().then_some(Cow::Borrowed(value)),
        (_, "href" | "src" | "poster" | "cite")
            if url::scheme(value).is_some_and(|scheme| scheme == "data") =>
        {
            (element == "img" && is_small_picture(value)).then_some(Cow::Borrowed(value))
        }
        // A component in an attribute would end it.
        _ if value.contains(SIGNS) => Some(Cow::Owned(value.replace(SIGNS, ""))),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// `html` of an author with only what a text may have; `report` gets what it loses, with its bytes.
pub fn sanitized(html: &str, report: &mut dyn FnMut(Range<usize>, MarkdownError)) -> String {
    let mut problems = Vec::new();
    walk(html, &mut |piece, range| {
        if let Piece::Tag { name, closing: false, attributes } = piece {
            problems.extend(removed(name, &attributes).map(|error| (range.clone(), error)));
        }
    });
    group(&mut problems);
    problems.into_iter().for_each(|(range, error)| report(range, error));
    POLICY.cleaner.clean(html).to_string()
}

/// True if no text may have the address `written`.
pub(super) fn refuses(written: &str) -> bool {
    refused_scheme(written).is_some() && !is_small_picture(written)
}

/// True if a browser that follows `written` runs it. Components may have pictures as data.
pub(super) fn runs(written: &str) -> bool {
    let is_picture =
        written.trim_start().get(..11).is_some_and(|own| own.eq_ignore_ascii_case("data:image/"));
    url::runs(written) && !is_picture
}

/// The warning that an address was left out.
pub(super) fn removed_address(written: &str) -> MarkdownError {
    let scheme = url::scheme(written).unwrap_or_default();
    MarkdownError::Removed { removed: format!("the address with `{scheme}:`"), count: 1 }
}

/// The warning that the attribute `name` of `element` is left out, if it is.
pub(super) fn removed_attribute(element: &str, name: &str) -> Option<MarkdownError> {
    let name = name.to_ascii_lowercase();
    let of_element = POLICY.attributes.get(element);
    let is_kept = POLICY.generic.contains(name.as_str())
        || of_element.is_some_and(|known| known.contains(name.as_str()));
    (!is_kept).then(|| MarkdownError::Removed { removed: format!("the attribute `{name}`"), count: 1 })
}

/// The warnings for the start tag of the element `name`.
pub(super) fn removed(name: &str, attributes: &[Attribute<'_>]) -> impl Iterator<Item = MarkdownError> {
    let element = name.to_ascii_lowercase();
    let mut found = Vec::new();
    if !POLICY.elements.contains(element.as_str()) {
        found.push(MarkdownError::Removed { removed: format!("`<{element}>`"), count: 1 });
        return found.into_iter();
    }
    for attribute in attributes {
        let own = attribute.name.to_ascii_lowercase();
        let value = decode(attribute.value);
        let is_address = matches!(own.as_str(), "href" | "src" | "poster" | "cite");
        match removed_attribute(&element, &own) {
            Some(error) => found.push(error),
            None if is_address && refuses(&value) => found.push(removed_address(&value)),
            None if kept(&element, &own, &value).is_none() => {
                found.push(MarkdownError::Removed { removed: format!("the attribute `{own}`"), count: 1 });
            }
            None => {}
        }
    }
    found.into_iter()
}

/// Makes one warning of those that say the same, at the first place.
pub(super) fn group(problems: &mut Vec<(Range<usize>, MarkdownError)>) {
    let mut counts: Vec<(MarkdownError, usize)> = Vec::new();
    problems.retain(|(_, error)| {
        let is_grouped = matches!(error, MarkdownError::Removed { .. } | MarkdownError::Escaped { .. });
        if !is_grouped {
            return true;
        }
        match counts.iter_mut().find(|(known, _)| known == error) {
            Some((_, count)) => {
                *count += 1;
                false
            }
            None => {
                counts.push((error.clone(), 1));
                true
            }
        }
    });
    for (_, error) in problems {
        let of_error = counts.iter().find(|(known, _)| known == error).map(|(_, count)| *count);
        if let (Some(all), MarkdownError::Removed { count, .. } | MarkdownError::Escaped { count }) =
            (of_error, error)
        {
            *count = all;
        }
    }
}

/// HTML of ours, with a sign for each piece in the text that is cleaned.
#[derive(Default)]
pub(super) struct Own {
    pieces: Vec<String>,
}

impl Own {
    /// The sign for `html`.
    pub fn sign(&mut self, html: String) -> String {
        let sign = format!("\u{e002}{}\u{e003}", self.pieces.len());
        // No component goes into our own HTML, whose attributes have words of the author.
        self.pieces.push(if html.contains(SIGNS) { html.replace(SIGNS, "") } else { html });
        sign
    }

    /// `html` cleaned, with ours in the place of the signs.
    pub fn cleaned(&self, html: &str) -> String {
        let cleaned = POLICY.cleaner.clean(html).to_string();
        let mut parts = cleaned.split('\u{e002}');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (number, rest) = part.split_once('\u{e003}').unwrap_or(("", part));
            let own = number.parse().ok().and_then(|number: usize| self.pieces.get(number));
            out.push_str(own.map_or("", String::as_str));
            out.push_str(rest);
        }
        out
    }
}
