//! Changes to answers that are not in the site itself: this server's address instead of the site's, and the script
//! that shows changes.

use memchr::memmem;

use super::page::OWN;
use crate::model::digest::Digest;
use crate::model::html::escape;
use crate::model::url::BaseUrl;

/// `text` with the origin of `base` replaced by `local` (`http://127.0.0.1:4000`), so that links lead to this server.
/// An id such as `tag:example.org,2026:x` has no origin in it, and stays.
pub(super) fn with_local_origin(text: &[u8], base: &BaseUrl, local: &str) -> Vec<u8> {
    let origin = base.origin().as_bytes();
    let mut rewritten = Vec::with_capacity(text.len() + 1024);
    let mut from = 0;
    for at in memmem::find_iter(text, origin) {
        let end = at + origin.len();
        // Other origins, such as `https://example.org.uk` and `https://example.org:8443`, stay.
        if text
            .get(end)
            .is_some_and(|next| next.is_ascii_alphanumeric() || b".-:@_".contains(next) && !is_end(text, end))
        {
            continue;
        }
        rewritten.extend_from_slice(&text[from..at]);
        rewritten.extend_from_slice(local.as_bytes());
        from = end;
    }
    rewritten.extend_from_slice(&text[from..]);
    rewritten
}

/// True if the character at `at` ends a sentence and does not continue a host name.
fn is_end(text: &[u8], at: usize) -> bool {
    text.get(at + 1).is_none_or(|next| !next.is_ascii_alphanumeric())
}

/// The data that the script needs about its page.
pub(super) struct InPage<'a> {
    /// The page's file.
    pub file: &'a str,
    /// Digest of the file's bytes; `None` if the file does not exist.
    pub digest: Option<Digest>,
    /// The time as of which the site is shown, for people; `None` for the present.
    pub as_of: Option<&'a str>,
}

/// `html` with the script, and a banner if the site is shown as of another time.
pub(super) fn with_script(html: &[u8], page: &InPage<'_>) -> Vec<u8> {
    let digest = page.digest.map(|digest| digest.to_string()).unwrap_or_default();
    let script = format!(
        "<script src=\"{OWN}client.js\" data-page=\"{}\" data-digest=\"{digest}\" data-plain=\"{}\" defer></script>",
        escape(page.file),
        Digest::of(&without_styles(html)),
    );
    let banner = page.as_of.map(banner).unwrap_or_default();
    // The script goes to the end of the head, so that it listens early; without a head it goes to the end of the
    // page.
    let (head, body) = (find(html, b"</head"), rfind(html, b"</body"));
    let mut whole = Vec::with_capacity(html.len() + script.len() + banner.len());
    let (head, body) = (head.or(body).unwrap_or(html.len()), body.unwrap_or(html.len()));
    let (head, body) = (head.min(body), body.max(head));
    whole.extend_from_slice(&html[..head]);
    whole.extend_from_slice(script.as_bytes());
    whole.extend_from_slice(&html[head..body]);
    whole.extend_from_slice(banner.as_bytes());
    whole.extend_from_slice(&html[body..]);
    whole
}

fn banner(moment: &str) -> String {
    format!(
        "<link rel=\"stylesheet\" href=\"{OWN}style.css\" data-dateline><aside class=\"dateline-banner\" role=\"note\" aria-label=\"Dateline\"><form method=\"post\" action=\"{OWN}as-of\"><span>The site as of <strong>{}</strong></span> <button>Back to now</button> <a href=\"{OWN}\">Desk</a></form></aside>",
        escape(moment)
    )
}

/// The page without its links to style sheets. If only those differ, the script exchanges them without a reload.
fn without_styles(html: &[u8]) -> Vec<u8> {
    let mut rest = Vec::with_capacity(html.len());
    let mut from = 0;
    for at in memmem::find_iter(html, b"<link") {
        let end = memchr::memchr(b'>', &html[at..]).map_or(html.len(), |length| at + length + 1);
        if at >= from && memmem::find(&html[at..end], b"stylesheet").is_some() {
            rest.extend_from_slice(&html[from..at]);
            from = end;
        }
    }
    rest.extend_from_slice(&html[from..]);
    rest
}

fn find(html: &[u8], tag: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'<', html).find(|at| is_at(html, *at, tag))
}

fn rfind(html: &[u8], tag: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(b'<', html).find(|at| is_at(html, *at, tag))
}

fn is_at(html: &[u8], at: usize, tag: &[u8]) -> bool {
    html.get(at..at + tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sites_own_origin_is_replaced() {
        let base = BaseUrl::parse("https://example.org/blog/").unwrap();
        let local =
            |text: &str| String::from_utf8(with_local_origin(text.as_bytes(), &base, "http://l:4")).unwrap();
        for (text, expected) in [
            ("<a href=\"https://example.org/blog/a/\">", "<a href=\"http://l:4/blog/a/\">"),
            ("https://example.org", "http://l:4"),
            ("See https://example.org. Or", "See http://l:4. Or"),
            ("<id>tag:example.org,2026:a</id>", "<id>tag:example.org,2026:a</id>"),
            ("https://example.org.uk/", "https://example.org.uk/"),
            ("https://example.org:8443/", "https://example.org:8443/"),
            ("https://example.organic/", "https://example.organic/"),
            ("https://www.example.org/", "https://www.example.org/"),
            ("\"https://example.org?x\"", "\"http://l:4?x\""),
        ] {
            assert_eq!(local(text), expected);
        }
    }

    #[test]
    fn the_script_stands_in_the_head_or_at_the_end() {
        let with = |html: &str| {
            let page = InPage { file: "a\"b", digest: None, as_of: None };
            let whole = String::from_utf8(with_script(html.as_bytes(), &page)).unwrap();
            let start = whole.find("<script").unwrap();
            let end = whole.find("</script>").unwrap() + 9;
            assert!(whole[start..end].contains("data-page=\"a&quot;b\""));
            format!("{}S{}", &whole[..start], &whole[end..])
        };
        assert_eq!(
            with("<head><title>t</title></HEAD><body>x</body>"),
            "<head><title>t</title>S</HEAD><body>x</body>"
        );
        assert_eq!(with("<p>x</body>"), "<p>xS</body>");
        assert_eq!(with("<p>x"), "<p>xS");
        assert_eq!(with(""), "S");
    }

    #[test]
    fn a_page_is_the_same_but_for_its_style_sheets() {
        let plain = |html: &str| without_styles(html.as_bytes());
        assert_eq!(
            plain("<link rel=stylesheet href=/a.1.css><p>x"),
            plain("<link href=/a.2.css rel=\"stylesheet\"><p>x")
        );
        assert_ne!(plain("<link rel=icon href=/a><p>x"), plain("<link rel=icon href=/b><p>x"));
        assert_eq!(plain("<link rel=stylesheet"), b"");
    }
}
