//! Decoded text, and the places of its parts in the source.

use std::borrow::Cow;
use std::ops::Range;

/// The way in which a stretch of a document encodes text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// XML text with references.
    Escaped,
    /// Literal text.
    Literal,
    /// The inside of a JSON string.
    Json,
}

/// Text of a document.
#[derive(Debug, Clone)]
pub(super) struct Text<'a> {
    /// The decoded text.
    pub meant: Cow<'a, str>,
    /// The places of its pieces in the source.
    pieces: Pieces,
}

/// The places of a text; most texts have one piece.
#[derive(Debug, Clone)]
enum Pieces {
    None,
    One(Range<usize>, Form),
    More(Vec<(Range<usize>, Form)>),
}

impl<'a> Text<'a> {
    pub const fn empty() -> Self {
        Text { meant: Cow::Borrowed(""), pieces: Pieces::None }
    }

    /// The text at `span` of `source`.
    pub fn at(source: &'a str, span: Range<usize>, form: Form) -> Self {
        let mut text = Text::empty();
        text.push(source, span, form);
        text
    }

    /// Appends the text at `span` of `source`.
    pub fn push(&mut self, source: &'a str, span: Range<usize>, form: Form) {
        let meant = decode(&source[span.clone()], form);
        if self.meant.is_empty() {
            self.meant = meant;
        } else {
            self.meant.to_mut().push_str(&meant);
        }
        self.pieces = match std::mem::replace(&mut self.pieces, Pieces::None) {
            Pieces::None => Pieces::One(span, form),
            Pieces::One(first, its) => Pieces::More(vec![(first, its), (span, form)]),
            Pieces::More(mut pieces) => {
                pieces.push((span, form));
                Pieces::More(pieces)
            }
        };
    }

    /// True if the text is only white space.
    pub fn is_blank(&self) -> bool {
        self.meant.trim().is_empty()
    }

    /// The place of all of the text; `None` if it has no pieces.
    pub fn span(&self) -> Option<Range<usize>> {
        match &self.pieces {
            Pieces::None => None,
            Pieces::One(span, _) => Some(span.clone()),
            Pieces::More(pieces) => Some(pieces.first()?.0.start..pieces.last()?.0.end),
        }
    }

    /// The place in `source` of the bytes `range` of the decoded text.
    pub fn place(&self, source: &str, range: Range<usize>) -> Range<usize> {
        let (one, more);
        let pieces: &[(Range<usize>, Form)] = match &self.pieces {
            Pieces::None => &[],
            Pieces::One(span, form) => {
                one = [(span.clone(), *form)];
                &one
            }
            Pieces::More(pieces) => {
                more = pieces;
                more
            }
        };
        let mut before = 0;
        let mut start = None;
        for (span, form) in pieces {
            let raw = &source[span.clone()];
            let meant = decode(raw, *form).len();
            let within = |at: usize| span.start + written(raw, *form, at - before);
            if start.is_none() && range.start < before + meant {
                start = Some(within(range.start));
            }
            if let Some(start) = start
                && range.end <= before + meant
            {
                return start..within(range.end).max(start);
            }
            before += meant;
        }
        let end = pieces.last().map_or(0, |(span, _)| span.end);
        start.unwrap_or(end)..end
    }
}

/// Decodes `raw`.
fn decode(raw: &str, form: Form) -> Cow<'_, str> {
    let mark = match form {
        Form::Literal => return Cow::Borrowed(raw),
        Form::Escaped => b'&',
        Form::Json => b'\\',
    };
    let Some(first) = memchr::memchr(mark, raw.as_bytes()) else { return Cow::Borrowed(raw) };
    let mut meant = String::with_capacity(raw.len());
    meant.push_str(&raw[..first]);
    let mut at = first;
    while at < raw.len() {
        let (letter, length) = unit(&raw[at..], form);
        meant.extend(letter);
        at += length;
        let next = memchr::memchr(mark, &raw.as_bytes()[at..]).map_or(raw.len(), |next| at + next);
        meant.push_str(&raw[at..next]);
        at = next;
    }
    Cow::Owned(meant)
}

/// The number of bytes of `raw` before byte `wanted` of its decoded text.
fn written(raw: &str, form: Form, wanted: usize) -> usize {
    let (mut at, mut meant) = (0, 0);
    while at < raw.len() && meant < wanted {
        let (letter, length) = unit(&raw[at..], form);
        meant += letter.map_or(0, char::len_utf8);
        at += length;
    }
    at
}

/// The first character that `raw` encodes, and the number of bytes that encode it.
fn unit(raw: &str, form: Form) -> (Option<char>, usize) {
    let Some(first) = raw.chars().next() else { return (None, 1) };
    match (form, first) {
        (Form::Escaped, '&') => match reference(raw) {
            Some((Reference::Letter(letter), length)) => (Some(letter), length),
            _ => (Some('&'), 1),
        },
        (Form::Json, '\\') => {
            let hex = |at: usize| u32::from_str_radix(raw.get(at..at + 4)?, 16).ok();
            match raw.as_bytes().get(1) {
                Some(b'n') => (Some('\n'), 2),
                Some(b't') => (Some('\t'), 2),
                Some(b'r') => (Some('\r'), 2),
                Some(b'b') => (Some('\u{8}'), 2),
                Some(b'f') => (Some('\u{c}'), 2),
                Some(b'u') => match (hex(2), hex(8)) {
                    (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff))
                        if raw[6..].starts_with("\\u") =>
                    {
                        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                        (char::from_u32(code), 12)
                    }
                    (Some(code), _) => (Some(char::from_u32(code).unwrap_or('\u{fffd}')), 6),
                    (None, _) => (Some('\\'), 1),
                },
                Some(other) if other.is_ascii() => (Some(char::from(*other)), 2),
                _ => (Some('\\'), 1),
            }
        }
        (_, letter) => (Some(letter), letter.len_utf8()),
    }
}

/// A character reference or an entity reference.
pub(super) enum Reference<'a> {
    /// A reference to a character.
    Letter(char),
    /// A number that is not a character of XML 1.0 (section 2.2).
    Forbidden,
    /// A name that XML does not define.
    Named(&'a str),
}

/// The reference at the start of `raw`, and its length; `None` if there is none (XML 1.0, section 4.1).
pub(super) fn reference(raw: &str) -> Option<(Reference<'_>, usize)> {
    let bytes = raw.as_bytes();
    // The most frequent references.
    for (known, letter) in
        [("lt;", '<'), ("gt;", '>'), ("amp;", '&'), ("quot;", '"'), ("apos;", '\''), ("#39;", '\'')]
    {
        if bytes[1..].starts_with(known.as_bytes()) {
            return Some((Reference::Letter(letter), known.len() + 1));
        }
    }
    let end = bytes.iter().take(64).position(|byte| *byte == b';')?;
    let name = raw.get(1..end)?;
    let said = match name.strip_prefix('#') {
        Some(number) => {
            let digits = number.strip_prefix('x');
            let code = match digits {
                Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                    u32::from_str_radix(digits, 16)
                }
                None if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse(),
                _ => return None,
            };
            if number.is_empty() || digits == Some("") {
                return None;
            }
            let letter = code.ok().and_then(char::from_u32).filter(|letter| allowed(*letter));
            letter.map_or(Reference::Forbidden, Reference::Letter)
        }
        None => {
            let is_name =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | 0x80..);
            if name.is_empty() || !name.bytes().all(is_name) || name.as_bytes()[0].is_ascii_digit() {
                return None;
            }
            Reference::Named(name)
        }
    };
    Some((said, end + 1))
}

/// True for characters that XML 1.0 allows (section 2.2).
pub(super) fn allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_what_is_meant_is_found_where_it_is_written() {
        let source = "x&lt;a&#x20AC;b<![CDATA[<c>]]>&unknown; d";
        let mut text = Text::empty();
        text.push(source, 1..15, Form::Escaped);
        text.push(source, 24..27, Form::Literal);
        text.push(source, 30..41, Form::Escaped);
        assert_eq!(text.meant, "<a\u{20ac}b<c>&unknown; d");
        let shown = |part: &str| {
            let at = text.meant.find(part).unwrap();
            &source[text.place(source, at..at + part.len())]
        };
        assert_eq!(shown("<a"), "&lt;a");
        assert_eq!(shown("\u{20ac}"), "&#x20AC;");
        assert_eq!(shown("<c>"), "<c>");
        assert_eq!(shown("&unknown;"), "&unknown;");
        assert_eq!(shown(" d"), " d");
    }

    #[test]
    fn json_escapes_are_letters() {
        let source = r#"a\n\u00e9\ud83d\ude00\/"#;
        let text = Text::at(source, 0..source.len(), Form::Json);
        assert_eq!(text.meant, "a\n\u{e9}\u{1f600}/");
        assert_eq!(&source[text.place(source, 4..8)], r"\ud83d\ude00");
    }
}
