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

/// The folder at the target of a deployment that has its manifest. No file of a site may take its place.
const OWN: &str = ".dateline";

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
    /// A query or a fragment, which no file can answer.
    #[error("\u{201c}{address}\u{201d} has a `{mark}`, which ends the path of an address")]
    #[diagnostic(
        code(path::address),
        help("write the path alone; a `{mark}` that belongs to a name is written `{written}`")
    )]
    Address {
        /// The address.
        address: String,
        /// `?` or `#`.
        mark: char,
        /// The mark, percent-encoded.
        written: &'static str,
    },
}

/// True for a character that must not be shown as it is: a control character, an end of a line, or one that changes
/// the direction of text (Unicode's property `Bidi_Control`).
pub fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl UrlPath {
    /// The site's front page, `/`.
    pub fn root() -> Self {
        UrlPath("/".into())
    }

    /// Reads a path that an author wrote as an address: percent-encoded, as browsers show and copy it, or readable.
    ///
    /// # Errors
    /// [`PathError`] for a query or a fragment, and where [`parse`](UrlPath::parse) fails.
    pub fn from_address(address: &str) -> Result<Self, PathError> {
        if let Some(mark) = address.chars().find(|letter| matches!(letter, '?' | '#')) {
            let written = if mark == '?' { "%3F" } else { "%23" };
            return Err(PathError::Address { address: address.to_owned(), mark, written });
        }
        UrlPath::parse(&percent_decode(address))
    }

    /// Reads a readable path that starts with `/`. A `%`, `?` or `#` in it is part of a name.
    ///
    /// # Errors
    /// [`PathError`] where it would leave the output folder or name no file.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        // A message shows no character that changes how it looks.
        let shown = |letter: char| {
            if is_unseen(letter) { letter.escape_default().to_string() } else { letter.to_string() }
        };
        let path = || text.chars().map(shown).collect::<String>();
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
                _ if part.eq_ignore_ascii_case(OWN) => {
                    return refuse(format!("`{OWN}` is where a deployment keeps its manifest"));
                }
                _ if part.len() > 255 => return refuse(format!("{} bytes are too long", part.len())),
                _ => {}
            }
            if cfg!(windows)
                && let Some(reason) = windows_refuses(part)
            {
                return refuse(reason);
            }
            // Fast path: most parts have only these characters and need no further check.
            if part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
                continue;
            }
            if let Some(bad) = part.chars().find(|c| is_unseen(*c) || *c == '\\') {
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

    /// The folder of the files beside a page at this path: the folder of its own where it has one, else a folder with the
    /// name of the page, `/news/ferry/` for `/news/ferry.html`.
    pub fn beside(&self) -> Cow<'_, str> {
        let (folder, name) = self.0.split_at(self.folder().len());
        match name.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() && stem != "index" => Cow::Owned(format!("{folder}{stem}/")),
            _ => Cow::Borrowed(folder),
        }
    }

    /// The path of `name`, which must come from the program, in this folder.
    pub fn join(&self, name: &str) -> UrlPath {
        UrlPath([self.folder(), name].concat().into())
    }

    /// The path percent-encoded for URLs: all but the characters that RFC 3986, section 3.3, allows in a path.
    pub fn encoded(&self) -> Cow<'_, str> {
        percent_encode(&self.0)
    }

    /// The file's path in a form that is equal for names that some file systems don't distinguish: without case, by
    /// Unicode's full case folding, without characters that are not shown, and without Unicode normalisation. An
    /// `index.html` folds to its folder with a `/` at the end.
    pub fn folded(&self) -> Cow<'_, str> {
        let path = self.0.strip_suffix("index.html").filter(|rest| rest.ends_with('/')).unwrap_or(&self.0);
        if !path.is_ascii() {
            let folded: String = path.nfd().filter(|letter| !is_ignorable(*letter)).flat_map(fold).collect();
            return Cow::Owned(folded.nfd().flat_map(fold).nfc().collect());
        }
        if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(path.to_ascii_lowercase());
        }
        Cow::Borrowed(path)
    }
}

/// Why Windows can't have a file called `part`, if so: the name is that of a device, also with an extension, or it has a
/// character with a meaning there, or it ends with one that Windows drops. Elsewhere such files are like any other.
fn windows_refuses(part: &str) -> Option<String> {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ').to_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|number| {
        matches!(number, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "\u{b9}" | "\u{b2}" | "\u{b3}")
    });
    if is_port || DEVICES.contains(&&*stem) {
        return Some(format!("on Windows, `{stem}` is a device"));
    }
    if let Some(sign) = part.chars().find(|letter| matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*'))
    {
        return Some(format!("no file of Windows may have a `{sign}` in its name"));
    }
    part.ends_with(['.', ' ']).then(|| "Windows drops a dot or a space at the end of a name".to_owned())
}

/// `letter` by full case folding (the Unicode standard, section 3.13): `ß` and `ẞ` become `ss`, `ſ` becomes `s`. The
/// case mappings give the same classes, except for the dotless `ı`, whose capital is that of `i`.
fn fold(letter: char) -> impl Iterator<Item = char> {
    let capital = move |small: char| {
        let (kept, mapped) =
            if small == '\u{131}' { (Some(small), None) } else { (None, Some(small.to_uppercase())) };
        kept.into_iter().chain(mapped.into_iter().flatten())
    };
    letter.to_lowercase().flat_map(capital).flat_map(char::to_lowercase)
}

/// True for characters that file systems with case folding ignore (Unicode's `Default_Ignorable_Code_Point`).
pub(super) fn is_ignorable(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// `url` for a line of `_redirects` or `_headers`, where `*` and `:name` mean any text: both are percent-encoded, which
/// servers decode.
pub fn rule_encode(url: &str) -> String {
    url.replace('*', "%2A").replace(':', "%3A")
}

/// True for each byte that RFC 3986, section 3.3, allows in a path.
const IN_PATH: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        allowed[at] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*')
            || matches!(byte, b'+' | b',' | b';' | b'=' | b':' | b'@' | b'/');
        at += 1;
    }
    allowed
};

/// `text` with every byte percent-encoded that RFC 3986, section 3.3, does not allow in a path.
pub fn percent_encode(text: &str) -> Cow<'_, str> {
    let allowed = |byte: u8| IN_PATH[usize::from(byte)];
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
        for (page, folder) in [
            ("/news/ferry/", "/news/ferry/"),
            ("/news/ferry.html", "/news/ferry/"),
            ("/news/ferry/index.html", "/news/ferry/"),
            ("/news/v1.2.html", "/news/v1.2/"),
            ("/news/.html", "/news/"),
            ("/", "/"),
        ] {
            assert_eq!(UrlPath::parse(page).unwrap().beside(), folder, "{page}");
        }
    }

    #[test]
    fn names_that_windows_can_not_have_are_known() {
        for part in [
            "con",
            "CON",
            "Nul.txt",
            "aux.d.html",
            "prn .html",
            "com1",
            "LPT9.csv",
            "com\u{b9}",
            "CONOUT$",
            "a:b",
            "why?",
            "a*",
            "<b>",
            "a|b",
            "say \"x\"",
            "end.",
            "end ",
            "...",
        ] {
            assert!(windows_refuses(part).is_some(), "{part}");
            // The names of other systems are their own.
            assert_eq!(UrlPath::parse(&format!("/news/{part}/")).is_err(), cfg!(windows), "{part}");
        }
        for part in [
            "icon",
            "console",
            "com",
            "com0",
            "com10",
            "lpt1x",
            "null",
            "a.con",
            "x nul",
            ".well-known",
            "\u{e9}",
        ] {
            assert_eq!(windows_refuses(part), None, "{part}");
        }
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
            "/a\u{0}b",
            "/a\u{1b}[1mb",
            "/a\u{85}b",
            "/a\u{202e}b",
            "/a\u{2028}b",
        ] {
            assert!(UrlPath::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_is_decoded_and_a_name_is_not() {
        for (address, path) in [
            ("/%C3%A9tude/", "/\u{e9}tude/"),
            ("/\u{e9}tude/", "/\u{e9}tude/"),
            ("/C%23/", "/C#/"),
            ("/why%3F/", "/why?/"),
            ("/50%25/", "/50%/"),
            ("/100%/", "/100%/"),
            ("/a%2Fb/", "/a/b/"),
        ] {
            assert_eq!(UrlPath::from_address(address).unwrap().as_str(), path, "{address}");
        }
        for address in ["/?p=1", "/a#b", "/%2e%2e/", "/a%00", "/a%5Cb", "/a%0Ab", "/a%E2%80%AEb"] {
            assert!(UrlPath::from_address(address).is_err(), "{address}");
        }
        for (name, encoded) in [
            ("/50%.pdf", "/50%25.pdf"),
            ("/C# notes.pdf", "/C%23%20notes.pdf"),
            ("/why?.txt", "/why%3F.txt"),
            ("/a%20b.txt", "/a%2520b.txt"),
        ] {
            assert_eq!(UrlPath::parse(name).unwrap().encoded(), encoded, "{name}");
        }
    }

    #[test]
    fn one_file_on_some_systems_is_one_when_folded() {
        let folded = |text: &str| UrlPath::parse(text).unwrap().folded().into_owned();
        assert_eq!(folded("/News/"), folded("/news/"));
        assert_eq!(folded("/caf\u{e9}/"), folded("/cafe\u{301}/"));
        assert_eq!(folded("/a/"), folded("/A/index.html"));
        assert_ne!(folded("/a/"), folded("/a"));
        for (one, other) in [
            ("stra\u{df}e", "STRASSE"),
            ("\u{1e9e}", "\u{df}"),
            ("\u{17f}", "s"),
            ("\u{fb01}", "FI"),
            ("\u{fb03}", "ffi"),
            ("\u{149}", "\u{2bc}n"),
            ("\u{3c2}", "\u{3c3}"),
            ("\u{3a3}", "\u{3c2}"),
            ("\u{b5}", "\u{3bc}"),
            ("\u{212a}", "k"),
            ("\u{212b}", "\u{e5}"),
            ("\u{1f80}", "\u{1f00}\u{3b9}"),
            ("\u{390}", "\u{3b9}\u{308}\u{301}"),
            ("\u{1c4}", "\u{1c6}"),
            ("\u{13a0}", "\u{ab70}"),
            ("\u{130}", "i\u{307}"),
            ("\u{1f0}", "j\u{30c}"),
            ("\u{10400}", "\u{10428}"),
            ("co\u{ad}op", "coop"),
            ("\u{2764}\u{fe0f}", "\u{2764}"),
        ] {
            assert_eq!(folded(&format!("/{one}/")), folded(&format!("/{other}/")), "{one} {other}");
        }
        for (one, other) in [("k\u{131}z", "kiz"), ("o", "\u{f6}"), ("ss", "s"), ("\u{3c3}", "o")] {
            assert_ne!(folded(&format!("/{one}/")), folded(&format!("/{other}/")), "{one} {other}");
        }
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
