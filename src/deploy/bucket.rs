//! Buckets: S3, and services that speak as it does.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusty_s3::actions::{DeleteObject, GetObject, HeadObject, PutObject};
use rusty_s3::{Bucket as Signer, Credentials, S3Action, UrlStyle};
use ureq::Agent;
use ureq::http::{Method, Response};
use url::Url;

use super::store::{Held, Load, Only, Refusal, Seen};
use super::web::{Ask, DIGEST, agent, bytes, condition, field, reason, send};
use crate::config::BucketRules;

/// The time for which a signature holds.
const VALID: Duration = Duration::from_secs(900);

/// A bucket.
pub struct Bucket {
    agent: Agent,
    signer: Signer,
    credentials: Credentials,
    prefix: String,
    /// The time at which the program began, in seconds from 1970, and the moment of that.
    began: (i64, Instant),
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
        Ok(Bucket { agent: agent(), signer, credentials, prefix, began: (now, Instant::now()) })
    }

    /// Sends the request that `action` signs, with `fields` signed along.
    fn ask<'a>(
        &'a self,
        method: Method,
        mut action: impl S3Action<'a>,
        fields: Vec<(String, String)>,
        load: Option<Load<'a>>,
    ) -> Result<Response<ureq::Body>, Refusal> {
        for (name, value) in &fields {
            action.headers_mut().insert(name.clone(), value.clone());
        }
        let (began, at) = self.began;
        let now = began + i64::try_from(at.elapsed().as_secs()).unwrap_or_default();
        let now = Timestamp::from_second(now).map_err(|error| Refusal::Never(error.to_string()))?;
        let url = action.sign_with_time(VALID, &now);
        send(&self.agent, Ask { method, url: url.as_str(), fields, load })
    }

    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// See [`Store::get`](super::store::Store::get).
    pub fn get(&self, path: &str) -> Result<Option<Held>, Refusal> {
        let key = self.key(path);
        let action = GetObject::new(&self.signer, Some(&self.credentials), &key);
        let answer = self.ask(Method::GET, action, Vec::new(), None)?;
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
        let key = self.key(path);
        let action = HeadObject::new(&self.signer, Some(&self.credentials), &key);
        let answer = self.ask(Method::HEAD, action, Vec::new(), None)?;
        match answer.status().as_u16() {
            200 => Ok(Some(Seen { digest: field(&answer, DIGEST), tag: field(&answer, "ETag") })),
            404 => Ok(None),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// See [`Store::put`](super::store::Store::put).
    pub fn put(&self, path: &str, load: Load<'_>, only: Only<'_>) -> Result<Option<String>, Refusal> {
        let key = self.key(path);
        let own = load.fields().into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        let mut fields: Vec<(String, String)> = own.collect();
        fields.push((DIGEST.to_owned(), load.digest()));
        fields.extend(condition(only));
        let action = PutObject::new(&self.signer, Some(&self.credentials), &key);
        let answer = self.ask(Method::PUT, action, fields, Some(load))?;
        match answer.status().as_u16() {
            200..=299 => Ok(field(&answer, "ETag")),
            404 if !matches!(only, Only::Anyway) => Err(Refusal::Changed),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// See [`Store::remove`](super::store::Store::remove).
    pub fn remove(&self, path: &str) -> Result<(), Refusal> {
        let key = self.key(path);
        let action = DeleteObject::new(&self.signer, Some(&self.credentials), &key);
        let answer = self.ask(Method::DELETE, action, Vec::new(), None)?;
        match answer.status().as_u16() {
            200..=299 | 404 => Ok(()),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }
}
