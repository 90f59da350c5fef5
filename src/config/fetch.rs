//! `[[fetch]]`: documents of other servers that `dateline fetch` keeps as files under `data/`.

use encoding_rs::Encoding;
use url::Url;

use crate::model::diagnostics::Place;
use crate::model::metadata::{Fields, MetadataError, Node};

/// `[[fetch]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchRules {
    /// `name`: the file below `data/`, without its extension.
    pub name: String,
    /// `url`.
    pub url: EnvText,
    /// `format`; without it, the answer says.
    pub format: Option<FetchFormat>,
    /// `headers`, with their names in lower case.
    pub headers: Vec<(String, EnvText)>,
    /// `encoding`; without it, the answer says.
    pub encoding: Option<&'static Encoding>,
    /// `max_mb`, in bytes; default 20 MB.
    pub most: u64,
    /// `timeout`: seconds, default 30.
    pub timeout: u64,
    /// `min_rows`: fewer rows are refused; default 0.
    pub min_rows: usize,
    /// `limit`: the most entries of a feed that are kept; default all.
    pub limit: Option<usize>,
    /// `private`: the host may be one of a private network; default false.
    pub private: bool,
    /// The place of `url` in `site.toml`.
    pub place: Place,
}

/// A format of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchFormat {
    /// `json`.
    Json,
    /// `csv`: cells between commas, semicolons or tabs.
    Csv,
    /// `tsv`: cells between tabs.
    Tsv,
    /// `yaml`.
    Yaml,
    /// `toml`.
    Toml,
    /// `feed`: RSS, Atom or JSON Feed.
    Feed,
}

impl FetchFormat {
    /// All of them.
    pub const ALL: [FetchFormat; 6] = [
        FetchFormat::Json,
        FetchFormat::Csv,
        FetchFormat::Tsv,
        FetchFormat::Yaml,
        FetchFormat::Toml,
        FetchFormat::Feed,
    ];

    /// Its name in `site.toml`.
    pub fn key(self) -> &'static str {
        match self {
            FetchFormat::Json => "json",
            FetchFormat::Csv => "csv",
            FetchFormat::Tsv => "tsv",
            FetchFormat::Yaml => "yaml",
            FetchFormat::Toml => "toml",
            FetchFormat::Feed => "feed",
        }
    }

    /// The extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            FetchFormat::Feed => "json",
            other => other.key(),
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            FetchFormat::Json => "JSON",
            FetchFormat::Csv => "CSV",
            FetchFormat::Tsv => "TSV",
            FetchFormat::Yaml => "YAML",
            FetchFormat::Toml => "TOML",
            FetchFormat::Feed => "a feed",
        }
    }
}

/// A text with variables of the environment, as in `Bearer ${TOKEN}`. It is shown as written, since their values are secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvText(String);

impl EnvText {
    /// The text `written`.
    ///
    /// # Errors
    /// The reason why it has no meaning.
    pub fn parse(written: &str) -> Result<EnvText, String> {
        let is_name = |name: &str| {
            !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        for after in written.split("${").skip(1) {
            match after.split_once('}') {
                Some((name, _)) if is_name(name) => {}
                Some((name, _)) => {
                    return Err(format!("\u{201c}{name}\u{201d} is no name of a variable"));
                }
                None => return Err("a `${` has no `}`".to_owned()),
            }
        }
        Ok(EnvText(written.to_owned()))
    }

    /// The text as written.
    pub fn written(&self) -> &str {
        &self.0
    }

    /// True if it has a variable.
    pub fn has_variables(&self) -> bool {
        self.0.contains("${")
    }

    /// The text with the values that `value` gives for its variables, each of which is added to `secrets`.
    ///
    /// # Errors
    /// The name of a variable without a value.
    pub fn filled(
        &self,
        value: &dyn Fn(&str) -> Option<String>,
        secrets: &mut Vec<(String, String)>,
    ) -> Result<String, String> {
        let mut parts = self.0.split("${");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            let found = value(name).filter(|found| !found.trim().is_empty());
            let found = found.ok_or_else(|| name.to_owned())?.trim().to_owned();
            filled.extend([found.as_str(), rest]);
            secrets.push((name.to_owned(), found));
        }
        Ok(filled)
    }
}

/// Names that an entry has in other programs.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &["file", "path", "output", "dest", "destination"],
        "use `name`; the file is `data/NAME` with the extension of its format",
    ),
    (&["href", "src", "source", "address"], "use `url`"),
    (&["type", "kind"], "use `format`, such as `format = \"json\"`"),
    (&["maxsize", "maxbytes", "sizelimit"], "use `max_mb`, such as `max_mb = 50`"),
    (
        &["token", "auth", "authorization", "bearer"],
        "use `headers = { Authorization = \"Bearer ${TOKEN}\" }`",
    ),
];

/// Headers that carry secrets.
const SECRET: [&str; 6] =
    ["authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token", "private-token"];
/// Headers that the program sets.
const OWN: [&str; 9] = [
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "if-modified-since",
    "if-none-match",
    "range",
    "te",
    "transfer-encoding",
];

/// Reads `[[fetch]]`.
pub(super) fn fetch(fields: &mut Fields<'_, '_>) -> Vec<FetchRules> {
    let mut all: Vec<FetchRules> = Vec::new();
    for node in fields.tables("fetch") {
        let mut table = fields.inner("`[[fetch]]`", node);
        let rules = rules(&mut table, node);
        if let Some(rules) = &rules
            && let Some(other) = all.iter().find(|other| other.name.eq_ignore_ascii_case(&rules.name))
        {
            let node = table.node("name").unwrap_or(node);
            let reason = format!("line {} has it too", other.place.line_and_column().0);
            table.refuse("name", node, reason, "give one of them another `name`");
        }
        let is_inside =
            |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
        if let Some(rules) = &rules
            && let Some(other) = all
                .iter()
                .find(|other| is_inside(&other.name, &rules.name) || is_inside(&rules.name, &other.name))
        {
            let node = table.node("name").unwrap_or(node);
            let line = other.place.line_and_column().0;
            let reason =
                format!("with `{}` in line {line}, it would be both a file and a folder", other.name);
            table.refuse("name", node, reason, "give one of them another `name`");
        }
        table.finish_beside(ELSEWHERE, None);
        all.extend(rules);
    }
    all
}

fn rules(table: &mut Fields<'_, '_>, node: &Node) -> Option<FetchRules> {
    for (key, example) in [
        ("name", "`name = \"rates\"`; templates find it as `data.rates`"),
        ("url", "`url = \"https://example.net/rates.json\"`"),
    ] {
        if table.node(key).is_none() {
            let owner = "this `[[fetch]]`".to_owned();
            table.report(MetadataError::Missing { key, owner, example }, &node.span);
        }
    }
    let (name, url, format) = (name(table), url(table), format(table));
    let (headers, encoding) = (headers(table), encoding(table));
    let most = table.whole("max_mb", 1, 1000).unwrap_or(20) as u64 * 1_000_000;
    let timeout = table.whole("timeout", 1, 3600).unwrap_or(30) as u64;
    let min_rows = table.whole("min_rows", 0, 1_000_000_000).unwrap_or(0) as usize;
    let limit = table.whole("limit", 1, 1_000_000).map(|limit| limit as usize);
    let private = table.flag("private").unwrap_or(false);
    let (name, (url, place)) = (name?, url?);
    Some(FetchRules { name, url, format, headers, encoding, most, timeout, min_rows, limit, private, place })
}

fn name(table: &mut Fields<'_, '_>) -> Option<String> {
    let node = table.node("name")?;
    let name = table.as_text("name", node)?;
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    if name.len() > 200 || !name.split('/').all(is_part) {
        let remedy =
            "write letters, digits, `_` and `-`, and `/` between folders, such as `rates` or `shop/prices`";
        table.refuse("name", node, "it is no name of a file below `data/`", remedy);
        return None;
    }
    Some(name)
}

fn url(table: &mut Fields<'_, '_>) -> Option<(EnvText, Place)> {
    let node = table.node("url")?;
    let written = table.as_text("url", node)?;
    let text = variables(table, "url", node, written.trim())?;
    let sample = text.filled(&|_| Some("x".to_owned()), &mut Vec::new()).unwrap_or_default();
    let parsed = Url::parse(&sample).ok();
    let Some(parsed) = parsed.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) else {
        let remedy = "write a whole URL, such as `https://example.net/rates.json`";
        table.refuse("url", node, "it is no address of the web", remedy);
        return None;
    };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        let remedy =
            "take them out, and send them in `headers`, such as `{ Authorization = \"Basic ${LOGIN}\" }`";
        table.refuse("url", node, "it has a name and a password in it", remedy);
        return None;
    }
    Some((text, table.place(&node.span)))
}

fn variables(table: &mut Fields<'_, '_>, key: &str, node: &Node, written: &str) -> Option<EnvText> {
    match EnvText::parse(written) {
        Ok(text) => Some(text),
        Err(reason) => {
            let remedy = "write a variable of the environment as `${NAME}`, with letters, digits and `_`";
            table.refuse(key, node, reason, remedy);
            None
        }
    }
}

fn format(table: &mut Fields<'_, '_>) -> Option<FetchFormat> {
    let node = table.node("format")?;
    let word = table.as_text("format", node)?;
    let known = FetchFormat::ALL.into_iter().find(|one| one.key() == word);
    if known.is_none() {
        match word.to_lowercase().as_str() {
            "rss" | "atom" | "jsonfeed" | "json feed" => {
                table.refuse("format", node, "all feeds have one name here", "write `format = \"feed\"`");
            }
            _ => {
                let names = FetchFormat::ALL.map(FetchFormat::key);
                table.refuse_unknown("format", node, "there is no such format", &names);
            }
        }
    } else {
        table.offers(node, &FetchFormat::ALL.map(FetchFormat::key));
    }
    known
}

pub(super) fn headers(table: &mut Fields<'_, '_>) -> Vec<(String, EnvText)> {
    let Some(node) = table.node("headers") else { return Vec::new() };
    let mut inner = table.inner("`headers`", node);
    let mut headers = Vec::new();
    for entry in inner.all() {
        let name = entry.key.to_ascii_lowercase();
        let Some(written) = inner.as_text(&entry.key, &entry.node) else { continue };
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            inner.refuse(
                &entry.key,
                &entry.node,
                "its name is no name of a header",
                "write it as in `Accept-Language`",
            );
            continue;
        }
        if OWN.contains(&name.as_str()) {
            inner.refuse(&entry.key, &entry.node, "Dateline sets this header by itself", "take it out");
            continue;
        }
        if written.contains(|letter: char| letter.is_control()) {
            inner.refuse(&entry.key, &entry.node, "a header has one line", "write it in one line");
            continue;
        }
        let Some(text) = variables(&mut inner, &entry.key, &entry.node, written.trim()) else { continue };
        if SECRET.contains(&name.as_str()) && !text.has_variables() {
            inner.report(FetchWarning::Secret { header: entry.key.clone() }, &entry.node.span);
        }
        headers.push((name, text));
    }
    headers
}

fn encoding(table: &mut Fields<'_, '_>) -> Option<&'static Encoding> {
    let node = table.node("encoding")?;
    let label = table.as_text("encoding", node)?;
    let encoding = Encoding::for_label(label.as_bytes());
    if encoding.is_none() {
        let remedy = "use a name of the WHATWG Encoding Standard, such as `windows-1252` or `big5`";
        table.refuse("encoding", node, "there is no such encoding", remedy);
    }
    encoding
}

/// Warnings about `[[fetch]]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum FetchWarning {
    /// A secret is in a file that everybody with the sources can read.
    #[error("`{header}` is a secret, and everybody who has `site.toml` can read it here")]
    #[diagnostic(
        severity(warning),
        code(config::secret),
        help("put it into a variable of the environment, and write `${{NAME}}` in its place")
    )]
    Secret {
        /// The header.
        header: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_and_nothing_else() {
        let value = |name: &str| (name == "KEY").then(|| " s3cret\n".to_owned());
        let mut secrets = Vec::new();
        let filled = |text: &str, secrets: &mut Vec<(String, String)>| {
            EnvText::parse(text).unwrap().filled(&value, secrets)
        };
        assert_eq!(filled("a ${KEY} $KEY {KEY} ${KEY}", &mut secrets).unwrap(), "a s3cret $KEY {KEY} s3cret");
        assert_eq!(secrets[0], ("KEY".to_owned(), "s3cret".to_owned()));
        assert_eq!(filled("${NONE}", &mut secrets).unwrap_err(), "NONE");
        for text in ["${", "${}", "${a b}", "${1}", "x${KEY"] {
            assert!(EnvText::parse(text).is_err(), "{text}");
        }
    }
}
