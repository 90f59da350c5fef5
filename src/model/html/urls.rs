//! URLs in HTML, and rewriting them.

use std::ops::Range;

use super::{Piece, decode, escape, escape_url, walk};

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

/// Attributes whose value is a URL.
pub(super) const URLS: [&str; 9] =
    ["href", "src", "poster", "data", "action", "formaction", "cite", "longdesc", "xlink:href"];
/// Attributes whose value is a list of URLs, each with a descriptor (HTML, section 4.8.4.2.1).
pub(super) const LISTS: [&str; 2] = ["srcset", "imagesrcset"];

/// `html` with the URLs of its links, pictures and media rewritten. `change` gets each URL and the range of bytes
/// that hold it, and decides. Everything else stays byte for byte.
pub fn rewrite_urls(html: &str, change: &dyn Fn(&str, Range<usize>) -> Change) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut done = 0;
    walk(html, &mut |piece, _| {
        let Piece::Tag { closing: false, attributes, .. } = piece else { return };
        for attribute in attributes {
            let is_one_of =
                |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(attribute.name));
            let changed = if is_one_of(&URLS) {
                match change(&decode(attribute.value), attribute.span.clone()) {
                    Change::To(url) => Change::To(escape_url(&url)),
                    other => other,
                }
            } else if is_one_of(&LISTS) {
                rewrite_list(&decode(attribute.value), &|url| change(url, attribute.span.clone()))
            } else {
                continue;
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
