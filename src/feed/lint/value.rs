//! Values that several formats share: URLs, media types, languages, e-mail addresses.

use url::Url;

use super::quoted;
use super::rule::Rule;
use crate::model::url as address;

/// The scheme of `url` (RFC 3986, section 3.1); `None` if it is relative.
pub(super) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let first = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let rest = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    (first && rest).then_some(scheme)
}

/// The rule that `text` breaks as the URL of a web page (RFC 3986; RFC 3987 for letters beyond ASCII).
pub(super) fn web_url(text: &str) -> Option<(Rule, String)> {
    if runs(text) {
        return Some((Rule::UnsafeUrl, quoted(text.trim())));
    }
    let fault = uri(text);
    if fault.is_some() {
        return fault;
    }
    let text = text.trim();
    match scheme(text) {
        None => Some((Rule::RelativeUrl, quoted(text))),
        Some(scheme) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => {
            let host = text[scheme.len() + 1..].strip_prefix("//").filter(|rest| !rest.starts_with('/'));
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
            let is_plain = |rest: &str| {
                let end = rest.bytes().position(|byte| !plain(byte)).unwrap_or(rest.len());
                end > 0 && rest.as_bytes().get(end).is_none_or(|byte| matches!(byte, b'/' | b'?' | b'#'))
            };
            let good = host.is_some_and(|rest| is_plain(rest) || Url::parse(text).is_ok());
            (!good).then(|| (Rule::InvalidUrl, format!("{} has no proper host", quoted(text))))
        }
        Some(_) => Some((Rule::OddScheme, quoted(text))),
    }
}

/// The rule that `text` breaks as a URI or IRI, which may be relative.
pub(super) fn uri(text: &str) -> Option<(Rule, String)> {
    let text = text.trim();
    if text.is_empty() {
        return Some((Rule::InvalidUrl, "it is empty".to_owned()));
    }
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let good = match byte {
            b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0..=0x1f | 0x7f => false,
            b'%' => bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
            _ => true,
        };
        if !good {
            let letter = char::from(*byte).escape_debug();
            return Some((Rule::InvalidUrl, format!("{} has `{letter}`", quoted(text))));
        }
    }
    None
}

/// True for a URL that a browser runs, or of which it makes a document. A picture as `data:` is neither.
pub(super) fn runs(text: &str) -> bool {
    let start: String = text.trim().chars().take(16).collect::<String>().to_ascii_lowercase();
    let is_picture = start.starts_with("data:image/") && !start.starts_with("data:image/svg");
    address::runs(text) && !is_picture
}

/// True for a media type (RFC 6838, section 4.2), with or without parameters.
pub fn is_media_type(text: &str) -> bool {
    let (name, parameters) = text.split_once(';').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let token = |part: &str| {
        !part.is_empty()
            && part.len() <= 127
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    let named = name.trim_end().split_once('/').is_some_and(|(one, two)| token(one) && token(two));
    let good = |parameter: &str| parameter.trim().split_once('=').is_some_and(|(name, _)| token(name));
    named && parameters.is_none_or(|rest| rest.split(';').all(good))
}

/// True for a well-formed language tag (RFC 5646, section 2.1).
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let Some(first) = parts.next() else { return false };
    if !text.is_ascii() || first.eq_ignore_ascii_case("i") {
        return text.is_ascii() && text.len() > 2;
    }
    let private = first.eq_ignore_ascii_case("x");
    let word = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let named = word(first, 2..=8) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !(private || named) {
        return false;
    }
    let rest: Vec<&str> = parts.collect();
    if private && rest.is_empty() || rest.last().is_some_and(|last| last.len() == 1) {
        return false;
    }
    rest.iter().all(|part| word(part, 1..=8))
}

/// True for a probable e-mail address (RFC 5322, section 3.4.1).
pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>()[],;:\\\"@".contains(c))
    };
    plain(name) && plain(host) && !host.starts_with('.') && !host.ends_with('.')
}

/// True for an e-mail address, optionally with a name in parentheses after it, as in RSS.
pub(super) fn is_email_with_name(text: &str) -> bool {
    let text = text.trim();
    match text.split_once(' ') {
        None => is_email(text),
        Some((address, name)) => {
            let name = name.trim();
            is_email(address) && name.starts_with('(') && name.ends_with(')')
        }
    }
}

/// True for a text with an e-mail address in it.
pub(super) fn has_email(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || "<>()[],;:\"".contains(c)).any(is_email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_whole_and_valid() {
        let rule = |text: &str| web_url(text).map(|(rule, _)| rule);
        for good in [
            "https://example.org/",
            "HTTP://example.org",
            "https://example.org/%E6%B8%AF?a=1&b=[2]#c",
            "https://b\u{fc}cher.example/\u{6e2f}",
            "https://me:pw@example.org:8080/x",
            "http://[::1]/",
            " https://example.org/ ",
        ] {
            assert_eq!(rule(good), None, "{good}");
        }
        for (text, expected) in [
            ("/a", Rule::RelativeUrl),
            ("//example.org/a", Rule::RelativeUrl),
            ("#a", Rule::RelativeUrl),
            ("a:b c", Rule::InvalidUrl),
            ("", Rule::InvalidUrl),
            ("https://example.org/a b", Rule::InvalidUrl),
            ("https://example.org/100%", Rule::InvalidUrl),
            ("https://example.org/{a}", Rule::InvalidUrl),
            ("https:///a", Rule::InvalidUrl),
            ("https:a", Rule::InvalidUrl),
            ("https://exa[mple/", Rule::InvalidUrl),
            ("mailto:a@example.org", Rule::OddScheme),
            ("gopher://example.org/", Rule::OddScheme),
            ("javascript:alert(1)", Rule::UnsafeUrl),
            ("java\tscript:alert(1)", Rule::UnsafeUrl),
            ("data:text/html,x", Rule::UnsafeUrl),
            ("data:image/avif;base64,x", Rule::OddScheme),
            ("data:image/svg+xml,x", Rule::UnsafeUrl),
        ] {
            assert_eq!(rule(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn names_of_things_have_their_form() {
        for good in ["audio/mpeg", "application/atom+xml", "text/html; charset=utf-8", "image/svg+xml"] {
            assert!(is_media_type(good), "{good}");
        }
        for bad in ["", "mp3", "audio/", "/mpeg", "audio/mp eg", "a/b/c", "text/html; utf-8"] {
            assert!(!is_media_type(bad), "{bad}");
        }
        for good in ["en", "en-GB", "zh-Hant-HK", "de-CH-1901", "sl-rozaj-biske", "x-mine", "i-klingon"] {
            assert!(is_language(good), "{good}");
        }
        for bad in
            ["", "e", "en_GB", "english language", "en-", "en--GB", "toolonganame", "12", "en-a", "\u{e9}n"]
        {
            assert!(!is_language(bad), "{bad}");
        }
        for good in ["a@example.org", "ada@example.org (Ada (the elder))"] {
            assert!(is_email_with_name(good), "{good}");
        }
        for bad in ["Ada", "Ada <ada@example.org>", "ada@", "@example.org", "ada@example.org Ada", "a b@c.d"]
        {
            assert!(!is_email_with_name(bad), "{bad}");
        }
    }
}
