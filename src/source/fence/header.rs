//! Lines that are written like fields of front matter, in whatever kind of header.

use super::super::suspicions;
use crate::model::metadata::folded;

/// A line that is written like a field.
pub(super) struct Header<'a> {
    pub name: &'a str,
    pub value: &'a str,
    /// It has the syntax of a field in Org, reStructuredText, AsciiDoc or Nikola, and is no prose.
    pub is_marked: bool,
}

/// Names that make a line look like a field.
const KNOWN: [&str; 32] = [
    "title",
    "date",
    "published",
    "pubdate",
    "publishdate",
    "updated",
    "lastmod",
    "modified",
    "lastmodifiedat",
    "expires",
    "expirydate",
    "draft",
    "slug",
    "tags",
    "categories",
    "category",
    "author",
    "authors",
    "summary",
    "description",
    "aliases",
    "layout",
    "permalink",
    "status",
    "lang",
    "template",
    "weight",
    "image",
    "keywords",
    "subtitle",
    "visibility",
    "withdrawn",
];

pub(super) fn is_known(header: &Header<'_>) -> bool {
    KNOWN.contains(&folded(header.name).as_str()) || is_mark(header)
}

/// True if the line says that its source is not public.
pub(super) fn is_mark(header: &Header<'_>) -> bool {
    suspicions::is_mark(header.name, header.value)
}

/// `line` as a field, if it is written like one.
pub(super) fn header(line: &str) -> Option<Header<'_>> {
    let line = line.trim_matches(is_blank);
    let marks = ["#+", ".. ", ":"];
    let marked = marks.iter().find_map(|mark| line.strip_prefix(mark));
    let mut rest = marked.unwrap_or(line);
    for word in ["export ", "const ", "let ", "var ", "{"] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    let at = rest.find([':', '='])?;
    let (name, value) = (&rest[..at], &rest[at + 1..]);
    let name = name.trim_matches(|letter: char| letter.is_whitespace() || "\"'*_`".contains(letter));
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | ' ');
    let is_short = name.len() <= 40 && name.split(' ').count() <= 3;
    // `https://` and `10:30` are no fields.
    let is_apart = rest[at..].starts_with('=')
        || rest[..at].trim_end().ends_with(['"', '\''])
        || marked.is_some()
        || !value.starts_with(|c: char| c.is_alphanumeric() || c == '/');
    if !name.starts_with(char::is_alphanumeric) || !is_short || !is_apart || !name.chars().all(is_name) {
        return None;
    }
    let value = value.trim_matches(|letter: char| is_blank(letter) || "\"'*_`;,}=:".contains(letter));
    Some(Header { name, value, is_marked: marked.is_some() })
}

/// The fields among the lines of the first paragraph of `text`.
pub(super) fn paragraph(text: &str) -> impl Iterator<Item = Header<'_>> {
    let lines = lines(text).map(|line| line.trim_matches(is_blank)).skip_while(|line| line.is_empty());
    lines.take_while(|line| !line.is_empty()).take(MOST_LINES).filter_map(header)
}

/// Lines in which fields are looked for.
pub(super) const MOST_LINES: usize = 60;

/// White space, and characters that nobody sees.
pub(super) fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{fffe}')
}

/// True for characters that end a line in some program.
pub(super) fn is_line_end(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The lines of `text`.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_line_end)
}
