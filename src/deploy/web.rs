//! Requests of deployments, and servers that speak WebDAV.

use std::borrow::Cow;
use std::io::Read;
use std::time::{Duration, Instant};

use quick_xml::escape::unescape;
use ureq::http::{Method, Request, Response, StatusCode};
use ureq::{Agent, Body, SendBody};
use url::Url;

use super::store::{Held, Load, Only, Refusal, Seen};
use crate::model::digest::Digest;

/// The longest time for one request.
const LONGEST: Duration = Duration::from_secs(300);
const IF_MATCH: &str = "if-match";
const IF_NONE_MATCH: &str = "if-none-match";
/// Parts of answers to requests whose time differs from the server's.
const SKEWED: [&str; 3] = ["RequestTimeTooSkewed", "Request has expired", "Request date header too old"];
/// The most bytes of an answer, which is a manifest at most.
const MOST: u64 = 256 << 20;

/// The present time, by the clock that was read when the deployment began.
pub struct Clock {
    /// In seconds from 1970.
    began: i64,
    at: Instant,
}

impl Clock {
    /// The clock that shows `now`, in seconds from 1970.
    pub fn new(now: i64) -> Clock {
        Clock { began: now, at: Instant::now() }
    }

    /// The present time, in seconds from 1970.
    pub fn now(&self) -> i64 {
        self.began.saturating_add(i64::try_from(self.at.elapsed().as_secs()).unwrap_or_default())
    }
}

/// A client for deployments. Redirects are not followed, since what is written belongs to the address that was asked.
pub fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(LONGEST))
        .timeout_connect(Some(Duration::from_secs(20)))
        .user_agent(concat!("Dateline/", env!("CARGO_PKG_VERSION"), " deploy"))
        .build();
    config.new_agent()
}

/// A request in the making.
pub struct Ask<'a> {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: &'a str,
    /// Header fields.
    pub fields: Vec<(String, String)>,
    /// The bytes to send.
    pub load: Option<Load<'a>>,
}

/// Sends a request, and returns its answer, a refusal too.
///
/// # Errors
/// There was no answer, or one that says that a later request may have another.
pub fn exchange(agent: &Agent, ask: Ask<'_>) -> Result<Response<Body>, Refusal> {
    let never = |error: &dyn std::fmt::Display| Refusal::Never(error.to_string());
    let mut request = Request::builder().method(ask.method).uri(ask.url);
    for (name, value) in &ask.fields {
        request = request.header(name, value);
    }
    let answer = match ask.load {
        None => agent.run(request.body(()).map_err(|error| never(&error))?),
        Some(Load::Own(bytes)) => agent.run(request.body(bytes).map_err(|error| never(&error))?),
        Some(Load::File(slice)) => {
            let opened = slice.open().map_err(|error| never(&error))?;
            let request = request.header("Content-Length", slice.size.to_string());
            let body = SendBody::from_owned_reader(opened);
            agent.run(request.body(body).map_err(|error| never(&error))?)
        }
    };
    let answer = answer.map_err(|error| Refusal::Later(error.to_string(), None))?;
    match answer.status().as_u16() {
        408 | 425 | 429 | 500 | 502..=504 => {
            let wait = field(&answer, "Retry-After").and_then(|text| text.trim().parse().ok());
            Err(Refusal::Later(reason(answer), wait.map(Duration::from_secs)))
        }
        _ => Ok(answer),
    }
}

/// Sends a request, with an answer as RFC 9110 has them for one with conditions.
///
/// # Errors
/// There was no answer, one that says that a later request may have another, or the condition was not met.
pub fn send(agent: &Agent, ask: Ask<'_>) -> Result<Response<Body>, Refusal> {
    let is_conditional = ask.fields.iter().any(|(name, _)| name == IF_MATCH || name == IF_NONE_MATCH);
    let answer = exchange(agent, ask)?;
    match answer.status().as_u16() {
        412 | 409 => Err(Refusal::Changed),
        501 if is_conditional => Err(Refusal::Unconditional),
        _ => Ok(answer),
    }
}

/// A header field of an answer.
pub fn field(answer: &Response<Body>, name: &str) -> Option<String> {
    answer.headers().get(name)?.to_str().ok().map(str::to_owned)
}

/// The reason of an answer that is no success, for people.
pub fn reason(mut answer: Response<Body>) -> String {
    let (status, code) = (answer.status(), field(&answer, "x-ms-error-code"));
    let mut text = String::new();
    let _ = answer.body_mut().as_reader().take(2000).read_to_string(&mut text);
    let code = element(&text, "Code").or(code);
    // Azure adds lines with the number and the time of the request.
    let message = element(&text, "Message").unwrap_or_default();
    let message = message.lines().next().unwrap_or_default();
    let name = status.canonical_reason().unwrap_or_default();
    let said = match code {
        Some(code) => format!(": {code} {message}"),
        None => String::new(),
    };
    let remedy = match status {
        _ if SKEWED.iter().any(|said| text.contains(said)) => "; the clock of this machine is wrong",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "; the credentials are wrong, or may not write",
        StatusCode::MOVED_PERMANENTLY | StatusCode::TEMPORARY_REDIRECT => {
            "; the region or the address is another"
        }
        _ => "",
    };
    format!("the answer was {} {name}{said}{remedy}", status.as_u16()).replace("  ", " ")
}

/// The text of the first element `name` of the XML document `text`.
pub fn element(text: &str, name: &str) -> Option<String> {
    let rest = text.split_once(&format!("<{name}>"))?.1;
    let inner = rest.split_once(&format!("</{name}>"))?.0.trim();
    Some(unescape(inner).map_or_else(|_| inner.to_owned(), Cow::into_owned))
}

/// The bytes of an answer.
///
/// # Errors
/// It was cut short, or is too large.
pub fn bytes(mut answer: Response<Body>) -> Result<Vec<u8>, Refusal> {
    let read = answer.body_mut().with_config().limit(MOST).read_to_vec();
    read.map_err(|error| Refusal::Later(error.to_string(), None))
}

/// The header field for a condition.
pub fn condition(only: Only<'_>) -> Option<(String, String)> {
    match only {
        Only::Anyway => None,
        Only::Absent => Some((IF_NONE_MATCH.to_owned(), "*".to_owned())),
        Only::Tag(tag) => Some((IF_MATCH.to_owned(), tag.to_owned())),
    }
}

/// A server that speaks WebDAV (RFC 4918).
pub struct Dav {
    agent: Agent,
    url: Url,
    headers: Vec<(String, String)>,
}

impl Dav {
    /// The folder at `url`, whose requests have these `headers`.
    pub fn new(url: Url, headers: Vec<(String, String)>) -> Dav {
        Dav { agent: agent(), url, headers }
    }

    fn ask(
        &self,
        method: Method,
        path: &str,
        load: Option<Load<'_>>,
        only: Only<'_>,
    ) -> Result<Response<Body>, Refusal> {
        let mut url = self.url.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path.split('/'));
        }
        let mut fields = self.headers.clone();
        fields.extend(condition(only));
        if let Some(load) = load {
            let of_load = load.fields().into_iter().filter(|(name, _)| *name == "Content-Type");
            fields.extend(of_load.map(|(name, value)| (name.to_owned(), value)));
        }
        send(&self.agent, Ask { method, url: url.as_str(), fields, load })
    }

    /// See [`Store::get`](super::store::Store::get).
    pub fn get(&self, path: &str) -> Result<Option<Held>, Refusal> {
        let answer = self.ask(Method::GET, path, None, Only::Anyway)?;
        match answer.status().as_u16() {
            200 => {
                let tag = field(&answer, "ETag");
                Ok(Some(Held { bytes: bytes(answer)?, tag }))
            }
            404 | 410 => Ok(None),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// See [`Store::look`](super::store::Store::look).
    pub fn look(&self, path: &str) -> Result<Option<Seen>, Refusal> {
        let held = self.get(path)?;
        Ok(held.map(|held| Seen { digest: Some(Digest::quick(&held.bytes).to_string()), tag: held.tag }))
    }

    /// See [`Store::put`](super::store::Store::put).
    pub fn put(&self, path: &str, load: Load<'_>, only: Only<'_>) -> Result<Option<String>, Refusal> {
        let answer = match self.ask(Method::PUT, path, Some(load), only) {
            // A folder is missing (RFC 4918, section 9.7.1).
            Err(Refusal::Changed) if path.contains('/') => {
                self.folders(path)?;
                self.ask(Method::PUT, path, Some(load), only)?
            }
            answer => answer?,
        };
        match answer.status().as_u16() {
            200..=299 => Ok(field(&answer, "ETag")),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// Makes the folders around `path`. Those that are there already are refused, which is no fault.
    fn folders(&self, path: &str) -> Result<(), Refusal> {
        for (at, _) in path.match_indices('/') {
            let method = Method::from_bytes(b"MKCOL").map_err(|error| Refusal::Never(error.to_string()))?;
            match self.ask(method, &format!("{}/", &path[..at]), None, Only::Anyway) {
                Ok(_) | Err(Refusal::Changed | Refusal::Unconditional) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// See [`Store::remove`](super::store::Store::remove).
    pub fn remove(&self, path: &str, only: Only<'_>) -> Result<(), Refusal> {
        let answer = self.ask(Method::DELETE, path, None, only)?;
        match answer.status().as_u16() {
            200..=299 | 404 | 410 => Ok(()),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }
}
