//! HTML content of entries: sanitized for feeds, with absolute URLs.

mod well_formed;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use url::Url;

use super::embeds::{is_small_picture, replaced};
use crate::model::html::TEXT_ELEMENTS;
use crate::model::url::SCHEMES;

/// Allowed elements beside [`TEXT_ELEMENTS`]. The tags of all others are dropped, and their text stays.
const MORE_ELEMENTS: [&str; 3] = ["hgroup", "menu", "nav"];

/// Elements whose text is dropped too.
const SILENT: [&str; 4] = ["script", "style", "template", "select"];

/// Allowed attributes of single elements, sorted by name.
const ATTRIBUTES: [(&str, &[&str]); 20] = [
    ("a", &["href", "hreflang", "title", "rel"]),
    ("abbr", &["title"]),
    ("audio", &["src", "controls"]),
    ("bdo", &["dir"]),
    ("blockquote", &["cite"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("dfn", &["title"]),
    ("img", &["src", "alt", "width", "height", "title"]),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "reversed", "type"]),
    ("q", &["cite"]),
    ("source", &["src", "type"]),
    ("td", &["colspan", "rowspan", "headers"]),
    ("th", &["colspan", "rowspan", "headers", "scope", "abbr"]),
    ("time", &["datetime"]),
    ("video", &["src", "poster", "controls", "width", "height"]),
];

/// Allowed attributes of all elements.
const GENERIC: [&str; 3] = ["dir", "id", "lang"];

thread_local! {
    /// The URL of the page whose HTML this thread is cleaning.
    static BASE: RefCell<Option<Url>> = const { RefCell::new(None) };
}

/// The allow-list. Making it takes longer than cleaning most articles, so all share one. The page's URL differs for
/// each article and is passed in [`BASE`].
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = allow_list();
    builder.attribute_filter(|element: &str, name: &str, value: &str| {
        let kept = BASE.with_borrow(|base| kept(element, name, value, base.as_ref()))?;
        Some(Cow::Owned(kept.into_owned()))
    });
    builder
});

/// The elements, attributes and addresses that the HTML of entries may have.
pub fn allow_list() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(TEXT_ELEMENTS.into_iter().chain(MORE_ELEMENTS).collect())
        .clean_content_tags(HashSet::from(SILENT))
        .generic_attributes(HashSet::from(GENERIC))
        .tag_attributes(
            ATTRIBUTES
                .iter()
                .map(|(tag, names)| (*tag, names.iter().copied().collect()))
                .collect::<HashMap<_, _>>(),
        )
        .url_schemes(SCHEMES.into_iter().chain(["data"]).collect())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    builder
}

/// The cleaned value of an allowed attribute; a URL becomes absolute. `None` if the attribute is dropped.
fn kept<'a>(element: &str, name: &str, value: &'a str, base: Option<&Url>) -> Option<Cow<'a, str>> {
    match name {
        "src" if element == "img" && is_small_picture(value) => Some(Cow::Borrowed(value.trim())),
        "href" | "src" | "poster" | "cite" => {
            let url = base?.join(value.trim()).ok()?;
            SCHEMES.contains(&url.scheme()).then(|| Cow::Owned(String::from(url)))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Sanitizes `html` of the page at the URL `base` for a feed: an allow-list decides what stays, every URL becomes
/// absolute, and elements that feeds can't carry become links or texts. `base` must be an absolute URL; otherwise all
/// URLs are dropped.
pub fn absolute(html: &str, base: &str) -> String {
    let base = Url::parse(base).ok();
    // Form controls are dropped, so check boxes of task lists become characters.
    let with_boxes = html.contains("<input type=").then(|| {
        let checked = boxes(html, "<input type=\"checkbox\" disabled checked aria-label=\"", "\u{2611}");
        boxes(&checked, "<input type=\"checkbox\" disabled aria-label=\"", "\u{2610}")
    });
    let html = replaced(with_boxes.as_deref().unwrap_or(html), base.as_ref());
    let cleaned = well_formed::cleaned(&html, base.as_ref());
    cleaned.unwrap_or_else(|| repaired(&html, base)).trim().to_owned()
}

/// `html` with `sign` in the place of each element that begins with `tag`, which ends in the quote of a label.
fn boxes(html: &str, tag: &str, sign: &str) -> String {
    let mut parts = html.split(tag);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("\">") {
            Some((_, rest)) => replaced.extend([sign, rest]),
            None => replaced.extend([tag, part]),
        }
    }
    replaced
}

/// Parses and repairs `html`, and drops everything that the allow-list does not allow.
fn repaired(html: &str, base: Option<Url>) -> String {
    BASE.set(base);
    CLEANER.clean(html).to_string()
}

#[cfg(test)]
mod tests;
