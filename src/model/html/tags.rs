//! HTML taken apart: its texts, its tags, and their attributes.

use std::ops::Range;

/// A piece of HTML.
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Tag { name: &'a str, closing: bool, attributes: Vec<Attribute<'a>> },
    Other,
}

pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// The bytes of the value, with its quotes.
    pub(crate) span: Range<usize>,
    /// The bytes of name and value.
    pub(crate) whole: Range<usize>,
}

/// Elements whose content is not markup.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// True for an element whose content is not markup.
pub(super) fn is_raw(name: &str) -> bool {
    matches!(name.len(), 5 | 6 | 8) && RAW.iter().any(|raw| raw.eq_ignore_ascii_case(name))
}

/// Elements that have no content and no end tag.
pub(crate) const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Calls `each` with every piece of `html` and its range of bytes, in order and without gaps.
pub(crate) fn walk<'a>(html: &'a str, each: &mut dyn FnMut(Piece<'a>, Range<usize>)) {
    let bytes = html.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let open = memchr::memchr(b'<', &bytes[at..]).map_or(html.len(), |found| at + found);
        if open > at {
            each(Piece::Text(&html[at..open]), at..open);
            at = open;
            continue;
        }
        if html[at..].starts_with("<!--") {
            let end = html[at + 4..].find("-->").map_or(html.len(), |found| at + 4 + found + 3);
            each(Piece::Other, at..end);
            at = end;
            continue;
        }
        let closing = bytes.get(at + 1) == Some(&b'/');
        let name_start = at + 1 + usize::from(closing);
        if !bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic) {
            let markup = matches!(bytes.get(at + 1), Some(b'!' | b'?' | b'/'));
            let end =
                if markup { html[at..].find('>').map_or(html.len(), |found| at + found + 1) } else { at + 1 };
            each(if markup { Piece::Other } else { Piece::Text(&html[at..end]) }, at..end);
            at = end;
            continue;
        }
        let name_end = skip(html, name_start, |b| !is_in_tag(b, BLANK | SLASH | END));
        let name = &html[name_start..name_end];
        let (attributes, end) = attributes(html, name_end);
        each(Piece::Tag { name, closing, attributes }, at..end);
        at = end;
        if !closing && is_raw(name) {
            let close = find_close(html, at, name);
            if close > at {
                each(Piece::Other, at..close);
            }
            at = close;
        }
    }
}

/// The position, from `at` on, of the first byte that `wanted` rejects.
#[inline]
pub(super) fn skip(html: &str, mut at: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let bytes = html.as_bytes();
    while bytes.get(at).is_some_and(|byte| wanted(*byte)) {
        at += 1;
    }
    at
}

/// White space between the parts of a tag.
pub(super) const BLANK: u8 = 1;
/// `/`.
pub(super) const SLASH: u8 = 2;
/// `=`.
const EQUALS: u8 = 4;
/// `>`.
pub(super) const END: u8 = 8;

/// The class of each byte within a tag; 0 for one of a name.
const IN_TAG: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        classes[at] = match at as u8 {
            b'\t' | b'\n' | 0xc | b'\r' | b' ' => BLANK,
            b'/' => SLASH,
            b'=' => EQUALS,
            b'>' => END,
            _ => 0,
        };
        at += 1;
    }
    classes
};

/// True if `byte` is of one of the `classes` of bytes within a tag.
#[inline]
pub(super) fn is_in_tag(byte: u8, classes: u8) -> bool {
    IN_TAG[usize::from(byte)] & classes != 0
}

pub(super) fn find_close(html: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = html[at..].find("</") {
        let start = at + found;
        let same = html.get(start + 2..start + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        if same {
            return start;
        }
        at = start + 2;
    }
    html.len()
}

impl Attribute<'_> {
    /// The byte at which the value begins, behind its quote.
    pub(super) fn start(&self) -> usize {
        self.span.start + usize::from(self.span.len() > self.value.len())
    }
}

/// The attributes from `at` on, and the position after the tag's `>`.
pub(super) fn attributes(html: &str, at: usize) -> (Vec<Attribute<'_>>, usize) {
    let mut attributes = Vec::new();
    let end = each_attribute(html, at, |attribute| attributes.push(attribute));
    (attributes, end)
}

/// Calls `each` with the attributes from `at` on; returns the position after the tag's `>`.
#[inline]
pub(super) fn each_attribute<'a>(html: &'a str, mut at: usize, mut each: impl FnMut(Attribute<'a>)) -> usize {
    let bytes = html.as_bytes();
    loop {
        at = skip(html, at, |b| is_in_tag(b, BLANK | SLASH));
        match bytes.get(at) {
            None => return html.len(),
            Some(b'>') => return at + 1,
            _ => {}
        }
        let start = at;
        at = skip(html, at + 1, |b| !is_in_tag(b, BLANK | SLASH | EQUALS | END));
        let name = html.get(start..at).unwrap_or_default();
        let equals = skip(html, at, |b| is_in_tag(b, BLANK));
        if bytes.get(equals) != Some(&b'=') {
            continue;
        }
        let value_start = skip(html, equals + 1, |b| is_in_tag(b, BLANK));
        let (value, end) = match bytes.get(value_start) {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = value_start + 1;
                let close = memchr::memchr(*quote, &bytes[inner..]).map_or(html.len(), |found| inner + found);
                (&html[inner..close], (close + 1).min(html.len()))
            }
            _ => {
                let end = skip(html, value_start, |b| !is_in_tag(b, BLANK | END));
                (&html[value_start..end], end)
            }
        };
        each(Attribute { name, value, span: value_start..end, whole: start..end });
        at = end;
    }
}
