//! The formats of documents: which one a document has, what is wrong with it, and its one canonical form.

use encoding_rs::Encoding;
use serde_json::{Map, Value};
use url::Url;

use super::{csv, feed, json};
use crate::config::{FetchFormat, FetchRules};
use crate::feed::read::read;
use crate::model::metadata::{self, Language, Node, Value as Written};
use crate::source::encoding::decode;
use crate::web::Document;

/// A document that can be used.
#[derive(Debug)]
pub(super) struct Accepted {
    pub format: FetchFormat,
    /// Its canonical form.
    pub text: String,
    /// Its value.
    pub value: Value,
}

/// The reason why a document can't be used, and the remedy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub reason: String,
    pub remedy: String,
}

impl Refusal {
    pub fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Refusal {
        Refusal { reason: reason.into(), remedy: remedy.into() }
    }
}

/// The remedy where the server is at fault.
const LOOK: &str = "open the address in a browser: does its server send what you expect?";

/// Reads `document`, which came for `rules`.
pub(super) fn accept(document: Document, rules: &FetchRules) -> Result<Accepted, Refusal> {
    let Document { bytes, url, content_type, .. } = document;
    let (media_type, charset) = split(content_type.as_deref().unwrap_or_default());
    let encoding = rules.encoding.or_else(|| encoding(&bytes, &media_type, &charset));
    let text = decode(bytes, encoding).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.strip_prefix("this").map_or(reason.clone(), |rest| format!("it{rest}"));
        Refusal::new(reason, "if it has another encoding, name it: `encoding = \"windows-1252\"`")
    })?;
    if text.trim().is_empty() {
        return Err(Refusal::new("there is nothing in it", LOOK));
    }
    let format = match rules.format {
        Some(format) => format,
        None => detected(&text, &media_type, &url, rules)?,
    };
    let (text, value) = canonical(&text, format, &url, rules.limit)?;
    Ok(Accepted { format, text, value })
}

/// Reads the file `text` in `format`, which an earlier fetch has written; `None` if it is not as it was written.
pub(super) fn reread(text: &str, format: FetchFormat) -> Option<Value> {
    match format {
        FetchFormat::Json | FetchFormat::Feed => serde_json::from_str(text).ok(),
        FetchFormat::Csv | FetchFormat::Tsv => {
            csv::canonical(text, format == FetchFormat::Tsv).ok().map(|(_, value)| value)
        }
        FetchFormat::Yaml | FetchFormat::Toml => tree(text, format).ok(),
    }
}

/// The media type in lower case, and the label of the character set.
fn split(content_type: &str) -> (String, String) {
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
    });
    (media_type, charset.unwrap_or_default())
}

/// The encoding that a document says it has: by its byte order mark, its server, or its XML declaration. JSON is always
/// UTF-8 (RFC 8259, section 8.1).
fn encoding(bytes: &[u8], media_type: &str, charset: &str) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    if is_json(media_type) {
        return None;
    }
    let said = Encoding::for_label(charset.as_bytes()).or_else(|| declared(bytes))?;
    // Many servers say so of all texts, and no real text is valid UTF-8 by chance.
    let is_mistaken = said.is_single_byte() && std::str::from_utf8(bytes).is_ok();
    (!is_mistaken).then_some(said)
}

/// The encoding in the XML declaration.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.trim_ascii_start().strip_prefix(b"<?xml")?;
    let head = String::from_utf8_lossy(&head[..head.len().min(200)]).into_owned();
    let after = head.split("?>").next()?.split("encoding").nth(1)?;
    Encoding::for_label(after.split(['"', '\'']).nth(1)?.as_bytes())
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type == "text/json" || media_type.ends_with("+json")
}

/// The format of a document of which `site.toml` does not say it.
fn detected(text: &str, media_type: &str, url: &Url, rules: &FetchRules) -> Result<FetchFormat, Refusal> {
    let start = text.trim_start();
    let is_feed = || read(text.as_bytes()).is_some();
    if start.starts_with('<') {
        return if is_feed() { Ok(FetchFormat::Feed) } else { Err(markup(start, "data or a feed")) };
    }
    let by_type = match media_type {
        "text/csv" | "application/csv" => Some(FetchFormat::Csv),
        "text/tab-separated-values" => Some(FetchFormat::Tsv),
        "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Some(FetchFormat::Yaml),
        "application/toml" | "text/x-toml" | "text/toml" => Some(FetchFormat::Toml),
        other if is_json(other) => Some(FetchFormat::Json),
        _ => None,
    };
    let written = Url::parse(rules.url.written()).ok();
    let found = by_type
        .or_else(|| by_extension(url))
        .or_else(|| written.as_ref().and_then(by_extension))
        .or_else(|| {
            serde_json::from_str::<Value>(text).is_ok_and(|it| !is_plain(&it)).then_some(FetchFormat::Json)
        });
    match found {
        Some(FetchFormat::Json) if is_feed() => Ok(FetchFormat::Feed),
        Some(format) => Ok(format),
        None => {
            let said = match media_type {
                "" => "its server does not say its type".to_owned(),
                other => format!("its server calls it {other}"),
            };
            let names = FetchFormat::ALL.map(FetchFormat::key).join(", ");
            Err(Refusal::new(
                format!("its format is not known: {said}"),
                format!("add `format` to this entry: one of {names}"),
            ))
        }
    }
}

/// The format by the extension of the path of `url`.
fn by_extension(url: &Url) -> Option<FetchFormat> {
    let name = url.path().rsplit('/').next()?.to_ascii_lowercase();
    match name.rsplit_once('.')?.1 {
        "json" | "geojson" => Some(FetchFormat::Json),
        "csv" => Some(FetchFormat::Csv),
        "tsv" | "tab" => Some(FetchFormat::Tsv),
        "yaml" | "yml" => Some(FetchFormat::Yaml),
        "toml" => Some(FetchFormat::Toml),
        _ => None,
    }
}

/// The refusal of a document in markup, where `expected` was expected.
fn markup(text: &str, expected: &str) -> Refusal {
    let start: String = text.trim_start().chars().take(2000).collect::<String>().to_ascii_lowercase();
    let is_page = ["<!doctype html", "<html", "<head", "<body"].iter().any(|sign| start.contains(sign));
    let found = if is_page { "a page of HTML" } else { "some other markup" };
    Refusal::new(format!("it is {found} and not {expected}"), LOOK)
}

/// The canonical form of `text`, and what it says.
fn canonical(
    text: &str,
    format: FetchFormat,
    url: &Url,
    limit: Option<usize>,
) -> Result<(String, Value), Refusal> {
    let name = format.name();
    if text.trim_start().starts_with('<') && format != FetchFormat::Feed {
        return Err(markup(text, name));
    }
    let invalid = |fault: String| Refusal::new(format!("it is not valid {name}: {fault}"), LOOK);
    match format {
        FetchFormat::Json => json::canonical(text).map_err(invalid),
        FetchFormat::Csv | FetchFormat::Tsv => {
            csv::canonical(text, format == FetchFormat::Tsv).map_err(invalid)
        }
        FetchFormat::Feed => feed::canonical(text, url, limit).ok_or_else(|| {
            let is_markup = text.trim_start().starts_with('<');
            let refusal =
                if is_markup { markup(text, name) } else { Refusal::new(format!("it is not {name}"), LOOK) };
            let is_xml = refusal.reason.contains("markup");
            let remedy =
                "RSS, Atom and JSON Feed are read; `dateline feeds lint URL` says what is wrong with a feed";
            if is_xml { Refusal::new(format!("it can't be read as {name}"), remedy) } else { refusal }
        }),
        FetchFormat::Yaml | FetchFormat::Toml => {
            let value = tree(text, format).map_err(invalid)?;
            if is_plain(&value) {
                return Err(Refusal::new(format!("it is no table and no list, as {name} of data is"), LOOK));
            }
            Ok((format!("{}\n", text.trim_end()), value))
        }
    }
}

fn is_plain(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// Reads YAML or TOML.
fn tree(text: &str, format: FetchFormat) -> Result<Value, String> {
    let language = if format == FetchFormat::Toml { Language::Toml } else { Language::Yaml };
    match metadata::parse(language, text, 0) {
        Ok(node) => Ok(value(node)),
        Err((error, span)) => {
            let line = text.get(..span.start).unwrap_or(text).matches('\n').count() + 1;
            let message = error.to_string();
            let message = message.split_once(": ").map_or(message.as_str(), |(_, message)| message);
            Err(format!("{message} (line {line})"))
        }
    }
}

fn value(node: Node) -> Value {
    match node.value {
        Written::Null => Value::Null,
        Written::Bool(flag) => flag.into(),
        Written::Integer(number) => number.into(),
        Written::Float(number) => number.into(),
        Written::String(text) | Written::Date(text) => text.into(),
        Written::List(items) => items.into_iter().map(value).collect(),
        Written::Table(entries) => {
            entries.into_iter().map(|entry| (entry.key, value(entry.node))).collect::<Map<_, _>>().into()
        }
    }
}
