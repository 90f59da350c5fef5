//! Reads the dates in front matter and in the head of wire articles.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::front_matter::WrittenDate;
use super::holds::{self, HoldError};
use super::wire::Line;
use crate::model::date::{self, EXPIRES, FieldName, PUBLISHED};
use crate::model::diagnostics::Place;
use crate::model::metadata::{Entry, Fields, MetadataError, Node, Value};

/// The date after a label in a wire article's head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum WireDate {
    /// A date that is read.
    Read(WrittenDate),
    /// One that is not in English, which is read once the languages of its folder are known.
    Unread {
        /// The text.
        text: Box<str>,
        /// The label.
        #[serde(deserialize_with = "date::known_field")]
        key: FieldName,
        /// Its place.
        place: Place,
        /// The place of the part that is not English.
        part: Place,
    },
}

impl WireDate {
    /// Reads the date in `line`, after the label `key`; `place` gives places in the source.
    pub(super) fn read(line: &Line, key: FieldName, place: &dyn Fn(Range<usize>) -> Place) -> WireDate {
        let whole = place(line.span.clone());
        match date::parse(&line.text) {
            Ok(written) => WireDate::Read(WrittenDate { written, key, place: whole }),
            Err(error) => {
                let part = error.span().unwrap_or(0..line.text.len());
                let part = place(line.span.start + part.start..line.span.start + part.end);
                WireDate::Unread { text: line.text.as_str().into(), key, place: whole, part }
            }
        }
    }

    /// Its place in the source.
    pub fn place(&self) -> &Place {
        match self {
            WireDate::Read(date) => &date.place,
            WireDate::Unread { place, .. } => place,
        }
    }
}

/// Reports the fields of a section's `cascade` that articles don't inherit, and by which it may be meant to be held.
pub(super) fn not_inherited(fields: &mut Fields<'_, '_>) {
    for key in PUBLISHED.iter().chain(&["withdrawn"]) {
        let entry = fields.entry(key).filter(|entry| !holds::is_answer(key, &entry.node.value));
        if let Some(entry) = entry {
            fields.report(HoldError::NotInherited { key: entry.key.clone() }, &entry.key_span);
        }
    }
}

/// All dates of publication in the table, in the order of [`PUBLISHED`].
pub(super) fn publication_dates(fields: &mut Fields<'_, '_>) -> Vec<WrittenDate> {
    let mut dates = Vec::with_capacity(1);
    for &key in PUBLISHED {
        match fields.present(key) {
            Some(entry) if holds::is_answer(key, &entry.node.value) => {}
            Some(entry) if entry.node.value == Value::Null => empty(fields, entry),
            Some(entry) => dates.extend(as_date(fields, key, &entry.node)),
            None => {}
        }
    }
    dates
}

/// The date of expiry. There can be only one, since nobody can know which of two is meant.
pub(super) fn expiry(fields: &mut Fields<'_, '_>) -> Option<WrittenDate> {
    let entries: Vec<&Entry> = EXPIRES.iter().filter_map(|key| fields.entry(key)).collect();
    if let [first, second] = entries[..] {
        let (line, _) = fields.place(&first.key_span).line_and_column();
        let spelling = format!(", as `{}`", first.key);
        let cause = MetadataError::Twice { key: second.key.clone(), first: line, spelling };
        fields.report(cause, &second.key_span);
    }
    written_date(fields, EXPIRES)
}

fn empty(fields: &mut Fields<'_, '_>, entry: &Entry) {
    fields.report(HoldError::Empty { key: entry.key.clone() }, &entry.key_span);
}

/// The first of `keys` in the table, as a date. All of them count as known; one without a value is reported.
pub(super) fn written_date(fields: &mut Fields<'_, '_>, keys: &[&'static str]) -> Option<WrittenDate> {
    let mut found = None;
    for &key in keys {
        match fields.present(key) {
            Some(entry) if entry.node.value == Value::Null => empty(fields, entry),
            Some(entry) => found = found.or(Some((key, &entry.node))),
            None => {}
        }
    }
    let (key, node) = found?;
    as_date(fields, key, node)
}

/// `node`, the value of `key`, as a date.
fn as_date(fields: &mut Fields<'_, '_>, key: &'static str, node: &Node) -> Option<WrittenDate> {
    let text = match &node.value {
        Value::String(text) | Value::Date(text) => text.clone(),
        _ => fields.as_text(key, node)?,
    };
    match date::parse(&text) {
        Ok(written) => Some(WrittenDate { written, key, place: fields.place(&node.span) }),
        Err(error) => {
            let part = error.span().unwrap_or(0..text.len());
            let raw_start = fields.find_in(node, &text);
            fields.report(error, &(raw_start + part.start..raw_start + part.end));
            None
        }
    }
}
