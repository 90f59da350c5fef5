//! Writing a page anew while it is parsed.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use lol_html::html_content::{Comment, Element, EndTag, TextChunk, TextType};
use lol_html::{DocumentContentHandlers, ElementContentHandlers, HtmlRewriter, Selector, Settings};

/// Elements whose white space may be seen as it is written, or is read by other rules than those of HTML.
const KEPT: [&str; 11] =
    ["code", "kbd", "listing", "math", "plaintext", "pre", "samp", "svg", "textarea", "tt", "xmp"];

/// Those of them that follow the rules of XML.
const FOREIGN: [&str; 2] = ["svg", "math"];

/// Elements that can stand before all that is seen.
const UNSEEN: [&str; 9] = ["html", "head", "title", "meta", "link", "base", "style", "script", "noscript"];

/// How comments begin that mean something to browsers of old, servers, caches or search engines.
const DIRECTIVES: [&str; 11] =
    ["!", "#", "/email_off", "/noindex", "/sse", "<!", "?", "[", "email_off", "esi", "google"];

pub(super) fn minify(html: &str) -> Option<String> {
    let every: Selector = "*".parse().ok()?;
    let page = Rc::new(RefCell::new(Page::new(html)));
    // What becomes of the page is written by `Page`: the parser's own output would write whole tags anew.
    let (of_tags, of_texts, of_comments) = (Rc::clone(&page), Rc::clone(&page), Rc::clone(&page));
    let settings = Settings::new()
        .append_element_content_handler((
            Cow::Borrowed(&every),
            ElementContentHandlers::default().element(move |element: &mut Element<'_, '_>| {
                if of_tags.borrow_mut().tag(element) {
                    let (kept, name) = (Rc::clone(&of_tags.borrow().kept), element.tag_name());
                    if let Some(handlers) = element.end_tag_handlers() {
                        handlers.push(Box::new(move |tag: &mut EndTag<'_>| {
                            kept.end(&name, &tag.name());
                            Ok(())
                        }));
                    }
                }
                Ok(())
            }),
        ))
        .append_document_content_handler(
            DocumentContentHandlers::default()
                .text(move |text: &mut TextChunk<'_>| {
                    of_texts.borrow_mut().text(text.text_type(), text.source_location().bytes());
                    Ok(())
                })
                .comments(move |comment: &mut Comment<'_>| {
                    of_comments.borrow_mut().comment(&comment.text(), comment.source_location().bytes());
                    Ok(())
                }),
        );
    let mut parser = HtmlRewriter::new(settings, |_: &[u8]| {});
    parser.write(html.as_bytes()).ok()?;
    parser.end().ok()?;
    page.borrow_mut().finish()
}

/// A page on its way from `html` to `out`.
struct Page<'h> {
    html: &'h str,
    out: String,
    /// The bytes of `html` that `out` has.
    done: usize,
    kept: Rc<Kept>,
    /// True once something came that readers may see.
    is_seen: bool,
    /// Where in `html` the text ended that may go on: nothing came since but comments that are left out.
    end_of_text: Option<usize>,
    /// True if `out` ends with white space of that text.
    ends_with_gap: bool,
}

/// The elements around a place that are kept as they are.
#[derive(Default)]
struct Kept {
    /// How many are open.
    depth: Cell<usize>,
    /// True in one that follows the rules of XML.
    is_foreign: Cell<bool>,
    /// True if the parser can't be followed: it knows no tree, so that it goes wrong where tags are not in pairs.
    is_lost: Cell<bool>,
}

impl Kept {
    /// `name` begins; with `is_closed` it ends at once.
    fn begin(&self, name: &str, is_closed: bool) {
        if !is_closed {
            self.depth.set(self.depth.get() + 1);
        }
        if FOREIGN.contains(&name) {
            // What comes behind would be taken for a part of the drawing.
            let is_nested = self.is_foreign.replace(true);
            self.is_lost.set(self.is_lost.get() || is_nested || is_closed);
        }
    }

    /// `name` is ended by the tag `by`. Where that is another, browsers may go on with the element: it stays open.
    fn end(&self, name: &str, by: &str) {
        self.depth.set(self.depth.get() - usize::from(by == name));
        if FOREIGN.contains(&name) {
            self.is_foreign.set(false);
            self.is_lost.set(self.is_lost.get() || by != name);
        }
    }

    fn is_any(&self) -> bool {
        self.depth.get() > 0
    }
}

impl<'h> Page<'h> {
    fn new(html: &'h str) -> Self {
        Page {
            html,
            out: String::with_capacity(html.len()),
            done: 0,
            kept: Rc::default(),
            is_seen: false,
            end_of_text: None,
            ends_with_gap: false,
        }
    }

    /// Puts `with` in the place of `range`. Places come in their order.
    fn replace(&mut self, range: Range<usize>, with: &str) {
        match self.html.get(self.done..range.start) {
            Some(before) if self.html.is_char_boundary(range.end) && range.start <= range.end => {
                self.out.push_str(before);
                self.out.push_str(with);
                self.done = range.end;
            }
            _ => self.kept.is_lost.set(true),
        }
    }

    /// The quotes of a start tag that are not needed are left out. True if what is in the element is kept.
    fn tag(&mut self, element: &Element<'_, '_>) -> bool {
        let name = element.tag_name();
        self.is_seen |= !UNSEEN.contains(&name.as_str());
        let is_html = element.namespace_uri() == "http://www.w3.org/1999/xhtml";
        // What stands at the head of a page is also read by programs that know no more of HTML than that.
        if self.is_seen && is_html {
            let values = element.attributes().iter().filter_map(|one| one.value_source_location());
            for value in values {
                self.unquote(value.bytes());
            }
        }
        let shows_space = || {
            let style = element.get_attribute("style").unwrap_or_default();
            style.to_ascii_lowercase().contains("white-space")
        };
        let is_kept = KEPT.contains(&name.as_str()) || shows_space();
        if is_kept {
            self.kept.begin(&name, !element.can_have_content());
        }
        is_kept
    }

    /// Leaves out the quotes around the value at `range` where HTML needs none (section 13.1.2.3). With a `/` at its end
    /// simple readers would take the tag for one that ends its element.
    fn unquote(&mut self, range: Range<usize>) {
        let bytes = self.html.as_bytes();
        let Some(start) = range.start.checked_sub(1) else { return };
        let (Some(opening), Some(closing)) = (bytes.get(start), bytes.get(range.end)) else { return };
        let needs_quotes = |byte: &u8| {
            byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`')
        };
        let ends = bytes.get(range.end + 1).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>');
        let is_quoted = matches!(opening, b'"' | b'\'') && opening == closing;
        let value = &bytes[range.clone()];
        let is_plain = !value.is_empty() && !value.ends_with(b"/") && !value.iter().any(needs_quotes);
        if is_quoted && ends && is_plain {
            self.replace(start..range.start, "");
            self.replace(range.end..range.end + 1, "");
        }
    }

    /// Makes the white space of a piece of text short. Pieces of one text follow each other.
    fn text(&mut self, kind: TextType, range: Range<usize>) {
        let Some(text) = self.html.get(range.clone()) else {
            self.kept.is_lost.set(true);
            return;
        };
        if text.is_empty() {
            return;
        }
        let is_blank = text.bytes().all(is_space);
        if kind != TextType::Data || self.kept.is_any() {
            self.end_of_text = None;
            return;
        }
        if self.end_of_text != Some(range.start) {
            self.ends_with_gap = false;
        }
        self.end_of_text = Some(range.end);
        if !self.is_seen && is_blank {
            self.replace(range, "");
            return;
        }
        self.is_seen = true;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(found) = bytes[at..].iter().position(|byte| is_space(*byte)) {
            self.ends_with_gap &= found == 0;
            let start = at + found;
            at = start + bytes[start..].iter().take_while(|byte| is_space(**byte)).count();
            self.gap(range.start + start..range.start + at);
        }
        self.ends_with_gap &= at == bytes.len();
    }

    /// Makes one run of white space short, or a part of one whose beginning was written.
    fn gap(&mut self, range: Range<usize>) {
        let run = &self.html[range.clone()];
        let has_newline = run.contains(['\n', '\r']);
        if !self.ends_with_gap {
            self.ends_with_gap = true;
            let short = if has_newline { "\n" } else { " " };
            if run != short {
                self.replace(range, short);
            }
            return;
        }
        // It is the last that was written.
        self.replace(range, "");
        if has_newline && self.out.ends_with(' ') {
            self.out.pop();
            self.out.push('\n');
        }
    }

    /// Leaves out a comment, if it means nothing to anybody and its text and the next can't become something else in one.
    fn comment(&mut self, text: &str, range: Range<usize>) {
        let text = text.trim_start();
        let before = range.start.checked_sub(1).and_then(|at| self.html.as_bytes().get(at).copied());
        let stands_apart = before.is_none_or(|byte| is_space(byte) || byte == b'>');
        let is_directive = DIRECTIVES.iter().any(|one| text.starts_with(one));
        if self.kept.is_any() || is_directive || !stands_apart {
            self.end_of_text = None;
            return;
        }
        if self.end_of_text != Some(range.start) {
            self.ends_with_gap = false;
        }
        self.end_of_text = Some(range.end);
        self.replace(range, "");
    }

    fn finish(&mut self) -> Option<String> {
        let rest = self.html.get(self.done..).filter(|_| !self.kept.is_lost.get())?;
        self.out.push_str(rest);
        Some(std::mem::take(&mut self.out))
    }
}

/// White space that style sheets collapse (CSS Text, section 4.1). A form feed is none.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
