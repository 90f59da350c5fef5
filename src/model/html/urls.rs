//! URLs in HTML, and rewriting them.

use std::ops::Range;

use super::{Piece, css_urls, decode, escape, escape_url, walk};

/// The result of rewriting one URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It stays.
    Keep,
    /// It becomes another.
    To(String),
    /// The attribute is dropped.
    Drop,
}

/// The content of an attribute, as far as it has addresses or ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// An address.
    Address,
    /// An address, if the element is an `object`.
    Object,
    /// A list of addresses, each with a descriptor (HTML, section 4.8.4.2.1).
    List,
    /// CSS.
    Style,
    /// An id.
    Id,
    /// An id, if the element is an `a`.
    Name,
}

impl Holds {
    /// The content of the attribute `name`; `None` for most.
    #[inline]
    pub fn of(name: &str) -> Option<Holds> {
        // Length and first letter tell most other names apart.
        let first = name.bytes().next()?.to_ascii_lowercase();
        let (known, holds) = match (name.len(), first) {
            (2, b'i') => ("id", Holds::Id),
            (3, b's') => ("src", Holds::Address),
            (4, b'h') => ("href", Holds::Address),
            (4, b'c') => ("cite", Holds::Address),
            (4, b'p') => ("ping", Holds::Address),
            (4, b'd') => ("data", Holds::Object),
            (4, b'n') => ("name", Holds::Name),
            (5, b's') => ("style", Holds::Style),
            (6, b's') => ("srcset", Holds::List),
            (6, b'p') => ("poster", Holds::Address),
            (6, b'a') => ("action", Holds::Address),
            (8, b'l') => ("longdesc", Holds::Address),
            (8, b'm') => ("manifest", Holds::Address),
            (10, b'f') => ("formaction", Holds::Address),
            (10, b'x') => ("xlink:href", Holds::Address),
            (10, b'b') => ("background", Holds::Address),
            (11, b'i') => ("imagesrcset", Holds::List),
            _ => return None,
        };
        name.eq_ignore_ascii_case(known).then_some(holds)
    }
}

/// `html` with the URLs of its links, pictures and media rewritten. `change` gets each URL and the range of bytes
/// that hold it, and decides. Everything else stays byte for byte.
pub fn rewrite_urls(html: &str, change: &dyn Fn(&str, Range<usize>) -> Change) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let (mut done, mut is_in_style) = (0, false);
    walk(html, &mut |piece, range| {
        let is_style = std::mem::take(&mut is_in_style);
        let Piece::Tag { name, closing: false, attributes } = piece else {
            if matches!(piece, Piece::Other) && is_style {
                let place = |url: &Range<usize>| range.start + url.start..range.start + url.end;
                let css = &html[range.clone()];
                if let Some(css) = rewrite_css(css, &|url, at| change(url, place(at))) {
                    out.push_str(&html[done..range.start]);
                    out.push_str(&css);
                    done = range.end;
                }
            }
            return;
        };
        is_in_style = name.eq_ignore_ascii_case("style");
        for attribute in attributes {
            let holds = Holds::of(attribute.name);
            let changed = match holds {
                Some(Holds::Object) if !name.eq_ignore_ascii_case("object") => continue,
                Some(Holds::Address | Holds::Object) => {
                    match change(decode(attribute.value).trim(), attribute.span.clone()) {
                        Change::To(url) => Change::To(escape_url(&url)),
                        other => other,
                    }
                }
                Some(Holds::List) => {
                    rewrite_list(&decode(attribute.value), &|url| change(url, attribute.span.clone()))
                }
                Some(Holds::Style) => {
                    let css = decode(attribute.value);
                    match rewrite_css(&css, &|url, _| change(url, attribute.span.clone())) {
                        Some(css) => Change::To(escape(&css).into_owned()),
                        None => Change::Keep,
                    }
                }
                Some(Holds::Id | Holds::Name) | None => continue,
            };
            let (range, text) = match changed {
                Change::Keep => continue,
                Change::To(value) => (attribute.span, format!("\"{value}\"")),
                Change::Drop => (attribute.whole, String::new()),
            };
            out.push_str(&html[done..range.start]);
            out.push_str(&text);
            done = range.end;
        }
    });
    out.push_str(&html[done..]);
    out
}

/// The entries of a `srcset`: the bytes of each URL, and its descriptor.
pub(super) fn list_entries(list: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let is_between = |letter: char| letter.is_ascii_whitespace() || letter == ',';
        let rest = list[at..].trim_start_matches(is_between);
        if rest.is_empty() {
            return None;
        }
        let start = list.len() - rest.len();
        let end = rest.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(rest.len());
        let (url, after) = rest.split_at(end);
        // A comma at the end of a URL ends its entry. Otherwise a descriptor follows, which may have parentheses.
        if let Some(url) = url.strip_suffix(',') {
            at = start + end;
            return Some((start..start + url.trim_end_matches(',').len(), ""));
        }
        let mut depth = 0_usize;
        let length = after.find(|letter| {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            letter == ',' && depth == 0
        });
        let descriptor = &after[..length.unwrap_or(after.len())];
        at = start + end + descriptor.len();
        Some((start..start + url.len(), descriptor.trim()))
    })
}

/// Rewrites the URLs of a `srcset`. The changed value is escaped. A URL that is dropped takes its descriptor along.
fn rewrite_list(list: &str, change: &dyn Fn(&str) -> Change) -> Change {
    let (mut kept, mut is_changed) = (Vec::new(), false);
    for (range, descriptor) in list_entries(list) {
        let url = &list[range];
        let url = match change(url) {
            Change::Keep => escape_url(url),
            Change::To(url) => {
                is_changed = true;
                // A comma at either end of a URL would be read as a separator.
                escape_url(&url).replace(',', "%2C")
            }
            Change::Drop => {
                is_changed = true;
                continue;
            }
        };
        kept.push(if descriptor.is_empty() { url } else { format!("{url} {}", escape(descriptor)) });
    }
    match (is_changed, kept.is_empty()) {
        (false, _) => Change::Keep,
        (true, true) => Change::Drop,
        (true, false) => Change::To(kept.join(", ")),
    }
}

/// `css` with the addresses rewritten that are written as `url(…)`; `None` if all stay. An address that is dropped
/// leaves an empty `url()`, which loads nothing.
fn rewrite_css(css: &str, change: &dyn Fn(&str, &Range<usize>) -> Change) -> Option<String> {
    let (mut out, mut done) = (String::new(), 0);
    for range in css_urls(css) {
        let new = match change(&css[range.clone()], &range) {
            Change::Keep => continue,
            Change::To(url) => css_url(&url),
            Change::Drop => String::new(),
        };
        out.push_str(&css[done..range.start]);
        out.push_str(&new);
        done = range.end;
    }
    (done > 0).then(|| out + &css[done..])
}

/// `url` with the characters percent-encoded that end an address in CSS, or that a URL can't have.
fn css_url(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for letter in url.chars() {
        match letter {
            ' ' | '"' | '\'' | '(' | ')' | '<' | '>' | '\\' => {
                encoded.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            letter if letter.is_control() => {}
            other => encoded.push(other),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_srcset_keeps_its_descriptors_and_what_is_unchanged() {
        let change = |url: &str, _: Range<usize>| match url {
            "a.jpg" => Change::To("/x/a,1.jpg".to_owned()),
            "held.jpg" => Change::Drop,
            _ => Change::Keep,
        };
        for (list, expected) in [
            ("a.jpg", Some("/x/a%2C1.jpg")),
            ("a.jpg 1x, b.jpg 2x", Some("/x/a%2C1.jpg 1x, b.jpg 2x")),
            (" b.jpg 480w , a.jpg  960w,", Some("b.jpg 480w, /x/a%2C1.jpg 960w")),
            ("b.jpg,a.jpg 1x", None),
            ("b.jpg, a.jpg", Some("b.jpg, /x/a%2C1.jpg")),
            (
                "data:image/png;base64,AA== 1x, a.jpg 2x",
                Some("data:image/png;base64,AA== 1x, /x/a%2C1.jpg 2x"),
            ),
            ("held.jpg 1x, b.jpg 2x", Some("b.jpg 2x")),
            ("b.jpg 1x", None),
            ("", None),
            (", ,", None),
        ] {
            let html = format!("<img srcset=\"{list}\">");
            let rewritten = rewrite_urls(&html, &change);
            let expected = expected.map_or(html, |list| format!("<img srcset=\"{list}\">"));
            assert_eq!(rewritten, expected);
        }
        assert_eq!(rewrite_urls("<img srcset='held.jpg 2x' alt=a>", &change), "<img  alt=a>");
        assert_eq!(rewrite_urls("<object DATA=a.jpg>", &change), "<object DATA=\"/x/a,1.jpg\">");
    }
}
