//! One feed of the ledger: its lasting id, and where it is and was.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::date::Moment;
use crate::model::digest::Digest;

/// The format, in [`FeedRecord::former`], of a page with the feed's articles.
pub const PAGE: &str = "page";

/// A feed that was public.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedRecord {
    /// Its subject: `site`, `section/news`, `term/tags/rust`, `custom/sea`.
    pub feed: String,
    /// Its lasting id.
    pub id: String,
    /// The name of its section, term or selection.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The path of the page with the same articles.
    pub home: String,
    /// Its paths, by format: `rss`, `atom`, `json`.
    pub paths: BTreeMap<String, String>,
    /// Its earlier paths, each with its format.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub former: BTreeMap<String, String>,
    /// Digest of the selection of a custom feed, by which a renamed one is recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<Digest>,
    /// The time at which its last entry left, while it has none.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "lasting")]
    pub emptied: Option<Moment>,
    /// The time at which it ended.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "lasting")]
    pub gone: Option<Moment>,
}

/// The beginning of a feed's line.
const START: &str = "{\"feed\":";

impl FeedRecord {
    /// True for the line of a feed.
    pub(super) fn is_in(line: &str) -> bool {
        line.trim_start().starts_with(START)
    }

    /// The line, without its line end.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Parses `text`. The error is a message with a column, counted from 1.
    pub fn from_line(text: &str) -> Result<FeedRecord, (String, usize)> {
        serde_json::from_str(text).map_err(|error| super::record::reason(text, &error))
    }
}

/// A moment as one text.
mod lasting {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::model::date::Moment;

    pub fn serialize<S: Serializer>(moment: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => serializer.serialize_str(&moment.lasting()),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Moment>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let read =
            |text: String| Moment::from_lasting(&text).ok_or_else(|| D::Error::custom("it is no moment"));
        text.map(read).transpose()
    }
}
