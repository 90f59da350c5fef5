//! Addresses of other places, as authors and feeds write them.

use crate::model::html::decode;

/// Schemes of addresses that pages and feeds carry. A URL without a scheme is relative, and has that of its page.
pub const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "xmpp"];

/// `written` with the characters percent-encoded that a URL can't have (RFC 3986, section 2), if it is a whole URL. A
/// path of the site is the name of a file, and stays as it is.
pub fn encoded(written: &str) -> String {
    if !written.contains("://") {
        return written.to_owned();
    }
    let bytes = written.as_bytes();
    let mut url = String::with_capacity(written.len());
    for (at, letter) in written.char_indices() {
        let hex = || bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        match letter {
            ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                url.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            '%' if !hex() => url.push_str("%25"),
            letter if letter.is_control() => {}
            other => url.push(other),
        }
    }
    url
}

/// The scheme of `written`, in lower case, as a browser reads it: character references are decoded, blanks and control
/// characters before it don't count, nor do tabs and line breaks in it (the URL standard, section 4.4). `None` if the
/// URL is relative.
pub fn scheme(written: &str) -> Option<String> {
    let mut decoded = decode(written);
    for (name, letter) in [("&colon;", ":"), ("&Tab;", "\t"), ("&NewLine;", "\n")] {
        if decoded.contains(name) {
            decoded = decoded.replace(name, letter).into();
        }
    }
    let text = decoded.trim_start_matches(|letter: char| letter <= ' ');
    let mut scheme = String::new();
    for letter in text.chars() {
        match letter {
            '\t' | '\n' | '\r' => {}
            ':' if !scheme.is_empty() => return Some(scheme),
            letter if letter.is_ascii_alphabetic() => scheme.push(letter.to_ascii_lowercase()),
            '0'..='9' | '+' | '-' | '.' if !scheme.is_empty() => scheme.push(letter),
            _ => return None,
        }
    }
    None
}

/// The scheme of `written`, if pages and feeds don't carry addresses of that kind: `javascript`, `data` and all others
/// that are not known to be harmless.
pub fn refused_scheme(written: &str) -> Option<String> {
    scheme(written).filter(|scheme| !SCHEMES.contains(&scheme.as_str()))
}

/// True if a browser that follows `written` runs it, or shows a document made of it.
pub fn runs(written: &str) -> bool {
    let schemes = ["javascript", "vbscript", "livescript", "mocha", "data", "jar", "view-source"];
    scheme(written).is_some_and(|scheme| schemes.contains(&scheme.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_url_cant_have_is_percent_encoded() {
        for (written, url) in [
            ("https://e.org/a b|c.mp3?x=100%&y=%20", "https://e.org/a%20b%7Cc.mp3?x=100%25&y=%20"),
            ("https://e.org/\u{6e2f}\n", "https://e.org/\u{6e2f}"),
            ("my episode.mp3", "my episode.mp3"),
        ] {
            assert_eq!(encoded(written), url);
        }
    }

    #[test]
    fn a_scheme_is_what_a_browser_takes_for_one() {
        for script in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " \u{1}\u{1f} javascript:alert(1)",
            "java\tscr\nipt\r:alert(1)",
            "&#106;avascript:alert(1)",
            "javascript&colon;alert(1)",
            "java&Tab;script:alert(1)",
            "vbscript:x",
            "data:text/html,<script>x</script>",
            "DATA:text/html;base64,PA==",
        ] {
            assert!(runs(script) && refused_scheme(script).is_some(), "{script}");
        }
        for (other, expected) in
            [("file:///etc/passwd", "file"), ("blob:https://e.org/1", "blob"), ("C:\\x.mp3", "c")]
        {
            assert_eq!(refused_scheme(other).as_deref(), Some(expected), "{other}");
        }
        for good in [
            "https://example.org/javascript:x",
            "HTTP://example.org/",
            "mailto:a@example.org",
            "/news/a:b/",
            "//example.org/",
            "a.png",
            "?q=javascript:x",
            "#data:x",
            "1:2",
            "",
            ":",
        ] {
            assert_eq!(refused_scheme(good), None, "{good}");
        }
    }
}
