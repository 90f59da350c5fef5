//! Renders code as HTML, with highlighting as class names.
//!
//! 1. [`Fence::parse`] reads the info string of a fence: language, title, numbers, marked lines.
//! 2. `colours` classifies keywords, strings, comments and so on in a few classes.
//! 3. [`block`] writes the element. Style sheets define the colours.

mod fence;

#[cfg(feature = "highlight")]
mod colours;
#[cfg(not(feature = "highlight"))]
mod colours {
    //! Without the feature `highlight`, all code is plain.

    use std::collections::BTreeSet;

    use super::{Digest, Endless, Language, Pieces};

    /// Nothing is parsed, so every text has an end.
    pub fn endless() -> BTreeSet<Digest> {
        BTreeSet::new()
    }

    /// Forgets the texts, since nothing is parsed.
    pub fn remember(_: impl IntoIterator<Item = Digest>) {}

    pub fn language(_: &str) -> Language {
        Language::Plain
    }

    pub fn lines(_: &str, _: &str) -> Result<Option<Vec<Pieces>>, Endless> {
        Ok(None)
    }
}

use std::ops::Range;

pub use colours::{endless, remember};
pub use fence::{Fault, Fence};

#[cfg(not(feature = "highlight"))]
use crate::model::digest::Digest;
use crate::model::html::escape;

/// The classified pieces of a line, in order, as bytes of the whole text.
type Pieces = Vec<(&'static str, Range<usize>)>;

/// Parsing with the rules of a language did not finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endless;

/// The result of looking up a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Language {
    /// Its syntax is known.
    Known,
    /// It needs no highlighting, such as `text`.
    Plain,
    /// It is unknown; this name is similar.
    Unknown(Option<String>),
}

/// Looks up the language that a fence names.
pub fn language(name: &str) -> Language {
    if name.is_empty() { Language::Plain } else { colours::language(name) }
}

/// `text` with the info string `fence` as an element. With `coloured`, its pieces have classes, unless parsing does not
/// finish.
pub fn block(text: &str, fence: &Fence<'_>, coloured: bool) -> (String, Result<(), Endless>) {
    let found = if coloured { colours::lines(text, fence.language) } else { Ok(None) };
    let (pieces, ended) = match found {
        Ok(pieces) => (pieces, Ok(())),
        Err(endless) => (None, Err(endless)),
    };
    let mut html = String::with_capacity(text.len() * if pieces.is_some() { 3 } else { 2 } + 64);
    if let Some(title) = &fence.title {
        html.push_str(&format!("<figure class=\"code\"><figcaption>{}</figcaption>", escape(title)));
    }
    html.push_str("<pre tabindex=\"0\"");
    if fence.numbered {
        let last = fence.start + text.lines().count();
        html.push_str(&format!(" class=\"numbered digits-{}\"", last.saturating_sub(1).to_string().len()));
    }
    html.push_str("><code");
    if !fence.language.is_empty() {
        html.push_str(&format!(" class=\"language-{}\"", escape(fence.language)));
    }
    html.push('>');
    let by_line = fence.numbered || !fence.marked.is_empty();
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if by_line {
            html.push_str("<span class=\"line");
            if fence.marked.iter().any(|range| range.contains(&(at + 1))) {
                html.push_str(" marked");
            }
            html.push('"');
            if fence.numbered {
                html.push_str(&format!(" data-line=\"{}\"", fence.start + at));
            }
            html.push('>');
        }
        let of_line = pieces.as_ref().and_then(|lines| lines.get(at)).map_or(&[][..], Vec::as_slice);
        let mut done = start;
        for (class, range) in of_line {
            push(&mut html, &text[done..range.start]);
            html.push_str("<span class=\"");
            html.push_str(class);
            html.push_str("\">");
            push(&mut html, &text[range.clone()]);
            html.push_str("</span>");
            done = range.end;
        }
        start += line.len();
        push(&mut html, &text[done..start]);
        if by_line {
            html.push_str("</span>");
        }
    }
    html.push_str("</code></pre>");
    html.push_str(if fence.title.is_some() { "</figure>\n" } else { "\n" });
    (html, ended)
}

/// Adds `text`, escaped as the content of an element.
fn push(html: &mut String, text: &str) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        html.push_str(&text[done..at]);
        html.push_str(reference);
        done = at + 1;
    }
    html.push_str(&text[done..]);
}

#[cfg(test)]
mod tests;
