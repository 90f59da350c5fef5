//! Compares a block of Markdown with the HTML that it was made of, as readers see both.

use crate::model::html::{Attribute, Piece, decode, walk};
use crate::model::url::percent_decode;
use crate::render::markdown::fragment;

/// True if readers see the same in `markdown` as in `html`.
pub(super) fn says_the_same(html: &str, markdown: &str) -> bool {
    are_the_same(html, &fragment(markdown, None))
}

/// True if readers see the same in two pieces of HTML.
pub(super) fn are_the_same(one: &str, other: &str) -> bool {
    sketch(one) == sketch(other)
}

/// The words of `html`, with the elements and addresses that mean something to a reader.
fn sketch(html: &str) -> String {
    let mut sketch = Sketch { seen: String::with_capacity(html.len()), pre: 0, gap: false, at_start: true };
    walk(html, &mut |piece, _| match piece {
        Piece::Text(text) => sketch.text(&decode(text)),
        Piece::Tag { name, closing, attributes } => {
            sketch.tag(&name.to_ascii_lowercase(), closing, &attributes)
        }
        Piece::Other => {}
    });
    let end = sketch.seen.trim_end_matches(['\u{1}', ' ']).len();
    sketch.seen.truncate(end);
    sketch.seen
}

/// The visible part of a text. White space counts between letters, whatever tags are there.
struct Sketch {
    seen: String,
    /// Open `pre` elements.
    pre: usize,
    /// White space that was not written yet.
    gap: bool,
    /// No letter of the block was seen yet.
    at_start: bool,
}

/// Elements that are blocks of their own.
const BLOCKS: [&str; 20] = [
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "hr",
    "table",
    "tr",
    "td",
    "th",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "dl",
    "dt",
    "dd",
];

impl Sketch {
    fn text(&mut self, text: &str) {
        if self.pre > 0 {
            return self.seen.push_str(text);
        }
        for letter in text.chars() {
            if letter.is_ascii_whitespace() {
                self.gap = true;
                continue;
            }
            if self.gap && !self.at_start {
                self.seen.push(' ');
            }
            (self.gap, self.at_start) = (false, false);
            self.seen.push(letter);
        }
    }

    fn tag(&mut self, name: &str, closing: bool, attributes: &[Attribute<'_>]) {
        let name = same_name(name);
        let is_block = BLOCKS.contains(&name);
        match name {
            "" => return,
            "pre" if closing => {
                self.pre = self.pre.saturating_sub(1);
                let end = self.seen.trim_end_matches('\n').len();
                self.seen.truncate(end);
            }
            "pre" => self.pre += 1,
            "code" if self.pre > 0 => return,
            _ => {}
        }
        if is_block || name == "|" {
            (self.gap, self.at_start) = (false, true);
            end_block(&mut self.seen);
        }
        if name == "|" {
            return;
        }
        self.seen.push('\u{2}');
        if closing {
            self.seen.push('/');
        }
        self.seen.push_str(name);
        for attribute in attributes {
            self.attribute(name, &attribute.name.to_ascii_lowercase(), &decode(attribute.value));
        }
        self.seen.push(if is_block { '\u{1}' } else { '\u{3}' });
    }

    fn attribute(&mut self, element: &str, name: &str, value: &str) {
        let counts = matches!(
            (element, name),
            ("a", "href") | ("img", "src" | "alt") | ("ol", "start") | ("iframe" | "video" | "audio", "src")
        );
        if counts && !(element == "ol" && value == "1") {
            self.seen.push(' ');
            let plain = if name == "alt" { value.to_owned() } else { percent_decode(value.trim()) };
            self.seen.extend(plain.split_whitespace().flat_map(|word| [word, " "]));
        }
    }
}

/// Marks the end of a block, once.
fn end_block(seen: &mut String) {
    seen.truncate(seen.trim_end_matches(' ').len());
    if !seen.is_empty() && !seen.ends_with('\u{1}') {
        seen.push('\u{1}');
    }
}

/// One name for elements that mean the same; none for those that mean nothing, and `|` for those that only end a block.
fn same_name(name: &str) -> &str {
    match name {
        "b" => "strong",
        "i" => "em",
        "s" | "strike" => "del",
        "tt" => "code",
        "span" | "tbody" | "thead" | "tfoot" | "big" | "picture" | "source" | "wbr" | "colgroup" | "col" => {
            ""
        }
        "p" | "div" | "section" | "article" | "aside" | "main" | "header" | "footer" | "center"
        | "address" => "|",
        other => other,
    }
}
