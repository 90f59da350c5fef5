//! Fetches feeds from the web.

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

/// Fetches `url`: at most 20 MB, within half a minute.
#[cfg(feature = "network")]
pub fn fetch(url: &str) -> Result<Fetched, FetchError> {
    use std::time::Duration;

    use ureq::ResponseExt;

    const MOST: u64 = 20 * 1024 * 1024;
    let failed = |error: ureq::Error| FetchError::Failed { url: url.to_owned(), reason: error.to_string() };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_global(Some(Duration::from_secs(30)))
        .user_agent(concat!("Dateline/", env!("CARGO_PKG_VERSION"), " feeds lint"))
        .build()
        .into();
    let accept =
        "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5";
    let mut response = agent.get(url).header("Accept", accept).call().map_err(failed)?;
    let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    let content_type = content_type.map(str::to_owned);
    let found = response.get_uri().to_string();
    // A URL of only a host is equal with and without a slash at the end.
    let url_found =
        if found.trim_end_matches('/') == url.trim_end_matches('/') { url.to_owned() } else { found };
    let bytes = response.body_mut().with_config().limit(MOST).read_to_vec().map_err(failed)?;
    Ok(Fetched { bytes, url: url_found, content_type })
}

/// Reports that nothing can be fetched.
#[cfg(not(feature = "network"))]
pub fn fetch(url: &str) -> Result<Fetched, FetchError> {
    Err(FetchError::Without { url: url.to_owned() })
}
