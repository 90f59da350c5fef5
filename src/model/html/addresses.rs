//! Addresses and ids in HTML: where a document leads, and what others can lead to.

use std::borrow::Cow;
use std::ops::Range;

use super::urls::{LISTS, URLS, list_entries};
use super::{Attribute, attributes, decode, each_attribute, find_close, is_raw, skip};

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

/// Attributes with one address, beside [`URLS`].
const MORE_URLS: [&str; 3] = ["background", "ping", "manifest"];

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
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        at += found + 1;
        match bytes.get(at) {
            Some(b'!') if html[at..].starts_with("!--") => {
                at = html[at + 3..].find("-->").map_or(html.len(), |found| at + 3 + found);
                continue;
            }
            Some(letter) if letter.is_ascii_alphabetic() => {}
            _ => continue,
        }
        let end = skip(html, at, |byte| !byte.is_ascii_whitespace() && byte != b'/' && byte != b'>');
        let element = &html[at..end];
        at = match bytes.get(end) {
            Some(b'>') => end + 1,
            _ if element.eq_ignore_ascii_case("meta") => {
                let (all, end) = attributes(html, end);
                metadata(element, &all, each);
                end
            }
            _ => each_attribute(html, end, &mut |attribute| of_attribute(element, &attribute, each)),
        };
        if is_raw(element) {
            let close = find_close(html, at, element);
            if element.eq_ignore_ascii_case("style") {
                of_style(element, "", &html[at..close], at, each);
            }
            at = close;
        }
    }
}

/// The addresses and the id in an attribute.
fn of_attribute<'a>(element: &'a str, attribute: &Attribute<'a>, each: &mut dyn FnMut(Mark<'a>)) {
    // Most attributes are neither, which their length shows.
    if !matches!(attribute.name.len(), 2..=6 | 8 | 10 | 11) {
        return;
    }
    let is = |name: &str| attribute.name.eq_ignore_ascii_case(name);
    let is_one_of = |names: &[&str]| names.iter().any(|name| is(name));
    let start = attribute.start();
    if is("href") || is("src") || is_one_of(&URLS) || is_one_of(&MORE_URLS) {
        // The `data` of other elements, and the `cite` of none, is something else.
        if !is("data") || element.eq_ignore_ascii_case("object") {
            let url = trimmed(attribute.value, start);
            address(element, attribute.name, url, each);
        }
    } else if is("id") || is("name") && element.eq_ignore_ascii_case("a") {
        if !attribute.value.is_empty() {
            each(Mark::Id(decode(attribute.value)));
        }
    } else if is_one_of(&LISTS) {
        for (range, _) in list_entries(attribute.value) {
            address(element, attribute.name, (&attribute.value[range.clone()], start + range.start), each);
        }
    } else if is("style") {
        of_style(element, attribute.name, attribute.value, start, each);
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
    let lower = content.value.to_ascii_lowercase();
    if let Some(at) = lower.find("url=").filter(|_| is_refresh) {
        let (rest, start) = trimmed(&content.value[at + 4..], content.start() + at + 4);
        let bare = rest.trim_start_matches(['"', '\'']);
        let start = start + rest.len() - bare.len();
        address(element, content.name, (bare.trim_end_matches(['"', '\'']), start), each);
    }
}

/// `written` without white space around it, and the byte at which it begins, if it began at `start` with it.
fn trimmed(written: &str, start: usize) -> (&str, usize) {
    let rest = written.trim_start();
    (rest.trim_end(), start + written.len() - rest.len())
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

/// The bytes of each address in `css` that is written as `url(…)`, without its quotes.
pub fn css_urls(css: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = css.match_indices("url(").map(|(at, found)| at + found.len());
    starts.filter_map(|start| {
        let end = start + css[start..].find(')')?;
        let (inner, begin) = trimmed(&css[start..end], start);
        // In an attribute, quotes may be written as references.
        let quotes = ["\"", "'", "&quot;", "&#34;", "&#39;", "&apos;"];
        let quote = quotes.iter().find(|quote| inner.starts_with(**quote)).map_or("", |quote| *quote);
        let bare = inner.strip_prefix(quote)?;
        let bare = bare.strip_suffix(quote).unwrap_or(bare);
        let begin = begin + quote.len();
        Some(begin..begin + bare.len())
    })
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
