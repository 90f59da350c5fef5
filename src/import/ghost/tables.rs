//! The tables of an export.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

/// The column of posts whose id was a number.
pub(super) const HAS_NUMBER: &str = "has_number";

/// A row of a table. Ids that are numbers, as in old versions, are text here; see [`Post`].
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Row(pub(super) BTreeMap<String, Value>);

impl Row {
    /// The text in a column; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A post or page: a row with its ids as they were written.
pub(super) type Post = Row;

/// An export.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Export {
    pub(super) posts: Vec<Post>,
    pub(super) tags: Vec<Row>,
    pub(super) users: Vec<Row>,
    pub(super) posts_tags: Vec<Row>,
    pub(super) posts_authors: Vec<Row>,
    pub(super) posts_meta: Vec<BTreeMap<String, Value>>,
    pub(super) settings: Vec<Row>,
}

/// The text of a post, in the first form that it has.
pub(super) enum Text<'a> {
    /// The editor of version 5.
    Lexical(&'a Value),
    /// The editor of versions 1 to 4.
    Mobiledoc(&'a Value),
    /// Version 0.
    Markdown(&'a str),
    /// The HTML that Ghost made of any of them.
    Html(&'a str),
}

#[derive(Deserialize)]
struct Wrapped {
    #[serde(default)]
    db: Vec<Database>,
    #[serde(default)]
    data: Option<Export>,
}

#[derive(Deserialize)]
struct Database {
    data: Export,
}

impl Export {
    /// Reads the export; `None` if it has no posts.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<Export>, serde_json::Error> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let wrapped: Wrapped = serde_json::from_slice(bytes)?;
        let export = wrapped.data.or_else(|| wrapped.db.into_iter().next().map(|database| database.data));
        let Some(mut export) = export.filter(|export| !export.posts.is_empty()) else { return Ok(None) };
        for post in &mut export.posts {
            for name in ["lexical", "mobiledoc"] {
                // The column is JSON in a text.
                let inner =
                    post.0.get(name).and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
                if let Some(inner) = inner {
                    post.0.insert(name.to_owned(), inner);
                }
            }
        }
        export.number_ids();
        Ok(Some(export))
    }

    /// Makes texts of ids that are numbers. The id of a post stays beside it, since a number is in no feed.
    fn number_ids(&mut self) {
        let text = |row: &mut Row, name: &str| {
            if let Some(Value::Number(number)) = row.0.get(name) {
                let number = number.to_string();
                row.0.insert(name.to_owned(), Value::String(number));
            }
        };
        for post in &mut self.posts {
            if post.0.get("id").is_some_and(Value::is_number) {
                post.0.insert(HAS_NUMBER.to_owned(), Value::Bool(true));
            }
            text(post, "id");
            text(post, "author_id");
        }
        for row in self.tags.iter_mut().chain(&mut self.users) {
            text(row, "id");
        }
        for row in self.posts_tags.iter_mut().chain(&mut self.posts_authors) {
            ["post_id", "tag_id", "author_id"].iter().for_each(|name| text(row, name));
        }
    }

    /// A setting of the site.
    pub(super) fn setting(&self, key: &str) -> Option<&str> {
        let row = self.settings.iter().find(|row| row.get("key") == key)?;
        Some(row.get("value")).filter(|value| !value.is_empty())
    }
}

impl Row {
    /// The text of the post.
    pub(super) fn text(&self) -> Text<'_> {
        let tree = |name: &str, part: &str| self.0.get(name).filter(|value| value.get(part).is_some());
        if let Some(value) = tree("lexical", "root") {
            return Text::Lexical(value);
        }
        if let Some(value) = tree("mobiledoc", "sections") {
            return Text::Mobiledoc(value);
        }
        match (self.get("markdown"), self.get("html")) {
            (markdown, _) if !markdown.is_empty() => Text::Markdown(markdown),
            (_, html) => Text::Html(html),
        }
    }
}

/// True for `true` and numbers that are not 0.
pub(super) fn number(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Number(number)) => number.as_i64() != Some(0),
        _ => false,
    }
}

/// The instant that `text` means: RFC 3339, or a time of UTC as databases write it.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let of_database =
        || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok().map(|time| time.and_utc());
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()).or_else(of_database)
}
