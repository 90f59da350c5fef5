//! Addresses and ids in HTML: where a document leads, and what others can lead to.

use std::borrow::Cow;
use std::ops::Range;

use super::decode;
use super::tags::{
    Attribute, BLANK, END, SLASH, attributes, each_attribute, find_close, is_in_tag, is_raw, skip,
};
use super::urls::{Holds, list_entries};

/// An address or an id in HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark<'a> {
    /// An address.
    Address(Address<'a>),
    /// An id, to which a fragment can lead: the value of `id`, or of `name` of an `a`.
    Id(Cow<'a, str>),
}

/// An address in HTML: of a link, a picture, a recording, a form, a style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address<'a> {
    /// The name of the element, as written.
    pub element: &'a str,
    /// The name of the attribute, as written; empty for the text of a `style`.
    pub attribute: &'a str,
    /// The address, its character references decoded, without white space around it.
    pub url: Cow<'a, str>,
    /// The bytes of the address in the HTML, as written.
    pub range: Range<usize>,
}

/// Names of metadata whose `content` is an address.
const METADATA: [&str; 14] = [
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "og:url",
    "og:audio",
    "og:audio:url",
    "og:video",
    "og:video:url",
    "og:video:secure_url",
    "twitter:image",
    "twitter:image:src",
    "twitter:player",
    "msapplication-tileimage",
    "thumbnail",
];

/// Calls `each` with every address and every id in `html`, in order. The content of scripts and comments has none.
pub fn marks<'a>(html: &'a str, each: &mut dyn FnMut(Mark<'a>)) {
    marks_between(html, 0..html.len(), each);
}

/// Calls `each` with every address and every id of the tags in `html` that begin in the bytes `range`, in order; returns
/// the byte behind the last of them, with its content if that is no markup, or the end of `range` if that is later. `range`
/// begins between two tags.
pub fn marks_between<'a>(html: &'a str, range: Range<usize>, each: &mut dyn FnMut(Mark<'a>)) -> usize {
    let bytes = html.as_bytes();
    let mut at = range.start;
    while let Some(found) = bytes.get(at..range.end).and_then(|rest| memchr::memchr(b'<', rest)) {
        at += found + 1;
        match bytes.get(at) {
            Some(b'!') if html[at..].starts_with("!--") => {
                at = html[at + 3..].find("-->").map_or(html.len(), |found| at + 3 + found);
                continue;
            }
            Some(letter) if letter.is_ascii_alphabetic() => {}
            _ => continue,
        }
        let end = skip(html, at, |byte| !is_in_tag(byte, BLANK | SLASH | END));
        let element = &html[at..end];
        at = match bytes.get(end) {
            Some(b'>') => end + 1,
            _ if element.eq_ignore_ascii_case("meta") => {
                let (all, end) = attributes(html, end);
                metadata(element, &all, each);
                end
            }
            _ => each_attribute(html, end, |attribute| of_attribute(element, &attribute, each)),
        };
        if is_raw(element) {
            let close = find_close(html, at, element);
            if element.eq_ignore_ascii_case("style") {
                of_style(element, "", &html[at..close], at, each);
            }
            at = close;
        }
    }
    at.max(range.end)
}

/// The addresses and the id in an attribute.
#[inline]
fn of_attribute<'a>(element: &'a str, attribute: &Attribute<'a>, each: &mut dyn FnMut(Mark<'a>)) {
    let (value, start) = (attribute.value, attribute.start());
    match Holds::of(attribute.name) {
        Some(Holds::Address) => address(element, attribute.name, trimmed(value, start), each),
        // The `data` of other elements is something else.
        Some(Holds::Object) if element.eq_ignore_ascii_case("object") => {
            address(element, attribute.name, trimmed(value, start), each);
        }
        Some(Holds::List) => {
            for (range, _) in list_entries(value) {
                address(element, attribute.name, (&value[range.clone()], start + range.start), each);
            }
        }
        Some(Holds::Style) => of_style(element, attribute.name, value, start, each),
        Some(Holds::Id) if !value.is_empty() => each(Mark::Id(decode(value))),
        Some(Holds::Name) if !value.is_empty() && element.eq_ignore_ascii_case("a") => {
            each(Mark::Id(decode(value)));
        }
        _ => {}
    }
}

/// The address of an element `meta` with these attributes.
fn metadata<'a>(element: &'a str, attributes: &[Attribute<'a>], each: &mut dyn FnMut(Mark<'a>)) {
    let of = |name: &str| attributes.iter().find(|one| one.name.eq_ignore_ascii_case(name));
    let Some(content) = of("content") else { return };
    let is_address = ["property", "name", "itemprop"]
        .iter()
        .filter_map(|name| of(name))
        .any(|one| METADATA.iter().any(|name| one.value.trim().eq_ignore_ascii_case(name)));
    if is_address {
        return address(element, content.name, trimmed(content.value, content.start()), each);
    }
    let is_refresh = of("http-equiv").is_some_and(|one| one.value.trim().eq_ignore_ascii_case("refresh"));
    if !is_refresh {
        return;
    }
    if let Some(at) = content.value.to_ascii_lowercase().find("url=") {
        let (rest, start) = trimmed(&content.value[at + 4..], content.start() + at + 4);
        let bare = rest.trim_start_matches(['"', '\'']);
        let start = start + rest.len() - bare.len();
        address(element, content.name, (bare.trim_end_matches(['"', '\'']), start), each);
    }
}

/// `written` without white space around it, and the byte at which it begins, if it began at `start` with it.
fn trimmed(written: &str, start: usize) -> (&str, usize) {
    let rest = written.trim_ascii_start();
    (rest.trim_ascii_end(), start + written.len() - rest.len())
}

fn address<'a>(
    element: &'a str,
    attribute: &'a str,
    (written, start): (&'a str, usize),
    each: &mut dyn FnMut(Mark<'a>),
) {
    let range = start..start + written.len();
    each(Mark::Address(Address { element, attribute, url: decode(written), range }));
}

/// The addresses in the style `css`, which begins at byte `start`.
fn of_style<'a>(
    element: &'a str,
    attribute: &'a str,
    css: &'a str,
    start: usize,
    each: &mut dyn FnMut(Mark<'a>),
) {
    for range in css_urls(css) {
        address(element, attribute, (&css[range.clone()], start + range.start), each);
    }
}

/// The bytes of each address in `css`, without its quotes: those that are written as `url(…)`, and those of `@import`.
/// Comments have none.
pub fn css_urls(css: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = css.get(at..)?;
            let found = memchr::memchr3(b'/', b'(', b'@', rest.as_bytes())?;
            let (here, before) = (at + found, &rest[..found]);
            at = here + 1;
            match css.as_bytes()[here] {
                b'/' if css[here..].starts_with("/*") => {
                    at = css[here + 2..].find("*/").map_or(css.len(), |end| here + end + 4);
                }
                b'(' if ends_with_word(before, "url") => {
                    let range = css_url(css, here + 1, ")")?;
                    at = range.end;
                    if !range.is_empty() {
                        return Some(range);
                    }
                }
                b'@' if css[here..].get(..7).is_some_and(|word| word.eq_ignore_ascii_case("@import")) => {
                    let start =
                        here + css[here + 7..].find(|c: char| !c.is_whitespace()).map_or(0, |at| at + 7);
                    if css[start..].starts_with(['"', '\'']) {
                        let range = css_url(css, start, ";")?;
                        at = range.end;
                        return Some(range);
                    }
                }
                _ => {}
            }
        }
    })
}

/// True if `text` ends with the word `word`, in any case.
fn ends_with_word(text: &str, word: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((before, end)) = bytes.len().checked_sub(word.len()).map(|at| bytes.split_at(at)) else {
        return false;
    };
    let is_inside =
        before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    end.eq_ignore_ascii_case(word.as_bytes()) && !is_inside
}

/// The bytes of the address from byte `start` of `css` on, without its quotes. Without quotes, it ends before `end`.
fn css_url(css: &str, start: usize, end: &str) -> Option<Range<usize>> {
    let rest = &css[start..];
    let start = start + rest.len() - rest.trim_start().len();
    let rest = &css[start..];
    // In an attribute, quotes may be written as references.
    let quotes = ["\"", "'", "&quot;", "&#34;", "&#39;", "&apos;"];
    if let Some(quote) = quotes.iter().find(|quote| rest.starts_with(**quote)) {
        let begin = start + quote.len();
        let length = css[begin..].find(*quote)?;
        return Some(begin..begin + length);
    }
    let bare = rest[..rest.find(end)?].trim_end();
    Some(start..start + bare.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<String> {
        let mut all = Vec::new();
        marks(html, &mut |mark| match mark {
            Mark::Address(one) => {
                assert_eq!(decode(&html[one.range.clone()]), one.url, "{html}");
                all.push(format!("{} {} {}", one.element, one.attribute, one.url));
            }
            Mark::Id(id) => all.push(format!("#{id}")),
        });
        all
    }

    #[test]
    fn every_address_has_its_element_and_its_bytes() {
        for (html, expected) in [
            ("<a class=x href=\"/a?b=1&amp;c\">A</a>", "a href /a?b=1&c"),
            ("<A HREF= b.md>", "A HREF b.md"),
            ("<img src=' q.png ' alt=\"src=x\">", "img src q.png"),
            ("<img srcset=\"a.png 1x, /b,c.png 2x\">", "img srcset a.png|img srcset /b,c.png"),
            ("<video poster=p.jpg><source src=v.mp4></video>", "video poster p.jpg|source src v.mp4"),
            ("<q cite=/c>", "q cite /c"),
            ("<object data=o.svg></object><div data=1></div>", "object data o.svg"),
            ("<form action=/f><button formaction=\"/g\">", "form action /f|button formaction /g"),
            ("<svg><use xlink:href='#i'/></svg>", "use xlink:href #i"),
            ("<meta property=og:image content=/x.png>", "meta content /x.png"),
            ("<meta content='/y.png' name=\"twitter:image\">", "meta content /y.png"),
            ("<meta name=description content=/z.png>", ""),
            ("<meta http-equiv=refresh content=\"0; url='/n/'\">", "meta content /n/"),
            ("<p style=\"background: url(&quot;b.png&quot;)\">", "p style b.png"),
            ("<style>a{b:url( 'c.png' )}</style>", "style  c.png"),
            (
                "<style>/* url(x.png) */ @import 'd.css' print; a{b:URL(\"e (1).png\")}</style>",
                "style  d.css|style  e (1).png",
            ),
            ("<style>a{b:my-url(x.png); c: url(); d:url(f.png)}</style>", "style  f.png"),
            ("<script>'<a href=/no>'</script><a href=/yes>", "a href /yes"),
            ("<!-- <a href=/no> --><a href=/yes>", "a href /yes"),
            ("<title><a href=/no></title>", ""),
            ("a < b <a href=/yes", "a href /yes"),
            ("<p id=one><a name=two></a><input name=three>", "#one|#two"),
            (
                "<link rel=preload imagesrcset=\"p.png 1x\" href=\"p.png\">",
                "link imagesrcset p.png|link href p.png",
            ),
        ] {
            assert_eq!(found(html).join("|"), expected, "{html}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_marks_within_it(html in "[<>a-c=\"'/! \\-;&()\u{e9}]{0,60}|(<(a|img|meta|style)( (href|srcset|style|content|id)=['\"]?[a(),#/ ]{0,6}['\"]?){0,3}>?){0,4}") {
            found(&html);
        }
    }
}
