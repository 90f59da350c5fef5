//! HTML of other systems as Markdown.
//!
//! 1. [`tree`] parses and repairs the HTML, drops what no article may have (scripts, forms, styles), and makes a tree.
//! 2. [`blocks`] writes the tree, block by block; [`inline`] writes the text in a block.
//! 3. [`check`] renders each block and compares it with the original. A block that Markdown can't say, or says
//!    otherwise, stays HTML.

mod blocks;
mod check;
mod figures;
mod inline;
mod tree;

use std::collections::BTreeSet;

pub(super) use figures::{component, embed_of, gallery_of};
use tree::{Element, parse};

use crate::model::html::{Piece, escape, plain, walk, without_forbidden};
use crate::render::markdown::{fragment, too_deep_html};

/// A text as Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Markdown; some of its blocks may be HTML.
    pub markdown: String,
    /// The number of blocks that stayed HTML.
    pub kept: usize,
    /// The names of elements that were dropped.
    pub dropped: BTreeSet<String>,
    /// True if nothing but the words could be taken along.
    pub is_flat: bool,
}

/// Elements that are dropped with their content.
const DROPPED: [&str; 18] = [
    "script", "style", "template", "form", "select", "option", "textarea", "button", "object", "applet",
    "svg", "math", "noframes", "frameset", "title", "head", "canvas", "dialog",
];

/// The most bytes of a text that is parsed: a source may have 16 MB.
const LONGEST: usize = 8 * 1024 * 1024;

/// Elements that a parser opens again in each block until they are closed.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// The most elements that may come of opening others again.
const MOST_REPEATED: usize = 20_000_000;

/// Says that `count` blocks stayed HTML.
pub fn kept(count: usize) -> String {
    match count {
        1 => "one block stays HTML, as Markdown has none like it".to_owned(),
        count => format!("{count} blocks stay HTML, as Markdown has none like them"),
    }
}

/// True if `html` is small enough, and flat enough, for a parser.
pub fn can_be_parsed(html: &str) -> bool {
    let (mut open, mut most, mut tags) = (0_usize, 0_usize, 0_usize);
    walk(html, &mut |piece, _| {
        let Piece::Tag { name, closing, .. } = piece else { return };
        tags += 1;
        if FORMATTING.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            open = if closing { open.saturating_sub(1) } else { open + 1 };
            most = most.max(open);
        }
    });
    html.len() <= LONGEST && most * tags <= MOST_REPEATED && too_deep_html(html).is_none()
}

/// Converts a text piece by piece.
#[derive(Default)]
pub struct Converter {
    writer: blocks::Writer,
    dropped: BTreeSet<String>,
    is_flat: bool,
}

impl Converter {
    /// Adds HTML. A piece that is too deep or too long to be parsed becomes its words.
    pub fn html(&mut self, html: &str) {
        let html = without_forbidden(html.replace("\r\n", "\n").replace('\r', "\n"));
        if html.trim().is_empty() {
            return;
        }
        walk(&html, &mut |piece, _| {
            if let Piece::Tag { name, closing: false, .. } = piece {
                let name = name.to_ascii_lowercase();
                if DROPPED.contains(&name.as_str()) || name == "input" {
                    self.dropped.insert(name);
                }
            }
        });
        if !can_be_parsed(&html) {
            let mut words = plain(&html);
            let end = (0..=LONGEST).rev().find(|end| words.is_char_boundary(*end)).unwrap_or(0);
            words.truncate(end);
            self.is_flat = true;
            return self.writer.add(inline::escape(&words, inline::Place::Paragraph));
        }
        self.writer.nodes(&parse(&html));
    }

    /// Adds a block of Markdown.
    pub fn block(&mut self, block: String) {
        self.writer.add(block);
    }

    /// The words so far, without those of components.
    pub fn words(&self) -> String {
        let text = self.writer.text();
        let lines = text.lines().filter(|line| !line.starts_with("{{ <") && !line.starts_with("{% "));
        one_line(&fragment(&lines.collect::<Vec<_>>().join("\n"), None))
    }

    /// The whole text.
    pub fn finish(self) -> Text {
        Text {
            markdown: self.writer.text(),
            kept: self.writer.kept,
            dropped: self.dropped,
            is_flat: self.is_flat,
        }
    }
}

/// `html` as Markdown.
pub fn markdown(html: &str) -> Text {
    let mut converter = Converter::default();
    converter.html(html);
    converter.finish()
}

/// A field of text that may have markup or character references, as plain text on one line.
pub fn one_line(html: &str) -> String {
    let text = if html.contains(['<', '&']) && can_be_parsed(html) {
        Element { children: parse(html), ..Element::default() }.text()
    } else {
        plain(html)
    };
    let clean: String = text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Plain text as HTML: an empty line ends a paragraph.
pub fn of_plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|one| !one.is_empty());
    paragraphs.map(|one| format!("<p>{}</p>", escape(one).replace('\n', "<br>"))).collect()
}

#[cfg(test)]
mod tests;
