//! `sort`: the order of a list.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::metadata::Fields;
use crate::model::suggest::nearest;

/// The order of a list: the first key decides, the next one decides among equals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order(pub Vec<SortKey>);

/// One key of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    /// The field.
    pub by: SortBy,
    /// The greatest value comes first.
    pub is_descending: bool,
}

/// A field by which lists are sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortBy {
    /// `date`: first public.
    Date,
    /// `updated`: last change.
    Updated,
    /// `title`.
    Title,
    /// `weight`.
    Weight,
    /// `featured`: featured articles before all others.
    Featured,
    /// `path`: the source.
    Path,
    /// `extra.NAME`: a value of the author's own, as the keys that lead to it, joined by dots.
    Extra(String),
}

/// The names of the fields, except those of `extra`.
pub const SORT_NAMES: [&str; 6] = ["date", "updated", "title", "weight", "featured", "path"];

impl Order {
    /// The order of a list without `sort`: newest first.
    pub fn newest_first() -> Order {
        Order(vec![SortKey { by: SortBy::Date, is_descending: true }])
    }

    /// The order of a series: oldest first.
    pub fn oldest_first() -> Order {
        Order(vec![SortKey { by: SortBy::Date, is_descending: false }])
    }

    /// True if it is the order of a list without `sort`.
    pub fn is_newest_first(&self) -> bool {
        *self == Order::newest_first()
    }

    /// True if the list has its newest article first, and readers read it from its end.
    pub fn is_backwards(&self) -> bool {
        let first = self.0.iter().find(|key| key.by != SortBy::Featured);
        first.is_some_and(|key| key.is_descending && matches!(key.by, SortBy::Date | SortBy::Updated))
    }

    /// The fields of `extra` that it needs.
    pub fn extras(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|key| match &key.by {
            SortBy::Extra(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.by {
            SortBy::Date => "date",
            SortBy::Updated => "updated",
            SortBy::Title => "title",
            SortBy::Weight => "weight",
            SortBy::Featured => "featured",
            SortBy::Path => "path",
            SortBy::Extra(name) => return write!(f, "{}extra.{name}", minus(self.is_descending)),
        };
        write!(f, "{}{name}", minus(self.is_descending))
    }
}

fn minus(is_descending: bool) -> &'static str {
    if is_descending { "-" } else { "" }
}

/// Reads `sort`: the name of a field, with a `-` before it for the greatest value first; or a list of names.
pub fn order(fields: &mut Fields<'_, '_>) -> Option<Order> {
    let node = fields.node("sort")?;
    let names = fields.as_texts("sort", node);
    let mut keys = Vec::with_capacity(names.len());
    for name in &names {
        match key(name) {
            Ok(key) => keys.push(key),
            Err(remedy) => {
                fields.refuse("sort", node, "there is no such order", remedy);
                return None;
            }
        }
    }
    (!keys.is_empty()).then_some(Order(keys))
}

/// The key `written`, or a remedy.
fn key(written: &str) -> Result<SortKey, String> {
    let (is_descending, name) = match written.strip_prefix('-') {
        Some(name) => (true, name.trim()),
        None => (false, written),
    };
    if let Some(extra) = name.strip_prefix("extra.").filter(|extra| extra.split('.').all(is_key)) {
        return Ok(SortKey { by: SortBy::Extra(extra.to_owned()), is_descending });
    }
    let by = match name {
        "date" => SortBy::Date,
        "updated" => SortBy::Updated,
        "title" => SortBy::Title,
        "weight" => SortBy::Weight,
        "featured" => SortBy::Featured,
        "path" => SortBy::Path,
        _ => return Err(remedy(name)),
    };
    Ok(SortKey { by, is_descending })
}

fn is_key(name: &str) -> bool {
    !name.is_empty() && !name.contains(char::is_whitespace)
}

fn remedy(name: &str) -> String {
    let (first, rest) = name.split_once([' ', ',', ':']).unwrap_or((name, ""));
    let sign = minus(rest.trim().to_lowercase().starts_with("desc"));
    match nearest(first, SORT_NAMES) {
        Some(near) if rest.is_empty() => format!("did you mean `{near}`?"),
        Some(near) => format!("write `sort = \"{sign}{near}\"`; a `-` means the greatest value first"),
        None => format!(
            "choose from `{}` and `extra.NAME`, with a `-` before it for the greatest value first",
            SORT_NAMES.join("`, `")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for written in ["date", "-date", "updated", "title", "-weight", "featured", "path", "-extra.a.b"] {
            assert_eq!(key(written).map(|key| key.to_string()), Ok(written.to_owned()));
        }
    }

    #[test]
    fn a_wrong_key_has_a_remedy() {
        for (written, remedy) in [
            ("wieght", "did you mean `weight`?"),
            ("-dates", "did you mean `date`?"),
            ("date desc", "write `sort = \"-date\"`; a `-` means the greatest value first"),
            ("title asc", "write `sort = \"title\"`; a `-` means the greatest value first"),
        ] {
            assert_eq!(key(written), Err(remedy.to_owned()), "{written}");
        }
        for written in ["price", "extra.", "extra.a..b", "extra.a b", "", "-", "--date"] {
            assert!(key(written).is_err_and(|remedy| !remedy.is_empty()), "{written}");
        }
    }
}
