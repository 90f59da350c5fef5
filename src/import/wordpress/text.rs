//! The text of a post as Markdown.

use std::collections::HashMap;

use serde::Deserialize;

use super::autop::paragraphs;
use super::blocks::{Block, Part, has_blocks, parts};
use super::shortcodes::{Around, embedded_lines, replaced};
use crate::import::html::{Converter, Text, embed_of, markdown, one_line};

/// A text, and what became of its parts.
#[derive(Debug, Default)]
pub(super) struct Converted {
    /// Markdown.
    pub(super) text: Text,
    /// The words before `<!--more-->`.
    pub(super) lead: Option<String>,
    /// Shortcodes that stayed.
    pub(super) shortcodes: Vec<String>,
    /// Blocks that only WordPress can fill, and that are gone.
    pub(super) lost: Vec<String>,
    /// Blocks of plugins, whose HTML was taken.
    pub(super) foreign: Vec<String>,
    /// True if it had several pages.
    pub(super) has_pages: bool,
}

/// The targets of a text's references.
pub(super) struct Means<'a> {
    /// Files and the number of the post.
    pub(super) around: Around<'a>,
    /// Reusable blocks, by number.
    pub(super) reusable: &'a HashMap<u64, String>,
    /// Metadata `footnotes`.
    pub(super) footnotes: Option<&'a str>,
}

/// Reusable blocks inside one another.
const DEEPEST: usize = 4;
/// The most bytes of reusable blocks in a text.
const MOST_REUSED: usize = 1024 * 1024;

/// Blocks of WordPress itself whose HTML is all that they are.
const PLAIN: [&str; 42] = [
    "paragraph",
    "heading",
    "list",
    "list-item",
    "quote",
    "image",
    "gallery",
    "table",
    "code",
    "preformatted",
    "verse",
    "pullquote",
    "button",
    "separator",
    "spacer",
    "audio",
    "video",
    "file",
    "html",
    "missing",
    "details",
    "footnotes",
    "social-links",
    "social-link",
    "read-more",
    "post-content",
    "accordion",
    "accordion-item",
    "accordion-heading",
    "accordion-panel",
    "text-columns",
    "subhead",
    "math",
    "classic",
    "site-title",
    "site-logo",
    "icon",
    "tabs",
    "tab",
    "form",
    "cover-image",
    "block",
];
/// Blocks around other blocks.
const AROUND: [&str; 8] = ["group", "columns", "column", "cover", "media-text", "buttons", "row", "stack"];

struct Writer<'a> {
    means: &'a Means<'a>,
    converter: Converter,
    done: Converted,
    /// Ids of footnotes, in the order in which the text refers to them.
    notes: Vec<String>,
    reused: usize,
}

/// `content` as Markdown.
pub(super) fn convert(content: &str, means: &Means<'_>) -> Converted {
    let mut writer = Writer {
        means,
        converter: Converter::default(),
        done: Converted::default(),
        notes: Vec::new(),
        reused: 0,
    };
    let content = content.replace("\r\n", "\n").replace('\r', "\n");
    if has_blocks(&content) {
        writer.parts(&parts(&content), 0);
    } else {
        writer.classic(&content);
    }
    writer.finish()
}

impl Writer<'_> {
    fn parts(&mut self, parts: &[Part], depth: usize) {
        for part in parts {
            match part {
                Part::Html(html) if html.contains("<!--more") => self.classic(html),
                Part::Html(html) if depth == 0 => self.classic(html),
                Part::Html(html) => self.html(html),
                Part::Block(block) => self.block(block, depth),
            }
        }
    }

    fn block(&mut self, block: &Block, depth: usize) {
        match block.name.as_str() {
            "more" => self.more(),
            "nextpage" => self.done.has_pages = true,
            "freeform" => self.classic(&block.html()),
            "shortcode" => self.classic(&block.html()),
            "block" => self.reusable(block, depth),
            "spacer" | "footnotes" => {}
            name if name == "embed" || name.starts_with("core-embed/") => self.embed(block),
            name if AROUND.contains(&name) => self.parts(&block.parts, depth + 1),
            name => {
                if block.is_empty() {
                    return self.done.lost.push(name.to_owned());
                }
                if !PLAIN.contains(&name) {
                    self.done.foreign.push(name.to_owned());
                }
                match block.parts.iter().any(|part| matches!(part, Part::Block(inner) if is_special(inner))) {
                    true => self.parts(&block.parts, depth + 1),
                    false => self.html(&block.html()),
                }
            }
        }
    }

    fn embed(&mut self, block: &Block) {
        let html = block.html();
        let caption = html.split_once("<figcaption").and_then(|(_, rest)| rest.split_once('>'));
        let caption = caption.map(|(_, rest)| rest.split("</figcaption>").next().unwrap_or_default());
        let words = caption.map(one_line).filter(|words| !words.is_empty());
        let address = match block.text("url") {
            "" => one_line(&html),
            address => address.replace("&amp;", "&"),
        };
        match embed_of(&address, words.as_deref()) {
            Some(embed) => self.converter.block(embed),
            None => self.html(&html),
        }
    }

    fn reusable(&mut self, block: &Block, depth: usize) {
        let number = block.settings.get("ref").and_then(serde_json::Value::as_u64).unwrap_or_default();
        let Some(content) = self.means.reusable.get(&number) else {
            return self
                .done
                .lost
                .push(format!("block (reusable block {number}, which the export does not have)"));
        };
        self.reused += content.len();
        if depth >= DEEPEST || self.reused > MOST_REUSED {
            return self.done.lost.push(format!("block (reusable block {number}, which has itself in it)"));
        }
        self.parts(&parts(content), depth + 1);
    }

    /// A text of the classic editor.
    fn classic(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find("<!--") {
            let from = rest.get(at..).unwrap_or_default();
            let Some(end) = from.find("-->").map(|end| end + 3) else { break };
            let comment = from.get(4..end - 3).unwrap_or_default().trim();
            let is_more = comment == "more" || comment.starts_with("more ");
            let is_page = comment == "nextpage";
            if is_more || is_page {
                self.classic_piece(rest.get(..at).unwrap_or_default());
                self.done.has_pages |= is_page;
                if is_more {
                    self.more();
                }
                rest = from.get(end..).unwrap_or_default();
                continue;
            }
            // Another comment: a line end in its place keeps paragraphs apart.
            self.classic_piece(rest.get(..at).unwrap_or_default());
            rest = from.get(end..).unwrap_or_default();
        }
        self.classic_piece(rest);
    }

    fn classic_piece(&mut self, text: &str) {
        if !text.trim().is_empty() {
            let html = replaced(&embedded_lines(text), &self.means.around, &mut self.done.shortcodes);
            let html = self.with_notes(&paragraphs(&html));
            self.converter.html(&html);
        }
    }

    fn html(&mut self, html: &str) {
        let html = replaced(html, &self.means.around, &mut self.done.shortcodes);
        let html = self.with_notes(&without_button(&html));
        self.converter.html(&html);
    }

    fn more(&mut self) {
        if self.done.lead.is_none() {
            self.done.lead = Some(self.converter.words()).filter(|words| !words.is_empty());
        }
    }

    /// `html` with marks in the place of its references to footnotes.
    fn with_notes(&mut self, html: &str) -> String {
        if self.means.footnotes.is_none() || !html.contains("data-fn=\"") {
            return html.to_owned();
        }
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        while let Some(at) = rest.find("<sup data-fn=\"") {
            let (before, from) = rest.split_at(at);
            let inner = from.get("<sup data-fn=\"".len()..).unwrap_or_default();
            let (Some((id, _)), Some(end)) = (inner.split_once('"'), from.find("</sup>")) else { break };
            out.push_str(before);
            let number = match self.notes.iter().position(|known| known == id) {
                Some(at) => at + 1,
                None => {
                    self.notes.push(id.to_owned());
                    self.notes.len()
                }
            };
            out.push_str(&format!("{MARK}{number}{MARK_END}"));
            rest = from.get(end + "</sup>".len()..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    fn finish(mut self) -> Converted {
        let mut text = self.converter.finish();
        text.markdown = marked(&text.markdown);
        let notes: Vec<Note> =
            self.means.footnotes.and_then(|notes| serde_json::from_str(notes).ok()).unwrap_or_default();
        for (number, id) in self.notes.iter().enumerate() {
            let note = notes.iter().find(|note| note.id == *id).map(|note| markdown(&note.content).markdown);
            let note = note.unwrap_or_default().replace("\n\n", "\n\n    ");
            text.markdown.push_str(&format!("\n\n[^{}]: {note}", number + 1));
        }
        self.done.lead = self.done.lead.map(|lead| without_marks(&lead));
        Converted { text, ..self.done }
    }
}

/// A footnote in the metadata of a post.
#[derive(Deserialize)]
struct Note {
    id: String,
    content: String,
}

/// The mark of a reference to a footnote: characters for private use around its number.
const MARK: char = '\u{e0f0}';
const MARK_END: char = '\u{e0f1}';

fn marked(text: &str) -> String {
    if text.contains(MARK) { text.replace(MARK, "[^").replace(MARK_END, "]") } else { text.to_owned() }
}

fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_mark = false;
    for letter in text.chars() {
        match letter {
            MARK => is_mark = true,
            MARK_END => is_mark = false,
            letter if !is_mark => out.push(letter),
            _ => {}
        }
    }
    out
}

/// True for a block that is more than its HTML, at any depth.
fn is_special(block: &Block) -> bool {
    let name = block.name.as_str();
    matches!(name, "embed" | "block" | "more" | "shortcode" | "freeform" | "nextpage")
        || name.starts_with("core-embed/")
        || block.parts.iter().any(|part| matches!(part, Part::Block(inner) if is_special(inner)))
}

/// `html` of a block for a file, without its second link, the button.
fn without_button(html: &str) -> String {
    let Some(at) = html.find("wp-block-file__button") else { return html.to_owned() };
    let start = html.get(..at).and_then(|before| before.rfind("<a "));
    let end = html.get(at..).and_then(|rest| rest.find("</a>")).map(|end| at + end + 4);
    match (start, end) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{}", html.get(..start).unwrap_or_default(), html.get(end..).unwrap_or_default())
        }
        _ => html.to_owned(),
    }
}
