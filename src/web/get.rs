//! Getting documents.

use std::io;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, LAST_MODIFIED, LOCATION, RETRY_AFTER};
use ureq::http::{HeaderName, HeaderValue, Response};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error};
use url::Url;

use super::ask::{CONNECT, Guard, LONGEST_HEAD, no_answer};
use super::{Document, GetError, Got, NoAnswer, Validators, Wish, is_private_host};
use crate::model::url::encode_written;

/// The most redirects that are followed.
const MOST_HOPS: usize = 5;

/// Gets documents from servers. Redirects are followed, each by the rules of the first request.
pub struct Getter {
    /// Knows public addresses alone.
    public: Agent,
    /// Knows private addresses too.
    any: Agent,
}

impl Getter {
    /// A getter that calls itself `name`.
    pub fn new(name: &str) -> Getter {
        let config = || -> Config {
            Agent::config_builder()
                .timeout_connect(Some(CONNECT))
                .max_response_header_size(LONGEST_HEAD)
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .user_agent(name)
                .build()
        };
        let agent = |allows_private| {
            Agent::with_parts(config(), DefaultConnector::default(), Guard::new(allows_private))
        };
        Getter { public: agent(false), any: agent(true) }
    }

    /// Gets what `wish` says.
    ///
    /// # Errors
    /// The reason why there is no document.
    pub fn get(&self, wish: &Wish<'_>) -> Result<Got, GetError> {
        let end = Instant::now() + Duration::from_secs(wish.seconds);
        let mut passed: Vec<Url> = Vec::new();
        let mut url = bare(wish.url);
        loop {
            let answer = self.ask(wish, &url, end).map_err(|error| match (error, passed.is_empty()) {
                (GetError::Private, false) => GetError::RedirectsToPrivate,
                (error, _) => error,
            })?;
            match answer.status().as_u16() {
                200 => return document(wish, url, answer).map(Got::Document),
                304 if *wish.known != Validators::default() => return Ok(Got::Unchanged),
                206 => return Err(GetError::Part),
                301 | 302 | 303 | 307 | 308 => {
                    let target = text(&answer, &LOCATION).and_then(|target| url.join(&target).ok());
                    let target = bare(&target.ok_or(GetError::RedirectsNowhere)?);
                    match (url.scheme(), target.scheme()) {
                        (_, "https") | ("http", "http") => {}
                        ("https", "http") => return Err(GetError::Unsecured),
                        _ => return Err(GetError::RedirectsNowhere),
                    }
                    passed.push(std::mem::replace(&mut url, target));
                    if passed.contains(&url) {
                        return Err(GetError::Circle);
                    }
                    if passed.len() > MOST_HOPS {
                        return Err(GetError::Redirects(MOST_HOPS));
                    }
                }
                status => {
                    return Err(GetError::Status { status, retry_after: text(&answer, &RETRY_AFTER) });
                }
            }
        }
    }

    /// Asks once, for `url`, until `end`.
    fn ask(&self, wish: &Wish<'_>, url: &Url, end: Instant) -> Result<Response<Body>, GetError> {
        let is_own_host = url.host_str() == wish.url.host_str();
        let may_be_private = wish.may_be_private && is_own_host;
        if !may_be_private && url.host_str().is_none_or(is_private_host) {
            return Err(GetError::Private);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(GetError::Slow(wish.seconds));
        }
        let agent = if may_be_private { &self.any } else { &self.public };
        let mut request = agent
            .get(encode_written(url.as_str()))
            .config()
            .timeout_global(Some(left))
            .build()
            .header("Accept", wish.accept);
        let marks = [("If-None-Match", &wish.known.etag), ("If-Modified-Since", &wish.known.modified)];
        for (name, value) in marks {
            if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
                request = request.header(name, value);
            }
        }
        let is_own_server = url.origin() == wish.url.origin();
        for (name, value) in wish.headers.iter().filter(|_| is_own_server) {
            let unfit = || GetError::Header(name.clone());
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit())?;
            let mut value = HeaderValue::from_str(value).map_err(|_| unfit())?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        request.call().map_err(|error| failure(&error, wish))
    }
}

/// `url` without what is not sent: a part of the document, and a password, which is nobody's business.
fn bare(url: &Url) -> Url {
    let mut bare = url.clone();
    bare.set_fragment(None);
    // These fail only for URLs without a host.
    let _ = (bare.set_username(""), bare.set_password(None));
    bare
}

fn text(answer: &Response<Body>, name: &HeaderName) -> Option<String> {
    let value = answer.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Reads the body of `answer`.
fn document(wish: &Wish<'_>, url: Url, mut answer: Response<Body>) -> Result<Document, GetError> {
    // The library no longer reports an encoding that it has undone.
    if let Some(encoding) = text(&answer, &CONTENT_ENCODING).filter(|one| !one.trim().is_empty())
        && !encoding.trim().eq_ignore_ascii_case("identity")
    {
        return Err(GetError::Encoded(encoding));
    }
    let content_type = text(&answer, &CONTENT_TYPE);
    let validators = Validators { etag: text(&answer, &ETAG), modified: text(&answer, &LAST_MODIFIED) };
    let body = answer.body_mut().with_config().limit(wish.most).read_to_vec();
    let bytes = body.map_err(|error| failure(&error, wish))?;
    Ok(Document { bytes, url, content_type, validators })
}

fn failure(error: &Error, wish: &Wish<'_>) -> GetError {
    match error {
        Error::BodyExceedsLimit(most) => GetError::TooLarge(*most),
        Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => unreached(error),
        Error::Timeout(_) => GetError::Slow(wish.seconds),
        Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => GetError::Cut,
        Error::Decompress(..) => GetError::Cut,
        error => unreached(error),
    }
}

fn unreached(error: &Error) -> GetError {
    match no_answer(error) {
        NoAnswer::Private => GetError::Private,
        NoAnswer::Unreachable(why) | NoAnswer::Failed(why) => GetError::Failed(why),
    }
}
