//! The base URL: the address of a site.

use miette::Diagnostic;
use thiserror::Error;

use super::{UrlPath, is_unseen, percent_decode};

/// The address of a site: an `http` or `https` URL, with or without a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    host: String,
    /// The folder, with a `/` at both ends.
    folder: String,
}

/// Why a text is not a base URL.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("\u{201c}{text}\u{201d} is no base URL: {reason}")]
#[diagnostic(
    code(config::base_url),
    help("write the whole address of the front page, such as `https://example.org/`")
)]
pub struct UrlError {
    text: String,
    reason: String,
}

impl BaseUrl {
    /// Reads a base URL. A slash at its end makes no difference.
    ///
    /// # Errors
    /// [`UrlError`] for anything but an absolute `http` or `https` URL without query and fragment.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let refuse = |reason: String| UrlError { text: text.to_owned(), reason };
        let url = url::Url::parse(text).map_err(|error| refuse(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("it is neither http nor https".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("it has a query or a fragment".to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("it has a user name or a password".to_owned()));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let folder = format!("{}/", url.path().trim_end_matches('/'));
        let decoded = percent_decode(&folder);
        if let Some(odd) =
            host.chars().find(|letter| !letter.is_ascii_alphanumeric() && !"-._[]:".contains(*letter))
        {
            return Err(refuse(format!("its host has a {}", shown(odd))));
        }
        // Configurations of servers give these characters a meaning of their own.
        if let Some(odd) = text.trim_end().chars().chain(decoded.chars()).find(|letter| is_odd(*letter)) {
            return Err(refuse(format!("it has a {}", shown(odd))));
        }
        UrlPath::parse(&decoded).map_err(|error| refuse(error.to_string()))?;
        Ok(BaseUrl { origin: url.origin().ascii_serialization(), host, folder })
    }

    /// The host.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Scheme, host and port, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The site's folder on its server, with a `/` at both ends.
    pub fn relative_root(&self) -> String {
        self.folder.clone()
    }

    /// True if the site has its server for itself.
    pub fn is_at_root(&self) -> bool {
        self.folder == "/"
    }

    /// The rest of `path`, which is written from the server's root, after the site's folder; `None` if it is outside of
    /// the folder, and for a site without one.
    pub fn without_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.folder == "/" {
            return None;
        }
        let decoded = percent_decode(&self.folder);
        [self.folder.as_str(), decoded.as_str()].into_iter().find_map(|folder| {
            let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
            match rest.strip_prefix('/') {
                None if rest.is_empty() || rest.starts_with(['?', '#']) => Some(rest),
                inside => inside,
            }
        })
    }

    /// A path of the site from the server's root, percent-encoded.
    pub fn root_relative(&self, path: &UrlPath) -> String {
        [&*self.folder, &path.encoded()[1..]].concat()
    }

    /// The whole URL of a path of the site.
    pub fn absolute(&self, path: &UrlPath) -> String {
        [&*self.origin, &*self.folder, &path.encoded()[1..]].concat()
    }
}

/// True for a reference that names its own scheme or host, such as `mailto:ada@example.org` or `//example.org/`.
pub fn is_elsewhere(written: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let end = written.bytes().position(|byte| !is_part(&byte));
    written.starts_with("//")
        || (end.is_some_and(|end| written.as_bytes()[end] == b':')
            && written.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// `written` with all characters percent-encoded that a URL can't have (RFC 3986, section 2). What is encoded already
/// stays.
pub fn encode_written(written: &str) -> String {
    let bytes = written.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let mut url = String::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().copied().enumerate() {
        let is_stray = byte == b'%' && !(is_hex(at + 1) && is_hex(at + 2));
        if byte.is_ascii_graphic() && !is_stray && !b"<>\"{}|\\^`".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// True for a character that the address of a site can't have.
fn is_odd(letter: char) -> bool {
    letter.is_whitespace()
        || is_unseen(letter)
        || matches!(
            letter,
            ';' | '{' | '}' | '$' | '"' | '\'' | '`' | '\\' | '<' | '>' | '|' | '^' | '*' | '?' | '#'
        )
}

/// A character for a message.
fn shown(letter: char) -> String {
    match letter {
        ' ' => "blank".to_owned(),
        letter if letter.is_whitespace() || is_unseen(letter) => format!("U+{:04X}", u32::from(letter)),
        letter => format!("`{letter}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_before_every_path() {
        for text in ["https://example.org/blog", "https://example.org/blog/"] {
            let base = BaseUrl::parse(text).unwrap();
            let path = UrlPath::parse("/caf\u{e9}/").unwrap();
            assert_eq!(base.absolute(&path), "https://example.org/blog/caf%C3%A9/");
            assert_eq!(base.root_relative(&UrlPath::root()), "/blog/");
        }
        for (text, root) in [
            ("https://example.org/caf\u{e9}/", "/caf%C3%A9/"),
            ("https://example.org/50%25/", "/50%25/"),
            ("https://example.org/~ada/a_b-c.d+e/", "/~ada/a_b-c.d+e/"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().relative_root(), root, "{text}");
        }
        for host in ["https://[::1]:4000/", "https://b\u{fc}cher.example/", "http://my_host/"] {
            assert!(BaseUrl::parse(host).is_ok(), "{host}");
        }
        assert_eq!(
            BaseUrl::parse("http://localhost:8000").unwrap().absolute(&UrlPath::root()),
            "http://localhost:8000/"
        );
    }

    #[test]
    fn what_is_no_address_of_a_site_is_refused() {
        for text in [
            "example.org",
            "ftp://example.org",
            "/blog",
            "https://example.org/?a",
            "https://example.org/#a",
            "https://example.org/a b/",
            "https://example.org/a%20b/",
            "https://example.org/%3Breturn/",
            "https://example.org/a;b/",
            "https://example.org/{a}/",
            "https://example.org/$a/",
            "https://example.org/%24a/",
            "https://example.org/%22/",
            "https://example.org/it's/",
            "https://example.org/%0Aa/",
            "https://example.org/a\nb/",
            "https://example.org/%E2%80%AE/",
            "https://example.org/%5C/",
            "https://example.org/a//b/",
            "https://example.org/*/",
            "https://exa;mple.org/",
            "https://exa$mple.org/",
            "https://me:secret@example.org/",
            "https:// example.org/",
            "",
        ] {
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
    }
}
