//! The fast path of cleaning, for HTML that needs no repair.
//!
//! An HTML parser repairs what is not well-formed: it closes, moves and repeats elements. HTML with all start and end
//! tags, and with elements only where a parser leaves them, comes out of a parser unchanged; the Markdown renderer
//! writes little else. [`cleaned`] reads such HTML from front to back and writes the allowed parts, byte for byte as
//! [`super::repaired`] does. It refuses all other HTML.

use url::Url;

use super::{ATTRIBUTES, GENERIC, MORE_ELEMENTS, kept};
use crate::model::html::TEXT_ELEMENTS;
use crate::model::url::SCHEMES;

/// The deepest nesting that is followed.
const DEEPEST: usize = 64;

/// The effect of an element on the elements around it when HTML is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has no content and no end tag.
    Void,
    /// It has no content and no end tag, and ends a paragraph.
    Rule,
    /// It may occur in any text.
    Inline,
    /// It may occur in any text, but not in another link.
    Link,
    /// It ends a paragraph.
    Block,
    Paragraph,
    Heading,
    Preformatted,
    List,
    Item,
    Definitions,
    Definition,
    Table,
    RowGroup,
    Row,
    Cell,
}

/// The kind of the element `name`; `None` if this module does not know its rules.
fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "br" | "img" | "wbr" => Kind::Void,
        "hr" => Kind::Rule,
        "abbr" | "b" | "bdi" | "bdo" | "cite" | "code" | "del" | "dfn" | "em" | "i" | "ins" | "kbd"
        | "mark" | "picture" | "q" | "s" | "samp" | "small" | "span" | "strong" | "sub" | "sup" | "time"
        | "u" | "var" => Kind::Inline,
        "a" => Kind::Link,
        "address" | "article" | "aside" | "blockquote" | "details" | "div" | "figcaption" | "figure"
        | "footer" | "header" | "hgroup" | "main" | "nav" | "section" | "summary" => Kind::Block,
        "p" => Kind::Paragraph,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "pre" => Kind::Preformatted,
        "ol" | "ul" => Kind::List,
        "li" => Kind::Item,
        "dl" => Kind::Definitions,
        "dd" | "dt" => Kind::Definition,
        "table" => Kind::Table,
        "tbody" | "tfoot" | "thead" => Kind::RowGroup,
        "tr" => Kind::Row,
        "td" | "th" => Kind::Cell,
        _ => return None,
    })
}

/// `html` with only what the allow-list allows, and with URLs made absolute by `base`. `None` if a parser might
/// repair it.
pub(super) fn cleaned(html: &str, base: Option<&Url>) -> Option<String> {
    let is_plain = memchr::memchr2(b'\0', b'\r', html.as_bytes()).is_none();
    if !is_plain || html.starts_with('\u{feff}') {
        return None;
    }
    let mut cleaner = Cleaner { html, at: 0, out: String::with_capacity(html.len()), open: Vec::new(), base };
    while cleaner.at < html.len() {
        match html.as_bytes()[cleaner.at..] {
            [b'<', b'/', ..] => cleaner.end_tag()?,
            [b'<', ..] => cleaner.start_tag()?,
            _ => cleaner.text()?,
        }
    }
    cleaner.open.is_empty().then_some(cleaner.out)
}

struct Cleaner<'a> {
    html: &'a str,
    /// The position of the next byte.
    at: usize,
    out: String,
    /// The open elements, outermost first.
    open: Vec<(&'a str, Kind)>,
    base: Option<&'a Url>,
}

impl<'a> Cleaner<'a> {
    fn rest(&self) -> &'a str {
        &self.html[self.at..]
    }

    fn is_open(&self, kind: Kind) -> bool {
        self.open.iter().any(|(_, open)| *open == kind)
    }

    /// Reads a name: lower-case ASCII letters, digits and hyphens.
    fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let end = rest.bytes().position(|byte| !is_name(byte))?;
        self.at += end;
        rest.starts_with(|first: char| first.is_ascii_lowercase()).then(|| &rest[..end])
    }

    fn text(&mut self) -> Option<()> {
        let rest = self.rest();
        let end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let text = &rest[..end];
        // A parser moves text between cells out of the table.
        if let Some((_, Kind::Table | Kind::RowGroup | Kind::Row)) = self.open.last()
            && !text.bytes().all(|byte| byte.is_ascii_whitespace())
        {
            return None;
        }
        self.at += end;
        escaped(&mut self.out, text, "\"")
    }

    fn end_tag(&mut self) -> Option<()> {
        self.at += 2;
        let name = self.name()?;
        let (open, _) = self.open.pop()?;
        let is_whole = open == name && self.rest().starts_with('>');
        self.at += 1;
        if is_whole && is_allowed(name) {
            self.out.extend(["</", name, ">"]);
        }
        is_whole.then_some(())
    }

    fn start_tag(&mut self) -> Option<()> {
        self.at += 1;
        let name = self.name()?;
        let kind = kind(name)?;
        if !self.may_open(kind) {
            return None;
        }
        let is_kept = is_allowed(name);
        if is_kept {
            self.out.extend(["<", name]);
        }
        self.attributes(name, is_kept)?;
        let rest = self.rest();
        let is_void = matches!(kind, Kind::Void | Kind::Rule);
        let length = if is_void && rest.starts_with("/>") { 2 } else { 1 };
        if !rest[length - 1..].starts_with('>') {
            return None;
        }
        self.at += length;
        if is_kept {
            self.out.push('>');
        }
        // A parser drops a line break right after the tag.
        if kind == Kind::Preformatted && self.rest().starts_with('\n') {
            return None;
        }
        if !is_void {
            self.open.push((name, kind));
        }
        Some(())
    }

    /// True if a parser leaves an element of this kind in its place and keeps all open elements open.
    fn may_open(&self, kind: Kind) -> bool {
        let around = self.open.last().map(|(_, kind)| *kind);
        let fits = match kind {
            Kind::Item => around == Some(Kind::List),
            Kind::Definition => around == Some(Kind::Definitions),
            Kind::RowGroup => around == Some(Kind::Table),
            Kind::Row => around == Some(Kind::RowGroup),
            Kind::Cell => around == Some(Kind::Row),
            _ => !matches!(around, Some(Kind::Table | Kind::RowGroup | Kind::Row)),
        };
        let stands = match kind {
            Kind::Void | Kind::Inline => true,
            Kind::Link => !self.is_open(Kind::Link),
            Kind::Heading => !self.is_open(Kind::Paragraph) && !self.is_open(Kind::Heading),
            _ => !self.is_open(Kind::Paragraph),
        };
        fits && stands && self.open.len() < DEEPEST
    }

    /// Reads the attributes of the element `name`, to the end of its tag.
    fn attributes(&mut self, name: &str, is_kept: bool) -> Option<()> {
        let of_element = ATTRIBUTES.binary_search_by_key(&name, |(element, _)| *element);
        let of_element = of_element.map_or(&[][..], |at| ATTRIBUTES[at].1);
        let mut seen: Vec<&str> = Vec::new();
        loop {
            let spaces = self.rest().bytes().take_while(u8::is_ascii_whitespace).count();
            self.at += spaces;
            if self.rest().starts_with(['/', '>']) {
                return Some(());
            }
            let attribute = self.name().filter(|_| spaces > 0)?;
            let is_kept = is_kept && (GENERIC.contains(&attribute) || of_element.contains(&attribute));
            let Some(quoted) = self.rest().strip_prefix("=\"") else {
                // An attribute without a value.
                let is_alone =
                    self.rest().starts_with(|next: char| next == '>' || next.is_ascii_whitespace());
                if is_kept || !is_alone {
                    return None;
                }
                continue;
            };
            let end = memchr::memchr(b'"', quoted.as_bytes())?;
            self.at += 2 + end + 1;
            if !is_kept {
                continue;
            }
            if seen.contains(&attribute) {
                return None;
            }
            seen.push(attribute);
            self.attribute(name, attribute, &quoted[..end])?;
        }
    }

    /// Writes an allowed attribute, whose value is given as written.
    fn attribute(&mut self, element: &str, name: &str, written: &str) -> Option<()> {
        self.out.extend([" ", name, "=\""]);
        let mut value = String::new();
        if !matches!(name, "href" | "src" | "poster" | "cite") {
            escaped(&mut self.out, written, "&quot;")?;
        } else {
            value.reserve(written.len());
            unescaped(&mut value, written)?;
            let is_relative = value.starts_with(['/', '#']);
            if !is_relative && name != "cite" && !is_known(&value) {
                return None;
            }
            let kept = kept(element, name, &value, self.base)?;
            encoded(&mut self.out, &kept, "&quot;");
        }
        self.out.push('"');
        Some(())
    }
}

/// True for an absolute URL with a known scheme, and for a relative URL.
fn is_known(url: &str) -> bool {
    match Url::parse(url) {
        Ok(url) => url.scheme() == "data" || SCHEMES.contains(&url.scheme()),
        Err(error) => error == url::ParseError::RelativeUrlWithoutBase,
    }
}

fn is_allowed(element: &str) -> bool {
    TEXT_ELEMENTS.binary_search(&element).is_ok() || MORE_ELEMENTS.contains(&element)
}

/// The character references that this module knows.
const REFERENCES: [(&str, &str); 6] =
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'")];

/// Appends `text` to `out` with its character references decoded. `None` if one is not known here.
fn unescaped(out: &mut String, text: &str) -> Option<()> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let (reference, meant) =
            REFERENCES.iter().find(|(reference, _)| rest[at..].starts_with(reference))?;
        out.push_str(meant);
        rest = &rest[at + reference.len()..];
    }
    out.push_str(rest);
    Some(())
}

/// Appends `text` to `out` with its character references rewritten to those that HTML serialization uses; `quote`
/// replaces a quotation mark. `None` if one is not known here.
fn escaped(out: &mut String, text: &str, quote: &str) -> Option<()> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        encoded(out, &rest[..at], quote);
        let (reference, meant) =
            REFERENCES.iter().find(|(reference, _)| rest[at..].starts_with(reference))?;
        encoded(out, meant, quote);
        rest = &rest[at + reference.len()..];
    }
    encoded(out, rest, quote);
    Some(())
}

/// Appends `text` to `out`, serialized as HTML (the HTML standard, section 13.3); `quote` replaces a quotation mark.
fn encoded(out: &mut String, text: &str, quote: &str) {
    let is_special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | 0xc2);
    // Most texts have no special character; the check covers whole blocks, which processors do at once.
    if !text.bytes().fold(false, |found, byte| found | is_special(byte)) {
        return out.push_str(text);
    }
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str(quote),
            '\u{a0}' => out.push_str("&nbsp;"),
            other => out.push(other),
        }
    }
}
