//! Requests to other servers, on terms that do no harm: never to a private network, within a time, with bounded answers.

mod address;
#[cfg(feature = "network")]
mod ask;
mod document;
#[cfg(feature = "network")]
mod get;

pub use address::{is_private_host, is_public};
#[cfg(feature = "network")]
pub use ask::{Asker, Guard};
pub use document::{Document, GetError, Got, Validators, Wish};
#[cfg(feature = "network")]
pub use get::Getter;

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `HEAD`.
    Head,
    /// `GET`. The body is not read.
    Get,
}

/// The head of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header `Location`.
    pub location: Option<String>,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// The address is one of a private network, which is not asked.
    Private,
    /// The server could not be reached: no other address on it can.
    Unreachable(String),
    /// This request failed.
    Failed(String),
}
