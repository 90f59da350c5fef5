//! Finds the tags of component calls in a text, and tags that look like calls but are none.

use std::ops::Range;

use super::MarkdownError;
use super::foreign;
use super::hidden::Hidden;

/// The kind of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{{ <name /> }}`
    Whole,
    /// `{% <name> %}`
    Open,
    /// `{% </name> %}`
    Close,
}

/// A tag of a call.
#[derive(Debug, Clone)]
pub(super) struct Tag<'a> {
    pub kind: Kind,
    pub name: &'a str,
    pub arguments: &'a str,
    pub range: Range<usize>,
    /// For an opening tag, the index of the tag that ends it.
    pub end: Option<usize>,
}

/// The tags of one text.
#[derive(Default)]
pub(super) struct Tags<'a> {
    /// Tags, in order.
    pub tags: Vec<Tag<'a>>,
    /// Tags that are shown as they are, in order.
    pub faults: Vec<(Range<usize>, MarkdownError)>,
}

/// The reason why a tag is not complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// A quote is never closed.
    Quote,
    /// `>` without the `/` before it.
    Slash,
    /// `{{ </name> }}`.
    End,
    /// The text ends, or its paragraph, or a brace closes too early.
    Open,
    /// More than [`LONGEST`] bytes.
    Long,
}

/// Longest arguments, in bytes.
const LONGEST: usize = 4096;

/// Most characters of a faulty tag that a message shows.
const LONGEST_SHOWN: usize = 200;

/// True if `text` may have tags of calls or of other generators.
pub(super) fn may_have_tags(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'{', bytes).any(|at| matches!(bytes.get(at + 1), Some(b'{' | b'%' | b':')))
}

/// True if `text` may have calls of components.
pub(super) fn may_have_calls(text: &str) -> bool {
    memchr::memchr_iter(b'{', text.as_bytes()).any(|at| inside(text, at).is_some())
}

/// The text behind `{{` or `{%` at byte `at` and behind its white space, from `<` on.
fn inside(text: &str, at: usize) -> Option<&str> {
    let rest = text[at + 1..].strip_prefix(['{', '%'])?;
    rest.trim_start_matches('-').trim_start().strip_prefix('<')
}

/// Finds the tags of `text` outside of the code in `hidden`.
pub(super) fn find<'a>(text: &'a str, hidden: &Hidden) -> Tags<'a> {
    let mut found = Tags::default();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'{', text.as_bytes().get(at..).unwrap_or_default()) {
        let start = at + start;
        if let Some(end) = hidden.code.end_of(start) {
            at = end;
            continue;
        }
        at = start + 1;
        if is_escaped(text, start) {
            // A backslash is for the whole of `{{%`.
            at = start + text[start..].bytes().take(3).take_while(|byte| matches!(byte, b'{' | b'%')).count();
            continue;
        }
        match tag_at(text, start) {
            Some(Ok(tag)) => {
                at = tag.range.end;
                found.tags.push(tag);
            }
            _ if hidden.raw.end_of(start).is_some() => {}
            Some(Err((name, fault))) => {
                // More of the line is not shown.
                let line = text[start..].char_indices().take(LONGEST_SHOWN);
                let shown = line.take_while(|(_, letter)| *letter != '\n');
                let end = shown.last().map_or(start, |(at, letter)| start + at + letter.len_utf8());
                found.faults.push((start..end, fault.told(name)));
            }
            None => {
                if let Some((end, error)) = foreign::at(text, start) {
                    found.faults.push((start..end, error));
                    at = end;
                }
            }
        }
    }
    found.pair();
    found
}

/// True if a backslash takes the meaning of the letter at byte `at`.
fn is_escaped(text: &str, at: usize) -> bool {
    text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

impl Tags<'_> {
    /// Finds the end of each opening tag: the next closing tag of its name that ends no later one.
    fn pair(&mut self) {
        let mut open: std::collections::HashMap<&str, Vec<usize>> = std::collections::HashMap::new();
        for at in 0..self.tags.len() {
            let Tag { kind, name, .. } = self.tags[at];
            match kind {
                Kind::Whole => {}
                Kind::Open => open.entry(name).or_default().push(at),
                Kind::Close => {
                    if let Some(opening) = open.get_mut(name).and_then(Vec::pop) {
                        self.tags[opening].end = Some(at);
                    }
                }
            }
        }
    }
}

impl Fault {
    fn told(self, name: &str) -> MarkdownError {
        let name = name.to_owned();
        let (reason, remedy) = match self {
            Fault::Quote => (
                "a quote is never closed".to_owned(),
                "close it; a text that has one kind of quotes goes between quotes of another: \", ' or `"
                    .to_owned(),
            ),
            Fault::Slash => (
                "there is no `/` before its `>`".to_owned(),
                format!(
                    "end it with `/> }}}}`; around a text, write `{{% <{name}> %}}` and `{{% </{name}> %}}`"
                ),
            ),
            Fault::End => {
                ("an end tag is between `{%` and `%}`".to_owned(), format!("write `{{% </{name}> %}}`"))
            }
            Fault::Open => (
                "it has no end in this paragraph".to_owned(),
                format!("write `{{{{ <{name} /> }}}}`, or `{{% <{name}> %}}` and `{{% </{name}> %}}`"),
            ),
            Fault::Long => (
                format!("its arguments have more than {LONGEST} bytes"),
                "shorten them, or move data into a CSV file".to_owned(),
            ),
        };
        MarkdownError::BrokenCall { name, reason, remedy }
    }
}

/// The tag at byte `start`. `None` if there is nothing like one.
fn tag_at(text: &str, start: usize) -> Option<Result<Tag<'_>, (&str, Fault)>> {
    let whole = text[start + 1..].starts_with('{');
    let inner = inside(text, start)?;
    let (ends, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let name_length =
        inner.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').unwrap_or(inner.len());
    let (name, inner) = inner.split_at(name_length);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    if whole && ends {
        return Some(Err((name, Fault::End)));
    }
    let (close, wanted) = if whole { ("}}", "/>") } else { ("%}", ">") };
    let length = match end_of_arguments(inner, wanted) {
        Ok(length) => length,
        Err(fault) => return Some(Err((name, fault))),
    };
    let arguments = inner[..length].trim();
    let after = inner[length + wanted.len()..].trim_start().trim_start_matches('-');
    let Some(after) = after.strip_prefix(close) else { return Some(Err((name, Fault::Open))) };
    let kind = match (whole, ends) {
        (true, _) => Kind::Whole,
        (false, false) => Kind::Open,
        (false, true) => Kind::Close,
    };
    Some(Ok(Tag { kind, name, arguments, range: start..text.len() - after.len(), end: None }))
}

/// The position of `wanted` outside of quotes and braces, in the same paragraph.
fn end_of_arguments(text: &str, wanted: &str) -> Result<usize, Fault> {
    let mut quote = None;
    let mut braces = 0usize;
    let mut blank = false;
    for (at, letter) in text.char_indices() {
        let open = if quote.is_some() { Fault::Quote } else { Fault::Open };
        if at >= LONGEST {
            return Err(if quote.is_some() { Fault::Quote } else { Fault::Long });
        }
        match letter {
            '\n' if blank => return Err(open),
            '\n' => blank = true,
            letter if !letter.is_whitespace() => blank = false,
            _ => {}
        }
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (None, '{') if braces == 0 && inside(text, at).is_some() => return Err(open),
            (None, '{') => braces += 1,
            (None, '}') if braces > 0 => braces -= 1,
            (None, '}') => return Err(open),
            (None, _) if braces == 0 && text[at..].starts_with(wanted) => return Ok(at),
            (None, '>') if braces == 0 => return Err(Fault::Slash),
            _ => {}
        }
    }
    Err(if quote.is_some() { Fault::Quote } else { Fault::Open })
}
