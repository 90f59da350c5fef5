//! Requests for whole documents, and what comes of them.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

/// A request for a document.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// Its URL.
    pub url: &'a Url,
    /// The header `Accept`.
    pub accept: &'a str,
    /// More headers. Only the server of `url` gets them, and no other to which it redirects.
    pub headers: &'a [(String, String)],
    /// The document that the caller has already.
    pub known: &'a Validators,
    /// The most bytes that the document may have, uncompressed.
    pub most: u64,
    /// The seconds that all of it may take.
    pub seconds: u64,
    /// True if the host of `url` may be one of a private network. No other such host is asked.
    pub may_be_private: bool,
}

/// The marks by which a server knows a version of a document (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The header `ETag`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub etag: Option<String>,
    /// The header `Last-Modified`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub modified: Option<String>,
}

/// The answer to a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    /// The document is the one that the caller has.
    Unchanged,
    /// The document.
    Document(Document),
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The whole body, uncompressed.
    pub bytes: Vec<u8>,
    /// Its URL, after redirects.
    pub url: Url,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// Its version.
    pub validators: Validators,
}

/// Reasons why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GetError {
    /// The address is one of a private network.
    #[error("it is an address of a private network")]
    Private,
    /// A redirect leads into a private network.
    #[error("it redirects to an address of a private network")]
    RedirectsToPrivate,
    /// A redirect leads from `https:` to `http:`.
    #[error("it redirects from `https:` to `http:`, where others can read and change what is sent")]
    Unsecured,
    /// A redirect leads nowhere.
    #[error("it redirects to no address of the web")]
    RedirectsNowhere,
    /// Redirects lead in a circle.
    #[error("it redirects in a circle")]
    Circle,
    /// There are too many redirects.
    #[error("it redirects more than {0} times")]
    Redirects(usize),
    /// The server answers with a status that is no success.
    #[error("its server answers {status}{}", later(.retry_after.as_deref()))]
    Status {
        /// The status.
        status: u16,
        /// The header `Retry-After`.
        retry_after: Option<String>,
    },
    /// The server sends a part of the document.
    #[error("its server sends only a part of it")]
    Part,
    /// The server sends the document in a form that was not asked for.
    #[error("its server sends it compressed with \u{201c}{0}\u{201d}, which was not asked for")]
    Encoded(String),
    /// The document is too large.
    #[error("it has more than {} MB", megabytes(*.0))]
    TooLarge(u64),
    /// The connection ended before the document did.
    #[error("it ended before it was complete")]
    Cut,
    /// A header can't be sent.
    #[error("the header `{0}` has characters that headers can't have")]
    Header(String),
    /// It took too long.
    #[error("it was not complete within {0} s")]
    Slow(u64),
    /// The server can't be reached or speaks otherwise.
    #[error("{0}")]
    Failed(String),
}

fn later(retry_after: Option<&str>) -> String {
    match retry_after {
        None => String::new(),
        Some(when) if when.trim().bytes().all(|byte| byte.is_ascii_digit()) => {
            format!(" and asks to come back in {} s", when.trim())
        }
        Some(when) => format!(" and asks to come back after {}", when.trim()),
    }
}

fn megabytes(bytes: u64) -> String {
    let whole = bytes / 1_000_000;
    if whole * 1_000_000 == bytes { whole.to_string() } else { format!("{:.1}", bytes as f64 / 1e6) }
}
