//! Containers of Azure Blob Storage.

use std::collections::BTreeMap;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use ureq::http::{Method, Response};
use ureq::{Agent, Body};
use url::Url;

use super::store::{Held, Load, Only, Refusal, Seen};
use super::web::{Ask, Clock, agent, bytes, condition, exchange, field, reason};
use crate::config::AzureRules;

/// The version of the service's protocol.
const VERSION: &str = "2021-12-02";
/// The header field of a file with its digest.
const DIGEST: &str = "x-ms-meta-dateline";
/// The end of the addresses of accounts that have none of their own.
const SUFFIX: &str = "core.windows.net";

/// A container.
pub struct Container {
    agent: Agent,
    account: Account,
    name: String,
    prefix: String,
    clock: Clock,
}

/// An account, and the right to use it. It has no `Debug`, so that nothing can print the right.
struct Account {
    name: String,
    /// The address of its blobs.
    endpoint: Url,
    right: Right,
}

/// The right to use an account.
enum Right {
    /// The account's key, which signs requests.
    Key(Vec<u8>),
    /// A shared access signature: a query that each request has.
    Token(String),
}

impl Account {
    /// The account of `rules`, by variables of the environment, which `value` gives. Each of them replaces its
    /// part of the connection string, and a token goes before a key, since it may do less.
    fn new(rules: &AzureRules, value: &dyn Fn(&str) -> Option<String>) -> Result<Account, String> {
        let of = |name: &str| value(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let string = parts_of(&of("AZURE_STORAGE_CONNECTION_STRING").unwrap_or_default());
        let part = |name: &str| string.get(name).cloned();
        let wanted = rules.account.clone().or_else(|| of("AZURE_STORAGE_ACCOUNT"));
        let (token, key) = (of("AZURE_STORAGE_SAS_TOKEN"), of("AZURE_STORAGE_KEY"));
        let is_alone = token.is_none() && key.is_none();
        if let (true, Some(wanted), Some(other)) = (is_alone, &wanted, part("accountname"))
            && *wanted != other
        {
            return Err(format!(
                "`AZURE_STORAGE_CONNECTION_STRING` is of the account `{other}`, and the target of `{wanted}`"
            ));
        }
        let name = wanted.or_else(|| part("accountname")).or_else(|| first_label(&part("blobendpoint")?));
        let name = name.ok_or("the variable `AZURE_STORAGE_ACCOUNT` is not set")?;
        let (token, key) = match is_alone {
            true => (part("sharedaccesssignature"), part("accountkey")),
            false => (token, key),
        };
        let right = match (token, key) {
            (Some(token), _) => Right::Token(token.trim_start_matches('?').to_owned()),
            (None, Some(key)) => Right::Key(
                STANDARD
                    .decode(key)
                    .map_err(|_| "the key of the account is cut short, or no key of Azure")?,
            ),
            (None, None) => {
                return Err("none of the variables `AZURE_STORAGE_SAS_TOKEN`, `AZURE_STORAGE_KEY` and \
                            `AZURE_STORAGE_CONNECTION_STRING` is set, or has a key in it"
                    .to_owned());
            }
        };
        let endpoint = match (&rules.endpoint, part("blobendpoint")) {
            (Some(endpoint), _) => endpoint.clone(),
            (None, own) => {
                let suffix = part("endpointsuffix").unwrap_or_else(|| SUFFIX.to_owned());
                let address = own.unwrap_or_else(|| format!("https://{name}.blob.{suffix}"));
                let url = Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
                url.ok_or("the account's address is no address of the web")?
            }
        };
        Ok(Account { name, endpoint, right })
    }
}

/// The entries of a connection string, by their names in lower case.
fn parts_of(string: &str) -> BTreeMap<String, String> {
    let parts = string.split(';').filter_map(|part| part.split_once('='));
    parts.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect()
}

/// The name of the account whose blobs have the address `endpoint`.
fn first_label(endpoint: &str) -> Option<String> {
    let url = Url::parse(endpoint).ok()?;
    url.domain()?.split_once('.').map(|(first, _)| first.to_owned())
}

/// A request in the making.
struct Wanted<'a> {
    method: Method,
    /// Terms of the query.
    query: &'a [(&'a str, &'a str)],
    /// Header fields, with names in lower case.
    fields: Vec<(String, String)>,
    load: Option<Load<'a>>,
}

impl Wanted<'_> {
    fn new(method: Method) -> Self {
        Wanted { method, query: &[], fields: Vec::new(), load: None }
    }
}

impl Container {
    /// The container of `rules`. `value` gives variables of the environment, and `now` is in seconds from 1970.
    ///
    /// # Errors
    /// Credentials are missing, or are none.
    pub fn new(
        rules: &AzureRules,
        now: i64,
        value: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Container, String> {
        let account = Account::new(rules, value)?;
        let (name, prefix) = (rules.container.clone(), rules.prefix.clone());
        Ok(Container { agent: agent(), account, name, prefix, clock: Clock::new(now) })
    }

    /// The address of the file at `path`.
    fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.account.endpoint.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            let key = format!("{}{path}", self.prefix);
            parts.pop_if_empty().push(&self.name).extend(key.split('/'));
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Sends the request that is `wanted` for the file at `path`.
    fn ask(&self, path: &str, wanted: Wanted<'_>) -> Result<Response<Body>, Refusal> {
        let Wanted { method, query, mut fields, load } = wanted;
        let mut url = self.url(path, query);
        fields.push(("x-ms-version".to_owned(), VERSION.to_owned()));
        let now = DateTime::from_timestamp(self.clock.now(), 0).unwrap_or_default();
        fields.push(("x-ms-date".to_owned(), now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
        match &self.account.right {
            Right::Key(key) => {
                let size = load.map_or(0, |load| load.size());
                let text = text_to_sign(&method, size, &fields, &self.account.name, &url);
                let value = format!("SharedKey {}:{}", self.account.name, signature(key, &text)?);
                fields.push(("authorization".to_owned(), value));
            }
            Right::Token(token) => {
                let own = url.query().map(|own| format!("{own}&")).unwrap_or_default();
                url.set_query(Some(&format!("{own}{token}")));
            }
        }
        let answer = exchange(&self.agent, Ask { method, url: url.as_str(), fields, load })?;
        let code = field(&answer, "x-ms-error-code").unwrap_or_default();
        match (answer.status().as_u16(), code.as_str()) {
            (409, "BlobAlreadyExists") | (412, "" | "ConditionNotMet" | "TargetConditionNotMet") => {
                Err(Refusal::Changed)
            }
            (501, _) => Err(Refusal::Unconditional),
            // An answer without a body has nothing else to tell.
            (404, "ContainerNotFound") => {
                Err(Refusal::Never(format!("there is no container `{}`", self.name)))
            }
            _ => Ok(answer),
        }
    }

    /// See [`Store::get`](super::store::Store::get).
    pub fn get(&self, path: &str) -> Result<Option<Held>, Refusal> {
        let answer = self.ask(path, Wanted::new(Method::GET))?;
        match answer.status().as_u16() {
            200 => {
                let tag = field(&answer, "ETag");
                Ok(Some(Held { bytes: bytes(answer)?, tag }))
            }
            404 => Ok(None),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// See [`Store::look`](super::store::Store::look).
    pub fn look(&self, path: &str) -> Result<Option<Seen>, Refusal> {
        let answer = self.ask(path, Wanted::new(Method::HEAD))?;
        match answer.status().as_u16() {
            200 => Ok(Some(Seen { digest: field(&answer, DIGEST), tag: field(&answer, "ETag") })),
            404 => Ok(None),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// See [`Store::put`](super::store::Store::put).
    pub fn put(&self, path: &str, load: Load<'_>, only: Only<'_>) -> Result<Option<String>, Refusal> {
        let mut fields: Vec<(String, String)> = fields_of(load).chain(condition(only)).collect();
        fields.push(("x-ms-blob-type".to_owned(), "BlockBlob".to_owned()));
        fields.push(("content-md5".to_owned(), md5(load)?));
        self.placed(path, Wanted { fields, load: Some(load), ..Wanted::new(Method::PUT) }, only)
    }

    /// See [`Store::remove`](super::store::Store::remove).
    pub fn remove(&self, path: &str, only: Only<'_>) -> Result<(), Refusal> {
        let fields = condition(only).into_iter().collect();
        let answer = self.ask(path, Wanted { fields, ..Wanted::new(Method::DELETE) })?;
        match answer.status().as_u16() {
            200..=299 | 404 => Ok(()),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }

    /// Puts the block `number` of a file, and returns its name. A block that belongs to no file goes after a week.
    ///
    /// # Errors
    /// The reason why it was not put.
    pub fn put_part(&self, path: &str, number: u64, load: Load<'_>) -> Result<String, Refusal> {
        // All blocks of a file need names of one length.
        let name = STANDARD.encode(format!("{}-{number:06}", load.digest()));
        let query = [("comp", "block"), ("blockid", name.as_str())];
        let fields = vec![("content-md5".to_owned(), md5(load)?)];
        let wanted = Wanted { query: &query, fields, load: Some(load), ..Wanted::new(Method::PUT) };
        let answer = self.ask(path, wanted)?;
        match answer.status().is_success() {
            true => Ok(name),
            false => Err(Refusal::Never(reason(answer))),
        }
    }

    /// Makes the blocks with these `names` the file at `path`, which has `load`.
    ///
    /// # Errors
    /// The reason why it is not there.
    pub fn complete(
        &self,
        path: &str,
        names: &[String],
        load: Load<'_>,
        only: Only<'_>,
    ) -> Result<Option<String>, Refusal> {
        let blocks: String = names.iter().map(|name| format!("<Latest>{name}</Latest>")).collect();
        let body = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{blocks}</BlockList>");
        let mut fields: Vec<(String, String)> = fields_of(load).chain(condition(only)).collect();
        fields.push(("x-ms-blob-content-md5".to_owned(), md5(load)?));
        let query = [("comp", "blocklist")];
        let load = Some(Load::Own(body.as_bytes()));
        self.placed(path, Wanted { query: &query, fields, load, ..Wanted::new(Method::PUT) }, only)
    }

    /// The entity tag of the file that the request `wanted` puts to `path`.
    fn placed(&self, path: &str, wanted: Wanted<'_>, only: Only<'_>) -> Result<Option<String>, Refusal> {
        let answer = self.ask(path, wanted)?;
        match answer.status().as_u16() {
            200..=299 => Ok(field(&answer, "ETag")),
            404 if matches!(only, Only::Tag(_)) => Err(Refusal::Changed),
            _ => Err(Refusal::Never(reason(answer))),
        }
    }
}

/// The header fields of the file that has `load`.
fn fields_of(load: Load<'_>) -> impl Iterator<Item = (String, String)> {
    let own = load.fields().into_iter();
    let own = own.map(|(name, value)| (format!("x-ms-blob-{}", name.to_ascii_lowercase()), value));
    own.chain([(DIGEST.to_owned(), load.digest())])
}

/// The MD5 of `load`, by which the service sees that no byte was changed on the way.
fn md5(load: Load<'_>) -> Result<String, Refusal> {
    let mut hash = Md5::new();
    let read: io::Result<()> = match load {
        Load::Own(bytes) => {
            hash.update(bytes);
            Ok(())
        }
        Load::File(slice) => slice.each_block(|block| {
            hash.update(block);
            Ok(())
        }),
    };
    read.map_err(|error| Refusal::Never(error.to_string()))?;
    Ok(STANDARD.encode(hash.finalize()))
}

/// The text that is signed for a request with a body of `size` bytes: see "Authorize with Shared Key" in the service's
/// documentation. `fields` have names in lower case.
fn text_to_sign(method: &Method, size: u64, fields: &[(String, String)], account: &str, url: &Url) -> String {
    let of = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value);
    let size = if size == 0 { String::new() } else { size.to_string() };
    let mut lines = vec![method.as_str(), of("content-encoding"), of("content-language"), &size];
    // `x-ms-date` stands in the place of `Date`.
    lines.extend([of("content-md5"), of("content-type"), "", of("if-modified-since"), of("if-match")]);
    lines.extend([of("if-none-match"), of("if-unmodified-since"), of("range")]);
    let mut own: Vec<String> = fields
        .iter()
        .filter(|(name, _)| name.starts_with("x-ms-"))
        .map(|(name, value)| format!("{name}:{}", value.trim()))
        .collect();
    own.sort();
    let mut terms: Vec<String> =
        url.query_pairs().map(|(name, value)| format!("{}:{value}", name.to_ascii_lowercase())).collect();
    terms.sort();
    let resource = format!("/{account}{}", url.path());
    let rest = own.into_iter().chain([resource]).chain(terms);
    lines.into_iter().map(str::to_owned).chain(rest).collect::<Vec<_>>().join("\n")
}

/// The signature of `text` by `key`.
fn signature(key: &[u8], text: &str) -> Result<String, Refusal> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| Refusal::Never(error.to_string()))?;
    mac.update(text.as_bytes());
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests;
