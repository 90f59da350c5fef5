//! Bounds on nesting: quotations and lists inside of each other, elements of HTML, attributes.
//!
//! Parsers take a time for each level at each level. No text for people is nested as deeply as these bounds allow.

use crate::model::html::{Attribute, Piece, VOID, walk};

/// Deepest nesting of quotations and lists in Markdown.
pub(super) const MOST_CONTAINERS: usize = 100;

/// Deepest nesting of elements in HTML.
pub(super) const MOST_ELEMENTS: usize = 256;

/// Most attributes of an element.
pub(super) const MOST_ATTRIBUTES: usize = 256;

/// The byte of `text` at which quotations and lists are nested too deeply.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut start = 0;
    loop {
        // Most lines begin with a letter.
        if !bytes.get(start).is_some_and(u8::is_ascii_alphabetic)
            && let Some(at) = too_deep_line(bytes.get(start..).unwrap_or_default())
        {
            return Some(start + at);
        }
        match memchr::memchr(b'\n', bytes.get(start..).unwrap_or_default()) {
            Some(end) => start += end + 1,
            None => return None,
        }
    }
}

/// The byte at which the line at the beginning of `bytes` begins one container too many.
fn too_deep_line(bytes: &[u8]) -> Option<usize> {
    let mut count = 0;
    let mut at = 0;
    let mut others = false;
    let first = bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace());
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' => {}
            b'>' => count += 1,
            b'-' | b'+' | b'*' | b':' if is_gap(bytes.get(at + 1)) => count += 1,
            b'0'..=b'9' => {
                let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                at += digits;
                if digits > 9 || !matches!(bytes.get(at), Some(b'.' | b')')) || !is_gap(bytes.get(at + 1)) {
                    break;
                }
                count += 1;
            }
            _ => break,
        }
        others |= !byte.is_ascii_whitespace() && Some(*byte) != first;
        if count > MOST_CONTAINERS {
            // A line of nothing but hyphens or asterisks is a thematic break.
            let is_break = !others
                && matches!(first, Some(b'-' | b'*'))
                && bytes[at..]
                    .iter()
                    .take_while(|byte| **byte != b'\n')
                    .all(|byte| Some(*byte) == first || byte.is_ascii_whitespace());
            return (!is_break).then_some(at);
        }
        at += 1;
    }
    None
}

fn is_gap(byte: Option<&u8>) -> bool {
    byte.is_none_or(u8::is_ascii_whitespace)
}

/// The open elements of HTML, as far as its parser nests them.
#[derive(Default)]
pub(super) struct Elements {
    open: Vec<String>,
    /// Open elements that the end of others does not end.
    formatting: Vec<String>,
    /// The number of elements that are open around the outermost `svg` or `math`.
    drawing: Option<usize>,
    /// True after the first that was one too many.
    exceeded: bool,
}

impl Elements {
    /// Takes the tag `source`. True if it is the first with one element or one attribute too many.
    pub fn tag(&mut self, source: &str, name: &str, closing: bool, attributes: &[Attribute<'_>]) -> bool {
        let is = |names: &[&str]| names.iter().any(|one| one.eq_ignore_ascii_case(name));
        let name = || name.to_ascii_lowercase();
        let drawing = self.drawing.is_some() || is(&DRAWINGS);
        // In drawings, `/>` ends an element. In other HTML it means nothing.
        if !(drawing && source.ends_with("/>") || !drawing && (is(&VOID) || is(&ENDED))) {
            let formatting = !drawing && is(&FORMATTING);
            let list = if formatting { &mut self.formatting } else { &mut self.open };
            let last = list.iter().rposition(|one| is(&[one]));
            match (closing, last) {
                (true, None) => {}
                (true, Some(at)) if formatting => drop(list.remove(at)),
                (true, Some(at)) => list.truncate(at),
                (false, _) if list.len() > MOST_ELEMENTS => {}
                (false, _) => {
                    list.push(name());
                    if drawing {
                        self.drawing.get_or_insert(self.open.len() - 1);
                    }
                }
            }
            self.drawing = self.drawing.filter(|at| *at < self.open.len());
        }
        let exceeds =
            self.open.len() + self.formatting.len() > MOST_ELEMENTS || attributes.len() > MOST_ATTRIBUTES;
        exceeds && !std::mem::replace(&mut self.exceeded, true)
    }
}

/// Elements with rules of their own for what is inside.
const DRAWINGS: [&str; 2] = ["math", "svg"];

/// Elements that go on behind the end of the element around them (the HTML standard, section 13.2.4.3).
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// The byte of `html` at which elements are nested too deeply, or one has too many attributes.
pub fn too_deep_html(html: &str) -> Option<usize> {
    let mut elements = Elements::default();
    let mut found = None;
    walk(html, &mut |piece, range| {
        if let Piece::Tag { name, closing, attributes } = piece
            && elements.tag(&html[range.clone()], name, closing, &attributes)
        {
            found.get_or_insert(range.start);
        }
    });
    found
}

/// Elements that the next of their kind ends.
const ENDED: [&str; 16] = [
    "p", "li", "dd", "dt", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup",
    "rb", "rp", "rt",
];
