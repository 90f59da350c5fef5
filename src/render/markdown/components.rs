//! Calls of components: `{{ <figure src="a.jpg" /> }}` and `{% <note> %}…{% </note> %}`.
//!
//! Before Markdown is parsed, each call is replaced by a mark that the text does not contain. Afterwards the
//! component's HTML replaces the mark; it is never parsed as Markdown.

use std::ops::Range;

use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};

use super::MarkdownError;

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
    /// Pairs of equivalent positions, in this text and in the author's. From each pair on, both texts are equal up to
    /// the next.
    steps: Vec<(usize, usize)>,
}

type Problems = Vec<(Range<usize>, MarkdownError)>;

/// True if `text` may have a call.
pub(super) fn may_have_calls(text: &str) -> bool {
    memchr::memchr_iter(b'{', text.as_bytes()).any(|at| {
        let rest = text[at + 1..].strip_prefix(['{', '%']);
        rest.is_some_and(|rest| rest.trim_start_matches(['-', ' ', '\n']).starts_with('<'))
    })
}

/// Replaces the calls of `text`, which begins at byte `base` of the whole, by marks; `show` makes the HTML of each.
/// `None` if there are no calls.
pub(super) fn replace(
    text: &str,
    base: usize,
    extensions: Extensions,
    problems: &mut Problems,
    show: &mut dyn FnMut(Call<'_>, Range<usize>, &mut Problems) -> String,
) -> Option<Replaced> {
    let code = code_ranges(text, extensions);
    let mark =
        (0u32..).map(|number| format!("\u{e000}{number}:")).find(|mark| !text.contains(mark.as_str()))?;
    let mut replaced = Replaced { text: String::new(), mark, html: Vec::new(), steps: vec![(0, 0)] };
    let mut done = 0;
    let mut at = 0;
    while let Some(tag) = next_tag(text, at, &code) {
        at = tag.range.end;
        let place = |range: &Range<usize>| base + range.start..base + range.end;
        let (end, body) = match tag.kind {
            Kind::Whole => (tag.range.end, None),
            Kind::Open => match close_of(text, &tag, &code) {
                Some(close) => (close.end, Some(&text[tag.range.end..close.start])),
                None => {
                    problems.push((place(&tag.range), MarkdownError::OpenCall { name: tag.name.to_owned() }));
                    continue;
                }
            },
            Kind::Close => {
                problems.push((place(&tag.range), MarkdownError::StrayEnd { name: tag.name.to_owned() }));
                continue;
            }
        };
        let call = Call { name: tag.name, arguments: tag.arguments, body };
        let html = show(call, place(&tag.range), problems);
        replaced.text.push_str(&text[done..tag.range.start]);
        replaced.text.push_str(&format!("{}{}\u{e001}", replaced.mark, replaced.html.len()));
        replaced.html.push(html);
        replaced.steps.push((replaced.text.len(), end));
        done = end;
        at = end;
    }
    if replaced.html.is_empty() {
        return None;
    }
    replaced.text.push_str(&text[done..]);
    Some(replaced)
}

impl Replaced {
    /// The position in the author's text of byte `at` of this one.
    pub fn original(&self, at: usize) -> usize {
        let step = self.steps.partition_point(|(new, _)| *new <= at).saturating_sub(1);
        let (new, original) = self.steps[step];
        original + at.saturating_sub(new)
    }

    /// Replaces the marks in `html` by the components' HTML. A mark that is a paragraph by itself replaces the
    /// paragraph.
    pub fn put_back(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((start, end, number)) = self.next_mark(rest) {
            let before = &rest[..start];
            let after = &rest[end..];
            let html = self.html.get(number).map_or("", String::as_str);
            match (before.strip_suffix("<p>"), after.strip_prefix("</p>")) {
                (Some(before), Some(after)) => {
                    out.push_str(before);
                    out.push_str(html);
                    rest = after;
                }
                _ => {
                    out.push_str(before);
                    out.push_str(html);
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// `text` without marks.
    pub fn without_marks(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((start, end, _)) = self.next_mark(rest) {
            out.push_str(&rest[..start]);
            rest = &rest[end..];
        }
        out.push_str(rest);
        out.trim().to_owned()
    }

    fn next_mark(&self, text: &str) -> Option<(usize, usize, usize)> {
        let start = text.find(&self.mark)?;
        let number_start = start + self.mark.len();
        let length = text[number_start..].find('\u{e001}')?;
        let number = text[number_start..number_start + length].parse().unwrap_or(usize::MAX);
        Some((start, number_start + length + '\u{e001}'.len_utf8(), number))
    }
}

/// The bytes of `text` that are code or formulas.
fn code_ranges(text: &str, extensions: Extensions) -> Vec<Range<usize>> {
    Parser::new_ext(text, extensions)
        .into_offset_iter()
        .filter_map(|(event, range)| match event {
            Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Start(Tag::CodeBlock(_)) => Some(range),
            _ => None,
        })
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `{{ <name /> }}`
    Whole,
    /// `{% <name> %}`
    Open,
    /// `{% </name> %}`
    Close,
}

struct TagOf<'a> {
    kind: Kind,
    name: &'a str,
    arguments: &'a str,
    range: Range<usize>,
}

/// The next tag of a call at or after `from`, outside of code.
fn next_tag<'a>(text: &'a str, mut from: usize, code: &[Range<usize>]) -> Option<TagOf<'a>> {
    loop {
        let start = from + text.get(from..)?.find('{')?;
        let next = code.partition_point(|range| range.end <= start);
        if let Some(range) = code.get(next)
            && range.start <= start
        {
            from = range.end;
            continue;
        }
        if let Some(tag) = tag_at(text, start) {
            return Some(tag);
        }
        from = start + 1;
    }
}

fn tag_at(text: &str, start: usize) -> Option<TagOf<'_>> {
    let rest = &text[start..];
    let (close, whole) = match rest.get(..2)? {
        "{{" => ("}}", true),
        "{%" => ("%}", false),
        _ => return None,
    };
    let inner = rest[2..].trim_start_matches('-').trim_start();
    let inner = inner.strip_prefix('<')?;
    let (ends, inner) = match inner.strip_prefix('/') {
        Some(inner) if !whole => (true, inner),
        Some(_) => return None,
        None => (false, inner),
    };
    let name_length =
        inner.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').unwrap_or(inner.len());
    let (name, inner) = inner.split_at(name_length);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let wanted = if whole { "/>" } else { ">" };
    let arguments_length = end_of_arguments(inner, wanted)?;
    let arguments = inner[..arguments_length].trim();
    let after = inner[arguments_length + wanted.len()..].trim_start().trim_start_matches('-');
    let after = after.strip_prefix(close)?;
    let kind = match (whole, ends) {
        (true, _) => Kind::Whole,
        (false, false) => Kind::Open,
        (false, true) => Kind::Close,
    };
    Some(TagOf { kind, name, arguments, range: start..text.len() - after.len() })
}

/// The position of `wanted` outside of quotes and braces. A longer text than the limit is no tag.
fn end_of_arguments(text: &str, wanted: &str) -> Option<usize> {
    const LONGEST: usize = 4096;
    let mut quote = None;
    let mut braces = 0usize;
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < LONGEST) {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (None, '{') => braces += 1,
            (None, '}') if braces > 0 => braces -= 1,
            (None, '}') => return None,
            (None, _) if braces == 0 && text[at..].starts_with(wanted) => return Some(at),
            _ => {}
        }
    }
    None
}

/// The end tag of `open`.
fn close_of(text: &str, open: &TagOf<'_>, code: &[Range<usize>]) -> Option<Range<usize>> {
    let mut depth = 1usize;
    let mut at = open.range.end;
    while let Some(tag) = next_tag(text, at, code) {
        at = tag.range.end;
        if tag.name != open.name {
            continue;
        }
        match tag.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            Kind::Whole => {}
        }
        if depth == 0 {
            return Some(tag.range);
        }
    }
    None
}
