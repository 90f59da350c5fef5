//! Provenance of a date: the place that it came from.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::Moment;

/// Name of a field that holds a date. (A type alias keeps serde's derive from borrowing it from the input.)
pub type FieldName = &'static str;

/// Fields that hold the date of publication.
pub const PUBLISHED: &[&str] = &["date", "published", "pubDate", "publishDate", "publish"];
/// Fields that hold the date of the last change.
pub const UPDATED: &[&str] = &["updated", "lastmod", "modified", "last_modified_at"];
/// Fields that hold the date from which an article is withheld.
pub const EXPIRES: &[&str] = &["expires", "expiryDate"];
/// The field that holds the date until which an article is first in its lists.
pub const PINNED: &[&str] = &["pinned_until"];
/// Lines of a wire article that hold dates.
pub const WIRE: [&str; 2] = ["PUBLISHED", "UPDATED"];

/// Reads the name of a field that holds a date, for serde.
///
/// # Errors
/// An error of the format, or a name that is no field for a date.
pub fn known_field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FieldName, D::Error> {
    let key = <&str>::deserialize(deserializer)?;
    fields().find(|known| *known == key).ok_or_else(|| de::Error::custom("no field for a date"))
}

fn fields() -> impl Iterator<Item = FieldName> {
    [PUBLISHED, UPDATED, EXPIRES, &WIRE, PINNED].into_iter().flatten().copied()
}

/// Writes a field as its number, which is read faster than its name.
fn field_number<S: Serializer>(key: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let number = fields().position(|known| known == key).and_then(|at| u8::try_from(at).ok());
    serializer.serialize_u8(number.ok_or_else(|| ser::Error::custom("no field for a date"))?)
}

fn numbered_field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FieldName, D::Error> {
    let number = u8::deserialize(deserializer)?;
    fields().nth(number.into()).ok_or_else(|| de::Error::custom("no field for a date"))
}

/// The place that a date came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provenance {
    /// A field of the front matter.
    FrontMatter {
        /// The field.
        #[serde(serialize_with = "field_number", deserialize_with = "numbered_field")]
        key: FieldName,
        /// Its line, from 1.
        line: u32,
        /// Its column, from 1.
        column: u32,
    },
    /// A line of a wire article.
    WireLine {
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
    },
    /// The path.
    Path {
        /// The part that spells it.
        component: Box<str>,
    },
    /// The ledger.
    Ledger {
        /// The line, from 1; 0 for a line that is not written yet.
        line: u32,
    },
    /// A commit of its file.
    Git {
        /// The first digits of its id.
        commit: Box<str>,
    },
    /// The publication date: the article was never updated.
    Published,
}

impl Provenance {
    /// Sets the article's line in the ledger to `line`, counted from 1.
    pub fn move_to(&mut self, line: usize) {
        if let Provenance::Ledger { line: known } = self {
            *known = u32::try_from(line).unwrap_or(u32::MAX);
        }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Provenance::FrontMatter { key, line, .. } => write!(f, "front matter `{key}`, line {line}"),
            Provenance::WireLine { line, .. } => write!(f, "line {line}"),
            Provenance::Path { component } => write!(f, "the path, `{component}`"),
            Provenance::Ledger { line: 0 } => f.write_str("the ledger"),
            Provenance::Ledger { line } => write!(f, "the ledger, line {line}"),
            Provenance::Git { commit } => write!(f, "git, commit {commit}"),
            Provenance::Published => f.write_str("the publication"),
        }
    }
}

/// A moment with its provenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// The moment.
    pub moment: Moment,
    /// The place that it came from.
    pub provenance: Provenance,
}
