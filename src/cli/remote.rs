//! Feeds from the web, by addresses of the command line.

use miette::Diagnostic;
use thiserror::Error;

/// A fetched feed.
pub struct Fetched {
    pub bytes: Vec<u8>,
    /// Its URL, after redirects.
    pub url: String,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
}

/// Reasons why nothing was fetched.
#[derive(Debug, Error, Diagnostic)]
pub enum FetchError {
    /// The server or the network failed.
    #[cfg(feature = "network")]
    #[error("{url} could not be fetched: {reason}")]
    #[diagnostic(
        code(fetch::failed),
        help("open it in a browser; is the address right, and is the server up?")
    )]
    Failed {
        /// The requested URL.
        url: String,
        /// The error message.
        reason: String,
    },
    /// This program has no network support.
    #[cfg(not(feature = "network"))]
    #[error("{url} can't be fetched: this `dateline` was built without `network`")]
    #[diagnostic(code(fetch::without), help("download it, and give the file"))]
    Without {
        /// The requested URL.
        url: String,
    },
}

/// Fetches `url`: at most 20 MB, within half a minute. It may be an address of a private network, since somebody has
/// typed it; a redirect to another such address is not followed.
#[cfg(feature = "network")]
pub fn fetch(url: &str) -> Result<Fetched, FetchError> {
    use dateline::web::{Getter, Got, Validators, Wish};

    let failed = |reason: String| FetchError::Failed { url: url.to_owned(), reason };
    let parsed = url::Url::parse(url).map_err(|error| failed(error.to_string()))?;
    let wish = Wish {
        url: &parsed,
        accept: "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
        headers: &[],
        known: &Validators::default(),
        most: 20_000_000,
        seconds: 30,
        may_be_private: true,
    };
    let getter = Getter::new(concat!("Dateline/", env!("CARGO_PKG_VERSION"), " feeds lint"));
    match getter.get(&wish) {
        Ok(Got::Document(document)) => {
            let found = document.url.to_string();
            // A URL of only a host is equal with and without a slash at the end.
            let is_same = found.trim_end_matches('/') == url.trim_end_matches('/');
            let url = if is_same { url.to_owned() } else { found };
            Ok(Fetched { bytes: document.bytes, url, content_type: document.content_type })
        }
        Ok(Got::Unchanged) => Err(failed("its server answers 304".to_owned())),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// Reports that nothing can be fetched.
#[cfg(not(feature = "network"))]
pub fn fetch(url: &str) -> Result<Fetched, FetchError> {
    Err(FetchError::Without { url: url.to_owned() })
}
