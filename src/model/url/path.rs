//! Paths of a site that can't leave its output folder.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use miette::Diagnostic;
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// A path of the site, readable (not percent-encoded). It starts with `/`. One that ends with `/` names a folder,
/// whose `index.html` is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct UrlPath(Arc<str>);

/// A stored path was valid when it was written, and is checked again where it becomes a file (`output`).
impl<'de> Deserialize<'de> for UrlPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::model::intern::made(deserializer, |text| UrlPath(text.into()))
    }
}

/// Why a text is not a path of the site.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum PathError {
    /// A path outside the output folder.
    #[error("the path \u{201c}{path}\u{201d} leaves the output folder")]
    #[diagnostic(code(path::outside), help("take out the `{part}`"))]
    Leaves {
        /// The path.
        path: String,
        /// `.` or `..`.
        part: String,
    },
    /// A part that no file can have as its name.
    #[error("the path \u{201c}{path}\u{201d} has a part that no file can be called: {reason}")]
    #[diagnostic(
        code(path::part),
        help("use letters, digits and `-`, and no more than 255 bytes between two `/`")
    )]
    Part {
        /// The path.
        path: String,
        /// Which part, and why.
        reason: String,
    },
}

impl UrlPath {
    /// The site's front page, `/`.
    pub fn root() -> Self {
        UrlPath("/".into())
    }

    /// Reads a path that starts with `/`.
    ///
    /// # Errors
    /// [`PathError`] where it would leave the output folder or name no file.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let path = || text.to_owned();
        let refuse = |reason: String| Err(PathError::Part { path: path(), reason });
        let Some(inner) = text.strip_prefix('/') else {
            return refuse("it doesn't start with `/`".to_owned());
        };
        let folder = inner.strip_suffix('/').unwrap_or(inner);
        for part in folder.split('/') {
            match part {
                "" if folder.is_empty() && inner.is_empty() => {}
                "" => return refuse("it has nothing between two `/`".to_owned()),
                "." | ".." => return Err(PathError::Leaves { path: path(), part: part.to_owned() }),
                _ if part.len() > 255 => return refuse(format!("{} bytes are too long", part.len())),
                _ => {}
            }
            // Fast path: most parts have only these characters and need no further check.
            if part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
                continue;
            }
            if let Some(bad) = part.chars().find(|c| c.is_control() || matches!(c, '\\' | '?' | '#' | '%')) {
                return refuse(format!("it has a {}", bad.escape_default()));
            }
        }
        Ok(UrlPath(text.into()))
    }

    /// The path, readable.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the file in the output folder: `news/ferry/index.html` for `/news/ferry/`.
    pub fn file(&self) -> String {
        let inner = self.0.trim_start_matches('/');
        if inner.is_empty() || inner.ends_with('/') {
            [inner, "index.html"].concat()
        } else {
            inner.to_owned()
        }
    }

    /// The folder that the path names or lies in, with a `/` at both ends.
    pub fn folder(&self) -> &str {
        &self.0[..=self.0.rfind('/').unwrap_or(0)]
    }

    /// The path of `name`, which must come from the program, in this folder.
    pub fn join(&self, name: &str) -> UrlPath {
        UrlPath([self.folder(), name].concat().into())
    }

    /// The path percent-encoded for URLs: all but the characters that RFC 3986, section 3.3, allows in a path.
    pub fn encoded(&self) -> Cow<'_, str> {
        percent_encode(&self.0)
    }

    /// The file's path in a form that is equal for names that some file systems don't distinguish: without case and
    /// Unicode normalisation. An `index.html` folds to its folder with a `/` at the end.
    pub fn folded(&self) -> Cow<'_, str> {
        let path = self.0.strip_suffix("index.html").filter(|rest| rest.ends_with('/')).unwrap_or(&self.0);
        if !path.is_ascii() {
            return Cow::Owned(path.nfd().flat_map(char::to_lowercase).nfc().collect());
        }
        if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(path.to_ascii_lowercase());
        }
        Cow::Borrowed(path)
    }
}

/// `text` with every byte percent-encoded that RFC 3986, section 3.3, does not allow in a path.
pub fn percent_encode(text: &str) -> Cow<'_, str> {
    let allowed = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*')
            || matches!(byte, b'+' | b',' | b';' | b'=' | b':' | b'@' | b'/')
    };
    if text.bytes().all(allowed) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if allowed(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Cow::Owned(encoded)
}

/// `text` with its percent-encoded bytes decoded; unchanged if the result is not UTF-8.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, _, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

impl fmt::Display for UrlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The path of `relative`, seen from `folder`. Both are below a common root and have no `/` at their ends. `None` if
/// it climbs above the root.
pub fn walk(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_show_their_index() {
        assert_eq!(UrlPath::root().file(), "index.html");
        assert_eq!(UrlPath::parse("/news/ferry/").unwrap().file(), "news/ferry/index.html");
        assert_eq!(UrlPath::parse("/feed.xml").unwrap().file(), "feed.xml");
    }

    #[test]
    fn what_leaves_or_names_no_file_is_refused() {
        for text in [
            "/../x",
            "/a/../../b/",
            "/./a",
            "a",
            "",
            "//",
            "/a//b",
            "/a\\b",
            "/a?b",
            "/a#b",
            "/a\u{0}b",
            "/%2e%2e/",
        ] {
            assert!(UrlPath::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn one_file_on_some_systems_is_one_when_folded() {
        let folded = |text| UrlPath::parse(text).unwrap().folded().into_owned();
        assert_eq!(folded("/News/"), folded("/news/"));
        assert_eq!(folded("/caf\u{e9}/"), folded("/cafe\u{301}/"));
        assert_eq!(folded("/a/"), folded("/A/index.html"));
        assert_ne!(folded("/a/"), folded("/a"));
    }

    proptest::proptest! {
        #[test]
        fn a_path_stays_inside_and_encodes_to_a_url(text in "/[\\PC/.]{0,40}") {
            if let Ok(path) = UrlPath::parse(&text) {
                let file = path.file();
                proptest::prop_assert!(!file.starts_with('/'));
                proptest::prop_assert!(file.split('/').all(|part| !matches!(part, "" | "." | "..")));
                let url = url::Url::parse(&format!("https://example.org{}", path.encoded())).unwrap();
                let encoded = path.encoded();
                proptest::prop_assert_eq!(url.path(), &*encoded);
            }
        }
    }
}
