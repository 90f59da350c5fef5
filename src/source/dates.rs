//! Reads the dates in front matter.

use super::front_matter::WrittenDate;
use super::holds::{self, HoldError};
use crate::model::date::{self, EXPIRES, PUBLISHED};
use crate::model::metadata::{Entry, Fields, MetadataError, Node, Value};

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
