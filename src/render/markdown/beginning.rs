//! How a text begins, for lists and feeds: its first paragraph as plain text.

use std::cell::OnceCell;

use pulldown_cmark::{BrokenLink, CowStr, Event, Options as Extensions, Parser, Tag, TagEnd};

use super::components::without_calls;
use super::quotes::{Quoting, quoted};
use super::{Options, depth, emphasis, extensions, switches};
use crate::config::MarkdownSwitches;
use crate::language::Quotes;
use crate::model::html::{Piece, ends_word, walk};

/// The plain text of the first paragraph of a Markdown text: in Markdown, or a `p` of a block of HTML. A text without
/// one begins with its first list item, quotation, table cell or other HTML. Headings, code and lone pictures are no
/// beginning, nor are the calls of components. Straight quotes become `quotes`, as in the text.
pub fn first_paragraph(text: &str, switches: MarkdownSwitches, quotes: Option<Quotes>) -> String {
    if depth::too_deep(text).is_some() {
        return String::new();
    }
    let options = Options { quotes, switches, ..Options::default() };
    let extensions = extensions(&options);
    if let Some(found) = of_first_block(text, extensions, switches, quotes) {
        return found;
    }
    let found = of_whole(&without_calls(text, extensions, true), extensions, switches, quotes);
    if !found.is_empty() {
        return found;
    }
    of_whole(&without_calls(text, extensions, false), extensions, switches, quotes)
}

/// The first paragraph of `text`, if its beginning alone has it: most texts begin with a paragraph, and the rest of them
/// need not be parsed.
fn of_first_block(
    text: &str,
    extensions: Extensions,
    switches: MarkdownSwitches,
    quotes: Option<Quotes>,
) -> Option<String> {
    let mut rest = text;
    loop {
        let line_end = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = rest[..line_end].trim();
        let is_heading = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
        if line_end == 0 || !(line.is_empty() || is_heading) {
            break;
        }
        rest = &rest[line_end..];
    }
    let is_paragraph =
        |letter: char| letter.is_alphabetic() || "*_\"'(\u{201c}\u{201e}\u{2018}\u{ab}".contains(letter);
    if !rest.starts_with(is_paragraph) {
        return None;
    }
    let end = blank_line(rest);
    // A call may go on behind the end of the paragraph, and so may a hidden element.
    let block = &rest[..end];
    if block.contains(['{', '<']) {
        return None;
    }
    let definitions: OnceCell<Option<Parser<'_>>> = OnceCell::new();
    let is_defined = |label: &str| {
        let parsed = || text.contains("]:").then(|| Parser::new_ext(text, extensions));
        let all = definitions.get_or_init(parsed).as_ref();
        all.is_some_and(|all| all.reference_definitions().get(label).is_some())
    };
    let mut resolve = |link: BrokenLink<'_>| {
        let is_link = !link.reference.starts_with('^') && is_defined(&link.reference);
        is_link.then_some((CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    let mut beginning = Beginning::default();
    let switched = switches::apply(block, switches, extensions);
    let block = switched.as_ref().map_or(block, |switched| switched.text.as_str());
    let marked = emphasis::mark(block);
    let parsed = marked.as_ref().map_or(block, |marked| marked.text.as_str());
    let mut quoting = quotes.and_then(Quoting::new);
    let parser = Parser::new_with_broken_link_callback(parsed, extensions, Some(&mut resolve));
    for (event, range) in parser.into_offset_iter() {
        let event = quoted(&mut quoting, event, parsed, &range);
        if beginning.event(event) {
            break;
        }
    }
    let mut found = beginning.paragraph.filter(|found| !found.is_empty())?;
    if let Some(marked) = &marked {
        found = found.replace(marked.mark, "");
    }
    Some(without_notes(&found))
}

/// The first byte behind the paragraph at the beginning of `text`.
fn blank_line(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    at
}

/// `found` without references to footnotes, which a paragraph alone does not show as such.
fn without_notes(found: &str) -> String {
    let mut kept = String::with_capacity(found.len());
    let mut rest = found;
    while let Some((before, note)) = rest.split_once("[^") {
        kept.push_str(before);
        match note.split_once(']') {
            Some((label, after)) if !label.is_empty() => rest = after,
            _ => {
                kept.push_str("[^");
                rest = note;
            }
        }
    }
    kept.push_str(rest);
    joined(&kept)
}

fn of_whole(
    text: &str,
    extensions: Extensions,
    switches: MarkdownSwitches,
    quotes: Option<Quotes>,
) -> String {
    let switched = switches::apply(text, switches, extensions);
    let text = switched.as_ref().map_or(text, |switched| switched.text.as_str());
    let marked = emphasis::mark(text);
    let parsed = marked.as_ref().map_or(text, |marked| marked.text.as_str());
    let mut beginning = Beginning::default();
    let mut quoting = quotes.and_then(Quoting::new);
    for (event, range) in Parser::new_ext(parsed, extensions).into_offset_iter() {
        let event = quoted(&mut quoting, event, parsed, &range);
        if beginning.event(event) {
            break;
        }
    }
    let found = beginning.paragraph.or(beginning.other).unwrap_or_default();
    without_notes(&marked.map_or_else(|| found.clone(), |marked| found.replace(marked.mark, "")))
}

/// Finds the beginning of a text among the parser's events.
#[derive(Default)]
struct Beginning {
    /// The first paragraph.
    paragraph: Option<String>,
    /// The first words that are in no paragraph.
    other: Option<String>,
    /// The text of the present block.
    text: String,
    /// True if that has words beside the alternative texts of pictures.
    has_words: bool,
    /// Quotations, lists, tables and the like that are open.
    aside: usize,
    /// Headings, code and footnotes that are open.
    skipped: usize,
    pictures: usize,
    /// The hidden element of HTML that is open.
    hidden: Option<String>,
    /// The block of HTML that is read, which may have hidden elements over several lines.
    html: Option<String>,
}

/// Elements whose content no reader sees.
const HIDDEN: [&str; 6] = ["script", "style", "template", "textarea", "title", "noscript"];

/// Elements whose paragraphs are not those of the text.
const ASIDE: [&str; 9] = ["aside", "blockquote", "details", "dl", "figure", "footer", "nav", "ol", "ul"];

impl Beginning {
    /// Takes an event. True if the first paragraph is complete.
    fn event(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::FootnoteDefinition(_)) => {
                self.end_block(false);
                self.skipped += 1;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::Heading(_) | TagEnd::FootnoteDefinition) => {
                self.skipped = self.skipped.saturating_sub(1);
                self.text.clear();
                self.has_words = false;
            }
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Table(_) | Tag::DefinitionList) => {
                self.end_block(false);
                self.aside += 1;
            }
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Table | TagEnd::DefinitionList) => {
                self.end_block(false);
                self.aside = self.aside.saturating_sub(1);
            }
            Event::Start(Tag::Paragraph | Tag::Item) | Event::End(TagEnd::Item) => self.end_block(false),
            Event::End(
                TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::DefinitionListTitle
                | TagEnd::DefinitionListDefinition,
            ) => self.end_block(false),
            Event::End(TagEnd::TableCell) => self.text.push(' '),
            Event::End(TagEnd::Paragraph) => self.end_block(self.aside == 0),
            Event::Start(Tag::Image { .. }) => self.pictures += 1,
            Event::End(TagEnd::Image) => self.pictures = self.pictures.saturating_sub(1),
            Event::Start(Tag::HtmlBlock) => {
                self.end_block(false);
                self.html = Some(String::new());
            }
            Event::End(TagEnd::HtmlBlock) => {
                let html = self.html.take().unwrap_or_default();
                self.block_of_html(&html);
            }
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(&html),
                None => self.block_of_html(&html),
            },
            Event::InlineHtml(html) => walk(&html, &mut |piece, _| self.tag(&piece)),
            Event::Text(text) | Event::Code(text) => self.words(&text),
            Event::SoftBreak | Event::HardBreak => self.text.push(' '),
            _ => {}
        }
        self.paragraph.is_some()
    }

    fn words(&mut self, text: &str) {
        if self.skipped == 0 && self.hidden.is_none() {
            self.has_words |= self.pictures == 0 && text.contains(char::is_alphanumeric);
            self.text.push_str(text);
        }
    }

    /// Takes the beginning or end of an element of HTML.
    fn tag(&mut self, piece: &Piece<'_>) {
        let Piece::Tag { name, closing, .. } = piece else { return };
        match &self.hidden {
            Some(open) if *closing && open.eq_ignore_ascii_case(name) => self.hidden = None,
            Some(_) => {}
            None if !closing && HIDDEN.iter().any(|one| one.eq_ignore_ascii_case(name)) => {
                self.hidden = Some((*name).to_owned());
            }
            None if ends_word(name) => self.text.push(' '),
            None => {}
        }
    }

    fn block_of_html(&mut self, html: &str) {
        let (mut aside, mut paragraph) = (0_usize, false);
        walk(html, &mut |piece, _| {
            if self.paragraph.is_some() {
                return;
            }
            self.tag(&piece);
            match piece {
                Piece::Text(text) => self.words(&crate::model::html::decode(text)),
                Piece::Tag { name, closing, .. } if self.hidden.is_none() => {
                    let is = |names: &[&str]| names.iter().any(|one| one.eq_ignore_ascii_case(name));
                    if is(&["p"]) {
                        self.end_block(paragraph && aside == 0 && self.aside == 0);
                        paragraph = !closing;
                    } else if is(&ASIDE) {
                        self.end_block(false);
                        aside = if closing { aside.saturating_sub(1) } else { aside + 1 };
                    } else if is(&HEADINGS) {
                        if closing {
                            self.text.clear();
                            self.has_words = false;
                        } else {
                            self.end_block(false);
                        }
                    }
                }
                _ => {}
            }
        });
        self.end_block(paragraph && aside == 0 && self.aside == 0);
    }

    /// Ends a block of text, which is a paragraph or other text.
    fn end_block(&mut self, is_paragraph: bool) {
        let text = std::mem::take(&mut self.text);
        if std::mem::take(&mut self.has_words) && self.skipped == 0 {
            let place = if is_paragraph { &mut self.paragraph } else { &mut self.other };
            if place.is_none() {
                *place = Some(joined(&text));
            }
        }
    }
}

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// `text` with one space between its words. Spaces at which no line ends stay.
fn joined(text: &str) -> String {
    let is_gap = |letter: char| letter.is_whitespace() && !matches!(letter, '\u{a0}' | '\u{202f}');
    text.split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
