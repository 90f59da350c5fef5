//! The base URL: the address of a site.

use miette::Diagnostic;
use thiserror::Error;

use super::UrlPath;

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
        let host = url.host_str().unwrap_or_default().to_owned();
        let folder = format!("{}/", url.path().trim_end_matches('/'));
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

    /// A path of the site from the server's root, percent-encoded.
    pub fn root_relative(&self, path: &UrlPath) -> String {
        [&*self.folder, &path.encoded()[1..]].concat()
    }

    /// The whole URL of a path of the site.
    pub fn absolute(&self, path: &UrlPath) -> String {
        [&*self.origin, &*self.folder, &path.encoded()[1..]].concat()
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
            "",
        ] {
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
    }
}
