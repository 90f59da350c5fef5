//! HTML as text: escaping it, reading its words, rewriting its URLs.

mod addresses;
mod bytes;
mod elements;
mod tags;
mod urls;

use std::borrow::Cow;

pub use addresses::{Address, Mark, css_urls, marks, marks_between};
pub use bytes::{bits, suspects};
pub use elements::{BLOCK_ELEMENTS, TEXT_ELEMENTS};
pub(crate) use tags::{Attribute, Piece, VOID, walk};
pub use urls::{Change, rewrite_urls};

/// `text` with the characters escaped that have a meaning in HTML and XML, inside and outside of quoted attributes.
pub fn escape(text: &str) -> Cow<'_, str> {
    let mut special =
        suspects(text.as_bytes(), |byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')).peekable();
    if special.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let (mut escaped, mut from) = (String::with_capacity(text.len() + 16), 0);
    for at in special {
        escaped.push_str(&text[from..at]);
        escaped.push_str(entity(text.as_bytes()[at]).unwrap_or_default());
        from = at + 1;
    }
    escaped.push_str(&text[from..]);
    Cow::Owned(escaped)
}

/// The reference that stands for a character with a meaning in HTML and XML.
const fn entity(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    }
}

/// A URL as the value of an attribute: characters that a URL can't have (RFC 3986, section 2) are percent-encoded;
/// existing percent-encoding stays.
pub fn escape_url(url: &str) -> String {
    let mut escaped = String::with_capacity(url.len());
    for letter in url.chars() {
        match letter {
            ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                escaped.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            letter if letter.is_control() => {}
            '&' => escaped.push_str("&amp;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The direction of a language's script, as a value of HTML's `dir`; `tag` is a language tag (BCP 47).
pub fn direction(tag: &str) -> &'static str {
    const LANGUAGES: [&str; 12] = ["ar", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"];
    const SCRIPTS: [&str; 6] = ["arab", "hebr", "thaa", "syrc", "nkoo", "adlm"];
    let tag = tag.to_lowercase();
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    // A script named in the tag decides: `az-Arab`, `ks-Deva`.
    let is_rtl = match parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic())) {
        Some(script) => SCRIPTS.contains(&script),
        None => LANGUAGES.contains(&language),
    };
    if is_rtl { "rtl" } else { "ltr" }
}

/// `html` without the characters that HTML forbids (the HTML standard, section 13.2.3.5): control
/// characters that are no white space, and noncharacters.
pub fn without_forbidden(html: String) -> String {
    let forbidden = |letter: char| {
        (letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{c}'))
            || matches!(letter, '\u{fdd0}'..='\u{fdef}')
            || u32::from(letter) & 0xfffe == 0xfffe
    };
    let suspect = |byte: u8| matches!(byte, 0..=8 | 0xb | 0xe..=0x1f | 0x7f | 0xc2 | 0xef | 0xf0..);
    // Most blocks are ASCII without control characters, which takes two comparisons to see: as signed numbers, bytes
    // beyond ASCII are below zero.
    let is_plain = |byte: u8| ((byte as i8 >= 0x20) & (byte != 0x7f)) | (byte == b'\n');
    let is_plain_block = |block: &[u8]| block.iter().fold(true, |plain, byte| plain & is_plain(*byte));
    let blocks = html.as_bytes().chunks(64).zip((0..).step_by(64));
    let found = blocks
        .filter(|(block, _)| !is_plain_block(block))
        .any(|(block, start)| suspects(block, suspect).any(|at| html[start + at..].starts_with(forbidden)));
    if found { html.chars().filter(|letter| !forbidden(*letter)).collect() } else { html }
}

/// True for an element that ends a word.
pub(crate) fn ends_word(name: &str) -> bool {
    matches!(
        &*lowercase(name),
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "br"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "figcaption"
            | "figure"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "p"
            | "pre"
            | "section"
            | "td"
            | "th"
            | "tr"
    )
}

/// The visible text of `html`: tags dropped, character references decoded, runs of white space reduced to one space.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    walk(html, &mut |piece, _| match piece {
        Piece::Text(piece) => text.push_str(&decode(piece)),
        Piece::Tag { name, .. } if ends_word(name) => text.push(' '),
        _ => {}
    });
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

/// The words that readers see of a text, those of its headings apart, with spaces wherever a word ends.
#[derive(Debug, Default)]
pub struct Words {
    /// The words outside of headings.
    pub text: String,
    /// The words of headings.
    pub headings: String,
    is_heading: bool,
}

impl Words {
    /// Adds plain text.
    pub fn push(&mut self, text: &str) {
        if self.is_heading { self.headings.push_str(text) } else { self.text.push_str(text) }
    }

    /// Ends the word.
    pub fn gap(&mut self) {
        self.push(" ");
    }

    /// Begins or ends a heading.
    pub fn heading(&mut self, begins: bool) {
        self.gap();
        self.is_heading = begins;
        self.gap();
    }

    /// Adds HTML; tags may be open before and after it.
    pub fn push_html(&mut self, html: &str) {
        walk(html, &mut |piece, _| match piece {
            Piece::Text(piece) => self.push(&decode(piece)),
            Piece::Tag { name, closing, .. } => match name.as_bytes() {
                [b'h' | b'H', b'1'..=b'6'] => self.heading(!closing),
                _ if ends_word(name) => self.gap(),
                _ => {}
            },
            _ => {}
        });
    }
}

/// The name of a tag or an attribute in lower case; HTML ignores its case.
fn lowercase(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// The words and the structure of `html`, as a reader sees them. White space, classes, ids, the spelling of tags and
/// of character references make no difference, nor do links inside the site, which move with their targets.
pub fn substance(html: &str) -> String {
    let mut seen = String::with_capacity(html.len());
    let mut gap = false;
    walk(html, &mut |piece, _| match piece {
        Piece::Text(piece) => {
            for (number, line) in decode(piece).split('\n').enumerate() {
                gap |= number > 0;
                words(line, &mut seen, &mut gap);
            }
        }
        Piece::Tag { name, closing, attributes } => {
            let name = lowercase(name);
            // These elements mean nothing to a reader.
            if matches!(&*name, "body" | "div" | "head" | "html" | "span" | "tbody") {
                gap = true;
                return;
            }
            let block = ends_word(&name) || matches!(&*name, "ol" | "table" | "th" | "thead" | "ul");
            gap &= !block;
            // Characters that no text contains delimit tags.
            seen.push('\u{2}');
            if closing {
                seen.push('/');
            }
            seen.push_str(&name);
            for attribute in attributes {
                let value = decode(attribute.value);
                let counts = match &*lowercase(attribute.name) {
                    "href" | "src" | "poster" => value.contains(':'),
                    "alt" | "datetime" | "start" | "open" => true,
                    _ => false,
                };
                if counts {
                    seen.push(' ');
                    seen.push_str(value.trim());
                }
            }
            seen.push(if block { '\u{1}' } else { '\u{3}' });
        }
        Piece::Other => {}
    });
    seen
}

/// Adds the words of `line` to `seen`, with one space between them. `gap` is true if white space precedes the line's
/// first word; afterwards it is true if white space follows the last.
fn words(line: &str, seen: &mut String, gap: &mut bool) {
    let mut add = |words: &str, gap: bool| {
        if gap && !seen.ends_with('\u{1}') {
            seen.push(' ');
        }
        seen.push_str(words);
    };
    // The fast path: most lines have single spaces and no other white space, which processors check for many bytes at
    // once.
    let is_odd = |byte: u8| (byte < b' ') | matches!(byte, 0xc2 | 0xe1..=0xe3);
    let (bytes, behind) = (line.as_bytes(), line.as_bytes().get(1..).unwrap_or_default());
    let is_plain = !bytes.iter().fold(false, |odd, byte| odd | is_odd(*byte))
        && !bytes.iter().zip(behind).fold(false, |two, (a, b)| two | ((*a == b' ') & (*b == b' ')));
    if is_plain {
        let words = line.trim_matches(' ');
        *gap |= line.starts_with(' ');
        if !words.is_empty() {
            add(words, *gap);
            *gap = line.ends_with(' ');
        }
        return;
    }
    for (number, word) in line.split(char::is_whitespace).enumerate() {
        *gap |= number > 0;
        if !word.is_empty() {
            add(word, *gap);
            *gap = false;
        }
    }
}

/// Named character references that are common in articles.
const NAMED: [(&str, &str); 20] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("hellip", "\u{2026}"),
    ("mdash", "\u{2014}"),
    ("ndash", "\u{2013}"),
    ("lsquo", "\u{2018}"),
    ("rsquo", "\u{2019}"),
    ("ldquo", "\u{201c}"),
    ("rdquo", "\u{201d}"),
    ("copy", "\u{a9}"),
    ("eacute", "\u{e9}"),
    ("laquo", "\u{ab}"),
    ("raquo", "\u{bb}"),
    ("middot", "\u{b7}"),
    ("shy", ""),
    ("euro", "\u{20ac}"),
];

/// `text` with its character references decoded; an unknown one stays as it is.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let meant = end.and_then(|end| reference(&rest[1..end]).map(|meant| (meant, end)));
        match meant {
            Some((meant, end)) => {
                decoded.push_str(&meant);
                rest = &rest[end + 1..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn reference(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(String::from);
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, meant)| (*meant).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_a_reader_sees() {
        let html = "<h1>A &amp; B</h1><p>one<br>two <em>th</em>ree&hellip;</p><script>x < 1</script><!-- no --> 1 < 2";
        assert_eq!(plain(html), "A & B one two three\u{2026} 1 < 2");
    }

    #[test]
    fn substance_is_what_a_reader_would_notice() {
        let base = substance("<p>One <em>two</em>.</p>\n<ul>\n<li>a</li>\n</ul>");
        for same in [
            "<P class=\"x\">One\n  <em>two</em>.</p><ul><li>a</li></ul>",
            "<div><p id=p>One <em>two</em>&#46;</p>\n\n<!-- no --><ul> <li>a </li></ul></div>",
        ] {
            assert_eq!(substance(same), base, "{same}");
        }
        for other in [
            "<p>One <em>too</em>.</p><ul><li>a</li></ul>",
            "<p>One <strong>two</strong>.</p><ul><li>a</li></ul>",
            "<p>One <em>two</em>.</p><ol><li>a</li></ol>",
            "<p>One</p><p><em>two</em>.</p><ul><li>a</li></ul>",
            "<p>One<em>two</em>.</p><ul><li>a</li></ul>",
        ] {
            assert_ne!(substance(other), base, "{other}");
        }
        let link = |to: &str| substance(&format!("<a href=\"{to}\">x</a>"));
        assert_eq!(link("a.md"), link("../b/a.md"));
        assert_ne!(link("https://example.org/"), link("https://example.net/"));
        assert_ne!(substance("<img src=a alt=x>"), substance("<img src=a alt=y>"));
    }

    #[test]
    fn forbidden_characters_are_dropped() {
        assert_eq!(without_forbidden("a\u{b}b\tc\u{fffe}\u{85}\n".to_owned()), "ab\tc\n");
        // Lengths up to 300 cover whole blocks and the rest after them.
        for at in 0..300 {
            let text = ["a".repeat(at), "\u{1}".to_owned(), "b".repeat(300 - at)].concat();
            assert_eq!(without_forbidden(text).len(), 300, "{at}");
        }
    }

    #[test]
    fn suspects_are_found_one_after_the_other() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for modulus in [1, 2, 7, 64, 200] {
            let suspect = |byte: u8| byte % modulus == modulus - 1;
            let found: Vec<usize> = suspects(&bytes, suspect).collect();
            let expected: Vec<usize> = (0..bytes.len()).filter(|at| suspect(bytes[*at])).collect();
            assert_eq!(found, expected, "{modulus}");
        }
    }

    #[test]
    fn urls_change_wherever_they_stand() {
        let change = |url: &str, _: std::ops::Range<usize>| match url {
            "a" => Change::To("/x?1&2".into()),
            "b" => Change::Drop,
            _ => Change::Keep,
        };
        let html = "<a class=k href=a>1</a><IMG alt='>' SRC='a'/><a href=\"b\">2</a><!-- <a href=a> --><p title=\"a\">";
        let expected = "<a class=k href=\"/x?1&amp;2\">1</a><IMG alt='>' SRC=\"/x?1&amp;2\"/><a >2</a><!-- <a href=a> --><p title=\"a\">";
        assert_eq!(rewrite_urls(html, &change), expected);
    }

    proptest::proptest! {
        #[test]
        fn words_have_one_space_between_them(text in "( |  |\n|\t|\u{85}|\u{a0}|\u{2028}|\u{3000}|[a-z\u{e4}\u{2014}]{1,70}){0,12}") {
            let start = if text.trim_start() == text { "" } else { " " };
            let words: Vec<&str> = text.split_whitespace().collect();
            let expected = if words.is_empty() { String::new() } else { format!("{start}{}", words.join(" ")) };
            proptest::prop_assert_eq!(substance(&text), expected);
        }

        #[test]
        fn what_is_kept_is_kept_byte_for_byte(html in "(\\PC|<a href=|<!--|-->|\"|'|<script>|</|>|=){0,40}") {
            proptest::prop_assert_eq!(rewrite_urls(&html, &|_, _| Change::Keep), html.clone());
            let _ = plain(&html);
        }
    }
}
