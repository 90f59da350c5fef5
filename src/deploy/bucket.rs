//! Buckets: S3, and services that speak as it does.

use std::time::Duration;

use jiff::Timestamp;
use quick_xml::escape::escape;
use rusty_s3::signing::sign;
use rusty_s3::{Bucket as Signer, Credentials, Method, UrlStyle};
use ureq::http::Response;
use ureq::{Agent, Body, http};
use url::Url;

use super::store::{Held, Load, Only, Refusal, Seen};
use super::web::{Ask, Clock, agent, bytes, condition, element, field, reason, send};
use crate::config::BucketRules;

/// The time for which a signature holds.
const VALID: Duration = Duration::from_secs(900);
/// The header field of a file with its digest.
const DIGEST: &str = "x-amz-meta-dateline";

/// A bucket.
pub struct Bucket {
    agent: Agent,
    signer: Signer,
    credentials: Credentials,
    prefix: String,
    clock: Clock,
}

/// A request in the making.
#[derive(Default)]
struct Wanted<'a> {
    /// Terms of the query, by their names.
    query: &'a [(&'a str, &'a str)],
    /// Header fields, with names in lower case.
    fields: Vec<(String, String)>,
    load: Option<Load<'a>>,
}

impl Bucket {
    /// The bucket of `rules`. `value` gives variables of the environment, and `now` is in seconds from 1970.
    ///
    /// # Errors
    /// Credentials are missing, or the address is no bucket's.
    pub fn new(
        rules: &BucketRules,
        now: i64,
        value: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Bucket, String> {
        let of = |name: &str| value(name).filter(|found| !found.is_empty());
        let key = of("AWS_ACCESS_KEY_ID").ok_or("the variable `AWS_ACCESS_KEY_ID` is not set")?;
        let secret = of("AWS_SECRET_ACCESS_KEY").ok_or("the variable `AWS_SECRET_ACCESS_KEY` is not set")?;
        let credentials = match of("AWS_SESSION_TOKEN") {
            Some(token) => Credentials::new_with_token(key, secret, token),
            None => Credentials::new(key, secret),
        };
        // A name with a dot would not match the certificate of `*.s3.amazonaws.com`.
        let style = match rules.endpoint.is_some() || rules.name.contains('.') {
            true => UrlStyle::Path,
            false => UrlStyle::VirtualHost,
        };
        let usual = || Url::parse(&format!("https://s3.{}.amazonaws.com", rules.region)).ok();
        let endpoint = rules.endpoint.clone().or_else(usual).ok_or("the region is no part of an address")?;
        let signer = Signer::new(endpoint, style, rules.name.clone(), rules.region.clone())
            .map_err(|error| error.to_string())?;
        let prefix = rules.prefix.clone();
        Ok(Bucket { agent: agent(), signer, credentials, prefix, clock: Clock::new(now) })
    }

    /// Sends the request that is `wanted` for the file at `path`, and signs all of it but the bytes.
    fn ask(&self, method: Method, path: &str, mut wanted: Wanted<'_>) -> Result<Response<Body>, Refusal> {
        let never = |error: &dyn std::fmt::Display| Refusal::Never(error.to_string());
        wanted.fields.sort();
        let now = Timestamp::from_second(self.clock.now()).map_err(|error| never(&error))?;
        let url = sign(
            &now,
            method,
            self.signer.object_url(&format!("{}{path}", self.prefix)),
            self.credentials.key(),
            self.credentials.secret(),
            self.credentials.token(),
            self.signer.region(),
            VALID.as_secs(),
            wanted.query.iter().copied(),
            wanted.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let method = http::Method::from_bytes(method.to_str().as_bytes()).map_err(|error| never(&error))?;
        send(&self.agent, Ask { method, url: url.as_str(), fields: wanted.fields, load: wanted.load })
    }

    /// See [`Store::get`](super::store::Store::get).
    pub fn get(&self, path: &str) -> Result<Option<Held>, Refusal> {
        let answer = self.ask(Method::Get, path, Wanted::default())?;
        match answer.status().as_u16() {
            200 => {
                let tag = field(&answer, "ETag");
                Ok(Some(Held { bytes: bytes(answer)?, tag }))
            }
            404 => match reason(answer) {
                no_bucket if no_bucket.contains("NoSuchBucket") => Err(Refusal::Never(no_bucket)),
                _ => Ok(None),
            },
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// See [`Store::look`](super::store::Store::look).
    pub fn look(&self, path: &str) -> Result<Option<Seen>, Refusal> {
        let answer = self.ask(Method::Head, path, Wanted::default())?;
        match answer.status().as_u16() {
            200 => Ok(Some(Seen { digest: field(&answer, DIGEST), tag: field(&answer, "ETag") })),
            404 => Ok(None),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// See [`Store::put`](super::store::Store::put).
    pub fn put(&self, path: &str, load: Load<'_>, only: Only<'_>) -> Result<Option<String>, Refusal> {
        let fields = fields_of(load).chain(condition(only)).collect();
        let answer = self.ask(Method::Put, path, Wanted { fields, load: Some(load), ..Wanted::default() })?;
        match answer.status().as_u16() {
            200..=299 => Ok(field(&answer, "ETag")),
            404 if !matches!(only, Only::Anyway) => Err(Refusal::Changed),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// See [`Store::remove`](super::store::Store::remove).
    pub fn remove(&self, path: &str) -> Result<(), Refusal> {
        let answer = self.ask(Method::Delete, path, Wanted::default())?;
        match answer.status().as_u16() {
            200..=299 | 404 => Ok(()),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// Begins an upload of `load` in parts, and returns its name.
    ///
    /// # Errors
    /// The reason why it did not begin.
    pub fn begin(&self, path: &str, load: Load<'_>) -> Result<String, Refusal> {
        let (query, fields) = ([("uploads", "")], fields_of(load).collect());
        let answer =
            self.ask(Method::Post, path, Wanted { query: &query, fields, load: Some(Load::Own(b"")) })?;
        if !answer.status().is_success() {
            return Err(Refusal::Never(reason(answer)));
        }
        let said = text(answer)?;
        let unclear = || Refusal::Never("the answer names no upload in parts".to_owned());
        element(&said, "UploadId").filter(|name| !name.is_empty()).ok_or_else(unclear)
    }

    /// Puts the part `number` of the upload `upload`, and returns its entity tag.
    ///
    /// # Errors
    /// The reason why it was not put.
    pub fn put_part(&self, path: &str, upload: &str, number: u64, load: Load<'_>) -> Result<String, Refusal> {
        let number = number.to_string();
        let query = [("partNumber", number.as_str()), ("uploadId", upload)];
        let wanted = Wanted { query: &query, load: Some(load), ..Wanted::default() };
        let answer = self.ask(Method::Put, path, wanted)?;
        match answer.status().as_u16() {
            200..=299 => {
                let untagged = || Refusal::Never("the answer for a part has no `ETag`".to_owned());
                field(&answer, "ETag").ok_or_else(untagged)
            }
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// Makes the parts of the upload `upload`, which have these entity tags, the file at `path`.
    ///
    /// # Errors
    /// The reason why it is not there.
    pub fn complete(
        &self,
        path: &str,
        upload: &str,
        tags: &[String],
        only: Only<'_>,
    ) -> Result<Option<String>, Refusal> {
        let part = |(number, tag): (u64, &String)| {
            format!("<Part><PartNumber>{number}</PartNumber><ETag>{}</ETag></Part>", escape(tag.as_str()))
        };
        let parts: String = (1..).zip(tags).map(part).collect();
        let body = format!(
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{parts}</CompleteMultipartUpload>"
        );
        let (query, fields) = ([("uploadId", upload)], condition(only).into_iter().collect());
        let wanted = Wanted { query: &query, fields, load: Some(Load::Own(body.as_bytes())) };
        let answer = self.ask(Method::Post, path, wanted)?;
        match answer.status().as_u16() {
            200..=299 => {}
            // The upload is no more: it was completed, and the answer was lost, or somebody ended it.
            404 => return Err(Refusal::Changed),
            _ => return Err(Refusal::Never(reason(answer))),
        }
        // The status comes before the parts are put together, which may fail.
        let said = text(answer)?;
        match element(&said, "Code") {
            None => Ok(element(&said, "ETag")),
            Some(code) => {
                let message = element(&said, "Message").unwrap_or_default();
                Err(Refusal::Later(format!("the answer was {code} {message}"), None))
            }
        }
    }

    /// Ends the upload `upload`, so that its parts take no room.
    ///
    /// # Errors
    /// The reason why it did not end.
    pub fn abandon(&self, path: &str, upload: &str) -> Result<(), Refusal> {
        let query = [("uploadId", upload)];
        let answer = self.ask(Method::Delete, path, Wanted { query: &query, ..Wanted::default() })?;
        match answer.status().as_u16() {
            200..=299 | 404 => Ok(()),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }
}

/// The header fields of the file that has `load`.
fn fields_of(load: Load<'_>) -> impl Iterator<Item = (String, String)> {
    let own = load.fields().into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
    own.chain([(DIGEST.to_owned(), load.digest())])
}

/// The text of an answer.
fn text(answer: Response<Body>) -> Result<String, Refusal> {
    Ok(String::from_utf8_lossy(&bytes(answer)?).into_owned())
}
