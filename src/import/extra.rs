//! Fields that Dateline has no name for: they go under `extra`, unless they say that an article is not public.

use chrono::NaiveDate;
use toml::{Table, Value as Toml};

use super::front::{self, Front};
use crate::model::metadata::{Entry, Value, folded};
use crate::source::holds_back;

/// Names that mean something in Dateline's own front matter, and can't be under `extra`.
const OWN: [&str; 54] = [
    "title",
    "date",
    "published",
    "pubdate",
    "publishdate",
    "publish",
    "updated",
    "lastmod",
    "modified",
    "lastmodifiedat",
    "minor",
    "expires",
    "expirydate",
    "withdrawn",
    "corrections",
    "timezone",
    "slug",
    "path",
    "url",
    "summary",
    "description",
    "kicker",
    "standfirst",
    "authors",
    "author",
    "tags",
    "topics",
    "draft",
    "aliases",
    "canonical",
    "id",
    "guid",
    "lang",
    "translationof",
    "image",
    "banner",
    "enclosure",
    "episode",
    "math",
    "template",
    "weight",
    "featured",
    "pinneduntil",
    "unlisted",
    "feed",
    "link",
    "rights",
    "contributors",
    "via",
    "extra",
    "status",
    "private",
    "hidden",
    "visibility",
];

/// The rest of front matter.
#[derive(Debug, Default)]
pub struct Left {
    /// The fields, for `extra`.
    pub extra: Table,
    /// The field that says that the article is not public.
    pub held: Option<String>,
}

/// Sorts the fields that nobody has taken. A field that may mean "not public" holds the article back; `day` is that of
/// its publication. Names in `dropped` mean nothing outside of the generator.
pub fn left(front: &Front, day: Option<NaiveDate>, dropped: &[&str]) -> Left {
    let mut left = Left::default();
    for entry in front.fields() {
        let value = &entry.node.value;
        if dropped.iter().any(|name| entry.key.eq_ignore_ascii_case(name)) {
            continue;
        }
        if is_held(entry, day) {
            let value = front::text(value).unwrap_or_else(|| value.kind().to_owned());
            left.held
                .get_or_insert_with(|| format!("`{}: {value}` may mean that it is not public", entry.key));
        }
        if let Some(value) = front::toml(value) {
            left.extra.insert(name(&entry.key), renamed(value));
        }
    }
    left
}

fn is_held(entry: &Entry, day: Option<NaiveDate>) -> bool {
    let value = &entry.node.value;
    let is_password = folded(&entry.key) == "password"
        && !matches!(value, Value::Null | Value::Bool(false))
        && !front::is_empty(value);
    is_password || holds_back(&entry.key, value, day)
}

/// The name of a field under `extra`.
fn name(key: &str) -> String {
    if OWN.contains(&folded(key).as_str()) { format!("source_{key}") } else { key.to_owned() }
}

/// The value with no name in it that Dateline would take for a field of the article.
fn renamed(value: Toml) -> Toml {
    match value {
        Toml::Table(table) => {
            Toml::Table(table.into_iter().map(|(key, value)| (name(&key), renamed(value))).collect())
        }
        Toml::Array(items) => Toml::Array(items.into_iter().map(renamed).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_may_mean_not_public_holds_the_article_back() {
        for (line, is_held) in [
            ("hidden: true", true),
            ("hidden: false", false),
            ("published: false", true),
            ("password: swordfish", true),
            ("password: ''", false),
            ("embargo: 2099-01-01", true),
            ("status: draft", true),
            ("status: published", false),
            ("params: {private: true}", true),
            ("mood: calm", false),
            ("is_draft: true", true),
        ] {
            let front = Front::of(&format!("---\n{line}\n---\n")).unwrap();
            assert_eq!(left(&front, None, &[]).held.is_some(), is_held, "{line}");
        }
    }

    #[test]
    fn no_name_under_extra_is_a_field_of_dateline() {
        let front =
            Front::of("---\nmood: calm\nslug: a\nparams:\n  date: 2020-01-01\n  size: 3\n---\n").unwrap();
        let extra = left(&front, None, &[]).extra;
        assert_eq!(extra["mood"].as_str(), Some("calm"));
        assert!(extra.contains_key("source_slug") && !extra.contains_key("slug"));
        let params = extra["params"].as_table().unwrap();
        assert!(params.contains_key("source_date") && params.contains_key("size"));
    }
}
