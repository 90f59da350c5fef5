//! Calls of components: `{{ <figure src="a.jpg" /> }}` and `{% <note> %}…{% </note> %}`.
//!
//! Before Markdown is parsed, each call is replaced by a mark that the text does not contain. Afterwards the
//! component's HTML replaces the mark; it is never parsed as Markdown.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::Options as Extensions;

use super::MarkdownError;
use super::calls::{self, Kind, Tags};
use super::hidden::hidden;
use super::steps::Steps;
use crate::model::html;

/// A call of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// The name of the component.
    pub name: &'a str,
    /// The arguments, as written.
    pub arguments: &'a str,
    /// The text between its tags: Markdown when it is found, HTML when it is rendered.
    pub body: Option<&'a str>,
}

/// A text with marks instead of calls.
pub(super) struct Replaced {
    pub text: String,
    mark: String,
    html: Vec<String>,
    /// Equivalent positions in this text and in the author's.
    pub steps: Steps,
}

type Problems = Vec<(Range<usize>, MarkdownError)>;

/// Replaces the calls of `text`, which begins at byte `base` of the whole, by marks; `show` makes the HTML of each.
/// `None` if there are no calls.
pub(super) fn replace(
    text: &str,
    base: usize,
    extensions: Extensions,
    problems: &mut Problems,
    show: &mut dyn FnMut(Call<'_>, Range<usize>, &mut Problems) -> String,
) -> Option<Replaced> {
    let Tags { tags, faults } = calls::find(text, &hidden(text, extensions));
    let mut faults = faults.into_iter().peekable();
    let mut replaced =
        Replaced { text: String::new(), mark: unused_mark(text), html: Vec::new(), steps: Steps::default() };
    let place = |range: &Range<usize>| base + range.start..base + range.end;
    let mut done = 0;
    for tag in &tags {
        // Tags inside of a body are found again when that is rendered.
        if tag.range.start < done {
            continue;
        }
        while let Some((range, fault)) = faults.next_if(|(range, _)| range.start < tag.range.start) {
            problems.extend((range.start >= done).then(|| (place(&range), fault)));
        }
        let name = || tag.name.to_owned();
        let (end, body) = match (tag.kind, tag.end.and_then(|end| tags.get(end))) {
            (Kind::Whole, _) => (tag.range.end, None),
            (Kind::Open, Some(close)) => (close.range.end, Some(&text[tag.range.end..close.range.start])),
            (Kind::Open, None) => {
                problems.push((place(&tag.range), MarkdownError::OpenCall { name: name() }));
                continue;
            }
            (Kind::Close, _) => {
                problems.push((place(&tag.range), MarkdownError::StrayEnd { name: name() }));
                continue;
            }
        };
        let call = Call { name: tag.name, arguments: tag.arguments, body };
        let html = show(call, place(&tag.range), problems);
        replaced.text.push_str(&text[done..tag.range.start]);
        replaced.text.push_str(&format!("{}{}\u{e001}", replaced.mark, replaced.html.len()));
        replaced.html.push(html);
        replaced.steps.add(replaced.text.len(), end);
        done = end;
    }
    let left = faults.filter(|(range, _)| range.start >= done);
    problems.extend(left.map(|(range, fault)| (place(&range), fault)));
    if replaced.html.is_empty() {
        return None;
    }
    replaced.text.push_str(&text[done..]);
    Some(replaced)
}

/// The beginning of a mark that `text` does not contain.
fn unused_mark(text: &str) -> String {
    let digits = |rest: &str| rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let used: HashSet<&str> = text.split('\u{e000}').skip(1).map(|rest| &rest[..digits(rest)]).collect();
    let free =
        (0..=used.len()).map(|number| number.to_string()).find(|number| !used.contains(number.as_str()));
    format!("\u{e000}{}:", free.unwrap_or_default())
}

/// `text` without the tags of calls. The text between two tags stays; with `drop`, it goes if the call is a block.
pub(super) fn without_calls(text: &str, extensions: Extensions, drop: bool) -> Cow<'_, str> {
    if !calls::may_have_calls(text) {
        return Cow::Borrowed(text);
    }
    let Tags { tags, .. } = calls::find(text, &hidden(text, extensions));
    let mut kept = String::with_capacity(text.len());
    let mut done = 0;
    for tag in &tags {
        if tag.range.start < done {
            continue;
        }
        let before = &text[done..tag.range.start];
        kept.push_str(before);
        let line = text[..tag.range.start].trim_end_matches([' ', '\t']);
        let is_block = line.is_empty() || line.ends_with('\n');
        done = match tag.end.and_then(|end| tags.get(end)) {
            Some(close) if drop && is_block => close.range.end,
            _ => tag.range.end,
        };
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

/// True for HTML that begins with an element that can't be in a paragraph.
fn is_block(text: &str) -> bool {
    let name = text.trim_start().strip_prefix('<').unwrap_or_default();
    html::BLOCK_ELEMENTS
        .contains(&name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default())
}

impl Replaced {
    /// The HTML of the components.
    pub fn parts(&self) -> &[String] {
        &self.html
    }

    /// Replaces the marks in `html` by the components' HTML. A mark that is a paragraph by itself replaces the
    /// paragraph, and so do several of blocks.
    pub fn put_back(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((start, end, number)) = self.next_mark(rest) {
            let before = &rest[..start];
            let after = &rest[end..];
            // Only at the beginning of a paragraph: the search for its end takes as long as the paragraph is.
            let begins = before.strip_suffix("<p>");
            match begins.and_then(|before| Some((before, self.paragraph(number, after)?))) {
                Some((before, (blocks, after))) => {
                    out.push_str(before);
                    out.push_str(&blocks.join("\n"));
                    rest = after;
                }
                None => {
                    out.push_str(before);
                    out.push_str(self.part(number));
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn part(&self, number: usize) -> &str {
        self.html.get(number).map_or("", String::as_str)
    }

    /// The HTML of the components in a paragraph that begins with the mark `number`, and what follows its end, if
    /// `after` has nothing of the paragraph but marks: the one alone, or others, if all of them are blocks.
    fn paragraph<'a>(&self, number: usize, after: &'a str) -> Option<(Vec<&str>, &'a str)> {
        let mut parts = vec![self.part(number)];
        let mut rest = after;
        loop {
            if let Some(after) = rest.strip_prefix("</p>") {
                let is_whole = parts.len() == 1 || parts.iter().all(|part| is_block(part));
                return is_whole.then_some((parts, after));
            }
            let trimmed = rest.trim_start();
            let (start, end, number) = self.next_mark(trimmed)?;
            if start > 0 {
                return None;
            }
            parts.push(self.part(number));
            rest = &trimmed[end..];
        }
    }

    /// `text` with the words of the components instead of marks. Those with `data-contents="none"` have none.
    pub fn words(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((start, end, number)) = self.next_mark(rest) {
            out.push_str(&rest[..start]);
            let part = self.part(number);
            if !part.contains("data-contents=\"none\"") {
                out.push_str(&html::plain(part));
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }

    fn next_mark(&self, text: &str) -> Option<(usize, usize, usize)> {
        let start = text.find(&self.mark)?;
        let number_start = start + self.mark.len();
        let length = text[number_start..].find('\u{e001}')?;
        let number = text[number_start..number_start + length].parse().unwrap_or(usize::MAX);
        Some((start, number_start + length + '\u{e001}'.len_utf8(), number))
    }
}
