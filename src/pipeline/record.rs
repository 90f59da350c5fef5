//! The records of the cache.

use std::collections::HashSet;
use std::sync::Arc;

use serde::ser::Error;
use serde::{Deserialize, Serialize, Serializer};

use super::reasons::SharedParts;
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;
use crate::render::{Need, PageLinks, Places};
use crate::site::identity::Row;
use crate::source::LazyDocument;
use crate::storage::StoredSlice;

/// A record of the cache, as read.
#[derive(Serialize, Deserialize)]
pub(super) enum Record {
    Source(Box<Remembered>),
    Needs(Arc<str>, Digest, Vec<Need>),
    Shared(SharedParts),
    Row(Box<Row>),
    Page(Arc<str>, PageLinks),
    Places(Arc<str>, Digest, Places),
}

/// A borrowed [`Record`], for writing; it has the same encoding.
#[derive(Serialize)]
pub(super) enum Recorded<'a> {
    Source(RememberedRef<'a>),
    Needs(&'a str, Digest, &'a [Need]),
    Shared(&'a SharedParts),
    Row(&'a Row),
    Page(&'a str, &'a PageLinks),
    Places(&'a str, Digest, &'a Places),
}

/// A source as it was parsed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Remembered {
    pub stamp: Stamp,
    /// The file was old enough when it was read for its stamp to prove that it is unchanged.
    pub settled: bool,
    /// The part of the document that is kept in memory.
    pub document: LazyDocument,
    /// The part that is read when asked for.
    pub rest: StoredSlice,
    /// The terms of its body for the search, packed, which are read when a file of the search is made.
    pub searched: StoredSlice,
}

/// A borrowed [`Remembered`], for writing; it has the same encoding.
#[derive(Serialize)]
pub(super) struct RememberedRef<'a> {
    pub stamp: Stamp,
    pub settled: bool,
    pub document: &'a LazyDocument,
    #[serde(serialize_with = "fold")]
    pub rest: &'a LazyDocument,
    pub searched: StoredSlice,
}

fn fold<S: Serializer>(document: &LazyDocument, serializer: S) -> Result<S::Ok, S::Error> {
    document.rest().map_err(S::Error::custom)?.serialize(serializer)
}

impl RememberedRef<'_> {
    /// An owned copy without the text; `None` if the document can't be serialized.
    pub fn copy(&self) -> Option<Box<Remembered>> {
        let RememberedRef { stamp, settled, document, .. } = *self;
        let searched = self.searched.clone();
        let rest = document.rest().ok()?;
        Some(Box::new(Remembered { stamp, settled, document: document.outline(), rest, searched }))
    }
}

/// The newest of the records of each name.
pub(super) fn newest(records: Vec<Record>) -> Vec<Record> {
    let mut seen: HashSet<(u8, Arc<str>)> = HashSet::new();
    let mut kept: Vec<Record> = records
        .into_iter()
        .rev()
        .filter(|record| {
            seen.insert(match record {
                Record::Source(remembered) => (0, remembered.document.name.clone()),
                Record::Needs(name, ..) => (1, name.clone()),
                Record::Row(settled) => (2, settled.document.name.clone()),
                Record::Shared(_) => (3, "".into()),
                Record::Page(path, _) => (4, path.clone()),
                Record::Places(name, ..) => (5, name.clone()),
            })
        })
        .collect();
    kept.reverse();
    kept
}
