//! Rules about the HTML of entries: URLs that work anywhere, and no elements that readers remove.

use std::ops::Range;

use super::rule::Rule;
use super::value::{runs, scheme};
use crate::model::html::{Piece, decode, walk};

/// Elements that readers remove.
const UNSAFE: [&str; 19] = [
    "applet", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input", "link", "meta",
    "noscript", "object", "option", "script", "select", "style", "template", "textarea",
];

/// Calls `found` for each fault in `html`, with the rule, the range of bytes and a detail.
pub(super) fn judge(html: &str, found: &mut dyn FnMut(Rule, Range<usize>, String)) {
    let mut tags = 0;
    let mut last = 0..0;
    walk(html, &mut |piece, range| {
        last = range.clone();
        let Piece::Tag { name, closing, attributes } = piece else { return };
        tags += 1;
        if closing {
            return;
        }
        if let Some(rule) = element(name) {
            found(
                rule,
                range.start..range.start + 1 + name.len(),
                format!("`{}`", name.to_ascii_lowercase()),
            );
        }
        for one in attributes {
            if matters(one.name)
                && let Some((rule, detail)) = attribute(name, one.name, &decode(one.value))
            {
                found(rule, one.whole.clone(), detail);
            }
        }
    });
    let end = &html[last.clone()];
    if end.starts_with('<') && end.len() > 1 && !end.ends_with('>') {
        found(Rule::ContentCut, last, super::quoted(end));
    }
    if tags == 0 && looks_escaped(html) {
        found(Rule::DoubleEscaped, 0..html.len(), String::new());
    }
}

/// The rule that an element breaks if readers may remove it.
pub(super) fn element(name: &str) -> Option<Rule> {
    let known = UNSAFE.iter().any(|known| known.eq_ignore_ascii_case(name));
    known.then_some(Rule::UnsafeElement)
}

/// True for an attribute whose value may be a fault.
fn matters(name: &str) -> bool {
    match name.as_bytes().first().map(u8::to_ascii_lowercase) {
        Some(b'a') => name.eq_ignore_ascii_case("action"),
        Some(b'b') => name.eq_ignore_ascii_case("background"),
        Some(b'c') => name.eq_ignore_ascii_case("cite"),
        Some(b'd') => name.eq_ignore_ascii_case("data"),
        Some(b'h') => name.eq_ignore_ascii_case("href"),
        Some(b'o') => name.len() > 2 && name.as_bytes()[1].eq_ignore_ascii_case(&b'n'),
        Some(b'p') => name.eq_ignore_ascii_case("poster"),
        Some(b's') => ["src", "srcset", "style"].iter().any(|known| known.eq_ignore_ascii_case(name)),
        _ => false,
    }
}

/// The rule that an attribute of the element `element` breaks, with a detail.
pub(super) fn attribute(element: &str, name: &str, value: &str) -> Option<(Rule, String)> {
    if !matters(name) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    if name == "style" || name.starts_with("on") {
        return Some((Rule::UnsafeAttribute, format!("`{name}`")));
    }
    let one = |url: &str| {
        let url = url.trim();
        if runs(url) {
            return Some((Rule::UnsafeUrl, super::quoted(url)));
        }
        match scheme(url) {
            None => Some((Rule::ContentUrl, format!("`{name}` of `{element}` is {}", super::quoted(url)))),
            Some(_) => None,
        }
    };
    if name == "srcset" {
        return candidates(value).find_map(one);
    }
    one(value)
}

/// The URLs of a `srcset` (the HTML standard, section 4.8.4.2.1).
fn candidates(srcset: &str) -> impl Iterator<Item = &str> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let url = &rest[..end];
        if url.ends_with(',') {
            rest = &rest[end..];
        } else {
            rest = rest[end..].split_once(',').map_or("", |(_, rest)| rest);
        }
        Some(url.trim_end_matches(','))
    })
}

/// True if a text without tags has escaped tags.
pub(super) fn looks_escaped(text: &str) -> bool {
    text.contains("&lt;")
        && ["&lt;p&gt;", "&lt;/p&gt;", "&lt;br", "&lt;div", "&lt;a href=", "&lt;img "]
            .iter()
            .any(|tag| text.contains(tag))
}

/// Elements that titles and texts have, if they have any.
const TAGS: [&str; 24] = [
    "a", "abbr", "b", "big", "br", "cite", "code", "del", "div", "em", "font", "h1", "h2", "h3", "i", "img",
    "p", "q", "small", "span", "strong", "sub", "sup", "u",
];

/// True if a text that should be plain is HTML: it has an end tag, an attribute, or an element that has no end. A
/// sentence about a tag has none of them.
pub(super) fn is_marked_up(text: &str) -> bool {
    const MORE: [&str; 9] = ["blockquote", "h4", "hr", "li", "ol", "pre", "table", "td", "ul"];
    if !text.contains('<') {
        return false;
    }
    let mut found = false;
    walk(text, &mut |piece, _| {
        if let Piece::Tag { name, closing, attributes } = piece {
            let is_known = TAGS.iter().chain(&MORE).any(|tag| tag.eq_ignore_ascii_case(name));
            let is_empty = ["br", "hr", "img"].iter().any(|tag| tag.eq_ignore_ascii_case(name));
            found |= is_known && (closing || is_empty || !attributes.is_empty());
        }
    });
    found
}

/// True if a text that should be plain has HTML tags.
pub(super) fn has_tags(text: &str) -> bool {
    if !text.contains('<') {
        return false;
    }
    let mut found = false;
    walk(text, &mut |piece, _| {
        if let Piece::Tag { name, .. } = piece {
            found |= TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name));
        }
    });
    found
}

/// The first character reference in a text that should have none.
pub(super) fn reference(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(found) = text[at..].find('&') {
        at += found;
        let end = text[at..].bytes().take(12).position(|byte| byte == b';').map(|length| at + length + 1);
        if let Some(end) = end {
            let name = &text[at + 1..end - 1];
            let number = name.strip_prefix('#').is_some_and(|number| {
                let number = number.trim_start_matches(['x', 'X']);
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            if number || decode(&text[at..end]) != text[at..end] {
                return Some(at..end);
            }
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(html: &str) -> Vec<(Rule, String)> {
        let mut all = Vec::new();
        judge(html, &mut |rule, range, _| all.push((rule, html[range].to_owned())));
        all
    }

    #[test]
    fn what_leads_nowhere_or_is_taken_out_is_found_where_it_is() {
        let one = |html: &str| {
            let all = rules(html);
            assert_eq!(all.len(), 1, "{html}: {all:?}");
            all.into_iter().next().unwrap()
        };
        for (html, rule, place) in [
            ("<p><a href=\"../a/\">x</a></p>", Rule::ContentUrl, "href=\"../a/\""),
            ("<a href='//example.org/'>x</a>", Rule::ContentUrl, "href='//example.org/'"),
            ("<a href=#f>x</a>", Rule::ContentUrl, "href=#f"),
            ("<img src=a.png>", Rule::ContentUrl, "src=a.png"),
            ("<video poster=\"a.png\"></video>", Rule::ContentUrl, "poster=\"a.png\""),
            ("<q cite=\"a\">x</q>", Rule::ContentUrl, "cite=\"a\""),
            (
                "<img srcset=\"https://e.org/a 1x, b 2x\">",
                Rule::ContentUrl,
                "srcset=\"https://e.org/a 1x, b 2x\"",
            ),
            ("<a href=\"&#106;avascript:x()\">x</a>", Rule::UnsafeUrl, "href=\"&#106;avascript:x()\""),
            ("<p onclick=\"x()\">x</p>", Rule::UnsafeAttribute, "onclick=\"x()\""),
            ("<p style=\"x\">x</p>", Rule::UnsafeAttribute, "style=\"x\""),
            ("x <script>a < b</script>", Rule::UnsafeElement, "<script"),
            ("<IFRAME src=\"https://e.org\"></IFRAME>", Rule::UnsafeElement, "<IFRAME"),
            ("<p>x</p><a hr", Rule::ContentCut, "<a hr"),
            ("<p>x</p><!-- y", Rule::ContentCut, "<!-- y"),
            ("&lt;p&gt;x&lt;/p&gt;", Rule::DoubleEscaped, "&lt;p&gt;x&lt;/p&gt;"),
        ] {
            assert_eq!(one(html), (rule, place.to_owned()), "{html}");
        }
        for good in [
            "1 < 2 & 3 > 2",
            "<p>x",
            "<a href=\"mailto:a@b.c\" title=\"/\">x</a>",
            "<img src=\"data:image/gif;base64,R0\">",
            "<img srcset=\"https://e.org/a,b 1x, https://e.org/c 2x\">",
            "<p><code>&lt;p&gt;</code></p>",
            "x <",
        ] {
            assert_eq!(rules(good), [], "{good}");
        }
    }

    #[test]
    fn a_title_is_plain_text() {
        assert!(has_tags("a <b>bold</b> claim") && !has_tags("1 < 2, x <y> z, Vec<u8>"));
        assert_eq!(reference("Q&A; R&amp;D"), Some(6..11));
        assert_eq!(reference("it&#8217;s"), Some(2..9));
        assert_eq!(reference("AT&T; & so on;"), None);
    }
}
